"""An entry while it is being proposed: its lines with their reasons, and what must be asked."""

import csv
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cxlib import sources
from cxlib.proposing.questions import NotProposedError, Question


@dataclass(frozen=True)
class Line:
    """One line of an entry: its key, which may be within a table of the entry, and the reason."""

    key: tuple[str, ...]
    value: Any
    reason: str = ""


@dataclass
class Draft:
    """What is known of an entry so far.

    `given`: answers by the key of their question, as the user typed them; `assumed`: the keys of
    those that nobody typed, for the proposed answer was taken. `problems`: what no answer mends.
    `unread`: columns that are called like ours, and whose cells are not of its type.
    """

    given: Mapping[str, str]
    assumed: frozenset[str] = frozenset()
    lines: list[Line] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def write(self, key: str | tuple[str, ...], value: Any, reason: str = "") -> None:
        path = (key,) if isinstance(key, str) else key
        self.lines.append(Line(path, value, reason))

    def write_labels(self, ours: str, labels: Mapping[str, int]) -> None:
        """The number of each word that stands for an answer, a line of the entry each."""
        key = f"value_labels.{ours}"
        given = self.take(key)
        known = "the words are answers, from the lowest to the highest: see that they are in order"
        reason = known if given is None else self.reason(key)
        for label, value in labels.items():
            self.write(("value_labels", ours, label), value, reason)

    def take(self, key: str) -> str | None:
        """What was given for a key; None where nothing was."""
        self.used.add(key)
        return self.given.get(key)

    def ask(self, question: Question) -> str | None:
        """The answer to a question; None where it is still to be asked."""
        answer = self.take(question.key)
        if answer is None:
            self.questions.append(question)
        elif not question.free and answer not in [one.value for one in question.answers]:
            known = ", ".join(f'"{one.value}"' for one in question.answers)
            raise NotProposedError(f'{question.key} = "{answer}": the answers are {known}.')
        return answer

    def reason(self, key: str, reason: str = "") -> str:
        how = "proposed, and taken without asking" if key in self.assumed else "as answered"
        return f"{how}: {reason}" if reason else how

    def write_rest(self, name: str) -> None:
        """The given keys that no question was about, as they were given."""
        known = sources.keys(name)
        for typed, text in self.given.items():
            key, _, inner = typed.partition(".")
            if typed in self.used:
                continue
            if key not in known:
                close = sources.closest(key, known)
                raise NotProposedError(
                    f"[{name}] has no key {key}; its keys are {', '.join(known)}{close}."
                )
            if text:
                path = (key, inner) if inner else (key,)
                value = _value(key, text, known[key], inner=bool(inner))
                pairs = value.items() if isinstance(value, dict) else ()
                for name_in_file, number_of in pairs:
                    self.write((*path, name_in_file), number_of, "as given")
                if not pairs:
                    self.write(path, value, "as given")

    @property
    def entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        for line in self.lines:
            table = entry
            for part in line.key[:-1]:
                table = table.setdefault(part, {})
            table[line.key[-1]] = line.value
        return entry


def texts(answer: str) -> list[str]:
    """The texts of a list, written as one line of CSV."""
    read = next(csv.reader([answer], skipinitialspace=True), [])
    return [text.strip() for text in read if text.strip()]


def joined(values: Iterable[str]) -> str:
    """Texts as `texts` reads them."""
    return ",".join(
        '"' + one.replace('"', '""') + '"' if set(one) & {",", '"'} else one for one in values
    )


def day(key: str, text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise NotProposedError(
            f'{key} = "{text}": write a Gregorian date, like 2026-10-31.'
        ) from None


def scale(key: str, text: str) -> list[int]:
    try:
        low, high = map(int, texts(text))
    except ValueError:
        raise NotProposedError(
            f'{key} = "{text}": write the lowest and the highest answer, like 1,5.'
        ) from None
    return [low, high]


def number(key: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise NotProposedError(f'{key} = "{text}": write a number, like 0.86.') from None


_NUMBERS = ("exchange_rates", "margin_rates", "default_margin_rate", "margins")
_LISTS = ("missing", "leave_out")


def labels(key: str, text: str) -> dict[str, int]:
    """Words for answers and the number of each, as `Good=3,"Fine, thanks"=2`."""
    found = {}
    for one in texts(text):
        label, _, value = one.rpartition("=")
        try:
            found[label.strip()] = int(value)
        except ValueError:
            found = {}
            break
    if not all(found) or not found:
        raise NotProposedError(
            f'{key} = "{text}": write each word with its number, like Bad=1,Fair=2,Good=3.'
        )
    return found


def _value(key: str, text: str, kind: Any, *, inner: bool) -> Any:
    if key in ("value_labels", "scales"):
        return labels(key, text) if key == "value_labels" else scale(key, text)
    if key in _NUMBERS:
        return number(key, text)
    if key in _LISTS or (not inner and (kind is list or kind == (list, dict))):
        return texts(text)
    if kind is datetime.date:
        return day(key, text)
    if kind is int:
        return int(number(key, text))
    return text
