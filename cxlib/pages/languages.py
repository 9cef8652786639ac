"""In which language a page speaks, and which of its texts are in the other."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag

# Without the digits and the marks in numbers.
_LETTERS = r"\u0600-\u065f\u066d-\u06ef\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufeff"
_PERSIAN = re.compile(f"[{_LETTERS}]")
_LATIN = re.compile(r"[A-Za-z]")
_LISTS = ["ul", "ol"]
_BLOCKS = [*_LISTS, "p", "li", "h1", "h2", "h3", "h4", "td", "th", "dd", "a", "pre"]
_DIRECTIONS = {"en": "ltr", "fa": "rtl"}

# The names of a list stay one by one, in the order of the sentence.
_WORDS = rf"[{_LETTERS}]+(?:[\s\u200c\u200d:/–-]+[{_LETTERS}]+)*"
_PERSIAN_RUN = re.compile(rf"{_WORDS}(?:\s*\({_WORDS}\)(?:\s*{_WORDS})?)*")
_OTHER = re.compile(f"[^{_LETTERS}]+")
_LATIN_RUN = re.compile(r"[-+−]?[A-Za-z0-9](?:.*[A-Za-z0-9%])?", re.DOTALL)
_NUMBER = re.compile(r"[-+−]?\d+(?:[-.,:/٫٬]\d+)*(?:\s?%)?")
_ISOLATES = re.compile("[\u2066-\u2069]")


def language_of(entry: Mapping[str, Any]) -> str:
    """The language of a report: "fa" where its parameter `language` or its title is, else "en"."""
    if (entry.get("parameters") or {}).get("language") == "fa" or written_in(
        entry["title"]
    ) == "fa":
        return "fa"
    return "en"


def mark_languages(page: BeautifulSoup, language: str) -> None:
    """Give texts in the other language their language and direction; code stays as it is.

    Within a text, words of the other direction, and numbers in one that runs from right to left,
    stand apart in `<bdi>`: else a sign would go behind its number, and a name change places with
    the number that follows.
    """
    if language == "en" and not _PERSIAN.search(page.get_text()):
        return
    for block in page.find_all(_BLOCKS):
        if block.name in _LISTS and not block.find_parent("article"):
            continue
        if block.has_attr("lang"):
            continue
        written = written_in(_without_code(block) or block.get_text())
        if written and written != language:
            block["lang"], block["dir"] = written, _DIRECTIONS[written]
        elif not written and language == "fa" and block.name in ("td", "th"):
            # A sign before a number would go behind it.
            block["dir"] = "ltr"
    for block in page.find_all(_BLOCKS):
        if block.name != "pre":
            _set_apart(page, block)


def _without_code(block: Tag) -> str:
    """What a block says besides names and values of parameters, which are Latin in any language."""
    texts = (text for text in block.find_all(string=True) if not text.find_parent("code"))
    return "".join(texts).strip(" ,،\n")


def _set_apart(page: BeautifulSoup, block: Tag) -> None:
    directed = block if block.has_attr("dir") else block.find_parent(attrs={"dir": True})
    runs = _others_in_persian if directed and directed["dir"] == "rtl" else _persian
    for text in block.find_all(string=True):
        found = [] if _ISOLATES.search(text) else list(runs(str(text)))
        if not found or text.find_parent(_BLOCKS) is not block:
            continue
        if not text.find_parent(["code", "bdi"]):
            _wrap(page, text, found)


def _persian(text: str) -> Iterator[tuple[int, int]]:
    return (run.span() for run in _PERSIAN_RUN.finditer(text))


def _others_in_persian(text: str) -> Iterator[tuple[int, int]]:
    """Where Latin words, with the numbers among them, and other numbers stand in a Persian text."""
    for other in _OTHER.finditer(text):
        run = _LATIN_RUN.search(other[0])
        if not run or not _LATIN.search(run[0]):
            yield from (number.span() for number in _NUMBER.finditer(text, *other.span()))
            continue
        start, end = (other.start() + at for at in run.span())
        yield from (number.span() for number in _NUMBER.finditer(text, other.start(), start))
        more = run[0].count("(") - run[0].count(")")
        if more == 1 and text[end : end + 1] == ")":
            end += 1
        elif more == -1 and text[start - 1 : start] == "(":
            start -= 1
        yield start, end
        yield from (number.span() for number in _NUMBER.finditer(text, end, other.end()))


def _wrap(page: BeautifulSoup, text: NavigableString, spans: list[tuple[int, int]]) -> None:
    """Put the spans of a text into elements of their own."""
    whole, done, parts = str(text), 0, []
    for start, end in spans:
        written = written_in(whole[start:end])
        apart = page.new_tag("bdi", attrs={"dir": _DIRECTIONS[written or "en"]})
        if written:
            apart["lang"] = written
        apart.string = whole[start:end]
        parts += [NavigableString(whole[done:start]), apart]
        done = end
    text.replace_with(*parts, NavigableString(whole[done:]))


def written_in(text: str) -> str:
    """The language that most letters are of, "" without letters."""
    persian, latin = len(_PERSIAN.findall(text)), len(_LATIN.findall(text))
    if not persian and not latin:
        return ""
    return "fa" if persian > latin else "en"
