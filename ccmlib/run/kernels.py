"""Kernels of this Python over Unix sockets, forked from the warm process or stock.

The plug-in points used are those that jupyter_client and nbclient offer: the class of the kernel manager, the class of
its client, and a kernel provisioner named in the kernel specification.
"""

from __future__ import annotations

import sys
import time
import uuid
from importlib.metadata import EntryPoint
from pathlib import Path
from queue import Empty
from typing import Any

import zmq.asyncio
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerFactory

from ccmlib.run.runtime import MESSAGES, kernel_environment

PROVISIONER = "ccm-warm"


class PromptClient(AsyncKernelClient):
    """A client that goes on as soon as the kernel has answered.

    The stock client adds two waits of a fifth of a second, and retries the connection of a socket that is not there
    yet; here the sockets exist before the client is made.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        limit = time.monotonic() + (timeout or 60)
        while time.monotonic() < limit:
            self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                # Any message on the other channel shows that the subscription holds: outputs will not be missed.
                await self.iopub_channel.get_msg(timeout=1)
            except Empty:
                if not await self._async_is_alive():
                    raise RuntimeError("the kernel died before it answered") from None
            else:
                self._handle_kernel_info_reply(reply)
                return
        raise RuntimeError(f"the kernel did not answer within {timeout:.0f} seconds")

    wait_for_ready = _async_wait_for_ready


class SocketKernelManager(AsyncKernelManager):
    """A kernel of this Python in the surroundings that all kernels of a run share.

    Parameters
    ----------
    runtime : Path
        Folder for connection files and sockets, readable by this user alone.
    socket : Path, optional
        The zygote's socket; None for stock kernels.
    **kwargs
        As for ``AsyncKernelManager``.
    """

    def __init__(self, runtime: Path, socket: Path | None = None, **kwargs: Any):
        name = uuid.uuid4().hex[:12]
        super().__init__(
            transport="ipc",
            ip=str(runtime / f"{name}-ipc"),
            connection_file=str(runtime / f"{name}.json"),
            # One context for the process: closing one waits a tenth of a second.
            context=zmq.asyncio.Context.instance(),
            **kwargs,
        )
        self.runtime = runtime
        self.warm_socket = socket
        if socket is not None:
            self.client_class = f"{__name__}.{PromptClient.__name__}"
            self.client_factory = PromptClient
            register_provisioner()

    @property
    def kernel_spec(self) -> KernelSpec:
        """Name this Python, whatever kernels the machine has installed."""
        metadata: dict[str, Any] = {"debugger": False}
        if self.warm_socket is not None:
            config = {"socket_path": str(self.warm_socket)}
            metadata["kernel_provisioner"] = {"provisioner_name": PROVISIONER, "config": config}
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            metadata=metadata,
        )

    async def start_kernel(self, **kwargs: Any) -> None:
        """Start the kernel with the environment of all kernels; what it writes outside any cell goes to a file.

        Parameters
        ----------
        **kwargs
            As for ``AsyncKernelManager.start_kernel``.
        """
        with (self.runtime / MESSAGES).open("ab") as messages:
            surroundings = {"env": kernel_environment(self.runtime), "stdout": messages, "stderr": messages}
            await super().start_kernel(**surroundings, **kwargs)


def register_provisioner() -> None:
    """Name the provisioner where the package runs from a folder and its entry points are not installed."""
    factory = KernelProvisionerFactory.instance()
    if PROVISIONER not in factory.provisioners:
        target = "ccmlib.run.provisioner:WarmProvisioner"
        factory.provisioners[PROVISIONER] = EntryPoint(PROVISIONER, target, factory.GROUP_NAME)
