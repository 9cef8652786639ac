"""A report followed over its runs, as the index shows it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from cxlib.pages.sentences import figure, moved, since, spoken, what_changed
from cxlib.pages.sparkline import Point, sparkline

HISTORY_RUNS = 24
_CAUSE_CHARACTERS = 300
_NOT_FINISHED = "Run {} was stopped or killed before it was whole, so nothing of it is shown."
_OF_A_RUN = {"run", "started", "finished", "seconds", "reports"}
_OF_AN_ENTRY = {"name", "title", "notebook", "status", "cause", "finished", "headline", "inputs"}

Manifest = Mapping[str, Any]
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """A report of one run: its entry and its place from the index page."""

    entry: Entry
    manifest: Manifest

    @property
    def link(self) -> str:
        name = quote(str(self.entry["name"]))
        return f"{quote(self.manifest['run'])}/{name}/{name}.html"

    @property
    def log(self) -> str:
        """Where what its processes printed stands, "" if it was not kept."""
        log = self.entry.get("log")
        return quote(f"{self.manifest['run']}/{log}") if log else ""

    @property
    def failed(self) -> bool:
        return bool(self.entry["status"] != "ok")

    @property
    def cause(self) -> str:
        """The beginning of what was said, in one paragraph."""
        message = " ".join(str((self.entry["cause"] or {}).get("message", "")).split())
        if len(message) <= _CAUSE_CHARACTERS:
            return message
        return message[:_CAUSE_CHARACTERS].rsplit(" ", 1)[0] + " …"


@dataclass(frozen=True)
class Trouble:
    """Why the last attempt at a report gave no good one, when, and where there is more to see."""

    status: str
    cause: str
    time: str
    link: str = ""
    log: str = ""


@dataclass(frozen=True)
class Series:
    """A report followed over its runs, newest first, and the later run that did not finish."""

    name: str
    made: Sequence[Made]
    unfinished: Mapping[str, Any] | None = None

    @property
    def notebook(self) -> str:
        return str(self.newest.entry["notebook"])

    @property
    def group(self) -> str:
        """The report of the suite that makes one for each of several values, "" for others."""
        return str(self.newest.entry.get("group") or "")

    @property
    def label(self) -> str:
        """The value it is made for: "North"."""
        return str(self.newest.entry.get("label") or "")

    @property
    def anchor(self) -> str:
        """Its place on the page; a name may hold blanks, which an id may not."""
        return "report-" + re.sub(r"\s", "_", self.name)

    @property
    def newest(self) -> Made:
        return self.made[0]

    @property
    def good(self) -> Made | None:
        """The newest that succeeded."""
        return next((one for one in self.made if not one.failed), None)

    @property
    def trouble(self) -> Trouble | None:
        """What went wrong the last time, if it did: what is shown is stale then."""
        newest, run = self.newest, self.unfinished
        if newest.failed:
            entry = newest.entry
            return Trouble(
                entry["status"], newest.cause, entry["finished"], newest.link, newest.log
            )
        if run:
            return Trouble("did not finish", _NOT_FINISHED.format(run["run"]), run["started"])
        return None

    @property
    def shown(self) -> Made:
        return self.good or self.newest

    @property
    def status(self) -> str:
        if self.trouble:
            return "stale" if self.good else "failed"
        return "warned" if self.warnings else "good"

    @property
    def warnings(self) -> list[Mapping[str, Any]]:
        """The checks that were not passed, or not settled: too few data, or none for them."""
        checks = self.shown.entry.get("checks") or []
        return [check for check in checks if check["passed"] is not True]

    @property
    def badge(self) -> str:
        """Its status in a word or two: "stale", "good", "1 check warned, 2 unsettled"."""
        if self.status != "warned":
            return self.status
        warned = sum(check["passed"] is False for check in self.warnings)
        unsettled = len(self.warnings) - warned
        if not warned:
            return f"{unsettled} check{'s' * (unsettled > 1)} unsettled"
        also = f", {unsettled} unsettled" if unsettled else ""
        return f"{warned} check{'s' * (warned > 1)} warned{also}"

    @property
    def leading(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.shown.entry.get("leading")
        return found

    @property
    def leading_name(self) -> str:
        return spoken(self.leading["name"]) if self.leading else ""

    @property
    def leading_text(self) -> str:
        return figure(self.leading) if self.leading else ""

    @property
    def change(self) -> str:
        """How the leading measure moved, and the other ones."""
        return what_changed(self.good.entry) if self.good else ""

    @property
    def short_change(self) -> str:
        """How the leading measure moved."""
        if self.good and (change := self._leading_change()):
            return moved(change, since(self.good.entry))
        return self.change

    @property
    def beyond_noise(self) -> bool:
        change = self._leading_change()
        return bool(change and change["beyond_noise"])

    @property
    def history(self) -> Markup | None:
        """The leading measure over the runs that answer the same question, drawn."""
        made = self._comparable()
        points = [_point(one.entry) for one in made]
        if len(points) < 2 or not self.leading:
            return None
        values = [one.value for one in points]
        spread = [figure({**self.leading, "value": value, "low": None}) for value in _ends(values)]
        first, last = (one.as_of or one.finished[:10] for one in (points[0], points[-1]))
        text = (
            f"History of {self.leading_name} over {len(points)} runs, {first} to {last}: "
            f"lowest {spread[0]}, highest {spread[1]}, last {self.leading_text}."
        )
        return sparkline(points, text)

    def _leading_change(self) -> Mapping[str, Any] | None:
        """The change of the leading measure, where other data have been compared."""
        if not self.good or not self.leading:
            return None
        entry, name = self.good.entry, self.leading["name"]
        if not entry.get("compared_with") or entry["compared_with"].get("same_data"):
            return None
        return next((one for one in entry.get("changes") or [] if one["name"] == name), None)

    def _comparable(self) -> list[Made]:
        """The good runs from the oldest, each compared with the one before; one a date."""
        by_run = {one.manifest["run"]: one for one in self.made if not one.failed}
        chain: dict[str, Made] = {}
        one = self.good
        while one and len(chain) < HISTORY_RUNS:
            value = one.entry.get("leading") or {}
            if value.get("value") is not None and _alike(value, self.leading):
                chain.setdefault(one.entry.get("as_of") or one.entry["finished"], one)
            # Each run can be met but once, whatever a manifest says.
            one = by_run.pop((one.entry.get("compared_with") or {}).get("run", ""), None)
        return [chain[key] for key in sorted(chain)]


def is_whole(manifest: Manifest) -> bool:
    """Whether a manifest says all that is needed to show its run."""
    return manifest.keys() >= _OF_A_RUN and all(
        isinstance(entry, Mapping) and entry.keys() >= _OF_AN_ENTRY for entry in manifest["reports"]
    )


def every_series(
    manifests: Sequence[Manifest], unfinished: Sequence[Mapping[str, Any]] = ()
) -> list[Series]:
    """The series in all runs, by notebook, group and name; `manifests` newest first.

    `unfinished` are the runs that were stopped or killed, each with its `series`: such a run makes
    a series stale that no later run has made.
    """
    made: dict[str, list[Made]] = {}
    for manifest in manifests:
        for entry in manifest["reports"]:
            made.setdefault(_series_name(entry), []).append(Made(entry, manifest))
    every = []
    for name, reports in made.items():
        started = reports[0].manifest["started"]
        later = [run for run in unfinished if name in run["series"] and run["started"] > started]
        every.append(
            Series(name, reports, max(later, key=lambda run: run["started"], default=None))
        )
    return sorted(every, key=lambda one: (one.notebook, one.group, one.name))


def _series_name(entry: Entry) -> str:
    if "series" in entry:
        return str(entry["series"])
    # Manifests of the first schema: other sources are other customers.
    sources = entry.get("given", {}).get("sources")
    return f"{entry['name']}-{PurePosixPath(sources).stem}" if sources else str(entry["name"])


def _point(entry: Entry) -> Point:
    value, low, high = (entry["leading"][part] for part in ("value", "low", "high"))
    return Point(entry.get("as_of") or "", entry["finished"], value, low, high)


def _alike(one: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    return other is not None and all(one[part] == other[part] for part in ("name", "unit"))


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)
