"""Clean one large activities export and print the seconds of it and of the bare read, and the memory.

Run in a process of its own, so that the memory is that of one file: ``python -m benchmarks.cleaning FILE``.
"""

import json
import re
import sys
import time
from pathlib import Path

import pandas as pd

from ccmlib.treaty import build

HEADER = ("From", "To", "Theme", "Kind", "Actor", "Number", "States", "Title", "Source")
THEMES = ("Universalization", "Clearance", "Victim assistance", "Transparency")
SMALL_COUNT = 10
STATES = ("Lao People's Democratic Republic; Norway", "Lebanon", "Bosnia and Herzegovina; Zambia; Ireland", "")


def rows(count: int) -> pd.DataFrame:
    """Make the rows of an activities export, each with a title of its own."""
    numbers = range(count)
    days = pd.Series(pd.Timestamp("2015-09-12") + pd.to_timedelta([number % 290 for number in numbers], "D"))
    columns = (
        days,
        days,
        [THEMES[number % 4] for number in numbers],
        ["workshop"] * count,
        ["Coordinators"] * count,
        [number % 30 for number in numbers],
        [STATES[number // 4 % 4] for number in numbers],
        [f"Activity {number}" for number in numbers],
        ["6MSP report, para 5"] * count,
    )
    return pd.DataFrame(dict(zip(HEADER, columns, strict=True)))


def write(count: int, path: Path) -> Path:
    """Write an export of so many rows as xlsx or csv, by the ending of its name."""
    if path.suffix == ".csv":
        rows(count).to_csv(path, index=False)
    else:
        rows(count).to_excel(path, sheet_name="Activities", index=False)
    return path


def bare_read(path: Path) -> pd.DataFrame:
    """Read a file with the quickest engine that pandas has for it, and do nothing else."""
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_excel(path, engine="calamine")


def measure(path: Path) -> dict[str, float]:
    """Time the bare read and the cleaning of a file, both in a process that has imported everything.

    What the other exports take, which are read with it, is timed with a few rows in place of the file.
    """
    small = write(SMALL_COUNT, path.with_name(f"small{path.suffix}"))
    for _ in range(2):  # the first imports what is needed
        began = time.perf_counter()
        beside, _ = build.check(small, layout="activities")
        others = time.perf_counter() - began
    bare_read(small)
    began = time.perf_counter()
    count = len(bare_read(path))
    bare = time.perf_counter() - began
    began = time.perf_counter()
    tidy, problems = build.check(path, layout="activities")
    cleaned = time.perf_counter() - began
    gained = len(tidy["activities"]) - len(beside["activities"]) + SMALL_COUNT  # other exports tell of activities too
    if problems or gained != count:
        raise ValueError(f"{gained} of {count} rows\n{problems.text()}")
    # Not `resource.getrusage`: its maximum counts what the process that started this one held.
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024
    return {"rows": count, "bare": bare, "cleaned": cleaned, "others": others, "peak_mb": peak}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
