"""How often, of two customers, the one who left first had the higher score."""

import numpy as np
from numpy.typing import NDArray

from cxlib.churn.lifetimes import BoolArray, FloatArray
from cxlib.churn.survival import logit_limits
from cxlib.inference import Estimate

IntArray = NDArray[np.int64]


def concordance(
    entry: FloatArray,
    duration: FloatArray,
    left: BoolArray,
    score: FloatArray,
    *,
    level: float = 0.95,
) -> Estimate:
    """Harrell's C (Harrell et al. 1982): agreeing / comparable pairs, equal scores by half.

    A pair is comparable where one left at t while the other was at risk (entry < t) and stayed
    beyond t, or was watched until t. The standard error is that of the infinitesimal jackknife,
    root of the sum over customers of (agreeing_i - C pairs_i)^2 / pairs; the interval is made on
    the scale logit C. No value without comparable pairs.
    """
    agreeing, pairs = concordant_pairs(entry, duration, left, score)
    n, total = len(pairs), int(pairs.sum()) // 2  # each pair stands with both of its customers
    if not total:
        return Estimate(None, None, None, level, n, "no two customers were at risk at once")
    value = float(agreeing.sum()) / (2 * total)
    error = float(np.sqrt(np.sum((agreeing - value * pairs) ** 2))) / total
    low, high = logit_limits(value, error, 1.0, level)
    method = "Harrell's C, infinitesimal jackknife, logit scale"
    return Estimate(value, float(low), float(high), level, n, method)


def concordant_pairs(
    entry: FloatArray, duration: FloatArray, left: BoolArray, score: FloatArray
) -> tuple[FloatArray, IntArray]:
    """For each customer: agreeing pairs (equal scores by half), and comparable ones.

    With times numbered 0, 1, ...: who leaves at k has a pair with all whose end lies after k, less
    those who enter at k or later (whose end then lies after it too).
    """
    times = np.unique(duration[left])
    first, last = (np.searchsorted(times, one, "right") for one in (entry, duration))
    before = last - left  # so many times of leaving lie before the end
    leaves = np.flatnonzero(left)
    k, risk = before[leaves], score[leaves]
    # Ends of those who stayed until a time lie just after it.
    end = np.where(left, 2 * before, 2 * last - 1)
    agreeing, pairs = np.zeros(len(score)), np.zeros(len(score), dtype=np.int64)
    for x, limit, sign in ((-end, -2 * k, 1), (-first, -k, -1)):
        agreeing[leaves] += sign * _lower(x, score, limit, risk)
        pairs[leaves] += sign * np.searchsorted(np.sort(x), limit)
    for limit, sign in ((before, 1), (first, -1)):
        earlier = np.searchsorted(np.sort(k), limit)
        agreeing += sign * (earlier - _lower(k, risk, limit, score))
        pairs += sign * earlier
    return agreeing, pairs


def _lower(x: IntArray, y: FloatArray, x_limit: IntArray, y_limit: FloatArray) -> FloatArray:
    """For each limit: the points with x below it and y below it, those of equal y by half."""
    by_x, by_y = np.argsort(x, kind="stable"), np.argsort(y, kind="stable")
    rank = np.empty(len(y), dtype=np.int64)
    rank[by_y] = np.arange(len(y))
    prefix = np.searchsorted(x[by_x], x_limit)
    below, upto = (np.searchsorted(y[by_y], y_limit, side) for side in ("left", "right"))
    counts = (_ranks_below(rank[by_x], prefix, one) for one in (below, upto))
    return np.asarray(sum(counts) / 2, dtype=float)


def _ranks_below(rank: IntArray, prefix: IntArray, limit: IntArray) -> IntArray:
    """For each query: how many of the first `prefix` ranks lie below `limit`.

    A wavelet matrix (Claude & Navarro 2012): bit by bit the ranks are parted by their bit, and the
    range of each query follows its limit's.
    """
    start, end = np.zeros_like(prefix), prefix.copy()
    count = np.zeros_like(prefix)
    for bit in reversed(range(len(rank).bit_length())):
        zero = (rank >> bit) & 1 == 0
        zeros = np.r_[0, np.cumsum(zero)]
        above = (limit >> bit) & 1 == 1
        count += np.where(above, zeros[end] - zeros[start], 0)
        start, end = (
            np.where(above, zeros[-1] + one - zeros[one], zeros[one]) for one in (start, end)
        )
        rank = np.concatenate([rank[zero], rank[~zero]])
    return count
