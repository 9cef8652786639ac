"""Whether answers that end below the top of their scale would end there of themselves."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

FloatArray = NDArray[np.float64]

# Means and standard deviations that are tried, in points of the scale.
_MEANS = np.arange(-2.0, 12.01, 0.1)
_DEVIATIONS = np.arange(0.4, 4.01, 0.1)
# Of the logarithm of the likelihood: a fit that is no further below the best is not ruled out.
_FITS = 1.0
# Correlation of the answers of one respondent to several questions.
_ALIKE = 0.5
_TINY = 1e-300


def chance_of_none_above(
    counts: FloatArray, low: int, questions: int = 1, least_deviation: float = 0.0
) -> float:
    """The chance of no answer above the highest of `counts`, were the scale to go on.

    (1 - p)^n, with p the share above. Answers are a normal variable in steps of one, without an
    end below the lowest: fitted by maximum likelihood to what is there alone, as truncated above
    (Cohen 1950). p is the smallest of the fits that are hardly worse than the best, so that
    answers that become rare towards their end are no sign of a scale that ends there. n: the
    answers over the design effect 1 + (q - 1) / 2 of q questions to one respondent (Kish 1965).

    `counts`: answers at `low`, `low` + 1 and so on, the last of them the highest that was given;
    `questions`: q; `least_deviation`: of fits, in points of the scale.
    """
    answers = counts.sum() / (1 + (questions - 1) * _ALIKE)
    deviations = _DEVIATIONS[min(least_deviation, _DEVIATIONS[-1]) <= _DEVIATIONS]
    mean, deviation = (one.ravel() for one in np.meshgrid(_MEANS, deviations))
    ends = np.arange(low, low + len(counts)) + 0.5
    below = ndtr((ends - mean[:, None]) / deviation[:, None])
    steps = np.diff(below, axis=1, prepend=0.0) / np.maximum(below[:, -1:], _TINY)
    fits = np.log(np.maximum(steps, _TINY)) @ (counts / counts.sum()) * answers
    above = 1 - below[fits >= fits.max() - _FITS, -1]
    return float((1 - above.min()) ** answers)
