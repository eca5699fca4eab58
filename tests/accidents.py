"""What happens to a spreadsheet when people paste, sort and re-save: one accident at a time, chosen at random.

An accident changes the form of an export, never what it says. So the tidy tables stay the same, or a problem is named.
"""

import datetime as dt
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from ccmlib.base.problems import Problems
from ccmlib.ingest import headers, layouts
from ccmlib.ingest.cells import Sheet, Workbook, is_blank

_FREE_TEXT = {"text"}


@dataclass
class Table:
    """A sheet that an accident may happen to, and where its parts are.

    Attributes
    ----------
    sheet : Sheet
    columns : dict of int to ColumnRule
    header : int
        Last row of the header, counted from 0.
    data : list of int
        Rows of data, counted from 0.
    optional : bool
        Whether the sheet may be missing.
    """

    sheet: Sheet
    columns: dict[int, layouts.ColumnRule]
    header: int
    data: list[int]
    optional: bool = False

    def cells(self, wanted: Callable[[object, layouts.ColumnRule], bool]) -> list[tuple[int, int]]:
        """Give the data cells that hold what is wanted."""
        return [
            (row, column) for row in self.data for column, rule in self.columns.items()
            if column < len(self.sheet.rows[row]) and wanted(self.sheet.rows[row][column], rule)
        ]  # fmt: skip


def tables_of(workbook: Workbook, of_layout: layouts.Layout) -> list[Table]:
    """Find the tables of a workbook that is right."""
    found = []
    for sheet, rule in headers.match_sheets(workbook, of_layout, Problems()):
        header = headers.find_header(workbook, sheet, rule, of_layout.name, Problems())
        after = range(header.row + 1, len(sheet.rows))
        end = next((row for row in after if all(is_blank(value) for value in sheet.rows[row])), len(sheet.rows))
        found.append(Table(sheet, header.columns, header.row, list(range(header.row + 1, end)), rule.optional))
    return found


def happen(workbook: Workbook, of_layout: layouts.Layout, chance: random.Random) -> str:
    """Let one accident happen to a workbook; give its name, or nothing when it could not happen there."""
    table = chance.choice(tables_of(workbook, of_layout))
    name = chance.choice(sorted(ACCIDENTS))
    return name if ACCIDENTS[name](table, workbook, chance) else ""


def _change(wanted: Callable, change: Callable) -> Callable:
    """Make an accident that changes one cell."""

    def accident(table: Table, workbook: Workbook, chance: random.Random) -> bool:
        cells = table.cells(wanted)
        if not cells:
            return False
        row, column = chance.choice(cells)
        before = table.sheet.rows[row][column]
        table.sheet.rows[row][column] = change(before, chance)
        return table.sheet.rows[row][column] != before

    return accident


def _is_text(value: object, rule: layouts.ColumnRule) -> bool:
    return isinstance(value, str) and not is_blank(value)


def _is_told(value: object, rule: layouts.ColumnRule) -> bool:
    return _is_text(value, rule) and rule.kind not in _FREE_TEXT


def _is_day(value: object, rule: layouts.ColumnRule) -> bool:
    return isinstance(value, dt.date)


def _is_number(value: object, rule: layouts.ColumnRule) -> bool:
    return isinstance(value, float)


def _swap_letters(text: str, chance: random.Random) -> str:
    told = text.partition(" (")[0]
    places = [at for at in range(len(told) - 1) if told[at].isalpha() and told[at + 1].isalpha()]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _drop_letter(text: str, chance: random.Random) -> str:
    # The only letter of a mark is all that it says; what stands in brackets is a remark in free words.
    told = text.partition(" (")[0]
    places = [at for at, letter in enumerate(told) if letter.isalpha() and len(told) > 1]
    at = chance.choice(places) if places else len(text)
    return text[:at] + text[at + 1 :]


def _look_alike(text: str, chance: random.Random) -> str:
    return text.translate(str.maketrans("aeocxAEOCX", "аеосхАЕОСХ"))


def _insert_row(make: Callable) -> Callable:
    """Make an accident that puts a row of its own somewhere."""

    def accident(table: Table, workbook: Workbook, chance: random.Random) -> bool:
        width = max(map(len, table.sheet.rows))
        where, row = make(table, chance)
        table.sheet.rows.insert(where, [*row, *[""] * (width - len(row))][:width])
        table.sheet.merged = [
            (top + (top >= where), left, bottom + (bottom >= where), right)
            for top, left, bottom, right in table.sheet.merged
        ]
        return True

    return accident


def _shift(by: int) -> Callable:
    """Make an accident that moves the cells of a row by one, over an empty one only."""

    def accident(table: Table, workbook: Workbook, chance: random.Random) -> bool:
        row = table.sheet.rows[chance.choice(table.data)]
        if by > 0:
            row.insert(chance.randrange(len(row)), "")
            return True
        empty = [at for at, value in enumerate(row) if is_blank(value)]
        if not empty:
            return False
        del row[chance.choice(empty)]
        row.append("")
        return True

    return accident


def _swap_columns(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    one, other = chance.sample(range(len(table.sheet.rows[table.header])), 2)
    for row in table.sheet.rows[table.header :]:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]
    # A header of two lines, or merged over columns, would be torn by the swap.
    return not any(
        top in (table.header, table.header - 1) and left != right for top, left, _, right in table.sheet.merged
    )


def _delete_column(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    column = chance.choice(sorted(table.columns))
    for row in table.sheet.rows[table.header :]:
        del row[column : column + 1]
    return True


def _label(change: Callable) -> Callable:
    def accident(table: Table, workbook: Workbook, chance: random.Random) -> bool:
        row, column = table.sheet.rows[table.header], chance.choice(sorted(table.columns))
        before = row[column]
        row[column] = change(before, chance)
        return row[column] != before

    return accident


def _merge_down(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    if len(table.data) < 2:
        return False
    row, column = chance.choice(table.data[:-1]), chance.choice(sorted(table.columns))
    table.sheet.rows[row + 1][column] = ""
    table.sheet.merged.append((row, column, row + 1, column))
    return True


def _merge_across(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    row = chance.choice(table.data)
    table.sheet.rows[row][1:] = [""] * (len(table.sheet.rows[row]) - 1)
    table.sheet.merged.append((row, 0, row, len(table.sheet.rows[row]) - 1))
    return True


def _shuffle(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    rows = [table.sheet.rows[at] for at in table.data]
    chance.shuffle(rows)
    table.sheet.rows[table.data[0] : table.data[-1] + 1] = rows
    return True


def _clear_needed(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    cells = table.cells(lambda value, rule: rule.filled and not is_blank(value))
    row, column = chance.choice(cells)
    table.sheet.rows[row][column] = ""
    return True


def _beside(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    width = max(map(len, table.sheet.rows))
    row = table.sheet.rows[chance.choice(table.data)]
    row.extend([""] * (width + 1 - len(row)))
    row[width] = "check!"
    return True


def _rename_sheet(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    before = table.sheet.name
    table.sheet.name = _drop_letter(before, chance)
    return table.sheet.name != before and workbook.kind != "csv"


def _delete_sheet(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    workbook.sheets.remove(table.sheet)
    return not table.optional


def _add_sheet(table: Table, workbook: Workbook, chance: random.Random) -> bool:
    workbook.sheets.append(Sheet("Sheet9", chance.choice([[], [["", ""]], [["draft", 1.0]]])))
    return True


def _excel_serial(day: dt.date, chance: random.Random) -> float:
    return float((day - dt.date(1899, 12, 30)).days + chance.choice([0, 0, -1462]))


#: Accidents by name.
ACCIDENTS: dict[str, Callable[[Table, Workbook, random.Random], bool]] = {
    "non-breaking spaces": _change(_is_text, lambda text, chance: text.replace(" ", chance.choice("\u00a0\u202f"))),
    "spaces around": _change(_is_text, lambda text, chance: f"  {text} \n"),
    "something invisible": _change(_is_text, lambda text, chance: "\u200b" + text + "\ufeff"),
    "parted accents": _change(_is_text, lambda text, chance: unicodedata.normalize("NFD", text)),
    "letters swapped": _change(_is_told, _swap_letters),
    "letter dropped": _change(_is_told, _drop_letter),
    "look-alike letters": _change(_is_told, _look_alike),
    "capitals": _change(_is_told, lambda text, chance: text.upper()),
    "footnote marker": _change(
        lambda value, rule: _is_text(value, rule) and rule.kind == "state",
        lambda text, chance: text + chance.choice(["*", " 1)", "¹", " [2]", "**"]),
    ),
    "day as ISO text": _change(_is_day, lambda day, chance: day.isoformat()),
    "day as text": _change(_is_day, lambda day, chance: f"{day.day} {day:%b %Y}"),
    "day in digits": _change(
        _is_day, lambda day, chance: day.strftime(chance.choice(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"]))
    ),
    "day with two digits of the year": _change(_is_day, lambda day, chance: f"{day:%d-%b-%y}"),
    "day as serial number": _change(_is_day, _excel_serial),
    "number with decimal comma": _change(_is_number, lambda number, chance: f"{number:.1f}".replace(".", ",")),
    "number with separators": _change(_is_number, lambda number, chance: f"{number:,.10g}"),
    "number in percent": _change(_is_number, lambda number, chance: f"{number:g} %"),
    "error value": _change(
        lambda value, rule: not is_blank(value) and rule.kind != "text", lambda value, chance: "#REF!"
    ),
    "truth for a value": _change(
        lambda value, rule: rule.kind not in ("text", "mark", "flag"), lambda value, chance: True
    ),
    "blank row": _insert_row(lambda table, chance: (chance.randrange(table.data[-1] + 2), [])),
    "title above": _insert_row(lambda table, chance: (0, ["Printed on 1 July 2016"])),
    "header again": _insert_row(lambda table, chance: (chance.choice(table.data), table.sheet.rows[table.header])),
    "row twice": _insert_row(lambda table, chance: (row := chance.choice(table.data), table.sheet.rows[row])),
    "totals row": _insert_row(lambda table, chance: (table.data[-1] + 1, ["Total", float(len(table.data))])),
    "note below": _insert_row(lambda table, chance: (len(table.sheet.rows), ["Note: as received"])),
    "cells moved right": _shift(1),
    "cells moved left": _shift(-1),
    "columns swapped": _swap_columns,
    "column deleted": _delete_column,
    "label misspelt": _label(_swap_letters),
    "label lost": _label(lambda label, chance: ""),
    "label in capitals": _label(lambda label, chance: str(label).upper()),
    "merged down": _merge_down,
    "merged across": _merge_across,
    "sorted": _shuffle,
    "needed cell lost": _clear_needed,
    "remark beside": _beside,
    "sheet renamed": _rename_sheet,
    "sheet deleted": _delete_sheet,
    "sheet added": _add_sheet,
}
