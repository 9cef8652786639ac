"""Rows below the header that are a second one: survey programs write what was asked there."""

from collections.abc import Sequence
from pathlib import Path

from cxlib.proposing import days, numbers
from cxlib.proposing.questions import NotProposedError, quoted

# SurveyMonkey writes these below each open question; Qualtrics its own names of the columns.
_ANSWERS = ("response", "open-ended response")
_IMPORT_ID = '{"ImportId"'
_MOST_ROWS = 3
_ENOUGH_ROWS = 10
_SHOWN = 3


def check(path: Path, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
    """Raise NotProposedError where the first rows are a second header, and no data."""
    number = _headers(rows)
    if not number:
        return
    texts = list(dict.fromkeys(cell for cell in rows[number - 1] if cell))[:_SHOWN]
    places = " and ".join(str(lines[at] if lines else at + 2) for at in range(number))
    are = "lines" if number > 1 else "line"
    one = "are further header rows" if number > 1 else "is a second header row"
    raise NotProposedError(
        f"{path}: {are} {places} {one} ({', '.join(map(quoted, texts))}), and no answers. Take"
        " out all header rows but the first, in a copy of the file."
    )


def names_below(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """What the first row says below columns without a name, where it says something of the kind."""
    below = [cell for name, cell in zip(names, rows[0], strict=False) if not name and cell]
    return [] if any(map(_is_data, below)) or len({*below}) < len(below) else below


def _headers(rows: Sequence[Sequence[str]]) -> int:
    """How many rows from the first on are headers."""
    named = [at for at, row in enumerate(rows[:_MOST_ROWS], 1) if _is_of_a_program(row)]
    if named:
        return named[-1]
    if len(rows) > _ENOUGH_ROWS and not any(map(_is_data, rows[0])):
        below = rows[1:]
        parted = [at for at, cell in enumerate(rows[0]) if cell and _all_data(below, at)]
        return int(len(parted) > 1)
    return 0


def _is_of_a_program(row: Sequence[str]) -> bool:
    if any(cell.startswith(_IMPORT_ID) for cell in row):
        return True
    answers = [cell for cell in row if cell.casefold() in _ANSWERS]
    return bool(answers) and not any(map(_is_data, row))


def _is_data(cell: str) -> bool:
    return numbers.PLAIN.read(cell) is not None or bool(cell and days.fitting({cell: 1}))


def _all_data(rows: Sequence[Sequence[str]], at: int) -> bool:
    texts = {row[at] for row in rows if row[at]}
    if not texts or any(not _has_digit(text) for text in texts):
        return False
    return bool(numbers.fitting(texts) or days.fitting(dict.fromkeys(texts, 1)))


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)
