import pytest

from ccmlib.base.problems import ProblemsFound
from ccmlib.ingest import layouts

RIGHT = """
sheets:
  - sheet: [Log]
    feeds: reports
    key: [iso3]
    constants: {kind: initial}
    columns:
      - {field: iso3, kind: state, labels: [State], filled: true}
      - {field: submitted, kind: span, labels: [Submitted]}
      - {field: source, labels: [Source]}
"""


def wrong(folder, text):
    """Give what is wrong in a layout: sheet and place, what is found, the suggestion."""
    (folder / "mine.yml").write_text(text, encoding="utf-8")
    layouts.load.cache_clear()
    with pytest.raises(ProblemsFound) as caught:
        layouts.load("mine", folder)
    problems = list(caught.value.problems)
    assert all(problem.file == "mine.yml" and problem.expected for problem in problems)
    return problems


def test_every_layout_of_the_project_is_right():
    assert set(layouts.names()) >= {"article7_log", "untc_xxvi_6", "un_states"}
    assert all(layouts.load(name).sheets for name in layouts.names())


def test_a_layout_of_ones_own_is_right_wherever_it_lies(tmp_path):
    (tmp_path / "mine.yml").write_text(RIGHT, encoding="utf-8")
    assert layouts.load(str(tmp_path / "mine.yml")).sheets[0].shape == "reports"


@pytest.mark.parametrize(
    ("before", "after", "place", "found", "suggestion"),
    [
        ("feeds: reports", "feeds: reprots", "in feeds", "reprots", "reports"),
        ("key:", "shape: obligation\n    key:", "in shape", "obligation", "obligations"),
        ("key: [iso3]", "key: [iso]", "in key", "iso", "iso3"),
        ("columns:", "colums:", "in sheet", "colums", "columns"),
        ("{kind: initial}", "{kinds: initial}", "in constants", "kinds", "kind"),
        ("kind: span", "kind: spam", "column submitted", "spam", "span"),
        ("field: submitted, kind", "field: submited, kind", "column submited", "submited_on", "submitted_on"),
        ("kind: span, labels", "kind: span, label: x, labels", "column submitted", "label", "labels"),
        ("labels: [Source]", "labels: [State]", "in columns", "state", ""),
        ("field: submitted, kind: span", "field: submitted_on, kind: text", "column submitted_on", "text", ""),
        ("kind: span", "kind: choice", "column submitted", "", ""),
        ("      - {field: source, labels: [Source]}", "", "in columns", "", ""),
    ],
)
def test_a_word_that_is_wrong_is_named_with_the_nearest(tmp_path, before, after, place, found, suggestion):
    assert before in RIGHT
    problem = next(one for one in wrong(tmp_path, RIGHT.replace(before, after, 1)) if one.cell == place)
    assert (problem.sheet, problem.found, problem.suggestion) == ("Log", found, suggestion)


def test_everything_that_is_wrong_is_named_at_once(tmp_path):
    text = RIGHT.replace("kind: state", "kind: staet").replace("labels: [Source]", "lables: [Source]")
    assert {problem.cell for problem in wrong(tmp_path, text)} == {"column iso3", "in columns"}


def test_a_choice_is_one_that_the_table_allows(tmp_path):
    text = RIGHT.replace("constants: {kind: initial}", "shape: plain").replace(
        "      - {field: source", "      - {field: kind, kind: choice, labels: [Kind], choices: {First: inital}}\n"
        "      - {field: rank, kind: count, labels: [Rank]}\n      - {field: source")  # fmt: skip
    (problem,) = wrong(tmp_path, text)
    assert (problem.found, problem.suggestion) == ("inital", "initial")


@pytest.mark.parametrize("text", ["sheets: [", "sheets: {}", "- a", "", "sheets:\n - x"])
def test_what_is_no_layout_is_one_line(tmp_path, text):
    assert len(wrong(tmp_path, text)) == 1


def test_a_layout_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(ProblemsFound, match="perhaps: article7_log"):
        layouts.load("article7log")


def test_a_label_may_have_its_parts_in_any_order():
    rule = layouts.load("untc_xxvi_6").sheets[0]
    for label in ("Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)",
                  "Formal confirmation(c), Accession(a), Ratification"):  # fmt: skip
        assert rule.column_of(label).field == "deposit"
    assert rule.column_of("Signature, Succession to signature(d)").field == "signature"
    assert rule.column_of("Ratification, Remarks") is None
    assert rule.column_of("") is None
