"""Runs in the reports folder: published whole or not at all, and shown on the index page."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cxlib import pages


@contextlib.contextmanager
def locked(reports: Path) -> Iterator[None]:
    """Let one run at a time publish."""
    with (reports / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def switch(link: Path, target: Path) -> None:
    link.parent.mkdir(exist_ok=True)
    fresh = link.with_name(f".{link.name}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    os.replace(fresh, link)


def write_index(reports: Path) -> Path:
    manifests = [
        json.loads(path.read_text(encoding="utf-8")) for path in reports.glob("*/manifest.json")
    ]
    manifests.sort(key=lambda manifest: manifest["finished"], reverse=True)
    fresh = reports / ".index.html"
    fresh.write_text(pages.index(manifests), encoding="utf-8")
    os.replace(fresh, reports / "index.html")
    return reports / "index.html"


def write_json(content: Mapping[str, Any], path: Path) -> None:
    text = json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
