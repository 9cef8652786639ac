"""A measure over its last runs as a small drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

WIDTH, HEIGHT, EDGE = 180.0, 44.0, 4.0


@dataclass(frozen=True)
class Point:
    """A measure of one run with what it is as of (an ISO date, or "") and when it was made."""

    as_of: str
    finished: str
    value: float
    low: float | None
    high: float | None


def sparkline(points: Sequence[Point], text: str) -> Markup:
    """An SVG of the values in their order with the band of their intervals.

    The places along the line are those of the dates where all points have one, else equal steps.
    `text` is the alternative for those who do not see it. Needs two points at least.
    """
    across = _places(points)
    limits = [
        (one.value if one.low is None else one.low, one.value if one.high is None else one.high)
        for one in points
    ]
    lowest, highest = min(low for low, _ in limits), max(high for _, high in limits)

    def place(x: float, y: float) -> str:
        share = (y - lowest) / (highest - lowest) if highest > lowest else 0.5
        down = HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)
        return f"{EDGE + x * (WIDTH - 2 * EDGE):.1f},{down:.1f}"

    pairs = list(zip(across, limits, strict=True))
    band = [place(x, high) for x, (_, high) in pairs] + [
        place(x, low) for x, (low, _) in pairs[::-1]
    ]
    line = [place(x, one.value) for x, one in zip(across, points, strict=True)]
    end_x, end_y = line[-1].split(",")
    return Markup(
        '<svg class="spark" role="img" viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" '
        'height="{h:.0f}"><title>{text}</title><polygon class="band" points="{band}"/>'
        '<polyline class="line" points="{line}"/><circle cx="{x}" cy="{y}" r="2.6"/></svg>'
    ).format(
        w=WIDTH,
        h=HEIGHT,
        text=escape(text),
        band=" ".join(band),
        line=" ".join(line),
        x=end_x,
        y=end_y,
    )


def _places(points: Sequence[Point]) -> list[float]:
    """Where the points stand along the line, from 0 to 1."""
    steps = [number / (len(points) - 1) for number in range(len(points))]
    try:
        days = [date.fromisoformat(one.as_of).toordinal() for one in points]
    except ValueError:
        return steps
    span = days[-1] - days[0]
    return [(day - days[0]) / span for day in days] if span > 0 else steps
