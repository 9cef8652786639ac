"""The tables of a report as one Excel workbook, a sheet a table.

Made for reading: what a spreadsheet shows of a number is rounded, what it holds is not. The CSV and
Parquet files beside it hold every table whole.
"""

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
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
# A date of the file and not of the day it was made: equal tables make equal bytes.
_CREATED = datetime.datetime(2000, 1, 1)
_FIRST_DAY = datetime.date(1900, 3, 1)  # Excel takes 1900 for a leap year
_NARROWEST, _WIDEST = 8, 60  # characters
_TAKEN = {"about", "history"}  # "history" is Excel's own
_PERSIAN = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LETTER = re.compile(r"[^\W\d_]")


def write(
    path: Path,
    *,
    report: str,
    headline: str,
    measures: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Path],
) -> None:
    """Write `measures` and `tables`, name -> Parquet file, to an .xlsx file.

    The first sheet says what the others are. A text is never a formula nor a link and stays a text
    ("007" too); a sheet of mostly Persian texts runs right to left. A table of more than MOST_ROWS
    rows is left out, a text longer than LONGEST_TEXT is cut, a number or date that a spreadsheet
    cannot hold is written as text: the first sheet says so. Equal input makes equal bytes.
    """
    with Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"created": _CREATED, "title": report})
        about = book.add_worksheet("about")
        names = _sheet_names(["measures", *tables])
        content = pyarrow.Table.from_pylist([dict(one) for one in measures])
        rows = [("measures", names[0], len(measures), _write_sheet(book, names[0], content))]
        for (name, parquet), sheet in zip(tables.items(), names[1:], strict=True):
            source = pyarrow.parquet.ParquetFile(parquet)
            n = source.metadata.num_rows
            if n > MOST_ROWS:
                note = f"more than {MOST_ROWS:,} rows: see tables/{name}.csv or .parquet"
                rows.append((name, "left out", n, note))
            else:
                rows.append((name, sheet, n, _write_sheet(book, sheet, source.read())))
        _write_about(book, about, f"{report}: {headline}", rows)


def _sheet_names(tables: Iterable[str]) -> list[str]:
    """A sheet name for each table, short enough and unlike any other whatever its case."""
    taken, names = set(_TAKEN), []
    for table in tables:
        name, number = table[:_LONGEST_SHEET_NAME], 2
        while name in taken:
            ending = f"_{number}"
            name, number = table[: _LONGEST_SHEET_NAME - len(ending)] + ending, number + 1
        taken.add(name)
        names.append(name)
    return names


def _write_about(
    book: Workbook, sheet: Worksheet, said: str, rows: Sequence[tuple[str, str, int, str]]
) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "bottom": 1})
    count = book.add_format({"num_format": "#,##0"})
    if _is_persian([said]):
        sheet.right_to_left()
    for column, width in enumerate((28, 28, 10, _WIDEST)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 15 * (2 + len(said) // 110))
    sheet.merge_range(0, 0, 0, 3, "", wrapped)
    sheet.write_string(0, 0, said[:LONGEST_TEXT], wrapped)
    sheet.write_string(1, 0, "Numbers are shown rounded and held in full.")
    for column, title in enumerate(("table", "sheet", "rows", "note")):
        sheet.write_string(3, column, title, bold)
    for at, (name, shown, n, note) in enumerate(rows, start=4):
        sheet.write_string(at, 0, name)
        sheet.write_string(at, 1, shown)
        sheet.write_number(at, 2, n, count)
        if note:
            sheet.write_string(at, 3, note)


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
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
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
    sizes = pyarrow.compute.drop_null(pyarrow.compute.abs(column))
    sizes = pyarrow.compute.filter(sizes, pyarrow.compute.is_finite(sizes))
    largest = pyarrow.compute.max(sizes).as_py() or 0.0
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
