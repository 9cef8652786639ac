"""Key drivers: which rated parts of a service go with an overall score, and how sure that is.

`complete_answers` takes from feedback the rows that say everything, `block_moments` reduces them,
`importance` shares out R squared with intervals, `penalty_reward` asks whether low ratings cost
more than high ones gain, and the checks put other models beside it. Associations, all of them: what
would happen if a rating were raised is for an experiment to tell.
"""

from cxlib.drivers.answers import (
    Answers,
    Moments,
    TooFewAnswersError,
    answers_or_reason,
    block_moments,
    complete_answers,
)
from cxlib.drivers.asymmetry import Asymmetry, penalty_reward
from cxlib.drivers.checks import (
    SMALL_GAIN,
    Agreement,
    Collinearity,
    Forest,
    agreement,
    collinearity,
    forest_check,
)
from cxlib.drivers.odds import Odds, binary_odds, ordered_odds
from cxlib.drivers.quadrants import Quadrants, quadrants
from cxlib.drivers.shares import (
    Importance,
    importance,
    importance_performance,
    johnson,
    lmg,
    standardized_coefficients,
)

__all__ = [
    "SMALL_GAIN",
    "Agreement",
    "Answers",
    "Asymmetry",
    "Collinearity",
    "Forest",
    "Importance",
    "Moments",
    "Odds",
    "Quadrants",
    "TooFewAnswersError",
    "agreement",
    "answers_or_reason",
    "binary_odds",
    "block_moments",
    "collinearity",
    "complete_answers",
    "forest_check",
    "importance",
    "importance_performance",
    "johnson",
    "lmg",
    "ordered_odds",
    "penalty_reward",
    "quadrants",
    "standardized_coefficients",
]
