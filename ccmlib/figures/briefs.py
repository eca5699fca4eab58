"""What the tidy tables hold on one State: status, obligations, reports, disclosures, mentions, and what is due next.

Every function takes tidy tables, an ISO3 code and a day (or a period), and gives what was known on that day.
"""

import re
from dataclasses import dataclass

import pandas as pd

from ccmlib.treaty import convention, standing, status
from ccmlib.treaty.periods import Period

#: What a State is to the Convention on a day.
PARTY, SIGNATORY, WITHDRAWN, OUTSIDE = "State Party", "signatory State", "withdrawn", "State not party"
DEPOSITED = {
    "ratification": "Deposit of the instrument of ratification",
    "acceptance": "Deposit of the instrument of acceptance",
    "approval": "Deposit of the instrument of approval",
    "accession": "Deposit of the instrument of accession",
}
ARTICLES = {
    3: "Stockpile destruction", 4: "Clearance", 5: "Victim assistance", 6: "International cooperation and assistance",
    9: "National implementation",
}
DEADLINES = {3: "Deadline of stockpile destruction (Article 3)", 4: "Deadline of clearance (Article 4)"}
REPORTS = {
    "initial": "Initial transparency report", "annual": "Annual transparency report",
    "voluntary": "Voluntary transparency report",
}
INITIAL_DUE = "Initial transparency report due"
ANNUAL_DUE = "Annual transparency report due, for the year before"
SIGNED, IN_FORCE, LEFT = "Signature", "Entry into force", "Withdrawal takes effect"
#: How many of a State's reports stand so.
COUNTED = {
    status.SUBMITTED: "transparency reports submitted",
    status.OVERDUE: "transparency reports overdue",
}
OBLIGATION_COLUMNS = [
    "iso3", "article", "since", "ended_precision", "end_kind", "standing", "first_end_on", "last_end_on",
    "treaty_deadline_on", "deadline_on", "extended", "passed", "requested_on", "source", "row",
]
REPORT_COLUMNS = [
    "kind", "covers_year", "due_on", "submitted_on", "submitted_from", "submitted_by", "standing", "source", "row",
]
DUE_COLUMNS = ["on", "iso3", "key", "what", "source", "row"]
#: A day as the exports write it, among the words of a publisher.
DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Unit of a disclosure that says only whether something was reported.
REPORTED = "reported"
#: Indicators of what a State asked for, gave or received, among those of Articles 3 to 6.
ASSISTANCE = "assistance_(?:requested|provided|received)"


class UnknownState(ValueError):
    """A code that is not that of a State which signed or joined the Convention."""


@dataclass(frozen=True)
class Adherence:
    """What a State was to the Convention on a day.

    Attributes
    ----------
    what : str
        `PARTY`, `SIGNATORY`, `WITHDRAWN` or `OUTSIDE`.
    in_force : bool
        Whether the Convention was in force for it.
    dates : Series
        The State's row of `status.adherence`.
    """

    what: str
    in_force: bool
    dates: pd.Series


def check_state(treaty_actions: pd.DataFrame, iso3: str) -> None:
    """Stop on a code that is not that of a State which signed or joined.

    Raises
    ------
    UnknownState
        Lists the codes that there are.
    """
    codes = sorted(treaty_actions["iso3"].unique())
    if iso3 not in codes:
        raise UnknownState(
            f"{iso3!r} is not the ISO3 code of a State that signed or joined the Convention; "
            f"there are {', '.join(codes)}")


def adherence(treaty_actions: pd.DataFrame, iso3: str, on: pd.Timestamp) -> Adherence:
    """Tell what a State was to the Convention on a day; it counts as a party from the day of deposit."""
    dates = status.adherence(_of(treaty_actions, iso3)).iloc[0]
    if dates["withdrawal_on"] <= on:
        what = WITHDRAWN
    elif dates["deposit_on"] <= on:
        what = PARTY
    else:
        what = SIGNATORY if dates["signature_on"] <= on else OUTSIDE
    return Adherence(what, what == PARTY and bool(dates["entry_into_force_on"] <= on), dates)


def treaty_dates(treaty_actions: pd.DataFrame, iso3: str) -> pd.DataFrame:
    """List the dates of a State's signature, deposit and withdrawal, and those that follow from its deposit.

    Returns
    -------
    DataFrame
        on, key, what, known_on (the day of the act from which the date follows), source, row; by date.
    """
    own = _of(treaty_actions, iso3)
    dates = status.adherence(own).iloc[0]
    sources = own.drop_duplicates("action").set_index("action")[["source", "row"]]
    events = [
        ("signature", SIGNED, dates["signature_on"], dates["signature_on"], "signature"),
        ("deposit", DEPOSITED.get(dates["deposit_action"]), dates["deposit_on"], dates["deposit_on"],
         dates["deposit_action"]),
        ("entry-into-force", IN_FORCE, dates["entry_into_force_on"], dates["deposit_on"],
         dates["deposit_action"]),
        ("initial-report", INITIAL_DUE, dates["initial_report_due_on"], dates["deposit_on"], dates["deposit_action"]),
        ("withdrawal", LEFT, dates["withdrawal_on"], dates["withdrawal_on"], "withdrawal"),
    ]
    rows = [
        {"on": on, "key": key, "what": what, "known_on": known_on, **sources.loc[action].to_dict()}
        for key, what, on, known_on, action in events if pd.notna(on)
    ]
    return pd.DataFrame(rows).sort_values("on", kind="stable", ignore_index=True)


def obligations(
    obligations: pd.DataFrame, deadlines: pd.DataFrame, treaty_actions: pd.DataFrame, iso3: str, on: pd.Timestamp
) -> pd.DataFrame:
    """List a State Party's obligations under Articles 3, 4 and 5 that are known on a day.

    Returns
    -------
    DataFrame
        `OBLIGATION_COLUMNS` (see `standing.on_day`), and `days_left` to the deadline of an open obligation, negative
        once it has passed. Article 5 has neither an end nor a deadline.
    """
    own, printed, actions = _of(obligations, iso3), _of(deadlines, iso3), _of(treaty_actions, iso3)
    articles = set(own["article"])
    parts = [
        standing.on_day(own, printed, actions, article, on).assign(article=article)
        for article in convention.DEADLINES if article in articles
    ]
    if 5 in articles:
        victims = status.obligations(own, actions, 5, on)
        parts.append(victims[victims["open"]].assign(standing=standing.OPEN))
    parts = [part for part in parts if len(part)] or [pd.DataFrame(columns=OBLIGATION_COLUMNS)]
    frame = pd.concat(parts, ignore_index=True).reindex(columns=OBLIGATION_COLUMNS)
    days = ["first_end_on", "last_end_on", "treaty_deadline_on", "deadline_on", "requested_on"]
    frame[days] = frame[days].astype("datetime64[us]")
    frame[["extended", "passed"]] = frame[["extended", "passed"]].eq(True)
    frame["days_left"] = (frame["deadline_on"] - on).dt.days.where(frame["standing"] == standing.OPEN)
    return frame


def deadline_history(deadlines: pd.DataFrame, iso3: str, on: pd.Timestamp) -> pd.DataFrame:
    """List the deadlines, requests and extensions that publishers had printed by a day, in order of printing."""
    known = deadlines[(deadlines["iso3"] == iso3) & (deadlines["known_on"] <= on)]
    return known.sort_values(["article", "known_on", "deadline_on"], kind="stable", ignore_index=True)


def reports(
    treaty_actions: pd.DataFrame, reports: pd.DataFrame, coverage: pd.DataFrame, iso3: str, period: Period
) -> pd.DataFrame:
    """List a State's transparency reports as they stand at the end of a period.

    Returns
    -------
    DataFrame
        kind, covers_year, due_on, submitted_on, submitted_from, submitted_by, standing (``submitted``, ``overdue``,
        ``not due`` or ``unknown``), source, row; one row for each report submitted, overdue or of which the exports
        cannot tell. As in the progress reports a State is counted once: one that owes its initial report owes that, and
        an initial report submitted in the period stands for it.
    """
    actions, own, on = _of(treaty_actions, iso3), _of(reports, iso3), period.end
    latest = own["submitted_on"].fillna(own["submitted_by"])
    submitted = own[latest <= on].sort_values(["rank", "submitted_by"]).drop_duplicates(["kind", "covers_year"])
    parts = [submitted.assign(standing=status.SUBMITTED)]
    initial = status.initial_reports(actions, own, coverage, on)
    if not (submitted["kind"] == "initial").any():
        parts.append(initial.assign(kind="initial", covers_year=pd.NA, due_on=initial["initial_report_due_on"]))
    came_in = set(submitted.loc[submitted["kind"] == "annual", "covers_year"])
    told = set(coverage.loc[coverage["subject"] == "annual_reports", "covers_year"]) | set(own["covers_year"].dropna())
    for year in _years_due(initial, on):
        if year in came_in:
            continue
        since = period.start if year == period.annual_report_year else pd.Timestamp(year, 7, 1)
        if year in told:
            annual = status.annual_reports(actions, own, coverage, year, since, on)
        else:  # the log does not cover the year
            first = initial["submitted_on"].fillna(initial["submitted_from"])
            owed = (initial["standing"] != status.OVERDUE) & ~(first >= since)
            annual = initial[owed].assign(standing=status.UNKNOWN)
        parts.append(annual.assign(kind="annual", covers_year=year, due_on=convention.annual_report_due(year)))
    parts = [part[REPORT_COLUMNS].astype({"covers_year": "Int64"}) for part in parts]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    # What came after the period is not shown; and the source of the deposit would say nothing of a report.
    came = frame["standing"] == status.SUBMITTED
    for column in ("submitted_on", "submitted_from", "submitted_by"):
        frame[column] = frame[column].where(came)
    frame["source"] = frame["source"].where(came, "")
    order = frame["kind"].map({"initial": 0, "annual": 1, "voluntary": 2})
    return frame.assign(order=order).sort_values(["order", "covers_year"], ignore_index=True).drop(columns="order")


def disclosed(disclosures: pd.DataFrame, iso3: str, on: pd.Timestamp) -> pd.DataFrame:
    """List what a State reported, or was reported of it, by a day.

    A fact counts as known on the day that its publisher gives, or else from the year after the one it covers.

    Returns
    -------
    DataFrame
        Rows of the tidy table and `assistance` (bool): whether it says what the State requested, provided or received.
    """
    own = _of(disclosures, iso3)
    by_year = own["as_of"].isna() & (own["covers_year"] < on.year)
    known = own[(own["as_of"] <= on) | by_year.fillna(False).astype(bool)].copy()
    known["assistance"] = known["indicator"].str.contains(ASSISTANCE, regex=True)
    return known.sort_values(["article", "indicator", "covers_year", "as_of"], kind="stable", ignore_index=True)


def mentions(published_figures: pd.DataFrame, iso3: str, period: Period) -> pd.DataFrame:
    """List the published figures of a period that name a State, in the order of the report."""
    return _naming(published_figures[published_figures["period"] == period.name], iso3)


def activities(activities: pd.DataFrame, iso3: str, period: Period) -> pd.DataFrame:
    """List the activities of a period that name a State."""
    within = (activities["from_on"] <= period.end) & (activities["to_on"] >= period.start)
    return _naming(activities[within], iso3)


def due(
    treaty_actions: pd.DataFrame, obligations_: pd.DataFrame, reports_: pd.DataFrame, iso3: str, period: Period,
    until: pd.Timestamp,
) -> pd.DataFrame:
    """List what falls due for a State after a period, as it stands at the period's end.

    Parameters
    ----------
    obligations_, reports_ : DataFrame
        Made by `obligations` and `reports`.
    until : Timestamp
        Last day to look at.

    Returns
    -------
    DataFrame
        on, iso3, key, what, source, row; by date.
    """
    known = adherence(treaty_actions, iso3, period.end)
    if known.what != PARTY:
        return pd.DataFrame(columns=DUE_COLUMNS).astype("str").astype({"on": "datetime64[us]"})
    dates = treaty_dates(treaty_actions, iso3)
    dates = dates[dates["known_on"] <= period.end]
    if ((reports_["kind"] == "initial") & (reports_["standing"] == status.SUBMITTED)).any():
        dates = dates[dates["key"] != "initial-report"]
    first_year = known.dates["initial_report_due_on"].year
    annual = pd.DataFrame([
        {"on": convention.annual_report_due(year), "key": f"annual-report-{year}", "what": ANNUAL_DUE,
         "source": known.dates["source"], "row": known.dates["row"]}
        for year in range(max(first_year, period.end.year - 1), until.year)
    ])
    left = open_deadlines(obligations_)
    frame = pd.concat([part for part in (dates, annual, left) if len(part)], ignore_index=True).assign(iso3=iso3)
    frame = frame[(frame["on"] > period.end) & (frame["on"] <= until)]
    submitted = reports_[(reports_["kind"] == "annual") & (reports_["standing"] == status.SUBMITTED)]["covers_year"]
    frame = frame[~frame["key"].isin(f"annual-report-{year}" for year in submitted.dropna())]
    return frame.sort_values(["on", "key"], kind="stable", ignore_index=True)[DUE_COLUMNS]


def open_deadlines(obligations_: pd.DataFrame) -> pd.DataFrame:
    """List the deadlines of open obligations: on, key, what, source, row."""
    left = obligations_[(obligations_["standing"] == standing.OPEN) & obligations_["deadline_on"].notna()]
    return pd.DataFrame({
        "on": left["deadline_on"], "key": "article-" + left["article"].astype("str") + "-deadline",
        "what": left["article"].map(DEADLINES), "source": left["source"], "row": left["row"],
    }).reset_index(drop=True)


def calendar(dates: pd.DataFrame, due_: pd.DataFrame, obligations_: pd.DataFrame) -> pd.DataFrame:
    """Gather the dates for a State's calendar: its treaty dates, what is due next and its open deadlines, each once."""
    columns = ["on", "key", "what", "source"]
    parts = [part[columns] for part in (dates, due_, open_deadlines(obligations_)) if len(part)]
    frame = pd.concat(parts, ignore_index=True).drop_duplicates("key")
    return frame.sort_values(["on", "key"], ignore_index=True)


def ended_text(obligation, language) -> str:
    """Write the day on which an obligation ended as exactly as it is known; blank while it is open."""
    ended, precision = obligation.last_end_on, obligation.ended_precision
    if obligation.standing == standing.OPEN:
        return ""
    if precision == "by":
        return language.text("by {day}").format(day=language.date(ended))
    return language.date({"month": f"{ended:%Y-%m}", "year": f"{ended:%Y}"}.get(precision, ended))


def submitted_text(report, language) -> str:
    """Write when a report was submitted as exactly as it is known; blank where it was not.

    Parameters
    ----------
    report : named tuple
        Row of `reports`.
    language : Language
        Writes the dates.
    """
    if pd.notna(report.submitted_on):
        return language.date(report.submitted_on)
    return span_text(report.submitted_from, report.submitted_by, language)


def span_text(start: pd.Timestamp, end: pd.Timestamp, language) -> str:
    """Write two days as "from ... to ...", one day as it is, a last day alone as "by ...", and no day as nothing."""
    if pd.isna(end):
        return ""
    if pd.isna(start):
        return language.text("by {day}").format(day=language.date(end))
    if start == end:
        return language.date(end)
    return language.text("from {start} to {end}").format(start=language.date(start), end=language.date(end))


def value_text(disclosure, language) -> str:
    """Write what a disclosure says: the publisher's words where there are any, a number with its unit, yes or no."""
    # That the State has victims on its territory comes with what it is to the Convention, which the brief says already.
    words = "" if pd.isna(disclosure.text) or disclosure.indicator == "victims_on_territory" else disclosure.text
    if words:
        return printed_text(words, language)
    if pd.isna(disclosure.value):
        return ""
    if disclosure.unit == REPORTED:
        return language.text("yes" if disclosure.value else "no")
    unit = {"km2": "km²", "percent": "%"}.get(disclosure.unit, disclosure.unit)
    return f"{language.number(disclosure.value)} {language.text(unit)}"


def printed_text(words: str, language) -> str:
    """Write what a publisher printed; a day or month in ISO form as the language writes it."""
    return language.date(pd.Timestamp(words) if DAY.fullmatch(words) else words)


def when_text(disclosure, language) -> str:
    """Write what a disclosure is about: the calendar year it covers, or else the day on which it stood so."""
    if pd.notna(disclosure.covers_year):
        return str(disclosure.covers_year)
    return "" if pd.isna(disclosure.as_of) else language.date(disclosure.as_of)


def _of(table: pd.DataFrame, iso3: str) -> pd.DataFrame:
    return table[table["iso3"] == iso3]


def _naming(table: pd.DataFrame, iso3: str) -> pd.DataFrame:
    named = table["states"].fillna("").str.split(";").map(lambda codes: iso3 in codes)
    return table[named.astype(bool)].reset_index(drop=True)


def _years_due(initial: pd.DataFrame, on: pd.Timestamp) -> range:
    """Give the years whose annual report had fallen due by a day, from that in which the initial report was due."""
    if initial.empty:
        return range(0)
    last = on.year - 1 if on >= pd.Timestamp(on.year, 4, 30) else on.year - 2
    return range(initial["initial_report_due_on"].iloc[0].year, last + 1)
