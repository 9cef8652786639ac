"""What the customers at the top of a ranking bring together, by how many of them are taken."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxlib.inference import ParameterError

FloatArray = NDArray[np.float64]

PERCENTS = tuple(k / 100 for k in range(101))


@dataclass(frozen=True)
class Gains:
    """Gain per customer of the whole, at each share taken from the top, with its covariance.

    `customers` are those really taken: whoever scores like the last one taken is taken too.
    """

    shares: FloatArray
    customers: NDArray[np.int64]
    gain: FloatArray
    covariance: FloatArray
    n: int

    @property
    def error(self) -> FloatArray:
        """Standard error of each gain."""
        return np.sqrt(np.clip(np.diag(self.covariance), 0, None))


def cumulated_gains(amount: ArrayLike, score: ArrayLike, shares: Sequence[float]) -> Gains:
    """G(s) = sum of the amounts x of the share s with the highest scores, over all n customers.

    Its covariance is that of the influence functions I_s (x - m_s) + m_s s - G(s) of a depth cut on
    the sample (Davidson & Duclos 1997): I_s says who is taken, and m_s, the mean amount of the
    2 sqrt(n) customers around the cut, accounts for the cut moving with the sample. All is read
    from cumulated sums of x and x^2. Equal scores are never parted. Raises ParameterError when a
    share lies outside 0 to 1, ValueError when amounts or scores are missing or differ in number.
    """
    x, ranked = np.asarray(amount, dtype=float), np.asarray(score, dtype=float)
    depth = np.asarray(shares, dtype=float)
    if not ((depth >= 0) & (depth <= 1)).all():
        raise ParameterError(f"shares: {list(shares)} should all lie between 0 and 1.")
    if x.shape != ranked.shape or not len(x) or not np.isfinite(x + ranked).all():
        raise ValueError("Gains need one amount and one score, both known, for each customer.")
    n, order = len(x), np.argsort(-ranked, kind="stable")
    falling, x = -ranked[order], x[order]
    # The rounding keeps .1 of 70 customers at 7 where floating point makes it 7.000000001.
    wanted = np.ceil(np.round(depth * n, 6)).astype(np.int64)
    last = falling[np.maximum(wanted, 1) - 1]
    taken = np.where(wanted > 0, np.searchsorted(falling, last, side="right"), 0)
    first, second = (np.concatenate([[0.0], np.cumsum(x**power)]) for power in (1, 2))
    root = int(np.ceil(np.sqrt(n)))
    start = np.searchsorted(falling, falling[np.maximum(taken - root, 0).clip(max=n - 1)])
    stop = np.searchsorted(falling, falling[np.minimum(taken + root, n) - 1], side="right")
    at_cut = (first[stop] - first[start]) / (stop - start)
    gain, share = first[taken] / n, taken / n
    # Whoever is taken at both of two depths is taken at the lesser.
    both = np.minimum.outer(taken, taken)
    products = second[both] - np.add.outer(at_cut, at_cut) * first[both]
    products = (products + np.outer(at_cut, at_cut) * both) / n
    centre = gain - at_cut * share
    covariance = (products - np.outer(centre, centre)) / n
    return Gains(depth, taken, gain, covariance, n)
