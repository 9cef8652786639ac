import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color

from cxlib import plots
from cxlib.inference import Estimate
from cxlib.servqual import internal, tolerance

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


def test_labels_of_close_points_do_not_overlap():
    """22 points on 22 hundredths of a scale of 1 to 7, as items of one survey lie."""
    rng = np.random.default_rng(3)
    figure, ax = plt.subplots(figsize=(9.5, 5), layout="constrained")
    names = ["performance", "importance"]
    frame = pd.DataFrame(rng.normal(size=(22, 2)).round(1) / 10, columns=names)
    frame = frame.set_axis([f"{item:02d}" for item in range(1, 23)])
    for name in names:
        frame[f"{name}_low"], frame[f"{name}_high"] = frame[name] - 0.1, frame[name] + 0.1
    plots.importance_performance(frame, xlabel="mean", ylabel="r", ax=ax)
    figure.canvas.draw()
    labels = [text for text in ax.texts if text.get_text()]
    boxes = {text.get_text(): text.get_window_extent() for text in labels}
    plt.close(figure)
    assert len(boxes) == len(frame) + 4
    for one, box in boxes.items():
        assert box.count_overlaps([x for name, x in boxes.items() if name != one]) == 0, one


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


@pytest.fixture
def five():
    """Gap 2 was suppressed, gap 3 has no interval, gap 4 no row."""
    nan = np.nan
    return pd.DataFrame(
        {
            "gap": [1, 2, 3, 5],
            "difference": [-0.64, nan, 0.25, -1.24],
            "low": [-0.91, nan, nan, -1.31],
            "high": [-0.37, nan, nan, -1.18],
            "state": ["falls short", "not known", "not told from zero", "falls short"],
            "method": ["Welch", "suppressed: fewer than 10", "no test", "paired t"],
        }
    )


def _boxes(ax):
    """The extents of all texts of a picture, in pixels."""
    figure = ax.figure
    figure.canvas.draw()
    texts = [*ax.texts, *ax.get_legend().get_texts()]
    return {text.get_text(): text.get_window_extent() for text in texts}


def test_the_five_gaps_stand_on_their_arrows(ax, five):
    assert plots.five_gaps(five, ax=ax) is ax
    texts = [text.get_text() for text in ax.texts]
    assert "Gap 1\n−0.64\n(−0.91 to −0.37)" in texts
    assert "Gap 2\ntoo few answers" in texts
    assert "Gap 3\n+0.25" in texts
    assert "Gap 4\nnot measured" in texts
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == [
        "falls short beyond chance",
        "not told from zero,\nallowing for several tests",
        "not known",
    ]


def test_the_labels_of_the_five_gaps_can_be_in_another_language(ax, five):
    plots.five_gaps(five, labels={"gap": "شکاف", "expected": "$ انتظار"}, ax=ax)
    texts = [text.get_text() for text in ax.texts]
    assert r"\$ انتظار" in texts
    assert "شکاف 2\ntoo few answers" in texts


@pytest.mark.parametrize("measured", [True, False])
def test_no_text_of_the_five_gaps_overlaps_another(measured):
    gaps = pd.DataFrame({"gap": range(1, 6), "method": "Welch"})
    gaps = gaps.assign(difference=-1.11, low=-1.99, high=1.99, state="not told from zero")
    figure, ax = plt.subplots(figsize=(10, 7))
    plots.five_gaps(gaps if measured else gaps[:0], ax=ax)
    boxes = _boxes(ax)
    plt.close(figure)
    for one, box in boxes.items():
        others = [other for name, other in boxes.items() if name != one]
        assert box.count_overlaps(others) == 0, one
        assert figure.bbox.containsx(box.x0)
        assert figure.bbox.containsx(box.x1)


def test_tolerance_zones_reach_from_adequate_to_desired(ax):
    frame = pd.DataFrame(
        {
            "adequate": [3.0, 4.0, np.nan],
            "desired": [6.0, 6.5, np.nan],
            "perceived": [2.5, 5.0, np.nan],
            "perceived_low": [2.4, np.nan, np.nan],
            "perceived_high": [2.7, np.nan, np.nan],
            "state": ["below", "within", "too few answers"],
        },
        index=["staff", "place", "price"],
    )
    assert plots.tolerance_zones(frame, xlabel="mean", ax=ax) is ax
    bars = ax.containers[0]
    assert [(bar.get_x(), bar.get_width()) for bar in bars] == [(3, 3), (4, 2.5)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["staff", "place", "price"]
    segments = ax.containers[1][2][0].get_segments()
    np.testing.assert_allclose(segments[0][:, 0], [2.4, 2.7])
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["adequate to desired", "perceived: below", "perceived: within"]
    assert [text.get_text() for text in ax.texts] == ["no answers"]


def test_every_state_of_a_gap_and_a_zone_has_its_colour():
    gaps = {internal.SHORT, internal.OVER, internal.UNSURE, internal.UNKNOWN}
    assert set(plots._STATES) == gaps
    assert gaps <= set(plots.FIVE_GAPS_LABELS)
    zones = {tolerance.BELOW, tolerance.WITHIN, tolerance.ABOVE, tolerance.INVERTED}
    assert set(plots._ZONE_STATES) == zones | {tolerance.UNCERTAIN, tolerance.TOO_FEW}


@pytest.fixture
def months():
    index = pd.date_range("2026-01-01", periods=4, freq="MS")
    return pd.DataFrame(
        {
            "value": [0.5, 0.6, 0.9, np.nan],
            "low": [0.4, 0.5, 0.8, np.nan],
            "high": [0.6, 0.7, 1.0, np.nan],
            "centre": 0.6,
            "lower_limit": 0.4,
            "upper_limit": 0.8,
            "signal": ["", "", "above the limits", ""],
        },
        index=index,
    )


def test_signals_over_time_are_coloured_and_limits_drawn(ax, months):
    plots.over_time(months, percent=True, ax=ax)
    noise, signal = ax.containers
    np.testing.assert_allclose(noise[0].get_ydata(), [0.5, 0.6, np.nan])
    np.testing.assert_allclose(signal[0].get_ydata(), [0.9])
    assert signal[0].get_color() == plots.ORANGE
    [band] = ax.collections[:1]
    ends = band.get_paths()[0].vertices[:, 1]
    assert (ends.min(), ends.max()) == (0.4, 0.8)
    assert ax.yaxis.get_major_formatter()(0.5) == "50%"


def test_over_time_without_limits_draws_no_band(ax, months):
    plots.over_time(months[["value", "low", "high"]], ax=ax)
    assert [one[0].get_color() for one in ax.containers[:1]] == [plots.BLUE]
    assert len(ax.containers[1][0].get_ydata()) == 0
    assert not [one for one in ax.collections if one.get_paths() and len(one.get_facecolor())]


def test_penalties_and_rewards_of_each_driver(ax):
    frame = pd.DataFrame(
        {
            "penalty": [-0.4, np.nan],
            "penalty_low": [-0.5, np.nan],
            "penalty_high": [-0.3, np.nan],
            "reward": [0.1, np.nan],
            "reward_low": [0.0, np.nan],
            "reward_high": [0.2, np.nan],
            "kind": ["basic", ""],
            "note": ["", "fewer than 10 low ratings"],
        },
        index=["fees", "app"],
    )
    plots.penalty_reward(frame, xlabel="points", ax=ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["fees\nbasic", "app"]
    assert ax.get_yticks()[0] > ax.get_yticks()[1]
    widths = [bar.get_width() for bar in ax.patches]
    assert [width for width in widths if not np.isnan(width)] == [-0.4, 0.1]
    assert "fewer than 10 low ratings" in [text.get_text().strip() for text in ax.texts]


@pytest.fixture
def moved():
    """Two segments and the new; a missing flow is not drawn, nor the group it leaves empty."""
    columns = ["best", "middle", "worst"]
    rows = [[50, 20, np.nan], [10, 100, np.nan], [np.nan] * 3, [20, np.nan, np.nan]]
    return pd.DataFrame(rows, index=[*columns, "$new"], columns=columns)


def test_flows_are_as_wide_as_what_they_carry(ax, moved):
    assert plots.flows(moved, before="June", after="July", ax=ax) is ax
    bands = [one.get_paths()[0].vertices for one in ax.collections]
    heights = [np.ptp(band[np.isclose(band[:, 0], band[:, 0].min()), 1]) for band in bands]
    np.testing.assert_allclose(heights, [0.25, 0.1, 0.05, 0.5, 0.1])
    bars = [bar.get_height() for bar in ax.patches]
    np.testing.assert_allclose(bars, [0.35, 0.55, 0.1, 0.4, 0.6])
    texts = [text.get_text() for text in ax.texts]
    assert texts[:3] == ["best  35%", "middle  55%", r"\$new  10%"]
    assert texts[3:] == ["best  40%", "middle  60%", "June", "July"]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["rose", "stayed", "fell", "new"]


def test_labels_of_many_small_flows_neither_overlap_nor_leave_the_picture():
    names = [f"segment number {k}" for k in range(9)]
    counts = np.full((10, 9), np.nan)
    counts[0], counts[:, 0] = 10, 10
    counts[4, 4] = 5000
    figure, ax = plt.subplots(figsize=(7, 6))
    plots.flows(pd.DataFrame(counts, index=[*names, "not yet a customer"], columns=names), ax=ax)
    boxes = _boxes(ax)
    plt.close(figure)
    for one, box in boxes.items():
        others = [other for name, other in boxes.items() if name != one]
        assert box.count_overlaps(others) == 0, one
        assert figure.bbox.containsx(box.x0)
        assert figure.bbox.containsx(box.x1)


def test_no_flows_leave_an_empty_picture(ax, moved):
    plots.flows(moved * np.nan, ax=ax)
    assert len(ax.collections) == 0


@pytest.fixture
def curves():
    """Two survival curves; the second has no interval at its end, the third nothing to draw."""
    nan = np.nan
    return pd.DataFrame(
        {
            "group": ["$ a", "$ a", "$ a", "b", "b", "b", "c"],
            "months": [0, 12, 24, 0, 12, 24, 0],
            "survival": [1, 0.5, 0.2, 1, 0.9, 0.8, nan],
            "survival_low": [1, 0.4, 0.1, 1, 0.8, nan, nan],
            "survival_high": [1, 0.6, 0.3, 1, 1.0, nan, nan],
        }
    )


def test_bands_draw_a_line_and_its_limits_for_each_group(ax, curves):
    look = {"x": "months", "value": "survival", "group": "group"}
    assert plots.bands(curves, **look, step=True, percent=True, ax=ax) is ax
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.5, 0.2], [1, 0.9, 0.8]]
    assert {line.get_drawstyle() for line in ax.lines} == {"steps-post"}
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    corners = ax.collections[0].get_paths()[0].vertices
    assert (corners[:, 1].min(), corners[:, 1].max()) == (0.1, 1)
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["b", r"\$ a"]
    assert ax.yaxis.get_major_formatter()(0.5) == "50%"


def test_the_legend_of_bands_covers_no_data(curves):
    figure, ax = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
    plots.bands(curves, x="months", value="survival", group="group", ax=ax)
    figure.canvas.draw()
    legend = ax.get_legend().get_window_extent()
    plt.close(figure)
    assert legend.x0 >= ax.bbox.x1
    assert legend.x1 <= figure.bbox.x1


def test_bands_take_plain_limits_or_none(ax):
    frame = pd.DataFrame({"x": [1, 2], "risk": [0.2, 0.3], "low": [0.1, 0.2], "high": [0.3, 0.5]})
    plots.bands(frame, x="x", value="risk", reference=0.25, ax=ax)
    assert ax.collections[0].get_paths()[0].vertices[:, 1].max() == 0.5
    assert ax.get_legend() is None
    assert ax.lines[1].get_ydata() == [0.25, 0.25]
    figure, other = plt.subplots()
    plots.bands(frame[["x", "risk"]], x="x", value="risk", ax=other)
    assert len(other.collections) == 0
    plots.bands(frame[:0], x="x", value="risk", group="low", ax=other)
    assert other.get_legend() is None
    plt.close(figure)


def test_the_calibration_curve_stands_above_the_customers(ax):
    points = pd.DataFrame(
        {"predicted": [0.1, 0.3], "observed": [0.12, 0.25], "low": [0.1, 0.2], "high": [0.15, 0.38]}
    )
    bars = pd.DataFrame({"from": [0.0, 0.2], "to": [0.2, 0.4], "customers": [50, 100]})
    assert plots.calibration_curve(points, bars, label="logistic", ax=ax) is ax
    assert ax.get_xlim() == (0, 0.4)
    tops = [bar.get_y() + bar.get_height() for bar in ax.patches]
    assert max(tops) <= 0
    heights = [bar.get_height() for bar in ax.patches]
    assert heights[1] == pytest.approx(2 * heights[0])
    assert min(ax.get_yticks()) >= 0
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["right risks", "logistic"]
    figure, empty = plt.subplots()
    plots.calibration_curve(points[:0], bars, ax=empty)
    assert empty.get_xlim() == (0, 1)
    plt.close(figure)


def test_profit_marks_the_best_share_and_its_interval(ax):
    frame = pd.DataFrame({"share": [0, 0.2, 0.4], "profit_per_1000": [0, 90, 20]})
    frame = frame.assign(profit_per_1000_low=[0, 50, -30], profit_per_1000_high=[0, 130, 70])
    best = Estimate(0.2, 0.1, 0.3, 0.95, 100, "peak")
    assert plots.profit(frame, best=best, ax=ax) is ax
    [told] = ax.get_legend().get_texts()
    assert told.get_text() == "best: 20% (10% to 30%)"
    [span] = ax.patches
    assert (span.get_x(), span.get_width()) == pytest.approx((0.1, 0.2))
    assert [0.2, 0.2] in [list(line.get_xdata()) for line in ax.lines]
    figure, other = plt.subplots()
    plots.profit(frame, best=Estimate(None, None, None, 0.95, 0, "no data"), ax=other)
    assert (len(other.patches), other.get_title(loc="right")) == (0, "")
    plt.close(figure)


def test_a_triangle_of_cohorts_keeps_its_blanks(ax):
    frame = pd.DataFrame([[1.0, 0.9], [1.0, np.nan]], index=["2025", "2026"])
    plots.heat(frame, fmt=".0%", ax=ax)
    assert [text.get_text() for text in ax.texts] == ["100%", "90%", "100%"]
    assert not any(line.get_visible() for line in ax.get_xgridlines())


def test_the_centre_is_pale_and_what_is_far_from_it_is_not(ax):
    plots.heat(pd.DataFrame([[-3.0, 0.0]], columns=["a", "b"]), centre=0, ax=ax)
    [mesh] = ax.collections
    far, centre = mesh.get_facecolors()[:, :3]
    assert centre.min() > 0.9 > far.min()
    assert [same_color(text.get_color(), "white") for text in ax.texts] == [True, False]


def test_marks_stand_on_the_rows_of_bars_and_of_intervals(ax, gaps):
    plots.bars(gaps, value="mean", ax=ax)
    plots.marks(gaps, value="low", ax=ax)
    np.testing.assert_allclose(ax.lines[-1].get_xydata(), [[0, -1.2], [1, -0.9]])
    figure, other = plt.subplots()
    plots.intervals(gaps, ax=other)
    plots.marks(gaps, value="low", marker="x", across=True, ax=other)
    np.testing.assert_allclose(other.lines[-1].get_xydata(), [[-1.2, 1], [-0.9, 0]])
    plt.close(figure)
