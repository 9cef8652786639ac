"""What real files do: each fault is planted at known lines, found there, and mended as told."""

import datetime
import re
from pathlib import Path

import duckdb
import pytest

from cxlib import sources, tables
from cxlib.contracts import InputError, Violation

TRANSACTIONS = """
[transactions]
uri = "t.csv"
columns = { customer_id = "who", date = "day", amount = "paid" }
complete_to = 2021-12-31
"""
GOOD = ["a,2021-01-01,1", "b,2021-01-02,2", "c,2021-01-03,3"]

SUBSCRIPTIONS = """
[subscriptions]
uri = "t.csv"
columns = { customer_id = "id", churned = "left", tenure_months = "m", monthly_charges = "c" }
"""
CUSTOMERS = ["1,yes,10,5.5", "2,no,20,6", "3,no,30,7"]

SERVQUAL = """
[servqual_responses]
uri = "t.csv"
instrument = "instrument.toml"
columns = { respondent_id = "id" }
expectation = "E{item}"
perception = "P{item}"
"""
INSTRUMENT = """
name = "one item"
source = "nobody (2026)"
scale = [1, 7]
[[items]]
id = "1"
dimension = "care"
text = "They care."
"""
ANSWERS = ["r1,7,6", "r2,6,", "r3,1,7"]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "instrument.toml").write_text(INSTRUMENT)
    return tmp_path


def load(project: Path, text: str, content: str) -> tables.Table:
    (project / "data" / "sources.toml").write_text(text)
    (project / "data" / "t.csv").write_bytes(content.encode())
    name = re.search(r"\[(\w+)\]", text)
    assert name
    return tables.load(name[1])


def refused(project: Path, text: str, content: str) -> InputError:
    before = list((project / "data").glob("processed/*"))
    with pytest.raises(InputError) as caught:
        load(project, text, content)
    assert len(str(caught.value).splitlines()) <= 24
    assert list((project / "data").glob("processed/*")) == before
    return caught.value


def only(error: InputError) -> Violation:
    assert len(error.violations) == 1
    return error.violations[0]


def purchases(*rows: str, header: str = "who,day,paid") -> str:
    return "\n".join([header, *rows]) + "\n"


def customers(*rows: str) -> str:
    return purchases(*rows, header="id,left,m,c")


def answers(*rows: str) -> str:
    return purchases(*rows, header="id,E1,P1")


def test_01_empty_file(project: Path) -> None:
    assert only(refused(project, TRANSACTIONS, "")).rule == "the file is empty"


def test_02_header_only(project: Path) -> None:
    for content in ("who,day,paid", "who,day,paid\n", "who,day,paid\r\n\r\n"):
        assert only(refused(project, TRANSACTIONS, content)).rule == "no rows"
    assert load(project, TRANSACTIONS, purchases(*GOOD)).rows == 3


def test_03_short_row(project: Path) -> None:
    violation = only(refused(project, TRANSACTIONS, purchases("x,2021-01-01", *GOOD, "y")))
    assert violation.rule.startswith("short row")
    assert (violation.count, violation.places) == (2, (2, 6))
    assert load(project, TRANSACTIONS, purchases("x,2021-01-01,1", *GOOD, "y,2021-01-01,1"))


def test_04_long_row(project: Path) -> None:
    violation = only(refused(project, TRANSACTIONS, purchases(*GOOD, "x,2021-01-01,1,000")))
    assert violation.rule.startswith("long row")
    assert (violation.count, violation.places) == (1, (5,))


def test_05_every_row_longer_than_the_header(project: Path) -> None:
    content = purchases(*[f"1,{row}" for row in GOOD])
    violation = only(refused(project, TRANSACTIONS, content))
    assert (violation.count, violation.places) == (3, (2, 3, 4))


def test_05_empty_cells_beyond_the_last_column_shift_nothing(project: Path) -> None:
    content = purchases(*[f"{row},," for row in GOOD])
    table = load(project, TRANSACTIONS, content)
    assert list(table.frame.collect("pandas").to_native()["customer_id"]) == ["a", "b", "c"]
    violation = only(refused(project, TRANSACTIONS, content + "x,2021-01-01,-1,\n"))
    assert (violation.rule, violation.places) == ("negative amount", (5,))


def test_11_wrong_delimiter(project: Path) -> None:
    content = purchases(*GOOD).replace(",", ";")
    violation = only(refused(project, TRANSACTIONS, content))
    assert 'delimiter = ";"' in violation.remedy
    assert load(project, TRANSACTIONS + 'delimiter = ";"', content).rows == 3


def test_12_duplicate_column_name(project: Path) -> None:
    content = purchases("a,2021-01-01,1,2", header="who,day,paid,paid")
    violation = only(refused(project, TRANSACTIONS, content))
    assert violation.rule == 'column name "paid" occurs 2 times'
    assert violation.places == (1,)
    assert load(project, TRANSACTIONS, content.replace("paid,paid", "paid,net")).rows == 1


def test_14_a_wanted_column_has_a_name(project: Path) -> None:
    content = purchases("a,2021-01-01,1", header=",day,paid")
    text = TRANSACTIONS.replace('"who"', '""')
    assert only(refused(project, text, content)).rule == "no such column in the file"


def test_13_renamed_column(project: Path) -> None:
    content = purchases(*GOOD, header="who,day,Paid")
    violation = only(refused(project, TRANSACTIONS, content))
    assert (violation.column, violation.source_column) == ("amount", "paid")
    assert 'the closest is "Paid"' in violation.remedy
    assert "who, day, Paid" in violation.remedy
    assert load(project, TRANSACTIONS.replace('"paid"', '"Paid"'), content).rows == 3


def test_13_all_missing_columns_come_at_once(project: Path) -> None:
    error = refused(project, TRANSACTIONS, purchases(*GOOD, header="id,when,paid"))
    assert [violation.column for violation in error.violations] == ["customer_id", "date"]


@pytest.mark.parametrize(
    "identity", ["007", "NA", "null", "NULL", "None", "nan", "1E5", "9007199254740993123", "1.0"]
)
def test_23_24_25_ids_are_text_as_they_stand(project: Path, identity: str) -> None:
    table = load(project, TRANSACTIONS, purchases(f"{identity},2021-01-01,1", *GOOD))
    frame = table.frame.collect("pandas").to_native()
    assert list(frame["customer_id"]) == [identity, "a", "b", "c"]
    assert not table.repairs + table.exclusions


def test_ids_already_spoilt_by_floating_point(project: Path) -> None:
    (project / "data" / "sources.toml").write_text(TRANSACTIONS.replace("t.csv", "t.parquet"))
    duckdb.connect().execute(
        f"COPY (SELECT 7.0::DOUBLE AS who, DATE '2021-01-01' AS day, 1 AS paid)"
        f" TO '{project}/data/t.parquet'"
    )
    with pytest.raises(InputError, match="floating-point"):
        tables.load("transactions")


@pytest.mark.parametrize(
    ("day", "remedy"),
    [
        ("31/01/2021", "date_format"),
        ("2021-02-30", "there is no such day"),
        ("44197", "date_format"),
        ("yesterday", "date_format"),
        ("2021-01-01 10:00", "date_format"),
    ],
)
def test_29_30_a_date_that_is_none_is_never_a_silent_blank(
    project: Path, day: str, remedy: str
) -> None:
    violation = only(refused(project, TRANSACTIONS, purchases(*GOOD, f"x,{day},1")))
    assert (violation.column, violation.source_column) == ("date", "day")
    assert (violation.count, violation.places, violation.examples) == (1, (5,), (day,))
    assert remedy in violation.remedy


def test_29_declared_date_format(project: Path) -> None:
    text = TRANSACTIONS + 'date_format = "%d/%m/%Y"'
    table = load(project, text, purchases("x,02/01/2021,1"))
    assert table.period == (datetime.date(2021, 1, 2), datetime.date(2021, 1, 2))


def test_30_year_of_another_calendar(project: Path) -> None:
    violation = only(refused(project, TRANSACTIONS, purchases(*GOOD, "x,1403-01-15,1")))
    assert violation.rule == "not a date of the form %Y-%m-%d"
    assert violation.places == (5,)


def test_31_date_after_the_last_day(project: Path) -> None:
    content = purchases("x,2022-01-01,1", *GOOD, "y,2021-12-31,1", "z,2024-05-05,1")
    violation = only(refused(project, TRANSACTIONS, content))
    assert "as_of" in violation.rule
    assert violation.column == "date"
    assert (violation.count, violation.places) == (2, (2, 7))
    assert violation.examples == ("2022-01-01", "2024-05-05")
    text = TRANSACTIONS.replace("2021-12-31", "2024-12-31")
    assert load(project, text, content).rows == 6


def test_31_without_a_declared_end_today_is_the_last_day(project: Path) -> None:
    text = TRANSACTIONS.replace("complete_to", "# ")
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)
    violation = only(refused(project, text, purchases(*GOOD, f"x,{tomorrow},1")))
    assert violation.places == (5,)


@pytest.mark.parametrize(
    ("text", "rows", "count", "places"),
    [
        (SUBSCRIPTIONS, customers("7,yes,1,1", *CUSTOMERS, "7,no,2,2", "007,no,1,1"), 2, (2, 6)),
        (SERVQUAL, answers("r3,1,1", *ANSWERS, "r1,2,2"), 4, (2, 5, 3, 6)),
    ],
)
def test_35_same_id_twice(
    project: Path, text: str, rows: str, count: int, places: tuple[int, ...]
) -> None:
    violation = only(refused(project, text, rows))
    assert violation.rule == "the same id in more than one row"
    assert violation.source_column == "id"
    assert (violation.count, violation.places) == (count, places)
    assert violation.remedy.startswith("the rows of an id differ in ")
    # A report may show an error: no customer's id is in it.
    assert violation.examples == ()


def test_35_the_same_row_under_the_same_id(project: Path) -> None:
    violation = only(refused(project, SUBSCRIPTIONS, customers(*CUSTOMERS, CUSTOMERS[0])))
    assert violation.remedy == "they are alike: leave one row per id in the file"


def test_35_mended(project: Path) -> None:
    assert load(project, SUBSCRIPTIONS, customers(*CUSTOMERS)).rows == 3
    assert load(project, SERVQUAL, answers(*ANSWERS)).rows == 3


def test_40_purchase_without_a_customer(project: Path) -> None:
    table = load(project, TRANSACTIONS, purchases(*GOOD, ",2021-01-04,4"))
    assert (table.rows_read, table.rows) == (4, 3)
    assert [found.count for found in table.exclusions] == [1]
    assert "25.0 % of the rows" in str(table.warnings[0])


def test_40_no_rows_left(project: Path) -> None:
    violation = only(refused(project, TRANSACTIONS, purchases(",2021-01-04,4")))
    assert violation.rule == "no rows are left"


def test_customer_without_an_id(project: Path) -> None:
    violation = only(refused(project, SUBSCRIPTIONS, customers(*CUSTOMERS, ",no,1,1")))
    assert (violation.column, violation.rule) == ("customer_id", "blank")
    assert violation.places == (5,)


def test_41_negative_amount(project: Path) -> None:
    content = purchases("x,2021-01-01,-5.00", *GOOD, "y,2021-01-01,-0.5")
    error = refused(project, TRANSACTIONS, content)
    violation = only(error)
    assert (violation.column, violation.source_column) == ("amount", "paid")
    assert (violation.rule, violation.count, violation.places) == ("negative amount", 2, (2, 6))
    assert violation.examples == ("-5.00", "-0.5")
    assert "in [transactions] of data/sources.toml" in str(error)
    assert 'refunds = "exclude"' in str(error)
    assert 'refunds = "net"' in str(error)
    table = load(project, TRANSACTIONS + 'refunds = "exclude"', content)
    assert (table.rows, [found.count for found in table.exclusions]) == (3, [2])
    assert not table.warnings


@pytest.mark.parametrize("paid", ["ten", "1.234,5", "€5", "nan", "پنج"])
def test_amount_that_is_no_number(project: Path, paid: str) -> None:
    violation = only(refused(project, TRANSACTIONS, purchases(*GOOD, f'x,2021-01-01,"{paid}"')))
    assert (violation.rule, violation.places) == ("not a number", (5,))
    assert violation.examples == (paid,)


def test_blank_where_there_must_be_a_value(project: Path) -> None:
    error = refused(project, TRANSACTIONS, purchases(*GOOD, "x,,1", "y,2021-01-01, "))
    assert [(found.column, found.rule, found.places) for found in error.violations] == [
        ("date", "blank", (5,)),
        ("amount", "blank", (6,)),
    ]


def test_47_answer_outside_the_scale(project: Path) -> None:
    content = answers("r0,99,7", *ANSWERS, "r5,0,99", "r6,5,3.5")
    error = refused(project, SERVQUAL, content)
    assert [
        (found.column, found.source_column, found.count, found.places, found.examples)
        for found in error.violations
    ] == [
        ("E_1", "E1", 2, (2, 6), ("99", "0")),
        ("P_1", "P1", 2, (6, 7), ("99", "3.5")),
    ]
    assert all("whole number from 1 to 7" in found.rule for found in error.violations)
    for found in error.violations:
        assert f'missing = {{ {found.column} = ["..."] }}' in found.remedy
    table = load(project, SERVQUAL + 'missing = ["99", "0", "3.5"]', content)
    assert table.rows == 6
    assert [(found.column, found.count) for found in table.repairs] == [("E_1", 2), ("P_1", 2)]


def test_55_one_class_only(project: Path) -> None:
    violation = only(refused(project, SUBSCRIPTIONS, customers("1,no,1,1", "2,no,2,2")))
    assert (violation.column, violation.rule) == ("churned", "every customer has the same value")


def test_churned_in_words_nobody_declared(project: Path) -> None:
    content = customers(*CUSTOMERS, "4,gone,1,1")
    violation = only(refused(project, SUBSCRIPTIONS, content))
    assert (violation.column, violation.places) == ("churned", (5,))
    assert violation.examples == ("gone",)
    text = SUBSCRIPTIONS + 'true_values = ["yes", "gone"]'
    assert load(project, text, content).rows == 4


def test_all_faults_of_a_file_come_in_one_pass(project: Path) -> None:
    content = purchases("a,x,-1", '"b\nb",2021-01-01,-2', "short", "c,2030-01-01,y", "d,,3")
    error = refused(project, TRANSACTIONS, content)
    assert {(found.column, found.rule[:10]): found.places for found in error.violations} == {
        ("", "short row:"): (5,),
        ("date", "not a date"): (2,),
        ("date", "blank"): (7,),
        ("date", "date after"): (6,),
        ("amount", "not a numb"): (6,),
        ("amount", "negative a"): (2, 3),
    }


def test_more_than_ten_rows_are_counted_and_the_first_ten_named(project: Path) -> None:
    rows = [f"c{row},2021-01-01,-{row}" for row in range(1, 26)]
    violation = only(refused(project, TRANSACTIONS, purchases(*rows)))
    assert (violation.count, violation.places) == (25, tuple(range(2, 12)))
    assert "25 rows, lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ..." in str(violation)


def test_rows_of_parquet_are_named_as_rows(project: Path) -> None:
    (project / "data" / "sources.toml").write_text(TRANSACTIONS.replace("t.csv", "t.parquet"))
    duckdb.connect().execute(
        "COPY (SELECT 'a' AS who, DATE '2021-01-01' AS day, 5 - i AS paid FROM range(8) t(i))"
        f" TO '{project}/data/t.parquet'"
    )
    with pytest.raises(InputError) as caught:
        tables.load("transactions")
    violation = only(caught.value)
    assert (violation.unit, violation.places) == ("row", (7, 8))
    assert violation.examples == ("-1", "-2")


def test_16_text_that_is_not_utf8(project: Path) -> None:
    (project / "data" / "sources.toml").write_text(TRANSACTIONS)
    content = purchases(*GOOD, "José,2021-01-01,1").encode("latin-1")
    (project / "data" / "t.csv").write_bytes(content)
    with pytest.raises(InputError) as caught:
        tables.load("transactions")
    violation = only(caught.value)
    assert (violation.rule, violation.places) == ("not UTF-8 text", (5,))


def test_missing_file(project: Path) -> None:
    (project / "data" / "sources.toml").write_text(TRANSACTIONS)
    with pytest.raises(InputError, match="no such file"):
        tables.load("transactions")


def test_42_zero_amount_is_a_purchase_unless_declared_otherwise(project: Path) -> None:
    content = purchases(*GOOD, "x,2021-01-01,0", "y,2021-01-01,0.0")
    assert load(project, TRANSACTIONS, content).rows == 5
    table = load(project, TRANSACTIONS + 'zero_amounts = "exclude"', content)
    assert (table.rows, [found.count for found in table.exclusions]) == (3, [2])


def test_43_refund_larger_than_the_purchases(project: Path) -> None:
    content = purchases(*GOOD, "a,2021-01-05,-1.5", "y,2021-01-01,-3")
    table = load(project, TRANSACTIONS + 'refunds = "net"', content)
    assert [str(found).split(": ", 1)[1] for found in table.warnings] == [
        "refund without an earlier purchase: 20.0 % of the rows left out",
        "refunds larger than the purchases of their day: 0.50 is taken off no purchase",
    ]
    assert [found.count for found in table.warnings] == [1, 1]
    # The refund without a purchase; the purchase of 1 and the refund of 1.50.
    assert (table.rows, [found.count for found in table.exclusions]) == (2, [1, 2])


def test_44_mixed_currencies(project: Path) -> None:
    text = TRANSACTIONS.replace("paid", 'paid", currency = "unit')
    content = purchases(
        *[f"{row},{unit}" for row, unit in zip(GOOD, ("GBP", "EUR", "GBP"), strict=True)],
        header="who,day,paid,unit",
    )
    violation = only(refused(project, text, content))
    assert (violation.column, violation.source_column) == ("currency", "unit")
    assert violation.rule == 'amounts in several currencies: "GBP" (2), "EUR" (1)'
    assert "exchange_rates" in violation.remedy
    violation = only(refused(project, text + "exchange_rates = { GBP = 1, USD = 0.7 }", content))
    assert (violation.rule, violation.count) == ('no exchange rate for "EUR" (1)', 1)
    assert load(project, text + "exchange_rates = { GBP = 1, EUR = 0.8 }", content).rows == 3


def test_currency_that_is_blank(project: Path) -> None:
    text = TRANSACTIONS.replace("paid", 'paid", currency = "unit')
    content = purchases("a,2021-01-01,1,GBP", "b,2021-01-01,1,", header="who,day,paid,unit")
    violation = only(refused(project, text, content))
    assert (violation.rule, violation.places) == ("blank", (3,))


def test_45_one_month_in_another_unit_is_told_once(project: Path) -> None:
    rows = [
        f"c{row},2021-{month:02d}-{1 + row % 28:02d},{(230 if month == 2 else 1) * (50 + row)}"
        for month in range(1, 5)
        for row in range(40)
    ]
    entry = TRANSACTIONS.replace("2021-12-31", "2021-04-30")
    (warning,) = load(project, entry, purchases(*rows)).warnings
    assert "median of 2021-02 is 230 times that of the months beside it" in str(warning)
    assert warning.count == 40


def test_45_a_tenfold_jump_of_a_month(project: Path) -> None:
    # 40 purchases a month; from March on in rial instead of toman.
    rows = [
        f"c{row},2021-{month:02d}-{1 + row % 28:02d},{(10 if month > 2 else 1) * (50 + row)}"
        for month in range(1, 6)
        for row in range(40)
    ]
    entry = TRANSACTIONS.replace("2021-12-31", "2021-05-31")
    table = load(project, entry, purchases(*rows))
    (warning,) = table.warnings
    assert "median of 2021-03 is 10 times that of the month before" in str(warning)
    assert warning.count == 40
    assert not load(
        project, TRANSACTIONS.replace("2021-12-31", "2021-02-28"), purchases(*rows[:80])
    ).warnings


def test_46_outliers_above_1000_medians(project: Path) -> None:
    rows = [f"c{row % 50},2021-01-01,{row}" for row in range(1, 100)]
    # The median of all is 51.
    table = load(project, TRANSACTIONS, purchases(*rows, "x,2021-01-01,60000", "y,2021-01-01,9e9"))
    (warning,) = table.warnings
    assert "above 1,000 times the median amount of 51.00" in str(warning)
    assert warning.count == 2
    assert not load(project, TRANSACTIONS, purchases(*rows, "x,2021-01-01,40000")).warnings


def test_products_without_a_margin_rate(project: Path) -> None:
    text = TRANSACTIONS.replace("paid", 'paid", product = "what')
    rows = [f"a{n},2021-01-01,1,p{product}" for product in range(12) for n in range(product + 1)]
    content = purchases(*rows, header="who,day,paid,what")
    violation = only(refused(project, text + "margin_rates = { p11 = 0.3 }", content))
    assert violation.rule.startswith('no margin rate for "p10" (11), "p9" (10), "p8" (9)')
    assert violation.rule.endswith('"p1" (2) and 1 more')
    assert violation.count == 66
    text += "margin_rates = { p11 = 0.3 }\ndefault_margin_rate = 0.2"
    assert [found.count for found in load(project, text, content).repairs] == [66]
