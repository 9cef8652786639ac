import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import PredefinedSplit, cross_val_predict, cross_val_score
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from cxlib import churn
from cxlib.churn import models
from cxlib.churn.folds import stratified_folds
from cxlib.inference import ParameterError

KINDS = ["logistic", "boosting"]


@pytest.mark.parametrize("kind", [*KINDS, churn.BASE_RATE])
def test_log_odds_and_probabilities_are_the_same_thing(kind, small_company):
    table = churn.features(small_company(1))
    model = churn.ChurnModel(kind).fit(table.X, table.churned)
    risk = model.predict_proba(table.X)
    assert risk.sum(axis=1) == pytest.approx(1, abs=1e-15)
    assert logit(risk[:, 1]) == pytest.approx(model.log_odds(table.X), abs=1e-12)
    assert (model.predict(table.X) == (risk[:, 1] > 0.5)).all()


def test_the_base_rate_is_the_share_that_left(small_company):
    table = churn.features(small_company(2))
    model = churn.ChurnModel(churn.BASE_RATE).fit(table.X, table.churned)
    assert model.predict_proba(table.X)[:, 1] == pytest.approx(table.churned.mean(), rel=1e-12)


def test_the_logistic_learner_is_ridge_regression_of_standardized_numbers_and_all_levels(
    small_company,
):
    table = churn.features(small_company(3))
    model = churn.ChurnModel().fit(table.X, table.churned)
    C = model.tuning_.loc[model.tuning_["chosen"], "C"].item()
    numbers = table.X[["tenure_months", "monthly_charges"]]
    scaled = (numbers - numbers.mean()) / numbers.std(ddof=0)
    design = scaled.join(pd.get_dummies(table.X["plan"], dtype=float))
    by_hand = LogisticRegression(C=C, tol=1e-10, max_iter=10_000).fit(design, table.churned)
    found = model.pipeline_.decision_function(table.X)
    assert found == pytest.approx(by_hand.decision_function(design), abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_calibration_and_losses_are_those_of_customers_left_out(kind, small_company):
    table = churn.features(small_company(4, 900))
    model = churn.ChurnModel(kind).fit(table.X, table.churned)
    order, fold = stratified_folds(table.X, table.churned, 3, 0)
    X, y, left_out = table.X.iloc[order], table.churned[order], PredefinedSplit(fold[order])
    odds = cross_val_predict(clone(model.pipeline_), X, y, cv=left_out, method="decision_function")
    best = model.tuning_.set_index("chosen").loc[True, "log_loss"]
    assert best == pytest.approx(log_loss(y, 1 / (1 + np.exp(-odds))), abs=1e-6)
    design = np.column_stack([np.ones_like(odds), odds])
    fit = GLM(y.astype(float), design, family=Binomial()).fit(tol=1e-12)
    assert model.calibration_ == pytest.approx(fit.params, abs=1e-4)


def test_the_simplest_setting_of_those_that_predict_as_well_is_taken(small_company):
    table = churn.features(small_company(5))
    for kind in KINDS:
        tried = churn.ChurnModel(kind).fit(table.X, table.churned).tuning_
        near = tried["log_loss"] <= tried["log_loss"].min() + 1e-4
        assert tried.index[tried["chosen"]].tolist() == [near.idxmax()]


def test_of_many_customers_a_sample_tells_setting_and_calibration(small_company, monkeypatch):
    table = churn.features(small_company(7, 900))
    whole = churn.ChurnModel().fit(table.X, table.churned)
    monkeypatch.setattr(models, "TUNING_ROWS", 450)
    monkeypatch.setattr(models, "TUNING_EVENTS", 10)
    half = churn.ChurnModel().fit(table.X, table.churned)
    assert half.calibration_ != whole.calibration_
    # Slopes from 900 and 450 customers; the standard error of their difference is about .15.
    assert half.calibration_ == pytest.approx(whole.calibration_, abs=0.45)
    means = table.X[["tenure_months", "monthly_charges"]].mean()
    scaler = half.pipeline_.named_steps["encoder"].named_transformers_["numbers"][-1]
    assert scaler.mean_ == pytest.approx(means)
    monkeypatch.setattr(models, "TUNING_EVENTS", 10_000)
    assert churn.ChurnModel().fit(table.X, table.churned).calibration_ == whole.calibration_


def test_noise_is_never_turned_round(small_company):
    rng = np.random.default_rng(6)
    table = churn.features(small_company(6, 300))
    slopes = [
        churn.ChurnModel(columns=["monthly_charges"]).fit(table.X, rng.permutation(table.churned))
        for _ in range(5)
    ]
    found = [model.calibration_ for model in slopes]
    assert min(slope for _, slope in found) > 0
    # Left-out predictions of noise rank the wrong way about as often as not.
    assert (0.0, 1.0) in found


@pytest.mark.parametrize("kind", KINDS)
def test_missing_numbers_and_unseen_levels_are_taken(kind, small_company):
    table = churn.features(small_company(9))
    X, y = table.X.copy(), table.churned
    X.loc[::7, "monthly_charges"] = np.nan
    seen = (X["plan"] != "max").to_numpy()
    model = churn.ChurnModel(kind).fit(X[seen], y[seen])
    new = X[~seen].assign(tenure_months=np.nan)
    risk = model.predict_proba(new)[:, 1]
    assert ((risk > 0) & (risk < 1)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_fifty_leavers_and_fifty_stayers_are_enough_to_fit(kind, small_company):
    frame = small_company(10, 2000)
    left = frame["churned"].to_numpy()
    few = np.concatenate([np.flatnonzero(left)[:50], np.flatnonzero(~left)[:50]])
    table, rest = churn.features(frame.iloc[few]), frame.drop(index=few)
    risk = churn.ChurnModel(kind).fit(table.X, table.churned).predict_proba(rest)[:, 1]
    assert churn.auc(rest["churned"], risk).low > 0.6


def test_it_is_a_classifier_to_scikit_learn(small_company):
    table = churn.features(small_company(11))
    words = np.where(table.churned, "left", "here")
    model = churn.ChurnModel(columns=["tenure_months"], folds=2, seed=3)
    assert clone(model).get_params() == model.get_params()
    scores = cross_val_score(model, table.X, words, cv=3, scoring="roc_auc")
    # Tenure alone: AUC .7 in this company; a third of 600 customers has a standard error of .04.
    assert (np.abs(scores - 0.7) < 0.12).all()
    fitted = model.fit(table.X, words)
    assert fitted.classes_.tolist() == ["here", "left"]
    assert set(fitted.predict(table.X)) <= {"here", "left"}
    assert fitted.feature_names_in_.tolist() == ["tenure_months"]


@pytest.mark.parametrize(
    ("settings", "named"), [({"kind": "forest"}, "kind"), ({"columns": ["shoe"]}, "shoe")]
)
def test_wrong_parameters_are_named(settings, named, small_company):
    table = churn.features(small_company(12))
    with pytest.raises(ParameterError, match=named):
        churn.ChurnModel(**settings).fit(table.X, table.churned)


def test_one_outcome_is_no_model(small_company):
    table = churn.features(small_company(13))
    with pytest.raises(ValueError, match="two outcomes"):
        churn.ChurnModel().fit(table.X, np.zeros(600))


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_that_nobody_of_the_training_has_tells_nothing(small_company, kind):
    table = churn.features(small_company(3))
    empty = table.X.assign(unknown=np.nan)
    found = churn.ChurnModel(kind).fit(empty, table.churned)
    later = found.predict_proba(empty.assign(unknown=5.0))
    # What was never known may not move a prediction, whatever it is later.
    np.testing.assert_allclose(found.predict_proba(empty), later, rtol=0, atol=1e-12)
    assert (churn.contributions(found, empty)["unknown"] == 0).all()
