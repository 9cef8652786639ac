"""Rows without a value that are further lines of an order: its first line has the value."""

import json
from collections.abc import Sequence

from cxlib import contracts, engine
from cxlib.sources import Source

# Of a further line at least the day, the customer or the number of its order.
_ORDERS, _ROWS, _BLANK = 2, 3, 2


def remedy(source: Source, file: engine.File, rows: Sequence[int]) -> str:
    """How to mend blanks of purchases in `rows`, or "" where they are no further lines.

    They are where some column says in each of them what it says in the row before, and not the
    same in all.
    """
    if source.input != contracts.TRANSACTIONS.name or len(rows) < _ROWS:
        return ""
    cells = {row: one[1] for row, one in engine.locate(file, {*rows, *_before(rows)}).items()}
    for index, name in enumerate(file.names):
        said = [cells[row][index].strip() for row in rows if row > 1]
        before = [cells[row][index].strip() for row in _before(rows)]
        if said == before and all(said) and len({*said}) >= _ORDERS and name not in _read(source):
            column = json.dumps(name, ensure_ascii=False)
            return (
                f"take the rows out of the file: each is a further line of what {column} names,"
                " and the first line has the value; or, where each has its own, fill the cells"
            )
    heads = [row for row in _before(rows) if row not in rows]
    money = [source.columns[one] for one in ("amount", "unit_price") if one in source.columns]
    if not heads or not all(cells[row][file.names.index(one)] for row in rows for one in money):
        return ""
    blank = [at for at in range(len(file.names)) if not any(cells[row][at].strip() for row in rows)]
    filled_above = [at for at in blank if all(cells[row][at].strip() for row in heads)]
    if len(filled_above) < _BLANK:
        return ""
    return (
        "fill each cell with what stands above it, where these are further lines of an order; to"
        " take the rows out would lose their amounts"
    )


def _before(rows: Sequence[int]) -> list[int]:
    return [row - 1 for row in rows if row > 1]


def _read(source: Source) -> set[str]:
    """Two purchases of one customer, or of one day, are no lines of one order."""
    return {*source.columns.values(), *source.attributes.values()}
