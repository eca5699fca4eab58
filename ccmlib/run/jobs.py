"""The work list: one job for each notebook to run, as plain data that any scheduler can carry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ccmlib.run.errors import WrongNotebook

ALWAYS_READ = ("periods", "state_names_un", "states")
"""Tables that opening a section reads, whether its notebook names them or not."""


@dataclass(frozen=True)
class Job:
    """One notebook to run with given parameters.

    Parameters
    ----------
    name : str
        Name of the page and folder that come out of it, unique in the work list: ``06_transparency``, ``LAO``.
    stem : str
        The notebook's name without ending.
    notebook : str
        Path of the notebook.
    parameters : mapping
        Values for its parameters cell.
    tables : tuple of str
        Tidy tables it reads.
    needs : tuple of str
        Names of jobs whose outcome it reads.
    section : str
        Thematic section.
    title : str
        First heading.
    """

    name: str
    stem: str
    notebook: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    section: str = ""
    title: str = ""


def read_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook as JSON.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    dict
        Its content.

    Raises
    ------
    WrongNotebook
        The file is not a notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"], notebook["metadata"]
    except (ValueError, KeyError, TypeError) as wrong:
        raise WrongNotebook(f"{path.name} is not a notebook: {wrong}") from wrong
    except FileNotFoundError as missing:
        there = ", ".join(sorted(p.stem for p in path.parent.glob("*.ipynb"))) or "none"
        raise WrongNotebook(f"there is no notebook {path.stem}; there are: {there}") from missing
    return notebook


def title_of(notebook: Mapping[str, Any], stem: str) -> str:
    """Find a notebook's title.

    Parameters
    ----------
    notebook : mapping
        The notebook.
    stem : str
        Its name, for want of a heading.

    Returns
    -------
    str
        The first heading.
    """
    for cell in notebook["cells"]:
        if cell.get("cell_type") == "markdown":
            for line in "".join(cell["source"]).splitlines():
                if line.startswith("# "):
                    return line[2:].strip()
    return stem


def job_of(path: Path, parameters: Mapping[str, Any], name: str = "") -> Job:
    """Make a job from what a notebook's metadata declare.

    Parameters
    ----------
    path : Path
        The notebook.
    parameters : mapping
        Values for its parameters cell.
    name : str
        Name of the outcome; the notebook's stem by default.

    Returns
    -------
    Job
        With the needs as the notebook names them.

    Raises
    ------
    WrongNotebook
        There is no ``ccm`` in the metadata, or it is not made as it should be.
    """
    notebook = read_notebook(path)
    declared = notebook["metadata"].get("ccm")
    if not isinstance(declared, dict) or not isinstance(declared.get("section"), str):
        raise WrongNotebook(
            f'{path.name}: its metadata lack {{"ccm": {{"section": ..., "tables": [...], "needs": [...]}}}}, '
            "from which the runner knows what it reads"
        )
    for key in ("tables", "needs"):
        value = declared.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise WrongNotebook(f"{path.name}: ccm.{key} in its metadata is not a list of names: {value!r}")
    needs = list(declared.get("needs", []))
    if declared.get("reads_sections") and not needs:
        needs = ["*"]
    return Job(
        name=name or path.stem,
        stem=path.stem,
        notebook=str(path),
        parameters=dict(parameters),
        tables=tuple(dict.fromkeys((*ALWAYS_READ, *declared.get("tables", [])))),
        needs=tuple(needs),
        section=declared["section"],
        title=title_of(notebook, path.stem),
    )


def report_notebooks(folder: Path) -> list[Path]:
    """List the notebooks that make up a report: those whose name begins with two digits.

    Parameters
    ----------
    folder : Path
        Of the notebooks.

    Returns
    -------
    list of Path
        In the order of their names.
    """
    return sorted(path for path in folder.glob("[0-9][0-9]_*.ipynb") if path.is_file())


def in_order(jobs: Sequence[Job]) -> list[Job]:
    """Put jobs in an order in which each comes after those it needs.

    Parameters
    ----------
    jobs : sequence of Job
        ``*`` among a job's needs stands for every job that has none.

    Returns
    -------
    list of Job
        The same jobs; needs are spelled out, and what is needed but not among the jobs is named in the error.

    Raises
    ------
    WrongNotebook
        A job needs one that is not there, or two need each other.
    """
    free = tuple(job.name for job in jobs if not job.needs)
    spelled = {job.name: replace_needs(job, free) for job in jobs}
    for job in spelled.values():
        for need in job.needs:
            if need not in spelled:
                raise WrongNotebook(f"{job.name} needs {need}, which is not among: {', '.join(spelled)}")
    done: list[Job] = []
    names: set[str] = set()
    left = list(spelled.values())
    while left:
        ready = [job for job in left if names.issuperset(job.needs)]
        if not ready:
            circle = ", ".join(job.name for job in left)
            raise WrongNotebook(f"these notebooks need each other in a circle: {circle}")
        done += ready
        names.update(job.name for job in ready)
        left = [job for job in left if job.name not in names]
    return done


def replace_needs(job: Job, free: Iterable[str]) -> Job:
    """Spell out ``*`` among a job's needs.

    Parameters
    ----------
    job : Job
        The job.
    free : iterable of str
        Names that ``*`` stands for.

    Returns
    -------
    Job
        The same job with the names of what it needs.
    """
    names = dict.fromkeys(name for need in job.needs for name in (free if need == "*" else [need]))
    return Job(**{**job.__dict__, "needs": tuple(name for name in names if name != job.name)})


def with_needed(jobs: Sequence[Job], chosen: Sequence[str]) -> list[Job]:
    """Choose jobs by name, with all that they need.

    Parameters
    ----------
    jobs : sequence of Job
        Ordered, needs spelled out.
    chosen : sequence of str
        Names.

    Returns
    -------
    list of Job
        Those chosen and those needed, in the same order.

    Raises
    ------
    WrongNotebook
        There is no such job; the message lists those that there are.
    """
    by_name = {job.name: job for job in jobs}
    wanted: set[str] = set()
    waiting = list(chosen)
    while waiting:
        name = waiting.pop()
        if name not in by_name:
            raise WrongNotebook(f"there is no section {name!r}; there are: {', '.join(by_name)}")
        if name not in wanted:
            wanted.add(name)
            waiting.extend(by_name[name].needs)
    return [job for job in jobs if job.name in wanted]
