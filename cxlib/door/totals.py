"""Rows of totals in a table, which would count as more rows."""

import re

import narwhals as nw
import pandas as pd

from cxlib import engine
from cxlib.contracts import Violation, quoted
from cxlib.door.findings import Finding
from cxlib.sources import Source, shown

_WORDS = {
    *("total", "totals", "grand total", "sum", "subtotal"),
    *("summe", "gesamt", "gesamtsumme", "endsumme", "zwischensumme", "insgesamt", "totaal"),
    *("total général", "total general", "somme", "totale", "somma", "suma", "razem", "soma"),
    *("toplam", "genel toplam", "итого", "всего", "сумма", "المجموع", "الإجمالي", "اجمالی"),
    *("جمع", "مجموع", "کل", "كل", "جمع کل", "جمع كل", "مجموع کل"),
}
# In a column of ids these are no less sums of other rows.
_AVERAGES = {
    *("average", "mittelwert", "durchschnitt", "moyenne", "promedio", "ortalama"),
    *("میانگین", "متوسط", "المتوسط"),
}
# What programs and people write below a table.
_NOTE = re.compile(
    r"n ?= ?[0-9][0-9.,]*|(sources?|notes?|quelle|منبع|توضیحات) ?:.*|applied filters.*"
    r"|(exported|generated|printed|created|downloaded) (at|on|by|from)\b.*",
    re.IGNORECASE,
)
_SPREADSHEET_ROWS = 1 << 20
_AMONG_IDS = "ids are words for totals or averages: sums among the rows, which count as rows?"
# Rows before the last from which a sum is not one of them by chance.
_LEAST = 2
# Of the sum: a total is rounded as it is written.
_ROUNDING = 1e-6


def totals_row(
    source: Source, file: engine.File, frame: nw.LazyFrame, rows: int
) -> list[Violation]:
    """The last of the `rows` staged rows, where it says "total" and is unlike all others.

    That is, where a number of it is the sum of all others, or where it lacks a cell that no other
    row lacks: the sum may be one of other rows than those of the file. Looked at only where the
    row lacks some cell, or has the word in a column that is read.
    """
    names = [column.name for column in source.contract.columns if column.name in source.columns]
    numbers = [
        column.name
        for column in source.contract.columns
        if column.type == "number" and column.name in source.columns
    ]
    if rows <= _LEAST:
        return []
    is_last = nw.col(engine.ROW) == rows
    names += [name for name in source.attributes if name not in names]
    last = frame.filter(is_last).select(*names).collect("pyarrow").rows(named=True)[0]
    if not any(value is None or _is_total(value) for value in last.values()):
        return []
    end = engine.end(file).casefold()
    if file.is_csv and not any(word in end for word in _WORDS):
        return []
    others = frame.filter(~is_last).select(
        *(nw.col(name).sum().alias(f"__sum_{name}") for name in numbers),
        *(nw.col(name).count() for name in names),
    )
    found = others.collect("pyarrow").rows(named=True)[0]
    odd = [name for name in numbers if _is_sum(last[name], found[f"__sum_{name}"])]
    odd += [name for name in names if last[name] is None and found[name] == rows - 1]
    if not odd:
        return []
    line, cells = engine.locate(file, [rows])[rows]
    called = next((number for number, cell in enumerate(cells) if _is_total(cell)), None)
    if called is None:
        return []
    word, name = quoted(cells[called] or ""), quoted(file.names[called])
    # An attribute that the row lacks has nothing to do with it.
    column = next((one for one in odd if one in source.columns), "")
    return [
        Violation(
            shown(source.path),
            f"a row of totals stands at the end of the table, {word} in {name}",
            "take the last row out of the file",
            column=column,
            source_column=source.wanted.get(column, ""),
            count=1,
            places=(line,),
            unit="line" if file.is_csv else "row",
        )
    ]


def note_at_end(
    source: Source, file: engine.File, frame: nw.LazyFrame, rows: int
) -> list[Violation]:
    """The last of the `rows` staged rows, where it is a note such as "n = 100" or "Source: ...".

    That is, where its first cell is one, and lacks a column that is read or stands for an id.
    """
    end = engine.end(file).rstrip("\r\n").rpartition("\n")[2].strip(f'{file.delimiter}" \r')
    # A file of more rows that is no text was not written by hand.
    if not rows or not (_NOTE.match(end) if file.is_csv else rows <= _SPREADSHEET_ROWS):
        return []
    last = frame.filter(nw.col(engine.ROW) == rows).select(*source.columns)
    read = last.collect("pyarrow").rows(named=True)[0]
    line, cells = engine.locate(file, [rows])[rows]
    first, text = next(((n, c.strip()) for n, c in enumerate(cells) if c and c.strip()), (0, ""))
    is_id = file.names[first] in {source.wanted[one] for one in source.columns if "_id" in one}
    if not _NOTE.fullmatch(text) or not (is_id or None in read.values()):
        return []
    return [
        Violation(
            shown(source.path),
            "a note stands at the end of the table, as a row of it",
            "take the last row out of the file",
            count=1,
            places=(line,),
            unit="line" if file.is_csv else "row",
        )
    ]


def totals_among_ids(
    source: Source, frame: nw.LazyFrame, sample: nw.LazyFrame, rows: int
) -> list[Finding]:
    """Warnings about rows in which a customer, respondent or response is called "total" or
    "average", whatever the numbers are: subtotals are sums of some rows only.

    A customer may be called so. Of more than a million `rows`, which no spreadsheet holds, those of
    `sample`, rows evenly spread over `frame`.
    """
    words = sorted(
        f"{spelled}{end}"
        for word in _WORDS | _AVERAGES
        for spelled in {word, word.title(), word.capitalize(), word.upper()}
        for end in ("", ":")
    )
    looked_at = sample if rows > _SPREADSHEET_ROWS else frame
    found = []
    for name in (one for one in source.columns if one.endswith("_id")):
        # A join looks through many words at once, a filter through one after the other.
        wanted = engine.lend(pd.DataFrame({name: words}))
        called = looked_at.select(name).join(wanted, on=name, how="semi")
        count = int(called.select(nw.len()).collect("pyarrow").item())
        if count:
            found.append(Finding(name, source.columns[name], _AMONG_IDS, count))
    return found


def _is_sum(value: float | None, others: float | None) -> bool:
    return bool(value and others and abs(value - others) <= _ROUNDING * abs(value))


def _is_total(cell: object) -> bool:
    return isinstance(cell, str) and cell.strip(" :\u200c\u200f\u200e").casefold() in _WORDS
