"""How risk moves with one feature: partial dependence and accumulated local effects."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtri, stdtrit

from cxlib.churn.importance import sample_rows
from cxlib.churn.models import BASE_RATE, ChurnModel
from cxlib.churn.reasons import encoded, encoded_log_odds
from cxlib.churn.validation import CROSS_VALIDATION, Validation
from cxlib.inference import MIN_GROUP, ParameterError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_CUSTOMERS = 2_000  # averaged over: each is predicted at every point by every fold's model
POINTS = 20


def partial_dependence(
    validation: Validation, X: pd.DataFrame, feature: str, *, seed: int = 0
) -> pd.DataFrame:
    """Mean risk of the chosen model were all customers to have one value of a feature.

    PD(v) = mean over customers of risk(feature = v, the rest as it is) (Friedman 2001), and over
    the models of the folds. X is the model table that was validated. Numbers move over 20 of their
    quantiles from 2.5 to 97.5 % (over all values where there are no more than 20), categories over
    their levels; the last row is a missing value where there are any. It tells what risk the model
    associates with a value, not what changing the value would do; where features go together it
    averages over customers that hardly exist: there take `accumulated_effects`.

    Columns: feature, value (a number, NaN where not known, or a level), risk, low, high, fold_low,
    fold_high (least and greatest of the fold models: the fit's variation), customers (judged ones
    to whom the value is nearest; with fewer than 10 no risk is shown), n (averaged over: at most
    2,000 of the judged, drawn in the proportions of leavers and stayers). The interval adds two
    variances, (z se)^2 + (t sf)^2: that of a mean between customers, and that of fitting,
    sf^2 = (k - 1) / k sum (PD_j - mean PD)^2 over the k models that each left out one fold, with
    k - 1 degrees of freedom (the delete-a-group jackknife, Kott 2001; for trees, which jump, rather
    too wide than too narrow). A temporal test has one model: its interval is between customers
    alone, fold_low and fold_high are that model's. Raises ParameterError for a feature not in X.
    """
    table, models = _averaged(validation, X, feature, seed)
    x = X[feature].iloc[validation.rows]
    values, nearest = _points(x)
    grid = table.iloc[np.zeros(len(values), dtype=np.int64)].assign(**{feature: values})
    grid = grid.astype({feature: x.dtype})
    risks = np.empty((len(models), len(values), len(table)))
    for number, model in enumerate(models):
        if model.kind == BASE_RATE or feature not in model.feature_names_in_:
            risks[number] = expit(model.log_odds(table))
            continue
        Z, owner = encoded(model, table)
        own = owner == feature
        for place, point in enumerate(encoded(model, grid)[0][:, own]):
            Z[:, own] = point
            risks[number, place] = expit(encoded_log_odds(model, Z))
    between = risks.mean(axis=0).var(axis=1, ddof=1) / len(table)
    frame = _frame(feature, values, risks.mean(axis=2), between, validation)
    customers = np.bincount(nearest, minlength=len(values))
    frame.loc[customers < MIN_GROUP, ["risk", "low", "high", "fold_low", "fold_high"]] = np.nan
    return frame.assign(customers=customers, n=len(table))


def accumulated_effects(
    validation: Validation, X: pd.DataFrame, feature: str, *, seed: int = 0
) -> pd.DataFrame:
    """Risk along a number by accumulated local effects (ALE; Apley & Zhu 2020).

    Between neighbouring quantiles the mean change of risk of the customers who lie there, when
    their value moves from the one end to the other and the rest stays; these changes are added up
    from the left. Where features go together this keeps to customers that exist, which
    `partial_dependence` does not. Shown around the mean risk: the customers' mean of the curve is
    the mean risk of the customers whose value is known. X, the columns and the interval are those
    of `partial_dependence`; the variance between customers is that of the changes and of the mean
    risk. Raises ParameterError for a feature that is not in X, or is no number of at least three
    values.
    """
    table, models = _averaged(validation, X, feature, seed)
    if not pd.api.types.is_numeric_dtype(table[feature]):
        raise ParameterError(f"feature: {feature} is no number; take partial_dependence.")
    table = table[table[feature].notna()]
    x = table[feature].to_numpy(dtype=float)
    edges = np.unique(np.quantile(x, np.linspace(0, 1, POINTS + 1), method="inverted_cdf"))
    if len(edges) < 3:
        raise ParameterError(f"feature: {feature} has too few values; take partial_dependence.")
    interval = np.clip(np.searchsorted(edges, x) - 1, 0, None)
    changes, risks = np.empty((2, len(models), len(x)))
    for number, model in enumerate(models):
        low, high = (table.assign(**{feature: edges[interval + side]}) for side in (0, 1))
        changes[number] = expit(model.log_odds(high)) - expit(model.log_odds(low))
        risks[number] = expit(model.log_odds(table))
    sizes = np.bincount(interval)
    counts = np.bincount(_nearest(x, edges), minlength=len(edges))
    # Row e adds the steps up to edge e and takes off the customers' mean of the curve.
    climb = np.tri(len(edges), len(edges) - 1, -1)
    climb -= counts @ climb / counts.sum()
    steps = np.stack([np.bincount(interval, weights=one) / sizes for one in changes])
    spread = changes.mean(axis=0) - steps.mean(axis=0)[interval]
    variance = np.bincount(interval, weights=spread**2) / np.maximum(sizes - 1, 1) / sizes
    curves = steps @ climb.T + risks.mean(axis=1)[:, None]
    between = climb**2 @ variance + risks.mean(axis=0).var(ddof=1) / len(x)
    frame = _frame(feature, edges, curves, between, validation)
    return frame.assign(customers=counts, n=len(x))


def _averaged(
    validation: Validation, X: pd.DataFrame, feature: str, seed: int
) -> tuple[pd.DataFrame, Sequence[ChurnModel]]:
    """The customers to average over and the chosen model of each fold."""
    if feature not in X.columns:
        raise ParameterError(f"feature: {feature} is not among the features.")
    rng = np.random.default_rng(seed)
    taken = sample_rows(validation.churned, MOST_CUSTOMERS, rng)
    return X.iloc[validation.rows[taken]], validation.fitted[validation.chosen]


def _points(x: pd.Series) -> tuple[NDArray[np.generic], IntArray]:
    """The values to move over, a missing one last, and the number of each row's nearest."""
    if not pd.api.types.is_numeric_dtype(x):
        code, levels = pd.factorize(x.astype(str), sort=True)
        return np.asarray(levels, dtype=object), code
    numbers = x.to_numpy(dtype=float)
    known = ~np.isnan(numbers)
    points = np.unique(numbers[known])
    if len(points) > POINTS:
        shares = (np.arange(POINTS) + 0.5) / POINTS
        points = np.unique(np.quantile(numbers[known], shares, method="inverted_cdf"))
    nearest = np.full(len(x), len(points))
    nearest[known] = _nearest(numbers[known], points)
    return points if known.all() else np.append(points, np.nan), nearest


def _nearest(x: FloatArray, points: FloatArray) -> IntArray:
    """Number of the point nearest to each x; points ascend."""
    return np.asarray(np.searchsorted((points[1:] + points[:-1]) / 2, x), dtype=np.int64)


def _frame(
    feature: str,
    values: NDArray[np.generic],
    curves: FloatArray,
    between: FloatArray,
    validation: Validation,
) -> pd.DataFrame:
    """Mean of the fold models' curves, its interval and their range; `between`: variance."""
    share, k = 0.5 + validation.level / 2, len(curves)
    squares = ndtri(share) ** 2 * between
    if validation.kind == CROSS_VALIDATION:
        squares += stdtrit(k - 1, share) ** 2 * (k - 1) * curves.var(axis=0)
    risk, margin = curves.mean(axis=0), np.sqrt(squares)
    return pd.DataFrame(
        {
            "feature": feature,
            "value": values,
            "risk": risk,
            "low": np.clip(risk - margin, 0, 1),
            "high": np.clip(risk + margin, 0, 1),
            "fold_low": curves.min(axis=0),
            "fold_high": curves.max(axis=0),
        }
    )
