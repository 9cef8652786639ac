"""How a figure is shown in a notebook: crisp, described in words, with the data that were drawn.

The functions of `plots` tell `remember` what they drew on which Axes. When a notebook shows the
figure, its output holds, beside the picture, what somebody needs who cannot see it or wants to
compute with it: title, caption, text alternative and the drawn values as CSV.
"""

import base64
import csv
import datetime
import io
import numbers
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import matplotlib_inline.backend_inline as inline
import numpy as np
import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.core.pylabtools import select_figure_formats
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter
from matplotlib.transforms import Bbox

from cxlib.formulas import guarded
from cxlib.persian import in_persian, in_persian_digits, isolated

MIME = "application/vnd.cxlib.figure+json"
LARGEST_SVG = 200_000  # bytes; a larger picture is a PNG
LARGEST_DATA = 200_000  # bytes of CSV with a figure
_MOST_SPOKEN = 3  # panels and lines that a text alternative goes into
_BOUND = re.compile(r"(.*_)?(low|high)|n")
_LIMITS = ("centre", "lower_limit", "upper_limit")  # of a control chart: no values either


@dataclass(frozen=True)
class Drawing:
    """What one function of `plots` drew: rows of a frame, how, and what its intervals look like.

    `x` names the column that runs along the other axis ("": the index), `group` the one that tells
    lines apart ("": none), `intervals` how bounds are drawn ("": there are none).
    """

    kind: str
    frame: pd.DataFrame
    x: str
    group: str
    intervals: str


_drawn: WeakKeyDictionary[Axes, list[Drawing]] = WeakKeyDictionary()
_called: WeakKeyDictionary[Axes, str] = WeakKeyDictionary()


def remember(
    ax: Axes,
    kind: str,
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    x: str = "",
    group: str = "",
    intervals: str = "",
) -> None:
    """Keep what was drawn on `ax`: those of the `columns` that the frame has, and its `n`.

    Bounds of a value that is missing are left out, as they were not drawn.
    """
    names = [name for name in dict.fromkeys([x, group, *columns]) if name in frame.columns]
    kept = frame[[*names, *(["n"] if "n" in frame.columns and "n" not in names else [])]].copy()
    bounds = [name for name in map(str, names) if _BOUND.fullmatch(name) and name != "n"]
    for name in bounds:
        value = name.rpartition("_")[0] or columns[0]
        if value in kept:
            kept[name] = kept[name].where(kept[value].notna())
    drawing = Drawing(kind, kept, x, group, intervals if bounds else "")
    _drawn.setdefault(ax, []).append(drawing)


def call_intervals(ax: Axes, name: str) -> None:
    """What captions call the intervals drawn on `ax`: "prediction intervals", say."""
    _called[ax] = name


def show_in_notebooks(level: float | None, language: str = "en") -> None:
    """From now on show figures of the running notebook with `bundle`; elsewhere do nothing.

    `level` is the confidence level of the intervals that are drawn, for the captions; in the
    `language` "fa" the texts of a figure are Persian as far as the catalogue has them.
    """
    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return
    if "inline" in (mpl.get_backend(auto_select=False) or ""):
        # A kernel forked from a process that had imported the backend was not told of it yet.
        inline.configure_inline_support(shell, "inline")
    select_figure_formats(shell, ())
    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type(Figure, partial(bundle, level=level, language=language))


def bundle(figure: Figure, *, level: float | None = None, language: str = "en") -> dict[str, Any]:
    """The output of a figure, MIME type -> content: picture, alternative text and `describe`.

    The picture is SVG, or PNG where that would be larger than LARGEST_SVG. Equal figures make equal
    bytes, whatever the day.
    """
    if not figure.axes:
        return {}
    described = describe(figure, level=level)
    if language == "fa":
        described |= {name: in_persian(described[name]) for name in ("title", "alt", "caption")}
        set_in_persian(figure)
    return {**_picture(figure), "text/plain": described["alt"], MIME: described}


def set_in_persian(figure: Figure) -> None:
    """Put the texts of a figure into Persian, also those that axes make when they are drawn."""
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(_PersianFormatter(axis.get_major_formatter()))
    for text in figure.findobj(Text):
        lines = str(text.get_text()).replace(r"\$", "$").split("\n")
        told = "\n".join(isolated(in_persian(line)) for line in lines)
        text.set_text(told.replace("$", r"\$"))


class _PersianFormatter(Formatter):
    """The labels of another formatter in Persian."""

    def __init__(self, inner: Formatter) -> None:
        self._inner = inner

    def set_axis(self, axis: Any) -> None:
        super().set_axis(axis)
        self._inner.set_axis(axis)

    def set_locs(self, locs: Any) -> None:
        self._inner.set_locs(locs)

    def __call__(self, x: float, pos: int | None = None) -> str:
        return isolated(in_persian(self._inner(x, pos)))

    def format_ticks(self, values: Any) -> list[str]:
        return [isolated(in_persian(label)) for label in self._inner.format_ticks(values)]

    def get_offset(self) -> str:
        return in_persian_digits(self._inner.get_offset())


def _picture(figure: Figure) -> dict[str, str]:
    if layout := figure.get_layout_engine():
        # Saving would lay out by drawing all of it once more.
        layout.execute(figure)
        figure.set_layout_engine("none")
    # A title or legend that the layout found no room for makes the picture larger.
    width, height = figure.get_size_inches()
    whole = Bbox.union([figure.get_tightbbox(), Bbox.from_bounds(0, 0, width, height)])
    file = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "cxlib"}):
        metadata = {"Date": None, "Creator": None}
        figure.savefig(file, format="svg", metadata=metadata, bbox_inches=whole)
    if file.tell() <= LARGEST_SVG:
        return {"image/svg+xml": file.getvalue().decode()}
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None}, bbox_inches=whole)
    return {"image/png": base64.b64encode(file.getvalue()).decode()}


def describe(figure: Figure, *, level: float | None = None) -> dict[str, Any]:
    """Title, text alternative, caption and data of a figure, made from what was drawn on it.

    Keys `title`, `alt`, `caption` and `tables` (a list of {"name", "csv"}). Tables of more than
    LARGEST_DATA bytes in all are left out, and the caption says so.
    """
    panels = [ax for ax in figure.axes if ax.get_visible() and ax.get_label() != "<colorbar>"]
    titles = [_title(ax) for ax in panels]
    tables = [table for ax in panels for table in _tables(ax)]
    caption = [_intervals_told(panels, level)]
    if sum(len(table["csv"].encode()) for table in tables) > LARGEST_DATA:
        tables = []
        caption.append("The values are too many to be kept with the figure.")
    return {
        "title": "; ".join(dict.fromkeys(title for title in titles if title)),
        "alt": " ".join(_told(ax, brief=len(panels) > _MOST_SPOKEN) for ax in panels),
        "caption": " ".join(part for part in caption if part),
        "tables": tables,
    }


def _title(ax: Axes) -> str:
    return _plain(ax.get_title("left") or ax.get_title() or ax.get_title("right"))


def _plain(text: str) -> str:
    """A text of a figure as it is read: on one line, dollar signs without their backslash."""
    return " ".join(text.replace(r"\$", "$").split())


def _tables(ax: Axes) -> list[dict[str, str]]:
    """What was drawn on an Axes, a CSV for each drawing."""
    axis = _plain(ax.get_xlabel() or ax.get_ylabel())
    return [
        {"name": _title(ax) or axis or drawing.kind, "csv": _csv(drawing)}
        for drawing in _drawn.get(ax, [])
    ]


def _csv(drawing: Drawing) -> str:
    """The rows with the labels that stand on an axis, in which no text is a formula."""
    frame = drawing.frame
    columns: dict[Any, Any] = {name: frame[name] for name in frame}
    if not drawing.x and not isinstance(frame.index, pd.RangeIndex):
        names = [name or "label" for name in frame.index.names]
        levels = [frame.index.get_level_values(at) for at in range(len(names))]
        columns = dict(zip(names, levels, strict=True)) | columns
    file = io.StringIO()
    # With this end of line a carriage return within a text is quoted, else it would begin a row.
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([guarded(str(name)) for name in columns])
    writer.writerows(zip(*(map(_written, column) for column in columns.values()), strict=True))
    return file.getvalue().replace("\r\n", "\n")


def _written(value: Any) -> str:
    """A value as it stands in a CSV; a missing one is empty."""
    if pd.isna(value):
        return ""
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    return f"{value:.10g}" if isinstance(value, numbers.Real) else guarded(str(value))


def _intervals_told(panels: Sequence[Axes], level: float | None) -> str:
    """What the whiskers and bands stand for, and how many answers or customers are behind them."""
    drawings = [drawing for ax in panels for drawing in _drawn.get(ax, [])]
    looks: dict[str, dict[str, str]] = {}
    for ax in panels:
        for drawing in _drawn.get(ax, []):
            if drawing.intervals:
                name = _called.get(ax, "intervals")
                looks.setdefault(name, {})[drawing.intervals] = _title(ax)
    if not looks:
        return ""
    of = f"{100 * level:.4g} % " if level else ""
    parts = []
    for name, kinds in looks.items():
        where = dict.fromkeys(title for title in kinds.values() if title and len(looks) > 1)
        seen_in = f" ({', '.join(where)})" if where else ""
        parts.append(f"{' and '.join(kinds)}{seen_in}: {of}{name}")
    told = "; ".join(parts)
    told = f"{told[:1].upper()}{told[1:]}"
    counts = [drawing.frame["n"].dropna() for drawing in drawings if "n" in drawing.frame]
    counts = [count for count in counts if len(count)]
    if counts:
        least, most = min(map(min, counts)), max(map(max, counts))
        told += f", n = {least:,.0f}" + f" to {most:,.0f}" * bool(most > least)
    return f"{told}."


def _told(ax: Axes, *, brief: bool) -> str:
    """One panel in a sentence or two: what it is, its axes, and where its values lie."""
    drawings = _drawn.get(ax, [])
    kinds = dict.fromkeys(drawing.kind for drawing in drawings)
    opening = ": ".join(part for part in (_title(ax), " and ".join(kinds) or "a plot") if part)
    parts = [opening]
    for name, label in (("across", ax.get_xlabel()), ("up", ax.get_ylabel())):
        if label and not brief:
            parts.append(f"{name}: {_plain(label)}")
    parts += [_values_told(drawing) for drawing in drawings]
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}."


def _values_told(drawing: Drawing) -> str:
    """How many rows were drawn, and the least and the greatest value with their labels."""
    frame = drawing.frame.set_index(drawing.x) if drawing.x else drawing.frame
    values = [
        name
        for name in frame.select_dtypes("number")
        if name != drawing.group and not _BOUND.fullmatch(str(name)) and name not in _LIMITS
    ]
    if not values:
        return f"{len(frame):,} rows"
    missing = int(frame[values].isna().all(axis=1).sum())
    rows = f"{len(frame):,} rows" + f", {missing:,} of them without figures" * bool(missing)
    lines: dict[str, pd.Series] = {}
    if len(values) > _MOST_SPOKEN:
        lines[""] = pd.Series(frame[values].stack())
    elif drawing.group:
        groups = frame.groupby(drawing.group, sort=False)
        lines = {str(name): part[values[0]] for name, part in groups}
    else:
        named = len(values) > 1
        lines = {str(name).replace("_", " ") * named: frame[name] for name in values}
    known = {name: line.dropna().astype(float) for name, line in lines.items()}
    told = [f"{name} {_ends(line)}".strip() for name, line in known.items() if len(line)]
    more = f" and {len(told) - _MOST_SPOKEN} more" * (len(told) > _MOST_SPOKEN)
    return "; ".join([rows, *told[:_MOST_SPOKEN]]) + more


def _ends(line: pd.Series) -> str:
    """The least and greatest value: "from -1.65 (responsiveness) to -0.42 (tangibles)"."""
    ends = []
    for at in (int(line.argmin()), int(line.argmax())):
        label = line.index[at]
        labels = label if isinstance(label, tuple) else (label,)
        ends.append(f"{_spoken(line.iloc[at])} ({', '.join(map(_spoken, labels))})")
    return f"from {ends[0]} to {ends[1]}" if ends[0] != ends[1] else ends[0]


def _spoken(label: object) -> str:
    """A label or a value as a reader would say it."""
    if isinstance(label, datetime.date):
        return label.strftime("%Y-%m-%d")
    if isinstance(label, numbers.Real):
        number = float(label)
        return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
    return " ".join(str(label).split())
