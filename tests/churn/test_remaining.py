import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from cxlib import churn
from cxlib.churn.remaining import kept_months
from cxlib.inference import ParameterError


def watched(duration, left, entry=None):
    duration = np.asarray(duration, dtype=float)
    entry = np.zeros_like(duration) if entry is None else np.asarray(entry, dtype=float)
    none = pd.Categorical(np.full(len(duration), ""))
    return churn.Lifetimes(entry, duration, np.asarray(left, dtype=bool), none, "", "")


def constant_rate(staying=0.9, n=1000, months=3):
    """Of n customers the same share leaves at the end of each month."""
    there = n * staying ** np.arange(months + 1)
    gone = np.round(-np.diff(there)).astype(int)
    rest = n - gone.sum()
    duration = np.repeat(np.r_[np.arange(1, months + 1), months], np.r_[gone, rest])
    return watched(duration, np.arange(n) < gone.sum())


def test_months_within_what_was_watched_by_hand():
    found = churn.remaining_months(constant_rate(), [0, 1], within_months=2)
    # A month begun is stayed: 1 + .9 of the next two.
    assert found.months["months"].tolist() == pytest.approx([1.9, 1.9])
    assert found.months["beyond_rate"].tolist() == [0, 0]
    assert found.months["n"].tolist() == [1000, 1000]


def test_discounting_by_hand():
    found = churn.remaining_months(
        constant_rate(), [0], within_months=2, monthly_discount_rate=0.01
    )
    month = (1 - 1 / 1.01) / np.log(1.01)
    row = found.months.iloc[0]
    assert row["months"] == pytest.approx(month + 0.9 / 1.01 * month)


def test_beyond_what_was_watched_the_rate_is_carried_on():
    found = churn.remaining_months(constant_rate(), [3, 50], within_months=24).months
    rate = -np.log(0.9)
    assert found["months"].tolist() == pytest.approx([(1 - 0.9**24) / rate] * 2)
    assert found["beyond_rate"].tolist() == pytest.approx([1, 1])
    half = churn.remaining_months(constant_rate(), [2], within_months=3).months.iloc[0]
    assert half["months"] == pytest.approx(1 + 0.9 * (1 - 0.9**2) / rate)


def test_error_within_is_that_of_a_proportion():
    found = churn.remaining_months(constant_rate(), [0], within_months=2).months.iloc[0]
    error = np.sqrt(0.9 * 0.1 / 1000)
    width = (logit(found["months_high"] / 2) - logit(found["months_low"] / 2)) / 2
    share = 1.9 / 2
    assert width * 2 * share * (1 - share) / 1.959963984540054 == pytest.approx(error)


def test_errors_are_those_of_the_bootstrap():
    rng = np.random.default_rng(4)
    n, tenure = 400, np.array([0.0, 12, 24, 35, 50])
    time, censored = np.ceil(rng.weibull(0.7, n) * 20), np.ceil(rng.uniform(5, 40, n))
    duration, left = np.minimum(time, censored), time <= censored
    options = {"within_months": 18, "monthly_discount_rate": 0.01}
    found = churn.remaining_months(watched(duration, left), tenure, **options).months
    # A draw is a group with a curve of its own; its first customers have the tenures asked for.
    draws = 150
    rows = rng.integers(0, n, draws * n)
    asked = np.tile(np.r_[tenure, np.zeros(n - len(tenure))], draws)
    again = churn.remaining_months(
        watched(duration[rows], left[rows]),
        asked,
        pd.Series(np.repeat(range(draws), n).astype(str)),
        **options,
    ).months["months"]
    spread = again.to_numpy().reshape(draws, n)[:, : len(tenure)].std(axis=0)
    most = (1 - 1.01**-18) / np.log(1.01)
    share = found["months"] / most
    width = logit(found["months_high"] / most) - logit(found["months_low"] / most)
    error = width / 2 / 1.959963984540054 * most * share * (1 - share)
    # 150 draws give a spread to some 6 %; past the reach the statistic is not linear.
    assert error.to_numpy() == pytest.approx(spread, rel=0.2)


def test_groups_have_their_own_curves_and_a_tiny_one_that_of_all():
    duration = np.r_[np.ones(50), np.full(50, 10), np.ones(3)]
    left = np.r_[np.arange(50) < 25, np.zeros(53)]
    groups = pd.Series(np.repeat(["a", "b", "c"], [50, 50, 3]))
    found = churn.remaining_months(
        watched(duration, left), np.zeros(103), groups, within_months=2
    ).months
    assert len(found) == 103
    assert found["group"].iloc[[0, 60, 102]].tolist() == ["a", "b", "all customers"]
    assert found["months"].iloc[0] == pytest.approx(1 + 0.5 * (1 - 0.5) / np.log(2))
    assert found["months"].iloc[60] == pytest.approx(2)
    assert np.isnan(found["months_low"].iloc[60])
    assert found["months"].iloc[102] == pytest.approx(1 + (1 - 25 / 103))


def test_an_early_time_at_which_all_few_left_does_not_end_the_curve():
    entry = np.r_[0, np.ones(99)]
    duration = np.r_[1, np.full(99, 3)]
    own = watched(duration, np.arange(100) < 11, entry)  # 1 at month 1, 10 of 99 at month 3
    found = churn.remaining_months(own, [2.0], within_months=1.5).months
    assert found["months"][0] > 1


def test_reasons_and_wrong_parameters(telco):
    none = churn.remaining_months(churn.lifetimes(telco), telco["tenure_months"], within_months=12)
    assert "declare leavers" in none.reason
    assert none.months["months"].isna().all()
    assert len(none.months) == len(telco)
    for wrong in ({"within_months": 0}, {"within_months": 12, "monthly_discount_rate": -0.1}):
        with pytest.raises(ParameterError, match=list(wrong)[-1]):
            churn.remaining_months(constant_rate(), [0], **wrong)


def kept(lives, tenure, risk, **terms):
    options = {"within_months": 12, "horizon_months": 1} | terms
    return kept_months(lives, np.full(len(risk), tenure, dtype=float), risk, **options)


def tenths(leaving, months=40):
    """Of each ten customers of a tenure so many leave in their last month, the one watched."""
    frame = pd.DataFrame({"tenure_months": np.repeat(np.arange(1, months + 1), 10)})
    frame["churned"] = np.tile(np.arange(10) < leaving, months)
    return churn.lifetimes(frame, leavers="last month")


@pytest.mark.parametrize("leaving", [1, 4])
def test_geometric_lives_of_the_own_risk_whatever_that_of_all(leaving):
    risk = np.array([0, 0.05, 0.3, 0.6])
    v = 1 / 1.01
    # v (1 + q v + ... + (q v)^10) months of a discounted length, each stayed with q = 1 - risk.
    month, q = (1 - v) / -np.log(v), 1 - risk
    by_hand = v * month * (1 - (q * v) ** 11) / (1 - q * v)
    found = kept(tenths(leaving), 5, risk, monthly_discount_rate=0.01)
    assert found == pytest.approx(by_hand, rel=1e-9)


def test_past_what_was_watched_the_own_rate_is_carried_on():
    # Two months of steps (to month 3), then the rate q without steps.
    q = np.array([0.7, 0.97])
    after = (1 - q**9) / -np.log(q)
    found = kept(tenths(1, months=3), 0, 1 - q)
    assert found == pytest.approx(1 + q + q**2 * after, rel=1e-9)
    alone = (1 - q**10) / -np.log(q)
    far = kept(constant_rate(), 50, 1 - q**2, horizon_months=2)
    assert far == pytest.approx(alone, rel=1e-12)
    assert kept(NO_LIVES, 50.5, 1 - q**2, horizon_months=2) == pytest.approx(alone, rel=1e-12)


def test_without_lifetimes_a_month_begun_is_stayed_and_the_last_may_be_short():
    # Kept over 1.5 of 4 months: a whole month, then q of one, q^2 of half a month, q^1.5 = .2.
    q = 0.2 ** (1 / 1.5)
    found = kept(NO_LIVES, 3, [0.8], within_months=4, horizon_months=1.5)
    assert found == pytest.approx(1 + q + q**2 / 2)


NO_LIVES = churn.lifetimes(pd.DataFrame({"tenure_months": [1.0], "churned": [True]}))


def test_the_risk_of_the_curve_wins_what_remains_of_the_curve():
    rng = np.random.default_rng(5)
    time, censored = np.ceil(rng.weibull(0.7, 500) * 20), np.ceil(rng.uniform(5, 40, 500))
    lives = watched(np.minimum(time, censored), time <= censored)
    curve = churn.kaplan_meier(lives).curve().set_index("months")["survival"]
    options = {"monthly_discount_rate": 0.01}
    for t in (0, 3, 20, 34):
        after = churn.remaining_months(lives, [t + 2.0], within_months=10, **options).months
        risk = 1 - curve.loc[: t + 2].iloc[-1] / curve.loc[:t].iloc[-1]
        found = kept(lives, t, [risk], horizon_months=2, **options)
        assert found == pytest.approx(after["months"] * 1.01**-2, rel=1e-9)


def test_months_won_fall_with_the_own_risk_from_all_to_none():
    found = kept(tenths(1), 5, np.r_[0, np.linspace(0.001, 0.999, 200), 1])
    assert found[0] == pytest.approx(11)
    assert (np.diff(found) < 0).all()
    # A month begun is stayed, also by one who is sure to leave.
    assert found[-1] == pytest.approx(1)
    assert kept(NO_LIVES, 0.5, [0, 1]) == pytest.approx([11, 0], abs=0.05)


def test_where_the_usual_rate_tells_nothing_the_own_one_is_constant():
    # Of 10,000 one leaves in month 2, a hundred in month 5, none in any other.
    duration = np.r_[2, np.full(100, 5), np.full(9899, 20)]
    lives = watched(duration, duration < 20)
    # At tenure 0 nobody left, at 1 the ratio would be 7,000: one of two leaves each month.
    won = (1 - 0.5**11) / 0.5
    assert kept(lives, 0, [0.5]) == pytest.approx(won)
    assert kept(lives, 1, [0.5]) == pytest.approx(won)
    # Exact dates have no ends of months.
    assert kept(lives, 0.5, [0.5], horizon_months=1) == pytest.approx((1 - 0.5**11) / np.log(2))
    # Up to 20 times the usual rate the curve counts: at 4 the hundred leave.
    usual = -np.log(1 - 100 / 9999)
    inside, outside = kept(lives, 4, -np.expm1(np.array([-19.9, -20.1]) * usual))
    assert inside == pytest.approx(11)
    q = (1 - 100 / 9999) ** 20.1
    assert outside == pytest.approx((1 - q**11) / (1 - q))


def test_months_won_are_the_same_however_customers_are_ordered_or_many():
    rng = np.random.default_rng(6)
    tenure, risk = rng.integers(0, 5, 70_000).astype(float), rng.random(70_000)
    lives = constant_rate(n=10**4, months=4)
    options = {"within_months": 12, "horizon_months": 1}
    found = kept_months(lives, tenure, risk, **options)
    some = rng.integers(0, 70_000, 20)
    one_by_one = [kept_months(lives, tenure[[i]], risk[[i]], **options)[0] for i in some]
    assert found[some] == pytest.approx(one_by_one, rel=1e-12)


def test_a_missing_tenure_wins_a_missing_number_and_a_wrong_risk_is_named():
    found = kept_months(
        constant_rate(), [np.nan, 0], [0.1, 0.1], within_months=12, horizon_months=1
    )
    assert np.isnan(found).tolist() == [True, False]
    for wrong in (-0.1, 1.1, np.nan):
        with pytest.raises(ParameterError, match="risk"):
            kept(constant_rate(), 0, [wrong])
    for terms in ({"within_months": 1}, {"horizon_months": 0}):
        with pytest.raises(ParameterError, match="within_months"):
            kept(constant_rate(), 0, [0.1], **terms)
