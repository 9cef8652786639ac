import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from cxlib.churn.empc import empc, empc_difference
from cxlib.churn.profit import Campaign


def _sample(seed, n=800, own=False):
    rng = np.random.default_rng(seed)
    risk = np.round(rng.beta(1, 3, n), 2)
    return rng.random(n) < risk, risk, rng.gamma(3, 67, n) if own else 200.0


def _integrated(churned, risk, value, campaign):
    """EMPC and the share contacted by brute force: every cut at each success rate of a grid."""
    a = churned * (value - campaign.offer_cost)
    b = campaign.contact_cost + ~churned * campaign.offer_cost
    cuts = [np.zeros(len(risk), bool), *(risk >= t for t in np.unique(risk))]
    A, B, share = (np.array([(x * c).mean() for c in cuts]) for x in (a, b, np.ones(len(risk))))
    edges = np.linspace(0, 1, 20_001)
    weight = np.diff(beta(campaign.success_alpha, campaign.success_beta).cdf(edges))
    profit = (edges[:-1, None] + edges[1:, None]) / 2 * A - B
    best = profit.argmax(axis=1)
    return weight @ profit.max(axis=1), weight @ share[best]


def test_perfect_ranking_at_half_churn_gives_the_published_28():
    churned = np.repeat([True, False], 500)
    found = empc(churned, churned.astype(float))
    # .5 (.3 x 190 - 1); below a success rate of 1/190 nobody is contacted, which is never so.
    assert found.profit.value == pytest.approx(28, abs=1e-9)
    assert found.share.value == pytest.approx(0.5, abs=1e-8)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    "campaign", [Campaign(), Campaign(contact_cost=0), Campaign(40, 3, 2, 5), Campaign(300, 1)]
)
def test_agrees_with_integration_over_every_cut(campaign, own):
    churned, risk, value = _sample(3, own=own)
    profit, share = _integrated(churned, risk, value, campaign)
    found = empc(churned, risk, value=value, campaign=campaign)
    # The grid of success rates errs by its square in the profit, by its step in the share.
    assert found.profit.value == pytest.approx(profit, abs=1e-6)
    assert found.share.value == pytest.approx(share, abs=1e-4)


def test_one_risk_for_all_contacts_all_or_nobody():
    churned = np.repeat([True, False, False, False], 50)
    found = empc(churned, np.full(200, 0.25))
    a, b = 0.25 * 190, 1 + 0.75 * 10
    density = beta(6, 14).pdf
    expected, _ = quad(lambda g: (g * a - b) * density(g), b / a, 1)
    assert found.profit.value == pytest.approx(expected)
    assert found.share.value == pytest.approx(beta(6, 14).sf(b / a))


def test_only_the_order_of_the_scores_counts_and_not_that_of_the_rows():
    churned, risk, value = _sample(4, own=True)
    found = empc(churned, risk, value=value).profit
    shuffled = np.random.default_rng(5).permutation(len(risk))
    other = empc(churned[shuffled], np.exp(9 * risk[shuffled]), value=value[shuffled]).profit
    for end in ("value", "low", "high"):
        assert getattr(other, end) == pytest.approx(getattr(found, end))


def test_a_value_for_each_customer_that_is_the_same_is_the_scalar():
    churned, risk, _ = _sample(6)
    assert empc(churned, risk, value=np.full(len(risk), 150.0)) == empc(churned, risk, value=150)


def test_without_costs_everybody_worth_something_is_contacted():
    churned, risk, _ = _sample(7)
    found = empc(churned, risk, campaign=Campaign(0, 0))
    assert found.profit.value == pytest.approx(churned.mean() * 200 * 0.3)


def test_nobody_pays_where_the_offer_costs_more_than_all_are_worth():
    churned, risk, _ = _sample(8)
    found = empc(churned, risk, value=5)
    assert (found.profit.value, found.profit.low, found.share.value) == (0, None, 0)


def test_intervals_hold_the_truth_as_often_as_they_say():
    campaign, levels = Campaign(), np.array([0.03, 0.08, 0.15, 0.22, 0.3, 0.45, 0.7])
    # The population: each risk equally often, made of whole customers.
    risk = np.repeat(levels, 100)
    churned = np.concatenate([np.arange(100) < round(100 * p) for p in levels])
    truth = _integrated(churned, risk, 200.0, campaign)
    rng = np.random.default_rng(9)
    held = np.zeros(2)
    for _ in range(300):
        p = rng.choice(levels, 1500)
        found = empc(rng.random(1500) < p, p)
        for k, one in enumerate((found.profit, found.share)):
            held[k] += one.low <= truth[k] <= one.high
    # Monte Carlo error 1.3 points at .95.
    assert (held / 300 > 0.915).all()
    assert (held / 300 < 0.985).all()


def test_paired_difference_has_the_spread_of_the_bootstrap():
    churned, risk, value = _sample(10, n=600, own=True)
    rng = np.random.default_rng(11)
    other = risk + rng.normal(0, 0.1, 600)
    found = empc_difference(churned, risk, other, value=value)
    apart = empc(churned, risk, value=value).profit.value
    apart -= empc(churned, other, value=value).profit.value
    draws = []
    for _ in range(300):
        k = rng.integers(0, 600, 600)
        one = empc_difference(churned[k], risk[k], other[k], value=value[k])
        draws.append(one.value)
    assert found.value == pytest.approx(apart)
    # 300 draws tell a standard deviation to 4 %; ties of the bootstrap add a little to it. Errors
    # of customers not paired would be more than twice as large.
    assert (found.high - found.low) / 3.92 == pytest.approx(np.std(draws), rel=0.25)


def test_a_ranking_does_not_differ_from_itself():
    churned, risk, _ = _sample(12)
    same = empc_difference(churned, risk, 2 * risk)
    assert (same.value, same.low, same.high) == pytest.approx((0, 0, 0))


def test_a_missing_value_is_an_error():
    with pytest.raises(ValueError, match="missing"):
        empc([True, False], [0.2, 0.1], value=[100, np.nan])
