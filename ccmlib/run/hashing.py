"""Content hashes of files, folders and plain data; standard library only, since the fast path imports it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

LIBRARIES = (
    "babel", "ipykernel", "ipython", "jinja2", "jupyter-client", "matplotlib", "nbclient", "nbconvert",
    "nbformat", "num2words", "numpy", "pandas", "pandera", "papermill", "pyarrow", "python-calamine", "statsmodels",
)  # fmt: skip
"""Installed libraries whose version can change what a report says or looks like."""

_PASSED_OVER = ("__pycache__", ".ipynb_checkpoints")


def of_bytes(content: bytes) -> str:
    """Hash bytes.

    Parameters
    ----------
    content : bytes
        What to hash.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    return hashlib.sha256(content).hexdigest()


def of_file(path: str | Path) -> str:
    """Hash a file's content.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    with open(path, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def of_data(data: Any) -> str:
    """Hash plain data, whatever the order of its keys.

    Parameters
    ----------
    data : Any
        Made of what JSON can hold.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    return of_bytes(json.dumps(data, sort_keys=True, ensure_ascii=False).encode())


def files_in(folder: str | Path) -> Iterator[str]:
    """List a folder's files, in order, without hidden ones, bytecode and an open workbook's lock file.

    Parameters
    ----------
    folder : str or Path
        The folder; one that does not exist has no files.

    Yields
    ------
    str
        Path of each file relative to the folder, with forward slashes.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        name = entry.name
        if name.startswith((".", "~$")) or name in _PASSED_OVER:
            continue
        if entry.is_dir():
            for below in files_in(entry.path):
                yield f"{name}/{below}"
        elif not name.endswith(".pyc"):
            yield name


def of_folder(folder: str | Path, leave_out: Iterable[str] = ()) -> dict[str, str]:
    """Hash each file of a folder.

    Parameters
    ----------
    folder : str or Path
        The folder.
    leave_out : iterable of str
        First parts of relative paths to pass over.

    Returns
    -------
    dict
        Hash by relative path.
    """
    left_out = tuple(leave_out)
    return {
        name: of_file(os.path.join(folder, name))
        for name in files_in(folder)
        if not (left_out and name.startswith(left_out))
    }


def installed_versions(libraries: Iterable[str] = LIBRARIES) -> dict[str, str]:
    """Read the versions of installed libraries from the names of their metadata folders.

    Reading the names takes a millisecond; ``importlib.metadata`` takes as long to import as a whole no-change run.

    Parameters
    ----------
    libraries : iterable of str
        Names of distributions.

    Returns
    -------
    dict
        Version by name, with Python's; a library that is not installed is left out.
    """
    wanted = {name.replace("-", "_").replace(".", "_").lower(): name for name in libraries}
    found = {"python": sys.version.split()[0]}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in sorted(names):
            if entry.endswith(".dist-info"):
                name, _, version = entry.removesuffix(".dist-info").partition("-")
                key = wanted.get(name.replace("-", "_").replace(".", "_").lower())
                if key:
                    found.setdefault(key, version)
    return dict(sorted(found.items()))


def write_json(path: Path, data: Any) -> None:
    """Write a JSON file whole or not at all.

    Parameters
    ----------
    path : Path
        Where.
    data : Any
        Made of what JSON can hold.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def read_json(path: Path) -> Any:
    """Read a JSON file of the cache.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Any
        Its content; None when it is missing or is not whole.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
