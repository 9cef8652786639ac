import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from cxlib import churn


@pytest.mark.parametrize("kind", ["number", "category", "missing"])
def test_a_planted_leak_is_named(kind, small_company):
    for seed in range(20):
        table = churn.features(small_company(seed))
        y = table.churned
        rng = np.random.default_rng(seed)
        leak = {
            "number": pd.Series(-1.0 * y + rng.normal(0, 0.1, len(y))),
            "category": pd.Series(np.where(y, "closed", "open")).astype("category"),
            "missing": pd.Series(rng.normal(size=len(y))).where(~y),
        }[kind]
        found = churn.single_features(table.X.assign(leak=leak), y)
        assert list(found.index[found["suspicious"]]) == ["leak"]


def test_a_leak_at_both_ends_of_a_number_is_named(small_company):
    table = churn.features(small_company(25))
    rng = np.random.default_rng(25)
    refund = table.churned * rng.choice([-1, 1], 600) * rng.gamma(5, 10, 600)
    found = churn.single_features(table.X.assign(refund=refund), table.churned)
    assert list(found.index[found["suspicious"]]) == ["refund"]


def test_a_leak_of_two_features_together_is_told_of_the_model(small_company):
    table = churn.features(small_company(26))
    rng = np.random.default_rng(26)
    noise = rng.normal(0, 5, 600)
    X = table.X.assign(opened=noise, closed=noise + table.churned)
    single = churn.single_features(X, table.churned)
    assert not single["suspicious"].any()
    models = {"honest": churn.logistic(table.X), "leaky": churn.logistic(X)}
    models["leaky"] = models["leaky"].set_params(logisticregression__C=1e6)
    warning = churn.leak_warning(single, churn.cross_validate(models, X, table.churned))
    assert "the model leaky ranks almost perfectly" in warning
    assert "honest" not in warning
    del models["leaky"]
    assert churn.leak_warning(single, churn.cross_validate(models, X, table.churned)) == ""


def test_a_category_of_pure_noise_does_not_rank():
    rng = np.random.default_rng(27)
    covered = 0
    for _ in range(200):
        X = pd.DataFrame({"area": pd.Categorical(rng.integers(0, 50, 600).astype(str))})
        one = churn.single_features(X, rng.random(600) < 0.27).iloc[0]
        covered += one["low"] <= 0.5 <= one["high"]
    assert covered >= 181


def test_telco_has_no_leak(table):
    single = churn.single_features(table.X, table.churned)
    assert not single["suspicious"].any()
    tenure = roc_auc_score(~table.churned, table.X["tenure_months"])
    # The twentieths of tenure rank like tenure itself, but for ties within a twentieth.
    assert single.loc["tenure_months", "auc"] == pytest.approx(tenure, abs=0.005)
