"""The NBD model: how often customers buy when nobody drops out, the limit of all the others."""

from dataclasses import astuple, dataclass
from functools import partial
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from scipy.special import digamma, gammaln, polygamma, xlogy

from cxlib.clv.fitting import Derivatives, Fit, maximize
from cxlib.clv.histories import FloatArray, Histories, collapse, history_arrays, require_enough
from cxlib.clv.model import PurchaseModel, Simulated


@dataclass(frozen=True)
class NegativeBinomial(PurchaseModel):
    """The NBD model of purchases (Ehrenberg 1959, Applied Statistics 8:26-41).

    A customer buys at random with rate lambda ~ Gamma(r, alpha) a week, for good. BG/NBD and
    MBG/NBD become it as a -> 0, Pareto/NBD as s -> 0: where customers show no dropout these have no
    maximum and this one has.
    """

    r: float
    alpha: float

    label: ClassVar[str] = "NBD"

    @classmethod
    def fit(cls, histories: pd.DataFrame | Histories) -> Fit[Self]:
        """Maximum likelihood by Newton's method, gradient and Hessian analytic.

        Raises ValueError when a column is missing or impossible, TooFewError for fewer than 30
        customers or 10 repeat buyers, and ConvergenceError when no maximum is found.
        """
        data = history_arrays(histories)
        n, repeat = int(data.customers.sum()), int(data.customers[data.x > 0].sum())
        require_enough(n, repeat)
        distinct = collapse(data._replace(t_x=np.zeros_like(data.T)))
        weeks = max(float(np.average(distinct.T, weights=distinct.customers)), 1e-9)
        return maximize(
            cls,
            partial(_likelihood, distinct),
            [(0.5, 0.2 * weeks), (1, weeks), (0.2, 0.05 * weeks)],
            n,
            "very large `r` and `alpha` mean that all buy at the same rate",
        )

    def log_likelihood(self, histories: pd.DataFrame | Histories) -> float:
        """Log-likelihood of the histories, without the constant t's.

        Gamma(r + x) / Gamma(r) alpha^r / (alpha + T)^(r + x) of each customer.
        """
        return _likelihood(history_arrays(histories), np.array(astuple(self)))[0]

    def alive(self, data: Histories) -> FloatArray:
        """P(alive at T) = 1, one a row."""
        return np.ones_like(data.x)

    def purchases_if_alive(self, x: FloatArray, T: FloatArray, weeks: FloatArray) -> FloatArray:
        """E[Y(t) | x, T] = (r + x) / (alpha + T) t, shape (len(x), len(weeks))."""
        return np.outer((self.r + x) / (self.alpha + T), weeks)

    def purchase_chance_if_alive(self, x: FloatArray, T: FloatArray, weeks: float) -> FloatArray:
        """1 - ((alpha + T) / (alpha + T + t))^(r + x), over lambda ~ Gamma(r + x, alpha + T)."""
        return -np.expm1(-(self.r + x) * np.log1p(weeks / (self.alpha + T)))

    def simulate_if_alive(
        self, x: FloatArray, T: FloatArray, weeks: float, rng: np.random.Generator
    ) -> Simulated:
        """Purchases in the `weeks` after T, one a row: Poisson at lambda ~ Gamma(r + x, alpha + T).

        In no order within a customer.
        """
        bought = rng.poisson(rng.gamma(self.r + x) / (self.alpha + T) * weeks)
        row = np.repeat(np.arange(len(x)), bought)
        return Simulated(row, rng.uniform(0, weeks, size=len(row)))

    def purchase_probabilities(self, weeks: float, most: int) -> FloatArray:
        """P(X(t) = 0, 1, ... most): negative binomial with shape r and mean r t / alpha."""
        x = np.arange(most + 1.0)
        share = weeks / (self.alpha + weeks)
        return np.exp(
            gammaln(self.r + x)
            - gammaln(self.r)
            - gammaln(x + 1)
            + xlogy(self.r, 1 - share)
            + xlogy(x, share)
        )


def _likelihood(data: Histories, values: FloatArray) -> Derivatives:
    """Log-likelihood in (r, alpha) with gradient and Hessian."""
    r, alpha = values
    x, _, T, customers = data
    n, shape, scale = customers.sum(), r + x, alpha + T
    value = customers @ (gammaln(shape) - shape * np.log(scale))
    value += n * (r * np.log(alpha) - gammaln(r))
    by_r = customers @ (digamma(shape) - np.log(scale)) + n * (np.log(alpha) - digamma(r))
    by_alpha = n * r / alpha - customers @ (shape / scale)
    both = n / alpha - customers @ (1 / scale)
    hessian = [
        [customers @ polygamma(1, shape) - n * polygamma(1, r), both],
        [both, customers @ (shape / scale**2) - n * r / alpha**2],
    ]
    return float(value), np.array([by_r, by_alpha]), np.array(hessian)
