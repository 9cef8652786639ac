"""A small project to run, ways to break its runs, and the judge of what is left."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup

from cxlib.runs import publishing

PARAMETERS = """\
seed: int = 1  # of every draw
output_dir: str = ""  # where results go
sources: str = ""  # which file is which input [file or empty]
"""

SAVE = """\
import json
from pathlib import Path

value = {"name": "seed", "value": float(seed), "low": seed - 1.0, "high": seed + 1.0, "level": 0.95,
         "n": 10, "unit": "", "better": "higher", "method": "none", "note": ""}
Path(output_dir, "results.json").write_text(json.dumps({
    "schema": 2, "report": "x", "headline": f"The seed is {seed}.", "measures": [value],
    "inputs": [], "checks": [], "tables": []}))
"""

# A process that has left its session, its parent and its environment, known by its last argument.
DAEMON = """\
import os, subprocess, sys

mark = os.environ["CX_FAULTS_MARK"]
subprocess.run(["setsid", "--fork", "env", "--ignore-environment", sys.executable, "-c",
                "import signal, time\\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\\n"
                "time.sleep(600)", mark], check=True)
"""


class Server:
    """The driver, started once."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("driver.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, request: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@dataclass
class Going:
    """A run that was started."""

    server: Server
    pid: int
    mark: str
    log: Path
    begun: float = field(default_factory=time.monotonic)

    def wait(self, seconds: float = 120) -> int | None:
        """Its exit code, or minus the signal that killed it; None while it runs."""
        code: int | None = self.server.ask({"wait": [self.pid, seconds]})
        return code

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def processes(self) -> set[int]:
        """What is there of it besides itself: by environment, inherited, or by last argument."""
        return find_processes(self.mark)

    def outlived(self, seconds: float = 5) -> set[int]:
        """What is still there `seconds` after its end."""
        deadline = time.monotonic() + seconds
        while (there := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return there

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


class Project:
    """A folder with notebooks whose runs go wrong on demand."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.reports = folder / "reports"
        self._server = server
        (folder / "notebooks").mkdir()
        (folder / "place").mkdir()

    def write(self, name: str, *cells: str) -> Path:
        """A notebook that makes the report `name`."""
        path = self.folder / "notebooks" / f"01_{name}.ipynb"
        code = [_cell("p", PARAMETERS, tags=["parameters"])]
        code += [_cell(f"c{i}", source) for i, source in enumerate(cells)]
        title = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": f"# Is {name} good?"}
        kernel = {"name": "python3", "display_name": "", "language": "python"}
        content = {
            "cells": [title, *code],
            "metadata": {"kernelspec": kernel},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def start(self, *arguments: str, **wrong: Any) -> Going:
        """Start `cx run`; what is to go `wrong` is told in driver.py."""
        mark = f"cxfault{secrets.token_hex(6)}"
        log = self.folder / "place" / f"{mark}.log"
        place = {"CX_FAULTS_MARK": mark, "CX_FAULTS_PLACE": str(self.folder / "place")}
        environment = place | {"OMP_NUM_THREADS": "1", **wrong.pop("environment", {})}
        wanted = {
            "arguments": ["run", *arguments],
            "project": str(self.folder),
            "log": str(log),
            "environment": environment,
        }
        return Going(self._server, self._server.ask({"start": wanted | wrong}), mark, log)

    def run(self, *arguments: str, **wrong: Any) -> int | None:
        """Run to the end, which must leave no process; the exit code."""
        going = self.start(*arguments, **wrong)
        code = going.wait()
        assert code is not None, "the run did not end"
        assert going.outlived() == set()
        return code

    def runs(self) -> list[dict[str, Any]]:
        """The manifests of the published runs, newest first."""
        manifests, unreadable = publishing.read_manifests(self.reports)
        assert unreadable == []
        return manifests

    def newest(self) -> dict[str, dict[str, Any]]:
        """The entries of the newest run, by name."""
        return {entry["name"]: entry for entry in self.runs()[0]["reports"]}

    def page(self) -> BeautifulSoup:
        """The index page."""
        text = (self.reports / "index.html").read_text(encoding="utf-8")
        assert text.rstrip().endswith("</html>")
        return BeautifulSoup(text, "html.parser")

    def problems(self, good: dict[str, int], only_newest: int | None = None) -> list[str]:
        """What is lost or torn.

        `good` is report -> seed that it was made with, which must be the last good one; every
        published run (or only so many, the newest) must be whole.
        """
        found = []
        manifests = self.runs()
        for manifest in manifests[:only_newest]:
            folder = self.reports / manifest["run"]
            found += [f"{manifest['run']}: {one}" for one in publishing.verify(folder)]
            found += [
                f"{manifest['run']}: {entry['name']} {what}"
                for entry in manifest["reports"]
                for what in unmarked(folder, entry)
            ]
        known = {manifest["run"] for manifest in manifests}
        for path in self.reports.iterdir():
            if path.is_dir() and path.name[0] != "." and path.name not in {*known, "latest"}:
                found.append(f"{path.name}: a run without a manifest")
        links = {str(link["href"]).partition("#")[0] for link in self.page().select("a[href]")}
        found += [
            f"index.html: {link} is not there"
            for link in links - {""}
            if not (self.reports / unquote(link)).exists()
        ]
        for name, seed in good.items():
            folder = (self.reports / "latest" / name).resolve()
            made = json.loads((folder / "results.json").read_text(encoding="utf-8"))
            if made["headline"] != f"The seed is {seed}.":
                found.append(f"latest/{name}: {made['headline']}, not {seed}")
            # Of a run that was killed as it switched, the page may still show the one before.
            if not any(link.endswith(f"{folder.name}.html") for link in links):
                found.append(f"index.html: no link to {name}")
        return found


def unmarked(folder: Path, entry: dict[str, Any]) -> list[str]:
    """Where a published report says something else than its manifest about how it ended."""
    found = []
    name, good = entry["name"], entry["status"] == "ok"
    page = folder / name / f"{name}.html"
    if page.exists():
        text = page.read_text(encoding="utf-8")
        verdict = " ".join(
            one.get_text() for one in BeautifulSoup(text, "html.parser").select(".verdict")
        )
        if not text.rstrip().endswith("</html>"):
            found.append("its page is torn")
        if entry["status"] not in (verdict or "ok"):
            found.append(f"its page says {verdict!r}, its manifest {entry['status']}")
    elif good:
        found.append("its page is missing")
    notebook = folder / name / f"{name}.ipynb"
    if notebook.exists():
        status = json.loads(notebook.read_text())["metadata"].get("cx", {}).get("status")
        if (status == "ok") != good:
            found.append(f"its notebook says {status}, its manifest {entry['status']}")
    elif good:
        found.append("its notebook is missing")
    if good and not (folder / name / "results.json").exists():
        found.append("its results are missing")
    return found


def find_processes(mark: str) -> set[int]:
    found = set()
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                for file in ("environ", "cmdline"):
                    if mark.encode() in Path("/proc", entry, file).read_bytes():
                        found.add(int(entry))
            except OSError:
                continue
    return found


def _cell(identity: str, source: str, tags: list[str] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": identity,
        "execution_count": None,
        "metadata": {"tags": tags or []},
        "outputs": [],
        "source": source,
    }
