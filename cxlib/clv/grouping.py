"""How customers are put into groups: by their first purchase, and by the size of a figure."""

import datetime as dt
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cxlib.calendars import MONTHS_OF, Calendar, period_name, period_of
from cxlib.clv.histories import FloatArray
from cxlib.inference import ParameterError

Period = Literal["month", "quarter", "year"]
PERIODS = get_args(Period)


def cohort_labels(
    as_of: dt.date, T_days: FloatArray, period: Period, calendar: Calendar = "gregorian"
) -> NDArray[np.str_]:
    """The period of the first purchase, `T_days` before `as_of`: 2026-11, 2026-Q4 or 2026.

    In the Jalali calendar 1405-08, 1405-Q3 or 1405. Raises ParameterError for another period.
    """
    if period not in PERIODS:
        raise ParameterError(f"cohort: {period!r} is none of {', '.join(PERIODS)}.")
    ages, place = np.unique(np.rint(T_days), return_inverse=True)
    firsts = [as_of - dt.timedelta(days=int(age)) for age in ages]
    months = MONTHS_OF[period]
    labels = [period_name(period_of(first, calendar, months=months), period) for first in firsts]
    return np.array(labels, dtype=str)[place]


def quantile_groups(values: FloatArray, counts: FloatArray, groups: int) -> NDArray[np.int64]:
    """1 to `groups`, the part of the customers (`counts` of them a row) that a value falls in.

    Lowest first; equal values stay together, where their middle customer falls, so that some groups
    may be empty.
    """
    distinct, place = np.unique(values, return_inverse=True)
    weight = np.bincount(place, weights=counts, minlength=len(distinct))
    middle = (np.cumsum(weight) - weight / 2) / counts.sum()
    return (1 + np.floor(groups * middle).astype(np.int64))[place]
