import numpy as np
import pytest
from scipy.special import logit

from cxlib.churn.concordance import concordance, concordant_pairs


def customers(seed=5, n=90):
    """Whole months, so that times and scores are tied; delayed entry."""
    rng = np.random.default_rng(seed)
    score = np.round(rng.normal(size=n), 1)
    duration = np.ceil(rng.exponential(10 * np.exp(-score)))
    return np.floor(duration * rng.random(n) / 2), duration, rng.random(n) < 0.7, score


def test_pairs_are_those_counted_one_by_one():
    entry, duration, left, score = customers()
    agreeing, pairs = np.zeros(len(score)), np.zeros(len(score))
    for i in np.flatnonzero(left):
        for j in range(len(score)):
            later = duration[j] > duration[i] or (duration[j] == duration[i] and not left[j])
            if later and entry[j] < duration[i]:
                for one in (i, j):
                    pairs[one] += 1
                    agreeing[one] += (score[i] > score[j]) + (score[i] == score[j]) / 2
    found, counted = concordant_pairs(entry, duration, left, score)
    assert counted.tolist() == pairs.tolist()
    assert found.tolist() == agreeing.tolist()


def test_error_is_that_of_the_jackknife():
    parts = customers()
    n = len(parts[0])
    every = np.arange(n)
    kept = (every != one for one in every)
    without = np.array([concordance(*(part[rows] for part in parts)).value for rows in kept])
    jackknife = np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2))
    found = concordance(*parts)
    width = (logit(found.high) - logit(found.low)) / 2 / 1.959963984540054
    assert width * found.value * (1 - found.value) == pytest.approx(jackknife, rel=0.05)


def test_a_perfect_score_and_no_pairs():
    duration = np.arange(1.0, 6)
    perfect = concordance(np.zeros(5), duration, np.ones(5, dtype=bool), -duration)
    assert perfect.value == 1
    assert concordance(np.zeros(5), duration, np.zeros(5, dtype=bool), duration).value is None
    apart = concordance(duration - 1, duration, np.ones(5, dtype=bool), duration)
    assert "at once" in apart.method
