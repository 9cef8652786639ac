"""Months, quarters and years of the Gregorian and the Jalali (Solar Hijri) calendar as periods.

A date is a Gregorian day everywhere; a calendar only says which days make a month. A period is
counted as a whole number, months since the beginning of the year 0 divided by its length, so that
every engine groups by it and neighbours differ by one.
"""

import datetime as dt
from typing import Literal, get_args

import narwhals as nw
import numpy as np
import pandas as pd

Calendar = Literal["gregorian", "jalali"]
Name = Literal["month", "quarter", "year"]
MONTHS_OF: dict[Name, int] = {"month": 1, "quarter": 3, "year": 12}

# Jalali leap years come back after 33 years and 12,053 days: within a cycle that begins in 1177 or
# a multiple of 33 years later, every fourth year is one, from the first on, but the last is none.
_EPOCH_YEAR, _EPOCH = 1177, dt.date(1798, 3, 20).toordinal()
_CYCLE_YEARS, _CYCLE_DAYS = 33, 12_053
_FOUR_YEARS, _YEAR = 1461, 365
_LONG_MONTHS = 6 * 31  # days; the months after them have 30, the last may have 29


def require_calendar(calendar: str) -> Calendar:
    """The name of a calendar. Raises ValueError unless it is gregorian or jalali."""
    for known in get_args(Calendar):
        if calendar == known:
            return known
    raise ValueError(f"calendar: {calendar!r} is none of {', '.join(get_args(Calendar))}.")


def day_number(day: nw.Expr) -> nw.Expr:
    """Days since 1 January of the year 1, as date.toordinal counts.

    Differences of dates have another type in every engine; whole numbers are the same in all.
    """
    years = day.dt.year().cast(nw.Int64) - 1
    leap_days = _quotient(years, 4) - _quotient(years, 100) + _quotient(years, 400)
    return years * 365 + leap_days + day.dt.ordinal_day().cast(nw.Int64)


def period_number(day: nw.Expr, calendar: Calendar = "gregorian", *, months: int = 1) -> nw.Expr:
    """The period of `months` months that a date lies in: (12 year + month - 1) // months.

    A missing date has a missing period. Jalali months by the cycle of 33 years, which tells the
    leap years of 1178 to 1502 as the Iranian calendar had and has them; no dates before 1799.
    """
    year, month = day.dt.year().cast(nw.Int64), day.dt.month().cast(nw.Int64) - 1
    if calendar == "jalali":
        in_four = (day_number(day) - _EPOCH) % _CYCLE_DAYS % _FOUR_YEARS
        # The first of four years has 366 days.
        in_year = nw.when(in_four > _YEAR).then((in_four - 1) % _YEAR).otherwise(in_four)
        # A Jalali year begins in March and ends in March of the next.
        ending = (month < 3) & (in_year > _LONG_MONTHS)
        year = year - 621 - ending.cast(nw.Int64)
        late = 6 + _quotient(in_year - _LONG_MONTHS, 30)
        early = _quotient(in_year, 31)
        month = nw.when(in_year < _LONG_MONTHS).then(early).otherwise(late)
    return _quotient(year * 12 + month, months)


def _quotient(number: nw.Expr, divisor: int) -> nw.Expr:
    """The whole part of a quotient of what is not negative.

    As SQL a floor division names its operand five times, and one within another 25 times.
    """
    return number if divisor == 1 else ((number - number % divisor) / divisor).cast(nw.Int64)


def period_of(day: dt.date, calendar: Calendar = "gregorian", *, months: int = 1) -> int:
    """`period_number` of one day."""
    if calendar == "gregorian":
        return (12 * day.year + day.month - 1) // months
    ordinal = day.toordinal()
    number = (day.year - 621) * 12 + day.month - 1  # later than the day, by half a year at most
    while first_day(number, calendar).toordinal() > ordinal:
        number -= 1
    return number // months


def first_day(period: int, calendar: Calendar = "gregorian", *, months: int = 1) -> dt.date:
    """The first day of a period, as a Gregorian date."""
    year, month = divmod(period * months, 12)
    if calendar == "gregorian":
        return dt.date(year, month + 1, 1)
    cycles, years = divmod(year - _EPOCH_YEAR, _CYCLE_YEARS)
    days = cycles * _CYCLE_DAYS + years * _YEAR + (years + 3) // 4
    return dt.date.fromordinal(_EPOCH + days + 31 * min(month, 6) + 30 * max(month - 6, 0))


def first_days(
    periods: pd.Series, calendar: Calendar = "gregorian", *, months: int = 1
) -> pd.Series:
    """`first_day` of each period as timestamps; a missing period has none."""
    known = {
        number: pd.Timestamp(first_day(int(number), calendar, months=months))
        for number in periods.dropna().unique()
    }
    return periods.map(known).astype("datetime64[us]")


def moved(first: pd.Timestamp, months: int, calendar: Calendar = "gregorian") -> pd.Timestamp:
    """The first day of the month that is so many months after the one that begins on `first`."""
    return pd.Timestamp(first_day(period_of(first.date(), calendar) + months, calendar))


def month_name(day: dt.date, calendar: Calendar = "gregorian") -> str:
    """The month of a day, year first: 2026-11, or 1403-01 of the Jalali calendar."""
    year, month = divmod(period_of(day, calendar), 12)
    return f"{year}-{month + 1:02d}"


def period_name(period: int, name: Name) -> str:
    """A period in words: 2026-11, 2026-Q4 or 2026."""
    year, part = divmod(period, 12 // MONTHS_OF[name])
    return {"month": f"{year}-{part + 1:02d}", "quarter": f"{year}-Q{part + 1}"}.get(
        name, str(year)
    )


def ticks(
    days: pd.DatetimeIndex, calendar: Calendar, *, most: int = 8
) -> tuple[list[pd.Timestamp], list[str]]:
    """First days of months that mark an axis over `days`, at most about `most`, and their names.

    Every month, or those of every second, third or sixth one, or of the first month of a year.
    """
    if not len(days):
        return [], []
    first, last = (period_of(day.date(), calendar) for day in (days.min(), days.max()))
    step = next((n for n in (1, 2, 3, 6, 12) if (last - first) // n < most), 12)
    if step == 12:
        step *= int(np.ceil((last - first) / 12 / most)) or 1
    numbers = [number for number in range(first, last + 1) if number % step == 0]
    starts = [pd.Timestamp(first_day(number, calendar)) for number in numbers or [first]]
    return starts, [month_name(start, calendar) for start in starts]
