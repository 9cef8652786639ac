"""Fan-out: one report of a suite for each value of a column, each with its own rows."""

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cxlib import PROJECT, sources, tables
from cxlib.privacy import modes
from cxlib.runs.parameters import Value

_SLUG_LETTERS = 40


@dataclass(frozen=True)
class SuiteReport:
    """A report to be made: one of a suite, or one value of a fan-out.

    `name`: its folder and file. `group`, `label`: of a fan-out, the name of the suite's report and
    the value as it stands in the data; else "". `values`: parameters as they stand in the suite,
    relative dates too. `only`: of a fan-out, "input", "column" and "value"; the value is "" where
    the values cannot be found, so that the report tells why. `whole`: the inputs it gets with
    all their rows.
    """

    name: str
    group: str
    label: str
    notebook: Path
    values: Mapping[str, Value] = field(default_factory=dict)
    only: Mapping[str, str] | None = None
    whole: tuple[str, ...] = ()


def repeated(report: SuiteReport, each: Mapping[str, Any]) -> list[SuiteReport]:
    """The reports of a fan-out, in order of value."""
    name, column = each["input"], each["column"]
    only = {"input": name, "column": column}
    report = replace(report, group=report.name, whole=tuple(each.get("whole", ())))
    try:
        found = sorted(tables.values(name, column, str(report.values["sources"])), key=_in_order)
    except sources.InputError:
        found = []
    if not found:
        # One that fails with its cause, while the other reports of the suite are made.
        return [replace(report, only=only | {"value": ""})]
    return [
        replace(report, name=f"{report.name}-{slug}", label=value, only=only | {"value": value})
        for value, slug in slugs(found).items()
    ]


def _in_order(value: str) -> list[int | str]:
    """Numbers in a text count as numbers: 9 comes before 10."""
    parts = re.split(r"(\d{1,18})", value)
    return [int(part) if number % 2 else part.casefold() for number, part in enumerate(parts)]


def slugs(values: Sequence[str]) -> dict[str, str]:
    """A file-safe name for each of some values: small letters a to z, digits and hyphens.

    A hash of the value is added where the name alone does not tell it: letters of other scripts,
    signs, long texts, and values that differ in capitals or blanks only.
    """
    plain = {value: re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-") for value in values}
    shared = Counter(plain.values())
    named = {}
    for value, slug in plain.items():
        told = re.fullmatch(r"[A-Za-z0-9 _-]+", value) and len(slug) <= _SLUG_LETTERS
        if told and slug and (shared[slug] == 1 or slug == value):
            named[value] = slug
        else:
            named[value] = "-".join(filter(None, [slug[:_SLUG_LETTERS].rstrip("-"), _hash(value)]))
    return named


def derived_sources(report: SuiteReport, folder: Path) -> str:
    """Write the sources file of one report of a fan-out; return it as its parameter `sources`.

    The inputs that have the column of the fan-out get `only` with the value of this report, those
    of `whole` stay as they are, and any other is left out: its rows would be those of all values.
    The name in `folder` is made from what it says, so that the same report has the same file.
    """
    if report.only is None:
        raise ValueError(f"{report.name} is no report of a fan-out")
    base = PROJECT / str(report.values["sources"])
    column, value = report.only["column"], report.only["value"]
    try:
        inputs = sources.selectable(base)
    except sources.InputError:
        # The report finds the same.
        inputs = {report.only["input"]: [column]}
    lines = [f"# {report.group}: {column} {value!r}", f"from = {_toml(_way(folder, base))}"]
    for name, columns in inputs.items():
        if name in report.whole:
            lines += ["", f"[{name}]"]
        elif column in columns:
            lines += ["", f"[{name}]", f"only = {{ {_toml(column)} = {_toml(value)} }}"]
    text = "\n".join(lines) + "\n"
    modes.make_folder(folder)
    path = folder / f"{report.name}-{_hash(text)}.toml"
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    modes.keep_private(fresh)
    os.replace(fresh, path)
    return sources.shown(path)


def _way(folder: Path, base: Path) -> str:
    return Path(os.path.relpath(base.resolve(), folder.resolve())).as_posix()


def _toml(text: str) -> str:
    # JSON leaves the one control character as it is that TOML does not take.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
