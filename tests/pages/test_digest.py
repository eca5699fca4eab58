"""What the sections' facts add up to: tiles, changes, main points, what is due, passages of a State."""

import re
from html import unescape

import pytest
from sample_pages import STATES, context

from ccmlib.pages import digest, fragments


@pytest.mark.parametrize(("now", "before", "better", "expected"), [
    (100, 96, "up", ("+4 in a year", "good")),
    (4, 12, "up", ("−8 in a year", "bad")),
    (10, 13, "down", ("−3 in a year", "good")),
    (5, 5, "up", ("no change in a year", "")),
    (5, 4, "", ("+1 in a year", "")),
    (5, None, "", ("", "")),
    ("2018", 4, "", ("", "")),
    (True, 0, "", ("", "")),
])
def test_change_in_a_year(now, before, better, expected):
    entry = {"value": now, "better": better, "history": [["2015-06-29", before], ["2016-06-30", now]]}
    assert digest.change_text(entry, context()) == expected


def test_a_figure_of_a_period_is_not_compared_with_that_of_a_longer_one():
    assert digest.change_text({"value": 4, "previous_value": 12, "better": "up"}, context()) == ("", "")


def test_a_figure_with_a_history_tells_its_change_over_a_year_whatever_the_length_of_the_period():
    history = [["2013-06-30", 80], ["2015-06-28", 93], ["2015-09-11", 96], ["2016-06-30", 100]]
    entry = {"value": 100, "previous_value": 96, "better": "up", "history": history}
    assert digest.change_text(entry, context()) == ("+7 in a year", "good")
    assert digest.change_text({**entry, "history": [["2016-01-01", 99]]}, context()) == ("", "")


@pytest.mark.parametrize(("bounds", "said"), [
    ({"lower": 2, "last_word": 8}, "8 by the last word (30 June 2016)"),
    ({"lower": 2, "last_word": 2}, "at least 2"),
    ({"lower": 2, "last_word": 8, "upper": 9}, "between 2 and 9"),
    ({"lower": 0, "last_word": 0}, "0 by the last word (30 June 2016)"),
])
def test_a_tile_says_the_last_word_where_the_least_number_is_smaller_and_nothing_bounds_it_above(bounds, said):
    figure = {"figure_id": "f", "label": "States", "known_to": "2016-06-30", **bounds}
    assert said in digest.tiles(tiled([figure]), context())[0][0]


def tiled(figures, **more):
    return [{"stem": f"0{k}_x", "title": f"Section {k}", "figures": [figure | {"tile": True}], **more}
            for k, figure in enumerate(figures)]


def test_tiles_are_one_a_section_seven_at_most_no_two_alike_and_none_of_what_is_not_known():
    figures = [{"figure_id": f"f{k}", "label": f"label {k}", "value": k} for k in range(9)]
    made, unknown = digest.tiles(tiled(figures), context())
    assert (len(made), unknown) == (7, [])
    same = [{"figure_id": f"f{k}", "label": "same", "value": k} for k in range(3)]
    assert len(digest.tiles(tiled(same), context())[0]) == 1
    bounds = {"figure_id": "f", "label": "open", "value": None, "lower": 3, "upper": 5}
    made, unknown = digest.tiles(tiled([bounds, {"figure_id": "g", "label": "nothing", "value": None}]), context())
    assert [len(made), unknown] == [1, ["nothing"]]
    assert 'data-figure="f">between 3 and 5</b>' in made[0]
    about = tiled([{"figure_id": "f", "label": "matching", "value": 3}])
    assert digest.tiles([about[0] | {"title": "Reconciliation"}], context()) == ([], [])


def test_a_figure_stands_under_the_section_of_its_theme_or_that_puts_it_forward():
    def section(name, **more):
        return {"stem": name, "section": name, "figures": [{"figure_id": "f", "theme": "clearance", **more}]}

    def owner(*sections):
        return [one["section"] for one, _ in digest.own_figures(sections)]

    assert owner(section("summary"), section("clearance")) == ["clearance"]
    assert owner(section("summary"), section("trends", tile=True), section("clearance")) == ["trends"]
    assert owner(section("summary"), section("trends")) == ["summary"]


def test_main_points_come_by_rank_and_six_at_most():
    points = [{"html": f"p{k}", "states": [], "rank": -k} for k in range(8)]
    chosen = digest.main_points([{"main_points": points[:3]}, {"main_points": points[3:]}])
    assert [point["html"] for point in chosen] == ["p7", "p6", "p5", "p4", "p3", "p2"]


def test_what_is_due_is_told_once_in_order_of_days():
    rows = [{"on": "2016-10-01", "iso3": "CUB", "what": "b"}, {"on": "2016-07-30", "iso3": "SOM", "what": "a"}]
    due = digest.due_next([{"falls_due": rows}, {"falls_due": rows[:1]}], context())
    assert [(row["on"], row["name"], row["days"]) for row in due] == [("2016-07-30", "Somalia", 30),
                                                                     ("2016-10-01", "Cuba", 93)]


def test_a_passage_of_a_state_ends_before_the_long_list_unless_another_sentence_follows():
    names = ", ".join(fragments.state(name * 3, iso3) for iso3, name in STATES.items())
    more = f" The sources leave it open for {fragments.state('Chad', 'TCD')}."
    for tail, shown in ((".", "So many States Parties did so"), (f".{more}", "So many States Parties did so: CubaCubaCuba, ")):
        html = f"So many States Parties did so: {names}{tail}"
        entry = {"id": "f", "states": ["CUB"], "html": html, "text": unescape(re.sub("<[^>]+>", "", html)) + " " * 90}
        (line,) = digest.passages([{"stem": "s", "title": "S", "findings": [entry]}])["CUB"]["S"]
        assert line["text"].startswith(shown)
        assert (line["text"] == shown) == (tail == ".")


def test_a_sparkline_has_a_gap_where_nothing_is_known():
    assert fragments.sparkline([1, None, 2]) == ""
    line = fragments.sparkline([1, 2, None, 3, 4])
    assert line.count("M") == 2
    assert line.count("L") == 2
    assert "<circle" in line
    assert "<circle" not in fragments.sparkline([1, 2, 3, None])
