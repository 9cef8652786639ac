"""Axes-level drawing of results: a tidy frame and an Axes in, the Axes out.

Nothing here loads, computes a statistic or shows a figure. Every function draws on `ax`, or on a
new Axes when none is given, and tells `figures` what it drew, for the text alternative and the data
that go with the picture.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal, Protocol

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from cxlib.calendars import Calendar, month_name, ticks
from cxlib.figures import remember, show_in_notebooks
from cxlib.persian import FONT, add_fonts

FloatArray = NDArray[np.float64]
Line = Literal["-", ":"]
Corners = list[tuple[float, float]]

# Okabe & Ito (2008): told apart in the common colour-vision deficiencies.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B7280"
LIGHT = "#D1D5DB"
PALETTE = [BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000"]
_LINES = ("-", "--", "-.", ":")
_INK = "#262626"
_STYLE: Any = {
    "figure.figsize": (9, 4.5),
    "figure.dpi": 120,
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9CA3AF",
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "grid.color": "#E5E7EB",
    # Texts are as wide in the layout as in the SVG, which has no hinting.
    "text.hinting": "no_hinting",
    "font.size": 10,
}
# The second draws the letters that the first has not.
_FONTS = {"en": ["DejaVu Sans", FONT], "fa": [FONT, "DejaVu Sans"]}
ENDS = ("", "_low", "_high")  # of the columns of a value and its interval


def use_style(*, level: float | None = None, language: str = "en") -> None:
    """One look for all figures: quiet axes, colour-blind-safe palette, crisp inline pictures.

    In a notebook each picture comes with a caption, a text alternative and its data; `level` is the
    confidence level of the intervals, for the captions, and `language` that of the figures: "en" or
    "fa". Raises ValueError for another language.
    """
    if language not in _FONTS:
        raise ValueError(f"language: {language!r} is none of {', '.join(_FONTS)}.")
    show_in_notebooks(level, language)
    add_fonts()
    sns.set_theme(style="whitegrid", palette=PALETTE, rc=_STYLE)
    # One after the other are tried only the fonts of the family, not those of `sans-serif`.
    plt.rcParams["font.family"] = _FONTS[language]


def _label(text: object) -> str:
    """Text as it stands: a dollar sign would begin a formula."""
    return str(text).replace("$", r"\$")


def _whiskers(frame: pd.DataFrame, value: str, low: str, high: str) -> FloatArray:
    """Lengths below and above `value`, shape (2, rows); none where an interval is missing."""
    ends = frame[[low, high]].to_numpy(dtype=float) - frame[[value]].to_numpy(dtype=float)
    return np.nan_to_num(np.abs(ends)).T


def intervals(
    frame: pd.DataFrame,
    *,
    value: str = "mean",
    group: str | None = None,
    reference: float | None = 0,
    ratio: bool = False,
    xlabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """A dot with its interval for each row, the first row on top.

    Reads `value`, `low` and `high`; the index labels the rows; `group` names a column that colours
    them; `reference` draws the line of no effect; a `ratio` is drawn on a log scale, where twice
    and half are equally far from 1.
    """
    ax = plt.gca() if ax is None else ax
    if ratio:
        ax.set_xscale("log")
        ticks = [1e-3, 0.01, 0.03, 0.1, 0.3, 0.5, 1, 2, 3, 10, 30, 100]
        ax.xaxis.set_major_locator(FixedLocator(ticks))
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_locator(NullLocator())
    position = np.arange(len(frame))[::-1]
    groups = pd.Series("", index=frame.index) if group is None else frame[group].astype(str)
    if reference is not None:
        ax.axvline(reference, color=GREY, linewidth=1)
    for colour, name in zip(PALETTE, groups.unique(), strict=False):
        rows = (groups == name).to_numpy()
        ax.errorbar(
            frame[value].to_numpy(dtype=float)[rows],
            position[rows],
            xerr=_whiskers(frame, value, "low", "high")[:, rows],
            fmt="o",
            color=colour,
            capsize=3,
            label=_label(name),
        )
    if group is not None:
        ax.legend(title=group, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    ax.set_yticks(position, [_label(name) for name in frame.index])
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(xlabel)
    columns = [value, "low", "high"]
    remember(ax, "dots", frame, columns, group=group or "", intervals="whiskers")
    return ax


NEAR = 10  # points; a label further away from its point gets a line
# Where a label may stand by its point, in points: round about it, near ones first.
_PLACES = [
    (distance * float(np.cos(angle)), distance * float(np.sin(angle)))
    for distance in (8, 14, 22, 32, 44, 58, 74)
    for angle in np.pi * np.array([0.25, 0.75, -0.25, -0.75, 0.5, -0.5, 0.1, 0.9])
]


def importance_performance(
    frame: pd.DataFrame, *, xlabel: str, ylabel: str, ax: Axes | None = None
) -> Axes:
    """Importance against performance, a cross of intervals for each row, lines at the two means.

    Reads `performance`, `performance_low`, `performance_high` and the same of `importance`; the
    index labels the crosses, away from one another. The quadrants are those of Martilla & James
    (1977), unnamed where `surely_there`, if that is a column, holds for no row. Set the size and
    titles of the figure first: labels are placed for what it then is.
    """
    ax = plt.gca() if ax is None else ax
    ax.axvline(frame["performance"].mean(), color=GREY, linewidth=1, linestyle="--")
    ax.axhline(frame["importance"].mean(), color=GREY, linewidth=1, linestyle="--")
    ax.errorbar(
        frame["performance"],
        frame["importance"],
        xerr=_whiskers(frame, "performance", "performance_low", "performance_high"),
        yerr=_whiskers(frame, "importance", "importance_low", "importance_high"),
        fmt="o",
        color=BLUE,
        ecolor="#9CC5E0",
        capsize=2,
    )
    ax.margins(0.12)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    corners = {
        (0.01, 0.99): "concentrate here",
        (0.99, 0.99): "keep up the good work",
        (0.01, 0.01): "low priority",
        (0.99, 0.01): "possible overkill",
    }
    named = "surely_there" not in frame or frame["surely_there"].any()
    for (x, y), text in corners.items() if named else ():
        ax.text(
            x,
            y,
            text,
            transform=ax.transAxes,
            color=GREY,
            style="italic",
            ha="left" if x < 0.5 else "right",
            va="bottom" if y < 0.5 else "top",
        )
    _label_points(ax, frame["performance"], frame["importance"])
    columns = [f"{name}{end}" for name in ("performance", "importance") for end in ENDS]
    remember(ax, "importance against performance", frame, columns, intervals="whiskers")
    return ax


def _label_points(ax: Axes, x: pd.Series, y: pd.Series) -> None:
    """Write each index label by its point, where it covers no other label and as few points.

    Nearest places first; a label that had to move away gets a thin line to its point.
    """
    figure = ax.get_figure(root=True)
    if figure is not None and (layout := figure.get_layout_engine()):
        layout.execute(figure)  # it moves the Axes
    inch = ax.figure.dpi_scale_trans.transform((1, 1))[0]
    points = ax.transData.transform(np.column_stack([x, y]))
    dots = [Bbox.from_bounds(left - 3, low - 3, 6, 6) for left, low in points]
    taken = [text.get_window_extent() for text in ax.texts]
    for label, point, across, up in zip(x.index, points, x, y, strict=True):
        text = ax.annotate(
            _label(label), (across, up), _PLACES[0], textcoords="offset points", fontsize=9
        )
        text.set_path_effects([withStroke(linewidth=2, foreground="white")])
        size = text.get_window_extent()
        boxes = [
            _box(point + inch / 72 * np.array(place), size.width, size.height, place)
            for place in _PLACES
        ]
        costs = [
            100 * box.count_overlaps(taken)
            + 100 * (not (ax.bbox.containsx(box.x0) and ax.bbox.containsx(box.x1)))
            + 100 * (not (ax.bbox.containsy(box.y0) and ax.bbox.containsy(box.y1)))
            + 10 * box.count_overlaps(dots)
            + np.hypot(*place) / 10
            for box, place in zip(boxes, _PLACES, strict=True)
        ]
        best = int(np.argmin(costs))
        taken.append(boxes[best])
        above = _PLACES[best][1] > 0
        text.set(position=_PLACES[best], ha=_side(_PLACES[best]), va="bottom" if above else "top")
        if np.hypot(*_PLACES[best]) > NEAR:
            line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkA": 0}
            ax.annotate(
                "", (across, up), _PLACES[best], textcoords="offset points", arrowprops=line
            )


def _side(place: tuple[float, float]) -> Literal["left", "center", "right"]:
    """Which side of a label is at its place beside its point."""
    if abs(place[0]) <= 1:
        return "center"
    return "left" if place[0] > 0 else "right"


def _box(corner: FloatArray, width: float, height: float, place: tuple[float, float]) -> Bbox:
    """What a label covers whose nearest side or corner stands at `corner`, in pixels."""
    left = {"left": 0.0, "center": -width / 2, "right": -width}[_side(place)]
    down = 0.0 if place[1] > 0 else -height
    return Bbox.from_bounds(corner[0] + left, corner[1] + down, width, height)


def shares(frame: pd.DataFrame, *, xlabel: str = "share", ax: Axes | None = None) -> Axes:
    """Stacked horizontal bars: each row's shares (rates that sum to 1) over up to nine columns."""
    ax = plt.gca() if ax is None else ax
    left = np.zeros(len(frame))
    position = np.arange(len(frame))[::-1]
    for colour, name in zip(
        [ORANGE, LIGHT, BLUE, GREEN, *PALETTE[3:]], frame.columns, strict=False
    ):
        widths = frame[name].to_numpy(dtype=float)
        ax.barh(position, widths, left=left, color=colour, label=_label(name), height=0.7)
        left = left + widths
    ax.set_yticks(position, [_label(name) for name in frame.index])
    ax.set(xlim=(0, 1), xlabel=xlabel)
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(frame.columns), frameon=False)
    remember(ax, "stacked bars", frame, list(frame.columns))
    return ax


def calibration(frame: pd.DataFrame, *, label: str = "", ax: Axes | None = None) -> Axes:
    """Observed share against mean predicted probability by bin, with intervals and the diagonal.

    Reads `predicted`, `observed`, `low`, `high`.
    """
    ax = plt.gca() if ax is None else ax
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--")
    ax.errorbar(
        frame["predicted"],
        frame["observed"],
        yerr=_whiskers(frame, "observed", "low", "high"),
        fmt="o-",
        capsize=3,
        label=label,
    )
    ax.set(xlabel="predicted probability", ylabel="observed share", xlim=(0, 1), ylim=(0, 1))
    ax.set_aspect("equal")
    columns = ["observed", "low", "high"]
    remember(ax, "calibration", frame, columns, x="predicted", intervals="whiskers")
    return ax


def bars(
    frame: pd.DataFrame,
    *,
    value: str,
    reference: float | None = None,
    xlabel: str = "",
    ylabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Upright bars with whiskers where `low` and `high` stand; the index labels them."""
    ax = plt.gca() if ax is None else ax
    heights = frame[value].to_numpy(dtype=float)
    position = np.arange(len(frame))
    ax.bar(position, heights, color=BLUE, width=0.7)
    if {"low", "high"} <= set(frame.columns):
        whiskers = _whiskers(frame, value, "low", "high")
        ax.errorbar(position, heights, yerr=whiskers, fmt="none", ecolor="#111827", capsize=3)
    if reference is not None:
        ax.axhline(reference, color=ORANGE, linewidth=1, linestyle="--")
    ax.set_xticks(position, [_label(name) for name in frame.index])
    ax.grid(axis="x", visible=False)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    remember(ax, "bars", frame, [value, "low", "high"], intervals="whiskers")
    return ax


def marks(
    frame: pd.DataFrame,
    *,
    value: str,
    marker: str = "o",
    across: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """A second figure for each row of what `bars` drew, or `intervals` (`across`), as marks.

    Upright marks are joined by a dashed line.
    """
    ax = plt.gca() if ax is None else ax
    position = np.arange(len(frame))
    sizes = frame[value].to_numpy(dtype=float)
    if across:
        ax.plot(sizes, position[::-1], marker, color=ORANGE)
    else:
        ax.plot(position, sizes, f"{marker}--", color=ORANGE)
    remember(ax, "marks", frame, [value])
    return ax


def tracks(
    frame: pd.DataFrame, *, xlabel: str = "", ylabel: str = "", ax: Axes | None = None
) -> Axes:
    """Lines over the index, one a column: the first solid (what was observed), others dashed."""
    ax = plt.gca() if ax is None else ax
    for number, name in enumerate(frame.columns):
        ax.plot(frame.index, frame[name], "-" if number == 0 else "--", label=_label(name))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(frameon=False)
    remember(ax, "lines", frame, list(frame.columns))
    return ax


def bands(
    frame: pd.DataFrame,
    *,
    x: str,
    value: str,
    group: str | None = None,
    step: bool = False,
    percent: bool = False,
    reference: float | None = None,
    xlabel: str = "",
    ylabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Lines with their bands: `value` over `x`, a line for each value of the column `group`.

    The band is `value`_low to `value`_high, or `low` to `high` where these are the columns, or
    none. A `step` line keeps its value until the next x, as a survival curve does; `percent`
    writes rates as percentages; `reference` draws a level line. Rows without x or value are not
    drawn. The legend stands outside, in the order of the lines' ends.
    """
    ax = plt.gca() if ax is None else ax
    known = frame.dropna(subset=[x, value])
    names = [f"{value}_low", f"{value}_high"]
    low, high = names if set(names) <= set(frame.columns) else ("low", "high")
    parts = {"": known} if group is None else dict(list(known.groupby(group, sort=False)))
    where: Literal["post"] | None = "post" if step else None
    lines = {}
    for number, (name, part) in enumerate(parts.items()):
        colour = PALETTE[number % len(PALETTE)]
        if low in frame.columns:
            ax.fill_between(
                part[x].to_numpy(dtype=float),
                part[low].to_numpy(dtype=float),
                part[high].to_numpy(dtype=float),
                step=where,
                alpha=0.18,
                linewidth=0,
                color=colour,
            )
        [lines[name]] = ax.plot(
            part[x],
            part[value],
            drawstyle="steps-post" if step else "default",
            linestyle=_LINES[number % len(_LINES)],
            label=_label(name),
            color=colour,
        )
    if reference is not None:
        ax.axhline(reference, color=GREY, linewidth=1, zorder=1)
    if percent:
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    if group is not None and lines:
        ends = {name: part[value].iloc[-1] for name, part in parts.items()}
        order = sorted(lines, key=lambda name: -ends[name])
        ax.legend(
            handles=[lines[name] for name in order],
            title=_label(group),
            loc="center left",
            bbox_to_anchor=(1, 0.5),
            frameon=False,
        )
    ax.set(xlabel=xlabel, ylabel=ylabel)
    kind = "step lines" if step else "lines"
    remember(ax, kind, known, [value, low, high], x=x, group=group or "", intervals="bands")
    return ax


def calibration_curve(
    points: pd.DataFrame,
    distribution: pd.DataFrame,
    *,
    label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """A smooth calibration curve with its band and the diagonal, the customers by risk below.

    Reads `predicted`, `observed`, `low`, `high` of `points`, and `from`, `to`, `customers` of
    `distribution`, whose bars stand below zero, the longest a tenth of the picture.
    """
    ax = plt.gca() if ax is None else ax
    top = float(points[["predicted", "high"]].to_numpy().max()) if len(points) else 1.0
    top = min(1.0, np.ceil(10 * top) / 10)
    ax.plot([0, top], [0, top], color=GREY, linewidth=1, linestyle="--", label="right risks")
    ax.fill_between(
        points["predicted"], points["low"], points["high"], color=BLUE, alpha=0.18, linewidth=0
    )
    ax.plot(points["predicted"], points["observed"], color=BLUE, label=_label(label))
    heights = distribution["customers"] / max(distribution["customers"].max(), 1) * 0.1 * top
    ax.bar(
        distribution["from"],
        heights,
        width=distribution["to"] - distribution["from"],
        bottom=-0.12 * top,
        align="edge",
        color="#9CA3AF",
        linewidth=0,
    )
    ax.set(xlim=(0, top), ylim=(-0.13 * top, top))
    ax.set_yticks([tick for tick in ax.get_yticks() if 0 <= tick <= top + 1e-9])
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel="risk (bars: customers)", ylabel="share that left at that risk")
    if label:
        ax.legend(loc="upper left", frameon=False)
    columns = ["observed", "low", "high"]
    remember(ax, "calibration curve", points, columns, x="predicted", intervals="bands")
    remember(ax, "histogram of the risks", distribution, ["to", "customers"], x="from")
    return ax


class Bounded(Protocol):
    """A number with its interval."""

    @property
    def value(self) -> float | None: ...

    @property
    def low(self) -> float | None: ...

    @property
    def high(self) -> float | None: ...


def profit(
    frame: pd.DataFrame,
    *,
    best: Bounded,
    value: str = "profit_per_1000",
    ylabel: str = "profit per 1,000 customers",
    ax: Axes | None = None,
) -> Axes:
    """Profit by share contacted with its band; the best share and its interval are marked.

    Reads `share` (0 to 1), `value`, `value`_low and `value`_high; the shares that may be the best,
    from best.low to best.high, are shaded.
    """
    ax = bands(frame, x="share", value=value, reference=0, ax=ax)
    if best.low is not None and best.high is not None:
        ax.axvspan(best.low, best.high, color=LIGHT, alpha=0.6, linewidth=0, zorder=0)
    if best.value is not None:
        text = f"best: {best.value:.0%}"
        if best.low is not None and best.high is not None:
            text += f" ({best.low:.0%} to {best.high:.0%})"
        line = ax.axvline(best.value, color=ORANGE, linestyle="--", linewidth=1.5, label=text)
        ax.legend(handles=[line], loc="lower center", frameon=False)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlim=(0, frame["share"].max()), xlabel="share of the customers contacted", ylabel=ylabel)
    return ax


def heat(
    frame: pd.DataFrame,
    *,
    fmt: str = ".2f",
    centre: float | None = None,
    label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """A table as colours with its numbers written in; diverging about `centre` when it is given.

    Cells without a number stay blank, as in a triangle of cohorts. More than nine columns have
    smaller numbers; a `fmt` in percent holds for the scale of colours too.
    """
    ax = plt.gca() if ax is None else ax
    scale = {"format": PercentFormatter(1, decimals=0)} if fmt.endswith("%") else {}
    ends: dict[str, float] = {}
    if centre is not None:
        reach = float(np.nanmax(np.abs(frame.to_numpy(dtype=float) - centre)))
        ends = {"vmin": centre - reach, "vmax": centre + reach}
    sns.heatmap(
        frame.rename(index=_label, columns=_label),
        annot=True,
        fmt=fmt,
        cmap="vlag_r" if centre is not None else "Blues",
        linewidths=1,
        annot_kws={"fontsize": np.clip(90 / max(len(frame.columns), 1), 6, 10)},
        cbar_kws={"label": label} | scale,
        ax=ax,
        **ends,
    )
    ax.grid(visible=False)
    ax.set(xlabel="", ylabel="")
    ax.tick_params(axis="y", rotation=0)
    remember(ax, "a table in colours", frame, list(frame.columns))
    return ax


FIVE_GAPS_LABELS = {
    "customer": "CUSTOMER",
    "company": "COMPANY",
    "word of mouth": "Word of mouth",
    "personal needs": "Personal needs",
    "past experience": "Past experience",
    "expected": "Expected service",
    "perceived": "Perceived service",
    "delivery": "Service delivery",
    "communications": "External communications\nto customers",
    "specifications": "Service quality\nspecifications",
    "management": "Management perceptions of\ncustomer expectations",
    "gap": "Gap",
    "interval": "to",
    "not measured": "not measured",
    "suppressed": "too few answers",
    "falls short": "falls short beyond chance",
    "exceeds": "exceeds beyond chance",
    "not told from zero": "not told from zero,\nallowing for several tests",
    "not known": "not known",
}
_STATES: dict[str, tuple[str, Line]] = {
    "falls short": (ORANGE, "-"),
    "exceeds": (BLUE, "-"),
    "not told from zero": (GREY, "-"),
    "not known": (GREY, ":"),
}
_ZONE_STATES = {
    "below": ORANGE,
    "within": BLUE,
    "above": GREEN,
    "not told from an edge": GREY,
    "inverted zone": "#CC79A7",
    "too few answers": "#9CA3AF",
}
# Centre x and y, width, height on a canvas of 100 x 100.
_BOXES = {
    "word of mouth": (18, 95, 20, 7),
    "personal needs": (41, 95, 20, 7),
    "past experience": (64, 95, 20, 7),
    "expected": (41, 79, 28, 8),
    "perceived": (41, 61, 28, 8),
    "delivery": (41, 42, 28, 8),
    "specifications": (41, 24, 28, 8),
    "management": (41, 6, 28, 8),
    "communications": (87, 42, 25, 8),
}
# What leads to what: the corners of each arrow.
_FLOWS: list[Corners] = [
    [(18, 91.5), (34, 83)],
    [(41, 91.5), (41, 83)],
    [(64, 91.5), (48, 83)],
    [(34, 46), (34, 57)],
    [(34, 28), (34, 38)],
    [(34, 10), (34, 20)],
    [(91, 46), (91, 79), (55, 79)],
    [(83, 46), (83, 61), (55, 61)],
]
# The corners of each gap's arrow and the place of its number.
_GAP_ARROWS: dict[int, tuple[Corners, tuple[float, float]]] = {
    1: ([(27, 79), (11, 79), (11, 6), (27, 6)], (11, 33)),
    2: ([(41, 10), (41, 20)], (49.5, 15)),
    3: ([(41, 28), (41, 38)], (49.5, 33)),
    4: ([(55, 42), (74.5, 42)], (66, 36.5)),
    5: ([(41, 65), (41, 75)], (49.5, 70)),
}


def five_gaps(
    frame: pd.DataFrame, *, labels: Mapping[str, str] | None = None, ax: Axes | None = None
) -> Axes:
    """The model of the five gaps (Parasuraman, Zeithaml & Berry 1985) with the numbers on it.

    Reads a row a gap: `gap` (1 to 5), `difference`, `low`, `high`, `state` and `method`; a gap
    without a row or figures is drawn dotted and says why. `labels` replaces texts of
    FIVE_GAPS_LABELS, for another language. Meant for a figure of about 10 x 7 inches.
    """
    ax = plt.gca() if ax is None else ax
    text = FIVE_GAPS_LABELS | dict(labels or {})
    ax.set(xlim=(0, 100), ylim=(0, 100))
    ax.set_axis_off()
    ax.axhline(51.5, color=GREY, linewidth=1, linestyle="--")
    for y, side, align in ((52.3, "customer", "bottom"), (50.7, "company", "top")):
        ax.text(0, y, text[side], ha="left", va=align, color=GREY, fontsize=8, weight="bold")
    for x, y, width, height in _BOXES.values():
        box = (x - width / 2, y - height / 2)
        ax.add_patch(Rectangle(box, width, height, facecolor="#F3F4F6", edgecolor=GREY))
    for name, (x, y, _, _) in _BOXES.items():
        ax.text(x, y, _label(text[name]), ha="center", va="center", fontsize=9)
    for corners in _FLOWS:
        _arrow(ax, corners, "-|>", color="#9CA3AF", linewidth=1)
    rows = {row["gap"]: row for row in frame.to_dict("records")}
    absent: dict[Hashable, Any] = {"state": "not known", "method": "not measured"}
    for number, (corners, place) in _GAP_ARROWS.items():
        row = rows.get(number, absent)
        colour, line = _STATES[row["state"]]
        _arrow(ax, corners, "<|-|>", color=colour, linewidth=2, linestyle=line)
        lines = f"{text['gap']} {number}\n{_gap_text(row, text)}"
        ax.text(
            *place,
            _label(lines),
            ha="center",
            va="center",
            color=colour,
            fontsize=9,
            weight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    states = {"not known"} if len(rows) < len(_GAP_ARROWS) else set()
    states |= {row["state"] for row in rows.values()}
    shown = {text[state]: look for state, look in _STATES.items() if state in states}
    ax.legend(
        [
            Line2D([], [], color=colour, linestyle=line, linewidth=2)
            for colour, line in shown.values()
        ],
        [_label(name) for name in shown],
        loc="lower right",
        frameon=False,
        fontsize=9,
    )
    columns = ["difference", "low", "high", "state"]
    remember(ax, "the model of the five gaps", frame, columns, x="gap", intervals="in brackets")
    return ax


def _gap_text(row: Mapping[Hashable, Any], text: Mapping[str, str]) -> str:
    if row["state"] == "not known":
        return text[row["method"].partition(":")[0]]
    value = f"{row['difference']:+.2f}"
    if not np.isnan(row["low"]):
        value += f"\n({row['low']:+.2f} {text['interval']} {row['high']:+.2f})"
    return value.replace("-", "\N{MINUS SIGN}")


def _arrow(
    ax: Axes,
    corners: Corners,
    arrowstyle: str,
    *,
    color: str,
    linewidth: float,
    linestyle: Line = "-",
) -> None:
    """An arrow along straight pieces between `corners`."""
    ax.add_patch(
        FancyArrowPatch(
            path=Path(corners),
            arrowstyle=arrowstyle,
            mutation_scale=12,
            color=color,
            linewidth=linewidth,
            linestyle=linestyle,
        )
    )


def tolerance_zones(frame: pd.DataFrame, *, xlabel: str = "", ax: Axes | None = None) -> Axes:
    """A bar from the adequate to the desired level and the mean perception as a dot, a row each.

    Reads `adequate`, `desired`, `perceived`, `perceived_low`, `perceived_high` and `state`, which
    colours the dot; the index labels the rows, the first on top. A row without figures says so.
    """
    ax = plt.gca() if ax is None else ax
    position = np.arange(len(frame))[::-1]
    known = frame["perceived"].notna().to_numpy()
    zone = (frame["desired"] - frame["adequate"]).to_numpy(dtype=float)
    left = frame["adequate"].to_numpy(dtype=float)
    ax.use_sticky_edges = False  # the lowest zone would end at the frame
    ax.barh(position[known], zone[known], left=left[known], color=LIGHT, height=0.5)
    whiskers = _whiskers(frame, "perceived", "perceived_low", "perceived_high")
    for state, colour in _ZONE_STATES.items():
        rows = (frame["state"] == state).to_numpy() & known
        if rows.any():
            ax.errorbar(
                frame["perceived"].to_numpy(dtype=float)[rows],
                position[rows],
                xerr=whiskers[:, rows],
                fmt="o",
                color=colour,
                capsize=3,
                label=_label(state),
            )
    for y in position[~known]:
        ax.text(0.5, y, "no answers", transform=ax.get_yaxis_transform(), color=GREY, va="center")
    ax.set_yticks(position, [_label(name) for name in frame.index])
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(xlabel)
    handles, names = ax.get_legend_handles_labels()
    zone_handle = Rectangle((0, 0), 1, 1, color=LIGHT)
    ax.legend(
        [zone_handle, *handles],
        ["adequate to desired", *(f"perceived: {name}" for name in names)],
        loc="center left",
        bbox_to_anchor=(1, 0.5),
        frameon=False,
    )
    columns = ["adequate", "desired", "perceived", "perceived_low", "perceived_high", "state"]
    remember(ax, "zones of tolerance", frame, columns, intervals="whiskers")
    return ax


def over_time(
    frame: pd.DataFrame,
    *,
    percent: bool = False,
    ylabel: str = "",
    calendar: Calendar = "gregorian",
    ax: Axes | None = None,
) -> Axes:
    """A value over dates with its intervals and, where they stand, control limits and signals.

    Reads `value`, `low` and `high`; the index holds the first days of the periods. With `centre`,
    `lower_limit` and `upper_limit` the band of noise is shaded about its centre; rows whose
    `signal` is not empty are coloured. `percent` writes rates as percentages; the axis is marked by
    months of the `calendar`.
    """
    ax = plt.gca() if ax is None else ax
    dates = pd.DatetimeIndex(frame.index)
    if {"centre", "lower_limit", "upper_limit"} <= set(frame.columns):
        ax.plot(dates, frame["centre"], color=GREY, linewidth=1)
        ax.fill_between(
            dates, frame["lower_limit"], frame["upper_limit"], color=LIGHT, alpha=0.5, step="mid"
        )
    signal = frame.get("signal", pd.Series("", index=frame.index)).to_numpy() != ""
    whiskers = _whiskers(frame, "value", "low", "high")
    ax.plot(dates, frame["value"], color="#9CC5E0", linewidth=1)
    for rows, colour in ((~signal, BLUE), (signal, ORANGE)):
        ax.errorbar(
            dates[rows],
            frame["value"].to_numpy(dtype=float)[rows],
            yerr=whiskers[:, rows],
            fmt="o",
            markersize=4,
            color=colour,
            elinewidth=1,
        )
    ax.set_ylabel(ylabel)
    if percent:
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    if calendar == "gregorian":
        locator = AutoDateLocator(minticks=3, maxticks=8)
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    else:
        days, names = ticks(dates, calendar)
        ax.set_xticks(date2num(days), names)
        frame = frame.set_axis([month_name(day, calendar) for day in dates])
    columns = ["value", "low", "high", "centre", "lower_limit", "upper_limit", "signal"]
    remember(ax, "dots over time", frame, columns, intervals="whiskers")
    return ax


def penalty_reward(frame: pd.DataFrame, *, xlabel: str = "", ax: Axes | None = None) -> Axes:
    """What a low rating costs (left) and a high one gains (right), a row a driver.

    Reads `penalty` and `reward`, each with _low and _high, `kind`, which is written beside the
    name, and `note`, which is written where there are no figures. The first row is on top.
    """
    ax = plt.gca() if ax is None else ax
    position = np.arange(len(frame))[::-1]
    for shift, colour, name in ((0.18, ORANGE, "penalty"), (-0.18, BLUE, "reward")):
        words = {"penalty": "a low rating", "reward": "a high rating"}[name]
        length = frame[name].to_numpy(dtype=float)
        ax.barh(position + shift, length, color=colour, height=0.34, label=words)
        ax.errorbar(
            length,
            position + shift,
            xerr=_whiskers(frame, name, f"{name}_low", f"{name}_high"),
            fmt="none",
            ecolor="#111827",
            capsize=2,
        )
    ax.axvline(0, color=GREY, linewidth=1)
    rows = zip(frame.index, frame["kind"], strict=True)
    ax.set_yticks(position, [_label(f"{name}\n{kind}".rstrip()) for name, kind in rows])
    for y, note in zip(position, frame["note"], strict=True):
        ax.text(0, y, f" {_label(note)}", color=GREY, va="center", fontsize=9)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(xlabel)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)
    columns = [f"{name}{end}" for name in ("penalty", "reward") for end in ENDS]
    remember(ax, "bars to both sides", frame, [*columns, "kind"], intervals="whiskers")
    return ax


_FLOW_COLOURS = {"rose": BLUE, "stayed": "#9CA3AF", "fell": ORANGE, "new": GREEN}
_BAR = 0.03  # width of a column's bars, of the distance between the columns
_LEAST_SLOT = 0.05  # height that a label needs, of the whole


def flows(
    frame: pd.DataFrame, *, before: str = "before", after: str = "after", ax: Axes | None = None
) -> Axes:
    """Two stacked columns, before and after, with a band for each flow between their groups.

    Reads how many went from each row to each column; the columns are ranked, the best first, and a
    row that is no column holds those who are new. Missing flows are not drawn, groups without any
    left out; a label says the share of what is drawn. Bands are coloured by rise, stay and fall.
    Meant for a figure of about 7 x 6 inches.
    """
    ax = plt.gca() if ax is None else ax
    counts = frame.astype(float).fillna(0.0)
    total = counts.to_numpy().sum() or 1.0
    counts = counts.loc[counts.sum(axis=1) > 0, counts.sum() > 0] / total
    order = list(frame.columns)
    left = _slots(counts.sum(axis=1))
    right = _slots(counts.sum())
    drawn: set[str] = set()
    across = np.linspace(0, 1, 40)
    bend = across**2 * (3 - 2 * across)
    for name, row in counts.iterrows():
        for other, size in row[row > 0].items():
            move = _move(order, name, other)
            drawn.add(move)
            top = left[name] + (right[other] - left[name]) * bend
            way = _BAR + across * (1 - 2 * _BAR)
            colour = _FLOW_COLOURS[move]
            ax.fill_between(way, top - size, top, color=colour, alpha=0.55, linewidth=0)
            left[name] -= size
            right[other] -= size
    _flow_bars(ax, counts.sum(axis=1), left, 0.0)
    _flow_bars(ax, counts.sum(), right, 1.0 - _BAR)
    ax.text(0.0, 0.03, _label(before), ha="left", va="bottom", weight="bold")
    ax.text(1.0, 0.03, _label(after), ha="right", va="bottom", weight="bold")
    ax.set(xlim=(-0.5, 1.5), ylim=(min([*left.values(), *right.values()], default=-1), 0.1))
    ax.set_axis_off()
    handles = [
        Rectangle((0, 0), 1, 1, color=colour, alpha=0.55)
        for move, colour in _FLOW_COLOURS.items()
        if move in drawn
    ]
    names = [move for move in _FLOW_COLOURS if move in drawn]
    ax.legend(handles, names, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=4, frameon=False)
    shown = frame.dropna(how="all").dropna(axis=1, how="all")
    remember(ax, f"flows from {before} to {after}", shown, list(shown.columns))
    return ax


def _flow_bars(ax: Axes, sizes: pd.Series, ends: Mapping[Hashable, float], x: float) -> None:
    """The bars of a column whose lower ends are given, labelled on their outer side."""
    outer, side = (x - 0.02, "right") if x < 0.5 else (x + _BAR + 0.02, "left")
    for name, size in sizes.items():
        ax.add_patch(Rectangle((x, ends[name]), _BAR, size, color="#374151"))
        share = "<1%" if size < 0.005 else f"{size:.0%}"
        middle = ends[name] + size / 2
        ax.text(outer, middle, f"{_label(name)}  {share}", ha=side, va="center", fontsize=9)


def _slots(sizes: pd.Series) -> dict[Hashable, float]:
    """The upper end of each bar, from 0 down; a small one gets room for its label."""
    tops, down = {}, 0.0
    for name, size in sizes.items():
        slot = max(float(size), _LEAST_SLOT)
        tops[name] = down - (slot - size) / 2
        down -= slot + 0.015
    return tops


def _move(order: Sequence[Hashable], before: Hashable, after: Hashable) -> str:
    if before not in order:
        return "new"
    if before == after:
        return "stayed"
    return "rose" if order.index(after) < order.index(before) else "fell"
