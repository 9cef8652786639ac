"""Churn by group of customers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cxlib.churn.features import MISSING
from cxlib.churn.lift import with_bounds
from cxlib.inference import proportion_interval, suppressed


def churn_rates(
    X: pd.DataFrame, churned: ArrayLike, attributes: Sequence[str], *, level: float = 0.95
) -> pd.DataFrame:
    """Churn rate by group of each attribute, with Wilson's interval.

    Groups are the levels, or the quarters of a number with more than five values; missing values
    are a group. Groups below 10 customers are suppressed (their figures are missing), and the next
    smallest too where the totals would give a single one away.
    Columns: attribute, group, customers, churned, rate, low, high, suppressed.
    """
    y = np.asarray(churned, dtype=bool)
    rows = []
    for attribute in attributes:
        groups = _groups(X[attribute])
        sizes = groups.value_counts(sort=False)
        sizes = sizes[sizes > 0]
        hidden = set(sizes.index[suppressed(sizes)])
        for group, size in sizes.items():
            row = {"attribute": attribute, "group": str(group), "suppressed": group in hidden}
            if group not in hidden:
                left = int(y[(groups == group).to_numpy()].sum())
                row |= {"customers": int(size), "churned": left}
                row |= with_bounds("rate", "", proportion_interval(left, int(size), level=level))
            rows.append(row)
    columns = ["attribute", "group", "customers", "churned", "rate", "low", "high", "suppressed"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _groups(values: pd.Series) -> pd.Series:
    """Levels of a category, values of a number with at most five of them, else its quarters."""
    if not pd.api.types.is_numeric_dtype(values):
        return values
    if values.nunique() <= 5:
        groups = values.map("{:.10g}".format, na_action="ignore").astype("category")
    else:
        quarter = pd.qcut(values, 4, labels=False, duplicates="drop")
        ends = values.groupby(quarter).agg(["min", "max"])
        labels = [f"{low:.10g} to {high:.10g}" for low, high in ends.itertuples(index=False)]
        groups = quarter.map(dict(enumerate(labels))).astype(pd.CategoricalDtype(labels))
    return groups.cat.add_categories(MISSING).fillna(MISSING)
