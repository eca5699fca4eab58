"""What changed between two days, State by State, by the rules of the figures: for certain, or perhaps."""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from ccmlib.figures import vocabulary
from ccmlib.figures.counting import Counts
from ccmlib.figures.figure import Figure
from ccmlib.treaty import convention
from ccmlib.treaty.periods import ONE_DAY, Period

#: Kind of change → its heading and its words for one State, in the order of a page.
KINDS = {kind: (words["title"], words["note"]) for kind, words in yaml.safe_load(
    (Path(__file__).parent / "changes.yml").read_text(encoding="utf-8")).items()}
NEWLY, NO_LONGER = "_newly", "_no_longer"


def between(counts: Counts, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """List what changed from the end of one day to the end of a later one; nothing of what is not known on either day.

    Columns: iso3, kind (a key of `KINDS`), on (the day as exactly as it is known: Timestamp, text such as ``2018-07``, or
    blank), known (bool: False where it may have happened and the sources do not tell), source and row; in the order of
    `KINDS`, what is certain first.
    """
    if last <= first:
        raise ValueError(f"{last:%Y-%m-%d} is not after {first:%Y-%m-%d}; compare the earlier day with the later one")
    span = Period(f"{first:%Y-%m-%d}_{last:%Y-%m-%d}", first + ONE_DAY, last)
    parts = []
    for kind in KINDS:
        if kind.endswith(NEWLY):
            parts += _late(counts, kind.removesuffix(NEWLY), first, last, span)
        elif not kind.endswith(NO_LONGER):
            found = counts.figure(kind, span)
            parts += [_rows(found, found.states, kind, True), _rows(found, found.possible, kind, False)]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    # No source says of a State that has just left that it has not come back.
    left = frame.loc[(frame["kind"] == "withdrawals") & frame["known"], "iso3"]
    return frame[frame["known"] | (frame["kind"] != "new_parties") | ~frame["iso3"].isin(left)].reset_index(drop=True)


def _late(counts: Counts, figure_id: str, first: pd.Timestamp, last: pd.Timestamp, span: Period) -> list[pd.DataFrame]:
    """Compare who is late on both days; a change is certain where both answers are."""
    found = counts.answers(vocabulary.find(figure_id).rule["where"], [first, last])
    (sure, sure_now), (may, may_now), (silent, silent_now) = found.sure.T, found.possible.T, found.silent.T
    before, now = (counts.figure(figure_id, Period("", day, day)) for day in (first, last))
    before.dates = {}
    if figure_id == "annual_reports_overdue":
        now.dates = dict.fromkeys(counts.facts.record.states, convention.annual_report_due(convention.year_reported(last)))
    if figure_id == "initial_reports_overdue":
        before.dates = counts.figure("initial_reports_submitted_in_period", span).dates

    def rows(of: Figure, chosen: np.ndarray, how: str, known: bool) -> pd.DataFrame:
        return _rows(of, counts.in_order(np.array(counts.facts.record.states)[chosen].tolist()), figure_id + how, known)

    newly = sure_now & ~may
    perhaps = ((may_now & ~silent_now) | sure_now) & ~may | sure_now & ~sure & ~silent
    return [rows(now, newly, NEWLY, True), rows(now, perhaps & ~newly, NEWLY, False),
            rows(before, sure & ~may_now, NO_LONGER, True), rows(before, sure & may_now & ~sure_now, NO_LONGER, False)]


def _rows(found: Figure, states: list[str], kind: str, known: bool) -> pd.DataFrame:
    evidence = found.evidence.reindex(columns=["iso3", "source", "row"]).drop_duplicates("iso3").set_index("iso3")
    evidence = evidence.reindex(states).astype("object").fillna("")
    on = [found.dates.get(iso3, "") if known or not kind.endswith(NO_LONGER) else "" for iso3 in states]
    return pd.DataFrame({"iso3": states, "kind": kind, "on": pd.Series(on, dtype="object"), "known": known,
                         "source": evidence["source"].to_list(), "row": evidence["row"].to_list()})
