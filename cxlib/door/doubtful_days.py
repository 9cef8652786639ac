"""Days that can be read as declared, and are most likely others."""

import re

import narwhals as nw
import pandas as pd

from cxlib import contracts, engine
from cxlib.sources import Source

# Years 90 to 10 of the Jalali calendar, 2011 to 2031, read as Gregorian ones.
_MAY_BE_JALALI = (1990, 2010)
# From so many days and months on, that none is after the 12th is no accident.
_LEAST_DAYS, _LEAST_MONTHS, _LAST_OF_MONTHS = 6, 3, 12
# Of dates apart from all others: their rows, as a share, on several days or on one; how far apart,
# as a share of the time of the others; and the same of those that are further.
_LEAST_ROWS, _FEW, _FEW_ON_ONE_DAY = 50, 0.01, 0.1
_APART_DAYS, _APART_SHARE = 180, 0.5
_FEW_FAR, _FAR = 0.03, 3
_BIRTH = re.compile(
    r"birth|\bdob\b|geburt|naissance|nacimiento|nascita|doğum|рожден|تولد|میلاد", re.IGNORECASE
)
# Of rows in the order of their days: steps back, and rows out of it that are in it when swapped.
_IN_ORDER, _LEAST_SWAPPED, _MOSTLY = 0.98, 10, 0.9


def doubtful_days(
    source: Source,
    canonical: nw.LazyFrame,
    sample: nw.LazyFrame,
    head: nw.LazyFrame,
    found: contracts.Checked,
) -> list[tuple[str, str, int]]:
    """Warnings about the date column of an input: column, text, rows (0 where it is all of them).

    `sample`: rows of purchases spread over the table; `head`: the first rows of the file; `found`:
    what the check counted. Told are a column called after births; a few dates long before or after
    all others; rows in the order
    of their days, but for some that are in it with day and month swapped; and, by the form,
    Gregorian years of two digits that are all 1990 to 2010, as Jalali ones of today would be, and
    dates whose day or month comes first, in three months or more and on six days of the month or
    more, none of them after the 12th.
    """
    name = source.contract.date
    if not name or name not in source.columns or found.first is None:
        return []
    told = _apart(source, name, canonical, sample, found)
    theirs = source.columns[name]
    if _BIRTH.search(theirs.replace("_", " ")):
        told.append((name, f"{theirs} is a day of birth, and is read as the day of each row", 0))
    if source.form.calendar == "gregorian":
        told += _swapped(name, head)
        told += _by_form(source, name, canonical)
    return told


def _apart(
    source: Source,
    name: str,
    canonical: nw.LazyFrame,
    sample: nw.LazyFrame,
    found: contracts.Checked,
) -> list[tuple[str, str, int]]:
    if found.rows < _LEAST_ROWS or found.first is None or found.last is None:
        return []
    if source.input == contracts.TRANSACTIONS.name:
        # Counting the days of all rows takes time, and few files have such dates.
        some = pd.to_datetime(sample.select(name).collect("pandas").to_native()[name])
        low, high = some.quantile(_FEW_ON_ONE_DAY), some.quantile(1 - _FEW_ON_ONE_DAY)
        least = pd.Timedelta(days=_APART_DAYS)
        if low - pd.Timestamp(found.first) < least > pd.Timestamp(found.last) - high:
            return []
    counted = canonical.filter(~nw.col(name).is_null()).group_by(name).agg(nw.len().alias("rows"))
    days = counted.sort(name).collect("pandas").to_native()
    days[name] = pd.to_datetime(days[name])
    told = []
    for is_first in (True, False):
        some = days if is_first else days[::-1]
        rows, at = some["rows"].cumsum(), some[name]
        gaps = (at.shift(-1) - at).abs()
        rest = (at.iloc[-1] - at.shift(-1)).abs()
        few = (rows <= _FEW * found.rows) | (
            (rows <= _FEW_ON_ONE_DAY * found.rows) & (at == at.iloc[0])
        )
        few |= (rows <= _FEW_FAR * found.rows) & (gaps > _FAR * rest)
        far = (gaps.dt.days > _APART_DAYS) & (gaps > _APART_SHARE * rest) & (rest.dt.days > 0)
        if (few & far).any():
            last = (few & far)[::-1].idxmax()
            off, day = f"{gaps[last].days:,}", at.iloc[0].date()
            text = (
                f"a few dates lie up to {off} days before all others, such as {day}: typing errors,"
                " or days that stand for none?"
                if is_first
                else f"a few dates lie up to {off} days after all others, such as {day}: typing"
                " errors, or days that stand for none?"
            )
            told.append((name, text, int(rows[last])))
    return told


def _swapped(name: str, head: nw.LazyFrame) -> list[tuple[str, str, int]]:
    rows = head.select(engine.ROW, name).sort(engine.ROW).collect("pandas").to_native()
    days = pd.to_datetime(rows[name]).dropna().reset_index(drop=True)
    day, month = days.dt.day, days.dt.month
    either = (day <= _LAST_OF_MONTHS) & (day != month)
    sure = days[~either]
    if either.sum() < _LEAST_SWAPPED or len(sure) < _LEAST_SWAPPED:
        return []
    if (sure.diff().dropna().dt.days >= 0).mean() < _IN_ORDER:
        return []
    before, after = sure.reindex(days.index).ffill(), sure.reindex(days.index).bfill()
    parts = pd.DataFrame({"year": days.dt.year, "month": day.where(either, 1), "day": month})
    swapped = pd.to_datetime(parts)
    out = either & ((days < before) | (days > after))
    mended = out & ~((swapped < before) | (swapped > after))
    if mended.sum() < max(_LEAST_SWAPPED, _MOSTLY * out.sum()):
        return []
    text = (
        "rows out of the order of their days, and in it with day and month swapped: dates of two"
        " forms were brought into one? Export them again"
    )
    return [(name, text, int(mended.sum()))]


def _by_form(source: Source, name: str, canonical: nw.LazyFrame) -> list[tuple[str, str, int]]:
    date_format = source.entry.get("date_format", "")
    codes = re.findall("%-?([a-zA-Z])", date_format)
    if "y" not in codes and codes[:1] not in (["d"], ["m"]):
        return []
    day = nw.col(name)
    found = (
        canonical.filter(~day.is_null())
        .group_by(name)
        .agg(nw.len().alias("__rows"))
        .select(
            day.dt.year().alias("year"), day.dt.month().alias("month"), day.dt.day().alias("day")
        )
        .collect("pyarrow")
        .to_pandas()
    )
    told = []
    if len(found) and "y" in codes and found["year"].between(*_MAY_BE_JALALI).all():
        years = f"{found['year'].min()} to {found['year'].max()}"
        text = f"years of two digits are read as {years}: if they are Jalali, write four digits"
        told.append((name, text, 0))
    if (
        {"d", "m"} <= set(codes)
        and codes[0] in "dm"
        and found["day"].nunique() >= _LEAST_DAYS
        and len(found[["year", "month"]].drop_duplicates()) >= _LEAST_MONTHS
        and found["day"].max() <= _LAST_OF_MONTHS
    ):
        text = (
            f"no day is after the {_LAST_OF_MONTHS}th of its month: day and month may be swapped;"
            f' the file is read as date_format = "{date_format}"'
        )
        told.append((name, text, 0))
    return told
