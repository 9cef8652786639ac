"""Periods of both calendars: against jdatetime, and by hand at the ends of Jalali years."""

import datetime as dt

import duckdb
import jdatetime
import narwhals as nw
import pandas as pd
import pytest

from cxlib import calendars


def numbers(days, calendar, months=1):
    """Period numbers as the engine makes them."""
    table = pd.DataFrame({"day": pd.to_datetime(days)})
    frame = nw.from_native(duckdb.from_df(table).project("day::date as day")).lazy()
    found = frame.select("day", n=calendars.period_number(nw.col("day"), calendar, months=months))
    return found.collect("pandas").to_pandas().sort_values("day")["n"].tolist()


def test_every_day_of_two_centuries_as_another_library_has_it():
    first, last = dt.date(1921, 3, 21), dt.date(2122, 3, 20)  # 1 Farvardin 1300 to 29 Esfand 1500
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    jalali = [jdatetime.date.fromgregorian(date=day) for day in days]
    assert (str(jalali[0]), str(jalali[-1])) == ("1300-01-01", "1500-12-29")
    assert numbers(days, "jalali") == [12 * day.year + day.month - 1 for day in jalali]
    firsts = {
        12 * day.year + day.month - 1: one
        for day, one in zip(jalali, days, strict=True)
        if day.day == 1
    }
    assert {n: calendars.first_day(n, "jalali") for n in firsts} == firsts


# 1403 is a leap year: it begins on 20 March 2024 and its Esfand has 30 days.
@pytest.mark.parametrize(
    ("day", "month"),
    [
        ("2024-03-19", "1402-12"),
        ("2024-03-20", "1403-01"),
        ("2024-04-19", "1403-01"),
        ("2024-04-20", "1403-02"),
        ("2024-09-22", "1403-07"),
        ("2025-03-20", "1403-12"),
        ("2025-03-21", "1404-01"),
    ],
)
def test_months_of_a_leap_year_by_hand(day, month):
    assert calendars.month_name(dt.date.fromisoformat(day), "jalali") == month
    year, number = map(int, month.split("-"))
    assert numbers([day], "jalali") == [12 * year + number - 1]


@pytest.mark.parametrize(
    ("name", "gregorian", "jalali"),
    [("month", "2024-11", "1403-08"), ("quarter", "2024-Q4", "1403-Q3"), ("year", "2024", "1403")],
)
def test_quarters_and_years(name, gregorian, jalali):
    months = calendars.MONTHS_OF[name]
    for calendar, expected in (("gregorian", gregorian), ("jalali", jalali)):
        number = calendars.period_of(dt.date(2024, 11, 3), calendar, months=months)
        assert calendars.period_name(number, name) == expected
        assert numbers(["2024-11-03"], calendar, months) == [number]
    # 1 Mehr 1403, the first day of its third quarter, was 22 September 2024.
    third = calendars.period_of(dt.date(2024, 11, 3), "jalali", months=3)
    assert calendars.first_day(third, "jalali", months=3) == dt.date(2024, 9, 22)


def test_first_days_keep_missing_periods_missing():
    found = calendars.first_days(pd.Series([1403 * 12, None]), "jalali")
    assert found[0] == pd.Timestamp("2024-03-20")
    assert pd.isna(found[1])


def test_a_month_later_by_the_calendar():
    nowruz = pd.Timestamp("2024-03-20")
    assert calendars.moved(nowruz, 12, "jalali") == pd.Timestamp("2025-03-21")
    assert calendars.moved(nowruz, -1, "jalali") == pd.Timestamp("2024-02-20")
    assert calendars.moved(pd.Timestamp("2024-01-01"), 12) == pd.Timestamp("2025-01-01")


def test_ticks_are_first_days_of_months():
    days = pd.DatetimeIndex(["2024-03-20", "2025-03-21"])
    starts, names = calendars.ticks(days, "jalali")
    assert names == ["1403-01", "1403-03", "1403-05", "1403-07", "1403-09", "1403-11", "1404-01"]
    assert [calendars.month_name(day, "jalali") for day in starts] == names
    assert calendars.ticks(days[:0], "jalali") == ([], [])
    years = pd.DatetimeIndex(["1921-03-21", "2021-03-21"])
    assert len(calendars.ticks(years, "jalali")[0]) <= 9


def test_an_unknown_calendar_is_refused():
    with pytest.raises(ValueError, match="calendar: 'lunar' is none of gregorian, jalali"):
        calendars.require_calendar("lunar")
