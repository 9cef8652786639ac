"""Values that may not be what they seem; each rule is stated with what it found."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from cxlib.inference import MIN_GROUP
from cxlib.quality.profiles import CUSTOMER

OUTLIER_MEDIANS = 1000
SENTINELS = (datetime.date(1900, 1, 1), datetime.date(1970, 1, 1))
_COLUMNS = ["column", "finding", "rows", "n"]


def suspicious_values(frame: nw.LazyFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """One row a finding: `column`, `finding` in words, `rows` it is about, `n` rows with a value.

    Numbers: values above 1000 medians; a value at either end, in two rows or more, that is further
    from the next value than all others are spread (a code such as 99 among answers of 1 to 5).
    Dates: 1900-01-01 and 1970-01-01, which programs write for no date. Texts: values that are the
    same but for capital letters. All: one and the same value in every row. `profile` is that of
    the table; ids are not looked at. A value of fewer than ten rows or customers is not named.
    """
    known = profile[(profile["distinct"] > 0) & (profile["kind"] != "id")]
    by_customer = CUSTOMER in profile.index
    asked = {
        f"{number}.{figure}": expression
        for number, (name, row) in enumerate(known.iterrows())
        for figure, expression in _figures(str(name), row, by_customer).items()
    }
    values: Mapping[str, Any] = {}
    if asked:
        expressions = [expression.alias(name) for name, expression in asked.items()]
        [values] = frame.select(*expressions).collect("pandas").to_native().to_dict("records")
    found = [
        (str(name), text, int(count), int(row["n"] - row["missing"]))
        for number, (name, row) in enumerate(known.iterrows())
        for text, count in _findings(row, _Answers(values, number))
    ]
    return pd.DataFrame(found, columns=_COLUMNS)


class _Answers:
    """The figures of one column among those of all."""

    def __init__(self, values: Mapping[str, Any], number: int) -> None:
        self._values, self._number = values, number

    def __getitem__(self, figure: str) -> Any:
        return self._values[f"{self._number}.{figure}"]


def _figures(name: str, row: pd.Series, by_customer: bool) -> dict[str, nw.Expr]:
    value = nw.col(name)
    if row["kind"] == "date":
        return {str(day): _count(value == nw.lit(day)) for day in SENTINELS}
    if row["kind"] == "text":
        return {"alike": value.str.to_lowercase().n_unique()}
    if row["kind"] != "number" or row["distinct"] < 3:
        return {}
    least, most = float(row["least"]), float(row["most"])
    person = nw.col(CUSTOMER) if by_customer else None
    return {
        "outliers": _count(value > OUTLIER_MEDIANS * float(row["d5"])),
        "lowest": _count(value == least),
        "highest": _count(value == most),
        "lowest_people": _people(value == least, person),
        "highest_people": _people(value == most, person),
        "second": nw.when(value > least).then(value).min(),
        "last_but_one": nw.when(value < most).then(value).max(),
    }


def _count(true: nw.Expr) -> nw.Expr:
    return true.fill_null(False).cast(nw.Int64).sum()


def _people(true: nw.Expr, person: nw.Expr | None) -> nw.Expr:
    """Customers with such a row, or its rows where the table has no customers."""
    if person is None:
        return _count(true)
    # What is not meant counts as a value to the engine.
    return nw.when(true).then(person).n_unique() - 1


def _findings(row: pd.Series, found: _Answers) -> Iterator[tuple[str, int]]:
    known = int(row["n"] - row["missing"])
    if row["distinct"] == 1 and known > 1:
        yield "one and the same value in every row", known
    if row["kind"] == "date":
        for day in SENTINELS:
            if found[str(day)]:
                yield f"{day}, which programs write where there is no date", found[str(day)]
    elif row["kind"] == "text":
        # A blank counts as a value to the engine.
        alike = int(row["distinct"]) - (int(found["alike"]) - bool(row["missing"]))
        if alike:
            yield f"{alike} of {row['distinct']} values differ from another in capitals only", known
    elif row["kind"] == "number" and row["distinct"] >= 3:
        yield from _far_off(row, found)


def _far_off(row: pd.Series, found: _Answers) -> Iterator[tuple[str, int]]:
    least, most = float(row["least"]), float(row["most"])
    second, last_but_one = float(found["second"]), float(found["last_but_one"])
    alone = "stands alone, further from the next value than all others are spread"
    if found["highest"] > 1 and most - last_but_one > last_but_one - least:
        named = f"{most:,.10g}" if found["highest_people"] >= MIN_GROUP else "the highest value"
        yield f"{named} {alone}", found["highest"]
    if found["lowest"] > 1 and second - least > most - second:
        named = f"{least:,.10g}" if found["lowest_people"] >= MIN_GROUP else "the lowest value"
        yield f"{named} {alone}", found["lowest"]
    if row["d5"] > 0 and found["outliers"]:
        yield f"above {OUTLIER_MEDIANS:,} medians", found["outliers"]
