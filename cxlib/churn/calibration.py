"""How far risks can be read as probabilities: Brier score, slope, intercept."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit

from cxlib.churn.likelihood import maximum_likelihood
from cxlib.inference import Estimate, mean_interval, wald_interval

FloatArray = NDArray[np.float64]

CALIBRATED = (0.8, 1.25)  # slope, and true odds / predicted odds, that do no harm to a decision


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
        return "The risks are " + " and ".join(findings) + ": use their order, not their size."
    least, most = CALIBRATED
    if (
        least <= slope.low
        and slope.high <= most
        and np.log(least) <= intercept.low
        and intercept.high <= np.log(most)
    ):
        return (
            "The risks can be read as probabilities: slope and odds are off by less than a factor "
            f"of {most:g}, as their intervals show."
        )
    return (
        "No miscalibration is shown, but calibration cannot be judged with so few customers: slope "
        f"{slope.low:.2f} to {slope.high:.2f}, intercept {intercept.low:.2f} to "
        f"{intercept.high:.2f}. Use the order of the risks, not their size."
    )
