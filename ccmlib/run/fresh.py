"""Is a report what its inputs would make again? Answered in about the time Python takes to start.

Only the standard library is imported here. What decides is the content: each input and output must have the hash it
had when the report was made. A file whose size, times and inode are all as recorded is not read again: the time of an
inode's last change cannot be set by a program, and files changed just before the record was taken are always read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ccmlib.base import project
from ccmlib.run import PACKAGE_PARENT, hashing

LOCKS = ("requirements.lock", "environment.yml", "pyproject.toml")
"""Files that say which libraries the project runs with."""
SETTLED_NS = 3_000_000_000
"""A file changed within this time of the record may change again without its times showing it."""


def base_of(name: str) -> Path:
    """Folder that an input's name is relative to.

    Parameters
    ----------
    name : str
        Such as ``data/raw/use.xlsx``.

    Returns
    -------
    Path
        The project, or for the library the folder from which it was imported.
    """
    return PACKAGE_PARENT if name.startswith("ccmlib/") else project.ROOT


def input_names() -> list[str]:
    """List every file from which a report can be made.

    Returns
    -------
    list of str
        Raw exports, tidy tables, notebooks, library and locks, relative to the project.
    """
    names = []
    for top, folder in (
        ("ccmlib", PACKAGE_PARENT / "ccmlib"), ("data/raw", project.RAW), ("data/processed", project.PROCESSED),
        ("notebooks", project.NOTEBOOKS),
    ):  # fmt: skip
        names += [f"{top}/{name}" for name in hashing.files_in(folder)]
    return names + [name for name in LOCKS if (project.ROOT / name).is_file()]


def stamp(path: Path) -> list[int]:
    """Give a file's size, times and inode: a hint, never the answer.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of int
        To compare with an earlier one.
    """
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


class Hashes:
    """Hashes of files, read from the record where the stamp says that the file is the one recorded.

    Parameters
    ----------
    recorded : mapping
        Stamp and hash by name.
    """

    def __init__(self, recorded: Mapping[str, Any]):
        self.recorded = recorded
        self.read = 0

    def of(self, name: str, path: Path) -> str | None:
        """Hash a file.

        Parameters
        ----------
        name : str
            Its name in the record.
        path : Path
            The file.

        Returns
        -------
        str or None
            None when it is not there.
        """
        try:
            known = self.recorded.get(name)
            if known and known[0] is not None and known[0] == stamp(path):
                return known[1]
            self.read += 1
            return hashing.of_file(path)
        except OSError:
            return None


def entries(names: Iterable[str], base: Any) -> dict[str, list[Any]]:
    """Record files.

    Parameters
    ----------
    names : iterable of str
        Their names.
    base : callable
        Gives the folder that a name is relative to.

    Returns
    -------
    dict
        Stamp and hash by name; no stamp for a file that has just been changed.
    """
    now = time.time_ns()
    found = {}
    for name in names:
        path = base(name) / name
        before = stamp(path)
        digest = hashing.of_file(path)
        settled = max(before[1], before[2]) < now - SETTLED_NS
        found[name] = [before if settled and stamp(path) == before else None, digest]
    return found


def record_place(ask: Mapping[str, Any]) -> Path:
    """Where the record of a report is kept.

    Parameters
    ----------
    ask : mapping
        What was asked for.

    Returns
    -------
    Path
        In the cache.
    """
    return project.CACHE / "fresh" / f"{hashing.of_data(ask)[:32]}.json"


def record(ask: Mapping[str, Any], target: Path, inputs: Mapping[str, list[Any]]) -> None:
    """Note that a report is what its inputs make.

    Parameters
    ----------
    ask : mapping
        What was asked for.
    target : Path
        Folder of the report.
    inputs : mapping
        As they were before the run, from :func:`entries`.
    """
    outputs = entries(hashing.files_in(target), lambda name: target)
    versions = hashing.installed_versions()
    hashing.write_json(record_place(ask), {"inputs": dict(inputs), "outputs": outputs, "versions": versions})


def is_fresh(ask: Mapping[str, Any], target: Path) -> bool:
    """Tell whether a report is there, whole, and what its inputs would make again.

    Parameters
    ----------
    ask : mapping
        What is asked for.
    target : Path
        Folder of the report.

    Returns
    -------
    bool
        False also when nothing is known.
    """
    place = record_place(ask)
    known = hashing.read_json(place)
    if not known or known["versions"] != hashing.installed_versions():
        return False
    inputs, outputs = Hashes(known["inputs"]), Hashes(known["outputs"])
    if set(input_names()) != set(known["inputs"]) or set(hashing.files_in(target)) != set(known["outputs"]):
        return False
    fresh = all(inputs.of(name, base_of(name) / name) == known["inputs"][name][1] for name in known["inputs"])
    fresh = fresh and all(outputs.of(name, target / name) == known["outputs"][name][1] for name in known["outputs"])
    if fresh and inputs.read + outputs.read:
        renewed = {
            "inputs": entries(known["inputs"], base_of),
            "outputs": entries(known["outputs"], lambda name: target),
            "versions": known["versions"],
        }
        try:
            hashing.write_json(place, renewed)
        except OSError:  # a full disk or a read-only cache does not make the report less fresh
            return True
    return fresh
