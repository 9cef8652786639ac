import dataclasses
import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaincc, gammainccinv

from cxlib import clv
from cxlib.clv.baselines import LAST_PERIOD, NOBODY, RECENCY_RULE, SAME_RATE
from cxlib.clv.forecast_errors import (
    capture,
    capture_difference,
    forecast_groups,
    group_means,
    total_error,
)
from cxlib.clv.histories import TooFewError
from cxlib.inference import Estimate, mean_interval
from cxlib.simulate import purchases as simulated

FITTED, UNTIL = dt.date(2020, 10, 7), dt.date(2021, 7, 14)  # 40 weeks
TRUTH = (0.8, 5.0, 0.9, 2.5)
BG = {"BG/NBD": clv.BetaGeoNBD}


def shop(n, rng, dropout="after a repeat purchase", parameters=TRUTH) -> pd.DataFrame:
    """Customers known for 40 weeks, and what they buy in the 40 weeks after."""
    customer, week = simulated.purchase_times(dropout, parameters, np.full(n, 80.0), rng)
    early = week <= 40
    table = simulated.purchase_histories(customer[early], week[early], np.full(n, 40.0))
    later = np.bincount(customer[~early], minlength=n)
    return table.assign(purchases=later, previous=table["frequency"])


def checked(table: pd.DataFrame, earlier: pd.DataFrame | None = None, models=BG):
    """The back-test of one origin; `earlier` are the customers that the recency rule learns of."""
    tables = {FITTED: table} | ({} if earlier is None else {dt.date(2020, 1, 1): earlier})
    return clv.backtest(
        [(FITTED, UNTIL)],
        lambda fitted_at, _: tables.get(fitted_at, table.head(0)),
        models,
        rng=np.random.default_rng(1),
    )


FOUR = pd.DataFrame(
    {
        "frequency": [0, 4, 8, 12],
        "recency_weeks": [0.0, 10.0, 78.0, 79.0],
        "T_weeks": [80.0, 40.0, 80.0, 80.0],
        "previous": [0, 1, 4, 6],
        "purchases": [1, 0, 4, 4],
        "customers": [20, 10, 5, 5],
    }
)


# origins


def test_origins_go_back_without_overlap_while_the_history_is_as_long_as_the_test():
    first, last = dt.date(1997, 1, 1), dt.date(1998, 6, 30)
    found = clv.rolling_origins(first, last, last, 16, 10)
    assert found == [
        (dt.date(1998, 3, 10), last),
        (dt.date(1997, 11, 18), dt.date(1998, 3, 10)),
        (dt.date(1997, 7, 29), dt.date(1997, 11, 18)),
    ]
    # One more would have 97 days up to it, less than 16 weeks.
    assert clv.rolling_origins(first, last, last, 16, 2) == found[:2]
    # The second has 1 January to 1 July: 182 days, just 26 weeks.
    assert [one for one, _ in clv.rolling_origins(first, last, last, 26, 9)] == [
        dt.date(1997, 12, 30),
        dt.date(1997, 7, 1),
    ]


def test_the_newest_origin_tests_what_follows_the_analysis_where_the_file_reaches_so_far():
    first, end = dt.date(1997, 1, 1), dt.date(1998, 6, 30)
    inside = (dt.date(1997, 9, 30), end)
    assert clv.rolling_origins(first, inside[0], end, 39, 3) == [inside]
    assert clv.rolling_origins(first, end, end, 39, 3) == [inside]
    later = dt.date(1997, 10, 8)
    assert clv.rolling_origins(first, later, end, 39, 1) == [(dt.date(1997, 1, 8), later)]
    assert clv.rolling_origins(first, end, end, 78, 3) == []
    with pytest.raises(ValueError, match="holdout_weeks"):
        clv.rolling_origins(first, end, end, 0, 3)


# baselines and errors by hand


def test_baselines_and_their_errors_by_hand():
    # Of those who bought again before, the ones silent for 3 weeks or less did so once more.
    # Their rates are 5 * 4 and 5 * 6 purchases, 30 were made: .6 times as many.
    earlier = FOUR.assign(recency_weeks=[0.0, 10.0, 77.0, 79.0], purchases=[0, 0, 3, 3])
    found = checked(FOUR, earlier, models={})
    (origin,) = found.origins
    assert origin.rule.silence_weeks == pytest.approx(3)
    assert origin.recency_rule == (
        "The recency rule takes those silent for more than 3 weeks as gone and expects 0.60 times "
        "the rate so far of the others."
    )
    assert origin.forecasts[LAST_PERIOD].tolist() == [0, 1, 4, 6]
    assert origin.forecasts[SAME_RATE] == pytest.approx([0, 4, 4, 6])
    assert origin.forecasts[RECENCY_RULE] == pytest.approx([0, 0, 2.4, 3.6])
    assert (origin.n, origin.actual) == (40, 20 + 0 + 20 + 20)
    errors = found.errors.set_index("forecast")
    assert errors["total"].to_dict() == pytest.approx(
        {LAST_PERIOD: 60, SAME_RATE: 90, RECENCY_RULE: 30, NOBODY: 0}
    )
    assert errors.loc[NOBODY, "error_pct"] == -100
    # 60 purchases of 40 customers; a fifth of the customers, whoever they are, made a fifth.
    assert errors.loc[NOBODY, ["mae", "capture"]].tolist() == pytest.approx([1.5, 0.2])
    # The best eight are the five of forecast 6 and three of those of forecast 4.
    assert errors.loc[SAME_RATE, "capture"] == pytest.approx((20 + 3 / 15 * 20) / 60)
    assert errors.loc[SAME_RATE, "error_pct"] == pytest.approx(50)
    # |miss| of 1, 4, 0, 2 for 20, 10, 5, 5 customers
    assert errors.loc[SAME_RATE, "mae"] == pytest.approx((20 + 40 + 10) / 40)
    assert errors.loc[SAME_RATE, "rmse"] == pytest.approx(np.sqrt((20 + 160 + 20) / 40))
    assert errors["held"].isna().all()
    assert errors["total_low"].isna().all()


def test_rows_with_counts_are_customers_one_by_one():
    rows = FOUR.loc[FOUR.index.repeat(FOUR["customers"])].drop(columns="customers")
    by_count, by_row = (checked(table, models={}).errors for table in (FOUR, rows))
    numbers = by_count.columns.difference(["fitted_at", "until", "forecast", "held"])
    assert by_count[numbers].astype(float).to_numpy() == pytest.approx(
        by_row[numbers].astype(float).to_numpy(), nan_ok=True
    )
    interval = mean_interval(np.abs(rows["previous"] - rows["purchases"]))
    last = by_count.set_index("forecast").loc[LAST_PERIOD]
    assert [last["mae_low"], last["mae_high"]] == pytest.approx([interval.low, interval.high])


def test_the_rule_of_silence_is_left_out_where_the_file_is_too_short_to_learn_it():
    (origin,) = checked(shop(50, np.random.default_rng(1))).origins
    assert origin.rule is None
    assert RECENCY_RULE not in origin.forecasts
    assert "left out: the file does not hold 80 weeks before" in origin.recency_rule


def test_the_best_fifth_shares_the_places_at_its_edge():
    # One customer of forecast 5, and four who share the second place of ten.
    forecast, counts = np.array([5.0, 4, 4, 1]), np.array([1.0, 1, 3, 5])
    actual = np.array([3.0, 2, 1, 0])
    found = capture(forecast, actual, counts, level=0.95)
    assert found.value == pytest.approx((3 + 2 / 4 + 3 / 4) / 8)
    nothing = np.zeros(4)
    beside = capture_difference(forecast, nothing, actual, counts, level=0.95)
    assert beside.value == pytest.approx(found.value - 0.2)
    assert beside.high - beside.low == pytest.approx(found.high - found.low)
    assert capture(nothing, actual, counts, level=0.95).low is None
    assert capture(forecast, nothing, counts, level=0.95).value is None


def test_the_interval_of_the_capture_covers():
    rng = np.random.default_rng(3)
    # Purchases are Poisson at the forecast, Gamma(1 / 2): the share of the best fifth of rates.
    truth = gammaincc(1.5, gammainccinv(0.5, 0.2))
    covered = 0
    for _ in range(200):
        forecast = rng.gamma(0.5, size=400)
        found = capture(forecast, rng.poisson(forecast), np.ones(400), level=0.95)
        covered += found.low <= truth <= found.high
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert 181 <= covered <= 197


def test_the_interval_of_the_total_error_covers():
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(200):
        forecast = rng.gamma(0.5, 2, size=400)
        found = total_error(forecast, rng.poisson(0.8 * forecast), np.ones(400), level=0.95)
        covered += found.low <= 25 <= found.high
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert 181 <= covered <= 197


# models against baselines


def test_a_model_holds_on_its_own_process_and_fails_on_another():
    table = shop(1500, np.random.default_rng(5))
    found = checked(table)
    origin = found.newest("BG/NBD")
    assert origin.held("BG/NBD")
    assert found.held("BG/NBD") is True
    assert found.verdict("BG/NBD").startswith("The hold-out check passed: in 40 weeks")
    assert "test periods" not in found.verdict("BG/NBD")
    errors = found.errors.set_index("forecast")
    assert errors.loc["BG/NBD", "held"] is True
    assert errors.loc["BG/NBD", "mae"] < errors.loc[SAME_RATE, "mae"]
    assert found.by_frequency("BG/NBD")["customers"].sum() == 1500
    tripled = checked(table.assign(purchases=3 * table["purchases"]))
    assert tripled.held("BG/NBD") is False
    assert tripled.verdict("BG/NBD").startswith("The hold-out check FAILED: in 40 weeks")


@pytest.mark.parametrize(("reach", "held"), [(0.49, True), (0.51, None)])
def test_an_interval_that_holds_nearly_everything_is_no_test(reach, held):
    table = shop(600, np.random.default_rng(5))
    found = checked(table)
    [origin] = found.origins
    actual = origin.actual
    ends = actual * (1 - reach), actual * (1 + reach)
    predicted = {"BG/NBD": Estimate(actual, *ends, 0.95, 600, "by hand")}
    wide = dataclasses.replace(found, origins=(dataclasses.replace(origin, predicted=predicted),))
    assert wide.held("BG/NBD") is held
    assert ("holds nearly whatever happens" in wide.verdict("BG/NBD")) == (held is None)


def test_each_origin_counts():
    table = shop(600, np.random.default_rng(5))
    windows = [(FITTED, UNTIL), (dt.date(2020, 1, 1), FITTED)]
    tables = {FITTED: table, windows[1][0]: table.assign(purchases=5 * table["purchases"])}
    found = clv.backtest(
        windows,
        lambda fitted_at, _: tables.get(fitted_at, table.head(0)),
        BG,
        rng=np.random.default_rng(1),
    )
    assert found.verdict("BG/NBD").startswith(
        "The hold-out check is not settled: of 2 test periods the prediction interval held what "
        "happened in 1. In the newest, 40 weeks not used for the fit, 600 customers made"
    )
    assert found.held("BG/NBD") is None
    newest_failed = dataclasses.replace(found, origins=found.origins[::-1])
    assert newest_failed.held("BG/NBD") is False
    assert newest_failed.verdict("BG/NBD").startswith("The hold-out check FAILED: of 2 test")
    told = "of 2 past forecasts of the number of purchases over 40 weeks, 1 held; "
    told += "the forecasts came out "
    assert found.trust("BG/NBD", 40).startswith(f"Plan by it roughly, set no budget by it: {told}")
    assert found.trust("BG/NBD", 52).endswith(" No forecast as long as 52 weeks was tested.")
    assert "as long as" not in found.trust("BG/NBD", 40)
    assert found.trust("BG/NBD", 40).endswith("; the truth may lie outside the interval.")
    # Five times what was forecast, and about as much.
    assert newest_failed.trust("BG/NBD", 40).startswith(f"Do not budget on it: {told}")
    assert " too low" in newest_failed.trust("BG/NBD", 40)
    none = dataclasses.replace(found, origins=())
    assert "no past forecast could be tested" in none.trust("BG/NBD", 40)
    both = dataclasses.replace(found, origins=found.origins[:1] * 2)
    assert both.trust("BG/NBD", 40).startswith("Past forecasts bear it out: of 2")
    assert "is a limit" not in both.trust("BG/NBD", 40)
    # Twice the same origin errs twice the same way; one alone shows nothing to lean on.
    way = (
        "high: take nothing off" if both.origins[0].error_pct("BG/NBD") > 0 else "low: add nothing"
    )
    assert both.leaning("BG/NBD") == f"2 tests do not show that it always errs {way}."
    assert dataclasses.replace(found, origins=found.origins[:1]).leaning("BG/NBD") == ""
    assert dataclasses.replace(found, origins=found.origins[:1] * 6).leaning("BG/NBD") == ""
    assert both.held("BG/NBD") is True
    assert len(found.errors) == 2 * 4
    # Two baselines, as the recency rule could not be learnt, and four measures.
    assert len(found.differences) == 2 * 8


def test_each_table_is_asked_for_once():
    table, asked = shop(100, np.random.default_rng(5)), []
    first = dt.date(2020, 1, 1)
    windows = [(FITTED, UNTIL), (first, FITTED)]

    def customers_at(*dates: dt.date) -> pd.DataFrame:
        asked.append(dates)
        return table

    clv.backtest(windows, customers_at, {}, rng=np.random.default_rng(1))
    # Known for 40 weeks: too short to learn the rule of silence over 40 weeks before.
    assert sorted(asked) == sorted(windows)
    asked.clear()
    table["T_weeks"] = 80.0
    clv.backtest(windows, customers_at, {}, rng=np.random.default_rng(1))
    assert sorted(asked) == sorted([*windows, (first - (FITTED - first), first)])


@pytest.mark.parametrize("error", [TooFewError, clv.ConvergenceError])
def test_only_what_a_fit_may_say_is_taken_as_a_reason(error):
    class Broken(clv.BetaGeoNBD):
        @classmethod
        def fit(cls, _):
            raise error("so it is")

    assert checked(FOUR, models={"one": Broken}).origins[0].failed == {"one": "so it is"}
    error = ValueError
    with pytest.raises(ValueError, match="so it is"):
        checked(FOUR, models={"one": Broken})


def test_the_baseline_that_wins_is_named():
    table = shop(500, np.random.default_rng(6))
    found = checked(table.assign(previous=table["purchases"]))
    assert found.errors.set_index("forecast").loc[LAST_PERIOD, "mae"] == 0
    said, compared = found.baselines("BG/NBD").split(" Compared ")
    assert said.startswith("A simple baseline did better: ")
    for measure in ("root mean square error", "capture"):
        assert re.search(f'"{LAST_PERIOD}" in [^;]*the {measure}', said)
    assert "in the total" not in said
    assert "purchases made by the best fifth of the customers" in compared


def test_a_baseline_wins_nothing_by_forecasts_tied_at_zero():
    # One in ten buys, whoever; the forecasts differ by a trifle, those of the baseline are 0.
    rng = np.random.default_rng(10)
    table = shop(1000, rng).assign(purchases=rng.binomial(1, 0.1, size=1000), previous=0)
    found = checked(table)
    rows = found.differences.set_index(["baseline", "measure"])["better"]
    assert rows[LAST_PERIOD, "mean absolute error"] == "baseline"
    errors = found.errors.set_index("forecast")
    assert (
        errors.loc[LAST_PERIOD, "mae"] == errors.loc[NOBODY, "mae"] < errors.loc[SAME_RATE, "mae"]
    )
    for measure in ("mean absolute error", "rank correlation"):
        assert measure not in found.baselines("BG/NBD")


def test_where_customers_go_on_as_before_the_last_period_wins():
    # Buyers at 1 to 6 purchases a period for good, and as many who stopped in the period before.
    rng = np.random.default_rng(7)
    rate = np.tile(np.arange(1, 7), 100)
    steady = np.arange(600) % 12 < 6
    x = np.where(steady, 2 * rate, rate)
    last = np.where(steady, 80 - rng.uniform(0, 20, size=600) / rate, rng.uniform(5, 40, size=600))
    kept = np.where(steady, rate, 0)
    table = pd.DataFrame({"frequency": x, "recency_weeks": last, "T_weeks": 80.0})
    found = checked(table.assign(previous=kept, purchases=kept))
    won = found.baselines("BG/NBD").split(" Compared ")[0].split("About equal")[0]
    assert re.search(f'"{LAST_PERIOD}" in [^;]*the root mean square error', won)
    assert f'"{SAME_RATE}" in the root mean square error' not in won


def test_a_baseline_like_the_model_is_about_equal():
    rng = np.random.default_rng(8)
    table = shop(500, rng)
    forecast = clv.BetaGeoNBD.fit(table).model.expected_purchases(table, 40)
    # Better by a hair, and only by chance.
    nearer = forecast * np.exp(0.05 * rng.normal(size=500)) - 0.02
    found = checked(table.assign(previous=nearer))
    mine, other = (found.errors.set_index("forecast").loc[n] for n in ("BG/NBD", LAST_PERIOD))
    assert other["mae"] < mine["mae"]
    said = found.baselines("BG/NBD")
    assert f'"{LAST_PERIOD}"' not in said.split("About equal")[0]
    assert f'"{LAST_PERIOD}" in the root mean square error' in said.split("About equal")[1]


def test_a_nearer_total_wins_only_where_the_model_missed():
    table = shop(800, np.random.default_rng(9))
    exact = table.assign(previous=table["purchases"].to_numpy()[::-1])
    assert '" in the total' not in checked(exact).baselines("BG/NBD")
    doubled = exact.assign(purchases=2 * exact["purchases"], previous=2 * exact["previous"])
    assert f'"{LAST_PERIOD}" in the total' in checked(doubled).baselines("BG/NBD")


def test_a_model_that_cannot_be_fitted_is_listed_with_its_reason():
    table = shop(12, np.random.default_rng(1))
    found = checked(table)
    (origin,) = found.origins
    assert origin.fits == {}
    assert "too small: 12 customers" in origin.failed["BG/NBD"]
    verdict = found.verdict("BG/NBD")
    assert verdict.startswith("No hold-out check was possible, a shorter one may be. The data set ")
    assert found.baselines("BG/NBD") == ""
    assert found.errors["forecast"].tolist() == [LAST_PERIOD, SAME_RATE, NOBODY]
    with pytest.raises(ValueError, match="No hold-out check"):
        found.calibration("BG/NBD")
    none = clv.backtest([], lambda *_: table, BG, rng=np.random.default_rng(1))
    assert "does not reach back far enough" in none.verdict("BG/NBD")


# calibration


def test_groups_by_forecast_keep_equal_ones_together():
    forecast = np.array([0.1, 0.2, 0.2, 0.9, 0.5])
    # In order: .1 for 50 of 100, .2 for 30 and 5, .5 for 5, .9 for 10; middles 25, 67.5, 87.5, 95.
    counts = np.array([50.0, 30, 5, 10, 5])
    assert forecast_groups(forecast, 2 * counts).tolist() == [3, 7, 7, 10, 9]
    # A hundred customers make five groups, nineteen one.
    assert forecast_groups(forecast, counts).tolist() == [2, 4, 4, 5, 5]
    assert set(forecast_groups(forecast, np.array([15.0, 1, 1, 1, 1]))) == {1}


def test_group_means_by_hand_and_without_the_few():
    group = np.array(["a", "a", "b"])
    forecast, actual = np.array([1.0, 2.0, 9.0]), np.array([0.0, 4.0, 9.0])
    found = group_means(group, forecast, actual, np.array([10.0, 30.0, 9.0]), 0.95)
    expected = mean_interval(np.repeat([0.0, 4.0], [10, 30]))
    assert found.loc["a", ["customers", "forecast", "actual"]].tolist() == [40, 1.75, 3.0]
    bounds = found.loc["a", ["low", "high"]].tolist()
    assert bounds == pytest.approx([expected.low, expected.high])
    assert found.loc["b", "customers"] == 9
    assert found.loc["b", ["forecast", "actual", "low", "high"]].isna().all()
    assert "fewer than 10" in found.loc["b", "note"]
    zeros = group_means(group, forecast, np.array([0, 0, 9.0]), np.array([10.0, 30, 12]), 0.95)
    assert zeros["low"].isna().all()
    assert zeros["note"].eq("all values are equal").all()
    rare = group_means(group, forecast, np.array([0, 9.0, 9]), np.array([19.0, 1, 12]), 0.95)
    assert rare.loc["a", "low"] == 0


def test_groups_add_up_to_the_total():
    table = shop(900, np.random.default_rng(3)).assign(T_weeks=lambda t: 40.0 + (t.index % 3) * 5)
    found = checked(table)
    cohort, tenth = found.by_cohort("BG/NBD", "month"), found.calibration("BG/NBD")
    # First purchases 40, 45 and 50 weeks before 2020-10-07.
    assert cohort.index.tolist() == ["2019-10", "2019-11", "2020-01"]
    assert found.by_cohort("BG/NBD").index.tolist() == ["2019-Q4", "2020-Q1"]
    assert found.by_cohort("BG/NBD", "year").index.tolist() == ["2019", "2020"]
    with pytest.raises(ValueError, match="'week' is none of month, quarter, year"):
        found.by_cohort("BG/NBD", "week")
    origin = found.newest("BG/NBD")
    assert cohort["forecast"].sum() == pytest.approx(origin.predicted["BG/NBD"].value)
    assert cohort["actual"].sum() == pytest.approx(origin.actual)
    assert (tenth["forecast"] * tenth["customers"]).sum() == pytest.approx(cohort["forecast"].sum())
    assert tenth["forecast"].is_monotonic_increasing
    # Of some 10 tenths about 5 % lie outside by chance.
    inside = tenth["forecast"].between(tenth["low"], tenth["high"])
    assert inside.mean() >= 0.7
