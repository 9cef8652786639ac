"""Where to act first: planted places, and the level of what is called sure."""

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cxlib import drivers, inference
from cxlib.drivers.quadrants import FIRST, KEEP, LOW, OVERKILL

NAMES = ["weak", "strong", "minor", "extra"]


def planted(n: int, seed: int = 0, *, slopes=(1.0, 1.0, 0.1, 0.1), means=(2.5, 4, 2.5, 4)):
    rng = np.random.default_rng(seed)
    ratings = np.array(means) + rng.normal(size=(n, 4))
    outcome = ratings @ np.array(slopes) + rng.normal(size=n)
    frame = pd.DataFrame(ratings, columns=NAMES).assign(csat=outcome)
    answers = drivers.complete_answers(nw.from_native(frame).lazy(), "csat", NAMES)
    found = drivers.importance(drivers.block_moments(answers, rng), rng, draws=300)
    return drivers.quadrants(answers, found)


def test_each_driver_is_found_in_its_quadrant_surely():
    found = planted(2_000)
    kinds = found.summary.loc[NAMES, "quadrant"].tolist()
    assert kinds == [FIRST, KEEP, LOW, OVERKILL]
    assert found.summary["sure"].all()
    assert "n = 2,000 of 2,000 who rated all 4 aspects" in found.sentence
    assert found.sentence.startswith("Try first: weak. Goes with csat more than")


def test_only_what_the_map_shows_there_may_be_first_too():
    places = {"quadrant": [FIRST, KEEP, FIRST, LOW], "sure": [True, True, False, False]}
    # The intervals of "fees" reach into the quadrant; on the map it has low priority.
    bounds = {"importance_above_high": [0.2, 0.2, 0.1, 0.1], "performance_above_low": [-1.0] * 4}
    summary = pd.DataFrame(places | bounds, index=["waiting", "staff", "app", "fees"])
    told = drivers.Quadrants("csat", summary, 0.95, "n = 90").sentence
    assert told.startswith("Try first: waiting. ")
    assert told.endswith("; the same may be true of app.")
    advice = drivers.Quadrants("csat", summary, 0.95, "n = 90").advice
    assert advice.startswith("Try first: better waiting, or app, which may matter as much. Do it")


def test_the_lowest_rated_is_told_with_its_loss_and_importance():
    bounds = {"importance_above_low": [0.1, -0.2], "importance_above_high": [0.3, -0.1]}
    places = {"quadrant": [FIRST, LOW], "sure": True}
    summary = pd.DataFrame(places | bounds, index=["waiting", "fees"])
    found = drivers.Quadrants("csat", summary, 0.95, "n = 90")
    assert found.advice.startswith("Try first: better waiting. Do it in places or on days picked")
    ratings = pd.Series({"waiting": 3.0, "fees": 2.5})
    penalties = pd.Series({"waiting": -0.4, "fees": -0.75})
    told = found.lowest_rated(ratings, penalties)
    lost = "; a low rating there goes with the largest loss (-0.75)"
    assert told.startswith(f"Rated lowest on average: fees (2.50){lost}; low priority all the sa")
    # An interval that reaches the average tells it neither from the average nor as unimportant.
    unsure = summary.assign(importance_above_high=[0.3, 0.1])
    told = drivers.Quadrants("csat", unsure, 0.95, "n = 90").lowest_rated(ratings, penalties)
    assert "low priority" not in told
    assert told.endswith("as aspects do on average (not told apart): its priority is not settled.")
    # Another low rating goes with more, or none is known.
    for penalties in ([-0.8, -0.75], [np.nan, np.nan], [0.2, 0.1]):
        assert "loss" not in found.lowest_rated(ratings, pd.Series(penalties, ratings.index))
    assert found.lowest_rated(ratings[::-1] * [1, 0.5], pd.Series(dtype=float)) == (
        "Rated lowest on average: waiting (1.50)."
    )


def test_deviations_from_the_means_sum_to_zero():
    summary = planted(500).summary
    assert summary["importance_above"].sum() == pytest.approx(0, abs=1e-12)
    assert summary["performance_above"].sum() == pytest.approx(0, abs=1e-12)


def test_drivers_that_are_alike_are_rarely_called_sure():
    # 40 surveys, at most 5 % of them wrong: 7 or more would have a chance of .3 %.
    equal = {"slopes": (0.5,) * 4, "means": (3,) * 4}
    flat = [planted(150, seed, **equal) for seed in range(40)]
    assert sum(one.summary["sure"].any() for one in flat) < 7
    named = [one.sentence for one in flat if not one.sentence.startswith("What to fix first can")]
    assert len(named) < 7
    told = [text for text in (one.sentence for one in flat) if text not in named]
    assert not any(name in text for name in NAMES for text in told)


def test_limits_of_importance_hold_together_over_many_drivers():
    # 30 surveys of 10 like drivers, 30 answers a driver: wrong in at most 2.5 %, so 5 or more have
    # a chance of .1 %; a band of each driver's own width is wrong in one of eight of them.
    wrong = 0
    names = [f"d{k}" for k in range(10)]
    for seed in range(30):
        rng = np.random.default_rng(seed)
        ratings = np.sqrt(0.5) * (rng.normal(size=(300, 1)) + rng.normal(size=(300, 10)))
        frame = pd.DataFrame(ratings, columns=names)
        frame["csat"] = 0.2 * ratings.sum(axis=1) + rng.normal(size=300)
        answers = drivers.complete_answers(nw.from_native(frame).lazy(), "csat", names)
        found = drivers.importance(drivers.block_moments(answers, rng), rng, draws=200)
        above = drivers.quadrants(answers, found).summary
        low, high = above["importance_above_low"], above["importance_above_high"]
        wrong += ((low > 0) | (high < 0)).any()
    assert wrong < 5


def test_ratings_of_incomplete_answers_count():
    rng = np.random.default_rng(2)
    ratings = rng.normal(3, 1, size=(300, 2))
    frame = pd.DataFrame(ratings, columns=["a", "b"])
    frame["csat"] = ratings.sum(axis=1) + rng.normal(size=300)
    frame.loc[:99, "b"] = np.nan
    frame.loc[:99, ["a", "csat"]] -= 2
    answers = drivers.complete_answers(nw.from_native(frame).lazy(), "csat", ["a", "b"])
    found = drivers.importance(drivers.block_moments(answers, rng), rng, draws=200)
    rated = drivers.importance_performance(answers, found)
    assert rated.loc[["a", "b"], "n"].tolist() == [300, 200]
    assert rated.loc["a", "performance"] == pytest.approx(frame["a"].mean())
    interval = inference.mean_interval(frame["a"])
    assert rated.loc["a", "performance_high"] == pytest.approx(interval.high)
    above = drivers.quadrants(answers, found).summary.loc["a"]
    assert above["performance_above"] == pytest.approx((frame["a"].mean() - frame["b"].mean()) / 2)
    # Influences by hand: half of the difference of two means that share 200 raters.
    a, b = frame["a"] - frame["a"].mean(), frame["b"] - frame["b"].mean()
    covariance = (a * b).sum() / (300 * 200) * np.sqrt(300 / 299 * 200 / 199)
    error = np.sqrt(a.var() / 300 + b.var() / 200 - 2 * covariance) / 2
    margin = stats.t.ppf(1 - 0.025 / 4, 299) * error
    assert above["performance_above_high"] - above["performance_above"] == pytest.approx(margin)
    text = answers.others_sentence()
    low, high = stats.ttest_ind(
        frame["csat"][100:], frame["csat"][:100], equal_var=False
    ).confidence_interval()
    assert f"interval {low:+.3f} to {high:+.3f}" in text
    assert "what drives the others may differ" in text


def test_too_few_answers_are_a_reason_and_no_error():
    frame = pd.DataFrame({"csat": [1.0, 2.0] * 5, "a": [1.0, 3.0] * 5})
    lazy = nw.from_native(frame).lazy()
    found, reason = drivers.answers_or_reason(lazy, "csat", ["a"])
    assert found is None
    assert "10 of 10 answers to csat" in reason
    assert drivers.answers_or_reason(lazy, "csat", []) == (
        None,
        "The survey has no ratings of single aspects (drivers).",
    )
    with pytest.raises(ValueError, match="other than a itself"):
        drivers.answers_or_reason(lazy, "a", ["a"])
