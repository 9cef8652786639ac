"""From transactions to customer histories: the one reduction that segments and values share.

Everything that grows with the data is a narwhals expression over the lazy frame `transactions`
(customer_id, date, amount), so the engine does it; frames stay lazy until they are reduced. Words:
`recency_days` is the literature's t_x, from the first to the last purchase day; the R of RFM is
`days_since_last`. Several purchases of a customer on one day are one purchase.
"""

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd

# Sums of floats depend on the order of the rows in their last bits; rounding takes that away.
MONEY_DIGITS = 6


class ParameterError(ValueError):
    """A parameter of a notebook that does not fit the data; the message says what would."""


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


def purchase_histories(transactions: nw.LazyFrame, as_of: dt.date) -> nw.LazyFrame:
    """One row a customer who bought up to `as_of`; later transactions are left out.

    customer_id
    frequency        repeat purchase days: distinct days with a purchase, the first not counted
    recency_days     days from the first to the last purchase day (0 without a repeat)
    T_days           days from the first purchase day to `as_of`
    days_since_last  days from the last purchase day to `as_of`, T_days - recency_days
    total_spend      sum of all amounts
    spend_days       repeat purchase days with a positive amount
    mean_spend       mean amount of those days; missing when there are none
    zero_days        purchase days (the first included) whose amounts sum to zero or less; they
                     are left out of `mean_spend` only

    The first day stays out of `mean_spend` as it does in the Gamma-Gamma model (Fader & Hardie
    2013), where spend goes with `frequency`. Money is rounded to 6 decimals, so that the order of
    the rows changes nothing.
    """
    days = _purchase_days(transactions, as_of).with_columns(
        positive=(nw.col("spend") > 0).cast(nw.Int64)
    )
    customers = days.group_by("customer_id").agg(
        nw.len().alias("purchase_days"),
        nw.col("day").min().alias("first"),
        nw.col("day").max().alias("last"),
        nw.col("spend").sum().alias("total_spend"),
        nw.col("spend").first(order_by="day").alias("first_spend"),
        nw.col("positive").sum().alias("positive_days"),
    )
    first_positive = (nw.col("first_spend") > 0).cast(nw.Int64)
    spend_days = nw.col("positive_days").cast(nw.Int64) - first_positive
    repeat_spend = (nw.col("total_spend") - nw.col("first_spend")).round(MONEY_DIGITS)
    return customers.select(
        "customer_id",
        frequency=nw.col("purchase_days").cast(nw.Int64) - 1,
        recency_days=nw.col("last") - nw.col("first"),
        T_days=nw.lit(_day_number(as_of)) - nw.col("first"),
        days_since_last=nw.lit(_day_number(as_of)) - nw.col("last"),
        total_spend=nw.col("total_spend").round(MONEY_DIGITS),
        spend_days=spend_days,
        mean_spend=nw.when(spend_days > 0).then((repeat_spend / spend_days).round(MONEY_DIGITS)),
        zero_days=(nw.col("purchase_days") - nw.col("positive_days")).cast(nw.Int64),
    )


def distinct_histories(histories: nw.LazyFrame) -> pd.DataFrame:
    """The distinct (frequency, recency_days, T_days) and how many `customers` share each.

    All that the purchase models need; counted in the engine and collected, in order, with
    `recency_weeks` and `T_weeks` (days / 7) beside.
    """
    keys = ["frequency", "recency_days", "T_days"]
    distinct = _collected(histories.group_by(keys).agg(nw.len().alias("customers")), keys)
    return distinct.assign(
        recency_weeks=distinct["recency_days"] / 7, T_weeks=distinct["T_days"] / 7
    )


def customer_table(histories: nw.LazyFrame) -> pd.DataFrame:
    """Histories collected in order of customer_id, with `recency_weeks` and `T_weeks` beside."""
    table = _collected(histories, ["customer_id"])
    return table.assign(recency_weeks=table["recency_days"] / 7, T_weeks=table["T_days"] / 7)


def repeat_purchases(transactions: nw.LazyFrame, *, after: dt.date, until: dt.date) -> nw.LazyFrame:
    """Repeat purchase days in (after, until] of each customer who has any: customer_id, purchases.

    A customer's first purchase day is no repeat, wherever it falls.
    """
    repeats = _repeat_days(transactions, until)
    window = repeats.filter(nw.col("day") > _day_number(after))
    return window.group_by("customer_id").agg(nw.len().cast(nw.Int64).alias("purchases"))


def holdout_table(transactions: nw.LazyFrame, fitted_at: dt.date, until: dt.date) -> pd.DataFrame:
    """The customers at `fitted_at` with what they bought until `until`.

    `customer_table` of their histories with `purchases`, their repeat purchases in
    (fitted_at, until], and `previous`, those in the equally long period before.
    """
    before = fitted_at - (until - fitted_at)
    counts = {
        "purchases": repeat_purchases(transactions, after=fitted_at, until=until),
        "previous": repeat_purchases(transactions, after=before, until=fitted_at),
    }
    table = purchase_histories(transactions, fitted_at)
    for name, counted in counts.items():
        table = table.join(counted.rename({"purchases": name}), on="customer_id", how="left")
    return customer_table(table.with_columns(nw.col(*counts).fill_null(0)))


def weekly_repeat_purchases(
    transactions: nw.LazyFrame, *, cohort_until: dt.date, until: dt.date
) -> pd.DataFrame:
    """Repeat purchases by week up to `until` of the customers acquired by `cohort_until`.

    Weeks are counted back from `until`, so that the last is whole; `week` 1 holds the first
    purchase of the file and may be short. Returns week, ends (date), purchases (0 where none).
    """
    days = _repeat_days(transactions, until).filter(nw.col("first") <= _day_number(cohort_until))
    by_day = _collected(days.group_by("day").agg(nw.len().alias("purchases")), ["day"])
    first = _purchase_days(transactions, until).select(nw.col("day").min()).collect().item()
    weeks = -(-(_day_number(until) - int(first) + 1) // 7)
    week = weeks - (_day_number(until) - by_day["day"].to_numpy(dtype=int)) // 7
    purchases = np.bincount(week, weights=by_day["purchases"], minlength=weeks + 1)[1:]
    number = np.arange(1, weeks + 1)
    ends = [until - dt.timedelta(weeks=int(weeks - k)) for k in number]
    return pd.DataFrame({"week": number, "ends": ends, "purchases": purchases.astype(int)})


def _purchase_days(transactions: nw.LazyFrame, until: dt.date) -> nw.LazyFrame:
    """One row a customer and purchase day up to `until`: customer_id, day (number), spend."""
    by_day = (
        transactions.filter(nw.col("date") <= nw.lit(until))
        .group_by("customer_id", "date")
        .agg(nw.col("amount").sum().alias("spend"))
    )
    return by_day.select(
        "customer_id", day=_day_number_of("date"), spend=nw.col("spend").round(MONEY_DIGITS)
    )


def _repeat_days(transactions: nw.LazyFrame, until: dt.date) -> nw.LazyFrame:
    days = _purchase_days(transactions, until)
    dated = days.with_columns(first=nw.col("day").min().over("customer_id"))
    return dated.filter(nw.col("day") > nw.col("first"))


def _day_number_of(column: str) -> nw.Expr:
    """Days since 1 January of the year 1, as date.toordinal counts.

    Differences of dates have another type in every engine; whole numbers are the same in all.
    """
    years = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap_days = years // 4 - years // 100 + years // 400
    return years * 365 + leap_days + nw.col(column).dt.ordinal_day().cast(nw.Int64)


def _day_number(date: dt.date) -> int:
    return date.toordinal()


def _collected(frame: nw.LazyFrame, order: list[str]) -> pd.DataFrame:
    table = frame.collect(backend="pandas").to_native()
    return table.sort_values(order, ignore_index=True) if order else table
