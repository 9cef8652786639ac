"""Kernels of a run: started fast, and none of their processes outlives the run.

Importing what notebooks import takes most of a kernel's start. So a run has one warm process that
imports it once, while the run is still being prepared, and forks a kernel whenever one is asked
for. `keeper` says who watches whom. Elsewhere than on Linux kernels start in the ordinary way.
"""

import ast
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from cxlib.runs import keeper

# Imports of the warm process take 5 s here; on a busy machine several times that.
_START_SECONDS = 40.0
_END_SECONDS = 5.0
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def imported_modules(notebooks: Iterable[Path]) -> list[str]:
    """The modules that the notebooks' cells import at their top level, in order, once each.

    From `from x import y` both x and x.y are named, as y may be a module. Cells that are not
    Python alone are passed over.
    """
    names: dict[str, None] = {}
    for notebook in notebooks:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            for cell in cells:
                if cell["cell_type"] == "code":
                    names |= dict.fromkeys(_imports("".join(cell["source"])))
    return list(names)


def _imports(source: str) -> list[str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return []
    names = []
    for statement in statements:
        if isinstance(statement, ast.Import):
            names += [one.name for one in statement.names]
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            names.append(statement.module)
            names += [f"{statement.module}.{one.name}" for one in statement.names]
    return names


class KernelProcess:
    """A kernel that the keeper started; to jupyter_client it is a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, wire: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._wire = wire
        # The notebook's thread and its watchdog both ask.
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """The exit code, minus the signal that killed it; None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return code

    def _ended(self, timeout: float | None) -> int | None:
        with self._lock:
            if self.returncode is None:
                if not select.select([self._wire], [], [], timeout)[0]:
                    return None
                # A guard that was killed says nothing, and its kernel is killed with it.
                self.returncode = _receive(self._wire, default=-signal.SIGKILL)
                self._wire.close()
            return self.returncode

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class WarmKernels:
    """The kernels of a run, and a folder of their own for sockets and temporary files.

    `modules` are what the warm process imports (see `imported_modules`); none: no warm process.
    `threads` is how many each kernel's linear algebra may use, where the environment does not say:
    kernels side by side would wait for one another, and sums over threads differ in the last digit.
    When the block is left, in whatever way, every process that was started in it is killed, also
    what made itself independent of its parents. This process itself is not changed.
    """

    def __init__(self, modules: Sequence[str] = (), *, threads: int = 1) -> None:
        self._modules = modules
        self._threads = dict.fromkeys(_THREADS, str(threads))
        self._lock = threading.Lock()
        self._started: list[KernelProcess] = []

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="cx-"))
        self._keeper: subprocess.Popen[bytes] | None = None
        if sys.platform == "linux":
            self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._keeper:
            # The end of its socket tells the keeper to end everything, even if it was stopped.
            self._requests.close()
            self._keeper.send_signal(signal.SIGCONT)
            try:
                self._keeper.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._keeper.kill()
                self._keeper.wait()
            for process in self._started:
                process.poll()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(
        self, command: Sequence[str], folder: str, environment: Mapping[str, str], *, warm: bool
    ) -> KernelProcess | None:
        """Start a kernel; None where there is no keeper, so that the caller starts it himself.

        `warm` asks for a fork of the warm process in place of the command: only for this Python's
        `-m ipykernel_launcher`. Where no fork comes, the command is started after all. Raises
        OSError when that fails, too.
        """
        if not self._keeper:
            return None
        request = json.dumps(
            {
                "command": [*command],
                "folder": folder,
                "environment": {**self._threads, **environment},
            }
        ).encode()
        if warm and self._modules:
            with contextlib.suppress(OSError):
                return self._ask(b"warm", request)
        try:
            return self._ask(b"plain", request)
        except OSError:
            with self._lock:
                if self._keeper.poll() is None:
                    raise
                # Somebody killed the keeper: a new one, for plain kernels.
                self._requests.close()
                self._modules = ()
                self._begin()
            return self._ask(b"plain", request)

    def _begin(self) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = theirs.fileno()
        # By its path, as `-m` would import the packages that it is in. The path of its folder must
        # not be what a kernel searches first.
        program = (
            "import runpy, sys; sys.path.remove('');"
            f" runpy.run_path({keeper.__file__!r}, run_name='__main__')"
        )
        command = [sys.executable, "-c", program, str(number), str(self.folder), *self._modules]
        self._keeper = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**self._threads, **os.environ},
            pass_fds=[number],
            start_new_session=True,
        )
        theirs.close()

    def _ask(self, kind: bytes, request: bytes) -> KernelProcess:
        ours, theirs = socket.socketpair()
        ours.settimeout(_START_SECONDS)
        try:
            with theirs:
                socket.send_fds(self._requests, [kind], [theirs.fileno()])
            ours.sendall(keeper.NUMBER.pack(len(request)) + request)
            pid = _receive(ours, default=0)
            if not pid:
                raise ConnectionError("No kernel was started.")
        except BaseException:
            ours.close()
            raise
        process = KernelProcess(pid, ours)
        self._started.append(process)
        return process


def _receive(wire: socket.socket, default: int) -> int:
    try:
        data = wire.recv(keeper.NUMBER.size, socket.MSG_WAITALL)
    except ConnectionError:
        return default
    if len(data) != keeper.NUMBER.size:
        return default
    (number,) = keeper.NUMBER.unpack(data)
    return int(number)
