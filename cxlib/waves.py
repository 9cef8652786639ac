"""Rounds of a survey in the order of time, by what they are called."""

import re
from collections.abc import Collection

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
_MONTHS = (
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    (
        *("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن"),
        *("ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"),
    ),
    (
        *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
        *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    ),
)
# Of a year, in tenths of a month; an English winter may be its beginning or its end.
_SEASONS = {"spring": 30, "summer": 60, "autumn": 90, "fall": 90}
_JALALI_SEASONS = {"بهار": 0, "تابستان": 30, "پاییز": 60, "زمستان": 90}
_YEAR = r"(?:1[34]|19|20)[0-9]{2}"
# Of a year and a part of it: pattern, and what to multiply the part by.
_PARTS = (
    (rf"({_YEAR})[ /_-]?(?:q|quarter |سه ?ماهه ?)([1-4])", 30),
    (rf"(?:q|quarter |سه ?ماهه ?)([1-4])[ /_-]?({_YEAR}|[0-9]{{2}})", 30),
    (rf"({_YEAR})[ /_-]?h([12])", 60),
    (rf"h([12])[ /_-]?({_YEAR}|[0-9]{{2}})", 60),
    (rf"({_YEAR})[-/._ ]([0-9]{{1,2}})", 10),
    (rf"([0-9]{{1,2}})[-/._ ]({_YEAR})", 10),
)
_DAY = re.compile(rf"({_YEAR})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}})")
_WORD_AND_YEAR = re.compile(rf"([^\W\d_]+)\.?[ '’/_-]*({_YEAR}|[0-9]{{2}})")
_YEAR_AND_WORD = re.compile(rf"({_YEAR})[ /_-]*([^\W\d_]+)")
# Words that say their order by themselves.
_ORDERED = (
    ("baseline", "before", "pre", "first", "قبل", "پیش", "اول", "نخست"),
    ("during", "second", "دوم"),
    ("after", "post", "follow-up", "third", "بعد", "پس", "سوم"),
    ("fourth", "چهارم"),
)


def in_time(names: Collection[str]) -> list[str]:
    """Names of waves in the order of time, as far as they tell it; else of their numbers and text.

    Told by dates, years, and years with a quarter, half, month or season, in English or Persian; by
    numbers ("wave 9" before "wave 10"); or by words such as before and after.
    """
    times = {name: _time(name) for name in names}
    if all(times.values()):
        return sorted(names, key=lambda name: times[name] or ())
    ranks = {name: _rank(name) for name in names}
    if all(rank >= 0 for rank in ranks.values()):
        return sorted(names, key=lambda name: ranks[name])
    return sorted(names, key=_by_numbers)


def tells_order(names: Collection[str]) -> bool:
    """Whether the names say in which order the waves were, as `in_time` has it."""
    times = [_time(name) for name in names]
    if all(times) or len(names) < 2:
        return len(set(times)) == len(times) or len(names) < 2
    ranks = [_rank(name) for name in names]
    if min(ranks) >= 0:
        return len(set(ranks)) == len(ranks)
    bare = {re.sub("[0-9]+", "#", name.translate(_DIGITS)) for name in names}
    return len(bare) == 1 and next(iter(bare)).count("#") == 1


def _time(name: str) -> tuple[int, int, int] | None:
    """Year, tenths of its months and day; None where a name says no time."""
    text = " ".join(name.translate(_DIGITS).replace("\u200c", " ").casefold().split())
    if re.fullmatch(_YEAR, text):
        return int(text), 0, 0
    if found := _DAY.fullmatch(text):
        return int(found[1]), 10 * int(found[2]), int(found[3])
    for pattern, times in _PARTS:
        if found := re.fullmatch(pattern, text):
            first, second = found.groups()
            year, part = (first, second) if len(first) == 4 else (second, first)
            return _full(year), times * int(part), 0
    if found := _WORD_AND_YEAR.fullmatch(text):
        return _of_word(found[1], found[2])
    if found := _YEAR_AND_WORD.fullmatch(text):
        return _of_word(found[2], found[1])
    return None


def _of_word(word: str, year: str) -> tuple[int, int, int] | None:
    if word in _SEASONS:
        return _full(year), _SEASONS[word], 0
    if word in _JALALI_SEASONS:
        return _full(year), _JALALI_SEASONS[word], 0
    for months in _MONTHS:
        for number, month in enumerate(months, 1):
            if word == month or (month.isascii() and word.startswith(month)):
                return _full(year), 10 * number, 0
    return None


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _rank(name: str) -> int:
    """The place of a name among words that say their order; -1 for any other."""
    words = set(re.split(r"[\s_]+", name.replace("\u200c", " ").casefold()))
    found = [place for place, known in enumerate(_ORDERED) if words & set(known)]
    return found[0] if len(found) == 1 else -1


def _by_numbers(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]+)", name.translate(_DIGITS))
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]
