"""A report appears whole or not at all: it is made in a folder beside its place, then the two change places."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from ccmlib.base import files

_NEW, _OLD = ".new-", ".old-"
SURE_LENGTH = 8
"""A shorter name could stand in a page by chance."""


@contextlib.contextmanager
def only_run(target: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a report's place for this run; another run for the same place says so and waits."""
    with files.locked(target.parent / f".{target.name}.lock", waiting):
        recover(target)
        yield


def recover(target: Path) -> None:
    """Put right what a killed run left behind; called with the place held."""
    parent = target.parent
    old = sorted(parent.glob(f".{target.name}{_OLD}*"))
    if old and not target.exists():
        os.rename(old.pop(), target)  # killed between the two renames: the earlier report goes back
    for left in (*old, *parent.glob(f".{target.name}{_NEW}*")):
        shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def staging(target: Path) -> Iterator[Path]:
    """Give an empty folder beside the report's place; it is removed at the end, whatever is in it then."""
    stage = target.parent / f".{target.name}{_NEW}{os.getpid()}"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def swap_in(stage: Path, target: Path, listed: Collection[str]) -> None:
    """Publish a staged report in place of the earlier one, of which `listed` are the files that it may remove."""
    settle(stage)
    keep_others(stage, target, listed)
    if not target.exists():
        os.rename(stage, target)
    elif not exchange(stage, target):
        old = target.parent / f".{target.name}{_OLD}{os.getpid()}"
        os.rename(target, old)
        os.rename(stage, target)
        shutil.rmtree(old, ignore_errors=True)


def keep_others(stage: Path, target: Path, listed: Collection[str]) -> None:
    """Take over what the earlier report did not make, such as an analyst's notes, unless the new one has the name."""
    for path in _files(target):
        kept = stage / path.relative_to(target)
        if path.relative_to(target).as_posix() not in listed and not os.path.lexists(kept):
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, kept, follow_symlinks=False)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step where the system can, so that at no moment either place is empty."""
    if sys.platform != "linux":
        return False
    at_cwd, rename_exchange = -100, 2
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    return renameat2(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), rename_exchange) == 0


def settle(folder: Path) -> None:
    """Bring a folder's files to the disk, so that a machine that stops after the exchange has them whole."""
    for path in _files(folder):
        with path.open("rb+") as opened:
            os.fsync(opened.fileno())


def _files(folder: Path) -> Iterator[Path]:
    return (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)


class PlaceInReport(OSError):
    """A file that is to be published names a folder of this machine."""


def refuse_places(stage: Path, places: Iterable[Path]) -> None:
    """Stop if a staged file names one of these folders, or this machine; what it says is its maker's to look up."""
    needles = [f"{place}/" for place in places if place != Path("/")]
    needles += [str(place) for place in places if len(str(place)) >= SURE_LENGTH]
    needles += [name for name in (socket.gethostname(),) if len(name) >= SURE_LENGTH and name != "localhost"]
    found = []
    for path in _files(stage):
        content = path.read_bytes()
        if any(needle.encode() in content for needle in needles):
            found.append(path.relative_to(stage).as_posix())
    if found:
        raise PlaceInReport(None, f"this machine or a folder of it is named in {', '.join(sorted(found))}")
