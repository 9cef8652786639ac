"""The door: a described file becomes a canonical table, the same one however it was stored."""

import datetime
import gzip
import hashlib
import json
import random
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cxlib import PROJECT, sources, tables
from cxlib.contracts import InputError

TRANSACTIONS = """
[transactions]
uri = "{uri}"
columns = {{ customer_id = "who", date = "day", amount = "paid" }}
complete_to = 2021-12-31
"""
HEADER = "who,day,shop,paid"
ROWS = [
    "007,2021-01-31,x,10.5",
    "7,2021-02-01,x,0",
    "NA,2021-02-02,y,1e2",
    "null,2021-02-03,y,3",
    "1E5,2021-02-04,y,4",
    "9007199254740993123,2021-02-05,z,5",
]
IDS = ["007", "7", "NA", "null", "1E5", "9007199254740993123"]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    return tmp_path


def describe(project: Path, text: str, **files: str) -> None:
    (project / "data").mkdir(exist_ok=True)
    (project / "data" / "sources.toml").write_text(text)
    for name, content in files.items():
        (project / "data" / f"{name}.csv").write_text(content)


def lines(rows: list[str]) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def collect(table: tables.Table) -> pd.DataFrame:
    return table.frame.collect("pandas").to_native()


def processed(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "data").glob("processed/*"))


def test_the_three_inputs_of_the_project() -> None:
    sources = PROJECT / "data" / "sources.toml"
    cdnow = tables.load("transactions", sources)
    # 2,357 customers and 6,919 purchases: Fader and Hardie's 1/10 sample.
    assert (cdnow.rows, cdnow.rows_read) == (6919, 6919)
    assert collect(cdnow)["customer_id"].nunique() == 2357
    assert cdnow.period == (datetime.date(1997, 1, 1), datetime.date(1998, 6, 30))
    telco = tables.load("subscriptions", sources)
    frame = collect(telco)
    # 7,043 customers, 1,869 of whom left; 11 new ones have no total yet.
    assert (telco.rows, frame["churned"].sum(), frame["total_charges"].isna().sum()) == (
        7043,
        1869,
        11,
    )
    assert "fictional" in telco.note
    servqual = tables.load("servqual_responses", sources)
    assert servqual.instrument is not None
    assert len(servqual.instrument.items) == 22
    assert {"E_01", "P_22", "satisfaction"} <= set(servqual.frame.columns)
    assert servqual.complete_to is None


def test_canonical_table(project: Path) -> None:
    describe(project, TRANSACTIONS.format(uri="t.csv") + 'note = "three shops"', t=lines(ROWS))
    table = tables.load("transactions")
    frame = collect(table)
    assert list(frame.columns) == ["customer_id", "date", "amount"]
    assert list(frame["customer_id"]) == IDS
    assert list(frame["amount"]) == [10.5, 0, 100, 3, 4, 5]
    assert table.frame.collect_schema()["date"].__class__.__name__ == "Date"
    assert table.complete_to == datetime.date(2021, 12, 31)
    assert (table.note, table.attributes, table.instrument) == ("three shops", (), None)
    kept = json.loads(json.dumps(table.provenance))
    assert kept["period"] == ["2021-01-31", "2021-02-05"]
    assert (kept["uri"], kept["rows"], kept["repairs"]) == ("t.csv", 6, [])


def test_undeclared_end_is_the_last_date_of_the_file(project: Path) -> None:
    text = TRANSACTIONS.format(uri="t.csv").replace("complete_to", "# ")
    describe(project, text, t=lines(ROWS))
    assert tables.load("transactions").complete_to == datetime.date(2021, 2, 5)


def test_csv_gz_and_parquet_of_one_table_give_one_frame(project: Path) -> None:
    describe(project, TRANSACTIONS.format(uri="t.csv"), t=lines(ROWS))
    expected = collect(tables.load("transactions"))
    (project / "data" / "t.csv.gz").write_bytes(gzip.compress(lines(ROWS).encode()))
    duckdb.connect().execute(
        f"COPY (FROM read_csv('{project}/data/t.csv', all_varchar = true, nullstr = ''))"
        f" TO '{project}/data/t.parquet'"
    )
    for uri in ("t.csv.gz", "t.parquet"):
        describe(project, TRANSACTIONS.format(uri=uri))
        pd.testing.assert_frame_equal(collect(tables.load("transactions")), expected)


def test_order_of_rows_does_not_change_the_content(project: Path) -> None:
    describe(project, TRANSACTIONS.format(uri="t.csv"), t=lines(ROWS))
    first = tables.load("transactions")
    shuffled = ROWS.copy()
    random.Random(1).shuffle(shuffled)
    assert shuffled != ROWS
    describe(project, TRANSACTIONS.format(uri="t.csv"), t=lines(shuffled))
    second = tables.load("transactions")
    by = ["customer_id", "date"]
    pd.testing.assert_frame_equal(
        collect(first).sort_values(by, ignore_index=True),
        collect(second).sort_values(by, ignore_index=True),
    )
    assert (first.rows, first.period) == (second.rows, second.period)
    assert first.sha256 != second.sha256


def test_repairs_and_exclusions_are_counted(project: Path) -> None:
    text = TRANSACTIONS.format(uri="t.csv") + 'refunds = "exclude"\n'
    rows = [" a ,2021-01-01,x,1", "a,2021-01-02,x, 2", "a,2021-01-03,x,-2", ",2021-01-04,x,3"]
    describe(project, text, t=lines(rows).replace("who", " who"))
    table = tables.load("transactions")
    frame = collect(table)
    assert (list(frame["customer_id"]), list(frame["amount"])) == (["a", "a"], [1, 2])
    assert [(found.column, found.count) for found in table.repairs] == [
        ("", 1),
        ("customer_id", 1),
        ("amount", 1),
    ]
    assert [(found.column, found.count) for found in table.exclusions] == [
        ("customer_id", 1),
        ("amount", 1),
    ]
    # Refunds were asked for; rows without an id were not, so they are also a warning.
    assert [str(found) for found in table.warnings] == [
        'customer_id (column "who"): blank: 25.0 % of the rows left out'
    ]
    assert table.period == (datetime.date(2021, 1, 1), datetime.date(2021, 1, 2))
    assert (table.rows_read, table.rows) == (4, 2)
    summary = table.summary
    assert list(summary.columns) == ["kind", "what", "rows"]
    assert list(summary["kind"]) == (
        ["read"]
        + ["repair"] * 3
        + ["exclusion"] * 2
        + ["warning", "kept", "period", "complete to", "ids"]
    )
    assert summary.set_index("kind")["rows"]["kept"] == 2
    # Everything is known again when the canonical file is taken from the last run.
    pd.testing.assert_frame_equal(tables.load("transactions").summary, summary)


SUBSCRIPTIONS = """
[subscriptions]
uri = "s.csv"
columns = { customer_id = "id", churned = "left", tenure_months = "m", monthly_charges = "c" }
attributes = ["Plan", "score", "zip"]
missing = ["-1"]
"""


def test_attributes_keep_their_names_and_are_numbers_when_nothing_is_lost(project: Path) -> None:
    rows = ["id,left,m,c,Plan,score,zip", "-1,Yes,1,2,a,3.5,01234", "2,no,1,2,b,-1,99999"]
    describe(project, SUBSCRIPTIONS, s="\n".join(rows))
    table = tables.load("subscriptions")
    frame = collect(table)
    assert table.attributes == ("Plan", "score", "zip")
    assert list(frame["Plan"]) == ["a", "b"]
    assert list(frame["zip"]) == ["01234", "99999"]
    assert frame["score"].tolist()[0] == 3.5
    assert frame["score"].isna().tolist() == [False, True]
    assert frame["churned"].tolist() == [True, False]
    # A missing code is never applied to an id, and counted where it is.
    assert list(frame["customer_id"]) == ["-1", "2"]
    assert [(found.column, found.count) for found in table.repairs] == [("score", 1)]


def test_canonical_file_is_made_once_and_anew_when_anything_changes(project: Path) -> None:
    text = TRANSACTIONS.format(uri="t.csv")
    describe(project, text, t=lines(ROWS))
    tables.load("transactions")
    names = processed(project)
    assert [name.split(".")[-1] for name in names] == ["json", "parquet"]
    stamps = [(project / "data/processed" / name).stat().st_mtime_ns for name in names]
    tables.load("transactions")
    assert stamps == [(project / "data/processed" / name).stat().st_mtime_ns for name in names]
    describe(project, text.replace("2021-12-31", "2021-06-30"))
    tables.load("transactions")
    assert len(processed(project)) == 4
    describe(project, text, t=lines(ROWS[:3]))
    assert tables.load("transactions").rows == 3
    assert len(processed(project)) == 6
    # Of the same size, and other rows.
    describe(project, text, t=lines(ROWS[:3]).replace("2021", "2020"))
    first = tables.load("transactions")
    assert (first.period[0].year, len(processed(project))) == (2020, 8)
    assert first.sha256 == hashlib.sha256((project / "data" / "t.csv").read_bytes()).hexdigest()


def test_frames_of_two_inputs_can_be_joined(project: Path) -> None:
    rows = ["id,left,m,c,Plan,score,zip", "007,Yes,1,2,a,3.5,1", "7,no,1,2,b,2,1"]
    text = TRANSACTIONS.format(uri="t.csv") + SUBSCRIPTIONS
    describe(project, text, t=lines(ROWS), s="\n".join(rows))
    joined = tables.load("transactions").frame.join(
        tables.load("subscriptions").frame, on="customer_id"
    )
    assert len(joined.collect("pandas")) == 2


def test_a_failed_load_leaves_nothing(project: Path) -> None:
    for row in ("a,2021-01-01,x,ten", "a,2021-01-01", 'a,2021-01-01,x,"1'):
        describe(project, TRANSACTIONS.format(uri="t.csv"), t=lines([row]))
        with pytest.raises(InputError):
            tables.load("transactions")
        assert processed(project) == []
        assert not list((project / "data" / "processed").glob(".*"))


def test_check_gives_each_input_its_outcome(project: Path) -> None:
    text = TRANSACTIONS.format(uri="t.csv") + SUBSCRIPTIONS + "[surveys]\n"
    describe(project, text, t=lines(ROWS))
    outcomes = tables.check()
    assert list(outcomes) == ["transactions", "subscriptions", "surveys"]
    assert isinstance(outcomes["transactions"], tables.Table)
    assert "no such file" in str(outcomes["subscriptions"])
    assert "not the name of an input" in str(outcomes["surveys"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("complete_to", "complete_upto", 'the closest is "complete_to"'),
        ("uri = ", "# ", "uri is missing"),
        ("2021-12-31", '"2021-12-31"', "a date without quotes"),
        ("2021-12-31", "2021-12-31T10:00:00", "a date without quotes"),
        ("complete_to =", 'refunds = "keep" #', 'the policies known are "exclude" and "net"'),
        ("complete_to = 2021-12-31", "complete_to = 2999-12-31", "lies in the future"),
        ("complete_to =", 'date_format = "%Q" #', 'date_format = "%Q"'),
        ("complete_to =", 'delimiter = "" #', "delimiter is not one character"),
        ("complete_to =", "missing = [99] #", "a list of texts"),
        ('date = "day",', "", "which column of the file is date"),
        ('date = "day"', 'dates = "day"', 'the closest is "date"'),
        ("[transactions]", "[transaction]", "no entry [transactions]"),
        ("[transactions]", "[transactions", "not a TOML file"),
    ],
)
def test_a_description_that_is_wrong_says_how_to_mend_it(
    project: Path, old: str, new: str, message: str
) -> None:
    describe(project, TRANSACTIONS.format(uri="t.csv").replace(old, new), t=lines(ROWS))
    with pytest.raises(InputError) as caught:
        tables.load("transactions")
    assert message in str(caught.value)
    assert caught.value.file == "data/sources.toml"


def test_all_that_is_wrong_with_a_description_comes_at_once(project: Path) -> None:
    describe(project, SUBSCRIPTIONS.replace('"zip"', '"churned", "PLAN"'), s="id\n1\n")
    with pytest.raises(InputError) as caught:
        tables.load("subscriptions")
    assert len(caught.value.violations) == 2


def test_unknown_input_and_missing_sources(project: Path) -> None:
    with pytest.raises(ValueError, match="the inputs are transactions"):
        tables.load("surveys")
    with pytest.raises(InputError, match="no such file"):
        tables.load("transactions")
    with pytest.raises(InputError, match="no such file"):
        tables.check()


@pytest.mark.parametrize("name", ["orders[1].csv", "or*.csv", "or?.csv", "paid=77.csv"])
def test_a_file_name_is_no_pattern(project: Path, name: str) -> None:
    describe(project, TRANSACTIONS.format(uri=name), orders1=lines(ROWS), orx=lines(ROWS))
    (project / "data" / name).write_text(lines(["a,2021-01-31,x,5"]))
    assert collect(tables.load("transactions"))["amount"].tolist() == [5]


def test_names_of_folders_are_no_columns(project: Path) -> None:
    describe(project, TRANSACTIONS.format(uri="paid=77/t.parquet"))
    (project / "data" / "paid=77").mkdir()
    frame = pd.DataFrame({"who": ["a"], "day": ["2021-01-31"], "paid": [5.0]})
    frame.to_parquet(project / "data" / "paid=77" / "t.parquet")
    assert collect(tables.load("transactions"))["amount"].tolist() == [5]


def test_a_column_that_stands_twice_in_parquet_is_refused(project: Path) -> None:
    describe(project, TRANSACTIONS.format(uri="t.parquet"))
    frame = pd.DataFrame({"who": ["a"], "day": ["2021-01-31"], "paid": [5.0], "Paid": [6.0]})
    frame.to_parquet(project / "data" / "t.parquet")
    with pytest.raises(InputError, match="the same but for capital letters: paid, Paid"):
        tables.load("transactions")


def test_days_are_not_moved_by_time_zones(project: Path) -> None:
    describe(project, TRANSACTIONS.format(uri="t.parquet"))
    day = pd.to_datetime(["2021-01-31 01:00"]).tz_localize("Asia/Tehran")
    frame = pd.DataFrame({"who": ["a"], "day": day, "paid": [5.0]})
    frame.to_parquet(project / "data" / "t.parquet")
    with pytest.raises(InputError, match="times with a time zone"):
        tables.load("transactions")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('date_format = "%d/%m"', "does not give year, month and day"),
        ('date_format = "%H:%M"', "does not give year, month and day"),
        ('date_format = "%Y-%m-%d%z"', "reads a time zone"),
        ('delimiter = "::"', "not one character"),
    ],
)
def test_descriptions_that_would_misread_are_refused(
    project: Path, line: str, expected: str
) -> None:
    describe(project, TRANSACTIONS.format(uri="t.csv") + line, t=lines(ROWS))
    with pytest.raises(InputError, match=expected):
        tables.load("transactions")


def test_a_canonical_name_is_no_attribute(project: Path) -> None:
    text = """
[subscriptions]
uri = "t.csv"
columns = { customer_id = "id", churned = "left", tenure_months = "t", monthly_charges = "m" }
attributes = ["total_charges"]
"""
    describe(project, text, t="id,left,t,m,total_charges\na,yes,1,2,3\nb,no,1,2,3\n")
    with pytest.raises(InputError, match="put it into columns: total_charges"):
        tables.load("subscriptions")


def test_a_sources_file_without_inputs_is_refused(project: Path) -> None:
    describe(project, "# nothing yet\n")
    with pytest.raises(InputError, match="describes no input"):
        tables.check()


def test_a_lent_frame_joins_the_table() -> None:
    telco = tables.load("subscriptions", PROJECT / "data" / "sources.toml")
    score = pd.DataFrame({"churned": [True, False], "score": [0.9, 0.1]})
    joined = telco.frame.join(telco.lend(score), on="churned").collect("pandas").to_native()
    assert joined.groupby("churned")["score"].unique().map(list).to_dict() == {
        True: [0.9],
        False: [0.1],
    }
    assert len(joined) == telco.rows
