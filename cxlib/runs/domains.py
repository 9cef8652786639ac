"""What a parameter takes, as its help says in square brackets.

    number    [1 to 520]  [at least 0]  [above 0 and below 1]  [0 or 2 to 8]
    text      [month, quarter or year]  [BG/NBD, NBD or empty]
              [date]  [file]  [folder]  or with "or empty": [date or empty]

A number lies in one of the ranges that stand between "or"; "X to Y" holds both ends. A text is one
of the words, or a date (see `cxlib.runs.dates`), or names a file or a folder that exists, relative
to the project folder. `empty` is the empty text. Without brackets a number or a text is free.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

_KINDS = ("date", "file", "folder")
_ENDS = {
    "at least": ("low", True),
    "above": ("low", False),
    "at most": ("high", True),
    "below": ("high", False),
}


@dataclass(frozen=True)
class Range:
    """The numbers from `low` to `high`, with or without these themselves."""

    low: float = -math.inf
    high: float = math.inf
    with_low: bool = True
    with_high: bool = True

    def __contains__(self, number: float) -> bool:
        above = number >= self.low if self.with_low else number > self.low
        return above and (number <= self.high if self.with_high else number < self.high)


@dataclass(frozen=True)
class Domain:
    """What is in the brackets: `text` as written, and one of `ranges`, `choices` and `kind`."""

    text: str = ""
    ranges: tuple[Range, ...] = ()
    choices: tuple[str, ...] = ()
    kind: str = ""


def split_help(comment: str) -> tuple[str, str]:
    """A help comment as what it says and what its closing brackets hold ("" without)."""
    found = re.fullmatch(r"(?P<says>.*?)\s*\[(?P<takes>[^\[\]]*)\]", comment)
    return (found["says"], found["takes"].strip()) if found else (comment, "")


def read_domain(text: str, type_name: str) -> Domain:
    """The domain of a parameter of this type; raises ValueError where it cannot be read."""
    if not text:
        return Domain()
    if type_name == "bool":
        raise ValueError("a bool takes true or false and no domain")
    if type_name in ("int", "float"):
        return Domain(text, ranges=tuple(_range(part) for part in text.split(" or ")))
    words = re.split(r", | or ", text)
    kinds = [word for word in words if word in _KINDS]
    choices = tuple("" if word == "empty" else word for word in words if word not in _KINDS)
    is_kind = len(kinds) == 1 and choices in ((), ("",))
    # Words have no spaces and there are two at least, so that a remark is not taken for a choice.
    is_choice = not kinds and len(set(words)) == len(words) > 1 and " " not in "".join(words)
    if not is_kind and not is_choice:
        raise ValueError("a text takes words as [month, quarter or year], [date], [file], [folder]")
    return Domain(text, choices=choices, kind="".join(kinds))


def _range(text: str) -> Range:
    try:
        found = _between(text)
    except (KeyError, ValueError):
        how = "1 to 520, at least 0, or above 0 and below 1"
        raise ValueError(f"{text!r} is no range as {how}") from None
    if found.low > found.high:
        raise ValueError(f"no number is {text}")
    return found


def _between(text: str) -> Range:
    if text[:1].isdigit() or text.startswith("-"):
        low, _, high = text.partition(" to ")
        return Range(float(low), float(high or low))
    ends: dict[str, Any] = {}
    for part in text.split(" and "):
        word, _, number = part.rpartition(" ")
        end, is_in_it = _ENDS[word]
        if end in ends:
            raise ValueError(text)
        ends |= {end: float(number), f"with_{end}": is_in_it}
    return Range(**ends)
