"""Attributes declared as fixed for a customer that differ between the customer's rows."""

import narwhals as nw

from cxlib import contracts, engine
from cxlib.contracts import Violation
from cxlib.door.breaches import repeated_rows
from cxlib.sources import Source

# The inputs with many rows of a customer in which an attribute can be declared as fixed.
_INPUTS = (contracts.TRANSACTIONS.name, contracts.SUBSCRIPTION_MONTHS.name)


def conflicting_attributes(
    source: Source, file: engine.File, kept: nw.LazyFrame
) -> list[Violation]:
    """The rows of customers that have two values of a fixed attribute; a blank conflicts with none.

    `kept`: the staged rows that are not left out.
    """
    if source.input not in _INPUTS:
        return []
    violations = []
    for name in source.entry.get("fixed", ()):
        torn = (
            kept.group_by("customer_id")
            .agg(nw.col(name).min().alias("__low"), nw.col(name).max().alias("__high"))
            .filter(nw.col("__low") != nw.col("__high"))
        )
        rows = kept.join(torn, on="customer_id", how="semi")
        violations += repeated_rows(
            source,
            file,
            contracts.repeated(rows, ["customer_id"]),
            column=name,
            rule="several values for one customer, though declared as fixed",
            remedy=f"give each customer one value, or take {name} out of fixed in {source.where}",
        )
    return violations
