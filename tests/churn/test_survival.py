import pathlib

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaincinv, ndtri

from cxlib import churn
from cxlib.churn.survival import RiskTable, restricted_mean
from cxlib.inference import ParameterError

REFERENCE = pathlib.Path(__file__).parents[1] / "reference"
LIFELINES = pd.read_csv(REFERENCE / "lifelines_figures.csv", comment="#")
LEUKEMIA = pd.read_csv(REFERENCE / "leukemia.csv", comment="#").astype({"left": bool})


def watched(duration, left, entry=None):
    duration = np.asarray(duration, dtype=float)
    entry = np.zeros_like(duration) if entry is None else np.asarray(entry, dtype=float)
    none = pd.Categorical(np.full(len(duration), ""))
    return churn.Lifetimes(entry, duration, np.asarray(left, dtype=bool), none, "", "")


def figures_of_lifelines(data, delayed_entry):
    own = LIFELINES[(LIFELINES["data"] == data) & (LIFELINES["delayed_entry"] == delayed_entry)]
    return {figure: part.set_index("of")["value"] for figure, part in own.groupby("figure")}


def lives(data, delayed_entry, telco):
    if data == "leukemia":
        entry = LEUKEMIA["entry"] if delayed_entry == "yes" else None
        return watched(LEUKEMIA["duration"], LEUKEMIA["left"], entry)
    whole = churn.lifetimes(telco, leavers="all")
    entry = np.maximum(whole.duration - 6, 0) if delayed_entry == "yes" else None
    return watched(whole.duration, whole.left, entry)


@pytest.mark.parametrize("delayed_entry", ["no", "yes"])
@pytest.mark.parametrize("data", ["telco", "leukemia"])
def test_curve_is_that_of_lifelines(data, delayed_entry, telco):
    expected = figures_of_lifelines(data, delayed_entry)
    own = lives(data, delayed_entry, telco)
    horizon = float(expected["restricted_mean_months"].index[0])
    found = churn.kaplan_meier(own, horizon_months=horizon)
    curve = found.curve().set_index("months").drop(0)
    for column in ("survival", "survival_low", "survival_high"):
        of = expected[column]
        of.index = of.index.astype(float)
        seen = curve["left"].cumsum() > 0  # before, lifelines gives an interval without width
        of = of[curve.index[seen]].to_numpy()
        assert curve.loc[seen, column].to_numpy() == pytest.approx(of, abs=1e-9)
    row = found.summary.iloc[0]
    for figure in ("median_months", "median_months_low", "median_months_high"):
        at = expected[figure].iloc[0]
        assert (np.isinf(at) and np.isnan(row[figure])) or row[figure] == at
    if (data, delayed_entry) == ("telco", "no"):
        # With entry lifelines begins its mean at the first of them; of leukemia too few are left.
        mean = expected["restricted_mean_months"].iloc[0]
        assert row["restricted_mean_months"] == pytest.approx(mean, rel=1e-9)


def test_medians_and_log_rank_as_published():
    # Kalbfleisch & Prentice 1980 and textbooks since: medians 23 and 8 weeks, chi2 16.79.
    groups = pd.Series(np.where(LEUKEMIA["treated"] == 1, "6-MP", "placebo"))
    own = watched(LEUKEMIA["duration"], LEUKEMIA["left"])
    found = churn.kaplan_meier(own, groups)
    assert found.estimate("median_months", "placebo").value == 8
    # Of the 21 given 6-MP 7 were watched at week 23, too few; twice the children have that curve.
    assert found.estimate("median_months", "6-MP").value is None
    twice = pd.concat([LEUKEMIA, LEUKEMIA], ignore_index=True)
    treated = twice["treated"].map({1: "6-MP", 0: "placebo"})
    found = churn.kaplan_meier(watched(twice["duration"], twice["left"]), treated)
    assert found.estimate("median_months", "6-MP").value == 23
    test = churn.compare_groups(own, groups.to_frame("treatment")).tests.iloc[0]
    assert test["chi2"] == pytest.approx(16.79, abs=0.005)
    assert test["df"] == 1


def test_tenure_of_the_last_month_is_a_life_table(telco):
    found = churn.kaplan_meier(churn.lifetimes(telco, leavers="last month"), months=(3,))
    months = np.where(
        telco["churned"], telco["tenure_months"].clip(lower=1), telco["tenure_months"]
    )
    by_hand = [1 - telco["churned"][months == month].mean() for month in (1, 2, 3)]
    assert found.estimate("share_3").value == pytest.approx(np.prod(by_hand), rel=1e-12)
    assert found.estimate("share_3").n == (months > 0).sum()


def test_without_censoring_the_restricted_mean_is_a_mean():
    rng = np.random.default_rng(1)
    duration = rng.integers(1, 30, 200).astype(float)
    capped = np.minimum(duration, 20)
    months, left = np.unique(duration, return_counts=True)
    at_risk = 200 - np.r_[0, np.cumsum(left)[:-1]]
    mean, low, high = restricted_mean(RiskTable(months, at_risk, left, at_risk), 20, 0.95)
    assert mean == pytest.approx(capped.mean())
    share, error = capped.mean() / 20, capped.std() / np.sqrt(200) / 20
    margin = ndtri(0.975) * error / (share * (1 - share))
    odds = share / (1 - share) * np.exp(np.array([-1, 1]) * margin)
    assert [low, high] == pytest.approx(20 * odds / (1 + odds), rel=1e-9)


def test_figures_beyond_what_was_watched_are_missing():
    own = watched(np.repeat([5.0, 40.0], [50, 9]), np.repeat([True, False], [20, 39]))
    found = churn.kaplan_meier(own, months=(5, 6))
    assert found.horizon_months == 5
    assert found.estimate("share_5").value == pytest.approx(1 - 20 / 59)
    assert found.estimate("share_6").value is None
    assert found.estimate("median_months").value is None


def few_at_first():
    """2 new customers in month 1, both stay; 40 from month 1 on, of whom 10 leave in month 3."""
    entry, duration = np.r_[0, 0, np.ones(40)], np.r_[1, 1, np.full(40, 3)]
    return watched(duration, np.r_[0, 0, np.arange(40) < 10], entry)


def test_a_curve_begins_where_ten_were_watched_and_gives_no_figures_from_sign_up():
    found = churn.kaplan_meier(few_at_first(), months=(1, 3))
    curve = found.curve().set_index("months")
    assert curve["survival"].tolist() == pytest.approx([np.nan, 1, 0.75], nan_ok=True)
    # The share of those there at month 1, in the same way as of 40 new customers.
    new = churn.kaplan_meier(watched(np.full(40, 3), np.arange(40) < 10), months=(3,))
    columns = ["survival", "survival_low", "survival_high"]
    assert curve.loc[3, columns].tolist() == new.curve()[columns].iloc[-1].tolist()
    for figure in ("share_1", "share_3", "median_months", "restricted_mean_months"):
        assert found.estimate(figure).value is None
    assert found.summary["n"].tolist() == [42]
    assert "all customers (month 1): the curve begins at that month" in found.note
    assert new.note == ""


def test_tenures_at_which_nobody_was_watched_count_as_too_few():
    # The first time of the curve, month 6, has 50 at risk, but until month 5 there was nobody.
    found = churn.kaplan_meier(watched(np.full(50, 6), np.arange(50) < 5, np.full(50, 5.0)))
    assert found.curve()["survival"].isna().all()
    assert "Never were 10" in found.note
    assert found.estimate("share_12").value is None


def test_figures_end_where_few_are_watched_for_a_time():
    # 20 leave one by one in months 1 to 15, the last 5 are joined by 50 from month 15 on.
    duration = np.r_[np.arange(1, 16), np.full(55, 20)]
    entry = np.r_[np.zeros(20), np.full(50, 15)]
    found = churn.kaplan_meier(watched(duration, np.arange(70) < 15, entry), months=(11, 12))
    assert found.estimate("share_11").value == pytest.approx(9 / 20)
    assert found.estimate("share_12").value is None
    assert found.estimate("median_months").value == 10
    assert found.horizon_months == 11
    assert found.curve().dropna()["months"].max() == 11
    assert "ends at month 11" in found.note


def test_a_group_without_figures_leaves_the_horizon_to_the_others():
    late = few_at_first()
    entry = np.r_[late.entry, np.zeros(30)]
    duration = np.r_[late.duration, np.full(30, 2)]
    own = watched(duration, np.r_[late.left, np.arange(30) < 3], entry)
    found = churn.kaplan_meier(own, pd.Series(np.repeat(["late", "new"], [42, 30])))
    assert found.horizon_months == 2
    assert found.estimate("restricted_mean_months", "new").value == pytest.approx(2)
    assert found.estimate("restricted_mean_months", "late").value is None


def test_a_tail_ends_where_nobody_was_watched():
    own = watched([1] * 12 + [9] * 3, [True] + [False] * 14, [0.0] * 12 + [5.0] * 3)
    curve = churn.kaplan_meier(own).curve().set_index("months")
    assert curve["survival"].tolist() == pytest.approx([1, 11 / 12, np.nan], nan_ok=True)


def test_all_who_left_at_once_end_the_curve_and_it_says_so():
    entry, duration = np.r_[np.zeros(12), np.ones(40)], np.r_[np.ones(12), np.full(40, 3)]
    found = churn.kaplan_meier(watched(duration, np.arange(52) < 20, entry), months=(1,))
    assert found.estimate("share_1").value == 0
    assert "at month 1.0, where all 12 watched left" in found.note


def test_while_nobody_has_left_the_limit_is_that_of_clopper_and_pearson():
    # 40 watched, then 30: none of 30 left has the limit p with p^30 = .025.
    own = watched(np.repeat([1.0, 2.0], [10, 30]), np.zeros(40))
    found = churn.kaplan_meier(own, months=(1, 2))
    for month, n in ((1, 40), (2, 30)):
        share = found.estimate(f"share_{month}")
        assert (share.value, share.high) == (1, 1)
        assert betaincinv(n, 1, 0.025) == pytest.approx(share.low, rel=1e-12)
    mean = found.estimate("restricted_mean_months")
    assert [mean.low, mean.value, mean.high] == pytest.approx([2 * 0.025 ** (1 / 30), 2, 2])
    assert found.estimate("median_months").value is None


def test_a_first_leaver_of_many_does_not_make_the_few_before_him_certain():
    # 12 in month 1, none left; 500 in month 2, one left. Of month 1 still little is known.
    entry, duration = np.r_[np.zeros(12), np.ones(500)], np.r_[np.ones(12), np.full(500, 2)]
    found = churn.kaplan_meier(watched(duration, np.arange(512) == 12, entry), months=(2,))
    share = found.estimate("share_2")
    assert share.value == pytest.approx(499 / 500)
    assert share.low == pytest.approx(0.025 ** (1 / 12))


def test_a_tiny_group_and_the_one_that_gives_it_away_are_not_shown():
    groups = pd.Series(np.repeat(["a", "b", "c"], [100, 40, 4]))
    own = watched(np.ones(144), np.arange(144) % 2 == 0)
    found = churn.kaplan_meier(own, groups, months=(1,))
    assert found.summary["group"].tolist() == ["a", "2 smaller groups"]
    assert set(found.curves["group"]) == {"a"}
    assert found.estimate("share_1", "c").value is None
    assert churn.compare_groups(own, groups.to_frame("plan")).reason


def test_undeclared_leavers_have_no_curve(telco):
    own = churn.lifetimes(telco)
    assert "declare leavers" in own.reason
    found = churn.kaplan_meier(own)
    assert found.reason == own.reason
    assert found.summary.empty
    assert churn.compare_groups(own, telco[["contract"]]).reason == own.reason
    assert found.estimate("median_months").method == own.reason


def test_a_wrong_level_is_named(telco):
    with pytest.raises(ParameterError, match="level"):
        churn.kaplan_meier(churn.lifetimes(telco, leavers="all"), level=95)


def test_customers_who_stayed_longer_than_a_months_rates_allow_are_told(telco):
    # 26.5 % of the customers in a month, yet half of those who stayed have done so for 38 months.
    note = churn.kaplan_meier(churn.lifetimes(telco, leavers="last month")).note
    assert "Half of the customers have been there for 38 months or more" in note
    assert note.endswith("Take these curves as a lower limit.")
    assert "lower limit" not in churn.kaplan_meier(churn.lifetimes(telco, leavers="all")).note


def test_a_months_rates_that_go_with_the_tenures_are_not_doubted():
    # One in a hundred leaves a month, and the tenures are those of such a company.
    tenure = np.repeat(np.arange(1, 120), (1000 * 0.99 ** np.arange(119)).astype(int))
    frame = pd.DataFrame({"tenure_months": tenure, "churned": np.arange(len(tenure)) % 100 == 0})
    found = churn.kaplan_meier(churn.lifetimes(frame, leavers="last month"))
    assert "lower limit" not in found.note
