"""Why a report failed: the causes there are, their exit codes, and how each is told."""

import contextlib
import errno
import re
import signal
from dataclasses import dataclass
from pathlib import Path

EXIT_CODES = {
    "ok": 0,
    "crashed": 1,
    "parameter error": 2,
    "input error": 3,
    "cell failed": 4,
    "no results": 4,
    "timed out": 5,
    "kernel died": 6,
    "out of memory": 7,
    "disk full": 8,
}

# Errors that a notebook raises about what it was given or had no room for; any other is a fault of
# the notebook.
_STATUS_OF_ERROR = {
    "EngineError": "input error",
    "InputError": "input error",
    "MarginError": "input error",
    "ParameterError": "parameter error",
    "PseudonymKeyError": "parameter error",
    "MemoryError": "out of memory",
    "_ArrayMemoryError": "out of memory",
    "OutOfMemoryException": "out of memory",
    "ArrowMemoryError": "out of memory",
}
_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Libraries wrap the system's errors in errors of their own, and keep the words.
_STATUS_OF_WORDS = {
    "No space left on device": "disk full",
    "Disk quota exceeded": "disk full",
    "File too large": "disk full",
    **{f"[Errno {number}]": "disk full" for number in _DISK_ERRORS},
    "Cannot allocate memory": "out of memory",
    "Unable to allocate": "out of memory",
    "std::bad_alloc": "out of memory",
    f"[Errno {errno.ENOMEM}]": "out of memory",
}


_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


@dataclass(frozen=True)
class Cause:
    """Why a report failed: its status, what was said, and the number of the cell if one raised."""

    status: str
    message: str
    cell: int | None = None


def printable(text: str) -> str:
    """A message without what could steer a terminal or turn the order of its letters."""
    return _STEERING.sub(lambda match: ascii(match[0])[1:-1], text)


def cause_of_error(name: str, text: str, cell: int | None) -> Cause:
    """The cause that an error raised in a cell stands for."""
    status = _STATUS_OF_ERROR.get(name) or _status_of_words(text)
    if status in ("input error", "parameter error"):
        return Cause(status, text, cell)
    if name == "KeyboardInterrupt":
        text = "The kernel was interrupted by a signal."
    return Cause(status or "cell failed", f"{name}: {text}".removesuffix(": "), cell)


def cause_of_death(code: int | None, cell: int | None, oom_kills: int) -> Cause:
    """The cause of a kernel's end: its exit code (minus a signal), and out-of-memory kills since.

    A kernel killed by SIGKILL while the system's counters of out-of-memory kills rose is taken to
    be one of those.
    """
    if code == -signal.SIGKILL and oom_kills > 0:
        return Cause("out of memory", "The system killed the kernel for want of memory.", cell)
    if code is None:
        how = "The kernel does not answer."
    elif code < 0:
        how = f"The kernel was killed by signal {-code} ({_signal_name(-code)})."
    else:
        how = f"The kernel left with code {code} before the notebook's end."
    return Cause("kernel died", how, cell)


def cause_of_failure(error: BaseException) -> Cause:
    """The cause that an error of our own, outside of the kernel, stands for."""
    message = f"{type(error).__name__}: {error}".removesuffix(": ")
    if isinstance(error, MemoryError):
        return Cause("out of memory", message)
    if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
        return Cause("disk full", message)
    return Cause("crashed", message)


def oom_kills() -> int:
    """How many processes the system has killed for want of memory, by all its counters."""
    files = [Path("/proc/vmstat"), Path("/sys/fs/cgroup/memory.events")]
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            folder = Path("/sys/fs/cgroup", path.lstrip("/"))
            if controllers == "":
                files.append(folder / "memory.events")
            elif controllers == "memory":
                files.append(Path("/sys/fs/cgroup/memory", path.lstrip("/"), "memory.oom_control"))
    total = 0
    for file in dict.fromkeys(files):
        with contextlib.suppress(OSError, ValueError):
            for line in file.read_text().splitlines():
                if line.startswith("oom_kill "):
                    total += int(line.split()[1])
    return total


def _status_of_words(text: str) -> str | None:
    return next((status for words, status in _STATUS_OF_WORDS.items() if words in text), None)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
