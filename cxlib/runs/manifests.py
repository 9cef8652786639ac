"""The manifests of published runs, read again: what does not fit is named, never fatal."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from cxlib.runs.sealing import is_regular, printed

MANIFEST = "manifest.json"
_NUMBER, _NOTHING = (int, float), type(None)
# What later runs and the pages read, and what it must be.
_OF_A_RUN = {"run": str, "started": str, "finished": str, "seconds": _NUMBER, "reports": list}
_OF_AN_ENTRY = {
    "name": str,
    "title": str,
    "notebook": str,
    "status": str,
    "cause": (dict, _NOTHING),
    "finished": str,
    "seconds": _NUMBER,
    "parameters": dict,
    "inputs": list,
}
# Not in manifests of the first schema.
_LATER_OF_A_RUN = {"sequence": int}
_LATER_OF_AN_ENTRY = {
    "series": str,
    "run": str,
    "given": dict,
    "leading": (dict, _NOTHING),
    "checks": list,
    "compared_with": (dict, _NOTHING),
    "changes": list,
}
_LISTS_OF_DICTS = ("inputs", "checks", "changes")


def read_manifests(reports: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The manifests of all published runs, newest first, and the runs without a readable one.

    A run goes by the name of its folder: a copy under another name is none.
    """
    manifests, unreadable = [], []
    # Not those with a dot: a staging folder has a manifest just before it is renamed.
    for path in sorted(reports.glob(f"[!.]*/{MANIFEST}")):
        try:
            manifest = read_json(path)
        except (OSError, ValueError):
            manifest = None
        if is_manifest(manifest) and manifest["run"] == path.parent.name:
            manifests.append(manifest)
        else:
            unreadable.append(printed(path.parent.name))
    manifests.sort(key=lambda one: (one.get("sequence", 0), one["finished"]), reverse=True)
    return manifests, unreadable


def is_manifest(found: Any) -> bool:
    """Whether it is of the shape of a manifest, of this schema or an earlier one."""
    return _fits(found, _OF_A_RUN, _LATER_OF_A_RUN) and all(map(is_entry, found["reports"]))


def is_entry(found: Any) -> bool:
    """Whether it is of the shape of a report's entry in a manifest."""
    return (
        _fits(found, _OF_AN_ENTRY, _LATER_OF_AN_ENTRY)
        and all(isinstance(one, dict) for key in _LISTS_OF_DICTS for one in found.get(key, []))
        and all(_is_file_name(found[key]) for key in ("name", "series") if key in found)
    )


def is_plan(found: Any) -> bool:
    """Whether it is of the shape of the plan of a run that was not published."""
    needed = {"run": str, "started": str, "series": list}
    return _fits(found, needed, {}) and all(isinstance(one, str) for one in found["series"])


def read_json(path: Path) -> Any:
    """What a file of JSON holds; ValueError where that is not to be had, OSError without a file."""
    if path.exists() and not is_regular(path):
        raise ValueError(f"{path.name} is no file.")
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (RecursionError, MemoryError):
        raise ValueError(f"{path.name} is too large or too deep.") from None


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write JSON as people can read it; refuses numbers that JSON cannot hold."""
    text = json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1)
    # A name that is not UTF-8 has characters that cannot be encoded: escaped, as JSON has them.
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def _fits(found: Any, needed: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    if not isinstance(found, dict) or not found.keys() >= needed.keys():
        return False
    kinds = {**needed, **later}
    return all(
        isinstance(found[key], kind) and (kind is not _NUMBER or 0 <= found[key] < 1e9)
        for key, kind in kinds.items()
        if key in found
    )


def _is_file_name(text: str) -> bool:
    """Whether it is the name of one file or folder, and leads nowhere else."""
    return Path(text).name == text != ".." and "\0" not in text


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON.")
