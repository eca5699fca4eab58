"""The warm process from which each notebook's kernel is forked.

Starting a kernel costs seconds of imports; forking one that has imported everything costs milliseconds.
This process imports the libraries once, then waits on a Unix socket. For each request it forks a clean child,
which becomes an ordinary ipykernel: its sockets, shell, history and working directory are made after the fork,
so nothing that one notebook sets exists in another.

Nothing here starts a thread or opens a ZeroMQ context before the fork: neither survives it.

Run as ``python -P -m ccmlib.run.zygote SOCKET``; standard input is a lifeline, and its end is the end of the zygote
and of every kernel it forked.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipykernel.kernelapp import IPKernelApp

WARM_MODULES = (
    "pandas",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completer",
    "ccmlib",
)
"""Imported before the first fork. A module that is not installed is left to the notebook that needs it."""

SECTION_MODULES = ("ccmlib.notebook.section", "ccmlib.figures.reconcile", "ccmlib.figures.one_state", "num2words")
"""What the notebooks of a report import through :mod:`ccmlib`."""


@dataclass
class Kernel:
    """One forked kernel and the connection on which its end is reported.

    Parameters
    ----------
    pid : int
        Process, and process group, of the kernel.
    connection : socket.socket
        The provisioner that asked for it.
    """

    pid: int
    connection: socket.socket


def warm_up(modules: tuple[str, ...] = WARM_MODULES + SECTION_MODULES) -> None:
    """Import the libraries and run each slow first step once.

    Parameters
    ----------
    modules : tuple of str
        Names to import, in order.
    """
    # Kernels of a report need no debugger, whose import is the slowest part of one.
    sys.modules["debugpy"] = None
    importlib.import_module("ipykernel.debugger")
    del sys.modules["debugpy"]
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as broken:  # noqa: BLE001 - a module that cannot be imported is the notebook's to report, in its cell
            print(f"not warmed: {name}: {broken!r}", file=sys.stderr)
    first_chart()
    first_frame()


def first_chart() -> None:
    """Draw a chart into nothing: fonts are looked up and glyph tables read once, not once per notebook."""
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # Not through pyplot: that would settle the backend, which belongs to each kernel.
    for canvas, kind in ((FigureCanvasAgg, "png"), (FigureCanvasSVG, "svg")):
        figure = Figure(figsize=(2, 1))
        canvas(figure)
        axes = figure.add_subplot()
        axes.plot([1, 2], [1, 2], label="a")
        axes.set_title("a")
        axes.legend()
        figure.savefig(io.BytesIO(), format=kind)


def first_frame() -> None:
    """Touch what pandas loads on first use, and set what it would have set in a kernel."""
    import pandas as pd

    # Imported in a kernel, pandas sees that there is no terminal and shows frames as wide as they are.
    pd.set_option("display.max_columns", 20)
    frame = pd.DataFrame({"iso3": ["LAO", "NOR"], "on": pd.to_datetime(["2009-03-18", "2008-12-03"])})
    frame.groupby("iso3")["on"].min().to_frame().merge(frame, on="iso3").to_html()


class Zygote:
    """Serves requests for kernels until the lifeline ends.

    Parameters
    ----------
    listener : socket.socket
        Bound and listening.
    lifeline : int
        File descriptor that reads to its end when the driver is gone.
    """

    def __init__(self, listener: socket.socket, lifeline: int):
        self.listener = listener
        self.lifeline = lifeline
        self.kernels: dict[int, Kernel] = {}
        self.selector = selectors.DefaultSelector()
        self.wake_read, self.wake_write = os.pipe()
        for end in (self.wake_read, self.wake_write):
            os.set_blocking(end, False)

    def serve(self) -> None:
        """Answer requests; return when the driver has gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        self.selector.register(self.listener, selectors.EVENT_READ, self.accept)
        self.selector.register(self.lifeline, selectors.EVENT_READ, None)
        self.selector.register(self.wake_read, selectors.EVENT_READ, self.reap)
        while True:
            for key, _ in self.selector.select():
                if key.fileobj == self.lifeline:
                    if not os.read(self.lifeline, 64):
                        self.close()
                        return
                else:
                    key.data(key.fileobj)

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection; its first line is the request."""
        connection, _ = listener.accept()
        connection.settimeout(5)
        self.selector.register(connection, selectors.EVENT_READ, self.request)

    def request(self, connection: socket.socket) -> None:
        """Read the request for a kernel, or learn that the provisioner has gone."""
        line = read_line(connection)
        if line is None:  # and with it goes its kernel
            self.selector.unregister(connection)
            connection.close()
            for kernel in self.kernels.values():
                if kernel.connection is connection:
                    kill(kernel)
            return
        message = json.loads(line)
        pid = os.fork()
        if pid == 0:
            self.become_kernel(message, connection)
        self.kernels[pid] = Kernel(pid, connection)
        connection.sendall(json.dumps({"pid": pid}).encode() + b"\n")

    def reap(self, wake: int) -> None:
        """Collect kernels that have ended and report how."""
        with contextlib.suppress(BlockingIOError):
            while os.read(wake, 512):
                pass
        while self.kernels:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            kernel = self.kernels.pop(pid, None)
            if kernel:
                with contextlib.suppress(OSError):
                    line = json.dumps({"status": os.waitstatus_to_exitcode(status)})
                    kernel.connection.sendall(line.encode() + b"\n")
                with contextlib.suppress(KeyError, ValueError):
                    self.selector.unregister(kernel.connection)
                kernel.connection.close()

    def close(self) -> None:
        """Kill what still runs and remove the runtime folder."""
        for kernel in list(self.kernels.values()):
            kill(kernel)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(kernel.pid, 0)
        folder = os.path.dirname(self.listener.getsockname())
        self.listener.close()
        shutil.rmtree(folder, ignore_errors=True)

    def become_kernel(self, message: dict, connection: socket.socket) -> None:
        """Turn this forked child into a kernel; never returns.

        Parameters
        ----------
        message : dict
            ``argv`` (as for ``ipykernel_launcher``), ``cwd`` and ``env``.
        connection : socket.socket
            To the provisioner, which is told when the kernel's sockets are there.
        """
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            zygote = os.getppid()
            os.setsid()
            die_with_parent(zygote)
            self.selector.close()
            for kernel in self.kernels.values():
                kernel.connection.close()
            for end in (self.wake_read, self.wake_write, self.lifeline):
                os.close(end)
            self.listener.close()
            nothing = os.open(os.devnull, os.O_RDONLY)
            if nothing != 0:
                os.dup2(nothing, 0)
                os.close(nothing)
            os.environ.clear()
            os.environ.update(message["env"])
            os.chdir(message["cwd"])
            app = make_kernel(message["argv"], zygote)
            connection.sendall(b'{"ready": true}\n')
            connection.close()
            app.start()
            app.shell.user_ns.clear()  # closes, and so writes out, files that the notebook left open
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except BaseException:  # noqa: BLE001 - the last stop of a child: it must not run on as a second zygote
            import traceback

            traceback.print_exc(file=sys.__stderr__)
        finally:
            end_process(code)


def kill(kernel: Kernel) -> None:
    """End a kernel, which has not been reaped, and the processes it started."""
    for send in (os.killpg, os.kill):  # just forked, it may not lead its own group yet
        with contextlib.suppress(ProcessLookupError):
            send(kernel.pid, signal.SIGKILL)


def make_kernel(argv: list[str], parent: int) -> IPKernelApp:
    """Make an ipykernel of this process, its sockets bound.

    Parameters
    ----------
    argv : list of str
        Arguments of ``ipykernel_launcher``: ``-f connection-file`` and settings.
    parent : int
        Process whose end ends the kernel too.

    Returns
    -------
    IPKernelApp
        To be started.
    """
    import ipykernel_launcher
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [ipykernel_launcher.__file__, *argv]
    before = os.umask(0o077)  # the kernel's sockets are this user's alone
    app = IPKernelApp.instance(parent_handle=parent)
    app.initialize(argv)
    os.umask(before)
    # Closing its sockets politely can hang for seconds, and this process is about to end: only their owner's other
    # exit handlers, and the notebook's, are run.
    atexit.unregister(app.close)
    return app


def end_process(code: int) -> None:
    """Leave a forked child as Python would: handlers of ``atexit``, flushed streams, no return to the zygote's code."""
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when its parent dies; elsewhere ipykernel's own check does it within a second.

    Parameters
    ----------
    parent : int
        Expected parent: if it has died already, this process ends at once.
    """
    if sys.platform == "linux":
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def read_line(connection: socket.socket) -> bytes | None:
    """Read up to a newline, a byte at a time where two messages could arrive together.

    Parameters
    ----------
    connection : socket.socket
        Blocking, with a time limit.

    Returns
    -------
    bytes or None
        The line without its end, or None when the other side has closed.
    """
    parts = bytearray()
    while True:
        try:
            waiting = connection.recv(65536, socket.MSG_PEEK)
        except OSError:
            return None
        if not waiting:
            return None
        end = waiting.find(b"\n")
        take = len(waiting) if end < 0 else end + 1
        parts += connection.recv(take)
        if end >= 0:
            return bytes(parts[:-1])


def listen(path: str) -> socket.socket:
    """Bind the socket so that only this user can connect.

    Parameters
    ----------
    path : str
        Where; its folder is the runtime folder, readable by this user alone.

    Returns
    -------
    socket.socket
        Listening.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    listener.bind(path)
    os.umask(before)
    listener.listen(128)
    return listener


def main(path: str) -> None:
    """Listen, warm up, serve.

    Parameters
    ----------
    path : str
        Of the socket.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the driver, which closes the lifeline
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # Listening comes first: requests made during the imports wait in the queue.
    listener = listen(path)
    warm_up()
    gc.collect()
    gc.freeze()  # objects made so far are never visited by a child's collector, so their pages stay shared
    Zygote(listener, lifeline).serve()


if __name__ == "__main__":
    main(sys.argv[1])
