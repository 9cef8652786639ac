import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from cxlib import churn


def test_odds_ratio_of_a_2x2_table_is_woolfs():
    a, b, c, d = 40, 60, 12, 108
    X = pd.DataFrame({"exposed": np.repeat([1.0, 1.0, 0.0, 0.0], [a, b, c, d])})
    y = np.repeat([True, False, True, False], [a, b, c, d])
    row = churn.odds_ratios(X, y).summary.iloc[0]
    ratio, error = a * d / (b * c), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    assert row["odds_ratio"] == pytest.approx(ratio, rel=1e-9)
    bounds = ratio * np.exp(np.array([-1, 1]) * 1.959963985 * error)
    assert [row["low"], row["high"]] == pytest.approx(bounds, rel=1e-8)
    assert row["p"] == pytest.approx(2 * stats.norm.sf(np.log(ratio) / error), rel=1e-7)


def test_odds_ratios_agree_with_a_generalized_linear_model(small_company):
    table = churn.features(small_company(11))
    odds = churn.odds_ratios(table.X, table.churned, units={"tenure_months": 12}, level=0.9)
    reference = table.X["plan"].value_counts().idxmax()
    design = pd.get_dummies(table.X, dtype=float).drop(columns=f"plan_{reference}")
    fit = GLM(table.churned.astype(float), design.assign(one=1.0), family=Binomial()).fit(tol=1e-12)
    by_hand = fit.params.drop("one").to_numpy() * [12, 1, 1, 1]
    assert odds.summary["odds_ratio"].to_numpy() == pytest.approx(np.exp(by_hand), rel=1e-6)
    bounds = np.exp(fit.conf_int(0.1).loc["tenure_months"].to_numpy() * 12)
    assert odds.summary.loc[0, ["low", "high"]].tolist() == pytest.approx(bounds, rel=1e-6)
    assert odds.summary["p"].to_numpy() == pytest.approx(fit.pvalues.drop("one"), rel=1e-5)
    assert odds.summary["contrast"][0] == "per 12"
    sd = table.X["tenure_months"].std(ddof=0)
    per_sd = np.exp(fit.params["tenure_months"] * sd)
    assert odds.summary["odds_ratio_per_sd"][0] == pytest.approx(per_sd, rel=1e-6)
    assert odds.aliased.empty


def test_scaled_currency_changes_only_the_unit(small_company):
    table = churn.features(small_company(12))
    dear = table.X.assign(monthly_charges=table.X["monthly_charges"] * 1000)
    first = churn.odds_ratios(table.X, table.churned, units={"monthly_charges": 10})
    second = churn.odds_ratios(dear, table.churned, units={"monthly_charges": 10_000})
    columns = ["odds_ratio", "low", "high", "odds_ratio_per_sd", "p", "vif"]
    expected = first.summary[columns].to_numpy()
    assert second.summary[columns].to_numpy() == pytest.approx(expected, rel=1e-8, nan_ok=True)


def test_duplicated_customers_shrink_the_error_by_root_2(small_company):
    table = churn.features(small_company(13))
    twice = pd.concat([table.X, table.X], ignore_index=True)
    once = churn.odds_ratios(table.X, table.churned).summary
    double = churn.odds_ratios(twice, np.tile(table.churned, 2)).summary
    widths = [np.log(each["high"] / each["low"]) for each in (once, double)]
    assert double["odds_ratio"].to_numpy() == pytest.approx(once["odds_ratio"], rel=1e-8)
    assert (widths[0] / widths[1]).to_numpy() == pytest.approx(np.sqrt(2), rel=1e-8)


def test_columns_that_others_determine_are_listed(small_company):
    table = churn.features(small_company(14))
    X = table.X.assign(
        tenure_years=table.X["tenure_months"] / 12,
        line=(table.X["plan"] != "max").astype(float),
        bill=table.X["tenure_months"] + table.X["monthly_charges"],
    )
    odds = churn.odds_ratios(X, table.churned)
    aliased = odds.aliased.set_index("feature")["determined_by"]
    assert list(aliased.index) == ["tenure_years", "line", "bill"]
    assert aliased["tenure_years"] == "tenure_months: per 1"
    assert "plan: max" in aliased["line"] or aliased["line"].count("plan") == 2
    assert aliased["bill"] == "tenure_months: per 1, monthly_charges: per 1"
    alone = churn.odds_ratios(table.X, table.churned).summary
    assert odds.summary["odds_ratio"].to_numpy() == pytest.approx(alone["odds_ratio"], rel=1e-9)


def test_telco_no_internet_levels_are_aliased(table):
    odds = churn.odds_ratios(table.X.drop(columns="total_charges"), table.churned)
    assert len(odds.aliased) == 7
    assert odds.aliased["contrast"].str.startswith("No ").all()
    assert (odds.n, odds.incomplete) == (7043, 0)
    assert churn.odds_ratios(table.X, table.churned).incomplete == 11


def test_variance_inflation_by_hand(small_company):
    table = churn.features(small_company(15))
    X = table.X[["tenure_months", "monthly_charges"]]
    rng = np.random.default_rng(15)
    X = X.assign(total=X["tenure_months"] + rng.normal(0, 2, len(X)))
    summary = churn.odds_ratios(X, table.churned).summary.set_index("feature")
    others = np.column_stack([np.ones(len(X)), X[["monthly_charges", "total"]]])
    rest = X["tenure_months"] - others @ np.linalg.lstsq(others, X["tenure_months"])[0]
    expected = X["tenure_months"].var() / (rest**2).sum() * (len(X) - 1)
    assert summary.loc["tenure_months", "vif"] == pytest.approx(expected, rel=1e-8)
    assert summary["unstable"].to_dict() == {
        "tenure_months": True,
        "monthly_charges": False,
        "total": True,
    }


def test_collinearity_agrees_with_the_odds_ratios(table):
    found = churn.collinearity(table.X)
    summary = churn.odds_ratios(table.X, table.churned).summary
    expected = summary.groupby("feature")["vif"].first()
    assert found["vif"].to_numpy() == pytest.approx(expected[found.index], rel=1e-10)
    assert found["vif"].is_monotonic_decreasing
    assert found["aliased"].sum() == 7
    assert found.loc["payment_method", ["columns", "aliased"]].tolist() == [3, 0]


def test_a_rare_level_is_merged_and_the_others_keep_their_odds_ratios(small_company):
    table = churn.features(small_company(16))
    stayed = np.flatnonzero(~table.churned)
    plan = table.X["plan"].astype(str)
    plan.iloc[stayed[:4]] = "legacy"
    X = table.X.assign(plan=plan.astype("category"))
    odds = churn.odds_ratios(X, table.churned)
    most = X["plan"].value_counts().idxmax()
    assert odds.merged.to_numpy().tolist() == [["plan", "legacy", 4, most]]
    assert (len(odds.summary), odds.n, odds.left_out.empty, odds.reason) == (4, 600, True, "")
    plan.iloc[stayed[4:12]] = "trial"
    odds = churn.odds_ratios(X.assign(plan=plan.astype("category")), table.churned)
    assert odds.merged.to_numpy().tolist() == [["plan", "legacy, trial", 12, "(other levels)"]]
    assert odds.left_out.to_numpy().tolist() == [
        ["plan", "none of the 12 with (other levels) left"]
    ]


def test_a_feature_with_a_one_sided_level_is_left_out(small_company):
    table = churn.features(small_company(16))
    plan = table.X["plan"].astype(str).where(~table.churned | (table.X["plan"] != "plus"), "basic")
    X = table.X.assign(plan=plan.astype("category"), vip=(~table.churned) * (plan == "plus") * 1.0)
    odds = churn.odds_ratios(X, table.churned)
    assert odds.left_out["feature"].tolist() == ["plan", "vip"]
    size = (plan == "plus").sum()
    assert odds.left_out["reason"][0] == f"none of the {size} with plus left"
    alone = churn.odds_ratios(table.X[["tenure_months", "monthly_charges"]], table.churned)
    pd.testing.assert_frame_equal(odds.summary, alone.summary)


def test_without_odds_ratios_the_reason_is_said(small_company):
    table = churn.features(small_company(16))
    perfect = pd.DataFrame({"score": table.churned + np.linspace(0, 0.5, len(table.X))})
    odds = churn.odds_ratios(perfect, table.churned)
    assert odds.summary.empty
    assert "separates" in odds.reason
    columns = churn.odds_ratios(table.X, table.churned).summary.columns
    assert list(odds.summary.columns) == list(columns)
    nothing = churn.odds_ratios(pd.DataFrame({"left": table.churned * 1.0}), table.churned)
    assert nothing.reason == "no feature is left"


def test_too_few_complete_customers_have_no_odds_ratios(small_company):
    table = churn.features(small_company(18))
    X = table.X.assign(income=pd.Series(np.arange(600.0)).where(np.arange(600) < 60))
    odds = churn.odds_ratios(X, table.churned)
    assert odds.summary.empty
    assert "only 60 customers" in odds.reason
    assert "first income" in odds.reason


def test_a_unit_of_nothing_is_refused(small_company):
    table = churn.features(small_company(17))
    with pytest.raises(ValueError, match="plan"):
        churn.odds_ratios(table.X, table.churned, units={"plan": 2})
