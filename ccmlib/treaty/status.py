"""Who is what on a day: States Parties, signatories, States not party, reports due and overdue, open obligations.

Each function takes tidy tables and a day and returns one row per State, with ``source`` and ``row`` of the fact behind
it. The progress reports count a State as a State Party from the day of deposit; `entry_into_force_on` says when it was
bound.
"""

import pandas as pd

from ccmlib.treaty import convention

DEPOSITS = ("ratification", "acceptance", "approval", "accession")

#: Reporting states of a State Party, in the order a reader wants them.
SUBMITTED, OVERDUE, NOT_DUE, UNKNOWN = "submitted", "overdue", "not due", "unknown"


def adherence(treaty_actions: pd.DataFrame) -> pd.DataFrame:
    """Set out one row per State that ever signed or joined, with its dates.

    Parameters
    ----------
    treaty_actions : DataFrame
        Tidy table: iso3, action, date, source, row; no State has an action twice.

    Returns
    -------
    DataFrame
        iso3, signature_on, deposit_on, deposit_action, entry_into_force_on (Art. 17), initial_report_due_on (Art. 7),
        withdrawal_on; `source` and `row` are those of the deposit, or of the signature where nothing was deposited.
    """
    frame = pd.DataFrame({"iso3": sorted(treaty_actions["iso3"].unique())})
    deposits = treaty_actions[treaty_actions["action"].isin(DEPOSITS)]
    signatures = treaty_actions[treaty_actions["action"] == "signature"]
    withdrawals = treaty_actions[treaty_actions["action"] == "withdrawal"]

    def dates_of(part: pd.DataFrame) -> pd.Series:
        return _look_up(frame["iso3"], part.set_index("iso3")["date"])

    frame["signature_on"] = dates_of(signatures)
    frame["deposit_on"] = dates_of(deposits)
    frame["deposit_action"] = _look_up(frame["iso3"], deposits.set_index("iso3")["action"])
    frame["entry_into_force_on"] = convention.entry_into_force(frame["deposit_on"])
    frame["initial_report_due_on"] = convention.initial_report_due(frame["entry_into_force_on"])
    frame["withdrawal_on"] = dates_of(withdrawals)
    for column in ("source", "row"):
        of_deposit = _look_up(frame["iso3"], deposits.set_index("iso3")[column])
        of_signature = _look_up(frame["iso3"], signatures.set_index("iso3")[column])
        frame[column] = of_deposit.where(of_deposit.notna(), of_signature)
    return frame


def parties(treaty_actions: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Give the States Parties on a day, counted from deposit until a withdrawal takes effect (Art. 20).

    Returns
    -------
    DataFrame
        The columns of `adherence` and `in_force` (bool): whether the Convention has entered into force for the State.
    """
    frame = adherence(treaty_actions)
    frame = frame[(frame["deposit_on"] <= on) & ~(frame["withdrawal_on"] <= on)]
    return frame.assign(in_force=frame["entry_into_force_on"] <= on).reset_index(drop=True)


def signatories(treaty_actions: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Give the States that had signed and not yet deposited on a day."""
    frame = adherence(treaty_actions)
    return frame[(frame["signature_on"] <= on) & ~(frame["deposit_on"] <= on)].reset_index(drop=True)


def joined(treaty_actions: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Give the States that deposited from `start` to `end`, both days included, in order of deposit."""
    frame = adherence(treaty_actions)
    return frame[frame["deposit_on"].between(start, end)].sort_values(["deposit_on", "iso3"], ignore_index=True)


def left(treaty_actions: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Give the States whose withdrawal took effect from `start` to `end`, both days included."""
    frame = adherence(treaty_actions)
    return frame[frame["withdrawal_on"].between(start, end)].reset_index(drop=True)


def not_party(states: pd.DataFrame, treaty_actions: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Give the States of the register that are neither party nor signatory on a day.

    Returns
    -------
    DataFrame
        Rows of the tidy table ``states``; `un_member` tells UN Member States from the others.
    """
    inside = pd.concat([parties(treaty_actions, on)["iso3"], signatories(treaty_actions, on)["iso3"]])
    return states[~states["iso3"].isin(inside)].reset_index(drop=True)


def initial_reports(
    treaty_actions: pd.DataFrame, reports: pd.DataFrame, coverage: pd.DataFrame, on: pd.Timestamp
) -> pd.DataFrame:
    """Say of each State Party where its initial transparency report stands on a day (Art. 7, para. 1).

    Parameters
    ----------
    reports : DataFrame
        Tidy table; submissions known to the day, to a span of days, or only as "by" a day.
    coverage : DataFrame
        Tidy table; its subject ``initial_reports`` says up to which day the log is complete.

    Returns
    -------
    DataFrame
        The columns of `parties`, then submitted_on, submitted_from, submitted_by and `standing`: ``submitted``,
        ``overdue``, ``not due``, or ``unknown`` where the log does not tell for that day.
    """
    frame = parties(treaty_actions, on)
    submissions = _first_submissions(reports[reports["kind"] == "initial"])
    frame = frame.merge(submissions, on="iso3", how="left", suffixes=("", "_of_report"))
    known_to = coverage.loc[coverage["subject"] == "initial_reports", "to_on"].max()
    due = frame["initial_report_due_on"]
    frame["standing"] = _standing(frame, due, on, known_to)
    return _sourced(frame)


def annual_reports(
    treaty_actions: pd.DataFrame,
    reports: pd.DataFrame,
    coverage: pd.DataFrame,
    covers_year: int,
    since: pd.Timestamp,
    on: pd.Timestamp,
) -> pd.DataFrame:
    """Say where the annual report for a year stands, of each State Party from which it is due (Art. 7, para. 2).

    It is due on 30 April from a party whose initial report fell due by the end of the year covered. Progress reports
    count each State once: one that still owes its initial report owes that, and an initial report submitted
    within the reporting period stands for the period (6MSP report, para. 57: "initial or annual").

    Parameters
    ----------
    covers_year : int
        Calendar year that the report covers.
    since : Timestamp
        First day of the reporting period.

    Returns
    -------
    DataFrame
        As `initial_reports`. A State whose initial report may or may not have come is ``unknown``.
    """
    frame = initial_reports(treaty_actions, reports, coverage, on)
    frame = frame[frame["initial_report_due_on"].dt.year <= covers_year]
    earliest = frame["submitted_on"].fillna(frame["submitted_from"])
    in_period = (frame["standing"] == SUBMITTED) & (earliest >= since)
    frame = frame[(frame["standing"] != OVERDUE) & ~in_period]
    initial_unknown = frame["standing"] == UNKNOWN
    frame = frame.drop(columns=["submitted_on", "submitted_from", "submitted_by", "standing"])
    annual = reports[(reports["kind"] == "annual") & (reports["covers_year"] == covers_year)]
    frame = frame.merge(_first_submissions(annual), on="iso3", how="left", suffixes=("", "_of_report"))
    of_year = (coverage["subject"] == "annual_reports") & (coverage["covers_year"] == covers_year)
    due = pd.Series(convention.annual_report_due(covers_year), index=frame.index)
    standing = _standing(frame, due, on, coverage.loc[of_year, "to_on"].max())
    frame["standing"] = standing.mask(initial_unknown.to_numpy() & (standing != SUBMITTED), UNKNOWN)
    return _sourced(frame)


def obligations(
    obligations: pd.DataFrame, treaty_actions: pd.DataFrame, article: int, on: pd.Timestamp
) -> pd.DataFrame:
    """Give the States Parties known to have, or have had, an obligation under Article 3, 4 or 5 by a day.

    Deadlines under Articles 3 and 4, and ends that publishers know only roughly, are the matter of `standing.on_day`.

    Parameters
    ----------
    obligations : DataFrame
        Tidy table.
    article : int
        3 (stockpile destruction), 4 (clearance) or 5 (victim assistance).

    Returns
    -------
    DataFrame
        iso3, since, ended, ended_precision, end_kind, open (bool: not ended by that day), source, row.
    """
    members = parties(treaty_actions, on)["iso3"]
    frame = obligations[(obligations["article"] == article) & obligations["iso3"].isin(members)]
    frame = frame[frame["since"] <= on]
    return frame.assign(open=~(frame["ended"] <= on)).reset_index(drop=True)


def _look_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Give the value of each key, missing where there is none; unlike `Series.map`, also for no values at all."""
    return values.reindex(keys).set_axis(keys.index)


def _first_submissions(reports: pd.DataFrame) -> pd.DataFrame:
    """Keep one row per State: where two publishers disagree, the one that ranks first (`rank`, from data)."""
    columns = ["iso3", "submitted_on", "submitted_from", "submitted_by", "source", "row"]
    return reports.sort_values(["iso3", "rank", "submitted_by"]).drop_duplicates("iso3")[columns]


def _standing(frame: pd.DataFrame, due_on: pd.Series, on: pd.Timestamp, known_to: pd.Timestamp) -> pd.Series:
    """Decide submitted, overdue, not due or unknown from what the log can and cannot tell on the day."""
    latest = frame["submitted_on"].fillna(frame["submitted_by"])
    earliest = frame["submitted_on"].fillna(frame["submitted_from"])
    submitted = latest <= on
    # Not yet in: the log is complete beyond the day and has no row, or its row cannot be as early as the day.
    not_yet = (frame["row_of_report"].isna() & (on <= known_to)) | (earliest > on)
    standing = pd.Series(UNKNOWN, index=frame.index)
    standing = standing.mask(not_yet, OVERDUE)
    standing = standing.mask(due_on >= on, NOT_DUE)
    return standing.mask(submitted, SUBMITTED)


def _sourced(frame: pd.DataFrame) -> pd.DataFrame:
    """Point `source` and `row` to the report where there is one, to the deposit otherwise."""
    for column in ("source", "row"):
        of_report = frame[f"{column}_of_report"]
        frame[column] = frame[column].where(of_report.isna(), of_report)
    return frame.drop(columns=["source_of_report", "row_of_report"]).reset_index(drop=True)
