"""The work list: one job for each notebook to run, as plain data that any scheduler can carry."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from ccmlib.base import project
from ccmlib.base.names import StateNames
from ccmlib.run import parameters
from ccmlib.run.cleaning import up_to_date_tables
from ccmlib.run.usage import WrongUsage, one_of, period_names


@dataclass(frozen=True)
class Job:
    """One notebook to run with given parameters."""

    name: str  # of the page and folder that come out of it, unique in the work list: 06_transparency, LAO
    stem: str
    notebook: str  # its path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()  # names of jobs whose outcome it reads
    section: str = ""
    title: str = ""


class Report(NamedTuple):
    """A report to make: its folder, all its notebooks, the names of those to make now, facts, and what was asked."""

    target: Path
    jobs: Sequence[Job]
    chosen: Sequence[str]
    facts: Mapping[str, Any]
    ask: Mapping[str, Any]


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook as JSON."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"], notebook["metadata"]
    except (ValueError, KeyError, TypeError) as wrong:
        raise WrongUsage(f"{path.name} is not a notebook: {wrong}") from wrong
    except FileNotFoundError as missing:
        there = ", ".join(sorted(p.stem for p in path.parent.glob("*.ipynb"))) or "none"
        raise WrongUsage(f"there is no notebook {path.stem}; there are: {there}") from missing
    return notebook


def job_of(path: Path, given: Mapping[str, Any], name: str = "") -> Job:
    """Make a job from what a notebook's metadata declare, with the needs as the notebook names them."""
    notebook = read_notebook(path)
    declared = notebook["metadata"].get("ccm")
    if not isinstance(declared, dict) or not isinstance(declared.get("section"), str):
        raise WrongUsage(
            f'{path.name}: its metadata lack {{"ccm": {{"section": ..., "needs": [...]}}}}, '
            "from which the runner knows what it reads"
        )
    needs = declared.get("needs", [])
    if not isinstance(needs, list) or not all(isinstance(item, str) for item in needs):
        raise WrongUsage(f"{path.name}: ccm.needs in its metadata is not a list of names: {needs!r}")
    needs = needs or (["*"] if declared.get("reads_sections") else [])
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell.get("cell_type") == "markdown")
    headings = [line[2:].strip() for line in text.splitlines() if line.startswith("# ")]
    return Job(
        name=name or path.stem, stem=path.stem, notebook=str(path), parameters=dict(given),
        needs=tuple(needs), section=declared["section"], title=headings[0] if headings else path.stem,
    )


def in_order(jobs: Sequence[Job]) -> list[Job]:
    """Put each job after those it needs; ``*`` among its needs, every job that has none, is spelled out."""
    free = [job.name for job in jobs if not job.needs]
    left = []
    for job in jobs:
        needs = dict.fromkeys(name for need in job.needs for name in (free if need == "*" else [need]))
        left.append(replace(job, needs=tuple(name for name in needs if name != job.name)))
        if missing := set(left[-1].needs) - {each.name for each in jobs}:
            among = ", ".join(each.name for each in jobs)
            raise WrongUsage(f"{job.name} needs {', '.join(sorted(missing))}, which is not among: {among}")
    done: list[Job] = []
    while left:
        ready = [job for job in left if {each.name for each in done}.issuperset(job.needs)]
        if not ready:
            raise WrongUsage(f"these notebooks need each other in a circle: {', '.join(job.name for job in left)}")
        done += ready
        left = [job for job in left if job not in ready]
    return done


def with_needed(jobs: Sequence[Job], chosen: Sequence[str]) -> list[Job]:
    """Choose jobs (ordered, needs spelled out), with all that they need, in the same order."""
    wanted: set[str] = set()
    waiting = [understood(name, jobs) for name in chosen]
    while waiting:
        job = waiting.pop()
        if job.name not in wanted:
            wanted.add(job.name)
            waiting += [each for each in jobs if each.name in job.needs]
    return [job for job in jobs if job.name in wanted]


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


def report_jobs(facts: Mapping[str, Any], chosen: Sequence[str]) -> tuple[list[Job], list[str]]:
    """Make the work list of a report: all jobs by name, and the names of those to do, in order."""
    paths = sorted(path for path in project.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb") if path.is_file())
    if not paths:
        raise WrongUsage("there are no notebooks in notebooks/ whose names begin with two digits")
    jobs = in_order([job_of(path, _given(facts)) for path in paths])
    _check(jobs)
    names = [job.name for job in (with_needed(jobs, chosen) if chosen else jobs)]
    return sorted(jobs, key=lambda job: job.name), names


def brief_jobs(facts: Mapping[str, Any], states: Sequence[str]) -> tuple[list[Job], list[str]]:
    """Make the work list of briefs: one of each State that signed or joined, and the names of those to do."""
    actions = project.PROCESSED / "treaty_actions.csv"
    with up_to_date_tables(print), actions.open(encoding="utf-8", newline="") as table:
        joined = sorted({row["iso3"] for row in csv.DictReader(table)})
    path = project.NOTEBOOKS / "state_brief.ipynb"
    jobs = [job_of(path, {**_given(facts), "state": iso3}, name=iso3) for iso3 in joined]
    _check(jobs[:1])
    return jobs, [iso3_of(state, joined) for state in states] if states else joined


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


def compare_jobs(facts: Mapping[str, Any], _: Sequence[str]) -> tuple[list[Job], list[str]]:
    """Make the work list of a comparison: one job, and its name."""
    known, first, second = period_names(), facts["period_a"], facts["period"]
    if known.index(first) >= known.index(second):
        raise WrongUsage(f"{first} is not before {second}: name the earlier period first")
    given = {"period_a": first, "period_b": second, "locale": facts["locale"]}
    job = job_of(project.NOTEBOOKS / "compare.ipynb", given)
    _check([job])
    return [job], [job.name]


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("period", "from_on", "to_on", "locale")}


def _check(jobs: Sequence[Job]) -> None:
    """Compare what notebooks are given with what they take, all notebooks at once."""
    wrongs = []
    for job in jobs:
        try:
            takes = parameters.of_notebook(read_notebook(Path(job.notebook)), job.stem)
            given = {**job.parameters, "processed": "processed", "out": "."}
            wrongs += parameters.check(given, takes, job.stem)
        except WrongUsage as wrong:
            wrongs.append(str(wrong))
    if wrongs:
        raise WrongUsage("\n".join(dict.fromkeys(wrongs)))
