"""Objective indices (complaints, market share, profit) to stand beside the metrics."""

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import betaincinv, gammaincinv, ndtri

from cxlib.calendars import Calendar, first_days, period_number
from cxlib.inference import Estimate, correlation_interval
from cxlib.satisfaction.chart import ControlChart
from cxlib.satisfaction.scores import MONTHS_OF, Every
from cxlib.satisfaction.windows import Windows

LEAST_COMMON_PERIODS = 12
CHANGES_VARIANCE = 1.5


def index_rates(
    frame: nw.LazyFrame,
    *,
    every: Every = "1mo",
    calendar: Calendar = "gregorian",
    level: float = 0.95,
) -> pd.DataFrame:
    """Objective indices (date, index, value, optional base) by period; a row an index and period.

    With a base in every row of an index: rate per 1,000 = 1000 * sum(value) / sum(base), with the
    exact Poisson interval of a count (Garwood 1936) where the values are whole numbers. Without:
    the mean of the period's values, without an interval. Returns index, period, value, low, high,
    unit, rows, base and method; value is missing where the base is zero. Rows without a value are
    left out, base and all; `rows` counts the others, `base` is the sum of theirs.
    """
    based = "base" in frame.collect_schema().names()
    sums = (
        frame.select(
            nw.col("index"),
            period_number(nw.col("date"), calendar, months=MONTHS_OF[every]).alias("period"),
            nw.col("value"),
            (nw.col("base") if based else nw.lit(None).cast(nw.Float64)).alias("base"),
        )
        .filter(~nw.col("value").is_null())
        .with_columns(nw.col("base").is_null().cast(nw.Int64).alias("unbased"))
        .group_by("index", "period")
        .agg(
            nw.col("value").sum(),
            nw.col("base").sum(),
            nw.col("unbased").sum(),
            nw.len().alias("rows"),
        )
        .collect("pandas")
        .to_pandas()
        .sort_values(["index", "period"], ignore_index=True)
    )
    sums["period"] = first_days(sums["period"], calendar, months=MONTHS_OF[every])
    per_base = sums.groupby("index")["unbased"].transform("sum").eq(0).to_numpy()
    value = sums["value"].to_numpy(dtype=float)
    base = np.where(per_base & (sums["base"] > 0), sums["base"], np.nan)
    whole = per_base & (value == np.round(value)) & (value >= 0)
    tail = (1 - level) / 2
    count = np.where(whole, value, 0.0)
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1), tail), 0.0)
    high = gammaincinv(count + 1, 1 - tail)
    thousand = 1000 / base
    plain = "mean of the period's values, no interval: no base"
    method = np.where(whole, "exact Poisson interval", "no interval: not a count")
    return pd.DataFrame(
        {
            "index": sums["index"],
            "period": sums["period"],
            "value": np.where(per_base, value * thousand, value / sums["rows"]),
            "low": np.where(whole, low * thousand, np.nan),
            "high": np.where(whole, high * thousand, np.nan),
            "unit": np.where(per_base, "per 1,000", ""),
            "rows": sums["rows"],
            "base": base,
            "method": np.where(per_base, method, plain),
        }
    )


def index_changes(rates: pd.DataFrame, windows: Windows, *, level: float = 0.95) -> pd.DataFrame:
    """How each index of index_rates moved between the two stretches compared; a row an index.

    With a base the values are rates of the whole stretch, else means of its rows. Returns
    periods_before, periods_after, before, after, ratio = after / before with low and high, and
    unit. The interval is of counts only: exact, binomial given the sum of both (Clopper & Pearson
    1934), as if events were independent. Missing where a stretch has no figures.
    """
    rows = {}
    for index, part in rates.dropna(subset="value").groupby("index"):
        sides = [part[side] for side in windows.sides(part["period"])]
        based, counted = part["base"].notna().all(), part["low"].notna().all()
        sizes = np.array([(s["base"] / 1000 if based else s["rows"]).sum() for s in sides])
        sums = np.array(
            [(s["value"] * (s["base"] / 1000 if based else s["rows"])).sum() for s in sides]
        )
        before, after = np.divide(sums, sizes, out=np.full(2, np.nan), where=sizes > 0)
        low, high = np.nan, np.nan
        if counted and before > 0 and after > 0:
            tail, exposure = (1 - level) / 2, sizes[0] / sizes[1]
            share_low = betaincinv(sums[1], sums[0] + 1, tail)
            share_high = betaincinv(sums[1] + 1, sums[0], 1 - tail)
            low, high = (exposure * share / (1 - share) for share in (share_low, share_high))
        rows[index] = {
            "periods_before": len(sides[0]),
            "periods_after": len(sides[1]),
            "before": before,
            "after": after,
            "ratio": after / before if before > 0 else np.nan,
            "low": low,
            "high": high,
            "unit": part["unit"].iloc[0],
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("index")


def index_changes_sentence(changes: pd.DataFrame, windows: Windows, *, level: float = 0.95) -> str:
    """How the indices of index_changes moved, in a sentence."""
    told = []
    for row in changes.reset_index().to_dict("records"):
        name = str(row["index"]).replace("_", " ")
        if np.isnan(row["before"]) or np.isnan(row["after"]):
            told.append(f"{name} not known for both")
            continue
        values = f"{row['before']:.4g} to {row['after']:.4g} {row['unit']}".rstrip()
        interval = "no interval, as it is no count"
        if not np.isnan(row["low"]):
            ends = f"{100 * row['low'] - 100:+z.1f} to {100 * row['high'] - 100:+z.1f}"
            interval = f"{100 * level:.4g} % interval {ends}"
        moved = f"{100 * row['ratio'] - 100:+z.1f} %" if row["ratio"] > 0 else "no ratio"
        if row["periods_before"] != row["periods_after"]:
            interval += f"; {row['periods_after']} periods and {row['periods_before']}"
        told.append(f"{name} {values} ({moved}, {interval})")
    return f"Indices, {windows.text}: {'; '.join(told)}."


def index_correlations(
    rates: pd.DataFrame, charts: Mapping[str, ControlChart], *, level: float = 0.95
) -> pd.DataFrame:
    """Do the objective indices move with the metrics? A row an index and metric.

    Pearson's r of the changes from one period to the next (levels would correlate by trend alone),
    over the periods that both have. The interval is tanh(atanh(r) +- z sqrt(1.5 / (n - 3))) for n
    changes: successive changes of levels that vary about a mean undo one another, their first
    autocorrelation is -1/2, and by Bartlett's (1935) 1 + 2 (1/2)(1/2) the variance of r is 1.5
    times that of independent changes; where levels wander freely the interval is wider than need
    be. Fewer than LEAST_COMMON_PERIODS common periods give no correlation and the note says so.
    Moving together is no proof of cause.
    """
    rows = []
    for index, part in rates.groupby("index"):
        own = part.set_index("period")["value"]
        for chart in charts.values():
            both = pd.concat([own, chart.table["value"]], axis=1, keys=["index", "metric"]).dropna()
            changes = both.sort_index().diff().iloc[1:]
            found = _of_changes(changes["index"], changes["metric"], level)
            if len(both) < LEAST_COMMON_PERIODS:
                note = f"not shown: fewer than {LEAST_COMMON_PERIODS} common periods"
                found = Estimate(None, None, None, level, found.n, note)
            row: dict[str, Any] = {"index": index, "metric": chart.metric.label}
            row |= {"periods": len(both)}
            row |= {"r": found.value, "low": found.low, "high": found.high, "note": found.method}
            rows.append(row)
    columns = ["index", "metric", "periods", "r", "low", "high", "note"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(["r", "low", "high"], float))


def _of_changes(x: pd.Series, y: pd.Series, level: float) -> Estimate:
    found = correlation_interval(x, y, level=level)
    if found.value is None or found.low is None or abs(found.value) == 1:
        return found
    margin = float(ndtri(0.5 + level / 2)) * np.sqrt(CHANGES_VARIANCE / (found.n - 3))
    low, high = np.tanh(np.arctanh(found.value) + np.array([-margin, margin]))
    method = "Pearson r of changes, Fisher z interval with Bartlett's variance"
    return Estimate(found.value, float(low), float(high), level, found.n, method)
