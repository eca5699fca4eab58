"""What a notebook takes is read before anything runs; `tests/notebook/test_notebooks.py` holds its cell to typed constants."""

import pytest

from ccmlib.run import worklist
from ccmlib.run.usage import WrongUsage


def notebook(*sources):
    """Make a notebook of so many parameters cells."""
    cells = [{"cell_type": "code", "source": [source], "metadata": {"tags": ["parameters"]}} for source in sources]
    return {"cells": cells}


def test_names_and_types_are_read():
    cell = '"""What."""\nperiod: str = "6MSP"  # reporting period\nyears: int = -3\nrule: str = "a=b"'
    assert worklist.parameters_of(notebook(cell), "01") == {"period": "str", "years": "int", "rule": "str"}


def test_a_line_that_is_wrong_is_named():
    with pytest.raises(WrongUsage, match="01, the parameters cell, line 2: invalid syntax"):
        worklist.parameters_of(notebook("a: int = 1\nb: int ="), "01")


def test_a_notebook_has_one_parameters_cell():
    for sources in ([], ["a: int = 1", "a: int = 1"]):
        with pytest.raises(WrongUsage, match=f"01: found {len(sources)} cells tagged"):
            worklist.parameters_of(notebook(*sources), "01")
