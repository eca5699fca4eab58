"""The one vocabulary of figures (figures.yml): words, unit and computation of each figure_id, said once."""

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from ccmlib.base.fields import Origins
from ccmlib.base.problems import Problems
from ccmlib.treaty.observations import OF_TREATY, questions

STATES = "States"
#: Keys of a rule that say how a figure is computed.
WAYS = ("where", "began", "ended", "reported", "activities", "share", "granted")
#: Tables that name figures → their column; a cell may name several.
NAMED_IN = {"published_figures": "figure_id", "action_plan": "figure_ids"}
_TOKEN = re.compile(r"[a-z]\w*(?:@\w+)?")


class UnknownFigureError(LookupError):
    """A figure_id that is not in the vocabulary, or has no rule there."""


@dataclass(frozen=True)
class Entry:
    """A figure of the vocabulary, as the head of figures.yml explains it.

    `theme` is the section that it belongs to, `unit` "States" where States are counted and "date" for a day, month or year,
    `rule` how it is computed: one of `WAYS`, and what limits it. `fills` is what stands in its name for ``{state}`` or
    ``{year}``, where each State or year has one.
    """

    figure_id: str
    theme: str
    label: dict
    says: dict = field(default_factory=dict)
    unit: str = STATES
    better: str = ""
    late: bool = False
    rule: dict = field(default_factory=dict)
    fills: dict = field(default_factory=dict)

    @property
    def way(self) -> str:
        """How it is computed: one of `WAYS`; blank where a notebook counts it."""
        return next((key for key in WAYS if key in self.rule), "")

    @property
    def any_day(self) -> bool:
        """Whether it can be asked for any day, not only for a period."""
        of_period = "@period_before" in self.rule.get("where", "") or {"not_reported", "due_in"} & self.rule.keys()
        return self.way == "share" or (self.way == "where" and not of_period)


@cache
def entries() -> dict[str, Entry]:
    """Read all figures, by figure_id."""
    told = yaml.load((Path(__file__).parent / "figures.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    made = {}
    for name, entry in told.items():
        words = {key: entry.pop(key) for key in ("theme", "label", "says", "unit", "better", "late") if key in entry}
        made[name] = Entry(name, **words | ({"unit": "date"} if "date" in entry else {}), rule=entry)
    return made


@cache
def _patterns() -> list[tuple[re.Pattern, Entry]]:
    return [(re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(name))), entry)
            for name, entry in entries().items() if "{" in name]


def find(figure_id: str) -> Entry:
    """Find a figure by its id, such as ``art3_remaining`` or ``deposit_cuba``; an error names the nearest that there are."""
    if figure_id in entries():
        return entries()[figure_id]
    for pattern, entry in _patterns():
        if found := pattern.fullmatch(figure_id):
            return replace(entry, figure_id=figure_id, fills=found.groupdict())
    near = get_close_matches(figure_id, entries(), n=3)
    raise UnknownFigureError(f"no figure {figure_id!r}" + (f"; did you mean {', '.join(near)}?" if near else
                             "; `ccm figures` lists them"))


def of_a_day(figure_id: str) -> Entry:
    """Find a figure that any day can be asked for."""
    entry = find(figure_id)
    if not entry.any_day:
        raise UnknownFigureError(f"{figure_id!r} is of a period, not of a day: ask for it by period=…")
    return entry


@cache
def tokens(expression: str) -> tuple[str, ...]:
    """Name the questions of an expression, each with the day that it is asked of, such as ``signatory@period_before``."""
    return tuple(dict.fromkeys(_TOKEN.findall(expression)))


def reported(expression: str) -> list[str]:
    """Name those questions of an expression that the treaty's own dates do not answer."""
    asked = dict.fromkeys(token.partition("@")[0] for token in tokens(expression))
    return [name for name in asked if name in questions() and name not in OF_TREATY]


def evaluate(expression: str, answers: dict):
    """Combine the answers to the tokens of an expression."""
    return eval(_TOKEN.sub(lambda token: f"v[{token[0]!r}]", expression), {"__builtins__": {}}, {"v": answers})


def check(tables: dict[str, pd.DataFrame]) -> Problems:
    """Look in ledgers and action plans for figure_ids that are not in the vocabulary, each with the nearest that is."""
    problems = Problems()
    for table, column in NAMED_IN.items():
        for row, cell in zip(tables[table]["row"], tables[table][column], strict=True):
            for figure_id in filter(None, cell.split(";")):
                try:
                    find(figure_id)
                except UnknownFigureError as error:
                    problems.add(*Origins().place(row), found=figure_id, expected="a figure_id of the vocabulary",
                                 suggestion=str(error).partition("; ")[2])
    return problems


def listing() -> str:
    """List the figures: id, what it counts, and how it is computed."""
    return "\n".join(
        f"{name}\n    {entry.label['many']} ({entry.unit}; {entry.theme})\n    "
        + (f"{entry.way}: {entry.rule[entry.way]}" if entry.way else "counted by its notebook")
        for name, entry in entries().items())
