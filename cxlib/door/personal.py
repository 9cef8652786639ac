"""Addresses and numbers of persons in the texts of attributes, which reports show as labels."""

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from cxlib import engine
from cxlib.door.findings import Finding
from cxlib.privacy.screening import CANDIDATE, screen_all
from cxlib.sources import Source


def without_personal(
    source: Source, frame: nw.LazyFrame, names: Sequence[str]
) -> tuple[nw.LazyFrame, list[Finding]]:
    """The rows with marks in place of what `screening` finds in the texts of some columns.

    Each column in which something was found gives a repair, with the number of rows.
    """
    findings = []
    for name in names:
        # By an aggregate: the engine would search every row, were it by the key itself.
        counts = frame.group_by(name).agg(
            nw.len().alias("__rows"), nw.col(name).max().alias("__value")
        )
        suspects = counts.filter(nw.col("__value").str.contains(CANDIDATE))
        values = suspects.collect("pandas").to_pandas()
        texts, found = screen_all(values[name])
        if found:
            shown = pd.DataFrame({name: values[name], "__shown": texts})
            frame = frame.join(engine.lend(shown), on=name, how="left")
            frame = frame.with_columns(nw.coalesce("__shown", name).alias(name)).drop("__shown")
            # A join mixes the rows.
            frame = frame.sort(engine.ROW)
            changed = values[name] != shown["__shown"]
            text = f"personal data in the text replaced by {', '.join(sorted(found))}"
            rows = int(values.loc[changed, "__rows"].sum())
            findings.append(Finding(name, source.attributes[name], text, rows))
    return frame, findings
