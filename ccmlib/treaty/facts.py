"""The tidy tables with what follows from them: read when first asked for, computed once."""

from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from ccmlib.base import fields, project
from ccmlib.base.names import StateNames
from ccmlib.tidy import tables
from ccmlib.treaty import adherence, convention, deadlines
from ccmlib.treaty.observations import SAID
from ccmlib.treaty.standings import Answers, Record


class Facts(dict):
    """Tidy tables by name, those given or else those of a folder, and the record of standings."""

    def __init__(self, given=(), processed: Path | str = project.PROCESSED):
        super().__init__(given)
        self.processed = processed
        self._answers, self.reach, self.about = cache(self._answer), cache(self._reach), cache(self._about)
        self.rows_about = cache(lambda table, question: list(self.about(table, question).itertuples()))

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = tables.load(name, self.processed)
        return self[name]

    @cached_property
    def record(self) -> Record:
        """What is known of each State of the register, by question and day."""
        return Record(self["standings"], self["last_words"], self["states"]["iso3"])

    @cached_property
    def names(self) -> StateNames:
        """The names of the register."""
        return StateNames(self["states"])

    @cached_property
    def holding(self) -> dict[str, list[str]]:
        """The tables that hold a row, by its place in the exports, whether they were asked for before or not."""
        found: dict[str, list[str]] = {}
        for name in fields.tables():
            frame = self[name] if name in self else tables.load(name, self.processed, ["row"])
            for row in frame["row"].unique() if "row" in frame else ():
                found.setdefault(row, []).append(name)
        return found

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

    @cached_property
    def deadlines(self) -> dict[int, pd.DataFrame]:
        """All deadlines State by State, by article (see `deadlines.steps`)."""
        in_force, made = self.adherence["entry_into_force_on"], {}
        for article in convention.DEADLINES:
            bound = self.about("standings", f"art{article}_obligation").set_index("iso3")["from_latest"].dropna()
            first = in_force.reindex(bound.index)
            made[article] = deadlines.steps(self, bound.where(bound >= first, first).dropna(), article)
        return made

    def _about(self, table: str, question: str) -> pd.DataFrame:
        """Give the rows of a table that are about one question."""
        return self[table][self[table]["question"] == question]

    def _reach(self, asked: tuple[str, ...]) -> pd.Series:
        """Give the last day that words on some questions speak of, by the day from which on that is so."""
        words = pd.concat([self.about("last_words", question) for question in asked])
        words = words[words["basis"] == SAID].dropna(subset="about_on")
        return words.set_index("from_on")["about_on"].sort_index(kind="stable").cummax()

    def ask(self, name: str, days, year: int | None = None) -> Answers:
        """Answer for all States on some days: a question of questions.yml, of the `year` it is asked of if it is by year.

        Also ``un_member``, and whether a deadline had passed or was extended, such as ``art4_deadline_passed``.
        """
        return self._answers(name, tuple(days), year)

    def _answer(self, name: str, days: tuple, year: int | None) -> Answers:
        if name == "un_member":
            return Answers.certain(self["states"]["un_member"].to_numpy(bool)[:, None].repeat(len(days), axis=1))
        article, _, what = name.partition("_deadline_")
        if what:
            rule = {"passed": deadlines.passed, "extended": deadlines.extended}[what]
            return rule(self.deadlines[int(article.removeprefix("art"))], self.record.states, days)
        return self.record.ask(name, days, year)
