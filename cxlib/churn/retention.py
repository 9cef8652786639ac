"""Churn and revenue month by month, and how much of each sign-up cohort is still there."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import ndtri

from cxlib.calendars import (
    Calendar,
    first_day,
    first_days,
    period_name,
    period_number,
    period_of,
)
from cxlib.churn.lifetimes import FloatArray
from cxlib.churn.survival import logit_limits
from cxlib.inference import (
    MIN_GROUP,
    ParameterError,
    proportion_interval,
    require_level,
    without_few,
)

STILL_THERE = 10**6  # a month after all others
CHURN = ["churn_rate", "churn_rate_low", "churn_rate_high"]
REVENUE = {  # rate: what is summed, and whether it can pass the revenue at the start
    "revenue_churn": ("lost", False),
    "contraction": ("contraction", False),
    "expansion": ("expansion", True),
    "net_retention": ("kept", True),
}
FIGURES = [f"{name}{ending}" for name in REVENUE for ending in ("_rate", "_rate_low", "_rate_high")]
MONTHS = ["month", "n", "left", *CHURN, "joined", "n_paying", "revenue_start", *FIGURES]
COHORTS = ["cohort", "months_since_start", "n", "retained", "retained_rate", "low", "high"]


@dataclass(frozen=True)
class Retention:
    """Churn and revenue by calendar month, `months` in order; `note` says what revenue is.

    month (its first day), n (customers at its start), left of them, churn_rate, joined; n_paying
    and revenue_start (whose revenue it is, and how much), revenue_churn_rate, contraction_rate,
    expansion_rate and net_retention_rate, all rates with low and high, missing below 10 customers.
    `reason`: why there is nothing.
    """

    months: pd.DataFrame
    note: str
    reason: str


@dataclass(frozen=True)
class Cohorts:
    """Share of each cohort still there: `rates` in rows, `grid` a cohort a row for a heat map.

    rates: cohort, months_since_start, n, retained, retained_rate, low, high; cohorts below 10
    customers have no rate. `note` counts who is left out, `reason` says why there is nothing.
    """

    rates: pd.DataFrame
    note: str
    reason: str

    @property
    def grid(self) -> pd.DataFrame:
        """Retained rates: a row a cohort, a column a number of months since the start."""
        return self.rates.pivot(
            index="cohort", columns="months_since_start", values="retained_rate"
        ).astype(float)


def monthly_retention(
    subscriptions: nw.LazyFrame,
    months: nw.LazyFrame | None = None,
    *,
    complete_to: datetime.date,
    observed_from: datetime.date | None = None,
    calendar: Calendar = "gregorian",
    level: float = 0.95,
) -> Retention:
    """Churn, revenue churn and net revenue retention of each calendar month that is watched whole.

    `month` is the first day of one in the `calendar`.

    Of dated subscriptions (`started`, `ended`, `monthly_charges`). churn_rate: of the customers who
    signed up before the month and were there at its start, those who ended within it; Wilson's
    interval. Who signed up and left within one month counts in `joined` alone.

    Revenue from `months` (customer_id, month, revenue; no row: paid nothing): x is what a customer
    paid in the month before, y what the same customer pays now. revenue_churn = sum of x of those
    who pay nothing now / sum x; contraction = sum (x - y) of those who pay less / sum x; expansion
    = sum (y - x) of those who pay more / sum x; net_retention = sum y / sum x, which is 1 -
    revenue_churn - contraction + expansion. A ratio R = sum u / sum x has the linearized variance
    n / (n - 1) sum (u - R x)^2 / (sum x)^2 (Cochran 1977, ch. 6), its interval made on the scale of
    logit R, or of log R where R may pass 1; none at 0. Who leaves is usually charged for the month
    of leaving, so that revenue churn follows a month after. Without `months`, x is the charge of
    today of each customer at the start, and there is neither contraction nor expansion; so too
    in the Jalali calendar, as `months` are Gregorian ones.

    Counted in the engine. Raises ParameterError for a wrong level.
    """
    require_level(level)
    if reason := _undated(subscriptions):
        return Retention(pd.DataFrame(columns=MONTHS), "", reason)
    counted = _counted(subscriptions, complete_to, calendar)
    first, last = _watched(counted, complete_to, observed_from, calendar)
    others = months is not None and calendar != "gregorian"
    months = None if others else months
    if last < first:
        reason = "No calendar month is watched from its first day to its last."
        return Retention(pd.DataFrame(columns=MONTHS), "", reason)
    rows = []
    for month in range(first, last + 1):
        there = (counted["start"] < month) & (counted["end"] >= month)
        gone = there & (counted["end"] == month)
        n, left = (int(counted.loc[one, "customers"].sum()) for one in (there, gone))
        churn = proportion_interval(left, n, level=level)
        row = {"index": month, "n": n, "left": left, "joined": _joined(counted, month)}
        rows.append(row | dict(zip(CHURN, (churn.value, churn.low, churn.high), strict=True)))
        if months is None:
            rows[-1] |= _charges(counted, there, gone)
    table = pd.DataFrame(rows)
    if months is None:
        note = (
            "Revenue is the charge of each customer as it stands today: there is no month by month "
            "file, so net revenue retention has no expansion and no contraction."
        )
        if others:
            note = note.replace("there is no", "of Jalali months there is no")
    else:
        note = "Revenue is what customers paid by month, against what the same ones paid before."
        table = table.merge(_paid(months), on="index", how="left")
        table["n_paying"] = table["n_paying"].fillna(0)
    rates = _revenue_rates(table, level, may_grow=months is not None)
    table = table.assign(month=first_days(table["index"], calendar), **rates)
    table = without_few(table, ["left", *CHURN])
    table["n_paying"] = table["n_paying"].astype(int)
    few = table["n_paying"] < MIN_GROUP
    table.loc[few, ["revenue_start", *FIGURES]] = np.nan
    return Retention(table.reindex(columns=MONTHS), note, "")


def cohort_retention(
    subscriptions: nw.LazyFrame,
    *,
    complete_to: datetime.date,
    observed_from: datetime.date | None = None,
    by: Literal["month", "quarter"] = "quarter",
    at_months: Sequence[int] = (1, 2, 3, 6, 9, 12, 18, 24),
    calendar: Calendar = "gregorian",
    level: float = 0.95,
) -> Cohorts:
    """Share of those who signed up in a quarter (or month) who are still there k months after.

    Still there at the end of the k-th month of the `calendar` after that of sign-up; shown where
    all of the cohort have been watched so long. Wilson's interval. Who signed up before
    `observed_from` is left out, as those of them who left by then are not in the file. Counted in
    the engine. Raises ParameterError for another `by` and for a wrong level.
    """
    require_level(level)
    if by not in ("month", "quarter"):
        raise ParameterError(f'by: {by!r} is neither "month" nor "quarter".')
    if reason := _undated(subscriptions):
        return Cohorts(pd.DataFrame(columns=COHORTS), "", reason)
    counted = _counted(subscriptions, complete_to, calendar)
    _, last = _watched(counted, complete_to, observed_from, calendar)
    earliest = _first_whole(observed_from, calendar)
    early = counted["start"] < earliest
    lost = int(counted.loc[early, "customers"].sum())
    note = ""
    if lost:
        note = (
            f"{lost:,} customers who signed up before leavers were recorded are left out: their "
            "cohorts hold only those who stayed."
        )
    counted, length = counted[~early], 3 if by == "quarter" else 1
    rows = []
    for start, own in counted.groupby(counted["start"] // length * length):
        n = int(own["customers"].sum())
        for k in at_months:
            if int(start) + length - 1 + k > last:
                continue
            stayed = int(own.loc[own["end"] > own["start"] + k, "customers"].sum())
            rate = proportion_interval(stayed, n, level=level)
            name = period_name(int(start) // length, by).replace("-Q", " Q")
            row = {"cohort": name, "months_since_start": k, "n": n}
            row |= {"retained": stayed, "retained_rate": rate.value}
            rows.append(row | {"low": rate.low, "high": rate.high})
    table = pd.DataFrame(rows).reindex(columns=COHORTS)
    reason = "" if rows else "No cohort has been watched for a whole month after its own."
    table = without_few(table, ["retained", "retained_rate", "low", "high"])
    return Cohorts(table, note, reason)


def _undated(subscriptions: nw.LazyFrame) -> str:
    if "started" in subscriptions.collect_schema().names():
        return ""
    return (
        "The file does not say when customers signed up and left: months and cohorts need the "
        "dates started and ended."
    )


def _counted(
    subscriptions: nw.LazyFrame, complete_to: datetime.date, calendar: Calendar
) -> pd.DataFrame:
    """Customers by month of start and of end, with the sums of their charges and squares."""
    ended = nw.col("ended")
    each = subscriptions.select(
        start=period_number(nw.col("started"), calendar),
        end=nw.when(ended.is_null() | (ended > complete_to))
        .then(nw.lit(STILL_THERE))
        .otherwise(period_number(ended, calendar)),
        charge=nw.col("monthly_charges"),
        square=nw.col("monthly_charges") * nw.col("monthly_charges"),
    )
    counted = each.group_by("start", "end").agg(
        nw.len().cast(nw.Int64).alias("customers"),
        nw.col("charge").sum().alias("charges"),
        nw.col("square").sum().alias("squares"),
    )
    table = counted.collect(backend="pandas").to_native()
    return table.sort_values(["start", "end"], ignore_index=True)


def _first_whole(day: datetime.date | None, calendar: Calendar) -> int:
    """The first month that begins on or after the day; 0 where there is none."""
    if day is None:
        return 0
    month = period_of(day, calendar)
    return month + (first_day(month, calendar) < day)


def _watched(
    counted: pd.DataFrame,
    complete_to: datetime.date,
    observed_from: datetime.date | None,
    calendar: Calendar,
) -> tuple[int, int]:
    """The first and last calendar month of which the start and all leavers are known."""
    last = period_of(complete_to + datetime.timedelta(days=1), calendar) - 1
    if counted.empty:
        return last + 1, last
    return max(int(counted["start"].min()) + 1, _first_whole(observed_from, calendar)), last


def _joined(counted: pd.DataFrame, month: int) -> int:
    return int(counted.loc[counted["start"] == month, "customers"].sum())


def _charges(counted: pd.DataFrame, there: pd.Series, gone: pd.Series) -> dict[str, float]:
    """Sums for the ratios where u is 0 or x: u x and u^2 are x^2 of those whose u is x."""
    own = {"n_paying": float(counted.loc[there, "customers"].sum())}
    own |= {"x": counted.loc[there, "charges"].sum(), "xx": counted.loc[there, "squares"].sum()}
    for name, rows in {"lost": gone, "kept": there & ~gone}.items():
        own[name] = counted.loc[rows, "charges"].sum()
        own[f"{name}_squares"] = own[f"{name}_x"] = counted.loc[rows, "squares"].sum()
    return own


def _paid(months: nw.LazyFrame) -> pd.DataFrame:
    """The same sums by month, of all who paid in the month before."""
    now = months.select("customer_id", index=period_number(nw.col("month")), kept=nw.col("revenue"))
    before = now.select("customer_id", index=nw.col("index") + 1, x=nw.col("kept"))
    pairs = before.join(now, on=["customer_id", "index"], how="left").with_columns(
        nw.col("kept").fill_null(0.0)
    )
    x, y = nw.col("x"), nw.col("kept")
    pairs = pairs.with_columns(
        lost=nw.when(y == 0).then(x).otherwise(nw.lit(0.0)),
        contraction=nw.when((y > 0) & (y < x)).then(x - y).otherwise(nw.lit(0.0)),
        expansion=nw.when(y > x).then(y - x).otherwise(nw.lit(0.0)),
    )
    parts = [one for one, _ in REVENUE.values()]
    pairs = pairs.with_columns(
        (x * x).alias("xx"),
        *((nw.col(one) * nw.col(one)).alias(f"{one}_squares") for one in parts),
        *((nw.col(one) * x).alias(f"{one}_x") for one in parts),
    )
    sums = ["x", "xx", *(f"{one}{end}" for one in parts for end in ("", "_squares", "_x"))]
    counted = pairs.group_by("index").agg(
        nw.len().cast(nw.Int64).alias("n_paying"), *(nw.col(one).sum() for one in sums)
    )
    return counted.collect(backend="pandas").to_native()


def _revenue_rates(table: pd.DataFrame, level: float, *, may_grow: bool) -> dict[str, FloatArray]:
    n, x, xx = (table[one].to_numpy(dtype=float) for one in ("n_paying", "x", "xx"))
    found = {"revenue_start": x}
    z = float(ndtri(0.5 + level / 2))
    for name, (part, unbounded) in REVENUE.items():
        if part not in table:
            continue
        u, uu, ux = (table[f"{part}{end}"].to_numpy(dtype=float) for end in ("", "_squares", "_x"))
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = u / x
            spread = np.maximum(uu - 2 * rate * ux + rate**2 * xx, 0)
            error = np.sqrt(n / (n - 1) * spread) / x
            if unbounded and may_grow:
                factor = np.exp(z * np.where(rate > 0, error / rate, np.nan))
                low, high = rate / factor, rate * factor
            else:
                low, high = logit_limits(rate, error, 1.0, level)
        found |= {f"{name}_rate": rate, f"{name}_rate_low": low, f"{name}_rate_high": high}
    return found
