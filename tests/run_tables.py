"""Tidy tables of the sample project: each raw CSV as it is."""

import os
import shutil

from ccmlib.base import project


def main() -> int:
    """Make the tables; a raw file that says so is wrong."""
    for path in sorted(project.RAW.glob("*.csv")):
        if "WRONG" in path.read_text():
            print(f"{path.name}: found WRONG, expected a number")
            return 1
        partial = project.PROCESSED / f"{path.name}.partial"
        shutil.copyfile(path, partial)
        os.replace(partial, project.PROCESSED / path.name)
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except OSError as wrong:
        raise SystemExit(project.refused(wrong)) from None
