"""The CDNOW customers that the tests of several models share."""

from pathlib import Path

import pandas as pd
import pytest

from cxlib import PROJECT


@pytest.fixture(scope="session")
def cdnow() -> pd.DataFrame:
    """One row a customer on 1997-09-30, by plain pandas, apart from cxlib's own reduction."""
    path = Path(PROJECT) / "data" / "raw" / "cdnow_sample.csv"
    raw = pd.read_csv(path, dtype={"customer_id": str, "date": str})
    raw["date"] = pd.to_datetime(raw["date"], format="%Y%m%d")
    raw = raw[raw["date"] <= "1997-09-30"]
    days = raw.groupby(["customer_id", "date"], as_index=False)["dollars"].sum()
    dates = days.groupby("customer_id")["date"]
    first, last = dates.min(), dates.max()
    repeats = days[days["date"] > days["customer_id"].map(first)]
    spend = repeats[repeats["dollars"] > 0].groupby("customer_id")["dollars"]
    table = pd.DataFrame(
        {
            "frequency": dates.size() - 1,
            "recency_weeks": (last - first).dt.days / 7,
            "T_weeks": (pd.Timestamp("1997-09-30") - first).dt.days / 7,
            "spend_days": spend.size(),
            "mean_spend": spend.mean(),
        }
    )
    return table.fillna({"spend_days": 0})
