"""The tidy tables with what follows from them: read when first asked for, computed once."""

from functools import cached_property
from pathlib import Path

import pandas as pd

from ccmlib.base import project
from ccmlib.tidy import tables
from ccmlib.treaty import adherence, deadlines
from ccmlib.treaty.standings import Answers, Record


class Facts(dict):
    """Tidy tables by name, and the record of standings.

    Parameters
    ----------
    given : dict of str to DataFrame, optional
        Tables that are already at hand.
    processed : Path or str
        Folder of the tidy tables.
    """

    def __init__(self, given=(), processed: Path | str = project.PROCESSED):
        super().__init__(given)
        self.processed = processed
        self._steps: dict[int, pd.DataFrame] = {}
        self._asked: dict[tuple, Answers] = {}

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = tables.load(name, self.processed)
        return self[name]

    @cached_property
    def record(self) -> Record:
        """What is known of each State of the register, by question and day."""
        return Record(self["standings"], self["last_words"], self["states"]["iso3"])

    @cached_property
    def adherence(self) -> pd.DataFrame:
        """One row per State that ever signed or joined, with its treaty dates, by ISO3."""
        return adherence.by_state(self["treaty_actions"]).set_index("iso3", drop=False)

    @cached_property
    def treaty_known_to(self) -> pd.Timestamp:
        """Day to which the depositary's table is complete."""
        return self.known_to("treaty_actions")

    def known_to(self, subject: str, year: int | None = None) -> pd.Timestamp:
        """Give the last day for which a card declares a subject complete; missing where none does."""
        cards = self["coverage"]
        found = cards["subject"] == subject
        return cards.loc[found if year is None else found & (cards["covers_year"] == year), "to_on"].max()

    def deadlines(self, article: int) -> pd.DataFrame:
        """Give all deadlines of an article, State by State (see `deadlines.steps`)."""
        if article not in self._steps:
            began = self["standings"][self["standings"]["question"] == f"art{article}_obligation"]
            bound = began.dropna(subset="from_latest").set_index("iso3")["from_latest"]
            in_force = self.adherence["entry_into_force_on"].reindex(bound.index)
            self._steps[article] = deadlines.steps(self, bound.where(bound >= in_force, in_force).dropna(), article)
        return self._steps[article]

    def ask(self, name: str, days, year: int | None = None) -> Answers:
        """Answer a question of questions.yml, or whether a deadline has passed or was extended, for all States.

        Parameters
        ----------
        name : str
            Such as ``art3_open``, ``art4_deadline_passed``, ``un_member``.
        days : iterable of Timestamp
            The days asked about.
        year : int, optional
            Of a question asked by year.
        """
        at = pd.DatetimeIndex(days)
        key = name, tuple(at), year
        if key not in self._asked:
            self._asked[key] = self._answer(name, at, year)
        return self._asked[key]

    def _answer(self, name: str, at: pd.DatetimeIndex, year: int | None) -> Answers:
        if name == "un_member":
            members = self["states"]["un_member"].to_numpy(bool)[:, None].repeat(len(at), axis=1)
            return Answers(members, members, members, ~members, members & False)
        article, _, what = name.partition("_deadline_")
        if what:
            rule = {"passed": deadlines.passed, "extended": deadlines.extended}[what]
            return rule(self.deadlines(int(article.removeprefix("art"))), self.record.states, at)
        return self.record.ask(name, at, year)
