import numpy as np
import pandas as pd
import pytest

from cxlib.clv.encoding import design_columns, read_covariate


def read(values, counts=None):
    table = pd.DataFrame({"one": values})
    counts = np.ones(len(table)) if counts is None else np.asarray(counts, dtype=float)
    return read_covariate("one", table, counts)


def test_numbers_are_standardized_over_the_customers():
    found = read([1.0, 4.0], counts=[3, 1])
    # Mean 7 / 4, variance (3 (3/4)^2 + (9/4)^2) / 4 = 27 / 16.
    assert (found.mean, found.sd, found.n) == pytest.approx((1.75, np.sqrt(27 / 16), 4))
    columns = design_columns([found], pd.DataFrame({"one": [1.75, 1.75 + found.sd]}))
    assert columns == pytest.approx(np.array([[0.0], [1.0]]))
    assert found.notes == []


def test_levels_are_indicators_against_the_most_frequent():
    found = read(["b"] * 11 + ["c"] * 10 + ["a"] * 10)
    assert (found.levels, found.counts, found.merged) == (("b", "a", "c"), (11, 10, 10), ())
    assert found.contrasts == [("a", "b", 10), ("c", "b", 10)]
    columns = found.encode(pd.Series(["c", "b", "a"]))
    assert columns.tolist() == [[0, 1], [0, 0], [1, 0]]


def test_counts_are_customers():
    found = read(["shop", "web", "mail"], counts=[50, 20, 10])
    assert (found.levels, found.counts) == (("shop", "web", "mail"), (50, 20, 10))


def test_a_single_small_level_takes_the_next_with_it():
    found = read(["a"] * 30 + ["b"] * 20 + ["c"] * 12 + ["d"] * 4)
    assert (found.levels, found.counts) == (("a", "b", "2 smaller groups"), (30, 20, 16))
    assert found.merged == ("c", "d")
    assert "(c, d)" in found.notes[0]


def test_long_lists_of_small_levels_are_cut():
    found = read(["a"] * 30 + [f"level {number}" for number in range(12)])
    assert found.notes[0].count("level ") == 5
    assert "and 7 more" in found.notes[0]


def test_missing_texts_are_a_level_and_missing_numbers_an_error():
    found = read(["a"] * 30 + [None] * 12)
    assert found.levels == ("a", "not stated")
    assert found.encode(pd.Series([None, "a"])).tolist() == [[1], [0]]
    assert "without a value" in found.notes[0]
    with pytest.raises(ValueError, match="2 customers have no finite value"):
        read([1.0, np.nan, np.inf, 3.0])


def test_kinds_of_columns():
    truth = read(np.array([True] * 20 + [False] * 12))
    assert truth.levels == ("True", "False")
    category = read(pd.Categorical(["x"] * 20 + ["y"] * 12, categories=["y", "x", "z"]))
    assert category.levels == ("x", "y")
    assert read(pd.array([1, 2, 4], dtype="Int64")).mean == pytest.approx(7 / 3)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([5.0] * 40, "same value"),
        (["one"] * 40, "nothing to compare"),
        (["one"] * 35 + ["two"] * 5, "nothing to compare"),
        ([str(number) for number in range(40)], "nothing to compare"),
    ],
)
def test_columns_that_tell_nothing(values, message):
    with pytest.raises(ValueError, match=message):
        read(values)


def test_absent_columns_and_unknown_levels_are_named():
    found = read(["a"] * 20 + ["b"] * 12)
    with pytest.raises(ValueError, match="no level 'd'; it knows a, b"):
        found.encode(pd.Series(["a", "d"]))
    with pytest.raises(ValueError, match="lack the column one"):
        design_columns([found], pd.DataFrame({"two": [1]}))
    with pytest.raises(ValueError, match="lack the column three"):
        read_covariate("three", pd.DataFrame({"two": [1]}), np.ones(1))
