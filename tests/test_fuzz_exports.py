"""Exported tables hold texts and numbers, and nothing that a spreadsheet would run."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cxlib import figures, formulas, results, workbook

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
formula = st.tuples(st.sampled_from("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"), texts).map("".join)
cells = st.one_of(texts, formula)
numbers = st.floats(allow_nan=False, allow_infinity=False)
few = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://hostile.invalid","x")',
    '=WEBSERVICE("https://hostile.invalid")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    '"=1+1',
    "https://hostile.invalid",
    "mailto:a@hostile.invalid",
    "internal:'about'!A1",
    "external:c:\\x.xlsx",
    "{=1+1}",
    "_x003D_1+1",
    "007",
    "1E5",
    "true",
    "#REF!",
    "-5",
    "</t></is></c><c><f>1+1</f></c>",
    "]]><!--",
    "\x01\x08\x0b\x1f\x7f\ufffe\uffff",
    "\u202e=1+1",
]
STARTS = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")


def saved(folder, table):
    return results.save(
        "fuzz",
        headline="=1+1",
        measures=[],
        tables={"found": table},
        inputs=[],
        output_dir=folder,
    )


def read_csv(path):
    text = path.read_bytes().decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def unguarded(text):
    return text[1:] if text[:1] == "'" and text[1:].startswith(STARTS) else text


@given(heading=cells, values=st.lists(cells, min_size=1, max_size=5), number=numbers)
@example(heading="=1+1", values=FORMULAS, number=-5.0)
@few
def test_a_csv_holds_no_formula_and_every_text_as_it_was(tmp_path, heading, values, number):
    table = pd.DataFrame({f"{heading} x": values, "figure": [number] * len(values)})
    folder = saved(tmp_path, table)
    head, *rows = read_csv(folder / "tables" / "found.csv")
    for text in [*head, *(row[0] for row in rows)]:
        assert not text.startswith(STARTS)
    assert [unguarded(row[0]) for row in rows] == values
    assert unguarded(head[0]) == f"{heading} x"
    # A negative number is a number and stays one.
    assert [float(row[1]) for row in rows] == [number] * len(values)


def sheets(path):
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


@given(heading=cells, values=st.lists(cells, min_size=1, max_size=5), number=numbers)
@example(heading="=1+1", values=FORMULAS, number=-5.0)
@few
def test_a_workbook_holds_no_formula_no_link_and_no_code(tmp_path, heading, values, number):
    pd.DataFrame({heading: values, "figure": [number] * len(values)}).to_parquet(
        tmp_path / "one.parquet"
    )
    told = [{"input": values[0], "uri": heading, "rows": 1, "period": None, "note": values[-1]}]
    checks = [{"name": heading, "passed": True, "text": values[0]}]
    workbook.write(
        tmp_path / "book.xlsx",
        report=values[0],
        headline=heading or "x",
        measures=[{"name": values[0], "unit": heading}],
        tables={"found": tmp_path / "one.parquet"},
        inputs=told,
        checks=checks,
    )
    parts = sheets(tmp_path / "book.xlsx")
    assert not any("external" in name or "vba" in name.lower() for name in parts)
    for name, content in parts.items():
        tree = ElementTree.fromstring(content)  # a part that is no XML opens in no spreadsheet
        assert not tree.findall(f".//{SHEET}f")
        for link in tree.findall(f".//{SHEET}hyperlink"):
            assert link.get("location") in {"'measures'!A1", "'found'!A1"}, name
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["found"]
    rows = list(sheet.iter_rows(min_row=2))
    assert {row[0].data_type for row in rows} <= {"s", "inlineStr", "n"}
    assert all(row[0].value is None for row in rows if row[0].data_type == "n")
    # Digits as many as Excel keeps; a number beyond its own is a text.
    kept = pytest.approx(number, rel=1e-14) if abs(number) < 9.99999999999999e307 else str(number)
    assert [row[1].value for row in rows] == [kept] * len(values)


@given(name=cells, values=st.lists(cells, min_size=1, max_size=4))
@example(name="=1+1", values=FORMULAS)
@few
def test_the_data_behind_a_figure_hold_no_formula(name, values):
    drawing = figures.Drawing("bars", pd.DataFrame({name: values, "n": -5.0}), "", "", "")
    head, *rows = csv.reader(io.StringIO(figures._csv(drawing), newline=""))
    assert not any(cell.startswith(STARTS) for cell in [head[0], *(row[0] for row in rows)])
    assert [unguarded(row[0]) for row in rows] == [one.replace("\r\n", "\n") for one in values]
    assert {row[1] for row in rows} == {"-5"}


@given(cells)
def test_only_what_would_be_run_gets_an_apostrophe(text):
    assert formulas.guarded(text) == (f"'{text}" if text.startswith(STARTS) else text)
