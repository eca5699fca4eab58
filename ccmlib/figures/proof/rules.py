"""What in a draft cannot be right: within itself, against the treaty's dates, against the data of a report."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from ccmlib.figures.proof import relations
from ccmlib.figures.proof.mentions import Names, Quantity, sentence, sentences
from ccmlib.figures.proof.reading import Passage
from ccmlib.figures.proof.ties import RULES, SURE, agrees, same_thing, stems
from ccmlib.treaty import adherence, convention

#: From this likeness on two statements are of one thing; less is enough where one figure fits both, more is asked for
#: where two do.
ALIKE, ALIKE_IN_ONE_FIGURE, ALIKE_IN_TWO_FIGURES = 0.65, 0.3, 0.95
#: Confidence of a tie that is enough where two places are tied to one figure.
LIKELY = 0.5
#: A word that says what a date is stands at most so many letters before it, or after it ("2018 treaty deadline").
NEAR, AFTER = 60, 20
_IT = re.compile(r"\b(?:its?|that State)\b", re.I)
_NO_DAY = re.compile(r"\b(?:before|after|until|since|from)\s+$", re.I)


@dataclass
class Finding:
    """One thing that disagrees: where, what is said, what was found, why, and how grave it is."""

    rule: str
    passage: Passage
    said: str
    found: str
    why: str
    other: str = ""

    @property
    def ref(self) -> str:
        """Give the place."""
        return self.passage.ref

    @property
    def severity(self) -> str:
        """Give ``wrong`` or ``check``."""
        return RULES["rules"][self.rule]["severity"]


@dataclass
class Draft:
    """A draft as read: passages, quantities, lists of States, statements, the day of which it speaks, and its period."""

    passages: list[Passage]
    quantities: list[Quantity]
    lists: list[Names]
    statements: dict[Quantity, str]
    day: pd.Timestamp | None
    span: tuple[pd.Timestamp, pd.Timestamp] | None = None
    of_passage: dict = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self):
        self.numbers = [q for q in self.quantities if q.kind == "number"]
        self.wholes = {q.whole for q in self.numbers if q.whole}
        for quantity in self.numbers:
            self.of_passage[id(quantity.passage)].append(quantity)


def _finding(rule: str, passage: Passage, said="", found="", other="", **more) -> Finding:
    why = RULES["rules"][rule]["says"].format(said=said, found=found, other=other, **more)
    return Finding(rule, passage, str(said), str(found), why, other)


def within(draft: Draft, name) -> Iterator[Finding]:
    """Find what a draft says against itself; `name` writes a State."""
    yield from _lengths(draft, name)
    yield from _sums(draft)
    yield from _items(draft)
    yield from _differing(draft, name)
    yield from _parts(draft, name)


def _lengths(draft: Draft, name) -> Iterator[Finding]:
    for names in draft.lists:
        quantity, found = names.quantity, len(names.states)
        if not quantity or quantity.number == found or (quantity.rough and quantity.rough != "about"):
            continue
        if not names.among or found > quantity.number:
            yield _finding("list_length", names.passage, quantity.value, found, states=_and(names.states, name))


def _sums(draft: Draft) -> Iterator[Finding]:
    """Parts of "of these", "of the 10" and "seven of the ten", and totals."""
    for quantities in draft.of_passage.values():
        for sentence in sorted({q.sentence for q in quantities}):
            here = [q for q in quantities if q.sentence == sentence]
            earlier = [q for q in quantities if q.sentence == sentence - 1]
            whole, parts = _partition(here, earlier)
            if not whole:
                whole, parts = _total(here, earlier)
            if whole and len(parts) > 1 and sum(q.number for q in parts) != whole.number:
                found = f"{sum(q.number for q in parts):g}"
                yield _finding("parts_sum", whole.passage, whole.value, found, parts=" + ".join(q.value for q in parts))


def _partition(here: list[Quantity], earlier: list[Quantity]) -> tuple[Quantity | None, list[Quantity]]:
    first, rest = here[0], RULES["rest"]
    tail = " ".join(q.after for q in here[1:])
    if first.whole in here and len(here) > 2 and len({q.whole for q in here if q.whole}) == 1:
        strict = re.sub(r"\|(?:others\?|while|whilst|whereas)", "", rest)
        middle = f"{first.after} {tail}"
        return (first.whole, [q for q in here if q is not first.whole]) if re.search(strict, middle, re.I) else (None, [])
    if any(q.whole for q in here) or not re.search(rest, f"{first.after} {tail}", re.I):
        return None, []
    of_these = re.search(RULES["of_these"], first.before, re.I) or re.match(r"\s*of (?:these|those|them)\b", first.after, re.I)
    if of_these and not re.search(r"\bof the\s*$", first.before, re.I) and earlier:
        return earlier[-1] if len(earlier) == 1 else None, here
    if re.search(r"\bof (?:the |a total of )?$", first.before, re.I) and len(here) > 2:
        return first, here[1:]
    return None, []


def _total(here: list[Quantity], earlier: list[Quantity]) -> tuple[Quantity | None, list[Quantity]]:
    for place, quantity in enumerate(here):
        before = quantity.before if not place else here[place - 1].after
        if re.search(rf"{RULES['total']}\W*$", before, re.I) or re.match(r"\s*(?:in total|in all|altogether)", quantity.after):
            parts = here[:place] if place > 1 else earlier if not place else []
            return quantity, [q for q in parts if not q.whole]
    return None, []


def _items(draft: Draft) -> Iterator[Finding]:
    """A number whose items each give theirs."""
    items = defaultdict(list)
    for passage in draft.passages:
        if passage.lead:
            items[id(passage.lead)].append(passage)
    for lead, own in items.items():
        whole = [q for q in draft.of_passage[lead] if not q.names]
        firsts = [next(iter(draft.of_passage[id(item)]), None) for item in own]
        lists = [next((n for n in draft.lists if n.passage is item), None) for item in own]
        sizes = [q.number if q else len(n.states) if n else None for q, n in zip(firsts, lists, strict=True)]
        if len(whole) == 1 and len(own) > 1 and None not in sizes and sum(sizes) != whole[0].number:
            found, parts = f"{sum(sizes):g}", " + ".join(f"{size:g}" for size in sizes)
            yield _finding("parts_sum", whole[0].passage, whole[0].value, found, parts=parts)


def _differing(draft: Draft, name) -> Iterator[Finding]:
    """Two numbers or two lists of one thing; the one that fewer places print is told."""
    weights = Counter(word for text in draft.statements.values() for word in stems(text))
    usual = {str(draft.day.year), str(draft.day.year - 1)} if draft.day is not None else set()
    alike = defaultdict(list)
    for one, other in combinations(draft.numbers, 2):
        wholes = one in draft.wholes or other in draft.wholes
        if one.sentence == other.sentence and one.passage is other.passage:
            continue
        if not wholes and _one_thing(one, other, draft.statements, weights, usual):
            alike[one].append(other)
            alike[other].append(one)
    told = set()
    for one, others in alike.items():
        unlike = [q for q in others if q.value != one.value]
        like = len(others) - len(unlike)
        if unlike and not any((q, one) in told for q in unlike) and like <= max(
            sum(p.value == q.value for p in alike[q]) for q in unlike
        ):
            told |= {(one, q) for q in unlike}
            yield _finding("numbers_differ", one.passage, one.value, unlike[0].value, unlike[0].ref)
        for other in others:
            if one.names and other.names and one.value == other.value and (other, one) not in told:
                apart = set(one.names.states) ^ set(other.names.states)
                if apart:
                    told.add((one, other))
                    yield _finding("lists_differ", one.passage, one.value, other.value, other.ref,
                                   states="; ".join(_only(one, other, name)))


def _one_thing(one: Quantity, other: Quantity, statements: dict, weights: Counter, usual: set) -> bool:
    alike, sure = same_thing(one, other, statements, weights, usual), min(one.confidence, other.confidence)
    if one.figure_id != other.figure_id or one.passage is other.passage:
        return alike >= (ALIKE if sure < SURE and one.passage is not other.passage else ALIKE_IN_TWO_FIGURES)
    return alike >= (ALIKE_IN_ONE_FIGURE if sure >= LIKELY else ALIKE)


def _only(one: Quantity, other: Quantity, name) -> Iterator[str]:
    for quantity, against in ((one, other), (other, one)):
        if only := sorted(set(quantity.names.states) - set(against.names.states)):
            yield f"only {quantity.ref} names {_and(only, name)}"


def _parts(draft: Draft, name) -> Iterator[Finding]:
    """A State in a part that is not in the whole."""
    bound = [n for n in draft.lists if n.quantity]
    wholes = {}
    for key, pattern in RULES["wholes"].items():
        matching = [n for n in bound if n.status in ("party", "") and re.search(pattern, sentence(n), re.I)]
        wholes[key] = max(matching, key=lambda n: len(n.states), default=None)
    for place, names in enumerate(bound):
        quantity, text = names.quantity, draft.statements[names.quantity]
        near = [n for n in bound[:place] if n.passage is names.passage] or bound[max(place - 1, 0) : place]
        whole = next((q.names for q in (quantity.whole, quantity.base) if q and q.names), None)
        of_these = re.search(RULES["of_these"], quantity.before, re.I) or re.match(r"\s*of (?:these|those|them)\b", quantity.after)
        if not whole and near and of_these and _next(near[-1], quantity, draft):
            whole = near[-1]
        text += " " + draft.statements.get(quantity.base, "")
        keys = [key for key, pattern in RULES["wholes"].items() if re.search(pattern, text, re.I)]
        if not whole and keys and wholes[keys[0]] is not names:
            whole = wholes[keys[0]]
        outside = [state for state in names.states if whole and state not in whole.states]
        if outside and len(outside) < len(names.states):
            yield _finding("not_in_whole", names.passage, quantity.value, len(whole.states), whole.ref, states=_and(outside, name))


def _next(whole: Names, quantity: Quantity, draft: Draft) -> bool:
    """Tell whether the whole is the last number before that of the part."""
    order = draft.numbers
    return order.index(whole.quantity) == order.index(quantity) - 1


class Treaty:
    """What the treaty sets for each State, from its deposit.

    Parameters
    ----------
    treaty_actions, deadlines : DataFrame
        Tidy tables; an extended deadline counts beside the first.
    """

    def __init__(self, treaty_actions: pd.DataFrame, deadlines: pd.DataFrame):
        self.states = adherence.by_state(treaty_actions).set_index("iso3")
        into_force = self.states["entry_into_force_on"]
        self._set = {
            "deposit": self.states["deposit_on"], "entry_into_force": into_force,
            "initial_report": self.states["initial_report_due_on"],
            "article_3": convention.stockpile_deadline(into_force), "article_4": convention.clearance_deadline(into_force),
        }
        self._deadlines = deadlines

    def days(self, kind: str, iso3: str) -> list[pd.Timestamp]:
        """Give the days that a date of a kind may be."""
        if iso3 not in self.states.index or pd.isna(self._set[kind][iso3]):
            return []
        days = [self._set[kind][iso3]]
        if kind == "deposit":  # "became a State Party" is said of both days
            days.append(self._set["entry_into_force"][iso3])
        if kind.startswith("article"):
            own = self._deadlines[(self._deadlines["iso3"] == iso3) & (self._deadlines["article"] == int(kind[-1]))]
            days += list(own.loc[own["kind"] == "extension_granted", "deadline_on"].dropna())
        return days

    def standing(self, iso3: str, on: pd.Timestamp) -> str:
        """Give party, signatory or not party."""
        row = self.states.loc[iso3] if iso3 in self.states.index else {}
        if len(row) and row["deposit_on"] <= on and not row["withdrawal_on"] <= on:
            return "party"
        return "signatory" if len(row) and row["signature_on"] <= on else "not party"


def against_treaty(draft: Draft, treaty: Treaty, name) -> Iterator[Finding]:
    """Find States named under a standing they have not, and dates that the treaty contradicts."""
    if draft.day is not None:
        yield from _standings(draft, treaty, name)
    yield from _spans(draft, treaty, name)
    for quantity in draft.quantities:
        if quantity.kind in ("date", "year") and not _NO_DAY.search(quantity.passage.text[: quantity.start]):
            yield from _dated(draft, quantity, treaty, name)


def _standings(draft: Draft, treaty: Treaty, name) -> Iterator[Finding]:
    for names in draft.lists:
        found = {s: treaty.standing(s, draft.day) for s in names.states if len(s) == len("ISO")} if names.status else {}
        wrong = {s: now for s, now in found.items() if now != names.status and (names.status, now) != ("not party", "signatory")}
        later = names.passage.text[names.end :]
        if names.status == "signatory":
            wrong = {s: now for s, now in wrong.items() if not (now == "party" and re.search(RULES["changed"], later, re.I))}
        if wrong:
            states = ", ".join(f"{name(s)} ({now})" for s, now in wrong.items())
            yield _finding("status", names.passage, names.status, "; ".join(wrong.values()), day=f"{draft.day:%-d %B %Y}", states=states)


def _spans(draft: Draft, treaty: Treaty, name) -> Iterator[Finding]:
    """States said to have become parties in a year, or in the period, that did so at another time."""
    for names in draft.lists:
        if not (quantity := names.quantity):
            continue
        text = f"{draft.statements.get(quantity.base, '')} {draft.statements[quantity]}"
        if not re.search(RULES["changed"], text, re.I):
            continue
        year = re.search(r"\b(?:joined|ratified|acceded|parties)\b[^.;,]{0,25}\bin ((?:19|20)\d\d)\b", text)
        span = (pd.Timestamp(f"{year[1]}-01-01"), pd.Timestamp(f"{year[1]}-12-31")) if year else None
        span = span or (draft.span if re.search(RULES["in_period"], text, re.I) else None)
        days = {s: treaty.days("deposit", s)[:1] for s in names.states}
        outside = [f"{name(s)} ({day[0]:%-d %B %Y})" for s, day in days.items() if span and day and not span[0] <= day[0] <= span[1]]
        if outside:
            said = year[1] if year else "the period"
            found = _finding("not_in_span", names.passage, said, len(names.states) - len(outside), states=", ".join(outside))
            found.said = quantity.value
            yield found


def _dated(draft: Draft, quantity: Quantity, treaty: Treaty, name) -> Iterator[Finding]:
    text = quantity.passage.text
    kind = _kind_of_date(draft, quantity)
    states = _whose(draft, quantity, text) if kind else []
    for iso3 in states:
        days = treaty.days(kind, iso3)
        if days and not any(f"{day:%Y-%m-%d}".startswith(quantity.value) for day in days):
            rule = "deadline_year" if quantity.kind == "year" else "treaty_date"
            shown, what = f"{days[0]:%-d %B %Y}", RULES["treaty"][kind]["what"]
            found = f"{days[0]:%Y}" if rule == "deadline_year" else shown
            yield _finding(rule, quantity.passage, quantity.value, found, what=what, states=name(iso3), day=shown,
                           deposit=f"{treaty.states.loc[iso3, 'deposit_on']:%-d %B %Y}")


def _kind_of_date(draft: Draft, quantity: Quantity) -> str:
    """Find the words that say what a date is: the last before it, with no other date between that has them already."""
    text = quantity.passage.text
    begin = max([0, *(start for start in sentences(text) if start <= quantity.start)])
    before = text[begin : quantity.start]
    if quantity.passage.lead and quantity.start == 0:
        before = quantity.passage.lead.text
    dates = [q for q in draft.quantities if q.passage is quantity.passage and begin <= q.start and q.kind in ("date", "year")]
    earlier = [q for q in dates if q.end <= quantity.start]
    row = re.search(r"(?:[A-Z]\S+ (?:on |in )?|\(| and )$", before)  # "Palau on 19 April": said of each date of a row
    taken = 0 if row else max((q.end - begin for q in earlier), default=0)
    had = set() if row else {_kind_of_date(draft, q) for q in earlier}
    ends = {}
    for kind, rule in RULES["treaty"].items():
        near = [m.end() for m in re.finditer(rule["words"], before, re.I)]
        if near and (near[-1] >= taken or kind not in had) and (quantity.kind == "date" or len(before) - near[-1] <= NEAR):
            ends[kind] = near[-1]
        if quantity.kind == "year" and re.match(rf"\W*{rule['words']}", text[quantity.end : quantity.end + AFTER], re.I):
            ends[kind] = len(text)
    return max(ends, key=ends.get, default="")


def _whose(draft: Draft, quantity: Quantity, text: str) -> list[str]:
    """Give the States of a date: the list right after it, or the last State named before it."""
    own = [n for n in draft.lists if n.passage is quantity.passage]
    following = [n for n in own if 0 <= n.start - quantity.end <= len(": the ") and ":" in text[quantity.end : n.start]]
    if following:
        return following[0].states
    spans = [(end, n, n.states[place]) for n in own for place, (_, end) in enumerate(n.spans) if end <= quantity.start]
    if not spans:
        return []
    end, names, iso3 = max(spans, key=lambda span: span[0])
    if names.sentence != quantity.sentence and not _IT.search(quantity.passage.text[end : quantity.start]):
        return []
    beside = re.fullmatch(r"\W*(?:on |in )?", text[end : quantity.start])
    return [iso3] if beside or len(names.states) == 1 else []


def against_data(draft: Draft, figures: dict[str, dict], name) -> Iterator[Finding]:
    """Find numbers and lists that the figures of a report contradict, bounds and all."""
    for quantity in draft.quantities:
        figure = figures.get(quantity.figure_id, {})
        value = str(figure.get("value") or "")
        at_another_time = re.search(RULES["earlier"], draft.statements[quantity], re.I)
        beside = [q for q in draft.quantities if q.passage is quantity.passage and q.figure_id == quantity.figure_id]
        if quantity.confidence < SURE or value in ("", "0") or quantity.value == "0" or at_another_time or any(q.whole is quantity for q in beside) or (
            quantity.kind != "number" and (any(agrees(q, value) for q in beside) or _kind_of_date(draft, quantity))):
            continue
        said = {"label": figure["label"], "figure_id": quantity.figure_id}
        low, high = (str(figure.get(key) or value) for key in ("lower", "upper"))
        if not agrees(quantity, value) and not (quantity.kind == "number" and _between(quantity.number, low, high)):
            found = value if low == high else f"{low} to {high}"
            yield _finding("data_value", quantity.passage, quantity.value, found, **said)
        elif quantity.names and figure.get("states") and low == high:
            printed, ours = set(quantity.names.states), set(figure["states"])
            if apart := [f"{who} {_and(sorted(s), name)}" for who, s in
                         (("only the draft names", printed - ours), ("only the data name", ours - printed)) if s]:
                yield _finding("data_states", quantity.passage, quantity.value, len(ours), states="; ".join(apart), **said)


def related(draft: Draft, figures: dict[str, dict], name) -> Iterator[Finding]:
    """Find figures that do not go together, each told once, where it stands first."""
    printed = [
        relations.Printed(q, q.ref, q.figure_id, q.value, tuple(q.names.states) if q.names else ())
        for q in draft.quantities if q.confidence >= SURE and q not in draft.wholes
    ]
    told = set()
    for quantity, texts in relations.tensions(printed, figures, name).items():
        for text in (text for text in texts if text not in told):
            told.add(text)
            yield _finding("relation", quantity.passage, quantity.value, text)


def _between(number: float, low: str, high: str) -> bool:
    try:
        return float(low) <= number <= float(high)
    except ValueError:
        return False


def _and(states: list[str], name) -> str:
    names = [name(s) if len(s) == len("ISO") else s for s in states]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
