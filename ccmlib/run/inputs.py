"""What a run reads: the tidy tables brought up to date, and copied so that nothing changes under a notebook."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ccmlib.base import files, project
from ccmlib.run import fresh, hashing
from ccmlib.run.usage import NotThere

FORMAT = 3
"""Raised when the runner changes what it makes of the same inputs."""
BUILDER = "ccmlib.run.data"
"""Module that cleans the raw exports into the tidy tables when it is run, and gives an exit code."""
IN_TABLES = (
    "__init__.py", "base/", "language/", "ingest/", "tidy/", "treaty/", "run/data.py",
    "figures/__init__.py", "figures/figures.yml", "figures/vocabulary.py",
)
"""Parts of the library on which the tidy tables depend."""
NOT_IN_NOTEBOOKS = (
    "run/", "__main__.py", "pages/drafts/", "pages/templates/", "pages/report.js",
    "pages/site.py", "pages/exporter.py", "pages/pdf.py",
)  # fmt: skip
"""Parts of the library that no notebook imports or shows: changed, they make pages again and run nothing."""


class WrongTables(NotThere):
    """The tidy tables could not be made."""


@contextlib.contextmanager
def up_to_date_tables(say: Callable[[str], None]) -> Iterator[None]:
    """Clean the raw exports if they, or the library that reads them, changed since; hold the tables meanwhile."""

    def wanted(name: str) -> bool:
        return name.startswith(("data/raw/", *(f"ccmlib/{part}" for part in IN_TABLES)))

    with files.locked(project.CACHE / "locks" / "processed"):
        if not fresh.is_fresh({"verb": "data"}, project.PROCESSED, wanted):
            began = time.monotonic()
            inputs = fresh.hashes(filter(wanted, fresh.input_names()), fresh.input_path)
            _clean()
            names = list(hashing.files_in(project.PROCESSED))
            fresh.record({"verb": "data"}, inputs, project.PROCESSED, names)
            count = sum(name.endswith(".csv") for name in names)
            say(f"tidy tables: {count} made from the raw exports, {time.monotonic() - began:.1f} s")
        yield


def _clean() -> None:
    """Make the tidy tables in a process of their own, while the fork server of the notebooks is importing."""
    seen = os.pathsep.join(path for path in (str(hashing.PACKAGE_PARENT), *sys.path) if path)
    done = subprocess.run(
        [sys.executable, "-P", "-m", BUILDER], env={**os.environ, "CCM_ROOT": str(project.ROOT), "PYTHONPATH": seen},
        capture_output=True, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr, end="")
        raise WrongTables("the tidy tables could not be made, as said above; what was there before is as it was")


class Inputs:
    """What a run reads, as it was when the run began; `processed` is its copy of the tidy tables, in `folder`."""

    def __init__(self, folder: Path, say: Callable[[str], None]):
        self.folder, self.processed = folder, folder / "processed"
        with up_to_date_tables(say):
            shutil.copytree(project.PROCESSED, self.processed)
            self.recorded = fresh.hashes(fresh.input_names(), fresh.input_path)
        self.hashes = {name: digest for name, (_, digest) in self.recorded.items()}
        self.versions = hashing.installed_versions()
        self.installed = [self.versions, {name: self.hashes.get(name) for name in fresh.LOCKS}]
        self.code = self._under("ccmlib/")
        in_notebooks = {name: one for name, one in self.code.items() if not name.startswith(NOT_IN_NOTEBOOKS)}
        #: What every notebook reads, each as one hash.
        self.shared = {
            "the library": hashing.of_data(in_notebooks), "the tidy tables": hashing.of_data(self._under("data/processed/")),
        }  # fmt: skip

    def _under(self, top: str) -> dict[str, str]:
        return {name.removeprefix(top): one for name, one in self.hashes.items() if name.startswith(top)}

    def key(self, job, needs: Mapping[str, str]) -> str:
        """Hash all that a job's outcome depends on, `needs` being the hash of what each job that it reads gave."""
        own = [job.name, job.stem, job.parameters, job.source]
        return hashing.of_data([FORMAT, own, needs, self.shared, self.installed])

    def page_inputs(self, facts: Mapping[str, Any]) -> str:
        """Hash what pages depend on besides the executed notebook."""
        return hashing.of_data([FORMAT, facts, self.code, self.shared, self.installed])

    def of_job(self, job) -> dict[str, str]:
        """Give the inputs of one notebook for the manifest: itself, and what all read."""
        name = f"notebooks/{job.stem}.ipynb"
        return {name: self.hashes[name], **self.shared}

    def of_report(self, jobs: Iterable) -> dict[str, str]:
        """Give the inputs of a report for its manifest: every file that there is, but of notebooks only its own."""
        own = {f"notebooks/{job.stem}.ipynb" for job in jobs}
        return {name: one for name, one in self.hashes.items() if name in own or not name.startswith("notebooks/")}
