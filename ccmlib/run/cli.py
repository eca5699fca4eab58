"""The `ccm` command: the same verbs as make. Exit codes: 0 done, 1 the data or a notebook is wrong, 2 wrong usage.

Nothing heavy is imported before a verb needs it, so that a report with nothing to do answers at once.
"""

import argparse
import sys
from pathlib import Path

DONE, WRONG, USAGE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and give its exit code."""
    options = _parser().parse_args(arguments)
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ccm", description="Progress reports of the Convention on Cluster Munitions.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, run, text: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    report = verb("report", _report, "make the progress report of a period")
    report.add_argument("--section", help="only this notebook, such as 06_transparency")
    reports = verb("reports", _reports, "make the reports of all periods")
    brief = verb("brief", _brief, "make the brief of one State")
    brief.add_argument("state", help="ISO3 code or name of the State")
    briefs = verb("briefs", _briefs, "make the briefs of all States that signed or joined")
    compare = verb("compare", _compare, "what changed between two periods, State by State")
    compare.add_argument("period_a")
    compare.add_argument("period_b")
    for added in (report, brief, briefs):
        added.add_argument("--period", default="6MSP", help="a reporting period (default 6MSP)")
        added.add_argument("--from", dest="from_on", default="", metavar="DAY", help="first day of any other period")
        added.add_argument("--to", dest="to_on", default="", metavar="DAY", help="last day of any other period")
    for added in (report, reports, brief, briefs, compare):
        added.add_argument("--jobs", type=int, help="notebooks at once (default: the cores)")
        added.add_argument("--engine", default="warm", choices=["warm", "plain", "dask"])
        added.add_argument("--force", action="store_true", help="run notebooks again though nothing changed")
        added.add_argument("--code", action="store_true", help="show the code, folded, in the pages")
        added.add_argument("--locale", default="en", choices=["en", "fr", "es", "ru", "ar", "zh"])

    pdf = verb("pdf", _pdf, "print a report that is made as PDF, beside its folder")
    pdf.add_argument("folder", type=Path, help="such as reports/6MSP")
    verb("data", _data, "clean the raw exports into tidy tables")
    check = verb("check", _check, "print every problem of the raw exports, or of one file")
    check.add_argument("file", nargs="?", type=Path)
    check.add_argument("--layout", help="the layout to read the file with, or the path of one that ends in .yml")
    check.add_argument("--format", choices=["text", "json"], default="text")
    card = verb("card", _card, "renew the hash on the source card of a raw file that was changed on purpose")
    card.add_argument("file", type=Path)
    layout = verb("layout", _layout, "draft a layout for a file that none reads yet")
    layout.add_argument("file", type=Path)
    verify = verb("verify", _verify, "recompute the hashes of a report's manifest and say what differs")
    verify.add_argument("folder", type=Path)
    proof = verb("proof", _proof, "read a draft of the report and say which number or list of States is wrong")
    proof.add_argument("file", type=Path, help="docx, pdf with a text layer, or txt")
    proof.add_argument("--period", default="", help="default: the period that holds the day of the draft")
    proof.add_argument("--format", choices=["text", "json", "html", "docx"], default="text")
    proof.add_argument("--out", type=Path, help="file to write (default: print; for docx beside the draft)")
    proof.add_argument("--ledger", type=Path, help="write what the draft prints as published_figures_<period>.csv")
    golden = verb("golden", _golden, "compare the golden figures of 6MSP with today's; --accept replaces them")
    golden.add_argument("--accept", action="store_true")
    return parser


def _settings(options) -> dict:
    return {
        "jobs": options.jobs, "engine": options.engine, "force": options.force, "code": options.code,
        "locale": options.locale,
    }


def _when(options) -> dict:
    if bool(options.from_on) != bool(options.to_on):
        print("ccm: --from and --to go together", file=sys.stderr)
        raise SystemExit(USAGE)
    return {"period": options.period, "from_on": options.from_on, "to_on": options.to_on}


def _report(options) -> int:
    from ccmlib import run

    return run.report(**_when(options), section=options.section, **_settings(options))


def _reports(options) -> int:
    from ccmlib import run

    return run.reports(**_settings(options))


def _brief(options) -> int:
    from ccmlib import run

    return run.briefs(states=[options.state], **_when(options), **_settings(options))


def _briefs(options) -> int:
    from ccmlib import run

    return run.briefs(states=None, **_when(options), **_settings(options))


def _compare(options) -> int:
    from ccmlib import run

    return run.compare(options.period_a, options.period_b, **_settings(options))


def _pdf(options) -> int:
    from ccmlib.pages import pdf

    page = options.folder / "report.html"
    if not page.is_file():
        print(f"ccm: there is no {page}: make the report first", file=sys.stderr)
        return WRONG
    try:
        print(pdf.to_pdf(page, options.folder.with_suffix(".pdf")))
    except pdf.PdfUnavailableError as error:
        print(f"ccm: {error}", file=sys.stderr)
        return WRONG
    return DONE


def _data(options) -> int:
    from ccmlib.tidy import tables

    return tables.main()


def _check(options) -> int:
    from ccmlib.run import check

    return check.main(options.file, layout=options.layout, as_json=options.format == "json")


def _card(options) -> int:
    from ccmlib.ingest import cards

    try:
        print(cards.update_card(options.file))
    except FileNotFoundError as error:
        print(f"ccm: {error}", file=sys.stderr)
        return USAGE
    from ccmlib.base import project
    from ccmlib.tidy import changes, tables

    frames, problems = tables.check()
    told = "what changed is told when `ccm check` finds nothing wrong"
    print(told if problems else changes.since(project.PROCESSED, frames))
    return DONE


def _layout(options) -> int:
    from ccmlib.base.names import StateNames
    from ccmlib.base.problems import ProblemsFound
    from ccmlib.ingest import drafting

    try:
        print(drafting.draft(options.file, StateNames.from_raw()), end="")
    except ProblemsFound as error:
        print(error, file=sys.stderr)
        return WRONG
    return DONE


def _verify(options) -> int:
    from ccmlib.run import manifest

    return manifest.main(options.folder)


def _proof(options) -> int:
    from ccmlib.figures.proof import output

    return output.main(options.file, options.period, options.format, options.out, options.ledger)


def _golden(options) -> int:
    from ccmlib.figures import golden

    return golden.main(accept=options.accept)
