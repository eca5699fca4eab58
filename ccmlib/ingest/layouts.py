"""Layouts: which sheet, which header label, which field. A new workbook is a new file in ``maps/``, no new code.

A layout file looks like this; `docs/layouts.md` lists shapes, kinds and the fields of each table::

    sheets:
      - sheet: [Obligations]            # names of the sheet, the first that is there; * and ? stand for anything
        feeds: obligations              # tidy table that the rows go to
        shape: obligations              # how they are shaped for it; the table's own shape, or plain, by default
        key: [iso3]                     # no two rows of the sheet may agree in these
        optional: false                 # whether the sheet may be missing
        constants: {article: 3}
        card: [period]                  # constants that the source card states
        skip: ["#*", "Africa"]          # rows that begin so are set aside: tags, headings of regions
        columns:
          - {field: iso3, kind: state, labels: [State, State Party], filled: true}
        marks:                          # matrix: one column is one indicator
          - {labels: [Retention (para 16)], indicator: art3_retention_reported, paragraph: "16"}
        ignored: [Published deadline]   # labels that are known and not read
        facts: {}                       # rules of the shape facts, see maps/state_facts_by_edition.yml
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from dataclasses import fields as parts_of
from functools import cache, cached_property, lru_cache
from pathlib import Path

import yaml

from ccmlib.base import fields
from ccmlib.base.problems import Problems, near, unreadable
from ccmlib.ingest.column_kinds import KINDS, outputs
from ccmlib.ingest.grid import shown
from ccmlib.ingest.shapes import SHAPES, Shape

FOLDER = Path(__file__).parent / "maps"
#: Values of a file of layouts or cards: a few aliases can stand for as many as fill the memory.
MOST_VALUES = 100_000


@dataclass(frozen=True)
class ColumnRule:
    """How one column is read."""

    field: str  # name of the field in the tidy table
    labels: tuple[str, ...]  # header labels, any of which may stand above it
    kind: str = "text"  # what the cells hold, see `column_kinds.KINDS`
    filled: bool = False  # whether an empty cell is wrong
    optional: bool = False  # whether the column may be missing
    # for the kind `choice`: text in the cell to value; for `action_day`: letter to action
    choices: dict[str, object] = field(default_factory=dict)
    nil: tuple[str, ...] = ()  # texts that say that nothing is meant, such as `none` in a nil return
    day_first: bool | None = None  # for times: whether 4/3/2016 is the fourth of March or the third of April
    pieces: tuple[str, ...] = ()  # parts of a label that may come in any number and order, with commas between them
    text_where: dict[str, str] = field(default_factory=dict)  # field and value: in those rows the cell is kept as text only
    # for a column of a matrix: indicator, paragraph, and what else its rows hold
    marks: dict[str, object] = field(default_factory=dict)

    @property
    def outputs(self) -> dict[str, str]:
        """Give the type of each field that the column fills."""
        return {f"{self.field}{suffix}": given for suffix, given in outputs(self.kind, self.choices).items()}


@dataclass(frozen=True)
class SheetRule:
    """How one sheet is read; see the module for what the parts mean."""

    sheet: tuple[str, ...]
    feeds: tuple[str, ...]
    columns: tuple[ColumnRule, ...]
    key: tuple[str, ...] = ()
    constants: dict[str, object] = field(default_factory=dict)
    card: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    shape: str = ""
    optional: bool = False
    facts: dict = field(default_factory=dict)

    @cached_property
    def _by_label(self) -> dict[str, ColumnRule]:
        return {label_key(label): column for column in self.columns for label in column.labels}

    @cached_property
    def _by_pieces(self) -> list[tuple[set[str], ColumnRule]]:
        return [(set(map(label_key, column.pieces)), column) for column in self.columns if column.pieces]

    def column_of(self, label: str) -> ColumnRule | None:
        """Find the column that a header label stands for."""
        found = self._by_label.get(label_key(label))
        if found or not self._by_pieces:
            return found
        parts = set(map(label_key, label.split(",")))
        return next((column for pieces, column in self._by_pieces if parts <= pieces), None)


@dataclass(frozen=True)
class Layout:
    """How one kind of file is read."""

    name: str  # name of its file in `maps/`, without ending
    sheets: tuple[SheetRule, ...]
    ignored_sheets: tuple[str, ...] = ()  # sheets that are known and not read


def names(folder: Path = FOLDER) -> list[str]:
    """Name the layouts that there are."""
    return sorted(path.stem for path in folder.glob("*.yml"))


@cache
def load(name: str, folder: Path = FOLDER) -> Layout:
    """Load a layout.

    Parameters
    ----------
    name : str
        Name of a file in ``maps/`` without ending, or the path of any other file that ends in ``.yml``.

    Raises
    ------
    ProblemsFound
        Everything that is wrong in it, with the nearest word.
    """
    path = Path(name) if name.endswith(".yml") else folder / f"{name}.yml"
    if not path.is_file():
        raise unreadable(path.name, "no such layout", f"one of: {', '.join(names(folder))}", near(name, names(folder)))
    content = read_yaml(path, "a layout in YAML")
    check = _Check(path.name)
    sheets = content.get("sheets") if isinstance(content, dict) else None
    if not isinstance(sheets, list) or not all(isinstance(sheet, dict) for sheet in sheets):
        raise unreadable(path.name, type(content).__name__, "sheets: a list of sheets, each with sheet, feeds, columns")
    check.words("layout", content, {"sheets", "ignored_sheets"})
    rules = tuple(rule for sheet in sheets if (rule := check.sheet(sheet)))
    check.problems.stop_if_any()
    return Layout(path.stem, rules, _several(content.get("ignored_sheets", ())))


def read_yaml(path: Path, expected: str) -> object:
    """Read a file that people write; raises `ProblemsFound` where it is no YAML, or its aliases stand for too much."""
    try:
        loader = yaml.CSafeLoader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        nodes, left = [root], MOST_VALUES
        while nodes and left:  # an alias is one node that stands in several places
            node, left = nodes.pop(), left - 1
            for child in node.value if isinstance(node, yaml.CollectionNode) else ():
                nodes.extend(child if isinstance(child, tuple) else (child,))
        if nodes:
            raise unreadable(path.name, f"more than {MOST_VALUES:,} values, counting those that aliases repeat", expected)
        return loader.construct_document(root) if root else None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise unreadable(path.name, f"{getattr(error, 'problem', error)}{where}", expected) from error


def _several(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


class _Check:
    """Turns the content of a layout into rules, and says everything that is wrong in it."""

    def __init__(self, file: str):
        self.file, self.problems = file, Problems()
        self.sheet_name = ""

    def say(self, where: str, found: object, expected: str, suggestion: str = "") -> None:
        self.problems.add(self.file, self.sheet_name, where, found=found, expected=expected, suggestion=suggestion)

    def words(self, where: str, found: Iterable, known: Iterable[str], called: str = "") -> bool:
        """Say which words are not known, with the nearest that is; tell whether all are."""
        known = [str(word) for word in known]
        wrong = [word for word in found if str(word) not in known]
        for word in wrong:
            self.say(where, word, f"{called or 'one of'}: {', '.join(sorted(known))}", near(word, known))
        return not wrong

    def sheet(self, sheet: dict) -> SheetRule | None:
        """Make the rule of a sheet; None when it is too wrong to go on."""
        self.sheet_name = next(iter(_several(sheet.get("sheet", ""))), "")
        before = len(self.problems)
        self.words("in sheet", sheet, {part.name for part in parts_of(SheetRule)} | {"marks"})
        for name in ("sheet", "feeds", "columns"):
            if not sheet.get(name) and len(self.problems) == before:
                self.say("in sheet", "", f"{name}, which every sheet has")
        feeds = tuple(part.strip() for part in ",".join(_several(sheet.get("feeds", ""))).split(",") if part.strip())
        self.words("in feeds", feeds, fields.tables(), "a table, one of")
        name = sheet.get("shape") or (feeds[0] if feeds and feeds[0] in SHAPES else "plain")
        if not self.words("in shape", [name], SHAPES) or len(self.problems) > before:
            return None
        columns = [self.column(column) for column in sheet["columns"]]
        columns += [self.mark(place, mark) for place, mark in enumerate(sheet.get("marks") or ())]
        if len(self.problems) > before:
            return None
        rest = {key: sheet[key] for key in ("constants", "optional", "facts") if key in sheet}
        lists = {key: _several(sheet.get(key)) for key in ("sheet", "key", "card", "skip", "ignored")}
        rule = SheetRule(feeds=feeds, columns=tuple(columns), shape=name, **lists, **rest)
        self.rule(rule, SHAPES[name])
        return rule

    def column(self, column: object) -> ColumnRule | None:
        """Make the rule of a column."""
        if not isinstance(column, dict) or not column.get("field") or not column.get("labels"):
            return self.say("in columns", column, "field and labels of a column")
        where = f"column {column['field']}"
        known = {part.name for part in parts_of(ColumnRule)} - {"marks"}
        if not self.words(where, column, known) or not self.kind(where, column.get("kind", "text"), column):
            return None
        lists = {key: _several(column.get(key)) for key in ("labels", "nil", "pieces")}
        return ColumnRule(**{**column, **lists})

    def mark(self, place: int, mark: object) -> ColumnRule | None:
        """Make the rule of a column of a matrix."""
        if not isinstance(mark, dict) or not mark.get("labels") or not mark.get("indicator") or "paragraph" not in mark:
            return self.say("in marks", mark, "labels, indicator and paragraph of a mark")
        where = f"mark {_several(mark['labels'])[0]}"
        self.words(where, [mark["indicator"]], fields.indicators(), "an indicator of the dictionary")
        own = {"kind": "mark"} | {key: mark[key] for key in ("kind", "choices", "day_first") if key in mark}
        if not self.kind(where, own["kind"], own):
            return None
        lists = {key: _several(mark.get(key)) for key in ("labels", "nil")}
        rest = {key: said for key, said in mark.items() if key not in own | lists}
        return ColumnRule(f"mark_{place}", marks=rest, **lists, **own)

    def kind(self, where: str, kind: str, column: dict) -> bool:
        """Check the kind of a column and its choices."""
        choices = column.get("choices")
        if not self.words(where, [kind], KINDS, "a kind, one of"):
            return False
        if (kind in ("choice", "action_day")) != bool(choices) or not isinstance(choices or {}, dict):
            self.say(where, choices or "", f"choices for the kind choice or action_day, none for {kind}"
                     if choices else "choices: text of the cell and value")  # fmt: skip
            return False
        folded = Counter(str(text).casefold() for text in choices or {})
        for text in [text for text, count in folded.items() if count > 1 and kind == "choice"]:
            self.say(where, text, "each choice once, whatever its case")
        return True

    def rule(self, rule: SheetRule, shape: Shape) -> None:
        """Check that the fields of a sheet are those of its tables, of their types, and all that are needed."""
        if shape.tables:
            self.words("in feeds", rule.feeds, shape.tables, f"for the shape {rule.shape} one of")
        elif len(rule.feeds) > 1:
            self.say("in feeds", ", ".join(rule.feeds), "one table for the shape plain")
        known = {one.name: one for table in rule.feeds for one in fields.tables()[table].fields}
        filled = {*rule.constants, *rule.card, *shape.gives, "row"}
        for column in rule.columns:
            filled |= set(column.outputs)
            for name, given in {} if column.marks else column.outputs.items():
                self.output(column, name, given, known, shape)
        self.words("in constants", [*rule.constants, *rule.card], {*known, *shape.uses, "document"}, "a field, one of")
        self.words("in key", rule.key, filled, "a field that the sheet fills, one of")
        required = set() if "*" in shape.gives else {one.name for one in known.values() if one.required}
        needed = required | set(shape.needs)
        for name in sorted(needed - filled):
            hint = near(name, [column.field for column in rule.columns if column.field not in known])
            self.say("in columns", "", f"a column, or constant, for {name}, which {rule.feeds[0]} needs", hint)
        labels = Counter(label_key(label) for column in rule.columns for label in column.labels)
        for label in [label for label, count in labels.items() if count > 1]:
            self.say("in columns", label, "a label for one column only")

    def output(self, column: ColumnRule, name: str, given: str, known: dict[str, fields.Field], shape: Shape) -> None:
        """Check one field that a column fills."""
        where = f"column {column.field}"
        suffix = name.removeprefix(column.field)
        if {name, "*"} & set(shape.uses) or (suffix and suffix not in ("_on",) and name not in known):
            return
        if not self.words(where, [name], [*known, *shape.uses], "a field of the table, one of"):
            return
        one = known[name]
        if given == "choice":
            values = fields.indicators() if name == "indicator" else one.values
            if values:
                self.words(where, map(str, set(column.choices.values()) - {""}), values, f"values of {name}, some of")
        elif given != one.type and (given, one.type) != ("integer", "number"):
            kinds = [kind for kind, reader in KINDS.items() if reader.gives.get(suffix) == one.type]
            self.say(where, column.kind, f"a kind that gives a {fields.TYPE_NAMES[one.type]}: {', '.join(kinds)}")


def label_key(label: object) -> str:
    """Reduce a header label to its letters and digits, without case, accents and footnote markers.

    Examples
    --------
    >>> label_key("Obligation  since*") == label_key("obligation since")
    True
    """
    return _key(shown(label))


@lru_cache(4096)
def _key(label: str) -> str:
    text = unicodedata.normalize("NFKD", re.sub(r"[*†‡¹²³⁴⁵]+$", "", label))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
