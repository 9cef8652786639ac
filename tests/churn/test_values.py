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
    found = churn.values_from_table(path, np.array(["7", "007", "new"], dtype=object))
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
        churn.values_from_table(path, ["a"])


def hundred_lives():
    """A tenth of those there leaves each month, for ever: 100,000 people, watched for one month."""
    frame = pd.DataFrame({"tenure_months": np.repeat(np.arange(1, 41), 1000)})
    frame["churned"] = np.tile(np.arange(1000) < 100, 40)
    return churn.lifetimes(frame, leavers="last month")


def test_a_kept_customer_brings_the_charges_of_the_months_that_are_won():
    terms = {"within_months": 12, "horizon_months": 1, "margin_rate": 0.5}
    found = churn.contract_values(
        [20.0, 40.0], [5.0, 5.0], hundred_lives(), **terms, annual_discount_rate=0
    )
    # After the first month: 1 + .9 + ... + .9^10 months.
    months = (1 - 0.9**11) / 0.1
    assert found.value == pytest.approx([10 * months, 20 * months], rel=1e-9)


def test_without_lifetimes_all_months_count_and_it_is_said():
    unknown = churn.lifetimes(pd.DataFrame({"tenure_months": [1.0], "churned": [True]}), leavers="")
    found = churn.contract_values(
        [20.0],
        [5.0],
        unknown,
        within_months=12,
        horizon_months=1,
        margin_rate=1,
        annual_discount_rate=0,
    )
    assert found.value.tolist() == [240]
    assert "charges over 12 months" in found.note


@pytest.mark.parametrize(("name", "wrong"), [("margin_rate", 0), ("annual_discount_rate", -1)])
def test_rates_out_of_range_are_named(name, wrong):
    terms = {"within_months": 12, "horizon_months": 1, "margin_rate": 1, "annual_discount_rate": 0}
    with pytest.raises(ParameterError, match=name):
        churn.contract_values([1.0], [1.0], hundred_lives(), **terms | {name: wrong})
