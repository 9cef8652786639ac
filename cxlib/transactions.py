"""Purchases as a source declares them: what a row is worth, and which rows are no purchase.

An amount is a column of the file or quantity x unit price, converted into one currency. Rows left
out by declaration, zero amounts and refunds are rules like those of `contracts`, counted in the
same pass; whatever is computed is a narwhals expression over the staged table.
"""

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, TypeGuard

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib import contracts, engine
from cxlib.contracts import Rule, Violation, quoted

PARTS = ("quantity", "unit_price")
MARGIN = "margin"
# The columns that the reports make of purchases, beside an attribute or in place of it. Frames of
# the engine take names that differ in capital letters for one, so that an attribute called like
# any of these would be lost without a word, or end in an error of the engine.
MADE = (
    MARGIN,
    *("frequency", "recency_days", "recency_weeks", "T_days", "T_weeks", "days_since_last"),
    *("total_spend", "first_spend", "mean_spend", "spend_days", "zero_days", "first_basket"),
    *("customers", "all", "spent", "spent_squared", "first_squared", "total_squared"),
    *("probability_alive", "expected_purchases", "discounted_purchases", "discounted_log_error"),
    *("expected_spend", "value", "value_low", "value_high", "value_so_far", "corner"),
    *("likely_low", "likely_high", "likely_low_unit", "likely_high_unit"),
    *("R", "F", "M", "code", "segment"),
)
# Reports show the code in running text: letters alone mean nothing to Markdown.
_CURRENCY_CODE = re.compile(r"[^\W\d_]{2,10}")
_HOW_TO_WRITE_A_CURRENCY = "write a code of 2 to 10 letters, like EUR"
# The purchase day that a row counts for: its own, or that of the purchase a refund belongs to.
DAY = "__day"
_COUNTED, _REFUND, _NET, _REFUNDS = "__counted", "__refund", "__net", "__refunds"
_RATE = "__rate"
_REFUND_POLICIES = ("exclude", "net")
_ZERO_POLICIES = ("keep", "exclude")
_REPEAT_POLICIES = ("keep", "once")
# Whether a row stands earlier in the file, alike in every cell: with a key only.
AGAIN = "__again"
# What is left of a purchase day after its refunds is nothing below this share of what was moved:
# the error of adding floats.
_NOTHING = 1e-14
_SHOWN_PRODUCTS = 10
_SHOWN_AMOUNTS = 3
_OUTLIER = 1000
# How the warning begins that a month may be in another unit of money.
JUMP = "median of"
# A change of the currency unit is tenfold; the median of a month may move a little besides.
_JUMP = 7
_ENOUGH_FOR_A_MEDIAN = 30
_BACK, _WHOLE = 2, 100


@dataclass(frozen=True)
class Terms:
    """What an entry declares about its purchases; see docs/purchases.md for each key.

    `leave_out`: column of the file -> values whose rows are no purchases. `key`: columns of the
    file that make a row unique; `repeats`: "keep" where rows may be alike, "once" where a row that
    stands again is the same purchase, as it is under a `key`. `exchange_rates`: what
    one unit of a currency is worth in the one whose rate is 1. `margin_rates`: product -> share of
    the amount that is margin; `default_margin_rate` holds for the products not named.
    """

    refunds: str = ""
    zero_amounts: str = "keep"
    leave_out: dict[str, list[str]] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    repeats: str = ""
    currency: str = ""
    exchange_rates: dict[str, float] = field(default_factory=dict)
    margin_rates: dict[str, float] = field(default_factory=dict)
    default_margin_rate: float | None = None

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Terms":
        """The terms of an entry of any input; those that are not of purchases have none."""
        return cls(**{one.name: entry[one.name] for one in fields(cls) if one.name in entry})

    @property
    def has_margins(self) -> bool:
        return bool(self.margin_rates) or self.default_margin_rate is not None

    @property
    def base_currency(self) -> str:
        """The declared currency of all amounts, "" where only the file says it."""
        base = [code for code, rate in self.exchange_rates.items() if rate == 1]
        return base[0] if base else self.currency

    @property
    def is_windowed(self) -> bool:
        """Whether rows are computed from other rows of the customer."""
        return self.refunds == "net"

    @property
    def compares_rows(self) -> bool:
        """Whether rows are told apart by all their cells."""
        return self.repeats != "keep"

    @property
    def takes_once(self) -> bool:
        """Whether a row that is alike in every cell to an earlier one is left out."""
        return bool(self.key) or self.repeats == "once"

    @property
    def takes_amounts_as_they_are(self) -> bool:
        """Whether nothing is computed of a row, nor of several."""
        return not (self.is_windowed or self.has_margins or self.takes_once or self.exchange_rates)

    @property
    def day(self) -> str:
        """The staged column with the dates that are kept."""
        return DAY if self.is_windowed else "date"


def left_out_column(theirs: str) -> str:
    """The staged name of a column of the file that `leave_out` looks at."""
    return f"leave_out.{theirs}"


def key_columns(terms: Terms) -> dict[str, str]:
    """Staged name -> column of the file, of those that `key` names."""
    return {f"__key_{number}": theirs for number, theirs in enumerate(terms.key)}


def canonical_columns(columns: Mapping[str, str], terms: Terms) -> list[str]:
    """The canonical columns, before the attributes, of a file mapped by `columns`."""
    names = ["customer_id", "date", "amount"]
    names += ["product"] if "product" in columns else []
    return names + ([MARGIN] if terms.has_margins else [])


# --- the declaration -----------------------------------------------------------------------


def key_problems(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with each key by itself: the problem and how to mend it."""
    problems = []
    rates = entry.get("exchange_rates", {"": 1})
    if not (isinstance(rates, dict) and all(_is_number(rate, 0) for rate in rates.values())):
        remedy = "write what one unit is worth, like exchange_rates = { GBP = 1, EUR = 0.86 }"
        problems.append((f"exchange_rates = {rates!r}", remedy))
    elif sum(rate == 1 for rate in rates.values()) != 1:
        remedy = "the currency of the report, and only it, has the rate 1: { GBP = 1, EUR = 0.86 }"
        problems.append((f"exchange_rates = {rates!r}", remedy))
    problems += _code_problems(entry)
    margins = entry.get("margin_rates", {})
    if not (isinstance(margins, dict) and all(map(_is_margin_rate, margins.values()))):
        remedy = 'write shares of the amount up to 1, like margin_rates = { "mug" = 0.3 }'
        problems.append((f"margin_rates = {margins!r}", remedy))
    default = entry.get("default_margin_rate", 0)
    if not _is_margin_rate(default):
        remedy = "write a share of the amount up to 1, like 0.25"
        problems.append((f"default_margin_rate = {default!r}", remedy))
    leave_out = entry.get("leave_out", {})
    if not (isinstance(leave_out, dict) and all(map(_are_values, leave_out.values()))):
        remedy = 'write values by column, like leave_out = { code = ["POST", "FEE"] }'
        problems.append((f"leave_out = {leave_out!r}", remedy))
    policies_known = {
        "refunds": _REFUND_POLICIES,
        "zero_amounts": _ZERO_POLICIES,
        "repeats": _REPEAT_POLICIES,
    }
    for key, known in policies_known.items():
        declared = entry.get(key)
        if isinstance(declared, str) and declared not in known:
            policies = " and ".join(f'"{one}"' for one in known)
            problems.append((f'{key} = "{declared}"', f"the policies known are {policies}"))
    return problems


def _code_problems(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    declared, rates = entry.get("currency", ""), entry.get("exchange_rates", {})
    problems = []
    if "currency" in entry and isinstance(declared, str) and not _is_code(declared):
        problems.append((f"currency = {quoted(declared)}", _HOW_TO_WRITE_A_CURRENCY))
    if isinstance(rates, dict) and (wrong := [code for code in rates if not _is_code(code)]):
        rule = f"exchange_rates names {', '.join(map(quoted, wrong))}"
        problems.append((rule, f"{_HOW_TO_WRITE_A_CURRENCY}, and the same in the file"))
    return problems


def _is_code(text: str) -> bool:
    return _CURRENCY_CODE.fullmatch(text) is not None


def _is_number(value: object, low: float) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and low < value < 1e15


def _is_margin_rate(value: object) -> bool:
    return _is_number(value, -math.inf) and -1 <= value <= 1


def _are_values(values: object) -> bool:
    return isinstance(values, list) and bool(values) and all(isinstance(v, str) for v in values)


def declaration_problems(
    entry: Mapping[str, Any], columns: Mapping[str, str], where: str
) -> list[tuple[str, str]]:
    """What is wrong between the keys of an entry, each of which may be right by itself."""
    parts = [name for name in PARTS if name in columns]
    both = 'quantity = "..." and unit_price = "..."'
    problems = []
    if "amount" in columns and parts:
        remedy = f"leave one of the two ways in columns of {where}"
        problems.append((f"columns gives amount and also {' and '.join(parts)}", remedy))
    elif "amount" not in columns and len(parts) < 2:
        remedy = f'add amount = "...", or {both}, to columns in {where}'
        problems.append(("columns does not say which column of the file is amount", remedy))
    if "exchange_rates" in entry and "currency" not in columns:
        remedy = f'add currency = "..." to columns in {where}'
        problems.append(("exchange_rates is given, but no column says the currency", remedy))
    if "currency" in entry and "currency" in columns:
        remedy = f"leave one of them in {where}: the file says the currency, or the description"
        problems.append(("currency is given and is also a column", remedy))
    if ("margin_rates" in entry or "default_margin_rate" in entry) and "product" not in columns:
        remedy = f'add product = "..." to columns in {where}'
        problems.append(("margins are given, but no column says the product", remedy))
    if "key" in entry and "repeats" in entry:
        remedy = f"leave one of them in {where}: with a key, repeated rows are taken once"
        problems.append(("key is given beside repeats", remedy))
    for key in ("leave_out", "key"):
        first: dict[str, str] = {}
        for name in entry.get(key, ()):
            # One column of a frame to the engine: see `MADE`.
            if (other := first.setdefault(name.casefold(), name)) != name:
                rule = f"{key} names {quoted(other)} and {quoted(name)}, alike but for capitals"
                problems.append((rule, "give one of the two columns another name in the file"))
    return problems


# --- the rows ------------------------------------------------------------------------------


def applied(
    frame: nw.LazyFrame, terms: Terms, general: Sequence[Rule], where: str
) -> tuple[nw.LazyFrame, list[Rule]]:
    """The staged table with its amounts, and all its rules in order.

    `general`: the rules of every input. A row that is no purchase breaks the first exclusion that
    names it: left out by value, then blank ids, zero amounts, refunds.
    """
    rules = _left_out(terms) + _once(terms, where)
    purchase = contracts.keep(rules)
    amount = nw.col("amount")
    if "amount" not in frame.columns:
        quantity, unit_price = map(nw.col, PARTS)
        frame = frame.with_columns(amount=quantity * unit_price)
        rules.append(
            Rule(
                "amount",
                "quantity and unit price are both negative",
                purchase & (quantity < 0) & (unit_price < 0),
                "error",
                "correct the rows; a refund has a negative quantity and a positive price",
            )
        )
    if terms.exchange_rates:
        rates: Mapping[Any, Any] = terms.exchange_rates
        # A currency without a rate is an error by itself: see `money`.
        rate = nw.col("currency").replace_strict(rates, default=1, return_dtype=nw.Float64)
        frame = frame.with_columns(amount=amount * rate)
    if terms.exchange_rates or set(PARTS) <= set(frame.columns):
        remedy = "correct the rows: what they multiply to is too large for any sum of money"
        infinite = purchase & ~amount.is_finite()
        rules.append(Rule("amount", "amount is not finite", infinite, "error", remedy))
    rules += general
    if terms.zero_amounts == "exclude":
        rules.append(Rule("amount", "zero amount", amount == 0, "exclusion", asked=True))
    if terms.is_windowed:
        frame = _dated(frame, contracts.keep(rules))
        rules += _net_rules()
    elif terms.refunds == "exclude":
        counted = nw.when(contracts.keep(rules)).then(amount)
        frame = frame.with_columns(counted.alias(_COUNTED))
        rules.append(
            Rule("amount", "negative amount (a refund)", amount < 0, "exclusion", asked=True)
        )
    else:
        remedy = (
            f'say in {where} what refunds do: refunds = "exclude" leaves them out, refunds = "net"'
            " takes them off the customer's last purchase; or correct the rows"
        )
        rules.append(Rule("amount", "negative amount", purchase & (amount < 0), "error", remedy))
    return frame, rules + _repairs(terms, contracts.keep(rules))


def _left_out(terms: Terms) -> list[Rule]:
    return [
        Rule(
            "",
            f"{column} {quoted(value)} is no purchase (leave_out)",
            nw.col(left_out_column(column)) == value,
            "exclusion",
            asked=True,
            expected=True,
        )
        for column, values in terms.leave_out.items()
        for value in dict.fromkeys(values)
    ]


def _once(terms: Terms, where: str) -> list[Rule]:
    """Repeats of a row taken once, and cells of the key that are blank."""
    if not terms.takes_once:
        return []
    text = "row that stands in the file again, alike in every column: taken once"
    blank = [
        Rule(
            "",
            f"blank in {quoted(theirs)}, a column of the key",
            nw.col(name).is_null(),
            "error",
            f"fill the cells, or name other columns in key of {where}",
        )
        for name, theirs in key_columns(terms).items()
    ]
    return [Rule("", text, nw.col(AGAIN), "repair", drops=True), *blank]


def _repairs(terms: Terms, kept: nw.Expr) -> list[Rule]:
    rules = []
    if terms.exchange_rates:
        text = f"converted into {terms.base_currency} at the declared rate"
        foreign = kept & (nw.col("currency") != terms.base_currency)
        rules.append(Rule("amount", text, foreign, "repair"))
    if terms.default_margin_rate is not None:
        named = nw.col("product").is_in(list(terms.margin_rates)).fill_null(False)
        text = f"no margin rate of its own: {terms.default_margin_rate:g} taken"
        rules.append(Rule("product", text, kept & ~named, "repair"))
    return rules


def _dated(frame: nw.LazyFrame, counted: nw.Expr) -> nw.LazyFrame:
    """The table with the purchase day of each row and what the day is worth after its refunds.

    A refund belongs to the customer's latest day with a positive amount on or before its own;
    without one its day is null. Rows that are not `counted` take no part. What is left of a day
    below 1e-14 of all that was moved on it is the error of adding floats, and zero.
    """
    amount = nw.col(_COUNTED)
    refund = (amount < 0).fill_null(False)
    # A running maximum is null where its own row is.
    bought = nw.when(amount > 0).then(nw.col("date")).otherwise(nw.lit(datetime.date.min))
    # Of the rows of a day the refunds come last.
    last = bought.cum_max().over("customer_id", order_by=["date", _REFUND])
    own = nw.when(~refund).then(nw.col("date"))
    matched = nw.when(last > nw.lit(datetime.date.min)).then(last)
    day = ["customer_id", DAY]
    net, moved = amount.sum().over(*day), amount.abs().sum().over(*day)
    return (
        frame.with_columns(nw.when(counted).then(nw.col("amount")).alias(_COUNTED))
        .with_columns(refund.cast(nw.Int64).alias(_REFUND))
        .with_columns(nw.coalesce(own, matched).alias(DAY))
        .with_columns(
            nw.when(net.abs() > _NOTHING * moved).then(net).otherwise(0.0).alias(_NET),
            nw.col(_REFUND).sum().over(*day).alias(_REFUNDS),
        )
    )


def _net_rules() -> list[Rule]:
    refund = nw.col(_COUNTED) < 0
    matched = ~nw.col(DAY).is_null()
    gone = ~nw.col(_COUNTED).is_null() & matched & (nw.col(_REFUNDS) > 0) & (nw.col(_NET) <= 0)
    return [
        Rule("amount", "refund without an earlier purchase", refund & ~matched, "exclusion"),
        Rule("amount", "row of a purchase day taken back wholly", gone, "exclusion", asked=True),
        Rule(
            "amount",
            "refund taken off the customer's last purchase day",
            refund & matched & ~gone,
            "repair",
        ),
    ]


def canonical(frame: nw.LazyFrame, terms: Terms) -> nw.LazyFrame:
    """The rows that are kept, with the purchase day as their date and the margin beside.

    margin = amount x margin rate of the product, in the currency of the amount.
    """
    if terms.is_windowed:
        frame = frame.with_columns(date=nw.col(DAY))
    if terms.has_margins:
        rates = pd.DataFrame(terms.margin_rates.items(), columns=["product", _RATE])
        rates = rates.astype({"product": "str", _RATE: "float64"})
        rate = nw.col(_RATE)
        if terms.default_margin_rate is not None:
            rate = rate.fill_null(float(terms.default_margin_rate))
        frame = frame.join(engine.lend(rates), on="product", how="left")
        frame = frame.with_columns((nw.col("amount") * rate).alias(MARGIN))
    # Windows and joins lose the order of the rows.
    return (
        frame.sort(engine.ROW)
        if terms.is_windowed or terms.has_margins or terms.takes_once
        else frame
    )


# --- the table -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Money:
    """What the kept rows say of their money: the code of their one currency ("" if no column says
    it), and what is wrong with their currencies and products."""

    currency: str
    violations: tuple[Violation, ...]


def money(
    kept: nw.LazyFrame, terms: Terms, columns: Mapping[str, str], file: str, where: str
) -> Money:
    """Look through the currencies and products of the kept rows; `file` is named in violations."""
    violations = []
    code = terms.base_currency
    if "currency" in columns:
        counts = contracts.value_counts(kept, "currency")
        rates = terms.exchange_rates
        strange = {one: count for one, count in counts.items() if not _is_code(one)}
        counts = {one: count for one, count in counts.items() if one not in strange}
        code = code or next(iter(counts), "")
        if strange:
            rule = f"no code of a currency: {_tallied(strange)}"
            remedy = f"{_HOW_TO_WRITE_A_CURRENCY}, in the rows; or, where all amounts are in one"
            remedy += f' currency, currency = "..." in {where} in place of the column'
            violations.append(("currency", rule, remedy, strange))
        unknown = {one: count for one, count in counts.items() if one not in rates}
        if rates and unknown:
            rule = f"no exchange rate for {_tallied(unknown)}"
            violations.append(("currency", rule, f"add it to exchange_rates in {where}", unknown))
        elif not rates and len(counts) > 1:
            rule = f"amounts in several currencies: {_tallied(counts)}"
            remedy = f"say what each is worth in {where}: exchange_rates = {{ {code} = 1, ... }}"
            violations.append(("currency", rule, remedy, counts))
    if terms.margin_rates and terms.default_margin_rate is None:
        filled = kept.with_columns(nw.col("product").fill_null(""))
        other = filled.filter(~nw.col("product").is_in(list(terms.margin_rates)))
        if counts := contracts.value_counts(other, "product"):
            rule = f"no margin rate for {_tallied(counts)}"
            remedy = f"add it to margin_rates in {where}, or default_margin_rate for all others"
            violations.append(("product", rule, remedy, counts))
    return Money(
        code,
        tuple(
            Violation(file, rule, remedy, name, columns[name], count=sum(counts.values()))
            for name, rule, remedy, counts in violations
        ),
    )


def _tallied(counts: Mapping[str, int]) -> str:
    """The most frequent of some values, each with its count."""
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    shown = ", ".join(
        f"{quoted(value) if value else 'blank'} ({count:,})"
        for value, count in most[:_SHOWN_PRODUCTS]
    )
    more = f" and {len(most) - _SHOWN_PRODUCTS:,} more" if len(most) > _SHOWN_PRODUCTS else ""
    return shown + more


def lost_refunds(frame: nw.LazyFrame, terms: Terms) -> list[tuple[str, int]]:
    """Refunds larger than what was bought, as warnings: text and number of refund rows.

    With refunds "net" those larger than the purchases of their day, with "exclude" those of
    customers who got back more than they paid in all. `frame`: as `applied` gives it.
    """
    if terms.refunds == "exclude":
        return _more_than_paid(frame)
    if not terms.is_windowed:
        return []
    refund = nw.col(_COUNTED) < 0
    larger = refund & ~nw.col(DAY).is_null() & (nw.col(_NET) < 0)
    # The net of a day is shared out evenly over its refunds.
    excess = nw.when(larger).then(nw.col(_NET) / nw.col(_REFUNDS))
    found = frame.select(__rows=larger.cast(nw.Int64), __excess=excess).select(
        nw.col("__rows").sum(), nw.col("__excess").sum()
    )
    rows, excess_total = found.collect("pyarrow").rows()[0]
    if not rows:
        return []
    text = f"refunds larger than the purchases of their day: {-excess_total:,.2f} is taken off"
    return [(f"{text} no purchase", int(rows))]


def _more_than_paid(frame: nw.LazyFrame) -> list[tuple[str, int]]:
    back = (nw.col(_COUNTED) < 0).fill_null(False).cast(nw.Int64)
    # Who bought nothing in the file may have bought before it begins.
    bought = (nw.col(_COUNTED) > 0).fill_null(False).cast(nw.Int64)
    more = (
        frame.select("customer_id", _COUNTED, __back=back, __bought=bought)
        .group_by("customer_id")
        .agg(nw.col(_COUNTED).sum(), nw.col("__back").sum(), nw.col("__bought").max())
        .filter((nw.col(_COUNTED) < 0) & (nw.col("__bought") > 0))
    )
    found = more.select(nw.len(), nw.col("__back").sum()).collect("pyarrow").rows()[0]
    customers, rows = (int(one or 0) for one in found)
    if not rows:
        return []
    who = "1 customer" if customers == 1 else f"{customers:,} customers"
    return [(f"refunds of {who} larger than all their purchases", rows)]


# Purchase days from which a pause at the end can be judged.
_ENOUGH_DAYS = 30


def silent_end(transactions: nw.LazyFrame, complete_to: datetime.date) -> list[tuple[str, int]]:
    """A warning (text, 0 rows) when the file falls silent long before the day it is complete to.

    Longer than three times the longest pause between two purchase days, and more than a week: the
    models would take the end of the file for customers who left. Asked of files with purchases on
    30 days or more.
    """
    # Of groups, for the engine finds what is unique by numbering all rows.
    days = transactions.group_by("date").agg(nw.len()).sort("date").collect("pyarrow")
    dates = [day for day, _ in days.iter_rows()]
    pauses = [(later - day).days for day, later in pairwise(dates)]
    if len(dates) < _ENOUGH_DAYS:
        return []
    silence = (complete_to - dates[-1]).days
    if silence <= max(7, 3 * max(pauses, default=0)):
        return []
    return [
        (
            f"no purchase in the last {silence} days up to complete_to ({complete_to}), while the"
            f" longest pause before was {max(pauses, default=0)}: if the file ends earlier,"
            f" complete_to = {dates[-1]} is right, for silence counts as leaving",
            0,
        )
    ]


def unlike_amounts(transactions: nw.LazyFrame, sample: nw.LazyFrame) -> list[tuple[str, int]]:
    """Amounts that may be in another unit, as warnings: text and number of rows.

    Those above 1,000 times the median, and months whose median is at least 7 times, or at most a
    seventh of, that of the month before (rial and toman differ tenfold; both with 30 purchases).
    Positive amounts only. Medians are those of `sample`, rows evenly spread over `transactions`.
    """
    month = nw.col("date").dt.year().cast(nw.Int64) * 12 + nw.col("date").dt.month() - 1
    is_positive = nw.col("amount") > 0
    some = sample.filter(is_positive).select("amount", __month=month).collect("pyarrow")
    if not len(some):
        return []
    amounts, months = (some.get_column(name).to_numpy() for name in some.columns)
    positive = transactions.filter(is_positive)
    median = float(np.median(amounts))
    unlike = [
        (
            f"above {_OUTLIER:,} times the median amount of {median:,.2f}",
            nw.col("amount") > _OUTLIER * median,
        )
    ]
    unlike += [
        (
            f"{JUMP} {number // 12}-{number % 12 + 1:02d} is {_times(ratio)} times that of"
            f" {others}: another unit of money, such as rial and toman? Then write all amounts in"
            " one unit",
            month == int(number),
        )
        for number, ratio, others in _jumps(amounts, months)
    ]
    counts = [positive.filter(those).select(nw.len()).collect("pyarrow") for _, those in unlike]
    told = [(text, int(n.item())) for (text, _), n in zip(unlike, counts, strict=True) if n.item()]
    if not counts[0].item():
        return told
    far = positive.filter(unlike[0][1]).select("amount").sort("amount", descending=True)
    shown = [f"{one:,.2f}" for one in far.head(_SHOWN_AMOUNTS).collect("pyarrow")["amount"]]
    (text, count), *others = told
    return [(f"{text} (first: {'; '.join(shown)})", count), *others]


def _jumps(amounts: np.ndarray, months: np.ndarray) -> list[tuple[int, float, str]]:
    """Months whose median is unlike that of others, how many times it is, and of which.

    A month between two that it is unlike is told once. A unit that changes within a month leaves
    this month between the two: then the month before it is the one to compare with. Where medians
    jump up and down, a jump counts where most amounts do, too: of goods of two prices the one or
    the other may prevail in a month by chance.
    """
    quartiles = [
        (int(month), np.quantile(amounts[months == month], (0.25, 0.5, 0.75)))
        for month, count in zip(*np.unique(months, return_counts=True), strict=True)
        if count >= _ENOUGH_FOR_A_MEDIAN
    ]
    ratios = [float(here[1] / before[1]) for (_, before), (_, here) in pairwise(quartiles)]
    found = [
        (at, ratio, "the month before") for at, ratio in enumerate(ratios, 1) if _is_jump(ratio)
    ]
    for at, (first, second) in enumerate(pairwise(ratios), 2):
        if _is_jump(first * second) and not (_is_jump(first) or _is_jump(second)):
            found.append((at, first * second, "two months before"))
    if {ratio > 1 for _, ratio, _ in found} == {True, False}:
        around = [those for _, those in quartiles]
        found = [one for one in found if _lie_apart(around[max(0, one[0] - 2) : one[0] + 2])]
    told: list[tuple[int, float, str]] = []
    for at, ratio, of in found:
        if told and told[-1][0] == at - 1 and _is_back(told[-1][1] * ratio):
            told[-1] = (*told[-1][:2], "the months beside it")
        else:
            told.append((at, ratio, of))
    return [(quartiles[at][0], ratio, of) for at, ratio, of in told]


def _is_back(ratio: float) -> bool:
    """Whether the median is again about what it was before."""
    return 1 / _BACK <= ratio <= _BACK


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= _WHOLE else f"{ratio:.2g}"


def _lie_apart(quartiles: Sequence[np.ndarray]) -> bool:
    """Whether three quarters of one month's amounts lie above three quarters of another's.

    Of the months around a change: one in which it falls has amounts of both kinds.
    """
    return max(low for low, _, _ in quartiles) > min(high for _, _, high in quartiles)


def _is_jump(ratio: float) -> bool:
    return abs(math.log(ratio)) >= math.log(_JUMP)
