"""Do low ratings of a driver cost more than high ones gain? Penalties and rewards."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from cxlib.drivers.answers import Answers, chunks
from cxlib.inference import MIN_GROUP, holm

FloatArray = NDArray[np.float64]

BASIC, PERFORMANCE, EXCITEMENT = "basic", "performance", "excitement"
UNCLEAR = "not told apart"
ALIKE = 1 / 3  # |penalty - reward| up to this share of their sum: neither is twice the other
LONG_SCALE = 6  # high - low above it: the top two answers are high, else the top one


@dataclass(frozen=True)
class Asymmetry:
    """Penalties and rewards of the drivers of an outcome.

    `summary` has one row a driver: n_low, n_middle, n_high; penalty, reward and asymmetry (each
    with _low, _high, in points of the outcome); p and p_holm of the asymmetry; kind; note, which
    says why figures are missing. `rule` says which ratings are low and high.
    """

    outcome_name: str
    summary: pd.DataFrame
    rule: str
    n: int
    level: float
    method: str

    @property
    def sentence(self) -> str:
        """Which drivers are of which kind, for a manager."""
        says = {
            BASIC: "a low rating costs more than a high one gains (basic)",
            PERFORMANCE: "low and high ratings count about alike (performance)",
            EXCITEMENT: "a high rating gains more than a low one costs (excitement)",
            UNCLEAR: "these answers do not tell",
        }
        parts = []
        for kind, meaning in says.items():
            names = [str(name) for name in self.summary.index[self.summary["kind"] == kind]]
            if names:
                parts.append(f"{meaning}: {', '.join(names)}")
        few = [str(name) for name in self.summary.index[self.summary["kind"] == ""]]
        if few:
            parts.append(f"not shown, see the note: {', '.join(few)}")
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."


def penalty_reward(
    answers: Answers, *, scale: tuple[float, float], level: float = 0.95
) -> Asymmetry:
    """Penalty and reward of each driver (penalty-reward contrasts, Brandt 1987).

    One (weighted) least-squares regression of the outcome on two dummies a driver. With a scale
    from a to b a rating is low below the middle (a + b) / 2, high at b (on scales of more than
    seven points at b - 1 or b), and in between the reference. The penalty is the coefficient of
    low, the reward that of high, all other drivers alike; intervals are t with the
    heteroskedasticity-consistent variance HC3 (MacKinnon & White 1985; with weights w the squared
    residuals get w^2, Binder 1983). asymmetry = -penalty - reward, which is |penalty| - reward when
    a low rating costs and a high one gains.

    kind: basic or excitement where the asymmetry surely differs from zero (p_holm, Holm over the
    drivers), performance where surely neither effect is more than twice the other (two one-sided
    tests), else not told apart. A driver with fewer than 10 low, middle or high answers has no
    figures, but stays in the regression. The kinds depend on where low and high begin and on which
    drivers are asked (Mikulic & Prebezac 2011): read them beside the rule, not without it.
    """
    low, high = scale
    middle, top = (low + high) / 2, high if high - low <= LONG_SCALE else high - 1
    p = len(answers.drivers)
    fit = _regression(answers, middle, top)

    at_low, at_high = np.arange(1, p + 1), np.arange(p + 1, 2 * p + 1)

    def combined(of_low: float, of_high: float) -> tuple[FloatArray, FloatArray]:
        """of_low * penalty + of_high * reward of each driver, and its standard error."""
        value = of_low * fit.coefficients[at_low] + of_high * fit.coefficients[at_high]
        v = fit.variance
        square = of_low**2 * v[at_low, at_low] + of_high**2 * v[at_high, at_high]
        square += 2 * of_low * of_high * v[at_low, at_high]
        return value, np.sqrt(np.maximum(square, 0))

    n_low, n_high = fit.counts[at_low], fit.counts[at_high]
    n_middle = answers.complete - n_low - n_high
    note = _notes(n_low, n_middle, n_high, fit.determined[at_low] & fit.determined[at_high])
    shown = note == ""
    columns = {"n_low": n_low, "n_middle": n_middle, "n_high": n_high}
    quantile = stdtrit(fit.freedom, 0.5 + level / 2)
    for name, weights in {"penalty": (1, 0), "reward": (0, 1), "asymmetry": (-1, -1)}.items():
        value, error = combined(*weights)
        columns |= {
            name: np.where(shown, value, np.nan),
            f"{name}_low": np.where(shown, value - quantile * error, np.nan),
            f"{name}_high": np.where(shown, value + quantile * error, np.nan),
        }
    asymmetry, error = combined(-1, -1)
    t = np.divide(asymmetry, error, out=np.zeros(p), where=error > 0)
    p_value = np.where(shown, 2 * stdtr(fit.freedom, -np.abs(t)), np.nan)
    adjusted = holm(p_value)
    one_sided = stdtrit(fit.freedom, level)
    # -penalty - reward - ALIKE * (reward - penalty) below 0, and + ALIKE above 0.
    above, above_error = combined(-1 + ALIKE, -1 - ALIKE)
    below, below_error = combined(-1 - ALIKE, -1 + ALIKE)
    alike = (above + one_sided * above_error < 0) & (below - one_sided * below_error > 0)
    sure = adjusted < 1 - level
    kind = np.select(
        [~shown, sure & (asymmetry > 0), sure & (asymmetry < 0), alike],
        ["", BASIC, EXCITEMENT, PERFORMANCE],
        UNCLEAR,
    )
    summary = pd.DataFrame(columns, index=pd.Index(answers.drivers, name="driver"))
    summary = summary.assign(p=p_value, p_holm=adjusted, kind=kind, note=note)
    prefix = "weighted " if answers.weighted else ""
    return Asymmetry(
        outcome_name=answers.outcome_name,
        summary=summary,
        rule=(
            f"on the scale {low:g} to {high:g}, a low rating is below {middle:g} and a high one "
            f"{top:g}{' or more' * (top < high)}; ratings between are the reference"
        ),
        n=answers.complete,
        level=level,
        method=f"{prefix}regression on low and high dummies of all drivers, HC3 t intervals",
    )


@dataclass(frozen=True)
class _Fit:
    """Least squares on (1, low dummies, high dummies): what penalties and rewards are made of."""

    coefficients: FloatArray
    variance: FloatArray
    counts: NDArray[np.int64]
    determined: NDArray[np.bool_]
    freedom: int


def _regression(answers: Answers, middle: float, top: float) -> _Fit:
    """Weighted least squares with HC3 variance, in two passes over chunks of rows."""
    size = 2 * len(answers.drivers) + 1

    def design(rows: slice) -> FloatArray:
        ratings = answers.ratings[rows]
        return np.hstack([np.ones((len(ratings), 1)), ratings < middle, ratings >= top])

    gram, cross, counts = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for rows in chunks(answers):
        x = design(rows)
        weighted = x * answers.weights[rows, None]
        gram += weighted.T @ x
        cross += weighted.T @ answers.outcome[rows]
        counts += x.sum(axis=0)
    inverse = np.linalg.pinv(gram, rcond=1e-10, hermitian=True)
    coefficients = inverse @ cross
    meat = np.zeros((size, size))
    for rows in chunks(answers):
        x, w = design(rows), answers.weights[rows]
        leverage = w * np.einsum("ij,ij->i", x @ inverse, x)
        # An answer alone in its dummy fits exactly: its residual is 0 and says nothing.
        residual = (answers.outcome[rows] - x @ coefficients) / np.maximum(1 - leverage, 1e-6)
        scores = x * (w * residual)[:, None]
        meat += scores.T @ scores
    return _Fit(
        coefficients=coefficients,
        variance=inverse @ meat @ inverse,
        counts=counts.astype(np.int64),
        determined=np.abs(inverse @ gram - np.eye(size)).max(axis=0) < 1e-6,
        freedom=max(answers.complete - int(np.linalg.matrix_rank(gram, hermitian=True)), 1),
    )


def _notes(
    n_low: NDArray, n_middle: NDArray, n_high: NDArray, determined: NDArray[np.bool_]
) -> NDArray:
    """Why a driver has no figures; empty where it has."""
    return np.select(
        [n_low < MIN_GROUP, n_high < MIN_GROUP, n_middle < MIN_GROUP, ~determined],
        [
            f"fewer than {MIN_GROUP} low ratings",
            f"fewer than {MIN_GROUP} high ratings",
            f"fewer than {MIN_GROUP} ratings between low and high",
            "its low or high ratings are those of other drivers: not determined",
        ],
        "",
    )
