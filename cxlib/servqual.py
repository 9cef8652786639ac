"""SERVQUAL: how far perceptions fall short of expectations, where, and how surely.

Parasuraman, Zeithaml & Berry (1988, 1991). Everywhere gap = perception - expectation, so a service
that falls short has a negative gap. `dimensions` maps each dimension to the ids of its items; the
answers to item i stand in the columns E_i and P_i, missing where not answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri

from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    correlation_interval,
    mean_interval,
    paired_tests,
    percentile_interval,
    resample_counts,
    suppressed,
)

FloatArray = NDArray[np.float64]
Dimensions = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Scores:
    """Paired scores: a row a respondent, a column an item (or dimension), the same in both frames.

    Where one of the two is missing, both are.
    """

    expectation: pd.DataFrame
    perception: pd.DataFrame

    @property
    def gap(self) -> pd.DataFrame:
        """perception - expectation; rounded to 1e-9, so that equal means make a gap of zero."""
        return (self.perception - self.expectation).round(9)


@dataclass(frozen=True)
class Importance:
    """What each dimension weighs, in every way that the survey allows.

    `schemes`: points of 100, a row a respondent and a column a dimension, by basis; the first basis
    is the one in use: "respondents' own points", "points given with the instrument", "points
    derived from satisfaction", "equal points". `table`: a row a dimension with importance, low,
    high, n and method under the first basis; its unit is `unit`: points, or for derived points the
    correlations that they come from.
    """

    schemes: Mapping[str, pd.DataFrame]
    table: pd.DataFrame
    unit: str

    @property
    def basis(self) -> str:
        return next(iter(self.schemes))

    @property
    def points(self) -> pd.DataFrame:
        return self.schemes[self.basis]


def answer_counts(responses: nw.LazyFrame, dimensions: Dimensions) -> pd.DataFrame:
    """How often each pair of answers was given to each item, counted where the data are.

    Returns item, expectation, perception, count; a row for each pair that occurs, a missing answer
    being a value like any other. Survey weights are not used: these are counts of answers.
    """
    pairs = [
        responses.select(
            nw.lit(item).alias("item"),
            nw.col(f"E_{item}").alias("expectation"),
            nw.col(f"P_{item}").alias("perception"),
        )
        for items in dimensions.values()
        for item in items
    ]
    keys = ["item", "expectation", "perception"]
    counts = nw.concat(pairs).group_by(*keys).agg(nw.len().alias("count")).collect("pandas")
    return counts.to_pandas().sort_values(keys, ignore_index=True)


def item_scores(responses: pd.DataFrame, dimensions: Dimensions) -> Scores:
    """The pairs of answers to each item; an answer without its partner is left out."""
    items = [item for members in dimensions.values() for item in members]
    expectation = responses[[f"E_{item}" for item in items]].set_axis(items, axis=1).astype(float)
    perception = responses[[f"P_{item}" for item in items]].set_axis(items, axis=1).astype(float)
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
        return pd.DataFrame(
            {
                dimension: answers[list(members)]
                .mean(axis=1)
                .where(answers[list(members)].notna().mean(axis=1) >= least_answered_rate)
                for dimension, members in dimensions.items()
            }
        )

    return Scores(means(items.expectation), means(items.perception))


def gap_table(
    scores: Scores, *, scale_high: float, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """For each item or dimension: the mean gap with its test, and how the gaps are spread.

    Returns a row a column of `scores`: n respondents with both answers and missing ones; mean
    expectation and perception (of the same n); gap with its t interval low, high; t, df, p, p_holm
    (Holm over the rows), d_z, d_z_low, d_z_high as in `inference.paired_tests`; median_gap; and
    shares of the n scores (rates): negative_share, zero_share, positive_share of the gap,
    ceiling_share of expectations at `scale_high`. With weights all but n, missing and df are
    weighted; a weighted median is the least gap that at least half of the weight does not exceed.
    """
    gap = scores.gap
    tests = paired_tests(gap, weights=weights, level=level).rename(columns={"mean": "gap"})
    w = np.ones(len(gap)) if weights is None else np.asarray(weights, dtype=float)
    rows: list[dict[str, float]] = []
    for name in gap.columns:
        known = gap[name].notna().to_numpy() & ~np.isnan(w)
        if not known.any():
            rows.append({})
            continue
        x, used = gap[name].to_numpy()[known], w[known]
        expectation = scores.expectation[name].to_numpy()[known]
        row = {
            "expectation": np.average(expectation, weights=used),
            "perception": np.average(scores.perception[name].to_numpy()[known], weights=used),
            "median_gap": np.median(x)
            if weights is None
            else np.quantile(x, 0.5, weights=used, method="inverted_cdf"),
        }
        shares = {"negative": x < 0, "zero": x == 0, "positive": x > 0}
        shares["ceiling"] = expectation == scale_high
        rows.append(row | {f"{k}_share": np.average(v, weights=used) for k, v in shares.items()})
    spread = pd.DataFrame(rows, index=gap.columns)
    means, rest = ["expectation", "perception"], ["median_gap"]
    rest += [f"{name}_share" for name in ("negative", "zero", "positive", "ceiling")]
    spread = spread.reindex(columns=[*means, *rest]).astype(float)
    columns = tests.columns.drop(["n", "missing"])
    return tests[["n", "missing"]].join(spread[means]).join(tests[columns]).join(spread[rest])


def cronbach_alpha(answers: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """Cronbach's alpha of k items (Cronbach 1951) with Feldt's interval (Feldt 1965).

    alpha = k / (k - 1) * (1 - sum of the items' variances / variance of their sum), over the
    respondents who answered all k items. (1 - true alpha) / (1 - alpha) follows F with n - 1 and
    (n - 1)(k - 1) degrees of freedom, so the bounds are 1 - (1 - alpha) F at the two quantiles.
    Survey weights are not used. Fewer than two items, fewer than two complete respondents or a
    constant sum give no value.
    """
    complete = answers.dropna().to_numpy(dtype=float)
    n, k = complete.shape
    if k < 2:
        return Estimate(None, None, None, level, n, "no alpha: a single item")
    if n < 2 or np.ptp(complete.sum(axis=1)) == 0:
        return Estimate(None, None, None, level, n, "no alpha: too few or constant answers")
    total = complete.sum(axis=1).var(ddof=1)
    alpha = k / (k - 1) * (1 - complete.var(axis=0, ddof=1).sum() / total)
    quantiles = fdtri(n - 1, (n - 1) * (k - 1), np.array([0.5 + level / 2, 0.5 - level / 2]))
    low, high = 1 - (1 - alpha) * quantiles
    return Estimate(
        float(alpha), float(low), float(high), level, n, "Cronbach's alpha, Feldt interval"
    )


def standardized_alpha(correlations: ArrayLike) -> float:
    """Alpha of standardized items: k r / (1 + (k - 1) r), r the mean correlation of the k items."""
    matrix = np.asarray(correlations, dtype=float)
    k = len(matrix)
    mean = (matrix.sum() - np.trace(matrix)) / (k * (k - 1))
    return float(k * mean / (1 + (k - 1) * mean))


def alpha_table(items: Scores, dimensions: Dimensions, *, level: float = 0.95) -> pd.DataFrame:
    """Cronbach's alpha of each dimension and of all items, for expectation, perception and gap.

    Returns a row a dimension and answer: dimension, answer, items, n (complete respondents), alpha,
    low, high, method. The alpha of all items is for comparison: it is high for any long
    questionnaire. A gap is a difference of two correlated answers and so less reliable than each.
    """
    groups = dict(dimensions) | {"all items": [i for ids in dimensions.values() for i in ids]}
    answers = {"expectation": items.expectation, "perception": items.perception, "gap": items.gap}
    rows = []
    for dimension, members in groups.items():
        for answer, frame in answers.items():
            alpha = cronbach_alpha(frame[list(members)], level=level)
            row = {"dimension": dimension, "answer": answer, "items": len(members), "n": alpha.n}
            row |= {"alpha": alpha.value, "low": alpha.low, "high": alpha.high}
            rows.append(row | {"method": alpha.method})
    numbers = dict.fromkeys(["alpha", "low", "high"], float)
    return pd.DataFrame(rows).astype(numbers)


def satisfaction_correlations(
    scores: pd.DataFrame, satisfaction: pd.Series | None, *, level: float = 0.95
) -> pd.DataFrame:
    """Pearson's correlation of each score with overall satisfaction, with Fisher's interval.

    Returns r, low, high, n and method, a row a column of `scores`; without a satisfaction question
    or with too few answers r is missing and the method says so. Survey weights are not used.
    """
    rows = []
    for name in scores.columns:
        if satisfaction is None:
            rows.append(Estimate(None, None, None, level, 0, "no satisfaction question"))
        else:
            rows.append(correlation_interval(scores[name], satisfaction, level=level))
    return _estimates(rows, scores.columns, "r")


def importance(
    dimensions: Scores,
    *,
    allocated: pd.DataFrame | None = None,
    given: Mapping[str, float] | None = None,
    satisfaction: pd.Series | None = None,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> Importance:
    """What each dimension weighs: as respondents say, else as given, else as satisfaction shows.

    `allocated`: the points that each respondent dealt out, a column a dimension; they are divided
    by the respondent's own total; a respondent who left a dimension out or dealt nothing has none,
    and if nobody has any, the next way is taken. `given`: points of the instrument. Derived points
    are the correlations of the dimensions' perceptions with `satisfaction`, negative ones taken as
    zero, scaled to 100; the interval of a score that uses them takes them as known. Equal points
    are always there for comparison.
    """
    names, respondents = dimensions.perception.columns, dimensions.perception.index

    def same_for_all(points: pd.Series) -> pd.DataFrame:
        row = points[list(names)].to_numpy(dtype=float)
        rows = np.tile(100 * row / row.sum(), (len(respondents), 1))
        return pd.DataFrame(rows, index=respondents, columns=names)

    schemes: dict[str, pd.DataFrame] = {}
    tables: dict[str, pd.DataFrame] = {}
    if allocated is not None:
        dealt = allocated[list(names)].astype(float)
        total = dealt.sum(axis=1, skipna=False)
        own = dealt.mul(100).div(total.where(total > 0), axis=0)
        if total.gt(0).any():
            means = [mean_interval(own[name], weights=weights, level=level) for name in names]
            schemes["respondents' own points"] = own
            tables["respondents' own points"] = _estimates(means, names, "importance")
    if given:
        schemes["points given with the instrument"] = same_for_all(pd.Series(given))
    correlations = satisfaction_correlations(dimensions.perception, satisfaction, level=level)
    positive = correlations["r"].clip(lower=0).fillna(0)
    if positive.sum() > 0:
        schemes["points derived from satisfaction"] = same_for_all(positive)
        tables["points derived from satisfaction"] = correlations.rename(
            columns={"r": "importance"}
        )
    schemes["equal points"] = same_for_all(pd.Series(1.0, index=names))
    basis = next(iter(schemes))
    if basis in tables:
        table = tables[basis]
    else:
        fixed = schemes[basis].iloc[0]
        table = _estimates(
            [Estimate(fixed[n], None, None, level, 0, f"{basis}, fixed") for n in names],
            names,
            "importance",
        )
    unit = "points of 100"
    if basis == "points derived from satisfaction":
        unit = "correlation with satisfaction"
    return Importance(schemes, table, unit)


def weighted_gaps(gap: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """What each dimension adds to a respondent's weighted score: points / 100 * gap.

    The score itself is the sum over dimensions (Parasuraman, Zeithaml & Berry 1991). A respondent
    who lacks a gap or points in any dimension has no score and is left out everywhere, so that the
    means of the dimensions sum to the mean score.
    """
    parts = points[list(gap.columns)].div(100).mul(gap)
    return parts.where(parts.notna().all(axis=1))


def score_table(
    gap: pd.DataFrame,
    schemes: Mapping[str, pd.DataFrame],
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """The weighted score under each scheme of points, and the dimension that then weighs most.

    Returns a row a scheme: score, low, high (t interval over respondents), n, method,
    worst_dimension (the least mean weighted gap) and worst_weighted_gap.
    """
    rows = []
    for basis, points in schemes.items():
        parts = weighted_gaps(gap, points)
        whole = parts.sum(axis=1, skipna=False)
        score = mean_interval(whole, weights=weights, level=level)
        row = {"points": basis, "score": score.value, "low": score.low, "high": score.high}
        row |= {"n": score.n, "method": score.method, "worst_dimension": ""}
        row |= {"worst_weighted_gap": None}
        if score.n:
            means = paired_tests(parts, weights=weights)["mean"]
            row |= {"worst_dimension": str(means.idxmin()), "worst_weighted_gap": means.min()}
        rows.append(row)
    numbers = ["score", "low", "high", "worst_weighted_gap"]
    return pd.DataFrame(rows).set_index("points").astype(dict.fromkeys(numbers, float))


def rank_chances(
    gaps: pd.DataFrame,
    rng: np.random.Generator,
    *,
    draws: int = 2000,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """How sure the order of the columns' means is; rank 1 is the lowest mean, the worst gap.

    Whole respondents are resampled (Efron 1979), so the columns keep their correlation. Returns a
    row a column, in order of rank: mean with its percentile interval low, high; rank with rank_low,
    rank_high, the central `level` share of its resampled ranks; worst_chance, the share
    of resamples in which the column ranks first (ties shared); n. Missing gaps are left out of a
    column's mean. Raises ValueError for a column without any gap.
    """
    x = gaps.to_numpy(dtype=float)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(x) & ~np.isnan(w)[:, None]
    if not known.any(axis=0).all():
        raise ValueError("A column without any gap has no rank.")
    used = np.where(known, w[:, None], 0)
    total = used * np.where(known, x, 0)
    mean = total.sum(axis=0) / used.sum(axis=0)
    rows = resample_counts(known.any(axis=1).astype(int), draws, rng).astype(float)
    means = (rows @ total) / (rows @ used)
    ranks = 1 + (means[:, :, None] > means[:, None, :]).sum(axis=2)
    first = means == means.min(axis=1, keepdims=True)
    worst = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    summary = []
    for column, name in enumerate(gaps.columns):
        n = int(known[:, column].sum())
        spread = percentile_interval(
            float(mean[column]), means[:, column], n, level=level, method="bootstrap"
        )
        rank = np.quantile(
            ranks[:, column], [0.5 - level / 2, 0.5 + level / 2], method="inverted_cdf"
        )
        row = {"dimension": str(name), "mean": spread.value, "low": spread.low, "high": spread.high}
        row |= {"rank": 1 + int((mean < mean[column]).sum())}
        row |= {"rank_low": int(rank[0]), "rank_high": int(rank[1])}
        summary.append(row | {"worst_chance": float(worst[column]), "n": n})
    return pd.DataFrame(summary).set_index("dimension").sort_values("rank")


def fix_first(
    item_gaps: pd.DataFrame, items: Sequence[str], *, level: float = 0.95
) -> pd.DataFrame:
    """The rows of an item gap table that surely fall short among `items`, the worst first.

    Surely: a negative gap with Holm's p over all items of the table below 1 - level.
    """
    chosen = item_gaps.loc[list(items)]
    return chosen[(chosen["gap"] < 0) & (chosen["p_holm"] < 1 - level)].sort_values("gap")


def importance_performance(
    perception: pd.DataFrame,
    importance_table: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Mean perception and importance, both with intervals (Martilla & James 1977).

    `importance_table` has importance, low and high for each column of `perception`. Returns
    performance, performance_low, performance_high and the same of importance.
    """
    means = [mean_interval(perception[name], weights=weights, level=level) for name in perception]
    performance = _estimates(means, perception.columns, "performance")[
        ["performance", "low", "high"]
    ].rename(columns={"low": "performance_low", "high": "performance_high"})
    names = {"low": "importance_low", "high": "importance_high"}
    return performance.join(importance_table[["importance", "low", "high"]].rename(columns=names))


def group_gaps(
    gap: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    least: int = MIN_GROUP,
) -> pd.DataFrame:
    """The mean gap of each group with its t interval; small groups suppressed.

    `groups`: a column an attribute (branch, channel); a respondent without a value forms the group
    "not stated". Returns a row for all respondents, then one for each value of each attribute, and
    within it a row a column of `gap`: attribute, group, dimension, n, gap, low, high, method. A
    figure of fewer than `least` answers is suppressed (missing, n too, and the method says so); so
    is the next smallest where the others and the total would give the suppressed answers away.
    """
    w = None if weights is None else np.asarray(weights, dtype=float)
    rows = []
    everyone = pd.DataFrame({"all respondents": "all"}, index=gap.index)
    for attribute, values in everyone.join(groups).items():
        labels = values.astype("string").fillna("not stated").to_numpy()
        names = list(dict.fromkeys(sorted(labels)))
        for dimension in gap.columns:
            x = gap[dimension].to_numpy(dtype=float)
            found = [
                mean_interval(
                    x[labels == name], weights=None if w is None else w[labels == name], level=level
                )
                for name in names
            ]
            hidden = suppressed([one.n for one in found], least)
            for name, one, hide in zip(names, found, hidden, strict=True):
                row = {"attribute": attribute, "group": name, "dimension": dimension}
                if hide:
                    reason = f"suppressed: fewer than {least} answers, or would give them away"
                    rows.append(row | {"method": reason})
                else:
                    row |= {"n": one.n, "gap": one.value, "low": one.low, "high": one.high}
                    rows.append(row | {"method": one.method})
    order = ["attribute", "group", "dimension", "n", "gap", "low", "high", "method"]
    return pd.DataFrame(rows, columns=order).astype({"n": "Int64"})


def direction(estimate: Estimate) -> str:
    """What a mean gap says in words, as far as its interval bears it out."""
    if estimate.low is None or estimate.high is None:
        return "cannot be compared with"
    if estimate.high < 0:
        return "fall short of"
    return "exceed" if estimate.low > 0 else "cannot be told from"


def _estimates(estimates: Sequence[Estimate], index: pd.Index, name: str) -> pd.DataFrame:
    rows = [(one.value, one.low, one.high, one.n, one.method) for one in estimates]
    table = pd.DataFrame(rows, index=index, columns=[name, "low", "high", "n", "method"])
    return table.astype({name: float, "low": float, "high": float})
