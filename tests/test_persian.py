"""Persian outputs: the catalogue, digits, figures and pages."""

import re

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from cxlib import PROJECT, figures, pages, plots
from cxlib.pages.declarations import mark_declarations
from cxlib.pages.languages import mark_languages
from cxlib.persian import in_persian, in_persian_digits, isolated
from cxlib.persian.catalogue import LABELS, SENTENCES

REPORTS = sorted((PROJECT / "notebooks").glob("0[0-5]_*.ipynb"))
HEADINGS = {
    line.lstrip("# ")
    for path in REPORTS
    for cell in nbformat.read(path, as_version=4).cells
    if cell.cell_type == "markdown"
    for line in cell.source.splitlines()
    if line.startswith("#")
}

CODE = "\n".join(
    cell.source
    for path in REPORTS
    for cell in nbformat.read(path, as_version=4).cells
    if cell.cell_type == "code"
)


def places(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("english", SENTENCES)
def test_both_sides_of_a_sentence_have_the_same_places(english):
    assert places(english) == places(SENTENCES[english])


def test_persian_wording_has_persian_digits():
    # But for UTF-8 and the like, and code to paste, which stands apart from left to right.
    worded = [
        re.sub(r"\{\w+\}|\u2066[^\u2069]*\u2069", "", text)
        for text in [*LABELS.values(), *SENTENCES.values()]
    ]
    assert [text for text in worded if re.search("(?<![A-Za-z]-)[0-9]", text)] == []


def test_every_heading_of_the_reports_is_known():
    assert {heading for heading in HEADINGS if heading not in LABELS} == set()


@pytest.mark.parametrize("name", sorted(set(re.findall(r'Check\(\s*"([^"]+)"', CODE))))
def test_every_check_is_called_in_persian(name):
    assert not re.search("[A-Za-z]", in_persian(name))


@pytest.mark.parametrize("name", sorted(set(re.findall(r'results\.measure\(\s*"(\w{2,})"', CODE))))
def test_every_measure_has_a_persian_name(name):
    assert name.replace("_", " ") in LABELS


@pytest.mark.parametrize(
    ("text", "persian"),
    [
        ("1,234.5", "۱٬۲۳۴٫۵"),
        ("12 %", "۱۲٪"),
        ("-0.25 (7)", "-۰٫۲۵ (۷)"),
        ("1403-01", "فروردین ۱۴۰۳"),
        ("1403-12 – 1404-01", "اسفند ۱۴۰۳ – فروردین ۱۴۰۴"),
        ("2026-11", "نوامبر ۲۰۲۶"),
        ("2026-11-05", "۲۰۲۶-۱۱-۰۵"),
        ("1403-Q3", "سه‌ماههٔ ۳ سال ۱۴۰۳"),
    ],
)
def test_numbers_and_months(text, persian):
    assert in_persian_digits(text) == persian


@pytest.mark.parametrize(
    ("english", "persian"),
    [
        ("The data", "داده‌ها"),
        ("22 rows", "۲۲ سطر"),
        ("1403-07 to 1403-09", "مهر ۱۴۰۳ تا آذر ۱۴۰۳"),
        # A label within a sentence, and a sentence within another text.
        ("empathy -0.77 (95 % interval -1.03 to -0.51)", "همدلی -۰٫۷۷ (بازهٔ ۹۵٪: -۱٫۰۳ تا -۰٫۵۱)"),
        ("5 rows; from -1.5 (empathy) to 2 (assurance).", "۵ سطر؛ از -۱٫۵ (همدلی) تا ۲ (تضمین)."),
        ("channel: The data, empathy", "کانال: داده‌ها، همدلی"),
        ("Satisfied (6 and 7 of 1 to 7)", "راضی (۶ و ۷ از ۱ تا ۷)"),
        ("Easy (1 and 2 of 1 to 5)", "آسان (۱ و ۲ از ۱ تا ۵)"),
        (
            "Calibration cannot be judged: constant risks have no slope.",
            "دربارهٔ واسنجی نمی‌توان داوری کرد: خطرهای ثابت شیب ندارد.",
        ),
        (
            "Whether the dimensions stand cannot be judged: the items share too little (KMO 0.47).",
            "دربارهٔ برقراری بُعدها نمی‌توان داوری کرد: گویه‌ها اشتراک اندکی دارند (KMO ۰٫۴۷).",
        ),
        ("The response rate is not known.", "نرخ پاسخ معلوم نیست."),
        (
            "The two stretches compared have 84 and 92 for Satisfied (4 and 5 of 1 to 5), which"
            " show a change of 20.8 percentage points or more.",
            "دو بازهٔ مقایسه‌شده برای راضی (۴ و ۵ از ۱ تا ۵) ۸۴ و ۹۲ پاسخ دارند که تغییر ۲۰٫۸ واحد"
            " درصد یا بیشتر را نشان می‌دهد.",
        ),
    ],
)
def test_texts_are_looked_up(english, persian):
    assert in_persian(english) == persian


@pytest.mark.parametrize("text", ["Bazaar 12", "nobody wrote this (3 or 4)", "a-1, b-2", "007x"])
def test_what_is_not_known_stays_as_it_is(text):
    assert in_persian(text) == text


def test_names_of_the_data_stay_within_a_sentence():
    told = in_persian("from 1 (Branch 7) to 2 (شعبهٔ ۸)")
    assert told == "از ۱ (Branch 7) تا ۲ (شعبهٔ ۸)"


def test_a_sign_stays_before_its_number_in_a_picture():
    assert isolated("−۱٫۵") == "\u200e−۱٫۵"
    assert isolated("۲۰۲۶-۱۱") == "۲۰۲۶-۱۱"


def test_a_figure_is_drawn_and_described_in_persian():
    """Without a letter that the fonts lack: a warning is an error."""
    with plt.rc_context():
        plots.use_style(language="fa")
        rows = ["شعبهٔ تهران (مرکز)", "اپ App «۲» 50% ﷼"]
        frame = pd.DataFrame({"mean": [-1.25, 0.5], "low": [-1.5, 0.2], "high": [-1.0, 0.8]}, rows)
        figure, ax = plt.subplots()
        plots.intervals(frame, xlabel="gap, P − E (points)", ax=ax)
        ax.set_title("Gap of each dimension")
        shown = figures.bundle(figure, level=0.95, language="fa")
        figure.canvas.draw()
        ticks = [label.get_text() for label in ax.get_xticklabels()]
        names = [label.get_text() for label in ax.get_yticklabels()]
    assert ax.get_xlabel() == "شکاف، ادراک − انتظار (امتیاز)"
    assert ax.get_title("left") == "شکاف هر بُعد"
    assert "\u200e−۱٫۰" in ticks
    assert names[1] == rows[1]
    described = shown[figures.MIME]
    assert described["caption"] == "میله‌ها: بازه‌های ۹۵٪."
    assert "از -۱٫۲۵ (شعبهٔ تهران (مرکز))" in described["alt"]
    plt.close(figure)


def page(language, printed="21 rows,  3\n"):
    table = pd.DataFrame({"customer_id": ["0071"], "branch": ["Bazaar"], "gap": ["-1.5"]})
    said = {"text/markdown": "Some English.", "text/html": table.to_html()}
    lines = nbformat.v4.new_output("stream", name="stdout", text=printed)
    cells = [
        nbformat.v4.new_markdown_cell("# Which model?\n\nProse has dates, 3 of them."),
        nbformat.v4.new_markdown_cell("## The data"),
        nbformat.v4.new_code_cell(
            "x", execution_count=1, outputs=[nbformat.v4.new_output("display_data", said), lines]
        ),
    ]
    entry = {
        "name": "good",
        "title": "Which model?",
        "notebook": "01_good.ipynb",
        "status": "ok",
        "cause": None,
        "finished": "2025-01-02T03:04:05+00:00",
        "seconds": 1.5,
        "parameters": {"language": language},
        "inputs": [],
    }
    manifest = {
        "run": "20250102-030405-1234",
        "python": "3.11.7",
        "libraries": {"numpy": "2.4"},
        "code": {"cxlib": "0.1.0", "commit": None, "modified": None},
    }
    notebook = nbformat.v4.new_notebook(cells=cells)
    return BeautifulSoup(pages.report(notebook, entry, manifest), "html.parser")


def test_a_persian_page_has_its_font_and_may_load_it():
    found = page("fa")
    assert "font-src data:" in found.find("meta", attrs={"http-equiv": True})["content"]
    faces = re.findall(r"@font-face \{.*?\}", str(found.style), re.DOTALL)
    assert len(faces) == 2
    assert 20_000 < sum(map(len, faces)) < 60_000
    english = page("en")
    assert "@font-face" not in str(english.style)
    assert "font-src" not in str(english.head)


def test_dates_and_signs_with_persian_digits_stand_apart_and_the_percent_sign_follows():
    soup = BeautifulSoup("<p>در ۲۰۲۶-۱۱-۰۵ بود −۱٫۵ و ۱۲٪ (۳)</p>", "html.parser")
    wrapped = BeautifulSoup(f'<div dir="rtl">{soup}</div>', "html.parser")
    mark_languages(wrapped, "fa")
    apart = [(one.get_text(), one["dir"]) for one in wrapped.find_all("bdi")]
    assert apart == [("۲۰۲۶-۱۱-۰۵", "ltr"), ("−۱٫۵", "ltr"), ("۱۲", "ltr"), ("۳", "ltr")]


def test_a_persian_page_sets_headings_and_tables_but_not_prose_and_ids():
    found = page("fa")
    assert found.h1.get_text() == "کدام مدل؟"
    assert "داده‌ها" in [one.get_text() for one in found.select("#contents a")]
    prose = found.find("p", string=re.compile("Prose"))
    assert prose.get_text() == "Prose has dates, 3 of them."
    assert (prose["lang"], prose["dir"]) == ("en", "ltr")
    assert [one.get_text() for one in found.thead.find_all("th")] == ["شناسهٔ مشتری", "شعبه", "شکاف"]
    assert [one.get_text() for one in found.tbody.find_all("td")] == ["0071", "Bazaar", "-۱٫۵"]
    assert "20250102-030405-1234" in found.header.get_text()


def test_what_cells_print_is_persian_a_line_each_where_every_line_of_it_is_known():
    known = "6,000 answered questionnaires; asked: nps, csat\nGroups: branch_code, channel\n"
    known += "Rated aspects: staff_help, branch_comfort\n"
    printed = page("fa", known).select(".printed")
    assert [one.name for one in printed] == ["div"]
    assert [" ".join(one.get_text().split()) for one in printed[0].find_all("p")] == [
        "۶٬۰۰۰ پرسش‌نامهٔ پاسخ‌داده؛ پرسیده شد: NPS، CSAT",
        "گروه‌ها: branch_code، کانال",
        "جنبه‌های ارزیابی‌شده: staff_help, branch_comfort",
    ]
    assert [(one["lang"], one["dir"]) for one in printed[0].find_all("p")] == [("fa", "rtl")] * 3
    for table in ("  7   12\n 10    3\n", "Words of my own\nGroups: branch_code\n"):
        (kept,) = page("fa", table).select(".printed")
        assert (kept.name, kept.get_text()) == ("pre", table)


@pytest.mark.parametrize("notebook", REPORTS, ids=lambda path: path.stem)
def test_every_line_that_the_reports_print_is_known(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    outputs = [one for cell in cells for one in cell.get("outputs", ())]
    lines = [
        line for one in outputs if one.output_type == "stream" for line in one.text.splitlines()
    ]
    assert lines
    assert [line for line in lines if in_persian(line) == line] == []


def test_the_page_of_a_check_is_persian_but_for_code_and_names_of_the_data():
    error = {
        "file": "raw/sales.csv",
        "column": "amount",
        "source_column": "month",
        "rule": "not a number",
        "count": 2,
        "unit": "line",
        "places": [3, 7],
        "examples": [],
        "remedy": 'declare in [transactions] of mine.toml: decimal = ","',
    }
    one = {"input": "transactions", "uri": "raw/sales.csv", "status": "refused", "errors": [error]}
    one |= {"rows": None, "rows_read": None, "period": None, "currency": "", "note": ""}
    one |= dict.fromkeys(("repairs", "exclusions", "warnings"), ())
    told = pages.inputs({"sources": "mine.toml", "inputs": [one]}, "fa")
    found = BeautifulSoup(told, "html.parser")
    assert (found.html["lang"], found.html["dir"]) == ("fa", "rtl")
    assert "font-src data:" in found.find("meta", attrs={"http-equiv": True})["content"]
    cells = [" ".join(cell.get_text().split()) for cell in found.select("tbody td")]
    assert cells == [
        "raw/sales.csv",
        "amount (ستون شما “month”)",
        "عدد نیست",
        "۲",
        "خط‌های ۳، ۷",
        "در \u2066[transactions]\u2069 از فایل \u2066mine.toml\u2069 اعلام کنید: "
        '\u2066decimal = ","\u2069',
    ]


def test_declarations_are_code_in_which_each_text_stands_apart():
    declared = 'leave_out = { "وضعیت" = ["لغو شده", "مرجوعی"] }'
    page = BeautifulSoup(
        f"<p>بنویسید: {declared} و complete_to = 2024-06-30، n = 12</p>", "html.parser"
    )
    before = page.get_text()
    mark_declarations(page)
    assert page.get_text() == before
    assert [one.get_text() for one in page.find_all("code")] == [
        declared,
        "complete_to = 2024-06-30",
    ]
    assert [one.get_text() for one in page.find_all("bdi")] == ['"وضعیت"', '"لغو شده"', '"مرجوعی"']


@pytest.mark.parametrize("text", ["a" * 200_000, "a_" * 100_000, "a = {" * 50_000])
def test_declarations_are_sought_in_one_pass(text):
    page = BeautifulSoup(f"<p>{text}</p>", "html.parser")
    # A second look at each letter would take minutes.
    mark_declarations(page)
    assert not page.find("code")


@pytest.mark.parametrize(
    "text",
    [
        "A" * 60_000,
        "a, " * 1600 + "b",
        "a: " * 1600,
        "x to y of " * 400,
    ],
)
def test_a_text_of_the_data_is_given_up_and_never_tried_forever(text):
    """With every place of every sentence tried at every letter, this would not end."""
    assert in_persian(text).replace("، ", ", ") == text


@pytest.mark.parametrize("text", ["a (line 1), in a.b" * 250, ", " * 2000, "\u2066a\u2069" * 1600])
def test_texts_within_texts_are_looked_up_to_some_depth_alone(text):
    assert in_persian(text).count("خط") < 10
