"""Purchases whose rows are right one by one, and wrong together: each beside a clean file."""

import datetime

import numpy as np
import pandas as pd
import pytest

from cxlib import tables
from cxlib.contracts import InputError

DAY = datetime.date(2023, 1, 1)


@pytest.fixture
def told(tmp_path, said):
    """What the door says of a frame of purchases."""

    def load(frame, date="date", more="", **columns):
        frame.to_csv(tmp_path / "a.csv", index=False)
        columns = {"customer_id": "id", "date": date} | (columns or {"amount": "amount"})
        mapped = ", ".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
        entry = f'[transactions]\nuri = "a.csv"\n{more}columns = {{ {mapped} }}\n'
        return said("transactions", entry)

    return load


@pytest.fixture
def shop():
    """600 orders of 120 customers over a year and a half, in the order of their days."""
    chance = np.random.default_rng(7)
    days = np.sort(chance.integers(0, 540, 600))
    return pd.DataFrame(
        {
            "order": [f"A{1000 + number}" for number in range(600)],
            "id": [f"K{one}" for one in chance.integers(10_000, 10_120, 600)],
            "date": [str(DAY + datetime.timedelta(days=int(day))) for day in days],
            "quantity": chance.integers(1, 5, 600),
            "amount": np.round(chance.gamma(2, 15, 600) + 1, 2),
        }
    )


def test_of_a_clean_shop_nothing_is_said(told, shop):
    assert told(shop) == ""


# --- what the amounts are -------------------------------------------------------------------


def test_running_totals_are_told(told, shop):
    shop["amount"] = shop.groupby("id")["amount"].cumsum().round(2)
    steps = int((shop["id"].value_counts() - 1).sum())
    assert f"in {steps} of {steps} steps: are they running totals? " in told(shop)


def test_amounts_that_fall_now_and_then_are_no_running_totals(told, shop):
    shop["amount"] = shop.groupby("id")["amount"].cumsum().round(2)
    shop.loc[::20, "amount"] = 1.5
    assert "running totals" not in told(shop)


def test_the_total_of_a_customer_on_each_row_is_told(told, shop):
    shop["amount"] = shop.groupby("id")["amount"].transform("sum").round(2)
    assert "is it the total of the customer, which counts once for each row?" in told(shop)


def test_one_price_for_all_is_no_total_of_a_customer(told, shop):
    shop["amount"] = shop["id"].str[-1].map(lambda figure: 9.9 if figure in "024" else 19.9)
    assert "total of the customer" not in told(shop)


def test_amounts_sorted_without_their_rows_are_told(told, shop):
    shop["amount"] = np.sort(shop["amount"])[::-1]
    assert "was one column sorted without the others? [600]" in told(shop)


def test_a_file_sorted_by_amount_as_a_whole_is_right(told, shop):
    assert told(shop.sort_values("amount")) == ""


def test_amounts_of_fixed_width_are_asked_about(told, shop):
    shop["amount"] = (shop["amount"] * 100).astype(int).map("{:010d}".format)
    assert "files of fixed width leave the decimal point out" in told(shop)


def test_whole_amounts_without_zeros_before_them_are_not(told, shop):
    shop["amount"] = (shop["amount"] * 100).astype(int)
    assert "fixed width" not in told(shop)


@pytest.mark.parametrize("is_clean", [True, False])
def test_orders_and_their_lines_in_one_file_are_told(told, shop, is_clean):
    lines = shop.loc[shop.index.repeat(3)].copy()
    lines["amount"] = np.round(np.random.default_rng(3).gamma(2, 15, len(lines)) + 1, 2)
    sums = lines.groupby("order", as_index=False, sort=False).agg(
        {"id": "first", "date": "first", "quantity": "sum", "amount": "sum"}
    )
    both = lines if is_clean else pd.concat([sums.round(2), lines]).sort_values("order")
    found = told(both)
    assert (
        "one line of an order is the sum of its other lines, in 600 of 600" in found
    ) != is_clean


def test_the_price_of_a_piece_is_known_by_the_total_beside_it(told, shop):
    shop["total"] = (shop["quantity"] * shop["amount"]).round(2)
    assert "amount x quantity is total: is it the price of a piece?" in told(shop)
    assert told(shop, amount="total") == ""


def test_a_price_beside_a_quantity_is_asked_about(told, shop):
    shop = shop.rename(columns={"amount": "unit price"})
    assert "quantity stands beside it and is not used" in told(shop, amount="unit price")
    shop = shop.rename(columns={"unit price": "total price"})
    assert told(shop, amount="total price") == ""


def test_goods_that_came_back_with_a_positive_amount_are_told(told, shop):
    shop.loc[::25, "quantity"] *= -1
    assert "quantity is negative in rows whose amount is not" in told(shop)
    shop["amount"] *= np.sign(shop["quantity"])
    assert "quantity is negative" not in told(shop, more='refunds = "net"\n')


# --- what the rows are ----------------------------------------------------------------------


def test_an_export_that_was_appended_again_with_other_row_numbers_is_told(told, shop):
    both = pd.concat([shop, shop.iloc[400:]]).reset_index(drop=True)
    both.insert(0, "row", range(1, len(both) + 1))
    assert "rows are alike in all but row: were they exported, or joined, twice?" in told(both)
    assert "alike in all but" not in told(both, more='repeats = "keep"\n')


def test_two_equal_lines_of_one_order_are_no_second_export(told, shop):
    both = shop.loc[shop.index.repeat(1 + (shop.index % 10 == 0))].reset_index(drop=True)
    both.insert(0, "line", range(1, len(both) + 1))
    assert "alike in all but" not in told(both)


def test_ids_dragged_down_are_told(told, shop):
    shop.loc[300:359, "id"] = [f"K{10_500 + number}" for number in range(60)]
    assert "each is one more than the one before in 60 rows in a row (from row 301 on)" in told(
        shop
    )


def test_days_dragged_down_are_told(told, shop):
    shop.loc[300:349, "date"] = [
        str(DAY + datetime.timedelta(days=300 + number)) for number in range(50)
    ]
    assert "date: each is one more than the one before in 50 rows" in told(shop)


def test_customers_that_come_in_the_order_of_their_numbers_are_not(told, shop):
    shop["id"] = [f"K{10_000 + number}" for number in range(600)]
    shop["date"] = [str(DAY + datetime.timedelta(days=number)) for number in range(600)]
    assert "each is one more" not in told(shop)


def test_a_day_of_import_is_told(told, shop):
    shop.loc[:149, "date"] = "2023-06-20"
    assert "25% of the rows are of 2023-06-20" in told(shop)


def test_a_day_of_sales_is_not(told, shop):
    shop.loc[:14, "date"] = "2023-11-24"
    assert told(shop) == ""


def test_times_of_utc_are_told_by_their_name(told, shop):
    shop["created (UTC)"] = shop["date"] + " 10:07:07"
    shop = shop.drop(columns="date")
    more = 'date_format = "%Y-%m-%d %H:%M:%S"\n'
    assert "times of UTC" in told(shop, date="created (UTC)", more=more)
    shop = shop.rename(columns={"created (UTC)": "created"})
    assert told(shop, date="created", more=more) == ""


@pytest.mark.parametrize("is_clean", [True, False])
def test_sums_of_a_customer_below_the_rows_are_told(told, shop, is_clean):
    of_several = shop[shop.groupby("id")["id"].transform("size") > 1]
    sums = of_several.groupby("id", as_index=False).agg({"date": "max", "amount": "sum"}).round(2)
    both = pd.concat([shop, sums]).drop(columns=["order", "quantity"])
    several = len(sums)
    found = told(shop if is_clean else both.sort_values("id", kind="stable"))
    text = f"one row of a customer is the sum of the others, in {several} of {several} customers"
    assert (text in found) != is_clean


# --- rows that a column beside them calls otherwise -----------------------------------------


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Type", "Credit Memo"),
        ("Art", "Retoure"),
        ("نوع سند", "برگشت از فروش"),
        ("نوع", "پیش فاکتور"),
        ("Document", "Quotation"),
        ("Stage", "Closed Lost"),
        ("x", "Failed"),
        ("x", "لغو شده توسط مشتری"),
        ("Description", "Opening balance"),
        ("Transaction type", "Payment"),
        ("Line type", "TOTAL"),
        ("order_status", "wc-pending"),
        ("Вид операции", "Возврат"),
        ("订单状态", "交易关闭"),
        ("ステータス", "キャンセル"),
        ("Status", "DRIVER_CANCELED"),
        ("State", "REVERTED"),
        ("Order Status", "wc-trash"),
        ("event_type", "payment_refunded"),
        ("event_type", "payment_dispute_created"),
        ("kind", "authorization"),
        ("Belegart", "Auftragsbestätigung"),
        ("Belegart", "Lieferschein"),
        ("Status", "retourniert"),
        ("Status", "Zahlung fehlgeschlagen"),
        ("Estado", "Devuelto"),
        ("Estado", "Pendiente de pago"),
        ("وضعیت", "مرجوع شده"),
        ("وضعیت", "پرداخت ناموفق"),
        ("وضعیت", "انصراف مشتری"),
        ("وضعیت", "عودت داده شده"),
        ("Status", "Denied"),
        ("Zahlungsstatus", "abgelehnt"),
        ("وضعیت", "پرداخت نشده"),
        ("Fatura Tipi", "İADE"),
        ("Fatura Türü", "iade"),
        ("Status", "Makulerad"),
        ("注文ステータス", "入金待ち"),
        ("订单状态", "待付款"),
        ("x", "Annullert"),
        ("x", "Annullerad"),
    ],
)
def test_a_kind_of_row_that_is_no_sale_is_told(told, shop, name, word):
    shop[name] = ["sale"] * 560 + [word] * 40
    found = told(shop)
    assert f'rows called "{word}" count as purchases: declare leave_out = {{ "{name}" = ' in found
    assert "[40]" in found
    assert told(shop, more=f'leave_out = {{ "{name}" = ["{word}"] }}\n') == ""


def test_a_word_that_only_later_rows_have_is_told(told, shop):
    long = pd.concat([shop] * 10, ignore_index=True)
    long["amount"] += np.arange(len(long)) % 997
    long["state"] = np.where(long.index < 4_000, "done", "cancelled")
    long.loc[4_500:, "state"] = "done"
    found = told(long)
    assert 'rows called "cancelled" count as purchases' in found
    assert "(first: line 4002) [500]" in found


def test_deals_that_are_not_won_are_no_sales(told, shop):
    shop["Stage"] = ["Closed Won"] * 560 + ["Proposal"] * 30 + ["Closed Lost"] * 10
    found = told(shop)
    assert 'rows called "Proposal", "Closed Lost" count as purchases' in found
    assert "[40]" in found


def test_a_status_unheard_of_beside_rows_that_were_paid_is_told(told, shop):
    shop["Status"] = ["Completed"] * 500 + ["Shipped"] * 60 + ["Sent to agency"] * 40
    assert 'rows called "Sent to agency" count as purchases' in (found := told(shop))
    assert "[40]" in found
    # Where none is known to be paid the words may say anything.
    assert told(shop.assign(Status=shop["Status"].replace("Completed", "Gold"))) == ""
    assert told(shop.assign(Tier=shop["Status"]).drop(columns="Status")) == ""


@pytest.mark.parametrize(
    ("flag", "words"), [("Makulerad", ("Nej", "Ja")), ("Anulowana", ("nie", "tak"))]
)
def test_a_flag_of_cancelled_invoices_is_told(told, shop, flag, words):
    shop[flag] = [words[0]] * 580 + [words[1]] * 20
    found = told(shop)
    assert f"{flag} marks rows that count as purchases" in found
    assert "[20]" in found


@pytest.mark.parametrize("name", ["Rabatt", "تخفیف"])
def test_amounts_before_a_discount_beside_those_after_it_are_told(told, shop, name):
    shop[name] = np.where(shop.index % 5 == 0, 0.5, 0)
    shop["Endbetrag"] = (shop["amount"] - shop[name]).round(2)
    found = told(shop)
    assert f"Endbetrag is the same less {name}, and is not used" in found
    assert "[120]" in found
    # What was paid is read; no sum is what is left of it.
    assert told(shop, customer_id="id", amount="Endbetrag") == ""
    assert told(shop.assign(Endbetrag=shop["Endbetrag"] * 1.2)) == ""


def test_the_same_sum_again_beside_a_few_discounts_is_no_sum_after_them(told, shop):
    shop["Rabatt"] = np.where(shop.index % 50 == 0, 0.5, 0)
    shop["Endbetrag"] = shop["amount"]
    assert told(shop) == ""


def test_refunds_with_a_minus_are_not_told_to_be_left_out(told, shop):
    shop["Type"] = ["sale"] * 560 + ["refund"] * 40
    shop["is_refund"] = ["no"] * 560 + ["yes"] * 40
    refunds = shop.iloc[560:].assign(amount=-1.0)
    signed = pd.concat([shop.iloc[:560], refunds])
    assert "refund" in told(shop)
    assert "count as purchases" not in told(signed, more='refunds = "exclude"\n')


def test_orders_that_are_closed_and_not_complete_are_told(told, shop):
    shop["Status"] = ["complete"] * 560 + ["closed"] * 40
    assert 'rows called "closed" count as purchases' in told(shop)
    shop["Status"] = ["open"] * 560 + ["closed"] * 40
    assert told(shop) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ticket", ["Return", "Single"]),
        ("Beer", ["Draft", "Bottle"]),
        ("Product", ["Quote mug", "Void deck", "Payment pouch"]),
        ("Payment", ["cash", "card", "پرداخت شده"]),
        ("Status", ["completed", "shipped", "payment received"]),
        ("Order Status", ["Paid", "Ready for pickup", "partially_fulfilled"]),
        ("وضعیت سفارش", ["پرداخت شده", "تحویل شده", "در حال ارسال"]),
    ],
)
def test_words_that_may_be_goods_are_not(told, shop, name, words):
    shop[name] = (words * 600)[:600]
    assert told(shop) == ""


def test_most_rows_are_not_called_no_sales(told, shop):
    shop["Document"] = ["Credit note"] * 500 + ["Invoice"] * 100
    assert told(shop) == ""


@pytest.mark.parametrize(
    ("name", "flag", "others"),
    [
        ("Storno", "X", ""),
        ("Cancelled at", "2024-01-15", ""),
        ("is_deleted", "1", "0"),
        ("Captured", "false", "true"),
        ("is_cancel", "1", "0"),
        ("Cancelled?", "yes", "no"),
        ("annulé", "1", "0"),
    ],
)
def test_rows_that_a_flag_takes_back_are_told(told, shop, name, flag, others):
    shop[name] = [others] * 570 + [flag] * 30
    assert f"{name} marks rows that count as purchases: take the rows out of the file" in told(shop)


@pytest.mark.parametrize(
    ("name", "flag", "others"), [("is refund", "yes", "no"), ("Returns", "1.0", "0.0")]
)
def test_of_what_was_given_back_a_part_may_be_left(told, shop, name, flag, others):
    shop[name] = [others] * 370 + [flag] * 230
    assert (
        f"{name} marks rows that count as purchases: write what is left of their amounts, or take"
        " out those of which nothing is"
    ) in told(shop)


@pytest.mark.parametrize(
    ("name", "share", "is_told"),
    [
        ("Adjusted amount", 0.5, True),
        ("amount_after_refund", 0.0, True),
        ("Adjusted fees", 0.5, False),
        ("Adjusted amount", 1.5, False),
        ("amount incl. gift", 0.5, False),
    ],
)
def test_amounts_that_were_changed_later_are_told(told, shop, name, share, is_told):
    shop[name] = ""
    shop.loc[560:, name] = (shop.loc[560:, "amount"] * share).round(2).astype(str)
    found = told(shop)
    assert (f"{name} holds other amounts, which are less, and is not used" in found) == is_told
    assert not is_told or "[40]" in found


def test_a_customer_of_one_day_each_is_told(told, shop):
    lines = shop.assign(id="O" + shop["order"]).loc[shop.index.repeat([1, 2, 3] * 200)]
    lines["amount"] += np.arange(len(lines)) / 100
    text = "no customer is there on two days: is this the number of an order?"
    assert text in told(lines)
    lines.loc[lines.index[:2], "id"] = lines["id"].iloc[-1]
    assert text not in told(lines)


def test_names_turned_round_are_told(told, shop):
    names = [f"{a}{b}" for a in ("Ann", "Bo", "Cy", "Di") for b in ("a", "e", "i", "o", "u")]
    first = pd.Series([names[number % 20] for number in range(600)])
    last = pd.Series([f"Mac{names[number * 7 % 19]}" for number in range(600)])
    shop["id"] = first + " " + last
    assert told(shop) == ""
    shop.loc[::3, "id"] = last + ", " + first
    both = {f"{a} {b}" for a, b in zip(first[::3], last[::3], strict=True)} & {*shop["id"]}
    assert f"{len(both)} ids are names of which the first stands once before the last" in told(shop)


@pytest.mark.parametrize(
    ("name", "flag", "others"),
    [("Returned customer", "1", "0"), ("Test", "A", "B"), ("Promo", "X", ""), ("void", "0", "0")],
)
def test_other_flags_are_not(told, shop, name, flag, others):
    shop[name] = [others] * 570 + [flag] * 30
    assert told(shop) == ""


@pytest.mark.parametrize(
    ("name", "sides"),
    [("Debit/Credit Ind.", "SH"), ("D/C", "DC"), ("Sign", "+-"), ("تشخیص", ["بد", "بس"])],
)
def test_sides_of_an_account_are_told(told, shop, name, sides):
    shop[name] = [sides[0]] * 560 + [sides[1]] * 40
    assert f"{name} names two sides of an account" in told(shop)


def test_letters_that_name_branches_are_no_sides(told, shop):
    shop["Branch"] = ["S", "H"] * 300
    assert told(shop) == ""


# --- ids ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        lambda one: f"{one[0]}-{one[1:]}",
        lambda one: "\u041a" + one[1:],
        lambda one: one.translate(str.maketrans("0123456789K", "０１２３４５６７８９Ｋ")),
        lambda one: f"{one}.",
    ],
)
def test_ids_in_two_writings_are_told(told, shop, other):
    shop.loc[::7, "id"] = shop.loc[::7, "id"].map(other)
    assert "differ only in blanks, marks or letters that look alike" in told(shop)


def test_ids_of_two_parts_are_not_one(told, shop):
    shop["id"] = [f"{number % 12}-{number % 31}" for number in range(600)]
    assert told(shop) == ""


def test_a_telephone_number_written_in_two_ways_is_told(told, shop):
    shop["id"] = shop["id"].map(lambda one: f"0912166{one[-4:]}")
    assert told(shop) == ""
    shop.loc[::5, "id"] = shop.loc[::5, "id"].map(lambda one: f"{one[:4]} {one[4:7]} {one[7:]}")
    assert "differ only in blanks" in told(shop)


def test_masked_ids_are_told(told, shop):
    shop["id"] = shop["id"].map(lambda one: f"o***{one[-2:]}@mail.com")
    assert "ids are masked by stars" in told(shop)


@pytest.mark.parametrize(
    "nobody",
    ["Walk-in customer", "مشتری نقدی", "Laufkundschaft", "noemail@noemail.com", "0000000000"],
)
def test_a_name_of_nobody_is_told(told, shop, nobody):
    shop.loc[::12, "id"] = nobody
    assert "an id that names nobody has 8.3 % of the rows" in told(shop)


def test_subtotals_at_the_end_of_an_id_are_told(told, shop):
    shop.loc[::50, "id"] = shop.loc[::50, "id"] + " Total"
    assert "ids end in a word for totals" in told(shop)
    shop["id"] = shop["id"].str.replace(" Total", " Total Energies")
    assert "totals" not in told(shop)


# --- days -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "rows", "says"),
    [
        ("1924-03-13", 3, "days before all others, such as 1924-03-13"),
        ("2000-01-01", 30, "days before all others, such as 2000-01-01"),
        ("2026-06-15", 2, "days after all others, such as 2026-06-15"),
    ],
)
def test_days_apart_from_all_others_are_told(told, shop, day, rows, says):
    shop.loc[range(0, rows * 7, 7), "date"] = day
    found = told(shop)
    assert says in found
    assert f"[{rows}]" in found


def test_years_mistyped_in_some_rows_are_told(told, shop):
    mistyped = shop.index % 50 == 0
    shop.loc[mistyped, "date"] = "2004" + shop.loc[mistyped, "date"].str[4:]
    found = told(shop)
    assert "days before all others" in found
    assert "[12]" in found


def test_days_of_birth_are_told(told, shop):
    found = told(
        shop.rename(columns={"date": "date of birth"}),
        customer_id="id",
        date="date of birth",
        amount="amount",
    )
    assert "date of birth is a day of birth, and is read as the day of each row" in found


def test_a_pilot_half_a_year_before_the_others_is_not(told, shop):
    shop.loc[:2, "date"] = "2022-07-10"
    assert told(shop) == ""


def test_days_swapped_in_some_rows_are_told_by_the_order_of_the_others(told, shop):
    days = pd.to_datetime(shop["date"])
    swapped = (days.dt.day <= 12) & (days.dt.day != days.dt.month)
    shop.loc[swapped, "date"] = days[swapped].dt.strftime("%Y-%d-%m")
    assert "rows out of the order of their days, and in it with day and month swapped" in told(shop)


def test_rows_in_no_order_are_not_taken_for_swapped(told, shop):
    assert told(shop.sample(frac=1, random_state=1)) == ""


@pytest.mark.parametrize(("years", "is_told"), [(("98", "99"), True), (("21", "22"), False)])
def test_jalali_years_of_two_digits_are_asked_about(told, shop, years, is_told):
    days = pd.to_datetime(shop["date"])
    shop["date"] = [f"{years[day.year - 2023]}/{day.month:02}/{day.day:02}" for day in days]
    shop = shop[days.dt.strftime("%m%d") != "0229"]
    found = told(shop, more='date_format = "%y/%m/%d"\n')
    assert ("if they are Jalali, write four digits" in found) == is_told


# --- cells that have moved ------------------------------------------------------------------


def as_text(shop, note):
    rows = [",".join(map(str, row)) for row in shop.itertuples(index=False)]
    return ["order,id,date,quantity,amount,note", *(f"{row},{note}" for row in rows)]


@pytest.fixture
def written(tmp_path, monkeypatch):
    """What the door says of lines of text."""
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)

    def load(lines):
        (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (tmp_path / "sources.toml").write_text(
            '[transactions]\nuri = "a.csv"\n'
            'columns = { customer_id = "id", date = "date", amount = "amount" }\n'
        )
        try:
            table = tables.load("transactions", tmp_path / "sources.toml")
        except InputError as error:
            return f"refused: {error}"
        return " | ".join(f"{one} [{one.count}]" for one in (*table.warnings, *table.repairs))

    return load


def test_a_cell_moved_by_a_comma_is_told_though_the_last_one_is_empty(written, shop):
    lines = as_text(shop, "")
    for at in range(20, 500, 20):
        order, rest = lines[at].split(",", 1)
        lines[at] = f"{order},{rest[:-1]},{shop['amount'][0]},"
    found = written(lines)
    assert "has moved the others: 24 rows, lines 21, 41, 61" in found


@pytest.mark.parametrize("note", ["", "thanks"])
def test_empty_cells_beyond_all_rows_or_beyond_filled_ones_are_a_repair(written, shop, note):
    header, *rows = as_text(shop, note)
    assert written([header, *rows]) == ""
    of_all = written([header, *(f"{row}," for row in rows)])
    if note:
        assert of_all == "empty cells beyond the last column [600]"
        some = [f"{row},," for row in rows[:2]]
        assert written([header, *some, *rows[2:]]) == "empty cells beyond the last column [2]"
    else:
        assert "each row has one cell more than the header" in of_all


def test_amounts_cut_at_their_decimal_comma_are_told(written, shop):
    shop["cents"] = [f"{round(one * 100) % 100:02}" for one in shop["amount"]]
    shop["amount"] = shop["amount"].astype(int)
    lines = ["order,id,date,quantity,amount,note"]
    lines += [",".join(map(str, row)) for row in shop.itertuples(index=False)]
    assert "note holds two digits in each row, and all amounts are whole" in written(lines)
    shop["cents"] = [f"{number % 50 + 10}" for number in range(600)]
    lines[1:] = [",".join(map(str, row)) for row in shop.itertuples(index=False)]
    assert written(lines) == ""


def test_ids_that_became_days_are_told(told, shop):
    shop["id"] = shop["id"].map(lambda one: f"{int(one[-2:]) % 28 + 1}-May")
    assert "ids look like days" in told(shop)


def test_orders_written_anew_are_told(told, shop):
    shop["Revision"] = 1
    assert told(shop) == ""
    shop.loc[::9, "Revision"] = 2
    assert "orders written anew (Revision) count once for each time" in told(shop)


# --- remedies that, when followed, would be wrong -------------------------------------------


def test_dates_of_two_forms_are_not_read_in_one_of_them(told, shop):
    days = pd.to_datetime(shop["date"])
    late = days >= "2023-10-01"
    shop["date"] = days.dt.strftime("%d/%m/%Y").where(~late, days.dt.strftime("%m/%d/%Y"))
    found = told(shop, more='date_format = "%d/%m/%Y"\n')
    assert "dates of two forms, %d/%m/%Y and %m/%d/%Y: export each part of the file again" in found
    assert "and correct those" not in found


def test_sides_behind_the_number_are_named(told, shop):
    shop["amount"] = [f"{one:.2f} {'CR' if one % 3 < 2 else 'DR'}" for one in shop["amount"]]
    found = told(shop)
    assert "the side of an account after the number (CR, DR): write a minus" in found
    assert "currency" not in found


def test_further_lines_of_an_order_are_not_to_be_filled(told, shop):
    blank = shop.copy()
    blank["quantity"] = 1
    blank.loc[blank.index % 40 == 7, "amount"] = None
    assert "blank: 15 rows" in told(blank)
    assert "Mend: fill the cells, or take the rows out of the file" in told(blank)
    # Each blank row is the second line of the order before it.
    blank.loc[blank.index % 40 == 7, ["order", "id", "date"]] = blank.loc[
        blank.index % 40 == 6, ["order", "id", "date"]
    ].to_numpy()
    found = told(blank)
    assert 'each is a further line of what "order" names, and the first line has the' in found
    assert "Mend: fill the cells" not in found


def test_blank_further_lines_of_an_order_are_to_be_filled_and_not_taken_out(told, shop):
    blank = shop.astype({"date": object, "id": object})
    blank.loc[blank.index % 40 == 7, "date"] = None
    assert "or take the rows out" in told(blank)
    blank.loc[blank.index % 40 == 7, ["order", "id"]] = None
    found = told(blank)
    assert "blank: 15 rows" in found
    assert "fill each cell with what stands above it" in found
    assert "or take the rows out" not in found


@pytest.mark.parametrize("name", ["Refund", "Amount Refunded", "refund_amount", "مبلغ برگشتی"])
def test_money_given_back_in_a_column_of_its_own_is_told(told, shop, name):
    shop[name] = np.where(shop.index % 12 == 3, shop["amount"] / 2, 0).round(2)
    assert f"{name} holds money that was given back" in told(shop)
    assert "[50]" in told(shop)
    assert "or, where that is done, take the column out of the file" in told(shop)
    shop[name] = 0
    assert told(shop) == ""


@pytest.mark.parametrize("times", [10, 0.01, 1.2])
def test_a_zero_too_many_beside_pieces_and_price_is_told(told, shop, times):
    shop["price"] = np.round(shop["amount"], 1) + 1
    shop["amount"] = (shop["quantity"] * shop["price"]).round(2)
    more = 'attributes = ["price"]\n'
    assert "times quantity x price" not in told(shop, more=more)
    shop.loc[[100, 200, 300], "amount"] = (shop["amount"] * times).round(6)
    found = told(shop, more=more)
    # What is a little more or less may be a discount.
    assert ("times quantity x price" in found) == (times != 1.2)
    assert times == 1.2 or "(first: lines 102, 202, 302) [3]" in found


def test_rows_that_are_left_out_already_are_told_no_more(told, shop):
    failed = shop.index % 12 == 3
    shop["Status"] = np.where(failed, "Failed", np.where(shop.index % 50 == 1, "Refunded", "Paid"))
    shop["Captured"] = np.where(failed, "false", "true")
    shop["Amount Refunded"] = np.where(shop["Status"] == "Refunded", shop["amount"], 0)
    found = told(shop)
    refund = "where they are rows of their own that take money back, write a minus before their"
    assert f'{refund} amounts, and declare refunds = "net"' in found
    assert all(one in found for one in ("Captured marks", "Amount Refunded holds", '"Failed"'))
    more = 'leave_out = { Status = ["Failed"] }\n'
    found = told(shop, more=more)
    assert "Captured marks" not in found
    assert "Amount Refunded holds" in found
    # Of those given back nothing is left: they are written as zero, and take no part.
    shop.loc[shop["Status"] == "Refunded", "amount"] = 0
    assert told(shop, more=more + 'zero_amounts = "exclude"\n') == ""


@pytest.mark.parametrize("by_product", [True, False])
def test_prices_of_all_pieces_are_told(told, shop, by_product):
    chance = np.random.default_rng(8)
    goods = chance.integers(0, 40, 600)
    shop["sku"] = [f"G{one}" for one in goods]
    each = 2 + goods * 1.5
    shop["price"] = (each * chance.uniform(0.9, 1.1, 600)).round(2)
    columns = {"quantity": "quantity", "unit_price": "price"}
    columns |= {"product": "sku"} if by_product else {}
    assert told(shop, **columns) == ""
    shop["price"] = (shop["price"] * shop["quantity"]).round(2)
    assert "prices rise with the number of pieces" in told(shop, **columns)


def test_what_is_kept_of_a_file_names_the_sources_that_ask(told, shop, tmp_path):
    shop["Document"] = ["Invoice"] * 560 + ["Credit note"] * 40
    assert "sources.toml" in told(shop)
    (tmp_path / "sources.toml").rename(tmp_path / "others.toml")
    [found] = tables.load("transactions", tmp_path / "others.toml").warnings
    assert "others.toml" in found.rule
    assert "sources.toml" not in found.rule


def test_ids_that_a_spreadsheet_cut_are_told(told, shop):
    numbers = shop["id"].str[1:].astype(int)
    shop["id"] = [f"6037{one:011}0" for one in numbers]
    assert "all ids of 16 digits or more end in zeros" in told(shop)
    shop["id"] = [f"6037{one:011}{one % 9 + 1}" for one in numbers]
    assert told(shop) == ""


@pytest.mark.parametrize(
    ("date", "rows", "is_told"), [("date", 99, False), ("Last order", 40, True)]
)
def test_one_row_a_customer_is_told_by_the_name_of_its_day(told, shop, date, rows, is_told):
    once = shop.drop_duplicates("id").rename(columns={"date": date}).head(rows)
    found = told(once, customer_id="id", date=date, amount="amount")
    assert ("no customer is there twice" in found) == is_told


def test_amounts_with_and_without_tax_are_told(told, shop):
    shop["Tax included"] = np.where(shop.index % 5, "yes", "no")
    assert "Tax included says that some amounts hold tax and others none" in told(shop)
    assert "[120]" in told(shop)
    shop["Tax included"] = "yes"
    assert told(shop) == ""


def test_the_other_side_of_an_account_is_told(told, shop):
    shop["Credit"] = np.where(shop.index % 10 == 0, shop["amount"], 0)
    assert told(shop) == ""
    shop.loc[shop.index % 10 == 0, "amount"] = 0
    found = told(shop)
    assert "Credit holds sums in rows whose amount is nothing, and none of them counts" in found
    assert "[60]" in found


def test_a_till_of_another_unit_is_told_though_nobody_maps_it(told, shop):
    shop["till"] = [f"T{number % 4}" for number in range(600)]
    assert told(shop) == ""
    cents = shop["till"] == "T3"
    shop.loc[cents, "amount"] = (shop.loc[cents, "amount"] * 100).round()
    found = told(shop)
    assert 'amounts of till "T3" are about a hundred times those of all others' in found
    assert "[150]" in found


def test_dear_goods_are_no_till(told, shop):
    goods = {"pen": 1.99, "pad": 2.49, "ink": 3.25, "desk": 187, "chair": 149}
    shop["article"] = [list(goods)[number % 5] for number in range(600)]
    shop["amount"] = shop["article"].map(goods)
    assert "cents" not in told(shop)
    # Ten times as dear, in no currency that is written in two units.
    shop["amount"] = np.where(shop.index % 5 < 3, shop["amount"], shop["amount"].round(-1) / 8)
    assert "rial" not in told(shop)


def test_a_shop_in_thousands_is_told(told, shop):
    shop["shop"] = np.where(shop.index % 3, "North", "South")
    assert told(shop) == ""
    shop["amount"] = np.where(shop.index % 3, shop["amount"], shop["amount"] / 1000)
    assert "thousands among units?" in told(shop)
