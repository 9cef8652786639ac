"""Texts looked up in the catalogue, with the names and figures that stand in them."""

import functools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cxlib.persian.catalogue import LABELS, SENTENCES
from cxlib.persian.numerals import in_persian_digits

_PLACE = re.compile(r"\{(\w+)\}")
_LATIN = re.compile(r"[A-Za-z]")
# A sentence ends before a capital, a figure or a quotation; a decimal point has no space behind it.
_SENTENCE = re.compile(r"(?<=[.?!:;])\s+|(?<=[.?!]\))\s+")
_ISOLATED = re.compile("\u2066([^\u2066\u2069]*[A-Za-z][^\u2066\u2069]*)\u2069")
_BEGINNING = re.compile("[:;,] (?![:;,] )")  # of what follows a word in bold
_COMMA = re.compile(r", (?![^(]*\))")  # outside brackets
_MARKS = str.maketrans(";?,", "؛؟،")
# What stands in a place of such a name is a number or a date; in any other it is within one
# sentence and within one of several that have brackets, with commas between them.
_FIGURES = {"n", "k", "least", "most", "low", "high", "level", "rank", "share", "gap"}
_PERIODS = {"start", "end", "earlier_start", "earlier_end"}
# What a source is called or noted: a text of the data, with whatever stands in it.
_ANYTHING = "data"
# What may be pasted, an entry of a sources file and a file stay as they are, from left to right.
_PASTED = {
    "code": r"(?:(?!; |: |\? |, which |, and | \((?:\d|line |row )).)+?",
    "where": r"\[[^\]]*\] of (?:(?![;:?] |, | \((?:\d|line |row )| in place of ).)+?",
    "file": r"(?:[^\s;:]*/[^;:/]*|[^\s;:]*)[./][^\s;:]*",
}
_OF_CODE = re.compile(r"(, or | and )(?=\w+ = )")
_ENTRY = re.compile(r"(\[.*?\]) of (.*)")
_JOINED = {", or ": "، یا ", " and ": " و "}
_FIGURE = r"[-+−]?\d[\d,.]*(?: ?%)?"
_PERIOD = r"\d{4}-\d\d(?:-\d\d)?"
_WORDS = r"(?:(?![.;:?!]\)?\s|\),\s).)+?"
_DEEPEST = 4  # texts within texts
# Ways to part a text into the places of a sentence, from which on it is none of ours.
_MOST_WAYS = 100_000
_LONGEST = 5000  # no text of ours has so many letters


@dataclass(frozen=True)
class _Sentence:
    """An English sentence with places. `words`: its own words, before, between and after them;
    `free`: of each place whether it takes words."""

    pattern: re.Pattern[str]
    words: tuple[str, ...]
    free: tuple[bool, ...]
    persian: str

    def match(self, text: str) -> re.Match[str] | None:
        return self.pattern.fullmatch(text) if self._may_match(text) else None

    def _may_match(self, text: str) -> bool:
        """Whether all the words are there in order, and not so often that to try takes forever."""
        if not (text.startswith(self.words[0]) and text.endswith(self.words[-1])):
            return False
        at = 0
        for one in self.words:
            at = text.find(one, at)
            if at < 0:
                return False
            at += len(one)
        followed = zip(self.free[:-1], self.words[1:-1], strict=True)
        ways = (text.count(one) if one else len(text) for is_free, one in followed if is_free)
        return math.prod(ways) <= _MOST_WAYS


def in_persian(text: str) -> str:
    """The Persian wording of a text; the text itself where the catalogue has none of it.

    The whole text is looked up first, then its sentences one by one: those without an entry stay in
    English. A text without Latin letters gets Persian digits alone.
    """
    spoken = " ".join(text.split())
    if not _LATIN.search(spoken):
        return in_persian_digits(text).replace(", ", "، ")
    if len(spoken) > _LONGEST:
        return text
    if _ISOLATED.search(text):
        pieces = _ISOLATED.split(text)
        told = list(map(in_persian, pieces))
        for at in range(1, len(pieces), 2):
            if told[at] == pieces[at]:
                told[at] = f"\u2066{told[at]}\u2069"
        return "".join(told)
    if _BEGINNING.match(spoken):
        return spoken[:2].translate(_MARKS) + in_persian(spoken[2:])
    if found := _looked_up(spoken, 0):
        return found
    parts = list(_parts(spoken, 0))
    return text if parts == [spoken] or parts == _SENTENCE.split(spoken) else " ".join(parts)


def _parts(text: str, depth: int) -> Iterator[str]:
    """The longest runs of sentences that the catalogue holds, in order; others as they are."""
    sentences = _SENTENCE.split(text)
    at = 0
    while at < len(sentences):
        for end in range(min(len(sentences), at + 4), at, -1):
            run = " ".join(sentences[at:end])
            if found := _looked_up(run, depth):
                yield found
                at = end
                break
        else:
            yield sentences[at]
            at += 1


def _looked_up(text: str, depth: int) -> str | None:
    """A text in Persian with the mark that it ends with, "" where it is not known."""
    if not _LATIN.search(text):
        return in_persian_digits(text)
    if text in LABELS:
        return LABELS[text]
    body = text.rstrip(".:;?!")
    mark = text[len(body) :].translate(_MARKS)
    known = LABELS.get(body) or LABELS.get(body[:1].lower() + body[1:])
    if known or depth == _DEEPEST:
        return known + mark if known else None
    for sentence in _sentences():
        if found := sentence.match(body):
            return _filled(sentence.persian, found.groupdict(), depth) + mark
    listed = [] if _SENTENCE.search(body) else _COMMA.split(body)
    told = [_looked_up(one, depth + 1) for one in listed] if len(listed) > 1 else []
    if any(told):
        return "، ".join(one or old for one, old in zip(told, listed, strict=True)) + mark
    return None


def _filled(persian: str, texts: Mapping[str, str], depth: int) -> str:
    told = {name: _told(name, text, depth) for name, text in texts.items()}
    return _PLACE.sub(lambda place: told[place[1]], persian)


def _told(name: str, text: str, depth: int) -> str:
    if name in _PASTED:
        return _pasted(text)
    return " ".join(_parts(text, depth + 1)) if name == _ANYTHING else _value(text, depth + 1)


def _pasted(text: str) -> str:
    """Code, an entry or a file, set off from left to right; words between two codes are Persian."""
    if entry := _ENTRY.fullmatch(text):
        return f"\u2066{entry[1]}\u2069 از فایل \u2066{entry[2]}\u2069"
    parts = _OF_CODE.split(text)
    return "".join(_JOINED.get(part) or f"\u2066{part}\u2069" for part in parts)


def _value(text: str, depth: int) -> str:
    """What stands in a place: a name of the data stays as it is."""
    return (_looked_up(text, depth) or text).replace(", ", "، ")


@functools.cache
def _sentences() -> list[_Sentence]:
    """The English sentences, those with more words of their own first."""
    ordered = sorted(SENTENCES.items(), key=lambda pair: -len(_PLACE.sub("", pair[0])))
    return [_sentence(english, persian) for english, persian in ordered]


def _sentence(english: str, persian: str) -> _Sentence:
    parts = _PLACE.split(english)
    words, places = tuple(parts[::2]), parts[1::2]
    pattern = "".join(
        f"(?P<{part}>{_place(part)})" if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    )
    free = tuple(name not in _FIGURES | _PERIODS for name in places)
    return _Sentence(re.compile(pattern), words, free, persian)


def _place(name: str) -> str:
    if name == _ANYTHING:
        return ".+"
    if name in _PASTED:
        return _PASTED[name]
    if name in _PERIODS:
        return _PERIOD
    return _FIGURE if name in _FIGURES else _WORDS
