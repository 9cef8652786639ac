"""Scoring customers batch by batch from the engine, against predict_proba alone, in one run.

    python benchmarks/churn_scoring.py                     # 10 million customers
    python benchmarks/churn_scoring.py --customers 1000000 --folder FOLDER

20 features: 14 numbers and 6 categories, some missing. "scored" reads them from a Parquet file,
writes the risks to another and counts the deciles; "predict_proba" is the model alone on batches of
the same size and columns that are in memory, as many times. Every figure comes from a process of
its own, with one thread for linear algebra and trees; only the ratios travel.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
from measuring import measured_apart, run_task
from scipy.special import expit

from cxlib import churn, engine

NUMBERS = [f"number_{k}" for k in range(14)]
CATEGORIES = [f"category_{k}" for k in range(6)]
TRAINED = 100_000
BATCH = 250_000
KINDS = ("logistic", "boosting")


def customers(path: Path, count: int) -> None:
    """Uniform numbers, one in 20 missing in two of them, and categories of 4 to 9 levels."""
    columns = [f"random() as {name}" for name in NUMBERS[2:]]
    columns += [f"case when random() > .05 then random() end as {name}" for name in NUMBERS[:2]]
    columns += [
        f"nullif('level ' || floor(random() * {k + 4})::int, 'level 0') as {name}"
        for k, name in enumerate(CATEGORIES)
    ]
    duckdb.connect(config={"memory_limit": "4GB"}).execute(
        f"copy (select printf('%09d', i) as customer_id, {', '.join(columns)}"
        f" from range({count}) rows(i)) to '{path}' (format parquet)"
    )


def fitted(kind: str, path: Path) -> churn.ChurnModel:
    """A model of the first customers of the file, who leave by a known law."""
    known = duckdb.sql(f"from '{path}' limit {TRAINED}").df()
    score = 2 * known[NUMBERS[2]] - 2 * known[NUMBERS[3]] + (known[CATEGORIES[0]] == "level 1")
    left = np.random.default_rng(1).random(len(known)) < expit(score - 1.5)
    table = churn.features(known.assign(churned=left))
    return churn.ChurnModel(kind, folds=2).fit(table.X, table.churned)


def scored(kind: str, file: str) -> Callable[[], dict[str, Any]]:
    path = Path(file)
    model = fitted(kind, path)

    def work() -> dict[str, Any]:
        scores = churn.score(model, engine.canonical(path), engine.map_batches)
        return {"customers": int(scores.select(nw.len()).collect().item())}

    return work


def predicted(kind: str, file: str) -> Callable[[], dict[str, Any]]:
    path = Path(file)
    model = fitted(kind, path)
    whole = int(duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0])
    batch = duckdb.sql(f"from '{path}' limit {min(BATCH, whole)}").df()
    X = churn.features(batch.assign(churned=np.arange(len(batch)) % 2 == 0)).X

    def work() -> dict[str, Any]:
        for _ in range(whole // len(X)):
            model.predict_proba(X)
        return {"customers": whole // len(X) * len(X)}

    return work


def measure(task: str, kind: str, path: Path) -> dict[str, Any]:
    found = measured_apart(sys.executable, __file__, task, kind, path)
    return found | {"step": task, "model": kind}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--customers", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="where the file of customers is made")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path = Path(folder) / "customers.parquet"
        customers(path, asked.customers)
        rows = [measure(task, kind, path) for kind in KINDS for task in ("scored", "predicted")]
    table = pd.DataFrame(rows).set_index(["model", "step"])
    bare = table["cpu_s"].xs("predicted", level="step")
    table["ratio"] = table["cpu_s"] / bare.reindex(table.index, level="model")
    print(table[["customers", "cpu_s", "ratio", "peak_mb", "before_mb"]].round(2).to_string())


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] in ("scored", "predicted"):
        run_task({"scored": scored, "predicted": predicted})
    else:
        main()
