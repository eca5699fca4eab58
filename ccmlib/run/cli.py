"""The `ccm` command: the same verbs as make. Exit codes: 0 done, 1 the data or a notebook is wrong, 2 wrong usage.

Nothing heavy is imported before a verb needs it, so that a report with nothing to do answers at once.
"""

import argparse
import importlib
import os
import sys
from pathlib import Path

from ccmlib.base import project
from ccmlib.run import usage, verbs

#: What argparse is told of each option; one that is not given is left to the default of the verb's function.
OPTIONS = {
    "state": {},
    "period_a": {},
    "period_b": {},
    "name": {},
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
    "report": ("make the progress report of a period", f"--section {WHEN} {HOW}", "run.verbs.report"),
    "reports": ("make the reports of all periods", f"--locale {HOW}", "run.verbs.reports"),
    "brief": ("make the brief of one State", f"state {WHEN} {HOW}", "run.verbs.brief"),
    "briefs": ("make the briefs of all States that signed or joined", f"{WHEN} {HOW}", "run.verbs.briefs"),
    "compare": ("what changed between two periods, State by State", f"period_a period_b --locale {HOW}", "run.verbs.compare"),
    "pdf": ("print a report that is made as PDF, beside its folder", f"[folder] {WHEN}", "run.verbs.pdf"),
    "verify": ("recompute the hashes of a report's manifest and say what differs", f"[folder] {WHEN}", "run.verbs.verify"),
    "data": ("clean the raw exports into tidy tables", "", "run.data.make"),
    "check": ("print every problem of the raw exports, or of one file", "[file] --layout --format=text,json", "run.data.check"),
    "card": ("renew the hash on the source card of a raw file that was changed on purpose", "file", "run.data.card"),
    "layout": ("draft a layout for a file that none reads yet", "file", "run.data.layout"),
    "correct": ("draft a correction of each cell and row that is wrong", "", "run.data.correct"),
    "new-period": ("draft what a new reporting period needs", "name [files] --from --to --place", "run.new_period.write"),
    "new-section": ("write a notebook to begin a section with, by its title", "name", "run.verbs.new_section"),
    "proof": (
        "read a draft of the report (docx, pdf or txt) and say which number or list of States is wrong",
        "file --period --format=text,json,html,docx --out --ledger", "figures.proof.output.main",
    ),
    "figures": ("list the figures: what each counts, and how", "", "run.verbs.figures"),
}  # fmt: skip
#: What is missing, in the words of the caller: make's where make has them.
WORDS = {
    "VERB": "a verb, such as report; `ccm --help` lists them",
    "state": "STATE, the code or name of a State, such as STATE=LAO",
    "period": "two periods, such as A=5MSP B=6MSP",
    "file": "the path of a file",
    "name": "a name: of a section its title, of a period such as 14MSP",
}


class Parser(argparse.ArgumentParser):
    """A parser that says what is missing in the words of the caller, and the nearest word to a wrong one."""

    def error(self, message: str) -> None:
        """Leave with one line."""
        for name, word in WORDS.items():
            if message.startswith("the following arguments are required") and name in message:
                message = f"give {word}"
        if "invalid choice: " in message:
            name, _, rest = message.removeprefix("argument ").partition(": invalid choice: ")
            value, allowed = rest.split("'")[1], rest.partition("choose from ")[2].rstrip(")")
            message = usage.one_of(name, value, allowed.replace("'", "").split(", "))
        raise usage.WrongUsage(message)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and give its exit code."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # Closed, as in `ccm report >&-`: the next file opened would take its number.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115 - open until the end

    def run() -> int:
        given = vars(parser().parse_args(_readable(sys.argv[1:] if arguments is None else arguments)))
        if not (project.ROOT / project.PERIODS).is_file():
            raise usage.WrongUsage(f"{project.ROOT} is not inside the project: cd there, or set CCM_ROOT to its folder")
        module, _, function = given.pop("run").rpartition(".")
        return getattr(importlib.import_module(f"ccmlib.{module}"), function)(**given)

    return verbs.answered(run)


def _readable(arguments: list[str]) -> list[str]:
    """Refuse what is no text in this machine's encoding: it could be written in no message and no page."""
    for argument in arguments:
        if any("\ud800" <= letter <= "\udfff" for letter in argument):
            raise usage.WrongUsage(f"{argument!r} holds bytes that are no text; write it, or name the file, in UTF-8")
    return arguments


def parser() -> Parser:
    """Make the parser of the command line."""
    made = Parser(prog="ccm", description="Progress reports of the Convention on Cluster Munitions.")
    verb = made.add_subparsers(required=True, metavar="VERB")
    for name, (text, options, function) in VERBS.items():
        added = verb.add_parser(name, help=text, description=text, argument_default=argparse.SUPPRESS)
        added.set_defaults(run=function)
        for option in options.split():
            option, _, choices = option.partition("=")
            only = {"choices": choices.split(",")} if choices else {}
            added.add_argument(option.strip("[]"), **OPTIONS[option], **only)
    return made
