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
from pathlib import Path
from typing import Any

from ccmlib.base import files, project
from ccmlib.run import fresh, hashing, kernels, manifest, publish, task
from ccmlib.run.inputs import Inputs, WrongTables
from ccmlib.run.progress import Progress, failure_text
from ccmlib.run.store import Store, scratch, sweep
from ccmlib.run.task import Outcome, Settings, Task, one_name
from ccmlib.run.worklist import Job, Report

SECONDS = "seconds.json"
"""Time that each notebook took when it last ran, in the cache."""


def run(reports: Sequence[Report], settings: Settings) -> list[str]:
    """Make reports, and say what is wrong with the data, a notebook or the disk, each in a text of its own."""
    failures: list[str] = []
    try:
        with contextlib.ExitStack() as stack:
            for report in sorted(reports, key=lambda report: report.target):
                name = report.facts["folder"]
                waiting = functools.partial(print, f"another run is making {name}: waiting for it", file=sys.stderr)
                stack.enter_context(publish.only_run(report.target, waiting))
            Run(reports, settings, failures, stack).go()
    except WrongTables as wrong:
        failures.append(str(wrong))
    except OSError as wrong:
        failures.append(f"{project.refused(wrong)}; earlier reports are as they were")
    return failures


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
    """One run over one or more reports; `stack` closes what it opens, `failures` are told as they come."""

    def __init__(
        self, reports: Sequence[Report], settings: Settings, failures: list[str], stack: contextlib.ExitStack
    ):  # fmt: skip
        self.reports, self.settings, self.failures, self.stack = reports, settings, failures, stack
        self.notebooks, self.pages = Store(project.CACHE, "notebooks"), Store(project.CACHE, "pages")
        self.executor: Executor | None = None
        self.seconds: dict[str, float] = hashing.read_cached(project.CACHE / SECONDS) or {}
        self.waiting = [(report, job) for report in reports for job in report.jobs if job.name in report.chosen]
        # The longest first, so that no core waits at the end for one that began late.
        self.waiting.sort(key=lambda pair: -self.seconds.get(pair[1].stem, 0))
        self.running: dict[Future[Outcome], tuple[Report, Job]] = {}
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.progress = Progress(len(self.waiting))

    def go(self) -> None:
        """Do all tasks and publish all reports."""
        sweep(project.CACHE)
        if self.settings.engine == "warm" and kernels.FORKS:
            kernels.start_server()  # imports while the tables are made
        self.inputs = Inputs(self.stack.enter_context(scratch(project.CACHE / "work")), self.progress.say)
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
            have = {name: self.outcomes.get((report.facts["folder"], name)) for name in job.needs}
            if not all(have.values()):
                continue
            self.waiting.remove((report, job))
            answered = True
            if failed := [name for name, outcome in have.items() if outcome.error]:
                error = task.problem("skipped", f"not run, since {', '.join(failed)} failed")
                self.finish(report, job, Outcome(job.name, error=error))
                continue
            wanted = self.task_of(report, job, have)
            if outcome := None if self.settings.force else self.from_store(wanted):
                self.finish(report, job, outcome)
            else:
                self.executor = self.executor or self.stack.enter_context(workers(self.settings))
                # A function cannot show progress from another machine.
                tell = [] if self.settings.engine == "dask" else [functools.partial(self.progress.cell, job.name)]
                self.running[self.executor.submit(task.attempt, wanted, *tell)] = (report, job)
        return answered

    def task_of(self, report: Report, job: Job, have: Mapping[str, Outcome]) -> Task:
        """Make the task of a job."""
        facts = self.facts_of(report, [each.name for each in report.jobs])
        return Task(
            job=job, key=self.inputs.key(job, {name: outcome.digest for name, outcome in have.items()}),
            page_inputs=self.inputs.page_inputs(facts), facts=facts, cache=project.CACHE, processed=self.inputs.processed,
            needs={name: outcome.key for name, outcome in have.items()}, settings=self.settings,
        )  # fmt: skip

    def facts_of(self, report: Report, names: Sequence[str]) -> dict[str, Any]:
        """Give the facts that pages show, with the sections among these names if it is a report of sections."""
        named = [[job.name, job.title] for job in report.jobs if job.name in names]
        return {**report.facts, "sections": named if report.facts["verb"] == "report" else []}

    def from_store(self, wanted: Task) -> Outcome | None:
        """Find what a task would give."""
        if entry := self.notebooks.get(wanted.key):
            page = task.page_key(wanted, entry)
            if self.pages.get(page) is not None:
                return Outcome(wanted.job.name, wanted.key, page, task.digest_of(entry))
        return None

    def finish(self, report: Report, job: Job, outcome: Outcome) -> None:
        """Note an outcome, and publish the report if it was the last of it."""
        folder = report.facts["folder"]
        self.outcomes[folder, job.name] = outcome
        if outcome.ran and not outcome.error:
            self.seconds[job.stem] = round(outcome.seconds, 2)
            task.failed_place(project.CACHE, report.facts, job.name).unlink(missing_ok=True)  # failed before, mended
        self.progress.finished(job.name if len(self.reports) == 1 else f"{folder} {job.name}", outcome)
        if outcome.error:
            self.failures.append(failure_text(job.name, job.section, outcome.error))
        outcomes = {name: self.outcomes.get((folder, name)) for name in report.chosen}
        if all(outcomes.values()):
            # Times, warnings and tracebacks have no place in the report.
            log = {name: each.__dict__ for name, each in outcomes.items()}
            files.write_whole(project.CACHE / "log" / f"{one_name(report.facts)}.json", hashing.as_json(log))
            if not any(each.error for each in outcomes.values()):
                self.publish(report, outcomes)

    def publish(self, report: Report, outcomes: Mapping[str, Outcome]) -> None:
        """Stage a report and put it in its place."""
        began, target = time.monotonic(), report.target
        made = self.kept(report)
        for job in (job for job in report.jobs if job.name in outcomes):
            own = outcomes[job.name]
            inputs = self.inputs.of_job(job) | {name: outcomes[name].digest for name in job.needs}
            made[job.name] = {"outcome": own.key, "page": own.page, "digest": own.digest, "inputs": inputs}
        made_of = {
            "parameters": {name: report.facts[name] for name in ("period", "from_on", "to_on", "locale", "code")},
            "versions": self.inputs.versions, "inputs": self.inputs.of_report(report.jobs), "shared": self.inputs.shared,
            "sections": [name for name, _ in self.facts_of(report, [job.name for job in report.jobs])["sections"]],
            "notebooks": made, "archive": f"{one_name(report.facts)}.zip", "schema": manifest.SCHEMA,
        }  # fmt: skip
        if self.settings.force or not manifest.is_whole(target, made_of):
            names = [job.name for job in report.jobs if job.name in made]
            with publish.staging(target) as stage:
                for name in names:
                    self.stage(stage, name, made[name])
                facts = {**self.facts_of(report, names), "processed": self.inputs.processed, "names": names}
                kernels.in_worker(task.assemble, stage, facts)
                publish.refuse_places(stage, (project.ROOT, Path.home(), self.inputs.folder))
                manifest.make(stage, made_of)
                publish.swap_in(stage, target, manifest.listed(target))
        listed = manifest.listed(target)
        fresh.record(report.ask, self.inputs.recorded, target, listed)
        seconds = time.monotonic() - began
        self.progress.say(f"{project.shown(target)}: {len(listed)} files, put together in {seconds:.1f} s")
        stale = ", ".join(line.partition(":")[0] for line in manifest.stale_or_absent(made_of))
        note = f"; stale or absent: {stale} (make the report without SECTION)" if stale else ""
        self.progress.say(f"Open {project.shown(first_page(target))}{counts(target)}{note}")

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
        if (outcome / task.OUT).is_dir():
            shutil.copytree(outcome / task.OUT, stage / name, copy_function=shutil.copyfile)
        for folder in (stage / name, stage / "notebooks"):
            folder.mkdir(exist_ok=True)
        shutil.copyfile(outcome / task.EXECUTED, stage / "notebooks" / f"{name}.ipynb")
        shutil.copyfile(page / task.PAGE, stage / f"{name}.html")
        shutil.copyfile(page / task.BODY, stage / name / task.BODY)


def first_page(target: Path) -> Path:
    """Find the page of a report to open first."""
    return min(target.glob("*.html"), key=lambda path: (path.name != "index.html", path.name), default=target)


def counts(target: Path) -> str:
    """Count the figures of a report, and those that differ from the published one; nothing where it has none."""
    figures, published = _rows(target / "figures.csv"), _rows(target / "reconciliation.csv")
    differ = sum(row.get("status") == "differs" for row in published)
    told = f", {differ} differ from the published report" if published else ""
    return f": {len(figures)} figures{told}" if figures else ""


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))
