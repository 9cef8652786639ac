import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from cxlib import clv, engine
from cxlib.clv import predictions
from cxlib.inference import ParameterError
from cxlib.simulate import purchases as simulated

# Purchases of a customer who never drops out: a rate ~ Gamma(r + x, alpha + T) for good.
FAITHFUL = clv.BetaGeoNBD(r=0.6, alpha=6.0, a=1e-9, b=2.0)
LEAVING = clv.BetaGeoNBD(r=0.8, alpha=6.0, a=0.8, b=2.5)
SPEND = clv.GammaGamma(p=4.0, q=6.0, gamma=60.0)
YEAR = clv.Terms(horizon_weeks=52, margin_rate=0.5, annual_discount_rate=0.1)
PLAIN = clv.Terms(horizon_weeks=20, margin_rate=0.5, annual_discount_rate=0.0)


def known(model, variance=0.0) -> clv.Fit:
    size = len(dataclasses.fields(model))
    return clv.Fit(model, variance * np.eye(size), 0.0, 100, 0, True)


def valuation(terms, model=LEAVING, variance=0.0) -> clv.Valuation:
    return clv.Valuation(known(model, variance), known(SPEND, variance), 1.0, 0.0, terms)


def base(customers=400) -> pd.DataFrame:
    """Groups of new and regular customers, half of the regular ones with twice the spend."""
    table = pd.DataFrame({"frequency": [0, 3], "T_days": [70, 140], "spend_days": [0, 3]})
    table = table.assign(recency_days=[0, 105], recency_weeks=[0.0, 15.0], T_weeks=[10.0, 20.0])
    spent, squares = np.array([0, 90]), np.array([0, (60**2 + 120**2) / 2])
    return table.assign(
        customers=customers, spent=customers * spent, spent_squared=customers * squares
    )


def moments_by_hand() -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of what one FAITHFUL customer of each group brings under PLAIN terms.

    N is Gamma-mixed Poisson; given nu the amounts have mean p / nu and variance p / nu^2; 1 / nu is
    inverse gamma with shape q + p x and scale gamma + S.
    """
    x, T = np.array([0, 3]), np.array([10, 20])
    shape, scale = 0.6 + x, 6 + T
    n = shape * 20 / scale
    n_squared = n + n**2 / shape + n**2
    q = 6 + 4 * x
    spread = np.array([60**2, (120**2 + 180**2) / 2])
    first = np.array([60, 150]) / (q - 1)
    second = spread / ((q - 1) * (q - 2))
    # The mean differs between the regular customers, so the variance is taken within each.
    mean_squared = spread / (q - 1) ** 2
    variance = (4 * n + 16 * n_squared) * second - (4 * n) ** 2 * mean_squared
    return 0.5 * 4 * n * first, 0.25 * variance


def test_chance_by_hand_where_nobody_leaves():
    valued = valuation(PLAIN, FAITHFUL)
    found = clv.value_draws(valued, base(), draws=400, rng=np.random.default_rng(1))
    mean, variance = moments_by_hand()
    assert found.value.fitted == pytest.approx(400 * mean, rel=1e-6)
    drawn = found.value.expected.parts(np.array([0, 1]), 2)
    assert drawn == pytest.approx(np.tile(400 * mean, (400, 1)), rel=1e-6)
    sd = np.sqrt(400 * variance)
    # The mean of 400 draws errs by sd / 20, their standard deviation by 3.5 %; four times each.
    assert found.chance.value.mean(axis=0) == pytest.approx([0, 0], abs=4 * sd.max() / 20)
    assert found.chance.value.std(axis=0) == pytest.approx(sd, rel=0.14)
    total = found.totals()
    assert total["expected_value"].high == pytest.approx(total["expected_value"].low)
    width = total["value"].high - total["value"].low
    # The ends of 400 draws err by 13 % of sd each, so the width by 5 %.
    assert width == pytest.approx(2 * 1.96 * math.sqrt(400 * variance.sum()), rel=0.2)
    assert total["value"].method == predictions.CHANCE


def test_a_sample_of_many_customers_is_scaled(monkeypatch):
    monkeypatch.setattr(predictions, "SAMPLED", 1000)
    valued = valuation(PLAIN, FAITHFUL)
    found = clv.value_draws(valued, base(1_000_000), draws=300, rng=np.random.default_rng(2))
    mean, variance = moments_by_hand()
    assert found.chance.sampled.sum() == 1000
    total = found.totals()["value"]
    assert total.value == pytest.approx(1e6 * mean.sum(), rel=1e-6)
    expected = 2 * 1.96 * math.sqrt(1e6 * variance.sum())
    # 300 draws err by 15 % of sd an end, 6 % of the width, the mix of the sample by some 3 %.
    assert total.high - total.low == pytest.approx(expected, rel=0.25)
    assert "sample of 1,000 customers" in total.method
    assert (total.low + total.high) / 2 == pytest.approx(total.value, abs=expected / 4)


def test_both_uncertainties_are_told_apart():
    valued = valuation(YEAR, variance=0.01)
    found = clv.value_draws(valued, base(), draws=200, rng=np.random.default_rng(3))
    total = found.totals()
    for name in ("value", "purchases"):
        alone, both = total[f"expected_{name}"], total[name]
        assert alone.value == both.value
        assert alone.low < alone.value < alone.high
        assert both.high - both.low > 1.05 * (alone.high - alone.low)
    assert total["expected_value"].n == 800
    counted = found.purchases.expected.parts(np.array([0, 1]), 2) + found.chance.purchases
    assert counted == pytest.approx(np.rint(counted), abs=1e-6)
    share = found.share([False, True])
    assert share.value == pytest.approx(found.value.fitted[1] / found.value.fitted.sum())
    assert share.low < share.value < share.high


def test_parts_add_up_and_small_ones_are_not_shown():
    valued = valuation(YEAR, variance=0.01)
    groups = pd.concat([base(), base(30), base(4).head(1)], ignore_index=True)
    found = clv.value_draws(valued, groups, draws=100, rng=np.random.default_rng(4))
    parts = found.by(["b", "b", "a", "a", "c"])
    assert parts.index.tolist() == ["a", "b", "c"]
    assert parts["customers"].tolist() == [60, 800, 4]
    # That of 4 could be had from the total and the others: so the next smallest goes too.
    assert parts["value"].isna().tolist() == [True, False, True]
    shown = found.by(["b", "b", "a", "a", "b"])
    assert shown["value"].sum() == pytest.approx(found.totals()["value"].value)
    assert (shown["likely_low"] < shown["value_low"]).all()
    assert (shown["value_high"] < shown["likely_high"]).all()


def cohorts(customers) -> tuple[pd.DataFrame, list[str]]:
    """Groups of three cohorts of so many customers each of `base`, with their cohorts."""
    parts = [base(n).assign(T_days=lambda t, k=k: t["T_days"] + k) for k, n in enumerate(customers)]
    groups = pd.concat(parts, ignore_index=True).assign(T_weeks=lambda t: t["T_days"] / 7)
    return groups, [name for name in "abc"[: len(customers)] for _ in range(2)]


def test_small_parts_of_many_customers_have_ranges_of_their_own(monkeypatch):
    # 10 and 800 customers of 20,810, of whom 500 are simulated: 0 and 19 by the way.
    monkeypatch.setattr(predictions, "SAMPLED", 500)
    groups, labels = cohorts([5, 400, 10_000])
    valued = valuation(PLAIN, clv.NegativeBinomial(0.6, 6.0), variance=1e-4)
    _, variance = moments_by_hand()
    likely, alone = [], []
    for seed in (1, 2):
        found = clv.value_draws(valued, groups, draws=200, rng=np.random.default_rng(seed))
        table = found.by(labels)
        pd.testing.assert_frame_equal(found.by(labels), table)
        likely.append((table["likely_high"] - table["likely_low"]).to_numpy())
        alone.append((table["value_high"] - table["value_low"]).to_numpy())
        share = found.share(np.array(labels) == "a")
        assert share.low < share.value < share.high
    # Ends of 200 draws err by 19 % of sd, a width by 7 %, a difference by 10 %; four times that.
    assert likely[0] == pytest.approx(likely[1], rel=0.4)
    assert alone[0] == pytest.approx(alone[1], rel=0.4)
    # Few customers are skewed. T differs by two days at most, 3 % of the variance.
    chance = 2 * 1.96 * np.sqrt(np.array([400, 10_000]) * variance.sum())
    for width, parameters in zip(likely, alone, strict=True):
        assert width[1:] == pytest.approx(np.hypot(chance, parameters[1:]), rel=0.3)


def test_the_uncertainty_of_many_customers_is_that_of_all_of_them(monkeypatch):
    groups, labels = cohorts([20, 300])
    valued = valuation(PLAIN, variance=1e-3)
    tables = []
    for most in (20_000, 600):
        monkeypatch.setattr(predictions, "SAMPLED", most)
        found = clv.value_draws(valued, groups, draws=100, rng=np.random.default_rng(3))
        tables.append(found.by(labels))
    exact, linear = (table[["value_low", "value_high"]].to_numpy() for table in tables)
    # The same draws of the parameters: what the delta method leaves out is of second order,
    # (6 parameters of sd 3 %)^2.
    assert linear == pytest.approx(exact, rel=0.01)
    assert "delta method" in found.totals()["expected_value"].method


def test_too_few_draws_and_impossible_levels_are_refused_before_any_work():
    valued, rng = valuation(YEAR), np.random.default_rng(1)
    with pytest.raises(ParameterError, match=r"^draws: 38 .* 39 are needed"):
        clv.value_draws(valued, base(), draws=38, rng=rng)
    with pytest.raises(ParameterError, match=r"^draws: 1 "):
        clv.likely_ranges(valued, base(), draws=1, rng=rng)
    found = clv.value_draws(valued, base(), draws=39, rng=rng)
    with pytest.raises(ParameterError, match=r"^draws: 39 .* 199 are needed"):
        found.totals(level=0.99)


def test_many_states_are_simulated_at_times_near_by(monkeypatch):
    table, _ = customers_and_future(300, np.random.default_rng(9))
    valued = valuation(YEAR)
    each = likely(table, valued, np.random.default_rng(10))
    monkeypatch.setattr(predictions, "MANY_STATES", 10)
    monkeypatch.setattr(predictions, "T_STEP", 0.1)
    scores = clv.history_scores(valued, clv.value_groups(engine.lend(table)))
    place, states = predictions._states(scores)
    T = scores["T_weeks"].to_numpy()
    assert len(states) < scores.groupby(["frequency", "T_weeks", "spend_days"]).ngroups
    assert np.abs(np.log1p(T) - np.log1p(states["T_weeks"].to_numpy()[place])).max() < 0.1
    assert (states["frequency"].to_numpy()[place] == scores["frequency"]).all()
    near = likely(table, valued, np.random.default_rng(10))
    # Quantiles of 300 draws err by some 10 % for one customer; of 300 with common states 3 %.
    assert near["likely_high"].sum() == pytest.approx(each["likely_high"].sum(), rel=0.12)


def test_endless_horizons_have_no_simulated_chance():
    valued = valuation(dataclasses.replace(YEAR, horizon_weeks=math.inf))
    rng = np.random.default_rng(5)
    with pytest.raises(ValueError, match=r"^horizon_weeks"):
        clv.value_draws(valued, base(), draws=40, rng=rng)
    with pytest.raises(ValueError, match=r"^horizon_weeks"):
        clv.likely_ranges(valued, base(), rng=rng)


# single customers


def test_quantiles_with_a_share_who_have_left():
    ordered = np.arange(1.0, 10)[None, :]
    rows, alive = np.zeros(4, dtype=int), np.array([1.0, 0.5, 0.09, 0.0])
    # Nine draws leave ten places: the 90 % quantile is the ninth draw; where half are alive it is
    # their 80 % quantile; where 9 % are, more than 90 % bring nothing.
    high = predictions._quantile(ordered, rows, alive, 0.9, np.ceil)
    assert high.tolist() == [9, 8, 0, 0]
    low = predictions._quantile(ordered, rows, alive, 0.15, np.floor)
    assert low.tolist() == [1, 0, 0, 0]


def customers_and_future(n, rng) -> tuple[pd.DataFrame, np.ndarray]:
    T = rng.integers(30, 40, size=n).astype(float)
    times = simulated.purchase_times(
        "after a repeat purchase", dataclasses.astuple(LEAVING), T + YEAR.horizon_weeks, rng
    )
    customer, week = times
    nu = rng.gamma(SPEND.q, size=n) / SPEND.gamma
    amount = rng.gamma(SPEND.p, size=len(customer)) / nu[customer]
    past = week <= T[customer]
    table = simulated.purchase_histories(customer[past], week[past], T)
    days = table["frequency"]
    spent = np.bincount(customer[past], amount[past], minlength=n)
    table = table.assign(
        customer_id=np.arange(n),
        recency_days=7 * table["recency_weeks"],
        T_days=7 * T,
        spend_days=days,
        mean_spend=np.where(days > 0, spent / np.maximum(days, 1), np.nan),
        first_spend=0.0,
        total_spend=spent,
    )
    weight = 1.1 ** (-(week - T[customer]) * 7 / 365.2425)
    brought = 0.5 * np.bincount(customer[~past], (amount * weight)[~past], minlength=n)
    return table, brought


def likely(table, valued, rng) -> pd.DataFrame:
    scores = clv.history_scores(valued, clv.value_groups(engine.lend(table)))
    scores = clv.likely_ranges(valued, scores, draws=300, rng=rng)
    rows = clv.customer_values(engine.lend(table), engine.lend(scores), valued)
    return rows.collect("pandas").to_pandas().sort_values("customer_id", ignore_index=True)


def test_what_customers_bring_lies_within_their_ranges():
    rng = np.random.default_rng(6)
    table, brought = customers_and_future(3000, rng)
    rows = likely(table, valuation(YEAR), rng)
    above = brought > rows["likely_high"].to_numpy()
    below = brought < rows["likely_low"].to_numpy()
    for some in (np.full(3000, True), rows["probability_alive"].to_numpy() > 0.8):
        n = some.sum()
        # 2.5 % lie above, at most, and below; the standard error of the share is .3 to .5 %.
        error = math.sqrt(0.025 * 0.975 / n)
        assert above[some].mean() <= 0.025 + 4 * error
        assert below[some].mean() <= 0.025 + 4 * error
        assert above[some].mean() >= 0.025 - 0.012 - 4 * error
    # Who has most likely left brings nothing, with all the chance that a range has.
    gone = rows["probability_alive"] < 0.02
    assert (rows.loc[gone, ["likely_low", "likely_high"]] == 0).all(axis=None)


def test_ranges_scale_with_the_currency():
    table, _ = customers_and_future(60, np.random.default_rng(7))
    once = likely(table, valuation(YEAR, variance=0.01), np.random.default_rng(8))
    valued = valuation(YEAR, variance=0.01)
    spend = dataclasses.replace(valued.spend, model=dataclasses.replace(SPEND, gamma=6000.0))
    money = ["mean_spend", "first_spend", "total_spend"]
    dear = table.assign(**{name: 100 * table[name] for name in money})
    found = likely(dear, dataclasses.replace(valued, spend=spend), np.random.default_rng(8))
    for name in ("likely_low", "likely_high", "value_high"):
        assert found[name].to_numpy() == pytest.approx(100 * once[name].to_numpy(), rel=1e-9)
    assert (found["likely_low"] <= found["likely_high"]).all()
