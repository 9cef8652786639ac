"""The steps of clv.py as pymc-marketing does them; run by its own environment (see clv.py).

Its `map` maximizes the posterior under its default priors: other parameters than the likelihood's,
and a lower likelihood.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow.parquet
from measuring import run_task
from pymc_marketing import clv
from pymc_marketing.clv.utils import rfm_summary

Work = Callable[[], dict[str, Any]]


def reduction(path: str, as_of: str) -> Work:
    def work() -> dict[str, Any]:
        shop = pyarrow.parquet.read_table(path).to_pandas(date_as_object=False)
        summary = rfm_summary(
            shop, "customer_id", "date", "amount", observation_period_end=as_of, time_unit="D"
        )
        return {"customers": len(summary), "purchases": int(summary["frequency"].sum())}

    return work


def purchases(path: str, model: type) -> Work:
    table = pd.read_parquet(path).rename(columns={"recency_weeks": "recency", "T_weeks": "T"})
    data = table[["customer_id", "frequency", "recency", "T"]]

    def work() -> dict[str, Any]:
        fit = model(data)
        fit.fit(method="map", progressbar=False)
        values = fit.fit_summary()
        names = ("r", "alpha", "s", "beta") if "beta" in values else ("r", "alpha", "a", "b")
        return {"params": {name: float(values[name]) for name in names}}

    return work


if __name__ == "__main__":
    run_task(
        {
            "reduction": reduction,
            "BG/NBD": lambda path: purchases(path, clv.BetaGeoModel),
            "Pareto/NBD": lambda path: purchases(path, clv.ParetoNBDModel),
        }
    )
