"""Counts the figures of the vocabulary from standings and tidy tables: for a period, or for any day."""

import re
from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd

from ccmlib.base.names import name_key
from ccmlib.figures import records, vocabulary
from ccmlib.figures.figure import Figure, count, per_state, plain, span_text
from ccmlib.figures.vocabulary import STATES, Entry
from ccmlib.treaty import convention, deadlines, periods
from ccmlib.treaty.convention import year_reported
from ccmlib.treaty.facts import Facts
from ccmlib.treaty.observations import questions
from ccmlib.treaty.periods import ONE_DAY, Period
from ccmlib.treaty.standings import Answers, held

FIELDS = ("sure", "possible", "last", "last_no", "silent")
BOUNDS = ["value", "lower", "last_word", "upper"]
#: An activity whose days lie farther apart has no day of its own: it went on through a season or the whole period.
LONGEST_DATED = pd.Timedelta(days=31)
#: What a compiler adds to the title of an activity: the last day, which the row has, remarks on the source or on other rows.
ASIDES = re.compile(r"[;,:] (?:to \d+ \w+|[^;]*not printed[^;]*|[^;]*is a slip)(?=[;,]|$)"
                    r"| \(the same[^)]*\)|; the same[^)]*(?=\))")


class Counts:
    """Figures for periods and days; lists follow the names of States in use on the day `names_on`, by default today's."""

    def __init__(self, facts: Facts, names_on: pd.Timestamp | None = None):
        self.facts, self.names_on = facts, names_on
        self.names = facts.names
        self._by_name = cache(lambda code: name_key(self.names.name(code, names_on)))
        self.all_periods = facts["periods"]
        self._cycles = dict(zip(self.all_periods["annual_report_year"].fillna(0).astype(int), self.all_periods["start"],
                                strict=True))

    # ---- any day

    def answers(self, expression: str, days, period: Period | None = None, year: int | None = None) -> Answers:
        """Answer an expression of the vocabulary for all States on some days; of annual reports, that for `year`.

        Without a year it is the latest whose reports had fallen due before each day.
        """
        days = pd.DatetimeIndex(days)
        years = np.array([year_reported(day) if year is None else year for day in days])
        parts = [np.flatnonzero(years == one) for one in np.unique(years)]
        made = [self._of_year(expression, days[part], int(years[part[0]]), period) for part in parts]
        order = np.argsort(np.concatenate(parts))
        return Answers(*(np.concatenate([getattr(one, name) for one in made], axis=1)[:, order] for name in FIELDS))

    def _of_year(self, expression: str, days: pd.DatetimeIndex, year: int, period: Period | None) -> Answers:
        places = {
            "year_end": pd.Timestamp(year + 1, 1, 1),
            "period_start": (self._cycles.get(year) or pd.Timestamp(year, 7, 1)) - ONE_DAY,
            "period_before": period and period.start - ONE_DAY,
        }
        found = {}
        for token in vocabulary.tokens(expression):
            name, _, place = token.partition("@")
            of_year = year if questions().get(name, {}).get("by_year") else None
            found[token] = self.facts.ask(name, [places[place]] * len(days) if place else days, of_year)
        return vocabulary.evaluate(expression, found)

    def series(self, figure_id: str, days: Iterable, among: Iterable[str] | None = None) -> pd.DataFrame:
        """Count a figure on each day; only the States `among` some ISO3 codes, where they are given.

        Columns, by day `on`: value (missing where not known), lower, last_word, upper, known_to.
        """
        entry, days = vocabulary.of_a_day(figure_id), pd.DatetimeIndex(days)
        if entry.way == "share":
            return self._share(entry, days, among)
        expression = entry.rule["where"]
        found = self.answers(expression, days)
        if among is not None:
            chosen = np.isin(self.facts.record.states, list(among))
            found = Answers(*(getattr(found, name)[chosen] for name in FIELDS))
        frame = bounds(found, entry)
        exact = frame["value"].notna()
        frame["known_to"] = [day if sure else self.known_to(expression, day) for day, sure in zip(days, exact, strict=True)]
        return frame.set_index(days.rename("on"))

    def _share(self, entry: Entry, days, among) -> pd.DataFrame:
        part, rest = (self.series(name, days, among) for name in entry.rule["share"])
        made = pd.DataFrame(index=part.index)
        for name, other in {"lower": "upper", "upper": "lower", "last_word": "last_word"}.items():
            made[name] = 100 * part[name] / (part[name] + rest[other]).replace(0, np.nan)
        made["value"] = made["lower"].where(made["lower"] == made["upper"])
        return made[BOUNDS].assign(known_to=part["known_to"])

    def known_to(self, expression: str, day: pd.Timestamp) -> pd.Timestamp:
        """Give the day to which the sources reach that answer an expression: the last day that a word speaks of."""
        beyond = vocabulary.reported(expression)
        if not beyond:
            return min(day, self.facts.treaty_known_to)
        reach = self.facts.reach(tuple(beyond))[:day]
        return reach.iloc[-1] if len(reach) else pd.NaT

    # ---- a period

    def figure(self, figure_id: str, period: Period) -> Figure:
        """Count a figure for a period, by its rule; States, records and days with it."""
        entry = vocabulary.find(figure_id)
        ways = {"activities": self._of_activities, "reported": self._of_reports, "granted": self._of_extensions,
                "where": self._of_states, "began": self._of_events, "ended": self._of_events}
        if entry.way == "share":
            return Figure(entry, **_numbers(self.series(figure_id, [period.end])))
        if not entry.way:
            raise vocabulary.UnknownFigureError(f"{figure_id!r} has no rule in the vocabulary: a notebook counts it")
        made, previous = ways[entry.way](entry, period), periods.before(self.all_periods, period)
        if entry.way in ("where", "began", "ended") and previous and not {"between", "previous"} & entry.rule.keys():
            before = ways[entry.way](entry, previous)
            made.before, made.states_before = before.value, before.states
        if entry.way == "where":
            records.add(made, entry.rule["where"], period.end, self.facts, self.in_order)
            self._dates(made, period.end)
        return made

    def _of_states(self, entry: Entry, period: Period) -> Figure:
        expression, day = entry.rule["where"], period.end
        found = self.answers(expression, [day], period)
        if name := entry.rule.get("due_in"):
            due = self.facts.adherence[name].reindex(self.facts.record.states)
            found &= Answers.certain(due.dt.year.eq(int(entry.fills["year"])).to_numpy()[:, None])
        if "not_reported" in entry.rule:
            found &= ~self._told(entry.rule["not_reported"], period)[1]
        since = period.start if "@period_before" in expression else convention.OPENED_FOR_SIGNATURE_ON
        made = self._known(self._counted(entry, found), expression, day, since)
        if made.upper is None and not vocabulary.reported(expression):
            made.possible = []  # past the depositary's record any State may have joined
        return made

    def _counted(self, entry: Entry, found: Answers) -> Figure:
        """Count the answers of one day, with their States."""
        codes = np.array(self.facts.record.states)
        states, possible, last = (self.in_order(codes[chosen[:, 0]].tolist()) for chosen in (
            found.sure, found.possible & ~found.sure & ~found.silent, found.last))
        return Figure(entry, **_numbers(bounds(found, entry)), states=states, possible=possible, last=last)

    def _known(self, made: Figure, expression: str, day: pd.Timestamp, since: pd.Timestamp) -> Figure:
        """Say to which day a figure is known; a last word that is older than what it is about is none."""
        reach = self.known_to(expression, day) if made.value is None else day
        made.known_to = None if pd.isna(reach) else reach
        if made.value is None and not reach >= since:
            made.last_word, made.last = None, []
        return made

    def _dates(self, made: Figure, day: pd.Timestamp) -> None:
        """Add the day that belongs to each State."""
        name = made.entry.rule.get("day", "")
        if "_deadline_" in name:
            days = deadlines.in_effect(self.facts.deadlines[int(name[3])], day)["deadline_on"]
        elif name in self.facts.adherence:
            days = self.facts.adherence[name]
        else:
            return
        counted = [*made.states, *made.last, *made.possible]
        made.dates = {**{iso3: days[iso3] for iso3 in counted if pd.notna(days.get(iso3))}, **made.dates}

    def _of_events(self, entry: Entry, period: Period) -> Figure:
        """Count the States whose answer became yes, or ceased to be yes, within a period."""
        began, question = entry.way == "began", entry.rule[entry.way]
        start, end = self._window(entry.rule, period)
        if start is None:
            return Figure(entry, 0, 0, 0, 0, period.start)
        spells = self.facts.about("standings", question)
        ends = ("from_earliest", "from_latest") if began else ("to_earliest", "to_latest")
        first, last = (spells[name] for name in ends)
        overlaps = ~(first > end) & ~(last < start) & (began | first.notna())
        inside = overlaps & (first >= start) & (last <= end) & spells.index.isin(held(spells).index)
        codes = self.facts.record.states
        sure, possible = (np.isin(codes, spells.loc[rows, "iso3"])[:, None] for rows in (inside, overlaps))
        day_before, on_end = (self.facts.ask(question, [day]) for day in (start - ONE_DAY, end))
        flipped = on_end.last & ~day_before.last if began else day_before.last & ~on_end.last
        silent = on_end.silent & ~day_before.sure if began else (day_before.silent | on_end.silent) & ~sure
        found = Answers(sure, possible | sure | silent, flipped | sure, ~flipped & ~sure, silent)
        if expression := entry.rule.get("of"):
            found &= self.answers(expression, [end], period)
        made = self._known(self._counted(entry, found), question, end, start)
        named = overlaps & spells["iso3"].isin([*made.states, *made.possible])
        chosen = spells[named].assign(inside=inside[named]).sort_values("inside", kind="stable")
        chosen = chosen.drop_duplicates("iso3", keep="last")
        made.dates = {row["iso3"]: span_text(*(row[name] for name in ends)) for row in chosen.to_dict("records")}
        self._dates(made, end)
        made.evidence = chosen[["iso3", "source", "row", "publishers"]].reset_index(drop=True)
        made.rows, made.tables = list(dict.fromkeys(chosen.loc[chosen["iso3"].isin(made.states), "row"])), ["standings"]
        made.heard = chosen.set_index("iso3")["last_heard_on"].to_dict()
        return made

    def _window(self, rule: dict, period: Period) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
        previous = periods.before(self.all_periods, period)
        if rule.get("previous"):
            return (previous.start, previous.end) if previous else (None, None)
        if rule.get("year_before"):
            return pd.Timestamp(period.end.year - 1, 1, 1), pd.Timestamp(period.end.year - 1, 12, 31)
        if not rule.get("between"):
            return period.start, period.end
        gap = previous is not None and previous.end + ONE_DAY < period.start
        return (previous.end + ONE_DAY, period.start - ONE_DAY) if gap else (None, None)

    def _told(self, indicators: list[str], period: Period, in_period: bool = False) -> tuple[pd.DataFrame, Answers]:
        """Give what States reported for the year of a period, and who did: nobody else where a card has all their reports."""
        table, year = self.facts["disclosures"], period.annual_report_year
        rows = table[table["indicator"].isin(indicators) & (table["value"] > 0) & (table["iso3"] != "")]
        in_time = (rows["covers_year"] == year) & ~(rows["as_of"] > period.end)
        rows = rows[period.contains(rows["as_of"]) if in_period else in_time]
        named = np.isin(self.facts.record.states, rows["iso3"])[:, None]
        others = ~named & (not self.facts.known_to("reported", year) <= period.end)
        return rows, Answers(named, named | others, named, ~named & ~others, others)

    def _of_reports(self, entry: Entry, period: Period) -> Figure:
        rows, found = self._told(entry.rule["reported"], period, "in_period" in entry.rule)
        complete = not found.silent.any()
        if expression := entry.rule.get("of"):
            found &= self.answers(expression, [period.end], period)
        made = self._counted(entry, found)
        rows = rows[rows["iso3"].isin(made.states)]
        made.known_to = rows["as_of"].max() if len(rows) else period.end if complete else None
        records.of(made, rows, self.facts, "disclosures")
        return made

    def _of_extensions(self, entry: Entry, period: Period) -> Figure:
        """Count the States whose extension was decided in the period; of one whose day is not published, it is possible."""
        table = self.facts["deadlines"]
        rows = table[(table["article"] == entry.rule["granted"]) & (table["kind"] == "extension_granted")]
        dated = rows[period.contains(rows["decided_on"])]
        undated = rows[rows["decided_on"].isna() & period.contains(rows["known_on"]) & ~rows["iso3"].isin(dated["iso3"])]
        states, chosen = self.in_order(dated["iso3"]), pd.concat([dated, undated])
        made = Figure(
            entry, None, lower=len(states) or None, last_word=len(states) or None, states=states, last=states,
            possible=self.in_order(undated["iso3"]), known_to=rows["known_on"][rows["known_on"] <= period.end].max())
        records.of(made, chosen, self.facts, "deadlines")
        chosen = chosen.dropna(subset="deadline_on").sort_values("deadline_on")
        made.dates = chosen.drop_duplicates("iso3", keep="last").set_index("iso3")["deadline_on"].to_dict()
        return made

    def _of_activities(self, entry: Entry, period: Period) -> Figure:
        rule = entry.rule
        rows, known = self.activities(rule["activities"], period), self.facts["coverage"]
        known = known[(known["subject"] == "activities") & (known["from_on"] <= period.start) & (known["to_on"] >= period.end)]
        complete = len(known) > 0 and rule["activities"].get("kind") != "office"
        states = []
        if name := rule.get("date"):
            first = rows[rows["to_on"] - rows["from_on"] < LONGEST_DATED].head(1)
            day = None if first.empty else first[name].iloc[0]
            if (first["from_on"].dt.day.eq(1) & (first["to_on"] == first["from_on"] + pd.offsets.MonthEnd(0))).any():
                day = f"{day:%Y-%m}"
            made = Figure(entry, day, known_to=None if day is None else first["to_on"].iloc[0])
        else:
            if rule["count"] == "states":
                named = per_state(rows)
                states, number = self.in_order(named["iso3"]), count(named, STATES)
            elif rule["count"] == "sum":
                number = int(rows["count"].sum())
            else:
                number = len(rows.drop_duplicates(["from_on", "to_on", "title"])) if rule["count"] == "rows" else _in_titles(
                    rows["title"], rule)
            bound = number if complete else None
            made = Figure(entry, bound, number if number or complete else None, bound, number or bound,
                          period.end if complete else rows["to_on"].max() if len(rows) else None, states)
        records.of(made, rows.assign(iso3=rows["states"]), self.facts, "activities")
        return made

    def activities(self, wanted: dict, period: Period) -> pd.DataFrame:
        """Give the recorded activities of a period that answer the filters of a rule, each once, in order of their days.

        One that was planned belongs to the period before it, and to a period that it spans. It is given before it takes
        place where the filters speak of `planned`: True for those alone, None for those too.
        """
        rows, wanted = self.facts["activities"], dict(wanted)
        planned = rows["title"].str.contains("planned")
        within = (rows["from_on"] >= period.start) & (rows["to_on"] <= period.end)
        if wanted.get("kind") == "office":  # held through the period; its years are all that sources print
            within = (rows["from_on"] <= period.start) & (rows["to_on"] >= period.end)
        within &= ~planned | (rows["from_on"] == period.start)
        if "planned" in wanted:
            coming = rows["from_on"].between(period.end, periods.after(self.all_periods, period).end, inclusive="right")
            within = (within | (planned & coming)) & (planned | (wanted.pop("planned") is None))
        rows = rows[within]
        for name, value in wanted.items():
            column = rows[name].fillna("")
            rows = rows[column.str.contains(value, regex=False) if name == "title" else column.isin(
                value if isinstance(value, list) else [value])]
        # Two sources of one meeting give the same first day and name; the one that has the last day too is kept.
        rows = rows.assign(title=rows["title"].str.replace(ASIDES, "", regex=True)).sort_values("to_on", ascending=False)
        named = rows["title"].str.split(";").str[0]
        rows = rows[~rows.assign(named=named).duplicated(["from_on", "kind", "named", "actor", "count", "states"])]
        return rows.sort_values(["from_on", "to_on", "row"])

    def given(self, figure_id: str, rows: pd.DataFrame | None, value=None, *, on: str = "",
              perhaps: pd.DataFrame | None = None, least: bool = False) -> Figure:
        """Make a figure of rows that a notebook chose, or of a value it computed.

        Parameters
        ----------
        rows : DataFrame or None
            With iso3, source and row. The value is the number of distinct States, or of rows for any other unit. None: the
            sources tell nothing that could answer for this period.
        value : number, Timestamp or str, optional
            When the figure is not a count of its rows.
        on : str, optional
            Column with the day that belongs to each State.
        perhaps : DataFrame, optional
            Rows of States that may count besides.
        least : bool
            The rows are those on record, and there may be more.
        """
        entry = vocabulary.find(figure_id)
        value = plain(count(rows, entry.unit)) if value is None else value
        number = value if isinstance(value, int | float) else None
        made = Figure(entry, value, number, number, number)
        if perhaps is not None and len(perhaps):
            made.possible = self.in_order(perhaps["iso3"])
            made.value, made.lower, made.upper = None, number or 0, (number or 0) + len(made.possible)
        if least:
            made.value = made.upper = None
        if rows is not None:
            made.states = made.last = self.in_order(rows["iso3"]) if "iso3" in rows else []
            records.of(made, rows, self.facts)
            if on:
                made.dates = rows.dropna(subset=[on]).set_index("iso3")[on].to_dict()
        return made

    def in_order(self, iso3: Iterable[str]) -> list[str]:
        """Give distinct ISO3 codes in the order of the States' names, accents aside."""
        return sorted({code for code in iso3 if isinstance(code, str) and code}, key=self._by_name)


def _in_titles(titles: pd.Series, rule: dict) -> int:
    """Add up the numbers that a pattern finds in titles, or count what they name of a list, with one's own."""
    if "number" in rule:
        return int(titles.str.extract(rule["number"])[0].dropna().astype(int).sum())
    return sum(titles.str.contains(name, regex=False).any() for name in rule["names"]) + 1 if len(titles) else 0


def bounds(found: Answers, entry: Entry) -> pd.DataFrame:
    """Count the States that answer yes, by day: value (where certain), lower, last_word, upper.

    The last word is missing where it counts nobody and some were never spoken of. An upper bound that holds only because
    nobody ever spoke of some States bounds nothing: it is missing, and so is a lower bound of nothing beside it. Of a figure
    that is `only_named` nobody declares a complete list: those named are certain, and there may be more.
    """
    sure, last, possible = (getattr(found, name).sum(axis=0).astype("float64") for name in ("sure", "last", "possible"))
    unsaid = (found.possible & ~found.last & ~found.last_no).any(axis=0)
    last = np.where(unsaid & (last == 0), np.nan, last)
    unbounded = (found.silent & found.possible & ~found.sure).any(axis=0)
    upper = np.where(unbounded | (entry.rule.get("only_named", False) & (possible != sure)), np.nan, possible)
    lower = np.where(unbounded & (sure == 0), np.nan, sure)
    value = np.where(lower == upper, lower, np.nan)
    # What is certain by now may not have been said by then.
    return pd.DataFrame({"value": value, "lower": lower, "last_word": np.where(np.isnan(value), last, value), "upper": upper})


def _numbers(frame: pd.DataFrame) -> dict:
    return {name: plain(frame[name].iloc[0]) for name in BOUNDS}
