"""A report's page as a browser shows it: without a network, for every reader, in every window."""

import csv
import io
import itertools
import re
from pathlib import Path

import pytest
from axe_playwright_python import base

AXE = (Path(base.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Every rule for all to read, that of the size of targets (WCAG 2.2) too; what passed is not listed.
OPTIONS = "{ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }"
KINDS = ["rich", "failed", "persian"]
GAP = ".frame:has(th button:text-is('gap'))"
PERSIAN_GAP = ".frame:has(th button:text-is('شکاف'))"


def column(page, frame, position):
    cells = page.locator(f"{frame} tbody tr:not([hidden]) > :nth-child({position})")
    return [text.strip() for text in cells.all_text_contents()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_for_nothing_and_complains_of_nothing(look, addresses, kind):
    page = look(kind)
    page.get_by_role("button").first.click()
    page.wait_for_timeout(100)
    assert [url for url in page.requested if not url.startswith("data:")] == [addresses[kind]]
    assert page.complaints == []
    shown = "[...document.images].every((image) => image.complete && image.naturalWidth > 0)"
    assert page.evaluate(shown)


@pytest.mark.parametrize(
    ("kind", "colours", "width"),
    [
        *(("rich", "light", 1280), ("rich", "dark", 380)),
        *(("failed", "light", 380), ("persian", "dark", 1280)),
    ],
)
def test_axe_finds_nothing(look, kind, colours, width):
    page = look(kind, width, color_scheme=colours)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {OPTIONS})")
    told = [(one["id"], node["html"][:120]) for one in found["violations"] for node in one["nodes"]]
    assert told == []
    assert "color-contrast" in {one["id"] for one in found["passes"]}


def test_axe_would_find_something(look):
    page = look()
    page.evaluate("document.querySelectorAll('img').forEach((one) => one.removeAttribute('alt'))")
    page.evaluate(AXE)
    assert [
        one["id"]
        for one in page.evaluate("axe.run(document, { runOnly: ['image-alt'] })")["violations"]
    ] == ["image-alt"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_never_wider_than_the_window(look, kind):
    page = look(kind)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width in (1280, 1216, 1024, 380, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wide_table_scrolls_in_a_frame_that_the_keyboard_reaches(look):
    page = look(width=380)
    frame = page.locator(".frame", has_text="column number 11")
    assert frame.evaluate("(one) => one.scrollWidth > one.clientWidth")
    assert frame.get_attribute("tabindex") == "0"
    assert frame.get_attribute("aria-label").endswith(": Detail")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert frame.evaluate("(one) => one.scrollLeft") > 0


def test_code_is_folded_one_by_one_and_all_at_once(look):
    page = look()
    code = page.locator("details.code")
    opened = "(all) => all.filter((one) => one.open).length"
    assert (code.count(), code.evaluate_all(opened)) == (7, 0)
    code.nth(2).locator("summary").click()
    assert code.evaluate_all(opened) == 1
    page.get_by_role("button", name="Show all code").click()
    assert code.evaluate_all(opened) == 7
    page.get_by_role("button", name="Hide all code").click()
    assert code.evaluate_all(opened) == 0


def test_a_table_sorts_by_number_with_what_is_missing_last(look):
    page = look()
    before = column(page, GAP, 2)
    button = page.locator(f"{GAP} th button", has_text="gap")
    button.click()
    ascending = [text.partition(" ")[0] for text in column(page, GAP, 2)]
    assert ascending == [
        *("-3.00", "-1.83", "-0.90", "0.00", "0.25", "0.26", "2.00"),
        *("7.50", "9.00", "10.00", "12.00", "100.00", "1,234.50", "–"),
    ]
    heading = page.locator(f"{GAP} th", has_text="gap")
    assert heading.get_attribute("aria-sort") == "ascending"
    button.press("Enter")
    assert [text.partition(" ")[0] for text in column(page, GAP, 2)] == [
        *ascending[-2::-1],
        "–",
    ]
    assert heading.get_attribute("aria-sort") == "descending"
    button.press("Enter")
    assert column(page, GAP, 2) == before
    assert heading.get_attribute("aria-sort") is None


def test_texts_sort_with_their_numbers_in_order(look):
    page = look()
    page.locator(f"{GAP} th button", has_text="branch").click()
    branches = [text for text in column(page, GAP, 1) if text.startswith("Branch")]
    assert branches == [f"Branch {i}" for i in range(1, 13)]


def test_a_table_whose_cells_span_rows_sorts_whole_rows(look):
    page = look()
    frame = ".frame:has(th button:text-is('group'))"
    page.locator(f"{frame} th button", has_text="n").click()
    rows = [column(page, frame, i) for i in (1, 2, 3)]
    assert rows == [["a", "b", "a"], ["y", "z", "x"], ["1", "2", "3"]]


def test_a_long_table_can_be_searched_and_a_short_one_not(look):
    page = look()
    assert page.get_by_role("searchbox").count() == 1
    page.get_by_role("searchbox", name="Search this table").fill("شمال")
    assert column(page, GAP, 1) == ["شعبهٔ شمال"]
    assert page.get_by_text("1 of 14 rows").count() == 1
    page.get_by_role("searchbox").fill("")
    assert len(column(page, GAP, 1)) == 14


def test_a_table_is_downloaded_as_csv_without_formulas(look):
    page = look()
    with page.expect_download() as started:
        page.locator(f"{GAP} + .tools").get_by_role("button", name="Download as CSV").click()
    text = Path(started.value.path()).read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["branch", "gap"]
    assert rows[1][0] == "'=1+1"
    assert rows[2] == ["شعبهٔ شمال", "0.26 (0.22 to 0.30)"]
    assert rows[10] == ["Branch 8", "-3.00"]
    assert len(rows) == 15
    assert re.fullmatch(r"sample-table-\d+\.csv", started.value.suggested_filename)


def test_the_data_behind_a_figure_are_downloaded(look):
    page = look()
    page.get_by_text("Data behind this figure").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download as CSV: gaps").click()
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert text == '\ufeff"dimension","gap"\n"\'=x",-1.2\n"empathy",-0.4\n'
    assert started.value.suggested_filename == "gaps.csv"


def test_the_contents_follow_the_reader(look):
    page = look()
    current = page.locator("nav a[aria-current]")
    assert current.all_text_contents() in ([], ["The answer"])
    page.get_by_role("link", name="Detail").click()
    page.wait_for_timeout(200)
    assert current.all_text_contents() == ["Detail"]
    assert page.locator("nav").bounding_box()["y"] < 100
    page.evaluate("document.querySelector('footer').scrollIntoView()")
    page.wait_for_timeout(200)
    assert current.all_text_contents() != ["Detail"]


def test_the_contents_fold_in_a_narrow_window(look):
    page = look(width=380)
    assert not page.get_by_role("link", name="Detail").is_visible()
    page.get_by_text("Contents").click()
    page.get_by_role("link", name="Detail").click()
    assert page.locator("#section-4").evaluate("(one) => one.getBoundingClientRect().top") < 200
    assert not page.get_by_role("link", name="Detail").is_visible()


def test_what_is_read_first_is_seen_first(look):
    page = look()
    parts = ("h1", "header a[href='#changes']", "#answer", "#detail", "#changes", "footer")
    tops = [page.locator(one).bounding_box()["y"] for one in parts]
    assert tops == sorted(tops)
    heads = page.locator("h1, h2")
    in_file = heads.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
    assert in_file == sorted(in_file)
    page.locator("header a[href='#changes']").click()
    assert page.locator("#changes").evaluate("(one) => one.getBoundingClientRect().top") < 900


def test_the_tools_begin_with_what_a_manager_needs(look):
    buttons = look().locator("header .tools button")
    assert buttons.all_inner_texts() == ["Dark colours", "Show all code"]


def test_colours_are_switched_and_remembered(look, addresses):
    page = look(color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    button = page.get_by_role("button", name="Dark colours")
    button.click()
    dark = page.evaluate(ground)
    assert dark != light
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("figure img").evaluate(
        "(one) => getComputedStyle(one).backgroundColor"
    ) == ("rgb(255, 255, 255)")
    # Another process may show the page that is opened next: what the first one stored reaches it
    # when the browser gets to it, which a busy machine delays.
    for _ in range(50):
        page.goto(addresses["rich"])
        if page.evaluate(ground) == dark:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate(ground) == light


def test_print_is_a_clean_document(look):
    page = look(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("nav", ".tools", "details.code", "details.data", ".skip", "#changes details"):
        assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
    for seen in ("h1", ".facts", ".checks li", "#answer", "figure img", "figcaption", "footer"):
        assert page.locator(seen).first.is_visible(), seen
    ink = page.evaluate("getComputedStyle(document.documentElement).color")
    assert ink == "rgb(28, 28, 26)"
    frame = page.locator(".frame", has_text="column number 11")
    assert frame.evaluate("(one) => getComputedStyle(one).overflowX") == "visible"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_page_is_whole_without_its_script(look):
    page = look(java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert page.locator("tbody tr").filter(has_text="Branch 12").is_visible()
    assert page.locator("nav a").first.is_visible()
    assert page.get_by_role("button").count() == 0


def test_the_first_stop_of_the_keyboard_leads_to_the_report(look):
    page = look()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the report")
    assert skip.evaluate("(one) => one === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_failed_page_says_so_first_and_leads_to_the_cell(look):
    page = look("failed")
    assert page.title().startswith("FAILED")
    alert = page.get_by_role("alert")
    assert "FAILED: cell failed" in alert.inner_text()
    assert alert.bounding_box()["y"] < page.locator("h1").bounding_box()["y"]
    page.get_by_role("link", name="cell 4").click()
    top = page.locator("#cell-4").evaluate("(one) => one.getBoundingClientRect().top")
    assert -5 <= top < 900
    assert page.locator("#cell-4 details").get_attribute("open") is not None
    assert page.locator("#answer, #changes, .checks").count() == 0


def test_a_persian_page_reads_from_the_right_and_speaks_persian(look):
    page = look("persian")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert page.locator("nav").bounding_box()["x"] > page.locator("main").bounding_box()["x"]
    own = page.locator("button, summary, nav a[href='#section-answer'], .skip, dt, footer h2")
    # The buttons of a table's headings bear the data's own names.
    spoken = [
        one.inner_text() for one in own.all() if not one.evaluate("(one) => one.closest('th')")
    ]
    assert len(spoken) > 10
    allowed = r"CSV|\d|\W"
    assert [text for text in spoken if re.search("[A-Za-z]", re.sub(allowed, "", text))] == []
    number = page.locator(f"{PERSIAN_GAP} td", has_text="-۳٫۰۰")
    assert number.evaluate("(one) => getComputedStyle(one).direction") == "ltr"


EDGES = """(tables) => tables.flatMap((table) => {
  return [...table.rows].map((row) => [...row.cells].map((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const { left, right } = range.getBoundingClientRect();
    return [left, right];
  }));
})"""


@pytest.mark.parametrize(("kind", "width"), [("rich", 1280), ("persian", 1280), ("persian", 380)])
def test_texts_of_neighbouring_cells_never_touch(look, kind, width):
    page = look(kind, width)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    rows = page.locator("table").evaluate_all(EDGES)
    gaps = []
    for row in rows:
        boxes = sorted(box for box in row if box[1] > box[0])
        gaps += [after[0] - before[1] for before, after in itertools.pairwise(boxes)]
    assert len(gaps) > 50
    assert min(gaps) > 8


@pytest.mark.parametrize("kind", ["rich", "persian"])
def test_a_caption_stands_under_its_picture(look, kind):
    page = look(kind)
    image, caption = (page.locator(f"figure {one}").bounding_box() for one in ("img", "figcaption"))
    assert abs(caption["x"] - image["x"]) < 1
    assert abs(caption["width"] - image["width"]) < 1


def test_a_sign_stands_before_its_number_on_a_persian_page(look):
    page = look("persian")
    drawn = page.locator(".said", has_text="-0.77").evaluate(SIGN_LEFT)
    assert drawn == [True, True]


def test_a_persian_table_is_downloaded_with_numbers_that_a_spreadsheet_reads(look):
    page = look("persian")
    with page.expect_download() as started:
        page.locator(f"{PERSIAN_GAP} + .tools").get_by_role("button", name="CSV").click()
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    numbers = [row[1] for row in csv.reader(io.StringIO(text))][1:]
    assert "-3.00" in numbers
    assert any("۰٫۲۶ (۰٫۲۲ تا ۰٫۳۰)" in number for number in numbers)


# Whether the left edge of "-" is left of its number, and the name left of that.
SIGN_LEFT = """(said) => {
  const walk = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
  const place = (wanted, length) => {
    walk.currentNode = said;
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const at = node.data.indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + length);
      return range.getBoundingClientRect().left;
    }
    return NaN;
  };
  const sign = place("-0.77", 1);
  return [sign < place("0.77", 1), place("همدلی", 5) < sign];
}"""
