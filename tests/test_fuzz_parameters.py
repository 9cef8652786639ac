"""A parameter's value is data: it never becomes code, nor a way to a file outside the project."""

import ast
import datetime as dt

import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from papermill.parameterize import parameterize_notebook

from cxlib import PROJECT
from cxlib.runs import parameters
from cxlib.runs.catalogue import find
from cxlib.runs.domains import read_domain
from cxlib.runs.parameters import Parameter, ParameterError, declared_parameters, read_value

TODAY = dt.date(2026, 5, 31)
DECLARED = {
    (name, one.name): one
    for name, path in find(PROJECT / "notebooks").items()
    for one in declared_parameters(path).values()
    if one.name != "output_dir"
}
TEXTS = {key: one for key, one in DECLARED.items() if one.type == "str"}
CODE = [
    "'; import os; os.abort()  #",
    '"; import os; os.abort()  #',
    '"""\nimport os\n"""',
    "'''\nimport os\n'''",
    "\\",
    "\\'",
    '\\"',
    "a\\\\",
    "a\nimport os",
    "a\rimport os",
    "a\u2028import os",
    "a\x85import os",
    "\x00",
    "\\N{DOLLAR SIGN}",
    "\\x41\\u0041",
    "{7*7}",
    "{__import__('os').abort()}",
    "%(x)s",
    "$(id)",
    "`id`",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
    "شعبهٔ «شمال»",
    "\ufeff",
    "\U0001f600",
    "-x",
    "=1",
    "# no",
    "x" * 100_000,
]
OUTSIDE = [
    "../x.toml",
    "data/../../x.toml",
    "data/../data/sources.toml",
    "/etc/passwd",
    "/dev/stdin",
    "/proc/self/environ",
    "//etc/passwd",
    "~/x.toml",
    "file:///etc/passwd",
    "https://hostile.invalid/x.toml",
    "data/sources.toml\0.csv",
    f"{PROJECT}/../x.toml",
    f"{PROJECT}-other/x.toml",
]
texts = st.text(max_size=60)
a_few = settings(max_examples=40, deadline=None)


def injected(values):
    """What the cell that papermill puts into a notebook for these values makes of them."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("one: str = ''", metadata={"tags": ["parameters"]})],
        metadata={
            "kernelspec": {"name": "python3", "language": "python", "display_name": ""},
            "papermill": {},
        },
    )
    done = parameterize_notebook(notebook, values)
    [cell] = [one for one in done.cells if "injected-parameters" in one.metadata["tags"]]
    found = {}
    for statement in ast.parse(cell.source).body:
        assert isinstance(statement, ast.Assign)
        [target] = statement.targets
        found[target.id] = ast.literal_eval(statement.value)
    return found


def taken(one, text):
    """The value that a run would take, None where it refuses it in a line."""
    try:
        return read_value(text, one, TODAY)
    except ParameterError as error:
        told = str(error)
    assert told.isprintable()
    return None


@pytest.mark.parametrize("key", TEXTS, ids="-".join)
@given(text=texts)
@settings(max_examples=5, deadline=None)
def test_what_a_text_parameter_takes_is_that_very_text_in_the_notebook(key, text):
    for one in (text, *CODE):
        value = taken(TEXTS[key], one)
        if value is not None and TEXTS[key].domain.kind != "date":
            assert injected({TEXTS[key].name: value}) == {TEXTS[key].name: one}


@given(st.dictionaries(st.sampled_from(["one", "two"]), st.one_of(texts, st.integers())))
@a_few
def test_any_values_come_back_from_the_injected_cell(values):
    known = {key: one for key, one in values.items() if taken(free(one), str(one)) is not None}
    assert injected(known) == known


def free(value):
    return Parameter("one", type(value).__name__, "", "a help")


@given(st.sampled_from(list(DECLARED)), texts)
@a_few
@example(("clv", "horizon_weeks"), "1_0; import os")
@example(("clv", "level"), "nan")
@example(("clv", "as_of"), "2026-01-01'")
def test_a_value_is_of_its_type_or_refused(key, text):
    value = taken(DECLARED[key], text)
    assert value is None or type(value).__name__ == DECLARED[key].type


@pytest.mark.parametrize("text", ["\ud800", "a\udcff", "\udfff/x.toml"])
@pytest.mark.parametrize("domain", ["", "file", "folder or empty", "date", "en or fa"])
def test_bytes_that_are_no_text_are_refused(text, domain):
    with pytest.raises(ParameterError, match="it is not in UTF-8") as refused:
        read_value(text, Parameter("one", "str", "", "", read_domain(domain, "str")), TODAY)
    assert str(refused.value).isascii()


@pytest.mark.parametrize("text", OUTSIDE)
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_path_outside_the_project_is_refused_whether_it_exists_or_not(text, kind):
    with pytest.raises(ParameterError, match=r"outside the project|there is no such"):
        read_value(text, Parameter("one", "str", "", "", read_domain(kind, "str")), TODAY)


def test_a_path_may_lead_out_of_the_project_by_a_link_alone(tmp_path, monkeypatch):
    project, outside = tmp_path / "project", tmp_path / "outside"
    for folder in (project, outside, tmp_path / "project-other"):
        folder.mkdir()
        (folder / "a.toml").write_text("")
    (project / "link").symlink_to(outside)
    (outside / "below").mkdir()
    (project / "deep").symlink_to(outside / "below")
    monkeypatch.setattr(parameters, "PROJECT", project)
    file = Parameter("one", "str", "", "", read_domain("file", "str"))
    for inside in ("a.toml", "./a.toml", str(project / "a.toml"), "link/a.toml"):
        assert read_value(inside, file, TODAY) == inside
    folder = Parameter("one", "str", "", "", read_domain("folder", "str"))
    for text, one in [
        *((str(outside / "a.toml"), file), ("../outside/a.toml", file), ("deep/../a.toml", file)),
        *((str(tmp_path / "project-other/a.toml"), file), ("..", folder), ("/", folder)),
    ]:
        with pytest.raises(ParameterError, match="it is outside the project folder: copy or link"):
            read_value(text, one, TODAY)
