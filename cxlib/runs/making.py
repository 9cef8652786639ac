"""The reports of one run made side by side in its staging folder, their status set here."""

import contextlib
import json
import os
import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import nbformat
from jupyter_core.utils import ensure_event_loop

from cxlib import PROJECT, pages
from cxlib.runs import publishing
from cxlib.runs.causes import printable
from cxlib.runs.changes import since_last
from cxlib.runs.execution import Cause, Limits, execute
from cxlib.runs.kernels import WarmKernels, imported_modules
from cxlib.runs.parameters import Value
from cxlib.runs.planning import OF_THE_RUN, Job
from cxlib.runs.progress import Event
from cxlib.runs.proof import read_results

# Beyond a report's own limit: its kernel starts, and its page is made.
_GRACE_SECONDS = 120.0

Tell = Callable[[Event], None]
Manifest = dict[str, Any]
Entry = dict[str, Any]


@dataclass(frozen=True)
class _News:
    kind: Literal["step", "done"]
    job: Job
    text: str = ""
    entry: Entry = field(default_factory=dict)
    cause: Cause | None = None


@dataclass(frozen=True)
class Maker:
    """Makes the reports of one run in its staging folder.

    `earlier` are the manifests of the runs in `reports`, newest first.
    """

    staging: Path
    manifest: Manifest
    earlier: Sequence[Manifest]
    reports: Path
    limits: Limits
    tell: Tell
    _news: "queue.SimpleQueue[_News]" = field(default_factory=queue.SimpleQueue)
    _ended: dict[str, dict[str, Any]] = field(default_factory=dict)

    def make(self, jobs: Sequence[Job], workers: int) -> dict[str, Cause]:
        """Make all; returns what failed. Fills the manifest's `reports` in the order of jobs."""
        entries: dict[str, Entry] = {}
        causes: dict[str, Cause] = {}
        with publishing.locked(self.reports):
            wanted = {job.name: job.fingerprint for job in jobs}
            taken = publishing.take_over(self.reports, self.staging, wanted)
        for job in jobs:
            if job.name in taken:
                try:
                    entries[job.name] = self._adopt(job, taken[job.name].entry)
                except Exception:
                    # Whatever is odd about it: it is made anew.
                    shutil.rmtree(self.staging / job.name, ignore_errors=True)
        left = [job for job in jobs if job.name not in entries]
        # The longest first, so that none is left alone at the end.
        left.sort(key=_expected_length, reverse=True)
        if left:
            modules = imported_modules([job.notebook for job in left])
            threads = max(1, (os.cpu_count() or 1) // min(workers, len(left)))
            with WarmKernels(modules, threads=threads) as kernels:
                for news in self._side_by_side(left, workers, kernels, entries, causes):
                    entries[news.job.name] = news.entry
                    if news.cause:
                        causes[news.job.name] = news.cause
        for job in jobs:
            if job.name not in causes and not self._is_as_it_ended(job):
                # No process of the run is left: what is found now is what is published.
                text = "Its files were changed after it had ended, by another notebook of the run."
                causes[job.name] = Cause("cell failed", text)
                entries[job.name] = self._failed(job, causes[job.name])
        self.manifest["reports"] = [entries[job.name] for job in jobs]
        return causes

    def _is_as_it_ended(self, job: Job) -> bool:
        folder = self.staging / job.name
        # What was put there later may be a link, or larger than can be read.
        publishing.settle(folder)
        return self._ended.get(job.name) == publishing.hashes(folder)

    def _mark_finished(self, entry: Entry) -> None:
        publishing.mark_finished(self.staging, entry)
        # Kept here too, where no notebook reaches.
        self._ended[entry["name"]] = publishing.hashes(self.staging / entry["name"])

    def _failed(self, job: Job, cause: Cause) -> Entry:
        """A report that has nothing to show but its cause, which stands on its page."""
        entry = self._entry(job, job.name, cause, {})
        html = pages.report(nbformat.v4.new_notebook(), entry, self.manifest)
        folder = self.staging / job.name
        # Where there is no room for the page, the index still tells the cause.
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            (folder / f"{job.name}.html").write_text(html, encoding="utf-8")
        return entry

    def _side_by_side(
        self,
        waiting: list[Job],
        workers: int,
        kernels: WarmKernels,
        entries: Mapping[str, Entry],
        causes: Mapping[str, Cause],
    ) -> Iterator[_News]:
        """Start what can be started, `workers` at a time; yield each report when it has ended."""
        going: dict[str, tuple[Job, float]] = {}
        while waiting or going:
            for job in [job for job in waiting if job.needs <= set(entries)]:
                if len(going) < workers:
                    waiting.remove(job)
                    going[job.name] = (job, time.monotonic())
                    self._start(job, kernels, sorted(job.needs & set(causes)))
            news: _News | None
            try:
                news = self._news.get(timeout=1)
            except queue.Empty:
                news = self._overdue(going)
            if news is None or news.job.name not in going:
                continue
            job, begun = going[news.job.name]
            elapsed = time.monotonic() - begun
            if news.kind == "step":
                self.tell(Event("step", job.name, news.text, elapsed, job.expected_seconds))
                continue
            del going[job.name]
            cause = news.cause or Cause("ok", "")
            seconds = (elapsed, job.expected_seconds)
            self.tell(Event("finished", job.name, cause.status, *seconds, cause.message))
            yield news

    def _start(self, job: Job, kernels: WarmKernels, failed: Sequence[str]) -> None:
        self.tell(Event("started", job.name, expected_seconds=job.expected_seconds))

        def work() -> None:
            # nbclient works in this thread's event loop, which nobody else would close.
            with contextlib.closing(ensure_event_loop()):
                entry, cause = self._make_one(job, kernels, failed)
            self._news.put(_News("done", job, entry=entry, cause=cause))

        # A daemon, so that an interrupted run ends at once.
        threading.Thread(target=work, daemon=True).start()

    def _overdue(self, going: Mapping[str, tuple[Job, float]]) -> _News | None:
        """A report whose thread did not come back although its limit is long over."""
        for job, begun in going.values():
            if time.monotonic() - begun > self.limits.report_seconds + _GRACE_SECONDS:
                cause = Cause("timed out", "The report did not come to an end and was given up.")
                return _News("done", job, entry=self._failed(job, cause), cause=cause)
        return None

    def _make_one(
        self, job: Job, kernels: WarmKernels, failed: Sequence[str]
    ) -> tuple[Entry, Cause | None]:
        begun = time.monotonic()
        output = self.staging / job.name / f"{job.name}.ipynb"
        cause: Cause | None
        try:
            if failed:
                output.parent.mkdir()
                cause = Cause("input error", f"It takes a file of {failed[0]}, which failed.")
            else:
                cause = execute(
                    job.notebook,
                    self._to_inject(job),
                    output,
                    self.limits,
                    kernels=kernels,
                    tell_step=lambda step: self._news.put(_News("step", job, step)),
                )
                if cause:
                    cause = replace(cause, message=printable(cause.message))
            entry, cause = self._finish(job, cause, round(time.monotonic() - begun, 1))
        except Exception as error:
            # Whatever it was, it is this report's failure and the others go on.
            cause = _cause_of(error)
            entry = self._failed(job, cause)
        return entry, cause

    def _to_inject(self, job: Job) -> dict[str, Value]:
        """The values, with files of other reports of this run by their place in staging."""
        injected = dict(job.values)
        for name, value in job.values.items():
            if match := OF_THE_RUN.fullmatch(str(value)):
                made = self.staging / match["report"] / match["file"]
                injected[name] = os.path.relpath(made, PROJECT)
        if "output_dir" in job.declared:
            injected["output_dir"] = "."
        return injected

    def _finish(self, job: Job, cause: Cause | None, seconds: float) -> tuple[Entry, Cause | None]:
        """Describe an executed report for the manifest and write its page."""
        folder = self.staging / job.name
        if (problem := publishing.settle(folder)) and cause is None:
            cause = Cause("cell failed", problem)
        path = folder / f"{job.name}.ipynb"
        executed = path.exists()
        notebook = nbformat.read(path, as_version=4) if executed else nbformat.v4.new_notebook()
        title = pages.title(notebook) or job.name
        results: dict[str, Any] = {}
        if cause is None:
            try:
                results = read_results(folder / "results.json")
            except FileNotFoundError:
                cause = Cause("no results", "The notebook ended without results.save.")
            except (OSError, ValueError) as error:
                cause = Cause("no results", f"Its results.json cannot be read: {error}")
        try:
            entry = self._entry(job, title, cause, results)
            capped = notebook.metadata.get("cx", {}).get("output_capped", 0)
            entry |= {"seconds": seconds, "output_capped": capped}
            entry |= self._changes(entry, results)
            html = pages.report(notebook, entry, self.manifest)
            json.dumps(entry, allow_nan=False)
        except Exception as error:
            cause = Cause("crashed", f"Its page could not be made: {type(error).__name__}: {error}")
            entry = self._entry(job, title, cause, {})
            html = pages.report(nbformat.v4.new_notebook(), entry, self.manifest)
        if cause and executed:
            # It may have ended well and have nothing to show for it.
            notebook.metadata.setdefault("cx", {})["status"] = cause.status
            nbformat.write(notebook, path)
        (folder / f"{job.name}.html").write_text(html, encoding="utf-8")
        if cause is None:
            self._mark_finished(entry)
        return entry, cause

    def _adopt(self, job: Job, entry: Entry) -> Entry:
        """A report that a killed run had finished, with its page made anew for this one."""
        folder = self.staging / job.name
        earlier_run = entry["run"]
        results = read_results(folder / "results.json")
        entry = entry | {"run": self.manifest["run"], "resumed_from": earlier_run}
        entry |= self._changes(entry, results)
        notebook = nbformat.read(folder / f"{job.name}.ipynb", as_version=4)
        html = pages.report(notebook, entry, self.manifest)
        (folder / f"{job.name}.html").write_text(html, encoding="utf-8")
        self._mark_finished(entry)
        self.tell(Event("resumed", job.name, earlier_run))
        return entry

    def _changes(self, entry: Entry, results: Mapping[str, Any]) -> Entry:
        """What changed since the previous comparable report, or why that cannot be told."""
        if entry["status"] != "ok":
            return {}
        return since_last(entry, results, self.earlier, self.reports)

    def _entry(
        self, job: Job, title: str, cause: Cause | None, results: Mapping[str, Any]
    ) -> Entry:
        defaults = {name: one.default for name, one in job.declared.items()}
        effective: dict[str, Value] = {**defaults, **job.values}
        effective.pop("output_dir", None)
        inputs = results.get("inputs", [])
        # The first input is the one that the report is about.
        ends = [one.get("complete_to") or (one.get("period") or [""])[-1] for one in inputs]
        measures = results.get("measures", [])
        return {
            "name": job.name,
            "run": self.manifest["run"],
            "series": job.series,
            "group": job.group,
            "label": job.label,
            "title": title,
            "notebook": job.notebook.name,
            "status": cause.status if cause else "ok",
            "cause": cause and {"message": cause.message, "cell": cause.cell},
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": 0.0,
            "parameters": effective,
            "given": dict(job.given),
            "seed": effective.get("seed"),
            "as_of": effective.get("as_of") or next(filter(None, ends), ""),
            "headline": results.get("headline", ""),
            "leading": measures[0] if measures else None,
            "measures": len(measures),
            "checks": results.get("checks", []),
            "inputs": inputs,
            "fingerprint": job.fingerprint,
            "output_capped": 0,
            "resumed_from": None,
            "compared_with": None,
            "changes": [],
            "why_not_compared": "",
        }


def _expected_length(job: Job) -> tuple[float, int]:
    """By its last run; before the first, by how much there is to do in its notebook."""
    return job.expected_seconds or float("inf"), job.notebook.stat().st_size


def _cause_of(error: Exception) -> Cause:
    if isinstance(error, OSError) and error.errno in publishing.DISK_FULL:
        return Cause("disk full", str(error))
    if isinstance(error, MemoryError):
        return Cause("out of memory", "There was no memory left to make the page.")
    return Cause("crashed", f"{type(error).__name__}: {error}")
