"""What is MBG/NBD's own; what it shares with BG/NBD is tested there."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from cxlib import clv

MODEL = clv.ModifiedBetaGeoNBD(r=0.525, alpha=6.183, a=0.891, b=1.614)


def history(x, t_x, T) -> pd.DataFrame:
    return pd.DataFrame({"frequency": [x], "recency_weeks": [t_x], "T_weeks": [T]})


def test_parameters_of_the_cdnow_customers(cdnow):
    # As BTYDplus (Platzer & Reutterer 2016) estimates them for the same customers.
    fit = clv.ModifiedBetaGeoNBD.fit(cdnow)
    assert fit.params.to_numpy() == pytest.approx([0.525, 6.183, 0.891, 1.614], abs=0.0005)


@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 0), (0, 0, 30), (1, 3, 20), (5, 12.5, 39)])
def test_log_likelihood_of_one_history(x, t_x, T):
    """Either alive, x + 1 chances to drop out survived, or dropped out at t_x, x survived."""
    r, alpha, a, b = 0.525, 6.183, 0.891, 1.614

    def of_rate(end):
        return alpha**r / (alpha + end) ** (r + x) * np.prod(r + np.arange(x))

    stay = np.exp(betaln(a, b + x + 1) - betaln(a, b)) * of_rate(T)
    left = np.exp(betaln(a + 1, b + x) - betaln(a, b)) * of_rate(t_x)
    assert MODEL.log_likelihood(history(x, t_x, T)) == pytest.approx(np.log(stay + left), abs=1e-10)
    alive = MODEL.probability_alive(history(x, t_x, T))[0]
    assert alive == pytest.approx(stay / (stay + left), abs=1e-12)


def test_purchase_probabilities_start_with_those_who_left_at_once():
    none = 0.891 / 2.505 + 1.614 / 2.505 * (6.183 / 45.183) ** 0.525
    assert MODEL.purchase_probabilities(39, 0) == pytest.approx([none], rel=1e-12)


def test_who_stays_after_the_first_purchase_is_bg_nbd_with_one_chance_survived():
    # Those alive after the first purchase have p ~ Beta(a, b + 1) and then follow BG/NBD.
    after = clv.BetaGeoNBD(MODEL.r, MODEL.alpha, MODEL.a, MODEL.b + 1)
    stayed = MODEL.b / (MODEL.a + MODEL.b)
    for weeks in (1, 39, 500):
        expected = stayed * after.expected_purchases_new(weeks)
        assert MODEL.expected_purchases_new(weeks) == pytest.approx(expected, rel=1e-10)
        chances = stayed * after.purchase_probabilities(weeks, 20)
        assert MODEL.purchase_probabilities(weeks, 20)[1:] == pytest.approx(chances[1:], rel=1e-9)
    repeat = history(3, 20, 39)
    assert MODEL.probability_alive(repeat) == pytest.approx(after.probability_alive(repeat))
