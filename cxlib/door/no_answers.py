"""Rows of a survey that are no answers of customers, as a column beside them says."""

import re
from collections.abc import Iterator

import pandas as pd

from cxlib import contracts
from cxlib.door.findings import Finding, at
from cxlib.sources import Source

_SURVEYS = (contracts.FEEDBACK.name, contracts.SERVQUAL_RESPONSES.name)
# "Test" alone is a group of an experiment.
_FLAG = re.compile(
    r"(is|was|ist)[ _-]?(a[ _-])?(test|preview|practice|dummy|demo|spam|bot|duplicate|fraud(ulent)?"
    r"|deleted|void(ed)?|invalid)([ _-]?(response|answer|survey|record|data|mode))?"
    r"|test[ _-]?(response|answer|survey|record|data|mode|flag|entry|datensatz|modus|daten)"
    r"|preview([ _-]?mode)?|spam|deleted|invalid|void(ed)?|gelöscht|ungültig"
    r"|تستی|آزمایشی( است)?|(پاسخ )?تست|حذف[ \u200c]?شده|نامعتبر",
    re.IGNORECASE,
)
_YES = {"1", "true", "yes", "y", "x", "t", "ja", "oui", "sí", "si", "evet", "بله", "بلی"}
_NO = {"", "0", "false", "no", "n", "f", "nein", "non", "hayır", "نه", "خیر", "-"}
_MOST_FLAGGED = 0.3
# What programs of panels call a questionnaire that they ended, beside one that was given back.
_ENDED = re.compile(
    r"(early[ -]|quality[ -])?terminat(ed?|ion)|terms?|screened|speeder|bot|fraud(ulent)?"
    r"|quality[ -]fail(ed|ure)?|invalid|ungültig|رد[ \u200c]?شده|نامعتبر",
    re.IGNORECASE,
)
_COMPLETE = re.compile(
    r"completed?|finished|submitted|valid|beendet|vollständig|abgeschlossen|gültig"
    r"|terminée?|complet[oa]?|کامل( شده)?|تکمیل( شده)?|معتبر",
    re.IGNORECASE,
)
_MOSTLY = 0.5
_STATE = re.compile(r"status|state|completion|disposition|وضعیت", re.IGNORECASE)


def no_answers(source: Source, first: pd.DataFrame, unit: str) -> list[Finding]:
    """Warnings about rows that count as answers, and that a column calls tests or ended.

    `first`: the texts of the first rows of a survey, "" where blank, under the places in the file,
    which are lines or rows (`unit`). Counts are those of these rows. A column that `only` chooses
    by is not looked at.
    """
    if source.input not in _SURVEYS:
        return []
    chosen = {source.attributes.get(name, name) for name in source.only}
    told: list[Finding] = []
    for theirs in first.columns.difference([*chosen, *source.columns.values()], sort=False):
        told += _flagged(theirs, first[theirs], unit)
        told += _ended(theirs, first[theirs], unit)
    return told


def _flagged(theirs: str, cells: pd.Series, unit: str) -> Iterator[Finding]:
    if not _FLAG.fullmatch(theirs.strip().rstrip("?؟")):
        return
    lower = cells.str.casefold()
    flagged = lower.isin(_YES)
    if lower[~flagged].isin(_NO).all() and 0 < flagged.mean() < _MOST_FLAGGED:
        text = (
            f"{theirs} marks rows that count as answers: take the rows out of the file"
            f" (first: {at(unit, cells.index[flagged])})"
        )
        yield Finding("", theirs, text, int(flagged.sum()))


def _ended(theirs: str, cells: pd.Series, unit: str) -> Iterator[Finding]:
    if not _STATE.search(theirs):
        return
    words = [one for one in cells.unique() if one]
    ended = [one for one in words if _ENDED.fullmatch(one)]
    complete = cells.isin([one for one in words if _COMPLETE.fullmatch(one)])
    if not ended or complete.sum() < _MOSTLY * (cells != "").sum():
        return
    found = cells[cells.isin(ended)]
    said = ", ".join(f'"{one}"' for one in ended[:3])
    text = (
        f"questionnaires that were ended or rejected ({theirs}, {said}) count like all others; take"
        " the rows out of the file, or report the others alone"
        f" (first: {at(unit, found.index)})"
    )
    yield Finding("", theirs, text, len(found))
