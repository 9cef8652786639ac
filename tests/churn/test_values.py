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
