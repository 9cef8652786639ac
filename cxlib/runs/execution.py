"""One notebook executed within its limits, and why it failed if it did."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import papermill
from jupyter_core.utils import ensure_event_loop
from nbformat import NotebookNode

from cxlib.runs.causes import EXIT_CODES, Cause, cause_of_error, cause_of_failure
from cxlib.runs.engine import NAME, Execution
from cxlib.runs.kernels import WarmKernels
from cxlib.runs.limits import Deadline, Limits
from cxlib.runs.outputs import PathNames
from cxlib.runs.parameters import Value

__all__ = ["EXIT_CODES", "Cause", "Limits", "execute"]

_GRACE_SECONDS = 2.0
_LOOK_SECONDS = 0.2


def execute(
    notebook: Path,
    given: Mapping[str, Value],
    output: Path,
    limits: Limits,
    *,
    kernels: WarmKernels | None = None,
    tell_step: Callable[[str], None] = lambda heading: None,
) -> Cause | None:
    """Execute a notebook into `output`, in the output's folder; say why it failed, if it did.

    The folder is made. `kernels` start the notebook's kernel; without them one is started for this
    notebook alone. `tell_step` gets the heading above the running cell whenever it changes.

    Returns at most 5 s after a limit was reached; 60 s are given for a kernel to start, before the
    limits begin. While the notebook runs, its output has `metadata.cx.status` "running" and is
    saved every few seconds; in the end it is "ok" or the cause's status, and
    `metadata.cx.output_capped` is the number of characters left out of its outputs.
    """
    if kernels is None:
        with WarmKernels() as own:
            return execute(notebook, given, output, limits, kernels=own, tell_step=tell_step)
    state = Execution(kernels, Deadline(limits), tell_step)
    work = _Work(notebook, given, output, state)
    # A thread of its own: what hangs there cannot hang the run.
    threading.Thread(target=work.do, name=output.stem, daemon=True).start()
    return work.watch()


class _Work:
    def __init__(
        self, notebook: Path, given: Mapping[str, Value], output: Path, execution: Execution
    ) -> None:
        self._notebook = notebook
        self._given = given
        self._output = output
        self._execution = execution
        execution.save = self._write
        self._cause: Cause | None = None
        self._done = threading.Event()
        self._writing = threading.Lock()
        self._abandoned = False

    def watch(self) -> Cause | None:
        """Wait for the end; bring it about where it does not come by the deadline."""
        deadline = self._execution.deadline
        overdue = 0.0
        # The deadline moves with every cell.
        while not self._done.wait(_LOOK_SECONDS):
            overdue = 0.0 if deadline.left else overdue + _LOOK_SECONDS
            if overdue < _GRACE_SECONDS:
                continue
            # It should have ended itself. Its kernel's end wakes it, if anything does.
            if self._execution.provisioner:
                self._execution.provisioner.kill_now()
            if not self._done.wait(_GRACE_SECONDS):
                with self._writing:
                    self._abandoned = True
                return Cause("timed out", deadline.message, self._execution.running_cell)
        return self._cause

    def do(self) -> None:
        """Execute, in the thread that is watched."""
        try:
            with contextlib.closing(ensure_event_loop()) as loop:
                self._cause = self._execute()
                # What waited for a dead kernel.
                left = asyncio.all_tasks(loop)
                for task in left:
                    task.cancel()
                loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._finish()
        except BaseException as error:
            self._cause = cause_of_failure(error)
        finally:
            self._done.set()

    def _execute(self) -> Cause | None:
        try:
            self._output.parent.mkdir()
            papermill.execute_notebook(
                str(self._notebook.resolve()),
                None,
                parameters=dict(self._given),
                engine_name=NAME,
                progress_bar=False,
                execution=self._execution,
                folder=str(self._output.parent),
            )
        except papermill.PapermillExecutionError as error:
            cause = cause_of_error(error.ename, error.evalue, error.exec_count)
            return self._execution.cause or cause
        except Exception as error:
            # Whatever it was, it is this report's failure and the others go on.
            return self._execution.cause or self._execution.cause_of(error)
        return self._execution.cause

    def _finish(self) -> None:
        """Write the notebook as it ended, without paths of this machine."""
        names = PathNames([self._output.parent, self._notebook.parent])
        if self._cause:
            message = names.tidy(self._cause.message)
            self._cause = Cause(self._cause.status, message, self._cause.cell)
        if notebook := self._execution.notebook:
            names.tidy_notebook(notebook)
            notebook.metadata.papermill.update(
                input_path=self._notebook.name, output_path=self._output.name
            )
            notebook.metadata.cx = {
                "status": self._cause.status if self._cause else "ok",
                "output_capped": self._execution.cap.left_out,
            }
            try:
                self._write(notebook)
            except Exception as error:
                self._cause = self._cause or cause_of_failure(error)

    def _write(self, notebook: NotebookNode) -> None:
        """Write the notebook, whole or not at all."""
        part = self._output.with_name(f".{self._output.name}.part")
        with self._writing:
            if not self._abandoned:
                part.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
                os.replace(part, self._output)
