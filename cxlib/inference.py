"""Intervals, tests, corrections, resampling and power: what every method shares.

Confidence levels are given as a rate (.95). Estimates carry their interval, n and method with them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import (
    expit,
    fdtrc,
    logit,
    ncfdtrinc,
    nctdtrinc,
    ndtr,
    ndtri,
    stdtr,
    stdtrit,
)

from cxlib import corrections

FloatArray = NDArray[np.float64]

MIN_GROUP = 10  # figures of a smaller group speak of single people
NOT_STATED = "not stated"  # the group of those without a value


class ParameterError(ValueError):
    """A parameter of a notebook that is out of range or does not fit the data.

    The message names the parameter and says what would do.
    """


@dataclass(frozen=True)
class Estimate:
    """A number with what makes it readable: its interval, sample size and method.

    `value` is None when there are too few data to show one; `low` and `high` are None when the
    number has no sampling error (a count) or none can be given, and `method` then says why.
    `effective_n` is Kish's size where the answers are weighted.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int
    method: str
    effective_n: float | None = None

    @property
    def rests_on_enough(self) -> bool:
        """At least MIN_GROUP answers, and where they are weighted as many effective ones."""
        return min(self.n, self.n if self.effective_n is None else self.effective_n) >= MIN_GROUP

    @property
    def published(self) -> "Estimate":
        """Itself, but without value where it rests on fewer than MIN_GROUP (effective) answers."""
        if self.value is None or self.rests_on_enough:
            return self
        reason = f"fewer than {MIN_GROUP} answers" + " by weight" * (self.n >= MIN_GROUP)
        return Estimate(None, None, None, self.level, self.n, reason, self.effective_n)


@dataclass(frozen=True)
class MeanDifference:
    """The mean of a second sample less that of a first, tested, with its standardized size.

    `least_effective_n` is the smaller of the two effective sizes (Kish), n without weights.
    """

    difference: Estimate
    t: float
    df: float
    p: float
    hedges_g: Estimate
    n_first: int
    n_second: int
    least_effective_n: float


@dataclass(frozen=True)
class GroupTest:
    """Whether several groups share one mean, and how much of the variance lies between them."""

    f_statistic: float
    df_between: float
    df_within: float
    p: float
    omega_squared: Estimate


class _Sample(NamedTuple):
    """Moments of the known answers; `error` is the standard error of the mean."""

    n: int
    mean: float
    error: float
    variance: float
    effective_n: float


def _sample(values: ArrayLike, weights: ArrayLike | None) -> _Sample:
    x = np.asarray(values, dtype=float)
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(x) & (w > 0)
    x, w = x[known], w[known]
    n = len(x)
    if n == 0:
        return _Sample(0, np.nan, np.nan, np.nan, 0.0)
    effective = effective_size(w)
    if n == 1 or np.ptp(x) == 0:
        # Rounding in the mean would make a tiny spread of none.
        return _Sample(n, float(x[0]), 0.0, 0.0, effective)
    mean = float(np.average(x, weights=w))
    deviation = x - mean
    error = float(np.sqrt(n / (n - 1) * np.sum((w * deviation) ** 2)) / w.sum())
    variance = float(np.average(deviation**2, weights=w) * n / (n - 1))
    return _Sample(n, mean, error, variance, effective)


def effective_size(weights: ArrayLike) -> float:
    """Kish's effective sample size (sum w)^2 / sum w^2 (Kish 1965); 0 without any weight.

    Weights that are missing or not above zero count as no answer.
    """
    w = np.asarray(weights, dtype=float)
    w = w[w > 0]
    # Rounded, so that equal weights give the number of answers to the last digit.
    return round(float(w.sum() ** 2 / np.sum(w**2)), 9) if len(w) else 0.0


def design_effect(weights: ArrayLike, *, level: float = 0.95) -> Estimate:
    """What the weights cost: n / effective_size, the factor of a mean's variance (Kish 1965).

    Without any weight above zero there is no value. A count of weights has no interval.
    """
    n = int((np.asarray(weights, dtype=float) > 0).sum())
    if n == 0:
        return Estimate(None, None, None, level, 0, "no weight is above zero")
    return Estimate(n / effective_size(weights), None, None, level, n, "Kish (1965)")


def tabled_estimate(figures: Sequence[float], *, level: float, n: int, method: str) -> Estimate:
    """The Estimate of a table's value, low and high, where what cannot be had is not a number."""
    value, low, high = (None if np.isnan(one) else float(one) for one in figures)
    return Estimate(value, low, high, level, n, method)


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
    s^2 / n; t has the effective size (sum w)^2 / sum w^2 (Kish 1965) less 1 degrees of freedom. A
    single value, an effective size below 2, or values that are all equal, give a value without
    interval: they say nothing about the spread. No values give no value.
    """
    method = "mean, t interval" if weights is None else "weighted mean, linearized t interval"
    return _mean_estimate(_sample(values, weights), level, method)


def counted_mean_interval(values: ArrayLike, counts: ArrayLike, *, level: float = 0.95) -> Estimate:
    """`mean_interval` of observations given as distinct values with counts.

    The same as repeating each value as often as its count (above 0) says, without making them;
    missing values are left out with their counts.
    """
    x, count = np.asarray(values, dtype=float), np.asarray(counts, dtype=float)
    x, count = x[~np.isnan(x)], count[~np.isnan(x)]
    n = int(count.sum())
    mean = float(np.average(x, weights=count)) if n else np.nan
    variance = float(count @ (x - mean) ** 2) / (n - 1) if n > 1 and np.ptp(x) > 0 else 0.0
    sample = _Sample(n, mean, float(np.sqrt(variance / max(n, 1))), variance, float(n))
    return _mean_estimate(sample, level, "mean, t interval")


def _mean_estimate(sample: _Sample, level: float, method: str) -> Estimate:
    n, mean, effective = sample.n, sample.mean, sample.effective_n
    if n == 0:
        return Estimate(None, None, None, level, 0, "no answers")
    if n == 1:
        return Estimate(mean, None, None, level, 1, "a single answer has no interval")
    if effective < 2:
        reason = "a single answer has most of the weight"
        return Estimate(mean, None, None, level, n, reason, effective)
    if sample.error == 0:
        return Estimate(mean, None, None, level, n, "all values are equal", effective)
    margin = float(stdtrit(effective - 1, 0.5 + level / 2)) * sample.error
    return Estimate(mean, mean - margin, mean + margin, level, n, method, effective)


def proportion_interval(successes: int, n: int, *, level: float = 0.95) -> Estimate:
    """Share of successes with Wilson's score interval (Wilson 1927).

    (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Raises ValueError when successes
    lie outside 0..n; n = 0 gives no value.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} is not a proportion.")
    if n == 0:
        return Estimate(None, None, None, level, 0, "no observations")
    low, high = wilson_limits(successes / n, n, level=level)
    return Estimate(successes / n, low, high, level, n, "share, Wilson interval")


def wilson_limits(rate: float, n: float, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson's (1927) limits of a share; n may be an effective size that is not whole."""
    z = float(ndtri(0.5 + level / 2))
    centre = rate + z**2 / (2 * n)
    margin = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    # Rounding must not carry the bound past the value where none or all succeed.
    low = min(max(0.0, (centre - margin) / scale), rate)
    high = max(min(1.0, (centre + margin) / scale), rate)
    return float(low), float(high)


def share_interval(
    inside: ArrayLike, *, weights: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Share of those inside (true or false, none missing) with Wilson's interval.

    With weights the share is weighted and n in Wilson's formula is the smaller of two effective
    sizes: rate (1 - rate) / linearized variance (Korn & Graubard 1998) and Kish's. A weight that is
    missing or zero counts as a missing value.
    """
    x = np.asarray(inside, dtype=float)
    if weights is None:
        return proportion_interval(int(x.sum()), len(x), level=level)
    w = np.asarray(weights, dtype=float)
    x, w = x[w > 0], w[w > 0]
    n = len(x)
    if n == 0:
        return Estimate(None, None, None, level, 0, "no observations")
    rate = float(np.average(x, weights=w))
    effective = effective_size(w)
    spread = np.sum((w * (x - rate)) ** 2)
    if n > 1 and spread > 0:
        effective = min(effective, rate * (1 - rate) * w.sum() ** 2 * (n - 1) / (n * spread))
    low, high = wilson_limits(rate, effective, level=level)
    return Estimate(rate, low, high, level, n, "weighted share, Wilson interval, effective n")


def correlation_interval(
    x: ArrayLike, y: ArrayLike, *, weights: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Pearson's correlation with an interval made for atanh(r) and carried back.

    Without weights it is Fisher's (1921), tanh(atanh(r) +- z / sqrt(n - 3)). With weights w all
    moments are weighted and the standard error of r is linearized: with standardized u and v,
    se^2 = n / (n - 1) sum(w^2 (u v - r (u^2 + v^2) / 2)^2) / (sum w)^2, and
    tanh(atanh(r) +- z se / (1 - r^2)). Pairs with a missing member, or with a weight that is
    missing or zero, are left out. A constant variable or fewer than four pairs give no value.
    """
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    w = np.ones_like(first) if weights is None else np.asarray(weights, dtype=float)
    known = ~(np.isnan(first) | np.isnan(second)) & (w > 0)
    first, second, w = first[known], second[known], w[known]
    n = len(first)
    if n < 4 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return Estimate(None, None, None, level, n, "no correlation: too few or constant values")
    effective = effective_size(w)
    share = w / w.sum()
    u, v = first - share @ first, second - share @ second
    u, v = u / np.sqrt(share @ u**2), v / np.sqrt(share @ v**2)
    r = float(np.clip(share @ (u * v), -1, 1))
    if abs(r) > 1 - 1e-15:
        r = float(np.sign(r))
        return Estimate(r, r, r, level, n, "Pearson r, exact linear relation", effective)
    if weights is None:
        error, method = 1 / np.sqrt(n - 3), "Pearson r, Fisher z interval"
    else:
        influence = share * (u * v - r * (u**2 + v**2) / 2)
        error = np.sqrt(n / (n - 1) * np.sum(influence**2)) / (1 - r**2)
        method = "weighted Pearson r, linearized interval of z"
    margin = float(ndtri(0.5 + level / 2)) * error
    low, high = np.tanh(np.arctanh(r) + np.array([-margin, margin]))
    return Estimate(r, float(low), float(high), level, n, method, effective)


def percentile_interval(
    value: float, draws: ArrayLike, n: int, *, level: float = 0.95, method: str
) -> Estimate:
    """A value with the central `level` share of its resampled or simulated draws."""
    low, high = central_limits(np.asarray(draws, dtype=float), level)
    return Estimate(value, float(low), float(high), level, n, method)


def central_limits(draws: FloatArray, level: float) -> FloatArray:
    """The ends of the central `level` of draws (rows), by plotting positions k / (draws + 1).

    One more draw lies between them with the chance `level` (Hyndman & Fan 1996, type 6); the usual
    positions would be a little too narrow at some hundred draws. Fewer draws than `require_draws`
    asks for give the least and the greatest of them, which hold less than `level`.
    """
    ends = [(1 - level) / 2, (1 + level) / 2]
    return np.asarray(np.quantile(draws, ends, axis=0, method="weibull"), dtype=float)


def require_level(level: float) -> None:
    """Raises ParameterError for a confidence level that is not a rate between 0 and 1."""
    if not 0 < level < 1:
        hint = f"; write {level / 100:g}" if 1 < level < 100 else ""
        raise ParameterError(f"level: {level:g} is not between 0 and 1{hint}.")


def require_rate(name: str, rate: float, *, below_one: bool = False) -> None:
    """Raises ParameterError naming `name` unless 0 <= rate <= 1 (with `below_one`: < 1)."""
    if not 0 <= rate <= 1 or (below_one and rate == 1):
        ends = "from 0 to below 1" if below_one else "from 0 to 1"
        raise ParameterError(f"{name}: {rate:g} is not a share {ends}.")


def require_choice(name: str, choice: str, choices: Sequence[str]) -> None:
    """Raises ParameterError naming `name` unless `choice` is one of `choices`."""
    if choice not in choices:
        raise ParameterError(f"{name}: {choice!r} is not known; write {' or '.join(choices)}.")


def require_draws(draws: int, level: float) -> None:
    """Raises ParameterError for fewer simulated draws than an interval of `level` needs.

    2 / (1 - level) - 1 (39 for .95): the least and the greatest of so many hold one more draw with
    the chance `level`; of fewer nothing does.
    """
    require_level(level)
    least = math.ceil(round(2 / (1 - level), 6)) - 1
    if draws < least:
        raise ParameterError(
            f"draws: {draws} are too few for an interval of {100 * level:g} %; "
            f"{least} are needed at least."
        )


def resample_counts(counts: ArrayLike, draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """How often each distinct row stands in each bootstrap sample, shape (draws, rows).

    `counts` holds how many observations share each distinct row. The multinomial draw is the
    bootstrap of the single observations (Efron 1979) without making them; a statistic of the
    samples is then a product with this matrix.
    """
    observed = np.asarray(counts, dtype=np.int64)
    n = int(observed.sum())
    if n == len(observed) and (observed == 1).all():
        # As many binomials as rows would be ten times as slow as drawing the rows.
        drawn = rng.integers(n, size=(draws, n)) + n * np.arange(draws)[:, None]
        return np.bincount(drawn.ravel(), minlength=draws * n).reshape(draws, n)
    return rng.multinomial(n, observed / n, size=draws)


def count_bootstrap(
    values: ArrayLike, counts: ArrayLike, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Bootstrap draws of the mean of observations given as distinct values with counts.

    The same bootstrap as resampling the single observations (Efron 1979), at a cost of draws times
    distinct values whatever their counts; a few hundred draws at a time bound the memory.
    """
    value, count = np.asarray(values, dtype=float), np.asarray(counts, dtype=np.int64)
    step = max(1, 1_000_000 // len(value))
    parts = [
        resample_counts(count, min(step, draws - start), rng) @ value
        for start in range(0, draws, step)
    ]
    return np.concatenate(parts) / count.sum()


def bca_interval(
    values: ArrayLike, counts: ArrayLike, draws: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Mean with the bias-corrected and accelerated bootstrap interval (Efron 1987).

    Reads distinct values with counts and the `draws` of `count_bootstrap`. The bias correction z0
    comes from the share of draws below the mean (ties half), the acceleration of a mean is
    skewness / (6 sqrt n), which is the jackknife's. Without spread there is no interval.
    """
    x, count = np.asarray(values, dtype=float), np.asarray(counts, dtype=float)
    resampled = np.asarray(draws, dtype=float)
    n = int(count.sum())
    if n == 0:
        return Estimate(None, None, None, level, 0, "no answers")
    mean = float(np.average(x, weights=count))
    deviation = x - mean
    variance = float(np.average(deviation**2, weights=count))
    if variance <= (1e-12 * max(1.0, abs(mean))) ** 2 or np.ptp(resampled) == 0:
        return Estimate(mean, None, None, level, n, "no interval: the resamples do not spread")
    skewness = float(np.average(deviation**3, weights=count)) / variance**1.5
    low, high = bca_limits(mean, resampled, skewness / (6 * np.sqrt(n)), level=level)
    return Estimate(mean, float(low), float(high), level, n, "mean, BCa bootstrap interval")


def bca_limits(
    value: ArrayLike, draws: ArrayLike, acceleration: ArrayLike, *, level: float = 0.95
) -> FloatArray:
    """Limits of the bias-corrected and accelerated bootstrap interval (Efron 1987).

    The alpha limit is the quantile of the draws at Phi(z0 + (z0 + z) / (1 - a (z0 + z))), where z0
    is the normal quantile of the share of draws below the value (ties by half) and a the
    acceleration. `draws`: a row a resample, and a column a statistic if there are several. Returns
    low and high, each of the shape of `value`; missing where a draw is.
    """
    estimate = np.asarray(value, dtype=float)
    resampled = np.asarray(draws, dtype=float)
    near = 1e-12 * np.maximum(1, np.abs(estimate))
    below = np.mean(resampled < estimate - near, axis=0)
    below = below + np.mean(np.abs(resampled - estimate) <= near, axis=0) / 2
    few = 1 / (2 * len(resampled))
    z0 = ndtri(np.clip(below, few, 1 - few))
    z = z0 + ndtri([0.5 - level / 2, 0.5 + level / 2]).reshape(2, *[1] * estimate.ndim)
    share = ndtr(z0 + z / (1 - np.asarray(acceleration) * z))
    if estimate.ndim == 0:
        return np.quantile(resampled, share)
    limits = np.full((2, len(estimate)), np.nan)
    known = ~np.isnan(share).any(axis=0) & ~np.isnan(resampled).any(axis=0)
    for column in np.flatnonzero(known):
        limits[:, column] = np.quantile(resampled[:, column], share[:, column])
    return limits


def holm(p_values: ArrayLike) -> FloatArray:
    """p-values adjusted for several tests by Holm's method: see `corrections.holm`."""
    return np.array(corrections.holm(np.asarray(p_values, dtype=float).tolist()), dtype=float)


def paired_tests(
    differences: pd.DataFrame, *, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """For each column of differences: is its mean zero?

    Student's paired t on the answers given (missing ones left out and counted), Holm's correction
    across the columns, and the standardized mean difference d_z = mean / sd with its large-sample
    interval d_z +- z sqrt(1/n + d_z^2 / (2 (n - 1))) (Hedges & Olkin 1985). With weights w, mean,
    standard error (linearized) and sd are weighted, t (df = effective size - 1) and the interval of
    d_z take the effective size (sum w)^2 / sum w^2 (Kish 1965) for n, and a weight that is missing
    or zero counts as a missing answer. A column with an effective size below two or no spread has
    no test: its t, p, d_z and intervals are missing.

    Returns one row a column: n, effective_n, missing, mean, low, high, t, df, p, p_holm, d_z,
    d_z_low, d_z_high.
    """
    z = float(ndtri(0.5 + level / 2))
    rows = []
    for x in differences.to_numpy(dtype=float).T:
        sample = _sample(x, weights)
        mean = _mean_estimate(sample, level, "mean, t interval")
        effective = sample.effective_n
        row: dict[str, float | None] = {"n": sample.n, "effective_n": effective}
        row |= {
            "missing": len(x) - sample.n,
            "mean": mean.value,
            "low": mean.low,
            "high": mean.high,
            "df": effective - 1,
        }
        if mean.low is not None:
            t = sample.mean / sample.error
            d_z = sample.mean / np.sqrt(sample.variance)
            margin = z * np.sqrt(1 / effective + d_z**2 / (2 * (effective - 1)))
            row |= {"t": t, "p": 2 * stdtr(effective - 1, -abs(t))}
            row |= {"d_z": d_z, "d_z_low": d_z - margin, "d_z_high": d_z + margin}
        rows.append(row)
    numbers = ["mean", "low", "high", "t", "df", "p", "p_holm", "d_z", "d_z_low", "d_z_high"]
    table = pd.DataFrame(rows, index=differences.columns)
    table = table.reindex(columns=["n", "effective_n", "missing", *numbers])
    table[numbers] = table[numbers].astype(float)
    return table.assign(p_holm=holm(table["p"]))


def signed_rank_tests(differences: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """For each column of differences: do its signed ranks balance?

    Wilcoxon's (1945) signed-rank test of the known answers, zeros ranked and then left out (Pratt
    1959), by the normal approximation with the variance corrected for ties. Its effect size is the
    matched-pairs rank-biserial correlation r = (W+ - W-) / (W+ + W-) of the same ranks (Kerby
    2014). Its interval is tanh(atanh(r) +- z se / (1 - r^2)), se from the influence of each answer
    on r, the ranks being the mid-distribution of |difference|; missing where all answers differ in
    one direction (r of 1 or -1). Survey weights have no agreed form of this test and are not used.
    Works on distinct values with counts.

    Returns one row a column: n, z, p, p_holm (Holm over the columns), rank_biserial with
    rank_biserial_low and rank_biserial_high; all but n missing where every difference is zero.
    """
    z_level = float(ndtri(0.5 + level / 2))
    rows: list[dict[str, float]] = []
    for column in differences.columns:
        x = differences[column].dropna().to_numpy(dtype=float)
        n = len(x)
        if not x.any():
            rows.append({"n": n})
            continue
        signed, count = np.unique(x, return_counts=True)
        size, place = np.unique(np.abs(signed), return_inverse=True)
        ties = np.bincount(place, weights=count)
        nonzero = size > 0
        rank = np.cumsum(ties) - (ties - 1) / 2
        net = np.bincount(place, weights=count * np.sign(signed))
        total, balance = (rank * ties)[nonzero].sum(), (rank * net).sum()
        variance = (rank**2 * ties)[nonzero].sum()
        z = balance / np.sqrt(variance)
        r = balance / total
        row = {"n": n, "z": z, "p": 2 * ndtr(-abs(z)), "rank_biserial": r}
        if abs(r) < 1:
            # What an answer adds to net or total by its own rank, and by lifting the ranks above.
            middle = (rank - 0.5) / n
            counted = ties * nonzero
            above_net, above = ((c.sum() - np.cumsum(c) + c / 2) / n for c in (net, counted))
            of_net = np.sign(signed) * middle[place] + above_net[place]
            of_total = (nonzero * middle)[place] + above[place]
            influence = (of_net - r * of_total) / ((middle * counted).sum() / n)
            spread = (
                np.average(influence**2, weights=count) - np.average(influence, weights=count) ** 2
            )
            margin = z_level * np.sqrt(spread / max(n - 1, 1)) / (1 - r**2)
            low, high = np.tanh(np.arctanh(r) + np.array([-margin, margin]))
            row |= {"rank_biserial_low": low, "rank_biserial_high": high}
        rows.append(row)
    names = ["z", "p", "p_holm", "rank_biserial", "rank_biserial_low", "rank_biserial_high"]
    table = pd.DataFrame(rows, index=differences.columns).reindex(columns=["n", *names])
    table[names] = table[names].astype(float)
    return table.assign(p_holm=holm(table["p"]))


def welch_difference(
    first: ArrayLike,
    second: ArrayLike,
    *,
    weights: tuple[ArrayLike, ArrayLike] | None = None,
    level: float = 0.95,
) -> MeanDifference:
    """Mean of `second` less mean of `first`, two independent samples of unequal variances.

    Welch's (1947) t with Satterthwaite's df = (v1 + v2)^2 / (v1^2 / (n1 - 1) + v2^2 / (n2 - 1)),
    v the squared standard errors of `mean_interval`, so linearized, and n Kish's effective sizes,
    with weights. Missing answers and weights as there. The effect size is the difference over the
    root of the mean of both variances, times Hedges' J = 1 - 3 / (4 (n1 + n2 - 2) - 1); like
    Welch's test it does not pool.
    Its normal interval is Bonett's (2008), with effective sizes for n under weights. Without at
    least two (effective) answers in each sample, or with no spread in both, there is no test.
    """
    of_first, of_second = (None, None) if weights is None else weights
    a, b = _sample(first, of_first), _sample(second, of_second)
    n, change = a.n + b.n, b.mean - a.mean
    least = min(a.effective_n, b.effective_n)
    if least < 2 or a.error + b.error == 0:
        value = change if min(a.n, b.n) else None
        none = Estimate(value, None, None, level, n, "no test: too few or constant answers")
        no_size = Estimate(None, None, None, level, n, none.method)
        return MeanDifference(none, np.nan, np.nan, np.nan, no_size, a.n, b.n, least)
    error = np.hypot(a.error, b.error)
    df = error**4 / sum(one.error**4 / (one.effective_n - 1) for one in (a, b))
    t = change / error
    margin = float(stdtrit(df, 0.5 + level / 2)) * error
    kind = "Welch" if weights is None else "Welch, linearized with weights"
    difference = Estimate(change, change - margin, change + margin, level, n, kind)
    variance = (a.variance + b.variance) / 2
    d = change / np.sqrt(variance)
    spread = 0.0
    for one in (a, b):
        ratio = one.variance / variance
        freedom = one.effective_n - 1
        spread += (d * ratio) ** 2 / (8 * freedom) + ratio / freedom
    margin = float(ndtri(0.5 + level / 2) * np.sqrt(spread))
    correction = 1 - 3 / (4 * (n - 2) - 1)
    method = "Hedges g, mean of both variances, Bonett interval"
    g = Estimate(float(correction * d), d - margin, d + margin, level, n, method)
    p = float(2 * stdtr(df, -abs(t)))
    return MeanDifference(difference, t, df, p, g, a.n, b.n, least)


def welch_anova(
    samples: Sequence[ArrayLike],
    *,
    weights: Sequence[ArrayLike] | None = None,
    level: float = 0.95,
) -> GroupTest:
    """Do k independent groups share one mean? Variances may differ.

    Welch's (1951) F from the means m and their squared standard errors v, as in `mean_interval`: a
    Wald test, linearized with survey weights (effective sizes, Kish, for n in its degrees of
    freedom), exactly Welch's without. omega^2 = (k - 1) (F - 1) / ((k - 1) (F - 1) + N), not below
    zero, N the answers (effective ones with weights). Its interval turns the noncentral F around
    (Steiger 2004): nc / (nc + N) for both bounds of the noncentrality nc. It is sound where the
    groups' variances are alike. Fewer than two groups, or a group with fewer than two effective
    answers or no spread, give no test.
    """
    each = [None] * len(samples) if weights is None else list(weights)
    found = [_sample(x, w) for x, w in zip(samples, each, strict=True)]
    n, k = sum(one.n for one in found), len(found)
    if k < 2 or min(one.error if one.effective_n >= 2 else 0.0 for one in found) == 0:
        none = Estimate(None, None, None, level, n, "no test: too few groups or constant answers")
        return GroupTest(np.nan, np.nan, np.nan, np.nan, none)
    mean = np.array([one.mean for one in found])
    precision = np.array([one.error for one in found]) ** -2
    share = precision / precision.sum()
    freedom = np.array([one.effective_n for one in found]) - 1
    loss = float(np.sum((1 - share) ** 2 / freedom))
    between = float(np.sum(precision * (mean - share @ mean) ** 2))
    F = between / (k - 1) / (1 + 2 * (k - 2) / (k**2 - 1) * loss)
    within = (k**2 - 1) / (3 * loss)
    effective = sum(one.effective_n for one in found)
    signal = max(0.0, (k - 1) * (F - 1))
    tails = np.array([0.5 + level / 2, 0.5 - level / 2])
    bounds = ncfdtrinc(k - 1, within, tails, F)
    low, high = bounds / (bounds + effective)
    method = "omega squared, noncentral F interval"
    omega = Estimate(signal / (signal + effective), float(low), float(high), level, n, method)
    return GroupTest(F, k - 1, within, float(fdtrc(k - 1, within, F)), omega)


def detectable_difference(
    sd: float, n: float, n_second: float | None = None, *, level: float = 0.95, power: float = 0.8
) -> float:
    """The least true difference that a t test finds with chance `power`.

    Of one mean (paired gaps) from zero with n answers; with `n_second` that of two groups of n and
    n_second answers with the same sd. Exact for normal answers by the noncentral t distribution
    (Cohen 1988): the noncentrality at which t passes its two-sided critical value on the right
    side with chance `power`, times the standard error. n may be an effective size. Missing with
    fewer than two degrees of freedom.
    """
    df = n - 1 if n_second is None else n + n_second - 2
    if not df >= 2 or not min(n, n if n_second is None else n_second) > 0:
        return np.nan
    error = sd * np.sqrt(1 / n + (0 if n_second is None else 1 / n_second))
    return float(nctdtrinc(df, 1 - power, stdtrit(df, 0.5 + level / 2)) * error)


def required_answers(
    difference: float, sd: float, *, groups: int = 1, level: float = 0.95, power: float = 0.8
) -> int:
    """How many answers (in each of `groups`, 1 or 2) a t test needs to find a true difference.

    The least n, at least 3, whose `detectable_difference` is no larger than `difference`. Raises
    ValueError when the difference or the sd is not positive.
    """
    if not (difference > 0 and sd > 0):
        raise ValueError(f"A difference ({difference}) and an sd ({sd}) above zero are needed.")
    z = float(ndtri(0.5 + level / 2) + ndtri(power))
    n = max(3, int(groups * (z * sd / difference) ** 2))
    while True:
        second = None if groups == 1 else n
        if detectable_difference(sd, n, second, level=level, power=power) <= difference:
            return n
        n += 1


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


def total_means(
    customers: pd.Series, totals: pd.Series, squares: pd.Series, *, level: float = 0.95
) -> pd.DataFrame:
    """Each group's mean amount per customer with an interval, from the same sums.

    Reads for each group the number of customers n, the sum of their amounts y and the sum of y^2:
    mean m = sum y / n, with s^2 = (sum y^2 - (sum y)^2 / n) / (n - 1). Amounts are skew and a mean
    above zero stays there: its interval is made for log(m), m exp(+- t s / (m sqrt n)), by the
    delta method with Student's t; a mean of zero or less has m +- t s / sqrt n. Returns mean_spend,
    mean_spend_low and mean_spend_high; the bounds are missing below two customers or where all
    amounts are equal, all three without customers.
    """
    n = customers.to_numpy(dtype=float)
    total, square = totals.to_numpy(dtype=float), squares.to_numpy(dtype=float)
    some = np.where(n > 0, n, np.nan)
    mean = total / some
    spread = square - total * mean
    # Rounding leaves a trace of spread in equal amounts.
    known = (n >= 2) & (spread > 1e-12 * square)
    df = np.where(known, n - 1, np.nan)
    margin = stdtrit(df, 0.5 + level / 2) * np.sqrt(np.where(known, spread, np.nan) / df / some)
    positive = mean > 0
    ratio = np.exp(np.divide(margin, mean, out=np.zeros_like(mean), where=positive))
    low, high = (
        np.where(positive, mean * ratio**side, mean + side * margin) for side in (-1.0, 1.0)
    )
    return pd.DataFrame(
        {"mean_spend": mean, "mean_spend_low": low, "mean_spend_high": high}, index=totals.index
    )


def smaller_groups(count: int) -> str:
    """The name under which suppressed groups stand in a table: that of a tiny group tells of it."""
    return "1 smaller group" if count == 1 else f"{count:,} smaller groups"


def without_few(table: pd.DataFrame, figures: Sequence[str]) -> pd.DataFrame:
    """The table without its `figures` in rows where n is below MIN_GROUP: they speak of people.

    So they do where few have most of the weight: effective_n counts too, if the table has it.
    """
    enough = table.filter(["n", "effective_n"]).min(axis=1) >= MIN_GROUP
    return table.assign(**{name: table[name].where(enough) for name in figures})


def suppressed(sizes: ArrayLike, least: int = MIN_GROUP) -> NDArray[np.bool_]:
    """Which groups' figures are not shown: those of fewer than `least`, and what gives them away.

    `least` is never below MIN_GROUP. Where all hidden groups together hold fewer than `least`, the
    total less the others would tell about them, so the smallest of the others is hidden too.
    """
    size, least = np.asarray(sizes, dtype=np.int64), max(least, MIN_GROUP)
    hidden = size < least
    if 0 < size[hidden].sum() < least and not hidden.all():
        hidden[np.where(hidden, np.iinfo(np.int64).max, size).argmin()] = True
    return hidden
