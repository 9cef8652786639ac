"""Reasons for every customer: parts of the log odds and their words, against shap row by row.

    python benchmarks/churn_reasons.py                     # a million customers by 20 features
    python benchmarks/churn_reasons.py --customers 100000

Every figure is taken in a process of its own with one thread, as measuring.py says; models are
fitted before, to 100,000 customers. The peer explains a sample, as all customers would take it
minutes, and its time is carried to all of them.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from measuring import measured_apart, run_task

from cxlib import churn

# numba, which shap brings, takes the script coverage.py beside this one for the package coverage.
sys.modules["coverage"] = None  # type: ignore[assignment]

SAMPLE = 20_000
FITTED = 100_000
TASKS = ["parts: logistic", "parts: boosting", "words", "shap row by row"]

Work = Callable[[], dict[str, Any]]


def simulated(customers: int) -> tuple[pd.DataFrame, np.ndarray]:
    """14 numbers with 3 % missing, 6 categories of 6 levels, and who left."""
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(customers, 14)).round(3)
    codes = rng.integers(0, 6, (customers, 6))
    odds = numbers @ rng.normal(0, 0.4, 14) + rng.normal(0, 0.4, (6, 6))[range(6), codes].sum(1) - 1
    odds += numbers[:, 0] * numbers[:, 1] * 0.5
    left = rng.random(customers) < 1 / (1 + np.exp(-odds))
    numbers[rng.random(numbers.shape) < 0.03] = np.nan
    X = pd.DataFrame(numbers, columns=[f"number_{k}" for k in range(14)])
    for k in range(6):
        X[f"category_{k}"] = pd.Categorical(np.array(list("abcdef"))[codes[:, k]])
    return X, left


def _model(kind: str, X: pd.DataFrame, left: np.ndarray) -> churn.ChurnModel:
    model = churn.ChurnModel(kind).fit(X[:FITTED], left[:FITTED])
    churn.contributions(model, X[:100])  # what is loaded at the first call is not the work
    return model


def parts(kind: str, customers: int) -> Work:
    X, left = simulated(customers)
    model = _model(kind, X, left)

    def work() -> dict[str, Any]:
        found = churn.contributions(model, X)
        apart = np.abs(found.sum(axis=1) - model.log_odds(X)).max()
        return {"customers": len(X), "largest error": float(apart), **_size(model)}

    return work


def words(customers: int) -> Work:
    X, left = simulated(customers)
    found = churn.contributions(_model("boosting", X, left), X)

    def work() -> dict[str, Any]:
        told = churn.reasons(found, X)
        return {"customers": len(X), "texts": sum(told[name].nunique() for name in told)}

    return work


def row_by_row(customers: int) -> Work:
    import shap  # noqa: PLC0415  it needs the line about coverage above

    X, left = simulated(max(customers, FITTED))
    model = _model("boosting", X, left)
    encoder, learner = (model.pipeline_.named_steps[one] for one in ("encoder", "learner"))
    Z = np.asarray(encoder.transform(X[:SAMPLE]), dtype=float)
    explainer = shap.TreeExplainer(learner, feature_perturbation="tree_path_dependent")
    ours = churn.contributions(model, X[:SAMPLE])[model.encoded_features]

    def work() -> dict[str, Any]:
        theirs = model.calibration_[1] * explainer.shap_values(Z, check_additivity=False)
        apart = float(np.abs(ours.to_numpy() - theirs).max())
        return {"customers": len(Z), "largest error": apart, **_size(model)}

    return work


def _size(model: churn.ChurnModel) -> dict[str, Any]:
    settings = model.tuning_.query("chosen").drop(columns=["log_loss", "chosen"]).iloc[0]
    return {"model": ", ".join(f"{name} {value:g}" for name, value in settings.items())}


def _run(task: str, customers: int) -> dict[str, Any]:
    found = measured_apart(sys.executable, "-W", "ignore", __file__, task, customers)
    return {"step": task} | found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    table = pd.DataFrame([_run(task, customers) for task in TASKS])
    table["CPU s for all"] = table["cpu_s"] * customers / table["customers"]
    ours = table.loc[table["step"] == "parts: boosting", "CPU s for all"].item()
    table["times ours"] = np.where(
        table["step"] == "shap row by row", table["CPU s for all"] / ours, np.nan
    )
    named = {"peak_mb": "peak MB", "before_mb": "MB before", "cpu_s": "CPU s"}
    table = table.rename(columns=named)
    print(f"{customers:,} customers by 20 features, one thread")
    print(table.to_string(index=False, na_rep="", float_format="{:.3g}".format))


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in TASKS:
        run_task(
            {
                "parts: logistic": lambda n: parts("logistic", int(n)),
                "parts: boosting": lambda n: parts("boosting", int(n)),
                "words": lambda n: words(int(n)),
                "shap row by row": lambda n: row_by_row(int(n)),
            }
        )
    else:
        main()
