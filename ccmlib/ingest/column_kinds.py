"""Kinds of columns: how the cells of each are read.

A *kind* says what a column holds (``state``, ``date``, ``quantity`` ...). Each distinct value is read once, so that a
column of 100,000 cells with 200 distinct values costs 200 readings. The text of a kind documents it
(`ccmlib.tidy.describe`).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ccmlib.base.names import NameMatch, StateNames
from ccmlib.base.problems import NotReadable, near
from ccmlib.ingest import amounts, dates
from ccmlib.ingest.cells import shown
from ccmlib.ingest.dates import When

#: What people write for "no value"; not in columns of States, where `NA` is a code of Namibia.
NO_VALUE = frozenset({"", "–", "—", "-", "‑", "n/a", "n.a.", "...", "…"})
#: What letters after a date mean in the status tables of the United Nations Treaty Collection.
LETTERS = {"a": "accession", "A": "acceptance", "AA": "approval", "c": "formal confirmation", "d": "succession",
           "n": "provisional application", "s": "definitive signature", "P": "participation"}  # fmt: skip
_YES, _NO = {"x", "✓", "✔", "yes", "y", "true"}, {"no", "false"}
_FLAGS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
#: Pieces that UTF-8 text shows when it was read as Windows-1252.
_MOJIBAKE = re.compile("Ã[¡©\u00ad³º´£±§¨ª¼¶]|â€|\ufffd")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"))
_DTYPES = {"string": "str", "integer": "Int64", "date": "datetime64[us]", "number": "float64", "boolean": "float64"}


@dataclass
class Cells:
    """The cells of a column: distinct values, and which of them each cell holds."""

    codes: np.ndarray  # for each cell the place of its value in `values`
    values: list  # distinct values; texts are cleaned (see `clean`), empty ones are `""`

    @classmethod
    def of(cls, column: list) -> "Cells":
        """Take the distinct values of a column."""
        if bool in set(map(type, column)):  # which equals a number
            column = [shown(value) if isinstance(value, bool) else value for value in column]
        codes, values = pd.factorize(pd.Series(column, dtype=object), use_na_sentinel=False)
        return cls(codes.astype(np.int32), list(map(clean, values)))

    @property
    def filled(self) -> np.ndarray:
        """Tell of each cell whether it holds something."""
        return self.told(lambda value: value != "")

    def told(self, test: Callable[[object], object]) -> np.ndarray:
        """Tell of each cell what a test tells of its value."""
        return np.array([bool(test(value)) for value in self.values], dtype=bool)[self.codes]


def clean(value: object) -> object:
    """Make a text comparable: composed letters, plain single spaces, nothing invisible.

    Examples
    --------
    >>> clean(" Co\u0302te\u00a0d'Ivoire\u200b ")
    "Côte d'Ivoire"
    """
    if value is None or value != value:
        return ""
    if not isinstance(value, str):
        return value
    if not value.isascii():
        value = unicodedata.normalize("NFC", value).translate(_INVISIBLE)
    return " ".join(value.split())


@dataclass(frozen=True)
class KindReader:
    """A kind of column."""

    read: Callable  # takes a value, the rule of its column, and the spellings of States on record
    text: str  # what it reads, in words
    gives: dict[str, str]  # type of each thing it gives, by the suffix of the field's name; it gives one, or a tuple of all
    blank: frozenset[str]  # texts that stand for no value


#: Kinds of column by name.
KINDS: dict[str, KindReader] = {}


def _kind(name: str, text: str, read: Callable | None = None, blank: frozenset[str] = NO_VALUE, **gives: str) -> Callable:
    """Register a reader; `gives` holds the type of each output: `value` has no suffix, ``_on`` is ``_on``."""

    def register(read: Callable) -> Callable:
        KINDS[name] = KindReader(read, text, {key.removeprefix("value"): given for key, given in gives.items()}, blank)
        return read

    return register(read) if read else register


def outputs(name: str, choices: dict) -> dict[str, str]:
    """Give the type of each output of a kind by suffix; choices with numbers for values keep their text too."""
    if name == "choice":
        numbers = all(isinstance(value, int | float) for value in choices.values())
        return {"": "number", "_text": "string"} if numbers else {"": "string"}
    return KINDS[name].gives


def read(cells: Cells, column: object, names: StateNames | None) -> tuple[dict[str, pd.Series], dict[int, NotReadable]]:
    """Read the distinct values of a column by its rule: what they give by suffix, and why some cannot be read, by place."""
    reader, gives = KINDS[column.kind], outputs(column.kind, column.choices)
    nothing = [None] * len(gives)
    rows, failures = [], {}
    for place, value in enumerate(cells.values):
        said = None
        if not (isinstance(value, str) and value.lower() in reader.blank):
            try:
                said = reader.read(value, column, names)
            except NotReadable as error:
                failures[place] = error
        rows.append(nothing if said is None else said if isinstance(said, tuple) else (said,))
    given = zip(*rows, strict=True) if rows else [()] * len(gives)
    return {suffix: pd.Series(values, dtype=_DTYPES[kind])
            for (suffix, kind), values in zip(gives.items(), given, strict=True)}, failures  # fmt: skip


@_kind("text", "Read text as it is.", value="string")
def _text(value: object, column: object, names: StateNames) -> str:
    text = value if isinstance(value, str) else shown(value)
    if not text.isascii() and _MOJIBAKE.search(text):
        try:
            hint = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            hint = "export it again as UTF-8"
        raise NotReadable("text in its own encoding", hint)
    return text


def _refused(match: NameMatch, names: StateNames) -> NotReadable:
    expected = "a State" if match.kind == "unknown" else f"a State ({match.reason})"
    return NotReadable(expected, " or ".join(names.suggest(match.text)))


@_kind("state_or_territory", "Read a State, or a territory on record, whose name is kept in `_name`.", blank=frozenset({""}),
       value="string", _name="string")  # fmt: skip
def _state(value: object, column: object, names: StateNames) -> tuple[str | None, str | None]:
    text = shown(value)
    match = names.look_up(text, codes=True)
    if not match.iso3 and text.lower() not in column.nil:
        if match.kind != "territory" or column.kind == "state":
            raise _refused(match, names)
        return None, text
    return match.iso3, None


_kind("state", "Read a State by any spelling on record, or its ISO 3166 code; gives the code.",
      lambda *of_cell: _state(*of_cell)[:1], frozenset({""}), value="string")  # fmt: skip


@_kind("states", 'Read several States, with commas, semicolons or "and" between them.', value="string")
def _states(value: object, column: object, names: StateNames) -> str:
    matches = [names.look_up(name, codes=True) for name in names.split_states(shown(value))]
    if wrong := [(match.text, _refused(match, names)) for match in matches if not match.iso3]:
        found = "; ".join(f'"{text}" is not: {said.expected}' for text, said in wrong)
        raise NotReadable(f"States only ({found})", "; ".join(said.suggestion for _, said in wrong if said.suggestion))
    if twice := sorted({match.text for match in matches if matches.count(match) > 1}):
        raise NotReadable(f"each State once ({', '.join(twice)} twice)")
    return ";".join(match.iso3 for match in matches)


@_kind("choice", "Read one of the `choices`, whatever its case; with numbers for values the text is kept in `_text`.",
       blank=frozenset(), value="choice", _text="string")  # fmt: skip
def _choice(value: object, column: object, names: StateNames) -> tuple:
    labels = {label.casefold(): label for label in column.choices}
    text = shown(value).casefold()
    if text not in labels and text not in NO_VALUE:
        raise NotReadable(f"one of: {', '.join(column.choices)}", near(text, labels))
    label = labels.get(text)
    return (column.choices.get(label), label)[: len(outputs("choice", column.choices))]


@_kind("mark", "Read x or yes gives 1, `nil` gives 0, nothing and no give no value.", blank=frozenset(), value="number")
def _mark(value: object, column: object, names: StateNames) -> float | None:
    text = shown(value).casefold()
    if text in _YES or text in column.nil:
        return float(text in _YES)
    if text in NO_VALUE | _NO:
        return None
    like = unicodedata.normalize("NFKC", text) in _YES or text in ("х", "χ", "×", "*", "+", "1")
    raise NotReadable("x, or nothing", "x" if like else "")


@_kind("flag", "Read true or yes, false or no.", blank=frozenset({""}), value="boolean")
def _flag(value: object, column: object, names: StateNames) -> float:
    if (flag := _FLAGS.get(shown(value).casefold())) is None:
        raise NotReadable("true or false")
    return flag


@_kind("year", "Read a calendar year.", value="integer")
def _year(value: object, column: object, names: StateNames) -> int:
    when = dates.read(value)
    if not _is_year(when):
        raise NotReadable("a calendar year", str(when.last.year))
    return when.last.year


def _is_year(when: When) -> bool:
    return when.precision == "year" and not when.remark


#: What kinds give of a time: the type, and how it is made of the time and of the value in the cell.
_OF_TIME = {
    "first": ("date", lambda when, _: when.first),
    "last": ("date", lambda when, _: when.last),
    "day": ("date", lambda when, _: when.first if when.precision == "day" else None),
    "from": ("date", lambda when, _: None if when.precision in ("day", "by") else when.first),
    "by": ("date", lambda when, _: None if when.precision == "day" else when.last),
    "not of a year": ("date", lambda when, _: None if _is_year(when) else when.last),
    "year": ("integer", lambda when, _: when.last.year if _is_year(when) else None),
    "precision": ("string", lambda when, _: when.precision),
    # A plain day is written as ISO, however the cell holds it.
    "words": ("string", lambda when, value: str(when.first) if when.precision == "day" and not when.remark else shown(value)),
}


def _times(name: str, text: str, wanted: str = "", past: bool = True, **gives: str) -> None:
    """Register a kind that reads a time; `wanted` names the precisions that it may have."""

    def read(value: object, column: object, names: StateNames) -> tuple:
        when = (dates.read_past if past else dates.read)(value, column.day_first)
        if (wanted and when.precision not in wanted) or (wanted == "day" and when.remark):
            raise NotReadable("one day" if wanted == "day" else "a day, month or year, or by a day")
        return tuple(_OF_TIME[part][1](when, value) for part in gives.values())

    _kind(name, text, read, **{suffix: _OF_TIME[part][0] for suffix, part in gives.items()})


_times("date", "Read one day.", "day", past=False, value="first")
_times("first_day", "Read a day, month, year or span; gives its first day.", past=False, value="first")
_times("last_day", "Read a day, month, year or span; gives its last day.", past=False, value="last")
_times("span", "Read a time in the past: a day in `_on`, else a span in `_from` and `_by`, or only `_by` a day.",
       _on="day", _from="from", _by="by")  # fmt: skip
_times("ended", "Read a time in the past: its last day, and how exactly it is known in `_precision`.", "day month year by",
       value="last", _precision="precision")  # fmt: skip
_times("as_of", "Read a time in the past: its last day, and its words in `_stated`.", value="last", _stated="words")
_times("known", "Read a time in the past: its last day in `_on`, and its words in `_stated`.", _on="last", _stated="words")
_times("deadline", "Read a time, also one still to come: its last day in `_on`, and its words in `_stated`.", past=False,
       _on="last", _stated="words")  # fmt: skip
_times("year_or_as_of", "Read a calendar year in `_covers_year`, or a day in the past; words in `_stated`.",
       value="not of a year", _covers_year="year", _stated="words")  # fmt: skip


@_kind("action_day", "Read a day and the letters after it; `choices` say which action each letter means.",
       value="date", _action="string")  # fmt: skip
def _action_day(value: object, column: object, names: StateNames) -> tuple[date, str]:
    parted = re.fullmatch(r"(.*\d)\s*([A-Za-z]{1,2})", shown(value))
    bare, letter = parted.groups() if parted else (value, "")
    day = KINDS["date"].read(bare, column, names)
    if letter not in column.choices:
        known = ", ".join(f"{key or 'no letter'} ({action.replace('_', ' ')})" for key, action in column.choices.items())
        raise NotReadable(f"a day, and after it {known}; {letter} is {LETTERS.get(letter, 'no letter on record')}")
    return *day, column.choices[letter]


_kind("list", "Read texts with semicolons between them.",
      lambda value, *_: ";".join(part.strip() for part in shown(value).split(";")), value="string")  # fmt: skip
_kind("number", "Read a number.", lambda value, *_: amounts.read(value), value="number")


@_kind("count", "Read a whole number, 0 or more.", value="integer")
def _count(value: object, column: object, names: StateNames) -> int | None:
    number = amounts.read(value)
    if number == number and (number < 0 or number != int(number)):
        raise NotReadable("a whole number, 0 or more")
    return int(number) if number == number else None


@_kind("quantity", 'Read a number, 0 or more; its words in `_text` where they say more, such as "more than 54,800".',
       value="number", _text="string")  # fmt: skip
def _quantity(value: object, column: object, names: StateNames) -> tuple[float, object]:
    number = amounts.read(value)
    if number < 0:
        raise NotReadable("a quantity, 0 or more")
    return number, value if amounts.says_more(value) else None


@_kind("unit", "Read a unit such as ``km2 (CHA)``; what the brackets say in `_remark`.", value="string", _remark="string")
def _unit(value: object, column: object, names: StateNames) -> tuple[str | None, str | None]:
    unit, _, remark = shown(value).partition(" (")
    return None if unit.lower() in NO_VALUE else unit, remark.removesuffix(")") or None


#: Kinds that hold numbers, which a percent format would change.
NUMBERS = {"number", "count", "quantity"}
#: Kinds that hold times, which a spreadsheet program may have read with day and month swapped.
TIMES = {name for name, reader in KINDS.items() if "date" in reader.gives.values()}
