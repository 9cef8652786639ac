"""Answers that stand for none: 0 at the bottom of a scale, or a code at its top."""

import json
import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtr

from cxlib import contracts
from cxlib.door.survey_parts import within_groups
from cxlib.sources import Source

_LEAST_ROWS, _LEAST_ANSWERS, _SHARE = 30, 10, 0.02
_NEVER = 1e-4
# The others must go with the score that judges them; a code lies so many standard deviations off.
_AGREES, _FAR = 0.2, 0.5
_LOWEST_QUARTER = 0.25
_SCORES = ("csat", "ces", "nps")
# A top, one below it, and others that tell what the answers go with.
_LEAST_LEVELS = 4


def coded_answers(
    source: Source, answers: pd.DataFrame, attributes: Sequence[str]
) -> list[tuple[str, str, int]]:
    """Warnings about 0 and the highest answer, where they go with others than their neighbours do.

    Column, text, rows; of CSAT, CES, drivers and (0 alone) NPS, until `missing` names their codes.
    Judged by NPS, else by the mean of the other drivers, else by CSAT (NPS by CSAT first), where
    that goes with the other answers: of those who gave 0 it is above that of those with the lowest
    answers, a quarter of the others at most, of those who gave the highest answer below that of
    those who gave the next, by half a standard deviation or more, and by Welch's test at one in
    10,000, also within the groups of each attribute. Without a score that judges nothing is told:
    many zeros alone may be anger.
    """
    if source.input != contracts.FEEDBACK.name:
        return []
    told = []
    for name, low in _questions(source):
        score = answers[name].astype("float64")
        judge = _judge(source, answers, name)
        if source.entry.get("ces_easy") == "low" and name == "ces":
            judge = -judge
        tables = [judge.to_frame(), *within_groups(judge.to_frame(), answers, attributes)]
        judges = [one.iloc[:, 0] for one in tables]
        if low == 0 and all(_are_zeros_coded(score, one) for one in judges):
            zeros = int((score == 0).sum())
            text = (
                f"{zeros:,} answers are 0, from customers who are more content by their other"
                " answers than those with low ones: does 0 stand for no answer?"
                f" {_declare(name, 0)}"
            )
            told.append((name, text, zeros))
        if name != "nps" and all(_is_top_coded(score, one) for one in judges):
            following, top = map(int, sorted(score.dropna().unique())[-2:])
            text = (
                f"those who answered {top} are less content by their other answers than those who"
                f" answered {following}: does {top} stand for no answer? {_declare(name, top)}"
            )
            told.append((name, text, int((score == top).sum())))
    return told


def _questions(source: Source) -> Iterator[tuple[str, int]]:
    """Questions whose codes are not declared, and the lowest answer of their scale."""
    declared = source.entry.get("missing", {})
    # Whoever has declared the codes of a column has declared all of them; a list is for all.
    if isinstance(declared, list):
        return
    for name in ("csat", "ces", "nps", *source.drivers):
        group = name if name in _SCORES else "drivers"
        if name == "nps" and "nps_zero" in source.entry:
            continue
        if name in source.columns and not {name, group} & declared.keys():
            yield name, source.scales[group][0]


def _judge(source: Source, answers: pd.DataFrame, name: str) -> pd.Series:
    """The score by which the answers to a question are judged; nothing but blanks without one."""
    drivers = [one for one in source.drivers if one != name and one in answers]
    if name == "nps" and "csat" in answers:
        return answers["csat"].astype("float64")
    if "nps" in answers and name != "nps":
        return answers["nps"].astype("float64")
    if drivers:
        return answers[drivers].astype("float64").mean(axis=1)
    if "csat" in answers and name != "csat":
        return answers["csat"].astype("float64")
    return pd.Series(np.nan, index=answers.index)


def _are_zeros_coded(score: pd.Series, judge: pd.Series) -> bool:
    others = score[score > 0]
    theirs = judge[score == 0].dropna()
    low = judge[(score > 0) & (score <= _end_of_lowest(others))].dropna()
    return (
        _are_enough(theirs, low, score)
        and _goes_with(judge, others)
        and _is_far_above(theirs, low, judge)
    )


def _end_of_lowest(given: pd.Series) -> float:
    """The highest of the lowest answers, which are a quarter of all at most, or a single level."""
    below = given.value_counts(normalize=True).sort_index().cumsum()
    few = below[below <= _LOWEST_QUARTER]
    return float(few.index[-1] if len(few) else given.min())


def _is_top_coded(score: pd.Series, judge: pd.Series) -> bool:
    given = sorted(score.dropna().unique())
    if len(given) < _LEAST_LEVELS:
        return False
    following, top = given[-2:]
    theirs, next_ones = judge[score == top].dropna(), judge[score == following].dropna()
    return (
        _are_enough(theirs, next_ones, score)
        and _goes_with(judge, score[score < top])
        and _is_far_above(next_ones, theirs, judge)
    )


def _are_enough(theirs: pd.Series, others: pd.Series, score: pd.Series) -> bool:
    least = max(_LEAST_ANSWERS, _SHARE * score.notna().sum())
    return len(theirs) >= least and len(others) >= _LEAST_ANSWERS


def _goes_with(judge: pd.Series, score: pd.Series) -> bool:
    both = pd.concat([judge, score], axis=1, join="inner").dropna()
    if len(both) < _LEAST_ROWS or (both.nunique() == 1).any():
        return False
    return bool(np.corrcoef(both.iloc[:, 0], both.iloc[:, 1])[0, 1] > _AGREES)


def _is_far_above(first: pd.Series, second: pd.Series, judge: pd.Series) -> bool:
    """Whether a mean lies above another one, beyond chance and by far."""
    if first.mean() - second.mean() < _FAR * judge.std():
        return False
    errors = [float(one.var()) / len(one) for one in (first, second)]
    if not any(errors):
        return True
    # Welch's t, with the degrees of freedom of Welch and Satterthwaite.
    t = float(first.mean() - second.mean()) / math.sqrt(sum(errors))
    freedom = sum(errors) ** 2 / sum(
        error**2 / (len(one) - 1) for error, one in zip(errors, (first, second), strict=True)
    )
    return bool(stdtr(freedom, -t) < _NEVER)


def _declare(name: str, code: int) -> str:
    key = name if name.isidentifier() else json.dumps(name, ensure_ascii=False)
    return f'If so, declare missing = {{ {key} = ["{code}"] }}, else missing = {{ {key} = [] }}'
