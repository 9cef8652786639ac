"""The door: source description -> read -> repair -> check -> canonical table.

The only place where a user's column names exist. `load` returns a `Table` or raises
`contracts.InputError` with everything that is wrong; nothing is dropped or mended uncounted.
"""

import datetime
import difflib
import hashlib
import json
import os
import re
import tomllib
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import narwhals as nw
import pandas as pd

from cxlib import PROJECT, contracts, engine
from cxlib.contracts import Contract, InputError, Instrument, Rule, Violation

_ANY: dict[str, type] = {
    "uri": str,
    "columns": dict,
    "missing": list,
    "delimiter": str,
    "note": str,
}
_ATTRIBUTES: dict[str, type] = {"attributes": list}
_KEYS: dict[str, dict[str, type]] = {
    "transactions": _ANY | {"date_format": str, "complete_to": datetime.date, "refunds": str},
    "subscriptions": _ANY | _ATTRIBUTES | {"true_values": list, "false_values": list},
    "servqual_responses": _ANY
    | _ATTRIBUTES
    | {"instrument": str, "expectation": str, "perception": str, "importance": str},
}
_REQUIRED_KEYS: dict[str, tuple[str, ...]] = {
    "transactions": ("uri", "columns"),
    "subscriptions": ("uri", "columns"),
    "servqual_responses": ("uri", "columns", "instrument", "expectation", "perception"),
}
_HOW_TO_WRITE = {
    str: 'text between quotes, like "..."',
    list: 'a list of texts, like ["..."]',
    dict: 'pairs of names, like { customer_id = "..." }',
    datetime.date: "a date without quotes, like 1998-06-30",
}
_TRUE_VALUES = ("true", "1", "yes")
_FALSE_VALUES = ("false", "0", "no")
_SHOWN_NAMES = 30
_ISO = "%Y-%m-%d"


@dataclass(frozen=True)
class Finding:
    """A repair, an exclusion or a warning of one rule, with the number of rows it touched."""

    column: str
    source_column: str
    rule: str
    count: int

    def __str__(self) -> str:
        if not self.column:
            return self.rule
        if self.source_column in ("", self.column):
            return f"{self.column}: {self.rule}"
        return f'{self.column} (column "{self.source_column}"): {self.rule}'


@dataclass(frozen=True)
class Table:
    """A canonical table and how it came about.

    `frame`: lazy, canonical column names; optional columns that the source does not map are not
    in it. `rows_read`: rows of the file; `rows`: rows left after the exclusions. `period`: first
    and last date of those rows. `complete_to`: last day the file covers (declared, else the last
    date in the file). `attributes`: the columns kept under the user's own names, numbers where
    every value is a plain number, else text.
    """

    input: str
    uri: str
    sha256: str
    frame: nw.LazyFrame
    rows_read: int
    rows: int
    period: tuple[datetime.date, datetime.date] | None
    complete_to: datetime.date | None
    note: str
    attributes: tuple[str, ...]
    instrument: Instrument | None
    repairs: tuple[Finding, ...]
    exclusions: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def provenance(self) -> dict[str, Any]:
        """What a results file keeps about this input, ready for JSON."""
        return {
            "input": self.input,
            "uri": self.uri,
            "sha256": self.sha256,
            "rows_read": self.rows_read,
            "rows": self.rows,
            "period": [day.isoformat() for day in self.period] if self.period else None,
            "complete_to": self.complete_to.isoformat() if self.complete_to else None,
            "note": self.note,
            "repairs": [asdict(finding) for finding in self.repairs],
            "exclusions": [asdict(finding) for finding in self.exclusions],
            "warnings": [asdict(finding) for finding in self.warnings],
        }

    @property
    def summary(self) -> pd.DataFrame:
        """Columns `kind`, `what`, `rows`: the rows read and kept, and every finding."""
        lines: list[tuple[str, str, int | None]] = [("read", self.uri, self.rows_read)]
        for kind, findings in (
            ("repair", self.repairs),
            ("exclusion", self.exclusions),
            ("warning", self.warnings),
        ):
            lines += [(kind, str(finding), finding.count) for finding in findings]
        lines.append(("kept", "rows of the table", self.rows))
        if self.period:
            first, last = self.period
            lines.append(("period", f"{first} to {last}", None))
            lines.append(("complete to", str(self.complete_to), None))
        if self.note:
            lines.append(("note", self.note, None))
        return pd.DataFrame(lines, columns=["kind", "what", "rows"]).astype({"rows": "Int64"})


@dataclass(frozen=True)
class _Source:
    """A checked entry of the sources file: everything the door needs to read one input."""

    contract: Contract
    entry: dict[str, Any]
    path: Path
    where: str
    sources_file: str
    columns: dict[str, str]
    attributes: tuple[str, ...]
    instrument: Instrument | None
    instrument_hash: str

    @property
    def input(self) -> str:
        return self.contract.name


def load(name: str, sources: str | Path = "data/sources.toml") -> Table:
    """Read, repair and check one input, and return its canonical table.

    `name`: "transactions", "subscriptions" or "servqual_responses". `sources`: the TOML file that
    describes the inputs, relative to the project folder. The canonical Parquet file is kept in
    data/processed under a name made from the hash of the file, its description and this code, and
    taken from there next time.

    Blanks around a value are removed and a declared missing code becomes a blank, both counted as
    repairs; ids stay text as they stand. Raises InputError with every broken rule; then nothing
    is written. Raises ValueError when there is no input of this name.
    """
    if name not in contracts.CONTRACTS:
        raise ValueError(f"no input {name!r}; the inputs are {', '.join(contracts.CONTRACTS)}")
    path, entries = _read_sources(name, sources)
    return _load(name, path, entries)


def check(sources: str | Path = "data/sources.toml") -> dict[str, Table | InputError]:
    """Load every input that a sources file describes; an input that fails gives its error.

    Raises InputError when the sources file itself cannot be read.
    """
    path, entries = _read_sources("sources", sources)
    if not entries:
        _refuse("sources", _shown(path), [("describes no input", "add an entry, see the README")])
    outcomes: dict[str, Table | InputError] = {}
    for name in entries:
        try:
            outcomes[name] = _load(name, path, entries)
        except InputError as error:
            outcomes[name] = error
    return outcomes


def _load(name: str, sources: Path, entries: dict[str, Any]) -> Table:
    source = _source(name, sources, entries)
    digest = _sha256(source)
    key = _cache_key(source, digest)
    folder = PROJECT / "data" / "processed"
    canonical = folder / f"{name}-{key}.parquet"
    report_file = canonical.with_suffix(".json")
    if not (canonical.is_file() and report_file.is_file()):
        _build(source, canonical, report_file)
    report = json.loads(report_file.read_text(encoding="utf-8"))
    declared = source.entry.get("complete_to")
    last_read = report["last_read"] and datetime.date.fromisoformat(report["last_read"])
    return Table(
        input=name,
        uri=source.entry["uri"],
        sha256=digest,
        frame=engine.canonical(canonical),
        rows_read=report["rows_read"],
        rows=report["rows"],
        period=_period(report["period"]),
        complete_to=declared or last_read,
        note=source.entry.get("note", ""),
        attributes=source.attributes,
        instrument=source.instrument,
        repairs=_findings(report["repairs"]),
        exclusions=_findings(report["exclusions"]),
        warnings=_findings(report["warnings"]),
    )


def _findings(items: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(**item) for item in items)


def _period(days: list[str] | None) -> tuple[datetime.date, datetime.date] | None:
    if days is None:
        return None
    first, last = map(datetime.date.fromisoformat, days)
    return first, last


# --- the description of the inputs ---------------------------------------------------------


def _shown(path: Path) -> str:
    """A path as a reader of the project knows it."""
    if path.is_relative_to(PROJECT):
        return path.relative_to(PROJECT).as_posix()
    return str(path)


def _read_sources(name: str, sources: str | Path) -> tuple[Path, dict[str, Any]]:
    path = (PROJECT / sources).resolve()
    shown = _shown(path)
    try:
        return path, tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        problem, remedy = "no such file", "correct the parameter sources, or write the file"
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem, remedy = f"not a TOML file: {error}", "correct it there"
    raise InputError(name, shown, [Violation(shown, problem, remedy)])


def _source(name: str, sources: Path, entries: dict[str, Any]) -> _Source:
    shown = _shown(sources)
    if name not in contracts.CONTRACTS:
        known = ", ".join(contracts.CONTRACTS)
        remedy = f"the inputs are {known}{_closest(name, contracts.CONTRACTS)}"
        raise InputError(
            name, shown, [Violation(shown, f"[{name}] is not the name of an input", remedy)]
        )
    entry = entries.get(name)
    if not isinstance(entry, dict):
        described = ", ".join(entries) or "nothing"
        raise InputError(
            name,
            shown,
            [
                Violation(
                    shown,
                    f"no entry [{name}]",
                    f"describe the file under [{name}] in {shown}; it describes {described}",
                )
            ],
        )
    where = f"[{name}] of {shown}"
    problems = _entry_problems(name, entry, where)
    if problems:
        _refuse(name, shown, problems)
    instrument, instrument_hash = None, ""
    contract = contracts.CONTRACTS[name]
    if "instrument" in entry:
        instrument_file = (sources.parent / entry["instrument"]).resolve()
        try:
            instrument = contracts.load_instrument(instrument_file)
        except ValueError as error:
            _refuse(name, _shown(instrument_file), [(str(error), f"see instrument in {where}")])
        instrument_hash = hashlib.sha256(instrument_file.read_bytes()).hexdigest()
        contract = contracts.servqual_responses(instrument)
    attributes = tuple(entry.get("attributes", ()))
    columns = entry["columns"] | _patterned(entry, instrument)
    if problems := _mapping_problems(contract, columns, attributes, where):
        _refuse(name, shown, problems)
    return _Source(
        contract=contract,
        entry=entry,
        path=(sources.parent / entry["uri"]).resolve(),
        where=where,
        sources_file=shown,
        columns=columns,
        attributes=attributes,
        instrument=instrument,
        instrument_hash=instrument_hash,
    )


def _refuse(name: str, file: str, problems: Sequence[tuple[str, str]]) -> NoReturn:
    raise InputError(name, file, [Violation(file, rule, remedy) for rule, remedy in problems])


def _closest(name: str, names: Sequence[str] | dict[str, Any]) -> str:
    by_folded = {known.casefold(): known for known in names}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return f'; the closest is "{by_folded[close[0]]}"' if close else ""


def _entry_problems(name: str, entry: dict[str, Any], where: str) -> list[tuple[str, str]]:
    known = _KEYS[name]
    problems = [
        (
            f"unknown key {key}",
            f"the keys of [{name}] are {', '.join(known)}{_closest(key, known)}",
        )
        for key in entry
        if key not in known
    ]
    problems += [
        (f"{key} is missing", f"add it to {where}")
        for key in _REQUIRED_KEYS[name]
        if key not in entry
    ]
    for key, kind in known.items():
        if key in entry and not _is_of_kind(entry[key], kind):
            problems.append((f"{key} = {entry[key]!r}", f"write it as {_HOW_TO_WRITE[kind]}"))
    if problems:
        return problems
    if entry.get("refunds", "exclude") != "exclude":
        problems.append((f'refunds = "{entry["refunds"]}"', 'the policy known is "exclude"'))
    if not engine.valid_date_format(entry.get("date_format", _ISO)):
        problems.append((f'date_format = "{entry["date_format"]}"', "see strftime for the codes"))
    problems += _date_format_problems(entry.get("date_format", _ISO))
    if len(entry.get("delimiter", ",")) != 1:
        problems.append(("the delimiter is not one character", 'write it like delimiter = ";"'))
    for key, placeholder in (
        ("expectation", "{item}"),
        ("perception", "{item}"),
        ("importance", "{dimension}"),
    ):
        if placeholder not in entry.get(key, placeholder):
            problems.append((f'{key} = "{entry[key]}"', f"it must contain {placeholder}"))
    return problems


def _date_format_problems(date_format: str) -> list[tuple[str, str]]:
    codes = set(re.findall(r"%[-]?([A-Za-z])", date_format))
    shown = f'date_format = "{date_format}"'
    if codes & {"z", "Z"}:
        remedy = "write the local day of each row into the file: a time zone would move days"
        return [(f"{shown} reads a time zone", remedy)]
    year, month, day = codes & set("Yy"), codes & set("mbB"), codes & {"d"}
    if not ((year and (codes & {"j"} or (month and day))) or codes & set("xc")):
        return [(f"{shown} does not give year, month and day", 'write it like "%d/%m/%Y"')]
    return []


def _is_of_kind(value: object, kind: type) -> bool:
    if kind is datetime.date and isinstance(value, datetime.datetime):
        return False
    if kind is list and isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    if kind is dict and isinstance(value, dict):
        return all(isinstance(item, str) for item in value.values())
    return isinstance(value, kind)


def _patterned(entry: dict[str, Any], instrument: Instrument | None) -> dict[str, str]:
    """The columns that patterns such as expectation = "E{item}" stand for."""
    if instrument is None:
        return {}
    columns = {
        f"{letter}_{item.id}": entry[key].replace("{item}", item.id)
        for letter, key in (("E", "expectation"), ("P", "perception"))
        for item in instrument.items
    }
    if "importance" in entry:
        columns |= {
            f"importance_{name}": entry["importance"].replace("{dimension}", name)
            for name in instrument.dimensions
        }
    return columns


def _mapping_problems(
    contract: Contract, columns: dict[str, str], attributes: Sequence[str], where: str
) -> list[tuple[str, str]]:
    known = [column.name for column in contract.columns]
    problems = [
        (
            f"columns names {name}, which is no column of {contract.name}",
            f"its columns are {', '.join(known[:_SHOWN_NAMES])}{_closest(name, known)};"
            " others can be named in attributes",
        )
        for name in columns
        if name not in known
    ]
    problems += [
        (
            f"columns does not say which column of the file is {column.name}",
            f'add {column.name} = "..." to columns in {where}',
        )
        for column in contract.columns
        if column.required and column.name not in columns
    ]
    taken = {name.casefold() for name in known}
    for name in attributes:
        if name.casefold() in taken or name.startswith("__"):
            problems.append(
                (
                    f'attributes names "{name}", which is named twice or is a name of ours',
                    f"take it out of attributes in {where} (if it is the column of that name, put"
                    f" it into columns: {name} = ...), or rename the column in the file",
                )
            )
        taken.add(name.casefold())
    return problems


# --- the file ------------------------------------------------------------------------------


def _sha256(source: _Source) -> str:
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        shown = _shown(source.path)
        remedy = f"correct uri in {source.where}, or put the file there"
        raise InputError(
            source.input, shown, [Violation(shown, "no such file, or it may not be read", remedy)]
        ) from None


def _cache_key(source: _Source, digest: str) -> str:
    """Everything the canonical file depends on: data, description, instrument and code."""
    code = [Path(module.__file__ or "").read_bytes() for module in (engine, contracts)]
    parts = [
        digest,
        json.dumps(source.entry, sort_keys=True, default=str),
        source.instrument_hash,
        hashlib.sha256(b"".join([*code, Path(__file__).read_bytes()])).hexdigest(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _build(source: _Source, canonical: Path, report_file: Path) -> None:
    """Make the canonical file and its report, each put in place whole or not at all."""
    file = _open(source)
    _check_header(source, file)
    canonical.parent.mkdir(parents=True, exist_ok=True)
    mark = uuid.uuid4().hex
    staged = canonical.parent / f".{mark}.staged"
    parquet, report = staged.with_suffix(".parquet"), staged.with_suffix(".json")
    try:
        text = _convert(source, file, staged, parquet)
        report.write_text(json.dumps(text, indent=2), encoding="utf-8")
        os.replace(parquet, canonical)
        os.replace(report, report_file)
    finally:
        for path in (staged, parquet, report):
            path.unlink(missing_ok=True)


def _open(source: _Source) -> engine.File:
    try:
        return engine.open_file(source.path, source.entry.get("delimiter", ","))
    except engine.UnreadableFileError as error:
        raise _unreadable(source, error) from error


def _unreadable(source: _Source, error: engine.UnreadableFileError) -> InputError:
    shown = _shown(source.path)
    return InputError(source.input, shown, [Violation(shown, error.problem, error.remedy)])


def _check_header(source: _Source, file: engine.File) -> None:
    shown = _shown(source.path)
    names = file.names
    if len(names) == 1 and len(source.columns) > 1:
        found = next((mark for mark in (";", "\t", "|", ",") if mark in names[0]), None)
        remedy = f"declare what stands between the columns in {source.where}: delimiter = "
        rule = "the file has a single column, so another delimiter"
        raise InputError(
            source.input, shown, [Violation(shown, rule, remedy + json.dumps(found or "..."))]
        )
    problems = [
        Violation(
            shown,
            f'column name "{name}" occurs {names.count(name)} times' if name else "blank name",
            "give each column a name of its own in the header line",
            places=(file.skipped_lines,) if file.is_csv else (),
        )
        for name in dict.fromkeys(names)
        if not name or names.count(name) > 1
    ]
    has = ", ".join(names[:_SHOWN_NAMES]) + (", ..." if len(names) > _SHOWN_NAMES else "")
    for canonical, theirs in _wanted(source).items():
        if theirs not in names:
            remedy = f"correct the name in {source.where}{_closest(theirs, names)}"
            if not any(violation.column for violation in problems):
                remedy += f"; the file has {has}"
            problems.append(
                Violation(
                    shown,
                    "no such column in the file",
                    remedy,
                    column=canonical,
                    source_column=theirs,
                )
            )
    for name in _ids(source) & source.columns.keys():
        theirs = source.columns[name]
        if theirs in names and file.holds_floats(names.index(theirs)):
            problems.append(
                Violation(
                    shown,
                    "ids stored as floating-point numbers, which lose digits and leading zeros",
                    "write the file again with the ids as text",
                    column=name,
                    source_column=theirs,
                )
            )
    zoned = [
        Violation(
            shown,
            "times with a time zone, which would move days",
            "write the local day of each row into the file",
            column=canonical,
            source_column=theirs,
        )
        for canonical, theirs in _wanted(source).items()
        if theirs in names and file.types[names.index(theirs)] == engine.ZONED
    ]
    if problems or zoned:
        raise InputError(source.input, shown, problems + zoned)


def _wanted(source: _Source) -> dict[str, str]:
    """Every column to read: canonical name -> name in the file."""
    return source.columns | {name: name for name in source.attributes}


def _ids(source: _Source) -> set[str]:
    """The canonical columns that hold ids: kept as they stand, and never shown in an error."""
    return {column.name for column in source.contract.columns if column.type == "text"}


def _casts(source: _Source, file: engine.File) -> list[engine.Cast]:
    types = {column.name: column.type for column in source.contract.columns}
    entry = source.entry
    return [
        engine.Cast(
            name=name,
            index=file.names.index(theirs),
            type=types.get(name, "text"),
            date_format=entry.get("date_format", _ISO),
            missing=() if name in _ids(source) else tuple(entry.get("missing", ())),
            true_values=tuple(entry.get("true_values", _TRUE_VALUES)),
            false_values=tuple(entry.get("false_values", _FALSE_VALUES)),
        )
        for name, theirs in _wanted(source).items()
    ]


def _convert(source: _Source, file: engine.File, staged: Path, parquet: Path) -> dict[str, Any]:
    """Stage, check and write the canonical rows; return the report of what was done."""
    try:
        rejected = engine.stage(file, _casts(source, file), staged)
    except engine.UnreadableFileError as error:
        raise _unreadable(source, error) from error
    problems = [_rejected(source, rejects) for rejects in rejected]
    if any(rejects.ends_table for rejects in rejected):
        raise InputError(source.input, _shown(source.path), problems)
    frame = engine.staged(staged)
    rules = contracts.row_rules(
        source.contract,
        tuple(_wanted(source)),
        source.where,
        complete_to=source.entry.get("complete_to", datetime.date.today()),
        refunds=source.entry.get("refunds", ""),
        date_format=source.entry.get("date_format", _ISO),
    )
    found = contracts.check(frame, source.contract, rules, source.attributes)
    problems += _broken_rules(source, file, frame, rules, found)
    problems += _broken_table(source, file, frame, found, problems)
    if problems:
        raise InputError(source.input, _shown(source.path), problems)
    numbers = set(source.attributes) - set(found.texts)
    columns = [
        nw.col(name).cast(nw.Float64) if name in numbers else nw.col(name)
        for name in _wanted(source)
    ]
    engine.write(frame.filter(contracts.keep(rules)).select(*columns), parquet)
    return _report(source, file, rules, found)


def _rejected(source: _Source, rejects: engine.Rejected) -> Violation:
    return Violation(
        _shown(source.path),
        rejects.problem,
        rejects.remedy,
        count=rejects.count,
        places=rejects.lines,
    )


def _broken_rules(
    source: _Source,
    file: engine.File,
    frame: nw.LazyFrame,
    rules: Sequence[Rule],
    found: contracts.Checked,
) -> list[Violation]:
    broken = {
        number: rule
        for number, (rule, count) in enumerate(zip(rules, found.counts, strict=True))
        if count and rule.outcome == "error"
    }
    first = contracts.first_rows(frame, {number: rule.broken for number, rule in broken.items()})
    places = engine.locate(file, {row for rows in first.values() for row in rows})
    violations = []
    for number, rule in broken.items():
        theirs = _wanted(source)[rule.column]
        index = file.names.index(theirs)
        texts = dict.fromkeys(places[row][1][index] for row in first[number])
        violations.append(
            Violation(
                _shown(source.path),
                rule.text,
                rule.remedy,
                column=rule.column,
                source_column=theirs,
                count=found.counts[number],
                places=tuple(places[row][0] for row in first[number]),
                unit="line" if file.is_csv else "row",
                examples=() if rule.column in _ids(source) else tuple(filter(None, texts)),
            )
        )
    return violations


def _broken_table(
    source: _Source,
    file: engine.File,
    frame: nw.LazyFrame,
    found: contracts.Checked,
    problems: Sequence[Violation],
) -> list[Violation]:
    """Violations that no single row commits and `problems` do not already explain."""
    shown = _shown(source.path)
    if found.rows == 0 and problems:
        return []
    if found.rows_read == 0:
        return [Violation(shown, "no rows", "export the file again: it has a header only")]
    if found.rows == 0:
        return [Violation(shown, "no rows are left", "every row is excluded: look at the file")]
    violations = []
    if found.repeated:
        key = source.contract.key
        count, rows = contracts.repeated_keys(frame, key)
        places = engine.locate(file, rows)
        violations.append(
            Violation(
                shown,
                "the same id in more than one row",
                "leave one row per id in the file",
                column=key,
                source_column=source.columns[key],
                count=count,
                places=tuple(places[row][0] for row in rows),
                unit="line" if file.is_csv else "row",
            )
        )
    if found.one_class and not any(violation.column == "churned" for violation in problems):
        violations.append(
            Violation(
                shown,
                "every customer has the same value",
                "take a file with customers who left and customers who stayed",
                column="churned",
                source_column=source.columns["churned"],
                count=found.rows_read,
            )
        )
    return violations


def _report(
    source: _Source, file: engine.File, rules: Sequence[Rule], found: contracts.Checked
) -> dict[str, Any]:
    wanted = _wanted(source)
    findings: dict[str, list[Finding]] = {"repair": [], "exclusion": [], "warning": []}
    if file.padded_names:
        what = f"blanks around the name removed: {', '.join(file.padded_names)}"
        findings["repair"].append(Finding("", "", f"header: {what}", len(file.padded_names)))
    for rule, count in zip(rules, found.counts, strict=True):
        if not count or rule.outcome == "error":
            continue
        finding = Finding(rule.column, wanted.get(rule.column, ""), rule.text, count)
        findings[rule.outcome].append(finding)
        if rule.outcome == "exclusion" and not rule.asked:
            share = f"{rule.text}: {100 * count / found.rows_read:.1f} % of the rows left out"
            findings["warning"].append(
                Finding(rule.column, wanted.get(rule.column, ""), share, count)
            )
    return {
        "rows_read": found.rows_read,
        "rows": found.rows,
        "period": [str(found.first), str(found.last)] if found.first else None,
        "last_read": str(found.last_read) if found.last_read else None,
        "repairs": [asdict(finding) for finding in findings["repair"]],
        "exclusions": [asdict(finding) for finding in findings["exclusion"]],
        "warnings": [asdict(finding) for finding in findings["warning"]],
    }
