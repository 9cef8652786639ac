"""Casts: what each text becomes, and how the table says that it came about."""

import datetime
import re
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import engine
from cxlib.engine import Cast

NUMBER = Cast("v", 0, "number")
GERMAN = Cast("v", 0, "number", decimal=",", thousands=".")
JALALI = Cast("v", 0, "date", date_format="%Y/%m/%d", calendar="jalali")


def cast(folder: Path, texts: list[str], wanted: Cast) -> list[tuple[object, int]]:
    """Values and states of a column of texts."""
    path, target = folder / "file.csv", folder / "staged.parquet"
    lines = ['"' + text.replace('"', '""') + '",1' for text in texts]
    path.write_text("\n".join(["v,n", *lines]) + "\n", encoding="utf-8")
    engine.stage(engine.open_file(path), [wanted], target)
    rows = engine.staged(target).select("v", engine.state("v")).collect("pyarrow").rows()
    return [(value, number) for value, number in rows]


def cast_native(folder: Path, values: list[object], wanted: Cast) -> list[tuple[object, int]]:
    """Values and states of a column that a Parquet file holds in its own type."""
    path, target = folder / "file.parquet", folder / "staged.parquet"
    pd.DataFrame({"v": values}).to_parquet(path)
    engine.stage(engine.open_file(path), [wanted], target)
    rows = engine.staged(target).select(nw.col("v"), nw.col(engine.state("v"))).collect("pyarrow")
    return list(rows.rows())


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("۱۲", 12.0, engine.DIGITS),
        (" ۱۲", 12.0, engine.DIGITS),  # counted once, as the first of its repairs
        ("٣٫٥", 3.5, engine.DIGITS),
        ("۱۲۰٬۰۰۰", 120000.0, engine.DIGITS),
        ("\u22125", -5.0, engine.DIGITS),
        ("1\u200e2", 12.0, engine.INVISIBLE),
        ("12\u200f", 12.0, engine.TRIMMED),
        ("1,5", None, engine.NOT_OF_TYPE),
        ("1 5", None, engine.NOT_OF_TYPE),
        ("+-1", None, engine.NOT_OF_TYPE),
        ("۱۲٬۳۴", None, engine.NOT_OF_TYPE),
    ],
)
def test_numbers(tmp_path: Path, text: str, value: float | None, state: int) -> None:
    assert cast(tmp_path, [text], NUMBER) == [(value, state)]


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("7", 7.0, engine.AS_FOUND),
        ("7,5", 7.5, engine.CONVERTED),
        ("1.234.567,5", 1234567.5, engine.CONVERTED),
        ("-1.234", -1234.0, engine.CONVERTED),
        ("1,5e3", 1500.0, engine.CONVERTED),
        ("۱٬۲۳۴٫۵", 1234.5, engine.DIGITS),
        ("1.5", None, engine.NOT_OF_TYPE),
        ("1234.567", None, engine.NOT_OF_TYPE),
        ("1,2,3", None, engine.NOT_OF_TYPE),
        (".123", None, engine.NOT_OF_TYPE),
    ],
)
def test_numbers_with_declared_marks(
    tmp_path: Path, text: str, value: float | None, state: int
) -> None:
    assert cast(tmp_path, [text], GERMAN) == [(value, state)]


def test_a_mark_of_regular_expressions_is_only_a_mark(tmp_path: Path) -> None:
    wanted = Cast("v", 0, "number", thousands=".", decimal="/")
    assert cast(tmp_path, ["1.234/5", "1x234"], wanted) == [
        (1234.5, engine.CONVERTED),
        (None, engine.NOT_OF_TYPE),
    ]


def test_attributes_are_numbers_only_where_all_of_the_text_is(tmp_path: Path) -> None:
    wanted = Cast("v", 0, "text", decimal=",", thousands=".")
    assert cast(tmp_path, ["1.234,5", "v1.2", "10,5 cm", "007"], wanted) == [
        ("1234.5", engine.CONVERTED),
        ("v1.2", engine.AS_FOUND),
        ("10,5 cm", engine.AS_FOUND),
        ("007", engine.AS_FOUND),
    ]


def test_numbers_of_a_file_with_types_have_no_marks(tmp_path: Path) -> None:
    assert cast_native(tmp_path, [1234.5, None], GERMAN) == [
        (1234.5, engine.AS_FOUND),
        (None, engine.AS_FOUND),
    ]


def test_dates_of_a_file_with_types_have_no_calendar(tmp_path: Path) -> None:
    days = [pd.Timestamp("2024-04-03 23:59"), pd.Timestamp("1970-01-01")]
    assert cast_native(tmp_path, list(days), JALALI) == [
        (datetime.date(2024, 4, 3), engine.AS_FOUND),
        (None, engine.NO_DATE),
    ]


def test_whole_numbers_of_a_file_with_types_are_dates_where_declared(tmp_path: Path) -> None:
    wanted = Cast("v", 0, "date", date_format="%Y%m%d", calendar="jalali")
    day = datetime.date(2024, 4, 3)
    assert cast_native(tmp_path, [14030115], wanted) == [(day, engine.CONVERTED)]
    assert cast_native(tmp_path, [14030115.0, None], wanted)[0] == (day, engine.CONVERTED)
    workbook = Cast("v", 0, "date", date_format=engine.EXCEL)
    found = cast_native(tmp_path, [44197.75], workbook)
    assert found == [(datetime.date(2021, 1, 1), engine.CONVERTED)]


def test_a_code_for_no_answer_in_a_column_of_floats(tmp_path: Path) -> None:
    wanted = Cast("v", 0, "number", missing=("99",))
    assert cast_native(tmp_path, [99.0, None, 7.5], wanted) == [
        (None, engine.MISSING_CODE),
        (None, engine.AS_FOUND),
        (7.5, engine.AS_FOUND),
    ]


def test_true_and_false_of_a_file_with_types_need_no_words(tmp_path: Path) -> None:
    wanted = Cast("v", 0, "true/false", true_values=("بله",), false_values=("خیر",))
    assert cast_native(tmp_path, [True, False], wanted) == [(True, 0), (False, 0)]


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("1403/01/15", datetime.date(2024, 4, 3), engine.CONVERTED),
        ("۱۴۰۳/۰۱/۱۵", datetime.date(2024, 4, 3), engine.DIGITS),
        ("1403/01/15 ", datetime.date(2024, 4, 3), engine.TRIMMED),
        ("1348/10/11", None, engine.NO_DATE),  # 1 January 1970
        ("2024/04/03", None, engine.NOT_OF_TYPE),
        ("", None, engine.AS_FOUND),
    ],
)
def test_jalali_dates(tmp_path: Path, text: str, value: datetime.date | None, state: int) -> None:
    assert cast(tmp_path, [text], JALALI) == [(value, state)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("61", datetime.date(1900, 3, 1)),
        ("60", None),  # 29 February 1900 never was
        ("25569", None),  # 1 January 1970
        ("25570", datetime.date(1970, 1, 2)),
        ("44197.9999", datetime.date(2021, 1, 1)),
        ("2958466", None),  # after the year 9999
        ("-5", None),
        ("nan", None),
        ("2021-01-01", None),
    ],
)
def test_day_numbers_of_a_workbook(tmp_path: Path, text: str, value: datetime.date | None) -> None:
    wanted = Cast("v", 0, "date", date_format=engine.EXCEL)
    assert [found for found, _ in cast(tmp_path, [text], wanted)] == [value]


@pytest.mark.parametrize("text", ["1403-01-15", "97-01-05", "1582-12-31", "infinity", "epoch"])
def test_years_that_no_gregorian_date_of_a_business_has(tmp_path: Path, text: str) -> None:
    assert cast(tmp_path, [text], Cast("v", 0, "date")) == [(None, engine.NOT_OF_TYPE)]


def test_repairs_of_ids(tmp_path: Path) -> None:
    texts = ["كد۷", "كد", "می\u200cم", "کد ", "کد"]
    found = cast(tmp_path, texts, Cast("v", 0, "text", key=True))
    assert found == [
        ("کد7", engine.DIGITS),
        ("کد", engine.LETTERS),
        ("میم", engine.INVISIBLE),
        ("کد", engine.TRIMMED),
        ("کد", engine.AS_FOUND),
    ]


def test_codes_for_no_answer_are_compared_folded(tmp_path: Path) -> None:
    wanted = Cast("v", 0, "number", missing=("99",))
    assert cast(tmp_path, ["۹۹", "99"], wanted) == [(None, engine.MISSING_CODE)] * 2


def test_columns_of_the_file_are_never_taken_for_steps_of_a_cast(tmp_path: Path) -> None:
    path, target = tmp_path / "file.parquet", tmp_path / "staged.parquet"
    pd.DataFrame({"t0": ["a"], "r0": ["b"], "v1": ["c"]}).to_parquet(path)
    casts = [Cast("t0", 2, "text"), Cast("x0", 0, "text")]
    engine.stage(engine.open_file(path), casts, target)
    assert engine.staged(target).select("t0", "x0").collect("pyarrow").rows() == [("c", "a")]


def test_a_column_read_in_several_ways(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('v,n\n"1,5",1\n2,1\n2,1\n,1\n"1,5",1\nx,1\n', encoding="utf-8")
    ways = [NUMBER, Cast("v", 0, "number", decimal=",")]
    file = engine.open_file(path)
    found = engine.readings(file, ways, ["[a-z]", "[0-9]"], first_rows=100)
    assert (found.rows, found.unread, found.alike) == (6, (3, 1), (1, 2))
    first = engine.readings(file, ways, ["[a-z]", "[0-9]"], first_rows=3)
    assert (first.rows, first.unread, first.alike) == (3, (1, 0), (0, 2))


def test_iso_dates_are_those_of_a_strict_parser_whichever_way_is_quick(tmp_path: Path) -> None:
    rng = np.random.default_rng(20)
    letters = np.array(list("0123456789-/.T:+ZeBC"))
    seeds = ["2024-01-05", "2024/01/05", "05-01-2024", "2024-1-5", "2024-1-1T1", "02024-1-05"]
    texts = {*seeds, "1-1-2(BC)x", "12024-1-01", "1582-12-31", "1583-01-01", "9999-12-30", "epoch"}
    for seed in seeds * 800:
        text = np.array(list(seed))
        text[rng.integers(0, len(text), 2)] = rng.choice(letters, 2)
        texts.add("".join(text))
    ordered = sorted(texts)
    found = cast(tmp_path, ordered, Cast("v", 0, "date"))
    assert [value for value, _ in found] == [strict_day(text) for text in ordered]
    assert sum(value is not None for value, _ in found) > 100


def strict_day(text: str) -> datetime.date | None:
    if not re.fullmatch(r"[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}", text):
        return None
    try:
        day = datetime.date(*map(int, text.split("-")))
    except ValueError:
        return None
    stand_for_none = [datetime.date(1900, 1, 1), datetime.date(1970, 1, 1)]
    is_kept = datetime.date(1583, 1, 1) <= day <= datetime.date(9999, 12, 30)
    return day if is_kept and day not in stand_for_none else None
