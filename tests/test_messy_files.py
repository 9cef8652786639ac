"""Files as other people export them: each fault made by hand, and the same file without it."""

import datetime
import gzip
import os

import numpy as np
import openpyxl
import pandas as pd
import pytest

from cxlib import engine
from cxlib.door import building
from cxlib.door.units import _repeated_prices, _tenfold_steps, _two_groups

TRANSACTIONS = 'columns = { customer_id = "id", date = "date", amount = "amount" }\n'
FEEDBACK = 'columns = { date = "date", csat = "csat" }\nscales = { csat = [1, 7] }\n'
DAY = datetime.date(2024, 1, 1)


@pytest.fixture
def told(tmp_path, said):
    """What the door says of a file: its errors or, where it is taken, its warnings."""

    def load(content, entry=TRANSACTIONS, name="a.csv", kind="transactions"):
        path = tmp_path / name
        if isinstance(content, openpyxl.Workbook):
            content.save(path)
        else:
            path.write_text(content, encoding="utf-8")
        return said(kind, f'[{kind}]\nuri = "{name}"\n{entry}')

    return load


def purchases(amounts, ids=(), dates=()):
    ids = ids or [f"C{row % 17}" for row in range(len(amounts))]
    dates = dates or [DAY + datetime.timedelta(days=row) for row in range(len(amounts))]
    rows = zip(ids, dates, amounts, strict=True)
    return "id,date,amount\n" + "".join(f"{one},{day},{amount}\n" for one, day, amount in rows)


# --- points that may be thousands marks -----------------------------------------------------


@pytest.mark.parametrize("amounts", [["1.250", "12.500", "980"], ["1.250", "-3.125"]])
def test_a_point_before_three_digits_is_asked_about(told, amounts):
    found = told(purchases(amounts), TRANSACTIONS + 'refunds = "exclude"\n')
    assert "a decimal point, or one between thousands?: 2 rows" in found
    assert 'decimal = "."' in found
    assert 'thousands = "." and decimal = ","' in found


@pytest.mark.parametrize("declared", ['decimal = "."\n', 'decimal = ","\nthousands = "."\n'])
def test_what_is_declared_is_not_asked_about(told, declared):
    assert told(purchases(["1.250", "12.500", "980"]), TRANSACTIONS + declared) == ""


@pytest.mark.parametrize(
    "amounts",
    [
        ["0.250", "1.125"],
        ["1.250", "12.5"],
        ["1250.125", "1.250"],
        ["1.2504", "1.250"],
        ["12", "9"],
    ],
)
def test_a_point_that_is_a_decimal_one_is_not_asked_about(told, amounts):
    assert told(purchases(amounts)) == ""


def test_thousands_among_hundredths_are_a_warning(told):
    amounts = [f"{row}.{10 + row}" for row in range(1, 41)] + ["1.250", "3.400"]
    assert "2 numbers have three digits after the point, 40 have two" in told(purchases(amounts))


# --- ids ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        (["1.23E+12", "1,24e+12", "1E5"], "refused: "),
        (["1.23E+12", "1,24e+12", "1E5"], "scientific notation, such as 1.23E+12"),
        (["#REF!", "C2", "C3"], "an error of a spreadsheet in place of an id: 1 row, line 2"),
        (["17.0", "18.0", "19"], "ids end in .0, as a program writes whole numbers"),
        (["'0017", "C1", "C2"], "ids begin with an apostrophe"),
        (["Total 2024", "C1", "C2"], "ids begin with a word for totals"),
        (["C1", "Subtotal", "C2"], "ids are words for totals or averages"),
        (["میانگین", "C1", "C2"], "ids are words for totals or averages"),
    ],
)
def test_spoilt_ids_are_told(told, ids, says):
    assert says in told(purchases(["1.5", "2.25", "3"], ids))


@pytest.mark.parametrize(
    "ids", [["1E5", "NA", "0017"], ["Totally", "Sumner", "Average Joe"], ["10.01", "1.0a", "#7"]]
)
def test_ids_of_every_kind_are_taken(told, ids):
    assert told(purchases(["1.5", "2.25", "3"], ids)) == ""


def test_ids_with_and_without_zeros_or_capitals_are_told(told):
    amounts = [f"{row}.5" for row in range(8)]
    zeros = ["0017", "17", "0018", "18", "0019", "19", "20", "021"]
    assert "3 ids are there with and without zeros" in told(purchases(amounts, zeros))
    cases = ["A1", "a1", "B1", "b1", "C1", "c1", "d1", "E1"]
    assert "3 ids are there in capital and in small" in told(purchases(amounts, cases))


def test_an_id_of_many_customers_is_told(told):
    amounts = [f"{row}.5" for row in range(60)]
    ids = [f"C{row}" for row in range(40)]
    assert "names nobody has 33.3 % of the rows" in told(
        purchases(amounts, [*ids, *["Guest"] * 20])
    )
    # 100 rows of 300 against a mean of 300 / 201.
    amounts, ids = [f"{row % 97}.5" for row in range(300)], [f"C{row}" for row in range(200)]
    assert "one id has 33.3 % of the rows" in told(purchases(amounts, [*ids, *["X9"] * 100]))
    assert told(purchases(amounts, [*ids, *(f"D{row // 2}" for row in range(100))])) == ""
    # A single one of all.
    assert "one id has 100.0 % of the rows" in told(purchases(amounts, ["cash in"] * 300))
    assert told(purchases(amounts[:29], ["C1"] * 29)) == ""
    # Not one comes again.
    found = told(purchases(amounts, [*ids, *(f"D{row}" for row in range(100))]))
    assert "no customer is there twice" in found
    assert told(purchases(amounts[:99], ids[:99])) == ""


# --- units of money -------------------------------------------------------------------------


def test_rial_rows_among_toman_rows_are_told(told):
    rng = np.random.default_rng(3)
    amounts = rng.integers(300_000, 900_000, 200)
    assert told(purchases(list(amounts))) == ""
    mixed = np.where(rng.random(200) < 0.3, 10 * amounts, amounts)
    assert "ten to one, mixed within the file: rial among toman?" in told(purchases(list(mixed)))


def test_one_product_in_two_units_is_told_by_its_steps():
    rng = np.random.default_rng(4)
    # Products between 10 and 100,000: no gap in the amounts of all together.
    product = rng.integers(0, 300, 4000)
    amounts = 10 ** rng.uniform(1, 5, 300)[product] * rng.normal(1, 0.05, 4000)
    of = pd.Series(product)
    mixed = np.log10(np.where(rng.random(4000) < 0.2, 10 * amounts, amounts))
    assert not _two_groups(mixed)
    assert _tenfold_steps(mixed, of) > 800
    assert not _tenfold_steps(np.log10(amounts), of)


def test_prices_ten_times_as_high_are_told():
    rng = np.random.default_rng(5)
    prices = np.round(np.exp(rng.normal(3, 1, 200))) + 0.99
    amounts = prices[rng.integers(0, 200, 4000)]
    assert not _repeated_prices(amounts)
    tenfold = rng.random(4000) < 0.1
    found = _repeated_prices(np.where(tenfold, 10 * amounts, amounts))
    assert found == pytest.approx(tenfold.sum(), rel=0.1)


@pytest.mark.parametrize("factor", [4, 30])
def test_two_kinds_of_goods_are_no_two_units(factor):
    rng = np.random.default_rng(6)
    amounts = rng.normal(2, 0.05, 500) + np.where(rng.random(500) < 0.3, np.log10(factor), 0)
    assert not _two_groups(amounts)


# --- days -----------------------------------------------------------------------------------


def test_jalali_years_of_two_digits_are_told(told):
    dates = [f"03/{month:02d}/15" for month in range(1, 13)]
    entry = TRANSACTIONS + 'date_format = "%y/%m/%d"\n'
    found = told(purchases(["1.5"] * 12, dates=dates), entry)
    assert "read as 2003 to 2003: if they are Jalali, write four digits" in found
    dates = [f"23/{month:02d}/15" for month in range(1, 13)]
    assert told(purchases(["1.5"] * 12, dates=dates), entry) == ""


@pytest.mark.parametrize(("last", "is_told"), [(12, True), (13, False)])
def test_days_and_months_that_may_be_swapped_are_told(told, last, is_told):
    dates = [f"{day:02d}/{month:02d}/2024" for month in (1, 2, 3) for day in range(1, last + 1)]
    amounts = [f"{row}.5" for row in range(len(dates))]
    found = told(purchases(amounts, dates=dates), TRANSACTIONS + 'date_format = "%d/%m/%Y"\n')
    assert ("day and month may be swapped" in found) == is_told


def test_months_on_their_first_day_are_not_taken_for_swapped(told):
    dates = [f"01/{month:02d}/2024" for month in range(1, 13)]
    entry = TRANSACTIONS + 'date_format = "%d/%m/%Y"\n'
    assert told(purchases(["1.5"] * 12, dates=dates), entry) == ""


# --- scales ---------------------------------------------------------------------------------


def answers(*tops):
    rows = [
        f"2024-{month:02d}-05,{1 + row % top}"
        for month, top in enumerate(tops, 1)
        for row in range(200)
    ]
    return "date,csat\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("tops", "says"),
    [
        ((5, 5), "no answer of 2024-01, 2024-02 is above 5, on a scale to 7"),
        ((5, 7), "no answer of 2024-01 is above 5, on a scale to 7"),
        ((7, 7), ""),
        ((6, 7), ""),
    ],
)
def test_answers_that_end_below_their_scale_are_told(told, tops, says):
    found = told(answers(*tops), FEEDBACK, kind="feedback")
    assert says in found
    assert bool(says) == ("on a scale to" in found)


def test_a_month_is_not_narrow_where_the_others_hardly_go_on(told):
    # One answer of 200 in February is 7: in January none of 200 is with a chance of one in three.
    lines = answers(5, 5).splitlines()
    lines[-1] = "2024-02-05,7"
    assert "on a scale to" not in told("\n".join(lines) + "\n", FEEDBACK, kind="feedback")


def test_repeated_rows_are_found_however_many_are_sorted_at_a_time(told, monkeypatch):
    rows = "".join(f"C{row % 40},2024-01-05,{row % 40}.5\n" for row in range(43))
    whole = told("id,date,amount\n" + rows)
    assert "alike in every column of the file: 6 rows, lines 2, 42, 3, 43, 4, 44" in whole
    monkeypatch.setattr("cxlib.door.repeats._PART_ROWS", 5)
    assert told("id,date,amount\n" + rows) == whole


# --- workbooks and letters ------------------------------------------------------------------


def test_hidden_rows_of_a_workbook_are_told(told):
    book = openpyxl.Workbook()
    for row in [("id", "date", "amount"), *((f"C{i}", DAY, i + 0.5) for i in range(20))]:
        book.active.append(row)
    assert told(book, name="a.xlsx") == ""
    for row in (5, 6, 9):
        book.active.row_dimensions[row].hidden = True
    found = told(book, name="a.xlsx")
    assert "hidden rows" in found
    assert "(first: row 5) [3]" in found


def workbook(amounts=(), formats=(), struck=()):
    """Twenty amounts with a format of their own, some texts among them, and rows struck out."""
    book = openpyxl.Workbook()
    for row in [("id", "date", "amount"), *((f"C{i}", DAY, i + 0.5) for i in range(20))]:
        book.active.append(row)
    for row, value in dict(amounts).items():
        book.active.cell(row, 3).value = value
    for row, shown in dict(formats).items():
        book.active.cell(row, 3).number_format = shown
    for row in struck:
        book.active.cell(row, 1).font = openpyxl.styles.Font(strike=True)
    return book


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (gzip.compress(b"id,date,amount\n1,2024-01-05,2\n", mtime=0), "rename it to .csv.gz"),
        (b"PK\x03\x04 and so on", "rename a workbook to .xlsx"),
        (b"PAR1 and so on", "rename it to .parquet"),
    ],
)
def test_what_is_only_called_csv_is_named(tmp_path, start, says):
    (tmp_path / "a.csv").write_bytes(start)
    with pytest.raises(engine.UnreadableFileError) as refused:
        engine.open_file(tmp_path / "a.csv")
    assert says in refused.value.remedy


def test_hours_of_twelve_and_curly_apostrophes_are_proposed(told):
    rows = "".join(f"C{row},2024-01-05 0{row}:15 PM,1\u2019{row}50.5\n" for row in range(1, 9))
    found = told("id,date,amount\n" + rows)
    assert 'date_format = "%Y-%m-%d %I:%M %p"' in found
    assert 'thousands = "\u2019"' in found


@pytest.mark.parametrize(
    ("called", "says"),
    [
        ("amount (1000 EUR)", '"1000"'),
        ("Umsatz TEUR", '"TEUR"'),
        ("مبلغ (هزار تومان)", '"هزار"'),
        ("price in cents", '"cents"'),
        ("total_in_cents", '"cents"'),
        ("amountCents", '"Cents"'),
        ("amount_in_minor_units", '"minor units"'),
        ("price_pence", '"pence"'),
        ("Amount (k€)", '"k€"'),
        ("revenue_thousands", '"thousands"'),
        ("total_k", '"k"'),
        ("Kiosk", ""),
        ("total K-Markt", ""),
        ("amount EUR", ""),
        ("percentage paid", ""),
        ("order 10000", ""),
    ],
)
def test_money_in_thousands_by_the_name_of_its_column_is_told(told, called, says):
    rows = "".join(f"C{row},2024-01-05,{row}.5\n" for row in range(1, 9))
    entry = TRANSACTIONS.replace('amount = "amount"', f'amount = "{called}"')
    found = told(f"id,date,{called}\n{rows}", entry)
    assert f"the name of the column says {says}" in found if says else "the name" not in found


def test_tables_side_by_side_are_told(told):
    rows = [f"C{row},2024-01-05,{row}.5" for row in range(9)]
    beside = "".join(f"{row},,S{number},9\n" for number, row in enumerate(rows))
    found = told(f"id,date,amount,,store,sales\n{beside}")
    assert "two tables side by side? The empty column 4 parts the columns of the file" in found
    # Delimiters at the ends of lines, and numbers of rows.
    ends = "".join(f"{row},,\n" for row in rows)
    assert "side by side" not in told(f"id,date,amount,,\n{ends}")
    numbered = "".join(f"{row},{number},x\n" for number, row in enumerate(rows))
    assert "side by side" not in told(f"id,date,amount,,note\n{numbered}")


def test_rows_struck_out_are_told(told):
    found = told(workbook(struck=(4, 7)), name="a.xlsx")
    assert "rows struck out are read like all others (first: row 4) [2]" in found


def test_a_thousand_kept_as_text_beside_numbers_is_told(told):
    found = told(workbook(amounts={6: "1.234", 9: "2.500"}), name="a.xlsx")
    assert "texts like 1.234 beside true numbers in column amount" in found
    assert "(first: row 6) [2]" in found
    # Neither a fraction nor a code is a thousand.
    assert told(workbook(amounts={6: "1.25", 9: "12"}), name="a.xlsx") == ""


EURO, DOLLAR, RIAL = '#,##0.00\\ "€"', "[$$-409]#,##0.00", '#,##0\\ "ریال"'


@pytest.mark.parametrize(
    ("formats", "says"),
    [
        (dict.fromkeys(range(2, 22), EURO), ""),
        ({row: DOLLAR if row == 5 else EURO for row in range(2, 22)}, "formats of the cells: €, $"),
        ({row: "0.00" if row == 5 else RIAL for row in range(2, 22)}, ""),
        # One currency by its mark and by its code.
        ({4: EURO, 9: "[$EUR] #,##0", 11: '#,##0 "EUR"'}, ""),
        ({4: RIAL, 5: RIAL, 9: "[$تومان-429]#,##0"}, "formats of the cells: ریال, تومان"),
    ],
)
def test_a_column_shown_in_several_currencies_is_refused(told, formats, says):
    found = told(workbook(formats=formats), name="a.xlsx")
    assert says in found
    assert bool(says) == ("several currencies" in found)


def test_letters_of_another_script_are_refused(told):
    rows = "".join(f"C{row},2024-01-05,{row}.5,تهران\n" for row in range(9))
    text = ("id,date,amount,city\n" + rows).encode("cp1256").decode("latin-1")
    found = told(text)
    assert "letters were read as those of another script" in found
    assert "9 rows, lines 2, 3" in found


# --- texts that say what a row is -----------------------------------------------------------


def table(*columns, names="id,date,amount"):
    return (
        names + "\n" + "".join(",".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))
    )


def rows_with(values, name="city"):
    """Ten rows of purchases, the values of one more column in turn."""
    days = [DAY + datetime.timedelta(days=row) for row in range(10)]
    more = [values[row % len(values)] for row in range(10)]
    amounts = [f"{row}.5" for row in range(1, 11)]
    return table(
        [f"K{row}" for row in range(10)], days, amounts, more, names=f"id,date,amount,{name}"
    )


CITY = TRANSACTIONS + 'attributes = ["city"]\n'


@pytest.mark.parametrize(
    ("values", "name", "says"),
    [
        (["paid", "cancelled"], "Status", 'leave_out = { "Status" = ["cancelled"] }'),
        (["paid", "wc-refunded"], "s", 'rows called "wc-refunded" count as purchases'),
        (["پرداخت شده", "لغو شده"], "وضعیت", 'leave_out = { "وضعیت" = ["لغو شده"] }'),
        (["paid", "returned"], "Status", 'rows called "returned" count as purchases'),
        (["single", "return"], "Ticket", ""),
        (["cancelled"], "Status", ""),
        (["50001", "50002", "50003", "C50004"], "InvoiceNo", "numbers of InvoiceNo that begin"),
        (["C50001"], "code", ""),
        (["A1", "B2", "C5000"], "code", ""),
        (["Soll", "Haben"], "Seite", "Seite names two sides of an account"),
        (["cash", "card"], "Seite", ""),
    ],
)
def test_rows_that_are_no_sales_are_told(told, values, name, says):
    found = told(rows_with(values, name))
    assert says in found
    assert bool(says) == bool(found)


def test_cancelled_orders_that_are_left_out_are_not_told(told):
    entry = TRANSACTIONS + 'leave_out = { Status = ["cancelled"] }\n'
    assert "count as purchases" not in told(rows_with(["paid", "cancelled"], "Status"), entry)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (["Black &amp; White"], "signs of a web page, such as &amp;"),
        (["K%C3%B6ln"], "signs of a web page"),
        (["A & B", "R&D", "x < y", "50 %"], ""),
        (["#REF!", "a"], "by which programs mean an empty cell"),
        (["\\N", "a"], "by which programs mean an empty cell"),
        (["NA", "none", "unknown"], ""),
        (["Subtotal", "Mug"], "words for totals: sums among the rows?"),
        (["Sum 41", "Totalizer"], ""),
    ],
)
def test_texts_that_are_no_values_are_told(told, values, says):
    found = told(rows_with(values), CITY)
    assert says in found
    assert bool(says) == bool(found)


@pytest.mark.parametrize(
    ("values", "written", "read", "says"),
    [
        (["Muğla", "Şişli", "Beşiktaş"], "cp1254", "cp1252", "cp1254"),
        (["Łódź", "Kraków", "Wrocław"], "cp1250", "cp1252", "cp1250"),
        (["Café", "Zürich", "Málaga"], "mac_roman", "cp1252", "mac_roman"),
        (["Þórshöfn", "Hafnarfjörður"], "utf-8", "utf-8", ""),
        (["Suðurland", "Norðurland"], "utf-8", "utf-8", ""),
        (["nový", "starý"], "utf-8", "utf-8", ""),
        (["£ten", "m³", "½ l", "¿Qué?"], "utf-8", "utf-8", ""),
    ],
)
def test_letters_of_another_encoding_are_told(told, values, written, read, says):
    spoilt = [value.encode(written).decode(read) for value in values]
    found = told(rows_with(spoilt), CITY)
    assert bool(says) == bool(found)
    assert not says or f"letters as if {says} had been read as cp1252" in found


def test_numbers_rounded_by_a_spreadsheet_are_told(told):
    assert "a spreadsheet has rounded them" in told(purchases(["950.5", "1.2E+04", "1870.5"]))
    assert told(purchases(["950.5", "12000", "1.2e4"])) == ""


@pytest.mark.parametrize(
    ("amounts", "is_told"),
    [
        (["1,250", "12,500", "980"], True),
        (["12,50"] * 30 + ["1,250"], True),
        (["12,50", "1,250"], False),
        (["1,2", "1,250"], False),
        (["0,250", "1,125"], False),
    ],
)
def test_commas_between_thousands_under_a_decimal_comma_are_told(told, amounts, is_told):
    rows = [line.split(",", 2) for line in purchases(amounts).splitlines()]
    content = "\n".join(map(";".join, rows)) + "\n"
    entry = TRANSACTIONS + 'decimal = ","\ndelimiter = ";"\n'
    assert ("does it stand between thousands there?" in told(content, entry)) == is_told
    assert told(content, entry + 'thousands = "."\n') == ""


@pytest.mark.parametrize(
    ("last", "is_refused"),
    [
        ("n=24,,", True),
        ("Source: till,,", True),
        ("Exported at 2024-02-01,,", True),
        ("N = 24,2024-02-01,155.5", True),
        ("Noter,2024-02-01,5.5", False),
    ],
)
def test_a_note_below_the_table_is_refused(told, last, is_refused):
    found = told(purchases(["1.5", "2.25", "3"]) + last + "\n")
    assert ("a note stands at the end of the table" in found) == is_refused


# --- surveys --------------------------------------------------------------------------------


SCORES = (
    'columns = { response_id = "id", date = "date", nps = "nps", csat = "csat" }\n'
    "scales = { nps = [0, 10], csat = [1, 5] }\n"
)


def scores(nps, csat, ids=()):
    return table(
        ids or [f"R{row}" for row in range(len(nps))],
        [DAY] * len(nps),
        nps,
        csat,
        names="id,date,nps,csat",
    )


def test_test_entries_are_told(told):
    nps, csat = [2, 5, 7, 10], [1, 3, 4, 5]
    found = told(scores(nps, csat, ["test", "asdf", "R1", "R2"]), SCORES, kind="feedback")
    assert "ids of test entries" in found
    assert "[2]" in found
    clean = scores(nps, csat, ["Tester", "R1", "R2", "R3"])
    assert told(clean, SCORES, kind="feedback") == ""
    content = clean.replace("csat\n", "csat,Status\n").replace(",1\n", ",1,Survey Preview\n")
    for score in (3, 4, 5):
        content = content.replace(f",{score}\n", f",{score},IP Address\n")
    assert "in a preview of the survey (Status)" in told(content, SCORES, kind="feedback")


@pytest.mark.parametrize("beside", [("Progress", "ResponseId"), ("Shop", "Town")])
def test_codes_of_previews_are_told_where_the_program_is_known(told, beside):
    lines = scores([2, 5, 7, 9] * 9, [1, 3, 4, 5] * 9).splitlines()
    rows = [f"{line},{int(number % 12 == 5)},100,a{number}" for number, line in enumerate(lines)]
    rows[0] = ",".join([lines[0], "Status", *beside])
    found = told("\n".join(rows) + "\n", SCORES, kind="feedback")
    is_known = beside[0] == "Progress"
    assert ("in a preview of the survey (Status)" in found) == is_known
    assert not is_known or "(first: lines 6, 18, 30) [3]" in found


def test_questionnaires_that_were_not_finished_are_told(told):
    content = scores([2, 5, 7], [1, 3, 4]).replace("csat\n", "csat,Finished\n")
    content = content.replace(",1\n", ",1,False\n").replace(",3\n", ",3,True\n")
    content = content.replace(",4\n", ",4,True\n")
    found = told(content, SCORES, kind="feedback")
    assert "not finished (Finished) count like all others" in found
    assert told(content.replace("False", "True"), SCORES, kind="feedback") == ""


def test_zeros_that_may_be_blanks_are_told(told):
    csat = [3, 4, 5] * 10
    found = told(scores([0, 8, 9] * 10, csat), SCORES, kind="feedback")
    assert "10 answers are 0 and none is 1 to 4" in found
    assert "none is 1 to 4" not in told(scores([0, 8, 4] * 10, csat), SCORES, kind="feedback")


def test_a_scale_that_is_turned_is_told(told):
    nps = [2, 4, 6, 8, 10] * 8
    # 5 - 1 for 2 to 10: on a line that goes down.
    found = told(scores(nps, [5, 4, 3, 2, 1] * 8), SCORES, kind="feedback")
    assert "goes down where nps goes up (correlation -1.00)" in found
    assert told(scores(nps, [1, 2, 3, 4, 5] * 8), SCORES, kind="feedback") == ""


def test_telephone_numbers_in_two_forms_are_told(told):
    subscribers = [f"91234567{row}0" for row in range(4)]
    ids = [f"{code}{one}" for one in subscribers for code in ("+98", "0")]
    amounts = [f"{row}.5" for row in range(8)]
    assert "4 ids are telephone numbers" in told(purchases(amounts, ids))
    others = [f"+9890{row}1234567" for row in range(4)] + subscribers
    assert "telephone" not in told(purchases(amounts, others))


@pytest.mark.parametrize("is_touched", [True, False])
def test_a_file_that_changes_while_it_is_read_is_refused(told, tmp_path, monkeypatch, is_touched):
    stage = building._stage

    def staged(source, file, target):
        found = stage(source, file, target)
        if is_touched:
            # Another one of the same size.
            rows = source.path.read_text(encoding="utf-8").replace("R1,", "R9,")
            source.path.write_text(rows, encoding="utf-8")
            os.utime(source.path, ns=(1, 1))
        return found

    monkeypatch.setattr(building, "_stage", staged)
    found = told(scores([2, 5, 7, 10], [1, 3, 4, 5]), SCORES, kind="feedback")
    assert ("changed while it was read" in found) == is_touched
    kept = [*tmp_path.rglob("feedback-*.parquet")]
    assert bool(kept) != is_touched
