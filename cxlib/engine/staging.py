"""A file cast column by column into a Parquet file; what could not be taken is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cxlib.engine.casting import (
    Cast,
    is_native_date,
    raw_text,
    state,
    state_of,
    trimmed_text,
    typed_value,
)
from cxlib.engine.connection import (
    connection,
    identifier,
    literal,
    one_file,
    parquet_rows,
    prepare_for,
)
from cxlib.engine.files import File, UnreadableFileError, column_in_file
from cxlib.engine.places import lines_at


@dataclass(frozen=True)
class Rejected:
    """Records of a CSV file that the parser could not take as rows, all for one reason.

    `ends_table`: after such a record nothing is known about the rest of the file.
    """

    problem: str
    remedy: str
    count: int
    lines: tuple[int, ...]
    ends_table: bool


# The parser's reasons: what is wrong, the remedy, whether the rest of the file can be trusted.
_REASONS = {
    "MISSING COLUMNS": (
        "short row: fewer cells than the header",
        "complete the rows, or export the file again",
        False,
    ),
    "TOO MANY COLUMNS": (
        "long row: more cells than the header",
        "put quotes around cells that hold the delimiter, or export the file again",
        False,
    ),
    "UNQUOTED VALUE": (
        "a quote that is not closed, or text beside a quoted cell",
        "write a quote inside a cell twice, or export the file again",
        True,
    ),
    "INVALID ENCODING": ("not UTF-8 text", "save the file as CSV UTF-8", True),
}

_OTHER_REASON = ("a row that cannot be parsed", "export the file again", True)


def stage(file: File, casts: Sequence[Cast], target: Path) -> tuple[Rejected, ...]:
    """Cast the wanted columns of a file and write them to the Parquet file `target`.

    Beside each column stands `state(name)`: AS_FOUND, TRIMMED (blanks at its ends removed),
    MISSING_CODE (made null) or NOT_OF_TYPE (made null). A blank text is null and AS_FOUND.
    Returns the records that could not be taken as rows, by reason; nothing else is left out.
    Raises UnreadableFileError when the parser gives up.
    """
    raw, trimmed, typed, kept = [], [], [], []
    for number, wanted in enumerate(casts):
        raw.append(f"{raw_text(file, wanted.index)} AS r{number}")
        trimmed += [f"r{number}", f"{trimmed_text(f'r{number}')} AS t{number}"]
        typed += [f"r{number}", f"t{number}", f"{typed_value(file, wanted, number)} AS v{number}"]
        kept += [
            f"v{number} AS {identifier(wanted.name)}",
            f"{state_of(wanted, number)} AS {identifier(state(wanted.name))}",
        ]
    native = [
        f"{column_in_file(file, wanted.index)} AS n{number}"
        for number, wanted in enumerate(casts)
        if is_native_date(file, wanted)
    ]
    carried = [text.split(" AS ")[1] for text in native]
    query = (
        f"SELECT {', '.join(kept)} FROM (SELECT {', '.join(typed)} FROM"
        f" (SELECT {', '.join(trimmed + carried)} FROM"
        f" (SELECT {', '.join(raw + native)} FROM {_scan(file)})))"
    )
    prepare_for(file.path)
    # Tables of rejected records belong to a cursor: loads side by side do not see one another's.
    cursor = connection().cursor()
    try:
        cursor.execute(f"COPY ({query}) TO {literal(target)} (FORMAT parquet, COMPRESSION lz4_raw)")
    except duckdb.Error as error:
        raise UnreadableFileError(
            "cannot be parsed: it is damaged, mixes two kinds of line end, or has a stray quote",
            f"export the file again; the parser says: {str(error).splitlines()[0]}",
        ) from error
    return _rejected(cursor, file) if file.is_csv else ()


def _scan(file: File) -> str:
    if not file.is_csv:
        return parquet_rows(file.path)
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(file.names)))
    return (
        f"read_csv({one_file(file.path)}, columns = {{{columns}}}, auto_detect = false,"
        f" header = false, skip = {file.skipped_lines}, delim = {literal(file.delimiter)},"
        " quote = '\"', escape = '\"', nullstr = '', store_rejects = true)"
    )


def _rejected(cursor: duckdb.DuckDBPyConnection, file: File) -> tuple[Rejected, ...]:
    counts = cursor.execute(
        "SELECT error_type, count(DISTINCT line_byte_position) FROM reject_errors"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    rejected = []
    for reason, count in counts:
        # The parser's own line numbers count a record with a line end inside quotes as one line.
        first = cursor.execute(
            "SELECT line_byte_position - 1, any_value(csv_line[:200]) FROM reject_errors"
            f" WHERE error_type = {literal(reason)} GROUP BY ALL ORDER BY ALL LIMIT 10"
        ).fetchall()
        starts = lines_at(file.path, [position for position, _ in first])
        # A record begins with the blank lines before it.
        blank = [text[: len(text) - len(text.lstrip("\r\n"))].count("\n") for _, text in first]
        lines = tuple(start + lines for start, lines in zip(starts, blank, strict=True))
        problem, remedy, ends_table = _REASONS.get(reason, _OTHER_REASON)
        rejected.append(Rejected(problem, remedy, count, lines, ends_table))
    return tuple(rejected)
