"""What was said of a State: every answer to a question of questions.yml, with its day, its publisher and its row.

Some exports say it in so many words (table ``observations``); the rest follows from treaty actions, reports, obligations,
deadlines and disclosures. What a card declares complete is said too: a State without a row then has the answer no.
"""

from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from ccmlib.ingest import dates
from ccmlib.tidy import precedence
from ccmlib.treaty import convention
from ccmlib.treaty.adherence import by_state
from ccmlib.treaty.periods import ONE_DAY

COLUMNS = ["iso3", "question", "year", "answer", "first_on", "last_on", "became", "basis", "said_on", "publisher",
           "note", "source", "row"]
#: Why an answer is known: a source says it; a complete file has no row; the treaty leaves no other; or it is of a day on which
#: nothing was owed yet.
SAID, ABSENCE, TREATY, EARLY = "said", "absence", "treaty", "early"
#: Questions of the Convention's membership; what the depositary's table does not show has not happened.
OF_TREATY = ("signatory", "state_party", "in_force", "initial_report_due")
#: Indicators that show an obligation open: something destroyed or cleared in the year, or on the day still planned or
#: contaminated.
OPEN_IN_YEAR = {3: ("stockpile_munitions_destroyed_count", "stockpile_submunitions_destroyed_count"), 4: ("cleared_area_km2",)}
PLANNED = "stockpile_planned_completion"
OPEN_ON_DAY = {3: (PLANNED,), 4: ("contaminated_area_km2", "suspected_area_km2")}
#: Indicators with which a report lists who completed in its period, by article.
COMPLETED = {3: "art3_compliance_announced"}
#: Indicators of the disclosures that answer a question on the day they speak of.
ANSWERS = {"va_focal_point": "va_focal_point", "va_national_plan": "va_national_plan",
           "retained_munitions_count": "retains", "retained_submunitions_count": "retains",
           "legislation_adopted": "specific_law", "legislation_existing_sufficient": "existing_law_sufficient"}

#: Marks an answer that nobody gave: a State that a list of those yet to inform does not name. It tells nothing of the State.
BY_COMPLEMENT = "by complement"


@cache
def questions() -> dict[str, dict]:
    """Read the questions, their rules and sources (treaty/questions.yml)."""
    return yaml.safe_load((Path(__file__).parent / "questions.yml").read_text(encoding="utf-8"))


def gather(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Gather all observations: those that exports state, and those that follow from the other tidy tables.

    first_on and last_on are the day, or the span in which it lies; became: it changed to this answer on that day, otherwise it
    was so on that day; basis: see `SAID` and the others.
    """
    adherence = by_state(tables["treaty_actions"])
    parts = [
        tables["observations"].assign(answer=tables["observations"]["answer"].eq("yes"), basis=SAID),
        *_of_membership(tables, adherence), *_of_reports(tables, adherence), *_of_obligations(tables, adherence),
        _of_disclosures(tables["disclosures"]),
    ]
    found = pd.concat([part for part in parts if len(part)], ignore_index=True).reindex(columns=COLUMNS)
    for column in ("first_on", "last_on", "said_on"):
        found[column] = found[column].astype("datetime64[us]")
    found["said_on"] = found["said_on"].fillna(found["last_on"])
    found["publisher"] = found["publisher"].mask(found["publisher"].fillna("") == "").fillna(
        found["source"].map(precedence.publisher_of))
    # That a report is not in before it is due says nothing of a State later.
    due = found["iso3"].map(adherence.set_index("iso3")["initial_report_due_on"])
    annual = pd.to_datetime(found["year"].map(lambda year: convention.annual_report_due(int(year)), na_action="ignore"))
    early = ((found["question"] == "initial_report_submitted") & (found["last_on"] <= due)) | (
        (found["question"] == "annual_report_submitted") & (found["last_on"] <= annual))
    found["basis"] = found["basis"].mask(~found["answer"] & early, EARLY)
    found = found.astype({"year": "Int64", "answer": "bool", "became": "bool"})
    # What was stored or contaminated before the State was bound was no obligation that could end: no standing follows.
    bound = found["iso3"].map(adherence.set_index("iso3")["entry_into_force_on"])
    early = found["question"].isin(["art3_open", "art4_open"]) & found["answer"] & (found["first_on"] < bound)
    found["basis"] = found["basis"].mask(early, EARLY)
    key = ["question", "iso3", "year", "last_on", "first_on", "row"]
    found = found.sort_values([*key, "became"], ascending=[*(True for _ in key), False], ignore_index=True)
    return found.drop_duplicates([*key, "answer"], ignore_index=True)  # two tables may tell one; a change tells most


def _said(rows: pd.DataFrame, question: str, answer: bool, first_on, last_on=None, *, became=False, **more) -> pd.DataFrame:
    """Make observations of rows that have iso3, source and row; those without a day say nothing."""
    made = rows[rows.columns.intersection(["iso3", "source", "row", "publisher"])]
    made = made.assign(question=question, answer=answer, became=became, **{"basis": SAID, **more})
    made["first_on"] = pd.Series(first_on, index=rows.index, dtype="datetime64[us]")
    made["last_on"] = made["first_on"] if last_on is None else pd.Series(last_on, rows.index, dtype="datetime64[us]")
    return made[made["last_on"].notna() & made["first_on"].notna()]


def _complete(tables: dict, question: str, subject: str, told: pd.DataFrame, joined: pd.Series | None = None,
              **more) -> list[pd.DataFrame]:
    """Say no of every State that has no row by the days for which a card declares its file complete.

    Where `joined` (days of deposit, by ISO3) is given, only of those that were parties by then.
    """
    cards = tables["coverage"][tables["coverage"]["subject"] == subject]
    if "year" in more:
        cards = cards[cards["covers_year"] == more["year"]]
    states = tables["states"][["iso3"]]
    parts = []
    for card in cards.itertuples():
        by_then = told[(told["last_on"] <= card.to_on) & told["answer"]]
        silent = states[~states["iso3"].isin(by_then["iso3"])].assign(source=card.source, row=card.row)
        if joined is not None:
            silent = silent[silent["iso3"].map(joined) <= card.to_on]
        parts.append(_said(silent, question, False, card.to_on, basis=ABSENCE, publisher=_publisher(told, card), **more))
    return parts


def _publisher(told: pd.DataFrame, card) -> str:
    """Name who stands behind a complete file: the publisher of most of its rows."""
    rows = told[told["row"].str.startswith(card.row.split(":")[1] + ":")]
    return rows["source"].map(precedence.publisher_of).mode().get(0, "")


def _of_membership(tables: dict, adherence: pd.DataFrame) -> list[pd.DataFrame]:
    signed, deposited, left, bound = (
        adherence[column] for column in ("signature_on", "deposit_on", "withdrawal_on", "entry_into_force_on"))
    due = adherence["initial_report_due_on"]
    parts = [
        _said(adherence, "signatory", True, signed, became=True),
        _said(adherence, "signatory", False, deposited, became=signed < deposited),
        _said(adherence, "state_party", True, deposited, became=True),
        _said(adherence, "in_force", True, bound, became=True, said_on=deposited),
        _said(adherence, "initial_report_due", True, due + ONE_DAY, became=True, said_on=deposited),
        *(_said(adherence, question, False, left, became=True) for question in ("state_party", "in_force")),
    ]
    cards = tables["coverage"][tables["coverage"]["subject"] == "treaty_actions"]
    if cards.empty:
        return parts
    card = cards.loc[cards["to_on"].idxmax()]
    states = tables["states"][["iso3"]].assign(source=card["source"], row=card["row"])
    known_to = card["to_on"]
    # The first day on which a State that deposits after the table's last day can be bound, or owe its report.
    next_bound = convention.entry_into_force(known_to + ONE_DAY)
    party = deposited.notna() & ~(left <= known_to)
    asked = {  # whose answer is yes; the day that makes it so; the last day on which it can only be no of the others
        "signatory": (signed.notna() & ~(deposited <= known_to), deposited, known_to),
        "state_party": (party, deposited, known_to),
        "in_force": (party & (bound <= known_to), bound, next_bound - ONE_DAY),
        "initial_report_due": (due < known_to, due, convention.initial_report_due(next_bound)),
    }
    for question, (inside, begins, last_no) in asked.items():
        others = states[~states["iso3"].isin(adherence.loc[inside, "iso3"])]
        pending = others["iso3"].isin(adherence.loc[begins > known_to, "iso3"])
        until = pd.Series(last_no, others.index, dtype="datetime64[us]").mask(pending, known_to)
        parts.append(_said(others, question, False, until, said_on=known_to, basis=ABSENCE))
        if question == "signatory":
            parts.append(_said(adherence[inside], question, True, known_to))
        if question in ("state_party", "in_force"):  # a withdrawal takes effect six months after its notice (Art. 20(3))
            to = known_to + pd.DateOffset(months=convention.MONTHS_TO_WITHDRAWAL) - ONE_DAY
            parts.append(_said(adherence[inside], question, True, to, said_on=known_to))
    return parts


def _of_reports(tables: dict, adherence: pd.DataFrame) -> list[pd.DataFrame]:
    reports = tables["reports"]
    first = reports["submitted_on"].fillna(reports["submitted_from"])
    last = reports["submitted_on"].fillna(reports["submitted_by"])
    made = _said(reports, "", True, first.fillna(last), last, became=first.notna(), kind=reports["kind"],
                 year=reports["covers_year"])
    made["question"] = made["kind"] + "_report_submitted"
    made.loc[made["kind"] != "annual", "year"] = pd.NA
    # "By" a day: it was in on that day, and when it came is not told.
    told = tables["observations"]
    bound = adherence[["iso3", "entry_into_force_on", "source", "row"]].dropna(subset=["entry_into_force_on"])
    initial = made[made["kind"] == "initial"]
    dated = pd.concat([initial, told[told["question"] == "initial_report_submitted"]])
    earliest = dated.groupby("iso3")["first_on"].min()
    before = bound[~(bound["iso3"].map(earliest) < bound["entry_into_force_on"])]
    # The first report of a State is its initial one: where no source dates it, it was in when an annual one came.
    came = told[told["question"].str.startswith("annual_report_") & (told["answer"] == "yes")]
    came = came[~came["iso3"].isin(dated.loc[dated["became"].astype(bool), "iso3"])]
    parts = [made.drop(columns="kind"), _said(came, "initial_report_submitted", True, came["last_on"], basis=TREATY),
             _said(before, "initial_report_submitted", False, before["entry_into_force_on"] - ONE_DAY, basis=TREATY),
             *_complete(tables, "initial_report_submitted", "initial_reports", initial)]
    parts += _complete(tables, "voluntary_report_submitted", "voluntary_reports", made[made["kind"] == "voluntary"])
    annual = made[made["kind"] == "annual"]
    last_year = pd.DatetimeIndex(tables["periods"]["end"]).max().year
    for year in range(convention.ENTRY_INTO_FORCE_ON.year, last_year + 1):
        parts.append(_said(bound, "annual_report_submitted", False, pd.Timestamp(year, 12, 31), year=year, basis=TREATY))
        parts += _complete(tables, "annual_report_submitted", "annual_reports", annual[annual["year"] == year], year=year)
    return parts


def _of_obligations(tables: dict, adherence: pd.DataFrame) -> list[pd.DataFrame]:
    bound, joined = (adherence.set_index("iso3")[name] for name in ("entry_into_force_on", "deposit_on"))
    parts = []
    for article in (3, 4, 5):
        rows = tables["obligations"][tables["obligations"]["article"] == article]
        had, still = f"art{article}_obligation", f"art{article}_open"
        since = rows["since"]
        began = _said(rows, had, True, since, became=True)
        parts += [began, *_complete(tables, had, "obligations", began, joined)]
        if article not in convention.DEADLINES:
            continue
        first, last = (days.where(~(days < since), since) for days in _ended(rows))
        known = rows["ended_precision"] != "by"
        before_period = _ended_before(tables, article, still, rows, last)
        last = last.mask(~known, before_period.groupby(level=0)["last_on"].min().reindex(rows.index).fillna(last))
        seen = _seen_open(tables, article, still, rows)
        # What ended after the State was bound had been open since: it may acquire no stock, and was bound to clear.
        told = tables["observations"]
        told = told[(told["question"] == still) & (told["answer"] == "no")]
        ends = told[told["became"].astype(bool)].groupby("iso3")
        latest, earliest, ended_by = (days.reindex(rows["iso3"]).set_axis(rows.index).astype("datetime64[us]") for days in (
            ends["first_on"].max(), ends["last_on"].min(), told.groupby("iso3")["last_on"].min()))
        shown = (latest > since) & (earliest > since)
        # "By" a day and never seen open, or in a year in which the State was bound: it may have ended before the State was
        # bound. It was open on some day, if at all.
        vague = (~known & ~rows["iso3"].isin(seen["iso3"]) & ~shown) | (known & (first <= since))
        ended_by = last.mask(ended_by < last, ended_by)
        before_joining = rows["end_kind"] == "destroyed_before_joining"
        began = ~vague & ~before_joining
        over = _said(rows, still, False, first.where(known, last), last, became=known & (first > since))
        parts += [
            seen, over, _said(rows[began], still, True, since[began], became=True),
            _said(rows[vague & (ended_by > since) & latest.isna()], still, True, since, ended_by - ONE_DAY, basis=TREATY),
            _said(rows[before_joining], still, False, since[before_joining]), before_period,
        ]
        cards = tables["coverage"][tables["coverage"]["subject"] == "obligations"]
        silent = tables["states"][~tables["states"]["iso3"].isin(rows["iso3"])][["iso3"]]
        for card in cards.itertuples():
            parts.append(_said(rows[(since <= card.to_on) & ~(first <= card.to_on)], still, True, card.to_on))
            parts.append(_said(rows[last <= card.to_on], still, False, card.to_on))
            parties = silent[silent["iso3"].map(joined) <= card.to_on]
            parties = parties.assign(source=card.source, row=card.row, publisher=_publisher(rows, card))
            parts.append(_said(parties, still, False, card.to_on, basis=ABSENCE))
            parts.append(_said(parties, still, False, parties["iso3"].map(bound), basis=ABSENCE))
    return parts


def _ended_before(tables: dict, article: int, question: str, rows: pd.DataFrame, last: pd.Series) -> pd.DataFrame:
    """Say of obligations that a complete list of those completed in a period does not name: if ended, then before it."""
    told = tables["disclosures"][tables["disclosures"]["indicator"] == COMPLETED.get(article)]
    cards = tables["coverage"][tables["coverage"]["subject"] == "reported"]
    parts = [_said(rows.head(0), question, False, pd.NaT)]
    for period in tables["periods"].itertuples():
        listed = told[told["as_of"] == period.end]
        if listed.empty or not (cards["to_on"] == period.end).any():
            continue
        others = rows[(last <= period.end) & ~rows["iso3"].isin(listed["iso3"])]
        others = others.assign(source=listed["source"].iloc[0], row=listed["row"].iloc[0])
        parts.append(_said(others, question, False, others["since"].clip(lower=period.start - ONE_DAY), basis=ABSENCE))
    return pd.concat(parts)


def _ended(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give the first and the last day on which each obligation can have ended; that day twice where it ended "by" a day."""
    day, precision = rows["ended"], rows["ended_precision"]
    first, last = day, day
    for unit, code in {"month": "M", "year": "Y"}.items():
        span = day.dt.to_period(code).dt
        first = first.mask(precision == unit, span.start_time.astype("datetime64[us]"))
        last = last.mask(precision == unit, span.end_time.dt.normalize().astype("datetime64[us]"))
    return first, last


def _seen_open(tables: dict, article: int, question: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Say yes where a deadline was still printed, something was still destroyed or cleared, or land was contaminated.

    It says nothing against a completion that a source dates earlier: such pages repeat what they held before.
    """
    deadlines, told = (tables[name][tables[name]["article"] == article] for name in ("deadlines", "disclosures"))
    shown = told[(told["value"] > 0) | told["indicator"].eq(PLANNED)]
    in_year = shown[shown["indicator"].isin(OPEN_IN_YEAR[article]) & shown["covers_year"].notna()]
    on_day = shown[shown["indicator"].isin(OPEN_ON_DAY[article])]
    first_day = pd.to_datetime(in_year["covers_year"].astype("Int64").astype("str") + "-01-01")
    seen = pd.concat([
        _said(deadlines, question, True, deadlines["known_on"]), _said(in_year, question, True, first_day),
        _said(on_day, question, True, on_day["as_of"])])
    said = tables["observations"]
    said = said[said["question"] == question]
    yes, said = said[said["answer"] == "yes"], said[said["answer"] == "no"]
    seen = pd.concat([seen, _said(yes, question, True, yes["first_on"], yes["last_on"], said_on=yes["said_on"])])
    began = seen["iso3"].map(rows.groupby("iso3")["since"].min())
    days = pd.concat([rows[["iso3"]].assign(day=_ended(rows)[1]), said[["iso3"]].assign(day=said["last_on"])])
    over = seen["iso3"].map(days.groupby("iso3")["day"].min())
    return seen[(seen["first_on"] >= began) & ~(seen["first_on"] >= over)]


def _of_disclosures(disclosures: pd.DataFrame) -> pd.DataFrame:
    rows = disclosures[disclosures["indicator"].isin(ANSWERS) & (disclosures["iso3"] != "")]
    rows = rows[~rows["text"].fillna("").str.contains(BY_COMPLEMENT, regex=False)]
    day = rows["as_of"].fillna(pd.to_datetime(rows["covers_year"].astype("Int64").astype("str") + "-12-31", errors="coerce"))
    made = _said(rows, "", rows["value"].fillna(1) > 0, day, publisher=rows["publisher"])
    made["question"] = rows["indicator"].map(ANSWERS)
    # The words of a law are its day: it became law then.
    for at, text in rows.loc[made.index[made["question"] == "specific_law"], "text"].items():
        if when := dates.read(text) if text else None:
            made.loc[at, ["first_on", "last_on", "became"]] = pd.Timestamp(when.first), pd.Timestamp(when.last), True
    return made
