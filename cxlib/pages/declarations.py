"""Lines to copy into a sources file, as code within a sentence."""

import re
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, NavigableString, Tag

# Of a number or a day only where no figure can be meant, such as n = 12.
# A key begins where no letter is before it, and is short: a long text is looked through once.
_DECLARATION = re.compile(
    r"(?<![a-z_.])(?:[a-z_]{1,30}+(?:\.[a-z_]{1,30}+)? = "
    r'(?:\{[^{}]*\}|\[[^\[\]]*\]|"[^"]*")|[a-z]{1,30}_[a-z]{1,30} = [0-9][-0-9.]{0,20}[0-9])'
)
_TEXT = re.compile(r'"[^"]*"')
_NOT_IN = ["code", "pre", "script", "style", "svg", "bdi", "title"]


def mark_declarations(page: BeautifulSoup) -> None:
    """Put each declaration into `<code>`, and each text within it into `<bdi>`.

    Between two Persian words a bracket or a mark of equality would be shown on the wrong side.
    """
    for text in page.find_all(string=_DECLARATION):
        if type(text) is NavigableString and not text.find_parent(_NOT_IN):
            text.replace_with(*_parted(page, str(text), _DECLARATION, _code))


def _code(page: BeautifulSoup, declared: str) -> Tag:
    code = page.new_tag("code", attrs={"translate": "no"})
    code.extend(_parted(page, declared, _TEXT, _quoted))
    return code


def _quoted(page: BeautifulSoup, text: str) -> Tag:
    quoted = page.new_tag("bdi")
    quoted.string = text
    return quoted


def _parted(
    page: BeautifulSoup,
    whole: str,
    pattern: re.Pattern[str],
    made: Callable[[BeautifulSoup, str], Tag],
) -> Iterator[NavigableString | Tag]:
    """A text with what is `made` of each place that a pattern finds."""
    done = 0
    for one in pattern.finditer(whole):
        yield NavigableString(whole[done : one.start()])
        yield made(page, one[0])
        done = one.end()
    yield NavigableString(whole[done:])
