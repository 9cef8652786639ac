import numpy as np
import pytest
from scipy import stats
from scipy.special import expit
from sklearn.metrics import roc_auc_score

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


def test_shuffled_labels_cannot_be_told(small_company):
    table, rng = churn.features(small_company(22, 400)), np.random.default_rng(22)
    model = {"logistic": churn.logistic(table.X)}
    values = [
        churn.cross_validate(model, table.X, rng.permutation(table.churned), folds=3)
        .estimates["logistic", "auc"]
        .value
        for _ in range(20)
    ]
    # Each AUC has a standard error of about .04, their mean .01; three of it are allowed.
    assert np.mean(values) == pytest.approx(0.5, abs=0.03)
    assert 0.02 < np.std(values) < 0.06


def test_average_precision_by_hand():
    one = churn.average_precision([1, 0, 1, 0], [0.9, 0.7, 0.6, 0.1])
    # Precision 1 at the first leaver, 2/3 at the second: AP = 5/6, logit = ln 5.
    margin = 1.959963985 / np.sqrt(2 * 5 / 6 * 1 / 6)
    assert one.value == pytest.approx(5 / 6)
    assert (one.low, one.high) == pytest.approx(
        (expit(np.log(5) - margin), expit(np.log(5) + margin))
    )
    assert churn.average_precision([1, 0], [0.9, 0.1]).low is None
