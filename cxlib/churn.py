"""Churn: who is likely to leave, how well that can be told, and what goes with leaving.

`features` makes the model table, `logistic` and `boosting` are scikit-learn pipelines for it,
`cross_validate` judges them on customers they were not fitted to, and `odds_ratios` describes the
associations. Risks are probabilities from 0 to 1; decile 1 is the riskiest tenth.

All intervals describe the sampling of customers given the out-of-fold predictions. They do not
hold the variation of fitting again on other data; `Validation.fold_variation` shows some of it.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtr, ndtri
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, clone
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from statsmodels.discrete.discrete_model import Logit
from threadpoolctl import threadpool_limits

from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    holm,
    mean_interval,
    proportion_interval,
    suppressed,
    wald_interval,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

BASE_RATE = "base rate"
MISSING = "(missing)"
OTHER_LEVELS = "(other levels)"
MIN_EVENTS = 50  # of either kind: below it an AUC interval is some .15 wide and tells nothing
MAX_LEVELS = 50  # a text column with more levels is an identifier or needs grouping first
LEAK_AUC = 0.99
CALIBRATED = (0.8, 1.25)  # slope, and true odds / predicted odds, that do no harm to a decision
UNSTABLE_VIF = 10.0  # Belsley, Kuh & Welsch 1980
ODDS_COLUMNS = {"feature": "str", "contrast": "str"}
ODDS_COLUMNS |= dict.fromkeys(["odds_ratio", "low", "high", "odds_ratio_per_sd"], "float")
ODDS_COLUMNS |= {"p": "float", "p_holm": "float", "vif": "float", "unstable": "bool"}


@dataclass(frozen=True)
class Features:
    """The model table: `X` (numbers as float, the rest as categories) and `churned`.

    `summary` has one row a column of the input: kind, levels, missing, used, reason.
    """

    X: pd.DataFrame
    churned: BoolArray
    summary: pd.DataFrame


def features(subscriptions: pd.DataFrame) -> Features:
    """Model table from canonical subscriptions, rows in their order.

    Numbers and true/false become floats and keep their missing values; text becomes categories
    with "(missing)" as a level of its own. The customer id is never a feature. Left out, with the
    reason in `summary`: constant columns, dates, text with more than 50 levels. Raises ValueError
    when fewer than 50 customers left or fewer than 50 stayed, or when no feature remains.
    """
    churned = subscriptions["churned"].to_numpy(dtype=bool)
    events = int(min(churned.sum(), (~churned).sum()))
    if events < MIN_EVENTS:
        raise ValueError(
            f"{churned.sum()} of {len(churned)} customers left: a model needs at least "
            f"{MIN_EVENTS} who left and {MIN_EVENTS} who stayed. Add customers or a longer period, "
            "or report the churn rate alone."
        )
    used, rows = {}, []
    for name in subscriptions.columns.drop(["customer_id", "churned"]):
        raw = subscriptions[name]
        if pd.api.types.is_numeric_dtype(raw):
            kind, values = "number", pd.Series(raw.to_numpy(dtype=float, na_value=np.nan))
        else:
            text = raw.astype("string").fillna(MISSING)
            kind, values = "category", pd.Series(text.astype("category").array)
        levels = values.nunique(dropna=False)
        reason = ""
        if pd.api.types.is_datetime64_any_dtype(raw):
            reason = "a date says nothing without a cut-off"
        elif levels == 1:
            reason = "constant"
        elif kind == "category" and levels > MAX_LEVELS:
            reason = f"more than {MAX_LEVELS} levels: an identifier, or group it first"
        if not reason:
            used[name] = values
        row = {"feature": name, "kind": kind, "levels": levels, "missing": int(raw.isna().sum())}
        rows.append(row | {"used": not reason, "reason": reason})
    if not used:
        raise ValueError("No feature varies: name attribute columns for subscriptions.")
    return Features(pd.DataFrame(used), churned, pd.DataFrame(rows).set_index("feature"))


def _columns(X: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Names of the numbers and of the categories."""
    numbers = [str(name) for name in X.select_dtypes("number")]
    return numbers, [str(name) for name in X if name not in numbers]


def logistic(X: pd.DataFrame) -> Pipeline:
    """Unfitted l2-penalized logistic regression for the columns of X (Hoerl & Kennard 1970).

    Numbers: median for a missing value with an indicator beside it, then standardized. Categories:
    one column a level, levels below 10 customers together. The penalty is scikit-learn's C = 1.
    """
    numbers, categories = _columns(X)
    numeric = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    one_hot = OneHotEncoder(min_frequency=MIN_GROUP, handle_unknown="infrequent_if_exist")
    design = ColumnTransformer(
        [("numbers", numeric, numbers), ("categories", one_hot, categories)], sparse_threshold=0
    )
    return make_pipeline(design, LogisticRegression(solver="newton-cholesky", max_iter=200))


def boosting(X: pd.DataFrame, *, seed: int = 0) -> Pipeline:
    """Unfitted histogram gradient boosting for the columns of X (Friedman 2001; Ke et al. 2017).

    50 trees of 8 leaves, rate .1: settings fixed in advance, not tuned. Missing values and
    categories are handled by the trees.
    """
    kept = ColumnTransformer([("kept", "passthrough", list(X))], verbose_feature_names_out=False)
    trees = HistGradientBoostingClassifier(
        max_iter=50, max_leaf_nodes=8, early_stopping=False, random_state=seed
    )
    return make_pipeline(kept.set_output(transform="pandas"), trees)


def _threads(rows: int) -> threadpool_limits:
    """One thread for small tables, where more gain nothing and wait for one another.

    With both cores busy 8 s in place of 2 s, and once 33 s in place of 1 s, were seen.
    """
    return threadpool_limits(1 if rows < 100_000 else None)


def delong(churned: ArrayLike, risks: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """AUC of each row of `risks` (k, n) and their covariance (k, k).

    DeLong, DeLong & Clarke-Pearson (1988) by midranks (Sun & Xu 2014): with V10 the share of
    stayers below each leaver and V01 the share of leavers above each stayer (ties count half),
    AUC = mean V10 and S = cov(V10) / leavers + cov(V01) / stayers. Raises ValueError with fewer
    than two customers of either kind.
    """
    y, scores = np.asarray(churned, dtype=bool), np.atleast_2d(np.asarray(risks, dtype=float))
    leavers, stayers = scores[:, y], scores[:, ~y]
    m, n = leavers.shape[1], stayers.shape[1]
    if min(m, n) < 2:
        raise ValueError("An AUC with its variance needs two who left and two who stayed.")
    ranks = rankdata(np.hstack([leavers, stayers]), axis=1)
    above = (ranks[:, :m] - rankdata(leavers, axis=1)) / n
    below = 1 - (ranks[:, m:] - rankdata(stayers, axis=1)) / m
    covariance = np.atleast_2d(np.cov(above)) / m + np.atleast_2d(np.cov(below)) / n
    return above.mean(axis=1), covariance


def auc(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Area under the ROC curve with DeLong's interval, cut to 0..1.

    At exactly 0 or 1 no pair varies, DeLong's variance is 0 and there is no interval.
    """
    values, covariance = delong(churned, risk)
    n = len(np.asarray(churned))
    if values[0] in (0, 1):
        method = "AUC, no DeLong interval at exactly 0 or 1"
        return Estimate(float(values[0]), None, None, level, n, method)
    wald = wald_interval(float(values[0]), float(np.sqrt(covariance[0, 0])), n, level=level)
    low, high = np.clip([wald.low, wald.high], 0, 1)
    return Estimate(wald.value, float(low), float(high), level, n, "AUC, DeLong interval")


def auc_difference(
    churned: ArrayLike, risk: ArrayLike, other: ArrayLike, *, level: float = 0.95
) -> Estimate:
    """AUC of `risk` minus that of `other` on the same customers, DeLong's paired interval.

    No interval where either AUC is exactly 0 or 1, as DeLong's variance of it is 0.
    """
    values, covariance = delong(churned, np.stack([np.asarray(risk), np.asarray(other)]))
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    # Rounding can leave a variance of -1e-20 where both rank alike.
    error = float(np.sqrt(max(variance, 0)))
    difference, n = float(values[0] - values[1]), len(np.asarray(churned))
    if np.isin(values, [0, 1]).any():
        method = "difference of AUC, no DeLong interval at an AUC of exactly 0 or 1"
        return Estimate(difference, None, None, level, n, method)
    method = "difference of AUC, paired DeLong interval"
    return wald_interval(difference, error, n, level=level, method=method)


def brier(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Mean of (risk - churned)^2 (Brier 1950) with the t interval of a mean; 0 is perfect."""
    squares = (np.asarray(risk, dtype=float) - np.asarray(churned, dtype=float)) ** 2
    mean = mean_interval(squares, level=level)
    return Estimate(mean.value, mean.low, mean.high, level, mean.n, "Brier score, t interval")


def brier_skill(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """1 - Brier / Brier of the base rate: the share of its error that the risks remove.

    Interval by the linearized variance of a ratio of means, R = mean b / mean b0:
    se = sd(b - R b0) / (sqrt(n) mean b0) (Cochran 1977, ch. 6).
    """
    y = np.asarray(churned, dtype=float)
    squares, base = (np.asarray(risk, dtype=float) - y) ** 2, (y.mean() - y) ** 2
    ratio = squares.mean() / base.mean()
    n = len(y)
    error = float(np.std(squares - ratio * base, ddof=1) / (np.sqrt(n) * base.mean()))
    method = "Brier skill against the base rate, linearized interval"
    return wald_interval(float(1 - ratio), error, n, level=level, method=method)


def average_precision(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Average precision AP with the logit interval of Boyd, Eng & Page (2013).

    expit(logit(AP) +- z / sqrt(leavers AP (1 - AP))); an AP of exactly 1 has no interval.
    """
    y = np.asarray(churned, dtype=bool)
    value = float(average_precision_score(y, np.asarray(risk, dtype=float)))
    if value >= 1:
        return Estimate(value, None, None, level, len(y), "no logit interval at exactly 1")
    margin = ndtri(0.5 + level / 2) / np.sqrt(y.sum() * value * (1 - value))
    low, high = expit(logit(value) + np.array([-margin, margin]))
    method = "average precision, logit interval"
    return Estimate(value, float(low), float(high), level, len(y), method)


def _maximum_likelihood(
    y: ArrayLike, design: FloatArray, offset: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Coefficients of a logistic regression and their covariance.

    Raises ValueError when the maximum is not reached: then the design separates the classes.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = Logit(np.asarray(y, dtype=float), design, offset=offset)
            # Newton stops on the step of the coefficients, so that a separated design, whose
            # coefficients grow by about one a step without end, never counts as converged.
            with _threads(len(design)):
                fit = model.fit(method="newton", maxiter=25, disp=False)
            return np.asarray(fit.params), np.asarray(fit.cov_params())
        except (Warning, np.linalg.LinAlgError) as problem:
            raise ValueError(
                "The logistic regression has no finite maximum: some combination of features "
                "separates (nearly) all who left from all who stayed."
            ) from problem


def _log_odds(risk: ArrayLike) -> FloatArray:
    """logit(risk), finite also where a model is certain."""
    return logit(np.clip(np.asarray(risk, dtype=float), 1e-12, 1 - 1e-12))


def calibration_slope(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Slope b of logit P(churned) = a + b logit(risk), Wald interval (Cox 1958).

    1 is right; below 1 the risks are too extreme, above 1 too timid. Constant or perfectly
    separating risks have no slope.
    """
    p = np.asarray(risk, dtype=float)
    if np.ptp(p) == 0:
        return Estimate(None, None, None, level, len(p), "constant risks have no slope")
    try:
        design = np.column_stack([np.ones_like(p), _log_odds(p)])
        params, covariance = _maximum_likelihood(churned, design)
    except ValueError:
        return Estimate(None, None, None, level, len(p), "risks that separate have no slope")
    error, method = float(np.sqrt(covariance[1, 1])), "calibration slope, Wald interval"
    return wald_interval(float(params[1]), error, len(p), level=level, method=method)


def calibration_intercept(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Calibration in the large: a of logit P(churned) = a + logit(risk), Wald interval (Cox 1958).

    0 is right; above 0 more left than predicted. Perfectly separating risks have no intercept.
    """
    p = np.asarray(risk, dtype=float)
    try:
        ones = np.ones((len(p), 1))
        params, covariance = _maximum_likelihood(churned, ones, offset=_log_odds(p))
    except ValueError:
        return Estimate(None, None, None, level, len(p), "risks that separate have no intercept")
    error, method = float(np.sqrt(covariance[0, 0])), "calibration intercept, Wald interval"
    return wald_interval(float(params[0]), error, len(p), level=level, method=method)


def calibration_verdict(slope: Estimate, intercept: Estimate) -> str:
    """One sentence on whether the risks can be read as probabilities.

    They can when both intervals rule out more than a small miscalibration (a test of equivalence,
    Schuirmann 1987): the slope's lies inside .8 to 1.25 and the intercept's inside the logs of
    these. Intervals that show no miscalibration but are wider do not tell.
    """
    if slope.low is None or slope.high is None or intercept.low is None or intercept.high is None:
        problem = slope if slope.value is None else intercept
        return f"Calibration cannot be judged: {problem.method}."
    findings = []
    if slope.high < 1:
        findings.append("too extreme (slope below 1)")
    if slope.low > 1:
        findings.append("too timid (slope above 1)")
    if intercept.low > 0:
        findings.append("too low on the whole")
    if intercept.high < 0:
        findings.append("too high on the whole")
    if findings:
        return "The risks are " + " and ".join(findings) + ": use their order, not their size."
    least, most = CALIBRATED
    if (
        least <= slope.low
        and slope.high <= most
        and np.log(least) <= intercept.low
        and intercept.high <= np.log(most)
    ):
        return (
            "The risks can be read as probabilities: slope and odds are off by less than a factor "
            f"of {most:g}, as their intervals show."
        )
    return (
        "No miscalibration is shown, but calibration cannot be judged with so few customers: slope "
        f"{slope.low:.2f} to {slope.high:.2f}, intercept {intercept.low:.2f} to "
        f"{intercept.high:.2f}. Use the order of the risks, not their size."
    )


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
    positions, fold = _stratified_folds(X, y, folds, seed)
    table, target, part = X.iloc[positions], y[positions], fold[positions]
    risks = {BASE_RATE: np.full(len(y), y.mean())} | {name: np.empty(len(y)) for name in models}
    with _threads(len(y)):
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


def _stratified_folds(
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


def _decile(risk: ArrayLike) -> NDArray[np.int64]:
    """1 for the riskiest tenth to 10; customers of equal risk share a decile, by midrank."""
    p = np.asarray(risk, dtype=float)
    return (1 + np.floor(10 * (rankdata(-p) - 0.5) / len(p))).astype(np.int64)


def deciles(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """Calibration and lift by decile of risk, 1 the riskiest.

    Columns: customers, churned, predicted (mean risk), observed (churn rate) with Wilson's low and
    high, lift = observed / overall rate with lift_low and lift_high. The lift's interval is that of
    the decile's share among all leavers (Wilson), divided by its share of customers. Equal risks
    are never parted, so deciles can differ in size and one can be empty and absent.
    """
    y, p = np.asarray(churned, dtype=bool), np.asarray(risk, dtype=float)
    rows, start = {}, 0
    for decile, part in pd.Series(range(len(y))).groupby(_decile(p)):
        index = part.to_numpy()
        left, size = int(y[index].sum()), len(index)
        row: dict[str, float | None] = {"customers": size, "churned": left}
        row["predicted"] = float(p[index].mean())
        row |= _bounds("observed", "", proportion_interval(left, size, level=level))
        captured = _captured(y, p, start, start + size, level)
        rows[decile] = row | _lift(captured, size / len(y))
        start += size
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("decile")


def targeting(
    churned: ArrayLike, risk: ArrayLike, shares: Sequence[float], *, level: float = 0.95
) -> pd.DataFrame:
    """What contacting the riskiest `shares` (rates) of the customers finds.

    Columns: customers contacted, churned (leavers among them), precision with precision_low and
    _high (Wilson), captured (their share of all leavers) with its interval, and lift = captured /
    share contacted with its interval. The intervals of captured and lift hold for a fixed depth:
    who is above the cut varies with the sample (Davidson & Duclos 1997). Customers as risky as
    the last one contacted are contacted too, so the share in the index is the least contacted.
    """
    y, p = np.asarray(churned, dtype=bool), np.asarray(risk, dtype=float)
    descending = np.sort(p)[::-1]
    rows = {}
    for share in shares:
        if not 0 < share <= 1:
            raise ValueError(f"A share to contact lies between 0 and 1, not {share}.")
        # The rounding keeps .1 of 70 customers at 7 where floating point makes it 7.000000001.
        contacted = p >= descending[int(np.ceil(round(share * len(p), 6))) - 1]
        left, size = int(y[contacted].sum()), int(contacted.sum())
        captured = _captured(y, p, 0, size, level)
        row: dict[str, float | None] = {"customers": size, "churned": left}
        row |= _bounds("precision", "precision_", proportion_interval(left, size, level=level))
        row |= _bounds("captured", "captured_", captured)
        rows[share] = row | _lift(captured, size / len(y))
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("share")


def _bounds(name: str, prefix: str, one: Estimate) -> dict[str, float | None]:
    return {name: one.value, f"{prefix}low": one.low, f"{prefix}high": one.high}


def _captured(y: BoolArray, p: FloatArray, start: int, stop: int, level: float) -> Estimate:
    """Share c of the leavers who rank after `start` to `stop` by risk, at this fixed depth.

    Influence-function interval of a concentration curve (Davidson & Duclos 1997), cut to what a
    perfect ranking reaches. With none or all captured it has no width: then Wilson's.
    """
    leavers, n = int(y.sum()), len(y)
    ranked = np.argsort(-p, kind="stable")
    found = int(y[ranked[start:stop]].sum())
    if stop - start < n and found in (0, leavers):
        return proportion_interval(found, leavers, level=level)
    influence = _depth_influence(y, p, stop) - _depth_influence(y, p, start)
    error = float(influence.std(ddof=1) / np.sqrt(n))
    method = "share of leavers captured at a fixed depth, influence-function interval"
    wald = wald_interval(found / leavers, error, n, level=level, method=method)
    low, high = np.clip([wald.low, wald.high], 0, min(1, (stop - start) / leavers))
    return Estimate(wald.value, float(low), float(high), level, n, method)


def _depth_influence(y: BoolArray, p: FloatArray, contacted: int) -> FloatArray:
    """Influence of each customer on the share c of leavers among the `contacted` riskiest.

    (Y (I - c) - r (I - s)) / rate: I is contacted, s the share contacted, and r the churn rate at
    the cut, from the 2 sqrt(n) customers around it, accounts for the cut moving with the sample.
    """
    n = len(y)
    ranked, root = np.argsort(-p, kind="stable"), int(np.ceil(np.sqrt(n)))
    inside = np.zeros(n)
    inside[ranked[:contacted]] = 1
    # Customers of equal risk share their rate, so that their order in the table does not matter.
    rates = pd.Series(y.astype(float)).groupby(p).transform("mean").to_numpy()
    at_cut = rates[ranked[max(contacted - root, 0) : contacted + root]].mean()
    captured = inside[y].mean()
    centred = at_cut * (inside - contacted / n)
    return np.asarray((y * (inside - captured) - centred) / y.mean())


def _lift(captured: Estimate, share: float) -> dict[str, float | None]:
    bounds = _bounds("lift", "lift_", captured)
    return {name: np.nan if bound is None else bound / share for name, bound in bounds.items()}


def risk_table(customer_id: ArrayLike, churned: ArrayLike, risk: ArrayLike) -> pd.DataFrame:
    """customer_id, churned, churn_probability, decile (of all customers); the riskiest first."""
    table = pd.DataFrame({"customer_id": np.asarray(customer_id), "churned": np.asarray(churned)})
    table = table.assign(churn_probability=np.asarray(risk, dtype=float), decile=_decile(risk))
    order = ["churn_probability", "customer_id"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


def churn_rates(
    X: pd.DataFrame, churned: ArrayLike, attributes: Sequence[str], *, level: float = 0.95
) -> pd.DataFrame:
    """Churn rate by group of each attribute, with Wilson's interval.

    Groups are the levels, or the quarters of a number with more than five values; missing values
    are a group. Groups below 10 customers are suppressed (their figures are missing), and the next
    smallest too where the totals would give a single one away.
    Columns: attribute, group, customers, churned, rate, low, high, suppressed.
    """
    y = np.asarray(churned, dtype=bool)
    rows = []
    for attribute in attributes:
        groups = _groups(X[attribute])
        sizes = groups.value_counts(sort=False)
        sizes = sizes[sizes > 0]
        hidden = set(sizes.index[suppressed(sizes)])
        for group, size in sizes.items():
            row = {"attribute": attribute, "group": str(group), "suppressed": group in hidden}
            if group not in hidden:
                left = int(y[(groups == group).to_numpy()].sum())
                row |= {"customers": int(size), "churned": left}
                row |= _bounds("rate", "", proportion_interval(left, int(size), level=level))
            rows.append(row)
    columns = ["attribute", "group", "customers", "churned", "rate", "low", "high", "suppressed"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _groups(values: pd.Series) -> pd.Series:
    """Levels of a category, values of a number with at most five of them, else its quarters."""
    if not pd.api.types.is_numeric_dtype(values):
        return values
    if values.nunique() <= 5:
        groups = values.map("{:.10g}".format, na_action="ignore").astype("category")
    else:
        quarter = pd.qcut(values, 4, labels=False, duplicates="drop")
        ends = values.groupby(quarter).agg(["min", "max"])
        labels = [f"{low:.10g} to {high:.10g}" for low, high in ends.itertuples(index=False)]
        groups = quarter.map(dict(enumerate(labels))).astype(pd.CategoricalDtype(labels))
    return groups.cat.add_categories(MISSING).fillna(MISSING)


def single_features(X: pd.DataFrame, churned: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """AUC of each feature alone, best first: a leak guard and a first look.

    A category ranks customers by the churn rate of its levels among the customers of the other
    folds (five, stratified; the base rate for a level that is not there). The AUC is the mean over
    the k folds, its variance (1 / k + 1 / (k - 1)) times the mean of DeLong's (Nadeau & Bengio
    2003). A number ranks by its value, in the better direction, with missing values at
    the better end, or in the same way as a category by its twentieths, whichever is better; that
    choice flatters it a little. `suspicious` marks an AUC above .99: such a feature most likely
    knows the outcome. Columns: auc, low, high, n, suspicious.
    """
    y = np.asarray(churned, dtype=bool)
    rows, fold = {}, _stratified_folds(X, y, 5, 0)[1]
    for name in X:
        if pd.api.types.is_numeric_dtype(X[name]):
            x = X[name].to_numpy(dtype=float)
            filled = [np.where(np.isnan(x), end, x) for end in (-np.inf, np.inf)]
            ranked = np.stack([sign * values for sign in (1, -1) for values in filled])
            monotone = auc(y, ranked[int(np.argmax(delong(y, ranked)[0]))], level=level)
            # By midranks a value that many share has a bin of its own.
            twentieth = np.floor(20 * (rankdata(filled[1]) - 0.5) / len(x))
            binned = _level_auc(np.where(np.isnan(x), -1, twentieth), y, fold, level)
            one = max(monotone, binned, key=lambda each: each.value or 0)
        else:
            one = _level_auc(X[name].astype(str).to_numpy(), y, fold, level)
        rows[name] = {"auc": one.value, "low": one.low, "high": one.high, "n": one.n}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("feature")
    table = table.astype({"auc": float, "low": float, "high": float})
    table = table.assign(suspicious=table["auc"] > LEAK_AUC)
    return table.sort_values("auc", ascending=False, kind="stable")


def _level_auc(
    groups: NDArray[np.generic], y: BoolArray, fold: NDArray[np.int64], level: float
) -> Estimate:
    """AUC of ranking by the churn rate of one's group outside one's fold, mean over the folds.

    Only customers of the same fold are compared: between folds the held-out leavers of a group
    lower the very rates that they are ranked by.
    """
    parts = []
    for number in np.unique(fold):
        held = fold == number
        rates = pd.Series(y[~held]).groupby(groups[~held]).mean()
        risk = rates.reindex(groups[held]).fillna(y[~held].mean()).to_numpy()
        parts.append([each.item() for each in delong(y[held], risk)])
    values, variances = np.array(parts).T
    value, k = float(values.mean()), len(parts)
    # Nadeau & Bengio (2003): folds share what they learn from. Without any association DeLong's
    # variance / k alone covers 95 % intervals in some 75 %.
    error = float(np.sqrt(variances.mean() * (1 / k + 1 / (k - 1))))
    if error == 0 and value in (0, 1):
        method = "cross-validated AUC, no interval at exactly 0 or 1"
        return Estimate(value, None, None, level, len(y), method)
    method = "cross-validated AUC, DeLong's variance corrected for shared training"
    wald = wald_interval(value, error, len(y), level=level)
    low, high = np.clip([wald.low, wald.high], 0, 1)
    return Estimate(value, float(low), float(high), level, len(y), method)


def leak_warning(single: pd.DataFrame, validation: Validation) -> str:
    """Sentences on what may know the outcome (an AUC above .99), "" when nothing does.

    Features as found by `single_features`, and models, where several features may do it together.
    """
    sentences = []
    if suspects := [str(name) for name in single.index[single["suspicious"]]]:
        sentences.append(f"Warning: {', '.join(suspects)} may know the outcome (leak).")
    values = validation.summary["value"].xs("auc", level="measure")
    if models := [str(name) for name in values.index[values > LEAK_AUC]]:
        sentences.append(
            f"Warning: the model {' and the model '.join(models)} ranks almost perfectly (AUC "
            f"above {LEAK_AUC:g}): some of the features may know the outcome (leak)."
        )
    return " ".join(sentences)


@dataclass(frozen=True)
class OddsRatios:
    """Odds ratios of leaving and what was changed or left out to get them.

    `summary` has one row a contrast, and none where there are no odds ratios: `reason` then says
    why. `aliased` names the columns of the design that others determine exactly, and which;
    `merged` the rare levels, and `left_out` the features that have no odds ratio. `n` customers
    were used, `incomplete` left out for a missing value.
    """

    summary: pd.DataFrame
    aliased: pd.DataFrame
    merged: pd.DataFrame
    left_out: pd.DataFrame
    n: int
    incomplete: int
    reason: str


def odds_ratios(
    X: pd.DataFrame,
    churned: ArrayLike,
    *,
    units: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> OddsRatios:
    """Odds ratios of leaving, each at fixed values of the other features.

    Unpenalized logistic regression by maximum likelihood, Wald intervals exp(b +- z se), p with
    Holm's correction over all contrasts. A number counts per its `units` entry (default 1); a
    category's levels stand against its most frequent one. Customers with a missing number are left
    out and counted. Levels with fewer than 10 customers are merged into "(other levels)", or into
    the most frequent level where they are fewer than 10 together. A feature with a level or a 0/1
    value that all or none left, so that the maximum does not exist (Albert & Anderson 1984), is
    left out and listed. A column of the design that earlier ones determine exactly is dropped and
    listed (as R's `lm` does it). The generalized variance inflation GVIF^(1/df) (Fox & Monette
    1992) says how much the other features inflate a variance; above 10 `unstable` is true.

    summary: feature, contrast, odds_ratio, low, high, odds_ratio_per_sd (numbers), p, p_holm, vif,
    unstable. aliased: feature, contrast, determined_by. merged: feature, levels, customers, into.
    left_out: feature, reason. Empty, with the reason, when the features left together separate
    leavers from stayers, when none is left, or when fewer than 50 complete customers left or
    stayed. Raises ValueError when a unit names no number.
    """
    units = dict(units or {})
    numbers, _ = _columns(X)
    if unknown := sorted(set(units) - set(numbers)):
        raise ValueError(f"A unit is given for {', '.join(unknown)}, which is no number here.")
    complete = X.notna().all(axis=1).to_numpy()
    incomplete = int((~complete).sum())
    y = np.asarray(churned, dtype=bool)[complete]
    known, merged = _merge_rare_levels(X[complete])
    without = _without_maximum(known, y)
    left_out = pd.DataFrame(list(without.items()), columns=["feature", "reason"])
    known = known.drop(columns=list(without))
    reason = ""
    if min(y.sum(), (~y).sum()) < MIN_EVENTS:
        reason = (
            f"only {len(y)} customers have no missing number, {y.sum()} of whom left: leave out "
            f"features with many missing values, first {X.isna().sum().idxmax()}"
        )
    elif known.empty:
        reason = "no feature is left"
    if not reason:
        standardized, spread, terms = _design(known, units)
        kept, determined = _independent(standardized)
        names = ["intercept", *(terms["feature"] + ": " + terms["contrast"])]
        try:
            params, covariance = _maximum_likelihood(y, standardized[:, kept])
        except ValueError as problem:
            reason = str(problem)[0].lower() + str(problem)[1:].rstrip(".")
    if reason:
        summary = pd.DataFrame(columns=list(ODDS_COLUMNS)).astype(ODDS_COLUMNS)
        aliased = pd.DataFrame(columns=["feature", "contrast", "determined_by"])
        return OddsRatios(summary, aliased, merged, left_out, len(y), incomplete, reason)

    columns = np.array(kept[1:]) - 1
    b, error = params[1:], np.sqrt(np.diag(covariance))[1:]
    table, step = terms.iloc[columns], terms["unit"].to_numpy()[columns] / spread[columns]
    margin = float(ndtri(0.5 + level / 2)) * error
    p = 2 * ndtr(-np.abs(b / error))
    vif = _variance_inflation(standardized[:, kept[1:]], table["feature"].to_numpy())
    summary = table.assign(
        odds_ratio=np.exp(b * step),
        low=np.exp((b - margin) * step),
        high=np.exp((b + margin) * step),
        odds_ratio_per_sd=np.where(table["number"], np.exp(b), np.nan),
        p=p,
        p_holm=holm(p),
        vif=vif,
        unstable=vif > UNSTABLE_VIF,
    ).drop(columns=["unit", "number"])
    lost = [
        terms.iloc[column - 1][["feature", "contrast"]].to_dict()
        | {"determined_by": ", ".join(names[source] for source in sources) or "constant"}
        for column, sources in determined.items()
    ]
    aliased = pd.DataFrame(lost, columns=["feature", "contrast", "determined_by"])
    summary = summary.reset_index(drop=True)
    return OddsRatios(summary, aliased, merged, left_out, len(y), incomplete, "")


def collinearity(X: pd.DataFrame) -> pd.DataFrame:
    """How far the other features determine each feature, the most determined first.

    From the same customers, merged levels and inflation as in `odds_ratios`, without fitting.
    Columns:
    columns (of the design that count), aliased (those that earlier ones determine exactly), vif,
    unstable. A feature with aliased columns only has no vif.
    """
    known, _ = _merge_rare_levels(X[X.notna().all(axis=1)])
    standardized, _, terms = _design(known, {})
    kept, determined = _independent(standardized)
    names = terms["feature"].to_numpy()
    used = names[np.array(kept[1:], dtype=int) - 1]
    vif = pd.Series(_variance_inflation(standardized[:, kept[1:]], used)).groupby(used)
    table = pd.DataFrame({"columns": vif.size(), "vif": vif.first()})
    lost = pd.Series(names[np.array(list(determined), dtype=int) - 1]).value_counts()
    table = table.reindex(pd.unique(names)).assign(aliased=lost)
    table = table.fillna({"columns": 0, "aliased": 0}).astype({"columns": int, "aliased": int})
    table = table.assign(unstable=table["vif"] > UNSTABLE_VIF).rename_axis("feature")
    order = ["columns", "aliased", "vif", "unstable"]
    return table.sort_values("vif", ascending=False, kind="stable")[order]


def _design(
    X: pd.DataFrame, units: Mapping[str, float]
) -> tuple[FloatArray, FloatArray, pd.DataFrame]:
    """The regression's design: an intercept and standardized columns, with their spread.

    And what each column but the intercept says: feature, contrast, unit, number.
    """
    columns, terms = [], []
    for name in X:
        if pd.api.types.is_numeric_dtype(X[name]):
            values = X[name].to_numpy(dtype=float)
            binary = set(np.unique(values)) <= {0.0, 1.0} and name not in units
            unit = float(units.get(str(name), 1))
            contrast = "1 against 0" if binary else f"per {unit:g}"
            columns.append(values)
            terms.append((name, contrast, unit, not binary))
            continue
        counts = X[name].value_counts(sort=False)
        reference = counts.idxmax()
        for option in counts.index[(counts > 0) & (counts.index != reference)]:
            columns.append((X[name] == option).to_numpy(dtype=float))
            terms.append((name, f"{option} against {reference}", 1.0, False))
    table = pd.DataFrame(terms, columns=["feature", "contrast", "unit", "number"])
    design = np.column_stack(columns)
    spread = design.std(axis=0)
    spread[spread == 0] = 1
    scaled = (design - design.mean(axis=0)) / spread
    return np.column_stack([np.ones(len(design)), scaled]), spread, table


def _independent(design: FloatArray) -> tuple[list[int], dict[int, list[int]]]:
    """Columns that earlier ones do not determine, and for the others which do.

    Works on R of the QR decomposition, whose columns have the same inner products as the design's.
    """
    R: FloatArray = np.asarray(np.linalg.qr(design, mode="r"))
    kept: list[int] = []
    determined: dict[int, list[int]] = {}
    for column in range(R.shape[1]):
        weights = np.linalg.lstsq(R[:, kept], R[:, column])[0]
        rest = np.linalg.norm(R[:, column] - R[:, kept] @ weights)
        if rest > 1e-7 * np.linalg.norm(R[:, 0]):
            kept.append(column)
        else:
            sources = np.flatnonzero(np.abs(weights) > 1e-6)
            determined[column] = [kept[source] for source in sources]
    return kept, determined


def _variance_inflation(design: FloatArray, names: NDArray[np.object_]) -> FloatArray:
    """GVIF^(1/df) for each column, the same for all columns of a feature."""
    correlation = np.atleast_2d(np.corrcoef(design, rowvar=False))
    whole = np.linalg.slogdet(correlation)[1]
    inflation = np.empty(len(names))
    for name in pd.unique(names):
        own = names == name
        parts = [np.linalg.slogdet(correlation[np.ix_(part, part)])[1] for part in (own, ~own)]
        inflation[own] = np.exp((sum(parts) - whole) / own.sum())
    return inflation


def _merge_rare_levels(X: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """X with each category's levels below 10 customers merged, and which: one row a feature."""
    merged, rows = X.copy(), []
    for name in _columns(X)[1]:
        counts = X[name].value_counts(sort=False)
        rare = counts[(counts > 0) & (counts < MIN_GROUP)]
        if rare.empty:
            continue
        into = OTHER_LEVELS if rare.sum() >= MIN_GROUP else str(counts.idxmax())
        levels = X[name].astype(str)
        merged[name] = levels.where(~levels.isin(rare.index), into).astype("category")
        rows.append((name, ", ".join(rare.index.astype(str)), int(rare.sum()), into))
    return merged, pd.DataFrame(rows, columns=["feature", "levels", "customers", "into"])


def _without_maximum(X: pd.DataFrame, y: BoolArray) -> dict[str, str]:
    """Features that can have no odds ratio, and why: constant, or a level that all or none left."""
    found = {}
    for name in X:
        if X[name].nunique() < 2:
            found[str(name)] = "constant among these customers"
        elif not pd.api.types.is_numeric_dtype(X[name]) or X[name].nunique() == 2:
            groups = pd.Series(y).groupby(X[name].to_numpy())
            sided = [
                f"{'all' if rate else 'none'} of the {size} with {option} left"
                for option, rate, size in groups.agg(["mean", "size"]).itertuples()
                if rate in (0, 1)
            ]
            if sided:
                found[str(name)] = "; ".join(sided)
    return found
