"""Questionnaires as data: items, their dimensions and wording, and the scale of the answers."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten

ANSWERS = ("expectation", "perception", "adequate")
_KEYS = ("name", "source", "scale", "answers", "importance", "names_fa", "items")
_TAKEN = ("overall", "all items", "all respondents")  # rows of the reports' own
_TURNED = {"en": " (turned: high means good)", "fa": " (وارونه)"}
_ITEM_KEYS = ("id", "dimension", "text", "text_fa", "reverse")


@dataclass(frozen=True)
class Item:
    """One statement of a questionnaire; `reverse`: a high answer means poor service."""

    id: str
    dimension: str
    text: str
    text_fa: str = ""
    reverse: bool = False

    def wording(self, language: str = "en", *, width: int = 0) -> str:
        """The text, cut to `width` characters if given; marked where the answers are turned.

        `language`: en, or fa where there is a Persian text.
        """
        text = self.text_fa if language == "fa" and self.text_fa else self.text
        text = shorten(text, width, placeholder="…") if width else text
        return text + _TURNED[language] * self.reverse


@dataclass(frozen=True)
class Instrument:
    """A questionnaire: the answers allowed, the items and, by default, what each dimension weighs.

    `scale`: lowest and highest answer. `answers`: what is asked of each item. `importance`: points
    per dimension, empty if none are given. `names_fa`: Persian names of dimensions, where given.
    `source`: the citation.
    """

    name: str
    source: str
    scale: tuple[int, int]
    items: tuple[Item, ...]
    importance: dict[str, float]
    answers: tuple[str, ...] = ANSWERS[:2]
    names_fa: dict[str, str] = field(default_factory=dict)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions in the order in which the items first name them."""
        return tuple(dict.fromkeys(item.dimension for item in self.items))


def load_instrument(path: Path) -> Instrument:
    """Read an instrument from its TOML file.

    Raises ValueError, saying what is wrong and how to mend it, when the file is missing or is
    not an instrument: `name`, `source`, `scale = [low, high]`, `[[items]]` each with `id`,
    `dimension` and `text`, optionally `text_fa` (Persian wording) and `reverse`; and optionally
    `answers`, `[importance]` with points for every dimension and `[names_fa]`. A key that is none
    of these is an error, as it is most likely misspelt.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(
            "no such file, or it may not be read: correct instrument, or put the file there"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"not a TOML file: {error}") from error
    try:
        items = tuple(
            Item(
                str(item["id"]),
                str(item["dimension"]),
                str(item["text"]),
                str(item.get("text_fa", "")),
                item.get("reverse", False),
            )
            for item in data["items"]
        )
        unknown = _unknown(data, _KEYS) + _unknown(
            (key for item in data["items"] for key in item), _ITEM_KEYS
        )
        answers = tuple(data.get("answers", ANSWERS[:2]))
        names_fa = {str(name): str(fa) for name, fa in data.get("names_fa", {}).items()}
        low, high = data["scale"]
        name, source = str(data["name"]), str(data["source"])
        importance = {str(k): float(points) for k, points in data.get("importance", {}).items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            "not an instrument: it needs name, source, scale = [low, high] and [[items]] with id,"
            f" dimension and text; at fault: {error}"
        ) from error
    if unknown:
        raise ValueError(
            f"unknown key {unknown[0]}: the keys are {', '.join(_KEYS)}, and of an item"
            f" {', '.join(_ITEM_KEYS)}"
        )
    if not (isinstance(low, int) and isinstance(high, int) and low < high):
        raise ValueError("scale must be two whole numbers, lowest and highest: scale = [1, 7]")
    instrument = Instrument(name, source, (low, high), items, importance, answers, names_fa)
    for problem in (_items_problem, _dimensions_problem, _importance_problem):
        if text := problem(instrument):
            raise ValueError(text)
    return instrument


def _items_problem(instrument: Instrument) -> str:
    items, answers = instrument.items, instrument.answers
    if not set(answers) <= set(ANSWERS) or "perception" not in answers:
        return f'answers holds "perception" and may hold others of {", ".join(ANSWERS)}'
    if not all(isinstance(item.reverse, bool) for item in items):
        return "reverse is true or false, without quotes"
    # The engine does not tell capital letters apart in names of columns.
    if len({item.id.casefold() for item in items}) < len(items) or not items:
        return (
            "each item needs an id of its own (capital letters do not count), and there must be at"
            " least one item"
        )
    return ""


def _dimensions_problem(instrument: Instrument) -> str:
    dimensions = instrument.dimensions
    if len({name.casefold() for name in dimensions}) < len(dimensions):
        return "two dimensions have the same name but for capital letters"
    if taken := [name for name in dimensions if name.casefold() in _TAKEN]:
        return f'a dimension is called "{taken[0]}", which is a name of ours'
    if strange := set(instrument.names_fa) - set(dimensions):
        return f"[names_fa] names {min(strange)}, which is no dimension"
    if len(set(instrument.names_fa.values())) < len(instrument.names_fa):
        return "[names_fa] gives two dimensions the same name"
    return ""


def _importance_problem(instrument: Instrument) -> str:
    dimensions, importance = instrument.dimensions, instrument.importance
    if importance and set(importance) != set(dimensions):
        return f"[importance] must give points to each of {', '.join(dimensions)}"
    if any(points < 0 for points in importance.values()):
        return "[importance] gives negative points"
    return ""


def _unknown(keys: Iterable[str], known: tuple[str, ...]) -> list[str]:
    return [key for key in keys if key not in known]
