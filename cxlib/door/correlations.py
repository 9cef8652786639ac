"""Correlations that are lower than chance has them."""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, ndtr

FloatArray = NDArray[np.float64]

_ENOUGH_ROWS = 30
# Below it a type III distribution is normal to all digits that matter.
_NOT_SKEWED = 1e-3
# Of a correlation, for Fisher's z to be finite.
_LOWEST = -1 + 1e-12


def correlation(x: FloatArray, y: FloatArray) -> tuple[float, float, int]:
    """Pearson's correlation, the chance of one as low if the two were unrelated, and the rows.

    The chance is the larger of Fisher's z test and that over all permutations. Of the rows without
    a blank; 0 and 1 where they are fewer than 30, or have a single value.
    """
    complete = ~(np.isnan(x) | np.isnan(y))
    x, y = x[complete], y[complete]
    if len(x) < _ENOUGH_ROWS or np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0, 1.0, len(x)
    found = max(float(np.corrcoef(x, y)[0, 1]), _LOWEST)
    z = math.atanh(min(found, 0)) * math.sqrt(len(x) - 3)
    return found, max(NormalDist().cdf(z), by_permutation(x, y)), len(x)


def by_permutation(item: FloatArray, rest: FloatArray) -> float:
    """The probability of a correlation as low as theirs if `item` went with any of `rest` alike.

    Over all permutations the correlation has mean 0, variance 1 / (n - 1) and skewness
    sqrt(n - 1) / (n - 2) times the product of the skewnesses (moments with divisor n). Its
    distribution is taken as Pearson's type III with these moments (Mielke & Berry 2007), as normal
    where it is not skewed to the left. Not for what has a single value.
    """
    n = len(item)
    x, y = ((one - one.mean()) / one.std() for one in (item, rest))
    below = -float(np.mean(x * y)) * math.sqrt(n - 1)
    skewness = -float(np.mean(x**3) * np.mean(y**3)) * math.sqrt(n - 1) / (n - 2)
    if skewness < _NOT_SKEWED:
        return float(ndtr(-below))
    shape = 4 / skewness**2
    return float(gammaincc(shape, max(0.0, shape + below * math.sqrt(shape))))
