"""Measure the report made by hand, by other tools and by `ccm`, side by side, and write docs/benchmarks.md.

Each way is run several times (``--repeat``, five by default) in turn, so that a busy moment of the machine meets all of
them; the median counts. What takes minutes has numbers of its own: ``--repeat-slow`` for the ways a, b and d,
``--repeat-report`` for the report's own notebooks, once by hand. All briefs, all periods and the clone run once.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import cleaning, document, ways
from ccmlib.base.project import ROOT

#: Briefs made by hand, of States spread over the alphabet; the time of all is reckoned from theirs.
BY_HAND = ("AFG", "CUB", "LAO", "NOR", "ZMB")
SLOW = "abd"
CLEANED = (("activities.xlsx", 100_000), ("activities.csv", 100_000), ("more_activities.csv", 1_000_000))


def timed(way: ways.Way, subject: ways.Subject) -> float:
    """Run a way into an empty folder and give its seconds."""
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        way(subject, Path(out))
        return time.perf_counter() - began


def of_ways(subject: ways.Subject, letters: str, repeat: int, repeat_slow: int) -> dict[str, list[float]]:
    """Time each way so many times, in turn."""
    seconds = {key: [] for key in ways.WAYS if key in letters}
    for turn in range(max(repeat, repeat_slow)):
        for key in [key for key in seconds if turn < (repeat_slow if key in SLOW else repeat)]:
            seconds[key].append(timed(ways.WAYS[key][1], subject))
            print(f"{key} {seconds[key][-1]:8.2f} s  {ways.WAYS[key][0]}", flush=True)
    return seconds


def of_briefs(subject: ways.Subject) -> dict[str, object]:
    """Time all briefs once, and a few by hand."""
    made = timed(ways.ours_briefs, subject)
    pages = subject.root.glob("reports/briefs/6MSP/*.html")
    count = len([page for page in pages if page.stem not in ("index", "report")])
    by_hand = []
    for state in BY_HAND:
        given = ("-p", "state", state)
        by_hand.append(
            timed(lambda on, out, given=given: ways.one_by_hand(on, out, "state_brief", "brief", *given), subject)
        )
        print(f"brief of {state} by hand {by_hand[-1]:.2f} s; all {count} by ccm {made:.2f} s", flush=True)
    return {"count": count, "ours": made, "by_hand": by_hand}


def of_cleaning(folder: Path, repeat: int) -> list[dict[str, object]]:
    """Time the cleaning of large exports, each in a process of its own."""
    found = []
    for name, count in CLEANED:
        path = cleaning.write(count, folder / name)
        command = [sys.executable, "-m", "benchmarks.cleaning", str(path)]
        runs = [
            json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
            for _ in range(repeat)
        ]
        measured = {key: [run[key] for run in runs] for key in runs[0]}
        found.append({"name": f"{count:,} rows, {path.suffix[1:]}", **measured})
        print(found[-1], flush=True)
    return found


def where_it_goes(subject: ways.Subject) -> dict[str, float]:
    """Split one cold run: imports until kernels can be forked, the notebooks' cells, all else."""
    began = time.perf_counter()
    subject.run(sys.executable, "-c", "from ccmlib.run.preload import warm_up; warm_up()")
    imports = time.perf_counter() - began
    whole = timed(ways.ours_cold, subject)
    log = json.loads((subject.root / ".cache" / "log" / "6MSP.json").read_text(encoding="utf-8"))
    cells = sum(cell["seconds"] for notebook in log.values() for cell in notebook["log"])
    notebooks = sum(notebook["seconds"] for notebook in log.values())
    return {"whole": whole, "imports": imports, "cells": cells, "notebooks": notebooks}


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--repeat-slow", type=int, default=5)
    parser.add_argument("--repeat-report", type=int, default=3)
    parser.add_argument("--small", default="abcdefgh", metavar="LETTERS", help="ways for the eight small notebooks")
    parser.add_argument("--report", default="acefg", metavar="LETTERS", help="ways for the report's own notebooks")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place:
        small = ways.lay_out(Path(place, "small"), small=True)
        report = ways.lay_out(Path(place, "report"), small=False)
        if "d" in options.small + options.report:
            ways.jupyter_book_program()
        result = {
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load": load,
            "small": of_ways(small, options.small, options.repeat, options.repeat_slow),
            "report": of_ways(report, options.report, options.repeat_report, 1),
            "small_profile": where_it_goes(small),
            "report_profile": where_it_goes(report),
            "briefs": of_briefs(report),
            "once": {name: timed(getattr(ways, name), report) for name in document.ONCE},
            "cleaning": of_cleaning(Path(place), options.repeat),
        }
    document.write(result)
    print(f"wrote {document.DOCUMENT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
