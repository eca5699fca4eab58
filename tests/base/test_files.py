"""Files are written whole, and two processes do not write at once."""

import io
import os
import subprocess
import sys
import zipfile

import pytest
from waiting import order_of_two

from ccmlib.base import files


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    files.write_whole(tmp_path / "more/a.txt", "one\r\nté\n")
    assert (tmp_path / "more/a.txt").read_bytes() == "one\r\nté\n".encode()
    files.write_whole(tmp_path / "more/a.txt", b"two")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        files.write_whole(tmp_path / "more/a.txt", "three")
    assert [path.name for path in (tmp_path / "more").iterdir()] == ["a.txt"]
    assert (tmp_path / "more/a.txt").read_bytes() == b"two"


def test_the_same_files_are_the_same_archive_on_any_day(monkeypatch):
    made = files.packed({"b.txt": b"x" * 5000, "a/c.txt": "é".encode()})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert files.packed({"b.txt": b"x" * 5000, "a/c.txt": "é".encode()}) == made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["b.txt", "a/c.txt"]
        assert archive.read("a/c.txt").decode() == "é"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_who_wants_a_lock_that_is_held_is_told_and_waits(tmp_path):
    assert order_of_two(lambda told: files.locked(tmp_path / "a/lock", told)) == ["first", "second"]


def test_a_lock_ends_with_the_process_that_held_it(tmp_path):
    program = (
        "import os, sys; from ccmlib.base import files\n"
        "with files.locked(sys.argv[1]):\n    print('held', flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "lock")], capture_output=True, text=True)
    assert done.stdout == "held\n"
    with files.locked(tmp_path / "lock", pytest.fail):
        pass
