"""What goes with leaving: odds ratios, and how far features determine one another."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from cxlib.churn.features import MIN_EVENTS, number_and_category_names
from cxlib.churn.likelihood import maximum_likelihood
from cxlib.inference import MIN_GROUP, holm

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

OTHER_LEVELS = "(other levels)"
UNSTABLE_VIF = 10.0  # Belsley, Kuh & Welsch 1980
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
    known, merged = _merge_rare_levels(X[complete])
    without = _without_maximum(known, y)
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
        standardized, spread, terms = _design(known, units)
        kept, determined = _independent(standardized)
        names = ["intercept", *(terms["feature"] + ": " + terms["contrast"])]
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
    vif = _variance_inflation(standardized[:, kept[1:]], table["feature"].to_numpy())
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
    lost = [
        terms.iloc[column - 1][["feature", "contrast"]].to_dict()
        | {"determined_by": ", ".join(names[source] for source in sources) or "constant"}
        for column, sources in determined.items()
    ]
    aliased = pd.DataFrame(lost, columns=["feature", "contrast", "determined_by"])
    summary = summary.reset_index(drop=True)
    return OddsRatios(summary, aliased, merged, left_out, len(y), incomplete, "")


def collinearity(X: pd.DataFrame) -> pd.DataFrame:
    """How far the other features determine each feature, the most determined first.

    From the same customers, merged levels and inflation as in `odds_ratios`, without fitting.
    Columns:
    columns (of the design that count), aliased (those that earlier ones determine exactly), vif,
    unstable. A feature with aliased columns only has no vif.
    """
    known, _ = _merge_rare_levels(X[X.notna().all(axis=1)])
    standardized, _, terms = _design(known, {})
    kept, determined = _independent(standardized)
    names = terms["feature"].to_numpy()
    used = names[np.array(kept[1:], dtype=int) - 1]
    vif = pd.Series(_variance_inflation(standardized[:, kept[1:]], used)).groupby(used)
    table = pd.DataFrame({"columns": vif.size(), "vif": vif.first()})
    lost = pd.Series(names[np.array(list(determined), dtype=int) - 1]).value_counts()
    table = table.reindex(pd.unique(names)).assign(aliased=lost)
    table = table.fillna({"columns": 0, "aliased": 0}).astype({"columns": int, "aliased": int})
    table = table.assign(unstable=table["vif"] > UNSTABLE_VIF).rename_axis("feature")
    order = ["columns", "aliased", "vif", "unstable"]
    return table.sort_values("vif", ascending=False, kind="stable")[order]


def _design(
    X: pd.DataFrame, units: Mapping[str, float]
) -> tuple[FloatArray, FloatArray, pd.DataFrame]:
    """The regression's design: an intercept and standardized columns, with their spread.

    And what each column but the intercept says: feature, contrast, unit, number.
    """
    columns, terms = [], []
    for name in X:
        if pd.api.types.is_numeric_dtype(X[name]):
            values = X[name].to_numpy(dtype=float)
            binary = set(np.unique(values)) <= {0.0, 1.0} and name not in units
            unit = float(units.get(str(name), 1))
            contrast = "1 against 0" if binary else f"per {unit:g}"
            columns.append(values)
            terms.append((name, contrast, unit, not binary))
            continue
        counts = X[name].value_counts(sort=False)
        reference = counts.idxmax()
        for option in counts.index[(counts > 0) & (counts.index != reference)]:
            columns.append((X[name] == option).to_numpy(dtype=float))
            terms.append((name, f"{option} against {reference}", 1.0, False))
    table = pd.DataFrame(terms, columns=["feature", "contrast", "unit", "number"])
    design = np.column_stack(columns)
    spread = design.std(axis=0)
    spread[spread == 0] = 1
    scaled = (design - design.mean(axis=0)) / spread
    return np.column_stack([np.ones(len(design)), scaled]), spread, table


def _independent(design: FloatArray) -> tuple[list[int], dict[int, list[int]]]:
    """Columns that earlier ones do not determine, and for the others which do.

    Works on R of the QR decomposition, whose columns have the same inner products as the design's.
    """
    R: FloatArray = np.asarray(np.linalg.qr(design, mode="r"))
    kept: list[int] = []
    determined: dict[int, list[int]] = {}
    for column in range(R.shape[1]):
        weights = np.linalg.lstsq(R[:, kept], R[:, column])[0]
        rest = np.linalg.norm(R[:, column] - R[:, kept] @ weights)
        if rest > 1e-7 * np.linalg.norm(R[:, 0]):
            kept.append(column)
        else:
            sources = np.flatnonzero(np.abs(weights) > 1e-6)
            determined[column] = [kept[source] for source in sources]
    return kept, determined


def _variance_inflation(design: FloatArray, names: NDArray[np.object_]) -> FloatArray:
    """GVIF^(1/df) for each column, the same for all columns of a feature."""
    correlation = np.atleast_2d(np.corrcoef(design, rowvar=False))
    whole = np.linalg.slogdet(correlation)[1]
    inflation = np.empty(len(names))
    for name in pd.unique(names):
        own = names == name
        parts = [np.linalg.slogdet(correlation[np.ix_(part, part)])[1] for part in (own, ~own)]
        inflation[own] = np.exp((sum(parts) - whole) / own.sum())
    return inflation


def _merge_rare_levels(X: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """X with each category's levels below 10 customers merged, and which: one row a feature."""
    merged, rows = X.copy(), []
    for name in number_and_category_names(X)[1]:
        counts = X[name].value_counts(sort=False)
        rare = counts[(counts > 0) & (counts < MIN_GROUP)]
        if rare.empty:
            continue
        into = OTHER_LEVELS if rare.sum() >= MIN_GROUP else str(counts.idxmax())
        levels = X[name].astype(str)
        merged[name] = levels.where(~levels.isin(rare.index), into).astype("category")
        rows.append((name, ", ".join(rare.index.astype(str)), int(rare.sum()), into))
    return merged, pd.DataFrame(rows, columns=["feature", "levels", "customers", "into"])


def _without_maximum(X: pd.DataFrame, y: BoolArray) -> dict[str, str]:
    """Features that can have no odds ratio, and why: constant, or a level that all or none left."""
    found = {}
    for name in X:
        if X[name].nunique() < 2:
            found[str(name)] = "constant among these customers"
        elif not pd.api.types.is_numeric_dtype(X[name]) or X[name].nunique() == 2:
            groups = pd.Series(y).groupby(X[name].to_numpy())
            sided = [
                f"{'all' if rate else 'none'} of the {size} with {option} left"
                for option, rate, size in groups.agg(["mean", "size"]).itertuples()
                if rate in (0, 1)
            ]
            if sided:
                found[str(name)] = "; ".join(sided)
    return found
