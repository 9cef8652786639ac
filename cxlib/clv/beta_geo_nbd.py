"""The BG/NBD model, and what it shares with its modification: dropping out after a purchase."""

import math
from abc import abstractmethod
from dataclasses import astuple, dataclass
from functools import partial
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from scipy.special import betainc, betaln, digamma, expit, gammaln, hyp2f1, polygamma, xlogy

from cxlib.clv.common_dropout import COMMON, Limit, Path, or_common_dropout
from cxlib.clv.fitting import Derivatives, Fit, maximize
from cxlib.clv.histories import (
    FloatArray,
    Histories,
    by_frequency,
    collapse,
    history_arrays,
    require_enough,
    thin,
)
from cxlib.clv.model import PurchaseModel, Simulated

# Distance from a removable singularity within which the closed form loses digits.
NEAR = 1e-3
# Where the expectation is taken instead of at a = 1, a removable singularity.
AROUND_ONE = 0.03 * np.array([-1.0, -0.7, -0.3, 0.3, 0.7, 1.0])
# exp(-40) is nothing beside 1.
CERTAIN = 40.0
# From here on, of a and of b, Beta(a, b) is so narrow that few nodes around its mode do.
NARROW = 30.0
# In standard deviations of logit(p), half of one apart.
AROUND_MODE = np.linspace(-12, 12, 49)
BLOCK = 8192
# Of the Chebyshev series, which they give to 1e-10.
NODES = 64
# Place of each entry of a symmetric matrix among those on and above its diagonal.
MIRRORED = np.array([[0, 1, 2, 3], [1, 4, 5, 6], [2, 5, 7, 8], [3, 6, 8, 9]])

Parameter = float | FloatArray
Parameters = tuple[Parameter, Parameter, Parameter, Parameter]
Terms = tuple[Parameter, ...]
# Log-likelihood by row, its gradient and the upper triangle of its Hessian in (r, alpha, a, b).
Part = tuple[FloatArray, Terms, Terms]
RowDerivatives = tuple[FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class BetaGeometric(PurchaseModel):
    """Purchases at rate lambda ~ Gamma(r, alpha) a week, dropout with chance p ~ Beta(a, b).

    lambda and p are independent. The two models differ in whether there is a chance to drop out
    right after the first purchase: a customer alive with x repeat purchases has survived m chances.
    """

    r: float
    alpha: float
    a: float
    b: float

    @property
    def is_common_dropout(self) -> bool:
        """Whether customers are not shown to differ in p: all have the same, a / (a + b)."""
        return self.a + self.b > 0.99 * COMMON

    @staticmethod
    @abstractmethod
    def chances(x: FloatArray) -> FloatArray:
        """m, the chances to drop out that a customer alive with x repeat purchases survived."""

    @classmethod
    def fit(cls, histories: pd.DataFrame | Histories) -> Fit[Self]:
        """Maximum likelihood by Newton's method, gradient and Hessian analytic.

        Equal histories are added up first, so that the cost is one pass over the data and a few
        over the distinct histories. Raises ValueError when a column is missing or impossible,
        TooFewError for fewer than 30 customers or 10 repeat buyers (fewer do not determine four
        parameters), and ConvergenceError when no maximum is found.

        Where all drop out with the same chance, the likelihood rises as a and b grow together:
        a + b is then held at COMMON and a = COMMON * p, b = COMMON * (1 - p), with p estimated and
        three parameters counted (`is_common_dropout`, see `or_common_dropout`).
        """
        data = collapse(history_arrays(histories))
        n, repeat = int(data.customers.sum()), int(data.customers[data.x > 0].sum())
        require_enough(n, repeat)
        # In units of the mean observation time the start is the same for every data set.
        weeks = max(float(data.T @ data.customers) / n, 1e-9)
        starts = [(0.5, 0.2 * weeks, 1.0, 2.0), (1, weeks, 1, 1), (0.2, 0.05 * weeks, 0.3, 3.0)]
        sample = thin(data)
        full = partial(
            maximize,
            cls,
            partial(_likelihood, cls, data),
            starts,
            n,
            "a very small `a` means that nobody seems to drop out, very large `a` and `b` that all "
            "drop out alike; the other purchase models may fit these customers",
            sample=None if sample is None else partial(_likelihood, cls, sample),
        )
        common = [(np.log(r), np.log(alpha), np.log(a / b)) for r, alpha, a, b in starts]
        limit = Limit(cls, _path, partial(_likelihood, cls, data), common)
        return or_common_dropout(full, limit, data)

    def log_likelihood(self, histories: pd.DataFrame | Histories) -> float:
        """Log-likelihood of the histories, without the constant t's; formula at the class."""
        data = collapse(history_arrays(histories))
        return _likelihood(type(self), data, np.array(astuple(self)))[0]

    def alive(self, data: Histories) -> FloatArray:
        """P(alive at T | x, t_x, T), one a row.

        1 / (1 + [m > 0] a / (b + m - 1) ((alpha + T) / (alpha + t_x))^(r + x))
        """
        odds, _ = _log_odds(astuple(self), self.chances(data.x), data)
        return expit(-odds)

    def purchases_if_alive(self, x: FloatArray, T: FloatArray, weeks: FloatArray) -> FloatArray:
        """E[Y(t) | alive at T, x, T] for each t of `weeks`, shape (len(x), len(weeks)).

        With b' = b + m,
        (a + b' - 1) / (a - 1) * [1 - ((alpha + T) / (alpha + T + t))^(r + x)
        2F1(r + x, b'; a + b' - 1; t / (alpha + T + t))], computed through Euler's transformation,
        which neither overflows nor cancels at large x. For t = math.inf (a + b' - 1) / (a - 1)
        when a > 1, otherwise inf.
        """
        ratio = weeks / (self.alpha + T)[:, None]
        kinds, rows = np.unique(x, return_counts=True)
        often = kinds[rows * len(weeks) > 4 * NODES]
        rare = ~np.isin(x, often)
        expected = np.empty(ratio.shape)
        expected[rare] = self._by_ratio(x[rare, None], ratio[rare])
        for frequency in often.tolist():
            same = x == frequency
            expected[same] = self._interpolated(frequency, ratio[same])
        return expected

    def purchase_chance_if_alive(self, x: FloatArray, T: FloatArray, weeks: float) -> FloatArray:
        """1 - ((alpha + T) / (alpha + T + t))^(r + x): nobody drops out before a purchase.

        Over lambda ~ Gamma(r + x, alpha + T), what the history leaves of those alive.
        """
        return -np.expm1(-(self.r + x) * np.log1p(weeks / (self.alpha + T)))

    def _by_ratio(self, x: FloatArray, ratio: FloatArray) -> FloatArray:
        """Purchases of those alive by t / (alpha + T), on which alone they depend beside x."""
        shape, b = np.broadcast_arrays(self.r + x, self.b + self.chances(x), ratio)[:2]
        expected = (self.a + b - 1) / (self.a - 1) if self.a > 1 else np.full(ratio.shape, np.inf)
        finite = np.isfinite(ratio)
        expected[finite] = _while_alive(shape[finite], self.a, b[finite], ratio[finite])
        return expected

    def _interpolated(self, x: float, ratio: FloatArray) -> FloatArray:
        """The same of one frequency; above ratio 1, where 2F1 is slow, by a series in logs."""
        far = (ratio > 1) & np.isfinite(ratio)
        expected = np.empty(ratio.shape)
        expected[~far] = self._by_ratio(np.array([x]), ratio[~far])
        if far.any():
            half = np.log(ratio[far].max()) / 2
            node = np.polynomial.chebyshev.chebpts1(NODES)
            known = np.log(self._by_ratio(np.array([x]), np.exp(half * (node + 1))))
            series = np.polynomial.chebyshev.chebvander(node, NODES - 1).T @ known * (2 / NODES)
            series[0] /= 2
            place = np.log(ratio[far]) / half - 1
            expected[far] = np.exp(np.polynomial.chebyshev.chebval(place, series))
        return expected

    def simulate_if_alive(
        self, x: FloatArray, T: FloatArray, weeks: float, rng: np.random.Generator
    ) -> Simulated:
        """Purchases in the `weeks` after T of customers alive at T, one a row.

        lambda ~ Gamma(r + x, alpha + T), p ~ Beta(a, b + m); purchases at Poisson times until the
        G-th, G ~ Geometric(p) on 1, 2, ...
        """
        rate = rng.gamma(self.r + x) / (self.alpha + T)
        dropout = rng.beta(self.a, self.b + self.chances(x))
        occasions = rng.poisson(rate * weeks)
        # Geometric by inversion: the purchase after which the customer drops out.
        with np.errstate(divide="ignore"):
            lasting = 1 + np.floor(rng.standard_exponential(len(x)) / -np.log1p(-dropout))
        owner = np.repeat(np.arange(len(x)), occasions)
        time = rng.uniform(0, weeks, size=len(owner))
        time = time[np.lexsort((time, owner))]
        rank = np.arange(len(owner)) - np.repeat(np.cumsum(occasions) - occasions, occasions)
        kept = rank < lasting[owner]
        return Simulated(owner[kept], time[kept])

    def purchase_probabilities(self, weeks: float, most: int) -> FloatArray:
        """P(X(t) = 0, 1, ... most) for a new customer, purchases in the `weeks` after the first.

        B(a, b + m) / B(a, b) P(N = x) + [m > 0] B(a + 1, b + m - 1) / B(a, b) P(N >= x), where N
        is negative binomial with shape r and mean r t / alpha: those who never drop out, eq. (8)
        of Fader, Hardie & Lee 2005. Its sum of j < x is the incomplete beta function.
        """
        r, alpha, a, b = astuple(self)
        x = np.arange(most + 1.0)
        m = self.chances(x)
        share = weeks / (alpha + weeks)
        log_pmf = gammaln(r + x) - gammaln(r) - gammaln(x + 1)
        log_pmf += xlogy(r, 1 - share) + xlogy(x, share)
        at_least = np.where(x > 0, betainc(np.maximum(x, 1), r, share), 1.0)
        left = np.zeros(most + 1)
        left[m > 0] = np.exp(betaln(a + 1, b + m[m > 0] - 1) - betaln(a, b))
        return np.exp(betaln(a, b + m) - betaln(a, b) + log_pmf) + left * at_least


@dataclass(frozen=True)
class BetaGeoNBD(BetaGeometric):
    """The BG/NBD model of purchases (Fader, Hardie & Lee 2005, Marketing Science 24:275-284).

    While alive a customer buys at random with rate lambda ~ Gamma(r, alpha) a week and after each
    repeat purchase drops out with probability p ~ Beta(a, b), so m = x. Likelihood, eq. (6):
    Gamma(r + x) alpha^r / Gamma(r) * { B(a, b + x) / B(a, b) (alpha + T)^-(r + x)
    + [x > 0] B(a + 1, b + x - 1) / B(a, b) (alpha + t_x)^-(r + x) }.
    P(alive): Fader, Hardie & Lee 2008, note "Computing P(alive) using the BG/NBD model"; expected
    purchases: eq. (9) and (10) of the paper.
    """

    label: ClassVar[str] = "BG/NBD"

    @staticmethod
    def chances(x: FloatArray) -> FloatArray:
        """m = x: the first purchase is survived for sure."""
        return x


def row_derivatives(
    r: FloatArray, alpha: FloatArray, a: FloatArray, b: FloatArray, data: Histories
) -> RowDerivatives:
    """BG/NBD log-likelihood of each row, whose own parameters are given.

    Value (n,), gradient (n, 4) and Hessian (n, 4, 4) in the logarithms of (r, alpha, a, b); the
    counts play no part.
    """
    return derivatives_by_row(BetaGeoNBD, (r, alpha, a, b), data)


def derivatives_by_row(
    kind: type[BetaGeometric],
    parameters: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    data: Histories,
) -> RowDerivatives:
    """The derivatives of `row_derivatives`, for either model."""
    m = kind.chances(data.x)
    parts = _by_frequency(parameters, data.x, m), _by_time(parameters, m, data)
    natural = np.stack(parameters, axis=1)
    gradient, upper = np.zeros((len(m), 4)), np.zeros((len(m), 10))
    for _, slopes, curvatures in parts:
        gradient += np.stack(np.broadcast_arrays(*slopes), axis=1)
        upper += np.stack(np.broadcast_arrays(*curvatures), axis=1)
    gradient *= natural
    hessian = upper[:, MIRRORED] * natural[:, :, None] * natural[:, None, :]
    hessian[:, range(4), range(4)] += gradient
    return parts[0][0] + parts[1][0], gradient, hessian


def _likelihood(kind: type[BetaGeometric], data: Histories, values: FloatArray) -> Derivatives:
    """Log-likelihood in (r, alpha, a, b) with gradient and Hessian.

    Log-gammas once a frequency; the rest in blocks of rows that stay in the processor's cache.
    """
    r, alpha, a, b = values.tolist()
    parameters = r, alpha, a, b
    x, customers = by_frequency(data)
    sums = _weighted(_by_frequency(parameters, x, kind.chances(x)), customers)
    for start in range(0, len(data.x), BLOCK):
        block = Histories(*(column[start : start + BLOCK] for column in data))
        sums += _weighted(_by_time(parameters, kind.chances(block.x), block), block.customers)
    return float(sums[0]), sums[1:5], sums[5:][MIRRORED]


def _path(u: FloatArray) -> Path:
    """(r, alpha, a, b) at u = (log r, log alpha, logit p) where p is the same for all."""
    (r, alpha), p = np.exp(u[:2]), expit(u[2])
    q = expit(-u[2])
    slope = COMMON * p * q
    bend = slope * (q - p)
    return Path(
        np.array([r, alpha, COMMON * p, COMMON * q]),
        np.array([[r, 0, 0], [0, alpha, 0], [0, 0, slope], [0, 0, -slope]]),
        np.array([[r, 0, 0], [0, alpha, 0], [0, 0, bend], [0, 0, -bend]]),
    )


def _weighted(part: Part, customers: FloatArray) -> FloatArray:
    """Value, gradient and upper Hessian of a part, summed over the customers."""
    value, gradient, upper = part
    n = customers.sum()
    return np.array(
        [one @ customers if np.ndim(one) else one * n for one in (value, *gradient, *upper)]
    )


def _by_frequency(parameters: Parameters, x: FloatArray, m: FloatArray) -> Part:
    """log [alpha^r Gamma(r + x) / Gamma(r) * B(a, b + m) / B(a, b)], where no time enters."""
    r, alpha, a, b = parameters
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    value += gammaln(b + m) - gammaln(b) + gammaln(a + b) - gammaln(a + b + m)
    by_r = digamma(r + x) - digamma(r) + np.log(alpha)
    by_a = digamma(a + b) - digamma(a + b + m)
    gradient = by_r, r / alpha, by_a, by_a + digamma(b + m) - digamma(b)
    in_r = polygamma(1, r + x) - polygamma(1, r)
    in_a = polygamma(1, a + b) - polygamma(1, a + b + m)
    in_b = in_a + polygamma(1, b + m) - polygamma(1, b)
    return value, gradient, (in_r, 1 / alpha, 0.0, 0.0, -r / alpha**2, 0.0, 0.0, in_a, in_a, in_b)


def _by_time(parameters: Parameters, m: FloatArray, data: Histories) -> Part:
    """log [(alpha + T)^-(r + x) + [m > 0] a / (b + m - 1) (alpha + t_x)^-(r + x)].

    That is -(r + x) log(alpha + T) + log(1 + exp(d)), d the log odds of having dropped out;
    w = 1 / (1 + exp(-d)) is their probability, v = w (1 - w).
    """
    r, alpha, a, _ = parameters
    d, last = _log_odds(parameters, m, data)
    shape, over_T, over_t_x = r + data.x, 1 / (alpha + data.T), 1 / (alpha + data.t_x)
    log_T = -np.log(over_T)
    odds = np.exp(np.minimum(d, CERTAIN))
    value = np.log1p(odds) + np.maximum(d - CERTAIN, 0) - shape * log_T
    v = 1 / (1 + odds)
    w = odds * v
    v *= w
    # Slopes of d in r, alpha and b; that in a is 1 / a.
    d_r, difference, d_b = log_T + np.log(over_t_x), over_T - over_t_x, -1 / last
    d_alpha = shape * difference
    gradient = w * d_r - log_T, w * d_alpha - shape * over_T, w / a, w * d_b
    v_r, v_alpha = v * d_r, v * d_alpha
    hessian = (
        v_r * d_r,
        v_r * d_alpha + w * difference - over_T,
        v_r / a,
        v_r * d_b,
        v_alpha * d_alpha + shape * over_T**2 - w * d_alpha * (over_T + over_t_x),
        v_alpha / a,
        v_alpha * d_b,
        (v - w) / a**2,
        v * d_b / a,
        (v + w) * d_b**2,
    )
    return value, gradient, hessian


def _log_odds(
    parameters: Parameters, m: FloatArray, data: Histories
) -> tuple[FloatArray, FloatArray]:
    """log of [m > 0] a / (b + m - 1) ((alpha + T) / (alpha + t_x))^(r + x), and b + m - 1.

    The odds of having dropped out; where m is 0 they are 0 (and 1 stands for b + m - 1).
    """
    r, alpha, a, b = parameters
    possible = m > 0
    last = np.where(possible, b + m - 1, 1.0)
    odds = (r + data.x) * np.log((alpha + data.T) / (alpha + data.t_x)) + np.log(a / last)
    return np.where(possible, odds, -np.inf), last


def _while_alive(shape: FloatArray, a: float, b: FloatArray, ratio: FloatArray) -> FloatArray:
    """E[(1 - (1 + p ratio)^-shape) / p] over p ~ Beta(a, b), ratio = t / (alpha + T).

    With u = 1 / (1 + ratio) and Euler's transformation of 2F1:
    (a + b - 1) / (a - 1) * [1 - u^(a - 1) 2F1(a + b - 1 - shape, a - 1; a + b - 1; 1 - u)].
    Where both a and b are large, and 2F1 overflows, the integral over p is taken around its mode.
    Near its removable singularity a = 1 it is interpolated in a; near a + b = 1, and where 2F1
    loses digits or is not finite (large b with t far above alpha + T), the integral over p takes
    its place.
    """
    if abs(a - 1) < NEAR:
        nodes = 1 + AROUND_ONE
        weights = [
            np.prod((a - np.delete(nodes, k)) / (nodes[k] - np.delete(nodes, k))) for k in range(6)
        ]
        around = [_while_alive(shape, node, b, ratio) for node in nodes.tolist()]
        return np.tensordot(weights, around, axes=1)
    shape, b, ratio = np.broadcast_arrays(shape, b, ratio)
    if a > NARROW and b.min(initial=np.inf) > NARROW:
        return _around_mode(shape, a, b, ratio)
    c, z = a + b - 1, ratio / (1 + ratio)
    with np.errstate(all="ignore"):
        series = hyp2f1(c - shape, a - 1, c, z)
        expected = c / (a - 1) * (1 - (1 + ratio) ** (1 - a) * series)
    lost = ~np.isfinite(expected) | (np.abs(c) < NEAR) | ((b > 50) & (ratio > 1000))
    if lost.any():
        expected[lost] = _by_quadrature(shape[lost], a, b[lost], ratio[lost])
    return expected


def _around_mode(shape: FloatArray, a: float, b: FloatArray, ratio: FloatArray) -> FloatArray:
    """The same by trapezoids in logit(p), whose mode is log(a / b)."""
    deviation = np.sqrt(1 / a + 1 / b)[..., None]
    grid = np.log(a / b)[..., None] + deviation * AROUND_MODE
    log_p, log_q = -np.logaddexp(0, -grid), -np.logaddexp(0, grid)
    log_density = a * log_p + b[..., None] * log_q
    density = np.exp(log_density - log_density.max(axis=-1, keepdims=True))
    p = np.exp(log_p)
    bought = -np.expm1(-shape[..., None] * np.log1p(p * ratio[..., None])) / p
    return np.asarray(np.sum(density * bought, axis=-1) / density.sum(axis=-1))


def _by_quadrature(shape: FloatArray, a: float, b: FloatArray, ratio: FloatArray) -> FloatArray:
    """The same by trapezoids in logit(p), which converge exponentially.

    Steps are at most half the standard deviation of logit(p), about sqrt(1 / a + 1 / b). Beyond -60
    and 40 the integrand is a power of p or of 1 - p, and the sum a geometric series.
    """
    expected = np.empty(len(shape))
    for place, second in enumerate(b.tolist()):
        points = 1 + 100 * math.ceil(max(10, 2 / math.sqrt(1 / a + 1 / second)))
        grid, step = np.linspace(-60, 40, points, retstep=True)
        log_p, log_q = -np.logaddexp(0, -grid), -np.logaddexp(0, grid)
        density = np.exp(a * log_p + second * log_q - betaln(a, second))
        density[[0, -1]] /= -np.expm1(-step * np.array([a, second]))
        p = np.exp(log_p)
        bought = -np.expm1(-shape[place] * np.log1p(p * ratio[place])) / p
        expected[place] = step * (density @ bought)
    return expected
