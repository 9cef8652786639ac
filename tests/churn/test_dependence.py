from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import norm, t

from cxlib import churn
from cxlib.inference import ParameterError

ENDS = ["risk", "low", "high", "fold_low", "fold_high"]


@pytest.fixture(scope="module")
def judged():
    """A number that matters with a few gaps, one without effect, a category with a rare level."""
    rng = np.random.default_rng(5)
    months = rng.integers(0, 60, 900).astype(float)
    plan = rng.choice(["basic", "plus"], 900)
    left = rng.random(900) < expit(0.5 - 0.05 * months + (plan == "plus"))
    plan[:4] = "rare"
    X = pd.DataFrame({"months": months, "noise": rng.normal(size=900), "plan": plan})
    X = X.astype({"plan": "category"})
    X.loc[:19, "months"] = np.nan
    table = churn.Features(X, left, np.arange(900).astype(object), None, pd.DataFrame())
    models = {
        "months alone": churn.ChurnModel(columns=["months"]),
        "logistic": churn.ChurnModel(),
        "boosting": churn.ChurnModel("boosting"),
    }
    return churn.validate(models, table, folds=3, seed=1), X


@pytest.mark.parametrize("chosen", ["logistic", "boosting"])
@pytest.mark.parametrize("feature", ["months", "plan"])
def test_partial_dependence_is_the_mean_over_changed_customers(judged, chosen, feature):
    validation, X = judged
    curve = churn.partial_dependence(replace(validation, chosen=chosen), X, feature)
    at = 1
    changed = X.assign(**{feature: curve["value"][at]}).astype(X.dtypes)
    risks = np.array([expit(model.log_odds(changed)) for model in validation.fitted[chosen]])
    assert curve["risk"][at] == pytest.approx(risks.mean(), abs=1e-12)
    assert curve["fold_low"][at] == pytest.approx(risks.mean(axis=1).min(), abs=1e-12)
    assert curve["fold_high"][at] == pytest.approx(risks.mean(axis=1).max(), abs=1e-12)
    customers = risks.mean(axis=0).var(ddof=1) / 900
    fit = 2 / 3 * np.sum((risks.mean(axis=1) - risks.mean()) ** 2)
    margin = np.sqrt(norm.ppf(0.975) ** 2 * customers + t.ppf(0.975, 2) ** 2 * fit)
    ends = np.clip(risks.mean() + np.array([-margin, margin]), 0, 1)
    np.testing.assert_allclose(curve.loc[at, ["low", "high"]].astype(float), ends, atol=1e-12)


def test_the_single_model_of_a_temporal_test_has_an_interval_between_customers(judged):
    validation, X = judged
    model = validation.fitted["logistic"][0]
    temporal = replace(
        validation, kind="temporal test", chosen="logistic", fitted={"logistic": [model]}
    )
    curve = churn.partial_dependence(temporal, X, "plan").iloc[0]
    risk = expit(model.log_odds(X.assign(plan="basic").astype(X.dtypes)))
    margin = norm.ppf(0.975) * risk.std(ddof=1) / 30
    np.testing.assert_allclose(
        curve[["low", "high"]].astype(float), risk.mean() + np.array([-margin, margin])
    )
    assert curve["fold_low"] == curve["fold_high"] == curve["risk"]


def test_points_are_quantiles_levels_and_the_missing_value(judged):
    validation, X = judged
    months = churn.partial_dependence(validation, X, "months")
    known = X["months"].dropna()
    assert len(months) == 21
    assert set(months["value"][:-1]) <= set(known)
    assert months["value"][0] == np.quantile(known, 0.025, method="inverted_cdf")
    assert np.isnan(months["value"].iloc[-1])
    assert months["customers"].iloc[-1] == 20
    assert months["customers"].sum() == 900
    plans = churn.partial_dependence(validation, X, "plan").set_index("value")
    assert plans.index.tolist() == ["basic", "plus", "rare"]
    assert plans["customers"].tolist() == X["plan"].value_counts().sort_index().tolist()


def test_a_value_of_few_customers_has_no_risk(judged):
    validation, X = judged
    plans = churn.partial_dependence(validation, X, "plan").set_index("value")
    assert plans.loc["rare", ENDS].isna().all()
    assert plans.loc[["basic", "plus"], ENDS].notna().all(axis=None)


def test_a_feature_that_is_not_used_leaves_the_risk(judged):
    validation, X = judged
    flat = churn.partial_dependence(replace(validation, chosen="months alone"), X, "noise")
    assert np.ptp(flat["risk"]) == 0
    base = churn.partial_dependence(replace(validation, chosen="base rate"), X, "plan")
    assert base["risk"][0] == pytest.approx(validation.churned.mean(), abs=1e-6)


def test_accumulated_effects_of_the_only_feature_are_the_model(judged):
    validation, X = judged
    curve = churn.accumulated_effects(replace(validation, chosen="months alone"), X, "months")
    ends = X.iloc[: len(curve)].assign(months=curve["value"].to_numpy())
    models = validation.fitted["months alone"]
    risk = np.mean([expit(model.log_odds(ends)) for model in models], axis=0)
    np.testing.assert_allclose(np.diff(curve["risk"]), np.diff(risk), atol=1e-12)
    known = X[X["months"].notna()]
    mean = np.mean([expit(model.log_odds(known)) for model in models])
    assert np.average(curve["risk"], weights=curve["customers"]) == pytest.approx(mean, abs=1e-12)
    assert curve["customers"].sum() == curve["n"][0] == 880


def test_accumulated_effects_keep_to_customers_that_exist():
    # b is a + noise and the model log odds = 4 a - 4 b + 0: with b moved alone, from end to end,
    # the risk swings from near 1 to near 0; near the customers that exist it falls by steps of
    # the same slope 4 in log odds at risks around one half: dp = p (1 - p) 4 db, about -1 db.
    rng = np.random.default_rng(0)
    a = rng.uniform(-2, 2, 1000)
    X = pd.DataFrame({"a": a, "b": a + rng.normal(0, 0.05, 1000)})
    left = rng.random(1000) < 0.5
    table = churn.Features(X, left, np.arange(1000).astype(object), None, pd.DataFrame())
    validation = churn.validate({"logistic": churn.ChurnModel()}, table, folds=2)
    for model in validation.fitted["logistic"]:
        learner = model.pipeline_.named_steps["learner"]
        scale = model.pipeline_.named_steps["encoder"].transformers_[0][1][-1].scale_
        learner.coef_, learner.intercept_ = np.array([[4.0, -4.0]]) * scale, np.zeros(1)
        model.calibration_ = (0.0, 1.0)
    both = replace(validation, chosen="logistic")
    local = churn.accumulated_effects(both, X, "b")
    whole = churn.partial_dependence(both, X, "b")
    slope = np.polyfit(local["value"], local["risk"], 1)[0]
    assert slope == pytest.approx(-1, abs=0.1)
    assert whole["risk"].iloc[0] - whole["risk"].iloc[-1] == pytest.approx(0.85, abs=0.1)


def test_what_cannot_be_is_refused(judged):
    validation, X = judged
    with pytest.raises(ParameterError, match="feature: tariff"):
        churn.partial_dependence(validation, X, "tariff")
    with pytest.raises(ParameterError, match="plan is no number"):
        churn.accumulated_effects(validation, X, "plan")
    flag = X.assign(noise=(X["noise"] > 0).astype(float))
    with pytest.raises(ParameterError, match="too few values"):
        churn.accumulated_effects(validation, flag, "noise")
