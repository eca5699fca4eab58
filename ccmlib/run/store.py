"""The content-addressed store in ``.cache/``: what a key once gave, found again.

An entry is a folder, filled under a temporary name and then renamed: it is there whole or not at all, whenever the run
is killed. Its hashes are checked when it is used, so that a file cut short by a dying machine is never published.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ccmlib.run import hashing

CONTENTS = "entry.json"
MOST_BYTES = 2_000_000_000
"""Least recently used entries go when the store grows beyond this."""


class Store:
    """Entries of one kind.

    Parameters
    ----------
    folder : Path
        Of the cache.
    kind : str
        Name of the kind: ``notebooks`` or ``pages``.
    """

    def __init__(self, folder: Path, kind: str):
        self.folder = folder / kind
        self.locks = folder / "locks"
        self.temporary = folder / "partial"

    def place(self, key: str) -> Path:
        """Folder of an entry.

        Parameters
        ----------
        key : str
            SHA-256 in hexadecimal.

        Returns
        -------
        Path
            Whether it is there or not.
        """
        return self.folder / key[:2] / key

    def get(self, key: str) -> dict[str, Any] | None:
        """Find an entry that is whole.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        dict or None
            What was recorded with it: ``files`` (hash by relative path) and ``facts``. None when it is not there or a
            file is not what it was; a broken entry is removed.
        """
        place = self.place(key)
        entry = hashing.read_json(place / CONTENTS)
        if entry is None:
            if place.exists():
                self.drop(key)
            return None
        try:
            whole = all(hashing.of_file(place / name) == digest for name, digest in entry["files"].items())
        except OSError:
            whole = False
        if not whole:
            self.drop(key)
            return None
        with contextlib.suppress(OSError):
            os.utime(place)  # used now: the last to be pruned
        return entry

    def drop(self, key: str) -> None:
        """Remove an entry.

        Parameters
        ----------
        key : str
            Its key.
        """
        place = self.place(key)
        gone = self.temporary / f"gone-{key[:16]}-{os.getpid()}"
        self.temporary.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.rename(place, gone)
        shutil.rmtree(gone, ignore_errors=True)

    @contextlib.contextmanager
    def filling(self) -> Iterator[Path]:
        """Give a temporary folder to fill; it is removed at the end unless :meth:`put` has taken it.

        Yields
        ------
        Path
            An empty folder on the same file system as the store.
        """
        self.temporary.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self.temporary))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, key: str, filled: Path, facts: dict[str, Any]) -> dict[str, Any]:
        """Make an entry of a filled folder.

        Parameters
        ----------
        key : str
            Its key.
        filled : Path
            From :meth:`filling`.
        facts : dict
            To record with it.

        Returns
        -------
        dict
            As :meth:`get` gives it.
        """
        entry = {"files": hashing.of_folder(filled), "facts": facts}
        hashing.write_json(filled / CONTENTS, entry)
        place = self.place(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.rename(filled, place)
        except OSError:
            if not place.exists():
                raise
            # Another run filled the same key: both hold the same, unless that one is being replaced by force.
            self.drop(key)
            os.rename(filled, place)
        return entry

    @contextlib.contextmanager
    def locked(self, key: str) -> Iterator[None]:
        """Hold a key, so that two runs do not do the same work at once.

        Parameters
        ----------
        key : str
            The key.
        """
        self.locks.mkdir(parents=True, exist_ok=True)
        # One file for many keys, so that locks do not pile up; a task holds only one at a time.
        with open(self.locks / key[:3], "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def prune(self, most_bytes: int = MOST_BYTES) -> int:
        """Remove the entries longest unused until the rest fits.

        Parameters
        ----------
        most_bytes : int
            What the store may hold.

        Returns
        -------
        int
            Entries removed.
        """
        entries = []
        for place in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
                entries.append((place.stat().st_mtime_ns, size, place.name))
        entries.sort(reverse=True)
        held = removed = 0
        for _, size, key in entries:
            held += size
            if held > most_bytes:
                self.drop(key)
                removed += 1
        return removed


def sweep(folder: Path) -> None:
    """Remove what killed runs left half-made in the cache.

    Parameters
    ----------
    folder : Path
        Of the cache.
    """
    for left in (*(folder / "partial").glob("*"), *(folder / "work").glob("*")):
        digits = left.name.rpartition("gone-")[2] if left.name.startswith("gone-") else left.name
        pid = digits.rpartition("-")[2] if left.name.startswith("gone-") else digits.partition("-")[0]
        if not (pid.isdigit() and alive(int(pid))):
            shutil.rmtree(left, ignore_errors=True)


def alive(pid: int) -> bool:
    """Tell whether a process runs.

    Parameters
    ----------
    pid : int
        Its number.

    Returns
    -------
    bool
        True also for another user's process.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
