"""Dates as they are written: which formats and calendars fit a column, and what each would mean."""

import dataclasses
import datetime
import functools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cxlib import calendars, engine
from cxlib.engine import jalali
from cxlib.proposing.letters import is_nothing, plain

_FIELDS = {
    "%Y": r"(?P<Y>[0-9]{4})",
    "%y": r"(?P<y>[0-9]{2})",
    "%m": r"(?P<m>[0-9]{1,2})",
    "%d": r"(?P<d>[0-9]{1,2})",
    "%m2": r"(?P<m>[0-9]{2})",
    "%d2": r"(?P<d>[0-9]{2})",
    "%b": r"(?P<b>[A-Za-z]{3})",
    "%B": r"(?P<B>[^\W\d_]{2,12})",
    "%H": r"(?P<H>[0-9]{1,2})",
    "%I": r"(?P<I>[0-9]{1,2})",
    "%M": r"(?P<M>[0-9]{2})",
    "%S": r"(?P<S>[0-9]{2})",
    "%f": r"[0-9]{1,6}",
    "%p": r"[AaPp][Mm]",
    "%z": engine.ZONE.removesuffix("$"),
}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_ORDERS = (
    *(f"%Y{mark}%m{mark}%d" for mark in "-/."),
    *(
        f"{order[0]}{mark}{order[1]}{mark}%Y"
        for order in (["%d", "%m"], ["%m", "%d"])
        for mark in "/.-"
    ),
    *(
        f"{order[0]}{mark}{order[1]}{mark}{order[2]}"
        for order in (["%d", "%m", "%y"], ["%m", "%d", "%y"], ["%y", "%m", "%d"])
        for mark in "/.-"
    ),
)
_DAYS = (
    *_ORDERS,
    *("%Y%m%d", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%y"),
)
_TIMES = (
    "",
    " %H:%M",
    " %H:%M:%S",
    "T%H:%M:%S",
    " %I:%M:%S %p",
    " %I:%M %p",
    " %H:%M:%S.%f",
    "T%H:%M:%S.%f",
)
_MONTHLY = (
    *(f"%Y{mark}%m" for mark in ("-", "/", ".", "")),
    *(f"%m{mark}%Y" for mark in "/.-"),
    *("%b-%y", "%b %y", "%b-%Y", "%b %Y", "%B %Y", "%B-%Y", "%Y"),
)
# "14 دی ماه 1402": the word for month behind its name.
_JALALI_IN_WORDS = "%d %B ماه %Y"
_WITH_ZONE = tuple(
    f"{day}{time}%z"
    for day in ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y")
    for time in _TIMES
    if time
)
FORMATS = (*(day + time for time in _TIMES for day in _DAYS), _JALALI_IN_WORDS, *_WITH_ZONE)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_FIRST_DAY_NUMBER = datetime.date(1899, 12, 30)
_FIRST_DAY_NUMBER_OF_1904 = datetime.date(1904, 1, 1)
_DAY_NUMBER_YEARS = range(1970, 2100)
JALALI_YEARS = range(1200, 1501)
# Years that dates of sales and answers cannot have in the Jalali calendar yet (2036 on), but have
# in the Islamic lunar one (1994 on); and those of now in the Buddhist one.
_LUNAR_YEARS = range(1415, 1470)
BUDDHIST_YEARS = range(2400, 2601)
_SHORT = re.compile("(?P<y>[0-9]{2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})")
_FEW_YEARS = 12
# A digit and the mark.
_OF_ONE_DIGIT = 2
_WITH_WORD = re.compile(r"([0-9]{1,2}[. ]+)?(?P<word>[^\W\d_]{3,12})[. ,/-]+[0-9]{2,4}")
_CELL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)?")
_DAY_SECONDS = 86_400
_THREE_NUMBERS = re.compile(r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}(?![0-9])")
_FEW = 3
_LEFT_SHARE = 0.05
# Texts that tell which of all formats fits best.
_TRIED = 200


@dataclass(frozen=True)
class Written:
    """A way in which dates are written, and the few texts of a column that it does not fit.

    `counts_from_1904`: the day numbers of a workbook do, not from 1900.
    """

    date_format: str
    calendar: str
    left: tuple[str, ...] = ()
    counts_from_1904: bool = False

    def read(self, text: str) -> tuple[int, int, int] | None:
        """Year, month and day of a text in the calendar; None where it is no such date."""
        if self.date_format == engine.EXCEL:
            return _of_day_number(plain(text), since_1904=self.counts_from_1904)
        found = _pattern(self.date_format).fullmatch(plain(text))
        part = found.groupdict() if found else {}
        if not {"Y", "y"} & part.keys() or not _is_time(part):
            return None
        month, day = _month(part, self.calendar), int(part.get("d") or 1)
        year = int(part["Y"]) if "Y" in part else _century(int(part["y"]))
        if self.calendar == "jalali":
            fits = year in JALALI_YEARS and _is_of_jalali(month, day)
            return (year, month, day) if fits else None
        try:
            datetime.date(year, month, day)
        except ValueError:
            return None
        return (year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None

    def day(self, text: str) -> str:
        """A date in words, so that two readings of it can be told apart."""
        found = self.read(text)
        if found is None:
            return "no date"
        year, month, day = found
        if self.calendar == "jalali":
            return f"{year}-{month:02}-{day:02} (Jalali)"
        return f"{day} {_MONTHS[month - 1].capitalize()} {year}"


def _month(part: dict[str, str], calendar: str) -> int:
    if "m" in part:
        return int(part["m"])
    written = (part.get("B") or part.get("b") or "").lower()
    months: Sequence[Collection[str]] = [(name,) for name in _MONTHS]
    if "b" in part:
        months = [(name[:3],) for name in _MONTHS]
    elif calendar == "jalali":
        months = jalali.MONTHS
    found = [number for number, names in enumerate(months, 1) if written in names]
    return found[0] if found else int("B" not in part and "b" not in part)


def _century(year: int) -> int:
    return 1900 + year if year >= 69 else 2000 + year


def _of_day_number(text: str, *, since_1904: bool) -> tuple[int, int, int] | None:
    """The day that a workbook counts by this number, of the years in which companies sell."""
    if not re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return None
    first = _FIRST_DAY_NUMBER_OF_1904 if since_1904 else _FIRST_DAY_NUMBER
    day = first + datetime.timedelta(days=int(text[:5]))
    return (day.year, day.month, day.day) if day.year in _DAY_NUMBER_YEARS else None


def _is_time(part: dict[str, str]) -> bool:
    hour, half = int(part.get("H") or 0), int(part.get("I") or 1)
    late = max(int(part.get("M") or 0), int(part.get("S") or 0))
    return hour < 24 and 1 <= half <= 12 and late < 60


@functools.cache
def _pattern(date_format: str) -> re.Pattern[str]:
    parts = re.split(r"(%[A-Za-z])", date_format)
    if date_format.startswith("%Y%m"):
        parts = [{"%m": "%m2", "%d": "%d2"}.get(part, part) for part in parts]
    return re.compile("".join(_FIELDS.get(part, re.escape(part)) for part in parts))


def fitting(
    counts: dict[str, int], *, monthly: bool = False, counts_from_1904: bool = False
) -> tuple[Written, ...]:
    """The formats that fit all texts of a column but for a few codes, and mean different days.

    `counts`: how many rows have each text. `monthly`: months and years alone are dates as well.
    Where none fits they may be the day numbers of a workbook, which may count from 1904. A year of
    two digits is Gregorian, and only where no format reads one of four.
    """
    found = [
        Written(date_format, calendar, left)
        for date_format in (*FORMATS, *(_MONTHLY if monthly else ()))
        for calendar in ("gregorian", "jalali")
        if (calendar == "gregorian" or _may_be_jalali(date_format))
        and (left := _left(counts, Written(date_format, calendar))) is not None
    ]
    if not found:
        numbered = Written(engine.EXCEL, "gregorian", counts_from_1904=counts_from_1904)
        return (numbered,) if all(numbered.read(text) for text in counts) else ()
    fewest = min(len(one.left) for one in found)
    found = [one for one in found if len(one.left) == fewest]
    if any("%Y" in one.date_format for one in found):
        found = [one for one in found if "%Y" in one.date_format]
    return _different(found, counts)


def _may_be_jalali(date_format: str) -> bool:
    return "%Y" in date_format and not engine.has_zone(date_format)


def closest(counts: dict[str, int], *, monthly: bool = False) -> Written | None:
    """The format that fits the most rows, with the texts that it does not fit; None if none does.

    Of several the first in use, with a year of four digits before one of two. `monthly`: months and
    years alone are dates as well.
    """
    ways = [
        Written(date_format, calendar)
        for date_format in (*FORMATS, *(_MONTHLY if monthly else ()))
        for calendar in ("gregorian", "jalali")
        if calendar == "gregorian" or _may_be_jalali(date_format)
    ]
    some = list(counts)[:: max(len(counts) // _TRIED, 1)]
    read = {one: sum(counts[text] for text in some if one.read(text)) for one in ways}
    best = max(ways, key=lambda one: (read[one], "%Y" in one.date_format))
    left = tuple(text for text in counts if best.read(text) is None)
    return dataclasses.replace(best, left=left) if read[best] else None


def _left(counts: dict[str, int], written: Written) -> tuple[str, ...] | None:
    """The few texts that are no such dates; None where they are not few."""
    left: list[str] = []
    for text in counts:
        if written.read(text) is None:
            left.append(text)
            if len(left) > _FEW or len(left) == len(counts):
                return None
    if any(map(_is_date, left)):
        return None
    # Of these there may be many: most contracts have no end.
    odd = sum(counts[one] for one in left if not is_nothing(one))
    return tuple(left) if odd <= _LEFT_SHARE * sum(counts.values()) else None


@functools.cache
def _is_date(text: str) -> bool:
    return any(Written(one, "gregorian").read(text) is not None for one in FORMATS)


def _different(found: Iterable[Written], texts: Collection[str]) -> tuple[Written, ...]:
    different: dict[tuple[object, ...], Written] = {}
    for one in found:
        different.setdefault((one.calendar, *map(one.read, texts)), one)
    return tuple(different.values())


def are_short_jalali(fitting: Collection[Written], texts: Collection[str]) -> bool:
    """Whether dates begin with years of two digits, and with days that only Jalali months have.

    `fitting`: the Gregorian ways to read them, by which the years would come last.
    """
    if any("%Y" in one.date_format or one.date_format.startswith("%y") for one in fitting):
        return False
    parts = [_SHORT.fullmatch(plain(text)) for text in texts]
    years = {one["y"] for one in parts if one}
    last = {one["d"] for one in parts if one}
    return all(one and _is_of_jalali(int(one["m"]), int(one["d"])) for one in parts) and len(
        years
    ) <= _FEW_YEARS < len(last)


def _is_of_jalali(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= (31 if month < 7 else 30)


def from_spreadsheet(text: str, *, since_1904: bool) -> datetime.datetime | None:
    """The time that a spreadsheet means by a day number, or by a cell that is a date as such."""
    text = plain(text)
    if _of_day_number(text, since_1904=since_1904):
        first = _FIRST_DAY_NUMBER_OF_1904 if since_1904 else _FIRST_DAY_NUMBER
        seconds = round(float(text) * _DAY_SECONDS)
        return datetime.datetime.combine(first, datetime.time()) + datetime.timedelta(
            seconds=seconds
        )
    return datetime.datetime.fromisoformat(text) if _CELL.fullmatch(text) else None


def has_other_month(text: str) -> bool:
    """Whether a word of another language stands where a month may, as in 1. Juni 2024."""
    found = _WITH_WORD.fullmatch(plain(text))
    known = [{name, name[:3]} for name in _MONTHS] + [{*names} for names in jalali.MONTHS]
    return found is not None and not any(found["word"].casefold() in names for names in known)


def is_like_date(text: str) -> bool:
    """Whether a text has three numbers with marks between, as 2024-02-31; not 0000-00-00."""
    found = _THREE_NUMBERS.match(plain(text))
    return found is not None and len({*found[0]}) > _OF_ONE_DIGIT


def year(text: str) -> int:
    """The first number of four digits in a text, 0 where there is none."""
    found = re.search(r"(?<![0-9])[0-9]{4}(?![0-9])", plain(text))
    return int(found[0]) if found else 0


def is_lunar(written: Written, counts: Mapping[str, int]) -> bool:
    """Whether most dates read as Jalali have years that are those of the Islamic lunar calendar."""
    if written.calendar != "jalali":
        return False
    lunar = sum(
        rows
        for text, rows in counts.items()
        if (found := written.read(text)) and found[0] in _LUNAR_YEARS
    )
    return 2 * lunar > sum(counts.values())


def span(written: Written, texts: Iterable[str]) -> tuple[datetime.date, datetime.date]:
    """First and last day of the dates of a column, as Gregorian days."""
    found = [one for text in texts if (one := written.read(text))]
    first, last = (_gregorian(one, written.calendar) for one in (min(found), max(found)))
    return first, last


def _gregorian(found: tuple[int, int, int], calendar: str) -> datetime.date:
    year, month, day = found
    months = calendars.first_day(12 * year + month - 1, calendars.require_calendar(calendar))
    return months + datetime.timedelta(days=day - 1)
