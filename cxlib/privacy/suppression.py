"""Counts of few people hidden, and the counts that would give them away.

A count below the threshold (10) is hidden. Where sums are published beside the counts, the next
smallest are hidden too, until nobody can tell a hidden count from the others and the sums: for each
of them two tables with the same published figures exist in which it differs by 10 or more.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.inference import MIN_GROUP, suppressed

Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Hidden:
    """What of a table of counts is not shown.

    `cells` is of the shape of the table; `rows` and `columns` are the sums of each row and column,
    `total` is the sum of all. In a list of counts there are `cells` and `total` alone.
    """

    cells: Flags
    rows: Flags
    columns: Flags
    total: bool
    least: int

    @property
    def sentence(self) -> str:
        """How many counts are hidden, and why: for the page that shows the others."""
        count = int(self.cells.sum() + self.rows.sum() + self.columns.sum() + self.total)
        if not count:
            return f"No count is hidden: each is of {self.least} or more."
        return (
            f"{count:,} of the counts are hidden: those below {self.least}, and those from which,"
            " with the sums, one of these could be told."
        )


def hidden(counts: pd.Series | pd.DataFrame, least: int = MIN_GROUP) -> Hidden:
    """Which counts of a list, or of a table with its sums by row and column, are not to be shown.

    `counts` are whole numbers of people from 0; `least` (never below 10) is the smallest that is
    shown. Sums below it are hidden as well. Of a list the smallest others are hidden until the
    hidden ones hold `least` together. In a table each hidden count lies on a rectangle of hidden
    ones, sums among them where need be: adding to two of its corners and taking from the others
    leaves all sums as they are, and the least of the corners say by how much. The rectangle that
    hides the fewest people is taken (Cox 1980; Giessing & Repsilber 2002). A count that is hidden
    can lie in a range of `least` or more.

    An empty table hides nothing. Raises ValueError for missing, negative or broken counts.
    """
    least = max(least, MIN_GROUP)
    values = np.asarray(counts, dtype=float)
    if not (np.isfinite(values).all() and (values >= 0).all() and (values % 1 == 0).all()):
        raise ValueError("Counts are whole numbers from 0: some are missing, negative or broken.")
    none = np.zeros(0, dtype=bool)
    if values.ndim == 1:
        cells = _of_list(values.astype(np.int64), least)
        total = bool(len(values)) and values.sum() < least
        return Hidden(cells, none, none, total, least)
    return _of_table(values.astype(np.int64), least)


def hidden_within(
    counts: pd.Series, groups: pd.Series, told: Collection[str], least: int = MIN_GROUP
) -> Hidden:
    """Which counts of a list are not to be shown where the sums of groups of them are.

    `groups` names the group of each count; the sums of the groups `told` are published, and the sum
    of all. Of each of these the counts below `least` are hidden, and the smallest other where they
    hold fewer than `least` together; counts of 0 alone tell of nobody. Of a group that is not told
    all counts are hidden: their sum would tell it. Groups that are not told are to hold `least`
    together (see `inference.suppressed`).
    """
    least = max(least, MIN_GROUP)
    cells = ~groups.isin(list(told)).to_numpy()
    for name in told:
        inside = (groups == name).to_numpy()
        cells[inside] = suppressed(counts[inside], least)
    none = np.zeros(0, dtype=bool)
    return Hidden(cells, none, none, False, least)


def _of_list(sizes: Counts, least: int) -> Flags:
    flags = sizes < least
    order = np.argsort(sizes, kind="stable")
    for place in order[np.isin(order, np.flatnonzero(~flags))]:
        if not flags.any() or sizes[flags].sum() >= least:
            break
        flags[place] = True
    return flags


def _of_table(cells: Counts, least: int) -> Hidden:
    """The table with its sums as one more row and column: a cell of them is a count as any."""
    wide = np.column_stack([cells, cells.sum(axis=1)])
    whole = np.vstack([wide, wide.sum(axis=0)])
    flags = whole < least
    safe = np.zeros_like(flags)
    while (open_ := flags & ~safe).any() and cells.size:
        row, column = np.argwhere(open_)[whole[open_].argmin()]
        corners = _rectangle(whole, flags, int(row), int(column), least)
        flags[corners] = True
        # The same rectangle protects no other corner for sure: each is looked at by itself.
        safe[row, column] = True
    return Hidden(
        flags[:-1, :-1], flags[:-1, -1], flags[-1, :-1], bool(cells.size and flags[-1, -1]), least
    )


def _rectangle(
    whole: Counts, flags: Flags, row: int, column: int, least: int
) -> tuple[list[int], list[int]]:
    """The corners of the rectangle about a cell that protects it and hides the fewest people."""
    beside, below, across = whole[row][None, :], whole[:, column][:, None], whole
    new = [(beside, ~flags[row][None, :]), (below, ~flags[:, column][:, None]), (across, ~flags)]
    # Of equal ones the one with the fewest new corners; they are three at most.
    price = 4 * sum(counts * is_new for counts, is_new in new) + sum(is_new for _, is_new in new)
    fits = _ranges(whole, row, column) >= least
    fits[row], fits[:, column] = False, False
    place = np.where(fits, price, np.iinfo(np.int64).max).argmin()
    other_row, other_column = (int(one) for one in np.unravel_index(place, whole.shape))
    return [row, row, other_row, other_row], [column, other_column, column, other_column]


def _ranges(whole: Counts, row: int, column: int) -> NDArray[np.float64]:
    """By how much a cell can differ, all else shown alike, when the rectangle's corners are hidden.

    For each place of the opposite corner. Two cells of a row move against each other, a cell and
    the sum of its row together; so do those of a column.
    """
    rows, columns = (np.arange(size) == size - 1 for size in whole.shape)
    beside = np.where(columns | columns[column], 1, -1)[None, :]
    below = np.where(rows | rows[row], 1, -1)[:, None]
    corners = [
        (beside, whole[row][None, :]),
        (below, whole[:, column][:, None]),
        (beside * below, whole),
    ]
    less = np.full(whole.shape, float(whole[row, column]))
    more = np.full(whole.shape, np.inf)
    for sign, counts in corners:
        less = np.minimum(less, np.where(sign == 1, counts, np.inf))
        more = np.minimum(more, np.where(sign == -1, counts, np.inf))
    return less + more
