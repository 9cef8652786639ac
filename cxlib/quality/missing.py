"""Which values are missing, and which are missing together."""

import narwhals as nw
import pandas as pd

from cxlib.inference import MIN_GROUP
from cxlib.quality.profiles import BLANK_MEANS

SHOWN_COLUMNS = 12
SHOWN_PATTERNS = 10
NONE_MISSING = "nothing missing"
OTHERS = "other patterns"


def missing_rates(profile: pd.DataFrame) -> pd.DataFrame:
    """Columns with blanks, the most missing first: `missing`, `n`, `missing_rate`, `blank_means`.

    `profile` is that of the table. The rates are counts of a whole file and have no interval;
    `blank_means` says what a blank stands for where it is no missing value, "" elsewhere.
    """
    table = profile.loc[profile["missing"] > 0, ["missing", "n"]]
    rate = (table["missing"] / table["n"]).astype(float)
    means = [BLANK_MEANS.get(str(name), "") for name in table.index]
    table = table.assign(missing_rate=rate, blank_means=means)
    return table.sort_values("missing", ascending=False, kind="stable")


def missing_together(frame: nw.LazyFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """How many rows lack which columns together, the most frequent pattern first.

    Looks at the 12 columns that lack most values, of those where a blank is a missing value.
    Index: the columns missing, in words; `rows`, `share` of all rows, and one column of true/false
    for each column looked at (true: missing). Patterns beyond the first ten, and those of fewer
    than ten rows, stand together as "other patterns", with the next where they hold fewer than ten.
    Empty where no value is missing, or of fewer than ten rows.
    """
    names = list(rates.index[rates["blank_means"] == ""][:SHOWN_COLUMNS])
    if not names:
        return pd.DataFrame(columns=["rows", "share"])
    flags = [nw.col(name).is_null().alias(str(number)) for number, name in enumerate(names)]
    keys = [str(number) for number in range(len(names))]
    found = frame.select(*flags).group_by(*keys).agg(nw.len().alias("rows"))
    counted = found.collect("pandas").to_native().sort_values(["rows", *keys], ascending=False)
    patterns = counted[keys].astype(bool).set_axis(names, axis=1)
    texts = [", ".join(patterns.columns[row]) or NONE_MISSING for row in patterns.to_numpy()]
    table = patterns.assign(rows=counted["rows"].astype(int)).set_axis(texts)
    shown = table.head(SHOWN_PATTERNS)
    shown = shown[shown["rows"] >= MIN_GROUP]
    if len(shown) and 0 < table["rows"].iloc[len(shown) :].sum() < MIN_GROUP:
        shown = shown.iloc[:-1]
    rest = table.iloc[len(shown) :]
    table = shown
    if len(rest):
        # Which columns they lack differs from row to row.
        others = pd.DataFrame({"rows": [int(rest["rows"].sum())]}, index=[OTHERS])
        table = pd.concat([table, others])
        table[names] = table[names].astype("boolean")
    whole = table["rows"].sum()
    table.insert(0, "rows", table.pop("rows"))
    table.insert(1, "share", table["rows"] / whole)
    return table.rename_axis("missing together")
