"""What a file cannot say of itself: a question, and the error that stops until it is answered."""

import json
from dataclasses import dataclass
from typing import Any

_SHOWN_LETTERS = 40
# Control characters and marks of direction.
_OBEYED = (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CODES = {code: f"\\u{code:04x}" for code in _OBEYED}


@dataclass(frozen=True)
class Answer:
    """One answer: its text as an option takes it, and what it would mean for these very rows."""

    value: str
    meaning: str


@dataclass(frozen=True)
class Question:
    """One short question. `key`: the option that answers it.

    `answers`: those offered; another text is an answer too where `free`. `proposed`: the answer
    that an empty line or --yes takes; None where nothing but the user can know.
    """

    key: str
    text: str
    answers: tuple[Answer, ...]
    proposed: str | None = None
    free: bool = True


class NotProposedError(Exception):
    """No entry can be proposed for a file, or an option does not fit: why, and what then.

    `input` and `entry`: what is known of the entry, so that the door can be asked about the file;
    empty where that is too little.
    """

    def __init__(self, message: str, name: str = "", entry: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.input = name
        self.entry = entry or {}


def quoted(text: str) -> str:
    """A text from a file in quotes, on one line, cut where it is long."""
    cut = text if len(text) <= _SHOWN_LETTERS else text[: _SHOWN_LETTERS - 1] + "…"
    return printable(json.dumps(cut, ensure_ascii=False))


def printable(text: str) -> str:
    """A text with codes in place of the characters that a terminal would obey."""
    return text.translate(_CODES)
