"""One task of the run, as a worker process does it: run a notebook, keep what came out, make its page.

A task goes to a worker as plain data and an outcome comes back as plain data, so that the worker may be a forked
process of this run or a process of Dask's.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ccmlib.run import hashing
from ccmlib.run.jobs import Job, read_notebook
from ccmlib.run.notebook import Executed, Limits, run_notebook
from ccmlib.run.runtime import Runtime
from ccmlib.run.store import Store

OUT = "out"
EXECUTED = "executed.ipynb"
PAGE = "page.html"
BODY = "body.json"


@dataclass(frozen=True)
class Task:
    """A job with all that a worker needs to do it.

    Parameters
    ----------
    job : Job
        What to run.
    key : str
        Of its outcome in the store.
    page_inputs : str
        Hash of what its page depends on besides the outcome.
    facts : mapping
        What the page shows of the report as a whole.
    pages : str
        Module that makes the pages.
    cache : str
        Folder of the cache.
    processed : str
        Folder with the tables of this run.
    needs : mapping
        Key of each job it reads, by name.
    runtime : str
        Runtime folder of the run; blank when the worker is to make its own.
    warm : bool
        Warm kernels rather than stock ones.
    limits : Limits
        Time limits.
    force : bool
        Run although the store has it.
    progress : int
        File descriptor for progress; -1 for none.
    """

    job: Job
    key: str
    page_inputs: str
    facts: Mapping[str, Any]
    pages: str
    cache: str
    processed: str
    needs: Mapping[str, str] = field(default_factory=dict)
    runtime: str = ""
    warm: bool = True
    limits: Limits = field(default_factory=Limits)
    force: bool = False
    progress: int = -1


@dataclass(frozen=True)
class Outcome:
    """What came of a task.

    Parameters
    ----------
    name : str
        Of the job.
    key, page : str
        Keys of the outcome and of the page in the store; blank after an error.
    ran : bool
        Whether a kernel ran; False when the store had it.
    seconds : float
        Time taken.
    digest : str
        Hash of the files that came out; what depends on them depends on this.
    error : mapping or None
        As :class:`~ccmlib.run.notebook.Executed` has it.
    log : list of dict
        As :class:`~ccmlib.run.notebook.Executed` has it.
    attempts : int
        Kernels used.
    """

    name: str
    key: str = ""
    page: str = ""
    ran: bool = False
    seconds: float = 0.0
    digest: str = ""
    error: Mapping[str, Any] | None = None
    log: list[dict[str, Any]] = field(default_factory=list)
    attempts: int = 1


def do(task: Task) -> Outcome:
    """Do a task.

    Parameters
    ----------
    task : Task
        What to do.

    Returns
    -------
    Outcome
        With an error rather than an exception when the notebook is wrong.
    """
    started = time.monotonic()
    store = Store(Path(task.cache), "notebooks")
    executed = None
    with store.locked(task.key):
        entry = None if task.force else store.get(task.key)
        if entry is None:
            executed = run(task, store)
            if executed.error:
                keep_failed(task, executed)
                return Outcome(
                    task.job.name, seconds=time.monotonic() - started, ran=True, error=executed.error,
                    log=executed.log, attempts=executed.attempts,
                )  # fmt: skip
            entry = store.get(task.key)
    digest = digest_of(entry)
    try:
        page = make_page(task, store, entry)
    except Exception as wrong:  # noqa: BLE001 - whatever the page's making raises is reported as this notebook's error
        error = {"kind": "page failed", "cell": 0, "line": "", "message": f"{type(wrong).__name__}: {wrong}"}
        import traceback

        return Outcome(
            task.job.name, seconds=time.monotonic() - started, ran=executed is not None,
            error={**error, "traceback": traceback.format_exc()},
        )  # fmt: skip
    return Outcome(
        task.job.name, task.key, page, executed is not None, time.monotonic() - started, digest,
        log=executed.log if executed else [], attempts=executed.attempts if executed else 0,
    )  # fmt: skip


def digest_of(entry: Mapping[str, Any]) -> str:
    """Hash the files that a notebook wrote, without the notebook itself.

    Parameters
    ----------
    entry : mapping
        Of the store.

    Returns
    -------
    str
        What a job that reads them depends on.
    """
    return hashing.of_data({name: value for name, value in entry["files"].items() if name.startswith(f"{OUT}/")})


def run(task: Task, store: Store) -> Executed:
    """Run the notebook in a folder of its own and put what came out into the store.

    Parameters
    ----------
    task : Task
        What to do.
    store : Store
        Of executed notebooks.

    Returns
    -------
    Executed
        Stored only if there is no error.
    """
    source = read_notebook(Path(task.job.notebook))
    with store.filling() as filled, store.filling() as work:
        wanted = {"processed": "processed", "out": "."}

        def empty() -> None:
            shutil.rmtree(work)
            lay_out(task, store, work)

        executed = run_notebook(
            source, {**task.job.parameters, **wanted}, work, manager(task), task.limits,
            lambda number, count: tell(task, number, count), empty,
        )  # fmt: skip
        if executed.error is None:
            (filled / EXECUTED).write_text(as_text(executed.notebook), encoding="utf-8", newline="\n")
            written = work / task.job.stem
            if written.exists():
                shutil.copytree(written, filled / OUT)
            store.put(task.key, filled, {"name": task.job.name})
    return executed


def lay_out(task: Task, store: Store, work: Path) -> None:
    """Make the folder in which a notebook runs: the tables that it declared, what it needs, and nothing else.

    Parameters
    ----------
    task : Task
        What to do.
    store : Store
        Of executed notebooks.
    work : Path
        The folder.
    """
    (work / "processed").mkdir(parents=True)
    for table in task.job.tables:
        for path in sorted(Path(task.processed).glob(f"{table}.*")):
            os.symlink(path, work / "processed" / path.name)
    for name, key in task.needs.items():
        if (store.place(key) / OUT).is_dir():
            shutil.copytree(store.place(key) / OUT, work / name)


def folder_name(facts: Mapping[str, Any]) -> str:
    """Write a report's folder as one name, such as ``briefs-6MSP``."""
    return facts["folder"].replace("/", "-")


def failed_place(cache: Path, facts: Mapping[str, Any], name: str) -> Path:
    """Say where a notebook that failed is kept."""
    return cache / "failed" / f"{folder_name(facts)}-{name}.ipynb"


def keep_failed(task: Task, executed: Executed) -> None:
    """Keep a failed notebook where an analyst can open it; it is never published.

    Parameters
    ----------
    task : Task
        What was done.
    executed : Executed
        What came of it.
    """
    place = failed_place(Path(task.cache), task.facts, task.job.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(as_text(executed.notebook), encoding="utf-8", newline="\n")


def page_key(task: Task, entry: Mapping[str, Any]) -> str:
    """Key of the page of an executed notebook.

    Parameters
    ----------
    task : Task
        What to do.
    entry : mapping
        Of the executed notebook in the store.

    Returns
    -------
    str
        Hash of all that the page depends on.
    """
    return hashing.of_data(["page", entry["files"][EXECUTED], task.page_inputs, task.job.name])


def make_page(task: Task, store: Store, entry: Mapping[str, Any]) -> str:
    """Make the page of an executed notebook, if the store does not have it.

    Parameters
    ----------
    task : Task
        What to do.
    store : Store
        Of executed notebooks.
    entry : mapping
        Of the executed notebook in the store.

    Returns
    -------
    str
        The page's key.
    """
    pages = Store(Path(task.cache), "pages")
    key = page_key(task, entry)
    with pages.locked(key):
        if task.force or pages.get(key) is None:
            from ccmlib.run.notebook import left_out

            with left_out("rfc3987_syntax"):
                import nbformat

                maker = importlib.import_module(task.pages)
            # Not nbformat.read: what was written here needs no second look.
            executed = (store.place(task.key) / EXECUTED).read_text(encoding="utf-8")
            notebook = nbformat.v4.reads(executed)
            page, body = maker.render(notebook, task.job.name, {**task.facts, "processed": task.processed})
            with pages.filling() as filled:
                (filled / PAGE).write_text(page, encoding="utf-8", newline="\n")
                (filled / BODY).write_text(
                    json.dumps(body, ensure_ascii=False, sort_keys=True), encoding="utf-8", newline="\n"
                )
                pages.put(key, filled, {"name": task.job.name})
    return key


def as_text(notebook: Any) -> str:
    """Write a notebook as JSON text.

    Parameters
    ----------
    notebook : Any
        The notebook.

    Returns
    -------
    str
        Its keys in order, so that the same notebook is the same text.
    """
    import nbformat

    return nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"


def tell(task: Task, number: int, count: int) -> None:
    """Tell the driver which cell begins.

    Parameters
    ----------
    task : Task
        What is done.
    number, count : int
        Of the cell and of all cells.
    """
    if task.progress >= 0:
        # Short lines are written to a pipe whole, so that those of two workers do not mix.
        os.write(task.progress, json.dumps([task.job.name, number, count]).encode() + b"\n")


def manager(task: Task) -> Any:
    """Choose the kernel manager.

    Parameters
    ----------
    task : Task
        What to do.

    Returns
    -------
    callable
        Makes a kernel manager.
    """
    from ccmlib.run.kernels import SocketKernelManager

    runtime = Path(task.runtime) if task.runtime else own_runtime(task.warm).folder
    socket = runtime / "warm" if task.warm else None

    class RunKernelManager(SocketKernelManager):
        """The kernel manager with this run's folder; nbclient makes it without arguments."""

        def __init__(self, **kwargs: Any):
            super().__init__(runtime, socket, **kwargs)

    return RunKernelManager


@functools.cache
def own_runtime(warm: bool) -> Runtime:
    """Make a runtime folder for this worker, which runs where the driver's is out of reach.

    Parameters
    ----------
    warm : bool
        With a zygote.

    Returns
    -------
    Runtime
        Closed when the worker ends.
    """
    import atexit

    runtime = Runtime(warm)
    atexit.register(runtime.close)
    if warm:
        runtime.wait_until_listening()
    return runtime
