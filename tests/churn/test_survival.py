import pathlib

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

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
        assert curve[column].to_numpy() == pytest.approx(of[curve.index].to_numpy(), abs=1e-9)
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
    assert found.estimate("median_months", "6-MP").value == 23
    assert found.estimate("median_months", "placebo").value == 8
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
    mean, low, high = restricted_mean(RiskTable(months, at_risk, left), 20, 0.95)
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


def test_a_curve_that_few_end_early_says_so():
    entry, duration = np.r_[0, np.ones(99)], np.r_[1, np.full(99, 3)]
    found = churn.kaplan_meier(watched(duration, np.arange(100) < 11, entry))
    assert "falls to 0 at month 1.0, where all 1 watched" in found.note
    assert churn.kaplan_meier(watched(duration, np.arange(100) < 11)).note == ""


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
    assert "lower limit" in note
    assert "lower limit" not in churn.kaplan_meier(churn.lifetimes(telco, leavers="all")).note


def test_a_months_rates_that_go_with_the_tenures_are_not_doubted():
    # One in a hundred leaves a month, and the tenures are those of such a company.
    tenure = np.repeat(np.arange(1, 120), (1000 * 0.99 ** np.arange(119)).astype(int))
    frame = pd.DataFrame({"tenure_months": tenure, "churned": np.arange(len(tenure)) % 100 == 0})
    found = churn.kaplan_meier(churn.lifetimes(frame, leavers="last month"))
    assert "lower limit" not in found.note
