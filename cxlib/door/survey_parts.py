"""Parts of a survey that may have been asked otherwise: groups, waves and months."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Attributes with more values than these are no groups, or too many to look at.
_MOST_GROUPS = 50


class Part(NamedTuple):
    """How a part is told of, and which rows it is."""

    name: str
    rows: NDArray[np.bool_]


def groups_of(answers: pd.DataFrame, attributes: Sequence[str], least: int) -> Iterator[Part]:
    """The groups and waves of at least so many rows, which are not all rows."""
    for attribute in (*attributes, *({"wave"} & set(answers))):
        values = answers[attribute]
        sizes = values.value_counts()
        if len(sizes) > _MOST_GROUPS:
            continue
        for value, size in sizes.items():
            if least <= size < len(answers):
                yield Part(f'{attribute} "{value}"', (values == value).to_numpy(dtype=bool))


def within_groups(
    scores: pd.DataFrame, answers: pd.DataFrame, attributes: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """The scores less the means of their groups, by each attribute.

    A branch where one thing alone is bad makes scores go against each other, though not within it.
    """
    for attribute in attributes:
        values = answers[attribute]
        if 1 < values.nunique() <= _MOST_GROUPS:
            yield scores - scores.groupby(values, dropna=False).transform("mean")


def months_of(answers: pd.DataFrame) -> pd.Series:
    """The month of each answer, such as 2024-05; nothing but blanks without a date."""
    if "date" not in answers:
        return pd.Series(pd.NA, index=answers.index, dtype="string")
    return answers["date"].map(lambda day: f"{day:%Y-%m}", na_action="ignore")


def months_together(answers: pd.DataFrame, least: int) -> Iterator[Part]:
    """Months put together in their order until they are so many rows."""
    months = months_of(answers)
    waiting: list[str] = []
    for month in sorted(months.dropna().unique()):
        waiting.append(month)
        rows = months.isin(waiting).to_numpy(dtype=bool)
        if least <= rows.sum() < len(answers):
            yield Part(span(waiting), rows)
            waiting = []


def span(months: Sequence[str]) -> str:
    """What months in a row are called."""
    return months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
