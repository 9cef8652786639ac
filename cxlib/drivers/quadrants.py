"""Where to act first: drivers that matter more, and are rated lower, than drivers do on average."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlib.drivers.answers import Answers
from cxlib.drivers.shares import Importance
from cxlib.inference import mean_interval

FIRST, KEEP, LOW, OVERKILL = (
    "concentrate here",
    "keep up the good work",
    "low priority",
    "possible overkill",
)


@dataclass(frozen=True)
class Quadrants:
    """The drivers' places against the means of all drivers (Martilla & James 1977).

    `summary`, a row a driver, the most important first: importance and performance less the mean of
    the drivers (importance_above, performance_above, each with _low and _high), quadrant, and sure:
    whether both intervals leave out zero.
    """

    outcome_name: str
    summary: pd.DataFrame
    level: float

    @property
    def sentence(self) -> str:
        """Where to act first and how sure that is, for a manager."""
        first = self.summary[self.summary["quadrant"] == FIRST]
        # Those whose interval reaches into the quadrant, whatever the side of their estimate.
        may = self.summary[
            (self.summary["importance_above_high"] > 0)
            & (self.summary["performance_above_low"] < 0)
        ]
        sure = [str(name) for name in first.index[first["sure"]]]
        unsure = [str(name) for name in may.index if str(name) not in sure]
        level = f"{100 * self.level:.4g} % confidence"
        if len(self.summary) < 2:
            return "With one driver there is nothing to choose from."
        if sure:
            text = (
                f"Fix first: {_and(sure)}. More important for {self.outcome_name} than the drivers"
                f" are on average, and rated lower: both surely ({level})"
            )
            return f"{text}; the same may be true of {_and(unsure)}." if unsure else f"{text}."
        if len(first):
            named = _and([str(name) for name in first.index])
            return (
                f"Perhaps to be fixed first, but not surely: {named}. More important for"
                f" {self.outcome_name} than the drivers are on average and rated lower in these"
                f" answers, yet others may be ({level})."
            )
        return (
            "No driver is both more important than the drivers are on average and rated lower:"
            " nothing stands out to be fixed first."
        )


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def quadrants(answers: Answers, found: Importance) -> Quadrants:
    """In which quadrant of the importance-performance map each driver lies, and how surely.

    performance_above is the (weighted) mean of rating - mean of the respondent's ratings, with a t
    interval; importance_above is the measure the drivers are ranked by less its mean over them,
    with the percentile interval of the resamples. The two families of intervals hold together over
    all drivers (Bonferroni), so that whatever is called sure is so with the level of `found`.
    """
    level = found.r_squared.level
    p = len(answers.drivers)
    joint = 1 - (1 - level) / (2 * p)
    weights = answers.weights if answers.weighted else None
    measure = "lmg" if found.ranked_by == "LMG" else "johnson"
    value = found.summary[measure].reindex(answers.drivers).to_numpy(dtype=float)
    draws = found.draws - found.draws.mean(axis=1, keepdims=True)
    tails = [(1 - joint) / 2, (1 + joint) / 2]
    low, high = np.quantile(draws, tails, axis=0)
    columns = {
        "importance_above": value - value.mean(),
        "importance_above_low": low,
        "importance_above_high": high,
    }
    centred = answers.ratings - answers.ratings.mean(axis=1, keepdims=True)
    means = [mean_interval(centred[:, k], weights=weights, level=joint) for k in range(p)]
    columns |= {
        "performance_above": np.array([one.value for one in means], dtype=float),
        "performance_above_low": np.array([one.low for one in means], dtype=float),
        "performance_above_high": np.array([one.high for one in means], dtype=float),
    }
    summary = pd.DataFrame(columns, index=pd.Index(answers.drivers, name="driver"))
    important = summary["importance_above"] > 0
    well = summary["performance_above"] >= 0
    upper = np.where(well, KEEP, FIRST)
    quadrant = np.where(important, upper, np.where(well, OVERKILL, LOW))
    sure = np.ones(p, dtype=bool)
    for name in ("importance_above", "performance_above"):
        sure &= ((summary[f"{name}_low"] > 0) | (summary[f"{name}_high"] < 0)).to_numpy()
    summary = summary.assign(quadrant=quadrant, sure=sure)
    return Quadrants(answers.outcome_name, summary.loc[found.summary.index], level)
