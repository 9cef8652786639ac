import json
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import nbformat
import papermill
import pytest
from bs4 import BeautifulSoup

from cxlib import runs
from cxlib.runs import execution, parameters, planning, publishing
from cxlib.runs.causes import printable
from cxlib.runs.proof import read_results

PARAMETERS = """\
code: str = "00"  # a text
extra: str = ""  # a file [file or empty]
years: int = 3  # a count
rate: float = 0.5  # a share
exact: bool = False  # a flag
seed: int = 7  # of every draw
output_dir: str = ""  # where results go
"""

SAVE = """\
from cxlib import results
from types import SimpleNamespace

table = SimpleNamespace(
    provenance={"input": "sales", "uri": "raw/<b>.csv", "sha256": "ab" * 32, "rows": 1234,
                "period": ["2025-01-01", "2025-12-31"], "note": "simulated", "exclusions": []}
)
assert seed != 13, "as <i>asked</i>"
results.save("good", headline=f"All {years} <u>years</u> of {code}{seed} are good.", measures=[],
             tables={}, inputs=[table], output_dir=output_dir)
"""

INPUT_ERROR = """\
class InputError(Exception):
    pass

raise InputError("sales: line 17 of [raw]/sales.csv\\n  amount: -4 is <negative>")
"""


def write_notebook(path, *sources, title="Is it good?"):
    first = nbformat.v4.new_markdown_cell(f"# {title}\n\nWho decides.")
    parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    rest = [nbformat.v4.new_code_cell(source) for source in sources]
    metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=[first, parameters, *rest], metadata=metadata), path
    )


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    write_notebook(folder / "01_good.ipynb", SAVE)
    write_notebook(folder / "02_broken.ipynb", "1 / 0")
    write_notebook(folder / "03_refused.ipynb", INPUT_ERROR)
    write_notebook(folder / "04_killed.ipynb", "import os\nos.kill(os.getpid(), 9)")
    write_notebook(folder / "05_empty.ipynb", "results = None")
    write_notebook(folder / "08_left.ipynb", "import sys\nsys.exit(0)")
    write_notebook(folder / "06_misread.ipynb", INPUT_ERROR.replace("Input", "Parameter"))
    write_notebook(folder / "01_good.nbconvert.ipynb", "1 / 0")
    write_notebook(folder / "07_torn.ipynb", "open('results.json', 'w').write('{not json')")
    return folder


def contents(folder):
    return {path: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


class History:
    """Three runs: all reports; then `good` made to fail; then `good` again, after a snapshot."""

    def __init__(self, notebooks, reports):
        self.reports = reports
        self.told = []
        arguments = {"notebooks": notebooks, "reports": reports, "tell": self.told.append}
        self.all = runs.run([], {"seed": "5"}, **arguments)
        self.good_before = contents(reports / "latest" / "good")
        self.latest_before = os.readlink(reports / "latest" / "good")
        self.failing = runs.run(["good"], {"seed": "13"}, **arguments)
        self.good_after = contents(reports / "latest" / "good")
        self.latest_after = os.readlink(reports / "latest" / "good")
        self.stale_index = (reports / "index.html").read_text()
        self.mended = runs.run(["good"], {}, **arguments)


@pytest.fixture(scope="module")
def history(notebooks, tmp_path_factory):
    return History(notebooks, tmp_path_factory.mktemp("project") / "reports")


def manifest(run):
    return json.loads((run.folder / "manifest.json").read_text())


def entries(run):
    return {entry["name"]: entry for entry in manifest(run)["reports"]}


def test_each_kind_of_failure_has_its_status(history):
    assert {name: entry["status"] for name, entry in entries(history.all).items()} == {
        "good": "ok",
        "broken": "cell failed",
        "refused": "input error",
        "killed": "kernel died",
        "empty": "no results",
        "misread": "parameter error",
        "torn": "no results",
        "left": "cell failed",
    }


def test_a_cause_names_the_cell_and_says_what_the_error_said(history):
    causes = history.all.causes
    assert causes["broken"] == runs.Cause("cell failed", "ZeroDivisionError: division by zero", 3)
    assert (
        causes["refused"].message == "sales: line 17 of [raw]/sales.csv\n  amount: -4 is <negative>"
    )
    assert "good" not in causes


def test_exit_codes_tell_the_kinds_apart(history, tmp_path):
    def code(*statuses):
        causes = {str(i): runs.Cause(status, "") for i, status in enumerate(statuses)}
        return runs.Run("", tmp_path, tmp_path, causes).exit_code

    assert code() == 0
    assert [code(status) for status in ("crashed", "input error", "cell failed", "no results")] == [
        1,
        3,
        4,
        4,
    ]
    later = ("timed out", "kernel died", "out of memory", "disk full")
    assert [code(status) for status in later] == [5, 6, 7, 8]
    assert code("input error", "cell failed") == 4
    assert code("kernel died", "crashed") == 1
    assert history.all.exit_code == 6
    assert history.mended.exit_code == 0


def test_a_run_holds_its_reports_and_nothing_else_is_left(history):
    found = {path.name for path in (history.all.folder / "good").iterdir()}
    # No table, no folder for them.
    assert found == {"good.html", "good.ipynb", "good.xlsx", "results.json"}
    assert {path.name for path in history.reports.iterdir()} == {
        ".lock",
        "index.html",
        "latest",
        history.all.id,
        history.failing.id,
        history.mended.id,
    }


def test_a_failing_run_leaves_the_last_good_report_as_it_was(history):
    assert history.failing.exit_code == 4
    assert history.latest_after == history.latest_before == f"../{history.all.id}/good"
    assert history.good_after == history.good_before


def test_only_good_reports_are_latest(history):
    assert [path.name for path in (history.reports / "latest").iterdir()] == ["good"]
    assert os.readlink(history.reports / "latest" / "good") == f"../{history.mended.id}/good"


def test_the_index_marks_what_is_stale_and_still_links_the_last_good_one(history):
    assert "Stale: the last run failed" in history.stale_index
    assert f'href="{history.all.id}/good/good.html"' in history.stale_index
    assert "AssertionError: as &lt;i&gt;asked&lt;/i&gt;" in history.stale_index
    assert "All 3 &lt;u&gt;years&lt;/u&gt; of 005 are good." in history.stale_index


def test_the_index_says_what_a_report_was_asked_for(history):
    assert "cx run good -p seed=13" in (history.failing.folder / "good" / "good.html").read_text()
    assert entries(history.all)["good"]["given"] == {"seed": "5"}
    assert entries(history.mended)["good"]["given"] == {}


def test_the_index_forgets_a_failure_that_was_mended(history):
    index = history.mended.index.read_text()
    page = BeautifulSoup(index, "html.parser")
    assert not page.select(".stale, #unfinished")
    assert len(page.select("article .is-failed")) == len(entries(history.all)) - 1
    assert "All 3 &lt;u&gt;years&lt;/u&gt; of 007 are good." in index
    assert "2025-01-01 to 2025-12-31" in index


def test_a_failed_page_says_so_above_all_and_escapes_the_cause(history):
    page = (history.failing.folder / "good" / "good.html").read_text()
    assert page.index("FAILED: cell failed") < page.index("<h1>Is it good?</h1>")
    assert "AssertionError: as &lt;i&gt;asked&lt;/i&gt;" in page
    assert "<i>asked" not in page


def test_pages_forbid_all_but_their_own_script_and_no_network(history):
    for path in [history.mended.index, history.mended.folder / "good" / "good.html"]:
        page = path.read_text()
        assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
        assert not re.search(r'(src|href)="(https?:)?//', page)


def test_the_manifest_says_what_went_into_a_report(history):
    about, good = manifest(history.all), entries(history.all)["good"]
    assert good["parameters"] == {
        "code": "00",
        "extra": "",
        "years": 3,
        "rate": 0.5,
        "exact": False,
        "seed": 5,
    }
    assert good["seed"] == 5
    assert good["inputs"][0]["sha256"] == "ab" * 32
    assert good["cause"] is None
    assert about["libraries"]["papermill"] == papermill.__version__
    assert about["python"] == ".".join(map(str, sys.version_info[:3]))
    assert about["started"] <= about["finished"]


def test_an_executed_notebook_holds_no_absolute_path(history, notebooks):
    text = (history.mended.folder / "good" / "good.ipynb").read_text()
    assert str(history.reports) not in text
    assert str(notebooks) not in text


def test_it_is_told_when_a_report_starts_and_ends(history):
    told = [(event.kind, event.report, event.text) for event in history.told]
    assert told.count(("started", "good", "")) == 3
    assert told.count(("finished", "good", "ok")) == 2
    assert ("finished", "killed", "kernel died") in told
    assert told[-1] == ("published", "", str(history.mended.index))


def test_a_report_that_was_made_before_is_expected_to_take_as_long(history):
    started = [event for event in history.told if (event.kind, event.report) == ("started", "good")]
    took = [entries(run)["good"]["seconds"] for run in (history.all, history.failing)]
    # A failure says nothing about how long it takes.
    assert [event.expected_seconds for event in started] == [None, took[0], took[0]]


def test_two_runs_side_by_side_do_not_mix(notebooks, tmp_path):
    done = {}

    def work(code):
        done[code] = runs.run(["good"], {"code": code}, notebooks=notebooks, reports=tmp_path)

    threads = [threading.Thread(target=work, args=[code]) for code in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for code, run in done.items():
        found = json.loads((run.folder / "good" / "results.json").read_text())
        assert found["headline"] == f"All 3 <u>years</u> of {code}7 are good."
    index = (tmp_path / "index.html").read_text()
    assert all(run.id in index for run in done.values())


def test_a_report_that_takes_too_long_is_stopped(tmp_path):
    write_notebook(tmp_path / "01_slow.ipynb", "import time\ntime.sleep(60)")
    done = runs.run(
        [],
        {},
        notebooks=tmp_path,
        reports=tmp_path / "reports",
        limits=execution.Limits(report_seconds=2),
    )
    assert done.causes["slow"].status == "timed out"
    assert "FAILED: timed out" in (done.folder / "slow" / "slow.html").read_text()


def start(folder, *arguments):
    """A run in a process of its own, whose result goes nowhere."""
    # A shell that started the tests in the background may have them ignore interrupts.
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from pathlib import Path; from cxlib import runs\n"
        "runs.run([], {}, notebooks=Path('.'), reports=Path('reports'), workers=1)"
    )
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE)


def wait_for(found, seconds=60):
    for _ in range(10 * seconds):
        if found():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it did not come")


COUNTED = """\
from pathlib import Path
times = Path("{folder}") / "times"
times.write_text(times.read_text() + "x" if times.exists() else "x")
"""
SLOW = """\
from pathlib import Path
import time
Path("{folder}/begun").touch()
while not Path("{folder}/go").exists():
    time.sleep(0.1)
"""


@pytest.fixture
def stopped(tmp_path):
    """The folder of a run that had finished `good` and was stopped by SIGINT during `slow`."""
    # The largest begins.
    first = COUNTED.format(folder=tmp_path) + "#" * 1000 + "\n"
    write_notebook(tmp_path / "01_good.ipynb", first + SAVE)
    write_notebook(tmp_path / "02_slow.ipynb", SLOW.format(folder=tmp_path) + SAVE)
    process = start(tmp_path)
    try:
        wait_for((tmp_path / "begun").exists)
        process.send_signal(signal.SIGINT)
        # Returns when nobody holds the pipe any more: neither the run nor its kernel.
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert "Stopped by SIGINT" in said.decode()
    return tmp_path


def test_a_stopped_run_is_not_published_and_the_index_says_so(stopped):
    reports = stopped / "reports"
    assert not list(reports.glob("2*"))
    assert not (reports / "latest").exists()
    [plan] = publishing.unfinished(reports)
    assert plan["series"] == ["good", "slow"]
    assert plan["run"] in (reports / "index.html").read_text()


def test_what_a_stopped_run_had_finished_is_not_run_again(stopped):
    (stopped / "go").touch()
    [plan] = publishing.unfinished(stopped / "reports")
    told = []
    done = runs.run(notebooks=stopped, reports=stopped / "reports", tell=told.append)
    assert done.exit_code == 0
    assert (stopped / "times").read_text() == "x"
    assert [(event.report, event.text) for event in told if event.kind == "resumed"] == [
        ("good", plan["run"])
    ]
    assert entries(done)["good"]["resumed_from"] == plan["run"]
    assert entries(done)["slow"]["resumed_from"] is None
    assert done.id in (done.folder / "good" / "good.html").read_text()
    assert publishing.verify(done.folder) == []
    assert not list((stopped / "reports").glob(".staging-*"))


@pytest.mark.parametrize("change", ["a parameter", "the notebook"])
def test_what_was_finished_under_other_terms_is_run_again(stopped, change):
    (stopped / "go").touch()
    if change == "the notebook":
        write_notebook(stopped / "01_good.ipynb", COUNTED.format(folder=stopped) + SAVE + "\n")
    texts = {"years": "4"} if change == "a parameter" else {}
    done = runs.run(["good"], texts, notebooks=stopped, reports=stopped / "reports")
    assert done.exit_code == 0
    assert (stopped / "times").read_text() == "xx"


def test_a_report_may_take_a_file_that_another_makes(tmp_path):
    taking = "from cxlib import PROJECT\nassert (PROJECT / extra).read_text() == 'whole'\n" + SAVE
    write_notebook(tmp_path / "01_takes.ipynb", taking)
    write_notebook(tmp_path / "02_makes.ipynb", SAVE + "_ = open('made.txt', 'w').write('whole')")
    texts = {"extra": "run:makes/made.txt"}
    with pytest.raises(runs.ParameterError, match="wait for one another"):
        runs.run([], texts, notebooks=tmp_path, reports=tmp_path / "reports")
    with pytest.raises(runs.ParameterError, match="takes a file of makes, which"):
        runs.run(["takes"], texts, notebooks=tmp_path, reports=tmp_path / "reports")


@pytest.mark.parametrize(
    ("names", "texts", "message"),
    [
        (["goood"], {}, "did you mean 'good'"),
        (["good"], {"yeras": "3"}, r"did you mean 'years'.*cx run good --help"),
        (["good"], {"years": "3.5"}, "years takes a whole number, not '3.5'"),
        (["good"], {"output_dir": "/tmp"}, "no parameter 'output_dir'"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_made(
    notebooks, tmp_path, names, texts, message
):
    with pytest.raises(runs.ParameterError, match=message):
        runs.run(names, texts, notebooks=notebooks, reports=tmp_path / "reports")
    assert not (tmp_path / "reports").exists()


def test_a_folder_without_notebooks_is_refused(tmp_path):
    with pytest.raises(runs.ParameterError, match="no notebook"):
        runs.run([], {}, notebooks=tmp_path, reports=tmp_path / "reports")


def test_a_parameter_goes_to_the_reports_that_declare_it(tmp_path):
    write_notebook(tmp_path / "01_one.ipynb")
    other = nbformat.v4.new_code_cell("level: float = 0.95  # a level")
    other.metadata["tags"] = ["parameters"]
    metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=[other], metadata=metadata), tmp_path / "02_two.ipynb"
    )
    texts = {"level": "0.9", "years": "5"}
    jobs = planning.plan([], texts, None, tmp_path, date(2026, 1, 1))
    assert {job.name: job.values for job in jobs} == {"one": {"years": 5}, "two": {"level": 0.9}}


def test_a_trial_is_a_series_of_its_own(tmp_path):
    write_notebook(tmp_path / "01_one.ipynb")

    def series(**texts):
        [job] = planning.plan([], texts, None, tmp_path, date(2026, 1, 1))
        return job.series

    assert series() == series(seed="8", years="3") == "one"
    assert series(years="4", code="a/b") == "one-code-a_b-years-4"
    assert len(series(code="x" * 500)) < 100
    assert series(code="x" * 500) != series(code="x" * 499)


WRONG = [
    "[]",
    '{"headline": 5}',
    '{"headline": "x", "measures": [{"name": "a", "value": "x"}]}',
    '{"headline": "x", "measures": [{"name": "a", "value": NaN}]}',
    '{"headline": "x", "measures": [{"value": 1, "level": 0.95}]}',
    '{"headline": "x", "measures": [5]}',
    '{"headline": "x", "checks": [{"name": "a", "passed": "maybe", "text": ""}]}',
    '{"headline": "x", "inputs": "x"}',
    "[" * 100_000,
]


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_results_in_another_shape_prove_nothing(tmp_path, text):
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(ValueError, match=r"."):
        read_results(tmp_path / "results.json")


MEDDLE = """\
from pathlib import Path
import time
while not Path("../.finished/good.json").exists():
    time.sleep(0.1)
_ = Path("../good/good.html").write_text("all is well")
"""


def test_a_report_that_another_notebook_changes_is_not_good(tmp_path):
    write_notebook(tmp_path / "01_good.ipynb", SAVE)
    write_notebook(tmp_path / "02_bad.ipynb", MEDDLE, SAVE)
    done = runs.run(notebooks=tmp_path, reports=tmp_path / "reports", workers=2)
    assert done.causes["good"].status == "cell failed"
    assert "by another notebook" in done.causes["good"].message
    assert "all is well" not in (done.folder / "good" / "good.html").read_text()
    assert not (tmp_path / "reports" / "latest" / "good").exists()
    assert publishing.verify(done.folder) == []


def test_nobody_listening_is_no_matter_of_the_run(tmp_path):
    def broken(event):
        raise BrokenPipeError

    write_notebook(tmp_path / "01_good.ipynb", SAVE)
    done = runs.run(notebooks=tmp_path, reports=tmp_path / "reports", tell=broken)
    assert done.exit_code == 0


def test_two_notebooks_of_one_name_are_refused(tmp_path):
    write_notebook(tmp_path / "01_a.ipynb")
    write_notebook(tmp_path / "02_a.ipynb")
    with pytest.raises(runs.ParameterError, match=r"01_a\.ipynb and 02_a\.ipynb both make"):
        runs.run(notebooks=tmp_path, reports=tmp_path / "reports")


def test_a_message_cannot_steer_a_terminal():
    assert printable("a\x1b]0;x\x07\u202eb\nc") == "a\\x1b]0;x\\x07\\u202eb\nc"
    assert printable("شعبه\u200cها") == "شعبه\u200cها"


def test_only_parameters_that_name_files_are_read_for_the_fingerprint(tmp_path, monkeypatch):
    monkeypatch.setattr(parameters, "PROJECT", tmp_path)
    write_notebook(tmp_path / "01_one.ipynb")
    (tmp_path / "data.csv").write_text("1")
    texts = {"code": str(tmp_path), "extra": str(tmp_path / "data.csv")}

    def mark():
        jobs = planning.plan([], texts, None, tmp_path, date(2026, 1, 1))
        return planning.fingerprinted(jobs, {"sha256": ""})[0].fingerprint

    before = mark()
    (tmp_path / "more.txt").write_text("")
    assert mark() == before
    (tmp_path / "data.csv").write_text("2")
    assert mark() != before
