"""Customers with a contract: the value of those still there, by hand and against simulation."""

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib.clv import Terms
from cxlib.clv.contract_value import contract_counts, contract_value
from cxlib.clv.shifted_beta_geometric import ShiftedBetaGeometric


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


def test_one_month_ahead_is_the_next_renewal():
    contracts = simulated()
    found = contract_value(contracts, Terms(4.35, 0.5, 0.1), draws=20, rng=np.random.default_rng(1))
    there = contracts[~contracts["left"]]
    retention = found.fit.model.retention(there["periods"].to_numpy() + 1)
    assert found.value.value == pytest.approx(0.5 * there["charges"] @ retention, rel=1e-12)


def test_a_long_horizon_tends_to_the_endless_value():
    contracts = simulated()
    rng = np.random.default_rng(1)
    found = contract_value(contracts, Terms(52.1775 * 150, 1, 0.1), draws=2, rng=rng)
    assert found.endless_value.value == pytest.approx(found.value.value, rel=1e-4)


def test_the_range_holds_what_customers_then_do():
    """Each of 40 futures lies in the 95 % range with that chance: 2 misses expected, 8 are 4 sd."""
    truth, months = ShiftedBetaGeometric(0.7, 2.0), 12
    misses = 0
    for seed in range(40):
        contracts = simulated(n=600, seed=seed)
        rng = np.random.default_rng(1000 + seed)
        found = contract_value(contracts, Terms(52.1775, 1, 0.0), draws=60, rng=rng)
        there = contracts[~contracts["left"]]
        tenure = np.repeat(there["periods"].to_numpy(), there["customers"])
        stays = rng.geometric(rng.beta(truth.alpha, truth.beta + tenure)) - 1
        brought = 10.0 * np.minimum(stays, months).sum()
        misses += not found.value.low <= brought <= found.value.high
    assert misses <= 7


def test_without_discounting_all_time_to_come_has_no_value():
    found = contract_value(simulated(), Terms(52, 1, 0), draws=2, rng=np.random.default_rng(1))
    assert found.endless_value.value is None
    assert "infinite" in found.endless_value.method


def test_a_misfit_is_said():
    contracts = simulated()
    # Nobody left after the first month but at the twelfth: no shifted beta-geometric does that.
    odd = pd.DataFrame(
        {
            "periods": [1, 12, 12],
            "left": [True, True, False],
            "customers": [400, 300, 300],
            "charges": [4000.0, 3000.0, 3000.0],
        }
    )
    terms, rng = Terms(52, 1, 0.1), np.random.default_rng(1)
    assert "kinds of contracts differ" in contract_value(odd, terms, draws=2, rng=rng).sentence
    assert "kinds of" not in contract_value(contracts, terms, draws=2, rng=rng).sentence
