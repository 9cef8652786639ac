"""How the rows of a table lie in time, and the days on which there are none."""

from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib.inference import require_level

AROUND_DAYS = 28


@dataclass(frozen=True)
class Coverage:
    """Rows over time, by day or, where no month has rows on two days, by `unit` "month".

    `counts`: rows by first day of the unit (index, without holes: 0 where there are none), `rows`.
    `months`: index month; `rows`, `days_with_rows`, `days` of the month within the period. `gaps`:
    the stretches without rows between the first and the last day, the longest first: `first`,
    `last`, `units`, `p` and `p_bonferroni` (missing for months), `beyond_chance`. `undated`: rows
    without a date. `sentence` says it in words.
    """

    unit: str
    counts: pd.DataFrame
    months: pd.DataFrame
    gaps: pd.DataFrame
    undated: int
    sentence: str


def coverage(frame: nw.LazyFrame, column: str, *, level: float = 0.95) -> Coverage | None:
    """How the dates in `column` cover the time from the first to the last; None without any.

    A gap is judged by the 28 days on either side of it. If rows come independently and each day of
    the week keeps its rate (Poisson), then, given the S_d rows on the k_d days of weekday d around
    it, none of them falls into a gap with g_d such days with probability p = product over d of
    (k_d / (k_d + g_d))^S_d (the conditional test of Przyborowski & Wilenski 1940). A day of the
    week that is always empty says nothing. p_bonferroni is p times the days of the period, on each
    of which a gap might have begun; `beyond_chance` where it is below 1 - level, so that without a
    real gap at most that share of tables has one so called: the rate is that of one table, not of
    several together. Rows that come in bursts make more. Rows that stop before the end are no gap,
    for the period ends with the last row. In tables by month every empty month is `beyond_chance`.
    """
    require_level(level)
    found = frame.group_by(column).agg(nw.len().alias("rows")).collect("pandas").to_native()
    undated = int(found.loc[found[column].isna(), "rows"].sum())
    found = found.dropna()
    if found.empty:
        return None
    days = pd.to_datetime(found[column]).dt.normalize()
    rows = found["rows"].groupby(days).sum().astype(int)
    monthly = len(rows) > 1 and not rows.index.to_period("M").has_duplicates
    if monthly:
        rows.index = rows.index.to_period("M").to_timestamp()
    every = pd.date_range(rows.index.min(), rows.index.max(), freq="MS" if monthly else "D")
    counts = rows.reindex(every, fill_value=0)
    gaps = _gaps(counts, monthly=monthly)
    gaps["beyond_chance"] = monthly | (gaps["p_bonferroni"] < 1 - level)
    unit = "month" if monthly else "day"
    return Coverage(
        unit=unit,
        counts=counts.rename_axis("date").to_frame("rows"),
        months=_months(counts, monthly=monthly),
        gaps=gaps.sort_values("units", ascending=False, kind="stable").reset_index(drop=True),
        undated=undated,
        sentence=_sentence(counts, gaps, unit, undated),
    )


def weeks(counts: pd.DataFrame) -> pd.DataFrame:
    """Rows of whole weeks, by their first day (Monday); a part of a week at an end is left out."""
    rows = counts["rows"].resample("W-MON", label="left", closed="left")
    return rows.sum()[rows.size() == 7].to_frame("rows")


def _gaps(counts: pd.Series, *, monthly: bool) -> pd.DataFrame:
    """The runs of zeros: first and last of each, how many units it has and its chance."""
    empty = counts.to_numpy() == 0
    edges = np.flatnonzero(np.diff(np.r_[False, empty, False].astype(int)))
    ends = list(zip(edges[::2], edges[1::2], strict=True))
    dates = [day.date() for day in counts.index]
    p = np.array([np.nan if monthly else _chance(counts, start, end) for start, end in ends])
    return pd.DataFrame(
        {
            "first": [dates[start] for start, _ in ends],
            "last": [dates[end - 1] for _, end in ends],
            "units": np.array([end - start for start, end in ends], dtype=int),
            "p": p,
            "p_bonferroni": np.minimum(1, p * len(counts)),
        }
    )


def _chance(counts: pd.Series, start: int, end: int) -> float:
    """The probability that none of the rows around a gap, from `start` to before `end`, is in it.

    A weekday without a day or a row around the gap has no part in it: x to the power of 0.
    """
    weekday = pd.DatetimeIndex(counts.index).day_of_week.to_numpy()
    near = np.r_[max(0, start - AROUND_DAYS) : start, end : min(len(counts), end + AROUND_DAYS)]
    inside = np.bincount(weekday[start:end], minlength=7)
    days = np.bincount(weekday[near], minlength=7)
    rows = np.bincount(weekday[near], weights=counts.to_numpy()[near], minlength=7)
    share = np.divide(days, days + inside, out=np.ones(7), where=days + inside > 0)
    return float(np.prod(share**rows))


def _months(counts: pd.Series, *, monthly: bool) -> pd.DataFrame:
    month = pd.DatetimeIndex(counts.index).to_period("M")
    table = pd.DataFrame(
        {
            "rows": counts.groupby(month).sum(),
            "days_with_rows": (counts > 0).groupby(month).sum(),
            "days": counts.groupby(month).size(),
        }
    )
    table.index = table.index.astype(str)
    return (table[["rows"]] if monthly else table).rename_axis("month")


def _sentence(counts: pd.Series, gaps: pd.DataFrame, unit: str, undated: int) -> str:
    first, last = counts.index[0].date(), counts.index[-1].date()
    text = f"{first} to {last}, {len(counts):,} {unit}s: {int(gaps['units'].sum()):,} without rows"
    if len(gaps):
        longest = gaps.iloc[int(gaps["units"].argmax())]
        span = f"{longest['first']} to {longest['last']}"
        text += f", the longest stretch {longest['units']} ({span})"
    beyond = gaps[gaps["beyond_chance"]]
    if len(beyond) and unit == "day":
        spans = [f"{one.first} to {one.last}" for one in beyond.head(3).itertuples()]
        more = " and others" * (len(beyond) > len(spans))
        text += f". Longer than chance explains: {', '.join(spans)}{more}"
    elif len(gaps) and unit == "day":
        text += ". None is longer than chance explains"
    text += "."
    return text + (f" {undated:,} rows have no date." if undated else "")
