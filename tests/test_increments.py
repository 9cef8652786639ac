"""Histories kept up to date: every split into files gives what all transactions at once give."""

import datetime as dt
import json
import os
from pathlib import Path

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cxlib import cli, engine, increments, purchases, sources, tables

ENTRY = """
[transactions]
uri = "t.csv"
columns = {{ customer_id = "who", date = "day", amount = "paid" }}
complete_to = {complete_to}
repeats = "keep"
attributes = ["shop"]
{terms}
"""
JANUARY = ["a,2024-01-01,3,north", "a,2024-01-31,5,south", "b,2024-01-02,10,"]
MARKED = ["a,2024-02-01,7,north", "c,2024-02-01,0,east"]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def load(project: Path, rows: list[str], complete_to: str, terms: str = "") -> tables.Table:
    entry = ENTRY.format(complete_to=complete_to, terms=terms)
    (project / "data" / "sources.toml").write_text(entry, encoding="utf-8")
    text = "\n".join(["who,day,paid,shop", *rows]) + "\n"
    (project / "data" / "t.csv").write_text(text, encoding="utf-8")
    return tables.load("transactions")


def table_of(frame: nw.LazyFrame) -> pd.DataFrame:
    return purchases.customer_table(frame)


def whole(project: Path, rows: list[str], complete_to: str) -> pd.DataFrame:
    table = load(project, rows, complete_to)
    found = purchases.purchase_histories(
        table.frame, dt.date.fromisoformat(complete_to), attributes=table.attributes
    )
    return table_of(found)


FIRST = dt.date(2024, 2, 20)
TRANSACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d"]),
        st.integers(0, 20),
        st.one_of(st.integers(-500, 10**6), st.sampled_from([0, 10**15])),
        st.sampled_from([None, "north", "south"]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(rows=TRANSACTIONS, cuts=st.sets(st.integers(0, 20), max_size=5))
def test_every_split_into_days_is_the_whole(rows: list[tuple], cuts: set[int]) -> None:
    shop = pd.DataFrame(rows, columns=["customer_id", "day", "cents", "shop"])
    shop["amount"] = shop["cents"] / 100
    shop["date"] = pd.to_datetime(FIRST) + pd.to_timedelta(shop["day"], unit="D")

    def sums(part: pd.DataFrame) -> nw.LazyFrame:
        lazy = engine.lend(part[["customer_id", "date", "amount", "shop"]].astype({"shop": "str"}))
        dated = lazy.with_columns(nw.col("date").cast(nw.Date))
        return purchases.customer_sums(dated, as_of, attributes=["shop"])

    as_of = FIRST + dt.timedelta(days=20)
    piece = pd.cut(shop["day"], [-1, *sorted(cuts - {20}), 20], labels=False)
    parts = [sums(part) for _, part in shop.groupby(piece)]
    merged = parts[0]
    for part in parts[1:]:
        merged = purchases.merged_sums(merged, part)
    found, expected = (
        table_of(purchases.histories_of_sums(one, as_of, ["shop"])) for one in (merged, sums(shop))
    )
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_old_files_are_not_read_again(project: Path) -> None:
    increments.rebuild(project / "kept", load(project, JANUARY, "2024-01-31"))
    for path in (project / "data").rglob("*.parquet"):
        path.unlink()
    kept = increments.add(project / "kept", load(project, MARKED, "2024-02-01"))
    found = table_of(increments.histories(kept))
    pd.testing.assert_frame_equal(
        found, whole(project, JANUARY + MARKED, "2024-02-01"), check_exact=True
    )
    # a: 1 January, then 31 January and 1 February; c paid nothing.
    assert found["frequency"].tolist() == [2, 0, 0]
    assert found["recency_days"].tolist() == [31, 0, 0]
    assert found["total_spend"].tolist() == [15, 10, 0]
    assert found["mean_spend"].fillna(-1).tolist() == [6, -1, -1]
    assert found["shop"].fillna("").tolist() == ["north", "", "east"]
    assert (kept.rows, str(kept.first_day), str(kept.complete_to)) == (
        5,
        "2024-01-01",
        "2024-02-01",
    )
    assert [one["uri"] for one in kept.inputs] == ["t.csv", "t.csv"]
    assert kept == increments.read(project / "kept")


def test_a_covered_day_is_refused(project: Path) -> None:
    increments.rebuild(project / "kept", load(project, JANUARY, "2024-01-31"))
    again = load(project, ["b,2024-01-31,1,", "b,2024-01-31,2,", "b,2024-02-02,3,"], "2024-02-02")
    with pytest.raises(
        increments.IncrementError,
        match=r"t\.csv, column date: rows of 2024-01-31 or before: 2, the first of 2024-01-31",
    ):
        increments.add(project / "kept", again)
    assert increments.read(project / "kept").rows == 3


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ('currency = "EUR"', "currency is 'EUR', but not given in what is kept"),
        ('refunds = "exclude"', "refunds is 'exclude', but not given"),
        ('refunds = "net"', 'refunds = "net" takes a refund off an earlier day'),
    ],
)
def test_other_terms_are_refused(project: Path, terms: str, problem: str) -> None:
    increments.rebuild(project / "kept", load(project, JANUARY, "2024-01-31"))
    with pytest.raises(increments.IncrementError, match=problem):
        increments.add(project / "kept", load(project, MARKED, "2024-02-01", terms))


def test_an_attribute_keeps_its_type(project: Path) -> None:
    increments.rebuild(project / "kept", load(project, JANUARY, "2024-01-31"))
    # Without any value it has the type of a number, which says nothing.
    kept = increments.add(project / "kept", load(project, ["c,2024-02-01,1,"], "2024-02-01"))
    assert table_of(increments.histories(kept))["shop"].fillna("").tolist() == ["north", "", ""]
    numbered = load(project, ["d,2024-02-02,1,12"], "2024-02-02")
    with pytest.raises(increments.IncrementError, match="shop is a number, but text in what is"):
        increments.add(project / "kept", numbered)


def test_days_of_which_no_file_says_anything_are_told(project: Path) -> None:
    increments.rebuild(project / "kept", load(project, JANUARY, "2024-01-31"))
    kept = increments.add(project / "kept", load(project, ["b,2024-02-04,1,"], "2024-02-05"))
    kept = increments.add(project / "kept", load(project, ["b,2024-02-06,1,"], "2024-02-06"))
    assert kept.gaps == ((dt.date(2024, 2, 1), dt.date(2024, 2, 3)),)
    assert table_of(increments.histories(kept))["days_since_last"].tolist() == [6, 0]


def test_work_that_stops_half_way_changes_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project / "kept"
    before = increments.rebuild(folder, load(project, JANUARY, "2024-01-31"))
    table = load(project, MARKED, "2024-02-01")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            increments.add(folder, table)
    assert increments.read(folder) == before
    kept = increments.add(folder, table)
    assert list(folder.glob("sums-*")) == [kept.sums]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_an_unknown_or_spoilt_folder_says_to_rebuild(project: Path) -> None:
    table = load(project, MARKED, "2024-02-01")
    for folder in (project / "none", project / "data"):
        with pytest.raises(increments.IncrementError, match="keeps no histories yet: rebuild"):
            increments.add(folder, table)
    increments.rebuild(project / "kept", table)
    told = json.loads((project / "kept" / "kept.json").read_text())
    for spoilt in ("{", json.dumps(told | {"schema": 2}), json.dumps({"schema": 1})):
        (project / "kept" / "kept.json").write_text(spoilt)
        with pytest.raises(increments.IncrementError, match=r"kept\.json cannot be read"):
            increments.read(project / "kept")
    # Whatever was there is put right.
    assert increments.rebuild(project / "kept", table).rows == 2


def test_the_command_adds_and_refuses(project: Path) -> None:
    folder = str(project / "kept")

    def cx(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli.app, ["histories", folder, *options])
        return done.exit_code, done.output

    load(project, JANUARY, "2024-01-31")
    code, told = cx()
    assert code == 3
    assert "keeps no histories yet: rebuild them there" in told
    first = "2024-01-01 to 2024-01-31: customers 2, transactions 3, files 1\n"
    assert cx("--rebuild") == (0, first)
    load(project, ["b,2024-02-03,1,"], "2024-02-03")
    code, told = cx()
    assert code == 0
    assert "2024-01-01 to 2024-02-03: customers 2, transactions 4, files 2" in told
    assert "2024-02-01 to 2024-02-02: no transaction. If a file is missing" in told
    code, told = cx()
    assert code == 3
    assert "rows of 2024-02-03 or before: 1" in told
