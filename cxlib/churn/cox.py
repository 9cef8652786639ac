"""What goes with leaving sooner: Cox regression."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from cxlib.churn.concordance import concordance
from cxlib.churn.design import (
    UNSTABLE_VIF,
    aliased_columns,
    design_matrix,
    independent_columns,
    merge_rare_levels,
    variance_inflation,
    without_maximum,
)
from cxlib.churn.features import MIN_EVENTS, number_and_category_names
from cxlib.churn.lifetimes import Lifetimes
from cxlib.churn.partial_likelihood import (
    AtRisk,
    PartialLikelihood,
    maximum_partial_likelihood,
)
from cxlib.churn.proportionality import (
    PERIODS,
    PROPORTIONALITY,
    proportionality,
    proportionality_sentence,
    ratios_by_period,
)
from cxlib.inference import Estimate, holm, require_level

MOST_CUSTOMERS = 50_000
CLOCK = {
    "tenure_months": "it is the time that is modelled",
    "total_charges": "it grows with the time that is modelled",
}
RATIOS = ["feature", "contrast", "hazard_ratio", "low", "high", "hazard_ratio_per_sd"]
RATIOS += ["p", "p_holm", "vif", "unstable"]


def _empty(columns: list[str]) -> Callable[[], pd.DataFrame]:
    return lambda: pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class Cox:
    """Hazard ratios of leaving, and whether they hold at every tenure.

    summary          a row a contrast: hazard_ratio, low, high, hazard_ratio_per_sd (numbers),
                     p, p_holm, vif, unstable (see `odds_ratios`)
    proportionality  a row a feature: chi2, df, p, p_holm of Grambsch & Therneau, and rho (low,
                     high), the correlation of time and residual of its contrast with the strongest
    all_features     chi2, df and p of the same test of all features at once, one row
    periods          for features that fail it: the ratio up to `cut_months`, the one after, and
                     how many times the first the second is
    concordance      share of pairs of customers in which who left first had the higher risk
    aliased, merged, left_out: what was changed or left out, as in `odds_ratios`
    n, left          customers and leavers that count; `incomplete` lack a number, `unsampled` were
                     more than the model needs
    sentence         what the proportionality comes to; `reason`: why there are no ratios
    """

    concordance: Estimate
    summary: pd.DataFrame = field(default_factory=_empty(RATIOS))
    proportionality: pd.DataFrame = field(default_factory=_empty(PROPORTIONALITY))
    all_features: pd.DataFrame = field(default_factory=_empty(PROPORTIONALITY[:4]))
    periods: pd.DataFrame = field(default_factory=_empty(PERIODS))
    cut_months: float = np.nan
    aliased: pd.DataFrame = field(default_factory=_empty(["feature", "contrast", "determined_by"]))
    merged: pd.DataFrame = field(default_factory=_empty(["feature", "levels", "customers", "into"]))
    left_out: pd.DataFrame = field(default_factory=_empty(["feature", "reason"]))
    n: int = 0
    left: int = 0
    incomplete: int = 0
    unsampled: int = 0
    sentence: str = ""
    reason: str = ""


def cox(
    lifetimes: Lifetimes,
    X: pd.DataFrame,
    *,
    units: Mapping[str, float] | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Cox:
    """Hazard ratios of leaving, each at fixed values of the other features and the same tenure.

    Cox (1972) regression by maximum partial likelihood, Efron's (1977) ties, at risk in (entry,
    duration]; Wald intervals exp(b +- z se), p with Holm's correction over all contrasts. X: a row
    a customer in the order of `lifetimes`, as they were at sign-up or ever since (a feature that
    has changed is read as it is now). Numbers per their `units` entry (default 1), categories
    against the most frequent level; rare levels, features without a maximum and columns that others
    determine as in `odds_ratios`; tenure_months and total_charges are left out. Customers with a
    missing number are left out and counted. Of more than 50,000 a random sample is taken by `seed`.

    Proportionality: Grambsch & Therneau's (1994) score test of scaled Schoenfeld residuals against
    the rank of the time of leaving, by feature, with Holm's correction, and of all at once. Rho is
    the effect size: 0 where the ratio does not change. Features whose p_holm is below 1 - level
    get a ratio up to the median time of leaving and one after it, from one model of both periods;
    p (Wald) is that of no change. Concordance: Harrell's (1982) C of pairs at risk at once, in the
    customers fitted, see `concordance`.

    No ratios, with the reason, below 50 leavers or complete customers who stayed, where no feature
    is left, or where features separate leavers. Raises ParameterError for a wrong level, ValueError
    when X has other rows or a unit names no number.
    """
    require_level(level)
    if lifetimes.reason:
        return _without(lifetimes.reason, level)
    if len(X) != len(lifetimes.duration):
        raise ValueError(f"X has {len(X)} rows, the lifetimes {len(lifetimes.duration)}.")
    units = dict(units or {})
    if unknown := sorted(set(units) - set(number_and_category_names(X)[0])):
        raise ValueError(f"A unit is given for {', '.join(unknown)}, which is no number here.")
    clock = {name: why for name, why in CLOCK.items() if name in X}
    X = X.drop(columns=list(clock))
    rows, incomplete, unsampled = _customers(lifetimes, X, seed)
    left = lifetimes.left[rows]
    counted: dict[str, Any] = {"n": len(rows), "left": int(left.sum()), "incomplete": incomplete}
    if min(left.sum(), (~left).sum()) < MIN_EVENTS:
        reason = (
            f"Of {len(rows):,} customers with all numbers {left.sum():,} left: a regression needs "
            f"{MIN_EVENTS} who left and {MIN_EVENTS} who stayed."
        )
        return _without(reason, level, **counted)
    known, merged = merge_rare_levels(X.iloc[rows])
    without = without_maximum(known, left)
    known = known.drop(columns=list(without))
    left_out = pd.DataFrame([*clock.items(), *without.items()], columns=["feature", "reason"])
    if known.empty:
        reason = "No feature is left that could tell leavers apart."
        return _without(reason, level, **counted, left_out=left_out)
    data, aliased = _at_risk(lifetimes, rows, known, units)
    try:
        fit = maximum_partial_likelihood(data.entry, data.duration, left, data.design)
    except ValueError as problem:
        return _without(str(problem), level, **counted, left_out=left_out)
    tests, together = proportionality(fit, data.terms, level)
    failing = tests.loc[tests["p_holm"] < 1 - level, "feature"].tolist()
    cut = float(np.median(fit.event_times))
    periods, unfit = ratios_by_period(data, failing, cut, level)
    p_together = float(together["p"].iloc[0])
    return Cox(
        concordance(data.entry, data.duration, left, data.design @ fit.params, level=level),
        summary=_summary(fit, data, level),
        proportionality=tests,
        all_features=together,
        periods=periods,
        cut_months=cut,
        aliased=aliased,
        merged=merged,
        left_out=left_out,
        **counted,
        unsampled=unsampled,
        sentence=proportionality_sentence(
            periods, failing, unfit, cut, p_together=p_together, level=level
        ),
    )


def _without(reason: str, level: float, **found: Any) -> Cox:
    n = int(found.get("n", 0))
    return Cox(Estimate(None, None, None, level, n, reason), **found, reason=reason)


def _customers(
    lifetimes: Lifetimes, X: pd.DataFrame, seed: int
) -> tuple[NDArray[np.intp], int, int]:
    """Rows that count, how many watched ones lack a number, and how many were not drawn."""
    complete = X.notna().all(axis=1).to_numpy()
    rows = np.flatnonzero(complete & lifetimes.watched)
    incomplete = int((~complete & lifetimes.watched).sum())
    unsampled = max(len(rows) - MOST_CUSTOMERS, 0)
    if unsampled:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_CUSTOMERS, replace=False))
    return rows, incomplete, unsampled


def _at_risk(
    lifetimes: Lifetimes, rows: NDArray[np.intp], known: pd.DataFrame, units: Mapping[str, float]
) -> tuple[AtRisk, pd.DataFrame]:
    own = {name: unit for name, unit in units.items() if name in known}
    standardized, spread, terms = design_matrix(known, own)
    kept, determined = independent_columns(standardized)
    columns = np.array(kept[1:]) - 1
    table = terms.iloc[columns].reset_index(drop=True)
    data = AtRisk(
        lifetimes.entry[rows],
        lifetimes.duration[rows],
        lifetimes.left[rows],
        standardized[:, kept[1:]],
        table,
        table["unit"].to_numpy() / spread[columns],
    )
    return data, aliased_columns(terms, determined)


def _summary(fit: PartialLikelihood, data: AtRisk, level: float) -> pd.DataFrame:
    b, error = fit.params, np.sqrt(np.diag(fit.covariance))
    margin = float(ndtri(0.5 + level / 2)) * error
    p = 2 * ndtr(-np.abs(b / error))
    vif = variance_inflation(data.design, data.terms["feature"].to_numpy())
    return data.terms.assign(
        hazard_ratio=np.exp(b * data.step),
        low=np.exp((b - margin) * data.step),
        high=np.exp((b + margin) * data.step),
        hazard_ratio_per_sd=np.where(data.terms["number"], np.exp(b), np.nan),
        p=p,
        p_holm=holm(p),
        vif=vif,
        unstable=vif > UNSTABLE_VIF,
    )[RATIOS]
