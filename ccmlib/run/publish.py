"""A report appears whole or not at all: it is made in a folder beside its place, then the two change places."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_NEW, _OLD = ".new-", ".old-"
SURE_LENGTH = 8
"""A shorter name could stand in a page by chance."""


@contextlib.contextmanager
def only_run(target: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a report's place for this run; another run for the same place waits.

    Parameters
    ----------
    target : Path
        Folder of the report.
    waiting : callable
        Called if there is something to wait for.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / f".{target.name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        recover(target)
        yield


def recover(target: Path) -> None:
    """Put right what a killed run left behind; called with the place held.

    Parameters
    ----------
    target : Path
        Folder of the report.
    """
    parent = target.parent
    old = sorted(parent.glob(f".{target.name}{_OLD}*"))
    if old and not target.exists():
        os.rename(old.pop(), target)  # killed between the two renames: the earlier report goes back
    for left in (*old, *parent.glob(f".{target.name}{_NEW}*")):
        shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def staging(target: Path) -> Iterator[Path]:
    """Give an empty folder beside the report's place.

    Parameters
    ----------
    target : Path
        Folder of the report.

    Yields
    ------
    Path
        On the same file system; removed at the end, whatever is in it then.
    """
    stage = target.parent / f".{target.name}{_NEW}{os.getpid()}"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def swap_in(stage: Path, target: Path) -> None:
    """Publish a staged report in place of the earlier one.

    Parameters
    ----------
    stage : Path
        The new report, whole.
    target : Path
        Its place.
    """
    settle(stage)
    if not target.exists():
        os.rename(stage, target)
    elif not exchange(stage, target):
        old = target.parent / f".{target.name}{_OLD}{os.getpid()}"
        os.rename(target, old)
        os.rename(stage, target)
        shutil.rmtree(old, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can: at no moment is either place empty.

    Parameters
    ----------
    one, other : Path
        Folders on the same file system.

    Returns
    -------
    bool
        Whether it was done.
    """
    if sys.platform != "linux":
        return False
    at_cwd, rename_exchange = -100, 2
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    return renameat2(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), rename_exchange) == 0


def settle(folder: Path) -> None:
    """Bring a folder's files to the disk, so that a machine that stops after the exchange has them whole.

    Parameters
    ----------
    folder : Path
        The folder.
    """
    for parent, _, files in os.walk(folder):
        for name in files:
            opened = os.open(os.path.join(parent, name), os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)


class PlaceInReport(OSError):
    """A file that is to be published names a folder of this machine."""


def refuse_places(stage: Path, places: Iterable[Path]) -> None:
    """Stop if a staged file names a folder of this machine, or the machine.

    Parameters
    ----------
    stage : Path
        The staged report.
    places : iterable of Path
        Folders that nothing published may name.

    Raises
    ------
    PlaceInReport
        Names the files; what they say is left for their maker to look up.
    """
    needles = [f"{place}/" for place in places if place != Path("/")]
    needles += [str(place) for place in places if len(str(place)) >= SURE_LENGTH]
    needles += [name for name in (socket.gethostname(),) if len(name) >= SURE_LENGTH and name != "localhost"]
    found = []
    for parent, _, files in os.walk(stage):
        for name in files:
            path = Path(parent, name)
            content = path.read_bytes()
            if any(needle.encode() in content for needle in needles):
                found.append(path.relative_to(stage).as_posix())
    if found:
        raise PlaceInReport(None, f"this machine or a folder of it is named in {', '.join(sorted(found))}")
