"""Money forecast at a past date against what was received."""

import numpy as np
import pytest

from cxlib import simulate
from cxlib.clv import BetaGeoNBD, money_check

TRUTH = (0.5, 4.0, 0.8, 2.5)


@pytest.fixture(scope="module")
def base():
    """1,500 customers of BG/NBD watched for 40 weeks and 20 more, amounts Gamma-Gamma."""
    rng = np.random.default_rng(12)
    T = rng.integers(140, 280, size=1500) / 7
    customer, week = simulate.purchase_times("after a repeat purchase", TRUTH, T + 20, rng)
    known = week <= T[customer]
    histories = simulate.purchase_histories(customer[known], week[known], T)
    nu = rng.gamma(4.0, size=len(T)) / 30.0
    amount = rng.gamma(3.0, size=len(week)) / nu[customer]
    days = np.bincount(customer[known], minlength=len(T))
    spent = np.bincount(customer[known], amount[known], minlength=len(T))
    customers = histories.assign(
        recency_days=np.ceil(7 * histories["recency_weeks"]),
        T_days=np.rint(7 * T),
        spend_days=days,
        mean_spend=np.where(days > 0, spent / np.maximum(days, 1), np.nan),
        spent=spent,
        spent_squared=spent**2,
        customers=1,
    )
    return customers, float(amount[~known].sum())


def checked(base, actual, rows=None):
    customers = base[0].head(rows or len(base[0]))
    return money_check(
        BetaGeoNBD.fit(customers),
        customers[customers["spend_days"] > 0],
        customers,
        actual,
        20.0,
        draws=100,
        rng=np.random.default_rng(1),
    )


def test_money_of_the_right_model_comes_true(base):
    found = checked(base, base[1])
    assert found.passed
    assert found.verdict.startswith("In money the newest forecast held: in its 20 test weeks")
    assert found.predicted.value == pytest.approx(base[1], rel=0.25)


def test_money_that_did_not_come_is_said(base):
    found = checked(base, 2 * base[1])
    assert not found.passed
    assert "FAILED" in found.verdict


def test_an_interval_that_holds_nearly_everything_is_no_check(base):
    usual = checked(base, base[1], rows=60)
    spread = (usual.predicted.high - usual.predicted.low) / usual.predicted.value
    assert spread > 1
    assert checked(base, usual.predicted.value, rows=60).passed is None
    assert checked(base, 3 * usual.predicted.high, rows=60).passed is False
    assert "is not settled" in checked(base, usual.predicted.value, rows=60).verdict


def test_too_few_spenders_allow_no_check(base):
    customers, received = base
    few = customers[customers["spend_days"] > 0].head(5)
    fit = BetaGeoNBD.fit(customers)
    rng = np.random.default_rng(1)
    found = money_check(fit, few, customers, received, 20.0, draws=50, rng=rng)
    assert found.passed is None
    assert found.verdict.startswith("The money could not be checked.")
