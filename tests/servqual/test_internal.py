"""Gaps 1 to 4 against hand computation, scipy's tests and limiting cases."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp, ttest_ind
from statsmodels.stats.multitest import multipletests

from cxlib import servqual

DIMENSIONS = {"staff": ["a", "b"], "place": ["c"]}
ITEMS = ["a", "b", "c"]


def _customers(people: int = 30) -> servqual.Scores:
    rng = np.random.default_rng(5)
    frames = (
        pd.DataFrame(rng.integers(low, 8, (people, 3)), columns=ITEMS, dtype=float)
        for low in (4, 2)
    )
    return servqual.Scores(*frames)


def _role(role: str, people: int, seed: int) -> pd.DataFrame:
    answers = np.random.default_rng(seed).integers(2, 8, (people, 3))
    wide = pd.DataFrame(answers, columns=ITEMS, dtype=float)
    wide.insert(0, "respondent_id", [f"{role} {i}" for i in range(people)])
    return wide.melt("respondent_id", var_name="item").assign(role=role)


@pytest.fixture
def internal() -> pd.DataFrame:
    """14 managers, 25 staff; standards are a document; 11 people report the promises."""
    document = pd.DataFrame({"role": "standards", "item": ITEMS, "value": [5.0, 6.0, 7.0]})
    roles = [_role("managers", 14, 1), _role("staff", 25, 2), _role("promises", 11, 3)]
    return pd.concat([*roles, document], ignore_index=True)


def _row(table: pd.DataFrame, gap: int, dimension: str) -> pd.Series:
    return table[(table["gap"] == gap) & (table["dimension"] == dimension)].iloc[0]


def _means(internal: pd.DataFrame, role: str, items: list[str]) -> pd.Series:
    own = internal[(internal["role"] == role) & internal["item"].isin(items)]
    return own.groupby("respondent_id")["value"].mean()


def test_there_are_five_gaps_for_each_dimension_and_overall(internal):
    table = servqual.internal_gaps(internal, _customers(), DIMENSIONS)
    assert table["gap"].tolist() == [g for g in range(1, 6) for _ in range(3)]
    assert table["dimension"].tolist() == ["overall", "staff", "place"] * 5
    assert table["definition"].iloc[0] == "managers' belief of it - customers' expectation"
    assert table["difference"].notna().all()


def test_gap_1_is_welchs_test_of_managers_against_customers(internal):
    customers = _customers()
    row = _row(servqual.internal_gaps(internal, customers, DIMENSIONS), 1, "staff")
    managers = _means(internal, "managers", ["a", "b"])
    expected = customers.expectation[["a", "b"]].mean(axis=1)
    welch = ttest_ind(managers, expected, equal_var=False)
    assert row["difference"] == pytest.approx(managers.mean() - expected.mean())
    assert (row["t"], row["df"], row["p"]) == pytest.approx((*welch[:1], welch.df, welch.pvalue))
    assert (row["low"], row["high"]) == pytest.approx(welch.confidence_interval())
    assert (row["n_later"], row["n_earlier"]) == (14, 30)
    d = row["difference"] / np.sqrt((managers.var() + expected.var()) / 2)
    assert row["effect"] == pytest.approx(d * (1 - 3 / (4 * 42 - 1)))


def test_a_document_has_no_sampling_error(internal):
    table = servqual.internal_gaps(internal, _customers(), DIMENSIONS, level=0.9)
    managers, staff = (_means(internal, role, ["a", "b"]) for role in ("managers", "staff"))
    # The document's mean over a and b is (5 + 6) / 2; it is the later stage of gap 2.
    for row, differences in (
        (_row(table, 2, "staff"), 5.5 - managers),
        (_row(table, 3, "staff"), staff - 5.5),
    ):
        one = ttest_1samp(differences, 0)
        assert (row["t"], row["df"], row["p"]) == pytest.approx((one[0], one.df, one.pvalue))
        assert (row["low"], row["high"]) == pytest.approx(one.confidence_interval(0.9))
        assert row["effect"] == pytest.approx(differences.mean() / differences.std())
        assert "standards given once" in row["method"]
    assert pd.isna(_row(table, 2, "staff")["n_later"])
    assert _row(table, 2, "staff")["n_earlier"] == 14


def test_promises_of_several_people_have_sampling_error(internal):
    row = _row(servqual.internal_gaps(internal, _customers(), DIMENSIONS), 4, "overall")
    staff, promises = (_means(internal, role, ITEMS) for role in ("staff", "promises"))
    assert row["p"] == pytest.approx(ttest_ind(staff, promises, equal_var=False).pvalue)
    assert row["difference"] == pytest.approx(staff.mean() - promises.mean())


def test_gaps_1_to_3_add_up_to_delivery_less_expectation(internal):
    customers = _customers()
    table = servqual.internal_gaps(internal, customers, DIMENSIONS)
    way = table[table["gap"] <= 3].groupby("dimension")["difference"].sum()
    for dimension, items in DIMENSIONS.items():
        delivered = _means(internal, "staff", items).mean()
        expected = customers.expectation[items].to_numpy().mean()
        assert way[dimension] == pytest.approx(delivered - expected)


def test_gap_5_is_that_of_the_gap_table(internal):
    customers, weights = _customers(), np.arange(30.0)
    table = servqual.internal_gaps(internal, customers, DIMENSIONS, weights=weights)
    scores = servqual.dimension_scores(customers, DIMENSIONS)
    known = servqual.gap_table(scores, scale_high=7, weights=weights)
    fifth = table[table["gap"] == 5].set_index("dimension").loc[["staff", "place"]]
    for ours, theirs in {
        "difference": "gap",
        "low": "low",
        "high": "high",
        "p": "p",
        "earlier": "expectation",
        "later": "perception",
        "effect": "d_z",
        "p_holm": "p_holm",
        "n_later": "n",
    }.items():
        np.testing.assert_allclose(fifth[ours].astype(float), known[theirs].astype(float))


def test_holm_runs_over_each_question(internal):
    table = servqual.internal_gaps(internal, _customers(), DIMENSIONS)
    inside, overall = table["gap"] < 5, table["dimension"] == "overall"
    for rows, tests in ((inside & overall, 4), (inside & ~overall, 8), (~inside & ~overall, 2)):
        family = table[rows]
        assert len(family) == tests
        np.testing.assert_allclose(family["p_holm"], multipletests(family["p"], method="holm")[1])
    alone = _row(table, 5, "overall")
    assert alone["p_holm"] == alone["p"]


def test_weights_count_as_so_many_customers(internal):
    customers = _customers(40)
    weights = np.repeat([0.0, 1.0, 3.0, np.nan], 10)
    repeats = np.repeat([0, 1, 3, 0], 10)
    more = servqual.Scores(
        *(x.loc[x.index.repeat(repeats)] for x in (customers.expectation, customers.perception))
    )
    weighted = servqual.internal_gaps(internal, customers, DIMENSIONS, weights=weights)
    repeated = servqual.internal_gaps(internal, more, DIMENSIONS)
    np.testing.assert_allclose(weighted["difference"], repeated["difference"])
    assert _row(weighted, 1, "staff")["n_earlier"] == 20
    # By weight one customer speaks for all: nothing is said.
    heavy = servqual.internal_gaps(internal, customers, DIMENSIONS, weights=[1e3] + [0.1] * 39)
    for gap in (1, 5):
        method = "suppressed: fewer than 10 (effective) people on customers' expectation"
        assert _row(heavy, gap, "staff")["method"] == method


def test_only_items_asked_of_both_sides_are_compared(internal):
    less = internal[(internal["role"] != "managers") | (internal["item"] != "b")]
    customers = _customers()
    table = servqual.internal_gaps(less, customers, DIMENSIONS)
    row = _row(table, 1, "staff")
    assert row["items"] == 1
    assert row["earlier"] == pytest.approx(customers.expectation["a"].mean())
    # The document then counts with its value for item a alone, 5.
    assert _row(table, 2, "staff")["later"] == 5
    split = less[(less["role"] != "standards") | (less["item"] == "b")]
    row = _row(servqual.internal_gaps(split, customers, DIMENSIONS), 2, "staff")
    assert row["method"] == "not measured: the two sides were asked different items"


def test_a_person_who_answered_too_little_has_no_score(internal):
    one = (internal["respondent_id"] == "managers 0") & (internal["item"] != "a")
    table = servqual.internal_gaps(internal[~one], _customers(), DIMENSIONS)
    # One of two answers to "staff" is enough at .5, one of three overall is not.
    assert _row(table, 1, "staff")["n_later"] == 14
    assert _row(table, 1, "overall")["n_later"] == 13


def test_what_was_not_asked_is_said_and_the_rest_goes_on(internal):
    less = internal[internal["role"] != "managers"]
    table = servqual.internal_gaps(less, _customers(), DIMENSIONS)
    for gap in (1, 2):
        row = _row(table, gap, "overall")
        assert row["method"] == "not measured: no data on managers' belief of it"
        assert (row["state"], row["items"]) == ("not known", 0)
        assert pd.isna(row["difference"])
    assert table.loc[table["gap"] > 2, "difference"].notna().all()


def test_without_anybody_inside_gap_5_is_left():
    table = servqual.internal_gaps(None, _customers(), DIMENSIONS)
    assert table["difference"].notna().tolist() == [False] * 12 + [True] * 3
    assert servqual.internal_verdict(table).startswith("Not known: gap 1 (not measured")


def test_perceptions_alone_leave_the_gaps_inside(internal):
    alone = _customers().perception.add_prefix("P_")
    table = servqual.internal_gaps(internal, servqual.item_scores(alone, DIMENSIONS), DIMENSIONS)
    assert _row(table, 1, "overall")["method"] == (
        "not measured: no data on customers' expectation"
    )
    assert table.loc[table["gap"] == 5, "state"].eq("not known").all()
    assert table.loc[table["gap"].isin([2, 3, 4]), "difference"].notna().all()


def test_figures_of_few_people_are_not_shown(internal):
    few = pd.concat([internal[internal["role"] != "managers"], _role("managers", 9, 1)])
    table = servqual.internal_gaps(few, _customers(9), DIMENSIONS)
    first, second, fifth = (_row(table, gap, "staff") for gap in (1, 2, 5))
    for row, who in (
        (first, "managers' belief of it and customers' expectation"),
        (second, "managers' belief of it"),
        (fifth, "customers' expectation"),
    ):
        assert row["method"] == f"suppressed: fewer than 10 (effective) people on {who}"
        figures = ["later", "earlier", "difference", "low", "p", "effect", "n_later"]
        assert row[figures].isna().all()
    assert table.loc[table["gap"].isin([3, 4]), "difference"].notna().all()


def test_equal_differences_have_no_test(internal):
    same = internal.assign(value=internal["value"].where(internal["role"] != "staff", 4.0))
    row = _row(servqual.internal_gaps(same, _customers(), DIMENSIONS), 3, "place")
    assert row["difference"] == -3
    assert row[["low", "high", "p", "effect"]].isna().all()
    assert row["method"] == "no test: all differences are equal"
    assert row["state"] == "falls short"
    met = same.assign(value=same["value"].where(same["role"] != "standards", 4.0))
    row = _row(servqual.internal_gaps(met, _customers(), DIMENSIONS), 3, "place")
    assert (row["difference"], row["state"]) == (0, "not told from zero")


def test_unknown_roles_and_items_and_double_answers_are_errors(internal):
    customers = _customers()
    for column, wrong in (("role", "manager"), ("item", "z")):
        faulty = internal.assign(**{column: internal[column].where(internal.index > 0, wrong)})
        with pytest.raises(ValueError, match=f"{column} '{wrong}' is none of"):
            servqual.internal_gaps(faulty, customers, DIMENSIONS)
    with pytest.raises(ValueError, match="managers answered item a twice under respondent_id ''"):
        servqual.internal_gaps(internal.drop(columns="respondent_id"), customers, DIMENSIONS)


def test_the_verdict_names_what_surely_falls_short_the_widest_first():
    customers = _customers()
    rows = [("managers", 14, -2.0), ("staff", 25, -1.0)]
    inside = pd.concat([_role(role, n, 7).assign(shift=shift) for role, n, shift in rows])
    inside["value"] = 4 + inside["shift"] + 0.01 * inside["value"]
    standards = pd.DataFrame({"role": "standards", "item": ITEMS, "value": 5.0})
    table = servqual.internal_gaps(pd.concat([inside, standards]), customers, DIMENSIONS)
    verdict = servqual.internal_verdict(table)
    # Belief about 2 against an expectation of about 5.5; delivery about 3 against standards of 5.
    first, rest = verdict.split("gap 1 (managers' belief of it - customers' expectation) ")
    assert first == "Inside the company these fall short beyond chance, the widest first: "
    assert "; gap 3 (service as staff deliver it - service standards) -1.9" in rest
    assert (
        "Above zero beyond chance: gap 2 (service standards - managers' belief of it) 2.9" in rest
    )
    assert rest.endswith("Not known: gap 4 (not measured: no data on promises made outside).")
    # Of gaps 1 (about -3.5) and 3 (about -2) the widest is told.
    told = servqual.internal_answer(table)
    assert told.startswith("Managers think that customers expect less than they do, most in ")
    assert ", n = 14). So ask customers. Also: " in told
    also = "Also: staff deliver less than the standards ask for (place, staff)"
    assert told.endswith(f" So ask customers. {also}: find out what keeps them from it.")
    assert servqual.internal_answer(table.assign(state="not known")) == ""


def test_the_verdict_names_dimensions_that_others_make_up_for():
    low, high = _role("staff", 25, 2), _role("staff", 25, 2)
    low, high = low[low["item"] != "c"], high[high["item"] == "c"]
    low["value"], high["value"] = 3 + 0.01 * low["value"], 7 + 0.01 * high["value"]
    standards = pd.DataFrame({"role": "standards", "item": ITEMS, "value": [4.0, 4.0, 5.0]})
    table = servqual.internal_gaps(pd.concat([low, high, standards]), _customers(), DIMENSIONS)
    # Over all items -1, -1 and 2 cancel but for the hundredths.
    assert abs(_row(table, 3, "overall")["difference"]) < 0.1
    row = _row(table, 3, "staff")
    verdict = servqual.internal_verdict(table)
    assert (
        f"By dimension, short beyond chance: gap 3: staff {row['difference']:.2f}"
        f" (95 % interval {row['low']:.2f} to {row['high']:.2f})." in verdict
    )
    assert "fall short beyond chance, the widest first" not in verdict
