import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import norm, t

from cxlib.churn.contacts import (
    TAU_SCALE,
    CampaignProfit,
    _log_ratio,
    campaign_profit,
    contact_list,
    contacts_sentence,
    rule_profit,
)
from cxlib.churn.experiment import plan_experiment
from cxlib.churn.profit import Campaign, expected_profit
from cxlib.inference import Estimate, ParameterError
from cxlib.privacy.pseudonyms import Pseudonyms


def _customers(seed, n=3000):
    rng = np.random.default_rng(seed)
    risk = expit(rng.normal(-1.5, 1.2, n))
    return np.array([f"c{k}" for k in range(n)], dtype=object), risk, rng.gamma(3, 67, n)


def test_only_contacts_that_pay_the_most_profitable_first_equal_ones_by_id():
    risk, value = [0.5, 0.9, 0.01, 0.5], [200, 200, 200, 200]
    reasons = pd.DataFrame({"reason_1": ["r0", "r1", "r2", "r3"]})
    listed = contact_list(["z", "k", "m", "b"], risk, value, Campaign(), reasons=reasons)
    assert listed["customer_id"].tolist() == ["k", "b", "z"]
    assert listed["reason_1"].tolist() == ["r1", "r3", "r0"]
    assert listed["rank"].tolist() == [1, 2, 3]
    # .9 x 56 - .1 x 11 and .5 x 56 - .5 x 11.
    assert listed["expected_profit"].tolist() == pytest.approx([49.3, 22.5, 22.5])
    assert set(listed["group"]) == {"contact"}


def test_equal_profits_stand_in_the_order_of_the_pseudonyms():
    ids = [f"{n:03}" for n in range(200)]
    names = Pseudonyms(b"k" * 32, "environment", False).names("customer_id", ids)
    risk = np.repeat([0.5, 0.4], 100)
    plain = contact_list(ids, risk, 100, Campaign(), holdout_share=0.2)
    coded = contact_list(ids, risk, 100, Campaign(), tie_order=names, holdout_share=0.2)
    known = dict(zip(ids, names, strict=True))
    assert coded["customer_id"].map(known)[:100].is_monotonic_increasing
    assert coded["rank"].tolist() == plain["rank"].tolist() == list(range(1, 201))
    # Who is held out does not hang on it.
    groups = [one.set_index("customer_id")["group"].sort_index() for one in (plain, coded)]
    pd.testing.assert_series_equal(*groups)


def test_a_share_keeps_the_most_profitable_of_all_customers():
    ids, risk, value = _customers(1)
    listed = contact_list(ids, risk, value, Campaign(), share=0.1)
    best = np.sort(expected_profit(risk, value, Campaign()))[::-1][:300]
    assert listed["expected_profit"].to_numpy() == pytest.approx(best)


def test_the_list_does_not_hang_on_the_order_of_the_customers():
    ids, risk, value = _customers(2)
    listed = contact_list(ids, risk, value, Campaign(), holdout_share=0.2, seed=3)
    k = np.random.default_rng(4).permutation(len(ids))
    other = contact_list(ids[k], risk[k], value[k], Campaign(), holdout_share=0.2, seed=3)
    pd.testing.assert_frame_equal(listed, other)
    assert 0.15 < (listed["group"] == "hold out").mean() < 0.25


def test_a_list_says_how_many_are_on_it():
    listed = contact_list(["a", "b"], [0.9, 0.01], 200, Campaign())
    assert contacts_sentence(listed, 2) == (
        "1 of 2 customers is worth calling by expected profit: call them all."
    )
    assert contacts_sentence(listed.head(0), 2).startswith("None of 2")


def test_a_list_not_shown_to_pay_is_tried_on_two_random_parts_first():
    risk = np.full(4000, 0.3)
    plan = plan_experiment(risk, Campaign(), holdout_share=0.1)
    # 2 (2.8016 / (2 asin sqrt .3 - 2 asin sqrt .21))^2 = 366 an arm (Cohen 1988), told as 370.
    assert plan.required_per_arm.value == 366
    assert plan.trial == (
        "Do not call the whole list of 4,000 yet: first call about 370 drawn at random from it, "
        "leave at least as many alone, and compare once 30% of these have left."
    )
    listed = contact_list(np.arange(4000), risk, 200, Campaign(), holdout_share=0.1)
    # 1 - 370 / 4000
    told = contacts_sentence(listed, 9000, plan)
    assert "run again with holdout_share = 0.907" in told
    # .907 of 4,000 are left alone.
    called = ": it calls about 372. The other 3,628 are not called: they are the comparison."
    assert told.endswith(called)
    drawn = plan_experiment(risk, Campaign(), holdout_share=0.91)
    assert drawn.trial == (
        "Call these 360 as a trial, leave 3,640 alone, and compare once 30% of these have left."
    )
    assert "call 360, leave" not in contacts_sentence(listed, 9000, drawn)
    short = plan_experiment(risk[:100], Campaign(), holdout_share=0.1)
    assert "first call half of it, drawn at random" in short.trial
    sure = plan_experiment(np.zeros(9), Campaign(), holdout_share=0.1)
    assert sure.trial == "Do not call the whole list of 9 yet."


def test_a_share_of_nothing_and_a_missing_risk_are_errors():
    with pytest.raises(ParameterError, match="share"):
        contact_list(["a"], [0.5], 200, Campaign(), share=0)
    with pytest.raises(ValueError, match="risk"):
        contact_list(["a"], [np.nan], 200, Campaign())


def _tests(churned, risk, value, test="one"):
    return pd.DataFrame({"test": test, "churned": churned, "risk": risk, "value": value})


def _perfect(value, repeats=4000):
    """Customers whose risks are right to the last digit."""
    judged = np.repeat(np.linspace(0.01, 0.99, 99), repeats)
    left = np.tile(np.arange(repeats), 99) < np.round(repeats * judged)
    return _tests(left, judged, value)


def test_the_profit_is_that_of_the_leavers_by_value_that_the_tests_had():
    # w = .3 (V - 10) + 10: 37 at V = 100, 127 at V = 400; all with a risk of .5 are listed.
    worth = np.tile([100.0, 400.0], 50)
    left = np.zeros(100, dtype=bool)
    left[0:80:2], left[1:40:2] = True, True  # 40 of the cheap, 20 of the dear
    listed = contact_list(np.arange(100).astype(str), np.full(100, 0.5), worth, Campaign())
    found = campaign_profit(listed, Campaign(), _tests(left, 0.5, worth))
    observed, expected = 40 * 37 + 20 * 127, 0.5 * 50 * (37 + 127)
    half = 0.5 * (37**2 + 127**2) / (37 + 127)
    ratio = (observed + half) / (expected + half)
    assert found.profit.value == pytest.approx(ratio * expected - 100 * 11)
    assert found.listed == pytest.approx(expected - 100 * 11)
    [period] = found.periods.to_dict("records")
    assert period["observed_expected"] == pytest.approx(ratio)
    assert (period["listed"], period["left"]) == (100, 60)
    # Each leaves with q = .5 ratio: the sum y w has the variance q (1 - q) sum w^2.
    q = 0.5 * ratio
    error = np.sqrt(q * (1 - q) * 50 * (37**2 + 127**2)) / (ratio * (expected + half))
    assert period["log_error"] == pytest.approx(error)
    assert period["high"] == pytest.approx(ratio * np.exp(1.959964 * error))


def test_each_source_alone_has_its_own_interval():
    ids, risk, value = _customers(5)
    listed = contact_list(ids, risk, value, Campaign())
    found = campaign_profit(listed, Campaign(), _perfect(200.0))
    p, worth = listed["churn_probability"].to_numpy(), listed["value"].to_numpy()
    parts = found.parts.set_index("source")
    kept, costs = (p * (worth - 10)).sum(), (11 - 10 * p).sum()
    assert found.profit.value == pytest.approx(0.3 * kept - costs, rel=2e-4)
    success = Campaign().success_interval()
    # 10,000 draws know the ends to about 2 % of the interval.
    for end in ("low", "high"):
        expected = getattr(success, end) * kept - costs
        width = (success.high - success.low) * kept
        assert parts.loc["success rate", end] == pytest.approx(expected, abs=0.03 * width)
    rng = np.random.default_rng(6)
    left, accepts = rng.random((2, 2000, len(p))) < np.stack([p, np.full(len(p), 0.3)])[:, None]
    brought = np.where(left, accepts * (worth - 10), -10).sum(axis=1) - len(p)
    low, high = np.quantile(brought, [0.025, 0.975])
    # 2,000 campaigns know the ends to about 3 % of the interval.
    assert parts.loc["who leaves and accepts", "low"] == pytest.approx(low, abs=0.06 * (high - low))
    assert parts.loc["who leaves and accepts", "high"] == pytest.approx(
        high, abs=0.06 * (high - low)
    )
    assert parts.loc["calibration of the risks", "variance_share"] < 0.01
    assert parts.loc["all together", ["low", "high"]].tolist() == [
        found.profit.low,
        found.profit.high,
    ]
    assert parts["variance_share"].drop("all together").sum() == pytest.approx(1, abs=0.1)


def test_risks_that_are_too_extreme_are_drawn_back():
    ids, _, value = _customers(6)
    rng = np.random.default_rng(7)
    true = expit(rng.normal(-1, 1, 3000))
    listed = contact_list(ids, expit(1 + 2 * logit(true)), value, Campaign())
    judged = expit(rng.normal(-1, 1, 20_000))
    tests = _tests(
        rng.random(20_000) < judged, expit(1 + 2 * logit(judged)), rng.choice(value, 20_000)
    )
    found = campaign_profit(listed, Campaign(), tests)
    on_list = np.isin(ids, listed["customer_id"])
    truth = expected_profit(true, value, Campaign())[on_list].sum()
    # The list and the test differ by chance: the standard error of their ratio is about 2 %.
    assert found.profit.value == pytest.approx(truth, rel=0.05)
    assert found.listed > 1.15 * truth


def test_a_list_cut_short_is_judged_by_customers_as_profitable():
    rng = np.random.default_rng(8)
    risk = rng.uniform(0.2, 0.9, 4000)
    left = rng.random(4000) < np.where(risk > 0.7, 0.5 * risk, risk)
    ids = np.arange(4000).astype(str)
    cut = contact_list(ids, risk, 200, Campaign(), share=0.1)
    found = campaign_profit(cut, Campaign(), _tests(left, risk, 200.0))
    [period] = found.periods.to_dict("records")
    assert period["listed"] == 400
    assert period["low"] < 0.5 < period["high"] < 0.6


def test_the_coming_period_is_drawn_as_two_dimensional_integration_has_it():
    ratios, errors = np.array([0.7, 1.1, 1.0]), np.array([0.1, 0.08, 0.12])
    periods = pd.DataFrame({"observed_expected": ratios, "log_error": errors})
    middle, sampling, change = _log_ratio(periods, np.random.default_rng(1))
    mu, tau = np.meshgrid(np.linspace(-1.5, 1.5, 601), np.linspace(0, 1, 401))
    density = np.exp(-(tau**2) / 2 / TAU_SCALE**2)
    for x, error in zip(np.log(ratios), errors, strict=True):
        density *= norm.pdf(x, mu, np.hypot(tau, error))
    density /= density.sum()
    mean = (density * mu).sum()
    deviation = np.sqrt((density * (mu**2 + tau**2)).sum() - mean**2)
    assert middle == pytest.approx(mean, abs=1e-3)
    drawn = middle + sampling + change
    # 10,000 draws: standard errors of 1 % of the deviation, and about as much of itself.
    assert drawn.mean() == pytest.approx(mean, abs=0.03 * deviation)
    assert drawn.std() == pytest.approx(deviation, rel=0.04)
    assert sampling.std() == pytest.approx(1 / np.sqrt(np.sum(errors**-2)), rel=0.04)


@pytest.mark.parametrize("tests", [1, 3])
def test_the_interval_holds_the_coming_period_where_periods_change_as_believed(tests):
    rng = np.random.default_rng(20 + tests)
    held = []
    for _ in range(400):
        change = rng.normal(0, abs(rng.normal(0, TAU_SCALE)), tests + 1)
        seen = np.exp(change[:-1] + rng.normal(0, 0.1, tests))
        periods = pd.DataFrame({"observed_expected": seen, "log_error": 0.1})
        middle, sampling, moved = _log_ratio(periods, rng)
        low, high = np.quantile(middle + sampling + moved, [0.025, 0.975])
        held.append(low < change[-1] < high)
    # Monte Carlo error .011: three of it are allowed.
    assert np.mean(held) == pytest.approx(0.95, abs=0.033)


def test_periods_that_differ_widen_the_interval_and_are_named():
    ids, risk, value = _customers(9)
    listed = contact_list(ids, risk, value, Campaign(success_alpha=300, success_beta=700))
    alike, apart = [], []
    for name, factor in (("a", 1.0), ("b", 0.55), ("c", 1.3)):
        base = _perfect(200.0, repeats=100)
        again = base.assign(risk=np.minimum(base["risk"] / factor, 1))
        alike.append(base.assign(test=name))
        apart.append(again.assign(test=name))
    campaign = Campaign(success_alpha=300, success_beta=700)
    steady = campaign_profit(listed, campaign, pd.concat(alike))
    moving = campaign_profit(listed, campaign, pd.concat(apart))
    assert steady.periods["test"].tolist() == ["a", "b", "c"]
    assert moving.profit.high - moving.profit.low > 2 * (steady.profit.high - steady.profit.low)
    assert "from how leaving changes from period to period" in moving.sentence
    assert "like those tested" in moving.sentence
    assert "How much periods differ is assumed" not in moving.sentence
    single = campaign_profit(listed, campaign, alike[0])
    assert "like that tested" in single.sentence
    assert "How much periods differ is assumed" in single.sentence


def test_the_success_rate_is_an_assumption_and_so_is_told():
    # Beta(6, 14): its 2.5 % and 97.5 % points are .126 and .512 (scipy.stats.beta).
    listed = contact_list(np.arange(20).astype(str), np.full(20, 0.5), 100, Campaign())
    found = campaign_profit(listed, Campaign(), _tests([], [], []))
    # 20 (.5 (100 - 10) g - .5 * 10 - 1) = 0 at g = 6 / 45.
    assert found.break_even == pytest.approx(6 / 45)
    # 20 (.5 (100 - 10) .3 - .5 * 10 - 1) = 150.
    assert found.assumption.startswith(
        "If the offer keeps 30% of the leavers called (your guess: success_rate), 20 calls would "
        "bring about 150"
    )
    rule = "call all where its whole interval lies above 13% kept (break-even), stop where all of"
    assert f" The trial decides: {rule} it lies below" in found.assumption
    assert found.doubt.startswith("That the offer keeps 30% (13% to 51%) of the leavers called is")


def test_the_uncertainty_of_the_profit_is_told_by_source_the_largest_first():
    listed = contact_list(np.arange(400).astype(str), np.full(400, 0.5), 100, Campaign())
    found = campaign_profit(listed, Campaign(), _perfect(100.0, repeats=100))
    shares = found.parts.set_index("source")["variance_share"].drop("all together")
    told = found.rests_on
    assert f"{shares['success rate']:.0%} from the assumed success rate" in told
    assert told.index("assumed success rate") < told.index("the chance of who leaves")


def test_a_profit_that_may_be_a_loss_is_not_shown_to_pay():
    rng = np.random.default_rng(10)
    listed = contact_list(np.arange(20).astype(str), np.full(20, 0.25), 150, Campaign())
    tests = _tests(rng.random(500) < 0.25, 0.25, 150.0)
    found = campaign_profit(listed, Campaign(), tests)
    assert found.profit.low < 0
    # Half of what an interval of 95 % leaves out lies below it, and so below zero.
    assert 0.025 < found.loss_chance < 0.5 < found.profit.value
    assert "not shown to pay" in found.sentence
    assert found.profit.low >= -20 * 11


def test_what_all_leaving_and_accepting_would_bring_is_never_passed():
    listed = contact_list(np.arange(12).astype(str), np.full(12, 0.95), 100, Campaign())
    found = campaign_profit(listed, Campaign(), _tests([True] * 30, 0.5, 300.0))
    assert found.profit.value == pytest.approx(12 * (0.3 * 90 - 1))
    assert found.profit.high <= 12 * (90 - 1)


def test_without_such_customers_in_the_tests_the_risks_are_taken_as_they_are():
    ids, risk, value = _customers(11)
    listed = contact_list(ids, risk, value, Campaign())
    found = campaign_profit(listed, Campaign(), _tests([True, False] * 50, 0.01, 50.0))
    assert found.profit.value == pytest.approx(found.listed)
    assert "risks as they are" in found.profit.method
    assert "Too few such customers" in found.sentence
    nothing = campaign_profit(listed, Campaign(), _tests([], [], []))
    assert nothing.profit == found.profit


def test_nobody_on_the_list_earns_nothing():
    tests = _tests([True, False], [0.3, 0.2], 200.0)
    listed = contact_list(["a"], [0.01], 200, Campaign())
    found = campaign_profit(listed, Campaign(), tests)
    assert (found.profit.value, found.profit.low, len(found.parts)) == (0, None, 0)
    assert "contact nobody, as at these costs no contact pays" in found.sentence
    held = contact_list(["a"], [0.9], 200, Campaign()).assign(group="hold out")
    assert "held out" in campaign_profit(held, Campaign(), tests).sentence


def test_tests_without_an_outcome_or_value_are_an_error():
    listed = contact_list(["a"], [0.9], 200, Campaign())
    with pytest.raises(ValueError, match="outcome"):
        campaign_profit(listed, Campaign(), _tests([True, False], 0.5, [np.nan, 200]))


def test_a_rule_earned_what_its_leavers_and_stayers_brought():
    # Called: those with .5 (expected 22.5) and .9; .01 is not. Leavers earn 56, stayers -11.
    risk = np.repeat([0.5, 0.9, 0.01], [6, 4, 10])
    left = np.repeat([True, False, True, False, True, False], [2, 4, 3, 1, 1, 9])
    found = rule_profit(left, risk, 200, Campaign())
    assert (found.contacted, found.judged) == (10, 20)
    earned = np.concatenate([np.where(left[:10], 56.0, -11.0), np.zeros(10)])
    assert found.profit_per_1000.value == pytest.approx(1000 * (5 * 56 - 5 * 11) / 20)
    margin = t.ppf(0.975, 19) * 1000 * earned.std(ddof=1) / np.sqrt(20)
    assert found.profit_per_1000.low == pytest.approx(found.profit_per_1000.value - margin)
    assert found.captured.value == pytest.approx(5 / 6)
    assert found.precision.value == 0.5
    # Wilson's interval of 5 in 10, as in the literature (Newcombe 1998 has its formula).
    assert (found.precision.low, found.precision.high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert "10 of 20 customers judged would have been called" in found.sentence
    assert "83%" in found.sentence
    best = rule_profit(left, risk, 200, Campaign(), least_profit=30)
    assert best.contacted == 4


def test_a_rule_that_calls_nobody_earned_nothing():
    found = rule_profit([True, False, False], [0.01, 0.02, 0.01], 200, Campaign())
    assert (found.contacted, found.profit_per_1000.value, found.precision.value) == (0, 0, None)
    assert "none of 3" in found.sentence
    nobody_left = rule_profit([False] * 3, [0.5, 0.02, 0.01], 200, Campaign())
    assert nobody_left.captured.value is None
    assert "of all who left" not in nobody_left.sentence
    with pytest.raises(ValueError, match="outcome"):
        rule_profit([True, np.nan], [0.5, 0.5], 200, Campaign())


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (50.0, 10.0, 90.0, "should pay and bring 50 (95 % interval 10 to 90): call them and leave"),
        (
            50.0,
            -7.0,
            90.0,
            "Not shown to pay yet. Do not call the whole list of 4,000 yet: first call",
        ),
        (-5.0, -9.0, 2.0, "is not expected to pay: it should bring -5 (95 % interval -9 to 2)."),
    ],
)
def test_the_advice_follows_the_interval(value, low, high, told):
    profit = Estimate(value, low, high, 0.95, 20, "by hand")
    success = Campaign().success_interval()
    tables = pd.DataFrame(), pd.DataFrame()
    found = CampaignProfit(profit, value, success, 0.2, *tables, "", "", loss_chance=0.125)
    held, none_held = (
        plan_experiment(np.full(4000, 0.3), Campaign(), holdout_share=one) for one in (0.1, 0.0)
    )
    assert told in found.advice(held)
    assert ("leave 400 alone" in found.advice(held)) == (low > 0)
    assert ("alone" in found.advice(none_held)) == found.is_trial_advised
    # 12.5 %, of which a two-sided interval of 95 % leaves 2.5 % on that side.
    loss = "; by these guesses the chance of losing money is 12%, and at most 2.5% would count as"
    assert (loss in found.assumption) == (low < 0)
