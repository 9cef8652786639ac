"""Data without groups that look as much like the customers as they can, and how these compare."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.segmentation.centroids import inertia, k_means

FloatArray = NDArray[np.float64]

REPEATED_STARTS = 2
REFERENCE_DRAWS = 39
# Steps to the correlation of the reference, and draws that each is measured on.
LATENT_STEPS = 8
LATENT_DRAWS = 10


def against_reference(X: FloatArray, most: int, rng: np.random.Generator) -> pd.DataFrame:
    """Cluster index for each k beside that of data without groups, and the adjusted p.

    `reference_index` is the mean over those data, `index_difference` how many of their standard
    deviations the customers lie below it.
    """
    numbers = list(range(2, most + 1))
    observed = np.array([_cluster_index(X, k, rng) for k in numbers])
    latent = latent_correlation(X, rng)
    reference = np.empty((REFERENCE_DRAWS, len(numbers)))
    for row in reference:
        cloud = without_groups(X, latent, rng)
        row[:] = [_cluster_index(cloud, k, rng) for k in numbers]
    centre, spread = reference.mean(axis=0), reference.std(axis=0, ddof=1)
    largest = ((centre - reference) / spread).max(axis=1)
    reached = (largest[:, None] >= (centre - observed) / spread).sum(axis=0)
    return pd.DataFrame(
        {
            "cluster_index": observed,
            "reference_index": centre,
            "index_difference": (centre - observed) / spread,
            "p_adjusted": (1 + reached) / (REFERENCE_DRAWS + 1),
        },
        index=numbers,
    )


def _cluster_index(X: FloatArray, k: int, rng: np.random.Generator) -> float:
    """Inertia of K-means with k clusters as a share of that with one (lower: tighter)."""
    centres = k_means(X, k, REPEATED_STARTS, rng)
    return inertia(X, centres) / inertia(X, X.mean(axis=0, keepdims=True))


def without_groups(X: FloatArray, latent: FloatArray, rng: np.random.Generator) -> FloatArray:
    """As many rows with X's margins and the Gaussian copula of correlation `latent`."""
    drawn = rng.multivariate_normal(np.zeros(len(latent)), latent, size=len(X))
    order = drawn.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(np.sort(X, axis=0), order, axis=0)


def latent_correlation(X: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Correlation of the normal scores that gives data with X's margins the correlation of X.

    Ties and skew weaken a correlation, so it is corrected by what is missing, a few times (normal
    to anything, Cario & Nelson 1997).
    """
    wanted = _correlation(X)
    latent = wanted
    for _ in range(LATENT_STEPS):
        reached = np.mean(
            [_correlation(without_groups(X, latent, rng)) for _ in range(LATENT_DRAWS)], axis=0
        )
        latent = latent + wanted - reached
        values, vectors = np.linalg.eigh(latent)
        latent = vectors * np.maximum(values, 1e-6) @ vectors.T
        scale = np.sqrt(np.diag(latent))
        latent = latent / np.outer(scale, scale)
    return latent


def _correlation(X: FloatArray) -> FloatArray:
    """Correlations of the columns; 0 with a constant one."""
    spread = X.std(axis=0)
    scaled = (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1)
    found = scaled.T @ scaled / len(X)
    np.fill_diagonal(found, 1)
    return found
