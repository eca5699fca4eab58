"""The proof-reader: which number or list of States of a draft is wrong, within the draft and against the data."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ccmlib.base import project
from ccmlib.base.names import StateNames
from ccmlib.figures import vocabulary
from ccmlib.figures.proof import document, mentions, rules, ties
from ccmlib.tidy import tables
from ccmlib.treaty import periods


def proof(
    file: Path, period: str = "", figures: list[dict] | None = None, tidy: Callable[[str], pd.DataFrame] = tables.load
) -> rules.Draft:
    """Read a draft and say what disagrees, with the figures of the period's report where there are none given."""
    names, known, span = StateNames.from_raw(), tidy("periods"), None
    passages = document.read(file)
    quantities, lists = mentions.find(passages, names)
    said = mentions.document_day(quantities)
    day = pd.Timestamp(said) if said else None
    if period:
        day = periods.from_table(known, period).end
    elif said:
        period = next(iter(known.loc[known["start"].le(day) & known["end"].ge(day), "period"]), "")
    if period:
        chosen = periods.from_table(known, period)
        span = chosen.start, chosen.end
    if figures is None:
        figures = report_figures(project.REPORTS / (period or "none"))
    ties.say(quantities)
    ties.tie(quantities, figures)

    def name(state: str) -> str:
        return names.name(state, day and day.date()) if len(state) == len("ISO") else state

    days = rules.treaty_days(tidy("treaty_actions"), tidy("deadlines"))
    by_id = {figure["figure_id"]: figure for figure in figures}
    draft = rules.Draft(passages, quantities, lists, period, day, span, name, days, by_id)
    rules.check(draft)
    return draft


def report_figures(folder: Path) -> list[dict]:
    """Give the figures of the vocabulary, with value, bounds and States where the folder holds a report."""
    figures = {
        key: {"figure_id": key, "label": entry.label["many"], "section": entry.theme, "unit": entry.unit}
        for key, entry in vocabulary.entries().items() if "{" not in key
    }
    if (folder / "figures.csv").is_file():
        for row in pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False).to_dict("records"):
            figures[row["figure_id"]] = row | {"states": [s for s in row["states"].split(";") if s]}
    return list(figures.values())
