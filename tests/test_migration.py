import datetime as dt

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.stats import binomtest, ncx2
from statsmodels.stats.contingency_tables import SquareTable

from cxlib import migration
from cxlib.inference import ParameterError, suppressed

SHOP = duckdb.connect()
ORDER = ["best", "middle", "worst"]


def segments(of) -> nw.LazyFrame:
    table = pd.DataFrame({"customer_id": list(of), "segment": list(of.values())})
    return nw.from_native(SHOP.from_df(table))


def flows(square, new=(0, 0, 0)) -> pd.DataFrame:
    return pd.DataFrame([*square, new], index=[*ORDER, migration.NOT_YET], columns=ORDER)


SQUARE = [[120, 40, 30], [22, 90, 51], [11, 25, 300]]


def test_flows_are_counted_with_those_not_yet_customers():
    before = segments({"a": "best", "b": "best", "c": "worst"})
    after = segments({"a": "best", "b": "worst", "c": "middle", "d": "worst", "e": "worst"})
    found = migration.compare_dates(before, before, after, ORDER).between.flows
    assert found.to_numpy().tolist() == [[1, 0, 1], [0, 0, 0], [0, 1, 0], [0, 0, 2]]
    assert found.index.tolist() == [*ORDER, "Not yet a customer"]


def test_dates_that_do_not_belong_together():
    one, two = segments({"a": "best", "b": "best"}), segments({"a": "best"})
    with pytest.raises(ValueError, match="1 customers of the earlier date are missing"):
        migration.compare_dates(one, one, two, ORDER)
    with pytest.raises(ValueError, match="does not name: odd"):
        migration.compare_dates(two, two, segments({"a": "odd"}), ORDER)


def test_rise_and_fall_by_the_order():
    found = migration.migration(flows(SQUARE, (50, 0, 20)))
    assert found.moves["customers"].to_dict() == {"rose": 58, "stayed": 510, "fell": 121}
    assert found.moves["rate"].sum() == pytest.approx(1)
    assert found.moves.loc["fell", "rate"] == pytest.approx(121 / 689)
    assert "17.6% fell (" in found.sentence


def test_tests_are_those_of_statsmodels():
    table = SquareTable(np.array(SQUARE), shift_zeros=False)
    found = migration.migration(flows(SQUARE)).tests
    sizes, symmetry, mcnemar = (found.iloc[k] for k in range(3))
    expected = table.homogeneity("stuart_maxwell")
    assert sizes["chi2"] == pytest.approx(expected.statistic, rel=1e-9)
    assert (sizes["df"], sizes["p"]) == (expected.df, pytest.approx(expected.pvalue, rel=1e-9))
    expected = table.symmetry("bowker")
    assert symmetry["chi2"] == pytest.approx(expected.statistic, rel=1e-9)
    assert (symmetry["df"], symmetry["p"]) == (3, pytest.approx(expected.pvalue, rel=1e-9))
    assert mcnemar["p"] == pytest.approx(binomtest(58, 179, 0.5).pvalue, rel=1e-9)
    smallest, middle, largest = np.sort(found["p"])
    assert np.sort(found["p_holm"]) == pytest.approx([3 * smallest, 2 * middle, largest], rel=1e-9)


def test_effects_have_the_intervals_of_the_noncentrality():
    found = migration.migration(flows(SQUARE), level=0.9).tests.iloc[0]
    n = 689
    assert found["size"] == pytest.approx(np.sqrt((found["chi2"] - 2) / n))
    assert ncx2.cdf(found["chi2"], 2, n * found["low"] ** 2) == pytest.approx(0.95)
    assert ncx2.cdf(found["chi2"], 2, n * found["high"] ** 2) == pytest.approx(0.05)


def test_rise_against_fall_has_the_paired_interval():
    found = migration.migration(flows(SQUARE)).tests.iloc[2]
    each = np.repeat([1, 0, -1], [58, 510, 121])
    assert found["size"] == pytest.approx(each.mean())
    assert found["high"] - found["size"] == pytest.approx(1.959964 * each.std() / np.sqrt(689))


def test_no_movement_is_nothing_to_test():
    found = migration.migration(flows(np.diag([30, 40, 50]).tolist()))
    assert found.tests["p"].isna().all()
    assert "nothing to test" in found.sentence


def test_balanced_flows_are_no_change():
    found = migration.migration(flows([[100, 20, 15], [20, 100, 30], [15, 30, 100]]))
    assert found.tests["p"].tolist() == pytest.approx([1, 1, 1])
    assert found.tests["size"].tolist() == pytest.approx([0, 0, 0])
    assert "no more than by chance" in found.sentence


def test_without_change_the_tests_keep_their_level():
    """400 tables of 500 customers drawn without change: 5 %, standard error 1.1 points."""
    rng = np.random.default_rng(4)
    p = np.array([[0.3, 0.05, 0.03], [0.05, 0.2, 0.06], [0.03, 0.06, 0.22]]).ravel()
    draws = rng.multinomial(500, p, size=400).reshape(-1, 3, 3).astype(float)
    tests = [migration._tests(one, *_risen_and_fallen(one), 0.95) for one in draws]
    rejected = np.mean([(one["p"] < 0.05).to_numpy() for one in tests], axis=0)
    assert rejected[:2] == pytest.approx([0.05, 0.05], abs=0.033)
    # The exact binomial rejects less often than its level.
    assert rejected[2] < 0.07


def _risen_and_fallen(square):
    return int(np.tril(square, -1).sum()), int(np.triu(square, 1).sum())


def test_moves_of_few_people_have_no_figures():
    found = migration.migration(flows([[100, 3, 0], [60, 50, 0], [0, 0, 40]]))
    assert pd.isna(found.moves.loc["fell", "customers"])
    assert found.moves["customers"].isna().sum() == 2
    assert np.isnan(found.tests["p"].iloc[2])
    assert "fell" not in found.sentence
    few = migration.migration(flows([[3, 1, 0], [0, 2, 0], [0, 0, 0]]))
    assert "too few" in few.sentence
    assert few.moves.isna().all(axis=None)
    assert few.tests[["chi2", "p_holm", "size"]].isna().all(axis=None)


def room_of(counts: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """How far apart the least and the greatest value of each small flow are.

    Under the totals that are shown, the moves and the rounded flows.
    """
    row, column = np.indices(counts.shape)
    sums = [row == i for i in np.flatnonzero(~suppressed(counts.sum(axis=1)))]
    sums += [column == j for j in np.flatnonzero(~suppressed(counts.sum(axis=0)))]
    sums += [row > column, row == column, row < column]
    limits = [(0, 9) if np.isnan(told) else (told - 5, told + 4) for told in shown.ravel()]
    ends = [
        [
            linprog(
                sign * np.eye(counts.size)[cell],
                A_eq=np.array([one.ravel() for one in sums], dtype=float),
                b_eq=[counts[one].sum() for one in sums],
                bounds=limits,
            ).x[cell]
            for sign in (1, -1)
        ]
        for cell in np.flatnonzero(np.isnan(shown) & (counts > 0))
    ]
    return np.array([high - low for low, high in ends])


def one_cohort() -> np.ndarray:
    """Nine segments, nobody but recent buyers before: few flows, one of a single customer."""
    square = np.zeros((9, 9), dtype=int)
    square[0, [0, 3, 6]] = 523, 24, 17
    square[1, [0, 1, 4, 7]] = 105, 227, 118, 148
    square[2, [0, 1, 2, 5, 8]] = 23, 66, 1, 333, 772
    return square


@pytest.mark.parametrize(
    "square",
    [one_cohort(), np.random.default_rng(8).poisson(15, size=(9, 9))],
    ids=["one cohort", "dense"],
)
def test_totals_and_moves_give_no_flow_of_few_people_away(square):
    names = [f"s{k}" for k in range(9)]
    table = pd.DataFrame(square, index=names, columns=names)
    shown = migration.migration(table).shown.to_numpy(dtype=float, na_value=np.nan)
    assert np.isnan(shown)[square < 10].all()
    assert np.isnan(shown)[:, suppressed(square.sum(axis=0))].all()
    assert not np.isnan(shown)[square > 100].any()
    assert (np.abs(shown - square)[~np.isnan(shown)] <= 5).all()
    room = room_of(square, shown)
    assert len(room)
    assert (room > 1).all()


def test_ageing_adds_days_and_nothing_else():
    table = pd.DataFrame({"days_since_last": [1, 50], "T_days": [9, 80], "frequency": [2, 0]})
    histories = nw.from_native(duckdb.connect().from_df(table))
    found = migration.aged(histories, 182).collect(backend="pandas").to_native()
    assert found.to_dict("list") == {
        "days_since_last": [183, 232],
        "T_days": [191, 262],
        "frequency": [2, 0],
    }


def test_purchases_are_told_from_ageing():
    people = [f"{k:02d}" for k in range(60)]
    then = segments(dict.fromkeys(people, "best"))
    by_age = segments(dict.fromkeys(people, "worst"))
    now = segments(dict(zip(people, ["best"] * 15 + ["middle"] * 20 + ["worst"] * 25, strict=True)))
    found = migration.compare_dates(then, by_age, now, ORDER)
    counts = found.moves["customers"].unstack("move")
    assert counts.loc["between the dates"].to_dict() == {"rose": 0, "stayed": 15, "fell": 45}
    assert counts.loc["by ageing alone"].to_dict() == {"rose": 0, "stayed": 0, "fell": 60}
    assert counts.loc["against ageing alone"].to_dict() == {"rose": 35, "stayed": 25, "fell": 0}
    # 0 by construction has no interval, 0 by the data has one.
    bounded = found.moves["high"].notna()
    assert not bounded[("by ageing alone", "rose")]
    assert not bounded[("against ageing alone", "fell")]
    assert bounded[("by ageing alone", "stayed")]
    assert "without a purchase, 100.0% would have fallen" in found.sentence
    assert "By buying, 58.3% (" in found.sentence
    assert found.answer(dt.date(2026, 1, 31)) == (
        "Since 2026-01-31, of 60 customers 0% moved up, 25% stayed, 75% moved down; time alone, "
        "without a purchase, would have moved 100% down. Those at the top were picked for what "
        "they bought: part of their fall is chance."
    )


def test_the_answer_holds_no_hidden_move():
    people = [f"{k:02d}" for k in range(60)]
    then = segments(dict.fromkeys(people, "best"))
    now = segments(dict(zip(people, ["best"] * 57 + ["worst"] * 3, strict=True)))
    # 3 who fell are hidden, and with them those who would tell their number.
    told = migration.compare_dates(then, then, now, ORDER).answer(dt.date(2026, 1, 31))
    assert " 57 " not in told
    assert " 3 " not in told
    few = segments({"a": "best", "b": "best"})
    told = migration.compare_dates(few, few, few, ORDER).answer(dt.date(2026, 1, 31))
    assert told.startswith("2 customers of both dates are too few")


def test_the_earlier_date():
    date, first = dt.date(1998, 6, 30), dt.date(1997, 1, 1)
    assert migration.earlier_date(date, 26, first) == dt.date(1997, 12, 30)
    assert migration.earlier_date(date, 100, first) is None
    with pytest.raises(ParameterError, match="compare_weeks: 0"):
        migration.earlier_date(date, 0, first)
