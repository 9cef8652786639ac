"""Everything that is to be known of one table by itself."""

from collections.abc import Collection
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from cxlib.quality.coverage import Coverage, coverage
from cxlib.quality.distributions import distributions
from cxlib.quality.duplicates import duplicates
from cxlib.quality.missing import missing_rates, missing_together
from cxlib.quality.profiles import profile
from cxlib.quality.shown import shown
from cxlib.quality.suspicious import suspicious_values


@dataclass(frozen=True)
class Looked:
    """What the functions of these names found; `profile` is what may be `shown` of it, `together`
    that of `missing_together`.

    `coverage` is that of the first column of dates, None without one.
    """

    profile: pd.DataFrame
    missing: pd.DataFrame
    together: pd.DataFrame
    suspicious: pd.DataFrame
    duplicates: pd.DataFrame
    coverage: Coverage | None
    distributions: pd.DataFrame


def look(frame: nw.LazyFrame, attributes: Collection[str] = (), *, level: float = 0.95) -> Looked:
    """Look at a canonical table; `attributes` are the columns under the user's names."""
    columns = profile(frame, attributes)
    rates = missing_rates(columns)
    dates = columns.index[columns["kind"] == "date"]
    return Looked(
        profile=shown(frame, columns),
        missing=rates,
        together=missing_together(frame, rates),
        suspicious=suspicious_values(frame, columns),
        duplicates=duplicates(frame, columns),
        coverage=coverage(frame, str(dates[0]), level=level) if len(dates) else None,
        distributions=distributions(frame, columns),
    )


def stacked(parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A result of several inputs as one frame, with the column `input` in front; empty of none."""
    whole = [part.reset_index().assign(input=name) for name, part in parts.items() if len(part)]
    if not whole:
        return pd.DataFrame(columns=["input"])
    table = pd.concat(whole, ignore_index=True).drop(columns="index", errors="ignore")
    table.insert(0, "input", table.pop("input"))
    return table
