"""Opened inputs, of text and of Parquet: names and types of columns, where the rows begin."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import duckdb
import pyarrow
import pyarrow.parquet

from cxlib.engine import text
from cxlib.engine.cells import Fault
from cxlib.engine.connection import connection, identifier, parquet_rows
from cxlib.engine.errors import UnreadableFileError
from cxlib.engine.forms import Form
from cxlib.engine.letters import PADDING

ZONED = "TIMESTAMP WITH TIME ZONE"

TEMPORAL = ("DATE", "TIMESTAMP")

# A cell of these is no single value.
_NOT_SINGLE = ("BLOB", "STRUCT", "MAP", "UNION", "BIT", "VARIANT", "GEOMETRY")
_FLOATING = ("DOUBLE", "FLOAT")
_FIRST_RECORDS = 50
_ROW_NUMBER = "file_row_number"


@dataclass(frozen=True)
class File:
    """An opened input: its columns in order, with the type each has in the file.

    Of a workbook or a database `path` is an extract with columns c0, c1, ...; `rows_before` is
    then the number of the row before its first one, and `faults` are cells that hold nothing to
    be trusted. Of a text file `path` is plain UTF-8: the file itself, or a copy; `header` is its
    header as it stands; `first_records` are the lines on which the first records begin, and their
    cells; `repairs` what was mended and `doubts` what one may not know of, with counts; `is_plain`
    says that all is ASCII and no cell begins or ends with a blank, `lacks_signs` that there is
    neither _ nor + in it. `parts`: the files of a folder, in order, each with the number of its
    rows. `sha256`: a hash of the rows of a database. `counts_from_1904`: the day numbers of a
    workbook do, not from 1900. `ends_unlike_header`: a text file whose header is of several lines
    that end in LF, and whose rows end in CR LF. `hidden_columns`: the names of those that a
    workbook does not show.
    """

    path: Path
    names: tuple[str, ...]
    types: tuple[str, ...]
    padded_names: tuple[str, ...] = ()
    delimiter: str = ""
    skipped_lines: int = 0
    ends_unlike_header: bool = False
    is_extract: bool = False
    rows_before: int = 0
    header: bytes = b""
    first_records: tuple[tuple[int, tuple[str, ...]], ...] = ()
    repairs: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, int] = field(default_factory=dict)
    is_plain: bool = False
    lacks_signs: bool = False
    faults: tuple[Fault, ...] = ()
    parts: tuple[tuple[Path, int], ...] = ()
    sha256: str = ""
    counts_from_1904: bool = False
    hidden_columns: tuple[str, ...] = ()

    @property
    def is_csv(self) -> bool:
        return self.delimiter != ""

    def holds_floats(self, index: int) -> bool:
        return self.types[index] in _FLOATING


def open_csv(path: Path, form: Form, scratch: Path | None) -> File:
    """Open a .csv or .csv.gz file. Raises UnreadableFileError when it is no table of text."""
    readable, repairs = text.readable(path, form, scratch)
    records: list[tuple[int, list[str]]] = []
    lines: list[str] = []
    header, start = "", 0
    try:
        with open_lines(readable, errors="surrogateescape") as stream:
            reader = csv.reader(_kept(stream, lines), delimiter=form.delimiter)
            for record in reader:
                if record:
                    header = header or "".join(lines[start:])
                    records.append((start + 1, record))
                if len(records) >= _FIRST_RECORDS:
                    break
                start = reader.line_num
    except (OSError, csv.Error) as error:
        if not records:
            raise UnreadableFileError(
                f"damaged, or not a CSV file ({error})", "fetch or export the file again"
            ) from error
    if not records:
        remedy = "skip fewer lines" if form.skip_lines else "export it again, with a header line"
        raise UnreadableFileError("the file is empty", remedy)
    line, found = records[0]
    content = header.rstrip("\r\n").encode("utf-8", "surrogateescape")
    if any("\udc80" <= letter <= "\udcff" for letter in header):
        problem, remedy = text.not_utf8(text.proposed_encoding(content))
        raise UnreadableFileError(problem, remedy, lines=(line,))
    names = tuple(name.strip(PADDING) for name in found)
    return File(
        path=readable,
        names=names,
        types=("VARCHAR",) * len(names),
        padded_names=tuple(name for name, its in zip(names, found, strict=True) if name != its),
        delimiter=form.delimiter,
        # Of the parser, for which a header of two lines is one.
        skipped_lines=line,
        ends_unlike_header=header.endswith("\r\n") and b"\n" in content,
        header=content,
        first_records=tuple((at, tuple(cells)) for at, cells in records),
        repairs=repairs,
    )


def _kept(lines: Iterable[str], kept: list[str]) -> Iterator[str]:
    for line in lines:
        kept.append(line)
        yield line


def _unreadable_types(types: Sequence[str]) -> tuple[Fault, ...]:
    """A fault for each column of a type that has no single value in a row."""
    return tuple(
        Fault.at(
            index,
            f"no text, number, date or true/false, but {one}",
            "name another column, or write the file again with one value in it",
            (),
        )
        for index, one in enumerate(types)
        if one.startswith(_NOT_SINGLE) or one.endswith("]")
    )


def open_parquet(path: Path) -> File:
    """Open a Parquet file. Raises UnreadableFileError when it is damaged."""
    query = f"DESCRIBE SELECT * EXCLUDE {_ROW_NUMBER} FROM {parquet_rows(path)}"
    try:
        # The engine renames a column whose name stands twice, in any case of letters.
        names = pyarrow.parquet.read_schema(path).names
        if _ROW_NUMBER in map(str.casefold, names):
            raise UnreadableFileError(
                f"a column called {_ROW_NUMBER}, which the engine calls the number of a row",
                "give the column another name",
            )
        columns = connection().cursor().execute(query).fetchall()
    except (duckdb.Error, pyarrow.ArrowException, OSError) as error:
        raise UnreadableFileError(
            "damaged, or not a Parquet file", "fetch or export the file again"
        ) from error
    folded = [name.casefold() for name in names]
    if twice := [name for name in names if folded.count(name.casefold()) > 1]:
        raise UnreadableFileError(
            f"column names that are the same but for capital letters: {', '.join(twice)}",
            "give each column a name of its own",
        )
    types = tuple(str(column[1]) for column in columns)
    return File(
        path=path,
        names=tuple(column[0] for column in columns),
        types=types,
        faults=_unreadable_types(types),
    )


def open_lines(path: Path, errors: str) -> IO[str]:
    """The lines of a text file that is plain UTF-8, with their line ends."""
    return path.open(encoding="utf-8-sig", errors=errors, newline="")


def column_in_file(file: File, index: int) -> str:
    return f"c{index}" if file.is_csv or file.is_extract else identifier(file.names[index])
