"""Maximum likelihood on the logarithms of positive parameters, and what a fit tells."""

import math
from collections.abc import Callable, Sequence
from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

import numpy as np
import pandas as pd

from cxlib.clv.histories import FloatArray
from cxlib.inference import Estimate, wald_interval

Derivatives = tuple[float, FloatArray, FloatArray]


class PositiveParameters(Protocol):
    """A model: a frozen dataclass of its parameters, all positive."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def has_mean(self) -> bool:
        """Whether what the model expects is finite."""


Model = TypeVar("Model", bound=PositiveParameters)

MAX_ITERATIONS = 200
# Gain in log-likelihood (per million of it) that the last step promises: the step is taken, and
# what is left after it is far smaller still.
TOLERANCE = 1e-6
# exp(12): parameters beyond are a limit of the model, not an estimate.
MAX_LOG = 12.0
# Information on a combination of log parameters below which the data leave it open: a standard
# error above 10, an interval over a factor of e^40.
FLAT = 0.01
MAX_REDRAWS = 20


# From this standard error of a log parameter on, draws follow the likelihood; so many proposals.
LOOSE, PROPOSALS = 0.5, 8


class ConvergenceError(RuntimeError):
    """The likelihood has no maximum that could be found; the message says what to look at.

    `llf` is the highest log-likelihood met in the search.
    """

    llf = -math.inf


@dataclass(frozen=True)
class Fit(Generic[Model]):
    """A fitted model: its parameters with their uncertainty.

    `cov_log` is the inverse of the observed information for the logarithms of the parameters (all
    are positive); `llf` the log-likelihood; `n` the customers it was fitted to. `fixed` counts the
    parameters, or combinations of them, that were held and not estimated: AIC and BIC leave them
    out, and `cov_log` is singular by so much. `log_likelihood` of log parameters, where it is cheap
    enough to be asked for every draw. A fit that did not converge is never returned.
    """

    model: Model
    cov_log: FloatArray
    llf: float
    n: int
    iterations: int
    converged: bool
    fixed: int = 0
    log_likelihood: Callable[[FloatArray], float] | None = field(
        default=None, repr=False, compare=False
    )

    @property
    def free(self) -> int:
        """The parameters estimated, k of AIC and BIC."""
        return len(self.params) - self.fixed

    @property
    def params(self) -> pd.Series:
        return pd.Series(asdict(self.model), name="estimate")

    @property
    def cov(self) -> pd.DataFrame:
        """Covariance of the parameters, diag(v) cov_log diag(v) (delta method)."""
        values = self.params.to_numpy()
        names = self.params.index
        return pd.DataFrame(self.cov_log * np.outer(values, values), index=names, columns=names)

    @property
    def bse(self) -> pd.Series:
        return pd.Series(np.sqrt(np.diag(self.cov)), index=self.params.index, name="standard_error")

    def estimate(self, parameter: str, *, level: float = 0.95) -> Estimate:
        """One parameter with its interval, exp(log v +- z se / v)."""
        return wald_interval(
            float(self.params[parameter]),
            float(self.bse[parameter]),
            self.n,
            level=level,
            log_scale=True,
            method="maximum likelihood, Wald interval on the log scale",
        )

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        bounds = [self.estimate(name, level=level) for name in self.params.index]
        rows = [(one.low, one.high) for one in bounds]
        return pd.DataFrame(rows, index=self.params.index, columns=["low", "high"])

    @property
    def aic(self) -> float:
        return 2 * self.free - 2 * self.llf

    @property
    def bic(self) -> float:
        return float(self.free * np.log(self.n) - 2 * self.llf)

    @property
    def summary(self) -> pd.DataFrame:
        """One row a parameter: estimate, standard_error, low, high (95 %)."""
        return pd.concat([self.params, self.bse, self.conf_int()], axis=1)

    def draw_models(self, draws: int, rng: np.random.Generator) -> list[Model]:
        """Models with parameters from the normal distribution of the log estimates.

        Where a log parameter is loose (standard error above .5) the likelihood is a bent ridge that
        a normal leaves: then eight times as many are drawn and resampled by likelihood / density
        (sampling importance resampling, Rubin 1988). Draws of a model without a finite mean are
        drawn again; ValueError where they prevail.
        """
        drawn: list[Model] = []
        kind = cast(Callable[..., Model], type(self.model))
        for _ in range(MAX_REDRAWS):
            logs = self._drawn_logs(draws, rng)
            models = [kind(*row) for row in np.exp(logs).tolist()]
            drawn += [one for one in models if one.has_mean]
            if len(drawn) >= draws:
                return drawn[:draws]
        raise ValueError(
            f"{kind.__name__}: hardly any draw of the parameters has a finite mean; the data do "
            "not determine what the model expects."
        )

    def _drawn_logs(self, draws: int, rng: np.random.Generator) -> FloatArray:
        mean = np.log(self.params.to_numpy(dtype=float))
        loose = float(np.diag(self.cov_log).max()) > LOOSE**2
        if self.log_likelihood is None or not loose or self.fixed:
            return rng.multivariate_normal(mean, self.cov_log, size=draws)
        logs = rng.multivariate_normal(mean, self.cov_log, size=PROPOSALS * draws)
        away = logs - mean
        squares = np.einsum("ij,ij->i", away @ np.linalg.inv(self.cov_log), away)
        lost = np.array([self.log_likelihood(one) for one in logs]) - self.llf
        weight = np.nan_to_num(np.exp(np.minimum(lost + squares / 2, 30.0)))
        return logs[rng.choice(len(logs), size=draws, p=weight / weight.sum())]


def maximize(
    kind: type[Model],
    likelihood: Callable[[FloatArray], Derivatives],
    starts: Sequence[Sequence[float]],
    n: int,
    advice: str,
    *,
    sample: Callable[[FloatArray], Derivatives] | None = None,
) -> Fit[Model]:
    """Newton's method on the log parameters from the first start that leads to a maximum.

    `likelihood` takes the parameters. When the data are many, `sample` is the likelihood of a part
    of them: its maximum, cheap to find, replaces the start, and few passes over all are left.
    """
    met = -math.inf

    def objective(logs: FloatArray) -> Derivatives:
        nonlocal met
        found = of_logs(logs)
        met = max(met, found[0])
        return found

    of_logs = _of_logs(likelihood)
    for start in starts:
        logs = np.log(start)
        if sample is not None and (near := newton(_of_logs(sample), logs)) is not None:
            logs = near[0]
        found = newton(objective, logs)
        if found is not None and np.linalg.eigvalsh(found[2]).min() > FLAT:
            logs, llf, information, iterations = found
            model = cast(Callable[..., Model], kind)(*np.exp(logs).tolist())
            cov_log = np.asarray(np.linalg.inv(information), dtype=float)
            each = None if sample is not None else lambda logs: of_logs(logs)[0]
            return Fit(model, cov_log, llf, n, iterations, True, log_likelihood=each)
    names = ", ".join(field.name for field in fields(kind))
    error = ConvergenceError(
        f"{kind.__name__} did not converge from {len(starts)} starting points ({names}): the "
        f"{n:,} customers do not determine its parameters; {advice}. Take a longer period or more "
        "customers, or check that repeat purchases are recorded."
    )
    error.llf = met
    raise error


def log_changes(fit: Fit[Model], function: Callable[[Model], FloatArray], rows: int) -> FloatArray:
    """How log function(model) moves with the parameters, shape (rows, parameters): delta method.

    A column is a principal axis of cov_log and holds half the difference of the logarithm between
    one standard error to either side (one log unit where that is less, scaled): so the variance of
    the logarithm is the sum of squares of a row, and a drawn model at `axis_scores` z has about
    z times the row. 0 where the function is 0: nobody there is alive, which has no error to show.
    """
    logs, errors, axes = _principal_axes(fit)
    kind = cast(Callable[..., Model], type(fit.model))
    found = np.zeros((rows, len(errors)))
    for place, (error, axis) in enumerate(zip(errors, axes.T, strict=True)):
        step = min(float(error), 1.0)
        if step > 0:
            up, down = (
                np.asarray(function(kind(*np.exp(logs + sign * step * axis).tolist())))
                for sign in (1, -1)
            )
            ratio = np.divide(up, down, out=np.ones(rows), where=(up > 0) & (down > 0))
            found[:, place] = np.log(ratio) / 2 * (error / step)
    return found


def axis_scores(fit: Fit[Model], models: Sequence[Model]) -> FloatArray:
    """Where models lie, in standard errors along the axes of `log_changes`, (models, axes)."""
    logs, errors, axes = _principal_axes(fit)
    moved = (np.log([list(asdict(one).values()) for one in models]) - logs) @ axes
    return np.divide(moved, errors, out=np.zeros_like(moved), where=errors > 0)


def _principal_axes(fit: Fit[Any]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log parameters, and standard errors along the axes of cov_log (columns)."""
    variances, axes = np.linalg.eigh(fit.cov_log)
    # Rounding makes a little of an axis without variance.
    errors = np.sqrt(np.where(variances > 1e-15 * variances.max(), variances, 0))
    return np.log(fit.params.to_numpy(dtype=float)), errors, axes


def _of_logs(likelihood: Callable[[FloatArray], Derivatives]) -> Callable[..., Derivatives]:
    def of_logs(logs: FloatArray) -> Derivatives:
        values = np.exp(logs)
        value, gradient, hessian = likelihood(values)
        by_log = gradient * values
        return value, by_log, hessian * np.outer(values, values) + np.diag(by_log)

    return of_logs


def newton(
    objective: Callable[[FloatArray], Derivatives], start: FloatArray
) -> tuple[FloatArray, float, FloatArray, int] | None:
    """Maximum of `objective`, its value, its observed information and the steps; None if none.

    Steps follow the absolute eigenvalues of the Hessian, so they go uphill where it is not
    concave, are at most 2 long and are halved until the objective rises.
    """
    point = np.asarray(start, dtype=float)
    value, gradient, hessian = objective(point)
    for iteration in range(1, MAX_ITERATIONS + 1):
        eigenvalues, vectors = np.linalg.eigh(-hessian)
        floor = max(1e-10 * np.abs(eigenvalues).max(), 1e-100)
        step = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(eigenvalues), floor))
        gain = gradient @ step / 2
        if gain < TOLERANCE * max(1.0, abs(value) / 1e6) and eigenvalues.min() > floor:
            return point + step, float(value + gain), -hessian, iteration
        step *= min(1.0, 2 / np.linalg.norm(step))
        for _ in range(40):
            candidate = objective(point + step)
            if candidate[0] > value:
                break
            step /= 2
        else:
            return None
        point = point + step
        value, gradient, hessian = candidate
        if np.abs(point).max() > MAX_LOG + np.abs(start).max():
            return None
    return None
