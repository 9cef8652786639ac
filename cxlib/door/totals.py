"""A row of totals at the end of a table, which would count as one more row."""

import narwhals as nw

from cxlib import engine
from cxlib.contracts import Violation
from cxlib.sources import Source, shown

_WORDS = {
    *("total", "totals", "grand total", "sum", "subtotal"),
    *("summe", "gesamt", "gesamtsumme", "endsumme", "zwischensumme", "insgesamt", "totaal"),
    *("total général", "total general", "somme", "totale", "somma", "suma", "razem", "soma"),
    *("toplam", "genel toplam", "итого", "всего", "сумма", "المجموع", "الإجمالي", "اجمالی"),
    *("جمع", "مجموع", "کل", "كل", "جمع کل", "جمع كل", "مجموع کل"),
}
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
    if not any(map(_is_total, cells)):
        return []
    return [
        Violation(
            shown(source.path),
            "a row of totals stands at the end of the table",
            "take the last row out of the file",
            column=odd[0],
            source_column=source.wanted[odd[0]],
            count=1,
            places=(line,),
            unit="line" if file.is_csv else "row",
        )
    ]


def _is_sum(value: float | None, others: float | None) -> bool:
    return bool(value and others and abs(value - others) <= _ROUNDING * abs(value))


def _is_total(cell: object) -> bool:
    return isinstance(cell, str) and cell.strip(" :\u200c\u200f\u200e").casefold() in _WORDS
