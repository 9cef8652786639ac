"""Files of which a proposal would lose or mistake a column are asked about, clean ones not."""

import datetime
import random

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from typer.testing import CliRunner

from cxlib import PROJECT, cli, engine, proposing, tables
from cxlib.contracts import InputError
from cxlib.engine import encodings
from cxlib.proposing import NotProposedError, columns, mapping, naming, unread

ROWS = 140
FIRST = datetime.date(2024, 1, 4)
TOWNS = {
    "cp1251": ["Москва", "Казань", "Тверь", "Сочи"],
    "gb18030": ["上海", "北京", "广州", "深圳"],
    "cp932": ["渋谷店", "新宿ルミネ", "おおさか"],
    "cp1253": ["Αθήνα", "Θεσσαλονίκη", "Πάτρα"],
    "cp1254": ["İzmir", "Muğla", "Şişli"],
    "cp1250": ["Łódź", "Gdańsk", "Wrocław"],
    "cp1252": ["Zürich", "Köln", "Gießen", "Orléans"],
    "cp850": ["Zürich", "Köln", "Gießen"],
    "cp1256": ["تجريش", "بازار", "مهرآباد"],
}


def proposed(path, **given):
    typed = {key.replace("__", "."): value for key, value in given.items()}
    looked_at = proposing.sample(path, typed)
    assert not looked_at.questions
    columns = proposing.columns.of(looked_at)
    return proposing.propose(looked_at, columns, path.name, PROJECT / "data", given=typed)


def asked(proposal):
    return {question.key: question for question in proposal.questions}


def made(folder, columns, encoding="utf-8"):
    """A file of these columns, each a list of values."""
    path = folder / "file.csv"
    rows = [list(columns), *zip(*columns.values(), strict=True)]
    text = "".join(";".join(map(str, row)) + "\n" for row in rows)
    path.write_bytes(text.encode(encoding))
    return path


def days(count=ROWS):
    return [FIRST + datetime.timedelta(days=number) for number in range(count)]


def answers(low, high, count=ROWS):
    return [low + number % (high - low + 1) for number in range(count)]


def survey(**changed):
    """Answers that are read without a question but for the last day."""
    columns = {
        "response": [f"R{number}" for number in range(ROWS)],
        "date": days(),
        "nps": answers(0, 10),
        "csat": answers(1, 5),
    }
    return columns | changed


def sales(**changed):
    columns = {
        "customer": [f"C{number % 17}" for number in range(ROWS)],
        "date": days(),
        "amount": [f"{number}.50" for number in range(1, ROWS + 1)],
    }
    return columns | changed


def without(columns, name):
    return {key: values for key, values in columns.items() if key != name}


# --- called so, and not read ---------------------------------------------------------------


def test_a_clean_survey_is_asked_for_its_last_day_alone(tmp_path):
    assert asked(proposed(made(tmp_path, survey()))).keys() == {"complete_to"}


@pytest.mark.parametrize(
    ("name", "ours", "texts", "says"),
    [
        ("nps", "nps", ["Promoter", "Passive", "Detractor"], "export the answers themselves"),
        ("nps", "nps", ["10 - Sure", "10 - Certain", "Never"], "say which number each stands for"),
        ("csat", "csat", ["Fab", "Meh", "Yuck"], "value_labels.csat=Fab=1,Meh=2,Yuck=3"),
        ("csat", "csat", ["A1", "A2", "A5"], "LimeSurvey"),
        ("رضایت", "csat", ["خیلی راضی", "راضی", "ناراضی"], "say which number each stands for"),
        ("date", "date", ["4. Januar 2024", "11. März 2024"], "write each like 2026-01-31"),
        ("date", "date", ["26 апреля 2024", "3 мая 2024"], "write each like 2026-01-31"),
        ("date", "date", ["26 أبريل 2024", "3 مايو 2024"], "write each like 2026-01-31"),
        ("تاریخ", "date", ["04/01/2567", "31/12/2567"], "Buddhist"),
        ("date", "date", ["1403/01/04 14:22:05 +03:30"] * 2, "local day"),
    ],
)
def test_a_column_called_so_that_is_not_read_is_asked_and_can_be_left_out(
    tmp_path, name, ours, texts, says
):
    values = [texts[number % len(texts)] for number in range(ROWS)]
    kept = survey() if ours == "nps" else without(survey(), ours)
    path = made(tmp_path, kept | {name: values})
    question = asked(proposed(path))[f"columns.{ours}"]
    assert says in question.text
    assert question.proposed is None
    left_out = proposed(path, **{f"columns__{ours}": ""})
    assert asked(left_out).keys() <= {"complete_to"}
    # What would tell the answer is no group either.
    assert not left_out.attributes
    assert ours not in left_out.mapped


@pytest.mark.parametrize("key", ["missing", "missing__csat"])
def test_words_that_are_no_answer_are_offered_and_taken(tmp_path, key):
    words = ["Not Available", "Not Applicable", *answers(1, 5)][:5]
    path = made(tmp_path, survey(csat=[words[number % 5] for number in range(ROWS)]))
    text = asked(proposed(path))["columns.csat"].text
    assert "--option 'missing.csat=Not Available,Not Applicable'" in text
    found = proposed(path, scales__csat="1,5", **{key: "Not Available,Not Applicable"})
    assert found.mapped["csat"].name == "csat"
    missing = found.entry["missing"]
    said = missing["csat"] if key == "missing__csat" else missing
    assert said == ["Not Available", "Not Applicable"]


def test_how_many_cells_are_not_read_is_said(tmp_path):
    words = {10: "Certain", 9: "Sure"}
    nps = [words.get(answer, answer) for answer in answers(0, 10)]
    text = asked(proposed(made(tmp_path, survey(nps=nps))))["columns.nps"].text
    rows = sum(answer in words.values() for answer in nps)
    assert f"{rows} of {ROWS} cells are no numbers, such as" in text


def test_a_column_that_is_not_read_ends_the_command_with_its_question(tmp_path, monkeypatch):
    for module in ("cli_sources", "sources", "tables"):
        monkeypatch.setattr(f"cxlib.{module}.PROJECT", tmp_path)
    path = made(tmp_path, survey(nps=["Promoter", "Detractor"] * (ROWS // 2)))
    command = ["sources", "add", str(path), "--yes"]
    done = CliRunner().invoke(cli.app, command)
    assert done.exit_code == 2
    assert "--option columns.nps= " in done.output
    assert CliRunner().invoke(cli.app, [*command, "-o", "columns.nps="]).exit_code == 0


def test_a_comment_called_after_satisfaction_is_not_asked_about(tmp_path):
    comments = [f"because of matter {number}" for number in range(ROWS)]
    columns = survey() | {"reason for overall satisfaction": comments}
    assert asked(proposed(made(tmp_path, columns))).keys() == {"complete_to"}


def test_words_beside_numbers_of_the_same_metric_are_not_asked_about(tmp_path):
    columns = survey() | {"nps group": ["Promoter", "Detractor"] * (ROWS // 2)}
    assert asked(proposed(made(tmp_path, columns))).keys() == {"complete_to"}


def test_jalali_months_with_the_word_for_month_are_read(tmp_path):
    texts = [f"{number % 29 + 1} دی ماه 1402" for number in range(ROWS)]
    entry = proposed(made(tmp_path, survey(date=texts)), complete_to="").entry
    assert (entry["date_format"], entry["calendar"]) == ("%d %B ماه %Y", "jalali")


def test_years_of_the_lunar_calendar_are_not_taken_for_jalali(tmp_path):
    lunar = [f"1445/{number % 12 + 1:02}/{number % 29 + 1:02}" for number in range(ROWS)]
    path = made(tmp_path, survey(date=lunar))
    with pytest.raises(NotProposedError, match="Islamic lunar calendar") as error:
        proposed(path)
    assert "calendar" not in error.value.entry
    assert proposed(path, calendar="jalali").entry["calendar"] == "jalali"
    jalali = [text.replace("1445", "1403") for text in lunar]
    assert proposed(made(tmp_path, survey(date=jalali))).entry["calendar"] == "jalali"


# --- which column is which -----------------------------------------------------------------


@pytest.mark.parametrize(("user", "customer"), [("User", "Customer name"), ("کاربر", "نام مشتری")])
def test_the_few_users_of_a_till_are_not_taken_for_customers(tmp_path, user, customer):
    names = sales()["customer"]
    columns = without(sales(), "customer") | {user: ["anna", "bob"] * (ROWS // 2), customer: names}
    path = made(tmp_path, columns)
    question = asked(proposed(path))["columns.customer_id"]
    assert [one.value for one in question.answers] == [user, customer]
    entry = proposed(path, columns__customer_id=customer).entry
    assert entry["columns"]["customer_id"] == customer


def test_many_user_ids_are_customers_also_beside_names(tmp_path):
    users = [f"U{number % 70}" for number in range(ROWS)]
    names = [f"name {number % 60}" for number in range(ROWS)]
    columns = without(sales(), "customer") | {"user_id": users, "customer name": names}
    found = proposed(made(tmp_path, columns))
    assert found.entry["columns"]["customer_id"] == "user_id"


@pytest.mark.parametrize(
    ("other", "better"),
    [("tax amount", "gross"), ("مبلغ تخفیف", "مبلغ کل"), ("discount total", "invoice amount")],
)
def test_another_sum_is_not_taken_for_the_amount(tmp_path, other, better):
    amounts = sales()["amount"]
    small = [f"{number}.09" for number in range(ROWS)]
    path = made(tmp_path, without(sales(), "amount") | {other: small, better: amounts})
    assert proposed(path).entry["columns"]["amount"] == better


def test_pieces_times_price_come_before_a_discount(tmp_path):
    columns = without(sales(), "amount") | {
        "تعداد": answers(1, 3),
        "قیمت": answers(1000, 1100),
        "مبلغ تخفیف": answers(100, 150),
    }
    mapped = proposed(made(tmp_path, columns)).entry["columns"]
    assert (mapped["quantity"], mapped["unit_price"]) == ("تعداد", "قیمت")
    assert "amount" not in mapped


def test_another_sum_alone_is_asked(tmp_path):
    path = made(tmp_path, without(sales(), "amount") | {"balance due": sales()["amount"]})
    assert "columns.amount" in asked(proposed(path, input="transactions"))


def test_an_amount_after_discount_is_one(tmp_path):
    path = made(tmp_path, without(sales(), "amount") | {"amount after discount": answers(99, 150)})
    assert proposed(path).entry["columns"]["amount"] == "amount after discount"


def test_what_is_to_be_paid_comes_before_the_sum_before_a_discount(tmp_path):
    beside = {"مبلغ (تومان)": answers(99, 150), "قابل پرداخت (تومان)": answers(90, 120)}
    path = made(tmp_path, without(sales(), "amount") | beside)
    assert proposed(path).entry["columns"]["amount"] == "قابل پرداخت (تومان)"


def test_a_word_for_no_end_is_told_with_what_to_declare(tmp_path):
    ended = ["open" if number % 3 else FIRST for number in range(ROWS)]
    columns = {"customer": answers(1, ROWS), "start date": days(), "fee": answers(5, 9)}
    path = made(tmp_path, columns | {"end date": ended})
    text = asked(proposed(path, input="subscriptions"))["columns.ended"].text
    assert (
        '93 of 140 cells are no dates, such as "open": where it says that there is no end' in text
    )
    assert "--option 'missing.ended=open'" in text


def test_small_whole_amounts_beside_a_price_may_be_pieces(tmp_path):
    path = made(tmp_path, sales(amount=answers(1, 4)) | {"price": sales()["amount"]})
    assert "pieces" in asked(proposed(path))["columns.amount"].text
    assert proposed(path, columns__amount="amount").entry["columns"]["amount"] == "amount"
    given = {"columns__quantity": "amount", "columns__unit_price": "price"}
    mapped = proposed(path, columns__amount="", **given).entry["columns"]
    assert (mapped["quantity"], mapped["unit_price"]) == ("amount", "price")
    large = made(tmp_path, sales() | {"price": answers(1, 4)})
    assert "columns.amount" not in asked(proposed(large))


@pytest.mark.parametrize("due", ["Due date", "Delivery date", "تاریخ سررسید"])
def test_the_day_a_bill_is_due_is_not_taken_for_the_day_of_purchase(tmp_path, due):
    later = [day + datetime.timedelta(days=30) for day in days()]
    columns = without(sales(), "date") | {due: later, "Issued": days()}
    found = proposed(made(tmp_path, columns), input="transactions")
    assert {one.value for one in asked(found)["columns.date"].answers} == {due, "Issued"}
    both = made(tmp_path, sales() | {due: later})
    assert proposed(both).entry["columns"]["date"] == "date"


def test_dates_of_which_none_is_called_so_are_asked(tmp_path):
    columns = without(survey(), "date") | {"Start Date": days(), "Recorded Date": days()}
    question = asked(proposed(made(tmp_path, columns)))["columns.date"]
    assert [one.value for one in question.answers] == ["Start Date", "Recorded Date", ""]


def test_a_day_that_may_be_of_the_invitation_is_asked_where_another_stands_beside(tmp_path):
    later = [day + datetime.timedelta(days=9) for day in days()]
    columns = without(survey(), "date") | {"Survey date": days()}
    alone = made(tmp_path, columns)
    assert proposed(alone).entry["columns"]["date"] == "Survey date"
    question = asked(proposed(made(tmp_path, columns | {"Completed": later})))["columns.date"]
    assert [one.value for one in question.answers] == ["Survey date", "Completed", ""]


def test_a_delivery_beside_the_time_of_an_order_is_not_asked_about(tmp_path):
    columns = without(sales(), "date") | {"created_at": days(), "delivery date": days()}
    assert proposed(made(tmp_path, columns)).entry["columns"]["date"] == "created_at"


def test_a_day_of_birth_is_no_date_of_an_answer(tmp_path):
    columns = without(survey(), "date") | {"date of birth": days()}
    found = proposed(made(tmp_path, columns))
    assert "columns.date" not in asked(found)
    assert "date" not in found.mapped


def test_a_weight_is_never_taken_by_its_name(tmp_path):
    path = made(tmp_path, survey(weight=[f"{number % 9}.5" for number in range(ROWS)]))
    assert asked(proposed(path))["columns.weight"].proposed is None
    assert proposed(path, columns__weight="weight").entry["columns"]["weight"] == "weight"
    assert "weight" not in proposed(path, columns__weight="").entry["columns"]


# --- scales --------------------------------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), [(1, 6), (0, 5), (0, 6), (1, 8)])
def test_a_scale_that_is_seldom_used_is_asked_with_the_mean_nps(tmp_path, low, high):
    path = made(tmp_path, survey(csat=answers(low, high)))
    question = asked(proposed(path))["scales.csat"]
    assert f"{low},{high}" in [one.value for one in question.answers]
    assert "Mean nps by answer: " in question.text
    entry = proposed(path, scales__csat=f"{low},{high}").entry
    assert entry["scales"]["csat"] == [low, high]


def test_answers_counted_from_0_are_asked_as_such(tmp_path):
    question = asked(proposed(made(tmp_path, survey(csat=answers(0, 4)))))["scales.csat"]
    meanings = {one.value: one.meaning for one in question.answers}
    assert meanings["1,5"].endswith("nobody answered 5: are they counted from 0?")
    assert meanings["0,4"] == "all answers lie within"


def test_many_zeros_and_few_ones_are_asked(tmp_path):
    heavy = [0 if number % 5 == 0 else 2 + number % 9 for number in range(ROWS - 4)] + [1] * 4
    assert "scales.csat" in asked(proposed(made(tmp_path, survey(csat=heavy))))
    even = made(tmp_path, survey(csat=answers(0, 10)))
    assert proposed(even).entry["scales"]["csat"] == [0, 10]


# --- ways of writing -----------------------------------------------------------------------


def test_day_numbers_of_a_workbook_that_counts_from_1904_are_read_as_the_door_does(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["customer", "date", "amount"])
    first = datetime.date(1904, 1, 1)
    for number, day in enumerate(days()):
        book.active.append([f"C{number % 17}", (day - first).days, number + 0.5])
    path = tmp_path / "file.xlsx"
    book.save(path)
    (answer,) = asked(proposed(path))["date_format"].answers
    assert answer.meaning.endswith("is 4 January 2024")
    found = proposed(path, date_format="excel")
    last = days()[-1]
    assert asked(found)["complete_to"].proposed == last.isoformat()
    read = engine.open_file(path, engine.Form.of({}), tmp_path)
    assert read.counts_from_1904


def test_day_numbers_of_a_text_file_are_told_in_both_readings(tmp_path):
    numbers = [43833 + number for number in range(ROWS)]
    (answer,) = asked(proposed(made(tmp_path, sales(date=numbers))))["date_format"].answers
    assert '"43833" is 3 January 2020' in answer.meaning
    assert "4 January 2024" in answer.meaning


def test_three_digits_behind_every_persian_mark_are_asked(tmp_path):
    grouped = [f"{number}٫000" for number in range(100, 100 + ROWS)]
    path = made(tmp_path, sales(amount=grouped))
    question = asked(proposed(path))["decimal"]
    assert "between thousands" in question.text
    assert proposed(path, decimal="٫").entry["decimal"] == "٫"
    parted = made(tmp_path, sales(amount=[f"{number}٫5" for number in range(ROWS)]))
    assert "decimal" not in asked(proposed(parted))
    assert proposed(parted).entry["decimal"] == "٫"


@pytest.mark.parametrize(
    ("amounts", "declared"),
    [
        (["1/473/200", "821/500", "95/000"], ['thousands = "/"']),
        (["821/500", "95/000"], ['decimal = "/"', 'thousands = "/"']),
        (["821/5", "95/25"], ['decimal = "/"']),
    ],
)
def test_a_slash_between_thousands_is_named(tmp_path, monkeypatch, amounts, declared):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)
    values = [amounts[number % len(amounts)] for number in range(ROWS)]
    made(tmp_path, sales(amount=values))
    columns = 'customer_id = "customer", date = "date", amount = "amount"'
    entry = f'[transactions]\nuri = "file.csv"\ndelimiter = ";"\ncolumns = {{ {columns} }}\n'
    sources = tmp_path / "sources.toml"
    sources.write_text(entry, encoding="utf-8")
    with pytest.raises(InputError) as error:
        tables.load("transactions", sources)
    named = [one for one in ('decimal = "/"', 'thousands = "/"') if one in str(error.value)]
    assert named == declared
    if len(declared) == 1:
        sources.write_text(entry + declared[0] + "\n", encoding="utf-8")
        read = tables.load("transactions", sources).frame.collect("pandas").to_native()
        first = amounts[0].replace("/", "" if "thousands" in declared[0] else ".")
        assert read["amount"].max() >= float(first)


@pytest.mark.parametrize("encoding", TOWNS)
def test_the_likely_encoding_is_the_one_whose_letters_are_words(tmp_path, encoding):
    towns = [TOWNS[encoding][number % len(TOWNS[encoding])] for number in range(ROWS)]
    path = made(tmp_path, survey(branch=towns), encoding=encoding)
    found = proposing.sample(path, {})
    if encoding == "cp1256":
        assert found.form["encoding"] == encoding
    else:
        (question,) = found.questions
        first = question.answers[0]
        assert first.value == encoding
        assert any(town in first.meaning for town in towns)
    assert next(iter(encodings.fits(path.read_bytes()))) == encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        # é is Ú in cp850, and a blank that breaks no line is á.
        ("Café Crème, Expressions\u00a0Desk\n", "cp1252"),
        ("Executive\u00a0Chair\n", "cp1252"),
        ("más allá, está aquí\n", "cp850"),
        # Two bytes of Western words may be a letter in Japanese.
        ("Renée, année, idée\n", "cp1252"),
        ("après père mère\n", "cp850"),
    ],
)
def test_encodings_are_told_by_words(text, encoding):
    assert next(iter(encodings.fits((text * 5).encode(encoding)))) == encoding


@pytest.mark.parametrize("seed", range(20))
def test_words_of_two_scripts_are_not_mistaken_for_each_other(seed):
    chance = random.Random(seed)
    russian = "сто лет одиночества и другие рассказы о любви"
    persian = "مشتريان گرامي از خريد شما سپاسگزاريم و منتظر شما هستيم"
    for sentence, encoding in ((russian, "cp1251"), (persian, "cp1256")):
        text = " ".join(chance.choices(sentence.split(), k=6))
        assert next(iter(encodings.fits(text.encode(encoding)))) == encoding, text


def test_jalali_years_of_two_digits_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)
    short = [
        f"0{2 + number // 40}/{1 + number % 6:02}/{1 + number % 31:02}" for number in range(ROWS)
    ]
    path = made(tmp_path, sales(date=short))
    with pytest.raises(proposing.NotProposedError, match="write years of four digits"):
        proposed(path)
    entry = 'customer_id = "customer", date = "date", amount = "amount"'
    (tmp_path / "sources.toml").write_text(
        f'[transactions]\nuri = "file.csv"\ndelimiter = ";"\ncolumns = {{ {entry} }}\n'
    )
    with pytest.raises(InputError, match="years of two digits stand first"):
        tables.load("transactions", tmp_path / "sources.toml")
    # The year behind, on days up to the 9th.
    behind = [f"0{1 + number % 9}/{1 + number % 12:02}/2{number % 4}" for number in range(ROWS)]
    formats = asked(proposed(made(tmp_path, sales(date=behind))))["date_format"].answers
    assert "%d/%m/%y" in {one.value for one in formats}


def test_days_that_never_were_are_no_codes(tmp_path):
    rows = days()
    path = made(tmp_path, survey(date=["2024-13-04" if one == rows[9] else one for one in rows]))
    assert "missing.date" not in asked(proposed(path))
    path = made(tmp_path, survey(date=["0000-00-00" if one == rows[9] else one for one in rows]))
    assert "missing.date" in asked(proposed(path))


def test_a_sign_for_no_end_may_stand_in_most_rows(tmp_path):
    contracts = {
        "customer id": [f"S{number}" for number in range(ROWS)],
        "started": days(),
        "cancelled at": ["-" if number % 4 else days()[-1] for number in range(ROWS)],
        "mrr": ["9.9"] * ROWS,
    }
    question = asked(proposed(made(tmp_path, contracts)))["missing.ended"]
    assert question.answers[0].value == "-"


@pytest.mark.parametrize("mark", ["'", "\u2019"])
def test_apostrophes_between_thousands_are_of_both_kinds(tmp_path, mark):
    amounts = [f"1{mark}{200 + number}.50" for number in range(ROWS)]
    found = proposed(made(tmp_path, sales(amount=amounts)))
    assert found.entry["thousands"] == mark


@pytest.mark.parametrize(
    ("customer", "date", "amount"),
    [
        ("Kundennr.", "Rechnungsdatum", "Betrag EUR"),
        ("N° client", "Date de commande", "Montant TTC"),
        ("Müşteri No", "Fatura Tarihi", "Tutar"),
        ("Клиент", "Дата", "Сумма"),
        ("会員番号", "購入日", "金額"),
    ],
)
def test_purchases_are_known_in_other_languages(tmp_path, customer, date, amount):
    renamed = dict(zip((customer, date, amount), sales().values(), strict=True))
    found = proposed(made(tmp_path, renamed))
    assert found.input == "transactions"
    assert {ours: column.name for ours, column in found.mapped.items()} == {
        "customer_id": customer,
        "date": date,
        "amount": amount,
    }


@pytest.mark.parametrize(
    ("ours", "name"),
    [
        ("customer_id", "Customer Value"),
        ("customer_id", "نوع مشتری"),
        ("tenure_months", "tenure_days"),
        ("tenure_months", "مدت عضویت (سال)"),
        ("monthly_charges", "Yearly fee"),
    ],
)
def test_words_of_another_kind_are_heard(ours, name):
    column = columns.Column(name, {str(number): 1 for number in range(9)}, 9)
    assert naming.match(ours, column) is None


def test_a_quantity_called_amount_is_asked_beside_a_sales_price(tmp_path):
    pieces = [1 + number % 6 for number in range(ROWS)]
    path = made(tmp_path, sales(amount=pieces) | {"SALES_PRICE": [9 * one for one in pieces]})
    meanings = [one.meaning for one in asked(proposed(path))["columns.amount"].answers]
    assert any(
        'columns.amount="SALES_PRICE" where that is the price of all' in one for one in meanings
    )


# --- second headers, and items -------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (["", "", "Response", "Open-Ended Response"], "line 2 is a second header row"),
        (
            [
                ["Response ID", "Recorded Date", "How likely?", "How satisfied?"],
                ['{"ImportId":"x"}'] * 4,
            ],
            "lines 2 and 3 are further header rows",
        ),
        (["id of it", "day of it", "How likely?", "How satisfied?"], "line 2 is a second header"),
    ],
)
def test_second_header_rows_are_no_codes_for_no_answer(tmp_path, rows, lines):
    rows = rows if isinstance(rows[0], list) else [rows]
    columns = survey()
    given = {
        name: [*(row[at] for row in rows), *values]
        for at, (name, values) in enumerate(columns.items())
    }
    with pytest.raises(NotProposedError, match=lines):
        proposed(made(tmp_path, given))


def test_words_in_the_first_row_of_one_column_are_no_header(tmp_path):
    columns = survey(csat=["none", *answers(1, 5)[1:]])
    assert "missing.csat" in asked(proposed(made(tmp_path, columns)))


def test_items_without_their_zeros_are_told(tmp_path):
    items = {f"{letter}{item}": answers(1, 7) for letter in "EP" for item in range(1, 23)}
    path = made(tmp_path, items)
    with pytest.raises(NotProposedError, match='"E1" is "E01"'):
        proposed(path)
    with pytest.raises(NotProposedError, match='"E1" is "E01"'):
        proposed(path, instrument="instruments/servqual_22.toml")


# --- names that an engine would read otherwise ------------------------------------------------


def test_columns_with_points_stars_and_quotes_in_their_names_are_attributes(tmp_path, said):
    names = ["Sub.Category", "*", '"""of a quote"""', "نوع.مشتری"]
    rows = [f"C{i % 40},{FIRST + datetime.timedelta(i)},{10 + i % 7}.50" for i in range(ROWS)]
    groups = [",".join("ABCD"[(i + j) % 3] for j in range(4)) for i in range(ROWS)]
    lines = [f"{row},{group}" for row, group in zip(rows, groups, strict=True)]
    path = tmp_path / "dots.csv"
    path.write_text("\n".join([f"customer_id,date,amount,{','.join(names)}", *lines]), "utf-8")
    proposal = proposed(path, currency="EUR")
    entry = proposing.entry("transactions", "Made.", proposal.lines)
    assert list(proposal.entry["attributes"]) == [
        "Sub Category",
        "column",
        "of a quote",
        "نوع مشتری",
    ]
    assert said("transactions", entry.replace(str(proposal.entry["uri"]), "dots.csv")) == ""


def test_a_point_in_the_name_of_an_attribute_is_an_error_that_says_how_to_rename_it(tmp_path, said):
    (tmp_path / "dots.csv").write_text("a,b,c,d.e\n1,2024-01-01,5,x\n", "utf-8")
    entry = '[transactions]\nuri = "dots.csv"\nattributes = ["d.e"]\n'
    columns = 'columns = { customer_id = "a", date = "b", amount = "c" }\n'
    assert 'attributes = { our_name = "d.e" }' in said("transactions", entry + columns)


def test_an_attribute_called_like_a_score_of_another_survey_is_a_group(tmp_path, said):
    words = ("satisfied", "neutral or dissatisfied")
    rows = [f"{i % 5 + 1},{i % 3 + 2},{words[i % 2]}" for i in range(300)]
    (tmp_path / "a.csv").write_text("\n".join(["csat,seat,satisfaction", *rows]), "utf-8")
    entry = (
        '[feedback]\nuri = "a.csv"\nattributes = ["satisfaction"]\ndrivers = ["seat"]\n'
        'columns = { csat = "csat" }\nscales = { csat = [1, 5], drivers = [1, 5] }\n'
    )
    assert "refused" not in said("feedback", entry)


def test_a_format_without_a_year_does_not_fit(tmp_path):
    path = tmp_path / "a.csv"
    rows = [f"C{i % 40},{i % 28 + 1:02}{i % 12 + 1:02},{10 + i % 7}.50" for i in range(ROWS)]
    path.write_text("\n".join(["customer_id,date,amount", *rows]), "utf-8")
    with pytest.raises(NotProposedError, match='date_format = "%d%m" does not fit'):
        proposed(path, input="transactions", date_format="%d%m", columns__date="date")


# --- what a new user could not get in, or not mend --------------------------------------------


def contracts(start, end, lasting=90):
    days = [
        (FIRST + datetime.timedelta(i), FIRST + datetime.timedelta(i + lasting))
        for i in range(ROWS)
    ]
    lines = [f"C{i:04},Plus,{a},{b if i % 3 else ''},19.90" for i, (a, b) in enumerate(days)]
    return "\n".join([f"Customer,Plan,{start},{end},Monthly fee", *lines])


@pytest.mark.parametrize(
    ("start", "end"), [("Start", "End"), ("Beginn", "Ende"), ("valid from", "valid to")]
)
def test_contracts_are_known_by_the_plainest_names_of_their_days(tmp_path, start, end):
    path = tmp_path / "a.csv"
    path.write_text(contracts(start, end), "utf-8")
    proposal = proposed(path)
    assert proposal.input == "subscriptions"
    assert {ours: one.name for ours, one in proposal.mapped.items()} == {
        "customer_id": "Customer",
        "started": start,
        "ended": end,
        "monthly_charges": "Monthly fee",
    }


def test_days_of_contracts_are_asked_about_where_no_name_tells(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(contracts("Alpha", "Omega"), "utf-8")
    asks = asked(proposed(path, input="subscriptions"))
    assert [one.value for one in asks["columns.started"].answers] == ["Alpha", "Omega"]
    assert "columns.tenure_months" not in asks


def test_numbers_behind_a_letter_are_ids_and_no_months(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["Contract no,a", *(f"C{5000 + i},b" for i in range(ROWS))]), "utf-8")
    column, _ = columns.of(proposing.sample(path, {}))
    assert not column.is_nearly_numbers


def test_rows_that_are_asked_about_are_named(tmp_path):
    rows = [f"C{i % 40},{FIRST + datetime.timedelta(i)},{10 + i % 7}.50" for i in range(ROWS)]
    rows[7] = "C1,2024-02-01,-5.00"
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["customer_id,date,amount", *rows, rows[30]]), "utf-8")
    asks = asked(proposed(path))
    assert "line 9)" in asks["refunds"].text
    assert f"(lines 32, {ROWS + 2})" in asks["repeats"].text


def scored(name, answers):
    rows = [f"{i},{answers[i % len(answers)]},{i % 11}" for i in range(300)]
    return "\n".join([f'id,"{name}",nps', *rows])


@pytest.mark.parametrize("name", ["Satisfaction (1-5)", "Satisfaction 1 to 5", "رضایت (۱ تا ۵)"])
def test_a_scale_that_the_name_of_a_column_says_is_taken(tmp_path, name):
    path = tmp_path / "a.csv"
    path.write_text(scored(name, [2, 3, 4, 3, 4]), "utf-8")
    entry = proposed(path, input="feedback", columns__csat=name).entry
    assert entry["scales"]["csat"] == [1, 5]


def test_a_scale_in_a_name_is_not_taken_where_answers_are_of_another(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(scored("Satisfaction (1-5)", [2, 3, 7, 6, 4]), "utf-8")
    asks = asked(proposed(path, input="feedback", columns__csat="Satisfaction (1-5)"))
    assert "scales.csat" in asks


def test_a_word_beside_a_code_need_not_be_one(tmp_path):
    path = tmp_path / "a.csv"
    answers = [2, 3, 4, 3, 5, 1] * 12 + [99, 99, "good"]
    path.write_text(scored("Satisfaction (1-5)", answers), "utf-8")
    asks = asked(proposed(path, input="feedback", columns__csat="Satisfaction (1-5)"))
    question = asks["missing.csat"]
    assert question.answers[0].value == "99"
    assert '"good" in 4: lines 76, ' in question.text


def test_a_column_of_dates_some_of_which_are_none_is_asked_about(tmp_path):
    rows = [f"{i},{i % 5 + 1},{FIRST + datetime.timedelta(i % 90)}" for i in range(300)]
    rows[40] = "40,3,14/02/2024"
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["id,csat,Moment of the answer", *rows]), "utf-8")
    asks = asked(proposed(path, input="feedback"))
    assert asks["columns.date"].answers[0].value == "Moment of the answer"


def test_ratings_with_a_few_fractions_are_ratings_and_no_groups(tmp_path):
    rows = [f"{i},{i % 5 + 1},{i % 4 + 2},{i % 5 + 1}" for i in range(300)]
    rows[40] = '40,3,4.5,"4,5"'
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["id,csat,Room,Staff", *rows]), "utf-8")
    proposal = proposed(path, input="feedback")
    assert [one.value for one in asked(proposal)["drivers"].answers] == ["", "Room,Staff"]


def test_words_among_amounts_are_named_with_their_lines(tmp_path):
    rows = [f"C{i % 40},{FIRST + datetime.timedelta(i)},{10 + i % 7}.50" for i in range(ROWS)]
    for at, word in enumerate(("ten", "free of charge", "unknown", "as agreed", "open", "none")):
        rows[at] = f"C1,2024-02-01,{word}"
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["customer_id,date,amount", *rows]), "utf-8")
    with pytest.raises(
        NotProposedError, match=r"words among its numbers .* in 6: lines 2, 3, 4, 5, 6, 7\. Wr"
    ):
        proposed(path)


def test_lines_of_a_header_may_end_otherwise_than_rows(tmp_path, said):
    rows = [f"C{i % 40},{FIRST + datetime.timedelta(i)},{10 + i % 7}.50" for i in range(ROWS)]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(['"Customer\nID","Order\nDate",Amount', *rows, ""]).encode())
    entry = 'columns = { customer_id = "Customer\\nID", date = "Order\\nDate", amount = "Amount" }'
    assert said("transactions", f'[transactions]\nuri = "a.csv"\n{entry}\n') == ""
    assert tables.load("transactions", tmp_path / "sources.toml").rows == ROWS


def test_a_column_without_a_name_is_given_by_its_place(tmp_path):
    rows = [f"C{i % 40},{FIRST + datetime.timedelta(i)},{10 + i % 7}.50" for i in range(ROWS)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",date,amount", *rows]), "utf-8")
    proposal = proposed(path, input="transactions", columns__customer_id="column 1")
    assert proposal.entry["columns"]["customer_id"] == "column 1"


def test_a_code_beside_declared_ones_is_added_to_them(tmp_path, said):
    rows = [f"{i},{i % 5 + 1 if i % 9 else 99}" for i in range(300)]
    rows[40] = "40,good"
    (tmp_path / "a.csv").write_text("\n".join(["id,csat", *rows]), "utf-8")
    entry = (
        '[feedback]\nuri = "a.csv"\ncolumns = { csat = "csat" }\nscales = { csat = [1, 5] }\n'
        'missing.csat = ["99"]\n'
    )
    assert 'missing.csat = ["99", "..."]' in said("feedback", entry)


def test_ends_that_lie_ahead_are_asked_about(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(contracts("Start", "End", lasting=30), "utf-8")
    ahead = asked(proposed(path))["complete_to"]
    assert ahead.text.startswith("15 contracts end after the last one began, 2024-05-22.")
    assert ahead.proposed is None
    last = FIRST + datetime.timedelta(ROWS - 1)
    lines = [
        f"C{i:04},{FIRST + datetime.timedelta(i)},{last if i % 3 else ''},19.90"
        for i in range(ROWS)
    ]
    path.write_text("\n".join(["Customer,Start,End,Monthly fee", *lines]), "utf-8")
    assert asked(proposed(path))["complete_to"].proposed == last.isoformat()


# --- months, and days that never were ----------------------------------------------------------


def added(folder, monkeypatch, columns, *options):
    """What `cx sources add` writes of a file, and what it says."""
    for module in ("cli_sources", "sources", "tables"):
        monkeypatch.setattr(f"cxlib.{module}.PROJECT", folder)
    command = ["sources", "add", str(made(folder, columns)), "--yes", *options]
    shown = CliRunner().invoke(cli.app, command).output
    entry = folder / "data" / "sources.toml"
    return entry.read_text(encoding="utf-8") if entry.exists() else "", " ".join(shown.split())


def months_of_contracts(written):
    first = [FIRST.replace(day=1, month=1 + number % 12) for number in range(ROWS)]
    return {
        "customer_id": [f"C{number // 12}" for number in range(ROWS)],
        "month": [day.strftime(written) for day in first],
        "revenue": [9.9 + number % 3 for number in range(ROWS)],
    }


@pytest.mark.parametrize(
    "written",
    ["%m/%Y", "%m.%Y", "%m-%Y", "%Y.%m", "%Y%m", "%b-%y", "%b %y", "%b %Y", "%B %Y"],
)
def test_months_are_read_as_they_are_written(tmp_path, monkeypatch, written):
    entry, shown = added(tmp_path, monkeypatch, months_of_contracts(written))
    assert f'date_format = "{written}"' in entry
    assert "2024-01-01 to 2024-12-01" in shown


def test_months_of_another_language_are_called_so(tmp_path, monkeypatch):
    columns = months_of_contracts("%m")
    names = ["Januar", "Februar", "März", "Mai", "Juni", "Juli", "Oktober", "Dezember"]
    columns["month"] = [f"{names[int(one) % 8]} 2024" for one in columns["month"]]
    _, shown = added(tmp_path, monkeypatch, columns)
    assert "in no other language: write each like 2026-01-31, or a month like 2026-01" in shown


def test_a_month_of_three_numbers_is_no_time_with_a_zone(tmp_path):
    path = made(tmp_path, months_of_contracts("%m-%Y") | {"date": ["03-2024"] * ROWS})
    [column] = [one for one in columns.of(proposing.sample(path, {})) if one.name == "date"]
    assert "time zone" not in unread.date_remedy("date", column)


@pytest.mark.parametrize(
    ("form", "text"), [("", "2024-02-31"), ('date_format = "%d.%m.%Y"', "31.02.2024")]
)
def test_a_day_that_never_was_is_told_as_such(tmp_path, monkeypatch, form, text):
    monkeypatch.setattr("cxlib.tables.PROJECT", tmp_path)
    dates = [day.strftime("%d.%m.%Y") if form else str(day) for day in days()]
    dates[7] = text
    made(tmp_path, sales(date=dates))
    mapped = 'customer_id = "customer", date = "date", amount = "amount"'
    entry = f'[transactions]\nuri = "file.csv"\ndelimiter = ";"\ncolumns = {{ {mapped} }}\n{form}\n'
    (tmp_path / "sources.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(InputError) as error:
        tables.load("transactions", tmp_path / "sources.toml")
    [violation] = error.value.violations
    assert violation.places == (9,)
    assert violation.remedy == (
        "there is no such day: correct the rows, or take them out of the file"
    )


# --- contracts ----------------------------------------------------------------------------------


def contracts_of(**changed):
    ends = [str(FIRST + datetime.timedelta(days=200 + number)) for number in range(ROWS)]
    return {
        "customer id": [f"S{number}" for number in range(ROWS)],
        "started": days(),
        "cancelled at": [end if number % 2 else "" for number, end in enumerate(ends)],
        "mrr": ["9.9"] * ROWS,
    } | changed


def test_the_currency_of_contracts_is_asked_and_kept(tmp_path, monkeypatch):
    path = made(tmp_path, contracts_of())
    assert "currency" in asked(proposed(path))
    entry, shown = added(tmp_path, monkeypatch, contracts_of(), "-o", "currency=EUR")
    assert 'currency = "EUR"' in entry, shown
    named = {"mrr in eur" if name == "mrr" else name: one for name, one in contracts_of().items()}
    assert "currency" not in asked(
        proposed(made(tmp_path, named), columns__monthly_charges="mrr in eur")
    )


def test_an_end_far_ahead_is_asked_about_and_is_no_last_day(tmp_path):
    columns = contracts_of()
    columns["cancelled at"][:4] = ["2099-12-31"] * 4
    found = asked(proposed(made(tmp_path, columns)))
    assert found["missing.ended"].answers[0].value == "2099-12-31"
    last = columns["cancelled at"][-1]
    assert [one.value for one in found["complete_to"].answers] == [last]
    assert "missing.ended" not in asked(proposed(made(tmp_path, contracts_of())))


def test_a_wave_in_numbers_is_a_group(tmp_path):
    waves = [1 + number % 3 for number in range(ROWS)]
    proposal = proposed(made(tmp_path, survey(wave=waves, floor=waves)))
    assert "wave" in [one.name for one in proposal.attributes]
    assert "floor" not in [one.name for one in proposal.attributes]


@pytest.mark.parametrize(
    "more",
    ['missing.csat = ["99"]\nmissing.csat = ["98"]', 'missing.a = ["9"]\nmissing = { b = ["8"] }'],
)
def test_a_key_that_stands_twice_is_called_so(tmp_path, more):
    path = tmp_path / "sources.toml"
    path.write_text(f'[feedback]\nuri = "a.csv"\n{more}\n', encoding="utf-8")
    with pytest.raises(InputError, match="a key stands there that stands above it already"):
        tables.load("feedback", path)


def test_a_rating_with_a_code_is_a_rating_and_the_code_no_end_of_its_scale(tmp_path):
    coded = [-99 if number % 20 == 3 else 1 + number % 5 for number in range(ROWS)]
    path = made(tmp_path, survey(speed=coded))
    assert "speed" in asked(proposed(path))["drivers"].text
    found = proposed(path, drivers="speed")
    assert found.entry["scales"]["drivers"] == [1, 5]
    assert '"-99" in 7 rows' in asked(found)["missing.drivers"].text
    given = proposed(path, drivers="speed", missing__drivers="-99")
    assert given.entry["missing"] == {"drivers": ["-99"]}
    assert "missing.drivers" not in asked(given)


@pytest.mark.parametrize(
    ("name", "is_group"), [("branch", True), ("comment", False), ("نظر", False)]
)
def test_comments_are_no_groups(tmp_path, name, is_group):
    said = [["good", "slow", "dear"][number % 3] for number in range(ROWS)]
    proposal = proposed(made(tmp_path, survey() | {name: said}))
    assert (name in [one.name for one in proposal.attributes]) == is_group


@pytest.mark.parametrize("is_formatted", [True, False])
def test_dates_of_a_spreadsheet_among_texts_are_told_with_the_text_to_write(tmp_path, is_formatted):
    book = openpyxl.Workbook()
    sheet = book.active
    times = [datetime.datetime.combine(day, datetime.time(15, 24)) for day in days()]
    texts = [time.strftime("%d/%m/%Y %H:%M") for time in times]
    texts[4:9] = times[4:9]
    rows = sales(date=texts)
    sheet.append(list(rows))
    for row in zip(*rows.values(), strict=True):
        sheet.append(row)
    if not is_formatted:
        at = list(rows).index("date") + 1
        for row in range(6, 11):
            sheet.cell(row, at).number_format = "General"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(NotProposedError) as error:
        proposed(tmp_path / "a.xlsx")
    assert f'write "{times[4]:%d/%m/%Y %H:%M}" as text in place of "' in str(error.value)
    assert "may have swapped their day and month" in str(error.value)


@pytest.mark.parametrize(
    ("dates", "odd", "remedy"),
    [
        (
            "1402/{month:02}/{day:02}",
            "2024/03/0{n}",
            "write those days in the Jalali calendar, too",
        ),
        (
            "2024-{month:02}-{day:02}",
            "2{n}.12.9999",
            "Where they stand for no end, leave those cells",
        ),
    ],
)
def test_how_dates_of_another_kind_are_mended_is_told(tmp_path, dates, odd, remedy):
    written = [dates.format(month=1 + number % 12, day=1 + number % 28) for number in range(ROWS)]
    written[5:10] = [odd.format(n=n) for n in range(1, 6)]
    with pytest.raises(NotProposedError, match=remedy):
        proposed(made(tmp_path, sales(date=written)))


@pytest.mark.parametrize(
    "name", ["احتمال معرفی به دوستان (۰ تا ۱۰)", "پیشنهاد به دیگران", "Weiterempfehlung"]
)
def test_the_question_of_nps_is_known_by_its_words(tmp_path, name):
    columns = {name if one == "nps" else one: values for one, values in survey().items()}
    assert proposed(made(tmp_path, columns)).mapped["nps"].name == name


def test_the_sign_of_a_currency_in_a_name_is_it(tmp_path):
    columns = {"Total (€)" if one == "amount" else one: values for one, values in sales().items()}
    proposal = proposed(made(tmp_path, columns))
    assert proposal.entry["currency"] == "EUR"


# --- exports of shops and of payments ------------------------------------------------------


def test_times_with_a_zone_are_proposed_as_the_clock_wrote_them(tmp_path):
    written = [f"{day} 00:15:00 +0100" for day in days()]
    found = proposed(made(tmp_path, sales(date=written)), complete_to="")
    assert found.entry["date_format"] == "%Y-%m-%d %H:%M:%S%z"
    # On Greenwich's clock it would be the day before.
    (line,) = [one for one in found.lines if one.key == ("date_format",)]
    assert f"is {FIRST.day} {FIRST:%B %Y}" in line.reason


def test_customers_of_a_shop_are_told_by_their_addresses(tmp_path):
    emails = {"Email": [f"c{number % 17}@a.example" for number in range(ROWS)]}
    found = proposed(made(tmp_path, emails | without(sales(), "customer")))
    assert found.mapped["customer_id"].name == "Email"


@pytest.mark.parametrize(
    ("name", "beside"),
    [("نام مشتری", "موبایل"), ("Customer Name", "Mobile"), ("Customer", "Phone")],
)
def test_names_of_customers_beside_their_telephones_are_asked_about(tmp_path, name, beside):
    people = ["سارا احمدی", "علی کریمی", "Ann Lee"]
    names = {name: [people[number % 3] for number in range(ROWS)]}
    phones = {beside: [f"09120000{number % 17:03}" for number in range(ROWS)]}
    path = made(tmp_path, without(sales(), "customer") | names | phones)
    question = asked(proposed(path))["columns.customer_id"]
    assert [one.value for one in question.answers] == [name, beside]
    assert [one.meaning.split(",")[0] for one in question.answers] == [
        "3 different",
        "17 different",
    ]
    assert question.proposed is None
    # Ids that tell as many apart, or a blank telephone, are no question.
    one_each = phones | {name: [f"person {number % 17}" for number in range(ROWS)]}
    few = names | {beside: ["0912"] + [""] * (ROWS - 1)}
    for columns_of_people in (one_each, few):
        clear = made(tmp_path, without(sales(), "customer") | columns_of_people)
        assert proposed(clear).mapped["customer_id"].name == name


@pytest.mark.parametrize("name", ["Ended At (UTC)", "Shipped At (UTC)"])
def test_sums_beside_a_beginning_and_an_end_may_be_those_of_contracts(tmp_path, name):
    path = made(tmp_path, sales(**{"Start Date": days(), name: days()}))
    question = asked(proposed(path)).get("input")
    assert (question is not None) == (name == "Ended At (UTC)")
    if question:
        assert [one.value for one in question.answers] == ["transactions", "subscriptions"]
        assert question.proposed is None


def test_a_column_without_values_is_neither_told_nor_offered(tmp_path):
    blank = [""] * ROWS
    with_blanks = without(sales(), "amount") | {"Cancelled at": blank, "Trial days": blank}
    looked_at = columns.of(proposing.sample(made(tmp_path, with_blanks), {}))
    assert not mapping.doubtful(looked_at)
    trial = next(one for one in looked_at if one.name == "Trial days")
    assert not mapping.is_of_type("subscriptions", "monthly_charges", trial)


def test_a_sign_in_some_cells_and_a_word_in_another_are_told_at_once(tmp_path):
    amounts = [f"${number}.00" if number % 3 else f"{number}.50" for number in range(ROWS)]
    with pytest.raises(NotProposedError) as raised:
        proposed(made(tmp_path, sales(amount=["free", *amounts[1:]])))
    unit, word = str(raised.value).splitlines()
    rows = sum("$" in one for one in amounts[1:])
    assert unit.startswith(f'"$" stands in cells of "amount", {rows}: lines 3, 4, 6')
    assert word.startswith('"amount" has words among its numbers ("free") in 1: line 2')


def test_groups_made_of_answers_are_no_groups_to_compare_by(tmp_path):
    called = ["Promoter", "Passive", "Detractor", "Promoter"]
    path = made(tmp_path, survey(group=called * (ROWS // 4), town=["A", "B"] * (ROWS // 2)))
    assert [one.name for one in proposed(path).attributes] == ["town"]


def test_a_code_that_is_given_is_no_answer_when_the_scale_is_asked(tmp_path):
    few = [number % 3 + 2 if number % 20 else 9 for number in range(ROWS)]
    path = made(tmp_path, survey(csat=few))
    assert "9 in 7 rows" in asked(proposed(path))["scales.csat"].answers[0].meaning
    meaning = asked(proposed(path, missing__csat="9"))["scales.csat"].answers[0].meaning
    assert meaning == "all answers lie within; nobody answered 1 or 5"


def test_groups_of_nps_are_not_taken_for_its_answers(tmp_path):
    columns_of_nps = {"Q1_NPS_GROUP": answers(1, 3), "Q1_NPS": answers(0, 10)}
    path = made(tmp_path, without(survey(), "nps") | columns_of_nps)
    assert proposed(path).mapped["nps"].name == "Q1_NPS"


def test_a_second_currency_beside_a_converted_amount_is_asked_about(tmp_path):
    converted = {"Converted Currency": ["eur"] * ROWS, "Currency": ["eur", "usd"] * (ROWS // 2)}
    path = made(tmp_path, sales() | converted)
    question = asked(proposed(path))["columns.currency"]
    assert {one.value for one in question.answers} == {*converted, ""}


def test_telephones_are_no_groups_and_no_reasons_to_leave(tmp_path):
    numbers = [f"0912{number % 20:07}" for number in range(ROWS)]
    path = made(tmp_path, sales(MSISDN=numbers, town=["A", "B"] * (ROWS // 2)))
    assert [one.name for one in proposed(path, columns__customer_id="customer").attributes] == [
        "town"
    ]


def test_ratings_in_words_are_proposed_as_drivers(tmp_path):
    words = ["Very bad", "Bad", "OK", "Good", "Very good"]
    rated = {
        "food": [words[number % 5] for number in range(ROWS)],
        "staff": [words[number % 5] for number in range(ROWS)],
    }
    question = asked(proposed(made(tmp_path, survey(visits=answers(1, 4), **rated))))["drivers"]
    assert question.proposed == "food,staff"
    question = asked(proposed(made(tmp_path, survey(visits=answers(1, 4)))))["drivers"]
    assert question.proposed == ""


def test_the_question_which_input_it_is_says_what_each_lacks(tmp_path):
    path = made(tmp_path, without(sales(), "amount") | {"worth": answers(1, 30)})
    offered = {one.value: one.meaning for one in asked(proposed(path))["input"].answers}
    assert offered["transactions"].endswith("no column is called like amount")


def test_of_columns_that_nothing_is_said_of_those_that_may_be_meant_are_offered(tmp_path):
    others = {
        "till": ["A", "B"] * (ROWS // 2),
        "weight": [f"{number % 40}.{number % 7}" for number in range(ROWS)],
        "karta": [f"{number % 40:04}" for number in range(ROWS)],
        "receipt": [f"{number // 2:05}" for number in range(ROWS)],
    }
    path = made(tmp_path, without(sales(), "customer") | others)
    question = asked(proposed(path, input="transactions"))["columns.customer_id"]
    assert [one.value for one in question.answers] == ["karta", "receipt"]
    # Where none may be, all are offered.
    few = made(tmp_path, without(sales(), "customer") | {"till": others["till"]})
    question = asked(proposed(few, input="transactions"))["columns.customer_id"]
    assert "till" in [one.value for one in question.answers]
