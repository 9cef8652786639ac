"""Every notebook, executed as a scheduler would: bare papermill, from a folder of no meaning.

Each report runs under the two parameter sets of COMMON and those of its own in RUNS, each once,
and its numbers are read from results.json. EXPECTED holds what they must be and where that is from.
"""

import json
import math
import subprocess
import sys
from typing import NamedTuple

import pytest

from cxlib import PROJECT, runs

NOTEBOOKS = runs.find(PROJECT / "notebooks")

COMMON = {"plain": {}, "level 90 %": {"level": 0.9}}

# report -> name of the run -> parameters; "{folder}" is the folder of the run.
RUNS: dict[str, dict[str, dict[str, object]]] = {}

# report -> name of the run -> file name -> text, written to the folder of the run beforehand.
FILES: dict[str, dict[str, dict[str, str]]] = {}


class Expected(NamedTuple):
    """What a measure must be in a named run of a report, and who says so."""

    report: str
    run: str
    measure: str
    value: float
    tolerance: float
    source: str


EXPECTED: list[Expected] = []


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """The results.json of a report under a named run; each is executed once."""
    done = {}

    def read(report, run):
        if (report, run) not in done:
            done[report, run] = execute(report, run, tmp_path_factory.mktemp(report))
        return done[report, run]

    return read


def execute(report, run, folder):
    for name, text in FILES.get(report, {}).get(run, {}).items():
        (folder / name).write_text(text)
    parameters = (COMMON | RUNS.get(report, {}))[run] | {"output_dir": str(folder / "out")}
    options = []
    for name, value in parameters.items():
        filled = value.replace("{folder}", str(folder)) if isinstance(value, str) else value
        # -r keeps a text as it is; -p would read "007" as a number.
        options += ["-r" if isinstance(value, str) else "-p", name, str(filled)]
    command = [sys.executable, "-m", "papermill", str(NOTEBOOKS[report]), "executed.ipynb"]
    done = subprocess.run(
        [*command, "--no-progress-bar", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    content = json.loads((folder / "out" / "results.json").read_text())
    content["folder"] = folder / "out"
    content["measures"] = {one["name"]: one for one in content["measures"]}
    return content


@pytest.mark.parametrize("run", COMMON)
@pytest.mark.parametrize("report", NOTEBOOKS)
def test_results_are_whole(results, report, run):
    found = results(report, run)
    assert found["schema"] == 1
    assert found["report"] == report
    assert found["headline"]
    assert found["measures"]
    assert found["inputs"]
    for name in found["tables"]:
        assert (found["folder"] / "tables" / f"{name}.csv").exists()
        assert (found["folder"] / "tables" / f"{name}.parquet").exists()


@pytest.mark.parametrize("run", COMMON)
@pytest.mark.parametrize("report", NOTEBOOKS)
def test_measures_lie_within_their_intervals(results, report, run):
    for one in results(report, run)["measures"].values():
        assert one["n"] > 0, one
        assert one["level"] == COMMON[run].get("level", 0.95), one
        if one["low"] is not None:
            assert one["low"] <= one["value"] <= one["high"], one


@pytest.mark.parametrize("report", NOTEBOOKS)
def test_a_lower_level_narrows_the_intervals_and_moves_no_value(results, report):
    wide, narrow = (results(report, run)["measures"] for run in COMMON)
    assert list(wide) == list(narrow)
    for name, one in wide.items():
        other = narrow[name]
        # A choice (of a model, say) may depend on the level; the measure then says what was chosen.
        if (other["method"], other["note"]) != (one["method"], one["note"]):
            continue
        assert other["value"] == pytest.approx(one["value"], rel=1e-9), name
        if one["low"] is not None and one["high"] > one["low"]:
            assert other["high"] - other["low"] < one["high"] - one["low"], name


@pytest.mark.parametrize("one", EXPECTED, ids=lambda one: f"{one.report}-{one.run}-{one.measure}")
def test_numbers_are_those_of_the_source(results, one):
    # A tolerance as wide as the value would pass anything.
    assert one.value == 0 or one.tolerance < abs(one.value) / 2
    found = results(one.report, one.run)["measures"][one.measure]["value"]
    assert math.isclose(found, one.value, rel_tol=0, abs_tol=one.tolerance), one.source
