import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import gammaln, hyperu
from scipy.stats import nbinom

from cxlib import clv, simulate
from cxlib.clv.histories import Histories, TooFewError, collapse, history_arrays
from cxlib.clv.model import WEEKS_PER_YEAR
from cxlib.clv.pareto_nbd import ParetoNBD, likelihood, row_derivatives

MODEL = ParetoNBD(r=0.553, alpha=10.578, s=0.606, beta=11.669)
NAMES = ["r", "alpha", "s", "beta"]


@pytest.fixture(scope="module")
def fit(cdnow):
    return ParetoNBD.fit(cdnow)


def rows(x, t_x, T) -> Histories:
    x, t_x, T = (np.atleast_1d(np.asarray(one, dtype=float)) for one in (x, t_x, T))
    return Histories(x, t_x, T, np.ones(len(x)))


def extreme_draws(n, seed):
    """Parameters one a row and histories up to 600 purchases and 1,000 weeks."""
    rng = np.random.default_rng(seed)

    def spread(low, high):
        return np.exp(rng.uniform(np.log(low), np.log(high), size=n))

    r, alpha, s, beta = spread(0.01, 50), spread(0.01, 1000), spread(0.01, 50), spread(0.01, 1000)
    x, T = np.floor(spread(0.5, 600)), spread(0.01, 1000)
    t_x = np.where(x > 0, T * rng.uniform(size=n) ** rng.choice([0.1, 1, 8], size=n), 0)
    return (r, alpha, s, beta), rows(x, t_x, T)


def by_hand(parameters, x, t_x, T) -> float:
    """Log-likelihood of one history by 200 pieces of 40 nodes each, dense towards t_x."""
    r, alpha, s, beta = parameters
    span = np.log1p((T - t_x) / (min(alpha, beta) + t_x))
    edges = np.append(0, span * np.geomspace(1e-8, 1, 200))
    node, weight = np.polynomial.legendre.leggauss(40)
    half = np.diff(edges)[:, None] / 2
    v = (edges[:-1, None] + half * (1 + node)).ravel()
    y = t_x + (min(alpha, beta) + t_x) * np.expm1(v)
    with np.errstate(divide="ignore"):
        dy = np.log((half * weight).ravel()) + np.log(min(alpha, beta) + t_x) + v
    left = np.log(s) - (r + x) * np.log(alpha + y) - (s + 1) * np.log(beta + y) + dy
    stay = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    most = max(stay, left.max())
    both = most + np.log(np.exp(stay - most) + np.exp(left - most).sum())
    return gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + both


# published figures


def test_reproduces_schmittlein_morrison_and_colombo_on_cdnow(fit):
    # The maximum lies at alpha 10.5777: 10.578 as published (lifetimes stops at 10.577).
    assert fit.params.to_numpy() == pytest.approx([0.553, 10.578, 0.606, 11.669], abs=0.0005)
    assert fit.llf == pytest.approx(-9595.0, abs=0.05)
    assert (fit.n, fit.converged) == (2357, True)
    assert clv.PURCHASE_MODELS["Pareto/NBD"] is ParetoNBD


def test_nothing_nearby_is_more_likely(fit, cdnow):
    for i, direction in itertools.product(range(4), (-1, 1)):
        values = fit.params.to_numpy().copy()
        values[i] *= 1 + direction * 1e-3
        assert ParetoNBD(*values).log_likelihood(cdnow) < fit.llf


# likelihood and derivatives


@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 30), (1, 3, 20), (5, 12.5, 39)])
def test_likelihood_of_one_history_is_the_mean_over_rates(x, t_x, T):
    """lambda^x e^-lambda y over the gamma mixtures, with the time of leaving by scipy's quad."""
    r, alpha, s, beta = 0.553, 10.578, 0.606, 11.669

    def bought(y):
        scale = alpha**r / (alpha + y) ** (r + x)
        return scale * math.exp(gammaln(r + x) - gammaln(r))

    left = quad(lambda y: bought(y) * s * beta**s / (beta + y) ** (s + 1), t_x, T, epsabs=0)[0]
    expected = math.log(bought(T) * (beta / (beta + T)) ** s + left)
    assert MODEL.log_likelihood(rows(x, t_x, T)) == pytest.approx(expected, abs=1e-9)


def test_quadrature_holds_at_extremes():
    parameters, data = extreme_draws(80, seed=1)
    value = row_derivatives(*parameters, data)[0]
    expected = [
        by_hand(own, *history)
        for own, history in zip(
            zip(*parameters, strict=True), zip(*data[:3], strict=True), strict=True
        )
    ]
    # The quadrature errs by 2e-10 at most, rounding by 1e-15 of gammaln and powers in the hundreds.
    assert value == pytest.approx(expected, abs=2e-10, rel=1e-14)


def test_quadrature_holds_for_one_parameter_set_and_many_rows(cdnow):
    data = history_arrays(cdnow.iloc[::120])
    for values in ((0.553, 10.578, 0.606, 11.669), (2.0, 30.0, 0.3, 0.2), (0.1, 0.01, 8.0, 90.0)):
        expected = sum(by_hand(values, *history) for history in zip(*data[:3], strict=True))
        assert ParetoNBD(*values).log_likelihood(data) == pytest.approx(expected, abs=1e-6)


def test_row_derivatives_are_those_of_the_likelihood():
    parameters, data = extreme_draws(400, seed=2)
    logs = np.log(np.stack(parameters))
    _, gradient, hessian = row_derivatives(*parameters, data)
    assert hessian == pytest.approx(hessian.transpose(0, 2, 1))
    step = 1e-5
    for i in range(4):
        ahead, behind = (
            row_derivatives(*np.exp(logs + sign * step * np.eye(4)[i][:, None]), data)
            for sign in (1, -1)
        )
        slope = (ahead[0] - behind[0]) / (2 * step)
        # Values of up to thousands with 16 digits, over a step of 1e-5: 1e-7 and less.
        size = 1 + np.abs(gradient[:, i]) + 0.01 * np.abs(ahead[0])
        assert np.max(np.abs(slope - gradient[:, i]) / size) < 1e-6
        bend = (ahead[1] - behind[1]) / (2 * step)
        size = 1 + np.abs(hessian).max(axis=(1, 2))
        assert np.max(np.abs(bend - hessian[:, i]) / size[:, None]) < 1e-6


def test_derivatives_add_up_over_customers(cdnow):
    data = history_arrays(cdnow.assign(customers=np.arange(1, len(cdnow) + 1)))
    values = np.array([0.4, 12.0, 0.9, 8.0])
    value, gradient, hessian = likelihood(data, values)
    each = row_derivatives(*values, data)
    assert value == pytest.approx(data.customers @ each[0], rel=1e-12)
    by_log = data.customers @ each[1]
    assert gradient * values == pytest.approx(by_log, rel=1e-10)
    expected = np.tensordot(data.customers, each[2], 1)
    assert hessian * np.outer(values, values) + np.diag(by_log) == pytest.approx(expected, rel=1e-9)


def test_standard_errors_are_the_inverse_numerical_hessian(fit, cdnow):
    values = fit.params.to_numpy()
    data = collapse(history_arrays(cdnow))
    step = 1e-4 * values
    hessian = np.empty((4, 4))
    for i, j in itertools.combinations_with_replacement(range(4), 2):
        e, f = np.eye(4)[i] * step[i], np.eye(4)[j] * step[j]
        corners = [
            sign * ParetoNBD(*(values + a * e + b * f)).log_likelihood(data)
            for a, b, sign in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
        ]
        hessian[i, j] = hessian[j, i] = sum(corners) / (4 * step[i] * step[j])
    expected = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    assert fit.bse.to_numpy() == pytest.approx(expected, rel=1e-3)


# what must not matter


def test_counts_row_order_and_unit(fit, cdnow):
    shuffled = ParetoNBD.fit(cdnow.sample(frac=1, random_state=1))
    assert shuffled.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-9)
    twice = ParetoNBD.fit(cdnow.assign(customers=2))
    assert twice.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-6)
    assert twice.bse.to_numpy() == pytest.approx(fit.bse.to_numpy() / np.sqrt(2), rel=1e-5)
    in_days = cdnow.assign(recency_weeks=7 * cdnow["recency_weeks"], T_weeks=7 * cdnow["T_weeks"])
    expected = fit.params.to_numpy() * [1, 7, 1, 7]
    assert ParetoNBD.fit(in_days).params.to_numpy() == pytest.approx(expected, rel=1e-6)


# recovery


@pytest.mark.parametrize("truth", [(0.553, 10.578, 0.606, 11.669), (2.0, 12.0, 1.5, 5.0)])
def test_recovers_the_parameters_of_continuous_time_customers(truth):
    rng = np.random.default_rng(20261122)
    T = rng.uniform(40, 80, size=20_000)
    bought = simulate.purchase_times("at any time", truth, T, rng)
    found = ParetoNBD.fit(simulate.purchase_histories(*bought, T))
    # The Monte Carlo error of an estimate is its standard error: 3 to 13 % here. Four times that
    # is missed once in 16,000.
    error = np.log(found.params.to_numpy()) - np.log(truth)
    assert (np.abs(error) < 4 * found.bse / found.params).all()
    assert (found.bse / found.params < 0.13).all()


# what follows from the parameters


def test_probability_alive_is_the_share_of_staying():
    data = rows([2, 0, 26], [30.43, 0, 30.86], [38.86, 38.86, 31])
    r, alpha, s, beta = 0.553, 10.578, 0.606, 11.669
    for x, t_x, T, found in zip(*data[:3], MODEL.alive(data), strict=True):
        stay = ((alpha + T) ** -(r + x)) * (beta + T) ** -s
        left = quad(lambda y, x=x: s * (alpha + y) ** -(r + x) * (beta + y) ** -(s + 1), t_x, T)[0]
        assert found == pytest.approx(stay / (stay + left), rel=1e-7)


def test_expected_purchases_are_the_integrated_rate_of_those_alive():
    x, T = np.array([0.0, 4.0]), np.array([10.0, 39.0])
    for s in (0.606, 1 - 1e-9, 1.0, 1 + 1e-9, 1.02, 3.0):
        model = ParetoNBD(0.553, 10.578, s, 11.669)
        found = model.purchases_if_alive(x, T, np.array([0.0, 1.0, 520.0]))
        assert found.shape == (2, 3)
        for i, weeks in itertools.product(range(2), (0, 1, 2)):
            end = [0.0, 1.0, 520.0][weeks]
            alive = quad(lambda u, i=i, s=s: ((11.669 + T[i]) / (11.669 + T[i] + u)) ** s, 0, end)
            expected = (0.553 + x[i]) / (10.578 + T[i]) * alive[0]
            assert found[i, weeks] == pytest.approx(expected, rel=1e-8)


def test_endless_weeks_have_a_limit_when_the_mean_lifetime_has():
    found = ParetoNBD(0.5, 10.0, 3.0, 20.0).purchases_if_alive(
        np.array([2.0]), np.array([30.0]), np.array([math.inf])
    )
    # (2 + .5) / (10 + 30) * (20 + 30) / (3 - 1)
    assert found[0, 0] == pytest.approx(1.5625)
    for s in (0.5, 1.0):
        endless = ParetoNBD(0.5, 10.0, s, 20.0).purchases_if_alive(
            np.zeros(1), np.zeros(1), np.array([math.inf])
        )
        assert endless[0, 0] == math.inf


@pytest.mark.parametrize("s", [0.05, 0.606, 1.6, 5.0])
@pytest.mark.parametrize("annual_discount_rate", [0.01, 0.15, 2.0])
def test_discounted_purchases_to_infinity_are_the_published_dert(s, annual_discount_rate):
    """Fader, Hardie & Lee 2005 (JMR): Tricomi's function in closed form."""
    model = ParetoNBD(0.553, 10.578, s, 11.669)
    data = rows([0, 3, 30], [0, 20, 38], [5, 39, 400])
    delta = math.log1p(annual_discount_rate) / WEEKS_PER_YEAR
    span = model.beta + data.T
    closed = delta ** (s - 1) * span**s * hyperu(s, s, delta * span)
    expected = model.alive(data) * (model.r + data.x) / (model.alpha + data.T) * closed
    found = model.discounted_purchases(data, math.inf, annual_discount_rate)
    assert found == pytest.approx(expected, rel=1e-8)


def test_purchase_probabilities_are_those_of_simulated_new_customers():
    parameters = (0.9, 4.0, 0.8, 9.0)
    found = ParetoNBD(*parameters).purchase_probabilities(30, 1500)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    mean = ParetoNBD(*parameters).expected_purchases_new(30)
    assert found @ np.arange(1501) == pytest.approx(mean, rel=1e-9)
    n = 50_000
    rng = np.random.default_rng(5)
    customer, _ = simulate.purchase_times("at any time", parameters, np.full(n, 30.0), rng)
    seen = np.bincount(np.bincount(customer, minlength=n), minlength=12)[:12] / n
    # A share errs by sqrt(p (1 - p) / n), at most .0022; four times that.
    assert (np.abs(seen - found[:12]) < 4 * np.sqrt(found[:12] / n)).all()


def test_simulated_future_agrees_with_expectation_and_with_the_process():
    """Purchases after T given a history: by formula, by `simulate`, and by running the process
    from the start and keeping the customers who happen to have that history."""
    parameters = (1.5, 6.0, 0.8, 9.0)
    model = ParetoNBD(*parameters)
    rng = np.random.default_rng(7)
    row = rows(2, 8.0, 20.0)._replace(customers=np.array([50_000.0]))
    simulated = model.simulate(row, 30.0, rng)
    assert (simulated.row == 0).all()
    assert ((simulated.time >= 0) & (simulated.time <= 30)).all()
    # A customer's purchases have an sd of about 3: Monte Carlo error .013, four times that.
    for weeks in (10, 30):
        mean = (simulated.time <= weeks).sum() / 50_000
        assert mean == pytest.approx(model.expected_purchases(row, weeks)[0], abs=0.054)

    n = 100_000
    customer, week = simulate.purchase_times("at any time", parameters, np.full(n, 50.0), rng)
    past = simulate.purchase_histories(customer[week <= 20], week[week <= 20], np.full(n, 20.0))
    later = np.bincount(customer[week > 20], minlength=n)
    like = (past["frequency"] == 2) & ((past["recency_weeks"] - 8).abs() < 1)
    # About 900 customers have it: error .1; four times that.
    expected = model.expected_purchases(row, 30)[0]
    assert later[like].mean() == pytest.approx(expected, abs=0.4)
    assert like.sum() > 700


# limits and extremes


def test_nobody_leaves_where_s_vanishes():
    model = ParetoNBD(0.8, 5.0, 1e-12, 10.0)
    data = rows([0, 3, 12], [0, 20, 1], [39, 39, 39])
    assert model.alive(data)[:2] == pytest.approx(1, abs=1e-9)
    assert model.expected_purchases(data, 10)[:2] == pytest.approx([0.8 / 44 * 10, 3.8 / 44 * 10])
    # NBD: Poisson counts with a gamma rate.
    expected = nbinom.pmf(np.arange(6), 0.8, 5 / (5 + 26))
    assert model.purchase_probabilities(26, 5) == pytest.approx(expected, abs=1e-10)
    value = ParetoNBD(0.8, 5.0, 1e-12, 10.0).log_likelihood(
        data._replace(x=data.x * 0, t_x=data.x * 0)
    )
    assert value == pytest.approx(3 * 0.8 * math.log(5 / 44), abs=1e-9)


def test_nothing_is_known_at_the_first_purchase():
    new = rows(0, 0, 0)
    assert MODEL.log_likelihood(new) == pytest.approx(0, abs=1e-12)
    assert MODEL.alive(new) == pytest.approx(1)
    assert MODEL.log_likelihood(rows(0, 0, 1e-9)) == pytest.approx(0, abs=1e-9)
    assert MODEL.purchase_probabilities(0, 2).tolist() == [1, 0, 0]
    assert MODEL.expected_purchases_new(0) == 0
    _, gradient, hessian = row_derivatives(*(getattr(MODEL, name) for name in NAMES), new)
    assert np.abs(gradient).max() < 1e-12
    assert np.abs(hessian).max() < 1e-12


@pytest.mark.parametrize(
    "values",
    [
        (0.553, 10.578, 0.606, 11.669),
        (30.0, 1e4, 1e-3, 1e-3),
        (0.01, 1e-3, 50.0, 1e5),
        (1e5, 1e6, 1e5, 1e6),
        (1e-6, 1e-6, 1e-6, 1e-6),
    ],
)
def test_extreme_histories_stay_finite(values):
    T = 3000 / 7
    data = rows([0, 0, 1, 500, 500, 500, 5000, 0], [0, 0, 0, T, 10, 1e-3, T, 0], [T, 0] + 6 * [T])
    model = ParetoNBD(*values)
    alive, expected = model.alive(data), model.expected_purchases(data, 520)
    assert ((alive >= 0) & (alive <= 1) & (expected >= 0) & np.isfinite(expected)).all()
    assert alive[[1, 3, 6]] == pytest.approx(1)
    for part in row_derivatives(*values, data):
        assert np.isfinite(part).all()
    discounted = model.discounted_purchases(data, math.inf, 0.1)
    assert np.isfinite(discounted).all()


def test_no_rows_are_no_trouble():
    none = rows([], [], [])
    assert MODEL.alive(none).shape == (0,)
    assert MODEL.log_likelihood(none) == 0
    assert row_derivatives(0.5, 1.0, 0.5, 1.0, none)[2].shape == (0, 4, 4)


# too little, too odd


def test_ten_customers_are_too_few(cdnow):
    with pytest.raises(TooFewError, match="too small: 10 customers"):
        ParetoNBD.fit(cdnow.head(10))
    with pytest.raises(TooFewError, match="0 of whom bought again"):
        ParetoNBD.fit(cdnow[cdnow["frequency"] == 0])


def test_nobody_who_leaves_does_not_converge():
    rng = np.random.default_rng(2)
    # Regular buyers who all bought last just before the end: s is driven to 0.
    x = rng.integers(5, 30, size=200)
    frame = pd.DataFrame({"frequency": x, "recency_weeks": 39.9, "T_weeks": 40.0})
    with pytest.raises(clv.ConvergenceError, match=r"did not converge.*nobody seems to leave"):
        ParetoNBD.fit(frame)


def test_customers_who_all_leave_alike_have_one_rate_of_leaving():
    rng = np.random.default_rng(4)
    T = rng.uniform(30, 60, size=1000)
    # mu ~ Gamma(1e8, 3e9): a leaving rate of 1/30 for everybody, the limit of large s and beta.
    bought = simulate.purchase_times("at any time", (2.0, 5.0, 1e8, 3e9), T, rng)
    fit = ParetoNBD.fit(simulate.purchase_histories(*bought, T))
    assert fit.model.is_common_dropout
    assert fit.bse["s"] == 0
    # s / beta has the relative standard error of beta.
    assert fit.model.s / fit.model.beta == pytest.approx(
        1 / 30, rel=3 * fit.bse["beta"] / fit.model.beta
    )
