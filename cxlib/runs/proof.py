"""What a notebook proved: its results.json, read with the distrust due to a stranger's file."""

import json
import math
from pathlib import Path
from typing import Any

_LONGEST_HEADLINE = 10_000
_TEXTS = ("name", "unit", "better", "method", "note")
_NUMBERS = ("value", "low", "high", "level", "n")


def read_results(path: Path) -> dict[str, Any]:
    """The content of a results.json as `results.save` writes it.

    Raises FileNotFoundError when there is none and ValueError, naming the part, when it is not in
    that shape: docs/schemas/results.schema.json says all of it, this holds what pages rely on.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    _require(isinstance(content, dict), "it is no object")
    headline = content.get("headline")
    _require(isinstance(headline, str), "headline is no text")
    _require(len(headline) <= _LONGEST_HEADLINE, "headline is too long for a sentence")
    for key in ("measures", "checks", "inputs"):
        parts = content.setdefault(key, [])
        well = isinstance(parts, list) and all(isinstance(part, dict) for part in parts)
        _require(well, f"{key} is no list of objects")
    for number, measure in enumerate(content["measures"], start=1):
        for key in _TEXTS:
            _require(isinstance(measure.get(key, ""), str), f"measure {number}: {key} is no text")
        for key in _NUMBERS:
            _require(_is_number(measure.get(key)), f"measure {number}: {key} is no number")
        _require("name" in measure, f"measure {number} has no name")
    for number, check in enumerate(content["checks"], start=1):
        texts = all(isinstance(check.get(key), str) for key in ("name", "text"))
        well = texts and check.get("passed") in (True, False, None)
        _require(well, f"check {number} is not name, passed and text")
    for number, one in enumerate(content["inputs"], start=1):
        _require(isinstance(one.get("input"), str), f"input {number} has no name")
    return content


def _require(well: bool, problem: str) -> None:
    if not well:
        raise ValueError(problem)


def _is_number(value: object) -> bool:
    return value is None or (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    )


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")
