"""Are files what their inputs would make again? Answered in about the time Python takes to start.

Only the standard library is imported here. What decides is the content: each input and output must have the hash it
had when the files were made. A file whose size, times and inode are all as recorded is not read again: the time of an
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


def _stamp(path: Path) -> list[int]:
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


Hashes = Mapping[str, tuple[list[int] | None, str]]
"""By name, a file's size, times and inode (none if it has just been changed), and its hash."""


def hashes(names: Iterable[str], path_of: Callable[[str], Path], known: Hashes | None = None) -> Hashes:
    """Hash files, without reading those that are as `known`."""
    now, found = time.time_ns(), {}
    for name in names:
        path = path_of(name)
        seen, digest = (known or {}).get(name, (None, ""))
        before = _stamp(path)
        if seen != before:
            digest = hashing.of_file(path)
            settled = max(before[1], before[2]) < now - SETTLED_NS and _stamp(path) == before
            seen = before if settled else None
        found[name] = [seen, digest]
    return found


def _place(ask: Mapping[str, Any]) -> Path:
    return project.CACHE / "fresh" / f"{hashing.of_data(ask)[:32]}.json"


def record(ask: Mapping[str, Any], inputs: Hashes, folder: Path, outputs: Iterable[str]) -> None:
    """Note what was asked for: that files of a folder are what these inputs make, as they were before."""
    known = {"versions": hashing.installed_versions(), "inputs": inputs, "outputs": hashes(outputs, folder.joinpath)}
    files.write_whole(_place(ask), hashing.as_json(known))


def is_fresh(ask: Mapping[str, Any], folder: Path, wanted: Callable[[str], bool] = lambda name: True) -> bool:
    """Tell whether what was asked for is there, whole, and what its `wanted` inputs would make again."""
    known = hashing.read_cached(_place(ask))
    if not known or known["versions"] != hashing.installed_versions():
        return False
    try:
        now = {
            "versions": known["versions"],
            "inputs": hashes(filter(wanted, input_names()), input_path, known["inputs"]),
            "outputs": hashes(known["outputs"], folder.joinpath, known["outputs"]),
        }
    except OSError:  # a file is gone
        return False
    same = all({name: one[1] for name, one in now[kind].items()} == {name: one[1] for name, one in known[kind].items()}
               for kind in ("inputs", "outputs"))
    if same and now != known:
        with contextlib.suppress(OSError):  # a full disk or a read-only cache does not make it less fresh
            files.write_whole(_place(ask), hashing.as_json(now))
    return same
