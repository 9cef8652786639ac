"""Importance, ranks and priorities against hand computation, limits and known truth."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from cxlib import inference, servqual, simulate


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
    assert few.note.endswith(": fewer than 10 (effective) respondents, so they are not used")
    fixed = servqual.importance(scores, given=given, satisfaction=satisfaction)
    assert fixed.basis == "points given with the instrument"
    assert fixed.table["importance"].tolist() == [75, 25]
    assert fixed.table["low"].isna().all()
    heavy = servqual.importance(scores, allocated=dealt, weights=[1.0] + [0.01] * 17)
    assert heavy.basis == "equal points"
    unasked = servqual.importance(scores, allocated=dealt * np.nan, given=given)
    assert unasked.basis == "points given with the instrument"
    none = servqual.importance(scores)
    assert none.basis == "equal points"
    assert none.points.to_numpy().tolist() == [[50, 50]] * 18


def test_the_points_of_a_minority_do_not_stand_for_all():
    perception = pd.concat([_two_dimensions().perception] * 5, ignore_index=True)
    scores = servqual.Scores(perception.add([1.0, 0.5]), perception)
    dealt = pd.DataFrame({"x": [90.0] * 14 + [np.nan] * 16, "y": [10.0] * 14 + [np.nan] * 16})
    few = servqual.importance(scores, allocated=dealt)
    assert few.basis == "equal points"
    assert few.note == (
        "14 of 30 respondents dealt out points: fewer than half of the respondents, so they are"
        " not used"
    )
    # 28 of 44 by weight.
    weighted = servqual.importance(scores, allocated=dealt, weights=[2.0] * 14 + [1.0] * 16)
    assert weighted.basis == "respondents' own points"


def test_weighted_gaps_by_hand():
    gap = pd.DataFrame({"x": [-1.0, -2, np.nan], "y": [-2.0, 0, -1]})
    points = pd.DataFrame({"y": [50.0, 20, 20], "x": [50.0, 80, 80]})
    parts = servqual.weighted_gaps(gap, points)
    np.testing.assert_allclose(parts, [[-0.5, -1], [-1.6, 0], [np.nan, np.nan]])
    equal = pd.DataFrame(50.0, index=gap.index, columns=["x", "y"])
    few = servqual.score_table(gap, {"own": points})
    assert few["score"].isna().all()
    assert few["worst_dimension"].tolist() == [""]
    own, equal, gap = (pd.concat([one] * 5, ignore_index=True) for one in (points, equal, gap))
    table = servqual.score_table(gap, {"own": own, "equal": equal})
    np.testing.assert_allclose(table["score"], [-1.55, -1.25])
    assert table["n"].tolist() == [10, 10]
    assert table["worst_dimension"].tolist() == ["x", "x"]
    np.testing.assert_allclose(table["worst_weighted_gap"], [-1.05, -0.75])


@pytest.mark.parametrize(
    ("x_points", "holds"), [(50.0, True), (40.0, True), (32.5, None), (10.0, False)]
)
def test_an_order_falls_only_where_another_is_surely_worse(x_points, holds):
    # Mean gaps -2 and -1: equal weighted gaps at 1/3 of the points for x, whose share below that
    # makes y the worst, by little at first.
    rng = np.random.default_rng(5)
    gap = pd.DataFrame({"x": rng.normal(size=100), "y": rng.normal(size=100)})
    gap += [-2, -1] - gap.mean()
    points = pd.DataFrame({"x": [x_points] * 100, "y": [100 - x_points] * 100})
    schemes = {"own": points, "equal": points * 0 + 50}
    assert servqual.order_holds(gap, schemes, "x") is holds
    constant = gap * 0 + [-2, -1]
    assert servqual.order_holds(constant, schemes, "x") is (True if x_points > 33.4 else None)


def test_another_worst_dimension_is_named_with_its_weights():
    ways = ["respondents' own points", "points given with the instrument"]
    ways += ["points derived from satisfaction", "equal points"]
    schemes = pd.DataFrame({"worst_dimension": ["x", "y", "", "y"]}, index=ways)
    told = servqual.otherwise_worst(schemes, "x")
    assert told == (
        "By the standard weights that come with the questionnaire or by equal weights instead of"
        " our customers' own weights, y would be worst; 1 of 3 ways of weighing say x."
        " Settle first whose weights count."
    )
    assert servqual.otherwise_worst(schemes.head(1), "x") == ""


def test_a_dimension_nobody_answered_is_left_out_of_the_score():
    gap = pd.DataFrame({"x": [-1.0, -2], "y": [-2.0, 0], "z": [np.nan, np.nan]})
    points = pd.DataFrame({"x": [40.0, 20], "y": [40.0, 60], "z": [20.0, 20]})
    parts = servqual.weighted_gaps(gap, points)
    np.testing.assert_allclose(parts, [[-0.5, -1], [-0.5, 0]])
    assert list(parts.columns) == ["x", "y"]
    gap, points = (pd.concat([one] * 5, ignore_index=True) for one in (gap, points))
    assert servqual.score_table(gap, {"own": points})["score"].tolist() == pytest.approx([-1.0])


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


def test_quadrants_are_cut_at_the_means_and_sure_where_the_whole_cross_lies_in_one():
    weak, strong = [1.0, 2.0] * 10, [5.0, 6.0] * 10
    perception = pd.DataFrame({"a": weak, "b": strong, "c": weak, "d": strong, "e": strong})
    table = pd.DataFrame(
        {
            "importance": [40.0, 30.0, 10.0, 20.0, np.nan],
            "low": [39.0, 24.0, 9.0, 19.0, np.nan],
            "high": [41.0, 36.0, 11.0, np.nan, np.nan],
        },
        index=list("abcde"),
    )
    # Without e the lines stand at 3.5 and 25: a and c clear them, b does not, d has no interval.
    frame = servqual.importance_performance(perception, table)
    assert frame["quadrant"].tolist()[:4] == [
        "concentrate here",
        "keep up the good work",
        "low priority",
        "possible overkill",
    ]
    assert pd.isna(frame.loc["e", "quadrant"])
    assert frame["surely_there"].tolist() == [True, False, True, False, False]


def test_importance_performance_has_both_intervals():
    scores, satisfaction = _twelve()
    table = servqual.importance(scores, satisfaction=satisfaction).table
    frame = servqual.importance_performance(scores.perception, table)
    assert frame.loc["x", "performance"] == 3.5
    mean = inference.mean_interval([1.0, 2, 3, 4, 5, 6] * 2)
    assert frame.loc["x", ["performance_low", "performance_high"]].tolist() == [mean.low, mean.high]
    assert frame.loc["x", "importance_low"] < frame.loc["x", "importance"]


def test_satisfaction_correlations_without_the_question():
    table = servqual.satisfaction_correlations(_two_dimensions().perception, None)
    assert table["r"].isna().all()
    assert (table["method"] == "no satisfaction question").all()


def test_known_weighted_score_and_worst_dimension_are_found(simulated):
    survey, dimensions = simulated(3000, 21)
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


def _twelve() -> tuple[servqual.Scores, pd.Series]:
    """Twelve respondents, dimensions x and y."""
    scores = _two_dimensions()
    twice = [pd.concat([f] * 2, ignore_index=True) for f in (scores.expectation, scores.perception)]
    return servqual.Scores(*twice), pd.Series([1.0, 2, 4, 3, 5, 6] * 2)


def test_derived_points_are_shares_of_the_correlations():
    scores, satisfaction = _twelve()
    scores.perception["y"] += 0.2 * satisfaction
    derived = servqual.importance(scores, satisfaction=satisfaction)
    r = np.array([satisfaction.corr(scores.perception[name]) for name in "xy"])
    assert derived.unit == "correlation with satisfaction"
    np.testing.assert_allclose(derived.table["importance"], r)
    np.testing.assert_allclose(derived.points.iloc[0], 100 * r / r.sum())
    np.testing.assert_allclose(derived.mean_points, 100 * r / r.sum())
    mixed = scores.perception["y"] - 2 * scores.perception["x"]
    assert satisfaction.corr(mixed) < 0
    against = servqual.importance(scores, satisfaction=-scores.perception.sum(axis=1))
    assert against.basis == "equal points"


def test_few_respondents_derive_no_importance():
    scores, satisfaction = _twelve()
    few = servqual.satisfaction_correlations(
        scores.perception, satisfaction.where(satisfaction.index < 9)
    )
    assert few["r"].isna().all()
    reason = "no correlation: fewer than 10 respondents, or effective ones"
    assert few["method"].tolist() == [reason] * 2


def test_derived_importance_is_weighted():
    perception, satisfaction = (
        pd.concat([one] * 2, ignore_index=True)
        for one in (_twelve()[0].perception, _twelve()[1] + [0, 1] * 6)
    )
    scores = servqual.Scores(perception, perception)
    weights = np.where(np.arange(24) % 3 == 0, 3, 1)
    weighted = servqual.satisfaction_correlations(scores.perception, satisfaction, weights=weights)
    repeated = np.repeat(np.arange(24), weights)
    expected = satisfaction[repeated].corr(scores.perception["x"][repeated])
    assert weighted.loc["x", "r"] == pytest.approx(expected)


def test_item_points_are_shares_of_the_dimension():
    gap = pd.DataFrame({"a": [-1.0, np.nan], "b": [-2.0, 1], "d": [0.0, -3]})
    points = pd.DataFrame({"staff": [60.0, 80], "place": [40.0, 20]})
    parts = servqual.weighted_item_gaps(gap, points, {"staff": ["a", "b"], "place": ["d"]})
    np.testing.assert_allclose(parts, [[-0.3, -0.6, 0], [np.nan, 0.4, -0.6]])


def test_ranks_change_with_the_scheme():
    gap = pd.DataFrame({"x": [-1.0, -1], "y": [-2.0, -2], "z": [-1.0, -1]})
    points = pd.DataFrame({"x": [60.0, 60], "y": [20.0, 20], "z": [20.0, 20]})
    ranks = servqual.scheme_ranks(gap, {"own": points})
    # Weighted gaps -.6, -.4, -.2.
    assert ranks["unweighted"].to_dict() == {"x": 2, "y": 1, "z": 2}
    assert ranks["own"].to_dict() == {"x": 1, "y": 2, "z": 3}


def test_the_chance_of_being_among_the_worst_three():
    x = np.random.default_rng(6).normal(size=60)
    steps = {"a": 3.0, "b": 2.0, "c": 1.0, "tie": 1.0, "e": 0.0}
    gaps = pd.DataFrame({name: x - step for name, step in steps.items()})
    table = servqual.rank_chances(gaps, np.random.default_rng(7), draws=50)
    chance = table["worst_three_chance"].to_dict()
    # c and tie are always equal and share the third place.
    assert chance == {"a": 1, "b": 1, "c": 0.5, "tie": 0.5, "e": 0}


def test_blocks_keep_the_spread_of_the_means():
    rng = np.random.default_rng(8)
    n = 17_000
    gaps = pd.DataFrame({"x": rng.normal(-1, 2, size=n), "y": rng.normal(0, 1, size=n)})
    gaps.loc[: n // 3, "x"] = np.nan
    weights = rng.gamma(2, size=n)
    table = servqual.rank_chances(gaps, rng, draws=4000, weights=weights)
    for name in "xy":
        mean = inference.mean_interval(gaps[name], weights=weights)
        low, high = table.loc[name, ["low", "high"]]
        assert table.loc[name, "mean"] == pytest.approx(mean.value)
        # The width of a 95 % interval from 4,000 draws has a relative Monte Carlo error near 1.5 %,
        # the variance among 5,000 blocks one of 1 %; four of both together are 8 %.
        assert high - low == pytest.approx(mean.high - mean.low, rel=0.08)


POINTS = pd.Series({"d0": 50.0, "d1": 20.0, "d2": 20.0, "d3": 10.0})
MEMBERS = {f"d{k}": [f"i{k}{j}" for j in range(3)] for k in range(4)}
ITEMS = [item for members in MEMBERS.values() for item in members]


def _gaps(
    n: int, rng: np.random.Generator, worse: dict[str, float], missing: float = 0.05
) -> pd.DataFrame:
    """Whole-number gaps of mean about -1 that correlate within respondents, some not answered."""
    drop = np.array([worse.get(item, 0.0) for item in ITEMS])
    common, noise = rng.normal(size=(n, 1)), rng.normal(size=(n, len(ITEMS)))
    gap = np.clip(np.rint(-1 + 0.8 * common + noise - drop), -6, 2)
    return pd.DataFrame(gap, columns=ITEMS).mask(rng.random(gap.shape) < missing)


def _priorities(
    gap: pd.DataFrame, rng: np.random.Generator, draws: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Priorities of the dimensions and of the items, these with text and dimension."""
    points = pd.DataFrame([POINTS] * len(gap), index=gap.index)
    means = servqual.dimension_scores(servqual.Scores(gap * 0, gap), MEMBERS).gap
    weighted = servqual.weighted_gaps(means, points)
    areas = servqual.priorities(means, weighted, rng, draws=draws)
    parts = servqual.weighted_item_gaps(gap, points, MEMBERS)
    items = servqual.priorities(gap, parts, rng, draws=draws)
    home = {item: name for name, members in MEMBERS.items() for item in members}
    return areas, items.assign(text="Text " + items.index, dimension=items.index.map(home))


def _named(seed: int, n: int, worse: dict[str, float]) -> set[str]:
    gap = _gaps(n, np.random.default_rng(seed), worse, missing=0)
    means = pd.DataFrame(gap.to_numpy().reshape(n, 4, 3).mean(axis=2), columns=[*MEMBERS])
    tables = [servqual.shortfalls(one) for one in (gap, means)]
    return {name for table in tables for name in table.index[table["sure"]]}


def test_a_flat_survey_names_nothing():
    named = sum(bool(_named(seed, 100, {})) for seed in range(60))
    # At most 5 % of 60: two one-sided families of 2.5 % each; 8 is the 99 % bound of three.
    assert named <= 8


def test_planted_worst_items_are_named():
    found = [_named(seed, 150, {"i10": 0.8, "i11": 0.8}) for seed in range(20)]
    # They lie .67 below the own mean, 7 standard errors; Holm's bound is 2.9.
    assert all({"i10", "i11"} <= one for one in found)


def test_priorities_by_hand():
    gap = pd.DataFrame(
        {"x": [-1.0, -3, -2] * 5, "y": [0.0, -1, 1] * 5, "few": [-9.0] + [np.nan] * 14}
    )
    table = servqual.priorities(gap, gap[["x", "y"]] / 2, _rng(), draws=50)
    assert table.index.tolist() == ["x", "y", "few"]
    own = gap["x"] - gap.mean(axis=1)
    assert table.loc["x", "own_difference"] == pytest.approx(own.mean())
    assert table.loc["x", ["gap", "weighted_gap", "n"]].tolist() == [-2, -1, 15]
    assert table["sure"].to_dict() == {"x": True, "y": False, "few": False}
    assert table["falls_short"].to_dict() == {"x": True, "y": False, "few": False}


def test_the_same_negative_gap_of_all_is_sure():
    gap = pd.DataFrame({"down": [-1.0] * 12, "level": [0.0] * 12, "few": [-1.0] * 9 + [np.nan] * 3})
    table = servqual.priorities(gap, gap, _rng(), draws=20)
    assert table["sure"].to_dict() == {"down": True, "level": False, "few": False}
    estimate = inference.mean_interval(gap["down"])
    assert servqual.direction(estimate) == "fall short of"


def test_priority_names_sure_items_with_their_chances():
    rng = np.random.default_rng(1)
    worse = dict.fromkeys(["i10", "i11", "i12"], 1.5)
    areas, items = _priorities(_gaps(200, rng, worse), rng, draws=200)
    told = servqual.priority(areas, items, POINTS)
    first = items.iloc[0]
    assert told.startswith(
        f"Fix first where service falls short, by gap × importance: {first['text']}"
        f" (gap {first['gap']:.2f}"
    )
    assert "among the worst three in" in told
    assert "; the first 2 of 3 items that lag behind beyond chance." in told
    assert sum(text in told for text in items["text"]) == 2
    # The weight of d0, half of all, puts it first without a larger gap.
    assert (
        "Of the dimensions that stand out beyond chance, d1 weighs most. d0 comes before it" in told
    )
    alone = servqual.priority(areas.drop(index="d0").assign(rank=[1, 2, 3]), items, POINTS)
    assert "d1 (the worst by weighted gap in" in alone


def test_priority_of_alike_gaps_speaks_of_importance_alone():
    rng = np.random.default_rng(2)
    areas, items = _priorities(_gaps(100, rng, {}), rng, draws=50)
    told = servqual.priority(areas, items, POINTS)
    assert "the gaps are too alike. Only importance sets the dimensions apart: d0 weighs" in told
    equal = servqual.priority(areas, items, POINTS * 0 + 25)
    assert equal.endswith("Importance does not set the dimensions apart either.")


def test_priority_without_shortfall_or_answers():
    rng = np.random.default_rng(3)
    areas, items = _priorities(_gaps(100, rng, {}).abs(), rng, draws=20)
    told = servqual.priority(areas, items, POINTS, against="each respondent's own mean")
    assert told.endswith("nothing falls short of each respondent's own mean beyond chance.")
    areas, items = _priorities(_gaps(20, rng, {}) * np.nan, rng, draws=20)
    assert servqual.priority(areas, items, POINTS).endswith("nobody has a weighted score.")


def test_perceptions_alone_have_priorities(simulated):
    survey, dimensions = simulated(400, 3)
    answers = survey.filter(regex="^P_")
    items = servqual.item_scores(answers, dimensions)
    scores = servqual.dimension_scores(items, dimensions)
    own = servqual.importance(scores)
    parts = servqual.weighted_item_gaps(items.gap, own.points, dimensions)
    table = servqual.priorities(items.gap, parts, _rng(), draws=50)
    assert table["gap"].to_numpy() == pytest.approx(table["own_difference"].to_numpy(), abs=1e-9)
    assert table["sure"].any()


def test_a_difference_without_practical_weight_is_not_sure():
    rng = np.random.default_rng(9)
    perception = pd.DataFrame(5 + rng.normal(size=(20_000, 4)), columns=list("abcd"))
    perception["a"] -= 0.05
    own = perception.sub(perception.mean(axis=1), axis=0)
    table = servqual.shortfalls(own)
    # Seven standard errors, and .06 standard deviations, from the others.
    assert table["stands_out"].to_dict() == {"a": True, "b": False, "c": False, "d": False}
    assert not table["sure"].any()
    perception["a"] -= 0.1
    table = servqual.shortfalls(perception.sub(perception.mean(axis=1), axis=0))
    assert table["sure"].tolist() == [True, False, False, False]
    assert table.loc["a", "own_d_z"] < -0.1


def test_without_expectations_the_weakest_is_named_by_what_was_tested():
    rng = np.random.default_rng(10)
    areas, items = _priorities(_gaps(200, rng, {"i10": 1.5}), rng, draws=50)
    told = servqual.priority(areas, items, POINTS, against="each respondent's own mean")
    own, low, high = items.loc["i10", ["own_difference", "own_low", "own_high"]]
    assert told.startswith(
        f"Weakest, by difference × importance: Text i10 ({own:+.2f} from the respondents' own mean,"
        f" 95 % interval {low:.2f} to {high:.2f}, among"
    )
    assert "ix first" not in told


@pytest.mark.parametrize("weights", [None, [1000.0] + [0.5] * 29])
def test_too_few_respondents_are_no_reassurance(weights):
    n = 9 if weights is None else 30
    rng = np.random.default_rng(11)
    gaps = pd.DataFrame(-4 + 0.1 * rng.normal(size=(n, 2)), columns=["x", "y"])
    table = servqual.priorities(gaps, gaps / 2, rng, draws=20, weights=weights)
    assert not table["falls_short"].any()
    assert table["worst_chance"].isna().all()
    items = table.assign(text=table.index, dimension=table.index)
    told = servqual.priority(table, items, pd.Series({"x": 50.0, "y": 50.0}))
    who = (
        "9 respondents are" if weights is None else "by their weights 30 respondents count for 1.0,"
    )
    assert told == f"What to fix first cannot be said: {who} too few to tell."


def test_the_leading_correlation_is_told_only_where_it_surely_leads():
    rng = np.random.default_rng(12)
    told = 0
    for _ in range(40):
        satisfaction = pd.Series(rng.normal(size=200))
        alike = pd.DataFrame({k: satisfaction + rng.normal(size=200) for k in "abcde"})
        table = servqual.satisfaction_correlations(alike, satisfaction)
        chances = servqual.leading_chances(alike, satisfaction, rng, draws=200)
        assert chances.sum() == pytest.approx(1)
        told += "most with" in servqual.satisfaction_verdict(table, chances)
    # At most 5 % of 40; 6 is the 99 % bound of two.
    assert told <= 6
    leading = alike.assign(c=satisfaction + 0.3 * rng.normal(size=200))
    table = servqual.satisfaction_correlations(leading, satisfaction)
    chances = servqual.leading_chances(leading, satisfaction, rng, draws=200)
    verdict = servqual.satisfaction_verdict(table, chances)
    assert verdict.startswith(
        f"Satisfaction goes along most with c: r = {table.loc['c', 'r']:.2f} ("
    )
    assert verdict.endswith("n = 200; first in 100% of resamples.")


def test_leading_chances_agree_with_the_normal_approximation():
    rng = np.random.default_rng(13)
    satisfaction = pd.Series(rng.normal(size=400))
    noise = rng.normal(size=(400, 2))
    scores = pd.DataFrame(noise * [1, 1.1], columns=["a", "b"]).add(satisfaction, axis=0)
    scores.loc[:20, "b"] = np.nan
    weights = rng.gamma(3, size=400)
    chances = servqual.leading_chances(scores, satisfaction, rng, draws=4000, weights=weights)
    differences = []
    for out in range(40):
        kept = np.arange(400) % 40 != out
        r = servqual.satisfaction_correlations(
            scores[kept], satisfaction[kept], weights=weights[kept]
        )["r"]
        differences.append(r["a"] - r["b"])
    jackknife = np.sqrt(39 / 40 * np.sum((np.array(differences) - np.mean(differences)) ** 2))
    expected = ndtr(np.mean(differences) / jackknife)
    # The jackknife of 40 blocks has a relative error of 11 %, which moves a chance near .9 by .02.
    assert chances["a"] == pytest.approx(expected, abs=0.06)
    assert servqual.leading_chances(scores, None, rng).isna().all()


@pytest.mark.parametrize(
    ("sure_areas", "sure_items", "sentence"),
    [
        ({"d1"}, set(), "Fix first: d1. No single item"),
        ({"d0"}, set(), "Fix first: d0 (the worst by weighted gap in"),
        ({"d1"}, set(), "No single item there stands out beyond chance."),
        (set(), {"i10"}, "Fix first where service falls short, by gap × importance: Text i10 (gap"),
        (set(), {"i10"}, "No dimension as a whole stands out beyond chance. Only importance"),
    ],
)
def test_priority_names_no_more_than_is_sure(sure_areas, sure_items, sentence):
    rng = np.random.default_rng(4)
    areas, items = _priorities(_gaps(100, rng, {}), rng, draws=50)
    areas = areas.assign(sure=areas.index.isin(sure_areas))
    items = items.assign(sure=items.index.isin(sure_items))
    assert sentence in servqual.priority(areas, items, POINTS)


def test_advice_says_the_gap_in_words_on_its_scale():
    rng = np.random.default_rng(4)
    areas, items = _priorities(_gaps(100, rng, {}), rng, draws=50)
    areas = areas.assign(sure=True, gap=-1.654)
    told = servqual.advice(areas, items.assign(sure=True), POINTS, scale=(1, 7))
    place = (
        f"By importance, service falls short most in {areas.index[0]}: experience is 1.65 points"
    )
    assert told.startswith(f"{place} below expectation, on a scale of 1 to 7 (gap -1.65, 95 %")
    assert ". Fix first: " in told
    # The third is within the interval of the second, and of one of the dimensions named.
    alike = items.assign(sure=True, dimension="place", gap=-1.0, gap_low=-1.2, gap_high=-0.8)
    told = servqual.advice(areas, alike, POINTS, scale=(1, 7))
    assert f'; about as much "{alike["text"].iloc[2]}" (gap -1.00, 95 %' in told
    apart = alike.assign(gap=[-1.0, -1.0, *[-0.7] * (len(alike) - 2)])
    assert "about as much" not in servqual.advice(areas, apart, POINTS, scale=(1, 7))


def _derived_survey(n: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Gaps of three dimensions that are about alike, their perceptions, and satisfaction."""
    rng = np.random.default_rng(seed)
    perception = pd.DataFrame(rng.normal(size=(n, 3)), columns=list("abc"))
    satisfaction = perception @ [0.5, 0.45, 0.4] + 1.5 * rng.normal(size=n)
    gap = -1 + 0.3 * perception + 0.5 * rng.normal(size=(n, 3))
    return gap.mask(rng.random(gap.shape) < 0.05), perception, satisfaction


def test_derived_points_are_derived_anew_in_every_resample():
    n, draws = 80, 2000
    gap, perception, satisfaction = _derived_survey(n, 21)
    scores = servqual.Scores(perception - gap, perception)
    own = servqual.importance(scores, satisfaction=satisfaction)
    members = {"a": ["a1", "a2"], "b": ["b1"], "c": ["c1"]}
    items = pd.concat([gap["a"], gap["a"] + 0.2, gap["b"], gap["c"]], axis=1)
    items.columns = ["a1", "a2", "b1", "c1"]
    weighted = servqual.weighted_item_gaps(items, own.points, members)
    options = {"derivation": own.derivation, "dimensions": members, "draws": draws}
    table = servqual.priorities(items, weighted, np.random.default_rng(22), **options)
    np.testing.assert_allclose(table["weighted_gap"], weighted.mean()[table.index])
    rng, worst, means = np.random.default_rng(23), [], []
    for _ in range(draws):
        row = rng.integers(n, size=n)
        both = np.column_stack([perception.to_numpy()[row], satisfaction.to_numpy()[row]])
        r = np.clip(np.corrcoef(both.T)[-1, :3], 0, None)
        parts = np.nanmean(items.to_numpy()[row], axis=0) * (r / r.sum())[[0, 0, 1, 2]]
        means.append(parts / [2, 2, 1, 1])
        worst.append(np.argmin(means[-1]))
    by_hand = pd.Series(np.bincount(worst, minlength=4) / draws, items.columns)
    found = table["worst_chance"][items.columns]
    # Two shares of 2,000 draws each: standard error of the difference at most .016.
    assert (found - by_hand).abs().max() < 0.06
    fixed = servqual.priorities(items, weighted, np.random.default_rng(22), draws=draws)
    assert (fixed["worst_chance"][items.columns] - by_hand).abs().max() > 0.1
    # The ends of an interval have a Monte Carlo error near 3 % of its width.
    ends = np.quantile(means, [0.025, 0.975], axis=0)
    error = np.abs(table.loc[items.columns, ["low", "high"]].to_numpy().T - ends)
    assert (error < 0.12 * (ends[1] - ends[0])).all()


def test_derived_points_of_dimensions_by_blocks_with_weights():
    # 17,000 respondents go by blocks; each stands for as many as its weight says.
    gap, perception, satisfaction = _derived_survey(17_000, 24)
    weights = np.repeat([1.0, 2.0], 8500)
    scores = servqual.Scores(perception - gap, perception)
    own = servqual.importance(scores, satisfaction=satisfaction, weights=weights)
    weighted = gap * own.points / 100
    options = {"draws": 200, "weights": weights}
    ranks = servqual.rank_chances(gap, _rng(), **options, derivation=own.derivation)
    fixed = servqual.rank_chances(weighted, _rng(), **options)
    np.testing.assert_allclose(ranks["mean"], fixed["mean"][ranks.index])
    assert ((ranks["high"] - ranks["low"]) > (fixed["high"] - fixed["low"])[ranks.index]).all()


def test_dimensions_that_do_not_stand_are_not_named():
    rng = np.random.default_rng(1)
    worse = dict.fromkeys(["i10", "i11", "i12"], 1.5)
    areas, items = _priorities(_gaps(200, rng, worse), rng, draws=50)
    told = servqual.priority(areas, items, POINTS, stand=False)
    assert told.startswith(servqual.priority(areas, items, POINTS).split(". Of the")[0])
    assert told.endswith("bear out all dimensions, so items alone are named.")
    assert "d1" not in told
    alike = servqual.priority(areas, items.assign(sure=False), POINTS, stand=False)
    assert alike.startswith("What to fix first cannot be said: the gaps are too alike. These ans")


def test_large_gaps_that_importance_hides_are_named():
    items = pd.DataFrame(
        {
            "text": list("pqrs"),
            "gap": [-1.0, -2, -1.5, -3],
            "weighted_gap": [-0.4, -0.3, -0.2, -0.1],
        }
    ).assign(rank=[1, 2, 3, 4])
    told = servqual.outweighed(items)
    assert told.endswith("out of the first 3: s (-3.00, rank 4 once weighted).")
    assert servqual.outweighed(items.assign(gap=[-3, -2, -1.5, -1])) == ""
