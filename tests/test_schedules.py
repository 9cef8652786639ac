"""The files in docs/schedules hold together with the program and with the tools that read them."""

import ast
import configparser
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from typer.testing import CliRunner

from cxlib import PROJECT
from cxlib.cli import app
from cxlib.runs import EXIT_CODES

SCHEDULES = PROJECT / "docs" / "schedules"
GUIDE = (PROJECT / "docs" / "schedule.md").read_text(encoding="utf-8")
WORTH_ANOTHER_TRY = {EXIT_CODES[status] for status in ("crashed", "timed out", "kernel died")}
FOR_A_PERSON = set(EXIT_CODES.values()) - WORTH_ANOTHER_TRY - {0}


def commands():
    """The calls of cx in the files, without their paths and redirections."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCHEDULES.iterdir())
    shell = re.findall(r"^[^#\n]*\.venv/bin/(cx run[^>&|\n]*)", text, re.MULTILINE)
    python = re.findall(r'\.venv/bin/(cx)", (.*?)\]', text)
    quoted = [" ".join([name, *re.findall(r'"([^"]+)"', rest)]) for name, rest in python]
    return sorted({line.strip() for line in shell + quoted})


def test_commands_are_found():
    assert commands() == ["cx run --quiet", "cx run clv --json"]


@pytest.mark.parametrize("command", commands())
def test_cx_has_the_options_that_the_schedules_use(command):
    done = CliRunner().invoke(app, [*command.split()[1:], "--help"])
    assert (done.exit_code, done.exception) == (0, None), done.output
    assert "Exit codes" in done.output


def test_the_guide_names_every_exit_code():
    named = {int(code) for code in re.findall(r"^\| (\d)(?= \|)", GUIDE, re.MULTILINE)}
    assert named == set(EXIT_CODES.values())


def test_the_guide_links_to_every_file():
    assert set(re.findall(r"\(schedules/(.*?)\)", GUIDE)) | {"cx.service", "cx.timer"} == {
        path.name for path in SCHEDULES.iterdir()
    }


def test_systemd_tries_again_what_may_pass():
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str
    unit.read(SCHEDULES / "cx.service", encoding="utf-8")
    refused = unit["Service"]["RestartPreventExitStatus"].split()
    assert {int(code) for code in refused} == FOR_A_PERSON


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_takes_both_units(tmp_path):
    for name in ("cx.service", "cx.timer"):
        shutil.copy(SCHEDULES / name, tmp_path)
    unit = tmp_path / "cx.service"
    # What the placeholders stand for is not there.
    text = unit.read_text(encoding="utf-8").replace("/srv/cx/.venv/bin/cx", sys.executable)
    unit.write_text(text.replace("User=cx", "User=root"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "cx.service", tmp_path / "cx.timer"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_line_of_cron_has_five_fields_and_no_percent_sign():
    lines = (SCHEDULES / "crontab").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if re.match(r"[\d*]", line)]
    assert len(jobs) == 2
    for line in jobs:
        assert re.match(r"(?:[\d*/,-]+ ){4}[\d*/,-]+ +cd /srv/cx && ", line)
        # To cron it is the end of the line.
        assert "%" not in line


def test_airflow_tries_again_what_may_pass():
    tree = ast.parse((SCHEDULES / "airflow_dag.py").read_text(encoding="utf-8"))
    values = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    assert ast.literal_eval(values["WORTH_ANOTHER_TRY"]) == WORTH_ANOTHER_TRY


def test_the_workflow_follows_the_schema_of_workflows():
    checker = [sys.executable, "-m", "check_jsonschema"]
    done = subprocess.run(
        [*checker, "--builtin-schema", "vendor.github-workflows", SCHEDULES / "github_actions.yml"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_uses_a_command_of_the_makefile():
    workflow = yaml.safe_load((SCHEDULES / "github_actions.yml").read_text(encoding="utf-8"))
    [command] = [step["run"] for step in workflow["jobs"]["reports"]["steps"] if "run" in step]
    target = command.removeprefix("make ")
    assert f"\n{target}:" in (PROJECT / "Makefile").read_text(encoding="utf-8")
