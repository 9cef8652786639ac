"""Answers, scores and gaps: how far perceptions fall short of expectations, and how surely.

`dimensions` maps each dimension to the ids of its items; the answers to item i stand in the columns
E_i and P_i, missing where not answered. A survey without any E_ column is one of perceptions alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cxlib.inference import (
    Estimate,
    FloatArray,
    bca_interval,
    count_bootstrap,
    detectable_difference,
    effective_size,
    holm,
    mean_interval,
    paired_tests,
    required_answers,
    share_interval,
    signed_rank_tests,
    wilson_limits,
    without_few,
)

Dimensions = Mapping[str, Sequence[str]]

EXPECTATION = "expectation"
OWN_MEAN = "own mean perception"
AGAINST = {EXPECTATION: "expectations", OWN_MEAN: "each respondent's own mean"}


@dataclass(frozen=True)
class Scores:
    """Paired scores: a row a respondent, a column an item (or dimension), the same in both frames.

    Where one of the two is missing, both are. `yardstick` says what `expectation` holds: the
    answers of that name, or, in a survey that asked for perceptions alone, the respondent's own
    mean perception over all items.
    """

    expectation: pd.DataFrame
    perception: pd.DataFrame
    yardstick: str = EXPECTATION

    @property
    def gap(self) -> pd.DataFrame:
        """perception - yardstick; rounded to 1e-9, so that equal means make a gap of zero."""
        return (self.perception - self.expectation).round(9)

    @property
    def against(self) -> str:
        """The yardstick as the object of a sentence, after what `direction` says."""
        return AGAINST[self.yardstick]


def answer_counts(responses: nw.LazyFrame, dimensions: Dimensions) -> pd.DataFrame:
    """How often each pair of answers was given to each item, counted where the data are.

    Returns item, expectation, perception, count; a row for each pair that occurs, a missing answer
    being a value like any other; expectation is missing throughout where it was not asked. Survey
    weights are not used: these are counts of answers.
    """
    asked = responses.collect_schema().names()
    pairs = [
        responses.select(
            nw.lit(item).alias("item"),
            (nw.col(f"E_{item}") if f"E_{item}" in asked else nw.lit(None, dtype=nw.Float64)).alias(
                "expectation"
            ),
            nw.col(f"P_{item}").alias("perception"),
        )
        for items in dimensions.values()
        for item in items
    ]
    keys = ["item", "expectation", "perception"]
    counts = nw.concat(pairs).group_by(*keys).agg(nw.len().alias("count")).collect("pandas")
    return counts.to_pandas().sort_values(keys, ignore_index=True)


def item_scores(responses: pd.DataFrame, dimensions: Dimensions) -> Scores:
    """The pairs of answers to each item; an answer without its partner is left out.

    Without any E_ column (SERVPERF, Cronin & Taylor 1992) the yardstick is the respondent's own
    mean perception over the items answered: gaps then say where the service is weaker or stronger
    than the same respondent finds it on the whole, and their mean over all items is zero.
    """
    items = [item for members in dimensions.values() for item in members]
    perception = responses[[f"P_{item}" for item in items]].set_axis(items, axis=1).astype(float)
    if not any(f"E_{item}" in responses for item in items):
        own = np.repeat(perception.mean(axis=1).to_numpy()[:, None], len(items), axis=1)
        yardstick = pd.DataFrame(own, index=perception.index, columns=items)
        return Scores(yardstick.where(perception.notna()), perception, OWN_MEAN)
    expectation = responses[[f"E_{item}" for item in items]].set_axis(items, axis=1).astype(float)
    paired = expectation.notna() & perception.notna()
    return Scores(expectation.where(paired), perception.where(paired))


def dimension_scores(
    items: Scores, dimensions: Dimensions, *, least_answered_rate: float = 0.5
) -> Scores:
    """Each respondent's mean over the items of a dimension that have both answers.

    A respondent with fewer than `least_answered_rate` of a dimension's pairs has no score there.
    Map one name to all items for the overall score.
    """

    def means(answers: pd.DataFrame) -> pd.DataFrame:
        scores = {}
        for dimension, members in dimensions.items():
            x = answers[list(members)].to_numpy(dtype=float)
            answered = (~np.isnan(x)).sum(axis=1)
            enough = (answered > 0) & (answered / len(members) >= least_answered_rate)
            mean = np.nansum(x, axis=1) / np.maximum(answered, 1)
            scores[dimension] = np.where(enough, mean, np.nan)
        return pd.DataFrame(scores, index=answers.index)

    return Scores(means(items.expectation), means(items.perception), items.yardstick)


def gap_table(
    scores: Scores, *, scale_high: float, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """For each item or dimension: the mean gap with its tests, and how the gaps are spread.

    Returns a row a column of `scores`: n respondents with both answers, effective_n (Kish, with
    weights) and missing ones; mean expectation and perception (of the same n) and gap, each with a
    t interval; t, df, p, p_holm (Holm over the rows), d_z, d_z_low, d_z_high as in
    `inference.paired_tests`; the rank version p_rank, p_rank_holm, rank_biserial,
    rank_biserial_low, rank_biserial_high as in `inference.signed_rank_tests`, missing with weights,
    for which that test has no agreed form; median_gap, and shares of the n scores (rates):
    negative_share, zero_share, positive_share of the gap, ceiling_share of expectations at
    `scale_high` (missing where the yardstick is not an expectation). Interval bounds end in _low
    and _high, those of the gap are low and high; shares have Wilson's, the median Woodruff's
    (1952): the quantiles at Wilson's limits of one half. With weights all but n, missing and df are
    weighted; a weighted median is the least gap that at least half of the weight does not exceed. A
    row of fewer than MIN_GROUP respondents has no figures.
    """
    gap = scores.gap
    tests = paired_tests(gap, weights=weights, level=level).rename(columns={"mean": "gap"})
    spread = pd.DataFrame(
        [_spread_row(scores, name, scale_high, weights, level) for name in gap.columns],
        index=gap.columns,
    ).reindex(columns=_SPREAD)
    spread = spread.astype(float)
    means = [name for name in _SPREAD if name.startswith(("expectation", "perception"))]
    ranks = signed_rank_tests(gap, level=level).drop(columns=["n", "z"])
    ranks = ranks.rename(columns={"p": "p_rank", "p_holm": "p_rank_holm"})
    if weights is not None:
        ranks = ranks * np.nan
    counts = tests[["n", "effective_n", "missing"]]
    columns = tests.columns.drop(counts.columns)
    rest = spread.drop(columns=means)
    table = counts.join(spread[means]).join(tests[columns]).join(ranks).join(rest)
    table = without_few(table, [*table.columns.drop(counts.columns)])
    return table.assign(p_holm=holm(table["p"]), p_rank_holm=holm(table["p_rank"]))


_SHARES = tuple(f"{kind}_share" for kind in ("negative", "zero", "positive", "ceiling"))
_SPREAD = [
    f"{name}{bound}"
    for name in ("expectation", "perception", "median_gap", *_SHARES)
    for bound in ("", "_low", "_high")
]


def _spread_row(
    scores: Scores, name: str, scale_high: float, weights: ArrayLike | None, level: float
) -> dict[str, float | None]:
    """The figures of _SPREAD for one item or dimension; nothing where nobody has a gap."""
    gap = scores.gap[name].to_numpy()
    w = np.ones(len(gap)) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(gap) & (w > 0)
    if not known.any():
        return {}
    x, used = gap[known], None if weights is None else w[known]
    expectation = scores.expectation[name].to_numpy()[known]
    perception = scores.perception[name].to_numpy()[known]
    shares = {"negative": x < 0, "zero": x == 0, "positive": x > 0}
    if scores.yardstick == EXPECTATION:
        shares["ceiling"] = expectation == scale_high
    found = {
        "expectation": mean_interval(expectation, weights=used, level=level),
        "perception": mean_interval(perception, weights=used, level=level),
        "median_gap": _median_interval(x, used, level),
    }
    for kind, inside in shares.items():
        found[f"{kind}_share"] = share_interval(inside, weights=used, level=level)
    row: dict[str, float | None] = {}
    for figure, one in found.items():
        row |= {figure: one.value, f"{figure}_low": one.low, f"{figure}_high": one.high}
    return row


def _median_interval(x: FloatArray, weights: FloatArray | None, level: float) -> Estimate:
    size = len(x) if weights is None else effective_size(weights)
    limits = wilson_limits(0.5, size, level=level)
    low, high = np.quantile(x, limits, weights=weights, method="inverted_cdf")
    value = np.quantile(x, 0.5, weights=weights, method="inverted_cdf")
    if weights is None:
        value = np.median(x)
    return Estimate(float(value), float(low), float(high), level, len(x), "median, Woodruff")


def direction(estimate: Estimate) -> str:
    """What a mean gap says in words, as far as its interval bears it out.

    Respondents without interval all have the same gap, which then speaks for itself. Fewer than 10
    (effective) ones say nothing.
    """
    low, high = estimate.low, estimate.high
    if estimate.value is None or not estimate.rests_on_enough:
        return "cannot be compared with"
    if low is None or high is None:
        low = high = estimate.value
    if high < 0:
        return "fall short of"
    return "exceed" if low > 0 else "cannot be told from"


def interval_check(
    gap: pd.DataFrame, rng: np.random.Generator, *, draws: int = 2000, level: float = 0.95
) -> pd.DataFrame:
    """The t interval of each mean gap beside its BCa bootstrap interval, which assumes no shape.

    Returns a row a column of `gap`: n, gap, t_low, t_high, bca_low, bca_high. Where the two differ
    by much, the answers are too few or too skewed for t. Survey weights are not used. A row of
    fewer than MIN_GROUP respondents has no figures.
    """
    rows = []
    for name in gap.columns:
        x = gap[name].dropna().to_numpy(dtype=float)
        mean = mean_interval(x, level=level)
        row = {"n": mean.n, "gap": mean.value, "t_low": mean.low, "t_high": mean.high}
        if mean.low is not None:
            values, counts = np.unique(x, return_counts=True)
            resampled = count_bootstrap(values, counts, draws, rng)
            bca = bca_interval(values, counts, resampled, level=level)
            row |= {"bca_low": bca.low, "bca_high": bca.high}
        rows.append(row)
    numbers = ["gap", "t_low", "t_high", "bca_low", "bca_high"]
    table = pd.DataFrame(rows, index=gap.columns).reindex(columns=["n", *numbers])
    return without_few(table.astype(dict.fromkeys(numbers, float)), numbers)


def power_table(
    gap: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    power: float = 0.8,
) -> pd.DataFrame:
    """What this survey could see: the least true gap that its paired t test finds.

    Returns a row a column of `gap`: n, effective_n (Kish with weights), sd of the gaps,
    detectable_gap, the true mean gap found with chance `power` at this n by a single test;
    detectable_gap_holm, that found at level 1 - (1 - level) / rows, which Holm's first and
    strictest step asks for: with Holm's correction over the rows the chance is `power` at least;
    and detectable_group_difference, that between two groups that halve the survey, by a single
    test; all in points. See `inference.detectable_difference`.
    """
    rows = []
    for name, n, effective, sd in _spreads(gap, weights):
        half = effective / 2
        seen, strictly = (
            detectable_difference(sd, effective, level=1 - (1 - level) / tests, power=power)
            for tests in (1, gap.shape[1])
        )
        between = detectable_difference(sd, half, half, level=level, power=power)
        row = {"dimension": name, "n": n, "effective_n": effective, "sd": sd}
        row |= {"detectable_gap": seen, "detectable_gap_holm": strictly}
        rows.append(row | {"detectable_group_difference": between})
    return pd.DataFrame(rows).set_index("dimension")


def required_respondents(
    gap: pd.DataFrame,
    differences: Sequence[float] = (0.1, 0.2, 0.3, 0.5),
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    power: float = 0.8,
) -> pd.DataFrame:
    """How many respondents the next survey needs to see a gap of a given size, in points.

    Returns a row a column of `gap` and difference: dimension, difference, sd (of this survey),
    respondents for a paired t test of one mean gap, and respondents_per_group to tell two groups
    apart that differ so much; with weights both are multiplied by n / effective n, the design
    effect of this survey (Kish 1965). See `inference.required_answers`. A column without spread
    has no row.
    """
    rows = []
    for name, n, effective, sd in _spreads(gap, weights):
        if not sd > 0:
            continue
        for difference in differences:
            one, two = (
                ceil(
                    n
                    / effective
                    * required_answers(difference, sd, groups=k, level=level, power=power)
                )
                for k in (1, 2)
            )
            row = {"dimension": name, "difference": difference, "sd": sd}
            rows.append(row | {"respondents": one, "respondents_per_group": two})
    columns = ["dimension", "difference", "sd", "respondents", "respondents_per_group"]
    return pd.DataFrame(rows, columns=columns)


def _spreads(
    gap: pd.DataFrame, weights: ArrayLike | None
) -> Iterator[tuple[str, int, float, float]]:
    """Name, n, effective n and sd of each column's known gaps."""
    w = np.ones(len(gap)) if weights is None else np.asarray(weights, dtype=float)
    for name in gap.columns:
        x = gap[name].to_numpy(dtype=float)
        known = ~np.isnan(x) & (w > 0)
        n, sd = int(known.sum()), np.nan
        if n > 1:
            mean = np.average(x[known], weights=w[known])
            sd = np.sqrt(np.average((x[known] - mean) ** 2, weights=w[known]) * n / (n - 1))
        yield str(name), n, effective_size(w[known]), float(sd)
