"""Penalties and rewards against hand computation, statsmodels, and planted kinds."""

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS, WLS

from cxlib import drivers
from cxlib.drivers.answers import CHUNK_ROWS, Answers

PENALTIES = np.array([-0.8, -0.5, -0.3])
REWARDS = np.array([0.2, 0.5, 0.9])


def planted(n: int, *, seed: int = 0, weighted: bool = False) -> Answers:
    """A basic, a performance and an excitement driver on 1 to 5, correlated."""
    rng = np.random.default_rng(seed)
    latent = 0.7 * rng.normal(size=(n, 1)) + 0.7 * rng.normal(size=(n, 3))
    ratings = np.digitize(latent, [-1.4, -0.7, 0.1, 0.9]) + 1.0
    outcome = 5 + (ratings < 3) @ PENALTIES + (ratings >= 5) @ REWARDS + rng.normal(size=n)
    frame = pd.DataFrame(ratings, columns=["basic", "linear", "wow"]).assign(csat=outcome)
    frame["weight"] = rng.uniform(0.5, 2, n)
    lazy = nw.from_native(frame).lazy()
    weight = "weight" if weighted else None
    return drivers.complete_answers(lazy, "csat", ["basic", "linear", "wow"], weight=weight)


def design(answers: Answers) -> np.ndarray:
    ratings = answers.ratings
    return np.column_stack([np.ones(len(ratings)), ratings < 3, ratings >= 5])


def test_one_driver_by_hand():
    """Means 2, 5 and 6 of low, middle and high: penalty -3, reward 1, asymmetry 2."""
    ratings = np.repeat([1.0, 3.0, 5.0], 12)
    outcome = np.repeat([2.0, 5.0, 6.0], 12) + np.tile([-1.0, 1.0], 18)
    frame = pd.DataFrame({"d": ratings, "csat": outcome})
    answers = drivers.complete_answers(nw.from_native(frame).lazy(), "csat", ["d"])
    found = drivers.penalty_reward(answers, scale=(1, 5))
    row = found.summary.loc["d"]
    assert row[["n_low", "n_middle", "n_high"]].tolist() == [12, 12, 12]
    np.testing.assert_allclose([row["penalty"], row["reward"], row["asymmetry"]], [-3, 1, 2])
    # HC3 of a difference of means: sum of e^2 / (1 - 1/12)^2 over n^2 for both; t of 33 is 2.0345.
    error = np.sqrt(2 * 12 / (11 / 12) ** 2 / 12**2)
    assert row["penalty_high"] == pytest.approx(-3 + 2.0345 * error, abs=1e-4)
    assert row["kind"] == "basic"


def test_figures_are_those_of_statsmodels():
    answers = planted(400)
    fit = OLS(answers.outcome, design(answers)).fit(cov_type="HC3", use_t=True)
    summary = drivers.penalty_reward(answers, scale=(1, 5)).summary
    limits = fit.conf_int()
    for name, places in {"penalty": slice(1, 4), "reward": slice(4, 7)}.items():
        np.testing.assert_allclose(summary[name], fit.params[places], atol=1e-12)
        np.testing.assert_allclose(summary[f"{name}_low"], limits[places, 0], atol=1e-10)
    contrast = np.hstack([np.zeros((3, 1)), -np.eye(3), -np.eye(3)])
    test = fit.t_test(contrast)
    np.testing.assert_allclose(summary["asymmetry_high"], test.conf_int()[:, 1], atol=1e-10)
    np.testing.assert_allclose(summary["p"], test.pvalue, rtol=1e-8)


def test_weighted_figures_are_those_of_statsmodels():
    answers = planted(400, weighted=True)
    fit = WLS(answers.outcome, design(answers), answers.weights).fit(cov_type="HC3", use_t=True)
    summary = drivers.penalty_reward(answers, scale=(1, 5)).summary
    np.testing.assert_allclose(summary["penalty"], fit.params[1:4], atol=1e-12)
    np.testing.assert_allclose(summary["reward_low"], fit.conf_int()[4:, 0], atol=1e-10)


def test_planted_kinds_are_found():
    found = drivers.penalty_reward(planted(5_000), scale=(1, 5))
    assert found.summary["kind"].tolist() == ["basic", "performance", "excitement"]
    assert "(basic): basic; low and high" in found.sentence


def test_few_answers_do_not_tell():
    found = drivers.penalty_reward(planted(120, seed=3), scale=(1, 5))
    assert (found.summary["kind"] == "not told apart").all()
    assert found.sentence == "These answers do not tell: basic, linear, wow."


def test_chunks_change_nothing():
    answers = planted(CHUNK_ROWS + 300)
    fit = OLS(answers.outcome, design(answers)).fit()
    summary = drivers.penalty_reward(answers, scale=(1, 5)).summary
    np.testing.assert_allclose(summary["reward"], fit.params[4:], atol=1e-10)
    assert summary[["n_low", "n_middle", "n_high"]].sum(axis=1).tolist() == [len(fit.resid)] * 3


@pytest.mark.parametrize(
    ("scale", "rule"),
    [
        ((1, 5), "a low rating is below 3 and a high one 5;"),
        ((1, 7), "a low rating is below 4 and a high one 7;"),
        ((1, 10), "a low rating is below 5.5 and a high one 9 or more;"),
        ((0, 10), "a low rating is below 5 and a high one 9 or more;"),
    ],
)
def test_the_rule_follows_the_scale(scale, rule):
    assert rule in drivers.penalty_reward(planted(100), scale=scale).rule


def test_too_few_low_answers_are_not_shown():
    answers = planted(400)
    rare = np.where(np.arange(400) < 9, 1.0, 3 + 2 * (np.arange(400) % 2))
    answers.ratings[:, 2] = rare
    found = drivers.penalty_reward(answers, scale=(1, 5))
    row = found.summary.loc["wow"]
    assert row["n_low"] == 9
    assert row[["penalty", "reward", "asymmetry", "p", "p_holm"]].isna().all()
    assert (row["kind"], row["note"]) == ("", "fewer than 10 low ratings")
    assert "not shown, see the note: wow" in found.sentence.lower()


def test_an_answer_alone_in_its_dummy_does_no_harm():
    answers = planted(100)
    answers.ratings[:, 2] = 3 + 2 * (np.arange(100) % 2)
    answers.ratings[0, 2] = 1
    summary = drivers.penalty_reward(answers, scale=(1, 5)).summary
    assert np.isfinite(summary.loc["basic", ["penalty_low", "reward_high"]].to_numpy(float)).all()


def test_drivers_with_the_same_low_answers_are_not_determined():
    answers = planted(400)
    answers.ratings[:, 1] = answers.ratings[:, 0]
    summary = drivers.penalty_reward(answers, scale=(1, 5)).summary
    assert summary["note"].str.contains("not determined").tolist() == [True, True, False]
    assert np.isfinite(summary.loc["wow", "reward_low"])
