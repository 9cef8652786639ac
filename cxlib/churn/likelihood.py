"""Logistic regression by maximum likelihood, for inference."""

import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.discrete.discrete_model import Logit

from cxlib.churn.folds import threads

FloatArray = NDArray[np.float64]


def maximum_likelihood(
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
            with threads(len(design)):
                fit = model.fit(method="newton", maxiter=25, disp=False)
            return np.asarray(fit.params), np.asarray(fit.cov_params())
        except (Warning, np.linalg.LinAlgError) as problem:
            raise ValueError(
                "The logistic regression has no finite maximum: some combination of features "
                "separates (nearly) all who left from all who stayed."
            ) from problem
