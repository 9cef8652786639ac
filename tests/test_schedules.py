"""The files in docs/schedules hold together with the program and with the tools that read them."""

import ast
import configparser
import re
import runpy
import shutil
import subprocess
import sys
import types

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
    assert commands() == ["cx run", "cx run --quiet", "cx run clv --json"]


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


@pytest.fixture
def dask_fan_out(monkeypatch, tmp_path):
    """The names of the recipe, with tasks made at once, and a stand-in for cx that notes its calls.

    It lists 25 reports, r1 to r25, and leaves with the code in the file `code`; with r11, 3.
    """
    distributed = types.ModuleType("dask.distributed")
    distributed.Client = AtOnce
    distributed.as_completed = list
    monkeypatch.setitem(sys.modules, "dask", types.ModuleType("dask"))
    monkeypatch.setitem(sys.modules, "dask.distributed", distributed)
    recipe = runpy.run_path(str(SCHEDULES / "dask_fan_out.py"))
    stand_in = tmp_path / "cx"
    stand_in.write_text(
        "#!/bin/sh\ncd ${0%/*}\n"
        'case "$*" in *--list) seq -f r%g 25; exit 0;; esac\n'
        'echo "$*" >> calls\n'
        'case "$*" in *r11*) echo "no such column" >&2; exit 3;; esac\nexit $(cat code)\n',
        encoding="utf-8",
    )
    stand_in.chmod(0o755)
    for function in (recipe["make"], recipe["fan_out"]):
        known = {"CX_RUN": [str(stand_in), "run"], "WITH_THE_WORKER": [], "PROJECT": tmp_path}
        function.__globals__.update(known)
    return recipe


class AtOnce:
    """A client of Dask as far as the recipe knows it: each task is done when it is submitted."""

    def __init__(self, scheduler):
        assert scheduler == "tcp://scheduler:8786"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, function, *arguments, pure):
        found = function(*arguments)
        # A dictionary has tasks for its keys.
        task = type("Task", (), {"exception": lambda self: None, "result": lambda self: found})
        return task()


@pytest.mark.parametrize("code", sorted(set(EXIT_CODES.values())))
def test_dask_tries_again_what_may_pass(dask_fan_out, tmp_path, code):
    (tmp_path / "code").write_text(str(code))
    assert dask_fan_out["make"](["r1"], []) == (code, "")
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls == ["run r1 --quiet"] * (3 if code in WORTH_ANOTHER_TRY else 1)


def test_dask_makes_every_report_once_and_tells_the_gravest_code(dask_fan_out, tmp_path, capsys):
    (tmp_path / "code").write_text("0")
    fan_out = dask_fan_out["fan_out"]
    assert fan_out("tcp://scheduler:8786", "s.toml", "--workers", "1") == 3
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [call.split(" --suite ")[1] for call in calls] == ["s.toml --workers 1 --quiet"] * 3
    named = [name for call in calls for name in call.split(" --suite ")[0].split()[1:]]
    assert named == [f"r{number}" for number in range(1, 26)]
    assert capsys.readouterr().out.splitlines() == [
        "r1 to r10: code 0",
        "r11 to r20: code 3",
        "no such column",
        "r21 to r25: code 0",
    ]


def test_cx_has_the_options_that_dask_gives_it():
    text = (SCHEDULES / "dask_fan_out.py").read_text(encoding="utf-8")
    options = set(re.findall(r'"(--[a-z-]+)"', text)) - {"--pdeathsig"}
    assert options == {"--suite", "--list", "--quiet"}
    help_text = CliRunner().invoke(app, ["run", "--help"]).output
    assert [option for option in options if option not in help_text] == []


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
