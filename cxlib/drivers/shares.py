"""How much of the outcome goes with each driver: shares of R squared, their order, and how sure.

All of it is read from the correlation matrix, so that a resample costs no pass over the rows.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtrit

from cxlib.drivers.answers import Answers, Moments, correlations
from cxlib.inference import Estimate, bca_limits, resample_counts

FloatArray = NDArray[np.float64]

MOST_DRIVERS = 15  # 2^15 sub-models a resample; each driver more doubles them
COLLINEAR = 1e-10  # share of a driver's variance left by the others that is only rounding
JACKKNIFE_GROUPS = 200
NAMED = 5  # drivers that a sentence names
# Complete answers a driver. Of 95 % intervals 83 to 90 % hold the truth at 30, 76 to 85 % at 10.
NARROW_BELOW = 50
NO_INTERVAL_BELOW = 20
SUBSETS_AT_ONCE = 2**19  # of all matrices handled together: more leave the processor's cache
THREADED_DRIVERS = 12  # below it a second thread costs more than it does


def lmg(correlation: FloatArray) -> FloatArray:
    """Shares of R squared averaged over all orders of entry, shape (..., drivers).

    LMG_k = sum over S without k of |S|! (p - |S| - 1)! / p! * (R2(S + k) - R2(S)): the Shapley
    value of R squared (Lindeman, Merenda & Gold 1980; Groemping 2006). Exact: the 2^p values of R
    squared come from one tree of sweeps of the correlation matrix, drivers first and the outcome
    last. The shares are never negative and sum to R squared; drivers that say the same share
    alike. Raises ValueError with more than 15 drivers.
    """
    shape, p = correlation.shape[:-2], correlation.shape[-1] - 1
    if p > MOST_DRIVERS:
        raise ValueError(
            f"LMG over {p} drivers needs 2^{p} sub-models; at most {MOST_DRIVERS} drivers are "
            "taken. Leave out drivers that say the same, or rank by Johnson's weights."
        )
    stacked = correlation.reshape(-1, p + 1, p + 1)
    threads = min(2, len(stacked)) if p >= THREADED_DRIVERS else 1
    with ThreadPoolExecutor(threads) as pool:
        shares = np.concatenate(list(pool.map(_lmg, np.array_split(stacked, threads))))
    # What a driver adds is never negative but for rounding.
    return np.maximum(shares, 0).reshape(*shape, p)


def _lmg(correlation: FloatArray) -> FloatArray:
    """LMG shares (matrices, drivers), from R squared of every subset of drivers.

    Element (i, j) of the matrices is kept for every subset of the drivers before i, a doubling row
    for each i; step k sweeps driver k out of a copy of what is there (Schur complement), so that
    the last row holds the outcome's unexplained variance of all 2^p subsets, bit k for driver k.
    """
    size = correlation.shape[1]
    weights = _order_weights(size - 1)
    shares = np.empty((len(correlation), size - 1))
    most = min(len(correlation), SUBSETS_AT_ONCE >> (size - 1))
    kept = [np.empty((size - i, 2**i * most)) for i in range(size)]
    for start in range(0, len(correlation), most):
        part = correlation[start : start + most]
        rows = [row[:, : 2**i * len(part)] for i, row in enumerate(kept)]
        for i, row in enumerate(rows):
            row[:, : len(part)] = part[:, i, i:].T
        for k, head in enumerate(rows[:-1]):
            sound = head[0] > COLLINEAR
            slope = head[1:] * np.where(sound, 1 / np.where(sound, head[0], 1.0), 0.0)
            half = head.shape[1]
            for i, row in enumerate(rows[k + 1 :]):
                out, swept = row[:, :half], row[:, half : 2 * half]
                np.multiply(slope[i], head[i + 1 :], out=swept)
                np.subtract(out, swept, out=swept)
        unexplained = rows[-1].reshape(-1, len(part))
        shares[start : start + most] = -(weights.T @ unexplained).T
    return shares


def _order_weights(p: int) -> FloatArray:
    """Weight of R2(S) in each driver's LMG, shape (2^p, p): + where S holds it, - where not."""
    member = (np.arange(2**p)[:, None] >> np.arange(p)) & 1 == 1
    size = member.sum(axis=1)
    share = np.array([1 / (p * comb(p - 1, others)) for others in range(p)])
    entered = share[np.maximum(size - 1, 0)][:, None]
    waiting = share[np.minimum(size, p - 1)][:, None]
    return np.where(member, entered, -waiting)


def johnson(correlation: FloatArray) -> FloatArray:
    """Johnson's (2000) relative weights, shape (..., drivers); they sum to R squared.

    With R the drivers' correlations and r those with the outcome: the orthogonal variables nearest
    to the drivers relate to them by R^(1/2) and to the outcome by b = R^(-1/2) r, and the weight of
    driver k is sum_j (R^(1/2))_kj^2 b_j^2. Directions without variance (drivers that are sums of
    others) carry nothing.
    """
    values, vectors = np.linalg.eigh(correlation[..., :-1, :-1])
    root = np.sqrt(np.maximum(values, 0))
    half = (vectors * root[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    inverse = np.where(values > COLLINEAR, 1 / np.where(values > COLLINEAR, root, 1.0), 0.0)
    loaded = np.swapaxes(vectors, -1, -2) @ correlation[..., :-1, -1:]
    slopes = vectors @ (inverse[..., None] * loaded)
    return (half**2 @ slopes**2)[..., 0]


def standardized_coefficients(correlation: FloatArray) -> FloatArray:
    """Regression coefficients in standard deviations, R^-1 r, shape (..., drivers).

    All missing where some driver is a sum of others: then they are not determined.
    """
    inner = correlation[..., :-1, :-1]
    singular = np.linalg.eigvalsh(inner)[..., 0] <= COLLINEAR
    safe = np.where(singular[..., None, None], np.eye(inner.shape[-1]), inner)
    solved = np.linalg.solve(safe, correlation[..., :-1, -1:])[..., 0]
    return np.where(singular[..., None], np.nan, solved)


@dataclass(frozen=True)
class Importance:
    """Importance of the drivers of an outcome.

    `summary` has one row a driver, the most important first: lmg, johnson, coefficient
    (standardized), correlation with the outcome, and lmg_share and johnson_share (the parts of R
    squared that the drivers explain together), each with _low and _high; rank, rank_low, rank_high,
    first_chance and leading. `ranked_by` is "LMG", or "Johnson's weight" where there are more
    drivers than LMG takes (its columns are then missing). `draws` (draws, drivers) are the
    resampled values of that measure, columns in the order of `drivers`. `caution` says, where the
    (effective) answers a driver are few, that the intervals are too narrow or why LMG and Johnson's
    weights have none; else it is empty.
    """

    outcome_name: str
    drivers: tuple[str, ...]
    r_squared: Estimate
    summary: pd.DataFrame
    draws: FloatArray
    ranked_by: str
    caution: str

    @property
    def first(self) -> Estimate:
        """Of the driver that comes first: its share of R squared, by LMG or Johnson's weights."""
        measure = "lmg_share" if self.ranked_by == "LMG" else "johnson_share"
        names = [measure, f"{measure}_low", f"{measure}_high"]
        value, low, high = (
            None if np.isnan(end) else float(end) for end in self.summary[names].iloc[0]
        )
        method = "; ".join(filter(None, [f"{self.ranked_by}, BCa bootstrap", self.caution]))
        return Estimate(value, low, high, self.r_squared.level, self.r_squared.n, method)

    @property
    def sentence(self) -> str:
        """Who leads and how sure that is, for a manager."""
        return f"{self._leaders} {self.caution}".strip()

    @property
    def _leaders(self) -> str:
        n, level = self.r_squared.n, round(100 * self.r_squared.level)
        if len(self.drivers) == 1:
            return f"With one driver, {self.drivers[0]}, there is nothing to rank."
        if self.r_squared.low == 0:
            return (
                "The drivers together do not explain, beyond chance, anything of"
                f" {self.outcome_name}: R squared {self.r_squared.value:.3f} of {n:,} answers may"
                " be chance, and the order of the drivers with it."
            )
        chances = self.summary.loc[self.summary["leading"], "first_chance"]
        leading = [str(name) for name in chances.index]
        if len(leading) == 1:
            chance = min(float(chances.iloc[0]), 0.999)
            return (
                f"Of the drivers of {self.outcome_name}, {leading[0]} leads: it came first in "
                f"{100 * chance:.3g} % of resamples of the {n:,} answers, and every other "
                f"driver's importance lies below ({level} % confidence)."
            )
        most_often = str(self.summary["first_chance"].idxmax())
        chance = self.summary["first_chance"].max()
        if len(leading) == len(self.drivers):
            return (
                f"Which driver of {self.outcome_name} matters most cannot be told: none can be "
                f"ruled out ({level} % confidence, n = {n:,})."
            )
        others = [name for name in leading if name != most_often]
        named = ", ".join(others[:NAMED]) + f" and {len(others) - NAMED} more" * (
            len(others) > NAMED
        )
        return (
            f"Of the drivers of {self.outcome_name}, {most_often} comes first most often "
            f"({100 * chance:.0f} % of resamples of the {n:,} answers), but {named} may matter as "
            f"much: the most important is among these {len(leading)} of {len(self.drivers)} "
            f"({level} % confidence)."
        )


def importance(
    moments: Moments, rng: np.random.Generator, *, draws: int = 1_000, level: float = 0.95
) -> Importance:
    """LMG, Johnson's weights and standardized coefficients of all drivers, with intervals.

    Intervals are BCa (Efron 1987) over resampled blocks of respondents with their weights; the
    acceleration is from leaving out each of at most 200 groups of blocks. A driver unrelated to all
    else has a small positive share in every sample and resample, so the bootstrap alone never
    reaches its true 0: where neither the coefficient's nor the correlation's interval excludes 0,
    the low limit of its shares is set to 0, as is that of R squared where the F test of all slopes
    (by Kish's effective n) does not reject. R squared itself is larger in small samples than in the
    population, by about (1 - R squared) * drivers / n. With few answers a driver (effective ones,
    Kish) the intervals hold the truth too seldom: below NARROW_BELOW `caution` says so, below
    NO_INTERVAL_BELOW LMG and Johnson's weights have none.

    `first_chance` is the share of resamples in which a driver comes first (ties shared).
    rank_low and rank_high hold a driver's true rank with confidence `level`: they count the drivers
    whose difference to it is surely above or below zero, by intervals simultaneous over its
    differences to all others (max-|t| of the bootstrap; Mogstad, Romano, Shaikh & Wilhelm 2024).
    `leading` marks the drivers that no other is surely above, by the same with one-sided
    differences: with confidence `level`, the most important driver is among them.
    """
    drivers, p = moments.drivers, len(moments.drivers)
    counts = resample_counts(np.ones(len(moments.blocks), dtype=np.int64), draws, rng)
    width = p + 2
    flat = moments.blocks.reshape(len(moments.blocks), -1)
    resampled = correlations((counts.astype(float) @ flat).reshape(draws, width, width))
    groups = np.arange(len(flat)) % min(len(flat), JACKKNIFE_GROUPS)
    total = moments.blocks.sum(axis=0)
    removed = np.zeros((groups.max() + 1, width, width))
    np.add.at(removed, groups, moments.blocks)
    observed = correlations(total)[None]
    together = np.concatenate([observed, resampled, correlations(total - removed)])

    values = {
        "lmg": lmg(together) if p <= MOST_DRIVERS else np.full((len(together), p), np.nan),
        "johnson": johnson(together),
        "coefficient": standardized_coefficients(together),
        "correlation": together[:, :-1, -1],
    }
    explained = values["johnson"].sum(axis=1, keepdims=True)
    positive = np.where(explained > 0, explained, np.nan)
    values |= {f"{name}_share": values[name] / positive for name in ("lmg", "johnson")}
    columns: dict[str, FloatArray] = {}
    for name, all_of_it in values.items():
        low, high = _bca(all_of_it, draws, level)
        columns |= {name: all_of_it[0], f"{name}_low": low, f"{name}_high": high}
    # An interval that is missing rules out nothing.
    related = np.logical_or.reduce(
        [
            (columns[f"{name}_low"] > 0) | (columns[f"{name}_high"] < 0)
            for name in ("coefficient", "correlation")
        ]
    )
    measures = ("lmg", "johnson", "lmg_share", "johnson_share")
    for name in measures:
        columns[f"{name}_low"] = np.where(related, columns[f"{name}_low"], columns[name] * 0)
    r_low, r_high = _bca(explained, draws, level)
    value = float(explained[0, 0])
    freedom = max(moments.effective - p - 1, 1)
    # R squared in place of zero is never below it: the F test tells whether zero can be.
    chance = fdtrc(p, freedom, value / p / max((1 - value) / freedom, 1e-300))
    kind = "weighted " if moments.weighted else ""
    caution = _caution(moments.effective / p)
    if moments.effective < NO_INTERVAL_BELOW * p:
        for name in measures:
            columns |= {f"{name}_low": np.full(p, np.nan), f"{name}_high": np.full(p, np.nan)}
    r_squared = Estimate(
        value,
        float(r_low[0]) if chance < 1 - level else 0.0,
        float(r_high[0]),
        level,
        moments.n,
        "; ".join(filter(None, [f"{kind}R squared, BCa bootstrap interval", caution])),
    )
    ranked_by = "LMG" if p <= MOST_DRIVERS else "Johnson's weight"
    # Drivers that say the same tie but for rounding.
    ranked = np.round(values["lmg" if p <= MOST_DRIVERS else "johnson"], 10)
    summary = pd.DataFrame(columns, index=pd.Index(drivers, name="driver"))
    summary = summary.assign(**_ranks(ranked[0], ranked[1 : draws + 1], level))
    order = np.argsort(-ranked[0], kind="stable")
    return Importance(
        outcome_name=moments.outcome_name,
        drivers=drivers,
        r_squared=r_squared,
        summary=summary.iloc[order],
        draws=ranked[1 : draws + 1],
        ranked_by=ranked_by,
        caution=caution,
    )


def _caution(answers_a_driver: float) -> str:
    if answers_a_driver >= NARROW_BELOW:
        return ""
    few = f"Only {answers_a_driver:.0f} complete answers a driver"
    if answers_a_driver >= NO_INTERVAL_BELOW:
        return f"{few}, fewer than {NARROW_BELOW}: the intervals are too narrow."
    return (
        f"{few}, fewer than {NO_INTERVAL_BELOW}: the interval of R squared is too narrow, and "
        "shares of it have none."
    )


def _bca(values: FloatArray, draws: int, level: float) -> FloatArray:
    """BCa limits of each column; rows are the estimate, the draws, then the jackknife values."""
    estimate, resampled, left_out = values[0], values[1 : draws + 1], values[draws + 1 :]
    deviation = left_out.mean(axis=0) - left_out
    spread = np.sum(deviation**2, axis=0) ** 1.5
    skewed = np.sum(deviation**3, axis=0)
    acceleration = np.divide(skewed, 6 * spread, out=np.zeros_like(spread), where=spread > 0)
    return bca_limits(estimate, resampled, acceleration, level=level)


def _ranks(value: FloatArray, draws: FloatArray, level: float) -> dict[str, NDArray]:
    """rank, rank_low, rank_high, first_chance and leading of each driver."""
    p = len(value)
    first = draws == draws.max(axis=1, keepdims=True)
    chance = np.mean(first / first.sum(axis=1, keepdims=True), axis=0)
    low, high, leading = np.ones(p, dtype=np.int64), np.full(p, p), np.ones(p, dtype=bool)
    for k in range(p):
        difference = np.delete(value - value[k], k)
        resampled = np.delete(draws - draws[:, [k]], k, axis=1)
        error = resampled.std(axis=0, ddof=1)
        varies = error > 0
        if not varies.any():
            continue
        t = (resampled - difference)[:, varies] / error[varies]
        limit = np.quantile(np.abs(t).max(axis=1), level)
        observed = difference[varies] / error[varies]
        low[k] += np.sum(observed > limit)
        high[k] -= np.sum(observed < -limit)
        leading[k] = observed.max() <= np.quantile(t.max(axis=1), level)
    rank = 1 + np.sum(value[None, :] > value[:, None], axis=1)
    return {
        "rank": rank,
        "rank_low": low,
        "rank_high": high,
        "first_chance": chance,
        "leading": leading,
    }


def importance_performance(answers: Answers, found: Importance) -> pd.DataFrame:
    """Each driver's mean rating beside its importance, for a map of the two.

    performance is the (weighted) mean rating by all who rated the driver, not the complete answers
    alone, with its t interval (degrees of freedom: effective raters, Kish, - 1); importance is the
    share of what the drivers explain, by the measure they are ranked by: LMG or Johnson's. Columns
    performance, importance (each with _low, _high) and n, who rated the driver.
    """
    tail = 0.5 + found.r_squared.level / 2
    measure = "lmg_share" if found.ranked_by == "LMG" else "johnson_share"
    error = np.sqrt(np.diagonal(answers.means_covariance))
    margin = stdtrit(np.maximum(answers.raters - 1, 1), tail) * error
    frame = pd.DataFrame(
        {
            "performance": answers.means,
            "performance_low": answers.means - margin,
            "performance_high": answers.means + margin,
            "n": answers.summary.loc[list(answers.drivers), "answered"].to_numpy(),
        },
        index=pd.Index(answers.drivers, name="driver"),
    )
    for suffix in ("", "_low", "_high"):
        frame[f"importance{suffix}"] = found.summary[f"{measure}{suffix}"]
    return frame.loc[found.summary.index]
