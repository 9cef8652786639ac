"""The command that is told when a run has been published: any program, given the manifest."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from cxlib import PROJECT

_SHOWN_LETTERS = 300
_READ_BYTES = 4096


def notify(command: Sequence[str], manifest: Path, *, timeout_seconds: float = 60) -> str:
    """Run a program with the manifest of a published run; "" when well, else what went wrong.

    The program gets the path of the manifest as its last argument and the manifest itself on
    standard input, and CX_RUN, CX_STATUS and CX_EXIT_CODE in its environment; it works in the
    project folder, not in a shell. After `timeout_seconds` it is killed with all that it started
    in its process group. Its failure is told in one line and is none of the run.
    """
    try:
        content = manifest.read_bytes()
        noted = json.loads(content)
        told = {"RUN": noted["run"], "STATUS": noted["status"], "EXIT_CODE": noted["exit_code"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"notify: the manifest cannot be read: {type(error).__name__}: {error}"
    environment = os.environ | {f"CX_{name}": str(value) for name, value in told.items()}
    # A file takes any amount, and does not wait for what the program leaves running.
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                [*command, str(manifest.resolve())],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=PROJECT,
                env=environment,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or error
            return f"notify: {command[0]} cannot be started: {said}"
        try:
            process.communicate(content, timeout=timeout_seconds)
        except subprocess.TimeoutExpired:
            return f"notify: {command[0]} was killed after {timeout_seconds:g} s"
        finally:
            if process.poll() is None:
                _kill(process)
        return _told(command[0], process.returncode, output)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _told(program: str, code: int, output: IO[bytes]) -> str:
    """How the program ended, with the last of what it said; "" when it ended well."""
    if code == 0:
        return ""
    end = f"ended with code {code}" if code > 0 else f"was killed by signal {-code}"
    output.seek(max(0, output.seek(0, os.SEEK_END) - _READ_BYTES))
    said = " ".join(output.read().decode("utf-8", errors="replace").split())
    return f"notify: {program} {end}{f': {said[-_SHOWN_LETTERS:]}' if said else ''}"
