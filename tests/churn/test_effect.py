import numpy as np
import pytest

from cxlib.churn.effect import campaign_effect
from cxlib.inference import proportion_interval


def _arms(left_out, out, left, contacted):
    churned = np.arange(out + contacted) < left_out
    churned[out : out + left] = True
    return churned, np.arange(out + contacted) >= out


def test_difference_is_newcombes():
    # Newcombe (1998), table II, example (a) by method 10: 56/70 less 48/80.
    effect = campaign_effect(*_arms(56, 70, 48, 80))
    found = effect.reduction
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert effect.sentence.startswith("Contact lowered leaving by 20.0 points")


def test_success_rate_limits_solve_the_difference_of_scaled_rates():
    success = campaign_effect(*_arms(60, 150, 200, 700)).success_rate
    q, p = proportion_interval(60, 150), proportion_interval(200, 700)
    assert success.value == pytest.approx(1 - p.value / q.value)
    least, most = 1 - success.high, 1 - success.low
    low = np.hypot(p.value - p.low, least * (q.high - q.value))
    high = np.hypot(p.high - p.value, most * (q.value - q.low))
    assert p.value - least * q.value == pytest.approx(low)
    assert most * q.value - p.value == pytest.approx(high)


def test_harm_is_said():
    effect = campaign_effect(*_arms(10, 200, 60, 200))
    assert effect.sentence.startswith("Contact raised leaving, by 25.0 points")
    assert "is below -100% (below -100% to below -100%)" in effect.sentence


@pytest.mark.parametrize(("left", "way"), [(30, "fewer"), (36, "more")])
def test_an_effect_not_shown_has_a_success_rate_with_its_interval(left, way):
    # 33 of 100 held out left.
    effect = campaign_effect(*_arms(33, 100, left, 100))
    success = effect.success_rate
    assert success.value == pytest.approx(1 - left / 33)
    assert success.low < 0 < success.high
    assert "of the contacted 3.0 points (95% interval -" in effect.sentence
    assert f") {way} left. The success rate, the share" in effect.sentence
    told = f"is {success.value:.0%} ({success.low:.0%} to {success.high:.0%})."
    assert effect.sentence.endswith(told)


@pytest.mark.parametrize("out", [0, 1, 2, 12])
@pytest.mark.parametrize("left", [0, 1, 12])
def test_any_number_of_leavers_has_an_effect(out, left):
    effect = campaign_effect(*_arms(out, 12, left, 12))
    assert effect.reduction.low <= (out - left) / 12 <= effect.reduction.high
    success = effect.success_rate
    if out == 0:
        assert success.value is None
        assert effect.sentence.endswith("cannot be told: nobody held out left.")
        return
    assert success.low <= success.value <= success.high <= 1
    # Both intervals come of the same limits, so they leave out no effect together.
    assert (success.high < 0) == (effect.reduction.high < 0)
    assert (success.low > 0) == (effect.reduction.low > 0)


def test_few_customers_in_an_arm_give_no_effect_and_unknown_outcomes_stop():
    few = campaign_effect(*_arms(3, 9, 40, 100))
    assert few.reduction.value is few.success_rate.value is few.held_out_rate.value is None
    assert few.sentence == "No effect can be told: fewer than 10 in an arm."
    assert campaign_effect([], []).sentence == few.sentence
    with pytest.raises(ValueError, match="not known yet"):
        campaign_effect([1, np.nan], [True, False])
