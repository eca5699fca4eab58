"""Content hashes of files, folders and plain data; standard library only, since the quick answer imports it."""

import glob
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

#: Folder from which ccmlib was imported.
PACKAGE_PARENT = Path(__file__).resolve().parents[2]
#: Installed libraries whose version can change what a report says or looks like.
LIBRARIES = (
    "babel", "ipykernel", "ipython", "jinja2", "jupyter-client", "matplotlib", "nbclient", "nbconvert",
    "nbformat", "num2words", "numpy", "pandas", "papermill", "pyarrow", "python-calamine", "statsmodels",
)  # fmt: skip


def of_bytes(content: bytes) -> str:
    """Hash bytes: SHA-256 in hexadecimal, as everywhere here."""
    return hashlib.sha256(content).hexdigest()


def of_file(path: str | Path) -> str:
    """Hash a file's content."""
    with open(path, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def of_data(data: object) -> str:
    """Hash plain data, whatever the order of its keys."""
    return of_bytes(json.dumps(data, sort_keys=True, ensure_ascii=False).encode())


def files_in(folder: str | Path) -> list[str]:
    """List a folder's files in order, as relative paths with forward slashes; none where there is no folder.

    Hidden files, bytecode and the lock file of an open workbook are passed over.
    """
    names = (name.replace(os.sep, "/") for name in glob.glob("**", root_dir=folder, recursive=True))
    wanted = (name for name in names if "/~$" not in f"/{name}" and not name.endswith(".pyc"))
    return sorted(name for name in wanted if os.path.isfile(os.path.join(folder, name)))


def of_folder(folder: str | Path, wanted: Callable[[str], bool] = lambda name: True) -> dict[str, str]:
    """Hash the wanted files of a folder, by relative path."""
    return {name: of_file(os.path.join(folder, name)) for name in files_in(folder) if wanted(name)}


def installed_versions(libraries: Iterable[str] = LIBRARIES) -> dict[str, str]:
    """Read the versions of installed libraries, and Python's, from the names of their metadata folders.

    Reading names takes a millisecond; `importlib.metadata` takes as long to import as a whole run with nothing to do.
    """
    found = {"python": sys.version.split()[0]}
    for folder in sys.path:
        for entry in glob.glob("*.dist-info", root_dir=folder or "."):
            name, _, version = entry.removesuffix(".dist-info").partition("-")
            found.setdefault(name.lower().replace("_", "-"), version)
    return {name: found[name] for name in ("python", *libraries) if name in found}


def as_json(data: object) -> str:
    """Write plain data as JSON, the same data always as the same text."""
    return json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def read_json(path: Path) -> object:
    """Read a JSON file; None when it is missing or is not whole."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def is_ours(path: Path) -> bool:
    """Tell whether a file of the cache is there and this user's: another's word is not taken."""
    return os.path.exists(path) and (not hasattr(os, "getuid") or os.stat(path).st_uid == os.getuid())


def read_cached(path: Path) -> object:
    """Read a JSON file of the cache; None also when another user wrote it."""
    return read_json(path) if is_ours(path) else None
