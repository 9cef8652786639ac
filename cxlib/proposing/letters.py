"""Names of columns as they are compared: letters, digits and separators of any kind."""

import re

from cxlib.engine import folded

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# What programs and people write where there is nothing.
_NOTHING = re.compile(r"[-–—_./\s]+|n/?a|n\.a\.|null|none|nil|nan|\\n|#n/a", re.IGNORECASE)
_HAMZA = str.maketrans({"أ": "ا", "إ": "ا", "ؤ": "و", "ة": "ه", "\u0654": "", "\u200c": " "})


def plain(text: str) -> str:
    """A value without blanks around it, with the digits 0 to 9."""
    return text.strip() if text.isascii() else folded(text)


def is_nothing(text: str) -> bool:
    """Whether a cell says by a sign or a word in wide use that there is nothing in it."""
    return bool(_NOTHING.fullmatch(plain(text)))


def words(name: str) -> tuple[str, ...]:
    """The words of a column name: "InvoiceDate", "invoice_date" and "INVOICE DATE" are the same."""
    spelled = _CAMEL.sub(" ", plain(name)).translate(_HAMZA)
    return tuple(re.findall(r"[^\W_]+", spelled.casefold()))
