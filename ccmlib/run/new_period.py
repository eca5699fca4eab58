"""``ccm new-period``: what a reporting period needs, drafted for a person to finish."""

import csv
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from num2words import num2words

from ccmlib.base import project
from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.figures import proof
from ccmlib.figures.proof import output
from ccmlib.ingest import cards, drafting, layouts, reading
from ccmlib.run import usage
from ccmlib.run.data import append
from ccmlib.run.usage import WrongUsage
from ccmlib.treaty import build, periods

MEETINGS = {"MSP": "Meeting of States Parties", "RC": "Review Conference"}
#: Endings of a published report; all other files are exports.
OF_REPORTS = (".docx", ".pdf", ".txt")


def write(name: str, files: Sequence[Path] = (), from_on: str = "", to_on: str = "", place: str = "") -> str:
    """Add a period to the table if it is not there, and its files to the raw exports, each with a card and a layout.

    Nothing is guessed: cards and layouts have blanks, and coverage is a comment, until a person has looked. Of a published
    report the period's ledger is drafted. Where something is missing, cannot be read, or would take the place of another
    file, that is wrong usage and nothing is written.
    """
    for file in files:
        there = project.RAW / file.name
        if not file.is_file():
            raise WrongUsage(f"no file {file}")
        if there.is_file() and there.read_bytes() != file.read_bytes():
            raise WrongUsage(f"{project.shown(there)} is another file; if this one is newer, put it there and run `ccm card`")
    exports = {file: _layout(file) for file in files if file.suffix.lower() not in OF_REPORTS}
    period, told = _period(name.upper(), from_on, to_on, place)
    for file, (layout, draft) in exports.items():
        if not (project.RAW / file.name).is_file():
            shutil.copyfile(file, project.RAW / file.name)
        if draft:
            (layouts.FOLDER / f"{layout}.yml").write_text(draft, encoding="utf-8")
            told.append(f"{layout}.yml: new layout in {project.shown(layouts.FOLDER)}; fill in what is TODO")
        told.append(_card(file.name, layout, _coverage(layout, period)))
    for file in (file for file in files if file not in exports):
        ledger = project.RAW / f"published_figures_{period.name}.csv"
        try:
            count = output.write_ledger(proof.proof(file, period.name, tidy=build.check()[0].__getitem__), ledger)
        except (ValueError, FileExistsError) as error:
            raise WrongUsage(error) from error
        constants = f"  constants: {{period: {period.name}, document: {file.stem}}}\n"
        told += [f"{ledger.name}: {count} rows, for a person to check", _card(ledger.name, "published_figures", constants)]
    return "\n".join([*told, "next: `ccm check`; where a source is wrong, `ccm correct`"])


def _layout(file: Path) -> tuple[str, str]:
    """Find the layout that reads a file; or name a new one, and draft it."""
    known = {card.file: card.layout for card in cards.load(project.RAW, Problems(), unchecked={file.name})}
    try:
        return known.get(file.name) or reading.recognise(file), ""
    except ValueError:
        name = re.sub(r"\W+", "_", file.stem).lower()
    if name in layouts.names():
        raise WrongUsage(f"the layout {name} does not fit {file.name}: rename the file")
    return name, drafting.draft(file, StateNames.from_raw())


def _period(name: str, from_on: str, to_on: str, place: str) -> tuple[periods.Period, list[str]]:
    """Find the period, or add it to the table."""
    path = project.RAW / "periods.csv"
    with path.open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        if row["period"] == name:
            return replace(periods.from_days(row["start"], row["end"]), name=name), []
    kind = re.fullmatch(r"([1-9]\d?)(MSP|RC)", name)
    start = from_on or str(date.fromisoformat(rows[-1]["end"]) + timedelta(days=1))
    if not kind:
        raise WrongUsage(f"{name!r} does not name a meeting, as 14MSP and 3RC do")
    if not (to_on and place):
        raise WrongUsage(f"{name} begins on {start}: give its last day, --to, and where the meeting is, --place")
    usage.days(start, to_on)
    period = replace(periods.from_days(start, to_on), name=name)
    meeting = f"{num2words(int(kind[1]), to='ordinal').capitalize()} {MEETINGS[kind[2]]}"
    append(path, [[name, meeting, place, start, to_on, period.annual_report_year or "", "as given to ccm new-period"]])
    cards.update_card(path.name)
    return period, [f"{name}: {meeting}, {start} to {to_on}, new in {project.shown(path)}; say in dates_from who set the days"]


def _card(file: str, layout: str, more: str) -> str:
    """Make the card of a file, or bring it up to date; a new one names the layout, and has `more` at its end."""
    told = cards.update_card(file)
    path, blank = project.RAW / cards.CARDS_FILE, f"\n{file}:\n  layout: \n"
    text = path.read_text(encoding="utf-8")
    if blank in text:
        path.write_text(text.replace(blank, f"{blank.rstrip()} {layout}\n") + more, encoding="utf-8")
    return told.replace("fill in layout, ", "fill in ")


def _coverage(layout: str, period: periods.Period) -> str:
    """Draft what a file covers as a comment, from what files of the same layout cover."""
    start, end = f"{period.start:%Y-%m-%d}", f"{period.end:%Y-%m-%d}"
    known = [one for card in cards.load(project.RAW, Problems()) if card.layout == layout for one in card.covers]
    lines = ["  # covers:   # once someone has seen that the file is complete for these days"]
    for one in {one["subject"]: one for one in known or [{"subject": "TODO"}]}.values():
        year = f"covers_year: {period.annual_report_year}, " if "covers_year" in one else ""
        first = end if one.get("from_on") == one.get("to_on", "") else start
        lines.append(f"  #   - {{subject: {one['subject']}, {year}from_on: {first}, to_on: {end}}}")
    return "\n".join(lines) + "\n"
