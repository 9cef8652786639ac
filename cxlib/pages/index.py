"""The page over all runs."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from cxlib.pages.languages import language_of, mark_languages
from cxlib.pages.persian import set_in_persian
from cxlib.pages.series import Made, Manifest, Series, every_series, is_whole
from cxlib.persian import font_faces

TEMPLATES = Path(__file__).parents[1] / "templates"

RECENT_RUNS = 10
# A list that can be overlooked at a glance needs no filter.
FILTER_FROM = 13
STATES = ("failed", "stale", "warned", "good")


def index(
    manifests: Sequence[Manifest],
    unreadable: Sequence[str] = (),
    unfinished: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The index page: the last good report of each series, what is stale, and the recent runs.

    `manifests` are those of all runs, newest first; `unreadable` names the runs whose manifest is
    damaged, `unfinished` holds `run`, `started` and `series` of those that were stopped or killed.
    Where all reports shown are in Persian the page is too.
    """
    damaged = [*unreadable, *(str(one.get("run")) for one in manifests if not is_whole(one))]
    manifests = [one for one in manifests if is_whole(one)]
    every = every_series(manifests, unfinished)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (TEMPLATES / "report" / "index.js").read_text(encoding="utf-8")
    sections = list(_sections(every))
    filtered = len(every) >= FILTER_FROM
    languages = {language_of(one.shown.entry) for one in every}
    language = "fa" if languages == {"fa"} else "en"
    html = environment.get_template("runs.html.j2").render(
        sections=sections,
        counts=[(kind, sum(one.status == kind for one in every)) for kind in STATES],
        runs=[_recent(manifest) for manifest in manifests[:RECENT_RUNS]],
        newest=manifests[0] if manifests else None,
        hidden_runs=max(0, len(manifests) - RECENT_RUNS),
        unreadable=damaged,
        unfinished=unfinished,
        language=language,
        font_faces=Markup(font_faces()) if language == "fa" else "",
        script=Markup(script) if filtered else "",
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    if language == "en":
        return html
    page = BeautifulSoup(html, "html.parser")
    set_in_persian(page)
    mark_languages(page, language)
    return str(page)


def _sections(every: Sequence[Series]) -> Iterator[dict[str, Any]]:
    """What has an article of its own: a series, or all those of a fan-out in one table."""
    for (_, group), members in groupby(every, key=lambda one: (one.notebook, one.group)):
        series = sorted(members, key=lambda one: (one.label, one.name))
        for part in [series] if group else [[one] for one in series]:
            causes: dict[tuple[str, str], list[Series]] = {}
            for one in part:
                if trouble := one.trouble:
                    causes.setdefault((trouble.status, trouble.cause), []).append(one)
            names = {one.leading_name for one in part if one.leading_name}
            yield {
                "group": group,
                "series": part,
                "anchor": f"group-{part[0].anchor}" if group else part[0].anchor,
                "title": part[0].shown.entry["title"],
                "measure": names.pop() if len(names) == 1 else "",
                "causes": causes,
            }


def _recent(manifest: Manifest) -> dict[str, Any]:
    """A run with its reports: those that failed first, the good ones of a fan-out as a number."""
    made = [Made(entry, manifest) for entry in manifest["reports"]]
    groups = Counter(one.entry.get("group") for one in made if not one.failed)
    return {
        "manifest": manifest,
        "failed": [one for one in made if one.failed],
        "good": [one for one in made if not one.failed and not one.entry.get("group")],
        "groups": {group: count for group, count in groups.items() if group},
    }
