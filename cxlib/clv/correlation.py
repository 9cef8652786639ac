"""Correlation of skewed or tied columns, with an interval that does not assume them normal.

Rows may stand for several customers each: `customers` holds how many.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from cxlib.clv.histories import FloatArray
from cxlib.inference import Estimate

NO_CORRELATION = "no correlation: too few or constant values"


def robust_correlation(
    x: ArrayLike, y: ArrayLike, customers: ArrayLike, *, level: float, name: str
) -> Estimate:
    """Pearson's r with the interval tanh(atanh(r) +- z se / (1 - r^2)), named `name`.

    se^2 = mean(u^2) / n with the influence u = a b - r (a^2 + b^2) / 2 of each pair of standardized
    values: the infinitesimal jackknife (Efron 1982, ch. 6), to which the bootstrap of the pairs
    tends and which needs no draws. Fewer than four pairs or a constant column give no value.
    """
    first, second, counts = (np.asarray(column, dtype=float) for column in (x, y, customers))
    return _estimate(_pearson(first, second, counts), counts, level, name)


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's correlation, equal values sharing their mean rank, and what each row does to it.

    r          missing for fewer than four customers or a constant column
    influence  u of each row: made as in `robust_correlation`, but it also holds what a pair does to
               the ranks of all the others. With F and G the mid-distribution functions of the
               columns, C = E[F G] - 1/4, V = E[F^2] - 1/4, W = E[G^2] - 1/4 and r = C / sqrt(V W),
               a pair (x, y) has u = c / sqrt(V W) - r / 2 (v / V + w / W) with
               c = F(x) G(y) + E[s(x, X) G(Y)] + E[F(X) s(y, Y)] - 3 E[F G],
               v = F(x)^2 + 2 E[s(x, X) F(X)] - 3 E[F^2], w likewise,
               s(x, X) = [x < X] + [x = X] / 2
    customers  how many share each row
    """

    r: float | None
    influence: FloatArray
    customers: FloatArray

    def estimate(self, *, level: float) -> Estimate:
        """r with the interval of `robust_correlation`."""
        found = None if self.r is None else (self.r, self.influence)
        return _estimate(found, self.customers, level, "Spearman's r")

    def less(self, other: "RankCorrelation", *, level: float) -> Estimate:
        """This r less the other, of the same rows: difference +- z se.

        The influences are subtracted row by row. No value where one of the two has none.
        """
        n = int(self.customers.sum())
        if self.r is None or other.r is None:
            return Estimate(None, None, None, level, n, NO_CORRELATION)
        margin = _margin(self.influence - other.influence, self.customers, level)
        value = self.r - other.r
        method = "difference of Spearman's r, infinitesimal jackknife interval"
        return Estimate(value, value - margin, value + margin, level, n, method)


def rank_correlations(
    x: ArrayLike, columns: Mapping[str, ArrayLike], customers: ArrayLike
) -> dict[str, RankCorrelation]:
    """The rank correlation of each of the `columns` with x; every column is sorted once."""
    counts = np.asarray(customers, dtype=float)
    of_x = _ranked(np.asarray(x, dtype=float), counts)
    return {
        name: _spearman(of_x, _ranked(np.asarray(y, dtype=float), counts), counts)
        for name, y in columns.items()
    }


def _pearson(x: FloatArray, y: FloatArray, counts: FloatArray) -> tuple[float, FloatArray] | None:
    """r and u (see robust_correlation)."""
    if counts.sum() < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    share = counts / counts.sum()
    a, b = x - share @ x, y - share @ y
    a, b = a / np.sqrt(share @ a**2), b / np.sqrt(share @ b**2)
    r = float(np.clip(share @ (a * b), -1, 1))
    return r, a * b - r * (a**2 + b**2) / 2


class _Ranked(NamedTuple):
    """A column: the place of each row's value among the `distinct` ones, F, and E[s(x, X) F(X)]."""

    place: NDArray[np.intp]
    distinct: int
    F: FloatArray
    above: FloatArray


def _ranked(values: FloatArray, counts: FloatArray) -> _Ranked:
    place, distinct = pd.factorize(values, sort=True)
    share = counts / max(counts.sum(), 1)
    F = 1 - _above(place, len(distinct), share)
    return _Ranked(place, len(distinct), F, _above(place, len(distinct), share * F))


def _spearman(x: _Ranked, y: _Ranked, counts: FloatArray) -> RankCorrelation:
    if counts.sum() < 4 or x.distinct == 1 or y.distinct == 1:
        return RankCorrelation(None, np.zeros_like(counts), counts)
    share = counts / counts.sum()
    F, G = x.F, y.F
    product, F_squared, G_squared = share @ (F * G), share @ F**2, share @ G**2
    V, W = F_squared - 1 / 4, G_squared - 1 / 4
    r = float(np.clip((product - 1 / 4) / np.sqrt(V * W), -1, 1))
    of_x, of_y = _above(x.place, x.distinct, share * G), _above(y.place, y.distinct, share * F)
    c = F * G + of_x + of_y - 3 * product
    v, w = F**2 + 2 * x.above - 3 * F_squared, G**2 + 2 * y.above - 3 * G_squared
    return RankCorrelation(r, c / np.sqrt(V * W) - r / 2 * (v / V + w / W), counts)


def _above(place: NDArray[np.intp], distinct: int, weights: FloatArray) -> FloatArray:
    """Weight of the rows of greater value, and half of that of the equal ones, for each row."""
    weight = np.bincount(place, weights=weights, minlength=distinct)
    return (weight.sum() - np.cumsum(weight) + weight / 2)[place]


def _estimate(
    found: tuple[float, FloatArray] | None, counts: FloatArray, level: float, name: str
) -> Estimate:
    n = int(counts.sum())
    if found is None:
        return Estimate(None, None, None, level, n, NO_CORRELATION)
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
