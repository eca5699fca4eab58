"""What changed between two days, State by State, by the rules of the figures: for certain, or perhaps."""

import numpy as np
import pandas as pd

from ccmlib.figures import vocabulary
from ccmlib.figures.counting import Counts
from ccmlib.figures.figure import Figure
from ccmlib.treaty import convention
from ccmlib.treaty.observations import ONE_DAY
from ccmlib.treaty.periods import Period

#: Figures of a period that are changes → heading of a list of States, and words for one State.
HAPPENED = {
    "new_parties": ("Became States Parties", "became a State Party"),
    "withdrawals": ("Ceased to be States Parties", "ceased to be a State Party"),
    "parties_bound_in_period": ("The Convention entered into force for", "the Convention entered into force"),
    "art3_completed_in_period": ("Completed stockpile destruction", "completed stockpile destruction"),
    "art4_completed_in_period": ("Completed clearance", "completed clearance"),
    "art3_extensions_granted_in_period": (
        "Article 3 deadlines extended (to the day in brackets)", "Article 3 deadline extended to"),
    "art4_extensions_granted_in_period": (
        "Article 4 deadlines extended (to the day in brackets)", "Article 4 deadline extended to"),
    "legislation_begun_in_period": ("Laws specific to the Convention", "law specific to the Convention"),
}
#: Figures of a day that name States as late → what is said of those newly late, and of those no longer late.
LATE = {
    "art3_deadlines_passed": (
        ("Article 3 deadline newly passed, obligation open", "Article 3 deadline passed, obligation open"),
        ("No longer past an Article 3 deadline", "no longer past its Article 3 deadline")),
    "art4_deadlines_passed": (
        ("Article 4 deadline newly passed, obligation open", "Article 4 deadline passed, obligation open"),
        ("No longer past an Article 4 deadline", "no longer past its Article 4 deadline")),
    "initial_reports_overdue": (
        ("Initial report newly overdue (since the day in brackets)", "initial report newly overdue"),
        ("Initial report no longer overdue", "initial report no longer overdue")),
    "annual_reports_overdue": (
        ("Annual report newly overdue (since the day in brackets)", "annual report newly overdue"),
        ("Annual report no longer overdue", "annual report no longer overdue")),
}
NEWLY, NO_LONGER = "newly", "no_longer"
#: Kind of change → its heading and words, in the order of a page.
KINDS = HAPPENED | {f"{figure_id}_{how}": words for figure_id, pair in LATE.items()
                    for how, words in zip((NEWLY, NO_LONGER), pair, strict=True)}
COLUMNS = ["iso3", "kind", "on", "known", "source", "row"]


class WrongOrderError(ValueError):
    """The second day is not after the first."""


def between(counts: Counts, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """List what changed from the end of one day to the end of a later one.

    Parameters
    ----------
    counts : Counts
        Counts the figures.
    first, last : Timestamp
        The two days.

    Returns
    -------
    DataFrame
        iso3, kind (a key of `KINDS`), on (the day as exactly as it is known: Timestamp, text such as ``2018-07``, or
        blank), known (bool: False where it may have happened and the sources do not tell), source and row; in the order
        of `KINDS`, what is certain first. Of what is not known on either day, nothing is listed.

    Raises
    ------
    WrongOrderError
        When `last` is not after `first`.
    """
    if last <= first:
        raise WrongOrderError(f"{last:%Y-%m-%d} is not after {first:%Y-%m-%d}; compare the earlier day with the later one")
    span = Period(f"{first:%Y-%m-%d}_{last:%Y-%m-%d}", first + ONE_DAY, last)
    parts = []
    for figure_id in HAPPENED:
        found = counts.figure(figure_id, span)
        parts += [_rows(found, found.states, figure_id, True), _rows(found, found.possible, figure_id, False)]
    for figure_id in LATE:
        parts += _late(counts, figure_id, first, last, span)
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    # No source says of a State that has just left that it has not come back.
    left = frame.loc[(frame["kind"] == "withdrawals") & frame["known"], "iso3"]
    frame = frame[frame["known"] | (frame["kind"] != "new_parties") | ~frame["iso3"].isin(left)]
    order = {kind: place for place, kind in enumerate(KINDS)}
    frame = frame.assign(place=frame["kind"].map(order), unknown=~frame["known"])
    return frame.sort_values(["place", "unknown"], kind="stable", ignore_index=True)[COLUMNS]


def _late(counts: Counts, figure_id: str, first: pd.Timestamp, last: pd.Timestamp, span: Period) -> list[pd.DataFrame]:
    """Compare who is late on both days; a change is certain where both answers are."""
    found = counts.answers(vocabulary.find(figure_id).rule["where"], [first, last])
    (sure, sure_now), (may, _), silent = found.sure.T, found.possible.T, found.silent.T[0]
    may_now = (found.possible & ~found.silent).T[1] | sure_now
    before, now = (counts.figure(figure_id, Period("", day, day)) for day in (first, last))
    if figure_id == "annual_reports_overdue":
        now.dates = dict.fromkeys(counts.facts.record.states, convention.annual_report_due(convention.year_reported(last)))
    before.dates = {}
    if figure_id == "initial_reports_overdue":
        before.dates = counts.figure("initial_reports_submitted_in_period", span).dates
    codes = np.array(counts.facts.record.states)

    def rows(of: Figure, chosen: np.ndarray, how: str, known: bool) -> pd.DataFrame:
        return _rows(of, counts.in_order(codes[chosen]), f"{figure_id}_{how}", known)

    newly = sure_now & ~may
    perhaps = may_now & ~may | sure_now & ~sure & ~silent
    return [rows(now, newly, NEWLY, True), rows(now, perhaps & ~newly, NEWLY, False),
            rows(before, sure & ~found.possible.T[1], NO_LONGER, True),
            rows(before, sure & found.possible.T[1] & ~sure_now, NO_LONGER, False)]


def _rows(found: Figure, states: list[str], kind: str, known: bool) -> pd.DataFrame:
    columns = ["iso3", "source", "row"]
    evidence = found.evidence[columns] if len(found.evidence) else pd.DataFrame(columns=columns, dtype="object")
    evidence = evidence.drop_duplicates("iso3").set_index("iso3").reindex(states).astype("object").fillna("")
    on = [found.dates.get(iso3, "") if known or not kind.endswith(NO_LONGER) else "" for iso3 in states]
    return pd.DataFrame({"iso3": states, "kind": kind, "on": pd.Series(on, dtype="object"), "known": known,
                         "source": evidence["source"].to_list(), "row": evidence["row"].to_list()})
