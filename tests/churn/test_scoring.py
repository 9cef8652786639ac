import datetime as dt

import narwhals as nw
import numpy as np
import pytest

from cxlib import churn, engine


def frame_of(scores):
    return scores.collect("pandas").to_native()


def in_small_batches(frame, function):
    return engine.map_batches(frame, function, rows=90)


@pytest.fixture(scope="module", params=["logistic", "boosting"])
def model(request, small_company):
    table = churn.features(small_company(30))
    return churn.ChurnModel(request.param).fit(table.X, table.churned)


def test_scores_of_batches_are_those_of_all_at_once(model, small_company):
    customers = small_company(31).assign(plan=lambda one: one["plan"].where(one.index % 9 > 0))
    customers.loc[::7, "monthly_charges"] = np.nan
    X = churn.features(customers).X
    lazy = engine.lend(customers).with_columns(cutoff=nw.lit(dt.date(2024, 3, 1)))
    scores = churn.score(model, lazy, in_small_batches)
    assert scores.collect_schema()["cutoff"] == nw.Date
    found = frame_of(scores).set_index("customer_id")["churn_probability"]
    expected = model.predict_proba(X)[:, 1]
    assert found[customers["customer_id"]].to_numpy() == pytest.approx(expected, abs=1e-12)


def test_an_unknown_level_and_a_batch_with_one_level_are_scored(model, small_company):
    customers = small_company(32).sort_values("plan").assign(plan=lambda one: one["plan"])
    customers["plan"] = customers["plan"].replace("plus", "new plan")
    found = frame_of(churn.score(model, engine.lend(customers), in_small_batches))
    expected = model.predict_proba(churn.features(customers).X)[:, 1]
    order = found.set_index("customer_id")["churn_probability"][customers["customer_id"]]
    assert order.to_numpy() == pytest.approx(expected, abs=1e-12)


def test_no_customers_have_no_scores(model, small_company):
    nobody = engine.lend(small_company(33)).filter(nw.col("tenure_months") < 0)
    found = frame_of(churn.score(model, nobody, engine.map_batches))
    assert found.empty
    assert list(found) == ["customer_id", "churn_probability"]


def test_a_missing_column_is_named(model, small_company):
    with pytest.raises(ValueError, match="missing: plan"):
        churn.score(model, engine.lend(small_company(34).drop(columns="plan")), in_small_batches)
