"""The one engine: from what was said to what is certain, possible or unknown of any State on any day.

`spells` turns observations into one table, `standings`: one row per State, question and spell in which the answer is yes,
each end with the earliest and the latest day that is possible. `Record` reads it: for any question and any days it gives
`Answers`, which combine with ``&``, ``|`` and ``~`` as three-valued logic does (Kleene), so that a doubt about one answer
stays in every figure made of it. Everything that speaks of a State's status reads this table.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pandas as pd

from ccmlib.tidy import precedence
from ccmlib.treaty import observations as said

#: Days before and after all days that matter: ends of what has no known end.
EVER, NEVER = pd.Timestamp(1900, 1, 1), pd.Timestamp(2262, 1, 1)
COLUMNS = ["iso3", "question", "year", "from_earliest", "from_latest", "to_earliest", "to_latest", "last_heard_on",
           "publishers", "source", "row", "rows", "disputed"]
DAYS = ["from_earliest", "from_latest", "to_earliest", "to_latest", "last_heard_on"]
_EVER, _NEVER = (int(day.to_datetime64().astype("datetime64[D]").astype("int64")) for day in (EVER, NEVER))


@dataclass(frozen=True, slots=True)
class _Said:
    """One observation as numbers: days since 1970."""

    answer: bool
    first: int
    last: int
    became: bool
    said: int
    rank: int
    basis: str
    publisher: str
    source: str
    row: str


def spells(observations: pd.DataFrame) -> pd.DataFrame:
    """Set out what follows from the observations: the spells in which the answer to a question is yes.

    Between two observations that agree nothing changed; between two that disagree the change lies somewhere between.
    After the last one the answer is unknown, unless the question says that it stays (``once``, ``stays``).

    Yes is certain from from_latest until before to_earliest, possible from from_earliest until before to_latest. A blank
    from_earliest means ever before, a blank from_latest never certain, a blank end none on record. `row` is that of the
    observation that begins the spell, `rows` are all; disputed: another publisher says otherwise.
    """
    made = []
    for (question, iso3, year), group in _grouped(observations):
        made += [(iso3, question, year, *spell) for spell in _spells(group, said.questions()[question])]
    frame = pd.DataFrame(made, columns=COLUMNS).astype({"year": "Int64"})
    for column in DAYS:
        frame[column] = pd.to_datetime(frame[column], unit="D").astype("datetime64[us]")
        frame[column] = frame[column].mask(frame[column].isin([EVER, NEVER]))
    return frame


def last_words(observations: pd.DataFrame) -> pd.DataFrame:
    """Set out the last word on each State and question, from the day on which it became that (`from_on`).

    A word is said, or of absence; the rest only tells that the State was asked about.
    """
    made = []
    for (question, iso3, year), group in _grouped(observations):
        once, about = said.questions()[question].get("once", False), _EVER
        for one in sorted(_chosen(group, once)[0], key=lambda one: (max(one.said, one.last), one.last, one.answer == once)):
            word = one.basis in (said.SAID, said.ABSENCE)
            if one.last >= about or not word:
                about = one.last if word else about
                answer = "yes" if one.answer else "no"
                made.append((iso3, question, year, max(one.said, one.last), answer, one.last, one.basis, one.source, one.row))
    frame = pd.DataFrame(
        made, columns=["iso3", "question", "year", "from_on", "answer", "about_on", "basis", "source", "row"]
    )  # fmt: skip
    for column in ("from_on", "about_on"):
        frame[column] = pd.to_datetime(frame[column], unit="D").astype("datetime64[us]")
    return frame.astype({"year": "Int64"}).drop_duplicates(ignore_index=True)  # one row may speak of a year and its last day


def _grouped(observations: pd.DataFrame):
    """Go through the observations of each question, State and year, as numbers."""
    frame = observations[~(observations["answer"] & (observations["basis"] == said.EARLY))].sort_values(
        ["question", "iso3", "year", "last_on", "first_on", "answer", "became", "said_on", "row"])
    for name in ("first_on", "last_on", "said_on"):
        frame[name] = (frame[name] - pd.Timestamp(1970, 1, 1)).dt.days
    frame["group"] = frame["question"].map(lambda question: said.questions()[question].get("group", "reported"))
    frame["rank"] = [precedence.rank_of(*pair) for pair in frame[["publisher", "group"]].to_numpy()]
    columns = ["question", "iso3", "year", "answer", "first_on", "last_on", "became", "said_on", "rank", "basis", "publisher",
               "source", "row"]
    rows = frame[columns].to_numpy()
    for key, group in groupby(rows, key=lambda row: (row[0], row[1], None if pd.isna(row[2]) else row[2])):
        yield key, [_Said(*row[3:]) for row in group]


def _chosen(group: list[_Said], once: bool) -> tuple[list[_Said], list[_Said]]:
    """Choose among observations that cannot all be true: those kept and those dropped."""
    states = [_at_edge(one) if once else one for one in group if not one.became]
    changes, dropped = _merged(group, [] if once else states)
    if once:
        for no in [one for one in states if not one.answer]:
            for change in [one for one in changes if one.last <= no.first and no.rank < one.rank
                           and no.basis in (said.ABSENCE, said.EARLY)]:
                # A complete file of a higher rank has no such report by then: it was in when the other publisher said so.
                changes.remove(change)
                dropped.append(change)
                if change.said > no.last:
                    states.append(replace(change, first=change.said, last=change.said, became=False))
            # A dated yes stands against a later no; of two undated ones the publisher that ranks first, then the later.
            against = [one for one in states if one.answer and one.last <= no.first and one not in dropped]
            if any(one.last <= no.first for one in changes) or any(
                    (one.rank, -one.said) < (no.rank, -no.said) for one in against):
                dropped.append(no)
            else:
                dropped += against
        for change in list(changes):
            early = [one for one in states if one.answer and one.last < change.first and one not in dropped]
            if any(one.rank < change.rank for one in early):
                changes.remove(change)
                dropped.append(change)
            else:
                dropped += early
    by_day: dict[int, _Said] = {}
    for one in sorted((one for one in states if one.first == one.last and one not in dropped), key=lambda one: one.rank):
        if by_day.setdefault(one.last, one).answer != one.answer:
            dropped.append(one)
    return [*changes, *(one for one in states if one not in dropped)], dropped


def _at_edge(one: _Said) -> _Said:
    """Take a span as its first day for a no, its last for a yes: what holds whenever in the span it was."""
    day = one.last if one.answer else one.first
    return replace(one, first=day, last=day)


def _merged(group: list[_Said], states: list[_Said]) -> tuple[list[_Said], list[_Said]]:
    """Merge the accounts of each change: the publisher that ranks first; of equals, what they have in common."""
    kept, dropped, accounts = [], [], []
    for one in [*sorted((one for one in group if one.became), key=lambda one: (one.last, one.first)), None]:
        if accounts and (one is None or one.answer != accounts[0].answer or any(
                accounts[-1].last < state.first and state.last < one.first and state.answer != one.answer
                for state in states)):
            kept.append(_common(accounts, dropped))
            accounts = []
        accounts.append(one)
    return kept, dropped


def _common(accounts: list[_Said], dropped: list[_Said]) -> _Said:
    best, *others = sorted(accounts, key=lambda one: (one.rank, one.last - one.first, one.said))
    for one in others:
        apart = one.first > best.last or one.last < best.first
        if one.rank == best.rank:  # where they lie apart, only the span that holds both is common ground
            first, last = (min, max) if apart else (max, min)
            best = replace(best, first=first(one.first, best.first), last=last(one.last, best.last))
        if apart:
            dropped.append(one)
    return best


def _spells(group: list[_Said], question: dict) -> list[tuple]:
    once = question.get("once", False)
    kept, dropped = _chosen(group, once)
    pins = []  # (day from which, day by which, answer, observation)
    for one in kept:
        if one.became:
            pins += [(one.first - 1, one.first - 1, not one.answer, one), (one.last, one.last, one.answer, one)]
        elif one.first == one.last:
            pins.append((one.first, one.last, one.answer, one))
    pins += [(one.first, one.last, one.answer, one) for one in kept if not one.became and not _told_by(pins, one)]
    # On one day a yes that stays comes after a no; an obligation that ends, ends after it was open.
    pins.sort(key=lambda pin: (pin[1], pin[0], pin[2] == once))
    runs = [(answer, list(run)) for answer, run in groupby(pins, key=lambda pin: pin[2])]
    heard = max(one.last for one in kept)
    stays = question.get("stays")
    made = []

    def add(begin: int, surely: int, over: int, end: int, run: list) -> None:
        if begin < end:
            made.append((begin, min(max(surely, begin), end), min(over, end), end, heard, *_evidence(run), bool(dropped)))

    if runs and not runs[0][0] and not once and question.get("starts") is not False:  # it may have been yes before
        first = min(pin[1] for pin in runs[0][1])
        add(_EVER, first, first, first, runs[0][1])
    for place, (answer, run) in enumerate(runs):
        last = place == len(runs) - 1
        if answer:
            begin = max(pin[0] for pin in runs[place - 1][1]) + 1 if place else _EVER
            over = _NEVER if last and (once or stays) else max(pin[0] for pin in run) + 1
            end = _NEVER if last else min(pin[1] for pin in runs[place + 1][1])
            add(begin, min(pin[1] for pin in run), over, end, run)
        elif last and (stays is not False or all(pin[3].basis == said.ABSENCE for pin in run)):  # it may have become yes since
            begin = max(pin[0] for pin in run) + 1
            add(begin, _NEVER, begin, _NEVER, run)
    return made


def _told_by(pins: list[tuple], span: _Said) -> bool:
    """Tell whether days that are told say more than a span, or as much.

    They do with the same answer on a day of it; or, of an obligation only known to have been open at some time if at all,
    by saying that it had ended.
    """
    return any(span.first <= day <= span.last if answer == span.answer else span.basis == said.TREATY and day < span.last
               for day, _, answer, _ in pins)


def _evidence(run: list[tuple]) -> tuple:
    own = [one for _, _, answer, one in run if one.answer == answer] or [run[0][3]]
    first = min(own, key=lambda one: (not one.became, one.rank, one.last))
    publishers = dict.fromkeys(one.publisher for one in own)
    return "; ".join(publishers), first.source, first.row, ";".join(dict.fromkeys(one.row for one in own))


@dataclass(frozen=True)
class Answers:
    """Answers to a question of some States (rows) on some days (columns), in three values.

    `sure` is true where yes is certain, `possible` where it is not excluded; `last` where the last word on or before the
    day is yes, `last_no` where it is no, neither where nothing was said; `silent` where the answer is unknown because no
    source ever spoke of the State: such a doubt has no bound.
    """

    sure: np.ndarray
    possible: np.ndarray
    last: np.ndarray
    last_no: np.ndarray
    silent: np.ndarray

    @classmethod
    def certain(cls, yes: np.ndarray) -> "Answers":
        """Answer yes or no, for certain."""
        return cls(yes, yes, yes, ~yes, yes & False)

    def __and__(self, other: "Answers") -> "Answers":
        silent = (self.silent & other.possible) | (other.silent & self.possible)
        return Answers(self.sure & other.sure, self.possible & other.possible, self.last & other.last,
                       self.last_no | other.last_no, silent)

    def __or__(self, other: "Answers") -> "Answers":
        silent = (self.silent & ~other.sure) | (other.silent & ~self.sure)
        return Answers(self.sure | other.sure, self.possible | other.possible, self.last | other.last,
                       self.last_no & other.last_no, silent)

    def __invert__(self) -> "Answers":
        return Answers(~self.possible, ~self.sure, self.last_no, self.last, self.silent)

    def of(self, day: int = 0) -> pd.arrays.BooleanArray:
        """Give the answers of one day as nullable booleans: yes, no, or missing where it is not known."""
        return pd.arrays.BooleanArray(self.sure[:, day].copy(), self.possible[:, day] & ~self.sure[:, day])


class Record:
    """What is known of each State (ISO3 codes, in order): standings and last words, asked by question and day."""

    def __init__(self, standings: pd.DataFrame, words: pd.DataFrame, states: Iterable[str]):
        self.states = list(states)
        self.place = {iso3: at for at, iso3 in enumerate(self.states)}
        blank = {"from_earliest": EVER, "to_earliest": NEVER, "to_latest": NEVER}  # a blank from_latest is never reached
        self.standings = self._by_question(standings.fillna(blank), DAYS[:4])
        self.words = self._by_question(words, ["from_on", "answer", "basis"])

    def _by_question(self, frame: pd.DataFrame, columns: list[str]) -> dict[tuple[str, int | None], list[np.ndarray]]:
        """Give, by question and year, the places of the States that rows speak of, and what stands in some columns."""
        held = [frame["iso3"].map(self.place).to_numpy(), *(frame[name].to_numpy() for name in columns)]
        rows = frame.assign(year=frame["year"].fillna(0)).groupby(["question", "year"]).indices
        return {(question, year or None): [column[at] for column in held] for (question, year), at in rows.items()}

    def ask(self, question: str, days, year: int | None = None) -> Answers:
        """Answer a question of questions.yml for all States on some days; one that is asked by year, of that year."""
        if question not in said.questions():
            raise KeyError(f"no question {question!r}; there are {', '.join(said.questions())}")
        at = pd.DatetimeIndex(days).as_unit("us").to_numpy()
        shape = len(self.states), len(at)
        sure, possible, silent = (np.full(shape, value) for value in (False, True, True))
        latest = np.zeros(shape, int)  # number, from 1, of the last word on or before the day
        if (question, year) not in self.words:  # nothing was ever said
            return Answers(sure, possible, sure, sure, silent)
        places, since, answers, basis = self.words[question, year]
        numbers, absent = np.arange(1, len(places) + 1), basis == said.ABSENCE
        told = ((basis == said.SAID) | absent)[:, None] & (since[:, None] <= at)
        np.maximum.at(latest, places, numbers[:, None] * told)
        if question in said.OF_TREATY:  # past the depositary's record nobody spoke of a State, whatever it did before
            final = np.zeros(shape[0], int)
            np.maximum.at(final, places, numbers)
            absent = absent[final[places] - 1]
        possible[places] = False
        np.logical_and.at(silent, places, absent[:, None])
        yes = np.append(False, answers == "yes")[latest]
        if (question, year) in self.standings:
            places, begin, surely, over, end = (column[:, None] for column in self.standings[question, year])
            np.logical_or.at(sure, places[:, 0], (surely <= at) & (at < over))
            np.logical_or.at(possible, places[:, 0], (begin <= at) & (at < end))
        return Answers(sure, possible, yes, (latest > 0) & ~yes, silent & possible & ~sure)


def held(spells: pd.DataFrame) -> pd.DataFrame:
    """Keep the spells that surely were; of the others a source's no leaves it open whether they ever came."""
    return spells[spells["from_latest"].notna() & ~(spells["from_latest"] >= spells["to_earliest"])]

