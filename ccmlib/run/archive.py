"""The zip of a report: every file of it and the manifest, for a mail or a stick; the same bytes for the same report."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from ccmlib.run import hashing

DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest day a zip can hold: the report's own dates are in its pages."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)
"""What reading a damaged archive raises."""


def bundle(stage: Path, name: str) -> Path:
    """Pack a report's files.

    Parameters
    ----------
    stage : Path
        Folder of the report, its manifest included.
    name : str
        Of the archive, and of the folder in it.

    Returns
    -------
    Path
        The archive, in the same folder.
    """
    target = stage / f"{name}.zip"
    names = [entry for entry in hashing.files_in(stage) if entry != target.name]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for entry in names:
            info = zipfile.ZipInfo(f"{name}/{entry}", DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            # The same rights whatever the umask of the machine.
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, (stage / entry).read_bytes())
    return target


def hashes(path: Path) -> Mapping[str, str]:
    """Hash what an archive holds.

    Parameters
    ----------
    path : Path
        Of the archive.

    Returns
    -------
    mapping
        Hash by name within the archive's folder.

    Raises
    ------
    FileNotFoundError
        If there is none.
    zipfile.BadZipFile, zlib.error
        If it is damaged (see `DAMAGED`).
    """
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: hashing.of_bytes(archive.read(name)) for name in archive.namelist()}
