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
# "10 - Extremely likely", "5: sehr gut", "۵ خیلی راضی".
_BEFORE_WORDS = re.compile(r"(?P<number>[0-9]{1,3})\s*[-–—:=.,;()/]*\s*[^\W\d_][^\d]*")
_ANSWER_CODE = re.compile(r"A[0-9]{1,2}", re.IGNORECASE)
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
    Marks(".", "\u2019"),
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
    if chosen == (PLAIN,) and may_be_grouped(marked):
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


def is_answer_code(text: str) -> bool:
    """Whether a text is the code of an answer, as LimeSurvey writes them: A1, A2, ..."""
    return bool(_ANSWER_CODE.fullmatch(plain(text)))


def before_words(text: str) -> str:
    """The whole number before words that describe an answer; "" where there is none."""
    found = _BEFORE_WORDS.fullmatch(plain(text))
    return found["number"] if found else ""


def may_be_grouped(texts: Iterable[str], mark: str = ".") -> bool:
    """Whether every mark stands before exactly three digits, as one between thousands would."""
    marked = [plain(text) for text in texts if mark in text]
    return bool(marked) and all(
        re.fullmatch(rf"-?[1-9][0-9]{{0,2}}{re.escape(mark)}[0-9]{{3}}", one) for one in marked
    )
