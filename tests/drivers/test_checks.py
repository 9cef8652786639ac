"""Collinearity by hand and against statsmodels; the forest on what it should and should not see."""

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.outliers_influence import variance_inflation_factor

from cxlib import drivers
from cxlib.drivers.answers import Answers
from cxlib.drivers.checks import Forest
from cxlib.inference import Estimate


def survey(x: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None) -> Answers:
    names = [f"d{k}" for k in range(x.shape[1])]
    frame = pd.DataFrame(x, columns=names).assign(y=y)
    frame["weight"] = np.ones(len(y)) if weights is None else weights
    lazy = nw.from_native(frame).lazy()
    weight = None if weights is None else "weight"
    return drivers.complete_answers(lazy, "y", names, weight=weight)


def collinearity(x: np.ndarray) -> drivers.Collinearity:
    rng = np.random.default_rng(0)
    return drivers.collinearity(drivers.block_moments(survey(x, rng.normal(size=len(x))), rng))


def test_vif_is_that_of_statsmodels():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 4)) + 2 * rng.normal(size=(200, 1))
    with_one = np.column_stack([np.ones(200), x])
    expected = [variance_inflation_factor(with_one, k) for k in range(1, 5)]
    np.testing.assert_allclose(collinearity(x).vif, expected, rtol=1e-9)


def test_two_drivers_by_hand():
    """r = .6: VIF 1 / (1 - .36), eigenvalues 1.6 and .4, condition number 2."""
    rng = np.random.default_rng(2)
    u, _ = np.linalg.qr(rng.normal(size=(100, 3)) - rng.normal(size=3))
    u -= u.mean(axis=0)
    first, second = np.linalg.qr(u)[0][:, :2].T
    found = collinearity(np.column_stack([first, 0.6 * first + 0.8 * second]))
    np.testing.assert_allclose(found.vif, [1.5625, 1.5625])
    assert found.condition_number == pytest.approx(2)
    row = found.pairs.iloc[0]
    assert row["correlation"] == pytest.approx(0.6)
    # Fisher: tanh(atanh(.6) - 1.96 / sqrt(97)).
    assert row["low"] == pytest.approx(np.tanh(0.693147 - 1.959964 / np.sqrt(97)), abs=1e-6)
    assert "can be read one by one" in found.sentence


def test_a_driver_that_is_a_sum_of_others_is_said():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(100, 2))
    found = collinearity(np.column_stack([x, x.sum(axis=1), rng.normal(size=100)]))
    assert np.isinf(found.vif[:3]).all()
    assert found.vif["d3"] < 2
    assert np.isinf(found.condition_number)
    assert found.sentence.startswith("d0, d1, d2 repeat what other drivers say")
    assert "without limit" in found.sentence


def test_a_driver_asked_twice_correlates_one():
    x = np.random.default_rng(4).normal(size=(100, 2))
    found = collinearity(x[:, [0, 0, 1]])
    assert found.pairs.loc[0, ["first", "second"]].tolist() == ["d0", "d1"]
    assert found.pairs.loc[0, ["correlation", "low", "high"]].tolist() == pytest.approx([1, 1, 1])


def test_a_forest_gains_nothing_on_straight_lines():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(600, 3))
    found = drivers.forest_check(survey(x, x @ [1, 0.5, 0] + rng.normal(size=600)), rng)
    assert found.difference.high < 0.02
    # Of variance 2.25 the lines explain 1.25; sd of the held-out R squared is about .025.
    assert found.linear.value == pytest.approx(1.25 / 2.25, abs=0.08)
    assert found.importance.idxmax() == "d0"
    assert "no bends or interactions are missed" in found.sentence


def test_a_forest_sees_an_interaction():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(600, 3))
    answers = survey(x, np.sign(x[:, 0] * x[:, 1]) + 0.5 * rng.normal(size=600))
    found = drivers.forest_check(answers, rng)
    assert found.difference.low > 0.1
    assert found.forest.value - found.linear.value == pytest.approx(found.difference.value)
    assert "there are bends or interactions" in found.sentence
    assert found.importance.idxmin() == "d2"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.021, 0.05, "there are bends"),
        (0.01, 0.05, "neither shown nor ruled out"),
        (-0.3, 0.05, "neither shown nor ruled out"),
        (-0.01, 0.02, "no bends or interactions are missed"),
        (0.01, 0.019, "no bends or interactions are missed"),
    ],
)
def test_a_gain_is_judged_by_its_bounds(low, high, words):
    one = Estimate((low + high) / 2, low, high, 0.95, 300, "by hand")
    assert words in Forest(one, one, one, pd.Series(dtype=float)).sentence


def test_the_linear_model_is_weighted():
    """Two halves with opposite slopes: with nearly all weight on one, its line is found."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(600, 1))
    first = np.arange(600) < 300
    y = np.where(first, 1, -1) * x[:, 0] + 0.5 * rng.normal(size=600)
    found = drivers.forest_check(survey(x, y, np.where(first, 1, 1e-6)), rng)
    # 1 / 1.25, with a sampling error of about .02; unweighted it would be 0.
    assert found.linear.value == pytest.approx(0.8, abs=0.07)


def test_agreement_of_the_same_order_and_of_the_reverse():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(500, 4))
    answers = survey(x, x @ [1, 0.6, 0.3, 0.1] + rng.normal(size=500))
    found = drivers.importance(drivers.block_moments(answers, rng), rng, draws=200)
    same = drivers.agreement(found, found.summary["lmg"], "The same")
    assert same.spearman == pytest.approx(1)
    assert "its leader, d0, is among those that may lead" in same.sentence
    reverse = drivers.agreement(found, -found.summary["lmg"], "The reverse")
    assert reverse.spearman == pytest.approx(-1)
    assert "its leader, d3, has rank 4 here: the two disagree" in reverse.sentence


def test_agreement_needs_three_drivers():
    rng = np.random.default_rng(9)
    x = rng.normal(size=(100, 2))
    answers = survey(x, x[:, 0] + rng.normal(size=100))
    found = drivers.importance(drivers.block_moments(answers, rng), rng, draws=200)
    none = drivers.agreement(found, found.summary["lmg"] * np.nan, "Logistic regression")
    assert none.spearman is None
