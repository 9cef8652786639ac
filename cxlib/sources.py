"""The description of the inputs: which file is which, and what its columns are called.

Reads a sources file (TOML), says all that is wrong with an entry, and hands on what is right.
"""

import dataclasses
import datetime
import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import narwhals as nw

from cxlib import (
    PROJECT,
    contracts,
    engine,
    locations,
    notation,
    selection,
    subscriptions,
    transactions,
)
from cxlib.contracts import Contract, InputError, Violation
from cxlib.instruments import Instrument, load_instrument
from cxlib.privacy import pseudonyms
from cxlib.transactions import Terms

_SHOWN_NAMES = 30
# Where a month or a year may stand for its first day: these are counted by period.
_PERIODIC = ("feedback", "indices", "subscription_months")
_Kinds = type | tuple[type, ...]

_TWICE = "Cannot overwrite"
_ANY: dict[str, _Kinds] = {
    "uri": str,
    "columns": dict,
    "missing": (list, dict),
    "encoding": str,
    "delimiter": str,
    "skip_lines": int,
    "sheet": str,
    "table": str,
    "query": str,
    "bind": dict,
    "decimal": str,
    "thousands": str,
    "calendar": str,
    "note": str,
    "ids": str,
}
# In names of columns these mean something else to an engine.
NO_NAME = re.compile(r'[.*"`]')
_ATTRIBUTES: dict[str, _Kinds] = {"attributes": (list, dict), "only": dict}
_DATES: dict[str, _Kinds] = {"date_format": str, "complete_to": datetime.date}
_MARGINS: dict[str, _Kinds] = {"margins": dict}
_LABELS: dict[str, _Kinds] = {"value_labels": dict}
_KEYS: dict[str, dict[str, _Kinds]] = {
    "transactions": _ANY
    | _ATTRIBUTES
    | _DATES
    | {
        "refunds": str,
        "zero_amounts": str,
        "leave_out": dict,
        "currency": str,
        "exchange_rates": dict,
        "margin_rates": dict,
        "default_margin_rate": float,
        "key": list,
        "repeats": str,
        "fixed": list,
    },
    "subscriptions": _ANY
    | _ATTRIBUTES
    | _DATES
    | {
        "currency": str,
        "observed_from": datetime.date,
        "campaign_day": datetime.date,
        "true_values": list,
        "false_values": list,
        "leavers": str,
        "involuntary": list,
        "fixed": list,
    },
    "subscription_months": _ANY | _ATTRIBUTES | _DATES | {"fixed": list},
    "servqual_responses": _ANY
    | _ATTRIBUTES
    | _MARGINS
    | _LABELS
    | {
        "instrument": str,
        "expectation": str,
        "perception": str,
        "adequate": str,
        "importance": str,
    },
    "servqual_internal": _ANY | _LABELS | {"instrument": str, "roles": dict},
    "feedback": _ANY
    | _ATTRIBUTES
    | _DATES
    | _MARGINS
    | _LABELS
    | {"scales": dict, "nps_zero": str, "ces_easy": str, "drivers": (list, dict)},
    "indices": _ANY | _DATES,
}
_REQUIRED_KEYS: dict[str, tuple[str, ...]] = dict.fromkeys(_KEYS, ("uri", "columns")) | {
    "servqual_responses": ("uri", "columns", "instrument", "perception"),
    "servqual_internal": ("uri", "columns", "instrument"),
}
_EVERYONE = "all respondents"  # a row of the reports' own
_ANSWERS = {"expectation": "E", "perception": "P", "adequate": "A"}
_PLACEHOLDERS = dict.fromkeys(_ANSWERS, "{item}") | {"importance": "{dimension}"}
_NPS_SCALES = ([0, 10], [1, 10])
# Keys that hold numbers, or pairs of anything but texts, are checked by themselves.
_OWN_CHECK = (
    "margins",
    "scales",
    "missing",
    "value_labels",
    "bind",
    "leave_out",
    "exchange_rates",
    "margin_rates",
    "default_margin_rate",
    "only",
)
# A file that begins with it has the inputs of another, narrowed down.
_FROM, _ENGINE = "from", "engine"
_HOW_TO_WRITE: dict[_Kinds, str] = {
    str: 'text between quotes, like "..."',
    list: 'a list of texts, like ["..."]',
    dict: 'pairs of names, like { customer_id = "..." }',
    (list, dict): 'a list of texts, like ["..."], or pairs of names, like { waiting = "Q7" }',
    int: "a whole number, like 2",
    datetime.date: "a date without quotes, like 1998-06-30",
}
_HOW_TO_WRITE_MISSING = 'write a list of texts, like ["99"], or one by column: { nps = ["11"] }'
_HOW_TO_WRITE_LABELS = (
    "write the whole number of each word of a column, no word twice, like"
    ' value_labels = { csat = { "Satisfied" = 4, "Very satisfied" = 5 } }'
)


@dataclass(frozen=True)
class Source:
    """A checked entry of the sources file: everything the door needs to read one input.

    `columns`: canonical name -> name in the file, those of patterns and drivers included;
    `attributes` likewise; `texts`: those that are text even where every value is a number. `roles`:
    the file's word for a role -> ours. `missing`: canonical name or attribute -> codes for "no
    answer". `labels`: canonical name -> words for answers, as cells will be written, and the number
    of each. `reverse`: the ids of the reverse-keyed items. `margins`: attribute -> value -> share
    of all customers, as declared but scaled to sum to 1. `terms`: what is declared of purchases,
    of transactions only.
    """

    contract: Contract
    entry: dict[str, Any]
    path: Path
    where: str
    sources_file: str
    columns: dict[str, str]
    attributes: dict[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    instrument: Instrument | None = None
    instrument_hash: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    reverse: tuple[str, ...] = ()
    margins: dict[str, dict[str, float]] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)

    @property
    def input(self) -> str:
        return self.contract.name

    @property
    def form(self) -> engine.Form:
        """How the file is written."""
        return engine.Form.of(self.entry)

    @property
    def only(self) -> dict[str, str]:
        """Column -> the value of the rows that are asked for; all rows if empty."""
        return self.entry.get("only", {})

    @property
    def selectable(self) -> list[str]:
        """The columns that `only` may name."""
        return selection.columns(self.input, self.columns, self.attributes)

    @property
    def complete_to(self) -> datetime.date | None:
        """The last day of the rows asked for that the file covers, where it is declared."""
        declared = self.entry.get("complete_to")
        return selection.complete_to(self.only, declared) if declared else None

    @property
    def drivers(self) -> tuple[str, ...]:
        return tuple(_named(self.entry, "drivers"))

    @property
    def scales(self) -> dict[str, tuple[int, int]]:
        return {name: (low, high) for name, (low, high) in self.entry.get("scales", {}).items()}

    @property
    def wanted(self) -> dict[str, str]:
        """Every column of the rows: canonical name -> name in the file."""
        return self.columns | self.attributes

    @property
    def staged(self) -> dict[str, str]:
        """Every column to read: those of the rows, and those that say which rows are none."""
        columns = {transactions.left_out_column(name): name for name in self.terms.leave_out}
        return self.wanted | columns | transactions.key_columns(self.terms)

    @property
    def kept(self) -> list[str]:
        """The columns of the canonical table."""
        columns = list(self.columns)
        if self.input == contracts.TRANSACTIONS.name:
            columns = transactions.canonical_columns(self.columns, self.terms)
        elif self.input == contracts.SUBSCRIPTIONS.name:
            columns = subscriptions.canonical_columns(self.columns)
        return [*columns, *self.kept_attributes]

    @property
    def kept_attributes(self) -> list[str]:
        """The attributes of the canonical table: one with a single value asked for says nothing."""
        return [name for name in self.attributes if name not in self.only]

    @property
    def kept_margins(self) -> dict[str, dict[str, float]]:
        """The margins that hold for the rows asked for: those of all customers, or none."""
        return self.margins if set(self.only) <= {selection.DATE} else {}

    def in_file(self, column: str) -> tuple[str, ...]:
        """The columns of the file that a canonical column is read from; none for ""."""
        if column in self.staged:
            return (self.staged[column],)
        if column == "churned":
            return (self.columns["ended"],)
        parts = transactions.PARTS if column == "amount" else ()
        return tuple(self.columns[part] for part in parts)

    @property
    def turned(self) -> dict[str, nw.Expr]:
        """The columns whose answers are reverse-keyed, with the rows on which they are."""
        if self.reverse and "value" in self.columns:
            return {"value": nw.col("item").is_in(list(self.reverse))}
        letters = tuple(_ANSWERS.values())
        keyed = {f"{letter}_{item}" for letter in letters for item in self.reverse}
        return {name: nw.lit(True) for name in self.columns if name in keyed}

    @property
    def ids(self) -> set[str]:
        """The columns that hold ids: kept as they stand, and never shown in an error."""
        # A reason for leaving is no id, whatever words the file has for it.
        return {
            column.name
            for column in self.contract.columns
            if column.type == "text" and not column.allowed and column.name != "leaving"
        }


def shown(path: Path) -> str:
    """A path as a reader of the project knows it."""
    if path.is_relative_to(PROJECT):
        return path.relative_to(PROJECT).as_posix()
    return str(path)


def refuse(name: str, file: str, problems: Sequence[tuple[str, str]]) -> NoReturn:
    """Raise InputError for problems given as what is wrong and how to mend it."""
    raise InputError(name, file, [Violation(file, rule, remedy) for rule, remedy in problems])


def closest(name: str, names: Iterable[str]) -> str:
    """The end of a remedy that names the closest of several names, "" if none is close."""
    by_folded = {known.casefold(): known for known in names}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return f'; the closest is "{by_folded[close[0]]}"' if close else ""


def keys(name: str) -> dict[str, _Kinds]:
    """The keys that an entry of this input may have, each with the types of its value."""
    return _KEYS[name]


def read(name: str, sources: str | Path) -> tuple[Path, dict[str, Any]]:
    """The path of a sources file and its entries; `name` is the input named in an error.

    A file with `from` has the inputs of that other file which it names, each with its own `only`
    added: path and entries are then those of the other file.
    """
    path, content = _read(name, (PROJECT / sources).resolve(), ())
    return path, {one: entry for one, entry in content.items() if one != _ENGINE}


def declared_engine(name: str, sources: str | Path) -> object:
    """What a sources file says under `engine`, of all its inputs; "" where it says nothing."""
    return _read(name, (PROJECT / sources).resolve(), ())[1].get(_ENGINE, "")


def _read(name: str, path: Path, above: tuple[Path, ...]) -> tuple[Path, dict[str, Any]]:
    content = _parsed(name, path)
    if _FROM not in content:
        return path, content
    base = content.pop(_FROM)
    remedy = 'name the other sources file, like from = "sources.toml"'
    if not isinstance(base, str):
        refuse(name, shown(path), [(f"from = {base!r}", remedy)])
    if (path.parent / base).resolve() in (*above, path):
        refuse(name, shown(path), [(f'from = "{base}" leads back to this file', remedy)])
    described, entries = _read(name, (path.parent / base).resolve(), (*above, path))
    theirs = entries.pop(_ENGINE, "")
    computing = {_ENGINE: content.pop(_ENGINE, theirs)}
    if problems := _narrowing_problems(content, entries, shown(described)):
        refuse(name, shown(path), problems)
    return described, computing | {
        one: entries[one] | {"only": entries[one].get("only", {}) | own["only"]}
        if "only" in own
        else entries[one]
        for one, own in content.items()
    }


def _narrowing_problems(
    content: dict[str, Any], entries: dict[str, Any], base: str
) -> list[tuple[str, str]]:
    """What is wrong with the entries of a file that has `from`."""
    problems = []
    for name, own in content.items():
        if not isinstance(own, dict) or name == "only":
            remedy = "write it below the name of an input, like [feedback]"
            problems.append((f"{name} = {own!r} is of no input", remedy))
            continue
        if not isinstance(entries.get(name), dict):
            remedy = f"{base} describes {', '.join(entries) or 'nothing'}{closest(name, entries)}"
            problems.append((f"[{name}] is not in the file that from names", remedy))
            continue
        problems += [
            (f"[{name}] has {key}", f"beside from there may only be only: set {key} in {base}")
            for key in own
            if key != "only"
        ]
        only, before = own.get("only", {}), entries[name].get("only", {})
        if wrong := selection.key_problems(only) or selection.key_problems(before):
            problems += wrong
        else:
            problems += [
                (f'[{name}] asks for {one} "{value}"', f'{base} has only {one} "{before[one]}"')
                for one, value in only.items()
                if before.get(one, value) != value
            ]
    return problems


def _parsed(name: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        problem, remedy = "no such file", "correct the parameter sources, or write the file"
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem, remedy = f"not a TOML file: {error}", "correct it there"
        if _TWICE in str(error):
            remedy = "a key stands there that stands above it already: write all into one of them"
    refuse(name, shown(path), [(problem, remedy)])


def selectable(sources: str | Path) -> dict[str, list[str]]:
    """The inputs of a sources file, each with the columns that `only` may name.

    What else may be wrong with an entry is not looked at. Raises InputError when the file itself
    cannot be read.
    """
    _, entries = read("sources", sources)
    found = {}
    for name, entry in entries.items():
        if name not in contracts.CONTRACTS:
            continue
        known = entry if isinstance(entry, dict) else {}
        columns, attributes = (
            given if isinstance(given, list | dict) else ()
            for given in (known.get("columns"), known.get("attributes"))
        )
        found[name] = selection.columns(name, columns, [str(one) for one in attributes])
    return found


def describe(name: str, sources: Path, entries: dict[str, Any]) -> Source:
    """The checked entry of one input. Raises InputError with all that is wrong with it."""
    file = shown(sources)
    entry = _entry(name, file, entries)
    where = f"[{name}] of {file}"
    if problems := _entry_problems(name, entry, where):
        refuse(name, file, problems)
    instrument, instrument_hash = None, ""
    if "instrument" in entry:
        instrument_file = (sources.parent / entry["instrument"]).resolve()
        try:
            instrument = load_instrument(instrument_file)
        except ValueError as error:
            refuse(
                name,
                shown(instrument_file),
                [(str(error), f"see instrument in {where}, which counts from that folder")],
            )
        instrument_hash = hashlib.sha256(instrument_file.read_bytes()).hexdigest()
    roles = {theirs: ours for ours, theirs in entry.get("roles", {}).items()}
    drivers, attributes = _named(entry, "drivers"), _named(entry, "attributes")
    if name == "servqual_responses" and instrument:
        contract = contracts.servqual_responses(instrument)
    elif name == "servqual_internal" and instrument:
        contract = contracts.servqual_internal(instrument, tuple(roles))
    elif name == "feedback":
        contract = contracts.feedback(entry.get("scales", {}), tuple(drivers))
    elif name == "subscriptions":
        contract = contracts.subscriptions(entry["columns"], entry.get("involuntary", ()))
    else:
        contract = contracts.CONTRACTS[name]
    entry = notation.folded(entry)
    columns = entry["columns"] | _patterned(entry, instrument) | drivers
    problems = _mapping_problems(contract, columns, attributes, where)
    problems += _declaration_problems(contract, entry, instrument, columns, where)
    known = selection.columns(name, columns, attributes)
    problems += selection.declaration_problems(entry.get("only", {}), known)
    if problems:
        refuse(name, file, problems)
    # A key or a date that the file does not have is not asked for; in each wave anew.
    keyed = contract.key in columns and "wave" not in columns
    contract = dataclasses.replace(
        contract,
        key=contract.key if keyed else "",
        date=contract.date if contract.date in columns else "",
    )
    return Source(
        contract=contract,
        entry=entry,
        path=locations.path_of(entry["uri"], sources.parent),
        where=where,
        sources_file=file,
        columns=columns,
        attributes=attributes,
        instrument=instrument,
        instrument_hash=instrument_hash,
        roles=roles,
        missing=_missing(entry, [*columns, *attributes], drivers),
        labels=_labels(entry, contract, columns, drivers),
        reverse=tuple(item.id for item in instrument.items if item.reverse) if instrument else (),
        margins={
            attribute: {value: share / sum(shares.values()) for value, share in shares.items()}
            for attribute, shares in entry.get("margins", {}).items()
        },
        terms=Terms.of(entry),
    )


def _entry(name: str, file: str, entries: dict[str, Any]) -> dict[str, Any]:
    if name not in contracts.CONTRACTS:
        known = ", ".join(contracts.CONTRACTS)
        remedy = f"the inputs are {known}{closest(name, contracts.CONTRACTS)}"
        refuse(name, file, [(f"[{name}] is not the name of an input", remedy)])
    entry = entries.get(name)
    if not isinstance(entry, dict):
        described = ", ".join(entries) or "nothing"
        remedy = f"describe the file under [{name}] in {file}; it describes {described}"
        refuse(name, file, [(f"no entry [{name}]", remedy)])
    return entry


def _entry_problems(name: str, entry: dict[str, Any], where: str) -> list[tuple[str, str]]:
    known = _KEYS[name]
    problems = [
        (
            f"unknown key {key}",
            f"the keys of [{name}] are {', '.join(known)}{closest(key, known)}",
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
        if key in entry and key not in _OWN_CHECK and not _is_of_kind(entry[key], kind):
            problems.append((f"{key} = {entry[key]!r}", f"write it as {_HOW_TO_WRITE[kind]}"))
    problems += _own_problems(entry)
    if problems:
        return problems
    if entry.get("leavers", subscriptions.LEAVERS[0]) not in subscriptions.LEAVERS:
        words = " or ".join(f'"{one}"' for one in subscriptions.LEAVERS)
        problems.append((f'leavers = "{entry["leavers"]}"', f"write {words}"))
    if entry.get("ids", pseudonyms.CODED) not in (pseudonyms.CODED, pseudonyms.PLAIN):
        remedy = f'write "{pseudonyms.CODED}", or "{pseudonyms.PLAIN}" to show them as they are'
        problems.append((f'ids = "{entry["ids"]}"', remedy))
    if entry.get("nps_zero", "offered") != "offered":
        remedy = 'write "offered" where customers could choose 0, though nobody did'
        problems.append((f'nps_zero = "{entry["nps_zero"]}"', remedy))
    if entry.get("complete_to", datetime.date.min) > datetime.date.today():
        remedy = "write the last day that the file covers; silence after it would count as leaving"
        problems.append((f"complete_to = {entry['complete_to']} lies in the future", remedy))
    problems += locations.problems(entry)
    problems += notation.problems(entry, whole_day=name not in _PERIODIC)
    delimiter = entry.get("delimiter", ",")
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        rule = "the delimiter is not one character, other than a quote and a line end"
        problems.append((rule, 'write it like delimiter = ";"'))
    if not engine.valid_encoding(entry.get("encoding", "utf-8")):
        remedy = 'write a name that Python knows, like "utf-16", "cp1256" or "cp1252"'
        problems.append((f'encoding = "{entry["encoding"]}" is no encoding of text', remedy))
    skip_lines = entry.get("skip_lines", 0)
    if skip_lines < 0 or isinstance(skip_lines, bool):
        remedy = "write how many lines stand before the header, like 2"
        problems.append((f"skip_lines = {skip_lines}", remedy))
    for key, placeholder in _PLACEHOLDERS.items():
        if placeholder not in entry.get(key, placeholder):
            problems.append((f'{key} = "{entry[key]}"', f"it must contain {placeholder}"))
    return problems


def _own_problems(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with the keys that hold lists or numbers by name."""
    problems = []
    missing = entry.get("missing", [])
    codes = list(missing.values()) if isinstance(missing, dict) else [missing]
    if not all(_is_of_kind(one, list) for one in codes):
        problems.append((f"missing = {missing!r}", _HOW_TO_WRITE_MISSING))
    labels = entry.get("value_labels", {})
    if not (isinstance(labels, dict) and all(map(_is_labelled, labels.values()))):
        problems.append((f"value_labels = {labels!r}", _HOW_TO_WRITE_LABELS))
    scales = entry.get("scales", {})
    if not (isinstance(scales, dict) and all(map(_is_scale, scales.values()))):
        remedy = "write the lowest and the highest answer, like { nps = [0, 10], csat = [1, 5] }"
        problems.append((f"scales = {scales!r}", remedy))
    margins = entry.get("margins", {})
    tables = list(margins.values()) if isinstance(margins, dict) else [None]
    if not all(map(_is_margin, tables)):
        remedy = (
            "write shares or counts of all customers by value, like"
            ' margins = { channel = { app = 0.6, "call centre" = 0.4 } }'
        )
        problems.append((f"margins = {margins!r}", remedy))
    problems += selection.key_problems(entry.get("only", {}))
    return problems + transactions.key_problems(entry)


def _is_scale(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(end, int) and not isinstance(end, bool) for end in value)
        and value[0] < value[1]
    )


def _is_labelled(value: object) -> bool:
    """Whether a value is a number for each word, and no word stands twice in other letters."""
    if not (isinstance(value, dict) and value):
        return False
    words = set(map(engine.as_label, value))
    return len(words) == len(value) and all(
        isinstance(number, int) and not isinstance(number, bool) for number in value.values()
    )


def _is_margin(value: object) -> bool:
    return (
        isinstance(value, dict)
        and len(value) > 1
        and all(
            isinstance(share, int | float) and not isinstance(share, bool) and 0 < share < 1e15
            for share in value.values()
        )
    )


def _is_of_kind(value: object, kind: _Kinds) -> bool:
    if kind is datetime.date and isinstance(value, datetime.datetime):
        return False
    if isinstance(value, list):
        return kind in (list, (list, dict)) and all(isinstance(item, str) for item in value)
    if isinstance(value, dict):
        return kind in (dict, (list, dict)) and all(isinstance(i, str) for i in value.values())
    return isinstance(value, kind)


def _named(entry: dict[str, Any], key: str) -> dict[str, str]:
    """Columns given as a list, or by other names: the name in the report -> that in the file."""
    given = entry.get(key, {})
    return given if isinstance(given, dict) else {name: name for name in given}


def _patterned(entry: dict[str, Any], instrument: Instrument | None) -> dict[str, str]:
    """The columns that patterns such as expectation = "E{item}" stand for."""
    if instrument is None:
        return {}
    columns = {
        f"{letter}_{item.id}": entry[key].replace("{item}", item.id)
        for key, letter in _ANSWERS.items()
        if key in entry
        for item in instrument.items
    }
    if "importance" in entry:
        columns |= {
            f"importance_{name}": entry["importance"].replace("{dimension}", name)
            for name in instrument.dimensions
        }
    return columns


def _missing(
    entry: dict[str, Any], names: Iterable[str], drivers: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The codes of each column; a group of columns can be named by its pattern or as drivers."""
    declared, names = entry.get("missing", []), list(names)
    if isinstance(declared, list):
        return {name: tuple(declared) for name in names}
    groups = _groups(names, drivers)
    found = {name: declared.get(name, declared.get(groups.get(name, ""), ())) for name in names}
    return {name: tuple(codes) for name, codes in found.items()}


def _groups(names: Iterable[str], drivers: Iterable[str]) -> dict[str, str]:
    """Columns that are named together, by a pattern or as drivers: name -> that of the group."""
    return dict.fromkeys(drivers, "drivers") | {
        name: key
        for name in names
        for key, letter in (_ANSWERS | {"importance": "importance"}).items()
        if name.startswith(f"{letter}_")
    }


def _labels(
    entry: dict[str, Any], contract: Contract, columns: Iterable[str], drivers: Iterable[str]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """The words for answers of each column, and their numbers."""
    declared, groups = entry.get("value_labels", {}), _groups(columns, drivers)
    found = {}
    for column in contract.columns:
        of_column = declared.get(column.name, declared.get(groups.get(column.name, ""), {}))
        if column.type == "number" and of_column:
            found[column.name] = tuple(
                (engine.as_label(label), value) for label, value in of_column.items()
            )
    return found


def _mapping_problems(
    contract: Contract, columns: dict[str, str], attributes: dict[str, str], where: str
) -> list[tuple[str, str]]:
    known = [column.name for column in contract.columns]
    if contract.name == contracts.SUBSCRIPTIONS.name:
        # Of the two forms: `subscriptions` says which columns do not go together.
        known += [name for name in subscriptions.DERIVED if name not in known]
    problems = [
        (
            f"columns names {name}, which is no column of {contract.name}",
            f"ratings of single aspects are named in the key drivers of {where}"
            if name == "drivers"
            else f"its columns are {', '.join(known[:_SHOWN_NAMES])}{closest(name, known)};"
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
    problems += _mapped_twice(columns, where)
    taken = {name.casefold() for name in known} | {_EVERYONE}
    if contract.name == contracts.TRANSACTIONS.name:
        taken |= {name.casefold() for name in transactions.MADE}
    for name, theirs in attributes.items():
        if NO_NAME.search(name):
            column = json.dumps(theirs, ensure_ascii=False)
            problems.append(
                (
                    f"attributes names {json.dumps(name, ensure_ascii=False)}, and a point, a star"
                    " or a quote cannot stand in a name",
                    f"give it another name in {where}: attributes = {{ our_name = {column} }}",
                )
            )
        if name.casefold() in taken or name.startswith(("__", "leave_out.")):
            ours, column = name.casefold(), json.dumps(theirs, ensure_ascii=False)
            mapped = f"; or put it into columns: {ours} = {column}" if ours in known else ""
            problems.append(
                (
                    f'attributes names "{name}", which is named twice or is a name of ours',
                    f"give it another name in {where}: attributes = {{ our_name = {column} }}"
                    + mapped,
                )
            )
        taken.add(name.casefold())
    return problems


def _mapped_twice(columns: dict[str, str], where: str) -> list[tuple[str, str]]:
    """Two figures read from one column of the file: the one would explain the other perfectly."""
    first: dict[str, str] = {}
    problems = []
    for ours, theirs in columns.items():
        if ours.endswith("_id"):
            continue
        if theirs in first:
            problems.append(
                (
                    f'column "{theirs}" is read as {first[theirs]} and as {ours}',
                    f"name another column for one of them in {where}",
                )
            )
        first.setdefault(theirs, ours)
    return problems


def _declaration_problems(
    contract: Contract,
    entry: dict[str, Any],
    instrument: Instrument | None,
    columns: dict[str, str],
    where: str,
) -> list[tuple[str, str]]:
    """What is wrong between the keys of an entry, each of which may be right by itself."""
    name = contract.name
    attributes = entry.get("attributes", [])
    problems = [
        (f'margins names "{one}", which is no attribute', f"add it to attributes in {where}")
        for one in entry.get("margins", {})
        if one not in attributes
    ]
    if isinstance(entry.get("missing"), dict):
        groups = {"drivers", "importance", *_ANSWERS, *columns, *attributes}
        problems += [
            (f"missing names {one}, which is no column", f"correct it in {where}")
            for one in entry["missing"]
            if one not in groups
        ]
    problems += _label_problems(contract, entry, columns, where)
    if instrument and name == "servqual_responses":
        problems += [
            (
                f"{key} is given, but the instrument does not ask for it",
                f'take it out of {where}, or add "{key}" to answers in the instrument',
            )
            for key in _ANSWERS
            if key in entry and key not in instrument.answers and key != "adequate"
        ]
        if "adequate" in entry and "expectation" not in entry:
            remedy = f'add expectation = "..." (the desired level) to {where}'
            problems.append(("adequate is given without expectation", remedy))
    if name == "servqual_internal":
        problems += [
            (f"roles names {role}", f"the roles are {', '.join(contracts.ROLES)}")
            for role in entry.get("roles", {})
            if role not in contracts.ROLES
        ]
        words = list(entry.get("roles", {}).values())
        problems += [
            (f'roles gives "{word}" twice', f"give each role a word of its own in {where}")
            for word in dict.fromkeys(words)
            if words.count(word) > 1
        ]
    if name == "feedback":
        problems += _feedback_problems(entry, columns, where)
    if name in ("transactions", "subscription_months"):
        problems += [
            (f"fixed names {one}, which is no attribute", f"add it to attributes in {where}")
            for one in entry.get("fixed", ())
            if one not in attributes
        ]
    if name == "transactions":
        problems += transactions.declaration_problems(entry, columns, where)
    if name == "subscriptions":
        problems += subscriptions.declaration_problems(entry, columns, list(attributes), where)
    return problems


def _label_problems(
    contract: Contract, entry: dict[str, Any], columns: dict[str, str], where: str
) -> list[tuple[str, str]]:
    rated = {column.name for column in contract.columns if column.type == "number"}
    groups = {"drivers", *_ANSWERS, *(rated & columns.keys())}
    return [
        (
            f"value_labels names {one}, which is no column of answers",
            f"correct it in {where}; drivers stands for all of them",
        )
        for one in entry.get("value_labels", {})
        if one not in groups
    ]


def _feedback_problems(
    entry: dict[str, Any], columns: dict[str, str], where: str
) -> list[tuple[str, str]]:
    metrics = [metric for metric in contracts.METRICS if metric in columns]
    scales = entry.get("scales", {})
    rated = [*metrics, *(["drivers"] if entry.get("drivers") else [])]
    problems = [
        (
            f"the scale of {one} is not declared",
            f"add the lowest and the highest answer to {where}: scales = {{ {one} = [..., ...] }}",
        )
        for one in rated
        if one not in scales
    ]
    problems += [
        (
            f"scales names {one}, which is not mapped",
            f"take it out, or map its column in {where}{closest(one, rated)}",
        )
        for one in scales
        if one not in rated
    ]
    if not metrics:
        remedy = f'add nps = "...", csat = "..." or ces = "..." to columns in {where}'
        problems.append(("no metric is mapped", remedy))
    taken = {column.name for column in contracts.FEEDBACK.columns}
    for driver in _named(entry, "drivers"):
        if driver.casefold() in taken or driver.startswith("__"):
            rule = f'a driver is called "{driver}", which is a name of ours or of another driver'
            problems.append((rule, f"call it otherwise in {where}; capital letters do not count"))
        taken.add(driver.casefold())
    if "nps" in scales and scales["nps"] not in _NPS_SCALES:
        remedy = (
            "the question for NPS is answered on [0, 10] or [1, 10]; map a question with other"
            " answers as csat"
        )
        problems.append((f"scales gives nps = {scales['nps']}", remedy))
    if "ces" in metrics and entry.get("ces_easy") not in ("high", "low"):
        remedy = f'add ces_easy = "high" or "low" to {where}: whether a high answer means easy'
        problems.append(("the direction of ces is not declared", remedy))
    return problems
