"""Logistic and ordered models against statsmodels, and what they do where none can be fitted."""

from dataclasses import replace

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.miscmodels.ordinal_model import OrderedModel

from cxlib import drivers
from cxlib.drivers import odds
from cxlib.drivers.answers import Answers

NAMES = ["a", "b", "c"]


def survey(n: int = 600, *, weighted: bool = False, seed: int = 0) -> Answers:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    outcome = np.clip(np.round(3 + x @ [0.8, 0.4, 0] + rng.logistic(size=n)), 1, 5)
    frame = pd.DataFrame(x, columns=NAMES).assign(csat=outcome, weight=rng.uniform(0.3, 3, n))
    lazy = nw.from_native(frame).lazy()
    return drivers.complete_answers(lazy, "csat", NAMES, weight="weight" if weighted else None)


def scaled(answers: Answers) -> np.ndarray:
    w = answers.weights[:, None] / answers.weights.sum()
    centred = answers.ratings - (w * answers.ratings).sum(axis=0)
    return centred / np.sqrt((w * centred**2).sum(axis=0))


@pytest.mark.parametrize("weighted", [False, True])
def test_binary_odds_are_those_of_statsmodels(weighted):
    answers = survey(weighted=weighted)
    found = drivers.binary_odds(answers, np.random.default_rng(0), top=4)
    w = answers.weights / answers.weights.mean()
    x = np.column_stack([np.ones(600), scaled(answers)])
    model = GLM((answers.outcome >= 4).astype(float), x, family=Binomial(), var_weights=w)
    fit = model.fit(cov_type="HC0", tol=1e-12)
    np.testing.assert_allclose(np.log(found.summary["odds_ratio"]), fit.params[1:], atol=1e-6)
    np.testing.assert_allclose(np.log(found.summary["low"]), fit.conf_int()[1:, 0], atol=1e-6)
    np.testing.assert_allclose(found.summary["p"], fit.pvalues[1:], rtol=1e-4)
    assert (found.n, found.problem) == (600, "")


def test_ordered_odds_are_those_of_statsmodels():
    answers = survey(300)
    found = drivers.ordered_odds(answers, np.random.default_rng(0))
    categories = pd.Series(pd.Categorical(answers.outcome, ordered=True))
    fit = OrderedModel(categories, scaled(answers), distr="logit").fit(
        method="bfgs", disp=False, gtol=1e-7
    )
    slopes = np.log(found.summary["odds_ratio"])
    np.testing.assert_allclose(slopes, fit.params[:3], atol=1e-5)
    # Sandwich and inverse Hessian estimate the same where the model holds, as here.
    errors = (np.log(found.summary["high"]) - slopes) / 1.959964
    np.testing.assert_allclose(errors, fit.bse[:3], rtol=0.15)


def test_two_categories_are_the_binary_model():
    answers = survey()
    answers.outcome[:] = answers.outcome >= 4
    ordered = drivers.ordered_odds(answers, np.random.default_rng(0)).summary
    binary = drivers.binary_odds(answers, np.random.default_rng(0), top=1).summary
    pd.testing.assert_frame_equal(ordered, binary)


def test_whole_number_weights_move_the_odds_like_copies():
    answers = survey(weighted=True)
    answers.weights[:] = 1 + np.arange(600) % 2
    twice = np.repeat(np.arange(600), answers.weights.astype(int))
    copied = replace(
        answers,
        ratings=answers.ratings[twice],
        outcome=answers.outcome[twice],
        weights=np.ones(len(twice)),
    )
    weighted = drivers.ordered_odds(answers, np.random.default_rng(0)).summary
    copies = drivers.ordered_odds(copied, np.random.default_rng(0)).summary
    np.testing.assert_allclose(weighted["odds_ratio"], copies["odds_ratio"], atol=1e-9)
    # Weights are no more answers: the interval stays wider than that of the copies.
    assert (weighted["high"] > copies["high"]).all()


def test_separation_is_said():
    answers = survey()
    answers.outcome[:] = 1 + (answers.ratings[:, 0] > 0)
    for found in (
        drivers.binary_odds(answers, np.random.default_rng(0), top=2),
        drivers.ordered_odds(answers, np.random.default_rng(0)),
    ):
        assert "separate the outcomes" in found.problem
        assert found.summary["odds_ratio"].isna().all()


def test_repeated_drivers_are_said():
    answers = survey()
    answers.ratings[:, 1] = 2 * answers.ratings[:, 0] + 1
    found = drivers.ordered_odds(answers, np.random.default_rng(0))
    assert "repeat others exactly" in found.problem


def test_too_few_on_one_side_are_said():
    answers = survey()
    answers.outcome[:] = np.where(np.arange(600) < 9, 5, 4)
    found = drivers.binary_odds(answers, np.random.default_rng(0), top=5)
    assert found.problem.startswith("9 of 600 answers reach 5")


def test_a_sample_is_said(monkeypatch):
    monkeypatch.setattr(odds, "ODDS_ROWS", 200)
    found = drivers.binary_odds(survey(), np.random.default_rng(0), top=4)
    assert found.n == 200
    assert found.method.endswith(", on 200 of 600 answers drawn at random")
