"""Survey weights that make the answers agree with known margins, and what they cost.

Raking is iterative proportional fitting (Deming & Stephan 1940) on the cross-classified counts;
written here rather than taken from samplics, balance or ipfn, which want a row a respondent and
bring more than the thirty lines they would save.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.inference import MIN_GROUP, NOT_STATED, suppressed

FloatArray = NDArray[np.float64]

_ROUNDS = 500
_TOLERANCE = 1e-9
_SHARE_SLACK = 0.01  # published shares are rounded


class MarginError(ValueError):
    """Known margins that the answers cannot be made to meet: attribute, value and remedy."""


@dataclass(frozen=True)
class Raking:
    """Weights that meet the known margins: a factor for each value of each attribute.

    A respondent's weight is base weight * `scale` * the factors of their values; its mean over the
    n respondents is 1. `factors`: attribute -> value as found (None: not stated) -> factor.
    `table`: a row a value of each attribute with n, known_share, unweighted_share, weighted_share
    (of those who state the attribute; for "not stated" of all) and factor; all but the known share
    are missing where fewer than MIN_GROUP answered, or where they would give such a value away
    (inference.suppressed). `design_effect` = 1 + cv^2 of the weights = n sum w^2 / (sum w)^2 (Kish
    1965), what they cost in precision.
    """

    factors: Mapping[str, Mapping[Any, float]]
    scale: float
    table: pd.DataFrame
    n: int
    design_effect: float
    smallest_weight: float
    largest_weight: float
    notes: tuple[str, ...]

    @property
    def effective_n(self) -> float:
        return self.n / self.design_effect

    @property
    def sentence(self) -> str:
        """What the weights do and cost, in a sentence."""
        names = ", ".join(self.factors).replace("_", " ")
        return (
            f"Weighted to the known shares of {names}: the {self.n:,} answers"
            f" then tell as much as {self.effective_n:,.0f} unweighted ones (design effect"
            f" {self.design_effect:.2f}); weights run from {self.smallest_weight:.2f} to"
            f" {self.largest_weight:.2f}, none trimmed."
        )


def rake(frame: nw.LazyFrame, margins: Mapping[str, Mapping[str, float]]) -> Raking:
    """Weights whose margins agree with the known shares of each attribute's values.

    `margins`: attribute -> value (as text; 1 and 1.0 are the same) -> share of the population.
    Base weights (column weight) are the starting point where the frame has them; a row whose weight
    is missing or zero has no part. Respondents who do not state an attribute keep the share they
    have, and the known shares are spread over the others; notes tell how many, and which values
    rest on fewer than MIN_GROUP answers. Weights are not trimmed.

    Raises MarginError, naming attribute, value and remedy, when shares are not positive or do not
    sum to 1, when a value has a known share but no answers or answers but no share, and when the
    rounds do not converge (combinations of values without answers).
    """
    if not margins:
        raise MarginError("No known margins: declare the shares of at least one attribute.")
    cells = _cells(frame, list(margins))
    weight, size = cells["__weight"].to_numpy(dtype=float), cells["__count"].to_numpy()
    found = {name: pd.factorize(cells[name], use_na_sentinel=False) for name in margins}
    codes = {name: code for name, (code, _) in found.items()}
    levels = {
        name: pd.DataFrame(
            {
                "value": [NOT_STATED if pd.isna(value) else _text(value) for value in values],
                "stated": ~pd.isna(values),
                "n": np.bincount(code, size),
                "base_share": np.bincount(code, weight) / weight.sum(),
            }
        )
        for name, (code, values) in found.items()
    }
    targets = {name: _targets(name, margins[name], level) for name, level in levels.items()}
    factors, product = _fit(weight, codes, targets, levels)
    n, total = int(size.sum()), float(weight @ product)
    squares = float(cells["__weight_squared"].to_numpy(dtype=float) @ product**2)
    tables = [
        _level_table(
            name, margins[name], level, _sums(codes[name], weight * product), factors[name]
        )
        for name, level in levels.items()
    ]
    return Raking(
        factors={
            name: dict(zip(map(_found, values), factors[name].tolist(), strict=True))
            for name, (_, values) in found.items()
        },
        scale=n / total,
        table=pd.concat(tables, ignore_index=True),
        n=n,
        design_effect=n * squares / total**2,
        smallest_weight=float((cells["__least"] * product).min()) * n / total,
        largest_weight=float((cells["__most"] * product).max()) * n / total,
        notes=tuple(note for name, level in levels.items() for note in _notes(name, level)),
    )


def with_weights(frame: nw.LazyFrame, raking: Raking) -> nw.LazyFrame:
    """The frame with the raked column weight, which takes the place of the base weight if any."""
    weight = nw.lit(raking.scale)
    if "weight" in frame.collect_schema().names():
        weight = weight * nw.col("weight")
    for attribute, factors in raking.factors.items():
        # A value whose base weights are all missing or zero has no factor, and no part.
        factor = nw.lit(factors.get(None, 0.0))
        for value, own in factors.items():
            if value is not None:
                chosen = nw.col(attribute) == nw.lit(value)
                factor = nw.when(chosen).then(nw.lit(own)).otherwise(factor)
        weight = weight * factor
    return frame.with_columns(weight.alias("weight"))


def _cells(frame: nw.LazyFrame, attributes: list[str]) -> pd.DataFrame:
    """Counts and base weights by all the attributes at once, made where the data are."""
    weighted = "weight" in frame.collect_schema().names()
    weight = nw.col("weight").cast(nw.Float64) if weighted else nw.lit(1.0)
    # No attribute is called by a name that begins with two underscores.
    cells = (
        frame.select(*(nw.col(name) for name in attributes), weight.alias("__weight"))
        .filter(nw.col("__weight") > 0)
        .with_columns(
            (nw.col("__weight") * nw.col("__weight")).alias("__weight_squared"),
            nw.col("__weight").alias("__least"),
            nw.col("__weight").alias("__most"),
        )
        .group_by(*attributes)
        .agg(
            nw.len().alias("__count"),
            nw.col("__weight").sum(),
            nw.col("__weight_squared").sum(),
            nw.col("__least").min(),
            nw.col("__most").max(),
        )
        .collect("pandas")
        .to_pandas()
    )
    if cells.empty:
        raise MarginError("No answers with a weight above zero: there is nothing to rake.")
    return cells.sort_values(attributes, ignore_index=True)


def _sums(codes: NDArray[np.intp], amounts: FloatArray) -> FloatArray:
    return np.bincount(codes, amounts).astype(np.float64)


def _found(value: Any) -> Any:
    return None if pd.isna(value) else value


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _targets(attribute: str, known: Mapping[str, float], levels: pd.DataFrame) -> FloatArray:
    """The share that each value found shall have; those not stated keep their own."""
    stated = levels[levels["stated"]]
    for value, share in known.items():
        if not share > 0:
            raise MarginError(f"{attribute} = {value}: its known share is {share}, not positive.")
        if value not in set(stated["value"]):
            raise MarginError(
                f"{attribute} = {value}: known share {share:g}, but no answers to weight up;"
                " merge it with a similar value, in the data and in the margins."
            )
    for value, size in zip(stated["value"], stated["n"], strict=True):
        if value not in known:
            raise MarginError(
                f"{attribute} = {value}: {size:,.0f} answers, but no known share;"
                " add its share, or merge it with a value that has one."
            )
    total = sum(known.values())
    if abs(total - 1) > _SHARE_SLACK:
        raise MarginError(f"{attribute}: the known shares sum to {total:g}; they must sum to 1.")
    spread = levels["value"].map(known).astype(float) / total * stated["base_share"].sum()
    return np.asarray(spread.where(levels["stated"], levels["base_share"]), dtype=np.float64)


def _fit(
    weight: FloatArray,
    codes: Mapping[str, NDArray[np.intp]],
    targets: Mapping[str, FloatArray],
    levels: Mapping[str, pd.DataFrame],
) -> tuple[dict[str, FloatArray], FloatArray]:
    """The factors of each attribute, and their product in each cell."""
    factors = {name: np.ones(len(target)) for name, target in targets.items()}
    product = np.ones(len(weight))
    for _ in range(_ROUNDS):
        for name, target in targets.items():
            share = _sums(codes[name], weight * product) / weight.sum()
            factors[name] = factors[name] * target / share
            product = product * (target / share)[codes[name]]
        off = {
            name: np.abs(_sums(codes[name], weight * product) / weight.sum() - target)
            for name, target in targets.items()
        }
        if max(one.max() for one in off.values()) < _TOLERANCE:
            return factors, product
    worst = max(off, key=lambda name: off[name].max())
    raise MarginError(
        f"{worst} = {levels[worst]['value'][int(off[worst].argmax())]}: its known share cannot be"
        " met together with the others, because combinations of values have no answers; merge"
        " values, or leave an attribute out of the margins."
    )


def _level_table(
    attribute: str,
    known: Mapping[str, float],
    levels: pd.DataFrame,
    weighted: FloatArray,
    factors: FloatArray,
) -> pd.DataFrame:
    def share(amount: FloatArray) -> FloatArray:
        stated = levels["stated"].to_numpy()
        return np.where(stated, amount / amount[stated].sum(), amount / amount.sum())

    table = pd.DataFrame(
        {
            "attribute": attribute,
            "value": levels["value"],
            "n": levels["n"].astype("Int64"),
            "known_share": levels["value"].where(levels["stated"]).map(known).astype(float),
            "unweighted_share": share(levels["n"].to_numpy(dtype=float)),
            "weighted_share": share(weighted),
            "factor": factors,
        }
    )
    counted = ["n", "unweighted_share", "weighted_share", "factor"]
    table.loc[suppressed(levels["n"]), counted] = pd.NA
    return table


def _notes(attribute: str, levels: pd.DataFrame) -> list[str]:
    notes = []
    hidden = suppressed(levels["n"])
    for level, hide in zip(levels.to_dict("records"), hidden, strict=True):
        size = "some" if hide else f"{level['n']:,.0f}"
        if not level["stated"]:
            notes.append(f"{attribute}: not stated by {size}, who keep their share")
        elif level["n"] < MIN_GROUP:
            few = f"fewer than {MIN_GROUP} answers"
            notes.append(f"{attribute} = {level['value']}: {few} carry its known share")
    return notes
