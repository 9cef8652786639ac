import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import clv, engine

AS_OF = dt.date(2026, 3, 15)


def customers() -> pd.DataFrame:
    """Ten customers: value so far 1 to 10, value to come in another order."""
    so_far = np.arange(1.0, 11)
    to_come = np.array([9.0, 1, 2, 3, 4, 5, 6, 7, 8, 10])
    return pd.DataFrame({"customer_id": range(10), "value_so_far": so_far, "value": to_come})


def draws(groups: pd.DataFrame, value: np.ndarray) -> clv.ValueDraws:
    """Values of groups whose draws lie evenly around, and no chance."""
    spread = np.linspace(0.9, 1.1, 201)[:, None] ** np.arange(1, len(groups) + 1)
    drawn = spread * value
    return clv.ValueDraws(
        groups=groups,
        value=value,
        purchases=value,
        sampled=groups["customers"].to_numpy(),
        drawn_value=drawn,
        chance_value=np.zeros_like(drawn),
        drawn_purchases=drawn,
        chance_purchases=np.zeros_like(drawn),
    )


def base() -> clv.ValueDraws:
    """Three corners of 100, 40 and 300 customers; nobody rises."""
    groups = pd.DataFrame(
        {
            "corner": ["Pillars", "Fading", "Everyday"],
            "customers": [100, 40, 300],
            "total_spend": [6000.0, 1000.0, 3000.0],
            "total_squared": [400_000.0, 30_000.0, 50_000.0],
            # 2026-02-03, 2025-12-31 and 2026-01-01 (73 days before 15 March)
            "T_days": [40, 74, 73],
        }
    )
    return draws(groups, np.array([700.0, 100.0, 200.0]))


# corners


def test_every_combination_is_one_corner():
    assert {(one.best_so_far, one.best_to_come) for one in clv.CORNERS} == {
        (a, b) for a in (True, False) for b in (True, False)
    }
    assert len({one.name for one in clv.CORNERS}) == 4


@pytest.mark.parametrize("lend", [engine.lend, lambda table: nw.from_native(table).lazy()])
def test_corners_by_hand(lend):
    table = lend(customers())
    cutoffs = clv.corner_cutoffs(table, top_rate=0.2)
    # The 80 % quantiles lie between the eighth and the ninth: 8 + .2.
    assert (cutoffs.so_far, cutoffs.to_come) == pytest.approx((8.2, 8.2))
    found = clv.with_corner(table, cutoffs).collect("pandas").to_pandas()
    corner = found.set_index("customer_id")["corner"]
    assert corner[[0, 8, 9]].tolist() == ["Rising", "Fading", "Pillars"]
    assert (corner[range(1, 8)] == "Everyday").all()


def test_customers_at_the_very_cutoff_are_among_the_best():
    table = engine.lend(customers().assign(value=5.0))
    cutoffs = clv.corner_cutoffs(table)
    found = clv.with_corner(table, cutoffs).collect("pandas").to_pandas()
    assert found["corner"].value_counts().to_dict() == {"Rising": 8, "Pillars": 2}
    for impossible in (0, 1, -0.2, float("nan")):
        with pytest.raises(ValueError, match=r"^top_rate"):
            clv.corner_cutoffs(table, top_rate=impossible)


def test_corner_table_by_hand():
    table = clv.corner_table(base(), margin_rate=0.5)
    assert table.index.tolist() == [one.name for one in clv.CORNERS]
    assert table["customers"].to_dict() == {
        "Pillars": 100,
        "Rising": 0,
        "Fading": 40,
        "Everyday": 300,
    }
    shown = table.loc[["Pillars", "Fading", "Everyday"]]
    assert shown["value_so_far"].tolist() == [3000, 500, 1500]
    assert shown["so_far_rate"].tolist() == pytest.approx([0.6, 0.1, 0.3])
    assert shown["value"].tolist() == [700, 100, 200]
    assert shown["to_come_rate"].tolist() == pytest.approx([0.7, 0.1, 0.2])
    assert shown["customer_rate"].sum() == pytest.approx(1)
    for name in ("so_far", "to_come", "customer"):
        assert (shown[f"{name}_low"] < shown[f"{name}_rate"]).all()
        assert (shown[f"{name}_rate"] < shown[f"{name}_high"]).all()
    assert table.loc["Rising", "value":].isna().all()
    assert table.notna().all()[["meaning", "action"]].all()


def test_shares_of_the_best_by_hand():
    found = clv.top_shares(base())
    # Pillars and Fading hold 7,000 of 10,000 so far; of 1,000 to come Pillars hold 700.
    assert found["so_far"].value == pytest.approx(0.7)
    assert found["to_come"].value == pytest.approx(0.7)
    sums = 7000.0, 10_000.0
    square = 0.3**2 * 430_000 + 0.7**2 * 50_000
    error = np.sqrt(440 / 439 * square) / sums[1] / (0.7 * 0.3)
    low = 1 / (1 + np.exp(-(np.log(0.7 / 0.3) - 1.959964 * error)))
    assert found["so_far"].low == pytest.approx(low, rel=1e-6)
    # All values move with one number s: 700 s of 700 s + 100 s^2 + 200 s^3, s from .905 to 1.095.
    ends = [700 / (700 + 100 * s + 200 * s**2) for s in (1.095, 0.905)]
    assert [found["to_come"].low, found["to_come"].high] == pytest.approx(ends, rel=1e-3)


# cohorts


@pytest.mark.parametrize(
    ("period", "names", "values"),
    [
        ("month", ["2025-12", "2026-01", "2026-02"], [100, 200, 700]),
        ("quarter", ["2025-Q4", "2026-Q1"], [100, 900]),
        ("year", ["2025", "2026"], [100, 900]),
    ],
)
def test_cohorts_by_hand(period, names, values):
    table = clv.cohort_values(base(), AS_OF, margin_rate=0.5, period=period)
    assert table.index.tolist() == names
    assert table["value"].tolist() == values
    assert table["customers"].sum() == 440
    assert table["value_so_far"].sum() == 0.5 * 10_000
    assert (table["value_low"] < table["value"]).all()
    assert table["likely_high"].tolist() == table["value_high"].tolist()


def test_cohorts_of_a_few_have_no_figures():
    few = base().groups.assign(customers=[100, 9, 300])
    table = clv.cohort_values(
        draws(few, np.array([700.0, 100.0, 200.0])), AS_OF, margin_rate=0.5, period="month"
    )
    # 9 could be had from the total, so the next smallest goes too.
    assert table["value"].notna().tolist() == [False, True, False]
    assert table["value_so_far"].notna().tolist() == [False, True, False]
    assert table["customers"].tolist() == [9, 300, 100]


# concentration


@pytest.mark.parametrize("lend", [engine.lend, lambda table: nw.from_native(table).lazy()])
def test_concentration_by_hand(lend):
    table = pd.DataFrame({"value_so_far": 1.0, "value": np.arange(250.0)})
    shuffled = table.sample(frac=1, random_state=1)
    curve = clv.concentration_curve(lend(shuffled))
    assert curve.index.tolist() == list(range(1, 101))
    # The top 1 % of 250 are 3 (rounded up), the top 20 % are 50.
    assert curve.loc[1].tolist() == pytest.approx([3 / 250, (249 + 248 + 247) / (249 * 125)])
    top = np.arange(200, 250).sum() / (249 * 125)
    assert curve.loc[20].tolist() == pytest.approx([0.2, top])
    assert curve.loc[100].tolist() == pytest.approx([1, 1])
    assert (curve.diff().dropna() >= -1e-12).all(axis=None)


def test_concentration_of_a_handful():
    table = pd.DataFrame({"value_so_far": [5.0, 2, 1, 1, 1], "value": [1.0, 1, 1, 1, 6]})
    curve = clv.concentration_curve(engine.lend(table))
    assert curve["value_so_far"].tolist() == pytest.approx([0.5, 0.7, 0.8, 0.9, 1.0])
    assert curve["value"].tolist() == pytest.approx([0.6, 0.7, 0.8, 0.9, 1.0])
    assert curve.index.tolist() == [1, 21, 41, 61, 81]


# from the customers to the tables


def test_corners_and_cohorts_add_up_to_the_total(cdnow):
    spent = (cdnow["spend_days"] * cdnow["mean_spend"]).fillna(0)
    table = cdnow.assign(first_spend=20.0, total_spend=20.0 + spent)
    for name in ("recency", "T"):
        table[f"{name}_days"] = (7 * table[f"{name}_weeks"]).round().astype(int)
    histories = engine.lend(table.rename_axis("customer_id").reset_index())
    groups = clv.value_groups(histories)
    purchases, spend = clv.BetaGeoNBD.fit(groups), clv.GammaGamma.fit(table)
    valued = clv.valuation(purchases, spend, groups, clv.Terms(52, 0.4, 0.1))
    scores = engine.lend(clv.history_scores(valued, groups))
    rows = clv.customer_values(histories, scores, valued)
    rows = clv.with_corner(rows, clv.corner_cutoffs(rows))
    found = clv.value_draws(
        valued, clv.value_groups(rows, ["corner"]), draws=20, rng=np.random.default_rng(1)
    )
    total = found.totals()["value"].value
    assert total == pytest.approx(clv.expected_value(valued, groups).value, rel=1e-9)
    corners = clv.corner_table(found, margin_rate=0.4)
    cohorts = clv.cohort_values(found, dt.date(1997, 9, 30), margin_rate=0.4, period="month")
    for sums in (corners, cohorts):
        assert sums["customers"].sum() == 2357
        assert sums["value"].sum() == pytest.approx(total, rel=1e-9)
        assert sums["value_so_far"].sum() == pytest.approx(0.4 * table["total_spend"].sum())
    assert cohorts.index.tolist() == ["1997-01", "1997-02", "1997-03"]
    # The best fifth by expected value, from the single customers.
    single = rows.collect("pandas").to_pandas()["value"].sort_values(ascending=False)
    held = single.iloc[: int(np.ceil(0.2 * 2357))].sum() / single.sum()
    assert clv.top_shares(found)["to_come"].value == pytest.approx(held, rel=1e-9)
    assert clv.concentration_curve(rows)["value"][20] == pytest.approx(held, rel=1e-9)
