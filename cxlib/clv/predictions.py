"""What may really happen: the parameters' uncertainty and the customers' own chance together.

Customers alive at T buy, each purchase is paid or not, and the amounts of a customer who spent S on
x paid days are Gamma(p, nu) with nu ~ Gamma(q + p x, gamma + S): so what the customer brings is
(gamma + S) times a quantity that depends on the history alone, its "units".
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.clv.histories import FloatArray, Histories, history_arrays
from cxlib.clv.terms import Parameters, Terms, Valuation, central_limits
from cxlib.clv.value import group_values, unit_values
from cxlib.inference import Estimate, suppressed

# Beyond, the chance is simulated for a sample of so many customers and scaled.
SAMPLED = 20_000
# Simulated customers held at a time for the ranges of single customers.
BLOCK = 4_000_000
PARAMETERS = "parameter uncertainty (normal draws of the log parameters)"
CHANCE = "prediction: parameter uncertainty and the customers' own randomness, simulated"


class Buyers(NamedTuple):
    """What the future of a customer alive depends on."""

    x: FloatArray
    T: FloatArray
    spend_days: FloatArray


class Sampled(NamedTuple):
    """Groups of simulated customers, whose numbers are the `customers` of `data`.

    `spent` and `spent_squared` are means over all customers of the group.
    """

    data: Histories
    spend_days: FloatArray
    spent: FloatArray
    spent_squared: FloatArray


class Brought(NamedTuple):
    """Of each customer: discounted amounts for each unit of gamma + spent, and purchases."""

    units: FloatArray
    purchases: FloatArray


@dataclass(frozen=True)
class ValueDraws:
    """Values of a customer base under drawn parameters, without and with chance.

    `groups`: the frame from `value_groups`; `value` and `purchases`: their expected totals at the
    fitted parameters. `sampled`: how many customers of each group were simulated; the arrays after
    it have a row a draw and a column a group with any: the expected total of those sampled under
    the drawn parameters, and how far chance took what they did from it.
    """

    groups: pd.DataFrame
    value: FloatArray
    purchases: FloatArray
    sampled: NDArray[np.int64]
    drawn_value: FloatArray
    chance_value: FloatArray
    drawn_purchases: FloatArray
    chance_purchases: FloatArray

    @property
    def n(self) -> int:
        return int(self.groups["customers"].sum())

    @property
    def method(self) -> str:
        """How the chance was simulated."""
        drawn = int(self.sampled.sum())
        if drawn == self.n:
            return CHANCE
        return f"{CHANCE} for a random sample of {drawn:,} customers, its variance scaled to all"

    def totals(self, *, level: float = 0.95) -> dict[str, Estimate]:
        """expected_value, value, expected_purchases, purchases of all customers together.

        The values are those at the fitted parameters; the interval of an expected total holds the
        parameters' uncertainty, that of the other chance too: the central `level` of the draws.
        """
        everyone = np.zeros(len(self.groups), dtype=np.int64)
        found = {}
        for name in ("value", "purchases"):
            total = float(getattr(self, name).sum())
            drawn, chance = self._by(name, everyone, 1)
            for label, values, method in (
                (f"expected_{name}", drawn, PARAMETERS),
                (name, drawn + chance, self.method),
            ):
                low, high = central_limits(values[:, 0], level).tolist()
                found[label] = Estimate(total, low, high, level, self.n, method)
        return found

    def by(self, labels: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
        """The value of the customers by a label of their groups, one row a label, in its order.

        customers, value (expected), value_low, value_high (parameters), likely_low, likely_high
        (with chance). Labels of fewer than 10 customers, and those that would give them away (see
        inference.suppressed), have no figures. The values add up to the total.
        """
        code, names = pd.factorize(np.asarray(labels), sort=True)
        customers = np.bincount(code, self.groups["customers"]).astype(np.int64)
        drawn, chance = self._by("value", code, len(names))
        low, high = central_limits(drawn, level)
        likely_low, likely_high = central_limits(drawn + chance, level)
        table = pd.DataFrame(
            {
                "value": np.bincount(code, self.value),
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
        drawn, _ = self._by("value", code, 2)
        rate = float(self.value[code == 1].sum() / self.value.sum())
        low, high = central_limits(drawn[:, 1] / drawn.sum(axis=1), level).tolist()
        return Estimate(rate, low, high, level, self.n, PARAMETERS)

    def _by(self, name: str, code: NDArray[np.intp], count: int) -> tuple[FloatArray, FloatArray]:
        """Expected totals of each part under the draws and what chance adds, (draws, count).

        What was sampled is carried to all customers of the part: the expected total in the ratio of
        what it is at the fitted parameters, chance by the square root of the customers.
        """
        kept = self.sampled > 0
        inside = code[kept][:, None] == np.arange(count)
        drawn, chance = (getattr(self, f"{of}_{name}") @ inside for of in ("drawn", "chance"))
        customers = self.groups["customers"].to_numpy(dtype=float)
        everyone, sampled = (
            np.bincount(code, one, minlength=count) for one in (customers, self.sampled)
        )
        fitted = getattr(self, name)
        total = np.bincount(code, fitted, minlength=count)
        part = np.bincount(code, fitted * self.sampled / customers, minlength=count)
        with np.errstate(invalid="ignore", divide="ignore"):
            return drawn * (total / part), chance * np.sqrt(everyone / sampled)


def value_draws(
    valued: Valuation, groups: pd.DataFrame, *, draws: int, rng: np.random.Generator
) -> ValueDraws:
    """Simulated futures of the customers of `groups` under `draws` sets of parameters.

    Of those who share a history Binomial(customers, P(alive)) are alive; they buy as the purchase
    model has it, a purchase is paid at the rate paid_rate, and brings an amount as above,
    discounted from its own moment. Within a group the (gamma + spent) of the single customers is
    replaced by its root mean square, which keeps the variance. More than 20,000 customers: that
    many are drawn at random, with replacement. Raises ValueError for an endless horizon.
    """
    terms = valued.terms
    _require_end(terms)
    customers = groups["customers"].to_numpy(dtype=np.int64)
    sampled = customers
    if customers.sum() > SAMPLED:
        sampled = rng.multinomial(SAMPLED, customers / customers.sum())
    part = _sampled(groups, sampled)
    rows = [_drawn_totals(one, part, terms, rng) for one in valued.draw(draws, rng)]
    drawn_value, chance_value, drawn_purchases, chance_purchases = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    model = valued.purchases.model
    return ValueDraws(
        groups,
        value=group_values(valued.fitted, groups, terms),
        purchases=customers * model.expected_purchases(groups, terms.horizon_weeks),
        sampled=sampled,
        drawn_value=drawn_value,
        chance_value=chance_value,
        drawn_purchases=drawn_purchases,
        chance_purchases=chance_purchases,
    )


def _sampled(groups: pd.DataFrame, sampled: NDArray[np.int64]) -> Sampled:
    kept = sampled > 0
    part = groups[kept]
    customers, days, spent, squares = (
        part[name].to_numpy(dtype=float)
        for name in ("customers", "spend_days", "spent", "spent_squared")
    )
    data = history_arrays(part)._replace(customers=sampled[kept].astype(float))
    return Sampled(data, days, spent / customers, squares / customers)


def _drawn_totals(
    one: Parameters, part: Sampled, terms: Terms, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """A row of the arrays of ValueDraws."""
    data, count = part.data, part.data.customers
    alive = rng.binomial(count.astype(np.int64), one.purchases.alive(data))
    owner = np.repeat(np.arange(len(count)), alive)
    buyers = Buyers(data.x[owner], data.T[owner], part.spend_days[owner])
    brought = _brought(one, buyers, terms, rng)
    units = np.bincount(owner, brought.units, minlength=len(count))
    purchases = np.bincount(owner, brought.purchases, minlength=len(count))

    unit = unit_values(one, data, part.spend_days, terms)
    gamma = one.spend.gamma
    value = unit * count * (gamma + part.spent)
    square = gamma**2 + 2 * gamma * part.spent + part.spent_squared
    chance = np.sqrt(square) * (terms.margin_rate * units - count * unit)
    bought = count * one.purchases.expected_purchases(data, terms.horizon_weeks)
    return value, chance, bought, purchases - bought


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
    Adds likely_low_unit and likely_high_unit. Raises ValueError for an endless horizon.
    """
    _require_end(valued.terms)
    columns = ["frequency", "T_weeks", "spend_days"]
    sums = scores.groupby(columns)[["spent", "customers"]].sum()
    states = sums.reset_index()
    place = scores.groupby(columns).ngroup().to_numpy()
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


def _ordered_units(
    valued: Valuation, states: pd.DataFrame, drawn: list[Parameters], rng: np.random.Generator
) -> FloatArray:
    """Sorted draws of the units of those alive, a row a state."""
    columns = ("frequency", "T_weeks", "spend_days")
    buyers = Buyers(*(states[name].to_numpy(dtype=float) for name in columns))
    spent = (states["spent"] / states["customers"]).to_numpy()
    units = np.empty((len(states), len(drawn)))
    for place, one in enumerate(drawn):
        carried = (one.spend.gamma + spent) / (valued.spend.model.gamma + spent)
        units[:, place] = carried * _brought(one, buyers, valued.terms, rng).units
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


def _brought(one: Parameters, buyers: Buyers, terms: Terms, rng: np.random.Generator) -> Brought:
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


def _require_end(terms: Terms) -> None:
    if math.isinf(terms.horizon_weeks):
        raise ValueError("horizon_weeks: what chance may do is simulated for a finite number only.")
