"""SERVQUAL statistics against hand computation, limits, other libraries and published figures."""

from itertools import pairwise

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import ttest_rel

from cxlib import PROJECT, inference, servqual, simulate

BENCHMARKS = PROJECT.parent / "shared" / "data" / "published_benchmarks"
DIMENSIONS = {"staff": ["a", "b", "c"], "place": ["d"]}


@pytest.fixture
def responses() -> pd.DataFrame:
    """Four respondents; the third left out P_b, the fourth E_b and E_c."""
    nan = np.nan
    return pd.DataFrame(
        {
            "E_a": [7, 6, 7, 5],
            "E_b": [7, 7, 6, nan],
            "E_c": [7, 5, 4, nan],
            "E_d": [4, 4, 4, 4],
            "P_a": [4, 6, 5, 6],
            "P_b": [5, 6, nan, 3],
            "P_c": [6, 6, 3, 3],
            "P_d": [4, 3, 5, 4],
        },
        dtype=float,
    )


def _simulated(respondents: int, seed: int) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    survey = simulate.servqual(respondents, np.random.default_rng(seed))
    names = {f"{x}{i:02d}": f"{x}_{i:02d}" for x in "EP" for i in range(1, 23)}
    ids = iter(range(1, 23))
    dimensions = {
        name: [f"{next(ids):02d}" for _ in means] for name, means in simulate.LATENT_MEANS.items()
    }
    return survey.rename(columns=names), dimensions


def test_an_answer_without_its_partner_is_left_out(responses):
    items = servqual.item_scores(responses, DIMENSIONS)
    assert list(items.gap.columns) == ["a", "b", "c", "d"]
    assert items.expectation["b"].tolist()[:2] == [7, 7]
    assert items.expectation["b"].isna().tolist() == [False, False, True, True]
    assert items.perception["b"].isna().tolist() == [False, False, True, True]
    assert items.gap["a"].tolist() == [-3, 0, -2, 1]


def test_dimension_scores_need_enough_pairs(responses):
    items = servqual.item_scores(responses, DIMENSIONS)
    half = servqual.dimension_scores(items, DIMENSIONS)
    # Gaps of a, b, c: (-3, -2, -1), (0, -1, 1), (-2, -, -1), and one pair of three: no score.
    np.testing.assert_allclose(half.gap["staff"], [-2, 0, -1.5, np.nan])
    np.testing.assert_allclose(half.expectation["staff"], [7, 6, 5.5, np.nan])
    all_pairs = servqual.dimension_scores(items, DIMENSIONS, least_answered_rate=1)
    np.testing.assert_allclose(all_pairs.gap["staff"], [-2, 0, np.nan, np.nan])
    assert half.gap["place"].tolist() == [0, -1, 1, 0]


def test_gap_table_by_hand(responses):
    items = servqual.item_scores(responses, DIMENSIONS)
    row = servqual.gap_table(items, scale_high=7).loc["a"]
    assert (row["n"], row["missing"]) == (4, 0)
    assert (row["expectation"], row["perception"], row["gap"]) == (6.25, 5.25, -1)
    assert row["median_gap"] == -1
    shares = row[["negative_share", "zero_share", "positive_share", "ceiling_share"]]
    assert shares.tolist() == [0.5, 0.25, 0.25, 0.5]
    # Gaps -3, 0, -2, 1: sd sqrt(10 / 3).
    assert row["d_z"] == pytest.approx(-1 / np.sqrt(10 / 3))


def test_gap_table_agrees_with_scipy():
    survey, dimensions = _simulated(80, 1)
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


def test_weights_act_as_repeated_respondents():
    survey, dimensions = _simulated(41, 2)
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


def test_respondents_without_weight_have_no_figures(responses):
    items = servqual.item_scores(responses, DIMENSIONS)
    table = servqual.gap_table(items, scale_high=7, weights=[1.0, 1.0, 0.0, 0.0])
    assert table.loc["a", ["n", "missing", "gap"]].tolist() == [2, 2, -1.5]
    nobody = servqual.gap_table(items, scale_high=7, weights=[0.0] * 4)
    assert nobody["gap"].isna().all()


def test_an_item_nobody_answered_has_no_figures(responses):
    empty = responses.assign(E_d=np.nan)
    table = servqual.gap_table(servqual.item_scores(empty, DIMENSIONS), scale_high=7)
    assert table.loc["d", "n"] == 0
    assert table.loc["d", ["gap", "low", "p", "median_gap", "zero_share"]].isna().all()
    assert table.loc["a", "p_holm"] >= table.loc["a", "p"]


def test_alpha_by_hand():
    answers = pd.DataFrame({"x": [1, 2, 3, np.nan], "y": [2, 3, 5, 4]})
    alpha = servqual.cronbach_alpha(answers)
    # Variances 1 and 7/3, of the sum 19/3: 2 (1 - (10/3) / (19/3)) = 18/19, three complete.
    assert alpha.value == pytest.approx(18 / 19)
    assert alpha.n == 3
    assert alpha.low is None
    assert "no interval" in alpha.method


def test_the_interval_of_alpha_agrees_with_the_jackknife():
    answers = pd.DataFrame(np.random.default_rng(5).normal(size=(400, 1))).to_numpy()
    answers = pd.DataFrame(answers + np.random.default_rng(6).exponential(size=(400, 6)))
    alpha = servqual.cronbach_alpha(answers, level=0.9)
    without = [servqual.cronbach_alpha(answers.drop(index=i)).value for i in answers.index]
    # Both standard errors are consistent; they differ by terms of order 1 / n.
    error = np.sqrt(399 / 400 * np.sum((np.array(without) - np.mean(without)) ** 2))
    assert alpha.high - alpha.low == pytest.approx(2 * ndtri(0.95) * error, rel=0.03)
    assert servqual.cronbach_alpha(pd.DataFrame({"x": range(20), "y": range(20)})).low is None


def test_the_interval_of_alpha_covers_under_a_ceiling():
    # Expectations of reliability, most of them at the ceiling; the truth from 100,000 respondents.
    ids = [f"E_{item}" for item in _simulated(1, 0)[1]["reliability"]]
    truth = servqual.cronbach_alpha(_simulated(100_000, 1)[0][ids]).value
    hits = 0
    for seed in range(200):
        alpha = servqual.cronbach_alpha(_simulated(200, 1000 + seed)[0][ids])
        hits += alpha.low <= truth <= alpha.high
    # 181 to 197 hits is the 99 % band of 95 % coverage; Feldt's interval has 86 %.
    assert 181 <= hits <= 197


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (pd.DataFrame({"x": [1.0, 2.0, 3.0]}), "single item"),
        (pd.DataFrame({"x": [5.0, 5.0], "y": [5.0, 5.0]}), "constant"),
        (pd.DataFrame({"x": [5.0, np.nan], "y": [np.nan, 4.0]}), "too few"),
    ],
)
def test_no_alpha_says_why(answers, reason):
    alpha = servqual.cronbach_alpha(answers)
    assert alpha.value is None
    assert reason in alpha.method


def _answers_that_correlate(matrix: np.ndarray) -> pd.DataFrame:
    """Standardized answers whose correlations are exactly those of the matrix."""
    drawn = np.random.default_rng(8).normal(size=(502, len(matrix)))
    orthogonal, _ = np.linalg.qr(drawn - drawn.mean(axis=0))
    return pd.DataFrame(orthogonal @ np.linalg.cholesky(matrix).T)


@pytest.mark.skipif(not BENCHMARKS.exists(), reason="the published matrix is not here")
def test_standardized_alpha_of_the_published_matrix():
    path = BENCHMARKS / "servqual_22item_correlation_babakus_boller_1992.csv"
    matrix = pd.read_csv(path, index_col=0).to_numpy()
    ends = np.cumsum([0, 4, 5, 4, 4, 5])
    blocks = [slice(low, high) for low, high in pairwise(ends)]
    answers = _answers_that_correlate(matrix)
    alphas = [servqual.cronbach_alpha(answers.iloc[:, one]).value for one in blocks]
    # The correlations of the file are rounded to two digits, which moves an alpha by some .001.
    np.testing.assert_allclose(alphas, [0.662, 0.821, 0.684, 0.827, 0.707], atol=0.001)
    assert servqual.cronbach_alpha(answers).value == pytest.approx(0.914, abs=0.0005)


def test_alpha_of_standardized_items_by_hand():
    matrix = np.full((4, 4), 0.4) + 0.6 * np.eye(4)
    # k r / (1 + (k - 1) r) with k = 4 and r = .4
    alpha = servqual.cronbach_alpha(_answers_that_correlate(matrix)).value
    assert alpha == pytest.approx(1.6 / 2.2, abs=1e-12)


def test_alpha_table_has_every_dimension_and_answer(responses):
    table = servqual.alpha_table(servqual.item_scores(responses, DIMENSIONS), DIMENSIONS)
    assert table["dimension"].unique().tolist() == ["staff", "place", "all items"]
    assert table["answer"].tolist() == ["expectation", "perception", "gap"] * 3
    place = table[table["dimension"] == "place"]
    assert place["alpha"].isna().all()
    assert place["method"].str.contains("single item").all()


def _two_dimensions() -> servqual.Scores:
    perception = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6], "y": [2.0, 2, 3, 3, 2, 2]})
    return servqual.Scores(perception.add([1.0, 0.5]), perception)


def test_importance_takes_the_best_basis_there_is():
    perception = pd.concat([_two_dimensions().perception] * 3, ignore_index=True)
    scores = servqual.Scores(perception.add([1.0, 0.5]), perception)
    dealt = pd.DataFrame(
        {"x": [60.0, 30, np.nan, 0, 50, 70] * 3, "y": [40.0, 20, 50, 0, 50, 30] * 3}
    )
    satisfaction = pd.Series([1.0, 2, 4, 3, 5, 6] * 3)
    given = {"y": 25, "x": 75}
    everything = {"allocated": dealt, "given": given, "satisfaction": satisfaction}
    own = servqual.importance(scores, **everything)
    assert list(own.schemes) == [
        "respondents' own points",
        "points given with the instrument",
        "points derived from satisfaction",
        "equal points",
    ]
    # 30 of 50 points are 60 of 100; a missing share or none dealt leaves no points.
    np.testing.assert_allclose(own.points["x"], [60, 60, np.nan, np.nan, 50, 70] * 3)
    assert own.table.loc["x", "importance"] == pytest.approx(60)
    assert own.table.loc["x", "n"] == 12
    assert own.note == "12 of 18 respondents dealt out points"
    few = servqual.importance(scores, allocated=dealt, given=given, weights=[1.0] * 12 + [0.0] * 6)
    assert few.basis == "points given with the instrument"
    assert few.note == "8 of 18 respondents dealt out points: fewer than 10, so they are not used"
    fixed = servqual.importance(scores, given=given, satisfaction=satisfaction)
    assert fixed.basis == "points given with the instrument"
    assert fixed.table["importance"].tolist() == [75, 25]
    assert fixed.table["low"].isna().all()
    unasked = servqual.importance(scores, allocated=dealt * np.nan, given=given)
    assert unasked.basis == "points given with the instrument"
    none = servqual.importance(scores)
    assert none.basis == "equal points"
    assert none.points.to_numpy().tolist() == [[50, 50]] * 18


def test_derived_points_are_shares_of_the_correlations():
    scores = _two_dimensions()
    satisfaction = pd.Series([1.0, 2, 4, 3, 5, 6])
    derived = servqual.importance(scores, satisfaction=satisfaction)
    r = [satisfaction.corr(scores.perception[name]) for name in "xy"]
    assert derived.unit == "correlation with satisfaction"
    np.testing.assert_allclose(derived.table["importance"], r)
    kept = np.maximum(r, 0)
    np.testing.assert_allclose(derived.points.iloc[0], 100 * kept / kept.sum())
    mixed = scores.perception["y"] - 0.1 * scores.perception["x"]
    assert servqual.importance(scores, satisfaction=mixed).points.iloc[0].tolist() == [0, 100]
    against = servqual.importance(scores, satisfaction=-scores.perception.sum(axis=1))
    assert against.basis == "equal points"


def test_weighted_gaps_by_hand():
    gap = pd.DataFrame({"x": [-1.0, -2, np.nan], "y": [-2.0, 0, -1]})
    points = pd.DataFrame({"y": [50.0, 20, 20], "x": [50.0, 80, 80]})
    parts = servqual.weighted_gaps(gap, points)
    np.testing.assert_allclose(parts, [[-0.5, -1], [-1.6, 0], [np.nan, np.nan]])
    equal = pd.DataFrame(50.0, index=gap.index, columns=["x", "y"])
    table = servqual.score_table(gap, {"own": points, "equal": equal})
    np.testing.assert_allclose(table["score"], [-1.55, -1.25])
    assert table["n"].tolist() == [2, 2]
    assert table["worst_dimension"].tolist() == ["x", "x"]
    np.testing.assert_allclose(table["worst_weighted_gap"], [-1.05, -0.75])


def test_a_dimension_nobody_answered_is_left_out_of_the_score():
    gap = pd.DataFrame({"x": [-1.0, -2], "y": [-2.0, 0], "z": [np.nan, np.nan]})
    points = pd.DataFrame({"x": [40.0, 20], "y": [40.0, 60], "z": [20.0, 20]})
    parts = servqual.weighted_gaps(gap, points)
    np.testing.assert_allclose(parts, [[-0.5, -1], [-0.5, 0]])
    assert list(parts.columns) == ["x", "y"]
    assert servqual.score_table(gap, {"own": points})["score"].tolist() == [-1.0]


def test_nobody_with_a_score_has_no_ranks():
    table = servqual.rank_chances(pd.DataFrame({"x": [np.nan], "y": [np.nan]}), _rng())
    assert table["n"].tolist() == [0, 0]
    assert servqual.worst_chance(table).value is None


def test_few_respondents_have_no_worst_chance():
    gaps = pd.DataFrame({"x": np.arange(9) - 9.0, "y": np.arange(9) * 1.0})
    few = servqual.worst_chance(servqual.rank_chances(gaps, _rng(), draws=200))
    assert (few.value, few.n) == (None, 9)
    more = servqual.rank_chances(pd.concat([gaps, gaps]), _rng(), draws=200)
    assert servqual.worst_chance(more).value == 1


def test_rank_chances_leave_out_resamples_that_lack_a_column():
    # The one gap of y is in 1 - (19 / 20)^20 = .64 of the resamples of 20 respondents.
    gaps = pd.DataFrame({"x": np.linspace(-2, -1, 20), "y": [-3.0] + [np.nan] * 19})
    table = servqual.rank_chances(gaps, _rng(), draws=200)
    assert table["worst_chance"].to_dict() == {"y": 1, "x": 0}
    assert table.loc["y", ["rank", "rank_low", "rank_high"]].tolist() == [1, 1, 1]
    assert -2 < table.loc["x", "low"] < table.loc["x", "mean"] < table.loc["x", "high"] < -1
    # A single gap, or gaps that are all equal, have no interval.
    assert np.isnan(table.loc["y", "low"])


def test_rank_chances_ignore_who_has_no_weight():
    gaps = pd.DataFrame({"x": [-1.0, -2] * 10 + [9.0], "y": [0.0, -1] * 10 + [-99.0]})
    table = servqual.rank_chances(gaps, _rng(), draws=50, weights=[1.0] * 20 + [0.0])
    assert table["n"].tolist() == [20, 20]
    assert table.index[0] == "x"


def _rng() -> np.random.Generator:
    return np.random.default_rng(13)


def test_rank_chances_agree_with_the_normal_approximation():
    rng = np.random.default_rng(3)
    n = 400
    gaps = pd.DataFrame(rng.normal(size=(n, 2)), columns=["x", "y"])
    gaps["y"] += gaps["x"].mean() - gaps["y"].mean() + 0.05
    difference = gaps["y"] - gaps["x"]
    expected = ndtr(0.05 / (difference.std() / np.sqrt(n)))
    table = servqual.rank_chances(gaps, np.random.default_rng(4), draws=4000)
    # Monte Carlo error of a share near .76 in 4,000 draws: .007.
    assert table.loc["x", "worst_chance"] == pytest.approx(expected, abs=0.025)
    assert table["worst_chance"].sum() == pytest.approx(1)
    assert table.index.tolist() == ["x", "y"]
    assert table["rank"].tolist() == [1, 2]


def test_rank_chances_of_a_clear_case_and_of_a_tie():
    rng = np.random.default_rng(5)
    x = rng.normal(size=100)
    gaps = pd.DataFrame({"mild": x, "worst": x - 3, "twin": x - 3})
    table = servqual.rank_chances(gaps, rng, draws=200)
    assert table["worst_chance"].to_dict() == {"worst": 0.5, "twin": 0.5, "mild": 0}
    assert table.loc["mild", ["rank", "rank_low", "rank_high"]].tolist() == [3, 3, 3]


def test_rank_chances_use_weights_and_leave_missing_gaps_out():
    gaps = pd.DataFrame({"x": [-4.0, 0, np.nan] * 20, "y": [0.0, -1, -1] * 20})
    plain = servqual.rank_chances(gaps, np.random.default_rng(1), draws=200)
    assert plain.loc["x", "mean"] == -2
    assert plain.loc["x", "n"] == 40
    tilted = servqual.rank_chances(
        gaps, np.random.default_rng(1), draws=200, weights=[0.01, 1, 1] * 20
    )
    assert tilted.index[0] == "y"
    with pytest.raises(ValueError, match="without any gap"):
        servqual.rank_chances(gaps.assign(z=np.nan), np.random.default_rng(1))


def test_fix_first_names_only_sure_shortfalls():
    table = pd.DataFrame(
        {"gap": [-1.0, -2.0, -3.0, 1.0, -9.0], "p_holm": [0.01, 0.04, 0.2, 0.001, 0.001], "n": 30},
        index=list("abcde"),
    )
    assert servqual.fix_first(table, ["a", "b", "c", "d"]).index.tolist() == ["b", "a"]
    assert servqual.fix_first(table, ["a", "b", "c", "d"], level=0.98).index.tolist() == ["a"]


def test_the_same_negative_gap_of_all_is_a_sure_shortfall():
    expectation = pd.DataFrame({"down": [7.0] * 12, "level": [5.0] * 12, "few": [7.0] * 12})
    perception = pd.DataFrame({"down": [6.0] * 12, "level": [5.0] * 12, "few": [6.0] * 12})
    expectation.loc[9:, "few"] = perception.loc[9:, "few"] = np.nan
    table = servqual.gap_table(servqual.Scores(expectation, perception), scale_high=7)
    assert table["low"].isna().all()
    assert servqual.fix_first(table, ["down", "level", "few"]).index.tolist() == ["down"]
    gap = inference.mean_interval(perception["down"] - expectation["down"])
    assert servqual.direction(gap) == "fall short of"


def _estimate(value: float | None, half_width: float | None = None) -> inference.Estimate:
    if value is None or half_width is None:
        return inference.Estimate(value, None, None, 0.95, 5, "none")
    return inference.Estimate(value, value - half_width, value + half_width, 0.95, 50, "")


@pytest.mark.parametrize(
    ("gap", "chance", "sentence"),
    [
        (_estimate(None), _estimate(None), "What to fix first cannot be said: nobody has"),
        (_estimate(-0.2, 0.3), _estimate(0.9), "cannot be said: the lowest weighted gap, of staff"),
        (_estimate(-0.2, 0.1), _estimate(0.9), "Fix first in staff (the worst in 90.0% of"),
        (_estimate(-0.2, 0.1), _estimate(0.79), "resamples, so it may well be another)"),
        (_estimate(-0.2, 0.1), _estimate(None), "too few respondents to say how sure"),
        (
            _estimate(-0.2, 0.1),
            _estimate(0.8),
            "Be quick (gap -1.00, 95 % interval -1.20 to -0.80)",
        ),
        (_estimate(-0.2, 0.1), _estimate(0.8), "Smile (gap -0.50, the same for all respondents)."),
    ],
)
def test_priority_says_no_more_than_is_known(gap, chance, sentence):
    items = pd.DataFrame(
        {
            "text": ["Be quick", "Smile"],
            "gap": [-1, -0.5],
            "low": [-1.2, None],
            "high": [-0.8, None],
        }
    )
    found = servqual.priority("staff", gap, chance, items)
    assert sentence in found
    assert ("Fix first" in found) == (gap.low is not None and gap.high < 0)
    none = servqual.priority("staff", _estimate(-0.2, 0.1), chance, items.head(0))
    assert none.endswith("no single item there surely falls short.")


def test_a_flat_survey_has_nothing_to_fix():
    rng = np.random.default_rng(12)
    items = [item for members in DIMENSIONS.values() for item in members]
    answers = {f"{x}_{item}": rng.integers(3, 8, size=300) for x in "EP" for item in items}
    scores = servqual.item_scores(pd.DataFrame(answers), DIMENSIONS)
    assert servqual.fix_first(servqual.gap_table(scores, scale_high=7), items).empty


def test_importance_performance_has_both_intervals():
    scores = _two_dimensions()
    table = servqual.importance(scores, satisfaction=pd.Series([1.0, 2, 4, 3, 5, 6])).table
    frame = servqual.importance_performance(scores.perception, table)
    assert frame.loc["x", "performance"] == 3.5
    mean = inference.mean_interval([1.0, 2, 3, 4, 5, 6])
    assert frame.loc["x", ["performance_low", "performance_high"]].tolist() == [mean.low, mean.high]
    assert frame.loc["x", "importance_low"] < frame.loc["x", "importance"]


def test_satisfaction_correlations_without_the_question():
    table = servqual.satisfaction_correlations(_two_dimensions().perception, None)
    assert table["r"].isna().all()
    assert (table["method"] == "no satisfaction question").all()


def _sizes(*sizes: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    branch = np.repeat(["north", "south", "west"], sizes)
    gap = pd.DataFrame({"overall": np.linspace(-2, 1, len(branch))})
    return gap, pd.DataFrame({"branch": branch})


def test_small_groups_are_suppressed_with_what_gives_them_away():
    gap, groups = _sizes(30, 12, 7)
    table = servqual.group_gaps(gap, groups).set_index("group")
    # The 7 could be had from the total and the 42 others, so the 12 go too.
    assert table["gap"].notna().to_dict() == {
        "all": True,
        "north": True,
        "south": False,
        "west": False,
    }
    assert table["n"].isna()["west"]
    assert table.loc["west", "method"].startswith("suppressed: fewer than 10")
    together = servqual.group_gaps(*_sizes(30, 6, 7)).set_index("group")
    assert together["gap"].notna().sum() == 2
    assert together["gap"].notna()["north"]


def test_group_gaps_by_hand():
    gap, groups = _sizes(20, 10, 10)
    groups.loc[30:, "branch"] = None
    table = servqual.group_gaps(gap, groups, level=0.9).set_index("group")
    south = inference.mean_interval(gap["overall"][20:30], level=0.9)
    assert table.loc["south", ["n", "gap", "low", "high"]].tolist() == [
        10,
        south.value,
        south.low,
        south.high,
    ]
    assert table.loc["not stated", "n"] == 10
    assert table.loc["all", "n"] == 40
    alone = servqual.group_gaps(gap, pd.DataFrame(index=gap.index))
    assert alone["group"].tolist() == ["all"]


@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_answer_counts_add_up(responses, engine):
    native = duckdb.from_df(responses) if engine == "duckdb" else responses
    counts = servqual.answer_counts(nw.from_native(native).lazy(), DIMENSIONS)
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
    assert servqual.direction(inference.Estimate(0.0, low, high, 0.95, 9, "")) == words


def test_row_order_changes_nothing():
    survey, dimensions = _simulated(60, 9)
    shuffled = survey.sample(frac=1, random_state=1)
    tables = [
        servqual.gap_table(servqual.item_scores(one, dimensions), scale_high=7)
        for one in (survey, shuffled)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_intervals_cover_the_known_gaps():
    # 200 surveys of 60 respondents: the overall gap, and that of one dimension.
    truth = simulate.expected_answers()
    share = truth["branch_share"]
    overall = float(np.average(truth["gap"], weights=share))
    chosen = truth["dimension"] == "responsiveness"
    responsiveness = float(np.average(truth["gap"][chosen], weights=share[chosen]))
    hits = np.zeros(2, dtype=int)
    for seed in range(200):
        survey, dimensions = _simulated(60, seed)
        groups = {"all": [i for m in dimensions.values() for i in m]}
        groups["responsiveness"] = dimensions["responsiveness"]
        items = servqual.item_scores(survey, dimensions)
        gap = servqual.dimension_scores(items, groups).gap
        for place, expected in enumerate((overall, responsiveness)):
            found = inference.mean_interval(gap.iloc[:, place])
            hits[place] += found.low <= expected <= found.high
    # 181 to 197 of 200 is the 99 % band of 95 % coverage.
    assert ((hits >= 181) & (hits <= 197)).all()


def test_known_weighted_score_and_worst_dimension_are_found():
    survey, dimensions = _simulated(3000, 21)
    items = servqual.item_scores(survey, dimensions)
    scores = servqual.dimension_scores(items, dimensions)
    points = survey[[f"points_{name}" for name in dimensions]].set_axis(list(dimensions), axis=1)
    own = servqual.importance(scores, allocated=points)
    parts = servqual.weighted_gaps(scores.gap, own.points)
    truth = simulate.expected_answers()
    truth["weighted"] = truth["gap"] * truth["branch_share"]
    sizes = truth.groupby("dimension")["branch_share"].sum()
    expected = truth.groupby("dimension")["weighted"].sum() / sizes * pd.Series(simulate.IMPORTANCE)
    z = (parts.mean() - expected / 100) / parts.sem()
    assert z.abs().max() < 3.5
    ranks = servqual.rank_chances(parts, np.random.default_rng(2), draws=500)
    assert ranks.index[0] == expected.idxmin()
