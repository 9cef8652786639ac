"""The columns of a SERVQUAL survey: which questionnaire it is, and how its columns are called."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from cxlib import PROJECT
from cxlib.instruments import Instrument, load_instrument
from cxlib.proposing.columns import Column
from cxlib.proposing.drafts import Draft
from cxlib.proposing.labels import together
from cxlib.proposing.letters import words
from cxlib.proposing.questions import Answer, NotProposedError, Question, quoted

HINTS = {
    "expectation": ("e", "exp", "expectation", "expected", "desired", "انتظار", "انتظارات"),
    "perception": ("p", "perc", "per", "perception", "perceived", "ادراک", "ادراکات", "عملکرد"),
    "adequate": ("a", "min", "adequate", "minimum", "حداقل"),
}
_ENOUGH_ITEMS = 8


def patterns(columns: Sequence[Column]) -> dict[str, list[str]]:
    """Names of rated columns that differ by a number alone: pattern with {item} -> the numbers."""
    found: dict[str, list[str]] = {}
    for column in columns:
        number = re.search(r"[0-9]+", column.name)
        if number and column.whole_numbers and "{" not in column.name:
            pattern = f"{column.name[: number.start()]}{{item}}{column.name[number.end() :]}"
            found.setdefault(pattern, []).append(number[0])
    return {pattern: items for pattern, items in found.items() if len(items) >= _ENOUGH_ITEMS}


def is_survey(columns: Sequence[Column]) -> bool:
    """Whether the same items are asked as expectation and as perception, by names of columns."""
    asked = {meaning for pattern in patterns(columns) if (meaning := _meaning(pattern))}
    return {"expectation", "perception"} <= asked


def _meaning(pattern: str) -> str:
    named = words(pattern.replace("{item}", " "))
    found = [meaning for meaning, hints in HINTS.items() if set(named) & set(hints)]
    return found[0] if len(found) == 1 else ""


def declare(columns: Sequence[Column], folder: Path, draft: Draft) -> set[str]:
    """Propose the questionnaire and the patterns; the names of the columns these stand for."""
    found = patterns(columns)
    instrument = _instrument(found, folder, draft)
    used: set[str] = set()
    for key in HINTS:
        if instrument and key != "adequate" and key not in instrument.answers:
            continue
        called = [pattern for pattern in found if _meaning(pattern) == key]
        if key in draft.given:
            pattern, reason = draft.take(key) or "", draft.reason(key)
        elif len(called) == 1:
            pattern, reason = called[0], f"{len(found[called[0]])} columns are called so"
        elif found and key == "perception":
            _ask_pattern(key, found, draft)
            continue
        else:
            continue
        if pattern:
            draft.write(key, pattern, reason)
            theirs = {pattern.replace("{item}", item) for item in found.get(pattern, [])}
            if labels := together(one.labels for one in columns if one.name in theirs):
                draft.write_labels(key, labels)
            used |= theirs
    if instrument:
        used |= _points(instrument, [column.name for column in columns], draft)
    return used


def _points(instrument: Instrument, names: Sequence[str], draft: Draft) -> set[str]:
    """The columns with the points that a respondent gives to each dimension."""
    if draft.take("importance"):
        draft.write("importance", draft.given["importance"], draft.reason("importance"))
        return set()
    for name in names:
        pattern = name.replace(instrument.dimensions[0], "{dimension}")
        stands_for = {pattern.replace("{dimension}", one) for one in instrument.dimensions}
        if pattern != name and stands_for <= set(names):
            reason = f"a column for each of {', '.join(instrument.dimensions)}"
            draft.write("importance", pattern, reason)
            return stands_for
    return set()


def _ask_pattern(key: str, found: dict[str, list[str]], draft: Draft) -> None:
    answers = tuple(
        Answer(pattern, f"{len(items)} columns, items {items[0]} to {items[-1]}")
        for pattern, items in found.items()
    )
    text = f"Which columns hold the {key} of each item?"
    draft.questions.append(Question(key, text, answers))


def shipped(folder: Path) -> list[Path]:
    """The questionnaires beside the sources file, and those of the project."""
    folders = dict.fromkeys((folder / "instruments", PROJECT / "data" / "instruments"))
    return [path for one in folders for path in sorted(one.glob("*.toml"))]


def named(path: Path, folder: Path) -> str:
    """A questionnaire as an entry names it: from the folder of the sources file."""
    return Path(os.path.relpath(path, folder)).as_posix()


def _require_zeros(instrument: Instrument, found: dict[str, list[str]]) -> None:
    """Raise NotProposedError for items that are those of a questionnaire but for zeros: E1, E01."""
    ids = {item.id for item in instrument.items}
    if not all(map(str.isdecimal, ids)):
        return
    for pattern, items in found.items():
        if set(items) == ids or {*map(int, items)} != {*map(int, ids)}:
            continue
        by_number = {int(one): one for one in ids}
        theirs = next(one for one in items if one not in ids)
        old, new = (pattern.replace("{item}", one) for one in (theirs, by_number[int(theirs)]))
        raise NotProposedError(
            f"The columns {quoted(pattern)} are the {len(items)} items of {instrument.name}, which"
            f" are written otherwise there: {quoted(old)} is {quoted(new)}. Name the columns so in"
            " the file, or the items of the questionnaire as the file has them."
        )


def _instrument(found: dict[str, list[str]], folder: Path, draft: Draft) -> Instrument | None:
    known = {}
    for path in shipped(folder):
        try:
            known[named(path, folder)] = load_instrument(path)
        except ValueError:
            continue
    given = draft.take("instrument")
    if given is not None:
        draft.write("instrument", given, draft.reason("instrument"))
        if given in known:
            _require_zeros(known[given], found)
        return known.get(given)
    both = "expectation" in map(_meaning, found)
    fitting = {
        name: instrument
        for name, instrument in known.items()
        if {item.id for item in instrument.items} in [set(items) for items in found.values()]
        and ("expectation" in instrument.answers) == both
    }
    if not fitting:
        for instrument in known.values():
            if ("expectation" in instrument.answers) == both:
                _require_zeros(instrument, found)
        asked = (
            "; ".join(f"{quoted(p)}: {len(items)} items" for p, items in found.items()) or "none"
        )
        raise NotProposedError(
            f"No questionnaire that is there has the items of this file ({asked}). Write one"
            " (docs/surveys.md shows how), and give it: --option instrument=instruments/NAME.toml"
        )
    if len(fitting) == 1:
        name, instrument = next(iter(fitting.items()))
        draft.write("instrument", name, "the only questionnaire with these items")
        return instrument
    answers = tuple(Answer(name, one.name) for name, one in fitting.items())
    draft.questions.append(Question("instrument", "Which questionnaire was answered?", answers))
    return None
