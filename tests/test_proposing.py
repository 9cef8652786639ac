"""What is read off a file, and what is asked: expected values are set by how each file is made."""

import datetime
import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxlib import PROJECT, proposing
from cxlib.proposing import NotProposedError, days, mapping, numbers
from cxlib.proposing.columns import Column, mask
from cxlib.proposing.letters import words

ORDERS = "customer_id,date,amount\n" + "".join(
    f"00{i % 7},2026-01-{i % 27 + 1:02},{i}.50\n" for i in range(40)
)


def made(folder, text, name="file.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def proposed(path, **given):
    typed = {key.replace("__", "."): value for key, value in given.items()}
    looked_at = proposing.sample(path, typed)
    assert not looked_at.questions
    columns = proposing.columns.of(looked_at)
    return proposing.propose(looked_at, columns, path.name, PROJECT / "data", given=typed)


def asked(proposal):
    return {question.key: question for question in proposal.questions}


def column(*values, name="x"):
    return Column(name, {value: values.count(value) for value in values}, len(values))


# --- ways of writing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["12", "-3.5", "1e-05"], [12, -3.5, 1e-05]),
        (["1.234,5", "12,25"], [1234.5, 12.25]),
        (["1,234.5", "7"], [1234.5, 7]),
        (["12,5", "0,75"], [12.5, 0.75]),
        (["1 234,5", "3"], [1234.5, 3]),
        (["۱۲۳", "۴٫۵"], [123, 4.5]),
        (["1,234,567", "12"], [1234567, 12]),
        (["0.944", "1.250"], [0.944, 1.25]),
    ],
)
def test_marks_that_fit_alone(texts, read):
    (marks,) = numbers.fitting(texts)
    assert [marks.read(text) for text in texts] == read


@pytest.mark.parametrize("texts", [["1,234", "5,678"], ["1.234", "12.500"]])
def test_a_mark_before_three_digits_may_be_either(texts):
    assert {marks.read(texts[0]) for marks in numbers.fitting(texts)} == {1234, 1.234}


@pytest.mark.parametrize("text", ["", "1.2.3", "1,23,456", "1_000", "nan", "inf", "12a", "1403/01"])
def test_no_marks_make_a_number_of_it(text):
    assert numbers.fitting([text]) == ()


@pytest.mark.parametrize(
    ("texts", "date_format", "calendar"),
    [
        (["31/01/2026", "01/02/2026"], "%d/%m/%Y", "gregorian"),
        (["01/31/2026", "01/02/2026"], "%m/%d/%Y", "gregorian"),
        (["2026-01-31 08:26"], "%Y-%m-%d %H:%M", "gregorian"),
        (["19970101", "19970118"], "%Y%m%d", "gregorian"),
        (["3 March 2026", "12 May 2026"], "%d %B %Y", "gregorian"),
        (["1403/01/15", "1403/06/31"], "%Y/%m/%d", "jalali"),
        (["۱۴۰۳-۱-۱۵"], "%Y-%m-%d", "jalali"),
        (["46053", "46054.5"], "excel", "gregorian"),
        (["۱۵ فروردین ۱۴۰۳", "۲ دی ۱۴۰۲"], "%d %B %Y", "jalali"),
    ],
)
def test_the_only_way_to_read_the_dates(texts, date_format, calendar):
    (written,) = days.fitting(dict.fromkeys(texts, 1))
    assert (written.date_format, written.calendar, written.left) == (date_format, calendar, ())


def test_day_and_month_that_may_be_swapped_are_two_ways():
    found = days.fitting({"03/04/2026": 5, "05/05/2026": 1})
    assert {one.day("03/04/2026") for one in found} == {"3 April 2026", "4 March 2026"}


def test_the_day_numbers_of_a_workbook():
    # Excel shows 45292 as 1 January 2024.
    (written,) = days.fitting({"45292": 1})
    assert written.day("45292") == "1 January 2024"


def test_dates_written_in_two_ways_are_none():
    many = {f"{day}/01/2026": 10 for day in range(13, 32)}
    assert days.fitting(many | {"01/31/2026": 1}) == ()


def test_a_few_texts_among_dates_are_told():
    many = {f"{day}/01/2026": 10 for day in range(13, 32)}
    (written,) = days.fitting(many | {"0000-00-00": 2})
    assert written.left == ("0000-00-00",)


def test_the_31st_of_a_short_jalali_month_is_no_date():
    assert days.fitting({"1403/07/31": 1}) == ()


def test_span_of_jalali_dates_is_gregorian():
    # Nowruz of 1403 was 20 March 2024; 1402 had 29 days in Esfand.
    (written,) = days.fitting({"1403/01/01": 1, "1402/12/29": 1})
    span = days.span(written, ["1403/01/01", "1402/12/29"])
    assert span == (datetime.date(2024, 3, 19), datetime.date(2024, 3, 20))


def test_names_are_the_same_in_any_spelling():
    assert words("InvoiceDate") == words("invoice_date") == words(" INVOICE DATE ")
    assert words("كد مشتري") == words("کد‌مشتری") == ("کد", "مشتری")


# --- the file -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "form"),
    [("utf-8", {}), ("utf-8-sig", {}), ("utf-16", {"encoding": "utf-16"}),
     ("utf-16-le", {"encoding": "utf-16-le"}), ("cp1256", {"encoding": "cp1256"})],
)  # fmt: skip
def test_encoding_is_found(tmp_path, encoding, form):
    path = made(tmp_path, "مشتري,شهر\n1,تهران\n2,شيراز\n", encoding=encoding)
    found = proposing.sample(path, {})
    assert (found.form, found.names) == (form, ("مشتري", "شهر"))
    assert found.rows == (("1", "تهران"), ("2", "شيراز"))


def test_western_letters_of_several_encodings_are_asked(tmp_path):
    path = made(tmp_path, "name,amount\nMüller,1\nNúñez,2\n", encoding="cp1252")
    (question,) = proposing.sample(path, {}).questions
    assert question.key == "encoding"
    assert question.proposed is None
    meanings = {answer.value: answer.meaning for answer in question.answers}
    # The readings of "Müller" and of the first letter of "Núñez" are alike in two of the three.
    assert "Núñez" in meanings["cp1252"]
    assert "Núńez" in meanings["cp1250"]
    assert proposing.sample(path, {"encoding": "cp1252"}).rows[0] == ("Müller", "1")


def test_readings_that_are_alike_are_one_answer_and_the_likely_one_is_proposed(tmp_path):
    path = made(tmp_path, "name,amount\nKöln,1\n", encoding="cp1252")
    (question,) = proposing.sample(path, {}).questions
    assert [one.value for one in question.answers] == ["cp1252", "cp1256"]
    assert question.proposed == "cp1252"
    path = made(tmp_path, "name,amount\nMüller,1\nRenée,2\n", encoding="cp1252")
    assert proposing.sample(path, {}).form == {"encoding": "cp1252"}


def test_a_preamble_padded_with_delimiters_is_above_the_table(tmp_path):
    path = made(tmp_path, "Shop;;\nFrom 2024;;\nid;amount;on\n1;2,50;x\n2;3,50;y\n")
    found = proposing.sample(path, {})
    assert found.form == {"delimiter": ";", "skip_lines": 2}
    assert found.lines == (4, 5)


def test_amounts_cut_at_their_decimal_comma_are_told(tmp_path):
    path = made(tmp_path, "id,amount,on\n1,2,50,x\n2,3,50,y\n")
    with pytest.raises(NotProposedError, match="both decimal mark and delimiter"):
        proposing.sample(path, {})


def test_dates_that_one_format_does_not_fit_are_told_with_their_lines(tmp_path):
    odd = ORDERS.replace("2026-01-07", "2026/01/07")
    # Days 7 stand in rows 7 and 34 of the file, below the header.
    with pytest.raises(NotProposedError, match=r"%Y-%m-%d fits all .* 2: lines 8, 35 ") as error:
        proposed(made(tmp_path, odd))
    assert error.value.input == "transactions"
    assert error.value.entry["columns"]["date"] == "date"


@pytest.mark.parametrize("left", [1, 4])
def test_a_format_that_was_given_may_leave_rows_to_the_door(tmp_path, left):
    odd = ORDERS.replace("2026-01-0", "2026/01/0", left)
    found = proposed(made(tmp_path, odd), date_format="%Y-%m-%d")
    assert found.input == "transactions"
    assert "complete_to" in asked(found)


def test_numbers_that_one_way_does_not_fit_are_told_with_their_lines(tmp_path):
    odd = ORDERS.replace(",3.50", ',"3,50"')
    with pytest.raises(NotProposedError, match=r"fits all of \"amount\" but 1: line 5 "):
        proposed(made(tmp_path, odd))


def test_a_code_is_not_asked_where_a_blank_is_refused(tmp_path):
    odd = ORDERS.replace("2026-01-07,6.50", "none,6.50")
    found = proposed(made(tmp_path, odd))
    assert "missing.date" not in asked(found)


def test_what_tells_the_outcome_of_contracts_is_no_attribute(tmp_path):
    rows = "".join(
        f"A{i},2024-01-{i % 27 + 1:02},{'2025-01-05' if i % 2 else ''},9.9,"
        f"{'cancelled' if i % 2 else 'active'},{'Basic' if i % 3 else 'Plus'}\n"
        for i in range(40)
    )
    header = "customer_id,start_date,end_date,monthly_charges,status,plan\n"
    found = proposed(made(tmp_path, header + rows), input="subscriptions")
    assert found.mapped["ended"].name == "end_date"
    assert [one.name for one in found.attributes] == ["plan"]


def test_delimiter_is_found_beside_decimal_commas_and_below_a_preamble(tmp_path):
    path = made(tmp_path, 'Report, of "May"\n\nid;amount;on\n1;2,50;x\n2;3,50;"a;b\nc"\n')
    found = proposing.sample(path, {})
    assert found.form == {"delimiter": ";", "skip_lines": 2}
    assert found.rows == (("1", "2,50", "x"), ("2", "3,50", "a;b\nc"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("a,b\n", "no rows"),
        ("a,a\n1,2\n", "stands 2 times"),
        ("one\ntwo\n", "no table of two columns"),
        ("00004,19970101,29.33\n00004,19970118,29.73\n", "looks like data"),
    ],
)
def test_what_is_no_table_with_a_header_is_refused(tmp_path, text, why):
    with pytest.raises(NotProposedError, match=why):
        proposing.sample(made(tmp_path, text), {})


def test_a_damaged_gzip_file_is_refused(tmp_path):
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(ORDERS.encode())[:-20])
    with pytest.raises(NotProposedError, match="damaged"):
        proposing.sample(path, {})


@pytest.mark.parametrize("name", ["file.csv", "file.csv.gz"])
def test_of_a_large_file_beginning_middle_and_end_are_looked_at(tmp_path, monkeypatch, name):
    monkeypatch.setattr("cxlib.proposing.sampling._WHOLE_BYTES", 4000)
    monkeypatch.setattr("cxlib.proposing.sampling._PART_BYTES", 1000)
    rows = [(str(number), f"value {number}") for number in range(20_000)]
    data = ("id,text\n" + "".join(f"{a},{b}\n" for a, b in rows)).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    found = proposing.sample(path, {})
    assert not found.whole
    assert (found.rows[0], found.rows[-1]) == (rows[0], rows[-1])
    assert set(found.rows) < set(rows)
    assert any(9_000 < int(number) < 19_000 for number, _ in found.rows)


def test_dates_of_parquet_need_no_format(tmp_path):
    table = pa.table({
        "customer": ["a", "b"],
        "date": [datetime.date(2026, 1, 2), datetime.date(2026, 1, 3)],
        "amount": [1.5, 2.5],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "file.parquet")
    found = proposed(tmp_path / "file.parquet")
    assert "date_format" not in found.entry
    assert asked(found)["complete_to"].proposed == "2026-01-03"


# --- the input and its columns --------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Client;Bought on;Total", "7;2026-01-01;5", "transactions"),
        ("کد مشتری;تاریخ خرید;مبلغ", "7;1403/01/01;5", "transactions"),
        ("CustomerID;InvoiceDate;Quantity;UnitPrice", "7;2026-01-01;5;2", "transactions"),
        ("user id;month;revenue", "7;2026-01;5", "subscription_months"),
        ("member;start date;end date;monthly fee", "7;2025-01-01;2026-01-01;5", "subscriptions"),
        ("respondent;csat", "7;4", "feedback"),
        ("پاسخ دهنده;احتمال توصیه", "7;9", "feedback"),
        ("role;item;value", "staff;01;5", "servqual_internal"),
        ("date;index;value", "2026-01-01;complaints;5", "indices"),
    ],
)
def test_the_input_is_told_by_its_columns(tmp_path, header, row, name):
    found = proposing.sample(made(tmp_path, f"{header}\n{row}\n"), {})
    assert mapping.likely(proposing.columns.of(found)) == [name]


def test_a_file_that_may_be_two_inputs_is_asked(tmp_path):
    text = ORDERS.replace("amount", "amount,rating").replace(".50\n", ".50,4\n")
    question = asked(proposed(made(tmp_path, text)))["input"]
    assert {answer.value for answer in question.answers} == {"transactions", "feedback"}


def test_a_file_of_texts_is_none_of_the_inputs(tmp_path):
    path = made(tmp_path, "title,comment\nnice,very nice\nbad,very bad\n")
    with pytest.raises(NotProposedError, match="none of the inputs"):
        proposed(path)


def test_two_columns_for_one_of_ours_are_asked(tmp_path):
    text = "customer_id,order date,invoice date,amount\n1,2026-01-01,2026-01-02,5\n"
    question = asked(proposed(made(tmp_path, text)))["columns.date"]
    assert [answer.value for answer in question.answers] == ["order date", "invoice date"]


def test_a_needed_column_that_no_name_tells_is_asked_among_those_of_its_type(tmp_path):
    path = made(tmp_path, ORDERS.replace("amount", "zzz"))
    question = asked(proposed(path, input="transactions"))["columns.amount"]
    assert [answer.value for answer in question.answers] == ["zzz"]
    found = proposed(path, input="transactions", columns__amount="zzz")
    assert found.entry["columns"]["amount"] == "zzz"


def test_a_survey_with_expectations_and_perceptions(tmp_path):
    items = [f"{number:02}" for number in range(1, 23)]
    header = [f"E{one}" for one in items] + [f"P{one}" for one in items]
    rows = [",".join(str(1 + (i + j) % 7) for j in range(44)) for i in range(30)]
    path = made(tmp_path, "\n".join([",".join(header), *rows]))
    entry = proposed(path).entry
    assert entry["instrument"] == "instruments/servqual_22.toml"
    assert (entry["expectation"], entry["perception"]) == ("E{item}", "P{item}")


def test_ids_are_masked_in_samples():
    assert (mask("17850"), mask("0017")) == ("***50", "***")
    shown = proposing.samples("customer_id", column("17850", "17851"))
    assert shown == '"***50", "***51"'
    assert proposing.samples("amount", column("5", "6")) == '"5", "6"'


# --- what must be declared ------------------------------------------------------------------


def test_plain_purchases_leave_only_the_currency_and_the_last_day_to_confirm(tmp_path):
    found = proposed(made(tmp_path, ORDERS))
    assert found.input == "transactions"
    assert {key: one.proposed for key, one in asked(found).items()} == {
        "currency": "",
        "complete_to": "2026-01-27",
    }


def test_ambiguous_dates_are_asked_with_what_they_would_mean(tmp_path):
    path = made(tmp_path, "customer,date,amount\n1,03/04/2026,5\n2,05/06/2026,6\n")
    question = asked(proposed(path))["date_format"]
    assert question.proposed is None
    assert {one.value: one.meaning for one in question.answers} == {
        "%d/%m/%Y": '"03/04/2026" is 3 April 2026',
        "%m/%d/%Y": '"03/04/2026" is 4 March 2026',
    }
    found = proposed(path, date_format="%m/%d/%Y")
    assert found.entry["date_format"] == "%m/%d/%Y"
    assert asked(found)["complete_to"].proposed == "2026-05-06"


def test_day_numbers_are_asked_for_what_they_may_be(tmp_path):
    path = made(tmp_path, "customer,date,amount\n1,45292,5\n2,45293,6\n")
    (answer,) = asked(proposed(path))["date_format"].answers
    # 2 January 2028 is 45,292 days after 1 January 1904.
    assert answer.value == "excel"
    assert answer.meaning.startswith('"45292" is 1 January 2024; in a workbook of the 1904 system')
    assert "2 January 2028" in answer.meaning
    assert proposed(path, date_format="excel").entry["date_format"] == "excel"


def test_words_for_roles_are_asked(tmp_path):
    path = made(tmp_path, "role,item,value\nBoss,01,5\nClerk,01,6\n")
    keys = {f"roles.{role}" for role in ("managers", "standards", "staff", "promises")}
    assert keys <= set(asked(proposed(path)))
    found = proposed(path, roles__managers="Boss", roles__staff="Clerk", roles__promises="")
    assert found.entry["roles"] == {"managers": "Boss", "staff": "Clerk"}


def test_negative_amounts_and_repeated_rows_are_asked(tmp_path):
    text = ORDERS + "001,2026-01-05,-3.50\n" + "002,2026-01-05,9.00\n" * 2
    path = made(tmp_path, text)
    questions = asked(proposed(path))
    assert "1 of 43 rows" in questions["refunds"].text
    assert questions["repeats"].text.startswith("1 rows")
    assert questions["refunds"].proposed is questions["repeats"].proposed is None
    entry = proposed(path, refunds="net", repeats="once").entry
    assert (entry["refunds"], entry["repeats"]) == ("net", "once")


def test_a_policy_that_is_none_is_refused(tmp_path):
    path = made(tmp_path, ORDERS + "001,2026-01-05,-3.50\n")
    with pytest.raises(NotProposedError, match='the answers are "net", "exclude"'):
        proposed(path, refunds="yes")


def test_the_currency_stands_in_the_name_of_the_column(tmp_path):
    path = made(tmp_path, ORDERS.replace("amount", "مبلغ (ريال)"))
    assert proposed(path).entry["currency"] == "IRR"


def test_several_currencies_need_their_rates(tmp_path):
    rows = "".join(f"{i},2026-01-0{i % 9 + 1},5,{'EUR' if i % 2 else 'USD'}\n" for i in range(20))
    path = made(tmp_path, f"customer,date,amount,currency\n{rows}")
    assert {"exchange_rates.EUR", "exchange_rates.USD"} <= set(asked(proposed(path)))
    found = proposed(path, exchange_rates__EUR="1", exchange_rates__USD="0.86")
    assert found.entry["exchange_rates"] == {"EUR": 1, "USD": 0.86}


def test_a_code_for_no_answer_is_asked_and_never_assumed(tmp_path):
    rows = "".join(f"{i},{i % 11}\n" for i in range(200)) + "200,99\n201,99\n"
    path = made(tmp_path, f"respondent,nps\n{rows}")
    question = asked(proposed(path, scales__nps="0,10"))["missing.nps"]
    assert '"99" in 2 rows' in question.text
    assert question.proposed is None
    assert proposed(path, scales__nps="0,10", missing__nps="99").entry["missing"] == {"nps": ["99"]}
    assert "missing" not in proposed(path, scales__nps="0,10", missing__nps="").entry


def test_scales_are_taken_where_the_answers_leave_no_doubt(tmp_path):
    rows = "".join(f"{i},{i % 11},{i % 5 + 1},{i % 7 + 1}\n" for i in range(400))
    path = made(tmp_path, f"respondent,nps,csat,ces\n{rows}")
    found = proposed(path)
    assert found.entry["scales"] == {"nps": [0, 10], "csat": [1, 5], "ces": [1, 7]}
    assert asked(found)["ces_easy"].proposed is None


def test_the_scale_of_nps_does_not_say_whether_0_was_offered(tmp_path):
    rows = "".join(f"{i},{i % 10 + 1}\n" for i in range(200))
    path = made(tmp_path, f"respondent,nps\n{rows}")
    question = asked(proposed(path))["scales.nps"]
    assert {answer.value for answer in question.answers} == {"0,10", "1,10"}
    assert "nps_zero" not in proposed(path, scales__nps="1,10").entry
    found = proposed(path, scales__nps="0,10")
    assert "nps_zero" not in found.entry
    assert 'No answer to "nps" is 0 among 200, and 20 are 1' in asked(found)["nps_zero"].text
    answered = proposed(path, scales__nps="0,10", nps_zero="offered")
    assert answered.entry["nps_zero"] == "offered"
    assert not asked(answered).keys() & {"nps_zero", "scales.nps"}


@pytest.mark.parametrize(
    ("left", "stayed", "keys"),
    [
        ("1", "0", {}),
        ("Yes", "No", {}),
        ("بله", "خیر", {"true_values": ["بله"], "false_values": ["خیر"]}),
    ],
)
def test_words_for_leaving_that_are_plain(tmp_path, left, stayed, keys):
    entry = proposed(subscribers(tmp_path, left, stayed)).entry
    assert {key: entry[key] for key in ("true_values", "false_values") if key in entry} == keys


def test_words_for_leaving_that_are_not_are_asked(tmp_path):
    path = subscribers(tmp_path, "closed", "open")
    assert asked(proposed(path))["true_values"].proposed is None
    entry = proposed(path, true_values="closed").entry
    assert (entry["true_values"], entry["false_values"]) == (["closed"], ["open"])


def subscribers(folder, left, stayed):
    rows = "".join(f"c{i},{left if i % 3 else stayed},{i},9.5\n" for i in range(30))
    return made(folder, f"customer,churn,tenure,monthly charges\n{rows}")


def test_attributes_called_like_our_columns_get_another_name(tmp_path):
    rows = "".join(f"c{i},2026-01-01,{i},{'ab'[i % 2]}\n" for i in range(30))
    path = made(tmp_path, f"customer,date,amount,Segment\n{rows}")
    assert proposed(path).entry["attributes"] == {"their Segment": "Segment"}


def test_an_option_that_is_no_key_is_refused_with_the_closest(tmp_path):
    with pytest.raises(NotProposedError, match='the closest is "refunds"'):
        proposed(made(tmp_path, ORDERS), refnds="net")


def test_other_keys_are_taken_as_given(tmp_path):
    found = proposed(made(tmp_path, ORDERS), zero_amounts="exclude", margin_rates__mug="0.3")
    assert found.entry["zero_amounts"] == "exclude"
    assert found.entry["margin_rates"] == {"mug": 0.3}
