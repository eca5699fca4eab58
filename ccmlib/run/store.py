"""The content-addressed store in ``.cache/``: what a key once gave, found again.

An entry is a folder, filled under a temporary name and then renamed: it is there whole or not at all, whenever the run
is killed. Its hashes are checked when it is used, so that a file cut short by a dying machine is never published.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ccmlib.base import files
from ccmlib.run import hashing

CONTENTS = "entry.json"
MOST_BYTES = 2_000_000_000
"""Least recently used entries go when the store grows beyond this."""


class Store:
    """Entries of one kind, ``notebooks`` or ``pages``, in the folder of the cache."""

    def __init__(self, folder: Path, kind: str):
        self.folder = folder / kind
        self.locks = folder / "locks"
        self.temporary = folder / "partial"

    def place(self, key: str) -> Path:
        """Say where an entry is, whether it is there or not."""
        return self.folder / key[:2] / key

    def get(self, key: str) -> dict[str, str] | None:
        """Find an entry that is whole: its hashes by relative path. A broken one is removed."""
        place = self.place(key)
        entry = hashing.read_cached(place / CONTENTS)
        try:
            if entry is None or any(hashing.of_file(place / name) != digest for name, digest in entry.items()):
                raise OSError
        except OSError:
            if place.exists():
                self.drop(key)
            return None
        with contextlib.suppress(OSError):
            os.utime(place)  # used now: the last to be pruned
        return entry

    def drop(self, key: str) -> None:
        """Remove an entry, in one step for whoever looks."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        gone = self.temporary / f"{os.getpid()}-gone-{key[:16]}"
        with contextlib.suppress(FileNotFoundError):
            os.rename(self.place(key), gone)
        shutil.rmtree(gone, ignore_errors=True)

    def filling(self) -> contextlib.AbstractContextManager[Path]:
        """Give an empty folder to fill; it is removed at the end unless :meth:`put` has taken it."""
        return scratch(self.temporary)

    def put(self, key: str, filled: Path) -> dict[str, str]:
        """Make an entry of a filled folder, and give it as :meth:`get` does."""
        entry: dict[str, str] = hashing.of_folder(filled)
        files.write_whole(filled / CONTENTS, hashing.as_json(entry))
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

    def locked(self, key: str) -> Any:
        """Hold a key, so that two runs do not do the same work at once."""
        # One file for many keys, so that locks do not pile up; a task holds only one at a time.
        return files.locked(self.locks / key[:3])

    def prune(self, most_bytes: int = MOST_BYTES) -> None:
        """Remove the entries longest unused until the rest fits."""
        entries = []
        for place in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
                entries.append((place.stat().st_mtime_ns, size, place.name))
        held = 0
        for _, size, key in sorted(entries, reverse=True):
            held += size
            if held > most_bytes:
                self.drop(key)


@contextlib.contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Give an empty folder named by the number of this process; at the end it is removed, if it is still there."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=folder, ignore_cleanup_errors=True) as made:
        yield Path(made)


def sweep(folder: Path) -> None:
    """Remove what killed runs left half-made in the cache: folders named by the number of a process that is gone."""
    for left in (*(folder / "partial").glob("*"), *(folder / "work").glob("*")):
        pid = left.name.partition("-")[0]
        if not (pid.isdigit() and alive(int(pid))):
            shutil.rmtree(left, ignore_errors=True)


def alive(pid: int) -> bool:
    """Tell whether a process runs, be it another user's."""
    if os.name == "nt":  # there the signal 0 would end it: what is left is swept by whoever cleans the cache
        return True
    try:
        os.kill(pid, 0)
    except OSError as refused:
        return isinstance(refused, PermissionError)
    return True
