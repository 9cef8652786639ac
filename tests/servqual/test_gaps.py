"""Scores, gaps and groups against hand computation, limits and other libraries."""

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp, ttest_rel, wilcoxon
from statsmodels.stats.power import TTestIndPower, TTestPower
from statsmodels.stats.proportion import proportion_confint

from cxlib import inference, servqual, simulate


def test_an_answer_without_its_partner_is_left_out(responses, dimensions):
    items = servqual.item_scores(responses, dimensions)
    assert list(items.gap.columns) == ["a", "b", "c", "d"]
    assert items.expectation["b"].tolist()[:2] == [7, 7]
    assert items.expectation["b"].isna().tolist() == [False, False, True, True]
    assert items.perception["b"].isna().tolist() == [False, False, True, True]
    assert items.gap["a"].tolist() == [-3, 0, -2, 1]


def test_dimension_scores_need_enough_pairs(responses, dimensions):
    items = servqual.item_scores(responses, dimensions)
    half = servqual.dimension_scores(items, dimensions)
    # Gaps of a, b, c: (-3, -2, -1), (0, -1, 1), (-2, -, -1), and one pair of three: no score.
    np.testing.assert_allclose(half.gap["staff"], [-2, 0, -1.5, np.nan])
    np.testing.assert_allclose(half.expectation["staff"], [7, 6, 5.5, np.nan])
    all_pairs = servqual.dimension_scores(items, dimensions, least_answered_rate=1)
    np.testing.assert_allclose(all_pairs.gap["staff"], [-2, 0, np.nan, np.nan])
    assert half.gap["place"].tolist() == [0, -1, 1, 0]


def _thrice(responses: pd.DataFrame) -> pd.DataFrame:
    """Enough respondents for figures to be shown; shares and means are those of the four."""
    return pd.concat([responses] * 3, ignore_index=True)


def test_gap_table_by_hand(responses, dimensions):
    items = servqual.item_scores(_thrice(responses), dimensions)
    row = servqual.gap_table(items, scale_high=7).loc["a"]
    assert (row["n"], row["missing"]) == (12, 0)
    assert (row["expectation"], row["perception"], row["gap"]) == (6.25, 5.25, -1)
    assert row["median_gap"] == -1
    shares = row[["negative_share", "zero_share", "positive_share", "ceiling_share"]]
    assert shares.tolist() == [0.5, 0.25, 0.25, 0.5]
    # Gaps -3, 0, -2, 1, thrice: sd sqrt(30 / 11).
    assert row["d_z"] == pytest.approx(-1 / np.sqrt(30 / 11))


def test_fewer_than_ten_respondents_have_no_figures(responses, dimensions):
    survey = _thrice(responses)
    survey.loc[:2, "E_a"] = np.nan
    items = servqual.item_scores(survey, dimensions)
    table = servqual.gap_table(items, scale_high=7)
    assert table.loc["a", ["n", "missing"]].tolist() == [9, 3]
    assert table.drop(columns=["n", "effective_n", "missing"]).loc["a"].isna().all()
    np.testing.assert_allclose(table["p_holm"], inference.holm(table["p"]))
    assert table.loc["d", ["gap", "n"]].tolist() == [0, 12]
    rng = np.random.default_rng(1)
    checked = servqual.interval_check(items.gap, rng, draws=50)
    assert checked.loc["a"].drop("n").isna().all()
    first = servqual.priorities(items.gap, items.gap, rng, draws=50)
    figures = ["gap", "gap_low", "own_difference", "weighted_gap", "low"]
    assert first.loc["a", figures].isna().all()


def test_gap_table_agrees_with_scipy(simulated):
    survey, dimensions = simulated(80, 1)
    items = servqual.item_scores(survey, dimensions)
    table = servqual.gap_table(items, scale_high=7)
    for item in items.gap.columns:
        known = items.gap[item].notna()
        judge = ttest_rel(items.perception[item][known], items.expectation[item][known])
        interval = judge.confidence_interval(0.95)
        row = table.loc[item, ["t", "p", "low", "high"]].astype(float)
        expected = [judge.statistic, judge.pvalue, interval.low, interval.high]
        np.testing.assert_allclose(row, expected, rtol=1e-9)
        assert table.loc[item, "perception"] - table.loc[item, "expectation"] == pytest.approx(
            table.loc[item, "gap"]
        )


def test_weights_act_as_repeated_respondents(simulated):
    survey, dimensions = simulated(41, 2)
    weights = np.where(np.arange(41) % 3 == 0, 3.0, 1.0)
    repeated = survey.loc[survey.index.repeat(weights.astype(int))].reset_index(drop=True)
    weighted = servqual.gap_table(
        servqual.item_scores(survey, dimensions), scale_high=7, weights=weights
    )
    plain = servqual.gap_table(servqual.item_scores(repeated, dimensions), scale_high=7)
    columns = ["expectation", "perception", "gap", "negative_share", "zero_share", "ceiling_share"]
    np.testing.assert_allclose(weighted[columns].astype(float), plain[columns].astype(float))
    assert not np.allclose(
        weighted["gap"],
        servqual.gap_table(servqual.item_scores(survey, dimensions), scale_high=7)["gap"],
    )


def test_respondents_without_weight_have_no_figures(responses, dimensions):
    items = servqual.item_scores(pd.concat([responses] * 6), dimensions)
    table = servqual.gap_table(items, scale_high=7, weights=[1.0, 1.0, 0.0, 0.0] * 6)
    assert table.loc["a", ["n", "missing", "gap"]].tolist() == [12, 12, -1.5]
    nobody = servqual.gap_table(items, scale_high=7, weights=[0.0] * 24)
    assert nobody["gap"].isna().all()


def test_an_item_nobody_answered_has_no_figures(responses, dimensions):
    empty = _thrice(responses).assign(E_d=np.nan)
    table = servqual.gap_table(servqual.item_scores(empty, dimensions), scale_high=7)
    assert table.loc["d", "n"] == 0
    assert table.loc["d", ["gap", "low", "p", "median_gap", "zero_share"]].isna().all()
    assert table.loc["a", "p_holm"] >= table.loc["a", "p"]


@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_answer_counts_add_up(responses, engine, dimensions):
    native = duckdb.from_df(responses) if engine == "duckdb" else responses
    counts = servqual.answer_counts(nw.from_native(native).lazy(), dimensions)
    assert counts.groupby("item")["count"].sum().tolist() == [4, 4, 4, 4]
    d = counts[counts["item"] == "d"]
    assert d[["expectation", "perception", "count"]].to_numpy().tolist() == [
        [4, 3, 1],
        [4, 4, 2],
        [4, 5, 1],
    ]
    b = counts[(counts["item"] == "b") & counts["expectation"].isna()]
    assert b["perception"].tolist() == [3]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-2.0, -1.0, "fall short of"),
        (-1.0, 1.0, "cannot be told from"),
        (0.5, 1.0, "exceed"),
        (None, None, "cannot be compared with"),
    ],
)
def test_direction(low, high, words):
    value = None if low is None else 0.0
    assert servqual.direction(inference.Estimate(value, low, high, 0.95, 10, "")) == words
    for few in ((9, None), (300, 1.5)):
        estimate = inference.Estimate(-4.0, -4.5, -3.5, 0.95, few[0], "", few[1])
        assert servqual.direction(estimate) == "cannot be compared with"


def test_row_order_changes_nothing(simulated):
    survey, dimensions = simulated(60, 9)
    shuffled = survey.sample(frac=1, random_state=1)
    tables = [
        servqual.gap_table(servqual.item_scores(one, dimensions), scale_high=7)
        for one in (survey, shuffled)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_intervals_cover_the_known_gaps(simulated):
    # 200 surveys of 60 respondents: the overall gap, and that of one dimension.
    truth = simulate.expected_answers()
    share = truth["branch_share"]
    overall = float(np.average(truth["gap"], weights=share))
    chosen = truth["dimension"] == "responsiveness"
    responsiveness = float(np.average(truth["gap"][chosen], weights=share[chosen]))
    hits = np.zeros(2, dtype=int)
    for seed in range(200):
        survey, dimensions = simulated(60, seed)
        groups = {"all": [i for m in dimensions.values() for i in m]}
        groups["responsiveness"] = dimensions["responsiveness"]
        items = servqual.item_scores(survey, dimensions)
        gap = servqual.dimension_scores(items, groups).gap
        for place, expected in enumerate((overall, responsiveness)):
            found = inference.mean_interval(gap.iloc[:, place])
            hits[place] += found.low <= expected <= found.high
    # 181 to 197 of 200 is the 99 % band of 95 % coverage.
    assert ((hits >= 181) & (hits <= 197)).all()


def test_perceptions_alone_are_measured_against_the_own_mean(responses, dimensions):
    items = servqual.item_scores(responses.filter(regex="^P_"), dimensions)
    assert items.yardstick == "own mean perception"
    assert items.against == "each respondent's own mean"
    # The third gave 5, -, 3, 5: mean 13/3.
    np.testing.assert_allclose(items.gap.loc[2], [2 / 3, np.nan, -4 / 3, 2 / 3])
    np.testing.assert_allclose(items.gap.mean(axis=1), 0, atol=1e-9)
    items = servqual.item_scores(_thrice(responses).filter(regex="^P_"), dimensions)
    table = servqual.gap_table(servqual.dimension_scores(items, dimensions), scale_high=7)
    assert table["ceiling_share"].isna().all()
    # Own means 4.75, 5.25, 13/3, 4; place 4, 3, 5, 4.
    assert table.loc["place", "gap"] == pytest.approx((-0.75 - 2.25 + 2 / 3 + 0) / 4)


def test_counts_of_perceptions_alone(responses, dimensions):
    native = duckdb.from_df(responses.filter(regex="^P_"))
    counts = servqual.answer_counts(nw.from_native(native).lazy(), dimensions)
    d = counts[counts["item"] == "d"]
    assert d["expectation"].isna().all()
    assert d[["perception", "count"]].to_numpy().tolist() == [[3, 1], [4, 2], [5, 1]]


def test_gap_table_has_the_rank_test(responses, dimensions):
    items = servqual.item_scores(_thrice(responses), dimensions)
    table = servqual.gap_table(items, scale_high=7)
    # Gaps of a, thrice: -3, 0, -2, 1; middle ranks 11, 2, 8, 5: (5 - 19) / 24.
    assert table.loc["a", "rank_biserial"] == pytest.approx(-14 / 24)
    judge = wilcoxon(items.gap["a"], zero_method="pratt", correction=False, method="asymptotic")
    assert table.loc["a", "p_rank"] == pytest.approx(judge.pvalue)
    weighted = servqual.gap_table(items, scale_high=7, weights=[1.0, 2, 1, 1] * 3)
    assert weighted[["p_rank", "p_rank_holm", "rank_biserial"]].isna().all(axis=None)


def test_t_and_bootstrap_intervals_agree_on_many_answers(simulated):
    survey, dimensions = simulated(1000, 4)
    scores = servqual.dimension_scores(servqual.item_scores(survey, dimensions), dimensions)
    gap = scores.gap.assign(same=-1.0, nobody=np.nan)
    table = servqual.interval_check(gap, np.random.default_rng(1), draws=4000)
    width = table["t_high"] - table["t_low"]
    # Monte Carlo: a 2.5 % quantile of 4,000 draws, and z0, have errors near .04 sd of the draws;
    # four of both together are .06 of the width, which is 3.9 sd.
    for end in ("low", "high"):
        assert ((table[f"bca_{end}"] - table[f"t_{end}"]).abs() / width).max() < 0.06
    assert table.loc[["same", "nobody"], ["t_low", "bca_low"]].isna().all(axis=None)


def test_what_the_survey_could_see():
    gap = pd.DataFrame({"x": [-1.0, -2, 0, -3] * 10, "y": [-1.0] * 10 + [np.nan] * 30})
    table = servqual.power_table(gap)
    sd = gap["x"].std()
    assert table.loc["x", ["n", "sd"]].tolist() == pytest.approx([40, sd])
    seen = TTestPower().solve_power(nobs=40, alpha=0.05, power=0.8)
    assert table.loc["x", "detectable_gap"] == pytest.approx(sd * seen, rel=1e-4)
    halves = TTestIndPower().solve_power(nobs1=20, alpha=0.05, power=0.8)
    assert table.loc["x", "detectable_group_difference"] == pytest.approx(sd * halves, rel=1e-4)
    weights = [3.0, 1, 1, 1] * 10
    # Kish: 60^2 / (10 * 12).
    assert servqual.power_table(gap, weights=weights).loc["x", "effective_n"] == pytest.approx(30)


def test_holm_sees_the_detectable_gap_as_often_as_said():
    rng, seen = np.random.default_rng(11), 0
    # Unit variances of 40 answers; the first of five mean gaps is the one that is said to be seen.
    noise = pd.DataFrame(rng.normal(size=(40, 5)), columns=list("abcde"))
    table = servqual.power_table(noise / noise.std())
    true = table.loc["a", "detectable_gap_holm"]
    single = TTestPower().solve_power(nobs=40, alpha=0.05 / 5, power=0.8)
    assert true == pytest.approx(single, rel=1e-4)
    gaps = rng.normal(size=(400, 40, 5)) - [true, 0, 0, 0, 0]
    for p in ttest_1samp(gaps, 0, axis=1).pvalue:
        seen += inference.holm(p)[0] < 0.05
    # The single test's gap is seen in 58 %; three Monte Carlo errors of 2 % below 80 % are 74 %.
    assert 0.74 < seen / 400 < 0.88


def test_how_many_respondents_the_next_survey_needs():
    gap = pd.DataFrame({"x": [-1.0, 1.0] * 50, "y": [-1.0] * 100})
    table = servqual.required_respondents(gap, [0.2, 0.5])
    assert table["dimension"].tolist() == ["x", "x"]
    sd = gap["x"].std()
    one, two = TTestPower(), TTestIndPower()
    expected = [np.ceil(one.solve_power(d / sd, alpha=0.05, power=0.8)) for d in (0.2, 0.5)]
    assert table["respondents"].tolist() == expected
    groups = [np.ceil(two.solve_power(d / sd, alpha=0.05, power=0.8)) for d in (0.2, 0.5)]
    assert table["respondents_per_group"].tolist() == groups
    weighted = servqual.required_respondents(gap, [0.2], weights=[3.0, 3, 1, 1] * 25)
    # The sd is the same, the effective n 200^2 / 500 of 100.
    assert weighted["respondents"].iloc[0] == np.ceil(1.25 * expected[0])


def test_shares_and_median_have_intervals():
    rng = np.random.default_rng(3)
    perception = pd.DataFrame({"a": rng.integers(1, 8, 60).astype(float)})
    scores = servqual.Scores(pd.DataFrame({"a": np.full(60, 5.0)}), perception)
    row = servqual.gap_table(scores, scale_high=7).loc["a"]
    below = int((perception["a"] < 5).sum())
    peer = proportion_confint(below, 60, method="wilson")
    assert (row["negative_share_low"], row["negative_share_high"]) == pytest.approx(peer)
    # Wilson's limits of one half at n = 60 are .377 and .623: the 23rd and the 38th of 60.
    ordered = np.sort(perception["a"] - 5)
    assert (row["median_gap_low"], row["median_gap_high"]) == (ordered[22], ordered[37])
    interval = ttest_1samp(perception["a"], 0).confidence_interval(0.95)
    assert (row["perception_low"], row["perception_high"]) == pytest.approx(interval)
    assert row["ceiling_share"] == 0
    assert row["ceiling_share_high"] > 0
