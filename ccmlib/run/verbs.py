"""What the ``ccm`` command asks of the runner: the quick answer first, then checks, then the run.

Each verb gives an exit code: 0 done, 1 the data or a notebook is wrong, 2 wrong usage. What a quick answer does not
need is imported after it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ccmlib.base import project
from ccmlib.run import fresh, usage
from ccmlib.run.usage import WrongUsage

DONE, WRONG, USAGE, STOPPED = 0, 1, 2, 130


class Wanted(NamedTuple):
    """A report that is asked for: everything asked, its folder, facts, its kind and the names to make."""

    ask: Mapping[str, Any]
    target: Path
    facts: Mapping[str, Any]
    kind: str
    chosen: Sequence[str]


def report(
    period: str = "6MSP", from_on: str = "", to_on: str = "", section: str | Sequence[str] | None = None, **how: Any
) -> int:
    """Make the progress report of a period.

    Parameters
    ----------
    period : str
        Name of a reporting period; any name with `from_on` and `to_on`.
    from_on, to_on : str
        First and last day of any other period, as ISO dates.
    section : str or sequence of str, optional
        Only these notebooks and what they need; the rest of the report stays as it was.
    **how
        How to make it: ``code`` (show the code, folded), ``locale``, ``reports_dir`` (where reports go), ``jobs``
        (notebooks at once), ``engine`` (``warm``, ``plain`` or ``dask``), ``force`` (run again though nothing
        changed), ``limits`` (of time) and ``pages`` (the module that makes the pages).

    Returns
    -------
    int
        Exit code.
    """
    chosen = [section] if isinstance(section, str) else list(section or [])
    return _run(lambda: [_wanted("report", _facts(period, from_on, to_on, how), chosen, how)], how)


def reports(**how: Any) -> int:
    """Make the reports of all periods; `how` and the exit code are those of `report`."""
    return _run(lambda: [_wanted("report", _facts(each, "", "", how), [], how) for each in usage.period_names()], how)


def briefs(states: Sequence[str] | None = None, period: str = "6MSP", from_on: str = "", to_on: str = "", **how: Any) -> int:
    """Make the briefs of States.

    Parameters
    ----------
    states : sequence of str, optional
        ISO3 codes or names; all that signed or joined by default.
    period, from_on, to_on, **how
        As for `report`.

    Returns
    -------
    int
        Exit code.
    """

    def wanted() -> list[Wanted]:
        facts = _facts(period, from_on, to_on, how)
        facts = {**facts, "whole": False, "folder": f"briefs/{facts['folder']}"}
        return [_wanted("brief", facts, sorted(states or []), how)]

    return _run(wanted, how)


def compare(period_a: str, period_b: str, **how: Any) -> int:
    """Compare two periods State by State, the earlier named first; `how` and the exit code are those of `report`."""

    def wanted() -> list[Wanted]:
        facts, first = _facts(period_b, "", "", how), usage.period(period_a)
        facts = {**facts, "whole": False, "folder": f"compare/{first}-{facts['folder']}", "period_a": first}
        return [_wanted("compare", facts, [], how)]

    return _run(wanted, how)


def _facts(period: str, from_on: str, to_on: str, how: Mapping[str, Any]) -> dict[str, Any]:
    """Say what a report is of, and name its folder."""
    name = usage.period(period, from_on, to_on)
    locale = usage.choose("locale", how.get("locale", "en"), usage.LOCALES)
    return {
        "folder": usage.folder(name, locale), "period": name, "from_on": from_on, "to_on": to_on, "locale": locale,
        "code": bool(how.get("code")), "whole": True,
    }  # fmt: skip


def _wanted(kind: str, facts: Mapping[str, Any], chosen: Sequence[str], how: Mapping[str, Any]) -> Wanted:
    target = Path(how.get("reports_dir") or project.REPORTS) / facts["folder"]
    ask = {**facts, "verb": kind, "chosen": list(chosen), "target": str(target.resolve())}
    return Wanted(ask, target, facts, kind, chosen)


def _run(prepare: Callable[[], list[Wanted]], how: Mapping[str, Any]) -> int:
    try:
        wanted = []
        for one in prepare():
            if not how.get("force") and fresh.is_fresh(one.ask, one.target):
                print(f"{' '.join([one.facts['folder'], *one.chosen])} is up to date: {project.shown(one.target)}")
            else:
                wanted.append(one)
        return _make(wanted, how) if wanted else DONE
    except WrongUsage as wrong:
        print(f"ccm: {wrong}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("stopped; what was there before is as it was", file=sys.stderr)
        return STOPPED


def _make(wanted: Sequence[Wanted], how: Mapping[str, Any]) -> int:
    from ccmlib.run import driver, worklist
    from ccmlib.run.cleaning import WrongTables

    settings = driver.settings(how)
    makers = {"report": worklist.report_jobs, "brief": worklist.brief_jobs, "compare": worklist.compare_jobs}
    made = []
    for one in wanted:
        try:
            jobs, chosen = makers[one.kind](one.facts, one.chosen)
        except WrongTables as wrong:  # a brief looks in them for its State
            print(wrong, file=sys.stderr)
            return WRONG
        made.append(worklist.Report(one.target, jobs, chosen, one.facts, one.ask))
    result = driver.run(made, settings)
    for failure in result.failures:
        print(failure, file=sys.stderr)
    return result.code
