"""Amounts that are not what one purchase brought: running totals, prices of a piece, and others."""

import itertools
import re

import numpy as np
import pandas as pd

from cxlib.door.findings import Finding, at
from cxlib.door.first_rows import as_numbers
from cxlib.sources import Source

# Of steps from one purchase of a customer to the next, where half of them would go down by chance.
_LEAST_STEPS, _NEVER_FALLS, _SIZES, _MOST_UP = 100, 0.98, 0.2, 0.5
_LEAST_SIZES = 10
# Customers of three purchases or more with one amount each, a different one for most of them.
_LEAST_CUSTOMERS, _OF_ONE_AMOUNT, _DIFFERENT = 20, 0.95, 0.9
# Of log price on log quantity within products: the slope and its standard error.
_AS_PIECES, _MOST_ERROR, _NO_SPREAD = (0.8, 1.2), 0.1, 1e-6
_MOSTLY, _CENT, _SAME_TIMES = 0.9, 0.011, 0.001
_LEAST_ROWS = 50
# Orders of three lines or more of which one is the sum of the others.
_LEAST_ORDERS, _ONE_CUSTOMER = 30, 0.98
_QUANTITY = re.compile(
    r"qty|quantit|\bpieces\b|anzahl|menge|cantidad|adet|miktar|تعداد|مقدار", re.IGNORECASE
)
_PRICE = re.compile(r"\b(unit ?)?(price|preis|prix|precio|fiyat)\b|قیمت|\bفی\b", re.IGNORECASE)
_DISCOUNT = re.compile(
    r"discount|rabat|remise|descuento|indirim|desconto|sconto|korting|скидк|折扣|割引|تخفیف",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"total|line|sum|gesamt|amount|ext|کل|جمع", re.IGNORECASE)
_FIXED_WIDTH = r"0[0-9]{4,}"


def odd_amounts(
    source: Source, first: pd.DataFrame, typed: pd.DataFrame, unit: str
) -> list[Finding]:
    """Warnings about amounts that count more, or less, than what was bought.

    `first`: the texts of the first rows of a file of transactions, under their places in it, which
    are lines or rows (`unit`); `typed`: `customer_id`, `date`
    and `amount` of those of them that are read. Where amounts are computed of quantities, only a
    discount that is not taken off, and prices that are those of all pieces.
    """
    if typed.empty:
        return []
    if "amount" not in source.columns:
        return _discount(source, first) + _price_of_all(source, first)
    theirs = source.columns["amount"]
    told = [
        _running_totals(typed),
        _total_of_each_customer(typed),
        _sorted_alone(typed),
        _without_point(first[theirs]),
        _cut_at_the_comma(source, first, theirs),
        _one_line_is_the_sum(source, first, typed),
        _before_discount(source, first, theirs),
        _price_of_a_piece(source, first, theirs),
        _negative_quantities(source, first, theirs),
        _moved_points(source, first, theirs, unit),
    ]
    return [Finding("amount", theirs, text, count) for text, count in told if count]


def _discount(source: Source, first: pd.DataFrame) -> list[Finding]:
    for name in _unmapped(source, first):
        given = as_numbers(first[name], source.form)
        if _DISCOUNT.search(name) and given.between(0, 100).all() and (given > 0).any():
            text = (
                f"{name} stands beside it and is not taken off: write what was paid into a column,"
                f" and map it as amount in {source.where}"
            )
            return [
                Finding("unit_price", source.columns["unit_price"], text, int((given > 0).sum()))
            ]
    return []


def _before_discount(source: Source, first: pd.DataFrame, theirs: str) -> tuple[str, int]:
    """Amounts beside the same less a discount, which is what was paid."""
    amounts, names = as_numbers(first[theirs], source.form), _unmapped(source, first)
    for name in filter(_DISCOUNT.search, names):
        taken = as_numbers(first[name], source.form).abs().fillna(0)
        given = taken > 0
        for other in (one for one in names if one != name and given.any()):
            paid = as_numbers(first[other], source.form)
            less = (amounts - taken - paid).abs() < _CENT
            if min(less.mean(), less[given].mean()) >= _MOSTLY:
                return (
                    f"{other} is the same less {name}, and is not used: if it is what was paid, map"
                    f" it as amount in {source.where}"
                ), int(given.sum())
    return "", 0


def _price_of_all(source: Source, first: pd.DataFrame) -> list[Finding]:
    """Prices that rise with the number of pieces, as log price = log quantity + constant of a
    product does; those of one piece do not."""
    rows = pd.DataFrame(
        {
            name: as_numbers(first[source.columns[name]], source.form)
            for name in ("quantity", "unit_price")
        }
    )
    bought = (rows > 0).all(axis=1)
    if bought.sum() < _LEAST_ROWS:
        return []
    logs = rows[bought].map(np.log)
    product = source.columns.get("product")
    # Of many products each may be there once or twice: then all rows are one kind.
    kinds = [*(first[name][bought] for name in [product] if name), pd.Series(0, logs.index)]
    if any(_rises_as_pieces(logs, kind) for kind in kinds):
        text = (
            "prices rise with the number of pieces: are they those of all pieces? Then map the"
            f" column as amount in {source.where}, and no quantity"
        )
        return [Finding("unit_price", source.columns["unit_price"], text, int(bought.sum()))]
    return []


def _rises_as_pieces(logs: pd.DataFrame, kind: pd.Series) -> bool:
    """Whether log price rises with log quantity within kinds by a slope that is surely about 1."""
    by = logs.groupby(kind.to_numpy())
    within = logs - by.transform("mean")
    x, y = within["quantity"].to_numpy(), within["unit_price"].to_numpy()
    free = len(within) - by.ngroups - 1
    if free < _LEAST_ROWS or not x @ x > _NO_SPREAD * len(x):
        return False
    slope = (x @ y) / (x @ x)
    error = np.sqrt(((y - slope * x) @ (y - slope * x)) / free / (x @ x))
    return bool(_AS_PIECES[0] <= slope <= _AS_PIECES[1] and error <= _MOST_ERROR)


def _running_totals(typed: pd.DataFrame) -> tuple[str, int]:
    in_time = typed.sort_values("date", kind="stable")
    steps = in_time.groupby("customer_id")["amount"].diff().dropna()
    if len(steps) < _LEAST_STEPS or (steps >= 0).mean() < _NEVER_FALLS or not _varies(steps):
        return "", 0
    return (
        f"amounts rise from each purchase of a customer to the next, in"
        f" {(steps > 0).sum():,} of {len(steps):,} steps: are they running totals? Then write what"
        " each purchase brought"
    ), len(steps)


def _varies(steps: pd.Series) -> bool:
    """Whether steps from one amount to the next are up, and of many sizes, as those of money."""
    return steps.round(2).nunique() > _SIZES * len(steps) and bool((steps > 0).mean() > _MOST_UP)


def _total_of_each_customer(typed: pd.DataFrame) -> tuple[str, int]:
    by = typed.groupby("customer_id")["amount"].agg(["nunique", "size", "first"])
    by = by[by["size"] > 2]
    different = by["first"].nunique() > _DIFFERENT * len(by)
    if len(by) < _LEAST_CUSTOMERS or (by["nunique"] == 1).mean() < _OF_ONE_AMOUNT or not different:
        return "", 0
    return (
        f"each of {len(by):,} customers has one amount on all of their rows, and nearly each"
        " another one: is it the total of the customer, which counts once for each row?"
    ), int(by["size"].sum())


def _sorted_alone(typed: pd.DataFrame) -> tuple[str, int]:
    amounts, dates = typed["amount"], typed["date"]
    is_sorted = [
        one.is_monotonic_increasing or one.is_monotonic_decreasing for one in (amounts, dates)
    ]
    steps = amounts.diff().round(2).nunique()
    if len(typed) < _LEAST_ROWS or not all(is_sorted) or steps < _LEAST_SIZES:
        return "", 0
    return (
        "the first rows are in the order of their dates and of their amounts at once: was one"
        " column sorted without the others?"
    ), len(typed)


def _without_point(texts: pd.Series) -> tuple[str, int]:
    padded = texts.str.fullmatch(_FIXED_WIDTH)
    if len(texts) < _LEAST_ROWS or padded.mean() < _MOSTLY or texts.str.len().nunique() > 1:
        return "", 0
    return (
        f"amounts are written in {len(texts.iloc[0])} digits with zeros before them, such as"
        f' "{texts[padded].iloc[0]}": files of fixed width leave the decimal point out. If so,'
        " divide them by 100"
    ), int(padded.sum())


def _cut_at_the_comma(source: Source, first: pd.DataFrame, theirs: str) -> tuple[str, int]:
    """Whole amounts with two digits in the next column, such as 103,04 between commas."""
    names = [str(name) for name in first.columns]
    after = "".join(names[names.index(theirs) + 1 :][:1])
    if not after or after in source.columns.values():
        return "", 0
    whole, hundredths = first[theirs], first[after]
    is_cut = whole.str.fullmatch("-?[0-9]+") & hundredths.str.fullmatch("[0-9]{1,2}")
    zeros = hundredths.str.fullmatch("0[0-9]")
    if len(whole) < _LEAST_CUSTOMERS or is_cut.mean() < _MOSTLY or not zeros.any():
        return "", 0
    return (
        f"{after} holds two digits in each row, and all amounts are whole: were they"
        ' cut at a decimal comma? Then export the file again with ";" between cells'
    ), int(is_cut.sum())


def _one_line_is_the_sum(
    source: Source, first: pd.DataFrame, typed: pd.DataFrame
) -> tuple[str, int]:
    lines = first.loc[typed.index].assign(__amount=typed["amount"], __who=typed["customer_id"])
    for name in _unmapped(source, first):
        filled = lines[lines[name] != ""]
        owners = filled.groupby(name, sort=False)["__who"].agg(["size", "nunique"])
        if (owners["nunique"][owners["size"] > 1] == 1).mean() < _ONE_CUSTOMER:
            continue
        doubled, of = _with_their_sum(filled.groupby(name, sort=False)["__amount"])
        if doubled:
            return (
                f"one line of an order is the sum of its other lines, in {doubled:,} of"
                f" {of:,} orders ({name}): leave the lines or their sums in the file, not"
                " both"
            ), doubled
    doubled, of = _with_their_sum(lines.groupby("__who", sort=False)["__amount"])
    if doubled:
        return (
            f"one row of a customer is the sum of the others, in {doubled:,} of {of:,} customers:"
            " leave the rows or their sums in the file, not both"
        ), doubled
    return "", 0


def _with_their_sum(by: "pd.api.typing.SeriesGroupBy") -> tuple[int, int]:
    """Groups of three amounts or more of which one is the sum of the others, where most are so."""
    is_of_three = by.size() > 2
    doubled = ((2 * by.max() - by.sum()).abs() < _CENT)[is_of_three]
    if len(doubled) < _LEAST_ORDERS or doubled.mean() < _MOSTLY:
        return 0, len(doubled)
    return int(doubled.sum()), len(doubled)


def _price_of_a_piece(source: Source, first: pd.DataFrame, theirs: str) -> tuple[str, int]:
    amounts = as_numbers(first[theirs], source.form)
    numbers = {name: as_numbers(first[name], source.form) for name in _unmapped(source, first)}
    whole = {
        name: one
        for name, one in numbers.items()
        if one.notna().all() and (one % 1 == 0).all() and (one > 1).mean() > 0.1
    }
    for name, count in whole.items():
        for other, total in numbers.items():
            same = (amounts * count - total).abs() < _CENT
            if other != name and same.mean() >= _MOSTLY:
                return (
                    f"{theirs} x {name} is {other}: is it the price of a piece? Then map {other}"
                    f" as amount in {source.where}"
                ), int(same.sum())
    named = [name for name in whole if _QUANTITY.search(name)]
    if named and _PRICE.search(theirs) and not _TOTAL.search(theirs):
        return (
            f"{named[0]} stands beside it and is not used: if it is the price of a piece, map"
            f" quantity and unit_price in place of amount in {source.where}"
        ), int((whole[named[0]] > 1).sum())
    return "", 0


def _negative_quantities(source: Source, first: pd.DataFrame, theirs: str) -> tuple[str, int]:
    if (as_numbers(first[theirs], source.form) < 0).any():
        return "", 0
    for name in _unmapped(source, first):
        if _QUANTITY.search(name):
            negative = as_numbers(first[name], source.form) < 0
            if 0 < negative.mean() < 0.5:
                return (
                    f"{name} is negative in rows whose amount is not: goods that came back count as"
                    " purchases. Write a minus before their amount, or take the rows out"
                ), int(negative.sum())
    return "", 0


def _moved_points(source: Source, first: pd.DataFrame, theirs: str, unit: str) -> tuple[str, int]:
    """Amounts ten, a hundred or a thousand times what pieces and price make, or a part of it."""
    amounts = as_numbers(first[theirs], source.form)
    names = _unmapped(source, first)
    pieces = [name for name in names if _QUANTITY.search(name)]
    prices = [name for name in names if _PRICE.search(name) and name not in pieces]
    for name, other in itertools.product(pieces, prices):
        made = as_numbers(first[name], source.form) * as_numbers(first[other], source.form)
        times = (amounts / made.where(made != 0)).dropna()
        if len(times) < _LEAST_ROWS or (abs(times - 1) < _SAME_TIMES).mean() < _NEVER_FALLS:
            continue
        moved = np.zeros(len(times), dtype=bool)
        for power in (-3, -2, -1, 1, 2, 3):
            moved |= (abs(times / 10.0**power - 1) < _SAME_TIMES).to_numpy()
        if moved.any():
            return (
                f"amounts are ten, a hundred or a thousand times {name} x {other}, or a part of it,"
                " which all others are: a zero too many, or a decimal mark that was lost?"
                f" (first: {at(unit, times.index[moved])})"
            ), int(moved.sum())
    return "", 0


def _unmapped(source: Source, first: pd.DataFrame) -> list[str]:
    known = set(source.columns.values())
    return [str(name) for name in first.columns if name not in known]
