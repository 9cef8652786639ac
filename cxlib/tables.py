"""The door: source description -> read -> repair -> check -> canonical table.

The only place where a user's column names exist. `load` returns a `Table` or raises
`contracts.InputError` with everything that is wrong; nothing is dropped or mended uncounted.
"""

import datetime
import hashlib
import json
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from cxlib import PROJECT, contracts, engine, selection, subscriptions, transactions
from cxlib.contracts import InputError, Rule, Violation
from cxlib.instruments import Instrument
from cxlib.sources import ISO_DATE, Source, closest, describe, read, refuse, shown

_TRUE_VALUES = ("true", "1", "yes")
_FALSE_VALUES = ("false", "0", "no")
_SHOWN_NAMES = 30
_ENOUGH_FOR_NPS = 30
# Between the names of two columns whose product is read.
_TIMES = " x "


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

    `frame`: lazy, canonical column names; optional columns that the source does not map are not in
    it. `rows_read`: rows of the file; `rows`: rows left after the exclusions. `period`: first and
    last date of those rows. `complete_to`: last day the file covers (declared, else the last date
    in the file), or the last of the month that is asked for. `attributes`: the columns kept under
    the user's names for them, numbers where every value is a plain number, else text. Of feedback:
    `drivers`, the columns of rated drivers; `scales`, lowest and highest answer of each metric and
    of the drivers; `ces_easy`, "high" or "low". `margins`: attribute -> value -> share of all
    customers, where declared. Of transactions: `currency`, the code of the amounts, "" if nothing
    says it; `refunds`, the declared policy ("", "exclude" or "net"). Of subscriptions: `leavers`,
    whose leaving the file records: "all", "last month" or "" (not known, or not from the first day
    on); `observed_from`, the first day from which it holds those who left, None where it always
    does or has no dates; `fixed`, the columns known since sign-up that never changed;
    `campaign_day`, the first day of the campaign that the column `treated` is about, None without
    dates.
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
    drivers: tuple[str, ...]
    scales: dict[str, tuple[int, int]]
    ces_easy: str
    margins: dict[str, dict[str, float]]
    currency: str
    refunds: str
    leavers: str
    observed_from: datetime.date | None
    fixed: tuple[str, ...]
    campaign_day: datetime.date | None
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
            "currency": self.currency,
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
        if self.observed_from:
            lines.append(("those who left", f"from {self.observed_from} on", None))
        if self.currency:
            lines.append(("currency", self.currency, None))
        if self.note:
            lines.append(("note", self.note, None))
        return pd.DataFrame(lines, columns=["kind", "what", "rows"]).astype({"rows": "Int64"})

    def lend(self, frame: pd.DataFrame) -> nw.LazyFrame:
        """A small frame, such as one of scores, made lazy so that `self.frame` can be joined to it.

        The index is left out, and a missing value is null. Frames of all tables can be joined, for
        one process has one engine; a method, because notebooks know tables and no engine.
        """
        return engine.lend(frame)

    def keep(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """What was made of `self.frame`, computed once: a lazy frame is else computed at each use.

        Held on disk, not in memory, while the process lives. A method for the reason of `lend`.
        """
        return engine.keep(frame)

    def map_batches(
        self, frame: nw.LazyFrame, function: Callable[[pd.DataFrame], pd.DataFrame]
    ) -> nw.LazyFrame:
        """What `function` makes of the rows of a lazy frame, a batch after another: lazy again.

        For models that need the rows in Python, such as scores of millions of customers. Held on
        disk while the process lives. A method for the reason of `lend`.
        """
        return engine.map_batches(frame, function)


def load(name: str, sources: str | Path = "data/sources.toml") -> Table:
    """Read, repair and check one input, and return its canonical table.

    `name`: one of `contracts.CONTRACTS`. `sources`: the TOML file that describes the inputs,
    relative to the project folder. The canonical Parquet file is kept in
    data/processed under a name made from the hash of the file, its description and this code, and
    taken from there next time.

    Blanks around a value are removed and a declared missing code becomes a blank, both counted as
    repairs; ids stay text as they stand. Raises InputError with every broken rule; then nothing
    is written. Raises ValueError when there is no input of this name.
    """
    if name not in contracts.CONTRACTS:
        raise ValueError(f"no input {name!r}; the inputs are {', '.join(contracts.CONTRACTS)}")
    path, entries = read(name, sources)
    return _load(name, path, entries)


def load_if_described(name: str, sources: str | Path = "data/sources.toml") -> Table | None:
    """As `load`; None where the sources file has no entry of this name."""
    return load(name, sources) if name in read(name, sources)[1] else None


def check(sources: str | Path = "data/sources.toml") -> dict[str, Table | InputError]:
    """Load every input that a sources file describes; an input that fails gives its error.

    Raises InputError when the sources file itself cannot be read.
    """
    path, entries = read("sources", sources)
    if not entries:
        refuse("sources", shown(path), [("describes no input", "add an entry, see the README")])
    outcomes: dict[str, Table | InputError] = {}
    for name in entries:
        try:
            outcomes[name] = _load(name, path, entries)
        except InputError as error:
            outcomes[name] = error
    return outcomes


def values(name: str, column: str, sources: str | Path = "data/sources.toml") -> dict[str, int]:
    """What `only` may ask of a column of an input: each value, or month of `date`, and its rows.

    Blanks are not counted. Raises InputError as `load` does, and for a column of another kind.
    """
    path, entries = read(name, sources)
    source = describe(name, path, entries)
    if wrong := selection.column_problems([column], source.selectable):
        refuse(name, source.sources_file, wrong)
    if column in source.only:
        return {source.only[column]: _table(source).rows}
    return selection.values(_table(replace(source, texts=(column,))).frame, column)


def _load(name: str, sources: Path, entries: dict[str, Any]) -> Table:
    return _table(describe(name, sources, entries))


def _table(source: Source) -> Table:
    name = source.input
    digest = _sha256(source)
    key = _cache_key(source, digest)
    folder = PROJECT / "data" / "processed"
    canonical = folder / f"{name}-{key}.parquet"
    report_file = canonical.with_suffix(".json")
    if not (canonical.is_file() and report_file.is_file()):
        _build(source, canonical, report_file)
    report = json.loads(report_file.read_text(encoding="utf-8"))
    last_read = report["last_read"] and selection.complete_to(
        source.only, datetime.date.fromisoformat(report["last_read"])
    )
    note = source.entry.get("note", "")
    if source.only:
        note = f"{note or source.entry['uri']}; {selection.described(source.only)}"
    return Table(
        input=name,
        uri=source.entry["uri"],
        sha256=digest,
        frame=engine.canonical(canonical),
        rows_read=report["rows_read"],
        rows=report["rows"],
        period=_period(report["period"]),
        complete_to=source.complete_to or last_read,
        note=note,
        attributes=tuple(source.kept_attributes),
        instrument=source.instrument,
        drivers=source.drivers,
        scales=source.scales,
        ces_easy=source.entry.get("ces_easy", ""),
        margins=source.kept_margins,
        currency=report["currency"],
        refunds=source.terms.refunds,
        leavers=subscriptions.leavers(source.entry, source.columns),
        observed_from=source.entry.get("observed_from"),
        fixed=tuple(one for one in source.entry.get("fixed", ()) if one not in source.only),
        campaign_day=source.entry.get("campaign_day"),
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


# --- the file ------------------------------------------------------------------------------


def _sha256(source: Source) -> str:
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


def _cache_key(source: Source, digest: str) -> str:
    """Everything the canonical file depends on: data, description, instrument and code."""
    code = b"".join(
        Path(__file__).with_name(f"{module}.py").read_bytes()
        for module in (
            *("engine", "instruments", "contracts", "selection", "transactions"),
            *("subscriptions", "sources", "tables"),
        )
    )
    parts = [
        digest,
        json.dumps([source.entry, source.texts], sort_keys=True, default=str),
        source.instrument_hash,
        hashlib.sha256(code).hexdigest(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _build(source: Source, canonical: Path, report_file: Path) -> None:
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
        for path in (staged, staged.with_suffix(".windowed"), parquet, report):
            path.unlink(missing_ok=True)


def _open(source: Source) -> engine.File:
    try:
        return engine.open_file(source.path, source.entry.get("delimiter", ","))
    except engine.UnreadableFileError as error:
        raise _unreadable(source, error) from error


def _unreadable(source: Source, error: engine.UnreadableFileError) -> InputError:
    file_name = shown(source.path)
    return InputError(source.input, file_name, [Violation(file_name, error.problem, error.remedy)])


def _check_header(source: Source, file: engine.File) -> None:
    file_name = shown(source.path)
    names = file.names
    if len(names) == 1 and len(source.columns) > 1:
        found = next((mark for mark in (";", "\t", "|", ",") if mark in names[0]), None)
        remedy = f"declare what stands between the columns in {source.where}: delimiter = "
        rule = "the file has a single column, so another delimiter"
        raise InputError(
            source.input,
            file_name,
            [Violation(file_name, rule, remedy + json.dumps(found or "..."))],
        )
    problems = [
        Violation(
            file_name,
            f'column name "{name}" occurs {names.count(name)} times' if name else "blank name",
            "give each column a name of its own in the header line",
            places=(file.skipped_lines,) if file.is_csv else (),
        )
        for name in dict.fromkeys(names)
        if not name or names.count(name) > 1
    ]
    has = ", ".join(names[:_SHOWN_NAMES]) + (", ..." if len(names) > _SHOWN_NAMES else "")
    for canonical, theirs in source.staged.items():
        if theirs not in names:
            remedy = f"correct the name in {source.where}{closest(theirs, names)}"
            if not any(violation.column for violation in problems):
                remedy += f"; the file has {has}"
            problems.append(
                Violation(
                    file_name,
                    "no such column in the file",
                    remedy,
                    column=canonical,
                    source_column=theirs,
                )
            )
    for name in source.ids & source.columns.keys():
        theirs = source.columns[name]
        if theirs in names and file.holds_floats(names.index(theirs)):
            problems.append(
                Violation(
                    file_name,
                    "ids stored as floating-point numbers, which lose digits and leading zeros",
                    "write the file again with the ids as text",
                    column=name,
                    source_column=theirs,
                )
            )
    zoned = [
        Violation(
            file_name,
            "times with a time zone, which would move days",
            "write the local day of each row into the file",
            column=canonical,
            source_column=theirs,
        )
        for canonical, theirs in source.wanted.items()
        if theirs in names and file.types[names.index(theirs)] == engine.ZONED
    ]
    if problems or zoned:
        raise InputError(source.input, file_name, problems + zoned)


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


def _convert(source: Source, file: engine.File, staged: Path, parquet: Path) -> dict[str, Any]:
    """Stage, check and write the canonical rows; return the report of what was done."""
    windowed = staged.with_suffix(".windowed")
    try:
        rejected = engine.stage(file, _casts(source, file), staged)
    except engine.UnreadableFileError as error:
        raise _unreadable(source, error) from error
    problems = [_rejected(source, rejects) for rejects in rejected]
    if any(rejects.ends_table for rejects in rejected):
        raise InputError(source.input, shown(source.path), problems)
    frame, rules = _ruled(source, engine.staged(staged))
    if source.terms.is_windowed:
        # Looked through several times, and costly to compute.
        engine.write(frame, windowed)
        frame = engine.canonical(windowed)
    day = source.terms.day if source.terms.is_windowed else ""
    found = contracts.check(frame, source.contract, rules, tuple(source.attributes), day)
    problems += _broken_rules(source, file, frame, rules, found)
    problems += _broken_table(source, file, frame, found, problems)
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
        theirs = _TIMES.join(source.in_file("amount"))
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


def _rejected(source: Source, rejects: engine.Rejected) -> Violation:
    return Violation(
        shown(source.path),
        rejects.problem,
        rejects.remedy,
        count=rejects.count,
        places=rejects.lines,
    )


def _broken_rules(
    source: Source,
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
        theirs = source.in_file(rule.column)
        indices = [file.names.index(name) for name in theirs]
        texts = dict.fromkeys(
            _TIMES.join(places[row][1][index] for index in indices) for row in first[number]
        )
        violations.append(
            Violation(
                shown(source.path),
                rule.text,
                rule.remedy,
                column=rule.column,
                source_column=_TIMES.join(theirs),
                count=found.counts[number],
                places=tuple(places[row][0] for row in first[number]),
                unit="line" if file.is_csv else "row",
                examples=() if rule.column in source.ids else tuple(filter(None, texts)),
            )
        )
    return violations


def _broken_table(
    source: Source,
    file: engine.File,
    frame: nw.LazyFrame,
    found: contracts.Checked,
    problems: Sequence[Violation],
) -> list[Violation]:
    """Violations that no single row commits and `problems` do not already explain."""
    file_name = shown(source.path)
    if found.rows == 0 and problems:
        return []
    if found.rows_read == 0:
        return [Violation(file_name, "no rows", "export the file again: it has a header only")]
    if found.rows == 0 and (unknown := selection.unknown_values(frame, source.only)):
        return [
            Violation(file_name, f"no row is of {what}", f"correct only; there are {those}")
            for what, those in unknown
        ]
    if found.rows == 0:
        return [Violation(file_name, "no rows are left", "every row is excluded: look at the file")]
    violations = []
    if found.repeated:
        key = source.contract.key
        count, rows = contracts.repeated_keys(frame, key)
        places = engine.locate(file, rows)
        violations.append(
            Violation(
                file_name,
                "the same id in more than one row",
                "leave one row per id in the file",
                column=key,
                source_column=source.columns[key],
                count=count,
                places=tuple(places[row][0] for row in rows),
                unit="line" if file.is_csv else "row",
            )
        )
    violations += _broken_answers(source, file, frame) + _broken_margins(source, frame)
    violations += _broken_months(source, file, frame)
    if found.nps and found.nps[1] <= 5 and found.nps[2] >= _ENOUGH_FOR_NPS:
        violations.append(
            Violation(
                file_name,
                f"no answer is above 5 among {found.nps[2]:,}: not a question answered up to 10",
                f"map the column as csat in {source.where}, with its own scale",
                column="nps",
                source_column=source.columns["nps"],
            )
        )
    if found.one_class and not any(one.column in ("churned", "ended") for one in problems):
        violations.append(
            Violation(
                file_name,
                "every customer has the same value",
                "take a file with customers who left and customers who stayed",
                column="churned",
                source_column=source.in_file("churned")[0],
                count=found.rows,
            )
        )
    return violations


def _broken_answers(source: Source, file: engine.File, frame: nw.LazyFrame) -> list[Violation]:
    if source.input != contracts.SERVQUAL_INTERNAL.name:
        return []
    return _repeated(
        source,
        file,
        contracts.repeated_answers(frame),
        column="item",
        rule="more than one answer of a respondent to an item in the same role",
        remedy=f"give each respondent an id of their own (respondent_id in {source.where}), and"
        " leave one answer to an item",
    )


def _broken_months(source: Source, file: engine.File, frame: nw.LazyFrame) -> list[Violation]:
    if source.input != contracts.SUBSCRIPTION_MONTHS.name:
        return []
    return _repeated(
        source,
        file,
        contracts.repeated_months(frame),
        column="month",
        rule="more than one row of a customer and month",
        remedy="leave one row for each customer and month, with all that the customer pays for it",
    )


def _repeated(
    source: Source,
    file: engine.File,
    found: tuple[int, tuple[int, ...]],
    *,
    column: str,
    rule: str,
    remedy: str,
) -> list[Violation]:
    """The violation of rows that stand more than once, told at `column`; none where none do."""
    count, rows = found
    if not count:
        return []
    places = engine.locate(file, rows)
    return [
        Violation(
            shown(source.path),
            rule,
            remedy,
            column=column,
            source_column=source.columns[column],
            count=count,
            places=tuple(places[row][0] for row in rows),
            unit="line" if file.is_csv else "row",
        )
    ]


def _broken_margins(source: Source, frame: nw.LazyFrame) -> list[Violation]:
    """Values without a declared share, and declared shares of values that nobody has."""
    violations = []
    for attribute, shares in source.margins.items():
        found = contracts.value_counts(frame, attribute)
        for value in sorted(set(found) - set(shares)):
            rule = f'margins gives no share to "{value}"'
            remedy = f"add it to margins in {source.where}{closest(value, shares)}"
            violations.append(
                Violation(
                    shown(source.path), rule, remedy, attribute, attribute, count=found[value]
                )
            )
        for value in sorted(set(shares) - set(found)):
            rule = f'margins names "{value}", which is in no row'
            remedy = (
                f"correct it in {source.where}{closest(value, found)}, or join it to another value"
            )
            violations.append(Violation(shown(source.path), rule, remedy, attribute, attribute))
    return violations


def _report(
    source: Source, file: engine.File, rules: Sequence[Rule], found: contracts.Checked
) -> dict[str, Any]:
    findings: dict[str, list[Finding]] = {"repair": [], "exclusion": [], "warning": []}
    others = sum(n for rule, n in zip(rules, found.counts, strict=True) if rule.selects)
    if file.padded_names:
        what = f"blanks around the name removed: {', '.join(file.padded_names)}"
        findings["repair"].append(Finding("", "", f"header: {what}", len(file.padded_names)))
    for rule, count in zip(rules, found.counts, strict=True):
        theirs = _TIMES.join(source.in_file(rule.column))
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
