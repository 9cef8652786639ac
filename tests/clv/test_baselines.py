import numpy as np
import pandas as pd
import pytest

from cxlib.clv.baselines import RECENCY_RULE, SAME_RATE, RecencyRule, baseline_forecasts


def silent(purchases: list[float]) -> pd.DataFrame:
    """Buyers of one purchase in 40 weeks, silent for 1, 10 and 30 weeks, and what they buy."""
    recency = np.array([79.0, 70.0, 50.0])
    known = {"frequency": 2, "recency_weeks": recency, "T_weeks": 80.0, "previous": 1}
    each = pd.DataFrame(known | {"purchases": purchases, "customers": 60})
    few = each.assign(purchases=4 * each["purchases"], customers=20)
    return pd.concat([few, each.assign(purchases=0)])


def test_the_silence_is_that_of_the_least_squared_error_where_few_buy_again():
    # A quarter of each buys at all: "will buy again" is never right more often than wrong. At rates
    # of 1 the squared error, but for what is common, is 80 f (f k - 2 m) with k groups kept whose
    # means add up to m, f = 1.7 / k of them: 14, -88 and -77.
    rule = RecencyRule.learnt(silent([0.8, 0.7, 0.2]), 40)
    assert rule == pytest.approx((10, 0.85))
    assert str(rule) == (
        "The recency rule takes those silent for more than 10 weeks as gone and expects 0.85 times "
        "the rate so far of the others."
    )


def test_nobody_is_taken_as_gone_where_all_go_on():
    customers = silent([0.8, 0.7, 0.6])
    rule = RecencyRule.learnt(customers, 40)
    assert rule == pytest.approx((np.inf, 0.7))
    assert str(rule) == (
        "The recency rule takes nobody as gone and expects 0.70 times the rate so far."
    )
    forecasts = baseline_forecasts(customers, 40, rule)
    assert forecasts[RECENCY_RULE] == pytest.approx(0.7 * forecasts[SAME_RATE])
    assert RECENCY_RULE not in baseline_forecasts(customers, 40, None)


def test_without_repeat_buyers_there_is_nothing_to_learn():
    customers = silent([0.8, 0.7, 0.6]).assign(frequency=0, recency_weeks=0.0)
    assert RecencyRule.learnt(customers, 40) == (np.inf, 1)
