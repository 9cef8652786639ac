import base64
import hashlib
import re
import struct

import nbformat
import pytest
from bs4 import BeautifulSoup

from cxlib import PROJECT, pages
from cxlib.pages import languages
from cxlib.pages.changes import told_changes
from cxlib.pages.samples import SAMPLES
from cxlib.pages.words import WORDS

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


def test_the_answer_stands_first_in_the_body():
    found = page(
        nbformat.v4.new_markdown_cell("## Data"),
        code("load()"),
        code("answer()", shown(markdown="Yes."), tags=["answer"]),
    )
    assert texts(found.select("h1")) == ["Is it <good>?"]
    kinds = [tag.name for tag in found.body.find_all(recursive=False)]
    assert kinds == ["a", "header", "nav", "main", "footer", "script"]
    first, detail = found.select("article#body > *")
    assert "Yes." in first.get_text()
    assert texts(detail.select("pre")) == ["load()"]


def test_in_a_failed_report_the_cells_stay_in_their_order():
    failed = {"status": "cell failed", "cause": {"message": "<no>", "cell": 1}}
    found = page(code("first"), code("second", tags=["answer"]), **failed)
    assert texts(found.select("details pre")) == ["first", "second"]
    assert found.title.get_text() == "FAILED: Is it <good>?"
    verdict, message, _ = texts(found.header.find().find_all(recursive=False))
    assert (verdict, message) == ("FAILED: cell failed (cell 1)", "<no>")
    assert not found.select("#answer")
    assert texts(found.select("details[open] pre"))[:1] == ["first"]


def test_marks_that_papermill_adds_to_a_failed_notebook_are_left_out():
    mark = nbformat.v4.new_markdown_cell("An Exception was encountered")
    mark.metadata["tags"] = ["papermill-error-cell-tag"]
    assert "Exception" not in page(mark).get_text()


def test_contents_link_the_second_level_headings():
    found = page(nbformat.v4.new_markdown_cell("## Data `x`\n\n### Deeper\n\n## Limits"))
    body = ["About this report", "Data x", "Limits", "What was repaired or left out"]
    assert texts(found.select("nav a")) == [*body, "Where this comes from"]
    for link in found.select("nav a"):
        assert found.find(id=link["href"][1:]).get_text() == link.get_text()


def test_code_is_folded_away_and_messages_too():
    noise = nbformat.v4.new_output("stream", name="stderr", text="careful")
    found = page(code("x = 1", noise))
    assert texts(found.select("main details > summary")) == ["Code 1", "Messages"]
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
    assert not found.select("main script, [onclick], [href^=javascript]")
    assert "alert(1)" in found.get_text()


def test_texts_of_the_manifest_are_escaped():
    found = page()
    assert "Data 2025-01-01 to 2025-12-31" in found.header.get_text()
    assert "sales: simulated" in found.header.get_text()
    assert "raw/<b>.csv" in found.footer.get_text()
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
    assert wide.parent["class"] == ["pane"]
    assert normal.parent.name == "figure"


def drawn(**told):
    data = {"image/svg+xml": "<svg viewBox='0 0 1 1'/>", "application/vnd.cxlib.figure+json": told}
    return nbformat.v4.new_output("display_data", data)


def test_a_figure_brings_its_own_alternative_text_caption_and_data():
    tables = [{"name": "gap <b>", "csv": '"gap","n"\n"a",1\n"b",2\n'}]
    found = page(code("x", drawn(title="t", alt='A "dot" plot', caption="c < d", tables=tables)))
    figure = found.figure
    assert figure.img["alt"] == 'A "dot" plot'
    assert figure.figcaption.p.get_text() == "c < d"
    link = figure.select_one("details a")
    assert (link["download"], link.get_text()) == ("gap-b.csv", "Download as CSV: gap <b>")
    kind, _, coded = link["href"].partition(";base64,")
    assert kind == "data:text/csv;charset=utf-8"
    assert base64.b64decode(coded).decode() == "\ufeff" + tables[0]["csv"]
    assert texts(figure.select("th, td")) == ["gap", "n", "a", "1", "b", "2"]


def test_much_data_behind_a_figure_is_a_download_alone():
    rows = "".join(f"{i}\n" for i in range(31))
    found = page(code("x", drawn(tables=[{"name": "many", "csv": f"i\n{rows}"}])))
    assert not found.select("figure table")
    assert "31 rows" in found.figure.get_text()
    assert found.figure.img["alt"] == "Figure: About this report"


def test_a_figure_that_says_nothing_of_itself_is_a_picture():
    found = page(code("x", drawn()))
    assert not found.select("figcaption")


def test_what_a_cell_says_links_nowhere_and_loads_nothing():
    said = shown(markdown="A [click](https://example.org) ![p](https://example.org/p.png) **b**")
    found = page(code("say()", said))
    assert not found.select("main .said a, main .said img")
    assert "click" in found.select_one(".said").get_text()
    assert found.select_one(".said strong").get_text() == "b"


CHECKS = [
    {"name": "enough_data", "passed": True, "text": "n = 308."},
    {"name": "backtest", "passed": False, "text": "Missed by <12> %."},
    {"name": "leaks", "passed": None, "text": "No dates."},
]
CHANGE = {
    "name": "net_promoter_score",
    "unit": "points",
    "better": "higher",
    "before": 39.84,
    "before_low": 37.0,
    "before_high": 42.5,
    "now": 31.2,
    "now_low": 28.9,
    "now_high": 33.4,
    "change": -8.64,
    "low": -12.1,
    "high": -5.2,
    "p_holm": 0.0001,
    "beyond_noise": True,
    "why": "",
}
UNTOLD = CHANGE | {
    "name": "answers",
    "unit": "",
    "better": "",
    "before": None,
    "now": 12345.0,
    "change": None,
    "low": None,
    "high": None,
    "p_holm": None,
    "beyond_noise": None,
    "why": "not in the run before",
}
BEFORE = {"run": "20250101-000000-0001", "finished": "2025-01-01T06:00:00+00:00"}
SAMPLE = min(SAMPLES)


def test_the_status_says_in_words_what_is_counted():
    found = page(leading={"name": "campaign_profit", "n": 2345})
    assert "profit reckoned for 2,345 customers" in texts(found.select(".facts li"))


def test_the_status_tells_date_size_and_checks():
    leading = {"name": "top_share", "n": 2746}
    found = page(as_of="2025-12-31", leading=leading, checks=CHECKS)
    assert texts(found.select(".facts li"))[:3] == [
        "As of 2025-12-31",
        "Data 2025-01-01 to 2025-12-31",
        "n of top share: 2,746",
    ]
    summary = found.select_one(".checks summary").get_text()
    assert summary == "Checks: 1 passed, 1 warned, not met (backtest), 1 not settled (leaks)"
    assert texts(found.select(".checks li")) == [
        "passed enough data: n = 308.",
        "warned, not met backtest: Missed by <12> %.",
        "not settled leaks: No dates.",
    ]


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({}, None),
        ({"sales": "ab" * 32}, None),
        ({"sales": SAMPLE}, "Sample data: no figure here is about your customers"),
        ({"sales": "ab" * 32, "survey": SAMPLE}, "Sample data, not your own: survey"),
    ],
)
def test_that_data_are_a_sample_comes_first_in_the_status(inputs, told):
    given = [
        ENTRY["inputs"][0] | {"input": name, "sha256": digest} for name, digest in inputs.items()
    ]
    said = page(inputs=given).select_one(".facts .sample")
    assert (said and said.get_text()) == told
    assert said is None or said.find_previous_sibling("li") is None


def test_every_shipped_file_is_known_as_a_sample():
    shipped = (PROJECT / "data" / "raw").glob("*.csv")
    assert {hashlib.sha256(one.read_bytes()).hexdigest() for one in shipped} == SAMPLES


def test_each_input_has_its_own_period_where_they_differ():
    first = ENTRY["inputs"][0]
    other = first | {"input": "survey", "period": ["2024-01-01", "2024-06-30"], "note": ""}
    text = page(inputs=[first, other], label="North").header.get_text()
    assert "Data 2025" not in text
    assert "sales: 2025-01-01 to 2025-12-31; simulated" in text
    assert "survey: 2024-01-01 to 2024-06-30" in text


def test_what_changed_is_told_in_a_sentence_then_in_a_table():
    found = page(compared_with=BEFORE, changes=[UNTOLD, CHANGE])
    section = found.select_one("#changes")
    assert section.h2.get_text() == "What changed since 2025-01-01"
    assert section.p.get_text() == (
        "1 of 1 figures compared with run 20250101-000000-0001 moved beyond noise. For 1 more it "
        "cannot be told."
    )
    first, every = section.select("table")
    assert [texts(row.find_all(["th", "td"])) for row in first.select("tbody tr")] == [
        ["net promoter score (points)", "39.8", "31.2", "-8.6 (-12.1 to -5.2)", "yes, worse"]
    ]
    assert texts(every.select("tbody tr")[0].find_all(["th", "td"])) == [
        *("answers", "–", "12,345", "–", "cannot be told: not in the run before")
    ]


@pytest.mark.parametrize(
    ("language", "cell"),
    [
        ("en", "no: alone beyond noise, but not among 2 figures"),
        ("fa", "نه: به‌تنهایی فراتر از نوفه است، اما در میان \u20662\u2069 عدد نه"),
    ],
)
def test_an_interval_without_zero_and_its_verdict_do_not_contradict(language, cell):
    leading = CHANGE | {"name": "leading"}
    alone = CHANGE | {"beyond_noise": False, "p_holm": 0.06}
    within = alone | {"name": "other", "low": -12.1, "high": 0.2}
    changes = told_changes(
        {
            **{"compared_with": BEFORE, "changes": [leading, alone, within, UNTOLD]},
            **{"leading": {"name": "leading"}},
        },
        WORDS[language],
    )
    assert [one.beyond for one in changes.every][1:3] == [cell, WORDS[language]["no"]]
    assert WORDS[language]["some_alone"].format(alone=1) in changes.sentence


@pytest.mark.parametrize(
    ("changes", "same", "told"),
    [
        ([CHANGE | {"beyond_noise": False}], False, "None of 1 figures compared"),
        ([CHANGE | {"beyond_noise": False, "change": 0.0}], True, "no figure has changed"),
        ([CHANGE | {"beyond_noise": None}], True, "and yet figures differ (1)"),
    ],
)
def test_without_a_change_beyond_noise_there_is_a_sentence(changes, same, told):
    found = page(compared_with=BEFORE | {"same_data": same}, changes=changes)
    assert told in found.select_one("#changes p").get_text()


def changed_line(**changes):
    [link] = page(**changes).header.select("a[href='#changes']")
    return link.get_text()


def test_what_changed_follows_the_report_and_a_line_above_leads_to_it():
    changes = [UNTOLD, CHANGE, CHANGE | {"beyond_noise": False}]
    found = page(compared_with=BEFORE, changes=changes)
    assert [tag["id"] for tag in found.main.find_all(recursive=False)] == ["body", "changes"]
    assert [link["href"] for link in found.select("nav a")][-2:] == [
        "#section-changes",
        "#section-provenance",
    ]
    line = changed_line(compared_with=BEFORE, changes=changes)
    assert line == "What changed since 2025-01-01: 1 of 2 figures beyond noise"
    line = changed_line(compared_with=BEFORE, changes=[UNTOLD])
    assert line == "What changed since 2025-01-01: cannot be told"
    line = changed_line(compared_with=None, why_not_compared="It is the first run.")
    assert line == "What changed: Not compared with an earlier run: It is the first run."
    same = changed_line(compared_with=BEFORE | {"same_data": True}, changes=[])
    assert same.endswith("no figure has changed.")
    assert not page().header.select("a[href='#changes']")


def test_data_without_dates_are_said_to_have_none():
    undated = ENTRY["inputs"][0] | {"period": None}
    told = "The data carry no dates"
    assert told in texts(page(inputs=[undated]).select(".facts li"))
    assert told not in page(inputs=[undated], as_of="2025-12-31").header.get_text()
    assert told not in page(inputs=[undated, *ENTRY["inputs"]]).header.get_text()


def test_every_table_has_the_name_of_its_frame():
    found = page(code("x", shown(html="<table><tr><td>1</td></tr></table>")), compared_with=BEFORE)
    names = [table["aria-label"] for table in found.select("table")]
    assert names == [one["aria-label"] for one in found.select(".frame")]
    assert names == ["Table 1: About this report", "Table 2: Where this comes from"]


def test_why_there_is_no_comparison_is_told():
    found = page(compared_with=None, changes=[], why_not_compared="It is the first <run>.")
    text = found.select_one("#changes").get_text(" ", strip=True)
    assert text == "What changed Not compared with an earlier run: It is the first <run>."
    assert not page().select("#changes")


def test_the_body_does_not_depend_on_the_run():
    cells = [
        nbformat.v4.new_markdown_cell("## Data"),
        code("a", shown(html="<table><tr><td>1</td></tr></table>"), tags=["answer"]),
        code("b", shown(png=png(1200, 500))),
    ]
    later = {"seconds": 9.0, "finished": "2026-02-03T04:05:06+00:00", "compared_with": BEFORE}
    one, other = page(*cells), page(*cells, changes=[CHANGE], checks=CHECKS, **later)
    assert str(one.article) == str(other.article)
    assert str(one) != str(other)


def test_what_was_repaired_or_left_out_stands_in_one_place():
    finding = {
        "column": "amount",
        "source_column": "dollars",
        "rule": "refund <net>",
        "count": 3046,
    }
    blank = {"column": "customer_id", "source_column": None, "rule": "blank", "count": 7}
    changed = ENTRY["inputs"][0] | {
        "rows_read": 1241,
        "repairs": [finding],
        "exclusions": [blank],
        "warnings": [],
    }
    section = page(inputs=[changed]).select("#detail > section")[-1]
    assert texts(section.select("li")) == ["sales: 1,241 rows read, 1,234 kept."]
    assert [texts(row.find_all("td")) for row in section.select("tbody tr")] == [
        ["sales", "left out", "customer_id", "blank", "7"],
        ["sales", "repaired", "dollars", "refund <net>", "3,046"],
    ]
    assert "Nothing was repaired" in page().select("#detail > section")[-1].get_text()


def test_the_footer_says_how_to_make_the_report_again():
    given = {"as_of": "month-end", "note": "two words", "output_dir": "."}
    found = page(given=given, parameters={"as_of": "2025-12-31", "note": "two words"})
    assert "cx run good -p as_of=month-end -p 'note=two words'" in found.footer.get_text()
    assert "as_of = month-end (2025-12-31), note = two words" in found.header.get_text()


def test_a_page_in_persian_has_persian_labels_and_reads_from_the_right():
    heading = nbformat.v4.new_markdown_cell("## Limits\n\nThis is English.")
    found = page(heading, parameters={"language": "fa"}, checks=CHECKS, compared_with=BEFORE)
    assert (found.html["lang"], found.html["dir"]) == ("fa", "rtl")
    assert found.select_one("nav summary").get_text() == "فهرست"
    assert found.select_one("#detail h2").get_text() == "دربارهٔ این گزارش"
    english = found.select_one("#detail p")
    assert (english["lang"], english["dir"]) == ("en", "ltr")
    assert page(title="ارزش مشتریان چقدر است؟").html["dir"] == "rtl"


def test_persian_on_an_english_page_is_marked():
    cells = "<table><tbody><tr><td>شعبهٔ شمال</td><td>North</td></tr></tbody></table>"
    persian, english = page(code("x", shown(html=cells))).select(".frame td")[:2]
    assert (persian["lang"], persian["dir"]) == ("fa", "rtl")
    assert "lang" not in english.attrs


def test_on_a_persian_page_numbers_and_latin_words_stand_apart():
    said = "شکاف -1.83 (95 % interval -1.98 to -1.69) از 600 پاسخ است، بازهٔ `-2` و دیگر چیزها نیز"
    found = page(code("x", shown(markdown=said)), parameters={"language": "fa"})
    apart = found.select("article .said bdi")
    assert texts(apart) == ["-1.83 (95 % interval -1.98 to -1.69)", "600"]
    assert [one["dir"] for one in apart] == ["ltr", "ltr"]
    assert found.select_one(".said").get_text().strip() == said.replace("`", "")


def test_in_an_english_text_persian_names_stand_apart_one_by_one():
    said = (
        "By dimension these surely fall short of what customers expect: همدلی -0.77, "
        "قابلیت اعتماد (نو) -0.71 (همدلی), **پاسخ‌گویی**."
    )
    for language in ("en", "fa"):
        found = page(code("x", shown(markdown=said)), parameters={"language": language})
        apart = found.select("article .said bdi")
        assert texts(apart) == ["همدلی", "قابلیت اعتماد (نو)", "همدلی", "پاسخ‌گویی"]
        assert {(one["dir"], one["lang"]) for one in apart} == {("rtl", "fa")}


def test_code_keeps_its_place_on_a_persian_page():
    found = page(code("x = -1"), parameters={"language": "fa"})
    assert found.select_one("details.code pre").get_text().strip() == "x = -1"


def test_the_words_are_the_same_in_both_languages():
    assert WORDS["en"].keys() == WORDS["fa"].keys()
    fields = {
        language: {key: set(re.findall(r"{\w+}", text)) for key, text in words.items()}
        for language, words in WORDS.items()
    }
    assert fields["en"] == fields["fa"]


def test_the_policy_lets_this_script_run_and_no_other():
    found = page()
    policy = found.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    [digest] = re.findall(r"script-src 'sha256-([^']+)'", policy)
    made = hashlib.sha256(found.script.string.encode()).digest()
    assert base64.b64decode(digest) == made
    assert "default-src 'none'" in policy


def test_the_name_of_all_columns_gives_way_to_that_of_the_index():
    table = frame(
        "<table><thead><tr><th>move</th><th>rose</th></tr><tr><th>compared</th><th></th></tr>"
        "</thead><tbody><tr><th>between</th><td>2</td></tr></tbody></table>"
    )
    assert texts(table.select("thead th")) == ["compared", "rose"]


def test_a_line_with_the_value_of_a_parameter_keeps_the_language_of_its_words():
    page = BeautifulSoup('<p class="status">با <code>language = fa</code></p>', "html.parser")
    languages.mark_languages(page, "fa")
    assert not page.p.has_attr("dir")
