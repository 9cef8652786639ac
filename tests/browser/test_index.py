"""The page over all runs as a browser shows it."""

from pathlib import Path

import pytest
from axe_playwright_python import base

from cxlib import pages

AXE = (Path(base.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
KINDS = ["every", "many", "none"]
CHECKS = [{"name": "few", "passed": False, "text": "Only 31 answers a driver."}]


def _leading(value):
    interval = {"value": value, "low": value - 2, "high": value + 2, "level": 0.95}
    parts = {"name": "nps", "unit": "points", "better": "higher", "n": 2986}
    return parts | interval | {"method": "", "note": ""}


def _entry(number, name, label="", **more):
    change = {"name": "nps", "unit": "points", "better": "higher", "why": "", "p_holm": 0.01}
    change |= {"change": 3.1, "low": 0.4, "high": 5.8, "beyond_noise": True}
    compared = {"run": f"run-{number - 1}", "finished": "2026-10-02", "as_of": "2026-09-30"}
    parts = {
        **{"name": name, "series": name, "group": "nps by branch" if label else "", "label": label},
        **{"title": "How satisfied are customers, is it changing, and what drives it?"},
        **{"notebook": "02_satisfaction.ipynb", "status": "ok", "cause": None},
        **{"finished": "2026-11-02T06:00:00+00:00", "as_of": f"2026-{number:02}-28"},
        **{
            "given": {"as_of": "month-end"},
            "inputs": [],
            "checks": [],
            "headline": "NPS 29. " * 70,
        },
        **{"leading": _leading(20.0 + number), "changes": [change]},
        **{"compared_with": compared | {"same_data": False}, "why_not_compared": ""},
    }
    return parts | more


def _run(number, *entries):
    times = {"started": "2026-11-02T05:59:00+00:00", "finished": "2026-11-02T06:00:00+00:00"}
    return (
        {"run": f"run-{number}", "seconds": 61.5, "suite": "monthly.toml"}
        | times
        | {"reports": entries}
    )


@pytest.fixture(scope="session")
def addresses(tmp_path_factory):
    """The pages, by kind: with all that can be on one, with very many reports, with none."""
    failed = {
        "status": "timed out",
        "cause": {"message": "no end " * 99, "cell": 9},
        "log": "log.txt",
    }
    names = ("North", "شیراز", "مشهد")
    every = []
    for number in range(1, 7):
        last = failed if number == 6 else {}
        branches = [_entry(number, f"branch-{name}", name) for name in names[:2]]
        branches.append(_entry(number, "branch-3", names[2], **last))
        stale = _entry(number, "clv", **last)
        every.append(_run(number, _entry(number, "nps", checks=CHECKS), stale, *branches))
    never = _run(7, _entry(7, "churn", **failed))
    killed = {"run": "run-8", "started": "2026-11-03T06:00:00+00:00", "series": ["nps"]}
    made = {
        "every": pages.index([never, *every[::-1]], ["run-0"], [killed]),
        "many": pages.index([_run(1, *(_entry(1, f"report-{one}") for one in range(18)))]),
        "none": pages.index([]),
    }
    folder = tmp_path_factory.mktemp("index")
    for kind, html in made.items():
        (folder / f"{kind}.html").write_text(html, encoding="utf-8")
    return {kind: (folder / f"{kind}.html").as_uri() for kind in made}


@pytest.mark.parametrize("kind", KINDS)
def test_the_index_asks_for_nothing_and_complains_of_nothing(look, addresses, kind):
    page = look(kind)
    page.wait_for_timeout(100)
    assert page.requested == [addresses[kind]]
    assert page.complaints == []


@pytest.mark.parametrize(
    ("kind", "colours", "width"),
    [
        *(("every", "light", 1280), ("every", "dark", 380)),
        *(("many", "light", 380), ("none", "dark", 1280)),
    ],
)
def test_axe_finds_nothing_in_the_index(look, kind, colours, width):
    page = look(kind, width, color_scheme=colours)
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { rules: { 'target-size': { enabled: true } } })")
    told = [(one["id"], node["html"][:120]) for one in found["violations"] for node in one["nodes"]]
    assert told == []
    assert "color-contrast" in {one["id"] for one in found["passes"]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [1280, 380, 320])
def test_the_index_is_never_wider_than_the_window(look, kind, width):
    page = look(kind, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_not_up_to_date_leads_to_its_place(look):
    page = look("every")
    page.get_by_role("region", name="Not up to date").get_by_role("link").last.click()
    target = page.evaluate("document.querySelector(':target').textContent")
    assert "timed out" in target


def test_a_history_is_a_picture_with_a_text(look):
    page = look("every")
    picture = page.get_by_role("img").first
    assert picture.locator("title").text_content().startswith("History of nps over ")
    assert picture.bounding_box()["width"] > 100


def test_many_reports_can_be_filtered_by_the_words_in_them(look):
    page = look("many")
    box = page.get_by_role("searchbox", name="Show reports with")
    articles = page.locator("article:visible")
    assert articles.count() == 18
    box.fill("REPORT-17 nps")
    assert articles.count() == 1
    assert page.get_by_role("status").text_content() == "1 of 18"
    box.fill("nowhere")
    assert (articles.count(), page.get_by_role("status").text_content()) == (0, "0 of 18")
    box.fill("")
    assert (articles.count(), page.get_by_role("status").text_content()) == (18, "")


def test_without_a_script_all_is_there_and_no_box_that_does_nothing(look):
    page = look("many", java_script_enabled=False)
    assert page.locator("article:visible").count() == 18
    assert page.locator("input:visible").count() == 0
