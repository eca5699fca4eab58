"""What a run reads: tidy tables brought up to date, and copied so that nothing changes under a notebook."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ccmlib.base import project
from ccmlib.run import PACKAGE_PARENT, fresh, hashing
from ccmlib.run.jobs import ALWAYS_READ, Job, read_notebook
from ccmlib.run.notebook import prepared

FORMAT = 1
"""Raised when the runner changes what it makes of the same inputs."""
BUILDER = "ccmlib.treaty.data"
"""Module whose ``main()`` cleans the raw exports into the tidy tables and gives an exit code."""
NOT_IN_TABLES = (
    "run/", "pages/", "drafts/", "charts/", "catalogues/", "cli.py", "__main__.py", "section.py", "sentences.py",
    "golden.py",
)  # fmt: skip
"""Parts of the library on which the tidy tables do not depend."""
NOT_IN_NOTEBOOKS = (
    "run/", "drafts/", "cli.py", "__main__.py", "golden.py", "pages/templates/", "pages/report.css", "pages/report.js",
    "pages/site.py", "pages/exporter.py", "pages/pdf.py",
)  # fmt: skip
"""Parts of the library that no notebook imports: changed, they make pages again and run nothing."""


class WrongTables(Exception):
    """The tidy tables could not be made, or do not hold what a notebook declares."""


class Inputs:
    """What a run reads.

    Parameters
    ----------
    early : callable
        Called before the tables are made, when a notebook will surely run.

    Attributes
    ----------
    processed : Path
        Copy of the tidy tables as they were when the run began.
    """

    def __init__(self, early: Callable[[], None]):
        work = project.CACHE / "work"
        work.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=work))
        self.processed = self.folder / "processed"
        self.code = hashing.of_folder(PACKAGE_PARENT / "ccmlib")
        self.versions = hashing.installed_versions()
        locks = [name for name in fresh.LOCKS if (project.ROOT / name).is_file()]
        self.locks = {name: hashing.of_file(project.ROOT / name) for name in locks}
        self.tables: dict[str, dict[str, str]] = {}
        with make_tables(early):
            shutil.copytree(project.PROCESSED, self.processed)
            self._recorded = fresh.entries(fresh.input_names(), fresh.base_of)
        for name, value in hashing.of_folder(self.processed).items():
            self.tables.setdefault(name.partition(".")[0], {})[name] = value

    def close(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def snapshot(self, wanted: Iterable[str]) -> None:
        """Check that the tables which notebooks declare are there.

        Parameters
        ----------
        wanted : iterable of str
            Names of tables.

        Raises
        ------
        WrongTables
            One is missing.
        """
        missing = sorted(set(wanted) - set(self.tables))
        if missing:
            there = ", ".join(sorted(name for name, files in self.tables.items() if f"{name}.csv" in files)) or "none"
            raise WrongTables(f"notebooks declare tables that are not there: {', '.join(missing)}; there are: {there}")

    def key(self, job: Job, needs: Mapping[str, str]) -> str:
        """Key of what a job gives.

        Parameters
        ----------
        job : Job
            The job.
        needs : mapping
            Hash of what each job it reads gave, by name.

        Returns
        -------
        str
            Hash of all that its outcome depends on.
        """
        source = prepared(read_notebook(Path(job.notebook)))
        code = {name: value for name, value in self.code.items() if not name.startswith(NOT_IN_NOTEBOOKS)}
        return hashing.of_data({
            "format": FORMAT, "name": job.name, "stem": job.stem, "parameters": dict(job.parameters),
            "needs": dict(needs),
            "source": [[cell["cell_type"], cell["id"], cell["source"], cell["metadata"].get("tags", [])]
                       for cell in source["cells"]],
            "declared": source["metadata"].get("ccm"), "code": code, "locks": self.locks, "versions": self.versions,
            "tables": {table: self.tables[table] for table in job.tables},
        })  # fmt: skip

    def page_inputs(self, facts: Mapping[str, Any], pages: str) -> str:
        """Hash what pages depend on besides the executed notebook.

        Parameters
        ----------
        facts : mapping
            About the report.
        pages : str
            Module that makes them.

        Returns
        -------
        str
            The hash.
        """
        tables = {name: self.tables.get(name) for name in ALWAYS_READ}
        return hashing.of_data([FORMAT, dict(facts), pages, self.code, self.versions, tables])

    def hashes(self, jobs: Iterable[Job]) -> dict[str, str]:
        """Give the hash of each input of a report, for its manifest.

        Parameters
        ----------
        jobs : iterable of Job
            Of the report.

        Returns
        -------
        dict
            Hash by name.
        """
        notebooks = {f"notebooks/{job.stem}.ipynb" for job in jobs}
        tables = {name for job in jobs for table in job.tables for name in self.tables[table]}
        return {
            name: digest
            for name, (_, digest) in self._recorded.items()
            if (not name.startswith("notebooks/") or name in notebooks)
            and (not name.startswith("data/processed/") or name.removeprefix("data/processed/") in tables)
        }

    def recorded(self) -> dict[str, list[Any]]:
        """Give all inputs as they were when the run began."""
        return self._recorded


@contextlib.contextmanager
def make_tables(early: Callable[[], None]) -> Iterator[None]:
    """Clean the raw exports if they, or the library that reads them, changed since; hold the tables meanwhile.

    Parameters
    ----------
    early : callable
        Called before the tables are made: what it starts goes on meanwhile, what it imports the child has already.
    """
    locks = project.CACHE / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    place = project.CACHE / "processed.json"
    with open(locks / "processed", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code = hashing.of_folder(PACKAGE_PARENT / "ccmlib", NOT_IN_TABLES)
        made_of = hashing.of_data([FORMAT, hashing.of_folder(project.RAW), code, hashing.installed_versions()])
        known = hashing.read_json(place) or {}
        if known.get("inputs") != made_of or known.get("outputs") != hashing.of_folder(project.PROCESSED):
            early()
            _clean_in_child()
            hashing.write_json(place, {"inputs": made_of, "outputs": hashing.of_folder(project.PROCESSED)})
        yield


def _clean_in_child() -> None:
    """Make the tidy tables in a child, so that this process stays small and free of threads until it forks workers.

    Raises
    ------
    WrongTables
        The child has printed what is wrong.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = int(importlib.import_module(BUILDER).main() or 0)
        except OSError as wrong:
            print(project.refused(wrong), file=sys.stderr)
        except BaseException:  # noqa: BLE001 - a child must end here
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise WrongTables("the tidy tables could not be made, as said above; what was there before is as it was")
