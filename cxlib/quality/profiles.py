"""What each column of a canonical table holds: blanks, values, range."""

import datetime
from collections.abc import Collection
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

TENTHS = tuple(f"d{tenth}" for tenth in range(1, 10))
CUSTOMER = "customer_id"
# A column with more different values than this share of its rows, or of its customers, may name
# single people.
NAMING_RATE = 0.5
_ENOUGH_TO_NAME = 30
_LEAST_CODE = 1e6
# Whole numbers of eight digits are of a phone, an account or a person rather than of an amount.
_LEAST_NUMBER = 1e7
_AT_A_TIME = 25
_COUNTS = ["n", "missing", "distinct", "customers", "zeros", "negatives", "fractions"]
_NUMBERS = ["least", *TENTHS, "most", "mean"]
# What a blank says where it is no missing value.
BLANK_MEANS = {
    "ended": "still a customer",
    "leaving": "still a customer, or no cause given",
    "treated": "not in the campaign",
    "total_charges": "before the first bill",
    "base": "the value is no count",
}


def profile(frame: nw.LazyFrame, attributes: Collection[str] = ()) -> pd.DataFrame:
    """One row a column of the table, counted by the engine.

    Index `column`. `kind`: "id", "date", "number", "true/false" or "text". An id is what is called
    ..._id and what may name people: a text of which more than half the values differ (30 rows or
    more), and among the `attributes` a text, or a whole number from a million on, with more
    different values than half its rows or half its customers, and any whole numbers of eight digits
    or more, for such are phones and accounts. `n`: rows of the table; `missing`: those without a
    value; `distinct`: different values; `customers`: those with a value, missing where the table
    has no customer_id. Of numbers `least`, `d1` to `d9` (tenths, between two values linear),
    `most`, `mean`, `zeros`, `negatives`, `fractions` (values that are not whole); of dates `first`
    and `last`. What a kind has not is missing; of ids there are only counts. What of it may be
    shown: see `shown`.
    """
    names = frame.collect_schema().names()
    # An engine plans many small questions faster than one of a thousand parts.
    parts = [names[start : start + _AT_A_TIME] for start in range(0, len(names), _AT_A_TIME)]
    table = _typed({name: row for part in parts for name, row in _profiled(frame, part).items()})
    table["customers"] = _customers(frame, table)
    known, own = table["n"] - table["missing"], table.index.isin(list(attributes))
    people = known.where(table["customers"].isna() | ~own, table["customers"])
    varied = (known >= _ENOUGH_TO_NAME) & (table["distinct"] > NAMING_RATE * people)
    whole = table["fractions"].le(NAMING_RATE * known) & own
    furthest = table[["least", "most"]].abs().max(axis=1)
    coded = whole & (table["least"].abs() >= _LEAST_CODE)
    naming = (varied & ((table["kind"] == "text") | coded)) | (whole & (furthest >= _LEAST_NUMBER))
    table.loc[naming.fillna(False).astype(bool), "kind"] = "id"
    table.loc[table["kind"] == "id", [*_COUNTS[4:], *_NUMBERS]] = pd.NA
    return table


def _customers(frame: nw.LazyFrame, table: pd.DataFrame) -> pd.Series:
    """The customers with a value in each column."""
    if CUSTOMER not in table.index:
        return pd.Series(pd.NA, table.index, dtype="Int64")
    counts = pd.Series(table.loc[CUSTOMER, "distinct"], table.index, dtype="Int64")
    blank = [str(name) for name in table.index[table["missing"] > 0] if name != CUSTOMER]
    for start in range(0, len(blank), _AT_A_TIME):
        part = blank[start : start + _AT_A_TIME]
        asked = [
            nw.when(~nw.col(name).is_null()).then(nw.col(CUSTOMER)).n_unique().alias(str(number))
            for number, name in enumerate(part)
        ]
        found = frame.select(*asked).collect("pandas").to_native().to_numpy()[0]
        # What a blank leaves out counts as a value to the engine.
        counts.loc[part] = np.array([int(one) - 1 for one in found])
    return counts


def _profiled(frame: nw.LazyFrame, names: list[str]) -> dict[str, dict[str, Any]]:
    schema = frame.collect_schema()
    figures = {name: _figures(name, kind_of(name, schema[name])) for name in names}
    asked = [
        expression.alias(f"{number}.{figure}")
        for number, name in enumerate(names)
        for figure, expression in figures[name].items()
    ]
    counted = frame.select(nw.len().alias("n"), *asked).collect("pandas").to_native()
    [values] = counted.to_dict("records")
    return {
        name: {figure: values[f"{number}.{figure}"] for figure in figures[name]}
        | {"kind": kind_of(name, schema[name]), "n": values["n"]}
        for number, name in enumerate(names)
    }


def kind_of(name: str, dtype: Any) -> str:
    """The kind of a column by its name and type alone."""
    if name.endswith("_id"):
        return "id"
    if dtype == nw.Boolean:
        return "true/false"
    if dtype.is_numeric():
        return "number"
    return "date" if dtype.is_temporal() else "text"


def _figures(name: str, kind: str) -> dict[str, nw.Expr]:
    value = nw.col(name)
    figures = {"missing": value.is_null().cast(nw.Int64).sum(), "distinct": value.n_unique()}
    if kind == "date":
        figures |= {"first": value.min(), "last": value.max()}
    if kind == "number":
        figures |= {"least": value.min(), "most": value.max(), "mean": value.mean()}
        figures |= {"zeros": _count(value == 0), "negatives": _count(value < 0)}
        figures |= {"fractions": _count(value != value.round(0))}
        figures |= {
            name: value.quantile(tenth / 10, "linear") for tenth, name in enumerate(TENTHS, 1)
        }
    return figures


def _count(true: nw.Expr) -> nw.Expr:
    return true.fill_null(False).cast(nw.Int64).sum()


def _typed(rows: dict[str, dict[str, Any]]) -> pd.DataFrame:
    columns = ["kind", *_COUNTS, *_NUMBERS, "first", "last"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table[_COUNTS] = table[_COUNTS].astype("Int64")
    # A sum over no rows is null.
    table[_COUNTS[:3]] = table[_COUNTS[:3]].fillna(0)
    # A blank counts as a value to the engine.
    table["distinct"] -= (table["missing"] > 0).astype("Int64")
    table[_NUMBERS] = table[_NUMBERS].astype(float)
    for name in ("first", "last"):
        table[name] = [_day(value) for value in table[name]]
    return table.rename_axis("column")


def _day(value: Any) -> datetime.date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()
