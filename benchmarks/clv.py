"""The path of the customer-value report against plain peers, in one run on one machine.

Only the ratios travel. Peers: the same reduction by pandas, the same likelihood maximized by
scipy's L-BFGS-B with numerical gradient, and lifetimes where its own environment is given:

    python benchmarks/clv.py [--transactions 1000000] [--lifetimes PYTHON]
"""

import argparse
import datetime as dt
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaln

from cxlib import clv, purchases

T = TypeVar("T")

AS_OF = dt.date(2024, 12, 31)

LIFETIMES = """
import sys, time, json
import pandas as pd
from lifetimes import BetaGeoFitter
from lifetimes.utils import summary_data_from_transaction_data
shop = pd.read_parquet(sys.argv[1])
start = time.process_time()
summary = summary_data_from_transaction_data(
    shop, "customer_id", "date", "amount", observation_period_end="2024-12-31"
)
reduced = time.process_time()
fitter = BetaGeoFitter().fit(summary["frequency"], summary["recency"] / 7, summary["T"] / 7)
done = time.process_time()
times = {"reduction": reduced - start, "fit": done - reduced}
print(json.dumps(times | {"params": dict(fitter.params_)}))
"""


def simulated_shop(transactions: int, folder: Path) -> Path:
    """Purchases of a year: customers arrive, buy at their own rate and leave."""
    rng = np.random.default_rng(1)
    customers = transactions // 3
    start = rng.uniform(0, 300, size=customers)
    active = np.minimum(rng.exponential(300 / rng.gamma(2, size=customers)), 366 - start)
    repeats = rng.poisson(rng.gamma(0.5, 1 / 20, size=customers) * active)
    buyer = np.concatenate([np.arange(customers), np.repeat(np.arange(customers), repeats)])
    wait = np.concatenate([np.zeros(customers), rng.uniform(size=repeats.sum())])
    day = np.floor(start[buyer] + wait * active[buyer]).astype(np.int64)
    frame = pd.DataFrame(
        {
            "customer_id": pd.Series(buyer).map("{:08d}".format),
            "date": np.datetime64("2024-01-01") + day,
            "amount": rng.gamma(3, 10, size=len(buyer)).round(2),
        }
    )
    path = folder / "shop.parquet"
    frame.sample(frac=1, random_state=1).to_parquet(path)
    return path


def measured(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` returns, and its CPU seconds over all threads."""
    start = time.process_time()
    return work(), time.process_time() - start


def by_cxlib(path: Path) -> pd.DataFrame:
    query = f"select customer_id, date::date as date, amount from read_parquet('{path}')"
    transactions = nw.from_native(duckdb.connect().sql(query))
    return purchases.distinct_histories(purchases.purchase_histories(transactions, AS_OF))


def by_pandas(path: Path) -> pd.DataFrame:
    shop = pd.read_parquet(path)
    days = shop.groupby(["customer_id", "date"])["amount"].sum().reset_index()
    dates = days.groupby("customer_id")["date"].agg(["count", "min", "max"])
    histories = pd.DataFrame(
        {
            "frequency": dates["count"] - 1,
            "recency_weeks": (dates["max"] - dates["min"]).dt.days / 7,
            "T_weeks": (pd.Timestamp(AS_OF) - dates["min"]).dt.days / 7,
        }
    )
    return histories.value_counts().rename("customers").reset_index()


def by_scipy(histories: pd.DataFrame) -> float:
    """Log-likelihood reached by L-BFGS-B, gradient by differences, on the same histories."""
    names = ["frequency", "recency_weeks", "T_weeks", "customers"]
    x, t_x, T, customers = histories[names].to_numpy(dtype=float).T

    def loss(logs: np.ndarray) -> float:
        r, alpha, a, b = np.exp(logs)
        alive = -(r + x) * np.log(alpha + T)
        left = np.log(a) - np.log(np.maximum(b + x - 1, b)) - (r + x) * np.log(alpha + t_x)
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        each += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        each += np.where(x > 0, np.logaddexp(alive, left), alive)
        return -float(customers @ each)

    return -float(minimize(loss, np.zeros(4), method="L-BFGS-B").fun)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--transactions", type=int, default=1_000_000, help="about so many")
    options.add_argument("--lifetimes", help="python of an environment with lifetimes 0.11.3")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = simulated_shop(given.transactions, Path(folder))
        rows_read = duckdb.read_parquet(str(path)).shape[0]
        histories, reduction = measured(lambda: by_cxlib(path))
        fit, fitting = measured(lambda: clv.BetaGeoNBD.fit(histories))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _, reduction_pandas = measured(lambda: by_pandas(path))
        reached, fitting_scipy = measured(lambda: by_scipy(histories))
        rows = [
            ("pandas", "reduction", reduction_pandas, reduction_pandas / reduction, np.nan),
            ("scipy L-BFGS-B", "fit", fitting_scipy, fitting_scipy / fitting, reached - fit.llf),
        ]
        if given.lifetimes:
            command = [given.lifetimes, "-W", "ignore", "-c", LIFETIMES, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            peer = json.loads(done.stdout)
            ratio = peer["reduction"] / reduction
            gain = clv.BetaGeoNBD(**peer["params"]).log_likelihood(histories) - fit.llf
            rows.append(("lifetimes", "reduction", peer["reduction"], ratio, np.nan))
            rows.append(("lifetimes", "fit", peer["fit"], peer["fit"] / fitting, gain))
    print(f"{rows_read:,} transactions, {fit.n:,} customers, {len(histories):,} histories")
    print(f"cxlib, CPU s: reduction {reduction:.3f}, fit {fitting:.3f}; peak {peak:,.0f} MB")
    columns = ["peer", "step", "CPU s", "times ours", "log-likelihood - ours"]
    print(pd.DataFrame(rows, columns=columns).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
