"""`cx check` says the same on a screen, as JSON and as a page, and of every input."""

import io
import json
import re
import textwrap

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console
from typer.testing import CliRunner

from cxlib import PROJECT, checking, cli, pages
from cxlib.contracts import InputError, Violation

SCHEMA = Draft202012Validator(
    json.loads((PROJECT / "docs" / "schemas" / "check.schema.json").read_text())
)
EVIL = '<script>alert(1)</script>"&[bold]:smile:\x1b[31m'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sales.csv").write_text(
        "who,day,paid\n1,2026-01-02,10\n2,2026-01-03,-47.25\n3,x,1\n"
    )
    (tmp_path / "asked.csv").write_text("id,day,score\na,2026-01-02,10\nb,2026-01-03, 7\nc,,\n")
    (tmp_path / "sources.toml").write_text(
        textwrap.dedent("""\
        [transactions]
        uri = "sales.csv"
        columns = { customer_id = "who", date = "day", amount = "paid" }
        [indices]
        uri = "none.csv"
        columns = { date = "day", index = "what", value = "how_much" }
        [feedback]
        uri = "asked.csv"
        columns = { response_id = "id", date = "day", nps = "score" }
        scales = { nps = [0, 10] }
        note = "asked by telephone"
        """)
    )
    return tmp_path


def screen(one, width=80):
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    console.print(checking.described(one))
    return console.file.getvalue()


def test_every_input_is_told_though_two_are_refused(folder):
    found = checking.check(folder / "sources.toml")
    assert [error.message for error in SCHEMA.iter_errors(found)] == []
    assert found["status"] == "refused"
    sales, indices, feedback = found["inputs"]
    assert (sales["status"], indices["status"], feedback["status"]) == (
        "refused",
        "refused",
        "warned",
    )
    assert (feedback["rows_read"], feedback["rows"]) == (3, 3)
    assert feedback["period"] == ["2026-01-02", "2026-01-03"]
    assert {(one["column"], one["count"]) for one in feedback["warnings"]} >= {("nps", 1)}
    assert {(one["column"], one["count"]) for one in feedback["repairs"]} == {("nps", 1)}
    assert (sales["rows"], sales["period"]) == (None, None)
    wrong = {one["column"]: one for one in sales["errors"]}
    assert wrong["date"]["source_column"] == "day"
    assert wrong["date"]["places"] == [4]
    assert wrong["amount"]["places"] == [3]
    assert (wrong["amount"]["count"], wrong["amount"]["unit"]) == (1, "line")
    assert wrong["amount"]["remedy"]
    assert "no such file" in indices["errors"][0]["rule"]


def test_a_sources_file_that_is_not_there_is_told_as_such(tmp_path):
    found = checking.check(tmp_path / "none.toml")
    assert [error.message for error in SCHEMA.iter_errors(found)] == []
    assert [(one["input"], one["status"]) for one in found["inputs"]] == [("sources", "refused")]


def test_the_screen_is_80_columns_wide_and_holds_every_word(folder):
    for one in checking.check(folder / "sources.toml")["inputs"]:
        text = screen(one)
        assert max(map(len, text.splitlines())) <= 80
        assert one["input"] in text
        assert one["status"] in text
        words = " ".join(text.split())
        for found in one["errors"]:
            # A long path is cut where the line ends.
            assert "".join(found["remedy"].split())[:20] in "".join(words.split())


def refused(text):
    wrong = Violation(
        text, f"wrong: {text}", f"mend {text}", text, text, count=12, places=(3,), examples=(text,)
    )
    return checking.told("transactions", InputError("transactions", text, [wrong]))


def test_texts_of_the_data_steer_nothing():
    told = screen(refused(EVIL), 200)
    assert "\x1b" not in told
    assert "[bold]:smile:" in told
    whole = {"schema": 1, "sources": EVIL, "status": "refused", "inputs": [refused(EVIL)]}
    page = pages.inputs(whole)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_page_needs_no_network_and_tells_all(folder):
    found = checking.check(folder / "sources.toml")
    page = pages.inputs(found)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert not re.search(r"(src|href)=|https?://|@import|url\(", page)
    text = " ".join(re.sub(r"<[^>]*>", " ", page.partition("<body")[2]).split())
    assert "1 warned, 2 refused." in text
    # Refused inputs stand first.
    assert text.index("indices") < text.index("feedback")
    for words in ("line 3", "line 4", "3 rows kept of 3 read", "asked by telephone", "none.csv"):
        assert words in text
    assert "Nothing was repaired" not in text


def cx(*arguments):
    return CliRunner().invoke(cli.app, ["check", *map(str, arguments)])


def test_the_command_as_json_and_as_a_page(folder):
    sources = folder / "sources.toml"
    done = cx("--sources", sources, "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout) == checking.check(sources)
    page = folder / "page.html"
    done = cx("--sources", sources, "--html", page)
    assert done.exit_code == 3
    assert page.read_text(encoding="utf-8") == pages.inputs(checking.check(sources))


def test_the_command_on_a_screen_tells_good_and_refused(folder):
    done = cx("--sources", folder / "sources.toml")
    assert done.exit_code == 3
    assert done.stdout.startswith("feedback: warned\n")
    assert done.stderr.startswith("transactions: refused\n")
    assert "indices: refused" in done.stderr


def test_json_and_a_page_are_not_made_together_and_a_bad_place_is_told(folder):
    sources = folder / "sources.toml"
    both = cx("--sources", sources, "--json", "--html", folder / "page.html")
    assert both.exit_code == 2
    nowhere = cx("--sources", sources, "--html", folder / "none" / "page.html")
    assert nowhere.exit_code == 2
    assert "cannot be written" in nowhere.stderr


def test_findings_hold_no_value_of_the_data(folder):
    found = checking.check(folder / "sources.toml")
    table = checking.findings(found["inputs"])
    assert list(table.columns) == ["input", "kind", "column", "what", "rows", "remedy"]
    assert table["kind"].iloc[0] == "error"
    amount = table[table["column"] == "paid"].iloc[0]
    assert amount["what"].startswith("negative amount (line 3), in ")
    assert "47.25" not in table.to_csv()
    assert checking.findings([]).empty
