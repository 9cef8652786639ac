"""Correlation of skewed or tied columns, with an interval that does not assume them normal.

Rows may stand for several customers each: `customers` holds how many.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from cxlib.clv.histories import FloatArray
from cxlib.inference import Estimate


def robust_correlation(
    x: ArrayLike, y: ArrayLike, customers: ArrayLike, *, level: float, name: str
) -> Estimate:
    """Pearson's r with the interval tanh(atanh(r) +- z se / (1 - r^2)), named `name`.

    se^2 = mean(u^2) / n with the influence u = a b - r (a^2 + b^2) / 2 of each pair of standardized
    values: the infinitesimal jackknife (Efron 1982, ch. 6), to which the bootstrap of the pairs
    tends and which needs no draws. Fewer than four pairs or a constant column give no value.
    """
    first, second, counts = _columns(x, y, customers)
    return _estimate(_pearson(first, second, counts), counts, level, name)


def rank_correlation(x: ArrayLike, y: ArrayLike, customers: ArrayLike, *, level: float) -> Estimate:
    """Spearman's correlation, equal values sharing their mean rank, with an interval.

    Made as in `robust_correlation`, but the influence also holds what a pair does to the ranks of
    all the others. With F and G the mid-distribution functions of the columns, C = E[F G] - 1/4,
    V = E[F^2] - 1/4, W = E[G^2] - 1/4 and r = C / sqrt(V W), a pair (x, y) has
    u = c / sqrt(V W) - r / 2 (v / V + w / W) with
    c = F(x) G(y) + E[s(x, X) G(Y)] + E[F(X) s(y, Y)] - 3 E[F G],
    v = F(x)^2 + 2 E[s(x, X) F(X)] - 3 E[F^2], w likewise, s(x, X) = [x < X] + [x = X] / 2.
    """
    first, second, counts = _columns(x, y, customers)
    return _estimate(_spearman(first, second, counts), counts, level, "Spearman's r")


def rank_correlation_difference(
    y: ArrayLike, first: ArrayLike, second: ArrayLike, customers: ArrayLike, *, level: float
) -> Estimate:
    """Spearman's r(y, first) - r(y, second) over the same customers: difference +- z se.

    The influences of the two (see rank_correlation) are subtracted pair by pair. No value where one
    of the two has none.
    """
    of_first, of_second, counts = _columns(first, second, customers)
    one = _spearman(np.asarray(y, dtype=float), of_first, counts)
    other = _spearman(np.asarray(y, dtype=float), of_second, counts)
    n = int(counts.sum())
    if one is None or other is None:
        return Estimate(None, None, None, level, n, "no correlation: too few or constant values")
    margin = _margin(one[1] - other[1], counts, level)
    value = one[0] - other[0]
    method = "difference of Spearman's r, infinitesimal jackknife interval"
    return Estimate(value, value - margin, value + margin, level, n, method)


def _columns(*columns: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    x, y, counts = (np.asarray(column, dtype=float) for column in columns)
    return x, y, counts


def _pearson(x: FloatArray, y: FloatArray, counts: FloatArray) -> tuple[float, FloatArray] | None:
    """r and u (see robust_correlation)."""
    if counts.sum() < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    share = counts / counts.sum()
    a, b = x - share @ x, y - share @ y
    a, b = a / np.sqrt(share @ a**2), b / np.sqrt(share @ b**2)
    r = float(np.clip(share @ (a * b), -1, 1))
    return r, a * b - r * (a**2 + b**2) / 2


def _spearman(x: FloatArray, y: FloatArray, counts: FloatArray) -> tuple[float, FloatArray] | None:
    """r and u (see rank_correlation)."""
    if counts.sum() < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    share = counts / counts.sum()
    F, G = 1 - _above(x, share), 1 - _above(y, share)
    product, F_squared, G_squared = share @ (F * G), share @ F**2, share @ G**2
    V, W = F_squared - 1 / 4, G_squared - 1 / 4
    r = float(np.clip((product - 1 / 4) / np.sqrt(V * W), -1, 1))
    c = F * G + _above(x, share * G) + _above(y, share * F) - 3 * product
    v = F**2 + 2 * _above(x, share * F) - 3 * F_squared
    w = G**2 + 2 * _above(y, share * G) - 3 * G_squared
    return r, c / np.sqrt(V * W) - r / 2 * (v / V + w / W)


def _above(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Weight of the rows of greater value, and half of that of the equal ones, for each row."""
    distinct, inverse = np.unique(values, return_inverse=True)
    weight = np.bincount(inverse, weights=weights, minlength=len(distinct))
    return (weight.sum() - np.cumsum(weight) + weight / 2)[inverse]


def _estimate(
    found: tuple[float, FloatArray] | None, counts: FloatArray, level: float, name: str
) -> Estimate:
    n = int(counts.sum())
    if found is None:
        return Estimate(None, None, None, level, n, "no correlation: too few or constant values")
    r, influence = found
    if 1 - abs(r) < 1e-12:
        return Estimate(r, r, r, level, n, f"{name}, exact relation")
    margin = _margin(influence, counts, level) / (1 - r**2)
    low, high = np.tanh(np.arctanh(r) + np.array([-margin, margin]))
    method = f"{name}, infinitesimal jackknife interval"
    return Estimate(r, float(low), float(high), level, n, method)


def _margin(influence: FloatArray, counts: FloatArray, level: float) -> float:
    n = counts.sum()
    return float(ndtri(0.5 + level / 2) * np.sqrt(counts @ influence**2 / n / n))
