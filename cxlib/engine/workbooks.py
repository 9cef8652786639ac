"""Workbooks: the table of one sheet, its cells as they were last computed.

An .xlsx and an .xls are read by a library each. What the first does not tell, errors such as #N/A
and formulas that were never computed, is found in the XML. Other kinds are refused for that.
"""

import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import python_calamine as calamine
import xlrd
import xlrd.compdoc
import xlrd.sheet
import xlrd.xldate

from cxlib.engine.cells import Fault, text_of
from cxlib.engine.errors import UnreadableFileError
from cxlib.engine.sheet_xml import (
    Marks,
    Style,
    currency_shown,
    read_marks,
    sign_shown,
    zeros_shown,
)

SUFFIXES = (".xlsx", ".xlsm", ".xls")

# Above a table stand a title and a few lines about it.
_FIRST_ROWS = 20
# The last row that an .xls and an .xlsx can have.
_LAST_ROWS = (65_536, 1_048_576)
# While a sheet is read, a cell costs some 30 bytes, blank ones between others too.
_MOST_CELLS = 60_000_000
_MOST_BYTES = 4 << 30
_SHOWN = 5
# Other sheets of a larger workbook are not read for their headers.
_SMALL_BYTES = 10 << 20
# Day numbers below it are of the year 9999 or before, whether a workbook counts from 1900 or 1904.
_DAY_NUMBERS = 2_957_004

_AGAIN = "export the file again"
_BLANK = ("", None)
_PROTECTED = (
    "protected by a password",
    "save it without a password, in a folder that only you may read",
)
_NEVER_COMPUTED = (
    "a formula whose value was never computed",
    "open the workbook in a spreadsheet program, save it, and use that file",
)
_LEADING_ZEROS = (
    "leading zeros that only the number format shows",
    "store the ids as text where they come from, and export again",
)

_DAMAGE = (
    calamine.CalamineError,
    zipfile.BadZipFile,
    ElementTree.ParseError,
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    struct.error,
    AssertionError,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    zlib.error,
)


@dataclass(frozen=True)
class SheetTable:
    """The table of a sheet: its header, the rows below it, and cells not to be trusted.

    `rows` are read as they are asked for. `header_row`: the number of the row of the header.
    `hidden_rows`: the numbers of the rows below it that the workbook does not show; `struck_rows`:
    of those with a cell that is struck out.
    `hidden_columns`: the names of those that the workbook does not show; `alike_sheets`: the names
    of further visible sheets with the same header; `formulas`: how many cells have one, where the
    workbook computes them only when told to.
    `counts_from_1904`: numbers that stand for days count from 1904, not from 1900.
    """

    header: tuple[str, ...]
    rows: Iterator[Sequence[object]]
    header_row: int
    faults: tuple[Fault, ...]
    hidden_rows: tuple[int, ...] = ()
    struck_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    alike_sheets: tuple[str, ...] = ()
    formulas: int = 0
    counts_from_1904: bool = False


@dataclass(frozen=True)
class _Sheet:
    """The cells of a sheet. Rows and columns are numbered from 1.

    `cells`: from row 1 on, each row from `first_column` on. `merged`: first row, first column,
    last row, last column. Without `cells`, only its name and whether it is visible are known.
    """

    name: str
    visible: bool
    height: int = 0
    width: int = 0
    first_column: int = 1
    cells: Iterable[Sequence[object]] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    marks: Marks = field(default_factory=Marks)

    def __str__(self) -> str:
        size = f"{self.height:,} rows x {self.width} columns" if self.height else "empty"
        return f'"{self.name}" ({"" if self.visible else "hidden, "}{size})'


def read_sheet(path: Path, name: str, skipped_rows: int, mark: str) -> SheetTable:
    """The table of the sheet of this name, or, where it is "", of the only one that can be meant.

    `skipped_rows`: rows of the sheet before the header; empty ones after these are skipped too.
    `mark`: the decimal mark of texts. Raises UnreadableFileError when the file is no workbook,
    when there is no such sheet or several may be meant, when the table has merged cells; and,
    while the rows are read, when one is empty with others below it, has a value outside the
    named columns, or is the last that a sheet can have.
    """
    sheets_of = _reader(path)
    try:
        sheets = sheets_of(path, name)
        sheet = _chosen(sheets, name)
    except _DAMAGE as error:
        raise _damaged(error) from error
    numbered = enumerate(sheet.cells, 1)
    header_row, cells = next(
        ((row, cells) for row, cells in numbered if row > skipped_rows and not _is_blank(cells)),
        (0, ()),
    )
    if not header_row:
        raise UnreadableFileError(
            f'sheet "{sheet.name}" has no row below row {skipped_rows}',
            "correct skip_lines, the number of rows before the header",
        )
    # A column without a name is one of the table where its first row has a value: the numbers of
    # rows, say, that programs write. What stands only further down is a note.
    first = next(numbered, None)
    filled = first[1] if first else cells
    named = [at for at, pair in enumerate(zip(cells, filled, strict=True)) if not _is_blank(pair)]
    below = itertools.chain([first] if first else [], numbered)
    columns = {sheet.first_column + at: index for index, at in enumerate(named)}
    _check_merged(sheet, header_row)
    header = tuple(text_of(cells[at], mark) or "" for at in named)
    return SheetTable(
        header=header,
        rows=_rows(sheet, below, named, header_row),
        header_row=header_row,
        faults=_faults(sheet.marks, columns, header_row),
        hidden_rows=tuple(row for row in sheet.marks.hidden if header_row < row <= sheet.height),
        struck_rows=tuple(row for row in sorted(sheet.marks.struck) if row > header_row),
        hidden_columns=tuple(
            name
            for name, at in zip(header, named, strict=True)
            if sheet.first_column + at in sheet.marks.hidden_columns
        ),
        alike_sheets=tuple(
            other.name
            for other in sheets
            if other is not sheet and other.visible and _has_header(other, header, skipped_rows)
        ),
        formulas=sheet.marks.formulas,
        counts_from_1904=sheet.marks.counts_from_1904,
    )


def _has_header(sheet: _Sheet, header: Sequence[str], skipped_rows: int) -> bool:
    """Whether the first row of a sheet with a value is this header, and has rows below it."""
    below = itertools.islice(sheet.cells, skipped_rows, None)
    first = next((cells for cells in below if not _is_blank(cells)), ())
    names = [str(cell).strip() for cell in first if cell not in _BLANK]
    return names == [name.strip() for name in header] and any(not _is_blank(row) for row in below)


def _is_blank(cells: Sequence[object]) -> bool:
    return not any(cells) and all(cell in _BLANK for cell in cells)


def _chosen(sheets: Sequence[_Sheet], name: str) -> _Sheet:
    listed = ", ".join(map(str, sheets))
    with_rows = [sheet for sheet in sheets if sheet.height]
    if name:
        named = [sheet for sheet in sheets if sheet.name == name]
        if not named:
            raise UnreadableFileError(f'no sheet "{name}"', f"correct sheet; there are {listed}")
        if not named[0].height:
            raise UnreadableFileError(f'sheet "{name}" is empty', "name another sheet, or fill it")
        return named[0]
    if not with_rows:
        raise UnreadableFileError("every sheet is empty", _AGAIN)
    likely = min(with_rows, key=_is_hidden).name
    remedy = f'name the sheet, like sheet = "{likely}"; there are {listed}'
    if not (sheets[0].visible and sheets[0].height):
        why = "empty" if sheets[0].visible else "hidden"
        raise UnreadableFileError(f"the first sheet is {why}, and no sheet is named", remedy)
    if len([sheet for sheet in with_rows if sheet.visible]) > 1:
        raise UnreadableFileError("several sheets have rows, and none is named", remedy)
    return sheets[0]


def _is_hidden(sheet: _Sheet) -> bool:
    return not sheet.visible


def _check_merged(sheet: _Sheet, header_row: int) -> None:
    ranges = [
        f"{_letters(left)}{top}:{_letters(right)}{bottom}"
        for top, left, bottom, right in sheet.merged
        if bottom >= header_row and (top, left) != (bottom, right)
    ]
    if ranges:
        more = ", ..." if len(ranges) > _SHOWN else ""
        remedy = "unmerge them and fill every cell"
        last = max(bottom for _, _, bottom, _ in sheet.merged)
        if last <= header_row + _FIRST_ROWS:
            remedy = (
                f"where they stand above the header, so that it is row {last + 1}, declare"
                f" skip_lines = {last}; else unmerge them and fill every cell"
            )
        raise UnreadableFileError(
            f"merged cells in the table: {', '.join(ranges[:_SHOWN])}{more}", remedy
        )


def _rows(
    sheet: _Sheet,
    numbered: Iterator[tuple[int, Sequence[object]]],
    named: Sequence[int],
    header_row: int,
) -> Iterator[Sequence[object]]:
    errors: dict[int, dict[int, str]] = {}
    for (row, column), text in sheet.marks.errors.items():
        errors.setdefault(row, {})[column - sheet.first_column] = text
    others = sorted(set(range(sheet.width)) - set(named))
    empty, last = 0, header_row
    for row, found in numbered:
        cells = found
        if row in errors:
            cells = [errors[row].get(at, cell) for at, cell in enumerate(found)]
        if _is_blank(cells):
            empty = empty or row
            continue
        if empty:
            remedy = "delete empty rows, and notes or a second table below them"
            if empty - header_row <= _FIRST_ROWS:
                remedy = (
                    f"if the header is further down, add skip_lines = {row - 1}; else delete empty"
                    " rows, and notes or a second table below them"
                )
            raise UnreadableFileError(
                f"row {empty} of the sheet is empty, but row {row} is not", remedy
            )
        if outside := [at for at in others if cells[at] not in _BLANK]:
            place = f"{_letters(sheet.first_column + outside[0])}{row}"
            raise UnreadableFileError(
                f"cell {place} is in no named column: the header in row {header_row} has no name"
                " above it",
                "name every column; if the header is further down, set skip_lines to the number of"
                " rows before it",
            )
        last = row
        yield [cells[at] for at in named] if others else cells
    if last in _LAST_ROWS:
        raise UnreadableFileError(
            f"possibly cut: row {last:,} is the last that a sheet can have",
            "export the table as CSV UTF-8 or Parquet",
        )


def _faults(marks: Marks, columns: dict[int, int], header_row: int) -> tuple[Fault, ...]:
    def places(cells: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, column in sorted(cells):
            if row > header_row and column in columns:
                found.setdefault(columns[column], []).append(row)
        return found

    faults = [
        Fault.at(index, *_NEVER_COMPUTED, rows)
        for index, rows in places(set(marks.never_computed) - set(marks.errors)).items()
    ]
    faults += [
        Fault.at(index, *_LEADING_ZEROS, rows, of_ids=True)
        for index, rows in places(marks.padded).items()
    ]
    for column, rows_in in sorted(marks.currencies.items()):
        below = {one: [row for row in rows if row > header_row] for one, rows in rows_in.items()}
        shown = sorted((one for one in below if below[one]), key=lambda one: -len(below[one]))
        if len(shown) > 1 and column in columns:
            others = sorted(row for one in shown[1:] for row in below[one])
            faults.append(
                Fault.at(
                    columns[column],
                    f"shown in several currencies by the formats of the cells: {', '.join(shown)}",
                    "write all in one currency, or the currency into a column of its own",
                    others,
                )
            )
    for column, rows_of in sorted(marks.signs.items()):
        below = {one: [row for row in rows if row > header_row] for one, rows in rows_of.items()}
        shown = sorted((one for one in below if below[one]), key=lambda one: len(below[one]))
        # A whole column of one side of an account is of one sign.
        if column in columns and (len(shown) > 1 or shown == ["-"]):
            faults.append(
                Fault.at(
                    columns[column],
                    f"shown with a sign that is only in the formats of the cells: {shown[0]}",
                    "write the sign into the numbers, such as -5, and export again",
                    sorted(below[shown[0]]),
                )
            )
    for code in sorted(set(marks.errors.values())):
        of_code = [place for place, text in marks.errors.items() if text == code]
        faults += [
            Fault.at(
                index,
                f"the error {code} of a formula",
                f'mend the formula, or declare it: missing = ["{code}"]',
                rows,
                code=code,
            )
            for index, rows in places(of_code).items()
        ]
    return tuple(faults)


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _damaged(error: Exception) -> UnreadableFileError:
    if isinstance(error, calamine.PasswordError) or "encrypted" in str(error).lower():
        return UnreadableFileError(*_PROTECTED)
    return UnreadableFileError("damaged, or not a workbook", _AGAIN)


_Reader = Callable[[Path, str], list[_Sheet]]


def _reader(path: Path) -> _Reader:
    """How the sheets of the file are opened: by what it is, whatever it is called."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return _archive_reader(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise UnreadableFileError(*_PROTECTED)
        return _xls_sheets
    if start.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")):
        return _xls_sheets
    text = start.decode(
        "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace"
    )
    text = text.lstrip("\ufeffï»¿ \t\r\n").lower()
    if not text:
        raise UnreadableFileError("the file is empty", _AGAIN)
    if text.startswith("<"):
        what = "a web page (HTML)" if "<html" in text or "<table" in text else "XML"
        raise UnreadableFileError(
            f"not a workbook but {what} with the name of one",
            "open it in a spreadsheet program and save it as .xlsx",
        )
    if "\x00" not in text:
        raise UnreadableFileError(
            "not a workbook but a text file with the name of one", "rename it to .csv"
        )
    raise UnreadableFileError("damaged, or not a workbook", _AGAIN)


def _archive_reader(path: Path) -> _Reader:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {one.filename: one.file_size for one in archive.infolist()}
    except _DAMAGE as error:
        raise _damaged(error) from error
    if "xl/workbook.xml" not in parts:
        raise UnreadableFileError(
            "not an .xlsx workbook, though packed like one",
            "open it in a spreadsheet program and save it as .xlsx",
        )
    if sum(parts.values()) > _MOST_BYTES:
        raise UnreadableFileError(
            f"unpacks to {sum(parts.values()) / (1 << 30):,.0f} GB",
            "save the sheet as CSV UTF-8 or Parquet",
        )
    return _xlsx_sheets


def _xlsx_sheets(path: Path, name: str) -> list[_Sheet]:
    book = calamine.CalamineWorkbook.from_path(path)
    sheets = []
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        visible = about.visible == calamine.SheetVisibleEnum.Visible
        if name in book.sheet_names and name != about.name:
            if visible and path.stat().st_size <= _SMALL_BYTES:
                others = book.get_sheet_by_name(about.name)
                sheets.append(_Sheet(about.name, visible, cells=others.iter_rows()))
            else:
                sheets.append(_Sheet(about.name, visible))
            continue
        marks = read_marks(path, about.name)
        if marks.rows * marks.columns > _MOST_CELLS:
            raise UnreadableFileError(
                f'sheet "{about.name}" reaches to row {marks.rows:,} and column {marks.columns:,}',
                "delete the empty rows and columns in it, or save the sheet as CSV UTF-8",
            )
        cells = book.get_sheet_by_name(about.name)
        sheets.append(
            _Sheet(
                name=about.name,
                visible=visible,
                height=0 if cells.end is None else cells.end[0] + 1,
                width=cells.width,
                first_column=1 if cells.start is None else cells.start[1] + 1,
                cells=cells.iter_rows(),
                merged=tuple(
                    (top + 1, left + 1, bottom + 1, right + 1)
                    for (top, left), (bottom, right) in cells.merged_cell_ranges or ()
                ),
                marks=marks,
            )
        )
    return sheets


def _xls_sheets(path: Path, name: str) -> list[_Sheet]:
    # The messages of the library would go to the screen.
    book = xlrd.open_workbook(path, formatting_info=True, logfile=io.StringIO())
    # A damaged workbook may have a format without a text.
    formats = [book.format_map[style.format_key].format_str or "" for style in book.xf_list]
    struck = [bool(book.font_list[style.font_index].struck_out) for style in book.xf_list]
    styles = [
        Style(zeros_shown(text), currency_shown(text), is_struck, sign_shown(text))
        for text, is_struck in zip(formats, struck, strict=True)
    ]
    return [
        _Sheet(
            name=sheet.name,
            visible=sheet.visibility == 0,
            height=0 if all(map(_is_blank, _xls_rows(book, sheet))) else sheet.nrows,
            width=sheet.ncols,
            cells=_xls_rows(book, sheet),
            merged=tuple(
                (top + 1, left + 1, bottom, right)
                for top, bottom, left, right in sheet.merged_cells
            ),
            marks=_xls_marks(sheet, styles),
        )
        for sheet in book.sheets()
    ]


def _xls_rows(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Iterator[list[object]]:
    for cells in sheet.get_rows():
        yield [_xls_value(cell, book.datemode) for cell in cells]


def _xls_value(cell: xlrd.sheet.Cell, date_mode: int) -> object:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE and 1 <= cell.value < _DAY_NUMBERS:
        return xlrd.xldate.xldate_as_datetime(cell.value, date_mode)
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def _xls_marks(sheet: xlrd.sheet.Sheet, styles: Sequence[Style]) -> Marks:
    marks = Marks(sheet.nrows, sheet.ncols, counts_from_1904=sheet.book.datemode == 1)
    marks.hidden += sorted(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden)
    marks.hidden_columns |= {at + 1 for at, info in sheet.colinfo_map.items() if info.hidden}
    for row, cells in enumerate(sheet.get_rows(), 1):
        for column, cell in enumerate(cells, 1):
            if cell.ctype == xlrd.XL_CELL_ERROR:
                marks.errors[row, column] = xlrd.error_text_from_code[cell.value]
            elif cell.ctype == xlrd.XL_CELL_NUMBER and _is_padded(cell, styles):
                marks.padded.append((row, column))
            if cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                marks.add_format(row, column, styles[cell.xf_index])
    return marks


def _is_padded(cell: xlrd.sheet.Cell, styles: Sequence[Style]) -> bool:
    return len(f"{cell.value:.0f}") < styles[cell.xf_index].zeros
