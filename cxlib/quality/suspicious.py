"""Values that may not be what they seem; each rule is stated with what it found."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from cxlib import engine
from cxlib.inference import MIN_GROUP
from cxlib.quality.cells import counted_values, filled, numbers
from cxlib.quality.profiles import CUSTOMER

OUTLIER_MEDIANS = 1000
# With so few values all are far apart.
_PRICES, _TIMES_THE_SPREAD = 5, 3
SENTINELS = (datetime.date(1900, 1, 1), datetime.date(1970, 1, 1))
_COLUMNS = ["column", "finding", "rows", "n"]

# What was counted of each column.
_Answers = dict[str, dict[Any, Any]]


def suspicious_values(frame: nw.LazyFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """One row a finding: `column`, `finding` in words, `rows` it is about, `n` rows with a value.

    Numbers: values above 1000 medians; a value at either end, in two rows or more, that is further
    from the next value than all others are spread (a code such as 99 among answers of 1 to 5).
    Dates: 1900-01-01 and 1970-01-01, which programs write for no date. Texts: values that are the
    same but for capital letters. All: one and the same value in every row. `profile` is that of
    the table; ids are not looked at. A value of fewer than ten rows or customers is not named.
    """
    known = profile[(profile["distinct"] > 0) & (profile["kind"] != "id")]
    answers = _of_dates(frame, known) | _of_texts(frame, known) | _of_numbers(frame, known)
    found = [
        (str(name), text, int(count), int(row["n"] - row["missing"]))
        for name, row in known.iterrows()
        for text, count in _findings(row, answers.get(str(name), {}))
    ]
    return pd.DataFrame(found, columns=_COLUMNS)


def _of_dates(frame: nw.LazyFrame, known: pd.DataFrame) -> _Answers:
    """The rows of each of SENTINELS."""
    names = _names(known[known["kind"] == "date"])
    asked = [
        (nw.col(name) == nw.lit(day)).fill_null(False).cast(nw.Int64).sum().alias(f"{at}.{day}")
        for at, name in enumerate(names)
        for day in SENTINELS
    ]
    if not asked:
        return {}
    [found] = frame.select(*asked).collect("pandas").to_native().to_dict("records")
    return {
        name: {str(day): found[f"{at}.{day}"] for day in SENTINELS} for at, name in enumerate(names)
    }


def _of_texts(frame: nw.LazyFrame, known: pd.DataFrame) -> _Answers:
    """The values that differ in more than capital letters."""
    columns = {
        name: nw.col(name).str.to_lowercase() for name in _names(known[known["kind"] == "text"])
    }
    if not columns:
        return {}
    counted = counted_values(frame, columns)["distinct"]
    return {str(name): {"unlike": unlike} for name, unlike in counted.items()}


def _of_numbers(frame: nw.LazyFrame, known: pd.DataFrame) -> _Answers:
    """Of numbers with three values: rows of outliers and of both ends, their people, the values
    next to the ends."""
    table = known[(known["kind"] == "number") & (known["distinct"] >= 3)]
    names = _names(table)
    if not names:
        return {}
    value, person = nw.col("value"), nw.col(CUSTOMER)
    keys = [CUSTOMER] if CUSTOMER in frame.collect_schema().names() else []
    ends = table[["least", "most"]].astype(float)
    ends["limit"] = OUTLIER_MEDIANS * table["d5"].astype(float)
    lent = engine.lend(ends.rename_axis("column").reset_index())
    counts = {
        "outliers": value > nw.col("limit"),
        "lowest": value == nw.col("least"),
        "highest": value == nw.col("most"),
    }
    beyond = {
        "second": nw.when(value > nw.col("least")).then(value),
        "last_but_one": nw.when(value < nw.col("most")).then(value),
    }
    flagged = (
        filled(frame, numbers(names), keys)
        .join(lent, on="column", how="inner")
        .select("column", *keys, **{at: one.cast(nw.Int64) for at, one in counts.items()}, **beyond)
    )
    told = (nw.col(*counts).sum(), nw.col("second").min(), nw.col("last_but_one").max())
    if keys:
        flagged = flagged.group_by("column", *keys).agg(*told)
    # People are customers, or rows where the table has none.
    people = [
        (nw.when(~person.is_null()).then(nw.col(end) > 0) if keys else nw.col(end) > 0)
        .cast(nw.Int64)
        .alias(f"{end}_people")
        for end in ("lowest", "highest")
    ]
    found = flagged.with_columns(*people).group_by("column")
    answers = found.agg(*told, nw.col("lowest_people", "highest_people").sum())
    table = answers.collect("pandas").to_native().fillna(0)
    return {str(one["column"]): one for one in table.to_dict("records")}


def _names(table: pd.DataFrame) -> list[str]:
    return [str(name) for name in table.index]


def _findings(row: pd.Series, found: Mapping[Any, Any]) -> Iterator[tuple[str, int]]:
    known = int(row["n"] - row["missing"])
    if row["distinct"] == 1 and known > 1:
        yield "one and the same value in every row", known
    if row["kind"] == "date":
        for day in SENTINELS:
            if found[str(day)]:
                yield f"{day}, which programs write where there is no date", found[str(day)]
    elif row["kind"] == "text":
        alike = int(row["distinct"]) - int(found["unlike"])
        if alike:
            yield f"{alike} of {row['distinct']} values differ from another in capitals only", known
    elif row["kind"] == "number" and row["distinct"] >= 3:
        yield from _far_off(row, found)


def _far_off(row: pd.Series, found: Mapping[Any, Any]) -> Iterator[tuple[str, int]]:
    least, most = float(row["least"]), float(row["most"])
    second, last_but_one = float(found["second"]), float(found["last_but_one"])
    alone = "stands alone, further from the next value than all others are spread"
    # Of three prices one is often twice as dear as the others.
    times = 1 if row["distinct"] > _PRICES else _TIMES_THE_SPREAD
    if found["highest"] > 1 and most - last_but_one > times * (last_but_one - least):
        shown = f"{most:,.10g}" if found["highest_people"] >= MIN_GROUP else "the highest value"
        yield f"{shown} {alone}", found["highest"]
    if found["lowest"] > 1 and second - least > times * (most - second):
        shown = f"{least:,.10g}" if found["lowest_people"] >= MIN_GROUP else "the lowest value"
        yield f"{shown} {alone}", found["lowest"]
    if row["d5"] > 0 and found["outliers"]:
        yield f"above {OUTLIER_MEDIANS:,} medians", found["outliers"]
