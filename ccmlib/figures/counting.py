"""Counts the figures of the vocabulary from standings and tidy tables: for a period, or for any day."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ccmlib.base.names import StateNames, name_key
from ccmlib.figures import records, vocabulary
from ccmlib.figures.figure import Figure, count, per_state, plain, span_text, total
from ccmlib.figures.vocabulary import STATES, Entry
from ccmlib.treaty import convention, deadlines, periods
from ccmlib.treaty.convention import year_reported
from ccmlib.treaty.facts import Facts
from ccmlib.treaty.observations import ONE_DAY, SAID, questions
from ccmlib.treaty.periods import Period
from ccmlib.treaty.standings import Answers, held

FIELDS = ("sure", "possible", "last", "last_no", "silent")
#: An activity whose days lie farther apart has no day of its own: it went on through a season or the whole period.
LONGEST_DATED = pd.Timedelta(days=31)
#: What a compiler adds to the title of an activity: the last day, which the row has, remarks on the source or on other rows.
ASIDES = re.compile(r"[;,:] (?:to \d+ \w+|[^;]*not printed[^;]*|[^;]*is a slip)(?=[;,]|$)"
                    r"| \(the same[^)]*\)|; the same[^)]*(?=\))")


class Counts:
    """Figures for periods and days.

    Parameters
    ----------
    facts : Facts
        Tidy tables and standings.
    names_on : Timestamp, optional
        Lists follow the names that were in use on this day; those of today by default.
    """

    def __init__(self, facts: Facts, names_on: pd.Timestamp | None = None):
        self.facts, self.names_on = facts, names_on
        self.names = StateNames(facts["states"])
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
            at = pd.DatetimeIndex([places[place]] * len(days)) if place else days
            found[token] = self.facts.ask(name, at, of_year)
        return vocabulary.evaluate(expression, found)

    def series(self, figure_id: str, days: Iterable, among: Iterable[str] | None = None) -> pd.DataFrame:
        """Count a figure on each day.

        Parameters
        ----------
        figure_id : str
            A figure that any day can be asked for.
        days : iterable of Timestamp
            The days.
        among : iterable of str, optional
            ISO3 codes: count these States only.

        Returns
        -------
        DataFrame
            By day `on`: value (missing where not known), lower, last_word, upper, known_to.
        """
        entry, days = vocabulary.find(figure_id), pd.DatetimeIndex(days)
        if "share" in entry.rule:
            return self._share(entry, days, among)
        if not entry.any_day:
            raise vocabulary.UnknownFigureError(f"{figure_id!r} is of a period, not of a day: ask for it by period=…")
        expression = entry.rule["where"]
        found = self.answers(expression, days)
        if among is not None:
            chosen = np.isin(self.facts.record.states, list(among))
            found = Answers(*(getattr(found, name)[chosen] for name in FIELDS))
        frame = bounds(found, entry.rule.get("only_named", False))
        exact = frame["value"].notna().to_numpy()
        frame["known_to"] = [day if sure else self.known_to(expression, day) for day, sure in zip(days, exact, strict=True)]
        return frame.set_index(days.rename("on"))

    def _share(self, entry: Entry, days, among) -> pd.DataFrame:
        part, rest = (self.series(name, days, among) for name in entry.rule["share"])
        made = pd.DataFrame(index=part.index)
        for name, other in {"lower": "upper", "upper": "lower", "last_word": "last_word"}.items():
            made[name] = 100 * part[name] / (part[name] + rest[other]).replace(0, np.nan)
        made["value"] = made["lower"].where(made["lower"] == made["upper"])
        return made.assign(known_to=part["known_to"])[["value", "lower", "last_word", "upper", "known_to"]]

    def known_to(self, expression: str, day: pd.Timestamp) -> pd.Timestamp:
        """Give the day to which the sources reach that answer an expression: the last day that a word speaks of."""
        beyond = vocabulary.reported(expression)
        if not beyond:
            return min(day, self.facts.treaty_known_to)
        words = self.facts["last_words"]
        words = words[words["question"].isin(beyond) & (words["from_on"] <= day) & (words["basis"] == SAID)]
        return words["about_on"].max()

    # ---- a period

    def figure(self, figure_id: str, period: Period, **more) -> Figure:
        """Count a figure for a period, by its rule; States, records and days with it.

        Raises
        ------
        UnknownFigureError
            It is not in the vocabulary, or has no rule: a notebook counts it.
        """
        entry = vocabulary.find(figure_id)
        rule = entry.rule
        if "share" in rule:
            return Figure(entry, **_numbers(self.series(figure_id, [period.end]).iloc[0]))
        ways = {"activities": self._of_activities, "reported": self._of_reports, "granted": self._of_extensions,
                "where": self._of_states, "began": self._of_events, "ended": self._of_events}
        way = next((key for key in ways if key in rule), None)
        if way is None:
            raise vocabulary.UnknownFigureError(f"{figure_id!r} has no rule in the vocabulary: a notebook counts it")
        made, previous = ways[way](entry, period), periods.before(self.all_periods, period)
        if way in ("where", "began", "ended") and previous and not rule.get("between") and not rule.get("previous"):
            before = ways[way](entry, previous)
            made.before, made.states_before = before.value, before.states
        return made

    def _of_states(self, entry: Entry, period: Period) -> Figure:
        expression, day = entry.rule["where"], period.end
        found = self.answers(expression, [day], period)
        if name := entry.rule.get("due_in"):
            due = self.facts.adherence[name].reindex(self.facts.record.states)
            due = due.dt.year.eq(int(entry.fills["year"])).to_numpy()[:, None]
            found = found & Answers(due, due, due, ~due, due & False)
        if indicators := entry.rule.get("not_reported"):
            rows, complete = self._told(indicators, period)
            named = np.isin(self.facts.record.states, rows["iso3"])[:, None]
            told = np.full_like(named, complete)
            found = found & Answers(told & ~named, ~named, told & ~named, named, ~told)
        made = self._made(entry, found)
        made.known_to = day if made.value is not None else self.known_to(expression, day)
        if made.upper is None and not vocabulary.reported(expression):
            made.possible = []  # past the depositary's record any State may have joined
        self._forget(made, period.start if "@period_before" in expression else convention.OPENED_FOR_SIGNATURE_ON)
        records.add(made, expression, day, self.facts, self.in_order)
        self._dates(made, day)
        return made

    def _made(self, entry: Entry, found: Answers) -> Figure:
        """Count the answers of one day, with their States."""
        codes = np.array(self.facts.record.states)
        states, possible, last = (self.in_order(codes[chosen[:, 0]]) for chosen in (
            found.sure, found.possible & ~found.sure & ~found.silent, found.last))
        numbers = _numbers(bounds(found, entry.rule.get("only_named", False)).iloc[0])
        return Figure(entry, **numbers, states=states, possible=possible, last=last)

    @staticmethod
    def _forget(made: Figure, since: pd.Timestamp) -> None:
        """Drop a last word that is older than what a figure is about, or that nobody said."""
        if pd.isna(made.known_to) or made.known_to < since:
            made.last_word, made.last = made.value, made.last if made.value is not None else []
            made.known_to = None if pd.isna(made.known_to) else made.known_to

    def _dates(self, made: Figure, day: pd.Timestamp) -> None:
        """Add the day that belongs to each State."""
        name = made.entry.rule.get("day", "")
        if name in self.facts.adherence:
            days = self.facts.adherence[name]
        elif "_deadline_" in name:
            days = deadlines.in_effect(self.facts.deadlines(int(name[3])), day)["deadline_on"]
        else:
            return
        counted = [*made.states, *made.last, *made.possible]
        made.dates = {**{iso3: days[iso3] for iso3 in counted if pd.notna(days.get(iso3))}, **made.dates}

    def _of_events(self, entry: Entry, period: Period) -> Figure:
        """Count the States whose answer became yes, or ceased to be yes, within a period."""
        rule = entry.rule
        question, began = (rule["began"], True) if "began" in rule else (rule["ended"], False)
        start, end = self._window(entry, period)
        if start is None:
            return Figure(entry, 0, 0, 0, 0, period.start)
        spells = self.facts["standings"]
        spells = spells[spells["question"] == question]
        ends = ("from_earliest", "from_latest") if began else ("to_earliest", "to_latest")
        first, last = (spells[name] for name in ends)
        overlaps = ~(first > end) & ~(last < start)
        if not began:
            overlaps &= first.notna()
        inside = overlaps & (first >= start) & (last <= end) & spells.index.isin(held(spells).index)
        codes = self.facts.record.states
        sure, possible = (np.isin(codes, spells.loc[rows, "iso3"])[:, None] for rows in (inside, overlaps))
        day_before, on_end = (self.facts.ask(question, [day]) for day in (start - ONE_DAY, end))
        flipped = on_end.last & ~day_before.last if began else day_before.last & ~on_end.last
        silent = on_end.silent & ~day_before.sure if began else (day_before.silent | on_end.silent) & ~sure
        found = Answers(sure, possible | sure | silent, flipped | sure, ~flipped & ~sure, silent)
        if expression := rule.get("of"):
            found = found & self.answers(expression, [end], period)
        made = self._made(entry, found)
        made.known_to = end if made.value is not None else self.known_to(question, end)
        self._forget(made, start)
        chosen = spells[overlaps & spells["iso3"].isin([*made.states, *made.possible])].assign(inside=inside)
        chosen = chosen.sort_values("inside", kind="stable").drop_duplicates("iso3", keep="last")
        made.dates = {row["iso3"]: span_text(*(row[name] for name in ends)) for row in chosen.to_dict("records")}
        self._dates(made, end)
        made.evidence = chosen[["iso3", "source", "row", "publishers"]].reset_index(drop=True)
        made.rows, made.tables = list(dict.fromkeys(chosen.loc[chosen["iso3"].isin(made.states), "row"])), ["standings"]
        made.heard = chosen.set_index("iso3")["last_heard_on"].to_dict()
        return made

    def _window(self, entry: Entry, period: Period) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
        previous = periods.before(self.all_periods, period)
        if entry.rule.get("previous"):
            return (previous.start, previous.end) if previous else (None, None)
        if entry.rule.get("year_before"):
            return pd.Timestamp(period.end.year - 1, 1, 1), pd.Timestamp(period.end.year - 1, 12, 31)
        if not entry.rule.get("between"):
            return period.start, period.end
        gap = previous is not None and previous.end + ONE_DAY < period.start
        return (previous.end + ONE_DAY, period.start - ONE_DAY) if gap else (None, None)

    def _told(self, indicators: list[str], period: Period, in_period: bool = False) -> tuple[pd.DataFrame, bool]:
        """Give what States reported for the year of a period, and whether a card declares the list complete."""
        table = self.facts["disclosures"]
        rows = table[table["indicator"].isin(indicators) & (table["value"] > 0) & (table["iso3"] != "")]
        year = period.annual_report_year
        known_to = self.facts.known_to("reported", year)
        if in_period:
            return rows[period.contains(rows["as_of"])], bool(known_to <= period.end)
        return rows[(rows["covers_year"] == year) & ~(rows["as_of"] > period.end)], bool(known_to <= period.end)

    def _of_reports(self, entry: Entry, period: Period) -> Figure:
        rows, complete = self._told(entry.rule["reported"], period, entry.rule.get("in_period", False))
        codes = self.facts.record.states
        named = np.isin(codes, rows["iso3"])[:, None]
        open_ended = np.full_like(named, not complete)
        found = Answers(named, named | open_ended, named, ~named & ~open_ended, open_ended & ~named)
        if expression := entry.rule.get("of"):
            found = found & self.answers(expression, [period.end], period)
        made = self._made(entry, found)
        if not complete and not made.states:  # nobody was named and no list is complete: nothing is known
            made.last_word = None
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
        number, most = dated["iso3"].nunique(), dated["iso3"].nunique() + undated["iso3"].nunique()
        made = Figure(entry, None, number or None, None, number or None, rows["known_on"][rows["known_on"] <= period.end].max(),
                      self.in_order(dated["iso3"]), self.in_order(undated["iso3"]), self.in_order(dated["iso3"]))
        if not most:
            made.last_word = None
        records.of(made, pd.concat([dated, undated]), self.facts, "deadlines")
        chosen = pd.concat([dated, undated]).dropna(subset="deadline_on").sort_values("deadline_on")
        made.dates = chosen.drop_duplicates("iso3", keep="last").set_index("iso3")["deadline_on"].to_dict()
        return made

    def _of_activities(self, entry: Entry, period: Period) -> Figure:
        rows = self.activities(entry.rule["activities"], period)
        complete = self.facts["coverage"].query("subject == 'activities'")
        complete = ((complete["from_on"] <= period.start) & (complete["to_on"] >= period.end)).any()
        complete &= entry.rule["activities"].get("kind") != "office"
        if name := entry.rule.get("date"):
            first = rows[rows["to_on"] - rows["from_on"] < LONGEST_DATED].head(1)
            whole = first["from_on"].dt.day.eq(1) & (first["to_on"] == first["from_on"] + pd.offsets.MonthEnd(0))
            day = None if first.empty else f"{first[name].iloc[0]:%Y-%m}" if whole.iloc[0] else first[name].iloc[0]
            made = Figure(entry, day, known_to=None if day is None else first["to_on"].iloc[0])
        else:
            named = per_state(rows) if entry.rule["count"] == "states" else rows.assign(iso3="")
            number = {"states": lambda: count(named, STATES), "sum": lambda: total(rows["count"]) or 0,
                      "rows": lambda: len(rows.drop_duplicates(["from_on", "to_on", "title"])),
                      "in_title": lambda: _in_titles(rows["title"], entry.rule)}[entry.rule["count"]]()
            bound = number if complete else None
            made = Figure(entry, bound, number if number or complete else None, bound, number or bound,
                          period.end if complete else rows["to_on"].max() if len(rows) else None)
            made.states = self.in_order(named["iso3"]) if entry.rule["count"] == "states" else []
        records.of(made, rows.assign(iso3=rows["states"]), self.facts, "activities")
        return made

    def activities(self, wanted: dict, period: Period) -> pd.DataFrame:
        """Give the recorded activities of a period that answer the filters of a rule, each once, in order of their days.

        One that was planned belongs to the period before it, and to a period that it spans. It is given before it takes
        place where the filters speak of `planned`: True for those alone, None for those too.
        """
        rows = self.facts["activities"]
        planned = rows["title"].str.contains("planned")
        within = (rows["from_on"] >= period.start) & (rows["to_on"] <= period.end)
        if wanted.get("kind") == "office":  # held through the period; its years are all that sources print
            within = (rows["from_on"] <= period.start) & (rows["to_on"] >= period.end)
        within &= ~planned | (rows["from_on"] == period.start)
        if "planned" in wanted:
            coming = rows["from_on"].between(period.end, periods.after(self.all_periods, period).end, inclusive="right")
            within = (within | (planned & coming)) & (planned | (wanted["planned"] is None))
        rows = rows[within]
        for name, value in wanted.items():
            if name == "planned":
                continue
            column = rows[name].fillna("")
            rows = rows[column.isin(value) if isinstance(value, list) else column.eq(value) if name != "title"
                        else column.str.contains(value, regex=False)]
        # Two sources of one meeting give the same first day and name; the one that has the last day too is kept.
        rows = rows.assign(title=rows["title"].str.replace(ASIDES, "", regex=True)).sort_values("to_on", ascending=False)
        named = rows["title"].str.split(";").str[0]
        rows = rows[~rows.assign(named=named).duplicated(["from_on", "kind", "named", "actor", "count", "states"])]
        return rows.sort_values(["from_on", "to_on", "row"])

    def given(self, figure_id: str, rows: pd.DataFrame | None, value=None, *, on: str = "", note: str = "",
              before: pd.DataFrame | None = None, perhaps: pd.DataFrame | None = None, least: bool = False) -> Figure:
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
        before : DataFrame, optional
            The same rows as they stood at the end of the period before.
        perhaps : DataFrame, optional
            Rows of States that may count besides.
        least : bool
            The rows are those on record, and there may be more.
        """
        entry = vocabulary.find(figure_id)
        value = plain(count(rows, entry.unit)) if value is None else value
        number = value if isinstance(value, int | float) else None
        made = Figure(entry, value, number, number, number, note=note, before=count(before, entry.unit))
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
        made.states_before = [] if before is None else self.in_order(before["iso3"])
        return made

    def in_order(self, iso3: Iterable[str]) -> list[str]:
        """Give distinct ISO3 codes in the order of the States' names, accents aside."""
        codes = pd.unique(pd.Series(list(iso3), dtype="str").dropna())
        return sorted((code for code in codes if code), key=lambda code: name_key(self.names.name(code, self.names_on)))


def _in_titles(titles: pd.Series, rule: dict) -> int:
    """Add up the numbers that a pattern finds in titles, or count what they name of a list, with one's own."""
    if "number" in rule:
        return int(titles.str.extract(rule["number"])[0].dropna().astype(int).sum())
    return sum(titles.str.contains(name, regex=False).any() for name in rule["names"]) + 1 if len(titles) else 0


def bounds(found: Answers, only_named: bool = False) -> pd.DataFrame:
    """Count the States that answer yes, by day: value (where certain), lower, last_word, upper.

    The last word is missing where it counts nobody and some were never spoken of. An upper bound that holds only because
    nobody ever spoke of some States bounds nothing: it is missing, and so is a lower bound of nothing beside it. With
    `only_named` nobody declares a complete list: those named are certain, and there may be more.
    """
    sure, last, possible = (getattr(found, name).sum(axis=0).astype("float64") for name in ("sure", "last", "possible"))
    unsaid = (found.possible & ~found.last & ~found.last_no).any(axis=0)
    last = np.where(unsaid & (last == 0), np.nan, last)
    unbounded = (found.silent & found.possible & ~found.sure).any(axis=0)
    upper = np.where(unbounded | (only_named & (possible != sure)), np.nan, possible)
    lower = np.where(unbounded & (sure == 0), np.nan, sure)
    frame = pd.DataFrame({"value": np.where(lower == upper, lower, np.nan), "lower": lower, "last_word": last, "upper": upper})
    # What is certain by now may not have been said by then.
    return frame.assign(last_word=frame["last_word"].where(frame["value"].isna(), frame["value"]))


def _numbers(row: pd.Series) -> dict:
    return {name: plain(row[name]) for name in ("value", "lower", "last_word", "upper")}
