"""What a number of a draft says, in words to compare; and the figure of the vocabulary that says the same."""

import math
import re
from collections import Counter
from collections.abc import Callable

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
OPPOSITES = [frozenset(group) for group in RULES["opposites"]]


def say(quantities: list[Quantity]) -> None:
    """Give each quantity the words that say what it counts, without lists of States and brackets."""
    for one in quantities:
        text = f"{one.before} {one.after}"
        before = [q for q in quantities if q.passage is one.passage and q.sentence == one.sentence and q.start < one.start]
        before = [q for q in before if q.kind == one.kind == "number"]
        full = [q for q in before if not PATTERNS.leans_on.match(q.after)]
        if before and not stems(one.after):  # "and five did not", but not "bring the total to 100"
            last = before[-1]
            text += "" if last.whole is one or PATTERNS.object_of.search(last.after) else f" {last.after}"
        elif full and PATTERNS.leans_on.match(one.after):  # "five for victim assistance"
            text += " " + " ".join(PATTERNS.brackets.sub("", full[-1].after).split()[:WORDS_LENT])
        one.says = PATTERNS.brackets.sub(" ", text)


def tie(quantities: list[Quantity], figures: list[dict]) -> None:
    """Propose for each quantity the figure that fits best, with a confidence between 0 and 1.

    A figure has figure_id, label, and where known section, unit ("date" for a day), value and states (ISO3 codes).
    """
    values = {figure["figure_id"]: str(figure.get("value") or "") for figure in figures}
    frequency = Counter(word for figure in figures for word in _words(figure))
    weights = {word: math.log((len(figures) + 1) / count) for word, count in frequency.items()}

    def weigh(words: frozenset) -> float:
        return math.fsum(weights.get(word, UNKNOWN) for word in words)

    told = [q for q in quantities if q.kind not in ("word", "percent")]
    scores = {q: {figure["figure_id"]: _score(q, figure, weigh) for figure in figures} for q in told}
    for part, whole in ((q, whole) for q in told for whole in (q.whole, q.base) if whole in scores):
        own, other = scores[part], scores[whole]
        pairs = {(a, b): own[a] + other[b] for a, b in sorted(PARTS) if own.get(a) and other.get(b)}
        if pairs:
            first, second = max(pairs, key=pairs.get)
            own[first] += OF_WHOLE
            other[second] += OF_WHOLE
    for quantity in told:
        best = max(scores[quantity], key=scores[quantity].get, default=None)
        if best and scores[quantity][best] >= LEAST:
            quantity.figure_id, quantity.confidence = best, round(min(scores[quantity][best], 1.0), 2)
            quantity.borne_out = agrees(quantity, values[best])


def _words(figure: dict) -> frozenset[str]:
    return stems(f"{figure['label']} {figure['figure_id']}")


def _telling(quantity: Quantity, other: frozenset[str]) -> frozenset[str]:
    """Give the words that count: what leads up to a number ("since entry into force, …") may fit others, but need not."""
    after = stems(quantity.says.removeprefix(quantity.before))
    return stems(quantity.says) & other | after if after else stems(quantity.says)


def _score(quantity: Quantity, figure: dict, weigh: Callable[[frozenset], float]) -> float:
    text, label = quantity.says, stems(figure["label"])
    value, unit = str(figure.get("value") or ""), figure.get("unit") or ""
    dated = unit == "date" or (not unit and bool(_DAY.fullmatch(value)))
    if quantity.kind.replace("year", "date") != ("date" if dated else "time" if unit in ("years", "days") else "number"):
        return 0.0
    own = label if label == (stems(quantity.after) or stems(text)) else _words(figure)
    words = _telling(quantity, own)
    states, named = set(figure.get("states") or ()), set(quantity.names.states if quantity.names else ())
    if quantity.kind == "number":
        reports = unit == "States" and stems(quantity.unit) & own  # of reports there is one a State
        other = unit not in ("", "States") and PATTERNS.counted.match(quantity.after)
        if other or not (quantity.unit in ("", unit) or reports):
            return 0.0
    if not own:  # all States Parties
        of_all = quantity.status == "party" and not stems(quantity.after) and _of_all(quantity)
        return (OF_WORDS + OF_VALUE * agrees(quantity, value)) * of_all
    weight = weigh(own) + min(weigh(words), LONG * weigh(own))
    score = OF_WORDS * 2 * weigh(own & words) / (weight or 1)
    score += len(own & words) / 1000  # of two that fit as well, the one that says more
    for group in OPPOSITES:
        score *= OPPOSITE if own & group and words & group and not own & words & group else 1
    affirmed = f"{figure['label']} {figure['figure_id']}".replace("_", " ")
    opposed = bool(PATTERNS.negative.search(text)) != bool(PATTERNS.negative.search(affirmed))
    since = f"{quantity.base.before if quantity.base else ''} {text}"
    opposed |= bool(PATTERNS.to_date.search(since) and PATTERNS.in_period.search(figure["label"]))
    score *= OPPOSITE if opposed else 1
    score += OF_SECTION * bool(stems(figure.get("section") or "") & stems(quantity.passage.heading))
    if states and named:
        score += OF_STATES * (2 * len(named & states) / (len(named) + len(states)) - 0.5 * (named != states))
    score += OF_VALUE * (1 + 2 * dated) * agrees(quantity, value)
    enough = len(own & words) >= LEAST_WORDS or (states and named)
    return score if (enough and not opposed) or agrees(quantity, value) else min(score, SURE - 0.01)


def _of_all(quantity: Quantity) -> bool:
    """Tell whether a number without a word of its own counts all States of a standing, and none named or told before."""
    return not quantity.names and not PATTERNS.told_before.search(quantity.passage.text[: quantity.start])


def agrees(quantity: Quantity, value: str) -> bool:
    """Tell whether a printed value is that of the data, dates to the precision printed."""
    if quantity.kind in ("date", "year"):
        return value.startswith(quantity.value) or quantity.value.startswith(value or "?")
    return value == quantity.value


def likeness(one: Quantity, other: Quantity, weights: Counter, usual: set[str]) -> float:
    """Tell from 0 to 1 how alike two statements are; 0 where one denies what the other says, or is of another time.

    `weights` counts in how many statements a word stands; `usual` are the years of which the draft speaks unsaid.
    """
    both = one, other
    if (one.value == "0") != (other.value == "0") or one.unit != other.unit or len({one.status, other.status} - {""}) > 1:
        return 0.0
    years = [set(PATTERNS.year.findall(f"{q.says} {q.passage.heading}")) for q in both]
    if any(years) and not (years[0] or usual) & (years[1] or usual):
        return 0.0
    for marker in (PATTERNS.negative, PATTERNS.earlier):
        if bool(marker.search(one.says)) != bool(marker.search(other.says)):
            return 0.0
    pairs = (one, other), (other, one)
    first, second = ({word for word in _telling(a, stems(b.says)) if not word.isdigit()} for a, b in pairs)
    if not first | second and not (_of_all(one) and _of_all(other)):
        return 0.0
    if any(first & group and second & group and first & group != second & group for group in OPPOSITES):
        return 0.0
    if len(first & second) < LEAST_WORDS and (first != second or not one.status or one.status != other.status):
        return 0.0
    if first == second:
        return 1.0
    shared, all_words = (
        math.fsum(1 / (1 + math.log(weights[word] or 1)) for word in group) for group in (first & second, first | second))
    return shared / all_words
