"""The door for subscriptions: dates say who left, and whatever does not fit is told."""

import datetime
from pathlib import Path

import pandas as pd
import pytest

from cxlib import sources, tables
from cxlib.contracts import InputError

DATED = """
[subscriptions]
uri = "s.csv"
columns = { customer_id = "id", started = "from", ended = "to", monthly_charges = "fee" }
complete_to = 2024-12-31
attributes = ["plan"]
"""
HEADER = "id,from,to,fee,plan"
ROWS = ["a,2024-01-01,2024-01-31,10,x", "b,2024-12-01,,20,y", "c,2023-12-31,2024-12-31,30,x"]

MONTHS = """
[subscription_months]
uri = "s.csv"
columns = { customer_id = "id", month = "billed", revenue = "paid" }
attributes = ["complaints"]
"""
MONTH_ROWS = "id,billed,paid,complaints\na,2024-01-31,10,0\na,2024-02-01,0,1\nb,2024-02-29,5.5,0\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def load(project: Path, description: str, rows: str) -> tables.Table:
    (project / "data" / "sources.toml").write_text(description, encoding="utf-8")
    (project / "data" / "s.csv").write_text(rows, encoding="utf-8")
    return tables.load(description.split("]", maxsplit=1)[0].strip("\n["))


def dated(project: Path, *rows: str, extra: str = "", column: str = "") -> tables.Table:
    """The dated file with `rows`, lines `extra` in its entry, and one further `column`."""
    text = DATED.replace('fee" }', f'fee", {column} }}') if column else DATED
    header = ",".join([HEADER, *([column.split('"')[1]] if column else [])])
    return load(project, text + extra, "\n".join([header, *rows]) + "\n")


def collect(table: tables.Table) -> pd.DataFrame:
    return table.frame.collect("pandas").to_native()


def test_dates_say_who_left_and_after_how_long(project):
    table = dated(project, *ROWS)
    frame = collect(table)
    assert list(frame.columns) == [
        *("customer_id", "churned", "tenure_months", "started", "ended", "monthly_charges", "plan")
    ]
    assert frame["churned"].tolist() == [True, False, True]
    # 30 days to the end, 30 days to complete_to, and the 366 of a leap year.
    assert (frame["tenure_months"] * 30.436875).tolist() == pytest.approx([30, 30, 366])
    assert pd.to_datetime(frame["started"]).dt.day.tolist() == [1, 1, 31]
    assert frame["ended"].isna().tolist() == [False, True, False]
    assert table.complete_to == datetime.date(2024, 12, 31)
    assert table.period == (datetime.date(2023, 12, 31), datetime.date(2024, 12, 1))
    assert (table.leavers, table.observed_from, table.fixed) == ("all", None, ())


def test_what_is_declared_of_dates_is_told(project):
    table = dated(project, *ROWS, extra='observed_from = 2024-01-31\nfixed = ["plan"]\n')
    assert table.observed_from == datetime.date(2024, 1, 31)
    assert table.fixed == ("plan",)
    # Who left before that day is not in the file.
    assert table.leavers == ""
    assert "from 2024-01-31 on" in table.summary["what"].tolist()


def test_dates_in_the_form_of_the_file(project):
    text = 'date_format = "%d.%m.%y"\nmissing = { ended = ["31.12.99"] }\n'
    table = dated(project, "a,01.02.24,01.03.24,1,x", "b,01.02.24,31.12.99,1,x", extra=text)
    assert collect(table)["churned"].tolist() == [True, False]
    assert [(one.column, one.count) for one in table.repairs] == [("ended", 1)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("complete_to = 2024-12-31", "", "complete_to is missing"),
        ('started = "from", ', "", "which column of the file is started"),
        ('ended = "to", ', "", "which column of the file is ended"),
        ('"fee" }', '"fee", churned = "gone" }', "gives dates and also churned"),
        (
            '"fee" }',
            '"fee", churned = "gone", tenure_months = "t" }',
            "gives dates and also churned and tenure_months",
        ),
        ("complete_to", 'leavers = "all"\ncomplete_to', "leavers is given beside dates"),
        ("complete_to", "observed_from = 2025-01-01\ncomplete_to", "lies after complete_to"),
        ("complete_to", 'observed_from = "2024-01-01"\ncomplete_to', "a date without quotes"),
        ("complete_to", 'fixed = ["plam"]\ncomplete_to', "fixed names plam.*plan"),
        ("complete_to", 'fixed = ["ended"]\ncomplete_to', "fixed names ended"),
        ("complete_to", 'involuntary = ["debt"]\ncomplete_to', "no column says why"),
        ("2024-12-31", "2999-12-31", "lies in the future"),
        (
            'started = "from", ended = "to"',
            'churned = "gone", tenure_months = "t"',
            "complete_to is given without dates",
        ),
    ],
)
def test_what_is_declared_wrong_is_refused(project, old, new, message):
    assert DATED.count(old) == 1
    with pytest.raises(InputError, match=message):
        load(project, DATED.replace(old, new), "\n".join([HEADER, *ROWS]))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("d,2024-03-02,2024-03-01,1,x", r'ended before it started: 1 row, line 5 \("2024-03-01"\)'),
        ("d,2025-01-01,,1,x", "started.*after the last day.*line 5"),
        (
            "d,2024-01-01,2025-01-01,1,x",
            "ended.*after the last day.*leave a notice for later blank",
        ),
        ("d,,,1,x", "started.*blank: 1 row, line 5"),
        ("d,2024-01-01,soon,1,x", "ended.*not a date.*line 5"),
        ("a,2024-01-01,,1,x", "the same id in more than one row: 2 rows, lines 2, 5"),
        ("d,2024-01-01,,-1,x", "below 0"),
    ],
)
def test_rows_that_break_a_rule_are_told(project, row, message):
    with pytest.raises(InputError, match=message) as caught:
        dated(project, *ROWS, row)
    assert len(caught.value.violations) == 1


def test_nobody_who_left_is_refused(project):
    with pytest.raises(InputError, match=r'churned \(column "to"\).*same value: 1 row'):
        dated(project, ROWS[1])


def test_who_left_before_the_file_holds_leavers_is_refused(project):
    with pytest.raises(InputError, match=r"ended.*2024-02-01\): 1 row, line 2"):
        dated(project, *ROWS, extra="observed_from = 2024-02-01\n")


def a_year(left_from: int, left_to: int) -> str:
    """100 customers from 2024-01-01 on, one of whom leaves on each of some days of the year."""
    start = datetime.date(2024, 1, 1)
    days = [left_from + row if left_from + row <= left_to else None for row in range(100)]
    ends = ["" if day is None else str(start + datetime.timedelta(days=day)) for day in days]
    return "\n".join([HEADER, *(f"{row},{start},{end},1,x" for row, end in enumerate(ends))])


def test_a_long_time_without_leavers_is_a_warning(project):
    # 40 leave on days 1 to 40, 60 stay: nobody in the 325 days to complete_to.
    [warning] = load(project, DATED, a_year(1, 40)).warnings
    assert warning.rule.startswith("nobody left in 325 days from 2024-02-10 on")
    assert "complete_to = 2024-02-10 is right" in warning.rule
    # 80 customers on average for 39 days have 40 leavers: 60 * 325 days more should have 250.
    within = sum(100 - row for row in range(1, 40))
    assert f"where {40 * 60 * 325 / within:,.0f} were" in warning.rule
    early = DATED.replace("2024-12-31", "2024-10-27")
    [warning] = load(project, early, a_year(261, 300)).warnings
    assert warning.rule.startswith("nobody left in 261 days from 2024-01-01 on")
    assert "declare observed_from" in warning.rule
    declared = early + "observed_from = 2024-09-15\n"
    assert load(project, declared, a_year(261, 300)).warnings == ()


REASONS = [f"{row},{why}" for row, why in zip(ROWS, ("debt", "", "price"), strict=True)]
WHY = 'leaving = "why"'


def test_reasons_become_voluntary_or_not(project):
    table = dated(
        project,
        *REASONS,
        "d,2024-01-01,2024-05-01,1,x,",
        column=WHY,
        extra='involuntary = ["debt", "death"]',
    )
    frame = collect(table)
    assert frame["leaving"].fillna("-").tolist() == ["involuntary", "-", "voluntary", "-"]
    told = {(one.rule, one.count) for one in table.repairs}
    assert told == {
        ('"debt" taken as involuntary', 1),
        ("any other reason taken as voluntary", 1),
    }
    warned = [(one.rule, one.count) for one in table.warnings]
    assert warned == [
        ('"death" taken as involuntary: in no row', 0),
        ("left without a reason: neither voluntary nor involuntary", 1),
    ]


def test_reasons_in_our_words_need_no_declaration(project):
    rows = [row.replace("debt", "involuntary").replace("price", "voluntary") for row in REASONS]
    assert collect(dated(project, *rows, column=WHY))["leaving"].tolist()[0] == "involuntary"
    with pytest.raises(InputError, match="none of voluntary, involuntary: 2 rows, lines 2, 4"):
        dated(project, *REASONS, column=WHY)


def test_a_reason_of_somebody_who_stayed_is_refused(project):
    rows = [*REASONS, "d,2024-01-01,,1,x,price"]
    with pytest.raises(InputError, match=r'who has not left: 1 row, line 5 \("price"\)'):
        dated(project, *rows, column=WHY, extra='involuntary = ["debt"]')
    table = dated(
        project,
        *REASONS,
        "d,2024-01-01,,1,x,none",
        column=WHY,
        extra='involuntary = ["debt"]\nmissing = { leaving = ["none"] }',
    )
    assert collect(table)["leaving"].isna().sum() == 2


def test_a_reason_and_a_campaign_go_with_a_file_without_dates(project):
    text = """
[subscriptions]
uri = "s.csv"
involuntary = ["debt"]
[subscriptions.columns]
customer_id = "id"
churned = "gone"
tenure_months = "t"
monthly_charges = "fee"
leaving = "why"
treated = "called"
"""
    rows = "id,gone,t,fee,why,called\na,yes,1,2,debt,yes\nb,no,2,3,,no\nc,no,3,4,,\n"
    table = load(project, text, rows)
    frame = collect(table)
    assert frame["leaving"].fillna("-").tolist() == ["involuntary", "-", "-"]
    assert frame["treated"].tolist()[:2] == [True, False]
    assert frame["treated"].isna().tolist() == [False, False, True]
    assert (table.complete_to, table.period, table.leavers) == (None, None, "")
    with pytest.raises(InputError, match="neither true nor false: 1 row, line 4"):
        load(project, text, rows.replace("c,no,3,4,,", "c,no,3,4,,maybe"))


DRAWN = [f"{row},{drawn}" for row, drawn in zip(ROWS, ("", "1", "0"), strict=True)]
CALLED = 'treated = "called"'


def test_a_campaign_has_a_day_and_customers_of_that_day(project):
    table = dated(project, *DRAWN, column=CALLED, extra="campaign_day = 2024-12-01\n")
    assert table.campaign_day == datetime.date(2024, 12, 1)
    treated = collect(table)["treated"]
    assert treated.isna().tolist() == [True, False, False]
    assert treated.tolist()[1:] == [True, False]
    # b began on the 1st: nobody can have drawn it before.
    with pytest.raises(InputError, match=r"no customer yet on its day .2024-11-30.: 1 row, line 3"):
        dated(project, *DRAWN, column=CALLED, extra="campaign_day = 2024-11-30\n")


def test_who_left_between_the_draw_and_the_campaign_is_in_neither_arm(project):
    # c left on the 31st.
    table = dated(project, *DRAWN, column=CALLED, extra="campaign_day = 2024-12-31\n")
    assert collect(table)["treated"].isna().tolist() == [True, False, True]
    [warning] = table.warnings
    assert (warning.column, warning.count) == ("treated", 1)
    assert "no customer any more on its day (2024-12-31): in neither arm" in warning.rule
    before = dated(project, *DRAWN, column=CALLED, extra="campaign_day = 2024-12-30\n")
    assert before.warnings == ()


def test_a_campaign_without_its_day_or_its_column_is_refused(project):
    with pytest.raises(InputError, match="treated is given without the day of the campaign"):
        dated(project, *DRAWN, column=CALLED)
    with pytest.raises(InputError, match="no column says who was contacted"):
        dated(project, *ROWS, extra="campaign_day = 2024-12-01\n")
    with pytest.raises(InputError, match="campaign_day = 2025-01-01 lies after complete_to"):
        dated(project, *DRAWN, column=CALLED, extra="campaign_day = 2025-01-01\n")


def test_dates_of_a_parquet_file(project):
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "from": pd.to_datetime(["2024-01-01 00:00", "2024-01-01 13:00"]),
            "to": pd.to_datetime(["2024-01-31 09:00", None]),
            "fee": [1, 2],
            "plan": ["x", "y"],
        }
    )
    frame.to_parquet(project / "data" / "s.parquet")
    found = collect(load(project, DATED.replace("s.csv", "s.parquet"), ""))
    assert found["churned"].tolist() == [True, False]
    assert (found["tenure_months"] * 30.436875).tolist() == pytest.approx([30, 365])


def test_any_day_of_a_month_stands_for_the_month(project):
    table = load(project, MONTHS, MONTH_ROWS)
    frame = collect(table)
    assert pd.to_datetime(frame["month"]).dt.strftime("%Y-%m-%d").tolist() == [
        *("2024-01-01", "2024-02-01", "2024-02-01")
    ]
    assert frame["revenue"].tolist() == [10, 0, 5.5]
    assert frame["complaints"].tolist() == [0, 1, 0]
    assert table.period == (datetime.date(2024, 1, 1), datetime.date(2024, 2, 1))
    by_month = MONTHS + 'date_format = "%Y-%m"\n'
    text = MONTH_ROWS.replace("-31", "").replace("-01,0", ",0").replace("-29", "")
    pd.testing.assert_frame_equal(collect(load(project, by_month, text)), frame)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2024-02-01,0", "2024-01-01,0", "row of a customer and month: 2 rows, lines 2, 3"),
        ("5.5", "-5.5", "below 0: 1 row, line 4"),
        ("5.5", "", "revenue.*blank: 1 row, line 4"),
        ("b,2024", ",2024", "customer_id.*blank: 1 row, line 4"),
        ("2024-02-29", "2024-13", "not a date.*line 4"),
    ],
)
def test_months_that_break_a_rule_are_told(project, old, new, message):
    with pytest.raises(InputError, match=message) as caught:
        load(project, MONTHS, MONTH_ROWS.replace(old, new))
    assert len(caught.value.violations) == 1


def test_a_month_after_the_last_complete_day_is_refused(project):
    with pytest.raises(InputError, match=r"complete_to, 2024-01-31.*2 rows, lines 3, 4"):
        load(project, MONTHS + "complete_to = 2024-01-31\n", MONTH_ROWS)
