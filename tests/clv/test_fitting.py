from dataclasses import asdict, dataclass

import numpy as np
import pytest

from cxlib import simulate
from cxlib.clv import BetaGeoNBD, fitting
from cxlib.clv.fitting import ConvergenceError, Fit, axis_scores, log_changes, maximize


@dataclass(frozen=True)
class Counts:
    """Poisson counts of two groups, whose rates may or may not have a mean."""

    first: float
    second: float

    @property
    def has_mean(self) -> bool:
        return self.second < 5


SUMS, N = np.array([30.0, 80.0]), 20


def poisson(rates):
    """Log-likelihood of N counts a group that add up to SUMS, without the factorials."""
    value = float(SUMS @ np.log(rates) - N * rates.sum())
    return value, SUMS / rates - N, np.diag(-SUMS / rates**2)


@pytest.fixture
def fit() -> Fit[Counts]:
    return maximize(Counts, poisson, [(1.0, 1.0)], 2 * N, "advice")


def test_poisson_rates_by_hand(fit):
    # The estimate is the mean, 30 / 20 and 80 / 20; its standard error sqrt(mean / 20).
    assert fit.params.to_numpy() == pytest.approx([1.5, 4.0], abs=1e-8)
    assert fit.bse.to_numpy() == pytest.approx(np.sqrt([1.5 / 20, 4.0 / 20]), rel=1e-3)
    assert fit.cov.to_numpy() == pytest.approx(np.diag([1.5 / 20, 4.0 / 20]), rel=2e-3, abs=1e-12)
    assert fit.llf == pytest.approx(30 * np.log(1.5) + 80 * np.log(4) - 110, abs=1e-8)
    assert fit.aic == pytest.approx(2 * 2 - 2 * fit.llf)
    assert fit.bic == pytest.approx(2 * np.log(40) - 2 * fit.llf)
    assert (fit.n, fit.converged) == (40, True)


def test_intervals_are_symmetric_on_the_log_scale(fit):
    factor = np.exp(1.644854 * np.sqrt(1 / 30))
    row = fit.conf_int(0.9).loc["first"]
    assert row.to_list() == pytest.approx([1.5 / factor, 1.5 * factor], rel=1e-3)
    assert fit.summary.columns.to_list() == ["estimate", "standard_error", "low", "high"]
    assert fit.summary.loc["first", "low"] == fit.conf_int(0.95).loc["first", "low"]


@pytest.mark.parametrize("start", [(1e-3, 1e3), (1e3, 1e-3)])
def test_far_starts_lead_to_the_same_maximum(start, fit):
    found = maximize(Counts, poisson, [start], 40, "advice")
    assert found.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-7)


def test_a_fit_to_a_sample_saves_passes_over_all(fit):
    passes = []

    def counted(rates):
        passes.append(rates)
        return poisson(rates)

    def of_part(rates):
        return float(3 * np.log(rates[0]) + 8 * np.log(rates[1]) - 2.05 * rates.sum()), *(
            np.array([3.0, 8.0]) / rates - 2.05,
            np.diag(-np.array([3.0, 8.0]) / rates**2),
        )

    plain = maximize(Counts, counted, [(100.0, 0.01)], 40, "advice")
    without = len(passes)
    sampled = maximize(Counts, counted, [(100.0, 0.01)], 40, "advice", sample=of_part)
    assert len(passes) - without < without / 2
    for found in (plain, sampled):
        assert found.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-7)


def test_a_sample_without_a_maximum_is_passed_over(fit):
    def endless(rates):
        return float(np.log(rates).sum()), 1 / rates, np.diag(-1 / rates**2)

    found = maximize(Counts, poisson, [(1.0, 1.0)], 40, "advice", sample=endless)
    assert found.params.to_numpy() == pytest.approx(fit.params.to_numpy(), rel=1e-7)
    with pytest.raises(ConvergenceError, match=r"Counts did not converge from 1 .*; some advice"):
        maximize(Counts, endless, [(1.0, 1.0)], 40, "some advice")


def test_drawn_models_follow_the_normal_distribution_of_the_logs(fit):
    models = fit.draw_models(4000, np.random.default_rng(1))
    logs = np.log([one.first for one in models])
    # Standard error of the mean of 4,000: .183 / 63 = .0029, of their sd .002; four times that.
    assert logs.mean() == pytest.approx(np.log(1.5), abs=0.012)
    assert logs.std() == pytest.approx(np.sqrt(1 / 30), abs=0.008)
    assert max(one.second for one in models) < 5


def test_draws_without_a_mean_prevail():
    never = Fit(Counts(1.0, 50.0), np.eye(2) * 1e-6, 0.0, 40, 1, True)
    with pytest.raises(ValueError, match="hardly any draw"):
        never.draw_models(10, np.random.default_rng(1))


def test_log_changes_by_hand(fit):
    # log(first^2 second) is linear in the logs: its variance is g' C g with g = (2, 1).
    found = log_changes(fit, lambda one: np.array([one.first**2 * one.second]), 1)
    variance = 4 / 30 + 1 / 80
    assert np.sum(found**2) == pytest.approx(variance, rel=2e-3)
    other = Counts(2.0, 3.0)
    moved = axis_scores(fit, [other]) @ found[0]
    assert moved == pytest.approx([np.log(2.0**2 * 3 / (1.5**2 * 4))], rel=1e-6)


def test_nothing_has_no_changes(fit):
    assert not log_changes(fit, lambda one: np.array([0.0, 0.0]), 2).any()
    held = Fit(fit.model, np.zeros((2, 2)), 0.0, 40, 1, True)
    assert not log_changes(held, lambda one: np.array([one.first]), 1).any()
    assert not axis_scores(held, [Counts(2.0, 3.0)]).any()


def test_a_parameter_left_open_moves_what_rests_on_it_alone():
    wide = Fit(Counts(1.0, 1.0), np.diag([0.01, 1e4]), 0.0, 40, 1, True)
    found = log_changes(wide, lambda one: np.array([one.first, one.first * one.second]), 2)
    # One log unit is tried and scaled to the standard error of 100.
    assert (found**2).sum(axis=1) == pytest.approx([0.01, 0.01 + 1e4], rel=1e-9)


def test_draws_of_loose_parameters_follow_the_likelihood():
    """Twice the log-likelihood that draws lose is near chi-square of 4: mean 4, error .2 of 200.

    The ridge is bent (seed 1: nearly alike in dropping out); a plain normal loses 14 on average.
    """
    rng = np.random.default_rng(1)
    T = rng.uniform(60, 104, size=1500)
    times = simulate.purchase_times("after a repeat purchase", (0.8, 10.0, 6.0, 50.0), T, rng)
    fit = BetaGeoNBD.fit(simulate.purchase_histories(*times, T))
    assert np.diag(fit.cov_log).max() > fitting.LOOSE**2
    logs = rng.multivariate_normal(np.log(fit.params), fit.cov_log, size=200)
    plain = np.mean([2 * (fit.llf - fit.log_likelihood(one)) for one in logs])
    drawn = [np.log(list(asdict(one).values())) for one in fit.draw_models(200, rng)]
    followed = np.mean([2 * (fit.llf - fit.log_likelihood(one)) for one in drawn])
    assert plain > 8
    assert 2.5 < followed < 5
