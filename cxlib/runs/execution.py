"""One notebook executed, and why it failed if it did."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from traitlets.config import Config

from cxlib.runs.parameters import Value

EXIT_CODES = {
    "ok": 0,
    "crashed": 1,
    "parameter error": 2,
    "input error": 3,
    "cell failed": 4,
    "no results": 4,
    "kernel died": 5,
    "timed out": 5,
}

# Errors that a notebook raises about what it was given; any other is a fault of the notebook.
_STATUS_OF_ERROR = {
    "InputError": "input error",
    "MarginError": "input error",
    "ParameterError": "parameter error",
}


@dataclass(frozen=True)
class Cause:
    """Why a report failed: its status, what was said, and the number of the cell if one raised."""

    status: str
    message: str
    cell: int | None = None


def execute(
    notebook: Path, given: Mapping[str, Value], output: Path, time_limit_seconds: float
) -> Cause | None:
    """Execute a notebook into `output`, in the output's folder; say why it failed, if it did."""
    deadline = time.monotonic() + time_limit_seconds
    try:
        output.parent.mkdir()
        papermill.execute_notebook(
            str(notebook.resolve()),
            str(output.resolve()),
            parameters=dict(given),
            progress_bar=False,
            # The kernel's working directory; papermill's own `cwd` would change that of the whole
            # process, and other notebooks run in it.
            resources={"metadata": {"path": str(output.parent)}},
            timeout_func=lambda cell: max(1, math.ceil(deadline - time.monotonic())),
            # ipykernel prints a notice at each start when the transport is not encrypted.
            config=Config({"KernelManager": {"transport_encryption": "auto"}}),
            # A kernel that is told to stop while it is still busy logs the interrupt as an error.
            extra_arguments=["--log-level=CRITICAL"],
        )
    except papermill.PapermillExecutionError as error:
        if status := _STATUS_OF_ERROR.get(error.ename):
            return Cause(status, error.evalue, error.exec_count)
        return Cause("cell failed", f"{error.ename}: {error.evalue}", error.exec_count)
    except DeadKernelError as error:
        return Cause("kernel died", f"{error}. Out of memory, perhaps.")
    except CellTimeoutError:
        return Cause("timed out", "The time limit for a report was reached.")
    except Exception as error:
        # Whatever it was, it is this report's failure and the others go on.
        return Cause("crashed", f"{type(error).__name__}: {error}")
    return None
