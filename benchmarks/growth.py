"""What grows with what beside the transactions: customers, respondents, items, drivers.

    .venv/bin/python benchmarks/growth.py

CPU seconds, the best of several, in one process. `slope` is that of the logarithms between a row
and the one before: 1 where twice as much takes twice as long.
"""

import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import clv_data
import drivers as driver_data
import narwhals as nw
import numpy as np
import pandas as pd
import survey

from cxlib import clv, drivers, servqual

Work = Callable[[], object]


def main() -> None:
    show("Fits to one row a customer, by customers", fits([10**4, 10**5, 10**6]))
    show("SERVQUAL of 22 items, by respondents", surveys([(n, 5) for n in (10**4, 10**5, 10**6)]))
    show("SERVQUAL of 100,000 respondents, by items", surveys([(10**5, k) for k in (2, 3, 5)]))
    show("Importance of drivers of 100,000 answers, by drivers", shares([5, 10, 15]))


def fits(sizes: Iterable[int]) -> pd.DataFrame:
    """BG/NBD and Gamma-Gamma, collapse to distinct histories included."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for customers in sizes:
            path = Path(folder) / f"{customers}.parquet"
            clv_data.histories(path, customers, "BG/NBD")
            histories = pd.read_parquet(path)
            keys = ["frequency", "recency_days", "T_days"]
            row = {"customers": customers, "distinct": len(histories[keys].drop_duplicates())}
            for name, model in (("BG/NBD", clv.BetaGeoNBD), ("Gamma-Gamma", clv.GammaGamma)):
                row[name] = cpu_seconds(partial(model.fit, histories))
            rows.append(row)
    return pd.DataFrame(rows)


def surveys(sizes: Iterable[tuple[int, int]]) -> pd.DataFrame:
    """From answers to the gaps of items and dimensions with their intervals."""
    rows = []
    for respondents, count in sizes:
        dimensions = dict(list(survey.DIMENSIONS.items())[:count])
        answers = survey.answers(respondents, np.random.default_rng(1))

        def gaps(answers: pd.DataFrame = answers, names: dict = dimensions) -> None:
            items = servqual.item_scores(answers, names)
            servqual.gap_table(items, scale_high=7)
            servqual.gap_table(servqual.dimension_scores(items, names), scale_high=7)

        items = sum(map(len, dimensions.values()))
        size = {"respondents": respondents} if count == len(survey.DIMENSIONS) else {}
        rows.append({"items": items, **size, "gaps": cpu_seconds(gaps)})
    table = pd.DataFrame(rows)
    return table if table["items"].nunique() > 1 else table.drop(columns="items")


def shares(counts: Iterable[int]) -> pd.DataFrame:
    """The sums over the answers, and the exact shares, which need every subset of the drivers."""
    rows = []
    for count in counts:
        feedback = nw.from_native(driver_data.simulated(100_000, count)).lazy()
        names = [f"d{k}" for k in range(count)]
        answers = drivers.complete_answers(feedback, "y", names)
        rng = np.random.default_rng(0)
        moments = drivers.block_moments(answers, rng)
        correlations = driver_data.correlations(moments.blocks.sum(axis=0))
        sums = cpu_seconds(partial(drivers.block_moments, answers, rng))
        exact = cpu_seconds(partial(drivers.lmg, correlations))
        rows.append({"drivers": count, "sums": sums, "shares": exact})
    return pd.DataFrame(rows)


def cpu_seconds(work: Work) -> float:
    return survey.measured(work, 3)[1]


def show(title: str, table: pd.DataFrame) -> None:
    size, *_ = table.columns
    table = table.drop(columns=[one for one in ("respondents",) if one in table and one != size])
    for name in table.columns.drop(size):
        logs = np.log(table[[size, name]].astype(float)).diff()
        table[f"{name} slope"] = logs[name] / logs[size]
    print(f"\n{title}\n{table.to_string(index=False, float_format='{:,.3f}'.format, na_rep='')}")


if __name__ == "__main__":
    main()
