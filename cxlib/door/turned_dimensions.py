"""Dimensions of SERVQUAL that go down where the others go up."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from cxlib import contracts
from cxlib.door.correlations import correlation
from cxlib.door.survey_doubts import groups
from cxlib.door.survey_parts import within_groups
from cxlib.sources import Source

_LEAST_ROWS, _LEAST_DIMENSIONS = 100, 3
# Dimensions of one service go up together; some hardly do, and none goes clearly down.
_TURNED, _SURE = -0.3, 1e-5


def turned_dimensions(
    source: Source, answers: pd.DataFrame, attributes: Sequence[str]
) -> list[tuple[str, str, int]]:
    """Warnings about dimensions whose items are all worded negatively: column, text, rows.

    Of three dimensions or more among 100 respondents or more who answered all of them. The mean of
    a dimension goes down where the mean of the others goes up: the correlation is below -.3, by
    chance in one of 100,000 surveys (Bonferroni), also within the groups of each attribute. Where
    satisfaction was asked, with perceptions it must go down with it, too.
    """
    if source.input != contracts.SERVQUAL_RESPONSES.name or not source.instrument:
        return []
    told = []
    for group, names in groups(source).items():
        means = _means(source, answers, names)
        if len(means.columns) < _LEAST_DIMENSIONS:
            continue
        if group == "perception" and "satisfaction" in answers:
            means["satisfaction"] = answers["satisfaction"].astype("float64")
        complete = means.dropna()
        if len(complete) < _LEAST_ROWS:
            continue
        tables = [complete, *within_groups(complete, answers.loc[complete.index], attributes)]
        turned = [dict(_turned(one)) for one in tables]
        for name, found in turned[0].items():
            if all(name in one for one in turned):
                text = (
                    f"{name} goes down where the other dimensions go up (correlation {found:.2f}):"
                    " if high answers to its items mean poor service, add reverse = true to each of"
                    " them in the instrument; if they are turned already, take it out"
                )
                told.append((group, text, len(complete)))
    return told


def _means(source: Source, answers: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The mean of each dimension, by its name."""
    dimensions: dict[str, list[str]] = {}
    if source.instrument:
        for item in source.instrument.items:
            asked = [name for name in names if name[2:] == item.id and name in answers]
            dimensions.setdefault(item.dimension, []).extend(asked)
    return pd.DataFrame(
        {
            dimension: answers[asked].astype("float64").mean(axis=1, skipna=False)
            for dimension, asked in dimensions.items()
            if asked
        }
    )


def _turned(means: pd.DataFrame) -> Iterator[tuple[str, float]]:
    """The dimensions that are, and how they go with the others."""
    dimensions = [name for name in means if name != "satisfaction"]
    for name in dimensions:
        values = means[name].to_numpy(dtype=np.float64)
        rest = means[dimensions].drop(columns=name).mean(axis=1)
        found, chance, _ = correlation(values, rest.to_numpy(dtype=np.float64))
        if found > _TURNED or chance > _SURE / len(dimensions):
            continue
        if "satisfaction" in means:
            satisfied = means["satisfaction"].to_numpy(dtype=np.float64)
            if correlation(values, satisfied)[0] > _TURNED:
                continue
        yield str(name), found
