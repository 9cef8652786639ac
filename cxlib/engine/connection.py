"""The one connection of a process, its settings, and SQL literals."""

import atexit
import contextlib
import functools
import os
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from cxlib.engine.choice import EngineError
from cxlib.engine.scratch import scratch

MEMORY_LIMIT = "CX_MEMORY_LIMIT"
_LIMIT = re.compile(r"[1-9][0-9]{0,5}(\.[0-9]{1,3})? ?(MB|GB|TB)")
# A file from this size on is worth several threads.
LARGE_BYTES = 32 << 20
_OFF = (
    "autoinstall_known_extensions",
    "autoload_known_extensions",
    "allow_community_extensions",
    "allow_persistent_secrets",
    "python_enable_replacements",
)


def workspace() -> Path:
    """A folder that only this user can enter, and that goes when the process does."""
    _, folder = _workspace()
    return folder


@functools.cache
def _workspace() -> tuple[contextlib.ExitStack, Path]:
    kept = contextlib.ExitStack()
    atexit.register(kept.close)
    return kept, kept.enter_context(scratch("cxlib-"))


@functools.cache
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    # It reads files by the names it is given, wherever the sources say, and does nothing else:
    # no code is loaded or fetched, and no Python variable is taken for a table.
    for setting in _OFF:
        connection.execute(f"SET {setting} = false")
    connection.execute(f"SET temp_directory = {literal(workspace() / 'spilled')}")
    # In a notebook without ipywidgets there is no bar, and touching the setting is an error.
    if connection.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (True,):
        connection.execute("SET enable_progress_bar = false")
    if limit := memory_limit():
        connection.execute(f"SET memory_limit = {literal(limit)}")
    connection.execute("SET TimeZone = 'UTC'")
    # Fractions added up in the order in which threads finish differ in the last digit: equal
    # inputs would not make equal reports. On small tables one thread is the faster one, too.
    connection.execute("SET threads = 1")
    return connection


def close() -> None:
    """End the connection, if there is one, and remove the workspace; the next use begins anew."""
    if connection.cache_info().currsize:
        connection().close()
        connection.cache_clear()
    if _workspace.cache_info().currsize:
        kept, _ = _workspace()
        kept.close()
        _workspace.cache_clear()


def memory_limit() -> str:
    """How much memory the engine may fill before it goes on in files, such as "3GB"; "" if unsaid.

    Raises EngineError when CX_MEMORY_LIMIT of the environment is no such amount.
    """
    limit = os.environ.get(MEMORY_LIMIT, "")
    if limit and not _LIMIT.fullmatch(limit):
        raise EngineError(
            f"{MEMORY_LIMIT} = {limit[:40]!r} is no amount of memory",
            'write a number and MB, GB or TB, such as "3GB", or take it out of the environment',
        )
    return limit


def prepare_for(path: Path) -> None:
    """From a large file on, use all cores: from then on the last digits of sums may vary."""
    files = path.rglob("*.parquet") if path.is_dir() else [path]
    if sum(file.stat().st_size for file in files) >= LARGE_BYTES:
        connection().execute("RESET threads")


def literal(value: object) -> str:
    """An SQL text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def one_file(path: Path) -> str:
    """An SQL literal for this very file: the engine reads *, ? and [ in a name as a pattern."""
    return literal(re.sub(r"([\[*?])", r"[\1]", str(path)))


def parquet_rows(path: Path) -> str:
    """A Parquet file, or all those of a folder, with the number of each row in its file.

    Names of folders are not taken as columns.
    """
    # One scan: a union of one a file needs memory for each of them.
    files = f"{one_file(path)} || '/**/*.parquet'" if path.is_dir() else one_file(path)
    return f"read_parquet({files}, file_row_number = true, hive_partitioning = false)"


def identifier(value: str) -> str:
    """An SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


def literals(values: Iterable[object]) -> str:
    return "(" + ", ".join(literal(value) for value in values) + ")"
