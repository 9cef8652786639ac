"""SERVPERF beside SERVQUAL: do perceptions alone or gaps explain satisfaction better?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cxlib.inference import Estimate, FloatArray, bca_limits, resample_counts
from cxlib.servqual.gaps import EXPECTATION, Scores

PER_PREDICTOR = 5  # with fewer respondents for each predictor a regression fits their noise
BLOCKS = 5000
PERCEPTIONS, GAPS = "perceptions (SERVPERF)", "gaps (SERVQUAL)"
APART = "expectations and perceptions apart"


@dataclass(frozen=True)
class Explained:
    """How well each set of scores explains satisfaction.

    `models`: a row a regression of satisfaction: predictors (how many), r2, low, high, r2_adjusted,
    n. `correlations`: a row for the overall perception and the overall gap: r with satisfaction,
    low, high, n. `r2_difference` and `r_difference`: perceptions less gaps, so positive where
    perceptions explain more. Where it cannot be told the tables are empty, the differences have no
    value and their method says why.
    """

    models: pd.DataFrame
    correlations: pd.DataFrame
    r2_difference: Estimate
    r_difference: Estimate

    @property
    def summary(self) -> pd.DataFrame:
        """Both differences: a row each with value, low, high, n, method."""
        rows = {"R² difference": self.r2_difference, "r difference": self.r_difference}
        return pd.DataFrame(
            [[one.value, one.low, one.high, one.n, one.method] for one in rows.values()],
            index=pd.Index(rows, name="perceptions less gaps"),
            columns=["value", "low", "high", "n", "method"],
        ).astype({"value": float, "low": float, "high": float})

    @property
    def sentence(self) -> str:
        """Which of the two explains satisfaction better, no more than the interval bears out."""
        one = self.r2_difference
        if one.value is None or one.low is None or one.high is None:
            return f"Perceptions cannot be set beside gaps: {one.method}."
        perceptions, gaps = (self.models["r2"][name] for name in (PERCEPTIONS, GAPS))
        figures = (
            f"they explain {perceptions:.0%} and {gaps:.0%} of its variance, a difference of"
            f" {one.value:.3f} in R² ({100 * one.level:.4g} % interval {one.low:.3f} to"
            f" {one.high:.3f}, n = {one.n:,})"
        )
        if one.low > 0:
            return f"Perceptions alone explain satisfaction better than gaps do: {figures}."
        if one.high < 0:
            return f"Gaps explain satisfaction better than perceptions alone: {figures}."
        return (
            "Whether perceptions or gaps explain satisfaction better cannot be told from these"
            f" answers: {figures}."
        )


def satisfaction_explained(
    dimensions: Scores,
    overall: Scores,
    satisfaction: pd.Series | None,
    rng: np.random.Generator,
    *,
    draws: int = 2000,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> Explained:
    """Regress satisfaction on the dimensions' perceptions, on their gaps, and on E and P apart.

    R² = s_xy' S_xx^-1 s_xy / s_yy from the (weighted) moments of the respondents who have every
    score, a satisfaction answer and a weight above zero; r2_adjusted = 1 - (1 - R²) (n - 1) /
    (n - k - 1). The gap is the difference with the coefficients of E and P forced to be opposite,
    so it never explains more than both apart (Cronin & Taylor 1992; Teas 1993). `overall` has one
    column, the overall score, for the plain correlations r.

    Every interval is BCa (Efron 1987) from the same `draws` resamples of respondents, which keep
    their survey weights; the acceleration is that of the influence functions. Beyond 5,000
    respondents, sums of 5,000 random blocks of them are resampled, whose sums vary alike. A
    resample in which all satisfaction answers are equal is left out.
    With fewer than 5 respondents for each of the 2k predictors, without expectations or without a
    satisfaction question nothing is given and the method says so.
    """
    k = dimensions.perception.shape[1]
    if satisfaction is None:
        return _untold("no satisfaction question", 0, level)
    if dimensions.yardstick != EXPECTATION:
        return _untold("no expectations were asked", 0, level)
    table = pd.concat(
        [dimensions.perception, dimensions.expectation, overall.perception, overall.expectation],
        axis=1,
    )
    rows = np.column_stack([table.to_numpy(float), satisfaction.to_numpy(float)])
    w = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(rows).any(axis=1) & (w > 0)
    rows, w = rows[known], w[known]
    n = len(rows)
    if n < PER_PREDICTOR * 2 * k:
        reason = f"fewer than {PER_PREDICTOR} complete respondents for each of {2 * k} predictors"
        return _untold(reason, n, level)
    if np.ptp(rows[:, -1]) == 0:
        return _untold("all satisfaction answers are equal", n, level)
    rows = rows - np.average(rows, axis=0, weights=w)

    identity = np.eye(rows.shape[1])
    perception, expectation = identity[:k], identity[k : 2 * k]
    whole_perception, whole_gap = identity[2 * k], identity[2 * k] - identity[2 * k + 1]
    predictors = {
        PERCEPTIONS: perception,
        GAPS: perception - expectation,
        APART: identity[: 2 * k],
    }
    observed = rows.T @ (w[:, None] * rows) / w.sum()
    resampled = _resampled_covariances(rows, w, draws, rng)
    resampled = resampled[resampled[:, -1, -1] > 1e-9 * observed[-1, -1]]
    covariances = np.concatenate([observed[None], resampled])
    r2 = {
        name: (_r_squared(covariances, x), _r_squared_influence(rows, observed, x))
        for name, x in predictors.items()
    }
    r = {
        name: (_correlation(covariances, x), _correlation_influence(rows, observed, x))
        for name, x in {PERCEPTIONS: whole_perception, GAPS: whole_gap}.items()
    }

    def interval(statistics: FloatArray, influence: FloatArray) -> Estimate:
        return _bca(float(statistics[0]), statistics[1:], influence * w, n, level)

    explained = {name: interval(*one) for name, one in r2.items()}
    correlated = {name: interval(*one) for name, one in r.items()}
    r2_difference, r_difference = (
        interval(
            *(first - second for first, second in zip(one[PERCEPTIONS], one[GAPS], strict=True))
        )
        for one in (r2, r)
    )
    models = _frame(explained, "r2")
    models.insert(0, "predictors", [len(x) for x in predictors.values()])
    left = (n - 1) / (n - models["predictors"] - 1)
    models.insert(4, "r2_adjusted", 1 - (1 - models["r2"]) * left)
    return Explained(models, _frame(correlated, "r"), r2_difference, r_difference)


def _untold(reason: str, n: int, level: float) -> Explained:
    nothing = Estimate(None, None, None, level, n, reason)
    return Explained(_frame({}, "r2"), _frame({}, "r"), nothing, nothing)


def _frame(estimates: dict[str, Estimate], name: str) -> pd.DataFrame:
    rows = [(one.value, one.low, one.high, one.n) for one in estimates.values()]
    index = pd.Index(list(estimates), name="scores", dtype=object)
    table = pd.DataFrame(rows, index=index, columns=[name, "low", "high", "n"])
    return table.astype({name: float, "low": float, "high": float, "n": int})


def _resampled_covariances(
    rows: FloatArray, w: FloatArray, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Weighted covariance matrices of bootstrap samples of the rows, shape (draws, width, width).

    A respondent enters a covariance through the products of its scores only, so a resample is one
    matrix product of how often each stands in it with these products.
    """
    n, width = rows.shape
    blocks = min(n, BLOCKS)
    order = np.arange(n) if n <= BLOCKS else rng.permutation(n)
    size = -(-n // blocks)
    members = np.zeros((size * blocks, width + 1))
    members[:n] = np.column_stack([rows, np.ones(n)])[order] * np.sqrt(w[order])[:, None]
    members = members.reshape(size, blocks, width + 1).swapaxes(0, 1)
    left, right = np.triu_indices(width + 1)
    products = (members.swapaxes(1, 2) @ members)[:, left, right]
    # In portions: the counts of all resamples at once would fill the memory.
    portions = [min(250, draws - start) for start in range(0, draws, 250)]
    sums = np.concatenate(
        [resample_counts(np.ones(blocks), size, rng) @ products for size in portions]
    )
    moments = np.empty((draws, width + 1, width + 1))
    moments[:, left, right] = moments[:, right, left] = sums
    moments /= moments[:, -1:, -1:]
    means = moments[:, :-1, -1]
    return moments[:, :-1, :-1] - means[:, :, None] * means[:, None, :]


def _coefficients(covariance: FloatArray, x: FloatArray) -> FloatArray:
    """Least-squares coefficients of the last variable on the scores `x` makes of the others.

    The generalized inverse lets a constant or repeated score explain nothing of its own.
    """
    inner = x @ covariance @ x.T
    scale = np.sqrt(np.maximum(np.diagonal(inner, axis1=-2, axis2=-1), 0))
    scale = np.where(scale > 1e-9, scale, np.inf)
    correlation = inner / (scale[..., :, None] * scale[..., None, :])
    outer = (covariance[..., -1] @ x.T) / scale
    inverse = np.linalg.pinv(correlation, rcond=1e-9, hermitian=True)
    return (inverse @ outer[..., None])[..., 0] / scale


def _r_squared(covariance: FloatArray, x: FloatArray) -> FloatArray:
    explained = np.sum(_coefficients(covariance, x) * (covariance[..., -1] @ x.T), axis=-1)
    return explained / covariance[..., -1, -1]


def _r_squared_influence(rows: FloatArray, covariance: FloatArray, x: FloatArray) -> FloatArray:
    """((1 - R²) y^2 - e^2) / s_yy for centred y with residual e: what a row adds to R²."""
    coefficients, r_squared = _coefficients(covariance, x), _r_squared(covariance, x)
    residual = rows[:, -1] - rows @ x.T @ coefficients
    return ((1 - r_squared) * rows[:, -1] ** 2 - residual**2) / covariance[-1, -1]


def _correlation(covariance: FloatArray, x: FloatArray) -> FloatArray:
    spread = np.sqrt((x @ covariance @ x) * covariance[..., -1, -1])
    return (covariance[..., -1] @ x) / np.where(spread > 0, spread, np.inf)


def _correlation_influence(rows: FloatArray, covariance: FloatArray, x: FloatArray) -> FloatArray:
    """x y - r (x^2 + y^2) / 2 for standardized x and y: what a row adds to r."""
    first = rows @ x / np.sqrt(max(float(x @ covariance @ x), 1e-18))
    second = rows[:, -1] / np.sqrt(covariance[-1, -1])
    return first * second - _correlation(covariance, x) * (first**2 + second**2) / 2


def _bca(value: float, draws: FloatArray, influence: FloatArray, n: int, level: float) -> Estimate:
    # Two models that are the same differ by rounding alone.
    if np.ptp(draws) < 1e-9:
        return Estimate(value, value, value, level, n, "the same in every resample")
    acceleration = np.sum(influence**3) / (6 * np.sum(influence**2) ** 1.5)
    low, high = bca_limits(value, draws, acceleration, level=level)
    return Estimate(value, float(low), float(high), level, n, "BCa bootstrap of respondents")
