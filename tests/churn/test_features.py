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
