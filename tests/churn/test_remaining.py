import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from cxlib import churn
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
    found = churn.remaining_months(constant_rate(), [0, 1], within_months=2, horizon_months=1)
    # A month begun is stayed: 1 + .9 of the next two; saved: .9 is not lost, the second is stayed.
    assert found.months["months"].tolist() == pytest.approx([1.9, 1.9])
    assert found.months["saved_months"].tolist() == pytest.approx([1, 1])
    assert found.months["beyond_rate"].tolist() == [0, 0]
    assert found.months["n"].tolist() == [1000, 1000]


def test_discounting_by_hand():
    found = churn.remaining_months(
        constant_rate(), [0], within_months=2, horizon_months=1, monthly_discount_rate=0.01
    )
    month = (1 - 1 / 1.01) / np.log(1.01)
    row = found.months.iloc[0]
    assert row["months"] == pytest.approx(month + 0.9 / 1.01 * month)
    assert row["saved_months"] == pytest.approx(month / 1.01)


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
    options = {"within_months": 18, "horizon_months": 3, "monthly_discount_rate": 0.01}
    found = churn.remaining_months(watched(duration, left), tenure, **options).months
    # A draw is a group with a curve of its own; its first customers have the tenures asked for.
    draws = 150
    rows = rng.integers(0, n, draws * n)
    asked = np.tile(np.r_[tenure, np.zeros(n - len(tenure))], draws)
    again = (
        churn.remaining_months(
            watched(duration[rows], left[rows]),
            asked,
            pd.Series(np.repeat(range(draws), n).astype(str)),
            **options,
        )
        .months[["months", "saved_months"]]
        .to_numpy()
    )
    drawn = again.reshape(draws, n, 2)[:, : len(tenure)]
    spread = drawn.std(axis=0)
    discounted = [(1 - 1.01**-18), (1.01**-3 - 1.01**-18)] / np.log(1.01)
    for column, name in enumerate(("months", "saved")):
        share = found[["months", "saved_months"]].to_numpy()[:, column] / discounted[column]
        width = logit(found[f"{name}_high"] / discounted[column])
        width = (width - logit(found[f"{name}_low"] / discounted[column])) / 2 / 1.959963984540054
        error = width * discounted[column] * share * (1 - share)
        # 150 draws give a spread to some 6 %; past the reach the statistic is not linear.
        assert error.to_numpy() == pytest.approx(spread[:, column], rel=0.2)


def test_groups_have_their_own_curves_and_a_tiny_one_that_of_all():
    duration = np.r_[np.ones(50), np.full(50, 10), np.ones(3)]
    left = np.r_[np.arange(50) < 25, np.zeros(53)]
    groups = pd.Series(np.repeat(["a", "b", "c"], [50, 50, 3]))
    found = churn.remaining_months(
        watched(duration, left), np.zeros(103), groups, within_months=2, horizon_months=1
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
    found = churn.remaining_months(own, [2.0], within_months=1.5, horizon_months=1).months
    assert found["months"][0] > 1


def test_reasons_and_wrong_parameters(telco):
    none = churn.remaining_months(churn.lifetimes(telco), telco["tenure_months"], within_months=12)
    assert "declare leavers" in none.reason
    assert none.months["months"].isna().all()
    assert len(none.months) == len(telco)
    for wrong in ({"within_months": 1}, {"within_months": 12, "monthly_discount_rate": -0.1}):
        with pytest.raises(ParameterError, match=list(wrong)[-1]):
            churn.remaining_months(constant_rate(), [0], **wrong)
