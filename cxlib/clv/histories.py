"""What the models read: checked columns of histories, distinct ones with counts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MIN_CUSTOMERS = 30
MIN_REPEAT_BUYERS = 10
# From so many distinct histories on, Newton starts from a fit to every 16th.
MANY, THINNED = 20_000, 16


class TooFewError(ValueError):
    """The data set is too small for the model; the message says how small, and what to do."""


class Histories(NamedTuple):
    """Frequency x, recency t_x and age T in weeks, and how many customers share the row."""

    x: FloatArray
    t_x: FloatArray
    T: FloatArray
    customers: FloatArray


def history_arrays(histories: pd.DataFrame | Histories) -> Histories:
    """Checked columns of a frame of histories; `Histories` are returned as they are."""
    if isinstance(histories, Histories):
        return histories
    data = Histories(*read_columns(histories, ["frequency", "recency_weeks", "T_weeks"]))
    possible = (data.x >= 0) & (data.t_x >= 0) & (data.t_x <= data.T) & (data.customers > 0)
    possible &= np.isfinite(data.T) & np.isfinite(data.customers)
    possible &= ((data.x > 0) | (data.t_x == 0)) & (data.x == np.floor(data.x))
    if not possible.all():
        raise ValueError(
            f"{(~possible).sum()} histories are impossible: frequency must be whole, 0 <= "
            "recency_weeks <= T_weeks, recency 0 without a repeat purchase, counts above 0, and "
            "nothing missing."
        )
    return data


def require_enough(n: int, repeat: int) -> None:
    """Raises TooFewError, in the same words for every model, when they cannot be fitted to `n`
    customers of whom `repeat` bought again."""
    if n < MIN_CUSTOMERS or repeat < MIN_REPEAT_BUYERS:
        raise TooFewError(
            f"The data set is too small: {n} customers, {repeat} of whom bought again; a model of "
            f"purchases needs at least {MIN_CUSTOMERS}, {MIN_REPEAT_BUYERS} of whom bought again. "
            "Take a later as_of or more customers."
        )


def collapse(data: Histories) -> Histories:
    """Distinct histories with their customers added up, sorted by x, t_x and T.

    Whole days are sorted as one integer a history, anything else column by column.
    """
    days = _days(data)
    if days is None:
        order = np.lexsort((data.T, data.t_x, data.x))
        x, t_x, T, customers = (column[order] for column in data)
        first = np.flatnonzero(_changes(x) | _changes(t_x) | _changes(T))
        return Histories(x[first], t_x[first], T[first], np.add.reduceat(customers, first))
    key, base = days
    if (data.customers == 1).all():
        key.sort()
        first = np.flatnonzero(_changes(key))
        key = key[first]
        customers = np.diff(first, append=len(data.x)).astype(float)
    else:
        order = np.argsort(key)
        key = key[order]
        first = np.flatnonzero(_changes(key))
        key, customers = key[first], np.add.reduceat(data.customers[order], first)
    rest, T_days = np.divmod(key, base)
    x, t_x_days = np.divmod(rest, base)
    return Histories(x.astype(float), t_x_days / 7, T_days / 7, customers)


def distinct_states(data: Histories) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
    """The distinct (x, T), far fewer than the histories, and which of them each row has."""
    days = _days(data._replace(t_x=np.zeros_like(data.T)))
    if days is None:
        distinct, place = np.unique(data.x + 1j * data.T, return_inverse=True)
        return distinct.real, distinct.imag, place
    key, base = days
    distinct, place = np.unique(key, return_inverse=True)
    return (distinct // base**2).astype(float), distinct % base / 7, place


def by_frequency(data: Histories) -> tuple[FloatArray, FloatArray]:
    """The frequencies and their customers; of collapsed histories, each frequency once."""
    first = np.flatnonzero(_changes(data.x))
    return data.x[first], np.add.reduceat(data.customers, first)


def thin(data: Histories) -> Histories | None:
    """Every 16th of many collapsed histories, for a first fit; None when they are few."""
    if len(data.x) < MANY:
        return None
    return Histories(*(column[::THINNED] for column in data))


def _days(data: Histories) -> tuple[NDArray[np.int64], int] | None:
    """(x * base + days of t_x) * base + days of T, and base; None unless all are whole days."""
    T, t_x = np.rint(data.T * 7), np.rint(data.t_x * 7)
    base = T.max(initial=0) + 1
    if (data.x.max(initial=0) + 1) * base**2 > 2**53:
        return None
    if not (np.array_equal(T / 7, data.T) and np.array_equal(t_x / 7, data.t_x)):
        return None
    return ((data.x * base + t_x) * base + T).astype(np.int64), int(base)


def _changes(column: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether an entry differs from the one before; the first does."""
    new = np.ones(len(column), dtype=bool)
    np.not_equal(column[1:], column[:-1], out=new[1:])
    return new


def read_columns(frame: pd.DataFrame, names: Sequence[str]) -> list[FloatArray]:
    if missing := [name for name in names if name not in frame]:
        raise ValueError(f"The histories lack the column {', '.join(missing)}.")
    columns = [frame[name].to_numpy(dtype=float) for name in names]
    counts = frame["customers"].to_numpy(dtype=float) if "customers" in frame else None
    return [*columns, np.ones(len(frame)) if counts is None else counts]
