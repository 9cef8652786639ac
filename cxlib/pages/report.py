"""An executed notebook as one HTML file."""

import base64
import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mistune
from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode

TEMPLATES = Path(__file__).parents[1] / "templates"

_TABLE_TAGS = ["table", "thead", "tbody", "tr", "th", "td", "p", "div", "br", "b", "i", "code"]
_NUMBER = re.compile(r"[-+−]?[\d,]*\.?\d+(e[-+]?\d+)?( ?%)?|[-+]?inf|–|suppressed|")
_MISSING = {"NaN", "nan", "None", "<NA>", "NaT"}
_LONG_TEXT = 24


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


class AnswerFirst(Preprocessor):
    """Put the cells tagged `answer` right below the title, and leave out papermill's own marks.

    In a failed report all cells stay where they are: there is no answer yet.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        cells = [cell for cell in nb.cells if "papermill-error-cell-tag" not in _tags(cell)]
        for cell in cells:
            if cell.cell_type == "markdown" and cell.source.startswith("# "):
                cell.source = cell.source.partition("\n")[2]
                break
        if not resources["report"]["cause"]:
            cells.sort(key=lambda cell: "answer" not in _tags(cell))
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

    Figures get the nearest heading above as their alternative text, tables are set for reading,
    and the second-level headings make the contents list.
    """
    exporter = HTMLExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        preprocessors=[AnswerFirst],
        filters={"markdown": _markdown, "said": _said, "clean_frame": _clean_frame},
    )
    html, _ = exporter.from_notebook_node(notebook, {"report": entry, "run": manifest})
    page = BeautifulSoup(html, "html.parser")
    _list_contents(page)
    for table in page.find_all("table"):
        _join_headings(table)
        _drop_row_numbers(table)
        _classify_columns(table)
        if not table.find_parent(class_="frame"):
            table.wrap(page.new_tag("div", attrs={"class": "frame", "tabindex": "0"}))
    for image in page.select("figure img"):
        [heading] = image.find_all_previous(["h1", "h2", "h3"], limit=1)
        image["alt"] = f"Figure: {heading.get_text()}"
        if _is_wide(str(image["src"])):
            image["class"] = "wide"
    return str(page)


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _clean_frame(html: str) -> str:
    """A frame's HTML with table tags only: a Styler, say, does not escape what is in it."""
    return _sanitizer.sanitize_html_tags(re.sub(r"(?s)<style.*?</style>", "", html))


def _is_wide(source: str) -> bool:
    """Whether a PNG given as data is more than twice as wide as high: two plots side by side."""
    kind, _, data = source.partition(";base64,")
    if kind != "data:image/png":
        return False
    # The size stands in the PNG's first chunk, bytes 16 to 23.
    width, height = struct.unpack(">II", base64.b64decode(data[:32])[16:24])
    return bool(width > 2 * height)


def _list_contents(page: BeautifulSoup) -> None:
    """Link the second-level headings in the contents list, and put that below the answer."""
    [contents] = page.select("nav")
    [items] = contents.select("ol")
    for number, heading in enumerate(page.select("main > .text h2"), start=1):
        heading["id"] = f"section-{number}"
        link = page.new_tag("a", href=f"#section-{number}")
        link.string = heading.get_text()
        item = page.new_tag("li")
        item.append(link)
        items.append(item)
    if answers := page.select(".answer"):
        answers[-1].insert_after(contents.extract())


def _cells(table: Tag, part: str) -> list[list[Tag]]:
    return [list(row.find_all(["th", "td"])) for row in table.select(f"{part} tr")]


def _join_headings(table: Tag) -> None:
    """Lift the names of a frame's index, which have a row of their own, into the headings above."""
    heads = _cells(table, "thead")
    if len(heads) < 2 or len(heads[-1]) != len(heads[-2]):
        return
    pairs = list(zip(heads[-2], heads[-1], strict=True))
    if any(above.get_text() and name.get_text() for above, name in pairs):
        return
    for above, name in pairs:
        if name.get_text():
            above.string = name.get_text()
    table.select("thead tr")[-1].decompose()


def _drop_row_numbers(table: Tag) -> None:
    """Leave out the index of a frame that has none of its own: unnamed, 0 to n - 1."""
    heads = _cells(table, "thead")
    firsts = [row[0] for row in _cells(table, "tbody")]
    if len(heads) != 1 or heads[0][0].get_text():
        return
    if [cell.get_text() for cell in firsts] == [str(i) for i in range(len(firsts))]:
        for cell in [heads[0][0], *firsts]:
            cell.decompose()


def _classify_columns(table: Tag) -> None:
    """Mark columns as number or long text, with their headings, and show what is missing as –."""
    heads, rows = _cells(table, "thead"), _cells(table, "tbody")
    for cell in (cell for row in rows for cell in row):
        if cell.get_text() in _MISSING:
            cell.string = "–"
    width = max((len(row) for row in rows), default=0)
    # A heading that spans columns, or a row cut short by a spanning index, is left alone.
    heads, rows = ([row for row in part if len(row) == width] for part in (heads, rows))
    for position, column in enumerate(zip(*rows, strict=True)):
        texts = [cell.get_text().strip() for cell in column]
        kind = "long" if max(map(len, texts)) > _LONG_TEXT else "short"
        if all(_NUMBER.fullmatch(text) for text in texts):
            kind = "number"
        for cell in [*column, *(head[position] for head in heads)]:
            cell["class"] = kind
