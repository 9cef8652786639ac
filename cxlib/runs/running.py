"""A run from its plan to its end: reports made side by side, their status set here.

A run is built in a staging folder, renamed when it is whole and then shown on the index page. What
failed is published as failed, with its cause; the last good report of that name stays in place.
The status of a report is set here and never by its notebook: unknown means failed.
"""

import contextlib
import os
import platform
import secrets
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from cxlib import PROJECT
from cxlib.runs import publishing
from cxlib.runs.execution import EXIT_CODES, Cause, Limits
from cxlib.runs.making import Maker, Manifest, Tell
from cxlib.runs.notification import notify
from cxlib.runs.origins import code_version, library_versions
from cxlib.runs.planning import fingerprinted, plan, timed
from cxlib.runs.progress import Event, tell_nothing
from cxlib.runs.suites import read_suite

SCHEMA = 2
DEFAULT_LIMITS = Limits(report_seconds=600, cell_seconds=None)


class Stopped(BaseException):
    """A signal asked the run to stop; what it had finished is kept for the next run."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Stopped by {signal.Signals(number).name}.")
        self.exit_code = 128 + number


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
        return EXIT_CODES[_gravest(self.causes.values())]


def run(
    names: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
    *,
    suite: Path | None = None,
    notebooks: Path = PROJECT / "notebooks",
    reports: Path = PROJECT / "reports",
    workers: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    tell: Tell = tell_nothing,
) -> Run:
    """Make the named reports (none named: all), `workers` at a time, and publish them.

    `texts` are parameters as typed, name -> text; each goes to every named report that declares
    it and is read by what is declared there. With a `suite` the reports are those of that file,
    and `texts` overrule it. `workers` is the number of processors when it is not given. `limits`
    hold for each report. `tell` gets the events of the run. What a killed run with the same
    inputs, code and parameters had finished is taken over. Raises ParameterError, before anything
    is started, when a report or a parameter is unknown, a value does not fit or the reports folder
    cannot be used, DiskFullError when there is no room, and Stopped when a signal came.
    """
    tell = _untroubled(tell)
    today = datetime.now().astimezone().date()
    if suite:
        # A fan-out reads data to find its values: not for a place that cannot take the reports.
        publishing.require_destination(reports)
    named = read_suite(suite, notebooks) if suite else None
    jobs = plan(names, texts or {}, named, notebooks, today)
    publishing.require_destination(reports)
    manifest = _begin_manifest(suite)
    earlier, _ = publishing.read_manifests(reports)
    jobs = fingerprinted([timed(job, earlier) for job in jobs], manifest["code"])
    note = {"run": manifest["run"], "started": manifest["started"]}
    note |= {"series": [job.series for job in jobs]}
    staging, held = publishing.open_staging(reports, manifest["run"], note)
    maker = Maker(staging, manifest, earlier, reports, limits, tell)
    try:
        with _stoppable():
            causes = maker.make(jobs, workers or (os.cpu_count() or 1))
            manifest |= _end_manifest(manifest, causes)
            keep_runs = named.keep_runs if named else None
            index = publishing.publish(staging, reports, manifest, keep_runs)
            tell(Event("published", text=str(index)))
            if named and named.notify:
                file = reports / manifest["run"] / publishing.MANIFEST
                if problem := notify(named.notify, file):
                    tell(Event("warning", message=problem))
    except Stopped:
        with contextlib.suppress(OSError, TimeoutError), publishing.locked(reports):
            os.close(held)
            publishing.show(reports)
        raise
    except OSError as error:
        if error.errno not in publishing.DISK_FULL:
            raise
        publishing.discard(staging)
        raise publishing.DiskFullError(error.errno, f"No room in {reports}: {error}") from None
    finally:
        with contextlib.suppress(OSError):
            os.close(held)
    return Run(manifest["run"], reports / manifest["run"], index, causes)


def planned(
    names: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
    *,
    suite: Path | None = None,
    notebooks: Path = PROJECT / "notebooks",
) -> list[str]:
    """The names of the reports that `run` would make of the same, in order.

    Raises ParameterError as `run` does.
    """
    named = read_suite(suite, notebooks) if suite else None
    today = datetime.now().astimezone().date()
    return [job.name for job in plan(names, texts or {}, named, notebooks, today)]


def _untroubled(tell: Tell) -> Tell:
    """Tell as long as somebody listens: a full log or a closed pipe is no matter of the run."""

    def told(event: Event) -> None:
        with contextlib.suppress(OSError):
            tell(event)

    return told


def _begin_manifest(suite: Path | None) -> Manifest:
    started = datetime.now(UTC)
    return {
        "schema": SCHEMA,
        "run": f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        "started": started.isoformat(timespec="seconds"),
        "begun": time.monotonic(),
        "suite": suite.name if suite else None,
        "code": code_version(),
        "python": platform.python_version(),
        "libraries": library_versions(),
        "reports": [],
    }


def _end_manifest(manifest: Manifest, causes: Mapping[str, Cause]) -> Manifest:
    status = _gravest(causes.values())
    return {
        "finished": datetime.now(UTC).isoformat(timespec="microseconds"),
        "seconds": round(time.monotonic() - manifest.pop("begun"), 1),
        "status": status,
        "exit_code": EXIT_CODES[status],
    }


def _gravest(causes: Iterable[Cause]) -> str:
    """The status that gives the exit code: a crash of ours before all, else the highest."""
    statuses = [cause.status for cause in causes]
    if "crashed" in statuses:
        return "crashed"
    return max(statuses, key=lambda status: EXIT_CODES[status], default="ok")


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Turn the signals that ask a process to end into Stopped, where this is the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(number)

    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
