import base64
import struct

import nbformat
import pytest
from bs4 import BeautifulSoup

from cxlib import pages

MANIFEST = {
    "run": "20250102-030405-abcd",
    "python": "3.11.7",
    "libraries": {"numpy": "2.4"},
    "code": {"cxlib": "0.1.0", "commit": None, "modified": None},
}
ENTRY = {
    "name": "good",
    "title": "Is it <good>?",
    "notebook": "01_good.ipynb",
    "status": "ok",
    "cause": None,
    "finished": "2025-01-02T03:04:05+00:00",
    "seconds": 1.5,
    "parameters": {"sources": "<s>.toml", "output_dir": "."},
    "inputs": [
        {
            "input": "sales",
            "uri": "raw/<b>.csv",
            "sha256": "ab" * 32,
            "rows": 1234,
            "period": ["2025-01-01", "2025-12-31"],
            "note": "simulated",
        }
    ],
}


def code(source, *outputs, tags=()):
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)}, outputs=list(outputs))
    cell.execution_count = 1
    return cell


def shown(**data):
    kinds = {"html": "text/html", "markdown": "text/markdown", "png": "image/png"}
    return nbformat.v4.new_output(
        "display_data", {kinds[key]: value for key, value in data.items()}
    )


def page(*cells, **changes):
    first = nbformat.v4.new_markdown_cell("# Is it <good>?\n\nWho decides.")
    notebook = nbformat.v4.new_notebook(cells=[first, *cells])
    return BeautifulSoup(pages.report(notebook, ENTRY | changes, MANIFEST), "html.parser")


def texts(tags):
    return [tag.get_text().strip() for tag in tags]


def png(width, height):
    size = struct.pack(">II", width, height)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\x06\0\0\0").decode()


def test_the_title_is_that_of_the_first_heading():
    cells = [nbformat.v4.new_markdown_cell("# Why? \n\nBecause."), code("# no")]
    assert pages.title(nbformat.v4.new_notebook(cells=cells)) == "Why?"
    assert pages.title(nbformat.v4.new_notebook()) == ""


def test_the_answer_stands_right_below_the_title_then_the_contents():
    found = page(
        nbformat.v4.new_markdown_cell("## Data"),
        code("load()"),
        code("answer()", shown(markdown="Yes."), tags=["answer"]),
    )
    assert texts(found.select("h1")) == ["Is it <good>?"]
    kinds = [tag.name for tag in found.main.find_all(recursive=False)]
    assert kinds[:3] == ["header", "div", "nav"]
    assert found.select_one("main > div")["class"] == ["cell", "answer"]
    assert "Yes." in found.select_one(".answer").get_text()


def test_in_a_failed_report_the_cells_stay_in_their_order():
    failed = {"status": "cell failed", "cause": {"message": "<no>", "cell": 1}}
    found = page(code("first"), code("second", tags=["answer"]), **failed)
    assert texts(found.select("details pre")) == ["first", "second"]
    assert found.main.find().get_text().split() == [
        "FAILED:",
        "cell",
        "failed",
        "(cell",
        "1)",
        "<no>",
    ]


def test_marks_that_papermill_adds_to_a_failed_notebook_are_left_out():
    mark = nbformat.v4.new_markdown_cell("An Exception was encountered")
    mark.metadata["tags"] = ["papermill-error-cell-tag"]
    assert "Exception" not in page(mark).get_text()


def test_contents_link_the_second_level_headings():
    found = page(nbformat.v4.new_markdown_cell("## Data `x`\n\n### Deeper\n\n## Limits"))
    assert texts(found.select("nav a")) == ["Data x", "Limits"]
    for link in found.select("nav a"):
        assert found.find(id=link["href"][1:]).get_text() == link.get_text()


def test_code_is_folded_away_and_messages_too():
    noise = nbformat.v4.new_output("stream", name="stderr", text="careful")
    found = page(code("x = 1", noise))
    assert texts(found.select("details > summary")) == ["Code 1", "Messages"]
    assert not found.select("details[open]")


@pytest.mark.parametrize(
    "output",
    [
        shown(markdown="<script>alert(1)</script> [x](javascript:alert(1))"),
        shown(html="<table><tr><td onclick='x'><script>alert(1)</script></td></tr></table>"),
        nbformat.v4.new_output("stream", name="stdout", text="<script>alert(1)</script>"),
        nbformat.v4.new_output("error", ename="E", traceback=["<script>alert(1)</script>"]),
    ],
)
def test_no_output_becomes_markup_that_acts(output):
    found = page(code("x", output))
    assert not found.select("script, [onclick], [href^=javascript]")
    assert "alert(1)" in found.get_text()


def test_texts_of_the_manifest_are_escaped():
    found = page()
    assert "sales: raw/<b>.csv, 2025-01-01 to 2025-12-31 (simulated)" in found.header.get_text()
    assert "sources = <s>.toml" in found.footer.get_text()
    assert "abababababab" in found.footer.get_text()
    assert not found.select("b, s")


def frame(table):
    return page(code("x", shown(html=table))).select_one(".frame table")


def test_numbers_are_aligned_with_their_heading_and_texts_are_not():
    table = frame(
        "<table><thead><tr><th></th><th>who</th><th>gap</th></tr></thead><tbody>"
        "<tr><th>a</th><td>x</td><td>-1,234.5</td></tr><tr><th>b</th><td>1 y</td><td>NaN</td></tr>"
        "</tbody></table>"
    )
    assert texts(table.select(".number")) == ["gap", "-1,234.5", "–"]
    assert texts(table.select("tbody .short")) == ["a", "x", "b", "1 y"]


def test_a_plain_count_of_rows_is_not_shown_and_a_named_index_is():
    rows = "<tbody><tr><th>0</th><td>x</td></tr><tr><th>1</th><td>y</td></tr></tbody>"
    plain = frame(f"<table><thead><tr><th></th><th>who</th></tr></thead>{rows}</table>")
    named = frame(f"<table><thead><tr><th>score</th><th>who</th></tr></thead>{rows}</table>")
    assert texts(plain.find_all(["th", "td"])) == ["who", "x", "y"]
    assert texts(named.find_all(["th", "td"])) == ["score", "who", "0", "x", "1", "y"]


def test_the_name_of_an_index_is_lifted_into_the_headings():
    table = frame(
        "<table><thead><tr><th></th><th>gap</th></tr><tr><th>item</th><th></th></tr></thead>"
        "<tbody><tr><th>01</th><td>2</td></tr></tbody></table>"
    )
    assert [texts(row.find_all("th")) for row in table.select("thead tr")] == [["item", "gap"]]


def test_a_figure_is_described_by_the_heading_above_it():
    heading = nbformat.v4.new_markdown_cell("## How many?")
    found = page(heading, code("x", shown(png=png(1200, 500)), shown(png=png(600, 400))))
    wide, normal = found.select("figure img")
    assert wide["alt"] == normal["alt"] == "Figure: How many?"
    assert wide["class"] == ["wide"]
    assert "class" not in normal.attrs


def test_an_index_of_no_run_is_a_page():
    assert "<h1>" in pages.index([])


def test_what_a_cell_says_links_nowhere_and_loads_nothing():
    said = shown(markdown="A [click](https://example.org) ![p](https://example.org/p.png) **b**")
    found = page(code("say()", said))
    assert not found.select("main .said a, main .said img")
    assert "click" in found.select_one(".said").get_text()
    assert found.select_one(".said strong").get_text() == "b"
