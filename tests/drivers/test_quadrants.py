"""Where to act first: planted places, and the level of what is called sure."""

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import drivers
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
    assert found.sentence.startswith("Fix first: weak. More important for csat")


def test_deviations_from_the_means_sum_to_zero():
    summary = planted(500).summary
    assert summary["importance_above"].sum() == pytest.approx(0, abs=1e-12)
    assert summary["performance_above"].sum() == pytest.approx(0, abs=1e-12)


def test_drivers_that_are_alike_are_rarely_called_sure():
    # 40 surveys, at most 5 % of them wrong: 7 or more would have a chance of .3 %.
    equal = {"slopes": (0.5,) * 4, "means": (3,) * 4}
    wrong = [planted(150, seed, **equal).summary["sure"].any() for seed in range(40)]
    assert sum(wrong) < 7
    text = planted(150, 1, **equal).sentence
    assert "not surely" in text or "nothing stands out" in text


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
