"""NPS that is even because a scale of five was doubled."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from cxlib import contracts
from cxlib.door.survey_parts import Part, groups_of, months_of, span
from cxlib.sources import Source

_LEAST_ANSWERS = 60
_NEVER = 1e-6
# Where both its neighbours are given, an odd answer is given a third as often as the rarer one.
_RARER = 3


def even_scores(
    source: Source, answers: pd.DataFrame, attributes: Sequence[str]
) -> list[tuple[str, str, int]]:
    """A warning about NPS that is even in 60 answers or more: column, text, answers.

    Of all answers, of a group or wave, or of months in a row. Told where no odd answer has a
    chance below one in a million over all of these: exp(-m), with m the expected number of odd
    answers, for each a third of the rarer of its two neighbours. So even answers that are nearly
    all 10, or 0 and 10, are none.
    """
    if source.input != contracts.FEEDBACK.name or "nps" not in answers:
        return []
    scores = answers[answers["nps"].notna()]
    nps = scores["nps"].to_numpy(dtype=np.float64)
    even = nps % 2 == 0
    if even.all():
        parts = [Part("", even)]
    else:
        parts = [*groups_of(scores, attributes, _LEAST_ANSWERS), *_even_months(scores, even)]
    told = []
    for part in parts:
        given = nps[part.rows]
        if len(given) < _LEAST_ANSWERS or not even[part.rows].all():
            continue
        times = [int((given == level).sum()) for level in range(0, 12, 2)]
        expected = sum(map(min, times, times[1:])) / _RARER
        if math.exp(-expected) * len(parts) < _NEVER:
            only = f"only even answers in {part.name}" if part.name else "only even answers"
            text = (
                f"{only}: were stars or another scale of five doubled? If so, map the column as"
                " csat, with its own scale"
            )
            told.append(("nps", text, len(given)))
    return told


def _even_months(scores: pd.DataFrame, even: np.ndarray) -> Iterator[Part]:
    """Months in a row without an odd answer."""
    months = months_of(scores)
    whole = pd.Series(even, index=scores.index).groupby(months).all().sort_index()
    for _, run in whole.groupby((whole != whole.shift()).cumsum()):
        if run.all():
            yield Part(span(list(run.index)), months.isin(run.index).to_numpy(dtype=bool))
