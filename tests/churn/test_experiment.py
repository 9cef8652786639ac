import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import NormalIndPower

from cxlib.churn.experiment import (
    achieved_power,
    assign_holdout,
    balance,
    detectable_reduction,
    plan_experiment,
    required_per_arm,
    trial_per_arm,
)
from cxlib.churn.profit import Campaign
from cxlib.inference import ParameterError

IDS = np.array([f"customer {k}" for k in range(20_000)], dtype=object)


def _cohens_h(rate, other):
    return 2 * np.arcsin(np.sqrt(rate)) - 2 * np.arcsin(np.sqrt(other))


@pytest.mark.parametrize(("rate", "other"), [(0.3, 0.21), (0.05, 0.035), (0.6, 0.5)])
def test_sizes_and_power_are_those_of_statsmodels(rate, other):
    peer = NormalIndPower()
    size = peer.solve_power(_cohens_h(rate, other), alpha=0.05, power=0.8)
    assert required_per_arm(rate, other) == np.ceil(size)
    found = achieved_power(rate, other, 900, 100)
    power = peer.power(_cohens_h(rate, other), nobs1=900, alpha=0.05, ratio=100 / 900)
    assert found == pytest.approx(power, abs=1e-9)


def test_the_detectable_reduction_is_found_with_the_power_asked_for():
    reduction = detectable_reduction(0.3, 900, 300, power=0.9)
    assert achieved_power(0.3, 0.3 - reduction, 900, 300) == pytest.approx(0.9, abs=1e-4)
    assert detectable_reduction(0.01, 50, 5) is None
    assert detectable_reduction(0.3, 900, 0) is None


def test_the_plan_tells_what_a_list_can_show():
    plan = plan_experiment(np.full(4000, 0.3), Campaign(), holdout_share=0.1)
    assert (plan.contacted, plan.held_out) == (3600, 400)
    assert plan.contacted_rate.value == pytest.approx(0.3 * 0.7)
    assert plan.required_per_arm.value == required_per_arm(0.3, 0.21)
    assert plan.power.value == pytest.approx(achieved_power(0.3, 0.21, 3600, 400))
    assert plan.power.low < plan.power.value < plan.power.high
    # What a trial needs does not hang on how much is held out now, and does not tell of it.
    other = plan_experiment(np.full(4000, 0.3), Campaign(), holdout_share=0.5)
    assert other.needed == plan.needed
    assert plan.needed.startswith("To show that contact lowers leaving from 30.0% to 21.0%, each ")
    assert plan.sentence.startswith(plan.needed[:-1])
    out = plan.least_holdout_share * 4000
    assert achieved_power(0.3, 0.21, 4000 - out, out) == pytest.approx(0.8, abs=1e-4)


def test_a_list_too_short_is_told_so():
    plan = plan_experiment(np.full(40, 0.3), Campaign(), holdout_share=0.5)
    assert plan.least_holdout_share is None
    assert "too short" in plan.sentence


def test_without_a_held_out_part_there_is_no_power():
    plan = plan_experiment(np.full(4000, 0.3), Campaign(), holdout_share=0)
    assert (plan.power.value, plan.detectable_reduction) == (0, None)
    assert "nobody is held out, so that nothing can be shown" in plan.sentence
    assert plan.short.startswith("Nobody is held out, so no effect can be shown: holding out ")
    assert plan.steps == ""


@pytest.mark.parametrize(
    ("risk", "why"),
    [([], "Nobody is on the list"), (np.zeros(20), "Nobody on the list has any risk of leaving")],
)
def test_a_list_with_nothing_to_measure_has_a_plan_that_says_so(risk, why):
    plan = plan_experiment(risk, Campaign(), holdout_share=0.1)
    assert plan.sentence == plan.short == plan.needed == f"{why}: there is nothing to measure."
    assert plan.steps == ""
    estimates = (plan.contacted_rate, plan.required_per_arm, plan.power)
    assert [one.value for one in estimates] == [None] * 3
    assert plan.contacted + plan.held_out == len(risk)


def test_a_missing_risk_is_refused():
    with pytest.raises(ValueError, match="needs a risk from 0 to 1"):
        plan_experiment([0.2, np.nan], Campaign(), holdout_share=0.1)


def test_one_sentence_says_whether_the_list_will_do():
    risk = np.full(4000, 0.3)
    enough = plan_experiment(risk, Campaign(), holdout_share=0.1)
    power = enough.power
    assert power.value > 0.8
    assert enough.short == (
        "With the held-out group the effect can be shown with a chance of "
        f"{power.value:.0%} ({power.low:.0%} to {power.high:.0%})."
    )
    assert enough.steps.startswith("Leave the 400 held out alone for the whole horizon; then add")
    # The share told gives the power asked for, one point less does not.
    few = plan_experiment(risk, Campaign(), holdout_share=0.02)
    share = int(few.short.split("holding out ")[1].split("%")[0]) / 100
    at, below = (
        plan_experiment(risk, Campaign(), holdout_share=one) for one in (share, share - 0.01)
    )
    assert below.power.value < 0.8 <= at.power.value
    assert "would do" not in at.short
    short = plan_experiment(np.full(40, 0.3), Campaign(), holdout_share=0.5)
    assert short.short == (
        f"The list is too short to measure the effect in one round (chance {short.power.value:.0%})"
        ": repeat it over several."
    )


@pytest.mark.parametrize("success_rate", [0.001, 0.999])
def test_any_belief_in_the_success_has_a_plan(success_rate):
    campaign = Campaign().with_success_rate(success_rate)
    plan = plan_experiment(np.full(4000, 0.3), campaign, holdout_share=0.1)
    assert (plan.required_per_arm.high is None) == (success_rate < 0.5)
    assert ("or more as the success rate" in plan.sentence) == (success_rate < 0.5)


def test_a_trial_is_as_large_as_it_takes_to_show_that_it_pays():
    # 7.84888 (.81 .21 + .21 .79) / (.3 .2)^2 = 732.6, by hand.
    assert trial_per_arm(0.3, 0.3, 0.1) == 733
    for wrong in ((0.3, 0.1, 0.1), (0.0, 0.3, 0.1), (0.3, 0.3, -0.1)):
        with pytest.raises(ValueError, match="can be shown to lie above"):
            trial_per_arm(*wrong)
    plan = plan_experiment(np.full(4000, 0.3), Campaign(), holdout_share=0.1, break_even=0.1)
    assert plan.trial_per_arm.value == 733
    # Beta(6, 14): its 97.5 % point is .5122; 7.84888 (.1701 + .14634 .85366) / (.3 .4122)^2 = 151.5
    assert plan.trial_per_arm.low == pytest.approx(152, abs=1)
    assert plan.needed == (
        "To show that calling keeps more than 10% of the leavers, each arm needs 733 customers "
        f"(152 to {plan.trial_per_arm.high:,.0f} as the success rate is not known)."
    )
    assert "first call about 740 drawn at random from it" in plan.trial
    assert plan.required_per_arm.value == required_per_arm(0.3, 0.21)
    # Where even the belief's mean does not pay, no size shows that it does.
    none = plan_experiment(np.full(4000, 0.3), Campaign(), holdout_share=0.1, break_even=0.3)
    assert none.trial_per_arm.value is None
    assert none.trial == "Do not call the whole list of 4,000 yet."


def test_a_trial_of_this_size_shows_that_it_pays_as_often_as_it_says():
    # 20,000 trials: Monte Carlo error .3 %; a trial sized for any effect (366) finds it in 50 %.
    rng, n, even = np.random.default_rng(5), trial_per_arm(0.3, 0.3, 0.1), 0.1
    alone, called = (rng.binomial(n, rate, 20_000) / n for rate in (0.3, 0.21))
    variance = (1 - even) ** 2 * alone * (1 - alone) + called * (1 - called)
    shown = (1 - even) * alone - called > 1.959964 * np.sqrt(variance / n)
    assert shown.mean() == pytest.approx(0.8, abs=0.01)


def test_the_held_out_are_as_many_as_said_and_others_with_another_seed():
    out = assign_holdout(IDS, 0.1, seed=1)
    # Binomial: standard deviation 42.
    assert abs(out.sum() - 2000) < 130
    other = assign_holdout(IDS, 0.1, seed=2)
    assert abs((out & other).sum() - 200) < 45


def test_who_is_held_out_does_not_hang_on_order_or_batch():
    out = assign_holdout(IDS, 0.3, seed=1)
    k = np.random.default_rng(3).permutation(len(IDS))
    assert (assign_holdout(IDS[k], 0.3, seed=1) == out[k]).all()
    assert (assign_holdout(IDS[5:17], 0.3, seed=1) == out[5:17]).all()


def test_a_greater_share_holds_out_the_same_and_more():
    few, more = (assign_holdout(IDS, share, seed=1) for share in (0.1, 0.2))
    assert more[few].all()
    assert not assign_holdout(IDS, 0, seed=1).any()


def test_shares_and_power_out_of_range_are_named():
    with pytest.raises(ParameterError, match="holdout_share"):
        assign_holdout(IDS, 1, seed=1)
    with pytest.raises(ParameterError, match="power"):
        plan_experiment([0.3], Campaign(), holdout_share=0.1, power=0.2)


def test_omnibus_of_one_feature_is_its_squared_difference():
    x = np.array([1.0, 2, 3, 4, 5, 9])
    out = np.array([True, True, False, False, True, False])
    found = balance(pd.DataFrame({"x": x}), out)
    difference = 16 / 3 - 8 / 3
    assert found.chi2 == pytest.approx(difference**2 / (x.var(ddof=1) * (1 / 3 + 1 / 3)))
    assert found.df == 1


def test_omnibus_rejects_as_often_as_it_says():
    rng = np.random.default_rng(5)
    features = pd.DataFrame(
        {
            "x": rng.gamma(1, 1, 300),
            "kind": rng.choice(list("abc"), 300),
            "gap": np.where(rng.random(300) < 0.3, np.nan, 1.0),
        }
    )
    p = [balance(features, rng.random(300) < 0.4).p for _ in range(80)]
    # Monte Carlo error 2.4 points at .05; x, two levels of three and the gap: four dimensions.
    assert balance(features, rng.random(300) < 0.4).df == 4
    assert 0 < np.mean(np.array(p) < 0.05) < 0.13


def test_arms_that_were_not_randomized_are_found():
    rng = np.random.default_rng(6)
    x = rng.normal(size=2000)
    found = balance(
        pd.DataFrame({"x": x, "y": rng.normal(size=2000)}), rng.random(2000) < 0.5 + x / 8
    )
    assert found.p < 1e-6
    assert "not randomized" in found.sentence
    assert found.table.loc["x", "p_holm"] < 0.001 < found.table.loc["y", "p_holm"]
