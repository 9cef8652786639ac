"""A model of leaving: encoder, tuned learner and calibration as one scikit-learn classifier."""

from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from cxlib.churn.encoding import encoded_features, linear_encoder, tree_encoder
from cxlib.churn.folds import stratified_folds, threads
from cxlib.churn.likelihood import maximum_likelihood
from cxlib.inference import ParameterError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Setting = tuple[float, ...]

BASE_RATE = "base rate"
SETTINGS = {"logistic": ("C",), "boosting": ("leaves", "trees"), BASE_RATE: ()}
PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0)  # C, the strongest penalty first
LEAVES, MOST_TREES, TREE_STEP, LEARNING_RATE = (4, 8), 50, 5, 0.2
TUNING_ROWS, TUNING_EVENTS = 100_000, 1000  # of more rows a sample settles both to the third digit
TIE = 1e-4  # a log loss a customer that is better by less is no better


class ChurnModel(ClassifierMixin, BaseEstimator):
    """The risk of leaving, P(leaves | features), with the interface of scikit-learn.

    kind "logistic": l2-penalized logistic regression (Hoerl & Kennard 1970), its C among .001, .01,
    .1, 1 and 10; "boosting": histogram gradient boosting (Friedman 2001; Ke et al. 2017) of 5 to 50
    trees with 4 or 8 leaves, learning rate .2; "base rate": the same risk for all. `columns` are
    the features used (None: all columns of X).

    `fit` predicts each customer from the other inner `folds`, takes the setting with the least log
    loss (the simplest of those that are within .0001 of it), fits it to all, and recalibrates:
    logit risk = a + b f(x), with a and b by maximum likelihood of the left-out predictions f
    (Platt 1999). Where b is not above 0 or has no maximum, risks stay as the learner gives them.
    Of more than 100,000 customers a random 100,000 (or as many as hold 1,000 leavers and as many
    stayers) tell setting and recalibration; the learner is always fitted to all.

    Missing values and unseen levels are taken as the encoders say (`linear_encoder`,
    `tree_encoder`). The order of rows, ids and the units of numbers change nothing. X is a
    DataFrame, numbers and categories told apart by dtype; scikit-learn's `check_estimator`, which
    gives plain arrays, is not claimed.

    Fitted: `pipeline_` (encoder and learner), `calibration_` (a, b), `tuning_` (the settings tried,
    their log loss and which was chosen), `encoded_means_` (of the columns that the learner was
    given), `classes_`, `feature_names_in_`, `n_features_in_`.
    """

    def __init__(
        self,
        kind: str = "logistic",
        columns: Sequence[str] | None = None,
        folds: int = 3,
        seed: int = 0,
    ) -> None:
        self.kind = kind
        self.columns = columns
        self.folds = folds
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: ArrayLike, groups: ArrayLike | None = None) -> Self:
        """Fit to customers X and whether they left; rows of one of `groups` share an inner fold.

        Raises ParameterError for an unknown kind or column, ValueError unless y has two classes
        with at least `folds` rows each.
        """
        names = self._names(X)
        self.classes_, sides = np.unique(np.asarray(y), return_inverse=True)
        if len(self.classes_) != 2 or np.bincount(sides).min() < self.folds:
            raise ValueError(
                f"A model needs two outcomes with at least {self.folds} customers of each."
            )
        self.feature_names_in_, self.n_features_in_ = np.array(names, dtype=object), len(names)
        table, left = X[names], sides == 1
        if self.kind == BASE_RATE:
            self.pipeline_ = Pipeline([("learner", DummyClassifier(strategy="prior"))])
            self.pipeline_.fit(table, left)
            self.calibration_, self.tried_ = (0.0, 1.0), []
            return self
        order, fold = stratified_folds(table, left, self.folds, self.seed, groups)
        table, left, fold = table.iloc[order], left[order], fold[order]
        some = _enough_to_tune(left, self.seed)
        told = left[some]
        with threads(len(left)):
            held_out = self._held_out(table.iloc[some], told, fold[some])
            losses = {setting: _log_loss(told, odds) for setting, odds in held_out.items()}
            least = min(losses.values())
            chosen = next(setting for setting, loss in losses.items() if loss <= least + TIE)
            self.calibration_ = _platt(told, held_out[chosen])
            encoder = _encoder(self.kind, table)
            training = encoder.fit_transform(table, left)
            learner = self._learner(chosen).fit(training, left)
        self.pipeline_ = Pipeline([("encoder", encoder), ("learner", learner)])
        self.encoded_means_ = training.mean(axis=0)
        self.tried_ = [
            dict(zip(SETTINGS[self.kind], setting, strict=True))
            | {"log_loss": loss, "chosen": setting == chosen}
            for setting, loss in losses.items()
        ]
        return self

    def log_odds(self, X: pd.DataFrame) -> FloatArray:
        """logit of the risk: a + b f(x)."""
        intercept, slope = self.calibration_
        with threads(len(X)):
            table = X[list(self.feature_names_in_)]
            if self.kind == BASE_RATE:
                return intercept + slope * logit(self.pipeline_.predict_proba(table)[:, 1])
            return intercept + slope * self.pipeline_.decision_function(table)

    def predict_proba(self, X: pd.DataFrame) -> FloatArray:
        """Risks of staying and of leaving, shape (rows, 2)."""
        risk = expit(self.log_odds(X))
        return np.column_stack([1 - risk, risk])

    def predict(self, X: pd.DataFrame) -> NDArray[Any]:
        """The likelier outcome."""
        return self.classes_[(self.log_odds(X) > 0).astype(int)]

    @property
    def tuning_(self) -> pd.DataFrame:
        """The settings tried, from the simplest: each with log_loss, and whether it was chosen."""
        return pd.DataFrame(self.tried_)

    @property
    def encoded_features(self) -> list[str]:
        """Which feature each column of the encoder's output belongs to."""
        return encoded_features(self.pipeline_.named_steps["encoder"])

    def _names(self, X: pd.DataFrame) -> list[str]:
        """The columns of X that are used; kind and columns are what they may be."""
        if self.kind not in SETTINGS:
            raise ParameterError(f"kind: {self.kind!r} is none of {', '.join(SETTINGS)}.")
        names = list(X.columns if self.columns is None else self.columns)
        if unknown := [str(name) for name in names if name not in X.columns]:
            raise ParameterError(f"columns: {', '.join(unknown)} not among the features.")
        return names

    def _held_out(
        self, table: pd.DataFrame, left: BoolArray, fold: NDArray[np.int64]
    ) -> dict[Setting, FloatArray]:
        """Log odds of each customer by each setting, fitted to the other folds."""
        found: dict[Setting, FloatArray] = {}
        for number in range(self.folds):
            test = fold == number
            rest = table[~test]
            encoder = _encoder(self.kind, rest)
            training = encoder.fit_transform(rest, left[~test])
            held = encoder.transform(table[test])
            for setting, odds in self._path(training, left[~test], held):
                found.setdefault(setting, np.empty(len(left)))[test] = odds
        return found

    def _path(
        self, training: FloatArray, left: BoolArray, held: FloatArray
    ) -> Iterator[tuple[Setting, FloatArray]]:
        """Each setting, from the simplest, with its log odds for those held out."""
        if self.kind == "logistic":
            learner = self._learner((PENALTIES[0],)).set_params(warm_start=True)
            for penalty in PENALTIES:
                learner.set_params(C=penalty).fit(training, left)
                yield (penalty,), learner.decision_function(held)
        else:
            for leaves in LEAVES:
                learner = self._learner((leaves, MOST_TREES)).fit(training, left)
                for trees, odds in enumerate(learner.staged_decision_function(held), start=1):
                    if trees % TREE_STEP == 0:
                        yield (leaves, trees), odds.ravel().copy()

    def _learner(self, setting: Setting) -> BaseEstimator:
        if self.kind == "logistic":
            # At the usual tolerance a start from another penalty would show in the third decimal.
            return LogisticRegression(C=setting[0], solver="newton-cholesky", tol=1e-8)
        leaves, trees = setting
        return HistGradientBoostingClassifier(
            learning_rate=LEARNING_RATE,
            max_iter=int(trees),
            max_leaf_nodes=int(leaves),
            early_stopping=False,
            random_state=self.seed,
        )


def _enough_to_tune(left: BoolArray, seed: int) -> NDArray[np.int64]:
    """Rows at random, in their order: all of them up to 100,000, more where leavers are rare."""
    share = max(TUNING_ROWS / len(left), TUNING_EVENTS / min(left.sum(), (~left).sum()))
    if share >= 1:
        return np.arange(len(left))
    drawn = np.random.default_rng(seed).permutation(len(left))[: int(share * len(left))]
    return np.sort(drawn)


def _encoder(kind: str, table: pd.DataFrame) -> ColumnTransformer:
    return linear_encoder(table) if kind == "logistic" else tree_encoder(table)


def _log_loss(left: BoolArray, odds: FloatArray) -> float:
    return float(np.mean(np.logaddexp(0, odds) - left * odds))


def _platt(left: BoolArray, odds: FloatArray) -> tuple[float, float]:
    """Intercept and slope that make left-out log odds right; 0 and 1 where there are none."""
    if np.ptp(odds) == 0:
        return 0.0, 1.0
    try:
        (intercept, slope), _ = maximum_likelihood(
            left, np.column_stack([np.ones_like(odds), odds])
        )
    except ValueError:
        return 0.0, 1.0
    return (float(intercept), float(slope)) if slope > 0 else (0.0, 1.0)
