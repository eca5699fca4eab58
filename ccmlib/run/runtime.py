"""Where kernels come from: forked from the warm process, or stock ones; the same surroundings for both.

Both talk over Unix sockets (ZeroMQ's IPC) in a runtime folder that only this user can open, see the same environment
and no user configuration of IPython, so that output depends neither on the engine nor on whose machine it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from ccmlib.run import PACKAGE_PARENT

MESSAGES = "messages"
"""File of a runtime folder."""
_KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "CCM_ROOT")

_COVERAGE = "COVERAGE_PROCESS"
"""Lets the tests see which lines run in other processes."""


def kernel_environment(runtime: Path) -> dict[str, str]:
    """Environment of every kernel: little of the caller's, and nothing that makes output vary.

    Parameters
    ----------
    runtime : Path
        Folder in which IPython keeps its files instead of the user's home.

    Returns
    -------
    dict
        Environment variables.
    """
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(_COVERAGE)}
    return {
        **kept,
        "PYTHONPATH": str(PACKAGE_PARENT),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": "0",
        "MATPLOTLIBRC": str(Path(find_spec("matplotlib").origin).parent / "mpl-data" / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": str(runtime / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        # One notebook per core already: more threads inside each only compete.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


class NoKernels(OSError):
    """Warm kernels cannot be made."""


class Runtime:
    """The runtime folder of one run and, with warm kernels, the zygote in it.

    Parameters
    ----------
    warm : bool
        Start the zygote.

    Attributes
    ----------
    folder : Path
        Readable by this user alone; short, since a Unix socket's path may have 107 characters.
    """

    def __init__(self, warm: bool = True):
        self.folder = Path(tempfile.mkdtemp(prefix="ccm-"))
        self.warm = warm
        self.process: subprocess.Popen[bytes] | None = None
        if warm:
            self._start()

    @property
    def socket(self) -> Path:
        """The zygote's socket."""
        return self.folder / "warm"

    @property
    def messages(self) -> Path:
        """What the zygote and the kernels wrote to standard error outside any cell."""
        return self.folder / MESSAGES

    def _start(self) -> None:
        self.socket.unlink(missing_ok=True)
        with self.messages.open("ab") as messages:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ccmlib.run.zygote", str(self.socket)],
                stdin=subprocess.PIPE,
                stdout=messages,
                stderr=messages,
                cwd=self.folder,
                env=kernel_environment(self.folder),
            )

    def wait_until_listening(self, seconds: float = 30) -> None:
        """Return when the zygote has bound its socket (its imports may still run).

        Parameters
        ----------
        seconds : float
            Time limit.

        Raises
        ------
        NoKernels
            The zygote ended twice, or did not listen in time.
        """
        import time

        limit = time.monotonic() + seconds
        again = True
        while not self.socket.exists():
            if again and self.process.poll() is not None:
                again = False
                self.keep_alive()
            if self.process.poll() is not None or time.monotonic() > limit:
                said = self.messages.read_text(errors="replace").strip()
                raise NoKernels(None, f"the process that makes warm kernels did not start: {said or 'no message'}")
            time.sleep(0.005)

    @property
    def lifelines(self) -> tuple[int, ...]:
        """File descriptors that only the driver may hold: the zygote lives while one is open."""
        return (self.process.stdin.fileno(),) if self.process else ()

    def keep_alive(self) -> None:
        """Start the zygote again if it was killed; its kernels died with it and are run again by their workers."""
        if self.process is not None and self.process.poll() is not None:
            self.process.stdin.close()
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self._start()

    def close(self) -> None:
        """End the zygote with every kernel it made, and remove the folder."""
        if self.process is not None:
            self.process.stdin.close()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Runtime:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
