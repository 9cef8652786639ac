import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from cxlib import churn, inference


def test_churn_rates_sum_to_the_total_and_suppress_small_groups():
    X = pd.DataFrame({"size": pd.Categorical(["s"] * 60 + ["m"] * 31 + ["l"] * 9)})
    X["tenure"] = np.r_[np.arange(98.0), np.nan, np.nan]
    y = np.arange(100) % 4 == 0
    rates = churn.churn_rates(X, y, ["size"]).set_index("group")
    assert rates["suppressed"].to_dict() == {"l": True, "m": True, "s": False}
    assert rates.loc[["l", "m"], ["customers", "churned", "rate"]].isna().all(axis=None)
    assert rates.loc["s", "rate"] == 0.25
    full = churn.churn_rates(X.iloc[:98], y[:98], ["tenure"])
    assert full["customers"].sum() == 98
    assert full["churned"].sum() == y[:98].sum()
    assert full["group"].iloc[0] == "0 to 24"


def test_groups_of_plain_text_and_blanks():
    X = pd.DataFrame({"branch": ["north"] * 20 + [None] * 12})
    rates = churn.churn_rates(X, np.arange(32) % 2 == 0, ["branch"])
    assert rates["group"].tolist() == ["north", "(missing)"]
    assert rates["churned"].tolist() == [10, 6]


def company(seed, n=4000):
    """Right risks, and groups that have nothing to do with them."""
    rng = np.random.default_rng(seed)
    risk = expit(-1 + 1.3 * rng.normal(size=n))
    groups = pd.DataFrame(
        {
            "region": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]),
            "young": rng.integers(0, 2, n),
        }
    )
    return groups, rng.random(n) < risk, risk


def test_all_customers_are_judged_as_by_targeting():
    groups, y, risk = company(1)
    row = churn.by_group(groups, y, risk, share=0.2).table.iloc[0]
    whole = churn.targeting(y, risk, [0.2]).iloc[0]
    for name in ("captured", "precision"):
        for end in ("", "_low", "_high"):
            assert row[name + end] == pytest.approx(whole[name + end], abs=1e-9)
    assert row["auc_low"] == pytest.approx(churn.auc(y, risk).low, abs=1e-12)
    assert row["contacted_rate_low"] == pytest.approx(0.2, abs=1e-12)


def test_a_group_by_hand():
    """100 customers in two halves, the 40 riskiest contacted: 15 of the first half."""
    risk = np.linspace(0.9, 0.1, 100)
    first = np.isin(np.arange(100), np.r_[0:15, 40:75])
    y = np.isin(np.arange(100), np.r_[0:12, 40:48, 20:35, 76:81])
    groups = pd.DataFrame({"half": np.where(first, "first", "other")})
    table = churn.by_group(groups, y, risk, share=0.4).table.set_index("group")
    row = table.loc["first"]
    names = ["customers", "churned", "contacted", "contacted_rate", "captured", "precision"]
    assert row[names].tolist() == pytest.approx([50, 20, 15, 15 / 50, 12 / 20, 12 / 15])
    assert row["observed_expected"] == pytest.approx(20 / risk[first].sum())
    assert row["mean_risk"] == pytest.approx(risk[first].mean())
    # Of the 20 customers about the cut 8 are leavers of the first half, 2 its stayers. Influences
    # (Y G (I - .6) - .08 x 5 I) / .2 ...: r = 8 / 20 of all about the cut.
    counts = np.array([12, 8, 3, 25, 52])  # found, missed, stayers contacted, other contacted, rest
    influence = np.array([0.4 - 0.4, -0.6, -0.4, -0.4, 0]) / 0.2
    mean = counts @ influence / 100
    variance = counts @ (influence - mean) ** 2 / 99 / 100
    low, high = inference.wilson_limits(0.6, 0.24 / variance)
    assert [row["captured_low"], row["captured_high"]] == pytest.approx([low, high])
    each = table.loc[["first", "other"]]
    assert (
        each[["churned", "contacted"]].sum().tolist()
        == table.iloc[0][["churned", "contacted"]].tolist()
    )


def test_small_groups_and_thin_measures_are_not_told():
    rng = np.random.default_rng(2)
    groups = pd.DataFrame({"g": ["big"] * 300 + ["thin"] * 60 + ["tiny"] * 5 + ["small"] * 12})
    risk = rng.random(377)
    y = np.r_[rng.random(300) < 0.5, np.arange(60) < 5, np.full(17, True)]
    table = churn.by_group(groups, y, risk, share=0.1).table.set_index("group")
    figures = table.columns.drop(["attribute", "note"])
    # Five would follow from the total less the others, so the next smallest is hidden too.
    assert table.loc[["tiny", "small"], figures].isna().all(axis=None)
    assert (table.loc[["tiny", "small"], "note"] == "suppressed").all()
    assert table.loc["thin", ["auc", "captured", "precision"]].isna().all()
    assert "auc: fewer than 10 left or stayed" in table.loc["thin", "note"]
    assert table.loc["thin", "rate"] == pytest.approx(5 / 60)


def test_groups_that_are_alike_are_not_told_apart():
    found = [churn.by_group(*company(seed, 2000), share=0.1).differences for seed in range(30)]
    # With right risks a family has a difference with a chance of .05 at most: more than 6 of 30
    # would be a chance of .001.
    assert sum(one["differs"].any() for one in found) <= 6
    # Of 2 groups the smaller one is compared, of 3 each: 4 comparisons of 4 measures.
    assert len(found[0]) == 16
    told = pd.concat(found)
    share = (told["p"] < 0.05).groupby(told["measure"]).mean()
    assert set(share.index) == {"auc", "captured", "precision", "observed_expected"}
    # 120 p a measure, some dependent: .05 with an error of about .025.
    assert share.max() < 0.125, share


def test_a_group_with_wrong_risks_is_found_and_told():
    groups, y, risk = company(6, 8000)
    wrong = (groups["region"] == "c").to_numpy()
    shifted = np.where(wrong, expit(logit(risk) - 1), risk)
    result = churn.by_group(groups, y, shifted, share=0.1)
    row = result.differences.set_index(["measure", "group"]).loc[("observed_expected", "c")]
    # What the risks of the group are too low by, as they were right before.
    truth = risk[wrong].sum() / shifted[wrong].sum()
    assert row["low"] < truth < row["high"]
    assert row["differs"]
    assert "region = c: risks too low" in result.sentence
    assert "cannot be alike in every measure" in result.sentence
    order = np.random.default_rng(4).permutation(8000)
    again = churn.by_group(groups.iloc[order], y[order], shifted[order], share=0.1)
    pd.testing.assert_frame_equal(
        again.table.sort_values(["attribute", "group"], ignore_index=True),
        result.table.sort_values(["attribute", "group"], ignore_index=True),
    )


@pytest.mark.parametrize(
    ("low", "high", "differs", "alike"),
    [
        (-0.04, 0.04, False, True),
        (0.01, 0.04, True, True),
        (-0.04, 0.06, False, None),
        (-0.3, 0.3, False, None),
        (0.01, 0.06, True, False),
    ],
)
def test_groups_are_alike_only_where_the_intervals_say_so(low, high, differs, alike):
    rows = [("auc", low, high, differs), ("observed_expected", 0.9, 1.1, False)]
    differences = pd.DataFrame(rows, columns=["measure", "low", "high", "differs"])
    found = churn.groups.GroupQuality(pd.DataFrame(), differences, "")
    assert found.alike is alike
    words = {True: "Every group is", False: "Not every group is", None: "not settled"}
    assert words[alike] in found.judged


def test_nothing_to_compare_is_said():
    groups, y, risk = company(5, 300)
    alone = churn.by_group(groups.assign(region="all")[["region"]], y, risk, share=0.1)
    assert alone.alike is None
    assert "too few left or stayed" in alone.sentence or "No group" in alone.sentence
    alike = churn.by_group(groups[["young"]], y, risk, share=0.1)
    assert "no proof of likeness" in alike.sentence
    with pytest.raises(inference.ParameterError, match="between 0 and 1"):
        churn.by_group(groups, y, risk, share=0)


def test_a_group_of_whom_nobody_is_reached_has_an_interval_of_its_own():
    # 30 leavers of "low" are never among the riskiest 100; of the rest 60 of 100 leavers are.
    risk = np.linspace(0.9, 0.1, 1000)
    y = np.isin(np.arange(1000), np.r_[0:60, 300:340, 900:930])
    groups = pd.DataFrame({"kind": np.where(np.arange(1000) < 900, "rest", "low")})
    found = churn.by_group(groups, y, risk, share=0.1).differences.set_index("measure")
    row = found.loc["captured"]
    assert row["value"] == pytest.approx(-0.6)
    # At least as wide as Wilson's upper limit of 0 of 30 alone, z^2 / (30 + z^2) = .114.
    assert row["high"] - row["value"] > 0.113
    assert row["high"] < 0


def test_the_likeliest_to_leave_are_large_groups_surely_above_the_rate():
    X = pd.DataFrame({"plan": ["a"] * 200 + ["b"] * 200 + ["c"] * 50, "is_new": ["x"] * 450})
    churned = np.r_[np.arange(200) < 100, np.arange(200) < 20, np.ones(50, dtype=bool)]
    rates = churn.churn_rates(X, churned, ["plan", "is_new"])
    told = churn.likeliest_to_leave(rates, churned.mean(), " within 90 days")
    # 100 of 200; all of c left, but they are 50, and is_new is everybody.
    assert told == (
        "Most likely to leave within 90 days, by the share that left: customers with plan a (50%). "
        "Go by the list, not by these groups."
    )
    assert churn.likeliest_to_leave(rates, 0.9) == ""
