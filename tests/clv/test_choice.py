import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxlib import clv
from cxlib.inference import Estimate
from cxlib.simulate import purchases as simulated

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
    origin = clv.Origin(FITTED, UNTIL, customers, fits, {}, {}, {}, predicted, None)
    return clv.Backtest((origin,), pd.DataFrame(), pd.DataFrame(), 0.95)


NONE = clv.Backtest((), pd.DataFrame(), pd.DataFrame(), 0.95)


def test_the_lowest_aic_is_taken():
    choice = clv.choose(comparison(bg=-102, mbg=-100, pareto=-101), backtested(bg=True, mbg=True))
    assert choice.model == "MBG/NBD"
    assert choice.reason == (
        "MBG/NBD is used: it has the lowest AIC on the data up to the analysis date, 2.0 below "
        "that of Pareto/NBD. The back-test has no part in the choice: in the newest test weeks its "
        "prediction interval held what happened, and no other model came closer."
    )


def test_the_backtest_is_told_and_does_not_choose():
    # 50 happened: BG/NBD said 60 with an interval from 45, MBG/NBD, likelier by far, missed.
    tested = backtested(bg=True, mbg=False)
    tested.origins[0].predicted["MBG/NBD"] = Estimate(80, 70, 90, 0.95, 100, "")
    choice = clv.choose(comparison(bg=-300, mbg=-100), tested)
    assert choice.model == "MBG/NBD"
    assert choice.reason.endswith(
        "its prediction interval did not hold what happened; BG/NBD came closer, within its "
        "interval."
    )


def test_the_choice_of_bic_is_told_where_it_differs():
    # One parameter less is worth 2 to AIC and log(100), 4.6, to BIC.
    fitted = comparison(bg=-101.5, mbg=-100)
    fitted.fits["BG/NBD"] = replace(fitted.fits["BG/NBD"], fixed=1)
    choice = clv.choose(fitted, NONE)
    assert choice.model == "MBG/NBD"
    assert "1.0 below that of BG/NBD. BIC would take BG/NBD." in choice.reason
    assert fitted.summary.loc["BG/NBD", "parameters"] == 3


def test_common_dropout_is_told():
    fitted = comparison(bg=-100, mbg=-101)
    fitted.fits["BG/NBD"] = replace(
        fitted.fits["BG/NBD"], model=clv.BetaGeoNBD(0.5, 5.0, 1200.0, 2800.0)
    )
    assert "In it all drop out alike" in clv.choose(fitted, NONE).reason


def test_nobody_leaves_only_where_no_other_model_was_likelier():
    nbd = clv.Fit(clv.NegativeBinomial(0.5, 5.0), np.eye(2), -110, 100, 5, converged=True)
    failed = {"BG/NBD": "No maximum."}
    likelier = clv.Comparison({"NBD": nbd}, failed, {"BG/NBD": -100.0})
    with pytest.raises(clv.ConvergenceError, match=r"Only NBD .* were likelier.* No maximum\."):
        clv.choose(likelier, NONE)
    assert clv.choose(likelier, NONE, "NBD").model == "NBD"
    both = replace(likelier, fits={"NBD": nbd, "MBG/NBD": fit(-112.0)})
    choice = clv.choose(both, NONE)
    assert choice.model == "MBG/NBD"
    assert "NBD, in which nobody drops out, is passed over" in choice.reason
    as_likely = clv.Comparison({"NBD": nbd}, failed, {"BG/NBD": -109.5})
    assert clv.choose(as_likely, NONE).model == "NBD"


def test_without_a_backtest_the_reason_says_so():
    fitted = comparison(bg=-100, mbg=-101)
    assert clv.choose(fitted, NONE).model == "BG/NBD"
    assert clv.choose(fitted, NONE).reason.endswith("It could not be back-tested.")
    assert clv.choose(fitted, backtested(mbg=True)).reason.endswith("could not be back-tested.")


def test_a_single_model_is_said_to_be_the_only_one():
    assert clv.choose(comparison(pareto=-100), NONE).reason.startswith(
        "Pareto/NBD is used: no other is left to choose from."
    )


def test_equal_customers_are_not_left_to_the_model_in_which_nobody_drops_out():
    rng = np.random.default_rng(2)
    # Beta(3e8, 7e8): each drops out with chance .3.
    law = (1.0, 4.0, 3e8, 7e8)
    T = np.full(300, 52.0)
    known = simulated.purchase_times("after a repeat purchase", law, T, rng)
    fitted = clv.compare_models(simulated.purchase_histories(*known, T), clv.PURCHASE_MODELS)
    # None of the three has a maximum with four parameters.
    assert fitted.summary["parameters"].to_dict() == dict.fromkeys(LABELS, 3) | {"NBD": 2}
    assert clv.choose(fitted, NONE).model == "BG/NBD"


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


def test_ten_customers_are_one_reason_for_all_models():
    ten = pd.DataFrame({"frequency": [1] * 4 + [0] * 6, "recency_weeks": 0.0, "T_weeks": 9.0})
    compared = clv.compare_models(ten, clv.PURCHASE_MODELS)
    assert len(compared.failed) == 4
    with pytest.raises(clv.ConvergenceError) as raised:
        clv.choose(compared, NONE)
    assert str(raised.value) == (
        "No purchase model could be fitted. The data set is too small: 10 customers, 4 of whom "
        "bought again; a model of purchases needs at least 30, 10 of whom bought again. Take a "
        "later as_of or more customers."
    )


def test_a_fault_of_a_model_is_no_reason(cdnow):
    class Broken(clv.BetaGeoNBD):
        @classmethod
        def fit(cls, _):
            raise ValueError("operands could not be broadcast together")

    with pytest.raises(ValueError, match="broadcast"):
        clv.compare_models(cdnow, {"BG/NBD": Broken})


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
    # Known for 38 weeks: the recency rule cannot be learnt over 40.
    assert beside.index[1:].tolist() == [
        "same as the last period",
        "same rate as before",
        "nobody buys",
    ]
    assert beside.loc["same as the last period", ["mae", "rmse"]].tolist() == [0, 0]
    assert beside["llf"].notna().tolist() == [True, False, False, False]
    untested = clv.backtest([], lambda *_: table, models, rng=np.random.default_rng(1))
    assert clv.compare_models(cdnow, models).beside(untested).index.tolist() == ["BG/NBD"]
