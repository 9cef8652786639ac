"""What a manifest says about a figure and its change, in words."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

_NAMED = 3


def figure(measure: Mapping[str, Any]) -> str:
    """A measure with its interval: "29.2 points (95 % interval 25.7 to 32.5)"."""
    value, low, high = measure["value"], measure["low"], measure["high"]
    if value is None:
        return f"suppressed: {measure['note'] or measure['method']}"
    digits = _digits(value, low, high)
    number = f"{value:z,.{digits}f} {measure['unit']}".rstrip()
    if low is None or high is None:
        return number
    level = f"{100 * measure['level']:.4g} % interval"
    return f"{number} ({level} {low:z,.{digits}f} to {high:z,.{digits}f})"


def what_changed(entry: Mapping[str, Any]) -> str:
    """How the leading measure of an entry moved since the last comparable run, and how many others.

    "Up 3.1 points (0.4 to 5.8) since 2026-09-30, beyond noise. 1 of 22 other
    figures moved beyond noise too: top share."
    Says why where that cannot be told; "" for an entry that knows nothing of it.
    """
    against, changes = entry.get("compared_with"), entry.get("changes") or []
    if not against:
        return str(entry.get("why_not_compared") or "")
    if against.get("same_data"):
        return _same_data(changes, since(entry))
    name = (entry.get("leading") or {}).get("name")
    leading = next((one for one in changes if one["name"] == name), None)
    others = tested_together(entry)
    parts = [moved(leading, since(entry))] if leading else []
    if others:
        parts.append(_beyond(others, also=bool(leading and leading["beyond_noise"])))
    return " ".join(parts)


def tested_together(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The changes corrected among themselves: all tested ones but that of the leading measure."""
    name = (entry.get("leading") or {}).get("name")
    changes = entry.get("changes") or []
    return [one for one in changes if one["name"] != name and one["p_holm"] is not None]


def only_alone(change: Mapping[str, Any]) -> bool:
    """Whether a change's own interval leaves zero out, and yet it may be noise among so many."""
    low, high = change["low"], change["high"]
    return change["beyond_noise"] is False and low is not None and (low > 0 or high < 0)


def since(entry: Mapping[str, Any]) -> str:
    """The date of what an entry is compared with: of its data, where those of the two differ."""
    against = entry["compared_with"]
    as_of = against.get("as_of")
    return str(as_of if as_of and as_of != entry.get("as_of") else against["finished"][:10])


def moved(change: Mapping[str, Any], date: str) -> str:
    """How one measure moved: "Down 2 (-5 to +1) since 2026-09-30, within noise."."""
    d, low, high = change["change"], change["low"], change["high"]
    if d is None:
        return f"Not comparable with {date}: {change['why']}."
    digits = _digits(d, low, high)
    size = f"{abs(d):z,.{digits}f}"
    way = f"{'Up' if d > 0 else 'Down'} {size} {change['unit']}".rstrip()
    if float(size.replace(",", "")) == 0:
        way = "Unchanged"
    if low is not None:
        way += f" ({low:+z,.{digits}f} to {high:+z,.{digits}f})"
    if change["beyond_noise"] is None:
        return f"{way} since {date}; noise cannot be told: {change['why']}."
    if only_alone(change):
        return f"{way} since {date}, beyond noise alone, but not among all figures tested."
    if not change["beyond_noise"]:
        return f"{way} since {date}, within noise."
    good = {"higher": d > 0, "lower": d < 0}.get(change["better"])
    judged = "" if good is None else ", for the better" if good else ", for the worse"
    return f"{way} since {date}, beyond noise{judged}."


def spoken(name: str) -> str:
    """The name of a measure as a reader would say it."""
    return name.replace("_", " ")


def _same_data(changes: Sequence[Mapping[str, Any]], date: str) -> str:
    differing = sum(bool(one["change"]) and one["beyond_noise"] is None for one in changes)
    if not differing:
        return f"The same data as on {date}: the figures are equal."
    return (
        f"The same data as on {date}, yet {differing} of {len(changes)} figures differ: the code "
        "or the seed is another."
    )


def _beyond(others: Sequence[Mapping[str, Any]], *, also: bool) -> str:
    names = [spoken(one["name"]) for one in others if one["beyond_noise"]]
    figures = "other figure" if len(others) == 1 else "other figures"
    if not names:
        return f"Of {len(others)} {figures} tested together none moved beyond noise."
    more = len(names) - _NAMED
    listed = ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    too = " too" if also else ""
    return f"{len(names)} of {len(others)} {figures} moved beyond noise{too}: {listed}."


def _digits(value: float, low: float | None, high: float | None) -> int:
    """Decimals that leave two figures of the uncertainty, or three of a value without any."""
    scale = abs(value) / 10 if low is None or high is None else (high - low) / 2
    return max(0, 1 - math.floor(math.log10(scale))) if scale else 0
