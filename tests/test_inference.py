import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.power import TTestIndPower, TTestPower
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from cxlib import inference


def test_mean_interval_is_students():
    values = [3.0, 5.0, 4.0, 6.0, 7.0, np.nan]
    mean = inference.mean_interval(values, level=0.9)
    low, high = stats.t.interval(0.9, 4, loc=5, scale=stats.sem(values[:5]))
    assert (mean.value, mean.n) == (5.0, 5)
    assert [mean.low, mean.high] == pytest.approx([low, high], abs=1e-12)


def test_counts_stand_for_repeated_values():
    values, counts = [3.0, np.nan, 5.0, 1.0], [4, 7, 2, 1]
    counted = inference.counted_mean_interval(values, counts, level=0.9)
    repeated = inference.mean_interval(np.repeat(values, counts), level=0.9)
    assert (counted.n, counted.value) == (7, pytest.approx(23 / 7))
    assert [counted.low, counted.high] == pytest.approx([repeated.low, repeated.high])
    assert inference.counted_mean_interval([2.0], [5]).method == "all values are equal"
    assert inference.counted_mean_interval([], []).value is None


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
    # Kish's size is 4^2 / (1 + 1 + 4) = 8 / 3.
    t = stats.t.ppf(0.975, 8 / 3 - 1)
    assert mean.high - mean.value == pytest.approx(t * standard_error)
    assert mean.effective_n == pytest.approx(8 / 3)


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


def test_a_design_effect_needs_a_weight():
    # 4^2 / (1 + 9) = 1.6 effective of 2 answers.
    effect = inference.design_effect([1.0, 3.0, 0.0, np.nan])
    assert (effect.value, effect.n) == (pytest.approx(2 / 1.6), 2)
    none = inference.design_effect([0.0, 0.0])
    assert (none.value, none.method) == (None, "no weight is above zero")


def test_a_missing_figure_of_a_table_is_none():
    one = inference.tabled_estimate([1.0, np.nan, np.nan], level=0.9, n=5, method="equal")
    assert one == inference.Estimate(1.0, None, None, 0.9, 5, "equal")


def test_the_answers_of_fewer_than_ten_are_not_published():
    nine, ten = (inference.mean_interval(np.arange(n)) for n in (9, 10))
    assert (nine.published.value, nine.published.low, nine.published.n) == (None, None, 9)
    assert nine.published.method == "fewer than 10 answers"
    assert ten.published == ten


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


def test_the_weighted_mean_interval_covers():
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(2000):
        # Log-normal weights of coefficient of variation 2: about 11 effective answers of 30.
        weights = rng.lognormal(sigma=np.sqrt(np.log(5)), size=30)
        found = inference.mean_interval(rng.normal(size=30), weights=weights)
        if found.low is not None:
            hits += found.low <= 0 <= found.high
    # With n - 1 degrees of freedom 88 %; four Monte Carlo errors of .6 % below 93 % are 90.6 %.
    assert hits / 2000 > 0.906


def test_an_answer_with_most_of_the_weight_has_no_interval_and_no_test():
    x, weights = np.arange(20.0), [1000.0] + [0.5] * 19
    mean = inference.mean_interval(x, weights=weights)
    assert (mean.low, mean.n, mean.rests_on_enough) == (None, 20, False)
    assert mean.method == "a single answer has most of the weight"
    assert mean.published.value is None
    tests = inference.paired_tests(pd.DataFrame({"x": x}), weights=weights)
    assert np.isnan(tests.loc["x", ["low", "t", "p", "d_z"]].astype(float)).all()
    assert np.isnan(inference.without_few(tests, ["mean"]).loc["x", "mean"])
    pair = inference.welch_difference(x, x + 9, weights=(weights, np.ones(20)))
    assert np.isnan(pair.p)
    assert pair.least_effective_n < 2


def test_equal_weights_give_the_unweighted_interval_to_the_last_digit():
    x = np.random.default_rng(6).integers(1, 8, size=17).astype(float)
    plain, weighted = (
        inference.paired_tests(pd.DataFrame({"x": x}), weights=w) for w in (None, [0.1] * 17)
    )
    assert weighted.loc["x", "df"] == plain.loc["x", "df"] == 16
    np.testing.assert_allclose(weighted, plain, rtol=1e-12)


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
    assert np.flatnonzero(inference.suppressed(sizes, 2)).tolist() == hidden


def test_shares_of_a_total_by_hand():
    # Amounts 1, 2 | 3: s = .5; sum y^2 = 5 | 9; variance 3/2 (.25 * 5 + .25 * 9) / 36 = .145833.
    groups = [pd.Series(values, index=["a", "b"]) for values in ([2, 1], [3.0, 3.0], [5.0, 9.0])]
    shares = inference.total_shares(*groups)
    margin = 1.959963985 * np.sqrt(0.145833333) / 0.25
    assert shares.loc["a", "revenue_rate"] == 0.5
    assert shares.loc["a", "revenue_high"] == pytest.approx(1 / (1 + np.exp(-margin)), rel=1e-6)
    assert shares.loc["a", "customer_rate"] == pytest.approx(2 / 3)


def test_effective_size_by_hand():
    # (1 + 1 + 2)^2 / (1 + 1 + 4); who has no weight gave no answer.
    assert inference.effective_size([1, 1, 2, 0, np.nan]) == pytest.approx(16 / 6)
    assert inference.effective_size([]) == 0


def test_weighted_correlation_acts_as_repeated_pairs():
    rng = np.random.default_rng(1)
    x = rng.normal(size=40)
    y = x + rng.normal(size=40)
    weights = rng.integers(0, 4, size=40)
    repeated = stats.pearsonr(np.repeat(x, weights), np.repeat(y, weights)).statistic
    weighted = inference.correlation_interval(x, y, weights=weights)
    assert weighted.value == pytest.approx(repeated, abs=1e-12)
    assert weighted.n == (weights > 0).sum()


def test_the_weighted_interval_of_a_correlation_is_the_jackknifes():
    rng = np.random.default_rng(2)
    x = rng.uniform(size=300)
    y, weights = x + rng.uniform(size=300) * (1 + x), rng.uniform(0.5, 2, size=300)
    weighted = inference.correlation_interval(x, y, weights=weights)
    z = []
    for out in range(300):
        kept = np.arange(300) != out
        moments = np.cov(x[kept], y[kept], aweights=weights[kept])
        z.append(np.arctanh(moments[0, 1] / np.sqrt(moments[0, 0] * moments[1, 1])))
    error = np.sqrt(299 / 300 * np.sum((np.array(z) - np.mean(z)) ** 2))
    width = np.arctanh(weighted.high) - np.arctanh(weighted.low)
    # Both are consistent and differ by terms of order 1 / n.
    assert width == pytest.approx(2 * 1.959963985 * error, rel=0.03)


def test_the_weighted_interval_of_a_correlation_covers():
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(200):
        x = rng.normal(size=200)
        y = 0.5 * x + np.sqrt(0.75) * rng.normal(size=200)
        found = inference.correlation_interval(x, y, weights=rng.gamma(2, size=200))
        hits += found.low <= 0.5 <= found.high
    # 181 to 197 of 200 is the 99 % band of 95 % coverage.
    assert 181 <= hits <= 197


def _scores(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Skewed whole numbers, and the same as distinct values with counts."""
    scores = np.random.default_rng(seed).poisson(1.5, size=n).astype(float) ** 2
    return scores, *np.unique(scores, return_counts=True)


def test_bca_agrees_with_scipy():
    scores, values, counts = _scores(60, 1)
    draws = inference.count_bootstrap(values, counts, 40_000, np.random.default_rng(2))
    ours = inference.bca_interval(values, counts, draws)
    peer = stats.bootstrap(
        (scores,), np.mean, n_resamples=40_000, method="BCa", rng=np.random.default_rng(3)
    )
    expected = peer.confidence_interval
    # Monte Carlo: a 2.5 % quantile of 40,000 draws has an error near .013 sd of the draws, and z0
    # adds as much; for the difference of two runs four of them are some .09 sd.
    assert ours.low == pytest.approx(expected.low, abs=0.09 * draws.std())
    assert ours.high == pytest.approx(expected.high, abs=0.09 * draws.std())
    low, high = np.quantile(draws, [0.025, 0.975])
    assert ours.low > low + 0.15 * draws.std()
    assert ours.high > high + 0.15 * draws.std()


def test_the_acceleration_is_the_jackknifes():
    # With draws that are symmetric about the mean z0 is 0, and only the acceleration moves bounds.
    scores, values, counts = _scores(50, 4)
    draws = scores.mean() + stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    ours = inference.bca_interval(values, counts, draws, level=0.9)
    without = (scores.sum() - scores) / 49
    gap = without.mean() - without
    a = np.sum(gap**3) / (6 * np.sum(gap**2) ** 1.5)
    z = stats.norm.ppf([0.05, 0.95])
    assert [ours.low, ours.high] == pytest.approx(scores.mean() + z / (1 - a * z), abs=1e-3)


def test_count_bootstrap_in_steps_keeps_the_bootstrap():
    # 5,000 distinct values are drawn 200 at a time.
    values = np.random.default_rng(5).normal(size=5000)
    draws = inference.count_bootstrap(values, np.ones(5000, int), 1000, np.random.default_rng(6))
    assert draws.shape == (1000,)
    # Monte Carlo: the relative error of the sd of 1,000 draws is 1 / sqrt(2,000); four are .09.
    assert draws.std() == pytest.approx(values.std() / np.sqrt(5000), rel=0.09)


def test_no_spread_has_no_bca_interval():
    draws = inference.count_bootstrap([-1.0], [30], 100, np.random.default_rng(7))
    constant = inference.bca_interval([-1.0], [30], draws)
    assert (constant.value, constant.low, constant.n) == (-1.0, None, 30)


def _paired_answers(n: int, rng: np.random.Generator) -> np.ndarray:
    """Ordinal differences with many ties and zeros, most of them negative."""
    return rng.integers(-4, 3, size=n).astype(float)


def test_signed_ranks_agree_with_scipy():
    x = _paired_answers(40, np.random.default_rng(1))
    y = np.random.default_rng(2).normal(0.3, 1, size=40)
    table = inference.signed_rank_tests(pd.DataFrame({"x": x, "y": y, "none": 0.0}))
    for name, values in (("x", x), ("y", y)):
        judge = stats.wilcoxon(values, zero_method="pratt", correction=False, method="asymptotic")
        assert table.loc[name, "p"] == pytest.approx(judge.pvalue, rel=1e-10)
        assert abs(table.loc[name, "z"]) == pytest.approx(abs(judge.zstatistic), rel=1e-10)
    assert table.loc["none"].isna().sum() == 6


def test_rank_biserial_by_hand():
    # |d| 0, 1, 2, 2, 3: ranks 1, 2, 3.5, 3.5, 5; positive 2 + 3.5, negative 3.5 + 5.
    table = inference.signed_rank_tests(pd.DataFrame({"d": [0.0, 1, 2, -2, -3]}))
    assert table.loc["d", "rank_biserial"] == pytest.approx(-3 / 14)
    one_way = inference.signed_rank_tests(pd.DataFrame({"d": [-1.0, -2, -2, 0]})).loc["d"]
    assert one_way["rank_biserial"] == -1
    assert np.isnan(one_way["rank_biserial_low"])


def test_the_interval_of_rank_biserial_is_the_jackknifes():
    x = _paired_answers(300, np.random.default_rng(3))
    row = inference.signed_rank_tests(pd.DataFrame({"x": x})).loc["x"]
    each = pd.DataFrame({i: np.delete(x, i) for i in range(300)})
    z = np.arctanh(inference.signed_rank_tests(each)["rank_biserial"])
    error = np.sqrt(299 / 300 * np.sum((z - z.mean()) ** 2))
    width = np.arctanh(row["rank_biserial_high"]) - np.arctanh(row["rank_biserial_low"])
    # Both are consistent and differ by terms of order 1 / n.
    assert width == pytest.approx(2 * 1.959963985 * error, rel=0.03)


def test_the_interval_of_rank_biserial_covers():
    rng = np.random.default_rng(4)
    truth = inference.signed_rank_tests(pd.DataFrame({"x": np.repeat(np.arange(-4.0, 3), 9000)}))
    samples = pd.DataFrame(_paired_answers(200 * 80, rng).reshape(80, 200))
    found = inference.signed_rank_tests(samples)
    true = truth.loc["x", "rank_biserial"]
    hits = ((found["rank_biserial_low"] <= true) & (true <= found["rank_biserial_high"])).sum()
    # 181 to 197 of 200 is the 99 % band of 95 % coverage.
    assert 181 <= hits <= 197


def test_welch_difference_agrees_with_scipy():
    rng = np.random.default_rng(5)
    first, second = rng.normal(0, 1, size=30), rng.normal(0.5, 3, size=12)
    found = inference.welch_difference(first, np.append(second, np.nan))
    judge = stats.ttest_ind(second, first, equal_var=False)
    interval = judge.confidence_interval()
    assert (found.t, found.df, found.p) == pytest.approx((judge.statistic, judge.df, judge.pvalue))
    assert (found.difference.low, found.difference.high) == pytest.approx(interval)
    sd = np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / 2)
    d = (second.mean() - first.mean()) / sd
    assert found.hedges_g.value == pytest.approx(d * (1 - 3 / (4 * 40 - 1)))
    assert (found.n_first, found.n_second) == (30, 12)


def test_equal_weights_leave_welch_alone():
    rng = np.random.default_rng(6)
    samples = [rng.normal(size=n) for n in (10, 14, 9)]
    weights = [np.full(len(x), 2.5) for x in samples]
    pair = inference.welch_difference(*samples[:2], weights=(weights[0], weights[1]))
    assert pair.p == pytest.approx(inference.welch_difference(*samples[:2]).p)
    groups = inference.welch_anova(samples, weights=weights)
    assert groups.f_statistic == pytest.approx(inference.welch_anova(samples).f_statistic)


def test_welch_difference_of_too_little():
    found = inference.welch_difference([1.0], [2.0, 3.0])
    assert (found.difference.value, found.difference.low) == (1.5, None)
    assert np.isnan(found.p)
    assert inference.welch_difference([], [2.0]).difference.value is None
    assert inference.welch_difference([1.0, 1.0], [3.0, 3.0]).difference.value == 2


def test_intervals_of_a_weighted_difference_and_its_size_cover():
    rng = np.random.default_rng(7)
    hits = np.zeros(2, dtype=int)
    true = 0.5, 0.5 / np.sqrt((1 + 4) / 2)
    for _ in range(200):
        samples = rng.normal(0, 1, size=80), rng.normal(0.5, 2, size=120)
        weights = rng.gamma(3, size=80), rng.gamma(3, size=120)
        found = inference.welch_difference(*samples, weights=weights)
        for place, one in enumerate((found.difference, found.hedges_g)):
            hits[place] += one.low <= true[place] <= one.high
    # 181 to 197 of 200 is the 99 % band of 95 % coverage.
    assert ((hits >= 181) & (hits <= 197)).all()


def test_welch_anova_agrees_with_statsmodels():
    rng = np.random.default_rng(8)
    samples = [rng.normal(m, s, size=n) for m, s, n in ((0, 1, 12), (0.4, 2, 30), (1, 0.5, 20))]
    found = inference.welch_anova(samples)
    judge = anova_oneway(samples, use_var="unequal")
    assert (found.f_statistic, found.p) == pytest.approx((judge.statistic, judge.pvalue), rel=1e-10)
    assert found.df_within == pytest.approx(judge.df_denom)
    signal = 2 * (judge.statistic - 1)
    assert found.omega_squared.value == pytest.approx(signal / (signal + 62))


def test_two_groups_are_welchs_t():
    rng = np.random.default_rng(9)
    first, second = rng.normal(size=20), rng.normal(size=35)
    weights = rng.gamma(2, size=20), rng.gamma(2, size=35)
    pair = inference.welch_difference(first, second, weights=weights)
    groups = inference.welch_anova([first, second], weights=weights)
    assert groups.p == pytest.approx(pair.p, rel=1e-9)
    assert inference.welch_anova([first]).omega_squared.value is None


@pytest.mark.parametrize("weighted", [False, True])
def test_the_interval_of_omega_squared_covers(weighted):
    rng = np.random.default_rng(10)
    means, sizes = np.array([0.0, 0.3, 0.6]), [100, 100, 100]
    true = means.var() / (means.var() + 1)
    hits = 0
    for _ in range(200):
        samples = [rng.normal(m, 1, size=n) for m, n in zip(means, sizes, strict=True)]
        weights = [rng.gamma(3, size=n) for n in sizes] if weighted else None
        found = inference.welch_anova(samples, weights=weights).omega_squared
        hits += found.low <= true <= found.high
    # 181 to 197 of 200 is the 99 % band of 95 % coverage.
    assert 181 <= hits <= 197


@pytest.mark.parametrize(("n", "power"), [(10, 0.8), (102, 0.9), (3000, 0.8)])
def test_detectable_difference_agrees_with_statsmodels(n, power):
    paired = TTestPower().solve_power(nobs=n, alpha=0.05, power=power)
    assert inference.detectable_difference(2.0, n, power=power) == pytest.approx(
        2 * paired, rel=1e-5
    )
    groups = TTestIndPower().solve_power(nobs1=n, ratio=2, alpha=0.05, power=power)
    ours = inference.detectable_difference(2.0, n, 2 * n, power=power)
    assert ours == pytest.approx(2 * groups, rel=1e-5)


def test_required_answers_agree_with_cohen():
    # Cohen (1988), table 2.4.1: two groups, two-sided 5 %, power .80: d .2, .5, .8 need these n.
    assert [inference.required_answers(d, 1, groups=2) for d in (0.2, 0.5, 0.8)] == [394, 64, 26]
    assert inference.required_answers(0.5, 1) == np.ceil(
        TTestPower().solve_power(effect_size=0.5, alpha=0.05, power=0.8)
    )
    with pytest.raises(ValueError, match="above zero"):
        inference.required_answers(0, 1)


def test_the_bca_interval_covers():
    rng = np.random.default_rng(20)
    hits = 0
    for _ in range(200):
        values, counts = np.unique(rng.poisson(1.5, size=100), return_counts=True)
        draws = inference.count_bootstrap(values, counts, 1000, rng)
        found = inference.bca_interval(values, counts, draws)
        hits += found.low <= 1.5 <= found.high
    # 181 to 197 of 200 is the 99 % band of 95 % coverage.
    assert 181 <= hits <= 197


def test_weighted_share_takes_the_smaller_effective_size():
    # By hand: w (x - .8) is -.8, .4, .2, .2, so the linearized variance is 4/3 * .88 / 25.
    found = inference.share_interval([0, 1, 1, 1, 1], weights=[1, 2, 1, 1, 0])
    size = 0.8 * 0.2 / (4 / 3 * 0.88 / 25)
    assert size < 25 / 7
    assert (found.value, found.n) == (pytest.approx(0.8), 4)
    assert (found.low, found.high) == pytest.approx(inference.wilson_limits(0.8, size))


def test_share_with_equal_weights_is_wilson_but_for_one_degree_of_freedom():
    inside = np.arange(400) < 100
    plain, weighted = (
        inference.share_interval(inside),
        inference.share_interval(inside, weights=np.full(400, 3.0)),
    )
    assert weighted.value == plain.value == 0.25
    # n - 1 stands for n in the effective size.
    assert (weighted.low, weighted.high) == pytest.approx((plain.low, plain.high), abs=2e-4)


def test_share_of_all_or_none_has_a_limit():
    for inside, bound in (([1] * 20, 1), ([0] * 20, 0)):
        found = inference.share_interval(inside, weights=np.arange(1.0, 21))
        assert found.value == bound
        assert found.high - found.low > 0.1


def test_bca_limits_without_bias_or_skewness_are_the_percentiles():
    draws = np.linspace(-1, 1, 2001)[:, None] + [0, 5]
    limits = inference.bca_limits(np.array([0.0, 5.0]), draws, np.zeros(2))
    np.testing.assert_allclose(limits, [[-0.95, 4.05], [0.95, 5.95]], atol=1e-9)


def test_percentile_limits_hold_one_more_draw():
    # The ends of 39 ordered draws hold a 40th with the chance 38 / 40.
    found = inference.percentile_interval(20.0, np.arange(1.0, 40), 9, level=0.95, method="m")
    assert (found.low, found.high) == pytest.approx((1.0, 39.0))
    # Of the first 99 the 5th and the 95th are 5 / 100 from either side.
    assert inference.central_limits(np.arange(1.0, 100), 0.9).tolist() == pytest.approx([5, 95])


def test_levels_that_are_no_rate_are_refused():
    inference.require_level(0.95)
    with pytest.raises(inference.ParameterError, match=r"^level: 95 .* write 0\.95\.$"):
        inference.require_level(95)
    for level in (0, 1, -0.5, 950, float("nan")):
        with pytest.raises(inference.ParameterError, match=r"^level: .* between 0 and 1\.$"):
            inference.require_level(level)


@pytest.mark.parametrize(("level", "least"), [(0.95, 39), (0.9, 19), (0.99, 199), (0.5, 3)])
def test_draws_an_interval_needs(level, least):
    inference.require_draws(least, level)
    with pytest.raises(inference.ParameterError, match=rf"^draws: {least - 1} .* {least} are"):
        inference.require_draws(least - 1, level)


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_range_is_named(rate):
    with pytest.raises(inference.ParameterError, match=r"contact_share: .* from 0 to 1"):
        inference.require_rate("contact_share", rate)


def test_a_share_may_have_to_stay_below_one():
    inference.require_rate("holdout_share", 1.0)
    with pytest.raises(inference.ParameterError, match="below 1"):
        inference.require_rate("holdout_share", 1.0, below_one=True)


def test_an_unknown_choice_names_the_known_ones():
    inference.require_choice("customers", "a", ["a", "b"])
    with pytest.raises(inference.ParameterError, match=r"customers: .c. .* a or b"):
        inference.require_choice("customers", "c", ["a", "b"])
