"""Which engine computes, and that nothing but cxlib/engine knows one by name."""

import re

import pytest

from cxlib import PROJECT, engine, tables
from cxlib.contracts import InputError
from cxlib.engine import choice

ENGINE_NAMES = re.compile(r"\b(duckdb|pyspark|spark|implementation)\b", re.IGNORECASE)
# The style of a small picture in a table.
SPARKLINE = 'class="spark"'

SOURCE = """
[transactions]
uri = "sales.csv"
columns = { customer_id = "id", date = "day", amount = "paid" }
"""


@pytest.fixture
def sources(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "_folder", lambda: tmp_path / "processed")
    (tmp_path / "sales.csv").write_text("id,day,paid\n1,2026-01-31,9.5\n")

    def write(first_line):
        path = tmp_path / "sources.toml"
        path.write_text(first_line + SOURCE)
        return path

    return write


@pytest.fixture
def with_all_installed(monkeypatch):
    monkeypatch.setattr(choice.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(choice.shutil, "which", lambda name: "/usr/bin/java")


@pytest.mark.parametrize(
    "path",
    [
        *(
            path
            for path in sorted((PROJECT / "cxlib").rglob("*.py"))
            if path.parent != PROJECT / "cxlib" / "engine"
        ),
        *sorted((PROJECT / "notebooks").glob("*.ipynb")),
    ],
    ids=lambda path: path.relative_to(PROJECT).as_posix(),
)
def test_no_engine_is_named_outside_the_engine(path):
    text = path.read_text(encoding="utf-8").replace(SPARKLINE, "")
    assert [line for line in text.splitlines() if ENGINE_NAMES.search(line)] == []


def test_the_engine_is_duckdb_where_nothing_else_is_said(monkeypatch):
    monkeypatch.delenv("CX_ENGINE", raising=False)
    assert choice.chosen() == choice.Engine("duckdb")


@pytest.mark.parametrize(
    ("asked", "master"),
    [
        ("spark", "local[*]"),
        ("local[2]", "local[2]"),
        ("spark://host:7077", "spark://host:7077"),
        ("yarn", "yarn"),
    ],
)
def test_spark_is_asked_for_by_name_or_by_its_master(
    with_all_installed, monkeypatch, asked, master
):
    monkeypatch.setenv("CX_ENGINE", asked)
    assert choice.chosen() == choice.Engine("spark", master)


def test_the_environment_goes_before_the_sources_file(monkeypatch):
    monkeypatch.setenv("CX_ENGINE", "duckdb")
    assert choice.chosen("spark").name == "duckdb"


def test_the_sources_file_goes_before_the_default(with_all_installed, monkeypatch):
    monkeypatch.delenv("CX_ENGINE", raising=False)
    assert choice.chosen("spark").name == "spark"


@pytest.mark.parametrize("declared", ["dask", "spark:/host", 5, True, ["duckdb"]])
def test_an_unknown_engine_is_refused_and_the_known_ones_are_named(monkeypatch, declared):
    monkeypatch.delenv("CX_ENGINE", raising=False)
    with pytest.raises(
        engine.EngineError, match=r"engine = .* is no engine.*\"duckdb\", \"spark\""
    ):
        choice.chosen(declared)


def test_without_pyspark_it_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setenv("CX_ENGINE", "spark")
    monkeypatch.setattr(choice.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        engine.EngineError, match=r"not installed: run: pip install 'cxlib\[spark\]'"
    ):
        choice.chosen()


def test_without_java_it_is_told_which_one(with_all_installed, monkeypatch):
    monkeypatch.setenv("CX_ENGINE", "spark")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(choice.shutil, "which", lambda name: None)
    with pytest.raises(engine.EngineError, match="install Java 17"):
        choice.chosen()


def test_a_sources_file_may_name_the_engine(sources, monkeypatch):
    monkeypatch.delenv("CX_ENGINE", raising=False)
    table = tables.load("transactions", sources('engine = "duckdb"\n'))
    assert (table.rows, table.provenance["engine"]) == (1, "duckdb")


def test_an_unknown_engine_is_an_error_of_the_input(sources, monkeypatch):
    monkeypatch.delenv("CX_ENGINE", raising=False)
    with pytest.raises(InputError, match="engine = 'oracle' is no engine"):
        tables.load("transactions", sources('engine = "oracle"\n'))


def test_a_file_that_narrows_another_computes_with_the_engine_of_that(sources, monkeypatch):
    monkeypatch.delenv("CX_ENGINE", raising=False)
    path = sources('engine = "oracle"\n')
    narrowed = path.with_name("north.toml")
    narrowed.write_text(f'from = "{path.name}"\n[transactions]\n')
    with pytest.raises(InputError, match="oracle"):
        tables.load("transactions", narrowed)
    narrowed.write_text(f'engine = "duckdb"\nfrom = "{path.name}"\n[transactions]\n')
    assert tables.load("transactions", narrowed).rows == 1
