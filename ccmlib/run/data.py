"""``make data``: the one place where raw exports become tidy tables, and ``ccm check``, which only looks at them."""

import sys
from pathlib import Path

from ccmlib.base import project
from ccmlib.base.problems import ProblemsFound
from ccmlib.figures import ids
from ccmlib.tidy import changes, tables
from ccmlib.treaty import build

DONE, WRONG_DATA, WRONG_USAGE = 0, 1, 2


def make(raw: Path | str = project.RAW, processed: Path | str = project.PROCESSED) -> int:
    """Build and write all tidy tables; print what became of each row, or everything that is wrong.

    Returns
    -------
    int
        0 when done, 1 when the exports are wrong, rows are gone that no card accepts, or the folder cannot be written.
    """
    try:
        frames = build.build(raw)
        ids.check(frames).stop_if_any()
        told = changes.since(Path(processed), frames)
        print(told)
        if lost := changes.not_accepted(told, frames["sources"]):
            print("\n".join(lost), file=sys.stderr)
            return WRONG_DATA
        changed = tables.write(frames, processed)
    except ProblemsFound as error:
        print(error.problems.text(), file=sys.stderr)
        return WRONG_DATA
    except OSError as error:
        refused = project.refused(error)
        print(f"cannot write the tidy tables: {refused}; the earlier ones are unchanged", file=sys.stderr)
        return WRONG_DATA
    for report in frames.reports:
        print(report)
    for name, frame in frames.items():
        print(f"{name}: {len(frame)} rows")
    print(f"{len(changed)} files changed in {Path(processed).name}")
    return DONE


def check(
    file: Path | str | None = None, *, layout: str | None = None, as_json: bool = False, raw: Path | str = project.RAW
) -> int:
    """Print every problem of the raw exports, or of one file that is to take the place of one of them.

    Returns
    -------
    int
        0 when nothing is wrong, 1 when something is, 2 when the file or the layout is not known.
    """
    try:
        read, problems = build.check(file, layout or "", raw)
    except ValueError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    if as_json:
        print(problems.json())
    else:
        print(problems.text() if problems else "\n".join([*map(str, read.reports), "no problem found"]))
    return WRONG_DATA if problems else DONE


if __name__ == "__main__":
    raise SystemExit(make())
