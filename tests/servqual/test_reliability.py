"""Reliability against hand computation, limits, other methods and published figures."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy.special import ndtri
from statsmodels.multivariate.factor import Factor

from cxlib import PROJECT, servqual

DATA = PROJECT.parent / "shared" / "data"
BENCHMARKS = DATA / "published_benchmarks"


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


def test_the_intervals_of_alpha_and_omega_cover_under_a_ceiling(simulated):
    # Expectations of reliability, most of them at the ceiling; 200 samples of 200 respondents of
    # a population of 100,000.
    survey, dimensions = simulated(100_000, 1)
    large = survey[[f"E_{item}" for item in dimensions["reliability"]]]
    alpha_truth = servqual.cronbach_alpha(large).value
    omega_truth = servqual.one_factor(large).omega.value
    alpha_hits = omega_hits = 0
    for seed in range(200):
        answers = large.iloc[np.random.default_rng(seed).integers(len(large), size=200)]
        alpha, omega = servqual.cronbach_alpha(answers), servqual.one_factor(answers).omega
        alpha_hits += alpha.low <= alpha_truth <= alpha.high
        omega_hits += omega.low <= omega_truth <= omega.high
    # 181 to 197 hits is the 99 % band of 95 % coverage; Feldt's interval of alpha has 86 %.
    assert 181 <= alpha_hits <= 197
    assert 181 <= omega_hits <= 197


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


def _congeneric(n: int, seed: int, loadings: list[float]) -> pd.DataFrame:
    """Standardized answers of one factor with these loadings."""
    rng = np.random.default_rng(seed)
    loaded = np.array(loadings)
    answers = rng.normal(size=(n, 1)) * loaded
    return pd.DataFrame(answers + rng.normal(size=(n, len(loaded))) * np.sqrt(1 - loaded**2))


def test_alpha_of_standardized_items_by_hand():
    matrix = np.full((4, 4), 0.4) + 0.6 * np.eye(4)
    # k r / (1 + (k - 1) r) with k = 4 and r = .4
    alpha = servqual.cronbach_alpha(_answers_that_correlate(matrix)).value
    assert alpha == pytest.approx(1.6 / 2.2, abs=1e-12)


def test_alpha_table_has_every_dimension_and_answer(responses, dimensions):
    table = servqual.alpha_table(servqual.item_scores(responses, dimensions), dimensions)
    assert table["dimension"].unique().tolist() == ["staff", "place", "all items"]
    assert table["answer"].tolist() == ["expectation", "perception", "gap"] * 3
    place = table[table["dimension"] == "place"]
    assert place["alpha"].isna().all()
    assert place["method"].str.contains("single item").all()


def test_integer_weights_act_as_copies_and_zero_or_missing_ones_as_no_answer():
    answers = _congeneric(60, 1, [0.8, 0.6, 0.7])
    weights = np.random.default_rng(2).integers(0, 4, 60).astype(float)
    copies = answers.loc[answers.index.repeat(weights.astype(int))]
    weights[weights == 0] = [np.nan, *np.zeros(sum(weights == 0) - 1)]
    alpha = servqual.cronbach_alpha(answers, weights=weights)
    assert alpha.value == pytest.approx(servqual.cronbach_alpha(copies).value)
    assert alpha.n == np.sum(weights > 0)
    weighted = servqual.one_factor(answers, weights=weights).summary["value"]
    np.testing.assert_allclose(weighted, servqual.one_factor(copies).summary["value"], atol=1e-7)
    names = {"a": answers.columns}
    weighted = servqual.item_table(answers, names, weights=weights)[["r", "alpha_if_deleted"]]
    expected = servqual.item_table(copies, names)[["r", "alpha_if_deleted"]]
    np.testing.assert_allclose(weighted, expected)


def test_omega_by_hand_from_exact_loadings():
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    matrix = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    sd = np.array([1.0, 2.0, 1.0, 3.0])
    found = servqual.one_factor(_answers_that_correlate(matrix) * sd)
    np.testing.assert_allclose(found.loadings["loading"], loadings, atol=1e-6)
    scaled, unique = loadings * sd, (1 - loadings**2) * sd**2
    assert found.omega.value == pytest.approx(
        scaled.sum() ** 2 / (scaled.sum() ** 2 + unique.sum()), abs=1e-6
    )
    # 2.6^2 / (2.6^2 + 4 - 1.74) and 1.74 / 4
    assert found.composite_reliability.value == pytest.approx(6.76 / 9.02, abs=1e-6)
    assert found.variance_extracted.value == pytest.approx(0.435, abs=1e-6)


def test_omega_of_equal_loadings_is_alpha():
    answers = _answers_that_correlate(np.full((5, 5), 0.36) + 0.64 * np.eye(5))
    omega, alpha = servqual.one_factor(answers).omega, servqual.cronbach_alpha(answers)
    assert omega.value == pytest.approx(alpha.value, abs=1e-7)


def test_loadings_agree_with_statsmodels():
    answers = _congeneric(300, 4, [0.8, 0.3, 0.6, 0.7, 0.5, 0.9]).round(1)
    peer = Factor(answers.to_numpy(), 1, method="ml").fit().loadings[:, 0]
    ours = servqual.one_factor(answers).loadings["loading"]
    np.testing.assert_allclose(ours, np.abs(peer), atol=5e-5)


def test_intervals_of_the_one_factor_model_agree_with_the_jackknife():
    # Skewed answers of two factors: the model is wrong, and the interval must not need it right.
    rng = np.random.default_rng(6)
    answers = pd.DataFrame(rng.exponential(size=(200, 1)) + rng.exponential(size=(200, 5)))
    answers.iloc[:, 3:] += rng.exponential(size=(200, 1))
    table = servqual.one_factor(answers).summary
    without = np.array(
        [servqual.one_factor(answers.drop(index=i)).summary["value"] for i in answers.index]
    )
    error = np.sqrt(199 / 200 * np.sum((without - without.mean(axis=0)) ** 2, axis=0))
    width = np.log((1 - table["low"]) / (1 - table["high"])) * (1 - table["value"])
    # Both standard errors are consistent; they differ by terms of order 1 / n.
    np.testing.assert_allclose(width / (2 * ndtri(0.975)), error, rtol=0.08)


# Omega, composite reliability and variance extracted from the loadings of semopy 2.3.11, whose
# search stops within 2e-4 of ours.
@pytest.mark.skipif(not DATA.exists(), reason="the satisfaction surveys are not here")
@pytest.mark.parametrize(
    ("file", "prefix", "figures"),
    [
        ("ecsi_mobile", "IMAG", [0.721750, 0.729639, 0.356304]),
        ("ecsi_mobile", "PERQ", [0.874068, 0.878017, 0.508433]),
        ("ecsi_mobile", "CUSA", [0.788738, 0.781473, 0.545278]),
        ("bank_satisfaction", "imag", [0.832440, 0.837711, 0.520014]),
        ("bank_satisfaction", "sat", [0.897158, 0.895559, 0.683986]),
        ("bank_satisfaction", "loy", [0.838031, 0.823664, 0.545732]),
    ],
)
def test_alpha_and_omega_agree_with_other_libraries(file, prefix, figures):
    survey = pd.read_csv(DATA / "ecsi_satisfaction" / f"{file}.csv")
    answers = survey[[name for name in survey.columns if name.startswith(prefix)]]
    alpha, _ = pingouin.cronbach_alpha(answers, nan_policy="listwise")
    assert servqual.cronbach_alpha(answers).value == pytest.approx(alpha, abs=1e-9)
    found = servqual.one_factor(answers).summary["value"]
    np.testing.assert_allclose(found, figures, atol=2.5e-4)


def test_a_heywood_case_is_said():
    # The loading of the first item would be sqrt(.9 * .9 / .5) > 1.
    matrix = np.array([[1, 0.9, 0.9], [0.9, 1, 0.65], [0.9, 0.65, 1]])
    found = servqual.one_factor(_answers_that_correlate(matrix).set_axis(list("xyz"), axis=1))
    assert found.loadings["improper"].tolist() == [True, False, False]
    assert found.omega.value is not None
    assert found.omega.low is None
    assert "x (Heywood case)" in found.omega.method


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (_congeneric(50, 1, [0.7, 0.7]), "fewer than three items"),
        (_congeneric(3, 1, [0.7] * 4), "too few respondents"),
        (_congeneric(50, 1, [0.7] * 3).assign(flat=7.0), "same answer from all"),
        (_congeneric(50, 1, [0.7] * 3).assign(copy=lambda x: x[0] + x[1]), "follow exactly"),
        (pd.DataFrame(np.full((20, 4), np.nan)), "too few respondents"),
    ],
)
def test_no_omega_says_why(answers, reason):
    found = servqual.one_factor(answers)
    assert found.summary["value"].isna().all()
    assert reason in found.omega.method


def test_few_respondents_have_no_interval_of_omega():
    omega = servqual.one_factor(_congeneric(9, 3, [0.7, 0.7, 0.7])).omega
    assert omega.low is None
    assert "no interval" in omega.method


def test_reliability_table_has_every_dimension_and_figure():
    answers = _congeneric(100, 2, [0.8, 0.7, 0.6, 0.7]).set_axis(list("abcd"), axis=1)
    table = servqual.reliability_table(answers, {"staff": ["a", "b", "c"], "place": ["d"]})
    assert table["dimension"].tolist() == ["staff"] * 4 + ["place"] * 4
    assert table["figure"].iloc[:2].tolist() == ["alpha", "omega"]
    assert table["value"].notna().tolist() == [True] * 4 + [False] * 4
    alpha = servqual.cronbach_alpha(answers[["a", "b", "c"]])
    assert table.loc[0, ["value", "low", "high"]].tolist() == [alpha.value, alpha.low, alpha.high]


def test_item_table_agrees_with_numpy_and_with_alpha_of_the_rest():
    answers = _congeneric(80, 5, [0.8, 0.7, 0.2]).set_axis(list("abc"), axis=1)
    table = servqual.item_table(answers, {"all": list("abc")}).set_index("item")
    assert table.loc["a", "r"] == pytest.approx(
        np.corrcoef(answers["a"], answers["b"] + answers["c"])[0, 1]
    )
    rest = servqual.cronbach_alpha(answers[["a", "b"]])
    row = table.loc["c", ["alpha_if_deleted", "alpha_low", "alpha_high"]].astype(float)
    np.testing.assert_allclose(row, [rest.value, rest.low, rest.high])
    # Of normal answers the distribution-free error is Fisher's, 1 / sqrt(n) on the scale of atanh.
    wide = servqual.item_table(_congeneric(20_000, 6, [0.7] * 4), {"all": range(4)})
    margin = (np.arctanh(wide["r_high"]) - np.arctanh(wide["r_low"])) / 2
    np.testing.assert_allclose(margin, ndtri(0.975) / np.sqrt(20_000), rtol=0.05)


def test_item_table_without_spread_or_partner_has_no_figures():
    answers = pd.DataFrame({"a": [5.0] * 12, "b": range(12), "c": range(12), "d": range(12)})
    table = servqual.item_table(answers, {"flat": ["a", "b"], "single": ["c"], "x": ["c", "d"]})
    assert table["r"].fillna(-9).tolist() == pytest.approx([-9, -9, -9, 1, 1])
    assert table["alpha_if_deleted"].isna().all()


def _expected_and_perceived(same_item: float) -> servqual.Scores:
    # Two items each, alphas .8 (r = 2/3) and the correlation of the sums .5 where same_item = 5/12.
    block = np.array([[1, 2 / 3], [2 / 3, 1]])
    cross = np.full((2, 2), 5 / 12) + (same_item - 5 / 12) * np.array([[1, -1], [-1, 1]])
    both = _answers_that_correlate(np.block([[block, cross], [cross.T, block]]))
    return servqual.Scores(both[[0, 1]], both[[2, 3]].set_axis([0, 1], axis=1))


def test_reliability_of_a_difference_by_hand():
    scores = _expected_and_perceived(5 / 12)
    row = servqual.difference_reliability(scores, {"all": [0, 1]}).loc["all"]
    assert row["expectation_alpha"] == pytest.approx(0.8)
    assert row["correlation"] == pytest.approx(0.5)
    # (.8 + .8 - 2 * .5) / (1 + 1 - 2 * .5)
    assert row["reliability"] == pytest.approx(0.6)
    assert row["gap_alpha"] == pytest.approx(0.6)
    assert row["low"] < 0.6 < row["high"]


def test_errors_that_go_together_part_the_two_reliabilities():
    row = servqual.difference_reliability(_expected_and_perceived(0.5), {"all": [0, 1]}).loc["all"]
    # As before from its parts; a gap's item variance falls from 7/6 to 1: 2 (1 - 2 / (10/3)) = .8.
    assert row["reliability"] == pytest.approx(0.6)
    assert row["gap_alpha"] == pytest.approx(0.8)


def test_no_reliability_of_a_difference_says_why():
    flat = pd.DataFrame({"a": [5.0] * 12, "b": [6.0] * 12})
    table = servqual.difference_reliability(
        servqual.Scores(flat, flat), {"both": ["a", "b"], "one": ["a"]}
    )
    assert table["reliability"].isna().all()
    assert "same for all" in table.loc["both", "method"]
    assert "single item" in table.loc["one", "method"]
