"""Purchases that a program or a hand made more of: exports joined, cells filled, days of import."""

import re

import numpy as np
import pandas as pd

from cxlib.door.findings import Finding
from cxlib.engine import has_time, has_zone
from cxlib.sources import Source

# Twins further apart than the lines of an order are; and so many of all rows.
_APART_ROWS, _LEAST_TWINS, _SHARE_OF_TWINS, _DIFFERENT = 50, 20, 0.02, 0.5
# Of a run of numbers or days, each one more than the one before.
_LEAST_RUN, _CHANCE, _MOST_OF_ROWS = 25, 1e-6, 0.3
# Of the rows of one day, as a share of all and as times the days that are among the busiest.
_HEAVY_ROWS, _HEAVY_SHARE, _HEAVY_TIMES, _LEAST_DAYS, _BUSY = 15, 0.02, 8, 30, 0.99
_UNIVERSAL = re.compile(r"(^|[\W_])(utc|gmt)([\W_]|$)", re.IGNORECASE)
_OF_GREENWICH = re.compile("(?:Z|UTC|GMT|[+-]00(?::?00)?) *$")


def odd_rows(
    source: Source, first: pd.DataFrame, typed: pd.DataFrame, dates: pd.Series, of: int
) -> list[Finding]:
    """Warnings about rows that are no purchases of their own, or of another day.

    `first`: the texts of the first rows of a file of transactions; `typed`: `customer_id` and
    `date` of those of them that are read; `dates`: those of a sample of all `of` rows.
    """
    told = []
    if not source.terms.takes_once and source.terms.compares_rows:
        told += [("", *_twins(source, first))]
    told += [
        ("customer_id", *_filled(typed["customer_id"].astype(str).str.extract(r"([0-9]+)$")[0])),
        ("date", *_filled(pd.to_datetime(typed["date"]).map(pd.Timestamp.toordinal))),
        ("date", *_day_of_import(dates, of)),
        ("date", *_universal_time(source, first)),
    ]
    return [
        Finding(column, source.columns.get(column, ""), text, count)
        for column, text, count in told
        if count
    ]


def _twins(source: Source, first: pd.DataFrame) -> tuple[str, int]:
    """Rows alike in all but one column, though another tells most rows apart, such as an order."""
    known = set(source.columns.values())
    others = [name for name in first.columns if name not in known]
    telling = [name for name in others if first[name].nunique() > _DIFFERENT * len(first)]
    for name in others:
        if not [one for one in telling if one != name]:
            continue
        rest = first.drop(columns=name)
        again = rest.duplicated(keep="first")
        if again.sum() < max(_LEAST_TWINS, _SHARE_OF_TWINS * len(first)):
            continue
        at = pd.Series(np.arange(len(first)), index=first.index)
        gaps = at.groupby(pd.util.hash_pandas_object(rest, index=False).to_numpy()).diff().dropna()
        if (gaps > _APART_ROWS).mean() < 0.8:
            continue
        return (
            f"rows are alike in all but {name}: were they exported, or joined, twice? Then take the"
            f' repeats out; or declare in {source.where} repeats = "keep"'
        ), int(again.sum())
    return "", 0


def _filled(values: pd.Series) -> tuple[str, int]:
    """A run of values each one more than the one before, longer than chance explains."""
    numbers = pd.to_numeric(values, errors="coerce").reset_index(drop=True)
    goes_on = (numbers.diff() == 1).to_numpy()
    if len(goes_on) < _LEAST_RUN:
        return "", 0
    ends = np.flatnonzero(~goes_on)
    lengths = np.diff(np.append(ends, len(goes_on)))
    longest = int(lengths.max())
    # Of the other rows: where customers come in the order of their numbers, many go on so.
    share = (goes_on.sum() - (longest - 1)) / max(len(goes_on) - longest, 1)
    chance = len(goes_on) * max(share, 1 / len(goes_on)) ** (longest - 1)
    if longest < _LEAST_RUN or longest > _MOST_OF_ROWS * len(goes_on) or chance > _CHANCE:
        return "", 0
    row = int(ends[lengths.argmax()]) + 1
    return (
        f"each is one more than the one before in {longest:,} rows in a row (from row {row:,} on):"
        " was a cell of a spreadsheet dragged down over others?"
    ), longest


def _day_of_import(dates: pd.Series, of: int) -> tuple[str, int]:
    days = dates.value_counts()
    if len(days) < _LEAST_DAYS:
        return "", 0
    most, busy = int(days.iloc[0]), float(days.iloc[1:].quantile(_BUSY))
    if most < max(_HEAVY_ROWS, _HEAVY_SHARE * len(dates), _HEAVY_TIMES * busy):
        return "", 0
    day = pd.Timestamp(days.index[0]).date()
    return (
        f"{most / len(dates):.0%} of the rows are of {day}, {most / busy:.0f} times those of the"
        " busiest other days: a day on which older purchases were brought into a new system, or"
        " one that stands for none?"
    ), round(most / len(dates) * of)


def _universal_time(source: Source, first: pd.DataFrame) -> tuple[str, int]:
    theirs, date_format = source.columns["date"], str(source.entry.get("date_format", ""))
    if not has_time(date_format):
        return "", 0
    times = first[theirs]
    if has_zone(date_format) and times[times != ""].str.contains(_OF_GREENWICH).all():
        return (
            "times of UTC: near midnight the day of a purchase is another one than that of the"
            " shop; export local times"
        ), len(first)
    if not _UNIVERSAL.search(theirs):
        return "", 0
    return (
        "times of UTC by the name of the column: near midnight the day of a purchase is another one"
        " than that of the shop; export local times"
    ), len(first)
