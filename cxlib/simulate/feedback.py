"""Monthly feedback with ratings of six drivers, and what holds of it exactly.

A customer of age band a and channel h answers about branch b in month t. The rating of driver j is

    x_j = m_j + s (sqrt(r) f + sqrt(1 - r) e_j), rounded and cut to 1..5,

with standard normal f and e_j; the mean of waiting_time also depends on the branch and rises at
CHANGE. Outcome k is

    y_k = base_k + gain_k (age effect_a + channel effect_h + sum_j c_j(x_j)) + s_k e_k,

rounded and cut to its scale, where c_j are the driver's contributions, the sum runs over the
drivers of k, and the standard normal e_k are correlated pairwise (.5). A driver that was not used
is blank and contributes nothing. Given f the ratings are independent, so the chances of all 6^6
combinations, and with them the averages and the importance of the drivers, follow by quadrature
over f and enumeration: exactly, not from draws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from itertools import combinations, product
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.simulate.answers import FloatArray, answer_chances, answers
from cxlib.simulate.survey import BRANCH_SHARES

MONTHS = tuple(str(month) for month in pd.period_range("2024-11", "2026-10", freq="M"))
# From this month on, waiting is shorter: its ratings are higher, and so are the outcomes.
CHANGE = "2026-03"
WAITING_TIME_GAIN = 0.40

# Shares in the population, and how much likelier than others a customer is to answer: the young
# and those who use the app are over-represented, and the young are the hardest to please.
AGE_SHARES: Mapping[str, float] = {"18-29": 0.22, "30-44": 0.33, "45-59": 0.27, "60+": 0.18}
AGE_RESPONSE: Mapping[str, float] = {"18-29": 2.4, "30-44": 1.2, "45-59": 0.8, "60+": 0.5}
AGE_EFFECTS: Mapping[str, float] = {"18-29": -0.7, "30-44": -0.1, "45-59": 0.3, "60+": 0.6}
CHANNELS = ("counter", "app", "telephone")
CHANNEL_RESPONSE: Mapping[str, float] = {"counter": 1.0, "app": 1.2, "telephone": 0.8}
CHANNEL_EFFECTS: Mapping[str, float] = {"counter": 0.0, "app": 0.3, "telephone": -0.5}
# Shares of the channels within an age band, in the first and in the last month: the app grows.
CHANNEL_SHARES: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "18-29": ((0.30, 0.58, 0.12), (0.18, 0.72, 0.10)),
    "30-44": ((0.40, 0.45, 0.15), (0.27, 0.60, 0.13)),
    "45-59": ((0.55, 0.25, 0.20), (0.45, 0.37, 0.18)),
    "60+": ((0.65, 0.10, 0.25), (0.58, 0.19, 0.23)),
}
# What a branch adds to the latent rating of its waiting time.
BRANCH_WAITING: Mapping[str, float] = {
    "Bazaar": -0.10,
    "Harbour": -0.40,
    "University": 0.10,
    "Garden": 0.30,
}


@dataclass(frozen=True)
class Driver:
    """A rated driver: latent mean, what its ratings 1..5 contribute, how often it was not used.

    `kind`: "performance" (in the answers given, which have a ceiling, low ratings cost about what
    the best gains), "basic" (low ratings cost, high ones gain nothing) or "excitement" (the best
    rating gains, the others are alike). `unused`: chance of a blank by CHANNELS.
    """

    mean: float
    kind: str
    contributions: tuple[float, ...]
    unused: tuple[float, float, float]


DRIVERS: Mapping[str, Driver] = {
    "waiting_time": Driver(
        3.3, "performance", (-1.15, -0.85, -0.35, 0.15, 1.4), (0.01, 0.01, 0.01)
    ),
    "staff_help": Driver(4.1, "performance", (-0.65, -0.45, -0.15, 0.05, 0.7), (0.02, 0.12, 0.02)),
    "app": Driver(3.9, "excitement", (0.0, 0.0, 0.0, 0.0, 1.3), (0.30, 0.00, 0.25)),
    "fees": Driver(3.2, "basic", (-1.5, -1.0, 0.0, 0.0, 0.0), (0.02, 0.02, 0.02)),
    "branch_comfort": Driver(4.0, "performance", (-0.05, -0.03, 0.0, 0.0, 0.1), (0.00, 0.22, 0.20)),
    "problem_solving": Driver(
        3.6, "performance", (-0.9, -0.65, -0.2, 0.05, 1.0), (0.15, 0.15, 0.15)
    ),
}
RATING_LOW, RATING_HIGH = 1, 5
RATING_SD = 1.15
# Part of the latent variance of a rating that all ratings of a person share: their correlation.
RATING_CORRELATION = 0.40


@dataclass(frozen=True)
class Outcome:
    """A question about the whole: its scale, its latent answer, and the share left blank."""

    low: int
    high: int
    base: float
    gain: float
    noise_sd: float
    blank_rate: float
    drivers: tuple[str, ...]


OUTCOMES: Mapping[str, Outcome] = {
    "nps": Outcome(0, 10, 8.2, 1.0, 1.9, 0.015, tuple(DRIVERS)),
    "csat": Outcome(1, 5, 4.3, 0.40, 0.70, 0.015, tuple(DRIVERS)),
    "ces": Outcome(1, 7, 5.8, 0.60, 1.05, 0.03, ("waiting_time", "app", "problem_solving")),
}
# Part of the noise of an outcome that the outcomes of a person share.
NOISE_CORRELATION = 0.5

# What each answer of an outcome counts in each metric.
METRICS: Mapping[str, tuple[str, tuple[float, ...]]] = {
    "nps": ("nps", (-100.0,) * 7 + (0.0,) * 2 + (100.0,) * 2),
    "csat_mean": ("csat", (1.0, 2.0, 3.0, 4.0, 5.0)),
    "csat_top_two_share": ("csat", (0.0, 0.0, 0.0, 1.0, 1.0)),
    "ces_mean": ("ces", (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)),
    "ces_top_two_share": ("ces", (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0)),
}
QUADRATURE_NODES = 61


def feedback_responses(responses: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw responses, a row each, in the order of their dates.

    Month, age band, channel and branch are drawn with the `sample` chances of
    `expected_feedback`; the day is uniform within the month; outcomes are blank at random.

    Returns response, date (ISO), branch, channel, age_band, nps (0-10), csat (1-5), ces (1-7, high
    = easy) and the ratings of DRIVERS (1-5), NaN where blank. Raises ValueError when `responses`
    is not positive.
    """
    if responses < 1:
        raise ValueError(f"Feedback needs responses, not {responses}.")
    cells = _cells()
    edges = np.cumsum(cells["sample"].to_numpy())[:-1]
    drawn = cells.iloc[np.searchsorted(edges, rng.random(responses), side="right")]
    first = drawn["month"].to_numpy().astype("datetime64[M]")
    days = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(int)
    dates = first.astype("datetime64[D]") + np.floor(rng.random(responses) * days).astype(int)

    common = np.sqrt(RATING_CORRELATION) * rng.standard_normal((responses, 1))
    own = np.sqrt(1 - RATING_CORRELATION) * rng.standard_normal((responses, len(DRIVERS)))
    means = np.tile([driver.mean for driver in DRIVERS.values()], (responses, 1))
    means[:, list(DRIVERS).index("waiting_time")] += (
        drawn["branch"].map(BRANCH_WAITING) + WAITING_TIME_GAIN * (drawn["month"] >= CHANGE)
    ).to_numpy()
    ratings = answers(means + RATING_SD * (common + own), RATING_LOW, RATING_HIGH)
    unused = np.array([driver.unused for driver in DRIVERS.values()])
    channel_of = drawn["channel"].map(CHANNELS.index).to_numpy()
    ratings[rng.random(ratings.shape) < unused[:, channel_of].T] = np.nan

    levels = np.where(np.isnan(ratings), 0, ratings).astype(int)
    effects = drawn["age_band"].map(AGE_EFFECTS) + drawn["channel"].map(CHANNEL_EFFECTS)
    shared = rng.standard_normal(responses)
    given = {}
    for name, outcome in OUTCOMES.items():
        contributed = sum(
            (row[level] for row, level in zip(_contributions(outcome), levels.T, strict=True)),
            np.zeros(responses),
        )
        noise = np.sqrt(NOISE_CORRELATION) * shared
        noise += np.sqrt(1 - NOISE_CORRELATION) * rng.standard_normal(responses)
        latent = outcome.base + outcome.gain * (effects.to_numpy() + contributed)
        latent += outcome.noise_sd * noise
        given[name] = answers(latent, outcome.low, outcome.high)
        given[name][rng.random(responses) < outcome.blank_rate] = np.nan

    frame = pd.DataFrame({"date": dates.astype(str)})
    frame = frame.join(drawn[["branch", "channel", "age_band"]].reset_index(drop=True))
    frame = frame.assign(**given).join(pd.DataFrame(ratings, columns=list(DRIVERS)))
    frame = frame.sort_values("date", kind="stable", ignore_index=True)
    width = len(str(responses))
    ids = [f"R{number:0{width}d}" for number in range(1, responses + 1)]
    frame.insert(0, "response", ids)
    return frame


def expected_feedback() -> pd.DataFrame:
    """What the answers of each kind of customer are on average, exactly.

    Returns month, age_band, channel, branch, their chances `population` (every month counts the
    same) and `sample` (among responses), and the METRICS: nps (points), means, and shares of the
    two highest answers. Blanks of an outcome are at random and change nothing.
    """
    cells = _cells().assign(after=lambda frame: frame["month"] >= CHANGE)
    kinds = ["after", "branch", "channel", "age_band"]
    rows = []
    for after, branch, channel in product((False, True), BRANCH_SHARES, CHANNELS):
        chances = combination_chances(branch, channel, after).ravel()
        for age in AGE_SHARES:
            row: dict[str, object] = dict(zip(kinds, (after, branch, channel, age), strict=True))
            for metric, (name, counts) in METRICS.items():
                values, place = _totals(name)
                share = np.bincount(place, chances)
                row[metric] = share @ _outcome_chances(name, values, age, channel) @ counts
            rows.append(row)
    return cells.merge(pd.DataFrame(rows), on=kinds, validate="many_to_one").drop(columns="after")


def expected_metrics(expected: pd.DataFrame, by: Iterable[str], chances: str) -> pd.DataFrame:
    """Average the METRICS of `expected_feedback` by columns, with `population` or `sample` chances.

    Returns the columns `by`, share (of all chances) and the metrics.
    """
    keys = [expected[column] for column in by]
    weighted = expected[list(METRICS)].mul(expected[chances], axis=0).groupby(keys).sum()
    share = expected[chances].groupby(keys).sum()
    metrics = weighted.div(share, axis=0)
    metrics.insert(0, "share", share)
    return metrics.reset_index()


def nps_change_at_fixed_mix() -> float:
    """How many points shorter waiting adds to the population's NPS, the mix of customers held."""
    expected = expected_feedback()
    kinds = ["age_band", "channel", "branch"]
    after = expected["month"] >= CHANGE
    mix = expected.groupby(kinds)["population"].sum()
    later, earlier = (expected[rows].groupby(kinds)["nps"].first() for rows in (after, ~after))
    return float(((later - earlier) * mix).sum())


def population_margins() -> dict[str, dict[str, float]]:
    """The known shares of age bands and channels in the population, over the whole period."""
    cells = _cells()
    return {
        column: {
            str(value): float(rows["population"].sum())
            for value, rows in cells.groupby(column, sort=False)
        }
        for column in ("age_band", "channel")
    }


def driver_importance(outcome: str) -> pd.DataFrame:
    """How the explained variance of an outcome divides over the drivers, exactly.

    Among responses, as they are expected to come, in which all six drivers are rated: lmg, the mean
    over all orders of entry of the R squared that a driver adds to those before it (Lindeman,
    Merenda & Gold 1980), lmg_share (their sum is 1), mean_rating, and the driver's kind. The sum
    of lmg is the R squared of the linear regression of the outcome on the six ratings.
    """
    names = list(DRIVERS)
    rated = _rated(outcome)
    means, covariance, with_outcome = _moments(rated.ratings, rated)
    mean = rated.chances @ rated.mean
    variance = rated.chances @ rated.mean_square - mean**2

    def r_squared(subset: tuple[int, ...]) -> float:
        entered = list(subset)
        solved = np.linalg.solve(covariance[np.ix_(entered, entered)], with_outcome[entered])
        return float(with_outcome[entered] @ solved / variance)

    lmg = np.zeros(len(names))
    for driver in range(len(names)):
        others = [other for other in range(len(names)) if other != driver]
        for size in range(len(names)):
            added = [
                r_squared((*before, driver)) - r_squared(before)
                for before in combinations(others, size)
            ]
            lmg[driver] += sum(added) / comb(len(others), size) / len(names)
    return pd.DataFrame(
        {
            "driver": names,
            "kind": [driver.kind for driver in DRIVERS.values()],
            "mean_rating": means,
            "lmg": lmg,
            "lmg_share": lmg / lmg.sum(),
        }
    )


def driver_asymmetry(outcome: str) -> pd.DataFrame:
    """Penalty and reward of each driver, exactly, among the same responses.

    The coefficients of the linear regression of the outcome on two dummies a driver (Brandt 1987):
    penalty of a rating of 1 or 2, reward of 5, both against 3 or 4.
    """
    rated = _rated(outcome)
    middle = (RATING_LOW + RATING_HIGH) / 2
    dummies = np.hstack([rated.ratings < middle, rated.ratings == RATING_HIGH]).astype(float)
    _, covariance, with_outcome = _moments(dummies, rated)
    penalty, reward = np.linalg.solve(covariance, with_outcome).reshape(2, -1)
    return pd.DataFrame({"driver": list(DRIVERS), "penalty": penalty, "reward": reward})


@dataclass(frozen=True)
class _Rated:
    """Every combination of six ratings: its chance, and the outcome's mean and mean square."""

    ratings: FloatArray
    chances: FloatArray
    mean: FloatArray
    mean_square: FloatArray


@cache
def _rated(outcome: str) -> _Rated:
    """Of the responses, as they are expected to come, in which all six drivers are rated."""
    levels = range(RATING_LOW, RATING_HIGH + 1)
    ratings = np.array(list(product(levels, repeat=len(DRIVERS))), dtype=float)
    scores = np.arange(OUTCOMES[outcome].low, OUTCOMES[outcome].high + 1)
    used = (slice(1, None),) * len(DRIVERS)
    values, place = _totals(outcome)
    place = place.reshape((RATING_HIGH + 1,) * len(DRIVERS))[used].ravel()
    chances, first, second = np.zeros((3, len(ratings)))
    cells = _cells().assign(after=lambda frame: frame["month"] >= CHANGE)
    kinds = ["after", "branch", "channel", "age_band"]
    weights = cells.groupby(kinds, as_index=False)["sample"].sum()
    for after, branch, channel, age, weight in weights.itertuples(index=False):
        chance = weight * combination_chances(branch, channel, after)[used].ravel()
        answer = _outcome_chances(outcome, values, age, channel)
        chances += chance
        first += chance * (answer @ scores)[place]
        second += chance * (answer @ scores**2)[place]
    return _Rated(ratings, chances / chances.sum(), first / chances, second / chances)


def _moments(predictors: FloatArray, rated: _Rated) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Means, covariances, and covariances with the outcome, of functions of the ratings."""
    means = rated.chances @ predictors
    covariance = (predictors.T * rated.chances) @ predictors - np.outer(means, means)
    with_outcome = predictors.T @ (rated.chances * rated.mean) - means * (
        rated.chances @ rated.mean
    )
    return means, covariance, with_outcome


@cache
def combination_chances(branch: str, channel: str, after: bool) -> FloatArray:
    """Chance of each combination of ratings, shape (6,) * 6; place 0 of an axis: not used."""
    nodes, node_weights = np.polynomial.hermite_e.hermegauss(QUADRATURE_NODES)
    means = np.array([driver.mean for driver in DRIVERS.values()])
    means[list(DRIVERS).index("waiting_time")] += BRANCH_WAITING[branch] + WAITING_TIME_GAIN * after
    rated = answer_chances(
        means + RATING_SD * np.sqrt(RATING_CORRELATION) * nodes[:, None],
        RATING_SD * np.sqrt(1 - RATING_CORRELATION),
        RATING_LOW,
        RATING_HIGH,
    )
    place = CHANNELS.index(channel)
    unused = np.array([driver.unused[place] for driver in DRIVERS.values()])[:, None]
    blank = np.broadcast_to(unused, (*rated.shape[:-1], 1))
    levels = np.concatenate([blank, (1 - unused) * rated], axis=-1)
    # A product of two halves is far cheaper than one array over nodes and all combinations.
    left, right = (
        np.einsum("na,nb,nc->nabc", *half).reshape(len(nodes), -1)
        for half in (levels[:, :3].swapaxes(0, 1), levels[:, 3:].swapaxes(0, 1))
    )
    chances: FloatArray = (left.T * (node_weights / node_weights.sum())) @ right
    return chances.reshape((RATING_HIGH + 1,) * len(DRIVERS))


def _contributions(outcome: Outcome) -> FloatArray:
    """What each level of each driver adds, shape (drivers, 6); level 0: not used."""
    return np.array(
        [
            (0.0, *(value * (name in outcome.drivers) for value in driver.contributions))
            for name, driver in DRIVERS.items()
        ]
    )


@cache
def _totals(outcome: str) -> tuple[FloatArray, NDArray[np.intp]]:
    """The different sums of contributions, and which of them each combination of levels has."""
    sums = reduce(np.add.outer, _contributions(OUTCOMES[outcome])).ravel()
    values, place = np.unique(sums.round(6), return_inverse=True)
    return values, place


def _outcome_chances(outcome: str, contributed: FloatArray, age: str, channel: str) -> FloatArray:
    """Chance of each answer, shape (contributed, answers)."""
    asked = OUTCOMES[outcome]
    effect = AGE_EFFECTS[age] + CHANNEL_EFFECTS[channel]
    mean = asked.base + asked.gain * (effect + contributed)
    return answer_chances(mean, asked.noise_sd, asked.low, asked.high)


def _cells() -> pd.DataFrame:
    """Every month, age band, channel and branch with its chances in population and sample."""
    rows = []
    for (passed, month), (age, age_share) in product(enumerate(MONTHS), AGE_SHARES.items()):
        part = passed / (len(MONTHS) - 1)
        for channel, start, end in zip(CHANNELS, *CHANNEL_SHARES[age], strict=True):
            share = age_share * ((1 - part) * start + part * end) / len(MONTHS)
            answering = share * AGE_RESPONSE[age] * CHANNEL_RESPONSE[channel]
            for branch, branch_share in BRANCH_SHARES.items():
                kind = (month, age, channel, branch)
                rows.append((*kind, share * branch_share, answering * branch_share))
    names = ["month", "age_band", "channel", "branch", "population", "sample"]
    cells = pd.DataFrame(rows, columns=names)
    return cells.assign(sample=cells["sample"] / cells["sample"].sum())
