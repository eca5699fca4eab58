"""Where the project keeps its files, and how a message names them."""

import os
from pathlib import Path

#: The checkout; the environment variable ``CCM_ROOT`` points elsewhere, such as at a copy.
ROOT = Path(os.environ.get("CCM_ROOT") or Path(__file__).resolve().parents[2]).resolve()
#: Exports exactly as received.
RAW = ROOT / "data" / "raw"
#: Tidy tables, made from the exports.
PROCESSED = ROOT / "data" / "processed"
NOTEBOOKS = ROOT / "notebooks"
REPORTS = ROOT / "reports"
CACHE = ROOT / ".cache"


def shown(path: Path | str) -> str:
    """Write a path for a message: relative to the project where it is in it."""
    path = Path(path).resolve()
    return path.relative_to(ROOT).as_posix() if ROOT in path.parents else str(path)


def refused(error: OSError) -> str:
    """Say what the system refused: the folder that cannot be written, or else the file; and why.

    Examples
    --------
    >>> refused(OSError(28, "No space left on device", f"{ROOT}/reports/index.html"))
    'reports/index.html: No space left on device'
    """
    reason = error.strerror or str(error)
    if not error.filename:
        return reason
    folder = Path(error.filename).parent
    if folder.is_dir() and not os.access(folder, os.W_OK):
        return f"{shown(folder)} cannot be written: {reason}"
    return f"{shown(error.filename)}: {reason}"
