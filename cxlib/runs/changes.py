"""What changed in a report since its last comparable run, and whether that is beyond noise."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

from cxlib.corrections import holm

SAME_DATA = "the same data"
NO_INTERVAL = "no interval"
NO_WIDTH = "an interval without width"
ITSELF_A_CHANGE = "itself a change, see its own interval"
PARAMETER = "a parameter of the model, shown but not tested"
FEWEST = 30

# The same question put again at another time may differ in these.
_FREE = {"seed", "output_dir"}
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})?")
_NAMED_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?\b")
_MONTH_DAYS = 365.25 / 12
_NORMAL = NormalDist()

Limits = tuple[float, float, float]


def since_last(
    entry: Mapping[str, Any],
    results: Mapping[str, Any],
    manifests: Sequence[Mapping[str, Any]],
    reports: Path,
) -> dict[str, Any]:
    """What the entry of a good report says about change: three fields of the manifest.

    `compared_with` names the run (its id, when it finished, its as_of, whether its data were the
    same) or is None, and `why_not_compared` then says why; `changes` are those of `compare`.
    `manifests` are the published ones, newest first, and `reports` the folder they are in.
    """
    found = previous_comparable(entry, manifests)
    if isinstance(found, str):
        return {"compared_with": None, "changes": [], "why_not_compared": found}
    manifest, before = found
    path = reports / manifest["run"] / before["name"] / "results.json"
    try:
        old = json.loads(path.read_text(encoding="utf-8"))
        same = same_data(entry, before)
        changes = compare(results, old, same_data=same)
    except (
        OSError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        why = f"The results of run {manifest['run']} cannot be read: {type(error).__name__}."
        return {"compared_with": None, "changes": [], "why_not_compared": why}
    compared_with = {
        "run": manifest["run"],
        "finished": before["finished"],
        "as_of": before.get("as_of") or "",
        "same_data": same,
    }
    return {"compared_with": compared_with, "changes": changes, "why_not_compared": ""}


def previous_comparable(
    entry: Mapping[str, Any], manifests: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | str:
    """The newest published good entry that answers the same question, with its manifest.

    It is of the same series and notebook, and its parameters are equal but for dates, the seed and
    the place of the output: newer data and a newer date are what a comparison is about. A parameter
    that only one of the two knows counts where it was given. One of a later date will not do: a
    change goes forward in time. Without such an entry: a sentence that says why the last good one
    will not do.
    """
    why = "This is the first good run of this report."
    reasons = []
    for manifest in manifests:
        for before in manifest["reports"]:
            if before.get("series") != entry["series"] or before["status"] != "ok":
                continue
            difference = _difference(entry, before) or _later(entry, before)
            if not difference:
                return manifest, before
            reasons.append(f"The last run ({manifest['run']}) {difference}.")
    return reasons[0] if reasons else why


def _later(now: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    dates = str(now.get("as_of") or ""), str(before.get("as_of") or "")
    return f"is of a later date, {dates[1]}" if all(dates) and dates[1] > dates[0] else ""


def same_data(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether two comparable entries have read the same files as of the same dates."""
    read = [
        sorted((one["input"], one["sha256"]) for one in entry["inputs"]) for entry in (now, before)
    ]
    dates = [
        {name: value for name, value in entry["parameters"].items() if name not in _FREE}
        for entry in (now, before)
    ]
    return bool(read[0]) and read[0] == read[1] and dates[0] == dates[1]


def compare(
    now: Mapping[str, Any], before: Mapping[str, Any], *, same_data: bool = False
) -> list[dict[str, Any]]:
    """The changes of a report's measures between two results.json, one dict a measure.

    change = now - before. Its interval is made from the two intervals by MOVER (Zou & Donner 2008),
    which needs no more than those and takes the two runs for independent: see `difference`. Where
    many of the same customers are in both runs, as a month later, the estimates of a level (a
    score, a share, a value) go together, the true uncertainty of the change is smaller and the
    interval is conservative: a change within noise may be one all the same. A measure that is
    itself a change is not compared: what is the later period in one run is the earlier one in the
    next, and so it enters the two with opposite signs.

    The first measure now, the leading one, is tested alone. All others tested are corrected among
    themselves (Holm 1979), so that `p_holm` of the leading one is its own p, and the chance of a
    false alarm is 1 - level for it and 1 - level for all others together. `beyond_noise` is
    p_holm < 1 - level: for the leading measure just where the interval leaves zero out, while
    another one may leave it out and yet not be beyond noise among so many. It is None where it
    cannot be told, and `why` says so: no interval, or one without width towards the other value,
    a parameter of a model (which says nothing by itself), or n below 30 in either run, where the
    normal distribution stretches an interval too little to Holm's first steps.

    A measure of another unit, level, method (but for numbers in it) or note (but for dates in it:
    "since 2025-06"), one of a period longer or shorter by more than a tenth, a suppressed one and
    one that only one of the runs has get no change. With `same_data` nothing can have changed: a
    figure that differs all the same tells of other code or another seed.
    """
    earlier = {one["name"]: one for one in before["measures"]}
    current = {one["name"]: one for one in now["measures"]}
    names = [*current, *(name for name in earlier if name not in current)]
    changes = [_change(name, current.get(name), earlier.get(name), same_data) for name in names]
    tested = [one for one in changes if one["p"] is not None]
    leading, others = tested[:0], tested
    if tested and tested[0]["name"] == next(iter(current)):
        leading, others = tested[:1], tested[1:]
    corrected = [*(one["p"] for one in leading), *holm([one["p"] for one in others])]
    for one, p_holm in zip(tested, corrected, strict=True):
        one["p_holm"] = p_holm
        one["beyond_noise"] = p_holm < 1 - current[one["name"]]["level"]
    for one in changes:
        del one["p"]
    return changes


def difference(now: Limits, before: Limits, *, level: float) -> tuple[Limits, float | None]:
    """now - before with its interval, each given as (value, low, high), and a two-sided p-value.

    With d = v1 - v0, the square-and-add limits (method of variance estimates recovery, Zou & Donner
    2008; for two proportions with Wilson's limits: Newcombe 1998, method 10)

        low  = d - sqrt((v1 - l1)^2 + (u0 - v0)^2)
        high = d + sqrt((u1 - v1)^2 + (v0 - l0)^2)

    keep the skewness of the two intervals, which are those of independent estimates at one level.
    p belongs to z = z_level |d| / h with h the half of the interval that faces zero, so that
    p < 1 - level just where the interval leaves zero out. p is None where one of the intervals has
    no width towards the other value: equal answers of a few people are not certainty.
    """
    (value1, low1, high1), (value0, low0, high0) = now, before
    d = value1 - value0
    below = math.hypot(value1 - low1, high0 - value0)
    above = math.hypot(high1 - value1, value0 - low0)
    halves = (value1 - low1, high0 - value0) if d > 0 else (high1 - value1, value0 - low0)
    p: float | None = None
    if d == 0:
        p = 1.0
    elif min(halves) > 0:
        p = 2 * _NORMAL.cdf(-_NORMAL.inv_cdf(0.5 + level / 2) * abs(d) / math.hypot(*halves))
    return (d, d - below, d + above), p


def _difference(now: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """What makes two entries of a series answers to different questions, "" if nothing does."""
    if before["notebook"] != now["notebook"]:
        return f"was made by {before['notebook']}"
    theirs, ours = before["parameters"], now["parameters"]
    for name, value in theirs.items():
        if name in _FREE or name not in ours or (_is_date(value) and _is_date(ours[name])):
            continue
        if value != ours[name]:
            return f"had {name} = {value!r}, this one {ours[name]!r}"
    for name in sorted(set(theirs) ^ set(ours)):
        if name in now.get("given", {}):
            return f"did not know {name}, which was given now"
        if name in before.get("given", {}):
            return f"was given {name}, which is not known any more"
    return ""


def _is_date(value: object) -> bool:
    """A date, or none, which stands for the newest."""
    return isinstance(value, str) and bool(_DATE.fullmatch(value))


def _change(
    name: str,
    now: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    same: bool,
) -> dict[str, Any]:
    known = now or before or {}
    change: dict[str, Any] = {"name": name, "unit": known["unit"], "better": known["better"]}
    for prefix, one in (("before", before), ("now", now)):
        for suffix, part in (("", "value"), ("_low", "low"), ("_high", "high")):
            change[prefix + suffix] = one and one[part]
    nothing = dict.fromkeys(("change", "low", "high", "p", "p_holm", "beyond_noise"))
    change |= nothing | {"why": next(_obstacles(now, before), "")}
    if change["why"] or now is None or before is None:
        return change
    change["change"] = now["value"] - before["value"]
    if same:
        equal = math.isclose(now["value"], before["value"], rel_tol=1e-9, abs_tol=1e-12)
        change["why"] = SAME_DATA
        change["beyond_noise"] = False if equal else None
    elif _is_change(now):
        change |= {"change": None, "why": ITSELF_A_CHANGE}
    elif now["low"] is None or before["low"] is None:
        change["why"] = NO_INTERVAL
    else:
        limits, p = difference(_limits(now), _limits(before), level=now["level"])
        change["change"], change["low"], change["high"] = limits
        change["why"] = next(_doubts(now, before, p), "")
        change["p"] = None if change["why"] else p
    return change


def _is_change(one: Mapping[str, Any]) -> bool:
    """Whether a measure compares two periods of the data: "nps_change", a share "since 2025-06"."""
    return one["name"].endswith("_change") or bool(re.match(r"since \d{4}-\d\d", one["note"]))


def _doubts(now: Mapping[str, Any], before: Mapping[str, Any], p: float | None) -> Iterator[str]:
    """Why a change that has an interval is not tested."""
    if now["method"].startswith("maximum likelihood"):
        yield PARAMETER
    fewest = min(now["n"], before["n"])
    if fewest < FEWEST:
        yield f"too few to tell, n = {fewest} is below {FEWEST}"
    if p is None:
        yield NO_WIDTH


def _limits(one: Mapping[str, Any]) -> Limits:
    return one["value"], one["low"], one["high"]


def _obstacles(now: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> Iterator[str]:
    """Why there is no change to show."""
    if before is None:
        yield "not in the run before"
    elif now is None:
        yield "not in this run"
    else:
        for one, when in ((now, "now"), (before, "before")):
            if one["value"] is None:
                yield f"suppressed {when}: {one['note'] or one['method']}"
        for part in ("unit", "level"):
            if now[part] != before[part]:
                yield f"another {part}, before: {before[part] or 'none'}"
        # What moves with the data: numbers in a remark on the method, dates in a note.
        for part, moving in (("method", r"\d[\d.,:-]*"), ("note", _NAMED_DATE)):
            if re.sub(moving, "", now[part]) != re.sub(moving, "", before[part]):
                yield f"another {part}, before: {before[part] or 'none'}"
            spans = [_span_days(one[part]) for one in (now, before)]
            if min(spans) > 0 and max(spans) - min(spans) > 0.1 * max(spans):
                yield f"a period of another length, before: {before[part]}"


def _span_days(text: str) -> float:
    """About how long the period is that a text names by its first two dates or months; 0: none."""
    found = _NAMED_DATE.findall(text)[:2]
    if len(found) < 2:
        return 0.0
    first, last = (
        _MONTH_DAYS * (12 * int(year) + int(month)) + int(day or 0) for year, month, day in found
    )
    return abs(last - first) + (1 if found[1][2] else _MONTH_DAYS)
