import numpy as np
import pandas as pd

from cxlib import churn


def test_churn_rates_sum_to_the_total_and_suppress_small_groups():
    X = pd.DataFrame({"size": pd.Categorical(["s"] * 60 + ["m"] * 31 + ["l"] * 9)})
    X["tenure"] = np.r_[np.arange(98.0), np.nan, np.nan]
    y = np.arange(100) % 4 == 0
    rates = churn.churn_rates(X, y, ["size"]).set_index("group")
    assert rates["suppressed"].to_dict() == {"l": True, "m": True, "s": False}
    assert rates.loc[["l", "m"], ["customers", "churned", "rate"]].isna().all(axis=None)
    assert rates.loc["s", "rate"] == 0.25
    full = churn.churn_rates(X.iloc[:98], y[:98], ["tenure"])
    assert full["customers"].sum() == 98
    assert full["churned"].sum() == y[:98].sum()
    assert full["group"].iloc[0] == "0 to 24"
