"""Kernels are forked: private, clean, and gone with whoever asked for them."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ccmlib.run import kernels

pytestmark = pytest.mark.slow


def look_around(tell):
    """Say, as a worker, what a kernel is forked from."""
    import threading

    modules = set(sys.modules)
    return {
        "threads": threading.active_count(),
        "backend settled": any(name.startswith("matplotlib_inline") for name in modules),
        "imported": {"pandas", "papermill", "nbconvert", "ipykernel.ipkernel", "matplotlib.pyplot"} <= modules,
        "environment": dict(os.environ),
        "session": os.getsid(0),
        "not imported": (kernels.folder() / "messages").read_text(),
    }


def start_kernel(tell):
    """Fork a kernel, as a worker, tell its number, and wait to be killed."""
    forked = kernels.Forked()
    arguments = ["-f", str(kernels.folder() / "k.json"), "--HistoryManager.hist_file=:memory:"]
    forked.orders.send((arguments, str(kernels.folder())))
    tell(os.getpid(), forked.pid)
    time.sleep(60)


def fail(tell):
    raise OSError(28, "No space left on device", "a.html")


def test_a_worker_has_everything_imported_and_nothing_started(monkeypatch):
    found = kernels.in_worker(look_around)
    assert found["threads"] == 1
    assert not found["backend settled"]
    assert found["imported"]
    assert found["session"] != os.getsid(0)
    assert "not imported beforehand" not in found["not imported"]


def test_its_environment_is_the_same_for_everyone(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "abc")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    environment = kernels.environment(tmp_path)
    assert "SECRET_TOKEN" not in environment
    assert (environment["LC_ALL"], environment["TZ"], environment["PYTHONHASHSEED"]) == ("C.UTF-8", "UTC", "0")
    assert os.environ["SECRET_TOKEN"] == "abc"
    found = kernels.in_worker(look_around)["environment"]
    assert found.items() >= (kernels.environment(kernels.folder()).items() - {("TMPDIR", "")})


def test_its_time_can_stand_in_a_zip():
    assert time.gmtime(int(kernels.environment(Path("/tmp"))["SOURCE_DATE_EPOCH"]))[:3] == (1980, 1, 1)


def test_what_a_worker_raises_is_raised_here():
    with pytest.raises(OSError, match="No space left on device"):
        kernels.in_worker(fail)


def test_only_this_user_can_reach_a_kernel_and_it_ends_with_its_worker():
    found = []

    def told(worker, kernel):
        limit = time.monotonic() + 20
        while not list(kernels.folder().glob("k.json")) and time.monotonic() < limit:
            time.sleep(0.02)
        found.append(kernel)
        os.kill(worker, 9)

    with pytest.raises(EOFError):
        kernels.in_worker(start_kernel, tell=told)
    assert stat.S_IMODE(kernels.folder().stat().st_mode) & 0o777 == 0o700
    assert len(found) == 1
    limit = time.monotonic() + 5
    while Path(f"/proc/{found[0]}").exists() and time.monotonic() < limit:
        time.sleep(0.02)
    assert not Path(f"/proc/{found[0]}").exists()


def test_a_server_and_its_folder_go_with_the_driver(tmp_path):
    program = (
        "import os, sys; from ccmlib.run import kernels; kernels.start_server(); print(kernels.folder(), flush=True)\n"
        "os.kill(os.getpid(), int(sys.argv[1]))"
    )
    for number in (0, 9):
        done = subprocess.run([sys.executable, "-c", program, str(number)], capture_output=True, text=True)
        limit = time.monotonic() + 60
        while Path(done.stdout.strip()).exists() and time.monotonic() < limit:
            time.sleep(0.02)
        assert done.stdout.startswith("/")
        assert not Path(done.stdout.strip()).exists()


def test_a_long_temporary_folder_is_passed_over(tmp_path):
    long = tmp_path / ("x" * 90)
    long.mkdir()
    program = "from ccmlib.run import kernels; print(kernels.folder())"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, "TMPDIR": str(long)}
    )
    assert len(done.stdout) < 60, done.stderr
