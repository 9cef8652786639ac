"""Starts runs of `cx` by forking, so that hundreds of them cost one import.

Reads requests and writes answers, a line of JSON each:
{"start": {...}} answers a process id, {"wait": [pid, seconds]} its exit code (minus the signal), or
null while it runs.
"""

import json
import os
import resource
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cxlib import cli
from cxlib.runs import making, parameters, publishing, running


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        answer = start(request["start"]) if "start" in request else wait(*request["wait"])
        print(json.dumps(answer), flush=True)


def start(wanted: dict[str, Any]) -> int:
    """Fork a run: `arguments` as typed, in `project`, with what is to go wrong for it."""
    pid = os.fork()
    if pid == 0:
        try:
            become(wanted)
        except SystemExit as end:
            os._exit(end.code if isinstance(end.code, int) else 1)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    return pid


def become(wanted: dict[str, Any]) -> None:
    os.setsid()
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ |= wanted["environment"]
    os.chdir(wanted["project"])
    cli.PROJECT = parameters.PROJECT = Path(wanted["project"])
    if "lock_seconds" in wanted:
        publishing._LOCK_SECONDS = wanted["lock_seconds"]
    if "clock_days" in wanted:
        turn_clock(wanted["clock_days"])
    if "file_bytes" in wanted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted["file_bytes"],) * 2)
    if "die_at_step" in wanted:
        die_at_step(wanted["die_at_step"])
    if "user" in wanted:
        os.setgid(wanted["user"])
        os.setuid(wanted["user"])
    cli.app(wanted["arguments"])


def turn_clock(days: float) -> None:
    """Let the program's clock be wrong by `days`."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + timedelta(days=days)

    running.datetime = making.datetime = Wrong  # type: ignore[attr-defined,misc]
    true_time = time.time
    time.time = lambda: true_time() + 86_400 * days


def die_at_step(step: int) -> None:
    """Kill this process before the n-th time that it touches the reports folder to publish."""
    steps = iter(range(1, step))
    publishing_began = False

    def touch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal publishing_began
        if event not in ("open", "os.rename", "os.symlink", "os.mkdir", "os.remove"):
            return
        path = str(arguments[0])
        publishing_began |= path.endswith("manifest.json") and ".staging" in path
        if publishing_began and "reports" in path and next(steps, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touch)


def wait(pid: int, seconds: float) -> int | None:
    deadline = time.monotonic() + seconds
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            return None
        time.sleep(0.01)


if __name__ == "__main__":
    main()
