"""How a column of a file becomes a canonical one, and how each value came about."""

from dataclasses import dataclass
from typing import Literal

import duckdb

from cxlib.engine.connection import connection, literal, literals
from cxlib.engine.files import PADDING, TEMPORAL, File, column_in_file

# How a staged value came about; one column of these beside each cast column.
AS_FOUND, TRIMMED, MISSING_CODE, NOT_OF_TYPE = range(4)

ColumnType = Literal["text", "number", "date", "true/false"]


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


def state(name: str) -> str:
    """Name of the staged column that says how the values of column `name` came about."""
    return f"__state_{name}"


def valid_date_format(date_format: str) -> bool:
    """Whether the engine understands a date format of the strptime kind."""
    try:
        connection().cursor().execute(f"SELECT try_strptime('', {literal(date_format)})")
    except duckdb.Error:
        return False
    return True


def is_native_date(file: File, wanted: Cast) -> bool:
    return wanted.type == "date" and file.types[wanted.index].startswith(TEMPORAL)


def raw_text(file: File, index: int) -> str:
    column = column_in_file(file, index)
    if file.holds_floats(index):
        # pandas writes a missing value of a number column as NaN.
        column = f"CASE WHEN NOT isnan({column}) THEN {column} END"
    return f"CAST({column} AS VARCHAR)"


def trimmed_text(text: str) -> str:
    # trim() with a set of characters costs more than the parser itself: only where an end may be
    # blank, or where some character is outside ASCII (more bytes than letters).
    suspect = f"{text} < '!' OR right({text}, 1) < '!' OR strlen({text}) <> length({text})"
    return f"CASE WHEN {suspect} THEN nullif(trim({text}, {literal(PADDING)}), '') ELSE {text} END"


def typed_value(file: File, wanted: Cast, number: int) -> str:
    text = f"t{number}"
    if wanted.type == "number":
        value = f"try_cast({text} AS DOUBLE)"
        # The cast also takes "nan", "inf" and digits grouped by underscores.
        value = f"CASE WHEN isfinite({value}) AND NOT contains({text}, '_') THEN {value} END"
    elif wanted.type == "date" and is_native_date(file, wanted):
        value = f"CAST(n{number} AS DATE)"
    elif wanted.type == "date":
        value = f"CAST(try_strptime({text}, {literal(wanted.date_format)}) AS DATE)"
    elif wanted.type == "true/false":
        yes, no = (
            literals(one.lower() for one in words)
            for words in (wanted.true_values, wanted.false_values)
        )
        value = f"CASE WHEN lower({text}) IN {yes} THEN true"
        value += f" WHEN lower({text}) IN {no} THEN false END"
    else:
        value = text
    if wanted.missing:
        value = f"CASE WHEN {text} NOT IN {literals(wanted.missing)} THEN {value} END"
    return value


def state_of(wanted: Cast, number: int) -> str:
    raw, text, value = f"r{number}", f"t{number}", f"v{number}"
    missing = (
        f"WHEN {text} IN {literals(wanted.missing)} THEN {MISSING_CODE} " if wanted.missing else ""
    )
    return (
        f"CAST(CASE WHEN {text} IS NULL THEN {AS_FOUND} {missing}"
        f"WHEN {value} IS NULL THEN {NOT_OF_TYPE} WHEN {text} <> {raw} THEN {TRIMMED} "
        f"ELSE {AS_FOUND} END AS UTINYINT)"
    )
