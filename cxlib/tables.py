"""The door: source description -> read -> repair -> check -> canonical table.

The only place where a user's column names exist. `load` returns a `Table` or raises
`contracts.InputError` with everything that is wrong; nothing is dropped or mended uncounted.
"""

import datetime
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from cxlib import PROJECT, contracts, engine, selection, subscriptions
from cxlib.contracts import InputError, Violation
from cxlib.door import building, joins
from cxlib.door.findings import Finding
from cxlib.instruments import Instrument
from cxlib.privacy import pseudonyms
from cxlib.sources import Source, declared_engine, describe, read, refuse, shown


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
    dates. `plain_ids`: the source asks that ids are shown as they are, not as pseudonyms.
    `engine`: the name of what reduces it.
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
    plain_ids: bool
    engine: str
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
            "ids": pseudonyms.PLAIN if self.plain_ids else pseudonyms.CODED,
            "engine": self.engine,
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
        if pseudonyms.id_columns(self.frame.collect_schema().names()):
            lines.append(("ids", pseudonyms.told(self.plain_ids), None))
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

    def collect(self, frame: nw.LazyFrame) -> pd.DataFrame:
        """The rows of what was made of `self.frame`, sorted by their columns, the first one first.

        An engine gives rows in any order, and a sample, a fold or a start drawn by row would be
        another one each time. For tables that fit into memory. A method for the reason of `lend`.
        """
        names = frame.collect_schema().names()
        return frame.sort(*names).collect("pandas").to_native()

    def refuse(self, columns: pd.DataFrame) -> None:
        """Raise InputError for columns that an analysis found wrong; nothing where there are none.

        `columns`: a row each, with feature, kind, found and remedy.
        """
        wrong = [
            Violation(self.uri, f"{one['kind']}: {one['found']}", one["remedy"], one["feature"])
            for one in columns.to_dict("records")
        ]
        if wrong:
            raise InputError(self.input, self.uri, wrong)

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
    path, entries = _read(name, sources)
    return _load(name, path, entries)


def load_if_described(name: str, sources: str | Path = "data/sources.toml") -> Table | None:
    """As `load`; None where the sources file has no entry of this name."""
    return load(name, sources) if name in _read(name, sources)[1] else None


def check(sources: str | Path = "data/sources.toml") -> dict[str, Table | InputError]:
    """Load every input that a sources file describes; an input that fails gives its error.

    What one input says of another is looked at as well: customers unknown to subscriptions are a
    warning, rows before a customer's sign-up an error.
    Raises InputError when the sources file itself cannot be read.
    """
    path, entries = _read("sources", sources)
    if not entries:
        refuse("sources", shown(path), [("describes no input", "add an entry, see the README")])
    outcomes: dict[str, Table | InputError] = {}
    described: dict[str, Source] = {}
    for name in entries:
        try:
            described[name] = describe(name, path, entries)
            outcomes[name] = _table(described[name])
        except InputError as error:
            outcomes[name] = error
    return _compared(outcomes, described)


def _compared(
    outcomes: dict[str, Table | InputError], described: dict[str, Source]
) -> dict[str, Table | InputError]:
    """The outcomes, each with what the other inputs say against it."""
    found = {name: one for name, one in outcomes.items() if isinstance(one, Table)}
    frames = {name: table.frame for name, table in found.items()}
    warnings = joins.unknown_customers(frames, described)
    early = joins.before_sign_up(frames, described, _folder())
    told = {
        name: replace(found[name], warnings=(*found[name].warnings, warning))
        for name, warning in warnings.items()
    }
    refused = {
        name: InputError(name, violation.file, [violation]) for name, violation in early.items()
    }
    return outcomes | told | refused


def values(name: str, column: str, sources: str | Path = "data/sources.toml") -> dict[str, int]:
    """What `only` may ask of a column of an input: each value, or month of `date`, and its rows.

    Blanks are not counted. Raises InputError as `load` does, and for a column of another kind.
    """
    path, entries = _read(name, sources)
    source = describe(name, path, entries)
    if wrong := selection.column_problems([column], source.selectable):
        refuse(name, source.sources_file, wrong)
    if column in source.only:
        return {source.only[column]: _table(source).rows}
    return selection.values(_table(replace(source, texts=(column,))).frame, column)


def _read(name: str, sources: str | Path) -> tuple[Path, dict[str, Any]]:
    """As `sources.read`, and the engine that computes from now on."""
    path, entries = read(name, sources)
    try:
        engine.use(declared_engine(name, sources))
    except engine.EngineError as error:
        refuse(name, shown(path), [(error.problem, error.remedy)])
    return path, entries


def _folder() -> Path:
    return PROJECT / "data" / "processed"


def _load(name: str, sources: Path, entries: dict[str, Any]) -> Table:
    return _table(describe(name, sources, entries))


def _table(source: Source) -> Table:
    name = source.input
    folder = _folder()
    with building.extracted(source, folder) as extract:
        digest, canonical = building.canonical_file(source, folder, extract)
    report = building.report_of(canonical, source)
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
        plain_ids=source.entry.get("ids") == pseudonyms.PLAIN,
        engine=engine.in_use().name,
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
