"""What every model of purchases without contracts can tell, whatever its law of dropping out."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.clv.fitting import Fit
from cxlib.clv.histories import FloatArray, Histories, distinct_states, history_arrays

WEEKS_PER_YEAR = 365.2425 / 7
# exp(-35): what comes later weighs nothing.
DISCOUNTED_AWAY = 35.0
# Nodes of the discounting integral in log t, over the last e^20 of the horizon.
NODES, SPAN = 56, 20.0
NODE, WEIGHT = np.polynomial.legendre.leggauss(NODES)
# Histories worked on at a time.
BLOCK = 2**13


class Simulated(NamedTuple):
    """One entry a purchase: the row of its customer and its time, in weeks after T."""

    row: NDArray[np.int64]
    time: FloatArray


@dataclass(frozen=True)
class PurchaseModel(ABC):
    """A customer buys at random at an own rate while alive, and drops out for good unseen.

    The models differ in the law of dropping out. Each is a frozen dataclass of its parameters, all
    positive; time is in weeks. What follows from P(alive) and from the purchases of those alive is
    the same for all and stands here. `histories` are frames with frequency, recency_weeks and
    T_weeks, one row a customer or with a count `customers` (or `Histories`, already checked);
    impossible or missing entries raise ValueError.
    """

    label: ClassVar[str]

    @property
    def has_mean(self) -> bool:
        """Purchases over a finite time have a mean, whatever the parameters."""
        return True

    @property
    def is_common_dropout(self) -> bool:
        """Whether the model is the limit in which all drop out alike."""
        return False

    @classmethod
    @abstractmethod
    def fit(cls, histories: pd.DataFrame | Histories) -> Fit[Self]:
        """Maximum likelihood on distinct histories with their counts."""

    @abstractmethod
    def log_likelihood(self, histories: pd.DataFrame | Histories) -> float:
        """Log-likelihood of the histories."""

    @abstractmethod
    def alive(self, data: Histories) -> FloatArray:
        """P(alive at T | x, t_x, T), one a row."""

    @abstractmethod
    def purchases_if_alive(self, x: FloatArray, T: FloatArray, weeks: FloatArray) -> FloatArray:
        """E[Y(t) | alive at T, x, T] for each t of `weeks`, shape (len(x), len(weeks)).

        Purchases in (T, T + t]; t may be math.inf, and the value then inf. Given that a customer
        is alive, t_x plays no part.
        """

    @abstractmethod
    def purchase_chance_if_alive(self, x: FloatArray, T: FloatArray, weeks: float) -> FloatArray:
        """P(Y(t) > 0 | alive at T, x, T), t = `weeks`, one a row."""

    @abstractmethod
    def simulate_if_alive(
        self, x: FloatArray, T: FloatArray, weeks: float, rng: np.random.Generator
    ) -> Simulated:
        """Purchases in the `weeks` after T of customers alive at T, one a row."""

    @abstractmethod
    def purchase_probabilities(self, weeks: float, most: int) -> FloatArray:
        """P(X(weeks) = 0, 1, ... most) for a new customer, purchases after the first."""

    def probability_alive(self, histories: pd.DataFrame | Histories) -> FloatArray:
        """P(alive at T | x, t_x, T), one a row; formula and source at `alive`."""
        return self.alive(history_arrays(histories))

    def probability_of_purchase(
        self, histories: pd.DataFrame | Histories, weeks: float
    ) -> FloatArray:
        """P(Y(t) > 0 | x, t_x, T): at least one purchase in the `weeks` after T, one a row.

        P(alive) * P(Y(t) > 0 | alive at T); its complement is the risk of a silence of so long.
        Raises ValueError for weeks that are not finite and 0 or more.
        """
        if not 0 <= weeks < math.inf:
            raise ValueError(f"weeks is {weeks}: give a finite number of 0 or more.")
        data = history_arrays(histories)
        return self.alive(data) * self.purchase_chance_if_alive(data.x, data.T, weeks)

    def expected_purchases(self, histories: pd.DataFrame | Histories, weeks: float) -> FloatArray:
        """E[Y(t) | x, t_x, T], purchases in the `weeks` after T, one a row.

        P(alive) * E[Y(t) | alive at T]. Raises ValueError for weeks below 0, and for weeks =
        math.inf when that is infinite.
        """
        return self.discounted_purchases(histories, weeks, 0.0)

    def expected_purchases_new(self, weeks: float) -> float:
        """E[X(t)], purchases after the first in the `weeks` after it, of a new customer.

        P(alive after the first purchase) * E[Y(t) | alive, x = 0, T = 0].
        """
        zero = np.zeros(1)
        return float(self.expected_purchases(Histories(zero, zero, zero, np.ones(1)), weeks)[0])

    def discounted_purchases(
        self, histories: pd.DataFrame | Histories, weeks: float, annual_discount_rate: float
    ) -> FloatArray:
        """Expected purchases in the `weeks` after T, each discounted to T from its own moment.

        integral of exp(-delta t) dE[Y(t)] over (0, H], delta = log(1 + annual_discount_rate) /
        52.1775 a week; by parts
        exp(-delta H) E[Y(H)] + delta * integral of exp(-delta t) E[Y(t)] dt,
        by Gauss-Legendre nodes in log t. weeks = math.inf gives the discounted expected residual
        transactions (DERT; Fader, Hardie & Lee 2005, Journal of Marketing Research 42:415-430).
        Raises ValueError for weeks or a rate below 0, and when the horizon is infinite, the rate 0
        and the expectation infinite.
        """
        data = history_arrays(histories)
        times, weights = _discounting(weeks, annual_discount_rate)
        return self.alive(data) * self._if_alive(data, times, weights[:, None])[:, 0]

    def purchases_within(
        self, histories: pd.DataFrame | Histories, weeks: float, annual_discount_rate: float
    ) -> tuple[FloatArray, FloatArray]:
        """`discounted_purchases` and `expected_purchases` of finite weeks, at little more cost.

        Raises as they do, and for weeks = math.inf.
        """
        data = history_arrays(histories)
        times, weights = _discounting(weeks, annual_discount_rate)
        times, weights = np.append(times, weeks), np.append(weights, 0.0)
        both = np.column_stack([weights, np.arange(len(times)) == len(times) - 1])
        discounted, counted = (self.alive(data)[:, None] * self._if_alive(data, times, both)).T
        return discounted, counted

    def _if_alive(self, data: Histories, times: FloatArray, weights: FloatArray) -> FloatArray:
        """E[Y(times) | alive] times the weights (times, sums), shape (rows, sums)."""
        x, T, place = distinct_states(data)
        blocks = [slice(start, start + BLOCK) for start in range(0, len(x), BLOCK)]
        purchases = np.concatenate(
            [self.purchases_if_alive(x[one], T[one], times) @ weights for one in blocks]
        )
        if not np.isfinite(purchases).all():
            raise ValueError(
                f"{self.label} expects infinitely many purchases over an infinite time; give a "
                "finite number of weeks or an annual_discount_rate above 0."
            )
        return np.asarray(purchases[place])

    def simulate(self, data: Histories, weeks: float, rng: np.random.Generator) -> Simulated:
        """Purchases in the `weeks` after T of all `customers`, given their histories.

        Of those who share a history Binomial(customers, P(alive)) are alive; each draws an own
        rate and dropout from what the history leaves, and buys until dropping out.
        """
        alive = rng.binomial(data.customers.astype(np.int64), self.alive(data))
        owner = np.repeat(np.arange(len(alive)), alive)
        found = self.simulate_if_alive(data.x[owner], data.T[owner], weeks, rng)
        return Simulated(owner[found.row], found.time)


def _discounting(weeks: float, annual_discount_rate: float) -> tuple[FloatArray, FloatArray]:
    """Times and the weights of E[Y] at them that make up the discounted purchases.

    In log t the integrand is analytic within a strip around the axis whatever the parameters.
    Raises ValueError for weeks or a rate below 0.
    """
    if not weeks >= 0:
        raise ValueError(f"weeks: {weeks} is not 0 or more.")
    if not 0 <= annual_discount_rate < math.inf:
        raise ValueError(f"annual_discount_rate: {annual_discount_rate} is not 0 or more.")
    delta = math.log1p(annual_discount_rate) / WEEKS_PER_YEAR
    if delta == 0 or weeks == 0:
        return np.array([weeks]), np.ones(1)
    end = min(weeks, DISCOUNTED_AWAY / delta)
    t = end * np.exp((NODE - 1) * SPAN / 2)
    inside = WEIGHT * SPAN / 2 * t * delta * np.exp(-delta * t)
    return np.append(t, end), np.append(inside, math.exp(-delta * end))
