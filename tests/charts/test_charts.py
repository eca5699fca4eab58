"""Charts: nothing collides, everyone can tell the colours apart, the same chart is the same bytes."""

import json
import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from overlaps import overlaps

from ccmlib import charts
from ccmlib.base import project
from ccmlib.charts import fitting, layout, world
from ccmlib.charts.style import text_on
from ccmlib.charts.svg import svg_text

LONG = ("One hundred States have joined the Convention, but the pace has slowed to four in the period "
        "and thirty more are needed to reach the target of 130 by the Second Review Conference")
SUBTITLE = "States Parties and signatories that have not ratified, end of each month, number of States"
#: How people without one kind of cone see linear RGB (Machado, Oliveira and Fernandes 2009).
SEEN = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}


def linear(colour):
    return np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                     for c in to_rgb(colour)])


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
         for v in xyz / np.array([0.9505, 1, 1.089])]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def lines(title=LONG):
    fig, ax = charts.new()
    months = pd.date_range("2008-12-31", "2016-06-30", freq="ME")
    for k, name in enumerate(["States Parties", "Nearly the same", "The same again", "Another"]):
        ax.plot(months, np.linspace(0, 98 + k, len(months)), label=name)
    ax.plot(months, np.linspace(90, 19, len(months)), label="Signatories")
    ax.plot(months, [float("nan")] * len(months), label="Nothing known")
    ax.plot([], [], label="Nothing at all")
    charts.direct_label(ax, months[-1], 130, "Target: 130")
    charts.label_line_ends(ax, values=True)
    return charts.finish(fig, title, SUBTITLE, "Source: United Nations Treaty Collection, XXVI.6")


def states(count=24):
    regions = [("Americas", "Caribbean"), ("Europe", "Western Europe"), ("Africa", "Middle Africa"),
               ("Asia", "Southern Asia"), ("Oceania", "Polynesia"), ("Oceania", "Elsewhere")]
    return pd.DataFrame({
        "iso3": [f"S{chr(65 + k)}X" for k in range(count)], "state": "A State",
        "status": ["party" if k % 3 else "signatory" for k in range(count)],
        "m49_region": [regions[k % 6][0] for k in range(count)],
        "m49_subregion": [regions[k % 6][1] for k in range(count)],
    })


def tiles():
    fig, ax = charts.new(7.6, 5)
    charts.tile_map(ax, states(), {"party": "#0077b6", "signatory": "#8fc1e3", "not party": "#eef1f4"})
    return charts.finish(fig, "Title", SUBTITLE, "Source: UNTC")


def grid():
    frame = pd.DataFrame(
        "", columns=["In general", "Clearance", "Stockpile destruction", "Victim assistance",
                     "Risk education", "Data, capacity", "Assistance received"],
        index=["Afghanistan", "United Kingdom of Great Britain and Northern Ireland"])
    frame.iloc[0, 0], frame.iloc[1, 2] = "requested", "provided"
    fig, ax = charts.new(7.6, 2)
    charts.matrix(ax, frame)
    return charts.finish(fig, "Title", SUBTITLE, "Source: reports")


def lengths():
    fig, ax = charts.new(7.6, 2.4)
    charts.bars(ax, ["African", "Latin American and Caribbean", "Not known"], [38, 0, float("nan")])
    return charts.finish(fig, "Title", SUBTITLE, "Source: reports")


@pytest.mark.parametrize("make", [lines, tiles, grid, lengths])
def test_no_label_collides_or_is_cut_off(make):
    assert overlaps(make()) == []


@pytest.mark.parametrize("make", [lines, tiles, grid, lengths])
def test_the_same_chart_is_the_same_bytes(make, tmp_path):
    for folder in ("a", "b"):
        text = charts.save(make(), tmp_path / folder, "chart")
        assert (tmp_path / folder / "chart.svg").read_text(encoding="utf-8") == text
    for name in ("chart.svg", "chart.png", "chart-narrow.svg"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_check_sees_collisions_and_cut_labels():
    fig, ax = charts.new()
    ax.text(0.5, 0.5, "first")
    ax.text(0.5, 0.5, "second")
    fig.text(0.99, 0.5, "too far to the right")
    found = overlaps(fig)
    assert ("first", "second") in found
    assert ("too far to the right", "edge of the figure") in found


def test_long_titles_are_wrapped_and_nothing_is_lost():
    fig = lines()
    title = next(text for text in fig.texts if text.get_gid() == "title")
    assert title.get_text().count("\n") == 2
    assert " ".join(title.get_text().split()) == LONG


def test_svg_text_is_text_in_the_readers_own_font_and_carries_no_date(tmp_path):
    svg = charts.save(lines(), tmp_path, "chart")
    root = ElementTree.fromstring(svg)
    words = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "States Parties" in words
    assert "Target: 130" in words
    assert "sans-serif" in root.get("font-family")
    assert "DejaVu" not in svg
    assert not re.search(r"<metadata|<dc:|<!--|20\d\d-\d\d-\d\dT", svg)
    assert {"title", "subtitle", "source"} <= {node.get("id") for node in root.iter()}


def test_colours_can_be_told_apart_in_grey_and_with_any_colour_vision():
    colours = charts.palette()
    lightness = sorted(lab(linear(c))[0] for c in colours)
    assert min(b - a for a, b in pairwise(lightness)) >= 8
    for kind, seen in SEEN.items():
        for one, other in combinations(colours, 2):
            as_seen = [lab(np.clip(np.array(seen) @ linear(c), 0, 1)) for c in (one, other)]
            assert np.linalg.norm(as_seen[0] - as_seen[1]) >= 15, (kind, one, other)


def test_no_more_colours_than_can_be_told_apart():
    assert charts.palette(2) == charts.palette()[:2]
    for count in (0, 7):
        with pytest.raises(ValueError, match="between 1 and 6"):
            charts.palette(count)


def test_the_style_file_and_the_palette_agree():
    charts.style()
    cycle = [entry["color"] for entry in mpl.rcParams["axes.prop_cycle"]]
    assert [f"#{c.removeprefix('#')}" for c in cycle] == charts.palette()
    assert mpl.rcParams["svg.fonttype"] == "none"


@pytest.mark.parametrize("colour", [*charts.palette(), *charts.STATUS.values(), "#8fc1e3", "#808080"])
def test_text_on_a_colour_has_contrast(colour):
    pair = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b
                  for r, g, b in map(linear, (colour, text_on(colour))))
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4


@pytest.mark.parametrize(("centres", "expected"), [
    ([10, 30], [10, 30]), ([10, 11], [8.5, 12.5]), ([11, 10], [12.5, 8.5]), ([0, 0], [2, 6]),
    ([50, 50, 50], [40, 44, 48]), ([10, 12, 30], [9, 13, 30]), ([10, 13.5, 17], [9.5, 13.5, 17.5]),
    ([], []), ([1], [1]),
])
def test_spread_moves_as_little_as_needed(centres, expected):
    assert fitting.spread(centres, [4] * len(centres), 0, 50, gap=0) == pytest.approx(expected)


@given(st.lists(st.floats(-20, 70), min_size=1, max_size=9))
def test_spread_leaves_no_two_in_one_place(centres):
    moved = sorted(fitting.spread(centres, [4] * len(centres), 0, 50, gap=0))
    assert all(after - before >= 4 - 1e-6 for before, after in pairwise(moved))


def test_labels_far_apart_sideways_are_left_alone():
    fig, ax = charts.new()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    near, far = charts.direct_label(ax, 1, 5, "near"), charts.direct_label(ax, 8, 5, "far")
    fitting.move_apart(fig)
    assert near.get_position() == far.get_position() == (6, 0)


def test_each_state_has_one_tile_and_regions_do_not_mix():
    _, ax = charts.new()
    places = charts.tile_map(ax, states(), {"party": "#0077b6", "signatory": "#8fc1e3"})
    assert len(set(places.values())) == len(states())
    regions = states().set_index("iso3")["m49_region"]
    assert max(places[i][0] for i in regions.index[regions == "Americas"]) < \
        min(places[i][0] for i in regions.index[regions == "Europe"])


@pytest.mark.parametrize(("column", "value"), [("status", "unheard of"), ("m49_region", "Atlantis")])
def test_a_tile_map_leaves_nobody_out(column, value):
    frame = states()
    frame.loc[3, column] = value
    _, ax = charts.new()
    with pytest.raises(ValueError, match=value):
        charts.tile_map(ax, frame, {"party": "#0077b6", "signatory": "#8fc1e3"})


def test_texts_of_a_long_language_are_made_to_fit():
    long = ["Страны Латинской Америки и Карибского бассейна", "Государства Западной Европы и другие государства"]
    fig, ax = charts.new(7.6, 3)
    frame = pd.DataFrame({"Государство-участник": [9, 4], "Подписавшее государство": [3, 5],
                          "Ни то, ни другое, ни третье": [1, 2]}, index=long)
    charts.stacked_bars(ax, frame)
    ax.set_ylabel("Процент докладов, подлежащих представлению в этом году")
    charts.finish(fig, "Title", SUBTITLE, "Source: reports")
    assert overlaps(fig) == []
    assert ax.get_window_extent().width > 0.4 * fig.bbox.width
    fig.canvas.draw()
    assert {label.get_text().replace("\n", " ") for label in ax.get_yticklabels()} == set(long)


def test_headings_of_columns_and_years_are_kept_apart():
    columns = ["Координационный центр", "Национальный план", "Интеграция в сектор по вопросам инвалидности",
               "Вовлечение жертв", "Уменьшение риска или недопущение доступа"]
    fig, (above, below) = charts.new(5, 4.4, nrows=2)
    charts.matrix(above, pd.DataFrame("x", columns=columns, index=["Куба", "Ирак"]))
    years = pd.date_range("2009-01-01", "2020-01-01", freq="YS")
    below.plot(years, range(len(years)))
    below.set_xticks(years, [f"{day:%Y}" for day in years], size=14)
    charts.finish(fig, "Title", SUBTITLE, "Source: reports")
    assert overlaps(fig) == []
    fig.canvas.draw()
    assert {label.get_text().replace("\n", " ") for label in above.get_xticklabels()} == set(columns)
    assert [label.get_text() for label in below.get_xticklabels()] == ["2009", "2011", "2013", "2015", "2017", "2019"]


def world_of(statuses, height=4.6):
    register = pd.read_csv(project.RAW / "un_states.csv", dtype=str)
    frame = register[["iso3", "m49"]].assign(state=register["name_un"], status=statuses)
    fig, ax = charts.new(7.6, height)
    charts.world_map(ax, frame, {"party": charts.STATUS["party"], "signatory": charts.STATUS["signatory"]})
    return frame, charts.finish(fig, "Title", SUBTITLE, "Source: UNTC; Natural Earth")


def test_the_map_has_a_place_for_every_state_and_a_mark_that_names_it():
    frame, fig = world_of(["party", "signatory"] * 98 + ["party"])
    root = ElementTree.fromstring(svg_text(fig))
    told = [(node.get("data-iso3"), node[0].text) for node in root.iter() if node.get("class") == "mark"]
    wanted = {code: f"{state}: {status}" for code, state, status in
              zip(frame["iso3"], frame["state"], frame["status"], strict=True)}
    assert dict(told) == wanted
    assert overlaps(fig) == []


def test_a_status_has_its_pattern_on_the_map():
    _, fig = world_of(["party"] * 196 + ["signatory"])
    assert {c.get_hatch() for c in fig.axes[0].collections} == {None, "////"}
    drawn = svg_text(fig, "map")
    assert "<pattern" in drawn
    assert set(re.findall(r'(?:url\(|href=")#([^")]+)', drawn)) == set(re.findall(r' id="(map-i\d+)"', drawn))


def test_a_map_leaves_nobody_out():
    with pytest.raises(ValueError, match="no colour or place for observer"):
        world_of(["observer"] * 197)


def test_shapes_are_decoded_from_shared_and_turned_arcs(tmp_path):
    square = {"transform": {"scale": [1, 1], "translate": [0, 0]},
              "arcs": [[[0, 0], [10, 0], [0, 10]], [[0, 0], [0, 10], [10, 0]]],
              "objects": {"countries": {"geometries": [
                  {"type": "Polygon", "id": "004", "arcs": [[0, -2]], "properties": {"name": "A"}},
                  {"type": "MultiPolygon", "id": "010", "arcs": [[[0, -2]]], "properties": {"name": "Antarctica"}},
                  {"type": "Polygon", "arcs": [[0, -2]], "properties": {"name": "Kosovo"}}]}}}
    path = tmp_path / "shapes.json"
    path.write_text(json.dumps(square))
    found = world.outlines(path)
    assert set(found) == {"004", "688"}
    corners = world.projected(np.array([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]))
    assert found["004"].vertices == pytest.approx(corners, abs=world._STEP)


def test_the_projection_keeps_areas_equal():
    def area(west, south):
        ring = world.projected(np.array([[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1]]))
        x, y = ring.T
        return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2

    for south in (0, 40, 70):
        band = np.sin(np.radians(south + 1)) - np.sin(np.radians(south))
        assert area(20, south) / area(20, 0) == pytest.approx(band / np.sin(np.radians(1)), rel=2e-3)


@pytest.mark.parametrize(("values", "worth"), [
    ([1] * 8, True), ([1] * 7, False), ([1] * 8 + [None] * 8, True), ([1] * 8 + [None] * 9, False),
    ([0] * 8, True), (["unknown"] * 20 + ["open"] * 9, False), (["", *["open"] * 8], True),
])
def test_a_chart_needs_something_to_see(values, worth):
    assert charts.worth_drawing(pd.Series(values, dtype=object)) is worth


def test_marks_of_every_kind_say_what_they_show():
    fig, axes = charts.new(7.6, 6, nrows=3)
    charts.bars(axes[0], ["Cuba", "Chad"], [3, float("nan")], iso3=["CUB", "TCD"])
    charts.matrix(axes[1], pd.DataFrame({"Law": ["yes", ""]}, index=["Cuba & co", "Chad"]), iso3=["CUB", "TCD"])
    charts.stacked_bars(axes[2], pd.DataFrame({"submitted": [3], "overdue": [1200]}, index=["2015"]))
    root = ElementTree.fromstring(svg_text(charts.finish(fig, "t", "s", "o")))
    told = [(node.get("data-iso3"), node[0].text) for node in root.iter() if node.get("class") == "mark"]
    assert told == [("CUB", "Cuba: 3"), ("TCD", "Chad: –"), ("CUB", "Cuba & co, Law: yes"),
                    (None, "2015, submitted: 3"), (None, "2015, overdue: 1,200")]


def test_marks_that_have_no_place_leave_the_rest_unnamed_rather_than_misnamed():
    _, ax = charts.new()
    line, = ax.plot([0, float("nan"), 2], [0, 1, 2], "o")
    charts.mark(line, ["a", "b", "c"])
    assert "mark" not in svg_text(ax.figure)


def test_on_a_phone_panels_stand_below_one_another():
    fig, axes = charts.new(7.6, 3, ncols=3)
    for ax in axes:
        ax.plot([0, 1], [0, 1])
    charts.finish(fig, LONG, SUBTITLE, "Source: reports")
    layout.narrow(fig)
    assert fig.get_size_inches()[0] == layout.NARROW
    assert len({round(ax.get_position().x0, 3) for ax in axes}) == 1
    assert overlaps(fig) == []


@pytest.mark.parametrize("make", [lines, tiles, grid, lengths])
def test_no_label_collides_on_a_phone(make):
    assert overlaps(layout.narrow(make())) == []


def test_arabic_texts_run_from_right_to_left_and_stand_on_the_right():
    fig, ax = charts.new()
    ax.plot([0, 1])
    ax.text(0, 0.5, "30 يونيو 2016")
    charts.finish(fig, "الدول الأطراف 100", "Subtitle", "المصدر: UN Treaty Collection")
    assert {text.get_gid(): text.get_ha() for text in fig.texts} == {"title": "right", "subtitle": "left", "source": "right"}
    texts = list(ElementTree.fromstring(layout.svg_text(fig)).iter("{http://www.w3.org/2000/svg}text"))
    turned = {text.text for text in texts if text.get("unicode-bidi") == "plaintext"}
    assert turned == {"الدول الأطراف 100", "المصدر: UN Treaty Collection", "30 يونيو 2016"}


def test_a_dollar_sign_is_a_dollar_sign():
    fig, ax = charts.new()
    ax.plot([0, 1], [0, 1])
    svg = svg_text(charts.finish(fig, "Costs $5 to $6", "x_y^z $ and $", "Source: $a_b$"))
    assert "Costs $5 to $6" in svg
    assert "Source: $a_b$" in svg


def test_a_status_has_one_colour():
    assert charts.STATUS["party"] != charts.STATUS["signatory"] != charts.STATUS["late"]
    assert {"party", "signatory", "not_party", "open", "done", "late", "unknown"} <= set(charts.STATUS)
