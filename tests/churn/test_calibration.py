import numpy as np
import pandas as pd
import patsy
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.special import expit, logit

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


def test_parts_of_the_brier_score_by_hand():
    # Risks .2 and .6 with 3 of 10 and 5 of 10 leavers: off by .1 both, rates .1 off their mean .4.
    risk = np.repeat([0.2, 0.6], 10)
    y = np.r_[np.arange(10) < 3, np.arange(10) < 5]
    parts = churn.brier_parts(y, risk)
    plain = {"reliability": 0.01, "resolution": 0.01, "uncertainty": 0.24, "within bins": 0}
    assert parts["uncorrected"].to_dict() == pytest.approx(plain | {"Brier score": 0.24})
    # Ferro & Fricker (2012): (7 x 3 / 9 + 5 x 5 / 9) / 10 / 20 off, .24 x 20 / 19 for the variance.
    noise = (21 / 90 + 25 / 90) / 20
    variance = 0.24 * 20 / 19
    expected = {"reliability": 0.01 - noise, "resolution": 0.01 - noise + variance / 20}
    expected |= {"uncertainty": variance, "within bins": 0, "Brier score": 0.24}
    assert parts["value"].to_dict() == pytest.approx(expected)


def test_parts_of_the_brier_score_add_up_and_do_not_hang_on_the_order():
    rng = np.random.default_rng(26)
    risk = np.round(rng.beta(1, 3, 500), 2)
    y, order = rng.random(500) < risk, rng.permutation(500)
    parts = churn.brier_parts(y, risk)
    for column in ("value", "uncorrected"):
        found = parts[column]
        total = found["reliability"] - found["resolution"] + found["uncertainty"]
        assert total + found["within bins"] == pytest.approx(found["Brier score"], abs=1e-14)
    assert parts.loc["Brier score", "low"] == churn.brier(y, risk).low
    other = churn.brier_parts(y[order], risk[order])
    pd.testing.assert_frame_equal(other, parts)
    # A tenth of a single customer joins its neighbour: 11 customers make bins of at least 2.
    assert churn.brier_parts(y[:11], np.arange(11) / 20).notna().all(axis=None)
    constant = churn.brier_parts(y, np.full(500, 0.25))["value"]
    assert constant[["resolution", "within bins"]].tolist() == pytest.approx([0, 0], abs=1e-12)


@pytest.mark.parametrize("slope", [1, 0.6])
def test_intervals_of_the_parts_cover_in_95_of_100(slope):
    # Ten equally frequent risks; the true ones are their log odds times the slope.
    risks = np.linspace(0.05, 0.95, 10)
    true = expit(slope * logit(risks))
    truth = {
        "reliability": np.mean((risks - true) ** 2),
        "resolution": np.var(true),
        "uncertainty": true.mean() * (1 - true.mean()),
        "Brier score": np.mean(true * (1 - true) + (risks - true) ** 2),
    }
    rng, covered, values = np.random.default_rng(27), dict.fromkeys(truth, 0), []
    for _ in range(200):
        drawn = rng.permutation(np.repeat(np.arange(10), 60))
        parts = churn.brier_parts(rng.random(600) < true[drawn], risks[drawn])
        values.append(parts.loc["reliability", "value"])
        for name, value in truth.items():
            covered[name] += parts.loc[name, "low"] <= value <= parts.loc[name, "high"]
    # 181 of 200 is the lower end of the 99 % band of 95 %. Sizes are fixed here, so that some cover
    # more. Where all is right the interval is wide on its upper side: see Siegert (2014).
    assert min(covered.values()) >= 181, covered
    # Murphy's reliability of 60 customers a risk is too high by .0021 or so; the error is .0002.
    assert np.mean(values) == pytest.approx(truth["reliability"], abs=0.0006)


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

    verdict, yes_or_no = churn.calibration_verdict, churn.is_calibrated
    assert yes_or_no(between(0.9, 1.1), between(-0.1, 0.1)) is True
    assert yes_or_no(between(0.9, 1.3), between(-0.1, 0.1)) is None
    assert yes_or_no(between(0.85, 0.95), between(-0.1, 0.1)) is False
    assert "can be read as probabilities" in verdict(between(0.9, 1.1), between(-0.1, 0.1))
    for slope, intercept in (
        (between(0.75, 1.2), between(-0.1, 0.1)),
        (between(0.9, 1.3), between(-0.1, 0.1)),
        (between(0.9, 1.1), between(-0.3, 0.1)),
    ):
        assert "cannot be judged with so few customers" in verdict(slope, intercept)
    assert "too extreme" in verdict(between(0.7, 0.9), between(-0.1, 0.1))
    assert "order rather than their size" in verdict(between(0.7, 0.9), between(-0.1, 0.1))
    assert "too low on the whole" in verdict(between(0.9, 1.1), between(0.1, 0.2))
    nothing = churn.calibration_slope([1, 0, 1], [0.5, 0.5, 0.5])
    assert "cannot be judged" in verdict(nothing, between(-0.1, 0.1))


def curved(seed, n, shape):
    rng = np.random.default_rng(seed)
    odds = -1.2 + 1.4 * rng.normal(size=n)
    return rng.random(n) < expit(shape(odds)), expit(odds)


def test_the_curve_is_the_natural_spline_of_another_library():
    # 200 risks, two customers each, so that every fine bin is one risk.
    odds = np.repeat(np.random.default_rng(33).normal(size=200), 2)
    risk = expit(odds)
    y = np.random.default_rng(34).random(400) < expit(odds + 0.4 * np.sin(2 * odds))
    curve = churn.calibration_curve(y, risk)
    knots = np.quantile(odds, [0.05, 0.275, 0.5, 0.725, 0.95])
    bounds = {"inner": knots[1:-1], "least": knots[0], "most": knots[-1]}
    formula = "cr(x, knots=inner, lower_bound=least, upper_bound=most) - 1"
    spline = patsy.dmatrix(formula, {"x": odds} | bounds)
    fit = sm.Logit(y.astype(float), np.asarray(spline)).fit(disp=0)
    grid = logit(curve.points["predicted"].to_numpy())
    design = patsy.build_design_matrices([spline.design_info], {"x": grid} | bounds)[0]
    assert curve.points["observed"].to_numpy() == pytest.approx(
        expit(design @ fit.params), abs=1e-6
    )


def test_a_curve_without_enough_leavers_has_three_knots_and_none_a_reason():
    y, risk = curved(34, 300, lambda x: x)
    assert churn.calibration_curve(y[:60], risk[:60]).reason == ""
    few = churn.calibration_curve(np.arange(60) < 9, risk[:60])
    assert (few.ici.value, len(few.points)) == (None, 0)
    assert "fewer than 10 left or stayed" in few.reason
    assert "constant risks" in churn.calibration_curve(y, np.full(300, 0.4)).reason
    apart = churn.calibration_curve(np.arange(100) < 50, np.linspace(0.9, 0.1, 100))
    assert "separate" in apart.reason
    assert few.distribution["customers"].sum() == 60


def test_integrated_index_of_a_known_shift():
    # A million customers: the curve is exact to some .001, and the shift is a straight line on it.
    y, risk = curved(35, 1_000_000, lambda x: x + 0.5)
    curve = churn.calibration_curve(y, risk)
    truth = np.mean(expit(logit(risk) + 0.5) - risk)
    assert curve.ici.value == pytest.approx(truth, abs=0.003)
    assert curve.ici.low < truth < curve.ici.high
    assert curve.ici_by_chance < 0.002
    inside = curve.points.query(".05 < predicted < .9")
    expected = expit(logit(inside["predicted"]) + 0.5)
    assert (inside["observed"] - expected).abs().max() < 0.01


def test_intervals_of_index_and_band_cover_in_95_of_100():
    index = band = 0
    for seed in range(200):
        y, risk = curved(seed, 1000, lambda x: 0.8 * x + 0.3)
        curve = churn.calibration_curve(y, risk)
        true = expit(0.8 * logit(risk) + 0.3)
        index += curve.ici.low <= np.mean(np.abs(true - risk)) <= curve.ici.high
        row = curve.points.iloc[50]
        band += row["low"] <= expit(0.8 * logit(row["predicted"]) + 0.3) <= row["high"]
    # The 99 % band of 200 at 95 %.
    assert 181 <= index <= 197
    assert 181 <= band <= 197


def test_right_risks_are_rarely_shown_to_be_wrong():
    curves = [churn.calibration_curve(*curved(seed, 1000, lambda x: x)) for seed in range(100)]
    # The interval begins at 0 in 97.5 of 100; below 92 has a chance of .003.
    assert sum(one.ici.low == 0 for one in curves) >= 92
    # What noise alone gives is what right risks got; both means have an error of some .0005.
    found = np.mean([one.ici.value for one in curves])
    assert found == pytest.approx(np.mean([one.ici_by_chance for one in curves]), abs=0.002)
