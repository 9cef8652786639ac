"""The model table as numbers that a learner takes: levels, missing values, scales."""

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from cxlib.churn.features import number_and_category_names
from cxlib.inference import MIN_GROUP

FloatArray = NDArray[np.float64]


class LevelNumbers(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Levels of categories as 0, 1, 2 ... in the order of their churn rates among the training.

    A split of such a number parts the levels as well as any split of the category itself (Breiman
    et al. 1984, ch. 4). Rates are drawn towards the mean as if by ten customers more,
    (leavers + 10 mean) / (customers + 10), so that a rare level does not stand at an end by chance.
    A missing level, or one that the training did not hold, becomes a missing number.
    `levels_` holds the levels of each column in their order. Takes a DataFrame.
    """

    def fit(self, X: pd.DataFrame, y: ArrayLike) -> Self:
        """Learn the order of the levels; y is 1 or true for those who left."""
        left = np.asarray(y, dtype=float)
        self.levels_ = []
        for name in X:
            column = X[name].astype("category")
            codes = column.cat.codes.to_numpy()
            levels = [str(level) for level in column.cat.categories]
            known = codes >= 0
            customers = np.bincount(codes[known], minlength=len(levels))
            leavers = np.bincount(codes[known], weights=left[known], minlength=len(levels))
            rate = (leavers + MIN_GROUP * left.mean()) / (customers + MIN_GROUP)
            order = np.lexsort((levels, rate))
            self.levels_.append([levels[at] for at in order if customers[at] > 0])
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X: pd.DataFrame) -> FloatArray:
        """The number of each level, shape (rows, columns)."""
        numbers = np.empty((len(X), len(self.levels_)))
        for at, (name, levels) in enumerate(zip(self.feature_names_in_, self.levels_, strict=True)):
            column = X[name].astype("category")
            place = {level: float(number) for number, level in enumerate(levels)}
            known = [place.get(str(level), np.nan) for level in column.cat.categories]
            numbers[:, at] = np.array([*known, np.nan])[column.cat.codes.to_numpy()]
        return numbers


def linear_encoder(X: pd.DataFrame) -> ColumnTransformer:
    """Unfitted encoder of X for a linear model.

    Numbers: median for a missing value with an indicator beside it, then standardized. Categories:
    one column a level, levels below 10 customers together.
    """
    numbers, categories = number_and_category_names(X)
    imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    numeric = make_pipeline(imputer, StandardScaler())
    one_hot = OneHotEncoder(
        min_frequency=MIN_GROUP, handle_unknown="infrequent_if_exist", sparse_output=False
    )
    levels = make_pipeline(LevelNumbers(), one_hot)
    return ColumnTransformer([("numbers", numeric, numbers), ("categories", levels, categories)])


def tree_encoder(X: pd.DataFrame) -> ColumnTransformer:
    """Unfitted encoder of X for trees: numbers as they are, categories as ordered numbers.

    Missing numbers, and levels that are missing or unseen, stay missing: trees send them to a side.
    Numbers that nobody of X has tell nothing and are left out.
    """
    numbers, categories = number_and_category_names(X)
    numbers = [name for name in numbers if X[name].notna().any()]
    return ColumnTransformer(
        [("numbers", "passthrough", numbers), ("categories", LevelNumbers(), categories)]
    )


def encoded_features(encoder: ColumnTransformer) -> list[str]:
    """Which feature each column of a fitted encoder's output belongs to."""
    (_, numeric, numbers), (_, levels, categories) = encoder.transformers_[:2]
    names = list(numbers)
    if numbers and hasattr(numeric, "named_steps"):
        names += [numbers[at] for at in numeric.named_steps["simpleimputer"].indicator_.features_]
    if not categories or not hasattr(levels, "named_steps"):
        return names + list(categories)
    one_hot = levels.named_steps["onehotencoder"]
    rare = one_hot.infrequent_categories_
    for name, known, few in zip(categories, one_hot.categories_, rare, strict=True):
        width = len(known) if few is None else len(known) - len(few) + 1
        names += [name] * width
    return names
