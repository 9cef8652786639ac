"""Databases: the rows of one table or query, read-only and as they stood at one moment.

SQLite files are read by themselves; all others are reached by a URL, which stands in the
environment and is a secret: no message holds it or a part of it.
"""

import contextlib
import importlib
import os
import re
import sqlite3
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxlib.engine.errors import UnreadableFileError
from cxlib.engine.forms import Form

# What stands before the name of the variable of the environment that holds the URL.
BY_NAME = "env:"

_BATCH_ROWS = 20_000
_SHORTEST_SECRET = 3
_HIDDEN = "***"
# Texts, names in quotes, and comments; what MySQL runs inside of one is none.
_ASIDE = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*(?!!).*?\*/", re.DOTALL)
# Not every database can be told to refuse these by itself.
_CHANGING = re.compile(
    r"\b(insert|update|delete|merge|truncate|drop|alter|create|grant|into)\b", re.IGNORECASE
)
# Where the usual settings do not make a transaction one consistent snapshot that cannot write.
_SNAPSHOT: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    "mysql": {"isolation_level": "REPEATABLE READ"},
    "mariadb": {"isolation_level": "REPEATABLE READ"},
    "mssql": {"isolation_level": "SNAPSHOT"},
    "oracle": {"isolation_level": "SERIALIZABLE"},
}


@dataclass(frozen=True)
class Selection:
    """The names of the columns of a table or query, and its rows as they come."""

    names: tuple[str, ...]
    rows: Iterator[Sequence[object]]


@contextlib.contextmanager
def select(place: Path, form: Form) -> Iterator[Selection]:
    """The rows of `form.table` or `form.query`, to be read inside the context.

    `place`: an SQLite file, or "env:" with the name of the variable that holds the URL of another
    database. Raises UnreadableFileError when the database or the table cannot be read, then or
    while the rows are read, or when two columns have the same name.
    """
    name = place.as_posix()
    opened = _by_url(name.removeprefix(BY_NAME), form) if name.startswith(BY_NAME) else None
    with opened or _sqlite(place, form) as selection:
        names = selection.names
        if twice := [one for one in dict.fromkeys(names) if names.count(one) > 1]:
            raise UnreadableFileError(
                f"two columns of the query are called {twice[0]}",
                "name each column, like SELECT customers.id AS customer_id",
            )
        yield selection


@contextlib.contextmanager
def _sqlite(path: Path, form: Form) -> Iterator[Selection]:
    if not path.is_file():
        raise UnreadableFileError("no such file", "correct uri, or put the file there")
    # The dates of SQLite are texts.
    bound = {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in form.bind.items()
    }
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        ) as connection:
            connection.execute("BEGIN")
            query = form.query or f"SELECT * FROM {_quoted(form.table)}"
            cursor = connection.execute(query, bound)
            cursor.arraysize = _BATCH_ROWS
            yield Selection(tuple(one[0] for one in cursor.description), cursor)
    except sqlite3.Error as error:
        raise _failed(form, str(error)) from error


def _quoted(table: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))


@contextlib.contextmanager
def _by_url(name: str, form: Form) -> Iterator[Selection]:
    url = os.environ.get(name)
    if not url:
        raise UnreadableFileError(
            f"the environment has no {name}",
            f"set {name} to the URL of the database, like postgresql://user:password@host/database",
        )
    try:
        # Takes long to import, and most inputs are files.
        sqlalchemy = importlib.import_module("sqlalchemy")
    except ModuleNotFoundError:
        raise UnreadableFileError(*_NO_DRIVER) from None
    connected = False
    database = None
    try:
        database = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        if database.dialect.name == "sqlite":
            raise UnreadableFileError(
                f"{name} holds the URL of an SQLite file",
                'write its path into uri, like uri = "sqlite:raw/shop.db"',
            )
        snapshot = _SNAPSHOT.get(database.dialect.name, {})
        with database.connect() as opened:
            connected = True
            connection = opened.execution_options(
                **snapshot, stream_results=True, yield_per=_BATCH_ROWS
            )
            result = connection.execute(_statement(sqlalchemy, form), dict(form.bind))
            names = tuple(str(one[0]) for one in result.cursor.description)
            # Never committed: what a query might have changed is undone.
            yield Selection(names, iter(result))
    except ModuleNotFoundError:
        raise UnreadableFileError(*_NO_DRIVER) from None
    except (sqlalchemy.exc.SQLAlchemyError, *_driver_errors(database)) as error:
        # The texts of these, and those of the errors behind them, may hold the URL.
        if not connected:
            raise UnreadableFileError(
                f"the database of {name} cannot be reached",
                f"check the URL in {name}, the user and the password, and the network",
            ) from None
        said = str(getattr(error, "orig", None) or error)
        raise _failed(form, _masked(said, url)) from None


_NO_DRIVER = (
    "the driver of the database is not installed",
    'install it: pip install "cxlib[databases]" for PostgreSQL, else the driver of your database',
)


def _driver_errors(database: Any) -> tuple[type[Exception], ...]:
    """The errors of the driver itself, which reading on may raise bare."""
    return () if database is None else (database.dialect.loaded_dbapi.Error,)


def _statement(sqlalchemy: Any, form: Form) -> Any:
    if form.query:
        return sqlalchemy.text(form.query)
    schema, _, table = form.table.rpartition(".")
    quoted = sqlalchemy.sql.quoted_name
    named = sqlalchemy.table(
        quoted(table, quote=True), schema=quoted(schema, quote=True) if schema else None
    )
    return sqlalchemy.select(sqlalchemy.text("*")).select_from(named)


def _failed(form: Form, said: str) -> UnreadableFileError:
    what = f"table {form.table}" if form.table else "the query"
    first = said.splitlines()[0] if said else "no reason given"
    return UnreadableFileError(
        f"{what} cannot be read: {first}", "correct table or query, or ask for the right to read it"
    )


def _masked(text: str, url: str) -> str:
    """A text without the URL and its parts, in which drivers like to repeat them."""
    parts = urllib.parse.urlsplit(url)
    given = [part for part in (parts.username, parts.hostname, parts.path[1:], parts.query) if part]
    secrets = [url, parts.netloc, parts.password or ""]
    secrets += [part for part in given if len(part) >= _SHORTEST_SECRET]
    spelled = {form for one in secrets for form in (one, urllib.parse.unquote(one)) if form}
    for secret in sorted(spelled, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text


def query_problem(query: str, bind: Mapping[str, object]) -> str:
    """What is wrong with a query before it is run, "" if nothing."""
    bare = _ASIDE.sub(" ", query)
    words = bare.split()
    if not words or words[0].upper() not in ("SELECT", "WITH"):
        return "the query does not begin with SELECT or WITH"
    if changing := _CHANGING.search(bare):
        return f"the query has {changing[0].upper()}: it must only read"
    if ";" in bare.strip().rstrip(";"):
        return "the query has a semicolon: it must be one statement"
    if missing := [name for name in bind if not re.search(rf":{name}\b", bare)]:
        return f"the query has no :{missing[0]}, which bind names"
    return ""
