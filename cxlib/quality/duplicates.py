"""Rows that stand in a table more than once."""

import narwhals as nw
import pandas as pd


def duplicates(frame: nw.LazyFrame, profile: pd.DataFrame) -> pd.DataFrame:
    """Rows that repeat another: `alike_in`, `rows` beyond the first of each, `groups`, `n`.

    "all columns", and, where a column has a value of its own in every row, "all but <it>": what a
    second export under new ids would look like. With few columns of few values rows are alike by
    chance too; `combinations` is the product of the columns' different values, and where it is
    small beside n equal rows say nothing. Ids are compared and not shown. `profile` is that of the
    table; a missing value equals another.
    """
    names = list(profile.index)
    rows = int(profile["n"].iloc[0]) if len(profile) else 0
    own = [name for name in names if profile.loc[name, "distinct"] == rows and rows > 1]
    kinds = {"all columns": names}
    if len(own) == 1 and len(names) > 1:
        kinds[f"all but {own[0]}"] = [name for name in names if name != own[0]]
    table = pd.DataFrame(
        [(text, *_repeated(frame, columns), rows) for text, columns in kinds.items()],
        columns=["alike_in", "rows", "groups", "n"],
    )
    product = [
        float(profile.loc[columns, "distinct"].clip(lower=1).astype(float).prod())
        for columns in kinds.values()
    ]
    return table.assign(combinations=product).set_index("alike_in")


def _repeated(frame: nw.LazyFrame, columns: list[str]) -> tuple[int, int]:
    """Rows beyond the first of their kind, and the kinds that have any."""
    count = nw.col("__count")
    groups = frame.select(*columns).group_by(*columns).agg(nw.len().alias("__count"))
    found = (
        groups.filter(count > 1)
        .select(rows=(count - 1).sum(), groups=nw.len())
        .collect("pandas")
        .to_native()
        .fillna(0)
    )
    return int(found["rows"].iloc[0]), int(found["groups"].iloc[0])
