"""How a notebook's kernel is started and listened to."""

import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from cxlib.runs.kernels import WarmKernels

# An output message larger than this is not even read.
_MESSAGE_BYTES = 20_000_000
# The path of a socket fits into 107 bytes on Linux and 103 on macOS.
_SOCKET_PATH = 95


def connect(manager: AsyncKernelManager, kernels: WarmKernels) -> "Provisioner":
    """Have the manager start its kernel by way of the run's keeper, and talk over sockets.

    Sockets in a folder that nobody else can read: runs side by side would race for ports, and
    there is nothing to encrypt.
    """
    manager.connection_file = str(Path(tempfile.mkdtemp(dir=kernels.folder)) / "k.json")
    if len(os.fsencode(manager.connection_file)) < _SOCKET_PATH:
        manager.transport = "ipc"
        manager.transport_encryption = "disabled"
    else:
        manager.transport_encryption = "auto"
    manager.client_factory = Client
    manager.kernel_id = str(uuid.uuid4())
    provisioner = Provisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
    )
    provisioner.kernels = kernels
    manager.provisioner = provisioner
    return provisioner


class Provisioner(LocalProvisioner):
    """Starts a kernel by way of the run's keeper; in the ordinary way where there is none."""

    kernels: WarmKernels
    _last: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        folder, environment = str(kwargs["cwd"]), kwargs["env"]
        warm = self._is_this_python(cmd)
        process = self.kernels.start(cmd, folder, environment, warm=warm)
        if process is None:
            nothing = subprocess.DEVNULL
            await super().launch_kernel(cmd, **kwargs, stdout=nothing, stderr=nothing)
        else:
            self.process = process  # type: ignore[assignment]
            self.pid = self.pgid = process.pid
            self.cwd = folder
        self._last = self.process
        return self.connection_info

    def _is_this_python(self, command: list[str]) -> bool:
        """Whether the command starts what the warm process has become: ipykernel in this Python."""
        program = Path(command[0])
        return (
            program.parent == Path(sys.executable).parent
            and program.resolve() == Path(sys.executable).resolve()
            and command[1:3] == ["-m", "ipykernel_launcher"]
            and not self.kernel_spec.env
        )

    def exit_code(self) -> int | None:
        """How the kernel ended, also after jupyter_client has forgotten it."""
        code: int | None = self._last.poll() if self._last else None
        return code

    def kill_now(self) -> None:
        """Kill the kernel from another thread than the notebook's."""
        if self._last:
            self._last.kill()


class _Channel(AsyncZMQSocketChannel):
    """A channel that does not read messages of a size that would take all memory."""

    async def _recv(self, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        received: list[Any] = await self.socket.recv_multipart(copy=False, **kwargs)
        frames: list[Any] = self.session.feed_identities(received, copy=False)[1]
        size = sum(map(len, frames))
        if size <= _MESSAGE_BYTES:
            message: dict[str, Any] = self.session.deserialize([frame.bytes for frame in frames])
            return message
        # The frames are signature, header, parent's header, metadata, content.
        header, parent = (self.session.unpack(frame.bytes) for frame in frames[1:3])
        said = f"{size / 1e6:,.0f} MB, not read"
        content: dict[str, Any] = {"name": "stdout", "text": "", "left_out": size}
        kind = "stream"
        if header["msg_type"] == "execute_reply":
            kind = header["msg_type"]
            content = {"status": "error", "ename": "Error", "evalue": said, "traceback": []}
        elif header["msg_type"] == "error":
            kind = header["msg_type"]
            content = {"ename": "Error", "evalue": said, "traceback": []}
        header["msg_type"] = kind
        return {
            "header": header,
            "msg_id": header["msg_id"],
            "msg_type": kind,
            "parent_header": parent,
            "metadata": {},
            "content": content,
            "buffers": [],
        }


class Client(AsyncKernelClient):
    iopub_channel_class = _Channel
    shell_channel_class = _Channel
