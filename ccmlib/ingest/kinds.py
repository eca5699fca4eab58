"""Kinds of columns: how the cells of each are read.

A *kind* says what a column holds (``state``, ``date``, ``quantity`` ...). Its reader takes the distinct values and
gives one or several arrays; a column of 100,000 cells with 200 distinct values costs 200 readings.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches

import numpy as np
import pandas as pd

from ccmlib.base.names import NameMatch, StateNames
from ccmlib.ingest import dates, quantities
from ccmlib.ingest.cells import Cells, Kind, Parsed
from ccmlib.ingest.dates import NotADate
from ccmlib.ingest.grid import shown
from ccmlib.ingest.quantities import NotANumber

#: What people write for "no value"; not in columns of States, where `NA` is a code of Namibia.
NO_VALUE = {"", "–", "—", "-", "‑", "n/a", "n.a.", "...", "…"}
#: What the letters after a date of deposit mean in the status tables of the United Nations Treaty Collection.
DEPOSITS = {"": "ratification", "a": "accession", "A": "acceptance", "AA": "approval"}
_NO_TEXT = {case(text) for text in NO_VALUE for case in (str.lower, str.upper)}
_YES = {"x", "✓", "✔", "yes", "y", "true"}
_NO = {"no", "false"}
#: Pieces that UTF-8 text shows when it was read as Windows-1252.
_MOJIBAKE = ("Ã¡", "Ã©", "Ã­", "Ã³", "Ãº", "Ã´", "Ã£", "Ã±", "Ã§", "Ã¨", "Ãª", "Ã¼", "Ã¶", "â€", "\ufffd")


def read(cells: Cells, kind: Kind) -> Parsed:
    """Read the distinct values of a column.

    Parameters
    ----------
    cells : Cells
        The column.
    kind : Kind
        What it holds.

    Returns
    -------
    Parsed
    """
    return READERS[kind.name](cells.values, kind)


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


def _days(days: list[date | None]) -> np.ndarray:
    return np.array([np.datetime64(day or "NaT") for day in days], dtype="datetime64[us]")


def _text_array(texts: list) -> pd.api.extensions.ExtensionArray:
    return pd.array([text or None for text in texts], dtype="str")


def _text(values: list, kind: Kind) -> Parsed:
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


def _state(values: list, kind: Kind) -> Parsed:
    codes, failures = [], {}
    for place, value in enumerate(values):
        nothing = value == "" or shown(value).lower() in kind.nil
        match = None if nothing else kind.names.look_up(shown(value), codes=("iso3",))
        codes.append(match.iso3 if match else None)
        if match and not match.iso3:
            failures[place] = _unknown_state(match, kind.names)
    return Parsed({"": _text_array(codes)}, failures)


def _state_or_territory(values: list, kind: Kind) -> Parsed:
    parsed = _state(values, kind)
    matches = {place: kind.names.look_up(shown(values[place])) for place in parsed.failures}
    for place, match in matches.items():
        if match.kind == "territory":
            del parsed.failures[place]
    names = [shown(value) if place in matches else None for place, value in enumerate(values)]
    return Parsed({**parsed.arrays, "_name": _text_array(names)}, parsed.failures)


def _states(values: list, kind: Kind) -> Parsed:
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
            found = "; ".join(
                f'"{match.text}" is not: {expected}' for match, (expected, _) in zip(wrong, told, strict=True)
            )
            failures[place] = f"States only ({found})", "; ".join(hint for _, hint in told if hint)
        elif twice:
            failures[place] = f"each State once ({', '.join(twice)} twice)", ""
    return Parsed({"": _text_array(lists)}, failures)


def _unknown_state(match: NameMatch, names: StateNames) -> tuple[str, str]:
    expected = "a State" if match.kind == "unknown" else f"a State ({match.reason})"
    return expected, " or ".join(names.suggest(match.text))


def _choice(values: list, kind: Kind) -> Parsed:
    known = {label.casefold(): value for label, value in kind.choices.items()}
    labels = {label.casefold(): label for label in kind.choices}
    results, failures = [], {}
    for place, value in enumerate(values):
        text = shown(value).casefold()
        results.append(known.get(text))
        if text not in known and text not in NO_VALUE:
            near = get_close_matches(text, known, 1, 0.6)
            failures[place] = f"one of: {', '.join(kind.choices)}", near[0] if near else ""
    if all(isinstance(value, int | float) for value in kind.choices.values()):
        numbers = np.array([np.nan if value is None else value for value in results], dtype=float)
        texts = _text_array([labels.get(shown(value).casefold()) for value in values])
        return Parsed({"": numbers, "_text": texts}, failures)
    return Parsed({"": _text_array(results)}, failures)


def _mark(values: list, kind: Kind) -> Parsed:
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


def _flag(values: list, kind: Kind) -> Parsed:
    known = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
    flags = [known.get(shown(value).casefold(), np.nan) for value in values]
    failures = {
        place: ("true or false", "") for place, value in enumerate(values) if value != "" and np.isnan(flags[place])
    }
    return Parsed({"": np.array(flags, dtype=float)}, failures)


def _whole_year(value: object) -> int:
    when = dates.read(value)
    if when.precision != "year" or when.remark:
        raise NotADate("a calendar year", str(when.last.year))
    return when.last.year


def _year(values: list, kind: Kind) -> Parsed:
    years, failures = _each(values, _whole_year)
    return Parsed({"": pd.array(years, dtype="Int64")}, failures)


def _exact(value: object) -> dates.When:
    when = dates.read(value)
    if when.precision != "day" or when.remark:
        raise NotADate("one day")
    return when


def _date(values: list, kind: Kind) -> Parsed:
    whens, failures = _each(values, _exact)
    return Parsed({"": _days([when and when.first for when in whens])}, failures)


def _first_day(values: list, kind: Kind) -> Parsed:
    whens, failures = _each(values, dates.read)
    return Parsed({"": _days([when and when.first for when in whens])}, failures)


def _last_day(values: list, kind: Kind) -> Parsed:
    whens, failures = _each(values, dates.read)
    return Parsed({"": _days([when and when.last for when in whens])}, failures)


def _span(values: list, kind: Kind) -> Parsed:
    """Read when something came: on a day, between two days, or by a day."""
    whens, failures = _each(values, dates.read_past)
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


def _ended(values: list, kind: Kind) -> Parsed:
    whens, failures = _each(values, dates.read_past)
    for place, when in enumerate(whens):
        if when and when.precision == "range":
            failures[place] = "a day, month or year, or by a day", ""
    precisions = [when.precision if when else None for when in whens]
    return Parsed({"": _days([when and when.last for when in whens]), "_precision": _text_array(precisions)}, failures)


def _as_of(values: list, kind: Kind) -> Parsed:
    whens, failures = _each(values, dates.read_past)
    stated = _stated(values, whens)
    return Parsed({"": _days([when and when.last for when in whens]), "_stated": _text_array(stated)}, failures)


def _stated(values: list, whens: list[dates.When | None]) -> list[str | None]:
    """Give the words for each time; a plain day is written as ISO, however the cell holds it."""
    plain = [when is not None and when.precision == "day" and not when.remark for when in whens]
    texts = zip(values, whens, plain, strict=True)
    return [when.first.isoformat() if is_plain else shown(value) if when else None for value, when, is_plain in texts]


def _known(values: list, kind: Kind) -> Parsed:
    """Read when something was known, and keep the words for it."""
    arrays = _as_of(values, kind)
    return Parsed({"_on": arrays.arrays[""], "_stated": arrays.arrays["_stated"]}, arrays.failures)


def _deadline(values: list, kind: Kind) -> Parsed:
    """Read a day that may be still to come, and keep the words for it."""
    whens, failures = _each(values, dates.read)
    stated = _stated(values, whens)
    return Parsed({"_on": _days([when and when.last for when in whens]), "_stated": _text_array(stated)}, failures)


def _deposit(values: list, kind: Kind) -> Parsed:
    """Read the day of deposit and the letters after it that say what was deposited."""
    days, actions, failures = [], [], {}
    for place, value in enumerate(values):
        text = shown(value)
        match = re.fullmatch(r"(.*\d)\s*(AA|A|a)?", text)
        days.append(None)
        actions.append(None)
        if text in NO_VALUE:
            continue
        try:
            days[-1] = _exact(match[1] if match else text).first
            actions[-1] = DEPOSITS[match[2] or ""]
        except (NotADate, KeyError) as error:
            expected = error.expected if isinstance(error, NotADate) else "a date, and a, A or AA after it"
            failures[place] = expected, getattr(error, "suggestion", "")
    return Parsed({"": _days(days), "_action": _text_array(actions)}, failures)


def _year_or_as_of(values: list, kind: Kind) -> Parsed:
    """Read a calendar year that a figure covers, or the day from which it is known."""
    whens, failures = _each(values, dates.read_past)
    covered = [when is not None and when.precision == "year" and not when.remark for when in whens]
    pairs = list(zip(whens, covered, strict=True))
    years = [when.last.year if is_year else None for when, is_year in pairs]
    days = [None if is_year or not when else when.last for when, is_year in pairs]
    stated = _stated(values, whens)
    return Parsed(
        {"_covers_year": pd.array(years, dtype="Int64"), "": _days(days), "_stated": _text_array(stated)}, failures
    )


def _number(values: list, kind: Kind) -> Parsed:
    numbers, failures = _each(values, quantities.read)
    return Parsed({"": np.array([np.nan if number is None else number for number in numbers], dtype=float)}, failures)


def _count(values: list, kind: Kind) -> Parsed:
    numbers, failures = _each(values, quantities.whole)
    counts = [None if number is None or number != number else int(number) for number in numbers]
    return Parsed({"": pd.array(counts, dtype="Int64")}, failures)


def _quantity(values: list, kind: Kind) -> Parsed:
    """Read a number and keep the text where the cell says more than the number."""
    parsed = _number(values, kind)
    texts = [value if quantities.says_more(value) and value.lower() not in NO_VALUE else None for value in values]
    return Parsed({**parsed.arrays, "_text": _text_array(texts)}, parsed.failures)


def _unit(values: list, kind: Kind) -> Parsed:
    """Read a unit such as ``km2 (CHA)``: unit, and what the brackets say."""
    parts = [shown(value).partition(" (") for value in values]
    units = ["" if unit.lower() in NO_VALUE else unit for unit, _, _ in parts]
    return Parsed(
        {"": _text_array(units), "_remark": _text_array([remark.removesuffix(")") for _, _, remark in parts])}
    )


#: Kinds of column by name. Each reader takes the distinct values and the kind.
READERS: dict[str, Callable[[list, Kind], Parsed]] = {
    "text": _text,
    "state": _state,
    "state_or_territory": _state_or_territory,
    "states": _states,
    "choice": _choice,
    "mark": _mark,
    "flag": _flag,
    "year": _year,
    "date": _date,
    "first_day": _first_day,
    "last_day": _last_day,
    "span": _span,
    "ended": _ended,
    "as_of": _as_of,
    "year_or_as_of": _year_or_as_of,
    "number": _number,
    "count": _count,
    "quantity": _quantity,
    "unit": _unit,
    "known": _known,
    "deadline": _deadline,
    "deposit": _deposit,
}
#: Kinds that hold numbers, which a percent format would change.
NUMBERS = {"number", "count", "quantity"}
