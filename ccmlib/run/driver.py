"""The driver: from what is asked for to published reports.

One process drives a run. It finds out what the store does not have, starts the zygote and imports papermill meanwhile,
hands tasks to workers as soon as what they need is there, and publishes each report when all its notebooks are done.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ccmlib.base import project
from ccmlib.run import fresh, hashing, manifest, publish, schedule
from ccmlib.run.inputs import Inputs, WrongTables
from ccmlib.run.jobs import Job
from ccmlib.run.notebook import Limits, left_out, papermill
from ccmlib.run.progress import Progress, failure_text
from ccmlib.run.runtime import Runtime
from ccmlib.run.store import Store, sweep
from ccmlib.run.task import (
    BODY,
    EXECUTED,
    OUT,
    PAGE,
    Outcome,
    Task,
    digest_of,
    do,
    failed_place,
    folder_name,
    page_key,
)

DONE, WRONG = 0, 1
SECONDS = "seconds.json"
"""Time that each notebook took when it last ran, in the cache."""


@dataclass(frozen=True)
class Report:
    """A report to make.

    Parameters
    ----------
    target : Path
        Its folder.
    jobs : tuple of Job
        All its notebooks, ordered.
    chosen : tuple of str
        Names of those to make now; the others stay as they were.
    facts : mapping
        What its pages show of it: ``folder``, ``period``, ``from_on``, ``to_on``, ``locale``, ``code``, ``sections``,
        ``whole``.
    ask : mapping
        What was asked for, to find the record of it again.
    """

    target: Path
    jobs: tuple[Job, ...]
    chosen: tuple[str, ...]
    facts: Mapping[str, Any]
    ask: Mapping[str, Any]


def cores() -> int:
    """Count the cores that this process may use, which in a container can be fewer than the machine has.

    Returns
    -------
    int
        At least 1.
    """
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """How to run.

    Parameters
    ----------
    jobs : int
        Notebooks at once.
    engine : str
        ``warm``, ``plain`` or ``dask``.
    force : bool
        Run notebooks again though nothing changed.
    limits : Limits
        Time limits.
    pages : str
        Module that makes the pages.
    """

    jobs: int = field(default_factory=cores)
    engine: str = "warm"
    force: bool = False
    limits: Limits = field(default_factory=Limits)
    pages: str = "ccmlib.run.pages"


@dataclass
class Result:
    """What came of a run.

    Parameters
    ----------
    published : list of Path
        Folders of the reports that are now what their inputs make.
    outcomes : dict
        By report folder and job name.
    failures : list of str
        What went wrong, one text each.
    """

    published: list[Path] = field(default_factory=list)
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """Exit code."""
        return WRONG if self.failures else DONE


def run(reports: Sequence[Report], settings: Settings) -> Result:
    """Make reports.

    Parameters
    ----------
    reports : sequence of Report
        What to make.
    settings : Settings
        How.

    Returns
    -------
    Result
        With failures rather than an exception when data, a notebook or the disk is wrong.
    """
    result = Result()
    try:
        with contextlib.ExitStack() as stack:
            for report in sorted(reports, key=lambda report: report.target):
                name = report.facts["folder"]
                waiting = functools.partial(print, f"another run is making {name}: waiting for it", file=sys.stderr)
                stack.enter_context(publish.only_run(report.target, waiting))
            sweep(project.CACHE)
            Run(reports, settings, result, stack).go()
    except WrongTables as wrong:
        result.failures.append(str(wrong))
    except OSError as wrong:
        result.failures.append(f"{project.refused(wrong)}; earlier reports are as they were")
    return result


class Run:
    """One run over one or more reports.

    Parameters
    ----------
    reports : sequence of Report
        What to make.
    settings : Settings
        How.
    result : Result
        Filled as the run goes.
    stack : ExitStack
        Closes what the run opens.
    """

    def __init__(self, reports: Sequence[Report], settings: Settings, result: Result, stack: contextlib.ExitStack):
        self.reports = reports
        self.settings = settings
        self.result = result
        self.stack = stack
        self.notebooks = Store(project.CACHE, "notebooks")
        self.pages = Store(project.CACHE, "pages")
        self.executor: Executor | None = None
        self.runtime: Runtime | None = None
        self.reader, self.writer = -1, -1
        self.seconds: dict[str, float] = hashing.read_json(project.CACHE / SECONDS) or {}
        self.waiting: list[tuple[Report, Job]] = [
            (report, job) for report in reports for job in report.jobs if job.name in report.chosen
        ]
        # The longest first, so that no core waits at the end for one that began late.
        self.waiting.sort(key=lambda pair: -self.seconds.get(pair[1].stem, 0))
        self.progress = Progress(len(self.waiting))
        self.running: dict[Future[Outcome], tuple[Report, Job]] = {}
        self.again: list[tuple[Report, Job]] = []

    def go(self) -> None:
        """Do all tasks and publish all reports."""
        self.inputs = Inputs(self.make_ready)
        self.stack.callback(self.inputs.close)
        self.inputs.snapshot({table for _, job in self.waiting for table in job.tables})
        while self.waiting or self.running:
            while self.advance():
                pass
            if self.running:
                self.collect()
        hashing.write_json(project.CACHE / SECONDS, self.seconds)
        for store in (self.notebooks, self.pages):
            store.prune()

    # ---- tasks

    def advance(self) -> bool:
        """Answer from the store, or hand to a worker, each task whose needs are there.

        Returns
        -------
        bool
            Whether some were answered, so that others may be ready now.
        """
        answered = False
        for report, job in list(self.waiting):
            have = {name: self.result.outcomes.get((report.facts["folder"], name)) for name in job.needs}
            if any(outcome is None for outcome in have.values()):
                continue
            self.waiting.remove((report, job))
            answered = True
            if any(outcome.error for outcome in have.values()):
                self.skip(report, job, [name for name, outcome in have.items() if outcome.error])
                continue
            task = self.task(report, job, have)
            outcome = None if self.settings.force else self.from_store(task)
            if outcome:
                self.finish(report, job, outcome)
            else:
                self.submit(report, job, task)
        return answered

    def task(self, report: Report, job: Job, have: Mapping[str, Outcome]) -> Task:
        """Make the task of a job."""
        facts = {**report.facts, "sections": [list(pair) for pair in report.facts["sections"]]}
        warm = self.settings.engine != "plain"
        return Task(
            job=job,
            key=self.inputs.key(job, {name: outcome.digest for name, outcome in have.items()}),
            page_inputs=self.inputs.page_inputs(facts, self.settings.pages),
            facts=facts,
            pages=self.settings.pages,
            cache=str(project.CACHE),
            processed=str(self.inputs.processed),
            needs={name: outcome.key for name, outcome in have.items()},
            warm=warm,
            limits=self.settings.limits,
            force=self.settings.force,
        )

    def from_store(self, task: Task) -> Outcome | None:
        """Find what a task would give."""
        entry = self.notebooks.get(task.key)
        if entry is None:
            return None
        page = page_key(task, entry)
        if self.pages.get(page) is None:
            return None
        return Outcome(task.job.name, task.key, page, digest=digest_of(entry))

    def submit(self, report: Report, job: Job, task: Task) -> None:
        """Hand a task to a worker."""
        if self.executor is None:
            self.start_workers()
        # Known only now: where the zygote is, and where cells are told.
        where = {"runtime": str(self.runtime.folder), "progress": self.writer}
        self.running[self.executor.submit(do, Task(**{**task.__dict__, **where}))] = (report, job)

    def collect(self) -> None:
        """Wait until a task is done."""
        pause = 0.1 if self.progress.moving else 0.5
        done, _ = wait(self.running, timeout=pause, return_when=FIRST_COMPLETED)
        self.show_cells()
        if self.runtime:
            self.runtime.keep_alive()
        for future in done:
            report, job = self.running.pop(future)
            try:
                outcome = future.result()
            except BrokenProcessPool:
                self.executor = None  # the killed worker took the others with it: new ones are made
                if (report, job) not in self.again:
                    self.again.append((report, job))
                    self.waiting.append((report, job))
                    continue
                error = {"kind": "worker died", "cell": 0, "message": "the process that ran it was killed", "line": ""}
                outcome = Outcome(job.name, error=error)
            self.finish(report, job, outcome)

    def skip(self, report: Report, job: Job, missing: Sequence[str]) -> None:
        """Leave out a job whose needs failed; their failures are told, and this one follows from them."""
        error = {"kind": "skipped", "cell": 0, "line": "", "message": f"not run, since {', '.join(missing)} failed"}
        self.finish(report, job, Outcome(job.name, error=error))

    def finish(self, report: Report, job: Job, outcome: Outcome) -> None:
        """Note an outcome, and publish the report if it was the last of it."""
        folder = report.facts["folder"]
        self.result.outcomes[folder, job.name] = outcome
        place = failed_place(project.CACHE, report.facts, job.name)
        if outcome.ran and not outcome.error:
            self.seconds[job.stem] = round(outcome.seconds, 2)
            place.unlink(missing_ok=True)  # an earlier failure, mended
        self.progress.finished(job.name if len(self.reports) == 1 else f"{folder} {job.name}", outcome)
        if outcome.error:
            kept = outcome.error["kind"] in ("cell failed", "time limit", "kernel died")
            self.result.failures.append(
                failure_text(job.name, job.section, outcome.error, project.shown(place) if kept else "")
            )
        outcomes = {name: self.result.outcomes.get((folder, name)) for name in report.chosen}
        if all(outcomes.values()):
            self.write_log(report, outcomes)
            if not any(each.error for each in outcomes.values()):
                self.publish(report, outcomes)

    # ---- what a run needs

    def start_runtime(self) -> None:
        """Start the zygote, whose imports take as long as this process's own."""
        if self.runtime is None:
            self.runtime = self.stack.enter_context(Runtime(self.settings.engine != "plain"))
            self.stack.callback(self.keep_messages)

    def make_ready(self) -> None:
        """Do what a run that will surely make something needs; what is imported here serves every process forked."""
        self.start_runtime()
        if self.settings.engine != "dask":
            self.import_for_workers()

    def import_for_workers(self) -> None:
        """Import what workers need, once for all of them."""
        papermill()
        with left_out("rfc3987_syntax"):
            importlib.import_module(self.settings.pages).warm_up()
            importlib.import_module("ccmlib.run.kernels")

    def keep_messages(self) -> None:
        """Keep what kernels wrote outside any cell, such as the last words of one that died."""
        said = self.runtime.messages.read_bytes() if self.runtime.messages.exists() else b""
        if said:
            (project.CACHE / "log").mkdir(parents=True, exist_ok=True)
            (project.CACHE / "log" / "kernels.txt").write_bytes(said)

    def start_workers(self) -> None:
        """Import what workers need, once, and make them."""
        self.start_runtime()
        if self.settings.engine == "dask":
            self.executor = self.stack.enter_context(schedule.dask(self.settings.jobs))
            return
        self.import_for_workers()
        if self.runtime.process:
            self.runtime.wait_until_listening()
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        self.executor = self.stack.enter_context(schedule.forked(self.settings.jobs, self.runtime.lifelines))

    def show_cells(self) -> None:
        """Show which cells have begun."""
        if self.reader < 0:
            return
        with contextlib.suppress(BlockingIOError):
            while told := os.read(self.reader, 65536):
                for line in told.splitlines():
                    with contextlib.suppress(ValueError):
                        self.progress.cell(*json.loads(line))

    # ---- what comes out

    def publish(self, report: Report, outcomes: Mapping[str, Outcome]) -> None:
        """Stage a report and put it in its place."""
        keys = {name: {"outcome": outcome.key, "page": outcome.page} for name, outcome in outcomes.items()}
        keys = {**self.kept(report), **keys}
        facts = {**report.facts, "processed": str(self.inputs.processed)}
        facts["names"] = [job.name for job in report.jobs if job.name in keys]
        if facts["whole"]:
            facts["sections"] = [(job.name, job.title) for job in report.jobs if job.name in keys]
        inputs, name = self.inputs.hashes(report.jobs), folder_name(report.facts)
        made_of = manifest.describe(inputs, parameters_of(report), keys, name)
        if not self.settings.force and manifest.is_whole(report.target, made_of):
            self.progress.say(f"{project.shown(report.target)} is as it was")
        else:
            self.replace(report, keys, facts, made_of)
        fresh.record(report.ask, report.target, self.inputs.recorded())
        self.result.published.append(report.target)

    def replace(
        self, report: Report, keys: Mapping[str, Any], facts: Mapping[str, Any], made_of: Mapping[str, Any]
    ) -> None:
        """Make a report beside its place and put it there."""
        with publish.staging(report.target) as stage:
            for name in keys:
                self.stage(stage, name, keys[name])
            with left_out("rfc3987_syntax"):
                importlib.import_module(self.settings.pages).assemble(stage, facts)
            publish.refuse_places(stage, (project.ROOT, Path.home(), self.inputs.folder))
            made = manifest.make(stage, made_of)
            publish.swap_in(stage, report.target)
        self.progress.say(f"{project.shown(report.target)}: {len(made['outputs'])} files")

    def kept(self, report: Report) -> dict[str, dict[str, str]]:
        """Find, for the notebooks that were not chosen, what the earlier report was made of."""
        earlier = (hashing.read_json(report.target / manifest.NAME) or {}).get("notebooks", {})
        return {
            job.name: earlier[job.name]
            for job in report.jobs
            if job.name not in report.chosen and job.name in earlier
            and self.notebooks.get(earlier[job.name]["outcome"]) and self.pages.get(earlier[job.name]["page"])
        }  # fmt: skip

    def stage(self, stage: Path, name: str, keys: Mapping[str, str]) -> None:
        """Copy what a notebook gave into the staged report."""
        outcome, page = self.notebooks.place(keys["outcome"]), self.pages.place(keys["page"])
        if (outcome / OUT).is_dir():
            shutil.copytree(outcome / OUT, stage / name, copy_function=shutil.copyfile)
        (stage / name).mkdir(exist_ok=True)
        (stage / "notebooks").mkdir(exist_ok=True)
        shutil.copyfile(outcome / EXECUTED, stage / "notebooks" / f"{name}.ipynb")
        shutil.copyfile(page / PAGE, stage / f"{name}.html")
        shutil.copyfile(page / BODY, stage / name / "body.json")

    def write_log(self, report: Report, outcomes: Mapping[str, Outcome]) -> None:
        """Keep times, warnings and tracebacks, which have no place in the report."""
        log = {name: {**outcome.__dict__} for name, outcome in outcomes.items() if outcome}
        hashing.write_json(project.CACHE / "log" / f"{folder_name(report.facts)}.json", log)


def parameters_of(report: Report) -> dict[str, Any]:
    """Give the parameters that make a report, for its manifest."""
    return {name: report.facts[name] for name in ("period", "from_on", "to_on", "locale", "code")}
