"""Why a customer's risk is what it is: parts of the log odds that add up to it, and in words."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit
from sklearn.ensemble import HistGradientBoostingClassifier

from cxlib.churn.features import MISSING
from cxlib.churn.models import BASE_RATE, ChurnModel
from cxlib.churn.validation import Validation
from cxlib.inference import ParameterError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Words = tuple[IntArray, list[str]]  # the number of each row's text, and the texts

BASE = "(base)"  # no feature is called so
MIN_REASON_ODDS = 1.05  # a weaker reason would be told as odds × 1.0
CHUNK_ROWS = 200_000


def contributions(model: ChurnModel, X: pd.DataFrame) -> pd.DataFrame:
    """What each feature adds to each customer's log odds: a column a feature, and "(base)".

    A row's sum is model.log_odds(X). The calibration's slope multiplies every part, its intercept
    belongs to the base. Logistic regression: b_j (z_j - mean of z_j in the training), the columns
    of a feature (levels, the indicator of a missing value) added up; the base is the mean log odds
    of the training customers, and the parts are Shapley values with the features taken as
    independent (Štrumbelj & Kononenko 2014). Boosting: path-dependent TreeSHAP (Lundberg et al.
    2020) of the library shap: Shapley values of the trees where a feature that is not known is
    averaged over in the shares of the training customers at each split; the base is the mean of
    the trees over them. There a feature that no tree asks about adds exactly 0, and features that
    go together share what they tell in the proportion in which the trees happen to ask about them:
    read them together. Missing values and unknown levels are the model's to handle.
    """
    parts = np.empty((len(X), X.shape[1] + 1))
    for start in range(0, len(X), CHUNK_ROWS):
        chunk = slice(start, start + CHUNK_ROWS)
        parts[chunk] = _chunk_contributions(model, X.iloc[chunk])
    return pd.DataFrame(parts, index=X.index, columns=[*X.columns, BASE])


def cross_fitted_contributions(validation: Validation, X: pd.DataFrame) -> pd.DataFrame:
    """`contributions` to each judged row's risk, from the model that was not fitted to it.

    X is the model table that was validated; the rows are those of `validation.predictions`. A row
    adds up to the log odds of the chosen model's prediction; the base differs between folds. Where
    the base rate was chosen every feature adds 0.
    """
    judged = X.iloc[validation.rows]
    values = np.zeros((len(judged), X.shape[1] + 1))
    for number, model in enumerate(validation.fitted[validation.chosen]):
        held = validation.fold == number
        values[held] = contributions(model, judged[held]).to_numpy()
    if validation.chosen == BASE_RATE:
        values[:, -1] = logit(validation.risk)
    return pd.DataFrame(values, index=validation.predictions.index, columns=[*X.columns, BASE])


def reasons(
    parts: pd.DataFrame,
    X: pd.DataFrame,
    *,
    top: int = 3,
    together: Sequence[Sequence[str]] = (),
) -> pd.DataFrame:
    """The strongest reasons to expect a customer to leave, in words: reason_1, reason_2, ...

    `parts` are `contributions` to the rows of X. Told are the features with the greatest parts,
    with the customer's value, the third of the customers of X that it lies in (numbers of more than
    two values, by midranks), and exp(part): the factor by which the odds of leaving are higher than
    at the base, as "contract = Month-to-month (odds × 1.8)". Features named in one group of
    `together` tell much the same: their parts are added up and told once, under the one that adds
    most. Only what raises the odds by 5 % or more is told; the other reasons are blank. A reason is
    what the model associates with leaving among customers like these, not its cause. Missing values
    are "not known". Raises ParameterError when `top` is not positive or `together` names no feature
    or one feature twice.
    """
    names = [str(name) for name in X.columns]
    named = [name for group in together for name in group]
    if unknown := [name for name in named if name not in names or named.count(name) > 1]:
        raise ParameterError(f"together: {unknown[0]} is not one feature in one group.")
    if top < 1:
        raise ParameterError(f"top: {top} is not a number of reasons.")
    groups = [list(group) for group in together] + [[name] for name in names if name not in named]
    best, factor = _strongest(parts, groups, names, top)
    texts = np.full((top, len(X)), "", dtype=object)
    for group in groups:
        for name in group:
            rank, row = np.nonzero((best == names.index(name)) & (factor >= MIN_REASON_ODDS))
            values = X[name].iloc[row]
            if pd.api.types.is_numeric_dtype(values):
                words = _number_words(_spoken(name), values, _thirds(X[name]))
            else:
                words = _category_words(_spoken(name), values)
            others = [other for other in group if other != name]
            texts[rank, row] = _with_odds(words, factor[rank, row], others)
    columns = {f"reason_{rank + 1}": texts[rank] for rank in range(top)}
    return pd.DataFrame(columns, index=X.index, dtype="str")


def _strongest(
    parts: pd.DataFrame, groups: list[list[str]], names: list[str], top: int
) -> tuple[IntArray, FloatArray]:
    """Number of the feature to tell and its group's factor of the odds, shapes (top, rows)."""
    told = np.empty((len(groups), len(parts)), dtype=np.int64)
    odds = np.empty((len(groups), len(parts)))
    for number, group in enumerate(groups):
        own = np.stack([parts[name].to_numpy() for name in group])
        told[number] = np.array([names.index(name) for name in group])[own.argmax(axis=0)]
        odds[number] = np.exp(own.sum(axis=0))
    rows = np.arange(len(parts))
    best = np.zeros((top, len(parts)), dtype=np.int64)
    factor = np.zeros((top, len(parts)))
    for rank in range(min(top, len(groups))):
        strongest = odds.argmax(axis=0)
        best[rank], factor[rank] = told[strongest, rows], odds[strongest, rows]
        odds[strongest, rows] = 0
    return best, factor


def _thirds(x: pd.Series) -> tuple[float, float]:
    """The greatest value of the lowest third and the least of the highest, by midranks.

    Not a number for two values or fewer, which say themselves what they are.
    """
    known = x.to_numpy(dtype=float)
    values, counts = np.unique(known[~np.isnan(known)], return_counts=True)
    if len(values) <= 2:
        return np.nan, np.nan
    midrank = (np.cumsum(counts) - counts / 2) / counts.sum()
    low, high = values[midrank < 1 / 3], values[midrank > 2 / 3]
    return (low[-1] if len(low) else -np.inf), (high[0] if len(high) else np.inf)


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _number_words(name: str, values: pd.Series, thirds: tuple[float, float]) -> Words:
    """ "name = 2, lowest third" for a number; missing ones are not known."""
    x = values.to_numpy(dtype=float)
    # Three digits, whole numbers from 100 on: enough to read, and a million values have few texts.
    unit = 10.0 ** (2 - np.floor(np.log10(np.clip(np.abs(x), 1e-300, 100))))
    place, rounded = pd.factorize(np.round(x * unit) / unit, use_na_sentinel=False)
    third = 1 + (x >= thirds[1]) - (x <= thirds[0])
    code, distinct = pd.factorize(3 * place + third)
    names = [", lowest third", ", middle third", ", highest third"]
    if np.isnan(thirds[0]):
        names = [""] * 3
    words = []
    for value, where in zip(rounded[distinct // 3], distinct % 3, strict=True):
        number = f"{value:,.15g}"
        words.append(f"{name} not known" if np.isnan(value) else f"{name} = {number}{names[where]}")
    return code, words


def _category_words(name: str, values: pd.Series) -> Words:
    """ "name = level" for a category; missing ones are not known."""
    code, levels = pd.factorize(values, use_na_sentinel=False)
    unknown = [pd.isna(level) or level == MISSING for level in levels]
    words = [f"{name} = {level}" for level in levels]
    return code, [
        f"{name} not known" if no else one for no, one in zip(unknown, words, strict=True)
    ]


def _with_odds(words: Words, factor: FloatArray, others: list[str]) -> NDArray[np.object_]:
    """The words with the factor of the odds behind them; each distinct text is made once."""
    code, told = words
    step = np.where(factor < 10, np.round(factor, 1), np.round(np.minimum(factor, 101)))
    place, steps = pd.factorize(step)
    text, distinct = pd.factorize(code * max(len(steps), 1) + place)
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    beside = f", with {_spoken(others[0])}{more}" if others else ""
    strengths = [
        "over 100 times" if one > 100 else f"× {one:.0f}" if one >= 10 else f"× {one:.1f}"
        for one in steps
    ]
    made = [
        f"{told[one // len(steps)]}{beside} (odds {strengths[one % len(steps)]})"
        for one in distinct
    ]
    return np.array(made, dtype=object)[text]


def encoded(model: ChurnModel, X: pd.DataFrame) -> tuple[FloatArray, NDArray[np.object_]]:
    """X as the model's learner sees it, column by column, and the feature of each column."""
    Z = model.pipeline_.named_steps["encoder"].transform(X[list(model.feature_names_in_)])
    return np.asfortranarray(Z, dtype=float), np.array(model.encoded_features, dtype=object)


def encoded_log_odds(model: ChurnModel, Z: FloatArray) -> FloatArray:
    """model.log_odds from what `encoded` gave."""
    intercept, slope = model.calibration_
    learner = model.pipeline_.named_steps["learner"]
    return np.asarray(intercept + slope * learner.decision_function(Z), dtype=float)


def _chunk_contributions(model: ChurnModel, X: pd.DataFrame) -> FloatArray:
    """Contributions in the order of X's columns, the base last."""
    if model.kind == BASE_RATE:
        return np.column_stack([np.zeros(X.shape), model.log_odds(X)])
    Z, owner = encoded(model, X)
    learner = model.pipeline_.named_steps["learner"]
    belongs = (owner[:, None] == np.array(X.columns, dtype=object)).astype(float)
    if isinstance(learner, HistGradientBoostingClassifier):
        column_parts, base = _tree_contributions(learner, Z)
        parts = column_parts @ belongs
    else:
        weights = belongs * learner.coef_[0][:, None]
        centre = model.encoded_means_ @ weights
        parts = Z @ weights - centre
        base = float(learner.intercept_[0] + centre.sum())
    intercept, slope = model.calibration_
    return np.column_stack([slope * parts, np.full(len(X), intercept + slope * base)])


def _tree_contributions(
    learner: HistGradientBoostingClassifier, Z: FloatArray
) -> tuple[FloatArray, float]:
    """Path-dependent SHAP values of the columns of Z in the trees' log odds, and their base.

    Within one tree all rows that answer its questions alike have the same values. So the library
    explains one row of each kind, some hundred, in place of every row, and the values are added up
    over the trees; nothing is approximated.
    """
    with warnings.catch_warnings():
        # Its colours, which nobody asks for here, use what matplotlib means to give up.
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        import shap  # noqa: PLC0415  takes seconds, and only boosting needs it

    explainer = shap.TreeExplainer(learner, feature_perturbation="tree_path_dependent")
    parts = np.zeros(Z.shape, order="F")
    for tree in explainer.model.trees:
        splits = _splits(tree)
        kind, example = _kinds(splits, Z)
        one = shap.TreeExplainer([tree], feature_perturbation="tree_path_dependent")
        values = one.shap_values(Z[example], check_additivity=False)
        for column in sorted({column for column, _, _ in splits}):
            parts[:, column] += np.ascontiguousarray(values[:, column])[kind]
    return parts, np.asarray(explainer.expected_value).item()


def _splits(tree: Any) -> list[tuple[int, float, bool]]:
    """The distinct questions of a tree: column, threshold, whether a missing value goes left."""
    left = tree.children_default == tree.children_left
    inner = np.flatnonzero(tree.children_left >= 0)
    return sorted(
        {(int(tree.features[k]), float(tree.thresholds[k]), bool(left[k])) for k in inner}
    )


def _kinds(splits: list[tuple[int, float, bool]], Z: FloatArray) -> tuple[IntArray, IntArray]:
    """Which rows answer all questions alike, by number, and one row of each."""
    kind = np.zeros(len(Z), dtype=np.int64)
    example = np.zeros(1, dtype=np.int64)
    for start in range(0, max(len(splits), 1), 30):  # that many answers fit into the number
        for column, threshold, missing_left in splits[start : start + 30]:
            x = Z[:, column]
            kind *= 2
            kind += ~(x > threshold) if missing_left else x <= threshold
        kind, found = pd.factorize(kind)
        example = np.empty(len(found), dtype=np.int64)
        example[kind] = np.arange(len(Z))
    return kind, example
