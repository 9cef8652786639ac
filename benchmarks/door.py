"""Ten million transactions as CSV: read, checked and written as Parquet, against DuckDB unchecked.

    .venv/bin/python benchmarks/door.py                      # ten million rows
    .venv/bin/python benchmarks/door.py --rows 1000000

Ours is `tables.load` of a file never seen before, its hash included; the other is one COPY from
read_csv with the types given. Each in a process of its own; the machine's other work makes seconds
differ, so all is done in one run and only ratios travel. A million of the rows are spoilt, too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from measuring import peak_mb

ENTRY = """
[transactions]
uri = "{path}"
columns = {{ customer_id = "customer_id", date = "date", amount = "amount" }}
complete_to = 2024-12-31
"""
# Of 2.9 million customers; a hash is a draw that is the same in each run.
CLEAN = """
    SELECT 'c' || (hash(i) % 2900000) AS customer_id,
        strftime(DATE '2022-01-01' + CAST(hash(i + 7) % 1000 AS INTEGER), '%Y-%m-%d') AS date,
        printf('%.2f', (hash(i + 13) % 100000) / 100.0) AS amount
    FROM range({rows}) rows(i)
"""
SPOILT = """
    SELECT CASE WHEN i % 10 = 0 THEN {cells} ELSE
        customer_id || ',' || date || ',' || amount END AS "customer_id,date,amount"
    FROM (SELECT row_number() OVER () AS i, * FROM ({clean}))
"""
# What stands in every tenth row.
FAULTS = {
    "short rows": "customer_id || ',' || date",
    "long rows": "customer_id || ',' || date || ',1,' || amount",
    "dates and amounts": "customer_id || ',31/12/2022,ten'",
    "stray quotes": "customer_id || ',' || date || ',1\"' || amount",
    "line ends": "customer_id || ',' || date || ',' || amount || chr(13)",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "clean.csv"
        query = CLEAN.format(rows=rows)
        duckdb.execute(f"COPY ({query}) TO '{clean}' (HEADER)")
        print(f"{rows:,} rows, {clean.stat().st_size / 1e6:,.0f} MB")
        print(f"{'':<24}{'clock s':>9}{'CPU s':>8}{'peak MB':>9}")
        bare = shown("DuckDB, unchecked", measured("bare", clean))
        ours = shown("tables.load", measured("ours", clean))
        print(f"{'ratio':<24}{ours[0] / bare[0]:>9.2f}{ours[1] / bare[1]:>8.2f}")
        for fault, cells in FAULTS.items():
            path = Path(folder) / "spoilt.csv"
            spoilt = SPOILT.format(cells=cells, clean=query)
            duckdb.execute(f"COPY ({spoilt}) TO '{path}' (HEADER, QUOTE '', DELIMITER '\t')")
            shown(f"tenth: {fault}", measured("ours", path))


def measured(task: str, path: Path) -> list[float]:
    """Clock and CPU seconds of a task, and the peak of its process, MB."""
    done = subprocess.run(
        [sys.executable, __file__, task, str(path)], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def shown(name: str, figures: list[float]) -> list[float]:
    clock, cpu, peak = figures
    print(f"{name:<24}{clock:>9.2f}{cpu:>8.2f}{peak:>9.0f}", flush=True)
    return figures


def bare(path: Path, folder: Path) -> Callable[[], object]:
    types = "{'customer_id': 'VARCHAR', 'date': 'DATE', 'amount': 'DOUBLE'}"
    rows = f"read_csv('{path}', columns = {types}, header = true, auto_detect = false)"
    query = f"COPY (SELECT * FROM {rows}) TO '{folder}/bare.parquet' (FORMAT parquet)"
    return lambda: duckdb.execute(query)


def ours(path: Path, folder: Path) -> Callable[[], object]:
    from cxlib import contracts, sources, tables  # noqa: PLC0415 - not in the other process

    sources.PROJECT = tables.PROJECT = folder
    (folder / "sources.toml").write_text(ENTRY.format(path=path), encoding="utf-8")

    def work() -> None:
        try:
            tables.load("transactions", "sources.toml")
        except contracts.InputError as error:
            print(error)

    return work


def child(task: str, path: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = {"bare": bare, "ours": ours}[task](Path(path), Path(folder))
        begun, before = time.perf_counter(), cpu_seconds()
        work()
        clock, cpu = time.perf_counter() - begun, cpu_seconds() - before
    print(json.dumps([clock, cpu, peak_mb()]))


def cpu_seconds() -> float:
    return sum(os.times()[:2])


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in ("bare", "ours"):
        child(*sys.argv[1:])
    else:
        main()
