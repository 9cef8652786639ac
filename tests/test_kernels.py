import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import nbformat
import pytest

from cxlib.runs import keeper
from cxlib.runs.kernels import WarmKernels, imported_modules

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are kept on Linux alone")

# A notebook's process that leaves what is hardest to find: a daemon of its own session, whose
# parents have ended and whose environment is empty, and a plain child. The marker tells them from
# those of other runs.
BROOD = """
import os, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(60)", {marker!r}]
subprocess.Popen(sleep)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve(sys.executable, sleep, {{}})
    os._exit(0)
time.sleep({seconds})
"""


def living(marker):
    """The processes that carry the marker as an argument of its own."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker.encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            pass
    return found


def wait_until(met, seconds):
    until = time.monotonic() + seconds
    while not met() and time.monotonic() < until:
        time.sleep(0.05)
    return met()


def start_brood(started, folder, seconds=60):
    """A kernel with its brood; its process and the marker."""
    marker = f"brood-{uuid.uuid4().hex}"
    command = [sys.executable, "-c", BROOD.format(marker=marker, seconds=seconds)]
    process = started.start(command, str(folder), dict(os.environ), warm=False)
    assert wait_until(lambda: len(living(marker)) == 2, 20)
    return process, marker


def children(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_modules_are_those_imported_at_the_top_level_of_cells(tmp_path):
    sources = [
        "import os.path, json as j\nfrom pathlib import Path\nfrom . import here",
        "%matplotlib inline\nimport hidden",
        "if True:\n    import inner",
        "import json",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells.append(nbformat.v4.new_markdown_cell("import text"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    (tmp_path / "b.ipynb").write_text("{torn")
    found = imported_modules([tmp_path / "a.ipynb", tmp_path / "b.ipynb", tmp_path / "none.ipynb"])
    assert found == ["os.path", "json", "pathlib", "pathlib.Path"]


@LINUX
@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("raise SystemExit(3)", 3),
        ("pass", 0),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import os; os.abort()", -6),
    ],
)
def test_a_kernel_that_ended_tells_how(program, code, tmp_path):
    with WarmKernels() as started:
        command = [sys.executable, "-c", program]
        process = started.start(command, str(tmp_path), dict(os.environ), warm=False)
        assert process.wait(20) == code
        assert process.poll() == code


@LINUX
def test_a_kernel_has_its_own_folder_environment_and_session(tmp_path):
    program = (
        "import json, os, sys; json.dump([os.getcwd(), dict(os.environ), os.getsid(0) =="
        " os.getpid(), os.listdir('/proc/self/fd')], open('said.json', 'w'))"
    )
    with WarmKernels(threads=3) as started:
        command = [sys.executable, "-c", program]
        environment = {"ONLY": "this", "LC_CTYPE": "C.UTF-8", "MKL_NUM_THREADS": "7"}
        started.start(command, str(tmp_path), environment, warm=False).wait(20)
    folder, environment, leads, files = json.loads((tmp_path / "said.json").read_text())
    assert folder == str(tmp_path)
    threads = {"OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "3", "MKL_NUM_THREADS": "7"}
    assert environment == {"ONLY": "this", "LC_CTYPE": "C.UTF-8"} | threads
    assert leads
    # The standard three, and the listing itself.
    assert files == ["0", "1", "2", "3"]


@LINUX
def test_a_kernel_takes_its_brood_along(tmp_path):
    with WarmKernels() as started:
        process, marker = start_brood(started, tmp_path, seconds=3)
        assert process.wait(20) == 0
        assert wait_until(lambda: not living(marker), 2)


@LINUX
def test_nothing_outlives_the_block(tmp_path):
    with WarmKernels() as started:
        _, marker = start_brood(started, tmp_path)
        folder = started.folder
    assert living(marker) == []
    assert not folder.exists()


@LINUX
def test_nothing_outlives_a_killed_guard(tmp_path):
    with WarmKernels() as started:
        process, marker = start_brood(started, tmp_path)
        (guard,) = children(started._keeper.pid)
        os.kill(guard, signal.SIGKILL)
        assert process.wait(5) == -signal.SIGKILL
        assert wait_until(lambda: not living(marker), 5)


@LINUX
def test_nothing_outlives_a_killed_keeper_and_the_run_goes_on(tmp_path):
    with WarmKernels() as started:
        process, marker = start_brood(started, tmp_path)
        os.kill(started._keeper.pid, signal.SIGKILL)
        assert process.wait(5) < 0
        assert wait_until(lambda: not living(marker), 5)
        command = [sys.executable, "-c", "raise SystemExit(7)"]
        again = started.start(command, str(tmp_path), dict(os.environ), warm=False)
        assert again.wait(20) == 7


@LINUX
@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_a_killed_run(signum, tmp_path):
    marker = f"brood-{uuid.uuid4().hex}"
    brood = BROOD.format(marker=marker, seconds=60)
    program = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        # The package's own imports, of papermill above all, take seconds and are not needed here.
        "import types; package = types.ModuleType('cxlib.runs')\n"
        f"package.__path__ = [{str(Path(keeper.__file__).parent)!r}]\n"
        "sys.modules['cxlib.runs'] = package\n"
        "from cxlib.runs.kernels import WarmKernels\n"
        "with WarmKernels(['json']) as started:\n"
        f"    command = [sys.executable, '-c', {brood!r}]\n"
        "    started.start(command, '.', dict(os.environ), warm=False)\n"
        "    print(started.folder, flush=True)\n"
        "    time.sleep(60)\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with run:
        folder = Path(run.stdout.readline().strip())
        assert wait_until(lambda: len(living(marker)) == 2, 20)
        run.send_signal(signum)
        run.wait(20)
    assert wait_until(lambda: not living(marker), 5)
    assert wait_until(lambda: not folder.exists(), 5)
