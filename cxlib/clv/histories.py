"""What the models read: checked columns of histories, distinct ones with counts."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MIN_CUSTOMERS = 30
MIN_REPEAT_BUYERS = 10


class Histories(NamedTuple):
    x: FloatArray
    t_x: FloatArray
    T: FloatArray
    customers: FloatArray


class Spending(NamedTuple):
    x: FloatArray
    mean: FloatArray
    customers: FloatArray


def history_arrays(histories: pd.DataFrame) -> Histories:
    data = Histories(*_columns(histories, ["frequency", "recency_weeks", "T_weeks"]))
    possible = (data.x >= 0) & (data.t_x >= 0) & (data.t_x <= data.T) & (data.customers > 0)
    possible &= ((data.x > 0) | (data.t_x == 0)) & (data.x == np.floor(data.x))
    if not possible.all():
        raise ValueError(
            f"{(~possible).sum()} histories are impossible: frequency must be whole, 0 <= "
            "recency_weeks <= T_weeks, recency 0 without a repeat purchase, counts above 0, and "
            "nothing missing."
        )
    return data


def spend_arrays(histories: pd.DataFrame) -> Spending:
    x, mean, customers = _columns(histories, ["spend_days", "mean_spend"])
    known = x > 0
    if not (mean[known] > 0).all():
        raise ValueError("mean_spend must be above 0 where spend_days is.")
    return Spending(x[known], mean[known], customers[known])


def require_enough(name: str, n: int, repeat: int) -> None:
    if n < MIN_CUSTOMERS or repeat < MIN_REPEAT_BUYERS:
        raise ValueError(
            f"{name}: {n} customers with {repeat} repeat buyers are too few to fit the model; at "
            f"least {MIN_CUSTOMERS} and {MIN_REPEAT_BUYERS} are needed. Take a later as_of or more "
            "customers."
        )


def collapse(data: Histories) -> Histories:
    order = np.lexsort((data.T, data.t_x, data.x))
    x, t_x, T, customers = (column[order] for column in data)
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(x) != 0) | (np.diff(t_x) != 0) | (np.diff(T) != 0)
    first = np.flatnonzero(new)
    return Histories(x[first], t_x[first], T[first], np.add.reduceat(customers, first))


def _columns(frame: pd.DataFrame, names: Sequence[str]) -> list[FloatArray]:
    if missing := [name for name in names if name not in frame]:
        raise ValueError(f"The histories lack the column {', '.join(missing)}.")
    columns = [frame[name].to_numpy(dtype=float) for name in names]
    counts = frame["customers"].to_numpy(dtype=float) if "customers" in frame else None
    return [*columns, np.ones(len(frame)) if counts is None else counts]
