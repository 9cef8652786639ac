"""Contracts that say the reverse of leaving, or count tenure and charges in another unit."""

import json
import re
from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd

from cxlib import contracts, engine, subscriptions
from cxlib.contracts import Violation, quoted
from cxlib.door.casts import FALSE_VALUES, TRUE_VALUES
from cxlib.sources import Source, shown

_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Names of columns, and words in them, that tell who is still a customer.
_ACTIVE = re.compile(
    r"\b(active|aktiv|aktif|actif|activo|activa|attivo|retained|renewed|loyal|subscribed"
    r"|is customer|still customer|stayed|فعال|مانده|تمدید شده|وفادار)\b"
)
_INACTIVE = re.compile(
    r"\b(in|not|non|no|un|de|غیر|nicht|pas) ?"
    r"(active|aktiv|actif|activo|retained|renewed|loyal|subscribed|فعال)\b"
)
_STILL_THERE = {
    *("active", "aktiv", "aktif", "actif", "activo", "activa", "attivo", "current", "existing"),
    *("retained", "stayed", "live", "فعال", "جاری", "نشط"),
}
# The columns that `odd_contracts` looks at, some of which a file may lack.
JUDGED = ("churned", "tenure_months", "monthly_charges", "total_charges")
_ENOUGH_ROWS = 30
# Of the customers: those who left, and those who pay nothing.
_MOST_LEAVERS, _MOST_FREE = 0.9, 0.05
# How far the charges of most customers may be from tenure x monthly charge.
_NEAR = (0.6, 1.6)
# Of those customers of whom it can be told.
_MOSTLY = 0.75
# Prices in cents, and rows of them.
_LEAST_CENTS, _LEAST_IN_CENTS = 2, 5
_MONTHS_OF_A_LIFE = 900
_OTHER_UNITS = {
    "tenure_months": re.compile(
        r"\b(days?|weeks?|years?|yrs?|tage|jahre?|jours?|ans|años|gün|yıl)\b|\b(روز|هفته|سال)",
        re.IGNORECASE,
    ),
    "monthly_charges": re.compile(
        r"\b(year(ly)?|annual(ly)?|arr|quarter(ly)?|week(ly)?|daily|jährlich|jahres\w*|annuel(le)?"
        r"|yıllık|acv|p\.? ?a\.?)(\b|(?<=\.))|\b(سال|هفتگی|روزانه|فصلی)",
        re.IGNORECASE,
    ),
}
# A company of which all is younger is new, or counts years.
_LONGEST_YEARS = 15
_MONTHS = re.compile(
    r"month|mois|monat|mes(es)?\b|mesi\b|ay\b|ماه|شهر|\bmo(s|nths?)?\b", re.IGNORECASE
)
_UNITS = {
    "tenure_months seems to be in days": 1 / subscriptions.MONTH_DAYS,
    "tenure_months seems to be in years": 12.0,
    "monthly_charges seems to be that of a year": 1 / 12,
}


def reversed_leaving(source: Source, file: engine.File) -> list[Violation]:
    """A violation where "yes" to having left is what the file says of those who are still there.

    Where a word of `true_values` means that; or where the column is called "active" or the like,
    and no `true_values` say what its values mean.
    """
    if source.input != contracts.SUBSCRIPTIONS.name or "churned" not in source.columns:
        return []
    theirs = source.columns["churned"]
    declared = source.entry.get("true_values")
    words = [one for one in declared or () if _is_still_there(one)]
    is_boolean = file.types[file.names.index(theirs)] == "BOOLEAN"
    if words and not is_boolean:
        rule = f"{', '.join(map(quoted, words))} means still a customer, and is read as having left"
        others = source.entry.get("false_values", list(FALSE_VALUES))
        remedy = (
            f"declare it the other way round in {source.where}: {_meaning(others, declared or ())}"
        )
    elif _is_of_the_active(theirs) and (is_boolean or declared is None):
        rule = "the name of the column says who is still a customer, and yes is read as having left"
        remedy = (
            f"declare in {source.where} the words for having left:"
            f" {_meaning(FALSE_VALUES, TRUE_VALUES)}; or, if yes does mean having left:"
            f" {_meaning(TRUE_VALUES, FALSE_VALUES)}"
        )
        if is_boolean:
            remedy = "write a column into the file that says who has left, under a name of its own"
    else:
        return []
    file_name = shown(source.path)
    return [Violation(file_name, rule, remedy, column="churned", source_column=theirs)]


def _is_still_there(word: str) -> bool:
    text = engine.folded(word).lower()
    return text.removesuffix(" customer") in _STILL_THERE


def _meaning(left: Sequence[str], stayed: Sequence[str]) -> str:
    """The declaration that some words mean having left, and others not."""
    keys = {"true_values": left, "false_values": stayed}
    return ", ".join(
        f"{key} = {json.dumps(list(words), ensure_ascii=False)}" for key, words in keys.items()
    )


def _is_of_the_active(name: str) -> bool:
    text = _CAPITALS.sub(" ", engine.folded(name, key=True))
    text = re.sub(r"[\W_]+", " ", text).lower()
    return _ACTIVE.search(text) is not None and _INACTIVE.search(text) is None


def odd_contracts(source: Source, sample: nw.LazyFrame, rows: int) -> list[tuple[str, str, int]]:
    """Warnings (column, text, rows) where a table of contracts may not be what it seems.

    Nearly all customers left, where no `true_values` say what the values mean; tenure in days or
    years, or a charge of a year, by what customers have paid in all, or by how short tenure is and
    what its column is called; customers who pay nothing,
    where no `missing` names the column. `sample`: rows evenly spread over the `rows` of the table.
    """
    if source.input != contracts.SUBSCRIPTIONS.name:
        return []
    present = sample.collect_schema().names()
    found = sample.select(*(one for one in JUDGED if one in present)).collect("pyarrow").to_pandas()
    if len(found) < _ENOUGH_ROWS:
        return []
    scale = rows / len(found)
    told = []
    is_dated = subscriptions.is_dated(source.columns)
    left = found["churned"].astype("float64").to_numpy()
    if not is_dated and "true_values" not in source.entry and left.mean() > _MOST_LEAVERS:
        text = (
            f"{100 * left.mean():.1f} % of the customers left: does yes mean that they stayed? If"
            f" not, declare true_values in {source.where}"
        )
        told.append(("churned", text, round(left.sum() * scale)))
    told += _in_another_unit(found, rows, is_dated=is_dated)
    told += _in_cents(found["monthly_charges"], scale)
    if not any(name == "tenure_months" for name, _, _ in told):
        told += _in_years(source, found["tenure_months"], rows)
    told += _called_otherwise(source, rows)
    missing = source.entry.get("missing")
    is_declared = missing == [] or "monthly_charges" in (missing or ())
    is_free = (found["monthly_charges"] == 0).to_numpy()
    if is_free.any() and min(left[is_free].mean(), is_free[left > 0].mean()) > _MOST_LEAVERS:
        text = (
            "those who left pay nothing, and hardly anybody else: write what each paid in the last"
            " month before leaving"
        )
        told.append(("monthly_charges", text, round(is_free.sum() * scale)))
    elif is_free.mean() > _MOST_FREE and not is_declared:
        text = (
            f"{100 * is_free.mean():.1f} % of the customers pay nothing: customers on trial, who"
            " count like all others? If they are no customers, take their rows out of the file; if"
            f" they are, declare missing = {{ monthly_charges = [] }} in {source.where}"
        )
        told.append(("monthly_charges", text, round(is_free.sum() * scale)))
    return told


def _in_cents(charges: pd.Series, scale: float) -> list[tuple[str, str, int]]:
    """Prices that are there a hundred times as high as well."""
    hundredths = (charges.dropna() * 100).round().astype("int64")
    counts = hundredths[hundredths > 0].value_counts()
    cents = [one for one in counts.index if one % 100 == 0 and one // 100 in counts.index]
    rows = int(counts[cents].sum())
    if len(cents) < _LEAST_CENTS or rows < _LEAST_IN_CENTS:
        return []
    text = (
        "prices are there a hundred times as high as well: cents among units? Write all in one unit"
    )
    return [("monthly_charges", text, round(rows * scale))]


def _in_years(source: Source, tenure: pd.Series, rows: int) -> list[tuple[str, str, int]]:
    """Whether tenure may be in years: small numbers, and no name that says months."""
    theirs = source.columns.get("tenure_months", "")
    longest = tenure.max()
    if not theirs or _MONTHS.search(theirs) or longest > _LONGEST_YEARS:
        return []
    text = (
        f"nobody has been a customer for longer than {longest:,.4g} months, and the name of the"
        " column says no unit: if these are years, write months into the file; if not, call the"
        " column tenure_months there"
    )
    return [("tenure_months", text, rows)]


def _called_otherwise(source: Source, rows: int) -> list[tuple[str, str, int]]:
    """Columns whose names say another unit than months."""
    told = []
    for name, pattern in _OTHER_UNITS.items():
        theirs = source.columns.get(name, "")
        called = _CAPITALS.sub(" ", engine.folded(theirs)).replace("_", " ")
        if pattern.search(called) and not _MONTHS.search(called):
            text = f"{theirs} is called by another unit, and is read as that of {name}"
            told.append((name, text, rows))
    return told


def _in_another_unit(
    found: pd.DataFrame, rows: int, *, is_dated: bool
) -> list[tuple[str, str, int]]:
    """The unit that makes charges in all of tenure x monthly charge, where months do not."""
    tenure = found["tenure_months"].to_numpy("float64")
    beyond = []
    if not is_dated and tenure.max() > _MONTHS_OF_A_LIFE:
        text = f"tenure_months reaches {tenure.max():,.0f}, more than 75 years: is it in days?"
        beyond = [("tenure_months", text, rows)]
    if "total_charges" not in found:
        return beyond
    total, fee = (found[name].to_numpy("float64") for name in ("total_charges", "monthly_charges"))
    # Of a part of a month nothing may be paid, or all of it.
    can_tell = (tenure >= 1) & (fee > 0) & (total > 0)
    if can_tell.sum() < _ENOUGH_ROWS:
        return beyond
    ratios = total[can_tell] / (tenure[can_tell] * fee[can_tell])
    nearest = min(_UNITS, key=lambda unit: abs(np.log(np.median(ratios) / _UNITS[unit])))
    near = (ratios >= _NEAR[0] * _UNITS[nearest]) & (ratios <= _NEAR[1] * _UNITS[nearest])
    if near.mean() < _MOSTLY or (is_dated and nearest.startswith("tenure")):
        return beyond
    text = (
        f"{nearest}: what customers paid in all is {np.median(ratios):.2g} times months x monthly"
        " charge"
    )
    return [(nearest.split()[0], text, rows)]
