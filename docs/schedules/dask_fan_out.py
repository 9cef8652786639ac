"""Hundreds of reports over several machines by Dask; an example to adapt.

    python dask_fan_out.py tcp://SCHEDULER:8786 data/suite.toml [options of cx run]

`/srv/cx` stands for the folder of this project, on every machine at the same place and alike, where
`make report` once set up .venv. Dask lives in an environment of its own, of one version everywhere.
"""

import subprocess
import sys

from dask.distributed import Client, as_completed

PROJECT = "/srv/cx"
CX_RUN = [f"{PROJECT}/.venv/bin/cx", "run"]
# Of Linux: a worker that is killed takes its run along, and the next worker resumes it.
WITH_THE_WORKER = ["setpriv", "--pdeathsig", "TERM"]

REPORTS_PER_TASK = 10
TRIES = 3
# Exit codes of what may pass: a fault of the program, the time limit, a dead kernel.
WORTH_ANOTHER_TRY = {1, 5, 6}


def make(names, options):
    """Make some reports of the suite as one run; tried again where that may help."""
    command = [*WITH_THE_WORKER, *CX_RUN, *names, *options, "--quiet"]
    for _ in range(TRIES):
        done = subprocess.run(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode not in WORTH_ANOTHER_TRY:
            break
    return done.returncode, done.stderr.strip()


def fan_out(scheduler, suite, *more):
    """Give the reports of a suite to the workers; return the gravest exit code, 1 before all."""
    options = ["--suite", suite, *more]
    listed = subprocess.run(
        [*CX_RUN, *options, "--list"], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False
    )
    if listed.returncode:
        return listed.returncode
    names = listed.stdout.split()
    batches = [names[at : at + REPORTS_PER_TASK] for at in range(0, len(names), REPORTS_PER_TASK)]
    codes = set()
    with Client(scheduler) as client:
        tasks = {client.submit(make, batch, options, pure=False): batch for batch in batches}
        for task in as_completed(tasks):
            # A task that too many workers died of counts as a fault of the program.
            code, said = (1, str(task.exception())) if task.exception() else task.result()
            codes.add(code if code >= 0 else 128 - code)
            batch = tasks[task]
            print(f"{batch[0]} to {batch[-1]}: code {code}", said, sep="\n" if said else "")
    return 1 if 1 in codes else max(codes, default=0)


if __name__ == "__main__":
    sys.exit(fan_out(*sys.argv[1:]))
