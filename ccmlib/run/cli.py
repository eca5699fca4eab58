"""The `ccm` command: the same verbs as make. Exit codes: 0 done, 1 the data or a notebook is wrong, 2 wrong usage.

Each verb gives an exit code, or a text to print, or raises :class:`~ccmlib.run.usage.WrongUsage`. What a quick answer
does not need is imported after it.
"""

import argparse
import contextlib
import functools
import importlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ccmlib.base import project
from ccmlib.run import store, usage
from ccmlib.run.usage import NotThere, WrongUsage

#: What argparse is told of options; one that is not given is left to the default of the verb's function.
OPTIONS = {
    "file": {"type": Path},
    "[file]": {"type": Path, "nargs": "?", "default": None},
    "[files]": {"type": Path, "nargs": "*", "default": ()},
    "[folder]": {"type": Path, "nargs": "?", "default": None, "help": "such as reports/6MSP; or else the period's"},
    "--section": {"help": "only this notebook, such as 06_transparency, 6 or transparency"},
    "--period": {"help": "a reporting period (default 6MSP; of a draft, the one that holds its day)"},
    "--from": {"dest": "from_on", "metavar": "DAY", "help": "first day of any other period"},
    "--to": {"dest": "to_on", "metavar": "DAY", "help": "last day of any other period"},
    "--place": {"help": "where the meeting is"},
    "--locale": {"help": ", ".join(usage.LOCALES)},
    "--jobs": {"type": int, "help": "notebooks at once (default: the cores)"},
    "--engine": {"help": "warm, plain or dask"},
    "--force": {"action": "store_true", "help": "run notebooks again though nothing changed"},
    "--code": {"action": "store_true", "help": "show the code, folded, in the pages"},
    "--layout": {"help": "the layout to read the file with, or the path of one that ends in .yml"},
    "--format": {"dest": "form"},
    "--out": {"type": Path, "help": "file to write (default: print; for docx beside the draft)"},
    "--ledger": {"type": Path, "help": "write what the draft prints as published_figures_<period>.csv"},
}
WHEN, HOW = "--period --from --to --locale", "--jobs --engine --force --code"
#: Verbs: what each does, its options, and its function, which need not be imported for the others.
VERBS = {
    "report": ("make the progress report of a period", f"--section {WHEN} {HOW}", "run.cli.report"),
    "reports": ("make the reports of all periods", f"--locale {HOW}", "run.cli.reports"),
    "brief": ("make the brief of one State", f"state {WHEN} {HOW}", "run.cli.brief"),
    "briefs": ("make the briefs of all States that signed or joined", f"{WHEN} {HOW}", "run.cli.briefs"),
    "compare": ("what changed between two periods, State by State", f"period_a period_b --locale {HOW}", "run.cli.compare"),
    "pdf": ("print a report that is made as PDF, beside its folder", f"[folder] {WHEN}", "run.cli.pdf"),
    "verify": ("recompute the hashes of a report's manifest and say what differs", f"[folder] {WHEN}", "run.cli.verify"),
    "data": ("clean the raw exports into tidy tables", "", "run.data.make"),
    "check": ("print every problem of the raw exports, or of one file", "[file] --layout --format=text,json", "run.data.check"),
    "card": ("renew the hash on the source card of a raw file that was changed on purpose", "file", "run.data.card"),
    "layout": ("draft a layout for a file that none reads yet", "file", "run.data.layout"),
    "correct": ("draft a correction of each cell and row that is wrong", "", "run.data.correct"),
    "new-period": ("draft what a new reporting period needs", "name [files] --from --to --place", "run.new_period.write"),
    "new-section": ("write a notebook to begin a section with, by its title", "name", "run.cli.new_section"),
    "proof": (
        "read a draft of the report (docx, pdf or txt) and say which number or list of States is wrong",
        "file --period --format=text,json,html,docx --out --ledger", "figures.proof.output.main",
    ),
    "figures": ("list the figures: what each counts, and how", "", "figures.vocabulary.listing"),
}  # fmt: skip
#: What is missing, in the words of the caller: make's where make has them.
WORDS = {
    "VERB": "a verb, such as report; `ccm --help` lists them",
    "state": "STATE, the code or name of a State, such as STATE=LAO",
    "period": "two periods, such as A=5MSP B=6MSP",
    "file": "the path of a file",
    "name": "a name: of a section its title, of a period such as 14MSP",
}


DONE, WRONG, STOPPED = 0, 1, 130


class Parser(argparse.ArgumentParser):
    """A parser that says what is missing in the words of the caller."""

    def error(self, message: str) -> None:
        """Leave with one line."""
        missing = message.partition("the following arguments are required: ")[2]
        raise WrongUsage(next((f"give {word}" for name, word in WORDS.items() if name in missing), message))


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and give its exit code."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # Closed, as in `ccm report >&-`: the next file opened would take its number.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115 - open until the end

    def run() -> int | str:
        words = sys.argv[1:] if arguments is None else arguments
        for word in words:
            if any("\ud800" <= letter <= "\udfff" for letter in word):  # it could be written in no message and no page
                raise WrongUsage(f"{word!r} holds bytes that are no text; write it, or name the file, in UTF-8")
        if words and not words[0].startswith("-"):
            words = [usage.choose("VERB", words[0], [*VERBS]), *words[1:]]
        given = vars(parser().parse_args(words))
        if not (project.ROOT / project.PERIODS).is_file():
            raise WrongUsage(f"{project.ROOT} is not inside the project: cd there, or set CCM_ROOT to its folder")
        module, _, function = given.pop("run").rpartition(".")
        return getattr(importlib.import_module(f"ccmlib.{module}"), function)(**given)

    return answered(run)


def parser() -> Parser:
    """Make the parser of the command line."""
    made = Parser(prog="ccm", description="Progress reports of the Convention on Cluster Munitions.")
    verb = made.add_subparsers(required=True, metavar="VERB")
    for name, (text, options, function) in VERBS.items():
        added = verb.add_parser(name, help=text, description=text, argument_default=argparse.SUPPRESS)
        added.set_defaults(run=function)
        for option in options.split():
            option, _, known = option.partition("=")
            only = {"type": functools.partial(usage.choose, option, allowed=known.split(","))} if known else {}
            added.add_argument(option.strip("[]"), **OPTIONS.get(option, {}), **only)
    return made


def answered(verb: Callable[..., int | str], *given: object, **how: object) -> int:
    """Run a verb as the command line does: wrong usage is told, and what stops it is no traceback."""
    try:
        gave = verb(*given, **how)
        if isinstance(gave, str):
            print(gave)
        sys.stdout.flush()
        return DONE if isinstance(gave, str) else gave
    except WrongUsage as wrong:
        code, told = wrong.code, f"ccm: {wrong}"
    except KeyboardInterrupt:
        code, told = STOPPED, "stopped; what was there before is as it was"
    except BrokenPipeError:  # whoever read our output has left
        code, told = DONE, ""
    except Exception as wrong:
        if hasattr(wrong, "problems"):
            code, told = WRONG, wrong.problems.text()
        elif isinstance(wrong, OSError):  # such as a full disk, a folder that cannot be written
            code, told = WRONG, f"ccm: {project.refused(wrong)}"
        elif isinstance(wrong, MemoryError) or hasattr(wrong, "errno"):  # too many open files, as ZeroMQ says it
            code, told = WRONG, f"ccm: {str(wrong) or 'there is not enough memory'}"
        else:
            raise
    with contextlib.suppress(OSError):
        print(told, end="\n" if told else "", file=sys.stderr)
    try:
        sys.stdout.flush()
    except OSError:  # what is left to write can be written nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def report(
    period: str = "6MSP", from_on: str = "", to_on: str = "", section: str | Sequence[str] = (), locale: str = "en",
    **how: object,
) -> int:  # fmt: skip
    """Make the progress report of a period, or of any two days, and give the exit code.

    With `section`, only those notebooks and what they need: the rest of the report stays as it was. `how` to make it:
    ``code`` (show it, folded), ``reports_dir`` (where reports go), ``pages`` (the module that makes the pages), ``jobs``
    (notebooks at once), ``engine`` (``warm``, ``plain`` or ``dask``), ``force`` (run again though nothing changed), and
    ``cell_seconds`` and ``notebook_seconds`` (limits of time).
    """
    chosen = [section] if isinstance(section, str) else list(section)
    return _run([(_facts("report", period, from_on, to_on, locale), chosen)], **how)


def reports(locale: str = "en", **how: object) -> int:
    """Make the reports of all periods; `how` and the exit code are those of `report`."""
    return _run([(_facts("report", period, locale=locale), []) for period in usage.period_names()], **how)


def briefs(
    states: Iterable[str] = (), period: str = "6MSP", from_on: str = "", to_on: str = "", locale: str = "en", **how: object
) -> int:
    """Make the briefs of States, by ISO3 codes or names, or of all that signed or joined; all else as for `report`."""
    return _run([(_facts("brief", period, from_on, to_on, locale, "briefs/"), sorted(states))], **how)


def brief(state: str, **how: object) -> int:
    """Make the brief of one State."""
    return briefs([state], **how)


def compare(period_a: str, period_b: str, locale: str = "en", **how: object) -> int:
    """Compare two periods State by State, the earlier named first; all else as for `report`."""
    known, first, second = usage.period_names(), usage.period(period_a), usage.period(period_b)
    if known.index(first) >= known.index(second):
        raise WrongUsage(f"{first} is not before {second}: name the earlier period first")
    return _run([({**_facts("compare", second, "", "", locale, f"compare/{first}-"), "period_a": first}, [])], **how)


def _facts(verb: str, period: str, from_on: str = "", to_on: str = "", locale: str = "en", within: str = "") -> dict:
    """Say what a report is of, and name its folder."""
    period, locale = usage.period(period, from_on, to_on), usage.choose("locale", locale, usage.LOCALES)
    named = {"period": period, "from_on": from_on, "to_on": to_on, "locale": locale}
    return {**named, "verb": verb, "folder": within + usage.folder(period, locale)}


def _run(
    wanted: Iterable[tuple[dict, Sequence[str]]], reports_dir: Path | None = None, code: bool = False,
    pages: str = "ccmlib.run.pages", force: bool = False, **how: object,
) -> int:  # fmt: skip
    asked, now = [], {} if force else store.of_files()
    for facts, chosen in wanted:
        facts = {**facts, "code": code, "pages": pages}
        target = Path(reports_dir or project.REPORTS) / facts["folder"]
        ask = {**facts, "chosen": chosen, "target": str(target.resolve())}
        if not force and store.is_fresh(ask, now, target):
            print(f"{' '.join([facts['folder'], *chosen])} is up to date: {project.shown(target)}")
        else:
            asked.append((ask, target, facts, chosen))
    if not asked:
        return DONE
    from ccmlib.run import driver, task, worklist

    settings, failures = task.Settings(force=force, **how), []
    made = [worklist.Report(ask, target, facts, *worklist.jobs_of(facts, chosen)) for ask, target, facts, chosen in asked]
    try:
        driver.run(made, settings, failures)
    finally:
        for failure in failures:
            print(failure, file=sys.stderr)
    return WRONG if failures else DONE


def _folder(folder: Path | None, period: str = "6MSP", from_on: str = "", to_on: str = "", locale: str = "en") -> Path:
    """Find the folder of a report: the one named, or that of the period or days."""
    return folder or project.REPORTS / _facts("report", period, from_on, to_on, locale)["folder"]


def pdf(folder: Path | None = None, **when: str) -> str:
    """Print a report that is made as PDF, beside its folder."""
    from ccmlib.pages import pdf

    folder = _folder(folder, **when)
    page = folder / "report.html"
    if not page.is_file():
        raise NotThere(f"there is no {project.shown(page)}: make the report first")
    try:
        return str(pdf.to_pdf(page, folder.with_name(f"{folder.name}.pdf")))
    except pdf.PdfUnavailableError as error:
        raise NotThere(error) from error


def verify(folder: Path | None = None, **when: str) -> int:
    """Compare a report with its manifest."""
    from ccmlib.run import publish

    return publish.main(_folder(folder, **when))


def new_section(name: str) -> str:
    """Write a notebook to begin a section of the report with."""
    from ccmlib.notebook import new_section

    try:
        path = new_section.write(name)
    except ValueError as error:
        raise WrongUsage(error) from error
    return f"{project.shown(path)} is written; `ccm report --section {path.stem}` makes its page"
