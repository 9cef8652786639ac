"""Rows of one kind alone: `only` in a sources file, and files that begin with `from`."""

import datetime
from pathlib import Path

import pandas as pd
import pytest

from cxlib import PROJECT, sources, tables
from cxlib.contracts import InputError

FEEDBACK = """
[feedback]
uri = "feedback.csv"
columns = { nps = "recommend", date = "day" }
scales = { nps = [0, 10] }
attributes = ["branch", "store"]
margins = { store = { "1" = 60, "02" = 40 } }
complete_to = 2026-04-15
"""
FEEDBACK_ROWS = """recommend,day,branch,store
10,2026-03-01,North,1
9, 2026-03-31,North,02
,2026-04-01,North,1
3,2026-03-02,شمال,02
,2026-03-03,South,1
5,,South,1
4,2026-04-10,,02
"""

PURCHASES = """
[transactions]
uri = "purchases.csv"
columns = { customer_id = "who", date = "day", amount = "paid" }
attributes = ["shop"]
refunds = "net"
leave_out = { code = ["POST"] }
"""
PURCHASES_ROWS = """who,day,paid,shop,code
a,2026-01-10,100,x,
a,2026-01-20,50,y,
a,2026-02-05,-10,x,
a,2026-02-10,20,x,
b,2026-01-05,70,x,
,2026-02-06,30,x,
,2026-02-06,30,y,
b,2026-02-07,5,x,POST
"""

CONTRACTS = """
[subscriptions]
uri = "contracts.csv"
attributes = ["region"]

[subscriptions.columns]
customer_id = "id"
churned = "gone"
tenure_months = "months"
monthly_charges = "fee"
"""
CONTRACTS_ROWS = "id,gone,months,fee,region\n1,yes,3,10,n\n2,no,4,10,n\n3,no,5,10,s\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    (data / "feedback.csv").write_text(FEEDBACK_ROWS, encoding="utf-8")
    (data / "purchases.csv").write_text(PURCHASES_ROWS, encoding="utf-8")
    (data / "contracts.csv").write_text(CONTRACTS_ROWS, encoding="utf-8")
    return tmp_path


def load(project: Path, name: str, description: str) -> tables.Table:
    (project / "data" / "sources.toml").write_text(description, encoding="utf-8")
    return tables.load(name)


def counts(findings: tuple[tables.Finding, ...]) -> dict[str, int]:
    return {finding.rule: finding.count for finding in findings}


def collect(table: tables.Table) -> pd.DataFrame:
    return table.frame.collect("pandas").to_native()


def told(project: Path, name: str, description: str) -> str:
    with pytest.raises(InputError) as caught:
        load(project, name, description)
    return str(caught.value)


def test_rows_of_one_branch(project):
    table = load(project, "feedback", FEEDBACK + 'only = { branch = "North" }')
    assert (table.rows_read, table.rows) == (7, 3)
    assert counts(table.exclusions) == {
        'other than branch "North" (only)': 3,
        "branch is blank (only)": 1,
    }
    assert table.period == (datetime.date(2026, 3, 1), datetime.date(2026, 4, 1))
    assert table.complete_to == datetime.date(2026, 4, 15)
    assert table.note == 'feedback.csv; only branch "North"'


def test_rows_that_belong_nowhere_are_a_warning(project):
    table = load(project, "feedback", FEEDBACK + 'only = { branch = "North" }')
    # 1 of the 7 rows of the file.
    assert counts(table.warnings)["branch is blank (only): 14.3 % of the rows left out"] == 1


def test_a_column_with_one_value_is_none_to_compare_by(project):
    table = load(project, "feedback", FEEDBACK + 'only = { branch = "North" }')
    assert table.attributes == ("store",)
    assert "branch" not in table.frame.columns


def test_repairs_and_warnings_are_those_of_the_rows_asked_for(project):
    north = load(project, "feedback", FEEDBACK + 'only = { branch = "North" }')
    south = load(project, "feedback", FEEDBACK + 'only = { branch = "South" }')
    assert [counts(one.repairs) for one in (north, south)] == [
        {"blanks around the value removed": 1},
        {},
    ]
    # One of 3 rows in the north, one of 2 in the south.
    assert counts(north.warnings)["blank: no answer, 33.3 % of the rows"] == 1
    assert counts(south.warnings)["blank: no answer, 50.0 % of the rows"] == 1


def test_shares_of_all_customers_do_not_weigh_those_of_a_branch(project):
    branch = load(project, "feedback", FEEDBACK + 'only = { branch = "North" }')
    month = load(project, "feedback", FEEDBACK + 'only = { date = "2026-03" }')
    assert (branch.margins, month.margins) == ({}, {"store": {"1": 0.6, "02": 0.4}})
    assert any(rule.startswith("not weighted: margins") for rule in counts(branch.warnings))


def test_rows_of_one_month(project):
    table = load(project, "feedback", FEEDBACK + 'only = { date = "2026-03" }')
    assert list(collect(table)["nps"].fillna(-1)) == [10, 9, 3, -1]
    assert counts(table.exclusions) == {
        'other than date "2026-03" (only)': 2,
        "date is blank (only)": 1,
    }
    assert table.complete_to == datetime.date(2026, 3, 31)


def test_a_month_is_complete_to_no_later_day_than_the_file(project):
    declared = load(project, "feedback", FEEDBACK + 'only = { date = "2026-04" }')
    silent = FEEDBACK.replace("complete_to", "# ") + 'only = { date = "2026-04" }'
    assert declared.complete_to == datetime.date(2026, 4, 15)
    assert load(project, "feedback", silent).complete_to == datetime.date(2026, 4, 10)


def test_all_conditions_hold(project):
    both = 'only = { branch = "North", date = "2026-03", store = "02" }'
    table = load(project, "feedback", FEEDBACK + both)
    assert list(collect(table)["nps"]) == [9]
    assert table.note.endswith('only branch "North" and date "2026-03" and store "02"')


def test_an_error_in_a_row_of_another_branch_stops_as_before(project):
    broken = FEEDBACK_ROWS.replace("3,2026-03-02", "33,2026-03-02")
    (project / "data" / "feedback.csv").write_text(broken, encoding="utf-8")
    said = told(project, "feedback", FEEDBACK + 'only = { branch = "North" }')
    assert "not a whole number from 0 to 10: 1 row, line 5" in said


def test_what_is_asked_for_is_part_of_the_name_of_the_table(project):
    for only in ("", 'only = { branch = "North" }', 'only = { branch = "South" }'):
        load(project, "feedback", FEEDBACK + only)
    assert len(list((project / "data" / "processed").glob("*.parquet"))) == 3


def test_a_value_that_no_row_has_is_told_with_those_there_are(project):
    said = told(project, "feedback", FEEDBACK + 'only = { branch = "Nort" }')
    assert 'no row is of branch "Nort"' in said
    assert 'there are "North", "South", "شمال"' in said
    said = told(project, "feedback", FEEDBACK + 'only = { date = "2025-03" }')
    assert 'no row is of date "2025-03"' in said
    assert 'there are "2026-03", "2026-04"' in said


def test_values_that_no_row_has_together(project):
    both = FEEDBACK + 'only = { branch = "South", store = "02" }'
    assert "no rows are left" in told(project, "feedback", both)


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ('{ brunch = "North" }', "only names brunch, which is no column it can look at"),
        ('{ nps = "9" }', "it may name date, branch, store"),
        ("{ store = 1 }", "write texts by column"),
        ('"North"', "write texts by column"),
        ('{ date = "2026-13" }', 'only asks for the date "2026-13"'),
        ('{ date = "2026-03-01" }', 'write a month, like only = { date = "2026-03" }'),
    ],
)
def test_what_cannot_be_asked_for(project, only, expected):
    assert expected in told(project, "feedback", FEEDBACK + f"only = {only}")


def test_an_input_that_needs_what_came_before_has_no_months(project):
    dated = CONTRACTS.replace('churned = "gone"\ntenure_months', 'ended = "gone"\nstarted')
    keys = 'complete_to = 2026-04-15\nonly = { started = "2026-03" }\n'
    dated = dated.replace("[subscriptions]\n", f"[subscriptions]\n{keys}")
    assert "it may name region" in told(project, "subscriptions", dated)
    assert sources.selection.columns("subscriptions", [], ["date", "region"]) == ["region"]
    month = PURCHASES + 'only = { date = "2026-01" }'
    assert "only names date" in told(project, "transactions", month)


def test_refunds_are_taken_off_purchases_of_the_same_shop(project):
    # The refund of 10 in shop x: off the purchase there, not off the later one in shop y.
    shop = load(project, "transactions", PURCHASES + 'only = { shop = "x" }')
    frame = collect(shop)
    assert frame.groupby(["customer_id", "date"])["amount"].sum().tolist() == [90, 20, 70]
    assert counts(shop.exclusions) == {
        'other than shop "x" (only)': 2,
        'code "POST" is no purchase (leave_out)': 1,
        "blank": 1,
    }


def test_shares_of_rows_left_out_are_of_the_rows_asked_for(project):
    shop = load(project, "transactions", PURCHASES + 'only = { shop = "x" }')
    # One blank id among the 6 rows of the shop, not among the 8 of the file.
    assert "blank: 16.7 % of the rows left out" in counts(shop.warnings)


def test_a_shop_without_a_row_that_the_file_leaves_out_is_no_warning(project):
    shop = load(project, "transactions", PURCHASES + 'only = { shop = "y" }')
    assert not [rule for rule in counts(shop.warnings) if "leave_out" in rule]


def region(name: str) -> str:
    return CONTRACTS.replace(
        "[subscriptions]", f'[subscriptions]\nonly = {{ region = "{name}" }}', 1
    )


def test_customers_of_a_region_where_nobody_left(project):
    assert load(project, "subscriptions", region("n")).rows == 2
    said = told(project, "subscriptions", region("s"))
    assert "every customer has the same value: 1 row" in said


def test_one_wave_and_one_branch_of_the_survey_of_the_project(project):
    survey = pd.read_csv(PROJECT / "data" / "raw" / "servqual_simulated.csv", dtype=str)
    expected = survey[(survey["wave"] == "2025") & (survey["branch"] == "Garden")]
    (project / "garden.toml").write_text(
        f"from = '{PROJECT}/data/sources.toml'\n"
        '[servqual_responses]\nonly = { wave = "2025", branch = "Garden" }\n'
    )
    table = tables.load("servqual_responses", "garden.toml")
    assert sorted(collect(table)["respondent_id"]) == sorted(expected["respondent"])
    assert 0 < table.rows < len(survey)
    assert table.attributes == ("channel",)


def test_one_product(project):
    rows = PURCHASES_ROWS.replace("shop,code", "article,code")
    (project / "data" / "purchases.csv").write_text(rows, encoding="utf-8")
    bought = PURCHASES.replace('attributes = ["shop"]', "margin_rates = { x = 0.5, y = 0.1 }")
    bought = bought.replace('"paid" }', '"paid", product = "article" }')
    table = load(project, "transactions", bought + 'only = { product = "y" }')
    assert collect(table)[["amount", "margin"]].to_numpy().tolist() == [[50, 5]]


def test_values_are_those_of_the_file_and_not_numbers(project):
    plain = FEEDBACK.replace('margins = { store = { "1" = 60, "02" = 40 } }', "")
    rows = FEEDBACK_ROWS.replace(",02\n", ",2.0\n")
    (project / "data" / "feedback.csv").write_text(rows, encoding="utf-8")
    (project / "data" / "sources.toml").write_text(plain, encoding="utf-8")
    assert collect(tables.load("feedback"))["store"].tolist() == [1, 2, 1, 2, 1, 1, 2]
    assert tables.values("feedback", "store") == {"1": 4, "2.0": 3}
    assert tables.values("feedback", "branch") == {"North": 3, "South": 2, "شمال": 1}
    assert tables.values("feedback", "date") == {"2026-03": 4, "2026-04": 2}


@pytest.mark.parametrize("column", ["store", "branch", "date"])
def test_each_value_gives_its_rows(project, column):
    plain = FEEDBACK.replace('margins = { store = { "1" = 60, "02" = 40 } }', "")
    (project / "data" / "sources.toml").write_text(plain, encoding="utf-8")
    for value, rows in tables.values("feedback", column).items():
        assert load(project, "feedback", f'{plain}only = {{ {column} = "{value}" }}').rows == rows


def test_values_of_a_column_that_cannot_be_asked_for(project):
    (project / "data" / "sources.toml").write_text(FEEDBACK, encoding="utf-8")
    with pytest.raises(InputError, match="it may name date, branch"):
        tables.values("feedback", "nps")


# --- files that begin with from --------------------------------------------------------------


def derive(project: Path, text: str, folder: str = "narrow", name: str = "north.toml") -> str:
    (project / "data" / "sources.toml").write_text(FEEDBACK + PURCHASES, encoding="utf-8")
    (project / folder).mkdir(exist_ok=True)
    (project / folder / name).write_text(text, encoding="utf-8")
    return f"{folder}/{name}"


NORTH = 'from = "../data/sources.toml"\n[feedback]\nonly = { branch = "North" }\n'


def test_paths_of_the_other_file_stay_right(project):
    table = tables.load("feedback", derive(project, NORTH))
    assert (table.rows, table.uri) == (3, "feedback.csv")


def test_an_input_that_is_not_named_is_not_there(project):
    north = derive(project, NORTH)
    assert tables.load_if_described("transactions", north) is None
    # Of 8 rows one is no purchase and two have no customer.
    assert tables.load("transactions", derive(project, NORTH + "[transactions]\n")).rows == 5


def test_from_of_from_asks_for_both(project):
    derive(project, NORTH)
    both = 'from = "north.toml"\n[feedback]\nonly = { date = "2026-03" }\n'
    assert tables.load("feedback", derive(project, both, name="both.toml")).rows == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from = 1", "from = 1. Mend: name the other sources file"),
        ('from = "north.toml"', 'from = "north.toml" leads back to this file'),
        ('from = "no.toml"', "no such file"),
        (NORTH.replace("only", "uri"), "[feedback] has uri"),
        (NORTH.replace("feedback", "feedbak"), 'the closest is "feedback"'),
        (NORTH.replace('"North"', "1"), "write texts by column"),
        ('from = "wrong.toml"\n[feedback]\nonly = { branch = "x" }', "write texts by column"),
        (NORTH.replace("[feedback]\n", ""), "write it below the name of an input"),
    ],
)
def test_what_a_narrower_file_may_not_say(project, text, expected):
    (project / "narrow").mkdir()
    (project / "narrow" / "wrong.toml").write_text(f"{FEEDBACK}only = 1", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        tables.load("feedback", derive(project, text))
    assert expected in str(caught.value)


def test_two_values_of_one_column_are_no_rows_but_an_error(project):
    derive(project, NORTH)
    south = 'from = "north.toml"\n[feedback]\nonly = { branch = "South" }\n'
    with pytest.raises(InputError, match='asks for branch "South"'):
        tables.load("feedback", derive(project, south, name="both.toml"))


def test_columns_that_may_be_asked_for():
    assert sources.selectable(PROJECT / "data" / "sources.toml") == {
        "transactions": [],
        "subscriptions": [
            *("female", "senior_citizen", "partner", "dependents", "phone_service"),
            *("multiple_lines", "internet_service", "online_security", "online_backup"),
            *("device_protection", "tech_support", "streaming_tv", "streaming_movies"),
            *("contract", "paperless_billing", "payment_method"),
        ],
        "servqual_responses": ["wave", "branch", "channel"],
        "servqual_internal": [],
        "feedback": ["date", "branch", "channel", "age_band"],
        "indices": [],
    }
