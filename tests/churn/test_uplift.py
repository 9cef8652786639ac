import numpy as np
import pandas as pd
import pytest
from scipy.integrate import trapezoid
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB

from cxlib.churn.uplift import (
    RISK,
    TRANSFORMED,
    TWO_MODELS,
    effect_regressor,
    qini,
    qini_difference,
    uplift,
    uplift_curve,
    uplift_fifths,
)
from cxlib.inference import ParameterError

# Sure things, lost causes, persuadables, sleeping dogs: risks left alone and contacted.
LEFT_ALONE = np.array([0.05, 0.7, 0.6, 0.1])
CONTACTED = np.array([0.05, 0.7, 0.3, 0.25])


def _company(seed, n=4000, contacted=CONTACTED, helped=None):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 4, n)
    treated = rng.random(n) < (0.5 if helped is None else helped[kind])
    churned = rng.random(n) < np.where(treated, contacted[kind], LEFT_ALONE[kind])
    names = ("lost cause", "persuadable", "sleeping dog")
    noise = rng.normal(0, 0.01, (n, 3))
    is_kind = kind[:, None] == [1, 2, 3]
    X = pd.DataFrame(is_kind + noise, columns=[f"is {name}" for name in names])
    return X, churned, treated, kind


def _found(company, **options):
    models = {"classifier": GaussianNB(), "regressor": LinearRegression()}
    return uplift(*company[:3], **(models | options))


@pytest.fixture(scope="module")
def known():
    company = _company(1)
    return company, _found(company)


def test_qini_of_four_customers_by_hand():
    # The shares above are 1/8, 3/8, 5/8 and 7/8: 2 x 3/8 + 1 x 1/8 - 0 x 1/8 + 1 x 3/8.
    found = qini([2.0, 1.0, 0.0, -1.0], [9, 8, 7, 6])
    assert found.value == pytest.approx(100 * (2 * 3 / 8 + 1 / 8 + 3 / 8) / 4)
    assert qini([2.0, 1.0, 0.0, -1.0], [1, 1, 1, 1]).value == pytest.approx(0)


def test_qini_is_the_area_between_the_curve_and_random_choice():
    rng = np.random.default_rng(2)
    ranking = rng.permutation(1000)
    effects = rng.normal(ranking / 1000, 1)
    curve = uplift_curve(effects, ranking)
    area = trapezoid(curve["prevented"] - curve["random"], curve["share"])
    # The curve has 100 steps and the coefficient 1,000.
    assert qini(effects, ranking).value == pytest.approx(area, rel=0.01)
    assert curve["prevented"].iloc[-1] == pytest.approx(100 * effects.mean())


def test_qini_and_its_difference_have_the_spread_of_the_bootstrap():
    rng = np.random.default_rng(3)
    one, two = rng.normal(size=(2, 800))
    effects = rng.normal(0.5 + one / 2 + two / 4, 1)
    drawn = []
    for _ in range(400):
        k = rng.integers(0, 800, 800)
        drawn.append([qini(effects[k], one[k]).value])
        drawn[-1].append(qini_difference(effects[k], one[k], two[k]).value)
    spread = np.std(drawn, axis=0)
    # 400 draws tell a standard deviation to 3.5 %.
    for found, sd in zip(
        (qini(effects, one), qini_difference(effects, one, two)), spread, strict=True
    ):
        assert (found.high - found.low) / 3.92 == pytest.approx(sd, rel=0.12)


def test_the_mean_of_the_effects_is_the_true_average(known):
    (_, churned, treated, _), found = known
    truth = (LEFT_ALONE - CONTACTED).mean()
    assert found.adjusted.low < truth < found.adjusted.high
    assert found.average.low < truth < found.average.high
    assert found.average.value == pytest.approx(churned[~treated].mean() - churned[treated].mean())


def test_persuadables_come_first_and_sleeping_dogs_last(known):
    (*_, kind), found = known
    for ranking in (TWO_MODELS, TRANSFORMED):
        mean = found.ranks[ranking].groupby(kind[found.rows]).mean()
        assert mean.idxmax() == 2
        assert mean.idxmin() == 3
        fifths = uplift_fifths(found, ranking, level=0.9999)
        # Each kind is a quarter of all, so the end fifths hold one kind: .3 and -.15.
        assert fifths.loc[1, "uplift_low"] < 0.3 < fifths.loc[1, "uplift_high"]
        assert fifths.loc[5, "uplift_low"] < -0.15 < fifths.loc[5, "uplift_high"]
        assert np.average(fifths["uplift"], weights=fifths["customers"]) == pytest.approx(
            found.adjusted.value
        )


def test_uplift_chooses_better_than_risk_where_lost_causes_are_risky(known):
    _, found = known
    assert found.summary.loc[f"{TWO_MODELS} less {RISK}", "low"] > 0
    assert found.sentence.endswith("contact by uplift rather than by risk.")


def test_the_best_ranking_reaches_the_true_qini(known):
    _, found = known
    # Quarters with effects .3, 0, 0, -.15 in this order: mean of effect (1/2 - share above).
    truth = 100 * (0.3 * 0.375 + 0.15 * 0.375) / 4
    row = found.summary.loc[TWO_MODELS]
    assert row["low"] < truth < row["high"]


def test_where_contact_does_nothing_the_qini_holds_zero_as_often_as_it_says():
    held = np.zeros(5)
    for seed in range(30):
        found = _found(_company(seed + 100, n=1000, contacted=LEFT_ALONE), folds=3)
        held += ((found.summary["low"] <= 0) & (found.summary["high"] >= 0)).to_numpy()
    # Monte Carlo error 1.2 of 30, expected 28.5.
    assert (held >= 25).all()


def test_the_interval_of_a_ranking_that_is_right_holds_the_truth_as_often_as_it_says():
    rng, held = np.random.default_rng(4), 0
    for _ in range(400):
        quality = rng.random(500)
        found = qini(rng.normal(quality, 1), quality)
        # mean of q (1/2 - (1 - q)) = 1/3 - 1/4.
        held += found.low <= 100 / 12 <= found.high
    # Monte Carlo error 1.1 points.
    assert 0.92 < held / 400 < 0.98


def test_contacts_that_were_chosen_are_no_experiment():
    found = _found(_company(5, helped=np.array([0.4, 0.6, 0.6, 0.4])))
    assert found.balance.p < 0.001
    assert "not randomized" in found.sentence


def test_too_few_leavers_give_a_reason_and_no_figures():
    found = _found(_company(6, n=300))
    assert found.reason.startswith("only")
    assert found.summary.empty
    assert found.adjusted.value is None
    assert found.average.n == 300


def test_one_fold_is_none():
    with pytest.raises(ParameterError, match="folds"):
        _found(_company(7), folds=1)


def test_categories_and_missing_numbers_are_taken_by_the_regressor():
    X, churned, treated, kind = _company(8, n=2500)
    X = pd.DataFrame({"kind": pd.Categorical(kind.astype(str)), "x": X["is lost cause"]})
    X.loc[::7, "x"] = np.nan
    moved = np.where(treated, -1.0, 1.0) * churned
    predicted = effect_regressor(X).fit(X, moved).predict(X)
    assert pd.Series(predicted).groupby(kind).mean().idxmax() == 2


def test_fifths_tell_the_leave_rates_of_both_arms(known):
    _, found = known
    fifths = uplift_fifths(found, RISK)
    left = fifths["left_alone_rate"] * (fifths["customers"] - fifths["treated"])
    assert left.sum() == pytest.approx(found.churned[~found.treated].sum())


@pytest.mark.parametrize("everybody", [True, False])
def test_one_arm_alone_gives_a_reason(everybody):
    X = pd.DataFrame({"x": np.arange(400.0)})
    left = np.arange(400) % 2 == 0
    found = uplift(X, left, np.full(400, everybody), classifier=None, regressor=None)
    assert found.reason == "all were contacted, or nobody was"
