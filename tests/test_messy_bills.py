"""Contracts and months whose charges or ends mean something else, each beside a clean file."""

import datetime

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def told(tmp_path, said):
    """What the door says of a frame that is an input of a kind."""

    def load(frame, kind, columns, more=""):
        frame.to_csv(tmp_path / "a.csv", index=False)
        mapped = ", ".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
        return said(kind, f'[{kind}]\nuri = "a.csv"\n{more}columns = {{ {mapped} }}\n')

    return load


@pytest.fixture
def contracts():
    chance = np.random.default_rng(3)
    first, last = datetime.date(2021, 1, 1), datetime.date(2023, 12, 31)
    start = [first + datetime.timedelta(int(n)) for n in chance.integers(0, 700, 300)]
    stays = chance.random(300) < 0.6
    ends = [
        "" if stay else day + datetime.timedelta(round(share * (last - day).days))
        for stay, day, share in zip(stays, start, chance.random(300), strict=True)
    ]
    return pd.DataFrame(
        {
            "id": [f"S{number}" for number in range(300)],
            "started": start,
            "ended": ends,
            "fee": chance.choice([9.9, 19.9, 29.9], 300),
            "status": np.where(stays, "active", "cancelled"),
            "interval": "month",
        }
    )


CONTRACTS = {
    "customer_id": "id",
    "started": "started",
    "ended": "ended",
    "monthly_charges": "fee",
}
COVERED = "complete_to = 2023-12-31\n"


def of_contracts(told, frame):
    return told(frame, "subscriptions", CONTRACTS, COVERED)


def test_of_clean_contracts_nothing_is_said(told, contracts):
    assert of_contracts(told, contracts) == ""


def test_prices_of_a_year_among_those_of_a_month_are_told(told, contracts):
    contracts.loc[::3, "interval"] = "year"
    assert of_contracts(told, contracts) == ""
    contracts.loc[::3, "fee"] *= 10
    assert "where interval says a year they are " in of_contracts(told, contracts)


def test_prices_of_a_year_of_a_dearer_plan_alone_are_told(told, contracts):
    # Of the dearest plan half are paid by the year: 29 times the median of the months.
    contracts["Interval"] = np.where(contracts["fee"] == 29.9, "year", "month")
    contracts["Interval"] = contracts["Interval"].where(contracts.index % 2 == 0, "month")
    assert of_contracts(told, contracts) == ""
    contracts.loc[contracts["Interval"] == "year", "fee"] = 290.0
    assert "where Interval says a year they are " in of_contracts(told, contracts)


def test_what_is_planned_for_the_end_of_a_period_denies_no_end(told, contracts):
    planned = (contracts["ended"] == "") & (contracts.index % 3 == 0)
    contracts["Cancel At Period End"] = np.where(planned, "true", "false")
    assert of_contracts(told, contracts) == ""
    called = contracts.rename(columns={"Cancel At Period End": "Cancelled"})
    assert "Cancelled says otherwise" in of_contracts(told, called)


def test_a_status_that_denies_the_ends_is_told(told, contracts):
    contracts.loc[contracts.index[contracts["ended"] != ""][:12], "status"] = "active"
    found = of_contracts(told, contracts)
    assert "status says otherwise: who left without an end, or has an end and stays [12]" in found


def test_a_column_of_who_left_that_denies_the_ends_is_told(told, contracts):
    contracts["Churned"] = np.where(contracts["ended"] != "", "yes", "no")
    assert of_contracts(told, contracts) == ""
    contracts.loc[contracts.index[contracts["ended"] != ""][:4], "Churned"] = "no"
    found = of_contracts(told, contracts)
    assert "Churned says otherwise: who left without an end, or has an end and stays [4]" in found


def test_words_that_say_neither_left_nor_stayed_are_told(told, contracts):
    contracts["Churned"] = np.where(contracts["ended"] != "", "yes", "no")
    contracts.loc[contracts.index[:3], "Churned"] = ["paused", "maybe", "paused"]
    found = of_contracts(told, contracts)
    says = 'Churned says neither that the customer left nor that he stayed: "paused", "maybe" [3]'
    assert says in found


def test_charges_in_several_currencies_are_refused(told, contracts):
    contracts["currency"] = ["EUR", "TRY"] * 150
    assert "currencies beside amounts that are taken for one" in of_contracts(told, contracts)
    more = COVERED + 'attributes = { charged_in = "currency" }\n'
    assert told(contracts, "subscriptions", CONTRACTS, more) == ""


@pytest.fixture
def months():
    chance = np.random.default_rng(5)
    days = pd.date_range("2022-07-01", "2024-06-01", freq="MS").strftime("%Y-%m")
    return pd.DataFrame(
        {
            "id": np.repeat([f"S{number}" for number in range(30)], len(days)),
            "month": np.tile(days, 30),
            "revenue": np.round(chance.gamma(20, 1.5, 30 * len(days)), 2),
        }
    )


def of_months(told, frame):
    columns = {"customer_id": "id", "month": "month", "revenue": "revenue"}
    more = 'date_format = "%Y-%m"\ncomplete_to = 2024-06-30\n'
    return told(frame, "subscription_months", columns, more)


def test_sums_of_the_year_so_far_are_told(told, months):
    assert of_months(told, months) == ""
    year = months["month"].str[:4]
    months["revenue"] = months.groupby(["id", year])["revenue"].cumsum().round(2)
    assert "is it the sum of the year so far?" in of_months(told, months)


@pytest.mark.parametrize(("every", "customers"), [(3, 12), (3, 9), (1, 12)])
def test_bills_of_several_months_are_told(told, months, every, customers):
    number = months.groupby("id").cumcount()
    theirs = months["id"].isin([f"S{number}" for number in range(customers)])
    months.loc[theirs & (number % every > 0), "revenue"] = 0
    found = of_months(told, months)
    text = "12 customers pay in one of 3 months, and nothing in the rest: bills of several months?"
    assert (text in found) == (every == 3 and customers == 12)
    months["revenue"] = np.tile(np.arange(24) + 10.5, 30)
    assert "year so far" not in of_months(told, months)


def test_a_discount_that_is_not_taken_off_is_told(told):
    chance = np.random.default_rng(2)
    lines = pd.DataFrame(
        {
            "id": [f"C{one}" for one in chance.integers(0, 60, 300)],
            "date": pd.date_range("2023-01-01", periods=300).strftime("%Y-%m-%d"),
            "price": np.round(chance.gamma(3, 9, 300), 2),
            "pieces": chance.integers(1, 5, 300),
            "Discount": chance.choice([0, 0.05, 0.25], 300),
        }
    )
    columns = {"customer_id": "id", "date": "date", "unit_price": "price", "quantity": "pieces"}
    assert "Discount stands beside it and is not taken off" in told(lines, "transactions", columns)
    lines["Discount"] = 0
    assert told(lines, "transactions", columns) == ""


@pytest.mark.parametrize("end", ["2099-12-31", "0000-00-00", "ongoing"])
def test_what_stands_for_no_end_is_proposed_as_that(told, contracts, end):
    contracts["ended"] = contracts["ended"].replace("", end)
    missing = f'missing = {{ ended = ["{end}"] }}'
    assert missing in of_contracts(told, contracts)
    assert told(contracts, "subscriptions", CONTRACTS, COVERED + missing + "\n") == ""


# --- tenure and charges of another unit -----------------------------------------------------

WITH_TENURE = {
    "customer_id": "id",
    "tenure_months": "tenure",
    "monthly_charges": "fee",
    "churned": "churn",
}


@pytest.fixture
def tenures():
    chance = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "id": [f"S{number}" for number in range(300)],
            "tenure": chance.integers(1, 70, 300),
            "fee": chance.choice([9.9, 19.9, 29.9], 300),
            "churn": np.where(chance.random(300) < 0.3, "Yes", "No"),
        }
    )


def named(**changed):
    """Columns as they are called, where some are called otherwise."""
    return {ours: changed.get(ours, theirs) for ours, theirs in WITH_TENURE.items()}


@pytest.mark.parametrize("name", ["tenure_days", "Tenure in Years", "tenure_yrs", "مدت (سال)"])
def test_tenure_that_is_called_by_another_unit_is_told(told, tenures, name):
    renamed = tenures.rename(columns={"tenure": name})
    columns = named(tenure_months=name)
    found = told(renamed, "subscriptions", columns)
    assert f"{name} is called by another unit, and is read as that of tenure_months" in found


@pytest.mark.parametrize("name", ["Yearly Fee", "annualCharge", "Quarterly Fee", "هزینه سالانه"])
def test_charges_that_are_called_by_another_unit_are_told(told, tenures, name):
    renamed = tenures.rename(columns={"fee": name})
    columns = named(monthly_charges=name)
    found = told(renamed, "subscriptions", columns)
    assert f"{name} is called by another unit, and is read as that of monthly_charges" in found


@pytest.mark.parametrize("name", ["tenure", "tenure_months", "months (30 days)", "ماه‌های سال"])
def test_months_are_not_another_unit(told, tenures, name):
    renamed = tenures.rename(columns={"tenure": name})
    assert told(renamed, "subscriptions", named(tenure_months=name)) == ""


def test_short_whole_tenures_may_be_years(told, tenures):
    tenures["tenure"] %= 11
    found = told(tenures, "subscriptions", WITH_TENURE)
    assert "nobody has been a customer for longer than 10 months" in found
    said = tenures.rename(columns={"tenure": "tenure_months"})
    assert told(said, "subscriptions", named(tenure_months="tenure_months")) == ""
    tenures["tenure"] /= 4
    found = told(tenures, "subscriptions", WITH_TENURE)
    assert "nobody has been a customer for longer than 2.5 months" in found
    tenures["tenure"] *= 8
    assert told(tenures, "subscriptions", WITH_TENURE) == ""


def test_charges_that_are_nothing_after_leaving_are_told(told, tenures):
    tenures.loc[tenures["churn"] == "Yes", "fee"] = 0
    left = (tenures["churn"] == "Yes").sum()
    found = told(tenures, "subscriptions", WITH_TENURE)
    assert "those who left pay nothing, and hardly anybody else: write what each paid" in found
    assert f"[{left}]" in found
    # Of those on trial some left as well.
    tenures["fee"] = np.where(np.arange(300) % 5, 9.9, 0)
    assert "20.0 % of the customers pay nothing" in told(tenures, "subscriptions", WITH_TENURE)


def test_weeks_are_no_months(told, months):
    renamed = months.rename(columns={"month": "week"})
    columns = {"customer_id": "id", "month": "week", "revenue": "revenue"}
    more = 'date_format = "%Y-%m"\ncomplete_to = 2024-06-30\n'
    found = told(renamed, "subscription_months", columns, more)
    assert "week is called by another unit, and is read as that of month" in found


def test_customers_on_trial_are_told(told, tenures):
    tenures["status"] = np.where(tenures.index % 10, "Active", "Trialing")
    found = told(tenures, "subscriptions", WITH_TENURE)
    assert "status calls some of them customers on trial" in found
    assert "[30]" in found


def test_charges_in_cents_are_told(told, tenures):
    cents = tenures.index % 20 == 0
    tenures.loc[cents, "fee"] = (tenures.loc[cents, "fee"] * 100).round()
    found = told(tenures, "subscriptions", WITH_TENURE)
    assert "prices are there a hundred times as high as well: cents among units?" in found
    assert "[15]" in found


@pytest.mark.parametrize(
    ("charge", "pieces", "is_told"),
    [
        ("unit_amount", "quantity", True),
        ("price per seat", "Seats", True),
        ("fee", "quantity", False),
    ],
)
def test_a_number_of_pieces_beside_the_price_of_one_is_told(
    told, contracts, charge, pieces, is_told
):
    contracts = contracts.rename(columns={"fee": charge})
    contracts[pieces] = [1, 1, 3] * 100
    found = told(contracts, "subscriptions", CONTRACTS | {"monthly_charges": charge}, COVERED)
    assert (f"{pieces} stands beside it and is not used" in found) == is_told
    assert is_told == ("[100]" in found)


@pytest.mark.parametrize(
    ("name", "is_told"), [("Contract no", True), ("شماره قرارداد", True), ("mobile number", False)]
)
def test_a_number_of_a_contract_that_stands_twice_is_told(told, contracts, name, is_told):
    contracts[name] = [f"V{5000 + number}" for number in range(300)]
    assert of_contracts(told, contracts) == ""
    contracts.loc[41, name] = "V5040"
    found = of_contracts(told, contracts)
    assert (f"{name} is the same in several rows" in found) == is_told
    assert not is_told or "(first: lines 42, 43) [2]" in found


def moved(frame, rows, step):
    """A frame with the cells of some rows moved, from its second column on."""
    cells = frame.astype(object).where(frame.notna(), "")
    for row in rows:
        before = list(cells.loc[row])
        after = [before[0], "", *before[1:-1]] if step > 0 else [before[0], *before[2:], ""]
        cells.loc[row] = after
    return cells


@pytest.mark.parametrize(("step", "side"), [(1, "right"), (-1, "left")])
def test_rows_whose_cells_have_moved_are_told_as_such(told, contracts, step, side):
    contracts.insert(1, "plan", "Plus")
    contracts.insert(2, "shop", "North")
    found = of_contracts(told, moved(contracts, [41, 88], step))
    text = f"Mend: the cells of these rows stand one column too far to the {side}: move them back"
    assert found.count(text) == found.count("Mend: ") > 0
    assert "lines 43, 90" in found


def test_a_word_among_dates_is_no_row_that_has_moved(told, contracts):
    contracts.loc[41, "started"] = "soon"
    found = of_contracts(told, contracts)
    assert "not a date" in found
    assert "one column too far" not in found
