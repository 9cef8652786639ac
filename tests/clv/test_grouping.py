import datetime as dt

import numpy as np
import pytest

from cxlib.clv.grouping import cohort_labels, quantile_groups


@pytest.mark.parametrize(
    ("period", "labels"),
    [
        ("month", ["2021-01", "2020-12", "2020-03"]),
        ("quarter", ["2021-Q1", "2020-Q4", "2020-Q1"]),
        ("year", ["2021", "2020", "2020"]),
    ],
)
def test_cohorts_are_named_by_the_day_of_the_first_purchase(period, labels):
    # 276 days before 1 January 2021 was 31 March 2020; days made from weeks are off by rounding.
    days = np.array([0.0, 1.0, 276 / 7 * 7])
    assert cohort_labels(dt.date(2021, 1, 1), days, period).tolist() == labels


@pytest.mark.parametrize(
    ("period", "labels"),
    [
        ("month", ["1399-12", "1400-01", "1399-01"]),
        ("quarter", ["1399-Q4", "1400-Q1", "1399-Q1"]),
        ("year", ["1399", "1400", "1399"]),
    ],
)
def test_jalali_cohorts(period, labels):
    # 1399 was a leap year: 30 Esfand was 20 March 2021; it began on 20 March 2020.
    days = np.array([1.0, 0.0, 366.0])
    assert cohort_labels(dt.date(2021, 3, 21), days, period, "jalali").tolist() == labels


def test_another_period_is_refused():
    with pytest.raises(ValueError, match="'week' is none of month, quarter, year"):
        cohort_labels(dt.date(2021, 1, 1), np.zeros(1), "week")


def test_equal_values_stay_in_the_group_of_their_middle_customer():
    values = np.array([5.0, 1.0, 1.0, 9.0])
    # Of 100 customers the 60 of value 1 lie around the 30th, then the 75th and the 95th.
    assert quantile_groups(values, np.array([30.0, 20, 40, 10]), 10).tolist() == [8, 4, 4, 10]
