import numpy as np
import pytest

from cxlib.clv.futures import Exact, LogLinear, group_sums, sampled_customers


def test_sums_by_code():
    rows = np.array([[1.0, 2.0, 4.0], [10.0, 20.0, 40.0]])
    assert group_sums(rows, np.array([2, 0, 2]), 3).tolist() == [[2, 0, 5], [20, 0, 50]]


def test_parts_are_exact_where_all_groups_move_alike():
    # Both groups go with exp(.1 z): so does their sum, as the delta method has it.
    fitted, scores = np.array([3.0, 5.0]), np.array([[-1.0], [0.0], [2.0]])
    linear = LogLinear(fitted, np.full((2, 1), 0.1), scores)
    exact = Exact(fitted * np.exp(0.1 * scores))
    code = np.array([0, 0])
    assert linear.parts(code, 1) == pytest.approx(exact.parts(code, 1), rel=1e-12)
    assert linear.parts(code, 1)[1] == pytest.approx([8.0])
    rows = np.array([1])
    assert linear.under(2, rows) == pytest.approx(exact.under(2, rows), rel=1e-12)
    assert linear.times(np.array([1, 2])).parts(code, 1)[1] == pytest.approx([13.0])


def test_a_part_moves_by_the_mean_of_its_groups_weighted_by_value():
    linear = LogLinear(np.array([3.0, 1.0]), np.array([[0.1], [0.5]]), np.array([[1.0]]))
    code = np.array([0, 0])
    assert linear.parts(code, 1) == pytest.approx(4 * np.exp(np.array([[0.2]])))
    # A part without value stays at nothing.
    assert linear.parts(code, 2)[0, 1] == 0


def test_a_sample_has_its_size_and_the_shares_of_the_groups():
    customers = np.array([10_000, 30_000, 0])
    sampled = sampled_customers(customers, 4000, np.random.default_rng(1))
    assert sampled.sum() == 4000
    assert sampled[2] == 0
    # sd of a binomial of 4,000 at 1/4: 27; four times that.
    assert sampled[0] == pytest.approx(1000, abs=110)
