"""What in a draft cannot be right: within itself, by the treaty's dates, by the figures of a report."""

import re
from collections import Counter, defaultdict, namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from ccmlib.figures.proof.document import Passage
from ccmlib.figures.proof.mentions import Mention, Names, Quantity, sentence, sentences
from ccmlib.figures.proof.ties import SURE, agrees, likeness
from ccmlib.figures.proof.words import PATTERNS, RULES, stems
from ccmlib.figures.relations import ENGLISH, Printed, tensions
from ccmlib.treaty import convention
from ccmlib.treaty.adherence import by_state

#: From this likeness on two statements are of one thing; less is enough where one figure fits both, more is asked for
#: where both stand in one paragraph.
ALIKE, ALIKE_IN_ONE_FIGURE, ALIKE_IN_ONE = 0.65, 0.3, 0.95
#: Confidence of a tie that is enough where two places are tied to one figure.
LIKELY = 0.5
#: A word that says what a year is stands at most so many letters after it ("2018 treaty deadline").
AFTER = 60
#: Kind of a date and ISO3 → the days that it may be, the first by the treaty.
Days = dict[tuple[str, str], list[pd.Timestamp]]


#: One thing that disagrees: where, what is said and found, why, how grave (wrong, check), by which rule, the other place.
Finding = namedtuple("Finding", "ref said found why severity rule other passage")


@dataclass
class Draft:
    """A draft as read, its period, the day of which it speaks, what it is held against; `check` finds what disagrees."""

    passages: list[Passage]
    quantities: list[Quantity]
    lists: list[Names]
    period: str
    day: pd.Timestamp | None
    span: tuple[pd.Timestamp, pd.Timestamp] | None
    name: Callable[[str], str]
    days: Days
    figures: dict[str, dict]

    def __post_init__(self):
        self.findings: list[Finding] = []
        self.numbers = [q for q in self.quantities if q.kind == "number"]
        self.wholes = {q.whole for q in self.numbers if q.whole}

    def of(self, passage: Passage) -> list[Quantity]:
        """Give the counts of a passage."""
        return [q for q in self.numbers if q.passage is passage]

    def named(self, states: list[str]) -> str:
        """Write a list of States."""
        return ENGLISH.join([self.name(state) for state in states])


def check(draft: Draft) -> None:
    """Find what a draft says against itself, the treaty's dates and a report's figures, in the order of the draft."""
    rules = _lengths, _sums, _items, _differing, _parts, _standings, _spans, _dates, against_data
    found = [one for rule in rules for one in rule(draft)]
    told = {one.passage for one in found if one.rule == "not_in_whole"}  # the relation would say it again
    found = [one for one in found if one.rule != "relation" or one.passage not in told]
    draft.findings = sorted(found, key=lambda one: draft.passages.index(one.passage))


def _finding(rule: str, at: Mention, said, found="", **more) -> Finding:
    kind = RULES["rules"][rule]
    why = kind["says"].format(said=said, found=found, **more)
    other = more.get("other") or more.get("figure_id", "")
    return Finding(at.ref, str(said), str(found), why, kind["severity"], rule, other, at.passage)


def _lengths(draft: Draft) -> Iterator[Finding]:
    """Find a list that is shorter or longer than its number."""
    for names in (n for n in draft.lists if n.quantity and not n.quantity.rough):
        said, found = int(names.quantity.value), len(names.states)
        if found != said:
            yield _finding("list_length", names, said, found, states=draft.named(names.states))


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
        yield _finding("parts_sum", whole, whole.value, f"{sum(parts):g}", parts=shown)


def _partition(here: list[Quantity], earlier: list[Quantity]) -> tuple[Quantity | None, list[Quantity]]:
    first, text = here[0], " ".join(q.after for q in here)
    regions = [q for q in here if PATTERNS.region.match(q.after)]
    if len(regions) > 1 and ":" in first.passage.text[first.end : regions[0].start]:
        return first, regions
    if {q.whole for q in here} == {None, first.whole} and first.whole:
        return (first.whole if PATTERNS.rest_strict.search(text) else None), [q for q in here if q is not first.whole]
    if any(q.whole for q in here) or not PATTERNS.rest.search(text):
        return None, []
    if PATTERNS.of_these.search(first.before) or PATTERNS.of_these_after.match(first.after):
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
    for lead in draft.passages:
        whole, sizes = [q for q in draft.of(lead) if not q.names], []
        for item in (passage for passage in draft.passages if passage.lead is lead):
            lists = [float(len(names.states)) for names in draft.lists if names.passage is item]
            sizes += ([float(q.value) for q in draft.of(item)] or lists or [-1.0])[:1]
        if len(whole) == 1 and len(sizes) > 1 and min(sizes) >= 0:
            yield from _unequal(whole[0], sizes)


def _differing(draft: Draft) -> Iterator[Finding]:
    """Find two numbers or two lists of one thing; the one that fewer places print is told."""
    weights = Counter(word for q in draft.quantities for word in stems(q.says))
    usual = {str(draft.day.year), str(draft.day.year - 1)} if draft.day is not None else set()
    alike = defaultdict(list)
    for one, other in combinations([q for q in draft.numbers if q not in draft.wholes], 2):
        together, one_figure = one.passage is other.passage, one.figure_id == other.figure_id
        if (together and one.sentence == other.sentence) or (one.borne_out and other.borne_out and not one_figure):
            continue
        likely = one_figure and min(one.confidence, other.confidence) >= LIKELY
        enough = ALIKE_IN_ONE if together else ALIKE_IN_ONE_FIGURE if likely else ALIKE
        if likeness(one, other, weights, usual) >= enough:
            alike[one].append(other)
            alike[other].append(one)
    told = set()
    for one, others in alike.items():
        unlike = [q for q in others if q.value != one.value]
        most = max((sum(p.value == q.value for p in alike[q]) for q in unlike), default=-1)
        if unlike and not any((q, one) in told for q in unlike) and len(others) - len(unlike) <= most:
            told |= {(one, q) for q in unlike}
            yield _finding("numbers_differ", one, one.value, unlike[0].value, other=unlike[0].ref)
        for other in (q for q in others if q.value == one.value and q.names and one.names and (q, one) not in told):
            told.add((one, other))
            states = _apart(draft, one.names.states, other.names.states, f"only {one.ref} names", f"only {other.ref} names")
            if states:
                yield _finding("lists_differ", one, one.value, other.value, other=other.ref, states=states)


def _apart(draft: Draft, first: list[str], second: list[str], *who: str) -> str:
    """Say which States one of two lists names alone."""
    only = sorted(set(first) - set(second)), sorted(set(second) - set(first))
    return "; ".join(f"{words} {draft.named(states)}" for words, states in zip(who, only, strict=True) if states)


def _parts(draft: Draft) -> Iterator[Finding]:
    """Find a State in a part that is not in the whole."""
    bound = [n for n in draft.lists if n.quantity]
    wholes = {}
    for pattern in RULES["wholes"].values():
        matching = [n for n in bound if re.search(pattern, sentence(n), re.I)]
        wholes[pattern] = max(matching, key=lambda n: len(n.states), default=None)
    for names in bound:
        quantity = names.quantity
        own = [q.names for q in (quantity.whole, quantity.base) if q]
        own += [whole for pattern, whole in wholes.items() if re.search(pattern, _with_base(quantity), re.I)]
        whole = next(filter(None, own), None)
        outside = [state for state in names.states if whole and state not in whole.states]
        if outside and len(outside) < len(names.states):
            states = draft.named(outside)
            yield _finding("not_in_whole", names, quantity.value, len(whole.states), other=whole.ref, states=states)


def _with_base(quantity: Quantity) -> str:
    return f"{quantity.base.says if quantity.base else ''} {quantity.says}"


def treaty_days(treaty_actions: pd.DataFrame, deadlines: pd.DataFrame) -> Days:
    """Give the days that the treaty sets for each State, from its deposit; a deadline that was extended beside the first."""
    states = by_state(treaty_actions)
    into_force = states["entry_into_force_on"]
    for article, deadline in convention.DEADLINES.items():
        states[f"article_{article}_on"] = deadline(into_force)
    granted = deadlines[deadlines["kind"] == "extension_granted"].rename(columns={"deadline_on": "day"})
    rows = pd.concat([
        states.melt("iso3", [column for column in states if column.endswith("_on")], "kind", "day"),
        states[["iso3"]].assign(kind="deposit_on", day=into_force),  # "became a party" is said of both
        granted[["iso3", "day"]].assign(kind="article_" + granted["article"].astype(str) + "_on"),
    ]).dropna(subset=["day"])
    return rows.groupby(["kind", "iso3"])["day"].agg(list).to_dict()


def _standings(draft: Draft) -> Iterator[Finding]:
    """Find States named under a standing that they have not."""
    def by(kind: str, iso3: str) -> bool:
        return draft.days.get((kind, iso3), [pd.NaT])[0] <= draft.day

    for names in (n for n in draft.lists if n.status and draft.day is not None):
        said, changed = names.status, PATTERNS.changed.search(names.passage.text[names.end :])
        allowed = {said, *(["signatory"] if said == "not party" else ["party"] if said == "signatory" and changed else [])}
        now = {}
        for iso3 in (state for state in names.states if len(state) == len("ISO")):
            party = by("deposit_on", iso3) and not by("withdrawal_on", iso3)
            now[iso3] = "party" if party else "signatory" if by("signature_on", iso3) else "not party"
        wrong = {iso3: standing for iso3, standing in now.items() if standing not in allowed}
        if wrong:
            states = ", ".join(f"{draft.name(iso3)} ({standing})" for iso3, standing in wrong.items())
            yield _finding("status", names, said, "; ".join(wrong.values()), day=ENGLISH.date(draft.day), states=states)


def _spans(draft: Draft) -> Iterator[Finding]:
    """Find States said to have become parties in a year, or in the period, that did so at another time."""
    for names in (n for n in draft.lists if n.quantity and PATTERNS.changed.search(_with_base(n.quantity))):
        text = _with_base(names.quantity)
        year, span = PATTERNS.joined_in.search(text), draft.span if PATTERNS.in_period.search(text) else None
        if year:
            span = pd.Timestamp(f"{year[1]}-01-01"), pd.Timestamp(f"{year[1]}-12-31")
        joined = {s: draft.days["deposit_on", s][0] for s in names.states if span and ("deposit_on", s) in draft.days}
        outside = [f"{draft.name(s)} ({ENGLISH.date(day)})" for s, day in joined.items() if not span[0] <= day <= span[1]]
        if outside:
            inside, when = len(names.states) - len(outside), year[1] if year else "the period"
            yield _finding("not_in_span", names, names.quantity.value, inside, when=when, states=", ".join(outside))


def _dates(draft: Draft) -> Iterator[Finding]:
    """Find dates that the treaty contradicts."""
    for quantity in (q for q in draft.quantities if q.kind in ("date", "year")):
        kind = _kind(draft, quantity)
        for iso3 in _whose(draft, quantity) if kind else ():
            known = draft.days.get((kind, iso3), [])
            if known and not any(f"{day:%Y-%m-%d}".startswith(quantity.value) for day in known):
                day, deposit = ENGLISH.date(known[0]), ENGLISH.date(draft.days["deposit_on", iso3][0])
                rule, found = ("deadline_year", f"{known[0]:%Y}") if quantity.kind == "year" else ("treaty_date", day)
                yield _finding(rule, quantity, quantity.value, found, what=RULES["treaty"][kind]["what"],
                               states=draft.name(iso3), day=day, deposit=deposit)


def _kind(draft: Draft, quantity: Quantity) -> str:
    """Find the words that say what a date is: the last before it, with no other date between that has them already."""
    text = quantity.passage.text
    begin = sentences(text)[quantity.sentence]
    led = quantity.passage.lead and quantity.start == 0
    before = quantity.passage.lead.text if led else text[begin : quantity.start]
    own = [q for q in draft.quantities if q.passage is quantity.passage and q.kind in ("date", "year")]
    earlier = [q for q in own if begin <= q.start and q.end <= quantity.start and not PATTERNS.row.search(before)]
    taken, had = max((q.end - begin for q in earlier), default=0), {_kind(draft, q) for q in earlier}
    ends = {}
    for kind, rule in RULES["treaty"].items():
        last = max((m.end() for m in re.finditer(rule["words"], before, re.I)), default=-1)
        if last >= (taken if kind in had else 0):
            ends[kind] = last
        after = text[quantity.end : quantity.end + AFTER]
        if quantity.kind == "year" and re.match(rf"\W*{PATTERNS.the_year.pattern}{rule['words']}", after, re.I):
            return kind
    return "" if PATTERNS.no_day.search(before) else max(ends, key=ends.get, default="")


def _whose(draft: Draft, quantity: Quantity) -> list[str]:
    """Give the States of a date: the list right after it, or the State named last before it."""
    text = quantity.passage.text
    own = [n for n in draft.lists if n.passage is quantity.passage]
    for names in own:
        if re.fullmatch(r"\s*:\s*(?:the )?", text[quantity.end : max(names.start, quantity.end)]):
            return names.states
    spans = [(end, n, n.states[place]) for n in own for place, (_, end) in enumerate(n.spans) if end <= quantity.start]
    if not spans:
        return []
    end, names, iso3 = max(spans, key=lambda span: span[0])
    between = text[end : quantity.start]
    if names.sentence != quantity.sentence and not PATTERNS.its.search(between):
        return []
    return [iso3] if len(names.states) == 1 or re.fullmatch(r"\W*(?:on |in )?", between) else []


def against_data(draft: Draft) -> Iterator[Finding]:
    """Find numbers and lists that a report's figures contradict, bounds and all, and what does not go together."""
    sure = [q for q in draft.quantities if q.confidence >= SURE and q not in draft.wholes]
    for quantity in (q for q in sure if q.value != "0"):
        figure, counted = draft.figures[quantity.figure_id], quantity.kind == "number"
        value, label = str(figure.get("value") or ""), {"label": figure["label"], "figure_id": quantity.figure_id}
        if value in ("", "0") or PATTERNS.earlier.search(quantity.says) or (not counted and _kind(draft, quantity)):
            continue
        if counted and not re.fullmatch(r"\d+(\.\d+)?", value):  # a count beside a figure that is a day
            continue
        low, high = (str(figure.get(key) or value) for key in ("lower", "upper"))
        if not agrees(quantity, value) and not (counted and float(low) <= float(quantity.value) <= float(high)):
            found = value if low == high else f"{low} to {high}"
            yield _finding("data_value", quantity, quantity.value, found, **label)
        elif quantity.names and figure.get("states") and low == high:
            who = "only the draft names", "only the data name"
            if states := _apart(draft, quantity.names.states, figure["states"], *who):
                yield _finding("data_states", quantity, quantity.value, len({*figure["states"]}), states=states, **label)
    printed = [Printed(q, q.ref, q.figure_id, q.value, tuple(q.names.states if q.names else ())) for q in sure]
    told = set()
    for quantity, texts in tensions(printed, draft.figures, draft.name).items():
        yield from (_finding("relation", quantity, quantity.value, text) for text in texts if text not in told)
        told |= set(texts)
