"""The page over all runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parents[1] / "templates"

RECENT_RUNS = 10


def index(manifests: Sequence[Mapping[str, Any]]) -> str:
    """The index page: the last good report of each name, what is stale, and the recent runs.

    `manifests` are those of all runs, newest first.
    """
    newest: dict[str, list[tuple[Mapping[str, Any], Mapping[str, Any]]]] = {}
    for manifest in manifests:
        for entry in manifest["reports"]:
            newest.setdefault(entry["name"], []).append((manifest, entry))
    rows = []
    for made in sorted(newest.values(), key=lambda made: made[0][1]["notebook"]):
        good = next((pair for pair in made if pair[1]["status"] == "ok"), None)
        failed = made[0] if made[0][1]["status"] != "ok" else None
        rows.append({"name": made[0][1]["name"], "good": good, "failed": failed})
    environment = Environment(loader=FileSystemLoader(TEMPLATES / "report"), autoescape=True)
    template = environment.get_template("runs.html.j2")
    return template.render(rows=rows, manifests=manifests[:RECENT_RUNS])
