"""Inputs opened: the names and types of their columns, and where their rows begin."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import duckdb
import pyarrow
import pyarrow.parquet

from cxlib.engine.connection import connection, identifier, parquet_rows
from cxlib.engine.forms import Form

# Spaces, controls and the invisible characters that spreadsheets and web pages leave at the ends.
PADDING = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

ZONED = "TIMESTAMP WITH TIME ZONE"

TEMPORAL = ("DATE", "TIMESTAMP")

# CSV as most programs write it.
_USUAL = Form()
_FLOATING = ("DOUBLE", "FLOAT")


class UnreadableFileError(Exception):
    """A file that cannot be taken as a table at all: what is wrong with it, and the remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True)
class File:
    """An opened input: its columns in order, with the type each has in the file."""

    path: Path
    names: tuple[str, ...]
    types: tuple[str, ...]
    padded_names: tuple[str, ...] = ()
    delimiter: str = ""
    skipped_lines: int = 0

    @property
    def is_csv(self) -> bool:
        return self.delimiter != ""

    def holds_floats(self, index: int) -> bool:
        return self.types[index] in _FLOATING


def open_file(path: Path, form: Form = _USUAL, scratch: Path | None = None) -> File:
    """Open a .csv, .csv.gz or .parquet file and read the names of its columns.

    Raises UnreadableFileError when the file is missing, empty, of another kind, damaged, or not
    UTF-8.
    """
    if not path.is_file():
        raise UnreadableFileError("no such file", "correct uri, or put the file there")
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        return _open_csv(path, form.delimiter)
    if name.endswith(".parquet"):
        return _open_parquet(path)
    raise UnreadableFileError(
        "not a .csv, .csv.gz or .parquet file", "save the table as CSV UTF-8 or Parquet"
    )


def _open_csv(path: Path, delimiter: str) -> File:
    blank_lines = 0
    header: list[str] = []
    try:
        with open_lines(path, errors="surrogateescape") as stream:
            for record in csv.reader(stream, delimiter=delimiter):
                if record:
                    header = record
                    break
                blank_lines += 1
    except (OSError, EOFError, csv.Error) as error:
        raise UnreadableFileError(
            f"damaged, or not a CSV file ({error})", "fetch or export the file again"
        ) from error
    if not header:
        raise UnreadableFileError("the file is empty", "export it again, with a header line")
    if any("\udc80" <= letter <= "\udcff" for name in header for letter in name):
        raise UnreadableFileError("not UTF-8 text", "save the file as CSV UTF-8")
    names = tuple(name.strip(PADDING) for name in header)
    return File(
        path=path,
        names=names,
        types=("VARCHAR",) * len(names),
        padded_names=tuple(
            name for name, found in zip(names, header, strict=True) if name != found
        ),
        delimiter=delimiter,
        skipped_lines=blank_lines + 1,
    )


def _open_parquet(path: Path) -> File:
    query = f"DESCRIBE SELECT * EXCLUDE file_row_number FROM {parquet_rows(path)}"
    try:
        # The engine renames a column whose name stands twice, in any case of letters.
        names = pyarrow.parquet.read_schema(path).names
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
    return File(
        path=path,
        names=tuple(column[0] for column in columns),
        types=tuple(str(column[1]) for column in columns),
    )


def open_bytes(path: Path) -> IO[bytes]:
    if path.name.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def open_lines(path: Path, errors: str) -> IO[str]:
    if path.name.lower().endswith(".gz"):
        return cast(IO[str], gzip.open(path, "rt", encoding="utf-8-sig", errors=errors, newline=""))
    return path.open(encoding="utf-8-sig", errors=errors, newline="")


def column_in_file(file: File, index: int) -> str:
    return f"c{index}" if file.is_csv else identifier(file.names[index])
