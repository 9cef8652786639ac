"""Runs in the reports folder: published whole or not at all, found again, checked and pruned.

A run is built in `.staging-<run>`, locked for as long as its process lives, and renamed when it is
whole. A staging folder that nobody holds belongs to a run that was killed: what it had finished can
be taken over by the next one.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxlib import pages
from cxlib.runs.parameters import ParameterError

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
_STAGING, _REMOVED, _FINISHED, _PLAN = ".staging-", ".removed-", ".finished", ".plan.json"
_LOCK_SECONDS = 120
_ABANDONED_DAYS = 7
_PROBE_BYTES = 1 << 20
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DiskFullError(OSError):
    """The disk, a quota or a limit on file sizes leaves no room for a run."""


@dataclass(frozen=True)
class Finished:
    """A report that a killed run had finished: its entry and the folder that holds it."""

    entry: dict[str, Any]
    folder: Path


def require_destination(reports: Path) -> None:
    """Refuse a reports folder that a run could not be published in.

    Tries what a run will do there: a folder, a megabyte in a file, a rename, a link. Raises
    DiskFullError when there is no room and ParameterError when it is no folder to write in.
    """
    probe = reports / f".probe-{os.getpid()}-{time.monotonic_ns()}"
    try:
        probe.mkdir(parents=True)
        (probe / "file").write_bytes(bytes(_PROBE_BYTES))
        (probe / "file").rename(probe / "renamed")
        (probe / "link").symlink_to("renamed")
    except OSError as error:
        if error.errno in DISK_FULL:
            raise DiskFullError(error.errno, f"No room in {reports}: {error.strerror}") from None
        raise ParameterError(f"Nothing can be written in {reports}: {error.strerror}.") from None
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def open_staging(reports: Path, run: str, plan: Mapping[str, Any]) -> tuple[Path, int]:
    """Make and hold the staging folder of a run; returns it and what holds it, to be closed."""
    fresh = reports / f".new-{run}"
    fresh.mkdir()
    held = os.open(fresh, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    write_json(plan, fresh / _PLAN)
    staging = reports / f"{_STAGING}{run}"
    fresh.rename(staging)
    return staging, held


def mark_finished(staging: Path, entry: Mapping[str, Any]) -> None:
    """Note that a report in the staging folder is whole and good, with a hash of each file."""
    folder = staging / str(entry["name"])
    (staging / _FINISHED).mkdir(exist_ok=True)
    aside = staging / _FINISHED / f".{entry['name']}"
    write_json({"entry": entry, "files": hashes(folder)}, aside)
    os.replace(aside, staging / _FINISHED / f"{entry['name']}.json")


def unfinished(reports: Path) -> list[dict[str, Any]]:
    """The plans of the runs that were stopped or killed before they were published."""
    plans = []
    for staging, held in _abandoned(reports):
        os.close(held)
        with contextlib.suppress(OSError, ValueError):
            plans.append(json.loads((staging / _PLAN).read_text(encoding="utf-8")))
    return plans


def take_over(reports: Path, staging: Path, wanted: Mapping[str, str]) -> dict[str, Finished]:
    """Move into `staging` what killed runs had finished, where the fingerprint is as wanted.

    `wanted` is report name -> fingerprint. A report whose files are no longer as they were noted
    stays where it is. Staging folders that nothing more can be taken from are removed.
    """
    taken: dict[str, Finished] = {}
    for old, held in _abandoned(reports):
        try:
            for name, note in _finished_notes(old):
                entry = note["entry"]
                fits = wanted.get(name) not in (None, "") and wanted[name] == entry["fingerprint"]
                if name in taken or not fits or hashes(old / name) != note["files"]:
                    continue
                (old / name).rename(staging / name)
                taken[name] = Finished(entry, staging / name)
            left = [name for name, _ in _finished_notes(old) if (old / name).exists()]
            if not left or time.time() - old.stat().st_mtime > 86_400 * _ABANDONED_DAYS:
                shutil.rmtree(old, ignore_errors=True)
        finally:
            os.close(held)
    return taken


def _finished_notes(staging: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((staging / _FINISHED).glob("*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError):
            yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def _abandoned(reports: Path) -> Iterator[tuple[Path, int]]:
    """Staging folders that no living run holds, newest first; each comes held."""
    for folder in sorted(reports.glob(f"{_STAGING}*"), reverse=True):
        try:
            held = os.open(folder, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            still_there = os.fstat(held).st_ino == folder.stat().st_ino
        except OSError:
            still_there = False
        if still_there:
            yield folder, held
        else:
            os.close(held)


def publish(staging: Path, reports: Path, manifest: dict[str, Any], keep_runs: int | None) -> Path:
    """Seal the run, rename it into place, then show it: latest links, pruning, index.

    Completes `manifest` with its sequence number, the order of runs whatever the clock says, and
    the hash of every file. Returns the index page.
    """
    manifest["files"] = hashes(staging)
    with locked(reports):
        earlier, _ = read_manifests(reports)
        manifest["sequence"] = max((one.get("sequence", 0) for one in earlier), default=0) + 1
        write_json(manifest, staging / MANIFEST)
        seal = hashlib.sha256((staging / MANIFEST).read_bytes()).hexdigest()
        (staging / SEAL).write_text(f"{seal}  {MANIFEST}\n", encoding="ascii")
        for path in staging.rglob("*"):
            # To open a pipe or a link to nowhere, left by a notebook, would wait or fail.
            if path.is_file() or path.is_dir():
                _to_disk(path)
        # Needed until now: a run that is killed before this line is taken over by the next.
        shutil.rmtree(staging / _FINISHED, ignore_errors=True)
        (staging / _PLAN).unlink(missing_ok=True)
        staging.rename(reports / str(manifest["run"]))
        manifests, _ = read_manifests(reports)
        good = _last_good(manifests)
        for series, (run, name) in good.items():
            _switch(reports / "latest" / series, Path("..") / run / name)
        needed = {run for run, _ in good.values()}
        old = [] if keep_runs is None else _not_kept(manifests, keep_runs, needed)
        # The index first: it never leads to a run that is not there.
        index = show(reports, without=old)
        _remove(reports, old)
        return index


def show(reports: Path, without: Collection[str] = ()) -> Path:
    """Write the index page anew, at once or not at all; `without` some runs."""
    every, unreadable = read_manifests(reports)
    manifests = [one for one in every if one["run"] not in without]
    fresh = reports / ".index.html"
    html = pages.index(manifests, unreadable=unreadable, unfinished=unfinished(reports))
    fresh.write_text(html, encoding="utf-8")
    os.replace(fresh, reports / "index.html")
    return reports / "index.html"


def read_manifests(reports: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The manifests of all published runs, newest first, and the runs without a readable one."""
    manifests, unreadable = [], []
    # Not those with a dot: a staging folder has a manifest just before it is renamed.
    for path in sorted(reports.glob(f"[!.]*/{MANIFEST}")):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            _ = manifest["run"], manifest["finished"], manifest["reports"]
            manifests.append(manifest)
        except (OSError, ValueError, KeyError, TypeError):
            unreadable.append(path.parent.name)
    manifests.sort(key=lambda one: (one.get("sequence", 0), one["finished"]), reverse=True)
    return manifests, unreadable


def verify(folder: Path) -> list[str]:
    """What in a published run is not as it was published; empty when every byte is.

    The seal holds the hash of the manifest, the manifest that of every other file. Raises
    ParameterError when there is no run in the folder.
    """
    if not (folder / MANIFEST).is_file():
        raise ParameterError(f"There is no run in {folder}: it has no {MANIFEST}.")
    content = (folder / MANIFEST).read_bytes()
    seal = folder / SEAL
    expected = f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n".encode()
    if not seal.is_file() or seal.read_bytes() != expected:
        return [f"{MANIFEST} or {SEAL}: changed"]
    noted = json.loads(content)["files"]
    found = hashes(folder)
    found.pop(MANIFEST), found.pop(SEAL)
    problems = [f"{name}: missing" for name in noted if name not in found]
    problems += [f"{name}: not part of the run" for name in found if name not in noted]
    problems += [
        f"{name}: changed" for name in noted if found.get(name, noted[name]) != noted[name]
    ]
    return sorted(problems)


def hashes(folder: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of every file below a folder, by its path in it; no notes of a run."""
    return {
        path.relative_to(folder).as_posix(): {
            "sha256": file_hash(path),
            "bytes": path.stat().st_size,
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in (_FINISHED, _PLAN)
    }


def file_hash(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextlib.contextmanager
def locked(reports: Path) -> Iterator[None]:
    """Let one run at a time publish; TimeoutError when another does not come to an end."""
    with (reports / ".lock").open("w") as lock:
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(
                        f"Another run has been publishing in {reports} for {_LOCK_SECONDS} s. "
                        "What was finished is kept for the next run."
                    ) from None
                time.sleep(0.05)
        yield


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write JSON as people can read it; refuses numbers that JSON cannot hold."""
    text = json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _last_good(manifests: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """Series -> run and folder of its newest good report; `manifests` newest first."""
    good: dict[str, tuple[str, str]] = {}
    for manifest in manifests:
        for entry in manifest["reports"]:
            if entry["status"] == "ok":
                good.setdefault(
                    entry.get("series", entry["name"]), (manifest["run"], entry["name"])
                )
    return good


def _switch(link: Path, target: Path) -> None:
    if link.is_symlink() and os.readlink(link) == str(target):
        return
    link.parent.mkdir(exist_ok=True)
    fresh = link.with_name(f".{link.name}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    os.replace(fresh, link)


def _not_kept(
    manifests: Sequence[Mapping[str, Any]], keep_runs: int, needed: Collection[str]
) -> list[str]:
    """All but the newest runs and those that hold the last good report of a series."""
    older = [str(manifest["run"]) for manifest in manifests[max(keep_runs, 1) :]]
    return [run for run in older if run not in needed]


def _remove(reports: Path, runs: Sequence[str]) -> None:
    for run in runs:
        # Out of sight first: a folder that is being removed is no run any more.
        (reports / run).rename(reports / f"{_REMOVED}{run}")
    for folder in reports.glob(f"{_REMOVED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
