"""Nested validation and the final model against the bare scikit-learn fits that they need.

    python benchmarks/churn.py                     # a million customers by 20 features
    python benchmarks/churn.py --customers 200000

Ours: logistic regression and boosting, each tuned and calibrated in 3 inner folds of 5 outer ones,
all measures with their intervals, and the chosen model once more on all customers. Of more than
100,000 customers both tune on a random 100,000. Bare: as many
fits and predictions of the same encoders and learners, each encoder once a fold, with nothing done
to the predictions. Either in a process of its own with one thread, as measuring.py says.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from churn_reasons import simulated
from measuring import measured_apart, run_task
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from cxlib import churn
from cxlib.churn.encoding import linear_encoder, tree_encoder

Work = Callable[[], dict[str, Any]]

FOLDS, INNER_FOLDS, SEED = 5, 3, 0
TUNING_ROWS = 100_000
PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0)
LEAVES = (4, 8)
TASKS = ["cxlib", "bare scikit-learn"]


def ours(customers: int) -> Work:
    X, left = simulated(customers)
    ids = np.arange(customers).astype(str).astype(object)
    table = churn.features(X.assign(customer_id=ids, churned=left))
    models = {"logistic": churn.ChurnModel(), "boosting": churn.ChurnModel("boosting")}

    def work() -> dict[str, Any]:
        validation = churn.validate(models, table, folds=FOLDS, seed=SEED)
        churn.final_model(validation, models, table)
        auc = validation.estimates[validation.chosen, "auc"].value
        return {"customers": customers, "chosen": validation.chosen, "AUC": auc}

    return work


def bare(customers: int) -> Work:
    X, left = simulated(customers)

    def work() -> dict[str, Any]:
        fold = np.random.default_rng(SEED).integers(0, FOLDS, customers)
        for number in range(FOLDS):
            training, held = fold != number, X[fold == number]
            for kind in ("logistic", "boosting"):
                _tune_and_fit(kind, X[training], left[training])(held)
        _tune_and_fit("boosting", X, left)
        return {"customers": customers}

    return work


def _tune_and_fit(
    kind: str, X: pd.DataFrame, left: np.ndarray
) -> Callable[[pd.DataFrame], np.ndarray]:
    """The fits of one ChurnModel; the predictions of the last."""
    encoder_of = linear_encoder if kind == "logistic" else tree_encoder
    rng = np.random.default_rng(SEED)
    drawn = rng.permutation(len(X))[:TUNING_ROWS]
    some, told = X.iloc[drawn], left[drawn]
    inner = rng.integers(0, INNER_FOLDS, len(drawn))
    for number in range(INNER_FOLDS):
        training = inner != number
        encoder = encoder_of(X)
        encoded = encoder.fit_transform(some[training], told[training])
        held = encoder.transform(some[~training])
        for setting in PENALTIES if kind == "logistic" else LEAVES:
            _learner(kind, setting).fit(encoded, told[training]).decision_function(held)
    encoder = encoder_of(X)
    learner = _learner(kind, PENALTIES[-1] if kind == "logistic" else LEAVES[-1])
    learner.fit(encoder.fit_transform(X, left), left)
    return lambda table: learner.predict_proba(encoder.transform(table))


def _learner(kind: str, setting: float) -> LogisticRegression | HistGradientBoostingClassifier:
    if kind == "logistic":
        return LogisticRegression(C=setting, solver="newton-cholesky", tol=1e-8)
    return HistGradientBoostingClassifier(
        learning_rate=0.2, max_iter=50, max_leaf_nodes=setting, early_stopping=False, random_state=0
    )


def _run(task: str, customers: int) -> dict[str, Any]:
    found = measured_apart(sys.executable, "-W", "ignore", __file__, task, customers)
    return {"step": task} | found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    table = pd.DataFrame([_run(task, customers) for task in TASKS])
    table["CPU, times bare"] = table["cpu_s"] / table["cpu_s"].iloc[-1]
    named = {"peak_mb": "peak MB", "before_mb": "MB before", "cpu_s": "CPU s"}
    print(f"{customers:,} customers by 20 features, {FOLDS} folds, {INNER_FOLDS} inner folds")
    print(table.rename(columns=named).to_string(index=False, float_format="{:.4g}".format))


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in TASKS:
        run_task({"cxlib": lambda n: ours(int(n)), "bare scikit-learn": lambda n: bare(int(n))})
    else:
        main()
