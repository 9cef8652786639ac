"""Answers that end below the top of their scale, in a whole file or in some of its rounds."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import narwhals as nw
import numpy as np

from cxlib import contracts
from cxlib.door.ends_of_scales import chance_of_none_above
from cxlib.door.survey_doubts import groups
from cxlib.sources import Source

# Tops of scales that are in use, and the answers that are judged together.
_TOPS = (3, 4, 5, 7)
_ENOUGH_ANSWERS = 100
_NEVER = 1e-6
_SHOWN_PERIODS = 3


class _Period(NamedTuple):
    """Waves or months put together: what they are called, and which they are."""

    name: str
    highest: int
    answers: int
    parts: tuple[object, ...]


def narrow_scales(source: Source, kept: nw.LazyFrame) -> list[tuple[str, str, int]]:
    """Warnings about questions whose answers end at 3, 4, 5 or 7, below the top that is declared.

    Of each group of questions on one scale: group, text, answers. Where the file has waves or
    months each is judged by itself, together with those after it until there are 100 answers.
    Blank answers do not count. Told where the answers would hardly end there of themselves (see
    `chance_of_none_above`, one in a million over all periods): those of a truly bad year do. Nor
    where hardly any of the other answers is above.
    """
    tops = tops_of(source)
    if not tops:
        return []
    told = []
    for group, periods in _periods(source, kept, tops).items():
        names, top = tops[group]
        ended = [one for one in periods if one.highest in _TOPS and one.highest < top]
        if not ended:
            continue
        counts = _counts(source, kept, names)
        parts = {part for one in ended for part in one.parts}
        others = Counter({key: rows for key, rows in counts.items() if key[0] not in parts})
        low = lowest(source, group)
        narrow = [
            one
            for run in _runs(periods, ended)
            if _chance(run, counts, low, len(names)) * len(periods) < _NEVER
            and _chance_of_others(run, others) * len(periods) < _NEVER
            for one in run
        ]
        if narrow:
            told.append((group, _text(narrow, top), sum(one.answers for one in narrow)))
    return told


def _text(narrow: Sequence[_Period], top: int) -> str:
    highest = max(one.highest for one in narrow)
    shown = ", ".join(filter(None, (one.name for one in narrow[:_SHOWN_PERIODS])))
    when = f" of {shown}" if shown else ""
    more = f" and {len(narrow) - _SHOWN_PERIODS} more" if len(narrow) > _SHOWN_PERIODS else ""
    return (
        f"no answer{when}{more} is above {highest}, on a scale to {top}: was the question asked"
        f" on 1 to {highest}?"
    )


def _periods(
    source: Source, kept: nw.LazyFrame, tops: Mapping[str, tuple[list[str], int]]
) -> dict[str, list[_Period]]:
    """Group of questions -> periods with answers enough."""
    plain = {"__period": _period(source)}
    totals = []
    for number, (names, _) in enumerate(tops.values()):
        answered = [(~nw.col(name).is_null()).cast(nw.Int64) for name in names]
        plain[f"__top_{number}"] = nw.max_horizontal(*names)
        plain[f"__answers_{number}"] = nw.sum_horizontal(*answered)
        totals += [nw.col(f"__top_{number}").max(), nw.col(f"__answers_{number}").sum()]
    found = kept.select(**plain).group_by("__period").agg(*totals).sort("__period")
    rows = found.collect("pyarrow").rows(named=True)
    return {
        group: _enough(
            [
                (row["__period"], row[f"__top_{number}"] or 0, row[f"__answers_{number}"])
                for row in rows
            ]
        )
        for number, group in enumerate(tops)
    }


def _enough(counts: Sequence[tuple[object, float, int]]) -> list[_Period]:
    """Periods put together in their order until each has answers enough."""
    found: list[_Period] = []
    parts: list[object] = []
    highest = answers = 0
    for part, top, count in counts:
        parts.append(part)
        highest, answers = max(highest, int(top)), answers + int(count)
        if answers >= _ENOUGH_ANSWERS:
            names = [_name(one) for one in parts]
            name = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            found.append(_Period(name, highest, answers, tuple(parts)))
            parts, highest, answers = [], 0, 0
    return found


def _runs(periods: Sequence[_Period], ended: Collection[_Period]) -> list[list[_Period]]:
    """The periods that ended early, those that follow on one another together."""
    runs: list[list[_Period]] = [[]]
    for one in periods:
        if one in ended:
            runs[-1].append(one)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _counts(
    source: Source, kept: nw.LazyFrame, names: Sequence[str]
) -> Counter[tuple[object, int]]:
    """How often each answer was given in each wave or month."""
    counts: Counter[tuple[object, int]] = Counter()
    for name in names:
        given = kept.select(__period=_period(source), __answer=nw.col(name))
        found = given.group_by("__period", "__answer").agg(nw.len().alias("__rows"))
        found = found.select("__period", "__answer", "__rows")
        for part, answer, rows in found.collect("pyarrow").iter_rows():
            if answer is not None:
                counts[part, int(answer)] += rows
    return counts


def _chance(
    run: Sequence[_Period], counts: Counter[tuple[object, int]], low: int, questions: int
) -> float:
    """The chance that nobody in these periods answered above the highest answer in them."""
    parts = [part for one in run for part in one.parts]
    answers = range(low, max(one.highest for one in run) + 1)
    given = [sum(counts[part, answer] for part in parts) for answer in answers]
    return chance_of_none_above(np.array(given, dtype=np.float64), low, questions)


def _chance_of_others(run: Sequence[_Period], others: Counter[tuple[object, int]]) -> float:
    """The chance of none above, if as many were as of the other answers; 0 without any."""
    highest = max(one.highest for one in run)
    above = sum(rows for (_, answer), rows in others.items() if answer > highest)
    share = above / others.total() if others else 1.0
    return float((1 - share) ** sum(one.answers for one in run))


def lowest(source: Source, group: str) -> int:
    """The lowest answer of the scale of a group of questions."""
    if source.input == contracts.SERVQUAL_RESPONSES.name and source.instrument:
        return int(source.instrument.scale[0])
    return int(source.scales[group][0])


def tops_of(source: Source) -> dict[str, tuple[list[str], int]]:
    """Group of questions -> its columns, and the top of its scale."""
    if source.input == contracts.SERVQUAL_RESPONSES.name and source.instrument:
        top = int(source.instrument.scale[1])
        return {group: (names, top) for group, names in groups(source).items()}
    if source.input != contracts.FEEDBACK.name:
        return {}
    asked: dict[str, list[str]] = {one: [one] for one in ("csat", "ces") if one in source.columns}
    return {
        group: (names, int(source.scales[group][1]))
        for group, names in (asked | groups(source)).items()
        if group in source.scales
    }


def _period(source: Source) -> nw.Expr:
    if "wave" in source.columns:
        return nw.col("wave")
    if source.contract.date and source.contract.date in source.columns:
        day = nw.col(source.contract.date)
        return day.dt.year().cast(nw.Int64) * 12 + day.dt.month().cast(nw.Int64) - 1
    return nw.lit(0)


def _name(period: object) -> str:
    """What a wave or a month is called; "" for a file without either."""
    if isinstance(period, int):
        return f"{period // 12}-{period % 12 + 1:02d}" if period else ""
    return "" if period is None else str(period)
