"""The steps of clv.py as cxlib does them, and the same group-by written by hand in SQL."""

import datetime as dt
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from measuring import run_task

from cxlib import clv, engine, purchases

Work = Callable[[], dict[str, Any]]

# What purchase_histories counts, as one would write it for this engine.
CUSTOMERS_BY_HAND = """
    select customer_id, count(*) - 1 as frequency, max(date) - min(date) as recency_days,
        date '{as_of}' - min(date) as T_days, date '{as_of}' - max(date) as days_since_last,
        sum(spend) as total_spend, arg_min(spend, date) as first_spend,
        count(*) filter (spend > 0) as paid_days, sum(spend) filter (spend > 0) as paid_spend
    from (
        select customer_id, date, sum(amount) as spend
        from read_parquet({files}) where date <= date '{as_of}' group by all
    ) group by customer_id
"""
DISTINCT_BY_HAND = """
    select frequency, recency_days, T_days, count(*) as customers from (
        select count(*) - 1 as frequency, max(date) - min(date) as recency_days,
            date '{as_of}' - min(date) as T_days
        from (
            select distinct customer_id, date
            from read_parquet({files}) where date <= date '{as_of}'
        ) group by customer_id
    ) group by all
"""


def distinct(path: str, as_of: str) -> Work:
    transactions = engine.canonical(Path(path))

    def work() -> dict[str, Any]:
        histories = purchases.purchase_histories(transactions, dt.date.fromisoformat(as_of))
        return _told(purchases.distinct_histories(histories))

    return work


def distinct_by_hand(path: str, as_of: str) -> Work:
    connection = _connection()
    query = DISTINCT_BY_HAND.format(files=_files(path), as_of=as_of)
    return lambda: _told(connection.sql(query).df())


def _told(distinct: pd.DataFrame) -> dict[str, Any]:
    customers = distinct["customers"]
    return {
        "customers": int(customers.sum()),
        "purchases": int(distinct["frequency"] @ customers),
        "distinct": len(distinct),
    }


def customers(path: str, as_of: str) -> Work:
    transactions = engine.canonical(Path(path))

    def work() -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / "customers.parquet"
            histories = purchases.purchase_histories(transactions, dt.date.fromisoformat(as_of))
            engine.write(histories, written)
            return _written(written)

    return work


def customers_by_hand(path: str, as_of: str) -> Work:
    connection = _connection()
    query = CUSTOMERS_BY_HAND.format(files=_files(path), as_of=as_of)

    def work() -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / "customers.parquet"
            connection.execute(f"copy ({query}) to '{written}' (format parquet)")
            return _written(written)

    return work


def _files(path: str) -> str:
    """A file, or a folder of files by month."""
    return f"'{path}/**/*.parquet'" if Path(path).is_dir() else f"'{path}'"


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    # Where and how much as the engine does.
    connection.execute(f"set temp_directory = '{tempfile.gettempdir()}/by-hand'")
    if limit := os.environ.get("CX_MEMORY_LIMIT"):
        connection.execute(f"set memory_limit = '{limit}'")
    return connection


def _written(path: Path) -> dict[str, Any]:
    rows = duckdb.read_parquet(str(path))
    count, purchases_made = rows.aggregate("count(*), sum(frequency)").fetchall()[0]
    return {"customers": count, "purchases": int(purchases_made), "MB written": _mb(path)}


def _mb(path: Path) -> float:
    return path.stat().st_size / 1e6


def fit(path: str, label: str) -> Work:
    histories = pd.read_parquet(path)
    model = MODELS[label]

    def work() -> dict[str, Any]:
        found = model.fit(histories)
        return {"params": found.params.to_dict(), "llf": found.llf}

    return work


def log_likelihood(path: str, label: str, params: str) -> Work:
    """What our likelihood says of the parameters that a peer found."""
    histories = pd.read_parquet(path)
    model = MODELS[label](**json.loads(params))
    return lambda: {"llf": model.log_likelihood(histories)}


MODELS: dict[str, Any] = {**clv.PURCHASE_MODELS, "Gamma-Gamma": clv.GammaGamma}


def scoring(path: str) -> Work:
    """From histories in a file to one row a customer with its value, in a file; fits included."""
    histories = engine.canonical(Path(path))
    terms = clv.Terms(horizon_weeks=52, margin_rate=0.3, annual_discount_rate=0.1)

    def work() -> dict[str, Any]:
        groups = clv.value_groups(histories)
        purchase_fit = clv.BetaGeoNBD.fit(groups)
        spenders = pd.read_parquet(path, columns=["spend_days", "mean_spend"]).head(SPENDERS)
        valued = clv.valuation(purchase_fit, clv.GammaGamma.fit(spenders), groups, terms)
        scores = engine.lend(clv.history_scores(valued, groups))
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / "values.parquet"
            engine.write(clv.customer_values(histories, scores, valued), written)
            value = duckdb.read_parquet(str(written)).aggregate("count(*), sum(value)").fetchall()
            count, total = value[0]
            found = {"customers": count, "distinct": len(groups), "value": total}
            return found | {"MB written": _mb(written)}

    return work


# The spend model needs one row a customer in Python: it is fitted to so many.
SPENDERS = 1_000_000

if __name__ == "__main__":
    run_task(
        {
            "distinct": distinct,
            "distinct by hand": distinct_by_hand,
            "customers": customers,
            "customers by hand": customers_by_hand,
            "fit": fit,
            "log_likelihood": log_likelihood,
            "scoring": scoring,
        }
    )
