"""Folders for the time being: no file of a killed process stays where it wrote it."""

import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from cxlib.engine.connection import workspace
(workspace() / "customers.parquet").write_text("of customers")
print(workspace(), flush=True)
sys.stdin.read()
"""


def process_with_a_workspace(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, Path(process.stdout.readline().strip())


@pytest.mark.parametrize("is_killed", [True, False])
def test_what_a_process_left_goes_with_its_end_or_with_the_next(
    tmp_path: Path, is_killed: bool
) -> None:
    first, left = process_with_a_workspace(tmp_path)
    if is_killed:
        first.kill()
    first.communicate()
    assert left.is_dir() == is_killed
    second, kept = process_with_a_workspace(tmp_path)
    assert list(tmp_path.iterdir()) == [kept]
    second.communicate()
    assert not list(tmp_path.iterdir())


def test_the_workspace_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    first, living = process_with_a_workspace(tmp_path)
    second, _ = process_with_a_workspace(tmp_path)
    assert (living / "customers.parquet").read_text() == "of customers"
    for process in (first, second):
        process.communicate()
    assert not list(tmp_path.iterdir())
