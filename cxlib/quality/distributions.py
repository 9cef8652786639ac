"""The distribution of each column in bins: what a picture shows and a later run compares with."""

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib import engine
from cxlib.inference import MIN_GROUP
from cxlib.quality.cells import TENTHS, cells, filled, numbers, texts
from cxlib.quality.clusters import design

MISSING, OTHER = "(missing)", "(other)"
MOST_LEVELS = 20
CLUSTER = "customer_id"
DESIGN_COLUMNS = ["design_effect", "design_spread", "effective_customers"]
BIN_COLUMNS = ["column", "kind", "bin", "low", "high", "level", "rows", "n", *DESIGN_COLUMNS]
_BINNED = ("number", "true/false", "text")
_NO_BIN = -1


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
    binned = [
        (str(name), str(row["kind"]), row)
        for name, row in profile.iterrows()
        if row["kind"] in _BINNED
    ]
    if not binned:
        return pd.DataFrame(columns=BIN_COLUMNS)
    levels = _frequent(frame, [name for name, kind, _ in binned if kind == "text"])
    bins = pd.concat(
        [
            _number_bins(name, row) if kind == "number" else _level_bins(name, kind, levels)
            for name, kind, row in binned
        ],
        ignore_index=True,
    )
    held = _held(frame, bins)
    merged = [
        _merged(part, *held.loc[part.index].to_numpy(dtype=float).T)
        for _, part in bins.groupby("column", sort=False)
    ]
    bins = pd.concat(merged, ignore_index=True)
    return counted(frame, bins) if len(bins) else pd.DataFrame(columns=BIN_COLUMNS)


def _held(frame: nw.LazyFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """A row for each of the bins: the people in it, and those in no bin of the column before it.

    People are customers, or rows where the table has none.
    """
    if CLUSTER not in frame.collect_schema().names():
        rows = _binned(frame, bins).group_by("column", "bin").agg(nw.len().alias("people"))
        people = _of_bins(rows, bins)["people"]
        return pd.DataFrame({"held": people, "first": people})
    known = frame.filter(~nw.col(CLUSTER).is_null())
    each = _binned(known, bins, [CLUSTER])
    counts = {
        "held": each.unique(),
        "first": each.group_by(CLUSTER, "column").agg(nw.col("bin").min()),
    }
    return pd.DataFrame(
        {
            name: _of_bins(one.group_by("column", "bin").agg(nw.len().alias(name)), bins)[name]
            for name, one in counts.items()
        }
    )


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
        return _counted_by_customer(frame, bins)
    rows = _binned(frame, bins).group_by("column", "bin").agg(nw.len().alias("rows"))
    told = bins.assign(rows=_of_bins(rows, bins)["rows"].astype(int))
    told["n"] = told.groupby("column")["rows"].transform("sum")
    told = told.assign(design_effect=1.0, design_spread=0.0)
    return told.assign(effective_customers=told["n"].astype(float))[BIN_COLUMNS]


def _customers_return(frame: nw.LazyFrame) -> bool:
    """Whether a customer has more than one row."""
    if CLUSTER not in frame.collect_schema().names():
        return False
    known = frame.filter(~nw.col(CLUSTER).is_null())
    counted = known.group_by(CLUSTER).agg(nw.len().alias("rows")).select(most=nw.col("rows").max())
    most = counted.collect().item()
    return most is not None and most > 1


def _counted_by_customer(frame: nw.LazyFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """The bins counted, with the design of clusters of rows."""
    rows, customer = nw.col("rows"), nw.col(CLUSTER)
    each = _binned(frame, bins, [CLUSTER]).group_by(CLUSTER, "column", "bin")
    counted = engine.keep(each.agg(nw.len().cast(nw.Int64).alias("rows")))
    # A row without a customer is a cluster of its own.
    sums = counted.group_by("column", "bin").agg(
        rows.sum(), nw.when(customer.is_null()).then(rows).sum().alias("single")
    )
    told = bins.assign(**_of_bins(sums, bins)).astype({"rows": int})
    told["n"] = told.groupby("column")["rows"].transform("sum")
    grouped = counted.filter(~customer.is_null())
    shares = told.assign(share=told["rows"] / told["n"])[told["rows"] > 0]
    lent = engine.lend(shares[["column", "bin", "share"]])
    of_customer = grouped.join(lent, on=["column", "bin"], how="inner").select(
        CLUSTER, "column", "rows", squares=rows.cast(nw.Float64) * rows / nw.col("share")
    )
    influence = of_customer.group_by(CLUSTER, "column").agg(rows.sum(), nw.col("squares").sum())
    influence = influence.select("column", each=nw.col("squares") - rows * rows)
    clusters = influence.select("column", square=nw.col("each") * nw.col("each"))
    clusters = clusters.group_by("column").agg(nw.len().alias("customers"), nw.col("square").sum())
    pairs = grouped.join(grouped, on=[CLUSTER, "column"], how="inner", suffix="_other")
    pairs = pairs.select("column", "bin", "bin_other", product=rows * nw.col("rows_other"))
    products = pairs.group_by("column", "bin", "bin_other").agg(nw.col("product").sum())
    found = clusters.collect("pandas").to_native().set_index("column")
    by_column = dict([*products.collect("pandas").to_native().groupby("column")])
    parts = [
        _designed(part, found.reindex([name]).fillna(0).iloc[0], by_column.get(name))
        for name, part in told.groupby("column", sort=False)
    ]
    return pd.concat(parts)[BIN_COLUMNS]


def _designed(part: pd.DataFrame, found: pd.Series, products: pd.DataFrame | None) -> pd.DataFrame:
    """The bins of one column with their design.

    `found`: how many `customers` there are, and the sum of their squared influences (`square`);
    `products`: of their counts in `bin` and `bin_other`, summed over customers.
    """
    count, single = part["rows"].to_numpy(dtype=float), part["single"].to_numpy(dtype=float)
    if not count.any():
        return part.assign(**dict.fromkeys(DESIGN_COLUMNS, 1.0)).assign(design_spread=0.0)
    matrix = np.diag(single)
    if products is not None:
        matrix[products["bin"], products["bin_other"]] += products["product"]
    share = count / count.sum()
    alone = single * np.where(count > 0, 1 / np.where(count > 0, share, 1) - 1, 0) ** 2
    squared = float(found["square"]) + float(alone.sum())
    of = design(count, matrix, float(found["customers"]) + single.sum(), squared)
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


def _level_bins(name: str, kind: str, frequent: dict[str, list[str]]) -> pd.DataFrame:
    """`frequent`: the levels of each column of texts."""
    levels = ["true", "false"] if kind == "true/false" else [*frequent.get(name, []), OTHER]
    return _named(name, kind, _levels([*levels, MISSING]))


def _frequent(frame: nw.LazyFrame, names: Sequence[str]) -> dict[str, list[str]]:
    """The most frequent values of texts, of ten rows and customers or more each."""
    if not names:
        return {}
    counts = {"rows": nw.len()}
    keys = [CLUSTER] if CLUSTER in frame.collect_schema().names() else []
    if keys:
        counts["customers"] = nw.col(CLUSTER).n_unique()
    values = filled(frame, texts(names), keys).group_by("column", "value")
    found = values.agg(*(one.alias(at) for at, one in counts.items()))
    enough = nw.all_horizontal(*(nw.col(one) >= MIN_GROUP for one in counts), ignore_nulls=False)
    # The most frequent first, by the alphabet where they are equally frequent.
    sizes = found.filter(enough).select(
        "column", "value", less=-nw.col("rows").cast(nw.Int64), one=nw.lit(1)
    )
    place = nw.col("one").cum_sum().over("column", order_by=["less", "value"])
    often = sizes.with_columns(place=place).filter(nw.col("place") <= MOST_LEVELS)
    table = often.collect("pandas").to_native().sort_values("place")
    return {name: list(part["value"]) for name, part in table.groupby("column")}


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


def _of_bins(found: nw.LazyFrame, bins: pd.DataFrame) -> pd.DataFrame:
    """What was found by `column` and `bin`, a row for each of the bins, 0 where there is none."""
    keys = ["column", "bin"]
    table = found.collect("pandas").to_native().set_index(keys)
    return table.reindex(pd.MultiIndex.from_frame(bins[keys])).fillna(0).set_axis(bins.index)


def _binned(frame: nw.LazyFrame, bins: pd.DataFrame, keys: Sequence[str] = ()) -> nw.LazyFrame:
    """A row for each cell that lies in a bin: `keys`, `column` and `bin`.

    A blank lies in the bin of what is missing, so that every row is in one bin of each column.
    """
    is_number = bins["kind"] == "number"
    parts = [
        binned(frame, part, keys)
        for binned, part in ((_in_spans, bins[is_number]), (_in_levels, bins[~is_number]))
        if len(part)
    ]
    return nw.concat(parts)


def _in_spans(frame: nw.LazyFrame, bins: pd.DataFrame, keys: Sequence[str]) -> nw.LazyFrame:
    """The cells of numbers. The outer bins are open: a value may lie beyond all seen before."""
    names = list(bins["column"].unique())
    above = bins[np.isfinite(bins["low"])].sort_values(["column", "low"])
    above = above.assign(end=above.groupby("column").cumcount().map("end{}".format))
    ends = above.pivot(index="column", columns="end", values="low").reindex(names)
    lent = engine.lend(ends.assign(blank=_bin_of(bins, MISSING, names)).reset_index())
    value = nw.col("value")
    passed = [(value > nw.col(end)).fill_null(False).cast(nw.Int64) for end in ends]
    place = nw.sum_horizontal(*passed) if passed else nw.lit(0)
    placed = nw.when(value.is_null()).then(nw.col("blank")).otherwise(place)
    joined = cells(frame, numbers(names), keys).join(lent, on="column", how="inner")
    return joined.select(*keys, "column", bin=placed.cast(nw.Int64))


def _in_levels(frame: nw.LazyFrame, bins: pd.DataFrame, keys: Sequence[str]) -> nw.LazyFrame:
    """The cells of texts and of true/false; those of no level are among the others."""
    names = list(bins["column"].unique())
    levels = bins[~bins["level"].isin([MISSING, OTHER])]
    shared = {"blank": _bin_of(bins, MISSING, names), "other": _bin_of(bins, OTHER, names)}
    lent = engine.lend(pd.DataFrame(shared).rename_axis("column").reset_index())
    named = levels[["column", "level", "bin"]].rename(columns={"level": "value", "bin": "named"})
    joined = cells(frame, texts(names), keys).join(lent, on="column", how="inner")
    joined = joined.join(engine.lend(named), on=["column", "value"], how="left")
    found = nw.coalesce(nw.col("named"), nw.col("other"))
    placed = nw.when(nw.col("value").is_null()).then(nw.col("blank")).otherwise(found)
    each = joined.select(*keys, "column", bin=placed.cast(nw.Int64))
    return each.filter(nw.col("bin") != _NO_BIN)


def _bin_of(bins: pd.DataFrame, level: str, names: list[str]) -> pd.Series:
    """The bin of a level in each column, _NO_BIN where it has none."""
    found = bins[bins["level"] == level].set_index("column")["bin"].astype("int64")
    return found.reindex(names, fill_value=_NO_BIN)
