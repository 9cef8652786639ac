"""Models judged on customers that they were not fitted to, and the choice between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from cxlib.churn.calibration import brier, brier_skill, calibration_intercept, calibration_slope
from cxlib.churn.choice import choose, mean_difference
from cxlib.churn.features import Features
from cxlib.churn.folds import stratified_folds
from cxlib.churn.models import BASE_RATE, ChurnModel
from cxlib.churn.ranking import auc, auc_difference, average_precision
from cxlib.inference import MIN_GROUP, Estimate, ParameterError, require_level

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

CROSS_VALIDATION, TEMPORAL_TEST = "nested cross-validation", "temporal test"
MOST_TESTS = 3
RANKING = {"auc": auc, "average_precision": average_precision}
PROBABILITY = {
    "brier": brier,
    "brier_skill": brier_skill,
    "calibration_slope": calibration_slope,
    "calibration_intercept": calibration_intercept,
}


@dataclass(frozen=True)
class Validation:
    """Predictions for customers that the models did not see, and how good they are.

    `kind` is "nested cross-validation" or "temporal test", and `note` says more. `rows` are the
    positions in `features.X` of the rows judged; `predictions`, `churned`, `customer_id` and `fold`
    have an element for each of them. The columns of `predictions` are "base rate", the models and
    the `rivals`. `fitted[model][fold]` is the model that gave a row its risk. `estimates` maps
    (model, measure) to an Estimate; the measure auc_difference is its AUC less that of the chosen.
    `chosen` is the model to use and `choice` says why. `splits` has the AUC of each model in each
    fold or at each cut-off and what it was used for: unlike the intervals of `estimates`, they show
    how much fitting again on other customers changes. `tests` has a row for each row judged now or
    before: test, row (position in `features.X`), churned and risk, the chosen model's; in a
    temporal test the earlier cut-offs first, each by the model fitted before it.
    """

    kind: str
    note: str
    predictions: pd.DataFrame
    churned: BoolArray
    customer_id: NDArray[np.object_]
    rows: IntArray
    fold: IntArray
    level: float
    estimates: Mapping[tuple[str, str], Estimate]
    chosen: str
    choice: str
    rivals: tuple[str, ...]
    fitted: Mapping[str, Sequence[ChurnModel]]
    splits: pd.DataFrame
    tests: pd.DataFrame

    @property
    def risk(self) -> FloatArray:
        """The risks of the chosen model, for the rows judged."""
        return self.predictions[self.chosen].to_numpy()

    @property
    def summary(self) -> pd.DataFrame:
        """One row a model and measure: value, low, high, n, method."""
        rows = [
            {"model": model, "measure": measure, "value": one.value, "low": one.low}
            | {"high": one.high, "n": one.n, "method": one.method}
            for (model, measure), one in self.estimates.items()
        ]
        return pd.DataFrame(rows).set_index(["model", "measure"])


class _Split(NamedTuple):
    """Risks of each model for rows held out together, and the models that gave them."""

    name: str
    rows: IntArray
    risks: pd.DataFrame
    fitted: Mapping[str, ChurnModel]


def validate(
    models: Mapping[str, ChurnModel],
    features: Features,
    *,
    horizon_days: int = 0,
    folds: int = 5,
    seed: int = 0,
    level: float = 0.95,
    rivals: Mapping[str, ArrayLike] | None = None,
) -> Validation:
    """Judge models, named from the simplest to the most complex, on customers not seen.

    Customers of one snapshot: stratified cross-validation, in which each model tunes and calibrates
    itself by inner folds of its training (nested: Varma & Simon 2006). Several cut-offs: a temporal
    test. The latest cut-off is predicted by models of the cut-offs at least `horizon_days` before
    it, whose outcomes were known by then, and the measures are told of it alone; up to two of these
    are predicted likewise and serve the choice. Where none can be, the choice rests on
    cross-validation inside the training of the latest. Where no cut-off has a training, or those
    that do have fewer than 10 leavers or stayers, all rows are cross-validated, and `note` says so.
    All rows of a customer share a fold.

    A more complex model replaces a simpler one only when the paired interval of its AUC difference
    lies above 0 (without an interval, at an AUC of exactly 0 or 1, the difference itself): the
    simpler wins ties. Differences in folds are averaged, with DeLong's variance corrected for the
    training that folds share (Nadeau & Bengio 2003). Differences at several cut-offs are averaged,
    and so are the ends of their intervals, which is not too narrow however much the same customers
    tie them together. The base rate is added as the simplest model.

    `rivals` are other risks or scores, one for each row of `features.X`, NaN where there is none:
    each is measured and compared with the chosen on the rows that have it, and never chosen; one
    that leaves 0 to 1 is judged by its ranking alone.

    Folds and risks depend on neither the order of rows, ids nor units. Intervals of a single
    model's measures are of the sampling of customers given the predictions. Raises ParameterError
    for a name used twice, a rival of the wrong length or fewer than two folds.
    """
    require_level(level)
    others = {name: np.asarray(risk, dtype=float) for name, risk in (rivals or {}).items()}
    _check(models, others, len(features.churned), folds)
    contenders = {BASE_RATE: ChurnModel(BASE_RATE), **models}
    everyone = np.arange(len(features.churned))
    tests, note = _tests(features, horizon_days)
    if tests:
        splits = [_fit(contenders, features, *test) for test in tests]
        judged, earlier = splits[-1:], splits[:-1]
        deciding = earlier or _cross_validated(contenders, features, tests[-1][1], folds, seed)
        uses = [("choice", deciding), ("quality", judged)]
    else:
        earlier, judged = [], _cross_validated(contenders, features, everyone, folds, seed)
        deciding, uses = judged, [("choice and quality", judged)]
    known = [(features.churned[split.rows], split.risks) for split in deciding]
    chosen, choice = choose(known, level, shared_training=not earlier)

    together = _pooled(judged, features, tests[-1][0] if tests else CROSS_VALIDATION)
    rows, predictions = together.rows, together.risks
    for name, risk in others.items():
        predictions[name] = risk[rows]
    fold = np.empty(len(features.churned), dtype=np.int64)
    for number, split in enumerate(judged):
        fold[split.rows] = number
    return Validation(
        kind=TEMPORAL_TEST if tests else CROSS_VALIDATION,
        note=note,
        predictions=predictions,
        churned=features.churned[rows],
        customer_id=features.customer_id[rows],
        rows=rows,
        fold=fold[rows],
        level=level,
        estimates=_estimates(features.churned[rows], predictions, fold[rows], chosen, level),
        chosen=chosen,
        choice=choice,
        rivals=tuple(others),
        fitted={name: [split.fitted[name] for split in judged] for name in contenders},
        splits=_split_table(uses, features, level),
        tests=_test_table([*earlier, together], features, chosen),
    )


def final_model(
    validation: Validation, models: Mapping[str, ChurnModel], features: Features
) -> ChurnModel:
    """The chosen model fitted to all labelled rows, for customers to be scored."""
    if validation.chosen == BASE_RATE:
        return ChurnModel(BASE_RATE).fit(features.X, features.churned)
    model = clone(models[validation.chosen])
    return model.fit(features.X, features.churned, _groups(features.customer_id))


def _check(
    models: Mapping[str, ChurnModel], rivals: Mapping[str, FloatArray], rows: int, folds: int
) -> None:
    if folds < 2:
        raise ParameterError(f"folds: {folds} is too few; 2 are needed at least.")
    if twice := sorted((set(models) & set(rivals)) | ({BASE_RATE} & {*models, *rivals})):
        raise ParameterError(f"models, rivals: the name {', '.join(twice)} is used twice.")
    for name, risk in rivals.items():
        if risk.shape != (rows,):
            raise ParameterError(f"rivals: {name} needs one risk for each of {rows} rows.")


def _tests(
    features: Features, horizon_days: int
) -> tuple[list[tuple[str, IntArray, IntArray]], str]:
    """Name, training and test rows of up to three latest cut-offs, and how that is to be told."""
    if features.cutoff is None or len(np.unique(features.cutoff)) < 2:
        note = "Each customer is predicted by models of the other customers of the same snapshot."
        return [], note
    horizon = np.timedelta64(horizon_days, "D")
    tests: list[tuple[str, IntArray, IntArray]] = []
    for day in np.unique(features.cutoff)[::-1]:
        test = np.flatnonzero(features.cutoff == day)
        training = np.flatnonzero((features.cutoff <= day - horizon) & (features.cutoff < day))
        if tests and not np.isin(test, tests[0][1]).all():
            continue  # its outcomes were not known when the newest model had to be chosen
        if min(_least(features.churned[part]) for part in (test, training)) >= MIN_GROUP:
            tests.append((str(day), training, test))
    tests = tests[:MOST_TESTS][::-1]
    if not tests:
        return [], (
            f"No cut-off has another at least {horizon_days} days before it with {MIN_GROUP} "
            "leavers and stayers to learn from: each customer is predicted by models of other "
            "customers of all cut-offs, which is easier than to predict the future."
        )
    name, training, test = tests[-1]
    note = (
        f"The {len(test):,} customers of {name} are predicted by models of {len(training):,} rows "
        "of earlier cut-offs, whose outcomes were known by then. "
    )
    if len(tests) > 1:
        earlier = " and ".join(day for day, *_ in tests[:-1])
        return tests, note + f"The model was chosen before, at {earlier}."
    return tests, note + "The model was chosen before, by cross-validation within these rows."


def _least(churned: BoolArray) -> int:
    return int(min(churned.sum(), (~churned).sum()))


def _groups(customer_id: NDArray[np.object_]) -> NDArray[np.object_] | None:
    """The customers of the rows, None where each has a single one."""
    return None if pd.Index(customer_id).is_unique else customer_id


def _cross_validated(
    models: Mapping[str, ChurnModel], features: Features, rows: IntArray, folds: int, seed: int
) -> list[_Split]:
    groups = _groups(features.customer_id[rows])
    table, left = features.X.iloc[rows], features.churned[rows]
    _, fold = stratified_folds(table, left, folds, seed, groups)
    return [
        _fit(models, features, f"fold {number + 1}", rows[fold != number], rows[fold == number])
        for number in range(folds)
    ]


def _fit(
    models: Mapping[str, ChurnModel],
    features: Features,
    name: str,
    training: IntArray,
    test: IntArray,
) -> _Split:
    table, left = features.X.iloc[training], features.churned[training]
    groups = _groups(features.customer_id[training])
    fitted = {name: clone(model).fit(table, left, groups) for name, model in models.items()}
    held_out = features.X.iloc[test]
    risks = {name: model.predict_proba(held_out)[:, 1] for name, model in fitted.items()}
    return _Split(name, test, pd.DataFrame(risks), fitted)


def _pooled(splits: Sequence[_Split], features: Features, name: str) -> _Split:
    """Several splits as one, rows in their order; the base rate of folds is that of all.

    The rates of folds, each without its own leavers, would rank customers the wrong way.
    """
    rows = np.concatenate([split.rows for split in splits])
    order = np.argsort(rows, kind="stable")
    risks = pd.concat([split.risks for split in splits], ignore_index=True).iloc[order]
    if len(splits) > 1:
        risks[BASE_RATE] = features.churned[rows].mean()
    return _Split(name, rows[order], risks.reset_index(drop=True), {})


def _estimates(
    churned: BoolArray, predictions: pd.DataFrame, fold: IntArray, chosen: str, level: float
) -> dict[tuple[str, str], Estimate]:
    """Every measure of each column, on the rows that have it."""
    found = {}
    for name, column in predictions.items():
        risk = column.to_numpy(dtype=float)
        has = ~np.isnan(risk)
        y, own = churned[has], risk[has]
        is_risk = len(own) > 0 and own.min() >= 0 and own.max() <= 1
        for measure, compute in (RANKING | (PROBABILITY if is_risk else {})).items():
            found[str(name), measure] = _if_judged(y, compute, (y, own), level)
        if name == chosen:
            continue
        reference = predictions[chosen].to_numpy()
        held = [has & (fold == number) for number in np.unique(fold)]
        parts = [(churned[part], risk[part], reference[part]) for part in held]
        if min(_least(part[0]) for part in parts) >= 2:
            found[str(name), "auc_difference"] = mean_difference(parts, level, shared_training=True)
        else:
            pair = (y, own, reference[has])
            found[str(name), "auc_difference"] = _if_judged(y, auc_difference, pair, level)
    return found


def _if_judged(
    churned: BoolArray,
    compute: Callable[..., Estimate],
    values: tuple[ArrayLike, ...],
    level: float,
) -> Estimate:
    if _least(churned) < 2:
        method = "fewer than two left, or fewer than two stayed"
        return Estimate(None, None, None, level, len(churned), method)
    return compute(*values, level=level)


def _split_table(
    uses: Sequence[tuple[str, Sequence[_Split]]], features: Features, level: float
) -> pd.DataFrame:
    """One row a split and model: split, used_for, model, customers, churned, auc, low, high."""
    rows = []
    for used_for, splits in uses:
        for split in splits:
            y = features.churned[split.rows]
            for name in split.risks.columns[1:]:
                one = _if_judged(y, auc, (y, split.risks[name]), level)
                told = (len(y), int(y.sum()), one.value, one.low, one.high)
                rows.append((split.name, used_for, name, *told))
    columns = ["split", "used_for", "model", "customers", "churned", "auc", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _test_table(tests: Sequence[_Split], features: Features, chosen: str) -> pd.DataFrame:
    """One row a test and row judged in it: test, row, churned, risk of the chosen model."""
    tables = []
    for test in tests:
        churned, risk = features.churned[test.rows], test.risks[chosen].to_numpy()
        told = {"test": test.name, "row": test.rows, "churned": churned, "risk": risk}
        tables.append(pd.DataFrame(told))
    return pd.concat(tables, ignore_index=True)
