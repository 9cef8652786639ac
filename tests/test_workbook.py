import datetime
import math
import zipfile

import openpyxl
import pandas as pd
import pytest

from cxlib import workbook

MEASURE = {"name": "auc", "value": 0.8451, "low": None, "note": "=1+1"}


def written(folder, tables, headline="All is well."):
    paths = {}
    for name, frame in tables.items():
        paths[name] = folder / f"{name}.parquet"
        frame.to_parquet(paths[name])
    path = folder / "report.xlsx"
    workbook.write(path, report="churn", headline=headline, measures=[MEASURE], tables=paths)
    return path


def opened(folder, tables):
    return openpyxl.load_workbook(written(folder, tables))


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_first_sheet_says_what_the_others_are(tmp_path):
    book = opened(tmp_path, {"deciles": pd.DataFrame({"rate": [0.5, 0.25]})})
    assert book.sheetnames == ["about", "measures", "deciles"]
    about = cells(book["about"])
    assert about[0][0] == "churn: All is well."
    assert about[3:] == [
        ["table", "sheet", "rows", "note"],
        ["measures", "measures", 1, None],
        ["deciles", "deciles", 2, None],
    ]
    assert cells(book["measures"])[1] == ["auc", 0.8451, None, "=1+1"]


def test_a_text_is_never_a_formula_nor_a_link_nor_a_number(tmp_path):
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "https://example.org", "007", "{=A1}"]
    book = opened(tmp_path, {"names": pd.DataFrame({"=name": hostile})})
    sheet = book["names"]
    assert [cell.value for cell in sheet["A"]] == ["=name", *hostile]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert all(cell.hyperlink is None for cell in sheet["A"])


def test_numbers_dates_and_flags_are_what_they_were(tmp_path):
    frame = pd.DataFrame(
        {
            "rate": [1 / 3, math.nan],
            "customers": [1234567, 2],
            "day": [datetime.date(2026, 11, 22), None],
            "at": pd.to_datetime(["2026-11-22", None]),
            "left": [True, False],
            "group": pd.Categorical(["north", None]),
        }
    )
    sheet = opened(tmp_path, {"one": frame})["one"]
    day = datetime.datetime(2026, 11, 22)
    assert cells(sheet)[1:] == [
        [pytest.approx(1 / 3, abs=1e-15), 1234567, day, day, True, "north"],
        [None, 2, None, None, False, None],
    ]
    formats = [cell.number_format for cell in sheet[2]][:3]
    assert formats == ["0.0000", "#,##0", "yyyy-mm-dd"]


def test_what_a_spreadsheet_cannot_hold_is_text_or_cut_and_counted(tmp_path):
    frame = pd.DataFrame(
        {"id": [2**60], "day": [datetime.date(1399, 1, 1)], "said": ["x" * 40_000]}
    )
    book = opened(tmp_path, {"odd": frame.assign(size=math.inf)})
    number, day, text, size = cells(book["odd"])[1]
    assert (number, day, size) == (str(2**60), "1399-01-01", "inf")
    assert len(text) == workbook.LONGEST_TEXT
    assert text.endswith("x (cut)")
    assert cells(book["about"])[-1][3] == (
        "1 texts cut at 32,767 characters; 3 numbers or dates beyond Excel's are texts"
    )


def test_a_table_of_too_many_rows_is_left_out_and_the_first_sheet_says_where_it_is(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    book = opened(
        tmp_path, {"short": pd.DataFrame({"a": [1, 2]}), "long": pd.DataFrame({"a": [1] * 3})}
    )
    assert book.sheetnames == ["about", "measures", "short"]
    assert cells(book["about"])[-1] == [
        "long", "left out", 3, "more than 2 rows: see tables/long.csv or .parquet"
    ]  # fmt: skip


def test_sheet_names_are_short_and_unlike(tmp_path):
    long = "a_table_with_a_name_of_more_than_31_letters"
    frame = pd.DataFrame({"a": [1]})
    tables = dict.fromkeys((long, f"{long}_too", "measures", "about"), frame)
    assert opened(tmp_path, tables).sheetnames == [
        "about", "measures", long[:31], f"{long[:29]}_2", "measures_2", "about_2"
    ]  # fmt: skip


def test_a_sheet_of_persian_texts_runs_right_to_left(tmp_path):
    tables = {
        "fa": pd.DataFrame({"item": ["کارکنان پاسخگو هستند", "خدمات به‌موقع است"]}),
        "en": pd.DataFrame({"item": ["service is prompt"]}),
    }
    book = opened(tmp_path, tables)
    assert book["fa"].sheet_view.rightToLeft
    assert not book["en"].sheet_view.rightToLeft
    assert not book["about"].sheet_view.rightToLeft


def test_headings_stay_in_sight_and_filter(tmp_path):
    sheet = opened(tmp_path, {"one": pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})})["one"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet["A1"].font.bold


def test_equal_tables_make_equal_bytes(tmp_path):
    tables = {"one": pd.DataFrame({"a": [1.5, 2], "b": ["x", "y"]})}
    books = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        books.append(written(tmp_path / name, tables))
    assert books[0].read_bytes() == books[1].read_bytes()
    assert {info.date_time[0] for info in zipfile.ZipFile(books[0]).infolist()} == {1980}
