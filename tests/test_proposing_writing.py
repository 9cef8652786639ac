"""The entry as TOML: what is written is read back, and nothing else in the file moves."""

import csv
import datetime
import tomllib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cxlib import PROJECT, engine, proposing
from cxlib.proposing import NotProposedError, writing
from cxlib.proposing.drafts import Line, joined, texts

BEFORE = """\
# Ours.
[transactions]
uri = "raw/a.csv" # the old one
columns = { customer_id = "c" }
attributes = [
    "[feedback]",
]

# Below is another.
[feedback]
uri = "raw/b.csv"
note = \"\"\"
[transactions]
\"\"\"
[feedback.drivers]
"waiting time" = "w"

# The end of it."""
NEW = '# New.\n[transactions]\nuri = "raw/new.csv"\n'

# How long a case takes hangs on the machine.
ANY = settings(deadline=None, database=None)
names = st.text(min_size=1, max_size=20)


@ANY
@given(st.lists(st.tuples(names, st.one_of(names, st.lists(names, max_size=4)), names), max_size=6))
def test_any_names_values_and_reasons_are_read_back(triples):
    lines = [Line(("columns", key), value, reason) for key, value, reason in triples]
    wanted = {key: value for key, value, _ in triples}
    unique = {line.key: line for line in lines}.values()
    table = writing.entry("feedback", "from " + "".join(wanted), list(unique))
    read = tomllib.loads(table)["feedback"]
    assert read.get("columns", {}) == wanted


@ANY
@given(names, names)
def test_any_text_is_read_back_as_a_key_and_as_a_value(key, text):
    assert tomllib.loads(f"{writing.key(key)} = {writing.value(text)}") == {key: text}


@pytest.mark.parametrize(
    "awkward", ['a"b', "a\\b", "a\nb", "a\tb", "\x7f", "#", "]", "'''", "é\u2028"]
)
def test_awkward_texts(awkward):
    line = Line(("columns", awkward), awkward, awkward)
    table = writing.entry("feedback", awkward, [line])
    assert tomllib.loads(table) == {"feedback": {"columns": {awkward: awkward}}}


@ANY
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
        min_size=3,
        max_size=3,
    )
)
def test_any_names_of_columns_are_those_that_the_engine_finds(tmp_path_factory, three):
    path = tmp_path_factory.mktemp("any") / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
            [
                ["client", *(f"x{name}" for name in three)],
                *([f"c{i}", "2026-01-01", str(i), "x"] for i in range(4)),
            ]
        )
    names = engine.open_file(path).names
    assume(all(names) and len(set(names)) == 4)
    looked_at = proposing.sample(path, {})
    assert looked_at.names == names
    known = {"columns.date": names[1], "columns.amount": names[2]}
    typed = known | {"input": "transactions", "currency": "", "complete_to": "", "repeats": "keep"}
    columns = proposing.columns.of(looked_at)
    found = proposing.propose(looked_at, columns, "file.csv", PROJECT, given=typed)
    table = proposing.entry("transactions", path.name, found.lines)
    mapped = tomllib.loads(table)["transactions"]["columns"]
    assert (mapped["date"], mapped["amount"]) == names[1:3]


def test_what_a_terminal_would_obey_is_written_as_a_code():
    table = writing.entry("feedback", "\x1b[2J \u202e", [Line(("uri",), "\x9b\u202e", "\x1b")])
    assert not set(table) & set("\x1b\x9b\u202e")


def test_dates_numbers_and_lists_keep_their_types():
    lines = [
        Line(("complete_to",), datetime.date(2026, 10, 31)),
        Line(("skip_lines",), 2),
        Line(("scales", "nps"), [0, 10]),
        Line(("exchange_rates", "EUR"), 0.86),
    ]
    assert tomllib.loads(writing.entry("feedback", "", lines))["feedback"] == {
        "complete_to": datetime.date(2026, 10, 31),
        "skip_lines": 2,
        "scales": {"nps": [0, 10]},
        "exchange_rates": {"EUR": 0.86},
    }


@ANY
@given(st.lists(st.text(st.characters(exclude_characters="\r\n"), min_size=1).map(str.strip)))
def test_a_list_typed_as_one_option_is_read_back(listed):
    listed = [one for one in listed if one]
    assert texts(joined(listed)) == listed


def test_a_new_entry_goes_to_the_end_and_leaves_the_rest_as_it_was():
    before = BEFORE.replace("[transactions]\nuri", "[indices]\nuri")
    after = writing.with_entry(before, "transactions", NEW, replace=False)
    assert after == before + "\n\n" + NEW


def test_an_empty_file_gets_the_entry_alone():
    assert writing.with_entry("", "transactions", NEW, replace=False) == NEW


def test_an_entry_that_is_there_is_not_touched_unasked():
    with pytest.raises(NotProposedError, match="--replace"):
        writing.with_entry(BEFORE, "transactions", NEW, replace=False)


def test_replacing_takes_one_table_and_leaves_every_other_byte():
    after = writing.with_entry(BEFORE, "transactions", NEW, replace=True)
    own = BEFORE[BEFORE.index("[transactions]") : BEFORE.index("\n# Below")]
    assert after == BEFORE.replace(own, NEW)


def test_replacing_takes_the_tables_within_and_not_what_looks_like_a_header():
    new = '[feedback]\nuri = "raw/new.csv"\n'
    after = writing.with_entry(BEFORE, "feedback", new, replace=True)
    assert after == BEFORE[: BEFORE.index("[feedback]\n")] + new + "\n# The end of it."


def test_windows_line_ends_stay():
    before = BEFORE.replace("\n", "\r\n")
    after = writing.with_entry(before, "transactions", NEW, replace=True)
    assert "\n" not in after.replace("\r\n", "")
    assert tomllib.loads(after)["transactions"] == {"uri": "raw/new.csv"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('from = "sources.toml"\n', "narrows another"),
        ("[broken\n", "not TOML"),
        ('transactions = { uri = "a" }\n[feedback]\n', "cannot be replaced alone"),
    ],
)
def test_a_file_that_cannot_take_the_entry_is_refused(content, why):
    with pytest.raises(NotProposedError, match=why):
        writing.with_entry(content, "transactions", NEW, replace=True)


def test_a_file_is_written_whole_with_the_rights_it_had(tmp_path):
    path = tmp_path / "new" / "sources.toml"
    writing.write(path, "a = 1\r\n")
    path.chmod(0o640)
    writing.write(path, "a = 2\r\n")
    assert path.read_bytes() == b"a = 2\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in path.parent.iterdir()] == ["sources.toml"]
