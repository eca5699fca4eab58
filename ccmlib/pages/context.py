"""What the pages of one report have in common."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from ccmlib.language.languages import Language
from ccmlib.pages.markup import ENGLISH

#: Parts whose versions a page names.
MADE_WITH = ("pandas", "matplotlib", "papermill", "nbconvert")
#: Parameters that hold places on the machine; a page never shows them.
PLACES = frozenset({"processed", "out"})
#: Titles that are too long for the navigation → what stands there.
SHORT = {
    "report summary": "Summary", "universalization": "Joining", "stockpile destruction and retention": "Stockpiles",
    "clearance and risk reduction education": "Clearance", "victim assistance": "Victims",
    "international cooperation and assistance": "Cooperation", "transparency measures": "Reports",
    "national implementation measures": "Laws", "trends and outlook": "Trends", "reconciliation": "About the data",
    "where sources disagree": "Disputes",
}
#: Titles of sections that are about the report and not about States: they come last, and have no tile.
LAST = frozenset({"reconciliation", "where sources disagree"})


@dataclass(frozen=True)
class PageContext:
    """Facts about a report that each of its pages shows."""

    period: Any
    #: Pairs of stem and title, in the order of the report.
    sections: Sequence[tuple[str, str]] = ()
    #: Whether pages hold the notebooks' code, folded.
    code: bool = False
    labels: Language = ENGLISH
    #: Names by ISO3, for "find your State", and other names under which each is found.
    states: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: Day to which the record of signatures, deposits and withdrawals is complete.
    known_to: Any = None

    @property
    def dates(self) -> str:
        """First and last day of the period."""
        return f"{self.labels.date(self.period.start)} – {self.labels.date(self.period.end)}"

    @property
    def reach(self) -> str:
        """Say to which day the record of the treaty reaches; nothing where that is not given."""
        said = self.labels.text("The depositary's record of signatures, deposits and withdrawals reaches {day}.")
        return "" if self.known_to is None else said.format(day=self.labels.date(self.known_to))

    def in_order(self) -> list[tuple[str, str, str]]:
        """List stem, title and short title of the sections, those about the report itself last."""
        named = [(stem, title, self.labels.original(title)) for stem, title in self.sections]
        named.sort(key=lambda entry: is_last(entry[2]))
        return [(stem, title, self.labels(SHORT.get(original.casefold(), original))) for stem, title, original in named]

    def made_with(self, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """List the parameters of a notebook and the versions that made its page; no times and no paths."""
        rows = [(name, str(value)) for name, value in parameters.items()
                if name not in PLACES and str(value) and "/" not in str(value)]
        return [*rows, ("Python", platform.python_version()), *((name, metadata.version(name)) for name in MADE_WITH)]


def is_last(title: str) -> bool:
    """Tell whether a section, by its English title, is about the report itself."""
    return title.casefold() in LAST
