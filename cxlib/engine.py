"""DuckDB inside the process: files in, canonical Parquet out, lazy frames in between.

The only module that knows which engine it is. A file is opened as columns of text, the order of
its rows is kept, each wanted column is cast to its type, and a text that is not of the type
becomes a null marked as such: the engine never drops or mends a value without a mark.
"""

import csv
import functools
import gzip
import os
import re
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow
import pyarrow.parquet

# How a staged value came about; one column of these beside each cast column.
AS_FOUND, TRIMMED, MISSING_CODE, NOT_OF_TYPE = range(4)

ROW = "__row"

ColumnType = Literal["text", "number", "date", "true/false"]

# Spaces, controls and the invisible characters that spreadsheets and web pages leave at the ends.
_PADDING = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
ZONED = "TIMESTAMP WITH TIME ZONE"
_TEMPORAL = ("DATE", "TIMESTAMP")
_FLOATING = ("DOUBLE", "FLOAT")
_CHUNK_BYTES = 1 << 20
# A file from this size on is worth several threads.
_LARGE_BYTES = 32 << 20
_BATCH_ROWS = 250_000  # of some 20 columns: a few hundred MB with what a model makes of them


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


@dataclass(frozen=True)
class Cast:
    """How one column of a file becomes a canonical column.

    `missing`, `true_values` and `false_values` are compared with the trimmed text; the last two
    in any case of letters.
    """

    name: str
    index: int
    type: ColumnType
    date_format: str = "%Y-%m-%d"
    missing: tuple[str, ...] = ()
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()


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


def state(name: str) -> str:
    """Name of the staged column that says how the values of column `name` came about."""
    return f"__state_{name}"


@functools.cache
def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    spill = Path(tempfile.gettempdir()) / f"cxlib-{os.getpid()}"
    connection.execute(f"SET temp_directory = {_text(spill)}")
    # In a notebook without ipywidgets there is no bar, and touching the setting is an error.
    if connection.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (True,):
        connection.execute("SET enable_progress_bar = false")
    connection.execute("SET TimeZone = 'UTC'")
    # Fractions added up in the order in which threads finish differ in the last digit: equal
    # inputs would not make equal reports. On small tables one thread is the faster one, too.
    connection.execute("SET threads = 1")
    return connection


def _prepare_for(path: Path) -> None:
    """From a large file on, use all cores: from then on the last digits of sums may vary."""
    if path.stat().st_size >= _LARGE_BYTES:
        _connection().execute("RESET threads")


def _text(value: object) -> str:
    """An SQL text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def _one_file(path: Path) -> str:
    """An SQL literal for this very file: the engine reads *, ? and [ in a name as a pattern."""
    return _text(re.sub(r"([\[*?])", r"[\1]", str(path)))


def _parquet(path: Path) -> str:
    """One Parquet file with the number of each row; names of folders are not taken as columns."""
    return f"read_parquet({_one_file(path)}, file_row_number = true, hive_partitioning = false)"


def _name(value: str) -> str:
    """An SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


def _texts(values: Iterable[object]) -> str:
    return "(" + ", ".join(_text(value) for value in values) + ")"


def valid_date_format(date_format: str) -> bool:
    """Whether the engine understands a date format of the strptime kind."""
    try:
        _connection().cursor().execute(f"SELECT try_strptime('', {_text(date_format)})")
    except duckdb.Error:
        return False
    return True


def open_file(path: Path, delimiter: str = ",") -> File:
    """Open a .csv, .csv.gz or .parquet file and read the names of its columns.

    Raises UnreadableFileError when the file is missing, empty, of another kind, damaged, or not
    UTF-8.
    """
    if not path.is_file():
        raise UnreadableFileError("no such file", "correct uri, or put the file there")
    name = path.name.lower()
    if name.endswith((".csv", ".csv.gz")):
        return _open_csv(path, delimiter)
    if name.endswith(".parquet"):
        return _open_parquet(path)
    raise UnreadableFileError(
        "not a .csv, .csv.gz or .parquet file", "save the table as CSV UTF-8 or Parquet"
    )


def _open_csv(path: Path, delimiter: str) -> File:
    blank_lines = 0
    header: list[str] = []
    try:
        with _lines(path, errors="surrogateescape") as stream:
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
    names = tuple(name.strip(_PADDING) for name in header)
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
    query = f"DESCRIBE SELECT * EXCLUDE file_row_number FROM {_parquet(path)}"
    try:
        # The engine renames a column whose name stands twice, in any case of letters.
        names = pyarrow.parquet.read_schema(path).names
        columns = _connection().cursor().execute(query).fetchall()
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


def stage(file: File, casts: Sequence[Cast], target: Path) -> tuple[Rejected, ...]:
    """Cast the wanted columns of a file and write them to the Parquet file `target`.

    Beside each column stands `state(name)`: AS_FOUND, TRIMMED (blanks at its ends removed),
    MISSING_CODE (made null) or NOT_OF_TYPE (made null). A blank text is null and AS_FOUND.
    Returns the records that could not be taken as rows, by reason; nothing else is left out.
    Raises UnreadableFileError when the parser gives up.
    """
    raw, trimmed, typed, kept = [], [], [], []
    for number, wanted in enumerate(casts):
        raw.append(f"{_raw(file, wanted.index)} AS r{number}")
        trimmed += [f"r{number}", f"{_trimmed(f'r{number}')} AS t{number}"]
        typed += [f"r{number}", f"t{number}", f"{_typed(file, wanted, number)} AS v{number}"]
        kept += [
            f"v{number} AS {_name(wanted.name)}",
            f"{_state(wanted, number)} AS {_name(state(wanted.name))}",
        ]
    native = [
        f"{_column(file, wanted.index)} AS n{number}"
        for number, wanted in enumerate(casts)
        if _is_native_date(file, wanted)
    ]
    carried = [text.split(" AS ")[1] for text in native]
    query = (
        f"SELECT {', '.join(kept)} FROM (SELECT {', '.join(typed)} FROM"
        f" (SELECT {', '.join(trimmed + carried)} FROM"
        f" (SELECT {', '.join(raw + native)} FROM {_scan(file)})))"
    )
    _prepare_for(file.path)
    # Tables of rejected records belong to a cursor: loads side by side do not see one another's.
    cursor = _connection().cursor()
    try:
        cursor.execute(f"COPY ({query}) TO {_text(target)} (FORMAT parquet, COMPRESSION lz4_raw)")
    except duckdb.Error as error:
        raise UnreadableFileError(
            "cannot be parsed: it is damaged, mixes two kinds of line end, or has a stray quote",
            f"export the file again; the parser says: {str(error).splitlines()[0]}",
        ) from error
    return _rejected(cursor, file) if file.is_csv else ()


def _scan(file: File) -> str:
    if not file.is_csv:
        return _parquet(file.path)
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(file.names)))
    return (
        f"read_csv({_one_file(file.path)}, columns = {{{columns}}}, auto_detect = false,"
        f" header = false, skip = {file.skipped_lines}, delim = {_text(file.delimiter)},"
        " quote = '\"', escape = '\"', nullstr = '', store_rejects = true)"
    )


def _column(file: File, index: int) -> str:
    return f"c{index}" if file.is_csv else _name(file.names[index])


def _raw(file: File, index: int) -> str:
    column = _column(file, index)
    if file.holds_floats(index):
        # pandas writes a missing value of a number column as NaN.
        column = f"CASE WHEN NOT isnan({column}) THEN {column} END"
    return f"CAST({column} AS VARCHAR)"


def _is_native_date(file: File, wanted: Cast) -> bool:
    return wanted.type == "date" and file.types[wanted.index].startswith(_TEMPORAL)


def _trimmed(text: str) -> str:
    # trim() with a set of characters costs more than the parser itself: only where an end may be
    # blank, or where some character is outside ASCII (more bytes than letters).
    suspect = f"{text} < '!' OR right({text}, 1) < '!' OR strlen({text}) <> length({text})"
    return f"CASE WHEN {suspect} THEN nullif(trim({text}, {_text(_PADDING)}), '') ELSE {text} END"


def _typed(file: File, wanted: Cast, number: int) -> str:
    text = f"t{number}"
    if wanted.type == "number":
        value = f"try_cast({text} AS DOUBLE)"
        # The cast also takes "nan", "inf" and digits grouped by underscores.
        value = f"CASE WHEN isfinite({value}) AND NOT contains({text}, '_') THEN {value} END"
    elif wanted.type == "date" and _is_native_date(file, wanted):
        value = f"CAST(n{number} AS DATE)"
    elif wanted.type == "date":
        value = f"CAST(try_strptime({text}, {_text(wanted.date_format)}) AS DATE)"
    elif wanted.type == "true/false":
        value = (
            f"CASE WHEN lower({text}) IN {_texts(v.lower() for v in wanted.true_values)} THEN true"
            f" WHEN lower({text}) IN {_texts(v.lower() for v in wanted.false_values)} THEN false"
            " END"
        )
    else:
        value = text
    if wanted.missing:
        value = f"CASE WHEN {text} NOT IN {_texts(wanted.missing)} THEN {value} END"
    return value


def _state(wanted: Cast, number: int) -> str:
    raw, text, value = f"r{number}", f"t{number}", f"v{number}"
    missing = (
        f"WHEN {text} IN {_texts(wanted.missing)} THEN {MISSING_CODE} " if wanted.missing else ""
    )
    return (
        f"CAST(CASE WHEN {text} IS NULL THEN {AS_FOUND} {missing}"
        f"WHEN {value} IS NULL THEN {NOT_OF_TYPE} WHEN {text} <> {raw} THEN {TRIMMED} "
        f"ELSE {AS_FOUND} END AS UTINYINT)"
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
            f" WHERE error_type = {_text(reason)} GROUP BY ALL ORDER BY ALL LIMIT 10"
        ).fetchall()
        starts = _lines_at(file.path, [position for position, _ in first])
        # A record begins with the blank lines before it.
        blank = [text[: len(text) - len(text.lstrip("\r\n"))].count("\n") for _, text in first]
        lines = tuple(start + lines for start, lines in zip(starts, blank, strict=True))
        problem, remedy, ends_table = _REASONS.get(reason, _OTHER_REASON)
        rejected.append(Rejected(problem, remedy, count, lines, ends_table))
    return tuple(rejected)


def _lines_at(path: Path, positions: Sequence[int]) -> list[int]:
    """The line, from 1, at each of the ascending byte positions of a file."""
    lines: list[int] = []
    line, start = 1, 0
    with _bytes(path) as stream:
        while len(lines) < len(positions) and (chunk := stream.read(_CHUNK_BYTES)):
            while len(lines) < len(positions) and positions[len(lines)] < start + len(chunk):
                lines.append(line + chunk.count(b"\n", 0, positions[len(lines)] - start))
            line += chunk.count(b"\n")
            start += len(chunk)
    return lines


def _bytes(path: Path) -> IO[bytes]:
    if path.name.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def _lines(path: Path, errors: str) -> IO[str]:
    if path.name.lower().endswith(".gz"):
        return cast(IO[str], gzip.open(path, "rt", encoding="utf-8-sig", errors=errors, newline=""))
    return path.open(encoding="utf-8-sig", errors=errors, newline="")


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
    columns = ", ".join(f"CAST({_name(name)} AS VARCHAR)" for name in file.names)
    found = (
        _connection()
        .cursor()
        .execute(
            f"SELECT file_row_number + 1, {columns}"
            f" FROM {_parquet(file.path)}"
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
    with _lines(file.path, errors="replace") as stream:
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


def staged(path: Path) -> nw.LazyFrame:
    """The staged table as a lazy frame, with the number of each row, from 1, in column ROW."""
    relation = _connection().sql(
        f"SELECT file_row_number + 1 AS {ROW}, * EXCLUDE file_row_number FROM {_parquet(path)}"
    )
    return nw.from_native(relation)


def canonical(path: Path) -> nw.LazyFrame:
    """A canonical Parquet file as a lazy frame; frames of one process can be joined."""
    _prepare_for(path)
    return nw.from_native(
        _connection().sql(f"SELECT * EXCLUDE file_row_number FROM {_parquet(path)}")
    )


def lend(frame: pd.DataFrame) -> nw.LazyFrame:
    """A small frame as a lazy one that the canonical frames of this process can be joined with.

    Its index is left out; a missing value is null.
    """
    table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    return nw.from_native(_connection().from_arrow(table))


@functools.cache
def _workspace() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes when the process does."""
    return tempfile.TemporaryDirectory(prefix="cxlib-kept-")


def keep(frame: nw.LazyFrame) -> nw.LazyFrame:
    """The same rows, computed once and held on disk while the process lives."""
    path = Path(_workspace().name) / f"{uuid.uuid4().hex}.parquet"
    write(frame, path)
    return canonical(path)


def map_batches(
    frame: nw.LazyFrame,
    function: Callable[[pd.DataFrame], pd.DataFrame],
    rows: int = _BATCH_ROWS,
) -> nw.LazyFrame:
    """What `function` makes of the rows, a batch of at most `rows` after another.

    Never all in memory: the results are held on disk while the process lives. A frame without rows
    is one empty batch. All batches give the columns and types of the first.
    """
    path = Path(_workspace().name) / f"{uuid.uuid4().hex}.parquet"
    reader = cast(duckdb.DuckDBPyRelation, frame.to_native()).to_arrow_reader(rows)
    batches = (pyarrow.Table.from_batches([batch]) for batch in reader)
    first = _mapped(next(batches, reader.schema.empty_table()), function)
    with pyarrow.parquet.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for batch in batches:
            writer.write_table(_mapped(batch, function).cast(first.schema))
    return canonical(path)


def _mapped(
    batch: pyarrow.Table, function: Callable[[pd.DataFrame], pd.DataFrame]
) -> pyarrow.Table:
    made = function(batch.to_pandas(date_as_object=False))
    return pyarrow.Table.from_pandas(made, preserve_index=False).replace_schema_metadata()


def write(frame: nw.LazyFrame, path: Path) -> None:
    """Write a lazy frame to a Parquet file, in the order of its rows."""
    frame.sink_parquet(path)
