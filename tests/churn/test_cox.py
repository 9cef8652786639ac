import pathlib

import numpy as np
import pandas as pd
import pytest

from cxlib import churn
from cxlib.churn.partial_likelihood import maximum_partial_likelihood
from cxlib.churn.proportionality import proportionality
from cxlib.inference import ParameterError

REFERENCE = pathlib.Path(__file__).parents[1] / "reference"
LIFELINES = pd.read_csv(REFERENCE / "lifelines_figures.csv", comment="#")
LEUKEMIA = pd.read_csv(REFERENCE / "leukemia.csv", comment="#").astype({"left": bool})
FEATURES = ["senior_citizen", "partner", "contract", "payment_method", "paperless_billing"]
FEATURES += ["internet_service", "monthly_charges"]


def watched(duration, left, entry=None):
    duration = np.asarray(duration, dtype=float)
    entry = np.zeros_like(duration) if entry is None else np.asarray(entry, dtype=float)
    none = pd.Categorical(np.full(len(duration), ""))
    return churn.Lifetimes(entry, duration, np.asarray(left, dtype=bool), none, "", "")


def figures_of_lifelines(data, delayed_entry):
    own = LIFELINES[(LIFELINES["data"] == data) & (LIFELINES["delayed_entry"] == delayed_entry)]
    return {figure: part.set_index("of")["value"] for figure, part in own.groupby("figure")}


def named(summary):
    return summary["feature"].where(
        summary["contrast"].isin(["1 against 0", "per 1"]),
        summary["feature"] + ": " + summary["contrast"],
    )


@pytest.mark.parametrize(("delayed_entry", "leavers"), [("no", "all"), ("yes", "last month")])
def test_telco_is_that_of_lifelines(telco, delayed_entry, leavers):
    expected = figures_of_lifelines("telco", delayed_entry)
    found = churn.cox(churn.lifetimes(telco, leavers=leavers), telco[FEATURES])
    names = named(found.summary)
    b = np.log(found.summary["hazard_ratio"]).to_numpy()
    assert b == pytest.approx(expected["log_hazard_ratio"][names].to_numpy(), abs=1e-7)
    width = np.log(found.summary["high"] / found.summary["low"]).to_numpy() / 2 / 1.959963984540054
    assert width == pytest.approx(expected["standard_error"][names].to_numpy(), rel=1e-7)
    assert found.n == (telco["tenure_months"] > 0).sum()
    assert found.left == telco["churned"].sum()


@pytest.mark.parametrize("delayed_entry", ["no", "yes"])
def test_ties_and_entry_are_those_of_lifelines(delayed_entry):
    expected = figures_of_lifelines("leukemia", delayed_entry)
    entry = LEUKEMIA["entry"].to_numpy(dtype=float) * (delayed_entry == "yes")
    design = LEUKEMIA[["treated"]].to_numpy(dtype=float)
    duration, left = LEUKEMIA["duration"].to_numpy(dtype=float), LEUKEMIA["left"].to_numpy()
    fit = maximum_partial_likelihood(entry, duration, left, design)
    assert fit.params == pytest.approx(expected["log_hazard_ratio"].to_numpy(), abs=1e-9)
    error = np.sqrt(fit.covariance[0])
    assert error == pytest.approx(expected["standard_error"].to_numpy(), rel=1e-9)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], rel=1e-10)


def test_leukemia_as_published():
    # Efron's ties: -1.572 (se .412), log-likelihood -85.01 (Therneau & Grambsch 2000 and others).
    arrays = (LEUKEMIA[name].to_numpy() for name in ("duration", "left"))
    duration, left = arrays
    design = LEUKEMIA[["treated"]].to_numpy(dtype=float)
    fit = maximum_partial_likelihood(np.zeros(42), duration.astype(float), left, design)
    assert fit.params[0] == pytest.approx(-1.572, abs=5e-4)
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(0.412, abs=5e-4)


def test_proportionality_of_single_columns_is_that_of_lifelines(telco):
    expected = figures_of_lifelines("telco", "no")["proportionality"]
    found = churn.cox(churn.lifetimes(telco, leavers="all"), telco[FEATURES])
    single = found.proportionality[found.proportionality["df"] == 1]
    assert len(single) == 4
    chi2 = expected[single["feature"]].to_numpy()
    assert single["chi2"].to_numpy() == pytest.approx(chi2, rel=1e-6)


def test_proportionality_does_not_depend_on_the_coding_of_a_feature():
    rng = np.random.default_rng(6)
    n, terms = 500, pd.DataFrame({"feature": ["plan", "plan", "age"], "contrast": list("abc")})
    design = np.column_stack([rng.normal(size=(n, 2)), rng.normal(size=n)])
    duration = np.ceil(rng.exponential(10 * np.exp(0.5 * design[:, 0])))
    recoded = design @ np.array([[1, 2, 0], [-1, 1, 0], [0, 0, 1.0]])
    left = rng.random(n) < 0.8
    both = []
    for one in (design, recoded):
        fit = maximum_partial_likelihood(np.zeros(n), duration, left, one)
        both.append(proportionality(fit, terms, 0.95))
    for place in (0, 1):
        first, second = (found[place]["chi2"].to_numpy(dtype=float) for found in both)
        assert first == pytest.approx(second, rel=1e-7)
    tests, together = both[0]
    assert tests["df"].tolist() == [2, 1]
    assert together["df"].tolist() == [3]


def test_concordance_is_that_of_lifelines(telco):
    expected = figures_of_lifelines("telco", "no")["concordance"].iloc[0]
    found = churn.cox(churn.lifetimes(telco, leavers="all"), telco[FEATURES]).concordance
    assert found.value == pytest.approx(expected, abs=1e-6)
    assert found.low < found.value < found.high


def company(seed, late_effect, n=4000):
    """Hazard .05 a month, of plan "b" twice that up to month 6 and late_effect times after."""
    rng = np.random.default_rng(seed)
    b = rng.random(n) < 0.4
    first = rng.exponential(1 / (0.05 * np.where(b, 2, 1)))
    second = 6 + rng.exponential(1 / (0.05 * np.where(b, late_effect, 1)))
    duration = np.where(first < 6, first, second)
    censored = rng.uniform(3, 40, n)
    X = pd.DataFrame({"plan": np.where(b, "b", "a"), "age": rng.normal(40, 10, n)})
    return watched(np.minimum(duration, censored), duration <= censored), X


def test_a_ratio_that_changes_is_found_with_both_its_sizes():
    own, X = company(7, 0.5)
    found = churn.cox(own, X)
    assert found.proportionality.set_index("feature").loc["plan", "p_holm"] < 1e-6
    assert found.proportionality.set_index("feature").loc["age", "p_holm"] > 0.05
    row = found.periods.iloc[0]
    assert len(found.periods) == 1
    # The cut is the median time of leaving, close to 6; each log ratio has an error of some .06.
    assert found.cut_months == pytest.approx(6, abs=2)
    assert row["early"] == pytest.approx(2, rel=0.25)
    assert row["late"] == pytest.approx(0.5, rel=0.35)
    assert row["change"] == pytest.approx(row["late"] / row["early"])
    assert row["change_low"] < row["change"] < row["change_high"] < 1
    assert "plan" in found.sentence


def test_other_causes_are_watched_until_they_happen():
    rng = np.random.default_rng(9)
    n = 3000
    b = rng.random(n) < 0.5
    own, other = rng.exponential(1 / (0.05 * np.where(b, 3, 1))), rng.exponential(20, n)
    cause = np.where(own < other, "voluntary", "involuntary")
    all_left = np.full(n, True)
    both = churn.Lifetimes(
        np.zeros(n), np.minimum(own, other), all_left, pd.Categorical(cause), "", ""
    )
    X = pd.DataFrame({"plan": np.where(b, "b", "a")})
    contrast = -1 if b.mean() > 0.5 else 1
    one = both.of_cause("voluntary")
    assert one.left.sum() == (own < other).sum()
    # Monte Carlo error of the log ratio: about .05; of both causes together it would be log 2.
    found = np.log(churn.cox(one, X).summary["hazard_ratio"][0])
    assert contrast * found == pytest.approx(np.log(3), abs=0.15)


def test_ratios_by_period_are_those_of_each_period_alone():
    # With no feature held the same in both periods the likelihood is the product of two.
    own, X = company(7, 0.5)
    found = churn.cox(own, X[["plan"]])
    row, cut = found.periods.iloc[0], found.cut_months
    b = (X[["plan"]] == "b").to_numpy(dtype=float)
    early = (own.entry, np.minimum(own.duration, cut), own.left & (own.duration <= cut), b)
    later = own.duration > cut
    late = (np.full(later.sum(), cut), own.duration[later], own.left[later], b[later])
    for name, parts in (("early", early), ("late", late)):
        alone = maximum_partial_likelihood(*parts)
        assert np.log(row[name]) == pytest.approx(alone.params[0], abs=1e-7)
        width = np.log(row[f"{name}_high"] / row[f"{name}_low"]) / 2 / 1.959963984540054
        assert width == pytest.approx(np.sqrt(alone.covariance[0, 0]), rel=1e-6)


def test_a_ratio_that_holds_is_not_split():
    own, X = company(8, 2)
    found = churn.cox(own, X)
    assert found.periods.empty
    assert "one figure serves" in found.sentence
    row = found.summary.set_index("feature").loc["plan"]
    # Monte Carlo error of the log ratio: about .04.
    assert np.log(row["hazard_ratio"]) == pytest.approx(np.log(2), abs=0.12)


def test_what_knows_the_time_and_what_others_determine_is_left_out(telco):
    X = churn.features(telco).X[["tenure_months", "total_charges", "contract", "online_security"]]
    X = X.assign(internet=(telco["internet_service"] != "No").astype(float))
    found = churn.cox(churn.lifetimes(telco, leavers="all"), X)
    assert found.left_out["feature"].tolist() == ["tenure_months", "total_charges"]
    assert found.aliased["feature"].tolist() == ["internet"]
    assert "online_security" in found.aliased["determined_by"][0]


def test_no_ratios_where_features_separate_or_too_few_left():
    rng = np.random.default_rng(3)
    X = pd.DataFrame({"a": rng.normal(size=300), "b": rng.normal(size=300)})
    left = X["a"].to_numpy() > 0
    found = churn.cox(watched(np.where(left, 1.0 + rng.random(300), 3.0), left), X[["b"]])
    assert not found.reason
    duration = np.where(left, 5 - X["a"].clip(0, 4), 9.0)  # who has more of a leaves sooner
    assert "separates" in churn.cox(watched(duration, left), X).reason
    few = churn.cox(watched(np.ones(300), np.arange(300) < 20), X)
    assert "20 left" in few.reason
    assert few.summary.empty
    assert few.n == 300


def test_many_customers_are_sampled_and_counted():
    n = 60_000
    rng = np.random.default_rng(2)
    own = watched(np.ceil(rng.exponential(10, n)), np.full(n, True) & (rng.random(n) < 0.5))
    found = churn.cox(own, pd.DataFrame({"x": rng.normal(size=n)}), seed=1)
    assert (found.n, found.unsampled) == (50_000, 10_000)


def test_wrong_arguments_are_named(telco):
    own = churn.lifetimes(telco, leavers="all")
    with pytest.raises(ParameterError, match="level"):
        churn.cox(own, telco[FEATURES], level=95)
    with pytest.raises(ValueError, match="rows"):
        churn.cox(own, telco[FEATURES].head())
    with pytest.raises(ValueError, match="contract"):
        churn.cox(own, telco[FEATURES], units={"contract": 1})
