"""Models judged on customers that they were not fitted to, and the choice between them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import StratifiedKFold

from cxlib.churn.calibration import brier, brier_skill, calibration_intercept, calibration_slope
from cxlib.churn.models import threads
from cxlib.churn.ranking import auc, auc_difference, average_precision, delong
from cxlib.inference import Estimate

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

BASE_RATE = "base rate"
MEASURES = {
    "auc": auc,
    "average_precision": average_precision,
    "brier": brier,
    "brier_skill": brier_skill,
    "calibration_slope": calibration_slope,
    "calibration_intercept": calibration_intercept,
}


@dataclass(frozen=True)
class Validation:
    """Out-of-fold predictions and how good they are.

    `predictions` has a row for each row of X and a column for each model, "base rate" first;
    `fold` is the number of the fold in which a row was held out; `estimates` maps (model, measure)
    to an Estimate; `chosen` is the model to use and `choice` says why.
    """

    predictions: pd.DataFrame
    churned: BoolArray
    fold: NDArray[np.int64]
    level: float
    estimates: Mapping[tuple[str, str], Estimate]
    chosen: str
    choice: str

    @property
    def summary(self) -> pd.DataFrame:
        """One row a model and measure: value, low, high, n, method."""
        rows = [
            {"model": model, "measure": measure, "value": one.value, "low": one.low}
            | {"high": one.high, "n": one.n, "method": one.method}
            for (model, measure), one in self.estimates.items()
        ]
        return pd.DataFrame(rows).set_index(["model", "measure"])

    @property
    def fold_variation(self) -> pd.DataFrame:
        """AUC of each model over the folds: mean, sd, lowest, highest, folds."""
        parts = [self.fold == number for number in np.unique(self.fold)]
        models = self.predictions.columns
        values = pd.DataFrame(
            [delong(self.churned[part], self.predictions[part].to_numpy().T)[0] for part in parts],
            columns=models,
        )
        table = values.agg(["mean", "std", "min", "max"]).T
        table.columns = pd.Index(["mean", "sd", "lowest", "highest"])
        return table.assign(folds=len(parts))


def cross_validate(
    models: Mapping[str, BaseEstimator],
    X: pd.DataFrame,
    churned: ArrayLike,
    *,
    folds: int = 5,
    seed: int = 0,
    level: float = 0.95,
) -> Validation:
    """Judge models, named from the simplest to the most complex, by stratified cross-validation.

    Everything a model learns (imputation, scaling, levels) is learned inside the training folds.
    Folds are assigned after sorting the rows by their content, so neither row order nor ids nor
    the unit of a number change them. The base rate is added as a model that gives all the same
    risk. A more complex model replaces a simpler one only when the paired interval of its AUC
    difference lies above 0 (without an interval, at an AUC of exactly 0 or 1, the difference
    itself): the simpler wins ties.
    """
    y = np.asarray(churned, dtype=bool)
    positions, fold = stratified_folds(X, y, folds, seed)
    table, target, part = X.iloc[positions], y[positions], fold[positions]
    risks = {BASE_RATE: np.full(len(y), y.mean())} | {name: np.empty(len(y)) for name in models}
    with threads(len(y)):
        for number in range(folds):
            test = part == number
            for name, model in models.items():
                fitted = clone(model).fit(table[~test], target[~test])
                risks[name][positions[test]] = fitted.predict_proba(table[test])[:, 1]
    predictions = pd.DataFrame(risks)
    estimates = {
        (name, measure): compute(y, risk, level=level)
        for name, risk in risks.items()
        for measure, compute in MEASURES.items()
    }
    chosen, choice = _choose(y, risks, level)
    return Validation(predictions, y, fold, level, estimates, chosen, choice)


def stratified_folds(
    X: pd.DataFrame, y: BoolArray, folds: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the rows sorted by content, and the fold of each row, whatever their order."""
    order = X.set_axis(pd.RangeIndex(len(X))).assign(churned=y)
    positions = order.sort_values(list(order.columns)).index.to_numpy()
    fold = np.empty(len(y), dtype=np.int64)
    splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for number, (_, test) in enumerate(splitter.split(positions, y[positions])):
        fold[positions[test]] = number
    return positions, fold


def _choose(y: BoolArray, risks: Mapping[str, FloatArray], level: float) -> tuple[str, str]:
    """The simplest model that no later one is shown to beat, and the reasons."""
    chosen, reasons = BASE_RATE, []
    for name in list(risks)[1:]:
        difference = auc_difference(y, risks[name], risks[chosen], level=level)
        numbers, least = f"AUC {difference.value:+.4f}", difference.low
        if least is None:
            numbers, least = f"{numbers}, no interval", difference.value
        else:
            numbers = f"{numbers}, {least:+.4f} to {difference.high:+.4f}"
        if least is not None and least > 0:
            reasons.append(f"{name} ranks better than {chosen} ({numbers})")
            chosen = name
        else:
            reasons.append(f"{name} is not shown to rank better than {chosen} ({numbers})")
    text = f"Used from here on: {chosen}. " + "; ".join(reasons)
    return chosen, text + ". The simpler model wins ties."
