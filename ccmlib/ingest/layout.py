"""Column maps: which sheet, which header label, which field. A new workbook is a new file in ``layouts/``, no new code.

A layout file looks like this::

    sheets:
      - sheet: [Obligations]            # names of the sheet, the first that is there; * and ? stand for anything
        feeds: obligations              # tidy table that the rows go to
        shape: obligations              # how they are shaped for it; the name of the table by default
        key: [iso3]                     # no two rows of the sheet may agree in these
        optional: false                 # whether the sheet may be missing
        constants: {article: 3}
        columns:
          - {field: iso3, kind: state, labels: [State, State Party], filled: true}
        marks:                          # matrix: one column is one indicator
          - {labels: [Retention (para 16)], indicator: art3_retention_reported, paragraph: "16"}
        ignored: [Published deadline]   # labels that are known and not read
"""

import fnmatch
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path

import yaml

from ccmlib.base.problems import Problems
from ccmlib.ingest import kinds
from ccmlib.ingest.addresses import column_name
from ccmlib.ingest.grid import Sheet, Workbook, is_blank, shown

FOLDER = Path(__file__).parent / "maps"
#: The header stands in one of the first rows.
DEEPEST_HEADER = 40
#: A header row holds at least this share of the labels, so that a title row is not taken for one.
LEAST_SHARE = 0.5


@dataclass(frozen=True)
class ColumnRule:
    """How one column is read.

    Attributes
    ----------
    field : str
        Name of the field in the tidy table.
    labels : tuple of str
        Header labels, any of which may stand above it.
    kind : str
        What the cells hold, see `kinds.READERS`.
    filled : bool
        Whether an empty cell is wrong.
    optional : bool
        Whether the column may be missing.
    choices : dict
        For the kind ``choice``: text in the cell to value.
    nil : tuple of str
        Texts that say that nothing is meant, such as ``none`` in a nil return.
    text_where : dict
        Field and value: in those rows the cell is kept as text only.
    marks : dict
        For a column of a matrix: indicator, paragraph, and what else its rows hold.
    """

    field: str
    labels: tuple[str, ...]
    kind: str = "text"
    filled: bool = False
    optional: bool = False
    choices: dict[str, object] = field(default_factory=dict)
    nil: tuple[str, ...] = ()
    text_where: dict[str, str] = field(default_factory=dict)
    marks: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetRule:
    """How one sheet is read; see the module for what the parts mean."""

    sheet: tuple[str, ...]
    feeds: str
    columns: tuple[ColumnRule, ...]
    key: tuple[str, ...] = ()
    constants: dict[str, object] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    shape: str = ""
    optional: bool = False
    facts: dict = field(default_factory=dict)

    @property
    def labels(self) -> dict[str, ColumnRule]:
        """Column by comparable header label."""
        return {label_key(label): rule for rule in self.columns for label in rule.labels}


@dataclass(frozen=True)
class Layout:
    """How one kind of file is read.

    Attributes
    ----------
    name : str
        Name of its file in ``layouts/``, without ending.
    sheets : tuple of SheetRule
    ignored_sheets : tuple of str
        Sheets that are known and not read.
    """

    name: str
    sheets: tuple[SheetRule, ...]
    ignored_sheets: tuple[str, ...] = ()


@dataclass
class Header:
    """Where the header of a sheet is, and what stands in it.

    Attributes
    ----------
    row : int
        Last row of the header, counted from 0.
    first_row : int
        First row of the header; another one than `row` when it has two lines.
    columns : dict of int to ColumnRule
        Rule by column, counted from 0.
    ignored : dict of int to str
        Label of the columns that are known and not read.
    """

    row: int
    first_row: int
    columns: dict[int, ColumnRule]
    ignored: dict[int, str]


def names(folder: Path = FOLDER) -> list[str]:
    """Name the layouts that there are."""
    return sorted(path.stem for path in folder.glob("*.yml"))


@cache
def load(name: str, folder: Path = FOLDER) -> Layout:
    """Load a layout.

    Parameters
    ----------
    name : str
        Name of a file in ``layouts/``, without ending.

    Raises
    ------
    ValueError
        The file does not exist or does not say what a layout says.
    """
    path = folder / f"{name}.yml"
    if not path.is_file():
        raise ValueError(f"no layout {name!r}; there are {', '.join(names(folder))}")
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    try:
        rules = tuple(_sheet_rule(dict(sheet)) for sheet in content.pop("sheets"))
        layout = Layout(name, rules, tuple(content.pop("ignored_sheets", ())))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"layout {name}: {error}") from error
    if content:
        raise ValueError(f"layout {name}: unknown {', '.join(content)}")
    for rule in layout.sheets:
        _check(name, rule)
    return layout


def _sheet_rule(sheet: dict) -> SheetRule:
    columns = [
        ColumnRule(**{**column, "labels": _several(column["labels"]), "nil": _several(column.get("nil", ()))})
        for column in sheet.pop("columns")
    ]
    for place, marks in enumerate(sheet.pop("marks", ())):
        rest = dict(marks)
        labels, kind = _several(rest.pop("labels")), rest.pop("kind", "mark")
        choices, nil = rest.pop("choices", {}), _several(rest.pop("nil", ()))
        columns.append(ColumnRule(f"mark_{place}", labels, kind, choices=choices, nil=nil, marks=rest))
    sheet_feeds = sheet.pop("feeds")
    return SheetRule(
        _several(sheet.pop("sheet")),
        sheet_feeds,
        tuple(columns),
        _several(sheet.pop("key", ())),
        sheet.pop("constants", {}),
        _several(sheet.pop("ignored", ())),
        sheet.pop("shape", sheet_feeds),
        **sheet,
    )


def _several(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _check(name: str, rule: SheetRule) -> None:
    for column in rule.columns:
        if column.kind not in kinds.READERS:
            raise ValueError(f"layout {name}, {column.field}: unknown kind {column.kind!r}")
    twice = [
        label
        for label, count in Counter(label_key(label) for column in rule.columns for label in column.labels).items()
        if count > 1
    ]
    if twice:
        raise ValueError(f"layout {name}, sheet {rule.sheet[0]}: label {twice[0]!r} stands for two columns")


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


def match_sheets(workbook: Workbook, layout: Layout, problems: Problems) -> list[tuple[Sheet, SheetRule]]:
    """Find the sheet of each rule; a missing and an unknown sheet is a problem.

    Parameters
    ----------
    workbook : Workbook
    layout : Layout
    problems : Problems
        Gets what is wrong.

    Returns
    -------
    list of (Sheet, SheetRule)
    """
    matched, left = [], list(workbook.sheets)
    for rule in layout.sheets:
        found = [sheet for sheet in left if any(_same_name(sheet.name, wanted) for wanted in rule.sheet)]
        # A text file has one sheet, whatever the file is called.
        found = found or (list(left) if workbook.kind == "csv" and len(layout.sheets) == 1 else [])
        for sheet in found[:1]:
            matched.append((sheet, rule))
            left.remove(sheet)
        if not found and not rule.optional:
            names_left = {sheet.name: label_key(sheet.name) for sheet in left}
            near = get_close_matches(label_key(rule.sheet[0]), list(names_left.values()), 1, 0.6)
            hint = next((f'rename the sheet "{name}"' for name, key in names_left.items() if [key] == near), "")
            problems.add(
                workbook.file,
                found=", ".join(sheet.name for sheet in workbook.sheets),
                expected=f'a sheet "{rule.sheet[0]}"',
                suggestion=hint,
            )
    for sheet in left:
        if not sheet.empty and not any(_same_name(sheet.name, name) for name in layout.ignored_sheets):
            problems.add(
                workbook.file,
                sheet.name,
                found="a sheet that nothing reads",
                expected=f"the sheets {', '.join(rule.sheet[0] for rule in layout.sheets)}",
                suggestion=f"map it in layouts/{layout.name}.yml, or list it there under ignored_sheets",
            )
    return matched


def _same_name(name: str, wanted: str) -> bool:
    return label_key(name) == label_key(wanted) or ("*" in wanted and fnmatch.fnmatch(name.lower(), wanted.lower()))


def find_header(file: str, sheet: Sheet, rule: SheetRule, layout: str, problems: Problems) -> Header | None:
    """Find the header row by its labels, and say what is missing, unknown or twice.

    Parameters
    ----------
    file : str
        Name of the file.
    sheet : Sheet
    rule : SheetRule
    layout : str
        Name of the layout, for messages.
    problems : Problems
        Gets what is wrong.

    Returns
    -------
    Header or None
        None when no row holds enough of the labels.
    """
    known = rule.labels
    ignored = {label_key(label) for label in rule.ignored}
    best, best_score = None, 0
    # A header of one line is taken before one of two lines that holds no more.
    for lines in (1, 2):
        for row in range(min(len(sheet.rows), DEEPEST_HEADER)):
            labels = _labels(sheet, row, lines)
            matched = {known[key].field for key, _ in labels.values() if key in known}
            score = len(matched) + sum(key in ignored for key, _ in labels.values()) / 100
            if score > best_score:
                best, best_score = (row, row + lines - 1, labels), score
    needed = [column for column in rule.columns if not column.optional]
    if best is None or best_score < max(1, LEAST_SHARE * len(needed)):
        wanted = ", ".join(column.labels[0] for column in needed)
        found = f"no row with at least half of them in the first {DEEPEST_HEADER} rows"
        problems.add(file, sheet.name, found=found, expected=f"a header row: {wanted}")
        return None
    header, unknown = _columns(file, sheet, best, known, ignored, problems)
    for column in needed:
        if column not in header.columns.values():
            near = get_close_matches(
                label_key(column.labels[0]), [label_key(label) for label in unknown.values()], 1, 0.6
            )
            place, label = next(
                ((place, label) for place, label in unknown.items() if [label_key(label)] == near), (None, "")
            )
            problems.add(
                file,
                sheet.name,
                f"row {header.row + 1}",
                found=label or "no such label",
                expected=f'a column "{column.labels[0]}"',
                suggestion=column.labels[0] if label else "",
            )
            unknown.pop(place, None)
    for place, label in unknown.items():
        problems.add(
            file,
            sheet.name,
            f"{column_name(place)}{header.row + 1}",
            found=label,
            expected="a label of the layout",
            suggestion=f"map it in layouts/{layout}.yml, or list it there under ignored",
        )
    return header


def _labels(sheet: Sheet, row: int, lines: int) -> dict[int, tuple[str, str]]:
    """Give comparable and written label by column, of a header of one or two lines."""
    lower = sheet.rows[row + lines - 1] if row + lines <= len(sheet.rows) else []
    upper = _spread(sheet, row) if lines == 2 else []
    labels = {}
    for column in range(max(len(lower), len(upper))):
        low = shown(lower[column]) if column < len(lower) else ""
        high = upper[column] if column < len(upper) else ""
        if text := f"{high} {low}".strip():
            labels[column] = label_key(text), text
    return labels


def _spread(sheet: Sheet, row: int) -> list[str]:
    """Give the texts of a row, a merged one over all its columns."""
    texts = [shown(value) for value in sheet.rows[row]]
    for first_row, first, _, last in sheet.merged:
        if first_row == row and first < len(texts):
            texts[first : last + 1] = [texts[first]] * (min(last, len(texts) - 1) - first + 1)
    return texts


def _columns(
    file: str, sheet: Sheet, best: tuple, known: dict[str, ColumnRule], ignored: set[str], problems: Problems
) -> tuple[Header, dict[int, str]]:
    first_row, row, labels = best
    header = Header(row, first_row, {}, {})
    unknown: dict[int, str] = {}
    places: dict[str, int] = {}
    for column, (key, text) in labels.items():
        if key in known:
            rule = known[key]
            if rule.field in places:
                problems.add(
                    file,
                    sheet.name,
                    f"{column_name(column)}{row + 1}",
                    found=text,
                    expected=f"the label once; it also stands in column {column_name(places[rule.field])}",
                )
                continue
            places[rule.field] = column
            header.columns[column] = rule
        elif key in ignored:
            header.ignored[column] = text
        elif key or not is_blank(text):
            unknown[column] = text
    return header, unknown
