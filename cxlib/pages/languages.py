"""In which language a page speaks, and which of its texts are in the other."""

import re
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup

_PERSIAN = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_LATIN = re.compile(r"[A-Za-z]")
_LISTS = ["ul", "ol"]
_BLOCKS = [*_LISTS, "p", "li", "h1", "h2", "h3", "h4", "td", "th", "dd", "figcaption", "a", "pre"]
_DIRECTIONS = {"en": "ltr", "fa": "rtl"}


def language_of(entry: Mapping[str, Any]) -> str:
    """The language of a report: "fa" where its parameter `language` or its title is, else "en"."""
    if entry["parameters"].get("language") == "fa" or _written_in(entry["title"]) == "fa":
        return "fa"
    return "en"


def mark_languages(page: BeautifulSoup, language: str) -> None:
    """Give texts in the other language their language and direction; code stays as it is."""
    for block in page.find_all(_BLOCKS):
        if block.name in _LISTS and not block.find_parent("article"):
            continue
        written = _written_in(block.get_text())
        if written and written != language:
            block["lang"], block["dir"] = written, _DIRECTIONS[written]
        elif not written and language == "fa" and block.name in ("td", "th"):
            # A sign before a number would go behind it.
            block["dir"] = "ltr"


def _written_in(text: str) -> str:
    """The language that most letters are of, "" without letters."""
    persian, latin = len(_PERSIAN.findall(text)), len(_LATIN.findall(text))
    if not persian and not latin:
        return ""
    return "fa" if persian > latin else "en"
