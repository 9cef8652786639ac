"""From answers to what driver analysis reads: complete rows, and their moments in random blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlib.inference import MIN_GROUP, effective_size, welch_difference

FloatArray = NDArray[np.float64]

LEAST_ROWS = 30  # and five a driver: below it every resample is another story
LEAST_ROWS_PER_DRIVER = 5
BLOCKS = 2_000
CHUNK_ROWS = 50_000  # rows handled at once, so that memory does not grow with derived columns


class TooFewAnswersError(ValueError):
    """There is nothing, or not enough, to learn the importance of drivers from."""


@dataclass(frozen=True)
class Answers:
    """The answers that say everything: outcome and all drivers kept.

    `ratings` (rows, drivers), `outcome` (rows) and `weights` (rows; all 1 for an unweighted
    survey). `summary` has one row a driver asked for: answered, answered_rate, used, reason.
    `rows` counts those with an outcome and a weight; `complete` those that are used. `means` are
    the drivers' mean ratings by all who rated them, complete or not, with their linearized
    covariance and the effective number of raters; `others` and `other_weights` are the outcomes and
    weights of the rows that are not used.
    """

    outcome_name: str
    drivers: tuple[str, ...]
    ratings: FloatArray
    outcome: FloatArray
    weights: FloatArray
    weighted: bool
    rows: int
    summary: pd.DataFrame
    means: FloatArray
    means_covariance: FloatArray
    raters: FloatArray
    others: FloatArray
    other_weights: FloatArray

    @property
    def complete(self) -> int:
        return len(self.outcome)

    @property
    def effective(self) -> float:
        """Effective sample size (sum w)^2 / sum w^2 (Kish 1965)."""
        return float(self.weights.sum() ** 2 / np.sum(self.weights**2))

    @property
    def sentence(self) -> str:
        """What is used and what is left out, for the report."""
        text = (
            f"{self.complete:,} of {self.rows:,} answers to {self.outcome_name} rate all "
            f"{len(self.drivers)} drivers and are used."
        )
        left_out = self.summary[~self.summary["used"]]
        named = [f"{name} ({reason})" for name, reason in left_out["reason"].items()]
        return text + (f" Left out: {', '.join(named)}." if named else "")

    @property
    def count_text(self) -> str:
        """How many are used, of how many, for a sentence."""
        return f"n = {self.complete:,} of {self.rows:,} who rated all {len(self.drivers)} aspects"

    def others_sentence(self, *, level: float = 0.95) -> str:
        """Is the outcome of those who rated all drivers that of the others? (Welch, weighted)"""
        if len(self.others) < MIN_GROUP:
            return f"Fewer than {MIN_GROUP} answers do not rate all drivers: nothing to compare."
        found = welch_difference(
            self.others, self.outcome, weights=(self.other_weights, self.weights), level=level
        ).difference
        if found.value is None or found.low is None or found.high is None:
            return f"Those who rated all drivers cannot be compared with others ({found.method})."
        sure = found.low > 0 or found.high < 0
        return (
            f"Mean {self.outcome_name} of those who rated all drivers less that of the"
            f" {len(self.others):,} others: {found.value:+.3f} ({100 * level:.4g} % interval"
            f" {found.low:+.3f} to {found.high:+.3f}, {found.method}). "
            + (
                "They differ beyond chance, so what drives the others may differ too."
                if sure
                else "They do not differ beyond chance."
            )
        )


def complete_answers(
    feedback: nw.LazyFrame,
    outcome: str,
    drivers: Sequence[str],
    *,
    weight: str | None = None,
    least_answered_rate: float = 0.5,
) -> Answers:
    """Rows that answer the outcome and every driver kept, from a lazy frame of feedback.

    A row without an outcome, or whose weight is missing or not positive, is no answer. Of the
    rest, a driver answered by less than `least_answered_rate` of them, or always answered alike
    (among the complete rows too), is left out and named in `summary`; then the rows that miss any
    driver kept are left out and counted. A leading "__", which keeps the outcome apart from drivers
    of any name, is no part of its name. The rows that remain speak for all only if what is missing
    is missing at random; `others_sentence` compares their outcomes. Raises TooFewAnswersError, a
    ValueError, when no driver remains, or fewer than 30 complete rows or fewer than five for each
    driver, or when all outcomes are equal.
    """
    asked = outcome.removeprefix("__")
    if not drivers or outcome in drivers:
        raise ValueError(f"Name drivers of {asked} other than {asked} itself.")
    known = ~nw.col(outcome).is_null()
    if weight is not None:
        known = known & (nw.col(weight) > 0)
    columns = [outcome, *drivers, *([weight] if weight else [])]
    answers = feedback.filter(known).select(nw.col(*columns).cast(nw.Float64))
    # What is drawn by row is to be the same whatever the order in which an engine gives them.
    frame = answers.sort(*columns).collect()
    values = {name: frame[name].fill_null(float("nan")).to_numpy() for name in columns}
    usable = ~np.isnan(values[outcome])
    if weight is not None:
        usable &= ~np.isnan(values[weight])
    rows = int(usable.sum())
    summary = pd.DataFrame(
        [_driver(name, values[name][usable], rows, least_answered_rate) for name in drivers]
    ).set_index("driver")
    complete = usable
    for name in summary.index[summary["used"]]:
        complete = complete & ~np.isnan(values[name])
    for name in summary.index[summary["used"]]:
        if complete.any() and np.ptp(values[name][complete]) == 0:
            summary.loc[name, "used"] = False
            summary.loc[name, "reason"] = "constant among the complete answers"
    used = [str(name) for name in summary.index[summary["used"]]]
    weights = np.ones(len(usable)) if weight is None else values[weight]
    n, least = int(complete.sum()), max(LEAST_ROWS, LEAST_ROWS_PER_DRIVER * len(used))
    if not used or n < least:
        raise TooFewAnswersError(
            f"{n} of {rows} answers to {asked} rate all of the {len(used)} drivers kept; at "
            f"least one driver and {least} complete answers are needed. Name fewer drivers, those "
            "that most respondents answer, or raise least_answered_rate so that the rarely "
            "answered ones are left out."
        )
    answered = values[outcome][complete]
    if np.ptp(answered) == 0:
        raise TooFewAnswersError(
            f"All {n} answers to {asked} are equal: there is nothing to explain."
        )
    means, covariance, raters = _means([values[name][usable] for name in used], weights[usable])
    others = usable & ~complete
    return Answers(
        outcome_name=asked,
        drivers=tuple(used),
        ratings=np.column_stack([values[name][complete] for name in used]),
        outcome=answered,
        weights=weights[complete],
        weighted=weight is not None,
        rows=rows,
        summary=summary,
        means=means,
        means_covariance=covariance,
        raters=raters,
        others=values[outcome][others],
        other_weights=weights[others],
    )


def _means(
    ratings: Sequence[FloatArray], weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean of each driver by its raters, linearized covariance of the means, effective raters.

    The covariance is that of the answers' influences w (x - mean) / sum w, zero where not rated; a
    single driver has the variance of `inference.mean_interval`.
    """
    count = len(ratings)
    means, raters, sizes = np.empty(count), np.empty(count), np.empty(count)
    influences = np.empty((count, len(weights)))
    for k, x in enumerate(ratings):
        own = np.where(np.isnan(x), 0.0, weights)
        means[k] = np.nansum(own * x) / own.sum()
        influences[k] = own * (np.nan_to_num(x) - means[k]) / own.sum()
        raters[k], sizes[k] = effective_size(own), np.count_nonzero(own)
    finite = np.sqrt(sizes / (sizes - 1))
    return means, influences @ influences.T * np.outer(finite, finite), raters


def answers_or_reason(
    feedback: nw.LazyFrame,
    outcome: str,
    drivers: Sequence[str],
    *,
    weight: str | None = None,
    least_answered_rate: float = 0.5,
) -> tuple[Answers | None, str]:
    """As `complete_answers`, with its sentence; None and the reason where there are too few."""
    if not drivers:
        return None, "The survey has no ratings of single aspects (drivers)."
    try:
        found = complete_answers(
            feedback, outcome, drivers, weight=weight, least_answered_rate=least_answered_rate
        )
    except TooFewAnswersError as reason:
        return None, f"No driver analysis: {reason}"
    return found, found.sentence


def _driver(name: str, values: FloatArray, rows: int, least_rate: float) -> dict[str, object]:
    """One row of the summary: how often a driver is answered and whether it can be used."""
    answers = values[~np.isnan(values)]
    rate = len(answers) / rows if rows else 0.0
    reason = ""
    if rate < least_rate:
        reason = f"answered by {100 * rate:.0f} %, under {100 * least_rate:g} %"
    elif len(answers) == 0 or np.ptp(answers) == 0:
        reason = "constant"
    row: dict[str, object] = {"driver": name, "answered": len(answers), "answered_rate": rate}
    return row | {"used": not reason, "reason": reason}


@dataclass(frozen=True)
class Moments:
    """Weighted sums of products of z = (1, drivers, outcome) in random blocks of respondents.

    `blocks` (blocks, drivers + 2, drivers + 2) holds sum w z z' of each block; n respondents,
    `effective` in Kish's (1965) sense.
    """

    outcome_name: str
    drivers: tuple[str, ...]
    blocks: FloatArray
    n: int
    effective: float
    weighted: bool


def block_moments(answers: Answers, rng: np.random.Generator, *, blocks: int = BLOCKS) -> Moments:
    """Sums of products of the answers in random blocks of equal size (a respondent each if few).

    Resampling blocks is then the bootstrap of every statistic of the moments without the rows: for
    independent respondents, blocks drawn at random are independent too, and their sums vary as the
    sums of respondents do.
    """
    n = answers.complete
    count = min(n, blocks)
    size = -(-n // count)
    # Rows are dealt to random places; the places left empty have weight 0.
    places = rng.permutation(count * size)
    rows_of = np.full(count * size, -1)
    rows_of[places[:n]] = np.arange(n)
    order = rows_of.reshape(count, size)
    # About zero the sums of squares would lose their digits to large means.
    centre = np.average(answers.ratings, axis=0, weights=answers.weights)
    middle = np.average(answers.outcome, weights=answers.weights)
    width = len(answers.drivers) + 2
    sums = np.empty((count, width, width))
    step = max(1, CHUNK_ROWS // size)
    for start in range(0, count, step):
        rows = order[start : start + step]
        weight = np.where(rows >= 0, answers.weights[rows], 0.0)
        z = np.empty((*rows.shape, width))
        z[..., 0] = 1
        z[..., 1:-1] = answers.ratings[rows] - centre
        z[..., -1] = answers.outcome[rows] - middle
        sums[start : start + step] = np.swapaxes(z * weight[..., None], 1, 2) @ z
    effective = answers.effective
    return Moments(answers.outcome_name, answers.drivers, sums, n, effective, answers.weighted)


def correlations(sums: FloatArray) -> FloatArray:
    """Correlation matrices of (drivers, outcome) from sums w z z', shape (..., drivers + 1, same).

    A driver that is constant in a resample correlates 0 with all others.
    """
    total = sums[..., :1, :1]
    means = sums[..., :1, 1:] / total
    covariance = sums[..., 1:, 1:] / total - np.swapaxes(means, -1, -2) * means
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    # What rounding leaves of a constant is no spread.
    spread = np.diagonal(sums[..., 1:, 1:] / total, axis1=-2, axis2=-1)
    varies = variance > 1e-12 * np.maximum(spread, 1e-300)
    inverse = np.where(varies, 1 / np.sqrt(np.where(varies, variance, 1.0)), 0.0)
    scaled = covariance * inverse[..., :, None] * inverse[..., None, :]
    diagonal = np.arange(scaled.shape[-1])
    scaled[..., diagonal, diagonal] = 1.0
    return np.clip(scaled, -1, 1)


def chunks(answers: Answers) -> Iterator[slice]:
    """Slices over the rows, a chunk each."""
    for start in range(0, answers.complete, CHUNK_ROWS):
        yield slice(start, start + CHUNK_ROWS)


def standardized_sample(
    answers: Answers, rng: np.random.Generator, *, most: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Standardized ratings, outcomes and weights (mean 1) of at `most` answers."""
    rows = np.arange(answers.complete)
    if answers.complete > most:
        rows = np.sort(rng.choice(answers.complete, most, replace=False))
    x, weights = answers.ratings[rows], answers.weights[rows]
    centred = x - np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average(centred**2, axis=0, weights=weights))
    scaled = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return scaled, answers.outcome[rows], weights / weights.mean()


def of_all(answers: Answers, n: int) -> str:
    """Words for a method that read a sample of n answers; none where it read all."""
    return f", on {n:,} of {answers.complete:,} answers drawn at random" * (n < answers.complete)
