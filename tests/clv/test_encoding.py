import numpy as np
import pandas as pd
import pytest

from cxlib.clv.encoding import CovariateError, design_columns, read_covariate


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
    assert (found.levels, found.counts) == (("a", "b", "2 other levels"), (30, 20, 16))
    assert found.merged == ("c", "d")
    assert "(c, d)" in found.notes[0]


def test_long_lists_of_small_levels_are_cut():
    found = read(["a"] * 30 + [f"level {number}" for number in range(12)])
    assert found.notes[0].count("level ") == 5
    assert "and 7 more" in found.notes[0]


def test_all_but_the_ten_largest_levels_stand_together():
    sizes = dict(zip("abcdefghijklm", range(40, 14, -2), strict=True))
    values = [level for level, size in sizes.items() for _ in range(size)]
    found = read([*values, "z"])
    assert found.levels == (*"abcdefghij", "4 other levels")
    # k, l, m and z: 20 + 18 + 16 + 1.
    assert (found.counts[-1], found.merged) == (55, ("k", "l", "m", "z"))
    assert "all but the 10 largest (k, l, m, z)" in found.notes[0]
    # An eleventh by itself gains nothing by another name.
    eleven = [value for value in values if value <= "k"]
    assert (read(eleven).levels, read(eleven).merged) == (tuple("abcdefghijk"), ())


def test_numbers_of_many_values_are_read_in_tenths_with_their_means():
    values = np.random.default_rng(1).permutation(np.arange(100.0))
    found = read(values)
    read_as = found.encode(pd.Series([0.0, 9, 10, 99, -5, 1000]))[:, 0]
    # Tenths 0 .. 9, 10 .. 19, ... in units of the sd of 0 .. 99, sqrt((100^2 - 1) / 12).
    expected = np.array([4.5, 4.5, 14.5, 94.5, 4.5, 94.5])
    assert read_as == pytest.approx((expected - 49.5) / np.sqrt(9999 / 12))
    [note] = found.notes
    assert note.startswith("one: its 100 distinct values are read in 10 classes")


def test_numbers_of_twenty_values_are_read_as_they_are():
    values = np.repeat(np.arange(20.0), 5)
    found = read(values)
    assert found.notes == []
    assert len(np.unique(found.encode(pd.Series(values)))) == 20


def test_classes_have_means_over_customers_and_keep_equal_values_together():
    # Sixty of a hundred customers have 0: one class; 40 others have 1 to 40, of counts 1.
    found = read([0.0, *range(1, 41)], counts=[60, *[1] * 40])
    assert len(found.means) < 10
    assert found.means[0] == 0
    total = np.bincount(np.searchsorted(found.tops, np.arange(1, 41)), minlength=len(found.means))
    total[0] += 60
    assert total @ np.array(found.means) == pytest.approx(820)


def test_missing_texts_are_a_level_and_missing_numbers_an_error():
    found = read(["a"] * 30 + [None] * 12)
    assert found.levels == ("a", "not stated")
    assert found.encode(pd.Series([None, "a"])).tolist() == [[1], [0]]
    assert "without a value" in found.notes[0]
    with pytest.raises(CovariateError, match="2 customers have no finite value"):
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
    with pytest.raises(CovariateError, match=message):
        read(values)


def test_absent_columns_and_unknown_levels_are_named():
    found = read(["a"] * 20 + ["b"] * 12)
    with pytest.raises(CovariateError, match="no level 'd'; it knows a, b"):
        found.encode(pd.Series(["a", "d"]))
    with pytest.raises(ValueError, match="lack the column one"):
        design_columns([found], pd.DataFrame({"two": [1]}))
    with pytest.raises(ValueError, match="lack the column three"):
        read_covariate("three", pd.DataFrame({"two": [1]}), np.ones(1))
