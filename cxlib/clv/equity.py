"""Customer equity: where the value of the base lies, by cohort, by rank and by corner.

Value so far is what a customer has brought, margin_rate * total_spend, not discounted and without
error; value to come is expected, within the horizon of the terms. Both from `customer_values`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib.clv.predictions import ValueDraws
from cxlib.inference import Estimate, ParameterError, tabled_estimate, total_shares

Period = Literal["month", "quarter", "year"]
PERIODS = get_args(Period)
POINTS = 100  # of a concentration curve


@dataclass(frozen=True)
class Corner:
    """Customers on one side of both cut-offs: among the best so far, among the best to come."""

    name: str
    best_so_far: bool
    best_to_come: bool
    meaning: str
    action: str


CORNERS = (
    Corner("Pillars", True, True, "worth much so far and still to come", "keep, thank, listen"),
    Corner("Rising", False, True, "little so far, much to come", "develop: second range, service"),
    Corner("Fading", True, False, "much so far, little to come", "ask why, win back while known"),
    Corner("Everyday", False, False, "little so far and to come", "serve well at low cost"),
)


@dataclass(frozen=True)
class CutOffs:
    """From which value on a customer is among the best: so far, and to come."""

    top_rate: float
    so_far: float
    to_come: float


def corner_cutoffs(customers: nw.LazyFrame, *, top_rate: float = 0.2) -> CutOffs:
    """The values that the best `top_rate` of customers reach, so far and to come.

    The 1 - top_rate quantiles of value_so_far and value (linear between customers). Where many
    customers share the very value, more than `top_rate` reach it; the corners show how many.
    Raises ValueError when top_rate is not between 0 and 1.
    """
    if not 0 < top_rate < 1:
        raise ValueError(f"top_rate: {top_rate} is not a rate between 0 and 1.")
    found = customers.select(
        nw.col("value_so_far", "value").quantile(1 - top_rate, interpolation="linear")
    )
    so_far, to_come = found.collect(backend="pandas").to_native().iloc[0]
    return CutOffs(top_rate, float(so_far), float(to_come))


def with_corner(customers: nw.LazyFrame, cutoffs: CutOffs) -> nw.LazyFrame:
    """The customers with the name of their corner in the column `corner`."""
    best_so_far = nw.col("value_so_far") >= cutoffs.so_far
    best_to_come = nw.col("value") >= cutoffs.to_come
    names = {(one.best_so_far, one.best_to_come): nw.lit(one.name) for one in CORNERS}
    known = nw.when(best_to_come).then(names[True, True]).otherwise(names[True, False])
    other = nw.when(best_to_come).then(names[False, True]).otherwise(names[False, False])
    return customers.with_columns(corner=nw.when(best_so_far).then(known).otherwise(other))


def corner_table(draws: ValueDraws, *, margin_rate: float, level: float = 0.95) -> pd.DataFrame:
    """The four corners, whose names stand in the column `corner` of the groups of `draws`.

    meaning, action, customers, customer_rate with its interval (Wilson); value_so_far, so_far_rate
    (share of it) with the interval of inference.total_shares, which takes the customers as a sample
    of those the business draws; value (to come, expected), value_low, value_high, likely_low,
    likely_high (see ValueDraws.by); to_come_rate (share of it) with its interval for the
    parameters' uncertainty, the corners taken as they are. Corners of fewer than 10 customers have
    no figures, corners without customers 0 of them.
    """
    groups = draws.groups
    sums = _sums(groups, "corner")
    come = draws.by(groups["corner"], level=level)
    shares = total_shares(
        sums["customers"], sums["total_spend"], sums["total_squared"], level=level
    )
    shares = shares.rename(columns=lambda name: name.replace("revenue", "so_far"))
    held = {name: draws.share(groups["corner"] == name, level=level) for name in sums.index}
    to_come = pd.DataFrame.from_dict(
        {name: (one.value, one.low, one.high) for name, one in held.items()},
        orient="index",
        columns=["to_come_rate", "to_come_low", "to_come_high"],
    )
    so_far = (margin_rate * sums["total_spend"]).rename("value_so_far")
    figures = pd.concat([so_far, shares, come.drop(columns="customers"), to_come], axis=1)
    figures = figures.where(come["value"].notna())
    about = pd.DataFrame(
        {one.name: (one.meaning, one.action) for one in CORNERS}, index=["meaning", "action"]
    ).T
    counted = come["customers"].reindex(about.index, fill_value=0)
    return about.assign(customers=counted).join(figures).rename_axis("corner")


def top_shares(
    draws: ValueDraws, *, level: float = 0.95
) -> dict[Literal["so_far", "to_come"], Estimate]:
    """What the best customers so far hold of the value so far, and the best to come of that.

    The best are those above the cut-offs of the corners (`corner` of the groups of `draws`).
    so_far has the interval of inference.total_shares, the customers being a sample; to_come that of
    the parameters' uncertainty.
    """
    corner = draws.groups["corner"]
    so_far = corner.isin([one.name for one in CORNERS if one.best_so_far])
    to_come = corner.isin([one.name for one in CORNERS if one.best_to_come])
    sums = _sums(draws.groups.assign(among=np.where(so_far, "best", "others")), "among")
    shares = total_shares(
        sums["customers"], sums["total_spend"], sums["total_squared"], level=level
    )
    ends = ("revenue_rate", "revenue_low", "revenue_high")
    figures = [float(shares[name]["best"]) for name in ends]
    method = "share of a sum, linearized, logit scale; the customers as a sample"
    found = tabled_estimate(figures, level=level, n=draws.n, method=method)
    return {"so_far": found, "to_come": draws.share(to_come, level=level)}


def concentration_curve(customers: nw.LazyFrame) -> pd.DataFrame:
    """Share of the value so far and of the value to come that the top customers hold.

    Index top_pct, 1 to 100 (fewer for fewer than 100 customers); columns value_so_far and value:
    the share of the sum held by the top top_pct percent of the customers by that very value,
    their number rounded up. Ranked and added up in the engine.
    """
    n = int(customers.select(nw.len()).collect().item())
    curves = {}
    for column in ("value_so_far", "value"):
        ranked = customers.select(nw.col(column), falling=-nw.col(column))
        ranked = ranked.with_row_index("rank", order_by="falling")
        percent = nw.col("rank").cast(nw.Int64) * POINTS // n + 1
        sums = ranked.select(nw.col(column), top_pct=percent).group_by("top_pct")
        held = sums.agg(nw.col(column).sum()).collect(backend="pandas").to_native()
        ordered = held.set_index("top_pct")[column].sort_index().cumsum()
        curves[column] = ordered / ordered.iloc[-1]
    return pd.DataFrame(curves)


def cohort_values(
    draws: ValueDraws,
    as_of: dt.date,
    *,
    margin_rate: float,
    period: Period = "quarter",
    level: float = 0.95,
) -> pd.DataFrame:
    """The value of the customers by when they first bought, one row a period, oldest first.

    cohort (2026-11, 2026-Q4 or 2026), customers, value_so_far, value (to come, expected),
    value_low, value_high (parameters), likely_low, likely_high (with chance). Their first day is
    T_days before `as_of`. Cohorts of fewer than 10 customers have no figures (see ValueDraws.by).
    Raises ParameterError for another period.
    """
    if period not in PERIODS:
        raise ParameterError(f"cohort: {period!r} is none of {', '.join(PERIODS)}.")
    groups = draws.groups
    ages, place = np.unique(groups["T_days"].to_numpy(dtype=int), return_inverse=True)
    names = [_cohort(as_of - dt.timedelta(days=int(age)), period) for age in ages]
    cohort = np.array(names)[place]
    table = draws.by(cohort, level=level).rename_axis("cohort")
    so_far = margin_rate * groups["total_spend"].groupby(cohort).sum()
    table.insert(1, "value_so_far", so_far.where(table["value"].notna()))
    return table


def _sums(groups: pd.DataFrame, by: str) -> pd.DataFrame:
    return groups.groupby(by)[["customers", "total_spend", "total_squared"]].sum()


def _cohort(first: dt.date, period: Period) -> str:
    if period == "month":
        return f"{first:%Y-%m}"
    return f"{first.year}-Q{(first.month + 2) // 3}" if period == "quarter" else f"{first.year}"
