"""What a run reads, copied so that nothing changes under a notebook."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ccmlib.base import project
from ccmlib.run import fresh, hashing
from ccmlib.run.cleaning import FORMAT, up_to_date_tables
from ccmlib.run.notebook import prepared
from ccmlib.run.worklist import Job, read_notebook

NOT_IN_NOTEBOOKS = (
    "run/", "__main__.py", "figures/golden.py", "pages/drafts/", "pages/templates/", "pages/report.css",
    "pages/report.js", "pages/site.py", "pages/exporter.py", "pages/pdf.py",
)  # fmt: skip
"""Parts of the library that no notebook imports: changed, they make pages again and run nothing."""

READ_BY_PAGES = ("periods", "state_names_un", "states")
"""Tidy tables from which a page is made, besides its executed notebook."""


class Inputs:
    """What a run reads, as it was when the run began; `processed` is its copy of the tidy tables."""

    def __init__(self, say: Callable[[str], None]):
        work = project.CACHE / "work"
        work.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=work))
        self.processed = self.folder / "processed"
        with up_to_date_tables(say):
            shutil.copytree(project.PROCESSED, self.processed)
            self.recorded = fresh.entries(fresh.input_names(), fresh.input_path)
        self.hashes = {name: digest for name, (_, digest) in self.recorded.items()}
        self.versions = hashing.installed_versions()
        self.code = self._under("ccmlib/")
        self.notebook_code = {name: one for name, one in self.code.items() if not name.startswith(NOT_IN_NOTEBOOKS)}
        self.library = hashing.of_data(self.notebook_code)
        self.tables = self._under("data/processed/")

    def _under(self, top: str) -> dict[str, str]:
        return {name.removeprefix(top): one for name, one in self.hashes.items() if name.startswith(top)}

    def close(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def key(self, job: Job, needs: Mapping[str, str]) -> str:
        """Hash all that a job's outcome depends on, `needs` being the hash of what each job that it reads gave."""
        source = prepared(read_notebook(Path(job.notebook)))
        return hashing.of_data({
            "format": FORMAT, "name": job.name, "stem": job.stem, "parameters": dict(job.parameters),
            "needs": dict(needs),
            "source": [[cell["cell_type"], cell["id"], cell["source"], cell["metadata"].get("tags", [])]
                       for cell in source["cells"]],
            "declared": source["metadata"].get("ccm"), "code": self.notebook_code, "versions": self.versions,
            "locks": {name: self.hashes.get(name) for name in fresh.LOCKS},
            "tables": self.tables,
        })  # fmt: skip

    def page_inputs(self, facts: Mapping[str, Any], pages: str) -> str:
        """Hash what pages depend on besides the executed notebook."""
        tables = {name: one for name, one in self.tables.items() if name.partition(".")[0] in READ_BY_PAGES}
        code = {name: one for name, one in self.code.items() if not name.startswith("run/") or name == "run/pages.py"}
        return hashing.of_data([FORMAT, dict(facts), pages, code, self.versions, tables])

    def of_job(self, job: Job) -> dict[str, str]:
        """Give the inputs of one notebook for the manifest: itself, the tidy tables, and the library as one hash."""
        names = sorted((f"notebooks/{job.stem}.ipynb", *(f"data/processed/{name}" for name in self.tables)))
        return {**{name: self.hashes[name] for name in names}, "ccmlib": self.library}

    def of_report(self, jobs: Iterable[Job]) -> dict[str, str]:
        """Give the inputs of a report for its manifest: every file of library and raw exports, and what it reads."""
        own = {name: digest for job in jobs for name, digest in self.of_job(job).items()}
        files_of_others = ("notebooks/", "data/processed/")
        return {name: one for name, one in self.hashes.items() if name in own or not name.startswith(files_of_others)}
