import numpy as np
import pytest
from scipy.stats import beta

from cxlib.churn.profit import (
    Campaign,
    break_even_risk,
    break_even_success,
    expected_profit,
    profit_curve,
    sensitivity,
)
from cxlib.inference import ParameterError


def _sample(seed, n=2000):
    rng = np.random.default_rng(seed)
    risk = rng.beta(1, 3, n)
    return rng.random(n) < risk, risk


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("offer_cost", -1),
        ("contact_cost", np.nan),
        ("success_alpha", 0),
        ("success_beta", np.inf),
    ],
)
def test_a_campaign_names_what_cannot_be(name, value):
    with pytest.raises(ParameterError, match=name):
        Campaign(**{name: value})


def test_success_interval_is_that_of_the_beta_distribution():
    found = Campaign().success_interval(0.9)
    assert found.value == pytest.approx(0.3)
    assert (found.low, found.high) == pytest.approx(beta(6, 14).interval(0.9))


def test_a_success_rate_is_exchanged_without_loss_of_belief():
    case = Campaign().with_success_rate(0.1)
    assert (case.success_rate, case.success_alpha + case.success_beta) == pytest.approx((0.1, 20))
    with pytest.raises(ParameterError, match="success_rate"):
        Campaign().with_success_rate(1)


def test_expected_profit_by_hand():
    # A leaver .3 x 190 - 1, a stayer -(10 + 1), one in four of leaving .25 x 56 - .75 x 11.
    found = expected_profit([1, 0, 0.25], 200, Campaign())
    assert found == pytest.approx([56, -11, 5.75])


def test_at_the_break_even_a_contact_earns_nothing():
    campaign = Campaign(offer_cost=20, contact_cost=2)
    risk = break_even_risk(150, campaign)
    assert expected_profit(risk.value, 150, campaign) == pytest.approx(0)
    least = campaign.with_success_rate(beta(6, 14).ppf(0.025))
    assert expected_profit(risk.high, 150, least) == pytest.approx(0)


def test_break_even_risk_with_the_default_costs():
    assert break_even_risk(200, Campaign()).value == pytest.approx(11 / 67)


def test_no_risk_is_high_enough_for_a_customer_worth_less_than_the_offer():
    found = break_even_risk(9, Campaign())
    assert (found.value, found.method) == (None, "at this value no contact pays")


def test_contacting_all_earns_the_mean_and_nobody_nothing():
    churned, risk = _sample(1)
    table = profit_curve(churned, risk).table.set_index("share")
    mean = expected_profit(churned, 200, Campaign()).mean()
    assert table.loc[1.0, "profit_per_1000"] == pytest.approx(1000 * mean)
    assert table.loc[0.0, ["profit_per_1000", "profit_per_1000_high"]].tolist() == [0, 0]
    assert table.loc[1.0, "customers"] == 2000


def test_perfect_ranking_peaks_where_the_leavers_end():
    churned = np.repeat([True, False], [300, 700])
    curve = profit_curve(churned, churned.astype(float), shares=np.linspace(0, 1, 11))
    assert curve.best_share.value == pytest.approx(0.3)
    assert curve.best_profit.value == pytest.approx(300 * 56)


def test_the_shares_among_the_best_hold_the_true_one():
    # Risk falls evenly from .4 to 0 over the shares: it passes 11/67 at 1 - 11/67/.4 = .5896.
    rng = np.random.default_rng(2)
    true, held, width = 0.5896, 0, []
    for k in range(40):
        risk = 0.4 * rng.random(3000)
        churned = rng.random(3000) < risk
        best = profit_curve(churned, risk, shares=np.linspace(0, 1, 41), seed=k).best_share
        held += best.low <= true <= best.high
        width.append(best.high - best.low)
    # Monte Carlo error 1.4 of 40; expected are 38 or more.
    assert held >= 36
    assert np.mean(width) < 0.6


def test_a_worthless_campaign_contacts_nobody_and_says_so():
    churned, risk = _sample(3)
    curve = profit_curve(churned, risk, value=15, campaign=Campaign(contact_cost=5))
    assert (curve.best_share.value, curve.best_profit.value) == (0, 0)
    assert curve.sentence.startswith("Contacting nobody")


def test_break_even_success_rate_makes_the_profit_of_the_share_zero():
    churned, risk = _sample(4)
    rate = break_even_success(churned, risk, 0.3)
    assert rate.low < rate.value < rate.high
    case = Campaign().with_success_rate(rate.value)
    table = profit_curve(churned, risk, campaign=case, shares=[0.3]).table
    assert table["profit_per_1000"].tolist() == pytest.approx([0, 0], abs=1e-9)
    assert break_even_success(churned, risk, 0).value is None


def test_sensitivity_earns_more_with_more_success_and_less_with_dearer_offers():
    churned, risk = _sample(5)
    found = sensitivity(churned, risk, offer_costs=[5, 20], success_rates=[0.1, 0.3])
    profit = found.pivot_table(index="offer_cost", columns="success_rate", values="profit_per_1000")
    assert (profit[0.3] > profit[0.1]).all()
    assert (profit.loc[5] > profit.loc[20]).all()
    same = profit_curve(churned, risk, campaign=Campaign(offer_cost=5))
    row = found[(found["offer_cost"] == 5) & (found["success_rate"] == 0.3)].iloc[0]
    assert row["profit_per_1000"] == pytest.approx(same.best_profit.value)
    assert row["n"] == 2000
