"""The zone of tolerance: service between the least that is acceptable and what is desired.

Zeithaml, Berry & Parasuraman (1993), Parasuraman, Zeithaml & Berry (1994). Each item has three
answers: adequate A (the least acceptable), desired D and perceived P.
Adequacy = P - A is negative where service falls below the zone, superiority = P - D is positive
where it rises above.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    holm,
    mean_interval,
    paired_tests,
    share_interval,
    without_few,
)
from cxlib.servqual.gaps import Dimensions, Scores, dimension_scores

BELOW, WITHIN, ABOVE = "below", "within", "above"
INVERTED = "inverted zone"
UNCERTAIN, TOO_FEW = "not told from an edge", "too few answers"


@dataclass(frozen=True)
class Tolerance:
    """Three scores of each respondent, a column an item or dimension, missing where one of them is.

    `adequacy` pairs the perceived level with the adequate one, `superiority` with the desired one,
    so that their `gap`s are P - A and P - D.
    """

    adequacy: Scores
    superiority: Scores

    @property
    def adequate(self) -> pd.DataFrame:
        return self.adequacy.expectation

    @property
    def desired(self) -> pd.DataFrame:
        return self.superiority.expectation

    @property
    def perceived(self) -> pd.DataFrame:
        return self.superiority.perception

    @property
    def width(self) -> pd.DataFrame:
        """desired - adequate; negative where the zone is inverted."""
        return (self.desired - self.adequate).round(9)


def tolerance_items(responses: pd.DataFrame, dimensions: Dimensions) -> Tolerance:
    """The items answered three times: A_<item> adequate, E_<item> desired, P_<item> perceived.

    An answer without its partners is left out. Columns that the survey does not have count as
    unanswered, so that a survey without the adequate level has no triples at all.
    """
    items = [item for members in dimensions.values() for item in members]
    levels = [
        responses.reindex(columns=[f"{letter}_{item}" for item in items])
        .set_axis(items, axis=1)
        .astype(float)
        for letter in "AEP"
    ]
    complete = levels[0].notna() & levels[1].notna() & levels[2].notna()
    adequate, desired, perceived = (one.where(complete) for one in levels)
    return Tolerance(Scores(adequate, perceived), Scores(desired, perceived))


def tolerance_dimensions(
    items: Tolerance, dimensions: Dimensions, *, least_answered_rate: float = 0.5
) -> Tolerance:
    """Each respondent's means over the items of a dimension, by the rule of `dimension_scores`."""
    return Tolerance(
        *(
            dimension_scores(one, dimensions, least_answered_rate=least_answered_rate)
            for one in (items.adequacy, items.superiority)
        )
    )


def tolerance_tests(
    scores: Tolerance, *, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Adequacy P - A and superiority P - D of each item or dimension, each tested against zero.

    Returns a row a measure ("adequacy", "superiority") and column, indexed by both: n, missing,
    mean, low, high, t, df, p, p_holm (Holm over both measures and all columns), d_z, d_z_low,
    d_z_high as in `inference.paired_tests`.
    """
    measures = {"adequacy": scores.adequacy.gap, "superiority": scores.superiority.gap}
    tests = pd.concat(
        {name: paired_tests(gap, weights=weights, level=level) for name, gap in measures.items()},
        names=["measure", "scores"],
    )
    return tests.assign(p_holm=holm(tests["p"]))


def tolerance_shares(
    scores: Tolerance, *, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """How many respondents are served below, within and above their own zone.

    Below: P < A. Within: A <= P <= D. Above: P > D. A respondent whose desired level lies below
    the adequate one has an inverted zone, in which nothing can be placed, and is counted as such:
    the four rates sum to 1. Intervals: Wilson's; with weights linearized (Cochran 1977, ch. 6)
    on the logit scale, p +- t se / (p (1 - p)), and for a rate of 0 or 1 Wilson's with Kish's
    effective n. Returns a row a column and zone, indexed by both: rate, low, high, n (triples),
    method. No figures of fewer than MIN_GROUP respondents.
    """
    w = None if weights is None else np.asarray(weights, dtype=float)
    differences = (scores.adequacy.gap, scores.superiority.gap, scores.width)
    rows = {}
    for name in scores.perceived.columns:
        adequacy, superiority, width = (frame[name].to_numpy(float) for frame in differences)
        zones = {
            BELOW: (width >= 0) & (adequacy < 0),
            WITHIN: (adequacy >= 0) & (superiority <= 0),
            ABOVE: (width >= 0) & (superiority > 0),
            INVERTED: width < 0,
        }
        known = ~np.isnan(width)
        for zone, inside in zones.items():
            of_known = None if w is None else w[known]
            one = share_interval(inside[known], weights=of_known, level=level).published
            rows[name, zone] = [one.value, one.low, one.high, one.n, one.method]
    index = pd.MultiIndex.from_tuples(list(rows), names=["scores", "zone"])
    columns = ["rate", "low", "high", "n", "method"]
    table = pd.DataFrame(list(rows.values()), index=index, columns=columns)
    return table.astype({"rate": float, "low": float, "high": float})


def tolerance_table(
    scores: Tolerance, *, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """The zone of each item or dimension and where the mean perception stands in it.

    Returns a row a column: n (triples), missing; mean adequate, desired and perceived levels, the
    last with its t interval perceived_low, perceived_high; width = desired - adequate with its
    interval width_low, width_high; inverted, the number of respondents whose own zone is inverted;
    and state. A state other than the last two is sure: by `tolerance_tests` at Holm's p below
    1 - level, or the same difference for all of at least 10 respondents.
    "below": adequacy negative. "above": superiority positive. "within": adequacy positive and
    superiority negative. "inverted zone": the mean desired level lies below the adequate one, by
    the interval of the width, or as adequacy is negative and superiority positive.
    "not told from an edge": none of these is sure. "too few answers": fewer than 10 (effective
    ones, with weights). Figures of fewer than MIN_GROUP respondents are missing.
    """
    tests = tolerance_tests(scores, weights=weights, level=level)
    sign = _sure_sign(tests, level)
    w = np.ones(len(scores.perceived)) if weights is None else np.asarray(weights, dtype=float)
    frames = (scores.adequate, scores.desired, scores.perceived, scores.width)
    rows = []
    for name in scores.perceived.columns:
        answers = [frame[name].to_numpy(float) for frame in frames]
        adequate, desired, perceived, width = (
            mean_interval(x, weights=weights, level=level) for x in answers
        )
        row: dict[str, object] = {"n": width.n, "missing": len(w) - width.n}
        row |= {"adequate": adequate.value, "desired": desired.value, "perceived": perceived.value}
        row |= {"perceived_low": perceived.low, "perceived_high": perceived.high}
        row |= {"width": width.value, "width_low": width.low, "width_high": width.high}
        row |= {"inverted": int(np.sum((answers[-1] < 0) & (w > 0)))}
        adequacy, superiority = sign["adequacy", name], sign["superiority", name]
        row["state"] = _state(width, adequacy, superiority)
        rows.append(row)
    table = pd.DataFrame(rows, index=scores.perceived.columns)
    figures = table.columns.drop(["n", "missing", "inverted", "state"])
    return without_few(table.astype(dict.fromkeys(figures, float)), [*figures, "inverted"])


def tolerance_verdict(table: pd.DataFrame) -> str:
    """What surely lies below, within or above its zone of tolerance, in one sentence a state."""
    if not table["n"].sum():
        return (
            "There is no zone of tolerance: nobody stated the least acceptable level, the desired"
            " level and the perceived one of the same item."
        )
    named = {
        state: ", ".join(str(name) for name in table.index[table["state"] == state])
        for state in (BELOW, WITHIN, ABOVE, UNCERTAIN, INVERTED, TOO_FEW)
    }
    words = {
        BELOW: "Below what customers would just accept",
        WITHIN: "Acceptable, short of what they desire",
        ABOVE: "Above what they desire",
        UNCERTAIN: "Not told from an edge of the zone",
        INVERTED: "Placed nowhere, as the least acceptable level exceeds the desired one",
        TOO_FEW: f"Fewer than {MIN_GROUP} (effective) answers",
    }
    return " ".join(f"{words[state]}: {names}." for state, names in named.items() if names)


def _sure_sign(tests: pd.DataFrame, level: float) -> pd.Series:
    """-1, 0 or 1: the sign of the mean where it is sure, else 0."""
    constant = tests["p"].isna() & (tests["effective_n"] >= MIN_GROUP)
    sure = constant | (tests["p_holm"] < 1 - level)
    return np.sign(tests["mean"]).where(sure, 0)


def _state(width: Estimate, adequacy: float, superiority: float) -> str:
    if width.value is None or not width.rests_on_enough:
        return TOO_FEW
    # Without interval the width is the same for everybody.
    if (width.value if width.high is None else width.high) < 0 or adequacy < 0 < superiority:
        return INVERTED
    if adequacy < 0:
        return BELOW
    if superiority > 0:
        return ABOVE
    return WITHIN if adequacy > 0 and superiority < 0 else UNCERTAIN
