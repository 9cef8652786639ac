import hashlib
import json
import shutil
import signal
import textwrap

import nbformat
import pytest
from typer.testing import CliRunner

from cxlib import cli, runs

PARAMETERS = """\
level: float = 0.95  # confidence level [above 0 and below 1]
horizon_weeks: int = 52  # weeks ahead
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    question = nbformat.v4.new_markdown_cell("# What are customers worth?")
    notebook = nbformat.v4.new_notebook(cells=[question, parameters], metadata=metadata)
    nbformat.write(notebook, tmp_path / "notebooks" / "05_clv.ipynb")
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    return tmp_path


def cx(*arguments):
    return CliRunner().invoke(cli.app, arguments)


def test_help_tells_the_exit_codes():
    for arguments in (["--help"], ["run", "--help"], ["check", "--help"]):
        shown = " ".join(cx(*arguments).output.split())
        assert "4 a notebook failed; 5 a time limit was reached; 6 a kernel died" in shown


LISTED = [
    "clv",
    "What are customers worth?",
    "",
    "  level          a number, above 0 and below 1; default 0.95",
    "                 confidence level",
    "  horizon_weeks  a whole number; default 52",
    "                 weeks ahead",
]


def test_parameters_lists_what_each_takes(project):
    done = cx("parameters", "clv")
    assert done.exit_code == 0
    assert done.output.splitlines() == LISTED


def test_parameters_of_several_reports_and_of_all(project):
    shutil.copy(project / "notebooks" / "05_clv.ipynb", project / "notebooks" / "06_last.ipynb")
    both = [*LISTED, "", "last", *LISTED[1:]]
    assert cx("parameters").output.splitlines() == both
    assert cx("parameters", "last", "clv").output.splitlines() == both
    assert cx("parameters", "last").output.splitlines() == both[len(LISTED) + 1 :]


def test_the_reports_of_a_suite_are_listed_and_none_is_made(project):
    suite = project / "suite.toml"
    suite.write_text('[reports.clv]\n[reports.quarter]\nnotebook = "clv"\n', encoding="utf-8")
    done = cx("run", "--suite", str(suite), "--list")
    assert (done.exit_code, done.output) == (0, "clv\nquarter\n")
    assert cx("run", "quarter", "--suite", str(suite), "--list").output == "quarter\n"
    refused = cx("run", "clw", "--suite", str(suite), "--list")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert not (project / "reports").exists()


def test_help_of_run_lists_the_parameters_of_the_named_report(project):
    plain, named = cx("run", "--help"), cx("run", "clv", "--help")
    assert plain.exit_code == named.exit_code == 0
    assert "--parameter" in plain.output
    assert named.output == plain.output + "\n".join(LISTED) + "\n"
    assert not (project / "reports").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "clw"], "did you mean 'clv'?"),
        (["run", "-p", "levle=0.9"], "did you mean 'level'?"),
        (["run", "-p", "level=high"], "level takes a number, above 0 and below 1, not 'high'"),
        (["run", "-p", "level=1.5"], "level takes a number, above 0 and below 1, not '1.5'"),
        (["run", "-p", "level"], "given as NAME=VALUE, not 'level'."),
        (["run", "-p", "level=0.9", "-p", "level=0.8"], "'level' is given twice."),
        (["run", "clw", "--help"], "did you mean 'clv'?"),
        (["parameters", "clv", "clw"], "did you mean 'clv'?"),
    ],
)
def test_a_wrong_request_ends_with_2_and_makes_nothing(project, arguments, message):
    done = cx(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert not (project / "reports").exists()


def test_a_failure_is_told_without_traceback_and_markup(project, monkeypatch):
    cause = runs.Cause("input error", "sales.csv: [bold]line 17[/bold]\n  amount: -4", 3)
    index = project / "reports" / "index.html"

    def run(names, texts, **others):
        assert (names, texts) == (["clv"], {"level": "0.9", "horizon_weeks": "a=b"})
        assert others["limits"] == runs.Limits(5, None)
        return runs.Run("id", project, index, {"clv": cause})

    monkeypatch.setattr(runs, "run", run)
    done = cx(
        *["run", "clv", "-p", "level=0.9", "-p", "horizon_weeks=a=b", "--time-limit-seconds", "5"]
    )
    assert done.exit_code == 3
    assert done.stderr == (
        "\nclv: input error, cell 3\nsales.csv: [bold]line 17[/bold]\n  amount: -4\n"
    )
    assert done.stdout == f"\n{index}\n"


def write_sources(folder, rows):
    (folder / "sales.csv").write_text("who,day,paid\n" + "\n".join(rows) + "\n")
    (folder / "sources.toml").write_text(
        textwrap.dedent("""\
        [transactions]
        uri = "sales.csv"
        columns = { customer_id = "who", date = "day", amount = "paid" }
        """)
    )
    return str(folder / "sources.toml")


def test_check_tells_rows_and_period_and_ends_with_0(tmp_path):
    done = cx(
        "check", "--sources", write_sources(tmp_path, ["007,2025-01-02,10.5", "008,2025-03-04,3"])
    )
    assert done.exit_code == 0
    assert done.stdout.startswith("transactions: good\n")
    assert [line.split()[:2] for line in done.stdout.splitlines()[2:4]] == [
        ["read", "2"],
        ["kept", "2"],
    ]
    assert "2025-01-02 to 2025-03-04; complete to 2025-03-04" in done.stdout


def test_check_tells_what_is_wrong_and_ends_with_3(tmp_path):
    done = cx(
        "check", "--sources", write_sources(tmp_path, ["007,2025-01-02,10.5", "008,2025-03-04,-3"])
    )
    assert done.exit_code == 3
    assert "transactions: refused" in done.stderr
    assert "line 3" in done.stderr
    assert "Mend:" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_without_a_sources_file_ends_with_3(tmp_path):
    done = cx("check", "--sources", str(tmp_path / "none.toml"))
    assert done.exit_code == 3
    assert "none.toml" in "".join(done.stderr.split())  # the message may be wrapped there


def fake_run(monkeypatch, outcome):
    """Let `cx run` tell two events and end as asked, without running anything."""

    def run(names, texts, *, tell, **others):
        tell(runs.Event("started", "clv", expected_seconds=20.0))
        tell(runs.Event("finished", "clv", "ok", 19.44))
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(runs, "run", run)


def test_quiet_says_nothing_of_a_good_run(project, monkeypatch):
    fake_run(monkeypatch, runs.Run("id", project, project / "index.html", {}))
    done = cx("run", "clv", "--quiet")
    assert (done.exit_code, done.output) == (0, "")


def test_lines_tell_what_it_took_last_time(project, monkeypatch):
    fake_run(monkeypatch, runs.Run("id", project, project / "index.html", {}))
    done = cx("run", "clv")
    assert done.output.splitlines()[:2] == ["clv: started (last time 20 s)", "clv: ok, 19.4 s"]


def test_json_tells_an_event_a_line(project, monkeypatch):
    fake_run(monkeypatch, runs.Run("id", project, project / "index.html", {}))
    done = cx("run", "clv", "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["kind"], first["report"], first["expected_seconds"]) == ("started", "clv", 20.0)
    assert (second["kind"], second["text"], second["elapsed_seconds"]) == ("finished", "ok", 19.4)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (runs.ParameterError("no such report"), 2),
        (runs.DiskFullError(28, "No room"), 8),
        (runs.Stopped(signal.SIGTERM), 143),
        (runs.Stopped(signal.SIGINT), 130),
    ],
)
def test_what_ends_a_run_has_its_exit_code_and_is_told_once(project, monkeypatch, error, code):
    fake_run(monkeypatch, error)
    done = cx("run", "clv", "--quiet")
    assert done.exit_code == code
    assert done.stderr == f"{error}\n"
    told = json.loads(cx("run", "clv", "--json").stdout.splitlines()[-1])
    assert (told["kind"], told["message"]) == ("refused", str(error))


def test_verify_without_a_run_ends_with_2(project):
    done = cx("verify", "20260101-000000-abcd")
    assert done.exit_code == 2
    assert "There is no run" in done.stderr


def test_verify_names_what_was_changed(project):
    run = project / "reports" / "run-1"
    run.mkdir(parents=True)
    (run / "clv.html").write_text("whole")
    content = json.dumps({"files": runs.publishing.hashes(run)})
    (run / "manifest.json").write_text(content)
    seal = hashlib.sha256(content.encode()).hexdigest()
    (run / "manifest.sha256").write_text(f"{seal}  manifest.json\n")
    assert cx("verify", "run-1").exit_code == 0
    (run / "clv.html").write_text("other")
    done = cx("verify", str(run))
    assert done.exit_code == 3
    assert done.stderr == "clv.html: changed\n"
