"""The BG/NBD model: how often customers buy and when they drop out."""

from dataclasses import asdict, dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1, polygamma

from cxlib.clv.fitting import Derivatives, Fit, maximize
from cxlib.clv.histories import FloatArray, Histories, collapse, history_arrays, require_enough

# Distance from a removable singularity within which the closed form loses digits.
NEAR = 1e-3


@dataclass(frozen=True)
class BetaGeoNBD:
    """The BG/NBD model of purchases (Fader, Hardie & Lee 2005, Marketing Science 24:275-284).

    While alive a customer buys at random with rate lambda ~ Gamma(r, alpha) a week and after each
    purchase drops out with probability p ~ Beta(a, b), lambda and p independent.
    """

    r: float
    alpha: float
    a: float
    b: float

    has_mean: ClassVar[bool] = True

    @staticmethod
    def fit(histories: pd.DataFrame) -> Fit["BetaGeoNBD"]:
        """Maximum likelihood by Newton's method, gradient and Hessian analytic.

        Equal histories are added up first, so that the cost is one pass over the data and a few
        over the distinct histories. Raises ValueError when a column is missing or impossible, or
        when there are fewer than 30 customers or 10 repeat buyers (fewer do not determine four
        parameters), and ConvergenceError when no maximum is found.
        """
        data = history_arrays(histories)
        n, repeat = int(data.customers.sum()), int(data.customers[data.x > 0].sum())
        require_enough("BG/NBD", n, repeat)
        distinct = collapse(data)
        # In units of the mean observation time the start is the same for every data set.
        weeks = max(float(np.average(distinct.T, weights=distinct.customers)), 1e-9)
        starts = [(0.5, 0.2 * weeks, 1.0, 2.0), (1, weeks, 1, 1), (0.2, 0.05 * weeks, 0.3, 3.0)]
        return maximize(
            BetaGeoNBD,
            lambda values: likelihood(values, distinct),
            starts,
            n,
            "a very small `a` means that nobody seems to drop out, very large `a` and `b` that all "
            "drop out alike",
        )

    def log_likelihood(self, histories: pd.DataFrame) -> float:
        """Log-likelihood of the histories, eq. (6) of the paper without the constant t's."""
        return likelihood(np.array(list(asdict(self).values())), history_arrays(histories))[0]

    def probability_alive(self, histories: pd.DataFrame) -> FloatArray:
        """P(alive at T | x, t_x, T), one a row.

        1 / (1 + [x > 0] a / (b + x - 1) ((alpha + T) / (alpha + t_x))^(r + x))
        (Fader, Hardie & Lee 2008, note "Computing P(alive) using the BG/NBD model").
        """
        return probability_alive(self, history_arrays(histories))

    def expected_purchases_new(self, weeks: float) -> float:
        """E[X(t)], purchases after the first in the `weeks` after it, of a new customer.

        (a + b - 1) / (a - 1) * [1 - (alpha / (alpha + t))^r
        2F1(r, b; a + b - 1; t / (alpha + t))], eq. (9) of the paper.
        """
        return float(purchases_if_alive(self, np.zeros(1), np.zeros(1), np.array([weeks]))[0, 0])

    def expected_purchases(self, histories: pd.DataFrame, weeks: float) -> FloatArray:
        """E[Y(t) | x, t_x, T], purchases in the `weeks` after T, one a row.

        P(alive) (a + b + x - 1) / (a - 1) * [1 - ((alpha + T) / (alpha + T + t))^(r + x)
        2F1(r + x, b + x; a + b + x - 1; t / (alpha + T + t))], eq. (10) of the paper, computed
        through Euler's transformation, which neither overflows nor cancels at large x.
        """
        return expected_purchases(self, history_arrays(histories), weeks)


class Simulated(NamedTuple):
    """One entry a purchase: the row of its customer and its week, 1 for the first after T."""

    row: NDArray[np.int64]
    week: NDArray[np.int64]


def simulate(model: BetaGeoNBD, data: Histories, weeks: int, rng: np.random.Generator) -> Simulated:
    """Purchases in the `weeks` after T of all customers, given their histories."""
    alive = rng.binomial(data.customers.astype(np.int64), probability_alive(model, data))
    row = np.repeat(np.arange(len(alive)), alive)
    rate = rng.gamma(model.r + data.x[row]) / (model.alpha + data.T[row])
    dropout = rng.beta(model.a, model.b + data.x[row])
    occasions = rng.poisson(rate * weeks)
    # Geometric on 1, 2, ... by inversion: the purchase after which the customer drops out.
    with np.errstate(divide="ignore"):
        lasting = 1 + np.floor(rng.standard_exponential(len(row)) / -np.log1p(-dropout))
    owner = np.repeat(np.arange(len(row)), occasions)
    time = rng.uniform(0, weeks, size=len(owner))
    order = np.lexsort((time, owner))
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(occasions) - occasions, occasions)
    kept = rank < lasting[owner]
    week = np.minimum(np.floor(time[order][kept]).astype(np.int64) + 1, weeks)
    return Simulated(row[owner[kept]], week)


def expected_purchases(model: BetaGeoNBD, data: Histories, weeks: float) -> FloatArray:
    track, inverse = expected_if_alive(model, data, np.array([float(weeks)]))
    return probability_alive(model, data) * track[inverse, 0]


def expected_if_alive(
    model: BetaGeoNBD, data: Histories, weeks: FloatArray
) -> tuple[FloatArray, NDArray[np.intp]]:
    """Expected purchases if alive, shape (distinct (x, T), weeks), and which of them a row has.

    Given that a customer is alive, t_x plays no part: there are far fewer (x, T) than histories.
    """
    distinct, inverse = np.unique(data.x + 1j * data.T, return_inverse=True)
    return purchases_if_alive(model, distinct.real, distinct.imag, weeks), inverse


def probability_alive(model: BetaGeoNBD, data: Histories) -> FloatArray:
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    repeat = data.x > 0
    odds = np.log(a) - np.log(np.where(repeat, b + data.x - 1, 1))
    odds += (r + data.x) * (np.log(alpha + data.T) - np.log(alpha + data.t_x))
    return np.where(repeat, expit(-odds), 1.0)


def purchases_if_alive(
    model: BetaGeoNBD, x: FloatArray, T: FloatArray, weeks: FloatArray
) -> FloatArray:
    """Expected purchases of customers alive at T in each of `weeks`, shape (len(x), len(weeks)).

    With u = (alpha + T) / (alpha + T + t) and Euler's transformation of 2F1:
    (a + b + x - 1) / (a - 1) * [1 - u^(a - 1) 2F1(a + b - 1 - r, a - 1; a + b + x - 1; 1 - u)].
    Near its removable singularities a = 1 and a + b + x = 1, and where 2F1 is not finite (b in the
    hundreds with t far above alpha + T), the integral over p takes its place.
    """
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    x, T, weeks = np.broadcast_arrays(x[:, None], T[:, None], weeks)
    if abs(a - 1) < NEAR:
        return _purchases_by_quadrature(model, x, T, weeks)
    u = (alpha + T) / (alpha + T + weeks)
    last = a + b + x - 1
    with np.errstate(all="ignore"):
        series = hyp2f1(a + b - 1 - r, a - 1, last, 1 - u)
        expected = last / (a - 1) * (1 - u ** (a - 1) * series)
    lost = ~np.isfinite(expected) | (np.abs(last) < NEAR)
    if lost.any():
        expected[lost] = _purchases_by_quadrature(model, x[lost], T[lost], weeks[lost])
    return expected


def _purchases_by_quadrature(
    model: BetaGeoNBD, x: FloatArray, T: FloatArray, weeks: FloatArray
) -> FloatArray:
    """The mean over p ~ Beta(a, b + x) of [1 - (1 + p t / (alpha + T))^-(r + x)] / p.

    That is E[(1 - exp(-lambda p t)) / p]. Trapezoids in logit(p) from -60 to 40 converge
    exponentially; beyond, where the bracket is linear or constant, the tails are exact.
    """
    grid = np.linspace(-60, 40, 1001)
    step = np.full(len(grid), grid[1] - grid[0])
    step[[0, -1]] /= 2
    log_p, log_q = -np.logaddexp(0, -grid), -np.logaddexp(0, grid)
    p = np.exp(log_p)
    expected = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        power, ratio = model.r + x[place], weeks[place] / (model.alpha + T[place])
        beta = (model.a, model.b + x[place])
        density = np.exp(beta[0] * log_p + beta[1] * log_q - betaln(*beta))
        bought = -np.expm1(-power * np.log1p(p * ratio)) / p
        tails = density[0] / beta[0] * bought[0] + density[-1] / beta[1] * bought[-1]
        expected[place] = step @ (density * bought) + tails
    return expected


def likelihood(values: FloatArray, data: Histories) -> Derivatives:
    """Log-likelihood in (r, alpha, a, b) with gradient and Hessian.

    L = Gamma(r + x) alpha^r / Gamma(r) * B(a, b + x) ... is split as in the authors' note on Excel:
    A1 + A2 + log(exp(l3) + [x > 0] exp(l4)).
    """
    r, alpha, a, b = values
    x, t_x, T, customers = data
    n = customers.sum()
    gradient, hessian = np.zeros(4), np.zeros((4, 4))

    # A1 and A2 depend on the frequency alone.
    by_frequency = np.bincount(x.astype(np.int64), weights=customers)
    distinct = np.flatnonzero(by_frequency)
    count = by_frequency[distinct]
    value = n * (r * np.log(alpha) - gammaln(r) + gammaln(a + b) - gammaln(b))
    value += count @ (gammaln(r + distinct) + gammaln(b + distinct) - gammaln(a + b + distinct))
    gradient[0] = count @ digamma(r + distinct) - n * (digamma(r) - np.log(alpha))
    gradient[1] = n * r / alpha
    both = n * digamma(a + b) - count @ digamma(a + b + distinct)
    gradient[2] = both
    gradient[3] = both + count @ digamma(b + distinct) - n * digamma(b)
    hessian[0, 0] = count @ polygamma(1, r + distinct) - n * polygamma(1, r)
    hessian[0, 1] = n / alpha
    hessian[1, 1] = -n * r / alpha**2
    both = n * polygamma(1, a + b) - count @ polygamma(1, a + b + distinct)
    hessian[2:, 2:] = both
    hessian[3, 3] += count @ polygamma(1, b + distinct) - n * polygamma(1, b)

    # l3: alive at T; l4: dropped out after the last purchase; w is the share of l4.
    repeat = x > 0
    last = np.where(repeat, b + x - 1, 1)
    in_T, in_t = np.log(alpha + T), np.log(alpha + t_x)
    l3 = -(r + x) * in_T
    l4 = np.where(repeat, np.log(a) - np.log(last) - (r + x) * in_t, -np.inf)
    value += customers @ np.logaddexp(l3, l4)
    w = expit(l4 - l3)
    to_T, to_t = 1 / (alpha + T), 1 / (alpha + t_x)
    gradient[0] -= customers @ ((1 - w) * in_T + w * in_t)
    gradient[1] -= customers @ ((r + x) * ((1 - w) * to_T + w * to_t))
    gradient[2] += customers @ w / a
    gradient[3] -= customers @ (w / last)
    hessian[0, 1] -= customers @ ((1 - w) * to_T + w * to_t)
    hessian[1, 1] += customers @ ((r + x) * ((1 - w) * to_T**2 + w * to_t**2))
    hessian[2, 2] -= customers @ w / a**2
    hessian[3, 3] += customers @ (w / last**2)
    slope = np.stack([in_T - in_t, (r + x) * (to_T - to_t), np.full_like(x, 1 / a), -1 / last])
    upper = np.triu(hessian)
    hessian = upper + np.triu(upper, 1).T + (slope * (customers * w * (1 - w))) @ slope.T
    return float(value), gradient, hessian
