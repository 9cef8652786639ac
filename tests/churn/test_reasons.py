import sys
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from cxlib import churn
from cxlib.inference import ParameterError


def company(seed, n=600):
    """A number with gaps, a category with a rare level, and one number without any effect."""
    rng = np.random.default_rng(seed)
    months = rng.integers(0, 60, n).astype(float)
    plan = rng.choice(["basic", "plus", "max", "rare"], n, p=[0.5, 0.3, 0.19, 0.01])
    left = rng.random(n) < 1 / (1 + np.exp(0.05 * months - 2 * (plan == "plus") + 0.5))
    X = pd.DataFrame({"months": np.where(rng.random(n) < 0.1, np.nan, months)})
    X = X.assign(plan=pd.Categorical(plan), noise=rng.normal(size=n))
    return X, left


@pytest.fixture(scope="module")
def fitted():
    X, left = company(1)
    return {kind: churn.ChurnModel(kind).fit(X, left) for kind in ("logistic", "boosting")}


@pytest.mark.parametrize("kind", ["logistic", "boosting"])
def test_contributions_add_up_to_the_log_odds_of_customers_never_seen(fitted, kind):
    X, _ = company(2)
    X["plan"] = X["plan"].cat.add_categories(["new", "(missing)"])
    X.loc[:3, "plan"] = "new"
    X.loc[4:6, "plan"] = "(missing)"
    X.index = X.index + 1000
    parts = churn.contributions(fitted[kind], X)
    assert list(parts.columns) == ["months", "plan", "noise", "(base)"]
    assert parts.index.equals(X.index)
    odds = logit(fitted[kind].predict_proba(X)[:, 1])
    np.testing.assert_allclose(parts.sum(axis=1), odds, rtol=0, atol=1e-9)
    assert parts["(base)"].nunique() == 1


def test_contributions_in_chunks_are_the_same(fitted, monkeypatch):
    X, _ = company(3)
    whole = churn.contributions(fitted["boosting"], X)
    # The package's function of the same name hides the module from attribute access.
    monkeypatch.setattr(sys.modules["cxlib.churn.reasons"], "CHUNK_ROWS", 77)
    np.testing.assert_allclose(churn.contributions(fitted["boosting"], X), whole, atol=1e-12)


def test_no_customers_have_no_contributions(fitted):
    X, _ = company(3)
    assert churn.contributions(fitted["boosting"], X[:0]).shape == (0, 4)


def test_linear_contributions_by_hand():
    X = pd.DataFrame({"a": [8.0, 12.0] * 30, "b": [0.0, 0.0, 2.0, 2.0] * 15})
    model = churn.ChurnModel().fit(X, np.arange(60) % 3 == 0)
    learner = model.pipeline_.named_steps["learner"]
    learner.coef_, learner.intercept_ = np.array([[0.5, -1.0]]), np.array([0.2])
    model.calibration_ = (0.1, 2.0)
    # a has mean 10 and sd 2, b mean 1 and sd 1: the customer (12, 2) stands one sd above both.
    parts = churn.contributions(model, pd.DataFrame({"a": [12.0], "b": [2.0]}))
    np.testing.assert_allclose(parts, [[2 * 0.5, 2 * -1.0, 0.1 + 2 * 0.2]], rtol=1e-12)


def test_levels_and_indicators_are_told_from_the_average_of_the_training(fitted):
    X, _ = company(1)
    parts = churn.contributions(fitted["logistic"], X)
    # b (z - mean z) averages to 0 over the training for each feature, and so the base is the mean.
    np.testing.assert_allclose(parts.iloc[:, :3].mean(), 0, atol=1e-9)
    odds = fitted["logistic"].log_odds(X)
    assert parts["(base)"].iloc[0] == pytest.approx(odds.mean(), abs=1e-9)
    known = X["months"].notna()
    slope = np.diff(parts.loc[known, "months"]) / np.diff(X.loc[known, "months"]).clip(1e-9)
    moved = np.diff(X.loc[known, "months"]) > 0
    np.testing.assert_allclose(slope[moved], slope[moved][0], rtol=1e-6)


def tree_value(nodes, at, row, known):
    """Expected output of a tree when only `known` columns are: by training shares elsewhere."""
    node = nodes[at]
    if node["is_leaf"]:
        return node["value"]
    x = row[node["feature_idx"]]
    if node["feature_idx"] in known:
        left = node["missing_go_to_left"] if np.isnan(x) else x <= node["num_threshold"]
        return tree_value(nodes, node["left"] if left else node["right"], row, known)
    children = [node["left"], node["right"]]
    counts = [int(nodes[child]["count"]) for child in children]
    values = [tree_value(nodes, child, row, known) for child in children]
    return np.average(values, weights=counts)


def test_contributions_of_trees_are_shapley_values_by_every_subset(fitted):
    model = fitted["boosting"]
    learner = model.pipeline_.named_steps["learner"]
    X, _ = company(4, 12)
    Z = np.asarray(model.pipeline_.named_steps["encoder"].transform(X), dtype=float)
    owner, k = model.encoded_features, Z.shape[1]
    assert sorted(owner) == sorted(X.columns)
    expected = np.zeros((len(X), k))
    trees = [stage[0].nodes for stage in learner._predictors]
    for number, row in enumerate(Z):
        worth = {
            subset: sum(tree_value(nodes, 0, row, subset) for nodes in trees)
            for size in range(k + 1)
            for subset in combinations(range(k), size)
        }
        for column in range(k):
            for subset in (each for each in worth if column not in each):
                weight = 1 / (k * comb(k - 1, len(subset)))
                gain = worth[tuple(sorted((*subset, column)))] - worth[subset]
                expected[number, column] += weight * gain
    parts = churn.contributions(model, X)[owner]
    np.testing.assert_allclose(parts, model.calibration_[1] * expected, atol=1e-9)


def test_a_feature_that_is_not_used_adds_nothing():
    X, left = company(1)
    model = churn.ChurnModel("boosting", columns=["months"]).fit(X, left)
    parts = churn.contributions(model, X)
    assert (parts[["plan", "noise"]] == 0).all(axis=None)
    base = churn.contributions(churn.ChurnModel("base rate").fit(X, left), X)
    assert (base[["months", "plan", "noise"]] == 0).all(axis=None)
    np.testing.assert_allclose(base["(base)"], logit(left.mean()))


@pytest.mark.parametrize("kind", ["logistic", "boosting"])
def test_the_planted_reason_is_found(fitted, kind):
    X, _ = company(5)
    told = churn.reasons(churn.contributions(fitted[kind], X), X)
    planted = (X["plan"] == "plus").to_numpy() & (X["months"] > 30).to_numpy()
    assert planted.sum() > 30
    assert told["reason_1"][planted].str.startswith("plan = plus (odds × ").all()
    assert not told.loc[X["plan"] == "basic"].apply(lambda x: x.str.contains("plan")).any(axis=None)


def test_cross_fitted_contributions_add_up_to_the_risk_out_of_fold():
    X, left = company(1)
    ids = np.arange(len(X)).astype(object)
    table = churn.Features(X, left, ids, None, pd.DataFrame())
    models = {"logistic": churn.ChurnModel("logistic")}
    validation = churn.validate(models, table, folds=2, seed=1)
    assert validation.chosen == "logistic"
    parts = churn.cross_fitted_contributions(validation, X)
    np.testing.assert_allclose(parts.sum(axis=1), logit(validation.risk), atol=1e-9)
    assert parts["(base)"].nunique() == 2


PARTS = pd.DataFrame(
    np.log(
        [
            [1.8, 2.14, 0.5, 1.04],
            [1.2, 0.9, 1.3, 14.4],
            [1.0, 1.0, 1.0, 1.0],
            [1.1, 3.0, 1e4, 1.0],
        ]
    ),
    columns=["months", "plan", "flag", "bill"],
    index=[7, 8, 9, 10],
).assign(**{"(base)": -1.0})
CUSTOMERS = pd.DataFrame(
    {
        "months": [2.0, 30.0, np.nan, np.nan],
        "plan": pd.Categorical(["basic", "(missing)", "basic", "(missing)"]),
        "flag": [1.0, 0.0, 1.0, 0.0],
        "bill": [12.345678, 12345.678, 50.0, 60.0],
    },
    index=[7, 8, 9, 10],
)


def test_reasons_in_words():
    told = churn.reasons(PARTS, CUSTOMERS)
    assert list(told.columns) == ["reason_1", "reason_2", "reason_3"]
    assert told.loc[7].tolist() == ["plan = basic (odds × 2.1)", "months = 2 (odds × 1.8)", ""]
    assert told.loc[8].tolist() == [
        "bill = 12,346, highest third (odds × 14)",
        "flag = 0 (odds × 1.3)",
        "months = 30 (odds × 1.2)",
    ]
    assert told.loc[9].tolist() == ["", "", ""]
    assert told.loc[10].tolist() == [
        "flag = 0 (odds over 100 times)",
        "plan not known (odds × 3.0)",
        "months not known (odds × 1.1)",
    ]
    assert churn.reasons(PARTS, CUSTOMERS, top=5)["reason_5"].tolist() == [""] * 4


def test_features_that_go_together_are_told_once():
    told = churn.reasons(PARTS, CUSTOMERS, together=[["months", "flag"]])
    # 1.8 × .5 = .9 is no reason; 1.2 × 1.3 = 1.56.
    assert told.loc[7].tolist() == ["plan = basic (odds × 2.1)", "", ""]
    assert told.loc[8, "reason_2"] == "flag = 0, with months (odds × 1.6)"
    told = churn.reasons(PARTS, CUSTOMERS, together=[["months", "plan", "flag", "bill"]])
    # 1.8 × 2.14 × .5 × 1.04 = 2.003.
    assert told.loc[7, "reason_1"] == "plan = basic, with months and 2 more (odds × 2.0)"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4, 5, 6], "LLMMHH"),
        ([0, 0, 0, 0, 5, 6], "MMMMHH"),
        ([0, 0, 0, 1, 1, 2], "LLLMMH"),
        ([1, 1, 1, 2, 2, 2], "......"),
    ],
)
def test_thirds_by_midranks(values, expected):
    X = pd.DataFrame({"x": np.array(values, dtype=float)})
    parts = pd.DataFrame({"x": np.full(6, np.log(2)), "(base)": 0.0})
    names = {"lowest": "L", "middle": "M", "highest": "H"}
    told = churn.reasons(parts, X, top=1)["reason_1"]
    third = told.str.extract("(lowest|middle|highest) third")[0].map(names).fillna(".")
    assert "".join(third) == expected


def test_reasons_refuse_what_cannot_be():
    with pytest.raises(ParameterError, match=r"top: 0"):
        churn.reasons(PARTS, CUSTOMERS, top=0)
    with pytest.raises(ParameterError, match=r"together: tariff"):
        churn.reasons(PARTS, CUSTOMERS, together=[["months", "tariff"]])
    with pytest.raises(ParameterError, match=r"together: plan"):
        churn.reasons(PARTS, CUSTOMERS, together=[["months", "plan"], ["plan", "flag"]])
