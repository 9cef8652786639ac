"""What speaks for each number of clusters, and which number each criterion names."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score

from cxlib.inference import Estimate, percentile_interval
from cxlib.segmentation.centroids import FloatArray, distances_to, k_means, nearest

BOOTSTRAP_STARTS = 1
BOOTSTRAP_DRAWS = 50
AGREEMENT_DRAWS = 1_000
# Hennig (2007): clusters with a stability above .75 are valid.
STABLE = 0.75
SIGNIFICANCE = 0.05


def separation(X: FloatArray, centres: FloatArray) -> dict[str, float]:
    """Inertia, simplified silhouette and Calinski-Harabasz of the rows cut at these centroids."""
    distances = distances_to(X, centres)
    closest, second = np.partition(distances, 1, axis=1)[:, :2].T
    width = np.divide(second - closest, second, out=np.zeros_like(second), where=second > 0)
    return {
        "inertia": float((closest**2).sum()),
        "silhouette": float(width.mean()),
        "calinski_harabasz": float(calinski_harabasz_score(X, distances.argmin(axis=1))),
    }


def stabilities(
    X: FloatArray, centres: Mapping[int, FloatArray], rng: np.random.Generator, level: float
) -> dict[int, Estimate]:
    """For each k the adjusted Rand index of bootstrap clusterings with this one, on all rows.

    Each of 50 samples is clustered with every k and gives all rows to its nearest centroid.
    """
    labels = {k: nearest(X, centre) for k, centre in centres.items()}
    agreement: dict[int, list[float]] = {k: [] for k in centres}
    for _ in range(BOOTSTRAP_DRAWS):
        resample = X[rng.integers(len(X), size=len(X))]
        for k in centres:
            found = nearest(X, k_means(resample, k, BOOTSTRAP_STARTS, rng))
            agreement[k].append(adjusted_rand_score(labels[k], found))
    method = f"median adjusted Rand index of {BOOTSTRAP_DRAWS} bootstrap clusterings, percentiles"
    return {
        k: percentile_interval(float(np.median(found)), found, len(X), level=level, method=method)
        for k, found in agreement.items()
    }


def votes(criteria: pd.DataFrame, mixture_bic: pd.Series) -> pd.DataFrame:
    """Which k each criterion names, and by which rule; missing where it names none.

    `mixture_bic` starts at one component: the mixture alone can say that there is one cloud.
    """
    numbers = criteria.index.to_numpy(dtype=int)
    difference = criteria["index_difference"].where(criteria["p_adjusted"] <= SIGNIFICANCE)
    stable = criteria["stability"].to_numpy()
    named: dict[str, tuple[int | None, str]] = {
        "silhouette": (numbers[criteria["silhouette"].argmax()], "the highest"),
        "Calinski-Harabasz": (numbers[criteria["calinski_harabasz"].argmax()], "the highest"),
        "against data without groups": (
            numbers[difference.fillna(-np.inf).argmax()] if difference.notna().any() else None,
            "furthest below their cluster index, where that is no chance",
        ),
        "BIC of Gaussian mixtures": (
            mixture_bic.index.to_numpy(dtype=int)[mixture_bic.argmin()],
            "the lowest, one included",
        ),
        "stability": (numbers[stable >= stable.max()].max(), "the highest, of equals the most"),
    }
    table = pd.DataFrame.from_dict(named, orient="index", columns=["k", "rule"])
    return table.astype({"k": "Int64"}).rename_axis("criterion")


def agreement_draws(
    first: NDArray[np.integer], second: NDArray[np.integer], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Bootstrap draws of the adjusted Rand index of two labellings of the same rows.

    Rows are resampled through the counts of the table of both labels (Hubert & Arabie 1985 for
    the index).
    """
    table = pd.crosstab(first, second).to_numpy(dtype=np.int64)
    n = int(table.sum())
    drawn = rng.multinomial(n, table.ravel() / n, size=AGREEMENT_DRAWS)
    drawn = drawn.reshape(-1, *table.shape).astype(float)

    # Pairs of rows that are together: in both, in the first, in the second labelling.
    both = (drawn * (drawn - 1)).sum(axis=(1, 2)) / 2
    sides = [drawn.sum(axis=axis) for axis in (2, 1)]
    of_first, of_second = ((side * (side - 1)).sum(axis=1) / 2 for side in sides)
    expected = of_first * of_second / (n * (n - 1) / 2)
    room = (of_first + of_second) / 2 - expected
    return np.divide(both - expected, room, out=np.ones_like(room), where=room > 0)
