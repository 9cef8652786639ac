"""What each customer is worth when kept: from a table, or from charges and lifetimes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.churn.lifetimes import Lifetimes
from cxlib.churn.remaining import remaining_months
from cxlib.inference import ParameterError

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
    within_months: float,
    horizon_months: float,
    margin_rate: float,
    annual_discount_rate: float,
) -> Values:
    """Value of keeping a customer with a contract: margin_rate * charges a month * months won.

    The months won are `saved_months` of `remaining_months`: those after the coming
    `horizon_months`, within `within_months`, of a customer who is kept over these. Where there are
    no lifetimes, all months of the period count, and the note says so. `charges` in money a month,
    one a customer, as are `tenure_months`. Raises ParameterError for rates out of range.
    """
    if not 0 < margin_rate <= 1:
        raise ParameterError(f"margin_rate: {margin_rate} is not a rate above 0 and up to 1.")
    if not annual_discount_rate >= 0:
        raise ParameterError(f"annual_discount_rate: {annual_discount_rate} is below 0.")
    stay = remaining_months(
        lives,
        tenure_months,
        within_months=within_months,
        horizon_months=horizon_months,
        monthly_discount_rate=(1 + annual_discount_rate) ** (1 / 12) - 1,
    )
    monthly = margin_rate * np.asarray(charges, dtype=float)
    if stay.reason:
        return values(monthly * within_months, f"its charges over {within_months:g} months")
    source = (
        f"{100 * margin_rate:g} % of its charges over the months that customers of its tenure, "
        f"once kept, are expected to stay within {within_months:g} months"
    )
    return values(monthly * stay.months["saved_months"].to_numpy(dtype=float), source)


def values_from_table(path: str | Path, customer_id: ArrayLike) -> Values:
    """Values from a Parquet or CSV file with the columns customer_id and value.

    So the value report exports its table of customers. Raises ParameterError naming
    `customer_values` when the file is not there or cannot be read, lacks a column, holds a
    customer twice or a value that is no number, or knows none of the customers.
    """
    file = Path(path)
    if not file.is_file():
        raise ParameterError(f"customer_values: there is no file {path}.")
    try:
        columns = ["customer_id", "value"]
        if file.suffix == ".parquet":
            table = pd.read_parquet(file, columns=columns)
        else:
            table = pd.read_csv(file, usecols=columns, dtype={"customer_id": "string"})
        worth = table["value"].astype(float)
    except (OSError, ValueError, KeyError) as error:
        raise ParameterError(
            f"customer_values: {file.name} is no table with the columns customer_id and value, a "
            "number. Take the table `customers` of the value report (clv)."
        ) from error
    ids = table["customer_id"].astype("string").astype(object)
    if ids.duplicated().any():
        raise ParameterError(
            f"customer_values: {file.name} holds {int(ids.duplicated().sum()):,} customers more "
            "than once."
        )
    own = pd.Series(worth.to_numpy(), index=ids).reindex(np.asarray(customer_id, dtype=object))
    if own.isna().all():
        raise ParameterError(f"customer_values: {file.name} knows none of these customers.")
    return values(own.to_numpy(), f"that of {file.name}")
