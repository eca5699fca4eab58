"""Period against period, State by State: what changed from the end of one to the end of the other, what is unknown."""

import pandas as pd

from ccmlib.treaty import histories
from ccmlib.treaty.histories import Tables
from ccmlib.treaty.periods import Period
from ccmlib.treaty.spells import look_up, on_day

#: Kinds of change in the order of the page: heading of a list of States, label after a number, and words for one State.
KINDS = {
    "joined": ("Became States Parties", "States that became party", "became a State Party"),
    "left": ("Ceased to be States Parties", "States that ceased to be party", "ceased to be a State Party"),
    "bound": ("The Convention entered into force for", "entries into force", "entry into force"),
    "stockpile completed": (
        "Ended their Article 3 obligation", "Article 3 obligations ended", "Article 3 obligation ended"),
    "clearance completed": (
        "Ended their Article 4 obligation", "Article 4 obligations ended", "Article 4 obligation ended"),
    "stockpile deadline extended": (
        "Were granted a longer Article 3 deadline", "Article 3 deadlines extended", "Article 3 deadline extended"),
    "clearance deadline extended": (
        "Were granted a longer Article 4 deadline", "Article 4 deadlines extended", "Article 4 deadline extended"),
    "stockpile deadline passed": (
        "Article 3 deadline passed, obligation open", "Article 3 deadlines passed", "Article 3 deadline passed"),
    "clearance deadline passed": (
        "Article 4 deadline passed, obligation open", "Article 4 deadlines passed", "Article 4 deadline passed"),
    "initial report newly overdue": (
        "Initial report newly overdue", "initial reports newly overdue", "initial report newly overdue"),
    "initial report no longer overdue": (
        "Initial report no longer overdue", "initial reports no longer overdue", "initial report no longer overdue"),
    "annual report newly overdue": (
        "Annual report newly overdue", "annual reports newly overdue", "annual report newly overdue"),
    "annual report no longer overdue": (
        "Annual report no longer overdue", "annual reports no longer overdue", "annual report no longer overdue"),
    "assistance request met": (
        "Had requested assistance and reported assistance received", "requests met", "request for assistance met"),
    "legislation adopted": ("Adopted legislation for the Convention", "laws adopted", "legislation adopted"),
}
WORK = {3: "stockpile", 4: "clearance"}
COLUMNS = ["iso3", "kind", "on", "known", "detail", "source", "row"]


class WrongOrderError(ValueError):
    """The second period does not end after the first."""


def compare(known: Tables, a: Period, b: Period) -> pd.DataFrame:
    """List what changed for each State from the end of one period to the end of a later one.

    Parameters
    ----------
    known : Tables
        The tidy tables.
    a, b : Period
        The earlier and the later period.

    Returns
    -------
    DataFrame
        iso3, kind (a key of `KINDS`), on (the day, where there is one), known (bool: False where the change may have
        happened and the exports do not tell), detail, source and row; in the order of `KINDS`, then by day.

    Raises
    ------
    WrongOrderError
        When `b` does not end after `a`.
    """
    if b.end <= a.end:
        raise WrongOrderError(
            f"{b.name} ends on {b.end:%Y-%m-%d}, not after {a.name} ({a.end:%Y-%m-%d}); "
            "compare the earlier period with the later one")
    parts = [_membership(known, a.end, b.end)]
    parts += [_obligations(known, article, a.end, b.end) for article in WORK]
    parts += [_overdue(known, report, a.end, b.end) for report in ("initial", "annual")]
    parts += [_requests_met(known, a, b), _legislation(known, a.end, b.end)]
    frame = _joined(*parts)
    order = {kind: place for place, kind in enumerate(KINDS)}
    frame = frame.assign(place=frame["kind"].map(order), unknown=~frame["known"].astype(bool))
    return frame.sort_values(["place", "unknown", "on", "iso3"], ignore_index=True)[COLUMNS]


#: Sentences on what the exports cannot tell, as templates.
LOG_INCOMPLETE = {
    "initial_reports": "The log of initial reports is complete to {day}; later changes are listed if a source tells.",
    "obligations": "The log of obligations is complete to {day}; later changes are listed if a source tells.",
}
TREATY_INCOMPLETE = "Signatures, deposits and withdrawals after {day} were not looked for."
ANNUAL_UNKNOWN = "Which annual reports for {year} are overdue is not known: for {period} the log is not complete."
REQUESTS_UNKNOWN = "Who requested assistance is not known for {period}."


def what_is_unknown(known: Tables, a: Period, b: Period) -> list[tuple[str, dict]]:
    """Say what the exports cannot tell between two periods, as sentence templates with their values."""
    coverage, said = known["coverage"], []
    complete_to = coverage.groupby("subject")["to_on"].max()
    for subject, template in {**LOG_INCOMPLETE, "treaty_actions": TREATY_INCOMPLETE}.items():
        if complete_to[subject] < b.end:
            said.append((template, {"day": complete_to[subject]}))
    years = set(coverage.loc[coverage["subject"] == "annual_reports", "covers_year"].dropna().astype(int))
    for period in (a, b):
        if period.annual_report_year and period.annual_report_year not in years:
            said.append((ANNUAL_UNKNOWN, {"year": str(period.annual_report_year), "period": period.name}))
    asked = histories.reported_days(known, "assistance_requested")
    return said + [(REQUESTS_UNKNOWN, {"period": period.name}) for period in (a, b) if period.end not in asked]


def _rows(frame: pd.DataFrame, kind: str, on, known, detail="") -> pd.DataFrame:
    made = frame[["iso3", "source", "row"]].assign(kind=kind, known=known, detail=detail)
    made["on"] = pd.Series(on, index=frame.index, dtype="datetime64[us]")
    return made[COLUMNS]


def _joined(*parts: pd.DataFrame) -> pd.DataFrame:
    """Put parts together; an empty one has no say in the types of the columns."""
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _between(days: pd.Series, after: pd.Timestamp, to: pd.Timestamp) -> pd.Series:
    return (days > after) & (days <= to)


def _membership(known: Tables, after: pd.Timestamp, to: pd.Timestamp) -> pd.DataFrame:
    frame = known.once(histories.members)
    columns = {"joined": "deposit_on", "left": "withdrawal_on", "bound": "entry_into_force_on"}
    return _joined(*(_rows(part, kind, part[column], True) for kind, column in columns.items()
                     for part in [frame[_between(frame[column], after, to)]]))


def _obligations(known: Tables, article: int, after: pd.Timestamp, to: pd.Timestamp) -> pd.DataFrame:
    """Completions, extensions and deadlines passed; a completion that may lie in between is not known."""
    work = WORK[article]
    frame = known.once(histories.obligation_days, article)
    frame = frame[frame["since"] <= to]
    completed = frame[_between(frame["latest"], after, to) & (frame["latest"] > frame["since"])]
    # "By" a day and not before the obligation began: it may have ended before the State joined.
    vague = (completed["earliest"] == completed["since"]) & (completed["latest"] > completed["earliest"])
    told = (completed["earliest"] > after) & ~vague
    exact = completed["latest"].where(completed["earliest"] == completed["latest"])
    parts = [_rows(completed, f"{work} completed", exact, told, _how_known(completed))]
    made = known.once(histories.obligations, article)
    may = on_day(made["open"], to)
    may = may[~may["sure"].astype(bool)]
    parts.append(_rows(may, f"{work} completed", pd.NaT, False, "the exports do not tell whether it is still open"))
    granted = histories.extensions_granted(known, article)
    granted = granted[_between(granted["known_on"], after, to)].sort_values(["iso3", "deadline_on"])
    detail = "to " + granted["deadline_on"].dt.strftime("%Y-%m-%d")
    parts.append(_rows(granted, f"{work} deadline extended", granted["known_on"], True, detail))
    before = on_day(made["passed"], after)
    passed = on_day(made["passed"], to)
    passed = passed[~passed["iso3"].isin(before["iso3"])]
    parts.append(_rows(passed, f"{work} deadline passed", passed["from_on"] - pd.Timedelta(days=1),
                       passed["sure"].astype(bool), "no extension on record"))
    return _joined(*parts)


def _how_known(completed: pd.DataFrame) -> pd.Series:
    kinds = completed["end_kind"].str.replace("_", " ")
    by = " (known by " + completed["latest"].dt.strftime("%Y-%m-%d") + ")"
    return kinds.where(completed["earliest"] == completed["latest"], kinds + by)


def _overdue(known: Tables, report: str, after: pd.Timestamp, to: pd.Timestamp) -> pd.DataFrame:
    """Compare who is overdue on the two days; a State of which one day is not known is listed as not known."""
    made = known.once({"initial": histories.initial_reports, "annual": histories.annual_reports}[report])
    (sure_a, may_a), (sure_b, may_b) = (_sure_and_possible(made["overdue"], day) for day in (after, to))
    newly, no_longer = f"{report} report newly overdue", f"{report} report no longer overdue"
    became = sure_b[~sure_b["iso3"].isin([*sure_a["iso3"], *may_a["iso3"]])]
    ended = sure_a[~sure_a["iso3"].isin([*sure_b["iso3"], *may_b["iso3"]])]
    ended_perhaps = sure_a[sure_a["iso3"].isin(may_b["iso3"])]
    began_perhaps = may_b[~may_b["iso3"].isin([*sure_a["iso3"], *may_a["iso3"]])]
    on = look_up(ended["iso3"], known.once(histories.initial_submissions).set_index("iso3")["latest"])
    parts = [
        _rows(became, newly, became["from_on"] - pd.Timedelta(days=1), True),
        _rows(began_perhaps, newly, pd.NaT, False, "the exports do not tell whether it came"),
        _rows(ended, no_longer, on if report == "initial" else pd.NaT, True),
        _rows(ended_perhaps, no_longer, pd.NaT, False, "overdue before; the exports do not tell whether it came"),
    ]
    return _joined(*parts)


def _sure_and_possible(made: pd.DataFrame, day: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    found = on_day(made, day)
    sure = found["sure"].astype(bool)
    return found[sure], found[~sure]


def _requests_met(known: Tables, a: Period, b: Period) -> pd.DataFrame:
    """States that requested assistance in the first period and reported assistance received in the second."""
    asked = on_day(histories.reported(known, "assistance_requested"), a.end)
    if b.end not in histories.reported_days(known, "assistance_received"):
        detail = "requested; the exports do not tell whether assistance was received"
        return _rows(asked, "assistance request met", pd.NaT, False, detail)
    received = on_day(histories.reported(known, "assistance_received"), b.end)
    return _rows(received[received["iso3"].isin(asked["iso3"])], "assistance request met", b.end, True)


def _legislation(known: Tables, after: pd.Timestamp, to: pd.Timestamp) -> pd.DataFrame:
    made = known.once(histories.legislation)
    sure = made[made["sure"].astype(bool) & _between(made["from_on"], after, to)]
    before = made[made["from_on"] <= after]
    return _rows(sure, "legislation adopted", sure["from_on"], ~sure["iso3"].isin(before["iso3"]))
