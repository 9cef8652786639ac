"""The steps of clv.py as lifetimes does them; run by its own environment (see clv.py)."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow.parquet
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter
from lifetimes.utils import summary_data_from_transaction_data
from measuring import run_task

Work = Callable[[], dict[str, Any]]


def reduction(path: str, as_of: str) -> Work:
    def work() -> dict[str, Any]:
        shop = pyarrow.parquet.read_table(path).to_pandas(date_as_object=False)
        summary = summary_data_from_transaction_data(
            shop, "customer_id", "date", "amount", observation_period_end=as_of
        )
        return {"customers": len(summary), "purchases": int(summary["frequency"].sum())}

    return work


def purchases(path: str, fitter: type) -> Work:
    table = pd.read_parquet(path)

    def work() -> dict[str, Any]:
        fit = fitter().fit(table["frequency"], table["recency_weeks"], table["T_weeks"])
        return {"params": {name: float(value) for name, value in fit.params_.items()}}

    return work


def gamma_gamma(path: str) -> Work:
    table = pd.read_parquet(path).query("spend_days > 0")

    def work() -> dict[str, Any]:
        fit = GammaGammaFitter().fit(table["spend_days"], table["mean_spend"])
        p, q, v = (float(fit.params_[name]) for name in "pqv")
        return {"params": {"p": p, "q": q, "gamma": v}}

    return work


if __name__ == "__main__":
    run_task(
        {
            "reduction": reduction,
            "BG/NBD": lambda path: purchases(path, BetaGeoFitter),
            "Pareto/NBD": lambda path: purchases(path, ParetoNBDFitter),
            "Gamma-Gamma": gamma_gamma,
        }
    )
