"""Runs in the reports folder: published whole or not at all, found again, checked and pruned.

A run is built in `.staging-<run>`, its process holding `.held-<run>` for as long as it lives, and
renamed when it is whole. A staging folder that nobody holds belongs to a run that was killed: what
it had finished can be taken over by the next one.
"""

import contextlib
import errno
import fcntl
import os
import shutil
import stat
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxlib import pages
from cxlib.privacy import modes
from cxlib.runs.manifests import MANIFEST, is_entry, is_plan, read_json, read_manifests, write_json
from cxlib.runs.parameters import ParameterError
from cxlib.runs.sealing import (
    FINISHED,
    LARGEST_BYTES,
    PLAN,
    below,
    file_hash,
    hashes,
    is_regular,
    printed,
    settle,
)

SEAL = "manifest.sha256"
_STAGING, _HELD, _REMOVED = ".staging-", ".held-", ".removed-"
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

    Tries what a run will do there: a folder, a megabyte in a file, a lock, a rename, a link. Raises
    DiskFullError when there is no room and ParameterError when it is no folder to write in.
    """
    probe = reports / f".probe-{os.getpid()}-{time.monotonic_ns()}"
    try:
        modes.make_folder(probe)
        (probe / "file").write_bytes(bytes(_PROBE_BYTES))
        with (probe / "file").open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
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
    staging, fresh = reports / f"{_STAGING}{run}", reports / f".new-{run}"
    held = _open_held(staging)
    fcntl.flock(held, fcntl.LOCK_EX)
    fresh.mkdir(mode=modes.FOLDER)
    write_json(plan, fresh / PLAN)
    fresh.rename(staging)
    return staging, held


def discard(staging: Path) -> None:
    """Remove a staging folder with all that it holds."""
    shutil.rmtree(staging, ignore_errors=True)
    _release(staging)


def _held(staging: Path) -> Path:
    return staging.with_name(staging.name.replace(_STAGING, _HELD, 1))


def _release(staging: Path) -> None:
    with contextlib.suppress(OSError):
        _held(staging).unlink()


def _open_held(staging: Path) -> int:
    # A file that can be written, as NFS wants it: a lock on a folder is unknown to other machines.
    return os.open(_held(staging), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, modes.FILE)


def mark_finished(staging: Path, entry: Mapping[str, Any]) -> None:
    """Note that a report in the staging folder is whole and good, with a hash of each file."""
    folder = staging / str(entry["name"])
    (staging / FINISHED).mkdir(exist_ok=True)
    aside = staging / FINISHED / f".{entry['name']}"
    write_json({"entry": entry, "files": hashes(folder)}, aside)
    os.replace(aside, staging / FINISHED / f"{entry['name']}.json")


def unfinished(reports: Path) -> list[dict[str, Any]]:
    """The plans of the runs that were stopped or killed before they were published."""
    plans = []
    for staging, held in _abandoned(reports):
        os.close(held)
        with contextlib.suppress(OSError, ValueError):
            plan = read_json(staging / PLAN)
            if is_plan(plan):
                plans.append(plan)
    return plans


def take_over(reports: Path, staging: Path, wanted: Mapping[str, str]) -> dict[str, Finished]:
    """Move into `staging` what killed runs had finished, where the fingerprint is as wanted.

    `wanted` is report name -> fingerprint. A report whose files are no longer as they were noted,
    or whose note is damaged, stays where it is. Staging folders that nothing more can be taken
    from are removed, any other after some days.
    """
    taken: dict[str, Finished] = {}
    for old, held in _abandoned(reports):
        try:
            notes = sorted((old / FINISHED).glob("*.json"))
            for path in notes:
                name = path.stem
                fits = wanted.get(name) and name not in taken
                if fits and (entry := _intact(old, path, wanted[name])):
                    (old / name).rename(staging / name)
                    taken[name] = Finished(entry, staging / name)
            left = [path for path in notes if (old / path.stem).exists()]
            if not left or time.time() - old.stat().st_mtime > 86_400 * _ABANDONED_DAYS:
                discard(old)
        finally:
            os.close(held)
    return taken


def _intact(staging: Path, path: Path, fingerprint: str) -> dict[str, Any] | None:
    """The entry of a finished report by its note, if all of it is whole and as wanted."""
    try:
        note = read_json(path)
        entry: dict[str, Any] = note["entry"]
        fits = is_entry(entry) and entry["fingerprint"] == fingerprint
        folder = staging / path.stem
        whole = fits and not folder.is_symlink() and hashes(folder) == note["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return entry if whole and "run" in entry else None


def _abandoned(reports: Path) -> Iterator[tuple[Path, int]]:
    """Staging folders that no living run holds, newest first; each comes held."""
    for folder in sorted(reports.glob(f"{_STAGING}*"), reverse=True):
        if folder.is_symlink() or not folder.is_dir():
            continue
        try:
            held = _open_held(folder)
        except OSError:
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(held)
        else:
            yield folder, held


def publish(staging: Path, reports: Path, manifest: dict[str, Any], keep_runs: int | None) -> Path:
    """Seal the run, rename it into place, then show it: latest links, pruning, index.

    Completes `manifest` with its sequence number, the order of runs whatever the clock says, and
    the hash of every file. What notebooks left beside their reports is settled too. Returns the
    index page.
    """
    settle(staging, LARGEST_BYTES * max(1, len(manifest["reports"])))
    manifest["files"] = hashes(staging)
    with locked(reports):
        earlier, _ = read_manifests(reports)
        manifest["sequence"] = max((one.get("sequence", 0) for one in earlier), default=0) + 1
        write_json(manifest, staging / MANIFEST)
        (staging / SEAL).write_text(_seal(staging / MANIFEST), encoding="ascii")
        modes.keep_private(staging / MANIFEST)
        modes.keep_private(staging / SEAL)
        for path, _ in below(staging):
            _to_disk(path)
        # Needed until now: a run that is killed before this line is taken over by the next.
        shutil.rmtree(staging / FINISHED, ignore_errors=True)
        (staging / PLAN).unlink(missing_ok=True)
        staging.rename(reports / str(manifest["run"]))
        _release(staging)
        manifests, _ = read_manifests(reports)
        good = _last_good(manifests)
        for series, (run, name) in good.items():
            # What keeps one link from being made keeps no other, nor the index.
            with contextlib.suppress(OSError):
                _switch(reports, series, Path("..") / run / name)
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
    html = _index(manifests, unreadable, unfinished(reports))
    fresh = reports / ".index.html"
    # Names and messages can hold what is no text.
    fresh.write_text(html, encoding="utf-8", errors="backslashreplace")
    modes.keep_private(fresh)
    os.replace(fresh, reports / "index.html")
    return reports / "index.html"


def _index(
    manifests: Sequence[dict[str, Any]],
    unreadable: Sequence[str],
    plans: Sequence[Mapping[str, Any]],
) -> str:
    """The index page; the runs that it cannot be made with are named on it, not shown."""
    with contextlib.suppress(Exception):
        return pages.index(manifests, unreadable=unreadable, unfinished=plans)
    shown, odd = [], []
    for one in manifests:
        try:
            pages.index([one])
            shown.append(one)
        except Exception:
            odd.append(one["run"])
    with contextlib.suppress(Exception):
        return pages.index(shown, unreadable=[*unreadable, *odd], unfinished=plans)
    return pages.index([], unreadable=[*unreadable, *(one["run"] for one in manifests)])


def verify(folder: Path) -> list[str]:
    """What in a published run is not as it was published; empty when every byte is.

    The seal holds the hash of the manifest, the manifest that of every other file. Raises
    ParameterError when there is no run in the folder.
    """
    if not os.path.lexists(folder / MANIFEST):
        raise ParameterError(f"There is no run in {folder}: it has no {MANIFEST}.")
    there = all(is_regular(folder / name) for name in (MANIFEST, SEAL))
    if not there or (folder / SEAL).read_bytes() != _seal(folder / MANIFEST).encode():
        return [f"{MANIFEST} or {SEAL}: changed"]
    try:
        noted = dict(read_json(folder / MANIFEST)["files"])
    except (ValueError, KeyError, TypeError):
        return [f"{MANIFEST}: names no files, although it is sealed"]
    folders = {parent for name in noted for parent in Path(name).parents}
    problems, missing = [], set(noted)
    for path, about in below(folder):
        place = path.relative_to(folder)
        name = place.as_posix()
        missing.discard(name)
        if name in (MANIFEST, SEAL) or (stat.S_ISDIR(about.st_mode) and place in folders):
            continue
        if name not in noted:
            problems.append(f"{name}: not part of the run")
        elif not _is_as_noted(path, noted[name]):
            problems.append(f"{name}: changed")
    problems += [f"{name}: missing" for name in missing]
    return sorted(map(printed, problems))


def _is_as_noted(path: Path, noted: Any) -> bool:
    about = {"bytes": path.lstat().st_size}
    with contextlib.suppress(OSError):
        return is_regular(path) and noted == {"sha256": file_hash(path)} | about
    return False


def _seal(path: Path) -> str:
    return f"{file_hash(path)}  {path.name}\n"


@contextlib.contextmanager
def locked(reports: Path) -> Iterator[None]:
    """Let one run at a time publish; TimeoutError when another does not come to an end."""
    with (reports / ".lock").open("w") as lock:
        modes.keep_private(reports / ".lock")
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


def _switch(reports: Path, series: str, target: Path) -> None:
    link = reports / "latest" / series
    if link.is_symlink() and os.readlink(link) == str(target):
        return
    modes.make_folder(link.parent)
    fresh = link.with_name(f".{series}")
    for path in (fresh, link):
        # A copy of the reports that followed the links has folders in their place.
        if path.is_dir() and not path.is_symlink():
            _put_aside(path, reports)
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    os.replace(fresh, link)


def _not_kept(
    manifests: Sequence[Mapping[str, Any]], keep_runs: int, needed: Collection[str]
) -> list[str]:
    """All but the newest runs and those that hold the last good report of a series.

    Runs one after another that have no report in common count as one: the parts of a fan-out.
    """
    old = []
    counted, made = 1, set[str]()
    for manifest in manifests:
        series = {entry.get("series", entry["name"]) for entry in manifest["reports"]}
        if made & series:
            counted, made = counted + 1, set()
        made |= series
        if counted > keep_runs and manifest["run"] not in needed:
            old.append(str(manifest["run"]))
    return old


def _remove(reports: Path, runs: Sequence[str]) -> None:
    for run in runs:
        # One that is gone already, or is somebody else's, is no error.
        with contextlib.suppress(OSError):
            _put_aside(reports / run, reports)
    for folder in reports.glob(f"{_REMOVED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _put_aside(path: Path, reports: Path) -> None:
    """Out of sight first: a folder that is being removed is no run any more."""
    path.rename(reports / f"{_REMOVED}{path.name}-{time.time_ns()}")


def _to_disk(path: Path) -> None:
    try:
        # Should there be a pipe or a link again: not waited for, not followed.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
