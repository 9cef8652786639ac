"""The distribution of each column in bins: what a picture shows and a later run compares with."""

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.inference import MIN_GROUP
from cxlib.quality.profiles import TENTHS

MISSING, OTHER = "(missing)", "(other)"
MOST_LEVELS = 20
CLUSTER = "customer_id"
BIN_COLUMNS = ["column", "kind", "bin", "low", "high", "level", "rows", "n", "design_effect"]
_BINNED = ("number", "true/false", "text")
_AT_A_TIME = 200


def distributions(frame: nw.LazyFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """The rows of each bin of each column; ids and dates have none.

    Bins of a number are its tenths here, (low, high], fewer where many rows share a value; of
    true/false its two values; of a text its most frequent values, at most 20 of ten rows and ten
    customers at least, and "(other)" for the rest; "(missing)" is a bin of all. Columns: column,
    kind, bin (numbered from 0), low, high (missing for levels), level ("" for intervals), rows, n
    (rows of the table), design_effect (see `counted`). `profile` is that of the table.
    """
    parts = [
        _number_bins(str(name), row)
        if row["kind"] == "number"
        else _level_bins(frame, str(name), str(row["kind"]))
        for name, row in profile.iterrows()
        if row["kind"] in _BINNED
    ]
    if not parts:
        return pd.DataFrame(columns=BIN_COLUMNS)
    return counted(frame, pd.concat(parts, ignore_index=True))


def counted(frame: nw.LazyFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table in the bins of its columns: `rows`, `n` and `design_effect` are set.

    Rows of one customer are alike, so that they tell less than as many rows of different ones.
    design_effect is the mean of the design effects of the bins' shares in a column, weighted by
    1 - share (Rao & Scott 1981), with customers as clusters: var(p_k) = G / (G - 1) sum_i
    (c_ik - p_k m_i)^2 / n^2 for customer i with m_i rows, c_ik of them in bin k. 1 where no
    customer has two rows, and never below.
    """
    bins = bins.reset_index(drop=True)
    if _customers_return(frame):
        parts = bins.groupby("column", sort=False)
        return pd.concat([_counted_by_customer(frame, part) for _, part in parts])[BIN_COLUMNS]
    flags = _in_bins(bins)
    counts = []
    for start in range(0, len(flags), _AT_A_TIME):
        part = flags[start : start + _AT_A_TIME]
        sums = [flag.cast(nw.Int64).sum().alias(str(at)) for at, flag in enumerate(part)]
        counts.append(frame.select(*sums).collect("pandas").to_native().fillna(0).to_numpy()[0])
    rows = np.concatenate(counts).astype(int)
    n = pd.Series(rows).groupby(bins["column"]).transform("sum").to_numpy()
    return bins.assign(rows=rows, n=n, design_effect=1.0)[BIN_COLUMNS]


def _customers_return(frame: nw.LazyFrame) -> bool:
    """Whether a customer has more than one row."""
    if CLUSTER not in frame.collect_schema().names():
        return False
    known = frame.filter(~nw.col(CLUSTER).is_null())
    counted = known.select(rows=nw.len(), ids=nw.col(CLUSTER).n_unique())
    [found] = counted.collect("pandas").to_native().to_dict("records")
    return bool(found["ids"] < found["rows"])


def _counted_by_customer(frame: nw.LazyFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """The bins of one column counted, with the design effect of clusters of rows."""
    names = [f"b{number}" for number in range(len(bins))]
    flags = zip(_in_bins(bins), names, strict=True)
    rows = frame.select(CLUSTER, *(flag.cast(nw.Int64).alias(name) for flag, name in flags))
    sums = [nw.col(name).sum() for name in names]
    # A row without a customer is a cluster of its own.
    alone = rows.filter(nw.col(CLUSTER).is_null()).select(*sums)
    single = alone.collect("pandas").to_native().fillna(0).to_numpy(dtype=float)[0]
    size = nw.col("m")
    known = rows.filter(~nw.col(CLUSTER).is_null())
    products = [
        *((nw.col(name) * nw.col(name)).sum().alias(f"{name}_squared") for name in names),
        *((nw.col(name) * size).sum().alias(f"{name}_m") for name in names),
    ]
    grouped = known.group_by(CLUSTER).agg(nw.len().alias("m"), *sums)
    found = grouped.select(
        nw.len().alias("customers"), (size * size).sum().alias("m_squared"), *sums, *products
    )
    [told] = found.collect("pandas").to_native().fillna(0).to_dict("records")
    count, squared, cross = (
        np.array([told[name + suffix] for name in names], dtype=float) + single
        for suffix in ("", "_squared", "_m")
    )
    sizes_squared = float(told["m_squared"]) + single.sum()
    clusters = float(told["customers"]) + single.sum()
    whole = count.astype(int)
    effect = _design_effect(count, squared, cross, sizes_squared, clusters)
    return bins.assign(rows=whole, n=int(whole.sum()), design_effect=effect)


def _design_effect(
    count: NDArray[np.float64],
    squared: NDArray[np.float64],
    cross: NDArray[np.float64],
    sizes_squared: float,
    clusters: float,
) -> float:
    """From sums over clusters of c_k, c_k^2, c_k m and m^2; 1 where it cannot be told."""
    n = count.sum()
    filled = count > 0
    if filled.sum() < 2 or clusters < 2 or clusters == n:
        return 1.0
    share = count[filled] / n
    spread = squared[filled] - 2 * share * cross[filled] + share**2 * sizes_squared
    effects = clusters / (clusters - 1) * spread / n / (share * (1 - share))
    return max(1.0, float(((1 - share) * effects).sum() / (filled.sum() - 1)))


def _number_bins(name: str, row: pd.Series) -> pd.DataFrame:
    tenths = row[list(TENTHS)].to_numpy(dtype=float)
    inner = np.unique(tenths[~np.isnan(tenths)])
    inner = inner[inner < row["most"]]
    spans = pd.DataFrame({"low": np.r_[-np.inf, inner], "high": np.r_[inner, np.inf], "level": ""})
    return _named(name, "number", pd.concat([spans, _levels([MISSING])], ignore_index=True))


def _level_bins(frame: nw.LazyFrame, name: str, kind: str) -> pd.DataFrame:
    if kind == "true/false":
        return _named(name, kind, _levels(["true", "false", MISSING]))
    counts = [nw.len().alias("__rows")]
    if CLUSTER in frame.collect_schema().names():
        counts.append(nw.col(CLUSTER).n_unique().alias("__customers"))
    found = frame.filter(~nw.col(name).is_null()).group_by(name).agg(*counts)
    enough = nw.all_horizontal(
        *(nw.col(one) >= MIN_GROUP for one in ("__rows", "__customers")[: len(counts)]),
        ignore_nulls=False,
    )
    often = found.filter(enough).sort("__rows", name, descending=[True, False]).head(MOST_LEVELS)
    levels = often.collect("pandas").to_native()[name].astype(str).tolist()
    return _named(name, kind, _levels([*levels, OTHER, MISSING]))


def frequent_levels(found: pd.DataFrame, shown: int = 5) -> pd.DataFrame:
    """The most frequent values of each column of texts or true/false, in words, a row a column.

    `found` holds `distributions`, with the column `input` in front. Columns: input, column, values
    ("app (56.3%), counter (32.0%)"); what is missing and what is not told stand among them.
    """
    rows = found[(found["kind"] != "number") & (found["rows"] > 0)]
    rows = rows.assign(
        text=[
            f"{level} ({rows / n:.1%})"
            for level, rows, n in zip(rows["level"], rows["rows"], rows["n"], strict=True)
        ]
    )
    texts = rows.groupby(["input", "column"], sort=False)["text"]
    more = (texts.size() - shown).clip(lower=0)
    values = texts.apply(lambda part: ", ".join(part.head(shown)))
    values += [f", and {count} more" if count else "" for count in more]
    return values.rename("values").reset_index()


def _levels(levels: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({"low": np.nan, "high": np.nan, "level": list(levels)})


def _named(name: str, kind: str, bins: pd.DataFrame) -> pd.DataFrame:
    return bins.assign(column=name, kind=kind, bin=range(len(bins)))


def _in_bins(bins: pd.DataFrame) -> list[nw.Expr]:
    """For each bin an expression that is true on its rows."""
    named = {
        name: [one for one in levels if one not in ("", OTHER, MISSING)]
        for name, levels in bins.groupby("column")["level"]
    }
    parts = zip(*(bins[one] for one in ("column", "kind", "low", "high", "level")), strict=True)
    return [
        _in_level(str(column), str(kind), str(level), named[column])
        if level
        else _in_span(str(column), float(low), float(high))
        for column, kind, low, high, level in parts
    ]


def _in_span(column: str, low: float, high: float) -> nw.Expr:
    """The outer bins are open: a value may lie beyond all that were seen before."""
    value = nw.col(column)
    flag = ~value.is_null()
    flag = flag & (value > low) if np.isfinite(low) else flag
    flag = flag & (value <= high) if np.isfinite(high) else flag
    return flag.fill_null(False)


def _in_level(column: str, kind: str, level: str, named: Sequence[str]) -> nw.Expr:
    value = nw.col(column)
    if level == MISSING:
        return value.is_null()
    if level == OTHER:
        return (~value.is_in(named) if named else ~value.is_null()).fill_null(False)
    if kind == "true/false":
        return (value if level == "true" else ~value).fill_null(False)
    return (value == level).fill_null(False)
