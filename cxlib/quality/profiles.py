"""What each column of a canonical table holds: blanks, values, range."""

import datetime
from collections.abc import Collection
from typing import Any

import narwhals as nw
import pandas as pd

from cxlib.quality.cells import QUANTILES, counted_values, filled, number_figures, texts

CUSTOMER = "customer_id"
# A column with more different values than this share of its rows, or of its customers, may name
# single people.
NAMING_RATE = 0.5
_ENOUGH_TO_NAME = 30
_LEAST_CODE = 1e6
# Whole numbers of eight digits are of a phone, an account or a person rather than of an amount.
_LEAST_NUMBER = 1e7
_COUNTS = ["n", "missing", "distinct", "customers", "zeros", "negatives", "fractions"]
_NUMBERS = ["least", *QUANTILES, "most", "mean"]
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
    has no customer_id. Of numbers `least`, `p01` and `p99` (the first and last hundredth), `d1` to
    `d9` (tenths; all these between two values linear), `most`, `mean`, `zeros`, `negatives`,
    `fractions` (values that are not whole); of dates `first` and `last`. What a kind has not is
    missing; of ids there are only counts. What of it may be shown: see `shown`.
    """
    schema = frame.collect_schema()
    table = _counted(frame, {name: kind_of(name, dtype) for name, dtype in schema.items()})
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
    if blank:
        people = frame.filter(~nw.col(CUSTOMER).is_null())
        each = filled(people, texts(blank), [CUSTOMER]).select("column", CUSTOMER).unique()
        found = each.group_by("column").agg(nw.len().alias("people")).collect("pandas").to_native()
        counts[blank] = found.set_index("column")["people"].reindex(blank).fillna(0).to_numpy()
    return counts


def _counted(frame: nw.LazyFrame, kinds: dict[str, str]) -> pd.DataFrame:
    numbers = [name for name, kind in kinds.items() if kind == "number"]
    others = texts(name for name in kinds if name not in numbers)
    parts = [number_figures(frame, numbers)] if numbers else []
    parts += [counted_values(frame, others)] if others else []
    table = pd.concat(parts).reindex([*kinds])
    table.insert(0, "kind", pd.Series(kinds))
    means = {f"mean{at}": nw.col(name).mean() for at, name in enumerate(numbers)}
    [whole] = frame.select(n=nw.len(), **means).collect("pandas").to_native().to_dict("records")
    table["n"] = whole["n"]
    table["mean"] = pd.Series(
        {name: whole[f"mean{at}"] for at, name in enumerate(numbers)}, table.index, dtype=float
    )
    table["missing"] = table["n"] - table["known"]
    table[_COUNTS] = table.reindex(columns=_COUNTS).astype("Int64")
    table[_NUMBERS] = table.reindex(columns=_NUMBERS).astype(float)
    dates = [name for name, kind in kinds.items() if kind == "date"]
    for end in ("first", "last"):
        days = [_day(table.loc[name, end]) if name in dates else None for name in kinds]
        table[end] = pd.Series(days, table.index, dtype=object)
    columns = ["kind", *_COUNTS, *_NUMBERS, "first", "last"]
    return table[columns].rename_axis("column")


def kind_of(name: str, dtype: Any) -> str:
    """The kind of a column by its name and type alone."""
    if name.endswith("_id"):
        return "id"
    if dtype == nw.Boolean:
        return "true/false"
    if dtype.is_numeric():
        return "number"
    return "date" if dtype.is_temporal() else "text"


def _day(value: Any) -> datetime.date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()
