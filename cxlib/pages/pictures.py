"""The data behind a figure, made ready for a page."""

import base64
import csv
import io
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIGURE = "application/vnd.cxlib.figure+json"
SHOWN_ROWS = 30


@dataclass(frozen=True)
class FigureTable:
    """A table of a figure: its name, what to download, and its rows where they are few.

    `rows` counts them without the heading; `shown` holds heading and rows, or is empty.
    """

    name: str
    file: str
    uri: str
    rows: int
    shown: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Figure:
    """What is known of a figure besides the picture; "" and () where nothing is.

    A `wide` one is more than twice as wide as high.
    """

    wide: bool
    alt: str
    caption: str
    tables: Sequence[FigureTable]


def figure(data: Mapping[str, Any]) -> Figure:
    """What an output's MIME bundle says of its picture."""
    told = data.get(FIGURE) or {}
    title = str(told.get("title") or "")
    return Figure(
        wide=_is_wide(data),
        alt=str(told.get("alt") or title),
        caption=str(told.get("caption") or title),
        tables=tuple(_table(one) for one in told.get("tables") or () if one.get("csv")),
    )


def _is_wide(data: Mapping[str, Any]) -> bool:
    """Whether a picture is more than twice as wide as high: two plots abreast."""
    width, height = 0.0, 0.0
    if svg := data.get("image/svg+xml"):
        found = re.search(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', svg[:4000])
        width, height = (float(found[1]), float(found[2])) if found else (width, height)
    elif png := data.get("image/png"):
        # The size stands in the PNG's first chunk, bytes 16 to 23.
        width, height = struct.unpack(">II", base64.b64decode(png[:32])[16:24])
    return width > 2 * height


def _table(one: Mapping[str, Any]) -> FigureTable:
    name, text = str(one.get("name") or "data"), str(one["csv"])
    lines = [row for row in csv.reader(io.StringIO(text)) if row]
    # The mark at the beginning tells a spreadsheet that the text is UTF-8.
    coded = base64.b64encode(("\ufeff" + text.removeprefix("\ufeff")).encode()).decode()
    rows = max(0, len(lines) - 1)
    return FigureTable(
        name=name,
        file=re.sub(r"\W+", "-", name).strip("-")[:60] + ".csv",
        uri=f"data:text/csv;charset=utf-8;base64,{coded}",
        rows=rows,
        shown=lines if rows <= SHOWN_ROWS else (),
    )
