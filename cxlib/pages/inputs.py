"""The page of `cx check`: what the door says of every input."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from cxlib.pages.declarations import mark_declarations
from cxlib.pages.languages import mark_languages
from cxlib.pages.persian import set_in_persian
from cxlib.persian import font_faces

TEMPLATES = Path(__file__).parents[1] / "templates"
_BADGES = {"good": "good", "warned": "warned", "refused": "failed"}
_KINDS = ("exclusions", "warnings", "repairs")


def inputs(checked: Mapping[str, Any], language: str = "en") -> str:
    """One HTML page, without scripts and network, from what docs/schemas/check.schema.json says.

    Refused inputs come first. All texts are escaped. `language`: "en" or "fa".
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
        language=language,
        font_faces=Markup(font_faces()) if language == "fa" else "",
    )
    page = BeautifulSoup(html, "html.parser")
    if language == "fa":
        set_in_persian(page)
    mark_declarations(page)
    mark_languages(page, language)
    return str(page)
