"""Kill it at any moment, run two at once, fill the disk: the earlier report stays whole and the next run completes."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import run_samples

from ccmlib.run import hashing, publish

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("CCM_KILLS", "5"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Lay out a project whose runtime folders are its own, to see what is left of them."""
    runtime = Path("/tmp") / f"ccm-test-{os.getpid()}"  # short: the path of a socket may have 107 characters
    runtime.mkdir()
    monkeypatch.setenv("TMPDIR", str(runtime))
    yield run_samples.make(tmp_path / "project", "01_parties", "02_states", "00_summary")
    left = wait_until_gone(runtime)
    for path in runtime.iterdir():
        path.rmdir()
    runtime.rmdir()
    assert left == []


def start(folder: Path, **options) -> subprocess.Popen:
    return run_samples.command(folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def wait_until_gone(runtime: Path) -> list[str]:
    """Wait until no process of a run lives, and name what is left of its folders."""
    limit = time.monotonic() + 15
    while time.monotonic() < limit and (list(runtime.iterdir()) or processes_in(runtime)):
        time.sleep(0.05)
    return [path.name for path in runtime.iterdir()] + processes_in(runtime)


def processes_in(runtime: Path) -> list[str]:
    """Find processes that name the runtime folder: the server on its command line, kernels in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if f"IPYTHONDIR={runtime}".encode() in told:
            found.append(process.name)
    return found


def test_killed_at_any_moment(project):
    report, chance = project / "reports/6MSP", random.Random(20160630)
    started = time.monotonic()
    said = start(project).communicate()[0]
    assert (report / "manifest.json").exists(), said
    usual = time.monotonic() - started
    allowed = {"2016,100": hashing.of_folder(report)}
    now, survived = "2016,100", 0
    for number in range(KILLS):
        other = f"2016,{101 + number}"
        run_samples.change(project / "data/raw/counts.csv", now, other)
        now = other
        process = start(project, start_new_session=True)
        time.sleep(chance.uniform(0, 1.1 * usual))
        process.kill()
        process.communicate()
        assert publish.verify(report) == []
        found = json.loads((report / "01_parties/section.json").read_text())["parties"]
        assert 100 <= found <= 101 + number
        assert 100 <= int(run_samples.rows(project / "data/processed/counts.csv")[-1]["parties"]) <= 101 + number
        survived += 1
    # First something new: where no killed run got as far as publishing, the old numbers are answered without a run.
    for last in ("2016,99", "2016,100"):
        run_samples.change(project / "data/raw/counts.csv", now, last)
        now = last
        process = start(project)
        said = process.communicate()[0]
        assert process.returncode == 0, said
    assert hashing.of_folder(report) == allowed["2016,100"]
    assert survived == KILLS
    left = sorted(path.name for path in report.parent.iterdir())
    assert left == [".6MSP.lock", "6MSP"]


def test_stopped_by_the_keyboard(project):
    process = start(project, start_new_session=True)
    time.sleep(2)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=20)[0]
    assert process.returncode in (0, 130)
    assert "Traceback" not in said
    assert process.returncode == 0 or "what was there before is as it was" in said


def test_two_runs_at_once_are_both_right(project):
    both = [start(project), start(project)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert publish.verify(project / "reports/6MSP") == []
    assert sum("another run is making 6MSP: waiting for it" in text for text in said) == 1
    later = next(text for text in said if "another run" in text)
    assert "unchanged" in later
    assert [line for line in later.splitlines() if "/3 " in line and line.endswith(" s")] == []


@pytest.mark.parametrize("when", ["starting", "serving"])
def test_the_fork_server_is_started_again_when_it_is_killed(project, when):
    run_samples.shutil.copyfile(run_samples.NOTEBOOKS / "bench.ipynb", project / "notebooks/04_more.ipynb")
    process = start(project)
    server = None
    while server is None and process.poll() is None:
        running = Path("/proc").glob("[0-9]*")
        server = next((int(path.name) for path in running if is_fork_server_of(path, process.pid)), None)
        time.sleep(0.05)
    if when == "serving":
        while not list(Path(os.environ["TMPDIR"]).glob("ccm-*/*.json")) and process.poll() is None:
            time.sleep(0.05)
    os.kill(server, signal.SIGKILL)
    said = process.communicate()[0]
    assert process.returncode == 0, said
    assert publish.verify(project / "reports/6MSP") == []


def is_fork_server_of(process: Path, driver: int) -> bool:
    try:
        line = (process / "cmdline").read_bytes()
        parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        return False
    return b"multiprocessing.forkserver" in line and parent == str(driver)


def test_a_full_disk(tmp_path):
    small_disk = (
        subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)], capture_output=True
        ).returncode
        == 0
    )
    script = [sys.executable, str(run_samples.TESTS / "run_full_disk.py"), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(run_samples.TESTS.parent), "TMPDIR": "/tmp"}
    if small_disk:
        script = ["unshare", "-rm", *script, "small disk"]
    else:
        script += ["limited"]
    done = subprocess.run(script, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    first, *full, last = json.loads(done.stdout)
    assert (first["code"], last["code"]) == (0, 0), (first["said"], last["said"])
    assert last["hashes"] == first["hashes"]
    assert full[0]["code"] == 1
    for run in full:
        assert run["differs"] == []
        assert run["beside"] == [".6MSP.lock", "6MSP"]
        assert "Traceback" not in run["said"]
        if run["code"]:
            assert run["hashes"] == first["hashes"]
            assert "No space left" in run["said"] or "File too large" in run["said"]


def with_read_only(folder: Path) -> tuple[str, ...]:
    """Give the command within which a folder is read-only, also for root."""
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    return ("unshare", "-rm", "sh", "-c", mount, str(folder))


@pytest.mark.parametrize("place", ["reports", "data/processed"])
def test_a_folder_that_cannot_be_written(project, place):
    if subprocess.run([*with_read_only(project / place), "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a folder read-only")
    assert start(project).wait() == 0
    before = hashing.of_folder(project / "reports/6MSP")
    tables = hashing.of_folder(project / "data/processed")
    run_samples.change(project / "data/raw/counts.csv", "2016,100", "2016,101")
    process = start(project, within=with_read_only(project / place))
    said = process.communicate()[0]
    assert process.returncode == 1, said
    assert "Traceback" not in said
    assert f"{place} cannot be written: Read-only file system" in said
    assert hashing.of_folder(project / "reports/6MSP") == before
    assert sorted(path.name for path in (project / "reports").iterdir()) == [".6MSP.lock", "6MSP"]
    if place == "data/processed":
        assert hashing.of_folder(project / place) == tables
    # The folder can be written again: the next run is as good as any.
    assert start(project).wait() == 0
    assert publish.verify(project / "reports/6MSP") == []
    assert hashing.of_folder(project / "reports/6MSP") != before
