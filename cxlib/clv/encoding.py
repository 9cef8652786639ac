"""How a column of customers is read as covariates: numbers standardized, texts as indicators."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.clv.histories import FloatArray
from cxlib.inference import MIN_GROUP, NOT_STATED, smaller_groups, suppressed


@dataclass(frozen=True)
class NumericCovariate:
    """A number, read as (value - mean) / sd over the customers of the fit."""

    name: str
    mean: float
    sd: float
    n: int

    @property
    def contrasts(self) -> list[tuple[str, str, int]]:
        """Of each column of `encode`: what is compared with what, in how many customers."""
        return [(f"one standard deviation ({self.sd:.4g}) more", "the mean", self.n)]

    @property
    def notes(self) -> list[str]:
        return []

    def encode(self, values: pd.Series) -> FloatArray:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        if lost := int((~np.isfinite(numbers)).sum()):
            raise ValueError(
                f"{self.name}: {lost} customers have no finite value. Fill it in, leave these "
                "customers out before the fit, or make it a text of ranges."
            )
        return ((numbers - self.mean) / self.sd)[:, None]


@dataclass(frozen=True)
class LevelCovariate:
    """A text, read as an indicator of each level but the most frequent one, `levels[0]`.

    Customers without a value are a level of their own; `merged` are the levels of fewer than 10
    customers that stand together as the last one (with the next smallest, if they are fewer than 10
    all told).
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
                f"{self.name}: levels of fewer than {MIN_GROUP} customers ({names}{more}) stand "
                f"together as {self.levels[-1]!r}."
            )
        if NOT_STATED in (*self.levels, *self.merged):
            notes.append(f"{self.name}: customers without a value are the level {NOT_STATED!r}.")
        return notes

    def encode(self, values: pd.Series) -> FloatArray:
        place = {level: number for number, level in enumerate(self.levels)}
        place |= dict.fromkeys(self.merged, len(self.levels) - 1)
        code, distinct = pd.factorize(_texts(values))
        if unknown := [level for level in distinct if level not in place]:
            raise ValueError(
                f"{self.name}: the fit knows no level {unknown[0]!r}; it knows "
                f"{', '.join([*self.levels, *self.merged])}."
            )
        which = np.array([place[level] for level in distinct], dtype=int)[code]
        return (which[:, None] == np.arange(1, len(self.levels))).astype(float)


Covariate = NumericCovariate | LevelCovariate


def read_covariate(name: str, customers: pd.DataFrame, counts: FloatArray) -> Covariate:
    """How a column is read, from the customers of the fit (`counts` of them a row).

    Raises ValueError when the column is absent or constant, or a number is missing.
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
        raise ValueError(f"{name}: all customers have the same value; it can tell nothing.")
    return replace(as_it_is, mean=mean, sd=sd)


def _levels(name: str, values: pd.Series, counts: FloatArray) -> LevelCovariate:
    by_level = pd.Series(counts).groupby(_texts(values)).sum().sort_index()
    sizes = by_level.sort_values(ascending=False, kind="stable").astype(int)
    hidden = suppressed(sizes)
    shown, merged = sizes[~hidden], sizes[hidden]
    if len(merged):
        shown = pd.concat([shown, pd.Series({smaller_groups(len(merged)): merged.sum()})])
    if len(shown) < 2:
        raise ValueError(
            f"{name}: fewer than two levels of at least {MIN_GROUP} customers; nothing to compare."
        )
    return LevelCovariate(name, tuple(shown.index), tuple(shown.tolist()), tuple(merged.index))


def _texts(values: pd.Series) -> NDArray[np.object_]:
    return values.astype(object).where(values.notna(), NOT_STATED).astype(str).to_numpy(object)
