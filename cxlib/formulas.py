"""Texts that a spreadsheet would run as a formula, made harmless."""

import re

# The beginning of such a text, and how it is written. The wide signs are those of East Asian
# keyboards, which a spreadsheet of such a language takes alike.
FORMULA, GUARDED = r"\A([=+\-@\t\r\n\x00＝＋－＠])", r"'\1"


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return re.sub(FORMULA, GUARDED, text)
