"""The page of `cx check`: what the door says of every input."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader

from cxlib.pages.languages import mark_languages

TEMPLATES = Path(__file__).parents[1] / "templates"
_BADGES = {"good": "good", "warned": "warned", "refused": "failed"}
_KINDS = ("exclusions", "warnings", "repairs")


def inputs(checked: Mapping[str, Any]) -> str:
    """One HTML page, without scripts and network, from what docs/schemas/check.schema.json says.

    Refused inputs come first. All texts are escaped.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    states = Counter(one["status"] for one in checked["inputs"])
    html = environment.get_template("inputs.html.j2").render(
        sources=checked["sources"],
        inputs=sorted(checked["inputs"], key=lambda one: one["status"] != "refused"),
        counts=[(status, states[status]) for status in _BADGES if states[status]],
        badges=_BADGES,
        kinds=_KINDS,
    )
    page = BeautifulSoup(html, "html.parser")
    mark_languages(page, "en")
    return str(page)
