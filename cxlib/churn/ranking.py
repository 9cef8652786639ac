"""How well risks rank leavers above stayers: AUC, its differences, average precision."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtri
from scipy.stats import rankdata
from sklearn.metrics import average_precision_score

from cxlib.inference import Estimate, wald_interval

FloatArray = NDArray[np.float64]


def delong(churned: ArrayLike, risks: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """AUC of each row of `risks` (k, n) and their covariance (k, k).

    DeLong, DeLong & Clarke-Pearson (1988) by midranks (Sun & Xu 2014): with V10 the share of
    stayers below each leaver and V01 the share of leavers above each stayer (ties count half),
    AUC = mean V10 and S = cov(V10) / leavers + cov(V01) / stayers. Raises ValueError with fewer
    than two customers of either kind.
    """
    y, scores = np.asarray(churned, dtype=bool), np.atleast_2d(np.asarray(risks, dtype=float))
    leavers, stayers = scores[:, y], scores[:, ~y]
    m, n = leavers.shape[1], stayers.shape[1]
    if min(m, n) < 2:
        raise ValueError("An AUC with its variance needs two who left and two who stayed.")
    ranks = rankdata(np.hstack([leavers, stayers]), axis=1)
    above = (ranks[:, :m] - rankdata(leavers, axis=1)) / n
    below = 1 - (ranks[:, m:] - rankdata(stayers, axis=1)) / m
    covariance = np.atleast_2d(np.cov(above)) / m + np.atleast_2d(np.cov(below)) / n
    return above.mean(axis=1), covariance


def auc(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Area under the ROC curve with DeLong's interval, cut to 0..1.

    At exactly 0 or 1 no pair varies, DeLong's variance is 0 and there is no interval.
    """
    values, covariance = delong(churned, risk)
    n = len(np.asarray(churned))
    if values[0] in (0, 1):
        method = "AUC, no DeLong interval at exactly 0 or 1"
        return Estimate(float(values[0]), None, None, level, n, method)
    wald = wald_interval(float(values[0]), float(np.sqrt(covariance[0, 0])), n, level=level)
    low, high = np.clip([wald.low, wald.high], 0, 1)
    return Estimate(wald.value, float(low), float(high), level, n, "AUC, DeLong interval")


def auc_difference(
    churned: ArrayLike, risk: ArrayLike, other: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """AUC of `risk` minus that of `other` on the same customers, DeLong's paired interval.

    No interval where either AUC is exactly 0 or 1, as DeLong's variance of it is 0.
    """
    values, covariance = delong(churned, np.stack([np.asarray(risk), np.asarray(other)]))
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    # Rounding can leave a variance of -1e-20 where both rank alike.
    error = float(np.sqrt(max(variance, 0)))
    difference, n = float(values[0] - values[1]), len(np.asarray(churned))
    if np.isin(values, [0, 1]).any():
        method = "difference of AUC, no DeLong interval at an AUC of exactly 0 or 1"
        return Estimate(difference, None, None, level, n, method)
    method = "difference of AUC, paired DeLong interval"
    return wald_interval(difference, error, n, level=level, method=method)


def average_precision(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Average precision AP with the logit interval of Boyd, Eng & Page (2013).

    expit(logit(AP) +- z / sqrt(leavers AP (1 - AP))); an AP of exactly 1 has no interval.
    """
    y = np.asarray(churned, dtype=bool)
    value = float(average_precision_score(y, np.asarray(risk, dtype=float)))
    if value >= 1:
        return Estimate(value, None, None, level, len(y), "no logit interval at exactly 1")
    margin = ndtri(0.5 + level / 2) / np.sqrt(y.sum() * value * (1 - value))
    low, high = expit(logit(value) + np.array([-margin, margin]))
    method = "average precision, logit interval"
    return Estimate(value, float(low), float(high), level, len(y), method)
