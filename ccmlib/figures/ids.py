"""Checks that ledgers and action plans name figures that the vocabulary has, and lists the vocabulary."""

import pandas as pd

from ccmlib.base.problems import Problems
from ccmlib.figures import vocabulary

#: Tables that name figures → their column, and whether a cell names several.
NAMED_IN = {"published_figures": "figure_id", "action_plan": "figure_ids"}


def check(tables: dict[str, pd.DataFrame]) -> Problems:
    """Look for figure_ids that are not in the vocabulary, each with the nearest that is."""
    problems = Problems()
    for table, column in NAMED_IN.items():
        for row in tables[table].itertuples():
            for figure_id in filter(None, getattr(row, column).split(";")):
                try:
                    vocabulary.find(figure_id)
                except vocabulary.UnknownFigureError as error:
                    file, _, place = row.row.partition(":")
                    sheet, _, cell = place.rpartition(":")
                    problems.add(file, sheet, f"row {cell}", found=figure_id, expected="a figure_id of the vocabulary",
                                 suggestion=str(error).partition("; ")[2])
    return problems


def listing() -> str:
    """List the figures: id, what it counts, and how it is computed."""
    lines = []
    for name, entry in vocabulary.entries().items():
        keys = ("where", "began", "ended", "reported", "activities", "share", "granted")
        rule = next((f"{key}: {entry.rule[key]}" for key in keys if key in entry.rule), "counted by its notebook")
        lines.append(f"{name}\n    {entry.label['many']} ({entry.unit}; {entry.theme})\n    {rule}")
    return "\n".join(lines)
