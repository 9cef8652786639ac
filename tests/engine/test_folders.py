"""Folders of Parquet files: one table, whose odd file is named, whose rows keep their places."""

import datetime
import random
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest

from cxlib import engine, sources, tables
from cxlib.contracts import InputError
from cxlib.engine import Cast, UnreadableFileError

ENTRY = """
[transactions]
uri = "raw/"
columns = { customer_id = "id", date = "day", amount = "sum" }
"""
DAY = datetime.date(2024, 1, 5)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "sources.toml").write_text(ENTRY, encoding="utf-8")
    return tmp_path


def part(folder: Path, name: str, first: int, count: int, **changes: object) -> Path:
    """A file of purchases whose customers and amounts are numbered from `first` on."""
    numbers = list(range(first, first + count))
    columns = {"id": list(map(str, numbers)), "day": [DAY] * count, "sum": numbers} | changes
    path = folder / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


def load() -> tables.Table:
    return tables.load("transactions", "sources.toml")


def refused() -> str:
    with pytest.raises(InputError) as caught:
        load()
    return str(caught.value)


def test_files_are_one_table_in_the_order_of_their_names(tmp_path: Path) -> None:
    part(tmp_path, "b.parquet", 4, 2)
    part(tmp_path, "a.parquet", 1, 3)
    (tmp_path / "raw" / "_SUCCESS").touch()
    file = engine.open_file(tmp_path / "raw")
    engine.stage(file, [Cast("id", 0, "text")], tmp_path / "s.parquet")
    rows = engine.staged(tmp_path / "s.parquet").collect("pyarrow").rows(named=True)
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert load().frame.collect("pandas").to_native()["amount"].sum() == 1 + 2 + 3 + 4 + 5


def test_subfolders_are_columns_of_text(tmp_path: Path) -> None:
    part(tmp_path, "month=2024-01/shop=a%2Fb/x.parquet", 1, 2)
    part(tmp_path, "month=2024-02/shop=__HIVE_DEFAULT_PARTITION__/x.parquet", 3, 1)
    file = engine.open_file(tmp_path / "raw")
    assert file.names == ("id", "day", "sum", "month", "shop")
    assert [engine.locate(file, [row])[row] for row in (2, 3)] == [
        ("month=2024-01/shop=a%2Fb/x.parquet:2", ("2", "2024-01-05", "2", "2024-01", "a/b")),
        (
            "month=2024-02/shop=__HIVE_DEFAULT_PARTITION__/x.parquet:1",
            ("3", "2024-01-05", "3", "2024-02", ""),
        ),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_place_is_the_file_and_its_row(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    sizes = [chance.randrange(1, 40) for _ in range(4)]
    spoiled = {number: chance.randrange(size) for number, size in enumerate(sizes) if number != 1}
    for number, size in enumerate(sizes):
        days = [DAY.isoformat()] * size
        if number in spoiled:
            days[spoiled[number]] = "soon"
        part(tmp_path, f"{number}.parquet", 0, size, day=days)
    places = ", ".join(f"{number}.parquet:{row + 1}" for number, row in spoiled.items())
    assert f'3 rows, rows {places} ("soon")' in refused()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sum": ["1", "2"]}, "odd.parquet has sum as VARCHAR, but other files as BIGINT"),
        ({"tax": [1, 2]}, "odd.parquet has a column tax, which other files do not have"),
    ],
)
def test_odd_file_is_named(tmp_path: Path, changes: dict[str, object], problem: str) -> None:
    for name in ("a", "z"):
        part(tmp_path, f"{name}.parquet", 1, 2)
    part(tmp_path, "odd.parquet", 3, 2, **changes)
    assert problem in refused()


def test_file_without_a_column_is_named(tmp_path: Path) -> None:
    for name in ("a", "z"):
        part(tmp_path, f"{name}.parquet", 1, 2)
    pyarrow.parquet.write_table(pyarrow.table({"id": ["1"]}), tmp_path / "raw" / "odd.parquet")
    assert "odd.parquet has no column day" in refused()


def test_columns_in_another_order_are_the_same_columns(tmp_path: Path) -> None:
    part(tmp_path, "a.parquet", 1, 2)
    turned = pd.read_parquet(part(tmp_path, "b.parquet", 3, 1))[["sum", "id", "day"]]
    turned.to_parquet(tmp_path / "raw" / "b.parquet")
    file = engine.open_file(tmp_path / "raw")
    assert engine.locate(file, [3]) == {3: ("b.parquet:1", ("3", "2024-01-05", "3"))}


def test_file_in_some_subfolders_only_is_odd(tmp_path: Path) -> None:
    for name in ("month=1/a", "month=2/a", "b"):
        part(tmp_path, f"{name}.parquet", 1, 2)
    assert "b.parquet has no column month" in refused()


def test_folder_named_like_a_column_is_refused(tmp_path: Path) -> None:
    part(tmp_path, "day=1/a.parquet", 1, 2)
    assert "has a column day, and its folder is named so too" in refused()


@pytest.mark.parametrize("seed", range(5))
def test_cut_file_is_named(tmp_path: Path, seed: int) -> None:
    part(tmp_path, "a.parquet", 1, 50)
    path = part(tmp_path, "b.parquet", 1, 50)
    content = path.read_bytes()
    path.write_bytes(content[: random.Random(seed).randrange(len(content))])
    assert "b.parquet: damaged, or not a Parquet file" in refused()


def test_other_files_and_empty_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    assert "no .parquet file in the folder" in refused()
    part(tmp_path, "a.parquet", 1, 50)
    (tmp_path / "raw" / "b.csv").touch()
    assert "b.csv is no .parquet file" in refused()


@pytest.mark.parametrize("change", ["content", "name"])
def test_hash_is_of_names_and_contents(tmp_path: Path, change: str) -> None:
    part(tmp_path, "a.parquet", 1, 5)
    before, again = load().sha256, load().sha256
    assert before == again
    if change == "name":
        (tmp_path / "raw" / "a.parquet").rename(tmp_path / "raw" / "b.parquet")
    else:
        part(tmp_path, "a.parquet", 1, 6)
    assert load().sha256 != before


@pytest.mark.parametrize(
    ("values", "kind"),
    [([b"1", b"2"], "BLOB"), ([["1"], ["2"]], "VARCHAR[]"), ([{"a": 1}, {"a": 2}], "STRUCT")],
)
def test_ids_that_are_no_single_value_are_refused(
    tmp_path: Path, values: list[object], kind: str
) -> None:
    part(tmp_path, "a.parquet", 1, 2, id=values)
    message = refused()
    assert 'customer_id (column "id")' in message
    assert kind in message


def test_numbers_dictionaries_and_decimals_are_read(tmp_path: Path) -> None:
    ids = pyarrow.array(["x", "y", "x"]).dictionary_encode()
    sums = pyarrow.array([150, 225, 300]).cast(pyarrow.decimal128(20, 0))
    part(tmp_path, "a.parquet", 1, 3, id=ids, sum=sums)
    frame = load().frame.collect("pandas").to_native()
    assert frame[["customer_id", "amount"]].to_numpy().tolist() == [
        ["x", 150], ["y", 225], ["x", 300],
    ]  # fmt: skip


def test_time_without_end_is_no_date(tmp_path: Path) -> None:
    part(tmp_path, "a.parquet", 1, 1)
    engine.connection.connection().execute(
        "COPY (SELECT '1' AS id, 'infinity'::TIMESTAMP AS day, 2 AS sum)"
        f" TO '{tmp_path / 'raw' / 'a.parquet'}'"
    )
    assert "not a date" in refused()


def test_folder_that_is_none_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file" in refused()
    with pytest.raises(UnreadableFileError, match="no such file"):
        engine.open_file(tmp_path / "raw")


MONTHS = """
[transactions]
uri = "raw/"
columns = { customer_id = "id", date = "day", amount = "sum" }
attributes = ["month"]
"""


def by_month(folder: Path, writer: str) -> None:
    """Purchases of three months, a folder each, as programs write them; an empty month besides."""
    days = [datetime.date(2024, month, day) for month in (1, 2, 3) for day in (1, 15)]
    shop = pd.DataFrame({"id": list("abcabc"), "day": days, "sum": [1.5, 2, 3, 4, 5, 6]})
    shop["month"] = [day.strftime("%Y-%m") for day in days]
    raw = folder / "raw"
    if writer == "pandas":
        shop.to_parquet(raw, partition_cols=["month"])
    elif writer == "duckdb":
        query = f"COPY shop TO '{raw}' (FORMAT parquet, PARTITION_BY (month))"
        duckdb.from_df(shop).query("shop", "FROM shop")
        duckdb.execute(query)
    else:
        raw.mkdir()
        for month, rows in shop.groupby("month"):
            rows.to_parquet(raw / f"{month}.parquet")


@pytest.mark.parametrize("writer", ["pandas", "duckdb"])
def test_months_in_subfolders_are_one_table(tmp_path: Path, writer: str) -> None:
    by_month(tmp_path, writer)
    (tmp_path / "sources.toml").write_text(MONTHS, encoding="utf-8")
    table = load()
    assert table.period == (datetime.date(2024, 1, 1), datetime.date(2024, 3, 15))
    frame = table.frame.collect("pandas").to_native()
    assert frame["amount"].tolist() == [1.5, 2, 3, 4, 5, 6]
    assert frame["month"].tolist() == [f"2024-0{month}" for month in (1, 1, 2, 2, 3, 3)]
    (tmp_path / "sources.toml").write_text(MONTHS + 'only = { month = "2024-02" }\n')
    assert load().frame.collect("pandas").to_native()["amount"].tolist() == [3, 4]


def test_months_in_plain_files_are_one_table(tmp_path: Path) -> None:
    by_month(tmp_path, "plain")
    assert load().frame.collect("pandas").to_native()["amount"].tolist() == [1.5, 2, 3, 4, 5, 6]


def test_a_month_without_rows_is_no_fault(tmp_path: Path) -> None:
    part(tmp_path, "month=2024-01/x.parquet", 1, 2)
    empty = pd.read_parquet(part(tmp_path, "month=2024-02/x.parquet", 3, 1)).head(0)
    table = pyarrow.Table.from_pandas(empty).cast(
        pyarrow.schema([("id", "string"), ("day", "date32"), ("sum", "int64")])
    )
    pyarrow.parquet.write_table(table, tmp_path / "raw" / "month=2024-02" / "x.parquet")
    assert load().rows == 2


def test_a_canonical_folder_is_one_table(tmp_path: Path) -> None:
    part(tmp_path, "month=2024-01/x.parquet", 1, 2)
    part(tmp_path, "month=2024-02/[y].parquet", 3, 1)
    found = engine.canonical(tmp_path / "raw").collect("pandas").to_native()
    assert sorted(found["sum"]) == [1, 2, 3]
    assert list(found.columns) == ["id", "day", "sum"]
