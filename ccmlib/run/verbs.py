"""What the ``ccm`` command asks of the runner: checks first, then the quick answer, then the run."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import project
from . import fresh, parameters
from .jobs import Job, WrongNotebook, in_order, job_of, read_notebook, report_notebooks, with_needed

DONE, WRONG, USAGE, STOPPED = 0, 1, 2, 130
ENGINES = ("warm", "plain", "dask")
PAGES = "ccmlib.run.pages"
BRIEF = "state_brief"
"""The notebook of one State's brief."""


class WrongUsage(Exception):  # noqa: N818 - named for what it says
    """What was asked for cannot be; the message says what can."""


def report(
    period: str = "6MSP",
    from_on: str = "",
    to_on: str = "",
    section: str | Sequence[str] | None = None,
    *,
    code: bool = False,
    locale: str = "en",
    reports_dir: str | Path | None = None,
    **how: Any,
) -> int:
    """Make the progress report of a period.

    Parameters
    ----------
    period : str
        Name of a reporting period; any name with ``from_on`` and ``to_on``.
    from_on, to_on : str
        First and last day of any other period.
    section : str or sequence of str, optional
        Only these notebooks and what they need; the rest of the report stays as it was.
    code : bool
        Show the code, folded.
    locale : str
        Language.
    reports_dir : str or Path, optional
        Where reports go; the project's ``reports`` by default.
    **how
        ``jobs``, ``engine``, ``force`` and ``limits``.

    Returns
    -------
    int
        Exit code.
    """
    return _make(lambda: [(period, from_on, to_on)], section, code, locale, reports_dir, how)


def reports(*, code: bool = False, locale: str = "en", reports_dir: str | Path | None = None, **how: Any) -> int:
    """Make the reports of all periods.

    Parameters
    ----------
    code : bool
        Show the code, folded.
    locale : str
        Language.
    reports_dir : str or Path, optional
        Where reports go.
    **how
        ``jobs``, ``engine``, ``force`` and ``limits``.

    Returns
    -------
    int
        Exit code.
    """
    return _make(lambda: [(name, "", "") for name in period_names()], None, code, locale, reports_dir, how)


def _make(periods: Callable[[], list[tuple[str, str, str]]], section, code, locale, reports_dir, how) -> int:
    def prepare() -> list[Any]:
        chosen = [section] if isinstance(section, str) else list(section or [])
        made = []
        for period, from_on, to_on in periods():
            facts = report_facts(period, from_on, to_on, locale, code)
            target = Path(reports_dir or project.REPORTS) / facts["folder"]
            ask = {**facts, "verb": "report", "section": chosen, "target": str(target.resolve())}
            made.append((ask, target, lambda facts=facts: report_jobs(facts, chosen), facts))
        return made

    return _run(prepare, how)


def briefs(
    states: Sequence[str] | None = None,
    period: str = "6MSP",
    from_on: str = "",
    to_on: str = "",
    *,
    code: bool = False,
    locale: str = "en",
    reports_dir: str | Path | None = None,
    **how: Any,
) -> int:
    """Make the briefs of States.

    Parameters
    ----------
    states : sequence of str, optional
        ISO3 codes or names; all that signed or joined by default.
    period, from_on, to_on : str
        As for :func:`report`.
    code : bool
        Show the code, folded.
    locale : str
        Language.
    reports_dir : str or Path, optional
        Where reports go.
    **how
        ``jobs``, ``engine``, ``force`` and ``limits``.

    Returns
    -------
    int
        Exit code.
    """

    def prepare() -> list[Any]:
        facts = report_facts(period, from_on, to_on, locale, code)
        facts = {**facts, "whole": False, "folder": f"briefs/{facts['folder']}"}
        target = Path(reports_dir or project.REPORTS) / facts["folder"]
        ask = {**facts, "verb": "briefs", "states": sorted(states or []), "target": str(target.resolve())}
        return [(ask, target, lambda: brief_jobs(facts, states), facts)]

    return _run(prepare, how)


def _run(prepare: Callable[[], list[Any]], how: Mapping[str, Any]) -> int:
    try:
        settings = check_how(how)
        wanted = prepare()
        if not settings["force"]:
            stale = [one for one in wanted if not fresh.is_fresh(one[0], one[1])]
            for ask, *_ in [one for one in wanted if one not in stale]:
                print(f"{ask['folder']} is up to date")
            if not stale:
                return DONE
            wanted = stale
        from . import driver

        made = []
        for ask, target, jobs_of, facts in wanted:
            jobs, chosen = jobs_of()
            sections = [(job.name, job.title) for job in jobs] if facts["whole"] else []
            made.append(driver.Report(target, tuple(jobs), tuple(chosen), {**facts, "sections": sections}, ask))
        result = driver.run(made, driver.Settings(**settings))
    except (WrongUsage, WrongNotebook, parameters.WrongParameters) as wrong:
        print(f"ccm: {wrong}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("stopped; what was there before is as it was", file=sys.stderr)
        return STOPPED
    for failure in result.failures:
        print(failure, file=sys.stderr)
    return result.code


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
    allowed = ("jobs", "engine", "force", "limits", "pages")
    for name in how:
        if name not in allowed:
            raise WrongUsage(parameters.one_of("option", name, allowed))
    settings = {name: value for name, value in how.items() if value is not None}
    settings.setdefault("force", False)
    if settings.get("engine", "warm") not in ENGINES:
        raise WrongUsage(parameters.one_of("engine", settings["engine"], ENGINES))
    jobs = settings.get("jobs", 1)
    if isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= 256:
        raise WrongUsage(f"jobs is {jobs!r}, expected a whole number from 1 to 256")
    return settings


def report_facts(period: str, from_on: str, to_on: str, locale: str, code: bool) -> dict[str, Any]:
    """Check the period of a report and name its folder.

    Parameters
    ----------
    period, from_on, to_on : str
        As given.
    locale : str
        Language.
    code : bool
        Show the code.

    Returns
    -------
    dict
        ``folder``, ``period``, ``from_on``, ``to_on``, ``locale``, ``code`` and ``whole``.

    Raises
    ------
    WrongUsage
        Two days that make no period, or a period that is not in the table.
    """
    wrongs = parameters.check_days(from_on, to_on)
    known = period_names()
    if not from_on and not to_on and period not in known:
        wrongs.append(parameters.one_of("reporting period", period, known))
    if wrongs:
        raise WrongUsage("\n".join(wrongs))
    folder = f"{from_on}_{to_on}" if from_on else period
    if from_on:
        period = folder
    if locale != "en":
        folder = f"{folder}-{locale}"
    return {
        "folder": folder, "period": period, "from_on": from_on, "to_on": to_on, "locale": locale, "code": bool(code),
        "whole": True,
    }  # fmt: skip


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
    from .inputs import make_tables

    actions = project.PROCESSED / "treaty_actions.csv"
    with make_tables(lambda: None), actions.open(encoding="utf-8", newline="") as table:
        joined = sorted({row["iso3"] for row in csv.DictReader(table)})
    path = project.NOTEBOOKS / f"{BRIEF}.ipynb"
    jobs = [job_of(path, {**_given(facts), "state": iso3}, name=iso3) for iso3 in joined]
    _check(jobs[:1])
    return jobs, [iso3_of(state, joined) for state in states] if states else joined


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
        codes = {row["name"].casefold(): row["iso3"] for row in csv.DictReader(table)}
    found = codes.get(state.casefold())
    if found in joined:
        return found
    if found:
        raise WrongUsage(f"{state} ({found}) neither signed nor joined the Convention")
    raise WrongUsage(
        parameters.one_of("State", state, [*joined, *codes])
        if len(codes) < 40
        else (parameters.one_of("State", state, [*joined]) + "; names as documents spell them are known too")
    )


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("period", "from_on", "to_on", "locale")}


def _check(jobs: Sequence[Job]) -> None:
    """Compare what notebooks are given with what they take, all notebooks at once."""
    wrongs = []
    for job in jobs:
        try:
            takes = parameters.of_notebook(read_notebook(Path(job.notebook)), job.stem)
        except parameters.WrongParameters as wrong:
            wrongs.append(str(wrong))
            continue
        given = {**job.parameters, "processed": "processed", "out": "."}
        wrongs += parameters.check(given, takes, job.stem)
    if wrongs:
        raise WrongUsage("\n".join(dict.fromkeys(wrongs)))
