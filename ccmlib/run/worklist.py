"""The work list: one job for each notebook to run, as plain data that any scheduler can carry."""

import ast
import csv
import json
from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from ccmlib.base import project
from ccmlib.base.names import StateNames
from ccmlib.run.store import up_to_date_tables
from ccmlib.run.usage import WrongUsage, one_of


@dataclass(frozen=True)
class Job:
    """One notebook to run with given parameters."""

    name: str  # of the page and folder that come out of it, unique in the work list: 06_transparency, LAO
    stem: str
    source: dict = field(repr=False)  # the notebook, read once
    parameters: dict = field(default_factory=dict)
    needs: tuple[str, ...] = ()  # names of jobs whose outcome it reads
    section: str = ""
    title: str = ""


#: A report to make: what was asked, its folder, its facts, all its notebooks, the names of those to make now.
Report = namedtuple("Report", "ask target facts jobs chosen")


def jobs_of(facts: dict, chosen: Sequence[str]) -> tuple[list[Job], list[str]]:
    """Make the work list of a report: all its jobs by name, and the names of those to do."""
    given = {name: facts[name] for name in ("period", "from_on", "to_on", "locale")}
    if facts["verb"] == "compare":
        days = {"period_a": facts["period_a"], "period_b": facts["period"], "locale": facts["locale"]}
        job = job_of(project.NOTEBOOKS / "compare.ipynb", days)
        return [job], [job.name]
    if facts["verb"] == "brief":
        actions = project.PROCESSED / "treaty_actions.csv"
        with up_to_date_tables(print), actions.open(encoding="utf-8", newline="") as table:
            joined = sorted({row["iso3"] for row in csv.DictReader(table)})
        job = job_of(project.NOTEBOOKS / "state_brief.ipynb", {**given, "state": ""})
        jobs = [replace(job, name=iso3, parameters={**job.parameters, "state": iso3}) for iso3 in joined]
        return jobs, [iso3_of(state, joined) for state in chosen] or joined
    jobs, wrongs = [], []
    for path in sorted(project.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        try:
            jobs.append(job_of(path, given))
        except WrongUsage as wrong:
            wrongs.append(str(wrong))
    if wrongs:
        raise WrongUsage("\n".join(wrongs))
    check_needs(jobs)
    return jobs, with_needed(jobs, chosen or [job.name for job in jobs])


def job_of(path: Path, given: dict) -> Job:
    """Make a job of a notebook and what its metadata declare, if it takes what it is given.

    It is read as version 4.5, without outputs: an id for each cell, the same from run to run.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = []
        for number, cell in enumerate(notebook["cells"], start=1):
            cells.append({**cell, "source": "".join(cell["source"]), "id": cell.get("id") or f"cell-{number}"})
            if cell["cell_type"] == "code":
                cells[-1].update(outputs=[], execution_count=None)
        metadata = {key: value for key, value in notebook["metadata"].items() if key not in ("papermill", "widgets")}
        section, needs, takes = metadata["ccm"]["section"], tuple(metadata["ccm"]["needs"]), parameters_of(cells)
    except (ValueError, KeyError, TypeError, SyntaxError) as wrong:
        raise WrongUsage(
            f'{path.name} cannot be run ({wrong}): expected a notebook with the metadata {{"ccm": {{"section": ..., "needs": '
            '[names of notebooks]}} and one cell tagged "parameters"'
        ) from wrong
    given = {**given, "processed": "processed", "out": "."}
    if misfits := [name for name, value in given.items() if takes.get(name) != type(value).__name__]:
        # papermill would only warn, and inject it all the same
        told = ", ".join(f"{name}: {kind}" for name, kind in takes.items())
        raise WrongUsage(f"{path.stem} does not take {', '.join(misfits)} as it is given; it takes {told}")
    text = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    title = next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), path.stem)
    source = {**notebook, "cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return Job(path.stem, path.stem, source, given, needs, section, title)


def parameters_of(cells: Sequence[dict]) -> dict[str, str]:
    """Read the one cell tagged ``parameters``: names and types of lines such as ``period: str = "6MSP"``."""
    tagged = ["".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    if len(tagged) != 1:
        raise ValueError(f"{len(tagged)} cells are tagged 'parameters'")
    lines = [line for line in ast.parse(tagged[0], "the parameters cell").body if isinstance(line, ast.AnnAssign)]
    return {ast.unparse(line.target): ast.unparse(line.annotation) for line in lines}


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
    wanted = {understood(name, jobs).name for name in chosen}
    while more := {need for name in wanted for need in needs[name]} - wanted:
        wanted |= more
    return [name for name in needs if name in wanted]


def understood(asked: str, jobs: Sequence[Job]) -> Job:
    """Find the job that ``06_transparency``, ``6``, ``06`` or ``transparency`` means, in capitals or not."""
    text = asked.strip().lower().replace(" ", "_").replace("-", "_")
    for job in jobs:
        number, _, words = job.name.lower().partition("_")
        if text in (job.name.lower(), words, job.section.lower()) or (text.isdigit() and text.zfill(2) == number):
            return job
    spellings = [job.name.partition("_")[2] for job in jobs]
    raise WrongUsage(one_of("section", asked, sorted(job.name for job in jobs), spellings))


def iso3_of(state: str, joined: Sequence[str]) -> str:
    """Find the code of a State that signed or joined, by code or by any name on record."""
    names = StateNames.from_raw(project.RAW)
    match = names.look_up(state.upper() if len(state) == 3 else state, codes=True)
    if match.iso3 in joined:
        return match.iso3
    if match.iso3:
        raise WrongUsage(f"{state} ({match.iso3}) neither signed nor joined the Convention")
    if match.kind in ("ambiguous", "territory"):
        raise WrongUsage(f"STATE is {state!r}: {match.reason}")
    perhaps = f"; perhaps: {', '.join(near)}" if (near := names.suggest(state)) else ""
    raise WrongUsage(f"there is no State {state!r}{perhaps}. There are: {', '.join(joined)}")
