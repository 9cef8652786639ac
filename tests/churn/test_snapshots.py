"""Snapshots: features know nothing of what came after the cut-off, labels nothing of before it."""

import datetime as dt
import json

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import PROJECT, churn, engine, sources, tables
from cxlib.inference import ParameterError, proportion_interval

RETAIL = PROJECT.parent / "shared/data/online_retail/online_retail_even_customers.csv.gz"

MONTH = 365.2425 / 12


def day(number):
    """Day of 2024: 1 is the first of January."""
    return dt.date(2023, 12, 31) + dt.timedelta(days=int(number))


def lent(rows, columns):
    frame = pd.DataFrame(rows, columns=columns)
    dates = [name for name in ("date", "started", "ended", "month") if name in frame]
    return engine.lend(frame.astype(dict.fromkeys(dates, "object")))


def shop(rows):
    return lent(
        [(who, day(number), amount, city) for who, number, amount, city in rows],
        ["customer_id", "date", "amount", "city"],
    )


def at(found, cutoff):
    table = found.frame.collect("pandas").to_native()
    same = pd.to_datetime(table["cutoff"]) == pd.Timestamp(cutoff)
    return table[same].set_index("customer_id").sort_index()


SHOP = [
    ("buys on", 1, 10.0, "Ghent"),
    ("buys on", 11, 5.0, "Ghent"),
    ("buys on", 11, 7.5, "Aalst"),
    ("buys on", 17, 0.1, "Ghent"),
    ("buys on", 31, 99.0, "Bruges"),  # the day after the first horizon begins
    ("stops", 20, 30.0, "Ghent"),
    ("silent", 10, 8.0, "Ghent"),  # ten days before the first cut-off: silent
    ("comes", 21, 8.0, "Ghent"),
    ("comes", 40, 8.0, "Ghent"),
    ("stops", 31, -1.0, "Ghent"),
]


def test_purchase_features_by_hand():
    found = churn.snapshots(
        shop(SHOP), horizon_days=10, complete_to=day(40), cutoffs=2, attributes=["city"]
    )
    assert found.kind == "purchases"
    first = at(found, day(20))
    assert list(first.index) == ["buys on", "stops"]
    regular = first.loc["buys on"]
    expected = {
        "churned": True,
        "days_since_last": 3,
        "days_since_first": 19,
        "purchase_days": 3,
        "months_active": 1,
        "spend_per_purchase_day": 22.6 / 3,
        "spend_of_first_day": 10,
        "mean_gap_days": 8,
        "sd_gap_days": np.std([10, 6], ddof=1),
        "silence_in_gaps": 3 / 8,
        # The last 5 days are 16 to 20, the last 10 are 11 to 20, the last 20 are 1 to 20.
        "purchases_last_5_days": 1,
        "spend_last_5_days": 0.1,
        "purchases_last_10_days": 2,
        "spend_last_10_days": 12.6,
        "purchases_last_20_days": 3,
        "spend_last_20_days": 22.6,
        "purchases_change_5_days": 0,
        "spend_change_5_days": 0.1 - 12.5,
        "city": "Ghent",
    }
    assert list(regular.index) == ["cutoff", *expected]
    words = {name: regular[name] for name in ("churned", "city")}
    assert words == {name: expected.pop(name) for name in words}
    assert regular[list(expected)].astype(float).to_dict() == pytest.approx(expected, abs=1e-12)
    assert first.loc["stops", ["mean_gap_days", "sd_gap_days", "silence_in_gaps"]].isna().all()


def test_purchase_labels_by_hand():
    found = churn.snapshots(
        shop(SHOP), horizon_days=10, complete_to=day(41), cutoffs=9, keep=engine.keep
    )
    # 21 to 30 is the horizon of day 20, were it a cut-off; these are 11, 21, 31 and 41.
    assert at(found, day(11))["churned"].to_dict() == {"buys on": False, "silent": True}
    assert at(found, day(21))["churned"].to_dict() == {
        "buys on": False,
        "comes": True,
        "stops": False,
    }
    assert at(found, day(31))["churned"].to_dict() == {
        "buys on": True,
        "stops": True,
    }
    assert at(found, day(41))["churned"].isna().all()
    assert found.cutoffs["role"].tolist() == ["train", "train", "test", "now"]
    table = found.cutoffs.set_index("cutoff").loc[pd.Timestamp(day(31))]
    assert (table["customers"], table["churned"], table["left_out"]) == (2, 2, 2)
    assert table["why_left_out"] == "not yet bought 0, silent 2"
    wilson = proportion_interval(2, 2)
    assert (table["rate"], table["low"], table["high"]) == (1, wilson.low, wilson.high)
    assert found.cutoffs["not_yet_known"].tolist() == [0, 0, 0, len(at(found, day(41)))]
    assert "3 of the 9 cut-offs" in found.note


def random_shop(seed, first=1, last=400, rows=1500):
    rng = np.random.default_rng(seed)
    return [
        (f"c{rng.integers(90)}", rng.integers(first, last + 1), rng.integers(1, 99) / 10, town)
        for town in rng.choice(["Ghent", "Aalst"], rows)
    ]


def test_nothing_after_a_cutoff_changes_its_rows():
    terms = {"horizon_days": 30, "complete_to": day(370), "attributes": ["city"], "cutoffs": 2}
    whole = random_shop(1)
    cutoff = day(310)
    before = at(churn.snapshots(shop(whole), keep=engine.keep, **terms), cutoff)
    past = [row for row in whole if row[1] <= 310]
    other = churn.snapshots(shop(past + random_shop(2, first=311)), keep=engine.keep, **terms)
    after = at(other, cutoff)
    assert len(before) > 50
    pd.testing.assert_frame_equal(before.drop(columns="churned"), after.drop(columns="churned"))
    assert (before["churned"] != after["churned"]).any()
    # What comes after the horizon does not change the label either.
    until = [row for row in whole if row[1] <= 340]
    last = churn.snapshots(shop(until + random_shop(3, first=341)), keep=engine.keep, **terms)
    pd.testing.assert_frame_equal(before, at(last, cutoff))


def test_order_of_rows_and_keeping_change_nothing():
    rows, terms = random_shop(4), {"horizon_days": 45, "complete_to": day(400), "cutoffs": 2}
    first = churn.snapshots(shop(rows), **terms).labelled()
    shuffled = [rows[i] for i in np.random.default_rng(5).permutation(len(rows))]
    second = churn.snapshots(shop(shuffled), keep=engine.keep, **terms).labelled()
    pd.testing.assert_frame_equal(first, second)
    assert first.sort_values(["cutoff", "customer_id"]).index.tolist() == list(range(len(first)))


def test_another_engine_gives_the_same():
    rows = random_shop(9)
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "amount", "city"])
    frame = frame.assign(date=[pd.Timestamp(day(number)) for number in frame["date"]])
    terms = {"horizon_days": 30, "attributes": ["city"], "cutoffs": 1}
    found, other = (
        churn.snapshots(lazy, **terms).labelled()
        for lazy in (shop(rows), nw.from_native(frame).lazy())
    )
    found, other = (one.assign(cutoff=pd.to_datetime(one["cutoff"])) for one in (found, other))
    other = other.reset_index(drop=True)
    pd.testing.assert_frame_equal(found, other, check_dtype=False, rtol=1e-12)


def test_windows_name_each_feature_and_end_at_the_cutoff():
    terms = {"horizon_days": 30, "attributes": ["city"], "cutoffs": 1}
    found = churn.snapshots(shop(random_shop(6)), **terms)
    columns = found.frame.collect_schema().names()
    assert found.windows["feature"].tolist() == [
        *[name for name in columns if name not in ("customer_id", "cutoff", "churned")]
    ]
    assert (found.windows["last_day"] == 0).all()
    first_days = found.windows.set_index("feature")["first_day"]
    assert first_days["spend_last_30_days"] == first_days["spend_change_15_days"] == -29


PEOPLE = [
    ("leaves", 1, 75, "north"),
    ("leaves at once", 1, 70, "north"),
    ("left", 1, 40, "north"),
    ("leaves late", 31, 101, "south"),
    ("stays", 31, None, "south"),
    ("joins", 90, None, "south"),
]


def contracts(people=PEOPLE):
    rows = [
        (who, day(started), None if ended is None else day(ended), region, 1.0)
        for who, started, ended, region in people
    ]
    return lent(rows, ["customer_id", "started", "ended", "region", "discount"])


def test_contracts_by_hand():
    found = churn.snapshots(
        contracts(), horizon_days=30, complete_to=day(130), cutoffs=2, fixed=["region"]
    )
    assert found.kind == "contracts"
    first, second, now = (at(found, day(number)) for number in (70, 100, 130))
    # A contract that ends on the cut-off is over; the horizon of day 70 is days 71 to 100.
    assert first["churned"].to_dict() == {"leaves": True, "leaves late": False, "stays": False}
    assert second["churned"].to_dict() == {"joins": False, "leaves late": True, "stays": False}
    assert now.index.tolist() == ["joins", "stays"]
    assert now["churned"].isna().all()
    assert first["tenure_months"].to_dict() == pytest.approx(
        {"leaves": 69 / MONTH, "leaves late": 39 / MONTH, "stays": 39 / MONTH}
    )
    assert list(first) == ["cutoff", "churned", "tenure_months", "region"]
    assert "discount" in found.note
    assert found.cutoffs["why_left_out"].tolist() == [
        "not yet started 1, ended before 2",
        "not yet started 0, ended before 3",
        "not yet started 0, ended before 4",
    ]
    assert found.cutoffs["customers"].tolist() == [3, 3, 2]
    assert found.current.collect("pandas").to_native()["customer_id"].sort_values().tolist() == [
        "joins",
        "stays",
    ]


def test_a_horizon_that_is_not_over_gives_no_label():
    # Cut-offs are days 21, 51 and 81: at 111 nobody is known to have stayed.
    people = [("stays", 1, None, "north"), ("left", 1, 60, "north")]
    found = churn.snapshots(contracts(people), horizon_days=30, complete_to=day(111), cutoffs=5)
    labelled = found.labelled()
    assert pd.to_datetime(labelled["cutoff"]).max() == pd.Timestamp(day(81))
    assert labelled["churned"].tolist() == [False, False, True, False, False]


def test_no_cutoff_before_leavers_are_observed():
    terms = {"horizon_days": 30, "complete_to": day(130), "cutoffs": 9}
    assert len(churn.snapshots(contracts(), **terms).cutoffs) == 5
    found = churn.snapshots(contracts(), observed_from=day(70), **terms)
    assert found.cutoffs["cutoff"].min() == pd.Timestamp(day(70))
    assert "2 of the 9" in found.note
    late = churn.snapshots(contracts(), observed_from=day(71), **terms)
    assert late.cutoffs["cutoff"].min() == pd.Timestamp(day(100))


def bills(rows):
    return lent(
        [
            (who, dt.date(2023 + number // 12, number % 12 + 1, 1), *rest)
            for who, number, *rest in rows
        ],
        ["customer_id", "month", "revenue", "plan", "calls"],
    )


BILLS = [
    *[("stays", number, 10.0, "basic", 2.0) for number in range(11)],
    *[("stays", number, 12.0, "plus", 5.0) for number in range(11, 15)],
    ("stays", 15, 99.0, "max", 77.0),
    ("leaves late", 13, 7.0, "basic", None),
    ("leaves late", 14, 7.0, "basic", 1.0),
]


def test_months_count_when_they_are_over():
    # Number 0 is January 2023, so 14 is March 2024; its last day is day 91 of the year.
    terms = {"months": bills(BILLS), "horizon_days": 30, "cutoffs": 1}
    eve = at(churn.snapshots(contracts(), complete_to=day(120), **terms), day(90)).loc["stays"]
    assert (eve["revenue"], eve["plan"], eve["calls"]) == (12, "plus", 5)
    # February 2024 (13), against November (10) and February 2023 (1); the price rose in 11.
    assert (eve["revenue_change_3_months"], eve["revenue_change_12_months"]) == (2, 2)
    assert (eve["months_since_revenue_change"], eve["calls_change_3_months"]) == (2, 3)
    over = at(churn.snapshots(contracts(), complete_to=day(121), **terms), day(91))
    stays = over.loc["stays"]
    assert (stays["revenue_change_3_months"], stays["months_since_revenue_change"]) == (0, 3)
    late = over.loc["leaves late"]
    assert (late["revenue"], late["calls"]) == (7, 1)
    unknown = ["revenue_change_3_months", "months_since_revenue_change", "calls_change_3_months"]
    assert late[unknown].isna().all()
    assert over.loc["joins", ["revenue", "plan"]].isna().all()


def test_later_months_and_ends_change_no_features():
    rng = np.random.default_rng(7)
    people = [
        (
            f"c{i}",
            rng.integers(1, 300),
            None if rng.random() < 0.4 else 300 + rng.integers(150),
            "x",
        )
        for i in range(60)
    ]
    rows = [
        (who, month, float(rng.integers(5, 9)), "p", float(rng.integers(9)))
        for who, *_ in people
        for month in range(12, 28)
    ]
    terms = {"horizon_days": 60, "complete_to": day(450), "cutoffs": 2}
    found = at(churn.snapshots(contracts(people), months=bills(rows), **terms), day(390))
    # Day 390 is 24 January 2025: the last month that is over is number 23.
    changed = [
        (who, month, *((revenue, plan, calls) if month <= 23 else (1e6, "q", -1.0)))
        for who, month, revenue, plan, calls in rows
    ]
    moved = [
        (who, started, ended if ended is None or ended <= 390 else 391, region)
        for who, started, ended, region in people
    ]
    other = at(churn.snapshots(contracts(moved), months=bills(changed), **terms), day(390))
    assert len(found) > 20
    pd.testing.assert_frame_equal(found.drop(columns="churned"), other.drop(columns="churned"))


def test_one_snapshot_is_taken_as_it_is(small_company):
    frame = small_company(1).astype({"customer_id": "str"})
    found = churn.snapshots(engine.lend(frame), horizon_days=30)
    assert (found.kind, found.horizon_days) == ("one snapshot", 0)
    pd.testing.assert_frame_equal(found.labelled(), frame, check_dtype=False)
    current = found.current.collect("pandas").to_native()
    assert sorted(current["customer_id"]) == sorted(frame.loc[~frame["churned"], "customer_id"])
    assert found.cutoffs["churned"].tolist() == [frame["churned"].sum()]
    assert found.windows["feature"].tolist() == ["tenure_months", "monthly_charges", "plan"]
    assert found.windows[["first_day", "last_day"]].isna().all(axis=None)


def test_snapshots_become_a_model_table():
    found = churn.snapshots(shop(random_shop(8)), horizon_days=20, keep=engine.keep)
    labelled = found.labelled()
    table = churn.features(labelled)
    assert set(table.X) <= set(found.windows["feature"])
    assert table.cutoff.dtype == "datetime64[D]"
    assert table.customer_id.tolist() == labelled["customer_id"].tolist()
    assert (table.churned == labelled["churned"]).all()


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"horizon_days": 1}, "two days are the least"),
        ({"horizon_days": 10, "cutoffs": 0}, "cutoffs: 0"),
        # Days 1 to 41: a window of 21 before and after a cut-off needs 42.
        ({"horizon_days": 21}, "20 days lie between"),
    ],
)
def test_what_cannot_be_had_is_refused(terms, message):
    with pytest.raises(ParameterError, match=message):
        churn.snapshots(shop(SHOP), complete_to=day(41), **terms)


def test_contracts_need_their_last_day():
    with pytest.raises(ParameterError, match="complete_to"):
        churn.snapshots(contracts(), horizon_days=30)


@pytest.mark.skipif(not RETAIL.exists(), reason="the data of Online Retail are not here")
def test_online_retail_counted_by_hand(tmp_path, monkeypatch):
    """Customers, labels and some features straight from the file, by pandas."""
    entry = (
        f'[transactions]\nuri = {json.dumps(str(RETAIL))}\ndate_format = "%Y-%m-%d %H:%M"\n'
        'complete_to = 2011-12-09\nzero_amounts = "exclude"\nrefunds = "exclude"\n'
        'repeats = "keep"\n'
        '[transactions.columns]\ncustomer_id = "CustomerID"\ndate = "InvoiceDate"\n'
        'quantity = "Quantity"\nunit_price = "UnitPrice"\n'
    )
    (tmp_path / "sources.toml").write_text(entry, encoding="utf-8")
    for module in (sources, tables):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    table = tables.load("transactions", "sources.toml")
    found = churn.snapshots(
        table.frame, horizon_days=90, complete_to=table.complete_to, keep=table.keep
    )
    assert [str(each.date()) for each in found.cutoffs["cutoff"]] == [
        "2011-03-14",
        "2011-06-12",
        "2011-09-10",
        "2011-12-09",
    ]
    rows = pd.read_csv(RETAIL, dtype={"CustomerID": str}, parse_dates=["InvoiceDate"])
    rows = rows[rows["CustomerID"].notna() & (rows["Quantity"] * rows["UnitPrice"] > 0)]
    date, who = rows["InvoiceDate"].dt.normalize(), rows["CustomerID"]
    cutoff = pd.Timestamp("2011-06-12")
    before = (date <= cutoff) & (date > cutoff - pd.Timedelta(days=90))
    after = (date > cutoff) & (date <= cutoff + pd.Timedelta(days=90))
    active, back = set(who[before]), set(who[after])
    ours = at(found, cutoff)
    assert set(ours.index) == active
    assert set(ours.index[ours["churned"].astype(bool)]) == active - back
    spend = (rows["Quantity"] * rows["UnitPrice"])[before].groupby(who[before]).sum()
    assert ours["spend_last_90_days"].to_dict() == pytest.approx(spend.to_dict())
    days = date[date <= cutoff].groupby(who[date <= cutoff]).nunique()
    assert (ours["purchase_days"] == days[ours.index]).all()
