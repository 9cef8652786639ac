"""Rows of Python values, as workbooks and databases give them, written to Parquet as text.

A value becomes the text that its owner reads: a whole number without a decimal mark, a date as
year-month-day. Only a column of nothing but days or times is kept as such.
"""

import datetime
import decimal
import hashlib
import itertools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow
import pyarrow.parquet

from cxlib.engine.connection import connection, literal, one_file

_BATCH_ROWS = 20_000
_FIRST_PLACES = 10
# A spreadsheet keeps 15 digits of a number, a floating-point number hardly more.
_INEXACT = 1e15


@dataclass(frozen=True)
class Fault:
    """Cells of one column that hold nothing to be trusted, all for one reason.

    `places`: the first of their rows. `code`: what stands there, where it may be declared as a
    missing code. `of_ids`: wrong only in a column of ids.
    """

    index: int
    problem: str
    remedy: str
    count: int
    places: tuple[int, ...]
    code: str = ""
    of_ids: bool = False

    @classmethod
    def at(
        cls,
        index: int,
        problem: str,
        remedy: str,
        places: Sequence[int],
        *,
        code: str = "",
        of_ids: bool = False,
    ) -> "Fault":
        first = tuple(places[:_FIRST_PLACES])
        return cls(index, problem, remedy, len(places), first, code, of_ids)


@dataclass(frozen=True)
class Extract:
    """Rows written to Parquet in columns c0, c1, ... of these types; a hash of all values.

    `grouped`: of a column with numbers, the rows of texts that may be thousands or a fraction.
    """

    path: Path
    types: tuple[str, ...]
    sha256: str
    faults: tuple[Fault, ...]
    grouped: dict[int, list[int]]


@dataclass(frozen=True)
class _Wrong:
    problem: str
    remedy: str
    types: frozenset[type]
    is_wrong: Callable[[object], bool]
    of_ids: bool = False


def _lost_digits(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value) and abs(value) >= _INEXACT


def _zoned(value: object) -> bool:
    return isinstance(value, datetime.datetime) and value.tzinfo is not None


def _always(value: object) -> bool:
    return True


_WRONG = (
    _Wrong(
        "digits were lost: a number of 16 or more digits does not keep them all",
        "write the ids as text where they come from, and export again",
        frozenset({float}),
        _lost_digits,
        of_ids=True,
    ),
    _Wrong(
        "times with a time zone, which would move days",
        "select the local day of each row",
        frozenset({datetime.datetime}),
        _zoned,
    ),
    _Wrong(
        "no text, number, date or true/false, but binary data",
        "name another column, or convert it to text where it comes from",
        frozenset({bytes, bytearray, memoryview}),
        _always,
    ),
    _Wrong(
        "no single value, but several in one cell",
        "name another column, or take one value out of it where it comes from",
        frozenset({list, tuple, dict, set}),
        _always,
    ),
)


def extract(
    rows: Iterable[Sequence[object]], width: int, folder: Path, first_place: int, mark: str
) -> Extract:
    """Write rows of `width` values to a Parquet file in `folder`, a batch after another.

    A blank text stays one, and None is null. `first_place`: the number of the first row in
    messages. `mark`: the decimal mark of the texts of this table, so that the numbers and the
    texts of one column read alike.
    """
    names = [f"c{index}" for index in range(width)]
    schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
    kinds: list[set[str]] = [set() for _ in names]
    wrong: dict[tuple[int, _Wrong], list[int]] = {}
    grouped: dict[int, list[int]] = {}
    thousand = re.compile(rf"[-+]?[1-9][0-9]{{0,2}}{re.escape(mark)}[0-9]{{3}}")
    digest = hashlib.sha256()
    stream, place = iter(rows), first_place
    path = folder / "extract.parquet"
    with pyarrow.parquet.ParquetWriter(path, schema, compression="lz4") as writer:
        while batch := list(itertools.islice(stream, _BATCH_ROWS)):
            columns = []
            for index, values in enumerate(zip(*batch, strict=True)):
                types = set(map(type, values))
                kinds[index] |= _kinds(values, types)
                for one in _WRONG:
                    if types & one.types:
                        found = [place + at for at, it in enumerate(values) if one.is_wrong(it)]
                        wrong.setdefault((index, one), []).extend(found)
                if str in types and types & _NUMBERS:
                    texts_at = ((place + at, it) for at, it in enumerate(values))
                    some = [
                        at for at, it in texts_at if isinstance(it, str) and thousand.fullmatch(it)
                    ]
                    grouped.setdefault(index, []).extend(some)
                texts = list(values) if types <= _TEXTUAL else [text_of(it, mark) for it in values]
                columns.append(pyarrow.array(texts, pyarrow.string()))
                digest.update(repr(texts).encode("utf-8", "backslashreplace"))
            writer.write_table(pyarrow.table(columns, schema=schema))
            place += len(batch)
    column_types = tuple(_type(kind) for kind in kinds)
    faults = [
        Fault.at(index, one.problem, one.remedy, places, of_ids=one.of_ids)
        for (index, one), places in wrong.items()
        if places
    ]
    return Extract(
        _typed(path, column_types),
        column_types,
        digest.hexdigest(),
        tuple(faults),
        {index: rows for index, rows in grouped.items() if rows},
    )


_TEXTUAL = frozenset({str, type(None)})
_NUMBERS = frozenset({int, float, decimal.Decimal})
_TEMPORAL = frozenset({datetime.date, datetime.datetime})


def _kinds(values: Sequence[object], types: set[type]) -> set[str]:
    if not types & _TEMPORAL:
        return {"VARCHAR"} if any(value not in (None, "") for value in values) else set()
    return {_kind(value) for value in values if value not in (None, "")}


def _kind(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return "DATE" if value.time() == datetime.time() else "TIMESTAMP"
    return "DATE" if isinstance(value, datetime.date) else "VARCHAR"


def _type(kinds: set[str]) -> str:
    if "VARCHAR" in kinds or not kinds:
        return "VARCHAR"
    return "TIMESTAMP" if "TIMESTAMP" in kinds else "DATE"


def text_of(value: object, mark: str) -> str | None:
    """The text that the owner of a value reads; None for null."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, (float, decimal.Decimal)):
        return _number(value, mark)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if _kind(value) == "DATE" else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _number(value: float | decimal.Decimal, mark: str) -> str:
    """A number without an exponent, a whole one without a decimal mark."""
    if not math.isfinite(value):
        return str(value)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _INEXACT:
            return str(int(value))
        text = repr(value)
        if "e" in text:
            text = format(decimal.Decimal(text), "f")
    else:
        text = format(value, "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{mark}{fraction}" if fraction else whole


def _typed(path: Path, types: Sequence[str]) -> Path:
    """The same file with its columns of days and times as such."""
    temporal = [
        f"CAST(nullif(c{index}, '') AS {type_name}) AS c{index}"
        for index, type_name in enumerate(types)
        if type_name != "VARCHAR"
    ]
    if not temporal:
        return path
    target = path.with_name("typed.parquet")
    connection().cursor().execute(
        f"COPY (SELECT * REPLACE ({', '.join(temporal)}) FROM read_parquet({one_file(path)}))"
        f" TO {literal(target)} (FORMAT parquet, COMPRESSION lz4_raw)"
    )
    return target
