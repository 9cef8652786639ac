"""Purchases as declared: small files worked out by hand, and what is said when it is wrong."""

import datetime
from pathlib import Path

import pandas as pd
import pytest

from cxlib import clv, contracts, purchases, rfm, sources, tables, transactions
from cxlib.clv import value
from cxlib.contracts import InputError
from cxlib.door import building

DAY = datetime.date

PLAIN = """
[transactions]
uri = "t.csv"
columns = { customer_id = "who", date = "day", amount = "paid" }
complete_to = 2021-12-31
"""
LINES = """
[transactions]
uri = "t.csv"
columns = { customer_id = "who", date = "day", quantity = "pieces", unit_price = "price" }
complete_to = 2021-12-31
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def load(project: Path, text: str, *rows: str) -> tables.Table:
    (project / "data" / "sources.toml").write_text(text, encoding="utf-8")
    (project / "data" / "t.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tables.load("transactions")


def kept(table: tables.Table) -> pd.DataFrame:
    return table.frame.collect("pandas").to_native()


def found(findings: tuple[tables.Finding, ...]) -> dict[str, int]:
    return {one.rule: one.count for one in findings}


def adds_up(table: tables.Table) -> bool:
    return table.rows_read == table.rows + sum(one.count for one in table.exclusions)


# --- amounts -------------------------------------------------------------------------------


def test_an_amount_is_quantity_times_unit_price(project):
    table = load(project, LINES, "who,day,pieces,price", "a,2021-01-01,3,2.5", "b,2021-01-02,1,0")
    frame = kept(table)
    assert list(frame) == ["customer_id", "date", "amount"]
    assert frame["amount"].tolist() == [7.5, 0]
    # The file's own columns are named.
    with pytest.raises(InputError) as caught:
        load(project, LINES, "who,day,pieces,price", "a,2021-01-01,-3,2.5", "b,2021-01-02,x,0")
    text = str(caught.value)
    assert 'amount (column "pieces x price"): negative amount: 1 row, line 2 ("-3 x 2.5")' in text
    assert 'quantity (column "pieces"): not a number: 1 row, line 3 ("x")' in text


def test_two_negative_parts_are_no_purchase(project):
    with pytest.raises(InputError, match="both negative: 1 row, line 2"):
        load(project, LINES, "who,day,pieces,price", "a,2021-01-01,-3,-2.5")


@pytest.mark.parametrize("refunds", ["", 'refunds = "net"\n'])
def test_an_amount_too_large_for_a_number_is_an_error(project, refunds):
    rows = ["who,day,pieces,price", "a,2021-01-01,1e200,1e200", "a,2021-01-02,3,2"]
    with pytest.raises(InputError) as caught:
        load(project, LINES + refunds, *rows, "b,2021-01-03,-1e200,1e200")
    finite, *_ = caught.value.violations
    assert (finite.rule, finite.count, finite.places) == ("amount is not finite", 2, (2, 4))
    assert finite.examples == ("1e200 x 1e200", "-1e200 x 1e200")


def test_an_amount_too_large_once_converted_is_an_error(project):
    text = WITH_CURRENCY + "exchange_rates = { GBP = 1, EUR = 1e14 }\n"
    with pytest.raises(InputError, match="amount is not finite: 1 row, line 3"):
        load(project, text, *CURRENCIES[:2], "a,2021-01-02,1e300,EUR")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('quantity = "pieces", ', "", 'add amount = "...", or quantity = "..." and unit_price'),
        (
            "quantity",
            'amount = "pieces", quantity',
            "gives amount and also quantity and unit_price",
        ),
    ],
)
def test_the_amount_is_declared_in_one_way(project, old, new, message):
    with pytest.raises(InputError, match=message.replace(".", r"\.")):
        load(project, LINES.replace(old, new), "who,day,pieces,price", "a,2021-01-01,3,2.5")


# --- refunds and zero amounts --------------------------------------------------------------

REFUNDS = [
    "who,day,paid",
    "a,2021-01-01,100",
    "a,2021-03-01,50",
    "a,2021-03-09,-20",  # off 1 March: 30 left
    "a,2021-03-05,10",  # the refund above comes later than this day: it belongs here
    "b,2021-02-02,-5",  # before the first purchase
    "b,2021-02-03,40",
    "b,2021-02-03,-40",  # of the same day, which is taken back wholly
    "c,2021-01-01,10",
    "c,2021-06-01,30",
    "c,2021-06-02,-15",
    "c,2021-06-03,-20.5",  # 5.50 more than was bought on 1 June
    ",2021-06-02,-1",
    "d,2021-05-01,0.1",
    "d,2021-05-01,0.2",
    "d,2021-05-04,-0.3",  # nothing is left but the error of floating point
    "e,2021-04-01,20",
    "e,2021-04-02,0",  # no purchase that could be given back
    "e,2021-04-03,-5",
]


def test_refunds_are_taken_off_the_last_purchase_day(project):
    table = load(project, PLAIN + 'refunds = "net"\n', *REFUNDS)
    frame = kept(table)
    days = frame.groupby(["customer_id", "date"])["amount"].sum()
    assert {(who, day.date()): paid for (who, day), paid in days.items()} == {
        ("a", DAY(2021, 1, 1)): 100,
        ("a", DAY(2021, 3, 1)): 50,
        ("c", DAY(2021, 1, 1)): 10,
        ("e", DAY(2021, 4, 1)): 15,
        ("e", DAY(2021, 4, 2)): 0,
    }
    assert table.refunds == "net"
    assert table.period == (DAY(2021, 1, 1), DAY(2021, 4, 2))


def test_refunds_of_every_kind_are_counted(project):
    table = load(project, PLAIN + 'refunds = "net"\n', *REFUNDS)
    assert found(table.repairs) == {"refund taken off the customer's last purchase day": 1}
    assert found(table.exclusions) == {
        "blank": 1,
        "refund without an earlier purchase": 1,
        # a: 2 rows of 5 March, b: 2, c: 3, d: 3
        "row of a purchase day taken back wholly": 10,
    }
    assert adds_up(table)
    warnings = found(table.warnings)
    excess = "refunds larger than the purchases of their day: 15.50 is taken off no purchase"
    # a's refund of 20 meets a purchase of 10; c's two of 35.50 meet one of 30.
    assert warnings.pop(excess) == 3
    assert all("rows left out" in text for text in warnings)


def test_the_order_of_the_rows_changes_no_refund(project):
    text = PLAIN + 'refunds = "net"\n'
    first = kept(load(project, text, *REFUNDS))
    second = kept(load(project, text, REFUNDS[0], *reversed(REFUNDS[1:])))
    by = ["customer_id", "date", "amount"]
    pd.testing.assert_frame_equal(
        first.sort_values(by, ignore_index=True), second.sort_values(by, ignore_index=True)
    )
    assert first["amount"].tolist() == second["amount"].tolist()[::-1]


def test_large_purchases_are_taken_back_wholly(project):
    # In floats the three of a do not add up to zero; the cent of b is no such error.
    large = ["65413273079.49", "69840859874.74", "-135254132954.23"]
    assert sum(map(float, large)) > 1e-6
    rows = ["who,day,paid", *(f"a,2021-01-0{day + 1},{paid}" for day, paid in enumerate(large))]
    rows[1:3] = [row.replace("-02,", "-01,") for row in rows[1:3]]
    rows += ["b,2021-01-01,100000000000.31", "b,2021-01-02,-100000000000.30"]
    frame = kept(load(project, PLAIN + 'refunds = "net"\n', *rows))
    assert frame["customer_id"].unique().tolist() == ["b"]


def test_refunds_left_out(project):
    table = load(project, PLAIN + 'refunds = "exclude"\n', *REFUNDS)
    assert kept(table)["amount"].min() == 0
    assert found(table.exclusions) == {"blank": 1, "negative amount (a refund)": 7}
    assert adds_up(table)


def test_without_refunds_both_policies_change_nothing(project):
    rows = ["who,day,paid", "a,2021-01-02,1", "b,2021-01-01,0", "a,2021-01-01,2"]
    plain = kept(load(project, PLAIN, *rows))
    for policy in ("exclude", "net"):
        table = load(project, f'{PLAIN}refunds = "{policy}"\n', *rows)
        pd.testing.assert_frame_equal(kept(table), plain)
        assert not table.repairs + table.exclusions + table.warnings


def test_zero_amounts_are_kept_or_left_out(project):
    rows = ["who,day,paid", "a,2021-01-02,1", "a,2021-01-03,0", "b,2021-01-03,0.00"]
    assert load(project, PLAIN, *rows).rows == 3
    assert load(project, PLAIN + 'zero_amounts = "keep"\n', *rows).rows == 3
    table = load(project, PLAIN + 'zero_amounts = "exclude"\n', *rows)
    assert kept(table)["amount"].tolist() == [1]
    assert found(table.exclusions) == {"zero amount": 2}
    assert not table.warnings


# --- rows that are no purchases ------------------------------------------------------------

CODES = [
    "who,day,paid,code",
    "a,2021-01-01,10,mug",
    "a,2021-01-01,3,POST",
    ",2021-01-01,3, POST ",
    "a,2021-01-02,-2,DISCOUNT",
    "b,2021-01-02,4,post",
]


def test_rows_left_out_by_value(project):
    text = PLAIN + 'leave_out = { code = ["POST", "DISCOUNT", "FEE"] }\n'
    table = load(project, text, *CODES)
    assert kept(table)["amount"].tolist() == [10, 4]
    assert found(table.exclusions) == {
        'code "POST" is no purchase (leave_out)': 2,
        'code "DISCOUNT" is no purchase (leave_out)': 1,
    }
    assert adds_up(table)
    # A value that is in no row may be misspelt. The discount is no refund without a policy.
    assert found(table.warnings) == {'code "FEE" is no purchase (leave_out): no row is left out': 0}


def test_a_column_may_be_kept_and_decide_what_is_left_out(project):
    text = PLAIN + 'attributes = { what = "code" }\nleave_out = { code = ["POST", "DISCOUNT"] }\n'
    table = load(project, text, *CODES)
    assert kept(table)["what"].tolist() == ["mug", "post"]
    assert table.attributes == ("what",)


def test_a_column_of_leave_out_that_is_not_there(project):
    text = PLAIN + 'leave_out = { Code = ["POST"] }\n'
    with pytest.raises(InputError, match=r'no such column in the file.*the closest is "code"'):
        load(project, text, *CODES)


# --- currencies ----------------------------------------------------------------------------

CURRENCIES = [
    "who,day,paid,unit",
    "a,2021-01-01,10,GBP",
    "a,2021-01-02,10,EUR",
    "b,2021-01-02,5,EUR",
]
WITH_CURRENCY = PLAIN.replace("}", ', currency = "unit" }')


def test_currencies_are_converted_at_the_declared_rates(project):
    table = load(project, WITH_CURRENCY + "exchange_rates = { GBP = 1, EUR = 0.8 }\n", *CURRENCIES)
    frame = kept(table)
    assert list(frame) == ["customer_id", "date", "amount"]
    assert frame["amount"].tolist() == [10, 8, 4]
    assert table.currency == table.provenance["currency"] == "GBP"
    assert found(table.repairs) == {"converted into GBP at the declared rate": 2}


def test_one_currency_needs_no_rate(project):
    table = load(project, WITH_CURRENCY, CURRENCIES[0], *CURRENCIES[2:])
    assert (table.currency, table.rows) == ("EUR", 2)
    assert "currency" in table.summary["kind"].tolist()
    kept = PLAIN + 'attributes = { charged_in = "unit" }\n'
    assert load(project, kept + 'currency = "IRR"\n', *CURRENCIES).currency == "IRR"
    assert load(project, kept, *CURRENCIES).currency == ""


def test_currencies_of_rows_left_out_do_not_matter(project):
    text = WITH_CURRENCY + 'leave_out = { unit = ["GBP"] }\n'
    assert load(project, text, *CURRENCIES).currency == "EUR"


def test_medians_of_a_sample_lead_to_exact_counts(project, monkeypatch):
    monkeypatch.setattr(contracts, "SAMPLE_ROWS", 250)
    # 200 purchases a month; from March on in another unit, and three far above all others.
    rows = [
        f"c{row},2021-{month:02d}-{1 + row % 28:02d},{(10 if month > 2 else 1) * (50 + row % 7)}"
        for month in range(1, 6)
        for row in range(200)
    ]
    entry = PLAIN.replace("2021-12-31", "2021-05-31")
    table = load(
        project, entry, "who,day,paid", *rows, *[f"x{one},2021-05-01,9e6" for one in range(3)]
    )
    outliers, jump = sorted(found(table.warnings).items())
    assert outliers[1] == 3
    assert jump[0].startswith("median of 2021-03 is 10 times")
    assert jump[1] == 200


def test_currencies_are_codes_of_letters(project):
    rows = ["who,day,paid,unit", "a,2021-01-01,1,<b>EUR</b>", "a,2021-01-02,1,EUR"]
    rows += ["b,2021-01-02,1,$", "b,2021-01-03,1,$"]
    for text in (WITH_CURRENCY, WITH_CURRENCY + "exchange_rates = { EUR = 1 }\n"):
        with pytest.raises(InputError) as caught:
            load(project, text, *rows)
        [violation] = caught.value.violations
        assert violation.rule == 'no code of a currency: "$" (2), "<b>EUR</b>" (1)'
        assert violation.count == 3
        assert 'currency = "..." in [transactions]' in violation.remedy
    assert load(project, WITH_CURRENCY, rows[0], "a,2021-01-02,1,ریال").currency == "ریال"


# --- margins -------------------------------------------------------------------------------

PRODUCTS = [
    "who,day,paid,what",
    "a,2021-01-01,10,mug",
    "a,2021-01-02,20,default",
    "b,2021-01-02,5,",
    "b,2021-01-02,-4,mug",
]
WITH_PRODUCT = PLAIN.replace("}", ', product = "what" }') + 'refunds = "net"\n'


def test_margin_is_amount_times_the_rate_of_the_product(project):
    text = WITH_PRODUCT + "margin_rates = { mug = 0.5, default = -0.1 }\n"
    table = load(project, text + "default_margin_rate = 0.2\n", *PRODUCTS[:4])
    frame = kept(table)
    assert list(frame) == ["customer_id", "date", "amount", "product", "margin"]
    assert frame["margin"].tolist() == [5, -2, 1]
    assert found(table.repairs) == {"no margin rate of its own: 0.2 taken": 1}
    with pytest.raises(InputError) as caught:
        load(project, text, *PRODUCTS[:4])
    assert 'product (column "what"): no margin rate for blank (1): 1 row' in str(caught.value)


def test_a_refund_takes_its_margin_back(project):
    rows = [*PRODUCTS[:4], "a,2021-01-09,-4,mug"]
    frame = kept(load(project, WITH_PRODUCT + "default_margin_rate = 0.5\n", *rows))
    assert frame["margin"].tolist() == [5, 10, 2.5, -2]
    assert frame["product"].isna().tolist() == [False, False, True, False]


# --- attributes ----------------------------------------------------------------------------


def test_attributes_of_purchases_are_kept(project):
    text = PLAIN + 'attributes = { channel = "via", age = "age" }\nmissing = { age = ["99"] }\n'
    rows = ["who,day,paid,via,age", "a,2021-01-01,10,shop,20", "a,2021-01-02,10,web,99"]
    table = load(project, text, *rows)
    frame = kept(table)
    assert table.attributes == ("channel", "age")
    assert frame["channel"].tolist() == ["shop", "web"]
    assert frame["age"].tolist()[0] == 20
    assert frame["age"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "name",
    ["margin", "Amount", "quantity", "leave_out.code", "__day", "T_weeks", "VALUE", "r", "All"],
)
def test_names_of_ours_are_no_attributes(project, name):
    with pytest.raises(InputError, match="is a name of ours"):
        load(project, f'{PLAIN}attributes = {{ "{name}" = "code" }}\n', *CODES)


def test_an_attribute_called_as_a_column_of_ours_gets_another_name(project):
    rows = ["who,day,paid,Segment", "a,2021-01-01,10,trade"]
    with pytest.raises(InputError) as caught:
        load(project, PLAIN + 'attributes = ["Segment"]\n', *rows)
    assert 'attributes = { our_name = "Segment" }' in str(caught.value)
    table = load(project, PLAIN + 'attributes = { our_name = "Segment" }\n', *rows)
    assert kept(table)["our_name"].tolist() == ["trade"]


def test_every_column_that_is_made_of_purchases_is_no_attribute(project):
    table = load(project, PLAIN, "who,day,paid", "a,2021-01-01,10", "b,2021-01-02,20")
    histories = purchases.with_first_basket(
        purchases.purchase_histories(table.frame, DAY(2021, 12, 31))
    )
    made = set(purchases.customer_table(histories)) | set(rfm.rfm_scores(histories).scores.columns)
    groups = clv.value_groups(histories)
    made |= set(groups) | {*value.KEYS, *value.MONEY, *value.VALUES, *value.LIKELY}
    assert made - {"customer_id"} <= set(transactions.MADE)
    assert len({name.casefold() for name in transactions.MADE}) == len(transactions.MADE)


# --- the declaration -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('zero_amounts = "drop"', 'the policies known are "keep" and "exclude"'),
        ("zero_amounts = 0", "zero_amounts = 0"),
        ("exchange_rates = { GBP = 1, EUR = 0 }", "what one unit is worth"),
        ('exchange_rates = { GBP = "1" }', "what one unit is worth"),
        ("exchange_rates = { GBP = 1.2, EUR = 1.1 }", "has the rate 1"),
        ("exchange_rates = { GBP = 1, EUR = 1 }", "has the rate 1"),
        ("exchange_rates = { GBP = 1 }", "no column says the currency"),
        (
            'exchange_rates = { GBP = 1, "<b>" = 2 }',
            'exchange_rates names "<b>". Mend: write a code',
        ),
        ('currency = "E"', "a code of 2 to 10 letters"),
        ('currency = "US Dollar"', "a code of 2 to 10 letters"),
        ('currency = "€1"', "a code of 2 to 10 letters"),
        ('currency = "abcdefghijk"', "a code of 2 to 10 letters"),
        ('currency = ""', "a code of 2 to 10 letters"),
        ('leave_out = { K = ["a"], k = ["b"] }', 'leave_out names "K" and "k", alike but'),
        ("margin_rates = { mug = 30 }", "shares of the amount up to 1"),
        ("margin_rates = [0.3]", "shares of the amount up to 1"),
        ("default_margin_rate = nan", "a share of the amount up to 1"),
        ("default_margin_rate = 0.3", "no column says the product"),
        ("leave_out = { code = [] }", "values by column"),
        ('leave_out = ["POST"]', "values by column"),
        ("leave_out = { code = [7] }", "values by column"),
        ('refund = "net"', 'the closest is "refunds"'),
    ],
)
def test_a_declaration_that_is_wrong_says_how_to_mend_it(project, line, message):
    with pytest.raises(InputError, match=message):
        load(project, PLAIN + line + "\n", *CODES)


def test_a_currency_is_said_once(project):
    with pytest.raises(InputError, match="currency is given and is also a column"):
        load(project, WITH_CURRENCY + 'currency = "GBP"\n', *CURRENCIES)


def test_a_file_that_falls_silent_before_complete_to_is_a_warning(project):
    rows = [f"c{day},2021-01-{day:02d},5" for day in range(1, 32)]
    table = load(project, PLAIN, "who,day,paid", *rows)
    [text] = found(table.warnings)
    assert "no purchase in the last 334 days up to complete_to (2021-12-31)" in text
    assert "complete_to = 2021-01-31 is right" in text
    ended = PLAIN.replace("2021-12-31", "2021-02-05")
    assert not load(project, ended, "who,day,paid", *rows).warnings


def test_rows_that_must_be_corrected_are_not_told_as_repeats_besides(project):
    with pytest.raises(InputError) as wrong:
        load(project, PLAIN, "who,day,paid", *["a,2021-01-01,ten"] * 3, *["b,2021-01-02,5"] * 2)
    told = {one.rule: one.count for one in wrong.value.violations}
    assert told["not a number"] == 3
    assert [count for rule, count in told.items() if rule.startswith("the same row")] == [2]


def test_from_many_wrong_rows_on_rows_are_not_compared(project, monkeypatch):
    rows = ["who,day,paid", *["a,2021-01-01,ten"] * 3, *["b,2021-01-02,5"] * 2]
    for most, told in ((3, ["not a number"]), (4, ["not a number", "the same row more than once"])):
        monkeypatch.setattr(building, "_MANY_ERRORS", most)
        with pytest.raises(InputError) as wrong:
            load(project, PLAIN, *rows)
        assert [one.rule.partition(",")[0] for one in wrong.value.violations] == told
