"""Days and months of lazy frames as whole numbers, which every engine subtracts alike."""

import narwhals as nw


def day_number(column: str) -> nw.Expr:
    """Days since 1 January of the year 1, as date.toordinal counts."""
    years = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap_days = years // 4 - years // 100 + years // 400
    return years * 365 + leap_days + nw.col(column).dt.ordinal_day().cast(nw.Int64)


def month_number(column: str) -> nw.Expr:
    """Months since January of the year 0."""
    return nw.col(column).dt.year().cast(nw.Int64) * 12 + nw.col(column).dt.month() - 1
