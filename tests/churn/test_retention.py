import datetime

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import churn
from cxlib.inference import ParameterError, proportion_interval

COVERED = datetime.date(2024, 6, 30)


def lazy(table, dates):
    """A lazy frame of the engine's kind, with dates."""
    frame = duckdb.connect().from_df(table)
    parts = [f"{one}::date as {one}" if one in dates else one for one in table]
    return nw.from_native(frame.query("t", f"select {', '.join(parts)} from t"))


def contracts(rows):
    """Rows of how many, started, ended, charge."""
    parts = [
        {"started": started, "ended": ended, "monthly_charges": charge}
        for many, started, ended, charge in rows
        for _ in range(many)
    ]
    table = pd.DataFrame(parts)
    table = table.assign(customer_id=[f"c{i}" for i in range(len(table))])
    for name in ("started", "ended"):
        table[name] = pd.to_datetime(table[name])
    return table


@pytest.fixture
def company():
    return contracts(
        [
            (12, "2024-03-05", None, 10.0),
            (8, "2024-03-31", "2024-05-01", 20.0),
            (5, "2024-04-01", "2024-04-20", 30.0),  # signed up and left within a month
            (15, "2024-04-01", "2024-06-30", 40.0),
            (3, "2024-05-10", "2024-08-01", 50.0),  # the end has not happened yet
        ]
    )


def of_month(found, month):
    return found.months.set_index("month").loc[pd.Timestamp(month)]


def test_churn_by_month_by_hand(company):
    found = churn.monthly_retention(lazy(company, ["started", "ended"]), complete_to=COVERED)
    assert found.months["month"].dt.strftime("%Y-%m").tolist() == ["2024-04", "2024-05", "2024-06"]
    assert found.months["n"].tolist() == [20, 35, 30]
    assert found.months["left"].tolist() == [0, 8, 15]
    assert found.months["joined"].tolist() == [20, 3, 0]
    may, wilson = of_month(found, "2024-05-01"), proportion_interval(8, 35)
    assert [may["churn_rate"], may["churn_rate_low"], may["churn_rate_high"]] == pytest.approx(
        [wilson.value, wilson.low, wilson.high]
    )


def test_jalali_months_begin_and_end_on_their_own_days(company):
    """1403: Farvardin begins 20 March 2024, Ordibehesht 20 April, Khordad 21 May, Tir 21 June."""
    lazily = lazy(company, ["started", "ended"])
    whole = {"calendar": "jalali", "complete_to": datetime.date(2024, 7, 21)}  # 31 Tir
    found = churn.monthly_retention(lazily, **whole).months
    starts = ["2024-03-20", "2024-04-20", "2024-05-21", "2024-06-21"]
    assert found["month"].dt.strftime("%Y-%m-%d").tolist() == starts
    assert found["n"].tolist() == [12, 40, 30, 30]
    assert found["left"].tolist() == [0, 13, 0, 15]
    assert found["joined"].tolist() == [28, 3, 0, 0]
    cut = churn.monthly_retention(
        lazily, **whole | {"complete_to": datetime.date(2024, 7, 20)}
    ).months
    assert cut["month"].tolist() == found["month"].tolist()[:-1]
    late = churn.monthly_retention(lazily, **whole, observed_from=datetime.date(2024, 4, 20)).months
    assert late["month"].tolist() == found["month"].tolist()[1:]


def test_jalali_cohorts_by_hand(company):
    found = churn.cohort_retention(
        lazy(company, ["started", "ended"]),
        complete_to=datetime.date(2024, 7, 21),
        by="month",
        at_months=(1, 3),
        calendar="jalali",
    ).rates.set_index(["cohort", "months_since_start"])
    # Of those of Farvardin 8 and 5 left in Ordibehesht, 15 in Tir.
    assert found.loc[("1403-01", 1), ["n", "retained"]].tolist() == [28, 15]
    assert ("1403-01", 3) in found.index
    assert found.loc[("1402-12", 3), "retained"] == 12


def test_revenue_of_charges_by_hand(company):
    found = churn.monthly_retention(lazy(company, ["started", "ended"]), complete_to=COVERED)
    may = of_month(found, "2024-05-01")
    start = 12 * 10 + 8 * 20 + 15 * 40
    assert may["revenue_start"] == start
    assert may["revenue_churn_rate"] == pytest.approx(160 / start)
    assert may["net_retention_rate"] == pytest.approx(1 - 160 / start)
    assert np.isnan(may["expansion_rate"])
    assert "no expansion" in found.note
    # The linearized error from single customers.
    x, u = np.repeat([10.0, 20, 40], [12, 8, 15]), np.repeat([0.0, 20, 0], [12, 8, 15])
    R = u.sum() / x.sum()
    error = np.sqrt(35 / 34 * np.sum((u - R * x) ** 2)) / x.sum()
    margin = 1.959963984540054 * error / (R * (1 - R))
    odds = R / (1 - R) * np.exp([-margin, margin])
    limits = may[["revenue_churn_rate_low", "revenue_churn_rate_high"]].tolist()
    assert limits == pytest.approx(odds / (1 + odds))


def paid(company):
    """What each customer paid by month: 12 customers stay, 4 of them pay more, 2 less in May."""
    rows = []
    for place, name in enumerate(company["customer_id"][:20]):
        before = 10.0 if place < 12 else 20.0
        now = before + 5 * (place < 4) - 4 * (4 <= place < 6)
        rows.append((name, "2024-04-17", before))
        if place < 12:
            rows.append((name, "2024-05-17", now))
        elif place == 12:
            rows.append((name, "2024-05-17", 0.0))
    return pd.DataFrame(rows, columns=["customer_id", "month", "revenue"])


def test_net_revenue_retention_by_hand(company):
    months = lazy(paid(company), ["month"])
    found = churn.monthly_retention(
        lazy(company, ["started", "ended"]), months, complete_to=COVERED
    )
    may = of_month(found, "2024-05-01")
    start = 12 * 10 + 8 * 20
    assert may["n_paying"] == 20
    assert may["revenue_start"] == start
    assert may["revenue_churn_rate"] == pytest.approx(160 / start)
    assert may["contraction_rate"] == pytest.approx(8 / start)
    assert may["expansion_rate"] == pytest.approx(20 / start)
    assert may["net_retention_rate"] == pytest.approx((start - 160 - 8 + 20) / start)
    x = np.repeat([10.0, 20.0], [12, 8])
    y = np.r_[np.full(4, 15.0), 6, 6, np.full(6, 10.0), np.zeros(8)]
    R = y.sum() / x.sum()
    error = np.sqrt(20 / 19 * np.sum((y - R * x) ** 2)) / x.sum()
    factor = np.exp(1.959963984540054 * error / R)
    limits = may[["net_retention_rate_low", "net_retention_rate_high"]].tolist()
    assert limits == pytest.approx([R / factor, R * factor])
    april = of_month(found, "2024-04-01")
    assert april["n_paying"] == 0
    assert np.isnan(april["net_retention_rate"])


def test_parts_of_a_month_and_months_before_leavers_were_recorded_are_left_out(company):
    found = churn.monthly_retention(
        lazy(company, ["started", "ended"]),
        complete_to=datetime.date(2024, 6, 29),
        observed_from=datetime.date(2024, 4, 2),
    )
    assert found.months["month"].dt.strftime("%Y-%m").tolist() == ["2024-05"]


def test_figures_of_few_customers_are_missing():
    few = contracts([(9, "2024-03-05", None, 10.0)])
    found = churn.monthly_retention(lazy(few, ["started", "ended"]), complete_to=COVERED)
    assert found.months["n"].tolist() == [9, 9, 9]
    hidden = ["left", "churn_rate", "churn_rate_high", "revenue_start", "net_retention_rate"]
    assert found.months[hidden].isna().all(axis=None)


def test_cohorts_by_hand(company):
    lazily = lazy(company, ["started", "ended"])
    found = churn.cohort_retention(lazily, complete_to=COVERED, by="month", at_months=(1, 2, 3))
    rates = found.rates.set_index(["cohort", "months_since_start"])
    assert rates.loc[("2024-03", 1), "retained_rate"] == 1
    assert rates.loc[("2024-03", 2), "retained_rate"] == pytest.approx(12 / 20)
    assert rates.loc[("2024-03", 3), "retained"] == 12
    assert rates.loc[("2024-04", 1), "retained"] == 15
    assert rates.loc[("2024-04", 2), "retained"] == 0
    assert ("2024-04", 3) not in rates.index
    assert np.isnan(rates.loc[("2024-05", 1), "retained_rate"])  # 3 customers
    wilson = proportion_interval(12, 20)
    limits = rates.loc[("2024-03", 2), ["low", "high"]].tolist()
    assert limits == pytest.approx([wilson.low, wilson.high])
    assert found.grid.loc["2024-03", 2] == pytest.approx(12 / 20)


def test_a_quarter_is_watched_as_long_as_its_last_month(company):
    lazily = lazy(company, ["started", "ended"])
    found = churn.cohort_retention(lazily, complete_to=COVERED, at_months=(1, 3, 4))
    assert found.rates["cohort"].unique().tolist() == ["2024 Q1"]
    assert found.rates["months_since_start"].tolist() == [1, 3]
    late = churn.cohort_retention(
        lazily, complete_to=COVERED, observed_from=datetime.date(2024, 3, 15), at_months=(1,)
    )
    assert late.note.startswith("20 customers")
    assert late.reason


def test_undated_subscriptions_have_a_reason(telco):
    plain = nw.from_native(duckdb.connect().from_df(telco))
    assert "dates" in churn.monthly_retention(plain, complete_to=COVERED).reason
    assert "dates" in churn.cohort_retention(plain, complete_to=COVERED).reason


def test_wrong_parameters_are_named(company):
    lazily = lazy(company, ["started", "ended"])
    with pytest.raises(ParameterError, match="by"):
        churn.cohort_retention(lazily, complete_to=COVERED, by="week")
    with pytest.raises(ParameterError, match="level"):
        churn.monthly_retention(lazily, complete_to=COVERED, level=95)
