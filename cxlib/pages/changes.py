"""What changed since the run before, told for a page."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxlib.pages.sentences import only_alone, since, tested_together
from cxlib.pages.words import Words

Change = Mapping[str, Any]


@dataclass(frozen=True)
class ToldChange:
    """A row of the table of changes, as texts."""

    name: str
    before: str
    now: str
    change: str
    beyond: str
    better: str


@dataclass(frozen=True)
class ToldChanges:
    """The section as texts: heading, sentence, the rows beyond noise and those of all figures."""

    title: str
    sentence: str
    beyond: Sequence[ToldChange]
    every: Sequence[ToldChange]


def told_changes(entry: Mapping[str, Any], words: Words) -> ToldChanges | None:
    """What a report's entry says of the run before; None where nothing is said."""
    compared = entry.get("compared_with")
    if not compared:
        reason = entry.get("why_not_compared")
        if not reason:
            return None
        return ToldChanges(words["changes"], words["not_compared"].format(reason=reason), (), ())
    changes: Sequence[Change] = entry.get("changes") or ()
    beyond = sorted(
        (one for one in changes if one["beyond_noise"]), key=lambda one: float(one["p_holm"])
    )
    tested = len(tested_together(entry))
    told = [[_told(one, tested, words) for one in part] for part in (beyond, changes)]
    title = words["changes_since"].format(date=since(entry))
    return ToldChanges(title, _sentence(compared, changes, words), *told)


def _sentence(compared: Mapping[str, Any], changes: Sequence[Change], words: Words) -> str:
    run = compared["run"]
    if compared.get("same_data"):
        differing = sum(bool(one["change"]) and one["beyond_noise"] is None for one in changes)
        key = "same_data_differs" if differing else "same_data"
        return words[key].format(run=run, count=differing)
    judged = [one["beyond_noise"] for one in changes if one["beyond_noise"] is not None]
    key = "some_beyond" if any(judged) else "none_beyond"
    sentence = words[key].format(count=len(judged), run=run, beyond=sum(judged))
    if alone := sum(map(only_alone, changes)):
        sentence += " " + words["some_alone"].format(alone=alone)
    if untold := len(changes) - len(judged):
        sentence += " " + words["untold"].format(untold=untold)
    return sentence


def _told(one: Change, tested: int, words: Words) -> ToldChange:
    digits = _digits(one)
    change = _number(one["change"], digits, "+")
    if one["low"] is not None and one["high"] is not None:
        low, high = (_number(one[end], digits, "+") for end in ("low", "high"))
        change = words["change_interval"].format(change=change, low=low, high=high)
    told = {True: words["yes"], False: words["no"], None: words["cannot_tell"]}
    beyond = told[one["beyond_noise"]]
    if only_alone(one):
        beyond += f": {words['only_alone'].format(count=tested)}"
    if one["beyond_noise"] is None and one.get("why"):
        beyond += f": {one['why']}"
    better = ""
    if one["beyond_noise"] and one["better"]:
        improved = (one["change"] > 0) == (one["better"] == "higher")
        better = words["better"] if improved else words["worse"]
    name = str(one["name"]).replace("_", " ")
    return ToldChange(
        name=f"{name} ({one['unit']})" if one["unit"] else name,
        before=_number(one["before"], digits),
        now=_number(one["now"], digits),
        change=change,
        beyond=beyond,
        better=better,
    )


def _digits(one: Change) -> int:
    """Decimals that leave three figures of the larger value and two of a smaller change."""
    values = [abs(one[part]) for part in ("before", "now") if one[part] is not None]
    sizes = [(3, max(values, default=0)), (2, abs(one["change"] or 0))]
    wanted = [figures - 1 - math.floor(math.log10(size)) for figures, size in sizes if size]
    return min(max(0, *wanted), 6) if wanted else 0


def _number(value: float | None, digits: int, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}z,.{digits}f}"
