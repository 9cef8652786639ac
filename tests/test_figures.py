import csv
import json
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from cxlib import figures, plots

mpl.use("agg")


@pytest.fixture(autouse=True)
def closed():
    with plt.rc_context():
        yield
    plt.close("all")


@pytest.fixture
def gaps():
    return pd.DataFrame(
        {"gap": [-1.5, np.nan, -0.25], "low": [-1.75, -9, -0.5], "high": [-1.25, 9, 0.0]},
        index=["=reliability", "tangibles", "empathy"],
    ).assign(n=[300, 4, 1200], secret="name of a customer")


def drawn(frame, title="Gaps"):
    figure, ax = plt.subplots(layout="constrained")
    plots.intervals(frame, value="gap", xlabel="gap, $", ax=ax)
    ax.set_title(title)
    return figure


def rows(table):
    return list(csv.reader(table["csv"].splitlines()))


def test_the_data_are_what_was_drawn_and_nothing_else(gaps):
    [table] = figures.describe(drawn(gaps))["tables"]
    assert table["name"] == "Gaps"
    assert rows(table) == [
        ["label", "gap", "low", "high", "n"],
        ["'=reliability", "-1.5", "-1.75", "-1.25", "300"],
        ["tangibles", "", "", "", "4"],
        ["empathy", "-0.25", "-0.5", "0", "1200"],
    ]


def test_alt_text_names_kind_axis_ends_and_what_is_missing(gaps):
    assert figures.describe(drawn(gaps))["alt"] == (
        "Gaps: dots; across: gap, $; 3 rows, 1 of them without figures; "
        "from -1.5 (=reliability) to -0.25 (empathy)."
    )


def test_caption_tells_level_and_answers(gaps):
    caption = figures.describe(drawn(gaps.drop(index="tangibles")), level=0.975)["caption"]
    assert caption == "Whiskers: 97.5 % intervals, n = 300 to 1,200."
    plain = gaps.drop(columns=["low", "high", "n"]).assign(low=np.nan, high=np.nan)
    assert figures.describe(drawn(plain))["caption"] == "Whiskers: intervals."


def test_the_caption_calls_prediction_intervals_so(gaps):
    figure, (left, right) = plt.subplots(1, 2)
    for ax, title in ((left, "So far"), (right, "To come")):
        plots.intervals(gaps, value="gap", ax=ax)
        ax.set_title(title)
    figures.call_intervals(right, "prediction intervals")
    assert figures.describe(figure, level=0.95)["caption"].startswith(
        "Whiskers (So far): 95 % intervals; whiskers (To come): 95 % prediction intervals, n = 4"
    )
    figures.call_intervals(left, "prediction intervals")
    assert figures.describe(figure, level=0.95)["caption"].startswith(
        "Whiskers: 95 % prediction intervals, n = "
    )


def test_lines_of_groups_are_told_apart():
    frame = pd.DataFrame(
        {"month": [0, 12, 0, 12], "stay": [1.0, 0.5, 1.0, 0.75], "plan": ["a", "a", "b", "b"]}
    )
    figure, ax = plt.subplots()
    plots.bands(frame, x="month", value="stay", group="plan", ax=ax)
    found = figures.describe(figure)
    assert "a from 0.5 (12) to 1 (0); b from 0.75 (12) to 1 (0)" in found["alt"]
    assert rows(found["tables"][0])[1] == ["0", "a", "1"]
    assert found["caption"] == ""


def test_a_control_chart_tells_its_values_and_not_its_limits():
    frame = pd.DataFrame(
        {"value": [30.0, 45, 40], "low": [25.0, 40, 35], "high": [35.0, 50, 45], "centre": 38.0}
        | {"lower_limit": 4.78, "upper_limit": 60.0, "signal": False},
        index=pd.date_range("2026-01-01", periods=3, freq="MS"),
    )
    figure, ax = plt.subplots()
    plots.over_time(frame, ylabel="points", ax=ax)
    found = figures.describe(figure)
    assert "from 30 (2026-01-01) to 45 (2026-02-01)" in found["alt"]
    assert "limit" not in found["alt"]
    assert "lower_limit" in found["tables"][0]["csv"]


def test_a_grid_is_told_by_its_least_and_greatest_cell():
    frame = pd.DataFrame(np.arange(8.0).reshape(2, 4), index=["x", "y"], columns=list("abcd"))
    figure, ax = plt.subplots()
    plots.heat(frame, ax=ax)
    found = figures.describe(figure)
    assert found["alt"] == "A table in colours; 2 rows; from 0 (x, a) to 7 (y, d)."
    assert len(found["tables"]) == 1


def test_data_too_many_to_keep_are_left_out_and_the_caption_says_so(monkeypatch, gaps):
    monkeypatch.setattr(figures, "LARGEST_DATA", 60)
    found = figures.describe(drawn(gaps))
    assert found["tables"] == []
    assert "too many to be kept" in found["caption"]


def test_a_picture_that_no_function_of_ours_drew_is_shown_all_the_same():
    figure, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    ax.set(title="By hand", ylabel="y")
    found = figures.bundle(figure)
    assert found[figures.MIME] == {
        "title": "By hand", "alt": "By hand: a plot; up: y.", "caption": "", "tables": []
    }  # fmt: skip
    assert found["text/plain"] == "By hand: a plot; up: y."


def test_a_figure_without_axes_is_not_shown():
    assert figures.bundle(plt.figure()) == {}


def test_a_small_picture_is_svg_without_a_date_and_a_large_one_png(monkeypatch, gaps):
    svg = figures.bundle(drawn(gaps))["image/svg+xml"]
    assert "<dc:date>" not in svg
    assert "matplotlib.org" not in svg
    monkeypatch.setattr(figures, "LARGEST_SVG", 1000)
    found = figures.bundle(drawn(gaps))
    assert "image/svg+xml" not in found
    assert found["image/png"].startswith("iVBOR")


def test_equal_figures_make_equal_bytes(gaps):
    one, other = (json.dumps(figures.bundle(drawn(gaps), level=0.95)) for _ in range(2))
    assert one == other


def test_no_text_stands_outside_the_picture(gaps):
    plots.use_style()
    long = gaps.set_axis(["a long statement about the service that was asked"] * 3)
    svg = figures.bundle(drawn(long))["image/svg+xml"]
    lefts = [float(x) for x in re.findall(r"translate\((-?[\d.]+) [\d.]+\) scale\(0\.1", svg)]
    assert len(lefts) > 3
    assert min(lefts) >= 0


def test_a_title_too_long_for_the_figure_makes_the_picture_wider(gaps):
    plots.use_style()
    short, long = (
        figures.bundle(drawn(gaps, title))["image/svg+xml"] for title in ("Gaps", "Gaps " * 40)
    )
    [usual, wider] = [float(re.search(r'width="([\d.]+)pt', svg)[1]) for svg in (short, long)]
    assert usual == 9 * 72
    assert wider > 1.5 * usual


def test_a_notebook_shows_figures_with_their_description(gaps):
    shell = InteractiveShell.instance()
    try:
        plots.use_style(level=0.9)
        found, _ = shell.display_formatter.format(drawn(gaps))
    finally:
        InteractiveShell.clear_instance()
    assert set(found) == {"image/svg+xml", "text/plain", figures.MIME}
    assert found[figures.MIME]["caption"].startswith("Whiskers: 90 % intervals")
