import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from cxlib import churn


def test_the_simpler_model_wins_ties(small_company):
    table = churn.features(small_company(3))
    model = churn.logistic(table.X)
    result = churn.cross_validate({"first": model, "same": model}, table.X, table.churned)
    assert result.chosen == "first"
    assert "same is not shown to rank better than first" in result.choice
    noise = {"noise": churn.logistic(table.X[["monthly_charges"]])}
    assert churn.cross_validate(noise, table.X, table.churned).chosen == "base rate"


def test_a_perfect_model_is_chosen_without_an_interval():
    rng = np.random.default_rng(24)
    X = pd.DataFrame({"closed": np.repeat([1.0, 0.0], 60), "noise": rng.normal(size=120)})
    models = {"noise": churn.logistic(X[["noise"]]), "all": churn.logistic(X)}
    result = churn.cross_validate(models, X, X["closed"] == 1)
    assert result.estimates["all", "auc"].low is None
    assert result.chosen == "all"
    assert "no interval" in result.choice


def test_every_customer_is_predicted_once_and_folds_are_stratified(validation):
    assert validation.predictions.notna().all(axis=None)
    sizes = pd.Series(validation.fold).value_counts()
    leavers = pd.Series(validation.churned).groupby(validation.fold).sum()
    assert sizes.max() - sizes.min() <= 1
    assert leavers.max() - leavers.min() <= 1
    part = validation.fold == 0
    first = roc_auc_score(validation.churned[part], validation.predictions["logistic"][part])
    variation = validation.fold_variation.loc["logistic"]
    assert variation["lowest"] <= first <= variation["highest"]
    assert variation["folds"] == 5


def test_row_order_ids_and_currency_change_nothing(small_company):
    frame = small_company(4)
    rng = np.random.default_rng(5)
    order = rng.permutation(len(frame))
    other = frame.iloc[order].assign(
        customer_id=rng.permutation(frame["customer_id"]),
        monthly_charges=frame["monthly_charges"].iloc[order] * 1000,
    )
    risks = []
    for data in (frame, other):
        table = churn.features(data)
        models = {"logistic": churn.logistic(table.X), "boosting": churn.boosting(table.X)}
        risks.append(churn.cross_validate(models, table.X, table.churned, seed=6).predictions)
    difference = risks[1].to_numpy() - risks[0].to_numpy()[order]
    assert np.abs(difference).max() < 1e-7
