"""One task of the run, as a worker process does it: run a notebook, keep what came out, make its page.

A task goes to a worker as plain data and an outcome comes back as plain data, so that the worker may be a process of
this machine or one of Dask's.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import shutil
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ccmlib.base import files
from ccmlib.run import hashing, kernels
from ccmlib.run.notebook import Executed, Limits, run_notebook
from ccmlib.run.store import Store
from ccmlib.run.worklist import Job

OUT, EXECUTED, PAGE, BODY = "out", "executed.ipynb", "page.html", "body.json"


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
    warm: bool  # a forked kernel rather than a stock one
    limits: Limits
    force: bool  # run although the store has it


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


Tell = Callable[[int, int], None]
"""Takes the number of the cell that begins, and of all cells."""


def quiet(number: int, count: int) -> None:
    """Tell nobody."""


def attempt(task: Task, tell: Tell = quiet) -> Outcome:
    """Do a task in a worker process of its own; where the kernel or the worker dies, once more in another."""
    if multiprocessing.current_process().daemon:  # such a process of Dask's may have no worker: a stock kernel it is
        return do(replace(task, warm=False))
    for number in (1, 2):
        try:
            outcome = replace(kernels.in_worker(do, task, tell=tell), attempts=number)
        except EOFError:
            error = problem("worker died", "the process that ran it was killed")
            outcome = Outcome(task.job.name, error=error, attempts=number)
        if not outcome.error or outcome.error["kind"] not in ("kernel died", "worker died"):
            break
    return outcome


def assemble(stage: Path, facts: Mapping[str, Any], tell: Tell = quiet) -> None:
    """Write what belongs to a report as a whole, in a worker: the driver imports nothing heavy."""
    importlib.import_module(facts["pages"]).assemble(stage, facts)


def do(task: Task, tell: Tell = quiet) -> Outcome:
    """Do a task in this process, with an error rather than an exception when the notebook is wrong."""
    started = time.monotonic()
    store = Store(task.cache, "notebooks")
    executed, error, found = None, None, {}
    with store.locked(task.key):
        entry = None if task.force else store.get(task.key)
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
    forked = kernels.Forked() if task.warm and kernels.FORKS else None
    if multiprocessing.parent_process():
        kernels.end_with_parent()
    with store.filling() as filled, store.filling() as work:
        try:
            lay_out(task, store, work)
            executed = run_notebook(task.job.source, task.job.parameters, work, kernels.manager(forked), task.limits, tell)
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
        if task.force or pages.get(key) is None:
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
