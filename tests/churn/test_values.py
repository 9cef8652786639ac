import numpy as np
import pandas as pd
import pytest

from cxlib import churn
from cxlib.inference import ParameterError


def test_unknown_values_become_the_median_and_are_counted():
    found = churn.values([10.0, np.nan, 30.0, np.inf, 80.0], "made up")
    assert found.value.tolist() == [10, 30, 30, 30, 80]
    assert (found.found, found.median) == (3, 30)
    assert "made up. 2 of 5 have none" in found.note


def test_a_loss_counts_as_nothing():
    assert churn.values([-5.0, 4.0], "x").value.tolist() == [0, 4]


def test_without_any_value_there_is_advice():
    with pytest.raises(ValueError, match="name a table of values"):
        churn.values([np.nan], "x")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_is_joined_by_ids_that_stay_text(tmp_path, suffix):
    table = pd.DataFrame({"customer_id": ["007", "7", "x"], "value": [1.0, 2.0, 3.0], "more": 0})
    path = tmp_path / f"customers{suffix}"
    table.to_csv(path, index=False) if suffix == ".csv" else table.to_parquet(path)
    found = churn.known_values(churn.value_table(path), np.array(["7", "007", "new"], dtype=object))
    assert found.value.tolist() == [2, 1, 1.5]
    assert found.found == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no file"),
        ("customer,value\na,1\n", "no table with the columns"),
        ("customer_id,value\na,much\n", "no table with the columns"),
        ("customer_id,value\na,1\na,2\n", "1 customers more than once"),
        ("customer_id,value\nb,1\n", "knows none"),
        ("", "no table with the columns"),
    ],
)
def test_a_table_that_cannot_be_used_names_the_parameter(tmp_path, text, said):
    path = tmp_path / "values.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ParameterError, match=f"customer_values: .*{said}"):
        churn.known_values(churn.value_table(path), ["a"])


def hundred_lives():
    """A tenth of those there leaves each month, for ever: 100,000 people, watched for one month."""
    frame = pd.DataFrame({"tenure_months": np.repeat(np.arange(1, 41), 1000)})
    frame["churned"] = np.tile(np.arange(1000) < 100, 40)
    return churn.lifetimes(frame, leavers="last month")


TERMS = {"within_months": 12, "horizon_months": 1, "margin_rate": 1, "annual_discount_rate": 0}


def test_a_kept_customer_brings_the_charges_of_the_months_that_are_won():
    terms = TERMS | {"margin_rate": 0.5}
    found = churn.contract_values(
        [20.0, 40.0, 40.0], [5.0] * 3, hundred_lives(), risk=[0.1, 0.1, 0.5], **terms
    )
    # After the first month: 1 + .9 + ... + .9^10 months, with a risk of .5 1 + .5 + ... + .5^10.
    usual, restless = (1 - 0.9**11) / 0.1, (1 - 0.5**11) / 0.5
    assert found.value == pytest.approx([10 * usual, 20 * usual, 20 * restless], rel=1e-9)
    assert "a customer of its tenure and risk, once kept, is expected to stay within 12" in (
        found.note
    )


def test_without_lifetimes_the_own_risk_goes_on_and_it_is_said():
    unknown = churn.lifetimes(pd.DataFrame({"tenure_months": [1.0], "churned": [True]}), leavers="")
    terms = TERMS | {"horizon_months": 2}
    found = churn.contract_values([20.0], [5.0], unknown, risk=[0.19], **terms)
    # 1 + .9 + ... + .9^9 months.
    assert found.value == pytest.approx([20 * (1 - 0.9**10) / 0.1], rel=1e-12)
    assert "if that stays the same" in found.note


def test_charges_that_are_not_known_are_counted():
    found = churn.contract_values(
        [20.0, np.nan], [5.0] * 2, hundred_lives(), risk=[0.1, 0.5], **TERMS
    )
    assert "1 of 2 have none" in found.note


@pytest.mark.parametrize(("name", "wrong"), [("margin_rate", 0), ("annual_discount_rate", -1)])
def test_rates_out_of_range_are_named(name, wrong):
    with pytest.raises(ParameterError, match=name):
        churn.contract_values([1.0], [1.0], hundred_lives(), risk=[0.1], **TERMS | {name: wrong})


def test_the_value_of_one_who_may_be_gone_is_made_that_of_one_who_is_kept(tmp_path):
    table = pd.DataFrame({"customer_id": ["a", "b", "c"], "value": [6.0, 8.0, 0.0]})
    path = tmp_path / "customers.parquet"
    table.assign(probability_alive=[0.02, 1.0, 0.0]).to_parquet(path)
    assert churn.known_values(churn.value_table(path), ["a", "b"]).value.tolist() == [300, 8]
