"""How the numbers, dates and words of a file are written, as its description declares it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from cxlib import engine
from cxlib.contracts import quoted

ISO_DATE = "%Y-%m-%d"
# A zone that stands in every text: after the time, like 10:30Z, or by its name.
_ZONE = re.compile(r"%-?[HIMSfgnpTX]\s*(Z|[-+]\d\d:?(\d\d)?)$|\b(UTC|GMT)\b")
_CALENDARS = ("gregorian", "jalali")
_DECIMALS = (".", ",", "/", "\u066b")
_THOUSANDS = ("", ",", ".", " ", "'", "\u2019", "/", "\u060c", "\u066c")
# Keys with words that stand in the file: as values, as names of pairs, or as such names one below.
_WORDS = {
    "missing": "values",
    "true_values": "values",
    "false_values": "values",
    "involuntary": "values",
    "roles": "values",
    "only": "values",
    "leave_out": "values",
    "exchange_rates": "names",
    "margin_rates": "names",
    "margins": "names below",
}


def dates(entry: Mapping[str, Any]) -> str:
    """How dates are written, in words for an error."""
    date_format = str(entry.get("date_format", ISO_DATE))
    if date_format == engine.EXCEL:
        return "day number of a workbook"
    return date_format + (" in the Jalali calendar" if _is_jalali(entry) else "")


def converted(entry: Mapping[str, Any]) -> dict[engine.ColumnType, str]:
    """What a declaration has turned into numbers and dates, in words for the report."""
    found = dict[engine.ColumnType, str]()
    has_marks = (entry.get("decimal", "."), entry.get("thousands", "")) != (".", "")
    if has_marks and "value_labels" in entry:
        found["number"] = "decimal or thousands marks, or words for answers, read as declared"
    elif has_marks:
        found["number"] = "decimal or thousands marks read as declared"
    elif "value_labels" in entry:
        found["number"] = "words for answers read as the numbers that are declared"
    if _is_jalali(entry):
        found["date"] = "Jalali date turned into the Gregorian day"
    elif entry.get("date_format") == engine.EXCEL:
        found["date"] = "day number of a workbook turned into the day"
    elif engine.has_zone(entry.get("date_format", ISO_DATE)):
        found["date"] = "time of day and zone cut off, the day of the clock that wrote it stays"
    elif engine.has_time(entry.get("date_format", ISO_DATE)):
        found["date"] = "time of day cut off, the local day stays (also where clocks change)"
    return found


def _is_jalali(entry: Mapping[str, Any]) -> bool:
    return entry.get("calendar") == "jalali"


def folded(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry whose words for values are written as those of the file will be once folded."""
    return dict(entry) | {
        key: _folded_words(value, _WORDS[key]) for key, value in entry.items() if key in _WORDS
    }


def _folded_words(value: Any, kind: str) -> Any:
    if isinstance(value, dict) and kind == "names":
        return {engine.folded(one): number for one, number in value.items()}
    if isinstance(value, dict):
        below = "names" if kind == "names below" else kind
        return {name: _folded_words(one, below) for name, one in value.items()}
    if isinstance(value, list):
        return [engine.folded(one) for one in value]
    return engine.folded(value)


def problems(entry: Mapping[str, Any], *, whole_day: bool) -> list[tuple[str, str]]:
    """What is wrong with the marks of numbers and the form of dates: each with its remedy.

    `whole_day`: dates must have year, month and day; else a year may be enough.
    """
    found = []
    for key, known in (
        ("calendar", _CALENDARS),
        ("decimal", _DECIMALS),
        ("thousands", _THOUSANDS),
    ):
        if (declared := entry.get(key, known[0])) not in known:
            marks = " or ".join(json.dumps(one, ensure_ascii=False) for one in known)
            found.append((f"{key} = {quoted(declared)}", f"write {marks}"))
    decimal, thousands = entry.get("decimal", "."), entry.get("thousands", "")
    if decimal == thousands:
        mark = json.dumps(decimal, ensure_ascii=False)
        remedy = 'say which mark is the decimal one, like decimal = ","'
        found.append((f"thousands = {mark} is also the decimal mark", remedy))
    date_format = entry.get("date_format", ISO_DATE)
    if problem := _date_problem(date_format, _is_jalali(entry), whole_day=whole_day):
        rule, remedy = problem
        found.append((f"date_format = {quoted(date_format)}{rule}", remedy))
    return found


def _date_problem(date_format: str, jalali: bool, *, whole_day: bool) -> tuple[str, str] | None:
    """What is wrong with a date format, said after it, and the remedy."""
    if date_format == engine.EXCEL:
        if jalali:
            return " in the Jalali calendar", "take calendar out: day numbers have none"
        return None
    codes = set(re.findall(r"%[-]?([A-Za-z])", date_format))
    year, month, day = codes & set("Yy"), codes & set("mbB"), codes & {"d"}
    if jalali and "z" in codes:
        rule = " reads a time zone in the Jalali calendar"
        remedy = "write the local day of each row into the file: a time zone would move days"
    elif _ZONE.search(date_format) or (codes & {"z", "Z"} and not engine.has_zone(date_format)):
        rule = " reads a time zone"
        remedy = (
            "write %z in its place, at the end behind a time: the zone is cut off, and the day is"
            " that of the clock that wrote it"
        )
    elif jalali and (unknown := engine.unknown_jalali_codes(date_format)):
        remedy = 'write it with %Y, %m or %B, %d, and %H, %M, %S for a time, like "%Y/%m/%d"'
        rule = f" has {', '.join(unknown)} in the Jalali calendar"
    elif jalali and not (year and month):
        rule, remedy = " does not give year and month", 'write it like "%Y/%m/%d"'
    elif not jalali and not engine.valid_date_format(date_format):
        rule, remedy = "", "see strftime for the codes"
    elif codes & set("xc") or (year and (not whole_day or codes & {"j"} or (month and day))):
        return None
    else:
        rule, remedy = " does not give year, month and day", 'write it like "%d/%m/%Y"'
    return rule, remedy
