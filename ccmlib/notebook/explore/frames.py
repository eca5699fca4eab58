"""The rows behind explore.ipynb: where States, obligations and reports stand at the end of a period."""

import pandas as pd

from ccmlib.base.names import StateNames, name_key
from ccmlib.figures import trends
from ccmlib.treaty import convention, standing, status
from ccmlib.treaty.histories import Tables
from ccmlib.treaty.periods import Period, from_table

ALL = "all"
ARTICLES = {3: "stockpile destruction", 4: "clearance", 5: "victim assistance"}
PARTY, SIGNATORY, WITHDRAWN, NEITHER = "State Party", "Signatory", "Withdrawn", "Neither"
PAST, NOT_KNOWN = "past deadline", "not known"
_STANDING_COLUMNS = [
    "state", "regional_group", "standing", "signature_on", "deposit_on", "entry_into_force_on", "initial_report",
    "annual_report", "article_3", "article_4", "article_5",
]
_WORDS = {standing.UNKNOWN: NOT_KNOWN}
#: Headings of the columns that a table shows, in their order.
HEADINGS = {
    "name": "Name", "state": "State", "regional_group": "Regional group", "report": "Report", "standing": "Standing",
    "signature_on": "Signed", "deposit_on": "Deposited", "entry_into_force_on": "In force from",
    "initial_report": "Initial report", "annual_report": "Annual report", "article_3": "Article 3",
    "article_4": "Article 4", "article_5": "Article 5", "since": "Obligation since", "ended": "Ended",
    "deadline_on": "Deadline", "extended": "Extended", "days_left": "Days left", "requested_on": "Extension asked to",
    "from_on": "Since", "due_on": "Due", "submitted": "Submitted", "label": "Figure",
    "unit": "Unit", "note": "Note", "source": "Source", "row": "Row",
}


def select(known: Tables, period: str, region: str = ALL) -> pd.DataFrame:
    """Say of each State where it stands on the last day of a period.

    Parameters
    ----------
    known : Tables
        The tidy tables.
    period : str
        Name of a reporting period.
    region : str
        A regional group, or `ALL`.

    Returns
    -------
    DataFrame
        iso3, state, regional_group, standing (State Party, Signatory, Withdrawn or Neither), signature_on, deposit_on,
        entry_into_force_on, initial_report and annual_report (submitted, overdue, not due, not known; blank where none
        is asked), article_3, article_4 and article_5 (open, past deadline, ended, not known; blank: none on record).
    """
    return _of(region, known.once(_standings, period))


def over_time(known: Tables, period: str) -> pd.DataFrame:
    """Count the States Parties of each regional group at each month's end, up to the end of a period.

    Returns
    -------
    DataFrame
        `on` and a column for each regional group, that with most parties first and States outside the groups last.
    """
    days = trends.months(find(known, period).end)
    counted = trends.series("states_parties", days, known, by=trends.BY_REGION).reset_index()
    wide = counted.pivot(index="on", columns=trends.BY_REGION, values="value").astype("int64")
    order = sorted(wide, key=lambda group: (group == "none", -wide[group].iloc[-1], group))
    return wide[order].rename_axis(columns=None).reset_index()


def obligations(known: Tables, period: str, region: str, article: int) -> pd.DataFrame:
    """Give the States Parties with an obligation on the last day of a period, those open first, by deadline.

    Returns
    -------
    DataFrame
        iso3, state, regional_group, `standing` (open, past deadline, ended, not known), since, ended (text, as exactly
        as it is known), deadline_on, extended, days_left, requested_on, source, row; and the columns of
        `standing.on_day`, for `draw_obligations`. Article 5 has no deadline.
    """
    return _of(region, known.once(_obligations, period, article))


def reports(known: Tables, period: str, region: str = ALL) -> pd.DataFrame:
    """Say where the initial report of each State Party stands at a period's end, and the annual one if due from it.

    Returns
    -------
    DataFrame
        iso3, state, regional_group, kind, report, standing (submitted, overdue, not due, not known), due_on, submitted
        (text, as exactly as it is known), source, row; overdue ones first, by the day they were due.
    """
    return _of(region, known.once(_reports, period))


def figures() -> pd.DataFrame:
    """List the figures that can be asked for any day: name, label, unit, note."""
    return pd.DataFrame([(trend.name, trend.label, trend.unit, trend.note) for trend in trends.FIGURES.values()],
                        columns=["name", "label", "unit", "note"])


def shown(frame: pd.DataFrame) -> list[str]:
    """List the columns of a frame that have a heading, in the order in which they are shown."""
    return [column for column in HEADINGS if column in frame]


def group_name(group: str) -> str:
    """Write the name of a regional group; another text stays as it is."""
    return "No regional group" if group == "none" else group


def find(known: Tables, period: str) -> Period:
    """Find a reporting period by name."""
    return from_table(known["periods"], period)


# ---- rows of all States, made once for each period


def _standings(known: Tables, period: str) -> pd.DataFrame:
    on = find(known, period).end
    adherence = status.adherence(known["treaty_actions"])
    frame = known["states"][["iso3", "regional_group"]].merge(adherence, on="iso3", how="left", validate="1:1")
    for column in ("signature_on", "deposit_on", "withdrawal_on"):
        frame[column] = frame[column].where(frame[column] <= on)
    frame["entry_into_force_on"] = frame["entry_into_force_on"].where(frame["deposit_on"].notna())
    frame["standing"] = pd.Series(NEITHER, index=frame.index, dtype="str").mask(
        frame["signature_on"].notna(), SIGNATORY).mask(frame["deposit_on"].notna(), PARTY).mask(
        frame["withdrawal_on"].notna(), WITHDRAWN)
    reported = reports(known, period)
    for kind in ("initial", "annual"):
        frame[f"{kind}_report"] = _of_each(frame, reported[reported["kind"] == kind])
    for article in ARTICLES:
        frame[f"article_{article}"] = _of_each(frame, obligations(known, period, ALL, article))
    return _named(frame, known, on)[["iso3", *_STANDING_COLUMNS]]


def _obligations(known: Tables, period: str, article: int) -> pd.DataFrame:
    on = find(known, period).end
    listed, actions = known["obligations"], known["treaty_actions"]
    if article in convention.DEADLINES:
        frame = standing.on_day(listed, known["deadlines"], actions, article, on)
    else:
        frame = status.obligations(listed, actions, article, on)
        without = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
        frame = frame.assign(deadline_on=without, requested_on=without, extended=False, passed=False)
        frame["standing"] = frame["open"].map({True: standing.OPEN, False: standing.ENDED})
        frame["first_end_on"] = frame["last_end_on"] = frame["ended"]
    frame["found"] = frame["standing"]
    frame["standing"] = frame["found"].replace(_WORDS).mask(frame["passed"], PAST)
    frame["ended"] = _as_exactly_as_known(frame)
    frame["days_left"] = (frame["deadline_on"] - on).dt.days.where(frame["found"] == standing.OPEN).astype("Int64")
    frame = _named(frame.merge(known["states"][["iso3", "regional_group"]], on="iso3"), known, on)
    place = frame["found"].map({standing.OPEN: 0, standing.UNKNOWN: 1, standing.ENDED: 2})
    return frame.assign(place=place).sort_values(["place", "deadline_on"], ignore_index=True, kind="stable")


def _reports(known: Tables, period: str) -> pd.DataFrame:
    chosen = find(known, period)
    on, year = chosen.end, chosen.annual_report_year
    facts = known["treaty_actions"], known["reports"], known["coverage"]
    initial = status.initial_reports(*facts, on)
    parts = [initial.assign(kind="initial", report="Initial report", due_on=initial["initial_report_due_on"])]
    if year:
        annual = status.annual_reports(*facts, year, chosen.start, on)
        due_on = pd.Timestamp(convention.annual_report_due(year))
        parts.append(annual.assign(kind="annual", report=f"Annual report for {year}", due_on=due_on))
    frame = pd.concat(parts, ignore_index=True)
    frame["submitted"] = _submitted(frame)
    frame = frame[["iso3", "kind", "report", "standing", "due_on", "submitted", "source", "row"]]
    order = {status.OVERDUE: 0, status.UNKNOWN: 1, status.NOT_DUE: 2, status.SUBMITTED: 3}
    frame = frame.assign(place=frame["standing"].map(order), standing=frame["standing"].replace(_WORDS))
    frame = _named(frame.merge(known["states"][["iso3", "regional_group"]], on="iso3"), known, on)
    return frame.sort_values(["place", "due_on"], ignore_index=True, kind="stable")


def _of(region: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of a regional group, or of all States."""
    inside = (frame["regional_group"] == region) | (region == ALL)
    return frame[inside].reset_index(drop=True)


def _named(frame: pd.DataFrame, known: Tables, on: pd.Timestamp) -> pd.DataFrame:
    """Add the name of each State on the day, in the order of the names."""
    names = known.once(_names)
    frame = frame.assign(state=[names.name(iso3, on) for iso3 in frame["iso3"]])
    return frame.sort_values("state", key=lambda texts: texts.map(name_key), ignore_index=True)


def _names(known: Tables) -> StateNames:
    return StateNames(known["states"], [])


def _of_each(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Give each State the standing that its row has, blank for no row."""
    return frame["iso3"].map(rows.set_index("iso3")["standing"]).astype("str").fillna("")


def _as_exactly_as_known(frame: pd.DataFrame) -> list[str]:
    """Write the day, month or year of an end, or the day by which it came."""
    shape = {"month": "%Y-%m", "year": "%Y", "by": "by %Y-%m-%d"}
    return [f"{row.last_end_on:{shape.get(row.ended_precision, '%Y-%m-%d')}}" if row.found == standing.ENDED else ""
            for row in frame.itertuples()]


def _submitted(frame: pd.DataFrame) -> list[str]:
    """Write the day of a submission, or the days between which or by which it came."""
    return ["" if row.standing != status.SUBMITTED
            else f"{row.submitted_on:%Y-%m-%d}" if pd.notna(row.submitted_on)
            else f"{row.submitted_from:%Y-%m-%d} to {row.submitted_by:%Y-%m-%d}" if pd.notna(row.submitted_from)
            else f"by {row.submitted_by:%Y-%m-%d}" for row in frame.itertuples()]
