"""What all purchase models share, on a model so simple that every integral is known."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from cxlib import clv
from cxlib.clv.histories import Histories, collapse, distinct_states, history_arrays, thin
from cxlib.clv.model import WEEKS_PER_YEAR, PurchaseModel, Simulated


@dataclass(frozen=True)
class Steady(PurchaseModel):
    """Everybody buys at the rate 1 + x and leaves at the rate `leaving`; half are alive."""

    leaving: float

    label: ClassVar[str] = "Steady"

    @classmethod
    def fit(cls, histories):
        raise NotImplementedError

    def log_likelihood(self, histories):
        raise NotImplementedError

    def alive(self, data):
        return np.full(len(data.x), 0.5)

    def purchases_if_alive(self, x, T, weeks):
        time = -np.expm1(-self.leaving * weeks) / self.leaving if self.leaving else weeks
        return (1 + x)[:, None] * time

    def purchase_chance_if_alive(self, x, T, weeks):
        raise NotImplementedError

    def simulate_if_alive(self, x, T, weeks, rng):
        row = np.repeat(np.arange(len(x)), (1 + x).astype(int))
        return Simulated(row, np.full(len(row), weeks))

    def purchase_probabilities(self, weeks, most):
        raise NotImplementedError


def frame(x, t_x, T, **more) -> pd.DataFrame:
    return pd.DataFrame({"frequency": x, "recency_weeks": t_x, "T_weeks": T, **more})


TWO = frame([0, 3], [0.0, 5.0], [10.0, 10.0])


@pytest.mark.parametrize("leaving", [0.0, 1e-4, 0.02, 3.0])
@pytest.mark.parametrize("weeks", [0.1, 52, 5000, math.inf])
@pytest.mark.parametrize("rate", [0.001, 0.1, 5.0])
def test_discounting_is_exact_for_exponential_lifetimes(leaving, weeks, rate):
    delta = math.log(1 + rate) / WEEKS_PER_YEAR
    together = delta + leaving
    # integral of exp(-delta t) rate exp(-leaving t) dt
    expected = 0.5 * np.array([1, 4]) * -math.expm1(-together * weeks) / together
    found = Steady(leaving).discounted_purchases(TWO, weeks, rate)
    assert found == pytest.approx(expected, rel=1e-8)


def test_without_discount_purchases_are_counted():
    assert Steady(0.1).discounted_purchases(TWO, 7, 0) == pytest.approx(
        0.5 * np.array([1, 4]) * (1 - math.exp(-0.7)) / 0.1
    )
    assert Steady(0.1).expected_purchases(TWO, math.inf) == pytest.approx([5, 20])
    assert Steady(0.1).expected_purchases(TWO, 0).tolist() == [0, 0]
    assert Steady(0.1).expected_purchases_new(math.inf) == pytest.approx(5)


def test_an_infinite_expectation_is_refused_with_advice():
    with pytest.raises(ValueError, match=r"Steady expects infinitely many .* annual_discount_rate"):
        Steady(0.0).discounted_purchases(TWO, math.inf, 0)
    with pytest.raises(ValueError, match="infinitely many"):
        Steady(0.0).expected_purchases(TWO, math.inf)


@pytest.mark.parametrize(
    ("weeks", "rate", "named"),
    [(-1, 0.1, "weeks"), (math.nan, 0.1, "weeks"), (1, -0.1, "annual"), (1, math.inf, "annual")],
)
def test_impossible_terms_are_named(weeks, rate, named):
    with pytest.raises(ValueError, match=named):
        Steady(0.1).discounted_purchases(TWO, weeks, rate)


def test_rows_keep_their_order_and_need_not_be_distinct():
    rows = frame([3, 0, 3, 1], [5.0, 0, 2, 0.1], [10.0, 10, 10, 1 / 3])
    found = Steady(0.0).expected_purchases(rows, 2)
    assert found.tolist() == [4, 1, 4, 2]
    assert Steady(0.0).expected_purchases(history_arrays(rows), 2).tolist() == [4, 1, 4, 2]


def test_many_distinct_histories_are_worked_on_in_blocks():
    x = np.arange(20_000.0)
    assert Steady(0.0).expected_purchases(frame(x, x, x), 2) == pytest.approx(1 + x)


def test_simulated_customers_are_alive_by_chance():
    rows = history_arrays(TWO.assign(customers=[10_000, 20_000]))
    found = Steady(0.0).simulate(rows, 7.0, np.random.default_rng(1))
    bought = np.bincount(found.row)
    # Binomial(10,000, .5) has an sd of 50, of 20,000 one of 71 (times 4 purchases): four times.
    assert bought == pytest.approx([5_000, 40_000], abs=1200)
    assert bought[0] == pytest.approx(5_000, abs=200)
    assert bought[1] % 4 == 0
    assert (found.time == 7).all()


# the histories


def test_collapse_by_hand():
    data = history_arrays(frame([2, 0, 2, 2], [1.0, 0, 1, 2], [3.0, 3, 3, 3]))
    found = collapse(data)
    assert [column.tolist() for column in found] == [[0, 2, 2], [0, 1, 2], [3, 3, 3], [1, 2, 1]]


@pytest.mark.parametrize("unit", [1 / 7, 0.1 / 7, math.pi, 1e9])
@pytest.mark.parametrize("counted", [False, True])
def test_collapse_adds_up_equal_histories_in_any_unit(unit, counted):
    rng = np.random.default_rng(3)
    T = rng.integers(1, 6, size=500)
    t_x = rng.integers(0, T + 1)
    x = np.where(t_x > 0, rng.integers(1, 4, size=500), 0)
    rows = frame(x, t_x * unit, T * unit)
    if counted:
        rows["customers"] = rng.integers(1, 4, size=500)
    found = collapse(history_arrays(rows))
    count = rows.get("customers", pd.Series(1, rows.index))
    expected = count.groupby([rows[name] for name in rows.columns[:3]]).sum()
    assert len(found.x) == len(expected)
    index = pd.MultiIndex.from_arrays(found[:3], names=expected.index.names)
    assert (expected.reindex(index) == found.customers).all()


def test_recency_tells_no_states_apart():
    for T in ([3.0, 3, 4, 3], [math.pi, math.pi, 4, math.pi]):
        data = history_arrays(frame([2, 2, 2, 0], [1.0, 2, 1, 0], T))
        x, ages, place = distinct_states(data)
        assert len(x) == 3
        assert (x[place] == data.x).all()
        assert (ages[place] == data.T).all()


def test_few_histories_are_not_thinned():
    column = np.arange(60_000.0)
    many = Histories(column, column, column, column)
    assert thin(Histories(*(one[:19_999] for one in many))) is None
    assert thin(many).x.tolist() == column[::16].tolist()


@pytest.mark.parametrize(
    "change",
    [
        {"recency_weeks": 11.0},
        {"frequency": 0.5},
        {"frequency": -1},
        {"T_weeks": np.nan},
        {"T_weeks": np.inf},
        {"customers": 0},
        {"frequency": 0, "recency_weeks": 1.0},
    ],
)
def test_impossible_histories_are_refused(change):
    with pytest.raises(ValueError, match="2 histories are impossible"):
        history_arrays(TWO.assign(recency_weeks=[0.0, 5.0]).assign(**change))


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="lack the column T_weeks"):
        history_arrays(TWO.drop(columns="T_weeks"))


def test_models_are_listed_by_their_label():
    assert {"BG/NBD", "MBG/NBD"} <= set(clv.PURCHASE_MODELS)
    assert all(model.label == label for label, model in clv.PURCHASE_MODELS.items())


@pytest.mark.parametrize(("weeks", "rate"), [(26.0, 0.1), (26.0, 0.0), (1e5, 0.5), (0.0, 0.1)])
def test_discounted_and_plain_purchases_at_once(weeks, rate):
    model = Steady(0.05)
    table = TWO.assign(recency_weeks=[0.0, 5.0])
    discounted, counted = model.purchases_within(table, weeks, rate)
    assert discounted == pytest.approx(model.discounted_purchases(table, weeks, rate), rel=1e-12)
    x = table["frequency"].to_numpy()
    assert counted == pytest.approx((1 + x) / 2 * -math.expm1(-0.05 * weeks) / 0.05, rel=1e-12)


ALL = [
    clv.BetaGeoNBD(0.3, 4.0, 0.8, 2.4),
    clv.ModifiedBetaGeoNBD(0.5, 6.0, 0.4, 1.7),
    clv.ParetoNBD(0.55, 10.6, 0.6, 11.7),
    clv.ParetoNBD(3.0, 2.0, 1.5, 30.0),
    clv.NegativeBinomial(0.4, 7.0),
]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.label)
@pytest.mark.parametrize("weeks", [0.5, 13, 200])
def test_a_new_customers_silence_is_the_chance_of_no_purchase(model, weeks):
    # P(X(t) = 0) has a closed form of its own in each model.
    new = frame([0], [0.0], [0.0])
    silence = 1 - model.probability_of_purchase(new, weeks)
    assert silence == pytest.approx(model.purchase_probabilities(weeks, 0), rel=1e-10)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.label)
def test_chance_of_a_purchase_is_the_share_of_simulated_customers_who_buy(model):
    each = 40_000
    histories = frame([0, 2, 30], [0.0, 5.0, 38.0], [12.0, 30.0, 40.0], customers=[each] * 3)
    rng = np.random.default_rng(4)
    data = history_arrays(histories)
    bought = np.zeros((3, each), dtype=bool)
    for row in range(3):
        one = Histories(*(np.repeat(part[row], each) for part in (data.x, data.t_x, data.T)), 1.0)
        alive = rng.random(each) < model.alive(data)[row]
        found = model.simulate_if_alive(one.x[alive], one.T[alive], 13.0, rng)
        bought[row, np.unique(found.row)] = True
    # Monte Carlo error at most .5 / 200 = .0025; four of them.
    assert model.probability_of_purchase(histories, 13.0) == pytest.approx(
        bought.mean(axis=1), abs=0.01
    )


@pytest.mark.parametrize("weeks", [-1.0, math.inf, math.nan])
def test_a_chance_of_purchase_needs_finite_weeks(weeks):
    with pytest.raises(ValueError, match="finite"):
        ALL[0].probability_of_purchase(frame([0], [0.0], [1.0]), weeks)
