"""The Pareto/NBD model: how often customers buy, and leaving at any time."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cache, partial
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
import pandas as pd
from scipy.special import digamma, expit, exprel, gammaln, polygamma, xlogy

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

Values = FloatArray | float

# The integrand is cut where it has fallen by e^-28.
NEGLIGIBLE = 28.0
# Nodes enough where the integrand falls by at most e^-fall over at most that span of
# log(min(alpha, beta) + y): a relative error below 2e-11 over 20,000 extreme draws.
SIZES = ((8, 2.0, 3.0), (10, 10.0, 3.0), (16, 40.0, 4.0), (32, np.inf, 8.0), (64, np.inf, np.inf))
# Rows worked on at a time: their nodes stay in the processor's cache.
BLOCK = 2**12
PROBABILITY_NODES = 200


class _Rule(NamedTuple):
    """Gauss-Legendre on (0, 2): powers 0 to 2 of the nodes (3, k) and weights (k,).

    lines (k, 3) has the columns node, 1, log weight: `lines @ (b, a, 1)` is a + b * node + log
    weight, and far faster than the same by broadcasting.
    """

    powers: FloatArray
    weights: FloatArray
    lines: FloatArray


@cache
def _rule(size: int) -> _Rule:
    node, weight = np.polynomial.legendre.leggauss(size)
    powers = np.stack([np.ones(size), 1 + node, (1 + node) ** 2])
    return _Rule(powers, weight, np.stack([1 + node, np.ones(size), np.log(weight)], axis=1))


@dataclass(frozen=True)
class ParetoNBD(PurchaseModel):
    """The Pareto/NBD model of purchases (Schmittlein, Morrison & Colombo 1987, Management Science
    33:1-24; Fader & Hardie 2005, note "A note on deriving the Pareto/NBD model").

    While alive a customer buys at random with rate lambda ~ Gamma(r, alpha) a week, and leaves
    after a time ~ Exponential(mu), mu ~ Gamma(s, beta) a week, lambda and mu independent.
    """

    r: float
    alpha: float
    s: float
    beta: float

    label: ClassVar[str] = "Pareto/NBD"

    @property
    def is_common_dropout(self) -> bool:
        """Whether customers are not shown to differ in mu: all have the same, s / beta."""
        return self.s > 0.99 * COMMON

    @classmethod
    def fit(cls, histories: pd.DataFrame | Histories) -> Fit[Self]:
        """Maximum likelihood by Newton's method, gradient and Hessian analytic.

        Equal histories are added up first. Raises ValueError when a column is missing or
        impossible, TooFewError for fewer than 30 customers or 10 repeat buyers, and
        ConvergenceError when there is no maximum or it leaves a parameter open.

        Where all leave at the same rate, the likelihood rises as s and beta grow together: s is
        then held at COMMON, without uncertainty, and three parameters are estimated and counted
        (`is_common_dropout`, see `or_common_dropout`).
        """
        data = collapse(history_arrays(histories))
        n, repeat = int(data.customers.sum()), int(data.customers[data.x > 0].sum())
        require_enough(n, repeat)
        weeks = max(float(data.T @ data.customers) / n, 1e-9)
        starts = [(0.7, 0.2 * weeks, 0.7, 0.3 * weeks), (1, weeks, 1, weeks)]
        sample = thin(data)
        full = partial(
            maximize,
            cls,
            partial(likelihood, data),
            starts,
            n,
            "a very small `s` or a very large `beta` means that nobody seems to leave, very large "
            "`s` and `beta` that all leave alike; the other purchase models may fit these "
            "customers",
            sample=None if sample is None else partial(likelihood, sample),
        )
        common = [np.log([r, alpha, COMMON * beta / s]).tolist() for r, alpha, s, beta in starts]
        limit = Limit(cls, _path, partial(likelihood, data), common)
        return or_common_dropout(full, limit, data)

    def log_likelihood(self, histories: pd.DataFrame | Histories) -> float:
        """Log-likelihood of the histories, the sum of the following logarithm.

        log[Gamma(r + x) alpha^r beta^s / Gamma(r) * (A + D)], where
        A = (alpha + T)^-(r + x) (beta + T)^-s stands for those alive at T and
        D = s * integral over y from t_x to T of (alpha + y)^-(r + x) (beta + y)^-(s + 1) dy
        for those who left at y. D replaces the difference of two 2F1 of the paper, which loses its
        digits; 8 to 64 Gauss-Legendre nodes in log(min(alpha, beta) + y) give it to 2e-11.
        """
        data = history_arrays(histories)
        return likelihood(data, np.array(astuple(self)))[0]

    def alive(self, data: Histories) -> FloatArray:
        """A / (A + D) of `log_likelihood` (Schmittlein, Morrison & Colombo 1987)."""
        own = _Parameters(*astuple(self))
        parts = _blocks(data)
        alive = [expit(_log_stay(own, part) - _left(own, part).log_value) for part in parts]
        return np.concatenate(alive) if alive else np.zeros(0)

    def purchases_if_alive(self, x: FloatArray, T: FloatArray, weeks: FloatArray) -> FloatArray:
        """(r + x) / (alpha + T) * (beta + T) / (s - 1) * [1 - ((beta + T) / (beta + T + t))^(s-1)].

        The mean rate times the expected time alive in (T, T + t], (beta + T) log((beta + T + t) /
        (beta + T)) where s = 1 (Schmittlein, Morrison & Colombo 1987).
        """
        since = (self.beta + T)[:, None]
        log_ratio = np.log1p(weeks / since)
        rate = ((self.r + x) / (self.alpha + T))[:, None]
        if self.s == 1:
            return rate * since * log_ratio
        power = (1 - self.s) * log_ratio
        # Two forms of one quantity: the first is exact near s = 1, the second for endless weeks.
        with np.errstate(over="ignore", invalid="ignore"):
            near, far = log_ratio * exprel(power), np.expm1(power) / (1 - self.s)
        return rate * since * np.where(np.abs(power) < 1, near, far)

    def purchase_chance_if_alive(self, x: FloatArray, T: FloatArray, weeks: float) -> FloatArray:
        """Integral over (0, t] of E[lambda exp(-(lambda + mu) v)] dv: the first purchase, if alive.

        With v = (alpha + T) (e^u - 1) the integrand is (r + x) exp(-(r + x) u) ((beta + T) /
        (beta + T + v))^s, by Gauss-Legendre nodes in u, cut where its first part is below e^-40.
        """
        r, alpha, beta = self.r + x, self.alpha + T, self.beta + T
        end = np.minimum(np.log1p(weeks / alpha), 40 / r)
        node, weight = np.polynomial.legendre.leggauss(64)
        u = np.outer(end, (node + 1) / 2)
        later = alpha[:, None] * np.expm1(u)
        survived = np.exp(-r[:, None] * u - self.s * np.log1p(later / beta[:, None]))
        return np.asarray(r * end / 2 * (survived @ weight))

    def simulate_if_alive(
        self, x: FloatArray, T: FloatArray, weeks: float, rng: np.random.Generator
    ) -> Simulated:
        """lambda ~ Gamma(r + x, alpha + T), mu ~ Gamma(s, beta + T): the posterior if alive."""
        rate = rng.gamma(self.r + x) / (self.alpha + T)
        leaving = rng.gamma(self.s, size=len(x)) / (self.beta + T)
        with np.errstate(divide="ignore", over="ignore"):
            until = np.minimum(weeks, rng.standard_exponential(len(x)) / leaving)
        row = np.repeat(np.arange(len(x)), rng.poisson(rate * until))
        return Simulated(row, rng.uniform(size=len(row)) * until[row])

    def purchase_probabilities(self, weeks: float, most: int) -> FloatArray:
        """P(X(t) = k), k = 0 to `most`: those alive at t and those who left at y before.

        NBD(k; t) (beta / (beta + t))^s + integral over y from 0 to t of
        NBD(k; y) s beta^s (beta + y)^-(s + 1) dy, with NBD(k; y) = Gamma(r + k) / (Gamma(r) k!)
        (alpha / (alpha + y))^r (y / (alpha + y))^k (Fader & Hardie 2005, note "Deriving an
        expression for P(X(t) = x) under the Pareto/NBD model"), by nodes in
        log(min(alpha, beta) + y).
        """
        r, alpha, s, beta = astuple(self)
        rule = _rule(PROBABILITY_NODES)
        near = min(alpha, beta)
        half = np.log1p(weeks / near) / 2
        y = near * np.expm1(half * rule.powers[1])
        mass = rule.weights * half * (near + y) * s / beta * (1 + y / beta) ** -(s + 1)
        y, mass = np.append(y, weeks), np.append(mass, (1 + weeks / beta) ** -s)
        k = np.arange(most + 1.0)[:, None]
        coefficient = gammaln(r + k) - gammaln(r) - gammaln(k + 1)
        nbd = np.exp(coefficient - r * np.log1p(y / alpha) + xlogy(k, y / (alpha + y)))
        return nbd @ mass


class _Parameters(NamedTuple):
    """Numbers, or arrays of one a row; beta is below alpha in all rows or in none."""

    r: Any
    alpha: Any
    s: Any
    beta: Any

    @property
    def swapped(self) -> bool:
        return bool(np.any(np.less(self.beta, self.alpha)))


def row_derivatives(
    r: Values, alpha: Values, s: Values, beta: Values, data: Histories
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log-likelihood of each history under parameters of its own, with gradient and Hessian in
    (log r, log alpha, log s, log beta): shapes (n,), (n, 4), (n, 4, 4).

    Parameters are numbers or one a row; the counts `customers` do not enter.
    """
    n = len(data.x)
    own = _Parameters(*(np.broadcast_to(one, n) for one in (r, alpha, s, beta)))
    value, gradient, hessian = np.empty(n), np.empty((n, 4)), np.empty((n, 4, 4))
    below = own.beta < own.alpha
    for group in (np.flatnonzero(below), np.flatnonzero(~below)):
        for start in range(0, len(group), BLOCK):
            rows = group[start : start + BLOCK]
            part = Histories(*(column[rows] for column in data))
            value[rows], slope, bend = _derivatives(_Parameters(*(one[rows] for one in own)), part)
            gradient[rows], hessian[rows] = slope.T, bend.transpose(2, 0, 1)
    pairs, place = np.unique(own.r + 1j * data.x, return_inverse=True)
    terms = _frequency_terms(pairs.real, pairs.imag)[:, place]
    value += terms[0]
    gradient[:, 0] += terms[1]
    hessian[:, 0, 0] += terms[2]
    hessian += np.tril(hessian, -1).transpose(0, 2, 1)
    return value, gradient, hessian


def likelihood(data: Histories, values: FloatArray) -> Derivatives:
    """Log-likelihood in (r, alpha, s, beta) with gradient and Hessian."""
    own = _Parameters(*values.tolist())
    value, gradient, hessian = 0.0, np.zeros(4), np.zeros((4, 4))
    for part in _blocks(data):
        rows, slope, bend = _derivatives(own, part)
        value += float(rows @ part.customers)
        gradient += slope @ part.customers
        hessian += bend @ part.customers
    hessian += np.tril(hessian, -1).T
    frequency, count = by_frequency(data)
    terms = _frequency_terms(np.full(len(frequency), values[0]), frequency) @ count
    gradient[0] += terms[1]
    hessian[0, 0] += terms[2]
    natural = (hessian - np.diag(gradient)) / np.outer(values, values)
    return value + float(terms[0]), gradient / values, natural


def _path(u: FloatArray) -> Path:
    """(r, alpha, s, beta) at u = (log r, log alpha, log beta) where mu is the same for all."""
    r, alpha, beta = np.exp(u).tolist()
    slopes = np.array([[r, 0, 0], [0, alpha, 0], [0, 0, 0], [0, 0, beta]])
    return Path(np.array([r, alpha, COMMON, beta]), slopes, slopes)


def _blocks(data: Histories) -> Iterator[Histories]:
    for start in range(0, len(data.x), BLOCK):
        yield Histories(*(column[start : start + BLOCK] for column in data))


def _frequency_terms(r: FloatArray, x: FloatArray) -> FloatArray:
    """log(Gamma(r + x) / Gamma(r)) and its two derivatives in log r, shape (3, n)."""
    slope = r * (digamma(r + x) - digamma(r))
    bend = slope + r**2 * (polygamma(1, r + x) - polygamma(1, r))
    return np.stack([gammaln(r + x) - gammaln(r), slope, bend])


class _Left(NamedTuple):
    """The integral D over the time y of leaving, by k nodes, for n rows.

    Of alpha and beta the smaller is called near, the larger far. The k nodes are those of `rule`:
    log(near + y) = log(near + t_x) + half * node. near_time and far_time (k, n) are near + y and
    far + y, near_start, far_start (n,) and far_log (k, n) the logarithms at t_x and at y. mass
    (k, n) holds the weights times the integrand, relative to its value at t_x, moments (3, n) its
    moments in the nodes; log_value is log D, -inf where t_x = T.
    """

    rule: _Rule
    half: FloatArray
    near_time: FloatArray
    far_time: FloatArray
    near_start: FloatArray
    far_start: FloatArray
    far_log: FloatArray
    mass: FloatArray
    moments: FloatArray
    log_value: FloatArray


def _left(own: _Parameters, part: Histories) -> _Left:
    """In v = log(near + y) the integrand is (near + y)^(1 - near_power) (far + y)^-far_power.

    Its logarithm is concave in v, so its slope at t_x bounds how far it has to be followed.
    """
    near, near_power, far, far_power = own.alpha, own.r + part.x, own.beta, own.s + 1
    if own.swapped:
        near, near_power, far, far_power = far, far_power, near, near_power
    near_T, far_T, near_t, far_t = near + part.T, far + part.T, near + part.t_x, far + part.t_x
    fall = near_power - 1 + far_power * near_t / far_t
    span = np.log1p((part.T - part.t_x) / near_t)
    half = np.minimum(span, NEGLIGIBLE / np.maximum(fall, 1e-9)) / 2
    steepest = np.maximum(np.abs(fall), np.abs(near_power - 1 + far_power * near_T / far_T))
    rule = _rule(_size(2 * float((steepest * half).max()), 2 * float(half.max())))
    near_start, far_start = np.log(near_t), np.log(far_t)
    near_time = np.exp(rule.lines @ np.stack([half, near_start, np.zeros_like(half)]))
    far_time = near_time + (far - near)
    far_log = np.log(far_time)
    to_start = far_power * far_start
    mass = rule.lines @ np.stack([half * (1 - near_power), to_start, np.ones_like(half)])
    mass -= far_power * far_log
    np.exp(mass, out=mass)
    moments = rule.powers @ mass
    with np.errstate(divide="ignore"):
        log_value = np.log(own.s * half * moments[0]) + (1 - near_power) * near_start - to_start
    return _Left(
        rule, half, near_time, far_time, near_start, far_start, far_log, mass, moments, log_value
    )


def _size(fall: float, span: float) -> int:
    return next(size for size, most, widest in SIZES if fall <= most and span <= widest)


def _log_stay(own: _Parameters, part: Histories) -> FloatArray:
    """log A: alive at T."""
    r, alpha, s, beta = own
    return -(r + part.x) * np.log(alpha + part.T) - s * np.log(beta + part.T)


def _derivatives(own: _Parameters, part: Histories) -> tuple[FloatArray, FloatArray, FloatArray]:
    """log[alpha^r beta^s (A + D)] of each row, its gradient (4, n) and Hessian (4, 4, n).

    In the log parameters; of the Hessian the lower triangle alone. A mixture of leaving at each y
    and of staying to T: with w the share D / (A + D), the gradient is the mean of the parts'
    gradients, and the Hessian the mean of theirs plus the covariance of the gradients. These are
    linear in the features f = (log(alpha + y), alpha / (alpha + y), log(beta + y),
    beta / (beta + y)).
    """
    r, alpha, s, beta = own
    left, stay = _left(own, part), _log_stay(own, part)
    smaller = np.exp(-np.abs(left.log_value - stay))
    both = np.maximum(stay, left.log_value) + np.log1p(smaller)
    w = np.where(left.log_value > stay, 1.0, smaller) / (1 + smaller)
    mean, cov = _features(own, left)
    to_alpha, to_beta = alpha + part.T, beta + part.T
    at_T = (np.log(to_alpha), alpha / to_alpha, np.log(to_beta), beta / to_beta)
    constant = (r * np.log(alpha), r, s * np.log(beta), s)
    stay_factor, gone_factor = (-r, -(r + part.x), -s, -s), (-r, -(r + part.x), -s, -(s + 1))
    gradient, hessian = np.empty((4, len(w))), np.zeros((4, 4, len(w)))
    apart, between = [], w * (1 - w)
    for i in range(4):
        stay_slope, gone_slope = stay_factor[i] * at_T[i], gone_factor[i] * mean[i] + (i == 2)
        apart.append(gone_slope - stay_slope)
        gradient[i] = constant[i] + stay_slope + w * apart[i]
        inside, outside = w * gone_factor[i], between * apart[i]
        for j in range(i + 1):
            hessian[i, j] = inside * (gone_factor[j] * cov[i][j]) + outside * apart[j]
    for k in (0, 2):
        # Second derivatives of log A and of log D's integrand, those that are not zero.
        time = at_T[k + 1]
        bend = mean[k + 1] - mean[k + 1] ** 2 - cov[k + 1][k + 1]
        hessian[k, k] += constant[k] + stay_factor[k] * (at_T[k] + w * (mean[k] - at_T[k]))
        hessian[k + 1, k] += constant[k + 1] + stay_factor[k] * (time + w * (mean[k + 1] - time))
        hessian[k + 1, k + 1] += (1 - w) * stay_factor[k + 1] * (time - time**2)
        hessian[k + 1, k + 1] += w * gone_factor[k + 1] * bend
    return both + constant[0] + constant[2], gradient, hessian


def _features(own: _Parameters, left: _Left) -> tuple[list[FloatArray], list[list[FloatArray]]]:
    """Mean and covariance of the features f under the mass of the nodes."""
    near, far = (own.beta, own.alpha) if own.swapped else (own.alpha, own.beta)
    total, first, second = left.moments
    scale = 1 / total
    mean = [left.half * first * scale]
    cov = [[left.half**2 * second * scale - mean[0] ** 2]]
    others = [near / left.near_time, left.far_log, far / left.far_time]
    for i, one in enumerate(others):
        weighted = left.mass * one
        level, slope = left.rule.powers[:2] @ weighted
        products = [left.half * slope]
        products += [np.einsum("kn,kn->n", weighted, other) for other in others[: i + 1]]
        mean.append(level * scale)
        cov.append([product * scale - mean[-1] * mean[j] for j, product in enumerate(products)])
    mean[0] = mean[0] + left.near_start
    order = (2, 3, 0, 1) if own.swapped else (0, 1, 2, 3)
    return [mean[i] for i in order], [[cov[max(i, j)][min(i, j)] for j in order] for i in order]
