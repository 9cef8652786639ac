"""Files and folders that nobody but their owner can read, whatever the umask is."""

import contextlib
from pathlib import Path

FOLDER, FILE = 0o700, 0o600


def keep_private(path: Path) -> None:
    """Let nobody but its owner read, change or enter a file or a folder.

    What is somebody else's is left as it is: its owner says who may read it.
    """
    mode = FOLDER if path.is_dir() else FILE
    with contextlib.suppress(OSError):
        path.chmod(mode)


def keep_private_below(folder: Path) -> None:
    """The same of a folder and everything in it; links are not followed."""
    keep_private(folder)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            keep_private(path)


def make_folder(path: Path) -> None:
    """Make a private folder, and those above it that are missing; one that is there stays as it is.

    Raises OSError where it cannot be made.
    """
    for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
        missing.mkdir(mode=FOLDER, exist_ok=True)
    path.mkdir(exist_ok=True)
