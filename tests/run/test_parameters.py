"""Parameters are checked before anything runs."""

import pytest

from ccmlib.run import worklist
from ccmlib.run.usage import WrongUsage


def notebook(*sources):
    """Make a notebook of so many parameters cells."""
    cells = [{"cell_type": "code", "source": [source], "metadata": {"tags": ["parameters"]}} for source in sources]
    return {"cells": cells}


def test_a_cell_of_typed_constants_is_read():
    lines = [
        '"""What."""',
        'period: str = "6MSP"  # reporting period',
        "years: int = -3",
        "rate: float = 0.5",
        "all: bool = False",
        'rule: str = "a=b"',
    ]
    assert worklist.parameters_of(notebook("\n".join(lines)), "01") == {
        "period": "str", "years": "int", "rate": "float", "all": "bool", "rule": "str"}


@pytest.mark.parametrize(
    "line",
    ["year = 2016", 'out: str = f"report_{year}"', "when: date = 1", "year: int = '2016'", "year: int = True",
     "import os", "year: int =", "year: int"],
)  # fmt: skip
def test_anything_else_in_the_cell_is_named(line):
    with pytest.raises(WrongUsage, match=r"01, the parameters cell: .*, expected lines such as name: str = constant") as wrong:
        worklist.parameters_of(notebook(f"a: int = 1\n{line}"), "01")
    assert line in str(wrong.value) or "line 2" in str(wrong.value)


def test_a_notebook_has_one_parameters_cell():
    for sources in ([], ["a: int = 1", "a: int = 1"]):
        with pytest.raises(WrongUsage, match=f"01: found {len(sources)} cells tagged"):
            worklist.parameters_of(notebook(*sources), "01")
