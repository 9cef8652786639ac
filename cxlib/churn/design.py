"""The design of a regression for inference: what a coefficient is of, and what has none.

Of logistic regression (odds ratios) and Cox regression (hazard ratios) alike.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.churn.features import number_and_category_names
from cxlib.inference import MIN_GROUP

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

OTHER_LEVELS = "(other levels)"
UNSTABLE_VIF = 10.0  # Belsley, Kuh & Welsch 1980


def merge_rare_levels(X: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """X with each category's levels below 10 customers merged, and which: one row a feature."""
    merged, rows = X.copy(), []
    for name in number_and_category_names(X)[1]:
        counts = X[name].value_counts().sort_index()
        rare = counts[(counts > 0) & (counts < MIN_GROUP)]
        if rare.empty:
            continue
        into = OTHER_LEVELS if rare.sum() >= MIN_GROUP else str(counts.idxmax())
        levels = X[name].astype(str)
        merged[name] = levels.where(~levels.isin(rare.index), into).astype("category")
        rows.append((name, ", ".join(rare.index.astype(str)), int(rare.sum()), into))
    return merged, pd.DataFrame(rows, columns=["feature", "levels", "customers", "into"])


def without_maximum(X: pd.DataFrame, y: BoolArray) -> dict[str, str]:
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


def design_matrix(
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
        # In order of the levels: of equally frequent ones the first is the reference.
        counts = X[name].value_counts().sort_index()
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


def independent_columns(design: FloatArray) -> tuple[list[int], dict[int, list[int]]]:
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


def aliased_columns(terms: pd.DataFrame, determined: Mapping[int, list[int]]) -> pd.DataFrame:
    """What `independent_columns` dropped: feature, contrast, determined_by."""
    names = ["intercept", *(terms["feature"] + ": " + terms["contrast"])]
    lost = [
        terms.iloc[column - 1][["feature", "contrast"]].to_dict()
        | {"determined_by": ", ".join(names[source] for source in sources) or "constant"}
        for column, sources in determined.items()
    ]
    return pd.DataFrame(lost, columns=["feature", "contrast", "determined_by"])


def variance_inflation(design: FloatArray, names: NDArray[np.object_]) -> FloatArray:
    """GVIF^(1/df) for each column, the same for all columns of a feature."""
    correlation = np.atleast_2d(np.corrcoef(design, rowvar=False))
    whole = np.linalg.slogdet(correlation)[1]
    inflation = np.empty(len(names))
    for name in pd.unique(names):
        own = names == name
        parts = [np.linalg.slogdet(correlation[np.ix_(part, part)])[1] for part in (own, ~own)]
        inflation[own] = np.exp((sum(parts) - whole) / own.sum())
    return inflation
