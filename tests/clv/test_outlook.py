import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cxlib import clv, purchases, tables

TERMS = clv.Terms(52, 0.5, 0.1)


@pytest.fixture(scope="module")
def parts():
    table = tables.load("transactions")
    histories = purchases.purchase_histories(table.frame, dt.date(1998, 3, 31))
    kept = table.keep(histories)
    return (
        purchases.distinct_histories(kept),
        purchases.distinct_spend(kept),
        purchases.customer_table(kept),
    )


@pytest.fixture(scope="module")
def outlook(parts):
    return clv.purchase_outlook(*parts, clv.PURCHASE_MODELS, silence_weeks=13, terms=TERMS)


def test_the_model_is_that_of_the_lowest_aic(parts, outlook):
    assert outlook.model == clv.compare_models(parts[0], clv.PURCHASE_MODELS).summary.index[0]
    assert outlook.note == ""


def test_value_if_alive_times_the_chance_of_it_is_the_value_of_the_value_report(parts, outlook):
    distinct, spends, customers = parts
    model = clv.PURCHASE_MODELS[outlook.model].fit(distinct)
    groups = customers.assign(customers=1)
    valued = clv.valuation(model, clv.GammaGamma.fit(spends), groups, TERMS)
    expected = clv.history_scores(valued, groups)["discounted_purchases"]
    expected *= 0.5 * valued.paid_rate * valued.spend.model.expected_spend(customers)
    found = outlook.frame["value_if_alive"] * outlook.frame["probability_alive"]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_silence_is_the_likelier_the_longer_it_lasts_and_never_likelier_than_without_dropout(
    parts, outlook
):
    frame = outlook.frame
    longer = clv.purchase_outlook(*parts, clv.PURCHASE_MODELS, silence_weeks=0, terms=TERMS)
    assert (longer.frame["silence_rate"] == 1).all()
    assert (frame["silence_rate"] >= 1 - frame["probability_alive"]).all()
    # With every customer counted on, as many stay silent as the model expects: over the next 13
    # weeks the file shows how many bought.
    table = tables.load("transactions")
    later = purchases.purchase_histories(table.frame, dt.date(1998, 6, 30))
    last = later.select("customer_id", "days_since_last").collect("pandas").to_pandas()
    # The 91 days after 1998-03-31.
    bought = frame["customer_id"].map(last.set_index("customer_id")["days_since_last"]) < 91
    # The standard error of a share of 2,357 is .008.
    assert 1 - frame["silence_rate"].mean() == pytest.approx(bought.mean(), abs=0.03)


def test_too_few_customers_leave_a_note(parts):
    distinct, spends, customers = (part.head(3) for part in parts)
    found = clv.purchase_outlook(
        distinct, spends, customers, clv.PURCHASE_MODELS, silence_weeks=13, terms=TERMS
    )
    assert (found.model, found.frame.iloc[:, 1:].isna().all(axis=None)) == ("", True)
    assert isinstance(found.frame, pd.DataFrame)
    assert found.note
