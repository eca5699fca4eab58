"""What printed figures say of each other: parts and wholes, lists within lists, counts by a day."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import reduce
from itertools import product
from pathlib import Path
from typing import NamedTuple

import yaml

from ccmlib.language.languages import Language

RELATIONS = yaml.safe_load((Path(__file__).parent / "relations.yml").read_text(encoding="utf-8"))
#: Each figure that is a part of another, with that other.
PARTS = {(part, one["whole"]) for one in RELATIONS["sums"] for part in one["parts"]} | {
    (one["part"], one["whole"]) for one in RELATIONS["within"]}
ENGLISH = Language("en")


class Printed(NamedTuple):
    """One figure as a document prints it: a key of the caller's, place, figure, value, and the States it names."""

    key: Hashable
    ref: str
    figure_id: str
    value: str
    states: tuple[str, ...] = ()


#: Printed figures that do not go together, and what is said of them.
Said = Iterator[tuple[list[Printed], str]]


def tensions(
    printed: Iterable[Printed], computed: dict[str, dict], name: Callable, language: Language = ENGLISH
) -> dict[Hashable, list[str]]:
    """Say of printed figures where they do not go together, though each may be right by itself."""
    places = defaultdict(list)
    for one in printed:
        places[one.figure_id].append(one)
    said: dict[Hashable, dict] = defaultdict(dict)
    for rule in (_sums, _within, _at_most, _by_day):
        for rows, text in rule(places, computed, name, language):
            for row in rows:
                said[row.key][text] = True
    return {key: list(texts) for key, texts in said.items()}


def _sums(places: dict, computed: dict, name: Callable, language: Language) -> Said:
    for relation in RELATIONS["sums"]:
        parts, wholes = [_numbers(places[key]) for key in relation["parts"]], _numbers(places[relation["whole"]])
        totals, exact = [sum(values) for values in product(*parts)], relation.get("exact")
        if not wholes or not totals or any(total in wholes if exact else total <= max(wholes) for total in totals):
            continue
        shown = " + ".join(
            _any([f"{value:g} ({language.reference(row.ref)})" for value, row in part.items()], language) for part in parts)
        whole, row = next(iter(wholes.items()))
        told = language.text("{parts} make {total}, of {whole} ({figure_id}, {ref})").format(
            parts=shown, total=_any([f"{total:g}" for total in dict.fromkeys(totals)], language), whole=f"{whole:g}",
            figure_id=relation["whole"], ref=language.reference(row.ref))
        concerned = [*relation["parts"], relation["whole"]] if exact else relation["parts"]
        yield [one for key in concerned for one in places[key]], told


def _any(parts: list[str], language: Language) -> str:
    """Say that one or another holds."""
    return reduce(lambda first, second: language.text("{first} or {second}").format(first=first, second=second), parts)


def _numbers(rows: list[Printed]) -> dict[float, Printed]:
    """Give the numbers among printed values, each with the first row that has it."""
    numbers: dict[float, Printed] = {}
    for row in rows:
        if re.fullmatch(r"-?\d+(?:\.\d+)?", row.value):
            numbers.setdefault(float(row.value), row)
    return numbers


def _within(places: dict, computed: dict, name: Callable, language: Language) -> Said:
    pairs = [(relation["part"], relation["whole"], relation.get("counted", False)) for relation in RELATIONS["within"]
             if relation.get("listed", True)]
    pairs += [(part, whole, False) for part in [*places] for whole in sorted({*places, *computed})
              if part.startswith(f"{whole}_") and not re.search(RELATIONS["other"], part)]
    for part, whole, counted in dict.fromkeys(pairs):
        listed = [row for row in places.get(part, ()) if row.states]
        lists = [(row.ref, row.states, [same for same in places[part] if same.value == row.value]) for row in listed]
        ours = {key: tuple(computed.get(key, {}).get("states", ())) for key in (part, whole)}
        other, of = next(((row.ref, row.states) for row in places.get(whole, ()) if row.states), (whole, ours[whole]))
        if counted:  # the lists of the data
            lists, other, of = [(part, ours[part], places.get(whole, []))], whole, ours[whole]
        for ref, states, rows in lists:
            outside = [state for state in states if of and state not in of]
            if outside:
                yield rows, language.text("{part} names {states}, not in {whole}").format(
                    part=language.reference(ref), whole=language.reference(other), states=language.commas(map(name, outside)))


def _at_most(places: dict, computed: dict, name: Callable, language: Language) -> Said:
    for relation in RELATIONS["within"]:
        parts, wholes = (_numbers(places[relation[key]]) for key in ("part", "whole"))
        if parts and wholes and min(parts) > max(wholes):
            part, whole = parts[min(parts)], wholes[max(wholes)]
            told = language.text("{part} ({ref}) are more than the {whole} of {other}, of which they are a part")
            yield [part, whole], told.format(part=part.value, ref=language.reference(part.ref), whole=whole.value,
                                             other=language.reference(whole.ref))


def _by_day(places: dict, computed: dict, name: Callable, language: Language) -> Said:
    for relation in RELATIONS["by_day"]:
        days = computed.get(relation["days"], {}).get("dates", {})
        for row in places[relation["count"]]:
            by = next((other.value for other in places[relation["day"]] if other.ref == row.ref), "")
            late = [iso3 for iso3, day in days.items() if by and re.fullmatch(r"[\d-]{10}", day) and day > by]
            if late and row.value == str(len(days)):
                states = language.commas(f"{name(iso3)} ({days[iso3]})" for iso3 in late)
                yield [row], language.text("on {day} the treaty had made it {count}: {states} came due later").format(
                    day=by, count=len(days) - len(late), states=states)
