"""What each customer is worth when kept: from a table, or from charges and lifetimes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

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
