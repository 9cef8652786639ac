"""Cells that are of their type, and whose text says that they are not what they seem."""

import re
from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from cxlib import contracts, engine
from cxlib.door.findings import Finding, at
from cxlib.sources import Source

_LEAST_ROWS = 3
_ROUNDED = re.compile(r"[-+]?[0-9]([.,][0-9]{1,3})?E\+[0-9]{2}")
_COMMA = re.compile(r"[-+\u2212]?[0-9]*[,/\u066b][0-9]+")
_GROUPED = re.compile(r"[-+\u2212]?[1-9][0-9]{0,2}[,/\u066b][0-9]{3}")
_HUNDREDTHS = re.compile(r"[-+\u2212]?[0-9]*[,/\u066b][0-9]{2}")
_ENOUGH_HUNDREDTHS = 30
_MOSTLY = 0.9
_TESTS = re.compile(
    r"test([ _-]?(user|customer|respondent|entry|response))?[ _-]?[0-9]{0,3}"
    r"|asdf+|qwert[yz]|تست|آزمایشی",
    re.IGNORECASE,
)
# What programs call a questionnaire that was given back, and one that was not.
_COMPLETE = re.compile(
    r"completed?|finished|submitted|beendet|vollständig|abgeschlossen|terminée?|complet[oa]?"
    r"|tamamlandı|کامل( شده)?|تکمیل( شده)?|مكتمل",
    re.IGNORECASE,
)
_INCOMPLETE = re.compile(
    r"partial(ly complete(d)?)?|incompleted?|in[ -]?progress|started|abandoned|dropped[ -]?out"
    r"|dropout|suspended|not (completed?|finished)|unvollständig|abgebrochen|nicht beendet"
    r"|incompleto|incomplète?|yarım|ناقص|ناتمام|نیمه[ \u200c]?(کاره|تمام)|تکمیل نشده|غير مكتمل",
    re.IGNORECASE,
)
_SCREENED = re.compile(
    r"disqualified|screen(ed)?[ -]?out|over[ -]?quota|quota[ -]?(full|out)|ineligible|ausgescreent",
    re.IGNORECASE,
)
# Without one of these a column may say how something was delivered.
_STATE = re.compile(r"status|state|response|completion|disposition|وضعیت", re.IGNORECASE)
# Of Qualtrics: how an answer was given, and those of its previews and tests.
_STATUS = re.compile("status|response ?type", re.IGNORECASE)
_OF_QUALTRICS = re.compile(
    "finished|progress|recorded ?date|distribution ?channel|response ?id", re.IGNORECASE
)
_STATUS_CODES = {"0", "1", "2", "4", "8", "9", "12", "16", "17", "32", "40", "48"}
_PREVIEW_CODES = {"1", "2", "9", "17"}
_PREVIEW = re.compile(r"survey (preview|test)", re.IGNORECASE)
_WEB = re.compile(
    r"&(amp|lt|gt|quot|nbsp|apos|#[0-9]{2,6}|#x[0-9a-f]{2,5});|</?(b|i|p|br|div|span)( ?/)?>"
    r"|%[CD][0-9A-F]%[89AB][0-9A-F]",
    re.IGNORECASE,
)
# A customer may buy "Sum", and a group may be called "All".
_TOTALS = re.compile(
    "(grand |sub-?)?totals?|zwischensumme|gesamtsumme|toplam|genel toplam|итого|جمع( کل)?|المجموع",
    re.IGNORECASE,
)
# Of an attribute the others are asked about with all words for no value, in `odd_groups`.
_ERROR = re.compile(r"#(REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|\\N")
_NO_VALUE = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|\\N|NULL|\(null\)|NaN|nan")
# Letters of cp1254, cp1250 and Mac Roman as Latin-1 or cp1252 read them. Icelandic has ð and þ, but
# few words with a þ inside, no ç or ü, and hardly three lines without any of its vowels.
_TURKISH, _ICELANDIC = re.compile("[ðþÐÞ]"), re.compile("[áéíóúæÁÉÍÓÚÆ]")
_NOT_ICELANDIC = re.compile("[A-Za-zðý]þ|[çüÇÜ]")
_SPOILT = {
    "cp1250": re.compile(r"[A-Za-z][\u00b9\u00b3\u00bf][a-z]|£ó[a-z]"),
    "mac_roman": re.compile(
        r"[a-z][\u0160\u0178\u017d\u008a\u008e\u009f]|[a-z][\u2021\u2020\u2039\u0087\u0096][a-z]"
    ),
}

# Of a name of a column with money.
_SCALED = re.compile(
    r"\b(1[., ]?000s?|'000s?|000s|thousands?|tsd|teur|tausend|milliers|bin tl|mill?ion(en|s|es)?"
    r"|mio|mln|mrd|cents?|pence|kuruş|[€$£₺] ?k|minor units?|(?<=[a-z]) k$)\b|\bk ?[€$£₺]"
    r"|\bthousand|هزار|میلیون|میلیارد|\bسنت\b",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"_+|(?<=[a-z])(?=[A-Z])")
_MONEY = {"amount", "unit_price", "monthly_charges", "total_charges", "revenue"}


def odd_texts(source: Source, file: engine.File, some: pd.DataFrame) -> list[Finding]:
    """Warnings about texts in `some` rows, as they stand in the file.

    Money in thousands or cents, by the name of the column; numbers cut by a spreadsheet; commas
    between thousands under a declared decimal comma; test entries; signs of a web page or of an
    empty cell; letters of another encoding. Counts are those of these
    rows; each tells the first place. No id is told.
    """
    unit = "line" if file.is_csv else "row"
    told = [*_scaled(source), *_odd_numbers(source, file, some, unit)]
    told += _odd_words(source, file, some, unit)
    if source.input != contracts.TRANSACTIONS.name:
        told += _previews(file, some, unit)
    if source.input in (contracts.FEEDBACK.name, contracts.SERVQUAL_RESPONSES.name):
        told += _unfinished(source, file, some, unit)
    return told


def _scaled(source: Source) -> Iterator[Finding]:
    for name, theirs in source.wanted.items():
        if name in _MONEY and (found := _SCALED.search(_JOINTS.sub(" ", theirs))):
            text = (
                f'the name of the column says "{found[0].strip()}": the numbers are taken as they'
                " stand, in that unit"
            )
            yield Finding(name, theirs, text, 0)


def _odd_numbers(
    source: Source, file: engine.File, some: pd.DataFrame, unit: str
) -> Iterator[Finding]:
    if not file.is_csv:
        return
    types = {column.name: column.type for column in source.contract.columns}
    for name, theirs in source.wanted.items():
        if types.get(name) != "number":
            continue
        cells = _cells(file, some, theirs)
        if found := [place for place, text in cells if _ROUNDED.fullmatch(text)]:
            text = (
                "numbers as 1.2E+04: a spreadsheet has rounded them; write them out and export"
                f" again (first: {at(unit, found)})"
            )
            yield Finding(name, theirs, text, len(found))
        if source.entry.get("decimal", ".") == "." or "thousands" in source.entry:
            continue
        marked = [(place, text) for place, text in cells if _COMMA.fullmatch(text)]
        grouped = [place for place, text in marked if _GROUPED.fullmatch(text)]
        hundredths = sum(_HUNDREDTHS.fullmatch(text) is not None for _, text in marked)
        if not grouped or len(marked) > len(grouped) + hundredths:
            continue
        if hundredths == 0 or hundredths >= _ENOUGH_HUNDREDTHS:
            text = (
                "three digits after the decimal mark, else two or none: does it stand between"
                f" thousands there? If not, declare thousands in {source.where}"
                f" (first: {at(unit, grouped)})"
            )
            yield Finding(name, theirs, text, len(grouped))


def _odd_words(
    source: Source, file: engine.File, some: pd.DataFrame, unit: str
) -> Iterator[Finding]:
    types = {column.name: column.type for column in source.contract.columns}
    for name, theirs in source.wanted.items():
        if types.get(name, "text") != "text":
            continue
        cells = _cells(file, some, theirs)
        if name.endswith("_id") and (
            found := [place for place, text in cells if _TESTS.fullmatch(text)]
        ):
            text = f"ids of test entries: take the rows out of the file (first: {at(unit, found)})"
            yield Finding(name, theirs, text, len(found))
        if found := [place for place, text in cells if _WEB.search(text)]:
            text = (
                f"signs of a web page, such as &amp;, stand for letters (first: {at(unit, found)})"
            )
            yield Finding(name, theirs, text, len(found))
        known = {*source.missing.get(name, ())}
        wrong = _ERROR if name in source.attributes else _NO_VALUE
        found = [place for place, text in cells if wrong.fullmatch(text) and text not in known]
        if found:
            text = (
                "texts by which programs mean an empty cell or an error, such as NULL, count as"
                f" values (first: {at(unit, found)})"
            )
            yield Finding(name, theirs, text, len(found))
        if not name.endswith("_id") and (
            found := [place for place, text in cells if _TOTALS.fullmatch(text)]
        ):
            text = f"words for totals: sums among the rows? (first: {at(unit, found)})"
            yield Finding(name, theirs, text, len(found))
        for encoding, found in _misread(cells).items():
            text = (
                f"letters as if {encoding} had been read as cp1252: declare encoding ="
                f' "{encoding}", or export the file again as UTF-8 (first: {at(unit, found)})'
            )
            yield Finding(name, theirs, text, len(found))


def _misread(cells: Sequence[tuple[int | str, str]]) -> dict[str, list[int | str]]:
    beyond = [(place, text) for place, text in cells if not text.isascii()]
    found = {
        encoding: [place for place, text in beyond if pattern.search(text)]
        for encoding, pattern in _SPOILT.items()
    }
    if any(_NOT_ICELANDIC.search(text) for _, text in beyond) and not any(
        _ICELANDIC.search(text) for _, text in beyond
    ):
        found["cp1254"] = [place for place, text in beyond if _TURKISH.search(text)]
    # A letter may be spoilt in the same way from several encodings.
    most = max(found, key=lambda encoding: len(found[encoding]))
    return {most: found[most]} if len(found[most]) >= _LEAST_ROWS else {}


def _previews(file: engine.File, some: pd.DataFrame, unit: str) -> Iterator[Finding]:
    for theirs in file.names:
        cells = _cells(file, some, theirs)
        is_coded = _is_status_of_qualtrics(file, theirs, {text for _, text in cells})
        found = [
            place
            for place, text in cells
            if _PREVIEW.fullmatch(text) or (is_coded and text in _PREVIEW_CODES)
        ]
        if found:
            text = (
                f"answers given in a preview of the survey ({theirs}): take the rows out of the"
                f" file (first: {at(unit, found)})"
            )
            yield Finding("", theirs, text, len(found))
        unfinished = [place for place, text in cells if text.casefold() in ("false", "0")]
        if theirs.casefold() == "finished" and 0 < len(unfinished) < len(cells):
            text = (
                f"questionnaires that were not finished ({theirs}) count like all others; take the"
                f" rows out of the file, or report the others alone (first: {at(unit, unfinished)})"
            )
            yield Finding("", theirs, text, len(unfinished))


def _is_status_of_qualtrics(file: engine.File, theirs: str, texts: Collection[str]) -> bool:
    """Whether a column says by the codes of that program how a questionnaire was answered."""
    beside = [name for name in file.names if _OF_QUALTRICS.fullmatch(name.strip())]
    is_status = _STATUS.fullmatch(theirs.strip()) is not None
    return is_status and len(beside) > 1 and {*texts} <= _STATUS_CODES


def _unfinished(
    source: Source, file: engine.File, some: pd.DataFrame, unit: str
) -> Iterator[Finding]:
    """Warnings about questionnaires that a program kept though they were not given back."""
    chosen = {source.attributes.get(name, name) for name in source.only}
    names = {name.casefold(): name for name in file.names}
    for theirs in (one for one in file.names if one not in chosen):
        cells = [(place, text) for place, text in _cells(file, some, theirs) if text]
        found = [
            (place, text)
            for place, text in cells
            if _INCOMPLETE.fullmatch(text) or _SCREENED.fullmatch(text)
        ]
        complete = sum(_COMPLETE.fullmatch(text) is not None for _, text in cells)
        says_so = _STATE.search(theirs) or any(_SCREENED.fullmatch(text) for _, text in found)
        if found and complete and says_so and complete + len(found) >= _MOSTLY * len(cells):
            words = ", ".join(f'"{text}"' for text in list(dict.fromkeys(t for _, t in found))[:3])
            text = (
                f"questionnaires that were not finished ({theirs}, {words}) count like all others;"
                " take the rows out of the file, or report the others alone"
                f" (first: {at(unit, [place for place, _ in found])})"
            )
            yield Finding("", theirs, text, len(found))
    if "lastpage" in names and "submitdate" in names:
        theirs = names["submitdate"]
        cells = _cells(file, some, theirs)
        blank = [place for place, text in cells if not text]
        if theirs not in source.wanted.values() and 0 < len(blank) < len(cells):
            text = (
                f"questionnaires that were not submitted ({theirs} is blank) count like all others;"
                f" take the rows out of the file (first: {at(unit, blank)})"
            )
            yield Finding("", theirs, text, len(blank))


def _cells(file: engine.File, some: pd.DataFrame, theirs: str) -> list[tuple[int | str, str]]:
    # A name that nobody maps may stand twice.
    cells = some.iloc[:, file.names.index(theirs)]
    return list(zip(cells.index, cells, strict=True))
