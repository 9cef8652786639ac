"""One column of a file read in several ways: how many of its texts each way leaves unread."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxlib.engine.casting import Cast, tally
from cxlib.engine.connection import connection
from cxlib.engine.files import File
from cxlib.engine.staging import scan

_FIRST_ROWS = 1000


@dataclass(frozen=True)
class Readings:
    """`unread`: for each cast the number of rows whose text is not of its type; `alike`: for each
    pattern the number of rows whose trimmed text it matches as a whole; blanks are in neither."""

    unread: tuple[int, ...]
    alike: tuple[int, ...]


def readings(
    file: File, casts: Sequence[Cast], patterns: Sequence[str], *, first_rows: bool = False
) -> Readings:
    """Read the one column that all `casts` name in each of these ways.

    `first_rows`: the first thousand rows alone. The file is read once more.
    """
    rows = scan(file)
    if first_rows:
        rows = f"(SELECT * FROM {rows} LIMIT {_FIRST_ROWS})"
    counts = connection().cursor().execute(tally(file, casts, patterns, rows)).fetchone() or ()
    numbers = tuple(map(int, counts))
    return Readings(numbers[: len(casts)], numbers[len(casts) :])
