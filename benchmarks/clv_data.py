"""Simulated purchases and histories for clv.py, as Parquet files; and CDNOW's histories."""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from cxlib import purchases, simulate, tables

# CDNOW's parameters: BG/NBD (Fader, Hardie & Lee 2005), Pareto/NBD and Gamma-Gamma.
LAWS = {
    "BG/NBD": ("after a repeat purchase", (0.243, 4.414, 0.793, 2.426)),
    "Pareto/NBD": ("at any time", (0.553, 10.578, 0.606, 11.669)),
}
P, Q, GAMMA = 6.25, 3.74, 15.44
# As LAWS["BG/NBD"] but with more repeat purchases: about 3.3 transactions a customer.
SHOP = (0.4, 4.0, 0.793, 2.426)
CHUNK = 500_000


def shop(path: Path, transactions: int) -> None:
    """Two years of purchases in order of their day, as a log of sales has them; ids are text."""
    rng = np.random.default_rng(1)
    connection = duckdb.connect(config={"memory_limit": "6GB"})
    connection.execute(f"set temp_directory = '{path.parent}'")
    connection.execute("create table shop(customer integer, day integer, cents integer)")
    rows = customers = 0
    while rows < transactions:
        n = min(CHUNK, max(transactions // 4, 1000))
        T_weeks = rng.uniform(8, 104, n)
        buyer, week = simulate.purchase_times("after a repeat purchase", SHOP, T_weeks, rng)
        first = 728 - np.floor(7 * T_weeks)
        chunk = pd.DataFrame(
            {
                "customer": customers + np.concatenate([np.arange(n), buyer]),
                "day": np.concatenate([first, first[buyer] + np.floor(7 * week)]),
                "cents": 1 + rng.gamma(3, 1000, n + len(buyer)),
            }
        ).head(transactions - rows)
        connection.execute("insert into shop select * from chunk")
        rows, customers = rows + len(chunk), customers + n
    connection.execute(
        "copy (select printf('%09d', customer) as customer_id, date '2023-01-01' + day as date,"
        " cents / 100.0::double as amount from shop order by day, hash(customer))"
        f" to '{path}' (format parquet)"
    )


def histories(path: Path, customers: int, law: str) -> None:
    """Customers as CDNOW's, observed for 27 to 39 weeks; several purchases of a day are one."""
    rng = np.random.default_rng(2)
    dropout, parameters = LAWS[law]
    T_days = rng.integers(27 * 7, 39 * 7 + 1, customers)
    buyer, week = simulate.purchase_times(dropout, parameters, T_days / 7, rng)
    day = np.ceil(7 * week).astype(int)
    first_of_day = np.ones(len(day), dtype=bool)
    first_of_day[1:] = (np.diff(buyer) != 0) | (np.diff(day) != 0)
    frequency = np.bincount(buyer[first_of_day], minlength=customers)
    recency_days = np.zeros(customers, dtype=int)
    np.maximum.at(recency_days, buyer, day)
    rate = rng.gamma(Q, size=customers) / GAMMA
    days = np.maximum(frequency, 1)
    mean = 0.01 + (rng.gamma(P * days) / rate / days).round(2)
    first_spend = 0.01 + (rng.gamma(P, size=customers) / rate).round(2)
    pd.DataFrame(
        {
            "customer_id": pd.Series(np.arange(customers)).map("{:09d}".format),
            "frequency": frequency,
            "recency_days": recency_days,
            "T_days": T_days,
            "recency_weeks": recency_days / 7,
            "T_weeks": T_days / 7,
            "spend_days": frequency,
            "mean_spend": np.where(frequency > 0, mean, np.nan),
            "first_spend": first_spend,
            "total_spend": first_spend + frequency * mean,
            "zero_days": 0,
        }
    ).to_parquet(path, row_group_size=CHUNK)


def cdnow(path: Path) -> None:
    """The 39 weeks on which the published fits to CDNOW rest."""
    transactions = tables.load("transactions").frame
    lazy = purchases.purchase_histories(transactions, dt.date(1997, 9, 30))
    purchases.customer_table(lazy).to_parquet(path)
