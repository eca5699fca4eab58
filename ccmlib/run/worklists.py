"""The work lists of the verbs, made and checked only when something has to be made."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ccmlib.base import project
from ccmlib.run import parameters
from ccmlib.run.errors import WrongParameters, WrongUsage
from ccmlib.run.jobs import Job, in_order, job_of, read_notebook, report_notebooks, with_needed

ENGINES = ("warm", "plain", "dask")
HOW = ("jobs", "engine", "force", "limits", "pages")
BRIEF = "state_brief"
"""The notebook of one State's brief."""
COMPARE = "compare"
"""The notebook that compares two periods."""


def check_how(how: Mapping[str, Any]) -> dict[str, Any]:
    """Check how a run is to be made.

    Parameters
    ----------
    how : mapping
        ``jobs``, ``engine``, ``force``, ``limits``, ``pages``.

    Returns
    -------
    dict
        For :class:`~ccmlib.run.driver.Settings`.

    Raises
    ------
    WrongUsage
        A name or a value is not one that is allowed.
    """
    for name in how:
        if name not in HOW:
            raise WrongUsage(parameters.one_of("option", name, HOW))
    settings = {name: value for name, value in how.items() if value is not None}
    if settings.get("engine", "warm") not in ENGINES:
        raise WrongUsage(parameters.one_of("engine", settings["engine"], ENGINES))
    jobs = settings.get("jobs", 1)
    if isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= 256:
        raise WrongUsage(f"jobs is {jobs!r}, expected a whole number from 1 to 256")
    return settings


def check_period(facts: Mapping[str, Any]) -> None:
    """Check the period of a report.

    Parameters
    ----------
    facts : mapping
        About the report.

    Raises
    ------
    WrongUsage
        Two days that make no period, or a period that is not in the table.
    """
    wrongs = parameters.check_days(facts["from_on"], facts["to_on"])
    known = period_names()
    if not facts["from_on"] and not facts["to_on"] and facts["period"] not in known:
        wrongs.append(parameters.one_of("reporting period", facts["period"], known))
    if wrongs:
        raise WrongUsage("\n".join(wrongs))


def period_names() -> list[str]:
    """List the reporting periods, from the raw table: no tidy table may be there yet.

    Returns
    -------
    list of str
        In the order of the table.

    Raises
    ------
    WrongUsage
        The table is not there.
    """
    place = project.RAW / "periods.csv"
    try:
        with place.open(encoding="utf-8-sig", newline="") as table:
            return [row["period"].strip() for row in csv.DictReader(table) if row.get("period")]
    except OSError as missing:
        raise WrongUsage(f"data/raw/periods.csv, the reporting periods, cannot be read: {missing}") from missing


def report_jobs(facts: Mapping[str, Any], chosen: Sequence[str]) -> tuple[list[Job], list[str]]:
    """Make the work list of a report.

    Parameters
    ----------
    facts : mapping
        About the report.
    chosen : sequence of str
        Names of notebooks; all when empty.

    Returns
    -------
    tuple
        All jobs in order, and the names of those to do.
    """
    paths = report_notebooks(project.NOTEBOOKS)
    if not paths:
        raise WrongUsage("there are no notebooks in notebooks/ whose names begin with two digits")
    given = _given(facts)
    jobs = in_order([job_of(path, given) for path in paths])
    _check(jobs)
    names = [job.name for job in (with_needed(jobs, chosen) if chosen else jobs)]
    return sorted(jobs, key=lambda job: job.name), names


def brief_jobs(facts: Mapping[str, Any], states: Sequence[str] | None) -> tuple[list[Job], list[str]]:
    """Make the work list of briefs.

    Parameters
    ----------
    facts : mapping
        About the briefs.
    states : sequence of str or None
        ISO3 codes or names; None for all that signed or joined.

    Returns
    -------
    tuple
        A job for each State that signed or joined, and the names of those to do.
    """
    from ccmlib.run.inputs import make_tables

    actions = project.PROCESSED / "treaty_actions.csv"
    with make_tables(lambda: None), actions.open(encoding="utf-8", newline="") as table:
        joined = sorted({row["iso3"] for row in csv.DictReader(table)})
    path = project.NOTEBOOKS / f"{BRIEF}.ipynb"
    jobs = [job_of(path, {**_given(facts), "state": iso3}, name=iso3) for iso3 in joined]
    _check(jobs[:1])
    return jobs, [iso3_of(state, joined) for state in states] if states else joined


def compare_jobs(facts: Mapping[str, Any], _: Sequence[str]) -> tuple[list[Job], list[str]]:
    """Make the work list of a comparison.

    Parameters
    ----------
    facts : mapping
        With both periods.

    Returns
    -------
    tuple
        One job, and its name.

    Raises
    ------
    WrongUsage
        The first period is not known, or not the earlier one.
    """
    known, first, second = period_names(), facts["period_a"], facts["period"]
    if first not in known:
        raise WrongUsage(parameters.one_of("reporting period", first, known))
    if known.index(first) >= known.index(second):
        raise WrongUsage(f"{first} is not before {second}: name the earlier period first")
    given = {"period_a": first, "period_b": second, "locale": facts["locale"]}
    job = job_of(project.NOTEBOOKS / f"{COMPARE}.ipynb", given)
    _check([job])
    return [job], [job.name]


def iso3_of(state: str, joined: Sequence[str]) -> str:
    """Find the ISO3 code of a State that signed or joined.

    Parameters
    ----------
    state : str
        Code or name, as documents spell it.
    joined : sequence of str
        Codes that there are.

    Returns
    -------
    str
        The code.

    Raises
    ------
    WrongUsage
        It is none of them.
    """
    if state.upper() in joined:
        return state.upper()
    with (project.PROCESSED / "state_names.csv").open(encoding="utf-8", newline="") as table:
        named = {row["name"]: row["iso3"] for row in csv.DictReader(table)}
    found = next((iso3 for name, iso3 in named.items() if name.casefold() == state.casefold()), None)
    if found in joined:
        return found
    if found:
        raise WrongUsage(f"{state} ({found}) neither signed nor joined the Convention")
    raise WrongUsage(parameters.one_of("State", state, joined, spellings=named))


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("period", "from_on", "to_on", "locale")}


def _check(jobs: Sequence[Job]) -> None:
    """Compare what notebooks are given with what they take, all notebooks at once."""
    wrongs = []
    for job in jobs:
        try:
            takes = parameters.of_notebook(read_notebook(Path(job.notebook)), job.stem)
        except WrongParameters as wrong:
            wrongs.append(str(wrong))
            continue
        given = {**job.parameters, "processed": "processed", "out": "."}
        wrongs += parameters.check(given, takes, job.stem)
    if wrongs:
        raise WrongUsage("\n".join(dict.fromkeys(wrongs)))
