"""What the ``ccm`` command asks of the runner: the quick answer first, then checks, then the run.

What a quick answer does not need is imported after it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ccmlib.base import project
from ccmlib.run import fresh
from ccmlib.run.errors import WrongUsage

DONE, USAGE, STOPPED = 0, 2, 130


class Wanted(NamedTuple):
    """A report or set of briefs that is asked for.

    Parameters
    ----------
    ask : mapping
        Everything that was asked, to find the record of it.
    target : Path
        Its folder.
    facts : mapping
        About the report.
    worklist : str
        Function of :mod:`ccmlib.run.worklists` that makes its jobs.
    chosen : sequence of str
        Names to make; all when empty.
    """

    ask: Mapping[str, Any]
    target: Path
    facts: Mapping[str, Any]
    worklist: str
    chosen: Sequence[str]


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

    def periods() -> list[tuple[str, str, str]]:
        from ccmlib.run.worklists import period_names

        return [(name, "", "") for name in period_names()]

    return _make(periods, None, code, locale, reports_dir, how)


def _make(periods: Callable[[], list[tuple[str, str, str]]], section, code, locale, reports_dir, how) -> int:
    def prepare() -> list[Wanted]:
        chosen = [section] if isinstance(section, str) else list(section or [])
        made = []
        for period, from_on, to_on in periods():
            facts = report_facts(period, from_on, to_on, locale, code)
            target = Path(reports_dir or project.REPORTS) / facts["folder"]
            ask = {**facts, "verb": "report", "section": chosen, "target": str(target.resolve())}
            made.append(Wanted(ask, target, facts, "report_jobs", chosen))
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

    def prepare() -> list[Wanted]:
        facts = report_facts(period, from_on, to_on, locale, code)
        facts = {**facts, "whole": False, "folder": f"briefs/{facts['folder']}"}
        target = Path(reports_dir or project.REPORTS) / facts["folder"]
        ask = {**facts, "verb": "briefs", "states": sorted(states or []), "target": str(target.resolve())}
        return [Wanted(ask, target, facts, "brief_jobs", states or [])]

    return _run(prepare, how)


def compare(
    period_a: str,
    period_b: str,
    *,
    code: bool = False,
    locale: str = "en",
    reports_dir: str | Path | None = None,
    **how: Any,
) -> int:
    """Compare two periods, State by State.

    Parameters
    ----------
    period_a, period_b : str
        Names of two reporting periods, the earlier first.
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

    def prepare() -> list[Wanted]:
        facts = report_facts(period_b, "", "", locale, code)
        name = f"{period_a}-{facts['folder']}"
        facts = {**facts, "whole": False, "folder": f"compare/{name}", "period_a": period_a}
        target = Path(reports_dir or project.REPORTS) / facts["folder"]
        ask = {**facts, "verb": "compare", "target": str(target.resolve())}
        return [Wanted(ask, target, facts, "compare_jobs", [])]

    return _run(prepare, how)


def _run(prepare: Callable[[], list[Wanted]], how: Mapping[str, Any]) -> int:
    try:
        wanted = prepare()
        if not how.get("force"):
            fresh_ones = [one for one in wanted if fresh.is_fresh(one.ask, one.target)]
            for one in fresh_ones:
                print(f"{one.facts['folder']} is up to date")
            wanted = [one for one in wanted if one not in fresh_ones]
        return _make_all(wanted, how) if wanted else DONE
    except WrongUsage as wrong:
        print(f"ccm: {wrong}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("stopped; what was there before is as it was", file=sys.stderr)
        return STOPPED


def _make_all(wanted: Sequence[Wanted], how: Mapping[str, Any]) -> int:
    from ccmlib.run import driver, worklists

    settings = driver.Settings(**worklists.check_how(how))
    made = []
    for one in wanted:
        worklists.check_period(one.facts)
        jobs, chosen = getattr(worklists, one.worklist)(one.facts, one.chosen)
        sections = [(job.name, job.title) for job in jobs] if one.facts["whole"] else []
        made.append(driver.Report(one.target, tuple(jobs), tuple(chosen), {**one.facts, "sections": sections}, one.ask))
    result = driver.run(made, settings)
    for failure in result.failures:
        print(failure, file=sys.stderr)
    return result.code


def report_facts(period: str, from_on: str, to_on: str, locale: str, code: bool) -> dict[str, Any]:
    """Say what a report is of, and name its folder.

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
    """
    folder = f"{from_on}_{to_on}" if from_on else period
    if from_on:
        period = folder
    if locale != "en":
        folder = f"{folder}-{locale}"
    return {
        "folder": folder, "period": period, "from_on": from_on, "to_on": to_on, "locale": locale, "code": bool(code),
        "whole": True,
    }  # fmt: skip
