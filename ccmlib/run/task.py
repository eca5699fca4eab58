"""One task of the run, as a worker process does it: run a notebook, keep what came out, make its page.

A task goes to a worker as plain data and an outcome comes back as plain data, so that the worker may be a process of
this machine or one of Dask's.
"""

import contextlib
import importlib
import json
import multiprocessing
import os
import re
import sys
import tempfile
import time
import traceback
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ccmlib.base import files
from ccmlib.run import hashing, kernels
from ccmlib.run.store import Store
from ccmlib.run.usage import WrongUsage, choose

# jsonschema would build a grammar for two seconds with it, to check a kind of address that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)

LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
INJECTED = "injected-parameters"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
#: Takes the number of the cell that begins, and of all cells.
Tell = Callable[[int, int], None]
ENGINES = ("warm", "plain", "dask")
#: Files of an entry in the store, of a notebook and of its page.
OUT, EXECUTED, PAGE, BODY = "out/", "executed.ipynb", "page.html", "body.json"


def cores() -> int:
    """Count the cores that this process may use, which in a container can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """How to run: notebooks at once, engine, again though nothing changed; limits of time for a cell and a notebook."""

    jobs: int = field(default_factory=cores)
    engine: str = "warm"
    force: bool = False
    cell_seconds: int = 300
    notebook_seconds: int = 900

    def __post_init__(self) -> None:
        choose("engine", self.engine, ENGINES)
        if not 1 <= self.jobs <= 256:
            raise WrongUsage(f"JOBS is {self.jobs!r}, expected a whole number from 1 to 256")


#: A job with all that a worker needs to do it: its outcome's key in the store, the hash of what its page depends on
#: besides, the facts of its report that the page shows, the folder of the cache, the key of the tidy tables, the key of
#: each job that it reads, by name, and the settings.
Task = namedtuple("Task", "job key page_inputs facts cache tables needs settings")


@dataclass(frozen=True)
class Outcome:
    """What came of a task; keys of the outcome and of the page in the store are blank after an error."""

    name: str
    key: str = ""
    page: str = ""
    digest: str = ""  # of the files that came out: what depends on them depends on this
    ran: bool = False  # whether a kernel ran; False when the store had it
    seconds: float = 0.0
    error: dict | None = None  # as `problem` writes it, with cell and its first line
    log: list[dict] = field(default_factory=list)  # time and standard error of each cell
    attempts: int = 1


def problem(kind: str, message: str, **more: Any) -> dict:
    """Write an error, of no cell unless it is said."""
    return {"kind": kind, "cell": 0, "line": "", "message": message, **more}


def one_name(facts: dict) -> str:
    """Write a report's folder as one name, such as ``briefs-6MSP``."""
    return facts["folder"].replace("/", "-")


def attempt(task: Task, tell: Tell = lambda *cell: None) -> Outcome:
    """Do a task in a worker process of its own; where the kernel or the worker dies, once more in another."""
    if multiprocessing.current_process().daemon:  # such a process of Dask's may have no worker: a stock kernel it is
        return do(task._replace(settings=replace(task.settings, engine="plain")), tell)
    for number in (1, 2):
        try:
            outcome = kernels.in_worker(do, task, tell=tell)
        except EOFError:
            outcome = Outcome(task.job.name, error=problem("worker died", "the process that ran it was killed"))
        if not outcome.error or outcome.error["kind"] not in ("kernel died", "worker died") or number == 2:
            return replace(outcome, attempts=number)


@contextlib.contextmanager
def with_tables(cache: Path, tables: str) -> Iterator[Path]:
    """Give a folder for one task alone, with the tidy tables of this run in ``processed``, for a while."""
    with tempfile.TemporaryDirectory(dir=kernels.folder(), ignore_cleanup_errors=True) as work:
        Store(cache).unpack(tables, Path(work) / "processed")
        yield Path(work)


def assemble(stage: Path, facts: dict, cache: Path, tables: str, tell: Tell) -> None:
    """Write what belongs to a report as a whole, in a worker: the driver imports nothing heavy."""
    with with_tables(cache, tables) as work:
        importlib.import_module(facts["pages"]).assemble(stage, {**facts, "processed": work / "processed"})


def do(task: Task, tell: Tell) -> Outcome:
    """Do a task in this process, with an error rather than an exception when the notebook is wrong."""
    started, store = time.monotonic(), Store(task.cache)
    log, error, found = [], None, {}
    with with_tables(task.cache, task.tables) as work:
        with store.locked(task.key):
            entry = None if task.settings.force else store.get(task.key)
            if ran := entry is None:
                entry, log, error = run(task, store, work, tell)
        if not error:
            try:
                found = {"key": task.key, "page": make_page(task, store, work, entry), "digest": digest_of(entry)}
            except Exception as wrong:  # noqa: BLE001 - whatever the page's making raises is this notebook's error
                error = problem("page failed", f"{type(wrong).__name__}: {wrong}", traceback=traceback.format_exc())
    return Outcome(task.job.name, **found, ran=ran, seconds=time.monotonic() - started, error=error, log=log)


def digest_of(entry: Mapping[str, bytes]) -> str:
    """Hash the files that a notebook wrote, without the notebook itself."""
    return hashing.of_data({name: hashing.of_bytes(each) for name, each in entry.items() if name.startswith(OUT)})


def run(task: Task, store: Store, work: Path, tell: Tell) -> tuple[dict[str, bytes], list, dict | None]:
    """Run the notebook in its folder; what came out is put into the store, and given with log and error."""
    import nbformat

    forks = kernels.FORKS and task.settings.engine != "plain"
    # The kernel is forked before this process starts a thread or opens a socket: neither survives a fork. It is closed,
    # since a kernel that nobody gives orders would keep this process from ending.
    with contextlib.closing(kernels.Forked()) if forks else contextlib.nullcontext() as forked:
        if multiprocessing.parent_process():
            kernels.end_with_parent()
        for need, key in task.needs.items():
            store.unpack(key, work / need, OUT)
        notebook, error = run_notebook(task, work, kernels.manager(forked), tell)
    made = hashing.files_in(work / task.job.stem)
    entry = {OUT + name: (work / task.job.stem / name).read_bytes() for name in made}
    # Keys in order, so that the same notebook is the same text.
    log, entry[EXECUTED] = tidied(notebook), (nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n").encode()
    failed = task.cache / "failed" / f"{one_name(task.facts)}-{task.job.name}.ipynb"
    if error is None:
        store.put(task.key, entry)
        failed.unlink(missing_ok=True)
    else:  # kept where an analyst can open it, and never published
        error["kept"] = str(failed)
        files.write_whole(failed, entry[EXECUTED])
    return entry, log, error


def run_notebook(task: Task, cwd: Path, manager: Any, tell: Tell) -> tuple[Any, dict | None]:
    """Run the notebook of a task in a folder; an error of its own, of time or of the kernel is given, not raised."""
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.parameterize import parameterize_notebook

    source, settings = task.job.source, task.settings
    notebook = nbformat.from_dict({**source, "metadata": {**source["metadata"], "papermill": {}}})
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks for its own
    how = {"kernel_name": KERNEL["name"], "language": KERNEL["language"]}
    notebook = parameterize_notebook(notebook, dict(task.job.parameters), **how)
    at, limit, error = 0, time.monotonic() + settings.notebook_seconds, None

    def cell_starts(cell: Any, cell_index: int) -> None:
        nonlocal at
        at = cell_index
        tell(at + 1, len(notebook.cells))

    try:
        papermill_engines.execute_notebook_with_engine(
            "nbclient", notebook, KERNEL["name"], progress_bar=False, autosave_cell_every=0, record_timing=False,
            kernel_manager_class=manager, resources={"metadata": {"path": str(cwd)}}, on_cell_start=cell_starts,
            timeout_func=lambda cell: max(1, min(settings.cell_seconds, int(limit - time.monotonic()))),
        )  # fmt: skip
        if notebook.cells[at].metadata.papermill.get("exception"):
            failed = next(output for output in notebook.cells[at].outputs if output.output_type == "error")
            told = _COLOURS.sub("", "\n".join(failed.traceback))
            error = problem("cell failed", f"{failed.ename}: {failed.evalue}".strip(": "), traceback=told)
    except CellTimeoutError:
        whole = time.monotonic() >= limit - 1
        spent = f"the notebook's {settings.notebook_seconds}" if whole else f"a cell's {settings.cell_seconds}"
        error = problem("time limit", f"took longer than {spent} seconds")
    except (DeadKernelError, ConnectionError, RuntimeError) as died:
        # nbclient says "RuntimeError" of a kernel that died before it answered.
        error = problem("kernel died", f"the kernel died ({died})")
    if error:
        numbers = {cell["id"]: number for number, cell in enumerate(source["cells"], start=1)}
        error["cell"] = numbers.get(notebook.cells[at].id, 0)
        error["line"] = next((line for line in notebook.cells[at].source.splitlines() if line.strip()), "")
    return notebook, error


def tidied(notebook: Any) -> list[dict]:
    """Take out of an executed notebook, in place, what differs from run to run; give it back as a log by cell."""
    log = []
    notebook.metadata["papermill"] = {"parameters": dict(notebook.metadata["papermill"]["parameters"])}
    notebook.metadata.update(kernelspec=dict(KERNEL), language_info=dict(LANGUAGE))
    for number, cell in enumerate(notebook.cells, start=1):
        timing = cell.metadata.pop("papermill", {})
        if not cell.metadata.tags:
            del cell.metadata["tags"]
        elif INJECTED in cell.metadata.tags:
            cell["id"] = INJECTED
        if cell.cell_type != "code":
            continue
        log.append({"cell": number, "seconds": timing.get("duration")})
        if warned := [output.text for output in cell.outputs if output.get("name") == "stderr"]:
            log[-1]["stderr"] = "".join(warned)
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        for output in cell.outputs:
            said, kind = (output, "text") if output.output_type == "stream" else (output.get("data", {}), "text/plain")
            if kind in said:
                said[kind] = _ADDRESS.sub("", said[kind])
    return log


def page_key(task: Task, entry: Mapping[str, bytes]) -> str:
    """Hash all that the page of an executed notebook depends on."""
    return hashing.of_data([hashing.of_bytes(entry[EXECUTED]), task.page_inputs, task.job.name])


def make_page(task: Task, store: Store, work: Path, entry: Mapping[str, bytes]) -> str:
    """Make the page of an executed notebook, if the store does not have it, and give its key."""
    key = page_key(task, entry)
    with store.locked(key):
        if task.settings.force or store.get(key) is None:
            import nbformat

            # Not nbformat.read: what was written here needs no second look.
            notebook = nbformat.v4.reads(entry[EXECUTED].decode())
            maker = importlib.import_module(task.facts["pages"])
            page, body = maker.render(notebook, task.job.name, {**task.facts, "processed": work / "processed"})
            store.put(key, {PAGE: page.encode(), BODY: json.dumps(body, ensure_ascii=False, sort_keys=True).encode()})
    return key
