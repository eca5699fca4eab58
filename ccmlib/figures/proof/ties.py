"""What a number of a draft says, in words to compare; and the figure of the vocabulary that says the same."""

import math
import re
from collections import Counter

from ccmlib.figures.proof.mentions import Quantity
from ccmlib.figures.proof.words import PATTERNS, RULES, stems
from ccmlib.figures.relations import PARTS

_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}")
#: Least confidence of a tie that is kept; from `SURE` on a number that differs from the data is told.
LEAST, SURE = 0.35, 0.55
#: What words, the list of States, the value and the section add to the confidence; what a part and its whole add to
#: each other.
OF_WORDS, OF_STATES, OF_VALUE, OF_SECTION, OF_WHOLE = 0.75, 0.4, 0.15, 0.08, 0.25
#: Weight of a word that no figure has; how many times the words of a figure those of a long statement count at most;
#: what is left of a score where a statement denies what a figure affirms.
UNKNOWN, LONG, OPPOSITE = 1.5, 2.0, 0.65
#: Two statements of one thing share so many words; a number without its noun borrows so many of the number before.
LEAST_WORDS, WORDS_LENT = 2, 6


def statement(quantity: Quantity, counts: list[Quantity]) -> str:
    """Give the words that say what a number counts, without lists of States and brackets."""
    text = f"{quantity.before} {quantity.after}"
    before = [q for q in counts if q.sentence == quantity.sentence and q.start < quantity.start]
    if quantity.kind == "number" and before:
        last = before[-1]
        if not stems(quantity.after):  # "and five did not", but not "bring the total to 100"
            text += "" if last.whole is quantity or PATTERNS.object_of.search(last.after) else f" {last.after}"
        elif PATTERNS.leans_on.match(quantity.after):  # "five for victim assistance"
            full = [q for q in before if not PATTERNS.leans_on.match(q.after)]
            text += " " + " ".join(" ".join(PATTERNS.brackets.sub("", q.after).split()[:WORDS_LENT]) for q in full[-1:])
    return PATTERNS.brackets.sub(" ", text)


class Vocabulary:
    """The figures that a report can hold, and how near a statement comes to each.

    Parameters
    ----------
    figures : list of dict
        figure_id, label, and where known section, unit ("date" for a day), value, states (ISO3 codes).
    """

    def __init__(self, figures: list[dict]):
        self.figures = {figure["figure_id"]: figure for figure in figures}
        self._words = {key: stems(f"{f['label']} {key}") for key, f in self.figures.items()}
        frequency = Counter(word for words in self._words.values() for word in words)
        self._weight = {word: math.log((len(self.figures) + 1) / count) for word, count in frequency.items()}

    def tie(self, quantities: list[Quantity], statements: dict[Quantity, str]) -> None:
        """Propose for each quantity the figure that fits best, with a confidence between 0 and 1."""
        told = [q for q in quantities if q.kind not in ("word", "percent")]
        scores = {q: {key: self._score(q, statements[q], key) for key in self.figures} for q in told}
        for part, whole in ((q, whole) for q in told for whole in (q.whole, q.base) if whole in scores):
            def together(pair, own=scores[part], other=scores[whole]):
                return own.get(pair[0], 0) * other.get(pair[1], 0) and own[pair[0]] + other[pair[1]]

            best = max(sorted(PARTS), key=together)
            if together(best):
                scores[part][best[0]] += OF_WHOLE
                scores[whole][best[1]] += OF_WHOLE
        for quantity in told:
            best = max(scores[quantity], key=scores[quantity].get, default=None)
            if best and scores[quantity][best] >= LEAST:
                quantity.figure_id, quantity.confidence = best, round(min(scores[quantity][best], 1.0), 2)
                quantity.borne_out = agrees(quantity, str(self.figures[best].get("value") or ""))

    @staticmethod
    def _kind(figure: dict) -> str:
        unit = figure.get("unit") or ""
        dated = unit == "date" or (not unit and bool(_DAY.fullmatch(str(figure.get("value") or ""))))
        return "date" if dated else "time" if unit in ("years", "days") else "number"

    def _weigh(self, words: frozenset) -> float:
        return math.fsum(self._weight.get(word, UNKNOWN) for word in words)

    def _score(self, quantity: Quantity, text: str, key: str) -> float:
        figure, label = self.figures[key], stems(self.figures[key]["label"])
        own = label if label == (stems(quantity.after) or stems(text)) else self._words[key]
        value, dated = str(figure.get("value") or ""), self._kind(figure) == "date"
        # What leads up to a number ("since entry into force, …") may fit, but need not.
        after = stems(text.removeprefix(quantity.before))
        words = stems(text) & own | after if after else stems(text)
        states, named = set(figure.get("states") or ()), set(quantity.names.states if quantity.names else ())
        counted = quantity.kind == "number"
        if self._kind(figure) != {"year": "date"}.get(quantity.kind, quantity.kind):
            return 0.0
        fits = not after or after & own or (named and named == states)
        if counted and not (fits and _of_unit(quantity, figure, own)):
            return 0.0
        if not own:  # all States Parties
            of_all = quantity.status == "party" and not stems(quantity.after) and _of_all(quantity)
            return (OF_WORDS + OF_VALUE * agrees(quantity, value)) * of_all
        weight = self._weigh(own) + min(self._weigh(words), LONG * self._weigh(own))
        score = OF_WORDS * 2 * self._weigh(own & words) / (weight or 1)
        score += len(own & words) / 1000  # of two that fit as well, the one that says more
        for group in map(set, RULES["opposites"]):
            score *= OPPOSITE if own & group and words & group and not own & words & group else 1
        denied = PATTERNS.negative.search(text) or value == quantity.value == "0"
        opposed = bool(PATTERNS.negative.search(f"{figure['label']} {key.replace('_', ' ')}")) != bool(denied)
        since = f"{quantity.base.before if quantity.base else ''} {text}"
        opposed |= bool(PATTERNS.to_date.search(since) and PATTERNS.in_period.search(figure["label"]))
        score *= OPPOSITE if opposed else 1
        score += OF_SECTION * bool(stems(figure.get("section") or "") & stems(quantity.passage.heading))
        if states and named:
            score += OF_STATES * (2 * len(named & states) / (len(named) + len(states)) - 0.5 * (named != states))
        score += OF_VALUE * (1 + 2 * dated) * agrees(quantity, value)
        enough = len(own & words) >= LEAST_WORDS or (states and named)
        return score if (enough and not opposed) or agrees(quantity, value) else min(score, SURE - 0.01)


def _of_unit(quantity: Quantity, figure: dict, own: frozenset) -> bool:
    """Tell whether a number counts what a figure counts; of reports there is one a State."""
    unit, counted = figure.get("unit") or "", PATTERNS.counted.match(quantity.after)
    reports = unit == "States" and stems(quantity.unit) & own
    same = quantity.unit in ("", unit) or reports
    return bool(same and not PATTERNS.in_total.match(quantity.after) and (not counted or unit in ("", "States")))


def _of_all(quantity: Quantity) -> bool:
    """Tell whether a number without a word of its own counts all States of a standing, and none named or told before."""
    return not quantity.names and not PATTERNS.told_before.search(quantity.passage.text[: quantity.start])


def agrees(quantity: Quantity, value: str) -> bool:
    """Tell whether a printed value is that of the data, dates to the precision printed."""
    if quantity.kind in ("date", "year"):
        return value.startswith(quantity.value) or quantity.value.startswith(value or "?")
    return value == quantity.value


def same_thing(one: Quantity, other: Quantity, statements: dict[Quantity, str], weights: Counter, usual: set[str]) -> float:
    """Tell from 0 to 1 how alike two statements are; 0 where one denies what the other says, or is of another time.

    `weights` counts in how many statements a word stands; `usual` are the years of which the draft speaks unsaid.
    """
    both = [(statements[q], q) for q in (one, other)]
    statuses = {one.status, other.status} - {""}
    if (one.value == "0") != (other.value == "0") or one.unit != other.unit or len(statuses) > 1:
        return 0.0
    years = [set(PATTERNS.year.findall(f"{text} {q.passage.heading}")) for text, q in both]
    if any(years) and not (years[0] or usual) & (years[1] or usual):
        return 0.0
    for marker in (PATTERNS.negative, PATTERNS.earlier):
        if len({bool(marker.search(text)) for text, _ in both}) > 1:
            return 0.0
    whole = [{word for word in stems(text) if not word.isdigit()} for text, _ in both]
    after = [{word for word in stems(text.removeprefix(q.before)) if not word.isdigit()} for text, q in both]
    # What leads up to a number may be the same, but need not.
    first, second = (a | w & o if a else w for a, w, o in zip(after, whole, whole[::-1], strict=True))
    if not first | second and not (_of_all(one) and _of_all(other)):
        return 0.0
    if any(first & group and second & group and first & group != second & group for group in map(set, RULES["opposites"])):
        return 0.0
    if len(first & second) < LEAST_WORDS and (first != second or not one.status or one.status != other.status):
        return 0.0
    weigh = lambda group: math.fsum(1 / (1 + math.log(weights[word] or 1)) for word in group)  # noqa: E731
    return 1.0 if first == second else weigh(first & second) / weigh(first | second)
