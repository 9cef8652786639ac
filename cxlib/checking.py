"""What the door says of every input of a sources file: for a screen, a program or a page."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Group
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from cxlib import tables
from cxlib.contracts import InputError, Violation
from cxlib.tables import Finding, Table

SCHEMA = 1
GOOD, WARNED, REFUSED = "good", "warned", "refused"
_STYLES = {GOOD: "bold green", WARNED: "bold yellow", REFUSED: "bold red"}
_FINDINGS = {"repairs": "repair", "exclusions": "exclusion", "warnings": "warning"}


def check(sources: str | Path = "data/sources.toml") -> dict[str, Any]:
    """Read every input as a report would, and tell what was found, ready for JSON.

    docs/schemas/check.schema.json describes it. The status of an input is "refused" where a rule is
    broken that stops it, "warned" where it can be used but something should be known, else "good";
    that of the whole is the worst of them. One that is refused does not keep the others from being
    read. A sources file that cannot be read is told as a refused input called "sources".
    """
    try:
        outcomes = tables.check(sources)
    except InputError as error:
        outcomes = {"sources": error}
    inputs = [told(name, outcome) for name, outcome in outcomes.items()]
    found = {one["status"] for one in inputs}
    status = next((one for one in (REFUSED, WARNED) if one in found), GOOD)
    return {"schema": SCHEMA, "sources": str(sources), "status": status, "inputs": inputs}


def told(name: str, outcome: Table | InputError) -> dict[str, Any]:
    """What the door says of one input, ready for JSON; what a refused one has not is null."""
    if isinstance(outcome, InputError):
        return {
            "input": name,
            "uri": outcome.file,
            "status": REFUSED,
            "rows_read": None,
            "rows": None,
            "period": None,
            "complete_to": None,
            "currency": "",
            "note": "",
            "repairs": [],
            "exclusions": [],
            "warnings": [],
            "errors": [_error(one) for one in outcome.violations],
        }
    known = outcome.provenance
    findings = {
        kind: [one | {"text": str(Finding(**one))} for one in known[kind]] for kind in _FINDINGS
    }
    status = WARNED if outcome.warnings else GOOD
    kept = ("rows_read", "rows", "period", "complete_to", "currency", "note")
    figures = {key: known[key] for key in kept}
    return {"input": name, "uri": outcome.uri, "status": status, **figures, **findings} | {
        "errors": []
    }


def _error(violation: Violation) -> dict[str, Any]:
    return {
        "file": violation.file,
        "column": violation.column,
        "source_column": violation.source_column,
        "rule": violation.rule,
        "count": violation.count,
        "unit": violation.unit,
        "places": list(violation.places),
        "examples": list(violation.examples),
        "remedy": violation.remedy,
        "text": str(violation),
    }


def findings(inputs: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """What the door told of inputs, errors first: columns input, kind, column, what, rows, remedy.

    `column` is the user's name where it differs. Without the offending values, for a table may be
    passed on; an error says where they stand.
    """
    rows = [
        (one["input"], kind, found["source_column"] or found["column"], *_what(found))
        for kind in ("errors", *_FINDINGS)
        for one in inputs
        for found in one[kind]
    ]
    table = pd.DataFrame(rows, columns=["input", "kind", "column", "what", "rows", "remedy"])
    return table.replace({"kind": {"errors": "error"} | _FINDINGS})


def _what(found: Mapping[str, Any]) -> tuple[str, int, str]:
    text = found["rule"]
    if places := found.get("places"):
        more = ", ..." if found["count"] > len(places) else ""
        text += f" ({found['unit']} {', '.join(map(str, places))}{more})"
    if found.get("file"):
        text += f", in {found['file']}"
    return text, found["count"], found.get("remedy", "")


def described(one: Mapping[str, Any]) -> Group:
    """One input of `check` for a screen, from 60 columns on; nothing in it is taken as markup."""
    head = Text.assemble((f"{one['input']}: ", "bold"), (one["status"], _STYLES[one["status"]]))
    lines = Grid.grid(padding=(0, 2))
    lines.add_column(no_wrap=True)
    lines.add_column(justify="right", no_wrap=True)
    lines.add_column(overflow="fold")
    lines.add_row("file", "", _line(one["uri"]))
    if one["rows"] is not None:
        lines.add_row("read", f"{one['rows_read']:,}", "rows of the file")
        lines.add_row("kept", f"{one['rows']:,}", "rows of the table")
    if one["period"]:
        first, last = one["period"]
        lines.add_row("period", "", f"{first} to {last}; complete to {one['complete_to']}")
    for key in ("currency", "note"):
        if one[key]:
            lines.add_row(key, "", _line(one[key]))
    for kind, called in _FINDINGS.items():
        for finding in one[kind]:
            lines.add_row(called, f"{finding['count']:,}", _line(finding["text"]))
    for error in one["errors"]:
        count = f"{error['count']:,}" if error["count"] else ""
        where = "" if error["file"] == one["uri"] else f"{error['file']}: "
        lines.add_row(Text("error", "red"), count, _line(where + error["text"]))
    return Group(head, Padding(lines, (0, 0, 1, 2)))


def _line(text: str) -> Text:
    """A text of the data on one line, in which nothing steers the terminal."""
    return Text("".join(c if c.isprintable() else repr(c)[1:-1] for c in text))
