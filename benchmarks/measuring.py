"""CPU seconds and peak memory of a piece of work in a process of its own.

Standard library only: the peers' environments, which hold nothing of ours, run it too.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

# A fast work is repeated and its best time taken, until these many seconds are spent.
ENOUGH_S = 2.0
MOST_REPEATS = 30
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def measured_apart(*command: object) -> dict[str, Any]:
    """What `run_task` printed in a process of its own, its linear algebra with one thread."""
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | dict.fromkeys(ONE_THREAD, "1"),
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def run_once(tasks: Mapping[str, Callable[..., Callable[[], Any]]]) -> None:
    """As `run_task`, for work that cannot be repeated."""
    run_task(tasks, enough_s=0.0)


def run_task(
    tasks: Mapping[str, Callable[..., Callable[[], Any]]], enough_s: float = ENOUGH_S
) -> None:
    """Run the task that the command line names with its arguments; print what it took as JSON.

    A task reads its data and returns the work to be measured, which may return a dict of findings
    to print beside `cpu_s` (all threads) and `clock_s`, the best of the repeats, `peak_mb` and
    `before_mb` of the whole process.
    """
    name, *arguments = sys.argv[1:]
    work = tasks[name](*arguments)
    before = peak_mb()
    times: list[float] = []
    clock: list[float] = []
    while not times or (sum(times) < enough_s and len(times) < MOST_REPEATS):
        begun, start = time.perf_counter(), time.process_time()
        found = work()
        times.append(time.process_time() - start)
        clock.append(time.perf_counter() - begun)
    measured = {
        "cpu_s": min(times),
        "clock_s": min(clock),
        "peak_mb": peak_mb(),
        "before_mb": before,
    }
    print(json.dumps(measured | (found if isinstance(found, dict) else {})))


def peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        # What the system says of resource use begins with the peak of the process that started us.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def command_seconds(command: list[str]) -> float:
    """How long a command takes by the clock."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun
