"""Runs on a disk that is full: in a small tmpfs where this machine allows one, with a limit on file sizes elsewhere.

Prints what each run said and gave, as JSON.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import run_samples

from ccmlib.run import hashing, publish


def run(folder: Path, limit: int | None = None) -> dict:
    """Make the report, with no file longer than a limit."""
    before = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None
    process = run_samples.command(
        folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=before
    )
    said = process.communicate()[0]
    report = folder / "reports/6MSP"
    return {
        "code": process.returncode,
        "said": said,
        "differs": publish.verify(report),
        "hashes": hashing.of_folder(report),
        "beside": sorted(path.name for path in report.parent.iterdir()),
    }


def main(place: str, small_disk: bool) -> None:
    """Fill the disk more and more, then empty it."""
    if small_disk:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], check=True)
    folder = run_samples.make(Path(place) / "project", "bench:01_parties", "02_states")
    runs = [run(folder)]
    for step, free in enumerate((0, 60_000, 300_000, 700_000)):
        run_samples.change(folder / "data/raw/counts.csv", "2016,100", f"2016,10{step + 1}")
        run_samples.change(folder / "notebooks/01_parties.ipynb", "A small one.", "A small one, once more.")
        if small_disk:
            space = os.statvfs(place)
            (Path(place) / "filler").write_bytes(b"x" * max(0, space.f_bavail * space.f_bsize - free))
        runs.append(run(folder, limit=None if small_disk else 1000 + free // 10))
        run_samples.change(folder / "data/raw/counts.csv", f"2016,10{step + 1}", "2016,100")
        run_samples.change(folder / "notebooks/01_parties.ipynb", "A small one, once more.", "A small one.")
        (Path(place) / "filler").unlink(missing_ok=True)
    runs.append(run(folder))
    print(json.dumps(runs))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "small disk")
