"""A canonical table made from a file: read, repaired, checked, written whole or not at all."""

import datetime
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import narwhals as nw

from cxlib import contracts, engine, selection, subscriptions, transactions
from cxlib.contracts import InputError, Rule, Violation
from cxlib.door.breaches import broken_rules, broken_table, rejected
from cxlib.door.findings import TIMES, Finding
from cxlib.door.headers import check_header
from cxlib.sources import ISO_DATE, Source, shown

_MODULES = ("instruments", "contracts", "selection", "transactions", "subscriptions", "sources")
_TRUE_VALUES = ("true", "1", "yes")


_FALSE_VALUES = ("false", "0", "no")


def sha256(source: Source) -> str:
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        file_name = shown(source.path)
        remedy = (
            f"correct uri in {source.where} (it counts from the folder of that file), or put the"
            " file there"
        )
        raise InputError(
            source.input,
            file_name,
            [Violation(file_name, "no such file, or it may not be read", remedy)],
        ) from None


def cache_key(source: Source, digest: str) -> str:
    """Everything the canonical file depends on: data, description, instrument and code."""
    code = b"".join(module.read_bytes() for module in _modules())
    parts = [
        digest,
        json.dumps([source.entry, source.texts], sort_keys=True, default=str),
        source.instrument_hash,
        hashlib.sha256(code).hexdigest(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def build(source: Source, canonical: Path, report_file: Path) -> None:
    """Make the canonical file and its report, each put in place whole or not at all."""
    canonical.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".", suffix=".staged", dir=canonical.parent))
    parquet, report = scratch / "canonical.parquet", scratch / "report.json"
    try:
        file = _open(source, scratch)
        check_header(source, file)
        text = _convert(source, file, scratch, parquet)
        report.write_text(json.dumps(text, indent=2), encoding="utf-8")
        os.replace(parquet, canonical)
        os.replace(report, report_file)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _open(source: Source, scratch: Path) -> engine.File:
    try:
        return engine.open_file(source.path, source.form, scratch)
    except engine.UnreadableFileError as error:
        raise _unreadable(source, error) from error


def _unreadable(source: Source, error: engine.UnreadableFileError) -> InputError:
    file_name = shown(source.path)
    return InputError(source.input, file_name, [Violation(file_name, error.problem, error.remedy)])


def _casts(source: Source, file: engine.File) -> list[engine.Cast]:
    types = {column.name: column.type for column in source.contract.columns}
    entry = source.entry
    return [
        engine.Cast(
            name=name,
            index=file.names.index(theirs),
            type=types.get(name, "text"),
            date_format=entry.get("date_format", ISO_DATE),
            missing=() if name in source.ids else source.missing.get(name, ()),
            true_values=tuple(entry.get("true_values", _TRUE_VALUES)),
            false_values=tuple(entry.get("false_values", _FALSE_VALUES)),
        )
        for name, theirs in source.staged.items()
    ]


def _convert(source: Source, file: engine.File, scratch: Path, parquet: Path) -> dict[str, Any]:
    """Stage, check and write the canonical rows; return the report of what was done."""
    staged, windowed = scratch / "staged.parquet", scratch / "windowed.parquet"
    try:
        refused = engine.stage(file, _casts(source, file), staged)
    except engine.UnreadableFileError as error:
        raise _unreadable(source, error) from error
    problems = [rejected(source, records) for records in refused]
    if any(records.ends_table for records in refused):
        raise InputError(source.input, shown(source.path), problems)
    frame, rules = _ruled(source, engine.staged(staged))
    if source.terms.is_windowed:
        # Looked through several times, and costly to compute.
        engine.write(frame, windowed)
        frame = engine.canonical(windowed)
    day = source.terms.day if source.terms.is_windowed else ""
    found = contracts.check(frame, source.contract, rules, tuple(source.attributes), day)
    problems += broken_rules(source, file, frame, rules, found)
    problems += broken_table(source, file, frame, found, problems)
    kept = frame.filter(contracts.keep(rules))
    money = transactions.money(kept, source.terms, source.columns, shown(source.path), source.where)
    problems += money.violations
    if problems:
        raise InputError(source.input, shown(source.path), problems)
    # Shares of all customers are declared by the text of a value.
    numbers = set(source.attributes) - {*found.texts, *source.texts, *source.margins}
    columns = [_canonical(source, name, name in numbers) for name in source.kept]
    engine.write(transactions.canonical(kept, source.terms).select(*columns), parquet)
    report = _report(source, file, rules, found)
    if source.input == contracts.TRANSACTIONS.name:
        doubts = transactions.lost_refunds(frame, source.terms)
        doubts += transactions.unlike_amounts(engine.staged(parquet), found.rows)
        theirs = TIMES.join(source.in_file("amount"))
        report["warnings"] += [asdict(Finding("amount", theirs, *doubt)) for doubt in doubts]
        if "complete_to" in source.entry:
            silent = transactions.silent_end(engine.staged(parquet), source.entry["complete_to"])
            dates = source.columns["date"]
            report["warnings"] += [asdict(Finding("date", dates, *doubt)) for doubt in silent]
    if "ended" in source.columns and source.input == contracts.SUBSCRIPTIONS.name:
        doubts = subscriptions.silent_ends(
            engine.canonical(parquet),
            source.entry["complete_to"],
            source.entry.get("observed_from"),
        )
        dates = source.columns["ended"]
        report["warnings"] += [asdict(Finding("ended", dates, *doubt)) for doubt in doubts]
    return report | {"currency": money.currency}


def _ruled(source: Source, frame: nw.LazyFrame) -> tuple[nw.LazyFrame, list[Rule]]:
    """The staged table with what is computed of its rows, and every rule for them."""
    rules = selection.rules(source.only) + contracts.row_rules(
        source.contract,
        tuple(source.wanted),
        source.where,
        complete_to=source.entry.get("complete_to", datetime.date.today()),
        date_format=source.entry.get("date_format", ISO_DATE),
        reverse=source.turned,
    )
    if source.input == contracts.TRANSACTIONS.name:
        frame, rules = transactions.applied(frame, source.terms, rules, source.where)
    elif source.input == contracts.SUBSCRIPTIONS.name:
        frame, rules = subscriptions.applied(
            frame, source.entry, source.columns, rules, source.where
        )
    elif source.input == contracts.SUBSCRIPTION_MONTHS.name:
        frame = subscriptions.by_month(frame)
    # A row of another report is that and nothing else.
    return frame, sorted(rules, key=lambda rule: not rule.selects)


def _canonical(source: Source, name: str, is_number: bool) -> nw.Expr:
    """A staged column as it stands in the canonical table."""
    value = nw.col(name)
    if is_number:
        return value.cast(nw.Float64)
    if name in source.turned and source.instrument:
        turned = sum(source.instrument.scale) - value
        return nw.when(source.turned[name]).then(turned).otherwise(value).alias(name)
    if name == "role" and source.roles:
        ours = nw.lit(None, nw.String)
        for theirs, role in source.roles.items():
            ours = nw.when(value == theirs).then(nw.lit(role)).otherwise(ours)
        return ours.alias(name)
    return value


def _report(
    source: Source, file: engine.File, rules: Sequence[Rule], found: contracts.Checked
) -> dict[str, Any]:
    findings: dict[str, list[Finding]] = {"repair": [], "exclusion": [], "warning": []}
    others = sum(n for rule, n in zip(rules, found.counts, strict=True) if rule.selects)
    if file.padded_names:
        what = f"blanks around the name removed: {', '.join(file.padded_names)}"
        findings["repair"].append(Finding("", "", f"header: {what}", len(file.padded_names)))
    for rule, count in zip(rules, found.counts, strict=True):
        theirs = TIMES.join(source.in_file(rule.column))
        # What the file has is not expected of each part of it.
        if not count and rule.expected and not source.only:
            none = "no row is left out" if rule.outcome == "exclusion" else "in no row"
            findings["warning"].append(Finding("", "", f"{rule.text}: {none}", 0))
        if not count or rule.outcome == "error":
            continue
        finding = Finding(rule.column, theirs, rule.text, count)
        findings[rule.outcome].append(finding)
        if rule.outcome == "exclusion" and not rule.asked:
            of = found.rows_read - others * (not rule.selects)
            share = f"{rule.text}: {100 * count / of:.1f} % of the rows left out"
            findings["warning"].append(Finding(rule.column, theirs, share, count))
    if found.nps and found.nps[0] == 1 and source.scales["nps"][0] == 0:
        unused = (
            f"no answer is 0 among {found.nps[2]:,}: if the question was asked on 1 to 10, declare"
            " nps = [1, 10]"
        )
        findings["warning"].append(Finding("nps", source.columns["nps"], unused, found.nps[2]))
    if source.kept_margins != source.margins:
        said = f"not weighted: margins are shares of all, not {selection.described(source.only)}"
        findings["warning"].append(Finding("", "", said, 0))
    return {
        "rows_read": found.rows_read,
        "rows": found.rows,
        "period": [str(found.first), str(found.last)] if found.first else None,
        "last_read": str(found.last_read) if found.last_read else None,
        "repairs": [asdict(finding) for finding in findings["repair"]],
        "exclusions": [asdict(finding) for finding in findings["exclusion"]],
        "warnings": [asdict(finding) for finding in findings["warning"]],
    }


def _modules() -> list[Path]:
    """The files of the code that makes canonical tables."""
    library = Path(__file__).parents[1]
    files = [library / f"{module}.py" for module in _MODULES]
    return files + sorted([*library.glob("door/*.py"), *library.glob("engine/*.py")])
