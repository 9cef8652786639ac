"""Do the 95 % intervals of the survey reports hold the truth in 95 % of surveys?

Writes docs/coverage.md. A case is an interval in a setting: 200 surveys are drawn, and the
intervals that hold the truth are counted. A case outside 181 to 197 is drawn again, 2,000 times
with another seed, which tells chance from fault; both counts are recorded.

    OMP_NUM_THREADS=1 python benchmarks/coverage.py [--only WORD]
"""

import argparse
import dataclasses
import datetime as dt
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.special import gammaln, xlogy

from cxlib import PROJECT, clv, drivers, inference, satisfaction, servqual, tables, weighting
from cxlib.simulate.purchases import Dropout, purchase_histories, purchase_times

SETS, AGAIN = 200, 1000
SEED, OTHER_SEED = 20261122, 20261123
BAND = range(181, 198)
PEOPLE = 60_000  # respondents in a population
INSIDE = 10_000  # managers, and staff, in theirs
OTHERS = 80  # surveys whose mean is the truth where a population has none
RECORD = PROJECT / "docs" / "coverage.md"

Interval = tuple[float, float | None, float | None]  # value, low, high
Figures = dict[str, Interval]
Array = np.ndarray


@dataclass(frozen=True)
class Study:
    """Surveys of one kind and the intervals that each of them gives.

    `truth`: the true value of every interval. `survey` draws one survey and returns its intervals.
    `wide`: intervals that promise 95 % at least, so that 198 to 200 is no fault. `unused`: shown
    for comparison, in no report.
    """

    setting: str
    truth: Mapping[str, float]
    survey: Callable[[np.random.Generator], Figures]
    wide: frozenset[str] = frozenset()
    unused: frozenset[str] = frozenset()


def of_population(
    population: pd.DataFrame,
    figures: Callable[[pd.DataFrame, Array | None, np.random.Generator], Figures],
    n: int,
    *,
    chance: Array | None = None,
    setting: str = "",
) -> Study:
    """Surveys drawn with replacement from a population that is known row by row.

    The truth is the same figure of all rows, so it has no error of its own. With `chance` a row is
    drawn in proportion to it and carries the weight 1 / chance.
    """
    everyone = figures(population, None, np.random.default_rng(0))
    upto = None if chance is None else np.cumsum(chance) / chance.sum()

    def survey(rng: np.random.Generator) -> Figures:
        if upto is None or chance is None:
            rows, w = rng.integers(len(population), size=n), None
        else:
            rows = np.searchsorted(upto, rng.random(n))
            w = 1 / chance[rows]
        return figures(population.iloc[rows].reset_index(drop=True), w, rng)

    kind = setting or ("weighted, " if chance is not None else "")
    truth = {name: value for name, (value, _, _) in everyone.items()}
    return Study(f"{kind}n = {n}", truth, survey, WIDE, UNUSED)


def plain(one: inference.Estimate) -> Interval:
    return (np.nan if one.value is None else one.value, one.low, one.high)


def cell(table: pd.DataFrame, row: object, value: str, low: str = "", high: str = "") -> Interval:
    """The interval of a row; bounds are named after the value where they are not given.

    A row that a survey does not have (a group too small to be shown) has no interval.
    """
    if row not in table.index:
        return np.nan, np.nan, np.nan
    found = table.loc[row]
    return found[value], found[low or f"{value}_low"], found[high or f"{value}_high"]


# Populations: answers on whole numbers, with ceilings, correlated within respondents.

DIMENSIONS = {
    "tangibles": ["1", "2", "3", "4"],
    "reliability": ["5", "6", "7", "8", "9"],
    "empathy": ["10", "11", "12"],
}
ITEMS = [item for members in DIMENSIONS.values() for item in members]


def answered(x: Array, low: float, high: float) -> Array:
    return np.clip(np.rint(x), low, high)


def bank_customers(*, missing: bool = True) -> pd.DataFrame:
    """A SERVQUAL survey, 1 to 7; a third of the expectations and more are at the ceiling."""
    rng = np.random.default_rng(1)
    wave = rng.integers(2, size=PEOPLE)
    branch = rng.choice(3, size=PEOPLE, p=[0.5, 0.3, 0.2])
    strict, content = rng.normal(size=(2, PEOPLE))
    columns: dict[str, Array] = {}
    for place, (dimension, members) in enumerate(DIMENSIONS.items()):
        wish, service = rng.normal(size=(2, PEOPLE))
        for item in members:
            noise = rng.normal(size=(3, PEOPLE))
            middle = 5.0 - 0.25 * place + 0.2 * wave + 0.3 * (branch == 1)
            felt = middle + 0.5 * strict + 0.5 * content + 0.6 * service + 0.9 * noise[1]
            columns[f"E_{item}"] = answered(6.1 + 0.6 * strict + 0.5 * wish + noise[0], 1, 7)
            columns[f"P_{item}"] = answered(felt, 1, 7)
            columns[f"A_{item}"] = answered(4.2 + 0.7 * strict + 0.9 * noise[2], 1, 7)
            if missing:
                columns[f"P_{item}"][rng.random(PEOPLE) < 0.03] = np.nan
        dealt = rng.gamma(6 + 2 * place + 2 * (strict > 1), size=PEOPLE)
        columns[f"importance_{dimension}"] = 5 * np.rint(dealt)
    frame = pd.DataFrame(columns)
    liking = frame[[f"P_{item}" for item in ITEMS]].mean(axis=1)
    frame["satisfaction"] = answered(3.4 + 0.8 * (liking - 5) + rng.normal(size=PEOPLE), 1, 5)
    frame["wave"] = np.where(wave == 1, "wave 2", "wave 1")
    frame["branch"] = np.array(["north", "south", "west"])[branch]
    return frame


def unhappy_first(satisfaction_scores: pd.Series) -> Array:
    """Chances of taking part that go with the answer."""
    return np.where(satisfaction_scores.to_numpy() <= 3, 0.9, 0.4)


# SERVQUAL


def only(scores: servqual.Scores, name: str) -> servqual.Scores:
    """One column, where the others would only take time."""
    return servqual.Scores(scores.expectation[[name]], scores.perception[[name]], scores.yardstick)


MEDIAN = "median gap, dimension"


def gaps(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    everyone = len(sample) == PEOPLE
    draws = 20 if everyone else 2000
    items = servqual.item_scores(sample, DIMENSIONS)
    scores = servqual.dimension_scores(items, DIMENSIONS)
    of_item = servqual.gap_table(only(items, "5"), scale_high=7, weights=w)
    of_dimension = servqual.gap_table(only(scores, "empathy"), scale_high=7, weights=w)
    own = servqual.shortfalls(items.gap, weights=w)
    found = {
        "gap of an item, t": cell(of_item, "5", "gap", "low", "high"),
        "gap of a dimension, t": cell(of_dimension, "empathy", "gap", "low", "high"),
        "d_z of an item": cell(of_item, "5", "d_z"),
        "d_z of a dimension": cell(of_dimension, "empathy", "d_z"),
        "gap of an item less the respondent's own mean, t": cell(
            own, "5", "own_difference", "own_low", "own_high"
        ),
    }
    for figure in ("median_gap", "negative_share", "zero_share"):
        words = figure.replace("_", " ")
        found[f"{words}, item"] = cell(of_item, "5", figure)
    found[MEDIAN] = cell(of_dimension, "empathy", "median_gap")
    if w is None:
        found["rank-biserial correlation of an item"] = cell(of_item, "5", "rank_biserial")
        for kind, gap in {
            "an item": items.gap[["5"]],
            "a dimension": scores.gap[["empathy"]],
        }.items():
            check = servqual.interval_check(gap, rng, draws=draws)
            found[f"gap of {kind}, BCa"] = cell(check, gap.columns[0], "gap", "bca_low", "bca_high")
    return found


def weighing(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    everyone = len(sample) == PEOPLE
    draws = 20 if everyone else 2000
    scores = servqual.dimension_scores(servqual.item_scores(sample, DIMENSIONS), DIMENSIONS)
    points = sample[[f"importance_{name}" for name in DIMENSIONS]]
    points = points.set_axis(list(DIMENSIONS), axis=1)
    asked = sample["satisfaction"]
    given = servqual.importance(scores, allocated=points, satisfaction=asked, weights=w)
    parts = servqual.weighted_gaps(scores.gap, given.points)
    whole = servqual.score_table(scores.gap, given.schemes, weights=w)
    ranks = servqual.rank_chances(parts, rng, draws=draws, weights=w)
    derived = servqual.satisfaction_correlations(scores.perception, asked, weights=w)
    chart = servqual.importance_performance(scores.perception, given.table, weights=w)
    return {
        "importance points, t": cell(given.table, "empathy", "importance", "low", "high"),
        "weighted score, t": cell(whole, "respondents' own points", "score", "low", "high"),
        "weighted gap, percentile bootstrap": cell(ranks, "empathy", "mean", "low", "high"),
        "rank of a dimension, bootstrap": cell(ranks, "reliability", "rank"),
        "correlation with satisfaction": cell(derived, "empathy", "r", "low", "high"),
        "mean perception, t": cell(chart, "empathy", "performance"),
    }


def groups(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    one = {"empathy": DIMENSIONS["empathy"]}
    gap = servqual.dimension_scores(servqual.item_scores(sample, one), one).gap
    means = servqual.group_gaps(gap, sample[["branch"]], weights=w).set_index("group")
    tests = servqual.group_tests(gap, sample[["branch"]], weights=w).set_index("dimension")
    change = servqual.wave_changes(gap, sample["wave"], weights=w)
    return {
        "gap of a group, t": cell(means, "west", "gap", "low", "high"),
        "omega squared of groups": cell(tests, "empathy", "omega_squared", "low", "high"),
        "change between waves, Welch": cell(change, "empathy", "change", "low", "high"),
        "Hedges g of the change": cell(change, "empathy", "hedges_g", "g_low", "g_high"),
    }


def reliability(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    one = {"reliability": DIMENSIONS["reliability"]}
    items = servqual.item_scores(sample, one)
    found = {}
    for answer in ("expectation", "perception"):
        table = servqual.reliability_table(getattr(items, answer), one, weights=w)
        own = table.set_index("figure")
        for figure in own.index:
            found[f"{figure}, {answer}"] = cell(own, figure, "value", "low", "high")
    alpha = servqual.cronbach_alpha(items.gap, weights=w)
    found["alpha, gap"] = plain(alpha)
    table = servqual.item_table(items.perception, one, weights=w).set_index("item")
    found["item-total correlation"] = cell(table, "5", "r")
    found["alpha if deleted"] = cell(table, "5", "alpha_if_deleted", "alpha_low", "alpha_high")
    apart = servqual.difference_reliability(items, one, weights=w)
    found["reliability of the gap from its parts"] = cell(
        apart, "reliability", "reliability", "low", "high"
    )
    return found


def structure(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    items = servqual.item_scores(sample, DIMENSIONS)
    matrix = servqual.correlations(items.perception, weights=w)
    check = servqual.factor_check(matrix, DIMENSIONS, rng, draws=20)
    return {
        "HTMT of two dimensions": cell(check.pairs, 0, "htmt", "low", "high"),
        "mean r within a dimension": cell(check.dimensions, "empathy", "mean_r", "low", "high"),
    }


def straight(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    return {"share of straight-liners, Wilson": plain(servqual.straight_liners(sample).share)}


def forms() -> pd.DataFrame:
    """Perceptions of which 4 % give one answer throughout."""
    answers = bank_customers(missing=False)[[f"P_{item}" for item in ITEMS]]
    lazy = np.random.default_rng(2).random(PEOPLE) < 0.04
    answers.loc[lazy] = np.repeat(answers.loc[lazy, ["P_1"]].to_numpy(), len(ITEMS), axis=1)
    return answers


def zones(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    scores = servqual.tolerance_items(sample, {"reliability": ["5", "6"]})
    tests = servqual.tolerance_tests(scores, weights=w)
    rates = servqual.tolerance_shares(scores, weights=w)
    table = servqual.tolerance_table(scores, weights=w)
    found = {
        "adequacy of an item, t": cell(tests, ("adequacy", "5"), "mean", "low", "high"),
        "superiority of an item, t": cell(tests, ("superiority", "5"), "mean", "low", "high"),
        "width of the zone, t": cell(table, "5", "width"),
    }
    for zone in rates.loc["5"].index:
        found[f"share with {zone}"] = cell(rates, ("5", zone), "rate", "low", "high")
    return found


def validity(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    everyone = len(sample) == PEOPLE
    items = servqual.item_scores(sample, DIMENSIONS)
    found = servqual.satisfaction_explained(
        servqual.dimension_scores(items, DIMENSIONS),
        servqual.dimension_scores(items, {"overall": ITEMS}),
        sample["satisfaction"],
        rng,
        draws=50 if everyone else 1000,
        weights=w,
    )
    result = {
        f"R², {name}": cell(found.models, name, "r2", "low", "high") for name in found.models.index
    }
    for name in found.correlations.index:
        result[f"r, {name}"] = cell(found.correlations, name, "r", "low", "high")
    result["difference of R²"] = plain(found.r2_difference)
    result["difference of r"] = plain(found.r_difference)
    return result


def inside(n: int) -> Study:
    """Gaps 1 to 5: weighted customers, 15 managers, 25 staff, promises and standards as written."""
    customers = bank_customers()
    chance = unhappy_first(customers["satisfaction"])
    upto = np.cumsum(chance) / chance.sum()
    rng = np.random.default_rng(3)
    people: dict[str, Array] = {}
    for role, mean in (("managers", 5.6), ("staff", 5.2)):
        own = 0.7 * rng.normal(size=(INSIDE, 1)) + rng.normal(size=(INSIDE, 3))
        people[role] = answered(mean + own, 1, 7)
    written = [("standards", 6.0), ("promises", 6.5)]

    def figures(rows: Array, w: Array | None, asked: dict[str, Array]) -> Figures:
        answers = [
            (f"{role}{i}", role, item, value)
            for role, given in asked.items()
            for i, person in enumerate(given)
            for item, value in zip(DIMENSIONS["empathy"], person, strict=True)
        ]
        answers += [("", role, item, x) for role, x in written for item in DIMENSIONS["empathy"]]
        columns = ["respondent_id", "role", "item", "value"]
        one = {"empathy": DIMENSIONS["empathy"]}
        scores = servqual.item_scores(customers.iloc[rows], one)
        table = servqual.internal_gaps(
            pd.DataFrame(answers, columns=columns), scores, one, weights=w
        )
        table = table[table["dimension"] == "overall"].set_index("gap")
        found = {f"gap {gap}": cell(table, gap, "difference", "low", "high") for gap in table.index}
        found |= {f"effect size of gap {gap}": cell(table, gap, "effect") for gap in table.index}
        return found

    everyone = figures(np.arange(PEOPLE), None, people)
    sizes = {"managers": 15, "staff": 25}

    def survey(rng: np.random.Generator) -> Figures:
        rows = np.searchsorted(upto, rng.random(n))
        asked = {role: rng.choice(people[role], size) for role, size in sizes.items()}
        return figures(rows, 1 / chance[rows], asked)

    truth = {name: value for name, (value, _, _) in everyone.items()}
    setting = f"weighted, {n} customers, {sizes['managers']} managers, {sizes['staff']} staff"
    return Study(setting, truth, survey)


# Satisfaction

METRICS = satisfaction.metrics({"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}, ces_easy="low")
SHOWN = ("nps", "csat_share", "ces_mean")  # a net score, a share and a mean: one of each kind


def feedback() -> pd.DataFrame:
    """Answers to nps, csat and ces of two periods, whose mix of segments differs."""
    rng = np.random.default_rng(4)
    period = rng.integers(2, size=PEOPLE)
    segment = rng.choice(3, PEOPLE, p=[0.5, 0.3, 0.2])
    segment = np.where((period == 1) & (segment == 0) & (rng.random(PEOPLE) < 0.2), 2, segment)
    age = (rng.random(PEOPLE) < 0.35 + 0.1 * (segment == 2)).astype(int)
    mood = rng.normal(size=PEOPLE) + 0.2 * segment + 0.15 * period - 0.5 * age
    noise = rng.normal(size=(3, PEOPLE))
    return pd.DataFrame(
        {
            "nps": answered(8.2 + 1.9 * mood + noise[0], 0, 10),
            "csat": answered(4.2 + 0.8 * mood + 0.6 * noise[1], 1, 5),
            "ces": answered(2.4 - 1.1 * mood + noise[2], 1, 7),
            "period": np.array(["first", "second"])[period],
            "segment": np.array(["a", "b", "c"])[segment],
            "age": np.array(["old", "young"])[age],
        }
    )


def counted(sample: pd.DataFrame, w: Array | None, metric: satisfaction.Metric) -> pd.DataFrame:
    weight = np.ones(len(sample)) if w is None else w
    keys = sample[["period", "segment"]]
    counts = keys.assign(score=sample[metric.column], count=1, weight=weight)
    return counts.assign(weight_squared=weight**2)


def metrics(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    found = {}
    for name in SHOWN:
        metric = METRICS[name]
        counts = counted(sample, w, metric)
        found[f"{name}, one sample"] = plain(satisfaction.estimate(counts, metric))
        table = satisfaction.group_table(counts, metric, "segment")
        found[f"{name}, a group against the rest"] = cell(table, "c", "difference")
        parts = [part for _, part in counts.groupby("period")]
        change = satisfaction.compare(*parts, metric).difference
        found[f"{name}, change between periods"] = plain(change)
    nps = METRICS["nps"]
    counts = counted(sample, w, nps)
    for method in ("Wald", "score"):
        table = satisfaction.net_intervals(counts, nps)
        found[f"nps, one sample, {method}"] = cell(table, method, "value", "low", "high")
    parts = [part for _, part in counts.groupby("period")]
    split = satisfaction.mix_and_rate(*parts, nps, "segment")
    found |= {"nps, mix part": plain(split.mix), "nps, rate part": plain(split.rate)}
    for part in ("mix", "rate"):
        found[f"nps, {part} part of a segment"] = cell(split.table, "a", part)
    return found


def raked(n: int) -> Study:
    """The young answer twice as often; the answers are raked to the known shares of ages."""
    population = feedback()
    chance = np.where(population["age"] == "young", 0.8, 0.4)
    upto = np.cumsum(chance) / chance.sum()
    margins = {
        name: population[name].value_counts(normalize=True).to_dict() for name in ("age", "segment")
    }
    chosen = {name: METRICS[name] for name in ("nps", "csat_share", "csat_mean")}
    truth = {
        f"{name}, raked": float(one.values(population[one.column]).mean())
        for name, one in chosen.items()
    }

    def survey(rng: np.random.Generator) -> Figures:
        sample = population.iloc[np.searchsorted(upto, rng.random(n))]
        frame = nw.from_native(sample).lazy()
        weighted = weighting.with_weights(frame, weighting.rake(frame, margins))
        table = satisfaction.score_table(weighted, chosen)
        return {
            f"{name}, raked": cell(table, one.label, "value", "low", "high")
            for name, one in chosen.items()
        }

    return Study(f"raked, n = {n}", truth, survey, frozenset(truth))


def together(months: int, *, wandering: bool) -> Study:
    """An index and a metric whose monthly changes correlate .5."""
    name = "correlation of changes, index and metric"

    def survey(rng: np.random.Generator) -> Figures:
        both = rng.normal(size=(months, 2)) @ np.linalg.cholesky([[1, 0.5], [0.5, 1]]).T
        if wandering:
            both = np.cumsum(both, axis=0)
        at = pd.date_range("2024-01-01", periods=months, freq="MS")
        rows = pd.DataFrame({"index": "i", "period": at, "value": both[:, 0]})
        table = pd.DataFrame({"value": both[:, 1]}, index=at)
        chart = satisfaction.ControlChart(METRICS["nps"], table, 1.0, "")
        found = satisfaction.index_correlations(rows, {"nps": chart})
        return {name: cell(found, 0, "r", "low", "high")}

    kind = "levels that wander" if wandering else "levels about a fixed mean"
    return Study(f"{kind}, {months} months", {name: 0.5}, survey)


# Drivers


def ratings(people: int) -> pd.DataFrame:
    """Ratings 1 to 5 of five aspects and an outcome 1 to 5; the last aspect has no part in it.

    Every other answer stands beside each rating of the last, so all its shares are exactly zero.
    """
    rng = np.random.default_rng(5)
    size = people // 5
    common = rng.normal(size=(size, 1))
    latent = 0.65 * common + 0.75 * rng.normal(size=(size, 4))
    aspects = answered(3.7 + 1.1 * latent, 1, 5)
    effect = aspects @ [0.45, 0.3, 0.2, 0.1] + 0.25 * (aspects[:, 1] == 5)
    outcome = answered(0.2 + effect + 0.8 * rng.normal(size=size), 1, 5)
    frame = pd.DataFrame(aspects, columns=["staff", "waiting", "app", "fees"])
    frame = frame.assign(outcome=outcome).loc[np.repeat(np.arange(size), 5)]
    return frame.assign(music=np.tile(np.arange(1.0, 6.0), size)).reset_index(drop=True)


ASPECTS = ("staff", "waiting", "app", "fees", "music")


def complete(
    sample: pd.DataFrame, w: Array | None, aspects: tuple[str, ...] = ASPECTS
) -> drivers.Answers:
    frame = sample.assign(weight=1.0 if w is None else w)
    return drivers.complete_answers(
        nw.from_native(frame).lazy(), "outcome", aspects, weight=None if w is None else "weight"
    )


PERCENTILE = "lmg of music, plain percentile bootstrap"


def shares(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    everyone = len(sample) > 10_000
    answers = complete(sample, w)
    moments = drivers.block_moments(answers, rng)
    found = drivers.importance(moments, rng, draws=20 if everyone else 1000)
    result = {"R² of the drivers, BCa": plain(found.r_squared)}
    for name in ("lmg", "johnson", "coefficient", "correlation", "lmg_share"):
        for driver in ("staff", "fees", "music"):
            result[f"{name} of {driver}, BCa"] = cell(found.summary, driver, name)
    for driver in ("staff", "music"):
        result[f"rank of {driver}, simultaneous"] = cell(found.summary, driver, "rank")
    draws = found.draws[:, found.drivers.index("music")]
    value = float(found.summary["lmg"]["music"])
    naive = inference.percentile_interval(value, draws, moments.n, method="")
    result[PERCENTILE] = plain(naive)
    return result


TEN = tuple(f"aspect {k}" for k in range(1, 11))


def ten_ratings() -> pd.DataFrame:
    """Ratings 1 to 5 of ten aspects, the first with most and the last with least part in it."""
    rng = np.random.default_rng(6)
    latent = 0.65 * rng.normal(size=(PEOPLE, 1)) + 0.75 * rng.normal(size=(PEOPLE, 10))
    aspects = answered(3.7 + 1.1 * latent, 1, 5)
    effect = aspects @ np.linspace(0.3, 0.03, 10)
    outcome = answered(3 + effect - effect.mean() + 0.8 * rng.normal(size=PEOPLE), 1, 5)
    return pd.DataFrame(aspects, columns=TEN).assign(outcome=outcome)


def few(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    everyone = len(sample) > 10_000
    moments = drivers.block_moments(complete(sample, w, TEN), rng)
    found = drivers.importance(moments, rng, draws=20 if everyone else 1000)
    result = {"R² of ten drivers, BCa": plain(found.r_squared)}
    for driver in (TEN[0], TEN[5], TEN[9]):
        result[f"lmg of {driver}, BCa"] = cell(found.summary, driver, "lmg")
    return result


def effects(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    table = drivers.penalty_reward(complete(sample, w), scale=(1, 5)).summary
    return {
        f"{name} of {driver}, HC3": cell(table, driver, name)
        for name in ("penalty", "reward", "asymmetry")
        for driver in ("staff", "waiting", "music")
    }


def odds(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    answers = complete(sample, w)
    found = {}
    for name, fit in {
        "binary": drivers.binary_odds(answers, rng, top=4),
        "ordered": drivers.ordered_odds(answers, rng),
    }.items():
        for driver in ("staff", "fees", "music"):
            found[f"{name} odds ratio of {driver}"] = cell(
                fit.summary, driver, "odds_ratio", "low", "high"
            )
    return found


ABOVE = ("importance_above", "performance_above")


def maps(sample: pd.DataFrame, w: Array | None, rng: np.random.Generator) -> Figures:
    everyone = len(sample) > 10_000
    answers = complete(sample, w)
    moments = drivers.block_moments(answers, rng)
    found = drivers.importance(moments, rng, draws=20 if everyone else 1000)
    places = drivers.quadrants(answers, found).summary
    # Of three drivers all pairs are shown, so none is chosen for being the closest.
    few = drivers.block_moments(complete(sample, w, ASPECTS[:3]), rng)
    pairs = drivers.collinearity(few).pairs.set_index(["first", "second"])
    rating = drivers.importance_performance(answers, found)
    result = {"mean rating, t": cell(rating, "staff", "performance")}
    for name in ABOVE:
        for driver in ("staff", "fees"):
            result[f"{name} of {driver}, joint"] = cell(places, driver, name)
    result["correlation of two drivers"] = cell(
        pairs, ("staff", "waiting"), "correlation", "low", "high"
    )
    return result


def forest(n: int) -> Study:
    """R squared on answers not seen; the truth is its mean over other surveys of this size.

    That mean has a Monte Carlo error of a ninth of the figure's standard error.
    """
    population = ratings(PEOPLE)

    def survey(rng: np.random.Generator) -> Figures:
        sample = population.iloc[rng.integers(len(population), size=n)]
        found = drivers.forest_check(complete(sample, None), rng)
        return {
            "R² of the forest, held out": plain(found.forest),
            "R² of the line, held out": plain(found.linear),
            "difference of R², forest": plain(found.difference),
        }

    others = [survey(np.random.default_rng([6, one])) for one in range(OTHERS)]
    truth = {name: float(np.mean([one[name][0] for one in others])) for name in others[0]}
    return Study(f"n = {n}", truth, survey)


# Ranks are whole numbers, joint intervals hold together, a median lies on the grid of the scale.
WIDE = frozenset(
    {
        "rank of a dimension, bootstrap",
        "rank of staff, simultaneous",
        "rank of music, simultaneous",
        "median gap, item",
        "correlation of changes, index and metric",
        MEDIAN,
        *(f"{above} of {driver}, joint" for above in ABOVE for driver in ("staff", "fees")),
    }
)
UNUSED = frozenset({PERCENTILE})


# Customer value: what customers of known habits are worth, and what they then bring

SPEND = clv.GammaGamma(p=4.0, q=4.0, gamma=60.0)
PAID_RATE = 0.9
ONE = "what a customer brings, chance included"
LOYAL = "what a repeat buyer brings, chance included"
TERMS = clv.Terms(horizon_weeks=52, margin_rate=0.4, annual_discount_rate=0.1)


def buyers(
    model: clv.PurchaseModel, dropout: Dropout, n: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, Array, Array]:
    """n customers won 26 to 60 weeks ago; the value each brings after, and the purchases."""
    T = rng.integers(26, 61, size=n).astype(float)
    values = dataclasses.astuple(model)
    customer, week = purchase_times(dropout, values, T + TERMS.horizon_weeks, rng)
    rate = rng.gamma(SPEND.q, size=n) / SPEND.gamma
    paid = rng.random(len(customer)) < PAID_RATE
    amount = paid * rng.gamma(SPEND.p, size=len(customer)) / rate[customer]
    later = week - T[customer]
    past = later <= 0
    days = np.bincount(customer[past & paid], minlength=n)
    spent = np.bincount(customer[past], amount[past], minlength=n)
    first = rng.gamma(SPEND.p, size=n) / rate
    table = purchase_histories(customer[past], week[past], T)
    table = table.assign(
        customer_id=np.arange(n),
        recency_days=7 * table["recency_weeks"],
        T_days=7 * T,
        spend_days=days,
        mean_spend=np.where(days > 0, spent / np.maximum(days, 1), np.nan),
        first_spend=first,
        total_spend=first + spent,
    )
    amount *= TERMS.margin_rate * np.exp(-TERMS.weekly_discount * later)
    brought = np.bincount(customer[~past], amount[~past], minlength=n)
    return table, brought, np.bincount(customer[~past], minlength=n)


def customer_value(model: clv.PurchaseModel, dropout: Dropout, n: int) -> Study:
    """Values and predictions less what they are of: the truth differs between the customers."""
    known = (clv.Fit(one, np.zeros((k, k)), 0.0, n, 0, True) for one, k in ((model, 4), (SPEND, 3)))
    truth = clv.Valuation(*known, PAID_RATE, 0.0, TERMS)
    mean = SPEND.p * SPEND.gamma / (SPEND.q - 1)
    first = pd.DataFrame({"customers": [1], "first_spend": mean, "first_squared": mean**2})
    new = clv.new_customer(truth, first, draws=39, rng=np.random.default_rng(0))["value"].value

    def survey(rng: np.random.Generator) -> Figures:
        table, brought, bought = buyers(model, dropout, n, rng)
        frame = nw.from_native(table).lazy()
        groups = clv.value_groups(frame)
        try:
            fit, money = type(model).fit(groups), clv.GammaGamma.fit(table)
        except clv.ConvergenceError:
            return {}  # the report says so and gives no figure
        valued = clv.valuation(fit, money, groups, TERMS)
        scores = clv.likely_ranges(valued, clv.history_scores(valued, groups), draws=200, rng=rng)
        rows, right = (
            clv.customer_values(frame, nw.from_native(one).lazy(), by).collect("pandas").to_pandas()
            for one, by in ((scores, valued), (clv.history_scores(truth, groups), truth))
        )
        best = (rows["value"] >= rows["value"].quantile(0.8)).to_numpy()
        parts = clv.value_groups(nw.from_native(table.assign(best=best)).lazy(), ["best"])
        draws = clv.value_draws(valued, parts, draws=150, rng=rng)
        total = {name: plain(one) for name, one in draws.totals().items()}
        made = plain(clv.new_customer(valued, groups, draws=100, rng=rng)["value"])
        old = draws.by(parts["T_weeks"] > 42)
        repeat = rows.index[rows["frequency"] > 0]
        some, loyal = rng.integers(n), rng.choice(repeat)
        value, whole = right["value"].to_numpy(), right["value"].sum()
        found = {
            "value of the base, parameters alone": (total["expected_value"], whole),
            "value of the base, parameters alone, delta method": (
                plain(clv.expected_value(valued, groups)),
                whole,
            ),
            "value of the base, chance included": (total["value"], brought.sum()),
            "purchases of the base, chance included": (total["purchases"], bought.sum()),
            "value of the early cohorts, chance included": (
                cell(old, True, "value", "likely_low", "likely_high"),
                brought[table["T_weeks"] > 42].sum(),
            ),
            "value of a customer, parameters alone": (cell(rows, some, "value"), value[some]),
            "value of a repeat buyer, parameters alone": (cell(rows, loyal, "value"), value[loyal]),
            ONE: (cell(rows, some, "value", "likely_low", "likely_high"), brought[some]),
            LOYAL: (cell(rows, loyal, "value", "likely_low", "likely_high"), brought[loyal]),
            "value of a new customer": (made, new),
            "share of the top 20 %": (plain(draws.share(parts["best"])), value[best].sum() / whole),
        }
        return {name: tuple(x - actual for x in one) for name, (one, actual) in found.items()}

    truths = dict.fromkeys(survey(np.random.default_rng(0)), 0.0)
    return Study(f"{model.label}, n = {n:,}", truths, survey, frozenset([ONE, LOYAL]))


def studies() -> Iterator[tuple[str, Callable[[], Study]]]:
    """Part of the report and what makes the study, which is made when its turn comes."""
    customers = bank_customers()
    unhappy = unhappy_first(customers["satisfaction"])
    for part, figures, sizes in (
        ("Gaps", gaps, (60, 200, 300)),
        ("Importance and priorities", weighing, (60, 200, 300)),
        ("Groups and waves", groups, (150, 400, 600)),
        ("Reliability", reliability, (100, 300, 400)),
        ("Structure", structure, (100, 300, 400)),
        ("Zone of tolerance", zones, (60, 200, 300)),
        ("SERVPERF beside SERVQUAL", validity, (100, 300, 400)),
    ):
        for n in sizes[:2]:
            yield part, partial(of_population, customers, figures, n)
        yield part, partial(of_population, customers, figures, sizes[2], chance=unhappy)
    alone = customers.drop(columns=[f"E_{item}" for item in ITEMS])
    yield "Gaps", partial(of_population, alone, gaps, 200, setting="perceptions alone, ")
    yield "Straight-liners", partial(of_population, forms(), straight, 300)
    yield "Gaps 1 to 5 with the inside", partial(inside, 300)
    answers = feedback()
    annoyed = unhappy_first(answers["csat"])
    for n in (100, 400):
        yield "Satisfaction", partial(of_population, answers, metrics, n)
    yield "Satisfaction", partial(of_population, answers, metrics, 500, chance=annoyed)
    yield "Weighting", partial(raked, 300)
    for wandering in (True, False):
        yield "Indices", partial(together, 24, wandering=wandering)
    for part, figures, rated in (
        ("Drivers", shares, ratings(PEOPLE)),
        ("Map of drivers", maps, ratings(PEOPLE)),
        ("Penalty and reward", effects, ratings(PEOPLE)),
        ("Odds", odds, ratings(20_000)),
    ):
        yield part, partial(of_population, rated, figures, 300)
        yield (
            part,
            partial(of_population, rated, figures, 500, chance=unhappy_first(rated["outcome"])),
        )
    yield "Forest", partial(forest, 300)
    for n in (100, 300):
        yield "Few answers a driver", partial(of_population, ten_ratings(), few, n)

    for model, dropout, n in (
        (clv.BetaGeoNBD(r=0.6, alpha=6.0, a=0.8, b=2.5), "after a repeat purchase", 500),
        (clv.ParetoNBD(r=0.6, alpha=6.0, s=0.6, beta=12.0), "at any time", 1000),
    ):
        yield "Customer value", partial(customer_value, model, dropout, n)


def covered(study: Study, sets: int, seeds: tuple[int, ...]) -> tuple[Counter, Counter]:
    """How many intervals hold the truth, and how many there are, of `sets` surveys."""
    hits: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for one in range(sets):
        found = study.survey(np.random.default_rng([*seeds, one]))
        for name, (_, low, high) in found.items():
            if low is not None and high is not None and not np.isnan(low + high):
                made[name] += 1
                # Rounding aside: bounds may be the truth itself, where both are on the scale.
                hits[name] += bool(low - 1e-9 <= study.truth[name] <= high + 1e-9)
    return hits, made


# Exact coverage by enumeration of all samples, and the shipped survey


def enumerated() -> pd.DataFrame:
    """Least and mean chance of holding the truth over true values, from all possible samples."""
    rows = []
    for n in (10, 20, 50, 200):
        k = np.arange(n + 1)
        found = [inference.proportion_interval(int(one), n) for one in k]
        low, high = (np.array([getattr(e, end) for e in found]) for end in ("low", "high"))
        p = np.linspace(0.02, 0.98, 97)[:, None]
        log = (
            gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, p) + xlogy(n - k, 1 - p)
        )
        rows.append(("share, Wilson", f"n = {n}", _chances(np.exp(log), low, high, p)))
    nps = METRICS["nps"]
    grid = [(p, d) for p in (0.1, 0.3, 0.5, 0.7, 0.9) for d in (0.02, 0.1, 0.3, 0.5) if p + d < 1]
    p, d = np.array(grid).T[:, :, None]
    for n in (20, 40):
        a, b = (x.ravel() for x in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
        a, b = a[a + b <= n], b[a + b <= n]
        log = gammaln(n + 1) - gammaln(a + 1) - gammaln(b + 1) - gammaln(n - a - b + 1)
        log = log + xlogy(a, p) + xlogy(b, d) + xlogy(n - a - b, 1 - p - d)
        limits = [_net_limits(int(x), int(y), n, nps) for x, y in zip(a, b, strict=True)]
        for method in limits[0].index:
            low, high = (
                np.array([one.at[method, end] for one in limits]) for end in ("low", "high")
            )
            chances = _chances(np.exp(log), low, high, 100 * (p - d))
            rows.append((f"NPS, {method}", f"n = {n}", chances))
    for expected in (3, 10, 40):
        events = np.arange(expected + int(12 * np.sqrt(expected)) + 1)
        month = pd.date_range("2000-01-01", periods=len(events), freq="MS")
        frame = pd.DataFrame({"date": month, "index": "complaints", "value": events * 1.0})
        table = satisfaction.index_rates(nw.from_native(frame.assign(base=1000.0)).lazy())
        mean = expected * np.linspace(0.8, 1.2, 41)[:, None]
        chance = np.exp(xlogy(events, mean) - mean - gammaln(events + 1))
        chances = _chances(chance, table["low"].to_numpy(), table["high"].to_numpy(), mean)
        rows.append(("index per 1,000, exact Poisson", f"{expected} events expected", chances))
    table = pd.DataFrame([(name, n, *x) for name, n, x in rows])
    return table.set_axis(["interval", "setting", "least", "mean"], axis=1)


def _net_limits(promoters: int, detractors: int, n: int, nps: satisfaction.Metric) -> pd.DataFrame:
    count = np.array([promoters, n - promoters - detractors, detractors])
    counts = pd.DataFrame({"score": [10, 8, 0], "count": count})
    counts = counts[count > 0].assign(weight=count[count > 0], weight_squared=count[count > 0])
    return satisfaction.net_intervals(counts, nps)


def _chances(chance: Array, low: Array, high: Array, truth: Array) -> tuple[float, float]:
    """Least and mean over the rows (true values) of the chance that the interval holds it."""
    holds = (low - 1e-9 <= truth) & (truth <= high + 1e-9)
    each = (chance * holds).sum(axis=1)
    return float(each.min()), float(each.mean())


def shipped() -> pd.DataFrame:
    """t beside BCa in the last wave of the shipped survey: its dimensions and worst items."""
    table = tables.load("servqual_responses")
    frame = table.frame.collect("pandas").to_pandas()
    last = frame[frame["wave"] == frame["wave"].max()]
    names = {
        name: [one.id for one in table.instrument.items if one.dimension == name]
        for name in table.instrument.dimensions
    }
    items = servqual.item_scores(last, names)
    scores = servqual.dimension_scores(items, names)
    worst = items.gap.mean().nsmallest(3).index
    both = scores.gap.join(items.gap[worst].add_prefix("item "))
    return servqual.interval_check(both, np.random.default_rng(SEED), draws=10_000)


# The record

REASONS = {
    **dict.fromkeys(
        ("csat_share, one sample", "csat_share, change between periods"),
        "on the safe side: with weights, Wilson's interval takes the smaller of two effective"
        " sizes, too small where the weights serve the question",
    ),
    **dict.fromkeys(
        ("R² of ten drivers, BCa", *(f"lmg of aspect {k}, BCa" for k in (1, 6, 10))),
        "a fault of few answers a driver: the report says that its intervals are then too narrow",
    ),
    "HTMT of two dimensions": (
        "a fault of small samples: the normal interval of a ratio of mean correlations is somewhat"
        " too short, more so the fewer the respondents"
    ),
}


def table_of(rows: list[list[str]], header: list[str]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def counts_text(row: pd.Series) -> str:
    if row["made"] == 0:
        return "not given"
    text = f"{row['covered']}" if row["made"] == SETS else f"{row['covered']} of {row['made']}"
    return f"**{text}**" if row["outside"] else text


def part_table(part: pd.DataFrame) -> str:
    """A row an interval, a column a setting."""
    settings = list(dict.fromkeys(part["setting"]))
    texts = part.assign(text=[counts_text(row) for _, row in part.iterrows()])
    wide = texts.pivot(index="interval", columns="setting", values="text").fillna("")
    marks = part.set_index("interval")
    rows = []
    for name in dict.fromkeys(part["interval"]):
        one = marks.loc[[name]].iloc[0]
        sign = " †" * bool(one["wide"]) + " ‡" * bool(one["unused"])
        rows.append([f"{name}{sign}", *(wide.at[name, setting] for setting in settings)])
    return table_of(rows, ["interval", *settings])


def verdict(row: pd.Series) -> str:
    where = f"{row['part']}, {row['interval']}, {row['setting']}: {row['covered']} of {row['made']}"
    if row["again"] == 0:
        return f"- {where}; not drawn again."
    share = row["covered_again"] / row["again"]
    said = f"{row['covered_again']:,} of {row['again']:,} with the other seed ({share:.1%})"
    if abs(share - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / row["again"]):
        reason = "not told from 95 % (three standard errors), so chance"
    else:
        reason = REASONS.get(row["interval"], "not chance, and not explained")
    return f"- {where}; {said}: {reason}."


def record_of(
    found: pd.DataFrame, exact: pd.DataFrame, checked: pd.DataFrame, seconds: float
) -> str:
    used = found[~found["unused"]]
    outside = used[used["outside"]]
    parts = [
        f"### {name}\n\n{part_table(part)}" for name, part in found.groupby("part", sort=False)
    ]
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "pandas"))
    enumerations = [
        [row["interval"], row["setting"], f"{row['least']:.3f}", f"{row['mean']:.3f}"]
        for _, row in exact.iterrows()
    ]
    gaps_checked = [
        [str(name), f"{row['n']:.0f}", f"{row['gap']:.3f}"]
        + [f"{row[f'{kind}_low']:.3f} to {row[f'{kind}_high']:.3f}" for kind in ("t", "bca")]
        for name, row in checked.iterrows()
    ]
    apart = max(
        float(((checked[f"t_{end}"] - checked[f"bca_{end}"]).abs()).max())
        for end in ("low", "high")
    )
    width = float((checked["t_high"] - checked["t_low"]).min())
    return TEXT.format(
        cases=len(used),
        inside=len(used) - len(outside),
        outside="\n".join(verdict(row) for _, row in outside.iterrows()) or "None.",
        parts="\n\n".join(parts),
        enumerations=table_of(enumerations, ["interval", "setting", "least", "mean"]),
        checked=table_of(gaps_checked, ["gap", "n", "mean", "t", "BCa"]),
        apart=apart,
        width=width,
        date=dt.date.today(),
        python=platform.python_version(),
        versions=versions,
        seed=SEED,
        other=OTHER_SEED,
        minutes=seconds / 60,
        people=PEOPLE,
        others=OTHERS,
        sets=SETS,
        again=AGAIN,
    )


TEXT = """# Coverage: do the intervals hold the truth as often as they say?

Made by `OMP_NUM_THREADS=1 python benchmarks/coverage.py` on {date}
(Python {python}, {versions}; seeds {seed} and, for what was drawn again,
{other}; {minutes:.0f} minutes of one core).

Every kind of interval that the two survey reports show is taken here. For each case {sets}
surveys are drawn and the 95 % intervals that hold the true value are counted; of {sets}, 181 to 197
is what 95 % gives in all but one case of two hundred. The surveys are drawn with replacement from a
simulated population of {people:,} respondents (of 20,000 for the odds), whose answers are whole
numbers, pile up at the end of the scale, go together within a respondent and in part are missing;
the truth is the same figure of the whole population, so it is exact. In the weighted cases the
unhappy are drawn more than twice as often and weigh less in return. Three truths are not such a
figure: the correlation of an index with a metric is set, raked figures are those of all who could
be asked, and the forest's R squared is its mean over {others} other surveys, because it depends on
the fit. A case outside the band is drawn {again:,} times again with another seed, and both counts
stand below.

Customer value has no population: bases of customers are simulated in continuous time from known
parameters (52 weeks ahead, a tenth of the purchases unpaid) and the models fitted to each. The
intervals for the parameters alone are held to what the true parameters expect of these very
customers, the others to what the customers then bring. One customer a base is taken at random.

{inside} of {cases} cases lie within 181 to 197.

## Counts

Of {sets} intervals, how many hold the truth. † promises 95 % at least, so that 198 to 200 is no
fault. ‡ in no report, for comparison. "a of b": the other surveys gave no interval, and the report
says so. Bold: outside the band.

{parts}

## Outside the band

{outside}

LMG of a driver without any part (music) is zero, and every sample and resample gives a little
more: the plain percentile bootstrap never holds the truth (‡). The reports set the low limit to
zero where neither the coefficient nor the correlation surely differs from zero.

With few answers a driver the intervals of R squared and its shares may be too narrow though the
counts here lie in the band: of 500 further surveys of 100 answers on ten drivers, 446 intervals of
R squared held the truth (89 %). Below 50 answers a driver the report says so, and below 20 it
gives the shares no interval.

## Exact coverage

The chance that the interval holds the truth, summed over all possible samples: the least and the
mean over a grid of true values (shares of .02 to .98; mixes of promoters and detractors, .1 to .9
and .02 to .5; means of 80 to 120 % of the events expected). No seed takes part.

{enumerations}

## t against BCa

The gaps of the shipped survey (its last wave): the dimensions and the three lowest items. The
bounds of the two intervals lie at most {apart:.3f} points apart; the narrowest interval is
{width:.2f} wide.

{checked}
"""


def cases(word: str) -> pd.DataFrame:
    """A row a case: part, setting, interval, covered of made; covered_again of again if need be."""
    rows = []
    for place, (part, make) in enumerate(studies()):
        if word not in part:
            continue
        begun = time.perf_counter()
        study = make()
        hits, made = covered(study, SETS, (SEED, place))
        outside = {
            name
            for name in study.truth.keys() - study.unused
            if not _in_band(hits[name], made[name], name in study.wide)
        }
        again = AGAIN if outside else 0
        hits_again, made_again = covered(study, again, (OTHER_SEED, place))
        for name in study.truth:
            row = {"part": part, "setting": study.setting, "interval": name}
            row |= {"covered": hits[name], "made": made[name], "wide": name in study.wide}
            row |= {"unused": name in study.unused, "outside": name in outside}
            row |= {"covered_again": hits_again[name], "again": made_again[name]}
            rows.append(row)
        named = [row for row in rows[-len(study.truth) :] if row["outside"]]
        print(f"{part}, {study.setting}: {time.perf_counter() - begun:.0f} s", flush=True)
        for row in named:
            print(f"    {row['interval']}: {row['covered']}, {row['covered_again']} of {AGAIN}")
    return pd.DataFrame(rows)


def _in_band(hits: int, made: int, wide: bool) -> bool:
    """Within 181 to 197 of 200, in proportion where fewer surveys gave an interval."""
    most = 1.0 if wide else BAND[-1] / SETS
    return BAND[0] / SETS * made <= hits <= most * made


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--only", default="", help="parts whose name holds this; no record")
    given = options.parse_args()
    found = cases(given.only)
    if given.only:
        print(found.to_string())
        return
    record = record_of(found, enumerated(), shipped(), time.process_time())
    RECORD.write_text(record, encoding="utf-8")


if __name__ == "__main__":
    main()
