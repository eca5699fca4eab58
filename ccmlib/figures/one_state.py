"""One State on one day: what it is to the Convention, what it owes, what came in and what comes next.

Everything is read from the standings by the rules of the figures. A State is named late only where every answer is
certain; otherwise a line says what the last word was, and of which day.
"""

from itertools import groupby
from pathlib import Path

import pandas as pd

from ccmlib.base.names import AMBIGUOUS
from ccmlib.figures import vocabulary
from ccmlib.figures.counting import Counts
from ccmlib.figures.figure import span_text
from ccmlib.figures.sentences import Said, language_mark
from ccmlib.language.languages import Language
from ccmlib.treaty import convention, on_day
from ccmlib.treaty.facts import Facts
from ccmlib.treaty.standings import held

LATE, OPEN, DONE, DUE = "late", "open", "done", "due"
#: Annual reports that a calendar looks ahead to.
YEARS_AHEAD = 5
STATUSES = {
    "withdrawn": "No longer a State Party", "state_party": "State Party", "signatory": "Signatory",
    "": "State not party"}
STEPS = {"signature_on": "Signature", "entry_into_force_on": "Entry into force", "withdrawal_on": "Withdrawal"}
DEPOSITED = {
    "ratification": "Deposit of the instrument of ratification", "accession": "Deposit of the instrument of accession",
    "acceptance": "Deposit of the instrument of acceptance", "approval": "Deposit of the instrument of approval"}
WORK = {3: "Stockpile destruction (Article 3)", 4: "Clearance (Article 4)"}
DEADLINES = {3: "Deadline of stockpile destruction (Article 3)", 4: "Deadline of clearance (Article 4)"}
#: What is said of an obligation under Article 3 or 4, by how it stands.
DUTIES = {
    "passed": "{work}: past its deadline of {deadline}, not completed.",
    "ended": "{work}: ended ({ended}).",
    "ahead": "{work}: to be completed by {deadline}.",
    "behind": "{work}: open; its last deadline on record was {deadline}.",
    "undated": "{work}: open; an extension was granted, until when is not on record.",
    "silent": "{work}: last known open on {heard}, no later word; its last deadline on record is {deadline}.",
    "unknown": "{work}: whether it is still open is not known.",
}
#: What a State asked for, gave and received: a part of the names of indicators → how a line says it.
SHARED = {"requested": "Assistance asked for", "provided": "Assistance given", "received": "Assistance received"}
#: Parts of a timeline.
HEADINGS = {"treaty": "Convention", "obligations": "Obligations", "reports": "Reports", "law": "National law"}
#: First word of the key of what is to come → its part.
PART_OF = {"annual": "reports", "initial": "reports", "article": "obligations"}
#: Questions whose yes is an event of the timeline → its words.
EVENTS = {
    "initial_report_submitted": "Initial report", "annual_report_submitted": "Annual report for {year}",
    "voluntary_report_submitted": "Voluntary report", "specific_law": "Law specific to the Convention"}


class OnDay:
    """What is known of every State on a day, computed once for all of them.

    Lines are written in the language; a sentence that has no translation stays English as a whole.
    """

    def __init__(self, facts: Facts, day: pd.Timestamp, language: Language):
        self.facts, self.day, self.language = facts, day, language
        counts, known = Counts(facts, day), on_day.table(facts, day)
        # After the last day of the depositary's table its last word stands, and nothing that follows is certain.
        known["member"] = known["state_party"].fillna(known["state_party_last_word"]).fillna(False)
        self.known = known.set_index("iso3", drop=False).to_dict("index")
        self.obligations = {article: on_day.obligations(facts, article, day, known).set_index("iso3").to_dict("index")
                            for article in WORK}
        self.years = range(convention.ENTRY_INTO_FORCE_ON.year, convention.year_reported(day) + 1)
        rules = {name: vocabulary.find(f"annual_reports_{name}").rule["where"] for name in ("due", "overdue")}
        rules |= {"due": rules["due"].removeprefix("state_party & "), "submitted": "annual_report_submitted"}
        self._annual = {year: {name: counts.answers(rule, [day], year=year) for name, rule in rules.items()}
                        for year in self.years}
        spells = held(facts["standings"])
        spells = spells[spells["from_latest"] <= day].sort_values("from_latest")
        self._begun: dict[str, dict] = {iso3: {} for iso3 in self.known}
        for row in spells.assign(year=spells["year"].fillna(0).astype(int)).itertuples():
            self._begun[row.iso3].setdefault((row.question, row.year), row)
        steps = pd.concat([facts.deadlines[article].assign(article=article) for article in WORK])
        self._extended = list(steps[steps["extended"] & (steps["from_on"] <= day)].itertuples())
        told = facts["disclosures"][facts["disclosures"]["indicator"].str.contains("assistance_")]
        told = told[(told["value"].fillna(1) > 0) & (told["covers_year"] < day.year).fillna(False).astype(bool)]
        shared = told["indicator"].str.extract(r"assistance_(\w+?)(?:_|$)")[0]
        self._shared = told[~(told["as_of"] > day)].groupby(["iso3", shared])["covers_year"].agg(sorted).to_dict()
        votes = facts["background"]
        self._votes = list(votes[votes["field"].str.startswith("unga_") & (votes["as_of"] <= day)].itertuples())

    def say(self, template: str, **values) -> Said:
        """Fill a sentence; a pair of days is written as exactly as it is known."""
        text, spoken = self.language.speaking(template)
        days = {name: span_text(*value) if isinstance(value, tuple) else value for name, value in values.items()
                if isinstance(value, tuple | pd.Timestamp)}
        return Said(text.format(**values | {name: spoken.date(day) for name, day in days.items()}),
                    language_mark(spoken, self.language))

    def line(self, template: str, kind: str = "", figure_id: str = "", *, on=None, source: str = "", **values) -> dict:
        """Make a line of a card (see `ccmlib.pages.state_cards`); the rest as in `say`."""
        text = template if isinstance(template, Said) else self.say(template, **values)
        more = {"kind": kind, "on": "" if on is None else f"{on:%Y-%m-%d}", "figure_id": figure_id, "source": source,
                "lang": text.lang}
        return {"text": str(text), **{name: value for name, value in more.items() if value}}

    def status(self, iso3: str) -> tuple[str, pd.Timestamp | None]:
        """Say what the State is to the Convention, and since when."""
        row = self.known[iso3]
        if row["withdrawal_on"] <= self.day:
            return self.say(STATUSES["withdrawn"]), row["withdrawal_on"]
        since = {"state_party": row["deposit_on"], "signatory": row["signature_on"]}
        key = next((name for name in since if _yes(row[name]) or _yes(row[f"{name}_last_word"])), "")
        said = self.say(STATUSES[key])
        if not (_yes(row[key]) if key else all(pd.notna(row[name]) for name in since)):
            said = self.say("{status} by the last word, of {day}", status=self.language.text(STATUSES[key]),
                            day=self.facts.treaty_known_to)
        return said, since.get(key)

    def duties(self, iso3: str) -> list[dict]:
        """List the obligations under Articles 3, 4 and 5, each with its deadline as decided by the day."""
        lines, row = [], self.known[iso3]
        for article, work in WORK.items():
            if (one := self.obligations[article].get(iso3)) is None:
                continue
            how, kind = self._stands(one, _yes(row["state_party"]))
            figure_id = {LATE: f"art{article}_deadlines_passed", DONE: f"art{article}_completed"}.get(
                kind, "art3_remaining" if article == 3 else "art4_obligations")
            told = {"work": self.language.text(work), "source": one["publishers"], "figure_id": figure_id}
            lines.append(self.line(DUTIES[how], kind, deadline=one["deadline_on"], heard=one["heard_on"],
                                   ended=_ended(one), **told))
            if pd.notna(one["requested_on"]):
                lines.append(self.line("{work}: an extension to {until} was asked for; no decision is on record.",
                                       until=one["requested_on"], **told))
        if row["member"] and _yes(row["art5_obligation"]):
            text = self.say("Victim assistance (Article 5): an obligation without a deadline.")
            lines.append(self.line(text, OPEN, "art5_obligations"))
        return lines

    def _stands(self, one: dict, certain: bool) -> tuple[str, str]:
        """Choose among `DUTIES` for an obligation, and its kind; `certain`: the State is a party for certain."""
        if one["standing"] == on_day.ENDED:
            return "ended", DONE
        if one["passed"] and certain:
            return "passed", LATE
        if on_day.OPEN not in (one["standing"], one["last_word"]):
            return "unknown", ""
        if pd.isna(one["deadline_on"]):
            return "undated", OPEN
        if one["standing"] != on_day.OPEN:
            return "silent", OPEN
        return "ahead" if one["deadline_on"] >= self.day else "behind", OPEN

    def annual(self, iso3: str) -> dict[int, str]:
        """Say of each year whether its annual report came: done, late (for certain), blank where that is not known."""
        at, found = self.facts.record.place[iso3], {}
        for year, answers in self._annual.items():
            done, late = (answers[name].sure[at, 0] for name in ("submitted", "overdue"))
            if done or late or (answers["due"].possible[at, 0] and self.known[iso3]["member"]):
                found[year] = DONE if done else LATE if late else ""
        return found

    def reports(self, iso3: str) -> list[dict]:
        """List the transparency reports owed and handed in, late ones first."""
        row, begun, annual, lines = self.known[iso3], self._begun[iso3], self.annual(iso3), []
        due, came, heard = (row[f"initial_report_{what}"] for what in ("due_on", "submitted", "submitted_heard_on"))
        if _yes(came):
            lines.append(self.line("Initial report: submitted ({day}).", DONE, "initial_reports_submitted",
                                   day=_when(begun["initial_report_submitted", 0])))
        elif row["member"] and due >= self.day:
            lines.append(self.line("Initial report: due on {due}.", DUE, on=due, due=due))
        elif row["member"] and _yes(row["state_party"]) and pd.notna(came):
            lines.append(self.line("Initial report overdue since {due}.", LATE, "initial_reports_overdue", due=due))
        elif row["member"] and heard > due:
            lines.append(self.line("Initial report: due on {due}; not in by {heard}, no later word.", OPEN, due=due,
                                   heard=heard))
        elif row["member"]:
            lines.append(self.line("Initial report: due on {due}; whether it came is not known.", due=due))
        late, done, unknown = ([year for year in sorted(annual)[::-1] if annual[year] == how] for how in (LATE, DONE, ""))
        if late:
            lines.append(self.line("Annual report for {year} overdue since {due}.", LATE, "annual_reports_overdue",
                                   year=late[0], due=convention.annual_report_due(late[0])))
        if late[1:]:
            lines.append(self.line("Also overdue: annual reports for {years}.", LATE, years=self._spans(late[1:])))
        lines += [self.line("Annual report for {year}: submitted ({day}).", DONE, "annual_reports_submitted", year=year,
                            day=_when(begun["annual_report_submitted", year])) for year in done]
        if unknown:
            lines.append(self.line("Annual reports of which it is not known whether they came: {years}.",
                                   years=self._spans(unknown)))
            if came_in := [year for question, year in begun if question == "annual_report_received_in"]:
                lines.append(self.line("Annual reports came in {years}; the year that they cover is not told.",
                                       years=self._spans(came_in)))
        if spell := begun.get(("voluntary_report_submitted", 0)):
            lines.append(self.line("Voluntary report: submitted ({day}).", DONE, day=_when(spell)))
        return sorted(lines, key=lambda line: line.get("kind") != LATE)

    def cooperation(self, iso3: str) -> list[dict]:
        """List the years for which it is told to have asked for, given or received assistance, for mine action too."""
        told = self.language.after_colon("{what}", "{years}") + self.language.full_stop
        return [self.line(told, what=self.language.text(text), years=self._spans(self._shared[iso3, word]))
                for word, text in SHARED.items() if (iso3, word) in self._shared]

    def _spans(self, years: list[int]) -> str:
        """Write years, those in a row as a span: 2011–2014, 2016."""
        numbered = enumerate(sorted({int(year) for year in years}))
        runs = [[str(year) for _, year in run] for _, run in groupby(numbered, key=lambda one: one[1] - one[0])]
        return self.language.commas("–".join(dict.fromkeys((run[0], run[-1]))) for run in runs)

    def law(self, iso3: str) -> list[dict]:
        """Say whether there is a law specific to the Convention, and what the State says of the laws that it has."""
        row, lines, begun = self.known[iso3], [], self._begun[iso3].get(("specific_law", 0))
        if _yes(row["specific_law"]) and begun:
            lines.append(self.line("There is a law specific to the Convention ({day}).", DONE, "legislation_total",
                                   day=_when(begun), source=begun.publishers))
        elif pd.notna(row["specific_law_heard_on"]) and not _yes(row["specific_law_last_word"]):
            lines.append(self.line("No law specific to the Convention by the last word, of {day}.",
                                   day=row["specific_law_heard_on"]))
        if _yes(row["existing_law_sufficient_last_word"]):
            lines.append(self.line("Considers its existing law sufficient (by its word of {day}).",
                                   day=row["existing_law_sufficient_heard_on"]))
        return lines

    def votes(self, iso3: str) -> list[dict]:
        """List what publishers tell of its votes in the General Assembly, in their words."""
        return [self.line("General Assembly, {field}: {words} ({publisher}, {day}).", words=row.text, day=row.as_of,
                          publisher=row.publisher, field=row.field.removeprefix("unga_").replace("_", " "))
                for row in self._votes if row.iso3 == iso3]

    def first_line(self, iso3: str) -> tuple[Said, bool]:
        """Name what is owed on the day, most pressing first, or what comes next, and tell whether any of it is late."""
        row, duties, reports = self.known[iso3], self.duties(iso3), self.reports(iso3)
        if pd.notna(row["state_party"]) and not row["state_party"]:
            return self.say("Nothing owed."), False
        owed = [line for kind in (LATE, OPEN) for line in [*duties, *reports] if line.get("kind") == kind]
        parts = [Said(line["text"], line.get("lang", "")) for line in owed]
        if not owed:
            asked = ("state_party", "initial_report_submitted", *(f"art{article}_obligation" for article in (3, 4, 5)))
            vague = any(pd.isna(row[name]) for name in asked) or not all(line.get("kind") for line in duties)
            vague |= bool(self.years) and self.annual(iso3).get(self.years[-1], DONE) != DONE
            parts = [self.say("Nothing that the sources tell is owed." if vague else "Nothing owed.")]
        if all(line.get("figure_id") == "art5_obligations" for line in owed):
            parts += [self.say("Next: {what}, {day}.", what=one["what"], day=one["on"]) for one in self.events(iso3)[:1]]
        return Said(" ".join(parts), max(part.lang for part in parts)), bool(owed) and owed[0]["kind"] == LATE

    def events(self, iso3: str) -> list[dict]:
        """List what is still to come for a State Party as known on the day: on, key (names it for good), what; by day.

        Annual reports are listed for the next five years.
        """
        row, rows = self.known[iso3], []
        if row["member"]:
            rows.append((row["entry_into_force_on"], "entry-into-force", self.say("Entry into force")))
            if not _yes(row["initial_report_submitted"]):
                rows.append((row["initial_report_due_on"], "initial-report", self.say("Initial report due")))
            first = max(row["initial_report_due_on"].year, convention.year_reported(self.day) + 1)
            rows += [(convention.annual_report_due(year), f"annual-report-{year}",
                      self.say("Annual report for {year} due", year=year)) for year in range(first, first + YEARS_AHEAD)
                     if ("annual_report_submitted", year) not in self._begun[iso3]]
            # A withdrawal is known from its notice on, six months before.
            if row["withdrawal_on"] - pd.DateOffset(months=convention.MONTHS_TO_WITHDRAWAL) <= self.day:
                rows.append((row["withdrawal_on"], "withdrawal", self.say("Withdrawal takes effect")))
        for article, text in DEADLINES.items():
            one = self.obligations[article].get(iso3)
            if one and one["standing"] != on_day.ENDED and on_day.OPEN in (one["standing"], one["last_word"]):
                rows.append((one["deadline_on"], f"article-{article}-deadline", self.say(text)))
        return [{"on": on, "key": key, "what": what} for on, key, what in sorted(rows, key=lambda one: one[:2])
                if on > self.day]

    def history(self, iso3: str) -> list[dict]:
        """List what a State did up to the day: first_on, last_on, part (of `HEADINGS`), what; by last day.

        It lies between the two days; the first is missing where only "by" is known.
        """
        row, work = self.known[iso3], {article: self.language.text(text) for article, text in WORK.items()}
        rows = [(row[name], row[name], "treaty", self.say(text)) for name, text in {
            **STEPS, "deposit_on": DEPOSITED.get(row["deposit_action"], "")}.items()]
        rows += [(*_ended(one), "obligations", self.say("{work}: ended", work=work[article])) for article in WORK
                 if (one := self.obligations[article].get(iso3)) and one["standing"] == on_day.ENDED]
        rows += [(pd.NaT, step.from_on, "obligations", self.say(
            "{work}: deadline extended to {day}" if pd.notna(step.deadline_on) else "{work}: deadline extended",
            work=work[step.article], day=step.deadline_on)) for step in self._extended if step.iso3 == iso3]
        rows += [(*_when(spell), "law" if question == "specific_law" else "reports", self.say(EVENTS[question], year=year))
                 for (question, year), spell in self._begun[iso3].items() if question in EVENTS]
        done = sorted((one for one in rows if one[1] <= self.day), key=lambda one: one[1])
        return [{"first_on": first, "last_on": last, "part": part, "what": what} for first, last, part, what in done]

    def _dated(self, what: str, first: pd.Timestamp, last: pd.Timestamp) -> Said:
        return self.say("{what} ({day})", what=what, day=(first, last))

    def dates(self, iso3: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Give `history` and `events` as frames to draw (`ccmlib.charts.dates`), each row with part and said.

        Said is what, with its day as exactly as it is known.
        """
        told = pd.DataFrame(self.history(iso3), columns=["first_on", "last_on", "part", "what"])
        ahead = pd.DataFrame(self.events(iso3), columns=["on", "key", "what"])
        ahead["part"] = [PART_OF.get(key.partition("-")[0], "treaty") for key in ahead["key"]]
        for frame, first, last in ((told, "first_on", "last_on"), (ahead, "on", "on")):
            frame["said"] = [self._dated(row["what"], row[first], row[last]) for row in frame.to_dict("records")]
        return told, ahead

    def card(self, iso3: str) -> dict:
        """Make the card that pages show of a State (see `ccmlib.pages.state_cards`)."""
        if iso3 not in self.known:
            raise ValueError(f"{iso3!r} is not the ISO3 code of a State, such as LAO")
        (status, since), (first_line, late) = self.status(iso3), self.first_line(iso3)
        timeline = [self.line(one["what"], on=one["last_on"]) if one["first_on"] == one["last_on"] else self.line(
            self._dated(one["what"], one["first_on"], one["last_on"])) for one in self.history(iso3)]
        coming = self.events(iso3)  # of the annual reports the card names the next, the calendar all
        later = [one["key"] for one in coming if one["key"].startswith("annual-report")][1:]
        card = {
            "iso3": iso3, "name": self.language.state(iso3), "status": str(status), "first_line": str(first_line),
            "late": late, "next": [self.line(one["what"], DUE, on=one["on"]) for one in coming if one["key"] not in later],
            "timeline": timeline, "obligations": self.duties(iso3),
            **{part: getattr(self, part)(iso3) for part in ("reports", "cooperation", "law", "votes")}}
        more = {"lang": first_line.lang, "since": "" if pd.isna(since) else f"{since:%Y-%m-%d}"}
        return card | {name: value for name, value in more.items() if value}


def cards(facts: Facts, day: pd.Timestamp, language: Language, briefs: Path | None = None, href: str = "") -> list[dict]:
    """Make the cards of all States on a day, by code.

    Briefs and calendars that stand in the folder `briefs` are linked; a page reaches it by `href`, with a slash at its end.
    """
    known, names = OnDay(facts, day, language), spellings(facts)
    texts = {".html": language.text("Brief"), ".ics": language.text("Calendar file (.ics)")}
    return [{**known.card(iso3), "names": names.get(iso3, []), "files": [
        {"href": f"{href}{iso3}{ending}", "text": text} for ending, text in texts.items()
        if briefs is not None and (briefs / f"{iso3}{ending}").exists()]} for iso3 in sorted(known.known)]


def spellings(facts: Facts) -> dict[str, list[str]]:
    """Give every other spelling of the register that stands for one State, by ISO3."""
    names = facts["state_names"]
    return names[~names["note"].fillna("").str.startswith(AMBIGUOUS)].groupby("iso3")["name"].agg(list).to_dict()


def _yes(answer) -> bool:
    return pd.notna(answer) and bool(answer)


def _when(spell) -> tuple[pd.Timestamp, pd.Timestamp]:
    return spell.from_earliest, spell.from_latest


def _ended(one: dict) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.NaT if one["ended_precision"] == "by" else one["first_end_on"], one["last_end_on"]
