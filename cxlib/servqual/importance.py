"""What each dimension weighs, the weighted score, and what to fix first, how surely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxlib.inference import (
    MIN_GROUP,
    Estimate,
    correlation_interval,
    effective_size,
    mean_interval,
    paired_tests,
    resample_counts,
    without_few,
)
from cxlib.servqual.gaps import AGAINST, OWN_MEAN, Dimensions, Scores

FloatArray = NDArray[np.float64]

BLOCKS = 5000  # sums of respondents that are resampled in place of more respondents than this
SURE_CHANCE = 0.8  # below this chance of being the worst, a dimension is not called it outright
NAMED = 2  # how many items are named at most
WORST = 3  # how many items count as the worst
LEAST_GIVERS = 0.5  # share of the weight: the points of fewer would stand for all
# Half of what Cohen (1988) calls a small effect. With thousands of respondents any difference is
# sure; one of a tenth of a standard deviation among people is none to act on.
LEAST_EFFECT = 0.1
ALIKE = "the gaps are too alike"
NOT_STANDING = "These answers do not bear out all dimensions, so items alone are named."


@dataclass(frozen=True)
class Derivation:
    """What derived points come from: perceptions, a column a dimension, and satisfaction."""

    perception: pd.DataFrame
    satisfaction: pd.Series


@dataclass(frozen=True)
class Importance:
    """What each dimension weighs, in every way that the survey allows.

    `schemes`: points of 100, a row a respondent and a column a dimension, by basis; the first basis
    is the one in use: "respondents' own points", "points given with the instrument", "points
    derived from satisfaction", "equal points". `table`: a row a dimension with importance, low,
    high, n and method under the first basis; its unit is `unit`: points, or for derived points the
    correlations that they come from. `mean_points` holds the (weighted) mean points of each
    dimension under the first basis. `note` says how many respondents dealt out points.
    `derivation`: what the points come from where derived ones are in use, else None.
    """

    schemes: Mapping[str, pd.DataFrame]
    table: pd.DataFrame
    mean_points: pd.Series
    unit: str
    note: str
    derivation: Derivation | None = None

    @property
    def basis(self) -> str:
        return next(iter(self.schemes))

    @property
    def points(self) -> pd.DataFrame:
        return self.schemes[self.basis]


def satisfaction_correlations(
    scores: pd.DataFrame,
    satisfaction: pd.Series | None,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Pearson's correlation of each score with overall satisfaction, with its interval.

    See `inference.correlation_interval`. Returns r, low, high, n and method, a row a column of
    `scores`; without a satisfaction question, with fewer than 10 (effective) respondents who
    answered both, or with constant answers, r is missing and the method says so.
    """
    rows = []
    for name in scores.columns:
        if satisfaction is None:
            rows.append(Estimate(None, None, None, level, 0, "no satisfaction question"))
            continue
        r = correlation_interval(scores[name], satisfaction, weights=weights, level=level)
        if r.value is not None and not r.rests_on_enough:
            reason = f"no correlation: fewer than {MIN_GROUP} respondents, or effective ones"
            r = Estimate(None, None, None, level, r.n, reason)
        rows.append(r)
    return _estimates(rows, scores.columns, "r")


def leading_chances(
    scores: pd.DataFrame,
    satisfaction: pd.Series | None,
    rng: np.random.Generator,
    *,
    draws: int = 2000,
    weights: ArrayLike | None = None,
) -> pd.Series:
    """In which share of resamples each score has the highest correlation with satisfaction.

    Whole respondents are resampled, or blocks of them, as in `rank_chances`: the highest of several
    correlations is the highest by chance too. Missing where the correlation is, as in
    `satisfaction_correlations`, and throughout where fewer than two are known.
    """
    correlations = satisfaction_correlations(scores, satisfaction, weights=weights)
    chances = pd.Series(np.nan, index=scores.columns, name="leading_chance")
    names = scores.columns[correlations["r"].notna()]
    if satisfaction is None or len(names) < 2:
        return chances
    w = np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=float)
    products, known = _products(scores[names], satisfaction, w)
    used, total = _block_sums(products, w, known, rng)
    r = _correlations_of(_resampled_means(used, total, draws, rng))
    chances[names] = np.bincount(r.argmax(axis=1), minlength=len(names)) / max(len(r), 1)
    return chances


def _products(
    scores: pd.DataFrame, satisfaction: pd.Series, w: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """What the correlations of `scores` with `satisfaction` are means of, and where it is known."""
    x = scores.to_numpy(dtype=float)
    y = np.repeat(satisfaction.to_numpy(dtype=float)[:, None], x.shape[1], axis=1)
    known = ~(np.isnan(x) | np.isnan(y)) & (w > 0)[:, None]
    x, y = x - np.nanmean(x, axis=0), y - np.nanmean(y, axis=0)
    return np.hstack([x, y, x * x, y * y, x * y]), np.tile(known, 5)


def _correlations_of(means: FloatArray) -> FloatArray:
    """Correlations from the means of `_products`, a row a resample; -1 where there is no spread."""
    of_x, of_y, squares_x, squares_y, mixed = np.hsplit(means, 5)
    spread = np.sqrt(np.clip((squares_x - of_x**2) * (squares_y - of_y**2), 0, None))
    return np.divide(mixed - of_x * of_y, spread, where=spread > 0, out=np.full_like(spread, -1))


def satisfaction_verdict(
    correlations: pd.DataFrame, chances: pd.Series, *, level: float = 0.95
) -> str:
    """What satisfaction goes along with most, and whether that is told from the others.

    Reads `satisfaction_correlations` and `leading_chances`. One leads surely where it does in
    (1 + level) / 2 of resamples: of two that are truly alike one does so in 1 - level of surveys,
    of more in fewer.
    """
    r = correlations["r"].dropna()
    if r.empty:
        return f"Where satisfaction comes from is not known: {correlations['method'].iloc[0]}."
    top, last = str(r.idxmax()), str(r.idxmin())
    row = correlations.loc[top]
    told = f"r = {row['r']:.2f}"
    if not np.isnan(row["low"]):
        told += f" ({100 * level:.4g} % interval {row['low']:.2f} to {row['high']:.2f})"
    told += f", n = {row['n']:,}"
    if len(r) == 1:
        return f"Only the correlation of satisfaction with {top} is known: {told}."
    first = f"first in {chances[top]:.0%} of resamples"
    if chances[top] >= (1 + level) / 2:
        return f"Satisfaction goes along most with {top}: {told}; {first}."
    return (
        f"With which dimension satisfaction goes along most cannot be told: r from {r[last]:.2f}"
        f" ({last}) to {r[top]:.2f} ({top}, {first}), n = {correlations['n'].max():,}."
    )


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
    and where fewer than 10 respondents (effective ones, with weights), or fewer than half of them
    by weight, have any, the next way is taken: the views of so few would stand for all. `given`:
    points of the instrument. Derived points are the correlations of the dimensions' perceptions
    with `satisfaction` (from at least 10 respondents), negative ones taken as zero, scaled to 100;
    the interval of a score that uses them takes them as known, `rank_chances` derives them anew.
    Equal points are always there for comparison.
    """
    names, respondents = dimensions.perception.columns, dimensions.perception.index

    def same_for_all(points: pd.Series) -> pd.DataFrame:
        row = points[list(names)].to_numpy(dtype=float)
        rows = np.tile(100 * row / row.sum(), (len(respondents), 1))
        return pd.DataFrame(rows, index=respondents, columns=names)

    w = np.ones(len(respondents)) if weights is None else np.asarray(weights, dtype=float)
    givers, too_few = 0, ""
    schemes: dict[str, pd.DataFrame] = {}
    tables: dict[str, pd.DataFrame] = {}
    if allocated is not None:
        dealt = allocated[list(names)].astype(float)
        total = dealt.sum(axis=1, skipna=False)
        own = dealt.mul(100).div(total.where(total > 0), axis=0)
        gave = (total > 0).to_numpy() & (w > 0)
        givers = int(gave.sum())
        if effective_size(w[gave]) < MIN_GROUP:
            too_few = f"{MIN_GROUP} (effective) respondents"
        elif w[gave].sum() < LEAST_GIVERS * w[w > 0].sum():
            too_few = "half of the respondents" + ("" if weights is None else " by weight")
        else:
            dealt_out = [mean_interval(own[name], weights=weights, level=level) for name in names]
            schemes["respondents' own points"] = own
            tables["respondents' own points"] = _estimates(dealt_out, names, "importance")
    if given:
        schemes["points given with the instrument"] = same_for_all(pd.Series(given))
    correlations = satisfaction_correlations(
        dimensions.perception, satisfaction, weights=weights, level=level
    )
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
    if givers and too_few:
        note += f": fewer than {too_few}, so they are not used"
    used = schemes[basis]
    means = [mean_interval(used[name], weights=weights).value for name in names]
    mean_points = pd.Series(means, index=names, dtype=float)
    derivation = None
    if satisfaction is not None and basis == "points derived from satisfaction":
        derivation = Derivation(dimensions.perception, satisfaction)
    return Importance(schemes, table, mean_points, unit, note, derivation)


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


def weighted_item_gaps(
    gap: pd.DataFrame, points: pd.DataFrame, dimensions: Dimensions
) -> pd.DataFrame:
    """What each item adds to a respondent's weighted score: item points / 100 * gap.

    The points of a dimension (a column each in `points`) are shared alike among its items. A gap or
    points that are missing leave that item alone out, as few respondents answer every item.
    """
    shared = {
        item: points[dimension] / len(items)
        for dimension, items in dimensions.items()
        for item in items
    }
    return gap * pd.DataFrame(shared, index=gap.index)[list(gap.columns)] / 100


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
        score = mean_interval(whole, weights=weights, level=level).published
        row = {"points": basis, "score": score.value, "low": score.low, "high": score.high}
        row |= {"n": score.n, "method": score.method, "worst_dimension": ""}
        row |= {"worst_weighted_gap": None}
        if score.value is not None:
            means = paired_tests(parts, weights=weights)["mean"]
            row |= {"worst_dimension": str(means.idxmin()), "worst_weighted_gap": means.min()}
        rows.append(row)
    numbers = ["score", "low", "high", "worst_weighted_gap"]
    return pd.DataFrame(rows).set_index("points").astype(dict.fromkeys(numbers, float))


def order_holds(
    gap: pd.DataFrame,
    schemes: Mapping[str, pd.DataFrame],
    worst: str,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> bool | None:
    """Whether `worst` has the least mean weighted gap under every scheme of points.

    True when it has. False when under some scheme another dimension is surely worse: the t interval
    of its weighted gap less that of `worst`, over the same respondents, lies below zero, at
    1 - (1 - level) / the number of others (Bonferroni). None when another only comes out worse.
    """
    leads = []
    for points in schemes.values():
        parts = weighted_gaps(gap, points)
        if worst not in parts:
            continue
        others = parts.drop(columns=worst).sub(parts[worst], axis=0)
        strict = 1 - (1 - level) / max(1, others.shape[1])
        found = [mean_interval(others[one], weights=weights, level=strict) for one in others]
        if any(one.high is not None and one.high < 0 for one in found):
            return False
        leads.append(all(one.value is None or one.value >= 0 for one in found))
    return True if leads and all(leads) else None


# The ways to weigh as a manager calls them.
_WAYS = {
    "respondents' own points": "our customers' own weights",
    "points given with the instrument": "the standard weights that come with the questionnaire",
    "points derived from satisfaction": "how closely each goes with satisfaction",
    "equal points": "equal weights",
}


def otherwise_worst(schemes: pd.DataFrame, worst: str) -> str:
    """Which other dimension comes out worst under which ways to weigh, in a sentence.

    Reads `score_table`, the way in use first; "" where `worst` comes out worst under all.
    """
    others = schemes.loc[~schemes["worst_dimension"].isin([worst, ""]), "worst_dimension"]
    if others.empty:
        return ""
    used = _WAYS[str(schemes.index[0])]
    told = "; ".join(
        f"by {' or by '.join(_WAYS[str(way)] for way in ways.index)} instead of {used}, {dimension}"
        " would be worst"
        for dimension, ways in others.groupby(others, sort=False)
    )
    agreeing = int((schemes["worst_dimension"] == worst).sum())
    known = int((schemes["worst_dimension"] != "").sum())
    ways = f"{agreeing} of {known} ways of weighing say {worst}"
    return f"{told[0].upper()}{told[1:]}; {ways}. Settle first whose weights count."


def scheme_ranks(
    gap: pd.DataFrame,
    schemes: Mapping[str, pd.DataFrame],
    *,
    weights: ArrayLike | None = None,
) -> pd.DataFrame:
    """The order of the dimensions unweighted and under each scheme of points, side by side.

    Returns a row a dimension and a column of ranks each: "unweighted", of the mean gap, then the
    name of each scheme, of the mean weighted gap; rank 1 is the lowest mean, the worst. Missing
    where nobody has a gap.
    """
    parts = {"unweighted": gap}
    parts |= {basis: weighted_gaps(gap, points) for basis, points in schemes.items()}
    ranks = {
        name: pd.Series(
            {one: mean_interval(part[one], weights=weights).value for one in part}, dtype=float
        ).rank(method="min")
        for name, part in parts.items()
    }
    return pd.DataFrame(ranks).reindex(gap.columns).rename_axis("dimension").astype("Int64")


def rank_chances(
    gaps: pd.DataFrame,
    rng: np.random.Generator,
    *,
    draws: int = 2000,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    derivation: Derivation | None = None,
    dimensions: Dimensions | None = None,
) -> pd.DataFrame:
    """How sure the order of the columns' means is; rank 1 is the lowest mean, the worst gap.

    Whole respondents are resampled (Efron 1979), so the columns keep their correlation; a resample
    in which a column has no gap at all is left out. More than 5,000 respondents are first summed in
    5,000 random blocks, which are resampled in their place: the blocks are as independent and as
    alike as the respondents, so the means vary in the same way, and work and memory stop growing.
    With a `derivation` the columns are unweighted gaps, and each resample derives the points of
    the `dimensions` (by default each column is one) anew, shares them alike among their columns and
    ranks points / 100 * mean gap: points that are themselves estimates make the order less sure.
    Returns a row a column, in order of rank: mean with its percentile interval low, high (missing
    where all gaps are equal); rank with rank_low, rank_high, the central `level` share of its
    resampled ranks; worst_chance and worst_three_chance, the shares of resamples in which the
    column ranks first, and among the first three (ties shared), missing with fewer than 10
    (effective) respondents; n. Missing gaps, and those of respondents whose weight is missing or
    zero, are left out of a column's mean. Without any gap at all every figure is missing; raises
    ValueError when only some columns are without.
    """
    x = gaps.to_numpy(dtype=float)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    known = ~np.isnan(x) & (w > 0)[:, None]
    figures = ["mean", "low", "high", "rank", "rank_low", "rank_high"]
    figures += ["worst_chance", "worst_three_chance"]
    if not known.any():
        names = pd.Index(gaps.columns.astype(str), name="dimension")
        return pd.DataFrame(np.nan, index=names, columns=figures).assign(n=0)
    if not known.any(axis=0).all():
        raise ValueError("A column without any gap has no rank.")
    values, answered, sharing = x, known, None
    if derivation is not None:
        members = {str(name): [name] for name in gaps} if dimensions is None else dimensions
        scores = derivation.perception[list(members)]
        r = satisfaction_correlations(scores, derivation.satisfaction, weights=weights)["r"]
        names = list(r.index[r.notna()])
        products, both = _products(scores[names], derivation.satisfaction, w)
        values, answered = np.hstack([x, products]), np.hstack([known, both])
        sharing = np.array([gaps.columns.isin(members[d]) / len(members[d]) for d in names])
    used, total = _block_sums(values, w, answered, rng)
    mean = total.sum(axis=0) / used.sum(axis=0)
    means = _resampled_means(used, total, draws, rng)
    if sharing is not None:
        mean, means = _with_points(mean[None], sharing)[0], _with_points(means, sharing)
    lower = (means[:, :, None] > means[:, None, :]).sum(axis=2)
    tied = (means[:, :, None] == means[:, None, :]).sum(axis=2)
    worst, worst_three = (
        np.clip((places - lower) / tied, 0, 1).sum(axis=0) / max(len(means), 1)
        for places in (1, WORST)
    )
    if effective_size(w[known.any(axis=1)]) < MIN_GROUP or not len(means):
        worst = worst_three = np.full(len(mean), np.nan)
    tails = [0.5 - level / 2, 0.5 + level / 2]
    summary = []
    for column, name in enumerate(gaps.columns):
        row = {"dimension": str(name), "mean": mean[column], "worst_chance": worst[column]}
        row |= {"rank": 1 + int((mean < mean[column]).sum())}
        row |= {"worst_three_chance": worst_three[column]}
        if len(means):
            rank = np.quantile(1 + lower[:, column], tails, method="inverted_cdf")
            row |= {"rank_low": rank[0], "rank_high": rank[1]}
            if np.ptp(x[known[:, column], column]) > 0:
                low, high = np.quantile(means[:, column], tails)
                row |= {"low": low, "high": high}
        summary.append(row | {"n": int(known[:, column].sum())})
    table = pd.DataFrame(summary).set_index("dimension").reindex(columns=[*figures, "n"])
    return table.astype({"low": float, "high": float}).sort_values("rank", kind="stable")


def _with_points(means: FloatArray, sharing: FloatArray) -> FloatArray:
    """Mean gaps times the points that the correlations behind them give; a row a resample.

    `sharing`: which part of the points of a dimension (row) a gap (column) has.
    """
    columns = sharing.shape[1]
    r = np.clip(_correlations_of(means[:, columns:]), 0, None)
    total = r.sum(axis=1, keepdims=True)
    points = np.divide(r, total, where=total > 0, out=np.full_like(r, 1 / len(sharing)))
    return (means[:, :columns] * (points @ sharing)).round(12)


def _block_sums(
    x: FloatArray, w: FloatArray, known: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Sums of weights and of weighted gaps, a row a block of respondents with any known gap."""
    someone = known.any(axis=1)
    n = int(someone.sum())
    blocks = min(n, BLOCKS)
    block = np.arange(n) if n == blocks else rng.permutation(n) % blocks
    used, total = np.empty((blocks, x.shape[1])), np.empty((blocks, x.shape[1]))
    for column in range(x.shape[1]):
        given = np.where(known[someone, column], w[someone], 0)
        of_column = np.where(known[someone, column], x[someone, column], 0)
        used[:, column] = np.bincount(block, weights=given, minlength=blocks)
        total[:, column] = np.bincount(block, weights=given * of_column, minlength=blocks)
    return used, total


def _resampled_means(
    used: FloatArray, total: FloatArray, draws: int, rng: np.random.Generator
) -> FloatArray:
    """The columns' means in each resample of the rows, where every column has a gap."""
    sums, step = np.hstack([used, total]), max(1, 1_000_000 // len(used))
    means = []
    for start in range(0, draws, step):
        rows = resample_counts(np.ones(len(used), dtype=int), min(step, draws - start), rng)
        weight, product = np.hsplit(rows.astype(float) @ sums, 2)
        whole = (weight > 0).all(axis=1)
        means.append(product[whole] / weight[whole])
    # Columns that are alike must tie, whatever the order in which their gaps are summed.
    return np.concatenate(means).round(12)


def worst_chance(ranks: pd.DataFrame, *, level: float = 0.95) -> Estimate:
    """The chance that the first row of `rank_chances` is the worst; no value with few answers."""
    chance, n = float(ranks["worst_chance"].iloc[0]), int(ranks["n"].iloc[0])
    if np.isnan(chance):
        reason = f"fewer than {MIN_GROUP} respondents, or effective ones, scored"
        return Estimate(None, None, None, level, n, reason)
    return Estimate(chance, None, None, level, n, "share of resamples")


def shortfalls(
    gap: pd.DataFrame, *, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Which columns (items or dimensions) surely fall short, and surely more than the others.

    Returns a row a column of `gap`:
    gap_n, effective_n; gap, gap_low, gap_high, p_holm, d_z: the mean gap, is it zero?
    (`inference.paired_tests`); own_difference, own_low, own_high, own_p_holm, own_d_z: the same of
    the gap less the mean of the respondent's own gaps over all columns (of who answered at least
    two): is it like the others? falls_short: surely below zero, Holm's p over the rows below
    1 - level, or the same negative gap of all, which has no spread to test against; from at least
    10 (effective) respondents. stands_out: surely below the respondents' own mean, in the same way.
    sure: both, and both by at least .1 standard deviations (d_z), which a large survey alone does
    not give. Where all gaps are truly alike, anything is sure in at most (1 - level) / 2 of
    surveys, however the columns correlate.
    """
    x = gap.to_numpy(dtype=float)
    answers = (~np.isnan(x)).sum(axis=1, keepdims=True)
    mean = np.nansum(x, axis=1, keepdims=True) / np.maximum(answers, 1)
    own = pd.DataFrame(np.where(answers > 1, x - mean, np.nan).round(9), columns=gap.columns)
    tests = paired_tests(gap, weights=weights, level=level)
    own_tests = paired_tests(own, weights=weights, level=level)
    names = ["mean", "low", "high", "p_holm", "d_z"]
    table = tests[["n", "effective_n", *names]]
    table = table.rename(
        columns={"mean": "gap", "low": "gap_low", "high": "gap_high", "n": "gap_n"}
    )
    differences = ["own_difference", "own_low", "own_high", "own_p_holm", "own_d_z"]
    table[differences] = own_tests[names]
    short, out = _surely_negative(tests, level), _surely_negative(own_tests, level)
    # Without spread there is no d_z, and the difference is the same for everybody.
    trivial = (table[["d_z", "own_d_z"]] > -LEAST_EFFECT).any(axis=1)
    return table.assign(falls_short=short, stands_out=out, sure=short & out & ~trivial)


def priorities(
    gap: pd.DataFrame,
    weighted: pd.DataFrame,
    rng: np.random.Generator,
    *,
    draws: int = 2000,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    derivation: Derivation | None = None,
    dimensions: Dimensions | None = None,
) -> pd.DataFrame:
    """What to fix first among items or dimensions, ranked by weighted gap, and how sure that is.

    `gap` and `weighted` hold a column an item (or dimension): its gap, and what it adds to the
    weighted score (`weighted_item_gaps`, `weighted_gaps`; columns may be left out there). Returns a
    row a column of `gap`, the lowest mean weighted gap first, with the columns of `shortfalls`, and
    weighted_gap, low, high, rank, rank_low, rank_high, worst_chance, worst_three_chance, n as the
    mean and the rest of `rank_chances`, to which `derivation` (of `Importance`) and the
    `dimensions` of items go. The weighted gaps always have a worst, in a survey without
    any true difference too: only rows that are `sure` are to be named.
    """
    w = None if weights is None else np.asarray(weights, dtype=float)
    answered = weighted.notna() if w is None else weighted.notna() & (w > 0)[:, None]
    kept = weighted.columns[answered.any()]
    ranked = weighted[kept]
    if derivation is not None:
        ranked = gap[kept].where(ranked.notna())
    ranks = rank_chances(
        ranked,
        rng,
        draws=draws,
        weights=w,
        level=level,
        derivation=derivation,
        dimensions=dimensions,
    )
    table = shortfalls(gap, weights=w, level=level)
    table = table.join(ranks.rename(columns={"mean": "weighted_gap"}))
    table["n"] = table["n"].fillna(0).astype(int)
    means = ["gap", "gap_low", "gap_high", "own_difference", "own_low", "own_high"]
    table = without_few(table, [*means, "weighted_gap", "low", "high"])
    return table.sort_values("weighted_gap", kind="stable", na_position="last")


def _surely_negative(tests: pd.DataFrame, level: float) -> pd.Series:
    """A negative mean, by Holm's p or because all answers are the same."""
    significant = tests["p_holm"].isna() | (tests["p_holm"] < 1 - level)
    return significant & (tests["mean"] < 0) & (tests["effective_n"] >= MIN_GROUP)


def priority(
    dimensions: pd.DataFrame,
    items: pd.DataFrame,
    mean_points: pd.Series,
    *,
    against: str = "expectations",
    stand: bool = True,
    level: float = 0.95,
) -> str:
    """What to fix first and how sure that is, in words, no more than the figures bear out.

    `dimensions` and `items` as from `priorities`, the items with their text and dimension;
    `mean_points` of `Importance`; `against` of `Scores`: without expectations it is said what is
    weakest, not what to fix. At most two items are named, all of them sure, by weighted gap; where
    the gaps are too alike, nothing is named. Unless the dimensions `stand` (`Structure.verdict`),
    nothing is said of them.
    """
    weakest = against == AGAINST[OWN_MEAN]
    closing = _weighs(mean_points) if stand else NOT_STANDING
    dimensions = dimensions if stand else dimensions.iloc[:0]
    named, areas = items[items["sure"]].head(NAMED), dimensions[dimensions["sure"]]
    first, by = ("Weakest", "difference") if weakest else ("Fix first", "gap")
    if reason := _untold(dimensions, items, against):
        sentence = f"What {'is weakest' if weakest else 'to fix first'} cannot be said: {reason}."
        return f"{sentence} {closing}" if reason == ALIKE else sentence
    if named.empty:
        return f"{first}: {_dimension(areas)}. No single item there stands out beyond chance."
    told = "; ".join(_item(row, level, weakest) for row in named.to_dict("records"))
    here = "" if weakest else " where service falls short"
    sentence = f"{first}{here}, by {by} × importance: {told}"
    if len(named) < (sure := int(items["sure"].sum())):
        sentence += f"; the first {len(named)} of {sure} items that lag behind beyond chance"
    if areas.empty:
        none = "No dimension as a whole stands out beyond chance. " if stand else ""
        return f"{sentence}. {none}{closing}"
    sentence += (
        f". Of the dimensions that stand out beyond chance, {_dimension(areas)} weighs most."
    )
    if dimensions.index[0] != areas.index[0]:
        most = dimensions.index[0]
        sentence += (
            f" {most} comes before it, but for its importance: its {by} is not larger beyond"
            " chance."
        )
    return sentence


def advice(
    dimensions: pd.DataFrame,
    items: pd.DataFrame,
    mean_points: pd.Series,
    *,
    scale: tuple[float, float],
    against: str = "expectations",
    stand: bool = True,
    level: float = 0.95,
) -> str:
    """`priority` in few words: the dimension that falls short most, and the items to fix first.

    The gap of the dimension is told in words, on the `scale` of the answers. As long as `priority`
    where the first dimension is not sure, no item is, or there are no
    expectations to fall short of.
    """
    full = priority(dimensions, items, mean_points, against=against, stand=stand, level=level)
    named = items[items["sure"]].head(NAMED)
    known = stand and against != AGAINST[OWN_MEAN] and not _untold(dimensions, items, against)
    if not known or named.empty or not dimensions["sure"].iloc[0]:
        return full
    first = dimensions.iloc[0].to_dict()
    place = f"{dimensions.index[0]}: experience is {-first['gap']:.2f} points below expectation, on"
    place += f" a scale of {scale[0]:g} to {scale[1]:g}"
    place += f" ({_gap(first, level)}, n = {first['gap_n']:,.0f}"
    if not np.isnan(chance := first["worst_chance"]):
        place += f"; weighted by importance the worst in {chance:.0%} of resamples"
        place += ", so it may well be another" * bool(chance < SURE_CHANCE)
    told = "; ".join(f'"{row["text"]}" ({_gap(row, level)})' for row in named.to_dict("records"))
    # Within the last one's interval: chance may have put it behind.
    sure = items[items["sure"]]
    tied = sure.iloc[NAMED:].loc[sure["gap"].iloc[NAMED:] <= named["gap_high"].iloc[-1]]
    tied = tied[tied["dimension"].isin(named["dimension"])]
    if len(tied):
        told += f'; about as much "{tied["text"].iloc[0]}" ({_gap(tied.iloc[0].to_dict(), level)})'
    advice = f"Fix first: {told}. Try one alone, in places or on days picked at random, and measure"
    advice += " there and elsewhere."
    return f"By importance, service falls short most in {place}). {advice}"


def _gap(row: Mapping[Any, Any], level: float) -> str:
    """The gap of a row of `priorities` with its interval."""
    low, high = row["gap_low"], row["gap_high"]
    interval = f", {100 * level:.4g} % interval {low:.2f} to {high:.2f}"
    return f"gap {row['gap']:.2f}{'' if np.isnan(low) else interval}"


def outweighed(items: pd.DataFrame) -> str:
    """Which of the three largest gaps importance moves out of the first three, in words.

    `items` as for `priority`. Empty where there are none.
    """
    largest = items.dropna(subset=["gap", "weighted_gap"]).sort_values("gap").index[:WORST]
    moved = items.loc[largest.difference(items.index[:WORST], sort=False)]
    if moved.empty:
        return ""
    named = "; ".join(
        f"{row['text']} ({row['gap']:.2f}, rank {row['rank']:.0f} once weighted)"
        for row in moved.to_dict("records")
    )
    return f"Of the {WORST} lowest gaps, importance moves out of the first {WORST}: {named}."


def _untold(dimensions: pd.DataFrame, items: pd.DataFrame, against: str) -> str:
    """Why neither items nor dimensions can be set in order; empty where they can."""
    both = pd.concat([dimensions, items])
    n, effective = int(both["n"].max()), both["effective_n"].max()
    if not n:
        return "nobody has a weighted score"
    if n < MIN_GROUP:
        return f"{n} respondents are too few to tell"
    if effective < MIN_GROUP:
        return f"by their weights {n:,} respondents count for {effective:.1f}, too few to tell"
    if not both["falls_short"].any():
        return f"nothing falls short of {against} beyond chance"
    return "" if both["sure"].any() else ALIKE


def _item(row: Mapping[Any, Any], level: float, weakest: bool) -> str:
    """The quantity that was tested, its interval and the chance of the rank."""
    words, figure, bounds = "gap {:.2f}", "gap", "gap"
    if weakest:
        words, figure, bounds = "{:+.2f} from the respondents' own mean", "own_difference", "own"
    low, high = row[f"{bounds}_low"], row[f"{bounds}_high"]
    interval = "the same for all respondents"
    if not np.isnan(low):
        interval = f"{100 * level:.4g} % interval {low:.2f} to {high:.2f}"
    chance = ""
    if not np.isnan(row["worst_three_chance"]):
        chance = f", among the worst three in {row['worst_three_chance']:.0%} of resamples"
    return f"{row['text']} ({words.format(row[figure])}, {interval}{chance})"


def _dimension(areas: pd.DataFrame) -> str:
    """The first row, with the chance that it is the worst where it is so in these answers."""
    chance, name = areas["worst_chance"].iloc[0], str(areas.index[0])
    if areas["rank"].iloc[0] != 1 or np.isnan(chance):
        return name
    how_sure = f"the worst by weighted gap in {chance:.0%} of resamples"
    if chance < SURE_CHANCE:
        how_sure += ", so it may well be another"
    return f"{name} ({how_sure})"


def _weighs(mean_points: pd.Series) -> str:
    """Whether importance sets the dimensions apart where their gaps do not."""
    if not np.ptp(mean_points) >= 0.5:
        return "Importance does not set the dimensions apart either."
    most = str(mean_points.idxmax())
    return (
        f"Only importance sets the dimensions apart: {most} weighs most,"
        f" {mean_points[most]:.0f} of 100 points."
    )


def importance_performance(
    perception: pd.DataFrame,
    importance_table: pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Mean perception and importance, both with intervals (Martilla & James 1977).

    `importance_table` has importance, low and high for each column of `perception`. Returns
    performance, performance_low, performance_high and the same of importance; quadrant, by the
    means of both over the rows that have both: "concentrate here" (important, weak), "keep up the
    good work" (important, strong), "low priority" (neither), "possible overkill" (strong alone),
    missing where a figure is; and surely_there: both intervals lie in it, the lines taken as known.
    """
    means = [mean_interval(perception[name], weights=weights, level=level) for name in perception]
    shown = [mean.published for mean in means]
    performance = _estimates(shown, perception.columns, "performance")[
        ["performance", "low", "high"]
    ].rename(columns={"low": "performance_low", "high": "performance_high"})
    names = {"low": "importance_low", "high": "importance_high"}
    table = performance.join(importance_table[["importance", "low", "high"]].rename(columns=names))
    complete = table[["performance", "importance"]].notna().all(axis=1)
    lines = table.loc[complete, ["performance", "importance"]].mean()
    strong, important = (table[figure] >= line for figure, line in lines.items())
    surely = complete
    for figure, line in lines.items():
        surely = surely & ((table[f"{figure}_low"] >= line) | (table[f"{figure}_high"] < line))
    quadrants = np.select(
        [important & ~strong, important, ~strong],
        ["concentrate here", "keep up the good work", "low priority"],
        "possible overkill",
    )
    quadrant = pd.Series(quadrants, table.index, dtype=object).where(complete)
    return table.assign(quadrant=quadrant, surely_there=surely)


def _estimates(estimates: Sequence[Estimate], index: pd.Index, name: str) -> pd.DataFrame:
    rows = [(one.value, one.low, one.high, one.n, one.method) for one in estimates]
    table = pd.DataFrame(rows, index=index, columns=[name, "low", "high", "n", "method"])
    return table.astype({name: float, "low": float, "high": float})
