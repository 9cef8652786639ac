"""BG/NBD, and with MBG/NBD beside it what the two share."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import betaln

from cxlib import clv, simulate
from cxlib.clv import beta_geo_nbd, modified_beta_geo_nbd
from cxlib.clv.histories import TooFewError, history_arrays

PUBLISHED = clv.BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
BOTH = pytest.mark.parametrize("kind", [clv.BetaGeoNBD, clv.ModifiedBetaGeoNBD])
LAWS = {
    clv.BetaGeoNBD: ("after a repeat purchase", beta_geo_nbd),
    clv.ModifiedBetaGeoNBD: ("after any purchase", modified_beta_geo_nbd),
}
EXTREME = pd.DataFrame(
    {
        "frequency": [0, 0, 0, 1, 1, 500, 500, 500, 5000],
        "recency_weeks": [0, 0, 0, 1e-3, 3000 / 7, 3000 / 7, 10, 1e-3, 3000 / 7],
        "T_weeks": [0, 1e-3, 3000 / 7, 3000 / 7, 3000 / 7, 3000 / 7, 3000 / 7, 3000 / 7, 3000 / 7],
    }
)


@pytest.fixture(scope="module")
def fit(cdnow):
    return clv.BetaGeoNBD.fit(cdnow)


def history(x, t_x, T) -> pd.DataFrame:
    return pd.DataFrame({"frequency": [x], "recency_weeks": [t_x], "T_weeks": [T]})


# published figures


def test_bg_nbd_reproduces_fader_hardie_and_lee(fit):
    assert fit.params.to_numpy() == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.0005)
    assert fit.llf == pytest.approx(-9582.4, abs=0.05)
    assert (fit.n, fit.converged) == (2357, True)


def test_expected_purchases_of_a_new_customer_reproduce_the_published_ones(fit):
    for weeks, published in ((1, 0.0532), (3, 0.1506), (32, 1.0437)):
        assert fit.model.expected_purchases_new(weeks) == pytest.approx(published, abs=0.00005)


def test_the_published_figure_at_78_weeks_is_a_series_cut_short(fit):
    # 2F1 summed directly converges slowly there: 150 terms give the published 1.8576, all of them
    # 1.8580, and so does quadrature.
    r, alpha, a, b = fit.params
    z = 78 / (alpha + 78)
    terms = np.cumprod([(r + j) * (b + j) / (a + b - 1 + j) / (j + 1) * z for j in range(2000)])
    expected = [
        (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + 78)) ** r * (1 + terms[:n].sum()))
        for n in (150, 2000)
    ]
    assert expected[0] == pytest.approx(1.8576, abs=0.00005)
    assert fit.model.expected_purchases_new(78) == pytest.approx(expected[1], abs=1e-9)


# likelihood, derivatives, standard errors


@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 0), (0, 0, 30), (1, 3, 20), (5, 12.5, 39)])
def test_log_likelihood_of_one_history(x, t_x, T):
    """Eq. (3) of the paper integrated over lambda and p, both integrals known."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426

    def of_rate(end):
        return alpha**r / (alpha + end) ** (r + x) * np.prod(r + np.arange(x))

    stay = np.exp(betaln(a, b + x) - betaln(a, b))
    left = np.exp(betaln(a + 1, b + x - 1) - betaln(a, b)) if x > 0 else 0
    expected = np.log(stay * of_rate(T) + left * of_rate(t_x))
    assert PUBLISHED.log_likelihood(history(x, t_x, T)) == pytest.approx(expected, abs=1e-10)


@BOTH
@pytest.mark.parametrize("place", range(4))
def test_derivatives_of_each_row_are_those_of_its_log_likelihood(kind, place):
    of_rows = LAWS[kind][1].row_derivatives
    data = history_arrays(EXTREME)
    logs = np.random.default_rng(1).normal(size=(4, len(EXTREME)))
    logs[3, -3:] = np.log(300)
    step = np.zeros((4, 1))
    step[place] = 1e-5
    _, gradient, hessian = of_rows(*np.exp(logs), data)
    above, below = of_rows(*np.exp(logs + step), data), of_rows(*np.exp(logs - step), data)
    numerical = (above[0] - below[0]) / 2e-5
    # Values of up to 40,000 are known to about 1e-11, so slopes to 1e-6.
    assert gradient[:, place] == pytest.approx(numerical, rel=1e-6, abs=2e-5)
    numerical = (above[1] - below[1]) / 2e-5
    assert hessian[:, :, place] == pytest.approx(numerical, rel=1e-6, abs=1e-6)
    assert hessian == pytest.approx(hessian.transpose(0, 2, 1), rel=1e-12)


@BOTH
def test_a_fit_adds_up_its_rows(kind, cdnow):
    fit = kind.fit(cdnow)
    rows = [np.full(len(cdnow), one) for one in fit.params]
    value, gradient, hessian = LAWS[kind][1].row_derivatives(*rows, history_arrays(cdnow))
    assert fit.llf == pytest.approx(value.sum(), abs=1e-6)
    assert fit.model.log_likelihood(cdnow) == pytest.approx(value.sum(), abs=1e-9)
    assert gradient.sum(axis=0) == pytest.approx(np.zeros(4), abs=1e-3)
    # The information is that of the last pass, a hair from the maximum.
    expected = np.linalg.inv(-hessian.sum(axis=0))
    assert fit.cov_log == pytest.approx(expected, rel=1e-3)


def test_fewer_passes_over_many_lead_to_the_same_maximum():
    T = np.random.default_rng(1).uniform(5, 40, size=60_000)
    frame = simulated(PUBLISHED, T, np.random.default_rng(2))
    fit = clv.BetaGeoNBD.fit(frame)
    rows = [np.full(len(frame), one) for one in fit.params]
    _, gradient, _ = beta_geo_nbd.row_derivatives(*rows, history_arrays(frame))
    # In standard errors: the maximum is missed by less than a thousandth of one.
    assert np.sqrt(np.diag(fit.cov_log)) * gradient.sum(axis=0) == pytest.approx(
        np.zeros(4), abs=1e-3
    )


# what must not matter


@BOTH
def test_counts_row_order_and_duplicates(kind, cdnow):
    fit, shuffled = kind.fit(cdnow), kind.fit(cdnow.sample(frac=1, random_state=1))
    assert (shuffled.model, shuffled.llf) == (fit.model, fit.llf)
    columns = ["frequency", "recency_weeks", "T_weeks"]
    counted = cdnow.groupby(columns).size().rename("customers").reset_index()
    assert kind.fit(counted).model == fit.model
    twice = kind.fit(counted.assign(customers=2 * counted["customers"]))
    assert twice.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-6)
    assert twice.bse.to_numpy() == pytest.approx(fit.bse.to_numpy() / np.sqrt(2), rel=1e-4)


@BOTH
@pytest.mark.parametrize("unit", [7, 7 / 365.2425, math.pi])
def test_another_time_unit_changes_the_scale_alone(kind, unit, cdnow):
    fit = kind.fit(cdnow)
    scaled = cdnow.assign(
        recency_weeks=unit * cdnow["recency_weeks"], T_weeks=unit * cdnow["T_weeks"]
    )
    expected = fit.params.to_numpy() * [1, unit, 1, 1]
    assert kind.fit(scaled).params.to_numpy() == pytest.approx(expected, rel=1e-6)


# recovery


def simulated(model, T, rng) -> pd.DataFrame:
    values = (model.r, model.alpha, model.a, model.b)
    times = simulate.purchase_times(LAWS[type(model)][0], values, T, rng)
    return simulate.purchase_histories(*times, T)


@BOTH
@pytest.mark.parametrize("values", [(0.8, 5.0, 0.9, 2.5), (2.0, 6.0, 0.3, 3.0)])
def test_parameters_are_recovered(kind, values):
    rng = np.random.default_rng(20261122)
    fit = kind.fit(simulated(kind(*values), rng.uniform(20, 60, size=20_000), rng))
    # Monte Carlo error: four standard errors, which are themselves small.
    error = (np.log(fit.params.to_numpy()) - np.log(values)) / np.sqrt(np.diag(fit.cov_log))
    assert np.abs(error).max() < 4
    assert np.sqrt(np.diag(fit.cov_log)).max() < 0.1


# expected purchases


def by_integration(model, x, t_x, T, weeks) -> float:
    """P(alive) times the mean over p ~ Beta(a, b + m) of (1 - (1 + p t / (alpha + T))^-(r+x)) / p,
    by quad over logit(p), with the tails, where the bracket is linear or constant, by hand."""
    m = x if isinstance(model, clv.BetaGeoNBD) else x + 1
    r, alpha, a, b = model.r, model.alpha, model.a, model.b + m
    ratio = weeks / (alpha + T)

    def density(logit):
        log_p, log_q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
        bought = -np.expm1(-(r + x) * np.log1p(np.exp(log_p) * ratio))
        return np.exp((a - 1) * log_p + b * log_q - betaln(a, b)) * bought

    knots = [-60, -40, -25, *range(-15, 16), 25, 40]
    pieces = [
        quad(density, low, high, epsabs=1e-15, epsrel=1e-12)[0]
        for low, high in itertools.pairwise(knots)
    ]
    tails = density(-60) / a + density(40) / b
    alive = 1.0
    if m > 0:
        odds = np.log(a / (b - 1)) + (r + x) * np.log((alpha + T) / (alpha + t_x))
        alive = 1 / (1 + np.exp(odds))
    return alive * (sum(pieces) + tails)


@BOTH
@pytest.mark.parametrize("a", [0.3, 1 - 1e-3, 1 - 1e-7, 1.0, 1.0005, 3.0])
@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 0), (0, 0, 430), (3, 20, 39), (500, 429, 430)])
def test_expected_purchases_by_integration(kind, a, x, t_x, T):
    model = kind(0.243, 4.414, a, 2.426)
    for weeks in (1, 520):
        found = model.expected_purchases(history(x, t_x, T), weeks)[0]
        assert found == pytest.approx(by_integration(model, x, t_x, T, weeks), rel=1e-9)


@pytest.mark.parametrize(
    ("values", "T"),
    [
        # a + b = 1 is a removable singularity for x = 0; at b = 400 scipy's 2F1 is not finite.
        ((2.0, 4.0, 0.4, 0.6), 10),
        ((0.5, 0.5, 0.9, 400.0), 0),
        ((0.5, 0.01, 30.0, 3000.0), 0),
    ],
)
def test_expected_purchases_where_the_closed_form_fails(values, T):
    model = clv.BetaGeoNBD(*values)
    found = model.expected_purchases(history(0, 0, T), 520)[0]
    assert found == pytest.approx(by_integration(model, 0, 0, T, 520), rel=1e-9)


@BOTH
@pytest.mark.parametrize("values", [(0.243, 4.414, 0.793, 2.426), (0.5, 4.0, 3.0, 150.0)])
def test_many_customers_at_once_are_those_one_by_one(kind, values):
    # Of many with one frequency the long times are interpolated.
    model = kind(*values)
    T = np.linspace(0, 400, 300)
    weeks = np.array([0.5, 40, 4000, 40_000, math.inf])
    together = model.purchases_if_alive(np.full(300, 5.0), T, weeks)
    for place in (0, 17, 299):
        alone = model.purchases_if_alive(np.full(1, 5.0), T[[place]], weeks)[0]
        assert together[place] == pytest.approx(alone, rel=1e-9)


@BOTH
def test_few_customers_drop_out_in_the_limit(kind):
    # a -> 0: P(alive) = 1 and (r + x) / (alpha + T) purchases a week.
    model = kind(0.5, 4.0, 1e-12, 2.0)
    rows = pd.DataFrame(
        {"frequency": [0, 2, 50], "recency_weeks": [0, 8, 29.0], "T_weeks": [20, 20, 30.0]}
    )
    assert model.probability_alive(rows) == pytest.approx(1, abs=1e-9)
    expected = 52 * (0.5 + rows["frequency"]) / (4 + rows["T_weeks"])
    assert model.expected_purchases(rows, 52) == pytest.approx(expected, rel=1e-9)


@BOTH
def test_first_moments_after_the_first_purchase(kind):
    model = kind(0.5, 4.0, 0.7, 2.0)
    # T -> 0, t -> 0: those alive, all or b / (a + b), buy at the mean rate r / alpha.
    alive = 1 if kind is clv.BetaGeoNBD else 2 / 2.7
    assert model.probability_alive(history(0, 0, 0))[0] == pytest.approx(alive)
    assert model.expected_purchases_new(1e-6) / 1e-6 == pytest.approx(alive * 0.5 / 4, rel=1e-5)


# discounted purchases, to infinity


def residual(model, x, T, delta, weeks) -> float:
    """E[lambda / (delta + lambda p) * (1 - exp(-(delta + lambda p) weeks))] of a customer alive.

    That is lambda exp(-(delta + lambda p) t) integrated over t; trapezoids in log lambda, logit p.
    """
    m = x if isinstance(model, clv.BetaGeoNBD) else x + 1
    shape, b = model.r + x, model.b + m
    u, y = np.linspace(-90, 8, 1501), np.linspace(-90, 60, 601)
    rate = np.exp(u)[:, None] / (model.alpha + T)
    log_p, log_q = -np.logaddexp(0, -y), -np.logaddexp(0, y)
    of_p = np.exp(model.a * log_p + b * log_q - betaln(model.a, b)) * (y[1] - y[0])
    of_rate = np.exp(shape * u - np.exp(u) - math.lgamma(shape)) * (u[1] - u[0])
    together = delta + rate * np.exp(log_p)
    return of_rate @ (rate / together * -np.expm1(-together * weeks)) @ of_p


@BOTH
@pytest.mark.parametrize("weeks", [1, 52, math.inf])
@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 0), (0, 0, 39), (4, 20, 39), (60, 400, 428)])
def test_discounted_purchases_by_integration(kind, weeks, x, t_x, T):
    model = kind(0.8, 4.414, 0.793, 2.426)
    row = history(x, t_x, T)
    for annual in (0.02, 0.15):
        delta = math.log(1 + annual) * 7 / 365.2425
        expected = model.probability_alive(row)[0] * residual(model, x, T, delta, weeks)
        found = model.discounted_purchases(row, weeks, annual)[0]
        assert found == pytest.approx(expected, rel=1e-8)


@BOTH
def test_an_infinite_horizon_without_discount(kind):
    row = history(4, 20, 39)
    model = kind(0.8, 4.4, 1.6, 2.4)
    m = 4 if kind is clv.BetaGeoNBD else 5
    # E[1 / p] over Beta(a, b + m): Batislam et al. print b + x in place of a + b + x.
    expected = model.probability_alive(row)[0] * (1.6 + 2.4 + m - 1) / 0.6
    assert model.expected_purchases(row, math.inf)[0] == pytest.approx(expected)
    # t^(1 - a) is left beyond t, so a tiny rate comes near slowly.
    assert model.discounted_purchases(row, math.inf, 1e-9)[0] == pytest.approx(expected, rel=1e-4)
    for a in (0.7, 1.0):
        with pytest.raises(ValueError, match="annual_discount_rate above 0"):
            kind(0.8, 4.4, a, 2.4).expected_purchases(row, math.inf)
        assert np.isfinite(kind(0.8, 4.4, a, 2.4).discounted_purchases(row, math.inf, 0.1)).all()


# extreme histories


@BOTH
@pytest.mark.parametrize("values", [(0.243, 4.414, 0.793, 2.426), (5.0, 0.01, 40.0, 600.0)])
def test_extreme_histories_stay_finite(kind, values):
    model = kind(*values)
    alive = model.probability_alive(EXTREME)
    assert ((alive >= 0) & (alive <= 1)).all()
    assert alive[7] < 1e-12
    assert np.isfinite(model.log_likelihood(EXTREME))
    for weeks, rate in ((520, 0.0), (1e-3, 0.1), (520, 0.1), (math.inf, 0.1)):
        found = model.discounted_purchases(EXTREME, weeks, rate)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
    chances = model.purchase_probabilities(520, 600)
    assert np.isfinite(chances).all()
    assert ((chances >= 0) & (chances <= 1)).all()
    simulated = model.simulate(history_arrays(EXTREME), 520, np.random.default_rng(1))
    assert np.isfinite(simulated.time).all()


def test_probability_alive_by_hand():
    # 1 + .793 / (2.426 + 1) * ((4.414 + 38.86) / (4.414 + 30.43))^2.243
    ratio = 0.793 / 3.426 * (43.274 / 34.844) ** 2.243
    found = PUBLISHED.probability_alive(history(2, 30.43, 38.86))
    assert found == pytest.approx(1 / (1 + ratio), abs=1e-12)


# the process itself


@BOTH
def test_future_purchases_are_those_of_the_process(kind):
    """Customers of the process, at 20 weeks and after: by history, what they buy in 30 weeks is
    what the formula expects, and what is simulated from their history alone."""
    model, rng, n = kind(1.5, 6.0, 0.8, 2.0), np.random.default_rng(7), 40_000
    times = (LAWS[kind][0], (1.5, 6.0, 0.8, 2.0), np.full(n, 50.0), rng)
    customer, week = simulate.purchase_times(*times)
    past = week <= 20
    before = simulate.purchase_histories(customer[past], week[past], np.full(n, 20.0))
    drawn = model.simulate(history_arrays(before), 30, rng)
    late = before["recency_weeks"] > 12
    for weeks in (10, 30):
        expected = model.expected_purchases(before, weeks)
        followed = np.bincount(customer[~past & (week <= 20 + weeks)], minlength=n)
        simulated = np.bincount(drawn.row[drawn.time <= weeks], minlength=n)
        for later in (followed, simulated):
            errors = pd.Series(later - expected).groupby([before["frequency"].clip(upper=5), late])
            assert len(errors) == 11
            # Monte Carlo error: four standard errors of the mean of each group.
            assert (errors.mean().abs() < 4 * errors.sem()).all()
            assert errors.sem().max() < 0.1


@BOTH
def test_purchase_probabilities_are_those_of_the_process(kind):
    n, rng = 100_000, np.random.default_rng(11)
    customer, _ = simulate.purchase_times(LAWS[kind][0], (1.5, 6, 0.8, 2), np.full(n, 15.0), rng)
    observed = np.bincount(np.bincount(customer, minlength=n), minlength=11)[:11] / n
    # sd of a share .3 of 100,000: .0015, four times that.
    expected = kind(1.5, 6.0, 0.8, 2.0).purchase_probabilities(15, 10)
    assert expected == pytest.approx(observed, abs=0.006)


@BOTH
@pytest.mark.parametrize("values", [(0.243, 4.414, 0.793, 2.426), (2.0, 1.0, 0.2, 5.0)])
def test_purchase_probabilities_add_up(kind, values):
    model = kind(*values)
    chances = model.purchase_probabilities(39, 3000)
    assert chances.sum() == pytest.approx(1, abs=1e-10)
    mean = chances @ np.arange(3001)
    assert mean == pytest.approx(model.expected_purchases_new(39), rel=1e-9)
    nothing = model.purchase_probabilities(0, 2)
    assert nothing == pytest.approx([1, 0, 0])


def test_the_first_purchase_probabilities_by_hand():
    # Eq. (8) at x = 0 and 1.
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    none = (alpha / (alpha + 39)) ** r
    one = b / (a + b) * r * none * 39 / (alpha + 39) + a / (a + b) * (1 - none)
    assert PUBLISHED.purchase_probabilities(39, 1) == pytest.approx([none, one], rel=1e-12)


# too little, too odd


@BOTH
def test_ten_customers_are_too_few(kind, cdnow):
    with pytest.raises(TooFewError, match="too small: 10 customers"):
        kind.fit(cdnow.head(10))
    with pytest.raises(TooFewError, match="0 of whom bought again"):
        kind.fit(cdnow[cdnow["frequency"] == 0])
    with pytest.raises(TooFewError, match="0 customers"):
        kind.fit(cdnow.head(0))


@BOTH
def test_nobody_who_drops_out_does_not_converge(kind):
    # Regular buyers who all bought last just before the end: a is driven to 0.
    x = np.random.default_rng(2).integers(5, 30, size=200)
    frame = pd.DataFrame({"frequency": x, "recency_weeks": 39.9, "T_weeks": 40.0})
    with pytest.raises(
        clv.ConvergenceError, match=r"did not converge.*nobody seems to drop out.*other purchase"
    ):
        kind.fit(frame)
