"""The population stability index of two counted distributions, with its test and its interval."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtr, chdtrc, chdtri, chndtrinc, fdtr, fdtrc, ncfdtrinc, ndtri

LEAST_EXPECTED = 5  # a bin: below it the distribution of the index is not chi-square
MODERATE, LARGE = 0.1, 0.25


def pooled(
    was: NDArray[np.float64], now: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bins with too few expected together, with the smallest other if still too few."""
    expected = (was + now) * min(was.sum(), now.sum()) / (was.sum() + now.sum())
    order = np.argsort(expected)
    together = int((expected < LEAST_EXPECTED).sum())
    if 0 < expected[order[:together]].sum() < LEAST_EXPECTED:
        together += 1
    if together == 0:
        return was, now
    first, rest = order[:together], order[together:]
    was, now = (np.r_[one[rest], one[first].sum()] for one in (was, now))
    filled = was + now > 0
    return was[filled], now[filled]


def stability(
    was: NDArray[np.float64],
    now: NDArray[np.float64],
    level: float,
    *,
    spread: float = 0.0,
    customers: float = np.inf,
) -> dict[str, float]:
    """psi of what was counted in the same bins before and now, its shift with interval, and p.

    With p the shares before (n in all) and q those now (m): psi = sum (q - p) ln(q / p) (Siddiqi
    2006); half a count is added to each bin where one is empty. Without any change
    psi / (1/n + 1/m) is chi-square with bins - 1 degrees of freedom (Yurdakul & Naranjo 2020), so
    chance alone makes a psi of (bins - 1) (1/n + 1/m): shift is psi less that, not below 0. Its
    interval turns the noncentral chi-square around. The counts may be effective ones and need not
    be whole.

    Where rows come in clusters `spread` is the squared coefficient of variation of the design
    effects and `customers` the degrees of freedom of their estimate: the statistic and the bins - 1
    are divided by 1 + spread (Satterthwaite 1946; Rao & Scott 1984), and the chi-square over its df
    becomes an F with df and df * customers (Thomas & Rao 1987). Returns psi, p, shift, shift_low,
    shift_high.
    """
    scale, df = 1 / was.sum() + 1 / now.sum(), float(len(was) - 1)
    half = 0.5 * bool((was == 0).any() or (now == 0).any())
    p, q = ((one + half) / (one + half).sum() for one in (was, now))
    psi = float(np.sum((q - p) * np.log(q / p)))
    statistic = psi / scale
    shift = max(0.0, statistic - df)
    statistic, df = statistic / (1 + spread), df / (1 + spread)
    low, high = _noncentralities(statistic, df, df * customers, level)
    figures = {"shift": shift, "shift_low": low * (1 + spread), "shift_high": high * (1 + spread)}
    scaled = {name: figure * scale for name, figure in figures.items()}
    known = np.isinf(customers)
    p = chdtrc(df, statistic) if known else fdtrc(df, df * customers, statistic / df)
    return {"psi": psi, "p": float(p)} | scaled


def _noncentralities(
    statistic: float, df: float, df_below: float, level: float
) -> tuple[float, float]:
    """The noncentralities at which df times an F passes the statistic with either tail.

    A chi-square where `df_below`, that of the denominator, is infinite.
    """
    limits = []
    for side in (1, -1):
        tail = 0.5 + side * level / 2
        known = np.isinf(df_below)
        if (chdtr(df, statistic) if known else fdtr(df, df_below, statistic / df)) <= tail:
            limits.append(0.0)
        elif not known and statistic <= 1e3:
            limits.append(float(ncfdtrinc(df, df_below, tail, statistic / df)))
        elif not known:
            # The series ends at 1e4: the denominator at its quantile, which is a little too wide.
            below = float(chdtri(df_below, tail)) / df_below
            limits.append(_noncentralities(statistic * below, df, np.inf, level)[side < 0])
        elif statistic > 1e4:
            # The root of a large noncentral chi-square has a variance of 1; the series is slow.
            limits.append(float(np.sqrt(statistic - df) - side * ndtri(0.5 + level / 2)) ** 2)
        else:
            limits.append(float(chndtrinc(statistic, df, tail)))
    return limits[0], limits[1]


def verdicts(shift: NDArray[np.float64], shown: NDArray[np.bool_]) -> NDArray[np.str_]:
    """In words how large a shift is: "no change shown" where chance would explain it."""
    words = np.select([shift < MODERATE, shift < LARGE], ["small", "moderate"], "large")
    return np.where(shown, words, "no change shown")
