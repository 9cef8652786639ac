"""EMPC: the expected maximum profit of a churn campaign that contacts the top of a ranking."""

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression
from scipy.special import betainc, betaln, xlog1py, xlogy

from cxlib.churn.profit import PAPER_CAMPAIGN, PAPER_VALUE, Campaign, campaign_amounts
from cxlib.inference import Estimate, wald_interval

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ExpectedMaximumProfit:
    """EMPC in money per customer, and the expected share of the customers to contact for it."""

    profit: Estimate
    share: Estimate


def empc(
    churned: ArrayLike,
    score: ArrayLike,
    *,
    value: ArrayLike = PAPER_VALUE,
    campaign: Campaign = PAPER_CAMPAIGN,
    level: float = 0.95,
) -> ExpectedMaximumProfit:
    """Expected maximum profit of a churn campaign per customer (Verbraken et al. 2013).

    EMPC = E over gamma of max over cuts t of mean(1(score >= t) (gamma a - b)), with
    a = Y (V - d), b = f + (1 - Y) d. `score` is any ranking, highest first; equal scores are never
    parted. `value` is one amount or each customer's own. Exact: a customer is taken from some
    success rate g on, which isotonic regression finds as the slope of the convex hull of the
    cumulated (a, b), so EMPC = mean(a E[gamma; gamma > g] - b P(gamma > g)), by incomplete beta
    functions.

    The interval is that of this mean: at an optimum the cuts' own error is of second order. The
    share contacted, mean P(gamma > g), is a smooth functional of the hull (Robertson, Wright &
    Dykstra 1988), of influence P(gamma > g) - beta pdf(g) (b - g a) / mean of a at g. The cut is
    made on the same customers, which flatters small samples a little.
    """
    terms, share, n = _empc_terms(churned, score, value, campaign)
    if not share[0].any():
        none = Estimate(0.0, None, None, level, n, "no contact pays at any success rate")
        return ExpectedMaximumProfit(none, none)
    method = "expected maximum profit per customer, influence-function interval"
    profit = _mean_within(terms, terms, (0, np.inf), level, method)
    method = "expected share contacted, influence-function interval"
    return ExpectedMaximumProfit(profit, _mean_within(*share, (0, 1), level, method))


def empc_difference(
    churned: ArrayLike,
    score: ArrayLike,
    other: ArrayLike,
    *,
    value: ArrayLike = PAPER_VALUE,
    campaign: Campaign = PAPER_CAMPAIGN,
    level: float = 0.95,
) -> Estimate:
    """EMPC of `score` less that of `other` on the same customers, money per customer, paired."""
    terms, _, _ = _empc_terms(churned, score, value, campaign)
    others, _, _ = _empc_terms(churned, other, value, campaign)
    method = "difference of EMPC per customer, paired influence-function interval"
    return _mean_within(terms - others, terms - others, (-np.inf, np.inf), level, method)


def _mean_within(
    values: FloatArray,
    influence: FloatArray,
    bounds: tuple[float, float],
    level: float,
    method: str,
) -> Estimate:
    n = len(values)
    error = float(influence.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan
    wald = wald_interval(float(values.mean()), error, n, level=level, method=method)
    low, high = np.clip(np.array([wald.low, wald.high], dtype=float), *bounds)
    return dataclasses.replace(wald, low=float(low), high=float(high))


def _empc_terms(
    churned: ArrayLike, score: ArrayLike, value: ArrayLike, campaign: Campaign
) -> tuple[FloatArray, tuple[FloatArray, FloatArray], int]:
    """Each customer's term of EMPC, and of the share contacted with its influence, in order; n."""
    a, b = campaign_amounts(churned, score, value, campaign)
    ranked = np.asarray(score, dtype=float)
    order = np.argsort(-ranked, kind="stable")
    falling = ranked[order]
    tied = np.empty(len(a), dtype=np.int64)
    tied[order] = np.concatenate([[0], np.cumsum(np.diff(falling) != 0)])
    ends = np.concatenate([np.flatnonzero(np.diff(falling)) + 1, [len(a)]])
    g, segment = _taken_from(np.cumsum(a[order])[ends - 1], np.cumsum(b[order])[ends - 1])
    g, segment = g[tied], segment[tied]
    alpha, beta = campaign.success_alpha, campaign.success_beta
    inside = np.minimum(g, 1)
    taken = 1 - betainc(alpha, beta, inside)
    success = campaign.success_rate * (1 - betainc(alpha + 1, beta, inside))
    level_a = (np.bincount(segment, a) / np.bincount(segment).clip(1))[segment]
    moves = (inside > 0) & (inside < 1)
    x = np.where(moves, inside, 0.5)
    density = np.exp(xlogy(alpha - 1, x) + xlog1py(beta - 1, -x) - betaln(alpha, beta))
    pull = np.where(moves, density * (b - x * a) / np.where(moves, level_a, 1), 0)
    return a * success - b * taken, (taken, taken - pull), len(a)


def _taken_from(gained: FloatArray, spent: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """For each step of the ranking the success rate from which it is taken, and its hull segment.

    The best cut at gamma is the corner of the hull of (cumulated b, cumulated a) where its slope
    da/db passes 1/gamma. Steps that never pay have an infinite rate.
    """
    gained, spent = np.append(0.0, gained), np.append(0.0, spent)
    # Steps that cost nothing: only the best of the cuts at one cost can be a corner.
    start = np.flatnonzero(np.diff(spent, prepend=-1.0) > 0)
    sizes = np.diff(np.append(start, len(spent)))
    best = gained == np.repeat(np.maximum.reduceat(gained, start), sizes)
    at = np.flatnonzero(best)
    corner = at[np.unique(np.repeat(np.arange(len(start)), sizes)[at], return_index=True)[1]]
    rate, block = np.array([0.0]), np.array([0])
    if len(corner) > 1:
        width = np.diff(spent[corner])
        hull = isotonic_regression(np.diff(gained[corner]) / width, weights=width, increasing=False)
        with np.errstate(divide="ignore"):
            rates = np.where(hull.x > 0, 1 / hull.x, np.inf)
        blocks = np.repeat(np.arange(1, len(hull.blocks)), np.diff(hull.blocks))
        rate, block = np.append(rate, rates), np.append(block, blocks)
    rate, block = np.append(rate, np.inf), np.append(block, block[-1] + 1)
    place = np.searchsorted(corner, np.arange(1, len(gained)))
    return rate[place], block[place]
