import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cxlib import clv
from cxlib.inference import Estimate

LABELS = ("BG/NBD", "MBG/NBD", "Pareto/NBD")
FITTED, UNTIL = dt.date(2020, 10, 7), dt.date(2021, 7, 14)


def fit(llf: float) -> clv.Fit[clv.BetaGeoNBD]:
    return clv.Fit(clv.BetaGeoNBD(0.5, 5.0, 0.8, 2.5), np.eye(4), llf, 100, 5, converged=True)


def comparison(**llf: float) -> clv.Comparison:
    """Fits of four parameters with the log-likelihoods of bg, mbg and pareto; others failed."""
    named = dict(zip(("bg", "mbg", "pareto"), LABELS, strict=True))
    fits = {named[short]: fit(value) for short, value in llf.items()}
    return clv.Comparison(fits, {label: "Too few." for label in LABELS if label not in fits})


def backtested(**held: bool) -> clv.Backtest:
    """A back-test in which 50 purchases happened and the totals of bg, mbg, pareto held or not."""
    named = dict(zip(("bg", "mbg", "pareto"), LABELS, strict=True))
    predicted = {
        named[short]: Estimate(60, 45 if inside else 55, 80, 0.95, 100, "")
        for short, inside in held.items()
    }
    customers = pd.DataFrame({"purchases": [1.0, 0.0], "customers": [50, 50]})
    fits = {label: fit(-100.0) for label in predicted}
    origin = clv.Origin(FITTED, UNTIL, customers, fits, {}, {}, {}, predicted, 40.0)
    return clv.Backtest((origin,), pd.DataFrame(), pd.DataFrame(), 0.95)


NONE = clv.Backtest((), pd.DataFrame(), pd.DataFrame(), 0.95)


def test_the_lowest_aic_is_taken():
    choice = clv.choose(comparison(bg=-102, mbg=-100, pareto=-101), backtested(bg=True, mbg=True))
    assert choice.model == "MBG/NBD"
    assert "lowest AIC, 2.0 below that of Pareto/NBD" in choice.reason
    assert "lay in its prediction interval" in choice.reason


def test_a_missed_total_gives_way_to_the_best_that_held():
    fitted = comparison(bg=-102, mbg=-100, pareto=-103)
    choice = clv.choose(fitted, backtested(bg=True, mbg=False, pareto=True))
    assert choice.model == "BG/NBD"
    assert choice.reason.startswith("BG/NBD is used: MBG/NBD has the lowest AIC, but")


def test_a_miss_of_all_leaves_the_lowest_aic():
    choice = clv.choose(comparison(bg=-102, mbg=-100), backtested(bg=False, mbg=False))
    assert choice.model == "MBG/NBD"
    assert "no model's prediction interval held" in choice.reason


def test_without_a_backtest_the_aic_decides():
    fitted = comparison(bg=-100, mbg=-101)
    assert clv.choose(fitted, NONE).model == "BG/NBD"
    assert clv.choose(fitted, NONE).reason.endswith("it could not be back-tested.")
    # One that could not be fitted in the past has not missed.
    assert clv.choose(fitted, backtested(mbg=True)).model == "BG/NBD"


def test_a_single_model_is_said_to_be_the_only_one():
    assert clv.choose(comparison(pareto=-100), NONE) == (
        "Pareto/NBD",
        "Pareto/NBD is used: no other model could be fitted.",
    )


def test_what_is_wanted_is_taken():
    fitted = comparison(bg=-102, mbg=-100)
    found = clv.choose(fitted, backtested(bg=False, mbg=True), "BG/NBD")
    assert found == ("BG/NBD", "BG/NBD is used because it was asked for.")
    with pytest.raises(ValueError, match=r"'BGNBD' is no purchase model; known are BG/NBD, MBG"):
        clv.choose(fitted, NONE, "BGNBD")
    with pytest.raises(clv.ConvergenceError, match=r"Pareto/NBD was asked for.*Too few"):
        clv.choose(fitted, NONE, "Pareto/NBD")


def test_nothing_fitted_raises_with_the_reasons():
    with pytest.raises(clv.ConvergenceError, match=r"No purchase model could be fitted. Too few"):
        clv.choose(comparison(), NONE)


def test_the_summary_ranks_by_aic_and_lists_the_failed():
    table = comparison(bg=-102, mbg=-100).summary
    assert table.index.tolist() == ["MBG/NBD", "BG/NBD", "Pareto/NBD"]
    assert table["aic"].tolist()[:2] == [208, 212]
    assert table["bic"].iloc[0] == pytest.approx(4 * np.log(100) + 200)
    assert table["aic_difference"].tolist()[:2] == [0, 4]
    # exp(-2) against 1
    assert table["akaike_weight"].iloc[0] == pytest.approx(1 / (1 + np.exp(-2)))
    assert table["converged"].tolist() == [True, True, False]
    assert table.loc["Pareto/NBD", "reason"] == "Too few."


def test_models_are_fitted_to_cdnow_as_published(cdnow):
    found = clv.compare_models(cdnow, clv.PURCHASE_MODELS)
    assert found.failed == {}
    # Fader, Hardie & Lee 2005, table 2
    assert found.summary.loc["BG/NBD", "llf"] == pytest.approx(-9582.4, abs=0.05)
    assert found.summary["customers"].eq(2357).all()


def test_errors_stand_beside_and_baselines_below(cdnow):
    table = cdnow.assign(purchases=cdnow["frequency"], previous=cdnow["frequency"])
    models = {"BG/NBD": clv.BetaGeoNBD}
    tested = clv.backtest([(FITTED, UNTIL)], lambda *_: table, models, rng=np.random.default_rng(1))
    beside = clv.compare_models(cdnow, models).beside(tested)
    assert beside.index[0] == "BG/NBD"
    assert len(beside) == 4
    assert beside.loc["same as the last period", ["mae", "rmse"]].tolist() == [0, 0]
    assert beside["llf"].notna().tolist() == [True, False, False, False]
    assert len(clv.compare_models(cdnow, models).beside(NONE)) == 1
