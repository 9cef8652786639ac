import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from cxlib.clv import ConvergenceError
from cxlib.clv import beta_geo_beta_binomial as bgbb
from cxlib.clv.beta_geo_beta_binomial import BetaGeoBetaBinomial
from cxlib.clv.histories import TooFewError

# Fader, Hardie & Shang 2010, table 1: 11,104 donors by (x, t_x), six yearly opportunities.
DONORS = {
    (0, 0): 3464, (1, 1): 1091, (1, 2): 277, (1, 3): 129, (1, 4): 78, (1, 5): 119, (1, 6): 129,
    (2, 2): 613, (2, 3): 255, (2, 4): 155, (2, 5): 173, (2, 6): 234, (3, 3): 322, (3, 4): 181,
    (3, 5): 225, (3, 6): 357, (4, 4): 240, (4, 5): 284, (4, 6): 512, (5, 5): 335, (5, 6): 728,
    (6, 6): 1203,
}  # fmt: skip
PUBLISHED = BetaGeoBetaBinomial(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
# gamma above 1, and small numbers, so that sums by hand are short.
MODEL = BetaGeoBetaBinomial(alpha=1.5, beta=2.0, gamma=1.4, delta=4.0)


def histories(rows, opportunities) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["frequency", "recency_opportunities"])
    return frame.assign(opportunities=opportunities)


@pytest.fixture(scope="module")
def donors() -> pd.DataFrame:
    return histories(DONORS, 6).assign(customers=list(DONORS.values()))


@pytest.fixture(scope="module")
def fit(donors):
    return BetaGeoBetaBinomial.fit(donors)


def moment(model, kept, left, stayed) -> float:
    """E[p^bought (1 - p)^not theta^left (1 - theta)^stayed], kept = (bought, not)."""
    bought, not_bought = kept
    of_p = betaln(model.alpha + bought, model.beta + not_bought) - betaln(model.alpha, model.beta)
    of_theta = betaln(model.gamma + left, model.delta + stayed)
    return float(np.exp(of_p + of_theta - betaln(model.gamma, model.delta)))


def probability(model, purchases) -> float:
    """P of one string of 0 and 1, summed over the opportunity at which the customer dropped out."""
    n, x = len(purchases), sum(purchases)
    last = max((k for k in range(1, n + 1) if purchases[k - 1]), default=0)
    dropped = [moment(model, (x, alive - x), 1, alive) for alive in range(last, n)]
    return moment(model, (x, n - x), 0, n) + sum(dropped)


def strings(n):
    """Every string of n opportunities with (x, t_x)."""
    for purchases in itertools.product([0, 1], repeat=n):
        last = max((k + 1 for k in range(n) if purchases[k]), default=0)
        yield purchases, (sum(purchases), last)


# published figures


def test_reproduces_fader_hardie_and_shang(fit):
    assert fit.params.to_numpy() == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=0.0005)
    assert fit.llf == pytest.approx(-33225.6, abs=0.05)
    assert (fit.n, fit.converged) == (11104, True)


def test_expected_purchases_are_those_of_btyd(fit):
    # The figures printed in the vignette of the R package BTYD for the same donors.
    assert fit.model.expected_purchases_new(10) == pytest.approx(3.18, abs=0.005)
    found = fit.model.expected_purchases(histories([(0, 0), (4, 5)], 6), 10)
    assert found == pytest.approx([0.1302169, 3.627858], abs=2e-4)


# likelihood and derivatives


def test_the_likelihood_is_that_of_the_strings():
    for purchases, history in strings(5):
        found = MODEL.log_likelihood(histories([history], 5))
        assert found == pytest.approx(np.log(probability(MODEL, purchases)), abs=1e-11)


def test_gradient_and_hessian_are_those_of_the_likelihood(donors):
    data, _ = bgbb._opportunities(donors)
    values = np.array([0.9, 1.2, 0.8, 2.0])
    _, gradient, hessian = bgbb.likelihood(values, data)
    for i, step in enumerate(np.diag(1e-5 * values)):
        above, below = bgbb.likelihood(values + step, data), bgbb.likelihood(values - step, data)
        width = 2 * step[i]
        assert gradient[i] == pytest.approx((above[0] - below[0]) / width, rel=1e-6, abs=1e-3)
        assert hessian[i] == pytest.approx((above[1] - below[1]) / width, rel=1e-6, abs=1e-3)


def test_blocks_add_up(donors, monkeypatch):
    data, _ = bgbb._opportunities(donors)
    whole = bgbb.likelihood(np.array([1.0, 1.0, 1.0, 1.0]), data)
    monkeypatch.setattr(bgbb, "BLOCK", 10)
    assert len(bgbb._blocks(data)) > 3
    parts = bgbb.likelihood(np.array([1.0, 1.0, 1.0, 1.0]), data)
    for one, other in zip(whole, parts, strict=True):
        assert one == pytest.approx(other, rel=1e-12)


# what follows from the model


def test_probabilities_of_purchases_by_counting_strings():
    for n in (0, 1, 5):
        expected = np.zeros(n + 1)
        for purchases, _ in strings(n):
            expected[sum(purchases)] += probability(MODEL, purchases)
        assert MODEL.purchase_probabilities(n) == pytest.approx(expected, abs=1e-12)
    many = PUBLISHED.purchase_probabilities(300)
    assert many.sum() == pytest.approx(1, abs=1e-10)
    mean = many @ np.arange(301)
    assert PUBLISHED.expected_purchases_new(300) == pytest.approx(mean, rel=1e-9)


def test_expected_purchases_by_counting_strings():
    # A history of 3 opportunities, then every string of 4 more.
    for past, history in strings(3):
        total = probability(MODEL, past)
        mean, discounted = 0.0, 0.0
        for future, _ in strings(4):
            share = probability(MODEL, past + future) / total
            mean += share * sum(future)
            discounted += share * sum(bought * 1.1**-j for j, bought in enumerate(future, start=1))
        row = histories([history], 3)
        assert MODEL.expected_purchases(row, 4)[0] == pytest.approx(mean, rel=1e-10)
        found = MODEL.discounted_purchases(row, 4, 0.1)[0]
        assert found == pytest.approx(discounted, rel=1e-10)


def test_probability_alive_by_hand():
    # One opportunity: alive at the second unless it was not used because the customer was gone.
    bought, idle = MODEL.probability_alive(histories([(1, 1), (0, 0)], 1))
    a, b, c, d = 1.5, 2.0, 1.4, 4.0
    assert bought == pytest.approx((d + 1) / (c + d + 1))
    stayed = d * (d + 1) / ((c + d) * (c + d + 1)) * b / (a + b)
    assert idle == pytest.approx(stayed / (1 - d / (c + d) * a / (a + b)))


@pytest.mark.parametrize("rate", [0.1, 0.01])
def test_endless_horizon_is_the_limit_of_long_ones(rate):
    rows = histories([(0, 0), (3, 4), (6, 6)], 6)
    for model in (PUBLISHED, MODEL):
        endless = model.discounted_purchases(rows, math.inf, rate)
        assert endless == pytest.approx(model.discounted_purchases(rows, 4000, rate), rel=1e-9)


def test_endless_horizon_without_discount():
    row = histories([(3, 4)], 6)
    # gamma = 3: what is left of the sum beyond n opportunities is below (delta + 7)^3 / n^2.
    model = BetaGeoBetaBinomial(1.5, 2.0, 3.0, 4.0)
    long = model.expected_purchases(row, 300_000)
    assert model.expected_purchases(row, math.inf) == pytest.approx(long, rel=1e-6)
    with pytest.raises(ValueError, match="infinitely many"):
        PUBLISHED.expected_purchases(row, math.inf)


def test_gamma_of_one_is_no_gap():
    row = histories([(3, 4)], 6)
    at, near = (BetaGeoBetaBinomial(1.2, 0.8, gamma, 2.8) for gamma in (1.0, 1.0 + 1e-9))
    expected = near.expected_purchases(row, 10)
    assert at.expected_purchases(row, 10) == pytest.approx(expected, rel=1e-7)


def test_extreme_histories_stay_finite():
    rows = histories([(0, 0), (500, 500), (500, 3000), (1, 3000), (3000, 3000)], 3000)
    alive = PUBLISHED.probability_alive(rows)
    expected = PUBLISHED.discounted_purchases(rows, math.inf, 1e-4)
    assert np.isfinite(PUBLISHED.log_likelihood(rows))
    assert np.isfinite(expected).all()
    assert ((alive >= 0) & (alive <= 1)).all()
    # Who bought last time is gone only if dropped out just now.
    assert alive[4] == pytest.approx((2.783 + 3000) / (0.657 + 2.783 + 3000))


# recovery, and what must not matter


def simulated(model, n, opportunities, rng) -> pd.DataFrame:
    """Customers one opportunity after the other."""
    chance = rng.beta(model.alpha, model.beta, size=n)
    leaving = rng.beta(model.gamma, model.delta, size=n)
    alive, x, t_x = np.ones(n, dtype=bool), np.zeros(n), np.zeros(n)
    for k in range(1, opportunities + 1):
        alive &= rng.uniform(size=n) >= leaving
        buys = alive & (rng.uniform(size=n) < chance)
        x += buys
        t_x[buys] = k
    return histories(np.column_stack([x, t_x]), opportunities)


def test_the_truth_is_recovered():
    rng = np.random.default_rng(20261122)
    parts = [simulated(MODEL, 100_000, n, rng) for n in (6, 12)]
    fit = BetaGeoBetaBinomial.fit(pd.concat(parts))
    truth = [MODEL.alpha, MODEL.beta, MODEL.gamma, MODEL.delta]
    # Standard errors of the logarithms are below 3 %: a value off by 12 % would be seen.
    z = (np.log(fit.params) - np.log(truth)) / (fit.bse / fit.params)
    assert (z.abs() < 4).all()
    assert (fit.bse / fit.params < 0.03).all()


def test_rows_counts_and_order_do_not_matter(fit, donors):
    rows = donors.loc[donors.index.repeat(donors["customers"])].drop(columns="customers")
    found = BetaGeoBetaBinomial.fit(rows.sample(frac=1, random_state=1))
    assert (found.model, found.llf) == (fit.model, fit.llf)
    some = rows.iloc[::1000]
    expected = dict(zip(DONORS, PUBLISHED.expected_purchases(donors, 5), strict=True))
    found = PUBLISHED.expected_purchases(some, 5)
    keys = zip(some["frequency"], some["recency_opportunities"], strict=True)
    assert found.tolist() == [expected[key] for key in keys]


# too little, too odd


def test_what_cannot_be_fitted_is_said(donors):
    with pytest.raises(TooFewError, match="too small: 10 customers"):
        BetaGeoBetaBinomial.fit(donors.head(10).assign(customers=1))
    with pytest.raises(ValueError, match="lack the column opportunities"):
        BetaGeoBetaBinomial.fit(donors.drop(columns="opportunities"))
    for change in ({"opportunities": 5}, {"frequency": 7}, {"frequency": np.nan}, {"customers": 0}):
        with pytest.raises(ValueError, match="impossible"):
            BetaGeoBetaBinomial.fit(donors.assign(**change))


def test_one_opportunity_does_not_converge():
    once = histories([(0, 0), (1, 1)], 1).assign(customers=[60, 40])
    with pytest.raises(ConvergenceError, match="hardly apart"):
        BetaGeoBetaBinomial.fit(once)


def test_impossible_terms_are_named():
    row = histories([(3, 4)], 6)
    for opportunities, rate, message in (
        (2.5, 0.1, "opportunities"),
        (-1, 0.1, "opportunities"),
        (3, -0.1, "discount_rate"),
        (math.inf, -0.1, "discount"),
    ):
        with pytest.raises(ValueError, match=message):
            PUBLISHED.discounted_purchases(row, opportunities, rate)
    with pytest.raises(ValueError, match="opportunities"):
        PUBLISHED.purchase_probabilities(-1)
