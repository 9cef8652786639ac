"""Days that can be read as declared, and are most likely others."""

import re

import narwhals as nw

from cxlib.sources import Source

# Years 99 to 10 of the Jalali calendar, 2020 to 2031, read as Gregorian ones.
_MAY_BE_JALALI = (1999, 2010)
# From so many days and months on, that none is after the 12th is no accident.
_LEAST_DAYS, _LEAST_MONTHS, _LAST_OF_MONTHS = 6, 3, 12


def doubtful_days(source: Source, canonical: nw.LazyFrame) -> list[tuple[str, str, int]]:
    """Warnings about the date column of an input: column, text, rows (0, for it is all of them).

    Gregorian years of two digits that are all 1999 to 2010, as Jalali ones of today would be; and
    dates whose day or month comes first, in three months or more and on six days of the month or
    more, none of them after the 12th, as where day and month are swapped in the file or declared
    the wrong way round.
    """
    name, date_format = source.contract.date, source.entry.get("date_format", "")
    codes = re.findall("%-?([a-zA-Z])", date_format)
    if not name or name not in source.columns or source.form.calendar != "gregorian":
        return []
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
