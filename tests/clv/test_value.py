import dataclasses
import math

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import clv, engine
from cxlib.clv.value import rounded
from cxlib.inference import ParameterError

PURCHASES = clv.BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
SPEND = clv.GammaGamma(p=6.25, q=3.74, gamma=15.44)
# Purchases of a customer who never drops out: a rate of (r + x) / (alpha + T) a week for good.
FAITHFUL = clv.BetaGeoNBD(r=0.6, alpha=6.0, a=1e-9, b=2.0)
YEAR = clv.Terms(horizon_weeks=52, margin_rate=0.4, annual_discount_rate=0.1)


def known(model) -> clv.Fit:
    """A fit without uncertainty."""
    size = len(dataclasses.fields(model))
    return clv.Fit(model, np.zeros((size, size)), 0.0, 100, 0, True)


def valuation(terms, purchases=PURCHASES, spend=SPEND, paid=1.0) -> clv.Valuation:
    return clv.Valuation(known(purchases), known(spend), paid, 0.0, terms)


def histories(**columns) -> pd.DataFrame:
    """Three customers: new, a regular one, one who has gone."""
    table = pd.DataFrame(
        {
            "customer_id": ["new", "regular", "gone"],
            "frequency": [0, 9, 4],
            "recency_days": [0, 266, 28],
            "T_days": [14, 273, 273],
            "spend_days": [0, 9, 3],
            "mean_spend": [np.nan, 30.0, 50.0],
            "first_spend": [10.0, 20.0, 60.0],
            "total_spend": [10.0, 290.0, 210.0],
        }
    )
    return table.assign(**columns)


def values(table, valued, scores=None) -> pd.DataFrame:
    """The customers' values in order of their ids, by way of the engine."""
    groups = clv.value_groups(engine.lend(table))
    found = clv.history_scores(valued, groups) if scores is None else scores
    rows = clv.customer_values(engine.lend(table), engine.lend(found), valued)
    return rows.collect("pandas").to_pandas().set_index("customer_id").sort_index()


@pytest.fixture(scope="module")
def customers(cdnow) -> pd.DataFrame:
    spent = (cdnow["spend_days"] * cdnow["mean_spend"]).fillna(0)
    table = cdnow.assign(first_spend=20.0, total_spend=20.0 + spent)
    for name in ("recency", "T"):
        table[f"{name}_days"] = (7 * table[f"{name}_weeks"]).round().astype(int)
    return table.rename_axis("customer_id").reset_index()


@pytest.fixture(scope="module")
def groups(customers) -> pd.DataFrame:
    return clv.value_groups(engine.lend(customers))


@pytest.fixture(scope="module")
def valued(customers, groups) -> clv.Valuation:
    purchases, spend = clv.BetaGeoNBD.fit(groups), clv.GammaGamma.fit(customers)
    return clv.valuation(purchases, spend, groups, YEAR)


# terms


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"horizon_weeks": 0}, "horizon_weeks"),
        ({"horizon_weeks": math.nan}, "horizon_weeks"),
        ({"margin_rate": 40}, "margin_rate"),
        ({"margin_rate": 0}, "margin_rate"),
        ({"annual_discount_rate": -0.1}, "annual_discount_rate"),
        ({"annual_discount_rate": math.inf}, "annual_discount_rate"),
        ({"acquisition_cost": -1}, "acquisition_cost"),
        ({"acquisition_cost": math.nan}, "acquisition_cost"),
        ({"horizon_weeks": math.inf, "annual_discount_rate": 0}, "annual_discount_rate"),
    ],
)
def test_impossible_terms_are_named(change, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        dataclasses.replace(YEAR, **change)


def test_a_year_later_money_counts_less_by_the_annual_rate():
    assert math.exp(-YEAR.weekly_discount * 365.2425 / 7) == pytest.approx(1 / 1.1, rel=1e-12)


# the reduction


def test_value_groups_by_hand():
    table = histories(spend_days=[0, 9, 9], frequency=9, recency_days=266, T_days=273)
    groups = clv.value_groups(engine.lend(table))
    assert groups["spend_days"].tolist() == [0, 9]
    assert groups["customers"].tolist() == [1, 2]
    assert groups["spent"].tolist() == [0, 9 * 30 + 9 * 50]
    assert groups["spent_squared"].tolist() == [0, 270**2 + 450**2]
    assert groups["first_spend"].tolist() == [10, 80]
    assert groups["first_squared"].tolist() == [100, 20**2 + 60**2]
    assert groups["total_spend"].tolist() == [10, 500]
    assert groups["total_squared"].tolist() == [100, 290**2 + 210**2]
    assert groups["T_weeks"].tolist() == [39, 39]
    assert clv.value_groups(engine.lend(table), ["customer_id"])["customers"].tolist() == [1, 1, 1]


def test_the_order_of_rows_does_not_show_in_sums():
    rng = np.random.default_rng(11)
    one = {"frequency": 3, "recency_days": 100, "T_days": 200, "spend_days": 3}
    money = rng.gamma(3, 10, size=(3, 400)).round(2) / 3
    table = pd.DataFrame(
        dict(zip(["mean_spend", "first_spend", "total_spend"], money, strict=True))
    )
    table = table.assign(**one)
    plain = nw.from_native(table).lazy()
    back = nw.from_native(table.iloc[::-1].reset_index(drop=True)).lazy()
    found = clv.value_groups(plain)
    pd.testing.assert_frame_equal(clv.value_groups(back), found, check_exact=True)
    exact = math.fsum(3 * table["mean_spend"])
    assert found["spent"][0] == pytest.approx(exact, rel=1e-11)


def test_sums_have_eleven_digits():
    found = rounded(np.array([0.0, 123456.789012345, -2 / 3, 1.0, 1.5e20 + 7, np.nan]))
    expected = [0.0, 123456.78901, -0.66666666667, 1.0, 1.5e20]
    assert found[:5].tolist() == expected
    assert np.isnan(found[5])


def test_paid_rate_by_hand():
    table = pd.DataFrame({"frequency": [4, 2, 2], "spend_days": [3, 2, 1], "customers": [1, 2, 2]})
    # 9 of 12 days; residuals 0, .5 and -.5 of one, two and two customers; 5 / 4 for few.
    found = clv.paid_rate(table)
    error = math.sqrt(5 / 4 * (2 * 0.25 + 2 * 0.25)) / 12
    assert (found.value, found.n) == (0.75, 5)
    assert found.value - found.low == pytest.approx(1.959964 * error, rel=1e-6)
    # All of 5 repeat buyers paid always: 5 / (5 + 1.96^2).
    sure = clv.paid_rate(table.assign(spend_days=table["frequency"]))
    assert (sure.value, sure.low, sure.high) == (1, pytest.approx(0.5655, abs=1e-4), 1)
    assert clv.paid_rate(table.assign(frequency=0, spend_days=0)).value == 1


# scores and values


def test_the_error_of_discounted_purchases_over_a_moment_by_hand():
    # Of a customer with x = 0 over a moment they are (r / (alpha + T)) dt: the gradient of the
    # logarithm by the logs of (r, alpha, a, b) is (1, -alpha / (alpha + T), 0, 0).
    cov = np.diag([0.01, 0.04, 0.3, 0.2])
    cov[0, 1] = cov[1, 0] = 0.012
    cov /= 1e4  # the changes over a standard error are then slopes
    fit = clv.Fit(PURCHASES, cov, 0.0, 100, 0, True)
    moment = clv.Terms(horizon_weeks=1e-5, margin_rate=1, annual_discount_rate=0)
    one = clv.Valuation(fit, known(SPEND), 1.0, 0.0, moment)
    found = clv.history_scores(one, clv.value_groups(engine.lend(histories().head(1))))
    slope = -4.414 / (4.414 + 2)
    variance = 0.01 + 2 * slope * 0.012 + slope**2 * 0.04
    assert found["discounted_log_error"][0] == pytest.approx(math.sqrt(variance) / 100, rel=1e-4)


def test_customer_values_by_hand():
    found = values(histories(), valuation(YEAR, paid=0.9))
    table = histories().set_index("customer_id").sort_index()
    frame = table.assign(recency_weeks=table["recency_days"] / 7, T_weeks=table["T_days"] / 7)
    # Each of 400 short steps is discounted from its middle.
    times = np.linspace(0, 52, 401)
    alive = PURCHASES.probability_alive(frame)
    x, T = (frame[name].to_numpy(dtype=float) for name in ("frequency", "T_weeks"))
    bought = (alive[:, None] * PURCHASES.purchases_if_alive(x, T, times)).T
    middle = 1.1 ** (-(times[1:] + times[:-1]) / 2 * 7 / 365.2425)
    spend = {"new": 6.25 * 15.44 / 2.74, "regular": 6.25 * (15.44 + 270) / (9 * 6.25 + 2.74)}
    spend["gone"] = 6.25 * (15.44 + 150) / (3 * 6.25 + 2.74)
    assert found["expected_spend"].to_dict() == pytest.approx(spend, rel=1e-12)
    expected = 0.4 * 0.9 * found["expected_spend"] * (middle @ np.diff(bought, axis=0))
    assert found["value"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-6)
    assert found["expected_purchases"].to_numpy() == pytest.approx(bought[-1], rel=1e-12)
    assert found["value_so_far"].to_dict() == pytest.approx({"gone": 84, "new": 4, "regular": 116})
    # Without uncertainty the interval closes; chance was not asked for.
    assert found["value_low"].to_numpy() == pytest.approx(found["value_high"].to_numpy())
    assert found[["likely_low", "likely_high"]].isna().all(axis=None)


def test_who_never_drops_out_buys_at_the_mean_rate_for_good():
    for weeks in (52.0, math.inf):
        terms = dataclasses.replace(YEAR, horizon_weeks=weeks)
        found = values(histories(), valuation(terms, FAITHFUL))
        table = histories().set_index("customer_id").loc[found.index]
        delta = math.log(1.1) * 7 / 365.2425
        discounted = (0.6 + table["frequency"]) / (6 + table["T_days"] / 7)
        discounted *= -math.expm1(-delta * weeks) / delta
        expected = 0.4 * found["expected_spend"] * discounted
        assert found["value"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-5)
        assert found["expected_purchases"].isna().all() == math.isinf(weeks)


def test_where_nobody_leaves_there_is_no_endless_value(customers, groups):
    fit = clv.PURCHASE_MODELS["NBD"].fit(groups)
    spend = clv.GammaGamma.fit(customers[customers["spend_days"] > 0])
    endless = clv.valuation(fit, spend, groups, dataclasses.replace(YEAR, horizon_weeks=math.inf))
    found = clv.expected_value(endless, groups)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert "nobody ever leaves" in found.method
    year = clv.valuation(fit, spend, groups, YEAR)
    assert clv.expected_value(year, groups).value > 0
    new = clv.new_customer(year, groups, draws=50, rng=np.random.default_rng(1))
    assert new["value"].value is not None
    assert new["endless_value"].value is None
    assert "nobody ever leaves" in new["endless_value"].method


@pytest.mark.parametrize("label", ["BG/NBD", "MBG/NBD", "Pareto/NBD"])
def test_every_purchase_model_gives_values(label, customers, groups):
    fit = clv.PURCHASE_MODELS[label].fit(groups)
    one = clv.valuation(fit, known(SPEND), groups, YEAR)
    found = values(customers, one)
    assert len(found) == 2357
    assert np.isfinite(found[["value", "value_low", "value_high"]]).all(axis=None)
    assert (found["value_low"] < found["value"]).all()
    assert found["value"].sum() == pytest.approx(clv.expected_value(one, groups).value, rel=1e-9)


def test_intervals_of_customers_and_of_all_are_the_spread_under_drawn_parameters(
    customers, groups, valued
):
    some = customers[customers["frequency"].isin([0, 3, 10])].groupby("frequency").head(1)
    of_some = clv.value_groups(engine.lend(some))
    logs = [
        np.log(clv.value.group_values(one, of_some, YEAR))
        for one in valued.draw(300, np.random.default_rng(1))
    ]
    found = values(some, valued).sort_values(["frequency"])
    width = np.log(found["value_high"] / found["value_low"]) / 2 / 1.959964
    # A standard deviation of 300 draws errs by 4 %; four times that.
    assert np.std(logs, axis=0) == pytest.approx(width.to_numpy(), rel=0.16)
    many = groups.iloc[::25]
    total = clv.expected_value(valued, many)
    logs = [
        np.log(clv.value.group_values(one, many, YEAR).sum())
        for one in valued.draw(100, np.random.default_rng(2))
    ]
    # Of 100 draws 7 %.
    error = np.log(total.high / total.low) / 2 / 1.959964
    assert np.std(logs) == pytest.approx(error, rel=0.28)


def test_the_uncertain_paid_rate_widens_every_interval(customers, valued):
    few = customers.head(50)
    doubtful = dataclasses.replace(valued, paid_rate=0.5, paid_error=0.05)
    sure = values(few, dataclasses.replace(valued, paid_rate=0.5))
    found = values(few, doubtful)

    def squared(table):
        return (np.log(table["value_high"] / table["value"]) / 1.959964) ** 2

    assert (squared(found) - squared(sure)).to_numpy() == pytest.approx(0.01, rel=1e-6)
    rates = [one.paid_rate for one in doubtful.draw(4000, np.random.default_rng(3))]
    # The error of a standard deviation of 4,000 draws is 1.1 %.
    assert np.std(rates) == pytest.approx(0.05, rel=0.05)


def test_no_customer_is_lost_whose_history_has_no_score():
    one = valuation(YEAR)
    scores = clv.history_scores(one, clv.value_groups(engine.lend(histories().head(2))))
    found = values(histories(), one, scores)
    assert len(found) == 3
    assert found["value"].isna().tolist() == [True, False, False]


# what must not matter


def test_row_order_and_currency(customers, valued):
    few = customers.iloc[::80]
    found = values(few, valued)
    shuffled = values(few.sample(frac=1, random_state=1), valued)
    pd.testing.assert_frame_equal(shuffled, found)
    money = ["mean_spend", "first_spend", "total_spend"]
    dear = dataclasses.replace(
        valued,
        spend=dataclasses.replace(
            valued.spend,
            model=dataclasses.replace(valued.spend.model, gamma=1000 * valued.spend.model.gamma),
        ),
    )
    scaled = values(few.assign(**{name: 1000 * few[name] for name in money}), dear)
    for name in ("value", "value_low", "value_high", "expected_spend", "value_so_far"):
        assert scaled[name].to_numpy() == pytest.approx(1000 * found[name].to_numpy(), rel=1e-9)
    for name in ("probability_alive", "expected_purchases"):
        assert scaled[name].tolist() == found[name].tolist()


def test_twice_as_many_customers_are_worth_twice_as_much_more_surely(customers, groups, valued):
    sums = groups.columns.difference(["frequency", "spend_days"])
    sums = [name for name in sums if not name.endswith(("_days", "_weeks"))]
    twice = groups.assign(**{name: 2 * groups[name] for name in sums})
    spend = clv.GammaGamma.fit(pd.concat([customers, customers]))
    once = clv.expected_value(valued, groups)
    found = clv.expected_value(clv.valuation(clv.BetaGeoNBD.fit(twice), spend, twice, YEAR), twice)
    assert found.value == pytest.approx(2 * once.value, rel=1e-5)
    narrower = np.log(once.high / once.low) / np.log(found.high / found.low)
    # Changes over a standard error, and over .7 of one, are not quite in proportion.
    assert narrower == pytest.approx(math.sqrt(2), rel=1e-2)


# a new customer


def test_a_new_customer_by_hand(groups):
    terms = clv.Terms(52, 0.5, 0.1, acquisition_cost=7.0)
    one = valuation(terms, FAITHFUL, paid=0.8)
    rng = np.random.default_rng(1)
    found = clv.new_customer(one, groups, draws=50, rng=rng)
    delta = math.log(1.1) * 7 / 365.2425
    spend = 0.5 * 0.8 * 6.25 * 15.44 / 2.74
    later = spend * 0.1 * -math.expm1(-delta * 52) / delta
    assert found["first_purchase"].value == pytest.approx(0.5 * 20)
    assert found["later_purchases"].value == pytest.approx(later, rel=1e-5)
    assert found["value"].value == pytest.approx(10 + later - 7, rel=1e-5)
    assert found["endless_value"].value == pytest.approx(10 + spend * 0.1 / delta - 7, rel=1e-5)
    # All first amounts are alike and the parameters known.
    assert found["value"].high - found["value"].low == pytest.approx(0, abs=1e-4)
    plain = dataclasses.replace(one, terms=clv.Terms(52, 0.5, 0.0))
    assert "endless_value" not in clv.new_customer(plain, groups, draws=39, rng=rng)


def test_a_single_draw_is_no_interval(groups):
    with pytest.raises(ParameterError, match=r"^draws: 1 .* 39 are needed"):
        clv.new_customer(valuation(YEAR), groups, draws=1, rng=np.random.default_rng(1))


def test_the_mean_of_the_first_amounts_is_a_sample(groups):
    one = valuation(dataclasses.replace(YEAR, annual_discount_rate=0.0))
    mixed = groups.assign(first_squared=groups["customers"] * (20.0**2 + 15**2))
    found = clv.new_customer(one, mixed, draws=600, rng=np.random.default_rng(2))
    low, high = found["first_purchase"].low, found["first_purchase"].high
    # sd 15 of 2,357 amounts; the half width of 600 draws errs by 4 %; four times that.
    assert (high - low) / 2 / 1.96 == pytest.approx(0.4 * 15 / math.sqrt(2357), rel=0.16)


def test_winning_customers_costs_nothing_more_for_those_won(customers, groups, valued):
    costly = dataclasses.replace(valued, terms=dataclasses.replace(YEAR, acquisition_cost=50.0))
    assert clv.expected_value(costly, groups) == clv.expected_value(valued, groups)
