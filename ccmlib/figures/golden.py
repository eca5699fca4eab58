"""The golden figures of 6MSP: what the report must keep saying until someone accepts a change on purpose."""

import csv
import io
from pathlib import Path

from ccmlib.base.project import REPORTS, ROOT

GOLDEN = ROOT / "tests" / "golden" / "figures_6MSP.csv"
KEY = "figure_id"


def read(path: Path) -> dict[str, dict[str, str]]:
    """Read a figures.csv into rows by figure_id."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row[KEY]: row for row in csv.DictReader(file)}


def differences(golden: dict[str, dict], today: dict[str, dict]) -> list[str]:
    """Say in one line each what is new, gone or changed; of figures that rest on as many rows elsewhere, how many there are."""
    lines = [f"gone: {key} (was {golden[key]['value']})" for key in sorted(golden.keys() - today.keys())]
    lines += [f"new: {key} = {today[key]['value']}" for key in sorted(today.keys() - golden.keys())]
    moved = 0
    for key in sorted(golden.keys() & today.keys()):
        changed = {column: (before, today[key].get(column, "")) for column, before in golden[key].items()}
        changed = {column: pair for column, pair in changed.items() if pair[0] != pair[1]}
        if "rows" in changed and len({cells.count(";") for cells in changed["rows"]}) == 1:
            del changed["rows"]
            moved += not changed
        lines += [f"changed: {key}.{column}: {_change(*pair)}" for column, pair in changed.items()]
    return lines + ([f"{moved} figure{'s' * (moved > 1)}: only cells moved"] if moved else [])


def main(accept: bool = False, today: Path = REPORTS / "6MSP" / "figures.csv") -> int:
    """Print how the figures of the 6MSP report differ from the golden ones; with `accept`, replace those."""
    if not today.is_file():
        print("there is no 6MSP report: run `make report` first")
        return 1
    golden = read(GOLDEN) if GOLDEN.is_file() else {}
    lines = differences(golden, read(today))
    print("\n".join(lines) or "the figures are the golden ones")
    if accept and lines:
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        GOLDEN.write_text(_sorted(today), encoding="utf-8", newline="\n")
        print(f"accepted {len(lines)} differences into {GOLDEN.relative_to(ROOT)}")
        return 0
    return 1 if lines else 0


def _sorted(path: Path) -> str:
    """Give the file's rows in order of figure_id, so that a change shows as the lines that changed."""
    rows = read(path)
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(next(iter(rows.values()))), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[key] for key in sorted(rows))
    return text.getvalue()


def _change(before: str, now: str) -> str:
    """Show a change; of a list of States or rows only what came and went."""
    if ";" not in before + now:
        return f"{before!r} is now {now!r}"
    old, new = set(before.split(";")), set(now.split(";"))
    gone, come = "; ".join(sorted(old - new)), "; ".join(sorted(new - old))
    return " and ".join(part for part in (f"lost {gone}" if gone else "", f"gained {come}" if come else "") if part) or "order"
