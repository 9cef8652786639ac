"""What of a profile may be shown: no value that tells of fewer than ten people."""

import narwhals as nw
import pandas as pd

from cxlib.inference import MIN_GROUP
from cxlib.quality.profiles import CUSTOMER, TENTHS

_FEW = ("zeros", "negatives", "fractions")
_ORDER = ("least", "p01", *TENTHS, "p99", "most")
_AT_A_TIME = 5


def shown(frame: nw.LazyFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """The profile of a table without values of few people; counts of blanks and values stay.

    People are customers where the table has the column customer_id, else rows. Of a column with
    values of fewer than ten people no value is shown. Of a number a tenth is shown where ten people
    are at or below it and ten at or above; `least` and `most` are the outermost figures that may be
    shown: the ends themselves where ten share them, else the first or last hundredth, else a tenth.
    Zeros, negatives and fractions of 1 to 9 rows are missing. `profile` is that of the table.
    """
    table = profile.copy()
    people = (table["n"] - table["missing"]).astype(float)
    people = people.where(table["customers"].isna(), table["customers"].astype(float))
    few = people < MIN_GROUP
    table.loc[few, [*_FEW, "least", *TENTHS, "most", "mean"]] = pd.NA
    table.loc[few, ["first", "last"]] = None
    for name in _FEW:
        table[name] = table[name].where(~table[name].between(1, MIN_GROUP - 1))
    names = [str(name) for name in table.index[(table["kind"] == "number") & ~few]]
    for start in range(0, len(names), _AT_A_TIME):
        part = names[start : start + _AT_A_TIME]
        for label, figures in _held(frame, _figures(frame, table.loc[part])).iterrows():
            name = str(label)
            held = figures.dropna()
            table.loc[name, list(TENTHS)] = figures[list(TENTHS)].to_numpy()
            table.loc[name, "least"] = held.iloc[0] if len(held) else None
            table.loc[name, "most"] = held.iloc[-1] if len(held) else None
    return table


def _figures(frame: nw.LazyFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """The ends, hundredths and tenths of some columns, in their order."""
    asked = [
        nw.col(name).quantile(part, "linear").alias(f"{number}.{figure}")
        for number, name in enumerate(profile.index)
        for figure, part in (("p01", 0.01), ("p99", 0.99))
    ]
    [found] = frame.select(*asked).collect("pandas").to_native().to_dict("records")
    table = profile[["least", *TENTHS, "most"]].astype(float)
    for figure in ("p01", "p99"):
        table[figure] = [float(found[f"{number}.{figure}"]) for number in range(len(table))]
    return table[list(_ORDER)]


def _held(frame: nw.LazyFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with ten people at or below and ten at or above; the others are missing."""
    names = list(figures.index)
    low, high = ({name: f"{end}{at}" for at, name in enumerate(names)} for end in ("low", "high"))
    if CUSTOMER in frame.collect_schema().names():
        known = frame.filter(~nw.col(CUSTOMER).is_null()).group_by(CUSTOMER)
        people = known.agg(
            *(nw.col(name).min().alias(low[name]) for name in names),
            *(nw.col(name).max().alias(high[name]) for name in names),
        )
    else:
        people = frame.select(
            *(nw.col(name).alias(ends[name]) for ends in (low, high) for name in names)
        )
    asked = [
        true.fill_null(False).cast(nw.Int64).sum().alias(f"{side}.{at}.{figure}")
        for at, name in enumerate(names)
        for figure, value in figures.loc[name].items()
        for side, true in (
            ("low", nw.col(low[name]) <= float(value)),
            ("high", nw.col(high[name]) >= float(value)),
        )
    ]
    [found] = people.select(*asked).collect("pandas").to_native().to_dict("records")
    enough = [
        [
            min(found[f"{side}.{at}.{figure}"] for side in ("low", "high")) >= MIN_GROUP
            for figure in figures.columns
        ]
        for at in range(len(names))
    ]
    return figures.where(pd.DataFrame(enough, index=figures.index, columns=figures.columns))
