"""SERVPERF beside SERVQUAL against statsmodels, scipy, Zou's formula and limiting cases."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import bootstrap, norm

from cxlib import servqual
from cxlib.servqual import validity

PERCEPTIONS, GAPS = "perceptions (SERVPERF)", "gaps (SERVQUAL)"


def _survey(
    people: int, seed: int, *, of_perception: float = 0.6, of_expectation: float = 0.0
) -> tuple[servqual.Scores, servqual.Scores, pd.Series]:
    """Three dimensions, their mean as the overall score, and satisfaction."""
    rng = np.random.default_rng(seed)
    expectation = pd.DataFrame(rng.normal(6, 1, (people, 3)), columns=list("abc"))
    perception = pd.DataFrame(rng.normal(5, 1, (people, 3)), columns=list("abc"))
    signal = (of_perception * perception + of_expectation * expectation).sum(axis=1)
    whole = (x.mean(axis=1).to_frame("overall") for x in (expectation, perception))
    satisfaction = signal + rng.normal(0, 1, people)
    return servqual.Scores(expectation, perception), servqual.Scores(*whole), satisfaction


def _explained(survey, *, seed: int = 0, **options) -> servqual.Explained:
    return servqual.satisfaction_explained(*survey, np.random.default_rng(seed), **options)


@pytest.mark.parametrize("weighted", [False, True])
def test_r2_agrees_with_least_squares(weighted):
    scores, _, satisfaction = survey = _survey(90, 1)
    weights = np.random.default_rng(2).uniform(0.2, 3, 90) if weighted else None
    found = _explained(survey, weights=weights, draws=100).models
    e, p = scores.expectation, scores.perception
    apart = pd.concat([p, e.add_prefix("e")], axis=1)
    for name, x in zip(found.index, (p, p - e, apart), strict=True):
        w = 1.0 if weights is None else weights
        fit = sm.WLS(satisfaction, sm.add_constant(x), weights=w).fit()
        assert found.loc[name, "r2"] == pytest.approx(fit.rsquared)
        assert found.loc[name, "r2_adjusted"] == pytest.approx(fit.rsquared_adj)
    assert found["predictors"].tolist() == [3, 3, 6]


def test_correlations_are_those_of_the_overall_scores():
    _, overall, satisfaction = survey = _survey(90, 1)
    found = _explained(survey, draws=100).correlations["r"]
    assert found[PERCEPTIONS] == pytest.approx(
        np.corrcoef(overall.perception["overall"], satisfaction)[0, 1]
    )
    assert found[GAPS] == pytest.approx(np.corrcoef(overall.gap["overall"], satisfaction)[0, 1])


def test_the_differences_are_perceptions_less_gaps():
    found = _explained(_survey(90, 1), draws=100)
    r2, r = found.models["r2"], found.correlations["r"]
    assert found.r2_difference.value == pytest.approx(r2[PERCEPTIONS] - r2[GAPS])
    assert found.r_difference.value == pytest.approx(r[PERCEPTIONS] - r[GAPS])
    assert found.summary["value"].tolist() == [found.r2_difference.value, found.r_difference.value]


def test_intervals_agree_with_scipys_bca_bootstrap():
    scores, _, satisfaction = survey = _survey(60, 3)
    x = np.column_stack([scores.perception, scores.gap, satisfaction])

    def r2(samples, columns):
        centred = samples - samples.mean(axis=-2, keepdims=True)
        inner = np.swapaxes(centred, -1, -2) @ centred
        outer = inner[..., columns, -1:]
        explained = np.linalg.solve(inner[..., columns, columns], outer)
        return (outer * explained).sum(axis=(-1, -2)) / inner[..., -1, -1]

    def difference(rows, axis):
        samples = x[rows.astype(int)]
        return r2(samples, slice(0, 3)) - r2(samples, slice(3, 6))

    theirs = bootstrap(
        (np.arange(60.0),), difference, n_resamples=20_000, rng=np.random.default_rng(1), batch=2000
    ).confidence_interval
    ours = _explained(survey, draws=20_000).r2_difference
    # A bound of a 2.5 % tail from 20,000 draws of sd .085 varies by about .0016; four times that.
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs), abs=0.0065)


def test_the_difference_of_correlations_agrees_with_zou():
    _, overall, _ = survey = _survey(4000, 4)
    found = _explained(survey, draws=4000)
    first, second = found.correlations["r"]
    between = np.corrcoef(overall.perception["overall"], overall.gap["overall"])[0, 1]
    # Zou (2007): dependent correlations that share a variable, of normal scores.
    core = (between - first * second / 2) * (1 - first**2 - second**2 - between**2) + between**3
    together = core / ((1 - first**2) * (1 - second**2))
    reach = norm.ppf(0.975) / np.sqrt(4000 - 3)
    (l1, u1), (l2, u2) = (
        np.tanh(np.arctanh(r) + np.array([-reach, reach])) for r in (first, second)
    )
    down, up = (
        np.sqrt(a**2 + b**2 - 2 * together * a * b)
        for a, b in ((first - l1, u2 - second), (u1 - first, second - l2))
    )
    difference = found.r_difference
    # Half-widths of about .023; a bound of 4,000 draws varies by .0005, the estimated sd of 4,000
    # respondents by 2 %, together .0007; three times that.
    assert difference.low == pytest.approx(first - second - down, abs=0.002)
    assert difference.high == pytest.approx(first - second + up, abs=0.002)


def test_perceptions_are_found_better_where_expectations_only_add_noise():
    found = _explained(_survey(300, 5))
    assert found.r2_difference.low > 0
    assert found.sentence.startswith("Perceptions alone explain satisfaction better than gaps do")
    assert f"difference of {found.r2_difference.value:.3f} in R²" in found.sentence


def test_gaps_are_found_better_where_satisfaction_follows_them():
    found = _explained(_survey(300, 6, of_expectation=-0.6))
    assert found.r2_difference.high < 0
    assert found.sentence.startswith("Gaps explain satisfaction better than perceptions alone")


def test_unrelated_satisfaction_tells_nothing_apart():
    found = _explained(_survey(300, 7, of_perception=0.0))
    assert found.r2_difference.low < 0 < found.r2_difference.high
    assert found.sentence.startswith("Whether perceptions or gaps explain satisfaction better")


def test_expectations_that_are_alike_make_both_the_same():
    scores, overall, satisfaction = _survey(80, 8)
    alike = [servqual.Scores(one.expectation * 0 + 7, one.perception) for one in (scores, overall)]
    found = _explained((*alike, satisfaction))
    assert found.r2_difference.value == pytest.approx(0, abs=1e-12)
    assert found.r2_difference.low == found.r2_difference.high == found.r2_difference.value
    assert found.models["r2"].max() - found.models["r2"].min() < 1e-12
    assert found.sentence.startswith("Whether")


def test_a_respondent_without_weight_or_with_a_missing_score_is_left_out():
    scores, overall, satisfaction = _survey(120, 9)
    weights = np.ones(120)
    weights[:10], weights[10:20] = 0, np.nan
    satisfaction[20:30] = np.nan
    scores.perception.iloc[30:40, 1] = np.nan
    found = _explained((scores, overall, satisfaction), weights=weights, draws=100)
    kept = [servqual.Scores(one.expectation[40:], one.perception[40:]) for one in (scores, overall)]
    same = _explained((*kept, satisfaction[40:]), draws=100)
    assert (found.models["n"] == 80).all()
    np.testing.assert_allclose(found.models, same.models)
    np.testing.assert_allclose(found.summary[["low", "high"]], same.summary[["low", "high"]])


def test_row_order_and_units_change_no_figure():
    scores, overall, satisfaction = survey = _survey(100, 10)
    doubled = [
        servqual.Scores(2 * one.expectation, 2 * one.perception) for one in (scores, overall)
    ]
    first, second = _explained(survey), _explained((*doubled, 10 - 3 * satisfaction))
    np.testing.assert_allclose(first.models, second.models)
    np.testing.assert_allclose(first.correlations["r"], -second.correlations["r"])


def test_blocks_of_many_respondents_vary_as_the_respondents_do(monkeypatch):
    survey = _survey(1000, 11)
    single = _explained(survey, draws=5000).r2_difference
    monkeypatch.setattr(validity, "BLOCKS", 250)
    blocks = _explained(survey, draws=5000).r2_difference
    # Bounds of 5,000 draws vary by .04 sd, the sd of 250 blocks by 1 / sqrt(500) = .045, twice that
    # at a bound: together .11 sd. A resample that forgot the blocks' sizes would be off by 2 sd.
    width = single.high - single.low
    assert (blocks.low, blocks.high) == pytest.approx((single.low, single.high), abs=width / 15)


def test_resamples_of_equal_satisfaction_are_left_out():
    scores, overall, satisfaction = _survey(60, 13)
    # One resample in e, (1 - 1/60)^60, lacks the only dissatisfied respondent.
    one = satisfaction * 0 + (satisfaction == satisfaction.min())
    found = _explained((scores, overall, one))
    assert found.models[["r2", "low", "high"]].notna().all(axis=None)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("satisfaction", "no satisfaction question"),
        ("expectation", "no expectations were asked"),
        ("few", "fewer than 5 complete respondents for each of 6 predictors"),
        ("constant", "all satisfaction answers are equal"),
    ],
)
def test_what_cannot_be_told_is_said(fault, reason):
    scores, overall, satisfaction = _survey(29 if fault == "few" else 60, 12)
    if fault == "expectation":
        alone = scores.perception.add_prefix("P_")
        scores = servqual.item_scores(alone, {name: [name] for name in "abc"})
    answers = {"satisfaction": None, "constant": satisfaction * 0}.get(fault, satisfaction)
    found = _explained((scores, overall, answers))
    assert found.sentence == f"Perceptions cannot be set beside gaps: {reason}."
    assert found.models.empty
    assert found.correlations.empty
    assert found.summary["value"].isna().all()
