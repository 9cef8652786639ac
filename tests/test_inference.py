import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from cxlib import inference


def test_mean_interval_is_students():
    values = [3.0, 5.0, 4.0, 6.0, 7.0, np.nan]
    mean = inference.mean_interval(values, level=0.9)
    low, high = stats.t.interval(0.9, 4, loc=5, scale=stats.sem(values[:5]))
    assert (mean.value, mean.n) == (5.0, 5)
    assert [mean.low, mean.high] == pytest.approx([low, high], abs=1e-12)


def test_equal_weights_change_nothing_and_row_order_neither():
    values = np.array([3.0, 5.0, 4.0, 6.0, 7.0])
    plain = inference.mean_interval(values)
    weighted = inference.mean_interval(values[::-1], weights=[2.0] * 5)
    assert (weighted.low, weighted.high) == pytest.approx((plain.low, plain.high), abs=1e-12)


def test_weighted_mean_by_hand():
    mean = inference.mean_interval([1.0, 2.0, 4.0], weights=[1.0, 1.0, 2.0])
    # mean (1 + 2 + 8) / 4 = 2.75; sum (w (x - mean))^2 = 1.75^2 + .75^2 + 2.5^2 = 9.875
    standard_error = np.sqrt(3 / 2 * 9.875) / 4
    assert mean.value == pytest.approx(2.75)
    assert mean.high - mean.value == pytest.approx(stats.t.ppf(0.975, 2) * standard_error)


def test_too_few_values_have_no_interval():
    assert inference.mean_interval([np.nan]).value is None
    single = inference.mean_interval([4.0])
    assert (single.value, single.low, single.n) == (4.0, None, 1)


def test_equal_values_have_no_interval():
    constant = inference.mean_interval([-1.0] * 30)
    assert (constant.value, constant.low, constant.high, constant.n) == (-1.0, None, None, 30)
    assert constant.method == "all values are equal"


def test_a_weight_of_zero_is_a_missing_answer():
    values, weights = [3.0, 5.0, 4.0, 9.0, 8.0], [1.0, 1.0, 1.0, 0.0, np.nan]
    mean, plain = (
        inference.mean_interval(values, weights=weights),
        inference.mean_interval(values[:3]),
    )
    assert mean.n == 3
    assert (mean.value, mean.low) == pytest.approx((plain.value, plain.low))
    nobody = inference.mean_interval(values, weights=[0.0] * 5)
    assert (nobody.value, nobody.n) == (None, 0)
    tests = inference.paired_tests(pd.DataFrame({"a": values}), weights=weights)
    assert tests.loc["a", ["n", "missing", "df"]].tolist() == [3, 2, 2]
    alone = inference.paired_tests(pd.DataFrame({"a": values}), weights=[0.0] * 5)
    assert alone.loc["a", "n"] == 0
    assert np.isnan(alone.loc["a", "mean"])


@pytest.mark.parametrize(("successes", "n"), [(0, 12), (3, 12), (12, 12), (5610, 7043)])
def test_wilson_agrees_with_statsmodels(successes, n):
    share = inference.proportion_interval(successes, n)
    expected = proportion_confint(successes, n, method="wilson")
    assert (share.low, share.high) == pytest.approx(expected, abs=1e-12)
    assert share.low <= share.value <= share.high


def test_an_impossible_share_is_refused():
    with pytest.raises(ValueError, match="5 successes of 3"):
        inference.proportion_interval(5, 3)


def test_correlation_agrees_with_scipy():
    rng = np.random.default_rng(1)
    x = rng.normal(size=40)
    y = x + rng.normal(size=40)
    expected = stats.pearsonr(x, y)
    interval = expected.confidence_interval(0.9)
    r = inference.correlation_interval(x, y, level=0.9)
    assert (r.value, r.low, r.high) == pytest.approx((expected.statistic, *interval), abs=1e-12)


def test_correlation_with_a_constant_is_suppressed():
    assert inference.correlation_interval([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]).value is None


def test_log_scale_interval_is_symmetric_in_ratios():
    ratio = inference.wald_interval(2.0, 0.5, 100, log_scale=True)
    assert ratio.high / 2 == pytest.approx(2 / ratio.low)
    assert ratio.high == pytest.approx(2 * np.exp(1.959963985 * 0.25), rel=1e-8)


def test_holm_agrees_with_statsmodels_and_ignores_missing():
    p = np.array([0.01, 0.04, np.nan, 0.03, 0.005, 0.9])
    known = ~np.isnan(p)
    adjusted = inference.holm(p)
    assert adjusted[known] == pytest.approx(multipletests(p[known], method="holm")[1], abs=1e-15)
    assert np.isnan(adjusted[2])


def test_paired_tests_agree_with_scipy():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(-0.3, 1, size=(50, 3)), columns=list("abc"))
    frame.loc[:4, "b"] = np.nan
    tests = inference.paired_tests(frame)
    expected = stats.ttest_1samp(frame["b"].dropna(), 0)
    assert (tests.loc["b", "t"], tests.loc["b", "p"]) == pytest.approx(
        (expected.statistic, expected.pvalue), rel=1e-10
    )
    assert tests.loc["b", ["n", "missing"]].tolist() == [45, 5]
    assert tests["d_z"].to_numpy() == pytest.approx((frame.mean() / frame.std()).to_numpy())


def test_paired_tests_with_frequency_like_weights_keep_the_weighted_mean():
    frame = pd.DataFrame({"a": [1.0, 2.0, 4.0, -1.0]})
    weights = [1.0, 2.0, 1.0, 3.0]
    tests = inference.paired_tests(frame, weights=weights)
    assert tests.loc["a", "mean"] == pytest.approx(DescrStatsW(frame["a"], weights).mean)


def test_the_interval_of_a_weighted_d_z_covers():
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(200):
        x = pd.DataFrame({"a": rng.normal(-0.5, 1, size=100)})
        row = inference.paired_tests(x, weights=rng.lognormal(size=100)).loc["a"]
        hits += row["d_z_low"] <= -0.5 <= row["d_z_high"]
    # 181 to 197 of 200 is the 99 % band of 95 % coverage; with n for the effective size it is 80 %.
    assert 181 <= hits <= 197


def test_equal_weights_leave_the_interval_of_d_z():
    x = pd.DataFrame({"a": [1.0, 2.0, 4.0, -1.0]})
    plain, weighted = inference.paired_tests(x), inference.paired_tests(x, weights=[3.0] * 4)
    assert weighted.loc["a", "d_z_low"] == pytest.approx(plain.loc["a", "d_z_low"])


def test_a_column_without_spread_has_no_test():
    tests = inference.paired_tests(pd.DataFrame({"a": [0.0, 0.0, 0.0], "b": [1.0, 2.0, 3.0]}))
    assert np.isnan(tests.loc["a", "p"])
    assert tests.loc["b", "p_holm"] == tests.loc["b", "p"]


def test_resampling_counts_is_the_bootstrap_of_the_observations():
    values, counts = np.array([1.0, 2.0, 5.0]), np.array([30, 50, 20])
    n = counts.sum()
    draws = inference.resample_counts(counts, 20_000, np.random.default_rng(3))
    means = draws @ values / n
    assert (draws.sum(axis=1) == n).all()
    variance = np.average((values - 2.3) ** 2, weights=counts) / n
    # Monte Carlo: the relative error of a standard deviation of 20,000 draws is 1 / sqrt(40,000),
    # .5 %; four of them are allowed.
    assert means.std() == pytest.approx(np.sqrt(variance), rel=0.02)


def test_mean_interval_covers_in_95_of_100():
    rng = np.random.default_rng(4)
    samples = rng.exponential(size=(200, 200))
    intervals = [inference.mean_interval(sample) for sample in samples]
    covered = sum(e.low <= 1 <= e.high for e in intervals)
    # Of 200 simulated samples 181 to 197 is the 99 % band of a true 95 % (binomial).
    assert 181 <= covered <= 197


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ([50, 40, 30], []),
        ([50, 4, 30], [1, 2]),
        ([50, 4, 30, 6], [1, 3]),
        ([50, 0, 30], [1]),
        ([3, 4], [0, 1]),
    ],
)
def test_small_groups_are_hidden_with_what_gives_them_away(sizes, hidden):
    assert np.flatnonzero(inference.suppressed(sizes)).tolist() == hidden


def test_shares_of_a_total_by_hand():
    # Amounts 1, 2 | 3: s = .5; sum y^2 = 5 | 9; variance 3/2 (.25 * 5 + .25 * 9) / 36 = .145833.
    groups = [pd.Series(values, index=["a", "b"]) for values in ([2, 1], [3.0, 3.0], [5.0, 9.0])]
    shares = inference.total_shares(*groups)
    margin = 1.959963985 * np.sqrt(0.145833333) / 0.25
    assert shares.loc["a", "revenue_rate"] == 0.5
    assert shares.loc["a", "revenue_high"] == pytest.approx(1 / (1 + np.exp(-margin)), rel=1e-6)
    assert shares.loc["a", "customer_rate"] == pytest.approx(2 / 3)
