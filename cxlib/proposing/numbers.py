"""The marks in written numbers: which decimal and thousands marks fit a column."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cxlib.proposing.letters import plain

_MINUS = str.maketrans({"−": "-", "–": "-"})
_WITH_UNIT = re.compile(
    r"(?P<before>[^\W\d_]*|[^\w\s.,+-]) ?(?P<number>[-+]?[0-9][0-9.,' ]*?)"
    r"\s?(?P<after>[^\W\d_]*|[^\w\s.,+-])"
)
_EXPONENT = r"(?:[eE][-+]?[0-9]{1,3})?"


@dataclass(frozen=True)
class Marks:
    """How numbers are written: `decimal` before the fraction, `thousands` between groups."""

    decimal: str
    thousands: str

    def read(self, text: str) -> float | None:
        """The number that a text is under these marks; None where it is none."""
        written = plain(text).translate(_MINUS)
        if not _pattern(self).fullmatch(written):
            return None
        if self.thousands:
            written = written.replace(self.thousands, "")
        return float(written.replace(self.decimal, "."))

    @property
    def described(self) -> str:
        grouped = f" and {self.thousands!r} between thousands" if self.thousands else ""
        return f"{self.decimal!r} before the fraction{grouped}"


@functools.cache
def _pattern(marks: Marks) -> re.Pattern[str]:
    decimal, whole = re.escape(marks.decimal), "[0-9]+"
    if marks.thousands:
        whole = rf"[1-9][0-9]{{0,2}}(?:{re.escape(marks.thousands)}[0-9]{{3}})+|[0-9]+"
    return re.compile(rf"[-+]?(?:(?:{whole})(?:{decimal}[0-9]*)?|{decimal}[0-9]+){_EXPONENT}")


PLAIN = Marks(".", "")
# The first that fits is taken where it reads every value as the others that fit do.
KNOWN = (
    PLAIN,
    Marks(".", ","),
    Marks(",", ""),
    Marks(",", "."),
    Marks(",", " "),
    Marks(".", " "),
    Marks(".", "'"),
    Marks("٫", "٬"),
)


def fitting(texts: Iterable[str]) -> tuple[Marks, ...]:
    """The marks under which every text is a number, one for each way to read them all."""
    texts = list(texts)
    # A number without any mark is the same under all of them.
    marked = [text for text in texts if not text.isdecimal()]
    if not marked:
        return (PLAIN,)
    found: dict[tuple[float | None, ...], Marks] = {}
    for marks in KNOWN:
        read = []
        for text in marked:
            value = marks.read(text)
            if value is None:
                break
            read.append(value)
        else:
            found.setdefault(tuple(read), marks)
    chosen = tuple(found.values())
    if chosen == (PLAIN,) and _may_be_grouped(marked):
        return (PLAIN, Marks(",", "."))
    return chosen


def closest(texts: Iterable[str]) -> tuple[Marks, tuple[str, ...]]:
    """The marks that fit the most texts, and the texts that they do not fit."""
    texts = list(texts)
    left = {marks: tuple(one for one in texts if marks.read(one) is None) for marks in KNOWN}
    best = min(KNOWN, key=lambda marks: len(left[marks]))
    return best, left[best]


def bare(text: str) -> tuple[str, str]:
    """A number without the words or currency sign before or after it, and that unit."""
    found = _WITH_UNIT.fullmatch(plain(text))
    return (found["number"], found["before"] + found["after"]) if found else (text, "")


def _may_be_grouped(texts: Iterable[str]) -> bool:
    """Whether every point stands before exactly three digits, as one between thousands would."""
    pointed = [plain(text) for text in texts if "." in text]
    return bool(pointed) and all(
        re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", one) for one in pointed
    )
