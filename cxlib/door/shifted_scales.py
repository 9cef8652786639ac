"""Answers that lie beside their scale because all of them are one too low, or one too high."""

import narwhals as nw

from cxlib import contracts
from cxlib.contracts import Rule
from cxlib.door.narrow_scales import lowest, tops_of
from cxlib.sources import Source

_ENOUGH = 10


def shifted(source: Source, frame: nw.LazyFrame, rule: Rule) -> str:
    """How to mend answers outside their scale that are all moved by one; "" where they are not.

    On a scale from 1 answers from 0 without one at the top, of which ten or more are just below it,
    are coded from 0; NPS of 1 to 11 is coded from 1. All questions on the scale are looked at
    together.
    """
    if rule.of_type or rule.text == contracts.BLANK:
        return ""
    if rule.column == "nps":
        low, high, zeros = _ends(frame, ["nps"], 0)
        if (low, high, zeros) == (1, 11, 0):
            return "the answers are 1 to 11 and none is 0: coded from 1, so subtract 1 from each"
        return ""
    for group, (names, top) in _scales(source).items():
        if rule.column not in names:
            continue
        low, high, many = _ends(frame, names, top - 1)
        if lowest(source, group) == 1 and (low, high) == (0, top - 1) and many >= _ENOUGH:
            return (
                f"the answers are 0 to {top - 1} and none is {top}: coded from 0, so add 1 to each,"
                f" or declare the scale 0 to {top - 1}; if 0 stands for no answer, declare it in"
                f' {source.where}: missing = {{ {rule.column} = ["0"] }}'
            )
    return ""


def _scales(source: Source) -> dict[str, tuple[list[str], int]]:
    """Questions on one scale: of SERVQUAL all of them."""
    tops = tops_of(source)
    if source.input != contracts.SERVQUAL_RESPONSES.name:
        return tops
    together = [name for names, _ in tops.values() for name in names]
    return {group: (together, top) for group, (_, top) in list(tops.items())[:1]}


def _ends(frame: nw.LazyFrame, names: list[str], level: int) -> tuple[float, float, int]:
    """The lowest and the highest answer to several questions, and how many are `level`."""
    given = [(nw.col(name) == level).fill_null(False).cast(nw.Int64) for name in names]
    found = frame.select(
        low=nw.min_horizontal(*names),
        high=nw.max_horizontal(*names),
        many=nw.sum_horizontal(*given),
    ).select(nw.col("low").min(), nw.col("high").max(), nw.col("many").sum())
    low, high, many = found.collect("pyarrow").row(0)
    return low, high, int(many or 0)
