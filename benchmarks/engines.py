"""What each engine takes: time, CPU seconds and memory of Python and, with Spark, of Java.

    .venv/bin/python benchmarks/engines.py                        # reductions of 10^6 and 10^7
    .venv/bin/python benchmarks/engines.py --reports              # the shipped reports besides

Every figure is that of a whole process with all its children, imports and the start of Java among
them; the step "start" is that alone. CPU seconds are read from the system a few times a second, so
that the last of them may be missing.
"""

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
from scale import AS_OF, HERE, written

from cxlib import PROJECT, engine, purchases

ENGINES = ("duckdb", "local[2]")
STEPS = ("start", "distinct", "customers")
REPORTS = ("data_quality", "servqual_gap", "satisfaction", "segmentation", "churn", "clv")
BETWEEN_LOOKS_S = 0.5
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--most", type=int, default=10_000_000, help="transactions, the largest")
    options.add_argument("--folder", type=Path, help="keep the transactions here")
    options.add_argument("--reports", action="store_true", help="execute the reports as well")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        sizes = [10**k for k in range(6, 10) if 10**k <= given.most]
        for size in sizes:
            shown(reduced(folder, size))
        if given.reports:
            shown([row for report in REPORTS for row in executed(report, Path(temporary))])


def shown(rows: list[dict[str, Any]]) -> None:
    print(pd.DataFrame(rows).to_string(index=False, float_format="{:,.1f}".format), flush=True)


def reduced(folder: Path, transactions: int) -> list[dict[str, Any]]:
    """One row an engine and step; both engines must count the same customers."""
    shop = written(folder, transactions)
    rows = [
        {"transactions": transactions, "step": step}
        | watched([sys.executable, "-W", "ignore", str(HERE / "engines.py"), step, str(shop)], name)
        for step in STEPS
        for name in ENGINES
    ]
    for step, told in pd.DataFrame(rows).groupby("step"):
        if told["printed"].nunique() != 1:
            raise RuntimeError(f"{step}: the engines count {list(told['printed'])}")
    return rows


def executed(report: str, folder: Path) -> list[dict[str, Any]]:
    """One row an engine for a report of the shipped data, through the door each time."""
    command = [str(Path(sys.executable).with_name("cx")), "run", report, "--reports"]
    rows = [{"report": report} | watched([*command, str(folder / name)], name) for name in ENGINES]
    return [{key: value for key, value in row.items() if key != "printed"} for row in rows]


def reduce(step: str, shop: str) -> None:
    """The task of a child: print how many customers there are."""
    transactions = engine.canonical(Path(shop))
    if step == "start":
        return
    histories = purchases.purchase_histories(transactions, dt.date.fromisoformat(AS_OF))
    if step == "distinct":
        print(int(purchases.distinct_histories(histories)["customers"].sum()))
        return
    with tempfile.TemporaryDirectory() as folder:
        written_to = Path(folder) / "customers.parquet"
        engine.write(histories, written_to)
        print(engine.held(written_to).select(nw.len()).collect().item())


def watched(command: list[str], name: str) -> dict[str, Any]:
    """Run a command on an engine, and what its processes took by then."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env=os.environ | {"CX_ENGINE": name, "CX_PSEUDONYM_KEY": "a comparison of engines"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        seen: dict[int, tuple[str, float, float]] = {}
        while process.poll() is None:
            for one, (comm, cpu, peak) in family(process.pid).items():
                # One that has just ended has no memory any more.
                seen[one] = comm, cpu, max(peak, seen.get(one, ("", 0.0, 0.0))[2])
            time.sleep(BETWEEN_LOOKS_S)
        printed = process.stdout.read().strip() if process.stdout else ""
    if process.returncode:
        raise RuntimeError(f"{command} on {name}: {printed}")
    row: dict[str, Any] = {"engine": name, "clock s": time.perf_counter() - begun}
    for kind, is_java in (("Python", False), ("Java", True)):
        found = [(cpu, peak) for comm, cpu, peak in seen.values() if (comm == "java") is is_java]
        row[f"{kind} CPU s"] = sum(cpu for cpu, _ in found)
        row[f"{kind} peak MB"] = max((peak for _, peak in found), default=0.0)
    return row | {"printed": printed}


def family(ancestor: int) -> dict[int, tuple[str, float, float]]:
    """Process -> name, CPU seconds so far, peak of memory in MB; of one and all below it."""
    told = {int(path.name): look(path) for path in Path("/proc").glob("[0-9]*")}
    ours = {ancestor}
    while more := {one for one, of in told.items() if of and of[0] in ours} - ours:
        ours |= more
    return {one: of[1:] for one in ours if (of := told.get(one))}


def look(path: Path) -> tuple[int, str, float, float] | None:
    """Parent, name, CPU seconds and peak of a process, None where it has just ended."""
    try:
        name, rest = (path / "stat").read_text().split("(", 1)[1].rsplit(")", 1)
        status = (path / "status").read_text()
    except (OSError, IndexError):
        return None
    fields = rest.split()
    cpu = (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(fields[1]), name, cpu, int(peaks[0]) / 1024 if peaks else 0.0


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in STEPS:
        reduce(*sys.argv[1:])
    else:
        main()
