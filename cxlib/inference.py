"""Intervals, paired tests and corrections: what every method shares.

Confidence levels are given as a rate (.95). Estimates carry their interval, n and method with them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtri, stdtr, stdtrit

FloatArray = NDArray[np.float64]

MIN_GROUP = 10  # figures of a smaller group speak of single people


@dataclass(frozen=True)
class Estimate:
    """A number with what makes it readable: its interval, sample size and method.

    `value` is None when there are too few data to show one; `low` and `high` are None when the
    number has no sampling error (a count) or none can be given, and `method` then says why.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int
    method: str


def wald_interval(
    value: float,
    standard_error: float,
    n: int,
    *,
    level: float = 0.95,
    log_scale: bool = False,
    method: str = "",
) -> Estimate:
    """Normal interval from a standard error: value +- z * se.

    With `log_scale` the interval is made for log(value) and carried back, exp(log v +- z * se / v),
    as suits a positive parameter or an odds ratio; `standard_error` is always on the scale of
    `value`. Raises ValueError when `log_scale` meets a value that is not positive.
    """
    z = float(ndtri(0.5 + level / 2))
    if not log_scale:
        margin = z * standard_error
        return Estimate(value, value - margin, value + margin, level, n, method or "Wald")
    if value <= 0:
        raise ValueError(f"A log-scale interval needs a positive value, not {value}.")
    factor = float(np.exp(z * standard_error / value))
    return Estimate(value, value / factor, value * factor, level, n, method or "Wald, log scale")


def mean_interval(
    values: ArrayLike, *, weights: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Mean with Student's t interval; missing values are left out and n counts the rest.

    A weight that is missing or zero counts as a missing value. With weights w the mean is
    sum(w x) / sum(w) and its variance the linearized
    n / (n - 1) * sum(w^2 (x - mean)^2) / sum(w)^2 (Cochran 1977, ch. 6), which for equal weights is
    s^2 / n. A single value, or values that are all equal, give a value without interval: they say
    nothing about the spread. No values give no value.
    """
    x = np.asarray(values, dtype=float)
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(x) & (w > 0)
    x, w = x[known], w[known]
    n = len(x)
    if n == 0:
        return Estimate(None, None, None, level, 0, "no answers")
    mean = float(np.average(x, weights=w))
    if n == 1:
        return Estimate(mean, None, None, level, 1, "a single answer has no interval")
    if np.ptp(x) == 0:
        return Estimate(float(x[0]), None, None, level, n, "all values are equal")
    standard_error = np.sqrt(n / (n - 1) * np.sum((w * (x - mean)) ** 2)) / w.sum()
    margin = float(stdtrit(n - 1, 0.5 + level / 2) * standard_error)
    method = "mean, t interval" if weights is None else "weighted mean, linearized t interval"
    return Estimate(mean, mean - margin, mean + margin, level, n, method)


def proportion_interval(successes: int, n: int, *, level: float = 0.95) -> Estimate:
    """Share of successes with Wilson's score interval (Wilson 1927).

    (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Raises ValueError when successes
    lie outside 0..n; n = 0 gives no value.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} is not a proportion.")
    if n == 0:
        return Estimate(None, None, None, level, 0, "no observations")
    z = float(ndtri(0.5 + level / 2))
    rate = successes / n
    centre = rate + z**2 / (2 * n)
    margin = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    # Rounding must not carry the bound past the value where none or all succeed.
    low = min(max(0.0, (centre - margin) / scale), rate)
    high = max(min(1.0, (centre + margin) / scale), rate)
    return Estimate(rate, float(low), float(high), level, n, "share, Wilson interval")


def correlation_interval(x: ArrayLike, y: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Pearson's correlation with Fisher's z interval, tanh(atanh(r) +- z / sqrt(n - 3)).

    Pairs with a missing member are left out (Fisher 1921). A constant variable or fewer than four
    pairs give no value.
    """
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = ~(np.isnan(first) | np.isnan(second))
    first, second = first[known], second[known]
    n = len(first)
    if n < 4 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return Estimate(None, None, None, level, n, "no correlation: too few or constant values")
    r = float(np.clip(np.corrcoef(first, second)[0, 1], -1, 1))
    if abs(r) == 1:
        return Estimate(r, r, r, level, n, "Pearson r, exact linear relation")
    margin = float(ndtri(0.5 + level / 2)) / np.sqrt(n - 3)
    low, high = np.tanh(np.arctanh(r) + np.array([-margin, margin]))
    return Estimate(r, float(low), float(high), level, n, "Pearson r, Fisher z interval")


def percentile_interval(
    value: float, draws: ArrayLike, n: int, *, level: float = 0.95, method: str
) -> Estimate:
    """A value with the central `level` share of its resampled or simulated draws."""
    low, high = np.quantile(np.asarray(draws, dtype=float), [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(low), float(high), level, n, method)


def resample_counts(counts: ArrayLike, draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """How often each distinct row stands in each bootstrap sample, shape (draws, rows).

    `counts` holds how many observations share each distinct row. The multinomial draw is the
    bootstrap of the single observations (Efron 1979) without making them; a statistic of the
    samples is then a product with this matrix.
    """
    observed = np.asarray(counts, dtype=np.int64)
    n = int(observed.sum())
    return rng.multinomial(n, observed / n, size=draws)


def holm(p_values: ArrayLike) -> FloatArray:
    """p-values adjusted for several tests by Holm's step-down method (Holm 1979).

    The i-th smallest of m becomes max over j <= i of min(1, (m - j + 1) p_(j)). Missing ones stay
    missing and do not count among the m.
    """
    p = np.asarray(p_values, dtype=float)
    adjusted = np.full_like(p, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    steps = np.arange(len(order), 0, -1) * p[order]
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def paired_tests(
    differences: pd.DataFrame, *, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """For each column of differences: is its mean zero?

    Student's paired t on the answers given (missing ones left out and counted), Holm's correction
    across the columns, and the standardized mean difference d_z = mean / sd with its large-sample
    interval d_z +- z sqrt(1/n + d_z^2 / (2 (n - 1))) (Hedges & Olkin 1985). With weights w, mean,
    standard error (linearized) and sd are weighted, the interval of d_z takes the effective size
    (sum w)^2 / sum w^2 (Kish 1965) for n, and a weight that is missing or zero counts as a missing
    answer. A column with fewer than two answers or no spread has no test: its t, p, d_z and
    intervals are missing.

    Returns one row a column: n, missing, mean, low, high, t, df, p, p_holm, d_z, d_z_low, d_z_high.
    """
    w = np.ones(len(differences)) if weights is None else np.asarray(weights, dtype=float)
    z, quantile = float(ndtri(0.5 + level / 2)), 0.5 + level / 2
    rows = []
    for column in differences.columns:
        x = differences[column].to_numpy(dtype=float)
        known = ~np.isnan(x) & (w > 0)
        mean = mean_interval(x, weights=weights, level=level)
        row = {"n": mean.n, "missing": len(x) - mean.n, "mean": mean.value}
        row |= {"low": mean.low, "high": mean.high, "df": mean.n - 1}
        if mean.value is not None and mean.high is not None:
            standard_error = (mean.high - mean.value) / stdtrit(mean.n - 1, quantile)
            t = mean.value / standard_error
            variance = np.average((x[known] - mean.value) ** 2, weights=w[known])
            d_z = mean.value / np.sqrt(variance * mean.n / (mean.n - 1))
            effective = w[known].sum() ** 2 / np.sum(w[known] ** 2)
            margin = z * np.sqrt(1 / effective + d_z**2 / (2 * (effective - 1)))
            row |= {"t": t, "p": 2 * stdtr(mean.n - 1, -abs(t))}
            row |= {"d_z": d_z, "d_z_low": d_z - margin, "d_z_high": d_z + margin}
        rows.append(row)
    numbers = ["mean", "low", "high", "t", "df", "p", "p_holm", "d_z", "d_z_low", "d_z_high"]
    table = pd.DataFrame(rows, index=differences.columns)
    table = table.reindex(columns=["n", "missing", *numbers])
    table[numbers] = table[numbers].astype(float)
    return table.assign(p_holm=holm(table["p"]))


def total_shares(
    customers: pd.Series, totals: pd.Series, squares: pd.Series, *, level: float = 0.95
) -> pd.DataFrame:
    """Each group's share of the customers and of a total such as revenue, with intervals.

    Reads for each group the number of customers, the sum of their amounts y and the sum of y^2.
    customer_rate has Wilson's interval. revenue_rate is the ratio s = sum_g y / sum y with the
    linearized variance n / (n - 1) * ((1 - s)^2 sum_g y^2 + s^2 (sum y^2 - sum_g y^2)) / (sum y)^2
    (Cochran 1977, ch. 6), its interval made for logit(s) so that it stays within 0 and 1; missing
    where s is 0 or 1. The customers are taken as a sample of those the business draws.
    Raises ValueError when there are fewer than two customers or the total is not positive.
    """
    n, total = int(customers.sum()), float(totals.sum())
    if n < 2 or total <= 0:
        raise ValueError(f"Shares need at least two customers and a positive total, not {total}.")
    wilson = [proportion_interval(int(k), n, level=level) for k in customers]
    share = totals.to_numpy(dtype=float) / total
    square = squares.to_numpy(dtype=float)
    variance = (1 - share) ** 2 * square + share**2 * (square.sum() - square)
    error = np.sqrt(n / (n - 1) * variance) / total
    inner = (share > 0) & (share < 1)
    odds = np.where(inner, share, 0.5)
    margin = float(ndtri(0.5 + level / 2)) * error / (odds * (1 - odds))
    low, high = (np.where(inner, expit(logit(odds) + s * margin), np.nan) for s in (-1, 1))
    return pd.DataFrame(
        {
            "customer_rate": [one.value for one in wilson],
            "customer_low": [one.low for one in wilson],
            "customer_high": [one.high for one in wilson],
            "revenue_rate": share,
            "revenue_low": low,
            "revenue_high": high,
        },
        index=totals.index,
    )


def suppressed(sizes: ArrayLike, least: int = MIN_GROUP) -> NDArray[np.bool_]:
    """Which groups' figures are not shown: those of fewer than `least`, and what gives them away.

    Where all hidden groups together hold fewer than `least`, the total less the others would tell
    about them, so the smallest of the others is hidden too.
    """
    size = np.asarray(sizes, dtype=np.int64)
    hidden = size < least
    if 0 < size[hidden].sum() < least and not hidden.all():
        hidden[np.where(hidden, np.iinfo(np.int64).max, size).argmin()] = True
    return hidden
