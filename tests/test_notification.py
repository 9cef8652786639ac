"""The command that is told of a run: what it is given, and how its failures are told."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from cxlib.runs.notification import notify

MANIFEST = {"run": "20261122-060000-ab12", "status": "cell failed", "exit_code": 4, "note": "شمال"}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST, ensure_ascii=False), encoding="utf-8")
    return path


def program(folder: Path, text: str) -> list[str]:
    path = folder / "tell.py"
    path.write_text(text, encoding="utf-8")
    return [sys.executable, "-S", str(path)]


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    # A killed process that nobody has waited for yet.
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_program_gets_the_manifest(tmp_path, manifest):
    tell = """
import json, os, pathlib, sys
told = {
    "arguments": sys.argv[1:],
    "manifest": json.loads(sys.stdin.buffer.read()),
    "environment": {key: os.environ[key] for key in ("CX_RUN", "CX_STATUS", "CX_EXIT_CODE")},
}
pathlib.Path(sys.argv[1]).write_text(json.dumps(told))
"""
    command = [*program(tmp_path, tell), str(tmp_path / "told.json")]
    assert notify(command, manifest) == ""
    assert json.loads((tmp_path / "told.json").read_text()) == {
        "arguments": [str(tmp_path / "told.json"), str(manifest)],
        "manifest": MANIFEST,
        "environment": {
            "CX_RUN": "20261122-060000-ab12",
            "CX_STATUS": "cell failed",
            "CX_EXIT_CODE": "4",
        },
    }


def test_nothing_is_read_by_a_shell(tmp_path, manifest):
    tell = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    assert notify([*program(tmp_path, tell), str(tmp_path / "told"), "$HOME; *"], manifest) == ""
    assert (tmp_path / "told").read_text() == "$HOME; *"


def test_a_program_that_reads_nothing_is_well(manifest):
    large = json.loads(manifest.read_text()) | {"reports": ["x" * 1000] * 1000}
    manifest.write_text(json.dumps(large))
    assert notify(["true"], manifest) == ""


def test_a_failure_is_told_in_one_line(tmp_path, manifest):
    tell = "import sys\nprint('line 1')\nsys.exit('no route\\nto the mail host')"
    command = program(tmp_path, tell)
    assert notify(command, manifest) == (
        f"notify: {sys.executable} ended with code 1: line 1 no route to the mail host"
    )


def test_a_flood_is_cut_to_its_end(tmp_path, manifest):
    said = notify(program(tmp_path, "print('x' * 10**7)\nraise SystemExit('why')"), manifest)
    assert said.endswith("x why")
    assert len(said) < 500


def test_a_signal_is_told(tmp_path, manifest):
    command = program(tmp_path, "import os; os.kill(os.getpid(), 9)")
    assert notify(command, manifest) == f"notify: {sys.executable} was killed by signal 9"


@pytest.mark.parametrize("name", ["no-such-program", "/etc/passwd", "a\0b"])
def test_a_program_that_cannot_be_started(manifest, name):
    said = notify([name], manifest)
    assert said.startswith(f"notify: {name} cannot be started: ")
    assert "\n" not in said


def test_a_program_without_end_is_killed_with_its_children(tmp_path, manifest):
    tell = """
import pathlib, subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""
    began = time.monotonic()
    command = [*program(tmp_path, tell), str(tmp_path / "child")]
    said = notify(command, manifest, timeout_seconds=2)
    assert said == f"notify: {sys.executable} was killed after 2 s"
    # Well before it would have ended by itself.
    assert time.monotonic() - began < 30
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(child)


def test_what_a_program_leaves_running_is_not_waited_for(tmp_path, manifest):
    tell = "import subprocess; print(subprocess.Popen(['sleep', '12']).pid)"
    assert notify(program(tmp_path, tell), manifest, timeout_seconds=10) == ""


def test_a_manifest_that_cannot_be_read_is_told(tmp_path, manifest):
    manifest.write_text("{")
    assert notify(["true"], manifest).startswith("notify: the manifest cannot be read: ")
    assert notify(["true"], tmp_path / "none").startswith("notify: the manifest cannot be read: ")
