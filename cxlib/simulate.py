"""A seeded SERVQUAL survey of an invented company, with the truth known.

Simorgh Bank does not exist: its name, branches and answers are made up, so that an analysis can be
checked against what really holds. `python -m cxlib.simulate` writes the shipped survey and its
truth again, byte for byte.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from cxlib import PROJECT

FloatArray = NDArray[np.float64]

COMPANY = "Simorgh Bank (invented)"
SEED = 20261122
RESPONDENTS = 600

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

SCALE = np.arange(1, 8)
CUTS = np.arange(1.5, 7)


def servqual(respondents: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a 22-item survey that behaves as real ones do: ceiling, zero gaps, useful perceptions.

    For respondent r and item i of dimension d, at branch b,

        X = mu_i + s_X (sqrt(.36) a_r + sqrt(.20) a_rd + sqrt(.44) a_ri)
        Y = nu_i + branch effect_bd + s_Y (the same with b_r, b_rd, b_ri)

    with standard normal a and b, correlated pairwise (.19). The expectation answered is X rounded
    and cut to 1..7; as most mu lie above 6.5, it has the ceiling. The perception repeats the
    expectation with chance REPEAT_RATE, whence the zero gaps, and else is Y rounded and cut.
    Satisfaction is made of perceptions alone,

        S = intercept + slope * sum_d importance_d / 100 * (mean perception of d) + noise,

    rounded and cut to 1..7: expectations reach it through their correlation with perceptions, so a
    gap predicts it worse than a perception. Points are twenty fives, dealt by a
    Dirichlet-multinomial with mean IMPORTANCE. Each answer, satisfaction included, is left out with
    chance MISSING_RATE, independently of everything. The constants were set to reproduce the
    behaviour of a real survey (102 respondents, 24 items, 1-7), which the tests hold them to.

    Returns a row a respondent: respondent, branch, channel, E01..E22 and P01..P22 (1-7, NaN where
    not answered), overall_satisfaction (1-7), points_<dimension> (sum 100). What they are on
    average is known: `expected_answers`, and IMPORTANCE for the points. Raises ValueError when
    `respondents` is not positive.
    """
    if respondents < 1:
        raise ValueError(f"A survey needs respondents, not {respondents}.")
    counts = [len(means) for means in LATENT_MEANS.values()]
    dimension_of = np.repeat(np.arange(len(counts)), counts)
    names = [f"{number:02d}" for number in range(1, len(dimension_of) + 1)]
    mu, nu = np.array([pair for means in LATENT_MEANS.values() for pair in means]).T
    branch = _draw_groups(respondents, BRANCH_SHARES, rng)
    channel = _draw_groups(respondents, CHANNEL_SHARES, rng)
    effects = pd.DataFrame(BRANCH_EFFECTS)[branch].to_numpy().T[:, dimension_of]

    first, second = _standard_answers(respondents, dimension_of, rng)
    expectation = _answers(mu + EXPECTATION_SD * first)
    perception = _answers(nu + effects + PERCEPTION_SD * second)
    perception = np.where(rng.random(perception.shape) < REPEAT_RATE, expectation, perception)

    shares = np.array(list(IMPORTANCE.values())) / 100
    weighted = perception @ (shares / counts)[dimension_of]
    noise = SATISFACTION_NOISE_SD * rng.standard_normal(respondents)
    satisfaction = _answers(SATISFACTION_INTERCEPT + SATISFACTION_SLOPE * weighted + noise)

    lots = 100 // POINTS_STEP
    points = POINTS_STEP * rng.multinomial(
        lots, rng.dirichlet(shares * POINTS_CONCENTRATION, size=respondents)
    )
    answers = np.hstack([expectation, perception, satisfaction[:, None]])
    answers[rng.random(answers.shape) < MISSING_RATE] = np.nan
    columns = [f"E{name}" for name in names] + [f"P{name}" for name in names]
    width = len(str(respondents))
    responses = pd.DataFrame(
        {
            "respondent": [f"S{number:0{width}d}" for number in range(1, respondents + 1)],
            "branch": branch,
            "channel": channel,
        }
    ).join(pd.DataFrame(answers, columns=[*columns, "overall_satisfaction"]))
    for dimension, allocated in zip(IMPORTANCE, points.T, strict=True):
        responses[f"points_{dimension}"] = allocated
    return responses


def expected_answers() -> pd.DataFrame:
    """What the simulated answers are on average, exactly, by branch and item.

    Returns branch, branch_share, dimension, item, latent_gap (before rounding and ceiling,
    (1 - REPEAT_RATE)(nu + effect - mu)), and of the answers given: expectation, perception, gap
    (perception - expectation), and the shares ceiling_share (expectation 7), zero_share and
    positive_share of the gap. They come from the cell chances of `joint_chances`, not from draws.
    """
    rows = []
    for branch, share in BRANCH_SHARES.items():
        number = 0
        for dimension, means in LATENT_MEANS.items():
            for mu, nu in means:
                number += 1
                shifted = nu + BRANCH_EFFECTS[branch][dimension]
                chances = joint_chances(mu, shifted)
                expectation = float(chances.sum(axis=1) @ SCALE)
                perception = float(chances.sum(axis=0) @ SCALE)
                row = {"branch": branch, "branch_share": share, "dimension": dimension}
                row |= {"item": f"{number:02d}", "latent_gap": (1 - REPEAT_RATE) * (shifted - mu)}
                row |= {"expectation": expectation, "perception": perception}
                row |= {"gap": perception - expectation, "ceiling_share": chances[-1].sum()}
                row |= {"zero_share": np.trace(chances)}
                rows.append(row | {"positive_share": np.triu(chances, 1).sum()})
    return pd.DataFrame(rows)


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


def _draw_groups(
    respondents: int, shares: Mapping[str, float], rng: np.random.Generator
) -> NDArray[np.str_]:
    edges = np.cumsum(list(shares.values()))[:-1]
    return np.array(list(shares))[np.searchsorted(edges, rng.random(respondents), side="right")]


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


def _answers(latent: FloatArray) -> FloatArray:
    return SCALE[np.searchsorted(CUTS, latent)].astype(float)


def main(folder: Path = PROJECT / "data" / "raw") -> None:
    """Write the shipped survey and its truth into `folder`."""
    responses = servqual(RESPONDENTS, np.random.default_rng(SEED))
    whole = responses.select_dtypes("number").astype("Int64")
    responses.assign(**whole).to_csv(
        folder / "servqual_simulated.csv", index=False, lineterminator="\n"
    )
    truth = {
        "company": COMPANY,
        "seed": SEED,
        "respondents": RESPONDENTS,
        "importance": dict(IMPORTANCE),
        "items": expected_answers().round(10).to_dict(orient="records"),
    }
    text = json.dumps(truth, indent=1, ensure_ascii=False)
    (folder / "servqual_simulated_truth.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
