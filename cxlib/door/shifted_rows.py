"""Rows whose cells stand one column too far to the right or to the left."""

import re
from collections.abc import Mapping, Sequence

from cxlib import engine
from cxlib.sources import Source

# Rows before which nothing is known of how a column is written.
_LEARNED, _ENOUGH = 300, 20
# Columns of numbers and dates that are right one column further.
_LEAST = 2
_BACK = "move them back, or take the rows out of the file"
_MOVED = {
    1: f"the cells of these rows stand one column too far to the right: {_BACK}",
    -1: f"the cells of these rows stand one column too far to the left: {_BACK}",
}
_DIGITS, _LETTERS = re.compile("[0-9]+"), re.compile(r"[^\W\d_]+")


def shifted_rows(
    source: Source, file: engine.File, rows: Mapping[int, Sequence[str]]
) -> dict[int, str]:
    """How to mend those of some wrong `rows`, by their numbers, whose cells have moved.

    Their numbers and dates are written as those of the columns are, each one column further: in
    two columns or more, and in one of them the cell itself is not. How a column is written is seen
    in the first 300 rows that are not among these.
    """
    typed = [
        file.names.index(source.columns[column.name])
        for column in source.contract.columns
        if column.type in ("number", "date") and column.name in source.columns
    ]
    others = [row for row in range(1, _LEARNED + len(rows) + 1) if row not in rows]
    known = [cells for _, cells in engine.locate(file, others).values()]
    if len(known) < _ENOUGH or len(typed) < _LEAST:
        return {}
    shapes = {index: {_shape(cells[index]) for cells in known} for index in typed}
    found = {}
    for row, cells in rows.items():
        for step, remedy in _MOVED.items():
            if _has_moved(cells, shapes, step):
                found[row] = remedy
    return found


def _has_moved(cells: Sequence[str], shapes: Mapping[int, set[str]], step: int) -> bool:
    wrong = [index for index in shapes if _shape(cells[index]) not in shapes[index]]
    if not wrong:
        return False
    # Only some of the row has moved: to the right, what stands behind; to the left, too.
    moved = [index for index in shapes if index >= min(wrong) and 0 <= index + step < len(cells)]
    return len([index for index in moved if cells[index + step].strip()]) >= _LEAST and all(
        _shape(cells[index + step]) in shapes[index] for index in moved
    )


def _shape(cell: str) -> str:
    text = engine.folded(cell).strip()
    return _LETTERS.sub("a", _DIGITS.sub("9", text))
