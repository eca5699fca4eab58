"""The field dictionary: ``fields.yml`` says once what a field is, ``tables.yml`` which fields a tidy table has.

Nothing about a field stands anywhere else: `ccmlib.tidy.check` checks by it, `ccmlib.tidy.describe` writes it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parent / "dictionary"
#: Every tidy table ends with these.
LAST_FIELDS = ("source!", "row!")

_DTYPES = {"string": "str", "integer": "Int64", "number": "float64", "boolean": "bool", "date": "datetime64[us]"}
TYPE_NAMES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "date": "date"}


@dataclass(frozen=True)
class Field:
    """A field of a tidy table."""

    name: str
    title: str  # the label that tables and charts print
    type: str  # string, integer, number, boolean or date
    description: str
    unit: str = ""
    values: Sequence = ()  # allowed values; any when empty
    pattern: str = ""  # what a text must match as a whole
    minimum: object = None
    maximum: object = None  # the greatest value, or ``today``
    source: str = ""  # where the definition or the codes are from
    required: bool = False  # whether it is never blank

    @property
    def dtype(self) -> str:
        """Give the pandas type; whole numbers that may be blank are nullable."""
        return "int64" if self.type == "integer" and self.required else _DTYPES[self.type]

    @property
    def expected(self) -> str:
        """Say in words what a value must be, for a message."""
        if self.values:
            return f"one of: {', '.join(map(str, self.values))}"
        if self.pattern:
            return f"a {TYPE_NAMES[self.type]} like {self.pattern}: {self.description.rstrip('.')}"
        least = f" from {self.minimum} on" if self.minimum is not None else ""
        most = f" up to {self.maximum}" if self.maximum is not None else ""
        return f"a {TYPE_NAMES[self.type]}{least}{most}"


@dataclass(frozen=True)
class Table:
    """A tidy table."""

    name: str
    title: str
    description: str  # says what one row is
    key: tuple[str, ...]  # fields that together tell rows apart
    fields: tuple[Field, ...]
    refers: dict[str, tuple[str, str]]  # field whose values must stand in another table: that table and field

    def __getitem__(self, name: str) -> Field:
        """Give a field by name."""
        return next(field for field in self.fields if field.name == name)


@dataclass
class Origins:
    """Where the fields of a row stand in the exports: letters of the column by field, by file and sheet."""

    letters: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def place(self, row: str, field_name: str = "") -> tuple[str, str, str]:
        """Give file, sheet and cell of a field in a row.

        Examples
        --------
        >>> Origins({("use.xlsx", "Use"): {"place": "A"}}).place("use.xlsx:Use:4", "place")
        ('use.xlsx', 'Use', 'A4')
        """
        file, *sheet, cell = row.split(":")
        sheet = ":".join(sheet)
        if cell.isdigit():
            letter = self.letters.get((file, sheet), {}).get(field_name, "")
            cell = f"{letter}{cell}" if letter else f"row {cell}"
        return file, sheet, cell


@cache
def _load(name: str) -> object:
    return yaml.load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def fields() -> dict[str, Field]:
    """Give every field of the dictionary by name."""
    return {name: Field(name, **entry) for name, entry in _load("fields").items()}


@cache
def tables() -> dict[str, Table]:
    """Give every tidy table by name."""
    return {name: _table(name, entry) for name, entry in _load("tables").items()}


@cache
def indicators() -> dict[str, dict]:
    """Give the indicators of the table ``disclosures`` by name: label, article, theme, unit."""
    return _load("indicators")


def _table(name: str, entry: dict) -> Table:
    listed = []
    for item in [*entry["fields"], *LAST_FIELDS]:
        narrowed = {"name": item} if isinstance(item, str) else dict(item)
        field_name = narrowed.pop("name")
        listed.append(replace(fields()[field_name.rstrip("!")], **narrowed, required=field_name.endswith("!")))
    refers = {column: tuple(other.split(".")) for column, other in entry.get("refers", {}).items()}
    return Table(name, entry["title"], entry["description"], tuple(entry["key"]), tuple(listed), refers)


def arrange(table: str, frame: "pd.DataFrame") -> "pd.DataFrame":
    """Give a frame the columns of its table, in order and of their types; a blank text is ``""``.

    Columns that the table does not have are left out; those that the frame lacks are blank. Whole numbers and truths are
    nullable only where one is blank.
    """
    import pandas as pd

    columns = {}
    for one in tables()[table].fields:
        column = frame[one.name] if one.name in frame else pd.Series(None, index=frame.index, dtype="object")
        if one.type == "date":
            column = column if column.dtype == one.dtype else pd.to_datetime(column).astype(one.dtype)
        else:
            column = column.astype({"int64": "Int64", "bool": "boolean"}.get(one.dtype, one.dtype))
        if one.type == "string":
            column = column.fillna("")
        elif one.dtype in ("int64", "bool") and not column.isna().any():
            column = column.astype(one.dtype)
        columns[one.name] = column
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)
