"""``make data``: the one place where raw exports become tidy tables; and the verbs that look at raw exports."""

import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path

from ccmlib.base import files, project
from ccmlib.base.names import StateNames
from ccmlib.base.problems import ProblemsFound
from ccmlib.figures import vocabulary
from ccmlib.ingest import cards, drafting, grid, reading
from ccmlib.run.usage import WrongUsage
from ccmlib.tidy import differences, tables
from ccmlib.treaty import build

DONE, WRONG = 0, 1


def make(raw: Path = project.RAW, processed: Path = project.PROCESSED) -> int:
    """Build and write all tidy tables, and print what became of each row; nothing is written where rows went unaccepted."""
    frames = build.build(raw)
    vocabulary.check(frames).stop_if_any()
    told, gone = differences.since(processed, frames)
    print(told)
    if lost := differences.not_accepted(gone, frames["sources"]):
        print("\n".join(lost), file=sys.stderr)
        return WRONG
    changed = tables.write(frames, processed)
    for report in frames.reports:
        print(report)
    for name, frame in frames.items():
        print(f"{name}: {len(frame)} rows")
    print(f"{len(changed)} files changed in {processed.name}")
    return DONE


def check(file: Path | None = None, *, layout: str = "", form: str = "text", raw: Path = project.RAW) -> int:
    """Print every problem of the raw exports, or of one file that is to take the place of one of them."""
    if layout and not file:
        raise WrongUsage("a layout goes with the file to read with it: ccm check FILE --layout LAYOUT")
    try:
        read, problems = build.check(file, layout, raw)
    except ValueError as error:
        raise WrongUsage(error) from error
    text = problems.text() if problems else "\n".join([*map(str, read.reports), "no problem found"])
    print(problems.json() if form == "json" else text)
    return WRONG if problems else DONE


def card(file: Path) -> str:
    """Renew the source card of a raw file, and tell what changed in the tidy tables."""
    try:
        print(cards.update_card(file))
        return differences.since(project.PROCESSED, build.build())[0]
    except FileNotFoundError as error:
        raise WrongUsage(error) from error
    except ProblemsFound:
        return "what changed is told when `ccm check` finds nothing wrong"


def correct(raw: Path = project.RAW) -> str:
    """Draft a correction of each cell and row that is wrong, for a person to finish; until then `ccm check` wants it.

    The new value is the nearest that is valid, or else the old one: what a source should say nobody guesses.
    """
    path, exports, rows = raw / cards.CORRECTIONS_FILE, {}, []
    with path.open(encoding="utf-8", newline="") as table:
        drafted = {(row["file"], row["sheet"], row["cell"]) for row in csv.DictReader(table)}
    for problem in build.check(raw=raw)[1]:
        place = (problem.file, problem.sheet, problem.cell)
        if problem.sheet and problem.cell and problem.file not in cards.OWN_FILES and place not in drafted:
            if problem.file not in exports:
                exports[problem.file] = grid.read(raw / problem.file)
            row, at = reading.cells_at(exports[problem.file], problem.sheet, problem.cell)
            if row[at]:
                held = reading.in_words(row[at])
                rows.append([*place, held, problem.suggestion or held, "", "", ""])
    append(path, rows)
    say = "say in each what is right, why, who published it and where" if rows else "no cell or row is wrong"
    return f"{len(rows)} corrections drafted in {project.shown(path)}: {say}"


def append(path: Path, rows: Iterable[Iterable[str]]) -> None:
    """Add rows to a CSV file, whether its last line is ended or not."""
    added = io.StringIO()
    csv.writer(added, lineterminator="\n").writerows(rows)
    files.write_whole(path, f"{path.read_text(encoding='utf-8').rstrip()}\n{added.getvalue()}")


def layout(file: Path) -> str:
    """Draft a layout for a file."""
    return drafting.draft(file, StateNames.from_raw()).rstrip("\n")
