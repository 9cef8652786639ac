"""Axes-level drawing of results: a tidy frame and an Axes in, the Axes out.

Nothing here loads, computes a statistic or shows a figure. Every function draws on `ax`, or on a
new Axes when none is given.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator
from matplotlib_inline.backend_inline import set_matplotlib_formats
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Okabe & Ito (2008): told apart in the common colour-vision deficiencies.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B7280"
PALETTE = [BLUE, ORANGE, GREEN, "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000"]


def use_style() -> None:
    """One look for all figures: quiet axes, colour-blind-safe palette, crisp inline pictures."""
    set_matplotlib_formats("png")
    sns.set_theme(
        style="whitegrid",
        palette=PALETTE,
        rc={
            "figure.figsize": (9, 4.5),
            "figure.dpi": 120,
            "figure.constrained_layout.use": True,
            "savefig.bbox": "tight",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": "#9CA3AF",
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "grid.color": "#E5E7EB",
            "font.family": "sans-serif",
            "font.sans-serif": ["DejaVu Sans"],
            "font.size": 10,
        },
    )


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
        ax.xaxis.set_major_locator(FixedLocator([1e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]))
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
    return ax


def importance_performance(
    frame: pd.DataFrame, *, xlabel: str, ylabel: str, ax: Axes | None = None
) -> Axes:
    """Importance against performance, a cross of intervals for each row, lines at the two means.

    Reads `performance`, `performance_low`, `performance_high` and the same of `importance`; the
    index labels the crosses (Martilla & James 1977).
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
    for label, row in frame.iterrows():
        ax.annotate(
            _label(label),
            (row["performance"], row["importance"]),
            xytext=(6, 5),
            textcoords="offset points",
        )
    ax.margins(0.12)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    corners = {
        (0.01, 0.99): "fix first",
        (0.99, 0.99): "keep up",
        (0.01, 0.01): "low priority",
        (0.99, 0.01): "possible overkill",
    }
    for (x, y), text in corners.items():
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
    return ax


def shares(frame: pd.DataFrame, *, xlabel: str = "share", ax: Axes | None = None) -> Axes:
    """Stacked horizontal bars: each row's shares (rates that sum to 1) over the columns."""
    ax = plt.gca() if ax is None else ax
    left = np.zeros(len(frame))
    position = np.arange(len(frame))[::-1]
    for colour, name in zip([ORANGE, "#D1D5DB", BLUE, GREEN], frame.columns, strict=False):
        widths = frame[name].to_numpy(dtype=float)
        ax.barh(position, widths, left=left, color=colour, label=_label(name), height=0.7)
        left = left + widths
    ax.set_yticks(position, [_label(name) for name in frame.index])
    ax.set(xlim=(0, 1), xlabel=xlabel)
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(frame.columns), frameon=False)
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
    return ax


def heat(
    frame: pd.DataFrame,
    *,
    fmt: str = ".2f",
    centre: float | None = None,
    label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """A table as colours with its numbers written in; diverging about `centre` when it is given."""
    ax = plt.gca() if ax is None else ax
    sns.heatmap(
        frame.rename(index=_label, columns=_label),
        annot=True,
        fmt=fmt,
        center=centre,
        cmap="vlag_r" if centre is not None else "Blues",
        linewidths=1,
        cbar_kws={"label": label},
        ax=ax,
    )
    ax.set(xlabel="", ylabel="")
    ax.tick_params(axis="y", rotation=0)
    return ax
