import numpy as np
import pytest
from scipy import stats
from scipy.special import logit

from cxlib import churn, inference


def test_telco_risks_are_calibrated_and_beat_the_baselines(validation):
    estimates = validation.estimates
    assert estimates["logistic", "calibration_slope"].value == pytest.approx(1, abs=0.1)
    brier = [estimates[name, "brier"].value for name in ("logistic", "tenure alone", "base rate")]
    assert brier == sorted(brier)
    # 1,869 of 7,043 left: the base rate's Brier score is p (1 - p).
    assert brier[2] == pytest.approx(1869 / 7043 * (1 - 1869 / 7043), abs=1e-12)
    assert estimates["base rate", "brier_skill"].value == pytest.approx(0, abs=1e-12)


def test_brier_by_hand():
    y, risk = [1, 0, 1, 0], [0.9, 0.2, 0.6, 0.5]
    squares = [0.01, 0.04, 0.16, 0.25]
    one = churn.brier(y, risk)
    assert one.value == pytest.approx(0.115)
    margin = stats.t.ppf(0.975, 3) * stats.sem(squares)
    assert (one.low, one.high) == pytest.approx((0.115 - margin, 0.115 + margin))
    assert churn.brier_skill(y, risk).value == pytest.approx(1 - 0.115 / 0.25)


def test_brier_skill_interval_covers_in_95_of_100():
    rng = np.random.default_rng(23)
    # Risks .1 and .5 for halves: Brier (.09 + .25) / 2 = .17, base rate .3 * .7 = .21.
    truth, covered = 1 - 0.17 / 0.21, 0
    for _ in range(200):
        drawn = np.where(rng.random(400) < 0.5, 0.1, 0.5)
        one = churn.brier_skill(rng.random(400) < drawn, drawn)
        covered += one.low <= truth <= one.high
    assert 181 <= covered <= 197


def test_calibration_by_hand():
    # Risks .2 and .6 with 3 of 10 and 5 of 10 leavers: two points fix slope and intercept.
    risk = np.repeat([0.2, 0.6], 10)
    y = np.r_[np.arange(10) < 3, np.arange(10) < 5]
    expected = (logit(0.5) - logit(0.3)) / (logit(0.6) - logit(0.2))
    slope = churn.calibration_slope(y, risk)
    assert slope.value == pytest.approx(expected, abs=1e-8)
    # Woolf's error of the log odds ratio of the 2x2 table, carried to the slope.
    error = np.sqrt(1 / 3 + 1 / 7 + 1 / 5 + 1 / 5) / (logit(0.6) - logit(0.2))
    assert slope.high - slope.value == pytest.approx(1.959963985 * error, abs=1e-7)
    perfect = churn.calibration_slope([1, 1, 0, 0], [1.0, 0.8, 0.2, 0.0])
    assert (perfect.value, perfect.low) == (None, None)
    intercept = churn.calibration_intercept(y[:10], risk[:10])
    assert intercept.value == pytest.approx(logit(0.3) - logit(0.2), abs=1e-8)


def test_calibration_verdict_follows_the_intervals():
    def between(low, high):
        return inference.Estimate((low + high) / 2, low, high, 0.95, 100, "test")

    verdict = churn.calibration_verdict
    assert "can be read as probabilities" in verdict(between(0.9, 1.1), between(-0.1, 0.1))
    for slope, intercept in (
        (between(0.75, 1.2), between(-0.1, 0.1)),
        (between(0.9, 1.3), between(-0.1, 0.1)),
        (between(0.9, 1.1), between(-0.3, 0.1)),
    ):
        assert "cannot be judged with so few customers" in verdict(slope, intercept)
    assert "too extreme" in verdict(between(0.7, 0.9), between(-0.1, 0.1))
    assert "too low on the whole" in verdict(between(0.9, 1.1), between(0.1, 0.2))
    nothing = churn.calibration_slope([1, 0, 1], [0.5, 0.5, 0.5])
    assert "cannot be judged" in verdict(nothing, between(-0.1, 0.1))
