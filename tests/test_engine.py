"""The engine: what a file says is what the staged table holds, mark by mark and line by line."""

import gzip
from pathlib import Path

import duckdb
import narwhals as nw
import pandas as pd
import pytest

from cxlib import engine
from cxlib.engine import Cast, UnreadableFileError


def write(folder: Path, content: bytes, name: str = "file.csv") -> engine.File:
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return engine.open_file(path, scratch=folder)


def stage(file: engine.File, *casts: Cast) -> tuple[list[dict], tuple[engine.Rejected, ...]]:
    target = file.path.with_name("staged.parquet")
    rejected = engine.stage(file, casts, target).rejected
    rows = engine.staged(target).collect("pyarrow").rows(named=True) if target.exists() else []
    return rows, rejected


def values(rows: list[dict], name: str) -> list[object]:
    return [row[name] for row in rows]


def states(rows: list[dict], name: str) -> list[object]:
    return [row[engine.state(name)] for row in rows]


@pytest.mark.parametrize(
    "text", ["007", "NA", "null", "None", "nan", "1E5", "9007199254740993123", "-0", "کد"]
)
def test_text_of_an_id_is_kept_as_it_stands(tmp_path: Path, text: str) -> None:
    rows, rejected = stage(write(tmp_path, f"id,n\n{text},1\n,2\n".encode()), Cast("id", 0, "text"))
    assert values(rows, "id") == [text, None]
    assert states(rows, "id") == [engine.AS_FOUND, engine.AS_FOUND]
    assert not rejected


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("12.5", 12.5, engine.AS_FOUND),
        ("-.5", -0.5, engine.AS_FOUND),
        ("1e3", 1000.0, engine.AS_FOUND),
        (" 7 ", 7.0, engine.TRIMMED),
        ("7\t", 7.0, engine.TRIMMED),
        ("\u00a07\u200c", 7.0, engine.TRIMMED),
        ("", None, engine.AS_FOUND),
        ("  ", None, engine.AS_FOUND),
        ("99", None, engine.MISSING_CODE),
        (" 99", None, engine.MISSING_CODE),
        ('"1,000"', None, engine.NOT_OF_TYPE),
        ("1_000", None, engine.NOT_OF_TYPE),
        ("nan", None, engine.NOT_OF_TYPE),
        ("inf", None, engine.NOT_OF_TYPE),
        ("1e999", None, engine.NOT_OF_TYPE),
        ("true", None, engine.NOT_OF_TYPE),
    ],
)
def test_cast_to_number(tmp_path: Path, text: str, value: float | None, state: int) -> None:
    file = write(tmp_path, f"id,n\na,{text}\n".encode())
    rows, _ = stage(file, Cast("n", 1, "number", missing=("99",)))
    assert (values(rows, "n"), states(rows, "n")) == ([value], [state])


@pytest.mark.parametrize(
    ("text", "date_format", "day"),
    [
        ("1997-01-31", "%Y-%m-%d", "1997-01-31"),
        ("19970131", "%Y%m%d", "1997-01-31"),
        ("31/01/1997 23:59", "%d/%m/%Y %H:%M", "1997-01-31"),
        ("31/01/1997", "%m/%d/%Y", None),
        ("1997-02-30", "%Y-%m-%d", None),
        ("1997-01-31 10:00", "%Y-%m-%d", None),
        ("35461", "%Y-%m-%d", None),
    ],
)
def test_cast_to_date(tmp_path: Path, text: str, date_format: str, day: str | None) -> None:
    file = write(tmp_path, f"id,day\na,{text}\n".encode())
    rows, _ = stage(file, Cast("day", 1, "date", date_format=date_format))
    assert values(rows, "day") == [None] if day is None else str(rows[0]["day"]) == day
    read = engine.CONVERTED if ":" in date_format else engine.AS_FOUND
    assert states(rows, "day") == [engine.NOT_OF_TYPE if day is None else read]


def test_cast_to_true_or_false_takes_any_case_and_guesses_nothing(tmp_path: Path) -> None:
    file = write(tmp_path, b"id,left\na,Yes\nb,NO\nc,maybe\nd,\n")
    wanted = Cast("left", 1, "true/false", true_values=("yes",), false_values=("No",))
    rows, _ = stage(file, wanted)
    assert values(rows, "left") == [True, False, None, None]
    assert states(rows, "left") == [0, 0, engine.NOT_OF_TYPE, engine.AS_FOUND]


def test_byte_order_mark_padding_and_line_ends_of_the_header(tmp_path: Path) -> None:
    file = write(tmp_path, b'\xef\xbb\xbf\r\n\r\n id ,"two\r\nlines",n\r\n1,2,3\r\n')
    assert file.names == ("id", "two\r\nlines", "n")
    assert file.padded_names == ("id",)
    rows, rejected = stage(file, Cast("id", 0, "text"), Cast("n", 2, "number"))
    assert (values(rows, "id"), values(rows, "n")) == (["1"], [3.0])
    assert not rejected


@pytest.mark.parametrize("name", ["file.csv", "file.csv.gz"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_rejected_records_are_named_by_their_line(
    tmp_path: Path, name: str, end: str, mark: str
) -> None:
    lines = [
        mark + "id,note,n",
        "a,x,1",
        "",
        "short,2",  # line 4, after a blank line
        '"quoted',
        'over lines",x,3',  # a record of two lines
        "long,x,4,5",  # line 7
        "b,x,6",
        "c",  # line 9
    ]
    file = write(tmp_path, end.join(lines).encode(), name)
    # Only one column is read: a short row is found all the same.
    rows, rejected = stage(file, Cast("id", 0, "text"))
    assert values(rows, "id") == ["a", f"quoted{end}over lines", "b"]
    assert [(found.count, found.lines) for found in rejected] == [(2, (4, 9)), (1, (7,))]
    assert [found.problem[:5] for found in rejected] == ["short", "long "]
    places = engine.locate(file, values(rows, engine.ROW))
    assert {row: line for row, (line, _) in places.items()} == {1: 2, 2: 5, 3: 8}
    assert places[3][1] == ("b", "x", "6")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'id,n\n1,2\n3,"4\n5,6\n7,8\n', 3),
        (b'id,n\n1,2\n"a\nb",3\n5,"6"y\n7,8\n', 5),
        (b"id,n\n1,2\n\xc8\xe9,4\n5,6\n", 3),
    ],
    ids=["unclosed quote", "stray quote", "not UTF-8"],
)
def test_what_ends_a_table_is_named_by_its_line(tmp_path: Path, content: bytes, line: int) -> None:
    _, rejected = stage(write(tmp_path, content), Cast("id", 0, "text"))
    assert [(found.ends_table, found.lines) for found in rejected] == [(True, (line,))]


def test_order_of_rows_is_kept_in_a_file_of_many_blocks(tmp_path: Path) -> None:
    count = 300_000  # more than two of the engine's row groups, read by several threads
    content = "id,n\n" + "".join(f"customer {row},{row}\n" for row in range(1, count + 1))
    file = write(tmp_path, content.encode())
    target = tmp_path / "staged.parquet"
    engine.stage(file, [Cast("n", 1, "number")], target)
    frame = engine.staged(target).collect("pyarrow")
    assert (frame.get_column(engine.ROW) == frame.get_column("n")).all()
    assert len(frame) == count
    some = engine.staged(target, every=140_000)
    assert engine.array(some, "n").tolist() == [140_000, 280_000]
    assert engine.array(some, engine.ROW).tolist() == [140_000, 280_000]
    assert engine.locate(file, [count])[count] == (count + 1, (f"customer {count}", str(count)))


def test_parquet_keeps_dates_and_takes_not_a_number_as_blank(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    duckdb.connect().execute(
        "COPY (SELECT 7 AS id, TIMESTAMP '1997-01-31 23:00:00' AS day, 'NaN'::DOUBLE AS n)"
        f" TO '{path}' (FORMAT parquet)"
    )
    file = engine.open_file(path)
    rows, _ = stage(
        file,
        Cast("id", 0, "text"),
        Cast("day", 1, "date", date_format="%Y%m%d"),
        Cast("n", 2, "number"),
    )
    assert (rows[0]["id"], str(rows[0]["day"]), rows[0]["n"]) == ("7", "1997-01-31", None)
    assert states(rows, "n") == [engine.AS_FOUND]
    assert engine.locate(file, [1])[1][0] == 1


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("file.csv", b"", "empty"),
        ("file.csv", b"\n\n", "empty"),
        ("file.csv", "id,n\n1,2\n".encode("utf-16"), "UTF-8"),
        ("file.json", b"{}", "not a .csv"),
        ("file.parquet", b"PAR1 cut", "damaged"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    with pytest.raises(UnreadableFileError, match=problem) as caught:
        write(tmp_path, content, name)
    assert caught.value.remedy


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no such file"):
        engine.open_file(tmp_path / "none.csv")


def test_a_compressed_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"
    whole = gzip.compress(b"id,n\n" + b"".join(b"%d,2\n" % row for row in range(100_000)))
    spoilt = whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:]  # the checksum
    for content in (whole[:-2000], whole[:40], whole[:-1], spoilt):
        path.write_bytes(content)
        with pytest.raises(UnreadableFileError, match="damaged or cut off"):
            engine.open_file(path, scratch=tmp_path)
    path.write_bytes(whole)
    assert engine.open_file(path, scratch=tmp_path).names == ("id", "n")


def test_a_compressed_file_of_several_parts(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(b"id,n\n1,2\n3") + gzip.compress(b",4\n5,6\n"))
    rows, rejected = stage(engine.open_file(path, scratch=tmp_path), Cast("id", 0, "text"))
    assert values(rows, "id") == ["1", "3", "5"]
    assert not rejected


def test_names_and_paths_with_quotes(tmp_path: Path) -> None:
    file = write(tmp_path, b'"it\'s ""id""",n\n1,2\n', "it's.csv")
    rows, _ = stage(file, Cast('a "b"', 0, "text"))
    assert values(rows, 'a "b"') == ["1"]


def test_date_formats() -> None:
    assert engine.valid_date_format("%d.%m.%Y")
    assert not engine.valid_date_format("%Q")


def test_a_lent_frame_joins_a_canonical_one(tmp_path: Path) -> None:
    path = tmp_path / "canonical.parquet"
    pd.DataFrame({"id": ["007", "7", "8"], "n": [3, 1, 3]}).to_parquet(path)
    scores = pd.DataFrame({"n": [3, 1], "score": [0.5, float("nan")]}, index=[9, 8])
    joined = engine.canonical(path).join(engine.lend(scores), on="n", how="left").sort("id")
    rows = joined.collect("pyarrow").rows()
    assert rows == [("007", 3, 0.5), ("7", 1, None), ("8", 3, 0.5)]


def test_a_kept_frame_has_the_same_rows_and_is_computed_once(tmp_path):
    path = tmp_path / "shop.parquet"
    pd.DataFrame({"customer_id": ["a", "b"], "amount": [1.0, 2.0]}).to_parquet(path)
    doubled = engine.canonical(path).with_columns(nw.col("amount") * 2)
    kept = engine.keep(doubled)
    path.unlink()
    assert kept.collect("pyarrow").rows() == [("a", 2.0), ("b", 4.0)]


def test_cells_of_columns_stand_under_one_another_with_their_blanks():
    rows = engine.lend(pd.DataFrame({"id": ["x", "y"], 'a "b"': [1.0, 2.0], "it's": [None, 4.0]}))
    long = engine.unpivot(rows, ['a "b"', "it's"], ["id"]).sort("column", "id")
    found = long.collect("pandas").to_native()
    assert found["column"].tolist() == ['a "b"', 'a "b"', "it's", "it's"]
    assert found["id"].tolist() == ["x", "y", "x", "y"]
    assert found["value"].fillna(-1).tolist() == [1, 2, -1, 4]


def test_batches_are_mapped_in_order_and_never_whole():
    frame = engine.lend(pd.DataFrame({"n": range(5000), "id": [f"{n:04}" for n in range(5000)]}))
    sizes = []

    def double(batch: pd.DataFrame) -> pd.DataFrame:
        sizes.append(len(batch))
        return pd.DataFrame({"id": batch["id"], "twice": 2.0 * batch["n"]})

    mapped = engine.map_batches(frame.filter(nw.col("n") >= 100), double, rows=2048)
    assert max(sizes) <= 2048
    assert sum(sizes) == 4900
    found = mapped.collect("pandas").to_native()
    assert found["twice"].tolist() == [2.0 * n for n in range(100, 5000)]
    assert found["id"].tolist() == [f"{n:04}" for n in range(100, 5000)]
    assert mapped.join(frame, on="id").select(nw.len()).collect().item() == 4900


def test_mapping_no_rows_keeps_the_columns():
    frame = engine.lend(pd.DataFrame({"n": [1.0], "day": [pd.Timestamp("2024-01-01")]}))
    nothing = engine.map_batches(frame.filter(nw.col("n") > 1), lambda batch: batch)
    assert nothing.collect_schema().names() == ["n", "day"]
    assert nothing.select(nw.len()).collect().item() == 0
