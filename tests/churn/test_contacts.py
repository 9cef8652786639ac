import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from cxlib.churn.contacts import campaign_profit, contact_list, contacts_sentence
from cxlib.churn.profit import Campaign, expected_profit
from cxlib.inference import ParameterError


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
    assert contacts_sentence(listed, 2).startswith("1 of 2 customers (50%)")
    assert contacts_sentence(listed.head(0), 2).startswith("None of 2")


def test_a_share_of_nothing_and_a_missing_risk_are_errors():
    with pytest.raises(ParameterError, match="share"):
        contact_list(["a"], [0.5], 200, Campaign(), share=0)
    with pytest.raises(ValueError, match="risk"):
        contact_list(["a"], [np.nan], 200, Campaign())


def test_with_well_known_risks_the_interval_is_that_of_the_success_rate():
    ids, risk, value = _customers(5)
    listed = contact_list(ids, risk, value, Campaign())
    judged = np.repeat(np.linspace(0.01, 0.99, 99), 4000)
    churned = np.tile(np.arange(4000), 99) < np.round(4000 * judged)
    found = campaign_profit(listed, Campaign(), churned=churned, risk=judged)
    kept = (listed["churn_probability"] * (listed["value"] - 10)).sum()
    costs = (11 - 10 * listed["churn_probability"]).sum()
    assert found.profit.value == pytest.approx(0.3 * kept - costs, rel=1e-4)
    assert found.listed == pytest.approx(0.3 * kept - costs)
    success = Campaign().success_interval()
    # 4,000 draws know the ends to about 3 % of the interval.
    width = (success.high - success.low) * kept
    assert found.profit.low == pytest.approx(success.low * kept - costs, abs=0.04 * width)
    assert found.profit.high == pytest.approx(success.high * kept - costs, abs=0.04 * width)
    share = found.parts.set_index("source")["variance_share"]
    assert share["success rate"] == pytest.approx(1, abs=0.01)
    assert share["calibration of the risks"] < 0.01
    assert "Nearly all of the variance" in found.sentence


def test_risks_that_are_too_extreme_are_drawn_back():
    ids, _, value = _customers(6)
    rng = np.random.default_rng(7)
    true = expit(rng.normal(-1, 1, 3000))
    claimed = expit(0.4 + 2 * logit(true))
    listed = contact_list(ids, claimed, value, Campaign())
    judged = expit(rng.normal(-1, 1, 20_000))
    churned = rng.random(20_000) < judged
    found = campaign_profit(
        listed, Campaign(), churned=churned, risk=expit(0.4 + 2 * logit(judged))
    )
    on_list = np.isin(ids, listed["customer_id"])
    truth = expected_profit(true, value, Campaign())[on_list].sum()
    calibration = found.parts.set_index("source").loc["calibration of the risks"]
    assert calibration["low"] < truth < calibration["high"]
    assert found.listed > calibration["high"]


def test_many_customers_taken_together_give_the_sum_over_each():
    ids, risk, value = _customers(8)
    rng = np.random.default_rng(9)
    churned = rng.random(3000) < risk
    listed = contact_list(ids, risk, value, Campaign(), holdout_share=0.1)
    found = campaign_profit(listed, Campaign(), churned=churned, risk=risk)
    # Any calibration line does: the interval's middle is at the fitted one, by scikit-learn here.
    fit = LogisticRegression(C=np.inf, tol=1e-10).fit(logit(risk)[:, None], churned)
    called = listed[listed["group"] == "contact"]
    p = fit.predict_proba(logit(called["churn_probability"].to_numpy())[:, None])[:, 1]
    expected = expected_profit(p, called["value"], Campaign()).sum()
    assert found.profit.value == pytest.approx(expected, rel=1e-4)
    assert found.profit.n == len(called)


def test_without_calibration_the_risks_are_taken_as_they_are():
    ids, risk, value = _customers(10)
    listed = contact_list(ids, risk, value, Campaign())
    found = campaign_profit(listed, Campaign(), churned=[True, False] * 5, risk=[0.3] * 10)
    assert found.profit.value == pytest.approx(found.listed, rel=1e-4)
    assert "could not be calibrated" in found.profit.method


def test_nobody_on_the_list_earns_nothing():
    listed = contact_list(["a"], [0.01], 200, Campaign())
    found = campaign_profit(listed, Campaign(), churned=[True, False], risk=[0.3, 0.2])
    assert (found.profit.value, found.profit.low, len(found.parts)) == (0, None, 0)
