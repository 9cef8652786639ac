"""The first lines of a text file: which of them is the header."""

from collections import Counter
from collections.abc import Sequence

from cxlib import engine
from cxlib.contracts import Violation
from cxlib.sources import Source, shown

_MARKS = (";", "\t", "|")
# Of the rows below: what is a number in fewer of them is not known to be one.
_MOSTLY = 0.9
_LEAST_ROWS = 2


def check_first_lines(source: Source, file: engine.File) -> list[Violation]:
    """Lines above the header that nobody declared, or a second header below it."""
    records = file.first_records
    if not records:
        return []
    wanted = {engine.folded(name, key=True) for name in source.staged.values()}
    if wanted <= _keys(records[0][1]):
        return _second_header(source, file)
    below = [line for line, cells in records[1:] if wanted <= _keys(cells)]
    line = below[0] if below else _wider(records)
    if not line:
        return []
    return [
        Violation(
            shown(source.path),
            "the header is not on the first line; it seems to stand further down",
            f"declare the lines before it in {source.where}: skip_lines = {line - 1}",
            places=(line,),
        )
    ]


def _keys(cells: Sequence[str]) -> set[str]:
    return {engine.folded(cell, key=True) for cell in cells}


def _wider(records: Sequence[tuple[int, tuple[str, ...]]]) -> int:
    """The line of the first record as wide as most, where that is wider than the first and all
    its cells are words; 0 where there is none."""
    usual, _ = Counter(len(cells) for _, cells in records).most_common(1)[0]
    first = records[0][1]
    if len(first) >= usual or any(mark in cell for cell in first for mark in _MARKS):
        return 0
    line, cells = next(record for record in records if len(record[1]) == usual)
    return line if all(map(str.strip, cells)) and not any(map(_has_digit, cells)) else 0


def _second_header(source: Source, file: engine.File) -> list[Violation]:
    width = len(file.names)
    rows = [(line, cells) for line, cells in file.first_records[1:] if len(cells) == width]
    if len(rows) <= _LEAST_ROWS:
        return []
    (line, first), others = rows[0], [cells for _, cells in rows[1:]]
    codes = {code for codes in source.missing.values() for code in codes}
    numbers = [index for index in range(width) if _mostly_digits([row[index] for row in others])]
    if (
        not numbers
        or any(map(_has_digit, first))
        or any(not first[index].strip() or first[index].strip() in codes for index in numbers)
    ):
        return []
    return [
        Violation(
            shown(source.path),
            "a second header: below the names there are words where all other rows have numbers",
            "leave one header line in the file; if the second is the right one, declare"
            f" skip_lines = {line - 1} in {source.where}",
            places=(line,),
        )
    ]


def _mostly_digits(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum(map(_has_digit, filled)) >= _MOSTLY * len(filled)


def _has_digit(cell: str) -> bool:
    return any(map(str.isdigit, cell))
