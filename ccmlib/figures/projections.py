"""Deadlines ahead, and those out of reach at the pace that States report.

A stockpile's remainder is what was declared less what had been destroyed by a day; a contaminated area is what a
publisher gives for a day. The pace is what was destroyed or cleared in a year. Where one of them is not in the
exports, nothing is computed and the reason is given.
"""

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
CONTAMINATED, SUSPECTED, RELEASED = "contaminated_area_km2", "suspected_area_km2", ["cleared_area_km2", "reduced_area_km2"]
#: What is said of work of which the remainder or the pace is not known, besides the reason.
UNKNOWN = {"unit": "", "as_of": pd.NaT, "paces": None, "reason": "", "disputed": False, "done": ""}


def deadlines_ahead(facts: Facts, on: pd.Timestamp) -> pd.DataFrame:
    """List the deadlines of Articles 3, 4 and 7 that fall due in the two years after a day, as known on that day.

    An initial report that came before it was due is left out; one of which no source tells stays, and is not sure.

    Columns: on (the deadline), iso3, what, article, extended (bool), sure (bool: known to be open, or the report known not
    to have come), source and row; by day.
    """
    known = on_day.table(facts, on)
    awaited = known[known["state_party"].fillna(False) & ~known["initial_report_due"].fillna(True)
                    & ~known["initial_report_submitted"].fillna(False)]
    awaited = awaited.assign(on=awaited["initial_report_due_on"], what=INITIAL_REPORT, article=7, extended=False,
                             sure=awaited["initial_report_submitted"].notna())
    columns = ["on", "iso3", "what", "article", "extended", "sure", "source", "row"]
    parts = [*(_still_open(facts, article, on) for article in WORK), awaited]
    frame = pd.concat([part[columns] for part in parts], ignore_index=True)
    until = on + pd.DateOffset(years=2)
    return frame[(frame["on"] > on) & (frame["on"] <= until)].sort_values(["on", "iso3"], ignore_index=True)


def at_reported_pace(facts: Facts, on: pd.Timestamp) -> pd.DataFrame:
    """Say of each open stockpile and clearance obligation whether its deadline will be met at the pace reported.

    Columns: iso3, article, what, on (the deadline), remaining, unit, as_of (day of the remainder), latest_pace, best_pace,
    done (in which year at these paces, as text), outlook, reason (where not computable), sure, disputed, source and row.
    """
    told, rows = _told_by(facts["disclosures"], on), []
    for article, work_out in {3: _stockpile, 4: _clearance}.items():
        for due in _still_open(facts, article, on).to_dict("records"):
            work = UNKNOWN | due | work_out(told[told["iso3"] == due["iso3"]], on)
            rows.append(work | (_judge(work) if work["paces"] is not None else {"outlook": NOT_COMPUTABLE})
                        | ({"outlook": PASSED} if due["on"] < on else {}))
    columns = ["iso3", "article", "what", "on", "remaining", "unit", "as_of", "latest_pace", "best_pace", "done", "outlook",
               "reason", "sure", "disputed", "source", "row"]
    return pd.DataFrame(rows, columns=columns).sort_values(["article", "on", "iso3"], ignore_index=True)


def _still_open(facts: Facts, article: int, on: pd.Timestamp) -> pd.DataFrame:
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


def _stockpile(told: pd.DataFrame, on: pd.Timestamp) -> dict:
    """Work out a stockpile's remainder and paces in the finest unit for which both are told, or why they are not known."""
    reasons = []
    for unit, (declared, so_far, in_year) in STOCKPILES.items():
        done = told[told["indicator"] == so_far].sort_values("as_of")
        whole = told[told["indicator"] == declared].sort_values(["as_of", "year"])
        if done.empty and len(whole):
            reasons.append(REASONS["so far"])
        if done.empty or (whole.empty and unit != "percent"):
            continue
        paces = _paces(told[told["indicator"] == in_year], done, on)
        if paces.empty:
            reasons.append(REASONS["destroyed"])
            continue
        total = 100.0 if unit == "percent" else whole["value"].iloc[-1]
        disputed = bool(whole["disputed"].any() or done["disputed"].any())
        last = done.iloc[-1]
        return {"remaining": total - last["value"], "unit": unit, "paces": paces, "disputed": disputed,
                **last[["as_of", "source", "row"]]}
    return {"reason": [*reasons, REASONS["stockpile"]][0]}


def _clearance(told: pd.DataFrame, on: pd.Timestamp) -> dict:
    """Work out the contaminated area of the latest day told, and the area released in each year, or why it is not known."""
    as_of = told.loc[told["indicator"] == CONTAMINATED, "as_of"].max()
    if pd.isna(as_of):
        return {"reason": REASONS["area"]}
    paces = _paces(told[told["indicator"].isin(RELEASED)], told.iloc[:0], on)
    if paces.empty:
        return {"reason": REASONS["cleared"]}
    at = told[told["indicator"].isin([CONTAMINATED, SUSPECTED]) & (told["as_of"] == as_of)]
    return {"remaining": at["value"].sum(), "unit": "km2", "paces": paces, "disputed": bool(at["disputed"].any()),
            **at[["as_of", "source", "row"]].iloc[0]}


def _paces(in_year: pd.DataFrame, so_far: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    """Give the quantity done a year, by year: as told for the year, or as the difference of two totals so far."""
    yearly = in_year.groupby(in_year["year"].astype("int64"))["value"].sum()
    totals = so_far.set_index("as_of")["value"].sort_index()
    between = (totals.diff() / (totals.index.to_series().diff().dt.days / 365.25)).dropna()
    between.index = between.index.year.astype("int64")
    paces = pd.concat([yearly, between[~between.index.isin(yearly.index)]]).sort_index()
    return paces[(paces > 0) & (paces.index >= on.year - YEARS_OF_PACE)].astype("float64")


def _judge(work: dict) -> dict:
    """Compare the year in which the work would be done, at the latest pace and at the best, with its deadline."""
    latest, best = work["paces"].iloc[-1], work["paces"].max()
    done, soonest = (_decimal(work["as_of"]) + work["remaining"] / pace for pace in (latest, best))
    due = _decimal(work["on"])
    outlook = MET if max(done, soonest) <= due else MISSED if min(done, soonest) > due else OPEN
    years = dict.fromkeys((str(int(soonest)), str(int(done))))
    return {"latest_pace": latest, "best_pace": best, "done": "–".join(years), "outlook": outlook}


def _decimal(day: pd.Timestamp) -> float:
    return day.year + (day.day_of_year - 1) / 365.25
