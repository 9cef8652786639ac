import numpy as np
import pandas as pd
import pytest

from cxlib import clv
from cxlib.clv.histories import history_arrays
from cxlib.simulate import purchases as simulated


def shop(n, rng) -> pd.DataFrame:
    T = np.full(n, 40.0)
    bought = simulated.purchase_times("after a repeat purchase", (0.8, 5.0, 0.9, 2.5), T, rng)
    return simulated.purchase_histories(*bought, T)


def test_the_interval_of_a_total_is_that_of_simulated_futures():
    rng = np.random.default_rng(4)
    table = shop(800, rng)
    fit = clv.BetaGeoNBD.fit(table)
    data = history_arrays(table)
    expected, predicted = clv.total_forecast(fit, table, 40, rng=rng)
    assert expected.value == pytest.approx(fit.model.expected_purchases(table, 40).sum())
    models = fit.draw_models(250, rng)
    sums = np.array([one.expected_purchases(data, 40).sum() for one in models])
    futures = np.array([len(one.simulate(data, 40, rng).row) for one in models])
    z = 2 * 1.959964
    # The sd of 250 draws has an error of 4.5 %; four times that.
    for found, draws in ((expected, sums), (predicted, futures)):
        spread = np.log(found.high / found.low) / z
        assert spread == pytest.approx(np.log(draws).std(), rel=0.18)
    assert predicted.high - predicted.low > 1.1 * (expected.high - expected.low)


def test_duplicated_customers_narrow_the_prediction():
    rng = np.random.default_rng(5)
    table = shop(600, rng)
    once, fourfold = (
        clv.total_forecast(clv.BetaGeoNBD.fit(t), t, 40, rng=rng)[1]
        for t in (table.assign(customers=1), table.assign(customers=4))
    )
    assert fourfold.value == pytest.approx(4 * once.value, rel=1e-4)
    ratio = np.log(once.high / once.low) / np.log(fourfold.high / fourfold.low)
    # Four times the customers: half the spread; chance is simulated to about 2 %.
    assert ratio == pytest.approx(2, rel=0.05)


def test_a_parameter_that_nothing_depends_on_adds_nothing():
    table = shop(300, np.random.default_rng(6))
    model = clv.BetaGeoNBD(0.8, 5.0, 1e-9, 1e3)
    widths = []
    for spread in (1e-12, 1e4):
        fit = clv.Fit(model, np.diag([0.01, 0.01, spread, 1e-12]), 0.0, 300, 1, converged=True)
        found, _ = clv.total_forecast(fit, table, 40, rng=np.random.default_rng(1))
        widths.append(found.high - found.low)
    assert widths[1] == pytest.approx(widths[0], rel=1e-3)
