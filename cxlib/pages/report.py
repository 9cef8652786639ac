"""An executed notebook as one HTML file."""

import base64
import functools
import hashlib
import json
import re
import secrets
import shlex
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mistune
from bs4 import BeautifulSoup, Tag
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode

from cxlib.pages.changes import ToldChanges, told_changes
from cxlib.pages.counted import counted
from cxlib.pages.declarations import mark_declarations
from cxlib.pages.languages import language_of, mark_languages
from cxlib.pages.persian import set_headings, set_in_persian
from cxlib.pages.pictures import figure
from cxlib.pages.samples import sample_inputs
from cxlib.pages.tables import set_tables
from cxlib.pages.words import SCRIPT_WORDS, WORDS, Words
from cxlib.persian import font_faces, in_persian, in_persian_digits

TEMPLATES = Path(__file__).parents[1] / "templates"
# What of the answer is read at once, beside its headline.
_POINTS = 2
_CHECKS = 3

_TABLE_TAGS = ["table", "thead", "tbody", "tr", "th", "td", "p", "div", "br", "b", "i", "code"]


# An exporter holds what it works on, and several threads make pages.
_at_work = threading.Lock()


class _NoLinks(mistune.HTMLRenderer):
    """What a cell says about data links nowhere and loads nothing."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text


_plugins = ["table", "strikethrough"]
_markdown = mistune.create_markdown(escape=True, plugins=_plugins)
_said = mistune.create_markdown(renderer=_NoLinks(escape=True), plugins=_plugins)
_sanitizer = SanitizeHTML(
    tags=_TABLE_TAGS, attributes={"*": ["colspan", "rowspan", "scope"]}, strip=True
)


class _Kept:
    """Long texts that need no more work, such as pictures: put aside and put back at the end."""

    def __init__(self) -> None:
        # Nothing in a notebook can look like a mark that it cannot foresee.
        self._mark = f"kept-{secrets.token_hex(8)}-"
        self._texts: list[str] = []

    def __deepcopy__(self, memo: object) -> "_Kept":
        # The exporter works on copies of what it is given; what they keep is needed here.
        return self

    def put_aside(self, text: str) -> str:
        self._texts.append(text)
        return f"{self._mark}{len(self._texts) - 1}."

    def put_back(self, html: str) -> str:
        return re.sub(self._mark + r"(\d+)\.", lambda found: self._texts[int(found[1])], html)


class Untitled(Preprocessor):
    """Take the title away, which the page's header has, and papermill's own marks.

    What stands below the title gets a heading of its own.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        cells = [cell for cell in nb.cells if "papermill-error-cell-tag" not in _tags(cell)]
        for cell in cells:
            if cell.cell_type == "markdown" and cell.source.startswith("# "):
                about = cell.source.partition("\n")[2]
                heading = f"## {resources['words']['about']}\n\n"
                cell.source = heading + about if about.strip() else ""
                break
        nb.cells = cells
        return nb, resources


def title(notebook: NotebookNode) -> str:
    """The text of the first first-level heading, "" when there is none."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return cell.source.partition("\n")[0].removeprefix("# ").strip()
    return ""


def report(notebook: NotebookNode, entry: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    """One HTML page from an executed notebook, its entry in the manifest and the manifest.

    Cells tagged `answer` come first, but in a failed report, which has no answer. All that the
    notebook and its inputs make stands in `<article id="body">`, which is the same for the same
    inputs; what depends on the run (its time, its id, what changed since the one before, versions
    of software) stands outside of it. Figures get their own alternative text, or the nearest
    heading above.
    """
    language = language_of(entry)
    words = WORDS[language]
    script = (TEMPLATES / "report" / "report.js").read_text(encoding="utf-8")
    kept = _Kept()
    changes = None if entry["cause"] else told_changes(entry, words)
    resources = {
        "report": entry,
        "run": manifest,
        "kept": kept,
        "language": language,
        "words": words,
        "font_faces": font_faces() if language == "fa" else "",
        "script": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "script_words": json.dumps({key: words[key] for key in SCRIPT_WORDS}, ensure_ascii=False),
        "sample": _sample(entry, words),
        "period": _period(entry),
        "counted": counted(entry["leading"], words) if entry.get("leading") else "",
        "checks": _checks(entry, words, language),
        "changes": changes,
        "changed": _changed(entry, changes, words) if changes else "",
        "again": _again(entry, manifest, words),
    }
    with _at_work:
        html, _ = _exporter().from_notebook_node(notebook, resources)
    page = BeautifulSoup(html, "html.parser")
    _place_answer(page, words, failed=bool(entry["cause"]))
    _open_failed_cell(page)
    if language == "fa":
        set_headings(page)
    set_tables(page, words["table"])
    _describe_figures(page, words["figure"])
    _list_contents(page)
    if language == "fa":
        set_in_persian(page)
    mark_declarations(page)
    mark_languages(page, language)
    return kept.put_back(str(page))


@functools.cache
def _exporter() -> HTMLExporter:
    """One for all pages, for it takes a quarter of a second to read the template."""
    return HTMLExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        preprocessors=[Untitled],
        filters={
            "markdown": _markdown,
            "said": _said,
            "clean_frame": _clean_frame,
            "figure": figure,
            "put_aside": _put_aside,
        },
    )


@pass_context
def _put_aside(context: Context, text: str) -> str:
    kept: _Kept = context["resources"]["kept"]
    return kept.put_aside(text)


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _clean_frame(html: str) -> str:
    """A frame's HTML with table tags only: a Styler, say, does not escape what is in it."""
    return _sanitizer.sanitize_html_tags(re.sub(r"(?s)<style.*?</style>", "", html))


def _period(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first and the last day of the data; None where there are several such periods or none."""
    periods = {
        (first, last) for first, last in (one["period"] or ("", "") for one in entry["inputs"])
    }
    period = periods.pop() if len(periods) == 1 else ("", "")
    return period if all(period) else None


def _sample(entry: Mapping[str, Any], words: Words) -> str:
    """That all inputs are samples of the project, or which; "" where none is."""
    samples = sample_inputs(entry["inputs"])
    if len(samples) < len(entry["inputs"]):
        inputs = words["comma"].join(samples)
        return words["sample_in_part"].format(inputs=inputs) if samples else ""
    return words["sample"] if samples else ""


def _checks(entry: Mapping[str, Any], words: Words, language: str) -> str:
    """How many checks passed, warned or were not settled, and which did not pass.

    "5 passed; 1 warned (no leak)"; of more than three the first three.
    """
    told = []
    for key, passed in {"passed": True, "warned": False, "not_made": None}.items():
        names = [
            str(one["name"]).replace("_", " ")
            for one in entry.get("checks") or ()
            if one["passed"] is passed
        ]
        if not names:
            continue
        # In digits of its own: beside a name in Latin letters they would be taken for a part of it.
        count = in_persian_digits(str(len(names))) if language == "fa" else str(len(names))
        text = f"{count} {words[key]}"
        if not passed:
            shown = [in_persian(one) if language == "fa" else one for one in names[:_CHECKS]]
            more = ["…"] if len(names) > _CHECKS else []
            text += f" ({words['comma'].join(shown + more)})"
        told.append(text)
    return words["comma"].join(told)


def _changed(entry: Mapping[str, Any], told: ToldChanges, words: Words) -> str:
    """What changed in a line: "What changed since 2026-10-31: 2 of 14 figures beyond noise"."""
    judged = [one["beyond_noise"] for one in entry.get("changes") or ()]
    judged = [one for one in judged if one is not None]
    compared = entry.get("compared_with")
    if not compared or compared.get("same_data"):
        return f"{told.title}: {told.sentence}"
    counted = words["count_beyond"].format(count=sum(judged), of=len(judged))
    return f"{told.title}: {counted if judged else words['cannot_tell']}"


def _again(entry: Mapping[str, Any], manifest: Mapping[str, Any], words: Words) -> str:
    """The command that makes the report again."""
    if suite := manifest.get("suite"):
        return words["again_suite"].format(suite=suite, name=entry["name"])
    name = re.sub(r"^\d+_", "", Path(entry["notebook"]).stem)
    given = entry.get("given") or {}
    settings = [f"{key}={value}" for key, value in given.items() if key != "output_dir"]
    return shlex.join(["cx", "run", name, *(part for one in settings for part in ("-p", one))])


def _place_answer(page: BeautifulSoup, words: Words, *, failed: bool) -> None:
    section = _part(page, "answer")
    cells = _part(page, "detail").find_all(class_="answer", recursive=False)
    for cell in [] if failed else cells:
        section.append(cell.extract())
    if failed or not cells:
        section.decompose()
        return
    if points := section.find("ul"):
        _fold_points(page, points, words)


def _fold_points(page: BeautifulSoup, points: Tag, words: Words) -> None:
    """The headline and two points are read first; the others are a click away."""
    others = points.find_all("li", recursive=False)[_POINTS:]
    if not others:
        return
    more, summary, rest = (page.new_tag(name) for name in ("details", "summary", "ul"))
    summary.string = words["more"].format(count=len(others))
    for point in others:
        rest.append(point.extract())
    more.extend([summary, rest])
    points.insert_after(more)


def _part(page: BeautifulSoup, name: str) -> Tag:
    found = page.find(id=name)
    if not isinstance(found, Tag):
        raise LookupError(f"The template has no element {name!r}.")
    return found


def _open_failed_cell(page: BeautifulSoup) -> None:
    """Unfold the code that failed; without that cell on the page there is no link to it."""
    link = page.select_one(".failed a")
    if link is None:
        return
    cell = page.find(id=str(link["href"])[1:])
    if cell is None:
        link.unwrap()
    elif code := cell.find("details"):
        code["open"] = ""


def _describe_figures(page: BeautifulSoup, name: str) -> None:
    """Give a picture without an alternative text the nearest heading above."""
    for image in page.find_all("img"):
        heading = image.find_previous(["h1", "h2", "h3"])
        label = f"{name}: {heading.get_text()}" if heading else name
        image["alt"] = image.get("alt") or label
        if pane := image.find_parent(class_="pane"):
            pane["aria-label"] = label


def _list_contents(page: BeautifulSoup) -> None:
    """Link the second-level headings in the contents list.

    Those of the detail are counted, whatever else stands on the page; what a cell says has none.
    """
    detail = _part(page, "detail")
    for number, heading in enumerate(detail.find_all("h2"), start=1):
        heading["id"] = f"section-{number}"
    headings = [
        heading for heading in page.find_all("h2") if not heading.find_parent(class_="cell")
    ]
    items = _part(page, "contents")
    for heading in headings:
        link = page.new_tag("a", href=f"#{heading['id']}")
        link.string = heading.get_text()
        item = page.new_tag("li")
        item.append(link)
        items.append(item)
