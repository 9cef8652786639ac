"""Codes for "no answer", such as 99 or -1, that nobody has declared."""

import json
import re
from collections.abc import Sequence

import narwhals as nw

from cxlib import contracts, engine
from cxlib.contracts import Rule, Violation
from cxlib.door.findings import Finding
from cxlib.sources import Source, shown

CODES = (-999, -99, -98, -88, -9, -8, -1, 88, 98, 99, 998, 999, 9999)
# A code of nines or eights lies so many times above all other values, which are whole numbers.
_FAR = 5
_OF_ONE_COLUMN = re.compile(r'missing = { (.+) = \["\.\.\."\] }')
_BARE_KEY = re.compile("[A-Za-z0-9_-]+")


def undeclared_codes(
    source: Source, file: engine.File, kept: nw.LazyFrame, numbers: set[str]
) -> tuple[list[Violation], list[Finding]]:
    """Values that look like codes for "no answer" in columns whose scale is not known.

    A negative code among values that are else 0 or more; a code of nines or eights at least five
    times as large as all other values, all of them whole and none below 0. They are errors; in a
    column for which the source declares codes of its own only warnings, and where it declares that
    there are none, nothing. Answers on a known scale have a rule of their own. `kept`: the staged
    rows that are not left out; `numbers`: the attributes that are numbers.
    """
    names = [name for name in _open_columns(source, numbers) if not _has_none(source, name)]
    if not names:
        return [], []
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
    violations, warnings = [], []
    for number, ((name, code), count) in enumerate(suspects.items()):
        column = source.wanted[name]
        index = file.names.index(column)
        texts = list(dict.fromkeys(places[row][1][index].strip() for row in first[number]))
        key = json.dumps(name, ensure_ascii=False)
        rule = f'{code} stands apart from all other values: a code for "no answer"?'
        if _has_own(source, name):
            warnings.append(Finding(name, column, f"{rule} It is not among those declared", count))
            continue
        declared = source.missing.get(name, ())
        without, with_it = (
            json.dumps(codes, ensure_ascii=False) for codes in (declared, [*declared, *texts])
        )
        violations.append(
            Violation(
                shown(source.path),
                rule,
                f"declare it in {source.where}: missing = {{ {key} = {with_it} }}; or,"
                f" where it is a value, missing = {{ {key} = {without} }}",
                column=name,
                source_column=column,
                count=count,
                places=tuple(places[row][0] for row in first[number]),
                unit="line" if file.is_csv else "row",
            )
        )
    return violations, warnings


def unmet_codes(source: Source, rules: Sequence[Rule], counts: Sequence[int]) -> list[Finding]:
    """Columns in which none of the codes stands that are declared for them by name.

    Codes for all columns are told where no column has one of them. `counts`: rows per rule.
    """
    declared = source.entry.get("missing", [])
    found = {
        rule.column: count
        for rule, count in zip(rules, counts, strict=True)
        if rule.text == contracts.CODE_FOUND
    }
    if isinstance(declared, list):
        unmet = [""] if declared and not any(found.values()) else []
    else:
        unmet = [name for name, count in found.items() if declared.get(name) and not count]
    return [
        Finding(name, source.wanted.get(name, ""), 'declared code for "no answer": in no row', 0)
        for name in unmet
    ]


def proposed(source: Source, remedy: str, texts: list[str]) -> str:
    """A remedy that tells how to declare codes, beside those that are declared.

    Where all texts are known ones it names them: those are no answers to any question, and are
    declared for all columns.
    """
    declared = source.entry.get("missing", [])
    is_known = texts and {str(code) for code in CODES}.issuperset(texts)

    def code(found: re.Match[str]) -> str:
        is_bare = _BARE_KEY.fullmatch(found[1])
        name = found[1] if is_bare else json.dumps(found[1], ensure_ascii=False)
        if isinstance(declared, list) and is_known:
            return f"missing = {_listed([*declared, *texts])}"
        if isinstance(declared, list):
            return f"missing = {{ {name} = {_listed([*declared, '...'])} }}"
        codes = [*declared.get(found[1], []), *(texts if is_known else ["..."])]
        return f"missing.{name} = {_listed(codes)}"

    return _OF_ONE_COLUMN.sub(code, remedy)


def _listed(codes: Sequence[str]) -> str:
    return json.dumps(list(dict.fromkeys(codes)), ensure_ascii=False)


def _open_columns(source: Source, numbers: set[str]) -> list[str]:
    """Columns of numbers whose highest value is not known, and which may be blank."""
    ours = [
        column.name
        for column in source.contract.columns
        if column.type == "number" and column.blank == "keep" and column.high is None
        if column.name in source.columns
    ]
    return ours + sorted(numbers)


def _has_none(source: Source, name: str) -> bool:
    """Whether the source says that no value of the column is a code."""
    declared = source.entry.get("missing")
    return declared == [] or (isinstance(declared, dict) and declared.get(name) == [])


def _has_own(source: Source, name: str) -> bool:
    declared = source.entry.get("missing")
    return isinstance(declared, dict) and name in declared


def _is_apart(code: int, low: float | None, high: float | None, *, whole: bool) -> bool:
    if low is None or high is None or low < 0:
        return False
    return code < 0 or (whole and high * _FAR <= code)
