"""The zone of tolerance against hand computation, scipy and limiting cases."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_rel
from statsmodels.stats.proportion import proportion_confint

from cxlib import inference, servqual

DIMENSIONS = {"staff": ["a", "b"], "place": ["c"]}


@pytest.fixture
def triples() -> pd.DataFrame:
    """Six respondents on one item: below, within (at both edges and inside), above, inverted."""
    levels = {"A_a": [4, 4, 3, 4, 4, 6], "E_a": [6, 6, 6, 6, 6, 5], "P_a": [3, 4, 5, 6, 7, 5]}
    return pd.DataFrame(levels, dtype=float)


def _survey(adequate: float, desired: float, perceived: float, people: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    means = {"A": adequate, "E": desired, "P": perceived}
    return pd.DataFrame(
        {f"{x}_{i}": rng.normal(mean, 0.5, people) for x, mean in means.items() for i in "abc"}
    )


def _dimension_scores(responses: pd.DataFrame) -> servqual.Tolerance:
    return servqual.tolerance_dimensions(
        servqual.tolerance_items(responses, DIMENSIONS), DIMENSIONS
    )


def test_an_answer_without_its_partners_is_left_out(triples):
    triples.loc[0, "A_a"] = triples.loc[1, "E_a"] = triples.loc[2, "P_a"] = np.nan
    items = servqual.tolerance_items(triples, {"staff": ["a"]})
    for frame in (items.adequate, items.desired, items.perceived, items.width):
        assert frame["a"].notna().tolist() == [False] * 3 + [True] * 3


def test_signs_of_adequacy_superiority_and_width(triples):
    items = servqual.tolerance_items(triples, {"staff": ["a"]})
    assert items.adequacy.gap["a"].tolist() == [-1, 0, 2, 2, 3, -1]
    assert items.superiority.gap["a"].tolist() == [-3, -2, -1, 0, 1, 0]
    assert items.width["a"].tolist() == [2, 2, 3, 2, 2, -1]


def test_each_respondent_stands_in_one_place(triples):
    few = servqual.tolerance_shares(servqual.tolerance_items(triples, {"staff": ["a"]}))
    assert few[["rate", "low", "high"]].isna().all(axis=None)
    twice = pd.concat([triples] * 2, ignore_index=True)
    shares = servqual.tolerance_shares(servqual.tolerance_items(twice, {"staff": ["a"]}))
    # The edges belong to the zone; the inverted zone of the sixth is no place to stand in.
    rates = [1 / 6, 3 / 6, 1 / 6, 1 / 6]
    zones = ["below", "within", "above", "inverted zone"]
    assert shares.loc["a"].index.tolist() == zones
    np.testing.assert_allclose(shares["rate"], rates)
    within = inference.proportion_interval(6, 12)
    assert (shares.loc[("a", "within"), ["low", "high"]] == [within.low, within.high]).all()
    assert (shares["n"] == 12).all()


def test_weighted_shares_are_linearized(triples):
    weights = np.tile([2.0, 1, 1, 1, 0, np.nan], 4)
    four_times = pd.concat([triples] * 4, ignore_index=True)
    items = servqual.tolerance_items(four_times, {"staff": ["a"]})
    shares = servqual.tolerance_shares(items, weights=weights).loc["a"]
    # Respondents 1 to 4 of each six count: below 2 of 5, within 3 of 5.
    np.testing.assert_allclose(shares["rate"], [0.4, 0.6, 0, 0])
    assert (shares["n"] == 16).all()
    # w (x - .6) is -1.2, .4, .4, .4; (sum w)^2 / sum w^2 = 100 / 7 is the larger size.
    size = 0.6 * 0.4 / (16 / 15 * 4 * 1.92 / 20**2)
    bounds = shares.loc["within", ["low", "high"]].astype(float)
    peer = proportion_confint(0.6 * size, size, method="wilson")
    np.testing.assert_allclose(bounds, peer)
    # Nobody is above: z^2 / (n + z^2) for the 100 / 7 respondents that Kish counts.
    assert shares.loc["above", "high"] == pytest.approx(1.959964**2 / (100 / 7 + 1.959964**2))


def test_both_measures_are_paired_tests_with_one_correction():
    responses = _survey(4.5, 6, 5)
    tests = servqual.tolerance_tests(_dimension_scores(responses), level=0.9)
    assert tests.index.tolist() == [
        (measure, name) for measure in ("adequacy", "superiority") for name in DIMENSIONS
    ]
    for measure, letter in (("adequacy", "A"), ("superiority", "E")):
        perceived = responses[["P_a", "P_b"]].mean(axis=1)
        paired = ttest_rel(perceived, responses[[f"{letter}_a", f"{letter}_b"]].mean(axis=1))
        row = tests.loc[(measure, "staff")]
        np.testing.assert_allclose([row["t"], row["p"]], [paired.statistic, paired.pvalue])
        np.testing.assert_allclose([row["low"], row["high"]], paired.confidence_interval(0.9))
    np.testing.assert_allclose(tests["p_holm"], inference.holm(tests["p"]))


@pytest.mark.parametrize(
    ("adequate", "desired", "perceived", "state"),
    [
        (4, 6, 3, "below"),
        (4, 6, 5, "within"),
        (4, 6, 7, "above"),
        (4, 6, 4, "not told from an edge"),
        (6, 4, 5, "inverted zone"),
    ],
)
def test_the_state_says_where_the_mean_perception_stands(adequate, desired, perceived, state):
    table = servqual.tolerance_table(_dimension_scores(_survey(adequate, desired, perceived)))
    assert table["state"].tolist() == [state, state]
    # Three standard errors, .5 / sqrt(120) for the mean of two items, make one in 400.
    assert table.loc["staff", "width"] == pytest.approx(desired - adequate, abs=3 * 0.092)


def test_the_same_difference_for_everybody_is_sure_from_ten_on():
    alike = pd.DataFrame({"A_c": [4.0] * 10, "E_c": [6.0] * 10, "P_c": [5.0] * 10})
    ten = servqual.tolerance_table(servqual.tolerance_items(alike, {"place": ["c"]}))
    assert ten.loc["c", "state"] == "within"
    nine = servqual.tolerance_table(servqual.tolerance_items(alike[:9], {"place": ["c"]}))
    assert nine.loc["c", "state"] == "too few answers"


def test_a_zone_is_inverted_only_where_that_is_sure():
    rng = np.random.default_rng(3)
    width = rng.normal(0, 1, 40)
    width += -0.05 - width.mean()
    unsure = pd.DataFrame({"A_c": 5 - width / 2, "E_c": 5 + width / 2, "P_c": [5.0] * 40})
    table = servqual.tolerance_table(servqual.tolerance_items(unsure, {"place": ["c"]}))
    assert table.loc["c", "width_low"] < table.loc["c", "width"] < 0 < table.loc["c", "width_high"]
    assert table.loc["c", "state"] == "not told from an edge"
    sure = unsure.assign(E_c=unsure["E_c"] - 1)
    table = servqual.tolerance_table(servqual.tolerance_items(sure, {"place": ["c"]}))
    assert table.loc["c", "state"] == "inverted zone"
    heavy = servqual.tolerance_table(
        servqual.tolerance_items(sure, {"place": ["c"]}), weights=[1e3] + [0.1] * 39
    )
    assert heavy.loc["c", "state"] == "too few answers"


def test_inverted_zones_are_counted_and_stay_in_the_means(triples):
    few = servqual.tolerance_table(servqual.tolerance_items(triples, {"staff": ["a"]}))
    assert few[["adequate", "desired", "perceived", "width", "inverted"]].isna().all(axis=None)
    twice = pd.concat([triples] * 2, ignore_index=True)
    table = servqual.tolerance_table(servqual.tolerance_items(twice, {"staff": ["a"]}))
    assert (table.loc["a", "n"], table.loc["a", "inverted"]) == (12, 2)
    assert table.loc["a", "width"] == pytest.approx(10 / 6)
    assert table.loc["a", "adequate"] == pytest.approx(25 / 6)


def test_a_respondent_of_no_weight_counts_nowhere(triples):
    weights = [1, 1, 1, 1, 1, 0] * 2
    twice = pd.concat([triples] * 2, ignore_index=True)
    items = servqual.tolerance_items(twice, {"staff": ["a"]})
    table = servqual.tolerance_table(items, weights=weights)
    assert table.loc["a", ["n", "missing", "inverted"]].tolist() == [10, 2, 0]
    assert table.loc["a", "desired"] == 6


def test_a_survey_without_the_adequate_level_goes_on():
    responses = _survey(4, 6, 5).drop(columns=["A_a", "A_b", "A_c"])
    scores = _dimension_scores(responses)
    table = servqual.tolerance_table(scores)
    assert table["state"].tolist() == ["too few answers"] * 2
    assert servqual.tolerance_shares(scores)["n"].eq(0).all()
    assert servqual.tolerance_verdict(table).startswith("There is no zone of tolerance")


def test_the_verdict_names_each_dimension_once():
    responses = _survey(4, 6, 3)
    responses["P_c"] += 2
    verdict = servqual.tolerance_verdict(servqual.tolerance_table(_dimension_scores(responses)))
    assert verdict == (
        "Below what customers would just accept: staff."
        " Acceptable, short of what they desire: place."
    )
