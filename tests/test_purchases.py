import datetime as dt

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import purchases

AS_OF = dt.date(2024, 3, 1)


def frame(rows) -> nw.LazyFrame:
    """Transactions (customer, ISO date, amount) as a lazy frame over a DuckDB relation."""
    table = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    table["date"] = pd.to_datetime(table["date"])
    query = "select customer_id, date::date as date, amount::double as amount from shop"
    return nw.from_native(duckdb.connect().from_df(table).query("shop", query))


def histories(rows, as_of=AS_OF) -> pd.DataFrame:
    table = purchases.customer_table(purchases.purchase_histories(frame(rows), as_of))
    return table.set_index("customer_id")


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
    assert purchases.count_after(frame(SHOP), AS_OF) == 2
    assert purchases.count_after(frame(SHOP), dt.date(2024, 3, 2)) == 0


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
    lazy = purchases.purchase_histories(frame(shop), AS_OF)
    distinct = purchases.distinct_histories(lazy)
    each = purchases.customer_table(lazy)
    keys = ["frequency", "recency_days", "T_days"]
    assert distinct["customers"].sum() == len(each)
    expected = each.groupby(keys).size()
    pd.testing.assert_series_equal(
        distinct.set_index(keys)["customers"], expected, check_names=False
    )
    assert distinct["T_weeks"].tolist() == (distinct["T_days"] / 7).tolist()


def test_repeat_purchases_in_a_window():
    window = {"after": dt.date(2024, 1, 1), "until": dt.date(2024, 3, 1)}
    found = purchases.repeat_purchases(frame(SHOP), **window).collect(backend="pandas").to_native()
    assert dict(zip(found["customer_id"], found["purchases"], strict=True)) == {"007": 3, "gift": 1}


def test_holdout_table():
    found = purchases.holdout_table(frame(SHOP), dt.date(2024, 1, 31), dt.date(2024, 2, 29))
    # Only the two who had bought by then; 007 bought on 11 January, and on 1 and 20 February.
    assert found["customer_id"].tolist() == ["007", "once"]
    assert found["purchases"].tolist() == [2, 0]
    assert found["previous"].tolist() == [1, 0]
    assert found["frequency"].tolist() == [1, 0]


def test_weekly_repeat_purchases():
    found = purchases.weekly_repeat_purchases(
        frame(SHOP), cohort_until=dt.date(2024, 2, 1), until=dt.date(2024, 3, 2)
    )
    # 63 days from 31 December to 2 March: nine weeks, the last from 25 February on.
    assert found["week"].tolist() == list(range(1, 10))
    assert found["ends"].iloc[-1] == dt.date(2024, 3, 2)
    assert found["purchases"].tolist() == [0, 1, 0, 0, 1, 0, 0, 1, 1]
    later = purchases.weekly_repeat_purchases(
        frame(SHOP), cohort_until=dt.date(2024, 3, 2), until=dt.date(2024, 3, 2)
    )
    assert later["purchases"].sum() == found["purchases"].sum() + 1


@pytest.mark.parametrize(
    ("as_of", "expected"), [("", dt.date(2024, 3, 1)), ("2024-02-29", dt.date(2024, 2, 29))]
)
def test_analysis_date(as_of, expected):
    assert purchases.analysis_date(as_of, dt.date(2023, 1, 1), dt.date(2024, 3, 1)) == expected


@pytest.mark.parametrize("as_of", ["2024-03-02", "2022-12-31", "2024-02-30", "03/01/2024"])
def test_a_wrong_analysis_date_names_the_parameter(as_of):
    with pytest.raises(ValueError, match=r"^as_of: "):
        purchases.analysis_date(as_of, dt.date(2023, 1, 1), dt.date(2024, 3, 1))
