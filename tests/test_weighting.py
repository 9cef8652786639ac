import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cxlib import satisfaction, weighting


def lazy(table: pd.DataFrame) -> nw.LazyFrame:
    return nw.from_native(duckdb.connect().from_df(table))


def people(cells: dict) -> pd.DataFrame:
    """One row a respondent: (sex, region) -> how many."""
    rows = [pair for pair, size in cells.items() for _ in range(size)]
    return pd.DataFrame(rows, columns=["sex", "region"])


SURVEY = people({("f", "n"): 40, ("f", "s"): 20, ("m", "n"): 10, ("m", "s"): 30})
MARGINS = {"sex": {"f": 0.5, "m": 0.5}, "region": {"n": 0.3, "s": 0.7}}


def weights(table, margins) -> pd.DataFrame:
    raked = weighting.with_weights(lazy(table), weighting.rake(lazy(table), margins))
    return raked.collect("pandas").to_pandas()


def test_raking_meets_the_margins_and_keeps_the_odds_ratio():
    # These two properties single out the raked table (Deming & Stephan 1940).
    found = weights(SURVEY, MARGINS)
    assert found["weight"].mean() == pytest.approx(1)
    for attribute, known in MARGINS.items():
        share = found.groupby(attribute)["weight"].sum() / len(found)
        assert share.to_dict() == pytest.approx(known)
    cell = found.groupby(["sex", "region"])["weight"].sum()
    odds = cell["f", "n"] * cell["m", "s"] / (cell["f", "s"] * cell["m", "n"])
    assert odds == pytest.approx(40 * 30 / (20 * 10))


def test_one_margin_is_poststratification_by_hand():
    raking = weighting.rake(lazy(SURVEY), {"sex": {"f": 0.5, "m": 0.5}})
    table = raking.table.set_index("value")
    # 60 women weigh 50/60, 40 men 50/40; the sum of squares is 60 (5/6)^2 + 40 (5/4)^2.
    assert table["factor"].to_dict() == pytest.approx({"f": 5 / 6, "m": 5 / 4})
    assert table["unweighted_share"].to_dict() == pytest.approx({"f": 0.6, "m": 0.4})
    assert table["weighted_share"].tolist() == pytest.approx(table["known_share"].tolist())
    effect = (60 * 25 / 36 + 40 * 25 / 16) / 100
    assert raking.design_effect == pytest.approx(effect)
    assert raking.effective_n == pytest.approx(100 / effect)
    assert (raking.smallest_weight, raking.largest_weight) == pytest.approx((5 / 6, 5 / 4))
    assert "design effect 1.04" in raking.sentence


def test_margins_already_met_cost_nothing():
    raking = weighting.rake(lazy(SURVEY), {"sex": {"f": 0.6, "m": 0.4}})
    assert raking.design_effect == pytest.approx(1)
    assert raking.table["factor"].tolist() == pytest.approx([1, 1])


def test_base_weights_are_the_starting_point():
    table = SURVEY.assign(weight=np.where(SURVEY["region"] == "n", 1.0, 3.0))
    found = weights(table, {"sex": {"f": 0.5, "m": 0.5}})
    share = found.groupby("sex")["weight"].sum() / found["weight"].sum()
    assert share.to_dict() == pytest.approx({"f": 0.5, "m": 0.5})
    women = found[found["sex"] == "f"].groupby("region")["weight"].first()
    assert women["s"] / women["n"] == pytest.approx(3)
    raking = weighting.rake(lazy(table), {"sex": {"f": 0.5, "m": 0.5}})
    squares = (found["weight"] ** 2).sum() / found["weight"].sum() ** 2
    assert raking.design_effect == pytest.approx(len(found) * squares)
    assert raking.largest_weight == pytest.approx(found["weight"].max())
    assert raking.smallest_weight == pytest.approx(found["weight"].min())


def test_a_base_weight_that_is_missing_or_zero_has_no_part():
    table = SURVEY.assign(weight=1.0)
    extra = pd.DataFrame({"sex": ["f", "x"], "region": ["n", "s"], "weight": [None, 0.0]})
    raking = weighting.rake(lazy(pd.concat([table, extra])), MARGINS)
    assert raking.n == 100
    assert raking.table["value"].tolist() == ["f", "m", "n", "s"]


def test_those_who_do_not_state_it_keep_their_share():
    silent = pd.DataFrame({"sex": [None] * 25, "region": ["n"] * 25})
    table = pd.concat([SURVEY, silent], ignore_index=True)
    margins = {"sex": {"f": 0.5, "m": 0.5}}
    raking = weighting.rake(lazy(table), margins)
    found = weights(table, margins)
    share = found.groupby("sex", dropna=False)["weight"].sum() / len(found)
    assert share[["f", "m"]].tolist() == pytest.approx([0.4, 0.4])
    assert found.loc[found["sex"].isna(), "weight"].sum() == pytest.approx(25)
    assert raking.notes == ("sex: not stated by 25, who keep their share",)
    shown = raking.table.set_index("value")
    assert shown.loc["f", "weighted_share"] == pytest.approx(0.5)
    assert shown.loc["not stated", "weighted_share"] == pytest.approx(0.2)


def test_numbers_are_attributes_too():
    table = pd.DataFrame({"age_group": [1.0] * 30 + [2.0] * 70})
    found = weights(table, {"age_group": {"1": 0.5, "2": 0.5}})
    assert found.groupby("age_group")["weight"].first().tolist() == pytest.approx([5 / 3, 5 / 7])


def test_order_of_rows_and_of_attributes_change_nothing():
    turned = SURVEY.sample(frac=1, random_state=1)
    one = weighting.rake(lazy(SURVEY), MARGINS)
    other = weighting.rake(lazy(turned), dict(reversed(MARGINS.items())))
    assert other.design_effect == pytest.approx(one.design_effect)
    assert other.largest_weight == pytest.approx(one.largest_weight)


def test_rounded_shares_are_taken_for_what_they_mean():
    table = pd.DataFrame({"third": list("abc") * 20})
    raking = weighting.rake(lazy(table), {"third": {"a": 0.333, "b": 0.333, "c": 0.333}})
    assert raking.design_effect == pytest.approx(1)


def test_a_value_of_few_answers_is_named():
    table = people({("f", "n"): 95, ("m", "n"): 5})
    raking = weighting.rake(lazy(table), {"sex": {"f": 0.5, "m": 0.5}})
    assert raking.notes == ("sex = m: fewer than 10 answers carry its known share",)
    assert raking.largest_weight == pytest.approx(10)
    # The 95 would tell of the 5.
    assert raking.table[["n", "unweighted_share", "weighted_share", "factor"]].isna().all(axis=None)
    assert raking.table["known_share"].tolist() == [0.5, 0.5]


def test_values_without_any_base_weight_have_no_part():
    table = SURVEY.assign(weight=np.where(SURVEY["region"] == "n", 0.0, 1.0))
    raking = weighting.rake(lazy(table), {"sex": {"f": 0.5, "m": 0.5}, "region": {"s": 1.0}})
    raked = weighting.with_weights(lazy(table.assign(csat=5.0)), raking)
    counts = satisfaction.answer_counts(raked, "csat")
    assert counts["count"][counts["score"].notna()].tolist() == [50]
    assert counts["weight"].sum() == pytest.approx(50)


def test_attributes_may_have_any_name():
    names = ["count", "least", "weight_squared"]
    table = pd.DataFrame({name: ["a"] * 15 + ["b"] * 15 for name in names})
    margins = {name: {"a": 0.5, "b": 0.5} for name in names}
    assert weighting.rake(lazy(table), margins).table["n"].tolist() == [15] * 6


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ({}, "No known margins"),
        ({"sex": {"f": 0.5, "m": 0.3, "x": 0.2}}, "sex = x: known share 0.2, but no answers"),
        ({"sex": {"f": 1.0}}, "sex = m: 40 answers, but no known share; add"),
        ({"sex": {"f": 0.9, "m": 0.3}}, "sex: the known shares sum to 1.2"),
        ({"sex": {"f": 1.0, "m": 0.0}}, "sex = m: its known share is 0.0, not positive"),
    ],
)
def test_margins_that_cannot_be_met_name_the_remedy(margins, message):
    with pytest.raises(weighting.MarginError, match=message):
        weighting.rake(lazy(SURVEY), margins)


def test_empty_combinations_that_block_the_margins_are_an_error():
    # Every woman lives in the north: half of all cannot be women and only 30 % northern.
    table = people({("f", "n"): 50, ("m", "s"): 50})
    with pytest.raises(weighting.MarginError, match="cannot be met together"):
        weighting.rake(lazy(table), MARGINS)


def test_no_answers_are_an_error():
    with pytest.raises(weighting.MarginError, match="No answers"):
        weighting.rake(lazy(SURVEY.assign(weight=0.0)), MARGINS)
