import numpy as np
import pandas as pd
import pytest
from scipy.optimize import check_grad
from scipy.stats import nbinom

from cxlib import clv
from cxlib.clv.histories import TooFewError, history_arrays
from cxlib.clv.negative_binomial import NegativeBinomial, _likelihood

MODEL = NegativeBinomial(r=0.7, alpha=8.0)


def steady(n, rng) -> pd.DataFrame:
    """Customers who buy at random for good."""
    T = rng.uniform(20, 60, size=n)
    x = rng.poisson(rng.gamma(MODEL.r, size=n) / MODEL.alpha * T)
    last = np.where(x > 0, T * rng.uniform(size=n) ** (1 / np.maximum(x, 1)), 0)
    return pd.DataFrame({"frequency": x, "recency_weeks": last, "T_weeks": T})


def test_gradient_and_hessian_are_the_numerical_ones():
    data = history_arrays(steady(200, np.random.default_rng(1)))
    point = np.array([0.6, 7.0])
    assert check_grad(*(lambda v, k=k: _likelihood(data, v)[k] for k in (0, 1)), point) < 1e-4
    step = 1e-5 * np.eye(2)
    slopes = [
        (_likelihood(data, point + one)[1] - _likelihood(data, point - one)[1]) / 2e-5
        for one in step
    ]
    assert _likelihood(data, point)[2] == pytest.approx(np.array(slopes), rel=1e-6)


def test_the_fit_finds_the_parameters_and_is_the_limit_of_bg_nbd():
    table = steady(5000, np.random.default_rng(2))
    fit = NegativeBinomial.fit(table)
    truth = np.array([MODEL.r, MODEL.alpha])
    assert (np.abs(fit.params - truth) < 3 * fit.bse).all()
    limit = clv.BetaGeoNBD(fit.model.r, fit.model.alpha, 1e-9, 1.0)
    assert limit.log_likelihood(table) == pytest.approx(fit.llf, abs=1e-3)


def test_expectations_by_hand():
    table = pd.DataFrame({"frequency": [3], "recency_weeks": [5.0], "T_weeks": [12.0]})
    assert MODEL.probability_alive(table) == 1
    assert MODEL.expected_purchases(table, 10) == pytest.approx(3.7 / 20 * 10)
    assert MODEL.expected_purchases_new(16) == pytest.approx(0.7 * 2)
    found = MODEL.purchase_probabilities(16, 5)
    assert found == pytest.approx(nbinom.pmf(np.arange(6), 0.7, 8 / 24))
    assert MODEL.purchase_probabilities(0, 2).tolist() == [1, 0, 0]


def test_simulated_purchases_have_the_expected_mean():
    rng = np.random.default_rng(3)
    many = pd.DataFrame({"frequency": [3], "recency_weeks": [5.0], "T_weeks": [12.0]})
    bought = MODEL.simulate(history_arrays(many.assign(customers=100_000)), 10, rng)
    # Variance 1.85 + 3.7 (10 / 20)^2, 2.8: Monte Carlo error .005, three times that.
    assert len(bought.row) / 100_000 == pytest.approx(1.85, abs=0.016)
    assert (bought.time <= 5).mean() == pytest.approx(0.5, abs=0.005)


def test_too_few_are_refused():
    with pytest.raises(TooFewError, match="too small: 12 customers"):
        NegativeBinomial.fit(steady(12, np.random.default_rng(1)))
