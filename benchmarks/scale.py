"""How the reduction grows with the transactions under a memory limit, and what a new day costs.

    .venv/bin/python benchmarks/scale.py                                    # up to 10^7, 3 GB
    .venv/bin/python benchmarks/scale.py --most 100000000 --folder FOLDER   # 10^8: 2 GB of disk

The transactions are a folder of canonical Parquet files by month, drawn through hashes: the same in
each run. Every figure is taken in a process of its own, which has one memory limit for ours and for
the same group-by written by hand in the engine's SQL; a seventh of the peak is Python itself.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from measuring import measured_apart, run_once

from cxlib import increments, sources, tables

HERE = Path(__file__).parent
MONTHS = pd.period_range("2023-01", "2024-12", freq="M")
AS_OF = str(MONTHS[-1].end_time.date())
DAYS = 731
NEXT_DAY = ("2025-01-01", 1)
TRANSACTIONS_PER_CUSTOMER = 10 / 3
# A fraction of 2^30 that is the same in each run, by row and by what it is for.
DRAW = "(hash(i, '{what}') % 1073741824) / 1073741824.0"
PERIOD = """
    SELECT printf('%09d', CAST(floor({customers} * pow({buyer}, 1.25)) AS BIGINT)) AS customer_id,
        DATE '{first}' + CAST(floor({days} * {day}) AS INTEGER) AS date,
        round(1 + 99 * {amount}, 2) AS amount
    FROM range({begin}, {end}) rows(i)
"""
SOURCES = """
[transactions]
uri = "{uri}"
columns = {{ customer_id = "customer_id", date = "date", amount = "amount" }}
complete_to = {complete_to}
repeats = "keep"
"""
STEPS = ("distinct", "distinct by hand", "customers", "customers by hand")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--most", type=int, default=10_000_000, help="transactions, the largest")
    options.add_argument("--memory", default="3GB", help="the engine's memory limit")
    options.add_argument("--folder", type=Path, help="keep the transactions here")
    options.add_argument("--add", type=int, default=10_000_000, help="transactions before the day")
    given = options.parse_args()
    os.environ["CX_MEMORY_LIMIT"] = given.memory
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        sizes = [10**k for k in range(5, 10) if 10**k <= given.most]
        print(f"Memory limit of the engine {given.memory}")
        found = pd.DataFrame([row for size in sizes for row in reduced(folder, size)])
        print(found.to_string(index=False, float_format="{:,.2f}".format), flush=True)
        print("\nLog-log slope of time over transactions, from 10^6 on")
        print(slopes(found[found["transactions"] >= 10**6]).to_string())
        print(f"\nOne day more than {given.add:,} transactions, through the door")
        print(with_a_day(folder, given.add).to_string(index=False, float_format="{:,.1f}".format))


def with_a_day(folder: Path, transactions: int) -> pd.DataFrame:
    """What it costs to reduce everything, and to add one day to what is kept."""
    shop, day = written(folder, transactions), folder / f"day-{transactions}.parquet"
    more = transactions // DAYS
    write_period(day, NEXT_DAY, transactions, transactions + more, transactions)
    rows = []
    with tempfile.TemporaryDirectory() as kept:
        for step, path, last in (("rebuild", shop, AS_OF), ("add", day, NEXT_DAY[0])):
            one = measured_apart_here("scale.py", step, path, last, kept)
            row = {"step": step, "clock s": one["clock_s"], "CPU s": one["cpu_s"]}
            row |= {"peak MB": one["peak_mb"], "MB read": one["read_mb"]}
            rows.append(row | {"MB of input": one["input_mb"], "customers": one["customers"]})
    return pd.DataFrame(rows)


def increment(step: str) -> Callable[..., Callable[[], dict[str, Any]]]:
    """The task of a child: `step` of increments, from a file or folder, as of a day."""

    def prepared(path: str, last: str, kept: str) -> Callable[[], dict[str, Any]]:
        project = Path(kept) / step
        project.mkdir()
        sources.PROJECT = tables.PROJECT = project
        entry = SOURCES.format(uri=path, complete_to=last)
        (project / "sources.toml").write_text(entry, encoding="utf-8")

        def work() -> dict[str, Any]:
            before = read_bytes()
            table = tables.load("transactions", "sources.toml")
            found = getattr(increments, step)(Path(kept) / "histories", table)
            read = read_bytes() - before
            customers = duckdb.read_parquet(str(found.sums)).count("*").fetchall()[0][0]
            parts = [Path(path), *Path(path).rglob("*.parquet")]
            size = sum(part.stat().st_size for part in parts if part.is_file())
            return {"customers": customers, "read_mb": read / 1e6, "input_mb": size / 1e6}

        return work

    return prepared


def read_bytes() -> int:
    """Bytes that this process has asked files for so far."""
    told = Path("/proc/self/io").read_text().split()
    return int(told[told.index("rchar:") + 1])


def reduced(folder: Path, transactions: int) -> list[dict[str, Any]]:
    """What each step takes; ratios are ours to by hand."""
    shop = written(folder, transactions)
    rows: list[dict[str, Any]] = []
    for step in STEPS:
        one = measured_apart_here("clv_ours.py", step, shop, AS_OF)
        row = {"transactions": transactions, "step": step, "clock s": one["clock_s"]}
        row |= {"CPU s": one["cpu_s"], "peak MB": one["peak_mb"], "customers": one["customers"]}
        rows.append(row)
    for ours, by_hand in zip(rows[::2], rows[1::2], strict=True):
        ours["clock ratio"] = ours["clock s"] / by_hand["clock s"]
        ours["CPU ratio"] = ours["CPU s"] / by_hand["CPU s"]
    return rows


def written(folder: Path, transactions: int) -> Path:
    """Two years of purchases, a file a month, as many in each."""
    shop = folder / f"shop-{transactions}"
    edges = np.linspace(0, transactions, len(MONTHS) + 1).round().astype(int)
    for month, begin, end in zip(MONTHS, edges, edges[1:], strict=False):
        part = shop / f"month={month}" / "purchases.parquet"
        if not part.exists():
            part.parent.mkdir(parents=True)
            period = (str(month.start_time.date()), month.days_in_month)
            write_period(part, period, begin, end, transactions)
    return shop


def write_period(
    path: Path, period: tuple[str, int], begin: int, end: int, transactions: int
) -> None:
    """The purchases numbered `begin` to `end` of the customers of so many transactions."""
    draws = {what: DRAW.format(what=what) for what in ("buyer", "day", "amount")}
    customers = round(transactions / TRANSACTIONS_PER_CUSTOMER)
    first, days = period
    query = PERIOD.format(
        **draws, customers=customers, first=first, days=days, begin=begin, end=end
    )
    duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def measured_apart_here(script: str, *arguments: object) -> dict[str, Any]:
    return measured_apart(sys.executable, "-W", "ignore", HERE / script, *arguments)


def slopes(found: pd.DataFrame) -> pd.DataFrame:
    """Slope of the logarithm of seconds over that of transactions, by step."""
    logs = found.set_index("step")[["transactions", "clock s", "CPU s"]].transform(np.log10)
    return pd.DataFrame(
        {
            step: {
                name: np.polyfit(rows["transactions"], rows[name], 1)[0]
                for name in ("clock s", "CPU s")
            }
            for step, rows in logs.groupby("step", sort=False)
            if len(rows) > 1
        }
    ).T


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("rebuild", "add"):
        run_once({step: increment(step) for step in ("rebuild", "add")})
    else:
        main()
