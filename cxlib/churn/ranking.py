"""How well risks rank leavers above stayers: AUC, its differences, average precision."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtri
from scipy.stats import rankdata

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
    """Average precision AP: the mean, over leavers, of the precision at each one's risk.

    With B(c) the share of customers at or above risk c, A(c) that of leavers at or above it, s the
    risk and Y the leaving of a customer: AP = E[Y A(s) / B(s)] / E[Y], equal risks together. The
    interval is made for logit(AP) from the influence of each customer,
    (Y (A/B + G1 - AP) - G2) / E[Y], where G1(s) = E[Y / B; risk <= s] and
    G2(s) = E[Y A / B^2; risk <= s]: A, B and the mean vary with the sample (von Mises 1947). The
    binomial interval of Boyd, Eng & Page (2013) is too narrow or too wide, as the risks spread.
    An AP of exactly 1, or no leaver, has no interval.
    """
    y, p = np.asarray(churned, dtype=bool), np.asarray(risk, dtype=float)
    n, leavers = len(y), int(y.sum())
    if leavers == 0:
        return Estimate(None, None, None, level, n, "no average precision: nobody left")
    order = np.argsort(p)
    ties = np.cumsum(np.diff(p[order], prepend=p[order[:1]]) > 0)
    customers = np.bincount(ties)
    left = np.bincount(ties, weights=y[order])
    above, above_left = (count[::-1].cumsum()[::-1] / n for count in (customers, left))
    precision, rate = above_left / above, leavers / n
    value = float(left @ precision / leavers)
    if value >= 1:
        return Estimate(1.0, None, None, level, n, "no logit interval at exactly 1")
    gained, lost = np.cumsum(left / above) / n, np.cumsum(left * precision / above) / n
    of_stayer = -lost / rate
    of_leaver = of_stayer + (precision + gained - value) / rate
    variance = (left @ of_leaver**2 + (customers - left) @ of_stayer**2) / n
    margin = ndtri(0.5 + level / 2) * np.sqrt(variance / n) / (value * (1 - value))
    low, high = expit(logit(value) + np.array([-margin, margin]))
    method = "average precision, influence-function interval of its logit"
    return Estimate(value, float(low), float(high), level, n, method)
