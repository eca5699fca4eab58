"""Parameters checked before anything runs.

papermill injects what it is given: a misspelt name only warns, text goes where a number should be, and its own reader
of the parameters cell drops a default that contains ``=``. So the cell is parsed here as Python, and may hold nothing
but typed constants.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ccmlib.run.errors import WrongParameters

TYPES = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell.

    Parameters
    ----------
    name : str
        Its name.
    kind : str
        Name of its type.
    default : Any
        The constant.
    about : str
        The comment behind it.
    """

    name: str
    kind: str
    default: Any
    about: str = ""


def parse(source: str, where: str = "the parameters cell") -> list[Parameter]:
    """Read a parameters cell.

    Parameters
    ----------
    source : str
        Lines such as ``period: str = "6MSP"  # reporting period``.
    where : str
        For messages.

    Returns
    -------
    list of Parameter
        In the order of the lines.

    Raises
    ------
    WrongParameters
        Anything else than typed constants stands there, all of it at once.

    Examples
    --------
    >>> parse('rule: str = "a=b"  # with an equals sign')
    [Parameter(name='rule', kind='str', default='a=b', about='with an equals sign')]
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as wrong:
        raise WrongParameters(f"{where}, line {wrong.lineno}: {wrong.msg}") from wrong
    lines = source.splitlines()
    found: list[Parameter] = []
    wrongs: list[str] = []
    for position, node in enumerate(tree.body):
        if position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        line = ast.get_source_segment(source, node) or ""
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
            wrongs.append(f"{where}, line {node.lineno}: found {line!r}, expected name: type = constant")
            continue
        kind = ast.unparse(node.annotation)
        if kind not in TYPES:
            wrongs.append(f"{where}, line {node.lineno}: type {kind!r} is not one of {', '.join(TYPES)}")
            continue
        try:
            default = ast.literal_eval(node.value)
        except ValueError:
            wrongs.append(f"{where}, line {node.lineno}: {line!r} is computed; parameters are constants")
            continue
        if not fits(default, kind):
            wrongs.append(f"{where}, line {node.lineno}: {default!r} is not of type {kind}")
            continue
        comment = lines[node.end_lineno - 1][node.end_col_offset :].strip().lstrip("#").strip()
        found.append(Parameter(node.target.id, kind, default, comment))
    if wrongs:
        raise WrongParameters("\n".join(wrongs))
    return found


def of_notebook(notebook: Mapping[str, Any], name: str) -> list[Parameter]:
    """Read the parameters cell of a notebook.

    Parameters
    ----------
    notebook : mapping
        As JSON.
    name : str
        For messages.

    Returns
    -------
    list of Parameter
        What it takes.

    Raises
    ------
    WrongParameters
        There is no such cell, more than one, or one that cannot be read.
    """
    cells = [
        (number, cell)
        for number, cell in enumerate(notebook["cells"], start=1)
        if "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    if len(cells) != 1:
        raise WrongParameters(f"{name}: found {len(cells)} cells tagged 'parameters', expected one")
    number, cell = cells[0]
    return parse("".join(cell["source"]), f"{name}, cell {number}")


def fits(value: Any, kind: str) -> bool:
    """Tell whether a value is of a parameter's type.

    Parameters
    ----------
    value : Any
        The value.
    kind : str
        Name of the type.

    Returns
    -------
    bool
        True and False are not numbers here; a whole number is a float.
    """
    if isinstance(value, bool):
        return kind == "bool"
    if kind == "float":
        return isinstance(value, int | float)
    return isinstance(value, TYPES[kind])


def check(
    given: Mapping[str, Any],
    takes: Sequence[Parameter],
    where: str,
    choices: Mapping[str, Sequence[Any]] | None = None,
) -> list[str]:
    """Compare values with what a notebook takes.

    Parameters
    ----------
    given : mapping
        Values by name.
    takes : sequence of Parameter
        What the notebook takes.
    where : str
        For messages.
    choices : mapping, optional
        Allowed values by name.

    Returns
    -------
    list of str
        What is wrong, a line each; empty when all is well.

    Examples
    --------
    >>> takes = parse('period: str = "6MSP"')
    >>> check({"peroid": "6MSP"}, takes, "06_transparency")
    ["06_transparency has no parameter 'peroid'; perhaps: period. It takes: period (str)"]
    >>> check({"period": 6}, takes, "06_transparency")
    ['06_transparency: period is 6, expected str']
    """
    by_name = {parameter.name: parameter for parameter in takes}
    wrongs = []
    for name, value in given.items():
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, 1)
            perhaps = f"; perhaps: {near[0]}" if near else ""
            allowed = ", ".join(f"{parameter.name} ({parameter.kind})" for parameter in takes)
            wrongs.append(f"{where} has no parameter {name!r}{perhaps}. It takes: {allowed}")
        elif not fits(value, by_name[name].kind):
            wrongs.append(f"{where}: {name} is {value!r}, expected {by_name[name].kind}")
        elif choices and name in choices and value not in choices[name]:
            wrongs.append(one_of(name, value, choices[name]))
    return wrongs


def one_of(name: str, value: Any, allowed: Sequence[Any], spellings: Iterable[str] = ()) -> str:
    """Say that a value is not among those allowed.

    Parameters
    ----------
    name : str
        What the value is for.
    value : Any
        The value.
    allowed : sequence
        What it may be.
    spellings : iterable of str
        Further values that are understood: too many to list, but one may be near.

    Returns
    -------
    str
        The message, with the nearest allowed value if one is near.
    """
    near = difflib.get_close_matches(str(value), [*map(str, allowed), *spellings], 1)
    perhaps = f"; perhaps: {near[0]}" if near else ""
    return f"there is no {name} {value!r}{perhaps}. There are: {', '.join(str(item) for item in allowed)}"


def check_days(from_on: str, to_on: str) -> list[str]:
    """Check the two days of a freely chosen period.

    Parameters
    ----------
    from_on, to_on : str
        ISO dates, or both empty.

    Returns
    -------
    list of str
        What is wrong.
    """
    if not from_on and not to_on:
        return []
    if not from_on or not to_on:
        return ["from and to go together: give both days, such as 2017-07-01 and 2018-06-30, or none"]
    days = []
    for name, text in (("from", from_on), ("to", to_on)):
        try:
            days.append(date.fromisoformat(text))
            if text != days[-1].isoformat():
                raise ValueError
        except (ValueError, TypeError):
            return [f"{name} is {text!r}, expected a date such as 2017-07-01"]
    if days[1] < days[0]:
        return [f"the period ends on {to_on}, before it starts on {from_on}"]
    return []
