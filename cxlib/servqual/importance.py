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
    mean_interval,
    paired_tests,
    resample_counts,
)
from cxlib.servqual.gaps import Dimensions, Scores

FloatArray = NDArray[np.float64]

BLOCKS = 5000  # sums of respondents that are resampled in place of more respondents than this
SURE_CHANCE = 0.8  # below this chance of being the worst, a dimension is not called it outright
NAMED = 3  # how many items are named at most, and how many count as the worst


@dataclass(frozen=True)
class Importance:
    """What each dimension weighs, in every way that the survey allows.

    `schemes`: points of 100, a row a respondent and a column a dimension, by basis; the first basis
    is the one in use: "respondents' own points", "points given with the instrument", "points
    derived from satisfaction", "equal points". `table`: a row a dimension with importance, low,
    high, n and method under the first basis; its unit is `unit`: points, or for derived points the
    correlations that they come from. `mean_points` holds the (weighted) mean points of each
    dimension under the first basis. `note` says how many respondents dealt out points.
    """

    schemes: Mapping[str, pd.DataFrame]
    table: pd.DataFrame
    mean_points: pd.Series
    unit: str
    note: str

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
    `scores`; without a satisfaction question, with fewer than 10 respondents who answered both, or
    with constant answers, r is missing and the method says so.
    """
    rows = []
    for name in scores.columns:
        if satisfaction is None:
            rows.append(Estimate(None, None, None, level, 0, "no satisfaction question"))
            continue
        r = correlation_interval(scores[name], satisfaction, weights=weights, level=level)
        if r.n < MIN_GROUP:
            reason = f"no correlation: fewer than {MIN_GROUP} respondents"
            r = Estimate(None, None, None, level, r.n, reason)
        rows.append(r)
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
    are the correlations of the dimensions' perceptions with `satisfaction` (from at least 10
    respondents), negative ones taken as zero, scaled to 100; the interval of a score that uses
    them, and the resamples of `rank_chances`, take them as known. Equal points are always there for
    comparison.
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
    if 0 < givers < MIN_GROUP:
        note += f": fewer than {MIN_GROUP}, so they are not used"
    used = schemes[basis]
    means = [mean_interval(used[name], weights=weights).value for name in names]
    mean_points = pd.Series(means, index=names, dtype=float)
    return Importance(schemes, table, mean_points, unit, note)


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
) -> pd.DataFrame:
    """How sure the order of the columns' means is; rank 1 is the lowest mean, the worst gap.

    Whole respondents are resampled (Efron 1979), so the columns keep their correlation; a resample
    in which a column has no gap at all is left out. More than 5,000 respondents are first summed in
    5,000 random blocks, which are resampled in their place: the blocks are as independent and as
    alike as the respondents, so the means vary in the same way, and work and memory stop growing.
    Returns a row a column, in order of rank: mean with its percentile interval low, high (missing
    where all gaps are equal); rank with rank_low, rank_high, the central `level` share of its
    resampled ranks; worst_chance and worst_three_chance, the shares of resamples in which the
    column ranks first, and among the first three (ties shared), missing with fewer than 10
    respondents; n. Missing gaps, and those of respondents whose weight is missing or zero, are left
    out of a column's mean. Without any gap at all every figure is missing; raises ValueError when
    only some columns are without.
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
    used, total = _block_sums(x, w, known, rng)
    mean = total.sum(axis=0) / used.sum(axis=0)
    means = _resampled_means(used, total, draws, rng)
    lower = (means[:, :, None] > means[:, None, :]).sum(axis=2)
    tied = (means[:, :, None] == means[:, None, :]).sum(axis=2)
    worst, worst_three = (
        np.clip((places - lower) / tied, 0, 1).sum(axis=0) / max(len(means), 1)
        for places in (1, NAMED)
    )
    if known.any(axis=1).sum() < MIN_GROUP or not len(means):
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
        return Estimate(None, None, None, level, n, f"fewer than {MIN_GROUP} respondents scored")
    return Estimate(chance, None, None, level, n, "share of resamples")


def shortfalls(
    gap: pd.DataFrame, *, weights: ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Which columns (items or dimensions) surely fall short, and surely more than the others.

    Returns a row a column of `gap`:
    gap, gap_low, gap_high, p_holm: the mean gap, is it zero? (`inference.paired_tests`);
    own_difference, own_low, own_high, own_p_holm: the same of the gap less the mean of the
    respondent's own gaps over all columns (of who answered at least two): is it like the others?
    falls_short: surely below zero, Holm's p over the rows below 1 - level, or the same negative gap
    of all of at least 10 respondents, which has no spread to test against. stands_out: surely below
    the respondents' own mean, in the same way. sure: both, from at least 10 respondents. Where all
    gaps are truly alike, anything is sure in at most (1 - level) / 2 of surveys, however the
    columns correlate.
    """
    x = gap.to_numpy(dtype=float)
    answers = (~np.isnan(x)).sum(axis=1, keepdims=True)
    mean = np.nansum(x, axis=1, keepdims=True) / np.maximum(answers, 1)
    own = pd.DataFrame(np.where(answers > 1, x - mean, np.nan).round(9), columns=gap.columns)
    tests = paired_tests(gap, weights=weights, level=level)
    own_tests = paired_tests(own, weights=weights, level=level)
    names = ["mean", "low", "high", "p_holm"]
    table = tests[names].set_axis(["gap", "gap_low", "gap_high", "p_holm"], axis=1)
    differences = ["own_difference", "own_low", "own_high", "own_p_holm"]
    table[differences] = own_tests[names]
    short, out = _surely_negative(tests, level), _surely_negative(own_tests, level)
    return table.assign(falls_short=short, stands_out=out, sure=short & out)


def priorities(
    gap: pd.DataFrame,
    weighted: pd.DataFrame,
    rng: np.random.Generator,
    *,
    draws: int = 2000,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """What to fix first among items or dimensions, ranked by weighted gap, and how sure that is.

    `gap` and `weighted` hold a column an item (or dimension): its gap, and what it adds to the
    weighted score (`weighted_item_gaps`, `weighted_gaps`; columns may be left out there). Returns a
    row a column of `gap`, the lowest mean weighted gap first, with the columns of `shortfalls`, and
    weighted_gap, low, high, rank, rank_low, rank_high, worst_chance, worst_three_chance, n as the
    mean and the rest of `rank_chances`. The weighted gaps always have a worst, in a survey without
    any true difference too: only rows that are `sure` are to be named.
    """
    w = None if weights is None else np.asarray(weights, dtype=float)
    answered = weighted.notna() if w is None else weighted.notna() & (w > 0)[:, None]
    kept = weighted.columns[answered.any()]
    ranks = rank_chances(weighted[kept], rng, draws=draws, weights=w, level=level)
    table = shortfalls(gap, weights=w, level=level)
    table = table.join(ranks.rename(columns={"mean": "weighted_gap"}))
    table["n"] = table["n"].fillna(0).astype(int)
    return table.sort_values("weighted_gap", kind="stable", na_position="last")


def _surely_negative(tests: pd.DataFrame, level: float) -> pd.Series:
    """A negative mean, by Holm's p or because all answers are the same."""
    significant = tests["p_holm"].isna() | (tests["p_holm"] < 1 - level)
    return significant & (tests["mean"] < 0) & (tests["n"] >= MIN_GROUP)


def priority(
    dimensions: pd.DataFrame,
    items: pd.DataFrame,
    mean_points: pd.Series,
    *,
    against: str = "expectations",
    level: float = 0.95,
) -> str:
    """What to fix first and how sure that is, in words, no more than the figures bear out.

    `dimensions` and `items` as from `priorities`, the items with their text and dimension;
    `mean_points` of `Importance`; `against` of `Scores`. At most three items are named, all of them
    sure, by weighted gap; where the gaps are too alike, nothing is named.
    """
    if dimensions["weighted_gap"].isna().all() and items["weighted_gap"].isna().all():
        return "What to fix first cannot be said: nobody has a weighted score."
    if not (dimensions["falls_short"].any() or items["falls_short"].any()):
        return f"What to fix first cannot be said: nothing surely falls short of {against}."
    named, areas = items[items["sure"]].head(NAMED), dimensions[dimensions["sure"]]
    if named.empty and areas.empty:
        return f"What to fix first cannot be said: the gaps are too alike. {_weighs(mean_points)}"
    if named.empty:
        return f"Fix first {_dimension(areas)}. No single item there surely stands out."
    told = "; ".join(_item(row, level) for row in named.to_dict("records"))
    sentence = f"Fix first: {told}."
    if areas.empty:
        return f"{sentence} No dimension as a whole surely stands out. {_weighs(mean_points)}"
    sentence += f" Of the dimensions that surely stand out, {_dimension(areas)} weighs most."
    if dimensions.index[0] != areas.index[0]:
        sentence += f" By weighted gap {dimensions.index[0]} comes first, for its importance alone."
    return sentence


def _item(row: Mapping[Any, Any], level: float) -> str:
    interval = "the same for all respondents"
    if not np.isnan(row["gap_low"]):
        low, high = row["gap_low"], row["gap_high"]
        interval = f"{100 * level:.4g} % interval {low:.2f} to {high:.2f}"
    chance = "too few respondents to say how sure its rank is"
    if not np.isnan(row["worst_three_chance"]):
        chance = f"among the worst three in {row['worst_three_chance']:.0%} of resamples"
    return f"{row['text']} ({row['dimension']}: gap {row['gap']:.2f}, {interval}; {chance})"


def _dimension(areas: pd.DataFrame) -> str:
    chance = areas["worst_chance"].iloc[0]
    how_sure = "too few respondents to say how sure its rank is"
    if not np.isnan(chance):
        how_sure = f"the worst by weighted gap in {chance:.0%} of resamples"
        if chance < SURE_CHANCE:
            how_sure += ", so it may well be another"
    return f"{areas.index[0]} ({how_sure})"


def _weighs(mean_points: pd.Series) -> str:
    """Whether importance sets the dimensions apart where their gaps do not."""
    if np.ptp(mean_points) < 0.5:
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
    performance = _estimates(means, perception.columns, "performance")[
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
