"""The cells of many columns as one long table, so that one question is asked of all columns.

A question of a thousand parts takes an engine longer to plan than to answer.
"""

from collections.abc import Iterable, Mapping, Sequence

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib import engine

TENTHS = {f"d{tenth}": tenth / 10 for tenth in range(1, 10)}
QUANTILES = {"p01": 0.01, **TENTHS, "p99": 0.99}


def cells(
    frame: nw.LazyFrame, columns: Mapping[str, nw.Expr], keys: Sequence[str] = ()
) -> nw.LazyFrame:
    """A row for each cell, blanks too: the `keys` of its row, `column` (its name) and `value`.

    `columns`: name -> the values, of one type in all.
    """
    rows = frame.select(*keys, *(value.alias(name) for name, value in columns.items()))
    return engine.unpivot(rows, [*columns], keys)


def filled(
    frame: nw.LazyFrame, columns: Mapping[str, nw.Expr], keys: Sequence[str] = ()
) -> nw.LazyFrame:
    """The `cells` that have a value."""
    return cells(frame, columns, keys).filter(~nw.col("value").is_null())


def texts(names: Iterable[str]) -> dict[str, nw.Expr]:
    """Columns as `cells` wants them, whatever their types."""
    return {name: nw.col(name).cast(nw.String) for name in names}


def numbers(names: Iterable[str]) -> dict[str, nw.Expr]:
    """Columns of numbers as `cells` wants them."""
    return {name: nw.col(name).cast(nw.Float64) for name in names}


def counted_values(frame: nw.LazyFrame, columns: Mapping[str, nw.Expr]) -> pd.DataFrame:
    """Index `column`: `known` cells with a value, `distinct` values, `first` and `last` of them."""
    value, rows = nw.col("value"), nw.col("rows")
    counted = filled(frame, columns).group_by("column", "value").agg(nw.len().alias("rows"))
    found = counted.group_by("column").agg(
        rows.sum().alias("known"),
        nw.len().alias("distinct"),
        value.min().alias("first"),
        value.max().alias("last"),
    )
    return _by_column(found, [*columns], ["known", "distinct"])


def number_figures(frame: nw.LazyFrame, names: Sequence[str]) -> pd.DataFrame:
    """Index `column`; of numbers without the blanks: known, distinct, least, most, zeros,
    negatives, fractions (those that are not whole) and the QUANTILES.

    The quantile of the share p lies at h = (known - 1) p of the sorted values, counted from 0,
    linear between two of them.
    """
    value, rows, known, through = map(nw.col, ("value", "rows", "known", "through"))
    values = filled(frame, numbers(names)).group_by("column", "value")
    counted = values.agg(nw.len().cast(nw.Int64).alias("rows"))
    counts = {"zeros": value == 0, "negatives": value < 0, "fractions": value != value.round(0)}
    # Counts are whole: more than h are more than the whole number below h.
    ends = {
        f"{name}_{end}": through > (known - 1) * share + end
        for name, share in QUANTILES.items()
        for end in (0, 1)
    }
    placed = counted.with_columns(
        rows.sum().over("column").alias("known"),
        rows.cum_sum().over("column", order_by="value").alias("through"),
    ).select(
        "column",
        "value",
        "rows",
        *(nw.when(true).then(rows).otherwise(0).alias(name) for name, true in counts.items()),
        *(nw.when(true).then(value).alias(name) for name, true in ends.items()),
    )
    found = placed.group_by("column").agg(
        rows.sum().alias("known"),
        nw.len().alias("distinct"),
        value.min().alias("least"),
        value.max().alias("most"),
        nw.col(*counts).sum(),
        nw.col(*ends).min(),
    )
    table = _by_column(found, names, ["known", "distinct", *counts])
    for name, share in QUANTILES.items():
        low, high = table[f"{name}_0"], table[f"{name}_1"]
        at = (table["known"] - 1) * share
        table[name] = low + (high.fillna(low) - low) * (at - np.floor(at))
    return table.drop(columns=[*ends])


def _by_column(found: nw.LazyFrame, names: Sequence[str], counts: Sequence[str]) -> pd.DataFrame:
    """A row for each of the columns, in their order: one of blanks alone has no cell."""
    table = found.collect("pandas").to_native().set_index("column").reindex(names)
    return table.assign(**{count: table[count].fillna(0).astype("int64") for count in counts})
