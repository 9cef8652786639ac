"""The engine takes names and texts as they are, whatever stands in them, and fetches nothing."""

import duckdb
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlib.engine.connection import connection, identifier, literal, literals, one_file

quick = settings(max_examples=60, deadline=None)
# A text can hold NUL, but no half of a surrogate pair: no file in UTF-8 does.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SPOILERS = ["'", '"', "'; DROP TABLE t; --", "\0", "a\0b", "\\", "\\'", "$$", "?", "$1", ":x", "/*"]


@pytest.mark.parametrize("text", [*SPOILERS, "\N{RIGHT-TO-LEFT OVERRIDE}", "x" * 100_000])
def test_a_spoiler_is_a_text_and_a_name_like_any_other(text):
    found = connection().execute(f"SELECT {literal(text)} AS {identifier(text)}")
    assert (found.description[0][0], found.fetchone()) == (text, (text,))


@given(text=texts, name=texts.filter(bool))
@quick
def test_any_text_and_any_name_come_back_as_they_are(text, name):
    found = connection().execute(f"SELECT {literal(text)} AS {identifier(name)}, 1 AS last")
    assert [one[0] for one in found.description][-1] == "last"
    assert found.description[0][0] == name
    assert found.fetchall() == [(text, 1)]


@given(wanted=st.lists(texts, min_size=1, max_size=5), other=texts)
@quick
def test_only_what_is_in_a_list_of_literals_is_found_in_it(wanted, other):
    query = f"SELECT {literal(other)} IN {literals(wanted)}"
    assert connection().execute(query).fetchone() == (other in wanted,)


@pytest.mark.parametrize(
    "name",
    [
        "a*.csv",
        "a?.csv",
        "a[b].csv",
        "**.csv",
        "[!a].csv",
        "{a,b}.csv",
        "a'b.csv",
        "a'';--.csv",
        'a"b.csv',
        "s3:a.csv",
        "a\nb.csv",
        "~.csv",
        "$HOME.csv",
        "%s.csv",
        "شعبه\u202e.csv",
    ],
)
def test_a_file_is_read_by_its_very_name(tmp_path, name):
    for other in ("ab.csv", "aab.csv", "b.csv", name):
        (tmp_path / other).write_text(f"name\n{'it' if other == name else 'another'}\n")
    columns = "columns = {'name': 'VARCHAR'}, header = true, auto_detect = false"
    query = f"SELECT * FROM read_csv({one_file(tmp_path / name)}, {columns})"
    assert connection().execute(query).fetchall() == [("it",)]


def test_no_code_is_loaded_and_nothing_is_fetched():
    fetched = "INSTALL spatial FROM community", "LOAD spatial", "FROM 'http://127.0.0.1:9/a.csv'"
    for query in fetched:
        with pytest.raises(duckdb.Error):
            connection().execute(query)
    loaded = "SELECT extension_name FROM duckdb_extensions() WHERE loaded AND install_mode != "
    assert connection().execute(f"{loaded} 'STATICALLY_LINKED'").fetchall() == []


def test_a_python_variable_is_no_table():
    found = pyarrow.table({"secret": [1]})
    assert duckdb.connect().execute("SELECT * FROM found").fetchall() == [(1,)]
    with pytest.raises(duckdb.CatalogException, match="found"):
        connection().execute("SELECT * FROM found")
    assert len(found) == 1
