import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import betaln

from cxlib.clv import ConvergenceError
from cxlib.clv import shifted_beta_geometric as sbg
from cxlib.clv.histories import TooFewError
from cxlib.clv.shifted_beta_geometric import ShiftedBetaGeometric

# Fader & Hardie 2007, table 1: % of two segments still there after 1 .. 7 years.
HIGH_END = (86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1)
REGULAR = (63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1)


def contracts(survivors_pct) -> pd.DataFrame:
    """1,000 customers with these survivors."""
    there = np.round(10 * np.array([100, *survivors_pct]))
    periods = [*range(1, len(there)), len(there) - 1]
    left = [True] * (len(there) - 1) + [False]
    return pd.DataFrame(
        {"periods": periods, "left": left, "customers": [*-np.diff(there), there[-1]]}
    )


def grouped_log_likelihood(alpha, beta, survivors_pct) -> float:
    """Multinomial of the seven leaving years and the survivors, by the beta functions."""
    there = 10 * np.array([100, *survivors_pct])
    t = np.arange(1, len(there))
    leaving = betaln(alpha + 1, beta + t - 1) - betaln(alpha, beta)
    staying = betaln(alpha, beta + t[-1]) - betaln(alpha, beta)
    return float(-np.diff(there) @ leaving + there[-1] * staying)


@pytest.mark.parametrize(
    ("survivors", "published"), [(HIGH_END, (0.668, 3.806)), (REGULAR, (0.704, 1.182))]
)
def test_reproduces_fader_and_hardie(survivors, published):
    fit = ShiftedBetaGeometric.fit(contracts(survivors))
    assert fit.params.to_numpy() == pytest.approx(published, abs=0.0005)
    assert (fit.n, fit.converged) == (1000, True)


@pytest.mark.parametrize("survivors", [HIGH_END, REGULAR])
def test_the_maximum_is_that_of_the_likelihood_by_hand(survivors):
    fit = ShiftedBetaGeometric.fit(contracts(survivors))
    found = minimize(
        lambda logs: -grouped_log_likelihood(*np.exp(logs), survivors),
        [0, 0],
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10},
    )
    assert fit.params.to_numpy() == pytest.approx(np.exp(found.x), rel=1e-5)
    assert fit.llf == pytest.approx(-found.fun, abs=1e-6)
    one = ShiftedBetaGeometric(1.0, 1.0)
    assert one.log_likelihood(contracts(survivors)) == pytest.approx(
        grouped_log_likelihood(1, 1, survivors), abs=1e-8
    )


def test_gradient_and_hessian_are_those_of_the_likelihood():
    data = sbg._by_period(contracts(HIGH_END))[1]
    values = np.array([0.8, 3.0])
    _, gradient, hessian = sbg.likelihood(values, data)
    for i, step in enumerate(np.diag(1e-5 * values)):
        above, below = sbg.likelihood(values + step, data), sbg.likelihood(values - step, data)
        width = 2 * step[i]
        assert gradient[i] == pytest.approx((above[0] - below[0]) / width, abs=1e-5)
        assert hessian[i] == pytest.approx((above[1] - below[1]) / width, abs=1e-5)


def test_survival_and_retention_by_hand():
    # alpha = 1, beta = 2: S(t) = 2 / (2 + t).
    model = ShiftedBetaGeometric(1.0, 2.0)
    assert model.survival([0, 1, 2, 8]) == pytest.approx([1, 2 / 3, 1 / 2, 1 / 5])
    assert model.retention([1, 2, 8]) == pytest.approx([2 / 3, 3 / 4, 9 / 10])
    for wrong in (model.survival, model.retention):
        with pytest.raises(ValueError, match="negative"):
            wrong(-1)
    with pytest.raises(ValueError, match="negative"):
        model.retention(0)


@pytest.mark.parametrize("tenure", [0, 3, 40])
@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_discounted_residual_lifetime_by_summation(tenure, rate):
    model = ShiftedBetaGeometric(0.668, 3.806)
    t = np.arange(tenure + 1, tenure + 3000)
    summed = (model.survival(t) / model.survival(tenure)) @ (1 + rate) ** -(t - tenure - 1.0)
    found = model.discounted_residual_lifetime(tenure, rate)
    assert found == pytest.approx(summed, rel=1e-9)


@pytest.mark.parametrize(
    ("alpha", "beta", "rate"),
    [(0.5, 0.5, 1e-4), (0.78, 1093, 1e-4), (156.0, 1657.0, 0.03), (0.01, 0.02, 1.0), (3, 1, 2e-5)],
)
def test_discounted_survival_where_the_library_fails(alpha, beta, rate):
    # The mean over theta ~ Beta(alpha, beta) of 1 / (1 - v (1 - theta)), by quad over logit(theta).
    v = 1 / (1 + rate)

    def integrand(logit):
        log_p, log_q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
        density = np.exp(alpha * log_p + beta * log_q - betaln(alpha, beta))
        return density / (1 - v + v * np.exp(log_p))

    # Far out the density is 0, which quad with a relative tolerance alone does not take.
    centre, knots = np.log(alpha / beta), np.array([-4000, -400, -60, -20, -8, -3, -1, -0.3, 0])
    edges = centre + np.unique(np.concatenate([knots, -knots]))
    pieces = [
        quad(integrand, low, high, epsabs=0, epsrel=1e-11, limit=200)[0]
        for low, high in itertools.pairwise(edges)
        if integrand(np.clip(centre, low, high)) > 1e-300
    ]
    found = sbg.discounted_survival(alpha, np.array([float(beta)]), rate)
    assert found == pytest.approx(sum(pieces), rel=1e-8)


def test_residual_lifetime_without_discounting():
    model = ShiftedBetaGeometric(3.0, 2.0)
    t = np.arange(1, 200_000)
    # What is left of the sum beyond is about 4 / t^2.
    for tenure in (0, 5):
        summed = model.survival(tenure + t).sum() / model.survival(tenure)
        found = model.discounted_residual_lifetime(tenure, 0.0)
        assert found == pytest.approx(summed, rel=1e-8)
    assert ShiftedBetaGeometric(1.0, 2.0).discounted_residual_lifetime(3, 0.0) == math.inf
    with pytest.raises(ValueError, match="discount_rate"):
        model.discounted_residual_lifetime(3, -0.1)


def test_life_table_by_hand():
    table = pd.DataFrame({"periods": [1, 2, 2, 3, 0], "left": [True, True, False, False, False]})
    found = sbg.life_table(table)
    assert found["at_risk"].tolist() == [4, 3, 1]
    assert found["left"].tolist() == [1, 1, 0]
    assert found["survival"].tolist() == pytest.approx([3 / 4, 1 / 2, 1 / 2])


def simulated(alpha, beta, n, seen, rng) -> pd.DataFrame:
    """Contracts seen for 1 to `seen` periods, left at the end of a geometric one."""
    ends = rng.geometric(rng.beta(alpha, beta, size=n))
    until = rng.integers(1, seen + 1, size=n)
    return pd.DataFrame({"periods": np.minimum(ends, until), "left": ends <= until})


def test_the_truth_is_recovered():
    fit = ShiftedBetaGeometric.fit(simulated(0.8, 2.5, 400_000, 10, np.random.default_rng(5)))
    # Standard errors of the logarithms are below 2 %: a value off by 8 % would be seen.
    z = (np.log(fit.params) - np.log([0.8, 2.5])) / (fit.bse / fit.params)
    assert (z.abs() < 4).all()
    assert (fit.bse / fit.params < 0.02).all()


def test_rows_and_counts_are_the_same():
    rows = simulated(0.8, 2.5, 500, 10, np.random.default_rng(1))
    counted = rows.groupby(["periods", "left"]).size().rename("customers").reset_index()
    one, other = ShiftedBetaGeometric.fit(rows), ShiftedBetaGeometric.fit(counted)
    assert (one.model, one.llf, one.n) == (other.model, other.llf, other.n)


def test_what_cannot_be_fitted_is_said():
    good = contracts(HIGH_END)
    with pytest.raises(TooFewError, match=r"10 customers .* too few"):
        ShiftedBetaGeometric.fit(pd.DataFrame({"periods": range(1, 11), "left": True}))
    with pytest.raises(TooFewError, match="too few"):
        ShiftedBetaGeometric.fit(good.assign(left=False))
    with pytest.raises(TooFewError, match="more than one period"):
        ShiftedBetaGeometric.fit(good.assign(periods=1))
    with pytest.raises(ValueError, match="lack the column left"):
        ShiftedBetaGeometric.fit(good.drop(columns="left"))
    for change in ({"periods": 0}, {"periods": 1.5}, {"periods": np.nan}, {"customers": 0}):
        with pytest.raises(ValueError, match="impossible"):
            ShiftedBetaGeometric.fit(good.assign(**change))


def test_customers_who_are_alike_do_not_converge():
    # Retention falls with tenure, which no mixture of constant chances can do.
    with pytest.raises(ConvergenceError, match="alike"):
        ShiftedBetaGeometric.fit(contracts([90, 75, 50, 25]))
