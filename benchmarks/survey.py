"""The survey path: bootstraps by counts against scipy.stats.bootstrap, and a large SERVQUAL survey.

One run on one machine; only the ratios travel. Ours is the BCa interval throughout. SciPy's BCa
takes a jackknife that grows with the square of the answers, so it gets fewer of them; its
percentile interval, which does without, gets them all.

    python benchmarks/survey.py [--answers 100000] [--bca-answers 5000] [--resamples 2000]
                                [--respondents 250000]
"""

import argparse
import resource
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.stats import bootstrap

from cxlib import inference, servqual

T = TypeVar("T")

SIZES = {"tangibles": 4, "reliability": 5, "responsiveness": 4, "assurance": 4, "empathy": 5}
IDS = iter(f"{i:02d}" for i in range(1, 23))
DIMENSIONS = {name: [next(IDS) for _ in range(size)] for name, size in SIZES.items()}
ITEMS = [item for members in DIMENSIONS.values() for item in members]


def answers(respondents: int, rng: np.random.Generator) -> pd.DataFrame:
    """Correlated answers 1 to 7 to all items, E near the ceiling, 2 % of them missing."""
    taste = rng.normal(size=respondents)
    columns = {}
    for letter, mean in (("E", 6.0), ("P", 4.9)):
        own = 0.6 * taste + 0.5 * rng.normal(size=respondents)
        for item in ITEMS:
            answer = np.clip(np.rint(mean + own + 0.8 * rng.normal(size=respondents)), 1, 7)
            answer[rng.random(respondents) < 0.02] = np.nan
            columns[f"{letter}_{item}"] = answer
    return pd.DataFrame(columns)


def measured(work: Callable[[], T], repeats: int = 1) -> tuple[T, float]:
    """What `work` returns, and the least CPU seconds of the repeats."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
    return result, min(times)


def by_counts(x: np.ndarray, resamples: int, rng: np.random.Generator) -> inference.Estimate:
    values, counts = np.unique(x, return_counts=True)
    draws = inference.count_bootstrap(values, counts, resamples, rng)
    return inference.bca_interval(values, counts, draws)


def by_scipy(
    x: np.ndarray, resamples: int, rng: np.random.Generator, method: str
) -> tuple[float, float, float]:
    """Bounds and standard error."""
    found = bootstrap((x,), np.mean, n_resamples=resamples, batch=50, rng=rng, method=method)
    return *found.confidence_interval, found.standard_error


def bootstraps(n: int, n_bca: int, resamples: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    items = servqual.item_scores(answers(n, rng).fillna(5), DIMENSIONS)
    overall = servqual.dimension_scores(items, {"overall": ITEMS}).gap["overall"]
    cases = {
        "NPS (-100, 0, 100)": rng.choice([-100.0, 0.0, 100.0], size=n, p=[0.15, 0.15, 0.7]),
        "mean gap of an item": items.gap["01"].to_numpy(),
        "mean gap of all items": overall.to_numpy(),
    }
    rows = []
    for name, x in cases.items():
        _, seconds = measured(partial(by_counts, x, resamples, rng), 5)
        _, percentile = measured(partial(by_scipy, x, resamples, rng, "percentile"))
        row = {"figure": name, "distinct": len(np.unique(x)), "cxlib CPU s": seconds}
        row |= {"scipy percentile": percentile / seconds}
        ours, seconds = measured(partial(by_counts, x[:n_bca], resamples, rng), 5)
        (*theirs, sd), bca = measured(partial(by_scipy, x[:n_bca], resamples, rng, "BCa"))
        # In sd of the resampled means; 2,000 draws leave some .1 of Monte Carlo error.
        apart = (np.array([ours.low, ours.high], dtype=float) - theirs) / sd
        row |= {f"scipy BCa, {n_bca:,}": bca / seconds}
        rows.append(row | {"low apart": apart[0], "high apart": apart[1]})
    return pd.DataFrame(rows).set_index("figure")


def large_survey(respondents: int) -> None:
    rng = np.random.default_rng(2)
    survey = answers(respondents, rng)
    points = pd.DataFrame(rng.dirichlet([3.0] * 5, respondents) * 100, columns=list(DIMENSIONS))
    branch = rng.choice([f"branch {i}" for i in range(30)], size=respondents)
    groups = pd.DataFrame({"branch": branch})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    items = servqual.item_scores(survey, DIMENSIONS)
    scores = servqual.dimension_scores(items, DIMENSIONS)
    servqual.gap_table(items, scale_high=7)
    servqual.gap_table(scores, scale_high=7)
    importance = servqual.importance(scores, allocated=points)
    weighted = servqual.weighted_gaps(scores.gap, importance.points)
    parts = servqual.weighted_item_gaps(items.gap, importance.points, DIMENSIONS)
    servqual.priorities(scores.gap, weighted, rng)
    servqual.priorities(items.gap, parts, rng)
    servqual.group_gaps(scores.gap, groups)
    servqual.group_tests(scores.gap, groups)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{respondents:,} respondents x {len(ITEMS)} items, from answers to priorities and groups:"
    )
    print(f"CPU s {seconds:.1f}; peak {peak:,.0f} MB, {before:,.0f} MB before")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--answers", type=int, default=100_000)
    options.add_argument("--bca-answers", type=int, default=5_000)
    options.add_argument("--resamples", type=int, default=2000)
    options.add_argument("--respondents", type=int, default=250_000)
    given = options.parse_args()
    large_survey(given.respondents)
    with pd.option_context("display.width", 120, "display.max_columns", None):
        print(bootstraps(given.answers, given.bca_answers, given.resamples).round(4))


if __name__ == "__main__":
    main()
