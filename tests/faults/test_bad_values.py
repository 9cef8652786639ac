"""Digits, letters, numbers and dates as people write them: read as declared, or refused."""

import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cxlib import sources, tables
from cxlib.contracts import InputError, Violation

ENTRY = """
[transactions]
uri = "t.csv"
columns = { customer_id = "who", date = "day", amount = "paid" }
complete_to = 2024-12-31
"""
HEADER = "who,day,paid"
GOOD = ("a,2021-01-01,1", "b,2021-01-02,2", "c,2021-01-03,3")
SUBSCRIPTIONS = """
[subscriptions]
uri = "t.csv"
columns = { customer_id = "id", monthly_charges = "c", started = "from", ended = "to" }
complete_to = 2024-12-31
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def load(project: Path, *rows: str, more: str = "", header: str = HEADER) -> tables.Table:
    (project / "data" / "sources.toml").write_text(ENTRY + more, encoding="utf-8")
    (project / "data" / "t.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return tables.load("transactions")


def refused(project: Path, *rows: str, more: str = "") -> Violation:
    with pytest.raises(InputError) as caught:
        load(project, *rows, more=more)
    (violation,) = caught.value.violations
    return violation


def frame(table: tables.Table) -> pd.DataFrame:
    return table.frame.collect("pandas").to_native()


def repairs(table: tables.Table) -> list[tuple[str, str, int]]:
    """Column, first words of the rule, rows."""
    return [(one.column, " ".join(one.rule.split()[:2]), one.count) for one in table.repairs]


@pytest.mark.parametrize("name", ["who\u200c", "\u200fwho", "wh\u0640o", "\u2060who "])
def test_14_invisible_characters_in_a_header(project: Path, name: str) -> None:
    table = load(project, *GOOD, header=f"{name},day,paid")
    assert table.rows == 3
    assert sum("header" in one.rule for one in table.repairs) == 1


def test_14_27_a_header_of_arabic_letters_and_digits(project: Path) -> None:
    more = 'attributes = ["کد ناحیه 2"]'
    table = load(project, *[f"{row},x" for row in GOOD], more=more, header=HEADER + ",كد ناحيه ۲")
    assert list(frame(table)["کد ناحیه 2"]) == ["x"] * 3
    assert [(one.rule[:7], one.count) for one in table.repairs] == [("header:", 1)]


def test_14_a_header_that_two_columns_could_be_is_refused(project: Path) -> None:
    header = "who,day,paid,كد,ک\u200cد"
    with pytest.raises(InputError, match="no such column"):
        load(project, *[f"{row},x,y" for row in GOOD], more='attributes = ["کد"]', header=header)
    # What stands there as declared is that column.
    exact = load(
        project, *[f"{row},x,y" for row in GOOD], more='attributes = ["كد"]', header=header
    )
    assert list(frame(exact)["كد"]) == ["x"] * 3


@pytest.mark.parametrize("identity", ["007", "NA", "null", "1E5", "9007199254740993123", "1.0"])
def test_23_24_25_ids_in_a_parquet_file_are_text_as_they_stand(
    project: Path, identity: str
) -> None:
    (project / "data" / "sources.toml").write_text(ENTRY.replace("t.csv", "t.parquet"))
    duckdb.connect().execute(
        f"COPY (SELECT '{identity}' AS who, DATE '2021-01-01' AS day, 1 AS paid)"
        f" TO '{project}/data/t.parquet'"
    )
    table = tables.load("transactions")
    assert list(frame(table)["customer_id"]) == [identity]
    assert not table.repairs


def test_25_a_whole_number_of_19_digits_in_a_parquet_file(project: Path) -> None:
    (project / "data" / "sources.toml").write_text(ENTRY.replace("t.csv", "t.parquet"))
    duckdb.connect().execute(
        "COPY (SELECT unnest([9007199254740993123, NULL]) AS who, DATE '2021-01-01' AS day,"
        f" unnest([1, 2]) AS paid) TO '{project}/data/t.parquet'"
    )
    assert list(frame(tables.load("transactions"))["customer_id"]) == ["9007199254740993123"]


@pytest.mark.parametrize("digits", ["۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"])
def test_26_digits_in_ids_dates_and_numbers(project: Path, digits: str) -> None:
    written = str.maketrans("0123456789", digits)
    table = load(project, "7,2021-03-04,1250.5".translate(written), "7,2021-03-05,2", *GOOD)
    first = frame(table).iloc[0]
    assert (first["customer_id"], str(first["date"])[:10], first["amount"]) == (
        "7",
        "2021-03-04",
        1250.5,
    )
    # The same customer, whichever keyboard wrote the id.
    assert list(frame(table)["customer_id"][:2]) == ["7", "7"]
    assert repairs(table) == [
        ("customer_id", "Persian or", 1),
        ("date", "Persian or", 1),
        ("amount", "Persian or", 1),
    ]


@pytest.mark.parametrize(
    ("paid", "amount"), [("۱۲٫۵", 12.5), ("۱۲۰٬۰۰۰", 120000), ("1٬234٬567٫25", 1234567.25)]
)
def test_26_persian_marks_of_numbers(project: Path, paid: str, amount: float) -> None:
    table = load(project, f"x,2021-01-01,{paid}")
    assert list(frame(table)["amount"]) == [amount]
    assert repairs(table) == [("amount", "Persian or", 1)]


@pytest.mark.parametrize("paid", ["۱۲٬۰۰", "۱٬۲۳۴۵", "٬۱۲۳"])
def test_26_digits_grouped_otherwise_than_by_three_are_refused(project: Path, paid: str) -> None:
    violation = refused(project, *GOOD, f"x,2021-01-01,{paid}")
    assert (violation.rule, violation.places) == ("not a number", (5,))


def test_27_letters_of_ids_and_group_values(project: Path) -> None:
    rows = [
        "كيان,2021-01-01,1,شركت",
        "کیان,2021-01-02,2,شرکت",
        "کی\u200cان,2021-01-03,3,شر\u200fکت",
    ]
    more = 'attributes = ["group"]\nonly = { group = "شركت" }'
    table = load(project, *rows, more=more, header=HEADER + ",group")
    assert list(frame(table)["customer_id"]) == ["کیان"] * 3
    assert repairs(table) == [
        ("customer_id", "Arabic letters", 1),
        ("customer_id", "invisible characters,", 1),
        ("group", "Arabic letters", 1),
        ("group", "invisible characters,", 1),
    ]


def test_27_a_joiner_inside_a_word_of_an_attribute_is_spelling(project: Path) -> None:
    rows = [f"{row},می\u200cخواهم\u200c" for row in GOOD]
    table = load(project, *rows, more='attributes = ["said"]', header=HEADER + ",said")
    assert set(frame(table)["said"]) == {"می\u200cخواهم"}
    assert repairs(table) == [("said", "blanks around", 3)]


@pytest.mark.parametrize(
    ("marks", "paid", "amount"),
    [
        ('decimal = ","', "12,5", 12.5),
        ('decimal = ","\nthousands = "."', "1.234,5", 1234.5),
        ('decimal = ","\nthousands = "."', "-1.234.567", -1234567),
        ('decimal = ","\nthousands = "."', "1234,5", 1234.5),
        ('thousands = ","', "1,234.5", 1234.5),
        ('thousands = " "', "1\u00a0234", 1234),
        ('thousands = " "\ndecimal = ","', "1\u202f234,5", 1234.5),
        ('decimal = "/"', "۱۲/۵", 12.5),
        ('thousands = "،"', "۱۲۰،۰۰۰", 120000),
    ],
)
def test_28_marks_of_numbers_as_declared(
    project: Path, marks: str, paid: str, amount: float
) -> None:
    more = f'delimiter = ";"\nrefunds = "net"\n{marks}'
    rows = ("x;2021-01-01;9999999", f"x;2021-01-02;{paid}", "y;2021-01-02;7")
    table = load(project, *rows, more=more, header="who;day;paid")
    assert frame(table)["amount"].sum() == 9999999 + amount + 7
    said = [one for one in table.repairs if one.column == "amount"]
    assert sum(one.count for one in said if "refund" not in one.rule) == 1


@pytest.mark.parametrize(
    ("paid", "remedy"),
    [
        ("12,5", 'decimal = ","'),
        ("1.234,5", 'decimal = "," and thousands = "."'),
        ("1,234.5", 'thousands = ","'),
        ("1 234,5", 'decimal = "," and thousands = " "'),
    ],
)
def test_28_marks_that_nobody_declared(project: Path, paid: str, remedy: str) -> None:
    violation = refused(project, *GOOD, f'x,2021-01-01,"{paid}"')
    assert (violation.rule, violation.count, violation.places) == ("not a number", 1, (5,))
    assert violation.remedy == f"declare in [transactions] of data/sources.toml: {remedy}"
    declared = remedy.replace(" and ", "\n")
    assert load(project, *GOOD, f'x,2021-01-01,"{paid}"', more=declared).rows == 4


def test_28_a_number_that_two_declarations_would_read(project: Path) -> None:
    remedy = refused(project, *GOOD, 'x,2021-01-01,"1,234"').remedy
    assert 'decimal = ",", or thousands = ","' in remedy


@pytest.mark.parametrize("paid", ["1.23.4", "1.2345,6", "1,234.5", "1.234.56", "1,2,3", "12.5"])
def test_28_groups_are_of_three_digits(project: Path, paid: str) -> None:
    more = 'decimal = ","\nthousands = "."'
    violation = refused(project, *GOOD, f'x,2021-01-01,"{paid}"', more=more)
    assert (violation.rule, violation.places) == ("not a number", (5,))


@pytest.mark.parametrize(
    ("paid", "said"),
    [
        ("(12)", "brackets"),
        ("12-", "minus after"),
        ("12%", "percent"),
        ("$12", "currency"),
        ("12 €", "currency"),
        ("USD 12", "currency"),
        ("۱۲۰٬۰۰۰ ریال", "currency"),
        ("120000تومان", "currency"),
    ],
)
def test_28_numbers_with_something_beside_are_never_guessed(
    project: Path, paid: str, said: str
) -> None:
    violation = refused(project, *GOOD, f"x,2021-01-01,{paid}")
    assert (violation.rule, violation.places, violation.examples) == ("not a number", (5,), (paid,))
    assert said in violation.remedy


def test_28_attributes_are_written_as_the_numbers_are(project: Path) -> None:
    rows = ["a;2021-01-01;1;1.234,5", "b;2021-01-02;2;7"]
    more = 'delimiter = ";"\ndecimal = ","\nthousands = "."\nattributes = ["size"]'
    table = load(project, *rows, more=more, header="who;day;paid;size")
    assert list(frame(table)["size"]) == [1234.5, 7]
    assert repairs(table) == [("size", "decimal or", 1)]


@pytest.mark.parametrize(
    ("days", "declared"),
    [
        (("31/01/2021", "01/02/2021"), "%d/%m/%Y"),
        (("01/31/2021", "01/02/2021"), "%m/%d/%Y"),
        (("31.01.2021", "1.2.2021"), "%d.%m.%Y"),
        (("2021-01-31 10:00", "2021-02-01 00:00"), "%Y-%m-%d %H:%M"),
        (("2021-01-31T10:00:59", "2021-02-01T00:00:00"), "%Y-%m-%dT%H:%M:%S"),
        (("31 January 2021", "1 February 2021"), "%d %B %Y"),
        (("20210131", "20210201"), "%Y%m%d"),
    ],
)
def test_29_the_one_format_that_reads_every_date_is_named(
    project: Path, days: tuple[str, str], declared: str
) -> None:
    rows = [f"x,{day},1" for day in days]
    violation = refused(project, *rows)
    assert (violation.column, violation.count, violation.places) == ("date", 2, (2, 3))
    assert violation.remedy.endswith(f': date_format = "{declared}"')
    assert load(project, *rows, more=f'date_format = "{declared}"').rows == 2


def test_29_where_two_formats_read_every_date_both_are_named(project: Path) -> None:
    remedy = refused(project, "x,02/01/2021,1", "x,03/04/2021,1").remedy
    assert 'date_format = "%d/%m/%Y", or date_format = "%m/%d/%Y"' in remedy
    assert "%Y/" not in remedy


def test_29_mixed_days_and_months_are_told(project: Path) -> None:
    rows = ["x,31/01/2021,1", "y,30/01/2021,1", "z,01/29/2021,1"]
    assert 'date_format = "%d/%m/%Y", which reads all rows but 1' in refused(project, *rows).remedy
    violation = refused(project, *rows, more='date_format = "%d/%m/%Y"')
    assert (violation.count, violation.places) == (1, (4,))


@pytest.mark.parametrize("day", ["2021-02-30", "2021-13-01", "infinity", "epoch", "21-01-05"])
def test_29_days_that_are_none(project: Path, day: str) -> None:
    violation = refused(project, *GOOD, f"x,{day},1")
    assert (violation.rule, violation.places) == ("not a date of the form %Y-%m-%d", (5,))


def test_30_day_numbers_of_a_workbook(project: Path) -> None:
    # 1 January 2021 is day 44,197 of a workbook; a part of a day is cut off.
    rows = ["x,44197,1", "y,44198.99,1"]
    violation = refused(project, *rows)
    assert violation.remedy.endswith('date_format = "excel"')
    table = load(project, *rows, more='date_format = "excel"')
    assert [str(day)[:10] for day in frame(table)["date"]] == ["2021-01-01", "2021-01-02"]
    assert repairs(table) == [("date", "day number", 2)]


@pytest.mark.parametrize("day", ["1609459200", "1609459200000"])
def test_30_seconds_since_1970_are_refused(project: Path, day: str) -> None:
    assert "since 1970" in refused(project, f"x,{day},1").remedy


@pytest.mark.parametrize(
    ("day", "declared"),
    [
        ("1403-01-15", 'calendar = "jalali"'),
        ("1403/01/15", 'date_format = "%Y/%m/%d" and calendar = "jalali"'),
        ("۱۴۰۳/۱/۱۵", 'date_format = "%Y/%m/%d" and calendar = "jalali"'),
        ("15 فروردين 1403", 'date_format = "%d %B %Y" and calendar = "jalali"'),
    ],
)
def test_30_jalali_dates(project: Path, day: str, declared: str) -> None:
    violation = refused(project, f"x,{day},1")
    assert (violation.column, violation.places) == ("date", (2,))
    assert violation.remedy.endswith(f": {declared}")
    table = load(project, f"x,{day},1", more=declared.replace(" and ", "\n"))
    # Nowruz of 1403 was on 20 March 2024.
    assert table.period == (datetime.date(2024, 4, 3),) * 2
    assert ("date", "Jalali date", 1) in repairs(table)


def test_30_calendars_are_never_mixed(project: Path) -> None:
    assert "Jalali calendar beside others" in refused(project, *GOOD, "x,1403-01-15,1").remedy
    violation = refused(project, "x,1400-01-15,1", "y,2021-04-04,1", more='calendar = "jalali"')
    assert (violation.count, violation.places) == (1, (3,))
    assert "Gregorian calendar beside others" in violation.remedy


def test_30_a_month_stands_for_its_first_day_where_months_are_counted(project: Path) -> None:
    (project / "data" / "sources.toml").write_text(
        '[indices]\nuri = "t.csv"\ncolumns = { date = "m", index = "i", value = "v" }\n'
        'calendar = "jalali"\ndate_format = "%B %Y"\n'
    )
    (project / "data" / "t.csv").write_text("m,i,v\nفروردین ۱۴۰۳,share,5\n")
    found = frame(tables.load("indices"))["date"]
    assert [str(day)[:10] for day in found] == ["2024-03-20"]


@pytest.mark.parametrize("day", ["1900-01-01", "1970-01-01", "9999-12-31", "0001-01-01"])
def test_33_days_that_stand_for_no_date(project: Path, day: str) -> None:
    (project / "data" / "sources.toml").write_text(SUBSCRIPTIONS)
    rows = [f"1,5,2021-01-01,{day}", "2,5,2021-01-01,2022-01-01", "3,5,2021-01-01,"]
    (project / "data" / "t.csv").write_text("\n".join(["id,c,from,to", *rows]) + "\n")
    table = tables.load("subscriptions")
    assert list(frame(table)["churned"]) == [False, True, False]
    (warning,) = [one for one in table.warnings if "no date" in one.rule]
    assert (warning.column, warning.count) == ("ended", 1)
    violation = refused(project, *GOOD, f"x,{day},1")
    assert "stand for no date" in violation.rule
    assert violation.places == (5,)


@pytest.mark.parametrize(
    ("times", "days"),
    [
        # Berlin: 02:30 did not exist on 28 March 2021 and came twice on 31 October.
        (
            ["2021-03-28 02:30", "2021-10-31 02:30", "2021-10-31 02:30"],
            ["2021-03-28", "2021-10-31", "2021-10-31"],
        ),
        # Tehran: 00:30 did not exist on 22 March 2022, 23:30 came twice on 21 September.
        (
            ["2022-03-22 00:30", "2022-09-21 23:30", "2022-09-21 23:30"],
            ["2022-03-22", "2022-09-21", "2022-09-21"],
        ),
    ],
)
def test_34_a_local_time_is_cut_to_its_day(
    project: Path, times: list[str], days: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for zone in ("Europe/Berlin", "Asia/Tehran"):
        monkeypatch.setenv("TZ", zone)
        rows = [f"{number},{time},1" for number, time in enumerate(times)]
        table = load(project, *rows, more='date_format = "%Y-%m-%d %H:%M"')
        assert [str(day)[:10] for day in frame(table)["date"]] == days


@pytest.mark.parametrize(
    ("time", "form"),
    [
        ("2021-01-01T10:00:00Z", "%Y-%m-%dT%H:%M:%S%z"),
        ("2021-01-01T23:30:00+03:30", "%Y-%m-%dT%H:%M:%S%z"),
        ("2021-01-01 00:30:00 +0330", "%Y-%m-%d %H:%M:%S%z"),
        ("01/01/2021 12:05 AM GMT+3:30", "%d/%m/%Y %I:%M %p%z"),
    ],
)
def test_34_the_day_of_a_time_with_a_zone_is_that_of_its_clock(
    project: Path, time: str, form: str
) -> None:
    # Of three of these the day of Greenwich is another one.
    assert f'date_format = "{form}"' in refused(project, f"x,{time},1").remedy
    table = load(project, f"x,{time},1", more=f'date_format = "{form}"')
    assert table.period == (datetime.date(2021, 1, 1),) * 2
    assert ("date", "time of", 1) in repairs(table)


def test_34_a_time_without_its_zone_is_an_error(project: Path) -> None:
    form = 'date_format = "%Y-%m-%dT%H:%M%z"'
    violation = refused(project, "x,2021-01-01T10:00Z,1", "x,2021-01-01T10:00,1", more=form)
    assert (violation.column, violation.places) == ("date", (3,))


def test_34_numbers_that_no_mark_parts_keep_their_width_before_a_zone(project: Path) -> None:
    # Without its width 2021115 is 11 May, or 15 January.
    form = 'date_format = "%Y%m%dT%H%M%z"'
    violation = refused(project, "x,20210105T1000Z,1", "x,2021115T1000Z,1", more=form)
    assert (violation.column, violation.places) == ("date", (3,))


@pytest.mark.parametrize("zone", ["Z", "+00:00", "+03:30"])
def test_34_times_of_greenwich_are_told(project: Path, zone: str) -> None:
    rows = [f"x,2021-01-{day:02}T23:30:00{zone},1" for day in range(1, 29)]
    table = load(project, *rows, more='date_format = "%Y-%m-%dT%H:%M:%S%z"')
    told = [one.rule for one in table.warnings if one.rule.startswith("times of UTC")]
    assert bool(told) == (zone != "+03:30")


def test_45_rial_and_toman_as_declared(project: Path) -> None:
    more = 'exchange_rates = { "ریال" = 1, "تومان" = 10 }'
    entry_columns = ENTRY.replace('"paid"', '"paid", currency = "unit"')
    text = entry_columns + more
    (project / "data" / "sources.toml").write_text(text, encoding="utf-8")
    rows = ["a,2021-01-01,۱۲۰٬۰۰۰,ريال", "b,2021-01-02,12000,تومان"]
    content = "\n".join(["who,day,paid,unit", *rows]) + "\n"
    (project / "data" / "t.csv").write_text(content, encoding="utf-8")
    table = tables.load("transactions")
    assert list(frame(table)["amount"]) == [120000, 120000]
    assert any("converted into ریال" in one.rule and one.count == 1 for one in table.repairs)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ('decimal = ";"', "decimal = "),
        ('thousands = "x"', "thousands = "),
        ('thousands = "."', "also the decimal mark"),
        ('calendar = "lunar"', "calendar = "),
        ('calendar = "jalali"\ndate_format = "%y/%m/%d"', "%y in the Jalali calendar"),
        ('calendar = "jalali"\ndate_format = "excel"', "in the Jalali calendar"),
        ('calendar = "jalali"\ndate_format = "%Y/%m"', "year, month and day"),
        ('date_format = "%d/%m"', "year, month and day"),
        ('date_format = "%Y-%m-%d%z"', "time zone"),
        ('date_format = "%z %Y-%m-%dT%H:%M"', "time zone"),
        ('calendar = "jalali"\ndate_format = "%Y-%m-%dT%H:%M%z"', "time zone"),
    ],
)
def test_declarations_that_mean_nothing(project: Path, declared: str, said: str) -> None:
    violation = refused(project, *GOOD, more=declared)
    assert said in violation.rule


def test_words_of_yes_and_no_in_persian(project: Path) -> None:
    (project / "data" / "sources.toml").write_text(
        '[subscriptions]\nuri = "t.csv"\ncolumns = { customer_id = "id", churned = "left",'
        ' tenure_months = "m", monthly_charges = "c" }\n'
        'true_values = ["بلي"]\nfalse_values = ["خیر"]\n'
    )
    (project / "data" / "t.csv").write_text("id,left,m,c\n1,بلی,۱۰,5\n2,خير,20,6\n")
    assert list(frame(tables.load("subscriptions"))["churned"]) == [True, False]


def ages(project: Path, *values: str, more: str) -> tables.Table:
    rows = [f"c{number},2021-01-01,{number + 1},{one}" for number, one in enumerate(values)]
    return load(project, *rows, more=f'attributes = ["age"]\n{more}', header=HEADER + ",age")


@pytest.mark.parametrize("code", ["999", "999.0"])
@pytest.mark.parametrize("text", ["999", "999.0", "999.00"])
def test_15_a_code_is_met_however_its_number_is_written(
    project: Path, code: str, text: str
) -> None:
    table = ages(project, "25.0", "33.0", text, more=f'missing = {{ age = ["{code}"] }}')
    assert frame(table)["age"].to_list()[:2] == [25, 33]
    assert frame(table)["age"].isna().to_list() == [False, False, True]
    assert repairs(table) == [("age", "code for", 1)]


def test_15_a_code_of_a_column_of_ids_is_met_only_as_it_is_written(project: Path) -> None:
    table = ages(project, "025", "0999", "999", more='missing = { age = ["999"] }')
    assert frame(table)["age"].to_list()[:2] == ["025", "0999"]


def test_15_other_codes_than_those_declared_are_told(project: Path) -> None:
    with pytest.raises(InputError, match=r'stands apart.*"age" = \["NA", "998"\]'):
        ages(project, "25", "33", "998", "NA", more='missing = ["NA"]')
    table = ages(project, "25", "33", "998", "NA", more='missing = { age = ["NA"] }')
    assert [one.count for one in table.warnings if "stands apart" in one.rule] == [1]
    silent = ages(project, "25", "33", "998", more="missing = { age = [] }")
    assert not [one for one in silent.warnings if "stands apart" in one.rule]


@pytest.mark.parametrize("declared", ['["999"]', '{ age = ["999"] }'])
def test_15_a_code_in_no_row_is_told(project: Path, declared: str) -> None:
    table = ages(project, "25", "33", more=f"missing = {declared}")
    assert [one.count for one in table.warnings if "in no row" in one.rule] == [0]
    found = ages(project, "25", "999", more=f"missing = {declared}")
    assert not [one for one in found.warnings if "in no row" in one.rule]


def parquet(project: Path, select: str, more: str = "") -> tables.Table:
    (project / "data" / "sources.toml").write_text(ENTRY.replace("t.csv", "t.parquet") + more)
    path = project / "data" / "t.parquet"
    duckdb.connect().execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return tables.load("transactions")


LAST = ("2021-01-31 23:59:59.999999999", "1969-03-01 23:59:59.999999999", "1968-02-29 00:00:00")


def test_29_the_last_nanosecond_of_a_day_is_of_that_day(project: Path) -> None:
    times = " UNION ALL ".join(
        f"SELECT 'c' || {number} AS who, TIMESTAMP_NS '{time}' AS day, 1.5 AS paid"
        for number, time in enumerate(LAST)
    )
    days = frame(parquet(project, times))["date"]
    assert [str(day)[:10] for day in days] == [time[:10] for time in LAST]


def test_29_the_last_nanosecond_of_a_day_in_a_text_is_of_that_day(project: Path) -> None:
    more = 'date_format = "%Y-%m-%d %H:%M:%S.%n"'
    days = frame(load(project, *[f"c,{time},1" for time in LAST[:2]], more=more))["date"]
    assert [str(day)[:10] for day in days] == [time[:10] for time in LAST[:2]]


def test_15_nan_of_a_parquet_file_is_blank(project: Path) -> None:
    rows = (
        "SELECT 'c' || i AS who, DATE '2021-01-01' AS day, i + 0.5 AS paid,"
        " CASE WHEN i = 7 THEN 'nan'::DOUBLE ELSE i * 1.5 END AS age FROM range(50) t(i)"
    )
    age = frame(parquet(project, rows, 'attributes = ["age"]'))["age"]
    assert age.isna().to_list() == [number == 7 for number in range(50)]
    assert age[8] == 12


@pytest.mark.parametrize("again", ["a ,2021-01-01,1", "a,2021-01-01,1.0", "a,2021-1-1,01"])
def test_20_a_repeat_is_one_however_it_is_written(project: Path, again: str) -> None:
    assert refused(project, "a,2021-01-01,1", again).places == (2, 3)


def test_20_two_hours_of_a_day_are_two_purchases(project: Path) -> None:
    more = 'date_format = "%Y-%m-%d %H:%M"'
    rows = ("a,2021-01-01 10:00,1", "a,2021-01-01 11:00,1")
    assert load(project, *rows, more=more).rows == 2


@pytest.mark.parametrize(
    ("date_format", "lost", "whole", "day"),
    [
        ("%d%m%y", "11124", "011124", "2024-11-01"),
        ("%Y%m%d", "2024115", "20241105", "2024-11-05"),
        ("%y%m%d", "24115", "240115", "2024-01-15"),
        ("%Y%m%dT%H%M%S", "20240105T95959", "20240105T095959", "2024-01-05"),
    ],
)
def test_30_a_date_without_marks_has_all_its_digits(
    project: Path, date_format: str, lost: str, whole: str, day: str
) -> None:
    more = f'date_format = "{date_format}"'
    assert refused(project, f"a,{whole},1", f"b,{lost},1", more=more).places == (3,)
    assert [str(one)[:10] for one in frame(load(project, f"a,{whole},1", more=more))["date"]] == [
        day
    ]


@pytest.mark.parametrize("zone", ["Z", "+03:30", "-0500", " UTC"])
def test_32_a_time_zone_written_into_the_format_is_refused(project: Path, zone: str) -> None:
    with pytest.raises(InputError, match="time zone"):
        load(project, *GOOD, more=f'date_format = "%Y-%m-%dT%H:%M:%S{zone}"')


def test_28_a_jalali_time_that_no_clock_shows_is_refused(project: Path) -> None:
    more = 'calendar = "jalali"\ndate_format = "%Y/%m/%d %H:%M"'
    rows = ("a,1400/01/01 23:59,1", "b,1400/01/01 25:99,1", "c,1400/01/01 9:05,1")
    assert refused(project, *rows, more=more).places == (3,)
    assert load(project, rows[0], rows[2], more=more).rows == 2
