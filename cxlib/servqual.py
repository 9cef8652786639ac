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
from scipy.special import ndtri

from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    correlation_interval,
    mean_interval,
    paired_tests,
    resample_counts,
    suppressed,
)

FloatArray = NDArray[np.float64]
Dimensions = Mapping[str, Sequence[str]]

SURE_CHANCE = 0.8  # below this chance of being the worst, a dimension is not called it outright


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
    correlations that they come from. `note` says how many respondents dealt out points.
    """

    schemes: Mapping[str, pd.DataFrame]
    table: pd.DataFrame
    unit: str
    note: str

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
        known = gap[name].notna().to_numpy() & (w > 0)
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
    """Cronbach's alpha of k items (Cronbach 1951) with a distribution-free interval.

    alpha = k / (k - 1) * (1 - V / T), over the n respondents who answered all k items; V is the sum
    of the items' variances, T the variance of their sum. The interval is alpha +- z se, cut at 1,
    with the asymptotically distribution-free se (Maydeu-Olivares, Coffman & Hartmann 2007): with
    v_r and t_r the squared deviations of respondent r that make up V and T, se^2 is the variance
    of k / (k - 1) * (V t_r - T v_r) / T^2, divided by n. It needs neither parallel nor normal
    items: answers with a ceiling are neither, and Feldt's (1965) interval then is too narrow.
    Survey weights are not used. Fewer than two items, fewer than two complete respondents or a
    constant sum give no value; fewer than 10 complete respondents or proportional items give no
    interval.
    """
    complete = answers.dropna().to_numpy(dtype=float)
    n, k = complete.shape
    if k < 2:
        return Estimate(None, None, None, level, n, "no alpha: a single item")
    if n < 2 or np.ptp(complete.sum(axis=1)) == 0:
        return Estimate(None, None, None, level, n, "no alpha: too few or constant answers")
    squares = (complete - complete.mean(axis=0)) ** 2
    own, whole = squares.sum(axis=1), (complete.sum(axis=1) - complete.sum(axis=1).mean()) ** 2
    variances, total = own.mean(), whole.mean()
    alpha = float(k / (k - 1) * (1 - variances / total))
    influence = k / (k - 1) * (variances * whole - total * own) / total**2
    standard_error = float(influence.std(ddof=1) / np.sqrt(n))
    if n < MIN_GROUP or standard_error < 1e-9:
        reason = f"no interval: fewer than {MIN_GROUP} respondents or exactly proportional answers"
        return Estimate(alpha, None, None, level, n, f"Cronbach's alpha, {reason}")
    method = "Cronbach's alpha, distribution-free interval"
    margin = float(ndtri(0.5 + level / 2)) * standard_error
    return Estimate(alpha, alpha - margin, min(1.0, alpha + margin), level, n, method)


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
    and where fewer than 10 respondents (of weight above zero) have any, the next way is taken:
    the views of so few would stand for all. `given`: points of the instrument. Derived points
    are the correlations of the dimensions' perceptions with `satisfaction`, negative ones taken as
    zero, scaled to 100; the interval of a score that uses them takes them as known. Equal points
    are always there for comparison.
    """
    names, respondents = dimensions.perception.columns, dimensions.perception.index

    def same_for_all(points: pd.Series) -> pd.DataFrame:
        row = points[list(names)].to_numpy(dtype=float)
        rows = np.tile(100 * row / row.sum(), (len(respondents), 1))
        return pd.DataFrame(rows, index=respondents, columns=names)

    w = np.ones(len(respondents)) if weights is None else np.asarray(weights, dtype=float)
    givers = 0
    schemes: dict[str, pd.DataFrame] = {}
    tables: dict[str, pd.DataFrame] = {}
    if allocated is not None:
        dealt = allocated[list(names)].astype(float)
        total = dealt.sum(axis=1, skipna=False)
        own = dealt.mul(100).div(total.where(total > 0), axis=0)
        givers = int((total.gt(0) & (w > 0)).sum())
        if givers >= MIN_GROUP:
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
    note = f"{givers} of {len(respondents)} respondents dealt out points"
    if 0 < givers < MIN_GROUP:
        note += f": fewer than {MIN_GROUP}, so they are not used"
    return Importance(schemes, table, unit, note)


def weighted_gaps(gap: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """What each dimension adds to a respondent's weighted score: points / 100 * gap.

    The score itself is the sum over dimensions (Parasuraman, Zeithaml & Berry 1991). A dimension
    in which nobody has a gap is left out, and each respondent's points of the others are scaled to
    100. A respondent who lacks a gap or points in any other dimension has no score and is left out
    everywhere, so that the means of the dimensions sum to the mean score.
    """
    scored = gap.notna().any()
    kept = list(gap.columns[scored] if scored.any() else gap.columns)
    gap, points = gap[kept], points[kept]
    parts = points.div(points.sum(axis=1), axis=0).mul(gap)
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

    Whole respondents are resampled (Efron 1979), so the columns keep their correlation; a resample
    in which a column has no gap at all is left out. Returns a row a column, in order of rank: mean
    with its percentile interval low, high (missing where all gaps are equal); rank with rank_low,
    rank_high, the central `level` share of its resampled ranks; worst_chance, the share of
    resamples in which the column ranks first (ties shared), missing with fewer than 10 respondents;
    n. Missing gaps, and those of respondents whose weight is missing or zero, are left out of a
    column's mean. Without any gap at all every figure is missing; raises ValueError when only some
    columns are without.
    """
    x = gaps.to_numpy(dtype=float)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(x) & (w > 0)[:, None]
    figures = ["mean", "low", "high", "rank", "rank_low", "rank_high", "worst_chance"]
    if not known.any():
        names = pd.Index(gaps.columns.astype(str), name="dimension")
        return pd.DataFrame(np.nan, index=names, columns=figures).assign(n=0)
    if not known.any(axis=0).all():
        raise ValueError("A column without any gap has no rank.")
    used = np.where(known, w[:, None], 0)
    total = used * np.where(known, x, 0)
    mean = total.sum(axis=0) / used.sum(axis=0)
    respondents = known.any(axis=1)
    rows = resample_counts(respondents.astype(int), draws, rng).astype(float)
    rows = rows[(rows @ known > 0).all(axis=1)]
    means = (rows @ total) / (rows @ used)
    ranks = 1 + (means[:, :, None] > means[:, None, :]).sum(axis=2)
    first = ranks == 1
    worst = (first / first.sum(axis=1, keepdims=True)).sum(axis=0) / max(len(rows), 1)
    if respondents.sum() < MIN_GROUP or not len(rows):
        worst = np.full(len(mean), np.nan)
    tails = [0.5 - level / 2, 0.5 + level / 2]
    summary = []
    for column, name in enumerate(gaps.columns):
        row = {"dimension": str(name), "mean": mean[column]}
        row |= {"rank": 1 + int((mean < mean[column]).sum()), "worst_chance": worst[column]}
        if len(rows):
            rank = np.quantile(ranks[:, column], tails, method="inverted_cdf")
            row |= {"rank_low": rank[0], "rank_high": rank[1]}
            if np.ptp(x[known[:, column], column]) > 0:
                low, high = np.quantile(means[:, column], tails)
                row |= {"low": low, "high": high}
        summary.append(row | {"n": int(known[:, column].sum())})
    table = pd.DataFrame(summary).set_index("dimension").reindex(columns=[*figures, "n"])
    return table.astype({"low": float, "high": float}).sort_values("rank", kind="stable")


def worst_chance(ranks: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """The chance that the first row of `rank_chances` is the worst; no value with few answers."""
    chance, n = float(ranks["worst_chance"].iloc[0]), int(ranks["n"].iloc[0])
    if np.isnan(chance):
        return Estimate(None, None, None, level, n, f"fewer than {MIN_GROUP} respondents scored")
    return Estimate(chance, None, None, level, n, "share of resamples")


def fix_first(
    item_gaps: pd.DataFrame, items: Sequence[str], *, level: float = 0.95
) -> pd.DataFrame:
    """The rows of an item gap table that surely fall short among `items`, the worst first.

    Surely: a negative gap with Holm's p over all items of the table below 1 - level, or the same
    negative gap of all of at least 10 respondents, which has no spread to test against.
    """
    chosen = item_gaps.loc[list(items)]
    constant = chosen["p_holm"].isna() & (chosen["n"] >= MIN_GROUP)
    sure = constant | (chosen["p_holm"] < 1 - level)
    return chosen[sure & (chosen["gap"] < 0)].sort_values("gap")


def priority(worst: str, gap: Estimate, chance: Estimate, items: pd.DataFrame) -> str:
    """The sentence that says what to fix first, no more than the figures bear out.

    `gap` is the mean weighted gap of `worst`, the dimension with the lowest; `chance` as from
    `worst_chance`; `items` the rows of `fix_first`, with their text: two are named.
    """
    if gap.value is None:
        return "What to fix first cannot be said: nobody has a weighted score."
    if direction(gap) != "fall short of":
        return (
            f"What to fix first cannot be said: the lowest weighted gap, of {worst}, is not surely"
            " below zero."
        )
    how_sure = "too few respondents to say how sure that is"
    if chance.value is not None:
        how_sure = f"the worst in {chance.value:.1%} of resamples"
        if chance.value < SURE_CHANCE:
            how_sure += ", so it may well be another"
    named = []
    for row in items.head(2).to_dict("records"):
        interval = "the same for all respondents"
        if not np.isnan(row["low"]):
            interval = f"{100 * gap.level:.4g} % interval {row['low']:.2f} to {row['high']:.2f}"
        named.append(f"{row['text']} (gap {row['gap']:.2f}, {interval})")
    what = "; ".join(named) or "no single item there surely falls short"
    return f"Fix first in {worst} ({how_sure}): {what}."


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
    """What a mean gap says in words, as far as its interval bears it out.

    At least 10 respondents without interval all have the same gap, which then speaks for itself.
    """
    low, high = estimate.low, estimate.high
    if low is None and estimate.n >= MIN_GROUP:
        low = high = estimate.value
    if low is None or high is None:
        return "cannot be compared with"
    if high < 0:
        return "fall short of"
    return "exceed" if low > 0 else "cannot be told from"


def _estimates(estimates: Sequence[Estimate], index: pd.Index, name: str) -> pd.DataFrame:
    rows = [(one.value, one.low, one.high, one.n, one.method) for one in estimates]
    table = pd.DataFrame(rows, index=index, columns=[name, "low", "high", "n", "method"])
    return table.astype({name: float, "low": float, "high": float})
