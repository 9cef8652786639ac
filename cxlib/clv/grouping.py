"""How customers are put into groups: by their first purchase, and by the size of a figure."""

import datetime as dt
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cxlib.clv.histories import FloatArray
from cxlib.inference import ParameterError

Period = Literal["month", "quarter", "year"]
PERIODS = get_args(Period)


def cohort_labels(as_of: dt.date, T_days: FloatArray, period: Period) -> NDArray[np.str_]:
    """The period of the first purchase, `T_days` before `as_of`: 2026-11, 2026-Q4 or 2026.

    Raises ParameterError for another period.
    """
    if period not in PERIODS:
        raise ParameterError(f"cohort: {period!r} is none of {', '.join(PERIODS)}.")
    ages, place = np.unique(np.rint(T_days), return_inverse=True)
    labels = [_label(as_of - dt.timedelta(days=int(age)), period) for age in ages]
    return np.array(labels, dtype=str)[place]


def _label(first: dt.date, period: Period) -> str:
    if period == "month":
        return f"{first:%Y-%m}"
    return f"{first.year}-Q{(first.month + 2) // 3}" if period == "quarter" else f"{first.year}"


def quantile_groups(values: FloatArray, counts: FloatArray, groups: int) -> NDArray[np.int64]:
    """1 to `groups`, the part of the customers (`counts` of them a row) that a value falls in.

    Lowest first; equal values stay together, where their middle customer falls, so that some groups
    may be empty.
    """
    distinct, place = np.unique(values, return_inverse=True)
    weight = np.bincount(place, weights=counts, minlength=len(distinct))
    middle = (np.cumsum(weight) - weight / 2) / counts.sum()
    return (1 + np.floor(groups * middle).astype(np.int64))[place]
