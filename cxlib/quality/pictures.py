"""Drawing of what the other files of this package find; nothing here computes or loads."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.ticker import PercentFormatter

from cxlib.figures import remember
from cxlib.plots import BLUE, GREY, LIGHT, ORANGE
from cxlib.quality.coverage import Coverage, weeks

_DAILY_UNTIL = 92  # days; a longer time is drawn by week


def rows_over_time(found: Coverage, *, ax: Axes | None = None) -> Axes:
    """Rows by day, week (more than three months) or month, gaps beyond chance shaded orange."""
    ax = plt.gca() if ax is None else ax
    weekly = found.unit == "day" and len(found.counts) > _DAILY_UNTIL
    drawn = weeks(found.counts) if weekly else found.counts
    unit = "week" if weekly else found.unit
    dates = pd.DatetimeIndex(drawn.index)
    ax.fill_between(dates, drawn["rows"], step="post", color=BLUE, alpha=0.25, linewidth=0)
    ax.step(dates, drawn["rows"], where="post", color=BLUE, linewidth=1)
    gaps = found.gaps[found.gaps["beyond_chance"]]
    ends = zip(date2num(gaps["first"]), date2num(gaps["last"]), strict=True)
    for first, last in ends:
        ax.axvspan(first, last + 1, color=ORANGE, alpha=0.35, linewidth=0)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(f"rows a {unit}")
    locator = AutoDateLocator(minticks=3, maxticks=8)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    ax.grid(axis="x", visible=False)
    remember(ax, f"rows by {unit}", drawn, ["rows"])
    return ax


def missing_bars(rates: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """The share of rows without a value, a bar for each row of `rates`, the first on top.

    Pale where a blank has a meaning of its own.
    """
    ax = plt.gca() if ax is None else ax
    position = np.arange(len(rates))[::-1]
    share = rates["missing_rate"].to_numpy(dtype=float)
    colours = [LIGHT if means else BLUE for means in rates["blank_means"]]
    ax.barh(position, share, color=colours, height=0.7)
    for at, value, missing in zip(position, share, rates["missing"], strict=True):
        ax.annotate(f" {value:.1%} ({missing:,})", (value, at), va="center", fontsize=8)
    ax.set_yticks(position, [_label(name) for name in rates.index])
    ax.set_xlim(0, min(1.0, share.max() * 1.3))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=None))
    ax.grid(axis="y", visible=False)
    ax.set_xlabel("rows without a value")
    remember(ax, "bars", rates, ["missing_rate", "missing", "n"])
    return ax


def missing_matrix(together: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Which columns are missing together: a row a pattern, a dot where the column is missing."""
    ax = plt.gca() if ax is None else ax
    names = [name for name in together.columns if name not in ("rows", "share")]
    position = np.arange(len(together))[::-1]
    for at, (label, row) in zip(position, together.iterrows(), strict=True):
        flags = row[names]
        known = flags.notna()
        missing = flags.where(known, False).astype(bool).to_numpy()
        across = np.arange(len(names))
        if known.all():
            ax.scatter(across[~missing], np.full((~missing).sum(), at), color=LIGHT, s=30)
            ax.scatter(across[missing], np.full(missing.sum(), at), color=ORANGE, s=45)
        else:
            ax.annotate(str(label), (0, at), va="center", fontsize=9, color=GREY)
    counts = zip(together["rows"], together["share"], strict=True)
    texts = [f"{rows:,} ({share:.1%})" for rows, share in counts]
    ax.set_yticks(position, texts)
    ax.set_xticks(range(len(names)), [_label(name) for name in names], rotation=35, ha="right")
    ax.set_xlim(-0.5, len(names) - 0.5)
    ax.set_ylim(-0.6, len(together) - 0.4)
    ax.grid(visible=False)
    ax.set_ylabel("rows with this pattern")
    remember(ax, "patterns", together, ["rows", "share"])
    return ax


def ranges(profile: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Where the values of each number lie between its least and its most, a row a column.

    Thin line: all values; thick: the middle eight tenths; dot: the median. Each row has a scale of
    its own, whose ends and median are written out.
    """
    ax = plt.gca() if ax is None else ax
    position = np.arange(len(profile))[::-1]
    figures = profile[["least", "d1", "d5", "d9", "most"]].astype(float)
    span = (figures["most"] - figures["least"]).where(lambda width: width > 0, 1)
    placed = figures.sub(figures["least"], axis=0).div(span, axis=0)
    ax.hlines(position, 0, placed["most"], color=GREY, linewidth=1)
    ax.hlines(position, placed["d1"], placed["d9"], color=BLUE, linewidth=6, alpha=0.5)
    ax.scatter(placed["d5"], position, color=BLUE, s=28, zorder=3)
    rows = figures.to_dict("records")
    for at, place, row in zip(position, placed["d5"], rows, strict=True):
        ax.annotate(_short(row["d5"]), (place, at + 0.3), ha="center", fontsize=7)
        ax.annotate(_short(row["least"]), (-0.02, at), ha="right", va="center", fontsize=8)
        ax.annotate(_short(row["most"]), (1.02, at), ha="left", va="center", fontsize=8)
    ax.set_yticks(position, [_label(name) for name in profile.index])
    ax.tick_params(axis="y", pad=46)
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.6, len(profile) - 0.2)
    ax.set_xticks([])
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
    remember(ax, "ranges", profile, ["least", "d1", "d5", "d9", "most", "n"])
    return ax


def _short(number: float) -> str:
    return f"{number:,.0f}" if 1000 <= abs(number) < 1e9 else f"{number:.4g}"


def _label(text: object) -> str:
    """Text as it stands: a dollar sign would begin a formula."""
    return str(text).replace("$", r"\$")
