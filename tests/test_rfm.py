import datetime as dt
import itertools

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import rfm
from cxlib.inference import ParameterError, mean_interval, total_means


def test_every_code_has_exactly_one_segment():
    codes = list(itertools.product(range(1, 6), repeat=3))
    for r, f, m in codes:
        inside = [
            segment.name
            for segment in rfm.SEGMENTS
            if segment.recency_score[0] <= r <= segment.recency_score[1]
            and segment.value_score[0] <= f + m <= segment.value_score[1]
        ]
        assert len(inside) == 1, (r, f, m, inside)
    table = pd.DataFrame(codes, columns=["R", "F", "M"])
    lazy = nw.from_native(duckdb.connect().from_df(table))
    found = lazy.with_columns(segment=rfm._segment_name())
    named = found.collect(backend="pandas").to_native().set_index(["R", "F", "M"])["segment"]
    assert named.loc[(5, 5, 5)] == "Champions"
    assert named.loc[(1, 1, 1)] == "Lost"
    assert named.loc[(2, 4, 4)] == "Cannot lose"
    assert named.value_counts().sum() == 125
    assert all(one.bought and one.action and one.if_silent for one in rfm.SEGMENTS)
    assert set(rfm.AT_RISK) < {segment.name for segment in rfm.SEGMENTS}


def scored(days_since_last, frequency, total_spend, cutoffs=None) -> rfm.RFM:
    table = pd.DataFrame(
        {
            "customer_id": [f"{i:03d}" for i in range(len(frequency))],
            "days_since_last": days_since_last,
            "frequency": frequency,
            "total_spend": np.asarray(total_spend, dtype=float),
        }
    )
    return rfm.rfm_scores(nw.from_native(duckdb.connect().from_df(table)), cutoffs)


def test_scores_are_fifths_where_nothing_ties():
    found = scored(np.arange(100), np.arange(100), np.arange(100))
    scores = found.scores.collect(backend="pandas").to_native().sort_values("customer_id")
    assert scores["F"].value_counts().to_dict() == dict.fromkeys(range(1, 6), 20)
    assert scores["R"].tolist() == [5] * 20 + [4] * 20 + [3] * 20 + [2] * 20 + [1] * 20
    assert scores["M"].tolist() == scores["F"].tolist()
    assert scores["code"].iloc[0] == 511
    # Linear interpolation of 0..99: 19.8, 39.6, ...
    assert found.cuts["M"] == pytest.approx([19.8, 39.6, 59.4, 79.2])


def test_ties_share_a_score_and_leave_others_unused():
    found = scored(np.arange(100), [0] * 70 + [1] * 20 + [5] * 10, np.arange(100))
    scores = found.scores.collect(backend="pandas").to_native()
    # Cut-offs 0, 0, 0, 1: nobody can have 2 or 3.
    assert scores.groupby("frequency")["F"].unique().map(list).to_dict() == {0: [1], 1: [4], 5: [5]}


def test_given_cut_offs_are_used_and_shown():
    given = {"R": [30, 90, 180, 365], "M": [50, 100, 200, 500]}
    found = scored([30, 31, 400, 90], [0, 1, 2, 3], [50, 50.01, 1000, 0], given)
    scores = found.scores.collect(backend="pandas").to_native().sort_values("customer_id")
    assert scores["R"].tolist() == [5, 4, 1, 4]
    assert scores["M"].tolist() == [1, 2, 5, 1]
    assert found.cutoffs["source"].to_dict() == {"R": "given", "F": "quintiles", "M": "given"}
    # Linear interpolation of 0, 1, 2, 3.
    assert found.cuts == given | {"F": pytest.approx([0.6, 1.2, 1.8, 2.4])}


def test_the_cut_offs_of_one_date_score_another_alike():
    now = scored(np.arange(100), np.arange(100), np.arange(100))
    then = scored(np.arange(50), np.arange(50), np.arange(50), now.cuts)
    assert then.cuts == now.cuts
    scores = then.scores.collect(backend="pandas").to_native()
    assert scores["F"].value_counts().to_dict() == {1: 20, 2: 20, 3: 10}


def test_cut_offs_as_a_parameter():
    text = "R 30 90 180 365; F 1 2 4 8; M 50 100.5 200 500"
    assert rfm.parse_cutoffs(text) == {
        "R": [30, 90, 180, 365],
        "F": [1, 2, 4, 8],
        "M": [50, 100.5, 200, 500],
    }
    assert rfm.parse_cutoffs("") == {}
    assert rfm.parse_cutoffs("F 1 1 1 2;") == {"F": [1, 1, 1, 2]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("30 90 180 365", 'cutoffs: "30 90 180 365" does not begin with R, F or M'),
        ("R 1 2 3 4; R 1 2 3 4", "each once"),
        ("F 1 2 4", "cutoffs: F has 1.0, 2.0, 4.0; four numbers"),
        ("F 1 4 2 8", "none below the one before"),
        ("M 1 2 3 inf", "four numbers"),
        ("M 1 2 3 many", 'cutoffs: "M 1 2 3 many" holds what is no number'),
    ],
)
def test_cut_offs_that_cannot_be(text, message):
    with pytest.raises(ParameterError, match=message):
        rfm.parse_cutoffs(text)


def test_meanings_say_the_days_and_agree_with_the_scores():
    cuts = {"R": [30, 90.6, 180, 365], "F": [1, 2, 4, 8], "M": [50, 100, 200, 500]}
    told = rfm.meanings(cuts)
    assert told.index.tolist() == [segment.name for segment in rfm.SEGMENTS]
    assert told["Champions"] == "last purchase within 90 days; bought often and much"
    assert told["About to sleep"] == "last purchase 91 to 180 days ago; bought little"
    assert told["At risk"].startswith("last purchase more than 180 days ago; ")
    # The same days on both sides of the cut-offs, by the scores themselves.
    found = scored([90, 91, 180, 181], [9] * 4, [999] * 4, cuts).scores
    names = found.collect(backend="pandas").to_native().sort_values("customer_id")["segment"]
    assert names.tolist() == ["Champions", "Loyal", "Loyal", "Cannot lose"]
    equal = rfm.meanings({"R": [30, 90, 90, 365]})
    assert equal["Loyal"] == "last purchase between equal cut-offs; bought often and much"


NOBODY = pd.Series(dtype=int)


def repeaters(gaps, newest=5) -> nw.LazyFrame:
    """Customers who bought twice, so many days apart, the last time `newest` days ago."""
    table = pd.DataFrame({"recency_days": gaps, "frequency": [1] * len(gaps)})
    return nw.from_native(duckdb.connect().from_df(table.assign(days_since_last=newest)))


def test_recent_is_called_relative_beyond_three_gaps():
    found = rfm.silence(repeaters([40.0] * 20))
    assert found == rfm.Silence(limit_days=120, gap_days=40, newest_days=5)
    assert found.sentence.endswith(
        "120 days, 3 times the usual gap between two purchases of one customer."
    )
    assert rfm.recency_warning(found, {"R": [30, 120, 180, 365]}) == ""
    text = rfm.recency_warning(found, {"R": [30, 121, 180, 365]})
    assert text.startswith('"Recent" is relative here: the best recency scores reach back 121 days')
    assert "where 40 days usually pass" in text
    assert "check the days" in text
    gone = rfm.silence(repeaters([40.0] * 20, newest=420))
    dead = rfm.recency_warning(gone, {"R": [430, 442, 450, 460]})
    assert dead.endswith("Nobody bought in the last 420 days: all may be gone.")


def test_recent_is_called_relative_beyond_180_days_where_hardly_anybody_came_back():
    found = rfm.silence(repeaters([40.0] * 9))
    assert found == rfm.Silence(limit_days=180, gap_days=None, newest_days=5)
    assert "usual" not in found.sentence
    assert rfm.recency_warning(found, {"R": [30, 180, 190, 365]}) == ""
    text = rfm.recency_warning(found, {"R": [30, 181, 190, 365]})
    assert "reach back 181 days, more than 180 days." in text
    assert "usually" not in text


def test_names_and_actions_do_not_promise_what_the_days_deny():
    cuts = {"R": [30, 200, 300, 400], "F": [1, 2, 4, 8], "M": [1, 2, 3, 4]}
    # Champions of 50 days (R of 200 days at most), loyal of 250, at risk of 500.
    days, often = np.repeat([50, 250, 500], 20), np.repeat([9, 9, 1], 20)
    summary = rfm.segment_summary(scored(days, often, np.repeat([9, 9, 4], 20), cuts))
    recent = pd.Series({"Champions": 10})
    found = rfm.advised(summary, rfm.Silence(120, 40, 5), cuts, recent)
    assert found.loc["Champions", "name"] == "Champions"
    assert found.loc["Champions", "action"] == (
        "reward, ask for referrals (only the 10 of 20 who bought in the last 120 days); "
        "the other 10: call, find out why"
    )
    for few in (9, 11):  # they, or the rest, are fewer than 10
        hidden = rfm.advised(summary, rfm.Silence(120, 40, 5), cuts, recent * 0 + few)
        assert "(only those who bought" in hidden.loc["Champions", "action"]
        assert hidden.loc["Champions", "action"].endswith("; the others: call, find out why")
    assert found.loc["Loyal", ["name", "action"]].tolist() == [
        "Loyal (silent)",
        "call, find out why",
    ]
    assert found.loc["At risk", "action"] == "test a cheap offer on a random part first"
    patient = rfm.advised(summary, rfm.Silence(600, 200, 5), cuts, recent)
    assert patient["name"].tolist() == [segment.name for segment in rfm.SEGMENTS]
    assert patient["action"].tolist() == [segment.action for segment in rfm.SEGMENTS]


def test_who_bought_once_is_told_to_the_nearest_ten():
    cuts = {"R": [30, 90, 180, 365], "F": [1, 2, 4, 8], "M": [1, 2, 3, 4]}
    # At risk: 26 of 50 bought once; lost: all 38; champions: none; occasional: 9 of 29.
    sizes = [26, 24, 38, 31, 9, 20]
    days = np.repeat([500, 500, 500, 10, 10, 10], sizes)
    often = np.repeat([0, 1, 0, 9, 0, 1], sizes)
    spend = np.repeat([9, 9, 0.5, 9, 9, 9], sizes)
    found = rfm.segment_summary(scored(days, often, spend, cuts))
    assert found["customers"].dropna().to_dict() == {
        "Champions": 31,
        "Occasional": 29,
        "At risk": 50,
        "Lost": 38,
    }
    assert found["bought_once_rate"].dropna().to_dict() == {"At risk": 0.6, "Lost": 1.0}


def test_the_headline_tells_the_best_and_those_at_risk():
    days = np.repeat([10, 500, 100], [30, 20, 50])
    often = np.repeat([9, 9, 0], [30, 20, 50])
    cuts = {"R": [30, 90, 180, 365], "F": [1, 2, 4, 8], "M": [1, 2, 3, 4]}
    summary = rfm.segment_summary(
        scored(days, often, np.repeat([30.0, 4, 0.4], [30, 20, 50]), cuts)
    )
    # Nobody bought again here within 600 days: the usual actions stand.
    patient = rfm.Silence(600, 200, 5)
    told = rfm.headline(rfm.advised(summary, patient, cuts, NOBODY), dt.date(2026, 1, 31), 100)
    # 900, 80 and 20 of 1,000.
    assert told.startswith(
        "Champions are 30.0% of the 100 customers of 2026-01-31 and brought 90.0%"
    )
    assert "Cannot lose: 20 customers, 8.0% (" in told
    assert told.endswith(" of past revenue: call, find out why.")
    assert "At risk" not in told
    few = rfm.segment_summary(scored(days[26:34], often[26:34], np.ones(8), cuts))
    few = rfm.advised(few, patient, cuts, NOBODY)
    assert "too few to tell of segments" in rfm.headline(few, dt.date(2026, 1, 31), 8)
    # Silent for more than 90 days: those of 500 days, not those of 10.
    told = rfm.headline(
        rfm.advised(summary, rfm.Silence(90, 30, 5), cuts, NOBODY), dt.date(2026, 1, 31), 100
    )
    assert "they were picked: reward, ask for referrals. Try any offer on a random part" in told
    next_one = "Next, to win back those silent for the shortest time: Cannot lose, 20 customers"
    assert f" with the rest. {next_one}, half of whom" in told
    assert "have not bought for 500 days or more, 8.0% (" in told


def test_the_headline_names_the_least_silent_group_that_is_large_and_brought_something():
    cuts = {"R": [30, 200, 300, 400], "F": [1, 2, 4, 8], "M": [1, 2, 3, 4]}
    # Champions of 50 days; loyal of 250 (11 of 300: too few); little of 210; at risk of 450.
    sizes = [150, 11, 59, 80]
    days, often = np.repeat([50, 250, 210, 450], sizes), np.repeat([9, 9, 0, 1], sizes)
    found = scored(days, often, np.repeat([9.0, 9, 0.5, 4], sizes), cuts)
    limit = rfm.Silence(120, 40, 5)
    recent = rfm.recent_buyers(found, limit)
    assert recent.to_dict() == {"About to sleep": 0, "At risk": 0, "Champions": 150, "Loyal": 0}
    summary = rfm.advised(rfm.segment_summary(found), limit, cuts, recent)
    told = rfm.headline(summary, dt.date(2026, 1, 31), 300)
    assert "for the shortest time: At risk, 80 customers, half of whom have not bought" in told


def test_segment_summary_adds_up_and_hides_small_groups():
    rng = np.random.default_rng(1)
    found = scored(rng.integers(0, 400, 500), rng.poisson(1, 500), rng.gamma(1, 50, 500).round(2))
    summary = rfm.segment_summary(found)
    each = found.scores.collect(backend="pandas").to_native()
    assert summary["customers"].sum() == 500
    assert summary.index.tolist() == [segment.name for segment in rfm.SEGMENTS]
    name = summary["customers"].idxmax()
    inside = each["segment"] == name
    share = each.loc[inside, "total_spend"].sum() / each["total_spend"].sum()
    row = summary.loc[name]
    assert row["revenue_rate"] == pytest.approx(share)
    # The linearized variance is that of the ratio of two sums.
    residual = each["total_spend"] * (inside - share)
    error = np.sqrt(500 / 499 * (residual**2).sum()) / each["total_spend"].sum()
    margin = 1.959964 * error / (share * (1 - share))
    odds = share / (1 - share) * np.exp(margin)
    assert row["revenue_high"] == pytest.approx(odds / (1 + odds), rel=1e-6)
    mean = mean_interval(each.loc[inside, "total_spend"])
    factor = np.exp((mean.high - mean.value) / mean.value)
    spend = row[[f"spend_per_customer{end}" for end in ("", "_low", "_high")]].tolist()
    assert spend == pytest.approx([mean.value, mean.value / factor, mean.value * factor])
    few = scored(np.arange(60), np.r_[np.zeros(55), np.ones(5)], np.ones(60))
    small = rfm.segment_summary(few)
    sizes = few.scores.collect(backend="pandas").to_native()["segment"].value_counts()
    little = sizes.index[sizes < 10]
    assert len(little) > 0
    assert small.loc[little].drop(columns=["meaning", "action"]).isna().all(axis=None)
    assert small["customers"].dropna().min() >= 10


def test_customers_who_spent_nothing_get_a_plain_message():
    found = scored(np.arange(50), np.arange(50), np.zeros(50))
    with pytest.raises(ValueError, match="Check which column is the amount"):
        rfm.segment_summary(found)


def test_mean_spend_of_refunds_one_customer_and_equal_amounts():
    groups = [[-5.0, 1.0, -2.0], [7.0], [4.1, 4.1, 4.1], []]
    sums = [pd.Series([f(one) for one in groups]) for f in (len, sum)]
    squares = pd.Series([sum(y * y for y in one) for one in groups])
    found = total_means(*sums, squares)
    plain = mean_interval(groups[0])
    assert found.loc[0].tolist() == pytest.approx([plain.value, plain.low, plain.high])
    assert found["mean_spend"].tolist()[1:3] == pytest.approx([7, 4.1])
    assert found.loc[1:, ["mean_spend_low", "mean_spend_high"]].isna().all(axis=None)
    assert np.isnan(found.loc[3, "mean_spend"])
