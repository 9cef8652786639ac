import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from cxlib import churn


def test_deciles_sum_to_the_total_and_rank_by_risk(validation):
    table = churn.deciles(validation.churned, validation.predictions["logistic"])
    assert table["customers"].sum() == 7043
    assert table["churned"].sum() == 1869
    assert table["predicted"].is_monotonic_decreasing
    weighted = np.average(table["lift"], weights=table["customers"])
    assert weighted == pytest.approx(1, abs=1e-12)


def test_equal_risks_share_a_decile():
    risk = np.r_[np.full(15, 0.9), np.linspace(0.5, 0.1, 85)]
    table = churn.deciles(np.arange(100) < 30, risk)
    assert table.loc[1, "customers"] == 15
    assert table["customers"].sum() == 100
    assert churn.deciles(np.arange(100) < 30, np.full(100, 0.3))["customers"].tolist() == [100]


def test_targeting_by_hand():
    y = np.zeros(100, dtype=bool)
    y[[0, 1, 2, 3, 4, 50, 60, 70, 80, 90]] = True
    table = churn.targeting(y, np.linspace(0.9, 0.1, 100), [0.1, 1.0])
    first = table.loc[0.1]
    assert (first["customers"], first["churned"]) == (10, 5)
    assert (first["precision"], first["captured"], first["lift"]) == (0.5, 0.5, 5.0)
    # Of the 20 customers around the cut 5 left: r = .25, c = .5, s = .1, churn rate .1. Influence
    # (Y (I - c) - r (I - s)) / .1 of the 5 found, the 5 missed, the 5 contacted and the 85 others:
    influence = np.repeat([0.275, -0.475, -0.225, 0.025], [5, 5, 5, 85]) / 0.1
    margin = 1.959963985 * influence.std(ddof=1) / 10
    bounds = [(0.5 - margin) / 0.1, (0.5 + margin) / 0.1]
    assert [first["lift_low"], first["lift_high"]] == pytest.approx(bounds)
    assert table.loc[1.0, ["captured", "lift", "lift_low", "lift_high"]].tolist() == [1, 1, 1, 1]
    with pytest.raises(ValueError, match="between 0 and 1"):
        churn.targeting(y, np.linspace(0.9, 0.1, 100), [0.0])


def logistic_population(rng, n):
    risk = expit(-1.5 + 1.5 * rng.normal(size=n))
    return rng.random(n) < risk, risk


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_captured_interval_covers_in_95_of_100(share):
    nodes = np.linspace(-8, 8, 200_001)
    leaving = expit(-1.5 + 1.5 * nodes) * stats.norm.pdf(nodes)
    truth = leaving[nodes >= stats.norm.isf(share)].sum() / leaving.sum()
    rng = np.random.default_rng(28)
    rows = [churn.targeting(*logistic_population(rng, 800), [share]).iloc[0] for _ in range(200)]
    covered = sum(row["captured_low"] <= truth <= row["captured_high"] for row in rows)
    # At .1 Wilson's interval, for a depth that is not fixed, covers in more than 197 of them.
    assert 181 <= covered <= 197


def test_lift_interval_of_a_decile_covers_in_95_of_100():
    nodes = np.linspace(-8, 8, 200_001)
    leaving = expit(-1.5 + 1.5 * nodes) * stats.norm.pdf(nodes)
    third = (nodes < stats.norm.isf(0.2)) & (nodes >= stats.norm.isf(0.3))
    truth = leaving[third].sum() / leaving.sum() / 0.1
    rng = np.random.default_rng(29)
    rows = [churn.deciles(*logistic_population(rng, 800)).loc[3] for _ in range(200)]
    covered = sum(row["lift_low"] <= truth <= row["lift_high"] for row in rows)
    assert 181 <= covered <= 197


def test_lift_of_a_perfect_ranking_stays_possible():
    y = np.arange(1000) < 265
    risk = np.linspace(1, 0, 1000)
    assert churn.targeting(y, risk, [0.1]).loc[0.1, "lift_high"] <= 1 / 0.265 + 1e-12
    # A decile without a leaver still has an upper bound.
    assert churn.deciles(y, risk).loc[10, "lift_high"] > 0


def test_targeting_agrees_with_a_share_of_a_round_number():
    risk = np.linspace(0.9, 0.1, 70)
    assert churn.targeting(np.arange(70) < 9, risk, [0.1]).loc[0.1, "customers"] == 7


def test_risk_table_is_sorted_and_keeps_every_customer():
    table = churn.risk_table(["b", "a", "c"], [True, False, False], [0.4, 0.4, 0.9])
    assert table["customer_id"].tolist() == ["c", "a", "b"]
    assert table["decile"].tolist() == [2, 7, 7]
    assert table["churned"].tolist() == [False, False, True]
