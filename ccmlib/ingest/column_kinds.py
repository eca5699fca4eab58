"""Kinds of columns: how the cells of each are read.

A *kind* says what a column holds (``state``, ``date``, ``quantity`` ...). Each distinct value is read once, so that a
column of 100,000 cells with 200 distinct values costs 200 readings. The first line of a reader's docstring documents
the kind (`ccmlib.tidy.describe`).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ccmlib.base.names import NameMatch, StateNames
from ccmlib.base.problems import NotReadable, near
from ccmlib.ingest import amounts, dates
from ccmlib.ingest.cells import Cells, Kind, Parsed
from ccmlib.ingest.dates import When
from ccmlib.ingest.grid import shown

#: What people write for "no value"; not in columns of States, where `NA` is a code of Namibia.
NO_VALUE = frozenset({"", "–", "—", "-", "‑", "n/a", "n.a.", "...", "…"})
#: What letters after a date mean in the status tables of the United Nations Treaty Collection.
LETTERS = {"a": "accession", "A": "acceptance", "AA": "approval", "c": "formal confirmation", "d": "succession",
           "n": "provisional application", "s": "definitive signature", "P": "participation"}  # fmt: skip
_YES, _NO = {"x", "✓", "✔", "yes", "y", "true"}, {"no", "false"}
_FLAGS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
#: Pieces that UTF-8 text shows when it was read as Windows-1252.
_MOJIBAKE = ("Ã¡", "Ã©", "Ã­", "Ã³", "Ãº", "Ã´", "Ã£", "Ã±", "Ã§", "Ã¨", "Ãª", "Ã¼", "Ã¶", "â€", "\ufffd")


@dataclass(frozen=True)
class KindReader:
    """A kind of column: what it is in words, the type of each thing it gives by suffix, and what reads one value.

    The reader gives one thing, or a tuple of all; `blank` are the texts that stand for no value.
    """

    read: Callable[[object, Kind], object]
    gives: dict[str, str]
    text: str
    blank: frozenset[str]


#: Kinds of column by name.
KINDS: dict[str, KindReader] = {}


def _kind(name: str, blank: frozenset[str] = NO_VALUE, **gives: str) -> Callable:
    """Register a reader; `gives` holds the type of each output: `value` has no suffix, ``_on`` is ``_on``."""

    def register(read: Callable[[object, Kind], object]) -> Callable:
        types = {suffix.removeprefix("value"): given for suffix, given in gives.items()}
        KINDS[name] = KindReader(read, types, read.__doc__.splitlines()[0], blank)
        return read

    return register


def outputs(name: str, choices: dict) -> dict[str, str]:
    """Give the type of each output of a kind by suffix; choices with numbers for values keep their text too."""
    gives = KINDS[name].gives
    words = name == "choice" and not all(isinstance(value, int | float) for value in choices.values())
    return {suffix: given for suffix, given in gives.items() if not (words and suffix)}


def read(cells: Cells, kind: Kind) -> Parsed:
    """Read the distinct values of a column, which holds the kind; one that cannot be read gives its failure."""
    reader, gives = KINDS[kind.name], outputs(kind.name, kind.choices)
    rows, failures = [], {}
    for place, value in enumerate(cells.values):
        said = (None,) * len(gives)
        if not (isinstance(value, str) and value.lower() in reader.blank):
            try:
                said = reader.read(value, kind)
            except NotReadable as error:
                failures[place] = error.expected, error.suggestion
        rows.append(said if isinstance(said, tuple) else (said,))
    columns = zip(*rows, strict=False) if rows else [()] * len(gives)
    numbers = {"choice": "number" if "_text" in gives else "string"}
    return Parsed({suffix: _array(numbers.get(given, given), column)
                   for (suffix, given), column in zip(gives.items(), columns, strict=False)}, failures)  # fmt: skip


def _array(given: str, column: tuple) -> np.ndarray | pd.api.extensions.ExtensionArray:
    if given == "string":
        return pd.array([text or None for text in column], dtype="str")
    if given == "integer":
        return pd.array(list(column), dtype="Int64")
    if given == "date":
        return np.array([day or "NaT" for day in column], dtype="datetime64[us]")
    return np.array([np.nan if number is None else number for number in column], dtype=float)


@_kind("text", value="string")
def _text(value: object, kind: Kind) -> str:
    """Read text as it is."""
    text = value if isinstance(value, str) else shown(value)
    if not text.isascii() and any(mark in text for mark in _MOJIBAKE):
        try:
            hint = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            hint = "export it again as UTF-8"
        raise NotReadable("text in its own encoding", hint)
    return text


def _refused(match: NameMatch, names: StateNames) -> NotReadable:
    expected = "a State" if match.kind == "unknown" else f"a State ({match.reason})"
    return NotReadable(expected, " or ".join(names.suggest(match.text)))


@_kind("state", blank=frozenset({""}), value="string")
def _state(value: object, kind: Kind) -> str | None:
    """Read a State by any spelling on record, or its ISO 3166 code; gives the code."""
    return _state_or_territory(value, kind, territory=False)[0]


@_kind("state_or_territory", blank=frozenset({""}), value="string", _name="string")
def _state_or_territory(value: object, kind: Kind, territory: bool = True) -> tuple[str | None, str | None]:
    """Read a State, or a territory on record, whose name is kept in `_name`."""
    text = shown(value)
    match = kind.names.look_up(text, codes=("iso3",))
    if match.iso3 or text.lower() in kind.nil:
        return match.iso3, None
    if territory and match.kind == "territory":
        return None, text
    raise _refused(match, kind.names)


@_kind("states", value="string")
def _states(value: object, kind: Kind) -> str:
    """Read several States, with commas, semicolons or "and" between them."""
    matches = [kind.names.look_up(name, codes=("iso3",)) for name in kind.names.split_states(shown(value))]
    if wrong := [(match.text, _refused(match, kind.names)) for match in matches if not match.iso3]:
        found = "; ".join(f'"{text}" is not: {said.expected}' for text, said in wrong)
        raise NotReadable(f"States only ({found})", "; ".join(said.suggestion for _, said in wrong if said.suggestion))
    if twice := sorted({match.text for match in matches if matches.count(match) > 1}):
        raise NotReadable(f"each State once ({', '.join(twice)} twice)")
    return ";".join(match.iso3 for match in matches)


@_kind("choice", blank=frozenset(), value="choice", _text="string")
def _choice(value: object, kind: Kind) -> object:
    """Read one of the `choices`, whatever its case; with numbers for values the text is kept in `_text`."""
    labels = {label.casefold(): label for label in kind.choices}
    text = shown(value).casefold()
    if text not in labels and text not in NO_VALUE:
        raise NotReadable(f"one of: {', '.join(kind.choices)}", near(text, labels))
    label = labels.get(text)
    return (kind.choices.get(label), label)[: len(outputs(kind.name, kind.choices))]


@_kind("mark", blank=frozenset(), value="number")
def _mark(value: object, kind: Kind) -> float | None:
    """Read x or yes gives 1, `nil` gives 0, nothing and no give no value."""
    text = shown(value).casefold()
    if text in _YES or text in kind.nil:
        return float(text in _YES)
    if text in NO_VALUE | _NO:
        return None
    like = unicodedata.normalize("NFKC", text) in _YES or text in ("х", "χ", "×", "*", "+", "1")
    raise NotReadable("x, or nothing", "x" if like else "")


@_kind("flag", blank=frozenset({""}), value="boolean")
def _flag(value: object, kind: Kind) -> float:
    """Read true or yes, false or no."""
    if (flag := _FLAGS.get(shown(value).casefold())) is None:
        raise NotReadable("true or false")
    return flag


@_kind("year", value="integer")
def _year(value: object, kind: Kind) -> int:
    """Read a calendar year."""
    when = dates.read(value)
    if when.precision != "year" or when.remark:
        raise NotReadable("a calendar year", str(when.last.year))
    return when.last.year


def _exact(value: object, day_first: bool | None) -> When:
    when = dates.read(value, day_first)
    if when.precision != "day" or when.remark:
        raise NotReadable("one day")
    return when


def _no_span(value: object, day_first: bool | None) -> When:
    when = dates.read_past(value, day_first)
    if when.precision == "range":
        raise NotReadable("a day, month or year, or by a day")
    return when


def _first(when: When, value: object) -> dates.date:
    return when.first


def _last(when: When, value: object) -> dates.date:
    return when.last


def _words(when: When, value: object) -> str:
    """Give the words for a time; a plain day is written as ISO, however the cell holds it."""
    return when.first.isoformat() if when.precision == "day" and not when.remark else shown(value)


def _covers_year(when: When, value: object) -> int | None:
    return when.last.year if when.precision == "year" and not when.remark else None


def _times(name: str, text: str, reader: Callable = dates.read_past, **gives: Callable[[When, object], object]) -> None:
    """Register a kind that reads a time; each output is made of the time and of the value in the cell."""

    def read(value: object, kind: Kind) -> tuple:
        when = reader(value, kind.day_first)
        return tuple(make(when, value) for make in gives.values())

    types = {"_stated": "string", "_precision": "string", "_covers_year": "integer"}
    read.__doc__ = text
    _kind(name, **{suffix: types.get(suffix, "date") for suffix in gives})(read)


_times("date", "Read one day.", _exact, value=_first)
_times("first_day", "Read a day, month, year or span; gives its first day.", dates.read, value=_first)
_times("last_day", "Read a day, month, year or span; gives its last day.", dates.read, value=_last)
_times("span", "Read a time in the past: a day in `_on`, else a span in `_from` and `_by`, or only `_by` a day.",
       _on=lambda when, _: when.first if when.precision == "day" else None,
       _from=lambda when, _: None if when.precision in ("day", "by") else when.first,
       _by=lambda when, _: None if when.precision == "day" else when.last)  # fmt: skip
_times("ended", "Read a time in the past: its last day, and how exactly it is known in `_precision`.", _no_span,
       value=_last, _precision=lambda when, _: when.precision)  # fmt: skip
_times("as_of", "Read a time in the past: its last day, and its words in `_stated`.", value=_last, _stated=_words)
_times("known", "Read a time in the past: its last day in `_on`, and its words in `_stated`.", _on=_last, _stated=_words)
_times("deadline", "Read a time, also one still to come: its last day in `_on`, and its words in `_stated`.", dates.read,
       _on=_last, _stated=_words)  # fmt: skip


@_kind("action_day", value="date", _action="string")
def _action_day(value: object, kind: Kind) -> tuple[dates.date, str]:
    """Read a day and the letters after it; `choices` say which action each letter means."""
    parted = re.fullmatch(r"(.*\d)\s*([A-Za-z]{1,2})", shown(value))
    bare, letter = parted.groups() if parted else (value, "")
    day = _exact(bare, kind.day_first).first
    if letter not in kind.choices:
        known = ", ".join(f"{key or 'no letter'} ({action.replace('_', ' ')})" for key, action in kind.choices.items())
        meant = LETTERS.get(letter, "no letter on record")
        raise NotReadable(f"a day, and after it {known}; {letter} is {meant}")
    return day, kind.choices[letter]


_times("year_or_as_of", "Read a calendar year in `_covers_year`, or a day in the past; words in `_stated`.",
       value=lambda when, value: None if _covers_year(when, value) else when.last,
       _covers_year=_covers_year, _stated=_words)  # fmt: skip


@_kind("number", value="number")
def _number(value: object, kind: Kind) -> float:
    """Read a number."""
    return amounts.read(value)


@_kind("count", value="integer")
def _count(value: object, kind: Kind) -> int | None:
    """Read a whole number, 0 or more."""
    number = amounts.whole(value)
    return int(number) if number == number else None


@_kind("quantity", value="number", _text="string")
def _quantity(value: object, kind: Kind) -> tuple[float, object]:
    """Read a number, 0 or more; its words in `_text` where they say more, such as "more than 54,800"."""
    number = amounts.read(value)
    if number < 0:
        raise NotReadable("a quantity, 0 or more")
    return number, value if amounts.says_more(value) else None


@_kind("unit", value="string", _remark="string")
def _unit(value: object, kind: Kind) -> tuple[str, str]:
    """Read a unit such as ``km2 (CHA)``; what the brackets say in `_remark`."""
    unit, _, remark = shown(value).partition(" (")
    return "" if unit.lower() in NO_VALUE else unit, remark.removesuffix(")")


#: Kinds that hold numbers, which a percent format would change.
NUMBERS = {"number", "count", "quantity"}
#: Kinds that hold times, which a spreadsheet program may have read with day and month swapped.
TIMES = {name for name, reader in KINDS.items() if "date" in reader.gives.values()}
