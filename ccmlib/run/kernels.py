"""Kernels for notebooks: forked from a process that has imported everything, or stock ones where there is no fork.

Python's own fork server (`multiprocessing.forkserver`) imports the libraries once. Each notebook gets a worker forked
from it, and the worker forks its kernel before it starts a thread or opens a socket: nothing that one notebook sets
exists in another.
"""

import atexit
import contextlib
import functools
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from queue import Empty
from typing import Any
from unittest import mock

from ccmlib.run import preload
from ccmlib.run.hashing import PACKAGE_PARENT

_KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "CCM_ROOT", "SYSTEMROOT",
         "PYTHONDONTWRITEBYTECODE")  # fmt: skip
#: A Unix socket's path may have about 100 characters.
_LONGEST_TMPDIR = 50
_starting = threading.Lock()
#: No worker is started any more.
stopped = threading.Event()
#: Whether this system forks; Windows does not.
FORKS = hasattr(os, "fork")
#: In a worker, the folder of its driver.
_given: list[Path] = []


@functools.cache
def folder() -> Path:
    """Give the run's folder for connection files and sockets, which only this user can open."""
    if _given:
        return _given[0]
    atexit.register(_clear)
    place = tempfile.gettempdir() if len(tempfile.gettempdir()) < _LONGEST_TMPDIR else "/tmp"
    return Path(tempfile.mkdtemp(prefix="ccm-", dir=place))


def _clear() -> None:
    shutil.rmtree(folder(), ignore_errors=True)


def environment(runtime: Path) -> dict[str, str]:
    """Give the environment of every kernel: little of the caller's, and nothing that makes output vary."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("COVERAGE_PROCESS")}
    return {
        **kept, "PYTHONPATH": str(PACKAGE_PARENT), "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1",
        # The first day of a zip: since Python 3.14 zipfile takes it from here.
        "SOURCE_DATE_EPOCH": "315532800",
        "LC_ALL": "C.UTF-8", "TZ": "UTC", "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MATPLOTLIBRC": str(Path(find_spec("matplotlib").origin).parent / "mpl-data" / "matplotlibrc"),
        "IPYTHONDIR": str(runtime / "ipython"), "JUPYTER_RUNTIME_DIR": str(runtime), "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",  # one notebook a core already: more threads only compete
    }  # fmt: skip


def start_server(*also: str) -> None:
    """Start the fork server, or start it again if it was killed; its imports, also of these modules, go on meanwhile."""
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload([preload.__name__, *also])
    given = {**environment(folder()), preload.FOLDER: str(folder())}
    with mock.patch.dict(os.environ, given, clear=True), mock.patch.object(tempfile, "tempdir", str(folder())):
        forkserver.ensure_running()
    atexit.unregister(_clear)  # the server, which outlives this process, does it


def in_worker(function: Callable[..., Any], *given: Any, tell: Callable[..., None] = lambda *said: None) -> Any:
    """Call a function in a worker process of its own; an EOFError means that the worker was killed.

    The function takes what is given and, last, a callable: what it tells that, `tell` is told here. What it raises is
    raised here.
    """
    context = multiprocessing.get_context("forkserver" if FORKS else "spawn")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_serve, args=(theirs, folder(), function, given))
    with _starting:
        if stopped.is_set():
            raise EOFError
        if FORKS:
            start_server()
        worker.start()
    theirs.close()
    try:
        while True:
            kind, said = ours.recv()
            if kind == "raised":
                raise said
            if kind == "gave":
                return said
            tell(*said)
    finally:
        ours.close()
        worker.join()


def stop() -> None:
    """End all workers, and let no new one begin."""
    with _starting:
        stopped.set()
    for worker in multiprocessing.active_children():
        worker.kill()


def _serve(channel: Any, runtime: Path, function: Callable[..., Any], given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to answer
    _given.append(runtime)
    with contextlib.suppress(BrokenPipeError):  # the driver has gone
        try:
            channel.send(("gave", function(*given, lambda *said: channel.send(("told", said)))))
        except Exception as wrong:  # noqa: BLE001 - the driver raises it
            channel.send(("raised", wrong))


def end_with_parent() -> None:
    """End this process, and the group that it leads, when the process that asked for it is gone."""

    def wait() -> None:
        multiprocessing.parent_process().join()
        if FORKS and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def become_kernel(orders: Any) -> None:
    """Turn this forked process into an ordinary ipykernel, with the arguments and working folder that are sent."""
    os.setsid()
    end_with_parent()
    arguments, cwd = orders.recv()
    os.chdir(cwd)
    import ipykernel_launcher
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [ipykernel_launcher.__file__, *arguments]
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)
    app.start()
    app.shell.user_ns.clear()  # closes, and so writes out, files that the notebook left open


class Forked:
    """A forked kernel, with the methods of `Popen` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        fork = multiprocessing.get_context("fork")
        theirs, self.orders = fork.Pipe(duplex=False)
        self.process = fork.Process(target=become_kernel, args=(theirs,))
        self.process.start()
        theirs.close()
        self.pid = self.process.pid

    def poll(self) -> int | None:
        """Give the exit code, or None while it runs."""
        return self.process.exitcode

    def wait(self) -> int | None:
        """Give the exit code when it has ended."""
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and what it started, if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def close(self) -> None:
        """End it, whatever it does."""
        self.orders.close()
        self.send_signal(signal.SIGKILL)
        self.process.kill()
        self.process.join()


def manager(forked: Forked | None) -> Any:
    """Make the class of kernel manager for one notebook: for a forked kernel, or for a stock one.

    The class is made here so that only the process which runs notebooks imports jupyter_client.
    """
    import zmq.asyncio
    from jupyter_client import AsyncKernelClient, AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.provisioning import LocalProvisioner

    class ForkedProvisioner(LocalProvisioner):
        """Hands out the forked kernel instead of starting a Python."""

        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
            self.process, self.pid, self.pgid = forked, forked.pid, None
            forked.orders.send((cmd[cmd.index("-f") :], str(kwargs["cwd"])))
            return self.connection_info

    class PromptClient(AsyncKernelClient):
        """Goes on as soon as the kernel has answered; the stock client then waits another fifth of a second."""

        async def wait_for_ready(self, timeout: float = 60) -> None:
            until = time.monotonic() + timeout
            while forked.poll() is None and time.monotonic() < until:
                self.kernel_info()
                with contextlib.suppress(Empty):
                    await self.shell_channel.get_msg(timeout=1)
                    # Any message on the other channel shows that the subscription holds: no output will be missed.
                    await self.iopub_channel.get_msg(timeout=1)
                    return
            raise RuntimeError(f"the kernel died before it answered, or did not answer within {timeout:.0f} seconds")

    runtime, name = folder(), uuid.uuid4().hex[:12]
    transport = {"transport": "ipc", "ip": str(runtime / f"{name}-ipc")} if FORKS else {}

    class RunKernelManager(AsyncKernelManager):
        """A kernel of this Python in the surroundings that all kernels share, whatever the machine has installed."""

        def __init__(self, **kwargs: Any):
            # One context for the process: closing one waits a tenth of a second.
            shared = {"context": zmq.asyncio.Context.instance(), "connection_file": str(runtime / f"{name}.json")}
            super().__init__(**transport, **shared, **kwargs)
            if forked is not None:
                self.client_factory = PromptClient
                self.provisioner = ForkedProvisioner(kernel_id=name, kernel_spec=self.kernel_spec, parent=self)

        @property
        def kernel_spec(self) -> KernelSpec:
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=argv, display_name="Python 3", language="python", metadata={"debugger": False})

        async def start_kernel(self, **kwargs: Any) -> None:
            with (runtime / "messages").open("ab") as messages:
                await super().start_kernel(env=environment(runtime), stdout=messages, stderr=messages, **kwargs)

    return RunKernelManager
