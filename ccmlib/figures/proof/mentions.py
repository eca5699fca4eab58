"""Quantities and lists of States in the passages of a draft: what is counted, and which list belongs to which number."""

import re
from bisect import bisect
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from ccmlib.base.names import StateNames
from ccmlib.figures.proof.reading import Passage

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
_WORDS = {word: n for n, word in enumerate((_UNITS + "seventeen eighteen nineteen").split())}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_DATES = [
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:\s*[-–]\s*|\s+(?:and|to)\s+)(?P<last>\d{{1,2}})\s+{_MONTH}(?:\s+(?P<year>\d{{4}}))?"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b"),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}),\s+(?P<year>\d{{4}})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b{_MONTH}\s+(?P<year>\d{{4}})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})\s+{_MONTH}\b"),
]
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?!\s*(?:km|States|letters))")
_SMALL = "|".join(sorted([*_WORDS, *_TENS], key=len, reverse=True))
_NUMBER = re.compile(
    rf"\b(?:(?:{_SMALL}|hundred|thousand)(?:(?:[\s-]+(?:and\s+)?)(?:{_SMALL}|hundred|thousand))*"
    r"|\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\b",
    re.IGNORECASE,
)
_GROUPING = re.compile("[,\u00a0\u202f]")
_NONE = re.compile(r"\b(?:none of|no (?:new )?(?=reports?\b|updates?\b|information\b|States?\b)|not\b[^.;]{0,40}\bfrom any of)", re.I)
_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+(?:teenth|tieth)|\d+(?:st|nd|rd|th))\b", re.I)
#: Before a number that names something and counts nothing.
_NAME_BEFORE = re.compile(
    r"(?:\b(?:(?:Articles|Actions|paras?\.?|paragraphs|Tables|Items)(?:\s+\d[\d.]*(?:\s*\([a-z\d]\))*\s*(?:,|and|to|[-–])\s*)*"
    r"|Article|Action|para\.?|paragraph|Table|Item|Protocol|No\.?|Resolution|rule|section|Annex)\s*"
    r"|\b(?:Article|paragraph)s?\s+\d+\s*\(|\.|[\w.][-–/])$", re.I)
_PRONOUN = re.compile(r"\b(?:the|this|that|which|each|every) (?:\w+ )?$", re.I)
_ABOUT = re.compile(r"\b(at least|more than|over|up to|nearly|almost|about|some|around|fewer than|less than|only)\s+$", re.I)
_TIMES = re.compile(r"(?:full |consecutive |more )?(years?|months?|weeks?|days?|hours?)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z\d“\"(])|(?<=[a-z)])\s+(?=(?:[A-Z][a-z]+-)?[A-Z][a-z]+ (?:States?|of the|workshops?|statements?)\b)")
_OUT_OF = re.compile(r"^\s*(?:\w+\s+){0,3}?(?:out )?of (?:the |these |those )?(?:remaining )?$", re.I)
_OPENS = re.compile(
    r"(?:\(\s*|:\s*|\b(?:namely|viz\.?|i\.e\.|that is),?\s*|\b(?:These|Those|The) (?:\w+ )?States(?: Parties)? (?:are|were)\s*:?\s*"
    r"|\b(?:are|were)\s*:?\s*)(?:the\s+)?$", re.I)
_AMONG = re.compile(r"\b(?:among (?:them|these|which)|including|such as|for example|e\.g\.),?\s*(?:the\s+)?$", re.I)
_BETWEEN = re.compile(r"\s*(?:\([^()]*\d[^()]*\)|on \d{1,2} \w+ \d{4})?\s*(?:[,;&]|\band\b|\bas well as\b|\s)*(?:the\s+)?", re.I)
_COUNTED = re.compile(r"(?:[\w’'-]+\s+){0,3}?(signator(?:y States?|ies)|States? not (?:yet )?party|States? part(?:y|ies)|States?|countries)\b", re.I)
_STATUS = {"sign": "signatory", "not ": "not party", "part": "party"}
#: Of "seventy-five of the 93 States Parties with obligations have submitted", the words that belong to 93.
_WHOLE = re.compile(r"\s*(?:[\w-]+\s+){0,2}?States?(?: part(?:y|ies))?(?:\s+(?:with|that|who|which)\s+\w+.*?(?=\s(?:have|has|had|\w+ed)\b))?|", re.I)
_TO_COMMA = re.compile(r"[^,;:.()]*")
#: A name of a State has at most so many words.
MOST_WORDS = 9


@dataclass(eq=False)
class Quantity:
    """A number, a date or a year that a draft prints.

    Attributes
    ----------
    value : str
        ``4``, ``2016-06-30``, ``2016-08`` or ``2015``.
    kind : str
        number, date, year, percent, time (years, days) or ordinal.
    before, after : str
        The words of its sentence that belong to it.
    status : str
        party, signatory or not party, where States of that standing are counted.
    rough : str
        ``at least``, ``some`` and the like.
    whole : Quantity or None
        The number it is a part of (``eight out of twelve``).
    base : Quantity or None
        The number that its sentence begins with (``of the twelve that report, eight …``).
    unit : str
        What is counted where that is neither States nor left out: letters, workshops.
    """

    passage: Passage
    sentence: int
    start: int
    end: int
    value: str
    kind: str
    before: str = ""
    after: str = ""
    status: str = ""
    rough: str = ""
    unit: str = ""
    whole: "Quantity | None" = None
    base: "Quantity | None" = None
    names: "Names | None" = None
    figure_id: str = ""
    confidence: float = 0.0

    @property
    def ref(self) -> str:
        """Give the place."""
        return self.passage.ref

    @property
    def number(self) -> float:
        """Give the value of a count."""
        return float(self.value)


@dataclass(eq=False)
class Names:
    """States (ISO3 codes; territories by their names) that a draft names one after the other."""

    passage: Passage
    sentence: int
    start: int
    end: int
    states: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    quantity: Quantity | None = None
    among: bool = False
    status: str = ""

    @property
    def ref(self) -> str:
        """Give the place."""
        return self.passage.ref


def find(passages: list[Passage], names: StateNames) -> tuple[list[Quantity], list[Names]]:
    """Find the quantities and the lists of States of a draft.

    Parameters
    ----------
    passages : list of Passage
    names : StateNames
        The spellings on record.

    Returns
    -------
    tuple of list
        In the order of the text; each list of States that stands for a number is tied to it.
    """
    quantities, lists = [], []
    look_up = lru_cache(maxsize=None)(lambda text: _look_up(text, names))
    before: Names | None = None
    for passage in passages:
        if not re.search("[^\\W\\d_]", passage.text):
            continue
        found = _lists(passage, look_up)
        if before and passage.lead and len(found) == 1 and _is_all(found[0], passage):
            before.written += found[0].written
            before.states += found[0].states  # an item that is but a name lengthens the list of its paragraph
            continue
        numbers = _quantities(passage, found)
        _tie(passage, numbers, found)
        if passage.lead and len(found) == 1 and _is_all(found[0], passage):
            open_ = [q for q in quantities if q.passage is passage.lead and q.kind == "number" and not q.names]
            if open_:
                found[0].passage, found[0].quantity = passage.lead, open_[-1]
                open_[-1].names, before = found[0], found[0]
        else:
            before = None
        quantities += numbers
        lists += found
    day = document_day(quantities)
    for quantity in quantities:
        if quantity.value.startswith("?"):  # a day without its year: the last one before the day of the draft
            year = int(day[:4]) - (quantity.value[4:] > day[4:]) if day else 0
            quantity.value = quantity.value.replace("????", f"{year:04}")
    return quantities, lists


def document_day(quantities: list[Quantity]) -> str:
    """Give the day of which a draft speaks: the date that it names most often; blank if it names none."""
    days = Counter(q.value for q in quantities if re.fullmatch(r"\d{4}-\d\d-\d\d", q.value))
    return days.most_common(1)[0][0] if days else ""


@lru_cache(maxsize=64)
def sentences(text: str) -> list[int]:
    """Give where each sentence after the first begins."""
    return [m.end() for m in _SENTENCE.finditer(text)]


def sentence(names: Names) -> str:
    """Give the sentence in which a list stands."""
    text = names.passage.text
    ends = [0, *sentences(text), len(text)]
    return text[ends[names.sentence] : ends[names.sentence + 1]]


def _is_all(names: Names, passage: Passage) -> bool:
    return not re.search(r"\w", passage.text[: names.start] + passage.text[names.end :])


def _look_up(text: str, names: StateNames) -> str:
    match = names.look_up(text)
    return match.iso3 or (text if match.kind == "territory" else "")


def _lists(passage: Passage, look_up) -> list[Names]:
    """Find names, longest first, and join those with nothing but separators between them."""
    text = passage.text
    words = [m.span() for m in re.finditer(r"[^\W\d_][\w’'.-]*\w|[^\W\d_]", text)]
    found: list[Names] = []
    place = 0
    while place < len(words):
        start = words[place][0]
        step = 1
        if text[start].isupper():
            for last in range(min(place + MOST_WORDS, len(words)) - 1, place - 1, -1):
                end = words[last][1]
                if text[words[last][0] : end].islower() or re.search(r"[;:()\d]|, and|\. ", text[start:end]):
                    continue
                name = re.sub(r"[’']s$", "", text[start:end])
                if state := look_up(name):
                    longer = re.match(r"\s*\([^)\d]*\)", text[end:])
                    if longer and look_up(text[start : end + longer.end()]) == state:  # "Bolivia (Plurinational State of)"
                        name = text[start : end + longer.end()]
                    _add(found, passage, start, start + len(name), state)
                    step = sum(start <= a < start + len(name) for a, _ in words)
                    break
        place += step
    return found


def _add(found: list[Names], passage: Passage, start: int, end: int, state: str) -> None:
    sentence = bisect(sentences(passage.text), start)
    if found and found[-1].end < start and _BETWEEN.fullmatch(passage.text[found[-1].end : start]):
        found[-1].states.append(state)
        found[-1].spans.append((start, end))
        found[-1].written.append(passage.text[start:end])
        found[-1].end = end
    else:
        found.append(Names(passage, sentence, start, end, [state], [(start, end)], [passage.text[start:end]]))


def _quantities(passage: Passage, lists: list[Names]) -> list[Quantity]:
    text, ends = passage.text, sentences(passage.text)
    taken = [(n.start, n.end) for n in lists if len(n.states) == 1]
    found: list[Quantity] = []

    def free(start: int, end: int) -> bool:
        return all(end <= a or start >= b for a, b in taken)

    def add(start: int, end: int, value: str, kind: str) -> None:
        taken.append((start, end))
        found.append(Quantity(passage, bisect(ends, start), start, end, value, kind))

    for pattern in _DATES:
        for m in pattern.finditer(text):
            if free(*m.span()):
                for value in _dates(m.groupdict(), passage):
                    add(*m.span(), value, "date" if len(value) > len("2016") else "year")
    for pattern, kind in ((_YEAR, "year"), (_NONE, "number"), (_ORDINAL, "ordinal"), (_NUMBER, "number")):
        for m in pattern.finditer(text):
            if free(*m.span()) and not (m[0][0].isdigit() and kind == "number" and _NAME_BEFORE.search(text[: m.start()])):
                value = m[0] if kind in ("year", "ordinal") else "0" if pattern is _NONE else _value(m[0])
                if value is not None:
                    add(*m.span(), value, _kind(text, m) if pattern is _NUMBER else kind)
    found.sort(key=lambda q: (q.start, q.value))
    return found


def _value(text: str) -> str | None:
    """Give the number of digits or words; None for words that make no number."""
    if text[0].isdigit():
        return f"{float(re.sub(_GROUPING, '', text)):.12g}"
    total = part = 0
    for word in re.findall("[a-z]+", text.lower()):
        if word == "hundred":
            part = max(part, 1) * 100
        elif word == "thousand":
            total, part = total + max(part, 1) * 1000, 0
        elif word != "and":
            part += _WORDS.get(word, _TENS.get(word, 0))
    return str(total + part)


def _kind(text: str, match: re.Match) -> str:
    after = text[match.end() :]
    if re.match(r"\s*(?:%|per ?cent)", after):
        return "percent"
    if _TIMES.match(after.lstrip(" -")):
        return "time"
    one = match[0].lower() == "one"
    if one and (re.match(r"\s+(?:of (?!the \w+ States)|or\b|another)", after) or _PRONOUN.search(text[: match.start()])):
        return "ordinal"
    return "number"


def _dates(parts: dict, passage: Passage) -> list[str]:
    """Write the dates of a match to their precision; a day without its year waits for the year of the draft."""
    month = parts.get("number") or f"{_MONTHS.index(parts['month']) + 1:02}"
    year = parts.get("year") or "????"
    days = [int(parts[key]) for key in ("day", "last") if parts.get(key)]
    return [f"{year}-{month}-{day:02}" for day in days] or [f"{year}-{month}"]


def _unit(after: str) -> str:
    """Give the noun after a number in its plural, or none for States, verbs and nouns left out."""
    words = re.findall(r"[a-z]+", after.lower())[:2]
    if re.match(r"\s*(?:million |billion )?(?:km|m²|square|hectares|tons|per )", after):
        return "km2"
    return next((w for w in words if w.endswith("s") and len(w) > 4 and w not in ("states", "parties", "regards")), "")


def _tie(passage: Passage, numbers: list[Quantity], lists: list[Names]) -> None:
    """Say of each number what it counts, and give it its list."""
    text = bare = passage.text
    for names in lists:
        bare = bare[: names.start] + " " * (names.end - names.start) + bare[names.end :]
    ends = [0, *sentences(text), len(text)]
    counts = [q for q in numbers if q.kind in ("number", "percent", "time")]
    for quantity in numbers:
        counted = quantity.kind == "number"
        same = [q for q in numbers if q.sentence == quantity.sentence and (q.kind == "number" or not counted)]
        later = min((q.start for q in same if q.start > quantity.start), default=ends[quantity.sentence + 1])
        if counted:
            first = min(q.start for q in same)
            quantity.before = bare[ends[quantity.sentence] : first]
            quantity.after = bare[quantity.end : later]
        else:
            begin = max((q.end for q in same if q.end <= quantity.start), default=ends[quantity.sentence])
            near = [n for n in lists if n.end <= quantity.start and n.sentence == quantity.sentence]
            last = max(near, key=lambda n: n.end, default=None)
            named = text[slice(*last.spans[-1])] if last else ""
            quantity.before = f"{named} {text[begin : quantity.start]}"
            quantity.after = _TO_COMMA.match(text[quantity.end : later])[0]
        quantity.unit = _unit(quantity.after) if counted else ""
        if about := _ABOUT.search(text[: quantity.start]):
            quantity.rough = "" if about[1].lower() == "only" else about[1].lower()
        if counted and (noun := _COUNTED.match(text[quantity.end :].lstrip())):
            quantity.status = next((s for mark, s in _STATUS.items() if mark in noun[1].lower()), "")
        if re.match(r"\s+at least\b", quantity.after):
            quantity.rough = "at least"
        opening = next((q for q in same if counted and q.start < quantity.start), None)
        if opening and re.search(r"\bof (?:the |a total of )?$", opening.before, re.I):
            quantity.base = opening
    for one, other in zip(counts, counts[1:], strict=False):
        if one.kind == other.kind == "number" and _OUT_OF.match(text[one.end : other.start]):
            one.whole, one.status = other, one.status or other.status
            one.after = other.after
            other.after = _WHOLE.match(other.after)[0]
    for names in lists:
        lead = text[: names.start]
        names.among = bool(_AMONG.search(lead))
        wholes = [q.whole for q in counts if q.whole]
        free = [
            q for q in counts
            if q.kind == "number" and not (q.names or q.unit) and q not in wholes and q.end <= names.start
            and q.number == int(q.number)
            and names.sentence - 1 <= q.sentence
        ]
        behind = [q for q in counts if q.end > names.end and re.fullmatch(r"\s*\(", text[names.end : q.start]) and text[q.end :][:1] == ")"]
        if behind:  # "Chad, Iraq and Lebanon (3)"
            names.quantity, behind[0].names = behind[0], names
            continue
        near = [q for q in free if q.sentence == names.sentence] or (
            free if re.search(r"\b(?:These|Those|The) \w*\s*States(?: Parties)? (?:are|were)\W*$", lead) else [])
        if near and (_OPENS.search(lead) or names.among):
            names.quantity, near[-1].names = near[-1], names
            names.status = near[-1].status
        else:
            label = re.search(r"(signator(?:y States?|ies)|States? not (?:yet )?party|States? part(?:y|ies))[\s,:(]*$", lead, re.I)
            names.status = next((s for mark, s in _STATUS.items() if label and mark in label[1].lower()), "")
