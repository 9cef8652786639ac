"""papermill's execution of a notebook with limits, capped output, and no cell that looks whole."""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import (
    CellExecutionComplete,
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

from cxlib.runs.causes import Cause, cause_of_death, cause_of_error, cause_of_failure, oom_kills
from cxlib.runs.connection import Client, Provisioner, connect
from cxlib.runs.kernels import WarmKernels
from cxlib.runs.limits import Deadline
from cxlib.runs.outputs import OUTPUT_MESSAGES, OutputCap

NAME = "cxlib"

_SAVE_SECONDS = 5.0
# What a notebook has registered for its kernel's end may take this long.
_END_SECONDS = 5.0
# How long nothing more may come after a cell's reply until its last outputs count as lost.
_SILENCE_SECONDS = 4


@dataclass
class Execution:
    """What is asked of one execution, and how it stands."""

    kernels: WarmKernels
    deadline: Deadline
    tell_step: Callable[[str], None]
    save: Callable[[NotebookNode], None] = lambda notebook: None
    cap: OutputCap = field(default_factory=OutputCap)
    notebook: NotebookNode | None = None
    provisioner: Provisioner | None = None
    running_cell: int | None = None
    cause: Cause | None = None
    _oom_kills: int = field(default_factory=oom_kills)

    def cause_of(self, error: BaseException) -> Cause:
        """The cause that an error stands for which was not raised by a cell's own code."""
        died = isinstance(error, DeadKernelError)
        if isinstance(error, CellTimeoutError) or (died and not self.deadline.left):
            return Cause("timed out", self.deadline.message, self.running_cell)
        if died:
            code = self.provisioner.exit_code() if self.provisioner else None
            return cause_of_death(code, self.running_cell, oom_kills() - self._oom_kills)
        return cause_of_failure(error)


class _Record(NotebookExecutionManager):
    """papermill's record of the cells' states, saved now and then instead of after every cell."""

    def __init__(self, notebook: NotebookNode, execution: Execution) -> None:
        super().__init__(notebook, progress_bar=False)
        self._execution = execution
        self._saved = float("-inf")

    def save(self, **kwargs: Any) -> None:
        if time.monotonic() - self._saved > _SAVE_SECONDS:
            self._execution.save(self.nb)
            self._saved = time.monotonic()


class _NotebookClient(PapermillNotebookClient):
    def __init__(self, record: _Record, execution: Execution, **settings: Any) -> None:
        super().__init__(record, on_cell_executed=self._executed, **settings)
        self._execution = execution
        self._asked_to_exit = False
        self._broken = False

    def create_kernel_manager(self) -> AsyncKernelManager:
        manager = super().create_kernel_manager()
        self._execution.provisioner = connect(manager, self._execution.kernels)
        return manager

    async def async_start_new_kernel_client(self) -> Client:
        """Connect, and wait until the kernel is heard on both channels.

        nbclient's own waits .2 s more for messages that nobody reads.
        """
        self.kc = self.km.client()
        self.kc.start_channels(stdin=False, hb=False)
        self.kc.allow_stdin = False
        while True:
            self.kc.kernel_info()
            reply = await self._kernel_info()
            try:
                await self.kc.get_iopub_msg(timeout=0.2)
            except Empty:
                # The channel of outputs is not connected yet.
                continue
            self.nb.metadata["language_info"] = reply["content"]["language_info"]
            return self.kc

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _kernel_info(self) -> dict[str, Any]:
        while True:
            try:
                message: dict[str, Any] = await self.kc.get_shell_msg(timeout=0.2)
            except Empty:
                await self._async_check_alive()
                if not self._execution.deadline.left:
                    raise CellTimeoutError(self._execution.deadline.message) from None
                continue
            if message["msg_type"] == "kernel_info_reply":
                return message

    async def _async_cleanup_kernel(self) -> None:
        """End the kernel: where nothing failed by asking, and where that does not help by killing.

        jupyter_client would interrupt it first, and a kernel that has only just ended its last cell
        may then not end at all; and it would look every .1 s.
        """
        if not self._broken and await self.km.is_alive():
            await self.km.request_shutdown()
            until = time.monotonic() + _END_SECONDS
            while await self.km.is_alive() and time.monotonic() < until:
                await asyncio.sleep(0.01)
        await super()._async_cleanup_kernel()

    _cleanup_kernel = run_sync(_async_cleanup_kernel)

    def execute(self, **kwargs: Any) -> NotebookNode:
        self.reset_execution_trackers()
        # What a killed kernel leaves there is removed with the run.
        temporary = tempfile.mkdtemp(dir=self._execution.kernels.folder)
        with self.setup_kernel(env={**os.environ, "TMPDIR": temporary}):
            self._execution.deadline.begin_report()
            self.papermill_execute_cells()
            self.set_widgets_metadata()
        return self.nb

    def papermill_execute_cells(self) -> None:
        told = ""
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type == "markdown":
                headings = re.findall(r"^#{2,3} +(.+)$", cell.source, re.MULTILINE)
                if headings and headings[-1] != told:
                    told = headings[-1]
                    self._execution.tell_step(told)
            elif cell.cell_type == "code":
                self._execute_recorded(cell, index)
                if self._execution.cause:
                    return

    def _execute_recorded(self, cell: NotebookNode, index: int) -> None:
        """Execute a cell; mark it as failed where it did not end well, and say why."""
        execution = self._execution
        execution.running_cell = self.code_cells_executed + 1
        execution.deadline.begin_cell()
        execution.cap.begin_cell()
        self.nb_man.cell_start(cell, index)
        try:
            self.execute_cell(cell, index)
            if not execution.deadline.left:
                raise CellTimeoutError(execution.deadline.message)
            if self._asked_to_exit:
                message = "The cell ended the kernel: exit() or quit()."
                execution.cause = Cause("cell failed", message, execution.running_cell)
        except CellExecutionError as error:
            self.nb_man.cell_exception(cell, cell_index=index, exception=error)
            execution.cause = cause_of_error(error.ename, error.evalue, cell.execution_count)
            return
        except BaseException as error:
            execution.cause = execution.cause_of(error)
            self._broken = True
            raise
        finally:
            execution.cap.end_cell(cell.outputs)
            if execution.cause and not cell.metadata.papermill["exception"]:
                self._say(execution.cause, cell, index)
            self.nb_man.cell_complete(cell, cell_index=index)

    def _say(self, cause: Cause, cell: NotebookNode, index: int) -> None:
        name = cause.status.capitalize()
        lines = [f"{name}: {cause.message}"]
        cell.outputs.append(
            nbformat.v4.new_output("error", ename=name, evalue=cause.message, traceback=lines)
        )
        self.nb_man.cell_exception(cell, cell_index=index)

    def _executed(self, execute_reply: dict[str, Any], **_: Any) -> None:
        payload = execute_reply["content"].get("payload") or []
        self._asked_to_exit = any(one.get("source") == "ask_exit" for one in payload)

    def _get_timeout(self, cell: NotebookNode | None) -> float:
        return self._execution.deadline.left

    async def _async_poll_output_msg(
        self, parent_msg_id: str, cell: NotebookNode, cell_index: int
    ) -> None:
        """Take a cell's outputs until it says that it is idle.

        nbclient would give up 4 s after the reply, however much was still coming.
        """
        while True:
            try:
                message = await self.kc.get_iopub_msg(timeout=_SILENCE_SECONDS)
            except Empty:
                if "shell.execute_reply" in cell.metadata.execution:
                    return
                continue
            if message["parent_header"].get("msg_id") == parent_msg_id:
                try:
                    self.process_message(message, cell, cell_index)
                except CellExecutionComplete:
                    return

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        kind = msg["msg_type"]
        # What is to be cleared must not be counted or joined to.
        if kind in OUTPUT_MESSAGES and not self._execution.cap.admit(
            msg["content"], kind, [] if self.clear_before_next_output else cell.outputs
        ):
            return None
        return super().process_message(msg, cell, cell_index)


class _Engine(NBClientEngine):
    @classmethod
    def execute_notebook(
        cls, nb: NotebookNode, kernel_name: str, *, execution: Execution, folder: str, **_: Any
    ) -> NotebookNode:
        execution.notebook = nb
        nb.metadata.cx = {"status": "running"}
        record = _Record(nb, execution)
        record.notebook_start()
        client = _NotebookClient(
            record,
            execution,
            kernel_name=kernel_name,
            resources={"metadata": {"path": folder}},
            # A kernel that is told to stop while it is busy logs the interrupt as an error.
            extra_arguments=["--log-level=CRITICAL"],
            iopub_timeout=10**6,
            shutdown_kernel="immediate",
        )
        try:
            client.execute()
        finally:
            record.notebook_complete()
        return nb


papermill_engines.register(NAME, _Engine)
