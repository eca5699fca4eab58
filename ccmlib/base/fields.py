"""The field dictionary: ``fields.yml`` says once what a field is, ``tables.yml`` which fields a tidy table has.

Nothing about a field stands anywhere else: `ccmlib.tidy.check` checks by it, `ccmlib.tidy.describe` writes it out.
"""

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
    """A field of a tidy table.

    Attributes
    ----------
    name, title, description : str
        `title` is the label that tables and charts print.
    type : str
        ``string``, ``integer``, ``number``, ``boolean`` or ``date``.
    unit : str
    values : tuple
        Allowed values; any when empty.
    pattern : str
        What a text must match as a whole.
    minimum, maximum : object
        Least and greatest value; ``today`` for a maximum.
    source : str
        Where the definition or the codes are from.
    required : bool
        Whether it is never blank.
    """

    name: str
    title: str
    type: str
    description: str
    unit: str = ""
    values: tuple = ()
    pattern: str = ""
    minimum: object = None
    maximum: object = None
    source: str = ""
    required: bool = False

    @property
    def dtype(self) -> str:
        """Give the pandas type; whole numbers that may be blank are nullable."""
        return "int64" if self.type == "integer" and self.required else _DTYPES[self.type]

    @property
    def expected(self) -> str:
        """Say in words what a value must be, for a message."""
        if self.values:
            return f"one of: {', '.join(map(str, self.values))}"
        kind = TYPE_NAMES[self.type]
        bounds = [
            f"from {self.minimum} on" if self.minimum is not None else "",
            f"up to {self.maximum}" if self.maximum is not None else "",
        ]
        bounds = " ".join(filter(None, bounds))
        return f"a {kind} like {self.pattern}" if self.pattern else f"a {kind} {bounds}".strip()


@dataclass(frozen=True)
class Table:
    """A tidy table.

    Attributes
    ----------
    name, title, description : str
        `description` says what one row is.
    key : tuple of str
        Fields that together tell rows apart.
    fields : tuple of Field
    refers : dict of str to (str, str)
        Field whose values must stand in another table, and that table and field.
    """

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    refers: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Field:
        """Give a field by name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def names(self) -> list[str]:
        """Name the fields in order."""
        return [field.name for field in self.fields]


@dataclass
class Origins:
    """Where the fields of a row stand in the exports.

    Attributes
    ----------
    letters : dict
        By file and sheet: letters of the column by field.
    """

    letters: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def place(self, row: str, field_name: str = "") -> tuple[str, str, str]:
        """Give file, sheet and cell of a field in a row.

        Examples
        --------
        >>> Origins({("use.xlsx", "Use"): {"place": "A"}}).place("use.xlsx:Use:4", "place")
        ('use.xlsx', 'Use', 'A4')
        """
        parts = row.split(":")
        file, sheet, cell = parts[0], ":".join(parts[1:-1]), parts[-1]
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
    return {name: Field(name, **{**entry, "values": tuple(entry.get("values", ()))}) for name, entry in _load("fields").items()}


@cache
def tables() -> dict[str, Table]:
    """Give every tidy table by name."""
    return {name: _table(name, dict(entry)) for name, entry in _load("tables").items()}


@cache
def indicators() -> dict[str, dict]:
    """Give the indicators of the table ``disclosures`` by name: label, article, theme, unit."""
    return _load("indicators")


def label(field_name: str, table: str = "") -> str:
    """Give the label of a field, as tables and charts print it.

    Examples
    --------
    >>> label("iso3"), label("months")
    ('State', 'Months')
    """
    return (tables()[table][field_name] if table else fields()[field_name]).title


def _table(name: str, entry: dict) -> Table:
    listed = []
    for item in [*entry["fields"], *LAST_FIELDS]:
        narrowed = {"name": item} if isinstance(item, str) else dict(item)
        field_name = narrowed.pop("name")
        if "values" in narrowed:
            narrowed["values"] = tuple(narrowed["values"])
        listed.append(replace(fields()[field_name.rstrip("!")], **narrowed, required=field_name.endswith("!")))
    refers = {column: tuple(other.split(".")) for column, other in entry.get("refers", {}).items()}
    return Table(name, entry["title"], entry["description"], tuple(entry["key"]), tuple(listed), refers)


def arrange(table: str, frame: "pd.DataFrame") -> "pd.DataFrame":
    """Give a frame the columns of its table, in order and of their types; a blank text is ``""``.

    Parameters
    ----------
    table : str
        Name of the tidy table.
    frame : DataFrame
        Columns that the table does not have are left out; those it lacks are blank.
    """
    import pandas as pd

    columns = {}
    for one in tables()[table].fields:
        if one.name in frame:
            column = frame[one.name]
            if one.type == "string":
                column = column.astype("str")
                column = column.fillna("") if column.isna().any() else column
            elif one.type == "integer":
                column = column.astype("Int64")
                column = column.astype("int64") if one.required and not column.isna().any() else column
            elif one.type == "boolean":
                column = column.astype("boolean").astype("bool") if not column.isna().any() else column.astype("boolean")
            elif one.type == "date":
                column = column if column.dtype == "datetime64[us]" else pd.to_datetime(column).astype("datetime64[us]")
            else:
                column = column.astype("float64")
        else:
            blank = "" if one.type == "string" else None
            dtype = {"bool": "boolean", "int64": "Int64"}.get(one.dtype, one.dtype) if len(frame) else one.dtype
            column = pd.Series([blank] * len(frame), index=frame.index, dtype=dtype)
        columns[one.name] = column
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)
