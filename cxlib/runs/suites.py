"""Suites: the reports that a suite.toml names, and with what.

A suite is read whole before anything is run, and everything that is wrong with it is told at once.
docs/suites.md explains each key.
"""

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxlib import PROJECT, sources
from cxlib.runs.catalogue import find
from cxlib.runs.fan_out import SuiteReport, repeated
from cxlib.runs.parameters import (
    Parameter,
    ParameterError,
    Value,
    check_value,
    declared_parameters,
)

MOST_REPORTS = 1000

_TABLES = ("suite", "reports")
_SUITE_KEYS = ("keep_runs", "notify")
_REPORT_KEYS = ("notebook", "sources", "parameters", "each")
_EACH_KEYS = ("input", "column", "whole")
_NAME = re.compile(r"[a-z0-9_]+")
# A file that another report of the run makes is not there yet.
_OF_THE_RUN = "run:"
_HOW_TO_REPEAT = 'write each = { input = "feedback", column = "branch" }'


@dataclass(frozen=True)
class Suite:
    """Reports, the command that is told of each run, and how many runs are kept (None: all)."""

    reports: tuple[SuiteReport, ...]
    notify: tuple[str, ...] = ()
    keep_runs: int | None = None


@dataclass(frozen=True)
class _Problem:
    """What is wrong in one table of the file, and how to mend it."""

    table: str
    text: str
    remedy: str

    def __str__(self) -> str:
        return f"  [{self.table}] {self.text}. Mend: {self.remedy}."


def read_suite(path: Path, notebooks: Path) -> Suite:
    """The suite of a file, a fan-out as one report for each value, in order of value.

    Raises ParameterError that names all that is wrong with the file, each problem with its table,
    its key and how to mend it.
    """
    content = _parsed(path)
    available = find(notebooks)
    problems = _suite_problems(content)
    reports = content.get("reports", {})
    if isinstance(reports, dict):
        for name, entry in reports.items():
            problems += _report_problems(name, entry, available)
    _refuse(path, problems)
    made: list[SuiteReport] = []
    for name, entry in reports.items():
        report = _report(name, entry, available)
        if "each" not in entry:
            made.append(report)
            continue
        several = repeated(report, entry["each"])
        if len(several) > MOST_REPORTS:
            text = f"each makes {len(several):,} reports, one for each {entry['each']['column']}"
            remedy = f"take a column with at most {MOST_REPORTS:,} values"
            problems.append(_Problem(f"reports.{name}", text, remedy))
        made += several
    _refuse(path, problems)
    suite = content.get("suite", {})
    return Suite(tuple(made), tuple(suite.get("notify", ())), suite.get("keep_runs"))


# --- the file ------------------------------------------------------------------------------


def _parsed(path: Path) -> dict[str, Any]:
    file = sources.shown(path.resolve())
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ParameterError(f"{file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{file} is not a TOML file: {error}.") from None


def _refuse(path: Path, problems: Sequence[_Problem]) -> None:
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        head = f"{sources.shown(path.resolve())} cannot be used: {count}."
        raise ParameterError("\n".join([head, *map(str, problems)]))


def _unknown(table: str, keys: Iterable[str], known: Sequence[str]) -> list[_Problem]:
    return [
        _Problem(table, f"unknown key {key}", f"the keys are {_listed(key, known)}")
        for key in keys
        if key not in known
    ]


def _listed(name: str, known: Sequence[str]) -> str:
    return f"{', '.join(known) or 'none'}{sources.closest(name, known)}"


def _suite_problems(content: Mapping[str, Any]) -> list[_Problem]:
    problems = [
        _Problem(name, "no table of a suite", f"the tables are {_listed(name, _TABLES)}")
        for name in content
        if name not in _TABLES
    ]
    reports, suite = content.get("reports", {}), content.get("suite", {})
    if not isinstance(reports, dict) or not reports:
        problems.append(_Problem("reports", "names no report", "add one, like [reports.clv]"))
    if not isinstance(suite, dict):
        return [*problems, _Problem("suite", "is no table", "write [suite] and its keys below")]
    problems += _unknown("suite", suite, _SUITE_KEYS)
    keep = suite.get("keep_runs", 1)
    if type(keep) is not int or keep < 1:
        problems.append(_Problem("suite", f"keep_runs = {keep!r}", "write a whole number from 1"))
    notify = suite.get("notify", ["mail"])
    if not (_are_texts(notify) and notify and notify[0]):
        remedy = 'write the program and what it is given, like notify = ["python", "tell.py"]'
        problems.append(_Problem("suite", f"notify = {notify!r}", remedy))
    return problems


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


# --- a report of the file ------------------------------------------------------------------


def _report_problems(name: str, entry: object, available: Mapping[str, Path]) -> list[_Problem]:
    table = f"reports.{name}"
    problems = []
    if not _NAME.fullmatch(name):
        remedy = "name it with small letters a to z, digits and _, like [reports.clv_north]"
        problems.append(_Problem(table, "is no name of a report", remedy))
    if not isinstance(entry, dict):
        return [*problems, _Problem(table, "is no table", f"write [{table}] and its keys below")]
    problems += _unknown(table, entry, _REPORT_KEYS)
    try:
        declared = declared_parameters(_notebook(name, entry, available))
    except LookupError as error:
        remedy = f"the reports are {_listed(str(error.args[0]), tuple(available))}"
        return [*problems, _Problem(table, f"notebook = {error.args[0]!r}: no such report", remedy)]
    except ParameterError as error:
        return [*problems, _Problem(table, str(error), "correct the notebook")]
    problems += _parameter_problems(table, entry, declared)
    if "each" in entry:
        problems += _each_problems(table, entry["each"], _base_sources(entry, declared))
    return problems


def _notebook(name: str, entry: Mapping[str, Any], available: Mapping[str, Path]) -> Path:
    """The notebook of a report. Raises LookupError with what was asked for in its place."""
    asked = entry.get("notebook", name)
    if not isinstance(asked, str):
        raise LookupError(asked)
    if asked in available:
        return available[asked]
    path = PROJECT / asked
    if path.suffix != ".ipynb" or not path.is_file():
        raise LookupError(asked)
    return path


def _parameter_problems(
    table: str, entry: Mapping[str, Any], declared: Mapping[str, Parameter]
) -> list[_Problem]:
    problems = []
    given = entry.get("parameters", {})
    if not isinstance(given, dict):
        remedy = "write parameters = { horizon_weeks = 52 }"
        problems.append(_Problem(table, f"parameters = {given!r}", remedy))
        given = {}
    if "sources" in given:
        remedy = f'write sources = "..." in [{table}] itself'
        problems.append(_Problem(table, "parameters names sources", remedy))
    settable = {key: one for key, one in declared.items() if key not in ("sources", "output_dir")}
    values = {key: value for key, value in given.items() if key != "sources"}
    problems += [
        _Problem(
            table, f"parameters names {key}", f"the parameters are {_listed(key, tuple(settable))}"
        )
        for key in values
        if key not in settable
    ]
    if "sources" in entry:
        values |= {"sources": entry["sources"]}
        settable |= {key: one for key, one in declared.items() if key == "sources"}
        if "sources" not in declared:
            remedy = "take it out: the notebook has no such parameter"
            problems.append(_Problem(table, "sources", remedy))
    today = datetime.date.today()
    for key, value in values.items():
        if key in settable and not _is_made_by_another(value, settable[key]):
            try:
                check_value(value, settable[key], today)
            except ParameterError as error:
                problems.append(_Problem(table, str(error), f"correct {key}"))
    return problems


def _is_made_by_another(value: object, parameter: Parameter) -> bool:
    return parameter.domain.kind == "file" and str(value).startswith(_OF_THE_RUN)


def _base_sources(entry: Mapping[str, Any], declared: Mapping[str, Parameter]) -> str | None:
    """The sources file of a report, None where its notebook reads none."""
    if "sources" not in declared:
        return None
    return str(entry.get("sources", declared["sources"].default))


def _each_problems(table: str, each: object, base: str | None) -> list[_Problem]:
    if not isinstance(each, dict):
        return [_Problem(table, f"each = {each!r}", _HOW_TO_REPEAT)]
    if base is None:
        return [_Problem(table, "each", "take it out: the notebook has no parameter sources")]
    problems = _unknown(f"{table}.each", each, _EACH_KEYS)
    name, column, whole = each.get("input"), each.get("column"), each.get("whole", [])
    if not (isinstance(name, str) and isinstance(column, str) and _are_texts(whole)):
        return [*problems, _Problem(table, f"each = {each!r}", _HOW_TO_REPEAT)]
    try:
        inputs = sources.selectable(base)
    except sources.InputError:
        # Each report tells it: see `repeated`.
        return problems
    for one in [name, *whole]:
        if one not in inputs:
            remedy = f"{base} describes {_listed(one, tuple(inputs))}"
            problems.append(_Problem(table, f"each names the input {one}", remedy))
    if name in inputs and column not in inputs[name]:
        remedy = f"{name} has {_listed(column, inputs[name])}; others can be named in attributes"
        problems.append(_Problem(table, f"each names the column {column}", remedy))
    return problems


def _report(name: str, entry: Mapping[str, Any], available: Mapping[str, Path]) -> SuiteReport:
    notebook = _notebook(name, entry, available)
    values: dict[str, Value] = {
        key: value.isoformat() if isinstance(value, datetime.date) else value
        for key, value in entry.get("parameters", {}).items()
    }
    base = _base_sources(entry, declared_parameters(notebook))
    if base is not None and ("sources" in entry or "each" in entry):
        values["sources"] = base
    return SuiteReport(name=name, group="", label="", notebook=notebook, values=values)
