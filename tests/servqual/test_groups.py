"""Groups and waves against hand computation, limits and other functions."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway

from cxlib import inference, servqual


def _sizes(*sizes: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    branch = np.repeat(["north", "south", "west"], sizes)
    gap = pd.DataFrame({"overall": np.linspace(-2, 1, len(branch))})
    return gap, pd.DataFrame({"branch": branch})


def test_small_groups_are_suppressed_with_what_gives_them_away():
    gap, groups = _sizes(30, 12, 7)
    # The 7 could be had from the total and the 42 others, so the 12 go too, both without a name.
    for least in (1, 10):
        table = servqual.group_gaps(gap, groups, least=least).set_index("group")
        assert table["gap"].notna().to_dict() == {
            "all": True,
            "north": True,
            "2 smaller groups": False,
        }
        assert table["n"].isna()["2 smaller groups"]
        method = table.loc["2 smaller groups", "method"]
        assert method.startswith("suppressed: fewer than 10")
        tests = servqual.group_tests(gap, groups, least=least)
        assert tests["left_out"].tolist() == [2]
    together = servqual.group_gaps(*_sizes(30, 6, 7)).set_index("group")
    assert together["gap"].notna().sum() == 2
    assert together["gap"].notna()["north"]


def test_a_group_of_one_heavy_respondent_is_suppressed():
    gap, groups = _sizes(40, 40, 40)
    weights = np.repeat([1.0, 1.0, 0.01], 40)
    weights[-1] = 10
    table = servqual.group_gaps(gap, groups, weights=weights).set_index("group")
    # The total less north would tell about the one, so the next is hidden too.
    assert table["gap"].notna().sum() == 2
    assert np.isnan(table.loc["2 smaller groups", "gap"])
    tests = servqual.group_tests(gap, groups, weights=weights)
    assert tests["left_out_n"].iloc[0] == 80
    waves = groups["branch"].where(groups["branch"] != "north")
    changes = servqual.wave_changes(gap, waves, weights=weights)
    assert changes["method"].tolist() == ["suppressed: fewer than 10 (effective) answers in a wave"]


def test_group_gaps_by_hand():
    gap, groups = _sizes(20, 10, 10)
    groups.loc[30:, "branch"] = None
    table = servqual.group_gaps(gap, groups, level=0.9).set_index("group")
    south = inference.mean_interval(gap["overall"][20:30], level=0.9)
    assert table.loc["south", ["n", "gap", "low", "high"]].tolist() == [
        10,
        south.value,
        south.low,
        south.high,
    ]
    assert table.loc["not stated", "n"] == 10
    assert table.loc["all", "n"] == 40
    alone = servqual.group_gaps(gap, pd.DataFrame(index=gap.index))
    assert alone["group"].tolist() == ["all"]


def _survey(seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Gaps x and y of 120 respondents in three branches and a few others, and two channels."""
    rng = np.random.default_rng(seed)
    branch = np.repeat(["north", "south", "west", "tiny", None], [40, 40, 25, 6, 9])
    gap = pd.DataFrame(rng.normal(-1, 1, size=(120, 2)), columns=["x", "y"])
    gap.loc[branch == "south", "x"] -= 1
    gap.loc[:2, "y"] = np.nan
    return gap, pd.DataFrame({"branch": branch, "channel": np.tile(["app", "desk"], 60)})


def test_group_tests_agree_with_statsmodels():
    gap, groups = _survey()
    table = servqual.group_tests(gap, groups).set_index(["attribute", "dimension"])
    names = ["north", "south", "west"]
    samples = [gap["y"][groups["branch"] == name].dropna() for name in names]
    judge = anova_oneway(samples, use_var="unequal")
    row = table.loc[("branch", "y")]
    assert (row["F"], row["p"]) == pytest.approx((judge.statistic, judge.pvalue), rel=1e-9)
    # Three in "north" gave no answer; the six of "tiny" and the nine not stated are left out.
    counts = row[["groups", "n", "left_out", "left_out_n"]]
    assert counts.tolist() == [3, 102, 1, 15]
    expected = multipletests(table["p"], method="holm")[1]
    assert table["p_holm"].tolist() == pytest.approx(expected)
    assert table["p_holm"].idxmin() == ("branch", "x")


def test_groups_that_give_a_small_one_away_are_left_out_of_the_test():
    table = servqual.group_tests(*_sizes(30, 12, 7))
    assert table[["groups", "n", "left_out", "left_out_n"]].iloc[0].tolist() == [1, 30, 2, 19]
    assert table[["F", "p", "p_holm", "omega_squared"]].isna().all(axis=None)
    assert table["method"].iloc[0].startswith("no test")
    none = servqual.group_tests(_sizes(30, 12, 7)[0], pd.DataFrame(index=range(49)))
    assert none.empty


def test_group_tests_are_weighted():
    gap, groups = _survey()
    weights = np.where(gap["y"] > -1, 4.0, 1.0)
    kept = groups["branch"].isin(["north", "south", "west"])
    by = [kept & (groups["branch"] == name) for name in ("north", "south", "west")]
    expected = inference.welch_anova(
        [gap["x"][one] for one in by], weights=[weights[one] for one in by]
    )
    table = servqual.group_tests(gap, groups, weights=weights).set_index(["attribute", "dimension"])
    assert table.loc[("branch", "x"), "F"] == pytest.approx(expected.f_statistic)


def test_wave_changes_compare_the_last_two():
    rng = np.random.default_rng(2)
    gap = pd.DataFrame({"x": rng.normal(-1, 1, size=90), "y": rng.normal(-1, 1, size=90)})
    waves = pd.Series(np.repeat(["wave 10", "wave 9", "wave 2"], 30))
    gap.loc[:29, "x"] += 1
    gap.loc[5, "y"] = np.nan
    table = servqual.wave_changes(gap, waves)
    assert table[["earlier", "later"]].iloc[0].tolist() == ["wave 9", "wave 10"]
    judge = ttest_ind(gap["y"][:30].dropna(), gap["y"][30:60], equal_var=False)
    interval = judge.confidence_interval()
    row = table.loc["y", ["t", "p", "low", "high"]].tolist()
    assert row == pytest.approx([judge.statistic, judge.pvalue, interval.low, interval.high])
    assert table.loc["y", ["n_earlier", "n_later"]].tolist() == [30, 29]
    change = table["gap_later"] - table["gap_earlier"]
    assert table["change"].tolist() == pytest.approx(change.tolist())
    assert table["p_holm"].tolist() == pytest.approx(multipletests(table["p"], method="holm")[1])
    assert table.loc["x", "low"] > 0


def test_the_verdict_on_waves_names_what_surely_changed():
    changes = pd.DataFrame(
        {
            "earlier": "2025",
            "change": [0.5, -0.25, 0.1, np.nan],
            "low": [0.25, -0.375, -0.1, np.nan],
            "high": [0.75, -0.125, 0.3, np.nan],
            "p_holm": [0.001, 0.04, 0.06, np.nan],
        },
        index=pd.Index(["price", "staff", "place", "speed"], name="dimension"),
    )
    assert servqual.wave_verdict(changes) == (
        "Since the wave named 2025, better beyond chance: price +0.50"
        " (95 % interval +0.25 to +0.75); worse beyond chance: staff -0.25"
        " (95 % interval -0.38 to -0.12); unclear whether changed: place; too few answers: speed."
    )
    assert "worse beyond chance" not in servqual.wave_verdict(changes, level=0.99)
    assert servqual.wave_verdict(changes[:0]) == "There is no earlier wave to compare with."


def test_the_largest_drop_since_the_wave_before_is_told():
    bounds = {"low": [-0.5, -0.75, 0.25], "high": [-0.25, -0.25, 0.75]}
    figures = {"earlier": "2025", "change": [-0.375, -0.5, 0.5], "p_holm": [0.001, 0.04, 0.001]}
    index = pd.Index(["staff", "price", "place"], name="dimension")
    changes = pd.DataFrame(figures | bounds, index=index)
    told = "price -0.50 (95 % interval -0.75 to -0.25)."
    named = "Worse than in the wave named 2025, most of all"
    assert servqual.wave_drop(changes) == f"{named} {told}"
    # At 99 % only staff fell; where nothing did, nothing is said.
    only = "Since the wave named 2025 only staff -0.38 (99 % interval -0.50 to -0.25)"
    assert servqual.wave_drop(changes, level=0.99) == f"{only} is shown to be worse."
    assert servqual.wave_drop(changes.tail(1)) == ""
    assert servqual.wave_drop(changes[:0]) == ""


def test_waves_that_cannot_be_compared():
    gap = pd.DataFrame({"x": np.arange(20.0)})
    waves = pd.Series(["2016"] * 12 + ["2017"] * 8)
    few = servqual.wave_changes(gap, waves)
    assert few["method"].tolist() == ["suppressed: fewer than 10 (effective) answers in a wave"]
    assert few[["n_later", "change", "p_holm"]].isna().all(axis=None)
    assert servqual.wave_changes(gap, pd.Series(["2016"] * 20)).empty
    unknown = servqual.wave_changes(gap, waves.where(waves == "2016"))
    assert unknown.empty


def test_where_it_is_lowest_is_said_as_surely_as_it_is_known():
    noise = np.tile([-0.5, 0.5], 20)
    gap = pd.DataFrame({"overall": np.concatenate([noise - 2, noise, noise + 0.1])})
    branch = pd.DataFrame({"branch": np.repeat(["north", "south", "west"], 40)})

    def verdict(groups: pd.DataFrame) -> str:
        tables = servqual.group_gaps(gap, groups), servqual.group_tests(gap, groups)
        return servqual.group_verdict(*tables, "overall")

    # Standard deviation .506, so the half width is 2.0227 * .506 / sqrt(40) = .162.
    lowest = "(-2.00, 95 % interval -2.16 to -1.84, n = 40)"
    assert verdict(branch) == f"Overall is lowest by branch in north {lowest}, beyond chance."
    half = pd.DataFrame({"branch": np.repeat(["n1", "n2", "south", "west"], [20, 20, 40, 40])})
    assert verdict(half).endswith("not told from 1 of 3 others.")
    # With every group below zero it is said that all are.
    everywhere = servqual.group_gaps(gap - 1, branch), servqual.group_tests(gap - 1, branch)
    told = servqual.group_verdict(*everywhere, "overall")
    lower = "(-3.00, 95 % interval -3.16 to -2.84, n = 40)"
    short = "Overall falls short in all 3 groups by branch, most in north"
    assert told == f"{short} {lower}, beyond chance."
    same = pd.DataFrame({"branch": np.tile(["x", "x", "y", "y"], 30)})
    assert verdict(same) == "No groups differ beyond chance in overall."
    unnamed = branch.replace("north", None)
    assert verdict(unnamed) == "No groups differ beyond chance in overall."
