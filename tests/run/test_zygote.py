"""The process from which kernels are forked: private, and gone with its driver."""

import json
import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ccmlib.run import runtime as runtimes
from ccmlib.run.provisioner import ForkedKernel
from ccmlib.run.runtime import NoKernels, Runtime, kernel_environment
from ccmlib.run.zygote import read_line

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def runtime():
    """Start one zygote for all tests here."""
    with Runtime() as started:
        started.wait_until_listening()
        yield started


def kernel(runtime: Runtime, name: str = "k") -> tuple[ForkedKernel, Path]:
    """Fork a kernel with a connection file of its own."""
    place = runtime.folder / f"{name}.json"
    ports = {
        f"{port}_port": number for number, port in enumerate(("shell", "iopub", "stdin", "control", "hb"), start=1)
    }
    info = {
        **ports,
        "ip": str(runtime.folder / f"{name}-ipc"),
        "key": "k",
        "transport": "ipc",
        "signature_scheme": "hmac-sha256",
        "kernel_name": "python3",
    }
    place.write_text(json.dumps(info))
    arguments = ["-f", str(place), "--HistoryManager.hist_file=:memory:"]
    return ForkedKernel(str(runtime.socket), arguments, str(runtime.folder), kernel_environment(runtime.folder)), place


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_this_user_can_reach_it(runtime):
    forked, _ = kernel(runtime)
    assert mode(runtime.folder) == 0o700
    assert mode(runtime.socket) == 0o600
    sockets = [path for path in runtime.folder.iterdir() if stat.S_ISSOCK(path.stat().st_mode)]
    assert len(sockets) == 6
    assert {mode(path) & 0o077 for path in sockets} == {0}
    forked.kill()
    assert forked.wait() == -9


def test_a_kernel_ends_with_whoever_asked_for_it(runtime):
    forked, _ = kernel(runtime, "gone")
    assert forked.poll() is None
    forked.connection.close()
    limit = time.monotonic() + 5
    while Path(f"/proc/{forked.pid}").exists() and time.monotonic() < limit:
        time.sleep(0.02)
    assert not Path(f"/proc/{forked.pid}").exists()


def test_how_a_kernel_ended_is_told(runtime):
    forked, _ = kernel(runtime, "told")
    forked.terminate()
    assert forked.wait() in (-15, 0, 1)
    assert forked.poll() == forked.returncode
    forked.send_signal(9)  # of a process that has ended: nothing happens


def test_a_kernel_that_cannot_start_is_told(runtime):
    broken = ForkedKernel(str(runtime.socket), ["-f", "/nowhere/k.json"], "/nowhere", {})
    assert broken.poll() == 1
    assert "/nowhere" in runtime.messages.read_text()


def test_without_a_zygote_there_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("ccmlib.run.provisioner.RESTART_SECONDS", 0.1)
    with pytest.raises(ConnectionError, match="is gone"):
        ForkedKernel(str(tmp_path / "none"), ["-f", "k"], "/", {})


def test_it_has_no_settled_backend_and_no_threads_of_its_own():
    program = (
        "from ccmlib.run import zygote; zygote.warm_up(); import sys, threading\n"
        "assert not [name for name in sys.modules if name.startswith('matplotlib_inline')]\n"
        "assert threading.active_count() == 1\n"
        "assert 'debugpy' not in sys.modules\n"
        "import ipykernel.debugger\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "not warmed" not in done.stderr


def test_it_says_why_it_did_not_start(monkeypatch):
    monkeypatch.setattr(runtimes.sys, "executable", "/bin/false")
    with Runtime() as failed, pytest.raises(NoKernels, match="did not start"):
        failed.wait_until_listening()


def test_its_environment_is_the_same_for_everyone(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "abc")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    environment = kernel_environment(tmp_path)
    assert "SECRET_TOKEN" not in environment
    assert (environment["LC_ALL"], environment["TZ"], environment["PYTHONHASHSEED"]) == ("C.UTF-8", "UTC", "0")


def test_lines_are_read_one_by_one():
    one, other = socket.socketpair()
    other.sendall(b"first\nsecond\nthi")
    assert read_line(one) == b"first"
    assert read_line(one) == b"second"
    other.sendall(b"rd\n")
    assert read_line(one) == b"third"
    other.close()
    assert read_line(one) is None
    one.close()
    assert read_line(one) is None


def test_closing_it_ends_kernels_and_removes_its_folder():
    started = Runtime()
    started.wait_until_listening()
    forked, _ = kernel(started)
    started.close()
    assert not started.folder.exists()
    assert forked.wait() == -9
    assert not os.path.exists(f"/proc/{forked.pid}")
