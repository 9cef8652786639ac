"""The guarantees of a run, tried by breaking runs; docs/guarantees.md has them in words.

CX_FAULTS says how often those with chance in them are tried: a few times here, 300 for the record.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .harness import DAEMON, SAVE, find_processes

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs Linux")
TRIALS = int(os.environ.get("CX_FAULTS", "4"))
BY_CHANCE = random.Random(TRIALS)

COUNT = """\
import os
from pathlib import Path

place = Path(os.environ["CX_FAULTS_PLACE"])
with (place / "executed").open("a") as executed:
    executed.write(f"{seed}\\n")
"""
WAIT_TO_GO = """\
import os, time
from pathlib import Path

while not Path(os.environ["CX_FAULTS_PLACE"], "go").exists():
    time.sleep(0.05)
"""


def wait_until(there, seconds=60):
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


# 1. The last good report is never lost or half-written; 5. no process outlives a run by 5 s.


def test_a_runner_killed_at_any_time_loses_and_tears_nothing(project):
    project.write("a", SAVE)
    project.write("b", "import time\ntime.sleep(0.1)", SAVE)
    begun = time.monotonic()
    assert project.run("-p", "seed=1") == 0
    length = time.monotonic() - begun
    good, killed, trial, problems, outlived = 1, 0, 1, [], 0
    while killed < TRIALS:
        trial += 1
        # Each seed twice: the second run takes over what the first had finished.
        seed = 2 + trial // 2
        going = project.start("-p", f"seed={seed}")
        code = going.wait(BY_CHANCE.uniform(0, length))
        if code is None:
            everything = trial % 3 == 0
            for pid in going.processes() if everything else ():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            going.kill()
            code = going.wait()
        killed += code == -signal.SIGKILL
        outlived += len(going.outlived())
        newest = project.runs()[0]["reports"]
        if newest[0]["parameters"]["seed"] == seed:
            # It was published before it was killed; the links follow with the next run at latest.
            shown = project.reports / "latest" / "a" / "results.json"
            good = seed if f"is {seed}." in shown.read_text() else good
        found = project.problems({"a": good}, only_newest=3)
        problems += [f"trial {trial}: {one}" for one in found]
    assert project.run("-p", "seed=99999") == 0
    problems += project.problems({"a": 99999, "b": 99999})
    print(f"killed {killed} of {trial - 1} runs of {length:.1f} s; {len(problems)} lost or torn")
    assert problems == []
    assert outlived == 0


def test_a_runner_killed_at_any_step_of_publishing_loses_and_tears_nothing(project):
    project.write("a", SAVE)
    assert project.run("-p", "seed=1") == 0
    before = shutil.copytree(project.reports, project.folder / "before", symlinks=True)
    killed, problems, code, shown = 0, [], None, ""
    # Every step for the record.
    stride = max(1, 40 // TRIALS)
    for step in range(1, 1000, stride):
        # What killed runs leave behind would add steps to the next.
        shutil.rmtree(project.reports)
        shutil.copytree(before, project.reports, symlinks=True)
        code = project.run("-p", "seed=2", die_at_step=step)
        shown = (project.reports / "latest" / "a" / "results.json").read_text()
        good = 2 if "is 2." in shown else 1
        problems += [f"step {step}: {one}" for one in project.problems({"a": good})]
        if code == 0:
            break
        killed += 1
    print(f"killed at {killed} steps of publishing; {len(problems)} lost or torn")
    assert problems == []
    assert (killed > 2, code) == (True, 0)
    assert "is 2." in shown


@pytest.mark.parametrize("room", [1_200_000, 1_700_000])
def test_a_full_disk_leaves_the_last_good_report(project, room):
    project.write("a", SAVE, "open('big', 'wb').write(bytes(2_000_000 if seed > 1 else 1))")
    project.reports.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", project.reports]
    if not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        assert project.run("-p", "seed=1") == 0
        usage = shutil.disk_usage(project.reports)
        (project.reports / ".filler").write_bytes(bytes(usage.free - room))
        assert project.run("-p", "seed=2") == 8
        assert project.problems({"a": 1}) == []
        # With room again, all is well.
        (project.reports / ".filler").unlink()
        assert project.run("-p", "seed=1") == 0
    finally:
        subprocess.run(["umount", project.reports], check=True)


@pytest.mark.parametrize("limit", [300, 20_000, 1_100_000])
def test_a_limit_on_file_sizes_leaves_the_last_good_report(project, limit):
    project.write("a", SAVE, "open('big', 'wb').write(bytes(1_200_000 if seed > 1 else 1))")
    assert project.run("-p", "seed=1") == 0
    assert project.run("-p", "seed=2", file_bytes=limit) == 8
    assert project.problems({"a": 1}) == []


# 2. An incomplete run never looks complete; 4. one exit code for each cause.

ENDINGS = {
    "killed": ("import os\nos.kill(os.getpid(), 9)", "kernel died"),
    "faulted": ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "kernel died"),
    "left_well": ("import os\nos._exit(0)", "kernel died"),
    "left_ill": ("import os\nos._exit(3)", "kernel died"),
    "exited": ("import sys\nsys.exit(0)", "cell failed"),
    "interrupted": ("import os, signal\nos.kill(os.getpid(), signal.SIGINT)", "cell failed"),
    "raised": ("1 / 0", "cell failed"),
    "memory": (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, 2 * 1024**3))\n"
        "bytearray(8 * 1024**3)",
        "out of memory",
    ),
    "input": ("class InputError(Exception): ...\nraise InputError('line 7')", "input error"),
    "endless": ("while True: pass", "timed out"),
}
# Results that say that all is well, a notebook and a page that look so, and then the end.
PRETEND = """\
import json
from pathlib import Path

name = Path.cwd().name
Path(f"{name}.html").write_text("<html>ok</html>")
Path(f"{name}.ipynb").write_text(json.dumps({"cells": [], "metadata": {"cx": {"status": "ok"}},
                                             "nbformat": 4, "nbformat_minor": 5}))
"""


def test_an_incomplete_run_never_looks_complete(project):
    for name, (source, _) in ENDINGS.items():
        project.write(name, SAVE, PRETEND, source, "done = True")
    unmarked = []
    # So many endings in all, at least one of each.
    for _ in range(-(-TRIALS // len(ENDINGS))):
        assert project.run("--time-limit-seconds", "12") == 7
        entries = project.newest()
        unmarked += project.problems({})
        unmarked += [name for name, entry in entries.items() if entry["status"] == "ok"]
        assert {name: entry["status"] for name, entry in entries.items()} == {
            name: status for name, (_, status) in ENDINGS.items()
        }
        assert not (project.reports / "latest").exists()
    assert unmarked == []


@pytest.mark.parametrize("name", ["raised", "input", "left_ill", "memory"])
def test_each_cause_has_its_exit_code(project, name):
    project.write(name, ENDINGS[name][0])
    codes = {"raised": 4, "input": 3, "left_ill": 6, "memory": 7}
    assert project.run(name) == codes[name]


def test_a_notebook_without_results_is_not_good(project):
    project.write("a", "1 + 1")
    assert project.run("a") == 4
    assert project.newest()["a"]["status"] == "no results"
    assert project.problems({}) == []


@pytest.mark.parametrize("arguments", [["b"], ["-p", "sed=1"], ["-p", "seed=x"], ["-p", "seed"]])
def test_a_wrong_wish_is_refused_before_anything_is_started(project, arguments):
    project.write("a", SAVE)
    assert project.run(*arguments) == 2
    assert not project.reports.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_a_run_with_its_code(project, number):
    project.write("a", DAEMON, WAIT_TO_GO, SAVE)
    going = project.start("a")
    wait_until(lambda: len(find_processes(going.mark)) > 2)
    going.kill(number)
    assert going.wait() == 128 + number
    assert going.outlived() == set()


# 3. A stale report says so.


def test_a_stale_report_says_so_on_the_index(project):
    project.write("a", SAVE, "assert seed == 1, 'as asked'")
    assert project.run("-p", "seed=1") == 0
    good = project.runs()[0]["run"]
    assert not project.page().select(".is-stale")
    assert project.run("-p", "seed=2") == 4
    [badge] = project.page().select(".is-stale")
    text = project.page().get_text()
    assert "stale" in badge.get_text()
    assert "as asked" in text
    assert f"in run {good}" in text
    assert project.problems({"a": 1}) == []


# 5. No process of a run outlives it by 5 s, grandchildren too.


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("whose", ["runner", "kernel"])
def test_a_daemon_of_a_notebook_does_not_outlive_the_run(project, whose, number):
    tell_pid = (
        "import os\nfrom pathlib import Path\n"
        "Path(os.environ['CX_FAULTS_PLACE'], 'kernel').write_text(str(os.getpid()))\n"
    )
    project.write("a", DAEMON, tell_pid, WAIT_TO_GO, SAVE)
    going = project.start("a")
    place = project.folder / "place" / "kernel"
    wait_until(lambda: place.exists() and place.read_text())
    assert going.processes()
    os.kill(going.pid if whose == "runner" else int(place.read_text()), number)
    assert going.wait() is not None
    assert going.outlived() == set()


# 6. Runs side by side never mix.


def test_runs_side_by_side_never_mix(project):
    project.write("a", "import time\ntime.sleep(0.2)", SAVE)
    project.write("b", SAVE)
    all_going = [project.start("-p", f"seed={seed}") for seed in range(4)]
    assert [going.wait() for going in all_going] == [0, 0, 0, 0]
    manifests = project.runs()
    assert [manifest["sequence"] for manifest in manifests] == [4, 3, 2, 1]
    for manifest in manifests:
        for entry in manifest["reports"]:
            made = project.reports / manifest["run"] / entry["name"] / "results.json"
            seed = entry["parameters"]["seed"]
            assert json.loads(made.read_text())["headline"] == f"The seed is {seed}."
    assert {m["reports"][0]["parameters"]["seed"] for m in manifests} == {0, 1, 2, 3}
    last = manifests[0]["reports"][0]["parameters"]["seed"]
    assert project.problems({"a": last, "b": last}) == []


# 7. A killed run resumes.


def kill_when_finished(project, *arguments):
    """Run until the report `a` is finished and `b` is waiting; then kill."""
    (project.folder / "place" / "go").unlink(missing_ok=True)
    going = project.start(*arguments)
    wait_until(lambda: list(project.reports.glob(".staging-*/.finished/a.json")))
    going.kill()
    going.wait()
    assert going.outlived() == set()
    (project.folder / "place" / "go").touch()


@pytest.mark.parametrize("changed", ["nothing", "parameter", "input", "notebook"])
def test_a_killed_run_resumes_unless_something_changed(project, changed):
    sources = project.folder / "sources.toml"
    sources.write_text('[sales]\nuri = "sales.csv"\n')
    data = project.folder / "sales.csv"
    data.write_text("1\n")
    project.write("a", COUNT, SAVE)
    project.write("b", WAIT_TO_GO, SAVE)
    asked = ["-p", f"sources={sources}", "-p", "seed=3"]
    kill_when_finished(project, *asked)
    if changed == "parameter":
        asked[-1] = "seed=4"
    elif changed == "input":
        before = data.stat()
        data.write_text("2\n")
        os.utime(data, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif changed == "notebook":
        project.write("a", COUNT, SAVE, "more = 1")
    assert project.run(*asked) == 0
    executed = (project.folder / "place" / "executed").read_text().splitlines()
    assert len(executed) == (1 if changed == "nothing" else 2)
    resumed = [one["name"] for one in project.runs()[0]["reports"] if one["resumed_from"]]
    assert resumed == (["a"] if changed == "nothing" else [])
    # With other sources it is a series of its own.
    assert project.problems({"a-sources": 4 if changed == "parameter" else 3}) == []


def test_a_damaged_remnant_is_not_resumed(project):
    project.write("a", COUNT, SAVE)
    project.write("b", WAIT_TO_GO, SAVE)
    kill_when_finished(project, "-p", "seed=3")
    [results] = project.reports.glob(".staging-*/a/results.json")
    results.write_text(results.read_text().replace("seed is 3", "seed is 7"))
    assert project.run("-p", "seed=3") == 0
    assert project.problems({"a": 3, "b": 3}) == []


# 8. Every run ends.

STUCK = {
    "endless": "while True: pass",
    "asleep": "import time\ntime.sleep(600)",
    "deaf": "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(600)",
    "stopped": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
}


@pytest.mark.parametrize("option", ["--time-limit-seconds", "--cell-time-limit-seconds"])
def test_every_run_ends(project, option):
    for name, source in STUCK.items():
        project.write(name, source, SAVE)
    assert project.run(option, "2", "--workers", "4") == 5
    entries = project.newest()
    assert {name: entry["status"] for name, entry in entries.items()} == dict.fromkeys(
        STUCK, "timed out"
    )
    assert project.problems({}) == []


def test_a_stopped_run_that_holds_the_lock_does_not_hang_others(project):
    project.write("a", SAVE)
    assert project.run("-p", "seed=1") == 0
    lock = ["flock", str(project.reports / ".lock"), "sleep", "600"]
    if not shutil.which("flock"):
        pytest.skip("needs flock")
    with subprocess.Popen(lock, start_new_session=True) as holder:
        time.sleep(0.5)
        os.killpg(holder.pid, signal.SIGSTOP)
        assert project.run("-p", "seed=2", lock_seconds=1) == 1
        assert project.problems({"a": 1}) == []
        os.killpg(holder.pid, signal.SIGKILL)
    assert project.run("-p", "seed=2") == 0
    assert project.problems({"a": 2}) == []


MEDDLING = {
    "pipe": "import os\nos.mkfifo('pipe')",
    "link": "import os\nos.symlink('nowhere', 'link')",
    "link that is never read to its end": "import os\nos.symlink('/proc/kmsg', 'log')",
    "1 TiB of holes": "open('big', 'w').truncate(2**40)",
    "name that is no text": "open(b'\\xff', 'w').close()",
    "closed folder": "import os\nos.mkdir('closed')\nos.chmod('closed', 0)",
    "socket": "import socket\nsocket.socket(socket.AF_UNIX).bind('socket')",
    "stops its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)",
    "stops all above": (
        "import os, signal\n"
        "def parent(pid):\n"
        "    return int(open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[1])\n"
        "warm = parent(os.getppid())\n"
        "for pid in (parent(warm), warm, os.getppid()):\n"
        "    os.kill(pid, signal.SIGSTOP)"
    ),
    "kills its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("how", MEDDLING)
def test_a_notebook_that_meddles_does_not_hang_the_run(project, how):
    project.write("a", SAVE, MEDDLING[how])
    project.write("b", "import time\ntime.sleep(1)", SAVE)
    going = project.start("--time-limit-seconds", "10")
    assert going.wait(60) is not None
    assert going.outlived() == set()
    problems = project.problems({})
    assert problems == []


# 9. A bad destination is refused before anything is computed.


@pytest.mark.parametrize("kind", ["file", "below a file", "proc", "not mine", "dangling link"])
def test_a_bad_destination_is_refused_before_anything_is_computed(project, kind):
    project.write("a", COUNT, SAVE)
    (project.folder / "file").touch()
    (project.folder / "link").symlink_to(project.folder / "nowhere" / "at" / "all")
    destination = {
        "file": project.folder / "file",
        "below a file": project.folder / "file" / "reports",
        "proc": Path("/proc/reports"),
        "not mine": project.folder / "closed" / "reports",
        "dangling link": project.folder / "link",
    }[kind]
    wrong = {}
    if kind == "not mine":
        if os.getuid() != 0:
            pytest.skip("needs root, to be somebody else")
        (project.folder / "closed").mkdir(mode=0o755)
        for folder in (project.folder, *project.folder.parents[:-2]):
            folder.chmod(folder.stat().st_mode | 0o755)
        (project.folder / "place").chmod(0o777)
        wrong["user"] = 65534
    assert project.run("a", "--reports", str(destination), **wrong) == 2
    assert not (project.folder / "place" / "executed").exists()


# 10. Clocks may jump.


def test_clocks_may_jump(project):
    project.write("a", SAVE)
    for seed, days in enumerate([0, 3650, -3650, -1], start=1):
        assert project.run("-p", f"seed={seed}", clock_days=days) == 0
        assert project.problems({"a": seed}) == []
    manifests = project.runs()
    assert [one["reports"][0]["parameters"]["seed"] for one in manifests] == [4, 3, 2, 1]
    assert all(0 <= one["seconds"] < 600 for one in manifests)


# 11. Inputs are never changed.


def test_inputs_are_never_changed(project):
    data = project.folder / "data"
    data.mkdir()
    (data / "sales.csv").write_text("1\n")
    (data / "sources.toml").write_text('[sales]\nuri = "sales.csv"\n')
    project.write("a", SAVE)
    folders = [data, project.folder / "notebooks"]
    before = state(folders)
    assert project.run("-p", f"sources={data / 'sources.toml'}") == 0
    assert project.run("-p", f"sources={data / 'sources.toml'}", "-p", "seed=x") == 2
    assert state(folders) == before


def state(folders):
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for folder in folders
        for path in [folder, *folder.rglob("*")]
    }


# 12. A flood of output is capped.


def test_a_flood_is_capped_and_says_so(project):
    project.write("a", "for _ in range(300_000): print('x' * 99)", SAVE)
    assert project.run("a") == 0
    entry = project.newest()["a"]
    assert entry["output_capped"] > 20_000_000
    folder = project.reports / project.runs()[0]["run"] / "a"
    assert (folder / "a.html").stat().st_size < 3_000_000
    assert "capped" in (folder / "a.html").read_text()
