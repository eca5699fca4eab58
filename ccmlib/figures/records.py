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
    holding = [table] if table else [
        name for name, frame in facts.items() if "row" in frame and frame["row"].isin(made.rows).any()]
    made.tables = holding if made.rows else []


def add(made: Figure, expression: str, day: pd.Timestamp, facts: Facts, in_order: Callable) -> None:
    """Add the records behind the States: of the question that says most of them, then of their membership."""
    year, spells, words = year_reported(day), facts["standings"], facts["last_words"]
    counted = in_order([*made.states, *made.last])
    begun = spells[~(spells["from_earliest"] > day) & ~(spells["to_latest"] <= day) & spells["iso3"].isin(counted)
                   & _of_year(spells, year)]
    asked = [token.partition("@")[0] for token in vocabulary.tokens(expression) if f"~{token}" not in expression]
    parts = [_not_done(made, expression, day, facts).assign(rank=-1, table="standings")]
    for name in (name for name in asked if name in questions()):
        rank = 0 if questions()[name].get("by_year") else 1 + (name in OF_TREATY)
        parts.append(begun[begun["question"] == name].assign(rank=rank, table="standings"))
    if "un_member" in asked:  # told by the register of States alone
        register = facts["states"]
        parts.append(register.loc[register["iso3"].isin(counted), ["iso3", "source", "row"]].assign(rank=3, table="states"))
    frame = pd.concat(parts).sort_values("rank", kind="stable").drop_duplicates("iso3")
    frame = frame.sort_values("iso3", key=lambda codes: codes.map(counted.index), ignore_index=True)
    made.evidence = frame[["iso3", "source", "row", "publishers"]]
    made.rows, made.tables = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["table"]))
    words = words[words["question"].isin(vocabulary.reported(expression)) & words["iso3"].isin([*counted, *made.possible])
                  & (words["from_on"] <= day) & words["basis"].isin([SAID, ABSENCE]) & _of_year(words, year)]
    made.heard = words.groupby("iso3")["about_on"].max().to_dict()


def _of_year(rows: pd.DataFrame, year: int) -> pd.Series:
    return rows["year"].isna() | (rows["year"] == year)


def _not_done(made: Figure, expression: str, day: pd.Timestamp, facts: Facts) -> pd.DataFrame:
    """Give the records that say a thing was still not done on the day, of a figure that names States as late."""
    said, spells = facts["observations"], facts["standings"]
    denied = [name for name in vocabulary.reported(expression) if made.entry.late and f"~{name}" in expression]
    said, spells = said[said["question"].isin(denied)], spells[spells["question"].isin(denied)]
    by_last_word = said["iso3"].isin([iso3 for iso3 in made.last if iso3 not in made.states])
    said = said[(said["answer"] == "no") & said["basis"].isin([SAID, ABSENCE]) & ((said["last_on"] >= day) | by_last_word)]
    later = spells[(spells["from_earliest"] > day) & spells["from_latest"].notna()]  # done, but only after the day
    both = pd.concat([said, later.rename(columns={"publishers": "publisher"})])
    both = both[both["iso3"].isin([*made.states, *made.last]) & _of_year(both, year_reported(day))]
    each = both.groupby("iso3")
    return each[["source", "row"]].first().assign(publishers=each["publisher"].agg(
        lambda names: "; ".join(dict.fromkeys("; ".join(names).split("; "))))).reset_index()
