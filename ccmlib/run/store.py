"""What a run reads and what it once made, known by content: the freshness of files, and the cache in ``.cache/``.

Only the standard library is imported here, so that the quick answer takes about the time that Python takes to start.
"""

import contextlib
import errno
import io
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from ccmlib.base import files, project
from ccmlib.run import hashing
from ccmlib.run.usage import NotThere

#: Raised when the runner changes what it makes of the same inputs.
FORMAT = 3
#: Least recently used entries of the cache go when it grows beyond this.
MOST_BYTES = 2_000_000_000
#: Module, with its arguments, that cleans the raw exports into the tidy tables when it is run, and gives an exit code.
BUILDER = ("ccmlib", "data")
#: Files that say which libraries the project runs with.
LOCKS = ("requirements-report.lock", "environment.yml", "pyproject.toml")
#: Parts of the library on which the tidy tables depend.
IN_TABLES = (
    "__init__.py", "base/", "language/", "ingest/", "tidy/", "treaty/", "run/data.py",
    "figures/__init__.py", "figures/figures.yml", "figures/vocabulary.py",
)  # fmt: skip
#: Parts of the library that no notebook imports or shows: changed, they make pages again and run nothing.
NOT_IN_NOTEBOOKS = (
    "run/", "__main__.py", "pages/drafts/", "pages/templates/", "pages/report.js",
    "pages/site.py", "pages/exporter.py", "pages/pdf.py",
)  # fmt: skip


def input_path(name: str) -> Path:
    """Find an input by its name, such as ``data/raw/use.xlsx``, wherever the library was imported from."""
    return (hashing.PACKAGE_PARENT if name.startswith("ccmlib/") else project.ROOT) / name


def of_files() -> dict[str, str]:
    """Hash every file from which a report can be made: library, raw exports, tidy tables, notebooks, locks."""
    folders = {
        "ccmlib": hashing.PACKAGE_PARENT / "ccmlib", "data/raw": project.RAW, "data/processed": project.PROCESSED,
        "notebooks": project.NOTEBOOKS,
    }  # fmt: skip
    found = {f"{top}/{name}": one for top, folder in folders.items() for name, one in hashing.of_folder(folder).items()}
    return found | {name: hashing.of_file(project.ROOT / name) for name in LOCKS if (project.ROOT / name).is_file()}


def _place(ask: dict) -> Path:
    return project.CACHE / "fresh" / f"{hashing.of_data(ask)[:32]}.json"


def record(ask: dict, inputs: Mapping[str, str], folder: Path, outputs: Collection[str]) -> None:
    """Note of what was asked for that these files of a folder are what these inputs make."""
    made = hashing.of_folder(folder, lambda name: name in outputs)
    files.write_whole(_place(ask), hashing.as_json([hashing.installed_versions(), inputs, made]))


def is_fresh(ask: dict, inputs: Mapping[str, str], folder: Path) -> bool:
    """Tell whether what was asked for is there, whole, and what these inputs would make again."""
    match hashing.read_cached(_place(ask)):
        case [versions, of, made] if versions == hashing.installed_versions() and of == inputs:
            with contextlib.suppress(OSError):  # another run puts a new report in its place
                return made == hashing.of_folder(folder, lambda name: name in made)
    return False


@contextlib.contextmanager
def up_to_date_tables(say: Callable[[str], None], meanwhile: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Clean the raw exports if they, or the library that reads them, changed since; hold the tables meanwhile.

    What takes its time in another process is begun by `meanwhile`, before the cleaning.
    """
    wanted = ("data/raw/", *(f"ccmlib/{part}" for part in IN_TABLES))
    with files.locked(project.CACHE / "locks" / "processed"):
        inputs = {name: digest for name, digest in of_files().items() if name.startswith(wanted)}
        if not is_fresh({"verb": "data"}, inputs, project.PROCESSED):
            began = time.monotonic()
            meanwhile()
            _clean()
            names = hashing.files_in(project.PROCESSED)
            record({"verb": "data"}, inputs, project.PROCESSED, names)
            count = sum(name.endswith(".csv") for name in names)
            say(f"tidy tables: {count} made from the raw exports, {time.monotonic() - began:.1f} s")
        yield


def _clean() -> None:
    """Make the tidy tables in a process of their own, while the fork server of the notebooks is importing."""
    import subprocess

    seen = os.pathsep.join(path for path in (str(hashing.PACKAGE_PARENT), *sys.path) if path)
    done = subprocess.run(
        [sys.executable, "-P", "-m", *BUILDER], env={**os.environ, "CCM_ROOT": str(project.ROOT), "PYTHONPATH": seen},
        capture_output=True, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr, end="")
        raise NotThere("the tidy tables could not be made, as said above; what was there before is as it was")


class Store:
    """Files by name under each key, in the folder of the cache.

    An entry is one file that begins with the hash of all that follows, written whole: one that a dying machine cut short
    is made again, and never published.
    """

    def __init__(self, cache: Path):
        self.folder = cache / "store"

    def place(self, key: str) -> Path:
        """Say where an entry is, whether it is there or not."""
        return self.folder / key[:2] / key

    def get(self, key: str) -> dict[str, bytes] | None:
        """Read the files of an entry; None when it is not there. One that is not whole, or another user's, is removed."""
        from zipfile import ZipFile

        try:
            os.utime(self.place(key))  # used now: the last to be pruned
            content = self.place(key).read_bytes() if hashing.is_ours(self.place(key)) else b""
        except OSError:
            return None
        if content[:64] != hashing.of_bytes(content[64:]).encode():
            self.place(key).unlink(missing_ok=True)
            return None
        with ZipFile(io.BytesIO(content)) as entry:
            return {name: entry.read(name) for name in entry.namelist()}

    def read(self, key: str) -> dict[str, bytes]:
        """Read an entry that has to be there."""
        if (entry := self.get(key)) is None:
            raise FileNotFoundError(errno.ENOENT, "is gone from the cache; run it again", str(self.place(key)))
        return entry

    def unpack(self, key: str, folder: Path, top: str = "") -> None:
        """Write the files of an entry whose names begin with `top` into a folder."""
        for name, content in self.read(key).items():
            if name.startswith(top):
                files.write_whole(folder / name.removeprefix(top), content)

    def put(self, key: str, entry: Mapping[str, bytes]) -> None:
        """Keep files under a key, in place of what is there."""
        from zipfile import ZipFile

        packed = io.BytesIO()
        with ZipFile(packed, "w") as archive:
            for name, content in entry.items():
                archive.writestr(name, content)
        files.write_whole(self.place(key), hashing.of_bytes(packed.getvalue()).encode() + packed.getvalue())

    def locked(self, key: str) -> object:
        """Hold a key, so that two runs do not do the same work at once."""
        # One file for many keys, so that locks do not pile up; a task holds only one at a time.
        return files.locked(self.folder / "locks" / key[:3])

    def prune(self, most_bytes: int = MOST_BYTES) -> None:
        """Remove the entries longest unused, and what killed runs wrote half, until the rest fits."""
        held, found = 0, []
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            with contextlib.suppress(OSError):  # another run has just removed it
                found.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        for _, size, path in sorted(found, reverse=True):
            held += size
            if held > most_bytes:
                path.unlink(missing_ok=True)


class Inputs:
    """What a run reads, as it was when the run began; the store keeps the tidy tables, so that none changes under it."""

    def __init__(self, store: Store, say: Callable[[str], None], meanwhile: Callable[[], None] = lambda: None):
        with up_to_date_tables(say, meanwhile):
            self.hashes = of_files()
            tables = {name: (project.PROCESSED / name).read_bytes() for name in hashing.files_in(project.PROCESSED)}
        self.versions = hashing.installed_versions()
        self.code = self._under("ccmlib/")
        in_notebooks = {name: one for name, one in self.code.items() if not name.startswith(NOT_IN_NOTEBOOKS)}
        self.tables, self.table_files = hashing.of_data(self._under("data/processed/")), tables
        store.put(self.tables, tables)
        #: What every notebook reads, each as one hash.
        self.shared = {"the library": hashing.of_data(in_notebooks), "the tidy tables": self.tables}
        self._all_read = [FORMAT, self.shared, self.versions, {name: self.hashes.get(name) for name in LOCKS}]

    def _under(self, top: str) -> dict[str, str]:
        return {name.removeprefix(top): one for name, one in self.hashes.items() if name.startswith(top)}

    def key(self, job, needs: Mapping[str, str]) -> str:
        """Hash all that a job's outcome depends on, `needs` being the hash of what each job that it reads gave."""
        return hashing.of_data([*self._all_read, job.name, job.stem, job.parameters, job.source, needs])

    def page_inputs(self, facts: dict) -> str:
        """Hash what pages depend on besides the executed notebook."""
        return hashing.of_data([*self._all_read, facts, self.code])

    def of_report(self, jobs: Iterable) -> dict[str, str]:
        """Give the inputs of a report for its manifest: every file that there is, but of notebooks only its own."""
        own = {f"notebooks/{job.stem}.ipynb" for job in jobs}
        return {name: one for name, one in self.hashes.items() if name in own or not name.startswith("notebooks/")}
