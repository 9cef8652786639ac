import pathlib

import numpy as np
import pandas as pd
import pytest

from cxlib import churn

REFERENCE = pathlib.Path(__file__).parents[1] / "reference"
LIFELINES = pd.read_csv(REFERENCE / "lifelines_figures.csv", comment="#")


def watched(duration, cause, entry=None):
    duration, cause = np.asarray(duration, dtype=float), np.asarray(cause)
    entry = np.zeros_like(duration) if entry is None else np.asarray(entry, dtype=float)
    return churn.Lifetimes(entry, duration, cause != "", pd.Categorical(cause), "", "")


def test_untied_times_are_those_of_lifelines():
    causes = np.array(["1", "2", "", "1", ""] * 8)
    found = churn.cumulative_incidence(watched(np.arange(1, 41) ** 1.1, causes)).curves
    for cause in ("1", "2"):
        curve = found[(found["cause"] == cause) & (found["months"] > 0)]
        for column in ("incidence", "incidence_low"):
            of = LIFELINES[LIFELINES["figure"] == f"{column} {cause}"]["value"].to_numpy()
            seen = curve["incidence"].to_numpy() > 0
            assert curve[column].to_numpy()[seen] == pytest.approx(of[seen], abs=1e-8)


def test_a_single_cause_is_the_kaplan_meier_curve(telco):
    own = churn.lifetimes(telco.assign(leaving="voluntary"), leavers="all")
    curve = churn.cumulative_incidence(own).curves
    plain = churn.kaplan_meier(own).curve()
    assert curve["incidence"].to_numpy() == pytest.approx(1 - plain["survival"].to_numpy())
    # The scales of the intervals differ, their standard errors do not: to first order of it.
    last = len(plain) - 1
    F = curve["incidence"].iloc[last]
    S = 1 - F
    of_curve = np.log(np.log(curve["incidence_low"].iloc[last]) / np.log(F)) * F * -np.log(F)
    of_plain = np.log(np.log(plain["survival_low"].iloc[last]) / np.log(S)) * S * -np.log(S)
    assert of_curve == pytest.approx(of_plain, rel=1e-9)


def test_tied_times_by_hand_and_causes_add_up():
    # 10 at risk, 2 and 1 leave in month 1, 1 censored; 6 at risk, 1 and 2 leave in month 2.
    cause = ["a", "a", "b", "", "a", "b", "b", "", "", ""]
    own = watched([1, 1, 1, 1, 2, 2, 2, 3, 3, 3], cause)
    found = churn.cumulative_incidence(own, months=(1, 2)).curves.set_index(["cause", "months"])
    assert found.loc[("a", 2), "incidence"] == pytest.approx(0.2 + 0.7 / 6)
    assert found.loc[("b", 2), "incidence"] == pytest.approx(0.1 + 0.7 * 2 / 6)
    total = found["incidence"].groupby("months").sum() + np.array([1, 0.7, 0.35, 0.35])
    assert total.tolist() == pytest.approx([1, 1, 1, 1])
    assert found.loc[("a", 1), "left"] == 2


def test_variance_of_one_month_is_binomial():
    cause = np.repeat(["a", "b", ""], [30, 20, 50])
    found = churn.cumulative_incidence(watched(np.ones(100), cause), months=(1,)).summary
    row = found.set_index("cause").loc["a"]
    error = np.sqrt(0.3 * 0.7 / 100)
    power = np.exp(1.959963984540054 * error / (0.3 * -np.log(0.3)))
    assert [row["share_1_low"], row["share_1_high"]] == pytest.approx(
        [0.3**power, 0.3 ** (1 / power)]
    )


def test_a_cause_that_nobody_left_for_has_the_limit_of_clopper_and_pearson():
    groups = pd.Series(np.repeat(["x", "y"], 50))
    cause = np.repeat(["a", "", "b", ""], [5, 45, 5, 45])
    found = churn.cumulative_incidence(watched(np.ones(100), cause), groups, months=(1,)).summary
    row = found.set_index(["group", "cause"]).loc[("x", "b")]
    assert row[["share_1", "share_1_low"]].tolist() == [0, 0]
    assert row["share_1_high"] == pytest.approx(1 - 0.025 ** (1 / 50))


def test_incidence_begins_where_ten_were_watched():
    entry, duration = np.r_[0, 0, np.ones(40)], np.r_[1, 1, np.full(40, 3)]
    own = watched(duration, np.repeat(["a", "", "b", ""], [1, 1, 10, 30]), entry)
    found = churn.cumulative_incidence(own, months=(3,))
    of_b = found.curves[found.curves["cause"] == "b"]
    assert of_b["incidence"].tolist() == pytest.approx([np.nan, 0, 0.25], nan_ok=True)
    assert found.curves.loc[found.curves["cause"] == "a", "left"].tolist() == [0, 1, 0]
    assert found.summary["share_3"].isna().all()
    assert "the curve begins at that month" in found.note


def test_no_causes_is_a_reason(telco):
    found = churn.cumulative_incidence(churn.lifetimes(telco, leavers="all"))
    assert "leaving" in found.reason
    assert found.summary.empty
    assert churn.cumulative_incidence(churn.lifetimes(telco)).reason


def test_tiny_groups_are_not_shown():
    groups = pd.Series(np.repeat(["a", "b", "c"], [50, 30, 12]))
    own = watched(np.ones(92), np.where(np.arange(92) % 2, "x", ""))
    found = churn.cumulative_incidence(own, groups.where(groups != "c", groups.index.astype(str)))
    assert set(found.curves["group"]) == {"a", "b"}
    assert found.summary["group"].iloc[-1] == "12 smaller groups"
