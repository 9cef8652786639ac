"""What the rows of a file say together, and the columns that nobody maps say of them."""

import narwhals as nw
import pandas as pd

from cxlib import contracts, engine, transactions
from cxlib.contracts import Violation
from cxlib.door.findings import Finding
from cxlib.door.no_sales import no_sales
from cxlib.door.odd_amounts import odd_amounts
from cxlib.door.odd_bills import odd_bills
from cxlib.door.odd_orders import repeated_totals
from cxlib.door.odd_rows import odd_rows
from cxlib.door.stray_currencies import stray_currencies
from cxlib.door.units import cents_among_units, unlike_rows
from cxlib.sources import Source

# Of the canonical columns, those that are looked at by input, where it has them.
_VARIES = 0.3
_ENOUGH_IDS = 100
_LOOKED_AT = {
    contracts.TRANSACTIONS.name: ("customer_id", "date", "amount"),
    contracts.SUBSCRIPTION_MONTHS.name: ("customer_id", "month", "revenue"),
}


def said_beside(
    source: Source,
    file: engine.File,
    head: nw.LazyFrame,
    sample: nw.LazyFrame,
    rows: int,
    *,
    first: pd.DataFrame,
    some: pd.DataFrame,
) -> tuple[list[Violation], list[Finding]]:
    """Violations and warnings about some of the `rows` rows of a file of purchases or bills.

    `first`: the texts of the first of them, `some`: of later ones too; `head`: those of the first
    that are kept; `sample`: rows evenly spread over the table.
    """
    bills = (contracts.SUBSCRIPTIONS.name, contracts.SUBSCRIPTION_MONTHS.name)
    if source.input not in (contracts.TRANSACTIONS.name, *bills):
        return [], []
    typed = _typed(source, head, first)
    unit = "line" if file.is_csv else "row"
    violations = stray_currencies(source, file, first)
    if source.input in bills:
        return violations, odd_bills(source, some, typed, unit)
    totals, warnings = repeated_totals(source, file, first)
    if not totals and not warnings:
        warnings += odd_amounts(source, first, typed, unit)
    if "currency" not in source.columns and not typed.empty:
        # Attributes are looked at in more rows than these.
        known = {"amount", *source.columns.values(), *source.attributes.values()}
        found = first.loc[typed.index].assign(amount=typed["amount"])
        others = [
            name for name in map(str, first.columns) if name not in known and _is_place(found, name)
        ]
        # Goods are ten times as dear as others: what is no shop of rial or toman may be one.
        currency = source.terms.currency or "?"
        unlike = unlike_rows(found, others, len(found), currency)
        warnings += [Finding("amount", source.columns.get("amount", ""), *one) for one in unlike]
    dates = sample.select("date").collect("pandas").to_native()["date"]
    warnings += odd_rows(source, first, typed, dates, rows)
    # The whole sample only where the first rows are so.
    if _are_of_one_day(typed):
        some_of_all = sample.select("customer_id", "date").collect("pandas").to_native()
        if _are_of_one_day(some_of_all):
            text = "no customer is there on two days: is this the number of an order?"
            warnings.append(Finding("customer_id", source.columns["customer_id"], text, rows))
    warnings += no_sales(source, some, unit)
    for name in (one for one in ("amount", "unit_price") if file.is_csv and one in source.columns):
        theirs = source.columns[name]
        cents = cents_among_units(some[theirs])
        warnings += [Finding(name, theirs, text, count) for text, count in cents]
    return totals + violations, warnings


def _are_of_one_day(rows: pd.DataFrame) -> bool:
    """Whether customers are there several times, and never on two days, as the lines of an order.

    Where none is there twice, `odd_ids` says so.
    """
    if len(rows) == 0:
        return False
    by = rows.groupby("customer_id")["date"].agg(["size", "nunique"])
    return bool(len(by) >= _ENOUGH_IDS and by["size"].max() > 1 and by["nunique"].max() == 1)


def _is_place(rows: pd.DataFrame, name: str) -> bool:
    """Whether amounts vary within the groups of a column, as in shops, and not as prices of one."""
    by = rows.groupby(name)["amount"]
    return bool((by.nunique() / by.size()).median() > _VARIES)


def _typed(source: Source, head: nw.LazyFrame, first: pd.DataFrame) -> pd.DataFrame:
    """The values of the first rows that are kept and have all of them, under their places."""
    table = transactions.canonical(head, source.terms)
    there = table.collect_schema().names()
    names = [name for name in _LOOKED_AT.get(source.input, ()) if name in there]
    rows = table.select(engine.ROW, *names).sort(engine.ROW).collect("pandas").to_native()
    return rows.set_axis(first.index[rows.pop(engine.ROW) - 1]).dropna()
