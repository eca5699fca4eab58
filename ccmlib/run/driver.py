"""The driver: from what is asked for to published reports.

One process drives a run. It finds out what the store does not have, hands tasks to workers as soon as what they need is
there, and publishes each report when all its notebooks are done.
"""

import contextlib
import csv
import functools
import io
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TextIO

from ccmlib.base import files, project
from ccmlib.run import hashing, kernels, preload, publish, store, task
from ccmlib.run.task import Outcome, Settings, Task, one_name
from ccmlib.run.worklist import Job, Report

#: Time that each notebook took when it last ran, in the cache.
SECONDS = "seconds.json"


def run(reports: Sequence[Report], settings: Settings, failures: list[str]) -> None:
    """Make reports; to `failures` is added what is wrong with a notebook, each in a text of its own."""
    with contextlib.ExitStack() as stack:
        for report in sorted(reports, key=lambda report: report.target):
            waiting = f"another run is making {report.facts['folder']}: waiting for it"
            stack.enter_context(publish.only_run(report.target, functools.partial(print, waiting, file=sys.stderr)))
        Run(reports, settings, failures, stack).go()


@contextlib.contextmanager
def workers(settings: Settings) -> Iterator[Executor]:
    """Give what takes tasks: threads that each watch one worker process, or Dask's scheduler.

    Dask's is the one named in ``DASK_SCHEDULER_ADDRESS``, whose workers see the project's folder under the same path;
    or else a cluster of this machine.
    """
    if settings.engine != "dask":
        kernels.stopped.clear()
        with ThreadPoolExecutor(settings.jobs) as pool:
            try:
                yield pool
            except BaseException:
                kernels.stop()
                pool.shutdown(cancel_futures=True)
                raise
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


class Progress:
    """Shows a run of so many notebooks as it goes: a moving line on a terminal, a line for each notebook elsewhere."""

    def __init__(self, total: int, out: TextIO | None = None):
        self.out = out or sys.stdout
        self.total, self.done, self.started = total, 0, time.monotonic()
        self.running: dict[str, str] = {}

    def cell(self, name: str, number: int, count: int) -> None:
        """Note that a cell of a notebook begins, by its number among so many."""
        self.running[name] = f"{name} {number}/{count}"
        if self.out.isatty():
            parts = ", ".join(sorted(self.running.copy().values()))
            line = f"{self.done}/{self.total} done, {time.monotonic() - self.started:.0f} s, running: {parts}"
            print(f"\r\x1b[2K{line[:110]}", end="", file=self.out, flush=True)

    def finished(self, name: str, outcome: Outcome) -> None:
        """Note what came of a notebook."""
        self.done += 1
        self.running.pop(name, None)
        mark = "FAILED" if outcome.error else f"{outcome.seconds:.1f} s" if outcome.ran else "unchanged"
        again = ", second kernel" if outcome.attempts > 1 else ""
        warned = sum("stderr" in entry for entry in outcome.log)
        warnings = f", warnings in {warned} cell{'s' * (warned > 1)} (see the run log)" if warned else ""
        self.say(f"{self.done:>3}/{self.total} {name:<32} {mark}{again}{warnings}")

    def say(self, text: str) -> None:
        """Print a line."""
        print(f"\r\x1b[2K{text}" if self.out.isatty() else text, file=self.out, flush=True)


def failure_text(name: str, section: str, error: dict) -> str:
    """Say what went wrong in a notebook: section, cell number, message, and where the failed notebook is kept."""
    where = f", cell {error['cell']}" if error["cell"] else ""
    lines = [f"section {section}, {name}{where}: {error['message']}"]
    if error["line"]:
        lines.append(f"    in the cell that begins: {error['line'].strip()[:90]}")
    if "kept" in error:
        lines.append(f"    the notebook as far as it went: {project.shown(error['kept'])}")
    return "\n".join(lines)


def facts_of(report: Report, jobs: Sequence[Job]) -> dict:
    """Give the facts that pages show, with these jobs as sections if it is a report of sections."""
    return {**report.facts, "sections": [[job.name, job.title] for job in jobs if report.facts["verb"] == "report"]}


class Run:
    """One run over one or more reports; `stack` closes what it opens, `failures` are told as they come."""

    def __init__(self, reports: Sequence[Report], settings: Settings, failures: list[str], stack: contextlib.ExitStack):
        self.reports, self.settings, self.failures, self.stack = reports, settings, failures, stack
        self.store = store.Store(project.CACHE)
        self.executor: Executor | None = None
        self.waiting = [(report, job) for report in reports for job in report.jobs if job.name in report.chosen]
        # The longest first, so that no core waits at the end for one that began late.
        self.seconds = hashing.read_cached(project.CACHE / SECONDS) or {}
        self.waiting.sort(key=lambda pair: -self.seconds.get(pair[1].stem, 0))
        self.running: dict[Future[Outcome], tuple[Report, Job]] = {}
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.progress = Progress(len(self.waiting))

    def go(self) -> None:
        """Do all tasks and publish all reports."""
        def imports(*slow: str) -> None:
            if self.settings.engine == "warm" and kernels.FORKS:
                kernels.start_server(*slow)

        # What only few notebooks need is imported while the tables are made, or for several reports.
        self.inputs = store.Inputs(self.store, self.progress.say, meanwhile=lambda: imports(*preload.SLOW))
        imports(*(preload.SLOW if len(self.reports) > 1 else ()))
        while self.waiting or self.running:
            ready = [(report, job) for report, job in self.waiting
                     if all((report.facts["folder"], name) in self.outcomes for name in job.needs)]  # fmt: skip
            for report, job in ready:
                self.waiting.remove((report, job))
                self.begin(report, job)
            if self.running and not ready:
                for future in wait(self.running, return_when=FIRST_COMPLETED).done:
                    self.finish(*self.running.pop(future), future.result())
        files.write_whole(project.CACHE / SECONDS, hashing.as_json(self.seconds))
        self.store.prune()

    def begin(self, report: Report, job: Job) -> None:
        """Answer from the store, or hand to a worker, a task whose needs are there."""
        have = {name: self.outcomes[report.facts["folder"], name] for name in job.needs}
        if failed := [name for name, outcome in have.items() if outcome.error]:
            error = task.problem("skipped", f"not run, since {', '.join(failed)} failed")
            return self.finish(report, job, Outcome(job.name, error=error))
        facts = facts_of(report, report.jobs)
        wanted = Task(
            job=job, key=self.inputs.key(job, {name: outcome.digest for name, outcome in have.items()}),
            page_inputs=self.inputs.page_inputs(facts), facts=facts, cache=project.CACHE, tables=self.inputs.tables,
            needs={name: outcome.key for name, outcome in have.items()}, settings=self.settings,
        )  # fmt: skip
        entry = None if self.settings.force else self.store.get(wanted.key)
        if entry and self.store.get(page := task.page_key(wanted, entry)):
            return self.finish(report, job, Outcome(job.name, wanted.key, page, task.digest_of(entry)))
        self.executor = self.executor or self.stack.enter_context(workers(self.settings))
        # A function cannot show progress from another machine.
        tell = [] if self.settings.engine == "dask" else [functools.partial(self.progress.cell, job.name)]
        self.running[self.executor.submit(task.attempt, wanted, *tell)] = (report, job)

    def finish(self, report: Report, job: Job, outcome: Outcome) -> None:
        """Note an outcome, and publish the report if it was the last of it."""
        folder = report.facts["folder"]
        self.outcomes[folder, job.name] = outcome
        self.seconds |= {job.stem: round(outcome.seconds, 2)} if outcome.ran else {}
        self.progress.finished(job.name if len(self.reports) == 1 else f"{folder} {job.name}", outcome)
        if outcome.error:
            self.failures.append(failure_text(job.name, job.section, outcome.error))
        outcomes = {name: self.outcomes.get((folder, name)) for name in report.chosen}
        if all(outcomes.values()):
            log = hashing.as_json({name: each.__dict__ for name, each in outcomes.items()})  # has no place in the report
            files.write_whole(project.CACHE / "log" / f"{one_name(report.facts)}.json", log)
            if not any(each.error for each in outcomes.values()):
                self.publish(report, outcomes)

    def publish(self, report: Report, outcomes: Mapping[str, Outcome]) -> None:
        """Stage a report and put it in its place."""
        began, target, facts = time.monotonic(), report.target, report.facts
        made = self.kept(report)
        for job in (job for job in report.jobs if job.name in outcomes):
            own, notebook = outcomes[job.name], f"notebooks/{job.stem}.ipynb"
            read = {notebook: self.inputs.hashes[notebook], **self.inputs.shared}
            read |= {name: outcomes[name].digest for name in job.needs}
            made[job.name] = {"outcome": own.key, "page": own.page, "digest": own.digest, "inputs": read}
        made_of = {
            "parameters": {name: facts[name] for name in ("period", "from_on", "to_on", "locale", "code")},
            "versions": self.inputs.versions, "inputs": self.inputs.of_report(report.jobs), "shared": self.inputs.shared,
            "sections": [name for name, _ in facts_of(report, report.jobs)["sections"]],
            "notebooks": made, "archive": f"{one_name(facts)}.zip", "schema": publish.SCHEMA,
        }  # fmt: skip
        if self.settings.force or not publish.is_whole(target, made_of):
            jobs = [job for job in report.jobs if job.name in made]
            with publish.staging(target) as stage:
                for job in jobs:
                    self.stage(stage, job.name, made[job.name])
                shown = {**facts_of(report, jobs), "names": [job.name for job in jobs]}
                kernels.in_worker(task.assemble, stage, shown, project.CACHE, self.inputs.tables)
                publish.refuse_places(stage, (project.ROOT, Path.home(), kernels.folder()))
                publish.make(stage, made_of)
                publish.swap_in(stage, target, publish.listed(target))
        listed = publish.listed(target)
        store.record(report.ask, self.inputs.hashes, target, listed)
        seconds = time.monotonic() - began
        self.progress.say(f"{project.shown(target)}: {len(listed)} files, put together in {seconds:.1f} s")
        stale = ", ".join(line.partition(":")[0] for line in publish.stale_or_absent(made_of))
        note = f"; stale or absent: {stale} (make the report without SECTION)" if stale else ""
        self.progress.say(f"Open {project.shown(first_page(target))}{counts(target)}{note}")
        if said := beyond(facts, self.inputs.table_files):
            self.progress.say(said)

    def kept(self, report: Report) -> dict[str, dict]:
        """Find, for the notebooks that were not chosen, what the earlier report was made of."""
        earlier = hashing.read_json(report.target / publish.NAME) or {}
        made = earlier.get("notebooks", {}) if earlier.get("schema") == publish.SCHEMA else {}
        others = {job.name: made[job.name] for job in report.jobs if job.name in made and job.name not in report.chosen}
        return {name: one for name, one in others.items() if self.store.get(one["outcome"]) and self.store.get(one["page"])}

    def stage(self, stage: Path, name: str, keys: dict) -> None:
        """Copy what a notebook gave into the staged report."""
        places = {task.EXECUTED: f"notebooks/{name}.ipynb", task.PAGE: f"{name}.html", task.BODY: f"{name}/{task.BODY}"}
        for key in (keys["outcome"], keys["page"]):
            for path, content in self.store.read(key).items():
                files.write_whole(stage / places.get(path, f"{name}/{path.removeprefix(task.OUT)}"), content)


def first_page(target: Path) -> Path:
    """Find the page of a report to open first."""
    return min(target.glob("*.html"), key=lambda path: (path.name != "index.html", path.name), default=target)


def beyond(facts: dict, tables: Mapping[str, bytes]) -> str:
    """Say how far the depositary's record reaches, where the period ends after it."""
    periods, coverage = (list(csv.DictReader(io.StringIO(tables.get(f"{name}.csv", b"").decode())))
                         for name in ("periods", "coverage"))  # fmt: skip
    end = facts["to_on"] or max((row["end"] for row in periods if row["period"] == facts["period"]), default="")
    known = max((row["to_on"] for row in coverage if row["subject"] == "treaty_actions"), default=end)
    return f"the period ends on {end}, the depositary's record on {known}: what came later is not known" if end > known else ""


def counts(target: Path) -> str:
    """Count the figures of a report, and those that differ from the published one; nothing where it has none."""
    figures, published = (
        list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))) if path.is_file() else []
        for path in (target / "figures.csv", target / "reconciliation.csv")
    )
    differ = sum(row.get("status") == "differs" for row in published)
    told = f", {differ} differ from the published report" if published else ""
    return f": {len(figures)} figures{told}" if figures else ""
