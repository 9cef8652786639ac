"""Rows that are no answers of their own, and sheets that show other than they hold."""

import datetime
import re
import zipfile

import numpy as np
import openpyxl
import pytest

from cxlib.engine.sheet_xml import sign_shown

DAY = datetime.date(2024, 1, 1)
FEEDBACK = (
    'columns = { response_id = "id", date = "date", csat = "csat", nps = "nps" }\n'
    'attributes = ["branch"]\nscales = { csat = [1, 5], nps = [0, 10] }\n'
)
POOLED = 'columns = { date = "date", csat = "answer" }\nscales = { csat = [1, 5] }\n'
COUNTED = (
    'columns = { date = "date", nps = "nps" }\nattributes = ["branch"]\n'
    "scales = { nps = [0, 10] }\n"
)
AMOUNTS = 'columns = { customer_id = "id", date = "date", amount = "amount" }\n'


@pytest.fixture
def told(tmp_path, said):
    """What the door says of rows of text or of a workbook."""

    def load(content, entry=FEEDBACK, kind="feedback", edit=None):
        is_book = isinstance(content, openpyxl.Workbook)
        path = tmp_path / ("a.xlsx" if is_book else "a.csv")
        if is_book:
            content.save(path)
            if edit:
                _edited(path, *edit)
        else:
            lines = (",".join(map(str, row)) for row in content)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return said(kind, f'[{kind}]\nuri = "{path.name}"\n{entry}')

    return load


def _edited(path, part, pattern, replacement):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = re.sub(pattern, replacement, parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def answers(rows=300, seed=1, days=200):
    draw = np.random.default_rng(seed)
    found = []
    for row in range(rows):
        day = DAY + datetime.timedelta(int(draw.integers(days)))
        branch = "ABCD"[draw.integers(4)]
        csat = int(draw.integers(1, 6))
        found.append(
            [f"R{row}", day, branch, csat, int(np.clip(2 * csat - draw.integers(3), 0, 10))]
        )
    return found


def with_header(rows):
    return [["id", "date", "branch", "csat", "nps"], *rows]


# --- rows that are there twice --------------------------------------------------------------


@pytest.mark.parametrize("again", [300, 120])
def test_a_block_of_answers_that_is_appended_once_more_is_told(told, again):
    rows = answers()
    rows += [[f"S{row}", *cells[1:]] for row, cells in enumerate(rows[:again])]
    found = told(with_header(rows))
    assert f"the last {again} rows are the first {again} once more" in found
    assert found.endswith(f"[{again}]")


def test_answers_that_come_round_after_a_few_rows_are_not_told(told):
    rows = [[f"R{row}", DAY, "A", row % 5 + 1, 2 * (row % 5) + 1] for row in range(60)]
    assert "once more" not in told(with_header(rows), FEEDBACK)


def test_answers_sent_twice_are_told(told):
    rows = answers()
    rows += [[f"S{row}", *cells[1:]] for row, cells in enumerate(rows[::8])]
    rows.sort(key=lambda row: str(row[1]))
    rows = [[*row, f"C{row[0][1:]}"] for row in rows]
    entry = FEEDBACK.replace("{ response_id", '{ customer_id = "who", response_id')
    header = ["id", "date", "branch", "csat", "nps", "who"]
    assert "rows alike" not in told([header, *rows], entry)
    for row in rows:
        row[-1] = f"C{int(row[0][1:]) * 8}" if row[0][0] == "S" else row[-1]
    found = told([header, *rows], entry)
    assert "rows alike in all but their ids, many more than by chance" in found
    assert found.endswith("[38]")


@pytest.mark.parametrize("seed", range(6))
def test_answers_alike_by_chance_are_not_told(told, seed):
    # Many answers on few days: some are alike.
    rows = answers(400 + 300 * seed, seed, days=1 + 10 * seed)
    assert told(with_header(sorted(rows, key=lambda row: str(row[1:])))) == ""


# --- counts, and questions in turn ----------------------------------------------------------


def counted(name, count=lambda row: row % 7 + 1):
    months = [f"2024-{month:02d}-01" for month in range(1, 13)]
    cells = [(month, branch, nps) for month in months for branch in "ABC" for nps in range(11)]
    return [
        ["date", "branch", "nps", name],
        *([*cell, count(row)] for row, cell in enumerate(cells)),
    ]


@pytest.mark.parametrize("name", ["responses", "n", "Count", "frequency", "تعداد", "فراوانی"])
def test_rows_that_hold_counts_are_told(told, name):
    assert f"as many answers as {name} says" in told(counted(name), COUNTED)


@pytest.mark.parametrize(
    ("name", "count"),
    [("visits", lambda row: row % 7 + 1), ("n", lambda row: 1), ("n", lambda row: row % 7)],
)
def test_other_whole_numbers_are_no_counts(told, name, count):
    assert told(counted(name, count), COUNTED) == ""


def test_a_number_beside_answers_of_their_own_is_no_count(told):
    rows = [[*row, number % 7 + 1] for number, row in enumerate(answers())]
    assert told([["id", "date", "branch", "csat", "nps", "n"], *rows]) == ""


def pooled(asked, name="question"):
    draw = np.random.default_rng(2)
    rows = [
        [f"R{survey}", DAY + datetime.timedelta(survey), question, draw.integers(1, 6)]
        for survey in range(60)
        for question in asked(survey)
    ]
    return [["survey", "date", name, "answer"], *rows]


@pytest.mark.parametrize("name", ["question", "Item", "گویه"])
def test_several_questions_in_one_column_are_told(told, name):
    found = told(pooled(lambda survey: ["staff", "wait", "app"], name), POOLED)
    assert f"several questions in one column (3 by {name})" in found


def test_a_question_of_each_row_that_is_drawn_is_not(told):
    assert told(pooled(lambda survey: ["staff" if survey % 3 else "wait"]), POOLED) == ""


# --- workbooks ------------------------------------------------------------------------------


def workbook(*titles):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in titles:
        sheet = book.create_sheet(title)
        for row in with_header(answers(40)):
            sheet.append(row)
    return book


def test_further_sheets_with_the_same_columns_are_told(told):
    book = workbook("Jan", "Feb", "Mar", "Apr", "List")
    book["Apr"].sheet_state = "hidden"
    book["List"]["B1"] = "other"
    found = told(book, FEEDBACK + 'sheet = "Jan"\n')
    assert "further sheets with the same columns are not read: Feb, Mar" in found
    del book["Feb"], book["Mar"]
    assert told(book, FEEDBACK + 'sheet = "Jan"\n') == ""


@pytest.mark.parametrize(("column", "is_told"), [("D", True), ("F", False)])
def test_a_hidden_column_that_is_read_is_told(told, column, is_told):
    book = workbook("Jan")
    book["Jan"]["F1"] = "note"
    book["Jan"].column_dimensions[column].hidden = True
    found = told(book)
    assert found == (
        "csat: the column is hidden in the workbook: is it the one that is meant? [1]"
        if is_told
        else ""
    )


@pytest.mark.parametrize(("mode", "is_told"), [("manual", True), ("auto", False)])
@pytest.mark.parametrize("with_formulas", [True, False])
def test_formulas_that_are_computed_only_when_told_to_are_told(told, mode, is_told, with_formulas):
    book = workbook("Jan")
    book.calculation.calcMode, book.calculation.fullCalcOnLoad = mode, False
    formula = r'<c r="D\1"><f>MIN(5,2)</f><v>\2</v></c>' if with_formulas else r"\g<0>"
    cell = r'<c r="D([0-9]+)" t="n"><v>([0-9])</v></c>'
    found = told(book, edit=("xl/worksheets/sheet1.xml", cell, formula))
    assert ("computes only when told to" in found) == (is_told and with_formulas)
    assert found.endswith("[40]") == (is_told and with_formulas)


@pytest.mark.parametrize(
    ("formats", "sign"),
    [
        (('0.00" Dr"', '0.00" Cr"'), "Cr"),
        (("General", "[Red]-0.00"), "-"),
        (('0.00" Dr"', '0.00" Dr"'), ""),
        (("0.00", "0.00;[Red]-0.00"), ""),
        (("General", '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-'), ""),
    ],
)
def test_a_sign_that_only_the_format_shows_is_refused(told, formats, sign):
    book = openpyxl.Workbook()
    book.active.append(["id", "date", "amount"])
    for row in range(40):
        book.active.append([f"C{row % 7}", DAY + datetime.timedelta(row), row + 3.25])
        book.active.cell(row + 2, 3).number_format = formats[row % 10 == 9]
    found = told(book, AMOUNTS, "transactions")
    if sign:
        assert f"only in the formats of the cells: {sign}: 4 rows" in found
    else:
        assert found == ""


@pytest.mark.parametrize(
    ("number_format", "sign"),
    [
        ("yyyy-mm-dd", ""),
        ("000-0000", ""),
        (r"\-0.0", "-"),
        ('"-"#,##0', "-"),
        ("[<0]-0;0", ""),
        ('"-"', ""),
        ('#,##0.00" CR"', "Cr"),
        ("", ""),
    ],
)
def test_the_sign_of_a_number_format_is_that_of_positive_numbers(number_format, sign):
    assert sign_shown(number_format) == sign
