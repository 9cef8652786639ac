"""A browser, and pages to look at: one with everything on it, one that failed, one in Persian."""

import shutil

import nbformat
import pytest
from playwright.sync_api import sync_playwright

from cxlib import pages

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), ""
)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
MANIFEST = {
    "run": "20250102-030405-abcd",
    "sequence": 7,
    "python": "3.11.7",
    "libraries": {"numpy": "2.4"},
    "code": {"cxlib": "0.1.0", "commit": "0123456789abcdef", "modified": True},
}
FINDING = {"column": "amount", "source_column": "dollars", "rule": "refund taken off", "count": 46}
ENTRY = {
    "name": "sample",
    "title": "Where does the service fall short?",
    "notebook": "01_sample.ipynb",
    "status": "ok",
    "cause": None,
    "finished": "2025-01-02T03:04:05+00:00",
    "seconds": 1.5,
    "seed": 20261122,
    "parameters": {"sources": "data/sources.toml", "seed": 20261122},
    "given": {"sources": "data/sources.toml"},
    "as_of": "2025-12-31",
    "leading": {"name": "gap", "n": 600},
    "checks": [
        {"name": "enough_data", "passed": True, "text": "n = 600."},
        {"name": "back-test holds", "passed": False, "text": "Missed by 12 %."},
        {"name": "no leak", "passed": None, "text": "There are no dates."},
    ],
    "compared_with": {"run": "20241201-000000-0001", "finished": "2024-12-01T00:00:00+00:00"},
    "changes": [
        {
            **{"name": "mean_gap", "unit": "points", "better": "higher", "beyond_noise": True},
            **{"before": -1.16, "before_low": -1.22, "before_high": -1.10, "p_holm": 0.001},
            **{"now": -0.9, "now_low": -0.96, "now_high": -0.84, "why": ""},
            **{"change": 0.26, "low": 0.17, "high": 0.35},
        }
    ],
    "inputs": [
        {
            **{"input": "servqual_responses", "uri": "raw/answers.csv", "sha256": "ab" * 32},
            **{"rows_read": 1280, "rows": 1234, "period": ["2025-01-01", "2025-12-31"]},
            **{"note": "Simulated: an invented bank", "exclusions": [FINDING]},
            **{"repairs": [], "warnings": []},
        }
    ],
}
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 300" width="900" height="300">
<style>circle {{ fill: #0072B2 }}</style><circle style="stroke: #D55E00" cx="{x}" cy="150" r="90"/>
</svg>"""
GAPS = [  # In no order; with an interval each, one of them missing.
    *("-1.83 (-1.98 to -1.69)", "0.26 (0.22 to 0.30)", "1,234.50 (1,200.00 to 1,300.00)", "–"),
    *("-0.90 (-1.10 to -0.70)", "12.00 (11.00 to 13.00)", "2.00 (1.00 to 3.00)", "9.00", "10.00"),
    *("-3.00", "0.00", "7.50", "0.25 (0.20 to 0.31)", "100.00"),
]
BRANCHES = ["=1+1", "شعبهٔ شمال", *(f"Branch {i}" for i in range(1, 13))]


def _code(source, *outputs, number=1, tags=()):
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)}, outputs=list(outputs))
    cell.execution_count = number
    return cell


def _shown(kind, content, **more):
    return nbformat.v4.new_output("display_data", {kind: content, **more})


def _table(heads, rows):
    head = "".join(f"<th>{one}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _figure(x):
    about = {
        "alt": "Gaps of five dimensions, all below zero.",
        "caption": "Gap of each dimension, 95 % intervals.",
        "tables": [{"name": "gaps", "csv": '"dimension","gap"\n"\'=x",-1.2\n"empathy",-0.4\n'}],
    }
    told = {"application/vnd.cxlib.figure+json": about}
    return _shown("image/svg+xml", PICTURE.format(x=x), **told)


@pytest.fixture(scope="session")
def notebook():
    wide = _table([f"column number {i}" for i in range(12)], [["text of a cell"] * 12] * 4)
    spanned = (
        "<table><thead><tr><th>group</th><th>item</th><th>n</th></tr></thead><tbody>"
        "<tr><th rowspan='2'>a</th><th>x</th><td>3</td></tr><tr><th>y</th><td>1</td></tr>"
        "<tr><th>b</th><th>z</th><td>2</td></tr></tbody></table>"
    )
    text = nbformat.v4.new_markdown_cell
    long = " ".join(["A paragraph of a report that goes on for a while."] * 40)
    said = _shown(
        "text/markdown",
        "**Fix first: prompt service (gap -1.83).**\n\n- Surely short by dimension: همدلی -0.77.",
    )
    cells = [
        text("# Where does the service fall short?\n\n**Who decides with it:** the manager."),
        _code("sources: str = 'data/sources.toml'  # a comment\nlevel: float = 0.95", number=1),
        text(f"## The data\n\n{long}"),
        _code("print('read')", nbformat.v4.new_output("stream", text="1,234 rows\n"), number=2),
        _code("answer()", said, number=3, tags=["answer"]),
        _code("plot()", _figure(100), number=4, tags=["answer"]),
        text("## Gaps\n\n### By branch"),
        _code(
            "show(f'{gaps:.2f}')",
            _shown("text/html", _table(["branch", "gap"], zip(BRANCHES, GAPS, strict=True))),
            number=5,
        ),
        text(f"## Detail\n\n{long}"),
        _code("show(wide)", _shown("text/html", wide), number=6),
        _code("show(spanned)", _shown("text/html", spanned), number=7),
        text(f"## Limits\n\n{long}"),
    ]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="session")
def addresses(notebook, tmp_path_factory):
    """The pages, by kind."""
    failed_cells = [*notebook.cells[:5]]
    error = nbformat.v4.new_output("error", ename="ValueError", traceback=["ValueError: no"])
    failed_cells.append(_code("plot()", error, number=4))
    cause = {"message": "ValueError: no", "cell": 4}
    nothing = {"checks": [], "changes": [], "compared_with": None}
    entries = {
        "rich": (notebook, ENTRY),
        "failed": (
            nbformat.v4.new_notebook(cells=failed_cells),
            ENTRY | nothing | {"status": "cell failed", "cause": cause},
        ),
        "persian": (notebook, ENTRY | {"parameters": {"language": "fa"}}),
    }
    folder = tmp_path_factory.mktemp("pages")
    for kind, (cells, entry) in entries.items():
        html = pages.report(cells, entry, MANIFEST)
        (folder / f"{kind}.html").write_text(html, encoding="utf-8")
    return {kind: (folder / f"{kind}.html").as_uri() for kind in entries}


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        pytest.skip("no Chromium or Chrome on this machine: the browser tests are left out")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium, addresses):
    """Open one of the pages in a window of a width; what the page asks and complains is kept."""
    contexts = []

    def opened(kind="rich", width=1280, **settings):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.requested, page.complaints = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(addresses[kind])
        return page

    yield opened
    for context in contexts:
        context.close()
