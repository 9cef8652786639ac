"""The tables of a report as one Excel workbook, a sheet a table.

Made for reading: what a spreadsheet shows of a number is rounded, what it holds is not. The CSV and
Parquet files beside it hold every table whole.
"""

import datetime
import math
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.compute
import pyarrow.parquet
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 50_000
LONGEST_TEXT = 32_767  # characters in a cell, a limit of Excel
_LONGEST_SHEET_NAME = 31
_CUT = " (cut)"
_BATCH_ROWS = 8_192
# Digits beyond these a spreadsheet does not keep.
_LARGEST_EXACT = 10**15
_LARGEST = 9.99999999999999e307
# A date of the file and not of the day it was made: equal tables make equal bytes.
_CREATED = datetime.datetime(2000, 1, 1)
_FIRST_DAY = datetime.date(1900, 3, 1)  # Excel takes 1900 for a leap year
_NARROWEST, _WIDEST = 8, 60  # characters
_TAKEN = {"about", "history"}  # "history" is Excel's own
_PERSIAN = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LETTER = re.compile(r"[^\W\d_]")
_RATE = re.compile(r"(.*_)?(rate|share)(_low|_high)?")
_VERDICTS = {True: "passed", False: "not passed", None: "not settled"}
_ABOUT_WIDTHS = (28, 28, 10, 26, _WIDEST)  # characters


def write(
    path: Path,
    *,
    report: str,
    headline: str,
    measures: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Path],
    inputs: Sequence[Mapping[str, Any]] = (),
    checks: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write `measures` and `tables`, name -> Parquet file, to an .xlsx file.

    The first sheet says the answer, which data and checks it rests on (`inputs` and `checks` as in
    results.json), and what the other sheets are, with a link to each. A text is never a formula nor
    a link and stays a text ("007" too); a sheet of mostly Persian texts runs right to left. A
    column of rates or shares, 0 to 1, is shown in percent. A table without rows or of more than
    MOST_ROWS rows has no sheet, a text longer than LONGEST_TEXT is cut, a number or date that a
    spreadsheet cannot hold is written as text: the first sheet says so. Equal input makes equal
    bytes.
    """
    with Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"created": _CREATED, "title": report})
        about = book.add_worksheet("about")
        content = pyarrow.Table.from_pylist([dict(one) for one in measures])
        rows = [
            _Row("measures", "measures", len(measures), _write_sheet(book, "measures", content))
        ]
        taken = {*_TAKEN, "measures"}
        for name, parquet in tables.items():
            source = pyarrow.parquet.ParquetFile(parquet)
            n = source.metadata.num_rows
            if not n:
                rows.append(_Row(name, "", n, "no rows"))
            elif n > MOST_ROWS:
                note = f"more than {MOST_ROWS:,} rows: see tables/{name}.csv or .parquet"
                rows.append(_Row(name, "", n, note))
            else:
                sheet = _sheet_name(name, taken)
                taken.add(sheet)
                rows.append(_Row(name, sheet, n, _write_sheet(book, sheet, source.read())))
        _write_about(
            book,
            about,
            report=report,
            headline=headline,
            inputs=inputs,
            checks=checks,
            tables=rows,
        )


@dataclass(frozen=True)
class _Row:
    """What the first sheet says of a table; `sheet` is "" for one without."""

    table: str
    sheet: str
    rows: int
    note: str


def _sheet_name(table: str, taken: Container[str]) -> str:
    """A name for the sheet of a table, short enough and unlike any other."""
    name, number = table[:_LONGEST_SHEET_NAME], 2
    while name in taken:
        ending = f"_{number}"
        name, number = table[: _LONGEST_SHEET_NAME - len(ending)] + ending, number + 1
    return name


def _write_about(
    book: Workbook,
    sheet: Worksheet,
    *,
    report: str,
    headline: str,
    inputs: Sequence[Mapping[str, Any]],
    checks: Sequence[Mapping[str, Any]],
    tables: Sequence[_Row],
) -> None:
    answer = book.add_format({"bold": True, "font_size": 13, "text_wrap": True, "valign": "top"})
    if _is_persian([headline]):
        sheet.right_to_left()
    for column, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column(column, column, width)
    last = len(_ABOUT_WIDTHS) - 1
    sheet.set_row(0, 18 * (1 + len(headline) // 110))
    sheet.merge_range(0, 0, 0, last, "", answer)
    sheet.write_string(0, 0, headline[:LONGEST_TEXT], answer)
    sheet.write_string(1, 0, "report")
    sheet.write_string(1, 1, report)
    sheet.write_string(2, 0, "Numbers are shown rounded and held in full.")
    at = 4
    if inputs:
        told = map(_of_input, inputs)
        at = _write_part(book, sheet, at, ("data", "file", "rows", "period", "note"), told)
    if checks:
        found = [(one["name"], _VERDICTS[one["passed"]], None, "", one["text"]) for one in checks]
        at = _write_part(book, sheet, at, ("check", "result", "", "", "what was found"), found)
    listed = [(one.table, one.sheet, one.rows, "", one.note) for one in tables]
    _write_part(book, sheet, at, ("table", "sheet", "rows", "", "note"), listed, linked=True)


def _of_input(one: Mapping[str, Any]) -> Sequence[str | int | None]:
    period = " to ".join(one.get("period") or ["no dates"])
    return [one["input"], one.get("uri"), one["rows"], period, one.get("note")]


def _write_part(
    book: Workbook,
    sheet: Worksheet,
    at: int,
    headings: Sequence[str],
    rows: Iterable[Sequence[str | int | None]],
    *,
    linked: bool = False,
) -> int:
    """Write headings and rows from row `at` on; return the row after the blank one below them.

    Where they are `linked` the second column names sheets.
    """
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    count = book.add_format({"num_format": "#,##0", "valign": "top"})
    for column, heading in enumerate(headings):
        if heading:
            sheet.write_string(at, column, heading, bold)
        else:
            sheet.write_blank(at, column, None, bold)
    for row in rows:
        at += 1
        sheet.set_row(at, 15 * max(_lines(cell, i) for i, cell in enumerate(row)))
        for column, cell in enumerate(row):
            if linked and column == 1 and cell:
                sheet.write_url(at, column, f"internal:'{cell}'!A1", string=str(cell))
            elif isinstance(cell, int):
                sheet.write_number(at, column, cell, count)
            elif cell:
                sheet.write_string(at, column, cell[:LONGEST_TEXT], wrapped)
    return at + 2


def _lines(cell: str | int | None, column: int) -> int:
    """How many lines a text takes in its column, at most 27: a row is no higher than 409 points."""
    return min(1 + len(str(cell or "")) // _ABOUT_WIDTHS[column], 27)


def _write_sheet(book: Workbook, name: str, table: pyarrow.Table) -> str:
    """Write a table to a sheet of its own; what could not be written as it is, in words."""
    sheet = book.add_worksheet(name)
    heading = book.add_format({"bold": True, "bottom": 1})
    formats = []
    for at, column in enumerate(table.column_names):
        formats.append(book.add_format({"num_format": _number_format(column, table[column])}))
        sheet.set_column(at, at, _width(column, table[column]))
        sheet.write_string(0, at, column[:LONGEST_TEXT], heading)
    sheet.freeze_panes(1, 0)
    if table.num_columns and table.num_rows:
        sheet.autofilter(0, 0, table.num_rows, table.num_columns - 1)
    if _is_persian(_texts(table)):
        sheet.right_to_left()
    cut = as_text = row = 0
    for batch in table.to_batches(_BATCH_ROWS):
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            row += 1
            for at, value in enumerate(values):
                cell = _cell(value)
                if isinstance(cell, str):
                    as_text += not isinstance(value, str)
                    cut += len(cell) > LONGEST_TEXT
                _write_cell(sheet, row, at, cell, formats[at])
    notes = [f"{cut:,} texts cut at {LONGEST_TEXT:,} characters"] * bool(cut)
    notes += [f"{as_text:,} numbers or dates beyond Excel's are texts"] * bool(as_text)
    return "; ".join(notes)


Cell = str | bool | int | float | datetime.date | None


def _cell(value: Any) -> Cell:
    """A value as a spreadsheet can hold it; what it has no kind for is text, NaN is empty."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_EXACT else str(value)
    if isinstance(value, float):
        return None if math.isnan(value) else value if abs(value) <= _LARGEST else str(value)
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None) if value.date() >= _FIRST_DAY else str(value)
    if isinstance(value, datetime.date):
        return value if value >= _FIRST_DAY else str(value)
    return str(value)


def _write_cell(sheet: Worksheet, row: int, at: int, cell: Cell, kind: Any) -> None:
    if isinstance(cell, str):
        text = cell if len(cell) <= LONGEST_TEXT else cell[: LONGEST_TEXT - len(_CUT)] + _CUT
        sheet.write_string(row, at, text)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, at, cell, kind)
    elif cell is not None:
        sheet.write_datetime(row, at, cell, kind)


def _number_format(name: str, column: pyarrow.ChunkedArray) -> str:
    """How the numbers of a column are shown: digits by the largest, p values as they come."""
    if pyarrow.types.is_temporal(column.type):
        return "yyyy-mm-dd"
    if not pyarrow.types.is_floating(column.type):
        # A year, an id or a number of a week is no amount.
        return "0" if re.search(r"id$|year|week|code", name) else "#,##0"
    if name == "p" or name.startswith("p_"):
        return "0.0E+00"
    numbers = pyarrow.compute.drop_null(column)
    numbers = pyarrow.compute.filter(numbers, pyarrow.compute.is_finite(numbers))
    smallest = pyarrow.compute.min(numbers).as_py() or 0.0
    sizes = pyarrow.compute.abs(numbers)
    largest = pyarrow.compute.max(sizes).as_py() or 0.0
    if _RATE.fullmatch(name) and largest <= 1 and smallest >= 0:
        return "0.0%"
    if pyarrow.compute.all(pyarrow.compute.equal(pyarrow.compute.floor(sizes), sizes)).as_py():
        return "#,##0"
    return "#,##0.00" if largest >= 100 else "0.0000"


def _width(name: str, column: pyarrow.ChunkedArray) -> int:
    """Characters that show a heading with its filter button and the longest text, within bounds."""
    longest = 10
    if _is_text(column.type):
        texts = column.cast(pyarrow.string())
        longest = pyarrow.compute.max(pyarrow.compute.utf8_length(texts)).as_py() or 0
    return min(max(_NARROWEST, len(name) + 3, longest + 1), _WIDEST)


def _is_text(kind: pyarrow.DataType) -> bool:
    kind = kind.value_type if pyarrow.types.is_dictionary(kind) else kind
    return pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)


def _texts(table: pyarrow.Table) -> Iterable[str]:
    """The headings and the first texts of a table."""
    yield from table.column_names
    for column in table.columns:
        if _is_text(column.type):
            yield from (text for text in column.slice(0, 200).to_pylist() if text)


def _is_persian(texts: Iterable[str]) -> bool:
    """Whether more than half of all letters are of the Arabic script."""
    joined = "".join(texts)
    return 2 * len(_PERSIAN.findall(joined)) > len(_LETTER.findall(joined))
