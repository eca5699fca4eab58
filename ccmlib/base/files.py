"""Files that are written whole or not at all, archives of them, and the lock that keeps two processes apart."""

import contextlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path


def write_whole(path: Path | str, content: str | bytes) -> None:
    """Write a file so that a reader, or a machine that stops, finds the earlier file or the new one, never a half.

    Its folder is made if it is not there. Text is written as UTF-8, its line ends as they are.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def packed(entries: Mapping[str, bytes]) -> bytes:
    """Pack files as a zip archive, in their order: the same bytes for the same files, whatever the day, system and umask."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo  # not for those who pack nothing

    archive = io.BytesIO()
    with ZipFile(archive, "w") as file:
        for name, content in entries.items():
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # the earliest day that a zip can hold
            info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, 0o644 << 16, 3
            file.writestr(info, content)
    return archive.getvalue()


@contextlib.contextmanager
def locked(path: Path | str, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold a lock file, which stays, empty; whoever else wants it calls `waiting` and waits, in whatever process."""
    from filelock import FileLock, Timeout  # imports asyncio: not for those who lock nothing

    Path(path).parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, poll_interval=0.05)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
