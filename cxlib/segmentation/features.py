"""What customers are grouped by: recency, frequency and spend, on one scale."""

import numpy as np
import pandas as pd

FEATURES = ["days_since_last", "frequency", "total_spend"]


def rfm_features(customers: pd.DataFrame) -> pd.DataFrame:
    """log(1 + v) of days_since_last, frequency and total_spend, each with mean 0 and sd 1.

    The logarithm draws in the few very large customers, who would be clusters of their own. A
    constant measure becomes 0. Raises ValueError when a column is missing, holds missing or
    negative values, or there are no rows.
    """
    if missing := [name for name in FEATURES if name not in customers]:
        raise ValueError(f"The customers lack the column {', '.join(missing)}.")
    values = customers[FEATURES].astype(float)
    if values.empty or not (values >= 0).all(axis=None):
        raise ValueError(
            f"{', '.join(FEATURES)} must be known and not negative for every customer; customers "
            "whose refunds exceed their purchases cannot be scaled by logarithm."
        )
    logs = np.log1p(values)
    return (logs - logs.mean()) / logs.std(ddof=0).replace(0, 1)
