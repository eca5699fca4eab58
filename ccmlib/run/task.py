"""One task of the run, as a worker process does it: run a notebook, keep what came out, make its page.

A task goes to a worker as plain data and an outcome comes back as plain data, so that the worker may be a process of
this machine or one of Dask's.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import re
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from ccmlib.base import files
from ccmlib.run import hashing, kernels
from ccmlib.run.store import Store
from ccmlib.run.usage import WrongUsage, one_of
from ccmlib.run.worklist import Job

# jsonschema would build a grammar for two seconds with it, to check a kind of address that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)

LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
INJECTED = "injected-parameters"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
Tell = Callable[[int, int], None]
"""Takes the number of the cell that begins, and of all cells."""
ENGINES = ("warm", "plain", "dask")
OUT, EXECUTED, PAGE, BODY = "out", "executed.ipynb", "page.html", "body.json"


def cores() -> int:
    """Count the cores that this process may use, which in a container can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """How to run: notebooks at once, engine, again though nothing changed; limits for cell, notebook and kernel's answer."""

    jobs: int = field(default_factory=cores)
    engine: str = "warm"
    force: bool = False
    cell_seconds: int = 300
    notebook_seconds: int = 900
    start_seconds: int = 60

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise WrongUsage(one_of("engine", self.engine, ENGINES))
        if type(self.jobs) is not int or not 1 <= self.jobs <= 256:
            raise WrongUsage(f"JOBS is {self.jobs!r}, expected a whole number from 1 to 256")


class Executed(NamedTuple):
    """What came of running a notebook, as far as it went; each cell's time and standard error; and what went wrong.

    An error has ``kind``, ``cell`` (number in the source notebook, from 1), ``line`` (first of the cell), ``message``
    and perhaps ``traceback``.
    """

    notebook: Any
    log: list[dict[str, Any]]
    error: dict[str, Any] | None = None


@dataclass(frozen=True)
class Task:
    """A job with all that a worker needs to do it."""

    job: Job
    key: str  # of its outcome in the store
    page_inputs: str  # hash of what its page depends on besides the outcome
    facts: Mapping[str, Any]  # what the page shows of the report as a whole, and the module that makes it
    cache: Path  # folder of the cache
    processed: Path  # folder with the tables of this run
    needs: Mapping[str, str]  # key of each job it reads, by name
    settings: Settings


@dataclass(frozen=True)
class Outcome:
    """What came of a task; keys of the outcome and of the page in the store are blank after an error."""

    name: str
    key: str = ""
    page: str = ""
    digest: str = ""  # of the files that came out: what depends on them depends on this
    ran: bool = False  # whether a kernel ran; False when the store had it
    seconds: float = 0.0
    error: Mapping[str, Any] | None = None  # as Executed has it
    log: list[dict[str, Any]] = field(default_factory=list)
    attempts: int = 1


def problem(kind: str, message: str, **more: Any) -> dict[str, Any]:
    """Write an error of no cell."""
    return {"kind": kind, "cell": 0, "line": "", "message": message, **more}


def failed_place(cache: Path, facts: Mapping[str, Any], name: str) -> Path:
    """Say where a notebook that failed is kept."""
    return cache / "failed" / f"{one_name(facts)}-{name}.ipynb"


def one_name(facts: Mapping[str, Any]) -> str:
    """Write a report's folder as one name, such as ``briefs-6MSP``."""
    return facts["folder"].replace("/", "-")


def attempt(task: Task, tell: Tell = lambda *cell: None) -> Outcome:
    """Do a task in a worker process of its own; where the kernel or the worker dies, once more in another."""
    if multiprocessing.current_process().daemon:  # such a process of Dask's may have no worker: a stock kernel it is
        return do(replace(task, settings=replace(task.settings, engine="plain")), tell)
    for number in (1, 2):
        try:
            outcome = replace(kernels.in_worker(do, task, tell=tell), attempts=number)
        except EOFError:
            error = problem("worker died", "the process that ran it was killed")
            outcome = Outcome(task.job.name, error=error, attempts=number)
        if not outcome.error or outcome.error["kind"] not in ("kernel died", "worker died"):
            break
    return outcome


def assemble(stage: Path, facts: Mapping[str, Any], tell: Tell) -> None:
    """Write what belongs to a report as a whole, in a worker: the driver imports nothing heavy."""
    importlib.import_module(facts["pages"]).assemble(stage, facts)


def do(task: Task, tell: Tell) -> Outcome:
    """Do a task in this process, with an error rather than an exception when the notebook is wrong."""
    started = time.monotonic()
    store = Store(task.cache, "notebooks")
    executed, error, found = None, None, {}
    with store.locked(task.key):
        entry = None if task.settings.force else store.get(task.key)
        if entry is None:
            executed = run(task, store, tell)
            error, entry = executed.error, store.get(task.key)
    if error is None:
        try:
            found = {"key": task.key, "page": make_page(task, store, entry), "digest": digest_of(entry)}
        except Exception as wrong:  # noqa: BLE001 - whatever the page's making raises is this notebook's error
            said = f"{type(wrong).__name__}: {wrong}"
            error = problem("page failed", said, traceback=traceback.format_exc())
    log, seconds = executed.log if executed else [], time.monotonic() - started
    return Outcome(task.job.name, **found, ran=executed is not None, seconds=seconds, error=error, log=log)


def digest_of(entry: Mapping[str, str]) -> str:
    """Hash the files that a notebook wrote, without the notebook itself."""
    return hashing.of_data({name: value for name, value in entry.items() if name.startswith(f"{OUT}/")})


def run(task: Task, store: Store, tell: Tell) -> Executed:
    """Run the notebook in a folder of its own, and put what came out into the store if there is no error."""
    # The kernel is forked before this process starts a thread or opens a socket: neither survives a fork.
    forked = kernels.Forked() if task.settings.engine != "plain" and kernels.FORKS else None
    if multiprocessing.parent_process():
        kernels.end_with_parent()
    with store.filling() as filled, store.filling() as work:
        try:
            lay_out(task, store, work)
            executed = run_notebook(task.job.source, task.job.parameters, work, kernels.manager(forked), task.settings, tell)
        finally:  # a kernel that nobody gives orders would keep this process from ending
            if forked:
                forked.close()
        if executed.error is None:
            files.write_whole(filled / EXECUTED, as_text(executed.notebook))
            if (work / task.job.stem).exists():
                shutil.copytree(work / task.job.stem, filled / OUT)
            store.put(task.key, filled)
        else:  # kept where an analyst can open it, and never published
            executed.error["kept"] = str(failed_place(task.cache, task.facts, task.job.name))
            files.write_whole(executed.error["kept"], as_text(executed.notebook))
    return executed


def run_notebook(
    source: Mapping[str, Any], parameters: Mapping[str, Any], cwd: Path, manager: Any, settings: Settings,
    tell: Tell,
) -> Executed:  # fmt: skip
    """Run a notebook (JSON) in a folder; an error of its own, of time or of the kernel is given, not raised."""
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.parameterize import parameterize_notebook

    notebook = nbformat.from_dict({**source, "metadata": {**source["metadata"], "papermill": {}}})
    how = {"kernel_name": KERNEL["name"], "language": KERNEL["language"]}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks for its own
    notebook = parameterize_notebook(notebook, dict(parameters), **how)
    at, limit, error = 0, time.monotonic() + settings.notebook_seconds, None

    def cell_starts(cell: Any, cell_index: int) -> None:
        nonlocal at
        at = cell_index
        tell(at + 1, len(notebook.cells))

    try:
        papermill_engines.execute_notebook_with_engine(
            "nbclient", notebook, KERNEL["name"], progress_bar=False, autosave_cell_every=0, record_timing=False,
            kernel_manager_class=manager, resources={"metadata": {"path": str(cwd)}}, on_cell_start=cell_starts,
            start_timeout=settings.start_seconds,
            timeout_func=lambda cell: max(1, min(settings.cell_seconds, int(limit - time.monotonic()))),
        )  # fmt: skip
        if notebook.cells[at].metadata.papermill.get("exception"):
            failed = next(output for output in notebook.cells[at].outputs if output.output_type == "error")
            error = {"kind": "cell failed", "message": f"{failed.ename}: {failed.evalue}".strip(": ")}
            error["traceback"] = _COLOURS.sub("", "\n".join(failed.traceback))
    except CellTimeoutError:
        whole = time.monotonic() >= limit - 1
        spent = f"the notebook's {settings.notebook_seconds}" if whole else f"a cell's {settings.cell_seconds}"
        error = {"kind": "time limit", "message": f"took longer than {spent} seconds"}
    except (DeadKernelError, ConnectionError, RuntimeError) as died:
        # nbclient says "RuntimeError" of a kernel that died before it answered.
        error = {"kind": "kernel died", "message": f"the kernel died ({died})"}
    if error:
        numbers = {cell["id"]: number for number, cell in enumerate(source["cells"], start=1)}
        error["cell"] = numbers.get(notebook.cells[at].id, 0)
        error["line"] = next((line for line in notebook.cells[at].source.splitlines() if line.strip()), "")
    return Executed(notebook, tidied(notebook), error)


def tidied(notebook: Any) -> list[dict[str, Any]]:
    """Take out of an executed notebook, in place, what differs from run to run; give it back as a log by cell."""
    log = []
    notebook.metadata["papermill"] = {"parameters": dict(notebook.metadata["papermill"]["parameters"])}
    notebook.metadata["kernelspec"] = dict(KERNEL)
    notebook.metadata["language_info"] = dict(LANGUAGE)
    for number, cell in enumerate(notebook.cells, start=1):
        timing = cell.metadata.pop("papermill", {})
        if not cell.metadata.tags:
            del cell.metadata["tags"]
        elif INJECTED in cell.metadata.tags:
            cell["id"] = INJECTED
        if cell.cell_type != "code":
            continue
        entry: dict[str, Any] = {"cell": number, "seconds": timing.get("duration")}
        warned = [output for output in cell.outputs if output.get("name") == "stderr"]
        if warned:
            entry["stderr"] = "".join(output.text for output in warned)
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        for output in cell.outputs:
            said, kind = (output, "text") if output.output_type == "stream" else (output.get("data", {}), "text/plain")
            if kind in said:
                said[kind] = _ADDRESS.sub("", said[kind])
        log.append(entry)
    return log


def lay_out(task: Task, store: Store, work: Path) -> None:
    """Put the tidy tables and what a notebook needs in the folder where it runs, and nothing else."""
    shutil.copytree(task.processed, work / "processed", copy_function=os.link)
    for name, key in task.needs.items():
        if (store.place(key) / OUT).is_dir():
            shutil.copytree(store.place(key) / OUT, work / name)


def page_key(task: Task, entry: Mapping[str, str]) -> str:
    """Hash all that the page of an executed notebook depends on."""
    return hashing.of_data([entry[EXECUTED], task.page_inputs, task.job.name])


def make_page(task: Task, store: Store, entry: Mapping[str, str]) -> str:
    """Make the page of an executed notebook, if the store does not have it, and give its key."""
    pages = Store(task.cache, "pages")
    key = page_key(task, entry)
    with pages.locked(key):
        if task.settings.force or pages.get(key) is None:
            import nbformat

            # Not nbformat.read: what was written here needs no second look.
            notebook = nbformat.v4.reads((store.place(task.key) / EXECUTED).read_text(encoding="utf-8"))
            maker = importlib.import_module(task.facts["pages"])
            page, body = maker.render(notebook, task.job.name, {**task.facts, "processed": task.processed})
            with pages.filling() as filled:
                files.write_whole(filled / PAGE, page)
                files.write_whole(filled / BODY, json.dumps(body, ensure_ascii=False, sort_keys=True))
                pages.put(key, filled)
    return key


def as_text(notebook: Any) -> str:
    """Write a notebook as JSON, its keys in order, so that the same notebook is the same text."""
    import nbformat

    return nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"
