"""Shares of R squared against published values, brute force, limits and planted truths."""

from itertools import permutations

import narwhals as nw
import numpy as np
import pandas as pd
import pingouin
import pytest

from cxlib import PROJECT, drivers
from cxlib.drivers.answers import Answers, Moments

SWISS = PROJECT / "tests" / "reference" / "swiss.csv"
INDICATORS = ["agriculture", "examination", "education", "catholic", "infant_mortality"]


def swiss_answers() -> Answers:
    swiss = pd.read_csv(SWISS, comment="#")
    return drivers.complete_answers(nw.from_native(swiss).lazy(), "fertility", INDICATORS)


def moments_of(x: np.ndarray, y: np.ndarray, seed: int = 0) -> Moments:
    names = [f"d{k}" for k in range(x.shape[1])]
    frame = pd.DataFrame(x, columns=names).assign(y=y)
    answers = drivers.complete_answers(nw.from_native(frame).lazy(), "y", names)
    return drivers.block_moments(answers, np.random.default_rng(seed))


def planted(n: int, slopes: list[float], *, common: float = 0.0, seed: int = 0) -> Moments:
    """Standard normal drivers, correlated `common`, and an outcome with unit noise."""
    rng = np.random.default_rng(seed)
    x = np.sqrt(1 - common) * rng.normal(size=(n, len(slopes)))
    x += np.sqrt(common) * rng.normal(size=(n, 1))
    return moments_of(x, x @ slopes + rng.normal(size=n), seed)


def random_correlation(p: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.corrcoef(rng.normal(size=(50, p + 1)) + rng.normal(size=(50, 1)), rowvar=False)


def r_squared(correlation: np.ndarray, chosen: list[int]) -> float:
    if not chosen:
        return 0.0
    with_y = correlation[chosen, -1]
    return float(with_y @ np.linalg.solve(correlation[np.ix_(chosen, chosen)], with_y))


def lmg_over_all_orders(correlation: np.ndarray) -> np.ndarray:
    p = len(correlation) - 1
    gains = np.zeros(p)
    orders = list(permutations(range(p)))
    for order in orders:
        for place, k in enumerate(order):
            before = list(order[:place])
            gains[k] += r_squared(correlation, [*before, k]) - r_squared(correlation, before)
    return gains / len(orders)


def test_swiss_as_published():
    """R package relaimpo, calc.relimp(swiss, type = "lmg"); R squared in Groemping 2006."""
    moments = drivers.block_moments(swiss_answers(), np.random.default_rng(0))
    found = drivers.importance(moments, np.random.default_rng(0), draws=200)
    assert found.r_squared.value == pytest.approx(0.706735001593, abs=1e-11)
    published = [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735]
    published.append(0.1127659229265)
    lmg = found.summary.loc[INDICATORS, "lmg"]
    np.testing.assert_allclose(lmg, published, atol=1e-12)
    share = found.summary.loc["education", "lmg_share"]
    assert share == pytest.approx(0.3680795178364, abs=1e-12)
    assert found.summary["johnson"].sum() == pytest.approx(0.706735001593, abs=1e-11)


def test_swiss_coefficients_are_those_of_least_squares():
    answers = swiss_answers()
    moments = drivers.block_moments(answers, np.random.default_rng(0))
    found = drivers.importance(moments, np.random.default_rng(0), draws=200)
    x = (answers.ratings - answers.ratings.mean(axis=0)) / answers.ratings.std(axis=0)
    y = (answers.outcome - answers.outcome.mean()) / answers.outcome.std()
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    np.testing.assert_allclose(found.summary.loc[INDICATORS, "coefficient"], slopes, atol=1e-12)


@pytest.mark.parametrize("p", [1, 2, 5, 6])
def test_lmg_is_the_mean_over_all_orders(p):
    correlation = random_correlation(p, seed=p)
    np.testing.assert_allclose(
        drivers.lmg(correlation), lmg_over_all_orders(correlation), atol=1e-13
    )


def test_lmg_agrees_with_pingouin_on_a_survey():
    survey = pd.read_csv(PROJECT / "data" / "raw" / "feedback_simulated.csv")
    names = ["waiting_time", "staff_help", "app", "fees", "branch_comfort", "problem_solving"]
    rated = survey[[*names, "nps"]].dropna()
    peer = pingouin.linear_regression(rated[names], rated["nps"], relimp=True).set_index("names")
    found = drivers.lmg(np.corrcoef(rated.to_numpy(float), rowvar=False))
    np.testing.assert_allclose(found, peer.loc[names, "relimp"], atol=1e-10)


def test_many_matrices_give_what_each_gives_alone():
    stacked = np.stack([random_correlation(4, seed) for seed in range(37)])
    alone = np.stack([drivers.lmg(one) for one in stacked])
    np.testing.assert_allclose(drivers.lmg(stacked), alone, atol=1e-14)


def test_fifteen_drivers_sum_to_r_squared_and_sixteen_are_refused():
    correlation = random_correlation(15, seed=3)
    expected = r_squared(correlation, list(range(15)))
    assert drivers.lmg(correlation).sum() == pytest.approx(expected, abs=1e-12)
    with pytest.raises(ValueError, match="at most 15 drivers"):
        drivers.lmg(random_correlation(16, seed=3))


def test_unrelated_drivers_have_their_squared_correlation():
    correlation = np.eye(4)
    correlation[-1, :-1] = correlation[:-1, -1] = [0.6, 0.3, 0]
    for shares in (drivers.lmg(correlation), drivers.johnson(correlation)):
        np.testing.assert_allclose(shares, [0.36, 0.09, 0], atol=1e-15)


def test_two_drivers_by_hand():
    # r1y = .5, r2y = .4, r12 = .6: R2 = (.25 + .16 - 2 * .5 * .4 * .6) / .64 = .265625, and
    # LMG_1 = (.25 + .265625 - .16) / 2. Johnson's weights of two drivers are LMG's.
    correlation = np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])
    expected = [0.1778125, 0.0878125]
    np.testing.assert_allclose(drivers.lmg(correlation), expected, atol=1e-15)
    np.testing.assert_allclose(drivers.johnson(correlation), expected, atol=1e-15)


def test_johnson_by_his_own_steps():
    """Orthogonal counterparts Z = P Q' of X = P D Q' (Johnson 1966, 2000), on rows."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(80, 4)) + rng.normal(size=(80, 1))
    y = x @ [1, 0.5, 0, 0.2] + rng.normal(size=80)
    x = (x - x.mean(axis=0)) / x.std(axis=0) / np.sqrt(80)
    y = (y - y.mean()) / y.std() / np.sqrt(80)
    left, _, right = np.linalg.svd(x, full_matrices=False)
    nearest = left @ right
    expected = (nearest.T @ x).T ** 2 @ (nearest.T @ y) ** 2
    correlation = np.corrcoef(np.column_stack([x, y]), rowvar=False)
    np.testing.assert_allclose(drivers.johnson(correlation), expected, atol=1e-14)


def test_a_driver_asked_twice_shares_alike():
    correlation = np.array([[1, 1, 0.2, 0.5], [1, 1, 0.2, 0.5], [0.2, 0.2, 1, 0.3], [0.5] * 4])
    correlation[3] = [0.5, 0.5, 0.3, 1]
    whole = r_squared(correlation, [0, 2])
    for shares in (drivers.lmg(correlation), drivers.johnson(correlation)):
        assert shares[0] == pytest.approx(shares[1], abs=1e-12)
        assert shares.sum() == pytest.approx(whole, abs=1e-12)
    assert np.isnan(drivers.standardized_coefficients(correlation)).all()


def test_a_driver_asked_twice_ties_in_the_ranking():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 2))
    moments = moments_of(x[:, [0, 0, 1]], x[:, 0] + rng.normal(size=200))
    found = drivers.importance(moments, rng, draws=200)
    assert found.summary.loc[["d0", "d1"], "rank"].tolist() == [1, 1]
    assert found.summary.loc[["d0", "d1"], "leading"].all()
    assert found.summary.loc["d0", "first_chance"] == pytest.approx(0.5, abs=1e-12)
    assert found.summary["coefficient"].isna().all()


def test_a_planted_leader_is_found():
    found = drivers.importance(
        planted(2_000, [1.0, 0.3, 0.3, 0.0], common=0.3), np.random.default_rng(1)
    )
    assert found.summary.index[0] == "d0"
    assert found.summary["leading"].tolist() == [True, False, False, False]
    assert found.summary.loc["d0", ["rank_low", "rank_high"]].tolist() == [1, 1]
    assert found.sentence.startswith("Of the drivers of y, d0 leads: it came first in 99.9 %")
    interval = found.summary.loc["d3", ["coefficient_low", "coefficient_high"]]
    assert interval.iloc[0] < 0 < interval.iloc[1]


def test_equal_drivers_are_seldom_ruled_out_and_none_leads():
    """4 x 100 tests of a true "may lead" at 5 %: .05 with a Monte Carlo error of .014."""
    ruled_out, leads = 0, 0
    for seed in range(100):
        moments = planted(200, [0.4] * 4, common=0.3, seed=seed)
        found = drivers.importance(moments, np.random.default_rng(seed), draws=200)
        ruled_out += (~found.summary["leading"]).sum()
        leads += found.summary["leading"].sum() == 1
    assert ruled_out / 400 < 0.09
    assert leads <= 2


def test_the_leader_is_a_matter_of_chance_where_all_may_lead():
    found = drivers.importance(
        planted(500, [0.4] * 4, common=0.3, seed=1), np.random.default_rng(1)
    )
    assert found.summary["leading"].all()
    assert found.summary["first_chance"].sum() == pytest.approx(1)
    assert "none can be ruled out" in found.sentence
    assert not any(name in found.sentence for name in found.drivers)


def test_noise_explains_nothing_and_the_sentence_says_so():
    found = drivers.importance(planted(300, [0.0] * 5, seed=2), np.random.default_rng(1))
    assert found.r_squared.low == 0
    assert "do not explain, beyond chance, anything of y" in found.sentence


def test_some_drivers_can_be_ruled_out():
    found = drivers.importance(planted(500, [0.6, 0.6, 0.0, 0.0]), np.random.default_rng(1))
    assert found.summary["leading"].sum() == 2
    first, second = found.summary.index[:2]
    assert f"but {second} may matter as much" in found.sentence.replace(first, second)
    assert "the most important is among these 2 of 4" in found.sentence


def test_unrelated_drivers_reach_down_to_zero():
    found = drivers.importance(planted(500, [1.0, 0.0]), np.random.default_rng(1))
    assert found.summary.loc["d1", ["lmg_low", "johnson_low", "lmg_share_low"]].tolist() == [0] * 3
    assert found.summary.loc["d1", "lmg"] > 0
    assert found.summary.loc["d0", "lmg_low"] > 0.3


def test_coefficient_interval_is_that_of_the_bootstrap_theory():
    """Orthogonal normal drivers: the sd of a standardized slope b_k is known to first order.

    For one driver b = r, with variance (1 - r^2)^2 / n; at r^2 = 1/2 and n = 4,000 that is
    .0079^2. 4,000 draws have a Monte Carlo error of 3 % in each limit's distance.
    """
    moments = planted(4_000, [1.0], seed=5)
    found = drivers.importance(moments, np.random.default_rng(2), draws=4_000)
    row = found.summary.iloc[0]
    width = row["coefficient_high"] - row["coefficient_low"]
    assert width == pytest.approx(2 * 1.96 * (1 - row["correlation"] ** 2) / 4_000**0.5, rel=0.08)


def test_fewer_blocks_give_the_same_intervals():
    """6,000 respondents one by one and in 500 blocks: widths agree within sampling error.

    The sd of a bootstrap sd from 500 blocks is 1 / sqrt(2 * 500) = 3 %.
    """
    rng = np.random.default_rng(8)
    x = rng.normal(size=(6_000, 2))
    frame = pd.DataFrame(x, columns=["a", "b"]).assign(y=x.sum(axis=1) + rng.normal(size=6_000))
    answers = drivers.complete_answers(nw.from_native(frame).lazy(), "y", ["a", "b"])
    widths = []
    for blocks in (500, 6_000):
        moments = drivers.block_moments(answers, np.random.default_rng(1), blocks=blocks)
        summary = drivers.importance(moments, np.random.default_rng(1)).summary
        widths.append((summary["lmg_high"] - summary["lmg_low"]).loc[["a", "b"]])
    np.testing.assert_allclose(widths[0], widths[1], rtol=0.12)


def test_weights_count_like_copies():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(100, 3))
    frame = pd.DataFrame(x, columns=["a", "b", "c"]).assign(
        y=x @ [1, 0.5, 0] + rng.normal(size=100)
    )
    frame["weight"] = np.where(np.arange(100) < 50, 1.0, 2.0)
    copied = pd.concat([frame, frame.iloc[50:]])
    found = []
    for data, weight in ((frame, "weight"), (copied, None)):
        lazy = nw.from_native(data).lazy()
        answers = drivers.complete_answers(lazy, "y", ["a", "b", "c"], weight=weight)
        moments = drivers.block_moments(answers, np.random.default_rng(0))
        found.append(drivers.importance(moments, np.random.default_rng(0), draws=200))
    columns = ["lmg", "johnson", "coefficient"]
    np.testing.assert_allclose(found[0].summary[columns], found[1].summary[columns], atol=1e-12)
    assert found[0].r_squared.method.startswith("weighted")


def test_more_than_fifteen_drivers_are_ranked_by_johnson():
    found = drivers.importance(
        planted(400, [1.0] + [0.1] * 15), np.random.default_rng(0), draws=200
    )
    assert found.ranked_by == "Johnson's weight"
    assert found.summary["lmg"].isna().all()
    assert found.summary.index[0] == "d0"
    assert found.summary["johnson_low"].notna().all()
    assert found.summary["johnson_share"].sum() == pytest.approx(1)
    assert found.first.value == found.summary["johnson_share"].iloc[0]


@pytest.mark.parametrize(
    ("n", "caution", "shown"),
    [(250, "", True), (240, "too narrow", True), (90, "shares of it have none", False)],
)
def test_few_answers_a_driver_are_said_and_below_twenty_have_no_intervals(n, caution, shown):
    moments = planted(n, [0.6, 0.4, 0.4, 0.4, 0.4])
    found = drivers.importance(moments, np.random.default_rng(0), draws=200)
    shares = found.summary[["lmg_low", "lmg_high", "johnson_low", "lmg_share_high"]]
    assert shares.notna().all(axis=None) == shown
    assert (found.first.low is not None) == shown
    assert found.summary[["lmg", "coefficient_low"]].notna().all(axis=None)
    for text in (found.sentence, found.r_squared.method, found.first.method):
        assert caution in text
    assert bool(found.caution) == bool(caution)


def test_one_driver_has_nothing_to_rank():
    found = drivers.importance(planted(100, [0.5]), np.random.default_rng(0), draws=200)
    assert found.summary["lmg"].iloc[0] == pytest.approx(found.r_squared.value, abs=1e-12)
    assert "nothing to rank" in found.sentence


def test_importance_beside_performance():
    answers = swiss_answers()
    moments = drivers.block_moments(answers, np.random.default_rng(0))
    found = drivers.importance(moments, np.random.default_rng(0), draws=200)
    frame = drivers.importance_performance(answers, found)
    assert frame.index[0] == "education"
    # Mean 10.9787, sd 9.6154 of 47 (R: summary(swiss), sd): t(.975, 46) = 2.0129.
    assert frame.loc["education", "performance"] == pytest.approx(10.97872, abs=1e-5)
    margin = 2.0129 * 9.61541 / np.sqrt(47)
    high = frame.loc["education", "performance_high"]
    assert high == pytest.approx(10.97872 + margin, abs=1e-3)
    # On the scale of the table: shares of what the drivers explain together.
    assert frame["importance"].sum() == pytest.approx(1)
    assert frame["importance"].tolist() == found.summary["lmg_share"].tolist()
