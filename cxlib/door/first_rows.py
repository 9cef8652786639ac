"""The first rows of a file as they stand in it, with the columns that nobody maps."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cxlib import engine

# Of a long file all rows would take as long as reading it did.
JUDGED_ROWS = 3_000
# Of those after them, so many, evenly spread over so many; of a very long file over fewer.
_LATER_ROWS, _LATER_WITHIN, _WITHIN_LONG, _LONG = 3_000, 500_000, 100_000, 1_000_000
_FIGURES = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩\u2212", "0123456789" * 2 + "-")


def first_rows(file: engine.File, rows: int) -> pd.DataFrame:
    """The trimmed texts of the first 3,000 of the `rows` rows, a column each, "" where blank.

    The index says where each row stands in its file.
    """
    return _texts(file, range(1, min(rows, JUDGED_ROWS) + 1))


def some_rows(file: engine.File, rows: int, first: pd.DataFrame) -> pd.DataFrame:
    """The `first` rows, and up to 3,000 that are evenly spread over the next 500,000.

    Of more than a million rows, over the next 100,000: finding them takes as long as reading them.
    What happens to a sale, or to an answer, may be written of later ones only.
    """
    last = min(rows, JUDGED_ROWS + (_LATER_WITHIN if rows <= _LONG else _WITHIN_LONG))
    if last <= JUDGED_ROWS:
        return first
    count = min(_LATER_ROWS, last - JUDGED_ROWS)
    later = np.linspace(JUDGED_ROWS + 1, last, count).round().astype("int64")
    return pd.concat([first, _texts(file, later.tolist())])


def _texts(file: engine.File, rows: Iterable[int]) -> pd.DataFrame:
    places = engine.locate(file, rows)
    numbers = sorted(places)
    # Empty cells beyond the last column are nothing.
    width = len(file.names)
    cells = [[(cell or "").strip() for cell in places[row][1][:width]] for row in numbers]
    index = [places[row][0] for row in numbers]
    return pd.DataFrame(cells, index=index, columns=list(file.names), dtype=object)


def as_numbers(texts: pd.Series, form: engine.Form) -> pd.Series:
    """Texts as numbers by the marks of their file, not a number where they are none."""
    if form.decimal == ".":
        read = texts.map(lambda text: _plain(text, form.thousands, "\u066b"))
    else:
        read = texts.map(lambda text: _plain(text, form.thousands, form.decimal))
    return pd.to_numeric(read, errors="coerce").astype("float64")


def _plain(text: str, thousands: str, decimal: str) -> str:
    text = text.translate(_FIGURES).replace(thousands or "\u066c", "")
    return text.replace(decimal, ".")
