"""How a column of customers is read as covariates: numbers standardized, texts as indicators."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.clv.grouping import quantile_groups
from cxlib.clv.histories import FloatArray
from cxlib.inference import MIN_GROUP, NOT_STATED, suppressed

# Levels that stand alone: each takes a parameter of its own wherever covariates enter.
MOST_LEVELS = 10
# A number of more distinct values is read in classes, so that distinct histories stay few.
MOST_VALUES, CLASSES = 20, 10


class CovariateError(ValueError):
    """A column that cannot be used as a covariate; the message says why, and what to do."""


@dataclass(frozen=True)
class NumericCovariate:
    """A number, read as (value - mean) / sd over the customers of the fit.

    One of many distinct values is read in classes: `tops` are their largest values (the last class
    takes what is larger, too), `means` what is read in place of the values. Both are empty
    otherwise, and `distinct` is 0.
    """

    name: str
    mean: float
    sd: float
    n: int
    tops: tuple[float, ...] = ()
    means: tuple[float, ...] = ()
    distinct: int = 0

    @property
    def contrasts(self) -> list[tuple[str, str, int]]:
        """Of each column of `encode`: what is compared with what, in how many customers."""
        return [(f"one standard deviation ({self.sd:.4g}) more", "the mean", self.n)]

    @property
    def notes(self) -> list[str]:
        """What was done to the values, in sentences."""
        if not self.means:
            return []
        return [
            f"{self.name}: its {self.distinct:,} distinct values are read in {len(self.means)} "
            "classes of about equally many customers, each customer with the mean of the class."
        ]

    def encode(self, values: pd.Series) -> FloatArray:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        if lost := int((~np.isfinite(numbers)).sum()):
            raise CovariateError(
                f"{self.name}: {lost} customers have no finite value. Fill it in, leave these "
                "customers out before the fit, or make it a text of ranges."
            )
        if self.means:
            numbers = np.array(self.means)[np.searchsorted(self.tops[:-1], numbers)]
        return ((numbers - self.mean) / self.sd)[:, None]


@dataclass(frozen=True)
class LevelCovariate:
    """A text, read as an indicator of each level but the most frequent one, `levels[0]`.

    Customers without a value are a level of their own. `merged` are the levels that stand together
    as the last one: those of fewer than 10 customers (with the next smallest, if they are fewer
    than 10 all told) and all but the 10 largest.
    """

    name: str
    levels: tuple[str, ...]
    counts: tuple[int, ...]
    merged: tuple[str, ...]

    @property
    def contrasts(self) -> list[tuple[str, str, int]]:
        """Of each column of `encode`: what is compared with what, in how many customers."""
        pairs = zip(self.levels[1:], self.counts[1:], strict=True)
        return [(level, self.levels[0], count) for level, count in pairs]

    @property
    def notes(self) -> list[str]:
        """What was done to the levels, in sentences."""
        notes = []
        if self.merged:
            names = ", ".join(self.merged[:5])
            more = f" and {len(self.merged) - 5:,} more" if len(self.merged) > 5 else ""
            notes.append(
                f"{self.name}: levels of fewer than {MIN_GROUP} customers and all but the "
                f"{MOST_LEVELS} largest ({names}{more}) stand together as {self.levels[-1]!r}."
            )
        if NOT_STATED in (*self.levels, *self.merged):
            notes.append(f"{self.name}: customers without a value are the level {NOT_STATED!r}.")
        return notes

    def encode(self, values: pd.Series) -> FloatArray:
        place = {level: number for number, level in enumerate(self.levels)}
        place |= dict.fromkeys(self.merged, len(self.levels) - 1)
        code, distinct = pd.factorize(_texts(values))
        if unknown := [level for level in distinct if level not in place]:
            raise CovariateError(
                f"{self.name}: the fit knows no level {unknown[0]!r}; it knows "
                f"{', '.join([*self.levels, *self.merged])}."
            )
        which = np.array([place[level] for level in distinct], dtype=int)[code]
        return (which[:, None] == np.arange(1, len(self.levels))).astype(float)


Covariate = NumericCovariate | LevelCovariate


def read_covariate(name: str, customers: pd.DataFrame, counts: FloatArray) -> Covariate:
    """How a column is read, from the customers of the fit (`counts` of them a row).

    Raises ValueError when the column is absent, CovariateError when it is constant or a number is
    missing.
    """
    if name not in customers:
        raise ValueError(f"The histories lack the column {name}.")
    values = customers[name]
    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return _numeric(name, values, counts) if number else _levels(name, values, counts)


def design_columns(covariates: Sequence[Covariate], customers: pd.DataFrame) -> FloatArray:
    """The columns of all covariates side by side, one row a row of `customers`."""
    if absent := [one.name for one in covariates if one.name not in customers]:
        raise ValueError(f"The histories lack the column {', '.join(absent)}.")
    return np.column_stack([one.encode(customers[one.name]) for one in covariates])


def _numeric(name: str, values: pd.Series, counts: FloatArray) -> NumericCovariate:
    as_it_is = NumericCovariate(name, mean=0.0, sd=1.0, n=int(counts.sum()))
    numbers = as_it_is.encode(values)[:, 0]
    mean = float(np.average(numbers, weights=counts))
    sd = float(np.sqrt(np.average((numbers - mean) ** 2, weights=counts)))
    if np.ptp(numbers) == 0 or sd <= 1e-9 * abs(mean):
        raise CovariateError(f"{name}: all customers have the same value; it can tell nothing.")
    distinct = len(np.unique(numbers))
    if distinct <= MOST_VALUES:
        return replace(as_it_is, mean=mean, sd=sd)
    frame = pd.DataFrame({"value": numbers, "sum": numbers * counts, "count": counts})
    classes = frame.groupby(quantile_groups(numbers, counts, CLASSES))
    tops, sums = classes["value"].max(), classes[["sum", "count"]].sum()
    means = tuple((sums["sum"] / sums["count"]).tolist())
    return replace(as_it_is, mean=mean, sd=sd, tops=tuple(tops), means=means, distinct=distinct)


def _levels(name: str, values: pd.Series, counts: FloatArray) -> LevelCovariate:
    by_level = pd.Series(counts).groupby(_texts(values)).sum().sort_index()
    sizes = by_level.sort_values(ascending=False, kind="stable").astype(int)
    alone = ~suppressed(sizes) & (np.arange(len(sizes)) < MOST_LEVELS)
    if np.sum(~alone) == 1:
        alone[:] = True
    shown, merged = sizes[alone], sizes[~alone]
    if len(merged):
        shown = pd.concat([shown, pd.Series({f"{len(merged)} other levels": merged.sum()})])
    if len(shown) < 2:
        raise CovariateError(
            f"{name}: fewer than two levels of at least {MIN_GROUP} customers; nothing to compare."
        )
    return LevelCovariate(name, tuple(shown.index), tuple(shown.tolist()), tuple(merged.index))


def _texts(values: pd.Series) -> NDArray[np.object_]:
    return values.astype(object).where(values.notna(), NOT_STATED).astype(str).to_numpy(object)
