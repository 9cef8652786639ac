"""Subscriptions as a source declares them: who left, when and why, and what each month was worth.

A file of dates says more than one of who has left: whether and after how long are computed from
the dates. Whatever is wrong between dates, reasons and declared days is a rule like those of
`contracts`, counted in the same pass.
"""

import datetime
import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

import narwhals as nw

from cxlib import calendars, contracts, engine
from cxlib.contracts import Rule, quoted

DATES = ("started", "ended")
DERIVED = ("churned", "tenure_months")
# The mean length of a Gregorian month.
MONTH_DAYS = 30.436875
# Whose leaving a file without dates records.
LEAVERS = ("all", "last month")
# The reasons as they stand in the file.
_WORDS = "__leaving"
# Who was drawn for a campaign, as it stands in the file.
_DRAWN = "__treated"
# Keys that mean nothing without dates.
_OF_DATES = ("date_format", "complete_to", "observed_from", "campaign_day", "fixed")
# Columns of ours that may be known since sign-up; the others change, or tell the outcome.
_MAY_BE_FIXED = ("monthly_charges",)
_ENOUGH_LEAVERS = 30
# With so many to be expected none comes with a chance of one in a thousand.
_UNLIKELY_NONE = math.log(1000)


def is_dated(columns: Collection[str]) -> bool:
    """Whether a file mapped by `columns` says who left by dates."""
    return not set(DATES).isdisjoint(columns)


def canonical_columns(columns: Collection[str]) -> list[str]:
    """The canonical columns, before the attributes, of a file mapped by `columns`."""
    if not is_dated(columns):
        return list(columns)
    others = [name for name in columns if name != "customer_id"]
    return ["customer_id", *DERIVED, *others]


def leavers(entry: Mapping[str, Any], columns: Collection[str]) -> str:
    """Whose leaving a file records: "all", "last month", or "" where it is not known.

    Dates record everybody who ever left, unless leavers are missing before `observed_from`.
    """
    if is_dated(columns) and "observed_from" not in entry:
        return LEAVERS[0]
    return str(entry.get("leavers", ""))


# --- the declaration -----------------------------------------------------------------------


def declaration_problems(
    entry: Mapping[str, Any],
    columns: Collection[str],
    attributes: Collection[str],
    where: str,
) -> list[tuple[str, str]]:
    """What is wrong between the keys of an entry, each of which may be right by itself."""
    problems = []
    if "involuntary" in entry and "leaving" not in columns:
        remedy = f'add leaving = "..." (why a customer left) to columns in {where}'
        problems.append(("involuntary is given, but no column says why customers left", remedy))
    if not is_dated(columns):
        remedy = f'take it out of {where}, or map started = "..." and ended = "..." in columns'
        given = [key for key in _OF_DATES if key in entry]
        return problems + [(f"{key} is given without dates of customers", remedy) for key in given]
    if mixed := [name for name in DERIVED if name in columns]:
        rule = f"columns gives dates and also {' and '.join(mixed)}"
        remedy = "take it out" if len(mixed) == 1 else "take them out"
        problems.append((rule, f"{remedy} of columns in {where}: the dates say it"))
    if "leavers" in entry:
        remedy = (
            f"take it out of {where}: dates tell who left when; if the file lacks those who left"
            " before some day, declare that day: observed_from = 2024-01-01"
        )
        problems.append(("leavers is given beside dates", remedy))
    if "complete_to" not in entry:
        remedy = f"add the last day that the file covers to {where}: complete_to = 2026-10-31"
        problems.append(("complete_to is missing: how long customers have stayed", remedy))
    else:
        problems += [
            (f"{key} = {entry[key]} lies after complete_to", f"correct one of them in {where}")
            for key in ("observed_from", "campaign_day")
            if entry.get(key, datetime.date.min) > entry["complete_to"]
        ]
    if "treated" in columns and "campaign_day" not in entry:
        remedy = f"add the first day of the campaign to {where}: campaign_day = 2026-08-01"
        problems.append(("treated is given without the day of the campaign", remedy))
    if "campaign_day" in entry and "treated" not in columns:
        remedy = f'add treated = "..." (who was contacted) to columns in {where}'
        problems.append(("campaign_day is given, but no column says who was contacted", remedy))
    return problems + _fixed_problems(entry.get("fixed", []), attributes, where)


def _fixed_problems(
    fixed: Sequence[str], attributes: Collection[str], where: str
) -> list[tuple[str, str]]:
    known = [*_MAY_BE_FIXED, *attributes]
    remedy = f"correct it in {where}; it may name {', '.join(known)}"
    return [
        (f"fixed names {one}, which is no attribute", remedy) for one in fixed if one not in known
    ]


# --- the rows ------------------------------------------------------------------------------


def applied(
    frame: nw.LazyFrame,
    entry: Mapping[str, Any],
    columns: Collection[str],
    general: Sequence[Rule],
    where: str,
) -> tuple[nw.LazyFrame, list[Rule]]:
    """The staged table with what its dates say, and all its rules in order.

    churned        whether `ended` is there
    tenure_months  days from `started` to `ended`, or to complete_to, by 30.436875 days a month
    leaving        "voluntary" or "involuntary", where the entry says which words are involuntary
    treated        blank for those who had left by the day of the campaign: who leaves between the
                   draw and that day leaves whatever the coin said, and is in neither arm
    `general`: the rules of every input.
    """
    rules = list(general)
    if is_dated(columns):
        started, ended = map(nw.col, DATES)
        until = nw.coalesce(ended, nw.lit(entry["complete_to"]))
        frame = frame.with_columns(
            churned=~ended.is_null(),
            tenure_months=_days_between(started, until) / MONTH_DAYS,
        )
        rules += _date_rules(entry, where)
        if "treated" in columns:
            day = entry["campaign_day"]
            gone = (ended <= nw.lit(day)).fill_null(False)
            kept = nw.when(~gone).then(nw.col("treated"))
            frame = frame.with_columns(nw.col("treated").alias(_DRAWN), treated=kept)
            rules += _campaign_rules(day, gone, where)
    if "leaving" in columns:
        if "involuntary" in entry:
            words = list(dict.fromkeys(entry["involuntary"]))
            frame = frame.with_columns(nw.col("leaving").alias(_WORDS), leaving=_why(words))
            rules += _word_rules(words)
        rules += _reason_rules(columns)
    return frame, rules


def _why(involuntary: Sequence[str]) -> nw.Expr:
    given = nw.col("leaving")
    voluntary, other = map(nw.lit, contracts.WHY_LEFT)
    return nw.when(given.is_in(involuntary)).then(other).when(~given.is_null()).then(voluntary)


def _word_rules(involuntary: Sequence[str]) -> list[Rule]:
    given = nw.col(_WORDS)
    rules = [
        Rule(
            "leaving",
            f"{quoted(word)} taken as involuntary",
            given == word,
            "repair",
            expected=True,
        )
        for word in involuntary
    ]
    other = ~given.is_in(involuntary)
    return [*rules, Rule("leaving", "any other reason taken as voluntary", other, "repair")]


def _date_rules(entry: Mapping[str, Any], where: str) -> list[Rule]:
    started, ended = map(nw.col, DATES)
    last = entry["complete_to"]
    rules = [
        Rule(
            "ended",
            "ended before it started",
            ended < started,
            "error",
            "correct the rows, or take them out of the file",
        ),
        Rule(
            "ended",
            f"date after the last day the file is complete to (complete_to, {last})",
            ended > nw.lit(last),
            "error",
            f"correct the rows, or complete_to in {where}; leave a notice for later blank, and the"
            " end of a contract that is only planned",
        ),
    ]
    if "observed_from" in entry:
        first = entry["observed_from"]
        rules.append(
            Rule(
                "ended",
                f"left before the first day from which leavers are in the file ({first})",
                ended < nw.lit(first),
                "error",
                f"correct observed_from in {where}, or take these rows out of the file",
            )
        )
    return rules


def _campaign_rules(day: datetime.date, gone: nw.Expr, where: str) -> list[Rule]:
    drawn = ~nw.col(_DRAWN).is_null()
    return [
        Rule(
            "treated",
            f"drawn for the campaign, but no customer yet on its day ({day})",
            drawn & (nw.col("started") > nw.lit(day)),
            "error",
            f"leave treated blank for those not in the draw, or correct campaign_day in {where}:"
            " the complete_to of the run that made the list, or the day of the first contact",
        ),
        Rule(
            "treated",
            f"drawn for the campaign, but no customer any more on its day ({day}): in neither arm",
            drawn & gone,
            "warning",
        ),
    ]


def _reason_rules(columns: Collection[str]) -> list[Rule]:
    reason = nw.col("leaving")
    # A date or a mark that cannot be read is told by itself.
    said = nw.col(engine.state("ended" if is_dated(columns) else "churned")) != engine.NOT_OF_TYPE
    return [
        Rule(
            "leaving",
            "a reason for leaving of somebody who has not left",
            said & ~nw.col("churned") & ~reason.is_null(),
            "error",
            "leave the reason of those who stay blank, or add the day on which they left",
        ),
        Rule(
            "leaving",
            "left without a reason: neither voluntary nor involuntary",
            nw.col("churned") & reason.is_null(),
            "warning",
        ),
    ]


def by_month(frame: nw.LazyFrame) -> nw.LazyFrame:
    """The staged table of months with the first day of each month in place of any day of it."""
    return frame.with_columns(month=nw.col("month").dt.truncate("1mo").cast(nw.Date))


# --- the table -----------------------------------------------------------------------------


def silent_ends(
    subscriptions: nw.LazyFrame, complete_to: datetime.date, observed_from: datetime.date | None
) -> list[tuple[str, int]]:
    """Warnings (text, 0 rows) where nobody leaves for long at the start or the end of a dated file.

    For longer than three times the longest pause between two days on which somebody left, and a
    week, and with more than log(1000) = 6.9 leavers to be expected at the rate a customer day
    between the first and the last of them: were leaving as likely then, a silence like it would
    come about in less than one of 1,000 files. Asked of files with 30 leavers or more.
    """
    ended = subscriptions.filter(nw.col("churned")).group_by("ended").agg(nw.len().alias("n"))
    found = sorted(ended.collect("pyarrow").iter_rows())
    leavers = sum(count for _, count in found)
    if leavers < _ENOUGH_LEAVERS or len(found) < 2:
        return []
    first, last = found[0][0], found[-1][0]
    pause = max((later - day).days for (day, _), (later, _) in pairwise(found))
    begin = observed_from or subscriptions.select(nw.col("started").min()).collect("pyarrow").item()
    spans = {"before": (begin, first), "within": (first, last), "after": (last, complete_to)}
    days = subscriptions.select(
        **{name: _days_within(*span, complete_to).sum() for name, span in spans.items()}
    )
    at_risk = days.collect("pyarrow").rows(named=True)[0]
    advice = {
        "before": "if those who left before are missing, declare observed_from",
        "after": f"if the file ends earlier, complete_to = {last} is right",
    }
    doubts = []
    for name, what in advice.items():
        since, until = spans[name]
        silence = (until - since).days
        expected = leavers * at_risk[name] / at_risk["within"]
        if silence > max(7, 3 * pause) and expected > _UNLIKELY_NONE:
            text = (
                f"nobody left in {silence} days from {since} on, where {expected:,.0f} were to be"
                f" expected: {what}"
            )
            doubts.append((text, 0))
    return doubts


def _days_within(since: datetime.date, until: datetime.date, complete_to: datetime.date) -> nw.Expr:
    """The days of each customer under contract from `since` to `until`."""
    started, ended = map(nw.col, DATES)
    end = nw.coalesce(ended, nw.lit(complete_to))
    begin = nw.when(started < nw.lit(since)).then(nw.lit(since)).otherwise(started)
    end = nw.when(end > nw.lit(until)).then(nw.lit(until)).otherwise(end)
    days = _days_between(begin, end)
    return nw.when(days > 0).then(days).otherwise(0.0)


def _days_between(first: nw.Expr, last: nw.Expr) -> nw.Expr:
    """Differences of dates have another type in every engine; whole numbers are the same in all."""
    return (calendars.day_number(last) - calendars.day_number(first)).cast(nw.Float64)
