import textwrap

import nbformat
import pytest
from typer.testing import CliRunner

from cxlib import cli, runs

PARAMETERS = """\
level: float = 0.95  # confidence level
horizon_weeks: int = 52  # weeks ahead
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=[parameters], metadata=metadata)
    nbformat.write(notebook, tmp_path / "notebooks" / "05_clv.ipynb")
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    return tmp_path


def cx(*arguments):
    return CliRunner().invoke(cli.app, arguments)


def test_help_tells_the_exit_codes():
    for arguments in (["--help"], ["run", "--help"], ["check", "--help"]):
        shown = " ".join(cx(*arguments).output.split())
        assert "3 an input is not as it must be; 4 a notebook failed" in shown


def test_parameters_lists_type_default_and_help(project):
    done = cx("parameters", "clv")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "level: float = 0.95  confidence level",
        "horizon_weeks: int = 52  weeks ahead",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "clw"], "did you mean 'clv'?"),
        (["run", "-p", "levle=0.9"], "did you mean 'level'?"),
        (["run", "-p", "level=high"], "level is a number, not 'high'."),
        (["run", "-p", "level"], "given as NAME=VALUE, not 'level'."),
        (["run", "-p", "level=0.9", "-p", "level=0.8"], "'level' is given twice."),
        (["parameters", "clw"], "did you mean 'clv'?"),
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
        assert others["time_limit_seconds"] == 5
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
    done = cx("check", write_sources(tmp_path, ["007,2025-01-02,10.5", "008,2025-03-04,3"]))
    assert done.exit_code == 0
    assert "transactions: 2 rows" in done.stdout
    assert "2025-01-02 to 2025-03-04" in done.stdout


def test_check_tells_what_is_wrong_and_ends_with_3(tmp_path):
    done = cx("check", write_sources(tmp_path, ["007,2025-01-02,10.5", "008,2025-03-04,-3"]))
    assert done.exit_code == 3
    assert "transactions: input error" in done.stderr
    assert "line 3" in done.stderr
    assert "Mend:" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_without_a_sources_file_ends_with_3(tmp_path):
    done = cx("check", str(tmp_path / "none.toml"))
    assert done.exit_code == 3
    assert "none.toml" in done.stderr
