"""Folders of Parquet files that are one table, also in subfolders named like month=2024-01."""

import hashlib
import re
import urllib.parse
from collections.abc import Sequence
from pathlib import Path

from cxlib.engine import frames
from cxlib.engine.connection import identifier, literal, one_file
from cxlib.engine.errors import UnreadableFileError

_NAME = "__file_name"
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
_AS_OTHERS = "write it again with the columns and types of the others, or take it out"


def parts(folder: Path) -> list[Path]:
    """The Parquet files of a folder and its subfolders, in the order of their names.

    Names that begin with "." or "_" are left to other programs. Raises UnreadableFileError when
    there is no Parquet file, or a file of another kind.
    """
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(one.startswith((".", "_")) for one in path.relative_to(folder).parts)
    )
    for path in files:
        if not path.name.lower().endswith(".parquet"):
            raise UnreadableFileError(
                f"{path.relative_to(folder).as_posix()} is no .parquet file",
                "move it elsewhere: all files of the folder are one table",
            )
    if not files:
        raise UnreadableFileError("no .parquet file in the folder", "correct uri")
    return files


def keys(folder: Path, part: Path) -> dict[str, str | None]:
    """The columns that the names of the subfolders of a file stand for, and their values."""
    pairs = (one.partition("=") for one in part.relative_to(folder).parts[:-1] if "=" in one)
    return {
        urllib.parse.unquote(key): None if value == _NO_VALUE else urllib.parse.unquote(value)
        for key, _, value in pairs
    }


def check_alike(folder: Path, tables: dict[Path, dict[str, str]]) -> None:
    """Raise UnreadableFileError, naming the file, when one has other columns than the most.

    `tables`: file -> its columns, those of subfolders included, with their types.
    """
    kinds = [frozenset(columns.items()) for columns in tables.values()]
    usual = max(kinds, key=kinds.count)
    for (path, columns), kind in zip(tables.items(), kinds, strict=True):
        if kind == usual:
            continue
        name, expected = path.relative_to(folder).as_posix(), dict(usual)
        if missing := [one for one in expected if one not in columns]:
            problem = f"{name} has no column {min(missing)}, which other files have"
        elif more := [one for one in columns if one not in expected]:
            problem = f"{name} has a column {more[0]}, which other files do not have"
        else:
            odd = next(one for one in columns if columns[one] != expected[one])
            problem = f"{name} has {odd} as {columns[odd]}, but other files as {expected[odd]}"
        raise UnreadableFileError(problem, _AS_OTHERS)


def scan(folder: Path, files: Sequence[Path]) -> str:
    """The rows of the files, one file after another, with the columns of the subfolders.

    Column file_row_number counts the rows of each file from 0.
    """
    listed = ", ".join(map(one_file, files))
    table = (
        f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false,"
        f" file_row_number = true, filename = {literal(_NAME)})"
    )
    values = ", ".join(f"{_value_of(key)} AS {identifier(key)}" for key in keys(folder, files[0]))
    return f"(SELECT * EXCLUDE {_NAME}{', ' if values else ''}{values} FROM {table})"


def _value_of(key: str) -> str:
    # The last one of the path: a folder further up may be named so too.
    written = re.escape(urllib.parse.quote(key, safe=""))
    pattern = f".*/(?:{re.escape(key)}|{written})=([^/]*)/"
    found = f"regexp_extract({_NAME}, {literal(pattern)}, 1)"
    return f"url_decode(nullif({found}, {literal(_NO_VALUE)}))"


def content_hash(folder: Path) -> str:
    """SHA-256 over the names and contents of all files below a folder."""
    whole = hashlib.sha256()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path, content in zip(files, frames.each(_hash, files), strict=True):
        whole.update(f"{content} {path.relative_to(folder).as_posix()}\n".encode())
    return whole.hexdigest()


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
