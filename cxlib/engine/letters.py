"""Letters, digits and marks that look alike, folded into one: in SQL, and in Python for words.

The words of a description are folded as the cells of the files are, so that they meet.
"""

import re
import unicodedata

from cxlib.engine.connection import literal

# Spaces, controls and the invisible characters that spreadsheets and web pages leave at the ends.
PADDING = (
    " \t\r\n\v\f\u00a0\u00ad\u061c\u2007\u2009\u200a\u202f"
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)

_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_DIGITS = "0123456789"
# Arabic letters that a Persian keyboard writes otherwise; of a heh with a hamza the hamza stays.
_LETTERS = {
    "\u064a": "\u06cc",  # yeh
    "\u0649": "\u06cc",  # alef maksura
    "\u0643": "\u06a9",  # kaf
    "\u06aa": "\u06a9",  # swash kaf
    "\u06c0": "\u0647\u0654",  # heh with yeh above
    "\u06c2": "\u0647\u0654",  # heh goal with hamza above
    "\u06be": "\u0647",  # heh doachashmee
    "\u06c1": "\u0647",  # heh goal
    "\u06d5": "\u0647",  # ae
}
# Between two letters these two are spelling: Persian and Indic words, joined pictures.
_JOINERS = "\u200c\u200d"
# Soft hyphen, tatweel, zero-width blanks, marks of direction.
_INVISIBLE = "\u00ad\u061c\u0640\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_BLANKS = "\u00a0\u2007\u2009\u200a\u202f"
_COMBINING = "\u0300-\u036f\u0653-\u0655"

DIGITS = f"[{_PERSIAN_DIGITS}{_ARABIC_DIGITS}]"
# Of numbers only: decimal and thousands mark, minus.
MARKS = "[\u066b\u066c\u2212]"
LETTERS = f"[{''.join(_LETTERS)}]"
_SUSPECT = f"[{''.join(_LETTERS)}{_JOINERS}{_INVISIBLE}{_BLANKS}{_COMBINING}]"
_STRAY_JOINERS = (
    (f"[{_JOINERS}]*([ \\t])[{_JOINERS}]*", "\\1"),
    ("\u200c+", "\u200c"),
)


def folded(text: str, *, key: bool = False) -> str:
    """A text with one form of each letter and digit, and nothing invisible.

    Composed (NFC); Persian and Arabic digits as 0-9; Arabic yeh, kaf and heh as Persian ones;
    zero-width blanks, marks of direction and tatweel taken out; no-break blanks as blanks; blanks
    at the ends taken away. A zero-width joiner or non-joiner stays between two letters, where it
    is spelling, but in a `key` (an id or a column name).
    """
    text = text.translate(str.maketrans(_PERSIAN_DIGITS + _ARABIC_DIGITS, _DIGITS * 2))
    for pattern, instead in _replacements(key):
        text = re.sub(pattern, instead, text)
    text = unicodedata.normalize("NFC", text)
    for theirs, ours in _LETTERS.items():
        text = text.replace(theirs, ours)
    return text.strip(PADDING)


def as_label(text: str) -> str:
    """A word for an answer as the cells of a column of numbers are compared with it."""
    return folded(text, key=True).lower()


def is_suspect(text: str) -> str:
    """SQL: whether a text may hold a letter or mark to fold; an ASCII text costs two lengths."""
    return f"(strlen({text}) <> length({text}) AND regexp_matches({text}, {literal(_SUSPECT)}))"


def with_persian_digits(text: str) -> str:
    """SQL: the text with Persian digits as 0-9."""
    return _translated(text, _PERSIAN_DIGITS)


def with_arabic_digits(text: str) -> str:
    """SQL: the text with Arabic digits as 0-9."""
    return _translated(text, _ARABIC_DIGITS)


def _translated(text: str, digits: str) -> str:
    # translate() builds its table anew for every row: only where there is something to do.
    return (
        f"CASE WHEN strlen({text}) <> length({text}) AND regexp_matches({text}, '[{digits}]')"
        f" THEN translate({text}, '{digits}', '{_DIGITS}') ELSE {text} END"
    )


def folded_letters(text: str, *, key: bool) -> str:
    """SQL: `folded`, of a text whose digits are folded and whose ends are not trimmed yet."""
    for pattern, instead in _replacements(key):
        text = f"regexp_replace({text}, {literal(pattern)}, {literal(instead)}, 'g')"
    text = f"nfc_normalize({text})"
    for theirs, ours in _LETTERS.items():
        text = f"replace({text}, '{theirs}', '{ours}')"
    return text


def _replacements(key: bool) -> list[tuple[str, str]]:
    """Patterns that the engine and Python read alike, in order, each with what takes its place."""
    removed = _INVISIBLE + _JOINERS if key else _INVISIBLE
    return [(f"[{removed}]", ""), (f"[{_BLANKS}]", " "), *_STRAY_JOINERS]
