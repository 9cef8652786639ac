"""The Gamma-Gamma model: how much customers spend a purchase day."""

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import digamma, gammaln, polygamma

from cxlib.clv.fitting import ConvergenceError, Derivatives, Fit, maximize
from cxlib.clv.histories import (
    MANY,
    MIN_REPEAT_BUYERS,
    THINNED,
    FloatArray,
    TooFewError,
    read_columns,
)

# Customers whose logarithms are taken at once: they stay in the processor's cache.
BLOCK = 1 << 13
# q of customers who do not differ, p of customers who always spend the same: their means, or a
# customer's amounts, then differ by .1 %, the sd of 1 / sqrt(q) and 1 / sqrt(p).
ALIKE_Q = STEADY_P = 1e6
# Points that a limit must beat before it is taken for the maximum.
GRID = [(p, q) for p in (0.3, 1.0, 3.0, 10.0, 100.0, 1000.0) for q in (1.5, 3.0, 10.0, 100.0)]


class Spending(NamedTuple):
    """What the likelihood reads of customers with a repeat purchase day of positive amount.

    total  x m, one a customer
    weight  their number and that times x, shape (2, customers)
    x, at_x  the distinct x and how many customers have them
    log_mean, log_total  sums over the customers of log m and of x log(x m)
    """

    total: FloatArray
    weight: FloatArray
    x: FloatArray
    at_x: FloatArray
    log_mean: float
    log_total: float


@dataclass(frozen=True)
class GammaGamma:
    """The Gamma-Gamma model of spend (Fader & Hardie 2013, note 025).

    A purchase day's amount is Gamma(p, nu), nu ~ Gamma(q, gamma) differs between customers and is
    independent of how often they buy.

    Histories are a frame with spend_days x, repeat purchase days of positive amount, and
    mean_spend m, their mean amount (not read where x is 0); one row a customer, or with a count
    `customers`.
    """

    p: float
    q: float
    gamma: float

    @property
    def has_mean(self) -> bool:
        """Whether expected spend is finite, q > 1."""
        return self.q > 1

    @property
    def is_alike(self) -> bool:
        """Whether customers are not shown to differ in spend, so that all have the same mean."""
        return self.q >= ALIKE_Q

    @property
    def is_steady(self) -> bool:
        """Whether each customer always spends the same, and so is expected to again."""
        return self.p >= STEADY_P

    @staticmethod
    def fit(histories: pd.DataFrame) -> Fit["GammaGamma"]:
        """Maximum likelihood by Newton's method on `spend_days` and `mean_spend`.

        Customers without a repeat purchase day of positive amount are left out. Raises TooFewError
        for fewer than 10 others, ValueError for spend_days that are not whole or a mean_spend that
        is not positive, ConvergenceError when no maximum is found or the fitted mean spend is
        infinite (q <= 1). With 20,000 such customers or more it starts from a fit to every 16th of
        them.

        Where customers differ no more than by chance, the likelihood rises without end as q and
        gamma grow together: q is then held at 1e6, without uncertainty, and the amounts are those
        of one Gamma(p, q / gamma) for all (`is_alike`); of fewer than some 100 spenders, who may
        well differ unseen, intervals are then too narrow. Where each customer always spends the
        same, p is held at 1e6 in the same way, and the means are inverse gamma (`is_steady`). A
        limit is taken only where no other point is more likely.
        """
        x, mean, customers = _spenders(histories)
        n = int(customers.sum())
        if n < MIN_REPEAT_BUYERS:
            raise TooFewError(
                f"Gamma-Gamma: {n} customers with a repeat purchase of positive amount are too few "
                f"to fit spend; at least {MIN_REPEAT_BUYERS} are needed."
            )
        data = _prepared(x, mean, customers)
        part = None
        if len(x) >= MANY:
            part = _prepared(x[::THINNED], mean[::THINNED], customers[::THINNED])
        average = float(np.average(mean, weights=customers))
        try:
            found = maximize(
                GammaGamma,
                lambda values: likelihood(values, data),
                [(5.0, 3.0, average / 2), (1, 2, average), (20, 20, average)],
                n,
                "when customers do not differ in spend, `q` and `gamma` grow without end",
                sample=None if part is None else lambda values: likelihood(values, part),
            )
        except ConvergenceError:
            limits = [_alike(x, mean, customers), _steady(mean, customers)]
            known = [limit for limit in limits if limit is not None]
            within = max(_grid_likelihoods(data, average))
            if not known or max(limit.llf for limit in known) < within:
                raise
            found = max(known, key=lambda limit: limit.llf)
        if not found.model.has_mean:
            raise ConvergenceError(
                f"Gamma-Gamma: q = {found.model.q:.3g} is not above 1, so expected spend is "
                "infinite: a few amounts dwarf the rest. Look at the largest amounts."
            )
        return found

    def log_likelihood(self, histories: pd.DataFrame) -> float:
        """Log-likelihood of the mean amounts of the customers with `spend_days`, eq. (1a)."""
        data = _prepared(*_spenders(histories))
        return likelihood(np.array(list(asdict(self).values())), data)[0]

    def expected_spend(self, histories: pd.DataFrame) -> FloatArray:
        """E[M | x, m], a customer's expected amount a purchase day, one a row.

        p (gamma + x m) / (p x + q - 1), eq. (5); x = 0 gives the population's p gamma / (q - 1),
        infinite when q <= 1.
        """
        x = histories["spend_days"].to_numpy(dtype=float)
        spent = x * np.where(x > 0, histories["mean_spend"].to_numpy(dtype=float), 0)
        weight = self.p * x + self.q - 1
        expected = np.full(len(x), np.inf)
        return np.divide(self.p * (self.gamma + spent), weight, out=expected, where=weight > 0)


def _alike(x: FloatArray, mean: FloatArray, customers: FloatArray) -> Fit[GammaGamma] | None:
    """The limit in which all customers have the same nu: x amounts add up to Gamma(p x, nu).

    Maximum likelihood: nu = p / M with M the mean of all amounts, and p the root of
    sum x (log(nu x m) - digamma(p x)) = 0. log p and log M are independent, with the variances
    1 / sum((p x)^2 polygamma(1, p x) - p x) and 1 / (p sum x). None when p has no root.
    """
    days, total = float(customers @ x), float(customers @ (x * mean))
    average, weight = total / days, customers * x
    log_ratio = np.log(x * mean / average)

    def slope(log_p: float) -> float:
        p = np.exp(log_p)
        return float(weight @ (log_p + log_ratio - digamma(p * x)))

    ends = np.log([1e-3, 1e6])
    if slope(ends[0]) * slope(ends[1]) >= 0:
        return None
    log_p, found = brentq(slope, *ends, full_output=True)
    p = float(np.exp(log_p))
    shape = p * x
    curvature = customers @ (shape**2 * polygamma(1, shape) - shape)
    if not curvature > 0:
        return None
    terms = shape * (log_p + log_ratio) - np.log(mean) - gammaln(shape) - p * x * mean / average
    of_p, of_mean = 1 / float(curvature), 1 / (p * days)
    cov_log = np.zeros((3, 3))
    cov_log[0, 0], cov_log[2, 2] = of_p, of_p + of_mean
    cov_log[0, 2] = cov_log[2, 0] = -of_p
    model = GammaGamma(p, ALIKE_Q, average * (ALIKE_Q - 1) / p)
    n = int(customers.sum())
    return Fit(model, cov_log, float(customers @ terms), n, found.iterations, True)


def _steady(mean: FloatArray, customers: FloatArray) -> Fit[GammaGamma] | None:
    """The limit in which a customer's amounts do not vary: 1 / m ~ Gamma(q, s), s = p gamma.

    Maximum likelihood: log q - digamma(q) = log mean(1 / m) + mean(log m), s = q / mean(1 / m); the
    information for log q and log s is n (q^2 polygamma(1, q), -q; -q, q). None when q has no root.
    """
    n = float(customers.sum())
    inverse, log_mean = float(customers @ (1 / mean)) / n, float(customers @ np.log(mean)) / n
    target = np.log(inverse) + log_mean

    def excess(log_q: float) -> float:
        return float(log_q - digamma(np.exp(log_q)) - target)

    ends = np.log([1e-3, 1e5])
    if excess(ends[0]) * excess(ends[1]) >= 0:
        return None
    log_q, found = brentq(excess, *ends, full_output=True)
    q = float(np.exp(log_q))
    s = q / inverse
    llf = n * (q * np.log(s) - gammaln(q) - (q + 1) * log_mean - s * inverse)
    information = n * np.array([[q**2 * polygamma(1, q), -q], [-q, q]])
    cov_log = np.zeros((3, 3))
    cov_log[1:, 1:] = np.linalg.inv(information)
    model = GammaGamma(STEADY_P, q, s / STEADY_P)
    return Fit(model, cov_log, float(llf), int(n), found.iterations, True)


def _grid_likelihoods(data: Spending, average: float) -> list[float]:
    """Log-likelihoods at the points of GRID whose mean spend is the average."""
    points = (np.array([p, q, average * (q - 1) / p]) for p, q in GRID)
    return [likelihood(point, data)[0] for point in points]


def likelihood(values: FloatArray, data: Spending) -> Derivatives:
    """Log-likelihood in (p, q, gamma) with gradient and Hessian.

    Of one customer, with s = x m:
    log Gamma(p x + q) - log Gamma(p x) - log Gamma(q) + q log gamma - (p x + q) log(gamma + s)
    + p x log s - log m. Gamma and its derivatives depend on x alone, so they are taken once for
    each x; what is left for each customer is a logarithm and a division.
    """
    p, q, gamma = values
    x, count = data.x, data.at_x
    n = count.sum()
    logs, inverse, squared = _sums(gamma, data)
    value = count @ (gammaln(p * x + q) - gammaln(p * x)) + n * (q * np.log(gamma) - gammaln(q))
    value += p * (data.log_total - logs[1]) - q * logs[0] - data.log_mean
    shape, own = digamma(p * x + q), digamma(p * x)
    gradient = [
        count @ (x * (shape - own)) + data.log_total - logs[1],
        count @ shape - logs[0] + n * (np.log(gamma) - digamma(q)),
        n * q / gamma - p * inverse[1] - q * inverse[0],
    ]
    shape, own = polygamma(1, p * x + q), polygamma(1, p * x)
    p_q, p_gamma, q_gamma = count @ (x * shape), -inverse[1], n / gamma - inverse[0]
    hessian = [
        [count @ (x**2 * (shape - own)), p_q, p_gamma],
        [p_q, count @ shape - n * polygamma(1, q), q_gamma],
        [p_gamma, q_gamma, p * squared[1] + q * squared[0] - n * q / gamma**2],
    ]
    return float(value), np.array(gradient), np.array(hessian)


def _sums(gamma: float, data: Spending) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sums over the customers of log(gamma + s), its derivative and that squared: of the
    customers' own, and times x."""
    logs, inverse, squared = np.zeros(2), np.zeros(2), np.zeros(2)
    for first in range(0, len(data.total), BLOCK):
        rows = slice(first, first + BLOCK)
        scale, weight = gamma + data.total[rows], data.weight[:, rows]
        logs += weight @ np.log(scale)
        np.reciprocal(scale, out=scale)
        inverse += weight @ scale
        np.square(scale, out=scale)
        squared += weight @ scale
    return logs, inverse, squared


def _prepared(x: FloatArray, mean: FloatArray, customers: FloatArray) -> Spending:
    by_x = np.asarray(np.bincount(x.astype(np.int64), weights=customers), dtype=float)
    distinct = np.flatnonzero(by_x)
    count, each = by_x[distinct], distinct.astype(float)
    weight = np.stack([customers, customers * x])
    log_mean, x_log_mean = weight @ np.log(mean)
    log_total = x_log_mean + count @ (each * np.log(each))
    return Spending(x * mean, weight, each, count, float(log_mean), float(log_total))


def _spenders(histories: pd.DataFrame) -> tuple[FloatArray, FloatArray, FloatArray]:
    """spend_days, mean_spend and counts of the customers who have any of the first."""
    x, mean, customers = read_columns(histories, ["spend_days", "mean_spend"])
    if not ((x >= 0) & (x == np.floor(x)) & (customers > 0)).all() or np.isinf(x).any():
        raise ValueError(
            "spend_days must be whole, 0 or more and nowhere missing, and counts above 0."
        )
    known = np.flatnonzero(x > 0)
    x, mean, customers = x[known], mean[known], customers[known]
    if not ((mean > 0) & (mean < np.inf)).all():
        raise ValueError("mean_spend must be above 0 and finite where spend_days is.")
    return x, mean, customers
