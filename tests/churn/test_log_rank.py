import pathlib

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import survdiff

from cxlib import churn

REFERENCE = pathlib.Path(__file__).parents[1] / "reference"
LIFELINES = pd.read_csv(REFERENCE / "lifelines_figures.csv", comment="#")


def watched(duration, left, entry=None):
    duration = np.asarray(duration, dtype=float)
    entry = np.zeros_like(duration) if entry is None else np.asarray(entry, dtype=float)
    none = pd.Categorical(np.full(len(duration), ""))
    return churn.Lifetimes(entry, duration, np.asarray(left, dtype=bool), none, "", "")


def test_log_rank_of_several_groups_is_that_of_lifelines(telco):
    expected = LIFELINES[(LIFELINES["data"] == "telco") & (LIFELINES["figure"] == "log_rank")]
    found = churn.compare_groups(churn.lifetimes(telco, leavers="all"), telco[["contract"]])
    assert found.tests["chi2"].iloc[0] == pytest.approx(expected["value"].iloc[0], rel=1e-9)
    assert found.groups["expected"].sum() == pytest.approx(found.groups["left"].sum())


def test_log_rank_with_delayed_entry_is_that_of_statsmodels(telco):
    own = churn.lifetimes(telco, leavers="last month")
    table = telco[["contract", "female"]]
    found = churn.compare_groups(own, table)
    kept = own.watched
    for row, name in enumerate(table):
        arguments = (own.duration[kept], own.left[kept], table[name].to_numpy()[kept])
        chi2, p = survdiff(*arguments, entry=own.entry[kept])
        assert found.tests["chi2"][row] == pytest.approx(chi2, rel=1e-8)
        assert found.tests["p"][row] == pytest.approx(p, rel=1e-6, abs=1e-15)
    assert found.tests["p_holm"].tolist() == pytest.approx(found.tests["p"] * [2, 1], rel=1e-12)


def test_risk_ratio_of_one_month_is_that_of_a_2x2_table():
    sizes, left = (40, 60), (10, 30)
    leaves = np.concatenate([np.arange(n) < k for n, k in zip(sizes, left, strict=True)])
    groups = pd.DataFrame({"plan": np.repeat(["a", "b"], sizes)})
    found = churn.compare_groups(watched(np.ones(100), leaves), groups, level=0.9).groups
    ratio = (10 / 40) / (30 / 60)
    error = np.sqrt(1 / 10 - 1 / 40 + 1 / 30 - 1 / 60)
    # Two groups are looked at, so each interval is one of 95 %.
    limits = ratio * np.exp(np.array([-1, 1]) * 1.959963985 * error)
    assert found.loc[0, "risk_ratio"] == pytest.approx(ratio)
    assert found.loc[0, ["low", "high"]].tolist() == pytest.approx(limits, rel=1e-8)
    assert found.loc[1, "risk_ratio"] == pytest.approx(1 / ratio)
