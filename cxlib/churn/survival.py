"""When customers leave: Kaplan-Meier curves by group.

Own, on counts: statsmodels' SurvfuncRight takes a row a customer, or counts with Tsiatis's variance
in place of Greenwood's, which R and lifelines have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from cxlib.churn.lifetimes import ALL, FloatArray, Lifetimes, shown_groups
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
    "share": "Kaplan-Meier, Greenwood, log-log scale",
}


class RiskTable(NamedTuple):
    """At each distinct time: customers at risk just before it, and how many left at it."""

    months: FloatArray
    at_risk: FloatArray
    left: FloatArray

    @property
    def reach(self) -> float:
        """The longest tenure at which at least 10 customers were watched; 0 if none."""
        enough = self.months[self.at_risk >= MIN_GROUP]
        return float(enough.max()) if len(enough) else 0.0


@dataclass(frozen=True)
class KaplanMeier:
    """Shares of customers still there by months since sign-up.

    `curves`: group, months, at_risk, left, survival, survival_low, survival_high, from month 0 on;
    a step falls at its `months`. `summary`: a row a group with n, left, median_months, the shares
    and the restricted mean, each with low and high; groups below 10 customers have no figures.
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
    return RiskTable(months, *(np.asarray(one, dtype=float) for one in (at_risk, left)))


def greenwood(table: RiskTable) -> FloatArray:
    """What each time adds to the variance of log S(t): left / (at_risk (at_risk - left)).

    Infinite where all left.
    """
    stayed = table.at_risk - table.left
    with np.errstate(divide="ignore"):
        return np.where(table.left > 0, table.left / (table.at_risk * stayed), 0.0)


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
    none where all at risk left. Median: the first time with S <= .5, its interval the first times
    at which the limits of S are (Brookmeyer & Crowley 1982); missing when not reached. share_m: S
    at `months` m, missing beyond the longest tenure at which 10 customers were watched (the reach).
    Restricted mean: the area under S up to `horizon_months` (if not given, the shortest reach of
    the groups shown), variance sum over t_i of (area from t_i to the horizon)^2 * Greenwood's term
    (Klein & Moeschberger 2003, ch. 4.5), interval on the scale logit(mean / horizon).
    Customers without time at risk are not counted. Raises ParameterError for a wrong level.
    """
    require_level(level)
    counts = lifetimes.counts(groups) if not lifetimes.reason else pd.DataFrame()
    if counts.empty:
        reason = lifetimes.reason or "No customer has been watched for any time."
        return KaplanMeier(_curves([]), _summary([], months), np.nan, level, "", reason)
    shown, hidden = shown_groups(counts)
    tables = {one: risk_table(counts[counts["group"] == one]) for one in shown}
    horizon = horizon_months or min((one.reach for one in tables.values()), default=np.nan)
    rows, curves = [], []
    for name, table in tables.items():
        own = counts[counts["group"] == name]
        curve = _curve(name, table, level)
        n = int(own["customers"].sum())
        row = {"group": name, "n": n, "left": int(table.left.sum())}
        rows.append(row | _figures(curve, table, months, horizon, level))
        curves.append(curve)
    if hidden:
        rows.append({"group": smaller_groups(len(hidden))})
    outlived = _outlived(lifetimes)
    note = " ".join([lifetimes.note, *outlived, *_early_ends(tables)]).strip()
    return KaplanMeier(_curves(curves), _summary(rows, months), horizon, level, note, "")


def _outlived(lifetimes: Lifetimes) -> list[str]:
    """What speaks against rates of a single month: customers who by these would long have left."""
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
        "holds the leavers of more than a month. Take these curves, and the value of a kept "
        "customer that rests on them, as a lower limit."
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
    survival = np.cumprod(1 - table.left / table.at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.cumsum(greenwood(table))) / -np.log(survival)
        power = np.exp(float(ndtri(0.5 + level / 2)) * error)
        low, high = survival**power, survival ** (1 / power)
    certain = survival == 1
    none_left = survival <= 0
    low, high = (np.where(certain, 1.0, np.where(none_left, np.nan, x)) for x in (low, high))
    return pd.DataFrame(
        {
            "group": group,
            "months": np.r_[0.0, table.months],
            "at_risk": np.r_[table.at_risk[0], table.at_risk].astype(int),
            "left": np.r_[0, table.left].astype(int),
            "survival": np.r_[1.0, survival],
            "survival_low": np.r_[1.0, low],
            "survival_high": np.r_[1.0, high],
        }
    )


def _early_ends(tables: Mapping[str, RiskTable]) -> list[str]:
    """What to say of curves that few customers, entered late, have ended before the reach."""
    found = []
    for name, table in tables.items():
        ended = (table.left >= table.at_risk) & (table.months < table.reach)
        if ended.any():
            month, few = table.months[ended][0], table.at_risk[ended][0]
            found.append(
                f"The curve of {name} falls to 0 at month {month:.1f}, where all {few:.0f} watched "
                "left, and says nothing of later months."
            )
    return found


def _figures(
    curve: pd.DataFrame, table: RiskTable, months: Sequence[int], horizon: float, level: float
) -> dict[str, float]:
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
            found[f"share_{month}{ending}"] = values[last] if month <= table.reach else np.nan
    mean, low, high = restricted_mean(table, horizon, level)
    for ending, value in zip(columns, (mean, low, high), strict=True):
        found[f"restricted_mean_months{ending}"] = value
    return found


def restricted_mean(table: RiskTable, horizon: float, level: float) -> tuple[float, float, float]:
    """Area under the curve up to the horizon, low and high; missing beyond the reach."""
    if not 0 < horizon <= table.reach:
        return np.nan, np.nan, np.nan
    inside = table.months < horizon
    survival = np.r_[1.0, np.cumprod(1 - table.left / table.at_risk)[inside]]
    steps = np.diff(np.r_[0.0, table.months[inside], horizon])
    area = survival * steps
    rest = area[::-1].cumsum()[::-1][1:]
    with np.errstate(invalid="ignore"):
        terms = np.where(rest > 0, rest**2 * greenwood(table)[inside], 0.0)
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
