from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import f_oneway, spearmanr

from cxlib import churn
from cxlib.inference import ParameterError


@pytest.fixture(scope="module")
def judged():
    """Two numbers of which one matters, its copy with noise, and a category; 1,200 customers."""
    rng = np.random.default_rng(3)
    months = rng.normal(size=1200)
    X = pd.DataFrame({"months": months, "noise": rng.normal(size=1200)})
    X = X.assign(days=30 * months + rng.normal(size=1200))
    X = X.assign(plan=pd.Categorical(rng.choice(["a", "b"], 1200)))
    left = rng.random(1200) < expit(-0.5 + 1.5 * months)
    table = churn.Features(X, left, np.arange(1200).astype(object), None, pd.DataFrame())
    models = {
        "months alone": churn.ChurnModel(columns=["months"]),
        "boosting": churn.ChurnModel("boosting", columns=["months", "noise", "plan"]),
    }
    return churn.validate(models, table, folds=3, seed=1), X


def test_the_only_feature_is_worth_all_of_the_auc(judged):
    validation, X = judged
    one = churn.permutation_importance(replace(validation, chosen="months alone"), X, repeats=20)
    # Shuffled risks rank by chance: AUC .5 with a standard error of .017 / sqrt(20) = .004.
    expected = churn.auc(validation.churned, validation.predictions["months alone"]).value - 0.5
    assert one.summary.loc["months", "auc_drop"] == pytest.approx(expected, abs=0.012)
    assert one.summary.index[0] == "months"
    unused = one.summary.loc[["noise", "plan", "days"]].drop(columns=["n", "together"])
    assert (unused == 0).all(axis=None)


def test_noise_has_no_importance_and_the_planted_feature_has(judged):
    validation, X = judged
    boosting = replace(validation, chosen="boosting", level=0.999)
    found = churn.permutation_importance(boosting, X).summary
    for measure in ("auc_drop", "log_loss_rise"):
        for name in ("noise", "plan"):
            assert found.loc[name, f"{measure}_low"] <= 0 <= found.loc[name, f"{measure}_high"]
        assert found.loc["months", f"{measure}_low"] > 0.1


def test_intervals_are_of_the_spread_between_samples_of_customers(judged):
    validation, _ = judged
    rng = np.random.default_rng(0)
    model = validation.fitted["months alone"][0]
    drops, rises, ends = [], [], []
    # 80 samples of 400 new customers, given one model: the standard deviation of 80 drops has a
    # relative standard error of 8 %.
    for seed in range(80):
        months = rng.normal(size=400)
        left = rng.random(400) < expit(-0.5 + 1.5 * months)
        X = pd.DataFrame({"months": months})
        one = replace(
            validation,
            chosen="months alone",
            fitted={"months alone": [model]},
            churned=left,
            rows=np.arange(400),
            fold=np.zeros(400, dtype=int),
        )
        found = churn.permutation_importance(one, X, repeats=5, seed=seed).summary.loc["months"]
        drops.append(found["auc_drop"])
        rises.append(found["log_loss_rise"])
        ends.append(found[["auc_drop_high", "log_loss_rise_high"]].to_numpy(dtype=float))
    widths = (np.array(ends) - np.column_stack([drops, rises])) / 1.959964
    spread = np.std([drops, rises], axis=1, ddof=1)
    np.testing.assert_allclose(np.sqrt((widths**2).mean(axis=0)), spread, rtol=0.25)


def test_features_that_tell_the_same_are_shuffled_together(judged):
    validation, X = judged
    found = churn.permutation_importance(replace(validation, chosen="boosting"), X)
    assert found.groups == [["months", "days"]]
    assert found.associations.iloc[0, :2].tolist() == ["months", "days"]
    assert found.summary["together"].tolist().count(True) == 1
    together = found.summary.loc["months + days"]
    # The model does not use the days, so that the group is worth what the months are; both are
    # shuffled by the same deals.
    assert together["auc_drop"] == found.summary.loc["months", "auc_drop"]


def test_a_large_table_is_sampled_and_says_so(judged, monkeypatch):
    validation, X = judged
    monkeypatch.setattr("cxlib.churn.importance.MOST_ROWS", 300)
    found = churn.permutation_importance(replace(validation, chosen="months alone"), X)
    assert (found.summary["n"] == 300).all()
    assert "among 300 customers (a sample of 1,200)" in found.note


def test_the_base_rate_has_no_important_features(judged):
    validation, X = judged
    found = churn.permutation_importance(replace(validation, chosen="base rate"), X)
    assert found.summary.empty
    assert "base rate" in found.note
    with pytest.raises(ParameterError, match="repeats: 1"):
        churn.permutation_importance(validation, X, repeats=1)


def test_associations_of_each_kind():
    rng = np.random.default_rng(1)
    x = rng.normal(size=80)
    gaps = np.where(np.arange(80) < 5, np.nan, np.exp(x + 0.5 * rng.normal(size=80)))
    sides = np.repeat(["l", "l", "r", "r"], [30, 10, 10, 30])
    plan = pd.Categorical(np.repeat(["a", "b", "a", "b"], [30, 10, 10, 30]))
    X = pd.DataFrame({"x": x, "gaps": gaps, "side": pd.Categorical(sides), "plan": plan})
    found = churn.associations(X, least=0.0).set_index(["feature", "other"])
    assert len(found) == 6
    assert found["value"].is_monotonic_decreasing
    rank = spearmanr(x[5:], gaps[5:]).statistic
    assert found.loc[("x", "gaps"), "value"] == pytest.approx(rank, abs=1e-12)
    assert found.loc[("x", "gaps"), "n"] == 75
    # Counts 30, 10, 10, 30: chi squared / n is .25; Bergsma takes off 1 / 79 above and below.
    cramer = np.sqrt((0.25 - 1 / 79) / (1 - 1 / 79))
    assert found.loc[("side", "plan"), "value"] == pytest.approx(cramer, abs=1e-12)
    ranks = pd.Series(x).rank()
    f = f_oneway(ranks[sides == "l"], ranks[sides == "r"]).statistic
    ratio = np.sqrt(f / (f + 78))
    assert found.loc[("x", "side"), "value"] == pytest.approx(ratio, abs=1e-12)


def test_associations_of_the_same_and_of_nothing():
    codes = np.arange(60) % 3
    X = pd.DataFrame({"a": pd.Categorical(codes), "b": pd.Categorical(-codes), "c": np.ones(60)})
    X = X.assign(d=codes * 2.0, e=np.nan)
    found = churn.associations(X, least=0.0).set_index(["feature", "other"])["value"]
    assert found["a", "b"] == pytest.approx(1)
    assert found["a", "d"] == pytest.approx(1)
    assert (found[[("a", "c"), ("c", "d"), ("d", "e"), ("a", "e")]] == 0).all()
