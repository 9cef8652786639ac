"""What the inputs say of one another: customers unknown to `subscriptions`, rows before sign-up.

`subscriptions` has one row per customer, and its months one per customer and month, by their own
rules: no join of two inputs can multiply rows.
"""

from collections.abc import Mapping
from pathlib import Path

import narwhals as nw

from cxlib import contracts
from cxlib.contracts import Violation
from cxlib.door import building
from cxlib.door.findings import Finding
from cxlib.sources import Source, shown

_CUSTOMERS = contracts.SUBSCRIPTIONS.name
_ID = "customer_id"
# Inputs whose rows are of customers under contract, and the column that says when.
_DATED = {contracts.TRANSACTIONS.name: "date", contracts.SUBSCRIPTION_MONTHS.name: "month"}


def unknown_customers(
    frames: Mapping[str, nw.LazyFrame], sources: Mapping[str, Source]
) -> dict[str, Finding]:
    """Input -> a warning for its rows of customers that `subscriptions` does not have.

    `frames`: canonical tables by name of the input. Rows without a customer are not counted.
    """
    if _CUSTOMERS not in frames:
        return {}
    known = frames[_CUSTOMERS].select(_ID).with_columns(__known=nw.lit(1))
    warnings = {}
    for name, frame in frames.items():
        if name == _CUSTOMERS or _ID not in frame.collect_schema().names():
            continue
        rows = frame.filter(~nw.col(_ID).is_null()).group_by(_ID).agg(__rows=nw.len())
        sums = (
            rows.join(known, on=_ID, how="left")
            .with_columns(__new=nw.col("__known").is_null().cast(nw.Int64))
            .with_columns(__lost=nw.col("__new") * nw.col("__rows"))
            .select(nw.len(), nw.col("__rows").sum(), nw.col("__new").sum(), nw.col("__lost").sum())
        )
        found = sums.collect("pyarrow").rows()[0]
        customers, total, new, lost = (int(one or 0) for one in found)
        if not new:
            continue
        people = "customer" if new == 1 else "customers"
        text = f"{new:,} {people} that {_CUSTOMERS} does not have: {100 * lost / total:.1f} % of"
        text += " the rows"
        if new == customers:
            text = f"none of its customers is in {_CUSTOMERS}: another company's file, or ids that"
            text += " are written in another way"
        warnings[name] = Finding(_ID, sources[name].columns[_ID], text, lost)
    return warnings


def before_sign_up(
    frames: Mapping[str, nw.LazyFrame], sources: Mapping[str, Source], folder: Path
) -> dict[str, Violation]:
    """Input -> what is wrong with its rows dated before their customer's sign-up.

    A month counts by its last day. A file with such rows is read again, for their places, with
    what is needed for a while in `folder`.
    """
    customers = frames.get(_CUSTOMERS)
    if customers is None or "started" not in customers.collect_schema().names():
        return {}
    started = customers.select(_ID, "started")
    violations = {}
    for name, column in _DATED.items():
        if name not in frames:
            continue
        first = nw.col("started")
        if column == "month":
            first = first.dt.truncate("1mo").cast(nw.Date)
        early = frames[name].select(_ID, column).join(started, on=_ID, how="inner")
        early = early.filter(nw.col(column) < first).select(_ID, column)
        count = early.select(nw.len()).collect("pyarrow").item()
        if count:
            places, unit = building.first_places(sources[name], early, folder)
            file, other = shown(sources[name].path), shown(sources[_CUSTOMERS].path)
            violations[name] = Violation(
                file,
                "before the customer's sign-up (started in subscriptions)",
                f"correct the dates in {file} or in {other}",
                column=column,
                source_column=sources[name].columns[column],
                count=int(count),
                places=places,
                unit=unit,
            )
    return violations
