"""Scores whose lowest answer is the best, in a whole survey or in a part of it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.door.correlations import correlation
from cxlib.door.nps_groups import told_of_groups
from cxlib.door.survey_doubts import groups
from cxlib.door.survey_parts import groups_of, months_together, within_groups
from cxlib.sources import Source

# Scores of one experience go up together. A correlation that is not as low as that is no sign of a
# turned scale, however sure, and elsewhere it must be as high.
_TURNED, _SURE, _SURE_OF_PART = -0.2, 1e-5, 1e-3
_AGREES = 0.2
_LEAST_ROWS, _LEAST_OF_MONTHS = 30, 60
_SHOWN_PARTS = 3
# Which score is named where each of two may be the turned one.
_NAMED_FIRST = ("csat", "drivers", "perception", "satisfaction", "ces", "nps")
_CALLED = {"drivers": "the mean of the drivers", "perception": "the mean perception"}
_EASY_LOW = 'if a low answer to ces means that it was easy, declare ces_easy = "low"'
_EASY_HIGH = 'if a high answer to ces means that it was easy, declare ces_easy = "high"'


class _Pair(NamedTuple):
    """Two scores of which one goes down where the other goes up, and the rows."""

    first: str
    second: str
    correlation: float
    rows: int

    def other(self, name: str) -> str:
        return self.second if name == self.first else self.first


class _Blame(NamedTuple):
    """A score that may be turned, the lowest of its pairs, the others in these, and if it is."""

    name: str
    pair: _Pair
    others: list[str]
    is_sure: bool


def turned_scales(
    source: Source,
    answers: pd.DataFrame,
    attributes: Sequence[str],
    said: Mapping[str, bool],
) -> list[tuple[str, str, int]]:
    """Warnings about scores that go down where others go up: column, text, rows.

    Any two of NPS, CSAT, CES (as declared) and the mean of the drivers; of SERVQUAL satisfaction
    and the mean perception. Their correlation is below -.2, by chance in one of 100,000 surveys
    (Bonferroni over all pairs), among 30 rows or more, also within the groups of each attribute.
    Where no score is turned as a whole, the same for each driver against NPS or else CSAT; and in
    each group of the `attributes`, each wave, and months put together, by chance in one of 1,000
    surveys, if all others agree (above .2). What a column that names promoters and detractors
    has `said` of NPS (`turned_by_groups`) decides whether NPS is turned, and is enough for it.
    """
    scores = _scores(source, answers)
    pairs = list(combinations([str(name) for name in scores], 2))
    within = [scores, *within_groups(scores, answers, attributes)]
    found = [pair for one in pairs if (pair := _in_all(within, *one, _SURE / len(pairs)))]
    of_groups = []
    if turned := [name for name, is_turned in said.items() if is_turned]:
        of_groups.append(("nps", told_of_groups(turned[0]), int(scores["nps"].count())))
        found = [pair for pair in found if "nps" not in pair[:2]]
    if found or of_groups:
        right = "nps" if said else ""
        return of_groups + [
            (blame.name, _told(source, blame), blame.pair.rows) for blame in _to_blame(found, right)
        ]
    return [
        *_turned_drivers(source, answers, scores, attributes),
        *_turned_in_parts(scores, answers, attributes),
    ]


def _turned_drivers(
    source: Source, answers: pd.DataFrame, scores: pd.DataFrame, attributes: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    drivers = [name for name in source.drivers if name in answers]
    for name in drivers:
        for score in [one for one in ("nps", "csat") if one in scores][:1]:
            both = scores[[score]].assign(__driver=answers[name].astype("float64"))
            within = [both, *within_groups(both, answers, attributes)]
            pair = _in_all(within, "__driver", score, _SURE / len(drivers))
            if pair:
                text = (
                    f"goes down where {score} goes up (correlation {pair.correlation:.2f}): if the"
                    " lowest answer is the best one, turn the column in the file"
                )
                yield name, text, pair.rows


def _turned_in_parts(
    scores: pd.DataFrame, answers: pd.DataFrame, attributes: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    pairs = list(combinations([str(name) for name in scores], 2))
    parts = [
        *groups_of(answers, attributes, _LEAST_ROWS),
        *months_together(answers, _LEAST_OF_MONTHS),
    ]
    level = _SURE_OF_PART / max(1, len(pairs) * len(parts))
    turned: dict[str, list[tuple[_Pair, str]]] = {}
    for part in parts:
        found = [
            pair
            for one in pairs
            if (pair := _against(scores[part.rows], *one, level))
            and _agree(scores[~part.rows], *one)
        ]
        for blame in _to_blame(found):
            turned.setdefault(blame.name, []).append((blame.pair, part.name))
    for name, found_in in turned.items():
        pair = min((pair for pair, _ in found_in), key=lambda pair: pair.correlation)
        other = pair.other(name)
        where = ", ".join(part for _, part in found_in[:_SHOWN_PARTS])
        more = f" and {len(found_in) - _SHOWN_PARTS} more" if found_in[_SHOWN_PARTS:] else ""
        text = (
            f"goes down where {_CALLED.get(other, other)} goes up in {where}{more} (correlation"
            f" {pair.correlation:.2f}), though not elsewhere: if the lowest answer is the best one"
            " there, turn it in these rows"
        )
        yield name, text, sum(pair.rows for pair, _ in found_in)


def _scores(source: Source, answers: pd.DataFrame) -> pd.DataFrame:
    """A column a score, the best answer the highest."""
    found = {}
    for name in ("nps", "csat", "ces", "satisfaction"):
        if name in answers:
            found[name] = answers[name].astype("float64")
    if "ces" in found and source.entry.get("ces_easy") == "low":
        found["ces"] = -found["ces"]
    for name in ("drivers", "perception"):
        if columns := groups(source).get(name):
            found[name] = answers[columns].astype("float64").mean(axis=1)
    return pd.DataFrame(found)


def _against(scores: pd.DataFrame, first: str, second: str, level: float) -> _Pair | None:
    found, chance, rows = correlation(_values(scores, first), _values(scores, second))
    return _Pair(first, second, found, rows) if found < _TURNED and chance < level else None


def _in_all(within: Sequence[pd.DataFrame], first: str, second: str, level: float) -> _Pair | None:
    """The pair of the first of these tables, if it is one in all of them."""
    pairs = [_against(scores, first, second, level) for scores in within]
    return pairs[0] if all(pairs) else None


def _agree(scores: pd.DataFrame, first: str, second: str) -> bool:
    return correlation(_values(scores, first), _values(scores, second))[0] > _AGREES


def _values(scores: pd.DataFrame, name: str) -> NDArray[np.float64]:
    return scores[name].to_numpy(dtype=np.float64)


def _to_blame(pairs: Sequence[_Pair], right: str = "") -> Iterator[_Blame]:
    """The scores that explain all pairs; none of them one that is known to be `right`."""
    left = list(pairs)
    while left:
        times = {
            name: sum(name in pair[:2] for pair in left)
            for name in _NAMED_FIRST
            if name != right and any(name in pair[:2] for pair in left)
        }
        name = max(times, key=lambda one: times[one])
        of_it = [pair for pair in left if name in pair[:2]]
        is_sure = sum(count == times[name] for count in times.values()) == 1
        lowest = min(of_it, key=lambda pair: pair.correlation)
        others = [pair.other(name) for pair in of_it]
        yield _Blame(name, lowest, others, is_sure or right in others)
        left = [pair for pair in left if pair not in of_it]


def _told(source: Source, blame: _Blame) -> str:
    name, pair = blame.name, blame.pair
    other = pair.other(name)
    said = (
        f"goes down where {_CALLED.get(other, other)} goes up (correlation {pair.correlation:.2f})"
    )
    if name == "ces" or (other == "ces" and not blame.is_sure):
        easy = _EASY_HIGH if source.entry.get("ces_easy") == "low" else _EASY_LOW
        return f"{said}: {easy}; else turn the column whose lowest answer is the best one"
    # Questions of one kind are turned together, so that NPS is against all of them.
    if name == "nps":
        return (
            f"{said}: if the lowest answer to nps is the best one, turn it in the file; if it is to"
            f" {', '.join(blame.others)}, turn these instead"
        )
    if blame.is_sure:
        return f"{said}: if the lowest answer is the best one, turn the column in the file"
    return f"{said}: if the lowest answer is the best one in either, turn that column in the file"
