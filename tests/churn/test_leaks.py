from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, ndtr
from scipy.stats import fisher_exact
from sklearn.metrics import roc_auc_score

from cxlib import churn
from cxlib.churn.leaks import (
    ALONE,
    BLANK,
    COPIES,
    DATED,
    IDENTIFIER,
    JUMP,
    NAME,
    RULES,
    WINDOW,
)
from cxlib.inference import Estimate, ParameterError

HORIZON_DAYS = 90
FIRST = pd.Timestamp("2024-01-01")


def snapshots(seed, people=450):
    """Three cut-offs of customers whose features tell something of leaving, and nothing too much.

    Income is missing at random, the change of revenue in the first year.
    """
    rng = np.random.default_rng(seed)
    joined, plan = rng.integers(0, 60, people), rng.choice(["basic", "plus", "max"], people)
    fixed = {
        "customer_id": [f"c{number:05d}" for number in rng.permutation(people)],
        "plan": plan,
        "charges": rng.gamma(5, 10, people).round(2),
        "income": np.where(rng.random(people) < 0.1, np.nan, rng.normal(3000, 500, people)),
    }
    active, frames = np.ones(people, dtype=bool), []
    for number in range(3):
        cutoff = FIRST + pd.Timedelta(days=HORIZON_DAYS * number)
        tenure = joined + 3.0 * number
        churned = rng.random(people) < expit(-0.6 - 0.03 * tenure + 0.6 * (plan == "max"))
        frame = pd.DataFrame(fixed).assign(
            cutoff=cutoff,
            churned=churned,
            tenure_months=tenure,
            calls=rng.poisson(2, people).astype(float),
            revenue_change=np.where(tenure < 12, np.nan, rng.normal(size=people)),
            last_call=cutoff - pd.to_timedelta(rng.integers(0, 50, people), unit="D"),
        )
        frames.append(frame[active])
        active &= ~churned
    return pd.concat(frames, ignore_index=True)


def windows(frame, **last_days):
    names = frame.columns.drop(["customer_id", "cutoff", "churned", "last_call"], errors="ignore")
    table = pd.DataFrame(
        {"feature": names, "first_day": -90.0, "last_day": np.nan, "source": "transactions"}
    )
    return table.assign(last_day=table["feature"].map(last_days))


def report(frame, **more):
    parts = np.where(frame["cutoff"] == frame["cutoff"].max(), "test", "train")
    given = {"parts": parts, "horizon_days": HORIZON_DAYS, "windows": windows(frame)} | more
    return churn.leak_report(churn.features(frame), raw=frame, **given)


def kinds(leaks, severity=None):
    found = leaks.findings
    found = found if severity is None else found[found["severity"] == severity]
    return set(found["kind"])


def outcome(frame, left, stayed):
    """Which rows have something that leavers have at rate `left`, stayers at rate `stayed`."""
    rng = np.random.default_rng(1)
    return rng.random(len(frame)) < np.where(frame["churned"], left, stayed)


def dated_after(frame):
    days = pd.to_timedelta(np.where(outcome(frame, 0.3, 0.0), 20, -5), unit="D")
    return frame.assign(last_login=frame["cutoff"] + days), {}


def date_as_objects_after(frame):
    days = np.where(outcome(frame, 0.3, 0.0), 20, -5)
    found = [
        (cutoff + pd.Timedelta(days=int(add))).date()
        for cutoff, add in zip(frame["cutoff"], days, strict=True)
    ]
    return frame.assign(last_login=pd.Series(found, dtype=object)), {}


def date_as_number_after(frame):
    days = pd.to_timedelta(np.where(outcome(frame, 0.3, 0.0), 20, -5), unit="D")
    written = (frame["cutoff"] + days).dt.strftime("%Y%m%d").astype(float)
    return frame.assign(last_login=written.mask(outcome(frame, 0.1, 0.1))), {}


def date_as_text_after(frame):
    days = pd.to_timedelta(np.where(outcome(frame, 0.3, 0.0), 20, -5), unit="D")
    written = (frame["cutoff"] + days).dt.strftime("%Y-%m-%d")
    return frame.assign(last_login=written.mask(outcome(frame, 0.1, 0.1))), {}


def month_as_text_after(frame):
    days = pd.to_timedelta(np.where(outcome(frame, 0.3, 0.0), 45, -5), unit="D")
    return frame.assign(last_login=(frame["cutoff"] + days).dt.strftime("%Y-%m")), {}


def negative_age(frame):
    return frame.assign(days_since_visit=np.where(outcome(frame, 0.2, 0.0), -12.0, 30.0)), {}


def window_of_features(frame):
    return frame, {"windows": windows(frame, calls=30, charges=0)}


def window_of_one_day(frame):
    return frame, {"windows": windows(frame, calls=1)}


def close_training(frame):
    parts = np.where(frame["cutoff"] == frame["cutoff"].max(), "test", "train")
    return frame, {"parts": parts, "horizon_days": HORIZON_DAYS + 1}


def random_split_over_time(frame):
    return frame, {"parts": np.arange(len(frame)) % 5}


def number_alone(frame):
    rng = np.random.default_rng(2)
    return frame.assign(balance=rng.normal(-1.0 * frame["churned"], 0.1)), {}


def category_alone(frame):
    return frame.assign(segment=np.where(frame["churned"], "b", "a")), {}


def number_alone_at_both_ends(frame):
    rng = np.random.default_rng(3)
    ends = rng.choice([-1, 1], len(frame)) * rng.gamma(5, 10, len(frame))
    return frame.assign(correction=frame["churned"] * ends), {}


def named(frame):
    return frame.assign(cancellation_calls=outcome(frame, 0.4, 0.2).astype(float)), {}


def named_in_camel_case(frame):
    return frame.assign(ChurnReasonCode=outcome(frame, 0.4, 0.2).astype(float)), {}


def named_in_persian(frame):
    return frame.assign(**{"احتمال_ریزش": outcome(frame, 0.4, 0.2).astype(float)}), {}


def customer_twice(frame):
    again = frame[frame["cutoff"] == FIRST].head(3)
    return pd.concat([frame, again], ignore_index=True), {}


def copies_under_other_ids(frame):
    twins = frame[frame["cutoff"] == frame["cutoff"].max()].dropna(subset="income").head(15)
    twins = twins.assign(customer_id="x" + twins["customer_id"])
    frame = pd.concat([frame, twins], ignore_index=True)
    return frame, {"windows": windows(frame)}


def customer_in_two_parts(frame):
    rng = np.random.default_rng(4)
    return frame, {"parts": rng.choice(["train", "test"], len(frame))}


def one_cutoff_of_leavers(frame):
    newest, kept = frame["cutoff"].max(), outcome(frame, 1.0, 0.2)
    return frame[(frame["cutoff"] < newest) | kept].reset_index(drop=True), {}


def leavers_first(frame):
    return frame.sort_values(["cutoff", "churned"], ascending=[True, False], ignore_index=True), {}


def leavers_appended(frame):
    last = frame["churned"] & outcome(frame, 0.5, 0.0)
    return pd.concat([frame[~last], frame[last]], ignore_index=True), {}


def ids_given_on_leaving(frame):
    last = frame.groupby("customer_id")["churned"].transform("max")
    return frame.assign(customer_id=np.where(last, "z", "a") + frame["customer_id"]), {}


def running_number(frame):
    number = frame["customer_id"].str[1:].astype(float)
    return frame.assign(number=number + 1000), {}


def long_number(frame):
    rng = np.random.default_rng(5)
    people = frame["customer_id"].unique()
    phones = pd.Series(rng.integers(9_000_000_000, 9_999_999_999, len(people)), people)
    return frame.assign(phone=frame["customer_id"].map(phones).astype(float)), {}


def wiped_for_leavers(frame):
    return frame.assign(visits=frame["calls"].where(~outcome(frame, 0.5, 0.05))), {}


def wiped_for_few_leavers(frame):
    return frame.assign(channel=pd.Series(["web"] * len(frame)).mask(outcome(frame, 0.15, 0.0))), {}


def filled_for_leavers(frame):
    rng = np.random.default_rng(6)
    score = pd.Series(rng.normal(size=len(frame)))
    return frame.assign(survey=score.where(outcome(frame, 0.7, 0.1))), {}


def category_wiped(frame):
    rng = np.random.default_rng(7)
    area = pd.Series(rng.choice(["north", "south"], len(frame)))
    return frame.assign(area=area.mask(outcome(frame, 0.6, 0.1))), {}


PLANTS = [
    (DATED, dated_after),
    (DATED, date_as_objects_after),
    (DATED, date_as_number_after),
    (DATED, date_as_text_after),
    (DATED, month_as_text_after),
    (DATED, negative_age),
    (WINDOW, window_of_features),
    (WINDOW, window_of_one_day),
    (WINDOW, close_training),
    (WINDOW, random_split_over_time),
    (ALONE, number_alone),
    (ALONE, category_alone),
    (ALONE, number_alone_at_both_ends),
    (NAME, named),
    (NAME, named_in_camel_case),
    (NAME, named_in_persian),
    (COPIES, customer_twice),
    (COPIES, copies_under_other_ids),
    (COPIES, customer_in_two_parts),
    (JUMP, one_cutoff_of_leavers),
    (JUMP, leavers_first),
    (JUMP, leavers_appended),
    (JUMP, ids_given_on_leaving),
    (IDENTIFIER, running_number),
    (IDENTIFIER, long_number),
    (BLANK, wiped_for_leavers),
    (BLANK, wiped_for_few_leavers),
    (BLANK, filled_for_leavers),
    (BLANK, category_wiped),
]


@pytest.mark.parametrize(("kind", "plant"), PLANTS, ids=[plant.__name__ for _, plant in PLANTS])
def test_a_planted_leak_is_found(kind, plant):
    frame, more = plant(snapshots(0))
    assert kind in kinds(report(frame, **more))


def test_every_kind_is_planted():
    assert {kind for kind, _ in PLANTS} == set(RULES)


def test_clean_tables_raise_no_alarm():
    # Of 40 tables at most 5 may show anything, were the true rate of false alarms 5 %
    # (more than 5 have a chance of 1.4 %); it is far lower, as each rule also asks for a size.
    alarms = sum(len(report(snapshots(seed, 300)).findings) > 0 for seed in range(1, 41))
    assert alarms <= 5


def test_an_error_is_told_from_a_warning():
    frame, more = dated_after(snapshots(0))
    frame = frame.assign(account_closed=outcome(frame, 0.3, 0.1).astype(float))
    leaks = report(frame, **more)
    assert kinds(leaks, "error") == {DATED}
    assert kinds(leaks, "warning") == {NAME}
    assert leaks.left_out == []  # a date is no feature
    found = leaks.findings.set_index("feature")
    late = frame[frame["last_login"] > frame["cutoff"]]
    assert found.loc["last_login", "customers"] == late["customer_id"].nunique()
    assert found.loc["last_login", "found"] == (
        f"after the cut-off in {len(late):,} of {len(frame):,} rows"
    )
    assert leaks.sentence.startswith("Error: last_login (dated after the cut-off: after")


def test_what_tells_the_outcome_alone_is_a_warning_and_in_no_model():
    leaks = report(*number_alone(snapshots(0))[:1])
    assert kinds(leaks, "error") == set()
    assert kinds(leaks, "warning") == {ALONE}
    assert leaks.left_out == ["balance"]
    assert leaks.sentence.startswith("Warning: balance (tells the outcome alone: AUC ")


def test_the_same_customer_at_several_cutoffs_of_a_temporal_split_is_no_copy():
    frame = snapshots(0)
    assert frame["customer_id"].duplicated().any()
    assert COPIES not in kinds(report(frame))


def minimal(people=400, days=20_000):
    """Customers of which the day of signing up is known, which hardly any two share."""
    rng = np.random.default_rng(8)
    ids = [f"c{number:03d}" for number in range(people)]
    frame = pd.DataFrame({"customer_id": ids, "churned": rng.random(people) < 0.3})
    return frame.assign(tenure_months=rng.integers(0, days, people) / 30.436875)


def test_two_people_of_one_day_are_no_copies_in_a_minimal_file():
    frame = minimal()
    # With 400 people on 20,000 days some two of them are to be expected on one.
    assert frame["tenure_months"].duplicated().any()
    for columns in ({}, {"country": "NL", "plan": "a"}, {"plan": ["a", "b"] * 200}):
        leaks = churn.leak_report(churn.features(frame.assign(**columns)))
        assert COPIES not in kinds(leaks)
        assert "fewer than 3 features vary" in leaks.checks.loc[COPIES, "not_checked"]


def test_copies_are_found_where_three_features_vary():
    rng = np.random.default_rng(9)
    more = {"plan": rng.choice(list("abc"), 400), "fee": rng.choice([9.0, 19.0, 29.0], 400)}
    # So many days that the day alone tells customers apart.
    frame = minimal(days=1_000_000).assign(**more)
    assert COPIES not in kinds(churn.leak_report(churn.features(frame)))
    twins = frame.head(15).assign(customer_id=[f"x{number}" for number in range(15)])
    copied = pd.concat([frame, twins], ignore_index=True)
    found = churn.leak_report(churn.features(copied)).findings.set_index("kind")
    assert found.loc[COPIES, "customers"] == 30


def test_telco_has_no_leak(telco, table):
    folds = np.arange(len(telco)) % 5
    leaks = churn.leak_report(table, raw=telco, parts=folds)
    assert leaks.findings.empty
    assert leaks.sentence == "No sign of a leak, by 6 of 8 kinds of check."
    # The 11 stayers without total charges have had no bill yet: too few to matter.
    assert leaks.missing.loc["total_charges", ["missing", "leavers"]].tolist() == [11, 0]
    assert leaks.checks.loc[DATED, "not_checked"] == "no cut-off"


def test_a_table_without_missing_values_has_an_empty_account_of_them(small_company):
    leaks = churn.leak_report(churn.features(small_company(1)))
    assert leaks.missing.empty
    assert {"leavers", "stayers", "auc", "explained", "p_holm"} <= set(leaks.missing)


def test_missing_values_that_another_feature_explains_are_no_leak():
    frame = snapshots(0)
    new = frame["churned"] & outcome(frame, 0.6, 0.0)
    frame = frame.assign(tenure_months=np.where(new, 0, 1 + frame["tenure_months"]))
    frame = frame.assign(last_bill=np.where(new, np.nan, 20.0 + frame["calls"]))
    leaks = report(frame)
    assert BLANK not in kinds(leaks)
    explained = "missing exactly for certain values of tenure_months"
    assert leaks.missing.loc["last_bill", "explained"] == explained


def test_missing_values_of_what_is_computed_as_of_the_cutoff_are_no_leak():
    frame, _ = wiped_for_leavers(snapshots(0))
    leaks = report(frame, windows=windows(frame, visits=0))
    assert BLANK not in kinds(leaks)
    assert leaks.missing.loc["visits", "explained"] == "computed as of the cut-off"
    master = windows(frame, visits=0).assign(source="subscriptions")
    assert BLANK in kinds(report(frame, windows=master))


def test_rates_of_missing_values_as_published():
    # Newcombe (1998), table II, example (a): 56 / 70 and 48 / 80, method 10.
    blank = np.repeat([True, False, True, False], [56, 14, 48, 32])
    frame = pd.DataFrame({"x": np.where(blank, np.nan, 1.0), "y": np.arange(150.0)})
    frame = frame.assign(churned=np.arange(150) < 70, customer_id=np.arange(150).astype(str))
    row = churn.leak_report(churn.features(frame)).missing.loc["x"]
    assert row["difference"] == pytest.approx(0.2)
    assert row["difference_low"] == pytest.approx(0.0524, abs=5e-5)
    assert row["difference_high"] == pytest.approx(0.3339, abs=5e-5)
    assert row["auc"] == pytest.approx(0.6)
    assert row["p"] == pytest.approx(fisher_exact([[56, 14], [48, 32]]).pvalue)


def test_large_tables_are_judged_by_a_sample():
    rng = np.random.default_rng(8)
    y = rng.random(80_000) < 0.1
    X = pd.DataFrame({"x": rng.normal(1.0 * y, 1), "knows": rng.normal(9.0 * y, 1)})
    single = churn.single_features(X, y)
    assert (single["n"] == 25_000 + y.sum()).all()
    # Normal with shift 1: AUC Phi(1 / sqrt 2); its standard error is .003 here.
    assert single.loc["x", "auc"] == pytest.approx(ndtr(np.sqrt(0.5)), abs=0.01)
    assert list(single.index[single["suspicious"]]) == ["knows"]


def test_row_order_does_not_change_the_aucs():
    frame = snapshots(9)
    once, again = (
        churn.single_features(table.X, table.churned)
        for table in (churn.features(frame), churn.features(frame.iloc[::-1]))
    )
    pd.testing.assert_frame_equal(once, again.loc[once.index])


def test_a_category_of_pure_noise_does_not_rank():
    rng = np.random.default_rng(27)
    covered = 0
    for _ in range(100):
        X = pd.DataFrame({"area": pd.Categorical(rng.integers(0, 50, 600).astype(str))})
        one = churn.single_features(X, rng.random(600) < 0.27).iloc[0]
        covered += one["low"] <= 0.5 <= one["high"]
    # 95 +- 2.2 were the coverage .95.
    assert covered >= 88


def test_telco_ranks_by_tenure_as_elsewhere(table):
    single = churn.single_features(table.X, table.churned)
    tenure = roc_auc_score(~table.churned, table.X["tenure_months"])
    # The twentieths of tenure rank like tenure itself, but for ties within a twentieth.
    assert single.loc["tenure_months", "auc"] == pytest.approx(tenure, abs=0.005)


def test_a_leak_of_several_features_together_is_told_of_the_model():
    leaks = report(snapshots(0))
    honest, perfect = (Estimate(auc, None, None, 0.95, 900, "") for auc in (0.8, 0.995))
    judged = SimpleNamespace(estimates={("logistic", "auc"): honest, ("boosting", "auc"): perfect})
    warning = churn.leak_warning(leaks, judged)
    assert "the model boosting ranks almost perfectly" in warning
    assert "logistic" not in warning
    del judged.estimates["boosting", "auc"]
    assert churn.leak_warning(leaks, judged) == ""


def test_parameters_that_do_not_fit_are_refused():
    frame = snapshots(0)
    with pytest.raises(ValueError, match="parts has 3 rows"):
        report(frame, parts=[0, 1, 0])
    with pytest.raises(ParameterError, match="level"):
        report(frame, level=95)
