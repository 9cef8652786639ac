"""Codes for "no answer", such as 99 or -1, that nobody has declared."""

import json

import narwhals as nw

from cxlib import contracts, engine
from cxlib.contracts import Violation
from cxlib.sources import Source, shown

CODES = (-999, -99, -98, -88, -9, -8, -1, 88, 98, 99, 998, 999, 9999)
# A code of nines or eights lies so many times above all other values, which are whole numbers.
_FAR = 5


def undeclared_codes(
    source: Source, file: engine.File, kept: nw.LazyFrame, numbers: set[str]
) -> list[Violation]:
    """Values that look like codes for "no answer" in columns whose scale is not known.

    A negative code among values that are else 0 or more; a code of nines or eights at least five
    times as large as all other values, all of them whole and none below 0. Columns for which the
    source declares codes, or declares that there are none, are not looked at. Answers on a known
    scale have a rule of their own. `kept`: the staged rows that are not left out; `numbers`: the
    attributes that are numbers.
    """
    names = [name for name in _open_columns(source, numbers) if not _is_declared(source, name)]
    if not names:
        return []
    value = {name: nw.col(name).cast(nw.Float64) for name in names}
    plain: dict[str, nw.Expr] = {}
    totals: list[nw.Expr] = []
    for number, name in enumerate(names):
        is_code = value[name].is_in([float(code) for code in CODES])
        other = nw.when(~is_code).then(value[name])
        plain[f"__low_{number}"] = plain[f"__high_{number}"] = other
        plain[f"__part_{number}"] = (other % 1 != 0).fill_null(False).cast(nw.Int64)
        totals += [
            nw.col(f"__low_{number}").min(),
            nw.col(f"__high_{number}").max(),
            nw.col(f"__part_{number}").sum(),
        ]
        for position, code in enumerate(CODES):
            coded = f"__code_{number}_{position}"
            plain[coded] = (value[name] == code).fill_null(False).cast(nw.Int64)
            totals.append(nw.col(coded).sum())
    found = kept.with_columns(**plain).select(*totals).collect("pyarrow").rows(named=True)[0]
    suspects = {
        (name, code): int(found[f"__code_{number}_{position}"])
        for number, name in enumerate(names)
        for position, code in enumerate(CODES)
        if found[f"__code_{number}_{position}"]
        and _is_apart(
            code,
            found[f"__low_{number}"],
            found[f"__high_{number}"],
            whole=not found[f"__part_{number}"],
        )
    }
    first = contracts.first_rows(
        kept,
        {number: value[name] == code for number, (name, code) in enumerate(suspects)},
    )
    places = engine.locate(file, {row for rows in first.values() for row in rows})
    violations = []
    for number, ((name, code), count) in enumerate(suspects.items()):
        column = source.wanted[name]
        index = file.names.index(column)
        texts = list(dict.fromkeys(places[row][1][index].strip() for row in first[number]))
        key = json.dumps(name, ensure_ascii=False)
        violations.append(
            Violation(
                shown(source.path),
                f'{code} stands apart from all other values: a code for "no answer"?',
                f"declare it in {source.where}: missing = {{ {key} = {json.dumps(texts)} }}; or,"
                f" where it is a value, missing = {{ {key} = [] }}",
                column=name,
                source_column=column,
                count=count,
                places=tuple(places[row][0] for row in first[number]),
                unit="line" if file.is_csv else "row",
            )
        )
    return violations


def proposed(remedy: str, texts: list[str]) -> str:
    """A remedy that tells how to declare codes, with the very codes where all texts are known."""
    known = {str(code) for code in CODES}
    if not texts or not known.issuperset(texts):
        return remedy
    return remedy.replace('["..."]', json.dumps(texts))


def _open_columns(source: Source, numbers: set[str]) -> list[str]:
    """Columns of numbers whose highest value is not known, and which may be blank."""
    ours = [
        column.name
        for column in source.contract.columns
        if column.type == "number" and column.blank == "keep" and column.high is None
        if column.name in source.columns
    ]
    return ours + sorted(numbers)


def _is_declared(source: Source, name: str) -> bool:
    declared = source.entry.get("missing", {})
    return isinstance(declared, list) or name in declared


def _is_apart(code: int, low: float | None, high: float | None, *, whole: bool) -> bool:
    if low is None or high is None or low < 0:
        return False
    return code < 0 or (whole and high * _FAR <= code)
