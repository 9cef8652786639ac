"""The first rows of a file as they stand in it, with the columns that nobody maps."""

import pandas as pd

from cxlib import engine

# Of a long file all rows would take as long as reading it did.
JUDGED_ROWS = 3_000
_FIGURES = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩\u2212", "0123456789" * 2 + "-")


def first_rows(file: engine.File, rows: int) -> pd.DataFrame:
    """The trimmed texts of the first 3,000 of the `rows` rows, a column each, "" where blank.

    The index says where each row stands in its file.
    """
    places = engine.locate(file, range(1, min(rows, JUDGED_ROWS) + 1))
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
