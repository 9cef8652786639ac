"""Where to act first: drivers that matter more, and are rated lower, than drivers do on average."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from cxlib.drivers.answers import Answers
from cxlib.drivers.shares import Importance

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
    whether both intervals leave out zero. `count_text` says how many answers that rests on.
    """

    outcome_name: str
    summary: pd.DataFrame
    level: float
    count_text: str

    @property
    def advice(self) -> str:
        """Where to act first, in few words."""
        sure, unsure = self._sure(), self._unsure()
        if len(self.summary) < 2:
            return self.sentence
        if sure:
            others = f", or {_and(unsure)}, which may matter as much" if unsure else ""
            return (
                f"Try first: better {_and(sure)}{others}. Do it in places or on days picked at"
                " random, and compare them with the others. Where this is rated low,"
                f" {self.outcome_name} is lower as well; that it is the cause is not shown."
            )
        return (
            "What to fix first cannot be told: no aspect matters more and is rated lower beyond"
            " chance."
        )

    def _sure(self) -> list[str]:
        first = self.summary[self.summary["quadrant"] == FIRST]
        return [str(name) for name in first.index[first["sure"]]]

    def _unsure(self) -> list[str]:
        """Those only that the map shows there too: the text and the picture must not contradict."""
        first = self.summary[self.summary["quadrant"] == FIRST]
        return [str(name) for name in first.index[~first["sure"]]]

    @property
    def sentence(self) -> str:
        """Where to act first and how sure that is, for a manager."""
        sure = self._sure()
        unsure = self._unsure()
        level = f"{100 * self.level:.4g} % confidence, {self.count_text}"
        if len(self.summary) < 2:
            return "With one driver there is nothing to choose from."
        if sure:
            text = (
                f"Try first: {_and(sure)}. Goes with {self.outcome_name} more than the drivers do"
                f" on average, and is rated lower, both beyond chance ({level})"
            )
            return f"{text}; the same may be true of {_and(unsure)}." if unsure else f"{text}."
        return (
            "What to fix first cannot be told: no driver is, beyond chance, both more important for"
            f" {self.outcome_name} and rated lower than the drivers are on average ({level})."
        )

    def lowest_rated(self, ratings: pd.Series, penalties: pd.Series) -> str:
        """What is rated lowest, what a low rating of it goes with, and whether it matters less.

        It matters less, and has low priority, only where the whole interval of its importance lies
        below the mean of the drivers.

        `ratings` and `penalties` by driver: mean ratings, and the differences in the outcome that
        low ratings go with (`penalty_reward`). "" for fewer than two drivers.
        """
        if len(self.summary) < 2:
            return ""
        name = str(ratings.idxmin())
        text = f"Rated lowest on average: {name} ({ratings[name]:.2f})"
        if penalties.notna().any() and penalties.min() < 0 and name == penalties.idxmin():
            text += f"; a low rating there goes with the largest loss ({penalties[name]:.2f})"
        place = self.summary.loc[name]
        if place["importance_above_high"] < 0:
            text += (
                "; low priority all the same, as over all its ratings it goes with"
                f" {self.outcome_name} less than aspects do on average, beyond chance"
            )
        elif place["importance_above_low"] <= 0:
            text += (
                f"; it goes with {self.outcome_name} about as much as aspects do on average (not"
                " told apart): its priority is not settled"
            )
        return f"{text}."


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def quadrants(answers: Answers, found: Importance) -> Quadrants:
    """In which quadrant of the importance-performance map each driver lies, and how surely.

    performance_above is the (weighted) mean rating by all who rated the driver less the mean of
    the drivers' means, with a t interval, Bonferroni over the drivers; importance_above is the
    measure the drivers are ranked by less its mean over them, +- the quantile of the largest
    deviation of any driver in a resample (of one width for all, as the bootstrap is too sure of
    small shares). Each family holds with confidence (1 + level) / 2, so that whatever is called
    sure is so with the level of `found`.
    """
    level = found.r_squared.level
    p = len(answers.drivers)
    family = (1 + level) / 2
    measure = "lmg" if found.ranked_by == "LMG" else "johnson"
    value = found.summary[measure].reindex(answers.drivers).to_numpy(dtype=float)
    value = value - value.mean()
    draws = found.draws - found.draws.mean(axis=1, keepdims=True)
    margin = np.quantile(np.abs(draws - value).max(axis=1), family)
    centre = np.eye(p) - 1 / p
    above = centre @ answers.means
    spread = np.sqrt(np.maximum(np.diagonal(centre @ answers.means_covariance @ centre), 0))
    quantile = stdtrit(np.maximum(answers.raters - 1, 1), 1 - (1 - family) / (2 * p))
    columns = {
        "importance_above": value,
        "importance_above_low": value - margin,
        "importance_above_high": value + margin,
        "performance_above": above,
        "performance_above_low": above - quantile * spread,
        "performance_above_high": above + quantile * spread,
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
    places = summary.loc[found.summary.index]
    return Quadrants(answers.outcome_name, places, level, answers.count_text)
