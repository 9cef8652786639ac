"""What each customer is worth when kept: from a table, or from charges and lifetimes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.churn.lifetimes import Lifetimes
from cxlib.churn.remaining import kept_months
from cxlib.inference import ParameterError
from cxlib.privacy import pseudonyms

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Values:
    """One value a customer, in their order, and where it is from.

    `value`: money, never missing. `found` customers have a value of their own; the others were
    given the median of those. `note` says all of it in a sentence.
    """

    value: FloatArray
    found: int
    note: str

    @property
    def median(self) -> float:
        return float(np.median(self.value))


def values(own: ArrayLike, source: str) -> Values:
    """Values from an array with one entry a customer, missing or not finite where unknown.

    A negative value counts as 0: nobody is worth an offer for the loss that is spared. `source`
    completes the sentence "Each customer's value is ...". Raises ValueError when no value is known.
    """
    value = np.array(own, dtype=float)
    known = np.isfinite(value)
    if not known.any():
        raise ValueError("No customer has a value: name a table of values, or leave it out.")
    value[known] = np.maximum(value[known], 0.0)
    value[~known] = np.median(value[known])
    note = f"Each customer's value is {source}."
    if missing := int((~known).sum()):
        note += f" {missing:,} of {len(value):,} have none: they count with the median."
    return Values(value, int(known.sum()), note)


def contract_values(
    charges: ArrayLike,
    tenure_months: ArrayLike,
    lives: Lifetimes,
    *,
    risk: ArrayLike,
    within_months: float,
    horizon_months: float,
    margin_rate: float,
    annual_discount_rate: float,
) -> Values:
    """Value of keeping a customer with a contract: margin_rate * charges a month * months won.

    The months won are those of `kept_months`: after the coming `horizon_months`, within
    `within_months`, of a customer of this tenure who is kept over these and stays as restless as
    its `risk` says, the probability of leaving within the horizon. Where there are no lifetimes
    the rate of that risk stays constant, and the note says so. `charges` in money a month (missing:
    see `values`), one a customer, as are `tenure_months` and `risk`. Raises ParameterError for
    rates out of range.
    """
    if not 0 < margin_rate <= 1:
        raise ParameterError(f"margin_rate: {margin_rate} is not a rate above 0 and up to 1.")
    if not annual_discount_rate >= 0:
        raise ParameterError(f"annual_discount_rate: {annual_discount_rate} is below 0.")
    months = kept_months(
        lives,
        tenure_months,
        risk,
        within_months=within_months,
        horizon_months=horizon_months,
        monthly_discount_rate=(1 + annual_discount_rate) ** (1 / 12) - 1,
    )
    alike, ending = "tenure and risk", ""
    if lives.reason:
        alike, ending = "risk", " if that stays the same (how long customers stay is not known)"
    source = (
        f"{100 * margin_rate:g} % of its charges over the months that a customer of its {alike}, "
        f"once kept, is expected to stay within {within_months:g} months{ending}"
    )
    return values(margin_rate * np.asarray(charges, dtype=float) * months, source)


def value_table(path: str | Path) -> pd.Series:
    """Values by customer_id, of a Parquet or CSV file with the columns customer_id and value.

    So the value report exports its table of customers. Where that has probability_alive, its value
    is that of a customer who may be gone already: it is divided by it, for a kept customer is not.
    Raises ParameterError naming `customer_values` when the file is not there or cannot be read,
    lacks a column, or holds a customer twice or a value that is no number.
    """
    file = Path(path)
    if not file.is_file():
        raise ParameterError(
            f"customer_values: there is no file {path}. Name the file itself, such as "
            "reports/latest/clv/tables/customers.parquet."
        )
    try:
        table = pd.read_parquet(file) if file.suffix == ".parquet" else _text_table(file)
        worth = table["value"].astype(float)
        if "probability_alive" in table:
            alive = table["probability_alive"].astype(float)
            worth = worth.where(alive > 0) / alive.where(alive > 0)
        ids = table["customer_id"].astype("string").astype(object)
    except (OSError, ValueError, KeyError) as error:
        raise ParameterError(
            f"customer_values: {file.name} is no table with the columns customer_id and value, a "
            "number. Take the table `customers` of the value report (clv)."
        ) from error
    if ids.duplicated().any():
        raise ParameterError(
            f"customer_values: {file.name} holds {int(ids.duplicated().sum()):,} customers more "
            "than once."
        )
    return pd.Series(worth.to_numpy(), index=ids, name=file.name)


def _text_table(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype={"customer_id": "string"})


def known_values(table: pd.Series, customer_id: ArrayLike) -> Values:
    """Each customer's value of `value_table`. Raises ParameterError when it knows none of them."""
    own = table.reindex(np.asarray(customer_id, dtype=object))
    if own.isna().all():
        problem = f"customer_values: {table.name} knows none of these customers."
        if pseudonyms.are_pseudonyms(table.index):
            problem += f" It names its own by pseudonyms. {pseudonyms.HOW_TO_FOLLOW}"
        raise ParameterError(problem)
    return values(own.to_numpy(), f"that of {table.name}, if kept")
