"""Futures of customers: what is expected of them under drawn parameters, and what chance does.

Customers alive at T buy, each purchase is paid or not, and the amounts of a customer who spent S on
x paid days are Gamma(p, nu) with nu ~ Gamma(q + p x, gamma + S): so what the customer brings is
(gamma + S) times a quantity that depends on the history alone, its "units".
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.clv.fitting import axis_scores, log_changes
from cxlib.clv.histories import FloatArray, history_arrays
from cxlib.clv.terms import DELTA, PARAMETERS, Parameters, Terms, Valuation
from cxlib.clv.value import (
    discounted_purchases,
    group_spend,
    group_values,
    spend_weight,
    value_changes,
)


class Buyers(NamedTuple):
    """What the future of a customer alive depends on."""

    x: FloatArray
    T: FloatArray
    spend_days: FloatArray


class Brought(NamedTuple):
    """Of each customer: discounted amounts for each unit of gamma + spent, and purchases."""

    units: FloatArray
    purchases: FloatArray


class Exact(NamedTuple):
    """Expectations of groups under each set of drawn parameters, shape (draws, groups)."""

    drawn: FloatArray

    @property
    def method(self) -> str:
        return PARAMETERS

    def under(self, draw: int, rows: NDArray[np.intp]) -> FloatArray:
        """Those of the groups `rows` under one set."""
        return np.asarray(self.drawn[draw, rows])

    def times(self, customers: NDArray[np.int64]) -> "Exact":
        return Exact(self.drawn * customers)

    def parts(self, code: NDArray[np.intp], count: int) -> FloatArray:
        """Sums over the groups of each code, shape (draws, count)."""
        return group_sums(self.drawn, code, count)


class LogLinear(NamedTuple):
    """The same by the delta method: fitted * exp(scores of the draw times changes of the group).

    `changes` (groups, parameters) and `scores` (draws, parameters) as in fitting.log_changes. Of
    many customers the parameters are so well known that it makes no difference.
    """

    fitted: FloatArray
    changes: FloatArray
    scores: FloatArray

    @property
    def method(self) -> str:
        return DELTA

    def under(self, draw: int, rows: NDArray[np.intp]) -> FloatArray:
        return np.asarray(self.fitted[rows] * np.exp(self.changes[rows] @ self.scores[draw]))

    def times(self, customers: NDArray[np.int64]) -> "LogLinear":
        return self._replace(fitted=self.fitted * customers)

    def parts(self, code: NDArray[np.intp], count: int) -> FloatArray:
        total = group_sums(self.fitted[None], code, count)
        moved = group_sums((self.fitted[:, None] * self.changes).T, code, count)
        slope = np.divide(moved, total, out=np.zeros_like(moved), where=total > 0)
        return np.asarray(total * np.exp(self.scores @ slope))


Expected = Exact | LogLinear


class Chance(NamedTuple):
    """How far chance takes sampled customers from what is expected of them.

    `sampled`: how many of each group; `value` and `purchases`: (draws, groups with any).
    """

    sampled: NDArray[np.int64]
    value: FloatArray
    purchases: FloatArray


def expected_totals(
    valued: Valuation, groups: pd.DataFrame, drawn: list[Parameters], *, exact: bool
) -> tuple[Expected, Expected, Expected]:
    """Of a customer discounted purchases and purchases, of all of a group their value."""
    data, terms = history_arrays(groups), valued.terms
    plain = replace(terms, annual_discount_rate=0.0)
    models = [one.purchases for one in drawn]
    if exact:
        weeks, discount = terms.horizon_weeks, terms.annual_discount_rate
        both = [one.purchases_within(data, weeks, discount) for one in models]
        discounted, purchases = (Exact(np.array(one)) for one in zip(*both, strict=True))
        rate = terms.margin_rate
        money = np.array([rate * one.paid_rate * group_spend(one.spend, groups) for one in drawn])
        return discounted, purchases, Exact(discounted.drawn * money)
    model, changes = valued.purchases.model, value_changes(valued, groups)
    paid = np.log([one.paid_rate / valued.paid_rate for one in drawn])[:, None]
    if valued.paid_error > 0:
        paid = paid * valued.paid_rate / valued.paid_error
    first = axis_scores(valued.purchases, models)
    spend = axis_scores(valued.spend, [one.spend for one in drawn])
    counted = log_changes(
        valued.purchases, lambda one: discounted_purchases(one, data, plain), len(groups)
    )
    return (
        LogLinear(discounted_purchases(model, data, terms), changes[:, : first.shape[1]], first),
        LogLinear(discounted_purchases(model, data, plain), counted, first),
        LogLinear(
            group_values(valued.fitted, groups, terms), changes, np.hstack([first, spend, paid])
        ),
    )


def simulated_chance(
    sampled: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    terms: Terms,
    groups: pd.DataFrame,
    drawn: list[Parameters],
    discounted: Expected,
    purchases: Expected,
) -> Chance:
    """What `sampled` customers of each group do, less what is expected of them."""
    rows = np.flatnonzero(sampled)
    part, count = groups.iloc[rows], sampled[rows]
    data = history_arrays(part)
    days = part["spend_days"].to_numpy(dtype=float)
    value, bought = np.empty((len(drawn), len(rows))), np.empty((len(drawn), len(rows)))
    for draw, one in enumerate(drawn):
        alive = rng.binomial(count, one.purchases.alive(data))
        owner = np.repeat(np.arange(len(rows)), alive)
        brought = simulate_units(one, Buyers(data.x[owner], data.T[owner], days[owner]), terms, rng)
        units = np.bincount(owner, brought.units, minlength=len(rows))
        unit = one.paid_rate * discounted.under(draw, rows) * spend_weight(one.spend, days)
        spread = np.sqrt(mean_square(one.spend.gamma, part))
        value[draw] = terms.margin_rate * spread * (units - count * unit)
        bought[draw] = np.bincount(owner, brought.purchases, minlength=len(rows))
        bought[draw] -= count * purchases.under(draw, rows)
    return Chance(sampled, value, bought)


def mean_square(gamma: float, groups: pd.DataFrame) -> FloatArray:
    """Mean of (gamma + spent)^2 over the customers of each group."""
    customers, spent, squares = (
        groups[name].to_numpy(dtype=float) for name in ("customers", "spent", "spent_squared")
    )
    return np.asarray(gamma**2 + (2 * gamma * spent + squares) / customers)


def sampled_customers(
    customers: NDArray[np.int64], size: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """How many of each group are among `size` customers drawn at random, with replacement."""
    return rng.multinomial(size, customers / customers.sum())


def group_sums(rows: FloatArray, code: NDArray[np.intp], count: int) -> FloatArray:
    """Sums of each row over the columns of each code, shape (rows, count)."""
    return np.array([np.bincount(code, one, minlength=count) for one in rows])


def simulate_units(
    one: Parameters, buyers: Buyers, terms: Terms, rng: np.random.Generator
) -> Brought:
    """What customers alive at T do within the horizon, one a row."""
    n = len(buyers.x)
    bought = one.purchases.simulate_if_alive(buyers.x, buyers.T, terms.horizon_weeks, rng)
    money = rng.standard_gamma(one.spend.p, size=len(bought.row))
    money *= np.exp(-terms.weekly_discount * bought.time)
    if one.paid_rate < 1:
        money *= rng.uniform(size=len(money)) < one.paid_rate
    scale = rng.standard_gamma(one.spend.q + one.spend.p * buyers.spend_days)
    units = np.bincount(bought.row, money, minlength=n) / scale
    return Brought(units, np.bincount(bought.row, minlength=n).astype(float))
