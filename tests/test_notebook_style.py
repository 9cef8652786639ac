"""The rules that every notebook keeps (CONTRIBUTING.md), checked on the file as committed."""

import ast
import datetime as dt
import re

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode

from cxlib import PROJECT, calendars, clv, contracts, plots, runs, satisfaction
from cxlib.clv.grouping import cohort_labels
from cxlib.instruments import Item

NOTEBOOKS = runs.find(PROJECT / "notebooks")

COMMON = {"sources": "str", "level": "float", "seed": "int", "output_dir": "str"}
# Nothing in it is drawn at random: a seed would be a parameter that does nothing.
WITHOUT_CHANCE = {"data_quality"}
MAX_LINES = 15
MOST_PARAMETERS = 18  # a list, one a line: not read as code is
CHECKED = "# NBVAL_CHECK_OUTPUT"
PARAMETER_LINE = re.compile(r"[a-z][a-z0-9_]*: (str|int|float|bool) = .+  # \S.*")
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.While,
    ast.Try,
    ast.Assert,
)


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def parameters_cell(notebook: NotebookNode) -> NotebookNode:
    [cell] = [cell for cell in notebook.cells if "parameters" in tags(cell)]
    return cell


def logic(source: str) -> list[str]:
    """What in a cell belongs in cxlib."""
    found = [
        type(node).__name__ for node in ast.walk(ast.parse(source)) if isinstance(node, FORBIDDEN)
    ]
    return found + re.findall(r"sys\.path|^[%!].*", source, flags=re.MULTILINE)


def formulas(source: str) -> list[str]:
    """TeX formulas, which an offline page cannot show; code spans may hold dollars."""
    return re.findall(r"\$[^$]+\$", re.sub(r"(?s)```.*?```|`[^`]*`", "", source))


@pytest.fixture(params=NOTEBOOKS.values(), ids=NOTEBOOKS.keys())
def notebook(request):
    found = nbformat.read(request.param, as_version=4)
    nbformat.validate(found)
    return found


def test_the_file_name_has_a_number_and_a_name():
    for path in NOTEBOOKS.values():
        assert re.fullmatch(r"\d\d_[a-z][a-z0-9_]*", path.stem)


def test_it_begins_with_a_question_and_ends_with_limits(notebook):
    first, last = notebook.cells[0], notebook.cells[-1]
    assert first.cell_type == last.cell_type == "markdown"
    assert re.match(r"# \S.*\?\n", first.source)
    assert last.source.startswith("## Limits")


def test_parameters_are_typed_literals_with_help(notebook):
    cell = parameters_cell(notebook)
    assert notebook.cells.index(cell) == 1
    for line in cell.source.splitlines():
        assert PARAMETER_LINE.fullmatch(line), line
    for statement in ast.parse(cell.source).body:
        kind = type(ast.literal_eval(statement.value)).__name__
        # A whole number is a fine default of a float.
        fits = {statement.annotation.id} | (
            {"int"} if statement.annotation.id == "float" else set()
        )
        assert kind in fits, ast.unparse(statement)


@pytest.mark.parametrize("report", NOTEBOOKS)
def test_what_a_number_may_be_is_declared(report):
    declared = runs.declared_parameters(NOTEBOOKS[report]).values()
    numbers = [one for one in declared if one.type in ("int", "float")]
    wanted = {"level"} if report in WITHOUT_CHANCE else {"level", "seed"}
    assert wanted <= {one.name for one in numbers}
    assert [one.name for one in numbers if not one.domain.ranges] == []


@pytest.mark.parametrize("report", NOTEBOOKS)
def test_every_date_and_path_says_so(report):
    for one in runs.declared_parameters(NOTEBOOKS[report]).values():
        kinds = {"sources": "file", "as_of": "date", "customer_values": "file"}
        kinds |= {"previous": "folder"}
        assert one.domain.kind == kinds.get(one.name, ""), one.name


def test_choices_are_those_that_the_code_takes():
    """Against the code's own lists, or the list that it tells when it refuses another."""
    choices = {
        (name, one.name): one.domain.choices
        for name, path in NOTEBOOKS.items()
        for one in runs.declared_parameters(path).values()
        if one.domain.choices and not one.domain.kind
    }
    assert set(choices.pop(("satisfaction", "outcome"))) == {*contracts.METRICS, ""}
    assert set(choices.pop(("churn", "customers"))) < set(contracts.CONTRACTS)
    assert choices.pop(("clv", "model")) == (*clv.PURCHASE_MODELS, "")
    periods = ", ".join(choices.pop(("clv", "cohort")))
    with pytest.raises(ValueError, match=f"'week' is none of {periods}"):
        cohort_labels(dt.date(2026, 1, 1), np.ones(1), "week")
    periods = ", ".join(choices.pop(("satisfaction", "period")))
    with pytest.raises(ValueError, match=f"'week' is none of {periods}"):
        satisfaction.every_of("week")
    languages = {choices.pop(key) for key in list(choices) if key[1] == "language"}
    item = Item("1", "tangibles", "a text", text_fa="متن")
    assert [item.wording(one) for known in languages for one in known] == ["a text", "متن"]
    with pytest.raises(ValueError, match="'de' is none of en, fa"):
        plots.use_style(language="de")
    known = {choices.pop(key) for key in list(choices) if key[1] == "calendar"}
    for names in known:
        with pytest.raises(ValueError, match=f"'lunar' is none of {', '.join(names)}"):
            calendars.require_calendar("lunar")
    assert choices == {}


@pytest.mark.parametrize("report", NOTEBOOKS)
def test_the_common_parameters_are_there(report):
    notebook = nbformat.read(NOTEBOOKS[report], as_version=4)
    declared = {
        statement.target.id: statement.annotation.id
        for statement in ast.parse(parameters_cell(notebook).source).body
    }
    common = {name for name in COMMON if name != "seed" or report not in WITHOUT_CHANCE}
    assert {name: declared.get(name) for name in common} == {name: COMMON[name] for name in common}


def test_every_parameter_is_used(notebook):
    cell = parameters_cell(notebook)
    used = {
        node.id
        for other in code_cells(notebook)
        if other is not cell
        for node in ast.walk(ast.parse(other.source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert {statement.target.id for statement in ast.parse(cell.source).body} <= used


def test_notebooks_compose_and_do_not_compute(notebook):
    for cell in code_cells(notebook):
        assert logic(cell.source) == [], cell.source


def test_code_cells_are_short(notebook):
    parameters = parameters_cell(notebook)
    for cell in code_cells(notebook):
        lines = cell.source.splitlines()
        assert len(lines) <= (MOST_PARAMETERS if cell is parameters else MAX_LINES), cell.source
        assert max(map(len, lines)) <= 100, cell.source


def test_outputs_are_kept_only_where_nbval_checks_them(notebook):
    checked = [cell for cell in code_cells(notebook) if cell.source.startswith(CHECKED)]
    assert checked
    for cell in code_cells(notebook):
        assert bool(cell.outputs) == (cell in checked), cell.source
        # nbval takes a cell with outputs but without a number for one that was never run.
        assert bool(cell.execution_count) == (cell in checked), cell.source
        assert all(output.output_type == "stream" for output in cell.outputs), cell.source


def test_there_are_no_tex_formulas(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert formulas(cell.source) == []


def test_prose_holds_no_html(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"</?[a-z]+[ >]", cell.source)


def test_there_is_an_answer_and_results_are_saved_last(notebook):
    assert any("answer" in tags(cell) for cell in notebook.cells)
    saves = [cell for cell in code_cells(notebook) if "results.save(" in cell.source]
    assert saves == [code_cells(notebook)[-1]]


def test_results_are_saved_under_the_name_of_the_report():
    for name, path in NOTEBOOKS.items():
        last = code_cells(nbformat.read(path, as_version=4))[-1]
        assert re.search(rf'results\.save\(\s*"{name}"', last.source)


def test_cell_ids_are_stable_words(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    # An id made at random (eight hexadecimal digits) changes whenever the notebook is rebuilt.
    assert not [one for one in ids if re.fullmatch(r"[0-9a-f]{8}", one)]


def test_it_runs_on_the_plain_python_kernel(notebook):
    assert notebook.metadata.kernelspec.name == "python3"
    assert "papermill" not in notebook.metadata


@pytest.mark.parametrize(
    "source",
    [
        "def f(): pass",
        "x = lambda: 1",
        "while x: y()",
        "import sys\nsys.path.append('.')",
        "class A: pass",
    ],
)
def test_logic_is_recognised(source):
    assert logic(source)


def test_a_loop_that_draws_and_a_comprehension_are_allowed():
    assert logic("x = {a: b for a, b in pairs}\nfor a in x: plots.calibration(a)") == []


def test_formulas_are_recognised():
    assert formulas("costs $5 in `$x$`") == []
    assert formulas("where $x^2$ is") == ["$x^2$"]
