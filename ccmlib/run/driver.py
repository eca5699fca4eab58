"""The driver: from what is asked for to published reports.

One process drives a run. It finds out what the store does not have, hands tasks to workers as soon as what they need is
there, and publishes each report when all its notebooks are done.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ccmlib.base import files, project
from ccmlib.run import fresh, hashing, kernels, manifest, publish, usage
from ccmlib.run.cleaning import WrongTables
from ccmlib.run.inputs import Inputs
from ccmlib.run.notebook import Limits
from ccmlib.run.progress import Progress, failure_text
from ccmlib.run.store import Store, sweep
from ccmlib.run.task import (
    BODY,
    EXECUTED,
    OUT,
    PAGE,
    Outcome,
    Task,
    assemble,
    attempt,
    digest_of,
    failed_place,
    one_name,
    page_key,
)
from ccmlib.run.worklist import Job, Report

DONE, WRONG = 0, 1
ENGINES = ("warm", "plain", "dask")
SECONDS = "seconds.json"
"""Time that each notebook took when it last ran, in the cache."""


@dataclass(frozen=True)
class Settings:
    """How to run: notebooks at once, engine, again though nothing changed, time limits, the module that makes pages."""

    jobs: int = field(default_factory=lambda: cores())
    engine: str = "warm"
    force: bool = False
    limits: Limits = field(default_factory=Limits)
    pages: str = "ccmlib.run.pages"


@dataclass
class Result:
    """What came of a run: folders published, outcomes by report and job, and what went wrong, one text each."""

    published: list[Path] = field(default_factory=list)
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """Exit code."""
        return WRONG if self.failures else DONE


def cores() -> int:
    """Count the cores that this process may use, which in a container can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def settings(how: Mapping[str, Any]) -> Settings:
    """Check how a run is to be made."""
    allowed = [each.name for each in fields(Settings)]
    given = {name: each for name, each in how.items() if each is not None}
    given = {name: each for name, each in given.items() if name not in ("locale", "code", "reports_dir")}
    for name in given:
        if name not in allowed:
            raise usage.WrongUsage(usage.one_of("option", name, allowed))
    made = Settings(**given)
    if made.engine not in ENGINES:
        raise usage.WrongUsage(usage.one_of("engine", made.engine, ENGINES))
    if isinstance(made.jobs, bool) or not isinstance(made.jobs, int) or not 1 <= made.jobs <= 256:
        raise usage.WrongUsage(f"JOBS is {made.jobs!r}, expected a whole number from 1 to 256")
    return replace(made, engine="plain") if made.engine == "warm" and not kernels.can_fork() else made


def run(reports: Sequence[Report], settings: Settings) -> Result:
    """Make reports; where data, a notebook or the disk is wrong, the result has failures and there is no exception."""
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


@contextlib.contextmanager
def workers(settings: Settings) -> Iterator[Executor]:
    """Give what takes tasks: threads that each watch one worker process, or Dask's scheduler.

    Dask's is the one named in ``DASK_SCHEDULER_ADDRESS``, whose workers see the project's folder under the same path;
    or else a cluster of this machine.
    """
    if settings.engine != "dask":
        kernels.stopped.clear()
        pool = ThreadPoolExecutor(settings.jobs)
        try:
            yield pool
        except BaseException:
            kernels.stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return
    import dask
    from distributed import Client, LocalCluster

    with contextlib.ExitStack() as stack:
        address = os.environ.get("DASK_SCHEDULER_ADDRESS")
        if address is None:
            stack.enter_context(dask.config.set({"distributed.worker.daemon": False}))  # so they may start kernels
            # Encrypted, so that nobody else on this machine can join or listen.
            given = {"threads_per_worker": 1, "dashboard_address": None, "silence_logs": 40, "security": True}
            address = stack.enter_context(LocalCluster(n_workers=settings.jobs, processes=True, **given))
        yield stack.enter_context(Client(address)).get_executor(pure=False)


class Run:
    """One run over one or more reports; `stack` closes what it opens, `result` is filled as it goes."""

    def __init__(self, reports: Sequence[Report], settings: Settings, result: Result, stack: contextlib.ExitStack):
        self.reports, self.settings, self.result, self.stack = reports, settings, result, stack
        self.notebooks, self.pages = Store(project.CACHE, "notebooks"), Store(project.CACHE, "pages")
        self.executor: Executor | None = None
        self.seconds: dict[str, float] = hashing.read_cached(project.CACHE / SECONDS) or {}
        self.waiting = [(report, job) for report in reports for job in report.jobs if job.name in report.chosen]
        # The longest first, so that no core waits at the end for one that began late.
        self.waiting.sort(key=lambda pair: -self.seconds.get(pair[1].stem, 0))
        self.progress = Progress(len(self.waiting))
        self.running: dict[Future[Outcome], tuple[Report, Job]] = {}

    def go(self) -> None:
        """Do all tasks and publish all reports."""
        if self.settings.engine == "warm":
            kernels.start_server()  # imports while the tables are made
        self.inputs = Inputs(self.progress.say)
        self.stack.callback(self.inputs.close)
        self.stack.callback(self.keep_messages)
        while self.waiting or self.running:
            while self.advance():
                pass
            if self.running:
                for future in wait(self.running, return_when=FIRST_COMPLETED).done:
                    self.finish(*self.running.pop(future), future.result())
        files.write_whole(project.CACHE / SECONDS, hashing.as_json(self.seconds))
        for store in (self.notebooks, self.pages):
            store.prune()

    def advance(self) -> bool:
        """Answer from the store, or hand to a worker, each task whose needs are there; tell whether there were any."""
        answered = False
        for report, job in list(self.waiting):
            have = {name: self.result.outcomes.get((report.facts["folder"], name)) for name in job.needs}
            if any(outcome is None for outcome in have.values()):
                continue
            self.waiting.remove((report, job))
            answered = True
            if failed := [name for name, outcome in have.items() if outcome.error]:
                message = f"not run, since {', '.join(failed)} failed"
                error = {"kind": "skipped", "cell": 0, "line": "", "message": message}
                self.finish(report, job, Outcome(job.name, error=error))
                continue
            task = self.task(report, job, have)
            if outcome := None if self.settings.force else self.from_store(task):
                self.finish(report, job, outcome)
            else:
                self.executor = self.executor or self.stack.enter_context(workers(self.settings))
                # A function cannot show progress from another machine.
                tell = [] if self.settings.engine == "dask" else [functools.partial(self.progress.cell, job.name)]
                self.running[self.executor.submit(attempt, task, *tell)] = (report, job)
        return answered

    def task(self, report: Report, job: Job, have: Mapping[str, Outcome]) -> Task:
        """Make the task of a job."""
        facts = self.facts_of(report, [each.name for each in report.jobs])
        return Task(
            job=job, key=self.inputs.key(job, {name: outcome.digest for name, outcome in have.items()}),
            page_inputs=self.inputs.page_inputs(facts, self.settings.pages), facts=facts, pages=self.settings.pages,
            cache=str(project.CACHE), processed=str(self.inputs.processed),
            needs={name: outcome.key for name, outcome in have.items()}, warm=self.settings.engine != "plain",
            limits=self.settings.limits, force=self.settings.force,
        )

    def facts_of(self, report: Report, names: Sequence[str]) -> dict[str, Any]:
        """Give the facts that pages show, with the sections among these names."""
        sections = [[job.name, job.title] for job in report.jobs if job.name in names] if report.facts["whole"] else []
        return {**report.facts, "sections": sections}

    def from_store(self, task: Task) -> Outcome | None:
        """Find what a task would give."""
        if entry := self.notebooks.get(task.key):
            page = page_key(task, entry)
            if self.pages.get(page) is not None:
                return Outcome(task.job.name, task.key, page, digest_of(entry))
        return None

    def finish(self, report: Report, job: Job, outcome: Outcome) -> None:
        """Note an outcome, and publish the report if it was the last of it."""
        folder = report.facts["folder"]
        self.result.outcomes[folder, job.name] = outcome
        failed = failed_place(project.CACHE, report.facts, job.name)
        if outcome.ran and not outcome.error:
            self.seconds[job.stem] = round(outcome.seconds, 2)
            failed.unlink(missing_ok=True)  # an earlier failure, mended
        self.progress.finished(job.name if len(self.reports) == 1 else f"{folder} {job.name}", outcome)
        if outcome.error:
            kept = outcome.error["kind"] in ("cell failed", "time limit", "kernel died")
            text = failure_text(job.name, job.section, outcome.error, project.shown(failed) if kept else "")
            self.result.failures.append(text)
        outcomes = {name: self.result.outcomes.get((folder, name)) for name in report.chosen}
        if all(outcomes.values()):
            # Times, warnings and tracebacks have no place in the report.
            log = {name: each.__dict__ for name, each in outcomes.items()}
            files.write_whole(project.CACHE / "log" / f"{one_name(report.facts)}.json", hashing.as_json(log))
            if not any(each.error for each in outcomes.values()):
                self.publish(report, outcomes)

    def keep_messages(self) -> None:
        """Keep what kernels wrote outside any cell, such as the last words of one that died."""
        messages = kernels.folder() / "messages"
        if messages.exists() and messages.stat().st_size:
            files.write_whole(project.CACHE / "log" / "kernels.txt", messages.read_bytes())

    def publish(self, report: Report, outcomes: Mapping[str, Outcome]) -> None:
        """Stage a report and put it in its place."""
        began = time.monotonic()
        made = {
            job.name: {
                "outcome": outcomes[job.name].key, "page": outcomes[job.name].page, "digest": outcomes[job.name].digest,
                "inputs": self.inputs.of_job(job), "needs": {name: outcomes[name].digest for name in job.needs},
            }
            for job in report.jobs if job.name in outcomes
        }  # fmt: skip
        made = {**self.kept(report), **made}
        sections = [job.name for job in report.jobs] if report.facts["whole"] else []
        parameters = {name: report.facts[name] for name in ("period", "from_on", "to_on", "locale", "code")}
        inputs = self.inputs.of_report(report.jobs)
        made_of = manifest.describe(inputs, parameters, made, sections, self.inputs.library, one_name(report.facts))
        if self.settings.force or not manifest.is_whole(report.target, made_of):
            names = [job.name for job in report.jobs if job.name in made]
            facts = {**self.facts_of(report, names), "processed": str(self.inputs.processed), "names": names}
            with publish.staging(report.target) as stage:
                for name in made:
                    self.stage(stage, name, made[name])
                kernels.in_worker(assemble, self.settings.pages, stage, facts)
                publish.refuse_places(stage, (project.ROOT, Path.home(), self.inputs.folder))
                manifest.make(stage, made_of)
                publish.swap_in(stage, report.target, manifest.listed(report.target))
        listed = manifest.listed(report.target)
        fresh.record(report.ask, report.target, self.inputs.recorded, listed)
        self.result.published.append(report.target)
        seconds = time.monotonic() - began
        self.progress.say(f"{project.shown(report.target)}: {len(listed)} files, put together in {seconds:.1f} s")
        stale = ", ".join(line.partition(":")[0] for line in manifest.stale_or_absent(made_of))
        note = f"; stale or absent: {stale} (make the report without SECTION)" if stale else ""
        self.progress.say(f"Open {project.shown(first_page(report.target))}{counts(report.target)}{note}")

    def kept(self, report: Report) -> dict[str, dict[str, Any]]:
        """Find, for the notebooks that were not chosen, what the earlier report was made of."""
        earlier = hashing.read_json(report.target / manifest.NAME) or {}
        earlier = earlier.get("notebooks", {}) if earlier.get("schema") == manifest.SCHEMA else {}
        return {
            job.name: earlier[job.name]
            for job in report.jobs
            if job.name not in report.chosen and job.name in earlier
            and self.notebooks.get(earlier[job.name]["outcome"]) and self.pages.get(earlier[job.name]["page"])
        }  # fmt: skip

    def stage(self, stage: Path, name: str, keys: Mapping[str, Any]) -> None:
        """Copy what a notebook gave into the staged report."""
        outcome, page = self.notebooks.place(keys["outcome"]), self.pages.place(keys["page"])
        if (outcome / OUT).is_dir():
            shutil.copytree(outcome / OUT, stage / name, copy_function=shutil.copyfile)
        (stage / name).mkdir(exist_ok=True)
        (stage / "notebooks").mkdir(exist_ok=True)
        shutil.copyfile(outcome / EXECUTED, stage / "notebooks" / f"{name}.ipynb")
        shutil.copyfile(page / PAGE, stage / f"{name}.html")
        shutil.copyfile(page / BODY, stage / name / "body.json")


def first_page(target: Path) -> Path:
    """Find the page of a report to open first."""
    index = target / "index.html"
    return index if index.is_file() else next(iter(sorted(target.glob("*.html"))), target)


def counts(target: Path) -> str:
    """Count the figures of a report, and those that differ from the published one; nothing where it has none."""
    figures, published = _rows(target / "figures.csv"), _rows(target / "reconciliation.csv")
    if not figures:
        return ""
    differ = sum(row.get("status") == "differs" for row in published)
    return f": {len(figures)} figures" + (f", {differ} differ from the published report" if published else "")


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))
