"""Answers that end below the top of their scale, in a whole file or in some of its rounds."""

from collections.abc import Sequence

import narwhals as nw

from cxlib import contracts
from cxlib.door.survey_doubts import groups
from cxlib.sources import Source

# Tops of scales that are in use. Answers that are enough to tell: where one in ten is above the
# narrower top, none of 100 is with a chance of 1 in 37,000.
_TOPS = (3, 4, 5, 7)
_ENOUGH_ANSWERS = 100
_SHOWN_PERIODS = 3


def narrow_scales(source: Source, kept: nw.LazyFrame) -> list[tuple[str, str, int]]:
    """Warnings about questions whose answers end at 3, 4, 5 or 7, below the top that is declared.

    Of each group of questions on one scale: group, text, answers. Where the file has waves or
    months each is judged by itself, together with those after it until there are 100 answers.
    Blank answers do not count.
    """
    tops = _tops(source)
    if not tops:
        return []
    period = _period(source)
    plain = {"__period": period}
    totals = []
    for number, names in enumerate(names for names, _ in tops.values()):
        answered = [(~nw.col(name).is_null()).cast(nw.Int64) for name in names]
        plain[f"__top_{number}"] = nw.max_horizontal(*names)
        plain[f"__answers_{number}"] = nw.sum_horizontal(*answered)
        totals += [nw.col(f"__top_{number}").max(), nw.col(f"__answers_{number}").sum()]
    found = kept.select(**plain).group_by("__period").agg(*totals).sort("__period")
    rows = found.collect("pyarrow").rows(named=True)
    told = []
    for number, (group, (_, top)) in enumerate(tops.items()):
        counts = [
            (row["__period"], row[f"__top_{number}"] or 0, row[f"__answers_{number}"])
            for row in rows
        ]
        narrow = {
            period: (highest, answers)
            for period, highest, answers in _enough(counts)
            if highest in _TOPS and highest < top
        }
        if not narrow:
            continue
        highest = max(one for one, _ in narrow.values())
        shown = ", ".join(filter(None, list(narrow)[:_SHOWN_PERIODS]))
        when = f" of {shown}" if shown else ""
        more = f" and {len(narrow) - _SHOWN_PERIODS} more" if len(narrow) > _SHOWN_PERIODS else ""
        text = (
            f"no answer{when}{more} is above {highest}, on a scale to {top}: was the question asked"
            f" on 1 to {highest}?"
        )
        told.append((group, text, sum(answers for _, answers in narrow.values())))
    return told


def _enough(counts: Sequence[tuple[object, float, int]]) -> list[tuple[str, int, int]]:
    """Periods put together in their order until each has answers enough: name, highest, answers."""
    found: list[tuple[str, int, int]] = []
    names: list[str] = []
    highest = answers = 0
    for period, top, count in counts:
        names.append(_name(period))
        highest, answers = max(highest, int(top)), answers + int(count)
        if answers >= _ENOUGH_ANSWERS:
            name = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            found.append((name, highest, answers))
            names, highest, answers = [], 0, 0
    return found


def _tops(source: Source) -> dict[str, tuple[list[str], int]]:
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
