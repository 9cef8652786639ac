"""How well each feature ranks customers when it is taken alone."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from cxlib.churn.ranking import auc, delong
from cxlib.inference import Estimate, wald_interval

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

LEAK_AUC = 0.99
MAX_SAMPLE = 25_000  # of either kind: an AUC is then known to some .005
FOLDS = 5


def single_features(
    X: pd.DataFrame, churned: ArrayLike, *, level: float = 0.95, seed: int = 0
) -> pd.DataFrame:
    """AUC of each feature alone, best first: a leak guard and a first look.

    A category ranks customers by the churn rate of its levels among the customers of the other
    folds (five, stratified; the base rate for a level that is not there). The AUC is the mean over
    the k folds, its variance (1 / k + 1 / (k - 1)) times the mean of DeLong's (Nadeau & Bengio
    2003). A number ranks by its value, in the better direction, with missing values at
    the better end, or in the same way as a category by its twentieths, whichever is better; that
    choice flatters it a little. `suspicious` marks an AUC above .99: such a feature most likely
    knows the outcome. Of more than 25,000 leavers, or stayers, so many are drawn by `seed`: an AUC
    does not depend on their proportion. Columns: auc, low, high, n (rows used), suspicious.
    """
    y = np.asarray(churned, dtype=bool)
    chosen = _sample(y, seed)
    y, X = y[chosen], X.iloc[chosen]
    rows, fold = {}, _folds(X, y, seed)
    for name in X:
        if pd.api.types.is_numeric_dtype(X[name]):
            one = _number_auc(X[name].to_numpy(dtype=float), y, fold, level)
        else:
            one = _level_auc(pd.factorize(X[name])[0], y, fold, level)
        rows[name] = {"auc": one.value, "low": one.low, "high": one.high, "n": one.n}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("feature")
    table = table.astype({"auc": float, "low": float, "high": float})
    table = table.assign(suspicious=table["auc"] > LEAK_AUC)
    return table.sort_values("auc", ascending=False, kind="stable")


def _sample(y: BoolArray, seed: int) -> IntArray:
    rng = np.random.default_rng(seed)
    kinds = (np.flatnonzero(kind) for kind in (y, ~y))
    drawn = [
        rng.choice(rows, MAX_SAMPLE, replace=False) if len(rows) > MAX_SAMPLE else rows
        for rows in kinds
    ]
    return np.sort(np.concatenate(drawn))


def _folds(X: pd.DataFrame, y: BoolArray, seed: int) -> IntArray:
    """Stratified folds that depend on the content of the rows, not on their order."""
    rng, fold = np.random.default_rng(seed), np.empty(len(y), dtype=np.int64)
    order = np.argsort(pd.util.hash_pandas_object(X, index=False).to_numpy(), kind="stable")
    for kind in (y, ~y):
        rows = order[kind[order]]
        # Not in turn: equal rows would be dealt out evenly, and each fold mirror the others.
        fold[rows] = rng.permutation(np.arange(len(rows)) % FOLDS)
    return fold


def _number_auc(x: NDArray[np.float64], y: BoolArray, fold: IntArray, level: float) -> Estimate:
    ends = (-np.inf, np.inf) if np.isnan(x).any() else (np.inf,)
    filled = [np.where(np.isnan(x), end, x) for end in ends]
    # From the other end an AUC is one less this one.
    ranked = np.stack([side * values for values in filled for side in (1, -1)])
    values = delong(y, ranked[::2])[0]
    best = int(np.argmax(np.column_stack([values, 1 - values]).ravel()))
    monotone = auc(y, ranked[best], level=level)
    # By midranks a value that many share has a bin of its own.
    twentieth = np.floor(20 * (rankdata(filled[-1]) - 0.5) / len(x)).astype(np.int64)
    binned = _level_auc(np.where(np.isnan(x), -1, twentieth), y, fold, level)
    return max(monotone, binned, key=lambda each: each.value or 0)


def _level_auc(groups: IntArray, y: BoolArray, fold: IntArray, level: float) -> Estimate:
    """AUC of ranking by the churn rate of one's group outside one's fold, mean over the folds.

    Only customers of the same fold are compared: between folds the held-out leavers of a group
    lower the very rates that they are ranked by.
    """
    parts, codes = [], groups - groups.min()
    for number in range(FOLDS):
        held = fold == number
        sizes = np.bincount(codes[~held], minlength=codes.max() + 1)
        left = np.bincount(codes[~held & y], minlength=codes.max() + 1)
        rates = np.where(sizes > 0, left / np.maximum(sizes, 1), y[~held].mean())
        parts.append([each.item() for each in delong(y[held], rates[codes[held]])])
    values, variances = np.array(parts).T
    value, k = float(values.mean()), len(parts)
    # Nadeau & Bengio (2003): folds share what they learn from. Without any association DeLong's
    # variance / k alone covers 95 % intervals in some 75 %.
    error = float(np.sqrt(variances.mean() * (1 / k + 1 / (k - 1))))
    if error == 0 and value in (0, 1):
        method = "cross-validated AUC, no interval at exactly 0 or 1"
        return Estimate(value, None, None, level, len(y), method)
    method = "cross-validated AUC, DeLong's variance corrected for shared training"
    wald = wald_interval(value, error, len(y), level=level)
    low, high = np.clip([wald.low, wald.high], 0, 1)
    return Estimate(value, float(low), float(high), level, len(y), method)
