import datetime as dt

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportion_effectsize,
)

from cxlib import calendars, inference, satisfaction

METRICS = satisfaction.metrics({"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)})
NPS, SHARE, MEAN = METRICS["nps"], METRICS["csat_share"], METRICS["csat_mean"]


def lazy(table: pd.DataFrame) -> nw.LazyFrame:
    return nw.from_native(duckdb.connect().from_df(table))


def counts(given: dict, **columns) -> pd.DataFrame:
    """Answer counts without weights: score -> count."""
    table = pd.DataFrame({"score": list(given), "count": list(given.values())}).astype(float)
    return table.assign(weight=table["count"], weight_squared=table["count"], **columns)


def answers(scores, weights) -> pd.DataFrame:
    """Answer counts of single weighted answers."""
    w = np.asarray(weights, dtype=float)
    return pd.DataFrame({"score": scores, "count": 1, "weight": w, "weight_squared": w**2})


def net(promoters, passives, detractors) -> pd.DataFrame:
    return counts({10: promoters, 8: passives, 3: detractors})


# --- what is counted


def test_counts_come_from_the_engine_with_missing_answers_as_rows():
    table = pd.DataFrame(
        {"nps": [10, 10, 3, None, 8], "weight": [1.0, 2.0, 0.5, 1.0, None], "city": list("aabbb")}
    )
    found = satisfaction.answer_counts(lazy(table), "nps", ["city"]).set_index(["city", "score"])
    assert found.loc[("a", 10)].tolist() == [2, 3, 5]
    assert found.loc[("b", 3)].tolist() == [1, 0.5, 0.25]
    # The missing answer, and the answer whose weight is missing.
    assert found[found.index.get_level_values("score").isna()]["count"].tolist() == [2]


def test_without_weights_each_answer_weighs_one():
    found = satisfaction.answer_counts(lazy(pd.DataFrame({"nps": [9.0, 9.0, None]})), "nps")
    assert (found["weight"] == found["count"]).all()
    assert (found["weight_squared"] == found["count"]).all()


@pytest.mark.parametrize("name", ["score", "COUNT", "weight_squared", "period", "group", "n"])
def test_attributes_may_have_any_name(name):
    table = pd.DataFrame(
        {"csat": [5.0, 2.0] * 40, name: ["a"] * 40 + ["b"] * 40, "date": pd.Timestamp("2024-02-03")}
    )
    found = satisfaction.answer_counts(lazy(table), "csat", [name], every="1mo")
    assert found["period"].unique().tolist() == [pd.Timestamp("2024-02-01")]
    assert found["count"].tolist() == [20] * 4
    groups = satisfaction.groups_table(lazy(table), SHARE, [name])
    assert groups.index.tolist() == [(name, "a"), (name, "b")]
    split = satisfaction.mix_and_rate(found, found, SHARE, name)
    assert split.table.index.tolist() == ["a", "b"]


def test_a_weight_that_is_not_a_number_is_no_answer():
    table = pd.DataFrame({"csat": [5.0] * 12 + [1.0] * 12, "w": [1.0] * 12 + [0.0] * 12})
    frame = lazy(table).with_columns((nw.col("w") * float("nan")).alias("bad"))
    frame = frame.with_columns(nw.when(nw.col("w") > 0).then(1.0).otherwise("bad").alias("weight"))
    found = satisfaction.estimate(satisfaction.answer_counts(frame, "csat"), SHARE)
    assert (found.value, found.n) == (1, 12)


def test_a_weight_of_zero_is_no_answer():
    table = pd.DataFrame({"csat": [5.0] * 12 + [1.0] * 12, "weight": [1.0] * 12 + [0.0] * 12})
    found = satisfaction.estimate(satisfaction.answer_counts(lazy(table), "csat"), SHARE)
    assert (found.value, found.n) == (1, 12)


def test_periods_are_first_days():
    table = pd.DataFrame({"date": pd.to_datetime(["2024-05-31", "2024-02-29"]), "nps": [1.0, 2.0]})
    for every, months in {"1mo": [2, 5], "1q": [1, 4], "1y": [1, 1]}.items():
        found = satisfaction.answer_counts(lazy(table), "nps", every=every)
        assert [day.date() for day in found["period"]] == [dt.date(2024, m, 1) for m in months]
    # Both days lie in the spring and winter of Jalali years 1403 and 1402.
    found = satisfaction.answer_counts(lazy(table), "nps", every="1q", calendar="jalali")
    starts = [dt.date(2023, 12, 22), dt.date(2024, 3, 20)]
    assert [day.date() for day in found["period"]] == starts


# --- metrics


def test_published_example():
    # 70 promoters, 15 passives, 15 detractors: NPS 55 (references).
    assert satisfaction.estimate(net(70, 15, 15), NPS).value == pytest.approx(55)


def test_sfo_airport_survey_2017():
    # 1,436 promoters and 342 detractors of 2,746: 39.84; 2,206 of 2,688 in the top two: 82.07 %.
    score = satisfaction.estimate(net(1436, 968, 342), NPS)
    assert (round(score.value, 2), score.n) == (39.84, 2746)
    share = satisfaction.estimate(counts({5: 699, 4: 1507, 3: 444, 2: 32, 1: 6}), SHARE)
    assert round(100 * share.value, 2) == 82.07


@pytest.mark.parametrize("scale", [(0, 10), (1, 10)])
def test_classes_of_the_net_score(scale):
    metric = satisfaction.metrics({"nps": scale})["nps"]
    assert metric.values([1, 6, 7, 8, 9, 10]).tolist() == [-100, -100, 0, 0, 100, 100]
    assert np.isnan(metric.values([np.nan])).all()


@pytest.mark.parametrize("scale", [(1, 5), (0, 100), (1, 7)])
def test_net_score_on_another_scale_is_refused(scale):
    with pytest.raises(ValueError, match=f"nps: asked on {scale[0]} to {scale[1]}"):
        satisfaction.metrics({"nps": scale})


@pytest.mark.parametrize(("metric", "score"), [(NPS, 11), (NPS, 8.5), (SHARE, 0), (MEAN, 6)])
def test_scores_that_are_no_answers_are_refused(metric, score):
    with pytest.raises(ValueError, match=f"{score:g} is no answer on the scale"):
        metric.values([score])


def test_effort_with_low_for_easy_is_turned():
    effort = satisfaction.metrics({"ces": (1, 7)}, ces_easy="low")
    given = counts({1: 10, 2: 20, 7: 10})
    # Turned: 7, 6 and 1; mean (70 + 120 + 10) / 40; easy are the 30 who answered 1 or 2.
    assert satisfaction.estimate(given, effort["ces_mean"]).value == pytest.approx(5)
    assert satisfaction.estimate(given, effort["ces_share"]).value == pytest.approx(0.75)
    assert "turned" in effort["ces_mean"].direction
    assert satisfaction.estimate(given, METRICS["ces_share"]).value == pytest.approx(0.25)


@pytest.mark.parametrize("scale", [(0, 1), (1, 2), (1, 3)])
def test_short_scales_have_a_mean_alone(scale):
    # On three answers the middle would be among the best, on two everyone.
    found = satisfaction.metrics({"csat": scale})
    assert list(found) == ["csat_mean"]
    assert "too short a scale" in found["csat_mean"].direction
    assert "csat_share" in satisfaction.metrics({"csat": (1, 4)})


def test_labels_say_which_answers_count():
    found = satisfaction.metrics({"csat": (1, 5), "ces": (1, 7)}, ces_easy="low")
    assert found["csat_share"].label == "Satisfied (4 and 5 of 1 to 5)"
    assert found["ces_share"].label == "Easy (1 and 2 of 1 to 7)"
    assert list(satisfaction.one_each(found)) == ["csat_share", "ces_share"]
    short = satisfaction.metrics({"csat": (1, 3), "ces": (1, 7)})
    assert list(satisfaction.one_each(short)) == ["csat_mean", "ces_share"]


def test_a_blank_question_is_not_spoken_of_first():
    counted = {"nps": counts({10: 9}), "csat": counts({5: 10}), "ces": counts({np.nan: 30})}
    found = satisfaction.answered(METRICS, counted)
    assert list(found) == ["csat_share", "csat_mean"]
    blank = {name: counts({np.nan: 30}) for name in counted}
    assert satisfaction.answered(METRICS, blank) == METRICS
    assert satisfaction.estimate(blank["nps"], NPS).method == "no answers"
    windows = satisfaction.latest_windows(
        counts({np.nan: 30}, period=pd.Timestamp("2024-01-01")), NPS, 5
    )
    assert windows.reason == "there are no answers with a date"


def test_a_survey_without_a_question_has_no_metric_of_it():
    assert list(satisfaction.metrics({"csat": (1, 5), "drivers": (1, 5)})) == [
        "csat_share",
        "csat_mean",
    ]


# --- intervals


def test_net_intervals_by_hand():
    found = satisfaction.net_intervals(net(70, 15, 15), NPS)
    z = stats.norm.ppf(0.975)
    margin = 100 * z * np.sqrt((0.7 + 0.15 - 0.55**2) / 100)
    assert found.loc["Wald", ["low", "high"]].tolist() == pytest.approx([55 - margin, 55 + margin])
    promoters, detractors = 70.75 / 103, 15.75 / 103
    centre = promoters - detractors
    margin = z * np.sqrt((promoters + detractors - centre**2) / 103)
    expected = [100 * (centre - margin), 100 * (centre + margin)]
    assert found.loc["adjusted Wald", ["low", "high"]].tolist() == pytest.approx(expected)
    estimate = satisfaction.estimate(net(70, 15, 15), NPS)
    assert [estimate.low, estimate.high] == pytest.approx(expected)


@pytest.mark.parametrize("given", [(70, 15, 15), (9, 3, 1), (20, 0, 0), (0, 5, 15), (0, 30, 0)])
def test_score_limits_solve_the_constrained_test(given):
    promoters, _, detractors = given
    n = sum(given)
    found = satisfaction.net_intervals(net(*given), NPS).loc["score"]
    for limit in found[["low", "high"]] / 100:
        if abs(limit) > 1 - 1e-9:
            continue

        def loss(d, limit=limit):
            chances = np.array([limit + d, 1 - limit - 2 * d, d])
            likely = np.array(given) * np.log(np.maximum(chances, 1e-300))
            return -likely[np.array(given) > 0].sum()

        ends = max(0, -limit), (1 - limit) / 2
        d = optimize.minimize_scalar(loss, bounds=ends, options={"xatol": 1e-12}).x
        variance = (limit + 2 * d - limit**2) / n
        statistic = ((promoters - detractors) / n - limit) / np.sqrt(variance)
        assert abs(statistic) == pytest.approx(stats.norm.ppf(0.975), abs=2e-3)


def coverage(n, p, d):
    """Exact coverage of the Wald, adjusted Wald and score intervals over the trinomial."""
    a, b = (x.ravel() for x in np.meshgrid(range(n + 1), range(n + 1)))
    a, b = a[a + b <= n], b[a + b <= n]
    chance = stats.multinomial.pmf(np.column_stack([a, n - a - b, b]), n, [p, 1 - p - d, d])
    likely = np.flatnonzero(chance > 1e-7)
    covered = {"Wald": 0.0, "adjusted Wald": 0.0, "score": 0.0}
    for k in likely:
        table = satisfaction.net_intervals(net(a[k], n - a[k] - b[k], b[k]), NPS)
        inside = (table["low"] <= 100 * (p - d)) & (100 * (p - d) <= table["high"])
        for method in covered:
            covered[method] += chance[k] * inside[method]
    return covered


def test_exact_coverage_of_the_net_intervals():
    # Enumerated, so without Monte Carlo error; the Wald interval misses where most are promoters.
    found = coverage(20, 0.9, 0.02)
    assert 0.94 < found["adjusted Wald"] < 0.98
    assert 0.94 < found["score"] < 0.98
    assert found["Wald"] < 0.90


def test_all_promoters_have_an_honest_interval():
    found = satisfaction.estimate(net(50, 0, 0), NPS)
    assert (found.value, found.high) == (100, 100)
    assert 80 < found.low < 97


def test_fewer_than_ten_answers_are_not_shown():
    for metric in (NPS, SHARE, MEAN):
        found = satisfaction.estimate(counts({5: 5, 4: 4}), metric)
        assert (found.value, found.low, found.n) == (None, None, 9)
        assert "fewer than 10" in found.method
    assert satisfaction.net_intervals(net(5, 4, 0), NPS)[["value", "low"]].isna().all(axis=None)
    assert satisfaction.estimate(counts({}), NPS).n == 0


def test_share_is_wilsons_and_mean_is_students():
    given = {5: 30, 4: 20, 2: 10}
    share = satisfaction.estimate(counts(given), SHARE)
    expected = proportion_confint(50, 60, method="wilson")
    assert (share.low, share.high) == pytest.approx(expected)
    x = np.repeat(list(given), list(given.values()))
    expected = stats.ttest_1samp(x, 0).confidence_interval()
    mean = satisfaction.estimate(counts(given), MEAN)
    assert (mean.low, mean.high) == pytest.approx(tuple(expected))


def test_answers_that_are_all_equal_have_a_mean_without_interval():
    found = satisfaction.estimate(counts({4: 20}), MEAN)
    assert (found.value, found.low) == (4, None)


# --- weights


@pytest.mark.parametrize("metric", [NPS, SHARE, MEAN])
def test_equal_weights_change_nothing(metric):
    scores = [5.0] * 20 + [4.0] * 10 + [1.0] * 10
    plain = satisfaction.estimate(answers(scores, np.ones(40)), metric)
    doubled = satisfaction.estimate(answers(scores, np.full(40, 2.0)), metric)
    assert (doubled.low, doubled.value, doubled.high) == pytest.approx(
        (plain.low, plain.value, plain.high)
    )


def test_weighted_mean_has_the_linearized_interval():
    rng = np.random.default_rng(7)
    x, w = rng.integers(1, 6, 80).astype(float), rng.uniform(0.2, 3, 80)
    found = satisfaction.estimate(answers(x, w), MEAN)
    expected = inference.mean_interval(x, weights=w)
    assert (found.value, found.low) == pytest.approx((expected.value, expected.low))


def test_weighted_net_score_by_hand():
    # Weights 2 for 10 promoters and 1 for 20 detractors and 10 passives: p = 20/50, d = 20/50.
    given = answers([10.0] * 10 + [3.0] * 20 + [8.0] * 10, [2.0] * 10 + [1.0] * 30)
    # Variance of the values .8, linearized variance (4 * 10 + 20) / 50^2: 33.3 effective answers.
    effective = 0.8 / (60 / 2500)
    p = (0.4 * effective + 0.75) / (effective + 3)
    margin = 100 * stats.norm.ppf(0.975) * np.sqrt(2 * p / (effective + 3))
    found = satisfaction.estimate(given, NPS)
    assert found.value == pytest.approx(0)
    assert (found.low, found.high) == pytest.approx((-margin, margin))
    assert found.n == 40


def test_weighted_and_unweighted_side_by_side():
    table = pd.DataFrame(
        {
            "csat": [5.0] * 20 + [1.0] * 20 + [None] * 10,
            "weight": [1.0] * 20 + [3.0] * 20 + [1] * 10,
        }
    )
    found = satisfaction.score_table(lazy(table), {"csat_share": SHARE}).iloc[0]
    assert found["n"] == 40
    assert found["blank_rate"] == pytest.approx(0.2)
    assert found["value"] == pytest.approx(0.25)
    assert found["unweighted"] == pytest.approx(0.5)
    # Kish's: 40 (20 + 20 * 9) / 80^2, more than the linearized one.
    assert found["design_effect"] == pytest.approx(1.25)


def test_coverage_of_the_weighted_net_score():
    # Half of the sample from a stratum that is a fifth of the customers; the truth is known.
    rng = np.random.default_rng(11)
    rates = np.array([[0.3, 0.3, 0.4], [0.7, 0.2, 0.1]])
    truth = 100 * (0.2 * (0.3 - 0.4) + 0.8 * (0.7 - 0.1))
    hits = 0
    for _ in range(200):
        stratum = rng.integers(0, 2, 150)
        drawn = rng.random(150)[:, None] > rates[stratum].cumsum(axis=1)
        scores = np.array([10.0, 8.0, 3.0])[drawn.sum(axis=1).clip(max=2)]
        found = satisfaction.estimate(answers(scores, np.array([0.4, 1.6])[stratum]), NPS)
        hits += found.low <= truth <= found.high
    # 181 to 197 of 200 is the 99 % band of a coverage of 95 % (Monte Carlo error 3.1).
    assert 181 <= hits <= 197


# --- comparisons


def test_difference_of_shares_is_agresti_and_caffos():
    found = satisfaction.compare(counts({5: 20, 1: 20}), counts({5: 40, 1: 10}), SHARE)
    expected = confint_proportions_2indep(40, 50, 20, 40, method="agresti-caffo")
    assert (found.difference.low, found.difference.high) == pytest.approx(expected)
    assert found.difference.value == pytest.approx(0.3)
    assert found.effect_size == pytest.approx(proportion_effectsize(0.8, 0.5))


def test_difference_of_means_is_welchs():
    first, second = {5: 10, 3: 20, 1: 6}, {5: 30, 4: 15, 2: 4}
    x, y = (np.repeat(list(g), list(g.values())) for g in (first, second))
    expected = stats.ttest_ind(y, x, equal_var=False)
    found = satisfaction.compare(counts(first), counts(second), MEAN)
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.difference.low, found.difference.high) == pytest.approx(
        tuple(expected.confidence_interval())
    )


def test_difference_of_net_scores_by_hand():
    found = satisfaction.compare(net(50, 30, 20), net(70, 15, 15), NPS)
    means, variances = [], []
    for promoters, detractors in ((50, 20), (70, 15)):
        p, d = (promoters + 0.375) / 101.5, (detractors + 0.375) / 101.5
        means.append(p - d)
        variances.append((p + d - (p - d) ** 2) / 101.5)
    error = np.sqrt(sum(variances))
    expected = stats.norm.interval(0.95, 100 * (means[1] - means[0]), 100 * error)
    assert found.difference.value == pytest.approx(25)
    assert (found.difference.low, found.difference.high) == pytest.approx(expected)
    assert found.p == pytest.approx(2 * stats.norm.sf((means[1] - means[0]) / error))
    assert "+25.0 points" in found.sentence


def test_interval_and_test_agree_and_the_order_only_turns_the_sign():
    for promoters in range(20, 60, 3):
        found = satisfaction.compare(net(30, 20, 20), net(promoters, 20, 20), NPS)
        turned = satisfaction.compare(net(promoters, 20, 20), net(30, 20, 20), NPS)
        excluded = found.difference.low > 0 or found.difference.high < 0
        assert (found.p < 0.05) == excluded
        assert turned.difference.low == pytest.approx(-found.difference.high)


def test_comparisons_that_cannot_be_made_say_so():
    found = satisfaction.compare(net(5, 0, 0), net(50, 10, 10), NPS)
    assert found.p is None
    assert "cannot be compared" in found.sentence
    assert satisfaction.compare(counts({4: 20}), counts({5: 20}), MEAN).p is None


def grouped(groups: dict) -> pd.DataFrame:
    parts = [counts(given, city=name) for name, given in groups.items()]
    return pd.concat(parts, ignore_index=True)


def test_groups_beside_the_rest_with_holm_and_suppression():
    given = grouped(
        {"a": {5: 80, 1: 20}, "b": {5: 50, 1: 50}, "c": {5: 6, 1: 8}, "tiny": {5: 4}, None: {1: 30}}
    )
    found = satisfaction.group_table(given, SHARE, "city")
    assert found.loc["a", "value"] == pytest.approx(0.8)
    assert found.loc["a", "rest"] == pytest.approx(60 / 148)
    assert found.loc["not stated", "n"] == 30
    # The total would give the four of "tiny" away, so the next smallest is hidden as well.
    hidden = found[found["note"] != ""]
    assert hidden.index.tolist() == ["2 smaller groups"]
    assert hidden[["n", "value", "low", "rest", "difference", "p"]].isna().all(axis=None)
    shown = found[found["note"] == ""]
    assert shown["p_holm"].tolist() == pytest.approx(inference.holm(shown["p"]).tolist())
    assert (shown["p_holm"] > shown["p"]).any()


def test_each_group_and_the_rest_are_as_counted_one_by_one():
    rng = np.random.default_rng(8)
    given = answers(rng.integers(1, 6, 300).astype(float), rng.uniform(0.2, 3, 300))
    given = given.assign(city=rng.choice(list("abc"), 300))
    found = satisfaction.group_table(given, MEAN, "city").loc["b"]
    own, rest = given[given["city"] == "b"], given[given["city"] != "b"]
    expected = satisfaction.compare(rest, own, MEAN)
    assert found["low"] == pytest.approx(expected.second.low, abs=1e-12)
    assert found["difference_high"] == pytest.approx(expected.difference.high, abs=1e-12)
    assert found["p"] == pytest.approx(expected.p, abs=1e-12)


def test_two_groups_are_one_test():
    found = satisfaction.group_table(
        grouped({"a": {5: 30, 1: 9}, "b": {5: 20, 1: 15}}), MEAN, "city"
    )
    assert found["p_holm"].tolist() == found["p"].tolist()
    assert found.loc["a", "difference"] == pytest.approx(-found.loc["b", "difference"])


# --- mix and rate


def test_small_groups_of_a_split_have_neither_name_nor_figures():
    before = grouped({"a": {5: 60, 1: 20}, "b": {5: 10, 1: 10}, "tiny": {5: 4}})
    after = grouped({"a": {5: 30, 1: 20}, "b": {5: 30, 1: 20}, "tiny": {5: 40}})
    table = satisfaction.mix_and_rate(before, after, SHARE, "city").table
    # Of 104 answers before, a's 80 and b's 20 would tell of the four.
    assert table.index.tolist() == ["a", "2 smaller groups"]
    assert table.drop(columns="note").loc["2 smaller groups"].isna().all()


def test_kitagawa_by_hand():
    before = grouped({"a": {5: 60, 1: 20}, "b": {5: 10, 1: 10}})
    after = grouped({"a": {5: 30, 1: 20}, "b": {5: 30, 1: 20}})
    found = satisfaction.mix_and_rate(before, after, SHARE, "city")
    # Shares .8 and .2, then .5 and .5; rates .75 and .5, then .6 and .6.
    assert found.mix.value == pytest.approx(-0.3 * 0.675 + 0.3 * 0.55)
    assert found.rate.value == pytest.approx(-0.15 * 0.65 + 0.1 * 0.35)
    assert found.mix.value + found.rate.value == pytest.approx(found.change.value)
    assert found.table["mix"].sum() == pytest.approx(found.mix.value)
    assert found.table["rate"].tolist() == pytest.approx([-0.15 * 0.65, 0.1 * 0.35])
    # Counted from the mean of both totals, (.7 + .6) / 2.
    assert found.table["mix"].tolist() == pytest.approx([-0.3 * 0.025, 0.3 * -0.1])


def test_pure_mix_and_pure_rate():
    before = grouped({"a": {5: 80, 1: 20}, "b": {5: 20, 1: 80}})
    moved = grouped({"a": {5: 160, 1: 40}, "b": {5: 20, 1: 80}})
    found = satisfaction.mix_and_rate(before, moved, SHARE, "city")
    assert found.rate.value == pytest.approx(0)
    assert found.mix.value == pytest.approx(0.1)
    risen = grouped({"a": {5: 90, 1: 10}, "b": {5: 30, 1: 70}})
    assert satisfaction.mix_and_rate(before, risen, SHARE, "city").mix.value == pytest.approx(0)


def test_a_new_group_brings_mix_only():
    before = grouped({"a": {5: 50, 1: 50}})
    after = grouped({"a": {5: 50, 1: 50}, "new": {5: 100}})
    found = satisfaction.mix_and_rate(before, after, SHARE, "city")
    assert (found.mix.value, found.rate.value) == pytest.approx((0.25, 0))
    assert np.isnan(found.table.loc["new", "value_before"])


@pytest.mark.parametrize("new_group", [False, True])
def test_linearized_variance_against_numeric_derivatives(new_group):
    rng = np.random.default_rng(3)

    def period(cities):
        rows = [(c, s, *rng.uniform([20, 15], [60, 90])) for c in cities for s in (10.0, 8.0, 3.0)]
        table = pd.DataFrame(rows, columns=["city", "score", "weight", "weight_squared"])
        return table.assign(count=rng.integers(20, 40, len(table)))

    both = [period("abc"), period("abcd" if new_group else "abc")]
    found = satisfaction.mix_and_rate(*both, NPS, "city")
    variance = np.zeros(2)
    for turn, table in enumerate(both):
        n = table["count"].sum()
        for row in range(len(table)):
            values = []
            for step in (-1e-4, 1e-4):
                changed = table.copy()
                changed.loc[row, "weight"] += step
                pair = [changed, both[1]] if turn == 0 else [both[0], changed]
                one = satisfaction.mix_and_rate(*pair, NPS, "city")
                values.append([one.mix.value, one.rate.value])
            slope = (np.array(values[1]) - values[0]) / 2e-4
            variance += n / (n - 1) * table.loc[row, "weight_squared"] * slope**2
    margins = stats.norm.ppf(0.975) * np.sqrt(variance)
    assert found.mix.high - found.mix.value == pytest.approx(margins[0], rel=1e-5)
    assert found.rate.high - found.rate.value == pytest.approx(margins[1], rel=1e-5)


def test_decomposition_of_too_few_answers_says_so():
    few = grouped({"a": {5: 4}})
    found = satisfaction.mix_and_rate(few, grouped({"a": {5: 50, 1: 9}}), SHARE, "city")
    assert found.mix.value is None
    assert "cannot be split" in found.sentence
    assert len(found.summary) == 3


# --- sample size


def test_answers_needed_against_statsmodels():
    given = net(70, 15, 15)
    sd = 100 * np.sqrt(0.85 - 0.55**2)
    expected = NormalIndPower().solve_power(effect_size=5 / sd, alpha=0.05, power=0.8)
    assert satisfaction.answers_needed(given, NPS, 5) == np.ceil(expected)


def test_power_of_the_promised_sample_size():
    # As many answers as promised find the change in 80 %; 200 trials, Monte Carlo error 2.8 %.
    rng = np.random.default_rng(5)
    n = satisfaction.answers_needed(counts({5: 70, 1: 30}), SHARE, 0.1)
    found = 0
    for first, second in zip(rng.binomial(n, 0.65, 200), rng.binomial(n, 0.75, 200), strict=True):
        pair = [counts({5: k, 1: n - k}) for k in (first, second)]
        found += satisfaction.compare(*pair, SHARE).p < 0.05
    assert found / 200 == pytest.approx(0.8, abs=0.08)


def test_sample_size_needs_a_change_and_answers():
    with pytest.raises(ValueError, match="positive change"):
        satisfaction.answers_needed(net(70, 15, 15), NPS, 0)


# --- control chart


def monthly(successes, n) -> pd.DataFrame:
    months = pd.date_range("2022-01-01", periods=len(successes), freq="MS")
    given = np.column_stack([successes, n - np.array(successes)]).ravel()
    table = pd.DataFrame({"period": months.repeat(2), "score": [5.0, 1.0] * len(months)})
    return table.assign(count=given, weight=given, weight_squared=given)


def test_limits_by_hand():
    chart = satisfaction.control_chart(monthly([50, 52] * 5, 100), SHARE)
    # Within variance of samples of 100: sum of n p (1 - p) / (n - 1) over the periods.
    within = 5 * (100 * 0.25 + 100 * 0.52 * 0.48) / (10 * 99)
    noise = np.sqrt(within / 100)
    # Skewness of a share: (1 - 2p) / sqrt(p (1 - p)), a tenth of it in a mean of 100.
    shift = 4 / 3 * (1 - 1.02) / np.sqrt(0.51 * 0.49) / 10
    limits = chart.table[["centre", "lower_limit", "upper_limit"]].iloc[3].tolist()
    assert limits == pytest.approx([0.51, *(0.51 + (shift + z) * noise for z in (-3, 3))])
    assert chart.sigma_ratio == 1
    assert chart.signals.empty
    assert "none of 10 periods stands out" in chart.sentence


def test_a_planted_month_is_found():
    rng = np.random.default_rng(2)
    successes = rng.binomial(400, 0.7, 24)
    successes[15] = 220
    chart = satisfaction.control_chart(monthly(successes, 400), SHARE)
    assert chart.signals["signal"].to_dict() == {pd.Timestamp("2023-04-01"): "below the limits"}
    assert "24 periods: beyond the limits: 2023-04 (below)." in chart.sentence


def test_a_lasting_shift_is_found_as_a_run():
    chart = satisfaction.control_chart(monthly([69, 71] * 6 + [76, 78] * 4, 100), SHARE)
    assert (chart.table["signal"].iloc[-8:] == "long run above the centre").all()
    assert (chart.table["signal"].iloc[:12] == "long run below the centre").all()
    assert chart.latest == f"{SHARE.label}: higher since 2023-01."
    assert chart.caption.endswith("orange: more than chance, together on one side of the centre")


@pytest.mark.parametrize(
    ("after", "told"),
    [
        # Wilson's 95 % interval of 70 of 100.
        ([70], ", in 2023-09 back at 70.0 % (60.4 % to 78.1 %), which can be chance."),
        ([70, 70], "."),  # two periods are not one that can be chance
    ],
)
def test_a_shift_that_is_over_is_told_so(after, told):
    # The mean of all is below 73 %.
    shares = [69, 71] * 6 + [76, 78] * 4 + after
    chart = satisfaction.control_chart(monthly(shares, 100), SHARE)
    assert chart.latest == f"{SHARE.label}: higher from 2023-01 to 2023-08{told}"
    stable = satisfaction.control_chart(monthly([70, 72] * 8, 100), SHARE)
    assert (stable.latest, stable.caption.splitlines()[-1]) == ("", "no period stands out")


def test_limits_of_a_high_share_are_those_of_the_binomial():
    # 97 % of 100: at 3 sigma below chance alone is .00135, at the plain limit of 91.9 .0032.
    chart = satisfaction.control_chart(monthly([97] * 4 + [96, 98] * 4, 100), SHARE)
    lower = chart.table["lower_limit"].iloc[0]
    assert stats.binom.cdf(np.floor(100 * lower - 1e-9), 100, 0.97) < 2 * 0.00135
    assert stats.binom.cdf(np.floor(97 - 3 * np.sqrt(100 * 0.97 * 0.03)), 100, 0.97) > 2 * 0.00135
    # A net score of promoters and passives alone: 100 times such a share.
    both = [
        net(int(k), 100 - int(k), 0).assign(period=m)
        for m, k in zip(chart.table.index, 100 * chart.table["value"].round(2), strict=True)
    ]
    score = satisfaction.control_chart(pd.concat(both), NPS)
    assert score.table["lower_limit"].iloc[0] == pytest.approx(100 * lower)


def test_where_nearly_all_answer_alike_there_are_no_limits():
    chart = satisfaction.control_chart(monthly([15] * 11 + [14], 15), SHARE)
    assert "nearly all answers are alike" in chart.sentence
    assert satisfaction.false_signals_sentence([chart]) == ""


def test_extra_variation_widens_the_limits():
    # With 100,000 answers a month a plain chart calls a swing of half a percent a signal.
    chart = satisfaction.control_chart(monthly([70_000, 71_000] * 8, 100_000), SHARE)
    within = 0.705 * 0.295
    expected = 0.01 / np.sqrt(within / 100_000) / 0.954
    assert chart.sigma_ratio == pytest.approx(expected, rel=1e-3)
    assert chart.signals.empty


def test_false_alarms_of_stable_series():
    # At most 9 % of series of 24 months: 11 or more of 60 have a chance of 2 %, where they are 15
    # to 18 % without the correction for skewness (the limits alone 1 % against 12 %).
    rng = np.random.default_rng(9)
    charts = [
        satisfaction.control_chart(monthly(row, 30), SHARE)
        for row in rng.binomial(30, 0.95, (60, 24))
    ]
    assert sum(not chart.signals.empty for chart in charts) <= 10
    limits = [chart.signals["signal"].str.endswith("the limits").any() for chart in charts]
    assert sum(limits) <= 2
    # Five charts: 1 - .91^5.
    assert "at least one of the 5 here in up to 38 %" in satisfaction.false_signals_sentence(
        charts[:5]
    )


def test_few_periods_have_values_but_no_limits():
    chart = satisfaction.control_chart(monthly([50, 60, 70, 55, 60, 40, 50], 100), SHARE)
    assert chart.table["value"].tolist() == pytest.approx([0.5, 0.6, 0.7, 0.55, 0.6, 0.4, 0.5])
    assert chart.table["centre"].isna().all()
    assert "periods shown (10 answers or more): 7, 8 needed" in chart.sentence
    assert satisfaction.false_signals_sentence([chart]) == ""


def test_a_thin_month_is_suppressed_and_passed_over():
    given = monthly([50, 52] * 5, 100)
    thin = counts({5: 3, 1: 5}, period=pd.Timestamp("2023-01-01"))
    chart = satisfaction.control_chart(pd.concat([given, thin]), SHARE)
    last = chart.table.iloc[-1]
    assert last[["n", "value", "low", "centre"]].isna().all()
    # The total less the ten others would give it away: the smallest of them is hidden too, and has
    # no part in the centre either, from which it could be reckoned.
    hidden = chart.table["value"].isna()
    assert hidden.tolist() == [True] + [False] * 9 + [True]
    assert chart.table["n"].isna().tolist() == hidden.tolist()
    assert chart.table["centre"].iloc[1] == pytest.approx(460 / 900)


def test_answers_that_never_differ_have_no_chart():
    chart = satisfaction.control_chart(monthly([100] * 9, 100), SHARE)
    assert "do not differ" in chart.sentence


# --- non-response


def test_nonresponse_by_hand():
    score = inference.Estimate(40.0, 30.0, 50.0, 0.95, 100, "")
    found = satisfaction.nonresponse_bounds(score, NPS, 0.25, difference=20)
    assert found["value"].tolist() == pytest.approx([-65, 25, 40, 55, 85])
    # Who is like the respondents is as uncertain as they are.
    assert found.loc["like the respondents", ["low", "high"]].tolist() == pytest.approx([30, 50])
    assert found.loc["all at the worst end", "low"] == pytest.approx(0.25 * 30 - 75)
    sentence = satisfaction.nonresponse_sentence(found, NPS, 0.25)
    assert "between -65.0 and 85.0" in sentence


# At the ends the others have -100 or 100 instead of 40: they move it by 140 (1 - rate) at most,
# and by 10 (1 - rate) if they differ as assumed.
@pytest.mark.parametrize(
    ("rate", "harmless"), [(0.97, True), (0.9, None), (0.5, None), (0.4, False)]
)
def test_nonresponse_is_harmless_where_it_cannot_move_the_figure_far(rate, harmless):
    score = inference.Estimate(40.0, 30.0, 50.0, 0.95, 100, "")
    found = satisfaction.nonresponse_bounds(score, NPS, rate, difference=10)
    assert satisfaction.nonresponse_harmless(found, 5) is harmless


@pytest.mark.parametrize("rate", [0, 1.2])
def test_nonresponse_needs_a_rate(rate):
    score = inference.Estimate(40.0, 30.0, 50.0, 0.95, 100, "")
    with pytest.raises(ValueError, match="response rate"):
        satisfaction.nonresponse_bounds(score, NPS, rate, difference=5)


# --- indices


def indices(values, bases, name="complaints") -> pd.DataFrame:
    months = pd.date_range("2023-01-01", periods=len(values), freq="MS")
    return pd.DataFrame({"date": months, "index": name, "value": values, "base": bases})


def test_rates_have_exact_poisson_intervals():
    found = satisfaction.index_rates(lazy(indices([10.0, 0.0], [1000.0, 500.0])))
    # Garwood's limits (1936): 10 events 4.795 to 18.390, none 0 to 3.689.
    assert found["value"].tolist() == [10, 0]
    assert found["low"].tolist() == pytest.approx([4.795, 0], abs=5e-4)
    assert found["high"].tolist() == pytest.approx([18.390, 2 * 3.6889], abs=5e-4)


def test_days_of_a_month_are_summed_over_their_base():
    table = indices([3.0, 5.0, 4.0], [100.0, 300.0, 100.0])
    table["date"] = pd.to_datetime(["2023-01-03", "2023-01-20", "2023-02-01"])
    found = satisfaction.index_rates(lazy(table))
    assert found["value"].tolist() == [20, 40]
    assert found["rows"].tolist() == [2, 1]


def test_a_day_without_a_value_has_no_part():
    table = indices([3.0, None], [100.0, 900.0]).assign(date=pd.Timestamp("2023-01-05"))
    found = satisfaction.index_rates(lazy(table))
    assert found[["value", "rows"]].iloc[0].tolist() == [30, 1]


def test_an_index_without_base_or_not_a_count_has_no_interval():
    share = indices([0.21, 0.22], [None, None], "market share").astype({"base": float})
    money = indices([10.5, 12.0], [100.0, 100.0], "cost")
    found = satisfaction.index_rates(lazy(pd.concat([share, money]))).set_index("index")
    assert found.loc["market share", "value"].tolist() == pytest.approx([0.21, 0.22])
    assert found.loc["market share", "low"].isna().all()
    assert found.loc["cost", "value"].tolist() == [105, 120]
    assert found.loc["cost", "low"].isna().tolist() == [True, False]
    without = lazy(share.drop(columns="base"))
    assert satisfaction.index_rates(without)["value"].tolist() == pytest.approx([0.21, 0.22])


def test_indices_are_compared_between_the_same_two_stretches():
    share = indices([0.2, 0.2, 0.21, 0.23], [None] * 4, "market_share").astype({"base": float})
    counted = indices([10.0, 20.0, 30.0, 30.0], [1000.0, 2000.0, 1000.0, 1000.0])
    rates = satisfaction.index_rates(lazy(pd.concat([counted, share])))
    windows = satisfaction.Windows(pd.Timestamp("2023-01-01"), pd.Timestamp("2023-03-01"), 2, "")
    found = satisfaction.index_changes(rates, windows)
    complaints = found.loc["complaints"]
    # 30 in 3,000 and then 60 in 2,000.
    assert complaints[["before", "after", "ratio"]].tolist() == pytest.approx([10, 30, 3])
    exact = stats.binomtest(60, 90).proportion_ci(0.95, method="exact")
    ends = [1.5 * end / (1 - end) for end in (exact.low, exact.high)]
    assert complaints[["low", "high"]].tolist() == pytest.approx(ends)
    assert found.loc["market_share", "after"] == pytest.approx(0.22)
    assert np.isnan(found.loc["market_share", "low"])
    text = satisfaction.index_changes_sentence(found, windows)
    assert "complaints 10 to 30 per 1,000 (+200.0 %, 95 % interval +" in text
    assert "market share 0.2 to 0.22 (+10.0 %, no interval, as it is no count)" in text
    later = satisfaction.Windows(pd.Timestamp("2023-04-01"), pd.Timestamp("2023-05-01"), 1, "")
    unknown = satisfaction.index_changes(rates, later)
    assert "complaints not known for both" in satisfaction.index_changes_sentence(unknown, later)


def test_correlation_of_changes_needs_twelve_common_periods():
    rng = np.random.default_rng(4)
    successes = rng.integers(50, 80, 14)
    chart = satisfaction.control_chart(monthly(successes, 100), SHARE)
    months = chart.table.index
    # The index falls by 2 for every answer more: its changes are exactly opposite.
    rates = pd.DataFrame({"index": "complaints", "period": months, "value": 300 - 2.0 * successes})
    found = satisfaction.index_correlations(rates, {"csat_share": chart}).iloc[0]
    assert found["r"] == pytest.approx(-1)
    assert found["periods"] == 14
    short = satisfaction.index_correlations(rates.head(11), {"csat_share": chart}).iloc[0]
    assert np.isnan(short["r"])
    assert "fewer than 12" in short["note"]


# --- windows, what can be seen, and tables for a report


def net_by_month(sizes: list[int], promoter_rate: float = 0.4) -> pd.DataFrame:
    """Counts by month from 2024-01; 30 % are detractors."""
    parts = []
    months = pd.date_range("2024-01-01", periods=len(sizes), freq="MS")
    for month, size in zip(months, sizes, strict=True):
        promoters = round(promoter_rate * size)
        part = net(promoters, size - promoters - round(0.3 * size), round(0.3 * size))
        parts.append(part.assign(period=month))
    return pd.concat(parts, ignore_index=True)


def test_the_windows_are_the_shortest_that_could_show_the_change():
    # Variance .7 - .1^2 of +-100 points: z^2 * 2 * 6900 / change^2, with z = 1.960 + .842.
    per_window = (1.959964 + 0.841621) ** 2 * 2 * 6900 / 5**2
    for months in (1, 3, 6):
        enough = int(np.ceil(1.02 * per_window / months / 10) * 10)
        found = satisfaction.latest_windows(net_by_month([enough] * 24), NPS, 5)
        assert found.months == months
        assert "shortest" in found.reason


def test_the_windows_are_the_longest_that_fit_where_none_could_show_it():
    found = satisfaction.latest_windows(net_by_month([100] * 13), NPS, 5)
    assert found.months == 6
    assert found.text == "2024-08 to 2025-01 against 2024-02 to 2024-07"
    # (1.960 + .842) * sqrt(2 * 6900 / 600) = 13.4
    assert "a change of 13.4 points or more" in found.reason


def test_windows_and_charts_of_jalali_months():
    starts = [calendars.first_day(1402 * 12 + month, "jalali") for month in range(13)]
    parts = [net(40, 20, 40).assign(period=pd.Timestamp(start)) for start in starts]
    found = satisfaction.latest_windows(pd.concat(parts), NPS, 5, calendar="jalali")
    # Thirteen months end with Farvardin 1403: twice six of them begin in Ordibehesht 1402.
    assert found.text == "1402-08 to 1403-01 against 1402-02 to 1402-07"
    assert found.before == pd.Timestamp("2023-04-21")
    before, after = found.split(pd.concat(parts))
    assert before["period"].nunique() == after["period"].nunique() == 6
    parts[4] = net(90, 5, 5).assign(period=parts[4]["period"])
    chart = satisfaction.control_chart(pd.concat(parts), NPS, calendar="jalali")
    assert "13 periods: beyond the limits: 1402-05 (above)" in chart.sentence


def test_windows_split_the_counts():
    counted = net_by_month([100] * 13)
    before, after = satisfaction.latest_windows(counted, NPS, 5).split(counted)
    assert set(before["period"].dt.month) == {2, 3, 4, 5, 6, 7}
    assert set(after["period"].dt.month) == {8, 9, 10, 11, 12, 1}
    assert (before["count"].sum(), after["count"].sum()) == (600, 600)


def test_windows_do_not_look_at_the_change():
    flat, risen = net_by_month([400] * 24), net_by_month([400] * 23)
    risen = pd.concat([risen, net(160, 120, 120).assign(period=pd.Timestamp("2025-12-01"))])
    assert satisfaction.latest_windows(flat, NPS, 5) == satisfaction.latest_windows(risen, NPS, 5)


def test_suppressed_months_have_no_part_in_the_windows():
    # Eight answers in the last month: with the month that the chart hides beside it they are out.
    counted = net_by_month([120] * 9 + [100] + [120] * 13 + [8])
    windows = satisfaction.latest_windows(counted, NPS, 5)
    before, after = windows.split(counted)
    assert (before["count"].sum(), after["count"].sum()) == (11 * 120, 11 * 120)
    assert windows.months == 12
    assert "without 2 suppressed periods" in windows.reason
    chart = satisfaction.control_chart(counted, NPS)
    assert chart.table.index[chart.table["n"].isna()].tolist() == [
        pd.Timestamp("2024-10-01"),
        pd.Timestamp("2025-12-01"),
    ]


def test_a_single_period_gives_no_windows():
    counted = net_by_month([100])
    found = satisfaction.latest_windows(counted, NPS, 5)
    assert (found.months, found.text) == (0, "no two periods")
    assert [len(part) for part in found.split(counted)] == [0, 0]


def test_quarters_and_years_are_whole_in_the_windows():
    quarters = net_by_month([100] * 16).assign(
        period=np.repeat(pd.date_range("2024-01-01", periods=16, freq="QS"), 3)
    )
    assert satisfaction.latest_windows(quarters, NPS, 5, every="1q").months == 12
    with pytest.raises(ValueError, match="period: 'week' is none of month, quarter, year"):
        satisfaction.every_of("week")


def test_visibility_agrees_with_the_power_of_statsmodels():
    counted = {"csat": counts({5: 100, 2: 100})}
    nothing = satisfaction.Windows(None, None, 0, "the answers have no dates")
    row = satisfaction.visibility(counted, {"csat_share": SHARE}, 5, nothing).loc[SHARE.label]
    assert (row["n_before"], row["n_after"], row["change"]) == (200, 200, 0.05)
    table = satisfaction.visibility(counted, {"csat_share": SHARE}, 5, nothing)
    assert satisfaction.answers_text(table, 5) == (
        "To see a change of 5 points, in a trial too, takes on each side so many answers: "
        f"{row['answers_needed']:,} for {SHARE.label}. More if whole places are drawn, for answers "
        "of one place are alike."
    )
    assert satisfaction.answers_text(table.assign(unit="of 1 to 5"), 5) == ""
    assert satisfaction.answers_text(table.assign(answers_needed=pd.NA), 5) == ""
    # At one half the arcsine effect of a small change is the change over sqrt(p (1 - p)).
    power = NormalIndPower().power(row["visible_change"] / 0.5, 200, 0.05)
    assert power == pytest.approx(0.8, abs=0.001)
    assert NormalIndPower().power(0.05 / 0.5, row["answers_needed"], 0.05) == pytest.approx(
        0.8, abs=0.001
    )


def test_what_could_be_seen_is_between_the_stretches_compared():
    months = net_by_month([50] * 12 + [150] * 12)
    windows = satisfaction.Windows(pd.Timestamp("2024-01-01"), pd.Timestamp("2025-01-01"), 12, "")
    row = satisfaction.visibility({"nps": months}, {"nps": NPS}, 5, windows).loc[NPS.label]
    assert (row["n_before"], row["n_after"]) == (600, 1800)
    # Values 100, 0, -100 at .4, .3, .3: variance 6,900; z of .975 and of .8.
    seen = (1.959964 + 0.841621) * np.sqrt(6900 / 600 + 6900 / 1800)
    assert row["visible_change"] == pytest.approx(seen, rel=1e-5)
    assert windows.latest == "2025-01 to 2025-12"
    assert satisfaction.Windows(None, None, 0, "").latest == ""


def test_several_changes_speak_with_one_corrected_p():
    one, other = net(400, 300, 300), net(450, 300, 250)
    changes = {name: satisfaction.compare(one, other, NPS) for name in ("a", "b", "c")}
    # z = 10 / sqrt((6900 + 6600) / 1000) = 2.72.
    assert changes["a"].p == pytest.approx(0.0065, abs=0.0001)
    found = satisfaction.changes_corrected_together(changes)
    assert found["a"].p_holm == pytest.approx(3 * changes["a"].p)
    assert "p (Holm) = 0.0" in found["a"].verdict
    halves = counts({5: 50, 2: 50}), counts({5: 65, 2: 35})
    two = {m.name: satisfaction.compare(*halves, m) for m in (SHARE, MEAN)}
    said = [one.p_holm for one in satisfaction.changes_corrected_together(two).values()]
    assert said == satisfaction.change_table(two)["p_holm"].tolist()
    many = dict.fromkeys(map(str, range(9)), changes["a"])
    unsure = satisfaction.changes_corrected_together(many)["0"].verdict
    assert unsure.endswith("which chance alone can explain, as several metrics were tested")
    none = satisfaction.compare(net(1, 1, 1), other, NPS)
    assert satisfaction.changes_corrected_together({"a": none})["a"] is none


def test_figures_are_written_in_the_unit_of_their_metric():
    table = pd.DataFrame(
        {"value": [25.27, 0.8119, 4.239], "low": [1.0, 0.8, np.nan], "high": [2.0, 0.9, np.nan]}
    )
    order = [NPS, SHARE, MEAN]
    found = satisfaction.in_units(table, order, [("value", "low", "high")])
    assert found["value"].tolist() == ["25.3 (1.0 to 2.0)", "81.2 (80.0 to 90.0)", "4.24"]
    assert list(found.columns) == ["value"]
    signed = satisfaction.in_units(table - 25.27, order, [], signed=["value"])
    assert signed["value"].tolist() == ["+0.0", "-2445.8", "-21.03"]


def test_a_reading_has_interval_and_n():
    found = satisfaction.estimate(net(70, 15, 15), NPS)
    assert NPS.reading(found).startswith("55.0 (95 % interval ")
    assert NPS.reading(found).endswith(", n = 100)")
    assert (
        NPS.reading(satisfaction.estimate(net(3, 1, 1), NPS)) == "not shown: fewer than 10 answers"
    )


def test_the_drivers_explain_csat_unless_told_otherwise():
    assert satisfaction.outcome_metric(METRICS).column == "csat"
    assert satisfaction.outcome_metric({"nps": NPS}).column == "nps"
    assert satisfaction.outcome_metric(METRICS, "ces").column == "ces"
    with pytest.raises(ValueError, match="outcome: 'ces' is not asked; this survey has nps"):
        satisfaction.outcome_metric({"nps": NPS}, "ces")


def test_hard_answers_are_turned_in_the_outcome():
    low = satisfaction.metrics({"ces": (1, 7)}, ces_easy="low")["ces_share"]
    frame = lazy(pd.DataFrame({"ces": [1.0, 6.0]}))
    for metric, expected in ((low, [7, 2]), (METRICS["ces_share"], [1, 6])):
        found = satisfaction.with_outcome(frame, metric).collect("pandas").to_pandas()
        assert found[metric.answers].tolist() == expected


def test_groups_of_all_attributes_are_corrected_together():
    rng = np.random.default_rng(4)
    table = pd.DataFrame(
        {
            "nps": rng.choice([10.0, 8.0, 3.0], 600),
            "city": rng.choice(list("abc"), 600),
            "age": rng.choice([1.0, 2.0], 600),
        }
    )
    found = satisfaction.groups_table(lazy(table), NPS, ["city", "age"])
    assert found.index.tolist() == [
        ("city", "a"),
        ("city", "b"),
        ("city", "c"),
        ("age", "1"),
        ("age", "2"),
    ]
    np.testing.assert_allclose(found["p_holm"], inference.holm(found["p"]))
    text = satisfaction.groups_sentence(found, NPS)
    assert "none of 5 groups differs beyond chance from all others together" in text
    both = satisfaction.corrected_together({"nps": found, "again": found.head(3)})
    p = pd.concat([found["p"], found["p"].head(3)])
    np.testing.assert_allclose(pd.concat(both.values())["p_holm"], inference.holm(p))
    assert both["again"].index.tolist() == found.index[:3].tolist()
    assert satisfaction.corrected_together({}) == {}
    few = satisfaction.groups_table(lazy(table.head(60)), NPS, ["city"], least=30)
    assert few["value"].isna().all()


def test_a_group_that_differs_is_named():
    table = pd.DataFrame({"nps": [10.0] * 90 + [3.0] * 60, "city": ["a"] * 50 + ["b", "c"] * 50})
    found = satisfaction.groups_table(lazy(table), NPS, ["city"])
    text = satisfaction.groups_sentence(found, NPS)
    assert "city a (+120.0)" in text
    assert text.startswith("Net promoter score, groups that differ beyond chance from all others")
    assert "cannot be told" not in text
    one = found.assign(p_holm=[0.001, 0.2, 0.3])
    assert satisfaction.groups_sentence(one, NPS).endswith(
        "; the other 2 of 3 cannot be told from the rest."
    )


def test_groups_below_tell_period_interval_and_size():
    table = pd.DataFrame({"nps": [10.0] * 90 + [3.0] * 60, "city": ["a"] * 50 + ["b", "c"] * 50})
    found = satisfaction.groups_table(lazy(table), NPS, ["city"])
    text = satisfaction.groups_below(found, NPS, period="2025-01 to 2025-12")
    start = "Net promoter score of groups over all of 2025-01 to 2025-12, worst against all others"
    start += " together (points, 95 % intervals): city "
    assert text.startswith(start)
    # b and c: 20 of 50 promoters each, 30 detractors: -20 against (50 + 20 - 30) / 100 = +40.
    low, high = found.loc[("city", "b"), ["difference_low", "difference_high"]]
    assert f"b -60.0 ({low:+.1f} to {high:+.1f}, n = 50)" in text
    assert "city a" not in text
    bare = satisfaction.groups_below(found, NPS)
    assert bare.startswith(
        "Net promoter score of groups, worst against all others together (points"
    )
    assert bare.endswith("; why is not shown.")
    assert satisfaction.groups_below(found.assign(p_holm=1.0), NPS) == ""


def test_a_group_that_was_low_and_is_no_longer_is_told_so():
    # A: 10 of 80 promoters and 70 detractors, then 70 and 10: -75 to +75. B: alike in both.
    few, many, half = [10.0] * 10 + [3.0] * 70, [10.0] * 70 + [3.0] * 10, [10.0] * 60 + [3.0] * 20
    answers = {("2025-01-01", "a"): few, ("2025-02-01", "a"): many}
    answers |= {(month, "b"): half for month in ("2025-01-01", "2025-02-01")}
    rows = [(pd.Timestamp(m), city, x) for (m, city), given in answers.items() for x in given]
    table = pd.DataFrame(rows, columns=["date", "city", "nps"])
    counted = satisfaction.answer_counts(lazy(table), "nps", ["city"], every="1mo")
    windows = satisfaction.Windows(pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01"), 1, "")
    changes = satisfaction.group_changes(counted, windows, NPS, "city")
    assert changes["city", "a"].difference.value == pytest.approx(150)
    assert changes["city", "b"].difference.value == pytest.approx(0)
    assert not satisfaction.group_changes(counted, windows, NPS, "city", least=81)
    found = satisfaction.groups_table(lazy(table), NPS, ["city"])
    corrected = satisfaction.changes_corrected_together(changes)
    told = {"changes": corrected, "between": windows.text}
    text = satisfaction.groups_below(found, NPS, **told)
    assert "why is not shown. Better of late: city a +150.0 (" in text
    assert text.endswith("(2025-02 against 2025-01).")
    told["changes"] = {("city", "a"): changes["city", "b"]}
    still = satisfaction.groups_below(found, NPS, **told)
    assert (
        "Of late (2025-02 against 2025-01) the largest change among them is city a +0.0 (" in still
    )
    assert still.endswith("; among so many groups it may be chance.")


def test_changes_and_splits_become_tables():
    one = counts({10: 30, 3: 30}, city=["a", "b"])
    other = counts({10: 45, 3: 30}, city=["a", "b"])
    change = satisfaction.compare(one, other, NPS)
    table = satisfaction.change_table({"nps": change})
    assert table.loc[NPS.label, "difference"] == pytest.approx(20)
    assert table.loc[NPS.label, "p_holm"] == table.loc[NPS.label, "p"]
    split = satisfaction.mix_and_rate(one, other, NPS, "city")
    parts = satisfaction.split_table({"city": split})
    # Each city answers alike in both periods: all of the change is mix.
    assert parts.loc[("city", "all groups"), "mix"] == pytest.approx(20)
    assert parts.loc[("city", "all groups"), "rate"] == pytest.approx(0)
    assert parts.drop(index=("city", "all groups"))["mix"].sum() == pytest.approx(20)
    assert satisfaction.change_table({}).empty
    assert satisfaction.split_table({}).empty


def test_neighbouring_signals_are_named_together():
    months = net_by_month([400] * 10)
    later = net_by_month([400] * 20, promoter_rate=0.6).query("period >= '2024-11-01'")
    chart = satisfaction.control_chart(pd.concat([months, later]), NPS)
    assert chart.sentence == (
        "Net promoter score, 20 periods: none beyond the limits; the level was lower from 2024-01"
        " to 2024-10 and higher since 2024-11. The rest may be noise."
    )
