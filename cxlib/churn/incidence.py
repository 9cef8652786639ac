"""How many leave for which cause by when, the other causes allowed for: Aalen-Johansen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from cxlib.churn.lifetimes import FloatArray, Lifetimes, shown_groups
from cxlib.churn.survival import RiskTable, coverage_notes, none_left_limit, placed, risk_table
from cxlib.inference import require_level, smaller_groups


@dataclass(frozen=True)
class CumulativeIncidence:
    """Share who have left for each cause, by months since sign-up.

    `curves`: group, cause, months, at_risk, left, incidence, incidence_low, incidence_high, from
    month 0 on; at every month the incidences of the causes and the survival add up to 1. Where
    fewer than 10 customers were watched at early tenures, they are missing until then and begin
    with 0, of those still there at that month; `note` says so. `summary`: a row a group and cause:
    n, left, and the shares with low and high; none of these for such a group or one below 10.
    `reason`: why there are none.
    """

    curves: pd.DataFrame
    summary: pd.DataFrame
    note: str
    reason: str


def cumulative_incidence(
    lifetimes: Lifetimes,
    groups: pd.Series | None = None,
    *,
    months: Sequence[int] = (12, 24),
    level: float = 0.95,
) -> CumulativeIncidence:
    """Aalen & Johansen's (1978) F_k(t) = sum over t_i <= t of S(t_i -) d_ki / n_i for each cause k.

    n_i are at risk just before t_i, d_ki of them leave for cause k, S is the Kaplan-Meier curve of
    leaving for any. Leavers without a cause are a cause of their own, "not stated". The variance is
    that of the delta method (Marubini & Valsecchi 1995, ch. 10), with d_i leavers for any cause
    sum (F_k(t) - F_k(t_i))^2 d_i / (n_i (n_i - d_i)) + S(t_i -)^2 d_ki (n_i - d_ki) / n_i^3
    - 2 (F_k(t) - F_k(t_i)) S(t_i -) d_ki / n_i^2, which for a single cause is Greenwood's; the
    interval is made on the scale log(-log F). While nobody has left for k it is 0 to
    1 - (alpha / 2)^(1 / n) with the fewest n at risk so far (see `none_left_limit`). share_m: F_k
    at `months` m, missing past the tenures at each of which at least 10 customers were watched.
    Groups as in `kaplan_meier`. Raises ParameterError for a wrong level.
    """
    require_level(level)
    counts = lifetimes.counts(groups) if not lifetimes.reason else pd.DataFrame()
    reason = lifetimes.reason
    if not reason and not (counts["cause"] != "").any():
        reason = "The file does not say why customers left (column leaving)."
    if reason:
        return CumulativeIncidence(_curves([]), _summary([], months), "", reason)
    causes = sorted(set(counts["cause"].astype(str)) - {""}, key=str)
    shown, hidden = shown_groups(counts)
    tables = {one: risk_table(counts[counts["group"] == one]) for one in shown}
    curves, rows = [], []
    for group, table in tables.items():
        own = counts[counts["group"] == group]
        for cause in causes:
            curve = _curve(own, table, cause, level).assign(group=group, cause=cause)
            row = {"group": group, "cause": cause, "n": int(own["customers"].sum())}
            row["left"] = int(curve["left"].sum())
            rows.append(row | _shares(curve, months, table.figures_reach))
            curves.append(curve)
    if hidden:
        rows.append({"group": smaller_groups(len(hidden))})
    note = " ".join(coverage_notes(tables))
    return CumulativeIncidence(_curves(curves), _summary(rows, months), note, "")


def _curve(own: pd.DataFrame, table: RiskTable, cause: str, level: float) -> pd.DataFrame:
    of_cause = own[own["cause"] == cause]
    place = np.searchsorted(table.months, of_cause["duration"].to_numpy(dtype=float))
    weight = of_cause["customers"].to_numpy(dtype=float)
    counted = np.bincount(place, weights=weight, minlength=len(table.months))
    every, shown = np.asarray(counted, dtype=float), table.shown
    n, d, left = table.at_risk[shown], table.left[shown], every[shown]
    before = np.r_[1.0, np.cumprod(1 - d / n)][:-1]
    incidence = np.cumsum(before * left / n)
    error = np.sqrt(_variance(n, d, left, before, incidence))
    inner = (incidence > 0) & (incidence < 1)
    safe = np.where(inner, incidence, 0.5)
    power = np.exp(float(ndtri(0.5 + level / 2)) * error / (safe * -np.log(safe)))
    low, high = (np.where(inner, safe**one, np.nan) for one in (power, 1 / power))
    limit = 1 - none_left_limit(table.fewest[shown], left, level)
    low = np.where(incidence == 0, 0.0, low)
    high = np.where(incidence == 0, limit, np.maximum(high, limit))
    return pd.DataFrame(
        {
            "months": np.r_[0.0, table.months],
            "at_risk": np.r_[table.at_risk[0], table.at_risk].astype(int),
            "left": np.r_[0, every].astype(int),
            "incidence": placed(table, incidence, 0.0),
            "incidence_low": placed(table, low, 0.0),
            "incidence_high": placed(table, high, 0.0),
        }
    )


def _variance(
    n: FloatArray, d: FloatArray, left: FloatArray, before: FloatArray, F: FloatArray
) -> FloatArray:
    # Where all leave, S is 0 and F moves no more: the first and third term are 0 from there on.
    stayed = np.where(n > d, n - d, np.inf)
    greenwood = d / (n * stayed)
    crossed = before * left / n**2
    own = np.cumsum(before**2 * left * (n - left) / n**3)
    ends = F - F[-1:]  # differences alone count; small numbers keep their digits
    first = ends**2 * np.cumsum(greenwood) - 2 * ends * np.cumsum(greenwood * ends)
    first = first + np.cumsum(greenwood * ends**2)
    third = ends * np.cumsum(crossed) - np.cumsum(crossed * ends)
    return np.maximum(first + own - 2 * third, 0)


def _shares(curve: pd.DataFrame, months: Sequence[int], reach: float) -> dict[str, float]:
    found = {}
    for month in months:
        last = curve["months"].searchsorted(month, "right") - 1
        for ending in ("", "_low", "_high"):
            value = curve[f"incidence{ending}"].iloc[last]
            found[f"share_{month}{ending}"] = value if month <= reach else np.nan
    return found


def _curves(curves: list[pd.DataFrame]) -> pd.DataFrame:
    names = ["group", "cause", "months", "at_risk", "left"]
    names += ["incidence", "incidence_low", "incidence_high"]
    return pd.concat(curves, ignore_index=True)[names] if curves else pd.DataFrame(columns=names)


def _summary(rows: list[dict[str, object]], months: Sequence[int]) -> pd.DataFrame:
    names = ["group", "cause", "n", "left"]
    names += [f"share_{one}{ending}" for one in months for ending in ("", "_low", "_high")]
    return pd.DataFrame(rows).reindex(columns=names)
