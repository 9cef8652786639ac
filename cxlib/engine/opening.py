"""Inputs opened, each kind in its way: text, Parquet, folders, workbooks, databases."""

from pathlib import Path

import pyarrow.parquet

from cxlib.engine import cells, databases, folders, workbooks
from cxlib.engine.cells import Fault
from cxlib.engine.errors import UnreadableFileError
from cxlib.engine.files import File, open_csv, open_parquet
from cxlib.engine.forms import Form
from cxlib.engine.letters import PADDING

# CSV as most programs write it.
_USUAL = Form()


def open_file(path: Path, form: Form = _USUAL, scratch: Path | None = None) -> File:
    """Open an input and read the names of its columns.

    A .csv, .csv.gz, .parquet, .xlsx or .xls file, a folder of .parquet files; with `form.table` or
    `form.query` an SQLite file or the database "env:NAME". `scratch`: a folder for copies, which
    workbooks, databases and texts that are not UTF-8 need.

    Raises UnreadableFileError when the input is missing, empty, of another kind or damaged.
    """
    if form.is_of_database:
        return _open_database(path, form, _folder(scratch))
    if path.is_dir():
        return _open_folder(path)
    if not path.is_file():
        raise UnreadableFileError("no such file", "correct uri, or put the file there")
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        _check_kind(path)
        return open_csv(path, form, scratch)
    if name.endswith(".parquet"):
        return open_parquet(path)
    if name.endswith(workbooks.SUFFIXES):
        return _open_workbook(path, form, _folder(scratch))
    raise UnreadableFileError(
        "not a .csv, .csv.gz, .xlsx, .xls or .parquet file",
        "save the table as CSV UTF-8, .xlsx or Parquet",
    )


# What a file begins with -> what it is, and the remedy, where it is called .csv.
_NOT_TEXT = {
    b"\x1f\x8b": ("compressed by gzip, though called .csv", "rename it to .csv.gz"),
    b"PK\x03\x04": (
        "a workbook or a zip archive, though called .csv",
        "rename a workbook to .xlsx; unpack an archive",
    ),
    b"PAR1": ("Parquet, though called .csv", "rename it to .parquet"),
}


def _check_kind(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(4)
    for begins, said in _NOT_TEXT.items():
        if path.suffix.lower() == ".csv" and start.startswith(begins):
            raise UnreadableFileError(*said)


def _folder(scratch: Path | None) -> Path:
    if scratch is None:
        raise ValueError("a workbook or a database is extracted into a folder: give scratch")
    return scratch


def _open_workbook(path: Path, form: Form, scratch: Path) -> File:
    sheet = workbooks.read_sheet(path, form.sheet, form.skip_lines, form.decimal)
    width, first = len(sheet.header), sheet.header_row + 1
    extract = cells.extract(sheet.rows, width, scratch, first, form.decimal)
    names = tuple(name.strip(PADDING) for name in sheet.header)
    padded = [name for name, found in zip(names, sheet.header, strict=True) if name != found]
    return File(
        path=extract.path,
        names=names,
        types=extract.types,
        padded_names=tuple(padded),
        is_extract=True,
        rows_before=sheet.header_row,
        faults=sheet.faults + extract.faults,
        doubts=_hidden(sheet.hidden_rows)
        | _struck(sheet.struck_rows)
        | _grouped(extract.grouped, names)
        | _sheets(sheet.alike_sheets)
        | _by_hand(sheet.formulas),
        hidden_columns=tuple(name.strip(PADDING) for name in sheet.hidden_columns),
        counts_from_1904=sheet.counts_from_1904,
    )


def _hidden(rows: tuple[int, ...]) -> dict[str, int]:
    if not rows:
        return {}
    text = "hidden rows, left out by a filter perhaps, are read like all others"
    return {f"{text} (first: row {rows[0]})": len(rows)}


def _struck(rows: tuple[int, ...]) -> dict[str, int]:
    if not rows:
        return {}
    return {f"rows struck out are read like all others (first: row {rows[0]})": len(rows)}


def _sheets(names: tuple[str, ...]) -> dict[str, int]:
    if not names:
        return {}
    text = f"further sheets with the same columns are not read: {', '.join(names)}"
    return {f"{text}; copy the rows of all into one sheet": len(names)}


def _by_hand(formulas: int) -> dict[str, int]:
    if not formulas:
        return {}
    text = "formulas in a workbook that computes only when told to: the values may be older"
    return {f"{text}; switch to automatic calculation and save it": formulas}


def _grouped(grouped: dict[int, list[int]], names: tuple[str, ...]) -> dict[str, int]:
    return {
        f"texts like 1.234 beside true numbers in column {names[index]}: is it a thousand? If so,"
        f" write it as a number (first: row {rows[0]})": len(rows)
        for index, rows in grouped.items()
    }


def _open_database(place: Path, form: Form, scratch: Path) -> File:
    with databases.select(place, form) as selection:
        width = len(selection.names)
        extract = cells.extract(selection.rows, width, scratch, 1, form.decimal)
    return File(
        path=extract.path,
        names=selection.names,
        types=extract.types,
        is_extract=True,
        faults=extract.faults,
        sha256=extract.sha256,
    )


def _open_folder(folder: Path) -> File:
    files: list[tuple[Path, int]] = []
    tables: dict[Path, dict[str, str]] = {}
    faults: tuple[Fault, ...] = ()
    for path in folders.parts(folder):
        name = path.relative_to(folder).as_posix()
        try:
            file = open_parquet(path)
            rows = pyarrow.parquet.read_metadata(path).num_rows
        except UnreadableFileError as error:
            raise UnreadableFileError(f"{name}: {error.problem}", error.remedy) from error
        named = folders.keys(folder, path)
        if both := [one for one in file.names if one in named]:
            raise UnreadableFileError(
                f"{name} has a column {both[0]}, and its folder is named so too",
                "take the column out of the files, or rename the folders",
            )
        types = dict(zip(file.names, file.types, strict=True))
        tables[path] = types | dict.fromkeys(named, "VARCHAR")
        files.append((path, rows))
        faults = faults or file.faults
    folders.check_alike(folder, tables)
    first = tables[files[0][0]]
    return File(folder, tuple(first), tuple(first.values()), faults=faults, parts=tuple(files))
