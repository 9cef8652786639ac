"""What is found in tables is what was put there, and chance is judged as often as promised."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, chi2, chi2_contingency, f, hypergeom, ncf

from cxlib import engine, quality, results
from cxlib.quality.clusters import Design, design
from cxlib.quality.coverage import _gaps
from cxlib.quality.distributions import counted
from cxlib.quality.drift import _design_of_both, previous_distributions
from cxlib.quality.look import stacked
from cxlib.quality.missing import NONE_MISSING, OTHERS
from cxlib.stability import stability


def lent(**columns):
    return engine.lend(pd.DataFrame(columns))


def day(text):
    return dt.date.fromisoformat(text)


# --- columns ----------------------------------------------------------------------------------


@pytest.fixture
def mixed():
    return lent(
        customer_id=["007", "8", "9", "10"],
        amount=[0.0, -2.5, None, 10.0],
        date=[day("2026-01-02"), day("2026-01-01"), None, day("2026-03-05")],
        left=[True, False, True, None],
        plan=["a", "b", None, "a"],
    )


def test_a_profile_counts_by_kind(mixed):
    found = quality.profile(mixed)
    assert found["kind"].to_dict() == {
        "customer_id": "id",
        "amount": "number",
        "date": "date",
        "left": "true/false",
        "plan": "text",
    }
    assert found["missing"].tolist() == [0, 1, 1, 1, 1]
    assert found["distinct"].tolist() == [4, 3, 3, 2, 2]
    amount = found.loc["amount"]
    assert (amount["least"], amount["d5"], amount["most"], amount["mean"]) == (-2.5, 0, 10, 2.5)
    assert (amount["zeros"], amount["negatives"], amount["fractions"]) == (1, 1, 1)
    assert (found.loc["date", "first"], found.loc["date", "last"]) == (
        day("2026-01-01"),
        day("2026-03-05"),
    )


def test_tenths_are_those_of_numpy():
    x = np.random.default_rng(1).lognormal(size=137)
    found = quality.profile(lent(x=x)).loc["x", [f"d{k}" for k in range(1, 10)]]
    assert found.to_numpy(dtype=float) == pytest.approx(np.quantile(x, np.arange(1, 10) / 10))


def test_what_may_name_people_is_an_id_and_shows_nothing():
    n = 40
    frame = lent(
        mail=[f"p{k}@example.org" for k in range(n)],
        phone=9_120_000_000.0 + np.arange(n),
        price=9_120_000_000.0 + np.arange(n),
        note=["x"] * n,
    )
    found = quality.look(frame, ["mail", "phone", "note"])
    assert found.profile["kind"].tolist() == ["id", "id", "number", "text"]
    assert found.profile.loc["phone", ["least", "d5", "most", "mean"]].isna().all()
    told = " ".join(
        part.to_csv() for part in (found.profile, found.suspicious, found.distributions)
    )
    assert "@" not in told
    assert "phone" not in set(found.distributions["column"])


def returning(ids, rows, **columns):
    """Customers with so many rows each, all alike in some columns."""
    whole = {name: np.repeat(values, rows) for name, values in columns.items()}
    return lent(customer_id=np.repeat([f"c{k}" for k in range(ids)], rows), **whole)


def test_the_phones_of_customers_who_return_are_ids():
    # 120 numbers in 480 rows are a quarter of the rows, and one for each customer.
    frame = returning(120, 4, mobile=9_100_000_000.0 + np.arange(120), note=["x", "y"] * 60)
    found = quality.look(frame, ["mobile", "note"])
    assert found.profile.loc[["mobile", "note"], "kind"].tolist() == ["id", "text"]
    told = [found.profile, found.suspicious, found.distributions]
    assert "91000" not in " ".join(part.to_csv() for part in told)
    words = returning(120, 4, contact=[f"ask for {k}" for k in range(120)])
    assert quality.profile(words, ["contact"]).loc["contact", "kind"] == "id"


def test_whole_numbers_of_eight_digits_are_ids_however_few_differ():
    phone = np.repeat([0.0, 88_776_655.0, 88_776_656.0], 100)
    found = quality.profile(lent(phone=phone, paid=phone), ["phone"])
    assert found["kind"].to_dict() == {"phone": "id", "paid": "number"}


def test_no_figure_of_fewer_than_ten_is_shown():
    salary = np.r_[9_000.0, np.linspace(20, 90, 299)]
    frame = lent(
        customer_id=[f"c{k}" for k in range(300)],
        vip=np.arange(300) < 3,
        salary=salary,
        branch=["A"] * 285 + ["B"] * 12 + ["C"] * 3,
        back=np.r_[-1.0, np.repeat([0.0, 5.0], [200, 99])],
    )
    found = quality.look(frame, ["vip", "salary", "branch"])
    row = found.profile.loc["salary"]
    # The hundredths of 300 have 3 or 4 beyond them: the tenths are the first with ten.
    assert (row["least"], row["most"]) == (row["d1"], row["d9"])
    back = found.profile.loc["back"]
    assert (back["least"], back["most"], back["zeros"]) == (0, 5, 200)
    assert pd.isna(back["negatives"])
    parts = found.distributions.query("rows > 0").groupby("column")["rows"].apply(list)
    assert parts["vip"] == [300]
    assert parts["branch"] == [285, 15]
    assert parts["salary"] == [30] * 10
    assert parts["back"] == [201, 99]


@pytest.mark.parametrize("rows", [1, 20])
def test_nothing_of_six_people_is_shown(rows):
    frame = returning(6, rows, paid=[1.0, 2, 3, 4, 5, 6], word=list("aabbcc"))
    found = quality.look(frame, ["word"])
    figures = ["least", "d1", "d5", "d9", "most", "mean", "zeros"]
    assert found.profile.loc["paid", figures].isna().all()
    assert found.distributions.empty


def test_few_values_of_people_who_return_are_joined():
    # Eleven have 1 to 3, eleven 4, and one 4 and 5.
    frame = lent(
        customer_id=[f"c{k}" for k in (*range(11), *range(11, 22), 11)],
        x=np.r_[[1.0] * 5, [2.0] * 3, [3.0] * 3, [4.0] * 11, 5.0],
    )
    found = binned(frame).query("rows > 0")
    assert found["rows"].tolist() == [11, 12]


def test_an_empty_column_and_a_table_without_rows():
    frame = lent(x=pd.Series([None, None], dtype="float64"), y=["a", "b"])
    assert quality.profile(frame).loc["x", ["missing", "distinct"]].tolist() == [2, 0]
    assert quality.look(frame).distributions.empty
    nothing = engine.lend(pd.DataFrame({"x": pd.Series([], dtype="float64")}))
    assert quality.look(nothing).profile.loc["x", "n"] == 0


# --- missing ----------------------------------------------------------------------------------


def test_missing_together_by_hand():
    a = [None] * 30 + [1.0] * 70
    b = [None] * 12 + [1.0] * 85 + [None] * 3
    frame = lent(a=a, b=b, ended=[None] * 99 + [1.0])
    rates = quality.missing_rates(quality.profile(frame))
    assert rates["missing"].to_dict() == {"ended": 99, "a": 30, "b": 15}
    assert rates.loc["a", "missing_rate"] == 0.3
    assert rates["blank_means"].to_dict() == {"ended": "still a customer", "a": "", "b": ""}
    found = quality.missing_together(frame, rates)
    # The three rows with b alone are too few to stand by themselves: the next go with them.
    assert found["rows"].to_dict() == {NONE_MISSING: 67, "a": 18, OTHERS: 15}
    assert found["share"].sum() == pytest.approx(1)
    assert found.loc["a", ["a", "b"]].tolist() == [True, False]


def test_nothing_missing_gives_no_pattern():
    frame = lent(a=[1.0, 2.0])
    rates = quality.missing_rates(quality.profile(frame))
    assert rates.empty
    assert quality.missing_together(frame, rates).empty


# --- suspicious values ------------------------------------------------------------------------


def suspicious(**columns):
    frame = lent(**columns)
    return quality.suspicious_values(frame, quality.profile(frame))


@pytest.mark.parametrize(
    ("values", "text", "rows"),
    [
        ([1, 2, 3, 4, 5, 99, 99], "the highest value stands alone, further", 2),
        ([0, 1, 2, 3, -99, -99, -99], "the lowest value stands alone, further", 3),
        ([1, 2, 3, 4, 5, *[99] * 10], "99 stands alone, further from the next value", 10),
        ([1, 1, 1, 2, 1001], "above 1,000 medians", 1),
        ([7, 7, 7], "one and the same value in every row", 3),
        ([day("1970-01-01"), day("2026-01-01")], "1970-01-01, which programs write where", 1),
        (["North", "north", "South"], "1 of 3 values differ from another in capitals only", 3),
        (["North", "north", None, None], "1 of 2 values differ from another in capitals only", 2),
    ],
)
def test_a_suspicious_value_is_found(values, text, rows):
    [found] = suspicious(x=values).itertuples()
    assert found.finding.startswith(text)
    assert found.rows == rows
    assert found.n == sum(value is not None for value in values)


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 3, 4, 5, 5],
        [9.9, 19.9, 39.0, 39.0],  # three prices
        [1, 2, 3, 99],  # once: a value, not a code
        [0, 1, 0, 1],
        [1, 1, 1, 2, 1000],
        ["a", "b"],
        [None, None],
    ],
)
def test_what_is_not_suspicious_is_not_told(values):
    assert suspicious(x=pd.Series(values, dtype="float64" if values[-1] is None else None)).empty


# --- duplicates -------------------------------------------------------------------------------


def test_repeated_rows_by_hand():
    frame = lent(a=[1, 1, 1, 2, None, None], b=["x", "x", "x", "x", "y", "y"])
    found = quality.duplicates(frame, quality.profile(frame))
    assert found.loc["all columns", ["rows", "groups", "n"]].tolist() == [3, 2, 6]
    assert found.loc["all columns", "combinations"] == 4


def test_a_second_export_under_new_ids_is_found():
    frame = lent(response_id=list("abcdef"), score=[1, 2, 3, 1, 2, 3])
    found = quality.duplicates(frame, quality.profile(frame))
    assert found["rows"].to_dict() == {"all columns": 0, "all but response_id": 3}


# --- time -------------------------------------------------------------------------------------


def dated(counts, start="2026-01-05"):
    """A table with so many rows on each day from a Monday on."""
    days = [day(start) + dt.timedelta(days=at) for at, n in enumerate(counts) for _ in range(n)]
    return lent(date=days)


def test_a_gap_and_its_chance_by_hand():
    # 2 rows a day, two days without in the middle.
    counts = np.full(61, 2)
    counts[30:32] = 0
    found = quality.coverage(dated(counts), "date")
    assert found.unit == "day"
    [gap] = found.gaps.itertuples()
    assert (gap.first, gap.last, gap.units) == (day("2026-02-04"), day("2026-02-05"), 2)
    # Eight Wednesdays and eight Thursdays around it hold 16 rows each; all missed the ninth.
    assert gap.p == pytest.approx((8 / 9) ** 32, rel=1e-12)
    assert gap.p_bonferroni == 1
    assert not gap.beyond_chance


def test_a_weekday_without_rows_is_no_gap_and_a_lost_week_is_one():
    counts = np.tile([5, 5, 5, 5, 0, 5, 5], 20)
    closed = quality.coverage(dated(counts), "date")
    assert len(closed.gaps) == 20
    assert not closed.gaps["beyond_chance"].any()
    assert closed.gaps["p"].tolist() == [1.0] * 20
    counts[70:77] = 0
    lost = quality.coverage(dated(counts), "date")
    # The closed day before, the lost week with the closed day in it: from Saturday to Sunday.
    [gap] = lost.gaps[lost.gaps["beyond_chance"]].itertuples()
    assert (gap.first, gap.units) == (day("2026-03-16"), 7)
    assert "Longer than chance explains: 2026-03-16 to 2026-03-22" in lost.sentence


def test_months_weeks_and_rows_without_a_date():
    counts = [1] * 10
    frame = engine.lend(
        pd.concat(
            [
                dated(counts, "2026-01-28").collect("pandas").to_native(),
                pd.DataFrame({"date": [None]}),
            ]
        )
    )
    found = quality.coverage(frame, "date")
    assert found.undated == 1
    assert found.months.to_dict("index") == {
        "2026-01": {"rows": 4, "days_with_rows": 4, "days": 4},
        "2026-02": {"rows": 6, "days_with_rows": 6, "days": 6},
    }
    # From Wednesday, 28 January to Friday, 6 February there is no whole week.
    assert quality.weeks(found.counts).empty
    assert quality.weeks(quality.coverage(dated([3] * 15), "date").counts)["rows"].tolist() == [
        21,
        21,
    ]


def test_monthly_data_have_months_in_place_of_days():
    frame = lent(date=[day("2026-01-01"), day("2026-02-01"), day("2026-02-01"), day("2026-04-30")])
    found = quality.coverage(frame, "date")
    assert found.unit == "month"
    assert found.counts["rows"].tolist() == [1, 2, 0, 1]
    [gap] = found.gaps.itertuples()
    assert (gap.first, gap.units, gap.beyond_chance) == (day("2026-03-01"), 1, True)


def test_no_date_at_all_has_no_coverage():
    frame = lent(date=pd.Series([None, None], dtype="datetime64[s]"))
    assert quality.coverage(frame, "date") is None


def test_without_a_gap_few_tables_have_one():
    rng = np.random.default_rng(5)
    days = pd.date_range("2026-01-05", periods=120)
    tables = [pd.Series(rng.poisson(2, 120), days) for _ in range(300)]
    alarms = sum((_gaps(one, monthly=False)["p_bonferroni"] < 0.1).any() for one in tables)
    # At most one in ten; three standard errors of 300 are .052.
    assert alarms / 300 <= 0.1 + 3 * np.sqrt(0.1 * 0.9 / 300)


# --- joins ------------------------------------------------------------------------------------


def test_shared_ids_both_ways():
    frames = {
        "sales": lent(customer_id=["a", "a", "b", "c", None]),
        "people": lent(customer_id=["a", "b", "x", "y", "z"]),
        "others": lent(respondent_id=["a"]),
    }
    found = quality.key_joins(frames)
    assert list(found.index) == [("sales", "people"), ("people", "sales")]
    there, back = found.to_dict("records")
    assert (there["ids"], there["other_ids"], there["shared"], there["rows_joined"]) == (3, 5, 2, 3)
    assert there["shared_rate"] == pytest.approx(2 / 3)
    assert (back["ids"], back["shared"], back["shared_rate"], back["rows_joined"]) == (5, 2, 0.4, 2)
    assert set(found["verdict"]) == {"shared"}
    assert found["p"].isna().all()


def test_numbers_given_independently_are_no_join():
    rng = np.random.default_rng(2)
    one, other = (rng.choice(10_000, n, replace=False) + 1 for n in (4000, 2500))
    shared = len(set(one) & set(other))
    highest = max(*one, *other)
    frames = {"a": lent(customer_id=one.astype(str)), "b": lent(customer_id=other.astype(str))}
    found = quality.key_joins(frames).iloc[0]
    assert found["shared"] == shared
    assert found["expected_by_chance"] == pytest.approx(4000 * 2500 / highest)
    exact = hypergeom(highest, 4000, 2500).sf(shared - 1)
    assert found["p"] == pytest.approx(exact, abs=0.005)
    assert found["verdict"] == "no more than chance"


def test_the_same_customers_are_more_than_chance():
    ids = np.arange(1, 10_001, 7).astype(str)
    found = quality.key_joins({"a": lent(customer_id=ids), "b": lent(customer_id=ids[:500])})
    assert set(found["verdict"]) == {"shared"}
    assert (found["p"] < 1e-6).all()


def test_ids_written_otherwise_are_told():
    frames = {
        "a": lent(customer_id=[f"{k:06}x" for k in range(30)]),
        "b": lent(customer_id=[f"{k}X" for k in range(1, 31)]),
    }
    found = quality.key_joins(frames)
    assert (found["shared"] == 0).all()
    assert set(found["verdict"]) == {"none shared as written"}


def test_one_input_joins_nothing():
    assert quality.key_joins({"a": lent(customer_id=["1"])}).empty
    assert quality.key_joins({}).empty


# --- distributions and drift ------------------------------------------------------------------


def binned(frame):
    return quality.distributions(frame, quality.profile(frame))


def test_bins_hold_every_row_once():
    rng = np.random.default_rng(3)
    frame = lent(
        x=np.where(rng.random(500) < 0.1, np.nan, rng.normal(size=500)),
        plan=rng.choice(["a", "b", "rare"], 500, p=[0.6, 0.395, 0.005]),
        left=rng.random(500) < 0.2,
    )
    found = binned(frame)
    assert found.groupby("column")["rows"].sum().to_dict() == {"x": 500, "plan": 500, "left": 500}
    assert set(found.loc[found["column"] == "plan", "level"]) == {"a", "(other)", "(missing)"}
    tenths = found[(found["column"] == "x") & (found["level"] == "")]["rows"]
    assert len(tenths) == 10
    assert tenths.max() - tenths.min() <= 1


def test_a_word_of_few_customers_is_not_told():
    frame = lent(customer_id=["1"] * 40 + list("abcdefghijkl"), word=["secret"] * 40 + ["x"] * 12)
    found = binned(frame)
    # One customer has the other word, whose rows would be all less those of x.
    assert set(found["level"]) == {"(other)", "(missing)"}


def test_the_most_frequent_values_in_words():
    frame = lent(
        plan=["a"] * 60 + ["b"] * 20 + ["c", "rare"] * 5 + ["c"] + [None] * 9, x=np.arange(100.0)
    )
    found = quality.frequent_levels(stacked({"t": binned(frame)}), shown=3)
    assert found.to_dict("records") == [
        {
            "input": "t",
            "column": "plan",
            "values": "a (60.0%), b (20.0%), (other) (11.0%), and 1 more",
        }
    ]


def test_the_design_effect_of_whole_households():
    # Every customer has four equal rows: four rows tell what one does.
    rng = np.random.default_rng(4)
    values = rng.integers(0, 2, 300)
    ids = [f"c{k}" for k in range(300)]
    frame = lent(customer_id=np.repeat(ids, 4), x=np.repeat(values, 4).astype(float))
    assert binned(frame)["design_effect"].iloc[0] == pytest.approx(4 * 300 / 299, rel=1e-9)


def test_customers_with_one_row_have_no_design_effect():
    frame = lent(customer_id=[str(k) for k in range(50)], x=np.arange(50.0))
    assert (binned(frame)["design_effect"] == 1).all()


def test_rows_without_a_customer_count_for_themselves():
    frame = lent(customer_id=["a", "a", None, None], x=[1.0, 1.0, 2.0, 2.0])
    bins = pd.DataFrame({"low": [-np.inf, 1], "high": [1, np.inf], "level": ""})
    bins = counted(frame, bins.assign(column="x", kind="number", bin=[0, 1]))
    assert bins["rows"].sum() == 4
    # Clusters a, and two of one row: sum (c - p m)^2 = (2 - 1)^2 + 2 (1/2)^2 = 1.5 for either bin;
    # 3/2 x 1.5 / 4 / (1/4) = 2.25.
    assert bins["design_effect"].iloc[0] == pytest.approx(2.25)


def drifted(before, now, level=0.95):
    bins = stacked({"t": binned(before)})
    return quality.drift(bins, {"t": now}, level=level)


def test_drift_by_hand_and_against_a_chi_square():
    found = drifted(lent(plan=["a"] * 500 + ["b"] * 500), lent(plan=["a"] * 440 + ["b"] * 560))
    row = found.summary.loc[("t", "plan")]
    assert row["psi"] == pytest.approx(0.06 * np.log(0.56 / 0.5) - 0.06 * np.log(0.44 / 0.5))
    table = [[500, 500], [440, 560]]
    assert row["p"] == pytest.approx(chi2_contingency(table, correction=False)[1], rel=0.05)
    assert row["verdict"] == "small"


def test_a_large_change_is_named_and_what_cannot_be_compared_says_why():
    rng = np.random.default_rng(6)
    before = lent(x=rng.normal(size=800), old=np.arange(800.0), kind=np.arange(800.0))
    now = lent(x=rng.normal(1, 1, 800), new=["a"] * 800, kind=["a"] * 800)
    found = drifted(before, now)
    verdicts = {column: verdict for (_, column), verdict in found.summary["verdict"].items()}
    assert verdicts == {
        "x": "large",
        "old": "not compared: only in the earlier run",
        "kind": "not compared: number before, text now",
        "new": "not compared: only in this run",
    }
    assert list(found.changed.index) == [("t", "x")]
    assert found.sentence.startswith(
        "Of 1 columns compared, 1 changed by .1 or more (x of t (large"
    )


def clustered(rng, customers=400):
    """Rows of customers in four bins, a customer's mostly in one: counts (customers, bins)."""
    own = rng.dirichlet([0.3] * 4, customers)
    return np.array([rng.multinomial(1 + rng.poisson(3), share) for share in own], dtype=float)


def of_customers(counts):
    """The design of counts (customers, bins), from each customer by itself."""
    n, sizes = counts.sum(), counts.sum(axis=1)
    influence = (counts**2 / (counts.sum(axis=0) / n)).sum(axis=1) - sizes**2
    return design(counts.sum(axis=0), counts.T @ counts, len(counts), (influence**2).sum())


def p_of(one, two):
    """First-order p, and p with the spread of the design effects and their error."""
    designs = [of_customers(one), of_customers(two)]
    was, now = (
        each.sum(axis=0) / found.effect for each, found in zip((one, two), designs, strict=True)
    )
    spread, customers = _design_of_both(designs, 1 / was.sum(), 1 / now.sum())
    second = stability(was, now, 0.95, spread=spread, customers=customers)
    return stability(was, now, 0.95)["p"], second["p"]


def test_the_design_is_that_of_the_eigenvalues():
    counts = clustered(np.random.default_rng(8), 60)
    n, sizes, groups = counts.sum(), counts.sum(axis=1), len(counts)
    share = counts.sum(axis=0) / n
    residuals = counts - sizes[:, None] * share
    covariance = groups / (groups - 1) * residuals.T @ residuals / n**2
    effects = np.sort(np.linalg.eigvals(n * np.diag(1 / share) @ covariance).real)[1:]
    found = of_customers(counts)
    assert found.effect == pytest.approx(effects.mean())
    assert found.spread == pytest.approx(effects.var() / effects.mean() ** 2)
    weight = (residuals**2 / share).sum(axis=1)
    assert found.customers == pytest.approx(weight.sum() ** 2 / (weight**2).sum())


def test_the_engine_finds_the_design_of_the_same_rows():
    counts = clustered(np.random.default_rng(9), 80).astype(int)
    customer, level = np.indices(counts.shape)
    ids = np.repeat(customer.ravel(), counts.ravel()).astype(str)
    frame = lent(customer_id=ids, plan=np.repeat(level.ravel(), counts.ravel()).astype(str))
    found = binned(frame).iloc[0]
    expected = of_customers(counts.astype(float))
    assert found["design_effect"] == pytest.approx(expected.effect)
    assert found["design_spread"] == pytest.approx(expected.spread)
    assert found["effective_customers"] == pytest.approx(expected.customers)


def test_the_design_of_two_runs_by_hand():
    one, two = Design(2.0, 0.44, 20.0), Design(3.0, 0.21, 30.0)
    # Parts 1/4 and 3/4: (1.2 / 4 + 1.1 * 3 / 4)^2 - 1; 1 / (1/16/20 + 9/16/30).
    assert _design_of_both([one, two], 1, 3) == pytest.approx((0.265625, 1 / 0.021875))
    assert _design_of_both([Design(1.0, 0.0, 50.0)] * 2, 1, 1) == (0, np.inf)


def test_the_corrected_test_and_interval_are_those_of_scipy():
    was, now = np.array([300.0, 400, 300]), np.array([380.0, 380, 240])
    plain = stability(was, now, 0.95)
    statistic = plain["psi"] / (1 / 1000 + 1 / 1000)
    # A spread of .6: 2 / 1.6 = 1.25 degrees of freedom, and 1.25 x 12 = 15 below.
    second = stability(was, now, 0.95, spread=0.6)
    assert second["p"] == pytest.approx(chi2.sf(statistic / 1.6, 1.25))
    found = stability(was, now, 0.95, spread=0.6, customers=12)
    ratio = statistic / 1.6 / 1.25
    assert found["p"] == pytest.approx(f.sf(ratio, 1.25, 15))
    assert found["shift"] == plain["shift"]
    for end, tail in (("shift_low", 0.975), ("shift_high", 0.025)):
        noncentrality = found[end] / (2 / 1000) / 1.6
        assert ncf.cdf(ratio, 1.25, 15, noncentrality) == pytest.approx(tail, abs=1e-6)
    assert plain["p"] < second["p"] < found["p"]


def test_a_few_customers_with_most_rows_are_not_compared():
    sizes = [400, 300, 200] + [2] * 60
    ids = np.repeat(np.arange(len(sizes)), sizes).astype(str)
    values = np.repeat(np.random.default_rng(10).normal(size=len(sizes)), sizes)
    frame = lent(customer_id=ids, x=values)
    row = drifted(frame, frame).summary.loc[("t", "x")]
    assert row["verdict"] == "not compared: a few customers hold most of the rows"
    assert np.isnan(row["p"])


def test_false_alarms_keep_their_rate_with_customers_who_return():
    rng = np.random.default_rng(7)
    pairs = [(clustered(rng), clustered(rng)) for _ in range(200)]
    p = [p_of(one, two)[1] for one, two in pairs]
    naive = [stability(one.sum(axis=0), two.sum(axis=0), 0.95)["p"] for one, two in pairs]
    # 5 % expected; the outer points of a binomial of 200. Rows as if independent are far off.
    least, most = binom(200, 0.05).ppf([0.001, 0.999])
    assert least <= sum(one < 0.05 for one in p) <= most
    assert sum(one < 0.05 for one in naive) > 2 * most


def test_an_earlier_run_is_read_or_says_why_not(tmp_path):
    bins = stacked({"t": binned(lent(x=np.arange(100.0)))})
    save = {"headline": "x", "measures": [], "inputs": [], "tables": {"distributions": bins}}
    results.save("data_quality", output_dir=tmp_path / "data_quality", **save)
    for folder in (tmp_path, tmp_path / "data_quality"):
        table, reason = previous_distributions(folder)
        assert reason == ""
        assert table["rows"].tolist() == bins["rows"].tolist()
    found = quality.drift(table, {"t": lent(x=np.arange(100.0))})
    assert found.summary["psi"].tolist() == [0]
    other = tmp_path / "other"
    results.save("clv", output_dir=other, **save)
    assert "another report" in previous_distributions(other)[1]
    older = bins.drop(columns="design_spread")
    results.save(
        "data_quality", output_dir=tmp_path / "older", **save | {"tables": {"distributions": older}}
    )
    assert "an older version" in previous_distributions(tmp_path / "older")[1]
    assert "cannot be read" in previous_distributions(tmp_path / "none")[1]
    (other / "results.json").write_text(json.dumps({"report": "data_quality"}))
    (other / "tables" / "distributions.parquet").write_bytes(b"broken")
    assert "cannot be read" in previous_distributions(other)[1]


# --- the answer -------------------------------------------------------------------------------


def door(status="good", **found):
    base = {"status": status, "rows_read": 10, "rows": 9}
    return base | {kind: [] for kind in ("repairs", "exclusions", "warnings", "errors")} | found


REFUSED = door("refused", errors=[{"text": "broken"}]) | {"rows_read": None, "rows": None}
NO_JOINS = pd.DataFrame(columns=["verdict"])
NOT_CHANGED = pd.DataFrame()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"a": door()}, "The input can be used; nothing in them is suspicious."),
        ({"a": door(), "b": door()}, "All 2 inputs can be used; nothing in them is suspicious."),
        ({"a": door(), "b": REFUSED}, "1 of 2 inputs can be used, not b; nothing in them is"),
        ({"a": REFUSED}, "The input cannot be used."),
        ({"a": REFUSED, "b": REFUSED}, "None of 2 inputs can be used."),
    ],
)
def test_the_answer_in_words(told, sentence):
    looked = {
        name: quality.look(lent(x=[1.0, 2.0, 3.0]))
        for name, one in told.items()
        if one["status"] == "good"
    }
    found = quality.statuses(told, looked, NO_JOINS, NOT_CHANGED)
    assert found.sentence.startswith(sentence)


def test_every_doubt_has_its_kind():
    warned = door("warned", warnings=[{"text": "nps: blank: no answer", "count": 4}])
    counts = np.full(80, 6)
    counts[40:44] = 0
    frame = dated(counts)
    empty = [None] * 8 + [1.0, 2.0]
    looked = {
        "a": quality.look(lent(x=empty, y=[1, 1, 1, 1, 1, 1, 1, 1, 99, 99], z=[3] * 10)),
        "b": quality.look(frame),
        "c": quality.look(lent(x=[1.0, 1.0, 2.0])),
    }
    joins = pd.DataFrame(
        {"verdict": ["none shared as written"]},
        index=pd.MultiIndex.from_tuples([("b", "c")], names=["input", "other"]),
    )
    changed = pd.DataFrame(
        {"verdict": ["large"]},
        index=pd.MultiIndex.from_tuples([("c", "x")], names=["input", "column"]),
    )
    told = {"a": warned, "b": door(), "c": door(), "d": REFUSED}
    found = quality.statuses(told, looked, joins, changed)
    assert found.of("warning") == ["a: nps: blank: no answer (4 rows)"]
    assert found.of("missing") == ["a: x is missing in 8 of 10 rows"]
    assert found.of("suspicious") == ["a: z: one and the same value in every row, in 10 of 10 rows"]
    assert found.of("duplicates")[-1] == "c: 1 of 3 rows repeat another in all columns"
    purchases = {"transactions": looked["c"]}
    of_purchases = quality.statuses({"transactions": door()}, purchases, joins[:0], changed[:0])
    assert of_purchases.of("duplicates") == []
    assert len(found.of("coverage")) == 1
    assert found.of("joins") == [
        "b: its ids are in c only when leading zeros and capitals are put aside"
    ]
    assert found.of("drift") == ["c: x has changed since the earlier run (large)"]
    assert found.table["status"].to_dict() == {
        "a": "doubtful", "b": "doubtful", "c": "doubtful", "d": "refused",
    }  # fmt: skip
    assert found.sentence == "3 of 4 inputs can be used, not d; look first at a, b, c."
    assert found.told("nothing", "None.") == "None."


# --- pictures ---------------------------------------------------------------------------------


def test_pictures_draw_what_was_found():
    counts = np.full(120, 6)
    counts[40:47] = 0
    found = quality.look(
        lent(x=[None] * 20 + [1.0, 5.0] * 20, y=[None] * 12 + [2.0] * 48, z=np.arange(60.0))
    )
    gap = quality.rows_over_time(quality.coverage(dated(counts), "date"))
    assert len(gap.patches) == 1
    gap.figure.clear()
    bars = quality.missing_bars(found.missing)
    assert [one.get_width() for one in bars.patches] == pytest.approx([20 / 60, 12 / 60])
    bars.figure.clear()
    matrix = quality.missing_matrix(found.together)
    texts = [one.get_text() for one in matrix.get_yticklabels()]
    assert texts == ["40 (66.7%)", "20 (33.3%)"]
    matrix.figure.clear()
    ranges = quality.ranges(found.profile)
    assert {"11.8", "29.5", "47.2"} <= {one.get_text() for one in ranges.texts}
