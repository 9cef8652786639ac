"""The total of an order that stands on each of its lines, where it counts once for each line."""

import itertools
import json
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cxlib import contracts, engine
from cxlib.contracts import Violation
from cxlib.door.findings import Finding, at
from cxlib.door.first_rows import as_numbers
from cxlib.sources import Source, shown
from cxlib.transactions import PARTS

# Orders of two lines or more, and the chance that two lines of the file have the same amount: that
# all lines of all these orders do has a chance below 1e-20 then.
_LEAST_ORDERS, _MOST_ALIKE = 20, 0.1
# An order of more lines is none, but a day, a shop or a product.
_MOST_LINES = 100
_ORDER = re.compile(
    r"order|invoice|receipt|\bbill\b|basket|booking|rechnung|bestell|beleg|facture|commande"
    r"|فاکتور|سفارش|رسید|صورت ?حساب",
    re.IGNORECASE,
)
# Columns of numbers of which the parts of a total are looked for, and orders in which they are it.
_MOST_PARTS, _MOSTLY = 8, 0.95
_CENT, _ROUNDING = 0.01, 1e-6


def repeated_totals(
    source: Source, file: engine.File, first: pd.DataFrame
) -> tuple[list[Violation], list[Finding]]:
    """A violation or a warning where all lines of an order have the same amount, in all orders.

    Looked at in the `first` rows of the file, for the lines of an order stand together. An order is
    what a column says that is the same for one customer only (and, where its name is not that of an
    order, on one day only), and of which 20 values or more stand on several lines that differ. A
    violation where another column of the file, or the product of two, adds up to that amount over
    the lines of an order; else the lines may be pieces of one price, and it is a warning.
    """
    if source.input != contracts.TRANSACTIONS.name or "amount" not in source.columns:
        return [], []
    theirs = source.columns["amount"]
    amounts = as_numbers(first[theirs], source.form)
    lines = first.assign(__amount=amounts)[amounts.notna() & (amounts != 0)].drop_duplicates()
    shares = lines["__amount"].value_counts(normalize=True).to_numpy()
    if not len(shares) or float((shares**2).sum()) > _MOST_ALIKE:
        return [], []
    orders = _orders(source, lines)
    if not orders:
        return [], []
    several = lines[lines[orders] != ""].groupby(orders, sort=False).filter(lambda g: len(g) > 1)
    places = tuple(several.index[: contracts.FIRST_ROWS])
    unit = "line" if file.is_csv else "row"
    if parts := _parts(source, several, orders):
        named = " x ".join(parts)
        rule = (
            f"the total of an order stands on each of its lines, and is the sum of {named} over"
            f" the lines with the same {orders}"
        )
        remedy = (
            f"map {_mapped(parts)} in columns of {source.where} in place of amount, or leave one"
            " line for each order in the file"
        )
        violation = Violation(
            shown(source.path),
            rule,
            remedy,
            column="amount",
            source_column=theirs,
            count=len(several),
            places=places,
            unit="line" if file.is_csv else "row",
        )
        return [violation], []
    text = (
        f"all lines of an order have the same amount, in each of {several[orders].nunique():,}"
        f" orders ({orders}): is it the total of the order, which counts once for each line? Then"
        " map the amount of the line, or leave one line for each order in the file"
        f" (first: {at(unit, places)})"
    )
    return [], [Finding("amount", theirs, text, len(several))]


def _orders(source: Source, lines: pd.DataFrame) -> str:
    """The column that says the order, where all lines of an order have one amount; else ""."""
    customer, date = (source.columns[name] for name in ("customer_id", "date"))
    known = {customer, date, source.columns["amount"]}
    names = [name for name in lines.columns if name not in known and name != "__amount"]
    for name in sorted(names, key=lambda one: _ORDER.search(one) is None):
        filled = lines[lines[name] != ""]
        sizes = filled[name].value_counts()
        if (sizes > 1).sum() < _LEAST_ORDERS or sizes.max() > _MOST_LINES:
            continue
        same = [customer, "__amount"] if _ORDER.search(name) else [customer, date, "__amount"]
        if filled.groupby(name, sort=False)[same].nunique().max().max() == 1:
            return str(name)
    return ""


def _parts(source: Source, several: pd.DataFrame, orders: str) -> Sequence[str]:
    """The column, or the two, of which the amount of an order is the sum over its lines; or none.

    `several`: the lines of orders with two lines or more.
    """
    known = {*source.columns.values(), orders, "__amount"}
    numbers: dict[str, pd.Series] = {}
    for name in several.columns:
        if name not in known and len(numbers) < _MOST_PARTS:
            values = as_numbers(several[name], source.form)
            if values.notna().all():
                numbers[str(name)] = values
    by = several.groupby(orders, sort=False)["__amount"]
    total, count = by.first(), by.size()
    pairs = itertools.combinations(numbers, 2)
    for parts in [*((name,) for name in numbers), *pairs]:
        value: pd.Series = np.prod([numbers[name] for name in parts], axis=0)
        summed = pd.Series(value, index=several.index).groupby(several[orders], sort=False).sum()
        apart = (summed - total).abs()
        if (apart <= _CENT * count + _ROUNDING * total.abs()).mean() >= _MOSTLY:
            return _priced(parts, numbers)
    return ()


def _priced(parts: Sequence[str], numbers: Mapping[str, pd.Series]) -> Sequence[str]:
    """The two parts of a product with the one that is whole, the quantity, before the price."""
    return sorted(parts, key=lambda name: bool((numbers[name] % 1 != 0).any()))


def _mapped(parts: Sequence[str]) -> str:
    ours = ("amount",) if len(parts) == 1 else PARTS
    theirs = (json.dumps(name, ensure_ascii=False) for name in parts)
    return " and ".join(f"{one} = {its}" for one, its in zip(ours, theirs, strict=True))
