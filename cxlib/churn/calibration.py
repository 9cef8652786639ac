"""How far risks can be read as probabilities: Brier score and its parts, slope, curve."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit, ndtri
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from cxlib.churn.lift import risk_decile
from cxlib.churn.likelihood import maximum_likelihood
from cxlib.inference import MIN_GROUP, Estimate, mean_interval, wald_interval

FloatArray = NDArray[np.float64]

CALIBRATED = (0.8, 1.25)  # slope, and true odds / predicted odds, that do no harm to a decision


_READ = "read their order rather than their size; the profit of the contact list allows for that"


def brier(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Mean of (risk - churned)^2 (Brier 1950) with the t interval of a mean; 0 is perfect."""
    squares = (np.asarray(risk, dtype=float) - np.asarray(churned, dtype=float)) ** 2
    mean = mean_interval(squares, level=level)
    return Estimate(mean.value, mean.low, mean.high, level, mean.n, "Brier score, t interval")


def brier_skill(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """1 - Brier / Brier of the base rate: the share of its error that the risks remove.

    Interval by the linearized variance of a ratio of means, R = mean b / mean b0:
    se = sd(b - R b0) / (sqrt(n) mean b0) (Cochran 1977, ch. 6).
    """
    y = np.asarray(churned, dtype=float)
    squares, base = (np.asarray(risk, dtype=float) - y) ** 2, (y.mean() - y) ** 2
    ratio = squares.mean() / base.mean()
    n = len(y)
    error = float(np.std(squares - ratio * base, ddof=1) / (np.sqrt(n) * base.mean()))
    method = "Brier skill against the base rate, linearized interval"
    return wald_interval(float(1 - ratio), error, n, level=level, method=method)


def brier_parts(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """What the Brier score is made of, over the ten bins of `deciles` (equal risks together).

    Brier = reliability - resolution + uncertainty + within bins (Murphy 1973; Stephenson, Coelho &
    Jolliffe 2008). With N customers, n_k of them in bin k, churn rates o and o_k, mean risk f_k:
    reliability = sum n_k (f_k - o_k)^2 / N, how far risks lie from what happened (0 is best);
    resolution = sum n_k (o_k - o)^2 / N, how far the risks tell bins apart (more is better);
    uncertainty = o (1 - o), what there is to tell; within bins = mean of the variances of
    risk - churned less those of churned in a bin, what the risks tell inside the bins (below 0:
    they tell something). These are biased, as the rates of a bin are noisy: `value` is freed of
    it (Broecker 2012; Ferro & Fricker 2012), with s^2 the unbiased variances in a bin or of all:
    sum s_k^2(risk - churned) / N off the reliability, sum s_k^2(churned) / N - s^2(churned) / N off
    the resolution. They still add up exactly, and a part can fall below 0 where it is nearly 0.

    Intervals: linearized for customers drawn at random, with the variance 2 sum s_k^4 / N^2 that a
    sum of squares keeps when every bin is right (Siegert 2014 has the first-order term).
    Returns a row a part, with value, low, high, uncorrected (Murphy's), n, method. Bins of a single
    customer join a neighbour.
    """
    y, p = np.asarray(churned, dtype=float), np.asarray(risk, dtype=float)
    method = "bias-corrected over tenths of risk, linearized interval"
    parts = [
        (wald_interval(value, error, len(y), level=level, method=method), plain)
        for value, error, plain in _corrected_parts(y, p)
    ]
    total = brier(churned, risk, level=level)
    rows = [
        {"value": one.value, "low": one.low, "high": one.high, "uncorrected": plain}
        | {"n": one.n, "method": one.method}
        for one, plain in [*parts, (total, total.value)]
    ]
    names = ["reliability", "resolution", "uncertainty", "within bins", "Brier score"]
    return pd.DataFrame(rows, index=pd.Index(names, name="part"))


def _corrected_parts(y: FloatArray, p: FloatArray) -> list[tuple[float, float, float]]:
    """Each part without bias, its standard error, and as it is in Murphy (1973)."""
    bins, n = _bins(p), len(y)
    size = np.bincount(bins)

    def moments(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Each customer's distance from the bin's mean; means and variances of the bins."""
        mean = np.bincount(bins, weights=x) / size
        away = x - mean[bins]
        return away, mean, np.bincount(bins, weights=away**2) / (size - 1)

    away, off, spread = moments(p - y)
    away_rate, rate, spread_rate = moments(y)
    rate, inner = rate - y.mean(), away**2 - away_rate**2
    variance = float(np.var(y, ddof=1))
    noise, noise_rate = float(spread.sum() / n), float(spread_rate.sum() / n)
    plain = [float(size @ one**2 / n) for one in (off, rate)] + [float(np.var(y)), inner.mean()]
    corrections = [-noise, variance / n - noise_rate, variance / n, noise - noise_rate]
    errors = [
        _squares_error(off, spread, size),
        _squares_error(rate, spread_rate, size),
        # o (1 - o) = 1 / 4 - (o - 1 / 2)^2
        _squares_error(y.mean(keepdims=True) - 0.5, np.array([variance]), np.array([n])),
        float(np.std(inner, ddof=1) / np.sqrt(n)),
    ]
    return [
        (float(one + correction), error, float(one))
        for one, correction, error in zip(plain, corrections, errors, strict=True)
    ]


def _bins(p: FloatArray) -> NDArray[np.int64]:
    """Tenths of risk, numbered without gaps, a tenth of one customer joined to the one before."""
    bins = np.unique(risk_decile(p), return_inverse=True)[1]
    alone = np.bincount(bins) == 1
    if len(alone) > 1:
        alone[1] |= alone[0]
    alone[0] = False
    return np.asarray((np.arange(len(alone)) - np.cumsum(alone))[bins])


def _squares_error(means: FloatArray, spread: FloatArray, size: NDArray[np.int64]) -> float:
    """Standard error of sum n_k m_k^2 / N, less the bias, from the bins' means and variances.

    In a bin 4 m^2 u + 2 u^2, u = variance / n_k, for m^2 - u estimates the square without bias.
    """
    noise, weight = spread / size, size / size.sum()
    within = np.maximum(4 * means**2 * noise - 2 * noise**2, 2 * noise**2)
    between = np.average((means**2 - weight @ means**2) ** 2, weights=weight) / size.sum()
    return float(np.sqrt(weight**2 @ within + between))


def log_odds(risk: ArrayLike) -> FloatArray:
    """logit(risk), finite also where a model is certain."""
    return logit(np.clip(np.asarray(risk, dtype=float), 1e-12, 1 - 1e-12))


def calibration_slope(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Slope b of logit P(churned) = a + b logit(risk), Wald interval (Cox 1958).

    1 is right; below 1 the risks are too extreme, above 1 too timid. Constant or perfectly
    separating risks have no slope.
    """
    p = np.asarray(risk, dtype=float)
    if np.ptp(p) == 0:
        return Estimate(None, None, None, level, len(p), "constant risks have no slope")
    try:
        design = np.column_stack([np.ones_like(p), log_odds(p)])
        params, covariance = maximum_likelihood(churned, design)
    except ValueError:
        return Estimate(None, None, None, level, len(p), "risks that separate have no slope")
    error, method = float(np.sqrt(covariance[1, 1])), "calibration slope, Wald interval"
    return wald_interval(float(params[1]), error, len(p), level=level, method=method)


def calibration_intercept(churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Calibration in the large: a of logit P(churned) = a + logit(risk), Wald interval (Cox 1958).

    0 is right; above 0 more left than predicted. Perfectly separating risks have no intercept.
    """
    p = np.asarray(risk, dtype=float)
    try:
        ones = np.ones((len(p), 1))
        params, covariance = maximum_likelihood(churned, ones, offset=log_odds(p))
    except ValueError:
        return Estimate(None, None, None, level, len(p), "risks that separate have no intercept")
    error, method = float(np.sqrt(covariance[0, 0])), "calibration intercept, Wald interval"
    return wald_interval(float(params[0]), error, len(p), level=level, method=method)


def is_calibrated(slope: Estimate, intercept: Estimate) -> bool | None:
    """Whether the risks can be read as probabilities, None where that cannot be judged.

    By the rule of `calibration_verdict`: an interval that excludes the right value says no.
    """
    if slope.low is None or slope.high is None or intercept.low is None or intercept.high is None:
        return None
    if slope.high < 1 or slope.low > 1 or intercept.low > 0 or intercept.high < 0:
        return False
    least, most = CALIBRATED
    close = least <= slope.low <= slope.high <= most
    level = np.log(least) <= intercept.low <= intercept.high <= np.log(most)
    return True if close and level else None


def calibration_verdict(slope: Estimate, intercept: Estimate) -> str:
    """One sentence on whether the risks can be read as probabilities.

    They can when both intervals rule out more than a small miscalibration (a test of equivalence,
    Schuirmann 1987): the slope's lies inside .8 to 1.25 and the intercept's inside the logs of
    these. Intervals that show no miscalibration but are wider do not tell.
    """
    if slope.low is None or slope.high is None or intercept.low is None or intercept.high is None:
        problem = slope if slope.value is None else intercept
        return f"Calibration cannot be judged: {problem.method}."
    findings = []
    if slope.high < 1:
        findings.append("too extreme (slope below 1)")
    if slope.low > 1:
        findings.append("too timid (slope above 1)")
    if intercept.low > 0:
        findings.append("too low on the whole")
    if intercept.high < 0:
        findings.append("too high on the whole")
    if findings:
        return "The risks are " + " and ".join(findings) + f": {_READ}."
    if is_calibrated(slope, intercept):
        return (
            "The risks can be read as probabilities: slope and odds are off by less than a factor "
            f"of {CALIBRATED[1]:g}, as their intervals show."
        )
    return (
        "No miscalibration is shown, but calibration cannot be judged with so few customers: slope "
        f"{slope.low:.2f} to {slope.high:.2f}, intercept {intercept.low:.2f} to "
        f"{intercept.high:.2f}; {_READ}."
    )


@dataclass(frozen=True)
class CalibrationCurve:
    """How the share that leaves goes with the risk, and how far that is from the risk itself.

    `points` has predicted (risk), observed (share that leaves at that risk), low and high (at each
    risk by itself); `distribution` has from, to (risk) and customers; `ici` is the integrated
    calibration index. Without a curve `points` is empty and `reason` says why.
    """

    points: pd.DataFrame
    distribution: pd.DataFrame
    ici: Estimate
    ici_by_chance: float
    reason: str


_DRAWS = 400  # of the curve: its spread is known to some 4 %
_FINE = 200  # bins of risk that the curve is fitted to: far finer than it can bend


def calibration_curve(
    churned: ArrayLike, risk: ArrayLike, *, level: float = 0.95, seed: int = 0
) -> CalibrationCurve:
    """Smooth calibration curve with a pointwise band, and the integrated calibration index.

    logit P(churned) is a restricted cubic spline of logit(risk) (Harrell 2015, ch. 2 and 10), with
    five knots from 100 leavers and as many stayers, else three; on the counts of up to 200 fine
    bins of risk, so that a million customers cost little. The band is Wald's on the logit.

    ICI = mean |curve - risk| over the customers (Austin & Steyerberg 2019), 0 is perfect. As noise
    alone makes it positive, `ici_by_chance` is its mean for right risks, and its interval goes from
    ICI - bias - z sd to ICI + z sd, bias and sd from normal draws of the curve; it begins at 0
    where right risks give as much with a chance of (1 - level) / 2 or more.
    No curve for constant risks, fewer than 10 leavers or stayers, or risks that separate them.
    """
    y, p = np.asarray(churned, dtype=bool), np.asarray(risk, dtype=float)
    n, rarer = len(y), int(min(y.sum(), (~y).sum()))
    odds = log_odds(p)
    x, size, left = _fine_bins(y, odds)
    distribution = _distribution(p)
    if len(x) < 2 or rarer < MIN_GROUP:
        reason = "constant risks" if len(x) < 2 else f"fewer than {MIN_GROUP} left or stayed"
        return _no_curve(distribution, level, n, reason)
    share = np.array([0.05, 0.275, 0.5, 0.725, 0.95] if rarer >= 100 else [0.1, 0.5, 0.9])
    knots = np.unique(np.quantile(odds, share))
    try:
        fit = _counted_fit(left, size - left, _spline(x, knots))
        index = _integrated_index(x, size, _spline(x, knots), fit, level=level, seed=seed)
    except ValueError:
        return _no_curve(distribution, level, n, "risks that separate leavers from stayers")
    least, most = log_odds(np.quantile(p, [0.005, 0.995]))
    grid = np.linspace(least, most, 101)
    design = _spline(grid, knots)
    middle = design @ fit[0]
    margin = ndtri(0.5 + level / 2) * np.sqrt(np.sum(design @ fit[1] * design, axis=1))
    bounds = {"observed": middle, "low": middle - margin, "high": middle + margin}
    points = pd.DataFrame({"predicted": grid} | bounds).apply(expit)
    return CalibrationCurve(points, distribution, *index, "")


def _no_curve(distribution: pd.DataFrame, level: float, n: int, reason: str) -> CalibrationCurve:
    none = Estimate(None, None, None, level, n, f"no calibration curve: {reason}")
    points = pd.DataFrame(columns=["predicted", "observed", "low", "high"], dtype=float)
    return CalibrationCurve(points, distribution, none, np.nan, none.method)


def _fine_bins(
    y: NDArray[np.bool_], x: FloatArray
) -> tuple[FloatArray, NDArray[np.int64], FloatArray]:
    """Mean log odds, customers and leavers of fine bins of equal size, equal risks together."""
    edges = np.unique(np.quantile(x, np.linspace(0, 1, _FINE + 1)))
    bins = np.unique(np.searchsorted(edges[1:-1], x, side="right"), return_inverse=True)[1]
    size = np.bincount(bins)
    left = np.bincount(bins, weights=y).astype(float)
    return np.bincount(bins, weights=x) / size, size.astype(np.int64), left


def _distribution(p: FloatArray) -> pd.DataFrame:
    customers, edges = np.histogram(p, bins=50, range=(0, 1))
    return pd.DataFrame({"from": edges[:-1], "to": edges[1:], "customers": customers})


def _spline(x: FloatArray, knots: FloatArray) -> FloatArray:
    """1, x and Harrell's (2015, eq. 2.25) cubic terms, straight beyond the outer knots."""
    columns = [np.ones_like(x), x]
    for knot in knots[:-2]:
        cubes = [np.maximum(x - one, 0) ** 3 for one in (knot, *knots[-2:])]
        end = knots[-1] - knots[-2]
        bend = (knots[-1] - knot) / end, (knots[-2] - knot) / end
        columns.append(
            (cubes[0] - cubes[1] * bend[0] + cubes[2] * bend[1]) / (knots[-1] - knots[0]) ** 2
        )
    return np.column_stack(columns)


def _counted_fit(
    left: FloatArray, stayed: FloatArray, design: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Coefficients of a logistic regression of counts, and their covariance."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            fit = GLM(np.column_stack([left, stayed]), design, family=Binomial()).fit(maxiter=50)
            return np.asarray(fit.params), np.asarray(fit.cov_params())
        except (Warning, np.linalg.LinAlgError) as problem:
            raise ValueError("The risks separate leavers from stayers.") from problem


def _integrated_index(
    x: FloatArray,
    size: NDArray[np.int64],
    design: FloatArray,
    fit: tuple[FloatArray, FloatArray],
    *,
    level: float,
    seed: int,
) -> tuple[Estimate, float]:
    """The ICI with its interval, and its mean where the risks are right."""
    n, (params, covariance) = int(size.sum()), fit
    risk, weight, middle = expit(x), size / size.sum(), design @ params
    right = np.linalg.inv(design.T * (size * risk * (1 - risk)) @ design)
    draws = np.random.default_rng(seed).normal(size=(_DRAWS, len(params)))
    away, away_right = (draws @ np.linalg.cholesky(one).T @ design.T for one in (covariance, right))
    ici = float(np.abs(expit(middle) - risk) @ weight)
    chance = np.abs(expit(x + away_right) - risk) @ weight
    drawn = np.abs(expit(middle + away) - risk) @ weight
    margin = ndtri(0.5 + level / 2) * drawn.std(ddof=1)
    told = np.mean(chance >= ici) < (1 - level) / 2
    low = max(0.0, 2 * ici - drawn.mean() - margin) if told else 0.0
    method = "integrated calibration index, bias-corrected normal interval from draws"
    return Estimate(ici, low, float(ici + margin), level, n, method), float(chance.mean())
