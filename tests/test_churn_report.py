"""The churn report where customers fall silent, and where it pays to call nobody."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import papermill
import pytest

from cxlib import PROJECT, tables

FILE = PROJECT.parent / "shared/data/online_retail/online_retail_even_customers.csv.gz"
NO_GOODS = ["POST", "DOT", "M", "m", "D", "C2", "S", "B", "CRUK", "BANK CHARGES", "AMAZONFEE"]
RETAIL = f"""
[transactions]
uri = {json.dumps(str(FILE))}
date_format = "%Y-%m-%d %H:%M"
complete_to = 2011-12-09
currency = "GBP"
leave_out = {{ StockCode = {json.dumps(NO_GOODS)} }}
refunds = "exclude"
zero_amounts = "exclude"
repeats = "keep"
attributes = {{ country = "Country" }}

[transactions.columns]
customer_id = "CustomerID"
date = "InvoiceDate"
quantity = "Quantity"
unit_price = "UnitPrice"
"""


def run(folder: Path, **parameters: Any) -> dict[str, Any]:
    papermill.execute_notebook(
        PROJECT / "notebooks" / "04_churn.ipynb",
        folder / "executed.ipynb",
        parameters={"output_dir": str(folder), **parameters},
        progress_bar=False,
        cwd=folder,
    )
    return json.loads((folder / "results.json").read_text())


@pytest.mark.skipif(not FILE.exists(), reason="the data of Online Retail are not here")
def test_a_shop_without_contracts(tmp_path):
    sources = tmp_path / "sources.toml"
    sources.write_text(RETAIL)
    told = run(tmp_path, sources=str(sources), customers="transactions", margin_rate=0.3)
    measures = {one["name"]: one for one in told["measures"]}

    bought = tables.load("transactions", sources).frame.collect("pandas").to_native()
    day, ninety = pd.Timestamp(dt.date(2011, 12, 9)), pd.Timedelta(days=90)
    date = pd.to_datetime(bought["date"])
    before = bought[(date <= day - ninety) & (date > day - 2 * ninety)]["customer_id"].unique()
    after = set(bought[date > day - ninety]["customer_id"])
    silent = sum(customer not in after for customer in before)
    assert measures["churn_rate"]["value"] == pytest.approx(silent / len(before), abs=1e-12)

    models = pd.read_parquet(tmp_path / "tables" / "models.parquet")
    ranked = models[models["measure"] == "auc"].set_index("model")
    # Neither boosting nor logistic regression is shown to rank better than the purchase model.
    assert ranked.loc["boosting", "low"] < ranked.loc["purchase model", "value"]
    # Three cut-offs of about 900 customers each: an AUC of chance would be .5 +- .04.
    assert ranked.loc["boosting", "low"] > 0.6
    listed = pd.read_parquet(tmp_path / "tables" / "contact_list.parquet")
    assert (listed["expected_profit"] > 0).all()
    assert set(listed["group"]) == {"contact", "hold out"}


def test_that_it_pays_to_call_nobody_is_an_answer(tmp_path):
    told = run(tmp_path, offer_cost=5000.0)
    assert told["headline"].startswith("At these costs it pays to call none of 5,174")
    assert pd.read_parquet(tmp_path / "tables" / "contact_list.parquet").empty
