"""What goes with leaving: odds ratios, and how far features determine one another."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

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
from cxlib.churn.likelihood import maximum_likelihood
from cxlib.inference import holm

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

ODDS_COLUMNS = {"feature": "str", "contrast": "str"}
ODDS_COLUMNS |= dict.fromkeys(["odds_ratio", "low", "high", "odds_ratio_per_sd"], "float")
ODDS_COLUMNS |= {"p": "float", "p_holm": "float", "vif": "float", "unstable": "bool"}


@dataclass(frozen=True)
class OddsRatios:
    """Odds ratios of leaving and what was changed or left out to get them.

    `summary` has one row a contrast, and none where there are no odds ratios: `reason` then says
    why. `aliased` names the columns of the design that others determine exactly, and which;
    `merged` the rare levels, and `left_out` the features that have no odds ratio. `n` customers
    were used, `incomplete` left out for a missing value.
    """

    summary: pd.DataFrame
    aliased: pd.DataFrame
    merged: pd.DataFrame
    left_out: pd.DataFrame
    n: int
    incomplete: int
    reason: str


def odds_ratios(
    X: pd.DataFrame,
    churned: ArrayLike,
    *,
    units: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> OddsRatios:
    """Odds ratios of leaving, each at fixed values of the other features.

    Unpenalized logistic regression by maximum likelihood, Wald intervals exp(b +- z se), p with
    Holm's correction over all contrasts. A number counts per its `units` entry (default 1); a
    category's levels stand against its most frequent one. Customers with a missing number are left
    out and counted. Levels with fewer than 10 customers are merged into "(other levels)", or into
    the most frequent level where they are fewer than 10 together. A feature with a level or a 0/1
    value that all or none left, so that the maximum does not exist (Albert & Anderson 1984), is
    left out and listed. A column of the design that earlier ones determine exactly is dropped and
    listed (as R's `lm` does it). The generalized variance inflation GVIF^(1/df) (Fox & Monette
    1992) says how much the other features inflate a variance; above 10 `unstable` is true.

    summary: feature, contrast, odds_ratio, low, high, odds_ratio_per_sd (numbers), p, p_holm, vif,
    unstable. aliased: feature, contrast, determined_by. merged: feature, levels, customers, into.
    left_out: feature, reason. Empty, with the reason, when the features left together separate
    leavers from stayers, when none is left, or when fewer than 50 complete customers left or
    stayed. Raises ValueError when a unit names no number.
    """
    units = dict(units or {})
    numbers, _ = number_and_category_names(X)
    if unknown := sorted(set(units) - set(numbers)):
        raise ValueError(f"A unit is given for {', '.join(unknown)}, which is no number here.")
    complete = X.notna().all(axis=1).to_numpy()
    incomplete = int((~complete).sum())
    y = np.asarray(churned, dtype=bool)[complete]
    known, merged = merge_rare_levels(X[complete])
    without = without_maximum(known, y)
    left_out = pd.DataFrame(list(without.items()), columns=["feature", "reason"])
    known = known.drop(columns=list(without))
    reason = ""
    if min(y.sum(), (~y).sum()) < MIN_EVENTS:
        reason = (
            f"only {len(y)} customers have no missing number, {y.sum()} of whom left: leave out "
            f"features with many missing values, first {X.isna().sum().idxmax()}"
        )
    elif known.empty:
        reason = "no feature is left"
    if not reason:
        standardized, spread, terms = design_matrix(known, units)
        kept, determined = independent_columns(standardized)
        try:
            params, covariance = maximum_likelihood(y, standardized[:, kept])
        except ValueError as problem:
            reason = str(problem)[0].lower() + str(problem)[1:].rstrip(".")
    if reason:
        summary = pd.DataFrame(columns=list(ODDS_COLUMNS)).astype(ODDS_COLUMNS)
        aliased = pd.DataFrame(columns=["feature", "contrast", "determined_by"])
        return OddsRatios(summary, aliased, merged, left_out, len(y), incomplete, reason)

    columns = np.array(kept[1:]) - 1
    b, error = params[1:], np.sqrt(np.diag(covariance))[1:]
    table, step = terms.iloc[columns], terms["unit"].to_numpy()[columns] / spread[columns]
    margin = float(ndtri(0.5 + level / 2)) * error
    p = 2 * ndtr(-np.abs(b / error))
    vif = variance_inflation(standardized[:, kept[1:]], table["feature"].to_numpy())
    summary = table.assign(
        odds_ratio=np.exp(b * step),
        low=np.exp((b - margin) * step),
        high=np.exp((b + margin) * step),
        odds_ratio_per_sd=np.where(table["number"], np.exp(b), np.nan),
        p=p,
        p_holm=holm(p),
        vif=vif,
        unstable=vif > UNSTABLE_VIF,
    ).drop(columns=["unit", "number"])
    aliased = aliased_columns(terms, determined)
    summary = summary.reset_index(drop=True)
    return OddsRatios(summary, aliased, merged, left_out, len(y), incomplete, "")


def collinearity(X: pd.DataFrame) -> pd.DataFrame:
    """How far the other features determine each feature, the most determined first.

    From the same customers, merged levels and inflation as in `odds_ratios`, without fitting.
    Columns:
    columns (of the design that count), aliased (those that earlier ones determine exactly), vif,
    unstable. A feature with aliased columns only has no vif.
    """
    known, _ = merge_rare_levels(X[X.notna().all(axis=1)])
    standardized, _, terms = design_matrix(known, {})
    kept, determined = independent_columns(standardized)
    names = terms["feature"].to_numpy()
    used = names[np.array(kept[1:], dtype=int) - 1]
    vif = pd.Series(variance_inflation(standardized[:, kept[1:]], used)).groupby(used)
    table = pd.DataFrame({"columns": vif.size(), "vif": vif.first()})
    lost = pd.Series(names[np.array(list(determined), dtype=int) - 1]).value_counts()
    table = table.reindex(pd.unique(names)).assign(aliased=lost)
    table = table.fillna({"columns": 0, "aliased": 0}).astype({"columns": int, "aliased": int})
    table = table.assign(unstable=table["vif"] > UNSTABLE_VIF).rename_axis("feature")
    order = ["columns", "aliased", "vif", "unstable"]
    return table.sort_values("vif", ascending=False, kind="stable")[order]
