"""A page set in Persian: the texts that the catalogue holds, digits, and the font."""

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, NavigableString
from bs4.element import PreformattedString, Tag

from cxlib.pages.languages import written_in
from cxlib.persian import in_persian

_UNTOUCHED = ["pre", "code", "script", "style", "svg"]
_HEADINGS = ["h1", "h2", "h3"]
_PROSE = ["p", "li"]
_KEPT = re.compile(r"(?:customer|respondent)[ _]id|^column$")
_SPOKEN = {"alt", "aria-label"}


def set_headings(page: BeautifulSoup) -> None:
    """Put headings into Persian, before others are named after them."""
    _set_texts([text for one in page.find_all(_HEADINGS) for text in one.find_all(string=True)])


def set_in_persian(page: BeautifulSoup) -> None:
    """Put every text and every name that is read aloud into Persian, as far as it is known.

    A paragraph of which most would stay English stays as it is, and so do code and the ids, links
    and names of files in attributes.
    """
    _keep_ids(page)
    for printed in page.select("pre.printed"):
        _set_printed(page, printed)
    prose = page.find_all(_PROSE)
    for block in prose:
        texts = [one for one in block.find_all(string=True) if one.find_parent(_PROSE) is block]
        said = [one for one in texts if not one.find_parent(_UNTOUCHED)]
        if written_in("".join(map(in_persian, said))) == "fa":
            _set_texts(texts)
    _set_texts([text for text in page.find_all(string=True) if not text.find_parent(_PROSE)])
    for element in page.find_all():
        for name in _SPOKEN & element.attrs.keys():
            element[name] = in_persian(str(element[name]))


def _set_printed(page: BeautifulSoup, printed: Tag) -> None:
    """Put what a cell printed into paragraphs, a line each, where every line of it is known."""
    lines = [line.strip() for line in printed.get_text().splitlines() if line.strip()]
    told = [in_persian(line) for line in lines]
    # Of a table of figures alone the columns would not stand below each other.
    if all(written_in(line) and one != line for one, line in zip(told, lines, strict=True)):
        printed.name = "div"
        printed.clear()
        for one in told:
            printed.append(page.new_tag("p", attrs={"lang": "fa", "dir": "rtl"}, string=one))


def _keep_ids(page: BeautifulSoup) -> None:
    """Mark ids and names of columns in tables: they stay as they are written in the data."""
    for table in page.find_all("table"):
        rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
        heads = [row for row in rows if row and not row[0].find_parent("tbody")]
        named = {
            at for row in heads for at, cell in enumerate(row) if _KEPT.search(cell.get_text())
        }
        for row in rows[1:]:
            for at in named & set(range(len(row))):
                row[at]["translate"] = "no"


def _set_texts(texts: Sequence[NavigableString]) -> None:
    for text in texts:
        if isinstance(text, PreformattedString) or not text.strip():
            continue
        if text.find_parent(_UNTOUCHED) or text.find_parent(translate="no"):
            continue
        told = in_persian(text.strip())
        if told != text.strip():
            before = text[: len(text) - len(text.lstrip())]
            after = text[len(text.rstrip()) :]
            text.replace_with(NavigableString(before + told + after))
