"""Parameters checked before anything runs.

papermill injects what it is given: a misspelt name only warns, text goes where a number should be, and its own reader
of the parameters cell drops a default that contains ``=``. So the cell is parsed here as Python, and may hold nothing
but typed constants.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ccmlib.run.usage import WrongUsage

TYPES = {"str": str, "int": int, "float": (int, float), "bool": bool}


class Parameter(NamedTuple):
    """One line of a parameters cell."""

    name: str
    kind: str
    default: Any


def parse(source: str, where: str = "the parameters cell") -> list[Parameter]:
    """Read a parameters cell: a docstring or comments, and lines such as ``period: str = "6MSP"``.

    Examples
    --------
    >>> parse('rule: str = "a=b"  # with an equals sign')
    [Parameter(name='rule', kind='str', default='a=b')]
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as wrong:
        raise WrongUsage(f"{where}, line {wrong.lineno}: {wrong.msg}") from wrong
    found, wrongs = [], []
    for node in tree.body[1:] if ast.get_docstring(tree) is not None else tree.body:
        at, line = f"{where}, line {node.lineno}", ast.get_source_segment(source, node) or ""
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
            wrongs.append(f"{at}: found {line!r}, expected name: type = constant")
            continue
        kind = ast.unparse(node.annotation)
        try:
            default = ast.literal_eval(node.value)
        except ValueError:
            wrongs.append(f"{at}: {line!r} is computed; parameters are constants")
            continue
        if kind not in TYPES:
            wrongs.append(f"{at}: type {kind!r} is not one of {', '.join(TYPES)}")
        elif not fits(default, kind):
            wrongs.append(f"{at}: {default!r} is not of type {kind}")
        else:
            found.append(Parameter(node.target.id, kind, default))
    if wrongs:
        raise WrongUsage("\n".join(wrongs))
    return found


def of_notebook(notebook: Mapping[str, Any], name: str) -> list[Parameter]:
    """Read the one cell tagged ``parameters`` of a notebook (as JSON)."""
    cells = [
        (number, "".join(cell["source"]))
        for number, cell in enumerate(notebook["cells"], start=1)
        if "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    if len(cells) != 1:
        raise WrongUsage(f"{name}: found {len(cells)} cells tagged 'parameters', expected one")
    return parse(cells[0][1], f"{name}, cell {cells[0][0]}")


def fits(value: Any, kind: str) -> bool:
    """Tell whether a value is of a parameter's type: True and False are no numbers, a whole number is a float."""
    return isinstance(value, TYPES[kind]) and (kind == "bool" or not isinstance(value, bool))


def check(given: Mapping[str, Any], takes: Sequence[Parameter], where: str) -> list[str]:
    """Compare values with what a notebook takes, and say what is wrong, a line each.

    Examples
    --------
    >>> takes = parse('period: str = "6MSP"')
    >>> check({"peroid": "6MSP"}, takes, "06_transparency")
    ["06_transparency has no parameter 'peroid'; perhaps: period. It takes: period (str)"]
    >>> check({"period": 6}, takes, "06_transparency")
    ['06_transparency: period is 6, expected str']
    """
    kinds = {parameter.name: parameter.kind for parameter in takes}
    wrongs = []
    for name, value in given.items():
        if name not in kinds:
            near = difflib.get_close_matches(name, kinds, 1)
            perhaps = f"; perhaps: {near[0]}" if near else ""
            allowed = ", ".join(f"{each} ({kind})" for each, kind in kinds.items())
            wrongs.append(f"{where} has no parameter {name!r}{perhaps}. It takes: {allowed}")
        elif not fits(value, kinds[name]):
            wrongs.append(f"{where}: {name} is {value!r}, expected {kinds[name]}")
    return wrongs
