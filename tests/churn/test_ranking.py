import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit
from sklearn.metrics import average_precision_score, roc_auc_score

from cxlib import churn


@pytest.mark.parametrize(("model", "published"), [("logistic", 0.845), ("boosting", 0.847)])
def test_telco_auc_is_the_published_one(validation, model, published):
    assert validation.estimates[model, "auc"].value == pytest.approx(published, abs=0.01)


def brute_force_delong(y, risks):
    """DeLong, DeLong & Clarke-Pearson (1988), eq. 4 to 6, pair by pair."""
    wins = [
        np.array([[(a > b) + (a == b) / 2 for b in risk[~y]] for a in risk[y]]) for risk in risks
    ]
    v10 = np.array([won.mean(axis=1) for won in wins])
    v01 = np.array([won.mean(axis=0) for won in wins])
    covariance = np.cov(v10) / y.sum() + np.cov(v01) / (~y).sum()
    return np.array([won.mean() for won in wins]), covariance


@pytest.mark.parametrize("seed", range(5))
def test_delong_is_the_brute_force_count(seed):
    rng = np.random.default_rng(seed)
    y = np.arange(24) < 9
    # Rounding makes ties, within and between the classes.
    risks = np.round(rng.normal(y * 0.8, 1, size=(2, 24)), 1)
    values, covariance = churn.delong(y, risks)
    expected_values, expected_covariance = brute_force_delong(y, risks)
    assert values == pytest.approx(expected_values, abs=1e-12)
    assert covariance == pytest.approx(expected_covariance, abs=1e-12)
    difference = churn.auc_difference(y, risks[0], risks[1])
    error = np.sqrt(np.array([1, -1]) @ expected_covariance @ np.array([1, -1]))
    assert difference.high - difference.value == pytest.approx(1.959963985 * error, abs=1e-9)


def test_auc_agrees_with_sklearn(validation):
    for name in validation.predictions:
        expected = roc_auc_score(validation.churned, validation.predictions[name])
        assert validation.estimates[name, "auc"].value == pytest.approx(expected, abs=1e-12)


def test_delong_interval_covers_in_95_of_100():
    rng = np.random.default_rng(20)
    y = np.arange(240) < 80
    # Normal risks one sd apart have AUC = Phi(1 / sqrt 2).
    truth = stats.norm.cdf(1 / np.sqrt(2))
    intervals = [churn.auc(y, rng.normal(y * 1.0)) for _ in range(200)]
    covered = sum(one.low <= truth <= one.high for one in intervals)
    # Of 200 simulated samples 181 to 197 is the 99 % band of a true 95 % (binomial).
    assert 181 <= covered <= 197


def test_auc_difference_of_equally_good_models_covers_zero():
    rng = np.random.default_rng(21)
    y = np.arange(240) < 80
    covered = 0
    for _ in range(200):
        common = rng.normal(y * 1.0)
        first, second = common + rng.normal(size=(2, 240))
        one = churn.auc_difference(y, first, second)
        covered += one.low <= 0 <= one.high
    assert 181 <= covered <= 197


def test_auc_limits():
    y = np.array([True, True, False, False, False])
    for risk, value in (([0.9, 0.8, 0.3, 0.2, 0.1], 1), ([0.1, 0.2, 0.3, 0.8, 0.9], 0)):
        one = churn.auc(y, risk)
        assert (one.value, one.low, one.high) == (value, None, None)
        assert "no DeLong interval" in one.method
    difference = churn.auc_difference(y, [0.9, 0.8, 0.3, 0.2, 0.1], [0.4] * 5)
    assert (difference.value, difference.low, difference.high) == (0.5, None, None)
    assert churn.auc(y, [0.4] * 5).value == 0.5
    with pytest.raises(ValueError, match="two who left"):
        churn.auc([True, False, False], [0.2, 0.1, 0.3])


def test_shuffled_labels_cannot_be_told():
    rng = np.random.default_rng(22)
    y, risk = np.arange(400) < 120, rng.random((20, 400))
    values = [churn.auc(y, one).value for one in risk]
    # Each AUC has a standard error of .031, their mean .007; three of it are allowed.
    assert np.mean(values) == pytest.approx(0.5, abs=0.021)
    assert churn.average_precision(y, risk[0]).low < 0.3 < churn.average_precision(y, risk[0]).high


def rounded_risks(seed):
    """Leavers and risks with ties within and between the kinds."""
    rng = np.random.default_rng(seed)
    y = np.arange(60) < 20
    return y, np.round(rng.normal(y * 0.8, 1), 1)


def test_average_precision_is_that_of_sklearn_with_ties():
    for seed in range(5):
        y, risk = rounded_risks(seed)
        expected = average_precision_score(y, risk)
        assert churn.average_precision(y, risk).value == pytest.approx(expected, abs=1e-12)


def test_average_precision_interval_is_that_of_the_numerical_derivative():
    """The influence of a customer is n times the derivative of AP by the customer's weight."""
    y, risk = rounded_risks(7)
    step, n = 1e-5, len(y)

    def at(i, change):
        return average_precision_score(y, risk, sample_weight=np.ones(n) + change * np.eye(n)[i])

    influence = [n * (at(i, step) - at(i, -step)) / (2 * step) for i in range(n)]
    one = churn.average_precision(y, risk)
    error = np.sqrt(np.mean(np.square(influence)) / n) / (one.value * (1 - one.value))
    expected = expit(logit(one.value) + 1.959963985 * error * np.array([-1, 1]))
    assert [one.low, one.high] == pytest.approx(expected, abs=1e-7)


def test_average_precision_interval_covers_in_95_of_100_where_risks_are_far_apart():
    nodes = np.linspace(-8, 8, 40_001)
    leaving, weight = expit(-1 + 3 * nodes), stats.norm.pdf(nodes)
    above_left = np.cumsum((leaving * weight)[::-1])[::-1]
    above = np.cumsum(weight[::-1])[::-1]
    truth = np.sum(leaving * weight * above_left / above) / np.sum(leaving * weight)
    rng, covered = np.random.default_rng(25), 0
    for _ in range(200):
        score = rng.normal(size=600)
        one = churn.average_precision(rng.random(600) < expit(-1 + 3 * score), score)
        covered += one.low <= truth <= one.high
    # The binomial logit interval (Boyd, Eng & Page 2013) covers in more than 197 of them.
    assert 181 <= covered <= 197


def test_average_precision_limits():
    assert churn.average_precision([1, 0, 1, 0], [0.9, 0.7, 0.6, 0.1]).value == pytest.approx(5 / 6)
    perfect = churn.average_precision([1, 0], [0.9, 0.1])
    assert (perfect.value, perfect.low) == (1, None)
    assert churn.average_precision([0, 0], [0.9, 0.1]).value is None
    # Constant risks: the churn rate, with its linearized error on the logit scale.
    rate = churn.average_precision(np.arange(100) < 30, np.full(100, 0.4))
    assert rate.value == pytest.approx(0.3)
    margin = 1.959963985 / np.sqrt(100 * 0.3 * 0.7)
    assert rate.high == pytest.approx(expit(logit(0.3) + margin), abs=1e-9)
