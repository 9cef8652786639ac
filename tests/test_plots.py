import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from cxlib import plots

mpl.use("agg")


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


@pytest.fixture
def gaps():
    return pd.DataFrame(
        {"mean": [-1.0, -0.5], "low": [-1.2, -0.9], "high": [-0.7, -0.1], "kind": ["b", "a"]},
        index=["reliability", "tangibles"],
    )


def test_intervals_put_the_first_row_on_top_and_draw_both_ends(ax, gaps):
    assert plots.intervals(gaps, ax=ax) is ax
    assert [label.get_text() for label in ax.get_yticklabels()] == ["reliability", "tangibles"]
    assert ax.get_yticks()[0] > ax.get_yticks()[1]
    segments = ax.containers[0][2][0].get_segments()
    np.testing.assert_allclose([s[:, 0] for s in segments], [[-1.2, -0.7], [-0.9, -0.1]])


def test_intervals_by_group_name_every_group(ax, gaps):
    plots.intervals(gaps, group="kind", ax=ax)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["b", "a"]


def test_ratios_are_drawn_where_twice_and_half_are_equally_far(ax, gaps):
    plots.intervals(gaps, ratio=True, reference=1, ax=ax)
    assert ax.get_xscale() == "log"


def test_a_dollar_sign_is_no_formula(ax, gaps):
    plots.intervals(gaps.set_axis(["$50_$", "$10-$20"]), group="kind", ax=ax)
    ax.figure.canvas.draw()
    assert [label.get_text() for label in ax.get_yticklabels()] == [r"\$50_\$", r"\$10-\$20"]


def test_a_missing_interval_draws_the_dot_alone(ax, gaps):
    plots.intervals(gaps.assign(low=np.nan, high=np.nan), ax=ax)
    segments = ax.containers[0][2][0].get_segments()
    np.testing.assert_allclose([s[:, 0] for s in segments], [[-1.0, -1.0], [-0.5, -0.5]])


def test_quadrant_lines_stand_at_the_means(ax):
    frame = pd.DataFrame({"performance": [1.0, 3.0], "importance": [10.0, 30.0]}, index=["a", "b"])
    for axis in ("performance", "importance"):
        frame[f"{axis}_low"], frame[f"{axis}_high"] = frame[axis] - 1, frame[axis] + 1
    plots.importance_performance(frame, xlabel="mean", ylabel="points", ax=ax)
    lines = {tuple(np.unique(line.get_xdata())) for line in ax.lines}
    assert (2.0,) in lines
    assert {"a", "b"} <= {text.get_text() for text in ax.texts}


def test_shares_fill_the_bar(ax):
    frame = pd.DataFrame({"negative": [0.5], "zero": [0.3], "positive": [0.2]}, index=["x"])
    plots.shares(frame, ax=ax)
    last = ax.patches[-1]
    assert last.get_x() + last.get_width() == pytest.approx(1)


def test_calibration_draws_the_observed_shares(ax):
    frame = pd.DataFrame(
        {"predicted": [0.1, 0.6], "observed": [0.2, 0.5], "low": [0.1, 0.4], "high": [0.3, 0.7]}
    )
    plots.calibration(frame, ax=ax)
    np.testing.assert_allclose(ax.containers[0][0].get_ydata(orig=False), [0.2, 0.5])


def test_bars_have_whiskers_only_where_intervals_are_given(ax):
    frame = pd.DataFrame({"lift": [3.0, 1.0]}, index=[1, 2])
    plots.bars(frame, value="lift", ax=ax)
    assert len(ax.containers) == 1
    plots.bars(frame.assign(low=2.0, high=4.0), value="lift", ax=ax)
    assert len(ax.containers) == 3


def test_tracks_and_heat_draw_what_they_are_given(ax):
    frame = pd.DataFrame({"observed": [1.0, 2.0], "expected": [1.5, 1.8]})
    plots.tracks(frame, ax=ax)
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--"]
    figure, other = plt.subplots()
    plots.heat(frame, ax=other)
    assert [text.get_text() for text in other.texts] == ["1.00", "1.50", "2.00", "1.80"]
    plt.close(figure)
