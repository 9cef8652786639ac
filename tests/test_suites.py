"""Suites: what a suite.toml may say, what is said when it is wrong, one report for each value."""

import json
import os
import re
import shutil
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import nbformat
import pytest

from cxlib import PROJECT, sources, tables
from cxlib.runs import fan_out, notification, parameters, suites
from cxlib.runs.fan_out import SuiteReport, derived_sources
from cxlib.runs.parameters import ParameterError
from cxlib.runs.suites import Suite, read_suite

GUIDE = (PROJECT / "docs" / "suites.md").read_text(encoding="utf-8")

SOURCES = """
[feedback]
uri = "feedback.csv"
columns = { nps = "recommend", date = "day" }
scales = { nps = [0, 10] }
attributes = ["branch", "store"]

[transactions]
uri = "purchases.csv"
columns = { customer_id = "who", date = "day", amount = "paid" }
attributes = { branch = "shop" }

[indices]
uri = "indices.csv"
columns = { date = "day", index = "index", value = "value" }
"""
FEEDBACK = """recommend,day,branch,store
10,2026-02-01,North,9
9,2026-03-31,شمال,10
3,2026-03-02,شمال,10
1,2026-03-03,South East,9
5,2026-03-03,,9
"""
PARAMETERS = """sources: str = "data/sources.toml"  # which file is which input [file]
as_of: str = ""  # analysis date [date or empty]
weeks: int = 52  # weeks ahead [1 to 520]
table: str = ""  # a table of another report [file or empty]
output_dir: str = ""  # where results are written"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a notebook that makes the report nps, and one that reads no data."""
    for module in (sources, tables, suites, fan_out, parameters):
        monkeypatch.setattr(module, "PROJECT", tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "data" / "feedback.csv").write_text(FEEDBACK, encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    for name, lines in {"01_nps": PARAMETERS, "02_plain": "weeks: int = 1  # [at least 1]"}.items():
        cell = nbformat.v4.new_code_cell(lines, metadata={"tags": ["parameters"]})
        notebook = nbformat.v4.new_notebook(cells=[cell])
        nbformat.write(notebook, tmp_path / "notebooks" / f"{name}.ipynb")
    return tmp_path


def read(project: Path, text: str) -> Suite:
    path = project / "suite.toml"
    path.write_text(text, encoding="utf-8")
    return read_suite(path, project / "notebooks")


def told(project: Path, text: str) -> str:
    with pytest.raises(ParameterError) as caught:
        read(project, text)
    return str(caught.value)


def test_a_report_by_its_name_alone(project):
    suite = read(project, "[reports.nps]")
    notebook = project / "notebooks" / "01_nps.ipynb"
    assert suite == Suite((SuiteReport("nps", "", "", notebook),), (), None)


def test_a_report_of_another_name(project):
    suite = read(
        project,
        """
[suite]
keep_runs = 3
notify = ["python3", "tell.py"]
[reports.nps_long]
notebook = "nps"
sources = "data/sources.toml"
parameters = { as_of = "-3 months", weeks = 104, table = "run:plain/tables/x.csv" }
[reports.plain]
notebook = "notebooks/02_plain.ipynb"
""",
    )
    assert (suite.keep_runs, suite.notify) == (3, ("python3", "tell.py"))
    long, plain = suite.reports
    # A relative date is resolved when the run is planned.
    assert long.values == {
        "as_of": "-3 months",
        "weeks": 104,
        "table": "run:plain/tables/x.csv",
        "sources": "data/sources.toml",
    }
    assert (plain.notebook.name, plain.values) == ("02_plain.ipynb", {})


def test_a_date_without_quotes_is_that_date(project):
    (report,) = read(project, "[reports.nps]\nparameters = { as_of = 2026-03-31 }").reports
    assert report.values == {"as_of": "2026-03-31"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "[reports] names no report. Mend: add one, like [reports.clv]"),
        ("reports = 1", "[reports] names no report"),
        (
            "[report.nps]",
            "no table of a suite. Mend: the tables are suite, reports; the closest is",
        ),
        (
            "[suite]\nkeep_run = 1",
            "unknown key keep_run. Mend: the keys are keep_runs, notify; the",
        ),
        ("suite = 3", "[suite] is no table"),
        ("[suite]\nkeep_runs = 0", "[suite] keep_runs = 0. Mend: write a whole number from 1"),
        ("[suite]\nkeep_runs = true", "[suite] keep_runs = True"),
        ('[suite]\nnotify = "mail me"', "[suite] notify = 'mail me'. Mend: write the program"),
        ("[suite]\nnotify = []", "[suite] notify = []"),
        ("[reports.Nps]", "[reports.Nps] is no name of a report. Mend: name it with small letters"),
        ("[reports]\nnps = 1", "[reports.nps] is no table"),
        (
            "[reports.nsp]",
            "notebook = 'nsp': no such report. Mend: the reports are nps, plain; the",
        ),
        ('[reports.nps]\nnotebook = "no.ipynb"', "notebook = 'no.ipynb': no such report"),
        ("[reports.nps]\nnotebook = 1", "notebook = 1: no such report"),
        ("[reports.nps]\nsource = 1", "unknown key source. Mend: the keys are notebook, sources"),
        ("[reports.nps]\nparameters = 1", "parameters = 1. Mend: write parameters ="),
        ("[reports.nps]\nparameters = { week = 1 }", "parameters names week. Mend: the parameters"),
        ("[reports.nps]\nparameters = { week = 1 }", 'the closest is "weeks"'),
        ("[reports.nps]\nparameters = { weeks = 0 }", "weeks takes a whole number"),
        ('[reports.nps]\nparameters = { weeks = "4" }', "weeks takes a whole number"),
        ('[reports.nps]\nparameters = { as_of = "2025-02-30" }', "as_of takes a date"),
        ('[reports.nps]\nparameters = { output_dir = "x" }', "parameters names output_dir"),
        ('[reports.nps]\nparameters = { sources = "x" }', 'write sources = "..." in [reports.nps]'),
        ('[reports.nps]\nsources = "data/no.toml"', "there is no such file"),
        ('[reports.plain]\nsources = "data/sources.toml"', "the notebook has no such parameter"),
        ('[reports.nps]\neach = "branch"', 'Mend: write each = { input = "feedback", column ='),
        ('[reports.nps]\neach = { input = "feedback" }', "Mend: write each ="),
        ('[reports.nps]\neach = { input = "feedback", by = "x" }', "unknown key by"),
        (
            '[reports.nps]\neach = { input = "feedbak", column = "branch" }',
            "each names the input feedbak. Mend: data/sources.toml describes feedback,"
            ' transactions, indices; the closest is "feedback"',
        ),
        (
            '[reports.nps]\neach = { input = "feedback", column = "brunch" }',
            "each names the column brunch. Mend: feedback has date, branch, store; the closest is",
        ),
        ('[reports.nps]\neach = { input = "indices", column = "date" }', "indices has none"),
        (
            '[reports.nps]\neach = { input = "feedback", column = "date", whole = ["index"] }',
            "each names the input index",
        ),
        (
            '[reports.plain]\neach = { input = "feedback", column = "branch" }',
            "the notebook has no parameter sources",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(project, text, expected):
    said = told(project, text)
    assert said.startswith("suite.toml cannot be used: ")
    assert expected in said


def test_all_that_is_wrong_is_told_at_once(project):
    said = told(
        project,
        "[suite]\nkeep_runs = 0\n[reports.nsp]\n[reports.nps]\n"
        "parameters = { week = 1, weeks = 0 }",
    )
    assert said.startswith("suite.toml cannot be used: 4 problems.\n")
    assert [line.split("]")[0] for line in said.splitlines()[1:]] == [
        "  [suite",
        "  [reports.nsp",
        "  [reports.nps",
        "  [reports.nps",
    ]


def test_a_file_that_is_no_suite(project):
    with pytest.raises(ParameterError, match=r"none\.toml cannot be read"):
        read_suite(project / "none.toml", project / "notebooks")
    assert told(project, "[reports").startswith("suite.toml is not a TOML file: ")


# --- one report for each value -----------------------------------------------------------------

BY_BRANCH = '[reports.nps_by]\nnotebook = "nps"\neach = { input = "feedback", column = "branch" }'


def test_one_report_for_each_value(project):
    reports = read(project, BY_BRANCH).reports
    assert [one.label for one in reports] == ["North", "South East", "شمال"]
    assert [one.name for one in reports[:2]] == ["nps_by-north", "nps_by-south-east"]
    assert re.fullmatch(r"nps_by-[0-9a-f]{8}", reports[2].name)
    assert {one.group for one in reports} == {"nps_by"}
    assert reports[0].only == {"input": "feedback", "column": "branch", "value": "North"}
    assert reports[0].values == {"sources": "data/sources.toml"}


def test_numbers_in_values_are_in_order(project):
    reports = read(project, BY_BRANCH.replace('"branch"', '"store"')).reports
    assert [one.label for one in reports] == ["9", "10"]


def test_one_report_for_each_month(project):
    reports = read(project, BY_BRANCH.replace('"branch"', '"date"')).reports
    assert [one.name for one in reports] == ["nps_by-2026-02", "nps_by-2026-03"]


def test_values_without_end_are_refused(project):
    rows = "".join(f"5,2026-03-01,b{number},1\n" for number in range(1_001))
    (project / "data" / "feedback.csv").write_text(FEEDBACK + rows, encoding="utf-8")
    said = told(project, BY_BRANCH + "\n[reports.nps]")
    assert "[reports.nps_by] each makes 1,004 reports, one for each branch" in said
    assert "take a column with at most 1,000 values" in said


def test_data_that_cannot_be_read_fail_in_their_own_report(project):
    (project / "data" / "feedback.csv").write_text(FEEDBACK.replace("10,", "11,"), encoding="utf-8")
    by_branch, plain = read(project, BY_BRANCH + "\n[reports.plain]").reports
    assert (by_branch.name, by_branch.group, by_branch.label) == ("nps_by", "nps_by", "")
    assert plain.name == "plain"
    narrow = derived_sources(by_branch, project / "made")
    with pytest.raises(sources.InputError, match="not a whole number from 0 to 10"):
        tables.load("feedback", narrow)


def test_a_sources_file_that_cannot_be_read_fails_in_its_own_report(project):
    (project / "data" / "sources.toml").write_text("[feedback", encoding="utf-8")
    by_branch, plain = read(project, BY_BRANCH + "\n[reports.plain]").reports
    assert (by_branch.label, plain.name) == ("", "plain")
    narrow = derived_sources(by_branch, project / "made")
    with pytest.raises(sources.InputError, match="not a TOML file"):
        tables.load("feedback", narrow)


def test_each_report_reads_its_own_rows(project):
    loaded = [
        tables.load("feedback", derived_sources(one, project / "data" / "processed"))
        for one in read(project, BY_BRANCH).reports
    ]
    assert [one.rows for one in loaded] == [1, 1, 2]
    assert {one.uri for one in loaded} == {"feedback.csv"}


def derived(project: Path, text: str) -> dict:
    first = read(project, text).reports[0]
    path = project / derived_sources(first, project / "made")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_other_inputs_with_the_column_are_narrowed_and_the_rest_is_left_out(project):
    assert derived(project, BY_BRANCH) == {
        "from": "../data/sources.toml",
        "feedback": {"only": {"branch": "North"}},
        "transactions": {"only": {"branch": "North"}},
    }


def test_inputs_that_are_wanted_whole(project):
    whole = BY_BRANCH.replace('"branch"', '"branch", whole = ["indices", "transactions"]')
    assert derived(project, whole) == {
        "from": "../data/sources.toml",
        "feedback": {"only": {"branch": "North"}},
        "transactions": {},
        "indices": {},
    }


def test_the_same_report_has_the_same_file(project):
    reports = read(project, BY_BRANCH).reports
    folder = project / "data" / "processed"
    first, again = ([derived_sources(one, folder) for one in reports] for _ in range(2))
    assert first == again
    assert len(set(first)) == 3
    assert re.fullmatch(r"data/processed/nps_by-north-[0-9a-f]{8}\.toml", first[0])


@pytest.mark.parametrize("value", ['a "b" \\ c', "line\nbreak", "\x7f\x01", "']", "{x}", "=", "é"])
def test_any_text_is_written_as_it_stands(project, value):
    report = SuiteReport(
        *("r-1", "r", value, project / "x.ipynb", {"sources": "data/sources.toml"}),
        only={"input": "feedback", "column": "branch", "value": value},
    )
    path = project / derived_sources(report, project / "made")
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    assert found["feedback"]["only"] == {"branch": value}


def test_names_of_folders_are_safe_and_unlike_one_another():
    values = ["North", "A/B", "A-B", "a b", "..", "/etc", "شمال", "شرق", "Zürich", "x" * 300, "CON"]
    values += ["a b c d e f g h i j k l m n o p q r s t u v w", "-", "a\nb", "\u200c"]
    found = fan_out.slugs(values)
    assert found["North"] == "north"
    assert len(set(found.values())) == len(values)
    assert all(re.fullmatch(r"[a-z0-9](-?[a-z0-9])*", slug) for slug in found.values())
    assert max(map(len, found.values())) < 60


def test_a_new_value_renames_no_other():
    before, after = (
        fan_out.slugs(["North", "شمال"]),
        fan_out.slugs(["East", "North", "شرق", "شمال"]),
    )
    assert before.items() <= after.items()


# --- the guide, and the suite of the project ---------------------------------------------------


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("text", [one for one in blocks("toml") if "[reports." in one])
def test_the_suites_of_the_guide(tmp_path, text):
    (tmp_path / "suite.toml").write_text(text, encoding="utf-8")
    assert read_suite(tmp_path / "suite.toml", PROJECT / "notebooks").reports


@pytest.mark.parametrize("text", [one for one in blocks("toml") if "only =" in one])
def test_the_sources_of_the_guide(tmp_path, text):
    data = tmp_path / "data"
    (data / "raw").mkdir(parents=True)
    for name in ("sources.toml", "raw/feedback_simulated.csv"):
        shutil.copy(PROJECT / "data" / name, data / name)
    (data / "harbour.toml").write_text(text, encoding="utf-8")
    table = tables.load("feedback", data / "harbour.toml")
    assert 0 < table.rows < table.rows_read
    assert 'only branch "Harbour"' in table.note


def test_the_guide_explains_every_key():
    keys = [*suites._SUITE_KEYS, *suites._REPORT_KEYS, *suites._EACH_KEYS]
    assert [key for key in keys if f"| `{key}` |" not in GUIDE] == []
    assert f"More than {suites.MOST_REPORTS:,} values" in GUIDE


def test_the_suite_of_the_project():
    suite = read_suite(PROJECT / "data" / "suite.toml", PROJECT / "notebooks")
    labels = [one.label for one in suite.reports if one.group == "satisfaction_by_branch"]
    assert labels == ["Bazaar", "Garden", "Harbour", "University"]


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(notification, "PROJECT", tmp_path)
    (tmp_path / "reports").mkdir()
    failed = {"name": "clv", "status": "timed out", "cause": {"message": "The limit."}}
    good = {"name": "churn", "status": "ok", "cause": None}
    content = {"run": "r1", "status": "timed out", "exit_code": 5, "reports": [failed, good]}
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def hook(word: str) -> list[str]:
    """The command of the guide that has a word in it."""
    suites_of_guide = [tomllib.loads(one) for one in blocks("toml") if "notify" in one]
    commands = [one["suite"]["notify"] for one in suites_of_guide]
    return next(one for one in commands if word in one[-1])


def test_the_log_line_of_the_guide(tmp_path, manifest):
    assert notification.notify(hook("runs.log"), manifest) == ""
    assert notification.notify(hook("runs.log"), manifest) == ""
    assert (tmp_path / "reports" / "runs.log").read_text() == "r1 timed out 5\n" * 2


@pytest.mark.parametrize(("status", "mails"), [("timed out", 1), ("ok", 0)])
def test_the_mail_of_the_guide(tmp_path, manifest, monkeypatch, status, mails):
    program = tmp_path / "bin" / "mail"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {tmp_path}/mail; cat >> {tmp_path}/mail')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    content = json.loads(manifest.read_text()) | {"status": status}
    manifest.write_text(json.dumps(content))
    assert notification.notify(hook("mail"), manifest) == ""
    sent = tmp_path / "mail"
    assert sent.exists() == bool(mails)
    if mails:
        head = "-s\nReports: timed out in r1\nteam@example.org\n"
        assert sent.read_text() == head + manifest.read_text()


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")
def test_the_web_hook_of_the_guide(manifest):
    received = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/"
        *shell, line = hook("curl")
        line = line.replace("https://hooks.example.org/", address)
        assert notification.notify([*shell, f"no_proxy='*' {line}"], manifest) == ""
        thread.join()
    assert received == [manifest.read_bytes()]


def test_the_program_of_the_guide(tmp_path, manifest):
    (text,) = blocks("python")
    (tmp_path / "failed.py").write_text(f"{text}sys.exit(3)\n", encoding="utf-8")
    said = notification.notify([sys.executable, "failed.py"], manifest)
    assert said == f"notify: {sys.executable} ended with code 3: clv: timed out: The limit."
