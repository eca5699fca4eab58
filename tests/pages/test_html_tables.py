"""Tables of a page and their CSV: cells as a reader and a spreadsheet program should see them."""

import base64
import io
import re
import zipfile

import pandas as pd
import pytest
from sample_pages import EVIL, Page

from ccmlib.language.languages import Language
from ccmlib.pages import csvs, fragments, html_tables


@pytest.mark.parametrize(("cell", "shown"), [
    (None, '<span class="blank">–</span>'), (float("nan"), '<span class="blank">–</span>'),
    (pd.NaT, '<span class="blank">–</span>'), (pd.NA, '<span class="blank">–</span>'),
    (True, "yes"), (False, "no"), (6.51, "6.51"), (7335, '<data value="7335">7,335</data>'),
    (125000, '<data value="125000">125,000</data>'), (-3, '<data value="-3">−3</data>'),
    (pd.Timestamp("2016-04-06"), '<time datetime="2016-04-06">6 April 2016</time>'),
    ("2016-04-06", '<time datetime="2016-04-06">6 April 2016</time>'),
    ("2016-13-06", "2016-13-06"), ("a < b", "a &lt; b"),
    ("legislation_in_development", "legislation_<wbr>in_<wbr>development"),
    ("short_id", "short_id"), (("x",), "(&#x27;x&#x27;,)"),
])
def test_cells(cell, shown):
    assert html_tables.cell_html(cell) == shown


def test_a_year_has_no_separator():
    html = fragments.table(pd.DataFrame({"state": ["Cuba"], "year": [2016.0], "covers_year": [2015]}), "t", "c")
    assert "<td class=\"number\">2016</td><td class=\"number\">2015</td>" in html


@pytest.mark.parametrize(("cell", "shown"), [
    ("0–7", '<span dir="ltr">0–7</span>'), ("≥ 4", '<span dir="ltr">≥ 4</span>'), ("المادة 3", "المادة 3"),
    (-3, '<data value="-3">\u200e−3</data>'), (-1.2, '<data value="-1.2">\u200e−1.2</data>'), (12, "12"),
])
def test_figures_read_the_same_from_right_to_left(cell, shown):
    assert html_tables.cell_html(cell, Language("ar")) == shown


def test_cells_in_the_words_of_a_source_say_so_and_translations_do_not():
    arabic = Language("ar", {"ar": {"LBN": "لبنان"}})
    row = {"state": "لبنان", "publisher": "Mine Action Review", "value": "about 9", "on": "2016-05-01", "row": "a:1"}
    html = fragments.table(pd.DataFrame([row]), "t", "المساحات", labels=arabic, quoted=["value"])
    assert re.findall('<span lang="en" dir="ltr">(.*?)</span>', html) == ["Mine Action Review", "about 9", "a:1"]
    html = html_tables.plain_table([{**row, "kind": "عددان"}], "Records", arabic)
    assert re.findall('<span lang="en" dir="ltr">(.*?)</span>', html) == ["Mine Action Review", "about 9", "a:1"]
    assert 'lang="en"' not in fragments.table(pd.DataFrame([row]), "t", "Areas", quoted=["value"])


@pytest.mark.parametrize(("cell", "written"), [
    ("=1+1", "'=1+1"), ("@x", "'@x"), ("+4 since", "'+4 since"), ("\t=1", "'\t=1"), ("-5", "-5"),
    ("-5+A1", "'-5+A1"), (None, ""), (4.0, 4), (4.5, 4.5),
    (pd.Timestamp("2016-04-06 10:00"), "2016-04-06T10:00:00"),
])
def test_csv_cells_are_no_formulas(cell, written):
    assert csvs.guarded(cell) == written


def test_csv_of_a_frame_and_its_link():
    frame = pd.DataFrame({"a": ["Côte d'Ivoire"], "b": [["x", "y"]]})
    assert csvs.csv_text(frame) == "a,b\nCôte d'Ivoire,x;y\n"
    assert csvs.csv_text(frame, ["b"]) == "b\nx;y\n"
    assert 'href="data:text/csv;charset=utf-8,%EF%BB%BF%22%C3%B4%0A"' in fragments.csv_link("a.csv", '"ô\n')


def test_a_long_table_is_cut_in_the_page_and_whole_in_its_csv():
    frame = pd.DataFrame({"state": "Cuba", "title": [f"Workshop {k} on reporting" for k in range(10_000)], "source": "A page",
                          "row": [f"activities.xlsx:Activities:{k}" for k in range(10_000)]})
    for html in (fragments.table(frame, "t", "Caption"), fragments.figure("t", "Meetings", "10,000", rows=frame)):
        assert len(html) < 400_000
        assert html.count("<tr") == 301
        assert "The first 300 of 10,000 rows are shown; the CSV has all." in html
        packed = base64.b64decode(re.search(r'href="data:application/zip;base64,([^"]+)"', html)[1])
        with zipfile.ZipFile(io.BytesIO(packed)) as opened:
            assert len(pd.read_csv(opened.open("t.csv"), encoding="utf-8-sig")) == 10_000
    assert "are shown" not in fragments.table(frame.head(300), "t", "Caption")


def test_a_table_says_what_is_missing():
    frame = pd.DataFrame({"state": ["Cuba"]})
    with pytest.raises(ValueError, match="caption is empty"):
        fragments.table(frame, "t", " ")
    with pytest.raises(ValueError, match="no column area; there are state"):
        fragments.table(frame, "t", "Caption", columns={"area": "Area"})


def test_long_tables_can_be_sorted_and_groups_keep_their_order():
    frame = pd.DataFrame({"state": [f"S{k}" for k in range(12)], "group": ["a", "b"] * 6, "n": 1})
    assert 'class="table sortable"' in fragments.table(frame, "t", "Caption")
    grouped = fragments.table(frame, "t", "Caption", groups="group")
    assert re.findall(r'scope="rowgroup" colspan="2">([^<]+)<', grouped) == ["a", "b"]
    assert "sortable" not in grouped


def test_headings_and_groups_of_tables_are_text():
    frame = pd.DataFrame({"state": ["Cuba"], "group": [EVIL], "n": [1]})
    html = fragments.table(frame, "t", "Caption", groups="group", columns={"state": EVIL, "n": EVIL})
    assert {tag for tag, _ in Page(html).elements}.isdisjoint({"script", "img"})


def test_numbers_in_a_publishers_words_are_written_as_all_others():
    said = {"approximately 8470": "approximately 8,470", "790000 (one donor)": "790,000 (one donor)"}
    said |= {text: text for text in ("2015 (89th)", "2010–2014", "1,234 to 12345.5", "a.csv:S:4371")}
    assert {text: html_tables.cell_html(text) for text in said} == said
