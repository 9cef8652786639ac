"""The distribution of each column in bins: what a picture shows and a later run compares with."""

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.inference import MIN_GROUP
from cxlib.quality.clusters import design
from cxlib.quality.profiles import TENTHS

MISSING, OTHER = "(missing)", "(other)"
MOST_LEVELS = 20
CLUSTER = "customer_id"
DESIGN_COLUMNS = ["design_effect", "design_spread", "effective_customers"]
BIN_COLUMNS = ["column", "kind", "bin", "low", "high", "level", "rows", "n", *DESIGN_COLUMNS]
_BINNED = ("number", "true/false", "text")
_AT_A_TIME = 200


def distributions(frame: nw.LazyFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """The rows of each bin of each column; ids and dates have none.

    Bins of a number are its tenths here, (low, high], fewer where many rows share a value; of
    true/false its two values; of a text its most frequent values, at most 20, and "(other)" for the
    rest; "(missing)" is a bin of all. No bin but the missing holds one to nine people (customers,
    or rows where the table has none): neighbours are joined, values join the others; a column
    without ten has no bins. Columns: column, kind, bin (numbered from 0), low, high (missing for
    levels), level ("" for intervals), rows, n (rows of the table) and the design (see `counted`).
    `profile` is that of the table.
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
    bins = pd.concat(parts, ignore_index=True)
    merged = [_merged(part, *_held(frame, part)) for _, part in bins.groupby("column", sort=False)]
    bins = pd.concat(merged, ignore_index=True)
    return counted(frame, bins) if len(bins) else pd.DataFrame(columns=BIN_COLUMNS)


def _held(
    frame: nw.LazyFrame, bins: pd.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The people in each bin of a column, and those who are in none before it.

    People are customers, or rows where the table has none.
    """
    names = [f"b{at}" for at in range(len(bins))]
    flags = [flag.cast(nw.Int64).alias(at) for flag, at in zip(_in_bins(bins), names, strict=True)]
    if CLUSTER in frame.collect_schema().names():
        known = frame.select(CLUSTER, *flags).filter(~nw.col(CLUSTER).is_null())
        people = known.group_by(CLUSTER).agg(*(nw.col(name).max() for name in names))
    else:
        people = frame.select(*flags)
    first = [
        (nw.col(name) * (1 - nw.max_horizontal(*names[:at]))).sum().alias(f"first{at}")
        for at, name in enumerate(names)
        if at
    ]
    sums = people.select(*(nw.col(name).sum() for name in names), *first)
    found = sums.collect("pandas").to_native().fillna(0).to_numpy(dtype=float)[0]
    held = found[: len(names)]
    return held, np.r_[held[:1], found[len(names) :]]


def _merged(
    bins: pd.DataFrame, held: NDArray[np.float64], first: NDArray[np.float64]
) -> pd.DataFrame:
    """The bins of a column without any of few people besides the missing (see `_held`)."""
    known = (bins["level"] != MISSING).to_numpy()
    name, kind = str(bins["column"].iloc[0]), str(bins["kind"].iloc[0])
    held, first, levels = held[known], first[known], bins["level"].to_numpy()[known]
    # A joined bin holds at least the people of its fullest part, and all who are new in a part.
    if max(held.max(initial=0), first.sum()) < MIN_GROUP:
        return bins.head(0)
    if kind == "number":
        ends: list[float] = []
        most = new = 0.0
        for high, size, others in zip(bins["high"].to_numpy()[known], held, first, strict=True):
            most, new = max(most, size), new + others
            if max(most, new) >= MIN_GROUP:
                ends, most, new = [*ends, float(high)], 0.0, 0.0
        ends = ends[:-1] if most else ends
        return _number_spans(name, np.array([end for end in ends if np.isfinite(end)]))
    few = (held > 0) & (held < MIN_GROUP)
    others = few | (levels == OTHER)
    # The smallest first, until those that are told together hold enough.
    for place in np.argsort(held, kind="stable"):
        if not 0 < max(held[others].max(initial=0), first[others].sum()) < MIN_GROUP:
            break
        others[place] = True
    shared = [OTHER] if kind == "text" or others.any() else []
    return _named(name, kind, _levels([*levels[~others], *shared, MISSING]))


def counted(frame: nw.LazyFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table in the bins of its columns, with the design of each column.

    Sets `rows`, `n`, and, the same for all bins of a column, `design_effect`, `design_spread` and
    `effective_customers` (see `clusters.design`). Rows of one customer are alike, so that they tell
    less than as many rows of different ones: customers are clusters, a row without one is a
    cluster of its own. Where no customer has two rows they are 1, 0 and n.
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
    counted = bins.assign(rows=rows, n=n, design_effect=1.0, design_spread=0.0)
    return counted.assign(effective_customers=n.astype(float))[BIN_COLUMNS]


def _customers_return(frame: nw.LazyFrame) -> bool:
    """Whether a customer has more than one row."""
    if CLUSTER not in frame.collect_schema().names():
        return False
    known = frame.filter(~nw.col(CLUSTER).is_null())
    counted = known.select(rows=nw.len(), ids=nw.col(CLUSTER).n_unique())
    [found] = counted.collect("pandas").to_native().to_dict("records")
    return bool(found["ids"] < found["rows"])


def _counted_by_customer(frame: nw.LazyFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """The bins of one column counted, with the design of clusters of rows."""
    names = [f"b{number}" for number in range(len(bins))]
    flags = zip(_in_bins(bins), names, strict=True)
    rows = frame.select(CLUSTER, *(flag.cast(nw.Int64).alias(name) for flag, name in flags))
    sums = [nw.col(name).sum() for name in names]
    # A row without a customer is a cluster of its own.
    alone = rows.filter(nw.col(CLUSTER).is_null()).select(*sums)
    single = alone.collect("pandas").to_native().fillna(0).to_numpy(dtype=float)[0]
    grouped = rows.filter(~nw.col(CLUSTER).is_null()).group_by(CLUSTER).agg(*sums)
    counted = grouped.select(nw.len().alias("customers"), *sums)
    [customers, *found] = counted.collect("pandas").to_native().fillna(0).to_numpy(dtype=float)[0]
    count = np.array(found) + single
    part = bins.assign(rows=count.astype(int), n=int(count.sum()))
    if not count.any():
        return part.assign(**dict.fromkeys(DESIGN_COLUMNS, 1.0)).assign(design_spread=0.0)
    filled = [at for at in range(len(names)) if count[at]]
    each = [nw.col(names[at]).cast(nw.Float64) for at in filled]
    pairs = [(k, j) for k in range(len(filled)) for j in range(k + 1)]
    share = count[filled] / count.sum()
    influence = nw.sum_horizontal(
        *(one * one / float(q) for one, q in zip(each, share, strict=True))
    ) - nw.sum_horizontal(*each) * nw.sum_horizontal(*each)
    squares = [(each[k] * each[j]).sum().alias(f"p{at}") for at, (k, j) in enumerate(pairs)]
    told = grouped.select((influence * influence).sum().alias("influence"), *squares)
    [squared, *sums_of] = told.collect("pandas").to_native().fillna(0).to_numpy(dtype=float)[0]
    products = np.diag(single[filled])
    for (k, j), value in zip(pairs, sums_of, strict=True):
        products[k, j] += value
        products[j, k] = products[k, j]
    squared += float((single[filled] * (1 / share - 1) ** 2).sum())
    of = design(count[filled], products, customers + single.sum(), squared)
    return part.assign(
        design_effect=of.effect, design_spread=of.spread, effective_customers=of.customers
    )


def _number_bins(name: str, row: pd.Series) -> pd.DataFrame:
    tenths = row[list(TENTHS)].to_numpy(dtype=float)
    inner = np.unique(tenths[~np.isnan(tenths)])
    return _number_spans(name, inner[inner < row["most"]])


def _number_spans(name: str, inner: NDArray[np.float64]) -> pd.DataFrame:
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
