"""Inside the bank: what managers believe, what is set, delivered and promised, item by item."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cxlib.simulate.answers import FloatArray, answer_chances, answers
from cxlib.simulate.survey import HIGH, LATENT_MEANS, LOW, SCALE, expected_answers

# How many people answer for each role.
ROLES: Mapping[str, int] = {"managers": 30, "standards": 12, "staff": 60, "promises": 12}
# What each role's latent answers add to those of customers' expectations: managers see too little
# need of prompt and personal service, the standards for reliability are set low, staff fall short
# of the standards of responsiveness, and reliability is promised beyond what is delivered.
ROLE_EFFECTS: Mapping[str, Mapping[str, float]] = {
    "managers": {
        "tangibles": 0.2,
        "reliability": -0.2,
        "responsiveness": -1.1,
        "assurance": -0.3,
        "empathy": -1.2,
    },
    "standards": {
        "tangibles": 0.2,
        "reliability": -1.2,
        "responsiveness": -1.3,
        "assurance": -0.5,
        "empathy": -1.5,
    },
    "staff": {
        "tangibles": 0.1,
        "reliability": -1.6,
        "responsiveness": -2.2,
        "assurance": -0.7,
        "empathy": -1.7,
    },
    "promises": {
        "tangibles": 0.2,
        "reliability": 0.0,
        "responsiveness": -1.0,
        "assurance": -0.4,
        "empathy": -1.4,
    },
}
ANSWER_SD = 1.1
RESPONDENT_PART = 0.3


def internal_answers(rng: np.random.Generator) -> pd.DataFrame:
    """Draw the answers of those inside, a row an answer: respondent, role, item, value (1-7).

    For respondent r of role k and item i of dimension d, the latent answer is

        mu_i + role effect_kd + s (sqrt(.3) a_r + sqrt(.7) a_ri),

    mu_i that of customers' expectations, rounded and cut to 1..7. Every item is answered.
    """
    frames = []
    for role, people in ROLES.items():
        means = _latent_means(role)
        own, single = rng.standard_normal((people, 1)), rng.standard_normal((people, len(means)))
        spread = np.sqrt(RESPONDENT_PART) * own + np.sqrt(1 - RESPONDENT_PART) * single
        value = answers(means + ANSWER_SD * spread, LOW, HIGH).astype(int)
        respondents = [f"{role}-{number:02d}" for number in range(1, people + 1)]
        items = [f"{number:02d}" for number in range(1, len(means) + 1)]
        frame = pd.DataFrame(value, columns=items).assign(respondent=respondents, role=role)
        long = frame.melt(["respondent", "role"], var_name="item")
        frames.append(long.sort_values(["respondent", "item"]))
    return pd.concat(frames, ignore_index=True)


def expected_internal() -> pd.DataFrame:
    """What the answers of each dimension are on average, exactly, and the gaps between them.

    Returns by dimension the means `expectation` and `perception` of customers (wave 2026),
    `managers`, `standards`, `staff` and `promises`, and the gaps, negative where the later stage
    falls short: gap_1 = managers - expectation, gap_2 = standards - managers, gap_3 = staff -
    standards, gap_4 = staff - promises, gap_5 = perception - expectation.
    """
    customers = expected_answers()
    for column in ("expectation", "perception"):
        customers[column] *= customers["branch_share"]
    by_item = customers.groupby("item").agg(
        {"dimension": "first", "expectation": "sum", "perception": "sum"}
    )
    for role in ROLES:
        by_item[role] = answer_chances(_latent_means(role), ANSWER_SD, LOW, HIGH) @ SCALE
    means = by_item.groupby("dimension").mean().loc[list(LATENT_MEANS)]
    return means.assign(
        gap_1=means["managers"] - means["expectation"],
        gap_2=means["standards"] - means["managers"],
        gap_3=means["staff"] - means["standards"],
        gap_4=means["staff"] - means["promises"],
        gap_5=means["perception"] - means["expectation"],
    )


def _latent_means(role: str) -> FloatArray:
    """The latent mean of each item, in the order of the items."""
    return np.array(
        [
            mu + ROLE_EFFECTS[role][dimension]
            for dimension, means in LATENT_MEANS.items()
            for mu, _ in means
        ]
    )
