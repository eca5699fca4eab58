"""The records behind a figure: of each State that it counts, the one that says most of it."""

from collections.abc import Callable

import pandas as pd

from ccmlib.figures import vocabulary
from ccmlib.figures.figure import Figure
from ccmlib.treaty.convention import year_reported
from ccmlib.treaty.facts import Facts
from ccmlib.treaty.observations import ABSENCE, OF_TREATY, SAID, questions


def of(made: Figure, rows: pd.DataFrame, facts: Facts, table: str = "") -> None:
    """Add chosen rows as the records of a figure; without a table, those that hold them."""
    made.evidence = (rows if "iso3" in rows else rows.assign(iso3="")).reset_index(drop=True)
    made.rows = list(dict.fromkeys(rows["row"].dropna()))
    holding = [table] if table else dict.fromkeys(
        name for row in made.rows for name in facts.holding.get(row, ()))
    made.tables = list(holding) if made.rows else []


def add(made: Figure, expression: str, day: pd.Timestamp, facts: Facts, in_order: Callable) -> None:
    """Add the records behind the States: of the question that says most of them, then of their membership."""
    year, counted = year_reported(day), in_order([*made.states, *made.last])
    asked = [token.partition("@")[0] for token in vocabulary.tokens(expression) if f"~{token}" not in expression]
    asked.sort(key=lambda name: not questions().get(name, {}).get("by_year") and 1 + (name in OF_TREATY))
    found = {iso3: (*said, "standings") for iso3, said in _not_done(made, expression, day, facts).items()}
    for row in (row for name in asked for row in facts.rows_about("standings", name) if _of_year(row, year)):
        if not (row.from_earliest > day or row.to_latest <= day):
            found.setdefault(row.iso3, (row.source, row.row, row.publishers, "standings"))
    if "un_member" in asked:  # told by the register of States alone
        for row in facts["states"].itertuples():
            found.setdefault(row.iso3, (row.source, row.row, None, "states"))
    rows = [(iso3, *found[iso3]) for iso3 in counted if iso3 in found]
    frame = pd.DataFrame(rows, columns=["iso3", "source", "row", "publishers", "table"])
    made.rows, made.tables = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["table"]))
    made.evidence, named = frame.drop(columns="table"), {*counted, *made.possible}
    for name in vocabulary.reported(expression):
        for word in facts.rows_about("last_words", name):
            if word.iso3 in named and word.from_on <= day and word.basis in (SAID, ABSENCE) and _of_year(word, year):
                made.heard[word.iso3] = max(word.about_on, made.heard.get(word.iso3, word.about_on))


def _of_year(row: tuple, year: int) -> bool:
    return row.year is pd.NA or row.year == year


def _not_done(made: Figure, expression: str, day: pd.Timestamp, facts: Facts) -> dict[str, tuple[str, str, str]]:
    """Give source, row and publishers, by State, of a thing that was still not done, of a figure that names States as late."""
    denied = sorted(name for name in vocabulary.reported(expression) if made.entry.late and f"~{name}" in expression)
    year, found = year_reported(day), {}

    def add(row: tuple, publishers: str) -> None:
        if row.iso3 in (*made.states, *made.last) and _of_year(row, year):
            source, place, others = found.get(row.iso3, (row.source, row.row, ""))
            named = dict.fromkeys(filter(None, f"{others}; {publishers}".split("; ")))
            found[row.iso3] = source, place, "; ".join(named)

    for row in (row for name in denied for row in facts.rows_about("observations", name)):
        by_last_word = row.iso3 in made.last and row.iso3 not in made.states
        if row.answer == "no" and row.basis in (SAID, ABSENCE) and (row.last_on >= day or by_last_word):
            add(row, row.publisher)
    for row in (row for name in denied for row in facts.rows_about("standings", name)):
        if row.from_earliest > day and not pd.isna(row.from_latest):  # done, but only after the day
            add(row, row.publishers)
    return found
