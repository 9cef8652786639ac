import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from cxlib import clv, engine
from cxlib.clv.futures import Chance, Exact
from cxlib.clv.predictions import Quantity

AS_OF = dt.date(2026, 3, 15)


def customers() -> pd.DataFrame:
    """Ten customers: value so far 1 to 10, value to come in another order."""
    so_far = np.arange(1.0, 11)
    to_come = np.array([9.0, 1, 2, 3, 4, 5, 6, 7, 8, 10])
    return pd.DataFrame({"customer_id": range(10), "value_so_far": so_far, "value": to_come})


def draws(groups: pd.DataFrame, value: np.ndarray) -> clv.ValueDraws:
    """Values of groups whose draws lie evenly around, and no chance."""
    spread = np.linspace(0.9, 1.1, 201)[:, None] ** np.arange(1, len(groups) + 1)
    quantity = Quantity(value, Exact(spread * value), np.ones(len(groups)))
    none = np.zeros((201, len(groups)))
    chance = Chance(groups["customers"].to_numpy(), none, none)
    return clv.ValueDraws(groups, quantity, quantity, chance, lambda *_: chance, seed=1)


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


def test_a_few_equal_values_at_the_cutoff_are_among_the_best():
    so_far = [1.0] * 75 + [2.0] * 25
    table = engine.lend(pd.DataFrame({"value_so_far": so_far, "value": np.arange(100.0)}))
    cutoffs = clv.corner_cutoffs(table)
    assert (cutoffs.so_far, cutoffs.so_far_rate) == (2, 0.25)
    assert cutoffs.to_come_rate == 0.2
    assert "so far: the 25.0% of customers from 2.00 on" in cutoffs.sentence
    assert "not 20.0% each" in cutoffs.sentence
    for impossible in (0, 1, -0.2, float("nan")):
        with pytest.raises(ValueError, match=r"^top_rate"):
            clv.corner_cutoffs(table, top_rate=impossible)


@pytest.mark.parametrize("lend", [engine.lend, lambda table: nw.from_native(table).lazy()])
def test_where_most_bought_once_the_best_are_those_above_them(lend):
    # 92 % share one value, 3 % are below it, 5 % above: the 80 % quantile is what most have.
    to_come = np.repeat([2.0, 4.0, 9.0, 11.0], [90, 2760, 100, 50])
    table = pd.DataFrame({"value_so_far": np.arange(3000.0), "value": to_come})
    cutoffs = clv.corner_cutoffs(lend(table))
    assert (cutoffs.to_come, cutoffs.to_come_rate) == (9, 0.05)
    assert cutoffs.so_far_rate == 0.2
    found = clv.with_corner(lend(table), cutoffs).collect("pandas").to_pandas()
    # The 150 with most to come are among the last 600.
    counts = {"Pillars": 150, "Fading": 450, "Everyday": 2400}
    assert found["corner"].value_counts().to_dict() == counts
    assert "to come: the 5.0% of customers from 9.00 on" in cutoffs.sentence


def test_customers_who_are_alike_are_not_split():
    table = engine.lend(customers().assign(value=5.0))
    cutoffs = clv.corner_cutoffs(table)
    assert (cutoffs.to_come, cutoffs.to_come_rate, cutoffs.splits) == (np.inf, 0, False)
    assert cutoffs.sentence.startswith("By value to come the customers cannot be split: more than")
    corner = clv.with_corner(table, cutoffs).collect("pandas").to_pandas()["corner"]
    assert set(corner) == {"Not split"}
    whole = draws(base().groups.assign(corner="Not split"), np.array([700.0, 100.0, 200.0]))
    found = clv.corner_table(whole, margin_rate=0.5).loc["Not split"]
    assert (found["customers"], found["value"]) == (440, 1000)
    for share in ("customer", "so_far", "to_come"):
        assert found[[f"{share}_rate", f"{share}_low", f"{share}_high"]].tolist() == [1, 1, 1]
    for share in clv.top_shares(whole, cutoffs, margin_rate=0.5).values():
        assert (share.value, share.low, share.high) == (None, None, None)
        assert "cannot be told" in share.method


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
    assert table.loc["Rising", "value":"to_come_high"].isna().all()
    assert table.notna().all()[["meaning", "action"]].all()
    assert table["note"].to_dict() == {"Rising": "no customers"} | dict.fromkeys(shown.index, "")


def test_corners_say_why_a_figure_is_missing():
    few = base().groups.assign(customers=[100, 9, 300])
    table = clv.corner_table(draws(few, np.array([700.0, 100.0, 200.0])), margin_rate=1)
    # 9 could be had from the total, so the next smallest goes too.
    assert table.loc[["Fading", "Pillars"], "note"].str.startswith("fewer than 10").all()
    free = base().groups.assign(total_spend=[6000.0, 1000.0, 0.0], total_squared=[4e5, 3e4, 0.0])
    table = clv.corner_table(draws(free, np.array([700.0, 100.0, 200.0])), margin_rate=1)
    assert table.loc["Everyday", "so_far_rate"] == 0
    assert table.loc["Everyday", "note"].startswith("nothing brought so far")


def test_who_rises_stands_beside_who_fades():
    corners = pd.DataFrame(
        {
            "customers": [360, 112, 110, 1700],
            "so_far_rate": [0.53, 0.05, 0.14, 0.28],
            "to_come_rate": [0.74, 0.07, 0.02, 0.17],
            "action": ["keep", "develop", "ask why", "serve"],
        },
        index=["Pillars", "Rising", "Fading", "Everyday"],
    )
    told = clv.corner_sentence(corners, clv.CutOffs(0.2, 20, 5, 0.2, 0.2))
    assert told == (
        "Pillars: 360 customers with 53% of the value so far and 74% of that to come (keep); "
        "Rising: 112 customers with 5% of the value so far and 7% of that to come (offer a random "
        "part of them a second range or service, and compare); "
        "Fading: 110 customers with 14% of the value so far and 2% of that to come "
        "(try to win back a random part of them, and compare). "
        "Choose by these whom to try first; the shares are less sure than the total."
    )


def test_shares_of_the_best_by_hand():
    # 140 of 440 are best, far from 20 %: ties made the cut-off.
    found = clv.top_shares(base(), clv.CutOffs(0.2, 20, 5, 140 / 440, 0.2), margin_rate=0.5)
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
    assert "Lorenz" not in found["so_far"].method


def spenders(y: np.ndarray, end: float) -> tuple[clv.ValueDraws, clv.CutOffs]:
    """Customers who brought y at a margin of one half, the Pillars at least `end`."""
    best = y >= end
    sides = [y[best], y[~best]]
    groups = pd.DataFrame(
        {
            "corner": ["Pillars", "Everyday"],
            "customers": [len(one) for one in sides],
            "total_spend": [one.sum() for one in sides],
            "total_squared": [(one**2).sum() for one in sides],
        }
    )
    cutoffs = clv.CutOffs(0.2, end / 2, 1.0, best.mean(), best.mean())
    return draws(groups, np.array([2.0, 3.0])), cutoffs


def test_the_error_of_the_best_share_is_that_of_its_influence():
    y = np.arange(1.0, 61) ** 2
    q = np.quantile(y, 0.8)
    found = clv.top_shares(*spenders(y, q), margin_rate=0.5)["so_far"]
    share = y[48:].sum() / y.sum()
    influence = ((y - q) * (y > q) + 0.2 * q - share * y) / y.mean()
    assert influence.mean() == pytest.approx(0)
    error = np.std(influence, ddof=1) / np.sqrt(60) / (share * (1 - share))
    low = 1 / (1 + np.exp(-(np.log(share / (1 - share)) - 1.959964 * error)))
    assert (found.value, found.low) == pytest.approx((share, low), rel=1e-6)


def test_the_interval_of_the_best_share_covers_and_is_no_wider_than_needed():
    rng = np.random.default_rng(20261122)
    truth = 1 - ndtr(ndtri(0.8) - 0.8)  # log-normal, sigma .8: 1 - Phi(z - sigma)
    found = []
    for _ in range(200):
        y = rng.lognormal(3, 0.8, size=2357)
        parts = spenders(y, np.quantile(y, 0.8))
        found.append(clv.top_shares(*parts, margin_rate=0.5)["so_far"])
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert 181 <= sum(one.low <= truth <= one.high for one in found) <= 197
    # The sd of 200 shares has an error of 5 %; three times that.
    width = np.mean([one.high - one.low for one in found])
    assert width == pytest.approx(3.92 * np.std([one.value for one in found]), rel=0.15)


def test_the_share_of_best_tied_to_a_value_covers():
    # 85 % bought once, at one price; the best are the others, whose number is by chance.
    rng = np.random.default_rng(20261122)
    truth, covered = 0.15 * 60 / (0.15 * 60 + 0.85 * 10), 0
    for _ in range(200):
        again = rng.uniform(size=1000) < 0.15
        y = np.where(again, 20 + rng.gamma(2, 20, size=1000), 10.0)
        found = clv.top_shares(*spenders(y, y[again].min()), margin_rate=0.5)["so_far"]
        covered += found.low <= truth <= found.high
    # Of 200 intervals at 95 %, 181 to 197 cover: the central 99 % of Binomial(200, .95).
    assert 181 <= covered <= 197


def test_the_share_of_a_handful_is_not_told():
    parts, cutoffs = spenders(np.arange(1.0, 41), 33)
    for share in clv.top_shares(parts, cutoffs, margin_rate=0.5).values():
        assert share.value is None
        assert share.method.startswith("fewer than 10 customers among the best")


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
    cutoffs = clv.corner_cutoffs(rows)
    rows = clv.with_corner(rows, cutoffs)
    found = clv.value_draws(
        valued, clv.value_groups(rows, ["corner"]), draws=39, rng=np.random.default_rng(1)
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
    tops = clv.top_shares(found, cutoffs, margin_rate=0.4)
    assert tops["to_come"].value == pytest.approx(held, rel=1e-9)
    assert clv.concentration_curve(rows)["value"][20] == pytest.approx(held, rel=1e-9)
