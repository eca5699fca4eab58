"""The `ccm` command: the same verbs as make. Exit codes: 0 done, 1 the data or a notebook is wrong, 2 wrong usage.

Nothing heavy is imported before a verb needs it, so that a report with nothing to do answers at once.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from ccmlib.base import project
from ccmlib.run import usage, verbs

DONE, WRONG, USAGE = 0, 1, 2
#: What make calls an option that the command line takes without a name.
WORDS = {
    "state": "STATE, the code or name of a State, such as STATE=LAO", "period": "two periods, such as A=5MSP B=6MSP",
}  # fmt: skip


class Parser(argparse.ArgumentParser):
    """A parser that says what is missing in the words of the caller, and the nearest word to a wrong one."""

    def error(self, message: str) -> None:
        """Print one line and leave with the code for wrong usage."""
        for name, word in WORDS.items():
            if message.startswith("the following arguments are required") and name in message:
                message = f"give {word}"
                break
        if "invalid choice: " in message:
            name, _, rest = message.removeprefix("argument ").partition(": invalid choice: ")
            value, allowed = rest.split("'")[1], rest.partition("choose from ")[2].rstrip(")")
            message = usage.one_of(name, value, allowed.replace("'", "").split(", "))
        print(f"ccm: {message}", file=sys.stderr)
        raise SystemExit(USAGE)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and give its exit code."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # Closed, as in `ccm report >&-`: the next file opened would take its number.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115 - open until the end
    try:
        options = vars(_parser().parse_args(_readable(sys.argv[1:] if arguments is None else arguments)))
        code = options.pop("run")(**options)
        sys.stdout.flush()
        return code
    except usage.WrongUsage as wrong:
        print(f"ccm: {wrong}", file=sys.stderr)
        return USAGE
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


def _readable(arguments: list[str]) -> list[str]:
    """Refuse what is no text in this machine's encoding: it could be written in no message and no page."""
    for argument in arguments:
        if any("\ud800" <= letter <= "\udfff" for letter in argument):
            raise usage.WrongUsage(f"{argument!r} holds bytes that are no text; write it, or name the file, in UTF-8")
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="ccm", description="Progress reports of the Convention on Cluster Munitions.")
    parsers = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, function: Callable[..., int], text: str) -> argparse.ArgumentParser:
        added = parsers.add_parser(name, help=text, description=text)
        added.set_defaults(run=function)
        return added

    report = verb("report", verbs.report, "make the progress report of a period")
    report.add_argument("--section", help="only this notebook, such as 06_transparency, 6 or transparency")
    reports = verb("reports", verbs.reports, "make the reports of all periods")
    brief = verb("brief", lambda state, **how: verbs.briefs([state], **how), "make the brief of one State")
    brief.add_argument("state")
    briefs = verb("briefs", verbs.briefs, "make the briefs of all States that signed or joined")
    compare = verb("compare", verbs.compare, "what changed between two periods, State by State")
    compare.add_argument("period_a")
    compare.add_argument("period_b")
    pdf = verb("pdf", _pdf, "print a report that is made as PDF, beside its folder")
    verify = verb("verify", _verify, "recompute the hashes of a report's manifest and say what differs")
    for added in (pdf, verify):
        added.add_argument("folder", nargs="?", type=Path, help="such as reports/6MSP; or else the period's")
    for added in (report, brief, briefs, pdf, verify):
        added.add_argument("--period", default="6MSP", help="a reporting period (default 6MSP)")
        added.add_argument("--from", dest="from_on", default="", metavar="DAY", help="first day of any other period")
        added.add_argument("--to", dest="to_on", default="", metavar="DAY", help="last day of any other period")
    for added in (report, reports, brief, briefs, compare):
        added.add_argument("--jobs", type=int, help="notebooks at once (default: the cores)")
        added.add_argument("--engine", default="warm", help="warm, plain or dask")
        added.add_argument("--force", action="store_true", help="run notebooks again though nothing changed")
        added.add_argument("--code", action="store_true", help="show the code, folded, in the pages")
    for added in (report, reports, brief, briefs, compare, pdf, verify):
        added.add_argument("--locale", default="en", help=", ".join(usage.LOCALES))

    verb("data", _data, "clean the raw exports into tidy tables")
    check = verb("check", _check, "print every problem of the raw exports, or of one file")
    check.add_argument("file", nargs="?", type=Path)
    check.add_argument("--layout", help="the layout to read the file with, or the path of one that ends in .yml")
    check.add_argument("--format", choices=["text", "json"], default="text")
    card = verb("card", _card, "renew the hash on the source card of a raw file that was changed on purpose")
    card.add_argument("file", type=Path)
    layout = verb("layout", _layout, "draft a layout for a file that none reads yet")
    layout.add_argument("file", type=Path)
    section = verb("new-section", _new_section, "write a notebook to begin a section of the report with")
    section.add_argument("name", help='its title, such as "Risk education"')
    proof = verb("proof", _proof, "read a draft of the report and say which number or list of States is wrong")
    proof.add_argument("file", type=Path, help="docx, pdf with a text layer, or txt")
    proof.add_argument("--period", default="", help="default: the period that holds the day of the draft")
    proof.add_argument("--format", choices=["text", "json", "html", "docx"], default="text")
    proof.add_argument("--out", type=Path, help="file to write (default: print; for docx beside the draft)")
    proof.add_argument("--ledger", type=Path, help="write what the draft prints as published_figures_<period>.csv")
    golden = verb("golden", _golden, "compare the golden figures of 6MSP with today's; --accept replaces them")
    golden.add_argument("--accept", action="store_true")
    verb("figures", _figures, "list the figures: what each counts, and how")
    verb("choices", _choices, "list the periods, sections and languages")
    return parser


def _folder(folder: Path | None, period: str, from_on: str, to_on: str, locale: str) -> Path:
    """Find the folder of a report: the one named, or that of the period or days."""
    if folder:
        return folder
    name, locale = usage.period(period, from_on, to_on), usage.choose("locale", locale, usage.LOCALES)
    return project.REPORTS / usage.folder(name, locale)


def _pdf(folder: Path | None, **when: str) -> int:
    from ccmlib.pages import pdf

    folder = _folder(folder, **when)
    page = folder / "report.html"
    if not page.is_file():
        print(f"ccm: there is no {project.shown(page)}: make the report first", file=sys.stderr)
        return WRONG
    try:
        print(pdf.to_pdf(page, folder.with_name(f"{folder.name}.pdf")))
    except pdf.PdfUnavailableError as error:
        print(f"ccm: {error}", file=sys.stderr)
        return WRONG
    return DONE


def _verify(folder: Path | None, **when: str) -> int:
    from ccmlib.run import manifest

    return manifest.main(_folder(folder, **when))


def _data() -> int:
    from ccmlib.run import data

    return data.make()


def _check(file: Path | None, layout: str | None, format: str) -> int:
    from ccmlib.run import data

    if layout and not file:
        raise usage.WrongUsage("a layout goes with the file to read with it: ccm check FILE --layout LAYOUT")
    return data.check(file, layout=layout, as_json=format == "json")


def _card(file: Path) -> int:
    from ccmlib.base.problems import ProblemsFound
    from ccmlib.ingest import cards
    from ccmlib.tidy import changes
    from ccmlib.treaty import build

    try:
        print(cards.update_card(file))
    except FileNotFoundError as error:
        print(f"ccm: {error}", file=sys.stderr)
        return USAGE
    try:
        print(changes.since(project.PROCESSED, build.build()))
    except ProblemsFound:
        print("what changed is told when `ccm check` finds nothing wrong")
    return DONE


def _layout(file: Path) -> int:
    from ccmlib.base.names import StateNames
    from ccmlib.base.problems import ProblemsFound
    from ccmlib.ingest import drafting

    try:
        print(drafting.draft(file, StateNames.from_raw()), end="")
    except ProblemsFound as error:
        print(error, file=sys.stderr)
        return WRONG
    return DONE


def _new_section(name: str) -> int:
    from ccmlib.notebook import new_section

    try:
        path = new_section.write(name)
    except ValueError as error:
        print(f"ccm: {error}", file=sys.stderr)
        return USAGE
    print(f"{project.shown(path)} is written; `ccm report --section {path.stem}` makes its page")
    return DONE


def _proof(file: Path, period: str, format: str, out: Path | None, ledger: Path | None) -> int:
    from ccmlib.figures.proof import output

    return output.main(file, period, format, out, ledger)


def _golden(accept: bool) -> int:
    from ccmlib.figures import golden

    return golden.main(accept=accept)


def _figures() -> int:
    from ccmlib.figures import ids

    print(ids.listing())
    return DONE


def _choices() -> int:
    sections = sorted(path.stem for path in project.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    for name, values in (("PERIOD", usage.period_names()), ("SECTION", sections), ("LOCALE", usage.LOCALES)):
        print(f"  {name:<8} {', '.join(values)}")
    return DONE
