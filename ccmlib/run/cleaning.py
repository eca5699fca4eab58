"""The tidy tables brought up to date before anything reads them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from ccmlib.base import files, project
from ccmlib.run import hashing
from ccmlib.run.hashing import PACKAGE_PARENT

FORMAT = 2
"""Raised when the runner changes what it makes of the same inputs."""
BUILDER = "ccmlib.run.data"
"""Module that cleans the raw exports into the tidy tables when it is run, and gives an exit code."""
IN_TABLES = (
    "__init__.py", "base/", "language/", "ingest/", "tidy/", "treaty/", "run/data.py",
    "figures/__init__.py", "figures/figures.yml", "figures/ids.py", "figures/vocabulary.py",
)
"""Parts of the library on which the tidy tables depend."""


class WrongTables(Exception):
    """The tidy tables could not be made."""


@contextlib.contextmanager
def up_to_date_tables(say: Callable[[str], None]) -> Iterator[None]:
    """Clean the raw exports if they, or the library that reads them, changed since; hold the tables meanwhile."""
    place = project.CACHE / "processed.json"
    with files.locked(project.CACHE / "locks" / "processed"):
        code = hashing.of_folder(PACKAGE_PARENT / "ccmlib", lambda name: name.startswith(IN_TABLES))
        made_of = hashing.of_data([FORMAT, hashing.of_folder(project.RAW), code, hashing.installed_versions()])
        known = hashing.read_cached(place) or {}
        if known.get("inputs") != made_of or known.get("outputs") != hashing.of_folder(project.PROCESSED):
            began = time.monotonic()
            _clean()
            outputs = hashing.of_folder(project.PROCESSED)
            files.write_whole(place, hashing.as_json({"inputs": made_of, "outputs": outputs}))
            count = sum(name.endswith(".csv") for name in outputs)
            say(f"tidy tables: {count} made from the raw exports, {time.monotonic() - began:.1f} s")
        yield


def _clean() -> None:
    """Make the tidy tables in a process of their own, while the fork server of the notebooks is importing."""
    seen = os.pathsep.join(path for path in (str(PACKAGE_PARENT), *sys.path) if path)
    done = subprocess.run(
        [sys.executable, "-P", "-m", BUILDER], env={**os.environ, "CCM_ROOT": str(project.ROOT), "PYTHONPATH": seen},
        capture_output=True, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr, end="")
        raise WrongTables("the tidy tables could not be made, as said above; what was there before is as it was")
