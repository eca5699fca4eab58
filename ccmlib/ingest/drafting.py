"""A first layout for a file that nothing reads yet, from its header and its cells; a person finishes it."""

from pathlib import Path

from ccmlib.base import fields
from ccmlib.base.names import StateNames
from ccmlib.base.problems import near
from ccmlib.ingest import column_kinds, grid
from ccmlib.ingest.cells import column_name, is_blank, shown
from ccmlib.ingest.column_kinds import Cells
from ccmlib.ingest.layouts import ColumnRule, label_key

#: Kinds that are tried, the most exact first.
_TRIED = ("state", "mark", "year", "date", "count", "number", "as_of", "states")
#: Most values of a column that are taken for choices.
MOST_CHOICES = 12
#: The header stands in one of the first rows.
DEEPEST = 40


def draft(file: Path, names: StateNames) -> str:
    """Draft a layout in YAML, where TODO marks what is still to be said; raises `ProblemsFound` as `grid.read` does."""
    todo = "name the table of each sheet and the field of each column (docs/layouts.md)"
    lines = [f"# Draft for {file.name}: {todo}.", "sheets:"]
    for sheet in (sheet for sheet in grid.read(file).sheets if not sheet.empty):
        labels = [{label_key(value) for value in row if isinstance(value, str)} - {""} for row in sheet.rows[:DEEPEST]]
        header = max(range(len(labels)), key=lambda row: len(labels[row]))
        body = [row for row in sheet.rows[header + 1 :] if sum(not is_blank(value) for value in row) > 1]
        lines += [f"  - sheet: [{sheet.name!r}]", "    feeds: TODO", "    columns:"]
        for place, label in enumerate(map(shown, sheet.rows[header])):
            if label:
                column = Cells.of([row[place] if place < len(row) else "" for row in body])
                said = ", ".join(f"{key}: {value}" for key, value in _column(label, column, names).items())
                sample = "; ".join(shown(value)[:30] for value in column.values if value != "")[:90]
                lines.append(f"      - {{{said}}}   # {column_name(place)}: {sample}")
    return "\n".join(lines) + "\n"


def _column(label: str, column: Cells, names: StateNames) -> dict[str, str]:
    """Say what a column seems to hold: its kind, which of day and month comes first, its choices."""
    titles = {label_key(one.title): name for name, one in fields.fields().items()}
    known = titles.get(near(label_key(label), titles), "TODO")
    filled = [value for value in column.values if value != ""]
    for kind in _TRIED if filled else ():
        for day_first in (None, True, False):
            if not column_kinds.read(column, ColumnRule(known, (label,), kind, day_first=day_first), names)[1]:
                said = {"field": "iso3" if kind == "state" else known, "kind": kind, "labels": f"[{label!r}]"}
                if day_first is None:
                    return said
                if _has_evidence(filled, day_first):
                    return said | {"day_first": str(day_first).lower()}
    if 1 < len(filled) <= MOST_CHOICES and len(column.codes) > 2 * len(filled):
        choices = ", ".join(f"{shown(value)!r}: TODO" for value in filled)
        return {"field": known, "kind": "choice", "labels": f"[{label!r}]", "choices": f"{{{choices}}}"}
    return {"field": known, "labels": f"[{label!r}]"}


def _has_evidence(values: list, day_first: bool) -> bool:
    """Tell whether a day after the twelfth shows which of day and month comes first."""
    parted = [str(value).replace(".", "/").replace("-", "/").split("/") for value in values if isinstance(value, str)]
    numbers = [part[0 if day_first else 1] for part in parted if len(part) == 3]
    return any(number.isdigit() and int(number) > 12 for number in numbers)
