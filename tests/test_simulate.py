"""The simulated survey: what it is on average is known exactly, and it behaves as real ones do."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

from cxlib import PROJECT, simulate

ITEMS = [f"{number:02d}" for number in range(1, 23)]
LARGE = 20_000


@pytest.fixture(scope="module")
def large() -> pd.DataFrame:
    return simulate.servqual(LARGE, np.random.default_rng(7))


def _answers(survey: pd.DataFrame, letter: str) -> np.ndarray:
    return survey[[f"{letter}{item}" for item in ITEMS]].to_numpy()


def _on_average(column: str) -> float:
    """The exact mean over branches and items; every item counts the same."""
    truth = simulate.expected_answers()
    return float(np.average(truth[column], weights=truth["branch_share"]))


def test_joint_chances_agree_with_the_bivariate_normal():
    mu, nu = 6.4, 4.6
    chances = simulate.joint_chances(mu, nu)
    covariance = simulate.LATENT_CORRELATION * simulate.EXPECTATION_SD * simulate.PERCEPTION_SD
    latent = multivariate_normal(
        [mu, nu],
        [[simulate.EXPECTATION_SD**2, covariance], [covariance, simulate.PERCEPTION_SD**2]],
    )
    corner = latent.cdf([3.5, 3.5])  # both answers 3 or less
    stays = (1 - simulate.REPEAT_RATE) * corner
    repeats = simulate.REPEAT_RATE * norm.cdf(3.5, mu, simulate.EXPECTATION_SD)
    assert chances[:3, :3].sum() == pytest.approx(stays + repeats, abs=1e-5)
    assert chances.sum() == pytest.approx(1, abs=1e-12)


def test_expected_answers_follow_from_the_marginal_normal():
    truth = simulate.expected_answers().set_index(["branch", "item"])
    mu, nu = simulate.LATENT_MEANS["assurance"][0]
    shifted = nu + simulate.BRANCH_EFFECTS["Garden"]["assurance"]
    # A whole number from 1 to 7 has the mean 1 + sum of the chances to exceed 1.5, 2.5, ..., 6.5.
    expectation = 1 + norm.sf(simulate.CUTS, mu, simulate.EXPECTATION_SD).sum()
    own = 1 + norm.sf(simulate.CUTS, shifted, simulate.PERCEPTION_SD).sum()
    perception = simulate.REPEAT_RATE * expectation + (1 - simulate.REPEAT_RATE) * own
    row = truth.loc[("Garden", "14")]
    assert row["expectation"] == pytest.approx(expectation, abs=1e-9)
    assert row["gap"] == pytest.approx(perception - expectation, abs=1e-9)
    assert row["ceiling_share"] == pytest.approx(norm.sf(6.5, mu, simulate.EXPECTATION_SD))


def test_draws_agree_with_the_exact_expectation(large):
    drawn = pd.DataFrame(_answers(large, "P") - _answers(large, "E"), columns=ITEMS)
    by_branch = drawn.groupby(large["branch"])
    means, errors = by_branch.mean().stack(), by_branch.sem().stack()
    truth = simulate.expected_answers().set_index(["branch", "item"])["gap"]
    z = (means - truth.reindex(means.index)) / errors
    # 88 standardized deviations: the largest is above 4 once in 180 samples.
    assert len(z) == 88
    assert z.abs().max() < 4
    # A deviation of .02 in all items would shift their mean z by more than 1; its own sd is < .6.
    assert abs(z.mean()) < 1.5


# Behaviour of the real survey; exact here, so the tolerance is only how near we set the constants.
@pytest.mark.parametrize(
    ("column", "target", "tolerance"),
    [
        ("expectation", 6.03, 0.02),
        ("perception", 4.89, 0.02),
        ("gap", -1.14, 0.02),
        ("ceiling_share", 0.56, 0.01),
        ("zero_share", 0.38, 0.01),
        ("positive_share", 0.08, 0.005),
    ],
)
def test_calibration_of_exact_figures(column, target, tolerance):
    assert _on_average(column) == pytest.approx(target, abs=tolerance)


# With 20,000 respondents the Monte Carlo error (1 sd) is below .01 for each figure.
@pytest.mark.parametrize(
    ("letter", "target"), [("E", 0.91), ("P", 1.53)], ids=["expectation", "perception"]
)
def test_calibration_of_the_median_item_sd(large, letter, target):
    sd = np.nanstd(_answers(large, letter), axis=0, ddof=1)
    assert np.median(sd) == pytest.approx(target, abs=0.03)


def test_calibration_of_the_correlation_within_items(large):
    frames = (pd.DataFrame(_answers(large, letter)) for letter in "EP")
    expectation, perception = frames
    assert expectation.corrwith(perception).mean() == pytest.approx(0.28, abs=0.02)


def test_calibration_of_what_predicts_satisfaction(large):
    satisfaction = large["overall_satisfaction"]
    perception = pd.Series(np.nanmean(_answers(large, "P"), axis=1))
    gap = pd.Series(np.nanmean(_answers(large, "P") - _answers(large, "E"), axis=1))
    assert satisfaction.corr(perception) == pytest.approx(0.43, abs=0.03)
    assert satisfaction.corr(gap) == pytest.approx(0.31, abs=0.03)


def test_importance_points(large):
    points = large[[f"points_{name}" for name in simulate.IMPORTANCE]]
    assert (points.sum(axis=1) == 100).all()
    assert (points >= 0).all(axis=None)
    z = (points.mean() - list(simulate.IMPORTANCE.values())) / points.sem()
    assert z.abs().max() < 4


def test_missing_answers_are_few_and_at_random(large):
    answers = np.hstack([_answers(large, "E"), _answers(large, "P")])
    # sd of the rate: sqrt(.015 * .985 / 880,000) = .00013
    assert np.isnan(answers).mean() == pytest.approx(simulate.MISSING_RATE, abs=0.0006)
    known = answers[~np.isnan(answers)]
    assert set(np.unique(known)) == set(range(1, 8))


def test_channel_changes_nothing_and_branch_does(large):
    gap = pd.Series(np.nanmean(_answers(large, "P") - _answers(large, "E"), axis=1))
    by_channel = gap.groupby(large["channel"]).mean()
    by_branch = gap.groupby(large["branch"]).mean()
    # sd of a channel's mean: .77 / sqrt(4,000) = .012
    assert np.ptp(by_channel) < 0.05
    assert by_branch["Garden"] - by_branch["Bazaar"] > 0.2


def test_dimensions_differ_and_one_gap_is_small():
    truth = simulate.expected_answers()
    weighted = truth["gap"] * truth["branch_share"]
    sizes = truth.groupby("dimension")["branch_share"].sum()
    gap = weighted.groupby(truth["dimension"]).sum() / sizes
    assert gap.idxmax() == "tangibles"
    assert gap["tangibles"] > -0.5
    assert np.diff(np.sort(gap)).min() > 0.1
    assert (gap * pd.Series(simulate.IMPORTANCE)).idxmin() == "responsiveness"


def test_least_acceptable_level_by_hand():
    chances = simulate.adequate_chances()
    # From 7: one above is cut to 7 (.02 + .20), then 6, 5, 4; from 1: only 2 can be above.
    assert chances[6] == pytest.approx([0, 0, 0, 0.11, 0.27, 0.40, 0.22])
    assert chances[0] == pytest.approx([0.98, 0.02, 0, 0, 0, 0, 0])
    assert chances.sum(axis=1) == pytest.approx(np.ones(7))


def test_drawn_zones_agree_with_the_exact_ones(large):
    expectation, perception, adequate = (_answers(large, letter) for letter in "EPA")
    known = ~np.isnan(expectation + perception + adequate)
    drawn = {
        "adequate": np.where(known, adequate, np.nan),
        "below_share": np.where(known, perception < adequate, np.nan),
        "inverted_share": np.where(known, adequate > expectation, np.nan),
    }
    for column, values in drawn.items():
        people = pd.Series(np.nanmean(values, axis=1))
        # The respondents' means are independent: their standard error is that of the mean.
        assert abs(people.mean() - _on_average(column)) < 4 * people.sem(), column
    width = np.nanmean(expectation - adequate)
    assert 1.0 < width < 1.5
    assert _on_average("inverted_share") < 0.02


def test_some_people_have_wider_zones_than_others(large):
    width = pd.DataFrame(_answers(large, "E") - _answers(large, "A"))
    # Independent steps would spread the respondents' means by .97 / sqrt(22) = .21.
    assert width.mean(axis=1).std() > 0.5


def test_waves_differ_in_responsiveness_alone():
    now, before = simulate.expected_answers(), simulate.expected_answers("2025")
    prompt = now["dimension"] == "responsiveness"
    assert prompt.sum() == 16
    pd.testing.assert_frame_equal(now[~prompt], before[~prompt])
    # Equal but for the error of the quadrature.
    assert before["expectation"].to_numpy() == pytest.approx(now["expectation"].to_numpy())
    _, nu = simulate.LATENT_MEANS["responsiveness"][0]
    means = nu + simulate.BRANCH_EFFECTS["Bazaar"]["responsiveness"] + np.array([0.0, 0.6])
    later, earlier = norm.sf(simulate.CUTS[:, None], means, simulate.PERCEPTION_SD).sum(axis=0)
    row = (now["branch"] == "Bazaar") & (now["item"] == "10")
    change = float((now["gap"] - before["gap"])[row].iloc[0])
    assert change == pytest.approx((1 - simulate.REPEAT_RATE) * (later - earlier), abs=1e-9)


def test_draws_of_the_previous_wave_agree_with_its_truth():
    survey = simulate.servqual(LARGE, np.random.default_rng(8), "2025")
    drawn = pd.DataFrame(_answers(survey, "P") - _answers(survey, "E"), columns=ITEMS)
    truth = simulate.expected_answers("2025").set_index(["branch", "item"])["gap"]
    means = drawn.groupby(survey["branch"]).mean().stack()
    z = (means - truth.reindex(means.index)) / drawn.groupby(survey["branch"]).sem().stack()
    assert z.abs().max() < 4
    assert set(survey["wave"]) == {"2025"}


def test_unknown_wave_is_an_error():
    with pytest.raises(KeyError, match="1999"):
        simulate.servqual(5, np.random.default_rng(1), "1999")


def test_shipped_waves_have_ids_of_their_own():
    waves = simulate.survey_waves()
    assert waves["wave"].value_counts().to_dict() == {"2026": 600, "2025": 400}
    assert waves["respondent"].is_unique
    first = waves.groupby("wave")["respondent"].first()
    assert first.to_dict() == {"2026": "S001", "2025": "S601"}


def test_same_seed_same_survey():
    first, second = (simulate.servqual(50, np.random.default_rng(3)) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    other = simulate.servqual(50, np.random.default_rng(4))
    assert not first.equals(other)


def test_shipped_files_are_what_the_simulator_writes(tmp_path):
    simulate.main(tmp_path)
    written = sorted(path.name for path in tmp_path.iterdir())
    shipped = PROJECT / "data" / "raw"
    assert written == sorted(path.name for path in shipped.glob("*simulated*"))
    for name in written:
        assert (tmp_path / name).read_bytes() == (shipped / name).read_bytes(), name


def test_shipped_truths_say_that_the_company_is_invented():
    truths = sorted((PROJECT / "data" / "raw").glob("*simulated_truth.json"))
    assert len(truths) == 6
    for path in truths:
        assert "invented" in json.loads(path.read_text(encoding="utf-8"))["company"]


def test_shipped_truth_belongs_to_the_survey():
    path = PROJECT / "data" / "raw" / "servqual_simulated_truth.json"
    truth = json.loads(path.read_text(encoding="utf-8"))
    assert sum(truth["importance"].values()) == 100
    shares = pd.DataFrame(truth["items"]).groupby("branch")["branch_share"].first()
    assert shares.sum() == pytest.approx(1)
    change = truth["gap_change_2025_to_2026"]
    gaps = [
        np.average(rows["gap"], weights=rows["branch_share"])
        for rows in (
            pd.DataFrame(truth[items]).query("dimension == 'responsiveness'")
            for items in ("items", "items_2025")
        )
    ]
    assert change["responsiveness"] == pytest.approx(gaps[0] - gaps[1], abs=1e-7)
    assert change["responsiveness"] < -0.3
    others = [value for dimension, value in change.items() if dimension != "responsiveness"]
    assert others == [0, 0, 0, 0]


def test_no_respondents_is_an_error():
    with pytest.raises(ValueError, match="needs respondents"):
        simulate.servqual(0, np.random.default_rng(1))
