"""Days of the Jalali (Solar Hijri) calendar, read from text into Gregorian days: in SQL.

Leap years come back after 33 years: of the years since 1177 the first and every fourth after it,
then five years on. For the years 1178 to 1502 that is the calendar as Iran had and has it.
"""

import re

from cxlib.engine.connection import literal, literals

FIRST_YEAR, LAST_YEAR = 1200, 1500
_EPOCH_YEAR, _EPOCH = 1177, "DATE '1798-03-20'"

# Each month with the ways it is written, letters folded.
MONTHS: tuple[tuple[str, ...], ...] = (
    ("فروردین", "farvardin"),
    ("اردیبهشت", "ordibehesht"),
    ("خرداد", "khordad"),
    ("تیر", "tir"),
    ("مرداد", "امرداد", "mordad", "amordad"),
    ("شهریور", "shahrivar"),
    ("مهر", "mehr"),
    ("آبان", "ابان", "aban"),
    ("آذر", "اذر", "azar"),
    ("دی", "dey", "dei"),
    ("بهمن", "bahman"),
    ("اسفند", "اسپند", "esfand"),
)

# The codes of strptime that a Jalali date may have, and the text that each takes; a time of day is
# read over.
_CODES = {
    "Y": r"[0-9]{4}",
    "m": r"[0-9]{1,2}",
    "d": r"[0-9]{1,2}",
    "B": r"\p{L}+",
    "H": r"[01]?[0-9]|2[0-3]",
    "M": r"[0-5]?[0-9]",
    "S": r"[0-5]?[0-9]",
    "f": r"[0-9]{1,9}",
}
_CODE = re.compile("%-?([A-Za-z])")


def codes(date_format: str) -> list[str]:
    """The letters of the codes in a date format, in order."""
    return _CODE.findall(date_format)


def unknown_codes(date_format: str) -> list[str]:
    """The codes of a date format that are not read from Jalali dates."""
    return [f"%{code}" for code in codes(date_format) if code not in _CODES]


def parts(text: str, date_format: str) -> str:
    """SQL: the parts of a date as texts, Y, m or B, d; all "" where it is not of the format."""
    pieces = _CODE.split(date_format)
    pattern = "^"
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            pattern += re.escape(piece).replace("\\ ", " +")
            continue
        # Where no mark stands between two numbers each has its full width.
        beside = pieces[number - 1] == "" and number > 1
        beside |= pieces[number + 1] == "" and number + 2 < len(pieces)
        width = _CODES[piece].replace("?", "").replace("{1,2}", "{2}") if beside else _CODES[piece]
        pattern += f"({width})"
    names = [f"p{number}" for number, _ in enumerate(codes(date_format))]
    return f"regexp_extract({text}, {literal(pattern + '$')}, [{', '.join(map(literal, names))}])"


def day(parts: str, date_format: str) -> str:
    """SQL: the Gregorian day of the `parts` of a date; null where there is no such day.

    Without a day of the month it is the first. Years of 1200 to 1500.
    """
    part = {code: f"{parts}.p{number}" for number, code in enumerate(codes(date_format))}
    year = f"try_cast({part['Y']} AS INTEGER)"
    month = f"try_cast({part['m']} AS INTEGER)" if "m" in part else _month_number(part["B"])
    of_month = f"try_cast({part['d']} AS INTEGER)" if "d" in part else "1"
    since = f"({year} - {_EPOCH_YEAR})"
    last = (
        f"CASE WHEN {month} <= 6 THEN 31"
        f" WHEN {month} < 12 OR (8 * {since} + 32) % 33 >= 25 THEN 30 ELSE 29 END"
    )
    return (
        f"CASE WHEN {year} BETWEEN {FIRST_YEAR} AND {LAST_YEAR} AND {month} BETWEEN 1 AND 12"
        f" AND {of_month} BETWEEN 1 AND {last}"
        f" THEN {_EPOCH} + (365 * {since} + (8 * {since} + 32) // 33"
        f" + 31 * ({month} - 1) - greatest({month} - 7, 0) + {of_month} - 1) END"
    )


def _month_number(name: str) -> str:
    cases = " ".join(
        f"WHEN lower({name}) IN {literals(spellings)} THEN {number}"
        for number, spellings in enumerate(MONTHS, start=1)
    )
    return f"CASE {cases} END"
