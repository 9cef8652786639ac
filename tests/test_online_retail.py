"""Online Retail, a shop with returns, cancellations and missing ids, by source description alone.

The rows expected are counted here with pandas and a walk through each customer's purchases,
straight from the file.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from cxlib import PROJECT, cli, sources, tables

FILE = PROJECT.parent / "shared/data/online_retail/online_retail_even_customers.csv.gz"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the data of Online Retail are not here")

NAMES = ["customer_id", "day", "amount", "country"]
THEIR_NAMES = ["CustomerID", "day", "amount", "Country"]
NO_GOODS = ["POST", "DOT", "M", "m", "D", "C2", "S", "B", "CRUK", "BANK CHARGES", "AMAZONFEE"]
ENTRY = f"""
[transactions]
uri = {json.dumps(str(FILE))}
date_format = "%Y-%m-%d %H:%M"
complete_to = 2011-12-09
currency = "GBP"
leave_out = {{ StockCode = {json.dumps(NO_GOODS)} }}
zero_amounts = "exclude"
repeats = "keep"
attributes = {{ country = "Country" }}

[transactions.columns]
customer_id = "CustomerID"
date = "InvoiceDate"
quantity = "Quantity"
unit_price = "UnitPrice"
"""


@pytest.fixture(scope="module", autouse=True)
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("retail")
    with pytest.MonkeyPatch.context() as patch:
        for module in (sources, tables):
            patch.setattr(module, "PROJECT", folder)
        yield folder


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """The rows of the file as text, with their amount in pence; ids blank where missing."""
    table = pd.read_csv(FILE, dtype=str, keep_default_na=False)
    # Prices have up to three decimals: whole tenths of a penny are exact.
    pence = (table["UnitPrice"].astype(float) * 1000).round().astype(int)
    return table.assign(
        day=table["InvoiceDate"].str[:10], amount=table["Quantity"].astype(int) * pence
    )


def load(project: Path, refunds: str) -> tables.Table:
    text = ENTRY.replace("zero_amounts", f'refunds = "{refunds}"\nzero_amounts')
    (project / "sources.toml").write_text(text, encoding="utf-8")
    return tables.load("transactions", "sources.toml")


def counted(table: tables.Table) -> dict[str, int]:
    return {one.rule: one.count for one in table.exclusions}


def goods(lines: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """The rows with goods, a customer and an amount, and how many were left out before."""
    codes = lines["StockCode"].value_counts()
    left_out = {
        f'StockCode "{code}" is no purchase (leave_out)': int(codes[code]) for code in NO_GOODS
    }
    rows = lines[~lines["StockCode"].isin(NO_GOODS)]
    left_out["blank"] = int((rows["CustomerID"] == "").sum())
    rows = rows[rows["CustomerID"] != ""]
    left_out["zero amount"] = int((rows["amount"] == 0).sum())
    return rows[rows["amount"] != 0], left_out


def kept(table: tables.Table) -> Counter:
    """The rows of the canonical table, each with how often it occurs."""
    frame = table.frame.collect("pandas").to_native()
    pence = (frame["amount"] * 1000).round().astype(int)
    days = np.datetime_as_string(frame["date"].to_numpy(), unit="D")
    return listed(frame.assign(day=days, amount=pence), NAMES)


def listed(frame: pd.DataFrame, names: list[str]) -> Counter:
    return Counter(zip(*(frame[name].tolist() for name in names), strict=True))


def test_refunds_left_out(project, lines):
    table = load(project, "exclude")
    rows, left_out = goods(lines)
    left_out["negative amount (a refund)"] = int((rows["amount"] < 0).sum())
    assert counted(table) == left_out
    assert table.rows_read == len(lines) == 261_823
    assert table.rows == len(lines) - sum(left_out.values())
    assert kept(table) == listed(rows[rows["amount"] > 0], THEIR_NAMES)


def test_refunds_taken_off_the_last_purchase(project, lines):
    table = load(project, "net")
    rows, left_out = goods(lines)
    # Within a day the purchases come first.
    rows = rows.assign(refund=rows["amount"] < 0).sort_values(["CustomerID", "day", "refund"])
    purchase_day, orphans = {}, 0
    by_day = defaultdict(list)
    for who, own_day, amount, country in zip(
        *(rows[name].tolist() for name in THEIR_NAMES), strict=True
    ):
        if amount > 0:
            purchase_day[who] = own_day
        elif who not in purchase_day:
            orphans += 1
            continue
        day = purchase_day[who]
        by_day[who, day].append((who, day, amount, country))
    refunded = [day for day in by_day.values() if min(row[2] for row in day) < 0]
    gone = [day for day in refunded if sum(row[2] for row in day) <= 0]
    lost = [day for day in gone if sum(row[2] for row in day) < 0]
    left_out["refund without an earlier purchase"] = orphans
    left_out["row of a purchase day taken back wholly"] = sum(map(len, gone))
    assert counted(table) == left_out
    assert table.rows == len(lines) - sum(left_out.values())
    expected = Counter(row for day in by_day.values() for row in day)
    assert kept(table) == expected - Counter(row for day in gone for row in day)
    cut, taken = (one.count for one in table.repairs)
    assert cut == len(lines)
    assert taken == sum(row[2] < 0 for day in refunded for row in day) - sum(
        row[2] < 0 for day in gone for row in day
    )
    excess = -sum(row[2] for day in lost for row in day) / 1000
    warned = {one.rule: one.count for one in table.warnings}
    text = f"refunds larger than the purchases of their day: {excess:,.2f} is taken off no purchase"
    assert warned[text] == sum(row[2] < 0 for day in lost for row in day)


def test_undeclared_refunds_are_an_error_with_lines(project):
    (project / "sources.toml").write_text(ENTRY, encoding="utf-8")
    with pytest.raises(tables.InputError) as caught:
        tables.load("transactions", "sources.toml")
    (violation,) = caught.value.violations
    assert violation.source_column == "Quantity x UnitPrice"
    # The file's first returns stand from line 114 on: twelve boxes at 1.65 are the first.
    assert violation.places[0] == 114
    assert violation.examples[0] == "-12 x 1.65"


def test_the_check_tells_all_of_it(project):
    table = load(project, "net")
    result = CliRunner().invoke(cli.app, ["check", "--sources", "sources.toml"])
    assert result.exit_code == 0
    told = [line for line in result.stdout.splitlines() if line.startswith("  exclusion")]
    assert [int(line.split()[1].replace(",", "")) for line in told] == [
        one.count for one in table.exclusions
    ]
    assert "GBP" in result.stdout
