"""Tiles with names: each name once, the count of each group, nothing collides."""

import pytest
from overlaps import overlaps

from ccmlib import charts

GROUPS = {
    "States Parties": ["Afghanistan", "Bosnia and Herzegovina", "Lao People's Democratic Republic"],
    "Signatories": ["Democratic Republic of the Congo"],
    "None": [],
    "Territories": ["Nagorno-Karabakh"],
}


@pytest.mark.parametrize("across", [False, True])
def test_every_name_is_shown_once_and_nothing_collides(across):
    fig, ax = charts.new(height=3)
    charts.named_tiles(ax, GROUPS, across=across)
    charts.finish(fig, "A title", "A subtitle", "a source")
    shown = [text.get_text().replace("\n", " ") for text in ax.texts]
    assert sorted(shown) == sorted(name for names in GROUPS.values() for name in names)
    assert not overlaps(fig)


def test_groups_are_counted():
    _, ax = charts.new(height=3)
    charts.named_tiles(ax, GROUPS)
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        "States Parties\n3", "Signatories\n1", "None\n0", "Territories\n1"]


def test_an_empty_row_is_a_gap_and_not_a_nought():
    _, ax = charts.new(height=3)
    charts.named_tiles(ax, {"2014": [], "2015": ["Spain"]}, across=True)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2014  –", "2015  1"]


def test_columns_read_from_the_top():
    _, ax = charts.new(height=3)
    charts.named_tiles(ax, GROUPS)
    heights = [text.get_position()[1] for text in ax.texts[:3]]
    assert heights == [2, 1, 0]
