"""Parameters are checked before anything runs."""

import pytest

from ccmlib.run import parameters
from ccmlib.run.usage import WrongUsage


def test_a_cell_of_typed_constants_is_read():
    lines = [
        '"""What."""',
        'period: str = "6MSP"  # reporting period',
        "years: int = -3",
        "rate: float = 0.5",
        "all: bool = False",
    ]
    cell = "\n".join(lines)
    assert [(p.name, p.kind, p.default) for p in parameters.parse(cell)] == [
        ("period", "str", "6MSP"),
        ("years", "int", -3),
        ("rate", "float", 0.5),
        ("all", "bool", False),
    ]


def test_an_equals_sign_in_a_default_is_kept():
    assert parameters.parse('rule: str = "a=b"')[0].default == "a=b"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("year = 2016", "expected name: type = constant"),
        ('out: str = f"report_{year}"', "is computed"),
        ("when: date = 1", "type 'date' is not one of str, int, float, bool"),
        ("year: int = '2016'", "'2016' is not of type int"),
        ("year: int = True", "True is not of type int"),
        ("import os", "expected name: type = constant"),
        ("year: int =", "line 1"),
    ],
)
def test_anything_else_in_the_cell_is_named(line, said):
    with pytest.raises(WrongUsage, match=r"the parameters cell, line 1") as wrong:
        parameters.parse(line)
    assert said in str(wrong.value)


def test_all_wrong_lines_are_told_at_once():
    with pytest.raises(WrongUsage) as wrong:
        parameters.parse("a = 1\nb: int = 2\nc = 3")
    assert str(wrong.value).count("\n") == 1


def test_a_notebook_has_one_parameters_cell():
    cell = {"cell_type": "code", "source": ["a: int = 1"], "metadata": {"tags": ["parameters"]}}
    assert parameters.of_notebook({"cells": [cell]}, "01")[0].name == "a"
    for cells in ([], [cell, cell]):
        with pytest.raises(WrongUsage, match=f"01: found {len(cells)} cells tagged"):
            parameters.of_notebook({"cells": cells}, "01")


def test_values_are_compared_with_what_is_taken():
    takes = parameters.parse('period: str = ""\nyears: int = 1\nrate: float = 0.5\nall: bool = False')
    assert parameters.check({"period": "6MSP", "years": 3, "rate": 2, "all": True}, takes, "01") == []
    wrongs = parameters.check(
        {"yeers": 3, "years": "3", "all": 1, "rate": True}, takes, "01"
    )
    assert wrongs == [
        "01 has no parameter 'yeers'; perhaps: years. It takes: period (str), years (int), rate (float), all (bool)",
        "01: years is '3', expected int",
        "01: all is 1, expected bool",
        "01: rate is True, expected float",
    ]
