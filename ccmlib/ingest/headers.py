"""Where the sheets and headers of a workbook are, found by their names and labels."""

import fnmatch
from dataclasses import dataclass
from itertools import zip_longest

from ccmlib.base.problems import Problems, near
from ccmlib.ingest.cells import Sheet, Workbook, address, column_name, is_blank, shown
from ccmlib.ingest.layouts import ColumnRule, Layout, SheetRule, label_key

#: The header stands in one of the first rows; a web page has more before its table.
DEEPEST_HEADER, DEEPEST_IN_PAGE = 40, 400
#: A header row holds at least this share of the labels, so that a title row is not taken for one.
LEAST_SHARE = 0.5


@dataclass
class Header:
    """Where the header of a sheet is, and what stands in it."""

    row: int  # last row of the header, counted from 0
    first_row: int  # first row of the header; another one than `row` when it has two lines
    columns: dict[int, ColumnRule]  # rule by column, counted from 0
    ignored: dict[int, str]  # label of the columns that are known and not read


def match_sheets(workbook: Workbook, layout: Layout, problems: Problems) -> list[tuple[Sheet, SheetRule]]:
    """Find the sheet of each rule; a missing and an unknown sheet is a problem."""
    matched, left = [], list(workbook.sheets)
    required = [rule for rule in layout.sheets if not rule.optional]
    for rule in layout.sheets:
        found = [sheet for sheet in left if _is_called(sheet, rule.sheet)]
        # A file with one sheet, where one is wanted, is that sheet, whatever it is called.
        if not found and len(only := [sheet for sheet in left if not sheet.empty]) == 1 == len(required):
            found = only if rule in required else []
        if found:
            matched.append((found[0], rule))
            left.remove(found[0])
        elif not rule.optional:
            keys = {label_key(sheet.name): sheet.name for sheet in left}
            name = keys.get(near(label_key(rule.sheet[0]), keys))
            there = ", ".join(sheet.name for sheet in workbook.sheets)
            problems.add(workbook.file, found=there, expected=f'a sheet "{rule.sheet[0]}"',
                         suggestion=f'rename the sheet "{name}"' if name else "")  # fmt: skip
    for sheet in left:
        if not sheet.empty and not _is_called(sheet, layout.ignored_sheets):
            problems.add(
                workbook.file, sheet.name, found="a sheet that nothing reads",
                expected=f"the sheets {', '.join(rule.sheet[0] for rule in layout.sheets)}",
                suggestion=f"map it in maps/{layout.name}.yml, or add there: ignored_sheets: [{sheet.name!r}]",
            )
    return matched


def _is_called(sheet: Sheet, names: tuple[str, ...]) -> bool:
    return any(label_key(sheet.name) == label_key(name) or ("*" in name and fnmatch.fnmatch(sheet.name.lower(), name.lower()))
               for name in names)  # fmt: skip


def find_header(workbook: Workbook, sheet: Sheet, rule: SheetRule, layout: str, problems: Problems) -> Header | None:
    """Find the header row by its labels, and say what is missing, unknown or twice."""
    ignored = {label_key(label) for label in rule.ignored}
    deepest = DEEPEST_IN_PAGE if workbook.kind == "page" else DEEPEST_HEADER
    needed = [column for column in rule.columns if not column.optional]
    best, best_score = None, 0
    # A header of one line is taken before one of two lines that holds no more.
    for lines in (1, 2):
        for row in range(min(len(sheet.rows), deepest)):
            labels = _labels(sheet, row, lines)
            matched = {column.field for text in labels.values() if (column := rule.column_of(text))}
            score = len(matched) + sum(label_key(text) in ignored for text in labels.values()) / 100
            if score > best_score:
                best, best_score = (row, row + lines - 1, labels), score

    def say(cell: str, found: str, expected: str, suggestion: str = "") -> None:
        problems.add(workbook.file, sheet.name, cell, found=found, expected=expected, suggestion=suggestion)

    if best is None or best_score < max(1, LEAST_SHARE * len(needed)):
        wanted = ", ".join(column.labels[0] for column in needed)
        return say("", f"no row with at least half of them in the first {deepest} rows", f"a header row: {wanted}")
    first_row, row, labels = best
    header = Header(row, first_row, {}, {})
    unknown: dict[int, str] = {}
    places: dict[str, int] = {}
    for place, text in labels.items():
        column = rule.column_of(text)
        if column and column.field in places:
            there = f"the label once; it also stands in column {column_name(places[column.field])}"
            say(address(row, place), text, there)
        elif column:
            places[column.field], header.columns[place] = place, column
        elif label_key(text) in ignored:
            header.ignored[place] = text
        elif not is_blank(text):
            unknown[place] = text
    for label in (column.labels[0] for column in needed if column.field not in places):
        keys = {label_key(text): place for place, text in unknown.items()}
        place = keys.get(near(label_key(label), keys))
        found = unknown.pop(place, "")
        say(f"row {row + 1}", found or "no such label", f'a column "{label}"', label if found else "")
    known = [label for column in rule.columns for label in column.labels]
    for place, label in unknown.items():
        hint = f"{near(label, known)}, or in maps/{layout}.yml: ignored: [{label!r}]".removeprefix(", or ")
        say(address(row, place), label, "a label of the layout", hint)
    return header


def _labels(sheet: Sheet, row: int, lines: int) -> dict[int, str]:
    """Give the label by column, of a header of one or two lines; a merged text of the upper line is over all its columns."""
    texts = [[shown(value) for value in line] for line in sheet.rows[row : row + lines]]
    for top, first, _, last in sheet.merged if lines == 2 else ():
        if top == row and first < len(texts[0]):
            texts[0][first : last + 1] = [texts[0][first]] * (min(last, len(texts[0]) - 1) - first + 1)
    parts = enumerate(zip_longest(*texts, fillvalue=""))
    return {column: text for column, part in parts if (text := " ".join(part).strip())}
