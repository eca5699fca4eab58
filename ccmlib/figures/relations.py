"""What printed figures say of each other: parts and wholes, lists within lists, counts by a day."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from pathlib import Path

import yaml

from ccmlib.language.languages import Language

RELATIONS = yaml.safe_load((Path(__file__).parent / "relations.yml").read_text(encoding="utf-8"))
#: Each figure that is a part of another, with that other.
PARTS = {(part, one["whole"]) for one in RELATIONS["sums"] for part in one["parts"]} | {
    (one["part"], one["whole"]) for one in RELATIONS["within"]}
ENGLISH = Language("en")


@dataclass(frozen=True)
class Printed:
    """One figure as a document prints it: a key of the caller's, place, figure, value, and the States it names."""

    key: Hashable
    ref: str
    figure_id: str
    value: str
    states: tuple[str, ...] = field(default=())


def tensions(
    printed: Iterable[Printed], computed: dict[str, dict], name: Callable, language: Language = ENGLISH
) -> dict[Hashable, list[str]]:
    """Say of printed figures where they do not go together, though each may be right by itself."""
    places = defaultdict(list)
    for one in printed:
        places[one.figure_id].append(one)
    said: dict[Hashable, list[str]] = defaultdict(list)
    for rule in (_sums, _within, _at_most, _by_day):
        for rows, text in rule(places, computed, name, language):
            for row in rows:
                if text not in said[row.key]:
                    said[row.key].append(text)
    return {key: texts for key, texts in said.items() if texts}


def _sums(places: dict, computed: dict, name: Callable, language: Language) -> Iterator[tuple[list[Printed], str]]:
    for relation in RELATIONS["sums"]:
        parts = [_numbers(places[key]) for key in relation["parts"]]
        wholes = _numbers(places[relation["whole"]])
        if not wholes or not all(parts):
            continue
        totals = [sum(values) for values in product(*parts)]
        exact = relation.get("exact")
        if any(total in wholes if exact else total <= max(wholes) for total in totals):
            continue
        shown = " + ".join(
            _any([f"{value:g} ({language.reference(row.ref)})" for value, row in part.items()], language) for part in parts)
        whole, row = next(iter(wholes.items()))
        keys = (*relation["parts"], *([relation["whole"]] if exact else []))
        total = _any([f"{total:g}" for total in dict.fromkeys(totals)], language)
        yield [one for key in keys for one in places[key]], language.text(
            "{parts} make {total}, of {whole} ({figure_id}, {ref})").format(
            parts=shown, total=total, whole=f"{whole:g}", figure_id=relation["whole"], ref=language.reference(row.ref))


def _any(parts: list[str], language: Language) -> str:
    """Say that one or another holds."""
    return reduce(lambda first, second: language.text("{first} or {second}").format(first=first, second=second), parts)


def _numbers(rows: list[Printed]) -> dict[float, Printed]:
    numbers: dict[float, Printed] = {}
    for row in rows:
        if re.fullmatch(r"-?\d+(?:\.\d+)?", row.value):
            numbers.setdefault(float(row.value), row)
    return numbers


def _within(places: dict, computed: dict, name: Callable, language: Language) -> Iterator[tuple[list[Printed], str]]:
    for part, whole, counted in _pairs([*places], computed):
        lists = [[(row.ref, row.states) for row in places.get(key, ()) if row.states] for key in (part, whole)]
        parts, wholes = (
            own if own and not counted else [(key, tuple(computed.get(key, {}).get("states", ())))]
            for key, own in zip((part, whole), lists, strict=True)
        )
        other, of = wholes[0]
        for ref, states in parts:
            outside = [state for state in states if of and state not in of]
            value = next((row.value for row in places.get(part, ()) if row.ref == ref), None)
            rows = [row for row in places.get(part, ()) if row.value == value] if not counted else places.get(whole, [])
            if outside and rows:
                yield rows, language.text("{part} names {states}, not in {whole}").format(
                    part=language.reference(ref), whole=language.reference(other), states=language.commas(map(name, outside)))


def _at_most(places: dict, computed: dict, name: Callable, language: Language) -> Iterator[tuple[list[Printed], str]]:
    for relation in RELATIONS["within"]:
        parts, wholes = (_numbers(places[relation[key]]) for key in ("part", "whole"))
        if parts and wholes and min(parts) > max(wholes):
            part, whole = parts[min(parts)], wholes[max(wholes)]
            told = language.text("{part} ({ref}) are more than the {whole} of {other}, of which they are a part")
            yield [part, whole], told.format(part=part.value, ref=language.reference(part.ref), whole=whole.value,
                                             other=language.reference(whole.ref))


def _pairs(figure_ids: list[str], computed: dict) -> Iterator[tuple[str, str, bool]]:
    named = [(relation["part"], relation["whole"], relation.get("counted", False)) for relation in RELATIONS["within"]
             if relation.get("listed", True)]
    known = sorted({*figure_ids, *computed})
    begun = [(part, whole, False) for part in figure_ids for whole in known
             if part.startswith(f"{whole}_") and not re.search(RELATIONS["other"], part)]
    yield from dict.fromkeys(named + begun)


def _by_day(places: dict, computed: dict, name: Callable, language: Language) -> Iterator[tuple[list[Printed], str]]:
    for relation in RELATIONS["by_day"]:
        days = computed.get(relation["days"], {}).get("dates", {})
        for row in places[relation["count"]]:
            by = next((other.value for other in places[relation["day"]] if other.ref == row.ref), "")
            late = [iso3 for iso3, day in days.items() if by and re.fullmatch(r"[\d-]{10}", day) and day > by]
            if late and row.value == str(len(days)):
                states = language.commas(f"{name(iso3)} ({days[iso3]})" for iso3 in late)
                yield [row], language.text("on {day} the treaty had made it {count}: {states} came due later").format(
                    day=by, count=len(days) - len(late), states=states)
