"""The keeper of a run's processes: whatever dies, nothing that the run started lives on.

A program of its own (`kernels.WarmKernels` starts it), of the standard library alone, so that it
is there at once. Linux only. Each line is the parent of the next:

    supervisor   the run; asks for kernels over a socket
    keeper       starts the warm process, ends everything when the supervisor is gone
    warm process imports what the notebooks import, forks when it is asked
    guard        one a kernel: forked with it, reports how it ended, ends what it left behind
    kernel       and whatever the notebook starts

Orphans go to the nearest living one of these (PR_SET_CHILD_SUBREAPER), not to init, so that a
process that made itself a daemon is still found. The keeper's own kernels are not forked warm but
started with their command: for other kernels than this Python's, and when the warm process is dead.

A request is a datagram, the word "warm" or "plain", with a stream socket beside it. The stream
brings length and JSON of {command, folder, environment} and takes two numbers: the kernel's process
id when it has started, its exit code (minus the signal) when it has ended.
"""

import atexit
import builtins
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import resource
import select
import shutil
import signal
import socket
import struct
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NoReturn

NUMBER = struct.Struct("<q")

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
# The kernel's out-of-memory killer is to take a notebook before its supervisor.
_OOM_SCORE = "500"
_SWEEP_SECONDS = 0.5
_END_SECONDS = 3.0

# What ipykernel loads while it starts, beside its application.
_KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "pdb",
    "sqlite3",
    "tornado.platform.asyncio",
)
# What libraries load when they are first used.
_LATER_MODULES = {
    "matplotlib.pyplot": (
        "matplotlib.backends.backend_agg",
        "PIL.BmpImagePlugin",
        "PIL.GifImagePlugin",
        "PIL.JpegImagePlugin",
        "PIL.PpmImagePlugin",
        "PIL.features",
    ),
    "pandas": ("pandas.io.formats.html", "pandas.io.formats.string", "pyarrow.pandas_compat"),
}


def main() -> None:
    """Keep the processes of one run: `keeper.py SOCKET FOLDER MODULE...`."""
    number, folder, *modules = sys.argv[1:]
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    supervisor = os.getppid()
    requests = socket.socket(fileno=int(number))
    warm = _Warm(requests, modules) if modules else None
    known = {warm.pid} if warm else set()

    def take(kind: bytes, stream: int) -> None:
        if kind != b"warm" or not warm or not warm.take(stream):
            known.add(_start_guarded(stream, requests, _execute))
        os.close(stream)

    _serve(requests, supervisor, known, take)
    end_descendants()
    shutil.rmtree(folder, ignore_errors=True)


class _Warm:
    """The warm process, as the keeper sees it."""

    def __init__(self, requests: socket.socket, modules: list[str]) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        keeper = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            requests.close()
            self._socket.close()
            _serve_warm(theirs, keeper, modules)
            os._exit(0)
        theirs.close()

    def take(self, stream: int) -> bool:
        try:
            socket.send_fds(self._socket, [b"warm"], [stream])
        except OSError:
            return False
        return True


def _serve_warm(requests: socket.socket, keeper: int, modules: list[str]) -> None:
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    # While it imports it does not listen, and has nothing to end.
    _die_with(keeper, signal.SIGKILL)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    # pandas asks when it is imported whether it will write for a notebook.
    builtins.get_ipython = lambda: _Shell  # type: ignore[attr-defined]
    for name in (*_KERNEL_MODULES, *modules):
        _import(name)
    del builtins.get_ipython  # type: ignore[attr-defined]
    for name, later in _LATER_MODULES.items():
        if name in sys.modules:
            for one in later:
                _import(one)
    if threading.active_count() > 1 or "ipykernel.kernelapp" not in sys.modules:
        # A thread does not survive a fork and may hold a lock: plain kernels, then.
        return
    gc.collect()
    gc.freeze()
    _prctl(_PR_SET_PDEATHSIG, 0)
    known: set[int] = set()

    def take(_: bytes, stream: int) -> None:
        known.add(_start_guarded(stream, requests, _become_kernel))
        os.close(stream)

    _serve(requests, keeper, known, take)
    end_descendants()


def _serve(
    requests: socket.socket, parent: int, known: set[int], take: Callable[[bytes, int], None]
) -> None:
    """Take requests until the parent is gone; end what comes from children that died."""
    while os.getppid() == parent:
        if select.select([requests], [], [], _SWEEP_SECONDS)[0]:
            try:
                kind, streams, _, _ = socket.recv_fds(requests, 16, 1)
            except ConnectionError:
                return
            if not kind:
                return
            take(kind, streams[0])
        _reap()
        for orphan in _children() - known:
            _kill(orphan)


class _Shell:
    """Stands for IPython's shell, which the forks will have, by the mark it is known by."""

    kernel = None


def _import(name: str) -> None:
    # What cannot be imported here fails in the notebook, where it is seen.
    with contextlib.suppress(Exception):
        importlib.import_module(name)


def _start_guarded(
    stream: int, requests: socket.socket, start: Callable[[dict[str, Any]], NoReturn]
) -> int:
    """Fork the guard of a kernel, which forks the kernel, which does `start`."""
    parent = os.getpid()
    guard = os.fork()
    if guard:
        return guard
    # Whoever kills the keeper's whole group does not kill the guards.
    os.setsid()
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    watched = {signal.SIGCHLD, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    _die_with(parent, signal.SIGTERM)
    requests.close()
    wire = socket.socket(fileno=stream)
    wire.settimeout(10)
    try:
        request = _read(wire)
    except (OSError, ValueError):
        # The supervisor is gone, or asks no more.
        os._exit(1)
    guard = os.getpid()
    kernel = os.fork()
    if kernel == 0:
        wire.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, watched)
        _prepare(guard, request)
        start(request)
    _tell(wire, kernel)
    while os.getppid() == parent:
        told = signal.sigtimedwait(watched, 1)
        code = _reap().get(kernel)
        if code is not None:
            end_descendants()
            _tell(wire, code)
            break
        if told and told.si_signo == signal.SIGTERM:
            break
    end_descendants()
    os._exit(0)


def _read(wire: socket.socket) -> dict[str, Any]:
    with wire.makefile("rb") as file:
        (length,) = NUMBER.unpack(file.read(NUMBER.size))
        request: dict[str, Any] = json.loads(file.read(length))
    return request


def _tell(wire: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):
        wire.sendall(NUMBER.pack(number))


def _prepare(guard: int, request: dict[str, Any]) -> None:
    """Make a fork a process of its own: session, folder, environment, files, signals."""
    os.setsid()
    _die_with(guard, signal.SIGKILL)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write(_OOM_SCORE)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])


def _execute(request: dict[str, Any]) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        os.execvp(request["command"][0], request["command"])
    except OSError:
        os._exit(127)


def _become_kernel(request: dict[str, Any]) -> NoReturn:
    """Go on as `python -m ipykernel_launcher` would."""
    launcher = importlib.util.find_spec("ipykernel_launcher")
    command = request["command"]
    arguments = command[command.index("ipykernel_launcher") + 1 :]
    sys.argv = [launcher.origin if launcher and launcher.origin else "", *arguments]
    if tempfile := sys.modules.get("tempfile"):
        tempfile.tempdir = None  # type: ignore[attr-defined]
    if numbers := sys.modules.get("numpy.random"):
        # random and secrets see to themselves after a fork.
        numbers.seed()
    code = 0
    application = sys.modules["ipykernel.kernelapp"].IPKernelApp.instance()
    try:
        application.initialize(arguments)
        if inline := sys.modules.get("matplotlib_inline.backend_inline"):
            # It joins itself to the kernel that it finds when it is imported.
            importlib.reload(inline)
        application.start()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    # What is to be done at the end is done (IPython clears the notebook's names, which closes
    # files), but taking all libraries apart would cost .6 s, and ipykernel's closing of channels
    # waits at times 10 s for a thread that it has stopped.
    atexit.unregister(application.close)
    atexit._run_exitfuncs()
    os._exit(code)


def end_descendants() -> None:
    """Kill whatever this process started, and what that started, until there is nothing left."""
    until = time.monotonic() + _END_SECONDS
    while (living := _descendants()) and time.monotonic() < until:
        for pid in living:
            _kill(pid)
        _reap()
        time.sleep(0.01)


def _descendants() -> list[int]:
    """All processes below this one, parents before children."""
    children = defaultdict(list)
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{entry}/stat", "rb") as stat:
                # The name, in brackets, may hold anything.
                parent = int(stat.read().rpartition(b")")[2].split()[1])
                children[parent].append(int(entry))
    found = [os.getpid()]
    for pid in found:
        found.extend(children[pid])
    return found[1:]


def _children() -> set[int]:
    pid = os.getpid()
    try:
        with open(f"/proc/self/task/{pid}/children", "rb") as file:
            return {int(child) for child in file.read().split()}
    except FileNotFoundError:
        # A kernel without this file: no sweeping until the end.
        return set()


def _reap() -> dict[int, int]:
    """The exit codes of the children that have ended, by process id."""
    codes = {}
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])
    return codes


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _die_with(parent: int, signum: int) -> None:
    _prctl(_PR_SET_PDEATHSIG, signum)
    if os.getppid() != parent:
        os._exit(1)


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    main()
