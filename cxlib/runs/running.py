"""A run: parameters checked, notebooks executed, reports published whole or not at all.

A run is built in a staging folder, renamed when it is whole and then shown on the index page. What
failed is published as failed, with its cause; the last good report of that name stays in place.
The status of a report is set here and never by its notebook.
"""

import contextlib
import importlib.metadata
import json
import platform
import queue
import re
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import ensure_event_loop

from cxlib import PROJECT, __version__, pages
from cxlib.runs.catalogue import choose
from cxlib.runs.execution import EXIT_CODES, Cause, execute
from cxlib.runs.parameters import (
    Parameter,
    ParameterError,
    Value,
    closest,
    declared_parameters,
    read_value,
)
from cxlib.runs.publishing import locked, switch, write_index, write_json

SCHEMA = 1


@dataclass(frozen=True)
class Run:
    """A finished and published run. `causes` holds what failed, by report."""

    id: str
    folder: Path
    index: Path
    causes: Mapping[str, Cause]

    @property
    def exit_code(self) -> int:
        """The gravest of its reports: a crash of ours before all, else the highest code."""
        codes = {EXIT_CODES[cause.status] for cause in self.causes.values()}
        return 1 if 1 in codes else max(codes, default=0)


@dataclass(frozen=True)
class _Job:
    name: str
    notebook: Path
    given: dict[str, Value]
    declared: dict[str, Parameter]


def run(
    names: Sequence[str],
    texts: Mapping[str, str],
    *,
    notebooks: Path = PROJECT / "notebooks",
    reports: Path = PROJECT / "reports",
    workers: int = 2,
    time_limit_seconds: int = 600,
    tell: Callable[[str], None] = print,
) -> Run:
    """Make the named reports (none named: all), `workers` at a time, and publish them.

    `texts` are parameters as typed, name -> text; each goes to every named report that declares it
    and is read by the type declared there. `time_limit_seconds` holds for each report. `tell` gets
    a line when a report starts and when it ends. Raises ParameterError, before anything is started,
    when a report or a parameter is unknown or a value does not fit.
    """
    jobs = _plan(names, texts, notebooks)
    started = datetime.now(UTC)
    run_id = f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    staging = reports / f".staging-{run_id}"
    manifest: dict[str, Any] = {
        "schema": SCHEMA,
        "run": run_id,
        "started": started.isoformat(timespec="seconds"),
        "code": _code_version(),
        "python": platform.python_version(),
        "libraries": _library_versions(),
        "reports": [],
    }
    staging.mkdir(parents=True)
    try:
        causes: dict[str, Cause] = {}
        for job, failure, seconds in _execute_all(jobs, staging, workers, time_limit_seconds, tell):
            entry, cause = _finish(job, failure, seconds, staging, manifest)
            manifest["reports"].append(entry)
            if cause:
                causes[job.name] = cause
            tell(f"{job.name}: {entry['status']}, {seconds:.1f} s")
        order = [job.name for job in jobs]
        manifest["reports"].sort(key=lambda entry: order.index(entry["name"]))
        with locked(reports):
            finished = datetime.now(UTC)
            manifest["finished"] = finished.isoformat(timespec="microseconds")
            manifest["seconds"] = round((finished - started).total_seconds(), 1)
            write_json(manifest, staging / "manifest.json")
            staging.rename(reports / run_id)
            for job in jobs:
                if job.name not in causes:
                    switch(reports / "latest" / job.name, Path("..") / run_id / job.name)
            index = write_index(reports)
    finally:
        # An interrupted run leaves nothing; after the rename there is nothing here to remove.
        shutil.rmtree(staging, ignore_errors=True)
    return Run(run_id, reports / run_id, index, causes)


def _plan(names: Sequence[str], texts: Mapping[str, str], notebooks: Path) -> list[_Job]:
    chosen = choose(names, notebooks)
    declared = {name: declared_parameters(path) for name, path in chosen.items()}
    every = {one.name: one for known in declared.values() for one in known.values()}
    # Where a report writes is settled by the run.
    every.pop("output_dir", None)
    for name in texts:
        if name not in every:
            listing = "\n".join(f"  {one}" for one in every.values())
            raise ParameterError(
                f"There is no parameter {name!r}{closest(name, every)}\n"
                f"Parameters of {', '.join(chosen)}:\n{listing}"
            )
    jobs = []
    for name, path in chosen.items():
        known = declared[name]
        given = {key: read_value(text, known[key]) for key, text in texts.items() if key in known}
        if "output_dir" in known:
            given["output_dir"] = "."
        jobs.append(_Job(name, path, given, known))
    return jobs


def _execute_all(
    jobs: Sequence[_Job],
    staging: Path,
    workers: int,
    time_limit_seconds: int,
    tell: Callable[[str], None],
) -> Iterator[tuple[_Job, Cause | None, float]]:
    """Execute `workers` notebooks at a time; yield each with its cause of failure and seconds."""
    waiting: queue.SimpleQueue[_Job] = queue.SimpleQueue()
    news: queue.SimpleQueue[tuple[_Job, Cause | None, float | None]] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)

    def work() -> None:
        while not waiting.empty():
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            begun = time.monotonic()
            news.put((job, None, None))
            # nbclient works in this thread's event loop, which nobody else would close.
            with contextlib.closing(ensure_event_loop()):
                output = staging / job.name / f"{job.name}.ipynb"
                cause = execute(job.notebook, job.given, output, time_limit_seconds)
            news.put((job, cause, time.monotonic() - begun))

    # Daemons, so that an interrupted run ends at once: a kernel stops when its parent is gone.
    for _ in range(min(workers, len(jobs))):
        threading.Thread(target=work, daemon=True).start()
    left = len(jobs)
    while left:
        job, cause, seconds = news.get()
        if seconds is None:
            tell(f"{job.name}: started")
        else:
            left -= 1
            yield job, cause, seconds


def _finish(
    job: _Job, cause: Cause | None, seconds: float, staging: Path, manifest: Mapping[str, Any]
) -> tuple[dict[str, Any], Cause | None]:
    """Describe an executed report for the manifest and write its page."""
    folder = staging / job.name
    notebook = _tidy_notebook(folder / f"{job.name}.ipynb", job)
    title = pages.title(notebook) or job.name
    results: dict[str, Any] = {}
    if cause is None:
        try:
            results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            cause = Cause("no results", "The notebook ended without results.save.")
        except (OSError, ValueError) as error:
            cause = Cause("no results", f"Its results.json cannot be read: {error}")
    try:
        entry = _entry(job, title, cause, seconds, results)
        html = pages.report(notebook, entry, manifest)
        json.dumps(entry, allow_nan=False)
    except Exception as error:
        # Whatever it was, it is this report's failure and the others are published.
        cause = Cause("crashed", f"Its page could not be made: {type(error).__name__}: {error}")
        entry = _entry(job, title, cause, seconds, {})
        html = pages.report(nbformat.v4.new_notebook(), entry, manifest)
    (folder / f"{job.name}.html").write_text(html, encoding="utf-8")
    return entry, cause


def _entry(
    job: _Job, title: str, cause: Cause | None, seconds: float, results: Mapping[str, Any]
) -> dict[str, Any]:
    effective = {name: one.default for name, one in job.declared.items()} | job.given
    return {
        "name": job.name,
        "title": title,
        "notebook": job.notebook.name,
        "status": cause.status if cause else "ok",
        "cause": cause and {"message": cause.message, "cell": cause.cell},
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "parameters": effective,
        "given": {name: value for name, value in job.given.items() if name != "output_dir"},
        "seed": effective.get("seed"),
        "headline": results.get("headline", ""),
        "measures": len(results.get("measures", [])),
        "inputs": results.get("inputs", []),
    }


def _tidy_notebook(path: Path, job: _Job) -> nbformat.NotebookNode:
    """The executed notebook without the absolute paths that papermill notes in it."""
    if not path.exists():
        return nbformat.v4.new_notebook()
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.papermill.update(input_path=job.notebook.name, output_path=path.name)
    nbformat.write(notebook, path)
    return notebook


def _code_version() -> dict[str, Any]:
    """The package's version, and the commit where the project is a git repository."""
    version: dict[str, Any] = {"cxlib": __version__, "commit": None, "modified": None}
    git = shutil.which("git")
    if git and (PROJECT / ".git").exists():
        commit = _output(git, "rev-parse", "HEAD")
        if commit:
            changes = _output(git, "status", "--porcelain", "--untracked-files=no")
            version |= {"commit": commit, "modified": bool(changes)}
    return version


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _library_versions() -> dict[str, str]:
    """The installed versions of what the package itself depends on."""
    names = [
        re.split(r"[^\w.-]", line, maxsplit=1)[0]
        for line in importlib.metadata.requires("cxlib") or []
    ]
    return {name: importlib.metadata.version(name) for name in names}
