"""Rows of one kind alone: what `only` in the sources file may ask for, and the rows it leaves out.

All rows are read and checked as before; those of another kind are then left out and counted.
"""

import calendar
import datetime
import re
from collections.abc import Collection, Iterable, Mapping

import narwhals as nw

from cxlib import contracts
from cxlib.contracts import Rule, quoted

DATE = "date"

# A month of answers stands by itself. One of purchases or contracts does not: a customer of years
# would look like a new one.
_COLUMNS = {
    "feedback": (DATE,),
    "transactions": ("product",),
    "servqual_responses": ("wave",),
}
_MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
_SHOWN_VALUES = 12


def columns(name: str, mapped: Collection[str], attributes: Collection[str]) -> list[str]:
    """The columns that `only` may name in an entry of the input `name`: canonical, attributes."""
    ours = [one for one in _COLUMNS.get(name, ()) if one in mapped]
    # A date that is an attribute is a text like any other: its months are not known.
    return ours + [one for one in attributes if one != DATE]


def key_problems(only: object) -> list[tuple[str, str]]:
    """What is wrong with the key by itself: the problem and how to mend it."""
    if isinstance(only, dict) and all(isinstance(value, str) for value in only.values()):
        return []
    remedy = (
        'write texts by column, like only = { branch = "North" } or only = { date = "2026-03" }'
    )
    return [(f"only = {only!r}", remedy)]


def column_problems(asked: Iterable[str], known: Collection[str]) -> list[tuple[str, str]]:
    """What is wrong with the columns asked for: the problem and how to mend it."""
    remedy = f"it may name {', '.join(known)}" if known else "it may name one of attributes: add it"
    return [
        (f"only names {one}, which is no column it can look at", remedy)
        for one in asked
        if one not in known
    ]


def declaration_problems(only: Mapping[str, str], known: Collection[str]) -> list[tuple[str, str]]:
    """What is wrong between the key and the columns of the entry; `known`: see `columns`."""
    problems = column_problems(only, known)
    if DATE in known and not _MONTH.fullmatch(only.get(DATE, "2026-03")):
        remedy = 'write a month, like only = { date = "2026-03" }'
        problems.append((f"only asks for the date {quoted(only[DATE])}", remedy))
    return problems


def described(only: Mapping[str, str]) -> str:
    """What is asked for, in words: only branch "North" and channel "app"."""
    return "only " + " and ".join(f"{column} {quoted(value)}" for column, value in only.items())


def rules(only: Mapping[str, str]) -> list[Rule]:
    """The exclusions of the rows that are not asked for, or of which nobody knows."""
    found = []
    for column, value in only.items():
        here, other = nw.col(column), nw.col(column) != value
        if column == DATE:
            first, last = map(nw.lit, _days(value))
            other = (here < first) | (here > last)
        text = f"other than {column} {quoted(value)} (only)"
        blank = f"{column} is blank (only)"
        found += [
            Rule("", text, other, "exclusion", asked=True, selects=True),
            Rule("", blank, here.is_null(), "exclusion", selects=True),
        ]
    return found


def _days(month: str) -> tuple[datetime.date, datetime.date]:
    year, number = map(int, month.split("-"))
    last = calendar.monthrange(year, number)[1]
    return datetime.date(year, number, 1), datetime.date(year, number, last)


def complete_to(only: Mapping[str, str], last_day: datetime.date) -> datetime.date:
    """The day that the rows are complete to, in a file that is complete to `last_day`."""
    return min(_days(only[DATE])[1], last_day) if DATE in only else last_day


def values(frame: nw.LazyFrame, column: str) -> dict[str, int]:
    """What `only` may ask of a column and how many rows each has; blanks are not counted."""
    if column != DATE:
        return contracts.value_counts(frame, column)
    months = contracts.value_counts(frame.select(nw.col(DATE).dt.truncate("1mo")), DATE)
    return {month[:7]: count for month, count in months.items()}


def unknown_values(frame: nw.LazyFrame, only: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each value asked for that no row has, with its column, and those there are."""
    unknown = []
    for column, value in only.items():
        found = values(frame, column)
        if value not in found:
            shown = ", ".join(map(quoted, sorted(found)[:_SHOWN_VALUES]))
            more = ", ..." if len(found) > _SHOWN_VALUES else ""
            unknown.append((f"{column} {quoted(value)}", f"{shown}{more}" or "none"))
    return unknown
