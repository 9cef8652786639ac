"""The limit of a model in which all customers drop out alike, for where it has no maximum."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from cxlib.clv.fitting import FLAT, ConvergenceError, Derivatives, Fit, newton
from cxlib.clv.histories import FloatArray, Histories
from cxlib.clv.model import PurchaseModel
from cxlib.clv.negative_binomial import NegativeBinomial

# Held in place of infinity: of Beta(a, b) a + b, whose standard deviation is then below .008 for
# all; of Gamma(s, beta) s, whose coefficient of variation is then .016.
COMMON = 4000.0
# Gain in log-likelihood over customers who never drop out, above rounding.
GAIN = 1e-6
# What COMMON in place of infinity may lose in log-likelihood, relative to it, where 1 is less.
SHORT = 1e-6

Model = TypeVar("Model", bound=PurchaseModel)


class Path(NamedTuple):
    """The parameters of a model at a point u of the limit, with their derivatives in u.

    `slopes` (parameters, u) are the first, `bends` the second by the same entry of u twice; there
    are no mixed ones.
    """

    values: FloatArray
    slopes: FloatArray
    bends: FloatArray


class Limit(NamedTuple, Generic[Model]):
    """What is fitted along a path: from the first of `starts`, points u, that leads to a maximum.

    `likelihood` is that of the model's parameters, with gradient and Hessian.
    """

    kind: type[Model]
    path: Callable[[FloatArray], Path]
    likelihood: Callable[[FloatArray], Derivatives]
    starts: Sequence[Sequence[float]]


def or_common_dropout(
    full: Callable[[], Fit[Model]], limit: Limit[Model], data: Histories
) -> Fit[Model]:
    """The fit of the full model, or where that has no maximum of its limit.

    Newton's method in u by the chain rule; cov_log is carried over to all parameters by the delta
    method, and so singular (`fixed` 1). The limit is taken only where it is more likely than the
    NBD, in which nobody drops out, fitted to the same data, and hardly less likely than any point
    met on the way to no maximum (another limit may be the right one); otherwise the
    ConvergenceError of the full model is raised.
    """
    try:
        return full()
    except ConvergenceError as error:
        found = _fitted(limit, int(data.customers.sum()))
        if found is None or found.llf <= _without_dropout(data) + GAIN:
            raise
        if found.llf < error.llf - max(1, SHORT * abs(error.llf)):
            raise
        return found


def _fitted(limit: Limit[Model], n: int) -> Fit[Model] | None:
    def objective(u: FloatArray) -> Derivatives:
        values, slopes, bends = limit.path(u)
        value, gradient, hessian = limit.likelihood(values)
        return value, gradient @ slopes, slopes.T @ hessian @ slopes + np.diag(gradient @ bends)

    for start in limit.starts:
        found = newton(objective, np.asarray(start, dtype=float))
        if found is not None and np.linalg.eigvalsh(found[2]).min() > FLAT:
            u, llf, information, iterations = found
            values, slopes, _ = limit.path(u)
            by_log = slopes / values[:, None]
            cov_log = by_log @ np.linalg.inv(information) @ by_log.T
            model = limit.kind(*values.tolist())
            return Fit(model, cov_log, llf, n, iterations, True, fixed=1)
    return None


def _without_dropout(data: Histories) -> float:
    """The log-likelihood of the NBD, the highest met where it has no maximum."""
    try:
        return NegativeBinomial.fit(data).llf
    except ConvergenceError as error:
        return error.llf
