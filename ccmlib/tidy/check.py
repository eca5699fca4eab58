"""Checks of the tidy tables against the field dictionary: every failure at once, each with its cell."""

from datetime import date
from functools import cache

import pandas as pd

from ccmlib.base.fields import Field, Origins, Table, tables
from ccmlib.base.problems import Problems
from ccmlib.ingest.grid import shown


@cache
def pandera_schema(table: str):
    """Make the pandera schema of a tidy table."""
    import pandera.pandas as pa

    columns = {}
    for one in tables()[table].fields:
        checks = []
        if one.required and one.type == "string":
            checks.append(pa.Check.str_length(min_value=1))
        if one.values:
            checks.append(pa.Check.isin([*one.values, *([] if one.required or one.type != "string" else [""])]))
        if one.pattern:
            checks.append(pa.Check.str_matches(rf"^(?:{one.pattern}){'' if one.required else '?'}$"))
        if one.minimum is not None:
            checks.append(pa.Check.ge(_bound(one, one.minimum)))
        if one.maximum is not None:
            checks.append(pa.Check.le(_bound(one, one.maximum)))
        nullable = one.type == "string" or not one.required
        columns[one.name] = pa.Column(one.dtype, checks, nullable=nullable)
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(tables()[table].key))


def _bound(one: Field, value: object) -> object:
    if one.type != "date":
        return value
    return pd.Timestamp(date.today() if value == "today" else value)


def check(table: str, frame: pd.DataFrame, origins: Origins, problems: Problems) -> None:
    """Check a tidy table against its schema, all failures at once, each pointing to its cell in the exports.

    Parameters
    ----------
    table : str
        Name of the tidy table.
    frame : DataFrame
        As `arrange` gives it.
    origins : Origins
        Where the fields stand.
    problems : Problems
        Gets what is wrong.
    """
    import pandera.errors

    try:
        pandera_schema(table).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        _report(tables()[table], frame, error.failure_cases, origins, problems)


def _report(table: Table, frame: pd.DataFrame, failures: pd.DataFrame, origins: Origins, problems: Problems) -> None:
    for failure in failures.drop_duplicates(["column", "check", "index"]).itertuples():
        if failure.index is None or failure.index != failure.index:
            problems.add(
                "", f"table {table.name}", f"column {failure.column}", found=str(failure.failure_case),
                expected=str(failure.check),
            )
            continue
        at = int(failure.index)
        row = frame["row"].iloc[at]
        if failure.check == "multiple_fields_uniqueness":
            said = [shown(frame[name].iloc[at]) for name in table.key]
            keys = frame[list(table.key)].astype("str").agg("\x00".join, axis=1)
            first_at = int((keys == keys.iloc[at]).to_numpy().argmax())
            first = frame["row"].iloc[first_at]
            if first_at != at:
                problems.add(
                    *origins.place(row, table.key[0]), found=f"{', '.join(said)} again in table {table.name}",
                    expected=f"one row for each {', '.join(table.key)}", suggestion=f"compare with {first}",
                )
            continue
        one = table[failure.column]
        found = "" if pd.isna(failure.failure_case) else shown(failure.failure_case)
        problems.add(*origins.place(row, one.name), found=found, expected=f"{one.title}: {one.expected}")


def check_references(frames: dict[str, pd.DataFrame], origins: Origins, problems: Problems) -> None:
    """Check that what a table refers to exists, such as that a State is in the register."""
    for name, frame in frames.items():
        for column, other in tables()[name].refers.items():
            # Without a register every State would be unknown; what is wrong with the register is said already.
            if other not in frames or frames[other].empty:
                continue
            unknown = frame[(frame[column] != "") & ~frame[column].isin(frames[other][column])]
            for value, row in zip(unknown[column], unknown["row"], strict=True):
                problems.add(*origins.place(row, column), found=value, expected=f"a {column} of the table {other}")
