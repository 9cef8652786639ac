import errno
import json
import os
import re
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import papermill
import pytest

from cxlib import PROJECT
from cxlib.runs import causes, execution
from cxlib.runs import kernels as kernels_module
from cxlib.runs.execution import Cause, Limits, execute
from cxlib.runs.kernels import WarmKernels
from cxlib.runs.outputs import OutputCap, PathNames

LIMITS = Limits(report_seconds=120)


@pytest.fixture(scope="module")
def kernels():
    with WarmKernels(["json"]) as started:
        yield started


class Executed:
    """A notebook of the given cells, executed."""

    def __init__(self, folder, kernels, *sources, limits=LIMITS, given=None):
        metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
        cells = []
        for number, source in enumerate(sources):
            cells.append(nbformat.v4.new_markdown_cell(f"## Step {number}"))
            cells.append(nbformat.v4.new_code_cell(source))
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
        nbformat.write(notebook, folder / "made.ipynb")
        self.steps = []
        begun = time.monotonic()
        self.cause = execute(
            folder / "made.ipynb",
            given or {},
            folder / "out" / "out.ipynb",
            limits,
            kernels=kernels,
            tell_step=self.steps.append,
        )
        self.seconds = time.monotonic() - begun
        self.notebook = nbformat.read(folder / "out" / "out.ipynb", as_version=4)
        self.cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @property
    def states(self):
        return [cell.metadata.papermill.status for cell in self.cells]


def test_a_whole_notebook_says_so_and_tells_its_steps(kernels, tmp_path):
    done = Executed(tmp_path, kernels, "a = 1", "a + b", given={"b": 2})
    assert done.cause is None
    assert done.steps == ["Step 0", "Step 1"]
    assert done.notebook.metadata.cx == {"status": "ok", "output_capped": 0}
    assert done.cells[-1].outputs[0].data["text/plain"] == "3"
    assert done.states == ["completed"] * 3
    assert done.notebook.metadata.papermill.parameters == {"b": 2}
    assert done.notebook.metadata.papermill.output_path == "out.ipynb"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["out.ipynb"]


@pytest.mark.parametrize(
    ("source", "status", "said"),
    [
        ("1 / 0", "cell failed", "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(0)", "cell failed", "SystemExit: 0"),
        ("quit()", "cell failed", "The cell ended the kernel: exit() or quit()."),
        ("import os; os._exit(0)", "kernel died", "left with code 0 before the notebook's end"),
        ("import os; os._exit(3)", "kernel died", "left with code 3"),
        ("import os; os.kill(os.getpid(), 9)", "kernel died", "killed by signal 9 (SIGKILL)"),
        ("import os; os.kill(os.getpid(), 11)", "kernel died", "killed by signal 11 (SIGSEGV)"),
        (
            "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(9)",
            "cell failed",
            "The kernel was interrupted by a signal.",
        ),
        (
            "import resource\nlimit = 2**31\nresource.setrlimit(resource.RLIMIT_AS, (limit, limit))"
            "\nx = bytearray(2 * limit)",
            "out of memory",
            "MemoryError",
        ),
        (
            "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))\n"
            "with open('file', 'wb') as file:\n    file.write(b'x' * 99)",
            "disk full",
            "[Errno 27] File too large",
        ),
    ],
)
def test_what_ends_a_notebook_is_told_apart_and_never_looks_whole(
    kernels, tmp_path, source, status, said
):
    done = Executed(tmp_path, kernels, "1", source, "2")
    assert done.cause.status == status
    assert said in done.cause.message
    assert done.cause.cell == 2
    assert done.notebook.metadata.cx.status == status
    assert done.states == ["completed", "failed", "pending"]
    assert any(output.output_type == "error" for output in done.cells[1].outputs)
    assert done.cells[2].execution_count is None


def test_an_end_in_the_last_cell_is_no_success(kernels, tmp_path):
    done = Executed(tmp_path, kernels, "quit()")
    assert done.cause.status == "cell failed"


@pytest.mark.parametrize(
    ("source", "limits", "said"),
    [
        ("import time; time.sleep(60)", Limits(1.5), "a report, 1.5 s"),
        ("import time; time.sleep(60)", Limits(60, 1), "a cell, 1 s"),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
            Limits(1.5),
            "a report, 1.5 s",
        ),
        (
            "import signal, time\nfor one in (2, 15):\n    signal.signal(one, signal.SIG_IGN)\n"
            "while True:\n    try:\n        time.sleep(60)\n    except BaseException: pass",
            Limits(1.5),
            "a report, 1.5 s",
        ),
    ],
)
def test_a_limit_ends_whatever_the_kernel_does(kernels, tmp_path, source, limits, said):
    done = Executed(tmp_path, kernels, source, "1", limits=limits)
    assert done.cause.status == "timed out"
    assert said in done.cause.message
    assert done.states == ["failed", "pending"]


def test_a_thread_that_hangs_does_not_hang_the_run(kernels, tmp_path, monkeypatch):
    monkeypatch.setattr(execution, "_GRACE_SECONDS", 0.2)
    begun = time.monotonic()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## Hang")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "", "language": "python"}
    notebook.cells.append(nbformat.v4.new_code_cell("1"))
    nbformat.write(notebook, tmp_path / "made.ipynb")
    cause = execute(
        tmp_path / "made.ipynb",
        {},
        tmp_path / "out" / "out.ipynb",
        Limits(0.5),
        kernels=kernels,
        tell_step=lambda heading: time.sleep(30),
    )
    assert cause.status == "timed out"
    assert time.monotonic() - begun < 25
    running = nbformat.read(tmp_path / "out" / "out.ipynb", as_version=4)
    assert running.metadata.cx.status == "running"


def test_without_a_warm_process_a_notebook_gives_the_same(kernels, tmp_path):
    source = (
        "import matplotlib.pyplot as plt\nimport numpy as np\nimport sys\n"
        "_ = plt.subplots()[1].plot([1, 3, 2])\nplt.show()\nprint(sys.argv[0][-21:], __name__)\n"
        "import pandas as pd\nprint(pd.DataFrame(np.ones((2, 19))))\n"
        "print(plt.isinteractive(), sys.path[0])\n"
        "import matplotlib_inline.backend_inline as inline\ninline.set_matplotlib_formats('svg')\n"
        "plt.rcParams['svg.hashsalt'] = 'x'\n_ = plt.subplots()[1].plot([1, 2])\nplt.show()"
    )
    (tmp_path / "warm").mkdir()
    (tmp_path / "plain").mkdir()
    with WarmKernels(["matplotlib_inline.backend_inline", "pandas"]) as started:
        warm = Executed(tmp_path / "warm", started, source)
    plain = Executed(tmp_path / "plain", None, source)
    assert warm.cause is None
    assert "image/png" in warm.cells[0].outputs[0].data
    assert "18" in warm.cells[0].outputs[1].text
    assert "image/svg+xml" in warm.cells[0].outputs[2].data
    dated = re.compile(r"<dc:date>.*</dc:date>")
    assert dated.sub("", str(warm.cells[0].outputs)) == dated.sub("", str(plain.cells[0].outputs))
    assert warm.notebook.metadata.language_info == plain.notebook.metadata.language_info


def test_where_there_is_no_keeper_an_ordinary_kernel_is_started(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels_module, "sys", SimpleNamespace(platform="darwin"))
    with WarmKernels(["json"]) as started:
        done = Executed(tmp_path, started, "import os; print(os.getppid())")
    assert done.cause is None
    assert done.cells[0].outputs[0].text == f"{os.getpid()}\n"


def test_forks_draw_different_random_numbers(tmp_path):
    source = "import random\nimport numpy as np\nprint(random.random(), np.random.rand())"
    with WarmKernels(["numpy"]) as started:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
        drawn = [
            Executed(tmp_path / name, started, source).cells[0].outputs[0].text.split()
            for name in ("one", "two")
        ]
    assert drawn[0][0] != drawn[1][0]
    assert drawn[0][1] != drawn[1][1]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no warm process")
def test_a_dead_warm_process_is_made_up_for(tmp_path):
    with WarmKernels(["json"]) as started:
        keeper = started._keeper.pid
        children = Path(f"/proc/{keeper}/task/{keeper}/children")
        while not children.read_text():
            time.sleep(0.01)
        (warm,) = map(int, children.read_text().split())
        os.kill(warm, 9)
        assert Executed(tmp_path, started, "1").cause is None


def test_a_flood_is_capped_and_says_so(kernels, tmp_path):
    done = Executed(
        tmp_path,
        kernels,
        "for i in range(12_000): print('x' * 99)",
        "for i in range(1_200): display(i)",
        "print('y' * 21_000_000)",
        "print('good')",
    )
    assert done.cause is None
    lines, displays, giant, good = (cell.outputs for cell in done.cells)
    # 1,200,000 characters came; 1,000,000 are kept.
    assert lines[0].text == ("x" * 99 + "\n") * 10_000
    assert "200,000 characters were left out" in lines[-1].text
    assert len(displays) == 1_001
    assert "output capped" in displays[-1].text
    assert "21 MB were left out" in giant[-1].text
    assert [output.text for output in good] == ["good\n"]
    assert 21_200_000 < done.notebook.metadata.cx.output_capped < 21_220_000


def test_text_of_one_stream_is_one_output():
    cap, outputs = OutputCap(), []
    for text in ("a", "b"):
        content = {"name": "stdout", "text": text}
        if cap.admit(content, "stream", outputs):
            outputs.append(nbformat.v4.new_output("stream", **content))
    assert [output.text for output in outputs] == ["ab"]


def test_a_notebook_holds_no_more_than_20_mb():
    cap = OutputCap()
    for _ in range(25):
        cap.begin_cell()
        content = {"data": {"text/html": "x" * 1_000_000}}
        cap.admit(content, "display_data", [])
    assert cap.left_out == 5_000_000


def test_an_error_is_never_left_out():
    cap = OutputCap()
    content = {"ename": "E", "evalue": "x" * 3_000_000, "traceback": ["x" * 3_000_000]}
    assert cap.admit(content, "error", [None] * 5_000)
    assert content == {"ename": "E", "evalue": "x" * 1000, "traceback": []}


def test_paths_of_this_machine_are_not_published(kernels, tmp_path):
    source = "import json, warnings\nwarnings.warn('here')\njson.loads(open(path).read())"
    (tmp_path / "bad.json").write_text("{")
    path = str(tmp_path / "bad.json")
    done = Executed(tmp_path, kernels, source, given={"path": path})
    outputs = str(done.cells[-1].outputs)
    assert str(Path(json.__file__).parent) not in outputs
    assert "<python>/json/decoder.py" in outputs
    assert "<cell>:2: UserWarning: here" in outputs


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"{PROJECT}/cxlib/tables.py", "cxlib/tables.py"),
        (papermill.__file__, "<python>/site-packages/papermill/__init__.py"),
        ("/srv/other/a.py", "/srv/other/a.py"),
        ("/stage/run/x/file.csv", "x/file.csv"),
        ("File \x1b[32m/stage/run/a.py:3\x1b[39m", "File \x1b[32ma.py:3\x1b[39m"),
        ("/before/stage/run/a.py", "/before/stage/run/a.py"),
    ],
)
def test_paths_read_the_same_elsewhere(path, shown):
    assert PathNames([Path("/stage/run")]).tidy(path) == shown


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("InputError", "No space left on device", "input error"),
        ("ParameterError", "x", "parameter error"),
        ("OutOfMemoryException", "x", "out of memory"),
        ("OSError", "[Errno 12] Cannot allocate memory", "out of memory"),
        ("IOException", "IO Error: Could not write: No space left on device", "disk full"),
        ("OSError", "[Errno 122] Disk quota exceeded", "disk full"),
        ("ValueError", "x", "cell failed"),
    ],
)
def test_errors_of_cells_have_their_status(name, text, status):
    assert causes.cause_of_error(name, text, 1).status == status


def test_a_kernel_killed_for_want_of_memory_says_so():
    assert causes.cause_of_death(-9, 3, oom_kills=1).status == "out of memory"
    assert causes.cause_of_death(-9, 3, oom_kills=0).status == "kernel died"
    assert causes.cause_of_death(-11, 3, oom_kills=1).status == "kernel died"


def test_a_full_disk_of_ours_says_so(kernels, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(execution.os, "replace", full)
    cell = nbformat.v4.new_code_cell("1")
    metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=[cell], metadata=metadata), tmp_path / "made.ipynb"
    )
    output = tmp_path / "out" / "out.ipynb"
    cause = execute(tmp_path / "made.ipynb", {}, output, LIMITS, kernels=kernels)
    assert cause == Cause("disk full", "OSError: [Errno 28] No space left on device")
    assert not output.exists()


def test_a_notebook_that_cannot_be_read_is_the_only_one_to_fail(kernels, tmp_path):
    (tmp_path / "made.ipynb").write_text("{torn")
    cause = execute(
        tmp_path / "made.ipynb", {}, tmp_path / "o" / "o.ipynb", LIMITS, kernels=kernels
    )
    assert cause.status == "crashed"


def test_what_a_notebook_registers_for_its_end_is_done(kernels, tmp_path):
    source = (
        "import atexit\nfrom pathlib import Path\n"
        "_ = atexit.register(Path('ended').write_text, 'yes')\n"
        "left_open = open('open.txt', 'w')\n_ = left_open.write('written')"
    )
    assert Executed(tmp_path, kernels, source).cause is None
    assert (tmp_path / "out" / "ended").read_text() == "yes"
    assert (tmp_path / "out" / "open.txt").read_text() == "written"
