"""Quantities and lists of States in a draft: what is counted, and which list belongs to which number."""

import re
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from num2words import num2words

from ccmlib.base.names import StateNames
from ccmlib.figures.proof.document import Passage
from ccmlib.figures.proof.words import MONTHS, PATTERNS

#: A name of a State has at most so many words; numbers in words go up to this.
MOST_WORDS, MOST_IN_WORDS = 9, 1000


def _words_of(number: str) -> str:
    return " ".join(re.findall(r"\b(?!and)[a-z]+", number.lower()))


_IN_WORDS = {_words_of(num2words(n)): n for n in range(MOST_IN_WORDS)}
_WORD = "|".join(sorted({word for words in _IN_WORDS for word in words.split()}, key=len, reverse=True))
_AND = r"(?:[\s-]+|(?<=hundred|housand)\s+and\s+)"
_NUMBER = re.compile(rf"\b(?:(?:{_WORD})(?:{_AND}(?:{_WORD}))*|{PATTERNS.digits.pattern})\b", re.I)
_STATUS = {"sign": "signatory", "not ": "not party", "part": "party"}
#: What is looked for, in this order, and its kind.
_FORMS = [(getattr(PATTERNS, f"date_{form}"), "date") for form in ("span", "full", "american", "iso", "month", "day")]
_FORMS += [(PATTERNS.year, "year"), (PATTERNS.none, "number"), (PATTERNS.ordinal, "word"), (_NUMBER, "number")]


@dataclass(eq=False)
class Mention:
    """What stands in a sentence of a passage, from `start` to `end`."""

    passage: Passage
    sentence: int
    start: int
    end: int

    @property
    def ref(self) -> str:
        """Give the place."""
        return self.passage.ref


@dataclass(eq=False)
class Quantity(Mention):
    """A number, a date or a year that a draft prints, and what it is told of."""

    value: str  # 4, 2016-06-30, 2016-08 or 2015
    kind: str  # number, date, year, percent, time (years, days) or word ("fourth", "the one")
    before: str = ""  # the words of its sentence that belong to it
    after: str = ""
    says: str = ""  # of these the words that say what it counts
    status: str = ""  # party, signatory or not party, where States of that standing are counted
    rough: bool = False  # "at least", "some"
    unit: str = ""  # what is counted where that is neither States nor left out: letters, workshops
    whole: "Quantity | None" = None  # "eight out of twelve"
    base: "Quantity | None" = None  # "of the twelve that report, eight …", "Of these, eight …"
    names: "Names | None" = None
    figure_id: str = ""
    confidence: float = 0.0
    borne_out: bool = False  # its figure has its value


@dataclass(eq=False)
class Names(Mention):
    """States (ISO3 codes; territories by their names) that a draft names one after the other."""

    states: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    quantity: Quantity | None = None
    status: str = ""


def find(passages: list[Passage], names: StateNames) -> tuple[list[Quantity], list[Names]]:
    """Find the quantities and the lists of States of a draft, in the order of the text."""

    @cache
    def look_up(text: str) -> str:
        match = names.look_up(text)
        return match.iso3 or (text if match.kind == "territory" else "")

    quantities, lists = [], []
    held: Names | None = None
    for passage in (passage for passage in passages if re.search(r"[^\W\d_]", passage.text)):
        found = _lists(passage, look_up)
        bare = bool(passage.lead and len(found) == 1 and not re.search(r"\w", _blank(passage.text, found)))
        if held and bare:  # an item that is but a name lengthens the list of its paragraph
            held.states += found[0].states
            held.written += found[0].written
            continue
        numbers = _quantities(passage)
        _words(passage, numbers, found, quantities)
        for own in found:
            _give(own, numbers)
        free = [q for q in quantities if q.passage is passage.lead and q.kind == "number" and not q.names]
        held = found[0] if bare and free else None
        if held:
            held.passage, held.quantity, free[-1].names = passage.lead, free[-1], held
        quantities += numbers
        lists += found
    day = document_day(quantities)
    for quantity in quantities:
        if quantity.value.startswith("?"):  # a day without its year: the last one before the day of the draft
            year = int(day[:4]) - (quantity.value[4:] > day[4:]) if day else 0
            quantity.value = quantity.value.replace("????", f"{year:04}")
    return quantities, lists


def document_day(quantities: list[Quantity]) -> str:
    """Give the day of which a draft speaks ("as of"), or the date that it names most often; blank if it names none."""
    days = [q for q in quantities if re.fullmatch(r"\d{4}-\d\d-\d\d", q.value)]
    said = [q for q in days if PATTERNS.as_of.search(q.passage.text[: q.start])]
    values = [q.value for q in said or days]
    return max(values, key=values.count, default="")


@lru_cache(maxsize=64)
def sentences(text: str) -> list[int]:
    """Give where each sentence begins, and where the last one ends."""
    return [0, *(m.end() for m in PATTERNS.sentence.finditer(text)), len(text)]


def sentence(mention: Mention) -> str:
    """Give the sentence in which something stands."""
    text = mention.passage.text
    return text[slice(*sentences(text)[mention.sentence : mention.sentence + 2])]


def _blank(text: str, lists: list[Names]) -> str:
    for names in lists:
        text = text[: names.start] + " " * (names.end - names.start) + text[names.end :]
    return text


def _lists(passage: Passage, look_up: Callable) -> list[Names]:
    """Find names, longest first, and join those with nothing but separators between them."""
    text, found, place = passage.text, [], 0
    words = [m.span() for m in re.finditer(r"[^\W\d_](?:(?:(?![’']s\b)[\w’'.-])*\w)?", text)]
    while place < len(words):
        start, end, state = _name(text, words[place : place + MOST_WORDS], look_up)
        place += max(sum(start <= begin < end for begin, _ in words), 1)
        if not state:
            continue
        if not (found and PATTERNS.between.fullmatch(text[found[-1].end : start])):
            found.append(Names(passage, bisect(sentences(text)[1:-1], start), start, end))
        found[-1].end = end
        found[-1].states.append(state)
        found[-1].spans.append((start, end))
        found[-1].written.append(text[start:end])
    return found


def _name(text: str, words: list[tuple[int, int]], look_up: Callable) -> tuple[int, int, str]:
    start = words[0][0]
    for first, end in words[::-1] if text[start].isupper() else ():
        if text[first:end].islower() or re.search(r"[;:()\d]", text[start:end]):
            continue
        if state := look_up(text[start:end]):
            longer = end + len(re.match(r"(?:\s*\([^)\d]*\))?", text[end:])[0])  # "Bolivia (Plurinational State of)"
            return start, longer if look_up(text[start:longer]) == state else end, state
    return start, start, ""


def _quantities(passage: Passage) -> list[Quantity]:
    """Find dates, then years, then numbers in what is left."""
    text, begins, found, taken = passage.text, sentences(passage.text)[1:-1], [], []
    for pattern, kind in _FORMS:
        for m in pattern.finditer(text):
            named = kind == "number" and m[0][0].isdigit() and PATTERNS.name_before.search(text[: m.start()])
            if named or any(m.start() < end and start < m.end() for start, end in taken):
                continue
            taken.append(m.span())
            values = _dates(m.groupdict()) if kind == "date" else ["0" if pattern is PATTERNS.none else _value(m[0])]
            own = _kind(text, m, values[0]) if pattern is _NUMBER else kind
            found += [Quantity(passage, bisect(begins, m.start()), *m.span(), value, own) for value in values]
    return sorted(found, key=lambda q: (q.start, q.value))


def _value(text: str) -> str:
    digits = re.sub(r"[,\u00a0\u202f]", "", text)
    return f"{float(digits):.12g}" if re.fullmatch(r"[\d.]+", digits) else str(_IN_WORDS.get(_words_of(text), text))


def _dates(parts: dict) -> list[str]:
    """Write the dates of a match to their precision; a day without its year waits for the year of the draft."""
    month = parts.get("number") or f"{MONTHS.index(parts['month'].title()) + 1:02}"
    days = [int(parts[key]) for key in ("day", "last") if parts.get(key)]
    year = parts.get("year") or "????"
    return [f"{year}-{month}-{day:02}" for day in days] or [f"{year}-{month}"]


def _kind(text: str, match: re.Match, value: str) -> str:
    before, after = text[: match.start()], text[match.end() :]
    pronoun = match[0].lower() == "one" and (PATTERNS.pronoun_after.match(after) or PATTERNS.pronoun_before.search(before))
    if pronoun or not re.fullmatch(r"[\d.]+", value):
        return "word"
    return next((kind for kind in ("percent", "time") if getattr(PATTERNS, kind).match(after)), "number")


def _words(passage: Passage, numbers: list[Quantity], lists: list[Names], told: list[Quantity]) -> None:
    """Give each quantity the words that say what it is, and the number before ("of these") that it is a part of."""
    text, bare = passage.text, _blank(passage.text, lists)
    for q in numbers:
        begin, end = sentences(text)[q.sentence : q.sentence + 2]
        counted = q.kind == "number"
        same = [o for o in numbers if o.sentence == q.sentence and (o.kind == "number" or not counted)]
        q.after = (bare if counted else text)[q.end : min((o.start for o in same if o.start > q.start), default=end)]
        q.before = bare[begin : same[0].start] if counted else text[begin : q.start]
        if not counted:
            continue
        q.status = _status(PATTERNS.counted.match(text[q.end :]))
        unit = PATTERNS.unit.match(f"{q.value}{q.after}")
        q.unit = "" if not unit else f"{unit[unit.lastindex].lower()}s" if unit.lastindex else "km2"
        q.rough = bool(PATTERNS.rough_before.search(text[: q.start]) or PATTERNS.rough_after.match(q.after))
        earlier = [o for o in numbers if o.sentence == q.sentence - 1] if q.sentence else told
        earlier = [o for o in earlier if o.kind == "number"]
        if same[0] is not q and PATTERNS.of_whole.search(same[0].before):
            q.base = same[0]
        elif earlier and (PATTERNS.of_these.search(q.before) or PATTERNS.of_these_after.match(q.after)):
            q.base = earlier[-1]
    for one, other in pairwise(q for q in numbers if q.kind in ("number", "percent", "time")):
        if one.kind == other.kind == "number" and PATTERNS.out_of.fullmatch(text[one.end : other.start]):
            one.whole, one.status, one.after = other, one.status or other.status, other.after
            other.after = PATTERNS.whole_words.match(other.after)[0]


def _status(noun: re.Match | None) -> str:
    return next((status for mark, status in _STATUS.items() if noun and mark in noun[1].lower()), "")


def _give(names: Names, numbers: list[Quantity]) -> None:
    """Tie a list to its number: the last one before it that has none yet, or the one after it: "(5)", ", five in all"."""
    text = names.passage.text
    lead, wholes = text[: names.start], [q.whole for q in numbers]
    names.status = _status(PATTERNS.label.search(lead) or PATTERNS.apposed.match(text[names.end :]))
    free = [q for q in numbers if q.kind == "number" and q.value.isdigit() and not (q.names or q in wholes)]
    after = [q for q in free if q.start >= names.end
             and PATTERNS.counts_back.fullmatch(f"{text[names.end : q.start]}#{text[q.end :]}")]
    before = [q for q in free if q.end <= names.start]
    near = [q for q in before if q.sentence == names.sentence]
    if not near and PATTERNS.these_are.search(lead):
        near = [q for q in before if q.sentence == names.sentence - 1]
    if after or (near and PATTERNS.opens.search(lead)):
        names.quantity = after[0] if after else near[-1]
        names.quantity.names = names
        names.status = names.quantity.status or names.status
