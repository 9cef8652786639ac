"""Features that may know the outcome."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from cxlib.churn.ranking import auc, delong
from cxlib.churn.validation import Validation, stratified_folds
from cxlib.inference import Estimate, wald_interval

BoolArray = NDArray[np.bool_]

LEAK_AUC = 0.99


def single_features(X: pd.DataFrame, churned: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """AUC of each feature alone, best first: a leak guard and a first look.

    A category ranks customers by the churn rate of its levels among the customers of the other
    folds (five, stratified; the base rate for a level that is not there). The AUC is the mean over
    the k folds, its variance (1 / k + 1 / (k - 1)) times the mean of DeLong's (Nadeau & Bengio
    2003). A number ranks by its value, in the better direction, with missing values at
    the better end, or in the same way as a category by its twentieths, whichever is better; that
    choice flatters it a little. `suspicious` marks an AUC above .99: such a feature most likely
    knows the outcome. Columns: auc, low, high, n, suspicious.
    """
    y = np.asarray(churned, dtype=bool)
    rows, fold = {}, stratified_folds(X, y, 5, 0)[1]
    for name in X:
        if pd.api.types.is_numeric_dtype(X[name]):
            x = X[name].to_numpy(dtype=float)
            filled = [np.where(np.isnan(x), end, x) for end in (-np.inf, np.inf)]
            ranked = np.stack([sign * values for sign in (1, -1) for values in filled])
            monotone = auc(y, ranked[int(np.argmax(delong(y, ranked)[0]))], level=level)
            # By midranks a value that many share has a bin of its own.
            twentieth = np.floor(20 * (rankdata(filled[1]) - 0.5) / len(x))
            binned = _level_auc(np.where(np.isnan(x), -1, twentieth), y, fold, level)
            one = max(monotone, binned, key=lambda each: each.value or 0)
        else:
            one = _level_auc(X[name].astype(str).to_numpy(), y, fold, level)
        rows[name] = {"auc": one.value, "low": one.low, "high": one.high, "n": one.n}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("feature")
    table = table.astype({"auc": float, "low": float, "high": float})
    table = table.assign(suspicious=table["auc"] > LEAK_AUC)
    return table.sort_values("auc", ascending=False, kind="stable")


def _level_auc(
    groups: NDArray[np.generic], y: BoolArray, fold: NDArray[np.int64], level: float
) -> Estimate:
    """AUC of ranking by the churn rate of one's group outside one's fold, mean over the folds.

    Only customers of the same fold are compared: between folds the held-out leavers of a group
    lower the very rates that they are ranked by.
    """
    parts = []
    for number in np.unique(fold):
        held = fold == number
        rates = pd.Series(y[~held]).groupby(groups[~held]).mean()
        risk = rates.reindex(groups[held]).fillna(y[~held].mean()).to_numpy()
        parts.append([each.item() for each in delong(y[held], risk)])
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


def leak_warning(single: pd.DataFrame, validation: Validation) -> str:
    """Sentences on what may know the outcome (an AUC above .99), "" when nothing does.

    Features as found by `single_features`, and models, where several features may do it together.
    """
    sentences = []
    if suspects := [str(name) for name in single.index[single["suspicious"]]]:
        sentences.append(f"Warning: {', '.join(suspects)} may know the outcome (leak).")
    values = validation.summary["value"].xs("auc", level="measure")
    if models := [str(name) for name in values.index[values > LEAK_AUC]]:
        sentences.append(
            f"Warning: the model {' and the model '.join(models)} ranks almost perfectly (AUC "
            f"above {LEAK_AUC:g}): some of the features may know the outcome (leak)."
        )
    return " ".join(sentences)
