"""Checks of the tidy tables against the field dictionary: every failure at once, each with its cell."""

from datetime import date

import numpy as np
import pandas as pd

from ccmlib.base.fields import Field, Origins, tables
from ccmlib.base.problems import Problems, near
from ccmlib.ingest.cells import shown


def check(table: str, frame: pd.DataFrame, origins: Origins, problems: Problems) -> None:
    """Check a tidy table, as `arrange` gives it; what is wrong goes to `problems`, by the cell that `origins` names."""
    for one in tables()[table].fields:
        column = frame[one.name]
        for at in np.flatnonzero(_wrong(one, column)):
            found = "" if pd.isna(column.iloc[at]) else shown(column.iloc[at])
            problems.add(*origins.place(frame["row"].iloc[at], one.name), found=found, expected=f"{one.title}: {one.expected}")
    key = list(tables()[table].key)
    again = frame[frame.duplicated(key)]
    if again.empty:
        return
    first = frame.groupby(key, dropna=False)["row"].transform("first").loc[again.index]
    for row, values, other in zip(again["row"], again[key].itertuples(index=False), first, strict=True):
        problems.add(
            *origins.place(row, key[0]), found=f"{', '.join(map(shown, values))} again in table {table}",
            expected=f"one row for each {', '.join(key)}", suggestion=f"compare with {other}",
        )


def _wrong(one: Field, column: pd.Series) -> pd.Series:
    """Tell which values are not what the dictionary says of a field."""
    told = column[column.notna() & (column != "")] if one.type == "string" else column.dropna()
    wrong = pd.Series(False, index=told.index)
    if one.values:
        wrong |= ~told.isin(one.values)
    if one.pattern:
        wrong |= ~told.str.fullmatch(one.pattern)
    if one.minimum is not None:
        wrong |= told < _bound(one, one.minimum)
    if one.maximum is not None:
        wrong |= told > _bound(one, one.maximum)
    return wrong.reindex(column.index, fill_value=one.required)


def _bound(one: Field, value: object) -> object:
    return pd.Timestamp(date.today() if value == "today" else value) if one.type == "date" else value


def check_references(frames: dict[str, pd.DataFrame], origins: Origins, problems: Problems) -> None:
    """Check that what a table refers to exists: a State in the register, a period in the table of periods."""
    for name, frame in frames.items():
        for column, (other, target) in tables()[name].refers.items():
            # Without a register every State would be unknown; what is wrong with the register is said already.
            if other not in frames or frames[other].empty:
                continue
            known = frames[other][target]
            unknown = frame[(frame[column] != "") & ~frame[column].isin(known)]
            if column == "last_period":  # perhaps of a conference still to come
                coming = pd.to_numeric(unknown[column].str.extract(r"\((\d{4})\)$")[0])
                unknown = unknown[~(coming > frames[other]["end"].dt.year.max())]
            told: set[tuple[str, str]] = set()
            for value, row in zip(unknown[column], unknown["row"], strict=True):
                file, sheet, cell = origins.place(row, column)
                if " " not in cell or (file, value) not in told:  # without a cell it is said of the whole file, and once
                    expected = f"a {target} of the table {other}"
                    problems.add(file, sheet, cell, found=value, expected=expected, suggestion=near(value, known))
                told.add((file, value))
