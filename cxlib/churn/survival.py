"""When customers leave: Kaplan-Meier curves by group.

Own, on counts: statsmodels' SurvfuncRight takes a row a customer, or counts with Tsiatis's variance
in place of Greenwood's, which R and lifelines have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtri

from cxlib.churn.lifetimes import ALL, BoolArray, FloatArray, Lifetimes, shown_groups
from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    require_level,
    smaller_groups,
    tabled_estimate,
)

# Below, a month's rates cannot be those under which half of the customers came to stay so long.
UNLIKELY_SHARE = 0.05
METHODS = {
    "median_months": "Kaplan-Meier median, Brookmeyer-Crowley interval on the log-log scale",
    "restricted_mean": "area under the Kaplan-Meier curve, Greenwood, logit scale",
    "share": "Kaplan-Meier, Greenwood, log-log scale; exact limit while nobody has left",
}


class RiskTable(NamedTuple):
    """At each distinct time: customers at risk just before it, and how many left at it.

    `fewest` is the least number at risk since the time before; below `at_risk` where customers
    entered in between.
    """

    months: FloatArray
    at_risk: FloatArray
    left: FloatArray
    fewest: FloatArray

    @property
    def reach(self) -> float:
        """The longest tenure at which at least 10 customers were watched; 0 if none."""
        enough = self.months[self.at_risk >= MIN_GROUP]
        return float(enough.max()) if len(enough) else 0.0

    @property
    def stretch(self) -> tuple[float, float]:
        """Tenures (begin, end] in which at least 10 customers were watched throughout.

        From sign-up on if there were so many, else the longest; (0, 0) if there is none.
        """
        enough = np.r_[0, self.fewest >= MIN_GROUP, 0].astype(int)
        edges = np.r_[0.0, self.months]
        begins, ends = (edges[np.flatnonzero(np.diff(enough) == one)] for one in (1, -1))
        if not len(begins):
            return 0.0, 0.0
        chosen = 0 if begins[0] == 0 else int(np.argmax(ends - begins))
        return float(begins[chosen]), float(ends[chosen])

    @property
    def figures_reach(self) -> float:
        """Up to where a share of those who signed up can be told: 10 watched at every tenure."""
        begin, end = self.stretch
        return end if begin == 0 else 0.0

    @property
    def shown(self) -> BoolArray:
        """The times of the curve: those of the stretch, and of a tail in which it thins out."""
        begin, end = self.stretch
        later = (self.months > begin) & (end > 0)
        if end < self.reach:
            return later & (self.months <= end)
        return later & (np.minimum.accumulate(np.where(later, self.fewest, np.inf)) > 0)


@dataclass(frozen=True)
class KaplanMeier:
    """Shares of customers still there by months since sign-up.

    `curves`: group, months, at_risk, left, survival, survival_low, survival_high, from month 0 on;
    a step falls at its `months`. Where fewer than 10 customers were watched at early tenures, the
    curve is missing until then and begins with 1, the share of those still there at that month;
    `note` says so. `summary`: a row a group with n, left, median_months, the shares and the
    restricted mean, each with low and high; none of them for such a group or one below 10.
    `horizon_months` is that of the restricted means. `reason`: why there are no curves.
    """

    curves: pd.DataFrame
    summary: pd.DataFrame
    horizon_months: float
    level: float
    note: str
    reason: str

    def curve(self, group: str = ALL) -> pd.DataFrame:
        """The rows of one group; empty for a group that is not shown."""
        return self.curves[self.curves["group"] == group].reset_index(drop=True)

    def estimate(self, figure: str, group: str = ALL) -> Estimate:
        """A figure of the summary: "median_months", "restricted_mean_months" or "share_<months>".

        No value where the figure is beyond what was watched, or the group is not shown.
        """
        method = next(text for name, text in METHODS.items() if figure.startswith(name))
        row = self.summary[self.summary["group"] == group]
        if row.empty or pd.isna(row["n"].iloc[0]):
            return Estimate(None, None, None, self.level, 0, self.reason or "too few customers")
        figures = row[[figure, f"{figure}_low", f"{figure}_high"]].iloc[0].astype(float)
        return tabled_estimate(
            figures.tolist(), level=self.level, n=int(row["n"].iloc[0]), method=method
        )


def risk_table(counts: pd.DataFrame) -> RiskTable:
    """At risk at t: those with entry < t <= duration. Times are the distinct durations."""
    weight = counts["customers"].to_numpy(dtype=float)
    duration, entry = (counts[name].to_numpy(dtype=float) for name in ("duration", "entry"))
    months, place = np.unique(duration, return_inverse=True)
    size = len(months)
    left = np.bincount(place, weights=weight * counts["left"].to_numpy(dtype=float), minlength=size)
    leaving = np.bincount(place, weights=weight, minlength=size)
    entering = np.bincount(np.searchsorted(months, entry, "right"), weight, minlength=size)
    at_risk = np.cumsum(entering[:size]) - np.cumsum(leaving) + leaving
    before = np.r_[0.0, months[:-1]]
    entered = np.bincount(np.searchsorted(before, entry), weight, minlength=size)[:size]
    fewest = np.cumsum(entered) - np.r_[0.0, np.cumsum(leaving)[:-1]]
    return RiskTable(months, *(np.asarray(one, dtype=float) for one in (at_risk, left, fewest)))


def greenwood(at_risk: FloatArray, left: FloatArray) -> FloatArray:
    """What each time adds to the variance of log S(t): left / (at_risk (at_risk - left)).

    Infinite where all left.
    """
    with np.errstate(divide="ignore"):
        return np.where(left > 0, left / (at_risk * (at_risk - left)), 0.0)


def none_left_limit(fewest: FloatArray, happened: FloatArray, level: float) -> FloatArray:
    """Lower limit of the share to whom nothing has happened, by times at which it may have.

    Until it first `happened` that is (alpha / 2)^(1 / n), n the fewest at risk at any time so far:
    Clopper & Pearson's (1934) limit; as n at least were watched throughout, it holds whenever in
    that time the risk was high. Later it stays what it was last, for a limit to be held below; 1
    where it happened at the first time.
    """
    until = np.cumsum(happened) == 0
    limit = ((1 - level) / 2) ** (1 / np.minimum.accumulate(fewest))
    return np.where(until, limit, limit[until][-1] if until.any() else 1.0)


def kaplan_meier(
    lifetimes: Lifetimes,
    groups: pd.Series | None = None,
    *,
    months: Sequence[int] = (12, 24),
    horizon_months: float | None = None,
    level: float = 0.95,
) -> KaplanMeier:
    """Kaplan & Meier's (1958) curve S(t) = product over t_i <= t of (1 - left_i / at_risk_i).

    At risk at t_i: entry < t_i <= duration, so that delayed entry is allowed for. `groups`: a value
    a customer in the order of `lifetimes`; quarters of a number with more than five values; missing
    values are a group.

    Intervals of S: Greenwood's variance on the scale log(-log S) (Kalbfleisch & Prentice 1980);
    none where all at risk left; while nobody has left, (alpha / 2)^(1 / n) to 1 with the fewest n
    at risk so far (see `none_left_limit`). Median: the first time with S <= .5, its interval the
    first times at which the limits of S are (Brookmeyer & Crowley 1982); missing when not reached.
    share_m: S at `months` m. Restricted mean: the area under S up to `horizon_months` (if not
    given, the shortest reach of the groups shown), variance sum over t_i of (area from t_i to the
    horizon)^2 * Greenwood's term (Klein & Moeschberger 2003, ch. 4.5), interval on the scale
    logit(mean / horizon). All figures are missing past the reach, up to which at least 10 customers
    were watched at every tenure: none rests on a few who came in late, or are left.
    Customers without time at risk are not counted. Raises ParameterError for a wrong level.
    """
    require_level(level)
    counts = lifetimes.counts(groups) if not lifetimes.reason else pd.DataFrame()
    if counts.empty:
        reason = lifetimes.reason or "No customer has been watched for any time."
        return KaplanMeier(_curves([]), _summary([], months), np.nan, level, "", reason)
    shown, hidden = shown_groups(counts)
    tables = {one: risk_table(counts[counts["group"] == one]) for one in shown}
    reaches = [one.figures_reach for one in tables.values() if one.figures_reach]
    horizon = horizon_months or min(reaches, default=np.nan)
    rows, curves = [], []
    for name, table in tables.items():
        own = counts[counts["group"] == name]
        curve = _curve(name, table, level)
        n = int(own["customers"].sum())
        row = {"group": name, "n": n, "left": int(table.left.sum())}
        rows.append(row | _figures(curve, table, months, horizon, level=level))
        curves.append(curve)
    if hidden:
        rows.append({"group": smaller_groups(len(hidden))})
    note = " ".join([lifetimes.note, *outlived(lifetimes), *coverage_notes(tables)]).strip()
    return KaplanMeier(_curves(curves), _summary(rows, months), horizon, level, note, "")


def outlived(lifetimes: Lifetimes) -> list[str]:
    """What speaks against rates of a single month: customers who by these would long have left.

    A sentence where every customer is watched for at most a month and fewer than UNLIKELY_SHARE of
    new ones would, at the file's rates, stay as long as half of those who are there have stayed.
    """
    stayed = lifetimes.watched & ~lifetimes.left
    delayed = lifetimes.entry[lifetimes.watched] > 0
    if not stayed.any() or (lifetimes.duration - lifetimes.entry).max() > 1 or not delayed.any():
        return []
    median = float(np.median(lifetimes.duration[stayed]))
    table = risk_table(lifetimes.counts())
    until = table.months <= median
    share = float(np.prod(1 - table.left[until] / table.at_risk[until]))
    if share >= UNLIKELY_SHARE:
        return []
    return [
        f"Half of the customers have been there for {median:.0f} months or more, but at these "
        f"rates {share:.1%} of new ones would stay so long: leaving was rarer before, or the file "
        "holds the leavers of more than a month. Take these curves as a lower limit."
    ]


def logit_limits(
    value: float | FloatArray, error: float | FloatArray, cap: float | FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """value -+ z error made on the scale logit(value / cap); missing at 0 and at cap."""
    share = np.asarray(value, dtype=float) / cap
    inner = (share > 0) & (share < 1)
    safe = np.where(inner, share, 0.5)
    margin = float(ndtri(0.5 + level / 2)) * np.asarray(error) / cap / (safe * (1 - safe))
    low, high = (cap * np.where(inner, expit(logit(safe) + s * margin), np.nan) for s in (-1, 1))
    return low, high


def _curve(group: str, table: RiskTable, level: float) -> pd.DataFrame:
    shown = table.shown
    n, left, fewest = (one[shown] for one in (table.at_risk, table.left, table.fewest))
    survival = np.cumprod(1 - left / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.cumsum(greenwood(n, left))) / -np.log(survival)
        power = np.exp(float(ndtri(0.5 + level / 2)) * error)
        low, high = survival**power, survival ** (1 / power)
    certain, none_left = survival == 1, survival <= 0
    limit = none_left_limit(fewest, left, level)
    low = np.where(certain, limit, np.where(none_left, np.nan, np.minimum(low, limit)))
    high = np.where(certain, 1.0, np.where(none_left, np.nan, high))
    return pd.DataFrame(
        {
            "group": group,
            "months": np.r_[0.0, table.months],
            "at_risk": np.r_[table.at_risk[0], table.at_risk].astype(int),
            "left": np.r_[0, table.left].astype(int),
            "survival": placed(table, survival, 1.0),
            "survival_low": placed(table, low, 1.0),
            "survival_high": placed(table, high, 1.0),
        }
    )


def placed(table: RiskTable, values: ArrayLike, first: float) -> FloatArray:
    """A value for month 0 and each time: those of the times shown, `first` where they begin."""
    shown = table.shown
    every = np.full(len(shown) + 1, np.nan)
    every[1:][shown] = values
    if shown.any():
        every[np.argmax(shown)] = first
    return every


def coverage_notes(tables: Mapping[str, RiskTable]) -> list[str]:
    """What to say of curves that begin late or end early, for want of customers watched."""
    late, never, found = [], [], []
    for name, table in tables.items():
        begin, end = table.stretch
        gone = table.shown & (table.left >= table.at_risk) & (table.months < table.reach)
        if not end:
            never.append(name)
        elif begin:
            late.append(f"{name} (month {begin:,.0f})")
        if gone.any():
            month, few = table.months[gone][0], table.at_risk[gone][0]
            found.append(
                f"The curve of {name} comes to its end at month {month:,.1f}, where all {few:.0f} "
                "watched left, and says nothing of later months."
            )
        elif 0 < end < table.reach:
            found.append(
                f"The curve of {name} ends at month {end:,.0f}: fewer than {MIN_GROUP} customers "
                "were watched for some time after it."
            )
    if late:
        found.append(
            f"Fewer than {MIN_GROUP} customers were watched at some early tenure of "
            f"{', '.join(late)}: the curve begins at that month, with those still there then, and "
            "there are no figures from sign-up on."
        )
    if never:
        found.append(
            f"Never were {MIN_GROUP} customers watched at once of {', '.join(never)}: no curve."
        )
    return found


def _figures(
    curve: pd.DataFrame,
    table: RiskTable,
    months: Sequence[int],
    horizon: float,
    *,
    level: float,
) -> dict[str, float]:
    reach = table.figures_reach
    curve = curve[curve["months"] <= reach]
    time = curve["months"].to_numpy()
    names = ("survival", "survival_low", "survival_high")
    columns = dict(
        zip(("", "_low", "_high"), (curve[one].to_numpy() for one in names), strict=True)
    )
    found = {}
    for ending, values in columns.items():
        below = np.flatnonzero(values <= 0.5)
        found[f"median_months{ending}"] = time[below[0]] if len(below) else np.nan
    for month in months:
        last = np.searchsorted(time, month, "right") - 1
        for ending, values in columns.items():
            found[f"share_{month}{ending}"] = values[last] if month <= reach else np.nan
    mean, low, high = restricted_mean(table, horizon, level)
    for ending, value in zip(columns, (mean, low, high), strict=True):
        found[f"restricted_mean_months{ending}"] = value
    return found


def restricted_mean(table: RiskTable, horizon: float, level: float) -> tuple[float, float, float]:
    """Area under the curve up to the horizon, low and high; missing beyond the reach.

    While nobody has left it is the horizon, and low that times the limit of the share.
    """
    if not 0 < horizon <= table.figures_reach:
        return np.nan, np.nan, np.nan
    inside = table.months < horizon
    survival = np.r_[1.0, np.cumprod(1 - table.left / table.at_risk)[inside]]
    steps = np.diff(np.r_[0.0, table.months[inside], horizon])
    area = survival * steps
    if survival[-1] == 1:
        reached = table.fewest[: inside.sum() + 1]
        return horizon, horizon * ((1 - level) / 2) ** (1 / float(reached.min())), horizon
    rest = area[::-1].cumsum()[::-1][1:]
    with np.errstate(invalid="ignore"):
        terms = np.where(rest > 0, rest**2 * greenwood(table.at_risk, table.left)[inside], 0.0)
    low, high = logit_limits(area.sum(), np.sqrt(terms.sum()), horizon, level)
    return float(area.sum()), float(low), float(high)


def _curves(curves: list[pd.DataFrame]) -> pd.DataFrame:
    names = ["group", "months", "at_risk", "left", "survival", "survival_low", "survival_high"]
    return pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(columns=names)


def _summary(rows: list[dict[str, object]], months: Sequence[int]) -> pd.DataFrame:
    figures = ["median_months", *(f"share_{one}" for one in months), "restricted_mean_months"]
    names = ["group", "n", "left"]
    names += [f"{one}{ending}" for one in figures for ending in ("", "_low", "_high")]
    return pd.DataFrame(rows).reindex(columns=names)
