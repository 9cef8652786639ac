"""What the door did to the rows of an input, and what it doubts."""

from collections.abc import Iterable
from dataclasses import dataclass

# Between the names of two columns whose product is read.
TIMES = " x "
_FEW_PLACES = 10


@dataclass(frozen=True)
class Finding:
    """A repair, an exclusion or a warning of one rule, with the number of rows it touched."""

    column: str
    source_column: str
    rule: str
    count: int

    def __str__(self) -> str:
        if not self.column:
            return self.rule
        if self.source_column in ("", self.column):
            return f"{self.column}: {self.rule}"
        return f'{self.column} (column "{self.source_column}"): {self.rule}'


def at(unit: str, places: Iterable[int | str]) -> str:
    """Places in a file, which are lines or rows (`unit`), in words: of more than ten the first."""
    shown = [*map(str, dict.fromkeys(places))]
    if 1 < len(shown) <= _FEW_PLACES:
        return f"{unit}s {', '.join(shown)}"
    return f"{unit} {shown[0]}"
