"""Where the rows of a staged table stand in their file."""

import csv
import io
import os
from collections.abc import Iterable, Iterator

import numpy as np

from cxlib.engine import folders
from cxlib.engine.blocks import blocks
from cxlib.engine.connection import connection, parquet_rows
from cxlib.engine.files import File, column_in_file

_END_BYTES = 1 << 16


def locate(file: File, rows: Iterable[int]) -> dict[int, tuple[int | str, tuple[str, ...]]]:
    """Where the given rows of the staged table stand in the file, and their text as it stands.

    Row numbers count from 1. The place is the line on which the record starts in a CSV file, the
    row in a Parquet file, a sheet or what a database gave, "name of the file:row" in a folder. A
    CSV file is read once, only as far as the last row asked for: this is for the few rows that an
    error names.
    """
    wanted = set(rows)
    if not wanted:
        return {}
    if file.is_csv:
        return {row: (line, texts) for row, line, texts in _walk(file, wanted)}
    if file.parts:
        return dict(_in_parts(file, wanted))
    texts = _texts(file, parquet_rows(file.path), wanted)
    return {row: (file.rows_before + row, found) for row, found in texts.items()}


def end(file: File) -> str:
    """The last 64 KB of a text file, with its last record; of any other file nothing."""
    if not file.is_csv:
        return ""
    with file.path.open("rb") as stream:
        stream.seek(-min(_END_BYTES, stream.seek(0, os.SEEK_END)), os.SEEK_END)
        return stream.read().decode("utf-8", "replace")


def _in_parts(file: File, wanted: set[int]) -> Iterator[tuple[int, tuple[str, tuple[str, ...]]]]:
    before = 0
    for path, count in file.parts:
        if theirs := {row - before for row in wanted if before < row <= before + count}:
            name = path.relative_to(file.path).as_posix()
            for row, texts in _texts(file, folders.scan(file.path, [path]), theirs).items():
                yield before + row, (f"{name}:{row}", texts)
        before += count


def _texts(file: File, rows: str, wanted: set[int]) -> dict[int, tuple[str, ...]]:
    columns = ", ".join(
        f"CAST({column_in_file(file, index)} AS VARCHAR)" for index in range(len(file.names))
    )
    query = (
        f"SELECT file_row_number + 1, {columns} FROM {rows}"
        f" WHERE file_row_number + 1 IN ({', '.join(map(str, sorted(wanted)))})"
        # Each is there once: the rest of the file need not be read.
        f" LIMIT {len(wanted)}"
    )
    found = connection().cursor().execute(query).fetchall()
    return {row: tuple(text or "" for text in texts) for row, *texts in found}


def _walk(file: File, wanted: set[int]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    # The parser has already taken each of these fields, however long.
    csv.field_size_limit(2**31 - 1)
    # The header is the first of the rows, and none of the table.
    left, row = sorted(wanted), -1
    for block in blocks(file.path):
        records = block.records(ord(file.delimiter))
        # A record of another width is a rejected one; the parser takes empty cells beyond the last
        # column for nothing.
        places = np.flatnonzero(records.rows(len(file.names)))
        while left and left[0] <= row + len(places):
            at = places[left[0] - row - 1]
            start, end = int(records.starts[at]), int(records.ends[at])
            text = block.content[start:end].decode("utf-8", "replace")
            [cells] = csv.reader(io.StringIO(text, newline=""), delimiter=file.delimiter)
            yield left.pop(0), int(block.lines_of(np.array([start]))[0]), tuple(cells)
        if not left:
            return
        row += len(places)
