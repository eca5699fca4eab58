"""Where the project keeps its files."""

import os
from pathlib import Path

#: The checkout; the environment variable ``CCM_ROOT`` points elsewhere, such as at a copy.
ROOT = Path(os.environ.get("CCM_ROOT") or Path(__file__).resolve().parents[1]).resolve()
#: Exports exactly as received.
RAW = ROOT / "data" / "raw"
#: Tidy tables, made from the exports.
PROCESSED = ROOT / "data" / "processed"
NOTEBOOKS = ROOT / "notebooks"
REPORTS = ROOT / "reports"
CACHE = ROOT / ".cache"
