"""Customers who all drop out alike, on simulated bases with a known truth."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from cxlib import clv
from cxlib.clv import totals
from cxlib.clv.beta_geo_nbd import _around_mode, _by_quadrature
from cxlib.clv.beta_geo_nbd import _path as beta_path
from cxlib.clv.common_dropout import COMMON
from cxlib.clv.pareto_nbd import _path as gamma_path
from cxlib.simulate import purchases as simulated

# Beta(3e8, 7e8) is a chance of .3 for all, Gamma(1e9, 2e10) a rate of 1 in 20 weeks.
ALIKE = {
    "BG/NBD": ("after a repeat purchase", (1.0, 4.0, 3e8, 7e8)),
    "MBG/NBD": ("after any purchase", (1.0, 4.0, 3e8, 7e8)),
    "Pareto/NBD": ("at any time", (1.0, 4.0, 1e9, 2e10)),
}
EACH = pytest.mark.parametrize("label", ALIKE)


def base(label: str, rng: np.random.Generator) -> tuple[pd.DataFrame, int]:
    """300 customers known for 52 weeks, and the repeat purchases of the 26 weeks after."""
    law, truth = ALIKE[label]
    T = np.full(300, 52.0)
    customer, week = simulated.purchase_times(law, truth, T + 26, rng)
    known = week <= 52
    table = simulated.purchase_histories(customer[known], week[known], T)
    return table, int((~known).sum())


def limits(label: str) -> tuple[clv.Fit[clv.PurchaseModel], pd.DataFrame]:
    """The first base without a maximum of four parameters."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        table, _ = base(label, rng)
        fit = clv.PURCHASE_MODELS[label].fit(table)
        if fit.model.is_common_dropout:
            return fit, table
    raise AssertionError("no base without a maximum")


@EACH
def test_the_limit_is_the_likeliest_of_its_kind(label):
    fit, table = limits(label)
    assert fit.fixed == 1
    assert fit.aic == pytest.approx(2 * 3 - 2 * fit.llf)
    assert fit.bic == pytest.approx(3 * np.log(300) - 2 * fit.llf)
    assert fit.llf == pytest.approx(fit.model.log_likelihood(table), abs=1e-5)
    assert fit.llf > clv.NegativeBinomial.fit(table).llf + 10
    # Along the axes of uncertainty the likelihood falls by 1 / 2 at one standard error, about.
    variances, axes = np.linalg.eigh(fit.cov_log)
    assert variances[0] < 1e-12 < variances[1]
    logs = np.log(fit.params.to_numpy())
    for variance, axis in list(zip(variances, axes.T, strict=True))[1:]:
        for sign in (-0.1, 0.1):
            near = type(fit.model)(*np.exp(logs + sign * np.sqrt(variance) * axis))
            assert fit.llf - near.log_likelihood(table) == pytest.approx(0.005, rel=0.2)
    # Heterogeneity that the data speak against.
    wider = np.exp(logs - [0, 0, 7, 7])
    assert type(fit.model)(*wider).log_likelihood(table) < fit.llf - 1


@EACH
def test_the_limit_has_the_dropout_of_all_within_its_interval(label):
    fit, _ = limits(label)
    models = fit.draw_models(2000, np.random.default_rng(2))
    if label == "Pareto/NBD":
        rates, truth = [model.s / model.beta for model in models], 0.05
    else:
        rates, truth = [model.a / (model.a + model.b) for model in models], 0.3
    low, high = np.quantile(rates, [0.005, 0.995])
    assert low < truth < high
    assert high / low < 3
    assert all(model.is_common_dropout for model in models)


@EACH
def test_the_total_is_held_by_its_interval(label, monkeypatch):
    # The variance by chance is then known to some 6 %.
    monkeypatch.setattr(totals, "SIMULATED_ROWS", 3000)
    rng = np.random.default_rng(11)
    held, ratios = 0, []
    for _ in range(40):
        table, actual = base(label, rng)
        fit = clv.PURCHASE_MODELS[label].fit(table)
        _, predicted = clv.total_forecast(fit, table, 26, rng=rng)
        held += predicted.low <= actual <= predicted.high
        ratios.append(predicted.value / max(actual, 1))
    # Of 40 intervals at 95 % (Monte Carlo error .034) 34 to 40 hold: the central 99 % of
    # Binomial(40, .95). The ratio, 3 to 4 where nobody were to leave, has an error of .05.
    assert held >= 34
    assert 0.8 < np.mean(ratios) < 1.3


@EACH
def test_where_nobody_drops_out_there_is_no_limit(label):
    # Regular buyers who all bought last just before the end.
    x = np.random.default_rng(2).integers(5, 30, size=200)
    table = pd.DataFrame({"frequency": x, "recency_weeks": 39.9, "T_weeks": 40.0})
    with pytest.raises(clv.ConvergenceError, match="did not converge") as raised:
        clv.PURCHASE_MODELS[label].fit(table)
    # The search went where the likelihood is that of the NBD.
    assert raised.value.llf == pytest.approx(clv.NegativeBinomial.fit(table).llf, abs=1)


@EACH
def test_covariates_need_all_four_parameters(label):
    _, table = limits(label)
    table["channel"] = np.resize(["web", "shop"], len(table))
    with pytest.raises(clv.ConvergenceError, match="not shown to differ in how they drop out"):
        clv.fit_with_covariates(clv.PURCHASE_MODELS[label], table, ["channel"])


@pytest.mark.parametrize("path", [beta_path, gamma_path])
def test_the_derivatives_of_a_path_are_the_numerical_ones(path):
    u, step = np.array([0.2, 1.3, float(logit(0.3))]), 1e-5
    _, slopes, bends = path(u)
    for k, one in enumerate(step * np.eye(3)):
        up, down = path(u + one), path(u - one)
        rate = (up.values - down.values) / (2 * step)
        assert rate == pytest.approx(slopes[:, k], rel=1e-8, abs=1e-6)
        bend = (up.slopes - down.slopes)[:, k] / (2 * step)
        assert bend == pytest.approx(bends[:, k], rel=1e-8, abs=1e-6)


def test_a_narrow_beta_is_integrated_around_its_mode():
    rng = np.random.default_rng(3)
    for size in (31, 300, COMMON):
        a, b = size * rng.uniform(1, 3), size * rng.uniform(1, 3, size=20)
        shape, ratio = np.exp(rng.uniform(-2, 4, size=20)), np.exp(rng.uniform(-6, 6, size=20))
        expected = _by_quadrature(shape, a, b, ratio)
        assert _around_mode(shape, a, b, ratio) == pytest.approx(expected, rel=1e-9)
