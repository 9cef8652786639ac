"""Where the rows of a staged table stand in their file."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cxlib.engine.connection import connection, identifier, parquet_rows
from cxlib.engine.files import File, open_bytes, open_lines

_CHUNK_BYTES = 1 << 20


def lines_at(path: Path, positions: Sequence[int]) -> list[int]:
    """The line, from 1, at each of the ascending byte positions of a file."""
    lines: list[int] = []
    line, start = 1, 0
    with open_bytes(path) as stream:
        while len(lines) < len(positions) and (chunk := stream.read(_CHUNK_BYTES)):
            while len(lines) < len(positions) and positions[len(lines)] < start + len(chunk):
                lines.append(line + chunk.count(b"\n", 0, positions[len(lines)] - start))
            line += chunk.count(b"\n")
            start += len(chunk)
    return lines


def locate(file: File, rows: Iterable[int]) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Where the given rows of the staged table stand in the file, and their text as it stands.

    Row numbers count from 1. The place is the line on which the record starts in a CSV file, the
    row in a Parquet file. A CSV file is read once, only as far as the last row asked for: this is
    for the few rows that an error names.
    """
    wanted = set(rows)
    if not wanted:
        return {}
    if file.is_csv:
        return {row: (line, texts) for row, line, texts in _walk(file, wanted)}
    columns = ", ".join(f"CAST({identifier(name)} AS VARCHAR)" for name in file.names)
    found = (
        connection()
        .cursor()
        .execute(
            f"SELECT file_row_number + 1, {columns}"
            f" FROM {parquet_rows(file.path)}"
            f" WHERE file_row_number + 1 IN ({', '.join(map(str, sorted(wanted)))})"
        )
        .fetchall()
    )
    return {row: (row, tuple(text or "" for text in texts)) for row, *texts in found}


def _walk(file: File, wanted: set[int]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    # The parser has already taken each of these fields, however long.
    csv.field_size_limit(2**31 - 1)
    last = max(wanted)
    width, row, header_seen = len(file.names), 0, False
    with open_lines(file.path, errors="replace") as stream:
        reader = csv.reader(stream, delimiter=file.delimiter)
        start = 1
        for record in reader:
            # A record of another width is a rejected one, and no row of the table; the parser
            # takes empty cells beyond the last column for nothing.
            if len(record) >= width and not any(record[width:]):
                row += header_seen
                header_seen = True
                if row in wanted:
                    yield row, start, tuple(record)
            if row >= last:
                return
            start = reader.line_num + 1
