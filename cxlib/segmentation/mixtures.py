"""Gaussian mixtures: how many components, and of which shape, describe the customers best."""

import warnings

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from cxlib.segmentation.centroids import FloatArray

SHAPES = ("full", "tied", "diag", "spherical")
MIXTURE_ROWS = 3_000
# Least variance of a component in units of the features' own: a heap of equal values, as the one
# purchase of most customers, would otherwise be a component without spread and of endless density.
VARIANCE_FLOOR = 0.01


def fit_mixture(X: FloatArray, components: int, shape: str, seed: int) -> GaussianMixture:
    """Fit one mixture by maximum likelihood (EM from K-means), variances not below the floor."""
    with warnings.catch_warnings():
        # A mixture with too many components may still creep; its BIC then only loses.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return GaussianMixture(
            components, covariance_type=shape, reg_covar=VARIANCE_FLOOR, random_state=seed
        ).fit(X)


def mixture_criteria(X: FloatArray, most: int, rng: np.random.Generator) -> pd.DataFrame:
    """BIC of mixtures of 1 to `most` components (rows) and each shape of covariance (columns).

    BIC = -2 log-likelihood + parameters * log n, lower is better (Schwarz 1978; Fraley & Raftery
    2002). The rows of X are used up to 3,000, chosen at random.
    """
    sample = X[rng.permutation(len(X))[:MIXTURE_ROWS]]
    seed = int(rng.integers(2**31))
    found = {
        shape: [fit_mixture(sample, k, shape, seed).bic(sample) for k in range(1, most + 1)]
        for shape in SHAPES
    }
    return pd.DataFrame(found, index=pd.RangeIndex(1, most + 1, name="k"))
