"""Dates as people type them: 2026-03-31, or counted from a given today."""

import datetime as dt
import re
import unicodedata
from calendar import monthrange

RELATIVE = (
    "today, yesterday, -10 days, -2 weeks, -3 months, -1 year; month-end, quarter-end, year-end: "
    "the newest one that is not after today; both together: month-end -1 month"
)
_STEP = re.compile(
    r"(?P<anchor>today|yesterday|month-end|quarter-end|year-end)?"
    r"\s*(?:-\s*(?P<count>\d+)\s*(?P<unit>day|week|month|year)s?)?"
)
# A year that in the Gregorian calendar nobody has data of is one of the Solar Hijri calendar.
_JALALI_YEARS = range(1200, 1501)


def resolve(text: str, today: dt.date) -> dt.date:
    """The date that `text` says: YYYY-MM-DD, or relative to `today` (see `RELATIVE`).

    Months and years back keep the day of the month, or take the month's last where it has no such
    day: three months before 31 May is 28 or 29 February. From month-end, quarter-end and year-end
    they lead to the end of a month again. Digits may be of any script, as Persian ones. Raises
    ValueError, with what is wrong where that helps, for anything else.
    """
    text = latin_digits(text).strip().lower()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _absolute(text)
    found = _STEP.fullmatch(text)
    if not text or not found:
        raise ValueError("")
    try:
        return _back(
            _anchor(found["anchor"] or "today", today),
            int(found["count"] or 0),
            found["unit"] or "day",
            to_month_end=(found["anchor"] or "").endswith("-end"),
        )
    except (OverflowError, ValueError):
        raise ValueError("there is no such day") from None


def latin_digits(text: str) -> str:
    """The text with the digits of every script as 0 to 9, and the Persian decimal mark as a dot."""
    digits = (str(unicodedata.decimal(letter, letter)) for letter in text)
    return "".join(digits).replace("٫", ".")


def _absolute(text: str) -> dt.date:
    if int(text[:4]) in _JALALI_YEARS:
        raise ValueError("that is a Jalali year; write the Gregorian date")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day") from None


def _anchor(name: str, today: dt.date) -> dt.date:
    if name == "today":
        return today
    if name == "yesterday":
        return today - dt.timedelta(days=1)
    months = {"month-end": 1, "quarter-end": 3, "year-end": 12}[name]
    # The day before a period begins ends the one before; today may itself be such an end.
    tomorrow = today + dt.timedelta(days=1)
    first = tomorrow.replace(day=1, month=tomorrow.month - (tomorrow.month - 1) % months)
    return first - dt.timedelta(days=1)


def _back(date: dt.date, count: int, unit: str, *, to_month_end: bool) -> dt.date:
    if unit in ("day", "week"):
        return date - dt.timedelta(days=count * (7 if unit == "week" else 1))
    months = 12 * date.year + date.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, last if to_month_end and count else min(date.day, last))
