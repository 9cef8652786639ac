"""What a run will make: reports chosen, parameters resolved, in the order of what they need."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cxlib import PROJECT
from cxlib.runs.catalogue import choose
from cxlib.runs.fan_out import SuiteReport, derived_sources
from cxlib.runs.origins import fingerprint
from cxlib.runs.parameters import (
    Parameter,
    ParameterError,
    Value,
    check_value,
    closest,
    declared_parameters,
    read_value,
)
from cxlib.runs.suites import Suite

# A file that another report of the same run makes: run:clv/tables/customers.csv
OF_THE_RUN = re.compile(r"run:(?P<report>[\w-]+)/(?P<file>.+)")

_PATHS = ("file", "folder")
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Job:
    """A report to be made: `given` as typed or read from the suite, `values` resolved by it."""

    name: str
    series: str
    notebook: Path
    declared: Mapping[str, Parameter]
    given: Mapping[str, Value]
    values: Mapping[str, Value]
    group: str = ""
    label: str = ""
    fingerprint: str = ""
    expected_seconds: float | None = None

    @property
    def paths(self) -> list[str]:
        """The files and folders that its parameters name, defaults too."""
        named = [one.name for one in self.declared.values() if one.domain.kind in _PATHS]
        values = [str(self.values.get(name, self.declared[name].default)) for name in named]
        return [text for text in values if text and not OF_THE_RUN.fullmatch(text)]

    @property
    def needs(self) -> set[str]:
        """The reports of the same run whose files it takes."""
        found = (OF_THE_RUN.fullmatch(str(value)) for value in self.values.values())
        return {match["report"] for match in found if match}


def plan(
    names: Sequence[str],
    texts: Mapping[str, str],
    suite: Suite | None,
    notebooks: Path,
    today: date,
) -> list[Job]:
    if suite is None:
        asked = [
            SuiteReport(name=name, group="", label="", notebook=path, values={}, only=None)
            for name, path in choose(names, notebooks).items()
        ]
    else:
        asked = _of_suite(names, suite)
    declared = {one.name: declared_parameters(one.notebook) for one in asked}
    every = {name: one for known in declared.values() for name, one in known.items()}
    # Where a report writes is settled by the run.
    every.pop("output_dir", None)
    for name in texts:
        if name not in every:
            raise ParameterError(
                f"There is no parameter {name!r}{closest(name, every)} "
                f"Those there are: cx run {' '.join(declared)} --help"
            )
    jobs = [_job(one, declared[one.name], texts, today, suite is not None) for one in asked]
    there = {job.name for job in jobs}
    for job in jobs:
        if absent := sorted(job.needs - there):
            raise ParameterError(
                f"{job.name} takes a file of {', '.join(absent)}, which this run does not make."
            )
    return _ordered(jobs)


def _of_suite(names: Sequence[str], suite: Suite) -> list[SuiteReport]:
    known = {one.group or one.name for one in suite.reports} | {one.name for one in suite.reports}
    for name in names:
        if name not in known:
            raise ParameterError(
                f"The suite has no report {name!r}{closest(name, known)} "
                f"Reports: {', '.join(sorted(known))}"
            )
    return [one for one in suite.reports if not names or {one.name, one.group} & set(names)]


def _job(
    asked: SuiteReport,
    known: Mapping[str, Parameter],
    texts: Mapping[str, str],
    today: date,
    of_suite: bool,
) -> Job:
    typed = {name: text for name, text in texts.items() if name in known}
    if asked.only and "sources" in typed:
        raise ParameterError(
            f"{asked.group} makes a report for each {asked.only['column']}, and so a sources file "
            "for each: say in the suite which sources it starts from, not with -p."
        )
    given: dict[str, Value] = {**asked.values, **typed}
    values = {}
    for name, value in given.items():
        if _is_made_by_another(value, known[name]):
            values[name] = value
        elif name in typed:
            values[name] = read_value(typed[name], known[name], today)
        else:
            values[name] = check_value(value, known[name], today)
    series = asked.name if of_suite else _series(asked.name, known, values)
    if asked.only:
        values["sources"] = derived_sources(asked, PROJECT / "data" / "processed")
    return Job(
        name=asked.name,
        series=series,
        notebook=asked.notebook,
        declared=known,
        given=given,
        values=values,
        group=asked.group,
        label=asked.label,
    )


def _series(name: str, known: Mapping[str, Parameter], values: Mapping[str, Value]) -> str:
    """What is followed over time: the report under its defaults, or under these other values.

    A trial with another model does not take the place of the report that everybody reads. Dates
    make no series: they are what a series goes along; nor does the seed.
    """
    other = {
        key: re.sub(r"[^\w.]+", "_", Path(str(value)).stem if key == "sources" else str(value))
        for key, value in values.items()
        if value != known[key].default and known[key].domain.kind != "date" and key != "seed"
    }
    parts = [f"{key}-{text}" if key != "sources" else text for key, text in sorted(other.items())]
    series = "-".join([name, *parts])
    if len(series) <= _LONGEST_NAME:
        return series
    return f"{series[:_LONGEST_NAME]}-{hashlib.sha256(series.encode()).hexdigest()[:8]}"


def _is_made_by_another(value: Value, parameter: Parameter) -> bool:
    return parameter.domain.kind == "file" and OF_THE_RUN.fullmatch(str(value)) is not None


def _ordered(jobs: Sequence[Job]) -> list[Job]:
    """Each after those whose files it takes. Raises ParameterError when they go in a circle."""
    ordered: list[Job] = []
    left = list(jobs)
    while left:
        done = {job.name for job in ordered}
        ready = [job for job in left if job.needs <= done]
        if not ready:
            circle = ", ".join(job.name for job in left)
            raise ParameterError(f"These reports wait for one another's files: {circle}.")
        ordered += ready
        left = [job for job in left if job not in ready]
    return ordered


def timed(job: Job, earlier: Sequence[Mapping[str, Any]]) -> Job:
    """With what is known from earlier runs: how long it takes."""
    for one in earlier:
        for entry in one["reports"]:
            if entry.get("series", entry["name"]) == job.series and entry["status"] == "ok":
                return replace(job, expected_seconds=entry["seconds"])
    return job


def fingerprinted(jobs: Sequence[Job], code: Mapping[str, Any]) -> list[Job]:
    prints: dict[str, str] = {}
    done = []
    for job in jobs:
        needed: dict[str, Value] = {f"made by {name}": prints[name] for name in job.needs}
        own = fingerprint(job.notebook, {**job.values, **needed}, job.paths, code)
        prints[job.name] = own if all(needed.values()) else ""
        done.append(replace(job, fingerprint=prints[job.name]))
    return done
