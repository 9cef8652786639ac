"""A SERVQUAL survey in two waves, with the truth known."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from cxlib.simulate.answers import FloatArray, answers, choose, cuts

LOW, HIGH = 1, 7
SCALE = np.arange(LOW, HIGH + 1)
CUTS = cuts(LOW, HIGH)

# Latent means of expectation and of perception, item by item, on the scale of the answers. The
# answers stop at 7, so a mean above 6.5 says that most people answer 7.
LATENT_MEANS: Mapping[str, tuple[tuple[float, float], ...]] = {
    "tangibles": ((3.70, 3.30), (4.55, 3.85), (4.35, 3.70), (3.80, 3.30)),
    "reliability": ((7.50, 4.60), (7.30, 4.65), (7.60, 5.15), (7.25, 4.70), (7.10, 5.00)),
    "responsiveness": ((7.10, 4.15), (7.40, 4.50), (7.30, 4.80), (6.95, 4.45)),
    "assurance": ((7.30, 5.55), (7.50, 5.80), (7.05, 5.05), (7.20, 5.20)),
    "empathy": ((6.95, 4.65), (7.20, 4.50), (7.15, 4.60), (7.05, 4.20), (6.95, 4.30)),
}
# Mean points of 100 that respondents allocate; they are also what satisfaction is made of.
IMPORTANCE: Mapping[str, float] = {
    "tangibles": 10,
    "reliability": 31,
    "responsiveness": 27,
    "assurance": 17,
    "empathy": 15,
}
BRANCH_SHARES: Mapping[str, float] = {
    "Bazaar": 0.40,
    "Harbour": 0.30,
    "University": 0.18,
    "Garden": 0.12,
}
# What a branch adds to the latent perception of each item of a dimension.
BRANCH_EFFECTS: Mapping[str, Mapping[str, float]] = {
    "Bazaar": dict.fromkeys(LATENT_MEANS, -0.13),
    "Harbour": dict.fromkeys(LATENT_MEANS, -0.03) | {"responsiveness": -0.55},
    "University": dict.fromkeys(LATENT_MEANS, 0.20),
    "Garden": dict.fromkeys(LATENT_MEANS, 0.35),
}
# The channel changes nothing: a difference found between channels is a false alarm.
CHANNEL_SHARES: Mapping[str, float] = {"counter": 0.45, "app": 0.35, "telephone": 0.20}

EXPECTATION_SD = 1.60
PERCEPTION_SD = 1.47
LATENT_CORRELATION = 0.19
REPEAT_RATE = 0.254
# Parts of the latent variances that are the respondent's own, and the respondent's own within a
# dimension; the rest belongs to the single answer.
RESPONDENT_PART = 0.36
DIMENSION_PART = 0.20
SATISFACTION_INTERCEPT, SATISFACTION_SLOPE, SATISFACTION_NOISE_SD = 2.0, 0.62, 0.92
POINTS_CONCENTRATION = 25.0
POINTS_STEP = 5
MISSING_RATE = 0.015
# Least acceptable level: so many points below the expectation, with these chances; one point above
# it is an inverted zone, as careless answers make them. The part of the latent variance that is
# the respondent's own makes some people's zones wide and others' narrow.
STEPS_BELOW: Mapping[int, float] = {-1: 0.02, 0: 0.20, 1: 0.40, 2: 0.27, 3: 0.11}
STEPS_RESPONDENT_PART = 0.5
# What a wave adds to the latent perception of each item of a dimension: service was prompter in
# 2025, and nothing else has changed since.
WAVE_EFFECTS: Mapping[str, Mapping[str, float]] = {
    "2026": dict.fromkeys(LATENT_MEANS, 0.0),
    "2025": dict.fromkeys(LATENT_MEANS, 0.0) | {"responsiveness": 0.60},
}


def servqual(respondents: int, rng: np.random.Generator, wave: str = "2026") -> pd.DataFrame:
    """Draw a 22-item survey that behaves as real ones do: ceiling, zero gaps, useful perceptions.

    For respondent r and item i of dimension d, at branch b, in a wave w,

        X = mu_i + s_X (sqrt(.36) a_r + sqrt(.20) a_rd + sqrt(.44) a_ri)
        Y = nu_i + branch effect_bd + wave effect_wd + s_Y (the same with b_r, b_rd, b_ri)

    with standard normal a and b, correlated pairwise (.19). The expectation answered is X rounded
    and cut to 1..7; as most mu lie above 6.5, it has the ceiling. The perception repeats the
    expectation with chance REPEAT_RATE, whence the zero gaps, and else is Y rounded and cut.
    The least acceptable level lies STEPS_BELOW the expectation, cut to 1..7, independently of the
    perception. Satisfaction is made of perceptions alone,

        S = intercept + slope * sum_d importance_d / 100 * (mean perception of d) + noise,

    rounded and cut to 1..7: expectations reach it through their correlation with perceptions, so a
    gap predicts it worse than a perception. Points are twenty fives, dealt by a
    Dirichlet-multinomial with mean IMPORTANCE. Each answer, satisfaction included, is left out with
    chance MISSING_RATE, independently of everything. The constants were set to reproduce the
    behaviour of a real survey (102 respondents, 24 items, 1-7), which the tests hold them to; the
    least acceptable levels have no such model.

    Returns a row a respondent: respondent, wave, branch, channel, E01..E22, P01..P22 and A01..A22
    (1-7, NaN where not answered), overall_satisfaction (1-7), points_<dimension> (sum 100). What
    they are on average is known: `expected_answers`, and IMPORTANCE for the points. Raises
    ValueError when `respondents` is not positive, KeyError for a wave not in WAVE_EFFECTS.
    """
    if respondents < 1:
        raise ValueError(f"A survey needs respondents, not {respondents}.")
    counts = [len(means) for means in LATENT_MEANS.values()]
    dimension_of = np.repeat(np.arange(len(counts)), counts)
    names = [f"{number:02d}" for number in range(1, len(dimension_of) + 1)]
    mu, nu = np.array([pair for means in LATENT_MEANS.values() for pair in means]).T
    branch = choose(respondents, BRANCH_SHARES, rng)
    channel = choose(respondents, CHANNEL_SHARES, rng)
    effects = pd.DataFrame(BRANCH_EFFECTS).add(pd.Series(WAVE_EFFECTS[wave]), axis=0)
    shifts = effects[branch].to_numpy().T[:, dimension_of]

    first, second = _standard_answers(respondents, dimension_of, rng)
    expectation = answers(mu + EXPECTATION_SD * first, LOW, HIGH)
    perception = answers(nu + shifts + PERCEPTION_SD * second, LOW, HIGH)
    perception = np.where(rng.random(perception.shape) < REPEAT_RATE, expectation, perception)

    shares = np.array(list(IMPORTANCE.values())) / 100
    weighted = perception @ (shares / counts)[dimension_of]
    noise = SATISFACTION_NOISE_SD * rng.standard_normal(respondents)
    satisfaction = answers(
        SATISFACTION_INTERCEPT + SATISFACTION_SLOPE * weighted + noise, LOW, HIGH
    )

    lots = 100 // POINTS_STEP
    points = POINTS_STEP * rng.multinomial(
        lots, rng.dirichlet(shares * POINTS_CONCENTRATION, size=respondents)
    )
    given = np.hstack([expectation, perception, satisfaction[:, None]])
    given[rng.random(given.shape) < MISSING_RATE] = np.nan
    adequate = _adequate(expectation, rng)
    adequate[rng.random(adequate.shape) < MISSING_RATE] = np.nan

    columns = [f"{letter}{name}" for letter in "EP" for name in names]
    width = len(str(respondents))
    responses = (
        pd.DataFrame(
            {
                "respondent": [f"S{number:0{width}d}" for number in range(1, respondents + 1)],
                "wave": wave,
                "branch": branch,
                "channel": channel,
            }
        )
        .join(pd.DataFrame(given[:, :-1], columns=columns))
        .join(pd.DataFrame(adequate, columns=[f"A{name}" for name in names]))
        .assign(overall_satisfaction=given[:, -1])
    )
    for dimension, allocated in zip(IMPORTANCE, points.T, strict=True):
        responses[f"points_{dimension}"] = allocated
    return responses


def expected_answers(wave: str = "2026") -> pd.DataFrame:
    """What the simulated answers are on average, exactly, by branch and item.

    Returns branch, branch_share, dimension, item, latent_gap (before rounding and ceiling,
    (1 - REPEAT_RATE)(nu + effects - mu)), and of the answers given: expectation, perception,
    adequate (the least acceptable level), gap (perception - expectation), and the shares
    ceiling_share (expectation 7), zero_share and positive_share of the gap, below_share
    (perception below adequate) and inverted_share (adequate above expectation). They come from the
    cell chances of `joint_chances` and `adequate_chances`, not from draws.
    """
    least = adequate_chances()
    rows = []
    for branch, share in BRANCH_SHARES.items():
        number = 0
        for dimension, means in LATENT_MEANS.items():
            for mu, nu in means:
                number += 1
                shifted = nu + BRANCH_EFFECTS[branch][dimension] + WAVE_EFFECTS[wave][dimension]
                chances = joint_chances(mu, shifted)
                expected = chances.sum(axis=1)
                expectation = float(expected @ SCALE)
                perception = float(chances.sum(axis=0) @ SCALE)
                row = {"branch": branch, "branch_share": share, "dimension": dimension}
                row |= {"item": f"{number:02d}", "latent_gap": (1 - REPEAT_RATE) * (shifted - mu)}
                row |= {"expectation": expectation, "perception": perception}
                row |= {"adequate": expected @ least @ SCALE}
                row |= {"gap": perception - expectation, "ceiling_share": chances[-1].sum()}
                row |= {"zero_share": np.trace(chances)}
                row |= {"positive_share": np.triu(chances, 1).sum()}
                row |= {"below_share": np.triu(chances.T @ least, 1).sum()}
                rows.append(row | {"inverted_share": np.triu(expected[:, None] * least, 1).sum()})
    return pd.DataFrame(rows)


def adequate_chances() -> FloatArray:
    """Chance of each least acceptable level given the expectation, shape (7, 7)."""
    chances = np.zeros((len(SCALE), len(SCALE)))
    for steps, chance in STEPS_BELOW.items():
        np.add.at(chances, (SCALE - LOW, np.clip(SCALE - steps, LOW, HIGH) - LOW), chance)
    return chances


def joint_chances(mu: float, nu: float) -> FloatArray:
    """Chance of each pair of answers, shape (7 expectations, 7 perceptions).

    The latent pair is bivariate normal, so a cell is the integral over x in the cut of the
    expectation of phi(x) [Phi(upper | x) - Phi(lower | x)], here by Gauss-Legendre with 40 nodes a
    cut, open ends at 9 standard deviations; then the share REPEAT_RATE is moved to the diagonal.
    """
    reach = 9 * EXPECTATION_SD
    lower = np.concatenate([[min(mu - reach, CUTS[0])], CUTS])
    upper = np.concatenate([CUTS, [max(mu + reach, CUTS[-1])]])
    nodes, node_weights = np.polynomial.legendre.leggauss(40)
    half = ((upper - lower) / 2)[:, None]
    x = ((upper + lower) / 2)[:, None] + half * nodes
    z = (x - mu) / EXPECTATION_SD
    density = np.exp(-0.5 * z**2) / (EXPECTATION_SD * np.sqrt(2 * np.pi))
    mean = nu + LATENT_CORRELATION * PERCEPTION_SD * z
    sd = PERCEPTION_SD * np.sqrt(1 - LATENT_CORRELATION**2)
    bounds = np.concatenate([[-np.inf], CUTS, [np.inf]])
    conditional = np.diff(ndtr((bounds - mean[..., None]) / sd), axis=-1)
    drawn: FloatArray = np.einsum("en,enp->ep", half * node_weights * density, conditional)
    return (1 - REPEAT_RATE) * drawn + REPEAT_RATE * np.diag(drawn.sum(axis=1))


def _standard_answers(
    respondents: int, dimension_of: NDArray[np.int_], rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Two correlated standard normal variables for each answer, each shape (respondents, items)."""
    dimensions = int(dimension_of.max()) + 1
    parts = [
        (RESPONDENT_PART, rng.standard_normal((2, respondents, 1))),
        (DIMENSION_PART, rng.standard_normal((2, respondents, dimensions))[:, :, dimension_of]),
        (
            1 - RESPONDENT_PART - DIMENSION_PART,
            rng.standard_normal((2, respondents, len(dimension_of))),
        ),
    ]
    first, other = sum((np.sqrt(part) * draw for part, draw in parts), np.zeros((2, 1, 1)))
    return first, LATENT_CORRELATION * first + np.sqrt(1 - LATENT_CORRELATION**2) * other


def _adequate(expectation: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Least acceptable levels, shape of the expectations (respondents, items)."""
    own = rng.standard_normal((len(expectation), 1))
    single = rng.standard_normal(expectation.shape)
    latent = np.sqrt(STEPS_RESPONDENT_PART) * own + np.sqrt(1 - STEPS_RESPONDENT_PART) * single
    edges = ndtri(np.cumsum(list(STEPS_BELOW.values()))[:-1])
    steps = np.array(list(STEPS_BELOW))[np.searchsorted(edges, latent)]
    return np.clip(expectation - steps, LOW, HIGH)
