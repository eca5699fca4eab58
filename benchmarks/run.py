"""Measure one report made by hand and by `ccm report`, side by side, and write docs/benchmarks.md with a picture.

Each way is run several times (``--repeat``, five by default) in turn, so that a busy moment of the machine meets all of
them; the median counts.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ccmlib import charts
from ccmlib.project import NOTEBOOKS, RAW, ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
#: The thematic sections: they need no other notebook, so that any order is a fair one.
SECTIONS = sorted(path.stem for path in NOTEBOOKS.glob("0[1-7]_*.ipynb"))
IN_ONE_PROCESS = """
import sys
from pathlib import Path
import papermill
from nbconvert import HTMLExporter
folder, *stems = sys.argv[1:]
for stem in stems:
    made = f"{folder}/{stem}.ipynb"
    papermill.execute_notebook(f"{stem}.ipynb", made, {"out": folder}, progress_bar=False)
    Path(folder, f"{stem}.html").write_text(HTMLExporter().from_filename(made)[0], encoding="utf-8")
"""


def _run(*command: str, cwd: Path = ROOT, **environment: str) -> None:
    subprocess.run(command, cwd=cwd, check=True, capture_output=True, env={**os.environ, **environment})


def by_hand(folder: Path) -> None:
    """Run papermill and then nbconvert for each notebook, one after the other."""
    for stem in SECTIONS:
        _one_by_hand(stem, folder)


def _one_by_hand(stem: str, folder: Path) -> None:
    made = str(folder / f"{stem}.ipynb")
    _run(sys.executable, "-m", "papermill", f"{stem}.ipynb", made, "-p", "out", str(folder), cwd=NOTEBOOKS)
    _run(sys.executable, "-m", "nbconvert", "--to", "html", made)


def two_by_hand(folder: Path) -> None:
    """Do the same, two notebooks at once."""
    line = f"{sys.executable} -m papermill {{}}.ipynb {folder}/{{}}.ipynb -p out {folder} && "
    line += f"{sys.executable} -m nbconvert --to html {folder}/{{}}.ipynb"
    names = "\n".join(SECTIONS)
    command = ["xargs", "-P2", "-I{}", "sh", "-c", line]
    subprocess.run(command, input=names, text=True, cwd=NOTEBOOKS, check=True, capture_output=True)


def in_one_process(folder: Path) -> None:
    """Call the Python interfaces of papermill and nbconvert from one process."""
    _run(sys.executable, "-c", IN_ONE_PROCESS, str(folder), *SECTIONS, cwd=NOTEBOOKS)


def _report() -> None:
    _run(sys.executable, "-m", "ccmlib", "report")


def ours_cold(folder: Path) -> None:
    """Make the whole report with nothing kept: all ten notebooks, every page, the Word draft and the zip."""
    shutil.rmtree(ROOT / ".cache" / "notebooks", ignore_errors=True)
    _run(sys.executable, "-m", "ccmlib", "report", "--force")


def ours_unchanged(folder: Path) -> None:
    """Ask for the report again with nothing changed."""
    _report()


def ours_one_file_changed(folder: Path) -> None:
    """Ask again after one raw export got one more line, then put it back."""
    path, cards = RAW / "periods.csv", RAW / "sources.yml"
    before, cards_before = path.read_bytes(), cards.read_bytes()
    try:
        path.write_bytes(before + b"BENCH,Benchmark,Nowhere,2025-07-01,2026-06-30,2025,made up by make bench\n")
        _run(sys.executable, "-m", "ccmlib", "card", str(path))
        _report()
    finally:
        path.write_bytes(before)
        cards.write_bytes(cards_before)


WAYS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a": ("by hand: papermill, then nbconvert, seven sections", by_hand),
    "b": ("by hand, two at once (xargs -P2), seven sections", two_by_hand),
    "c": ("papermill and nbconvert from one process, seven sections", in_one_process),
    "e": ("ccm report, nothing kept, whole report", ours_cold),
    "f": ("ccm report, no change", ours_unchanged),
    "g": ("ccm report, one raw file changed", ours_one_file_changed),
}


def measure(repeat: int, ways: str) -> dict[str, list[float]]:
    """Time each way `repeat` times, in turn."""
    seconds = {key: [] for key in WAYS if key in ways}
    for _ in range(repeat):
        for key in seconds:
            with tempfile.TemporaryDirectory() as folder:
                began = time.perf_counter()
                WAYS[key][1](Path(folder))
                seconds[key].append(time.perf_counter() - began)
                print(f"{key} {seconds[key][-1]:8.2f} s  {WAYS[key][0]}", flush=True)
    _report()  # the raw file is as before again: so are the tables and the report
    return seconds


def write(seconds: dict[str, list[float]]) -> None:
    """Write the document and its picture."""
    medians = {key: statistics.median(values) for key, values in seconds.items()}
    fig, ax = charts.new(7.6, 0.4 * len(medians) + 1.8)
    charts.bars(ax, [WAYS[key][0] for key in medians], list(medians.values()), fmt="{:.1f} s")
    runs = max(map(len, seconds.values()))
    charts.finish(fig, "Making the 6MSP report", f"Wall time; median of {runs}, in seconds", "Source: make bench")
    charts.save(fig, DOCUMENT.parent, "benchmarks")
    rows = [
        f"| {key} | {WAYS[key][0]} | {median:.2f} | {' '.join(f'{value:.1f}' for value in seconds[key])} |"
        for key, median in medians.items()
    ]
    DOCUMENT.write_text(
        "# Benchmarks\n\nWritten by `make bench`: wall time in seconds, each way in turn, the median counts.\n"
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load at the end {os.getloadavg()[0]:.1f}.\n"
        "Ways a to c make seven sections; ours makes the whole report of ten notebooks.\n\n"
        "![Wall time of each way](benchmarks.png)\n\n| | way | median | runs |\n| --- | --- | ---: | --- |\n"
        + "\n".join(rows) + "\n",
        encoding="utf-8",
    )


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--ways", default="".join(WAYS), help="letters of the ways to measure")
    options = parser.parse_args()
    write(measure(options.repeat, options.ways))
    print(f"wrote {DOCUMENT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
