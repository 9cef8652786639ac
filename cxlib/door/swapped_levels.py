"""Expectations, perceptions and least acceptable levels that stand in one another's place."""

import math
from statistics import NormalDist

import pandas as pd

from cxlib import contracts
from cxlib.door.survey_doubts import groups
from cxlib.sources import Source

_LEAST_ROWS = 30
_MOST_ITEMS, _SURE = 0.9, 0.001
# Of the length of the scale: excellent service is above what was expected, though hardly so far.
_LEAST_GAP = 1 / 12


def swapped_levels(source: Source, answers: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Warnings about levels of SERVQUAL that are not in the order they have by their meaning.

    Column, text, rows. Perceptions above expectations by half a point of seven or more, and least
    acceptable levels above the desired ones, in nine of ten items or more, each by a paired test at
    one in 1,000 among 30 respondents or more. High perceptions are taken as right where
    satisfaction goes with them more than with expectations and these are above the middle of the
    scale. Customers expect what excellent service offers, and the least that they accept is no
    more than what they desire (Parasuraman, Zeithaml & Berry 1988, 1994).
    """
    if source.input != contracts.SERVQUAL_RESPONSES.name or not source.instrument:
        return []
    asked = groups(source)
    low, high = source.instrument.scale
    told = []
    items = _shared(asked, "expectation", "perception")
    above = [one for one in items if _is_above(answers, f"P_{one}", f"E_{one}", high - low)]
    if items and len(above) >= _MOST_ITEMS * len(items) and _are_odd(source, answers, items):
        text = (
            f"above expectations in {len(above)} of {len(items)} items: are the columns of"
            " expectation and perception swapped, or is the lowest expectation the best answer?"
        )
        told.append(("perception", text, len(answers)))
    items = _shared(asked, "expectation", "adequate")
    above = [one for one in items if _is_above(answers, f"A_{one}", f"E_{one}", 0)]
    if items and len(above) >= _MOST_ITEMS * len(items):
        text = (
            f"the least acceptable level is above the desired one in {len(above)} of {len(items)}"
            " items: are the columns of adequate and expectation swapped?"
        )
        told.append(("adequate", text, len(answers)))
    return told


def _shared(asked: dict[str, list[str]], first: str, second: str) -> list[str]:
    """The items of which both are asked."""
    ids = [{name[2:] for name in asked.get(one, ())} for one in (first, second)]
    return sorted(ids[0] & ids[1])


def _is_above(answers: pd.DataFrame, upper: str, lower: str, length: float) -> bool:
    """Whether one level of an item is above another, and by so much of a scale of this length."""
    gaps = answers[upper].astype("float64") - answers[lower].astype("float64")
    gaps = gaps.dropna()
    if len(gaps) < _LEAST_ROWS or gaps.mean() <= 0 or gaps.mean() < _LEAST_GAP * length:
        return False
    error = float(gaps.std()) / math.sqrt(len(gaps))
    return error == 0 or float(gaps.mean()) / error > NormalDist().inv_cdf(1 - _SURE)


def _are_odd(source: Source, answers: pd.DataFrame, items: list[str]) -> bool:
    """Whether what was asked besides does not tell that such high perceptions are right."""
    perceived, expected = (
        answers[[f"{letter}_{one}" for one in items]].astype("float64").mean(axis=1)
        for letter in "PE"
    )
    if "satisfaction" not in answers or not source.instrument:
        return True
    satisfied = answers["satisfaction"].astype("float64")
    if not satisfied.corr(perceived) > satisfied.corr(expected):
        return True
    return bool(expected.mean() < sum(source.instrument.scale) / 2)
