"""Why a published figure differs from the computed one: the report's own other numbers, days and names, where they add up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pandas as pd

from ccmlib.figures import vocabulary
from ccmlib.figures.relations import RELATIONS
from ccmlib.language.languages import Language

#: Days of the treaty that a figure's rule may name → how a State is named with its own.
HEADINGS = {"deposit_on": "{state} (deposit on {day})", "initial_report_due_on": "{state} (initial report due on {day})"}


@dataclass(frozen=True)
class Ledger:
    """What a report prints and what the records give, by figure_id: rows of the ledger, and figure records as in section.json.

    `name` names a State; by ISO3, `days` are its treaty dates and `sources` the place and source of each record that names it.
    """

    printed: dict[str, list]
    computed: dict[str, dict]
    name: Callable
    days: pd.DataFrame
    sources: dict[str, list]
    language: Language

    def value(self, figure_id: str) -> int | None:
        """Give the number computed."""
        value = self.computed.get(figure_id, {}).get("value")
        return value if isinstance(value, int) else None

    def numbers(self, figure_id: str) -> dict[int, str]:
        """Give the numbers of a figure, each with its words: those printed, or else the one computed."""
        printed = {int(row.value): f"{row.value} ({self.language.reference(row.ref)})"
                   for row in self.printed.get(figure_id, [])[::-1] if row.value.isdigit()}
        if printed or self.value(figure_id) is None:
            return printed
        number, label = self.value(figure_id), vocabulary.find(figure_id).label["many"]
        return {number: f"{number} {self.language.text(label)}"}

    def states(self, figure_id: str) -> list[str]:
        """Give the States that the report names for a figure, or else those computed."""
        named = [row.states.split(";") for row in self.printed.get(figure_id, []) if row.states]
        return named[0] if named else self.computed.get(figure_id, {}).get("states", [])

    def names(self, states: list[str]) -> str:
        """Name States as a sentence does."""
        return self.language.join([self.name(iso3) for iso3 in states])


def find(row, ledger: Ledger) -> Iterator[str]:
    """Give the causes of a difference in sentences."""
    value, printed = str(ledger.computed[row.figure_id]["value"]), row.value
    if row.value_kind in ("date", "year") and printed and len(value) == len("2016-04-06"):
        eve = f"{pd.Timestamp(value) - pd.Timedelta(days=1):%Y-%m-%d}"
        if eve.startswith(printed):
            yield ledger.language.text("The day before, {day}, falls in {year}.").format(
                day=ledger.language.value(eve), year=printed)
    if row.value_kind == "number" and printed.isdigit() and printed != value:
        yield from dict.fromkeys([*_other_numbers(row.figure_id, int(printed), ledger),
                                  *_as_far_apart(row.figure_id, int(printed), ledger)])


def _other_numbers(figure_id: str, printed: int, ledger: Ledger) -> Iterator[str]:
    """Say what the report's other numbers of a whole and its parts make, where that explains either side."""
    figure, say = ledger.computed.get(figure_id, {}), ledger.language.text
    ours = {figure.get("value"), figure.get("upper")} - {None}
    for relation in RELATIONS["sums"]:
        whole, parts = relation["whole"], [part for part in relation["parts"] if part != figure_id]
        if figure_id not in (whole, *relation["parts"]):
            continue
        outside = [iso3 for part in parts for iso3 in ledger.states(part) if iso3 not in ledger.states(whole)]
        for each in product(*(ledger.numbers(part).items() for part in parts)):
            made, words = sum(number for number, _ in each), [said for _, said in each]
            if figure_id == whole:
                if made in ours:
                    yield say("{parts} make {total}.").format(parts=" + ".join(words), total=made)
                continue
            for total, of in ledger.numbers(whole).items():
                left = total - made
                told = {"whole": of, "parts": ledger.language.join(words), "left": left}
                if left in ours:
                    yield say("{whole} less {parts} leave {left}.").format(**told)
                elif outside and (left == printed or left + len(outside) in ours):
                    told |= {"more": left + len(outside), "total": total, "states": ledger.names(outside)}
                    text = say("{whole} less {parts} leave {left}, or {more}, as these are not among the {total}: {states}.")
                    yield text.format(**told)


def _as_far_apart(figure_id: str, printed: int, ledger: Ledger) -> Iterator[str]:
    """Say where another figure of a whole and its parts differs by as much, and what explains that."""
    ours, say = ledger.value(figure_id), ledger.language.text
    for relation in RELATIONS["sums"]:
        members = [relation["whole"], *relation["parts"]]
        if ours is None or not relation.get("exact") or figure_id not in members:
            continue
        for row in [row for other in members if other != figure_id for row in ledger.printed.get(other, [])]:
            theirs, sign = ledger.value(row.figure_id), 1 if relation["whole"] in (figure_id, row.figure_id) else -1
            if theirs is not None and row.value.isdigit() and int(row.value) - theirs == sign * (printed - ours):
                told = say("The {value} of {place} differs by as much.") if sign == 1 else say(
                    "The {value} of {place} differs by as much the other way.")
                yield told.format(value=row.value, place=ledger.language.reference(row.ref))
                yield from _other_numbers(row.figure_id, int(row.value), ledger)


def only_in(report: list[str], records: list[str], row, ledger: Ledger) -> Iterator[str]:
    """Name the States that only the report or only the records name, each with what is told of it."""
    entry, figure, language = vocabulary.find(row.figure_id), ledger.computed[row.figure_id], ledger.language
    day = entry.rule.get("day", "")
    on = ledger.days[day].dropna() if day in HEADINGS and day in ledger.days else {}
    if report:
        told = [language.text(HEADINGS[day]).format(state=ledger.name(iso3), day=language.date(on[iso3])) if iso3 in on
                else ledger.name(iso3) for iso3 in report]
        yield language.text("Only the report names {states}.").format(states=language.join(told))
    if records:
        own, dates, told = set(figure.get("rows", ())), figure.get("dates", {}), []
        late = [other for figure_id, rows in ledger.printed.items() if entry.late and figure_id != row.figure_id
                and vocabulary.find(figure_id).late and vocabulary.find(figure_id).theme == entry.theme for other in rows]
        for iso3 in records:
            more = [language.value(dates.get(iso3, "")),
                    *(source for place, source in ledger.sources.get(iso3, ()) if place in own),
                    *(language.text("named in {place}").format(place=language.reference(other.ref))
                      for other in late if iso3 in other.states.split(";"))]
            more = language.series(dict.fromkeys(filter(None, more)))
            told.append(f"{ledger.name(iso3)} ({more})" if more else ledger.name(iso3))
        yield language.text("Only the rows name {states}.").format(states=language.join(told))
