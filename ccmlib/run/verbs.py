"""What the ``ccm`` command asks of the runner: the quick answer first, then checks, then the run.

Each verb gives an exit code, 0 when done and 1 when the data or a notebook is wrong, or raises
:class:`~ccmlib.run.usage.WrongUsage`. What a quick answer does not need is imported after it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ccmlib.base import project
from ccmlib.run import fresh, usage
from ccmlib.run.usage import NotThere, WrongUsage

DONE, WRONG, STOPPED = 0, 1, 130


def answered(verb: Callable[..., int], *given: Any, **how: Any) -> int:
    """Run a verb as the command line does: wrong usage is told, and what stops it is no traceback."""
    try:
        code = verb(*given, **how)
        sys.stdout.flush()
        return code
    except WrongUsage as wrong:
        print(f"ccm: {wrong}", file=sys.stderr)
        return wrong.code
    except KeyboardInterrupt:
        print("stopped; what was there before is as it was", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # whoever read our output has left
        code = DONE
    except Exception as wrong:
        if not isinstance(wrong, MemoryError) and not hasattr(wrong, "errno"):
            raise
        code = WRONG  # a full disk, a folder that cannot be written, too many open files (also ZeroMQ's)
        with contextlib.suppress(OSError):
            told = project.refused(wrong) if isinstance(wrong, OSError) else str(wrong) or "there is not enough memory"
            print(f"ccm: {told}", file=sys.stderr)
    try:
        sys.stdout.flush()
    except OSError:  # what is left to write can be written nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def report(
    period: str = "6MSP", from_on: str = "", to_on: str = "", section: str | Sequence[str] = (), locale: str = "en", **how: Any
) -> int:
    """Make the progress report of a period.

    Parameters
    ----------
    period : str
        Name of a reporting period; any name with `from_on` and `to_on`.
    from_on, to_on : str
        First and last day of any other period, as ISO dates.
    section : str or sequence of str
        Only these notebooks and what they need; the rest of the report stays as it was.
    locale : str
        Language of the report.
    **how
        How to make it: ``code`` (show the code, folded), ``reports_dir`` (where reports go), ``pages`` (the module
        that makes the pages), ``jobs`` (notebooks at once), ``engine`` (``warm``, ``plain`` or ``dask``), ``force``
        (run again though nothing changed), and ``cell_seconds`` and ``notebook_seconds`` (limits of time).

    Returns
    -------
    int
        Exit code.
    """
    chosen = [section] if isinstance(section, str) else list(section)
    return _run([(_facts("report", usage.period(period, from_on, to_on), from_on, to_on, locale), chosen)], **how)


def reports(locale: str = "en", **how: Any) -> int:
    """Make the reports of all periods; `how` and the exit code are those of `report`."""
    return _run([(_facts("report", period, "", "", locale), []) for period in usage.period_names()], **how)


def briefs(
    states: Iterable[str] = (), period: str = "6MSP", from_on: str = "", to_on: str = "", locale: str = "en", **how: Any
) -> int:
    """Make the briefs of States, by ISO3 codes or names, or of all that signed or joined; all else as for `report`."""
    facts = _facts("brief", usage.period(period, from_on, to_on), from_on, to_on, locale)
    return _run([({**facts, "folder": f"briefs/{facts['folder']}"}, sorted(states))], **how)


def brief(state: str, **how: Any) -> int:
    """Make the brief of one State."""
    return briefs([state], **how)


def compare(period_a: str, period_b: str, locale: str = "en", **how: Any) -> int:
    """Compare two periods State by State, the earlier named first; all else as for `report`."""
    first, facts = usage.period(period_a), _facts("compare", usage.period(period_b), "", "", locale)
    return _run([({**facts, "folder": f"compare/{first}-{facts['folder']}", "period_a": first}, [])], **how)


def _facts(verb: str, period: str, from_on: str, to_on: str, locale: str) -> dict[str, Any]:
    """Say what a report is of, and name its folder."""
    locale = usage.choose("locale", locale, usage.LOCALES)
    named = {"period": period, "from_on": from_on, "to_on": to_on, "locale": locale}
    return {**named, "verb": verb, "folder": usage.folder(period, locale)}


def _run(
    wanted: Iterable[tuple[Mapping[str, Any], Sequence[str]]], reports_dir: Path | None = None, code: bool = False,
    pages: str = "ccmlib.run.pages", force: bool = False, **how: Any,
) -> int:  # fmt: skip
    asked = []
    for facts, chosen in wanted:
        facts = {**facts, "code": code, "pages": pages}
        target = Path(reports_dir or project.REPORTS) / facts["folder"]
        ask = {**facts, "chosen": chosen, "target": str(target.resolve())}
        if not force and fresh.is_fresh(ask, target):
            print(f"{' '.join([facts['folder'], *chosen])} is up to date: {project.shown(target)}")
        else:
            asked.append((ask, target, facts, chosen))
    if not asked:
        return DONE
    from ccmlib.run import driver, task, worklist

    settings = task.Settings(force=force, **how)
    made = [worklist.Report(ask, target, facts, *worklist.jobs_of(facts, chosen)) for ask, target, facts, chosen in asked]
    failures = driver.run(made, settings)
    for failure in failures:
        print(failure, file=sys.stderr)
    return WRONG if failures else DONE


def _folder(folder: Path | None, period: str = "6MSP", from_on: str = "", to_on: str = "", locale: str = "en") -> Path:
    """Find the folder of a report: the one named, or that of the period or days."""
    named = usage.folder(usage.period(period, from_on, to_on), usage.choose("locale", locale, usage.LOCALES))
    return folder or project.REPORTS / named


def pdf(folder: Path | None = None, **when: str) -> int:
    """Print a report that is made as PDF, beside its folder."""
    from ccmlib.pages import pdf

    folder = _folder(folder, **when)
    page = folder / "report.html"
    if not page.is_file():
        raise NotThere(f"there is no {project.shown(page)}: make the report first")
    try:
        print(pdf.to_pdf(page, folder.with_name(f"{folder.name}.pdf")))
    except pdf.PdfUnavailableError as error:
        raise NotThere(error) from error
    return DONE


def verify(folder: Path | None = None, **when: str) -> int:
    """Compare a report with its manifest."""
    from ccmlib.run import manifest

    return manifest.main(_folder(folder, **when))


def new_section(name: str) -> int:
    """Write a notebook to begin a section of the report with."""
    from ccmlib.notebook import new_section

    try:
        path = new_section.write(name)
    except ValueError as error:
        raise WrongUsage(error) from error
    print(f"{project.shown(path)} is written; `ccm report --section {path.stem}` makes its page")
    return DONE


def figures() -> int:
    """List the figures."""
    from ccmlib.figures import vocabulary

    print(vocabulary.listing())
    return DONE
