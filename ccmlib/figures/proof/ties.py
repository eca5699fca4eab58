"""What a number of a draft says, in words to compare; and the figure of the vocabulary that says the same."""

import math
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import yaml

from ccmlib.figures.proof.mentions import Quantity

RULES = yaml.safe_load((Path(__file__).parent / "rules.yml").read_text(encoding="utf-8"))
_EMPTY = frozenset(RULES["empty"].split())
_PERIOD = re.compile(r"\breporting period\b")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")
#: Least confidence of a tie that is used; from `SURE` on a number that differs from the data is told.
LEAST, SURE = 0.35, 0.55
#: What words alone, the list of States and the value add to the confidence.
OF_WORDS, OF_STATES, OF_VALUE, OF_SECTION = 0.75, 0.4, 0.15, 0.08
#: Weight of a word that no figure has; and how many times the words of a figure those of a long statement count at most.
UNKNOWN, LONG = 1.5, 2.0
#: A statement that denies is seldom that of a figure that affirms.
OPPOSITE = 0.75
_BRACKETS = re.compile(r"\([^)]*\)")
_OBJECT = re.compile(r"\b(?:to|of|at|by)\s*$")
#: A number without its noun borrows so many words of the number before.
WORDS_LENT = 6
#: Two statements of one thing share so many words.
LEAST_WORDS = 2
_LEANS_ON = re.compile(r"^\s*(?:with|for|in|on|by|to(?! have))\b")


@lru_cache(maxsize=10_000)
def stems(text: str) -> frozenset[str]:
    """Reduce a text to the beginnings of its telling words.

    Examples
    --------
    >>> sorted(stems("States Parties that requested assistance for clearance"))
    ['assis', 'clear', 'reque']
    """
    found = set()
    text = _PERIOD.sub("", text.lower().replace("_", " "))
    for short, full in RULES["abbreviations"].items():
        text = re.sub(short, full, text)
    for word in re.findall(r"article \d\b|[a-z]+|\d{4}", text):
        if word not in _EMPTY:
            stem = word if word.startswith("article") else word[: RULES["letters"]]
            found.add(RULES["synonyms"].get(stem, stem))
    return frozenset(found - {""})


def statement(quantity: Quantity, counts: list[Quantity]) -> str:
    """Give the words that say what a number counts, without its list of States.

    Parameters
    ----------
    quantity : Quantity
    counts : list of Quantity
        The numbers of the same passage.
    """
    text = f"{quantity.before} {quantity.after}"
    if quantity.kind == "number":
        before = [q for q in counts if q.sentence == quantity.sentence and q.start < quantity.start]
        if before and not stems(quantity.after):  # "and five did not", but not "bring the total to 100"
            lent = before[-1].after
            text += "" if before[-1].whole is quantity or _OBJECT.search(lent) else f" {lent}"
        elif before and _LEANS_ON.search(quantity.after):  # "five for victim assistance"
            full = [q for q in before if not _LEANS_ON.search(q.after)]
            text += " " + " ".join(" ".join(_BRACKETS.sub("", q.after).split()[:WORDS_LENT]) for q in full[-1:])
    return _BRACKETS.sub(" ", text)


class Vocabulary:
    """The figures that a report can hold, and how near a statement comes to each.

    Parameters
    ----------
    figures : list of dict
        figure_id, label, and where known section, unit, value, states (ISO3 codes).
    """

    def __init__(self, figures: list[dict]):
        self.figures = {figure["figure_id"]: figure for figure in figures}
        self._words = {key: stems(f"{f['label']} {key}") for key, f in self.figures.items()}
        self._negative = {key: _negative(f"{f['label']} {key.replace('_', ' ')}") for key, f in self.figures.items()}
        self._sections = {key: stems(f.get("section") or "") for key, f in self.figures.items()}
        frequency = Counter(word for words in self._words.values() for word in words)
        total = len(self.figures) + 1
        self._weight = {word: math.log(total / count) for word, count in frequency.items()}

    def tie(self, quantities: list[Quantity], statements: dict[Quantity, str]) -> None:
        """Propose for each quantity the figure that fits best, with a confidence between 0 and 1."""
        for quantity in quantities:
            if quantity.kind in ("ordinal", "percent"):
                continue
            scores = {key: self._score(quantity, statements[quantity], key) for key in self.figures}
            best = max(scores, key=scores.get, default=None)
            if best and scores[best] >= LEAST:
                quantity.figure_id, quantity.confidence = best, round(min(scores[best], 1.0), 2)

    def _score(self, quantity: Quantity, statement: str, key: str) -> float:
        figure = self.figures[key]
        value, unit = str(figure.get("value") or ""), figure.get("unit") or ""
        dated = bool(_DAY.fullmatch(value)) and not unit
        if dated != (quantity.kind in ("date", "year")) or (unit in ("years", "days")) != (quantity.kind == "time"):
            return 0.0
        if quantity.unit and unit != quantity.unit and quantity.kind == "number":
            return 0.0
        own = self._words[key]
        # What leads up to a number ("since entry into force, …") may fit, but need not.
        all_words, after = stems(statement), stems(statement.removeprefix(quantity.before))
        words = all_words & own | after if after else all_words
        if after and not after & own and quantity.kind == "number":
            return 0.0
        weigh = lambda group: sum(self._weight.get(word, UNKNOWN) for word in group)  # noqa: E731
        both = weigh(own & words)
        score = OF_WORDS * 2 * both / ((weigh(own) + min(weigh(words), LONG * weigh(own))) or 1)
        for group in RULES["opposites"]:
            if own & set(group) and words & set(group) and not own & words & set(group):
                score *= OPPOSITE
        if bool(self._negative[key]) != bool(_negative(statement) or value == quantity.value == "0"):
            score *= OPPOSITE
        score += OF_SECTION * bool(self._sections[key] & stems(quantity.passage.heading))
        states = set(figure.get("states") or [])
        if quantity.names and states:
            named = set(quantity.names.states)
            score += OF_STATES * (2 * len(named & states) / (len(named) + len(states)) - 0.5 + 0.5 * (named == states))
        score += OF_VALUE * (1 + 2 * dated) * agrees(quantity, value)
        return min(score, SURE - 0.01) if len(own & words) < LEAST_WORDS and not (dated or states and quantity.names) else score


def _negative(text: str) -> bool:
    return bool(re.search(RULES["negative"], text, re.I))


def agrees(quantity: Quantity, value: str) -> bool:
    """Tell whether a printed value is that of the data, dates to the precision printed."""
    if quantity.kind in ("date", "year"):
        return value.startswith(quantity.value) or quantity.value.startswith(value or "?")
    return value == quantity.value


def same_thing(one: Quantity, other: Quantity, statements: dict[Quantity, str], weights: Counter, usual: set[str]) -> float:
    """Tell from 0 to 1 how alike two statements are; 0 where one denies what the other says, or is of another time.

    `weights` counts in how many statements a word stands; `usual` are the years of which the draft speaks unsaid.
    """
    a, b = statements[one], statements[other]
    if (one.value == "0") != (other.value == "0") or one.unit != other.unit:
        return 0.0
    if one.status and other.status and one.status != other.status:
        return 0.0
    years = [set(_YEARS.findall(f"{text} {q.passage.heading}")) for text, q in ((a, one), (b, other))]
    if any(years) and not (years[0] or usual) & (years[1] or usual):
        return 0.0
    if any(bool(re.search(RULES[marker], a, re.I)) != bool(re.search(RULES[marker], b, re.I)) for marker in ("negative", "earlier")):
        return 0.0
    whole = [{word for word in stems(text) if not word.isdigit()} for text in (a, b)]
    after = [{word for word in stems(text.removeprefix(q.before)) if not word.isdigit()} for text, q in ((a, one), (b, other))]
    # What leads up to a number may be the same, but need not.
    first, second = (own | everything & against if own else everything
                     for own, everything, against in zip(after, whole, whole[::-1], strict=True))
    if len(first & second) < LEAST_WORDS and (first != second or not one.status or one.status != other.status):
        return 0.0
    if first == second:  # perhaps nothing but "100 States Parties"
        return 1.0
    weigh = lambda group: sum(1 / (1 + math.log(weights[word] or 1)) for word in group)  # noqa: E731
    return weigh(first & second) / weigh(first | second)
