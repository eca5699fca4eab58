"""Deadlines ahead, and those out of reach at the pace that States report.

A stockpile's remainder is what was declared less what had been destroyed by a day; a contaminated area is what a
publisher gives for a day. The pace is what was destroyed or cleared in a year. Where one of them is not in the
exports, nothing is computed and the reason is given.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ccmlib.tidy import precedence
from ccmlib.treaty import on_day
from ccmlib.treaty.facts import Facts

#: A pace older than this says nothing of today.
YEARS_OF_PACE = 5

MET, MISSED, OPEN, PASSED, NOT_COMPUTABLE = (
    "met at the pace reported", "missed at the pace reported", "met at the best pace, missed at the latest",
    "already passed", "not computable")

WORK = {3: "stockpile destruction", 4: "clearance"}
INITIAL_REPORT = "initial transparency report"
#: Why nothing can be computed.
REASONS = {
    "so far": "how much had been destroyed so far is not reported",
    "destroyed": f"no quantity destroyed in a year is reported for the last {YEARS_OF_PACE} years",
    "stockpile": "no stockpile quantity is reported", "area": "no contaminated area is reported",
    "cleared": f"no area cleared in a year is reported for the last {YEARS_OF_PACE} years",
}

#: Units of a stockpile, the finest first: what was declared, what was destroyed so far, what was destroyed in a year.
STOCKPILES = {
    "submunitions": ("stockpile_submunitions_declared_count", "stockpile_submunitions_destroyed_cumulative_count",
                     "stockpile_submunitions_destroyed_count"),
    "munitions": ("stockpile_munitions_declared_count", "stockpile_munitions_destroyed_cumulative_count",
                  "stockpile_munitions_destroyed_count"),
    "percent": (None, "stockpile_destroyed_pct", None),
}
AREAS = ["contaminated_area_km2", "suspected_area_km2"]
RELEASED = ["cleared_area_km2", "reduced_area_km2"]


def deadlines_ahead(facts: Facts, on: pd.Timestamp, months: int = 24) -> pd.DataFrame:
    """List the deadlines of Articles 3, 4 and 7 that fall due in the months after a day, as known on that day.

    An initial report that came before it was due is left out; one of which no source tells stays, and is not sure.

    Returns
    -------
    DataFrame
        on (the deadline), iso3, what, article, extended (bool), sure (bool: known to be open, or the report known not
        to have come), source and row; by day.
    """
    until = on + pd.DateOffset(months=months)
    parts = [open_obligations(facts, article, on) for article in WORK]
    known = on_day.table(facts, on)
    awaited = known[known["state_party"].fillna(False) & ~known["initial_report_due"].fillna(True)
                    & ~known["initial_report_submitted"].fillna(False)]
    parts.append(awaited.assign(on=awaited["initial_report_due_on"], what=INITIAL_REPORT, article=7, extended=False,
                                sure=awaited["initial_report_submitted"].notna()))
    columns = ["on", "iso3", "what", "article", "extended", "sure", "source", "row"]
    frame = pd.concat([part[columns] for part in parts], ignore_index=True)
    return frame[(frame["on"] > on) & (frame["on"] <= until)].sort_values(["on", "iso3"], ignore_index=True)


def at_reported_pace(facts: Facts, on: pd.Timestamp) -> pd.DataFrame:
    """Say of each open stockpile and clearance obligation whether its deadline will be met at the pace reported.

    Returns
    -------
    DataFrame
        iso3, article, what, on (the deadline), remaining, unit, as_of (day of the remainder), latest_pace, latest_year,
        best_pace, done_year (at the latest pace), done_year_best, done (as text), outlook, reason (where not
        computable), sure, disputed, source and row.
    """
    told = _told_by(facts["disclosures"], on)
    rows = []
    for article in WORK:
        for due in open_obligations(facts, article, on).itertuples():
            of_state = told[told["iso3"] == due.iso3]
            work = _stockpile(of_state, on) if article == 3 else _clearance(of_state, on)
            rows.append({"iso3": due.iso3, "article": article, "what": due.what, "on": due.on, "sure": due.sure,
                         **_judge(work, due.on, on), "source": work.source or due.source, "row": work.row or due.row})
    columns = ["iso3", "article", "what", "on", "remaining", "unit", "as_of", "latest_pace", "latest_year", "best_pace",
               "done_year", "done_year_best", "done", "outlook", "reason", "sure", "disputed", "source", "row"]
    return pd.DataFrame(rows, columns=columns).sort_values(["article", "on", "iso3"], ignore_index=True)


@dataclass(frozen=True)
class Work:
    """What is left to do and how much of it was done in a year, or the reason why it is not known."""

    remaining: float = np.nan
    unit: str = ""
    as_of: pd.Timestamp = pd.NaT
    paces: pd.Series | None = None
    reason: str = ""
    disputed: bool = False
    source: str = ""
    row: str = ""


def open_obligations(facts: Facts, article: int, on: pd.Timestamp) -> pd.DataFrame:
    """Give the obligations that are open on a day, or were by the last word on them, with their deadline as decided by it."""
    rows = on_day.obligations(facts, article, on)
    rows = rows[(rows["standing"] == on_day.OPEN) | ((rows["standing"] == on_day.UNKNOWN) & (rows["last_word"] == on_day.OPEN))]
    return rows.assign(on=rows["deadline_on"], what=WORK[article], article=article, sure=rows["standing"] == on_day.OPEN)


def _told_by(disclosures: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Keep what was told by a day: as of a day up to it, or for a calendar year that was over."""
    year = disclosures["covers_year"].astype("Float64")
    told = (disclosures["as_of"] <= on) | (disclosures["as_of"].isna() & (year < on.year).fillna(False))
    rows = precedence.preferred(disclosures[told & disclosures["value"].notna()])
    return rows.assign(year=rows["covers_year"].astype("Float64").fillna(rows["as_of"].dt.year.astype("Float64")))


def _stockpile(told: pd.DataFrame, on: pd.Timestamp) -> Work:
    """Work out a stockpile's remainder and paces in the finest unit for which both are told."""
    reasons = []
    for unit, (declared, so_far, in_year) in STOCKPILES.items():
        done = told[told["indicator"] == so_far].sort_values("as_of")
        whole = told[told["indicator"] == declared].sort_values(["as_of", "year"])
        if done.empty and len(whole):
            reasons.append(REASONS["so far"])
        if done.empty or (whole.empty and unit != "percent"):
            continue
        total = 100.0 if unit == "percent" else whole["value"].iloc[-1]
        paces = _paces(told[told["indicator"] == in_year], done, on)
        if paces.empty:
            reasons.append(REASONS["destroyed"])
            continue
        last = done.iloc[-1]
        behind = pd.concat([whole, done]) if len(whole) else done
        return Work(total - last["value"], unit, last["as_of"], paces, "", bool(behind["disputed"].any()),
                    last["source"], last["row"])
    return Work(reason=reasons[0] if reasons else REASONS["stockpile"])


def _clearance(told: pd.DataFrame, on: pd.Timestamp) -> Work:
    """Work out the contaminated area of the latest day told, and the area released in each year."""
    areas = told[told["indicator"].isin(AREAS) & told["as_of"].notna()]
    if areas[areas["indicator"] == AREAS[0]].empty:
        return Work(reason=REASONS["area"])
    as_of = areas.loc[areas["indicator"] == AREAS[0], "as_of"].max()
    at = areas[areas["as_of"] == as_of]
    paces = _paces(told[told["indicator"].isin(RELEASED)], told.iloc[:0], on)
    if paces.empty:
        return Work(reason=REASONS["cleared"])
    return Work(at["value"].sum(), "km2", as_of, paces, "", bool(at["disputed"].any()), at["source"].iloc[0], at["row"].iloc[0])


def _paces(in_year: pd.DataFrame, so_far: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    """Give the quantity done a year, by year: as told for the year, or as the difference of two totals so far."""
    yearly = in_year.groupby(in_year["year"].astype("int64"))["value"].sum()
    totals = so_far.set_index("as_of")["value"].sort_index()
    years = totals.index.to_series().diff().dt.days / 365.25
    between = totals.diff() / years
    between = between[between.notna()]
    between.index = between.index.year.astype("int64")
    paces = pd.concat([yearly, between[~between.index.isin(yearly.index)]]).sort_index()
    paces = paces[(paces > 0) & (paces.index >= on.year - YEARS_OF_PACE)]
    return paces.astype("float64")


def _judge(work: Work, deadline: pd.Timestamp, on: pd.Timestamp) -> dict:
    """Compare the year in which the work would be done with its deadline."""
    found = {"remaining": work.remaining, "unit": work.unit, "as_of": work.as_of, "reason": work.reason,
             "disputed": work.disputed, "latest_pace": np.nan, "latest_year": pd.NA, "best_pace": np.nan,
             "done_year": pd.NA, "done_year_best": pd.NA, "done": ""}
    if work.paces is None:
        return {**found, "outlook": PASSED if deadline < on else NOT_COMPUTABLE}
    latest, best = work.paces.iloc[-1], work.paces.max()
    done, done_best = (_decimal(work.as_of) + work.remaining / pace for pace in (latest, best))
    due = _decimal(deadline)
    outlook = MET if max(done, done_best) <= due else MISSED if min(done, done_best) > due else OPEN
    year, best_year = int(done), int(done_best)
    return {**found, "latest_pace": latest, "latest_year": int(work.paces.index[-1]), "best_pace": best,
            "done_year": year, "done_year_best": best_year, "outlook": PASSED if deadline < on else outlook,
            "done": f"{year}" if year == best_year else f"{best_year}–{year}"}


def _decimal(day: pd.Timestamp) -> float:
    return day.year + (day.day_of_year - 1) / 365.25
