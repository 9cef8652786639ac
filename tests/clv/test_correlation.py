import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from cxlib.clv import correlation
from cxlib.clv.correlation import rank_correlations, robust_correlation


def rank_correlation(x, y, customers, *, level):
    return rank_correlations(x, {"y": y}, customers)["y"].estimate(level=level)


def rank_correlation_difference(x, first, second, customers, *, level):
    ranked = rank_correlations(x, {"first": first, "second": second}, customers)
    return ranked["first"].less(ranked["second"], level=level)


def pairs(n=600):
    """Actual purchases and two forecasts of them, of very different quality."""
    rng = np.random.default_rng(3)
    rate = rng.gamma(0.8, 2, size=n)
    return rng.poisson(rate), rng.poisson(rate), rate


def test_values_are_those_of_numpy_and_scipy():
    a, b, c = pairs()
    one = np.ones(600)
    found = robust_correlation(a, b, one, level=0.95, name="r")
    assert found.value == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert rank_correlation(a, b, one, level=0.95).value == pytest.approx(spearmanr(a, b)[0])
    difference = rank_correlation_difference(a, b, c, one, level=0.95)
    assert difference.value == pytest.approx(spearmanr(a, b)[0] - spearmanr(a, c)[0])


def test_counts_stand_for_repeated_rows():
    a, b, c = (column[:60] for column in pairs())
    counts = np.random.default_rng(1).integers(1, 5, size=60)
    repeated = [np.repeat(column, counts) for column in (a, b, c)]
    one = np.ones(counts.sum())
    for of_counts, of_rows in (
        (
            robust_correlation(a, c, counts, level=0.9, name="r"),
            robust_correlation(repeated[0], repeated[2], one, level=0.9, name="r"),
        ),
        (
            rank_correlation(a, b, counts, level=0.9),
            rank_correlation(repeated[0], repeated[1], one, level=0.9),
        ),
        (
            rank_correlation_difference(a, b, c, counts, level=0.9),
            rank_correlation_difference(*repeated, one, level=0.9),
        ),
    ):
        assert of_counts.n == of_rows.n
        figures = [of_counts.value, of_counts.low, of_counts.high]
        assert figures == pytest.approx([of_rows.value, of_rows.low, of_rows.high])


def test_intervals_of_ranks_are_those_of_the_bootstrap():
    a, b, c = pairs()
    rows = np.random.default_rng(4).integers(600, size=(1500, 600))
    ranked = [rankdata(column[rows], axis=1) for column in (a, b, c)]
    of_a, of_b, of_c = ((one - 300.5) / one.std(axis=1, keepdims=True) for one in ranked)
    one, other = ((of_a * of_other).mean(axis=1) for of_other in (of_b, of_c))
    found = rank_correlation(a, b, np.ones(600), level=0.95)
    # A percentile of 1,500 draws of sd .03 has an error of .002; three times that.
    assert [found.low, found.high] == pytest.approx(np.quantile(one, [0.025, 0.975]), abs=0.006)
    difference = rank_correlation_difference(a, b, c, np.ones(600), level=0.95)
    bounds = [difference.low, difference.high]
    assert bounds == pytest.approx(np.quantile(one - other, [0.025, 0.975]), abs=0.006)


def test_the_error_of_a_rank_correlation_holds_that_of_the_ranks():
    # Ranks taken as given would make it 8 % too small here.
    rng = np.random.default_rng(20261122)
    errors, estimates = [], []
    for _ in range(1500):
        x = rng.normal(size=300)
        y = 0.9 * x + np.sqrt(1 - 0.81) * rng.normal(size=300)
        found = rank_correlation(x, y, np.ones(300), level=0.95)
        errors.append((np.arctanh(found.high) - np.arctanh(found.low)) / (2 * 1.96))
        estimates.append(np.arctanh(found.value))
    # The sd of 1,500 draws has an error of 1.8 %; less than three times that.
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.05)


def test_every_column_is_ranked_once(monkeypatch):
    ranked = []
    monkeypatch.setattr(
        correlation, "_ranked", lambda *one, of=correlation._ranked: ranked.append(one) or of(*one)
    )
    found = rank_correlations([1, 2, 3, 5], {"a": [1, 3, 2, 4], "b": [2, 1, 3, 4]}, np.ones(4))
    assert (found["a"].r, found["b"].r) == pytest.approx((0.8, 0.8))
    assert len(ranked) == 3


def test_without_spread_there_is_no_correlation():
    none = rank_correlation([1, 1, 1, 1, 1], [1, 2, 3, 4, 5], np.ones(5), level=0.95)
    assert none.value is None
    assert "constant" in none.method
    assert rank_correlation([], [], np.zeros(0), level=0.95).value is None
    few = rank_correlation([1, 2, 3], [1, 2, 3], np.ones(3), level=0.95)
    assert few.value is None
    missing = rank_correlation_difference(
        [1, 2, 3, 4], [1, 1, 1, 1], [1, 2, 3, 4], np.ones(4), level=0.95
    )
    assert missing.value is None
    exact = rank_correlation([1, 2, 3, 4], [2, 3, 5, 9], np.ones(4), level=0.95)
    assert (exact.value, exact.low, exact.high) == (1, 1, 1)
