"""The work list: one job for each notebook to run, as plain data that any scheduler can carry."""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

from ccmlib.base import project
from ccmlib.base.names import StateNames
from ccmlib.run.inputs import up_to_date_tables
from ccmlib.run.usage import WrongUsage, one_of, period_names


@dataclass(frozen=True)
class Job:
    """One notebook to run with given parameters."""

    name: str  # of the page and folder that come out of it, unique in the work list: 06_transparency, LAO
    stem: str
    source: Mapping[str, Any] = field(repr=False)  # the notebook, read once
    parameters: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()  # names of jobs whose outcome it reads
    section: str = ""
    title: str = ""


class Report(NamedTuple):
    """A report to make: what was asked, its folder, its facts, all its notebooks, the names of those to make now."""

    ask: Mapping[str, Any]
    target: Path
    facts: Mapping[str, Any]
    jobs: Sequence[Job]
    chosen: Sequence[str]


def jobs_of(facts: Mapping[str, Any], chosen: Sequence[str]) -> tuple[list[Job], list[str]]:
    """Make the work list of a report: all its jobs by name, and the names of those to do."""
    return {"report": _report_jobs, "brief": _brief_jobs, "compare": _compare_jobs}[facts["verb"]](facts, chosen)


def _report_jobs(facts: Mapping[str, Any], chosen: Sequence[str]) -> tuple[list[Job], list[str]]:
    jobs, wrongs = [], []
    for path in sorted(project.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        try:
            jobs.append(job_of(path, _given(facts)))
        except WrongUsage as wrong:
            wrongs.append(str(wrong))
    if wrongs or not jobs:
        raise WrongUsage("\n".join(wrongs) or "there are no notebooks in notebooks/ whose names begin with two digits")
    check_needs(jobs)
    return jobs, with_needed(jobs, chosen or [job.name for job in jobs])


def _brief_jobs(facts: Mapping[str, Any], states: Sequence[str]) -> tuple[list[Job], list[str]]:
    actions = project.PROCESSED / "treaty_actions.csv"
    with up_to_date_tables(print), actions.open(encoding="utf-8", newline="") as table:
        joined = sorted({row["iso3"] for row in csv.DictReader(table)})
    job = job_of(project.NOTEBOOKS / "state_brief.ipynb", {**_given(facts), "state": ""})
    jobs = [replace(job, name=iso3, parameters={**job.parameters, "state": iso3}) for iso3 in joined]
    return jobs, [iso3_of(state, joined) for state in states] if states else joined


def _compare_jobs(facts: Mapping[str, Any], _: Sequence[str]) -> tuple[list[Job], list[str]]:
    known, first, second = period_names(), facts["period_a"], facts["period"]
    if known.index(first) >= known.index(second):
        raise WrongUsage(f"{first} is not before {second}: name the earlier period first")
    given = {"period_a": first, "period_b": second, "locale": facts["locale"]}
    job = job_of(project.NOTEBOOKS / "compare.ipynb", given)
    return [job], [job.name]


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("period", "from_on", "to_on", "locale")}


def job_of(path: Path, given: Mapping[str, Any]) -> Job:
    """Make a job of a notebook and what its metadata declare, if it takes what it is given."""
    source = _read(path)
    match source["metadata"].get("ccm"):
        case {"section": str(section), "needs": [*needs]} if all(isinstance(each, str) for each in needs):
            pass
        case _:
            raise WrongUsage(
                f'{path.name}: its metadata lack {{"ccm": {{"section": ..., "needs": [names of notebooks]}}}}, '
                "from which the runner knows what it reads"
            )
    given = {**given, "processed": "processed", "out": "."}
    takes = parameters_of(source, path.stem)
    if misfits := [name for name, value in given.items() if takes.get(name) != type(value).__name__]:
        # papermill would only warn, and inject it all the same
        told = ", ".join(f"{name}: {kind}" for name, kind in takes.items())
        raise WrongUsage(f"{path.stem} does not take {', '.join(misfits)} as it is given; it takes {told}")
    text = "\n".join(cell["source"] for cell in source["cells"] if cell["cell_type"] == "markdown")
    headings = [line[2:].strip() for line in text.splitlines() if line.startswith("# ")]
    return Job(path.stem, path.stem, source, given, tuple(needs), section, (headings or [path.stem])[0])


def _read(path: Path) -> dict[str, Any]:
    """Read a notebook as version 4.5, without outputs: an id for each cell, the same from run to run."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = []
        for number, cell in enumerate(notebook["cells"], start=1):
            cells.append({**cell, "source": "".join(cell["source"]), "id": cell.get("id") or f"cell-{number}"})
            if cell["cell_type"] == "code":
                cells[-1].update(outputs=[], execution_count=None)
        metadata = {key: value for key, value in notebook["metadata"].items() if key not in ("papermill", "widgets")}
    except (ValueError, KeyError, TypeError) as wrong:
        raise WrongUsage(f"{path.name} is not a notebook: {wrong}") from wrong
    except FileNotFoundError as missing:
        there = ", ".join(sorted(p.stem for p in path.parent.glob("*.ipynb"))) or "none"
        raise WrongUsage(f"there is no notebook {path.stem}; there are: {there}") from missing
    return {**notebook, "cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def parameters_of(notebook: Mapping[str, Any], name: str) -> dict[str, str]:
    """Read the one cell tagged ``parameters``: names and types of lines such as ``period: str = "6MSP"``."""
    cells = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    if len(cells) != 1:
        raise WrongUsage(f"{name}: found {len(cells)} cells tagged 'parameters', expected one")
    try:
        lines = ast.parse("".join(cells[0]["source"])).body
    except SyntaxError as wrong:
        raise WrongUsage(f"{name}, the parameters cell, line {wrong.lineno}: {wrong.msg}") from wrong
    return {ast.unparse(line.target): ast.unparse(line.annotation) for line in lines if isinstance(line, ast.AnnAssign)}


def check_needs(jobs: Sequence[Job]) -> None:
    """See that every job's needs are among them, and that none waits for itself."""
    graph = {job.name: job.needs for job in jobs}
    for name, needs in graph.items():
        if missing := sorted(set(needs) - set(graph)):
            raise WrongUsage(f"{name} needs {', '.join(missing)}, which is not among: {', '.join(graph)}")
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise WrongUsage(f"these notebooks need each other in a circle: {', '.join(circle.args[1])}") from circle


def with_needed(jobs: Sequence[Job], chosen: Sequence[str]) -> list[str]:
    """Name the jobs that are chosen, with all that they need, in the order of the work list."""
    needs = {job.name: job.needs for job in jobs}
    wanted: set[str] = set()
    waiting = [understood(name, jobs).name for name in chosen]
    while waiting:
        name = waiting.pop()
        waiting += set(needs[name]) - wanted
        wanted.add(name)
    return [name for name in needs if name in wanted]


def understood(asked: str, jobs: Sequence[Job]) -> Job:
    """Find the job that ``06_transparency``, ``6``, ``06`` or ``transparency`` means, in capitals or not."""
    text = asked.strip().lower().replace(" ", "_").replace("-", "_")
    for job in jobs:
        number, _, words = job.name.lower().partition("_")
        same_number = text.isdigit() and number.isdigit() and int(text) == int(number)
        if same_number or text in (job.name.lower(), words, job.section.lower()):
            return job
    spellings = [job.name.partition("_")[2] for job in jobs]
    raise WrongUsage(one_of("section", asked, sorted(job.name for job in jobs), spellings))


def iso3_of(state: str, joined: Sequence[str]) -> str:
    """Find the code of a State that signed or joined, by code or by any name on record."""
    names = StateNames.from_raw(project.RAW)
    match = names.look_up(state, codes=["iso3"])
    if match.iso3 is None and len(state) == 3:
        match = names.look_up(state.upper(), codes=["iso3"])
    if match.iso3 in joined:
        return match.iso3
    if match.iso3:
        raise WrongUsage(f"{state} ({match.iso3}) neither signed nor joined the Convention")
    if match.kind in ("ambiguous", "territory"):
        raise WrongUsage(f"STATE is {state!r}: {match.reason}")
    perhaps = f"; perhaps: {', '.join(near)}" if (near := names.suggest(state)) else ""
    raise WrongUsage(f"there is no State {state!r}{perhaps}. There are: {', '.join(joined)}")
