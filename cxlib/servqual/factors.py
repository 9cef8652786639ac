"""The common factor model of a correlation matrix, R = L L' + diag(u), by maximum likelihood."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cxlib.inference import FloatArray

LEAST_UNIQUENESS = 0.005  # a unique variance of zero or less is no variance: there the search ends


@dataclass(frozen=True)
class Factors:
    """Loadings L (items, factors), unrotated, and unique variances u of standardized items."""

    loadings: FloatArray
    uniquenesses: FloatArray

    @property
    def improper(self) -> NDArray[np.bool_]:
        """Which items are left without unique variance (a Heywood case): not to be believed."""
        return self.uniquenesses <= LEAST_UNIQUENESS * (1 + 1e-6)


def fit_factors(correlations: FloatArray, factors: int) -> Factors:
    """Maximum-likelihood factor analysis (Jöreskog 1967), unrotated.

    Minimizes log|S| - log|R| + tr(R / S) - p over u, the loadings being known given u: with e_j
    and v_j the eigenvalues, in falling order, and vectors of diag(u)^-1/2 R diag(u)^-1/2, factor j
    has the loadings diag(u)^1/2 v_j sqrt(e_j - 1), and what is left is the sum of
    e_j - log e_j - 1 over j > k. Unique variances are kept within .005 and 1. Each factor is signed
    so that its loadings sum to no less than zero. Raises RuntimeError where the search fails.
    """

    def parts(uniquenesses: FloatArray) -> tuple[FloatArray, FloatArray]:
        root = np.sqrt(uniquenesses)
        values, vectors = np.linalg.eigh(correlations / np.outer(root, root))
        values, vectors = values[::-1], vectors[:, ::-1]
        kept = np.sqrt(np.maximum(values[:factors] - 1, 0))
        return np.maximum(values[factors:], 1e-12), root[:, None] * vectors[:, :factors] * kept

    def misfit(uniquenesses: FloatArray) -> tuple[float, FloatArray]:
        rest, loadings = parts(uniquenesses)
        error = (loadings**2).sum(axis=1) + uniquenesses - 1
        return float(np.sum(rest - np.log(rest) - 1)), error / uniquenesses**2

    start = (1 - 0.5 * factors / len(correlations)) / np.diag(np.linalg.pinv(correlations))
    found = minimize(
        misfit,
        np.clip(start, LEAST_UNIQUENESS, 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUENESS, 1)] * len(correlations),
        options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-8},
    )
    # A line search that ends for rounding has converged when its gradient is as good as zero.
    inner = (found.x > LEAST_UNIQUENESS) & (found.x < 1)
    if not found.success and np.abs(found.jac[inner]).max(initial=0) > 1e-4:
        raise RuntimeError(f"The factor model did not converge: {found.message}.")
    loadings = parts(found.x)[1]
    return Factors(loadings * np.where(loadings.sum(axis=0) < 0, -1, 1), found.x)
