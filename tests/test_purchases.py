import datetime as dt
from collections import Counter

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


def test_first_spend_and_days_that_refunds_bring_below_zero():
    # Days: 50 - 10 = 40 first, then 20, then a net refund of 5, then 30 - 30 = 0 up to rounding.
    rows = [("a", "2024-01-01", 50.0), ("a", "2024-01-01", -10.0), ("a", "2024-01-05", 20.0)]
    rows += [("a", "2024-01-09", -5.0)]
    rows += [("a", "2024-01-12", amount) for amount in (0.1, 0.2, -0.3)]
    money = ["first_spend", "total_spend", "spend_days", "mean_spend", "zero_days"]
    assert histories(rows).loc["a", money].tolist() == [40, 55, 1, 20, 2]
    # A first day that brought nothing takes nothing from the days after it.
    rows = [("a", "2024-01-01", -10.0), ("a", "2024-01-05", 20.0)]
    assert histories(rows).loc["a", money].tolist() == [-10, 10, 1, 20, 1]


@pytest.mark.parametrize("day", ["1700-03-01", "1999-12-31", "2020-12-31", "2024-02-29"])
def test_the_first_day_keeps_its_money(day):
    amounts = [0.01, -0.01, 0.0, 123456789.123456, 9e15, -9e15, 1099511.627776, -1099511.627776]
    ids = [f"customer {number}" for number in range(len(amounts))]
    first = pd.DataFrame({"customer_id": ids, "date": pd.Timestamp(day), "amount": amounts})
    later = first.assign(date=pd.Timestamp("2024-03-01"), amount=7.0)
    found = histories(pd.concat([later, first]))
    assert found["first_spend"].tolist() == amounts
    days = (pd.Timestamp("2024-03-01") - pd.Timestamp(day)).days
    assert set(found["T_days"]) == set(found["recency_days"]) == {days}
    assert found["spend_days"].tolist() == [1] * len(amounts)
    # A day of 9e15 is a float: what is left of it is known to a unit.
    assert found["mean_spend"].tolist() == pytest.approx([7.0] * len(amounts), abs=1)
    assert found["mean_spend"].tolist()[:4] == [7.0] * 4


def test_money_may_be_another_column():
    shop = random_shop(4)
    lazy = frame(shop).with_columns(margin=nw.col("amount") * 0.25)
    margins = purchases.customer_table(purchases.purchase_histories(lazy, AS_OF, money="margin"))
    quarter = purchases.purchase_histories(
        frame(shop.assign(amount=shop["amount"] / 4)), AS_OF
    ).pipe(purchases.customer_table)
    pd.testing.assert_frame_equal(margins, quarter)


def test_attributes_are_those_of_the_first_purchase_day():
    rows = pd.DataFrame(
        [
            ("a", "2024-01-02", "web", 3.0),
            ("a", "2024-01-01", "shop", 2.0),
            ("a", "2024-01-01", "phone", 5.0),
            ("a", "2024-01-01", None, 9.0),
            ("b", "2024-01-01", None, 1.0),
            ("b", "2024-01-02", "shop", 1.0),
        ],
        columns=["customer_id", "date", "first", "basket"],
    )
    rows["date"] = pd.to_datetime(rows["date"])
    query = "select * replace (date::date as date), 1.0 as amount from shop"
    lazy = nw.from_native(duckdb.connect().from_df(rows).query("shop", query))
    found = purchases.purchase_histories(lazy, AS_OF, attributes=["first", "basket"])
    table = purchases.customer_table(found)
    assert table["first"].fillna("missing").tolist() == ["phone", "missing"]
    assert table["basket"].tolist() == [2, 1]
    distinct = purchases.distinct_histories(found, ["basket"])
    assert distinct[["frequency", "basket", "customers"]].to_numpy().tolist() == [
        [1, 1, 1],
        [1, 2, 1],
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


def test_row_order_changes_nothing_of_large_money():
    rng = np.random.default_rng(6)
    shop = pd.concat([random_shop(6)] * 3, ignore_index=True)
    cents = rng.integers(10**11, 10**13, len(shop))
    shop["amount"] = cents / 100
    found = histories(shop)
    again = histories(shop.sample(frac=1, random_state=7))
    pd.testing.assert_frame_equal(found, again, check_exact=True)
    # Whole cents are summed without any error: amounts are within 7 millionths of them.
    total = pd.Series(cents).groupby(shop["customer_id"]).sum()
    seen = shop["date"] <= pd.Timestamp(AS_OF)
    assert seen.all()
    assert (100 * found["total_spend"]).round().astype("int64").tolist() == total.tolist()


def test_money_that_is_taken_back_leaves_nothing():
    # 1e11 less itself, in another order on each day; 0.1 + 0.2 - 0.3 is not zero in floats.
    large = [1e11 + 0.01, 0.02, -1e11 - 0.01, -0.02]
    days = [large, large[::-1], [0.1, 0.2, -0.3], [-0.3, 0.2, 0.1], [0.1, 0.2]]
    rows = [("a", f"2024-01-0{1 + n}", paid) for n, day in enumerate(days) for paid in day]
    money = ["first_spend", "total_spend", "spend_days", "mean_spend", "zero_days"]
    assert histories(rows).loc["a", money].tolist() == [0, 0.3, 1, 0.3, 4]
    months = purchases.spend_by_month(frame(rows), AS_OF)
    assert months[["days", "spend"]].to_numpy().tolist() == [[1, 0.3]]


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


def test_backtest_table_by_hand():
    found = purchases.backtest_table(frame(SHOP), dt.date(2024, 1, 31), dt.date(2024, 2, 29))
    columns = ["frequency", "recency_days", "T_days", "previous", "purchases", "customers"]
    # once bought on 31 December only; 007 on 1 and 11 January, and on 1 and 20 February.
    assert found[columns].to_numpy().tolist() == [[0, 0, 31, 0, 0, 1], [1, 10, 30, 1, 2, 1]]


def test_backtest_table_counts_what_a_walk_over_the_days_counts():
    shop = random_shop(5)
    fitted_at, until = dt.date(2023, 11, 1), dt.date(2023, 12, 20)
    before = fitted_at - (until - fitted_at)
    expected = []
    for _, dates in shop.groupby("customer_id")["date"]:
        days = sorted(set(dates.dt.date))
        known = [day for day in days if day <= fitted_at]
        if not known:
            continue
        expected.append(
            (
                len(known) - 1,
                (known[-1] - known[0]).days,
                (fitted_at - known[0]).days,
                sum(day > before for day in known[1:]),
                sum(fitted_at < day <= until for day in days),
            )
        )
    found = purchases.backtest_table(frame(shop), fitted_at, until)
    counts = found.set_index(list(found.columns[:5]))["customers"].to_dict()
    assert counts == Counter(expected)
    assert found["T_weeks"].tolist() == (found["T_days"] / 7).tolist()


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


def test_gaps_by_hand():
    # 007 bought on 1 and 11 January, 1 and 20 February; gift on two days running.
    last = purchases.last_gaps(frame(SHOP), AS_OF)
    assert last.to_dict("list") == {
        "earlier_gap_days": [21],
        "later_gap_days": [19],
        "customers": [1],
    }
    gaps = purchases.gap_days(frame(SHOP), AS_OF)
    assert gaps.to_dict("list") == {"gap_days": [1, 10, 19, 21], "gaps": [1, 1, 1, 1]}


def test_spend_sums_by_hand():
    # Repeat purchase days with an amount: 007's 12 of 11 January and 30 of 20 February.
    months = purchases.spend_by_month(frame(SHOP), AS_OF)
    assert months["month"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")]
    assert months[["customers", "days", "spend"]].to_numpy().tolist() == [[1, 1, 12], [1, 1, 30]]
    products = months[["days_days", "days_spend", "spend_spend"]]
    assert products.to_numpy().tolist() == [[1, 12, 144], [1, 30, 900]]
    sums = purchases.spend_trend_sums(frame(SHOP), AS_OF)
    half = 20 / 365.2425
    xx, xy = 2 * half**2, half * np.log(30 / 12)
    expected = [1, 2, xx, xy, xx * xx, xx * xy, xy * xy]
    names = ["customers", "days", "xx", "xy", "xx_xx", "xx_xy", "xy_xy"]
    assert sums[names].tolist() == pytest.approx(expected)
    nobody = purchases.spend_trend_sums(frame(SHOP[-1:]), AS_OF)
    assert nobody[names].tolist() == 7 * [0]


def test_gaps_and_spend_sums_are_those_of_pandas():
    rng = np.random.default_rng(3)
    day = pd.to_datetime(rng.integers(0, 800, size=2000), unit="D", origin="2022-01-01")
    rows = pd.DataFrame({"customer_id": rng.integers(0, 150, size=2000).astype(str), "date": day})
    rows["amount"] = np.round(rng.gamma(2, 20, size=2000) * rng.binomial(1, 0.9, size=2000), 2)
    until = dt.date(2024, 3, 1)
    days = rows[rows["date"] <= str(until)].groupby(["customer_id", "date"]).sum().reset_index()
    gap = days.groupby("customer_id")["date"].diff().dt.days
    found = purchases.gap_days(frame(rows), until).set_index("gap_days")["gaps"]
    assert found.to_dict() == gap.value_counts().to_dict()
    before = gap.groupby(days["customer_id"]).shift(1)
    last = pd.DataFrame({"earlier": before, "later": gap}).groupby(days["customer_id"]).tail(1)
    expected = Counter(last.dropna().astype(int).itertuples(index=False, name=None))
    counted = purchases.last_gaps(frame(rows), until)
    columns = ["earlier_gap_days", "later_gap_days"]
    assert counted.set_index(columns)["customers"].to_dict() == expected
    paid = days[gap.notna() & (days["amount"] > 0)]
    months = purchases.spend_by_month(frame(rows), until).set_index("month")
    by_month = paid.groupby([paid["date"].dt.to_period("M").dt.start_time, "customer_id"])["amount"]
    totals = by_month.sum()
    assert months["spend"].to_numpy() == pytest.approx(totals.groupby(level=0).sum().to_numpy())
    squares = (totals**2).groupby(level=0).sum().to_numpy()
    assert months["spend_spend"].to_numpy() == pytest.approx(squares)
    assert months["customers"].tolist() == totals.groupby(level=0).size().tolist()


def test_money_of_the_known_customers_by_hand():
    rows = [("a", "2024-01-01", 5.0), ("a", "2024-02-10", 7.0), ("a", "2024-03-10", 9.0)]
    shop = frame([*rows, ("new", "2024-02-05", 100.0), ("new", "2024-02-20", 50.0)])
    window = dt.date(2024, 1, 31), dt.date(2024, 2, 29)
    assert purchases.repeat_money(shop, *window) == pytest.approx(7.0)
    assert purchases.repeat_money(shop, dt.date(2023, 1, 1), dt.date(2023, 6, 1)) == 0


def lazy(rows) -> nw.LazyFrame:
    return purchases.purchase_histories(frame(rows), AS_OF)


@pytest.mark.parametrize(
    ("amounts", "above"),
    [
        ([5.0], []),
        ([5.0, 5.0, 5.0], []),
        ([1.0, 5.0, 5.0, 9.0], ["d"]),
        ([1.0, 5.0, 9.0], ["c"]),
        # The median is 6, between the two in the middle.
        ([1.0, 5.0, 7.0, 9.0], ["c", "d"]),
    ],
)
def test_first_basket_above_the_median_of_the_customers(amounts, above):
    days = [(who, "2024-01-01", paid) for who, paid in zip("abcd", amounts, strict=False)]
    # What comes after the first day plays no part.
    days.append(("a", "2024-01-02", 1000.0))
    found = purchases.customer_table(purchases.with_first_basket(lazy(days)))
    baskets = found.set_index("customer_id")["first_basket"]
    assert set(baskets) <= {"above the median", "up to the median"}
    assert baskets.index[baskets == "above the median"].tolist() == above


def test_zero_days_are_those_of_zero_or_less():
    # gift's two days of nothing, 007's one, and a day that its refunds bring below zero.
    rows = [*SHOP, ("007", "2024-02-25", 5.0), ("007", "2024-02-25", -6.0)]
    assert purchases.count_zero_days(lazy(SHOP)) == 3
    assert purchases.count_zero_days(lazy(rows)) == 4
    assert purchases.count_zero_days(lazy([("a", "2024-01-01", 1.0)])) == 0


def test_distinct_spend_by_hand():
    same = [("a", "2024-01-01", 1.0), ("a", "2024-01-02", 10.0), ("a", "2024-01-03", 20.0)]
    # b has another first amount and other days, but the same mean of two; c paid nothing again.
    same += [("b", "2023-01-01", 7.0), ("b", "2023-01-02", 12.0), ("b", "2023-01-09", 18.0)]
    same += [("c", "2024-01-01", 1.0), ("c", "2024-01-02", 0.0)]
    found = purchases.distinct_spend(lazy([*SHOP, *same]))
    assert found.to_dict("list") == {
        "frequency": [2, 3],
        "spend_days": [2, 2],
        "mean_spend": [15, 21],
        "customers": [2, 1],
    }
