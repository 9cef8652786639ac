"""Drivers of an outcome that is an order rather than a number: odds ratios, weighted."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri

from cxlib.drivers.answers import Answers, of_all, standardized_sample
from cxlib.inference import MIN_GROUP, holm

FloatArray = NDArray[np.float64]

ODDS_ROWS = 20_000  # more answers change little
STEPS = 50
SEPARATED = 15.0  # log odds per standard deviation that no finite effect has


@dataclass(frozen=True)
class Odds:
    """Odds ratios per standard deviation of each driver, others alike.

    `summary`: odds_ratio, low, high, p, p_holm, a row a driver; all missing when `problem` says
    why the model could not be fitted. `n` answers of the sample fitted, `method` how.
    """

    summary: pd.DataFrame
    n: int
    level: float
    method: str
    problem: str


def binary_odds(
    answers: Answers, rng: np.random.Generator, *, top: float, level: float = 0.95
) -> Odds:
    """Odds of an outcome of `top` or more (say, top-two-box), by logistic regression.

    The model of `ordered_odds` with two outcomes, and its rules; also no figures when fewer than
    10 answers lie on either side.
    """
    x, outcome, weights = standardized_sample(answers, rng, most=ODDS_ROWS)
    happy = outcome >= top
    name = f"logistic regression of {answers.outcome_name} >= {top:g}"
    if min(happy.sum(), (~happy).sum()) < MIN_GROUP:
        problem = f"{happy.sum()} of {len(happy)} answers reach {top:g}: too few on one side"
        return _no_odds(answers, len(x), level, name, problem)
    return _odds(answers, x, happy, weights, level=level, name=name)


def ordered_odds(answers: Answers, rng: np.random.Generator, *, level: float = 0.95) -> Odds:
    """Odds of a higher answer, by proportional-odds logistic regression (McCullagh 1980).

    P(outcome <= j) = expit(theta_j - x b) with standardized drivers x: exp(b_k) multiplies the odds
    of an answer above any point j when driver k is one standard deviation higher. Every value of
    the outcome is a category. At most 20,000 answers drawn at random are fitted, by Newton's method
    on the (weighted) log-likelihood. Wald intervals of b have the sandwich variance
    H^-1 (sum w^2 s s') H^-1, s the scores and H the Hessian, which does not take weights for counts
    (Binder 1983). No figures, with the reason in `problem`, when drivers repeat one another, or
    separate the outcomes so that no finite odds ratio is the most likely.
    """
    x, outcome, weights = standardized_sample(answers, rng, most=ODDS_ROWS)
    name = f"ordered logistic regression of {answers.outcome_name}"
    return _odds(answers, x, outcome, weights, level=level, name=name)


def _odds(
    answers: Answers, x: FloatArray, outcome: NDArray, w: FloatArray, *, level: float, name: str
) -> Odds:
    if np.linalg.matrix_rank(x) < x.shape[1]:
        problem = "some drivers repeat others exactly: keep one of each"
        return _no_odds(answers, len(x), level, name, problem)
    slopes, errors = _cumulative_logit(x, outcome, w)
    if np.isnan(slopes).any():
        problem = "some drivers separate the outcomes: their odds ratios have no finite value"
        return _no_odds(answers, len(x), level, name, problem)
    z = float(ndtri(0.5 + level / 2))
    p = 2 * ndtr(-np.abs(slopes / errors))
    columns = {
        "odds_ratio": np.exp(slopes),
        "low": np.exp(slopes - z * errors),
        "high": np.exp(slopes + z * errors),
        "p": p,
        "p_holm": holm(p),
    }
    summary = pd.DataFrame(columns, index=pd.Index(answers.drivers, name="driver"))
    kind = "weighted " if answers.weighted else ""
    method = f"{kind}{name}, sandwich Wald intervals{of_all(answers, len(x))}"
    return Odds(summary, len(x), level, method, "")


def _no_odds(answers: Answers, n: int, level: float, name: str, problem: str) -> Odds:
    columns = ["odds_ratio", "low", "high", "p", "p_holm"]
    index = pd.Index(answers.drivers, name="driver")
    summary = pd.DataFrame(np.nan, index=index, columns=columns)
    return Odds(summary, n, level, f"{name}: not fitted", problem)


def _cumulative_logit(
    x: FloatArray, outcome: NDArray, w: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Slopes and sandwich standard errors of the proportional-odds model; missing if not finite.

    With F the logistic function, an answer in category c has the likelihood F(a) - F(b), where
    a = theta_c - x b and b = theta_(c-1) - x b are linear in (theta, b); it is log-concave (Pratt
    1981), so that Newton's steps, halved while they lead down, find the maximum.
    """
    _, category = np.unique(outcome, return_inverse=True)
    cuts, n = category.max(), len(x)
    # Beyond the first and the last category lie -inf and inf: columns that are not estimated.
    one_hot = np.zeros((n, cuts + 2))
    upper, lower = one_hot.copy(), one_hot
    upper[np.arange(n), category + 1] = 1
    lower[np.arange(n), category] = 1
    upper = np.hstack([upper[:, 1:-1], -x])
    lower = np.hstack([lower[:, 1:-1], -x])
    first, last = category == 0, category == cuts

    def likelihood(at: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        below_upper = np.where(last, 1.0, expit(upper @ at))
        below_lower = np.where(first, 0.0, expit(lower @ at))
        return below_upper, below_lower, np.maximum(below_upper - below_lower, 1e-300)

    shares = np.bincount(category, weights=w)
    at = np.concatenate([logit(np.cumsum(shares)[:-1] / w.sum()), np.zeros(x.shape[1])])
    for _ in range(STEPS):
        fa, fb, p = likelihood(at)
        da, db = fa * (1 - fa) / p, fb * (1 - fb) / p
        scores = da[:, None] * upper - db[:, None] * lower
        gradient = w @ scores
        of_upper, of_lower = w * (da * (1 - 2 * fa) - da**2), -w * (db * (1 - 2 * fb) + db**2)
        mixed = (upper * (w * da * db)[:, None]).T @ lower
        hessian = (upper * of_upper[:, None]).T @ upper + (lower * of_lower[:, None]).T @ lower
        hessian += mixed + mixed.T
        inverse = np.linalg.pinv(-hessian, hermitian=True)
        step = inverse @ gradient
        if gradient @ step < 1e-10:
            meat = (scores * (w**2)[:, None]).T @ scores
            errors = np.sqrt(np.diag(inverse @ meat @ inverse))
            return at[cuts:], errors[cuts:]
        before = w @ np.log(p)
        while w @ np.log(likelihood(at + step)[2]) < before and np.abs(step).max() > 1e-10:
            step = step / 2
        at = at + step
        if np.abs(at[cuts:]).max() > SEPARATED:
            break
    missing = np.full(x.shape[1], np.nan)
    return missing, missing
