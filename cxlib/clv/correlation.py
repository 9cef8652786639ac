"""Correlation of skewed or tied columns, with an interval that does not assume them normal."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from cxlib.clv.histories import FloatArray
from cxlib.inference import Estimate


def robust_correlation(x: FloatArray, y: FloatArray, *, level: float, name: str) -> Estimate:
    """Pearson's r with the interval tanh(atanh(r) +- z se / (1 - r^2)), named `name`.

    se^2 = mean(u^2) / n with the influence u = a b - r (a^2 + b^2) / 2 of each pair of standardized
    values: the infinitesimal jackknife (Efron 1982, ch. 6), to which the bootstrap of the pairs
    tends and which needs no draws. For columns of ranks it is Spearman's, the ranks taken as
    given. Fewer than four pairs or a constant column give no value.
    """
    n = len(x)
    if n < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Estimate(None, None, None, level, n, "no correlation: too few or constant values")
    r, influence = _influence(x, y)
    method = f"{name}, infinitesimal jackknife interval"
    if 1 - abs(r) < 1e-12:
        return Estimate(r, r, r, level, n, f"{name}, exact relation")
    margin = _margin(influence, level) / (1 - r**2)
    low, high = np.tanh(np.arctanh(r) + np.array([-margin, margin]))
    return Estimate(r, float(low), float(high), level, n, method)


def correlation_difference(
    y: FloatArray, first: FloatArray, second: FloatArray, *, level: float
) -> tuple[float, float]:
    """Interval of r(y, first) - r(y, second) over the same rows; missing where one has no value.

    The difference +- z se with the influences of the two subtracted pair by pair.
    """
    if len(y) < 4 or min(np.ptp(column) for column in (y, first, second)) == 0:
        return np.nan, np.nan
    (one, influence), (other, reference) = _influence(y, first), _influence(y, second)
    margin = _margin(influence - reference, level)
    return one - other - margin, one - other + margin


def ranks(values: FloatArray) -> FloatArray:
    """Ranks from 1, equal values sharing their mean rank."""
    return np.asarray(pd.Series(values).rank(), dtype=float)


def _influence(x: FloatArray, y: FloatArray) -> tuple[float, FloatArray]:
    """r and u (see robust_correlation)."""
    a, b = ((column - column.mean()) / column.std() for column in (x, y))
    r = float(np.clip(np.mean(a * b), -1, 1))
    return r, a * b - r * (a**2 + b**2) / 2


def _margin(influence: FloatArray, level: float) -> float:
    return float(ndtri(0.5 + level / 2) * np.sqrt(np.mean(influence**2) / len(influence)))
