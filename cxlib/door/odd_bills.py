"""Contracts and their months beside columns that say what their charges and ends mean."""

import re

import pandas as pd

from cxlib import contracts
from cxlib.contracts import quoted
from cxlib.door.findings import Finding, at
from cxlib.door.first_rows import as_numbers
from cxlib.sources import Source

_MONTH = {"month", "monthly", "m", "1m", "monat", "monatlich", "mensuel", "aylık", "ماهانه", "ماه"}
_YEAR = {
    *("year", "yearly", "annual", "annually", "y", "12m", "1y", "jahr", "jährlich", "annuel"),
    *("yıllık", "سالانه", "سال"),
}
# A price for a year, in those of a month, at least: contracts of a year may be the dearer ones.
_TIMES, _LEAST_ROWS = 5, 20
_STAYS = {"active", "aktiv", "actif", "activo", "current", "live", "فعال", "جاری"}
_LEFT = {
    *("cancelled", "canceled", "churned", "terminated", "closed", "inactive", "left", "expired"),
    *("gekündigt", "beendet", "résilié", "iptal", "لغو شده", "غیرفعال", "بسته"),
}
_TRIAL = re.compile(
    r"((in|on|free)[ _])?trial(l?ing)?|test|demo|testphase|probe|essai|prueba|deneme|آزمایشی"
)
_WEEK = re.compile(r"\b(weeks?|woche|semaine|semana|hafta)\b|هفته", re.IGNORECASE)
_QUANTITY = re.compile(
    r"\b(quantity|qty|seats?|licen[cs]es?|units|users|anzahl|menge|lizenzen|quantité|cantidad|adet)\b"
    r"|تعداد",
    re.IGNORECASE,
)
_OF_A_PIECE = re.compile(
    r"\b(unit|per|each|einzel\w*|stück\w*|unitaire|unitario|birim)\b|واحد", re.IGNORECASE
)
_NUMBER = re.compile(
    r"\b(id|no|nr|number|num|code|key|ref(erence)?|nummer|numéro|número)\b|\w+(nummer|nr|id)$"
    r"|شماره|شناسه|کد",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(
    r"phone|mobile|\btel|fax|zip|post|\bplz|tax|vat|iban|bank|card|household|promo|coupon|agent"
    r"|branch|تلفن|موبایل|همراه|پستی|کارت|شعبه",
    re.IGNORECASE,
)
# Of a column that tells contracts apart, the rows that share a value by mistake.
_ENOUGH_NUMBERS, _MOST_TWICE = 50, 0.02
_MORE_PIECES = 0.05
_LEAVING = re.compile(
    r"churn|\bleft\b|attrition|cancel|exited|gekündigt|ریزش|انصراف|ترک", re.IGNORECASE
)
# What will be, of those who are still there.
_PLANNED = re.compile(r"period.?end|scheduled|planned|pending|auto.?renew", re.IGNORECASE)
_YES, _NO = (
    {"yes", "y", "true", "1", "ja", "oui", "بله", "بلی"},
    {"no", "n", "false", "0", "nein", "non", "خیر", "نه"},
)
_LEAST_CONTRADICTIONS, _CONTRADICTIONS = 3, 0.003
# Of the rows of a column that says who left; the words of the others say neither.
_MOST_NEITHER, _SHOWN_WORDS = 0.05, 3
# Of steps from one month to the next: up within a year, and down where a year begins.
_LEAST_STEPS, _MOSTLY = 100, 0.95
# Customers who pay in each third, sixth or twelfth of their months, of so many times that length.
_PERIODS, _LEAST_TIMES, _LEAST_CUSTOMERS = (2, 3, 6, 12), 2, 10


def odd_bills(source: Source, first: pd.DataFrame, typed: pd.DataFrame, unit: str) -> list[Finding]:
    """Warnings about charges of a year among those of a month, and ends that a status denies.

    `first`: the texts of the first rows of a file of contracts or of their months; `typed`: those
    of them that are kept, with `customer_id`, `month` and `revenue` where it has them.
    """
    if source.input == contracts.SUBSCRIPTION_MONTHS.name:
        return _year_to_date(source, typed) + _periods(source, typed) + _weeks(source, len(first))
    if source.input != contracts.SUBSCRIPTIONS.name:
        return []
    known = set(source.columns.values())
    others = [str(name) for name in first.columns if name not in known]
    told = []
    for theirs in others:
        words = first[theirs].str.casefold()
        told += _intervals(source, first, theirs, words)
        told += _denied(source, first, theirs, words)
        told += _trials(theirs, words)
        told += _pieces(source, first, theirs)
        told += _numbers_twice(theirs, first[theirs], unit)
    return told


def _weeks(source: Source, rows: int) -> list[Finding]:
    theirs = source.columns["month"]
    if not _WEEK.search(theirs.replace("_", " ")):
        return []
    name = "month"
    text = f"{theirs} is called by another unit, and is read as that of {name}"
    return [Finding("month", theirs, text, rows)]


def _trials(theirs: str, words: pd.Series) -> list[Finding]:
    on_trial = words.str.fullmatch(_TRIAL)
    if not 0 < on_trial.sum() < len(words):
        return []
    text = (
        f"{theirs} calls some of them customers on trial, who count like all others: if they are no"
        " customers, take their rows out of the file"
    )
    return [Finding("", theirs, text, int(on_trial.sum()))]


def _pieces(source: Source, first: pd.DataFrame, theirs: str) -> list[Finding]:
    """A number of pieces beside the charge of one."""
    name = "monthly_charges"
    charge = source.columns.get(name, "").replace("_", " ")
    if not (_QUANTITY.search(theirs.replace("_", " ")) and _OF_A_PIECE.search(charge)):
        return []
    count = pd.to_numeric(first[theirs], errors="coerce")
    more = count > 1
    if more.mean() < _MORE_PIECES or (count.dropna() % 1 != 0).any():
        return []
    text = (
        f"{theirs} stands beside it and is not used: if it is the price of a piece, write what the"
        " customer pays in all"
    )
    return [Finding(name, source.columns[name], text, int(more.sum()))]


def _numbers_twice(theirs: str, cells: pd.Series, unit: str) -> list[Finding]:
    """Rows that share a number, where all others have one of their own."""
    filled = cells[cells != ""]
    again = filled.duplicated(keep=False)
    spelled = theirs.replace("_", " ")
    is_number = _NUMBER.search(spelled) and not _OF_SEVERAL.search(spelled)
    is_number = is_number and len(filled) >= _ENOUGH_NUMBERS
    if not is_number or not 0 < again.sum() <= _MOST_TWICE * len(filled):
        return []
    text = (
        f"{theirs} is the same in several rows, and another one in nearly each of the others: an"
        " id that was mistyped, or a contract that is there twice?"
        f" (first: {at(unit, filled.index[again])})"
    )
    return [Finding("", theirs, text, int(again.sum()))]


def _intervals(source: Source, first: pd.DataFrame, theirs: str, words: pd.Series) -> list[Finding]:
    name = "monthly_charges"
    yearly, monthly = words.isin(_YEAR), words.isin(_MONTH)
    if name not in source.columns or min(yearly.sum(), monthly.sum()) < _LEAST_ROWS:
        return []
    charges = as_numbers(first[source.columns[name]], source.form)
    times = charges[yearly].median() / charges[monthly].median()
    if not times >= _TIMES:
        return []
    text = (
        f"where {theirs} says a year they are {times:.1f} times those where it says a month: write"
        " what a month costs in each row"
    )
    return [Finding(name, source.columns[name], text, int(yearly.sum()))]


def _denied(source: Source, first: pd.DataFrame, theirs: str, words: pd.Series) -> list[Finding]:
    if _PLANNED.search(theirs):
        return []
    says_who_left = _LEAVING.search(theirs.replace("_", " ")) is not None
    stays = words.isin(_STAYS | _NO if says_who_left else _STAYS)
    left = words.isin(_LEFT | _YES if says_who_left else _LEFT)
    neither = (words != "") & ~stays & ~left
    if "ended" not in source.columns or neither.sum() > _MOST_NEITHER * (words != "").sum():
        return []
    codes = set(source.missing.get("ended", ()))
    ends = first[source.columns["ended"]]
    has_ended = (ends != "") & ~ends.isin(codes)
    denied = (stays & has_ended) | (left & ~has_ended)
    told = []
    if denied.sum() >= max(_LEAST_CONTRADICTIONS, _CONTRADICTIONS * len(first)):
        text = f"{theirs} says otherwise: who left without an end, or has an end and stays"
        told.append(Finding("ended", source.columns["ended"], text, int(denied.sum())))
    if neither.any() and says_who_left:
        shown = ", ".join(map(quoted, words[neither].unique()[:_SHOWN_WORDS]))
        text = f"{theirs} says neither that the customer left nor that he stayed: {shown}"
        told.append(Finding("", theirs, text, int(neither.sum())))
    return told


def _year_to_date(source: Source, typed: pd.DataFrame) -> list[Finding]:
    if "revenue" not in source.columns or typed.empty:
        return []
    rows = typed.assign(month=pd.to_datetime(typed["month"])).sort_values(["customer_id", "month"])
    step = rows.groupby("customer_id")["revenue"].diff()
    begins = rows["month"].dt.year != rows.groupby("customer_id")["month"].shift().dt.year
    within, across = step[~begins].dropna(), step[begins].dropna()
    if min(len(within), len(across)) < _LEAST_STEPS / 5 or len(within) < _LEAST_STEPS:
        return []
    if (within > 0).mean() < _MOSTLY or (across < 0).mean() < _MOSTLY:
        return []
    text = (
        "rises from month to month within each year and falls where a year begins: is it the sum"
        " of the year so far? Then write that of each month"
    )
    return [Finding("revenue", source.columns["revenue"], text, len(rows))]


def _periods(source: Source, typed: pd.DataFrame) -> list[Finding]:
    """Customers of whom a bill of several months stands in one of them, and nothing in the rest."""
    if "revenue" not in source.columns or typed.empty:
        return []
    rows = typed.sort_values(["customer_id", "month"])
    by = rows.groupby("customer_id")["revenue"]
    months, number = by.transform("size"), by.cumcount()
    told = []
    for period in _PERIODS:
        is_as_told = (rows["revenue"] > 0) == (number % period == 0)
        is_long = months > _LEAST_TIMES * period
        each = is_as_told[is_long].groupby(rows["customer_id"][is_long]).all()
        if each.sum() >= _LEAST_CUSTOMERS:
            text = (
                f"{each.sum():,} customers pay in one of {period} months, and nothing in the rest:"
                " bills of several months? Then write into each month what it costs"
            )
            told.append(Finding("revenue", source.columns["revenue"], text, int(each.sum())))
    return told
