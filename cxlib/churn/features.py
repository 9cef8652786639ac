"""The model table: which columns of the customers may tell who leaves."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

BoolArray = NDArray[np.bool_]

MISSING = "(missing)"
MIN_EVENTS = 50  # of either kind: below it an AUC interval is some .15 wide and tells nothing
MOST = 1e100  # squares of larger numbers are too large for a computer
MAX_LEVELS = 50  # a text column with more levels is an identifier or needs grouping first
# Who, when, what is to be told, and what the business did about it.
NEVER_FEATURES = ("customer_id", "cutoff", "churned", "started", "ended", "leaving", "treated")


@dataclass(frozen=True)
class Features:
    """The model table: `X` (numbers as float, the rest as categories) and `churned`, row by row.

    `customer_id` tells whose row it is, `cutoff` (a day, or None where all rows are of one
    snapshot) as of when. `summary` has one row a column of the input that may be a feature: kind,
    levels, missing, used, reason.
    """

    X: pd.DataFrame
    churned: BoolArray
    customer_id: NDArray[np.object_]
    cutoff: NDArray[np.datetime64] | None
    summary: pd.DataFrame


def enough_to_model(churned: ArrayLike) -> bool:
    """Whether at least 50 left and 50 stayed, the least that `features` takes."""
    left = np.asarray(churned, dtype=bool)
    return min(int(left.sum()), int((~left).sum())) >= MIN_EVENTS


def features(frame: pd.DataFrame) -> Features:
    """Model table from labelled customers (customer_id, churned, cutoff or not), rows in order.

    Numbers and true/false become floats and keep their missing values; text becomes categories
    with "(missing)" as a level of its own. Never features: customer_id, cutoff, churned, started,
    ended, leaving, treated. Left out, with the reason in `summary`: constant columns, numbers
    beyond 1e100, dates, text with more than 50 levels. Raises ValueError when fewer than 50 rows
    are of customers who left or fewer than 50 of customers who stayed, or when no feature remains.
    """
    churned = frame["churned"].to_numpy(dtype=bool)
    events = int(min(churned.sum(), (~churned).sum()))
    if events < MIN_EVENTS:
        counted = "customers, each at every cut-off," if "cutoff" in frame else "customers"
        raise ValueError(
            f"{churned.sum()} of {len(churned)} {counted} left: a model needs at least "
            f"{MIN_EVENTS} who left and {MIN_EVENTS} who stayed. Add customers, take more days "
            "within which leaving counts (horizon_days), or report the churn rate alone."
        )
    used, rows = {}, []
    for name in frame.columns.drop(list(NEVER_FEATURES), errors="ignore"):
        raw = frame[name]
        values = feature_values(raw)
        is_number = pd.api.types.is_float_dtype(values)
        levels = values.nunique(dropna=False)
        reason = ""
        if _is_date(raw):
            reason = "a date says nothing without a cut-off"
        elif levels == 1:
            reason = "constant"
        elif is_number and values.abs().max() > MOST:
            reason = f"a number beyond {MOST:g}"
        elif not is_number and levels > MAX_LEVELS:
            reason = f"more than {MAX_LEVELS} levels: an identifier, or group it first"
        if not reason:
            used[name] = values
        row = {"feature": name, "kind": "number" if is_number else "category", "levels": levels}
        rows.append(row | {"missing": int(raw.isna().sum()), "used": not reason, "reason": reason})
    if not used:
        raise ValueError("No feature varies: name attribute columns for subscriptions.")
    ids = frame["customer_id"].to_numpy(dtype=object)
    summary = pd.DataFrame(rows).set_index("feature")
    return Features(pd.DataFrame(used), churned, ids, _days(frame), summary)


def model_columns(frame: pd.DataFrame, names: Iterable[Hashable]) -> pd.DataFrame:
    """The named columns of customers to be scored, as `features` makes them for the training.

    Levels are those of the frame: what an unknown one means is the model's to know.
    """
    return pd.DataFrame({name: feature_values(frame[name]) for name in names})


def feature_values(raw: pd.Series) -> pd.Series:
    """Floats of numbers and true/false, else categories with "(missing)" last; a new index."""
    if raw.dtype == float:
        return raw.reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(raw) or _is_truth(raw):
        return pd.Series(raw.to_numpy(dtype=float, na_value=np.nan))
    coded = pd.Categorical(raw).remove_unused_categories().rename_categories(str)
    unknown = coded.codes < 0
    if unknown.any():
        if MISSING not in coded.categories:
            coded = coded.add_categories([MISSING])
        place = coded.categories.tolist().index(MISSING)
        codes = np.where(unknown, place, coded.codes)
        coded = pd.Categorical.from_codes(codes, dtype=coded.dtype)
    return pd.Series(coded)


def number_and_category_names(X: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Names of the numbers and of the categories."""
    numbers = [str(name) for name in X.select_dtypes("number")]
    return numbers, [str(name) for name in X if name not in numbers]


def _is_truth(raw: pd.Series) -> bool:
    """True and false with missing values, which some sources give as plain objects."""
    return raw.dtype == object and pd.api.types.infer_dtype(raw, skipna=True) == "boolean"


def _is_date(raw: pd.Series) -> bool:
    if raw.dtype != object:
        return pd.api.types.is_datetime64_any_dtype(raw)
    return pd.api.types.infer_dtype(raw, skipna=True) in ("date", "datetime")


def _days(frame: pd.DataFrame) -> NDArray[np.datetime64] | None:
    if "cutoff" not in frame:
        return None
    return pd.to_datetime(frame["cutoff"]).to_numpy(dtype="datetime64[D]")
