"""The one vocabulary of figures (figures.yml): words, unit and computation of each figure_id, said once."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import yaml

from ccmlib.treaty.observations import OF_TREATY, questions

STATES = "States"
_TOKEN = re.compile(r"[a-z]\w*(?:@\w+)?")


class UnknownFigureError(KeyError):
    """A figure_id that is not in the vocabulary."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class Entry:
    """A figure of the vocabulary.

    Attributes
    ----------
    figure_id : str
        Its name; with ``{state}`` or ``{year}`` where each State or year has one.
    theme : str
        Section that it belongs to.
    label, says : dict
        Words for one and for many: a label follows its number; `says` is a sentence with ``{n}`` for its number.
    unit : str
        "States" where States are counted; "date" for a day, month or year.
    better : str
        "up", "down" or blank: which way is progress.
    late : bool
        Names States as late.
    rule : dict
        How it is computed: where, began, ended, reported, not_reported, of, activities, count, date, share ...
    fills : dict
        What stands for ``{state}`` or ``{year}`` in its name.
    """

    figure_id: str
    theme: str
    label: dict
    says: dict
    unit: str = STATES
    better: str = ""
    late: bool = False
    rule: dict = field(default_factory=dict)
    fills: dict = field(default_factory=dict)

    @property
    def any_day(self) -> bool:
        """Whether it can be asked for any day, not only for a period."""
        where = self.rule.get("where", "")
        of_period = "@period_before" in where or {"not_reported", "due_in"} & self.rule.keys()
        return "share" in self.rule or (bool(where) and not of_period)


@cache
def entries() -> dict[str, Entry]:
    """Read all figures, by figure_id."""
    told = yaml.load((Path(__file__).parent / "figures.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    made = {}
    for name, entry in told.items():
        words = {key: entry.pop(key) for key in ("unit", "better", "late") if key in entry}
        if "date" in entry:
            words["unit"] = "date"
        made[name] = Entry(name, entry.pop("theme"), entry.pop("label"), entry.pop("says", {}), **words, rule=entry)
    return made


@cache
def _patterns() -> list[tuple[re.Pattern, str]]:
    return [(re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(name))), name) for name in entries() if "{" in name]


def find(figure_id: str) -> Entry:
    """Find a figure by its id, such as ``art3_remaining`` or ``deposit_cuba``.

    Raises
    ------
    UnknownFigureError
        Names the nearest ids that there are.
    """
    if figure_id in entries():
        return entries()[figure_id]
    for pattern, name in _patterns():
        if found := pattern.fullmatch(figure_id):
            entry = entries()[name]
            return Entry(figure_id, entry.theme, entry.label, entry.says, entry.unit, entry.better, entry.late, entry.rule,
                         found.groupdict())
    near = get_close_matches(figure_id, entries(), n=3)
    raise UnknownFigureError(f"no figure {figure_id!r}" + (f"; did you mean {', '.join(near)}?" if near else
                             "; `ccm figures` lists them"))


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
