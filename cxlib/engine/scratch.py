"""Folders for files that nobody is to find later, even if their process is killed."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_HELD = ".held"


@contextlib.contextmanager
def scratch(prefix: str, folder: Path | None = None) -> Iterator[Path]:
    """A folder in `folder` (None: that for temporary files) which only this user can enter.

    It goes with the context. A process that is killed cannot remove its own: the next one that
    makes a folder of this prefix there does, and knows by a lock whose process is gone.
    """
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    # Its name comes after the lock, so nobody finds it unlocked while this process lives.
    unnamed = path / ".unheld"
    with unnamed.open("xb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        unnamed.rename(path / _HELD)
        _remove_left(path.parent, prefix)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


def _remove_left(folder: Path, prefix: str) -> None:
    for mark in folder.glob(f"{prefix}*/{_HELD}"):
        with contextlib.suppress(OSError), mark.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(mark.parent, ignore_errors=True)
