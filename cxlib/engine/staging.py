"""A file cast column by column into a Parquet file; what could not be taken is told."""

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow.parquet

from cxlib.engine import folders, frames
from cxlib.engine.blocks import Rejected
from cxlib.engine.casting import Cast, query
from cxlib.engine.connection import (
    LARGE_BYTES,
    connection,
    literal,
    one_file,
    parquet_rows,
    prepare_for,
)
from cxlib.engine.files import File, UnreadableFileError
from cxlib.engine.structure import (
    MOST_RECORD_BYTES,
    Structure,
    examine,
    glance,
    odd_records,
)


@dataclass(frozen=True)
class Staging:
    """What became of the records of a file: those that are no rows, repairs and doubts by count."""

    rejected: tuple[Rejected, ...] = ()
    repairs: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, int] = field(default_factory=dict)


def stage(
    file: File, casts: Sequence[Cast], target: Path, *, fingerprints: bool = False
) -> Staging:
    """Cast the wanted columns of a file and write them to `target`, for `frames.staged`.

    Beside each column stands `state(name)`: AS_FOUND, TRIMMED (blanks at its ends removed),
    DIGITS, LETTERS or INVISIBLE (written otherwise, see `letters.folded`), CONVERTED (read as the
    description declares), or, made null, MISSING_CODE, NO_DATE (a day that stands for none) and
    NOT_OF_TYPE. A blank text is null and AS_FOUND.
    `fingerprints`: a column FINGERPRINT besides, a hash of 64 bits of what all cells of a row say,
    those of columns that are not wanted included: 1 and 1.0 are the same, blanks at the ends none.
    Tells the records that could not be taken as rows, by reason; nothing else is left out. Where
    one of them ends the table, nothing is staged. Raises UnreadableFileError when the parser gives
    up, or reads other rows than the file has.
    """
    if file.parts and frames.in_use().has_workers:
        _copy_parts(file, casts, target, fingerprints=fingerprints)
        return Staging()
    prepare_for(file.path)
    if not file.is_csv:
        _copy(file, casts, target, fingerprints=fingerprints)
        return Staging()
    width = len(file.names)
    found = _copy_text(file, casts, target, fingerprints=fingerprints)
    if found.rejected:
        return Staging(found.rejected)
    parsed = pyarrow.parquet.read_metadata(target).num_rows
    if parsed == found.lines - file.skipped_lines and width > 1 and not found.has_more_cells:
        return Staging(doubts=found.doubts)
    rejected, repairs, rows = odd_records(file.path, file.delimiter, width)
    if not rejected and parsed != rows:
        raise UnreadableFileError(
            f"the parser reads {parsed:,} rows, but there are {rows:,}", "export the file again"
        )
    return Staging(rejected, repairs, found.doubts)


def _copy_text(file: File, casts: Sequence[Cast], target: Path, *, fingerprints: bool) -> Structure:
    """Examine a text file and cast it; nothing is cast of one with rejected records.

    A long file that seems to be plain is cast as such while it is examined, and once more where it
    was not.
    """
    path, mark, header = file.path, file.delimiter, file.header
    asked = (path, mark, len(file.names), header)
    is_long = path.stat().st_size >= LARGE_BYTES
    seems_plain, lacks_signs = glance(path, mark, header) if is_long else (False, False)
    problem = None
    if seems_plain:
        file = replace(file, is_plain=True, lacks_signs=lacks_signs)
        with ThreadPoolExecutor(1) as beside:
            examined = beside.submit(examine, *asked)
            try:
                _copy(file, casts, target, fingerprints=fingerprints)
            except UnreadableFileError as error:
                problem = error
            found = examined.result()
    else:
        found = examine(*asked)
    if found.rejected:
        target.unlink(missing_ok=True)
        return found
    if not (seems_plain and found.is_plain and (found.lacks_signs or not lacks_signs)):
        file = replace(file, is_plain=found.is_plain, lacks_signs=found.lacks_signs)
        _copy(file, casts, target, fingerprints=fingerprints)
    elif problem:
        raise problem
    return found


def _copy(file: File, casts: Sequence[Cast], target: Path, *, fingerprints: bool) -> None:
    select = query(file, casts, scan(file), fingerprints=fingerprints)
    try:
        connection().cursor().execute(
            # Making it small costs a fifth of the time, and it is read at once. The marks of cells
            # alone are few enough for a dictionary.
            f"COPY ({select}) TO {literal(target)}"
            " (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 16)"
        )
    except duckdb.Error as error:
        raise UnreadableFileError(
            "cannot be parsed: it is damaged",
            f"export the file again; the parser says: {str(error).splitlines()[0]}",
        ) from error


def _copy_parts(file: File, casts: Sequence[Cast], target: Path, *, fingerprints: bool) -> None:
    """Cast the files of a folder on the machines of the engine, each into one of the same name."""
    target.mkdir()
    tasks, before = [], 0
    for number, (path, rows) in enumerate(file.parts):
        one = replace(file, parts=((path, rows),))
        tasks.append((one, target / frames.part_name(number, before)))
        before += rows
    copied = functools.partial(_copied, casts=casts, fingerprints=fingerprints)
    for damage in frames.each(copied, tasks):
        if damage:
            raise UnreadableFileError(*damage)


def _copied(
    task: tuple[File, Path], *, casts: Sequence[Cast], fingerprints: bool
) -> tuple[str, str] | None:
    """Cast one file; what is wrong with it and the remedy, for no error comes from a worker."""
    file, target = task
    try:
        _copy(file, casts, target, fingerprints=fingerprints)
    except UnreadableFileError as error:
        name = file.parts[0][0].relative_to(file.path).as_posix()
        return f"{name}: {error.problem}", error.remedy
    return None


def scan(file: File) -> str:
    """The rows of a file as a table expression; columns as `column_in_file` names them."""
    if file.parts:
        return folders.scan(file.path, [path for path, _ in file.parts])
    if not file.is_csv:
        return parquet_rows(file.path)
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(file.names)))
    # The parser takes the end of lines from the first one, which may stand within the header.
    ends = r" new_line = '\r\n'," if file.ends_unlike_header else ""
    return (
        f"read_csv({one_file(file.path)}, columns = {{{columns}}}, auto_detect = false,"
        f" header = false, skip = {file.skipped_lines}, delim = {literal(file.delimiter)},{ends}"
        " quote = '\"', escape = '\"', nullstr = '', ignore_errors = true,"
        f" max_line_size = {MOST_RECORD_BYTES}, buffer_size = {MOST_RECORD_BYTES})"
    )
