import datetime

import pandas as pd
import pytest

from cxlib import churn
from cxlib.inference import ParameterError


def test_lifetimes_of_dates_by_hand():
    frame = pd.DataFrame(
        {
            "started": pd.to_datetime(["2023-01-01", "2023-01-01", "2024-03-01", "2024-03-31"]),
            "ended": pd.to_datetime(["2024-03-01", None, "2024-03-01", "2024-05-01"]),
            "leaving": ["involuntary", None, None, None],
        }
    )
    covered, first = datetime.date(2024, 3, 31), datetime.date(2024, 1, 1)
    own = churn.lifetimes(frame, complete_to=covered, observed_from=first)
    assert own.duration * 30.436875 == pytest.approx([425, 455, 0.5, 0])
    assert own.entry * 30.436875 == pytest.approx([364.5, 364.5, 0, 0])
    assert own.left.tolist() == [True, False, True, False]
    assert list(own.cause) == ["involuntary", "", "not stated", ""]
    assert own.watched.tolist() == [True, True, True, False]
    assert "2 customers" in own.note


def test_who_left_on_the_first_watched_day_counts_and_earlier_ones_do_not():
    start = pd.Timestamp("2023-01-01")
    ended = pd.to_datetime(["2023-12-31", "2024-01-01", "2024-02-01"])
    frame = pd.DataFrame({"started": [start] * 3, "ended": ended})
    own = churn.lifetimes(
        frame, complete_to=datetime.date(2024, 3, 31), observed_from=datetime.date(2024, 1, 1)
    )
    assert own.watched.tolist() == [False, True, True]
    assert "1 who had left by then" in own.note


def test_tenure_by_hand():
    frame = pd.DataFrame({"tenure_months": [0, 0, 1, 5], "churned": [True, False, True, False]})
    own = churn.lifetimes(frame, leavers="last month")
    assert own.duration.tolist() == [1, 0, 1, 5]
    assert own.entry.tolist() == [0, 0, 0, 4]
    assert own.watched.tolist() == [True, False, True, True]
    assert churn.lifetimes(frame, leavers="all").entry.tolist() == [0, 0, 0, 0]
    parts = churn.lifetimes(frame.assign(tenure_months=[0, 0, 1.5, 5]), leavers="all")
    assert parts.duration[0] * 30.436875 == pytest.approx(0.5)


def test_counts_hold_every_customer_once():
    frame = pd.DataFrame({"tenure_months": [3, 3, 3, 0], "churned": [True, True, False, False]})
    own = churn.lifetimes(frame, leavers="all")
    groups = pd.Series(["a", "a", None, "a"])
    counts = own.counts(groups)
    assert counts["customers"].tolist() == [1, 2]
    assert counts["group"].tolist() == ["(missing)", "a"]


def test_wrong_parameters_are_named(telco):
    with pytest.raises(ParameterError, match="leavers"):
        churn.lifetimes(telco, leavers="some")
    with pytest.raises(ParameterError, match="complete_to"):
        churn.lifetimes(pd.DataFrame({"started": [], "ended": []}))
