"""No hidden count can be told from those that are shown, whatever the table."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array

from cxlib.inference import suppressed
from cxlib.privacy.suppression import Hidden, hidden, hidden_within


def whole(counts: np.ndarray) -> np.ndarray:
    """The table with its sums; a list with its sum."""
    if counts.ndim == 1:
        return np.append(counts, counts.sum())
    wide = np.column_stack([counts, counts.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)])


def flags(found: Hidden) -> np.ndarray:
    if found.cells.ndim == 1:
        return np.append(found.cells, found.total)
    wide = np.column_stack([found.cells, found.rows])
    return np.vstack([wide, np.append(found.columns, found.total)])


def sums(shape: tuple[int, ...]) -> np.ndarray:
    """The equations that every table with its sums fulfils: a row each, cells less their sum."""
    place = np.arange(np.prod(shape)).reshape(shape)
    lines = [place] if len(shape) == 1 else [*place, *place.T]
    equations = np.zeros((len(lines), place.size))
    for equation, line in zip(equations, lines, strict=True):
        equation[line[:-1]] = 1
        equation[line[-1]] = -1
    return equations


def attacked(values: np.ndarray, secret: np.ndarray) -> np.ndarray:
    """The least and the greatest that each hidden figure can be, by linear programming.

    All at once: 2 H tables side by side, in each of which one hidden figure is made the least or
    the greatest.
    """
    equations = sums(values.shape)
    unknown = np.flatnonzero(secret.ravel())
    known = np.where(secret, 0, values).ravel()
    left, right = equations[:, unknown], -equations @ known
    used = np.abs(left).sum(axis=1) > 0
    left, right = left[used], right[used]
    h = len(unknown)
    if not h:
        return np.zeros((0, 2))
    limit = 10 * int(values.sum()) + 1000  # a figure without an upper end
    goals = np.concatenate([np.eye(h).ravel(), -np.eye(h).ravel()])
    found = linprog(
        goals,
        A_eq=block_diag([csr_array(left)] * (2 * h)),
        b_eq=np.tile(right, 2 * h),
        bounds=(0, limit),
    )
    assert found.status == 0
    copies = found.x.reshape(2, h, h)
    bounds = [copies[side][np.arange(h), np.arange(h)] for side in (0, 1)]
    return np.column_stack(bounds)


def random_tables(number: int, seed: int):
    rng = np.random.default_rng(seed)
    for n in range(number):
        shape = (rng.integers(1, 9),) if n % 5 == 0 else tuple(rng.integers(1, 6, size=2))
        mean = rng.choice([2, 8, 15, 60])
        yield rng.negative_binomial(rng.choice([0.5, 2, 20]), 0.5, size=shape) * mean // 4


def test_no_hidden_count_of_1000_tables_is_recovered():
    tables = least = shown = determined = 0
    for counts in random_tables(1000, seed=7):
        found = hidden(pd.Series(counts) if counts.ndim == 1 else pd.DataFrame(counts))
        values, secret = whole(counts), flags(found)
        # Nothing small is shown.
        assert (values[~secret] >= 10).all(), counts
        ranges = attacked(values, secret)
        if len(ranges):
            truth = values[secret]
            assert (ranges[:, 0] <= truth + 1e-6).all()
            assert (truth <= ranges[:, 1] + 1e-6).all()
            width = ranges[:, 1] - ranges[:, 0]
            determined += int((width < 1).sum())
            assert (width >= 10 - 1e-6).all(), counts
            tables += 1
        least += int((values < 10).sum())
        shown += int((~secret).sum())
    assert determined == 0
    # The test bites: there was much to hide, and much is shown.
    assert tables > 700
    assert least > 2000
    assert shown > 5000


def test_without_the_second_step_the_attack_succeeds():
    """Hiding the small counts alone: many can be told, so the attack is worth its name."""
    determined = 0
    for counts in random_tables(100, seed=8):
        values = whole(counts)
        ranges = attacked(values, values < 10)
        determined += int((ranges[:, 1] - ranges[:, 0] < 1).sum())
    assert determined > 50


def test_a_list_by_hand():
    assert hidden(pd.Series([3, 50, 20, 90])).cells.tolist() == [True, False, True, False]
    # 4 + 8 hold 12 together: nobody else is needed.
    assert hidden(pd.Series([4, 50, 8, 90])).cells.tolist() == [True, False, True, False]
    assert hidden(pd.Series([30, 50])).cells.tolist() == [False, False]
    # An empty group alone would be told by the sum.
    assert hidden(pd.Series([0, 50, 20])).cells.tolist() == [True, False, True]


def test_a_table_by_hand():
    # 3 is small; its rectangle with the least others is with 20 and 30 and 40 (sum 90); with the
    # third column it would be 20 + 200 + 300.
    counts = pd.DataFrame([[3, 30, 200], [20, 40, 300]])
    found = hidden(counts)
    assert found.cells.tolist() == [[True, True, False], [True, True, False]]
    assert not flags(found)[-1].any()
    assert not found.rows.any()
    assert found.sentence.startswith("4 of the counts are hidden: those below 10")


def test_nothing_is_hidden_where_all_are_many():
    found = hidden(pd.DataFrame([[10, 11], [12, 13]]))
    assert not flags(found).any()
    assert found.sentence == "No count is hidden: each is of 10 or more."


def test_the_threshold_can_be_higher_and_never_lower():
    assert hidden(pd.Series([12, 90]), least=20).cells.tolist() == [True, True]
    assert hidden(pd.Series([5, 90]), least=2).cells.tolist() == [True, True]


def test_small_sums_are_hidden_too():
    found = hidden(pd.DataFrame([[1, 2], [2, 1]]))
    assert flags(found).all()
    assert hidden(pd.DataFrame(np.zeros((0, 3)))).cells.shape == (0, 3)
    assert not hidden(pd.Series([], dtype=float)).total


@pytest.mark.parametrize("wrong", [[1.5, 20], [-1, 20], [np.nan, 20]])
def test_what_is_no_count_is_refused(wrong):
    with pytest.raises(ValueError, match="whole numbers from 0"):
        hidden(pd.Series(wrong))


def test_no_cell_of_a_grid_is_recovered_from_the_sizes_of_its_segments():
    """All that is published is held: the cells shown, the segments told, the sum of all."""
    rng, hidden_cells, told_before = np.random.default_rng(11), 0, 0
    for _ in range(25):
        counts = pd.Series(rng.poisson(rng.choice([0, 3, 12, 40], 30)))
        groups = pd.Series(rng.choice(list("abcdef"), 30))
        sizes = counts.groupby(groups).sum()
        told = sizes.index[~suppressed(sizes)]
        few = hidden_within(counts, groups, told).cells
        assert (counts[~few] >= 10).all()
        if few.all():
            continue
        rows = [(groups == name).to_numpy(dtype=float) for name in told] + [np.ones(30)]
        sums = np.array(rows) @ counts.to_numpy()
        before = hidden(counts).cells
        for place in np.flatnonzero(few & (counts > 0)):
            hidden_cells += 1
            assert width(counts, few, rows, sums, place) >= 10 - 1e-6
        for place in np.flatnonzero(before & (counts > 0)):
            told_before += width(counts, before, rows, sums, place) < 1
    assert hidden_cells > 50
    # Hiding over all cells at once leaves some to be told.
    assert told_before > 0


def width(counts, few, rows, sums, place):
    """In how wide a range a count can lie, given the counts shown and the sums."""
    bounds = [(0, None) if one else (count, count) for one, count in zip(few, counts, strict=True)]
    aim = np.zeros(len(counts))
    aim[place] = 1
    ends = [linprog(side * aim, A_eq=rows, b_eq=sums, bounds=bounds).fun for side in (1, -1)]
    return -ends[1] - ends[0]


def test_all_counts_of_a_segment_that_is_not_told_are_hidden():
    counts = pd.Series([20, 20, 5, 30, 3, 12, 0, 50])
    groups = pd.Series(list("aabcccdd"))
    few = hidden_within(counts, groups, ["c", "d"])
    # 3 of c alone would be told by its sum, so 12 goes with it; nobody is in the empty one of d.
    assert few.cells.tolist() == [True, True, True, False, True, True, True, False]
    assert few.sentence.startswith("6 of the counts are hidden")
