"""The parts of a valuation: fitted models, the share of paid purchases, and the terms."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit

from cxlib.clv.fitting import Fit
from cxlib.clv.gamma_gamma import GammaGamma
from cxlib.clv.model import WEEKS_PER_YEAR, PurchaseModel
from cxlib.inference import Estimate, ParameterError, proportion_interval, wald_interval

# Beyond, the chance is simulated for a sample of so many customers and scaled.
SAMPLED = 20_000
# How an interval came about.
PARAMETERS = "parameter uncertainty (normal draws of the log parameters)"
DELTA = "parameter uncertainty, log-normal by the delta method"
CHANCE = "prediction: parameter uncertainty and the customers' own randomness, simulated"


@dataclass(frozen=True)
class Terms:
    """How purchases to come are turned into value.

    horizon_weeks         weeks after the analysis date whose purchases count; math.inf: all
    margin_rate           share of an amount that is profit, above 0 and up to 1
    annual_discount_rate  rate at which money a year later counts less; continuous, so that a
                          purchase after t weeks counts (1 + rate)^(-t / 52.1775)
    acquisition_cost      what winning a customer costs, in the currency of the amounts; taken off
                          the value of a new customer alone, for the others it is spent
    Raises ParameterError naming the term that is out of range. An endless horizon needs
    discounting.
    """

    horizon_weeks: float
    margin_rate: float
    annual_discount_rate: float
    acquisition_cost: float = 0.0

    def __post_init__(self) -> None:
        if not self.horizon_weeks > 0:
            raise ParameterError(f"horizon_weeks: {self.horizon_weeks} is not above 0.")
        if not 0 < self.margin_rate <= 1:
            raise ParameterError(
                f"margin_rate: {self.margin_rate} is not a rate above 0 and up to 1."
            )
        if not 0 <= self.annual_discount_rate < math.inf:
            raise ParameterError(
                f"annual_discount_rate: {self.annual_discount_rate} is not a rate of 0 or more."
            )
        if not 0 <= self.acquisition_cost < math.inf:
            raise ParameterError(f"acquisition_cost: {self.acquisition_cost} is not 0 or more.")
        if math.isinf(self.horizon_weeks) and self.annual_discount_rate == 0:
            raise ParameterError(
                "annual_discount_rate: 0 gives no finite value over an endless horizon_weeks."
            )

    @property
    def weekly_discount(self) -> float:
        """delta, so that money after t weeks counts exp(-delta t)."""
        return math.log1p(self.annual_discount_rate) / WEEKS_PER_YEAR


class Parameters(NamedTuple):
    """One set of all that is estimated."""

    purchases: PurchaseModel
    spend: GammaGamma
    paid_rate: float


@dataclass(frozen=True)
class Valuation:
    """The fitted models of purchases and of spend, the share of paid purchases, and the terms.

    `paid_rate` and its standard error `paid_error` come from `paid_rate`; the three parts are
    estimated apart and taken as independent, as the Gamma-Gamma model has it.
    """

    purchases: Fit[Any]
    spend: Fit[GammaGamma]
    paid_rate: float
    paid_error: float
    terms: Terms

    @property
    def fitted(self) -> Parameters:
        return Parameters(self.purchases.model, self.spend.model, self.paid_rate)

    def draw(self, draws: int, rng: np.random.Generator) -> list[Parameters]:
        """Parameters from the normal distributions of the log estimates and of logit(paid_rate)."""
        models = self.purchases.draw_models(draws, rng)
        money = self.spend.draw_models(draws, rng)
        rate = self.paid_rate
        paid = np.full(draws, rate)
        if self.paid_error > 0:
            error = self.paid_error / (rate * (1 - rate))
            paid = expit(math.log(rate / (1 - rate)) + error * rng.standard_normal(draws))
        return [Parameters(*one) for one in zip(models, money, paid.tolist(), strict=True)]


def valuation(
    purchases: Fit[Any], spend: Fit[GammaGamma], groups: pd.DataFrame, terms: Terms
) -> Valuation:
    """The parts of a valuation put together; `groups` from `value_groups` give the paid rate."""
    return Valuation(purchases, spend, *_paid(groups), terms)


def paid_rate(groups: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """Share of the repeat purchase days, of all customers together, with a positive amount.

    sum of spend_days / sum of frequency: `frequency` counts every purchase day, expected spend is
    that of a paid one. A ratio of sums over customers with its linearized standard error (Cochran
    1977, ch. 6), so that customers may differ in it; where all repeat days are paid, or none is,
    Wilson's interval with the repeat buyers as n. 1 without interval when nobody bought again.
    """
    rate, error = _paid(groups)
    n = int(groups["customers"].sum())
    buyers = int(groups.loc[groups["frequency"] > 0, "customers"].sum())
    if error == 0 and not buyers:
        return Estimate(rate, None, None, level, n, "nobody bought again")
    if error == 0:
        return proportion_interval(round(rate * buyers), buyers, level=level)
    found = wald_interval(rate, error, n, level=level, method="ratio of sums, linearized")
    return Estimate(rate, found.low, min(1.0, found.high or 1.0), level, n, found.method)


def _paid(groups: pd.DataFrame) -> tuple[float, float]:
    """The paid rate and its standard error, each customer taken as a cluster of days."""
    days, paid, customers = (
        groups[name].to_numpy(dtype=float) for name in ("frequency", "spend_days", "customers")
    )
    total, n = float(customers @ days), float(customers.sum())
    if total == 0:
        return 1.0, 0.0
    rate = float(customers @ paid) / total
    squares = float(customers @ (paid - rate * days) ** 2)
    if rate in (0.0, 1.0) or n < 2:
        return rate, 0.0
    return rate, math.sqrt(n / (n - 1) * squares) / total
