import numpy as np
import pytest

from cxlib.churn.gains import cumulated_gains
from cxlib.inference import ParameterError


def test_gains_of_four_customers_by_hand():
    gains = cumulated_gains([5.0, -1.0, 3.0, -3.0], [0.9, 0.2, 0.7, 0.1], [0, 0.25, 0.5, 1])
    assert gains.customers.tolist() == [0, 1, 2, 4]
    assert gains.gain == pytest.approx([0, 5 / 4, 8 / 4, 4 / 4])


def test_customers_of_equal_score_are_taken_together_whatever_their_order():
    amount, score = np.array([4.0, 0.0, 2.0, 1.0]), np.array([1.0, 1.0, 1.0, 0.0])
    for order in ([0, 1, 2, 3], [2, 1, 3, 0]):
        gains = cumulated_gains(amount[order], score[order], [0.25])
        assert gains.customers.tolist() == [3]
        assert gains.gain == pytest.approx([6 / 4])


def test_error_of_taking_all_is_that_of_a_mean():
    x = np.random.default_rng(1).gamma(2, 1, 500)
    gains = cumulated_gains(x, x, [0, 1])
    assert gains.error == pytest.approx([0, x.std() / np.sqrt(500)])


def test_covariance_is_that_of_the_influence_functions():
    rng = np.random.default_rng(2)
    n = 900
    score = rng.random(n)
    x = rng.normal(score, 1)
    gains = cumulated_gains(x, score, [0.2, 0.6])
    order = np.argsort(-score)
    influence = []
    for k in (180, 540):
        taken = np.zeros(n)
        taken[order[:k]] = 1
        at_cut = x[order[k - 30 : k + 30]].mean()
        influence.append(taken * x - at_cut * (taken - k / n))
    assert gains.covariance == pytest.approx(np.cov(influence, bias=True) / n)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_within_0_and_1(share):
    with pytest.raises(ParameterError, match="shares"):
        cumulated_gains([1.0, 2.0], [1.0, 2.0], [share])


def test_a_missing_amount_is_an_error():
    with pytest.raises(ValueError, match="known"):
        cumulated_gains([1.0, np.nan], [1.0, 2.0], [0.5])
