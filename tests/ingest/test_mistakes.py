"""Mistakes of tired people, kind by kind, in the real exports: each is named, or told by the list of changes.

``MISTAKES=40 pytest tests/ingest/test_mistakes.py -s`` tries more of each and prints what became of them.
The quick tests try the first part.
"""

import copy
import datetime as dt
import os
import random
from collections import Counter

import accidents
import pytest
from raw_exports import said

from ccmlib.tidy import differences

PARTS = 2
#: So many of each kind in a part.
TRIED = int(os.environ.get("MISTAKES", "2")) // PARTS
#: Of every kind at least this share is named; what is not is told by the list of changes, and counted apart.
LEAST_NAMED: dict[str, float] = {
    "one column sorted alone": 0.3, "headers swapped": 0.9, "State mixed up": 0.7, "negative": 0.9, "mark moved": 0.8,
    "cell copied from above": 0.1, "row twice": 0.8, "State misspelt": 0.9, "value in the wrong column": 0.7,
    "struck through": 0.9, "shown as its year": 0.9, "raised footnote number": 0.9,
}  # fmt: skip
MIXED = {"Guinea": "Equatorial Guinea", "Niger": "Nigeria", "Congo": "Democratic Republic of the Congo",
         "Republic of Moldova": "Republic of Korea", "Slovenia": "Slovakia", "Austria": "Australia", "Mali": "Malawi",
         "Mauritania": "Mauritius", "Ireland": "Iceland", "Lao PDR": "Viet Nam"}  # fmt: skip


def _one(table, chance, wanted, change):
    cells = table.cells(wanted)
    if not cells:
        return False
    row, column = chance.choice(cells)
    before = table.sheet.rows[row][column]
    table.sheet.rows[row][column] = change(before)
    return table.sheet.rows[row][column] != before


def _sort_column(table, chance):
    column = chance.choice(sorted(table.columns))
    held = [table.sheet.rows[row][column] for row in table.data]
    for row, value in zip(table.data, sorted(held, key=str), strict=True):
        table.sheet.rows[row][column] = value
    return held != sorted(held, key=str)


def _delete_row(table, chance):
    del table.sheet.rows[chance.choice(table.data)]
    return True


def _swap_headers(table, chance):
    if len(table.columns) < 2:
        return False
    row = table.sheet.rows[table.header]
    one, other = chance.sample(sorted(table.columns), 2)
    row[one], row[other] = row[other], row[one]
    return True


def _mix_up(table, chance):
    return _one(table, chance, lambda value, rule: rule.kind == "state" and value in MIXED, lambda name: MIXED[name])


def _is_number(value, rule):
    return isinstance(value, float) and value and rule.kind in ("quantity", "number", "count")


def _number(change):
    return lambda table, chance: _one(table, chance, _is_number, change)


def _is_year(value, rule):
    return isinstance(value, float) and rule.kind in ("year", "year_or_as_of")


def _year(table, chance):
    return _one(table, chance, _is_year, lambda year: year + chance.choice([-1, 1]))


def _is_early_day(value, rule):
    return isinstance(value, dt.date) and value.day <= 12 and value.day != value.month


def _swap_days(table, chance):
    return _one(table, chance, _is_early_day, lambda day: day.replace(month=day.day, day=day.month))


def _copy_down(table, chance):
    row, column = chance.choice(table.data[1:] or table.data), chance.choice(sorted(table.columns))
    before = table.sheet.rows[row][column]
    table.sheet.rows[row][column] = table.sheet.rows[row - 1][column]
    return before != table.sheet.rows[row][column] and row - 1 in table.data


def _move_mark(table, chance):
    cells = table.cells(lambda value, rule: rule.kind == "mark" and value == "x")
    if not cells:
        return False
    row, column = chance.choice(cells)
    other = chance.choice([at for at in table.data if at != row])
    table.sheet.rows[row][column], table.sheet.rows[other][column] = table.sheet.rows[other][column], "x"
    return not table.sheet.rows[row][column]


def _twice(table, chance):
    row = chance.choice(table.data)
    table.sheet.rows.insert(row, list(table.sheet.rows[row]))
    return not table.sheet.merged


def _misspell(table, chance):
    return _one(table, chance, lambda value, rule: rule.kind == "state" and isinstance(value, str) and len(value) > 3,
                lambda name: name[:1] + name[2:])


def _wrong_column(table, chance):
    cells = table.cells(lambda value, rule: value != "" and rule.filled)
    row, column = chance.choice(cells)
    other = chance.choice(sorted(set(table.columns) - {column}))
    cells = table.sheet.rows[row]
    if other >= len(cells):
        return False
    cells[column], cells[other] = cells[other], cells[column]
    return True


def _format(said, kinds):
    def mistake(table, chance):
        cells = table.cells(lambda value, rule: value != "" and (not kinds or rule.kind in kinds))
        if not cells:
            return False
        row, column = chance.choice(cells)
        table.sheet.formats[f"{chr(65 + column)}{row + 1}"] = said
        return True

    return mistake


MISTAKES = {
    "one column sorted alone": _sort_column, "row deleted": _delete_row, "headers swapped": _swap_headers,
    "State mixed up": _mix_up, "times a thousand": _number(lambda number: number * 1000),
    "negative": _number(lambda number: -number), "year one off": _year, "day and month swapped": _swap_days,
    "cell copied from above": _copy_down, "mark moved": _move_mark, "row twice": _twice,
    "digit lost": _number(lambda number: float(int(number) // 10)),
    "State misspelt": _misspell, "value in the wrong column": _wrong_column, "struck through": _format("struck", ()),
    "shown as its year": _format("year", ("date", "as_of", "span", "ended", "known", "deadline")),
    "raised footnote number": _format("raised", ("quantity", "number", "count", "year")),
}  # fmt: skip


@pytest.mark.parametrize("kind", MISTAKES)
@pytest.mark.parametrize("part", [pytest.param(part, marks=[pytest.mark.slow] * (part > 0)) for part in range(PARTS)])
def test_a_mistake_is_named_or_told_as_a_change(exports, kind, part):
    chance = random.Random(f"{kind} {part}")
    became: Counter = Counter()
    tries = 0
    while became.total() < TRIED and tries < 60 * TRIED:
        tries += 1
        file = chance.choice(exports.files)
        workbook = copy.deepcopy(exports.workbooks[file])
        table = chance.choice(accidents.tables_of(workbook, exports.layout(file)))
        if not table.data or not MISTAKES[kind](table, chance):
            continue
        read, problems = exports.read(workbook)
        frames = exports.frames(file, read)
        problems.extend(exports.check(file, read, frames))
        if problems:
            became["named"] += 1
            continue
        fed = [name for name in read.parts if read.parts[name]]
        before, after = ({name: whole[name] for name in fed} for whole in (exports.before[file], frames))
        if all(said(before[name]) == said(after[name]) for name in fed):
            continue  # the same day or name, written in another way
        became["told as a change" if differences.between(before, after)[0] else "silent"] += 1
    print(f"{kind}: {dict(became)}")
    assert became.total()
    assert not became["silent"], became
    if TRIED >= 20:
        assert became["named"] / became.total() >= LEAST_NAMED.get(kind, 0), became
