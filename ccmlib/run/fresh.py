"""Is a report what its inputs would make again? Answered in about the time Python takes to start.

Only the standard library is imported here. What decides is the content: each input and output must have the hash it
had when the report was made. A file whose size, times and inode are all as recorded is not read again: the time of an
inode's last change cannot be set by a program, and files changed just before the record was taken are always read.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ccmlib.base import files, project
from ccmlib.run import hashing
from ccmlib.run.hashing import PACKAGE_PARENT

LOCKS = ("requirements-report.lock", "environment.yml", "pyproject.toml")
"""Files that say which libraries the project runs with."""
SETTLED_NS = 3_000_000_000
"""A file changed within this time of the record may change again without its times showing it."""


def input_path(name: str) -> Path:
    """Find an input by its name, such as ``data/raw/use.xlsx``, wherever the library was imported from."""
    return (PACKAGE_PARENT if name.startswith("ccmlib/") else project.ROOT) / name


def input_names() -> list[str]:
    """List every file from which a report can be made: raw exports, tidy tables, notebooks, library, locks."""
    folders = {
        "ccmlib": PACKAGE_PARENT / "ccmlib", "data/raw": project.RAW, "data/processed": project.PROCESSED,
        "notebooks": project.NOTEBOOKS,
    }  # fmt: skip
    names = [f"{top}/{name}" for top, folder in folders.items() for name in hashing.files_in(folder)]
    return names + [name for name in LOCKS if (project.ROOT / name).is_file()]


def stamp(path: Path) -> list[int]:
    """Give a file's size, times and inode: a hint, never the answer."""
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def entries(names: Iterable[str], path_of: Callable[[str], Path]) -> dict[str, list[Any]]:
    """Record files: stamp and hash by name; no stamp for a file that has just been changed."""
    now = time.time_ns()
    found = {}
    for name in names:
        path = path_of(name)
        before = stamp(path)
        digest = hashing.of_file(path)
        settled = max(before[1], before[2]) < now - SETTLED_NS
        found[name] = [before if settled and stamp(path) == before else None, digest]
    return found


def record_place(ask: Mapping[str, Any]) -> Path:
    """Say where the record of what was asked for is kept."""
    return project.CACHE / "fresh" / f"{hashing.of_data(ask)[:32]}.json"


def record(ask: Mapping[str, Any], target: Path, inputs: Mapping[str, list[Any]], outputs: Iterable[str]) -> None:
    """Note that a report is what its inputs make, these being as they were before the run."""
    known = {"inputs": dict(inputs), "outputs": entries(outputs, target.joinpath)}
    known["versions"] = hashing.installed_versions()
    files.write_whole(record_place(ask), hashing.as_json(known))


def is_fresh(ask: Mapping[str, Any], target: Path) -> bool:
    """Tell whether a report is there, whole, and what its inputs would make again; False when nothing is known."""
    place = record_place(ask)
    known = hashing.read_cached(place)
    if not known or known["versions"] != hashing.installed_versions() or set(input_names()) != set(known["inputs"]):
        return False
    places = {"inputs": input_path, "outputs": target.joinpath}
    try:
        read = [_read_again(known[kind], path_of) for kind, path_of in places.items()]
    except (OSError, ValueError):
        return False
    if any(read):
        renewed = {kind: entries(known[kind], path_of) for kind, path_of in places.items()}
        with contextlib.suppress(OSError):  # a full disk or a read-only cache does not make the report less fresh
            files.write_whole(place, hashing.as_json({**known, **renewed}))
    return True


def _read_again(recorded: Mapping[str, list[Any]], path_of: Callable[[str], Path]) -> int:
    """Compare files with their record and count those that had to be read; a ValueError where one differs."""
    read = 0
    for name, (seen, digest) in recorded.items():
        path = path_of(name)
        if seen is None or seen != stamp(path):
            read += 1
            if hashing.of_file(path) != digest:
                raise ValueError(name)
    return read
