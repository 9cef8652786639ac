import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from cxlib import churn
from cxlib.churn.drift import stability
from cxlib.inference import ParameterError

SCORE = "churn_probability"


def numbers(rng, rows, columns, shift=0.0):
    values = rng.normal(size=(rows, columns)) + shift
    return pd.DataFrame(values, columns=[f"x{i}" for i in range(columns)])


def categories(counts):
    return pd.DataFrame({"plan": pd.Categorical(np.repeat(list(counts), list(counts.values())))})


def compared(before, now, *, risk_before=None, risk_now=None, level=0.95):
    first = np.linspace(0.01, 0.9, len(before)) if risk_before is None else risk_before
    second = np.linspace(0.01, 0.9, len(now)) if risk_now is None else risk_now
    return churn.drift(churn.reference_shares(before, first), now, second, level=level)


def test_the_index_by_hand():
    before, now = categories({"a": 100, "b": 100}), categories({"a": 60, "b": 40})
    row = compared(before, now).summary.loc["plan"]
    # .1 ln(.6 / .5) - .1 ln(.4 / .5)
    assert row["psi"] == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8), rel=1e-12)
    scale = 1 / 200 + 1 / 100
    assert row["p"] == pytest.approx(chi2.sf(row["psi"] / scale, 1), rel=1e-9)
    assert row["shift"] == pytest.approx(row["psi"] - scale, rel=1e-12)
    assert row["bins"] == 2


def test_the_same_customers_show_no_change():
    X = numbers(np.random.default_rng(0), 500, 3).assign(plan=pd.Categorical(["a", "b"] * 250))
    found = compared(X, X.iloc[::-1])
    assert (found.summary["psi"] == 0).all()
    assert (found.summary["shift_low"] == 0).all()
    assert set(found.summary["verdict"]) == {"no change shown"}
    assert found.sentence == (
        "Of 4 features compared, 0 changed by .1 or more and 0 by less, beyond chance. "
        "The risks: no change shown (shift 0.00, 0.00 to 0.00)."
    )


def test_without_change_p_is_uniform_and_holm_finds_nothing():
    rng = np.random.default_rng(1)
    found = compared(numbers(rng, 2000, 100), numbers(rng, 1500, 100)).summary.drop(index=SCORE)
    # Shares of 100 p-values: standard errors .022 and .05.
    assert (found["p"] < 0.05).mean() < 0.05 + 3 * 0.022
    assert abs((found["p"] < 0.5).mean() - 0.5) < 3 * 0.05
    assert set(found["verdict"]) == {"no change shown"}


@pytest.mark.parametrize("tilt", [0.0, 0.4, 0.8])
def test_the_interval_covers_the_true_shift(tilt):
    rng = np.random.default_rng(2)
    p = np.full(8, 1 / 8)
    q = p * np.exp(tilt * np.linspace(-1, 1, 8))
    q /= q.sum()
    true = float(np.sum((q - p) * np.log(q / p)))
    draws = zip(rng.multinomial(1500, p, 2000), rng.multinomial(800, q, 2000), strict=True)
    found = pd.DataFrame([stability(was, now, 0.95) for was, now in draws])
    covered = ((found["shift_low"] <= true) & (true <= found["shift_high"])).mean()
    # Standard error .005 at a coverage of .95; at a shift of 0 the lower limit never misses.
    assert 0.935 <= covered <= (1 if tilt == 0 else 0.965)
    # Without bound at 0 the shift is unbiased, while psi is too large by what chance adds.
    error = found["psi"].std() / np.sqrt(2000)
    added = 7 * (1 / 1500 + 1 / 800)
    assert found["psi"].mean() == pytest.approx(true + added, abs=4 * error + 0.02 * true)


def test_a_shifted_number_and_score_are_named():
    rng = np.random.default_rng(3)
    before, now = numbers(rng, 1000, 3), numbers(rng, 1000, 3)
    now["x1"] += 1
    risk = rng.beta(1, 4, 1000)
    found = compared(before, now, risk_before=risk, risk_now=np.sqrt(risk))
    assert list(found.summary.index[:2]) in (["x1", SCORE], [SCORE, "x1"])
    assert list(found.summary.loc[["x1", SCORE], "verdict"]) == ["large", "large"]
    assert list(found.summary.loc[["x0", "x2"], "verdict"]) == ["no change shown"] * 2
    assert "1 changed by .1 or more (x1 (large: shift" in found.sentence
    assert "The risks: large" in found.sentence
    assert "it is the model" not in found.sentence


def test_risks_that_shift_without_a_feature_speak_of_the_model():
    rng = np.random.default_rng(6)
    X, risk = numbers(rng, 1000, 2), rng.beta(1, 4, 1000)
    found = compared(X, X, risk_before=risk, risk_now=np.sqrt(risk))
    assert found.sentence.endswith("it is the model that has changed, and not the customers.")
    nothing = compared(X, X, risk_before=risk, risk_now=risk)
    assert "it is the model" not in nothing.sentence


def test_a_large_sample_shows_a_change_that_is_small():
    before, now = categories({"a": 50_000, "b": 50_000}), categories({"a": 51_000, "b": 49_000})
    row = compared(before, now).summary.loc["plan"]
    assert row["p_holm"] < 1e-4
    assert row["verdict"] == "small"


def test_new_and_vanished_levels_are_told():
    before = categories({"a": 300, "b": 200, "old": 40})
    now = categories({"a": 300, "b": 200, "new": 50, "rare": 1})
    found = compared(before, now)
    row = found.summary.loc["plan"]
    assert row["new_levels"] == "new, rare"
    assert row["vanished_levels"] == "old"
    assert row["p_holm"] < 0.05
    # The rare level has too few expected customers and joins the smallest of the others.
    assert row["bins"] == 4
    assert "Values that the model has not seen: in plan." in found.sentence


def test_values_that_go_missing_are_a_new_level():
    rng = np.random.default_rng(4)
    before, now = numbers(rng, 400, 1), numbers(rng, 400, 1)
    now.loc[:99, "x0"] = np.nan
    row = compared(before, now).summary.loc["x0"]
    assert row["new_levels"] == "(missing)"
    assert row["verdict"] == "large"


def test_features_of_one_run_and_of_another_kind_are_not_compared():
    rng = np.random.default_rng(5)
    before, now = numbers(rng, 200, 3), numbers(rng, 200, 3).rename(columns={"x2": "x9"})
    now["x1"] = pd.Categorical(["a", "b"] * 100)
    found = compared(before, now)
    verdict = found.summary["verdict"]
    assert verdict["x2"] == "not compared: only in the earlier run"
    assert verdict["x9"] == "not compared: only in this run"
    assert verdict["x1"] == "not compared: a number in one run, a category in the other"
    assert "Not in both runs: x2, x9." in found.sentence


def test_constant_numbers_and_few_customers_are_not_compared():
    found = compared(pd.DataFrame({"x": [1.0] * 20}), pd.DataFrame({"x": [1.0] * 20})).summary
    assert found.loc["x", "verdict"].startswith("not compared: fewer than two bins")


def test_shares_of_a_number_are_tenths():
    X = pd.DataFrame({"x": [*np.arange(1.0, 101), np.nan]})
    shares = churn.reference_shares(X, np.full(101, 0.2)).query("feature == 'x'")
    assert shares["share"].sum() == pytest.approx(1)
    assert shares["high"].tolist()[:3] == [10, 20, 30]
    assert shares["level"].tolist()[-1] == "(missing)"
    assert shares["n"].unique().tolist() == [101]


def test_parameters_that_do_not_fit_are_refused():
    X = pd.DataFrame({SCORE: [0.5] * 30})
    with pytest.raises(ValueError, match="no feature can have it"):
        churn.reference_shares(X, X[SCORE])
    with pytest.raises(ParameterError, match="level"):
        compared(categories({"a": 30}), categories({"a": 30}), level=2)
