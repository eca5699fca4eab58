"""Kernels forked from the warm process, offered to jupyter_client as a kernel provisioner.

Registered as ``ccm-warm`` in the entry point group ``jupyter_client.kernel_provisioners``: the plug-in point that
jupyter_client has for kernels which do not come from ``subprocess``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import time
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Unicode

from ccmlib.run.zygote import read_line

ANSWER_SECONDS = 120
"""How long to wait for the zygote, which may still be importing."""
RESTART_SECONDS = 20
"""How long to wait for its socket: the driver starts a zygote again that was killed."""


def connected(path: str) -> socket.socket:
    """Connect to the zygote, waiting a while where it is only being started.

    Parameters
    ----------
    path : str
        Its socket.

    Returns
    -------
    socket.socket
        The connection.

    Raises
    ------
    ConnectionError
        It is not there.
    """
    limit = time.monotonic() + RESTART_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(path)
        except OSError as gone:
            connection.close()
            if time.monotonic() > limit:
                raise ConnectionError(f"the process that makes warm kernels is gone: {gone}") from gone
            time.sleep(0.05)
        else:
            return connection


class ForkedKernel:
    """A kernel process that is a child of the zygote, with the methods of ``Popen`` that jupyter_client uses.

    Parameters
    ----------
    path : str
        The zygote's socket.
    argv : list of str
        Arguments of ``ipykernel_launcher``.
    cwd : str
        Working directory of the kernel.
    env : dict
        Its environment.

    Raises
    ------
    ConnectionError
        The zygote has gone.
    """

    stdin = stdout = stderr = None

    def __init__(self, path: str, argv: list[str], cwd: str, env: dict[str, str]):
        self.returncode: int | None = None
        self.connection = connected(path)
        try:
            self.connection.settimeout(ANSWER_SECONDS)
            request = json.dumps({"argv": argv, "cwd": cwd, "env": env})
            self.connection.sendall(request.encode() + b"\n")
            first, second = read_line(self.connection), read_line(self.connection)
        except OSError as gone:
            self.connection.close()
            raise ConnectionError(f"the process that makes warm kernels does not answer: {gone}") from gone
        if first is None:
            self.connection.close()
            raise ConnectionError("the process that makes warm kernels has ended")
        self.pid: int = json.loads(first)["pid"]
        self.connection.setblocking(False)
        if second is None or "ready" not in json.loads(second):
            self.returncode = json.loads(second)["status"] if second else -signal.SIGKILL
            self.connection.close()

    def poll(self) -> int | None:
        """Exit code, or None while the kernel runs."""
        if self.returncode is None:
            try:
                line = self.connection.recv(4096)
            except BlockingIOError:
                return None
            except OSError:
                line = b""
            # The zygote says how the kernel ended; if the zygote died too, its kernels were killed with it.
            self.returncode = json.loads(line)["status"] if line else -signal.SIGKILL
            self.connection.close()
        return self.returncode

    def wait(self) -> int:
        """Exit code, waiting for the end."""
        if self.returncode is None:
            self.connection.setblocking(True)
            self.poll()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal the kernel and what it started, if it still runs.

        Parameters
        ----------
        number : int
            The signal.
        """
        # Not through the zygote: jupyter_client counts on an interrupt having arrived before its next message does.
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class WarmProvisioner(LocalProvisioner):
    """Asks the zygote for a kernel instead of starting a Python."""

    socket_path = Unicode(help="Socket of the zygote").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel.

        Parameters
        ----------
        cmd : list of str
            What a stock provisioner would run; only what follows the launcher's name is used.
        **kwargs
            ``cwd`` and ``env``, as for ``Popen``.

        Returns
        -------
        dict
            Connection information.
        """
        arguments = cmd[cmd.index("-f") :]
        self.cwd = kwargs.get("cwd") or os.getcwd()
        self.process = ForkedKernel(self.socket_path, arguments, str(self.cwd), dict(kwargs.get("env") or os.environ))
        self.pid = self.process.pid
        self.pgid = None  # signals go through ForkedKernel, which first looks whether the process still is the kernel
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the end of the kernel without polling ten times a second."""
        code = 0
        if self.process:
            pause = 0.001
            while (code := self.process.poll()) is None:
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, 0.05)
            self.process = None
        return code
