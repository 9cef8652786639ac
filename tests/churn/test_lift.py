import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit

from cxlib import churn, inference


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
    # (Y (I - c) - r I) / .1 of the 5 found, the 5 missed, the 5 contacted and the 85 others:
    influence = np.repeat([0.25, -0.5, -0.25, 0], [5, 5, 5, 85]) / 0.1
    expected = wilson(0.5, 0.25 / (influence.var(ddof=1) / 100))
    assert [first["captured_low"], first["captured_high"]] == pytest.approx(expected)
    assert [first["lift_low"], first["lift_high"]] == pytest.approx(expected / 0.1)
    # Of the precision (Y I - r I) / .1.
    influence = np.repeat([0.75, 0, -0.25, 0], [5, 5, 5, 85]) / 0.1
    expected = wilson(0.5, 0.25 / (influence.var(ddof=1) / 100))
    assert [first["precision_low"], first["precision_high"]] == pytest.approx(expected)
    assert table.loc[1.0, ["captured", "lift", "lift_low", "lift_high"]].tolist() == [1, 1, 1, 1]
    with pytest.raises(inference.ParameterError, match="between 0 and 1"):
        churn.targeting(y, np.linspace(0.9, 0.1, 100), [0.0])


def wilson(p, n, z=1.959963985):
    """Wilson's (1927) limits, written out."""
    margin = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (p + z**2 / (2 * n) + np.array([-margin, margin])) / (1 + z**2 / n)


def test_a_cut_within_a_crowd_of_equal_risk_does_not_move():
    rng = np.random.default_rng(31)
    risk = np.repeat([0.8, 0.5, 0.2], [300, 800, 900])
    y = rng.random(2000) < risk
    row = churn.targeting(y, risk, [0.3]).iloc[0]
    assert row["customers"] == 1100
    found, left = y[:1100].sum(), y.sum()
    # A fixed cut has binomial shares; n - 1 for n in the variance is the rest.
    for name, share, n in (("precision", found / 1100, 1100), ("captured", found / left, left)):
        bounds = [row[f"{name}_low"], row[f"{name}_high"]]
        assert bounds == pytest.approx(wilson(share, n), abs=2e-5), name
    assert row["lift_low"] < row["lift"] < row["lift_high"]


def test_row_order_changes_nothing_where_risks_are_equal():
    rng = np.random.default_rng(32)
    risk = np.round(rng.random(500), 1)
    y, order = rng.random(500) < risk, rng.permutation(500)
    for compute in (churn.deciles, lambda *one: churn.targeting(*one, [0.1, 0.33])):
        pd.testing.assert_frame_equal(compute(y, risk), compute(y[order], risk[order]))


def test_nobody_left():
    row = churn.targeting(np.zeros(100, dtype=bool), np.linspace(0, 1, 100), [0.1]).iloc[0]
    assert row["precision"] == 0
    assert row[["captured", "lift"]].isna().all()


def top_tenth(spread):
    """Leavers and customers above the cut at .1, log odds normal with sd `spread` about -1.5."""
    nodes = np.linspace(-8, 8, 200_001)
    leaving = expit(-1.5 + spread * nodes) * stats.norm.pdf(nodes) * (nodes[1] - nodes[0])
    return leaving[nodes >= stats.norm.isf(0.1)].sum(), leaving.sum()


@pytest.mark.parametrize("spread", [0.5, 1.5, 4])
def test_intervals_of_targeting_cover_in_95_of_100(spread):
    found, left = top_tenth(spread)
    truth = {"precision": found / 0.1, "captured": found / left, "lift": found / left / 0.1}
    rng, covered = np.random.default_rng(28), dict.fromkeys(truth, 0)
    for _ in range(200):
        risk = expit(-1.5 + spread * rng.normal(size=800))
        row = churn.targeting(rng.random(800) < risk, risk, [0.1]).iloc[0]
        for name, value in truth.items():
            covered[name] += row[f"{name}_low"] <= value <= row[f"{name}_high"]
    # 181 to 197 is the 99 % band of a true 95 %. Wilson's interval for a depth that is not fixed
    # covers in more, at .1 and a spread of 1.5, of captured, and in fewer of precision.
    assert min(covered.values()) >= 181, covered
    assert max(covered.values()) <= 197, covered


def test_lift_interval_of_a_decile_covers_in_95_of_100():
    nodes = np.linspace(-8, 8, 200_001)
    leaving = expit(-1.5 + 1.5 * nodes) * stats.norm.pdf(nodes)
    third = (nodes < stats.norm.isf(0.2)) & (nodes >= stats.norm.isf(0.3))
    truth = leaving[third].sum() / leaving.sum() / 0.1
    rng = np.random.default_rng(29)
    covered = 0
    for _ in range(200):
        risk = expit(-1.5 + 1.5 * rng.normal(size=800))
        row = churn.deciles(rng.random(800) < risk, risk).loc[3]
        covered += row["lift_low"] <= truth <= row["lift_high"]
    assert 181 <= covered <= 197


def test_lift_of_a_perfect_ranking_stays_possible():
    y = np.arange(1000) < 265
    risk = np.linspace(1, 0, 1000)
    row = churn.targeting(y, risk, [0.1]).loc[0.1]
    # Captured is .1 / churn rate here, so that its interval is that of the churn rate, turned over.
    fewest, most = wilson(0.265, 1000)
    assert row["lift_high"] == pytest.approx(1 / fewest, rel=0.02)
    assert row["lift_low"] == pytest.approx(1 / most, rel=0.02)
    assert row["lift_high"] <= 1 / fewest + 1e-12
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
