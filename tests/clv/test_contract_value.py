"""Customers with a contract: the value of those still there, by hand and against simulation."""

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib.clv import Terms
from cxlib.clv.contract_value import (
    contract_counts,
    contract_value,
    contract_value_or_reason,
    watched,
)
from cxlib.clv.shifted_beta_geometric import ShiftedBetaGeometric
from cxlib.inference import ParameterError


def subscriptions(rows):
    table = pd.DataFrame(rows, columns=["tenure_months", "churned", "monthly_charges"])
    return nw.from_native(duckdb.connect().from_df(table))


def simulated(n=4000, alpha=0.7, beta=2.0, months=24, seed=3):
    """Customers who joined 1 to `months` months ago, at 10 a month; exact law of the model."""
    rng = np.random.default_rng(seed)
    lasted = rng.geometric(rng.beta(alpha, beta, size=n))
    age = rng.integers(1, months + 1, size=n)
    table = pd.DataFrame({"periods": np.minimum(lasted, age), "left": lasted <= age})
    counts = table.value_counts().rename("customers").reset_index()
    return counts.assign(charges=10.0 * counts["customers"])


def test_counts_by_hand():
    rows = [(0.4, True, 5.0), (1.0, True, 7.0), (0.4, False, 3.0), (2.9, False, 1.0)]
    counted = contract_counts(subscriptions([*rows, (2.0, False, 2.0)]))
    expected = pd.DataFrame(
        {
            "periods": [0, 1, 2],
            "left": [False, True, False],
            "customers": [1, 2, 2],
            "charges": [3.0, 12.0, 3.0],
        }
    )
    pd.testing.assert_frame_equal(counted, expected, check_dtype=False)


def value(contracts, terms, draws=39, **options):
    return contract_value(contracts, terms, draws=draws, rng=np.random.default_rng(1), **options)


@pytest.mark.parametrize("weeks", [1, 2, 4.34])
def test_one_month_ahead_is_the_next_renewal(weeks):
    contracts = simulated()
    found = value(contracts, Terms(weeks, 0.5, 0.1))
    there = contracts[~contracts["left"]]
    retention = found.fit.model.retention(there["periods"].to_numpy() + 1)
    assert found.value.value == pytest.approx(0.5 * there["charges"] @ retention, rel=1e-12)
    assert f"the 1 months that begin within {weeks} weeks" in found.sentence


@pytest.mark.parametrize(("weeks", "months"), [(4.36, 2), (52, 12), (365.2425 / 7, 12), (53, 13)])
def test_months_begun_within_the_horizon_count(weeks, months):
    assert f"the {months} months" in value(simulated(n=600), Terms(weeks, 1, 0.1)).sentence


def test_a_long_horizon_tends_to_the_endless_value():
    found = value(simulated(), Terms(52.1775 * 150, 1, 0.1))
    assert found.endless_value.value == pytest.approx(found.value.value, rel=1e-4)


def test_the_range_is_as_wide_as_chance_and_parameters_make_it():
    months = 12
    contracts = simulated(n=600)
    found = value(contracts, Terms(52.1775, 1, 0.0), draws=600)
    there = contracts[~contracts["left"]]
    tenure, customers = (there[name].to_numpy()[:, None] for name in ("periods", "customers"))
    ahead = np.arange(1, months + 1)

    def stays(model):
        return model.survival(tenure + ahead) / model.survival(tenure)

    def total(logs):
        return 10 * float(customers[:, 0] @ stays(ShiftedBetaGeometric(*np.exp(logs))).sum(axis=1))

    # E[N] = sum of S(j) and E[N^2] = sum of (2 j - 1) S(j) for N renewals of at most 12.
    chances = stays(found.fit.model)
    mean = chances.sum(axis=1)
    chance = 100 * float(customers[:, 0] @ (chances @ (2 * ahead - 1) - mean**2))
    logs, steps = np.log(found.fit.params.to_numpy()), 1e-4 * np.eye(2)
    slope = np.array([total(logs + one) - total(logs - one) for one in steps]) / 2e-4
    parameters = slope @ found.fit.cov_log @ slope
    z = 2 * 1.959964
    # The ends of 600 draws err by 11 % of sd each, so the width by 4 %; four times that.
    for estimate, variance in (
        (found.expected_value, parameters),
        (found.value, parameters + chance),
    ):
        assert estimate.high - estimate.low == pytest.approx(z * np.sqrt(variance), rel=0.16)
        assert estimate.low < estimate.value < estimate.high


def test_too_few_draws_are_refused():
    rng, terms = np.random.default_rng(1), Terms(52, 1, 0.1)
    with pytest.raises(ParameterError, match=r"^draws: 38 .* 39 are needed"):
        contract_value(simulated(), terms, draws=38, rng=rng)
    with pytest.raises(ParameterError, match=r"^draws: 38 .* 39 are needed"):
        contract_value_or_reason(simulated(), "all", terms, draws=38, rng=rng)


@pytest.mark.parametrize(
    ("change", "terms", "reason"),
    [
        ({}, Terms(np.inf, 1, 0.1), "finite horizon_weeks"),
        ({"charges": 0.0}, Terms(52, 1, 0.1), "add up to nothing"),
        ({"left": True, "periods": [1, 2, 3]}, Terms(52, 1, 0.1), "Nobody is still there"),
        ({"left": False}, Terms(52, 1, 0.1), "left"),
        ({"periods": 1}, Terms(52, 1, 0.1), "more than one period"),
    ],
)
def test_where_there_is_no_value_the_reason_is_told(change, terms, reason):
    table = pd.DataFrame(
        {
            "periods": [1, 2, 3],
            "left": [True, True, False],
            "customers": [30, 20, 50],
            "charges": [300.0, 200.0, 500.0],
        }
    )
    rng = np.random.default_rng(1)
    found, text = contract_value_or_reason(table.assign(**change), "all", terms, draws=39, rng=rng)
    assert found is None
    assert reason in text


def test_where_there_is_a_value_its_sentence_is_told():
    rng = np.random.default_rng(1)
    found, text = contract_value_or_reason(simulated(), "all", Terms(52, 1, 0.1), draws=39, rng=rng)
    assert found is not None
    assert found.sentence == text


def test_without_discounting_all_time_to_come_has_no_value():
    found = value(simulated(), Terms(52, 1, 0))
    assert found.endless_value.value is None
    assert "infinite" in found.endless_value.method


def test_a_misfit_is_said():
    contracts = simulated()
    # Nobody left between the first month and the twelfth: no shifted beta-geometric does that.
    odd = pd.DataFrame(
        {
            "periods": [1, 5, 12, 12],
            "left": [True, False, True, False],
            "customers": [400, 300, 200, 100],
            "charges": [4000.0, 3000.0, 2000.0, 1000.0],
        }
    )
    terms = Terms(52, 1, 0.1)
    found = value(odd, terms)
    told = found.sentence
    assert found.trust.startswith("Take it for a rough figure")
    assert "Of 300 of them at tenures that were seen" in told
    assert "does not suit these contracts" in told
    assert "does not suit" not in value(contracts, terms).sentence


@pytest.mark.parametrize(
    ("leavers", "doubtful"),
    # Of 100 in month t 60 - t leave: fewer than .6^14 = .1 % of new ones would stay 14 months.
    # Of some 1,100 in month t 120 - 4 t leave, at most 11 %: more than .89^12 = 24 % would.
    [(60 - np.arange(1, 25), True), (120 - 4 * np.arange(1, 25), False)],
)
def test_customers_who_by_the_rates_seen_would_have_left_speak_against_them(leavers, doubtful):
    still = 100 - leavers if doubtful else np.full(24, 1000)
    rows = {"periods": np.arange(1, 25), "customers": still, "left": False}
    table = pd.concat([pd.DataFrame(rows), pd.DataFrame(rows | {"customers": leavers})])
    table["left"] = np.repeat([False, True], 24)
    counts = table.assign(charges=10.0 * table["customers"])
    found = value(watched(counts, "last month"), Terms(52, 1, 0.1))
    assert bool(found.outlived) == found.doubtful == doubtful
    # 611 of the 1,260 still there have stayed for at most 13 months.
    begins = "Do not budget on it: half of these customers have stayed for 14 months or more"
    assert found.trust.startswith(begins if doubtful else "Take it for a rough figure: no past")
    told = found.answer("12 (95 % interval 10 to 14)")
    assert told.startswith("Separately, the value of ") == doubtful
    assert (
        told.endswith("What the model says stands below (customers with a contract).") == doubtful
    )
    assert ("should bring 12 (95 % interval 10 to 14) over the same weeks" in told) != doubtful


def test_a_snapshot_of_the_last_month_is_watched_for_one_month():
    """Everybody of a stock, and those who left last month: hazards are leavers over all there."""
    rng = np.random.default_rng(6)
    n = 30_000
    chance = rng.beta(0.8, 3.0, size=n)
    tenure = rng.integers(1, 40, size=n)
    # Those still there before the last month, and whether they left in it.
    stayed = rng.uniform(size=n) < (1 - chance) ** (tenure - 1)
    left = rng.uniform(size=n) < chance
    stock = pd.DataFrame({"periods": tenure, "left": left})[stayed]
    counts = stock.value_counts().rename("customers").reset_index()
    contracts = counts.assign(charges=counts["customers"].astype(float))
    fit = ShiftedBetaGeometric.fit(watched(contracts, "last month"))
    # Four standard errors; taken as "all" the estimates are far off.
    for name, truth in (("alpha", 0.8), ("beta", 3.0)):
        assert abs(fit.params[name] - truth) < 4 * fit.bse[name]
    wrong = ShiftedBetaGeometric.fit(watched(contracts, "all"))
    assert abs(wrong.params["alpha"] - 0.8) > 8 * wrong.bse["alpha"]


def test_undeclared_leavers_allow_no_value():
    rng = np.random.default_rng(1)
    found, told = contract_value_or_reason(simulated(), "", Terms(52, 1, 0.1), draws=60, rng=rng)
    assert found is None
    assert 'declare leavers = "all"' in told
