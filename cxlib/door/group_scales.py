"""Groups of a survey that were asked on another scale than the others."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.door.ends_of_scales import FloatArray, chance_of_none_above
from cxlib.door.narrow_scales import lowest, tops_of
from cxlib.door.survey_parts import groups_of
from cxlib.sources import Source

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

_TOPS = (4, 5, 7, 10)
_LEAST_ROWS = 30
_NEVER, _HARDLY = 1e-6, 0.001
# Of the others' answers.
_LEAST_ABOVE = 0.5
# Of the standard deviation of others: a group that is less content is hardly less spread.
_SPREAD = 0.75
_BANDS = 5
# Of the length of a scale: whoever is lower on a scale of their own is less content.
_LOWER = 0.2


def group_scales(
    source: Source, answers: pd.DataFrame, attributes: Sequence[str]
) -> list[tuple[str, str, int]]:
    """Warnings about groups and waves whose answers end at 4, 5, 7 or 10, where others go on.

    Column, text, rows. Of 30 rows or more, where half of the others go on. The chance of that
    is below one in a million over all groups, if as many in each fifth of the contentment
    (`_contentment`) answered above as did elsewhere; on a scale that ends there they are about as
    content as the others; and answers of their own mean, but three quarters as spread as those of
    the others, would hardly end there (one in 1,000, `chance_of_none_above`). So neither customers
    who are less content by all their answers nor those who are by one question are told.
    """
    tops = tops_of(source)
    if "nps" in source.columns:
        tops |= {"nps": (["nps"], int(source.scales["nps"][1]))}
    parts = list(groups_of(answers, attributes, _LEAST_ROWS))
    told = []
    for group, (names, top) in tops.items():
        columns = [name for name in names if name not in source.turned]
        low = 0 if group == "nps" else lowest(source, group)
        asked = answers[columns].to_numpy(dtype=np.float64, na_value=np.nan)
        answered = ~np.isnan(asked).all(axis=1)
        highest = np.max(asked, axis=1, initial=-np.inf, where=~np.isnan(asked))
        bands = _bands(_contentment(answers, tops, group))
        for part in parts:
            theirs, others = part.rows & answered, ~part.rows & answered
            if min(theirs.sum(), others.sum()) < _LEAST_ROWS:
                continue
            end = int(highest[theirs].max())
            above = highest > end
            if end not in _TOPS or end >= top or above[others].mean() < _LEAST_ABOVE:
                continue
            if not _are_as_content(asked[theirs], asked[others], (low, end, top)):
                continue
            if _chance(above, theirs, others, bands) * len(parts) >= _NEVER:
                continue
            if _would_end(asked[theirs], asked[others], low, end) >= _HARDLY:
                continue
            text = (
                f"no answer of {part.name} is above {end}, of the others"
                f" {100 * above[others].mean():.0f} % are, on a scale to {top}: was the question"
                f" asked on 1 to {end} there?"
            )
            told.append((group, text, int(theirs.sum())))
    return told


def _chance(above: BoolArray, theirs: BoolArray, others: BoolArray, bands: IntArray) -> float:
    """The chance that none of theirs is above, as many as of the others in the same band."""
    chance = 1.0
    for band in np.unique(bands[theirs]):
        elsewhere = above[others & (bands == band)]
        # As if one more were not above: a band of few rows tells nothing for certain.
        share = elsewhere.sum() / (len(elsewhere) + 1)
        chance *= float((1 - share) ** int((theirs & (bands == band)).sum()))
    return chance


def _are_as_content(given: FloatArray, others: FloatArray, ends: tuple[int, int, int]) -> bool:
    """Whether the mean is about as high on a scale of their own as that of the others is on theirs.

    `ends`: the lowest answer, and the highest of either scale.
    """
    low, own, theirs = ends
    position = float(np.nanmean(given) - low) / (own - low)
    return position > float(np.nanmean(others) - low) / (theirs - low) - _LOWER


def _would_end(given: FloatArray, others: FloatArray, low: int, end: int) -> float:
    """The chance that answers of this mean, about as spread as the others, end there."""
    counts = np.array([(given == level).sum() for level in range(low, end + 1)], dtype=np.float64)
    deviation = _SPREAD * float(np.nanstd(others))
    return chance_of_none_above(counts, low, given.shape[1], deviation)


def _contentment(
    answers: pd.DataFrame, tops: Mapping[str, tuple[list[str], int]], group: str
) -> pd.Series:
    """How content customers are by another score: blank where no other was asked."""
    scores = {"nps": ["nps"], "satisfaction": ["satisfaction"], "csat": ["csat"]}
    scores["drivers"] = tops["drivers"][0] if "drivers" in tops else []
    for name, columns in scores.items():
        if name != group and columns and columns[0] in answers:
            return answers[columns].astype("float64").mean(axis=1)
    return pd.Series(np.nan, index=answers.index)


def _bands(contentment: pd.Series) -> IntArray:
    """Which fifth of contentment each row is in; one and the same where it is blank."""
    ranks = contentment.rank(pct=True).fillna(0)
    return np.ceil(ranks.to_numpy(dtype=np.float64) * _BANDS).astype(int)
