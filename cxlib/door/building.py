"""A canonical table made from a file: read, repaired, checked, written whole or not at all."""

import contextlib
import datetime
import functools
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import narwhals as nw

from cxlib import contracts, engine, notation, selection, subscriptions, transactions
from cxlib.contracts import InputError, Rule, Violation
from cxlib.door import repeats, survey_doubts
from cxlib.door.breaches import broken_rules, broken_table, rejected
from cxlib.door.casts import casts
from cxlib.door.cells import check_cells
from cxlib.door.codes import unmet_codes
from cxlib.door.doubts import doubts
from cxlib.door.findings import TIMES, Finding
from cxlib.door.headers import check_header, spelled_as_in, with_names
from cxlib.door.looks import looks
from cxlib.door.odd_groups import odd_groups
from cxlib.door.personal import without_personal
from cxlib.privacy import modes
from cxlib.sources import Source, shown

# From so many wrong rows on, rows are not compared with one another before they are mended.
_MANY_ERRORS = 100_000
# From so many on, columns of a questionnaire are not named one by one.
_MANY_COLUMNS = 5
# Stands in a report that is kept for the entry of a sources file: no text has this letter.
_WHERE = r"\u0000"
_MODULES = (
    "instruments",
    "contracts",
    "selection",
    "transactions",
    "subscriptions",
    "notation",
    "locations",
    "sources",
    "privacy/screening",
    "waves",
)


def canonical_file(
    source: Source, folder: Path, extract: engine.File | None = None
) -> tuple[str, Path]:
    """The hash of an input and the file of its canonical rows, made where none is kept of it.

    Its name holds the size of the input: where nothing of this size is kept, the input is read,
    and hashed while its rows are looked at. `extract`: the rows of a database, which are not read
    again.
    """
    size, written = _size(source), _written(source)
    with ThreadPoolExecutor(1) as beside:
        hashed = functools.cache(lambda: beside.submit(_sha256, source, extract))
        if any(folder.glob(f"{source.input}-{size}-*.json")):
            canonical = _named(source, folder, size, hashed().result())
            if canonical.exists() and canonical.with_suffix(".json").is_file():
                return hashed().result(), canonical
        with _scratch(folder, ".staged-") as scratch:
            # A core is idle then; while the input is read none is.
            parquet, report = _built(source, scratch, extract, hashed)
            canonical = _named(source, folder, size, hashed().result())
            if (_size(source), _written(source)) != (size, written):
                raise _changed(source)
            _put(parquet, canonical)
            os.replace(report, canonical.with_suffix(".json"))
    return hashed().result(), canonical


def _size(source: Source) -> int:
    """Bytes of an input; 0 of a database. Raises InputError where there is none to read."""
    if source.form.is_of_database:
        return 0
    try:
        if source.path.is_dir():
            return sum(path.stat().st_size for path in source.path.rglob("*.parquet"))
        with source.path.open("rb") as stream:
            return os.fstat(stream.fileno()).st_size
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


def _written(source: Source) -> int:
    """When a file was written last, in nanoseconds; 0 of a database and of a folder."""
    is_file = not source.form.is_of_database and source.path.is_file()
    return source.path.stat().st_mtime_ns if is_file else 0


def _changed(source: Source) -> InputError:
    file_name = shown(source.path)
    remedy = "wait until the program that writes it has finished, and run again"
    return InputError(
        source.input, file_name, [Violation(file_name, "changed while it was read", remedy)]
    )


def _sha256(source: Source, extract: engine.File | None) -> str:
    if extract:
        return extract.sha256
    if source.path.is_dir():
        return engine.folder_hash(source.path)
    with source.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _named(source: Source, folder: Path, size: int, digest: str) -> Path:
    """The canonical file by what it depends on: data, engine, description, instrument and code."""
    code = b"".join(module.read_bytes() for module in _modules())
    parts = [
        digest,
        engine.in_use().name,
        json.dumps([source.entry, source.texts], sort_keys=True, default=str),
        source.instrument_hash,
        hashlib.sha256(code).hexdigest(),
    ]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
    return folder / f"{source.input}-{size}-{key}.parquet"


@contextlib.contextmanager
def extracted(source: Source, folder: Path) -> Iterator[engine.File | None]:
    """The rows of a database, read once and kept while the context lasts; None for a file.

    Its hash is that of these very rows: the database may change meanwhile.
    """
    if not source.form.is_of_database:
        yield None
        return
    with _scratch(folder, ".extract-") as scratch:
        yield _open(source, scratch)


def _built(
    source: Source,
    scratch: Path,
    extract: engine.File | None,
    when_idle: Callable[[], object],
) -> tuple[Path, Path]:
    """The canonical rows of an input and their report, both in the folder `scratch`.

    `when_idle`: called when a core is free, once the input has been read.
    """
    file = extract or _open(source, scratch)
    source, respelled = spelled_as_in(file, source)
    check_header(source, file)
    check_cells(source, file)
    text, parquet = _convert(source, file, scratch, when_idle)
    text["repairs"] += _respelled(respelled)
    report = scratch / "report.json"
    said = json.dumps(text, indent=2).replace(_as_json(source.where), _WHERE)
    report.write_text(said, encoding="utf-8")
    modes.keep_private_below(scratch)
    return parquet, report


def report_of(canonical: Path, source: Source) -> dict[str, Any]:
    """What was found in an input whose canonical rows are kept, as its sources file is told it.

    Another sources file may have the same entry.
    """
    said = canonical.with_suffix(".json").read_text(encoding="utf-8")
    report: dict[str, Any] = json.loads(said.replace(_WHERE, _as_json(source.where)))
    return report


def _as_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _scratch(folder: Path, prefix: str) -> AbstractContextManager[Path]:
    modes.make_folder(folder)
    modes.keep_private(folder)
    return engine.scratch(prefix, folder)


def _put(made: Path, canonical: Path) -> None:
    try:
        os.replace(made, canonical)
    except OSError:
        # A folder is not replaced: another process was faster, and its rows are the same.
        if not canonical.is_dir():
            raise


def first_places(
    source: Source, rows: nw.LazyFrame, folder: Path
) -> tuple[tuple[int | str, ...], Literal["line", "row"]]:
    """Where the first rows of an input stand whose values are among `rows`, and in what unit.

    `rows`: some columns of its table. The file is read again, for what is kept of it knows no
    lines: this is for an error alone.
    """
    with _scratch(folder, ".places-") as scratch:
        file = _open(source, scratch)
        source, _ = spelled_as_in(file, source)
        staged = scratch / "staged.parquet"
        compares = source.input == contracts.TRANSACTIONS.name and source.terms.compares_rows
        engine.stage(file, casts(source, file), staged, fingerprints=compares)
        frame, rules = _ruled(source, repeats.marked(source, engine.staged(staged)))
        wanted = rows.unique()
        names = wanted.collect_schema().names()
        found = frame.filter(contracts.keep(rules)).join(wanted, on=names, how="inner")
        first = found.select(engine.ROW).sort(engine.ROW).head(contracts.FIRST_ROWS)
        numbers = first.collect("pyarrow").get_column(engine.ROW).to_list()
        located = engine.locate(file, numbers)
        return tuple(located[row][0] for row in numbers), "line" if file.is_csv else "row"


def _open(source: Source, scratch: Path) -> engine.File:
    try:
        file = engine.open_file(source.path, source.form, scratch)
    except engine.UnreadableFileError as error:
        raise _unreadable(source, error) from error
    return with_names(file) if file.is_csv or file.is_extract else file


def _unreadable(source: Source, error: engine.UnreadableFileError) -> InputError:
    file_name = shown(source.path)
    remedy = error.remedy.replace(engine.IN_ENTRY, f"in {source.where}")
    problem = Violation(file_name, error.problem, remedy, places=error.lines)
    return InputError(source.input, file_name, [problem])


def _stage(
    source: Source, file: engine.File, target: Path
) -> tuple[engine.Staging, list[Violation]]:
    """Stage a file; also what is wrong with records that are no rows, where the others are."""
    compares = source.input == contracts.TRANSACTIONS.name and source.terms.compares_rows
    try:
        staging = engine.stage(file, casts(source, file), target, fingerprints=compares)
    except engine.UnreadableFileError as error:
        raise _unreadable(source, error) from error
    problems = [rejected(source, records) for records in staging.rejected]
    if any(records.ends_table for records in staging.rejected):
        raise InputError(source.input, shown(source.path), problems)
    return staging, problems


def _convert(
    source: Source, file: engine.File, scratch: Path, when_idle: Callable[[], object]
) -> tuple[dict[str, Any], Path]:
    """Stage, check and write the canonical rows; the report of what was done, and their file."""
    staged, windowed = scratch / "staged.parquet", scratch / "windowed.parquet"
    parquet = scratch / "canonical.parquet"
    staging, problems = _stage(source, file, staged)
    frame, rules = _ruled(source, repeats.marked(source, engine.staged(staged)))
    if source.terms.is_windowed or source.terms.takes_once:
        # Looked through several times, and costly to compute.
        engine.write(frame, windowed)
        frame = engine.held(windowed)
    day = source.terms.day if source.terms.is_windowed else ""
    found = contracts.check(frame, source.contract, rules, tuple(source.attributes), day)
    problems += broken_rules(source, file, frame, rules, found)
    problems += broken_table(source, file, frame, found, problems)
    if sum(one.count for one in problems) >= _MANY_ERRORS:
        # What cannot be read as it should cannot be compared either.
        raise InputError(source.input, shown(source.path), problems)
    kept = contracts.kept(frame, rules, found)
    # Shares of all customers are declared by the text of a value.
    numbers = set(source.attributes) - {*found.texts, *source.texts, *source.margins}
    spread = _spread(source, staged, frame, found.rows_read)
    seen = looks(
        source, file, frame, rules, found, spread=spread, numbers=numbers, when_idle=when_idle
    )
    # What is wrong with a row that is to be taken out is no problem of its own.
    out = {one.places for one in seen.first_problems if one.count == 1}
    problems = [one for one in problems if one.count != 1 or one.places not in out]
    problems = seen.first_problems + problems + seen.problems
    money = transactions.money(kept, source.terms, source.columns, shown(source.path), source.where)
    problems += money.violations
    if problems:
        raise InputError(source.input, shown(source.path), problems)
    kept, hidden = without_personal(
        source, kept, [name for name in source.kept_attributes if name not in numbers]
    )
    unseen = numbers | {one.column for one in hidden}
    groups = odd_groups(source, file, kept, seen.sample, unseen, rows=found.rows_read)
    if _are_staged(source, found, numbers) and not hidden:
        # Writing takes as long as reading the file.
        parquet = staged
    else:
        columns = [_canonical(source, name, name in numbers) for name in source.kept]
        engine.write(transactions.canonical(kept, source.terms).select(*columns), parquet)
    report = _report(source, file, rules, found)
    report["repairs"] += _of_the_file(file.repairs | staging.repairs)
    report["repairs"] += [asdict(finding) for finding in hidden]
    report["warnings"] += _of_the_file(file.doubts | staging.doubts)
    unmet = [] if source.only else unmet_codes(source, rules, found.counts)
    table = engine.staged(parquet)
    of_all = doubts(source, frame, kept, table, sample=seen.sample, head=seen.head, found=found)
    warnings = [*seen.apart, *unmet, *seen.doubtful, *groups, *of_all]
    report["warnings"] += [asdict(warning) for warning in warnings]
    return report | {"currency": money.currency}, parquet


def _spread(source: Source, staged: Path, frame: nw.LazyFrame, rows: int) -> nw.LazyFrame:
    """`contracts.sampled` of the `rows` rows of `frame`, which was made of a staged table."""
    is_bought = source.input == contracts.TRANSACTIONS.name
    if not is_bought or source.terms.is_windowed or source.terms.takes_once:
        # A row is computed from others.
        return contracts.sampled(frame, rows)
    return _ruled(source, engine.staged(staged, contracts.sampled_every(rows)))[0]


def _are_staged(source: Source, found: contracts.Checked, numbers: Collection[str]) -> bool:
    """Whether the staged rows are the canonical ones: none left out, and nothing computed."""
    return (
        source.input == contracts.TRANSACTIONS.name
        and source.terms.takes_amounts_as_they_are
        and found.rows == found.rows_read
        and source.kept == list(source.staged)
        and not numbers
    )


def _ruled(source: Source, frame: nw.LazyFrame) -> tuple[nw.LazyFrame, list[Rule]]:
    """The staged table with what is computed of its rows, and every rule for them."""
    rules = selection.rules(source.only) + contracts.row_rules(
        source.contract,
        tuple(source.wanted),
        source.where,
        complete_to=source.entry.get("complete_to", datetime.date.today()),
        date_format=notation.dates(source.entry),
        converted=notation.converted(source.entry),
        reverse=source.turned,
        decimal=source.form.decimal,
        thousands=source.form.thousands,
    )
    if source.input == contracts.TRANSACTIONS.name:
        frame, rules = transactions.applied(frame, source.terms, rules, source.where)
    elif source.input == contracts.SUBSCRIPTIONS.name:
        frame, rules = subscriptions.applied(
            frame, source.entry, source.columns, rules, source.where
        )
    elif source.input == contracts.SUBSCRIPTION_MONTHS.name:
        frame = subscriptions.by_month(frame)
    rules += survey_doubts.straight_lining(source)
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


def _of_the_file(findings: Mapping[str, int]) -> list[dict[str, Any]]:
    return [asdict(Finding("", "", rule, count)) for rule, count in findings.items()]


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
        if rule.outcome == "warning" and rule.with_share:
            of = found.rows_read - others
            text = f"{rule.text}, {100 * count / of:.1f} % of the rows"
            finding = Finding(rule.column, theirs, text, count)
        findings[rule.outcome].append(finding)
        if rule.outcome == "exclusion" and not rule.asked:
            of = found.rows_read - others * (not rule.selects)
            share = f"{rule.text}: {100 * count / of:.1f} % of the rows left out"
            findings["warning"].append(Finding(rule.column, theirs, share, count))
    return {
        "rows_read": found.rows_read,
        "rows": found.rows,
        "period": [str(found.first), str(found.last)] if found.first else None,
        "last_read": str(found.last_read) if found.last_read else None,
        "repairs": [asdict(finding) for finding in _together(findings["repair"])],
        "exclusions": [asdict(finding) for finding in findings["exclusion"]],
        "warnings": [asdict(finding) for finding in findings["warning"]],
    }


def _together(repairs: Sequence[Finding]) -> list[Finding]:
    """The repairs, those alike in many columns as one, which counts their cells."""
    alike: dict[str, list[Finding]] = {}
    for finding in repairs:
        alike.setdefault(finding.rule, []).append(finding)
    together = []
    for finding in repairs:
        of_columns = alike[finding.rule]
        if len(of_columns) < _MANY_COLUMNS:
            together.append(finding)
        elif finding is of_columns[0]:
            last = of_columns[-1].column
            text = f"{finding.rule} in {len(of_columns)} columns ({finding.column} to {last})"
            together.append(Finding("", "", text, sum(one.count for one in of_columns)))
    return together


def _respelled(names: Sequence[str]) -> list[dict[str, Any]]:
    """The finding that the header writes names otherwise than the description."""
    if not names:
        return []
    what = f"header: letters, digits or invisible characters read as declared: {', '.join(names)}"
    return [asdict(Finding("", "", what, len(names)))]


def _modules() -> list[Path]:
    """The files of the code that makes canonical tables."""
    library = Path(__file__).parents[1]
    files = [library / f"{module}.py" for module in _MODULES]
    return files + sorted([*library.glob("door/*.py"), *library.glob("engine/*.py")])
