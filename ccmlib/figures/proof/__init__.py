"""The proof-reader: which number or list of States of a draft is wrong, within the draft and against the data."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ccmlib.base import project
from ccmlib.base.names import StateNames
from ccmlib.figures import vocabulary
from ccmlib.figures.proof import document, evidence, mentions, rules, ties
from ccmlib.tidy import tables


@dataclass
class Proof:
    """What was read and what disagrees."""

    draft: rules.Draft
    findings: list[rules.Finding]
    period: str
    tied: int


def proof(
    file: Path | str, period: str = "", figures: list[dict] | None = None, tidy: Callable[[str], pd.DataFrame] = tables.load
) -> Proof:
    """Read a draft and say what disagrees."""
    names = StateNames.from_raw()
    passages = document.read(file)
    quantities, lists = mentions.find(passages, names)
    period, day, span = _period(period, mentions.document_day(quantities), tidy("periods"))
    if figures is None:
        figures = report_figures(project.REPORTS / (period or "none"))
    numbers = [q for q in quantities if q.kind == "number"]
    statements = {q: ties.statement(q, [n for n in numbers if n.passage is q.passage]) for q in quantities}
    ties.Vocabulary(figures).tie(quantities, statements)

    def name(iso3: str) -> str:
        return names.name(iso3, None if day is None else day.date())

    draft = rules.Draft(passages, quantities, lists, statements, day, span, name)
    treaty = evidence.Treaty(tidy("treaty_actions"), tidy("deadlines"))
    by_id = {figure["figure_id"]: figure for figure in figures}
    found = [*rules.within(draft), *evidence.against_treaty(draft, treaty), *evidence.against_data(draft, by_id)]
    told = {id(one.passage) for one in found if one.rule == "not_in_whole"}  # the relation would say it again
    order = {id(passage): place for place, passage in enumerate(passages)}
    found = [one for one in found if one.rule != "relation" or id(one.passage) not in told]
    found.sort(key=lambda one: order[id(one.passage)])
    return Proof(draft, found, period, sum(bool(q.figure_id) for q in quantities))


def report_figures(folder: Path) -> list[dict]:
    """Give the figures of the vocabulary, with value, bounds and States where the folder holds a report."""
    figures = {
        key: {"figure_id": key, "label": entry.label["many"], "section": entry.theme, "unit": entry.unit}
        for key, entry in vocabulary.entries().items() if "{" not in key
    }
    file = folder / "figures.csv"
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                figures[row["figure_id"]] = row | {"states": [s for s in row["states"].split(";") if s]}
    return list(figures.values())


def _period(name: str, day: str, periods: pd.DataFrame) -> tuple[str, pd.Timestamp | None, tuple | None]:
    """Give the period asked for, or that of the draft's day; the day on which to judge; the span of the period."""
    on = pd.Timestamp(day) if day else pd.NaT
    rows = periods[periods["period"] == name] if name else periods[(periods["start"] <= on) & (on <= periods["end"])]
    if name and rows.empty:
        raise ValueError(f"no period {name!r}; there are {', '.join(periods['period'])}")
    for row in rows.itertuples():
        return row.period, row.end if name else on, (row.start, row.end)
    return "", on if day else None, None
