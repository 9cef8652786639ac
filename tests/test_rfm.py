import datetime as dt
import itertools

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import rfm

AS_OF = dt.date(2024, 3, 1)


def frame(rows) -> nw.LazyFrame:
    """Transactions (customer, ISO date, amount) as a lazy frame over a DuckDB relation."""
    table = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    table["date"] = pd.to_datetime(table["date"])
    query = "select customer_id, date::date as date, amount::double as amount from shop"
    return nw.from_native(duckdb.connect().from_df(table).query("shop", query))


def histories(rows, as_of=AS_OF) -> pd.DataFrame:
    return rfm.customer_table(rfm.purchase_histories(frame(rows), as_of)).set_index("customer_id")


SHOP = [
    ("007", "2024-01-01", 10.0),
    ("007", "2024-01-11", 5.0),
    ("007", "2024-01-11", 7.0),
    ("007", "2024-02-01", 0.0),
    ("007", "2024-02-20", 30.0),
    ("007", "2024-03-02", 99.0),
    ("once", "2023-12-31", 4.0),
    ("late", "2024-03-02", 4.0),
    ("gift", "2024-02-28", 0.0),
    ("gift", "2024-02-29", 0.0),
]


def test_histories_by_hand():
    found = histories(SHOP)
    assert list(found.index) == ["007", "gift", "once"]
    # Purchase days 1 and 11 January, 1 and 20 February 2024; 2024 is a leap year.
    regular = found.loc["007"]
    assert regular[["frequency", "recency_days", "T_days", "days_since_last"]].tolist() == [
        3,
        50,
        60,
        10,
    ]
    assert regular[["total_spend", "spend_days", "mean_spend", "zero_days"]].tolist() == [
        52,
        2,
        21,
        1,
    ]
    assert regular["recency_weeks"] == pytest.approx(50 / 7)
    once = found.loc["once"]
    assert once[["frequency", "recency_days", "T_days", "spend_days"]].tolist() == [0, 0, 61, 0]
    assert np.isnan(once["mean_spend"])
    gift = found.loc["gift"]
    assert gift[["frequency", "T_days", "total_spend", "spend_days", "zero_days"]].tolist() == [
        1,
        2,
        0,
        0,
        2,
    ]


def test_transactions_after_the_date_are_counted():
    assert rfm.count_after(frame(SHOP), AS_OF) == 2
    assert rfm.count_after(frame(SHOP), dt.date(2024, 3, 2)) == 0


def random_shop(seed) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = 5000
    day = pd.Timestamp("2023-06-01") + pd.to_timedelta(rng.integers(0, 250, n), unit="D")
    ids = [f"{number:05d}" for number in rng.integers(0, 700, n)]
    amounts = rng.integers(0, 9999, n) / 100
    return pd.DataFrame({"customer_id": ids, "date": day, "amount": amounts})


def test_row_order_changes_nothing_at_all():
    shop = random_shop(1)
    found = histories(shop)
    again = histories(shop.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(found, again, check_exact=True)


def test_relabelled_customers_and_another_currency():
    shop = random_shop(2)
    found = histories(shop)
    renamed = histories(shop.assign(customer_id="x" + shop["customer_id"]))
    assert renamed.index.tolist() == ["x" + name for name in found.index]
    pd.testing.assert_frame_equal(found, renamed.set_axis(found.index), check_exact=True)
    scaled = histories(shop.assign(amount=100 * shop["amount"]))
    for money in ("total_spend", "mean_spend"):
        assert scaled[money].to_numpy() == pytest.approx(
            100 * found[money].to_numpy(), rel=1e-7, nan_ok=True
        )
    counted = ["frequency", "recency_days", "T_days", "spend_days", "zero_days"]
    pd.testing.assert_frame_equal(found[counted], scaled[counted])


def test_distinct_histories_add_up_to_the_customers():
    shop = random_shop(3)
    lazy = rfm.purchase_histories(frame(shop), AS_OF)
    distinct = rfm.distinct_histories(lazy)
    each = rfm.customer_table(lazy)
    keys = ["frequency", "recency_days", "T_days"]
    assert distinct["customers"].sum() == len(each)
    expected = each.groupby(keys).size()
    pd.testing.assert_series_equal(
        distinct.set_index(keys)["customers"], expected, check_names=False
    )
    assert distinct["T_weeks"].tolist() == (distinct["T_days"] / 7).tolist()


def test_repeat_purchases_in_a_window():
    window = {"after": dt.date(2024, 1, 1), "until": dt.date(2024, 3, 1)}
    found = rfm.repeat_purchases(frame(SHOP), **window).collect(backend="pandas").to_native()
    assert dict(zip(found["customer_id"], found["purchases"], strict=True)) == {"007": 3, "gift": 1}


def test_holdout_table():
    found = rfm.holdout_table(frame(SHOP), dt.date(2024, 1, 31), dt.date(2024, 2, 29))
    # Only the two who had bought by then; 007 bought on 11 January, and on 1 and 20 February.
    assert found["customer_id"].tolist() == ["007", "once"]
    assert found["purchases"].tolist() == [2, 0]
    assert found["previous"].tolist() == [1, 0]
    assert found["frequency"].tolist() == [1, 0]


def test_weekly_repeat_purchases():
    found = rfm.weekly_repeat_purchases(
        frame(SHOP), cohort_until=dt.date(2024, 2, 1), until=dt.date(2024, 3, 2)
    )
    # 63 days from 31 December to 2 March: nine weeks, the last from 25 February on.
    assert found["week"].tolist() == list(range(1, 10))
    assert found["ends"].iloc[-1] == dt.date(2024, 3, 2)
    assert found["purchases"].tolist() == [0, 1, 0, 0, 1, 0, 0, 1, 1]
    later = rfm.weekly_repeat_purchases(
        frame(SHOP), cohort_until=dt.date(2024, 3, 2), until=dt.date(2024, 3, 2)
    )
    assert later["purchases"].sum() == found["purchases"].sum() + 1


@pytest.mark.parametrize(
    ("as_of", "expected"), [("", dt.date(2024, 3, 1)), ("2024-02-29", dt.date(2024, 2, 29))]
)
def test_analysis_date(as_of, expected):
    assert rfm.analysis_date(as_of, dt.date(2023, 1, 1), dt.date(2024, 3, 1)) == expected


@pytest.mark.parametrize("as_of", ["2024-03-02", "2022-12-31", "2024-02-30", "03/01/2024"])
def test_a_wrong_analysis_date_names_the_parameter(as_of):
    with pytest.raises(ValueError, match=r"^as_of: "):
        rfm.analysis_date(as_of, dt.date(2023, 1, 1), dt.date(2024, 3, 1))


def test_every_code_has_exactly_one_segment():
    codes = list(itertools.product(range(1, 6), repeat=3))
    for r, f, m in codes:
        inside = [
            segment.name
            for segment in rfm.SEGMENTS
            if segment.recency_score[0] <= r <= segment.recency_score[1]
            and segment.value_score[0] <= f + m <= segment.value_score[1]
        ]
        assert len(inside) == 1, (r, f, m, inside)
    table = pd.DataFrame(codes, columns=["R", "F", "M"])
    lazy = nw.from_native(duckdb.connect().from_df(table))
    found = lazy.with_columns(segment=rfm._segment_name())
    named = found.collect(backend="pandas").to_native().set_index(["R", "F", "M"])["segment"]
    assert named.loc[(5, 5, 5)] == "Champions"
    assert named.loc[(1, 1, 1)] == "Lost"
    assert named.loc[(2, 4, 4)] == "Cannot lose"
    assert named.value_counts().sum() == 125
    assert all(segment.meaning and segment.action for segment in rfm.SEGMENTS)


def scored(days_since_last, frequency, total_spend) -> rfm.RFM:
    table = pd.DataFrame(
        {
            "customer_id": [f"{i:03d}" for i in range(len(frequency))],
            "days_since_last": days_since_last,
            "frequency": frequency,
            "total_spend": np.asarray(total_spend, dtype=float),
        }
    )
    return rfm.rfm_scores(nw.from_native(duckdb.connect().from_df(table)))


def test_scores_are_fifths_where_nothing_ties():
    found = scored(np.arange(100), np.arange(100), np.arange(100))
    scores = found.scores.collect(backend="pandas").to_native().sort_values("customer_id")
    assert scores["F"].value_counts().to_dict() == dict.fromkeys(range(1, 6), 20)
    assert scores["R"].tolist() == [5] * 20 + [4] * 20 + [3] * 20 + [2] * 20 + [1] * 20
    assert scores["M"].tolist() == scores["F"].tolist()
    assert scores["code"].iloc[0] == 511
    # Linear interpolation of 0..99: 19.8, 39.6, ...
    assert found.cutoffs.loc["M"].tolist()[1:] == pytest.approx([19.8, 39.6, 59.4, 79.2])


def test_ties_share_a_score_and_leave_others_unused():
    found = scored(np.arange(100), [0] * 70 + [1] * 20 + [5] * 10, np.arange(100))
    scores = found.scores.collect(backend="pandas").to_native()
    # Cut-offs 0, 0, 0, 1: nobody can have 2 or 3.
    assert scores.groupby("frequency")["F"].unique().map(list).to_dict() == {0: [1], 1: [4], 5: [5]}


def test_segment_summary_adds_up_and_hides_small_groups():
    rng = np.random.default_rng(1)
    found = scored(rng.integers(0, 400, 500), rng.poisson(1, 500), rng.gamma(1, 50, 500).round(2))
    summary = rfm.segment_summary(found.scores)
    each = found.scores.collect(backend="pandas").to_native()
    assert summary["customers"].sum() == 500
    assert summary.index.tolist() == [segment.name for segment in rfm.SEGMENTS]
    name = summary["customers"].idxmax()
    inside = each["segment"] == name
    share = each.loc[inside, "total_spend"].sum() / each["total_spend"].sum()
    row = summary.loc[name]
    assert row["revenue_rate"] == pytest.approx(share)
    # The linearized variance is that of the ratio of two sums.
    residual = each["total_spend"] * (inside - share)
    error = np.sqrt(500 / 499 * (residual**2).sum()) / each["total_spend"].sum()
    margin = 1.959964 * error / (share * (1 - share))
    odds = share / (1 - share) * np.exp(margin)
    assert row["revenue_high"] == pytest.approx(odds / (1 + odds), rel=1e-6)
    few = scored(np.arange(60), np.r_[np.zeros(55), np.ones(5)], np.ones(60))
    small = rfm.segment_summary(few.scores)
    sizes = few.scores.collect(backend="pandas").to_native()["segment"].value_counts()
    little = sizes.index[sizes < 10]
    assert len(little) > 0
    assert small.loc[little].drop(columns=["meaning", "action"]).isna().all(axis=None)
    assert small["customers"].dropna().min() >= 10


def test_customers_who_spent_nothing_get_a_plain_message():
    found = scored(np.arange(50), np.arange(50), np.zeros(50))
    with pytest.raises(ValueError, match="Check which column is the amount"):
        rfm.segment_summary(found.scores)
