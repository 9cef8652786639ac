"""One column of a file read in several ways: how many of its texts each way leaves unread."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxlib.engine.casting import Cast, tally
from cxlib.engine.connection import connection
from cxlib.engine.files import File
from cxlib.engine.staging import scan


@dataclass(frozen=True)
class Readings:
    """`rows`: how many were read; `unread`: for each cast the number of rows whose text is not of
    its type; `alike`: for each pattern the number of rows whose trimmed text it matches as a whole;
    blanks are in neither."""

    rows: int
    unread: tuple[int, ...]
    alike: tuple[int, ...]


def readings(
    file: File, casts: Sequence[Cast], patterns: Sequence[str], *, first_rows: int
) -> Readings:
    """Read the one column that all `casts` name in each of these ways.

    The first of its rows alone; they are read once more.
    """
    rows = f"(SELECT * FROM {scan(file)} LIMIT {first_rows})"
    counts = connection().cursor().execute(tally(file, casts, patterns, rows)).fetchone() or ()
    numbers = tuple(map(int, counts))
    return Readings(numbers[0], numbers[1 : 1 + len(casts)], numbers[1 + len(casts) :])
