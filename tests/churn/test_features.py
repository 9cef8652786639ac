import numpy as np
import pandas as pd
import pytest

from cxlib import churn


def test_features_leave_out_what_cannot_be_used_and_say_so(small_company):
    frame = small_company(7).assign(
        country="NL",
        contract_no=[f"A{i}" for i in range(600)],
        since=pd.Timestamp("2024-01-01"),
        newsletter=pd.array([True, None, False] * 200, dtype="boolean"),
    )
    frame["plan"] = frame["plan"].where(frame["plan"] != "plus")
    table = churn.features(frame)
    assert list(table.X) == ["tenure_months", "monthly_charges", "plan", "newsletter"]
    assert table.summary.loc["country", "reason"] == "constant"
    assert "identifier" in table.summary.loc["contract_no", "reason"]
    assert "date" in table.summary.loc["since", "reason"]
    assert table.summary.loc["newsletter", "missing"] == 200
    assert table.X["newsletter"].isna().sum() == 200
    assert (table.X["plan"] == "(missing)").sum() == (frame["plan"].isna()).sum()


@pytest.mark.parametrize(("leavers", "n"), [(49, 600), (0, 600), (600, 600)])
def test_too_few_events_stop_with_advice(leavers, n, small_company):
    frame = small_company(8, n).assign(churned=np.arange(n) < leavers)
    with pytest.raises(ValueError, match=rf"{leavers} of {n} customers left.*report the churn"):
        churn.features(frame)


def test_who_when_and_the_outcome_are_never_features(small_company):
    frame = small_company(9).assign(
        cutoff=pd.Timestamp("2024-03-01"),
        started=pd.Timestamp("2020-01-01"),
        ended=pd.NaT,
        leaving="voluntary",
        treated=True,
    )
    table = churn.features(frame)
    assert list(table.X) == ["tenure_months", "monthly_charges", "plan"]
    assert list(table.summary.index) == list(table.X)
    assert table.customer_id.tolist() == frame["customer_id"].tolist()
    assert (table.cutoff == np.datetime64("2024-03-01")).all()
    assert churn.features(small_company(9)).cutoff is None


def test_a_column_has_one_kind_however_it_comes(small_company):
    frame = small_company(10)
    truth = np.arange(600) % 3 == 0
    cells = [None if number % 7 == 0 else bool(one) for number, one in enumerate(truth)]
    plans = frame["plan"].where(frame["plan"] != "max")
    ways = [
        (pd.array(cells, dtype="boolean"), plans),
        (np.array(cells, dtype=object), plans.astype("category")),
        (np.array(cells, dtype=float), plans.astype(object)),
    ]
    tables = [churn.features(frame.assign(member=member, plan=plan)) for member, plan in ways]
    assert tables[0].X["member"].dtype == float
    assert list(tables[0].X["plan"].cat.categories) == ["basic", "plus", "(missing)"]
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0].X, other.X)
        pd.testing.assert_frame_equal(tables[0].summary, other.summary)


def test_a_number_too_large_to_square_is_left_out(small_company):
    frame = small_company(1)
    table = churn.features(frame.assign(huge=1e300 * frame["tenure_months"]))
    assert "huge" not in table.X
    assert table.summary.loc["huge", "reason"] == "a number beyond 1e+100"
