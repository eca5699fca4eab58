"""Kinds of columns: how the cells of each are read.

A *kind* says what a column holds (``state``, ``date``, ``quantity`` ...). Its reader takes the distinct values and
gives one or several arrays; a column of 100,000 cells with 200 distinct values costs 200 readings. The first line of a
reader's docstring documents the kind (`ccmlib.tidy.describe`).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from ccmlib.base.names import NameMatch, StateNames
from ccmlib.base.problems import near
from ccmlib.ingest import amounts, dates
from ccmlib.ingest.amounts import NotANumber
from ccmlib.ingest.cells import Cells, Kind, Parsed
from ccmlib.ingest.dates import NotADate
from ccmlib.ingest.grid import shown

#: What people write for "no value"; not in columns of States, where `NA` is a code of Namibia.
NO_VALUE = {"", "–", "—", "-", "‑", "n/a", "n.a.", "...", "…"}
#: What letters after a date mean in the status tables of the United Nations Treaty Collection.
LETTERS = {"a": "accession", "A": "acceptance", "AA": "approval", "c": "formal confirmation", "d": "succession",
           "n": "provisional application", "s": "definitive signature", "P": "participation"}  # fmt: skip
_NO_TEXT = {case(text) for text in NO_VALUE for case in (str.lower, str.upper)}
_YES = {"x", "✓", "✔", "yes", "y", "true"}
_NO = {"no", "false"}
#: Pieces that UTF-8 text shows when it was read as Windows-1252.
_MOJIBAKE = ("Ã¡", "Ã©", "Ã­", "Ã³", "Ãº", "Ã´", "Ã£", "Ã±", "Ã§", "Ã¨", "Ãª", "Ã¼", "Ã¶", "â€", "\ufffd")


@dataclass(frozen=True)
class KindReader:
    """A kind of column: its reader, the type of each array by suffix of the field's name, and what it is in words."""

    read: Callable[[list, Kind], Parsed]
    gives: dict[str, str]
    text: str


#: Kinds of column by name.
KINDS: dict[str, KindReader] = {}


def _kind(name: str, **gives: str) -> Callable:
    """Register a reader; `gives` holds the type of each array: `value` has no suffix, ``_on`` is ``_on``."""

    def register(read: Callable[[list, Kind], Parsed]) -> Callable:
        types = {"" if suffix == "value" else suffix: given for suffix, given in gives.items()}
        KINDS[name] = KindReader(read, types, read.__doc__.splitlines()[0])
        return read

    return register


def read(cells: Cells, kind: Kind) -> Parsed:
    """Read the distinct values of a column, which holds the kind."""
    return KINDS[kind.name].read(cells.values, kind)


def _each(values: list, reader: Callable, blank: set[str] = NO_VALUE) -> tuple[list, dict[int, tuple[str, str]]]:
    """Read each value; a value that cannot be read leaves None and its failure."""
    results, failures = [], {}
    for place, value in enumerate(values):
        if isinstance(value, str) and value.lower() in blank:
            results.append(None)
            continue
        try:
            results.append(reader(value))
        except (NotADate, NotANumber) as error:
            failures[place] = error.expected, error.suggestion
            results.append(None)
    return results, failures


def _whens(values: list, kind: Kind, reader: Callable = dates.read) -> tuple[list, dict[int, tuple[str, str]]]:
    """Read times as the column writes them."""
    return _each(values, partial(reader, day_first=kind.day_first))


def _days(days: list[date | None]) -> np.ndarray:
    return np.array([np.datetime64(day or "NaT") for day in days], dtype="datetime64[us]")


def _text_array(texts: list) -> pd.api.extensions.ExtensionArray:
    return pd.array([text or None for text in texts], dtype="str")


@_kind("text", value="string")
def _text(values: list, kind: Kind) -> Parsed:
    """Read text as it is."""
    failures = {}
    texts = [value if isinstance(value, str) else shown(value) for value in values]
    together = "\x00".join(texts)
    if not together.isascii() and any(mark in together for mark in _MOJIBAKE):
        for place, text in enumerate(texts):
            if any(mark in text for mark in _MOJIBAKE):
                failures[place] = "text in its own encoding", _repaired(text)
    return Parsed({"": _text_array([None if text in _NO_TEXT else text for text in texts])}, failures)


def _repaired(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return "export it again as UTF-8"


@_kind("state", value="string")
def _state(values: list, kind: Kind) -> Parsed:
    """Read a State by any spelling on record, or its ISO 3166 code; gives the code."""
    codes, failures = [], {}
    for place, value in enumerate(values):
        nothing = value == "" or shown(value).lower() in kind.nil
        match = None if nothing else kind.names.look_up(shown(value), codes=("iso3",))
        codes.append(match.iso3 if match else None)
        if match and not match.iso3:
            failures[place] = _unknown_state(match, kind.names)
    return Parsed({"": _text_array(codes)}, failures)


@_kind("state_or_territory", value="string", _name="string")
def _state_or_territory(values: list, kind: Kind) -> Parsed:
    """Read a State, or a territory on record, whose name is kept in `_name`."""
    parsed = _state(values, kind)
    matches = {place: kind.names.look_up(shown(values[place])) for place in parsed.failures}
    for place, match in matches.items():
        if match.kind == "territory":
            del parsed.failures[place]
    names = [shown(value) if place in matches else None for place, value in enumerate(values)]
    return Parsed({**parsed.arrays, "_name": _text_array(names)}, parsed.failures)


@_kind("states", value="string")
def _states(values: list, kind: Kind) -> Parsed:
    """Read several States, with commas, semicolons or "and" between them."""
    lists, failures = [], {}
    for place, value in enumerate(values):
        text = shown(value)
        names = [] if text.lower() in NO_VALUE else kind.names.split_states(text)
        matches = [kind.names.look_up(name, codes=("iso3",)) for name in names]
        lists.append(";".join(match.iso3 for match in matches if match.iso3))
        wrong = [match for match in matches if not match.iso3]
        twice = sorted({match.text for match in matches if match.iso3 and matches.count(match) > 1})
        if wrong:
            told = [_unknown_state(match, kind.names) for match in wrong]
            found = "; ".join(f'"{match.text}" is not: {expected}' for match, (expected, _) in zip(wrong, told, strict=True))
            failures[place] = f"States only ({found})", "; ".join(hint for _, hint in told if hint)
        elif twice:
            failures[place] = f"each State once ({', '.join(twice)} twice)", ""
    return Parsed({"": _text_array(lists)}, failures)


def _unknown_state(match: NameMatch, names: StateNames) -> tuple[str, str]:
    expected = "a State" if match.kind == "unknown" else f"a State ({match.reason})"
    return expected, " or ".join(names.suggest(match.text))


@_kind("choice", value="choice", _text="string")
def _choice(values: list, kind: Kind) -> Parsed:
    """Read one of the `choices`, whatever its case; with numbers for values the text is kept in `_text`."""
    known = {label.casefold(): value for label, value in kind.choices.items()}
    labels = {label.casefold(): label for label in kind.choices}
    results, failures = [], {}
    for place, value in enumerate(values):
        text = shown(value).casefold()
        results.append(known.get(text))
        if text not in known and text not in NO_VALUE:
            failures[place] = f"one of: {', '.join(kind.choices)}", near(text, known)
    if all(isinstance(value, int | float) for value in kind.choices.values()):
        numbers = np.array([np.nan if value is None else value for value in results], dtype=float)
        texts = _text_array([labels.get(shown(value).casefold()) for value in values])
        return Parsed({"": numbers, "_text": texts}, failures)
    return Parsed({"": _text_array(results)}, failures)


@_kind("mark", value="number")
def _mark(values: list, kind: Kind) -> Parsed:
    """Read x or yes gives 1, `nil` gives 0, nothing and no give no value."""
    marks, failures = [], {}
    for place, value in enumerate(values):
        text = shown(value).casefold()
        if text in _YES:
            marks.append(1.0)
        elif text in kind.nil:
            marks.append(0.0)
        else:
            marks.append(np.nan)
            if text not in NO_VALUE | _NO:
                like = unicodedata.normalize("NFKC", text) in _YES or text in ("х", "χ", "×", "*", "+", "1")
                failures[place] = "x, or nothing", "x" if like else ""
    return Parsed({"": np.array(marks, dtype=float)}, failures)


@_kind("flag", value="boolean")
def _flag(values: list, kind: Kind) -> Parsed:
    """Read true or yes, false or no."""
    known = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
    flags = [known.get(shown(value).casefold(), np.nan) for value in values]
    failures = {place: ("true or false", "") for place, value in enumerate(values) if value != "" and np.isnan(flags[place])}
    return Parsed({"": np.array(flags, dtype=float)}, failures)


def _whole_year(value: object) -> int:
    when = dates.read(value)
    if when.precision != "year" or when.remark:
        raise NotADate("a calendar year", str(when.last.year))
    return when.last.year


@_kind("year", value="integer")
def _year(values: list, kind: Kind) -> Parsed:
    """Read a calendar year."""
    years, failures = _each(values, _whole_year)
    return Parsed({"": pd.array(years, dtype="Int64")}, failures)


def _exact(value: object, day_first: bool | None = None) -> dates.When:
    when = dates.read(value, day_first)
    if when.precision != "day" or when.remark:
        raise NotADate("one day")
    return when


@_kind("date", value="date")
def _date(values: list, kind: Kind) -> Parsed:
    """Read one day."""
    whens, failures = _whens(values, kind, _exact)
    return Parsed({"": _days([when and when.first for when in whens])}, failures)


@_kind("first_day", value="date")
def _first_day(values: list, kind: Kind) -> Parsed:
    """Read a day, month, year or span; gives its first day."""
    whens, failures = _whens(values, kind)
    return Parsed({"": _days([when and when.first for when in whens])}, failures)


@_kind("last_day", value="date")
def _last_day(values: list, kind: Kind) -> Parsed:
    """Read a day, month, year or span; gives its last day."""
    whens, failures = _whens(values, kind)
    return Parsed({"": _days([when and when.last for when in whens])}, failures)


@_kind("span", _on="date", _from="date", _by="date")
def _span(values: list, kind: Kind) -> Parsed:
    """Read a time in the past: a day in `_on`, else a span in `_from` and `_by`, or only `_by` a day."""
    whens, failures = _whens(values, kind, dates.read_past)
    exact = [when if when and when.precision == "day" else None for when in whens]
    wide = [when if when and when.precision != "day" else None for when in whens]
    return Parsed(
        {
            "_on": _days([when and when.first for when in exact]),
            "_from": _days([when.first if when and when.precision != "by" else None for when in wide]),
            "_by": _days([when and when.last for when in wide]),
        },
        failures,
    )


@_kind("ended", value="date", _precision="string")
def _ended(values: list, kind: Kind) -> Parsed:
    """Read a time in the past: its last day, and how exactly it is known in `_precision`."""
    whens, failures = _whens(values, kind, dates.read_past)
    for place, when in enumerate(whens):
        if when and when.precision == "range":
            failures[place] = "a day, month or year, or by a day", ""
    precisions = [when.precision if when else None for when in whens]
    return Parsed({"": _days([when and when.last for when in whens]), "_precision": _text_array(precisions)}, failures)


@_kind("as_of", value="date", _stated="string")
def _as_of(values: list, kind: Kind) -> Parsed:
    """Read a time in the past: its last day, and its words in `_stated`."""
    whens, failures = _whens(values, kind, dates.read_past)
    stated = _stated(values, whens)
    return Parsed({"": _days([when and when.last for when in whens]), "_stated": _text_array(stated)}, failures)


def _stated(values: list, whens: list[dates.When | None]) -> list[str | None]:
    """Give the words for each time; a plain day is written as ISO, however the cell holds it."""
    plain = [when is not None and when.precision == "day" and not when.remark for when in whens]
    texts = zip(values, whens, plain, strict=True)
    return [when.first.isoformat() if is_plain else shown(value) if when else None for value, when, is_plain in texts]


@_kind("known", _on="date", _stated="string")
def _known(values: list, kind: Kind) -> Parsed:
    """Read a time in the past: its last day in `_on`, and its words in `_stated`."""
    arrays = _as_of(values, kind)
    return Parsed({"_on": arrays.arrays[""], "_stated": arrays.arrays["_stated"]}, arrays.failures)


@_kind("deadline", _on="date", _stated="string")
def _deadline(values: list, kind: Kind) -> Parsed:
    """Read a time, also one still to come: its last day in `_on`, and its words in `_stated`."""
    whens, failures = _whens(values, kind)
    stated = _stated(values, whens)
    return Parsed({"_on": _days([when and when.last for when in whens]), "_stated": _text_array(stated)}, failures)


@_kind("action_day", value="date", _action="string")
def _action_day(values: list, kind: Kind) -> Parsed:
    """Read a day and the letters after it; `choices` say which action each letter means."""
    parted = [re.fullmatch(r"(.*\d)\s*([A-Za-z]{1,2})?", shown(value)) for value in values]
    bare = [match[1] if match and match[2] else value for match, value in zip(parted, values, strict=True)]
    whens, failures = _whens(bare, kind, _exact)
    actions = []
    for place, (match, when) in enumerate(zip(parted, list(whens), strict=True)):
        letter = (match[2] if match else "") or ""
        actions.append(kind.choices.get(letter) if when else None)
        if when and letter not in kind.choices:
            told = {key or "no letter": value.replace("_", " ") for key, value in kind.choices.items()}
            known = ", ".join(f"{key} ({value})" for key, value in told.items())
            meant = LETTERS.get(letter, "no letter on record")
            failures[place] = f"a day, and after it {known}; {letter} is {meant}", ""
            whens[place] = None
    return Parsed({"": _days([when and when.first for when in whens]), "_action": _text_array(actions)}, failures)


@_kind("year_or_as_of", value="date", _covers_year="integer", _stated="string")
def _year_or_as_of(values: list, kind: Kind) -> Parsed:
    """Read a calendar year in `_covers_year`, or a day in the past; words in `_stated`."""
    whens, failures = _whens(values, kind, dates.read_past)
    covered = [when is not None and when.precision == "year" and not when.remark for when in whens]
    pairs = list(zip(whens, covered, strict=True))
    years = [when.last.year if is_year else None for when, is_year in pairs]
    days = [None if is_year or not when else when.last for when, is_year in pairs]
    stated = _stated(values, whens)
    return Parsed({"_covers_year": pd.array(years, dtype="Int64"), "": _days(days), "_stated": _text_array(stated)}, failures)


@_kind("number", value="number")
def _number(values: list, kind: Kind) -> Parsed:
    """Read a number."""
    numbers, failures = _each(values, amounts.read)
    return Parsed({"": np.array([np.nan if number is None else number for number in numbers], dtype=float)}, failures)


@_kind("count", value="integer")
def _count(values: list, kind: Kind) -> Parsed:
    """Read a whole number, 0 or more."""
    numbers, failures = _each(values, amounts.whole)
    counts = [None if number is None or number != number else int(number) for number in numbers]
    return Parsed({"": pd.array(counts, dtype="Int64")}, failures)


@_kind("quantity", value="number", _text="string")
def _quantity(values: list, kind: Kind) -> Parsed:
    """Read a number, 0 or more; its words in `_text` where they say more, such as "more than 54,800"."""
    parsed = _number(values, kind)
    for place in np.flatnonzero(parsed.arrays[""] < 0):
        parsed.failures[int(place)] = "a quantity, 0 or more", ""
    texts = [value if amounts.says_more(value) and value.lower() not in NO_VALUE else None for value in values]
    return Parsed({**parsed.arrays, "_text": _text_array(texts)}, parsed.failures)


@_kind("unit", value="string", _remark="string")
def _unit(values: list, kind: Kind) -> Parsed:
    """Read a unit such as ``km2 (CHA)``; what the brackets say in `_remark`."""
    parts = [shown(value).partition(" (") for value in values]
    units = ["" if unit.lower() in NO_VALUE else unit for unit, _, _ in parts]
    return Parsed({"": _text_array(units), "_remark": _text_array([remark.removesuffix(")") for _, _, remark in parts])})


#: Kinds that hold numbers, which a percent format would change.
NUMBERS = {"number", "count", "quantity"}
#: Kinds that hold times, which a spreadsheet program may have read with day and month swapped.
TIMES = {name for name, reader in KINDS.items() if "date" in reader.gives.values()}
