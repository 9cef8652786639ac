"""Customer equity: where the value of the base lies, by cohort, by rank and by corner.

Value so far is what a customer has brought, margin_rate * total_spend, not discounted and without
error; value to come is expected, within the horizon of the terms. Both from `customer_values`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from cxlib.calendars import Calendar
from cxlib.clv.grouping import Period, cohort_labels
from cxlib.clv.histories import FloatArray
from cxlib.clv.predictions import ValueDraws
from cxlib.inference import MIN_GROUP, Estimate, total_shares, wald_interval

POINTS = 100  # of a concentration curve
# Ties may carry the best to so many times the rate of customers asked for.
TIED = 1.25


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
    Corner(
        "Rising", False, True, "little so far, much to come", "develop with a second range, service"
    ),
    Corner("Fading", True, False, "much so far, little to come", "ask why, win back while known"),
    Corner("Everyday", False, False, "little so far and to come", "serve well at low cost"),
)


# In place of the four where the customers cannot be split.
UNSPLIT = Corner(
    "Not split",
    False,
    False,
    "the best cannot be told from the others",
    "wait until more customers bought again",
)


@dataclass(frozen=True)
class CutOffs:
    """From which value on a customer is among the best: so far, and to come.

    so_far_rate and to_come_rate are the share of the customers who reach it. Where the best cannot
    be told from the others the cut-off is infinite and nobody reaches it.
    """

    top_rate: float
    so_far: float
    to_come: float
    so_far_rate: float
    to_come_rate: float

    @property
    def splits(self) -> bool:
        """Whether there are best customers on both sides, so that corners say something."""
        return self.so_far_rate > 0 and self.to_come_rate > 0

    @property
    def sentence(self) -> str:
        """Who counts as best on each side, or why nobody does."""
        sides = {"so far": (self.so_far, self.so_far_rate)}
        sides["to come"] = (self.to_come, self.to_come_rate)
        unsplit = [name for name, (_, rate) in sides.items() if rate == 0]
        if unsplit:
            return (
                f"By value {' and '.join(unsplit)} the customers cannot be split: more than "
                f"{TIED * self.top_rate:.0%} of them share the highest value, so nobody is put "
                "into a corner."
            )
        told = "; ".join(
            f"{name}: the {rate:.1%} of customers from {value:,.2f} on"
            for name, (value, rate) in sides.items()
        )
        asked = f"{self.top_rate:.1%}"
        if all(f"{rate:.1%}" == asked for _, rate in sides.values()):
            return f"Among the best {told}."
        return f"Among the best {told}; not {asked} each, as equal values are kept together."


def corner_cutoffs(customers: nw.LazyFrame, *, top_rate: float = 0.2) -> CutOffs:
    """The values that the best `top_rate` of customers reach, so far and to come.

    The 1 - top_rate quantiles of value_so_far and value (linear between customers). Customers of
    equal value stay on one side: those at the very quantile are among the best while no more than
    1.25 top_rate of all customers reach it; where more do, the cut-off is the next higher value,
    and where there is none, infinite: the best cannot be told from the others.
    Raises ValueError when top_rate is not between 0 and 1.
    """
    if not 0 < top_rate < 1:
        raise ValueError(f"top_rate: {top_rate} is not a rate between 0 and 1.")
    columns = ("value_so_far", "value")
    quantiles = customers.select(
        nw.col(*columns).quantile(1 - top_rate, interpolation="linear")
    ).collect(backend="pandas")
    tops = {name: float(quantiles[name][0]) for name in columns}
    counted = {"customers": nw.len()}
    for name, top in tops.items():
        value = nw.col(name)
        counted[f"{name}_reached"] = (value >= top).cast(nw.Int64).sum()
        counted[f"{name}_above"] = (value > top).cast(nw.Int64).sum()
        counted[f"{name}_next"] = nw.when(value > top).then(value).min()
    found = customers.select(**counted).collect(backend="pandas").to_native().iloc[0]
    ends, rates = [], []
    for name, top in tops.items():
        end, best = top, found[f"{name}_reached"]
        if best > TIED * top_rate * found["customers"]:
            best = found[f"{name}_above"]
            end = float(found[f"{name}_next"]) if best else np.inf
        ends.append(end)
        rates.append(float(best / found["customers"]))
    return CutOffs(top_rate, *ends, *rates)


def with_corner(customers: nw.LazyFrame, cutoffs: CutOffs) -> nw.LazyFrame:
    """The customers with the name of their corner in the column `corner`.

    "Not split" for all where one of the cut-offs has nobody above it.
    """
    if not cutoffs.splits:
        return customers.with_columns(corner=nw.lit(UNSPLIT.name))
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
    parameters' uncertainty. The corners are taken as they are: that the cut-offs follow the
    customers is left out, which makes the intervals of so_far_rate and customer_rate rather too
    wide. Corners of fewer than 10 customers have no figures, corners without customers 0 of them;
    `note` says why a figure or an interval is missing. Customers who could not be split have one
    row, "Not split".
    """
    groups = draws.groups
    sums = groups.groupby("corner")[["customers", "total_spend", "total_squared"]].sum()
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
    if len(sums) == 1:
        # All customers are all of them, without error.
        figures[["customer_low", "so_far_low", "so_far_high"]] = 1.0
    figures = figures.where(come["value"].notna())
    corners = (UNSPLIT,) if (groups["corner"] == UNSPLIT.name).all() else CORNERS
    about = pd.DataFrame(
        {one.name: (one.meaning, one.action) for one in corners}, index=["meaning", "action"]
    ).T
    counted = come["customers"].reindex(about.index, fill_value=0)
    table = about.assign(customers=counted).join(figures).rename_axis("corner")
    return table.assign(note=_missing(table))


def _missing(table: pd.DataFrame) -> list[str]:
    """Why a row of `corner_table` lacks figures or an interval; empty where it lacks none."""
    some = table["customers"] > 0
    shown = table["value"].notna()
    whole = table.filter(regex="_(low|high)$").notna().all(axis=1)
    reasons = [
        "no customers",
        f"fewer than {MIN_GROUP} customers, or a corner that would tell of them",
        "nothing brought so far: its share has no interval",
    ]
    return np.select([~some, ~shown, ~whole], reasons, default="").tolist()


# What to try with those of whom it is not known that they respond.
_TRIALS = {
    "Rising": "offer a random part of them a second range or service, and compare",
    "Fading": "try to win back a random part of them, and compare",
}


def corner_sentence(corners: pd.DataFrame, cutoffs: CutOffs) -> str:
    """Whom to turn to first, from `corner_table`: the best who stay, who rise and who fade.

    What an offer brings is not known, so that it is tried on a random part first.
    """
    if not cutoffs.splits:
        return cutoffs.sentence
    parts = [
        f"{name}: {row['customers']:,} customers with "
        f"{row['so_far_rate']:.0%} of the value so far and {row['to_come_rate']:.0%} of that to "
        f"come ({_TRIALS.get(str(name), row['action'])})"
        for name, row in corners.iterrows()
        if name in ("Pillars", "Rising", "Fading") and pd.notna(row["so_far_rate"])
    ]
    if not parts:
        return "The corners are too small to be told."
    use = "Choose by these whom to try first; the shares are less sure than the total."
    return f"{'; '.join(parts)}. {use}"


def top_shares(
    draws: ValueDraws, cutoffs: CutOffs, *, margin_rate: float, level: float = 0.95
) -> dict[Literal["so_far", "to_come"], Estimate]:
    """What the best customers so far hold of the value so far, and the best to come of that.

    The best are those above the `cutoffs` that made the corners (`corner` of the groups of
    `draws`). so_far is a Lorenz ordinate L: the customers being a sample, whose quantile q moves
    with it, the influence of one who brought y is
    ((y - q) [y among the best] + rate q - L y) / mean y (Beach & Davidson 1983, Review of Economic
    Studies 50:723-735). Where ties keep the rate of the best from top_rate by more than its
    standard error, the cut-off stays where it is and q counts as 0: the best are then a domain of
    random size (Cochran 1977, ch. 6). The interval is made for logit(L). to_come has the interval
    of the parameters' uncertainty, who is best taken as given. No value where the customers cannot
    be split, or fewer than 10 are among the best or among the others.
    """
    groups = draws.groups
    sums = groups[["customers", "total_spend", "total_squared"]].to_numpy(dtype=float)
    found: dict[Literal["so_far", "to_come"], Estimate] = {}
    for side in ("so_far", "to_come"):
        names = [one.name for one in CORNERS if getattr(one, f"best_{side}")]
        best = groups["corner"].isin(names).to_numpy()
        parts = np.array([sums[best].sum(axis=0), sums[~best].sum(axis=0)])
        reason = ""
        if not cutoffs.splits:
            reason = "the best cannot be told from the others: too many share the highest value"
        elif parts[:, 0].min() < MIN_GROUP:
            reason = f"fewer than {MIN_GROUP} customers among the best, or among the others"
        if reason:
            found[side] = Estimate(None, None, None, level, draws.n, reason)
        elif side == "so_far":
            found[side] = _share_so_far(parts, cutoffs, margin_rate, level)
        else:
            found[side] = draws.share(best, level=level)
    return found


def _share_so_far(sums: FloatArray, cutoffs: CutOffs, margin_rate: float, level: float) -> Estimate:
    """Share of the best (see top_shares).

    `sums`: customers, amounts and squared amounts of the best (first row) and the others.
    """
    customers, spend, squared = sums.T
    n, total = int(customers.sum()), float(spend.sum())
    if total <= 0:
        return Estimate(None, None, None, level, n, "the customers have brought nothing so far")
    rate, asked = customers[0] / n, cutoffs.top_rate
    tied = abs(rate - asked) > np.sqrt(asked * (1 - asked) / n)
    q = 0.0 if tied else cutoffs.so_far / margin_rate
    share = float(spend[0] / total)
    # On each side the influence times mean y is a line in y.
    slope, start = np.array([1 - share, -share]), q * np.array([rate - 1, rate])
    squares = np.sum(slope**2 * squared + 2 * slope * start * spend + start**2 * customers)
    error = float(np.sqrt(n / (n - 1) * max(squares, 0))) / total
    kind = "share of a sum, linearized" if tied else "Lorenz ordinate, linearized"
    if not 0 < share < 1:
        return wald_interval(share, error, n, level=level, method=f"{kind}; customers as a sample")
    margin = float(ndtri(0.5 + level / 2)) * error / (share * (1 - share))
    low, high = expit(logit(share) + np.array([-margin, margin])).tolist()
    method = f"{kind}, logit scale; the customers as a sample"
    return Estimate(share, low, high, level, n, method)


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
    calendar: Calendar = "gregorian",
    level: float = 0.95,
) -> pd.DataFrame:
    """The value of the customers by when they first bought, one row a period, oldest first.

    cohort (2026-11, 2026-Q4 or 2026), customers, value_so_far, value (to come, expected),
    value_low, value_high (parameters), likely_low, likely_high (with chance). Their first day is
    T_days before `as_of`; periods are those of the `calendar`. Cohorts of fewer than 10 customers
    have no figures (see ValueDraws.by). Raises ParameterError for another period.
    """
    groups = draws.groups
    cohort = cohort_labels(as_of, groups["T_days"].to_numpy(dtype=float), period, calendar)
    table = draws.by(cohort, level=level).rename_axis("cohort")
    so_far = margin_rate * groups["total_spend"].groupby(cohort).sum()
    table.insert(1, "value_so_far", so_far.where(table["value"].notna()))
    return table
