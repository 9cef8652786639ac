import datetime
import math
import zipfile

import openpyxl
import pandas as pd
import pytest

from cxlib import workbook

MEASURE = {"name": "auc", "value": 0.8451, "low": None, "note": "=1+1"}


INPUT = {
    **{"input": "sales", "uri": "raw/=sales.csv", "rows": 1234, "note": "Simulated: invented"},
    "period": ["2025-01-01", "2025-12-31"],
}
CHECKS = [
    {"name": "leaks", "passed": True, "text": "None found."},
    {"name": "backtest", "passed": False, "text": "=Missed by 12 %."},
    {"name": "groups", "passed": None, "text": "Too few."},
]


def written(folder, tables, headline="All is well.", **more):
    paths = {}
    for name, frame in tables.items():
        paths[name] = folder / f"{name}.parquet"
        frame.to_parquet(paths[name])
    path = folder / "report.xlsx"
    told = {"report": "churn", "headline": headline, "measures": [MEASURE]}
    workbook.write(path, **told, tables=paths, **more)
    return path


def opened(folder, tables, **more):
    return openpyxl.load_workbook(written(folder, tables, **more))


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_first_sheet_says_what_the_others_are(tmp_path):
    book = opened(tmp_path, {"deciles": pd.DataFrame({"rate": [0.5, 0.25]})})
    assert book.sheetnames == ["about", "measures", "deciles"]
    about = cells(book["about"])
    assert about[0][0] == "All is well."
    assert about[1][:2] == ["report", "churn"]
    assert [row[:3] for row in about[4:]] == [
        ["table", "sheet", "rows"],
        ["measures", "measures", 1],
        ["deciles", "deciles", 2],
    ]
    assert cells(book["measures"])[1] == ["auc", 0.8451, None, "=1+1"]


def test_the_first_sheet_says_which_data_and_checks_the_answer_rests_on(tmp_path):
    undated = INPUT | {"input": "survey", "period": None, "note": ""}
    sheet = opened(tmp_path, {}, inputs=[INPUT, undated], checks=CHECKS)["about"]
    assert cells(sheet)[4:11] == [
        ["data", "file", "rows", "period", "note"],
        ["sales", "raw/=sales.csv", 1234, "2025-01-01 to 2025-12-31", "Simulated: invented"],
        ["survey", "raw/=sales.csv", 1234, "no dates", None],
        [None] * 5,
        ["check", "result", None, None, "what was found"],
        ["leaks", "passed", None, None, "None found."],
        ["backtest", "not passed", None, None, "=Missed by 12 %."],
    ]
    assert sheet["B12"].value == "not settled"
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s", "n"}


def test_the_first_sheet_leads_to_the_others_and_nowhere_else(tmp_path):
    book = opened(tmp_path, {"deciles": pd.DataFrame({"a": [1]})}, inputs=[INPUT], checks=CHECKS)
    links = [cell.hyperlink for row in book["about"] for cell in row if cell.hyperlink]
    assert [link.location for link in links] == ["'measures'!A1", "'deciles'!A1"]
    assert all(link.target is None for link in links)


def test_a_table_without_rows_has_no_sheet_and_the_first_sheet_says_so(tmp_path):
    book = opened(tmp_path, {"leaks": pd.DataFrame({"a": []}), "one": pd.DataFrame({"a": [1]})})
    assert book.sheetnames == ["about", "measures", "one"]
    assert cells(book["about"])[-2] == ["leaks", None, 0, None, "no rows"]


def test_rates_are_shown_in_percent_and_what_only_bears_the_name_is_not(tmp_path):
    values = {
        **{"rate": [0.0, 1.0], "churn_rate_high": [0.25, math.nan], "share_of": [0.5, 0.25]},
        **{"growth_rate": [-0.1, 0.1], "odds_rate": [0.5, 1.5]},
    }
    sheet = opened(tmp_path, {"one": pd.DataFrame(values)})["one"]
    formats = ["0.0%", "0.0%", "0.0000", "0.0000", "0.0000"]
    assert [cell.number_format for cell in sheet[2]] == formats
    assert sheet["B2"].value == 0.25


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
    assert formats == ["0.0%", "#,##0", "yyyy-mm-dd"]


def test_what_a_spreadsheet_cannot_hold_is_text_or_cut_and_counted(tmp_path):
    frame = pd.DataFrame(
        {"id": [2**60], "day": [datetime.date(1399, 1, 1)], "said": ["x" * 40_000]}
    )
    book = opened(tmp_path, {"odd": frame.assign(size=math.inf)})
    number, day, text, size = cells(book["odd"])[1]
    assert (number, day, size) == (str(2**60), "1399-01-01", "inf")
    assert len(text) == workbook.LONGEST_TEXT
    assert text.endswith("x (cut)")
    assert cells(book["about"])[-1][4] == (
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
        "long", None, 3, None, "more than 2 rows: see tables/long.csv or .parquet"
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
        books.append(written(tmp_path / name, tables, inputs=[INPUT], checks=CHECKS))
    assert books[0].read_bytes() == books[1].read_bytes()
    assert {info.date_time[0] for info in zipfile.ZipFile(books[0]).infolist()} == {1980}
