"""What in a draft cannot be right within itself."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import pandas as pd

from ccmlib.figures.proof.document import Passage
from ccmlib.figures.proof.mentions import Mention, Names, Quantity, sentence
from ccmlib.figures.proof.ties import same_thing
from ccmlib.figures.proof.words import PATTERNS, RULES, stems

#: From this likeness on two statements are of one thing; less is enough where one figure fits both, more is asked for
#: where both stand in one paragraph.
ALIKE, ALIKE_IN_ONE_FIGURE, ALIKE_IN_ONE = 0.65, 0.3, 0.95
#: Confidence of a tie that is enough where two places are tied to one figure.
LIKELY = 0.5


@dataclass
class Finding:
    """One thing that disagrees: where, what is said and found, why, how grave (wrong, check), the other place."""

    rule: str
    passage: Passage
    said: str
    found: str
    why: str
    severity: str
    other: str = ""

    @property
    def ref(self) -> str:
        """Give the place."""
        return self.passage.ref


@dataclass
class Draft:
    """A draft as read, the day of which it speaks, its period, and what writes a State's name."""

    passages: list[Passage]
    quantities: list[Quantity]
    lists: list[Names]
    statements: dict[Quantity, str]
    day: pd.Timestamp | None
    span: tuple[pd.Timestamp, pd.Timestamp] | None
    name: Callable[[str], str]

    @cached_property
    def numbers(self) -> list[Quantity]:
        """Give the counts."""
        return [q for q in self.quantities if q.kind == "number"]

    @cached_property
    def wholes(self) -> set[Quantity]:
        """Give the numbers of which others are a part."""
        return {q.whole for q in self.numbers if q.whole}

    def of(self, passage: Passage) -> list[Quantity]:
        """Give the counts of a passage."""
        return [q for q in self.numbers if q.passage is passage]

    def named(self, states) -> str:
        """Write a list of States."""
        names = [self.name(s) if len(s) == len("ISO") else s for s in states]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def finding(rule: str, at: Mention, said, found="", **more) -> Finding:
    """Make a finding, in the words of rules.yml."""
    kind = RULES["rules"][rule]
    why = kind["says"].format(said=said, found=found, **more)
    other = more.get("other") or more.get("figure_id", "")
    return Finding(rule, at.passage, str(said), str(found), why, kind["severity"], other)


def within(draft: Draft) -> Iterator[Finding]:
    """Find what a draft says against itself."""
    for rule in (_lengths, _sums, _items, _differing, _parts):
        yield from rule(draft)


def _lengths(draft: Draft) -> Iterator[Finding]:
    """Find a list that is shorter or longer than its number."""
    for names in (n for n in draft.lists if n.quantity and not n.quantity.rough):
        said, found = int(names.quantity.value), len(names.states)
        if found > said or (found < said and not names.among):
            yield finding("list_length", names, said, found, states=draft.named(names.states))


def _sums(draft: Draft) -> Iterator[Finding]:
    """Find parts ("of these", "of the 10", "seven of the ten") and totals that do not sum."""
    for passage in draft.passages:
        own = draft.of(passage)
        for number in sorted({q.sentence for q in own}):
            here, earlier = ([q for q in own if q.sentence == n] for n in (number, number - 1))
            whole, parts = _partition(here, earlier)
            if not whole:
                whole, parts = _total(here, earlier)
            if whole and len(parts) > 1:
                yield from _unequal(whole, [float(q.value) for q in parts])


def _unequal(whole: Quantity, parts: list[float]) -> Iterator[Finding]:
    if sum(parts) != float(whole.value):
        shown = " + ".join(f"{part:g}" for part in parts)
        yield finding("parts_sum", whole, whole.value, f"{sum(parts):g}", parts=shown)


def _partition(here: list[Quantity], earlier: list[Quantity]) -> tuple[Quantity | None, list[Quantity]]:
    first, text = here[0], " ".join(q.after for q in here)
    regions = [q for q in here if PATTERNS.region.match(q.after)]
    if len(regions) > 1 and ":" in first.passage.text[first.end : regions[0].start]:
        return first, regions
    of_these = PATTERNS.of_these.search(first.before) or PATTERNS.of_these_after.match(first.after)
    if {q.whole for q in here} == {None, first.whole} and first.whole and len(here) > len("ab"):
        return (first.whole if PATTERNS.rest_strict.search(text) else None), [q for q in here if q is not first.whole]
    if any(q.whole for q in here) or not PATTERNS.rest.search(text):
        return None, []
    if of_these:
        return (earlier[0] if len(earlier) == 1 else None), here
    return (first if PATTERNS.of_whole.search(first.before) else None), here[1:]


def _total(here: list[Quantity], earlier: list[Quantity]) -> tuple[Quantity | None, list[Quantity]]:
    for place, quantity in enumerate(here):
        before = here[place - 1].after if place else quantity.before
        if PATTERNS.total_before.search(before) or PATTERNS.in_total.match(quantity.after):
            return quantity, [q for q in (here[:place] if place else earlier) if not q.whole]
    return None, []


def _items(draft: Draft) -> Iterator[Finding]:
    """Find a number whose items make another."""
    items = defaultdict(list)
    for passage in (p for p in draft.passages if p.lead):
        items[id(passage.lead)].append(passage)
    for own in items.values():
        whole = [q for q in draft.of(own[0].lead) if not q.names]
        sizes = []
        for item in own:
            lists = [float(len(n.states)) for n in draft.lists if n.passage is item]
            sizes += ([float(q.value) for q in draft.of(item)] or lists or [-1.0])[:1]
        if len(whole) == 1 and len(own) > 1 and min(sizes) >= 0:
            yield from _unequal(whole[0], sizes)


def _differing(draft: Draft) -> Iterator[Finding]:
    """Find two numbers or two lists of one thing; the one that fewer places print is told."""
    weights = Counter(word for text in draft.statements.values() for word in stems(text))
    usual = {str(draft.day.year), str(draft.day.year - 1)} if draft.day is not None else set()
    alike = defaultdict(list)
    for one, other in combinations([q for q in draft.numbers if q not in draft.wholes], 2):
        together = one.passage is other.passage
        if together and one.sentence == other.sentence:
            continue
        if one.borne_out and other.borne_out and one.figure_id != other.figure_id:
            continue
        likeness, sure = same_thing(one, other, draft.statements, weights, usual), min(one.confidence, other.confidence)
        one_figure = one.figure_id == other.figure_id and sure >= LIKELY
        if likeness >= (ALIKE_IN_ONE if together else ALIKE_IN_ONE_FIGURE if one_figure else ALIKE):
            alike[one].append(other)
            alike[other].append(one)
    told = set()
    for one, others in alike.items():
        unlike = [q for q in others if q.value != one.value]
        most = max((sum(p.value == q.value for p in alike[q]) for q in unlike), default=-1)
        if unlike and not any((q, one) in told for q in unlike) and len(others) - len(unlike) <= most:
            told |= {(one, q) for q in unlike}
            yield finding("numbers_differ", one, one.value, unlike[0].value, other=unlike[0].ref)
        for other in (q for q in others if q.value == one.value and q.names and one.names and (q, one) not in told):
            told.add((one, other))
            pairs = ((one, other), (other, one))
            only = [(a.ref, sorted(set(a.names.states) - set(b.names.states))) for a, b in pairs]
            states = "; ".join(f"only {ref} names {draft.named(names)}" for ref, names in only if names)
            if states:
                yield finding("lists_differ", one, one.value, other.value, other=other.ref, states=states)


def _parts(draft: Draft) -> Iterator[Finding]:
    """Find a State in a part that is not in the whole."""
    bound = [n for n in draft.lists if n.quantity]
    wholes = {}
    for pattern in RULES["wholes"].values():
        matching = [n for n in bound if n.status in ("party", "") and re.search(pattern, sentence(n), re.I)]
        wholes[pattern] = max(matching, key=lambda n: len(n.states), default=None)
    for names in bound:
        quantity = names.quantity
        whole = next((q.names for q in (quantity.whole, quantity.base) if q and q.names), None)
        text = f"{draft.statements[quantity]} {draft.statements.get(quantity.base, '')}"
        whole = whole or next((w for pattern, w in wholes.items() if w and re.search(pattern, text, re.I)), None)
        outside = [state for state in names.states if whole and state not in whole.states]
        if outside and len(outside) < len(names.states):
            states = draft.named(outside)
            yield finding("not_in_whole", names, quantity.value, len(whole.states), other=whole.ref, states=states)
