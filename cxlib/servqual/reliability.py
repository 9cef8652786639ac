"""Reliability of the answers: do the items of a dimension measure one thing, and how exactly?

Survey weights, where given, count an answer w times; a weight that is missing or zero counts as no
answer. Intervals are linearized (Taylor) and distribution-free: with u_i what respondent i does to
an estimate (its influence), the variance is n / (n - 1) * sum(w^2 u^2) / sum(w)^2, as in
`inference.mean_interval`. Answers with a ceiling are neither normal nor parallel, and the classical
intervals that take them so are too narrow. Only respondents who answered all items of a dimension
count, and n says how many they are.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from cxlib.inference import MIN_GROUP, Estimate, FloatArray, effective_size
from cxlib.servqual.factors import fit_factors
from cxlib.servqual.gaps import Dimensions, Scores

DIFFERENCE_CRITIQUE = (
    "A gap is a difference of two answers that go together, so it keeps the errors of both and"
    " loses what they share: it is less reliable than either, and where expectations hardly vary it"
    " says little that perceptions do not (Peter, Churchill & Brown 1993)."
)


@dataclass(frozen=True)
class OneFactor:
    """What a single factor makes of the items of a dimension.

    `loadings`: a row an item: loading (standardized, -1 to 1), uniqueness (the share of its
    variance that is its own), improper (a Heywood case). `omega`, `composite_reliability` and
    `variance_extracted` as in `one_factor`.
    """

    loadings: pd.DataFrame
    omega: Estimate
    composite_reliability: Estimate
    variance_extracted: Estimate

    @property
    def figures(self) -> dict[str, Estimate]:
        """The three figures by their names."""
        return {
            "omega": self.omega,
            "composite reliability": self.composite_reliability,
            "average variance extracted": self.variance_extracted,
        }

    @property
    def summary(self) -> pd.DataFrame:
        """The three figures: a row each with value, low, high, n, method."""
        rows = [[one.value, one.low, one.high, one.n, one.method] for one in self.figures.values()]
        columns = ["value", "low", "high", "n", "method"]
        numbers = dict.fromkeys(columns[:3], float)
        return pd.DataFrame(rows, index=list(self.figures), columns=columns).astype(numbers)


def cronbach_alpha(
    answers: pd.DataFrame, *, weights: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Cronbach's alpha of k items (Cronbach 1951) with a distribution-free interval.

    alpha = k / (k - 1) * (1 - V / T), over the n respondents who answered all k items; V is the sum
    of the items' variances, T the variance of their sum. The interval is alpha +- z se, cut at 1,
    with the asymptotically distribution-free se (Maydeu-Olivares, Coffman & Hartmann 2007): with
    v_r and t_r the squared deviations of respondent r that make up V and T, the influence is
    k / (k - 1) * (V t_r - T v_r) / T^2. Fewer than two items, fewer than two complete respondents
    or a constant sum give no value; fewer than 10 complete respondents or proportional items give
    no interval.
    """
    complete, w = _complete(answers, weights)
    n, k = complete.shape
    if k < 2:
        return Estimate(None, None, None, level, n, "no alpha: a single item")
    deviations = complete - np.average(complete, axis=0, weights=w) if n else complete
    whole, own = deviations.sum(axis=1) ** 2, (deviations**2).sum(axis=1)
    if n < 2 or np.ptp(complete.sum(axis=1)) == 0:
        return Estimate(None, None, None, level, n, "no alpha: too few or constant answers")
    reliable = k / (k - 1) * (whole - own)
    return _ratio(reliable, whole, w, level, "Cronbach's alpha")


def one_factor(
    answers: pd.DataFrame, *, weights: ArrayLike | None = None, level: float = 0.95
) -> OneFactor:
    """McDonald's omega, composite reliability and variance extracted of a one-factor model.

    The model is x_j = l_j f + e_j with var(e_j) = p_j, fitted by maximum likelihood to the
    (weighted) covariances. Omega (McDonald 1999), the reliability of the sum of the answers as they
    are: (sum l)^2 / ((sum l)^2 + sum p); it is alpha where all loadings are equal, else alpha is
    lower. With m_j = l_j / sd_j the standardized loadings, composite reliability (Fornell & Larcker
    1981) is (sum m)^2 / ((sum m)^2 + sum (1 - m^2)): omega of the sum of standardized answers, so
    the two differ only where the items' variances do. The average variance extracted is the mean of
    m^2. Loadings are signed to sum to no less than zero; an item keyed the other way has a negative
    one and lowers both reliabilities.

    The intervals are delta-method ones on log(1 - figure), which keeps them below 1, with the
    sandwich standard error of pseudo-maximum likelihood (White 1982; weights as in Skinner 1989),
    right also where the answers are not normal and one factor is not the truth. With fewer than
    three items the model is not identified. Constant items, a linear dependence among the items or
    a search that fails give no value either. A Heywood case (an item whose unique variance is
    driven to zero) gives a value without interval; so do fewer than 10 complete respondents and a
    model that these data leave undetermined. Each `method` says so.
    """
    complete, w = _complete(answers, weights)
    n, k = complete.shape
    spread = complete.std(axis=0) if n else np.zeros(k)
    if k < 3:
        return _no_factor("not identified with fewer than three items", n, level)
    if n <= k:
        return _no_factor("too few respondents who answered all items", n, level)
    if (spread < 1e-9).any():
        return _no_factor("an item has the same answer from all", n, level)
    deviations = complete - np.average(complete, axis=0, weights=w)
    covariance = (deviations * (w / w.sum())[:, None]).T @ deviations
    sd = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(sd, sd)
    if np.linalg.eigvalsh(correlations)[0] < 1e-8:
        return _no_factor("some items follow exactly from the others", n, level)
    try:
        fit = fit_factors(correlations, 1)
    except RuntimeError:
        return _no_factor("the factor model did not converge", n, level)
    improper = fit.improper
    loadings = pd.DataFrame(
        {"loading": fit.loadings[:, 0], "uniqueness": fit.uniquenesses, "improper": improper},
        index=answers.columns,
    )
    theta = np.concatenate([sd * fit.loadings[:, 0], sd**2 * fit.uniquenesses])
    figures = _factor_figures(theta)
    # Complex steps (Squire & Trapp 1998) are derivatives exact to rounding.
    steps = theta + 1e-30j * np.eye(2 * k)
    gradient = np.array([_factor_figures(step).imag / 1e-30 for step in steps])
    influence = None
    if effective_size(w) < MIN_GROUP:
        reason = f"fewer than {MIN_GROUP} (effective) respondents"
    elif improper.any():
        named = ", ".join(str(name) for name in answers.columns[improper])
        reason = f"improper solution, no unique variance is left to {named} (Heywood case)"
    else:
        reason = "these answers leave the loadings undetermined"
        influence = _influence(theta, gradient, deviations, covariance)
    estimates = []
    for place, figure in enumerate(figures):
        if influence is None or figure > 1 - 1e-9:
            method = f"one-factor model, no interval: {reason}"
            estimates.append(Estimate(float(figure), None, None, level, n, method))
            continue
        error = _linearized_error(influence[:, place], w)
        factor = np.exp(float(ndtri(0.5 + level / 2)) * error / (1 - figure))
        low, high = 1 - (1 - figure) * factor, 1 - (1 - figure) / factor
        method = f"one-factor model, {_weighted(w)}robust delta interval"
        estimates.append(Estimate(float(figure), float(low), float(high), level, n, method))
    return OneFactor(loadings, *estimates)


def alpha_table(
    items: Scores,
    dimensions: Dimensions,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Cronbach's alpha of each dimension and of all items, for expectation, perception and gap.

    Returns a row a dimension and answer: dimension, answer, items, n (complete respondents), alpha,
    low, high, method. The alpha of all items is for comparison: it is high for any long
    questionnaire. A gap is a difference of two correlated answers and so less reliable than each.
    """
    groups = dict(dimensions) | {"all items": [i for ids in dimensions.values() for i in ids]}
    rows = []
    for dimension, members in groups.items():
        for answer, frame in _answers(items).items():
            alpha = cronbach_alpha(frame[list(members)], weights=weights, level=level)
            row = {"dimension": dimension, "answer": answer, "items": len(members), "n": alpha.n}
            row |= {"alpha": alpha.value, "low": alpha.low, "high": alpha.high}
            rows.append(row | {"method": alpha.method})
    numbers = dict.fromkeys(["alpha", "low", "high"], float)
    return pd.DataFrame(rows).astype(numbers)


def reliability_table(
    answers: pd.DataFrame,
    dimensions: Dimensions,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Alpha, omega, composite reliability and variance extracted of each dimension's answers.

    `answers`: a column an item: perceptions, expectations or gaps. Returns a row a dimension and
    figure: dimension, figure ("alpha", "omega", "composite reliability", "average variance
    extracted"), items, n (complete respondents), value, low, high, method; see `cronbach_alpha` and
    `one_factor`.
    """
    rows = []
    for dimension, members in dimensions.items():
        chosen = answers[list(members)]
        factor = one_factor(chosen, weights=weights, level=level)
        figures = {"alpha": cronbach_alpha(chosen, weights=weights, level=level)}
        figures |= factor.figures
        for name, one in figures.items():
            row = {"dimension": dimension, "figure": name, "items": len(members), "n": one.n}
            row |= {"value": one.value, "low": one.low, "high": one.high, "method": one.method}
            rows.append(row)
    order = ["dimension", "figure", "items", "n", "value", "low", "high", "method"]
    numbers = dict.fromkeys(["value", "low", "high"], float)
    return pd.DataFrame(rows, columns=order).astype(numbers)


def item_table(
    answers: pd.DataFrame,
    dimensions: Dimensions,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """How each item goes with the others of its dimension.

    Returns a row an item: dimension, item, n (complete respondents), r (the corrected item-total
    correlation: with the sum of the dimension's other items) with r_low, r_high (made for
    atanh(r), with a distribution-free linearized error), and alpha_if_deleted with alpha_low,
    alpha_high. Missing where there is none: a single item, a constant item or rest, fewer than 10
    complete respondents (no interval), fewer than three items (no alpha without one of them).
    """
    rows = []
    for dimension, members in dimensions.items():
        complete, w = _complete(answers[list(members)], weights)
        n, k = complete.shape
        deviations = complete - np.average(complete, axis=0, weights=w) if n else complete
        total, own = deviations.sum(axis=1), (deviations**2).sum(axis=1)
        for place, item in enumerate(members):
            one = deviations[:, place]
            rest = total - one
            row = {"dimension": dimension, "item": item, "n": n}
            row |= dict(
                zip(["r", "r_low", "r_high"], _correlation(one, rest, w, level), strict=True)
            )
            if k > 2 and n > 1 and np.ptp(rest) > 1e-9:
                alone = (k - 1) / (k - 2) * (rest**2 - own + one**2)
                alpha = _ratio(alone, rest**2, w, level, "")
                row |= {"alpha_if_deleted": alpha.value}
                row |= {"alpha_low": alpha.low, "alpha_high": alpha.high}
            rows.append(row)
    numbers = ["r", "r_low", "r_high", "alpha_if_deleted", "alpha_low", "alpha_high"]
    order = ["dimension", "item", "n", *numbers]
    return pd.DataFrame(rows, columns=order).astype(dict.fromkeys(numbers, float))


def difference_reliability(
    items: Scores,
    dimensions: Dimensions,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """The reliability of each dimension's gap, from that of its two parts.

    r_d = (s_e^2 r_ee + s_p^2 r_pp - 2 r_ep s_e s_p) / (s_e^2 + s_p^2 - 2 r_ep s_e s_p) (Johns 1981;
    Peter, Churchill & Brown 1993), with s the standard deviations of the dimension's mean
    expectation and perception, r_ee and r_pp their Cronbach's alphas and r_ep their correlation,
    over the n respondents who answered all its items. It takes it that errors of expectation and
    perception are unrelated; alpha of the gap (gap_alpha) does not. Where the same wording makes
    the two errors of an item go together, they cancel in the gap, so gap_alpha lies above r_d; an
    r_d near or below zero says that they do.

    Returns a row a dimension: n, expectation_alpha, perception_alpha, correlation, expectation_sd,
    perception_sd, reliability with its linearized interval low, high, gap_alpha, and method, which
    says why where there is no figure. See `DIFFERENCE_CRITIQUE`.
    """
    rows = []
    for dimension, members in dimensions.items():
        ids, k = list(members), len(members)
        both = pd.concat([items.expectation[ids], items.perception[ids]], axis=1)
        complete, w = _complete(both, weights)
        n = len(complete)
        row: dict[str, object] = {"dimension": dimension, "n": n}
        if k < 2 or n < 2:
            reason = "a single item" if k < 2 else "too few answers"
            rows.append(row | {"method": f"no reliability: {reason}"})
            continue
        deviations = complete - np.average(complete, axis=0, weights=w)
        sums = [part.sum(axis=1) for part in (deviations[:, :k], deviations[:, k:])]
        names = ("expectation", "perception")
        for name, total, part in zip(names, sums, (complete[:, :k], complete[:, k:]), strict=True):
            alpha = cronbach_alpha(pd.DataFrame(part), weights=w, level=level).value
            sd = np.sqrt(np.average(total**2, weights=w) * n / (n - 1)) / k
            row |= {f"{name}_alpha": alpha, f"{name}_sd": sd}
        product = sums[0] * sums[1]
        scale = np.sqrt(np.prod([np.average(total**2, weights=w) for total in sums]))
        if scale > 1e-9:
            row["correlation"] = np.average(product, weights=w) / scale
        gaps = complete[:, k:] - complete[:, :k]
        gap_alpha = cronbach_alpha(pd.DataFrame(gaps), weights=w, level=level)
        squares = (sums[0] ** 2 + sums[1] ** 2) - (deviations**2).sum(axis=1)
        whole = (sums[1] - sums[0]) ** 2
        if np.average(whole, weights=w) < 1e-12:
            rows.append(row | {"method": "no reliability: the gap is the same for all"})
            continue
        found = _ratio(k / (k - 1) * squares - 2 * product, whole, w, level, "from its parts")
        row |= {"reliability": found.value, "low": found.low, "high": found.high}
        rows.append(row | {"gap_alpha": gap_alpha.value, "method": found.method})
    numbers = ["expectation_alpha", "perception_alpha", "correlation", "expectation_sd"]
    numbers += ["perception_sd", "reliability", "low", "high", "gap_alpha"]
    table = pd.DataFrame(rows, columns=["dimension", "n", *numbers, "method"])
    return table.astype(dict.fromkeys(numbers, float)).set_index("dimension")


def _answers(items: Scores) -> dict[str, pd.DataFrame]:
    return {"expectation": items.expectation, "perception": items.perception, "gap": items.gap}


def _complete(answers: pd.DataFrame, weights: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    x = answers.to_numpy(dtype=float)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(x).any(axis=1) & (w > 0)
    return x[known], w[known]


def _weighted(w: FloatArray) -> str:
    return "weighted, " if len(w) and np.ptp(w) > 0 else ""


def _linearized_error(influence: FloatArray, w: FloatArray) -> float:
    n = len(w)
    return float(np.sqrt(n / (n - 1) * np.sum((w * influence) ** 2)) / w.sum())


def _ratio(
    numerator: FloatArray, denominator: FloatArray, w: FloatArray, level: float, name: str
) -> Estimate:
    """A ratio of two weighted means that cannot pass 1, with its linearized interval."""
    n, below = len(w), np.average(denominator, weights=w)
    value = float(np.average(numerator, weights=w) / below)
    error = _linearized_error((numerator - value * denominator) / below, w)
    if effective_size(w) < MIN_GROUP or error < 1e-9:
        reason = f"fewer than {MIN_GROUP} (effective) respondents or exactly proportional answers"
        return Estimate(value, None, None, level, n, f"{name}, no interval: {reason}")
    margin = float(ndtri(0.5 + level / 2)) * error
    method = f"{name}, {_weighted(w)}distribution-free interval"
    return Estimate(value, value - margin, min(1.0, value + margin), level, n, method)


def _no_factor(reason: str, n: int, level: float) -> OneFactor:
    none = Estimate(None, None, None, level, n, f"no one-factor model: {reason}")
    loadings = pd.DataFrame(columns=["loading", "uniqueness", "improper"])
    return OneFactor(loadings, none, none, none)


def _factor_figures(theta: np.ndarray) -> np.ndarray:
    """Omega, composite reliability and variance extracted from loadings and unique variances."""
    loadings, unique = np.split(theta, 2)
    squares = loadings**2 / (loadings**2 + unique)
    standardized = loadings / np.sqrt(loadings**2 + unique)
    omega = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    shared = standardized.sum() ** 2
    return np.array([omega, shared / (shared + np.sum(1 - squares)), squares.mean()])


def _influence(
    theta: FloatArray, gradient: FloatArray, deviations: FloatArray, covariance: FloatArray
) -> FloatArray | None:
    """What each respondent does to the figures with this gradient; None if undetermined.

    With M(C) = S^-1 (C - S) S^-1 at the model's S, the log-likelihood of a respondent with cross
    products C has the slopes M(C) l and diag(M(C)) / 2; the influence is the inverse of the mean
    curvature times the slopes. The curvature is the observed one, so that it holds also where the
    model does not.
    """
    loadings, unique = np.split(theta, 2)
    k = len(loadings)
    inverse = np.linalg.inv(np.outer(loadings, loadings) + np.diag(unique))
    middle = inverse @ covariance @ inverse - inverse
    curvature = np.empty((2 * k, 2 * k))
    unit = np.eye(k)
    for j in range(2 * k):
        step = np.outer(unit[j % k], loadings if j < k else unit[j % k] / 2)
        step = step + step.T
        change = -inverse @ step @ middle - middle @ step @ inverse - inverse @ step @ inverse
        moved = change @ loadings + (middle[:, j] if j < k else 0)
        curvature[:, j] = np.concatenate([moved, np.diag(change) / 2])
    size = np.sqrt(np.abs(np.diag(curvature)))
    if np.linalg.cond(curvature / np.outer(size, size)) > 1e8:
        return None
    by_loading, by_unique = np.split(-np.linalg.solve(curvature, gradient), 2)
    scaled = deviations @ inverse
    expected = loadings @ inverse @ by_loading + np.diag(inverse) @ by_unique / 2
    influence: FloatArray = (scaled @ loadings)[:, None] * (scaled @ by_loading)
    influence += scaled**2 @ by_unique / 2 - expected
    return influence


def _correlation(
    x: FloatArray, y: FloatArray, w: FloatArray, level: float
) -> tuple[float, float, float]:
    """Correlation of two series of deviations from their means, with its interval."""
    n = len(x)
    if n < 4 or min(np.ptp(x), np.ptp(y)) < 1e-9:
        return np.nan, np.nan, np.nan
    x, y = (one / np.sqrt(np.average(one**2, weights=w)) for one in (x, y))
    r = float(np.clip(np.average(x * y, weights=w), -1, 1))
    if effective_size(w) < MIN_GROUP or 1 - abs(r) < 1e-9:
        return r, np.nan, np.nan
    error = _linearized_error(x * y - r / 2 * (x**2 + y**2), w)
    margin = float(ndtri(0.5 + level / 2)) * error / (1 - r**2)
    low, high = np.tanh(np.arctanh(r) + np.array([-margin, margin]))
    return r, float(low), float(high)
