"""Objective figures of the bank by month: complaints, market share and profit."""

import numpy as np
import pandas as pd

from cxlib.simulate.feedback import CHANGE, MONTHS

# Customers grow evenly over the months; complaints fall when the waiting time does.
CUSTOMERS_FIRST, CUSTOMERS_LAST = 182_000, 196_000
COMPLAINTS_PER_1000_BEFORE, COMPLAINTS_PER_1000_AFTER = 3.1, 2.6
# Market share (%) and profit (billion rials) rise evenly, with independent noise.
MARKET_SHARE_FIRST, MARKET_SHARE_LAST, MARKET_SHARE_SD = 11.8, 12.5, 0.12
PROFIT_FIRST, PROFIT_LAST, PROFIT_SD = 410.0, 560.0, 22.0


def monthly_indices(rng: np.random.Generator) -> pd.DataFrame:
    """Draw the figures, a row a month and index: date (its first day), index, value, base.

    `complaints` is a Poisson count whose mean is base times the rate of the time, base the
    customers of the month; `market_share_pct` and `profit_billion_rials` have no base.
    """
    months = len(MONTHS)
    customers = np.linspace(CUSTOMERS_FIRST, CUSTOMERS_LAST, months).round().astype(int)
    rate = np.where(
        [month >= CHANGE for month in MONTHS], COMPLAINTS_PER_1000_AFTER, COMPLAINTS_PER_1000_BEFORE
    )
    complaints = rng.poisson(rate * customers / 1000).astype(float)
    market_share = np.linspace(MARKET_SHARE_FIRST, MARKET_SHARE_LAST, months)
    market_share += MARKET_SHARE_SD * rng.standard_normal(months)
    profit = np.linspace(PROFIT_FIRST, PROFIT_LAST, months)
    profit += PROFIT_SD * rng.standard_normal(months)
    dates = [f"{month}-01" for month in MONTHS]
    values = {
        "complaints": complaints,
        "market_share_pct": market_share.round(2),
        "profit_billion_rials": profit.round(1),
    }
    frames = [
        pd.DataFrame({"date": dates, "index": name, "value": value, "base": pd.NA})
        for name, value in values.items()
    ]
    frames[0]["base"] = customers
    return pd.concat(frames, ignore_index=True)
