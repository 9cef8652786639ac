"""The files of a run: made fit to be published, and a hash of each."""

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cxlib.privacy import modes

# Of a run's staging folder, no part of what is published.
FINISHED, PLAN = ".finished", ".plan.json"
LARGEST_BYTES = 16 << 30


def settle(folder: Path, largest_bytes: int = LARGEST_BYTES) -> str:
    """Make the folder of an ended report fit to be published; returns "" or why it was not.

    Every folder and file is made readable and writable for its owner, and for nobody else. A link
    to a regular file inside the folder becomes a copy of it. Other links, pipes, sockets, devices
    and folders without a file are removed. So is what cannot be published, which is told: a file
    whose name is not UTF-8, one that cannot be read, and one that would make the folder larger than
    `largest_bytes` (of 1 TiB in a file with holes, all has to be read). What is left is always fit.
    """
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        folder.mkdir()
        return "Its folder was removed or replaced."
    modes.keep_private(folder)
    folders, links = [], []
    problems = []
    room = largest_bytes
    for path, about in below(folder):
        mode = about.st_mode
        if stat.S_ISDIR(mode):
            modes.keep_private(path)
            folders.append(path)
        elif stat.S_ISLNK(mode):
            links.append(path)
        elif not stat.S_ISREG(mode):
            path.unlink()
        elif problem := _unfit(path, folder, room):
            problems.append(problem)
            path.unlink()
        else:
            room -= about.st_size
    for path in links:
        target = _inside(path, folder)
        path.unlink()
        problem = _unfit(path, folder, room, target) if target else ""
        if problem:
            problems.append(problem)
        elif target:
            shutil.copyfile(target, path)
            modes.keep_private(path)
            room -= path.lstat().st_size
    for path in reversed(folders):
        # Only those that are empty.
        with contextlib.suppress(OSError):
            path.rmdir()
    return problems[0] if problems else ""


def hashes(folder: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of every regular file below a folder, by its path in it.

    Links are not followed, and the notes of a run in its staging folder are left out.
    """
    found = {}
    for path, about in below(folder):
        place = path.relative_to(folder)
        if stat.S_ISREG(about.st_mode) and place.parts[0] not in (FINISHED, PLAN):
            found[place.as_posix()] = {"sha256": file_hash(path), "bytes": about.st_size}
    return dict(sorted(found.items()))


def file_hash(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def is_regular(path: Path) -> bool:
    """Whether it is a file itself: no link, and nothing that a reader would wait for."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def below(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Everything below a folder, a folder before what is in it; never through a link."""
    waiting = [folder]
    while waiting:
        inside = waiting.pop()
        names: list[str] = []
        # What is somebody else's, gone by now, or too deep for a path cannot be published.
        with contextlib.suppress(OSError):
            names = sorted(os.listdir(inside))
        for name in names:
            with contextlib.suppress(OSError):
                about = (inside / name).lstat()
                yield inside / name, about
                if stat.S_ISDIR(about.st_mode):
                    waiting.append(inside / name)


def printed(name: str) -> str:
    """A name of a file as it can be printed, whatever bytes it has."""
    return name.encode(errors="backslashreplace").decode()


def _unfit(path: Path, folder: Path, room: int, content: Path | None = None) -> str:
    """Why a file cannot be published, "" if it can; `content` is what a link leads to."""
    content = content or path
    place = str(path.relative_to(folder))
    if printed(place) != place:
        return f"The name of a file is not UTF-8: {printed(place)}"
    # Of a file of somebody else's it is told that it cannot be read.
    modes.keep_private(content)
    if not os.access(content, os.R_OK):
        return f"A file cannot be read: {place}"
    if content.lstat().st_size > room:
        return f"Its files are too large: {place} has {content.lstat().st_size:,} bytes"
    return ""


def _inside(link: Path, folder: Path) -> Path | None:
    """The regular file inside the folder that a link leads to, if it does."""
    target = Path(os.path.realpath(link))
    inside = target.is_relative_to(os.path.realpath(folder))
    return target if inside and is_regular(target) else None
