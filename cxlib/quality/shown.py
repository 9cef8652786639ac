"""What of a profile may be shown: no value that tells of fewer than ten people."""

import narwhals as nw
import pandas as pd

from cxlib import engine
from cxlib.inference import MIN_GROUP
from cxlib.quality.cells import QUANTILES, filled, numbers
from cxlib.quality.profiles import CUSTOMER

_FEW = ("zeros", "negatives", "fractions")
_HUNDREDTHS = ("p01", "p99")
_ORDER = ("least", *QUANTILES, "most")


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
    table.loc[few, [*_FEW, *_ORDER, "mean"]] = pd.NA
    table.loc[few, ["first", "last"]] = None
    for name in _FEW:
        table[name] = table[name].where(~table[name].between(1, MIN_GROUP - 1))
    names = [str(name) for name in table.index[(table["kind"] == "number") & ~few]]
    figures = table.loc[names, list(_ORDER)].astype(float)
    enough = _held(frame, figures) if names else figures
    for name in names:
        held = enough.loc[name].dropna()
        table.loc[name, list(_ORDER)] = enough.loc[name].to_numpy()
        table.loc[name, "least"] = held.iloc[0] if len(held) else None
        table.loc[name, "most"] = held.iloc[-1] if len(held) else None
    return table.drop(columns=list(_HUNDREDTHS))


def _held(frame: nw.LazyFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with ten people at or below and ten at or above; the others are missing."""
    names = [str(name) for name in figures.index]
    value, has_customers = nw.col("value"), CUSTOMER in frame.collect_schema().names()
    known = frame.filter(~nw.col(CUSTOMER).is_null()) if has_customers else frame
    keys = [CUSTOMER] if has_customers else []
    each = filled(known, numbers(names), keys)
    ends = each.select("column", value.alias("low"), value.alias("high"))
    if has_customers:
        people = each.group_by("column", *keys)
        ends = people.agg(value.min().alias("low"), value.max().alias("high"))
    reached = {
        f"{side}_{figure}": true.cast(nw.Int64)
        for figure in _ORDER
        for side, true in (
            ("low", nw.col("low") <= nw.col(figure)),
            ("high", nw.col("high") >= nw.col(figure)),
        )
    }
    placed = ends.join(engine.lend(figures.reset_index()), on="column", how="inner")
    told = placed.select("column", **reached).group_by("column").agg(nw.col(*reached).sum())
    found = told.collect("pandas").to_native().set_index("column").reindex(names).fillna(0)
    enough = {
        figure: (found[[f"low_{figure}", f"high_{figure}"]] >= MIN_GROUP).all(axis=1)
        for figure in _ORDER
    }
    return figures.where(pd.DataFrame(enough))
