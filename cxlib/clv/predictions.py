"""What may really happen: the parameters' uncertainty and the customers' own chance together."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.clv.futures import (
    Buyers,
    Chance,
    Expected,
    expected_totals,
    group_sums,
    mean_square,
    sampled_customers,
    simulate_units,
    simulated_chance,
)
from cxlib.clv.histories import FloatArray
from cxlib.clv.terms import CHANCE, SAMPLED, Parameters, Terms, Valuation
from cxlib.clv.value import group_values, spend_weight
from cxlib.inference import Estimate, central_limits, require_draws, suppressed

# Of a part of the customers at least so many are simulated, or all of them.
LEAST_SAMPLED = 500
# Simulated customers held at a time for the ranges of single customers.
BLOCK = 4_000_000
# More states than that are simulated at a T near by: log(1 + T) in steps.
MANY_STATES, T_STEP = 10_000, 0.02


class Quantity(NamedTuple):
    """Value or purchases of groups: expected at the fitted parameters, and under the drawn.

    `variance` is roughly that of one customer by chance; it says how to carry a sample to all.
    """

    fitted: FloatArray
    expected: Expected
    variance: FloatArray


@dataclass(frozen=True)
class ValueDraws:
    """Values of a customer base under drawn parameters, without and with chance.

    `groups`: the frame from `value_groups`. `value`, `purchases`: what is expected of them.
    `chance`: simulated for all customers, or for a sample of many. `simulate` does so for given
    numbers of customers of each group, where the sample has too few of a part; `seed` makes that
    repeatable.
    """

    groups: pd.DataFrame
    value: Quantity
    purchases: Quantity
    chance: Chance
    simulate: Callable[[NDArray[np.int64], np.random.Generator], Chance]
    seed: int

    @property
    def n(self) -> int:
        return int(self.groups["customers"].sum())

    @property
    def method(self) -> str:
        """How the chance was simulated."""
        drawn = int(self.chance.sampled.sum())
        if drawn == self.n:
            return CHANCE
        return (
            f"{CHANCE} for a random sample of {drawn:,} customers, of a part all or at least "
            f"{LEAST_SAMPLED}, its variance scaled to all; parameters by the delta method"
        )

    def totals(self, *, level: float = 0.95) -> dict[str, Estimate]:
        """expected_value, value, expected_purchases, purchases of all customers together.

        The values are those at the fitted parameters; the interval of an expected total holds the
        parameters' uncertainty, that of the other chance too: the central `level` of the draws.
        """
        everyone = np.zeros(len(self.groups), dtype=np.int64)
        found = {}
        for name, quantity in (("value", self.value), ("purchases", self.purchases)):
            total = float(quantity.fitted.sum())
            drawn = quantity.expected.parts(everyone, 1)
            for label, values, method in (
                (f"expected_{name}", drawn, quantity.expected.method),
                (name, drawn + self._chance(name, everyone, 1), self.method),
            ):
                low, high = _limits(values[:, 0], level).tolist()
                found[label] = Estimate(total, low, high, level, self.n, method)
        return found

    def by(self, labels: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
        """The value of the customers by a label of their groups, one row a label, in its order.

        customers, value (expected), value_low, value_high (parameters), likely_low, likely_high
        (with chance, simulated for all customers of a label or at least 500). Labels of fewer than
        10 customers, and those that would give them away (see inference.suppressed), have no
        figures. The values add up to the total.
        """
        code, names = pd.factorize(np.asarray(labels), sort=True)
        customers = np.bincount(code, self.groups["customers"]).astype(np.int64)
        drawn = self.value.expected.parts(code, len(names))
        low, high = _limits(drawn, level)
        likely_low, likely_high = _limits(drawn + self._chance("value", code, len(names)), level)
        table = pd.DataFrame(
            {
                "value": np.bincount(code, self.value.fitted),
                "value_low": low,
                "value_high": high,
                "likely_low": np.maximum(likely_low, 0),
                "likely_high": likely_high,
            },
            index=pd.Index(names),
        )
        table.loc[suppressed(customers)] = np.nan
        table.insert(0, "customers", customers)
        return table

    def share(self, inside: ArrayLike, *, level: float = 0.95) -> Estimate:
        """Share of the expected value that the groups `inside` (true or false) hold.

        Who is inside is taken as given, so that the interval holds the parameters' uncertainty of
        the values alone.
        """
        code = np.asarray(inside, dtype=bool).astype(np.int64)
        drawn = self.value.expected.parts(code, 2)
        fitted = self.value.fitted
        rate = float(fitted[code == 1].sum() / fitted.sum())
        low, high = _limits(drawn[:, 1] / drawn.sum(axis=1), level).tolist()
        return Estimate(rate, low, high, level, self.n, self.value.expected.method)

    def _chance(self, name: str, code: NDArray[np.intp], count: int) -> FloatArray:
        """What chance adds to each part, shape (draws, count).

        Of a part with fewer than 500 sampled customers, all or 500 are simulated anew.
        """
        customers = self.groups["customers"].to_numpy(dtype=np.int64)
        everyone, sampled = (
            np.bincount(code, one, minlength=count) for one in (customers, self.chance.sampled)
        )
        found = self._carried(name, self.chance, code, count)
        few = sampled < np.minimum(everyone, LEAST_SAMPLED)
        if few.any():
            rng = np.random.default_rng(self.seed)
            again = np.where(few[code], customers, 0)
            for part in np.flatnonzero(few & (everyone > LEAST_SAMPLED)):
                again[code == part] = sampled_customers(customers[code == part], LEAST_SAMPLED, rng)
            found[:, few] = self._carried(name, self.simulate(again, rng), code, count)[:, few]
        return found

    def _carried(self, name: str, chance: Chance, code: NDArray[np.intp], count: int) -> FloatArray:
        """Chance of those sampled, carried to all of a part by the root of the rough variances."""
        variance = getattr(self, name).variance
        customers = self.groups["customers"].to_numpy(dtype=float)
        everyone, sampled = (
            np.bincount(code, variance * one, minlength=count)
            for one in (customers, chance.sampled)
        )
        scale = np.divide(everyone, sampled, out=np.zeros(count), where=sampled > 0)
        kept = chance.sampled > 0
        return group_sums(getattr(chance, name), code[kept], count) * np.sqrt(scale)


def value_draws(
    valued: Valuation,
    groups: pd.DataFrame,
    *,
    draws: int,
    rng: np.random.Generator,
    level: float = 0.95,
) -> ValueDraws:
    """Simulated futures of the customers of `groups` under `draws` sets of parameters.

    Of those who share a history Binomial(customers, P(alive)) are alive; they buy as the purchase
    model has it, a purchase is paid at the rate paid_rate, and brings an amount as above,
    discounted from its own moment. Within a group the (gamma + spent) of the single customers is
    replaced by its root mean square, which keeps the variance.

    Up to 20,000 customers, all are simulated and their expectation is that under each set. Of
    more, that many are drawn at random for the chance (of a small part of them all, or 500), and
    the parameters' uncertainty is that of all by the delta method. `level` is the highest level
    that intervals will be asked for. Raises ParameterError when it needs more draws, ValueError for
    an endless horizon.
    """
    require_draws(draws, level)
    _require_end(valued.terms)
    customers = groups["customers"].to_numpy(dtype=np.int64)
    everyone = int(customers.sum()) <= SAMPLED
    drawn = valued.draw(draws, rng)
    discounted, purchases, value = expected_totals(valued, groups, drawn, exact=everyone)
    spend, terms = valued.spend.model, valued.terms
    simulate = partial(
        simulated_chance,
        terms=terms,
        groups=groups,
        drawn=drawn,
        discounted=discounted,
        purchases=purchases,
    )
    bought = valued.purchases.model.expected_purchases(groups, terms.horizon_weeks)
    sampled = customers if everyone else sampled_customers(customers, SAMPLED, rng)
    of_amounts = mean_square(spend.gamma, groups)
    of_amounts *= spend_weight(spend, groups["spend_days"].to_numpy(dtype=float)) ** 2
    return ValueDraws(
        groups,
        value=Quantity(
            group_values(valued.fitted, groups, terms), value, of_amounts * (bought + bought**2)
        ),
        purchases=Quantity(customers * bought, purchases.times(customers), bought + bought**2),
        chance=simulate(sampled, rng),
        simulate=simulate,
        seed=int(rng.integers(2**63)),
    )


def _limits(draws: FloatArray, level: float) -> FloatArray:
    require_draws(len(draws), level)
    return central_limits(draws, level)


def likely_ranges(
    valued: Valuation,
    scores: pd.DataFrame,
    *,
    draws: int = 400,
    rng: np.random.Generator,
    level: float = 0.95,
) -> pd.DataFrame:
    """`scores` with the range of what a customer may really bring, for each unit of gamma + spent.

    A customer is alive with probability_alive; what one alive brings depends on (x, T, spend_days)
    only, so it is simulated once for each of them, `draws` times with another set of parameters
    each time. The u-quantile is 0 up to u = 1 - P(alive), beyond it the ordered draw at
    (u - (1 - P(alive))) / P(alive), rounded outwards: the range holds at least `level`.
    gamma differs between the draws and is carried to the fitted one at the mean `spent` of the
    group. Times margin_rate and (gamma + spent) it is money: `customer_values` does that.
    Of more than 10,000 states (x, T, spend_days) those of like T are simulated as one, at their
    mean T: 1 + T then differs by 2 % at most. Adds likely_low_unit and likely_high_unit. Raises
    ParameterError for too few draws, ValueError for an endless horizon.
    """
    require_draws(draws, level)
    _require_end(valued.terms)
    place, states = _states(scores)
    drawn = valued.draw(draws, rng)
    alive = scores["probability_alive"].to_numpy()
    low, high = np.zeros(len(scores)), np.zeros(len(scores))
    step = max(1, BLOCK // draws)
    for start in range(0, len(states), step):
        ordered = _ordered_units(valued, states[start : start + step], drawn, rng)
        inside = np.flatnonzero((place >= start) & (place < start + step))
        row = place[inside] - start
        low[inside] = _quantile(ordered, row, alive[inside], (1 - level) / 2, np.floor)
        high[inside] = _quantile(ordered, row, alive[inside], (1 + level) / 2, np.ceil)
    return scores.assign(likely_low_unit=low, likely_high_unit=high)


def _states(scores: pd.DataFrame) -> tuple[NDArray[np.intp], pd.DataFrame]:
    """The state that each group is simulated at, and the states: x, T, spend_days, mean spent."""
    age = scores["T_weeks"].to_numpy(dtype=float)
    keys = [scores["frequency"], age, scores["spend_days"]]
    if scores.groupby(keys).ngroups > MANY_STATES:
        keys[1] = np.rint(np.log1p(age) / T_STEP)
    customers = scores["customers"]
    weeks = pd.Series(age * customers.to_numpy(), index=scores.index)
    sums = scores.assign(weeks=weeks)[["weeks", "spent", "customers"]].groupby(keys)
    place = sums.ngroup().to_numpy()
    total = sums.sum()
    states = pd.DataFrame(
        {
            "frequency": total.index.get_level_values(0),
            "T_weeks": (total["weeks"] / total["customers"]).to_numpy(),
            "spend_days": total.index.get_level_values(2),
            "spent": (total["spent"] / total["customers"]).to_numpy(),
        }
    )
    return np.asarray(place), states


def _ordered_units(
    valued: Valuation, states: pd.DataFrame, drawn: list[Parameters], rng: np.random.Generator
) -> FloatArray:
    """Sorted draws of the units of those alive, a row a state."""
    columns = ("frequency", "T_weeks", "spend_days")
    buyers = Buyers(*(states[name].to_numpy(dtype=float) for name in columns))
    spent = states["spent"].to_numpy()
    units = np.empty((len(states), len(drawn)))
    for place, one in enumerate(drawn):
        carried = (one.spend.gamma + spent) / (valued.spend.model.gamma + spent)
        units[:, place] = carried * simulate_units(one, buyers, valued.terms, rng).units
    units.sort(axis=1)
    return units


def _quantile(
    ordered: FloatArray,
    row: NDArray[Any],
    alive: FloatArray,
    level: float,
    outwards: np.ufunc,
) -> FloatArray:
    draws = ordered.shape[1]
    some = np.maximum(alive, 1 - level)  # below, the customer is at 0 whatever chance does
    inside = 1 - (1 - level) / some
    rank = outwards(inside * (draws + 1)).astype(np.int64)
    found = ordered[row, np.clip(rank, 1, draws) - 1]
    return np.where((inside > 0) & (rank > 0), found, 0.0)


def _require_end(terms: Terms) -> None:
    if math.isinf(terms.horizon_weeks):
        raise ValueError("horizon_weeks: what chance may do is simulated for a finite number only.")
