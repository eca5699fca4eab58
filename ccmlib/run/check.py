"""``ccm check``: everything that is wrong in the raw exports, or in one file, at once."""

import sys
from pathlib import Path

from ccmlib.base import project
from ccmlib.base.problems import Problems
from ccmlib.ingest.rows import ReadReport
from ccmlib.tidy import tables

DONE, WRONG_DATA, WRONG_USAGE = 0, 1, 2


def main(
    file: Path | str | None = None, *, layout: str | None = None, as_json: bool = False, raw: Path | str = project.RAW
) -> int:
    """Print every problem of the raw exports, or of one file that is to take the place of one of them.

    Parameters
    ----------
    file : Path, optional
        An export, anywhere; all raw exports without it.
    layout : str, optional
        The layout to read the file with, when it is not called like one of the raw exports.
    as_json : bool
        Print a JSON list of problems for tools, and nothing else.
    raw : Path
        Folder of the raw exports.

    Returns
    -------
    int
        0 when nothing is wrong, 1 when something is, 2 when the file or the layout is not known.
    """
    try:
        read, problems = tables.check(file, layout or "", raw)
    except ValueError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    print(problems.json() if as_json else in_words(read.reports, problems))
    return WRONG_DATA if problems else DONE


def in_words(reports: list[ReadReport], problems: Problems) -> str:
    """Say what is wrong; and where nothing is, what was read."""
    if problems:
        return problems.text()
    return "\n".join([*map(str, reports), "no problem found"])
