"""The model table: which columns of the customers may tell who leaves."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]

MISSING = "(missing)"
MIN_EVENTS = 50  # of either kind: below it an AUC interval is some .15 wide and tells nothing
MAX_LEVELS = 50  # a text column with more levels is an identifier or needs grouping first


@dataclass(frozen=True)
class Features:
    """The model table: `X` (numbers as float, the rest as categories) and `churned`.

    `summary` has one row a column of the input: kind, levels, missing, used, reason.
    """

    X: pd.DataFrame
    churned: BoolArray
    summary: pd.DataFrame


def features(subscriptions: pd.DataFrame) -> Features:
    """Model table from canonical subscriptions, rows in their order.

    Numbers and true/false become floats and keep their missing values; text becomes categories
    with "(missing)" as a level of its own. The customer id is never a feature. Left out, with the
    reason in `summary`: constant columns, dates, text with more than 50 levels. Raises ValueError
    when fewer than 50 customers left or fewer than 50 stayed, or when no feature remains.
    """
    churned = subscriptions["churned"].to_numpy(dtype=bool)
    events = int(min(churned.sum(), (~churned).sum()))
    if events < MIN_EVENTS:
        raise ValueError(
            f"{churned.sum()} of {len(churned)} customers left: a model needs at least "
            f"{MIN_EVENTS} who left and {MIN_EVENTS} who stayed. Add customers or a longer period, "
            "or report the churn rate alone."
        )
    used, rows = {}, []
    for name in subscriptions.columns.drop(["customer_id", "churned"]):
        raw = subscriptions[name]
        if pd.api.types.is_numeric_dtype(raw):
            kind, values = "number", pd.Series(raw.to_numpy(dtype=float, na_value=np.nan))
        else:
            text = raw.astype("string").fillna(MISSING)
            kind, values = "category", pd.Series(text.astype("category").array)
        levels = values.nunique(dropna=False)
        reason = ""
        if pd.api.types.is_datetime64_any_dtype(raw):
            reason = "a date says nothing without a cut-off"
        elif levels == 1:
            reason = "constant"
        elif kind == "category" and levels > MAX_LEVELS:
            reason = f"more than {MAX_LEVELS} levels: an identifier, or group it first"
        if not reason:
            used[name] = values
        row = {"feature": name, "kind": kind, "levels": levels, "missing": int(raw.isna().sum())}
        rows.append(row | {"used": not reason, "reason": reason})
    if not used:
        raise ValueError("No feature varies: name attribute columns for subscriptions.")
    return Features(pd.DataFrame(used), churned, pd.DataFrame(rows).set_index("feature"))


def number_and_category_names(X: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Names of the numbers and of the categories."""
    numbers = [str(name) for name in X.select_dtypes("number")]
    return numbers, [str(name) for name in X if name not in numbers]
