"""Money of purchases and contracts that is of its type and wrong: each fault, and its like."""

import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from cxlib.door.units import cents_among_units
from cxlib.transactions import _jumps

PURCHASES = 'columns = { customer_id = "id", date = "date", amount = "amount" }\n'
PRICED = 'columns = { customer_id = "id", date = "date", quantity = "qty", unit_price = "price" }\n'
SNAPSHOT = (
    'columns = { customer_id = "id", churned = "churned", tenure_months = "months",'
    ' monthly_charges = "fee", total_charges = "paid" }\nleavers = "all"\n'
)
DATED = (
    'columns = { customer_id = "id", started = "from", ended = "to", monthly_charges = "fee" }\n'
    "complete_to = 2025-03-31\n"
)
DAY = datetime.date(2024, 1, 1)
TIMES_TEN = "about ten times those of all others: rial among toman?"


@pytest.fixture
def told(tmp_path, said):
    """What the door says of a table: its errors or, where it is taken, its warnings."""

    def load(table, entry=PURCHASES, kind="transactions"):
        name = "a.xlsx" if isinstance(table, openpyxl.Workbook) else "a.csv"
        if isinstance(table, openpyxl.Workbook):
            table.save(tmp_path / name)
        else:
            table.to_csv(tmp_path / name, index=False)
        return said(kind, f'[{kind}]\nuri = "{name}"\n{entry}')

    return load


def order_lines(seed=1, orders=60):
    """Orders of one to four lines, with the total of the order on each of them."""
    rng = np.random.default_rng(seed)
    lines = []
    for order in range(orders):
        for line in range(rng.integers(1, 5)):
            qty, price = int(rng.integers(1, 4)), round(float(rng.lognormal(3, 0.7)), 2)
            bought = {"order_id": f"S{order}", "id": f"C{order % 23}", "qty": qty, "price": price}
            day = DAY + datetime.timedelta(days=order)
            lines.append(bought | {"date": day, "sku": f"K{order}-{line}", "value": qty * price})
    table = pd.DataFrame(lines)
    table["amount"] = table.groupby("order_id")["value"].transform("sum").round(2)
    return table


# --- totals of orders ------------------------------------------------------------------------


def test_a_total_on_each_line_is_refused_where_its_parts_add_up_to_it(told):
    found = told(order_lines().drop(columns="value"))
    assert "refused" in found
    assert "the total of an order stands on each of its lines" in found
    assert "the sum of qty x price over the lines with the same order_id" in found
    assert 'map quantity = "qty" and unit_price = "price" in columns of' in found


def test_the_amount_of_a_line_is_named_where_the_file_has_it(told):
    found = told(order_lines().drop(columns=["qty", "price"]).round(2))
    assert "refused" in found
    assert 'map amount = "value" in columns of' in found


def test_a_total_on_each_line_is_a_warning_where_nothing_adds_up_to_it(told):
    found = told(order_lines()[["order_id", "id", "date", "sku", "amount"]])
    assert "all lines of an order have the same amount" in found
    assert "refused" not in found


def test_an_order_is_known_by_its_rows_where_its_name_says_nothing(told):
    lines = order_lines()[["order_id", "id", "date", "sku", "amount"]]
    found = told(lines.rename(columns={"order_id": "n"}))
    assert "orders (n): is it the total" in found


def test_amounts_of_lines_are_no_totals(told):
    lines = order_lines()
    assert told(lines.assign(amount=lines["value"].round(2)).drop(columns="value")) == ""
    assert told(lines, PRICED) == ""


def test_one_total_an_order_is_no_repeated_total(told):
    assert told(order_lines().drop_duplicates("order_id")) == ""


def test_pieces_of_a_few_prices_are_no_totals(told):
    lines = order_lines()[["order_id", "id", "date", "sku"]]
    price = lines["order_id"].map(lambda order: [9.5, 12.5, 15.25][int(order[1:]) % 3])
    assert told(lines.assign(amount=price)) == ""


def test_another_column_that_goes_with_the_amount_is_no_order(told):
    rng = np.random.default_rng(5)
    prices = rng.choice(np.round(rng.lognormal(3, 1, 40), 2), 400)
    days = [DAY + datetime.timedelta(days=int(day)) for day in rng.integers(0, 300, 400)]
    ids = [f"C{one}" for one in rng.integers(0, 60, 400)]
    table = pd.DataFrame({"id": ids, "date": days, "amount": prices, "n": range(400)})
    assert told(table.assign(net=(table["amount"] / 1.09).round(4))) == ""
    assert told(table.assign(invoice_net=(table["amount"] / 1.09).round(4))) == ""
    assert told(table.assign(product=table["amount"].rank(method="dense"))) == ""


# --- currencies ------------------------------------------------------------------------------


def purchases(rows=90, **others):
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "id": [f"C{row % 17}" for row in range(rows)],
            "date": [DAY + datetime.timedelta(days=row % 300) for row in range(rows)],
            "amount": np.round(rng.lognormal(4, 0.7, rows), 2),
            **others,
        }
    )


@pytest.mark.parametrize(
    ("two", "rates"),
    [
        (["ریال", "تومان"], '{ "ریال" = 1, "تومان" = 10 }'),
        (["EUR", "JPY"], '{ "EUR" = 1, ... }'),
        (["€", "$"], '{ "€" = 1, ... }'),
    ],
)
@pytest.mark.parametrize("declared", ["", 'currency = "EUR"\n', 'attributes = ["unit"]\n'])
def test_a_column_of_several_currencies_must_be_mapped(told, two, rates, declared):
    found = told(purchases(unit=two * 45), PURCHASES + declared)
    assert 'currency (column "unit"): currencies beside amounts that are taken for one' in found
    assert f"exchange_rates = {rates}" in found


def test_currencies_that_are_mapped_or_named_apart_are_not_asked_about(told):
    table = purchases(unit=["EUR", "JPY"] * 45)
    mapped = PURCHASES.replace(" }", ', currency = "unit" }')
    assert told(table, mapped + "exchange_rates = { EUR = 1, JPY = 0.006 }\n") == ""
    assert told(table, PURCHASES + 'attributes = { charged_in = "unit" }\n') == ""
    assert told(table, PURCHASES + 'leave_out = { unit = ["JPY"] }\n') == ""


def test_a_currency_that_first_occurs_far_down_is_seen(told):
    unit = ["EUR"] * 4000 + ["JPY"] * 10
    assert "currencies beside amounts" in told(purchases(4010, unit=unit))
    assert told(purchases(4010, unit=["EUR"] * 4010)) == ""


@pytest.mark.parametrize(
    ("unit", "declared", "is_refused"),
    [
        ("ریال", "IRT", True),
        ("USD", "EUR", True),
        ("ریال", "IRR", False),
        ("€", "EUR", False),
        ("$", "CAD", False),
        ("EUR", "points", False),
    ],
)
def test_one_currency_in_all_rows_may_not_contradict_the_declared_one(
    told, unit, declared, is_refused
):
    found = told(purchases(unit=unit), PURCHASES + f'currency = "{declared}"\n')
    assert found.startswith("refused") is is_refused
    assert (f'"{unit}" in all rows, though currency = "{declared}" is declared' in found) is (
        is_refused
    )


@pytest.mark.parametrize("words", [["CUP", "PEN"], ["$", "$$"], ["EUR", "other"], ["DE", "IR"]])
def test_words_that_are_no_currencies_are_taken(told, words):
    assert told(purchases(kind=words * 45)) == ""


# --- units by group --------------------------------------------------------------------------


def branches(seed, factor=1.0, rows=600, digits=0):
    rng = np.random.default_rng(seed)
    branch = rng.choice(["Harbour", "University", "Bazaar", "Airport"], rows)
    amounts = np.round(rng.lognormal(11 if digits == 0 else 4, 0.7, rows), digits)
    amounts = np.where(branch == "Airport", np.round(amounts * factor, digits), amounts)
    table = purchases(rows, shop=branch)
    return table.assign(amount=amounts.astype(int) if digits == 0 else amounts)


SHOP = PURCHASES + 'attributes = ["shop"]\n'


@pytest.mark.parametrize("currency", ["", 'currency = "IRT"\n', 'currency = "IRR"\n'])
def test_a_branch_in_rial_among_others_in_toman_is_told(told, currency):
    found = told(branches(3, 10), SHOP + currency)
    assert f'amounts of shop "Airport" are {TIMES_TEN}' in found


def test_a_branch_in_toman_among_others_in_rial_is_told(told):
    table = branches(3, 10)
    others = np.where(table["shop"] == "Airport", table["amount"] / 10, table["amount"] * 10)
    found = told(table.assign(amount=others.astype(int)), SHOP)
    assert 'amounts of shop "Airport" are about a tenth of those of all others' in found


def test_a_branch_in_cents_is_told(told):
    table = branches(4, digits=2)
    in_cents = np.where(table["shop"] == "Airport", table["amount"] * 100, table["amount"])
    found = told(table.assign(amount=in_cents.round(2)), SHOP + 'currency = "EUR"\n')
    assert 'amounts of shop "Airport" are about a hundred times those of all others' in found


@pytest.mark.parametrize("factor", [1, 3, 5, 25])
def test_branches_that_differ_otherwise_are_taken(told, factor):
    assert "of all others" not in told(branches(3, factor), SHOP)


def test_ten_times_the_amount_is_no_rial_where_money_has_other_units(told):
    assert "of all others" not in told(branches(3, 10), SHOP + 'currency = "EUR"\n')
    # Not all multiples of ten.
    assert "of all others" not in told(branches(3, 10.37), SHOP)
    # A hundred times, but with hundredths.
    assert "of all others" not in told(branches(3, 100.37, digits=2), SHOP)


def with_cents(rng, of_cents, of_units):
    units = rng.lognormal(3.5, 0.6, of_units)
    cents = np.round(rng.lognormal(3.5, 0.6, of_cents) * 100).astype(int)
    texts = [f"{one:.2f}" for one in units] + [str(one) for one in cents]
    return list(rng.permutation(texts))


def test_cents_among_units_are_told(told):
    rng = np.random.default_rng(11)
    table = purchases(300).assign(amount=with_cents(rng, 60, 240))
    assert "cents among units? Write all in one unit [60]" in told(table)


@pytest.mark.parametrize(
    "write",
    [
        lambda amounts: [f"{one:.2f}" for one in amounts],
        # As a program writes numbers: 12.5, 12.
        lambda amounts: [f"{round(one, 2):g}" for one in amounts],
        # Whole amounts that are rounded.
        lambda amounts: [
            f"{one:.2f}" if row % 4 else str(int(one) * 100) for row, one in enumerate(amounts)
        ],
        # Whole amounts of the same size.
        lambda amounts: [
            f"{one:.2f}" if row % 4 else str(int(one)) for row, one in enumerate(amounts)
        ],
    ],
)
def test_whole_amounts_that_are_no_cents_are_taken(write):
    amounts = np.random.default_rng(12).lognormal(3.5, 0.6, 400)
    assert cents_among_units(pd.Series(write(amounts))) == []


# --- months that jump to and fro --------------------------------------------------------------


def months_of(seed, rows=900):
    """Amounts of two prices ten to one, as many of either, over fifteen months."""
    rng = np.random.default_rng(seed)
    amounts = rng.choice([4.5, 45.0], rows) * (1 + rng.random(rows) / 10)
    return amounts, np.arange(rows) * 15 // rows


def test_two_prices_by_chance_are_no_change_of_unit():
    assert [_jumps(*months_of(seed)) for seed in range(20)] == [[]] * 20


def test_a_unit_that_changes_to_and_fro_is_told():
    amounts = np.random.default_rng(2).lognormal(11, 0.4, 900)
    months = np.arange(900) * 15 // 900
    # The unit changes within the months 3 and 5, and the median of the latter is in between.
    share = np.select([months == 3, months == 4, months == 5, months == 9], [0.7, 1, 0.3, 1], 0)
    in_rial = np.random.default_rng(3).random(900) < share
    found = _jumps(np.where(in_rial, 10 * amounts, amounts), months)
    assert sorted(month for month, _, _ in found) == [3, 6, 9]
    assert {month: of for month, _, of in found}[9] == "the months beside it"


# --- the Persian decimal mark -----------------------------------------------------------------


def momayyez(rows=60):
    texts = [f"{100 + row * 37 % rows}\u066b{row * 10:03d}" for row in range(rows)]
    return [text.translate({48 + digit: 0x6F0 + digit for digit in range(10)}) for text in texts]


def in_workbook(amounts):
    workbook = openpyxl.Workbook()
    workbook.active.append(["id", "date", "amount"])
    for row, amount in enumerate(amounts):
        workbook.active.append([f"C{row % 17}", f"2024-01-{1 + row % 28:02d}", amount])
    return workbook


@pytest.mark.parametrize("in_sheet", [True, False])
def test_a_persian_mark_before_three_digits_is_asked_about(told, in_sheet):
    table = in_workbook(momayyez()) if in_sheet else purchases(60).assign(amount=momayyez())
    assert "a decimal point, or one between thousands?: 60 rows" in told(table)
    assert told(table, PURCHASES + 'decimal = "."\n') == ""
    assert told(table, PURCHASES + 'thousands = "."\ndecimal = ","\n') == ""


@pytest.mark.parametrize(
    "amounts",
    [
        [row + 0.125 for row in range(1, 61)],
        [row + 0.5 for row in range(1, 61)],
        [f"{row}\u066b{row % 7}5" for row in range(1, 61)],
        [f"{row}.125" if row % 2 else f"{row}.25" for row in range(1, 25)],
    ],
)
def test_numbers_and_plain_decimals_of_a_workbook_are_not_asked_about(told, amounts):
    assert "between thousands" not in told(in_workbook(amounts))


# --- contracts -------------------------------------------------------------------------------


def contracts(rows=200, seed=3, **others):
    rng = np.random.default_rng(seed)
    months, fee = rng.integers(1, 60, rows), rng.choice([19, 29, 39, 59], rows)
    table = pd.DataFrame({"id": [f"C{row}" for row in range(rows)]})
    table = table.assign(churned=rng.integers(0, 2, rows), months=months, fee=fee)
    return table.assign(paid=months * fee * rng.uniform(0.9, 1.1, rows), **others)


def test_contracts_without_a_fault_are_taken(told):
    assert told(contracts(), SNAPSHOT, "subscriptions") == ""


NAMES = (
    "is_active",
    "Active",
    "isActive",
    "فعال",
    "account active",
    "renewed",
    "is_customer",
    "مانده",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_column_of_the_active_is_not_one_of_those_who_left(told, name):
    table = contracts().rename(columns={"churned": name})
    entry = SNAPSHOT.replace('churned = "churned"', f'churned = "{name}"')
    found = told(table, entry, "subscriptions")
    assert "says who is still a customer, and yes is read as having left" in found
    assert 'true_values = ["false", "0", "no"]' in found
    for words in ('true_values = ["0"]\nfalse_values = ["1"]', 'true_values = ["1"]'):
        assert told(table, f"{entry}{words}\n", "subscriptions") == ""


@pytest.mark.parametrize("name", ["inactive", "not_active", "غیرفعال", "deactivated", "activity"])
def test_a_column_of_the_inactive_is_one_of_those_who_left(told, name):
    table = contracts().rename(columns={"churned": name})
    entry = SNAPSHOT.replace('churned = "churned"', f'churned = "{name}"')
    assert told(table, entry, "subscriptions") == ""


@pytest.mark.parametrize(
    ("here", "gone"), [("Active", "Cancelled"), ("فعال", "غیرفعال"), ("current", "former")]
)
def test_words_for_being_there_are_not_taken_for_having_left(told, here, gone):
    table = contracts()
    table = table.assign(churned=np.where(table["churned"] == 1, gone, here))
    wrong = f'true_values = ["{here}"]\nfalse_values = ["{gone}"]\n'
    found = told(table, SNAPSHOT + wrong, "subscriptions")
    assert f'"{here}" means still a customer, and is read as having left' in found
    assert f'true_values = ["{gone}"], false_values = ["{here}"]' in found
    right = f'true_values = ["{gone}"]\nfalse_values = ["{here}"]\n'
    assert told(table, SNAPSHOT + right, "subscriptions") == ""


def test_a_file_that_nearly_everybody_left_is_told(told):
    table = contracts().assign(churned=[int(row % 20 > 0) for row in range(200)])
    found = told(table, SNAPSHOT, "subscriptions")
    assert "95.0 % of the customers left: does yes mean that they stayed?" in found
    declared = SNAPSHOT + 'true_values = ["1"]\nfalse_values = ["0"]\n'
    assert told(table, declared, "subscriptions") == ""


@pytest.mark.parametrize(
    ("column", "factor", "says"),
    [
        ("months", 30.4, "tenure_months seems to be in days"),
        ("months", 1 / 12, "tenure_months seems to be in years"),
        ("fee", 12, "monthly_charges seems to be that of a year"),
    ],
)
def test_another_unit_is_told_by_what_customers_paid(told, column, factor, says):
    table = contracts().assign(months=lambda one: one["months"] % 36 + 12)
    table = table.assign(paid=table["months"] * table["fee"])
    table[column] = table[column] * factor
    assert says in told(table, SNAPSHOT, "subscriptions")


def test_charges_that_changed_are_of_no_other_unit(told):
    for factor in (0.3, 0.6, 1.6, 4):
        table = contracts().assign(paid=lambda one, by=factor: one["paid"] * by)
        assert told(table, SNAPSHOT, "subscriptions") == ""


def test_a_tenure_of_more_than_a_life_is_told_without_any_charges(told):
    table = contracts().assign(months=lambda one: one["months"] * 30)
    entry = SNAPSHOT.replace(', total_charges = "paid"', "")
    assert "more than 75 years: is it in days?" in told(table, entry, "subscriptions")
    assert told(contracts(), entry, "subscriptions") == ""


def test_customers_who_pay_nothing_are_told_until_it_is_declared(told):
    free = contracts().assign(fee=lambda one: one["fee"] * (one.index % 7 > 0))
    assert "14.5 % of the customers pay nothing" in told(free, SNAPSHOT, "subscriptions")
    declared = SNAPSHOT + "missing = { monthly_charges = [] }\n"
    assert told(free, declared, "subscriptions") == ""
    few = contracts().assign(fee=lambda one: one["fee"] * (one.index % 40 > 0))
    assert told(few, SNAPSHOT, "subscriptions") == ""


def dated(ends):
    rows = len(ends)
    starts = [datetime.date(2022, 1, 1) + datetime.timedelta(days=row * 3) for row in range(rows)]
    ids = [f"C{row}" for row in range(rows)]
    return pd.DataFrame({"id": ids, "from": starts, "to": ends, "fee": 29})


def test_planned_ends_of_contracts_are_named(told):
    ends = [datetime.date(2024, 6, 1) + datetime.timedelta(days=row) for row in range(60)]
    found = told(dated(ends), DATED, "subscriptions")
    assert "every customer has the same value" in found
    assert "also where a later day is planned, and declare as complete_to the last day" in found
    later = told(dated([*ends[:-1], datetime.date(2026, 1, 1)]), DATED, "subscriptions")
    assert "the end of a contract that is only planned" in later
    left = [end if row % 2 else None for row, end in enumerate(ends)]
    assert "refused" not in told(dated(left), DATED, "subscriptions")


def test_two_calendars_in_one_entry_are_named_with_both_columns(told):
    found = told(dated(["1402-05-07", "", "1402-10-23"] * 20), DATED, "subscriptions")
    assert "the dates of from are read as declared, those of to are not" in found
    assert 'calendar = "jalali"' not in found


def test_one_calendar_for_both_columns_is_proposed(told):
    table = dated(["1402-05-07", "", "1402-10-23"] * 20)
    table["from"] = ["1400-02-31"] * 60
    assert 'calendar = "jalali"' in told(table, DATED, "subscriptions")


# --- a decimal mark that was lost ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("lost", "is_told"),
    [
        (["1562", "13094"], True),
        (["1562"], False),
        (["12", "13094"], False),
        (["13094999"] * 2, False),
    ],
)
def test_a_few_whole_amounts_above_all_others_have_lost_their_mark(lost, is_told):
    chance = np.random.default_rng(6)
    texts = [f"{amount:.2f}" for amount in chance.gamma(2, 25, 700)]
    assert cents_among_units(pd.Series(texts)) == []
    found = cents_among_units(pd.Series([*texts, *lost]))
    assert [count for _, count in found] == [len(lost)] * is_told
