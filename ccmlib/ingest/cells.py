"""Columns of cells: each distinct value is read once, and what cannot be read is named for every cell that holds it."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.ingest.grid import shown

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"))
_CONTROLS = dict.fromkeys(range(1, 32), " ")


@dataclass
class Cells:
    """The cells of a column: distinct values, and which of them each cell holds."""

    codes: np.ndarray  # for each cell the place of its value in `values`
    values: list  # distinct values; texts are cleaned (see `clean`), empty ones are `""`

    @classmethod
    def of(cls, column: list) -> "Cells":
        """Take the distinct values of a column."""
        kinds = set(map(type, column))
        if bool in kinds:
            column = [shown(value) if isinstance(value, bool) else value for value in column]
        array = np.empty(len(column), dtype=object)
        array[:] = column
        codes, values = pd.factorize(array, use_na_sentinel=False)
        return cls(codes, _clean_all(list(values)))

    @property
    def filled(self) -> np.ndarray:
        """Tell of each cell whether it holds something."""
        return np.array([value != "" for value in self.values], dtype=bool)[self.codes]

    def take(self, rows: np.ndarray) -> "Cells":
        """Keep some of the cells."""
        return Cells(self.codes[rows], self.values)

    def texts(self) -> np.ndarray:
        """Give the text of each cell."""
        return np.array([shown(value) for value in self.values], dtype=object)[self.codes]


@dataclass
class Kind:
    """How a column is read; the parts of a column map that concern its cells."""

    name: str  # one of `column_kinds.KINDS`
    # for `choice`: text in the cell to value; for `action_day`: letter after the day to action
    choices: dict[str, object] = field(default_factory=dict)
    nil: tuple[str, ...] = ()  # for `state`: texts that say that no State is meant
    names: StateNames | None = None  # spellings of States on record
    # whether 4/3/2016 is the fourth of March or the third of April; without it such a day is refused
    day_first: bool | None = None


@dataclass
class Parsed:
    """What a column says: arrays by suffix of the field's name, for each distinct value; and what failed."""

    arrays: dict[str, pd.api.extensions.ExtensionArray | np.ndarray]
    failures: dict[int, tuple[str, str]] = field(default_factory=dict)


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


def _clean_all(values: list) -> list:
    """Clean distinct values; texts that are already clean, as most are, are told by one look at all of them."""
    texts = "\x00".join(["", *(value for value in values if isinstance(value, str)), ""])
    unclean = any(pair in texts for pair in ("  ", "\x00 ", " \x00")) or texts.translate(_CONTROLS) != texts
    return [clean(value) for value in values] if unclean or not texts.isascii() or None in values else values


def cells_holding(codes: np.ndarray, failures: dict[int, tuple[str, str]]) -> Iterator[tuple[int, str, str]]:
    """Go through the cells whose value failed: place of the cell, what is expected, suggestion."""
    if failures:
        for place in np.flatnonzero(np.isin(codes, list(failures))):
            yield int(place), *failures[int(codes[place])]
