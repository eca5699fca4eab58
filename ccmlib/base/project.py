"""Where the project keeps its files, and how a message names them."""

import os
from pathlib import Path

#: What every checkout has: the reporting periods.
PERIODS = Path("data", "raw", "periods.csv")


def _root() -> Path:
    """Find the checkout: that of this file, or where the library is installed, the one around the current folder."""
    around = Path(__file__).resolve().parents[2], Path.cwd(), *Path.cwd().parents
    return next((place for place in around if (place / PERIODS).is_file()), Path.cwd())


#: The checkout; the environment variable ``CCM_ROOT`` points elsewhere, such as at a copy.
ROOT = Path(os.environ.get("CCM_ROOT") or _root()).resolve()
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
