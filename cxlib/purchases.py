"""From transactions to customer histories: the one reduction that segments and values share.

Everything that grows with the data is a narwhals expression over the lazy frame `transactions`
(customer_id, date, amount), so the engine does it; frames stay lazy until they are reduced. Words:
`recency_days` is the literature's t_x, from the first to the last purchase day; the R of RFM is
`days_since_last`. Several purchases of a customer on one day are one purchase.
"""

import datetime as dt
from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib.calendars import Calendar, first_days, period_number
from cxlib.inference import ParameterError

MONEY_DIGITS = 6
DAYS_PER_YEAR = 365.2425
_UNITS, _MILLIONTHS = "__units", "__millionths"
_MONEY = ("spend_high", "spend_low", "unpaid_spend")
_HIGH, _LOW = "first_high", "first_low"
_ATTRIBUTE = "__attribute_"
# With its date a number stays below 2^63.
_HALF = 2**40


def analysis_date(as_of: str, first: dt.date, last: dt.date) -> dt.date:
    """The date of the analysis: `as_of` (YYYY-MM-DD), or `last` when it is empty.

    `first` and `last` bound the days the file covers. Raises ParameterError naming the parameter
    when it is no date or lies outside them.
    """
    if not as_of:
        return last
    try:
        date = dt.date.fromisoformat(as_of)
    except ValueError:
        raise ParameterError(f"as_of: {as_of!r} is not a date written YYYY-MM-DD.") from None
    if not first <= date <= last:
        raise ParameterError(
            f"as_of: {date} lies outside the days the file covers, {first} to {last}. Choose a "
            "date between them, or leave as_of empty for the last one."
        )
    return date


def count_after(transactions: nw.LazyFrame, as_of: dt.date) -> int:
    """Number of transactions after `as_of`, which no history at that date may use."""
    late = transactions.filter(nw.col("date") > nw.lit(as_of)).select(nw.len())
    return int(late.collect().item())


def purchase_histories(
    transactions: nw.LazyFrame,
    as_of: dt.date,
    *,
    money: str = "amount",
    attributes: Sequence[str] = (),
) -> nw.LazyFrame:
    """One row a customer who bought up to `as_of`; later transactions are left out.

    customer_id
    frequency        repeat purchase days: distinct days with a purchase, the first not counted
    recency_days     days from the first to the last purchase day (0 without a repeat)
    T_days           days from the first purchase day to `as_of`
    days_since_last  days from the last purchase day to `as_of`, T_days - recency_days
    total_spend      sum of `money`, the column of the transactions that holds what each brought
    first_spend      its sum on the first purchase day
    spend_days       repeat purchase days with a positive sum
    mean_spend       mean sum of those days; missing when there are none
    zero_days        purchase days (the first included) whose amounts sum to zero or less; they
                     are left out of `mean_spend` only
    and `attributes`, columns of the transactions: each as it was on the first purchase day, the
    smallest value where that day has several, missing where it has none.

    The first day stays out of `mean_spend` as it does in the Gamma-Gamma model (Fader & Hardie
    2013), where spend goes with `frequency`. Each amount counts to 6 decimals, and the sum of a day
    is exact up to 9e15 before it becomes a float, that of the days of zero or less up to 9e9: the
    order of the rows changes nothing.
    """
    sums = customer_sums(transactions, as_of, money=money, attributes=attributes)
    return histories_of_sums(sums, as_of, attributes)


def customer_sums(
    transactions: nw.LazyFrame,
    until: dt.date,
    *,
    money: str = "amount",
    attributes: Sequence[str] = (),
) -> nw.LazyFrame:
    """What `purchase_histories` needs of each customer who bought up to `until`.

    customer_id, purchase_days, unpaid_days (whose sum is zero or less) and their money, first_day
    and last_day (dates), the money of all days as two whole numbers, spend_high x 2^40 + spend_low,
    that of the first day (see `_dated_parts`) and its attributes. Money is in millionths. No date
    of analysis is in it, so the sums of two periods that share no day make those of both:
    `merged_sums`.
    """
    kept = attribute_columns(attributes)
    days = _purchase_days(
        _in_parts(transactions, money),
        until,
        nw.col(_UNITS, _MILLIONTHS).sum(),
        *(nw.col(name).min().alias(alias) for alias, name in kept.items()),
    ).with_columns(__spend=_millionths(_UNITS, _MILLIONTHS))
    high = (nw.col("__spend") / _HALF).floor()
    days = days.with_columns(spend_high=high, spend_low=nw.col("__spend") - high * _HALF)
    unpaid = nw.when(nw.col("__spend") <= 0).then("__spend")
    days = days.with_columns(unpaid_spend=unpaid, **_dated_parts())
    return days.group_by("customer_id").agg(
        nw.len().cast(nw.Int64).alias("purchase_days"),
        nw.col("unpaid_spend").count().cast(nw.Int64).alias("unpaid_days"),
        nw.col("date").min().alias("first_day"),
        nw.col("date").max().alias("last_day"),
        nw.col(*_MONEY).sum(),
        nw.col(_HIGH, _LOW).min(),
        *(nw.col(name).first(order_by="date") for name in kept),
    )


def merged_sums(earlier: nw.LazyFrame, later: nw.LazyFrame) -> nw.LazyFrame:
    """The `customer_sums` of two periods together; no day may be in both.

    Of the same columns, money and attributes. Exactly those of all transactions at once.
    """
    columns = earlier.collect_schema().names()
    whole = ("purchase_days", "unpaid_days")
    of_first_day = [one for one in columns if one.startswith(_ATTRIBUTE)]
    both = nw.concat([earlier, later.select(*columns)])
    merged = both.group_by("customer_id").agg(
        nw.col(*whole, *_MONEY).sum(),
        nw.col(_HIGH, _LOW).min(),
        nw.col("last_day").max(),
        *(nw.col(name).first(order_by=_LOW) for name in of_first_day),
        nw.col("first_day").min(),
    )
    # A sum of whole numbers has a larger type.
    return merged.with_columns(nw.col(*whole).cast(nw.Int64)).select(*columns)


def histories_of_sums(
    sums: nw.LazyFrame, as_of: dt.date, attributes: Sequence[str] = ()
) -> nw.LazyFrame:
    """The `purchase_histories` at `as_of` from `customer_sums` that hold no later day."""
    # Dates become numbers only here: there are fewer customers than purchases.
    # From the dates and not from `_dated_parts`: who asks for no money needs no sum of it.
    first, last = _day_number_of("first_day"), _day_number_of("last_day")
    dated = sums.with_columns(first_day=first, last_day=last)
    as_of_day = nw.lit(as_of.toordinal())
    return dated.select(
        "customer_id",
        frequency=nw.col("purchase_days") - 1,
        recency_days=nw.col("last_day") - nw.col("first_day"),
        T_days=as_of_day - nw.col("first_day"),
        days_since_last=as_of_day - nw.col("last_day"),
        **_money_columns(),
        **{name: nw.col(alias) for alias, name in attribute_columns(attributes).items()},
    )


def attribute_columns(attributes: Sequence[str]) -> dict[str, str]:
    """Names that no column of ours has -> the attributes, whose names are the user's."""
    return {f"{_ATTRIBUTE}{number}": name for number, name in enumerate(attributes)}


def _money_columns() -> dict[str, nw.Expr]:
    unit = 10**MONEY_DIGITS
    total, first = nw.col("spend_high") * _HALF + nw.col("spend_low"), _first_millionths()
    first_paid = first > 0
    paid_days = nw.col("purchase_days") - nw.col("unpaid_days")
    spend_days = paid_days - first_paid.cast(nw.Int64)
    paid_later = total - nw.col("unpaid_spend") - nw.when(first_paid).then(first).otherwise(0.0)
    return {
        "total_spend": total / unit,
        "first_spend": first / unit,
        "spend_days": spend_days,
        "mean_spend": nw.when(spend_days > 0).then(
            (paid_later / unit / spend_days).round(MONEY_DIGITS)
        ),
        "zero_days": nw.col("unpaid_days"),
    }


def distinct_histories(histories: nw.LazyFrame, attributes: Sequence[str] = ()) -> pd.DataFrame:
    """The distinct (frequency, recency_days, T_days) and how many `customers` share each.

    All that the purchase models need; counted in the engine and collected, in order, with
    `recency_weeks` and `T_weeks` (days / 7) beside. With `attributes` (columns of the histories)
    the distinct combinations with these.
    """
    return _counted(histories, ["frequency", "recency_days", "T_days", *attributes])


def distinct_spend(histories: nw.LazyFrame) -> pd.DataFrame:
    """The distinct (frequency, spend_days, mean_spend) and how many `customers` share each.

    Of customers with repeat purchase days of positive amount: all that the model of spend needs;
    counted in the engine and collected, in order. It grows with the customers, nearly a row each:
    few share a mean to the cent.
    """
    keys = ["frequency", "spend_days", "mean_spend"]
    spenders = histories.filter(nw.col("spend_days") > 0)
    counts = spenders.group_by(keys).agg(nw.len().cast(nw.Int64).alias("customers"))
    return _collected(counts, keys)


def with_first_basket(histories: nw.LazyFrame) -> nw.LazyFrame:
    """The histories with `first_basket`: whether `first_spend` is "above the median" or not.

    The median over the customers (the mean of the middle two of an even number); amounts equal to
    it are "up to the median".
    """
    median = histories.select(nw.col("first_spend").median()).collect().item()
    large = nw.col("first_spend") > float(median)
    return histories.with_columns(
        first_basket=nw.when(large)
        .then(nw.lit("above the median"))
        .otherwise(nw.lit("up to the median"))
    )


def count_zero_days(histories: nw.LazyFrame) -> int:
    """Purchase days, of all customers together, whose amounts sum to zero or less."""
    return int(histories.select(nw.col("zero_days").sum()).collect().item())


def customer_table(histories: nw.LazyFrame) -> pd.DataFrame:
    """Histories collected in order of customer_id, with `recency_weeks` and `T_weeks` beside."""
    return _with_weeks(_collected(histories, ["customer_id"]))


def backtest_table(transactions: nw.LazyFrame, fitted_at: dt.date, until: dt.date) -> pd.DataFrame:
    """The customers at `fitted_at` with what they bought until `until`, alike ones in one row.

    frequency, recency_days, T_days  the history at `fitted_at`, as `purchase_histories` counts it
    previous    repeat purchase days in the period of equal length that ends at `fitted_at`
    purchases   repeat purchase days in (fitted_at, until]
    customers   how many customers share all five; `recency_weeks` and `T_weeks` (days / 7) beside
    Counted in one pass of the engine and collected, in order.
    """
    before = fitted_at - (until - fitted_at)
    date, fitted = nw.col("date"), nw.lit(fitted_at)
    days = _purchase_days(transactions, until).with_columns(
        known=nw.when(date <= fitted).then("date"),
        recent=((date > nw.lit(before)) & (date <= fitted)).cast(nw.Int64),
    )
    customers = days.group_by("customer_id").agg(
        nw.len().alias("purchase_days"),
        nw.col("known").count().alias("known_days"),
        nw.col("date").min().alias("first"),
        nw.col("known").max().alias("last"),
        nw.col("recent").sum(),
    )
    first, known_days = _day_number_of("first"), nw.col("known_days").cast(nw.Int64)
    # A customer's first purchase day is no repeat, wherever it falls.
    acquired = (nw.col("first") > nw.lit(before)).cast(nw.Int64)
    each = customers.filter(nw.col("known_days") > 0).select(
        frequency=known_days - 1,
        recency_days=_day_number_of("last") - first,
        T_days=nw.lit(fitted_at.toordinal()) - first,
        previous=nw.col("recent").cast(nw.Int64) - acquired,
        purchases=nw.col("purchase_days").cast(nw.Int64) - known_days,
    )
    return _counted(each, ["frequency", "recency_days", "T_days", "previous", "purchases"])


def repeat_money(
    transactions: nw.LazyFrame, fitted_at: dt.date, until: dt.date, *, money: str = "amount"
) -> float:
    """What the customers known at `fitted_at` brought in (fitted_at, until], sum of `money`."""
    seen = transactions.filter(nw.col("date") <= nw.lit(until))
    first = seen.group_by("customer_id").agg(nw.col("date").min().alias("first"))
    known = first.filter(nw.col("first") <= nw.lit(fitted_at)).select("customer_id")
    after = seen.filter(nw.col("date") > nw.lit(fitted_at)).join(known, on="customer_id")
    return float(after.select(nw.col(money).sum()).collect().item() or 0.0)


def weekly_repeat_purchases(
    transactions: nw.LazyFrame, *, cohort_until: dt.date, until: dt.date
) -> pd.DataFrame:
    """Repeat purchases by week up to `until` of the customers acquired by `cohort_until`.

    Weeks are counted back from `until`, so that the last is whole; `week` 1 holds the first
    purchase of the file and may be short. Returns week, ends (date), purchases (0 where none).
    """
    cohort = _repeat_days(transactions, until).filter(nw.col("first") <= nw.lit(cohort_until))
    by_date = _collected(cohort.group_by("date").agg(nw.len().alias("purchases")), ["date"])
    seen = transactions.filter(nw.col("date") <= nw.lit(until))
    first = seen.select(nw.col("date").min()).collect().item()
    weeks = -(-((until - first).days + 1) // 7)
    days_to_end = (pd.Timestamp(until) - pd.to_datetime(by_date["date"])).dt.days
    week = weeks - days_to_end.to_numpy(dtype=int) // 7
    purchases = np.bincount(week, weights=by_date["purchases"], minlength=weeks + 1)[1:]
    number = np.arange(1, weeks + 1)
    ends = [until - dt.timedelta(weeks=int(weeks - k)) for k in number]
    return pd.DataFrame({"week": number, "ends": ends, "purchases": purchases.astype(int)})


def last_gaps(transactions: nw.LazyFrame, as_of: dt.date) -> pd.DataFrame:
    """The last two gaps between purchase days up to `as_of`, of customers who have two.

    earlier_gap_days, later_gap_days  and how many `customers` share both
    Counted in the engine and collected, in order.
    """
    day = nw.col("day")
    days = _numbered_days(transactions, as_of).with_columns(
        before=day.shift(1).over("customer_id", order_by="day"),
        first=day.shift(2).over("customer_id", order_by="day"),
        last=day.max().over("customer_id"),
    )
    keys = ["earlier_gap_days", "later_gap_days"]
    gaps = days.filter(day == nw.col("last"), ~nw.col("first").is_null()).select(
        earlier_gap_days=nw.col("before") - nw.col("first"), later_gap_days=day - nw.col("before")
    )
    return _collected(gaps.group_by(keys).agg(nw.len().alias("customers")), keys)


def gap_days(transactions: nw.LazyFrame, as_of: dt.date) -> pd.DataFrame:
    """How many `gaps` between a customer's purchase days up to `as_of` are of each length.

    gap_days (1 or more), gaps. Counted in the engine and collected, in order.
    """
    before = nw.col("day").shift(1).over("customer_id", order_by="day")
    gaps = _numbered_days(transactions, as_of).select(gap_days=nw.col("day") - before)
    known = gaps.filter(~nw.col("gap_days").is_null())
    return _collected(known.group_by("gap_days").agg(nw.len().alias("gaps")), ["gap_days"])


def spend_trend_sums(
    transactions: nw.LazyFrame, as_of: dt.date, *, money: str = "amount"
) -> pd.Series:
    """What `clv.spend_trend` needs: sums over customers, counted in one pass of the engine.

    Of each customer with two or more repeat purchase days of positive `money` up to `as_of`, with
    t the years from `as_of` and y the logarithm of the day's money:
    xx = sum (t - mean t)^2, xy = sum (t - mean t)(y - mean y). Summed over customers: `customers`,
    `days`, xx, xy, and the products xx_xx, xx_xy, xy_xy.
    """
    t, y = nw.col("t"), nw.col("y")
    days = _paid_repeat_days(transactions, as_of, money).select(
        "customer_id",
        t=(_day_number_of("date") - as_of.toordinal()) / DAYS_PER_YEAR,
        y=nw.col("spend").log(),
    )
    days = days.with_columns(tt=t * t, ty=t * y)
    columns = ["t", "y", "tt", "ty"]
    customers = days.group_by("customer_id").agg(
        nw.len().cast(nw.Int64).alias("n"), *(nw.col(name).sum() for name in columns)
    )
    n = nw.col("n")
    each = customers.filter(n > 1).select(
        n, xx=nw.col("tt") - t * t / n, xy=nw.col("ty") - t * y / n
    )
    each = each.with_columns(
        xx_xx=nw.col("xx") * nw.col("xx"),
        xx_xy=nw.col("xx") * nw.col("xy"),
        xy_xy=nw.col("xy") * nw.col("xy"),
    )
    names = ["xx", "xy", "xx_xx", "xx_xy", "xy_xy"]
    sums = each.select(
        nw.len().alias("customers"), n.sum().alias("days"), *(nw.col(name).sum() for name in names)
    )
    return _collected(sums, []).iloc[0].astype(float).fillna(0)


def spend_by_month(
    transactions: nw.LazyFrame,
    as_of: dt.date,
    *,
    money: str = "amount",
    calendar: Calendar = "gregorian",
) -> pd.DataFrame:
    """What `clv.mean_spend_by_month` needs, of repeat purchase days of positive `money`.

    month (the first day of one in the `calendar`), customers who have any, their `days` and
    `spend`, and the sums over customers days_days, days_spend, spend_spend of the products of the
    two. Counted in the engine and collected, in order; months without any have no row.
    """
    days = _paid_repeat_days(transactions, as_of, money)
    months = days.with_columns(month=period_number(nw.col("date"), calendar))
    each = months.group_by("customer_id", "month").agg(
        nw.len().cast(nw.Float64).alias("days"), nw.col("spend").sum()
    )
    each = each.with_columns(
        days_days=nw.col("days") * nw.col("days"),
        days_spend=nw.col("days") * nw.col("spend"),
        spend_spend=nw.col("spend") * nw.col("spend"),
    )
    names = ["days", "spend", "days_days", "days_spend", "spend_spend"]
    sums = [nw.col(name).sum() for name in names]
    totals = each.group_by("month").agg(nw.len().alias("customers"), *sums)
    table = _collected(totals, ["month"])
    table["month"] = first_days(table["month"], calendar)
    return table[["month", "customers", *names]]


def _purchase_days(
    transactions: nw.LazyFrame, until: dt.date, *aggregates: nw.Expr
) -> nw.LazyFrame:
    """One row a customer and purchase day up to `until`: customer_id, date, the aggregates."""
    seen = transactions.filter(nw.col("date") <= nw.lit(until))
    if not aggregates:
        return seen.select("customer_id", "date").unique()
    return seen.group_by("customer_id", "date").agg(*aggregates)


def _repeat_days(transactions: nw.LazyFrame, until: dt.date, *aggregates: nw.Expr) -> nw.LazyFrame:
    """The purchase days of a customer but the first: as `_purchase_days`, and date `first`."""
    days = _purchase_days(transactions, until, *aggregates)
    # Over a window: a join with the first days would count the purchase days twice.
    dated = days.with_columns(first=nw.col("date").min().over("customer_id"))
    return dated.filter(nw.col("date") > nw.col("first"))


def _numbered_days(transactions: nw.LazyFrame, until: dt.date) -> nw.LazyFrame:
    return _purchase_days(transactions, until).select("customer_id", day=_day_number_of("date"))


def _paid_repeat_days(transactions: nw.LazyFrame, until: dt.date, money: str) -> nw.LazyFrame:
    """Repeat purchase days with a positive sum: customer_id, date, spend."""
    sums = nw.col(_UNITS, _MILLIONTHS).sum()
    repeats = _repeat_days(_in_parts(transactions, money), until, sums)
    spends = repeats.select("customer_id", "date", spend=_whole(_UNITS, _MILLIONTHS))
    return spends.filter(nw.col("spend") > 0)


def _in_parts(transactions: nw.LazyFrame, money: str) -> nw.LazyFrame:
    """The transactions with their money as two whole numbers, its units and its millionths.

    A sum of floats depends on the order of its terms; one of whole numbers up to 2^53 (9e15) is
    exact, and floats hold them in every engine.
    """
    units = nw.col(money).round()
    millionths = ((nw.col(money) - units) * 10**MONEY_DIGITS).round()
    return transactions.with_columns(units.alias(_UNITS), millionths.alias(_MILLIONTHS))


def _whole(units: str, millionths: str) -> nw.Expr:
    """The money of two summed parts; one division last, so that 0.3 is 0.3."""
    return _millionths(units, millionths) / 10**MONEY_DIGITS


def _millionths(units: str, millionths: str) -> nw.Expr:
    return nw.col(units) * 10**MONEY_DIGITS + nw.col(millionths)


def _dated_parts() -> dict[str, nw.Expr]:
    """The money of a day as two whole numbers that begin with the date.

    Of a customer's days, no two of which are alike, the smallest of each is that of the first. To
    take the money where the date is smallest says the same, but needs memory for each customer that
    an engine cannot move to disk. Up to 2^80 millionths, 1e18, are kept exactly.
    """
    # Ordered as the days are, and quicker for so many rows than their numbers.
    day = nw.col("date").dt.year().cast(nw.Int64) * 366 + nw.col("date").dt.ordinal_day()
    dated = day.cast(nw.Int64) * (2 * _HALF)
    return {
        _HIGH: dated + nw.col("spend_high").clip(-_HALF, _HALF - 1).cast(nw.Int64) + _HALF,
        _LOW: dated + nw.col("spend_low").cast(nw.Int64),
    }


def _first_millionths() -> nw.Expr:
    """The money of the first day from the smallest of its dated parts."""
    high, low = ((nw.col(name) % (2 * _HALF)).cast(nw.Float64) for name in (_HIGH, _LOW))
    return (high - _HALF) * _HALF + low


def _day_number_of(column: str) -> nw.Expr:
    """Days since 1 January of the year 1, as date.toordinal counts.

    Differences of dates have another type in every engine; whole numbers are the same in all.
    """
    years = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap_days = years // 4 - years // 100 + years // 400
    return years * 365 + leap_days + nw.col(column).dt.ordinal_day().cast(nw.Int64)


def _counted(frame: nw.LazyFrame, keys: list[str]) -> pd.DataFrame:
    counts = frame.group_by(keys).agg(nw.len().cast(nw.Int64).alias("customers"))
    return _with_weeks(_collected(counts, keys))


def _with_weeks(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(recency_weeks=table["recency_days"] / 7, T_weeks=table["T_days"] / 7)


def _collected(frame: nw.LazyFrame, order: list[str]) -> pd.DataFrame:
    table = frame.collect(backend="pandas").to_native()
    return table.sort_values(order, ignore_index=True) if order else table
