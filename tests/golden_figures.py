"""The golden figures of 6MSP: what the report must keep saying until someone accepts a change on purpose (`make golden`)."""

import csv
import sys
from pathlib import Path

import pandas as pd

from ccmlib.base.project import REPORTS, ROOT

GOLDEN = ROOT / "tests" / "golden" / "figures_6MSP.csv"


def read(path: Path) -> dict[str, dict[str, str]]:
    """Read a figures.csv into rows by figure_id."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["figure_id"]: row for row in csv.DictReader(file)}


def differences(golden: dict[str, dict], today: dict[str, dict]) -> list[str]:
    """Say in one line each what is new, gone or changed; of figures that rest on as many rows elsewhere, how many there are."""
    lines = [f"gone: {key} (was {golden[key]['value']})" for key in sorted(golden.keys() - today.keys())]
    lines += [f"new: {key} = {today[key]['value']}" for key in sorted(today.keys() - golden.keys())]
    moved = 0
    for key in sorted(golden.keys() & today.keys()):
        changed = {column: (before, today[key].get(column, "")) for column, before in golden[key].items()
                   if before != today[key].get(column, "")}
        if "rows" in changed and len({cells.count(";") for cells in changed["rows"]}) == 1:
            del changed["rows"]
            moved += not changed
        lines += [f"changed: {key}.{column}: {_change(*pair)}" for column, pair in changed.items()]
    return lines + ([f"{moved} figure{'s' * (moved > 1)}: only cells moved"] if moved else [])


def _change(before: str, now: str) -> str:
    """Show a change; of a list of States or rows only what came and went."""
    if ";" not in before + now:
        return f"{before!r} is now {now!r}"
    old, new = set(before.split(";")), set(now.split(";"))
    parts = [f"{what} {'; '.join(sorted(cells))}" for what, cells in (("lost", old - new), ("gained", new - old)) if cells]
    return " and ".join(parts) or "order"


def main(accept: bool = False, today: Path = REPORTS / "6MSP" / "figures.csv") -> int:
    """Print how the figures of the 6MSP report differ from the golden ones; with `accept`, replace those."""
    if not today.is_file():
        print("there is no 6MSP report: run `make report` first")
        return 1
    figures = read(today)
    lines = differences(read(GOLDEN) if GOLDEN.is_file() else {}, figures)
    print("\n".join(lines) or "the figures are the golden ones")
    if accept and lines:  # in order of figure_id, so that a change shows as the lines that changed
        pd.DataFrame(figures.values()).sort_values("figure_id").to_csv(GOLDEN, index=False, lineterminator="\n")
        print(f"accepted {len(lines)} differences into {GOLDEN.relative_to(ROOT)}")
    return int(bool(lines) and not accept)


if __name__ == "__main__":
    raise SystemExit(main("--accept" in sys.argv))
