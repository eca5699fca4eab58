"""Layouts: which sheet, which header label, which field. A new workbook is a new file in ``maps/``, no new code.

A layout file looks like this; `docs/layouts.md` lists shapes, kinds and the fields of each table::

    sheets:
      - sheet: [Obligations]            # names of the sheet, the first that is there; * and ? stand for anything
        feeds: obligations              # tidy table that the rows go to
        shape: obligations              # how they are shaped for it; the table's own shape, or plain, by default
        key: [iso3]                     # no two rows of the sheet may agree in these
        optional: false                 # whether the sheet may be missing
        constants: {article: 3}
        fills: {source: "{document}, {ref}"}   # what a blank field says, made of other fields; without those, the file
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
from ccmlib.ingest.cells import shown
from ccmlib.ingest.column_kinds import KINDS, outputs
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
    fills: dict[str, str] = field(default_factory=dict)
    card: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    shape: str = ""
    optional: bool = False
    facts: dict = field(default_factory=dict)

    @cached_property
    def _by_label(self) -> dict[str, ColumnRule]:
        return {label_key(label): column for column in self.columns for label in column.labels}

    def column_of(self, label: str) -> ColumnRule | None:
        """Find the column that a header label stands for."""
        parts = set(map(label_key, label.split(",")))
        of_parts = (column for column in self.columns if column.pieces and parts <= set(map(label_key, column.pieces)))
        return self._by_label.get(label_key(label)) or next(of_parts, None)


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
    """Load a layout: a file of ``maps/`` by its name, any other by its path; `ProblemsFound` holds all that is wrong in it."""
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
    except OSError as error:
        raise unreadable(path.name, error.strerror, expected) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise unreadable(path.name, f"{getattr(error, 'problem', error)}{where}", expected) from error


def _several(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


class _Check:
    """Turns the content of a layout into rules, and says everything that is wrong in it."""

    def __init__(self, file: str):
        self.file, self.sheet_name, self.problems = file, "", Problems()

    def say(self, where: str, found: object, expected: str, suggestion: str = "") -> None:
        self.problems.add(self.file, self.sheet_name, where, found=found, expected=expected, suggestion=suggestion)

    def words(self, where: str, found: Iterable, known: Iterable[str], called: str = "one of") -> None:
        """Say which words are not known, with the nearest that is."""
        known = [str(word) for word in known]
        for word in found:
            if str(word) not in known:
                self.say(where, word, f"{called}: {', '.join(sorted(known))}", near(word, known))

    def sheet(self, sheet: dict) -> SheetRule | None:
        """Make the rule of a sheet; None when it is too wrong to go on."""
        self.sheet_name = next(iter(_several(sheet.get("sheet", ""))), "")
        before = len(self.problems)
        self.words("in sheet", sheet, {part.name for part in parts_of(SheetRule)} | {"marks"})
        feeds = tuple(part.strip() for part in ",".join(_several(sheet.get("feeds", ""))).split(",") if part.strip())
        self.words("in feeds", feeds, fields.tables(), "a table, one of")
        shape = sheet.get("shape") or (feeds[0] if feeds and feeds[0] in SHAPES else "plain")
        self.words("in shape", [shape], SHAPES)
        missing = [name for name in ("sheet", "feeds", "columns") if not sheet.get(name)]
        if missing and len(self.problems) == before:
            self.say("in sheet", "", f"{', '.join(missing)}, which every sheet has")
        if len(self.problems) > before:
            return None
        columns = [self.column(column) for column in sheet["columns"]]
        columns += [self.column(mark, f"mark_{place}") for place, mark in enumerate(sheet.get("marks") or ())]
        if len(self.problems) > before:
            return None
        lists = {key: _several(sheet.get(key)) for key in ("sheet", "key", "card", "skip", "ignored")}
        rest = {key: value for key, value in sheet.items() if key != "marks"}
        rule = SheetRule(**{**rest, **lists, "feeds": feeds, "columns": tuple(columns), "shape": shape})
        self.rule(rule, SHAPES[shape])
        return rule

    def column(self, column: object, of_matrix: str = "") -> ColumnRule | None:
        """Make the rule of a column; that of a matrix is named here, and says what its rows hold besides."""
        wanted = ("labels", "indicator", "paragraph") if of_matrix else ("labels", "field")
        if not isinstance(column, dict) or not all(column.get(name) for name in wanted):
            return self.say("in columns", column, f"{' and '.join(wanted)} of a column")
        parts = {part.name for part in parts_of(ColumnRule)} - {"marks"}
        marks = {key: said for key, said in column.items() if of_matrix and key not in parts}
        of_cells = {key: said for key, said in column.items() if key not in marks}
        column = ({"field": of_matrix, "kind": "mark"} if of_matrix else {"kind": "text"}) | of_cells
        before, where = len(self.problems), f"column {_several(column['labels'])[0] if of_matrix else column['field']}"
        kind, choices = column["kind"], column.get("choices") or {}
        self.words(where, column, parts)
        self.words(where, [kind], KINDS, "a kind, one of")
        self.words(where, [marks[key] for key in marks if key == "indicator"], fields.indicators(), "an indicator, one of")
        if (kind in ("choice", "action_day")) != bool(choices) or not isinstance(choices, dict):
            self.say(where, choices or "", f"choices, text of the cell and value, for choice or action_day; none for {kind}")
        elif kind == "choice":
            folded = Counter(str(text).casefold() for text in choices)
            for text in [text for text, count in folded.items() if count > 1]:
                self.say(where, text, "each choice once, whatever its case")
        lists = {key: _several(column.get(key)) for key in ("labels", "nil", "pieces")}
        return ColumnRule(**{**column, **lists}, marks=marks) if len(self.problems) == before else None

    def rule(self, rule: SheetRule, shape: Shape) -> None:
        """Check that the fields of a sheet are those of its tables, of their types, and all that are needed."""
        self.words("in feeds", rule.feeds, shape.tables or rule.feeds[:1], f"for the shape {rule.shape} one of")
        known = {one.name: one for table in rule.feeds for one in fields.tables()[table].fields}
        filled = {*rule.constants, *rule.card, *rule.fills, *shape.gives, "row"}
        for column in rule.columns:
            filled |= set(column.outputs)
            for name, given in {} if column.marks else column.outputs.items():
                self.output(column, name, given, known, shape)
        used = [*rule.constants, *rule.card, *rule.fills, *re.findall(r"{(\w+)}", str(rule.fills))]
        self.words("in constants", used, {*known, *shape.uses, "document"}, "a field, one of")
        self.words("in key", rule.key, filled, "a field that the sheet fills, one of")
        required = set() if "*" in shape.gives else {one.name for one in known.values() if one.required}
        for name in sorted((required | set(shape.needs)) - filled):
            hint = near(name, [column.field for column in rule.columns if column.field not in known])
            self.say("in columns", "", f"a column, or constant, for {name}, which {rule.feeds[0]} needs", hint)
        labels = Counter(label_key(label) for column in rule.columns for label in column.labels)
        for label in [label for label, count in labels.items() if count > 1]:
            self.say("in columns", label, "a label for one column only")

    def output(self, column: ColumnRule, name: str, given: str, known: dict[str, fields.Field], shape: Shape) -> None:
        """Check one field that a column fills."""
        where, suffix = f"column {column.field}", name.removeprefix(column.field)
        if {name, "*"} & set(shape.uses) or (suffix not in ("", "_on") and name not in known):
            return
        self.words(where, [name], [*known, *shape.uses], "a field of the table, one of")
        if not (one := known.get(name)):
            return
        if column.kind == "choice":
            values = fields.indicators() if name == "indicator" else one.values
            self.words(where, set(column.choices.values()) - {""} if values else (), values, f"values of {name}, some of")
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
