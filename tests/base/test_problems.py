import json

import pytest

from ccmlib.base.problems import Problem, Problems, ProblemsFound


def test_a_problem_names_file_sheet_cell_found_expected_and_suggestion():
    problem = Problem("use.xlsx", "Use", "B4", "Yemenn", "a State", "Yemen")
    assert str(problem) == 'use.xlsx, sheet "Use", cell B4: found "Yemenn", expected a State; perhaps: Yemen'


def test_a_place_that_is_no_cell_is_not_called_one():
    assert Problem("use.xlsx", "Use", "row 4").place == 'sheet "Use", row 4'
    assert str(Problem("use.xlsx", found="an empty file")) == 'use.xlsx: found "an empty file"'


def test_problems_are_told_by_file_sheet_row_and_column():
    problems = Problems()
    for file, cell in [("b.xlsx", "A1"), ("a.xlsx", "C10"), ("a.xlsx", "AA9"), ("a.xlsx", "B9"), ("a.xlsx", "row 2")]:
        problems.add(file, "S", cell)
    places = [(problem.file, problem.cell) for problem in problems]
    assert places == [("a.xlsx", "row 2"), ("a.xlsx", "B9"), ("a.xlsx", "AA9"), ("a.xlsx", "C10"), ("b.xlsx", "A1")]


def test_the_same_problem_is_told_once():
    problems = Problems()
    problems.add("a.xlsx", found="x")
    problems.extend([Problem("a.xlsx", found="x"), Problem("a.xlsx", found="y")])
    assert len(problems) == 2


def test_text_names_each_file_once():
    problems = Problems()
    for row in range(5):
        problems.add("a.xlsx", "S", f"A{row + 1}", found="x", expected="y")
    text = problems.text()
    assert text.count("a.xlsx") == 1
    assert text.startswith("5 problems\n")


def test_json_is_a_list_of_objects_for_tools():
    problems = Problems()
    problems.add("a.xlsx", "S", "A1", found="Côte", expected="a State", suggestion="Côte d'Ivoire")
    assert json.loads(problems.json()) == [
        {
            "file": "a.xlsx",
            "sheet": "S",
            "cell": "A1",
            "found": "Côte",
            "expected": "a State",
            "suggestion": "Côte d'Ivoire",
        }
    ]


def test_long_and_broken_texts_are_cut_to_one_line():
    problem = Problem("a.xlsx", found="one\ntwo " + "x" * 500)
    assert "\n" not in str(problem)
    assert len(str(problem)) < 200


def test_stopping_carries_all_problems():
    problems = Problems()
    problems.stop_if_any()
    problems.add("a.xlsx", found="x")
    with pytest.raises(ProblemsFound, match="1 problem") as caught:
        problems.stop_if_any()
    assert list(caught.value.problems) == [Problem("a.xlsx", found="x")]
