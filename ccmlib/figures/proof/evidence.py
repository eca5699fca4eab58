"""What in a draft cannot be right by the treaty's dates, or by the figures of a report."""

import re
from collections.abc import Iterator

import pandas as pd

from ccmlib.figures.proof.mentions import Quantity, sentences
from ccmlib.figures.proof.rules import Draft, Finding, finding
from ccmlib.figures.proof.ties import SURE, agrees
from ccmlib.figures.proof.words import PATTERNS, RULES
from ccmlib.figures.relations import Printed, tensions
from ccmlib.treaty import convention
from ccmlib.treaty.adherence import by_state

#: A word that says what a year is stands at most so many letters before it, or after it ("2018 treaty deadline").
NEAR, AFTER = 60, 60


class Treaty:
    """What the treaty sets for each State, from its deposit.

    Parameters
    ----------
    treaty_actions, deadlines : DataFrame
        Tidy tables; a deadline that was extended counts beside the first.
    """

    def __init__(self, treaty_actions: pd.DataFrame, deadlines: pd.DataFrame):
        self.states = by_state(treaty_actions).set_index("iso3")
        into_force = self.states["entry_into_force_on"]
        self._set = {
            "deposit": self.states["deposit_on"], "entry_into_force": into_force,
            "initial_report": self.states["initial_report_due_on"],
            **{f"article_{article}": deadline(into_force) for article, deadline in convention.DEADLINES.items()},
        }
        self._extended = deadlines[deadlines["kind"] == "extension_granted"]

    def days(self, kind: str, iso3: str) -> list[pd.Timestamp]:
        """Give the days that a date of a kind may be, the first by the treaty."""
        if iso3 not in self.states.index or pd.isna(self._set[kind][iso3]):
            return []
        also = [self._set["entry_into_force"][iso3]] if kind == "deposit" else []  # "became a party" is said of both
        if kind.startswith("article"):
            own = self._extended[(self._extended["iso3"] == iso3) & (self._extended["article"] == int(kind[-1]))]
            also = list(own["deadline_on"].dropna())
        return [self._set[kind][iso3], *also]

    def standing(self, iso3: str, on: pd.Timestamp) -> str:
        """Give party, signatory or not party."""
        row = self.states.loc[iso3] if iso3 in self.states.index else None
        if row is not None and row["deposit_on"] <= on and not row["withdrawal_on"] <= on:
            return "party"
        return "signatory" if row is not None and row["signature_on"] <= on else "not party"


def against_treaty(draft: Draft, treaty: Treaty) -> Iterator[Finding]:
    """Find States named under a standing they have not, and dates that the treaty contradicts."""
    for names in draft.lists:
        if draft.day is not None and names.status:
            yield from _standing(draft, names, treaty)
        if names.quantity:
            yield from _span(draft, names, treaty)
    for quantity in draft.quantities:
        if quantity.kind in ("date", "year"):
            yield from _dated(draft, quantity, treaty)


def _standing(draft: Draft, names, treaty: Treaty) -> Iterator[Finding]:
    said, changed = names.status, PATTERNS.changed.search(names.passage.text[names.end :])
    allowed = {said, *(["signatory"] if said == "not party" else ["party"] if said == "signatory" and changed else [])}
    found = {s: treaty.standing(s, draft.day) for s in names.states if len(s) == len("ISO")}
    wrong = {s: now for s, now in found.items() if now not in allowed}
    if wrong:
        states = ", ".join(f"{draft.name(s)} ({now})" for s, now in wrong.items())
        yield finding("status", names, said, "; ".join(wrong.values()), day=_day(draft.day), states=states)


def _span(draft: Draft, names, treaty: Treaty) -> Iterator[Finding]:
    """Find States said to have become parties in a year, or in the period, that did so at another time."""
    text = f"{draft.statements.get(names.quantity.base, '')} {draft.statements[names.quantity]}"
    year = PATTERNS.joined_in.search(text)
    span = draft.span if PATTERNS.in_period.search(text) else None
    if year:
        span = pd.Timestamp(f"{year[1]}-01-01"), pd.Timestamp(f"{year[1]}-12-31")
    if not span or not PATTERNS.changed.search(text):
        return
    days = {s: treaty.days("deposit", s)[0] for s in names.states if treaty.days("deposit", s)}
    outside = {s: day for s, day in days.items() if not span[0] <= day <= span[1]}
    if outside:
        states = ", ".join(f"{draft.name(s)} ({_day(day)})" for s, day in outside.items())
        inside = len(names.states) - len(outside)
        when = year[1] if year else "the period"
        yield finding("not_in_span", names, names.quantity.value, inside, when=when, states=states)


def _dated(draft: Draft, quantity: Quantity, treaty: Treaty) -> Iterator[Finding]:
    kind = _kind(draft, quantity)
    for iso3 in _whose(draft, quantity) if kind else ():
        days = treaty.days(kind, iso3)
        if days and not any(f"{day:%Y-%m-%d}".startswith(quantity.value) for day in days):
            rule = "deadline_year" if quantity.kind == "year" else "treaty_date"
            found = f"{days[0]:%Y}" if quantity.kind == "year" else _day(days[0])
            deposit, what = _day(treaty.states.loc[iso3, "deposit_on"]), RULES["treaty"][kind]["what"]
            yield finding(rule, quantity, quantity.value, found, what=what, states=draft.name(iso3), day=_day(days[0]),
                          deposit=deposit)


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
        near = quantity.kind == "date" or len(before) - last <= NEAR
        if last >= (taken if kind in had else 0) and near:
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


def against_data(draft: Draft, figures: dict[str, dict]) -> Iterator[Finding]:
    """Find numbers and lists that a report's figures contradict, bounds and all, and what does not go together."""
    for quantity in (q for q in draft.quantities if q.confidence >= SURE and q.value != "0"):
        figure = figures[quantity.figure_id]
        value, label = str(figure.get("value") or ""), {"label": figure["label"], "figure_id": quantity.figure_id}
        beside = [q for q in draft.quantities if q.passage is quantity.passage and q.figure_id == quantity.figure_id]
        own = draft.statements[quantity].replace(quantity.whole.after if quantity.whole else "\0", "")
        counted, elsewhen = quantity.kind == "number", PATTERNS.earlier.search(own)
        if value in ("", "0") or elsewhen or any(q.whole is quantity for q in beside):
            continue
        if not counted and (any(agrees(q, value) for q in beside) or _kind(draft, quantity)):
            continue
        if counted and not re.fullmatch(r"\d+(\.\d+)?", value):  # a count beside a figure that is a day
            continue
        low, high = (str(figure.get(key) or value) for key in ("lower", "upper"))
        if not agrees(quantity, value) and not (counted and float(low) <= float(quantity.value) <= float(high)):
            found = value if low == high else f"{low} to {high}"
            yield finding("data_value", quantity, quantity.value, found, **label)
        elif quantity.names and figure.get("states") and low == high:
            printed, ours = set(quantity.names.states), set(figure["states"])
            apart = (("only the draft names", printed - ours), ("only the data name", ours - printed))
            states = "; ".join(f"{who} {draft.named(sorted(names))}" for who, names in apart if names)
            if states:
                yield finding("data_states", quantity, quantity.value, len(ours), states=states, **label)
    sure = [q for q in draft.quantities if q.confidence >= SURE and q not in draft.wholes]
    printed = [Printed(q, q.ref, q.figure_id, q.value, tuple(q.names.states if q.names else ())) for q in sure]
    told = set()
    for quantity, texts in tensions(printed, figures, draft.name).items():
        yield from (finding("relation", quantity, quantity.value, text) for text in texts if text not in told)
        told |= set(texts)


def _day(day: pd.Timestamp) -> str:
    return f"{day.day} {day:%B %Y}"
